"""A workbook as text whose lines stay the same while its rows do: what `git diff` shows of it.

A line for each sheet, `[name]`, and one for each row, its cells between bars. No line says its number, so that a row put
in between is one new line. Text that reads as a number, rate, date, yes or no or error has a ' in front, as in Excel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gkxl.diagnostics import column_letters
from gkxl.run.reading import cell_text
from gkxl.tables import Book, Cell, CellKind, Row

_WIDE = 20  # blank columns; beyond them the next cell is named by its column
_SPECIAL = re.compile(r"'|\[|[-+]?[\d.]+%?$|\d{4}-\d\d-\d\d|(TRUE|FALSE)$|#|=|\(", re.ASCII)
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "|": "\\|"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def book_lines(book: Book) -> Iterator[str]:
    """All sheets in the order of the workbook. Raises GkError as `Sheet.rows` does."""
    for number, sheet in enumerate(book.sheets):
        if number:
            yield ""
        yield f"[{_text(sheet.name)}]{' (hidden)' if sheet.hidden else ''}"
        last = 0
        for row in sheet.rows():
            line = _row(row)
            if not line:
                continue
            if row.number > last + 1:
                yield ""  # blank rows, however many
            last = row.number
            yield line


def _row(row: Row) -> str:
    parts, last = [], 0
    for column, cell in sorted(row.cells.items()):
        text = _cell(cell)
        if not text:
            continue
        if column - last > _WIDE:
            parts.append(f"({column_letters(column)}) {text}")
        else:
            parts += [""] * (column - last - 1) + [text]
        last = column
    return " | ".join(parts)


def _cell(cell: Cell) -> str:
    if cell.kind is CellKind.UNCALCULATED:
        return "=?"
    text = _text(cell_text(cell))
    return f"'{text}" if cell.kind is CellKind.TEXT and _SPECIAL.match(text) else text


def _text(text: str) -> str:
    """On one line, without what would steer a terminal."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text.translate(_ESCAPES))
