"""The grammar's tree of names, numbers, marks and conditions → tree. The base of the readers of a line."""

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
from gkxl.language.clauses import between, refuse_open_no, unequal
from gkxl.language.pieces import Due, Refused
from gkxl.language.rewording import share_or_excess
from gkxl.language.time_words import read_day_of
from gkxl.language.views import change, split_view
from gkxl.language.vocabulary import Line
from gkxl.language.words import read_day, read_number
from gkxl.periods import PeriodKind
from gkxl.values import Kind, Number, add, is_whole, multiply

Node = Tree[Token] | Token
OPS: dict[str, tree.Op] = {
    "PRE_AT_LEAST": ">=",
    "PRE_OVER": ">",
    "PRE_UNDER": "<",
    "PRE_AT_MOST": "<=",
    "POST_AT_LEAST": ">=",
    "POST_AT_MOST": "<=",
    "POST_OVER": ">",
    "POST_UNDER": "<",
    "MOST": "<=",
    "POST_BY": "<=",
    "AFTER_DATE": ">",
    "IS_NUMBER": "=",
    "EXACTLY": "=",
    "FROM": ">=",
    "EQUALS": "=",
    "AFTER_FIRST": ">",
}

_DAYS = ("DAY", "DAY_OF")
# 3千元 is 3000; 千克 is a unit of its own, and 5万元 has its 万 in the number.
_GREAT_LABEL = re.compile("([百千万亿])(?=(?:元|人次|人|次|户|件|条|吨|亩)$)")
_GREATS = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()

# Measure words of what is measured, not counted: 100元至200元 goes up to, and leaves out, its end.
AMOUNTS = frozenset(("元", "万元", "亿元", "千元", "平方米", "公里", "吨", "亩", "分"))


