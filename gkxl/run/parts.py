"""大项: what the indicators of a part come to together, within its caps and times its weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gkxl.model.rules import Part, Rubric
from gkxl.run.context import ZERO
from gkxl.run.results import Cut, IndicatorResult, Limit, PartResult
from gkxl.values import Number, add, multiply, negate, subtract


def weigh_parts(results: list[IndicatorResult], own: Sequence[int], rubric: Rubric) -> tuple[PartResult, ...]:
    """Put in what each indicator adds to the total as its part allows; what the bonuses come to is settled later."""
    return tuple(
        _weigh(part, results, [i for i in own if results[i].indicator.part == part.name]) for part in rubric.parts
    )


def _weigh(part: Part, results: list[IndicatorResult], own: Sequence[int]) -> PartResult:
    there = [i for i in own if results[i].counted is not None]
    cuts: list[Cut] = []
    if part.earnings_cap is not None:
        take_from(results, there, "part earnings", part.earnings_cap, cuts)
    if part.deductions_cap is not None:
        take_from(results, there, "part deductions", part.deductions_cap, cuts)
    points: Number = ZERO
    for i in there:
        counted = results[i].counted
        assert counted is not None
        points = add(points, counted)
        if part.weight is not None:
            results[i] = replace(results[i], counted=multiply(counted, part.weight))
    return PartResult(part, points if there else None, None, bool(there), tuple(cuts))


def take_from(
    results: list[IndicatorResult], which: Sequence[int], what: Limit, limit: Number, cuts: list[Cut]
) -> None:
    """What lies beyond a cap of several together, of what they earn or else of what they lose, is taken from the last."""
    sign = negate if what == "part deductions" else _same
    gains = {i: sign(counted) for i in which if (counted := results[i].counted) is not None and sign(counted) > 0}
    total: Number = ZERO
    for gain in gains.values():
        total = add(total, gain)
    excess = subtract(total, limit)
    if excess <= 0:
        return
    cuts.append(Cut(what, sign(total), sign(limit), sign(limit)))
    for i in reversed(gains):
        taken = min(excess, gains[i])
        results[i] = replace(results[i], counted=sign(subtract(gains[i], taken)))
        excess = subtract(excess, taken)


def _same(value: Number) -> Number:
    return value


def part_results(
    weighed: Sequence[PartResult], results: Sequence[IndicatorResult], before: Sequence[Sequence[PartResult]]
) -> tuple[PartResult, ...]:
    """The parts with what they add to the total; `before`: those of the periods that are summed up."""
    found = []
    for at, part in enumerate(weighed):
        inside = [one.counted for one in results if one.indicator.part == part.part.name and one.counted is not None]
        earlier = [parts[at].points for parts in before if parts]
        points = _sum([part.points, *earlier])
        found.append(replace(part, points=points, counted=_sum(inside), applies=points is not None))
    return tuple(found)


def _sum(numbers: Sequence[Number | None]) -> Number | None:
    there = [number for number in numbers if number is not None]
    total: Number = ZERO
    for number in there:
        total = add(total, number)
    return total if there else None
