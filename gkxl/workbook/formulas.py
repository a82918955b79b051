"""The formulas of a worksheet part that somebody asks for, each where it stands (ECMA-376 part 1, 18.3.1.40)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, column_letters
from gkxl.tables import Area
from gkxl.workbook.cells import area, position, row_number
from gkxl.workbook.package import Package, RefusedError
from gkxl.workbook.stored import unescape
from gkxl.workbook.styles import SPREADSHEET

_TAGS = {f"{namespace} {tag}": tag for namespace in SPREADSHEET for tag in ("sheetData", "row", "c", "f")}
_OVERLAP = 16  # bytes; more than a mark


class FormulaCell(NamedTuple):
    """`formula` as it stands in the cell that it is shared from, from which this one is so many rows and columns away.

    `area` takes the values: more than the cell itself for an array; of a dynamic one (`spills`) as many as it had last.
    """

    row: int
    column: int
    formula: str
    down: int
    right: int
    area: Area
    array: bool = False
    spills: bool = False


def formula_cells(
    package: Package, part: str, sheet: str, marks: Sequence[bytes], wanted: Callable[[str], bool]
) -> list[FormulaCell]:
    """The cells whose formula is `wanted`; raises RefusedError.

    A part without any of `marks` (in small letters), which is nearly every one, is not parsed.
    """
    if not _holds(package, part, marks):
        return []
    scan = _Scan(part, sheet, wanted)
    package.parse(part, scan.start, scan.end, scan.text)
    return scan.found


def _holds(package: Package, part: str, marks: Sequence[bytes]) -> bool:
    rest = b""
    for chunk in package.stream(part):
        text = rest + chunk.lower()
        if any(mark in text for mark in marks) or (not rest and b"\0" in text[:4]):  # UTF-16
            return True
        rest = text[-_OVERLAP:]
    return False


class _Scan:
    """expat handlers."""

    def __init__(self, part: str, sheet: str, wanted: Callable[[str], bool]) -> None:
        self.part, self.sheet, self.wanted = part, sheet, wanted
        self.found: list[FormulaCell] = []
        self._shared: dict[str, FormulaCell | None] = {}
        self._depth = self._row = self._column = 0
        self._in_data = False
        self._cell: dict[str, str] = {}
        self._formula: dict[str, str] | None = None
        self._texts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        tag = _TAGS.get(name)
        if self._depth == 2:
            self._in_data = tag == "sheetData"
        elif not self._in_data:
            return
        elif self._depth == 3 and tag == "row":
            self._row = row_number(attributes.get("r", "")) or self._row + 1
            self._column = 0
        elif self._depth == 4 and tag == "c":
            self._cell = attributes
            reference = attributes.get("r") or f"{column_letters(self._column + 1)}{self._row}"
            at = position(reference)
            if not at or at[0] != self._row:
                raise RefusedError(d.REFERENCE_OUTSIDE, CellRef(self.sheet, self._row, 0), ref=reference)
            self._column = at[1]
        elif self._depth == 5 and tag == "f":
            self._formula, self._texts = attributes, []

    def text(self, data: str) -> None:
        if self._formula is not None:
            self._texts.append(data)

    def end(self, _name: str) -> None:
        if self._depth == 5 and self._formula is not None:
            self._end_formula(self._formula)
            self._formula = None
        self._depth -= 1

    def _end_formula(self, attributes: dict[str, str]) -> None:
        text, kind, index = unescape("".join(self._texts)), attributes.get("t"), attributes.get("si", "")
        place = Area(self._row, self._column, self._row, self._column)
        if kind == "shared" and not text:
            first = self._shared.get(index)
            if first:
                away = self._row - first.row, self._column - first.column
                self.found.append(FormulaCell(self._row, self._column, first.formula, *away, place))
            return
        cell = FormulaCell(self._row, self._column, text, 0, 0, place) if self.wanted(text) else None
        if kind == "shared":
            self._shared[index] = cell
        elif kind == "array" and cell:
            ref = area(attributes.get("ref", ""))
            ref = ref if ref and ref[:2] == place[:2] else place
            spills = self._cell.get("cm", "0") != "0"  # its metadata say that it is dynamic (18.9)
            cell = cell._replace(area=ref, array=True, spills=spills)
        if cell:
            self.found.append(cell)
