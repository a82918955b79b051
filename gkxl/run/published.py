"""Published figures of a workbook, read as any other column: by unit and period, with the same findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from gkxl.diagnostics import UNIT_LOOKS_ALIKE, UNIT_NOT_LISTED, CellRef, Diagnostic
from gkxl.model.rules import Amount, Branch, FromRows, Indicator, Pick, Published, Ref, Rubric, Sentence
from gkxl.periods import Period
from gkxl.run.bind import bind
from gkxl.run.facts import Fact, State
from gkxl.run.gather import gather
from gkxl.run.ledgers import Ledger
from gkxl.tables import Book
from gkxl.values import Number, name_key


@dataclass(frozen=True, slots=True)
class Figure:
    """What is published for a unit and period. `value` None: nothing; `cells` are then those that are blank, if any.

    `broken`: the cell cannot be used, which has been told.
    """

    line: Published
    unit: str  # its key
    period: Period
    value: Number | str | None
    cells: tuple[CellRef, ...] = ()
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who has a published figure, but does not stand in the unit list."""

    line: Published
    name: str
    value: Number | None
    cell: CellRef


def read_published(
    rubric: Rubric, book: Book, periods: Sequence[Period]
) -> tuple[list[Figure], list[Stranger], list[Diagnostic]]:
    """The figures of `periods`, the last of which was asked for: a sheet that dates no row holds those of it alone."""
    asking = _asking(rubric)
    ledgers, told = bind(asking, book)
    figures: list[Figure] = []
    for period in periods:
        data, found = gather(replace(asking, period=period.kind), book, period, exact=True)
        told += [one for one in found if one not in told]
        if data is None:
            continue
        for line in rubric.published:
            ledger = ledgers.get(_sheet(line))
            dated = ledger is not None and (ledger.timing.columns or ledger.every_period)
            if ledger is not None and (dated or period == periods[-1]):
                figures += [
                    _figure(line, unit.key, period, data.facts[unit.key, period][line.term.name]) for unit in data.units
                ]
    return figures, list(_strangers(rubric, ledgers, told)), told


def _sheet(line: Published) -> str:
    return name_key(line.term.measure.sheet) if isinstance(line.term.measure, FromRows) else ""


def _asking(rubric: Rubric) -> Rubric:
    """A rubric that asks for the published figures and nothing else: an indicator for each."""
    named = {_sheet(line) for line in rubric.published} | {name_key(rubric.units.sheet) if rubric.units else ""}
    indicators = []
    for line in rubric.published:
        span, text = line.term.span, line.term.span.text
        pick = Pick((Branch(None, (Amount(Ref(line.term.name)),)),))
        indicators.append(Indicator(line.term.name, (Sentence((pick,), rubric.language, text, span),), span))
    return replace(
        rubric,
        sheets=tuple(line for line in rubric.sheets if name_key(line.sheet) in named),
        terms={line.term.name: line.term for line in rubric.published},
        indicators=tuple(indicators),
        sentences=(),
        grades=(),
        parts=(),
        totals=(),
        gate=None,
        ranking=None,
    )


def _figure(line: Published, unit: str, period: Period, fact: Fact) -> Figure:
    cells = tuple(ref for cells in fact.cells for ref in cells.refs())
    value = fact.value if isinstance(fact.value, (Decimal, Fraction, str)) else None
    if fact.state is State.MISSING and fact.text is not None:
        value = Decimal(0)  # 未报资料记0分
    return Figure(line, unit, period, value, cells, fact.state is State.ERROR)


def _strangers(rubric: Rubric, ledgers: dict[str, Ledger], told: Sequence[Diagnostic]) -> Iterator[Stranger]:
    places = [(one.place, one) for one in told if one.code in (UNIT_NOT_LISTED, UNIT_LOOKS_ALIKE)]
    for line in rubric.published:
        ledger, measure = ledgers.get(_sheet(line)), line.term.measure
        if ledger is None or not isinstance(measure, FromRows) or not isinstance(measure.column, str):
            continue
        column = ledger.columns.get(name_key(measure.column))
        for place, one in places:
            if column is not None and isinstance(place, CellRef) and place.sheet == ledger.sheet.name:
                row = next(iter(ledger.sheet.rows((column.number,), place.row)), None)
                cell = row.cells.get(column.number) if row is not None and row.number == place.row else None
                value = cell.value if cell is not None and isinstance(cell.value, (Decimal, Fraction)) else None
                yield Stranger(line, str(one.values["unit"]), value, ledger.at(place.row, column.number))
