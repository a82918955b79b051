"""The grammar's tree of how a total comes about → tree (S16). A method per rule of the grammar, as in `read.py`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from typing import cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.pieces import Refused
from gkxl.language.read import Reader
from gkxl.language.read_marks import Node, tokens_of
from gkxl.language.total_words import Phrase, phrase_at
from gkxl.periods import PeriodKind
from gkxl.values import Kind, add, multiply, shown

_CHINESE = {PeriodKind.MONTH: "月", PeriodKind.QUARTER: "季度", PeriodKind.HALF: "半年", PeriodKind.YEAR: "年"}


class TotalReader(Reader):
    """Reads the lines of S16."""

    def total_is(self, children: Sequence[Node]) -> tree.TotalIs:
        per = next((p for c in children if (p := per_of(c)) is not None), None)
        for token in tokens_of(children):
            if token.type == "PERIOD_TOTALS":
                per = self._counted(token, per)
        sums = [c for c in children if isinstance(c, Tree)]
        return tree.TotalIs(self._formula(sums[0]) if sums else None, per, self.line.span)

    def _counted(self, token: Token, per: PeriodKind | None) -> PeriodKind | None:
        """What the periods make up: 四个季度 are a year; no year is made of years, and none of three quarters."""
        found = self._phrase(token)
        months = PeriodKind(found.meaning).months
        whole = per
        if found.many is not None:
            whole = next((kind for kind in PeriodKind if kind.months == found.many * months), None)
        if (found.many and whole is None) or (per and whole is not per) or (whole and whole.months <= months):
            said = per or PeriodKind.YEAR
            name = _CHINESE[said] if self.line.language == "zh" else said.value
            raise Refused(d.PERIODS_DO_NOT_FIT, self.span(token), text=self.span(token).text, whole=name)
        return whole

    def _phrase(self, token: Token) -> Phrase:
        found = phrase_at(self.line.text, token.start_pos or 0, self.line.language, token.type)
        assert found is not None
        return found

    def total_part(self, children: Sequence[Node]) -> tree.PeriodTotals | tree.PointsOf:
        token = cast(Token, children[0])
        span = self.span(token)
        found = self._phrase(token)
        if token.type == "POINTS_OF":
            return tree.PointsOf("yearly" if found.meaning == "yearly" else "bonuses", span)
        unit = PeriodKind(found.meaning)
        if not found.op:
            zh = _CHINESE[unit]
            raise Refused(
                d.TWO_READINGS,
                span,
                (f"各{zh}总分的平均:{zh}平均分", f"their average: the average of {unit.value}s"),
                (f"各{zh}总分的和:各{zh}得分之和", f"their sum: the sum of {unit.value}s"),
                text=span.text,
            )
        return tree.PeriodTotals(unit, found.op, found.without, span)

    def share_of_total(self, children: Sequence[Node]) -> tree.Operation:
        """60% of the average of quarters."""
        return tree.Operation("*", self._formula(children[2]), self.number(children[0]))

    def total_share(self, children: Sequence[Node]) -> tree.Operation:
        """季度平均分占60%."""
        return tree.Operation("*", self._formula(children[0]), self.number(children[-1]))

    def total_shares(self, children: Sequence[Node]) -> tree.Formula:
        """季度平均分占60%,年终考核占40%: the shares are of one whole."""
        nodes = [c for c in children if isinstance(c, Tree) and c.data != "total_sep"]
        shares = [cast(tree.Operation, self._formula(node)) for node in nodes]
        weights = [cast(tree.Num, share.right) for share in shares]
        total = reduce(add, (weight.value for weight in weights))
        if total != 1 or any(weight.kind is not Kind.RATE for weight in weights):
            raise Refused(d.SHARES_DO_NOT_ADD_UP, self.line.span, sum=f"{shown(multiply(total, Decimal(100)))}%")
        return reduce(lambda left, right: tree.Operation("+", left, right), shares)

    def converted(self, children: Sequence[Node]) -> tree.Converted:
        tokens = cast("list[Token]", children)
        share = self.number(next(t for t in tokens if t.type == "NUMBER"))
        if share.kind is not Kind.RATE or share.value <= 0:
            raise Refused(d.UNREADABLE, share.span or self.line.span, text=share.written)
        per = next((p for t in tokens if (p := per_of(t)) is not None), None)
        return tree.Converted(share.value, self.name(tokens[-1]), per, self.line.span)


def per_of(node: Node) -> PeriodKind | None:
    """The period that a word for a total names: 年度总分."""
    if isinstance(node, Token) and node.type in ("TOTAL", "TOTAL_IS"):
        return next((kind for kind in PeriodKind if kind.value == str(node)), None)
    return None
