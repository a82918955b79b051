"""The grammar's tree of one sentence → its pieces. Knows the rules of gk.lark by name; `join.py` makes clauses of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.language.lexer import Line
from gkxl.language.pieces import (
    CapPiece,
    CasePiece,
    CountdownPiece,
    EachPiece,
    GivenPiece,
    Giving,
    GonePiece,
    Head,
    Note,
    NotePiece,
    NumberPiece,
    OtherwisePiece,
    OwnPiece,
    Piece,
    PricedPiece,
    PricePiece,
    PricesPiece,
    Refused,
    StepPiece,
)
from gkxl.language.words import read_day, read_number
from gkxl.periods import PeriodKind
from gkxl.values import Kind, Number, negate

Node = Tree[Token] | Token
_OPS: dict[str, tree.Op] = {
    "PRE_AT_LEAST": ">=",
    "PRE_OVER": ">",
    "PRE_UNDER": "<",
    "PRE_AT_MOST": "<=",
    "POST_AT_LEAST": ">=",
    "POST_AT_MOST": "<=",
    "POST_OVER": ">",
    "POST_UNDER": "<",
    "POST_BY": "<=",
    "IS_NUMBER": "=",
    "EXACTLY": "=",
}

# Measure words of what is measured, not counted: 100元至200元 goes up to, and leaves out, its end.
AMOUNTS = frozenset(("元", "万元", "亿元", "千元", "平方米", "公里", "吨", "亩", "分"))


class Reader:
    """Reads one line's tree. A method per rule of the grammar, named after it."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def read(self, node: Tree[Token]) -> Any:
        method: Callable[[Sequence[Node]], Any] = getattr(self, node.data)
        return method(node.children)

    # --- tokens ---

    def span(self, nodes: Sequence[Node] | Node) -> Span:
        tokens = _tokens(nodes)
        return self.line.place(tokens[0].start_pos or 0, tokens[-1].end_pos or 0)

    def name(self, token: Node) -> tree.Name:
        span = self.span(token)
        text = str(token)
        if text[0] in '「"':
            text = text[1:-1]
        return tree.Name(" ".join(text.split()), span)

    def number(self, token: Node, label: str = "") -> tree.Num:
        start = cast(Token, token).start_pos or 0
        found = read_number(self.line.text, start, han=True)
        span = self.span(token)
        if found is None or found.value is None:
            raise Refused(d.COLLOQUIAL_NUMBER, span, text=span.text)
        return tree.Num(found.value, found.kind, span.text, label, span)

    def points(self, token: Node) -> Number:
        number = self.number(token)
        if number.kind is not Kind.NUMBER:
            raise Refused(d.UNREADABLE, self.span(token), text=self.span(token).text)
        return number.value

    def day(self, token: Node) -> tree.Day:
        start = cast(Token, token).start_pos or 0
        found, span = read_day(self.line.text, start), self.span(token)
        if found is None or found[0] is None:
            raise Refused(d.NO_SUCH_DATE, span, text=span.text)
        return tree.Day(found[0], span.text, span)

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

    # --- conditions ---

    def zh_subject(self, children: Sequence[Node]) -> tree.Name:
        return self.name(children[0])

    def _condition(self, node: Node) -> tuple[Any, PeriodKind | None]:
        """A condition, a Top, or the Name of a bare subject; and the period it names."""
        children = cast("Tree[Token]", node).children
        parts, per = [], None
        for child in children:
            if isinstance(child, Tree):
                for inner in child.children:
                    if isinstance(inner, Token) and inner.type == "PERIODLY":
                        per = PeriodKind(str(inner))
                parts.append(self.read(child))
        if len(parts) == 1:
            return parts[0], per
        # 且/或 join facts and tests; a bare name among them is a fact, and a later test may leave out its subject.
        full = [tree.Fact(part, bare=True) if isinstance(part, tree.Name) else part for part in parts]
        return (tree.And if cast("Tree[Token]", node).data == "all_of" else tree.Or)(tuple(full)), per

    def bare(self, children: Sequence[Node]) -> tree.Name:
        child = children[0]
        return self.name(child) if isinstance(child, Token) else cast(tree.Name, self.read(child))

    def zh_fact(self, children: Sequence[Node]) -> tree.Fact:
        tokens = cast("list[Token]", children)
        kinds = [token.type for token in tokens]
        verb = "".join(self.span(t).text for t in tokens[:-1] if t.type == "VERB")
        verb = verb.removeprefix("已经").removeprefix("已")
        return tree.Fact(self.name(tokens[-1]), kinds[0] not in ("NEG", "STEP"), verb)

    def en_fact(self, children: Sequence[Node]) -> tree.Fact:
        return tree.Fact(self.name(children[-1]), not any(t.type == "NEG" for t in cast("list[Token]", children)))

    def en_any(self, children: Sequence[Node]) -> tree.Fact:
        return tree.Fact(self.name(children[-1]))

    def tested(self, children: Sequence[Node]) -> tree.Condition:
        subject: tree.Name | None = None
        for child in children[:-1]:
            if isinstance(child, Tree):
                subject = self.read(child)
            elif child.type == "NAME":
                subject = self.name(child)
        band = cast("Tree[Token]", children[-1])
        marks = [c for c in band.children if isinstance(c, Tree) and c.data == "zh_mark"]
        first = band.children[0]
        if marks and isinstance(first, Token) and first.type == "PRE_OVER" and self._excess(marks[0]):
            text = self.span(children).text
            raise Refused(
                d.TWO_READINGS,
                self.span(children),
                ("比它的百分之几还多:在中间加「的」,如 超过任务数的20%", "more than that share: with 的 between"),
                ("超出它百分之几:写成 高于任务数的,每高20%加1分", "beyond it by that share: 高于…的,每高20%…"),
                text=text,
            )
        return self._banded(band, subject)

    def _excess(self, mark: Tree[Token]) -> bool:
        """超任务数20%: a name and a share with nothing between them."""
        return [c.type for c in mark.children if isinstance(c, Token)] == ["NAME", "NUMBER"]

    def _banded(self, band: Node, subject: tree.Name | None) -> tree.Condition:
        node = cast("Tree[Token]", band)
        if node.data == "en_band" and isinstance(node.children[0], Tree) and "range" in node.children[0].data:
            node = node.children[0]
        if node.data in ("zh_range", "en_range", "en_range_below"):
            return self._range(node, subject)
        if node.data == "zh_between":
            return self._between(node, subject)
        op: tree.Op = "="
        mark: tree.Mark | None = None
        included: bool | None = None
        children = list(node.children)
        for i, child in enumerate(children):
            if isinstance(child, Tree):
                mark, stated = self.read(child)
                included = stated if stated is not None else included
            elif child.type in _OPS:
                op = _OPS[child.type]
            elif child.type in ("INCLUDED", "EXCLUDED"):
                included = child.type == "INCLUDED"
            elif child.type == "DAY":
                mark = self.day(child)
            elif child.type == "NUMBER":
                follows = children[i + 1] if i + 1 < len(children) else None
                points = isinstance(follows, Token) and follows.type == "POINTS"
                mark = self.number(child, "分" if points else "")
        if included is not None and op != "=":
            op = cast(tree.Op, op[0] + ("=" if included else ""))
        assert mark is not None
        return tree.Test(subject, op, mark)

    def _between(self, node: Tree[Token], subject: tree.Name | None) -> tree.Range:
        """60%及以上不足90%."""
        marks = [self.read(child) for child in node.children if isinstance(child, Tree)]
        low_op, high_op = (_OPS[c.type] for c in node.children if isinstance(c, Token) and c.type in _OPS)
        return tree.Range(subject, marks[0][0], marks[1][0], low_op == ">=", high_op == "<=")

    def _range(self, node: Tree[Token], subject: tree.Name | None, named: bool = False) -> tree.Range:
        """`named`: of what is counted, as in 1 to 3 errors."""
        marks: list[tuple[tree.Mark, bool | None]] = []
        for child in node.children:
            if isinstance(child, Tree):
                marks.append(self.read(child))
            elif child.type == "NUMBER":
                marks.append((self.number(child, "分"), None))
            elif child.type in ("INCLUDED", "EXCLUDED"):
                marks[-1] = (marks[-1][0], child.type == "INCLUDED")
        (low, low_in), (high, high_in) = marks
        if node.data == "en_range_below":
            high_in = False
        if isinstance(low, tree.Num) and isinstance(high, tree.Num):
            if not low.label and high.label:
                low = replace(low, label=high.label)
            if high_in is None and (named or (high.label and high.label not in AMOUNTS)) and _whole(low) and _whole(high):
                high_in = True  # between whole counts both ends are in
        return tree.Range(subject, low, high, low_in, high_in)

    def zh_mark(self, children: Sequence[Node]) -> tuple[tree.Mark, bool | None]:
        first = children[0]
        if isinstance(first, Tree):
            return cast("tuple[tree.Mark, bool | None]", self.read(first))
        if len(children) > 1:
            return tree.Share(self.number(children[-1]), self.name(first)), None
        return self.name(first), None

    def zh_amount(self, children: Sequence[Node]) -> tuple[tree.Mark, bool | None]:
        tokens = cast("list[Token]", children)
        if tokens[0].type == "DAY":
            return self.day(tokens[0]), None
        label = next((str(t) for t in tokens if t.type == "LABEL"), "")
        stated = {"INCLUDED": True, "EXCLUDED": False}.get(tokens[-1].type)
        return self.number(tokens[0], label), stated

    def en_quantity(self, children: Sequence[Node]) -> tuple[tree.Mark, bool | None]:
        tokens = cast("list[Token]", children)
        if tokens[0].type == "NAME":
            return self.name(tokens[0]), None
        if tokens[-1].type == "NAME":
            return tree.Share(self.number(tokens[0]), self.name(tokens[-1])), None
        return self.zh_amount(children)

    def en_tested_of(self, children: Sequence[Node]) -> tree.Test:
        """completion of 100%: at least."""
        mark, _ = self.read(cast("Tree[Token]", children[-1]))
        return tree.Test(self.name(children[0]), ">=", mark)

    def en_counted(self, children: Sequence[Node]) -> tree.Test:
        op, number, name = cast("list[Token]", children)[:3]
        return tree.Test(self.name(name), _OPS[op.type], self.number(number))

    def en_counted_post(self, children: Sequence[Node]) -> tree.Test:
        mark, _ = self.read(cast("Tree[Token]", children[0]))
        return tree.Test(self.name(children[2]), _OPS[cast(Token, children[1]).type], mark)

    def zh_counted(self, children: Sequence[Node]) -> tree.Test:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        op = next(_OPS[t] for t in tokens if t in _OPS)
        return tree.Test(self.name(tokens["NAME"]), op, self.number(tokens["NUMBER"], str(tokens["LABEL"])))

    def en_counted_range(self, children: Sequence[Node]) -> tree.Range:
        return self._range(cast("Tree[Token]", children[0]), self.name(children[1]), named=True)

    def total_test(self, children: Sequence[Node]) -> tree.TotalTest:
        test = self._banded(children[-1], None)
        if not isinstance(test, tree.Test) or not isinstance(test.mark, tree.Num):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return tree.TotalTest(test.op, test.mark)

    def top(self, children: Sequence[Node]) -> tree.Top:
        rounding = next((str(c) for c in children if cast(Token, c).type == "SHARE_OF_GROUP_RULE"), None)
        return tree.Top(self.number(children[1]), cast(Any, rounding))

    # --- what is given ---

    def _giving(self, node: Node) -> Giving:
        return replace(cast(Giving, self.read(cast("Tree[Token]", node))), span=self.span(node))

    def earn(self, children: Sequence[Node]) -> Giving:
        return Giving("points", (self.points(children[1]),))

    def cost(self, children: Sequence[Node]) -> Giving:
        return Giving("points", (negate(self.points(children[1])),))

    def earn_passive(self, children: Sequence[Node]) -> Giving:
        return Giving("points", (self.points(children[0]),))

    def cost_passive(self, children: Sequence[Node]) -> Giving:
        return Giving("points", (negate(self.points(children[0])),))

    def earn_per(self, children: Sequence[Node]) -> Giving:
        return replace(self.earn(children), per=True)

    def cost_per(self, children: Sequence[Node]) -> Giving:
        return replace(self.cost(children), per=True)

    def earn_list(self, children: Sequence[Node]) -> Giving:
        numbers = [c for c in children if cast(Token, c).type == "NUMBER"]
        return Giving("points", tuple(self.points(n) for n in numbers), each_of=True)

    def cost_list(self, children: Sequence[Node]) -> Giving:
        giving = self.earn_list(children)
        return replace(giving, points=tuple(negate(p) for p in giving.points))

    def each_of(self, children: Sequence[Node]) -> Giving:
        return replace(self._giving(children[1]), each_of=True)

    def no_points(self, children: Sequence[Node]) -> Giving:
        return Giving("no points")

    def no_change(self, children: Sequence[Node]) -> Giving:
        return Giving("points", (Decimal(0),))

    def full(self, children: Sequence[Node]) -> Giving:
        return Giving("full")

    def proportional(self, children: Sequence[Node]) -> Giving:
        numbers = [c for c in children if cast(Token, c).type == "NUMBER"]
        return Giving("proportional", tuple(self.points(n) for n in numbers))

    def graded(self, children: Sequence[Node]) -> Giving:
        return Giving("grade", grade=self._grade(children[-1]))

    def _grade(self, token: Node) -> tree.Name:
        """优秀等次 is 优秀; in quotes it is as written."""
        name = self.name(token)
        if str(token)[0] in '「"':
            return name
        if re.search(r"其余|其他|否则|\b(?:the rest|otherwise|others)\b", name.text):
            raise Refused(d.UNREADABLE, self.span(token), text=name.text)  # a comma is missing
        bare = re.sub(r"(?:等次|等级|档次)$", "", name.text)
        return replace(name, text=bare) if bare else name

    def barred(self, children: Sequence[Node]) -> Giving:
        return Giving("bar", grade=self._grade(children[-1]))

    def stopped(self, children: Sequence[Node]) -> Giving:
        return Giving("stop")

    def admitted(self, children: Sequence[Node]) -> Giving:
        return Giving("admit")

    def total_set(self, children: Sequence[Node]) -> Giving:
        return Giving("total", (self.points(children[2]),))

    def total_none(self, children: Sequence[Node]) -> Giving:
        return Giving("total", (Decimal(0),))

    def indicator_none(self, children: Sequence[Node]) -> Giving:
        return Giving("indicator")

    def indicator_set(self, children: Sequence[Node]) -> Giving:
        if self.points(children[2]) != 0:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return Giving("indicator")

    # --- pieces ---

    def head(self, children: Sequence[Node]) -> Head:
        condition, per = self._condition(children[0])
        return Head(self.span(children), condition=condition, per=per)

    def case(self, children: Sequence[Node]) -> CasePiece:
        condition, per = self._condition(children[0])
        return CasePiece(self.span(children), condition=condition, giving=self._giving(children[-1]), per=per)

    def case_again(self, children: Sequence[Node]) -> CasePiece:
        return replace(self.case(children), again=True)

    def given(self, children: Sequence[Node]) -> GivenPiece:
        return GivenPiece(self.span(children), giving=self._giving(children[0]))

    def otherwise(self, children: Sequence[Node]) -> OtherwisePiece:
        denied = cast(Token, children[0]).type == "NEG"
        return OtherwisePiece(self.span(children), giving=self._giving(children[-1]), denied=denied)

    def otherwise_number(self, children: Sequence[Node]) -> OtherwisePiece:
        giving = Giving("points", (self.points(children[1]),), span=self.span(children))
        return OtherwisePiece(self.span(children), giving=giving)

    def otherwise_graded(self, children: Sequence[Node]) -> OtherwisePiece:
        return OtherwisePiece(self.span(children), giving=Giving("grade", grade=self.name(children[-1])))

    def zh_others_not(self, children: Sequence[Node]) -> OtherwisePiece:
        return OtherwisePiece(self.span(children))

    def _unit(self, node: Node) -> tree.Num:
        """The size and measure word of 每5条, 一次, 每发现一处."""
        tokens = _tokens(node)
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
        tokens = _flat(children)
        name = next((self.name(t) for t in tokens if t.type == "NAME"), None)
        number = next((t for t in tokens if t.type == "NUMBER"), None)
        label = next((str(t) for t in tokens if t.type == "LABEL"), "")
        size = self.number(number, label) if number else tree.Num(Decimal(1), label=label)
        return EachPiece(self.span(children), name=name, size=size, label=label)

    def each_named(self, children: Sequence[Node]) -> EachPiece:
        piece = self._each_head(children[:-1])
        plain = not any(t.type == "EVERY" for t in _flat(children[:-1]))
        return replace(piece, span=self.span(children), giving=self._giving(children[-1]), plain=plain)

    def each_list(self, children: Sequence[Node]) -> EachPiece:
        names = [self.name(t) for t in children if isinstance(t, Token) and t.type == "NAME"]
        giving = self._giving(children[-1])
        return EachPiece(self.span(children), name=names[-1], giving=giving, others=tuple(names[:-1]))

    def en_each_beyond(self, children: Sequence[Node]) -> EachPiece:
        name = next(c for c in children if isinstance(c, Token) and c.type == "NAME")
        number = next((c for c in children if isinstance(c, Token) and c.type == "NUMBER"), None)
        mark, _ = self.read(cast("Tree[Token]", children[-2]))
        size = self.number(number) if number else tree.Num(Decimal(1))
        below = any(isinstance(c, Token) and c.type == "PRE_UNDER" for c in children)
        test = tree.Test(self.name(name), "<" if below else ">", mark)
        return EachPiece(
            self.span(children), name=test.subject, size=size, giving=self._giving(children[-1]), beyond=test
        )

    en_each_short = en_each_beyond

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

    en_periods = zh_periods

    def en_per(self, children: Sequence[Node]) -> EachPiece:
        number = next((c for c in children if isinstance(c, Token) and c.type == "NUMBER"), None)
        size = self.number(number) if number else tree.Num(Decimal(1))
        return EachPiece(self.span(children), name=self.name(children[-1]), size=size, giving=self._giving(children[0]))

    def en_given_each(self, children: Sequence[Node]) -> EachPiece:
        condition, _ = self._condition(children[0])
        if not isinstance(condition, tree.Name):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return EachPiece(self.span(children), name=condition, giving=self._giving(children[1]))

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
        )

    def zh_step_named(self, children: Sequence[Node]) -> StepPiece:
        tokens = {t.type: t for t in children if isinstance(t, Token)}
        return StepPiece(
            self.span(children),
            direction=str(tokens["STEP"]),
            size=self.number(tokens["NUMBER"], str(tokens["LABEL"])),
            giving=self._giving(children[-1]),
            name=self.name(tokens["NAME"]),
        )

    def en_step(self, children: Sequence[Node]) -> StepPiece:
        tokens = {t.type: t for t in children if isinstance(t, Token)}
        size = self.number(tokens["NUMBER"]) if "NUMBER" in tokens else tree.Num(Decimal(1))
        return StepPiece(
            self.span(children), direction=str(tokens["STEP"]), size=size, giving=self._giving(children[-1])
        )

    def en_step_named(self, children: Sequence[Node]) -> StepPiece:
        return replace(self.en_step(children), name=self.name(children[1]))

    def en_step_from(self, children: Sequence[Node]) -> StepPiece:
        tokens = [t for t in children if isinstance(t, Token)]
        number = next((t for t in tokens if t.type == "NUMBER"), None)
        label = next((str(t) for t in tokens if t.type == "LABEL"), "")
        size = self.number(number, label) if number else tree.Num(Decimal("0.01"), Kind.RATE)
        mark, _ = self.read(cast("Tree[Token]", children[-2]))
        below = any(t.type == "PRE_UNDER" for t in tokens)
        return StepPiece(
            self.span(children),
            direction="below" if below else "above",
            size=size,
            giving=self._giving(children[-1]),
            name=self.name(next(t for t in tokens if t.type == "NAME")),
            mark=mark,
        )

    def portion(self, children: Sequence[Node]) -> Head:
        return Head(self.span(children), condition=self.read(cast("Tree[Token]", children[0])), portion=True)

    def zh_countdown(self, children: Sequence[Node]) -> CountdownPiece:
        size = next(c for c in children if isinstance(c, Tree) and c.data == "zh_size")
        return CountdownPiece(self.span(children), size=self._size(size), giving=self._giving(children[-1]))

    def en_countdown(self, children: Sequence[Node]) -> CountdownPiece:
        """completion of 70% earns 50, otherwise each percentage point short costs 1."""
        number = next((c for c in children if isinstance(c, Token) and c.type == "NUMBER"), None)
        size = self.number(number) if number else tree.Num(Decimal("0.01"), Kind.RATE)
        return CountdownPiece(self.span(children), size=size, giving=self._giving(children[-1]))

    def zh_basis(self, children: Sequence[Node]) -> Head:
        name = self.read(children[0]) if isinstance(children[0], Tree) and children[0].data == "zh_subject" else None
        mark, _ = self.read(
            next(c for c in children if isinstance(c, Tree) and c.data == "zh_mark")
        )
        return Head(self.span(children), basis=(name, mark))

    def prices(self, children: Sequence[Node]) -> PricesPiece:
        first = children[0]
        name = self.name(first) if isinstance(first, Token) else self.read(first)
        tokens = [c for c in children[1:] if isinstance(c, Token)]
        sign = next(str(t) for t in tokens if t.type in ("SCORE_BY", "SCORE_AS"))
        columns = tuple(self.name(t) for t in tokens if t.type == "NAME")
        return PricesPiece(self.span(children), name=name, columns=columns, sign=-1 if sign == "cost" else 1)

    def zh_price(self, children: Sequence[Node]) -> PricePiece:
        numbers = [c for c in children if isinstance(c, Token) and c.type == "NUMBER"]
        return PricePiece(
            self.span(children), key=self.read(cast("Tree[Token]", children[0])), points=self.points(numbers[-1])
        )

    def en_price(self, children: Sequence[Node]) -> PricePiece:
        tokens = cast("list[Token]", children)
        names = [self.name(t) for t in tokens if t.type == "NAME"]
        numbers = [self.points(t) for t in tokens if t.type == "NUMBER"]
        more = tuple(zip(names[1:], numbers[1:], strict=True))
        return PricePiece(self.span(children), key=names[0], points=numbers[0], more=more)

    def zh_priced(self, children: Sequence[Node]) -> PricedPiece:
        return PricedPiece(
            self.span(children),
            key=self.read(cast("Tree[Token]", children[0])),
            name=self.name(children[1]),
            giving=self._giving(children[-1]),
        )

    def zh_number_points(self, children: Sequence[Node]) -> NumberPiece:
        return NumberPiece(self.span(children), points=self.points(children[0]))

    def own_score(self, children: Sequence[Node]) -> OwnPiece:
        name = next(c for c in children if isinstance(c, Token) and c.type == "NAME")
        return OwnPiece(self.span(children), formula=self.name(name))

    def own_formula(self, children: Sequence[Node]) -> OwnPiece:
        return OwnPiece(self.span(children), formula=self._formula(children[1]))

    def _formula(self, node: Node) -> tree.Formula:
        return cast(tree.Formula, self.read(cast("Tree[Token]", node)))

    def operation(self, children: Sequence[Node]) -> tree.Operation:
        op = {"PLUS": "+", "MINUS": "-", "TIMES": "*", "OVER": "/"}[cast(Token, children[1]).type]
        return tree.Operation(op, self._formula(children[0]), self._formula(children[2]))

    def factor(self, children: Sequence[Node]) -> tree.Formula:
        return self._formula(children[1])  # in brackets

    def formula_number(self, children: Sequence[Node]) -> tree.Formula:
        return self.number(children[0])

    def formula_name(self, children: Sequence[Node]) -> tree.Formula:
        return self.name(children[0])

    def cap(self, children: Sequence[Node]) -> CapPiece:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        per = PeriodKind(str(tokens["PERIODLY"])) if "PERIODLY" in tokens else None
        whole = "TOTALLY" in tokens or "HERE" in tokens
        said = self.span(children).text
        sign = -1 if re.search("[扣减]|cost|lose|deduct", said) else 1 if re.search("[加奖]|earn|gain", said) else 0
        return CapPiece(self.span(children), limit=self.points(tokens["NUMBER"]), per=per, whole=whole, sign=sign)

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

    def note_required(self, children: Sequence[Node]) -> Note:
        sizes = [c for c in children if isinstance(c, Tree)]
        number = (
            self._size(sizes[0])
            if sizes
            else self.number(next(c for c in children if isinstance(c, Token) and c.type == "NUMBER"))
        )
        return Note("required", number)

    def note_rounding(self, children: Sequence[Node]) -> Note:
        return Note("rounding", rounding=str(children[0]))

    def note_cap(self, children: Sequence[Node]) -> Note:
        cap = self.read(cast("Tree[Token]", children[0]))
        return Note("gone") if isinstance(cap, GonePiece) else Note("cap", cap=cap)

    def note_piece(self, children: Sequence[Node]) -> NotePiece:
        """不足2次不计, behind a comma."""
        counted = any(isinstance(c, Token) and c.type == "BY" for c in children)
        return NotePiece(self.span(children), note=Note("counts as one" if counted else "ignored"))


def _whole(num: tree.Num) -> bool:
    return num.kind is Kind.NUMBER and num.value % 1 == 0


def _tokens(nodes: Sequence[Node] | Node) -> list[Token]:
    return _flat(nodes if isinstance(nodes, (list, tuple)) else [cast(Node, nodes)])


def _flat(nodes: Sequence[Node]) -> list[Token]:
    found: list[Token] = []
    for node in nodes:
        if isinstance(node, Tree):
            found.extend(_flat(node.children))
        else:
            found.append(node)
    return found
