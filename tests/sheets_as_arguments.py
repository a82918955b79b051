"""The sheets of a workbook as a spreadsheet hands them to a function: values alone, without a number format."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from gkxl.functions.arguments import CellError
from gkxl.tables import Book, Cell, CellKind, Sheet
from gkxl.workbook.read import read_book

ROOT = Path(__file__).resolve().parents[1]
STORIES = ROOT / "tests" / "cases" / "stories"
BUNDLED = [
    (ROOT / "workbooks" / f"{rules}.gk", ROOT / "workbooks" / f"{book}.xlsx")
    for rules, book in {
        "county-openness": "county-openness",
        "huzhong-2025": "huzhong-2025",
        "late-and-early": "late-and-early",
        "xinzhou-2022.counties": "xinzhou-2022",
        "xinzhou-2022.departments": "xinzhou-2022",
    }.items()
]


def book_of(path: Path) -> Book:
    book, told = read_book(path)
    assert book is not None, told
    return book


def value(cell: Cell | None, serials: bool) -> object:
    """`serials`: dates as numbers, as Office.js and LibreOffice hand them over, not as dates, as COM does."""
    if cell is None or cell.kind is CellKind.BLANK:
        return None
    if cell.kind is CellKind.ERROR:
        return CellError(str(cell.value))
    if cell.kind in (CellKind.NUMBER, CellKind.RATE):
        return float(cell.value)
    if isinstance(cell.value, datetime) and serials:
        since = cell.value - datetime(1899, 12, 30)  # right for all days after February 1900
        return since.days + since.seconds / 86400
    return cell.value


def rows(sheet: Sheet, serials: bool = True) -> list[list[object]]:
    cells = {row.number: row.cells for row in sheet.rows()}
    width = max((column for row in cells.values() for column in row), default=1)
    return [
        [value(cells.get(row, {}).get(column), serials) for column in range(1, width + 1)]
        for row in range(1, max(cells, default=1) + 1)
    ]


def tables(book: Book, serials: bool = True) -> list[object]:
    """Names and ranges in turn."""
    return [one for sheet in book.sheets for one in (sheet.name, rows(sheet, serials))]


def serial(year: int, month: int, day: int) -> float:
    return float((date(year, month, day) - date(1899, 12, 30)).days)
