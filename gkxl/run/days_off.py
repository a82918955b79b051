"""A sheet of days off → working days: a column of dates, and perhaps one that marks make-up days."""

from __future__ import annotations

from datetime import date, datetime
from itertools import takewhile

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, GkError
from gkxl.model.rules import FromRows, Rubric, WorkingDays
from gkxl.periods import TimeUnit
from gkxl.run.bind import place_of
from gkxl.run.calendars import Clock, china
from gkxl.run.calendars import WorkingDays as Calendar
from gkxl.run.findings import Findings
from gkxl.run.reading import cell_text, is_blank, text_date, total_word, truth
from gkxl.run.uses import units_of
from gkxl.tables import Area, Book, Cell, CellKind, Row
from gkxl.values import Kind, name_key

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_MADE_UP = ("上班", "补班", "工作日", "make-up", "makeup", "working")
_UNCLEAR = ("调休", "swap", "shift")  # a day taken off or a day made up for


def read_clock(rubric: Rubric, book: Book, findings: Findings) -> Clock:
    """The check date and the working days of a rubric."""
    stated = rubric.working_days
    measures = (term.measure for term in rubric.terms.values())
    if stated is None or all(TimeUnit.WORKING_DAY not in units_of(m) for m in measures if isinstance(m, FromRows)):
        return Clock(rubric.check_date)
    return Clock(
        rubric.check_date, china() if stated.sheet is None else _of_sheet(stated, stated.sheet, book, findings)
    )


def _of_sheet(stated: WorkingDays, name: str, book: Book, findings: Findings) -> Calendar | None:
    """None where the sheet cannot be used, which has been told."""
    place = place_of(name, stated.span, book, findings)
    if place is None:
        return None
    sheet, area = place
    box = area.area if area else Area(1, 1, _LAST_ROW, _LAST_COLUMN)
    try:
        rows = [
            Row(row.number, {c: cell for c, cell in row.cells.items() if not is_blank(cell)})
            for row in takewhile(
                lambda row: row.number <= box.bottom, sheet.rows(range(box.left, box.right + 1), box.top)
            )
        ]
    except GkError as error:
        findings.others += error.diagnostics
        return None
    columns = sorted({c for row in rows for c, cell in row.cells.items() if _is_day(cell)})
    if len(columns) != 1:
        code = d.DAYS_OFF_COLUMNS if columns else d.DAYS_OFF_NO_DATES
        findings.add(code, CellRef(sheet.name, 0, columns[0] if columns else 0), sheet=name)
        return None
    return _read(sheet.name, rows, columns[0], findings)


def _is_day(cell: Cell) -> bool:
    return cell.kind is CellKind.DATE or text_date(cell) is not None


def _read(sheet: str, rows: list[Row], column: int, findings: Findings) -> Calendar | None:
    first = next(at for at, row in enumerate(rows) if column in row.cells and _is_day(row.cells[column]))
    data = [row for row in rows[first:] if row.cells and not total_word(row.cells[min(row.cells)])]
    marks = _marks_column(data, column)
    off: set[date] = set()
    made_up: set[date] = set()
    sound = True
    for row in data:
        cell, at = row.cells.get(column), CellRef(sheet, row.number, column)
        if cell is None or not isinstance(cell.value, datetime):
            if cell is not None:
                findings.cell(at, cell, Kind.DATE)
            elif marks in row.cells:
                findings.add(d.DATE_BLANK, at)
            sound = sound and cell is None
            continue
        mark = row.cells.get(marks) if marks is not None else None
        answer = _is_made_up(mark) if mark is not None else False
        if answer is None:
            findings.add(d.DAYS_OFF_MARK, CellRef(sheet, row.number, marks or 0), text=cell_text(mark or cell))
            sound = False
        (made_up if answer else off).add(cell.value.date())
    if not sound:
        return None
    return Calendar(off - made_up, made_up, {day.year for day in off | made_up})


def _marks_column(data: list[Row], dates: int) -> int | None:
    """The first other column in which any cell marks a make-up day; names of holidays mark nothing."""
    for column in sorted({c for row in data for c in row.cells if c != dates}):
        answers = [_is_made_up(row.cells[column]) for row in data if column in row.cells]
        if any(answer is not False for answer in answers):
            return column
    return None


def _is_made_up(cell: Cell) -> bool | None:
    """Whether a mark says that the day is worked on; None where it may mean either."""
    answer = truth(cell)
    if answer is not None:
        return answer
    key = name_key(cell_text(cell))
    if any(word in key for word in _MADE_UP):
        return not key.startswith(("非", "不", "non", "not"))
    return None if any(word in key for word in _UNCLEAR) else False
