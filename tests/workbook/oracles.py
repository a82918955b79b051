"""Compares a book as gkxl reads it with openpyxl and python-calamine. Where an oracle is blind or wrong, it says so here.

calamine: "" for a blank, an error and an uncalculated formula alike; no percent formats; drops phonetic text as we do;
          does not decode _x0041_ everywhere; day 60 and day 0 of 1900 are days to it.
openpyxl: None for an uncalculated formula and for "" ; strict files have no sheets; _x0041_ stays as it is; knows no
          East Asian built-in date formats; a time of day is a `time`; a date it cannot compute is "#VALUE!"; no worksheet
          is read whose merged area is vast; keeps only the first cell of a merged area.
"""

import io
import re
import warnings
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from gkxl.diagnostics import CellRef
from gkxl.tables import Book, Cell, CellKind
from gkxl.workbook.stored import unescape

K = CellKind
_TICK = timedelta(milliseconds=2)
_VAST = 200_000  # cells of a merged area beyond which openpyxl does not come back


def cells(book: Book) -> dict[CellRef, Cell]:
    return {
        CellRef(sheet.name, row.number, column): cell
        for sheet in book.sheets
        for row in sheet.rows()
        for column, cell in row.cells.items()
    }


def _same_number(ours: object, theirs: object) -> bool:
    """Both at the 15 digits that gkxl keeps."""
    if isinstance(theirs, bool) or not isinstance(theirs, int | float) or not isinstance(ours, Decimal):
        return False
    return ours == Decimal(format(float(theirs), ".15g"))


def _same_moment(ours: object, theirs: object) -> bool:
    if isinstance(theirs, date) and not isinstance(theirs, datetime):
        theirs = datetime.combine(theirs, time())
    return isinstance(ours, datetime) and isinstance(theirs, datetime) and abs(ours - theirs) <= _TICK


def _clock(text: str) -> timedelta | None:
    match = re.fullmatch(r"(\d{2,8}):(\d\d):(\d\d)(?:\.(\d{3}))?", text)
    if not match:
        return None
    hours, minutes, seconds, ms = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds, milliseconds=ms)


def _same_clock(ours: object, theirs: object) -> bool:
    if isinstance(theirs, time):
        theirs = timedelta(
            hours=theirs.hour, minutes=theirs.minute, seconds=theirs.second, microseconds=theirs.microsecond
        )
    mine = _clock(str(ours))
    return isinstance(theirs, timedelta) and mine is not None and abs(mine - theirs) <= _TICK


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def agrees(ours: Cell | None, theirs: object) -> bool:
    """Whether a cell is what an oracle's value says, as far as the oracle can say it."""
    if ours is None or ours.kind is K.BLANK:
        return theirs in (None, "")
    kind, value = ours
    if kind in (K.NUMBER, K.RATE):
        return _same_number(value, theirs)
    if kind is K.DATE:  # calamine leaves an ISO date with a Z as it is
        return _same_moment(value, datetime.fromisoformat(theirs[:-1]) if str(theirs).endswith("Z") else theirs)
    if kind is K.BOOL:
        return theirs is value
    if kind is K.TEXT:
        if isinstance(theirs, str):
            mine, raw = _lines(str(value)), _lines(theirs)
            return mine in (raw, _lines(unescape(theirs))) or _unspaced(mine, raw)
        return (value == "" and theirs is None) or _same_clock(value, theirs)
    if kind is K.UNCALCULATED:
        return theirs in (None, "")
    return theirs in (None, "", value) or _bad_serial(str(value), theirs)


def _bad_serial(text: str, theirs: object) -> bool:
    """An error of ours that an oracle takes for a day: 0, 60, before or after all days."""
    try:
        serial = float(text)
    except ValueError:
        return False
    return (
        isinstance(theirs, date | time | timedelta | float | int)
        and not 1 <= serial < 60
        and not 61 <= serial < 2958466
    )


def _unspaced(ours: str, theirs: str) -> bool:
    """calamine drops the blanks at the ends of runs of rich text that lack xml:space."""
    return "".join(ours.split()) == "".join(theirs.split()) and len(theirs) < len(ours)


def against_calamine(book: Book, path: Path, found: dict[CellRef, Cell]) -> list[str]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    try:
        workbook = CalamineWorkbook.from_path(path)
    except (CalamineError, OSError, BaseException) as error:
        if type(error).__name__ not in ("PanicException", "XmlError", "ZipError", "CalamineError", "OSError"):
            raise
        return []
    differences = []
    seen = {m.name for m in workbook.sheets_metadata if m.typ is SheetTypeEnum.WorkSheet}
    names = {sheet.name for sheet in book.sheets}
    if names != seen:
        differences.append(f"sheets {sorted(names)} != {sorted(seen)}")
    for name in names & set(workbook.sheet_names):
        try:
            grid = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, OSError):
            continue
        ours = {(r.row, r.column): c for r, c in found.items() if r.sheet == name}
        places = set(ours) | {(i, j) for i, row in enumerate(grid, 1) for j, v in enumerate(row, 1) if v != ""}
        for row, column in sorted(places):
            inside = row <= len(grid) and column <= len(grid[row - 1])
            theirs = grid[row - 1][column - 1] if inside else ""
            if not agrees(ours.get((row, column)), theirs):
                differences.append(f"calamine {CellRef(name, row, column)}: {ours.get((row, column))} != {theirs!r}")
    return differences


def against_openpyxl(book: Book, path: Path, found: dict[CellRef, Cell]) -> list[str]:
    import openpyxl

    if any((a.bottom - a.top + 1) * (a.right - a.left + 1) > _VAST for s in book.sheets for a in s.merges):
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
    except Exception:  # whatever openpyxl cannot load, it cannot judge
        return []
    differences = []
    kept = {sheet.name for sheet in book.sheets}
    for sheet in (s for s in workbook.worksheets if s.title in kept):  # it takes macro sheets for worksheets
        ours = {(r.row, r.column): c for r, c in found.items() if r.sheet == sheet.title}
        merged = {
            (row, column)
            for area in next((s.merges for s in book.sheets if s.name == sheet.title), ())
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }
        theirs = {(c.row, c.column): c.value for c in sheet._cells.values() if c.value is not None}
        for place in sorted(set(ours) | set(theirs)):
            if not agrees(ours.get(place), theirs.get(place)) and not (place in merged and place not in theirs):
                at = CellRef(sheet.title, *place)
                differences.append(f"openpyxl {at}: {ours.get(place)} != {theirs.get(place)!r}")
    return differences
