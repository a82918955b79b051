"""得分汇总: the score table as cells, with the colours of grades and a chart of totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gkxl.diagnostics import Language
from gkxl.model.rules import Rubric
from gkxl.report.cells import column_widths, laid_out, places_of
from gkxl.report.grid import Field, converted, fields, in_order, language_of, remark, score_names
from gkxl.report.words import word
from gkxl.run.ranking import held_in
from gkxl.run.results import PeriodResult, Results, UnitResult
from gkxl.sheets import BarChart, Highlight, Look, ResultSheet, Tone, When, Written
from gkxl.tables import Area
from gkxl.values import Number

NONE = "-"  # stands for points and a total that could not be given
_TONES = {1: (Tone.GOOD,), 2: (Tone.BEST, Tone.FAIR), 3: (Tone.BEST, Tone.GOOD, Tone.FAIR)}
_MOST_BARS = 400
_LONGEST = 200  # of a text that a condition looks for; Excel takes 255


def score_sheet(results: Results, name: str) -> ResultSheet:
    """One row for each unit and period."""
    language = language_of(results)
    units = [(period, unit) for period in results.periods for unit in in_order(results, period.units)]
    names = score_names([unit for _, unit in units])
    converts = converted([results])
    columns = [*fields(results, names, converts)]
    several = len(results.periods) > 1
    if several:
        columns.insert(0, Field("period", word("period", language)))
    values = [_values(period, unit, columns, language) for period, unit in units]
    optional = _OPTIONAL - _stated(results)
    keep = [i for i, one in enumerate(columns) if one.key not in optional or any(row[i] is not None for row in values)]
    columns, values = [columns[i] for i in keep], [[row[i] for i in keep] for row in values]
    places = [places_of(row[i] for row in values) for i in range(len(columns))]
    table = [tuple(Written(one.title, Look.HEADER) for one in columns)]
    table += [
        tuple(
            Written(value, _look(one, value), places=digits)
            for one, value, digits in zip(columns, row, places, strict=True)
        )
        for row in values
    ]
    rubric = results.rubric
    periods = word("and", language).join(str(period.period) for period in results.periods)
    titles = [rubric.title if rubric is not None and rubric.title else name]
    titles += [rubric.basis] if rubric is not None and rubric.basis else []
    titles.append(f"{word('period', language)} {periods}".rstrip())
    least = [_LEAST.get(one.key, 9) for one in columns]
    most = [_MOST.get(one.key, 14 if one.is_number else 20) for one in columns]
    sheet = laid_out(name, titles, table, column_widths(table, least, most))
    first, last = sheet.header + 1, sheet.header + len(values)
    return replace(
        sheet,
        highlights=tuple(_highlights(results, columns, first, last)),
        chart=_chart(results, columns, first, last),
        frozen=1 + [one.key for one in columns].index("unit"),
        keys=tuple(i for i, one in enumerate(columns, 1) if one.key in ("period", "unit")),
    )


_LEAST, _MOST = {"unit": 16}, {"unit": 36, "remark": 60}
_OPTIONAL = frozenset({"group", "rank", "grade", "remark", "converted"})


def _stated(results: Results) -> set[str]:
    """What the rules give, though data errors may leave no unit with it: columns that formulas read stay where they are."""
    if results.rubric is None:
        return set()
    held = [held_in(results.rubric, one.period.kind) for one in results.periods]
    return {"rank" for one in held if one.ranking} | {"grade" for one in held if one.grades}


def _values(
    period: PeriodResult, unit: UnitResult, columns: Sequence[Field], language: Language
) -> list[str | Number | None]:
    points: dict[tuple[str, str], Number | None] = {
        ("indicator", one.indicator.name): one.points for one in unit.indicators if one.applies
    }
    points |= {("part", one.part.name): one.points for one in unit.parts if one.applies}
    found: list[str | Number | None] = []
    for column in columns:
        match column.key:
            case "period":
                found.append(str(period.period))
            case "unit":
                found.append(unit.unit)
            case "group":
                found.append(unit.group)
            case "total":
                found.append(NONE if unit.total is None else unit.total)
            case "converted":
                found.append(unit.converted)
            case "rank":
                found.append(None if unit.rank is None else Decimal(unit.rank))
            case "grade":
                found.append(unit.grade)
            case "remark":
                found.append(remark(unit, language) or None)
            case _:
                key = (column.key, column.title)
                found.append(None if key not in points else NONE if points[key] is None else points[key])
    return found


def _look(column: Field, value: str | Number | None) -> Look:
    match column.key:
        case "period" | "rank" | "grade":
            return Look.PLACE
        case "unit" | "group":
            return Look.NAME
        case "remark":
            return Look.TEXT
        case _ if isinstance(value, str):
            return Look.PLACE
        case "total" | "part":
            return Look.TOTAL
        case _:
            return Look.NUMBER


def _highlights(results: Results, columns: Sequence[Field], first: int, last: int) -> list[Highlight]:
    """Grades from best to worst; units without a total, and those that a veto struck."""
    if last < first or results.rubric is None:
        return []
    at = {one.key: i for i, one in enumerate(columns, 1)}
    found = []

    def column(key: str) -> Area:
        return Area(first, at[key], last, at[key])

    found.append(Highlight(Area(first, at["unit"], last, at["total"]), at["total"], NONE, Tone.POOR))
    if "remark" in at:
        struck = word("veto", language_of(results), sentences="")
        found.append(Highlight(column("unit"), at["remark"], struck.strip(), Tone.POOR, When.HOLDS))
        found.append(Highlight(column("remark"), at["remark"], struck.strip(), Tone.POOR, When.HOLDS))
    if "grade" in at:
        given = {unit.grade for period in results.periods for unit in period.units if unit.grade}
        tones = _grade_tones(results.rubric)
        tones |= dict.fromkeys(sorted(given - tones.keys()), Tone.POOR)  # what only a veto gives
        found += [Highlight(column("grade"), at["grade"], grade, tone) for grade, tone in tones.items()]
    return [one for one in found if len(one.text) <= _LONGEST]


def _grade_tones(rubric: Rubric) -> dict[str, Tone]:
    """The rubric's grades, each from the best to the worst of those that are given together."""
    found: dict[str, Tone] = {}
    lists: dict[object, dict[str, None]] = {}
    for band in rubric.grades:
        lists.setdefault((band.per, band.audience), {})[band.grade] = None
    for grades in lists.values():
        tones = _TONES.get(len(grades)) or (Tone.BEST, *[Tone.GOOD] * (len(grades) - 3), Tone.FAIR, Tone.POOR)
        found = dict(zip(grades, tones, strict=True)) | found
    return found


def _chart(results: Results, columns: Sequence[Field], first: int, last: int) -> BarChart | None:
    """The totals of the latest period, which stands last, beside the table."""
    count = len(results.periods[-1].units) if results.periods else 0
    if not 0 < count <= _MOST_BARS or results.rubric is None:
        return None
    at = {one.key: i for i, one in enumerate(columns, 1)}
    top = last - count + 1
    title = word("chart", language_of(results), title=results.rubric.title, period=results.periods[-1].period).strip()
    names, numbers = Area(top, at["unit"], last, at["unit"]), Area(top, at["total"], last, at["total"])
    return BarChart(title, names, numbers, (first - 1, len(columns) + 2))
