"""The grammar's tree of one sentence → its pieces. Knows the rules of gk.lark by name; `join.py` makes clauses of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.pieces import (
    CapPiece,
    CasePiece,
    Due,
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
)
from gkxl.language.read_marks import Node, flat
from gkxl.language.read_places import PlaceReader
from gkxl.periods import PeriodKind
from gkxl.values import Kind


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
                pieces.append((self._settled(self.read(node)), mark))
        return pieces

    def _settled(self, piece: Piece) -> Piece:
        """With 超任务数20% told of, which only the piece behind a case can settle."""
        excess, self.excess = self.excess, None
        if excess is None:
            return piece
        if not isinstance(piece, CasePiece):
            raise excess
        return replace(piece, excess=excess)

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

    def opened(self, children: Sequence[Node]) -> Piece:
        """如…, 凡…, 对…的: the piece behind the word."""
        return cast(Piece, self.read(cast("Tree[Token]", children[1])))

    def item_again(self, children: Sequence[Node]) -> Piece:
        return replace(self.item(children[1:]), again=True)

    # --- pieces ---

    def full_rate(self, children: Sequence[Node]) -> CasePiece:
        """完成率100%得10分: the whole, and so at least; 完成率90%得8分 could be exactly that."""
        name: tree.Name = self.read(cast("Tree[Token]", children[0]))
        mark = self.number(next(c for c in children if isinstance(c, Token) and c.type == "NUMBER"))
        if mark.kind is not Kind.RATE:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        if mark.value != 1:
            raise Refused(
                d.TWO_READINGS,
                self.span(children),
                (f"达到就算:{name.text}达{mark.written}…", f"at least: {name.text} of at least {mark.written}"),
                (f"正好是:{name.text}等于{mark.written}…", f"exactly: {name.text} is exactly {mark.written}"),
                text=self.span(children).text,
            )
        test = tree.Test(name, ">=", mark)
        return CasePiece(self.span(children), condition=test, giving=self._giving(children[-1]))

    def required(self, children: Sequence[Node]) -> Head:
        """每月报送信息4条: how many there are to be; 每少1条 follows."""
        tokens = {t.type: t for t in flat(children)}
        subject = self.name(tokens["NAME"]) if "NAME" in tokens else None
        per = PeriodKind(str(tokens["PERIODLY"])) if "PERIODLY" in tokens else None
        test = tree.Test(subject, ">=", self.number(tokens["NUMBER"], str(tokens["LABEL"])))
        return Head(self.span(children), condition=test, per=per, required=True)

    def had(self, children: Sequence[Node]) -> GivenPiece:
        return GivenPiece(self.span(children), giving=self._giving(children[-1]), had=True)

    def case(self, children: Sequence[Node]) -> CasePiece:
        condition, per = self._condition(next(c for c in children if isinstance(c, Tree)))
        due = condition if isinstance(condition, Due) else None
        condition = due.test if due else condition
        return CasePiece(
            self.span(children),
            due=due,
            condition=condition,
            giving=self._giving(children[-1]),
            per=per,
            every=self._every(children[:-1]),
            unknown=self._denies_unknown(condition),
        )

    def case_again(self, children: Sequence[Node]) -> CasePiece:
        return replace(self.case(children), again=True)

    def given(self, children: Sequence[Node]) -> GivenPiece:
        return GivenPiece(self.span(children), giving=self._giving(children[0]))

    def otherwise(self, children: Sequence[Node]) -> OtherwisePiece:
        kinds = {c.type for c in children if isinstance(c, Token)}
        denied = bool(kinds & {"NEG", "NEVER"}) and "ON_TIME" not in kinds  # 未按时报送: late or never
        giving = self._giving(next(c for c in children if isinstance(c, Tree)))
        beyond: Literal["", "<", ">"] = "<" if "PRE_UNDER" in kinds else ">" if "PRE_OVER" in kinds else ""
        denied = denied and giving.what != "proportional"
        return OtherwisePiece(self.span(children), giving=giving, denied=denied, beyond=beyond)

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

    def cap(self, children: Sequence[Node]) -> CapPiece:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        per = PeriodKind(str(tokens["PERIODLY"])) if "PERIODLY" in tokens else None
        whole, here = "TOTALLY" in tokens or "HERE" in tokens, "HERE" in tokens
        said = self.span(children).text
        earned = re.search("[加奖]|(?<!不)得(?!分)|earn|gain", said)
        sign = -1 if re.search("[扣减]|cost|lose|deduct", said) else 1 if earned else 0
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
        return Note(cast(Any, str(children[-1])))

    def note_required(self, children: Sequence[Node]) -> Note:
        sizes = [c for c in children if isinstance(c, Tree)]
        tokens = {c.type: c for c in children if isinstance(c, Token)}
        number = self._size(sizes[0]) if sizes else self.number(tokens["NUMBER"])
        per = PeriodKind(str(tokens["PERIODLY"])) if "PERIODLY" in tokens else None
        return Note("required", number, per=per)

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

    def note_counted(self, children: Sequence[Node]) -> NotePiece:
        """不足1个百分点的按1个百分点计."""
        test, _ = self._condition(children[0])
        if not isinstance(test, tree.Test) or test.op != "<" or test.subject is not None:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return NotePiece(self.span(children), note=Note("counts as one"))
