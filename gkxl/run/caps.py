"""Caps of clauses and of sentences: what lies beyond them is taken from the last awards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gkxl.model.rules import Cap
from gkxl.periods import Period, period_of
from gkxl.run.context import ZERO
from gkxl.run.results import Award
from gkxl.values import Number, add, negate, subtract


def clamped(points: Number, limit: Number) -> Number:
    return min(max(points, negate(limit)), limit)


def capped_together(awards: Sequence[Award], cap: Cap) -> list[Award]:
    """What lies beyond the cap of several awards together is taken from the last ones, in each period of the cap."""
    result = list(awards)
    by_period: dict[Period | None, list[int]] = {}
    for index, award in enumerate(result):
        by_period.setdefault(cap_period(award, cap), []).append(index)
    for indices in by_period.values():
        total: Number = ZERO
        for index in indices:
            total = add(total, result[index].points)
        excess = subtract(total, clamped(total, cap.limit))
        for index in reversed(indices):
            points = result[index].points
            if (excess > 0 and points > 0) or (excess < 0 and points < 0):
                taken = min(excess, points) if excess > 0 else max(excess, points)
                result[index] = replace(result[index], points=subtract(points, taken))
                excess = subtract(excess, taken)
    return result


def cap_period(award: Award, cap: Cap) -> Period | None:
    """Which of the periods of a cap an award falls in; None: the cap holds for the whole period at hand."""
    if cap.per is None or award.period is None:
        return None
    return period_of(award.period.first_day, cap.per)
