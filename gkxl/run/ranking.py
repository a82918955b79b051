"""Places from totals, grades from totals and places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gkxl.diagnostics import Language
from gkxl.model.rules import GradeBand, Ranking, Rubric, Score, TopPlaces, TopShare, Veto
from gkxl.periods import Period, PeriodKind
from gkxl.run.audience import concerns
from gkxl.run.context import Facts, NotApplicable, Seen, Site, Unusable
from gkxl.run.evaluate import ROUND, condition, dates_of
from gkxl.run.facts import Unit
from gkxl.run.placing import places
from gkxl.run.results import Award, IndicatorResult, PartResult, Rescaling, TotalResult
from gkxl.values import Number, multiply


@dataclass(slots=True)
class Standing:
    """One unit in one period while it is being worked out."""

    unit: Unit
    facts: Facts
    indicators: list[IndicatorResult]
    own: list[int] = field(default_factory=list)  # which of them were scored here and not summed up of shorter periods
    struck: list[tuple[Award, Veto]] = field(default_factory=list)
    # By indicator: its points in each of its periods, None for the average of the group, where that may be asked for.
    scored: dict[int, tuple[Number | None, ...]] = field(default_factory=dict)
    parts: tuple[PartResult, ...] = ()
    rescaled: tuple[Rescaling, ...] = ()
    taken: dict[Period, Number] = field(
        default_factory=dict
    )  # by caps of a longer period, from what the shorter ones count
    broken: bool = False  # a data error stands in the way
    stopped: bool = False  # no longer assessed
    made: TotalResult | None = None  # how the total came about
    exact: Number | None = None  # the total before its own rounding
    total: Number | None = None
    converted: Number | None = None  # what the total counts elsewhere
    replaced: Number | None = None
    rank: int | None = None
    grade: str | None = None


def held_in(rubric: Rubric, kind: PeriodKind) -> Rubric:
    """The rubric with what places and grades come from in entries of a kind: what is kept to it goes before the rest."""
    ranking = rubric.ranking if rubric.ranking is None or rubric.ranking.per in (None, kind) else None
    kept = tuple(band for band in rubric.grades if band.per is kind)
    grades = kept or tuple(band for band in rubric.grades if band.per is None)
    gate = rubric.gate if rubric.gate is None or rubric.gate.per in (None, kind) else None
    return replace(rubric, ranking=ranking, grades=grades, gate=gate)


def rank_and_grade(standings: Sequence[Standing], rubric: Rubric, stated: Mapping[str, int] | None = None) -> None:
    """Fill in ranks and grades, group by group. `stated`: places by unit that take the place of those by the rules."""
    bands = [_band(band, rubric) for band in rubric.grades]
    order = {band.grade: index for index, band in reversed(list(enumerate(rubric.grades)))}
    groups: dict[str | None, list[Standing]] = {}
    for standing in standings:
        groups.setdefault(standing.unit.group, []).append(standing)
    for group in groups.values():
        table = _table(group, rubric.ranking)
        if table is not None and stated:
            table = replace(table, rank=table.rank | {key: stated[key] for key in table.rank if key in stated})
        for standing in group:
            if rubric.ranking is not None and table is not None:
                standing.rank = table.rank.get(standing.unit.key)
            standing.grade = _grade(standing, bands, order, table)


@dataclass(frozen=True, slots=True)
class _Table:
    """The places of one group, by unit: as the rubric ranks, and by places that skip; how many units were assessed."""

    rank: dict[str, int]
    skipping: Mapping[str, int]
    assessed: int


def _table(group: Sequence[Standing], ranking: Ranking | None) -> _Table | None:
    """None where a data error leaves every place of the group open."""
    if any(standing.broken for standing in group):
        return None
    ranked = {standing.unit.key: _ranked_by(standing, ranking) for standing in group if standing.exact is not None}
    keys = [key for key, number in ranked.items() if number is not None]
    totals = [number for number in ranked.values() if number is not None]
    lowest = ranking is not None and ranking.lowest_first
    skipping = dict(zip(keys, places(totals, True, lowest), strict=True))
    rank = skipping if ranking is None or ranking.skip else dict(zip(keys, places(totals, False, lowest), strict=True))
    return _Table(rank, skipping, len(keys) + sum(standing.stopped for standing in group))


def _ranked_by(standing: Standing, ranking: Ranking | None) -> Number | None:
    """What a unit is ranked by: its total, the points of an indicator, or a term; None where it has none."""
    by = ranking.by if ranking is not None else None
    if by is None:
        return standing.exact
    if isinstance(by, Score):
        return standing.facts.scores.get(by.indicator)
    try:
        return standing.facts.number(by.term, Site(by.shown or by.term, None, standing.facts.run.language), {})
    except (NotApplicable, Unusable):
        return None


# --- Grades ----------------------------------------------------------------------------------------------------------

_Band = tuple[GradeBand, Callable[[Standing, _Table | None], bool]]


def _band(band: GradeBand, rubric: Rubric) -> _Band:
    plain = tuple(c for c in band.conditions if not isinstance(c, (TopPlaces, TopShare)))
    language: Language = rubric.language
    text = band.span.text if band.span is not None else band.grade
    site = Site(text, band.span, language, dates_of(plain, rubric.terms))
    tests = tuple(condition(c, site) for c in plain)
    placed = tuple(c for c in band.conditions if isinstance(c, (TopPlaces, TopShare)))

    def holds(standing: Standing, table: _Table | None) -> bool:
        seen: Seen = {}
        try:
            if not all(test(standing.facts, seen) for test in tests):
                return False
        except NotApplicable:
            return False  # an indicator or term that does not exist for the unit meets no condition
        if placed and table is None:
            raise Unusable
        return table is None or all(_in_top(c, standing.unit.key, table) for c in placed)

    return band, holds


def _in_top(top: TopPlaces | TopShare, key: str, table: _Table) -> bool:
    """Who shares the last place shares the grade; where that would be too many, `strict` leaves them all out."""
    places = table.rank if isinstance(top, TopPlaces) else table.skipping
    place = places.get(key)
    if place is None:
        return False
    if isinstance(top, TopPlaces):
        limit: Number = Decimal(top.count)
    else:
        limit = ROUND[top.rounding](multiply(top.share, Decimal(table.assessed)))
    if top.strict:
        at_most = sum(other <= place for other in places.values())
        return at_most <= limit
    return place <= limit


def _grade(standing: Standing, bands: Sequence[_Band], order: Mapping[str, int], table: _Table | None) -> str | None:
    """The grade by the bands; a veto bars from one, or sets it. Of several set ones the gravest counts."""
    if standing.broken:
        return None
    vetoes = [veto for _, veto in standing.struck]
    barred = {str(veto.value) for veto in vetoes if veto.what == "bar"}
    given = None
    try:
        for band, holds in bands if standing.total is not None else ():
            if band.grade not in barred and concerns(band.audience, standing.unit) and holds(standing, table):
                given = band.grade
                break
    except Unusable:
        pass
    stated = [str(veto.value) for veto in vetoes if veto.what == "grade"]
    # A veto of the total alone lets the bands decide on the new total; the graver of both is the grade.
    if stated and given is not None and any(veto.what == "total" for veto in vetoes):
        stated.append(given)
    # A grade that no band names (不合格) is worse than all that they name.
    return max(stated, key=lambda grade: order.get(grade, len(order))) if stated else given
