"""数据问题: what was found in the data and the rules, with links to the cells."""

from __future__ import annotations

import re

from gkxl.diagnostics import CellRef, Diagnostic, FilePlace, Language, Span
from gkxl.report.cells import column_widths, head
from gkxl.report.grid import language_of
from gkxl.report.text import in_order
from gkxl.report.words import word
from gkxl.run.results import Results
from gkxl.sheets import MOST_ROWS, Highlight, Look, ResultSheet, Target, Tone, Written
from gkxl.tables import Area

_KEYS = ("severity", "code", "place", "message", "hints")


def issue_sheet(results: Results, name: str) -> ResultSheet:
    language = language_of(results)
    found = in_order(results.diagnostics)
    title = results.rubric.title if results.rubric is not None and results.rubric.title else name
    top = head([title, name] if title != name else [title], len(_KEYS))
    header = len(top) + 1
    table = [tuple(Written(word(key, language), Look.HEADER) for key in _KEYS)]
    table += [
        (
            Written(word(f"severity {one.severity}", language), Look.PLACE),
            Written(one.code.number, Look.PLACE),
            _place(one, language),
            Written(one.message),
            Written("\n".join(one.notes) or None),
        )
        for one in found
    ]
    if not found:
        table.append((*(Written(None) for _ in range(3)), Written(word("none found", language)), Written(None)))
    area = Area(header + 1, 1, header + len(found), 1)
    tones = {"error": Tone.POOR, "warning": Tone.FAIR}
    highlights = [Highlight(area, 1, word(f"severity {s}", language), tone) for s, tone in tones.items()]
    widths = column_widths(table, (9, 9, 14, 40, 30), (10, 10, 30, 60, 50))
    return ResultSheet(name, (*top, *table), widths, header, tuple(highlights) if found else (), landscape=True)


def _place(one: Diagnostic, language: Language) -> Written:
    match one.place:
        case CellRef():
            return Written(str(one.place), Look.LINK, target(one.place))
        case Span(source, start):
            line, column = source.position(start)
            return Written(word("rules place", language, line=line, column=column), Look.NAME)
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
