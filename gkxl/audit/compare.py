"""Published figures beside those that the rules give, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.audit.audits import Checked, Value
from gkxl.diagnostics import CellRef, Diagnostic
from gkxl.model.rules import FromRows, Published, Rubric
from gkxl.periods import Period, PeriodKind
from gkxl.run.published import Figure
from gkxl.run.results import Award, PeriodResult, UnitResult
from gkxl.values import Number, add, name_key, shown

Computed = dict[tuple[str, Period], UnitResult]  # by unit key and period

_WORDS = {"total": ("总分", "total"), "rank": ("名次", "place"), "grade": ("等次", "grade")}


def by_unit(periods: Iterable[PeriodResult]) -> Computed:
    return {(name_key(unit.unit), one.period): unit for one in periods for unit in one.units}


def computed_for(line: Published, unit: str, period: Period, found: Computed) -> Value | None:
    """What the rules give where the line says what is published; None: nothing."""
    one = found.get((unit, period))
    if one is None:
        return None
    match line.what:
        case "total":
            return one.total
        case "rank":
            return None if one.rank is None else Decimal(one.rank)
        case "grade":
            return one.grade
        case "indicator":
            return next((r.points for r in one.indicators if r.applies and r.indicator.name == line.of), None)
        case "part":
            return next((p.points for p in one.parts if p.applies and p.part.name == line.of), None)
    points: Number | None = None
    for award in all_awards(line, unit, period, found):
        points = award.points if points is None else add(points, award.points)
    return points


def all_awards(line: Published, unit: str, period: Period, found: Computed) -> list[Award]:
    """The awards of a unit in a period and in those that it is made of."""
    shorter = [kind for kind in PeriodKind if PeriodKind.MONTH.months <= kind.months < period.kind.months]
    every = [period, *(part for kind in shorter for part in period.split(kind))]
    return [award for one in every if (unit, one) in found for award in awards_of(line, found[unit, one])]


def awards_of(line: Published, unit: UnitResult) -> list[Award]:
    """The awards of an indicator, a fact or a sentence."""
    return [
        award
        for result in unit.indicators
        if result.applies
        for award in result.awards
        if (line.what == "indicator" and result.indicator.name == line.of)
        or (line.what == "term" and line.of in award.facts)
        or (line.what == "sentence" and award.sentence.text.rstrip("。.") == line.of)
    ]


def same(published: Value, computed: Value | None) -> bool:
    if isinstance(published, str) or isinstance(computed, str) or computed is None:
        return computed is not None and name_key(str(published)) == name_key(str(computed))
    return published == computed


def checked(
    rubric: Rubric, figures: Sequence[Figure], found: Computed, asked: Period
) -> tuple[list[Checked], list[Diagnostic]]:
    """Every figure that can be held against one of the rules; what is not published, or not computed, is told."""
    lines: list[Checked] = []
    told: list[Diagnostic] = []
    there = {(one.line, one.period) for one in figures if one.cells}
    empty: dict[str, None] = {}
    for one in figures:
        unit = found.get((one.unit, one.period))
        computed = computed_for(one.line, one.unit, one.period, found)
        if one.broken or unit is None:
            continue
        what, values = word(one.line, rubric), {"unit": unit.unit, "period": one.period}
        if one.value is not None and computed is not None:
            lines.append(Checked(one.line, unit.unit, one.unit, unit.group, one.period, one.value, computed, one.cells))
        elif one.value is not None:
            if one.cells and _concerned(one.line, unit) and one.value != 0:
                text = one.value if isinstance(one.value, str) else shown(one.value)
                values |= {"what": what, "published": text, "cell": one.cells[0]}
                told.append(Diagnostic(d.PUBLISHED_NOT_COMPUTED, one.cells[0], rubric.language, values))
        elif computed is None:
            continue
        elif one.cells:
            values |= {"what": what, "cell": one.cells[0]}
            told.append(Diagnostic(d.PUBLISHED_BLANK, one.cells[0], rubric.language, values))
        elif (one.line, one.period) in there:
            sheet = sheet_of(one.line)
            values |= {"what": what, "sheet": sheet}
            told.append(Diagnostic(d.PUBLISHED_NO_ROW, CellRef(sheet, 0, 0), rubric.language, values))
        elif one.period == asked:
            empty[sheet_of(one.line)] = None
    for sheet in empty:
        values = {"period": asked, "sheet": sheet}
        told.append(Diagnostic(d.PUBLISHED_NO_PERIOD, CellRef(sheet, 0, 0), rubric.language, values))
    return lines, told


def word(line: Published, rubric: Rubric) -> str:
    zh, en = _WORDS.get(line.what, (f"「{line.of}」得分", f"points of “{line.of}”"))
    return zh if rubric.language == "zh" else en


def sheet_of(line: Published) -> str:
    return line.term.measure.sheet if isinstance(line.term.measure, FromRows) else ""


def _concerned(line: Published, unit: UnitResult) -> bool:
    """Whether the period at hand has what the line is about: a yearly indicator is no part of a quarter."""
    return line.what != "indicator" or any(one.indicator.name == line.of for one in unit.indicators)
