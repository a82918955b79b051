"""The grammar's tree of own scores and formulas → pieces. A method per rule, as in MarkReader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import named, names_in
from gkxl.language.pieces import OwnPiece, Refused
from gkxl.language.read_marks import Node, flat
from gkxl.language.read_stretches import StretchReader
from gkxl.values import Kind


class FormulaReader(StretchReader):
    """得书面考核分, 得分=票数÷全组最高票数×600."""

    def own_score(self, children: Sequence[Node]) -> OwnPiece:
        name = next(c for c in children if isinstance(c, Token) and c.type == "NAME")
        return OwnPiece(self.span(children), formula=self.name(name))

    def own_formula(self, children: Sequence[Node]) -> OwnPiece:
        sign = next(str(c) for c in children if isinstance(c, Token) and c.type in ("SCORE_IS", "SCORE_BY"))
        formula = self._about(self._formula(children[1]), None, children)
        return OwnPiece(self.span(children), formula=formula, costs=sign == "cost")

    def own_part(self, children: Sequence[Node]) -> OwnPiece:
        """测评分按20%折算计分."""
        tokens = {t.type: t for t in flat(children)}
        share = self.number(tokens["NUMBER"])
        if share.kind is not Kind.RATE:
            raise Refused(d.NO_POINTS, self.span(children), text=self.span(children).text)
        formula = tree.Operation("*", self.name(tokens["NAME"]), share)
        return OwnPiece(self.span(children), formula=formula, costs=str(tokens["SCORE_BY"]) == "cost")

    def own_formula_of(self, children: Sequence[Node]) -> OwnPiece:
        """票数按本单位÷全组最高×600计分: what the formula leaves out is the subject's."""
        sign = cast(Token, children[3])
        formula = self.operation([children[2], sign, children[4]])
        if cast(Token, children[5]) != "earn":
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        subject = self.read(cast("Tree[Token]", children[0]))
        return OwnPiece(self.span(children), formula=self._about(formula, subject, children))

    def _about(self, formula: tree.Formula, subject: tree.Name | None, children: Sequence[Node]) -> tree.Formula:
        """A formula with names for 本单位 and 全组最高 alone: the subject's, or that of its only name."""
        names = names_in(formula)
        if all(name.text for name in names):
            return formula
        of = {name.text for name in names if name.text} if subject is None else {subject.text}
        if len(of) != 1:
            note = ("写明是谁的:得分=票数÷全组最高票数×600", "say of what: score = votes / best votes × 600")
            raise Refused(d.UNREADABLE, self.span(children), note, text=self.span(children).text)
        return named(formula, of.pop())

    def _formula(self, node: Node) -> tree.Formula:
        return cast(tree.Formula, self.read(cast("Tree[Token]", node)))

    def operation(self, children: Sequence[Node]) -> tree.Operation:
        op = {"PLUS": "+", "MINUS": "-", "TIMES": "*", "OVER": "/"}[cast(Token, children[1]).type]
        return tree.Operation(op, self._formula(children[0]), self._formula(children[2]))

    def factor(self, children: Sequence[Node]) -> tree.Formula:
        return self._formula(children[1])  # in brackets

    def formula_number(self, children: Sequence[Node]) -> tree.Formula:
        return self.number(children[0])

    def formula_share(self, children: Sequence[Node]) -> tree.Formula:
        return tree.Operation("*", self.number(children[0]), self.term(children[2]))

    def formula_name(self, children: Sequence[Node]) -> tree.Formula:
        return self.term(children[0])
