"""What the interpreter asks of the data: one fact for each term, unit and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from gkxl.diagnostics import CellRef
from gkxl.model.rules import Prices
from gkxl.periods import Period
from gkxl.values import Kind, Number, name_key


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

    Behind the key columns of a price list with `repeats` stand what a row has in theirs.

    `text` is the cell's own text where it was not taken as it stands (未报资料记0分), for the remark. `source`: where a
    value comes from that is not in the unit's own cells: the document of a dated value, the unit that is best.
    """

    state: State
    value: Number | bool | datetime | str | Mapping[tuple[str, ...], tuple[int, Cells]] | None
    cells: tuple[Cells, ...] = ()
    text: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """One assessed unit. `words`: the name keys of the group words and yes/no columns that fit it (限/for, by group)."""

    name: str  # as the units' sheet writes it
    key: str  # values.name_key of the name
    group: str | None
    words: frozenset[str]
    cell: CellRef | None


@dataclass(frozen=True)
class Data:
    """The facts of a book: by unit key and period, then by term. `periods` are those to score, in order.

    Holds the terms that come from rows; what is computed from them is the interpreter's. For terms that months (…) are
    counted of, and for caps of a shorter period, the facts of those shorter periods are there too. `kinds` of the terms
    are those that the cells of their columns have; a column without cells has none.
    """

    units: tuple[Unit, ...]
    periods: tuple[Period, ...]
    facts: Mapping[tuple[str, Period], Mapping[str, Fact]]
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    alone: bool = False  # the one unit of an example, which has no others to be held against


def price_key(key: Sequence[str]) -> str:
    """What keys compare by: the cells of several columns, or the names of a price, side by side (县级快报)."""
    return name_key(" ".join(key))


def prices_key(prices: Prices) -> str:
    """The name under which the facts hold the counts by key of a price list: its term, columns and keys."""
    columns = "\t".join(prices.columns) if prices.columns is not None else "\t"
    if prices.repeats is not None:
        columns += "\v" + "\t".join(prices.repeats.columns)
    keys = "\n".join(sorted(price_key(price.key) for price in prices.prices))
    return f"{prices.ref.term}\v{columns}\v{keys}"
