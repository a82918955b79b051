"""A workbook as gkxl sees it: sheets of rows of cells, each with its kind and address. No library's types.

`workbook/` makes these from files, the spreadsheet functions from their arguments, tests from lists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple, Protocol

from gkxl.diagnostics import Diagnostic


class CellKind(Enum):
    """What stands in a cell. They stay apart: a blank is no 0, an error no blank."""

    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"  # value: Decimal
    RATE = "rate"  # a number in a % format; value: Decimal (95% is 0.95)
    DATE = "date"  # value: datetime (midnight for a bare day)
    BOOL = "boolean"  # value: bool
    ERROR = "error"  # value: "#REF!" and the like, or the text that is no number
    UNCALCULATED = "uncalculated"  # a formula without a stored value


class Cell(NamedTuple):
    kind: CellKind
    value: Decimal | Fraction | str | bool | datetime | None  # a Fraction only of hours that are counted


BLANK = Cell(CellKind.BLANK, None)


class Row(NamedTuple):
    """One row that has cells; `number` and the keys of `cells` count from 1, as in Excel. Blank cells may be left out."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False


class Area(NamedTuple):
    """A rectangle of cells, all bounds from 1 and included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class NamedArea:
    """An Excel table (ListObject) or a defined name that is a plain range."""

    name: str
    sheet: str
    area: Area
    kind: str  # "table" | "name"
    header_rows: int = 0  # of a table: 0 or 1
    totals_rows: int = 0  # of a table: 0 or 1
    columns: tuple[str, ...] = ()  # of a table: their names


class DefinedName(NamedTuple):
    """A defined name: its formula as it is stored; `scope` is the sheet that it is known on, empty if all know it."""

    name: str
    formula: str
    scope: str = ""


class Sheet(Protocol):
    """One sheet, read row by row; `rows` may be called again and starts anew each time."""

    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def merges(self) -> Sequence[Area]:
        """Merged rectangles, never expanded. Reading them may take a pass over the sheet, and raise what `rows` does."""
        ...

    @property
    def may_hold_errors(self) -> bool:
        """Whether an error cell may stand in the rows that have been read so far."""
        ...

    def rows(self, columns: Collection[int] | None = None, start: int = 1) -> Iterator[Row]:
        """Rows from number `start` in order, with the cells of `columns` only (all if None).

        Raises GkError, with diagnostics, for what shows only while a file is read: a damaged part, a doubled cell.
        """
        ...


@dataclass(frozen=True)
class Book:
    """A workbook. `read(path)` is `gkxl.workbook.read.read_book`, made public as `gkxl.Book.read`."""

    path: str
    sha256: str
    sheets: tuple[Sheet, ...]
    areas: tuple[NamedArea, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    names: tuple[DefinedName, ...] = ()
    epoch_1904: bool = False


Given = None | bool | int | Decimal | str | date | datetime | Cell


def cell(value: Given) -> Cell:
    """A cell from a plain Python value; a Cell stays itself. Rates and errors are given as Cells."""
    match value:
        case Cell():
            return value
        case None:
            return BLANK
        case bool():
            return Cell(CellKind.BOOL, value)
        case int() | Decimal():
            return Cell(CellKind.NUMBER, Decimal(value))
        case datetime():
            return Cell(CellKind.DATE, value)
        case date():
            return Cell(CellKind.DATE, datetime.combine(value, time()))
        case str():
            return Cell(CellKind.TEXT, value)


class ListSheet:
    """A sheet held in memory: rows of plain values, the first one row 1."""

    def __init__(self, name: str, values: Iterable[Iterable[Given]], merges: Sequence[Area] = ()) -> None:
        self.name = name
        self.hidden = False
        self.merges = merges
        self.may_hold_errors = True
        self._rows = [
            Row(number, {column: c for column, v in enumerate(row, 1) if (c := cell(v)).kind is not CellKind.BLANK})
            for number, row in enumerate(values, 1)
        ]

    @classmethod
    def of_rows(cls, name: str, rows: Iterable[Row]) -> ListSheet:
        """The sheet of finished rows, numbered from 1 with none left out."""
        sheet = cls(name, ())
        sheet._rows = [*rows]
        return sheet

    def rows(self, columns: Collection[int] | None = None, start: int = 1) -> Iterator[Row]:
        for row in self._rows[max(start, 1) - 1 :]:
            if columns is None:
                yield row
            else:
                yield Row(row.number, {c: row.cells[c] for c in columns if c in row.cells}, row.hidden)
