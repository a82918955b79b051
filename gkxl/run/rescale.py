"""不涉及的按比例折算: the rest is multiplied by all worth ÷ the worth that applies, over the file or within a part.

Worth is what an indicator can add to the total: times its weight and its part's, so that full marks stay full marks.
Bonuses, and indicators without a worth, have no part in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gkxl.model.rules import Indicator, Part, Rubric
from gkxl.periods import Period
from gkxl.run.context import ZERO
from gkxl.run.results import IndicatorResult, Rescaling
from gkxl.values import Number, add, divide, multiply, subtract

ONE = Decimal(1)


@dataclass(slots=True)
class _Worth:
    """All worth, and that which applies."""

    every: Number = ZERO
    applying: Number = ZERO

    def take(self, every: Number, applying: Number) -> None:
        self.every, self.applying = add(self.every, every), add(self.applying, applying)

    @property
    def factor(self) -> Number | None:
        """None where nothing is to be rescaled, or nothing is there to bear it."""
        if self.every == self.applying or not self.applying:
            return None
        return divide(self.every, self.applying)


def rescale(
    results: list[IndicatorResult], own: Sequence[int], rubric: Rubric, period: Period | None
) -> tuple[tuple[Rescaling, ...], bool]:
    """Put in what each indicator counts before the weight of its part; False where nothing that has a worth applies."""
    parts = {part.name: part for part in rubric.parts}
    inside = {part.name: _Worth() for part in rubric.parts if part.rescales}
    whole = _Worth()
    for i in own:
        name = results[i].indicator.part
        every, applying = _worth(results[i], rubric, period)
        if name in inside:
            inside[name].take(every, applying)
        else:
            weight = _weight(parts[name]) if name in parts else ONE
            whole.take(multiply(every, weight), multiply(applying, weight))
    factors: dict[str | None, Number] = {}
    told = []
    for name, worth in inside.items():
        every = multiply(worth.every, _weight(parts[name]))
        whole.take(every, every if worth.applying else ZERO)
        if (factor := worth.factor) is not None:
            factors[name] = factor
            told.append(Rescaling(name, worth.every, worth.applying))
    if (factor := whole.factor) is not None:
        factors[None] = factor
        told.append(Rescaling(None, whole.every, whole.applying))
    for i in own:
        points = results[i].points
        if points is not None:
            results[i] = replace(results[i], counted=_counted(results[i].indicator, points, factors))
    return tuple(told), not whole.every or bool(whole.applying)


def _weight(part: Part) -> Number:
    return ONE if part.weight is None else part.weight


def _worth(result: IndicatorResult, rubric: Rubric, period: Period | None) -> tuple[Number, Number]:
    """All that an indicator can be worth here, in all its periods together, and what of it applies."""
    node = result.indicator
    if node.worth is None or node.bonus or not (result.applies or result.idle):
        return ZERO, ZERO
    kind = node.period or rubric.period
    times = period.kind.months // kind.months if period is not None and kind is not None else 1
    worth = multiply(node.worth, Decimal(max(times, 1)))
    if node.weight is not None:
        worth = multiply(worth, node.weight)
    return worth, multiply(worth, subtract(ONE, result.idle))


def _counted(node: Indicator, points: Number, factors: Mapping[str | None, Number]) -> Number:
    if node.worth is not None and not node.bonus:
        for scope in dict.fromkeys((node.part, None)):
            points = multiply(points, factors.get(scope, ONE))
    return points if node.weight is None else multiply(points, node.weight)
