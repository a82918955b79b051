"""What a unit would need for the next better grade or place, all other units staying as they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gkxl.model.rules import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Const,
    GradeBand,
    Not,
    Ref,
    Rubric,
    Score,
    TopPlaces,
    TopShare,
    Veto,
)
from gkxl.run.audience import words_of
from gkxl.run.context import Facts, Run
from gkxl.run.facts import Unit
from gkxl.run.indicators import outcomes_of
from gkxl.run.ranking import Standing, held_in, rank_and_grade
from gkxl.run.results import PeriodResult, UnitResult
from gkxl.run.uses import nodes
from gkxl.values import Number, add, name_key, subtract

_JUST = Decimal("1e-9")  # beyond a total that is not itself enough


@dataclass(frozen=True, slots=True)
class Step:
    """`points` more (just more than that, where `beyond`) would give this `grade` or `rank`."""

    points: Number
    beyond: bool
    grade: str | None = None
    rank: int | None = None


def outlook(unit: UnitResult, period: PeriodResult, rubric: Rubric) -> list[Step]:
    """The next better grade, and the next better place, with the points that are missing to each.

    Empty for a unit without a total, or at the top already. Grades that hang on more than scores are left out.
    """
    if unit.exact_total is None or (unit.veto is not None and unit.veto.replaced is not None):
        return []
    rubric = held_in(rubric, period.period.kind)
    lowest_first = rubric.ranking is not None and rubric.ranking.lowest_first
    group = [other for other in period.units if other.group == unit.group]
    others = [other.exact_total for other in group if other.exact_total is not None]
    marks = sorted({*others, *_marks(rubric)}, reverse=lowest_first)
    order = {band.grade: index for index, band in reversed(list(enumerate(rubric.grades)))}
    worst = order.get(unit.grade or "", len(order))
    ahead: list[tuple[Number, Number, bool]] = []  # the total to try, the points to it, whether beyond them
    for mark in marks:
        away = subtract(unit.exact_total, mark) if lowest_first else subtract(mark, unit.exact_total)
        if away > 0:
            ahead.append((mark, away, False))
        if away >= 0:
            ahead.append((subtract(mark, _JUST) if lowest_first else add(mark, _JUST), away, True))

    def at(index: int) -> tuple[int | None, str | None]:
        return _with(unit, ahead[index][0], group, rubric)

    def better_grade(index: int) -> bool:
        return order.get(at(index)[1] or "", len(order)) < worst

    def better_place(index: int) -> bool:
        rank = at(index)[0]
        return rank is not None and unit.rank is not None and rank < unit.rank

    found = []
    # A better total never gives a worse place or grade, so the first that is better can be searched for by halves.
    if (first := bisect_left(range(len(ahead)), True, key=better_grade)) < len(ahead):
        found.append(Step(ahead[first][1], ahead[first][2], grade=at(first)[1]))
    if (first := bisect_left(range(len(ahead)), True, key=better_place)) < len(ahead):
        found.append(Step(ahead[first][1], ahead[first][2], rank=at(first)[0]))
    return found


def _with(
    unit: UnitResult, total: Number, group: Sequence[UnitResult], rubric: Rubric
) -> tuple[int | None, str | None]:
    """The place and grade of a unit, had it this total."""
    standings = [_standing(replace(o, total=total, exact_total=total) if o is unit else o, rubric) for o in group]
    rank_and_grade(standings, rubric)
    mine = standings[next(i for i, other in enumerate(group) if other is unit)]
    return mine.rank, mine.grade


def grade_at(total: Number, rubric: Rubric) -> str | None:
    """The grade of a total on its own. Only for a rubric whose grades ask for nothing else: see `beyond_total`."""
    standing = _standing(UnitResult("", None, total, total, None, None, None, "", ()), rubric)
    rank_and_grade([standing], rubric)
    return standing.grade


def beyond_total(rubric: Rubric) -> GradeBand | None:
    """A grade that asks for more than the total: a place, an indicator, a term, a group of units."""
    return next(
        (
            band
            for band in rubric.grades
            if band.audience is not None
            or any(
                isinstance(node, (TopPlaces, TopShare, Ref)) or (isinstance(node, Score) and node.indicator is not None)
                for node in nodes(band.conditions)
            )
        ),
        None,
    )


def _standing(result: UnitResult, rubric: Rubric) -> Standing:
    words = words_of(result.group) if result.group else frozenset[str]()
    unit = Unit(result.unit, name_key(result.unit), result.group, words, result.cell)
    facts = Facts(Run({}, rubric.missing, {}, rubric.language), {}, unit)
    facts.scores = {None: result.total} | {one.indicator.name: one.points for one in result.indicators}
    standing = Standing(unit, facts, list(result.indicators), exact=result.exact_total, total=result.total)
    awards = result.veto.awards if result.veto is not None else ()
    standing.struck = [(award, outcome) for award, outcome in outcomes_of(awards) if isinstance(outcome, Veto)]
    standing.stopped = any(veto.what == "stop" for _, veto in standing.struck)
    standing.broken = result.total is None and not standing.stopped
    return standing


def _marks(rubric: Rubric) -> Iterator[Number]:
    """The totals that the grades name."""
    for band in rubric.grades:
        for condition in band.conditions:
            if isinstance(condition, (Compare, Not, AllOf, AnyOf)):
                yield from _totals(condition)


def _totals(node: Condition) -> Iterator[Number]:
    match node:
        case Compare(left=Score(indicator=None), right=Const(value=mark)) if isinstance(mark, Number):
            yield mark
        case Not(condition=inner):
            yield from _totals(inner)
        case AllOf(conditions=several) | AnyOf(conditions=several):
            for each in several:
                yield from _totals(each)
