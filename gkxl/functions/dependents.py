"""Which other formulas read the cells of functions, at once or through each other: their stored values are not made anew here."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from gkxl.diagnostics import CellRef
from gkxl.functions.references import Range, ranges_read
from gkxl.tables import Book
from gkxl.workbook.formulas import FormulaCell


class Places:
    """Cells, found by the ranges that they stand in."""

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._rows: dict[str, dict[int, list[int]]] = {}
        for one in ranges:
            self.add(one)

    def add(self, cells: Range) -> None:
        top, left, bottom, right = cells.area
        for column in range(left, right + 1):
            rows = self._rows.setdefault(cells.sheet, {}).setdefault(column, [])
            for row in range(top, bottom + 1):
                insort(rows, row)

    def first(self, cells: Range) -> CellRef | None:
        """One of the cells that stand in a range."""
        top, left, bottom, right = cells.area
        for column, rows in self._rows.get(cells.sheet, {}).items():
            at = bisect_left(rows, top) if left <= column <= right else len(rows)
            if at < len(rows) and rows[at] <= bottom:
                return CellRef(cells.sheet, rows[at], column)
        return None


class Readers:
    """The other formulas of a workbook, with what each reads."""

    def __init__(self, formulas: Sequence[tuple[str, FormulaCell]], book: Book) -> None:
        self._formulas = [(Range(sheet, one.area), ranges_read(one, sheet, book)) for sheet, one in formulas]

    def of(self, ranges: Sequence[Range]) -> list[Range]:
        """The cells of the formulas that read some ranges, or may, in the order of the workbook."""
        known, left, more = Places(ranges), self._formulas, bool(ranges)
        found: set[Range] = set()
        while more:
            more, before, left = False, left[::-1], []  # a chain of formulas mostly runs down or up
            for cells, reads in before:
                if reads is None or any(map(known.first, reads)):
                    known.add(cells)
                    found.add(cells)
                    more = True
                else:
                    left.append((cells, reads))
        return [cells for cells, _ in self._formulas if cells in found]
