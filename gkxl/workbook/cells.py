"""The cells of a worksheet part, exact and one row at a time (ECMA-376 part 1, 18.3.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, column_letters
from gkxl.tables import Area, Cell, CellKind, Row
from gkxl.workbook import stored
from gkxl.workbook.package import RefusedError
from gkxl.workbook.strings import MAX_TEXT, RichText
from gkxl.workbook.styles import SPREADSHEET, Shape

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
MAX_CELLS = 20_000_000  # of one sheet
MAX_MERGES = 200_000

_TAGS = {
    f"{namespace} {tag}": tag
    for namespace in SPREADSHEET
    for tag in ("worksheet", "sheetData", "row", "c", "v", "f", "is", "t", "r", "mergeCells", "mergeCell")
}
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_UNCALCULATED = Cell(CellKind.UNCALCULATED, None)


class _Columns(dict[str, int]):
    """Column numbers by letters, worked out once each; 0 for letters beyond XFD."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        self[letters] = number = number if number <= MAX_COLUMN else 0
        return number


COLUMNS = _Columns()


def position(reference: str) -> tuple[int, int] | None:
    """Row and column of an A1 reference; None if it is none or lies outside the sheet."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    row, column = int(match[2]), COLUMNS[match[1]]
    return (row, column) if column and row <= MAX_ROW else None


def row_number(said: str) -> int:
    """The number of a row; 0 if it is none or lies outside the sheet."""
    number = int(said) if said.isdecimal() and said.isascii() and len(said) < 8 else 0
    return number if number <= MAX_ROW else 0


def area(reference: str) -> Area | None:
    """The rectangle of A1:B2, a single A1, whole columns A:C or rows 1:3, whichever corners it names."""
    first, _, second = reference.replace("$", "").partition(":")
    if first.isalpha() and second.isalpha():
        first, second = f"{first}1", f"{second}{MAX_ROW}"
    elif first.isdecimal() and second.isdecimal():
        first, second = f"A{first}", f"XFD{second}"
    a, b = position(first), position(second or first)
    if not a or not b:
        return None
    return Area(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))


@dataclass(frozen=True)
class Stores:
    """What the cells of a workbook refer to."""

    strings: Sequence[Cell]
    shapes: Sequence[Shape]
    epoch_1904: bool


class _Numbers(dict[str, Cell]):
    """The number cells of one shape by their stored text, made when first asked for."""

    def __init__(self, shape: Shape, epoch_1904: bool) -> None:
        self._shape, self._epoch_1904 = shape, epoch_1904

    def __missing__(self, text: str) -> Cell:
        if len(self) > 20_000:
            self.clear()
        cell = self[text] = stored.number(text, self._shape, self._epoch_1904)
        return cell


class _Styles(dict[str, _Numbers]):
    """The number cells by the style attribute as it is written; styles of one shape share theirs."""

    def __init__(self, stores: Stores) -> None:
        self._shapes = stores.shapes
        self._numbers = [_Numbers(shape, stores.epoch_1904) for shape in Shape]

    def __missing__(self, style: str) -> _Numbers:
        index = int(style) if style.isascii() and style.isdecimal() and len(style) < 9 else 0
        shape = self._shapes[index] if index < len(self._shapes) else Shape.NUMBER
        numbers = self[style] = self._numbers[shape]
        return numbers


class Maker:
    """Makes cells of what is stored, remembering those that repeat."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.strings: dict[str, Cell] = {}
        self.numbers = _Styles(stores)

    def shared(self, text: str) -> Cell:
        """The shared string of an index; an index that leads nowhere is an error cell."""
        index = text.strip(" \t\r\n")
        if not (index.isascii() and index.isdecimal() and len(index) < 9):
            return stored.error(text)
        strings = self._stores.strings
        if int(index) >= len(strings):
            return stored.error(f"#{index}")
        if len(self.strings) < 20_000:
            self.strings[text] = strings[int(index)]
        return strings[int(index)]

    def cell(self, kind: str, style: str, value: str | None, inline: str | None, formula: bool) -> Cell | None:
        """The cell of the stored texts: `value` of v, `inline` of is, None where there is none. None if blank."""
        if kind == "inlineStr" and inline is not None:
            return Cell(CellKind.TEXT, inline)
        if inline is not None and not value:
            return stored.error(inline)  # text in a cell that is said to hold none
        if kind == "str" and value is not None:
            return Cell(CellKind.TEXT, stored.unescape(value))
        if not value:
            if formula:
                return _UNCALCULATED
            return None if value is None or kind in ("", "n") else stored.error("")
        match kind:
            case "" | "n":
                return self.numbers[style][value]
            case "s":
                return self.shared(value)
            case "b":
                return stored.boolean(value)
            case "d":
                return stored.iso(value)
            case "e":
                return stored.error(stored.unescape(value))
        return stored.error(value)