class MarkReader:
    """Reads one line's tree. A method per rule of the grammar, named after it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.excess: Refused | None = None  # of 超任务数20% in the piece being read

    def read(self, node: Tree[Token]) -> Any:
        method: Callable[[Sequence[Node]], Any] = getattr(self, node.data)
        return method(node.children)

    # --- tokens ---

    def span(self, nodes: Sequence[Node] | Node) -> Span:
        tokens = tokens_of(nodes)
        return self.line.place(tokens[0].start_pos or 0, tokens[-1].end_pos or 0)

    def plain(self, token: Node) -> tree.Name:
        span = self.span(token)
        text = str(token)
        if text[0] in '「"':
            text = text[1:-1]
        return tree.Name(" ".join(text.split()), span)

    def term(self, token: Node) -> tree.Name:
        """A name that stands for a fact: 上年结案率 is one in another period, unless that itself is declared."""
        name = self.plain(token)
        if str(token)[0] in '「"' or self.line.vocabulary.find(name.text) is not None:
            return name
        view, rest = split_view(name.text, self.line.language)
        if view is None:
            return name
        rest = rest[1:-1] if rest[:1] in ("「", '"') else rest
        return tree.Name(rest, name.span, None if view == "own" else cast("tree.View", view))

    def name(self, token: Node) -> tree.Name:
        return self.term(token)

    def number(self, token: Node, label: str = "") -> tree.Num:
        start = cast(Token, token).start_pos or 0
        found = read_number(self.line.text, start, han=True)
        span = self.span(token)
        if found is None or found.value is None:
            raise Refused(d.COLLOQUIAL_NUMBER, span, text=span.text)
        if great := _GREAT_LABEL.match(label):  # 3千元
            return tree.Num(found.value * _GREATS[great[1]], found.kind, "", label[1:], span)
        return tree.Num(found.value, found.kind, span.text, label, span)

    def one(self, label: str) -> tree.Num:
        """每条, 每亿元."""
        great = _GREAT_LABEL.match(label)
        return tree.Num(Decimal(_GREATS[great[1]]), label=label[1:]) if great else tree.Num(Decimal(1), label=label)

    def points(self, token: Node) -> Number:
        number = self.number(token)
        if number.kind is not Kind.NUMBER:
            raise Refused(d.UNREADABLE, self.span(token), text=self.span(token).text)
        return number.value

    def day(self, token: Node) -> tree.Day | tree.DayOf:
        start = cast(Token, token).start_pos or 0
        if cast(Token, token).type == "DAY_OF":
            named, span = read_day_of(self.line.text, start, self.line.language), self.span(token)
            if named is None or named[0] is None:
                raise Refused(d.NO_SUCH_DATE, span, text=span.text)
            return tree.DayOf(named[0], span.text, span)
        found, span = read_day(self.line.text, start), self.span(token)
        if found is None or found[0] is None:
            raise Refused(d.NO_SUCH_DATE, span, text=span.text)
        return tree.Day(found[0], span.text, span)

    # --- conditions ---

    def zh_subject(self, children: Sequence[Node]) -> tree.Name:
        return self.name(children[0])

    def zh_change(self, children: Sequence[Node]) -> tree.Name:
        """投诉量较上年增长: how far it has risen, as a fact of its own."""
        test = self._changed(children)
        base = cast(tree.Name, test.mark)
        view = change(test.op == "<", base.view if base.text in ("", cast(tree.Name, test.subject).text) else None)
        if view is None:
            note = (
                "增长多少只能从上年、上期算起;其他的请另写算式:增幅 = (甲 - 乙) ÷ 乙",
                "a change is counted from last year or the previous period; define others: change = (a - b) / b",
            )
            raise Refused(d.UNREADABLE, self.span(children), note, text=self.span(children).text)
        return replace(cast(tree.Name, test.subject), span=self.span(children[:-1]), view=view)

    def _changed(self, children: Sequence[Node]) -> tree.Test:
        """投诉量较上年下降: less than last year."""
        names = [self.read(c) for c in children if isinstance(c, Tree) and c.data == "zh_subject"]
        names += [self.name(t) for t in children if isinstance(t, Token) and t.type == "NAME"]
        direction = next(str(t) for t in children if isinstance(t, Token) and t.type == "STEP")
        if direction == "late" or names[0].view is not None or not names[0].text:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return tree.Test(names[0], "<" if direction == "below" else ">", names[1])

    def _condition(self, node: Node) -> tuple[Any, PeriodKind | None]:
        """A condition, a Top, or the Name of a bare subject; and the period it names."""
        children = cast("Tree[Token]", node).children
        parts, per = [], None
        for child in children:
            if isinstance(child, Tree):
                for inner in tokens_of(child):
                    if inner.type == "PERIODLY":
                        per = PeriodKind(str(inner))
                parts.append(self.read(child))
        if len(parts) == 1:
            return parts[0], per
        # 且/或 join facts and tests; a bare name among them is a fact, and a later test may leave out its subject.
        data = cast("Tree[Token]", node).data
        if data == "en_neither":
            names = [c for c in children if isinstance(c, Token) and c.type == "NAME"]
            return tree.And(tuple(tree.Fact(self.name(name), holds=False) for name in names)), per
        if data == "all_of" and len(parts) == 2:
            counted = cast("Tree[Token]", children[-1]).data.startswith("en_counted")
            if counted and isinstance(parts[0], tree.Test) and parts[0].subject is None:
                parts[0] = replace(parts[0], subject=parts[1].subject)  # more than 10 but fewer than 20 posts
            if both := between(*parts):
                return both, per
        if self.line.language == "en":
            refuse_open_no(parts, self.span(children))
        full = [tree.Fact(part, bare=True) if isinstance(part, tree.Name) else part for part in parts]
        for at, part in enumerate(full):
            if isinstance(part, Due):
                if not part.done:
                    raise Refused(d.UNREADABLE, self.span(node), text=self.span(node).text)
                full[at] = part.test
        return (tree.And if data == "all_of" else tree.Or)(tuple(full)), per

    def en_keyed(self, children: Sequence[Node]) -> tree.Name:
        raise Refused(d.UNREADABLE, self.span(children[1]), text=self.span(children[1]).text)

    def en_test(self, children: Sequence[Node]) -> tree.Condition:
        return cast(tree.Condition, self.read(cast("Tree[Token]", children[-1])))  # having fewer than 3 items

    def bare(self, children: Sequence[Node]) -> tree.Name | tree.Test:
        child = children[0]
        if isinstance(child, Tree) and child.data == "zh_change":
            return self._changed(child.children)
        return self.name(child) if isinstance(child, Token) else cast(tree.Name, self.read(child))

    def zh_fact(self, children: Sequence[Node]) -> tree.Fact:
        tokens = cast("list[Token]", children)
        kinds = [token.type for token in tokens]
        verb = "".join(self.span(t).text for t in tokens[:-1] if t.type in ("VERB", "DONE"))
        verb = verb.removeprefix("已经").removeprefix("已")
        return tree.Fact(self.name(tokens[-1]), kinds[0] not in ("NEG", "STEP"), verb)

    def en_fact(self, children: Sequence[Node]) -> tree.Fact:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        return tree.Fact(by_period(self.name(tokens["NAME"]), children), "NEG" not in tokens)

    def en_exists(self, children: Sequence[Node]) -> tree.Fact:
        return tree.Fact(self.name(children[0]), cast(Token, children[1]).type == "EXISTS")

    def en_any(self, children: Sequence[Node]) -> tree.Fact:
        return tree.Fact(by_period(self.name(children[1]), children))

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
            of, part = marks[0].children
            notes = share_or_excess(self.line.span, self.span(of).end, self.number(part))
            text = self.span(children).text
            self.excess = Refused(d.TWO_READINGS, self.span(children), *notes, text=text)
            share = self.read(marks[0])[0]
            whole = replace(share.share, value=add(Decimal(1), share.share.value))
            return tree.Test(subject, ">=", replace(share, share=whole))
        return self._banded(band, subject and by_period(subject, children))

    def _excess(self, mark: Tree[Token]) -> bool:
        """超任务数20%: a name and a share with nothing between them."""
        return [c.type for c in mark.children if isinstance(c, Token)] == ["NAME", "NUMBER"]

    def _banded(self, band: Node, subject: tree.Name | None) -> tree.Condition:
        node = cast("Tree[Token]", band)
        if node.data == "en_band" and isinstance(node.children[0], Tree) and "range" in node.children[0].data:
            node = node.children[0]
        if node.data in ("zh_range", "en_range", "en_range_below", "en_range_up_to"):
            return self._range(node, subject)
        if node.data == "zh_between":
            return self._between(node, subject)
        if node.data == "zh_unequal":
            return unequal(subject, self.read(cast("Tree[Token]", node.children[-1]))[0])
        op: tree.Op = "="
        mark: tree.Mark | None = None
        included: bool | None = None
        children = list(node.children)
        for i, child in enumerate(children):
            if isinstance(child, Tree):
                mark, stated = self.read(child)
                included = stated if stated is not None else included
            elif child.type in OPS:
                op = OPS[child.type]
            elif child.type == "AFTER_ORDINAL":
                op, mark = ">", self.ordinal(child)
            elif child.type in ("INCLUDED", "EXCLUDED"):
                included = child.type == "INCLUDED"
            elif child.type in _DAYS:
                mark = self.day(child)
            elif child.type == "NUMBER":
                follows = children[i + 1] if i + 1 < len(children) else None
                points = isinstance(follows, Token) and follows.type == "POINTS"
                mark = self.number(child, "分" if points else "")
        if included is not None and op != "=":
            op = cast(tree.Op, op[0] + ("=" if included else ""))
        assert mark is not None
        return tree.Test(subject, op, mark)

    def ordinal(self, token: Token) -> tree.Num:
        """after the third."""
        span = self.span(token)
        return tree.Num(Decimal(_ORDINALS.index(span.text.split()[-1].casefold()) + 1), span=span)

    def _between(self, node: Tree[Token], subject: tree.Name | None) -> tree.Range:
        """60%及以上不足90%."""
        marks = [self.read(child) for child in node.children if isinstance(child, Tree)]
        # 在 in front of both ends says nothing of its own: 在60%以上80%以下
        low_op, high_op = [OPS[c.type] for c in node.children if isinstance(c, Token) and c.type in OPS][-2:]
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
        if node.data in ("en_range_below", "en_range_up_to"):
            high_in = node.data == "en_range_up_to"
        if isinstance(low, tree.Num) and isinstance(high, tree.Num):
            if low.kind is Kind.NUMBER and high.kind is Kind.RATE and low.value >= 1:
                low = replace(low, kind=Kind.RATE, value=multiply(low.value, Decimal("0.01")))  # 80-90%
            if not low.label and high.label:
                low = replace(low, label=high.label)
            if high_in is None and (named or (high.label and high.label not in AMOUNTS)) and whole(low) and whole(high):
                high_in = True  # between whole counts both ends are in
        return tree.Range(subject, low, high, low_in, high_in)

    def zh_mark(self, children: Sequence[Node]) -> tuple[tree.Mark, bool | None]:
        first = children[0]
        if isinstance(first, Tree):
            return cast("tuple[tree.Mark, bool | None]", self.read(first))
        if len(children) > 1:
            return self._share(children[-1], first), None
        return self.name(first), None

    def zh_amount(self, children: Sequence[Node]) -> tuple[tree.Mark, bool | None]:
        tokens = cast("list[Token]", children)
        if tokens[0].type in _DAYS:
            return self.day(tokens[0]), None
        label = next((str(t) for t in tokens if t.type == "LABEL"), "")
        stated = {"INCLUDED": True, "EXCLUDED": False}.get(tokens[-1].type)
        return self.number(tokens[0], label), stated

    def en_quantity(self, children: Sequence[Node]) -> tuple[tree.Mark, bool | None]:
        tokens = [t for t in cast("list[Token]", children) if t.type != "REQUIRED"]
        if tokens[0].type == "NAME":
            return self.name(tokens[0]), None
        if tokens[-1].type == "NAME":
            return self._share(tokens[0], tokens[-1]), None
        return self.zh_amount(tokens)

    def _share(self, number: Node, of: Node) -> tree.Share:
        """任务数的20%, half of tasks."""
        return tree.Share(replace(self.number(number), kind=Kind.RATE), self.name(of))

    def en_tested_of(self, children: Sequence[Node]) -> tree.Test:
        """completion of 100%: at least."""
        mark, _ = self.read(cast("Tree[Token]", children[-1]))
        named = cast(Token, children[0]).type == "NAME"
        return tree.Test(by_period(self.name(children[0]), children) if named else None, ">=", mark)

    def en_counted(self, children: Sequence[Node]) -> tree.Test:
        op, number, name = cast("list[Token]", children)[:3]
        return tree.Test(by_period(self.name(name), children), OPS[op.type], self.number(number))

    def en_counted_post(self, children: Sequence[Node]) -> tree.Test:
        mark, _ = self.read(cast("Tree[Token]", children[0]))
        return tree.Test(by_period(self.name(children[2]), children), OPS[cast(Token, children[1]).type], mark)

    def en_counted_behind(self, children: Sequence[Node]) -> tree.Test:
        """4 meetings or more."""
        number, name, op = cast("list[Token]", children)[:3]
        return tree.Test(by_period(self.name(name), children), OPS[op.type], self.number(number))

    def zh_counted(self, children: Sequence[Node]) -> tree.Test:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        op = next(OPS[t] for t in tokens if t in OPS)
        name = by_period(self.name(tokens["NAME"]), children)
        return tree.Test(name, op, self.number(tokens["NUMBER"], str(tokens["LABEL"])))

    def en_counted_range(self, children: Sequence[Node]) -> tree.Range:
        return self._range(cast("Tree[Token]", children[0]), by_period(self.name(children[1]), children), named=True)

    def total_test(self, children: Sequence[Node]) -> tree.TotalTest:
        test = self._banded(children[-1], None)
        if not isinstance(test, tree.Test) or not isinstance(test.mark, tree.Num):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return tree.TotalTest(test.op, test.mark)

    def top(self, children: Sequence[Node]) -> tree.Top:
        rounding = next((str(c) for c in children if cast(Token, c).type == "SHARE_OF_GROUP_RULE"), None)
        strict = any(cast(Token, c).type == "NO_EXCESS" for c in children)
        return tree.Top(self.number(children[1]), cast(Any, rounding), strict)


def by_period(name: tree.Name, children: Sequence[Node]) -> tree.Name:
    """What it is in each period, where the piece says so (每月少于4条)."""
    per = next((str(c) for c in children if isinstance(c, Token) and c.type == "PERIODLY"), None)
    return name if per is None else replace(name, per=PeriodKind(per))


def whole(num: tree.Num) -> bool:
    return num.kind is Kind.NUMBER and is_whole(num.value)


def tokens_of(nodes: Sequence[Node] | Node) -> list[Token]:
    return flat(nodes if isinstance(nodes, (list, tuple)) else [cast(Node, nodes)])


def flat(nodes: Sequence[Node]) -> list[Token]:
    found: list[Token] = []
    for node in nodes:
        if isinstance(node, Tree):
            found.extend(flat(node.children))
        else:
            found.append(node)
    return found
