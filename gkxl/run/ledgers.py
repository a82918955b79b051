"""What binding finds in a workbook: sheets as ledgers, with their header, columns and what dates their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gkxl.diagnostics import CellRef
from gkxl.tables import Sheet


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its header. `scale` is the factor that （%）, （万元）, （亿元）, （千元） at its end give its numbers."""

    number: int
    header: str
    scale: Decimal | None = None
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """What says to which period a row belongs. All None: nothing, the rows hold for every period.

    `date` is the column of its date; `period` the column that names its period, `year` the one that gives that its year.
    """

    date: int | None = None
    period: int | None = None
    year: int | None = None

    @property
    def columns(self) -> tuple[int, ...]:
        return tuple(column for column in (self.date, self.period, self.year) if column is not None)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A sheet, table or named range as the rules see it: rows `first` to `last` (None: the end) below its header.

    `columns` by the name key of what the rules ask for, so far as found; `headed` is every column with a header.
    `unseen`: headed columns without a filled cell among the first rows, which may yet turn out to hold dates.
    """

    name: str  # as the rules write it
    sheet: Sheet
    header_row: int
    first: int
    last: int | None
    unit: int
    columns: Mapping[str, Column]
    headed: Mapping[int, str]
    timing: Timing
    unseen: frozenset[int] = frozenset()
    every_period: bool = False  # `每期相同` is stated
    unclear: frozenset[str] = frozenset()  # keys of words in the rules that may as well be a column

    def at(self, row: int, column: int) -> CellRef:
        return CellRef(self.sheet.name, row, column)
