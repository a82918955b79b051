"""Results as rows of plain values, as a spreadsheet takes them: number, text or truth value; never none, never jagged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from gkxl.diagnostics import NO_TOTAL, CellRef, Diagnostic, GkError, Span
from gkxl.functions.scoring import Scored, is_open
from gkxl.report.explain import cells_text, explain
from gkxl.report.grid import converted, fields, in_order, language_of, remark, score_names
from gkxl.report.lines import lines
from gkxl.report.unknown import unknown_unit
from gkxl.report.words import word
from gkxl.run.results import UnitResult
from gkxl.values import Number, name_key
from gkxl.workbook.stored import double

Plain = float | str | bool
Answer = list[list[Plain]]

MOST_TEXT = 32_767  # characters of a cell (ECMA-376 leaves it open; Excel's limit)
_COLUMNS = 100  # characters of a line of an explanation


def value(given: Number | str | None) -> Plain:
    """One cell: the double of a number, a text that fits, empty for nothing."""
    if isinstance(given, Decimal | Fraction):
        return double(given)
    text = given or ""
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"


def rows(given: Iterable[Sequence[Number | str | None]]) -> Answer:
    return [[value(one) for one in row] for row in given]


def refusal(found: Sequence[Diagnostic]) -> str:
    """The text of the first of some errors, and how many there are; it starts with `#GK`."""
    first = next((one for one in found if one.severity == "error"), found[0])
    zh = first.language == "zh"
    text = f"#{first.code.number} {_where(first)}{first.message}"
    text = " ".join([text, *first.notes])
    more = sum(one.severity == "error" for one in found) - 1
    if more > 0:
        text += f"(另有 {more} 个错误,GK.CHECK 全部列出)" if zh else f" ({more} more; GK.CHECK lists them all)"
    return str(value(text))


def _where(one: Diagnostic) -> str:
    place = _place(one)
    return f"{place}{':' if one.language == 'zh' else ': '}" if place else ""


def _place(one: Diagnostic) -> str:
    if isinstance(one.place, Span):
        line, column = one.place.source.position(one.place.start)
        return word("rules place", one.language, line=line, column=column)
    return "" if one.place is None else str(one.place)


def check_rows(scored: Scored) -> Answer:
    """Severity, code, place and message of all that was found; one row OK where there is nothing."""
    found = scored.diagnostics
    if not found:
        return [["OK"]]
    language = found[0].language
    head = [word(key, language) for key in ("severity", "code", "place", "message")]
    return rows(
        [head]
        + [
            [
                word(f"severity {one.severity}", language),
                one.code.number,
                _place(one),
                " ".join([one.message, *one.notes]),
            ]
            for one in found
        ]
    )


def table_rows(scored: Scored) -> Answer:
    """Unit, group, indicators, total, rank, grade, remark, under a header."""
    results, period = scored.results, scored.period
    assert period is not None
    units, language = in_order(results, period.units), language_of(results)
    names, converts = score_names(units), converted([results])
    found: list[list[Number | str | None]] = [[field.title for field in fields(results, names, converts)]]
    for unit in units:
        points = {("indicator", one.indicator.name): one.points for one in unit.indicators if one.applies}
        points |= {("part", one.part.name): one.points for one in unit.parts if one.applies}
        why = error_of(unit, scored)
        found.append(
            [
                unit.unit,
                unit.group,
                *(points.get(name) for name in names),
                unit.total if why is None else why,
                *((unit.converted,) if converts else ()),
                None if unit.rank is None else Decimal(unit.rank),
                unit.grade,
                remark(unit, language),
            ]
        )
    return rows(found)


def error_of(unit: UnitResult, scored: Scored) -> str | None:
    """Why a data error leaves a unit without a total; None where there is none."""
    if not is_open(unit):
        return None
    errors = [one for one in scored.diagnostics if one.severity == "error"]
    key = name_key(unit.unit)
    its = [one for one in errors if isinstance(one.place, CellRef) and key in scored.named.get(one.place, ())]
    found = its or [one for one in errors if not isinstance(one.place, CellRef)] or errors
    if found:
        return refusal(found[:1])
    language, period = language_of(scored.results), scored.period
    assert period is not None
    who = f"{unit.unit}({period.period})" if language == "zh" else f"{unit.unit} ({period.period})"
    return refusal([Diagnostic(NO_TOTAL, None, language, {"who": who})])


def total_value(unit: UnitResult, scored: Scored) -> Plain:
    """The total; a text where there is none."""
    if unit.total is not None:
        return value(unit.total)
    return error_of(unit, scored) or remark(unit, language_of(scored.results)) or ""


def detail_rows(unit: UnitResult, scored: Scored) -> Answer:
    """Indicator, sentence, values, points, why and cells of all that gave or took points: the points add up to the total."""
    results, period = scored.results, scored.period
    assert period is not None
    assert results.rubric is not None
    language = language_of(results)
    keys = ("indicator", "sentence", "values", "change", "because", "where")
    found: list[list[Number | str | None]] = [[word(key, language) for key in keys]]
    found += [
        [line.indicator, line.sentence, line.values, line.points, line.why, cells_text(line.cells, language)]
        for line in lines(unit, period.period, results.rubric)
    ]
    why = error_of(unit, scored)
    return rows(found if why is None else [*found, [None, None, None, None, why, None]])


def explanation(unit: UnitResult, scored: Scored) -> str:
    """Why a unit has its points, as one text."""
    period = scored.period
    assert period is not None
    text = explain(replace(scored.results, periods=(period,)), _COLUMNS, unit=name_key(unit.unit))
    why = error_of(unit, scored)
    return str(value(text.strip() if why is None else f"{why}\n{text.strip()}"))


def unit_named(scored: Scored, name: str) -> UnitResult:
    """The unit of that name; raises GkError."""
    key, units = name_key(name), scored.period.units if scored.period else ()
    found = next((one for one in units if name_key(one.unit) == key), None)
    if found is None:
        raise GkError([unknown_unit(name, [one.unit for one in units], language_of(scored.results))])
    return found