class SheetScan:
    """expat handlers that gather the rows and merged rectangles of a worksheet part."""

    def __init__(self, part: str, sheet: str, maker: Maker, columns: Collection[int] | None, start: int) -> None:
        self.part, self.sheet, self.maker, self.columns, self.start_row = part, sheet, maker, columns, start
        self.rows: list[Row] = []
        self.merges: list[Area] = []
        self.depth = 0
        self.row = 0  # the row begun last
        self.in_data = False
        self.counted = 0
        self.on_error: Callable[[], object] | None = None
        self.misses = 0  # rows that the fastest way could not take
        self._path: list[str] = []
        self._cells: dict[int, Cell] = {}
        self._hidden = False
        self._column = 0  # the cell begun last
        self._columns: list[int] = []  # of the row's cells, as they come
        self._disorder = False
        self._wanted = False
        self._kind = self._style = ""
        self._formula = False
        self._value: list[str] | None = None
        self._inline: RichText | None = None
        self._length = 0

    def count(self, cells: int) -> None:
        self.counted += cells
        if self.counted > MAX_CELLS:
            what = (f"超过 {MAX_CELLS} 个单元格", f"more than {MAX_CELLS} cells")
            raise RefusedError(d.FILE_TOO_LARGE, CellRef(self.sheet, 0, 0), what=what)

    def between(self) -> bool:
        """Whether the parser stands in sheetData, outside every row."""
        return self.in_data and self.depth == 2

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _TAGS.get(name, "")
        self.depth = depth = self.depth + 1
        self._path.append(tag)
        if self.in_data:
            if depth == 4 and tag == "c" and self._path[2] == "row":
                self._begin_cell(attributes)
            elif depth == 5 and self._path[3] == "c":
                if tag == "v":
                    self._value = []
                elif tag == "f":
                    self._formula = True
                elif tag == "is":
                    self._inline = RichText(self.part)
            elif depth > 5 and self._inline:
                self._inline.start(tag)
            elif depth == 3 and tag == "row":
                self._begin_row(attributes)
            elif depth < 5 and name.endswith(" AlternateContent"):  # rows in several versions: which one counts?
                raise RefusedError(d.PART_BROKEN, CellRef(self.sheet, self.row, 0), part=self.part, what=f"<{name}>")
        elif depth == 1 and tag != "worksheet":
            raise RefusedError(d.PART_BROKEN, part=self.part, what=f"<{name}>")
        elif depth == 2 and tag == "sheetData":
            self.in_data = True
        elif depth == 3 and tag == "mergeCell" and self._path[1] == "mergeCells":
            self._merge(attributes.get("ref", ""))

    def end(self, _name: str) -> None:
        depth = self.depth
        self.depth -= 1
        tag = self._path.pop()
        if not self.in_data:
            return
        if depth == 4 and tag == "c" and self._path[2] == "row":
            self._end_cell()
        elif depth == 3 and tag == "row":
            self._end_row()
        elif depth == 2:
            self.in_data = False
        elif depth > 5 and self._inline:
            self._inline.end()

    def text(self, data: str) -> None:
        if self.depth == 5 and self._value is not None and self._path[4] == "v":
            self._length += len(data)
            if self._length > MAX_TEXT:
                what = (f"{self.part} 里的一段文字", f"one text in {self.part}")
                raise RefusedError(d.FILE_TOO_LARGE, CellRef(self.sheet, self.row, self._column), what=what)
            self._value.append(data)
        elif self.depth > 5 and self._inline:
            self._inline.text(data)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        text = attributes.get("r", str(self.row + 1))
        number = row_number(text)
        if not number:
            raise RefusedError(d.REFERENCE_OUTSIDE, CellRef(self.sheet, self.row, 0), ref=text)
        if number <= self.row:
            what = (f"第 {number} 行", f"row {number}")
            raise RefusedError(d.SHEET_DISORDER, CellRef(self.sheet, number, 0), what=what)
        self.row = number
        self._cells = {}
        self._hidden = attributes.get("hidden") in ("1", "true")
        self._column = 0
        self._columns = []
        self._disorder = False

    def _end_row(self) -> None:
        cells, columns = self._cells, self._columns
        if self._disorder:
            for left, right in pairwise(sorted(columns)):
                if left == right:
                    at = CellRef(self.sheet, self.row, left)
                    raise RefusedError(d.SHEET_DISORDER, at, what=at.a1)
            cells = {column: cells[column] for column in sorted(cells)}
        if cells and self.row >= self.start_row:
            self.rows.append(Row(self.row, cells, self._hidden))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.count(1)
        reference = attributes.get("r")
        at = position(reference) if reference is not None else position(f"{column_letters(self._column + 1)}{self.row}")
        if not at or at[0] != self.row:
            raise RefusedError(d.REFERENCE_OUTSIDE, CellRef(self.sheet, self.row, 0), ref=reference or "XFE")
        self._disorder = self._disorder or at[1] <= self._column
        self._column = at[1]
        self._columns.append(at[1])
        self._wanted = self.columns is None or at[1] in self.columns
        self._kind, self._style = attributes.get("t", ""), attributes.get("s", "")
        self._formula, self._value, self._inline, self._length = False, None, None, 0

    def _end_cell(self) -> None:
        value = None if self._value is None else "".join(self._value)
        inline = self._inline.take() if self._inline else None
        self._inline = None
        if self._kind == "e" and self.on_error:
            self.on_error()
        if not self._wanted:
            return
        cell = self.maker.cell(self._kind, self._style, value, inline, self._formula)
        if cell:
            self._cells[self._column] = cell

    def _merge(self, reference: str) -> None:
        merged = area(reference)
        if not merged:
            raise RefusedError(d.REFERENCE_OUTSIDE, CellRef(self.sheet, 0, 0), ref=reference)
        if len(self.merges) >= MAX_MERGES:
            what = (f"超过 {MAX_MERGES} 处合并单元格", f"more than {MAX_MERGES} merged areas")
            raise RefusedError(d.FILE_TOO_LARGE, CellRef(self.sheet, 0, 0), what=what)
        self.merges.append(merged)
