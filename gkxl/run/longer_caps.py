"""Caps of a longer period than the indicator's (全年封顶120分): what they take when its periods are summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gkxl.model.rules import Cap
from gkxl.periods import PeriodKind, period_of
from gkxl.run.caps import capped_together
from gkxl.run.context import ZERO
from gkxl.run.indicators import CompiledIndicator, bounded
from gkxl.run.ranking import Standing
from gkxl.run.results import Award, Cut, IndicatorResult
from gkxl.values import Number, add, divide, multiply, subtract


@dataclass(frozen=True, slots=True)
class Taken:
    """What the caps take from one of the periods: of its points, and of what it counts."""

    points: Number
    counted: Number


def take_longer(
    compiled: CompiledIndicator, parts: Sequence[tuple[Standing, IndicatorResult]], whole: PeriodKind
) -> tuple[list[Taken], list[Cut]]:
    """For each period what lies beyond the caps; the last periods lose first."""
    given = [list(result.awards) for _, result in parts]
    cuts: list[Cut] = []
    for sentence in compiled.node.sentences:
        for clause in sentence.clauses:
            for cap in _longer(clause.cap, parts, whole):
                _cap([[a.clause is clause for a in awards] for awards in given], given, cap, parts, cuts)
        for cap in _longer(sentence.cap, parts, whole):
            _cap([[a.sentence is sentence for a in awards] for awards in given], given, cap, parts, cuts)
    for cap in _longer(compiled.node.earnings_cap, parts, whole):
        _cap([[a.points > 0 for a in awards] for awards in given], given, cap, parts, cuts)
    if not cuts:
        return [], []
    taken = []
    for (_, result), awards in zip(parts, given, strict=True):
        points: Number = ZERO
        if result.points is not None and result.points == bounded(compiled, result.awards, [], None):
            points = subtract(result.points, bounded(compiled, awards, [], None))
        counted = points
        if points and result.points and result.counted is not None:
            counted = divide(multiply(points, result.counted), result.points)
        taken.append(Taken(points, counted))
    return taken, cuts


def _longer(cap: Cap | None, parts: Sequence[tuple[Standing, IndicatorResult]], whole: PeriodKind) -> list[Cap]:
    period = parts[0][0].facts.period if parts else None
    known = cap.chain() if cap is not None and period is not None else ()
    return [c for c in known if c.per is not None and period and period.kind.months < c.per.months <= whole.months]


def _cap(
    mine: Sequence[Sequence[bool]],
    given: Sequence[list[Award]],
    cap: Cap,
    parts: Sequence[tuple[Standing, IndicatorResult]],
    cuts: list[Cut],
) -> None:
    """Take what lies beyond a cap from the awards that it holds for, period of the cap by period."""
    assert cap.per is not None
    places: dict[object, list[tuple[int, int]]] = {}
    for i, (standing, _) in enumerate(parts):
        if standing.facts.period is not None:
            period = period_of(standing.facts.period.first_day, cap.per)
            places.setdefault(period, []).extend((i, j) for j, own in enumerate(mine[i]) if own)
    for where in places.values():
        before = [given[i][j] for i, j in where]
        after = capped_together(before, Cap(cap.limit))
        was, now = _sum(before), _sum(after)
        if was != now:
            cuts.append(Cut("longer", was, now, now))
        for (i, j), award in zip(where, after, strict=True):
            given[i][j] = award


def _sum(awards: Sequence[Award]) -> Number:
    total: Number = ZERO
    for award in awards:
        total = add(total, award.points)
    return total
