"""What the clauses give: points, grades, vetoes, as the pieces hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.pieces import Giving, Refused
from gkxl.language.read_formulas import FormulaReader
from gkxl.language.read_marks import Node
from gkxl.values import negate


class GivingReader(FormulaReader):
    """A method per rule, as in FormulaReader."""

    def _giving(self, node: Node) -> Giving:
        return replace(cast(Giving, self.read(cast("Tree[Token]", node))), span=self.span(node))

    def earn(self, children: Sequence[Node]) -> Giving:
        points = self.points(children[1])
        return Giving(
            "points", (points,), sign=1, noted=not points or "记" in str(children[0]) or "计" in str(children[0])
        )

    def cost(self, children: Sequence[Node]) -> Giving:
        return Giving("points", (negate(self.points(children[1])),), sign=-1)

    def then(self, children: Sequence[Node]) -> Giving:
        return self._giving(children[1])

    def earn_passive(self, children: Sequence[Node]) -> Giving:
        return Giving("points", (self.points(children[0]),), sign=1)

    def cost_passive(self, children: Sequence[Node]) -> Giving:
        return Giving("points", (negate(self.points(children[0])),), sign=-1)

    def unsigned(self, children: Sequence[Node]) -> Giving:
        return Giving("unsigned", (self.points(children[0]),))

    def part_of(self, children: Sequence[Node]) -> Giving:
        return Giving("share", (self.points(children[1]),), sign=1)

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
        name = self.plain(token)
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
        return Giving("admit", sign=1 if str(children[0]) == "yes" else -1)

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
