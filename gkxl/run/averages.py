"""不涉及的取全组平均: what an indicator comes to for units that it does not apply to, once the others are scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gkxl.run.context import ZERO
from gkxl.run.ranking import Standing
from gkxl.values import Number, add, divide, round_half_up


def fill_averages(standings: Sequence[Standing], places: int | None) -> None:
    """Give each unit that waits for it the average of its group, for each of the indicator's own periods."""
    groups: dict[str | None, list[Standing]] = {}
    for standing in standings:
        groups.setdefault(standing.unit.group, []).append(standing)
    for group in groups.values():
        for index in dict.fromkeys(index for standing in group for index in standing.scored):
            _fill(group, index, places)


def _fill(group: Sequence[Standing], index: int, places: int | None) -> None:
    known = [standing.scored[index] for standing in group if index in standing.scored]
    averages = [_average([row[at] for row in known], places) for at in range(len(known[0]))]
    # A unit whose points an error in the data keeps open keeps the average open, too.
    open_ = any(s.indicators[index].points is None and s.indicators[index].applies for s in group)
    for standing in group:
        scored = standing.scored.get(index, ())
        if None not in scored:
            continue
        points: Number = ZERO
        gone = True
        for own, average in zip(scored, averages, strict=True):
            number = average if own is None else own
            if number is not None:
                points, gone = add(points, number), False
        result = standing.indicators[index]
        standing.broken = standing.broken or open_
        given = None if open_ or gone else points
        standing.indicators[index] = replace(result, points=given, counted=given, applies=not gone)


def _average(numbers: Sequence[Number | None], places: int | None) -> Number | None:
    """None where the indicator applies to nobody."""
    there = [number for number in numbers if number is not None]
    if not there:
        return None
    total: Number = ZERO
    for number in there:
        total = add(total, number)
    average = divide(total, Decimal(len(there)))
    return average if places is None else round_half_up(average, places)
