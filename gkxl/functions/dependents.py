"""Which other formulas read the cells of functions, at once or through each other: their stored values are not made anew here."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence

from gkxl.functions.references import Range, ranges_read
from gkxl.tables import Book
from gkxl.workbook.formulas import FormulaCell


class Places:
    """Ranges that do not overlap, such as formulas fill, found by the cells that they have in others."""

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._columns: dict[str, dict[int, list[Range]]] = {}  # by sheet and column, in the order of their last rows
        for one in ranges:
            self.add(one)

    def add(self, filled: Range) -> None:
        columns = self._columns.setdefault(filled.sheet, {})
        for column in range(filled.area.left, filled.area.right + 1):
            insort(columns.setdefault(column, []), filled, key=_bottom)

    def within(self, cells: Range) -> Iterator[Range]:
        """Those that have cells in a range, once for each column of it."""
        top, left, bottom, right = cells.area
        for column, ranges in self._columns.get(cells.sheet, {}).items():
            if left <= column <= right:
                for at in range(bisect_left(ranges, top, key=_bottom), len(ranges)):
                    if ranges[at].area.top > bottom:
                        break
                    yield ranges[at]


def _bottom(cells: Range) -> int:
    return cells.area.bottom


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
                if reads is None or any(True for one in reads for _ in known.within(one)):
                    known.add(cells)
                    found.add(cells)
                    more = True
                else:
                    left.append((cells, reads))
        return [cells for cells, _ in self._formulas if cells in found]
