"""What the rows of one unit and period add up to, for each aggregation. Exact, and small: rows are kept as numbers.

A tally takes rows one by one, is merged with those of other periods, says which of its cells are not of the kind its
column turned out to have, and gives the fact. It never looks at a whole ledger.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from gkxl.model.rules import Aggregation
from gkxl.run.facts import Cells, Fact, State
from gkxl.run.reading import (
    cell_key,
    cell_text,
    looks_numeric,
    says_not_applicable,
    says_not_reported,
    text_date,
    truth,
)
from gkxl.tables import Cell, CellKind
from gkxl.values import Kind, Number, add, divide

Kept = tuple[int, Cell]  # a row and its cell
ZERO = Decimal(0)
_NUMBERS = (CellKind.NUMBER, CellKind.RATE)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a measure are to be read. `lenient`: 未报资料记0分 holds."""

    op: Aggregation
    kind: Kind | None
    sheet: str
    column: int
    lenient: bool = False

    def cells(self, rows: Sequence[int]) -> tuple[Cells, ...]:
        return (Cells(self.sheet, self.column, rows),) if len(rows) else ()

    def misfit(self, cell: Cell) -> Kind | None:
        """The kind that is needed where this cell has another; None if it fits."""
        kind = self.kind or Kind.TEXT
        fits: bool
        if cell.kind in (CellKind.ERROR, CellKind.UNCALCULATED):
            return kind
        match kind:
            case Kind.NUMBER:
                fits = cell.kind in _NUMBERS
            case Kind.RATE:
                fits = cell.kind is CellKind.RATE
            case Kind.DATE:
                fits = cell.kind is CellKind.DATE
            case Kind.YESNO:
                fits = truth(cell) is not None
            case _:
                fits = True
        return None if fits else kind


class Total:
    """SUM and AVERAGE: the total of the numbers, and the first cell of each kind."""

    __slots__ = ("kept", "last", "rows", "total")

    def __init__(self) -> None:
        self.total: Number = ZERO
        self.rows = array("I")
        self.last: CellKind | None = None
        self.kept: list[Kept] = []  # the first cell of each run of one kind of number, and all that are no numbers

    def take(self, row: int, cell: Cell, _when: datetime | None) -> None:
        kind, value = cell
        if isinstance(value, (Decimal, Fraction)):
            if kind is not self.last:
                self.last = kind
                if all(kept.kind is not kind for _, kept in self.kept):
                    self.kept.append((row, cell))
            self.total = add(self.total, value)
        else:
            self.kept.append((row, cell))
        self.rows.append(row)

    def merge(self, other: Total) -> None:
        self.total = add(self.total, other.total)
        self.rows.extend(other.rows)
        self.kept += other.kept

    def fact(self, how: Reading) -> Fact:
        zeros = [cell_text(cell) for _, cell in self.kept if says_not_reported(cell)]
        text = zeros[0] if zeros else None
        if how.op is Aggregation.AVERAGE:
            if not self.rows:
                return Fact(State.MISSING, None)
            return Fact(State.OK, divide(self.total, Decimal(len(self.rows))), how.cells(self.rows), text)
        return Fact(State.OK, self.total, how.cells(self.rows), text)


class Extreme:
    """LARGEST and SMALLEST, by kind of cell: which kind counts is known at the end."""

    __slots__ = ("best", "kept")

    def __init__(self) -> None:
        self.best: dict[CellKind, Kept] = {}
        self.kept: list[Kept] = []

    def take(self, row: int, cell: Cell, _when: datetime | None) -> None:
        kind, value = cell
        if not isinstance(value, (Decimal, Fraction, datetime)):
            self.kept.append((row, cell))
            return
        best = self.best.get(kind)
        if best is None or self.better(value, best[1].value):
            self.best[kind] = (row, cell)

    @staticmethod
    def better(value: Number | datetime, than: object) -> bool:
        return value > than  # type: ignore[operator]  # of one kind of cell, so of one type

    def merge(self, other: Extreme) -> None:
        for row, cell in other.best.values():
            self.take(row, cell, None)
        self.kept += other.kept

    def fact(self, how: Reading) -> Fact:
        best = [kept for kept in self.best.values() if how.misfit(kept[1]) is None]
        if not best:
            return _not_reported(self.kept, how)
        row, cell = best[0]
        return Fact(State.OK, cell.value, how.cells([row]))


class Least(Extreme):
    __slots__ = ()

    @staticmethod
    def better(value: Number | datetime, than: object) -> bool:
        return value < than  # type: ignore[operator]


class Latest:
    """The latest date, or the value of the row with the latest date; two such rows are two values."""

    __slots__ = ("kept", "when")

    def __init__(self) -> None:
        self.when: datetime | None = None
        self.kept: list[Kept] = []

    def take(self, row: int, cell: Cell, when: datetime | None) -> None:
        if isinstance(cell.value, datetime):
            when = cell.value
        if when is None or self.when is None or when > self.when:
            self.when, self.kept = when, [(row, cell)]
        elif when == self.when and cell != self.kept[0][1]:
            self.kept.append((row, cell))

    def merge(self, other: Latest) -> None:
        for row, cell in other.kept:
            self.take(row, cell, other.when)

    def fact(self, how: Reading) -> Fact:
        return _single(self.kept, how)


