"""What dates the rows of a sheet: a column of dates, or one that names periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from gkxl.periods import Period, PeriodKind, parse_period, period_of
from gkxl.run.ledgers import Timing
from gkxl.run.reading import is_blank, text_date
from gkxl.tables import Cell, CellKind, Row
from gkxl.values import name_key

# Headers of period columns, the finest first; a year beside a finer one gives that its year.
_MONTH, _QUARTER, _YEAR = ("月份", "month"), ("季度", "quarter"), ("年度", "year")
_HEADERS = (*_MONTH, *_QUARTER, "期间", "period", *_YEAR)
NO_YEAR = 0  # the year of a period whose cell names none


def find_timing(headed: Mapping[int, str], rows: Sequence[Row]) -> tuple[Timing, tuple[int, ...]]:
    """The timing that the first rows of a sheet show, and its columns of dates (several: which of them is unknown).

    A column of dates is one whose filled cells are dates, be they real ones or text, at least half of them; or one that
    is called so: else dates that nobody can read would make a ledger that holds for every period.
    """
    keys = {column: name_key(header) for column, header in headed.items()}
    periods = [c for c in keys if keys[c] in _HEADERS and _mostly(_names_period(v, keys[c]) for v in _cells(rows, c))]
    if periods:
        periods.sort(key=lambda column: _HEADERS.index(keys[column]))
        year = next((c for c in periods[1:] if keys[c] in _YEAR), None)
        return Timing(period=periods[0], year=year), ()
    dates = tuple(c for c in sorted(keys) if _dates(headed[c], list(_cells(rows, c))))
    return Timing(date=dates[0] if dates else None), dates


def stated_timing(column: int, header: str, rows: Sequence[Row]) -> Timing:
    """The timing by the column that a sheet line names: periods if its cells name periods, else dates."""
    cells = list(_cells(rows, column))
    if not _mostly(map(is_date_like, cells)) and _mostly(_names_period(cell, name_key(header)) for cell in cells):
        return Timing(period=column)
    return Timing(date=column)


def is_date_like(cell: Cell) -> bool:
    return cell.kind is CellKind.DATE or text_date(cell) is not None


def names_dates(header: str) -> bool:
    key = name_key(header)
    return key.endswith("日期") or "date" in key.split()


def read_period(cell: Cell, header: str, year: int) -> Period | None:
    """The period that a cell under `header` names; one without a year is of `year`. None: it names none."""
    key = name_key(header)
    match cell.kind, cell.value:
        case CellKind.DATE, datetime() as day:
            kinds = ((_QUARTER, PeriodKind.QUARTER), (_YEAR, PeriodKind.YEAR))
            return period_of(day.date(), next((kind for words, kind in kinds if key in words), PeriodKind.MONTH))
        case CellKind.TEXT, str() as text:
            return parse_period(text, year) or (_numbered(Decimal(text), key, year) if text.isdecimal() else None)
        case CellKind.NUMBER, Decimal() as number:
            return _numbered(number, key, year)
    return None


def _numbered(number: Decimal, key: str, year: int) -> Period | None:
    """The period of a bare number: a year, or under 月份 and 季度 the month and quarter."""
    if number != number.to_integral_value():
        return None
    if 1000 <= number < 3000:
        return Period(int(number), PeriodKind.YEAR)
    if key in _MONTH and 1 <= number <= 12:
        return Period(year, PeriodKind.MONTH, int(number))
    if key in _QUARTER and 1 <= number <= 4:
        return Period(year, PeriodKind.QUARTER, int(number))
    return None


def _dates(header: str, cells: Sequence[Cell]) -> bool:
    return _mostly(map(is_date_like, cells)) or (names_dates(header) and bool(cells))


def _names_period(cell: Cell, key: str) -> bool:
    return read_period(cell, key, NO_YEAR) is not None


def _cells(rows: Sequence[Row], column: int) -> Iterable[Cell]:
    return (cell for row in rows if (cell := row.cells.get(column)) is not None and not is_blank(cell))


def _mostly(answers: Iterable[bool]) -> bool:
    answers = list(answers)
    return any(answers) and sum(answers) * 2 >= len(answers)
