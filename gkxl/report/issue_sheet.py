"""数据问题: what was found in the data and the rules, with links to the cells."""

from __future__ import annotations

import re
from dataclasses import replace

from gkxl.diagnostics import CellRef, Diagnostic, FilePlace, Language, Span
from gkxl.report.cells import column_widths, laid_out, within_links
from gkxl.report.findings import in_order
from gkxl.report.grid import language_of
from gkxl.report.words import word
from gkxl.run.results import Results
from gkxl.sheets import MOST_ROWS, Highlight, Look, ResultSheet, Target, Tone, Written
from gkxl.tables import Area

_KEYS = ("severity", "code", "place", "message", "hints")


def issue_sheet(results: Results, name: str, about: str, rules_row: int) -> ResultSheet:
    """`rules_row`: where line 1 of the rules stands in the sheet `about`."""
    language = language_of(results)
    found = in_order(results.diagnostics)
    table = [tuple(Written(word(key, language), Look.HEADER) for key in _KEYS)]
    table += [
        (
            Written(word(f"severity {one.severity}", language), Look.PLACE),
            Written(one.code.number, Look.PLACE),
            _place(one, about, rules_row, language),
            Written(one.message),
            Written("\n".join(one.notes) or None),
        )
        for one in found
    ]
    if not found:
        table.append((*(Written(None) for _ in range(3)), Written(word("none found", language)), Written(None)))
    title = results.rubric.title if results.rubric is not None and results.rubric.title else name
    widths = column_widths(table, (9, 9, 16, 40, 30), (12, 10, 32, 60, 50))
    sheet = laid_out(name, [title, name], within_links(table), widths)
    area = Area(sheet.header + 1, 1, sheet.header + len(found), 1)
    tones = {"error": Tone.POOR, "warning": Tone.FAIR}
    highlights = [Highlight(area, 1, word(f"severity {s}", language), tone) for s, tone in tones.items() if found]
    return replace(sheet, highlights=tuple(highlights), landscape=True)


def _place(one: Diagnostic, about: str, rules_row: int, language: Language) -> Written:
    match one.place:
        case CellRef():
            return Written(str(one.place), Look.LINK, target(one.place))
        case Span(source, start):
            line, column = source.position(start)
            row = rules_row + line - 1
            text = word("rules place", language, line=line, column=column)
            return Written(text, Look.LINK, Target(about, Area(row, 2, row, 2)))
        case FilePlace(path):
            return Written(re.split(r"[/\\]", path)[-1], Look.NAME)
        case _:
            return Written(None, Look.NAME)


def target(place: CellRef) -> Target:
    """The cell, or the whole row or column, or the beginning of the sheet."""
    sheet, row, column = place.sheet, place.row, place.column
    if row and column:
        return Target(sheet, Area(row, column, row, column))
    if column:
        return Target(sheet, Area(1, column, MOST_ROWS, column))
    return Target(sheet, Area(max(row, 1), 1, max(row, 1), 1))
