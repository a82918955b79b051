"""Cells of an .ods (ODF 1.3 part 3, 9.1 and 19.385): kinds and numbers; texts are left to calamine."""

from __future__ import annotations

from gkxl import diagnostics as d
from gkxl.workbook.cells import MAX_COLUMN, MAX_ROW
from gkxl.workbook.package import Package, RefusedError
from gkxl.workbook.scanned import Counter, ScannedCell, ScannedSheet
from gkxl.workbook.styles import Shape

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_SHAPES = {"float": Shape.NUMBER, "currency": Shape.NUMBER, "percentage": Shape.RATE}


def scan_ods(package: Package) -> list[ScannedSheet]:
    """The sheets of an .ods; raises RefusedError."""
    if "META-INF/manifest.xml" in package:
        package.parse("META-INF/manifest.xml", _refuse_encrypted)
    scan = _Scan()
    package.parse("content.xml", scan.start, scan.end, scan.text)
    return scan.sheets


def _refuse_encrypted(name: str, _attributes: dict[str, str]) -> None:
    if name.endswith(" encryption-data"):
        raise RefusedError(d.FILE_ENCRYPTED)


class _Scan:
    def __init__(self) -> None:
        self.sheets: list[ScannedSheet] = []
        self._counter = Counter()
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._nested = 0  # depth of tables inside cells
        self._row = self._row_repeat = self._column = self._repeat = 0
        self._cells: list[ScannedCell] = []
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            self._nested += 1
            if self._nested == 1:
                hidden = attributes.get(f"{_TABLE}style-name") in self._hidden_styles
                self.sheets.append(ScannedSheet(attributes.get(f"{_TABLE}name", ""), len(self.sheets), hidden))
                self._row = 0
        elif name == f"{_STYLE}style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self._hidden_styles.add(self._style)
        elif self._nested != 1:
            return
        elif name == f"{_TABLE}table-row":
            self._row_repeat = _count(attributes.get(f"{_TABLE}number-rows-repeated"))
            self._column, self._cells = 0, []
            if attributes.get(f"{_TABLE}visibility", "visible") != "visible" and self._row_repeat < MAX_ROW:
                self.sheets[-1].hidden_rows.update(range(self._row + 1, self._row + 1 + min(self._row_repeat, 65536)))
        elif name in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            self._repeat = _count(attributes.get(f"{_TABLE}number-columns-repeated"))
            self._cell, self._text = attributes, []

    def text(self, data: str) -> None:
        if self._cell is not None and len(self._text) < 100:
            self._text.append(data[:400])

    def end(self, name: str) -> None:
        if name == f"{_TABLE}table":
            self._nested -= 1
        elif self._nested != 1:
            return
        elif name in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == f"{_TABLE}table-row":
            if self._cells:
                self._counter.add(len(self._cells) * self._row_repeat)
                if self._row + self._row_repeat > MAX_ROW:
                    raise RefusedError(d.REFERENCE_OUTSIDE, ref=str(self._row + self._row_repeat))
                for row in range(self._row + 1, self._row + 1 + self._row_repeat):
                    self.sheets[-1].rows[row] = self._cells
            self._row += self._row_repeat

    def _end_cell(self, attributes: dict[str, str]) -> None:
        first = self._column + 1
        self._column += self._repeat
        self._merge(first, attributes)
        cell = _cell(attributes, "".join(self._text).strip())
        if cell:
            if self._column > MAX_COLUMN:
                raise RefusedError(d.REFERENCE_OUTSIDE, ref=f"{self._row + 1}:{self._column}")
            self._counter.add(self._repeat)
            self._cells += [cell._replace(column=column) for column in range(first, self._column + 1)]

    def _merge(self, column: int, attributes: dict[str, str]) -> None:
        width = _count(attributes.get(f"{_TABLE}number-columns-spanned"))
        height = _count(attributes.get(f"{_TABLE}number-rows-spanned"))
        if (width > 1 or height > 1) and self._repeat == self._row_repeat == 1:
            self.sheets[-1].merges.append((self._row + 1, column, self._row + height, column + width - 1))


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and 0 < len(text) < 9 else 1


def _cell(attributes: dict[str, str], text: str) -> ScannedCell | None:
    kind = attributes.get(f"{_OFFICE}value-type", "")
    formula = f"{_TABLE}formula" in attributes
    # LibreOffice stores an error as a string, or as the number 0, and says so beside it; never is it that value.
    if attributes.get(f"{_CALC}value-type") == "error" or (formula and text.startswith(("#", "Err:"))):
        return ScannedCell(0, "e", text or "#")
    if kind in _SHAPES:
        return ScannedCell(0, "n", attributes.get(f"{_OFFICE}value", ""), _SHAPES[kind])
    if kind == "date":
        return ScannedCell(0, "i", attributes.get(f"{_OFFICE}date-value", ""))
    if kind == "time":
        return ScannedCell(0, "c", attributes.get(f"{_OFFICE}time-value", ""))
    if kind == "boolean":
        return ScannedCell(0, "b", attributes.get(f"{_OFFICE}boolean-value", ""))
    if kind == "string":
        return ScannedCell(0, "t")
    return ScannedCell(0, "u") if formula else None
