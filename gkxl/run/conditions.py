"""Row conditions as closures over the cells of a row, compiled once. A closure raises `Unreadable` at a cell that is not
of the kind it needs; a comparison with a blank cell is false."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from datetime import time as daytime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gkxl import diagnostics as d
from gkxl.model.rules import (
    After,
    CheckDate,
    Const,
    InForce,
    Lasts,
    Operand,
    RowAll,
    RowAny,
    RowNot,
    RowTest,
    Text,
    TimeBetween,
)
from gkxl.model.rules import Column as ColumnOperand
from gkxl.periods import TimeUnit, add_months
from gkxl.run.calendars import Clock, YearMissing
from gkxl.run.ledgers import Column
from gkxl.run.reading import NO, YES, Lack, Unreadable, cell_key, is_blank, truth
from gkxl.tables import BLANK, Cell, CellKind
from gkxl.values import Kind, Number, exact, multiply, name_key, shown

Cells = Mapping[int, Cell]
Test = Callable[[Cells], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_KINDS = {CellKind.NUMBER: Kind.NUMBER, CellKind.RATE: Kind.RATE, CellKind.DATE: Kind.DATE}
_KNOWN = 10_000  # texts whose answer is remembered


def compile_test(test: RowTest, columns: Mapping[str, Column], clock: Clock) -> Test:
    """The closure of a condition; `columns` by name key must hold all that it names."""
    match test:
        case RowNot(inner):
            negated = compile_test(inner, columns, clock)
            return lambda cells: not negated(cells)
        case RowAll(tests):
            return _all([compile_test(t, columns, clock) for t in tests])
        case RowAny(tests):
            return _any([compile_test(t, columns, clock) for t in tests])
        case Lasts():
            return _lasts(test, columns, clock)
    column = columns[name_key(test.column)]
    number, operands = column.number, test.operands
    match test.op:
        case "blank":
            return lambda cells: _blank(cells, number)
        case "not blank":
            return lambda cells: not _blank(cells, number)
        case "true":
            return _yes(number)
        case "contains":
            parts = [name_key(_words(operand)) for operand in operands]
            return _of_key(number, lambda key: any(part in key for part in parts))
        case "one of" if not any(isinstance(operand, Text) for operand in operands):
            return _any([_compare(column, "=", operand, columns, clock) for operand in operands])
        case "one of":
            return _among(number, operands)
        case "months before":
            return _months_before(number, operands, clock.check_date)
    return _compare(column, test.op, operands[0], columns, clock)


def _all(tests: Sequence[Test]) -> Test:
    def test(cells: Cells) -> bool:
        for each in tests:  # a loop costs half of what all() over a generator does  # noqa: SIM110
            if not each(cells):
                return False
        return True

    return test


def _any(tests: Sequence[Test]) -> Test:
    def test(cells: Cells) -> bool:
        for each in tests:  # noqa: SIM110
            if each(cells):
                return True
        return False

    return test


def compile_value(column: Column) -> Callable[[Cells], Cell | None]:
    """The cell of a column, its number in the unit that the header states; None for a blank."""
    number, scale, percent = column.number, column.scale, column.percent

    def value(cells: Cells) -> Cell | None:
        cell = cells.get(number)
        if cell is None:
            return None
        if scale is None and (cell.kind is CellKind.NUMBER or cell.kind is CellKind.DATE):
            return cell
        if is_blank(cell):
            return None
        if scale is not None and cell.kind is CellKind.NUMBER and isinstance(cell.value, Decimal):
            scaled = multiply(cell.value, scale)
            if isinstance(scaled, Decimal):
                return Cell(CellKind.RATE if percent else CellKind.NUMBER, scaled)
        return cell

    return value


def compile_time(time: TimeBetween, columns: Mapping[str, Column], clock: Clock) -> Callable[[Cells], Cell | None]:
    """The time from one date of a row to another, the start not counted: early is 0, a blank end is the check date."""
    start, end, unit = columns[name_key(time.start)].number, columns[name_key(time.end)].number, time.unit

    def value(cells: Cells) -> Cell | None:
        first, last = _moment(cells, start), _moment(cells, end)
        if last is None and clock.check_date is not None:  # of the check date, the whole day counts
            last = datetime.combine(clock.check_date, daytime(23, 59, 59, 999_999))
        if first is None or last is None:
            raise Unreadable(start if first is None else end, BLANK, Kind.DATE)
        if unit is TimeUnit.HOUR:
            return Cell(CellKind.NUMBER, _hours(cells, start, end, clock))
        try:
            return Cell(CellKind.NUMBER, Decimal(clock.days(first.date(), last.date(), unit)))
        except YearMissing as missing:
            raise _no_year(missing, cells, start if missing.year == first.year else end) from None

    return value


def _hours(cells: Cells, start: int, end: int, clock: Clock) -> Number:
    """Exact hours between two moments."""
    first, last = _timed(cells, start), _timed(cells, end)
    if last is None and clock.check_date is not None:  # of the check date the whole day counts
        last = datetime.combine(clock.check_date + timedelta(1), daytime())
    assert first is not None
    assert last is not None
    return exact(max(Fraction((last - first) // timedelta(microseconds=1), 3_600_000_000), Fraction(0)))


def _timed(cells: Cells, number: int) -> datetime | None:
    """A moment; a bare day has none, and midnight looks the same."""
    moment = _moment(cells, number)
    if moment is not None and moment.time() == daytime():
        raise Unreadable(number, cells[number], Lack(d.TIME_OF_DAY_NEEDED, {"date": moment.date()}))
    return moment


def _no_year(missing: YearMissing, cells: Cells, number: int) -> Unreadable:
    cell = cells.get(number, BLANK)
    return Unreadable(number, cell, Lack(d.CALENDAR_WITHOUT_YEAR, {"year": missing.year}))


def _lasts(test: Lasts, columns: Mapping[str, Column], clock: Clock) -> Test:
    """A blank start makes the comparison false; a blank end is the check date."""
    start, holds, limit = columns[name_key(test.between.start)].number, _COMPARE[test.op], test.count
    value = compile_time(test.between, columns, clock)

    def lasts(cells: Cells) -> bool:
        if _day(cells, start) is None:
            return False
        cell = value(cells)
        return cell is not None and holds(cell.value, limit)

    return lasts


def _after(column: Column, op: str, after: After, columns: Mapping[str, Column], clock: Clock) -> Test:
    """答复日期晚于收到日期后1个工作日: the day itself is on time. Hours are counted by the clock, anything else by the day."""
    number, start, holds = column.number, columns[name_key(after.column)].number, _COMPARE[op]
    unit, count = after.unit, after.count

    def by_day(cells: Cells) -> bool:
        first, day = _day(cells, start), _day(cells, number)
        if first is None or day is None:
            return False
        try:
            return holds(day, clock.after(first, int(count), unit))
        except YearMissing as missing:
            raise _no_year(missing, cells, start) from None
        except OverflowError:
            raise Unreadable(start, cells[start], Kind.DATE) from None

    def by_hour(cells: Cells) -> bool:
        first, moment = _timed(cells, start), _timed(cells, number)
        if first is None or moment is None:
            return False
        return holds(Fraction((moment - first) // timedelta(microseconds=1), 3_600_000_000), count)

    return by_hour if unit is TimeUnit.HOUR else by_day


def _refuse_errors(number: int, cell: Cell) -> None:
    if cell.kind is CellKind.ERROR or cell.kind is CellKind.UNCALCULATED:
        raise Unreadable(number, cell, Kind.TEXT)


def _blank(cells: Cells, number: int) -> bool:
    cell = cells.get(number)
    if cell is None or is_blank(cell):
        return True
    _refuse_errors(number, cell)
    return False


def _yes(number: int) -> Test:
    def test(cells: Cells) -> bool:
        cell = cells.get(number)
        if cell is None or is_blank(cell):
            return False
        answer = truth(cell)
        if answer is None:
            raise Unreadable(number, cell, Kind.YESNO)
        return answer

    return test


def _words(operand: Operand) -> str:
    match operand:
        case Text(text):
            return text
        case Const(value=date() as day):
            return day.isoformat()
        case Const(value=Decimal() as value, kind=kind):
            return f"{shown(value.scaleb(2))}%" if kind is Kind.RATE else shown(value)
    return operand.shown if isinstance(operand, Const) else ""


def _among(number: int, operands: Sequence[Operand], negate: bool = False) -> Test:
    keys = frozenset(name_key(_words(operand)) for operand in operands)
    yes, no = bool(keys & YES) is not negate, bool(keys & NO) is not negate
    return _of_key(number, lambda key: (key in keys) is not negate, lambda answer: yes if answer else no)


def _of_key(number: int, holds: Callable[[str], bool], of_bool: Callable[[bool], bool] | None = None) -> Test:
    """A test of what the cell says, by its key."""
    known: dict[str, bool] = {}

    def test(cells: Cells) -> bool:
        cell = cells.get(number)
        if cell is None:
            return False
        kind, value = cell
        if kind is CellKind.TEXT and isinstance(value, str):
            answer = known.get(value)
            if answer is None:
                if len(known) >= _KNOWN:
                    known.clear()
                key = name_key(value)
                answer = known[value] = bool(key) and holds(key)
            return answer
        if kind is CellKind.BLANK:
            return False
        _refuse_errors(number, cell)
        if of_bool is not None and isinstance(value, bool):
            return of_bool(value)
        return holds(cell_key(cell))

    return test


def _compare(column: Column, op: str, operand: Operand, columns: Mapping[str, Column], clock: Clock) -> Test:
    match operand:
        case Text():
            return _among(column.number, [operand], negate=op == "!=")
        case ColumnOperand(name):
            return _columns(column, op, columns[name_key(name)])
        case After():
            return _after(column, op, operand, columns, clock)
        case InForce():
            return _in_force(column, op, operand, columns, clock)
        case CheckDate():
            return _dated(column.number, op, _stated(clock.check_date))
        case Const(value=date() as day):
            return _dated(column.number, op, day)
    holds, limit = _COMPARE[op], operand.value
    value, number = compile_value(column), column.number
    need = Kind.RATE if operand.kind is Kind.RATE else Kind.NUMBER
    kind = CellKind.RATE if operand.kind is Kind.RATE else CellKind.NUMBER
    plain = column.scale is None  # the number is what the cell holds

    def test(cells: Cells) -> bool:
        cell = cells.get(number)
        if cell is None:
            return False
        if not plain or cell.kind is not kind:
            cell = value(cells)
            if cell is None:
                return False
            if cell.kind is not kind:
                raise Unreadable(number, cell, need)
        return holds(cell.value, limit)

    return test


def _in_force(column: Column, op: str, operand: InForce, columns: Mapping[str, Column], clock: Clock) -> Test:
    """A comparison with the value that is in force on the date of the row; a blank date is in no period anyway."""
    tests = [(begins, _compare(column, op, value, columns, clock)) for begins, value, _ in reversed(operand.values)]
    dated, first = clock.row_date, operand.values[0][0]

    def test(cells: Cells) -> bool:
        if dated is None:
            raise Unreadable(
                column.number, cells.get(column.number, BLANK), Lack(d.ROW_WITHOUT_DATE, {"term": operand.term})
            )
        day = _day(cells, dated)
        if day is None:
            return False
        for begins, compared in tests:
            if begins <= day:
                return compared(cells)
        values: dict[str, object] = {"term": operand.term, "day": day, "first": first}
        raise Unreadable(dated, cells[dated], Lack(d.NO_VALUE_FOR_ROW, values))

    return test


def _stated(check_date: date | None) -> date:
    if check_date is None:
        raise ValueError("the check date is asked for but not stated")  # the checker refuses such a file
    return check_date


def _moment(cells: Cells, number: int) -> datetime | None:
    cell = cells.get(number)
    if cell is None or is_blank(cell):
        return None
    if isinstance(cell.value, datetime):
        return cell.value
    raise Unreadable(number, cell, Kind.DATE)


def _day(cells: Cells, number: int) -> date | None:
    moment = _moment(cells, number)
    return moment.date() if moment is not None else None


def _dated(number: int, op: str, limit: date) -> Test:
    holds = _COMPARE[op]

    def test(cells: Cells) -> bool:
        day = _day(cells, number)
        return day is not None and holds(day, limit)

    return test


def _months_before(number: int, operands: Sequence[Operand], check_date: date | None) -> Test:
    """From the same day `n` months earlier (the last of the month, where there is none) to the check date, included."""
    last = _stated(check_date)
    months = next((int(o.value) for o in operands if isinstance(o, Const) and isinstance(o.value, Decimal)), 0)
    first = add_months(last, -months)

    def test(cells: Cells) -> bool:
        day = _day(cells, number)
        return day is not None and first <= day <= last

    return test


def _columns(left: Column, op: str, right: Column) -> Test:
    """Two columns of a row: dates by the day, numbers and rates among themselves, else what they say."""
    holds, value, other = _COMPARE[op], compile_value(left), compile_value(right)

    def test(cells: Cells) -> bool:
        a, b = value(cells), other(cells)
        if a is None or b is None:
            return False
        _refuse_errors(left.number, a)
        _refuse_errors(right.number, b)
        if isinstance(a.value, datetime) and isinstance(b.value, datetime):
            return holds(a.value.date(), b.value.date())
        if a.kind is b.kind and a.kind in _KINDS:
            return holds(a.value, b.value)
        if op in ("=", "!=") and a.kind not in _KINDS and b.kind not in _KINDS:
            return holds(cell_key(a), cell_key(b))
        if a.kind in _KINDS:
            raise Unreadable(right.number, b, _KINDS[a.kind])
        raise Unreadable(left.number, a, _KINDS.get(b.kind, Kind.NUMBER))

    return test
