"""Counts of rows by the key of a price list, over columns that are stated or found while the rows pass."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.diagnostics import Span
from gkxl.model.rules import Prices, Repeats
from gkxl.run.conditions import Cells as RowCells
from gkxl.run.facts import Cells, Fact, State, price_key
from gkxl.run.findings import Findings
from gkxl.run.ledgers import Ledger
from gkxl.run.reading import Lack, Unreadable, cell_key, cell_text, is_blank, truth
from gkxl.tables import BLANK, Cell, CellKind
from gkxl.values import Kind, is_whole, name_key, shown

Key = tuple[str, ...]
Detail = Callable[[int, Cell, Ledger], str]  # what a cell says for `repeats`; raises Unreadable
_Counts = dict[Key, tuple[Key, "array[int]"]]  # by name keys: the key as first written, and its rows


class PriceCount:
    """The rows of one price list by key, for each slot (unit and period).

    Without stated columns the one that holds the keys is taken from the first row that has one; that no other column
    holds any is known at the end. Rows before it wait.
    """

    def __init__(self, prices: Prices, ledger: Ledger) -> None:
        self.prices = prices
        self.ledger = ledger
        self.slots: dict[int, _Counts] = {}
        self._known: dict[str, str] = {}
        self._keys = {price_key(price.key): " ".join(price.key) for price in prices.prices}
        self._longest = max(map(len, self._keys), default=0)
        self._columns: list[int | None] = [None]
        if prices.columns is not None:
            self._columns = [ledger.columns[name_key(name)].number for name in prices.columns]
        self.open = prices.columns is None
        self._holding: set[int] = set()
        self._waiting: list[tuple[int, int, RowCells]] = []
        self._rows = 0
        self._prices = {price_key(price.key): price.points for price in prices.prices}
        self._details = self._plan(prices.repeats) if prices.repeats is not None else []

    def _plan(self, repeats: Repeats) -> list[tuple[int, Detail]]:
        """The columns that tell rows of one price apart, with how each is read."""
        ways: list[tuple[str, Detail]] = [(repeats.once, _event)] if repeats.once is not None else []
        ways += [(column, _yes) for column, _ in repeats.times]
        ways += [(repeats.share, _sharers)] if repeats.share is not None else []
        return [(self.ledger.columns[name_key(name)].number, way) for name, way in ways]

    def columns(self) -> Sequence[int]:
        """The columns to read."""
        if self.open:
            return [*self.ledger.headed]
        return [column for column in (*self._columns, *(column for column, _ in self._details)) if column is not None]

    def words(self) -> Iterator[tuple[int, str]]:
        """The keys by the column that they are looked for in, once it is known."""
        for price in self.prices.prices:
            keys = price.key if len(self._columns) > 1 else (" ".join(price.key),)
            yield from ((column, key) for column, key in zip(self._columns, keys, strict=False) if column is not None)

    def scan(self, cells: RowCells) -> None:
        """Look for the keys in every column of a row, whatever unit and period it belongs to."""
        self._rows += 1
        for column, cell in cells.items():
            text = cell.value
            if cell.kind is not CellKind.TEXT or not isinstance(text, str):
                continue
            # Width and case change no length, so a longer text without blanks or invisible characters is no key.
            if len(text) - text.count(" ") > self._longest and text.isprintable():
                continue
            key = self._known.get(text)
            if key is None:
                if len(self._known) > 10_000:
                    self._known.clear()
                key = self._known[text] = name_key(text)
            if key in self._keys and column in self.ledger.headed:
                self._holding.add(column)
                if self._columns == [None]:
                    self._columns = [column]

    def take(self, slot: int, row: int, cells: RowCells) -> None:
        """Count a row; raises Unreadable at an error cell."""
        if None in self._columns:
            self._waiting.append((slot, row, dict(cells)))
            return
        written, keys = [], []
        for column in self._columns:
            cell = cells.get(column) if column is not None else None
            if cell is None:
                written.append("")
                keys.append("")
                continue
            if cell.kind in (CellKind.ERROR, CellKind.UNCALCULATED):
                raise Unreadable(column or 0, cell, Kind.TEXT)
            text = cell_text(cell)
            key = self._known.get(text)
            if key is None:
                key = self._known[text] = cell_key(cell)
            written.append(text)
            keys.append(key)
        if self._details:
            points = self._prices.get(price_key(written), self.prices.otherwise)
            for column, way in self._details:  # of a row that gives nothing nothing is asked
                text = way(column, cells.get(column) or BLANK, self.ledger) if points else ""
                written.append(text)
                keys.append(name_key(text))
        counts = self.slots.get(slot)
        if counts is None:
            counts = self.slots[slot] = {}
        found = counts.get(tuple(keys))
        if found is None:
            found = counts[tuple(keys)] = (tuple(written), array("I"))
        found[1].append(row)

    def settle(self, findings: Findings, span: Span | None, refuse: Callable[[int, int, Unreadable], None]) -> bool:
        """After the last row: whether the columns are known. A ledger without rows scores 0."""
        if not self.open or not self._rows:
            return True
        if len(self._holding) != 1:
            headers = [self.ledger.headed[column] for column in sorted(self._holding)]
            listed, sheet = findings.listed([*self._keys.values()]), self.ledger.name
            if headers:
                columns = findings.listed(headers)
                findings.add(d.PRICE_COLUMNS, span, sheet=sheet, keys=listed, columns=columns, column=headers[0])
            else:
                there = [*self.ledger.headed.values()]
                note = findings.listed(there)
                notes = (findings.say(f"有的列:{note}", f"Columns there are: {note}"),)
                findings.add(d.PRICE_COLUMN_UNKNOWN, span, notes, sheet=sheet, keys=listed, column=there[-1])
            return False
        waiting, self._waiting = self._waiting, []
        for slot, row, cells in waiting:
            try:
                self.take(slot, row, cells)
            except Unreadable as unreadable:
                refuse(slot, row, unreadable)
        return True

    def fact(self, slots: Sequence[int], blank: str) -> Fact:
        """The counts by key of several slots. `blank`: how a blank cell is called."""
        merged: _Counts = {}
        for slot in slots:
            for key, (written, rows) in self.slots.get(slot, {}).items():
                if key in merged:
                    merged[key][1].extend(rows)
                else:
                    width = len(self._columns)
                    named = (word or blank for word in written[:width])
                    merged[key] = ((*named, *written[width:]), array("I", rows))
        column = (self._columns and self._columns[0]) or self.ledger.unit
        value: Mapping[Key, tuple[int, Cells]] = {
            written: (len(rows), Cells(self.ledger.sheet.name, column, rows)) for written, rows in merged.values()
        }
        return Fact(State.OK, value, tuple(cells for _, cells in value.values()))


def _event(column: int, cell: Cell, ledger: Ledger) -> str:
    if cell.kind in (CellKind.ERROR, CellKind.UNCALCULATED):
        raise Unreadable(column, cell, Kind.TEXT)
    if is_blank(cell):
        raise Unreadable(column, cell, Lack(d.REPEATS_BLANK, {"column": ledger.headed[column]}))
    return cell_text(cell)


def _yes(column: int, cell: Cell, _ledger: Ledger) -> str:
    """A blank is no."""
    if is_blank(cell):
        return ""
    said = truth(cell)
    if said is None:
        raise Unreadable(column, cell, Kind.YESNO)
    return "1" if said else ""


def _sharers(column: int, cell: Cell, ledger: Ledger) -> str:
    if is_blank(cell):
        raise Unreadable(column, cell, Lack(d.REPEATS_BLANK, {"column": ledger.headed[column]}))
    value = cell.value
    if cell.kind is not CellKind.NUMBER or not isinstance(value, Decimal) or value < 1 or not is_whole(value):
        if cell.kind in (CellKind.ERROR, CellKind.UNCALCULATED):
            raise Unreadable(column, cell, Kind.NUMBER)
        raise Unreadable(column, cell, Lack(d.SHARERS_NOT_WHOLE, {"text": cell_text(cell)}))
    return shown(value)
