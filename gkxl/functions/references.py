"""What the arguments of a formula refer to in a workbook: names and tables → cells → values as a spreadsheet hands them over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import takewhile

from gkxl.diagnostics import CellRef
from gkxl.functions.arguments import Argument, CellError, Rows, Value
from gkxl.functions.formula import Argument as Written
from gkxl.functions.formula import FormulaCall, Name, Reference, TableReference, read_argument, references
from gkxl.tables import BLANK, Area, Book, Cell, CellKind, NamedArea, Sheet
from gkxl.workbook.cells import MAX_COLUMN, MAX_ROW
from gkxl.workbook.formulas import FormulaCell
from gkxl.workbook.stored import double, serial_of

_CALCULATED = re.compile(r"\b(?:INDIRECT|OFFSET)\(", re.IGNORECASE)  # give references
_DEEPEST = 8  # names that stand for names


class UnresolvedError(Exception):
    """Why an argument has no value here, in Chinese and in English. `sheet`: it would have if that were there."""

    def __init__(self, zh: str, en: str, sheet: str = "") -> None:
        super().__init__(en)
        self.zh, self.en, self.sheet = zh, en, sheet


@dataclass(frozen=True, slots=True)
class Range:
    """Cells of one sheet, which is named as the workbook spells it."""

    sheet: str
    area: Area

    @classmethod
    def of(cls, place: CellRef) -> Range:
        return cls(place.sheet, Area(place.row, place.column, place.row, place.column))

    @property
    def first(self) -> CellRef:
        """Its top left cell."""
        return CellRef(self.sheet, self.area.top, self.area.left)

    def places(self) -> Iterator[CellRef]:
        """Its cells, row by row."""
        top, left, bottom, right = self.area
        rows, columns = range(top, bottom + 1), range(left, right + 1)
        return (CellRef(self.sheet, row, column) for row in rows for column in columns)


def resolve(call: FormulaCall, book: Book, at: CellRef, value: Callable[[Cell], Value] | None = None) -> list[Argument]:
    """The arguments of a call in the cell `at`, as a spreadsheet hands them to the function.

    `value` makes the value of a cell; without it a date is a serial number. Sheets are read anew for each call. Raises
    UnresolvedError, and what `Sheet.rows` does.
    """
    found = located(call, book, at)
    grid = Grid(book, [one for one in found if isinstance(one, Range)], value)
    return [grid.values(one) if isinstance(one, Range) else one for one in found]


def located(call: FormulaCall, book: Book, at: CellRef) -> list[Argument | Range]:
    """The arguments of a call in the cell `at`, with each reference made cells; raises UnresolvedError."""
    return [_located(one, book, at, 0) for one in call.arguments]


def ranges_read(formula: FormulaCell, sheet: str, book: Book) -> list[Range] | None:
    """The cells of the workbook that any formula reads; None where that shows only when it is calculated."""
    at, found = CellRef(sheet, formula.row, formula.column), []
    if _CALCULATED.search(formula.formula):
        return None
    for one in references(formula.formula, formula.down, formula.right):
        try:
            cells = _located(one, book, at, 0)
        except UnresolvedError:
            defined = isinstance(one, Name) and any(_same(name.name, one.name) for name in book.names)
            if defined or ":" in one.sheet:
                return None
        else:
            found += [cells] if isinstance(cells, Range) else []
    return found


class Grid:
    """The cells of some areas of a workbook, each sheet read once. Raises what `Sheet.rows` does."""

    def __init__(self, book: Book, areas: Iterable[Range], value: Callable[[Cell], Value] | None = None) -> None:
        self._value = value or (lambda cell: plain_value(cell, book.epoch_1904))
        wanted: dict[str, list[Area]] = {}
        for one in areas:
            wanted.setdefault(one.sheet, []).append(one.area)
        sheets = {sheet.name: sheet for sheet in book.sheets}
        self._rows = {name: _read(sheets[name], areas) for name, areas in wanted.items() if name in sheets}

    def cell(self, place: CellRef) -> Cell:
        return self._rows.get(place.sheet, {}).get(place.row, {}).get(place.column, BLANK)

    def put(self, place: CellRef, cell: Cell) -> None:
        """Another cell from now on; of a sheet that is not among the areas it is nothing to anybody."""
        if place.sheet in self._rows:
            self._rows[place.sheet].setdefault(place.row, {})[place.column] = cell

    def values(self, cells: Range) -> Argument:
        """The values of one of the areas: of one cell its value, else rows; raises UnresolvedError.

        Whole columns end with the last row of the areas of the sheet, whole rows with its last column.
        """
        rows = self._rows[cells.sheet]
        top, left, bottom, right = cells.area
        if bottom == MAX_ROW:
            bottom = max(top, max(rows, default=1))
        if right == MAX_COLUMN:
            right = max(left, max((column for found in rows.values() for column in found), default=1))

        def one(cell: Cell, row: int, column: int) -> Value:
            if cell.kind is CellKind.UNCALCULATED:
                place = CellRef(cells.sheet, row, column)
                raise UnresolvedError(
                    f"{place} 是还没有计算过的公式", f"{place} is a formula that was never calculated"
                )
            return self._value(cell)

        blank = (None,) * (right - left + 1)
        found: Rows = tuple(
            tuple([one(there.get(column, BLANK), row, column) for column in range(left, right + 1)])
            if (there := rows.get(row))
            else blank
            for row in range(top, bottom + 1)
        )
        return found[0][0] if top == cells.area.bottom and left == cells.area.right else found


def _read(sheet: Sheet, areas: list[Area]) -> dict[int, dict[int, Cell]]:
    columns = set[int]().union(*(range(area.left, area.right + 1) for area in areas))
    top, bottom = min(area.top for area in areas), max(area.bottom for area in areas)
    return {row.number: {**row.cells} for row in takewhile(lambda row: row.number <= bottom, sheet.rows(columns, top))}


def plain_value(cell: Cell, epoch_1904: bool = False) -> Value:
    """The value of a cell without its format: a date is a serial number."""
    match cell.kind, cell.value:
        case CellKind.ERROR, said:
            return CellError(str(said))
        case _, bool() | str() | None as value:
            return value
        case _, datetime() as day:
            return double(serial_of(day, epoch_1904))
        case _, Decimal() as number:
            return double(number)
    raise AssertionError(cell)


def _located(argument: Written, book: Book, at: CellRef, depth: int) -> Argument | Range:
    match argument:
        case Reference(area, sheet):
            return Range(_sheet(book, sheet or at.sheet), area)
        case TableReference(name, _, _, sheet):
            _here(sheet)
            table = _table(book, name)
            if table is None:
                raise UnresolvedError(f"没有表格“{name}”", f"there is no table “{name}”")
            return Range(table.sheet, _part(argument, table, at))
        case Name(name, sheet):
            _here(sheet)
            return _named(name, sheet or at.sheet, book, at, depth)
    return argument


def _here(sheet: str) -> None:
    """Refuses what is not one sheet of this workbook."""
    if "[" in sheet:
        raise UnresolvedError(f"{sheet} 在别的工作簿里", f"{sheet} is in another workbook")
    if ":" in sheet:
        raise UnresolvedError(f"{sheet} 是几张工作表(三维引用)", f"{sheet} is several sheets (a 3-D reference)")


def _sheet(book: Book, name: str) -> str:
    _here(name)
    for sheet in book.sheets:
        if _same(sheet.name, name):
            return sheet.name
    raise UnresolvedError(f"没有工作表“{name}”", f"there is no sheet “{name}”", name)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _table(book: Book, name: str) -> NamedArea | None:
    tables = (area for area in book.areas if area.kind == "table")
    return next((table for table in tables if _same(table.name, name)), None)


def _named(name: str, sheet: str, book: Book, at: CellRef, depth: int) -> Argument | Range:
    """What a name stands for: that of the sheet comes before that of the workbook."""
    known = [one for scope in (sheet, "") for one in book.names if _same(one.name, name) and _same(one.scope, scope)]
    if known:
        meant = read_argument(known[0].formula, at.row - 1, at.column - 1)  # it is stored as it reads in A1
        if meant is None or depth == _DEEPEST:
            text = known[0].formula
            raise UnresolvedError(
                f"名称“{name}”是公式 {text},不是单元格或值",
                f"the name “{name}” is a formula, {text}, no cells and no value",
            )
        return _located(meant, book, at, depth + 1)
    table = _table(book, name)
    if table is None:
        raise UnresolvedError(f"没有名称“{name}”", f"there is no name “{name}”")
    return Range(table.sheet, _part(TableReference(name, frozenset()), table, at))


def _part(argument: TableReference, table: NamedArea, at: CellRef) -> Area:
    """The rows and columns of a table that a structured reference means."""
    top, left, bottom, right = table.area
    parts = {
        "#headers": range(top, top + table.header_rows),
        "#data": range(top + table.header_rows, bottom + 1 - table.totals_rows),
        "#totals": range(bottom + 1 - table.totals_rows, bottom + 1),
        "#all": range(top, bottom + 1),
    }
    parts["#this row"] = range(at.row, at.row + (at.row in parts["#data"] and at.sheet == table.sheet))
    rows = [row for item in argument.items or {"#data"} for row in (parts[item][:1], parts[item][-1:])]
    if argument.columns is not None:
        names = [one.casefold() for one in table.columns]
        missing = next((one for one in argument.columns if one.casefold() not in names), None)
        if missing is not None:
            raise UnresolvedError(
                f"表格“{table.name}”没有列“{missing}”", f"the table “{table.name}” has no column “{missing}”"
            )
        first, last = sorted(names.index(one.casefold()) for one in argument.columns)
        left, right = left + first, left + last
    if not all(rows):
        what = ", ".join(sorted(argument.items))
        raise UnresolvedError(f"表格“{table.name}”里没有 {what}", f"the table “{table.name}” has no {what} here")
    return Area(min(row[0] for row in rows), left, max(row[0] for row in rows), right)
