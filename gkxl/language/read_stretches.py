"""The grammar's tree of stretches of periods (连续3个月没有信息) → tree. A method per rule, as in MarkReader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.pieces import Refused
from gkxl.language.read_late import LateReader
from gkxl.language.read_marks import OPS, Node, by_period
from gkxl.periods import PeriodKind
from gkxl.values import is_whole

_PERIODS = {
    **dict.fromkeys(("月", "月份", "month"), PeriodKind.MONTH),
    **dict.fromkeys(("季度", "quarter"), PeriodKind.QUARTER),
    **dict.fromkeys(("周", "星期", "week"), PeriodKind.WEEK),
}


class StretchReader(LateReader):
    def _run(self, node: Node) -> tuple[PeriodKind, int | None, int | None]:
        """连续3个月或累计6个月, 3 months in a row or 6 months in total: the unit, and how many."""
        tokens = cast("list[Token]", cast("Tree[Token]", node).children)
        counts: dict[str, int] = {}
        units = set()
        for at, token in enumerate(tokens):
            if token.type in ("IN_ROW", "ALTOGETHER"):
                number = self.points(tokens[at + 1 if self.line.language == "zh" else at - 1])
                said = str(tokens[at + 2]) if self.line.language == "zh" else str(token)
                unit = _PERIODS.get(said.removeprefix("个"))
                if unit is None or not is_whole(number) or number < 1:
                    raise Refused(d.UNREADABLE, self.span(node), text=self.span(node).text)
                units.add(unit)
                counts[token.type] = int(number)
        if len(units) > 1:
            raise Refused(d.UNREADABLE, self.span(node), text=self.span(node).text)
        return units.pop(), counts.get("IN_ROW"), counts.get("ALTOGETHER")

    def _stretch(self, children: Sequence[Node], test: tree.Condition) -> tree.Stretch:
        if isinstance(test, tree.Fact) and not test.holds:
            test = tree.Test(test.subject, "=", tree.Num(Decimal(0)))
        if not isinstance(test, tree.Test) or not isinstance(test.mark, tree.Num):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return tree.Stretch(*self._run(children[0]), test)

    def zh_in_each(self, children: Sequence[Node]) -> tree.Fact:
        """每月未公开的."""
        fact = self.zh_fact(children[1:])
        return replace(fact, subject=by_period(fact.subject, children))

    def zh_in_run(self, children: Sequence[Node]) -> tree.Stretch:
        if len(children) == 3:
            return self._stretch(children, self._banded(children[2], self.read(cast("Tree[Token]", children[1]))))
        return self._stretch(children, self.read(cast("Tree[Token]", children[1])))

    def en_in_run(self, children: Sequence[Node]) -> tree.Stretch:
        last = children[-1]
        name = next(self.name(t) for t in children if isinstance(t, Token) and t.type == "NAME")
        if isinstance(last, Tree):
            return self._stretch(children, self._banded(last, name))
        tokens = {t.type: t for t in children if isinstance(t, Token)}
        if "WITHOUT" in tokens:
            return self._stretch(children, tree.Fact(name, False))
        op = next(OPS[kind] for kind in tokens if kind in OPS)
        return self._stretch(children, tree.Test(name, op, self.number(tokens["NUMBER"])))