class Different:
    """How many different values there are, with the first row of each."""

    __slots__ = ("first", "kept", "texts")

    def __init__(self) -> None:
        self.texts: set[str] = set()  # seen as they are written, whose key need not be worked out again
        self.first: dict[tuple[bool, str], int] = {}
        self.kept: list[Kept] = []

    def take(self, row: int, cell: Cell, _when: datetime | None) -> None:
        kind, value = cell
        if kind is CellKind.TEXT and isinstance(value, str):
            if value not in self.texts:
                self.texts.add(value)
                self.first.setdefault((True, cell_key(cell)), row)
        elif kind in (CellKind.ERROR, CellKind.UNCALCULATED):
            self.kept.append((row, cell))
        else:
            self.first.setdefault((False, cell_key(cell)), row)

    def merge(self, other: Different) -> None:
        for key, row in other.first.items():
            self.first.setdefault(key, row)
        self.kept += other.kept

    def fact(self, how: Reading) -> Fact:
        return Fact(State.OK, Decimal(len(self.first)), how.cells(array("I", self.first.values())))


class Single:
    """VALUE: the one value. Two are kept to show them; a third adds nothing."""

    __slots__ = ("blank", "kept")

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.blank = 0  # a row where it is blank

    def take(self, row: int, cell: Cell, _when: datetime | None) -> None:
        if len(self.kept) < 2:
            self.kept.append((row, cell))

    def merge(self, other: Single) -> None:
        self.kept = (self.kept + other.kept)[:2]
        self.blank = self.blank or other.blank

    def fact(self, how: Reading) -> Fact:
        if not self.kept:
            return Fact(State.MISSING, None, how.cells([self.blank] if self.blank else []))
        return _single(self.kept, how)


Tally = Total | Extreme | Latest | Different | Single

TALLIES: dict[Aggregation, Callable[[], Tally]] = {
    Aggregation.SUM: Total,
    Aggregation.AVERAGE: Total,
    Aggregation.LARGEST: Extreme,
    Aggregation.SMALLEST: Least,
    Aggregation.LATEST: Latest,
    Aggregation.DIFFERENT: Different,
    Aggregation.VALUE: Single,
}


def kept_cells(tally: Tally) -> Iterator[Kept]:
    """The cells that a tally can still show: of each kind at least the first."""
    if isinstance(tally, Extreme):
        yield from tally.best.values()
    yield from tally.kept


def misfits(tally: Tally, how: Reading) -> Iterator[tuple[int, Cell, Kind]]:
    """The cells that cannot be used, with the kind that is needed. What was not reported is no misfit where it counts."""
    for row, cell in kept_cells(tally):
        need = how.misfit(cell)
        if need is not None and not _excused(cell, how):
            yield row, cell, need


def two_values(tally: Tally) -> tuple[int, int] | None:
    """The rows of two values where one is needed."""
    if isinstance(tally, (Single, Latest)) and len(tally.kept) > 1:
        return tally.kept[0][0], tally.kept[1][0]
    return None


def kind_of(op: Aggregation, cells: Iterable[Cell], stated: Kind | None, need: Kind | None) -> Kind | None:
    """The kind of a column by its cells: what most of them are, else what their text looks like, else what is needed."""
    if op is Aggregation.DIFFERENT:
        return Kind.NUMBER
    typed: Counter[Kind] = Counter()
    looks: Counter[Kind] = Counter()
    rate = stated is Kind.RATE
    for cell in cells:
        if cell.kind in _NUMBERS:
            typed[Kind.NUMBER] += 1
            rate = rate or cell.kind is CellKind.RATE
        elif cell.kind is CellKind.DATE:
            typed[Kind.DATE] += 1
        elif cell.kind is CellKind.BOOL:
            typed[Kind.YESNO] += 1
        elif cell.kind is CellKind.TEXT and not says_not_applicable(cell):
            looks[_look(cell)] += 1
    kind: Kind | None
    if op in (Aggregation.SUM, Aggregation.AVERAGE):
        kind = Kind.NUMBER
    elif typed:
        kind = typed.most_common(1)[0][0]
    elif not looks:
        return stated
    elif looks[Kind.NUMBER] or looks[Kind.DATE]:
        kind = Kind.NUMBER if looks[Kind.NUMBER] >= looks[Kind.DATE] else Kind.DATE
    elif not looks[Kind.TEXT]:
        kind = Kind.YESNO
    else:
        kind = stated or need or Kind.TEXT
    return Kind.RATE if kind is Kind.NUMBER and rate else kind


def _look(cell: Cell) -> Kind:
    if looks_numeric(cell) or says_not_reported(cell):
        return Kind.NUMBER
    if text_date(cell):
        return Kind.DATE
    return Kind.TEXT if truth(cell) is None else Kind.YESNO


def _excused(cell: Cell, how: Reading) -> bool:
    single = how.op in (Aggregation.VALUE, Aggregation.LATEST)
    if says_not_reported(cell):
        return how.lenient or single  # of a single value the interpreter says what it means, indicator by indicator
    return single and says_not_applicable(cell)


def _not_reported(kept: Sequence[Kept], how: Reading) -> Fact:
    for row, cell in kept:
        if says_not_reported(cell):
            return Fact(State.MISSING, None, how.cells([row]), cell_text(cell))
    return Fact(State.MISSING, None)


def _single(kept: Sequence[Kept], how: Reading) -> Fact:
    if not kept:
        return Fact(State.MISSING, None)
    row, cell = kept[0]
    cells = how.cells([row])
    if says_not_applicable(cell) and how.kind is not Kind.TEXT:
        return Fact(State.NOT_APPLICABLE, None, cells)
    if how.misfit(cell) is not None:
        return _not_reported(kept, how)
    match how.kind:
        case Kind.YESNO:
            return Fact(State.OK, truth(cell), cells)
        case Kind.TEXT:
            return Fact(State.OK, cell_text(cell), cells)
    return Fact(State.OK, cell.value, cells)
