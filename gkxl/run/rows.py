"""The data rows of a ledger: below its header, up to a total row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef
from gkxl.run.findings import Findings
from gkxl.run.ledgers import Ledger
from gkxl.run.reading import SUBTOTALS, is_blank, total_word
from gkxl.tables import Cell, CellKind, Row

_LONGEST = 20  # characters that a word like 合计 is spread over


def data_rows(
    ledger: Ledger,
    columns: Collection[int],
    findings: Findings,
    is_unit: Callable[[Cell], bool],
    on_total: Callable[[Row, bool], object],
) -> Iterator[Row]:
    """The rows that have a cell in `columns` or in one up to the unit's, where a total row gives itself away.

    A total row, which is no data, is given to `on_total` with whether it is a subtotal. Behind a subtotal the data go on;
    a total ends them, and rows of units below it, by `is_unit`, are told of.
    """
    lead = sorted(column for column in ledger.headed if column <= ledger.unit)
    first_cells = _FirstCells(ledger)
    totals: dict[str, str] = {}
    hidden = 0
    rows = ledger.sheet.rows(frozenset(columns).union(lead), ledger.first)
    for row in rows:
        number, cells, is_hidden = row
        if ledger.last is not None and number > ledger.last:
            break
        for column in lead:
            first = cells.get(column)
            if first is not None:
                break
        else:
            if not cells:
                continue
            first = first_cells.at(number)
        if first is not None and first.kind is CellKind.TEXT and isinstance(first.value, str):
            text = first.value
            if len(text) <= _LONGEST:
                total = totals.get(text)
                if total is None:
                    if len(totals) > 10_000:
                        totals.clear()
                    total = totals[text] = total_word(first)
                if total:
                    on_total(row, total in SUBTOTALS)
                    if total in SUBTOTALS:
                        continue
                    _tell_below(ledger, number, rows, findings, is_unit)
                    break
        if is_hidden:
            hidden += 1
        yield row
    if hidden:
        findings.add(d.HIDDEN_COUNTED, CellRef(ledger.sheet.name, 0, 0), sheet=ledger.name, rows=hidden)


def _tell_below(
    ledger: Ledger, total: int, rows: Iterator[Row], findings: Findings, is_unit: Callable[[Cell], bool]
) -> None:
    below = [
        row.number
        for row in rows
        if (ledger.last is None or row.number <= ledger.last)
        and (cell := row.cells.get(ledger.unit)) is not None
        and is_unit(cell)
    ]
    if below:
        findings.add(
            d.BELOW_TOTAL, ledger.at(below[0], ledger.unit), total=CellRef(ledger.sheet.name, total, 0), rows=len(below)
        )


class _FirstCells:
    """The first filled cell of rows, whichever column it is in; asked for in order, so that it takes one more pass."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._rows: Iterator[Row] | None = None

    def at(self, number: int) -> Cell | None:
        if self._rows is None:
            self._rows = self._ledger.sheet.rows(None, number)
        for row in self._rows:
            if row.number >= number:
                filled = [c for c in sorted(row.cells) if c in self._ledger.headed and not is_blank(row.cells[c])]
                return row.cells[filled[0]] if filled else None
        return None
