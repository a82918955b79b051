"""The grammar's tree of one sentence → its pieces. Knows the rules of gk.lark by name; `join.py` makes clauses of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import negated
from gkxl.language.pieces import (
    CapPiece,
    CasePiece,
    CountdownPiece,
    Due,
    EachPiece,
    GivenPiece,
    Giving,
    GonePiece,
    Head,
    LatePiece,
    Note,
    NotePiece,
    OtherwisePiece,
    Piece,
    Refused,
    StepPiece,
)
from gkxl.language.read_marks import Node, flat, tokens_of
from gkxl.language.read_places import PlaceReader
from gkxl.language.time_words import is_time
from gkxl.periods import PeriodKind


class Reader(PlaceReader):
    """Reads the pieces of a sentence. A method per rule, as in MarkReader."""

    # --- the chain ---

    def chain(self, children: Sequence[Node]) -> list[tuple[Piece, str]]:
        """Each piece with the separator in front of it ("" for the first)."""
        pieces: list[tuple[Piece, str]] = []
        mark = ""
        for child in children:
            node = cast("Tree[Token]", child)
            if node.data in ("zh_sep", "en_sep"):
                mark = cast(Token, node.children[0]).type
            else:
                pieces.append((self.read(node), mark))
        return pieces

    def item(self, children: Sequence[Node]) -> Piece:
        read: Piece | Note = self.read(cast("Tree[Token]", children[0]))
        # costs 1, partial steps ignored: behind a comma, a note is a piece that says nothing else
        piece = GonePiece(self.span(children), notes=(read,)) if isinstance(read, Note) else read
        notes = tuple(self.read(cast("Tree[Token]", note)) for note in children[1:])
        return replace(piece, notes=notes) if notes else piece

    def item_capped(self, children: Sequence[Node]) -> Piece:
        cap: CapPiece = self.read(cast("Tree[Token]", children[1]))
        piece: Piece = self.read(cast("Tree[Token]", children[0]))
        return replace(piece, notes=(Note("gone") if isinstance(cap, GonePiece) else Note("cap", cap=cap),))

    def item_again(self, children: Sequence[Node]) -> Piece:
        return replace(self.item(children[1:]), again=True)

    # --- pieces ---

    def head(self, children: Sequence[Node]) -> Head:
        node = next(c for c in children if isinstance(c, Tree))
        condition, per = self._condition(node)
        due = condition if isinstance(condition, Due) else None
        condition = due.test if due else condition
        if isinstance(children[0], Token) and children[0].type == "UNLESS":
            condition = negated(condition, self.span(node))
        return Head(self.span(children), condition=condition, per=per, due=due)

    def case(self, children: Sequence[Node]) -> CasePiece:
        condition, per = self._condition(next(c for c in children if isinstance(c, Tree)))
        due = condition if isinstance(condition, Due) else None
        condition = due.test if due else condition
        return CasePiece(self.span(children), condition=condition, giving=self._giving(children[-1]), per=per, due=due)

    def case_again(self, children: Sequence[Node]) -> CasePiece:
        return replace(self.case(children), again=True)

    def given(self, children: Sequence[Node]) -> GivenPiece:
        return GivenPiece(self.span(children), giving=self._giving(children[0]))

    def otherwise(self, children: Sequence[Node]) -> OtherwisePiece:
        denied = any(isinstance(c, Token) and c.type in ("NEG", "NEVER") for c in children)
        giving = self._giving(next(c for c in children if isinstance(c, Tree)))
        return OtherwisePiece(self.span(children), giving=giving, denied=denied)

    def late(self, children: Sequence[Node]) -> LatePiece:
        """逾期公开的扣2分, 逾期每天扣1分, late costs 1 per day."""
        step = next((c for c in children if isinstance(c, Token) and c.type == "STEP"), None)
        if step is not None and str(step) != "late":
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        trees = [c for c in children if isinstance(c, Tree)]
        units = [c for c in trees if c.data == "zh_unit"]
        labels = [c for c in children if isinstance(c, Token) and c.type == "LABEL"]
        size = self._unit(units[0]) if units else tree.Num(Decimal(1), label=str(labels[0])) if labels else None
        given = [c for c in trees if c.data != "zh_unit"]
        return LatePiece(self.span(children), giving=self._giving(given[0]) if given else None, size=size)

    def otherwise_graded(self, children: Sequence[Node]) -> OtherwisePiece:
        return OtherwisePiece(self.span(children), giving=Giving("grade", grade=self.plain(children[-1])))

    def zh_others_not(self, children: Sequence[Node]) -> OtherwisePiece:
        return OtherwisePiece(self.span(children))

    def _unit(self, node: Node) -> tree.Num:
        """The size and measure word of 每5条, 一次, 每发现一处."""
        tokens = tokens_of(node)
        label = next((str(t) for t in tokens if t.type == "LABEL"), "")
        number = next((t for t in tokens if t.type == "NUMBER"), None)
        return self.number(number, label) if number else tree.Num(Decimal(1), label=label)

    def each(self, children: Sequence[Node]) -> EachPiece:
        loose = [c for c in children if isinstance(c, Token) and c.type in ("NUMBER", "LABEL")]
        piece = self._each_head(children[:-1])
        return replace(piece, span=self.span(children), giving=self._giving(children[-1]), plain=bool(loose))

    def zh_each(self, children: Sequence[Node]) -> EachPiece:
        head: EachPiece = self.read(cast("Tree[Token]", children[0]))
        return replace(head, span=self.span(children), giving=self._giving(children[-1]))

    def zh_each_head(self, children: Sequence[Node]) -> EachPiece:
        conditions = [c for c in children if isinstance(c, Tree) and c.data in ("all_of", "any_of")]
        if conditions:  # 发现错链的每处…
            fact, _ = self._condition(conditions[0])
            if isinstance(fact, tree.Test) and is_time(fact.mark):  # 超过20个工作日的每件…
                return replace(self._each_head(children[1:]), span=self.span(children), late=fact)
            if not isinstance(fact, tree.Fact) or not fact.holds:
                raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return self._each_head(children)

    def named_head(self, children: Sequence[Node]) -> EachPiece:
        return self._each_head(children)

    def each_open(self, children: Sequence[Node]) -> EachPiece:
        first = children[0]
        piece = self.read(first) if isinstance(first, Tree) else self._each_head(children)
        return cast(EachPiece, replace(piece, open=True))

    def _each_head(self, children: Sequence[Node]) -> EachPiece:
        """The name, size and measure word of an each, wherever they stand."""
        tokens = flat(children)
        name = next((self.name(t) for t in tokens if t.type == "NAME"), None)
        number = next((t for t in tokens if t.type == "NUMBER"), None)
        label = next((str(t) for t in tokens if t.type == "LABEL"), "")
        size = self.number(number, label) if number else tree.Num(Decimal(1), label=label)
        return EachPiece(self.span(children), name=name, size=size, label=label)

    def each_named(self, children: Sequence[Node]) -> EachPiece:
        piece = self._each_head(children[:-1])
        plain = not any(t.type == "EVERY" for t in flat(children[:-1]))
        return replace(piece, span=self.span(children), giving=self._giving(children[-1]), plain=plain)

    def zh_beyond(self, children: Sequence[Node]) -> EachPiece:
        test = self.read(cast("Tree[Token]", children[0]))
        if not isinstance(test, tree.Test) or test.op not in (">", ">="):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        units = [c for c in children if isinstance(c, Tree) and c.data == "zh_unit"]
        giving = self._giving(children[-1])
        if not units and not giving.per:
            raise Refused(d.NO_POINTS, self.span(children), text=self.span(children).text)
        size = self._unit(units[0]) if units else tree.Num(Decimal(1))
        return EachPiece(self.span(children), name=test.subject, size=size, giving=giving, beyond=test)

    def zh_periods(self, children: Sequence[Node]) -> EachPiece:
        tokens = [c for c in children if isinstance(c, Token)]
        name = next(t for t in tokens if t.type == "NAME")
        unit = next(t for t in tokens if t.type == "MONTHS")
        inner = tree.PeriodsWith(PeriodKind(str(unit)), self.name(name), "=", Decimal(0))
        return EachPiece(self.span(children), name=inner, giving=self._giving(children[-1]))

    def _size(self, node: Node) -> tree.Num:
        return self._unit(node)

    def zh_step(self, children: Sequence[Node]) -> StepPiece:
        step = next(c for c in children if isinstance(c, Token) and c.type == "STEP")
        first = children[0]
        name = self.read(first) if isinstance(first, Tree) and first.data == "zh_subject" else None
        size = next(c for c in children if isinstance(c, Tree) and c.data == "zh_size")
        return StepPiece(
            self.span(children),
            direction=str(step),
            size=self._size(size),
            giving=self._giving(children[-1]),
            name=name,
            word=tree.Name(self.span(step).text, self.span(step)),
        )

    def zh_than_step(self, children: Sequence[Node]) -> StepPiece:
        """结案率比上年每下降1个百分点扣1分."""
        test = self._changed(children)
        return StepPiece(
            self.span(children),
            direction="below" if test.op == "<" else "above",
            size=self._size(next(c for c in children if isinstance(c, Tree) and c.data == "zh_size")),
            giving=self._giving(children[-1]),
            name=test.subject,
            mark=test.mark,
        )

    def zh_step_named(self, children: Sequence[Node]) -> StepPiece:
        tokens = {t.type: t for t in children if isinstance(t, Token)}
        return StepPiece(
            self.span(children),
            direction=str(tokens["STEP"]),
            size=self.number(tokens["NUMBER"], str(tokens["LABEL"])),
            giving=self._giving(children[-1]),
            name=self.name(tokens["NAME"]),
            word=tree.Name(self.span([tokens["STEP"], tokens["NAME"]]).text, self.span(tokens["STEP"])),
        )

    def portion(self, children: Sequence[Node]) -> Head:
        return Head(self.span(children), condition=self.read(cast("Tree[Token]", children[0])), portion=True)

    def zh_countdown(self, children: Sequence[Node]) -> CountdownPiece:
        size = next(c for c in children if isinstance(c, Tree) and c.data == "zh_size")
        return CountdownPiece(self.span(children), size=self._size(size), giving=self._giving(children[-1]))

    def zh_basis(self, children: Sequence[Node]) -> Head:
        name = self.read(children[0]) if isinstance(children[0], Tree) and children[0].data == "zh_subject" else None
        mark, _ = self.read(next(c for c in children if isinstance(c, Tree) and c.data == "zh_mark"))
        return Head(self.span(children), basis=(name, mark))

    def cap(self, children: Sequence[Node]) -> CapPiece:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        per = PeriodKind(str(tokens["PERIODLY"])) if "PERIODLY" in tokens else None
        whole, here = "TOTALLY" in tokens or "HERE" in tokens, "HERE" in tokens
        said = self.span(children).text
        sign = -1 if re.search("[扣减]|cost|lose|deduct", said) else 1 if re.search("[加奖]|earn|gain", said) else 0
        limit = self.points(tokens["NUMBER"])
        return CapPiece(self.span(children), limit=limit, per=per, whole=whole, here=here, sign=sign)

    def gone(self, children: Sequence[Node]) -> GonePiece:
        return GonePiece(self.span(children))

    # --- notes ---

    def zh_note(self, children: Sequence[Node]) -> Note:
        return cast(Note, self.read(cast("Tree[Token]", children[1])))

    en_note = zh_note

    def note_ignored(self, children: Sequence[Node]) -> Note:
        sizes = [c for c in children if isinstance(c, Tree)]
        return Note("ignored", self._size(sizes[0]) if sizes else None)

    def note_one(self, children: Sequence[Node]) -> Note:
        sizes = [c for c in children if isinstance(c, Tree)]
        return Note("counts as one", self._size(sizes[0]) if sizes else None)

    def note_pro_rata(self, children: Sequence[Node]) -> Note:
        return Note("pro rata")

    def note_partial(self, children: Sequence[Node]) -> Note:
        return Note(cast(Any, str(children[1])))

    def note_required(self, children: Sequence[Node]) -> Note:
        sizes = [c for c in children if isinstance(c, Tree)]
        number = (
            self._size(sizes[0])
            if sizes
            else self.number(next(c for c in children if isinstance(c, Token) and c.type == "NUMBER"))
        )
        return Note("required", number)

    def note_rounding(self, children: Sequence[Node]) -> Note:
        return Note("rounding", rounding=str(children[0]), strict=len(children) > 1)

    def note_no_excess(self, children: Sequence[Node]) -> Note:
        return Note("no excess", strict=True)

    def note_ties(self, children: Sequence[Node]) -> Note:
        return Note("ties", ties=cast(Any, str(children[-1])))

    def note_cap(self, children: Sequence[Node]) -> Note:
        cap = self.read(cast("Tree[Token]", children[0]))
        return Note("gone") if isinstance(cap, GonePiece) else Note("cap", cap=cap)

    def note_piece(self, children: Sequence[Node]) -> NotePiece:
        """不足2次不计, behind a comma."""
        counted = any(isinstance(c, Token) and c.type == "BY" for c in children)
        return NotePiece(self.span(children), note=Note("counts as one" if counted else "ignored"))
