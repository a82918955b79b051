"""Which cells of a workbook the rules read, and one hash of them: stored results are held against it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gkxl.diagnostics import GkError, column_letters
from gkxl.tables import Area, Book, Cell, Row, Sheet
from gkxl.values import shown

_NO_END = 1 << 30  # rows


@dataclass
class _Watched:
    """A sheet that notes which of its columns are read by number, and from which row to which."""

    sheet: Sheet
    columns: set[int] = field(default_factory=set)
    first: int = _NO_END
    last: int = 0

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def hidden(self) -> bool:
        return self.sheet.hidden

    @property
    def merges(self) -> Sequence[Area]:
        return self.sheet.merges

    @property
    def may_hold_errors(self) -> bool:
        return self.sheet.may_hold_errors

    def rows(self, columns: Collection[int] | None = None, start: int = 1) -> Iterator[Row]:
        if columns is None:  # a look at the sheet, for its header
            yield from self.sheet.rows(None, start)
            return
        self.columns |= set(columns)
        self.first = min(self.first, start)
        reached = start
        for row in self.sheet.rows(columns, start):
            self.last = max(self.last, reached)  # of a reader that stops at a row, the row before it counts
            reached = row.number
            yield row
        self.last = _NO_END


def watched(book: Book) -> Book:
    """The same book; once it has been scored, `cells_sha256` tells what was read."""
    return replace(book, sheets=tuple(map(_Watched, book.sheets)))


def cells_sha256(book: Book) -> str:
    """The SHA-256, in hexadecimal, of a listing of the cells that were read of a watched book.

    A line for each cell that is not blank: its sheet, address, kind and value, by name of the sheet, row and column. Two
    workbooks whose lines agree give the same results, whatever else differs in them.
    """
    digest = hashlib.sha256()
    for sheet in sorted((s for s in book.sheets if isinstance(s, _Watched) and s.columns), key=lambda s: s.name):
        try:
            for row in sheet.sheet.rows(frozenset(sheet.columns), sheet.first):
                if row.number > sheet.last:
                    break
                digest.update(_lines(sheet.name, row))
        except GkError as error:  # a damaged sheet, of which the results tell
            digest.update(" ".join(one.code.number for one in error.diagnostics).encode())
    return digest.hexdigest()


def sheet_sha256(sheet: Sheet) -> str:
    """The same of all cells of one sheet. Raises what `Sheet.rows` does."""
    digest = hashlib.sha256()
    for row in sheet.rows():
        digest.update(_lines(sheet.name, row))
    return digest.hexdigest()


def _lines(sheet: str, row: Row) -> bytes:
    cells = sorted(row.cells.items())
    lines = [f"{sheet!r}\t{column_letters(column)}{row.number}\t{_listed(cell)}\n" for column, cell in cells]
    return "".join(lines).encode("utf-8", "surrogatepass")


def _listed(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, datetime):
        return f"{cell.kind.value}\t{value.isoformat()}"
    if isinstance(value, str | bool) or value is None:
        return f"{cell.kind.value}\t{value!r}"
    return f"{cell.kind.value}\t{shown(value)}"
