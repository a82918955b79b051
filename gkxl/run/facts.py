"""What the interpreter asks of the data: one fact for each term, unit and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from gkxl.diagnostics import CellRef
from gkxl.values import Number


class State(Enum):
    OK = "ok"
    MISSING = "missing"  # a blank, or an average, largest, latest … over no rows
    NOT_APPLICABLE = "not applicable"
    ERROR = "error"  # a diagnostic has been given for it; what needs it has no points


class Cells(NamedTuple):
    """The cells a value came from: rows of one column, kept small (a ledger may give 100,000 of them)."""

    sheet: str
    column: int
    rows: Sequence[int]

    def refs(self) -> Iterator[CellRef]:
        return (CellRef(self.sheet, row, self.column) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Fact:
    """`value`: a Number, bool (yes/no), datetime or text; for a price list's term a mapping from key to (count, cells).

    `text` is the cell's own text where it was not taken as it stands (未报资料记0分), for the remark.
    """

    state: State
    value: Number | bool | datetime | str | Mapping[tuple[str, ...], tuple[int, Cells]] | None
    cells: tuple[Cells, ...] = ()
    text: str | None = None
