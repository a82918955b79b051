"""One pass over a ledger: each row to the unit and period it belongs to, and there to every measure at once."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from gkxl import diagnostics as d
from gkxl.model.rules import Aggregation, FromRows, Prices, RowTest, Rubric, TimeBetween
from gkxl.periods import Period, PeriodKind, period_of
from gkxl.run.calendars import Clock
from gkxl.run.conditions import Cells, Test, compile_test, compile_time, compile_value
from gkxl.run.findings import Findings, within
from gkxl.run.gate import Gate, uses_of
from gkxl.run.ledgers import Ledger, Timing
from gkxl.run.measures import TALLIES, Tally, Total, kept_cells
from gkxl.run.merged import Merged, area_name, merged_in
from gkxl.run.prices import PriceCount
from gkxl.run.reading import Unreadable, cell_text, is_blank
from gkxl.run.reasons import Reasons
from gkxl.run.rows import data_rows
from gkxl.run.timing import NO_YEAR, is_date_like, names_dates, read_period
from gkxl.run.units import NOBODY, Roster
from gkxl.run.uses import columns_of, counted_by, shifts
from gkxl.tables import Area, Cell, CellKind
from gkxl.values import Kind, name_key

# A slot is a unit and a span: unit << SHIFT | span. Spans are numbered as they turn up; the first two are none:
ALWAYS, NOWHERE = 0, 1  # rows of every period; rows whose date cannot be read, which spoil their unit
SHIFT = 20
_SPAN = (1 << SHIFT) - 1
_UNREADABLE_UNIT = -2


class Measured:
    """What one term from rows has come to, by slot; COUNT and ANY keep the rows alone."""

    def __init__(self, name: str, measure: FromRows, ledger: Ledger, clock: Clock) -> None:
        self.name, self.measure, self.ledger = name, measure, ledger
        self.rows: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        self.broken: dict[int, tuple[int, int]] = {}  # slot: row and column of the cell that spoils it
        self.column = ledger.unit
        self.value: Callable[[Cells], Cell | None] | None = None
        self.new_tally = TALLIES.get(measure.op, Total)
        self.tallies: defaultdict[int, Tally] = defaultdict(self.new_tally)
        if isinstance(measure.column, TimeBetween):
            self.column = ledger.columns[name_key(measure.column.end)].number
            self.value = compile_time(measure.column, ledger.columns, clock)
        elif measure.column is not None and measure.op not in (Aggregation.COUNT, Aggregation.ANY):
            column = ledger.columns[name_key(measure.column)]
            self.column, self.value = column.number, compile_value(column)


@dataclass
class _Group:
    """The measures that share one condition."""

    test: Test | None
    counts: list[Measured] = field(default_factory=list)
    values: list[tuple[Measured, Callable[[Cells], Cell | None]]] = field(default_factory=list)
    prices: list[tuple[Measured, PriceCount]] = field(default_factory=list)


class Sweep:
    """The pass over one ledger. `spans` are the periods of the slots."""

    def __init__(
        self, ledger: Ledger, rubric: Rubric, roster: Roster, measures: list[tuple[str, FromRows]],
        prices: list[Prices], year: int | None, asked: Period | None, findings: Findings,
        clock: Clock, merged: Merged | None = None,
    ) -> None:  # fmt: skip
        self.ledger, self.rubric, self.roster, self.findings = ledger, rubric, roster, findings
        self.year, self.asked = year, asked
        self.measured = {name: Measured(name, measure, ledger, clock) for name, measure in measures}
        self.prices = [(self.measured[p.ref.term], PriceCount(p, ledger)) for p in prices]
        self.reasons = Reasons(ledger, dict(measures))
        self.spans: list[Period | None] = [None, None]
        self._numbers: dict[Period, int] = {}
        self.shifts = tuple(shifts(rubric))  # how far back terms look
        self.counted = {unit: counted_by(rubric, unit) for unit in PeriodKind}  # the terms that are counted by a unit
        self._groups = self._plan(clock)
        self._strangers: dict[str, dict[int, list[int]]] = {}  # by name and span: first row, how many
        self._populated: set[int] = set()
        self._inside: dict[int, bool] = {}  # spans: whether they lie where the rules, or the user, fix the period
        self.broken = False  # nothing of it can be used
        self.merged = merged  # None: unknown until the last row has passed

    def _plan(self, clock: Clock) -> list[_Group]:
        clock = replace(clock, row_date=self.ledger.timing.date)
        groups: dict[RowTest | None, _Group] = {}
        for measured in self.measured.values():
            where = measured.measure.where
            if where not in groups:
                test = compile_test(where, self.ledger.columns, clock) if where is not None else None
                groups[where] = _Group(test)
            if measured.value is not None:
                groups[where].values.append((measured, measured.value))
            else:
                groups[where].counts.append(measured)
        for measured, count in self.prices:
            groups[measured.measure.where].prices.append((measured, count))
        return list(groups.values())

    def run(self) -> Timing | None:
        """Read all rows. Returns a timing where a column turns out, late, to be the only one of dates: start anew."""
        ledger, roster = self.ledger, self.roster
        unit_column, timing = ledger.unit, ledger.timing
        date_column, period_column = timing.date, timing.period
        used = {unit_column, *timing.columns, *(column.number for column in ledger.columns.values())}
        for _, count in self.prices:
            used.update(count.columns())
        content = {column for column in used if column >= unit_column}
        used |= self.reasons.columns
        uses = uses_of(
            ledger, [one.measure for one in self.measured.values()], [count.prices for _, count in self.prices]
        )
        self.gate = gate = Gate(ledger, used, uses, self.rubric.check_date, self.findings)
        look = gate.look
        unseen = set(ledger.unseen)
        scans = [count for _, count in self.prices if count.open]
        units: dict[object, int] = {}
        by_day = not self.counted[PeriodKind.WEEK].isdisjoint(self.measured)  # weeks lie across months
        finest = PeriodKind.DAY if by_day else PeriodKind.MONTH
        months: dict[int, int] = {}
        check_date = self.rubric.check_date
        too_late = datetime.combine(check_date, time(23, 59, 59, 999_999)) if check_date else datetime.max
        named: dict[object, int | None] = {}
        fixed = self.rubric.fixed_period is not None
        populated = self._populated

        def is_unit(cell: Cell) -> bool:
            return name_key(cell_text(cell)) in roster.by_key

        for number, cells, _ in data_rows(ledger, used | unseen, self.findings, is_unit, gate.total):
            if unseen:
                late = self._late_dates(unseen, number, cells)
                if late is not None:
                    return late
            for scan in scans:
                scan.scan(cells)
            cell = cells.get(unit_column)
            if cell is None:
                if any(column in cells and not is_blank(cells[column]) for column in content):
                    self.findings.add(d.UNIT_BLANK, ledger.at(number, unit_column))
                continue
            look(number, cells.get)
            unit = units.get(cell.value)
            if unit is None:
                unit = units[cell.value] = self._unit(cell, number)
            if unit == _UNREADABLE_UNIT:
                self._refuse_unit(cell, number, cells, content)
                continue
            if unit == NOBODY and self.merged and self._is_caption(self.merged, number):
                continue
            span: int | None
            day: datetime | None = None
            if date_column is not None:
                when = cells.get(date_column)
                if when is not None and isinstance(when.value, datetime):
                    day = when.value
                    month = day.toordinal() if by_day else day.year * 12 + day.month - 1
                    span = months.get(month)
                    if span is None:
                        span = months[month] = self._span(period_of(day.date(), finest))
                        gate.see_date(number, date_column, day)
                    elif gate.counts:
                        gate.see_date(number, date_column, day)
                    if day > too_late:
                        gate.late.append(number)
                else:
                    span = self._undatable(when, number, date_column)
            elif period_column is not None:
                when = cells.get(period_column)
                year = cells.get(timing.year) if timing.year is not None else None
                key = (when.value if when else None, year.value if year else None)
                if key not in named:
                    named[key] = self._named_span(when, year)
                span = named[key]
                if span is None:
                    span = self._unnamed(when, number, period_column)
                elif period := self.spans[span]:
                    day = datetime.combine(period.last_day, time())
            else:
                span = ALWAYS
            if span is None:
                continue
            if unit == NOBODY:
                stranger = self._strangers.setdefault(cell_text(cell).strip(), {}).setdefault(span, [number, 0])
                stranger[1] += 1
                continue
            populated.add(span)
            if fixed:
                self._tell_outside(span, number)
            self._take(unit << SHIFT | span, number, cells, day)
        self._finish()
        if self.merged is None:
            self.merged = merged_in(ledger)
        return None

    @property
    def misread(self) -> bool:
        """Whether merged cells have to do with what was read, which was not known when the rows passed."""
        return bool(self.merged) and not self.merged.columns.isdisjoint(self.gate.columns)  # type: ignore[union-attr]

    def _take(self, slot: int, number: int, cells: Cells, day: datetime | None) -> None:
        """Give a row to every measure whose condition holds."""
        if self.merged:
            self._spoil_merged(self.merged, slot, number, cells)
        if self.reasons.columns:
            self.reasons.note(number, cells)
        for group in self._groups:
            if group.test is not None:
                try:
                    if not group.test(cells):
                        continue
                except Unreadable as unreadable:
                    for measured in group.counts:
                        self.spoil(measured, slot, number, unreadable)
                    for measured, _ in group.values:
                        self.spoil(measured, slot, number, unreadable)
                    continue
            for measured in group.counts:
                measured.rows[slot].append(number)
            for measured, value in group.values:
                try:
                    cell = value(cells)
                except Unreadable as unreadable:
                    self.spoil(measured, slot, number, unreadable)
                    continue
                if cell is not None:
                    measured.tallies[slot].take(number, cell, day)
                elif measured.measure.op is Aggregation.VALUE:
                    measured.tallies[slot].blank = number  # type: ignore[union-attr]  # a Single
            for measured, count in group.prices:
                try:
                    count.take(slot, number, cells)
                except Unreadable as unreadable:
                    self.spoil(measured, slot, number, unreadable)

    def spoil(self, measured: Measured, slot: int, number: int, unreadable: Unreadable) -> None:
        measured.broken.setdefault(slot, (number, unreadable.column))
        at = self.ledger.at(number, unreadable.column)
        header = self.ledger.headed.get(unreadable.column)
        self.findings.cell(at, unreadable.cell, unreadable.need, self.span(slot), header)

    def _spoil_merged(self, merged: Merged, slot: int, number: int, cells: Cells) -> None:
        """What needs a cell that is under a merge cannot be said of this row."""
        for measured in self.measured.values():
            prices = [count.columns() for one, count in self.prices if one is measured and not count.open]
            named = {self.ledger.columns[name_key(name)].number for name in columns_of(measured.measure)}
            for column, area in merged.hidden(number, named.union(*prices)):
                measured.broken.setdefault(slot, (number, column))
                if is_blank(cells.get(column)):  # a value that is hidden there is told of by the gate
                    self._tell_merged(number, column, area)

    def _is_caption(self, merged: Merged, number: int) -> bool:
        """Whether the cell of the unit reaches across others: a note or a heading among the rows."""
        unit = self.ledger.unit
        return any(area.left <= unit < area.right for _, area in merged.hidden(number, self.gate.columns))

    def _tell_merged(self, number: int, column: int, area: Area) -> None:
        name = area_name(self.ledger.sheet.name, area)
        self.findings.add(d.MERGED_DATA, self.ledger.at(number, column), area=name, column=self.ledger.headed[column])

    def span(self, slot: int) -> Period | None:
        return self.spans[slot & _SPAN]

    # --- Units -------------------------------------------------------------------------------------------------------

    def _unit(self, cell: Cell, number: int) -> int:
        if is_blank(cell) or cell.kind in (CellKind.ERROR, CellKind.UNCALCULATED):
            return _UNREADABLE_UNIT
        return self.roster.find(cell, self.ledger.at(number, self.ledger.unit))

    def _refuse_unit(self, cell: Cell, number: int, cells: Cells, content: set[int]) -> None:
        at = self.ledger.at(number, self.ledger.unit)
        if not is_blank(cell):
            self.findings.cell(at, cell, Kind.TEXT, header=self.ledger.headed.get(self.ledger.unit))
        elif any(column in cells and not is_blank(cells[column]) for column in content):
            self.findings.add(d.UNIT_BLANK, at)

    # --- Periods -----------------------------------------------------------------------------------------------------

    def _span(self, period: Period) -> int:
        if period not in self._numbers:
            self._numbers[period] = len(self.spans)
            self.spans.append(period)
        return self._numbers[period]

    def _undatable(self, cell: Cell | None, number: int, column: int) -> int | None:
        """Of a row whose date is no date: a blank is in no period, anything else spoils the unit."""
        at = self.ledger.at(number, column)
        if cell is None or is_blank(cell):
            return self._undated(number, column)
        self.findings.cell(at, cell, Kind.DATE, header=self.ledger.headed[column])
        return NOWHERE

    def _undated(self, number: int, column: int) -> int | None:
        """Of a row whose date is blank, or under a merge."""
        area = self.merged.at(number, column) if self.merged else None
        if area is None:
            self.findings.add(d.DATE_BLANK, self.ledger.at(number, column))
            return None
        self._tell_merged(number, column, area)
        return NOWHERE

    def _named_span(self, cell: Cell | None, year: Cell | None) -> int | None:
        period = self._named_period(cell, year)
        return self._span(period) if period is not None and period.year != NO_YEAR else None

    def _named_period(self, cell: Cell | None, year: Cell | None) -> Period | None:
        if cell is None or is_blank(cell) or self.ledger.timing.period is None:
            return None
        stated = read_period(year, "year", NO_YEAR) if year is not None else None
        number = stated.year if stated else self.year or NO_YEAR
        return read_period(cell, self.ledger.headed[self.ledger.timing.period], number)

    def _unnamed(self, cell: Cell | None, number: int, column: int) -> int | None:
        at, f = self.ledger.at(number, column), self.findings
        if cell is None or is_blank(cell):
            return self._undated(number, column)
        text = cell_text(cell)
        if cell.kind in (CellKind.ERROR, CellKind.UNCALCULATED):
            f.cell(at, cell, Kind.TEXT, header=self.ledger.headed[column])
        elif self._named_period(cell, None) is None:
            f.add(d.PERIOD_UNREADABLE, at, text=text)
        else:
            kind = self.rubric.period or PeriodKind.YEAR
            words = {"month": "月", "quarter": "季度", "half-year": "半年", "year": "年"}
            f.add(d.PERIOD_WITHOUT_YEAR, at, text=text, kind=f.say(words[kind.value], kind.value), year=2025)
        return NOWHERE

    def _tell_outside(self, span: int, number: int) -> None:
        """Where the rules fix the period, a row outside it is outside every period."""
        inside = self._inside.get(span)
        if inside is None:
            period, fixed = self.spans[span], self.rubric.fixed_period
            inside = period is None or fixed is None or within(period, fixed)
            wholes = [whole for whole in (fixed, self.asked) if whole is not None]
            wholes += [whole.back(*shift) for whole in wholes for shift in self.shifts]
            inside = inside or (period is not None and any(within(period, whole) for whole in wholes))
            self._inside[span] = inside
        if inside:
            return
        column = self.ledger.timing.columns[0]
        at = self.ledger.at(number, column)
        self.findings.add(d.DATE_OUTSIDE, at, date=self.spans[span], period=self.rubric.fixed_period)

    def _late_dates(self, unseen: set[int], number: int, cells: Cells) -> Timing | None:
        """Columns that were blank so far and now hold a date: the row's date, or one too many."""
        for column in [column for column in unseen if column in cells]:
            unseen.discard(column)
            if not is_date_like(cells[column]) and not names_dates(self.ledger.headed[column]):
                continue
            dated = self.ledger.timing.date
            if dated is None:
                return Timing(date=column)
            names = self.findings.listed([self.ledger.headed[dated], self.ledger.headed[column]])
            lines = [
                self.findings.say(f"请在规则里写:表 {self.ledger.name}:日期列 {name}",
                                  f'Write in the rules: sheet {self.ledger.name}: date in "{name}"')
                for name in (self.ledger.headed[dated], self.ledger.headed[column])
            ]  # fmt: skip
            at = self.ledger.at(number, column)
            self.findings.add(d.DATE_COLUMNS, at, tuple(lines), sheet=self.ledger.name, columns=names)
            self.broken = True
        return None

    # --- The end -----------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        for measured in self.measured.values():
            for slot, rows in measured.rows.items():
                if slot & _SPAN == NOWHERE:
                    measured.broken.setdefault(slot, (rows[0], self.ledger.timing.columns[0]))
            for slot, tally in measured.tallies.items():
                if slot & _SPAN == NOWHERE:
                    row = next((row for row, _ in kept_cells(tally)), self.ledger.header_row)
                    measured.broken.setdefault(slot, (row, self.ledger.timing.columns[0]))

    def periods(self) -> set[Period]:
        """Those that rows of units are in."""
        return {period for span in self._populated if (period := self.spans[span]) is not None}

    def tell_strangers(self, periods: Collection[Period]) -> None:
        """Names that the unit list does not have, in rows of these periods."""
        for written, spans in self._strangers.items():
            rows = [
                found
                for span, found in spans.items()
                if (period := self.spans[span]) is None or any(within(period, other) for other in periods)
            ]
            if rows:
                at = self.ledger.at(min(row for row, _ in rows), self.ledger.unit)
                self.roster.tell_unknown(written, sum(count for _, count in rows), at, self.findings)
