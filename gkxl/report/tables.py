"""Score tables for a terminal of any width, and below them why the units have their points."""

from __future__ import annotations

from collections.abc import Sequence

from gkxl.diagnostics import Language
from gkxl.report.check_rows import HEADS, NUMBERS, check_rows
from gkxl.report.grid import Grid, fired, grids, in_order, language_of, reason, signed
from gkxl.report.layout import Column, clean, fit, indent, table, total
from gkxl.report.text import paint
from gkxl.report.words import word
from gkxl.run.results import Award, Results, UnitResult

MANY = 60  # awards; more are not listed, only counted
_NARROWEST = 20
# Of the columns behind the unit where a table does not fit: the total is never parted from it.
_ORDER = ("total", "converted", "rank", "grade", "group", "part", "indicator", "remark")


def render_all(sets: Sequence[Results], columns: int, colour: bool = False) -> str:
    """One result set after the other; each names its book and rules where there are several."""
    texts = []
    for one in sets:
        if text := render(one, columns, colour):
            title = _title(f"{one.book_path}  {one.rules_path}", max(columns, _NARROWEST), colour)
            texts.append("\n".join([*title, "", text]) if len(sets) > 1 else text)
    return "\n".join(texts)


def render(results: Results, columns: int, colour: bool = False) -> str:
    """All periods of one result set."""
    columns = max(columns, _NARROWEST)
    language = language_of(results)
    blocks = [
        [*_title(grid.title, columns, colour), *_scores(grid.without_empty(), columns)]
        for grid in grids(results)
        if grid.rows
    ]
    if results.checks:
        rows = check_rows(results)
        headings = [Column(word(key, language), key in NUMBERS, 8) for key in HEADS]
        blocks.append(
            [*_title(word("checks", language), columns, colour), *table(headings, rows, fit(headings, rows, columns))]
        )
    for period in results.periods:
        if period.units:
            # Several periods (a year's) have a section each, named by its period.
            name = f" {period.period}" if len(results.periods) > 1 else ""
            heading = _title(word("awards", language) + name, columns, colour)
            blocks.append([*heading, *_awards(in_order(results, period.units), results.book_path, language, columns)])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n" if blocks else ""


def _title(text: str, columns: int, colour: bool) -> list[str]:
    return [paint(line, "1", colour) for line in indent(clean(text), columns)]


def _scores(grid: Grid, columns: int) -> list[str]:
    """One table, or several below each other where it is too wide: the first has the total, each has the unit."""
    every = range(len(grid.fields))
    if _fits(grid, columns):
        return _table(grid, columns)
    order = sorted(every[1:], key=lambda i: _ORDER.index(grid.fields[i].key))
    parts = [[0, order[0]]]
    for i in order[1:]:
        if _fits(grid.select([*parts[-1], i]), columns):
            parts[-1].append(i)
        else:
            parts.append([0, i])
    tables = ["\n".join(_table(grid.select(part), columns)) for part in parts]
    return "\n\n".join(tables).split("\n")


def _columns(grid: Grid) -> list[Column]:
    return [Column(field.title, field.is_number, 12 if field.key == "remark" else 8) for field in grid.fields]


def _fits(grid: Grid, columns: int) -> bool:
    return total(fit(_columns(grid), grid.rows, columns)) <= columns


def _table(grid: Grid, columns: int) -> list[str]:
    return table(_columns(grid), grid.rows, fit(_columns(grid), grid.rows, columns))


def _awards(units: Sequence[UnitResult], book: str, language: Language, columns: int) -> list[str]:
    """Unit, sentence, why, points of all that fired; how to see them where they are too many to read."""
    found = [(unit, award) for unit in units for award in fired(unit)]
    if not found:
        return [word("no awards", language)]
    if len(found) > MANY:
        quoted = f'"{book}"' if " " in book else book
        hint = word("many awards", language, n=len(found), book=quoted, unit=word("unit", language))
        return indent(clean(hint), columns)
    headings = [
        Column(word("unit", language)),
        Column(word("sentence", language), least=16),
        Column(word("because", language), least=16),
        Column(word("points", language), right=True),
    ]
    rows = [
        (
            unit.unit if i == 0 or found[i - 1][0] is not unit else "",
            award.sentence.text,
            reason(award),
            signed(award.points),
        )
        for i, (unit, award) in enumerate(found)
    ]
    widths = fit(headings, rows, columns)
    return table(headings, rows, widths) if total(widths) <= columns else _stacked(found, columns)


def _stacked(found: Sequence[tuple[UnitResult, Award]], columns: int) -> list[str]:
    """The same as a list, for a terminal too narrow for the table."""
    lines = []
    for i, (unit, award) in enumerate(found):
        if i == 0 or found[i - 1][0] is not unit:
            lines.append(clean(unit.unit))
        lines += indent(clean(award.sentence.text), columns, f"{signed(award.points):>5}  ")
        lines += indent(clean(reason(award)), columns, " " * 7)
    return lines
