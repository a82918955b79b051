"""From a workbook to facts: what each term from rows comes to, for every unit and every period that is wanted."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, GkError
from gkxl.model.rules import Aggregation, Clause, FromRows, Pick, Prices, Rubric
from gkxl.periods import Period, TimeUnit, period_of
from gkxl.run.calendars import Clock
from gkxl.run.days_off import read_clock
from gkxl.run.facts import Cells, Data, Fact, State, prices_key
from gkxl.run.findings import Findings, within
from gkxl.run.ledgers import Ledger
from gkxl.run.listed import with_units
from gkxl.run.look_back import Earlier, look_back, too_coarse
from gkxl.run.measures import Reading, Tally, kept_cells, kind_of, misfits, two_values
from gkxl.run.merged import Merged, merged_in
from gkxl.run.prices import PriceCount
from gkxl.run.sweep import ALWAYS, NOWHERE, SHIFT, Measured, Sweep
from gkxl.run.units import Roster
from gkxl.run.uses import (
    columns_of,
    lenient_terms,
    may_be_columns,
    needs,
    prices_of,
    reach,
    shorter_kinds,
    units_of,
)
from gkxl.tables import Book
from gkxl.values import Kind, name_key, shown

_SPOILT = Fact(State.ERROR, None)  # its sheet or column was not found or not readable


def gather(
    rubric: Rubric, book: Book, period: Period | None = None, exact: bool = False
) -> tuple[Data | None, list[Diagnostic]]:
    """The facts of the period asked for, of the one that the rules fix, or of the latest with data.

    None where there is nobody or nothing to score. Terms whose sheet or column fails have facts in state ERROR. `exact`:
    a row that names its period counts in that one alone, and in no longer one.
    """
    if rubric.units is None or rubric.checks_alone:
        return Data((), (), {}), []
    findings = Findings(rubric.language)
    ledgers, roster, diagnostics = with_units(rubric, book, findings)
    if roster is None or not roster.units:
        return None, diagnostics + findings.diagnostics()
    gathering = _Gathering(rubric, roster, findings, period, read_clock(rubric, book, findings), exact)
    gathering.read(ledgers)
    data = gathering.data()
    told = (*data.periods, *gathering.earlier.asked) if data else None
    try:
        gathering.tell(told)
    except GkError as error:
        findings.others += error.diagnostics
    return data, diagnostics + findings.diagnostics(told)


@dataclass
class _Gathering:
    """The passes over the ledgers of one rubric, and the facts from them."""

    rubric: Rubric
    roster: Roster
    findings: Findings
    asked: Period | None
    clock: Clock
    exact: bool
    sweeps: list[Sweep] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)  # terms, and keys of price lists, without a ledger or column

    def __post_init__(self) -> None:
        self.fixed = self.asked or self.rubric.fixed_period
        self.needs = needs(self.rubric)
        self.lenient = lenient_terms(self.rubric)
        self.kinds: dict[str, Kind] = {}
        self._reached: dict[object, set[str]] = {}
        self.earlier = Earlier()

    # --- Reading -----------------------------------------------------------------------------------------------------

    def read(self, ledgers: dict[str, Ledger]) -> None:
        measures: dict[str, list[tuple[str, FromRows]]] = {}
        for term in self.rubric.terms.values():
            if isinstance(term.measure, FromRows):
                measures.setdefault(name_key(term.measure.sheet), []).append((term.name, term.measure))
        prices = {prices_key(prices): prices for prices in prices_of(self.rubric)}
        for key, found in measures.items():
            ledger = ledgers.get(key)
            names = {name for name, measure in found if ledger and self._can_read(ledger, measure)}
            self.spoilt.update(name for name, _ in found if name not in names)
            priced = []
            for price_key, listed in prices.items():
                details = listed.repeats.columns if listed.repeats else ()
                columns = (*(listed.columns or ()), *details)
                if listed.ref.term in names and ledger and _has_columns(ledger, columns):
                    priced.append(listed)
                elif any(listed.ref.term == name for name, _ in found):
                    self.spoilt.add(price_key)
            if ledger is not None and names:
                self._sweep(ledger, [(name, measure) for name, measure in found if name in names], priced)

    def _can_read(self, ledger: Ledger, measure: FromRows) -> bool:
        counted = self.clock.working is not None or TimeUnit.WORKING_DAY not in units_of(measure)
        clear = ledger.unclear.isdisjoint(map(name_key, may_be_columns(measure)))
        return counted and clear and _has_columns(ledger, columns_of(measure))

    def _sweep(
        self, ledger: Ledger, measures: list[tuple[str, FromRows]], prices: list[Prices], merged: Merged | None = None
    ) -> None:
        year = self.fixed.year if self.fixed else None
        mark = self.findings.mark()
        sweep = Sweep(
            ledger, self.rubric, self.roster, measures, prices, year, self.asked, self.findings, self.clock, merged
        )
        try:
            late = sweep.run()
        except GkError as error:
            self.findings.others += error.diagnostics
            late, sweep.broken = None, True
        if late is not None:
            self._sweep(replace(ledger, timing=late, unseen=frozenset()), measures, prices, merged)
        elif sweep.broken:
            self.spoilt.update(name for name, _ in measures)
            self.spoilt.update(map(prices_key, prices))
        elif merged is None and sweep.misread:
            self.findings.back_to(mark)
            self._sweep(ledger, measures, prices, sweep.merged)
        else:
            self.sweeps.append(sweep)

    # --- Periods -----------------------------------------------------------------------------------------------------

    def _periods(self) -> tuple[Period, ...]:
        """Those to score: the one asked for or fixed, else the latest with data; a year after its periods with data.

        What begins after the check date, if one is fixed, is still to come.
        """
        kind, fixed = self.rubric.period, self.fixed
        there = {period for sweep in self.sweeps for period in sweep.periods()}
        if fixed is not None:
            if kind is None or kind.months >= fixed.kind.months:
                return (fixed,)
            return (*(part for part in fixed.split(kind) if any(within(span, part) for span in there)), fixed)
        if kind is None:
            return ()
        found = {period_of(s.first_day, kind) for s in there if s.kind.months <= kind.months}
        today = self.rubric.check_date
        found = {period for period in found if today is None or period.first_day <= today} or found
        return (max(found, key=lambda p: p.first_day),) if found else ()

    def _wanted(self, periods: Sequence[Period]) -> list[Period]:
        """The periods that facts are needed of: also the shorter ones that are counted, capped or summed."""
        wanted = dict.fromkeys(periods)
        kinds = shorter_kinds(self.rubric)
        if self.rubric.period is not None and len(periods) == 1:
            kinds.add(self.rubric.period)
        for period in periods:
            for kind in kinds:
                if kind.months < period.kind.months:
                    wanted.update(dict.fromkeys(period.split(kind)))
        return list(wanted)

    # --- Facts -------------------------------------------------------------------------------------------------------

    def data(self) -> Data | None:
        periods = self._periods()
        if not periods:
            if not self.spoilt:  # else the sheet that would tell it is the thing to mend
                self.findings.add(d.NO_PERIOD, self.rubric.units.span if self.rubric.units else None)
            return None
        wanted = self._wanted(periods)
        self.earlier = look_back(self.rubric, wanted, lambda name, period: self._needs_one(name, period, periods))
        wanted += [period for period in self.earlier.asked if period not in wanted]
        facts: dict[tuple[str, Period], dict[str, Fact]] = {
            (unit.key, period): dict.fromkeys(sorted(self.spoilt), _SPOILT)
            for unit in self.roster.units
            for period in wanted
        }
        for sweep in self.sweeps:
            sweep.tell_strangers(wanted)
            slots = {period: _slots(sweep, period, self.exact) for period in wanted}
            for measured in sweep.measured.values():
                self._facts_of(measured, sweep, slots, periods, facts)
            for measured, count in sweep.prices:
                self._prices_of(measured, count, sweep, slots, facts)
        return Data(self.roster.units, periods, facts, self.kinds)

    def _facts_of(
        self, measured: Measured, sweep: Sweep, slots: dict[Period, list[int]], periods: Sequence[Period],
        facts: dict[tuple[str, Period], dict[str, Fact]],
    ) -> None:  # fmt: skip
        name, op = measured.name, measured.measure.op
        how = self._reading(measured)
        if how.kind is not None:
            self.kinds[name] = how.kind
        for slot, tally in measured.tallies.items():
            for row, cell, need in misfits(tally, how):
                measured.broken.setdefault(slot, (row, measured.column))
                if self.earlier.concerns(name, sweep.span(slot), periods):
                    header = sweep.ledger.headed.get(measured.column)
                    at = sweep.ledger.at(row, measured.column)
                    self.findings.cell(at, cell, need, sweep.span(slot), header)
        undated = self._undated(measured, periods)
        gaps = self.earlier.gaps(measured, sweep, periods) | too_coarse(measured, sweep, slots)
        for period, spans in slots.items():
            single = self._needs_one(name, period, periods) or (name, period) in self.earlier.single
            for index, unit in enumerate(self.roster.units):
                mine = [index << SHIFT | span for span in spans]
                broken = next(
                    (measured.broken[s] for s in (*mine, index << SHIFT | NOWHERE) if s in measured.broken), None
                )
                fact: Fact
                if broken is not None:
                    fact = Fact(State.ERROR, None, (Cells(sweep.ledger.sheet.name, broken[1], [broken[0]]),))
                elif period in gaps:
                    fact = gaps[period]
                elif undated and period != periods[-1] and period not in self.earlier.asked:
                    fact = _SPOILT
                elif op in (Aggregation.COUNT, Aggregation.ANY):
                    rows = _joined([measured.rows[s] for s in mine if s in measured.rows])
                    value = Decimal(len(rows)) if op is Aggregation.COUNT else bool(rows)
                    fact = Fact(State.OK, value, how.cells(rows))
                else:
                    tally = _merged(measured, [measured.tallies[s] for s in mine if s in measured.tallies])
                    fact = self._fact(measured, how, tally, sweep, unit.name, period, single)
                facts[unit.key, period][name] = fact

    def _fact(
        self, measured: Measured, how: Reading, tally: Tally, sweep: Sweep, unit: str, period: Period, single: bool
    ) -> Fact:
        """The fact of one tally, with what is wrong about it as a whole."""
        pair = two_values(tally)
        if pair is not None:
            first, second = (sweep.ledger.at(row, measured.column) for row in pair)
            if single:
                self.findings.add(
                    d.TWO_VALUES, second, term=measured.name, unit=unit, period=period, first=first, second=second
                )
            return Fact(State.ERROR, None, how.cells(pair))
        fact = tally.fact(how)
        limits = measured.measure.manual
        if limits is not None and fact.state is State.OK and isinstance(fact.value, (Decimal, Fraction)):
            low, high = limits
            if not low <= fact.value <= high:
                at = next(ref for cells in fact.cells for ref in cells.refs())
                self.findings.add(
                    d.SCORE_OUT_OF_RANGE, at, value=shown(fact.value), low=shown(low), high=shown(high)
                )  # fmt: skip
                return Fact(State.ERROR, None, fact.cells)
            return replace(fact, text=sweep.reasons.of(measured.name, fact))
        return fact

    def _reading(self, measured: Measured) -> Reading:
        name, op = measured.name, measured.measure.op
        kind: Kind | None
        if op is Aggregation.COUNT:
            kind = Kind.NUMBER
        elif op is Aggregation.ANY:
            kind = Kind.YESNO
        else:
            cells = (cell for tally in measured.tallies.values() for _, cell in kept_cells(tally))
            stated = Kind.NUMBER if measured.measure.manual else self.rubric.terms[name].kind
            kind = kind_of(op, cells, stated, self.needs.get(name))
        return Reading(op, kind, measured.ledger.sheet.name, measured.column, name in self.lenient)

    def _prices_of(
        self, measured: Measured, count: PriceCount, sweep: Sweep, slots: dict[Period, list[int]],
        facts: dict[tuple[str, Period], dict[str, Fact]],
    ) -> None:  # fmt: skip
        key, blank = prices_key(count.prices), self.findings.say("空白", "(blank)")
        span = count.prices.span or self.rubric.terms[measured.name].span
        known = count.settle(self.findings, span, lambda slot, row, e: sweep.spoil(measured, slot, row, e))
        for period, spans in slots.items():
            for index, unit in enumerate(self.roster.units):
                mine = [index << SHIFT | s for s in spans]
                broken = any(s in measured.broken for s in (*mine, index << SHIFT | NOWHERE))
                facts[unit.key, period][key] = _SPOILT if broken or not known else count.fact(mine, blank)

    # --- What is wrong as a whole ------------------------------------------------------------------------------------

    def _needs_one(self, name: str, period: Period, periods: Sequence[Period]) -> bool:
        """Whether anything asks for the term's value in this very period (a year that sums periods asks less)."""
        rubric = self.rubric
        key = (period.kind, len(periods) > 1 and period == periods[-1])
        if key not in self._reached:
            own = [
                i
                for i in rubric.indicators
                if (kind := i.period or rubric.period) is None
                or kind is period.kind  # one of a shorter period is worked out in each of them
                or (kind is rubric.period and kind.months < period.kind.months and not key[1])
            ]
            whole = [clause for i in own for s in i.sentences for clause in s.clauses if not _shorter(clause, period)]
            # A veto that the values of the periods leave open for their sum acts on the periods alone.
            every = [*rubric.sentences, *(s for i in rubric.indicators for s in i.sentences)]
            vetoes = [s for s in every if s.per is period.kind] if key[1] else rubric.sentences
            grades = [band for band in rubric.grades if band.per in (None, period.kind)]
            self._reached[key] = reach(rubric, *whole, *vetoes, *grades, rubric.gate)
        return period in periods and name in self._reached[key]

    def _undated(self, measured: Measured, periods: Sequence[Period]) -> bool:
        """A ledger without dates cannot be summed over the periods of a year; told once for each term."""
        ledger, rubric = measured.ledger, self.rubric
        if len(periods) == 1 or ledger.timing.columns or ledger.every_period or rubric.units is None:
            return False
        if name_key(ledger.name) == name_key(rubric.units.sheet):
            return False
        if measured.name not in reach(rubric, *(i for i in rubric.indicators if i.period in (None, rubric.period))):
            return False
        f = self.findings
        note = f.say(
            f"三种办法:指标后写“年度”;在表里加“期间”列;或在规则里写:表 {ledger.name}:每期相同",
            "Three ways out: the indicator is yearly; a column Period in the sheet; or write: sheet "
            f"{ledger.name}: the same every period",
        )
        f.add(d.UNDATED, rubric.terms[measured.name].span, (note,), term=measured.name, sheet=ledger.name)
        return True

    def tell(self, periods: Collection[Period] | None) -> None:
        """What concerns the book as a whole: units that are spelled otherwise, and what the gates have seen."""
        spelled = self.roster.spelled
        if spelled:
            at, (written, unit) = next(iter(spelled.items()))
            cells = self.findings.places(list(spelled))
            self.findings.add(d.UNIT_SPELLED, at, written=written, unit=unit, count=len(spelled), cells=cells)
        told = self.findings.cells(periods)
        gates = [self.roster.gate]
        for sweep in self.sweeps:
            kinds: dict[int, set[Kind]] = {}
            words: dict[int, set[str]] = {}
            for name, measured in sweep.measured.items():
                if name in self.kinds:
                    kinds.setdefault(measured.column, set()).add(self.kinds[name])
            for _, count in sweep.prices:
                for column, word in count.words():
                    words.setdefault(column, set()).add(word)
            sweep.gate.tell(told, kinds, words)
            if sweep.ledger.sheet is self.roster.gate.ledger.sheet:  # whose columns are all used
                sweep.gate.columns |= self.roster.gate.columns
                gates.remove(self.roster.gate)
            gates.append(sweep.gate)
        self.roster.gate.tell(told, {}, {})
        for gate in gates:
            gate.look_again(merged_in(gate.ledger))


def _shorter(clause: Clause, period: Period) -> bool:
    """Whether a clause looks at each shorter period alone: 每月5日前报送."""
    return isinstance(clause, Pick) and clause.per is not None and clause.per.months < period.kind.months


def _has_columns(ledger: Ledger, names: Iterable[str]) -> bool:
    return all(name_key(name) in ledger.columns for name in names)


def _slots(sweep: Sweep, period: Period, exact: bool) -> list[int]:
    """The spans of a sweep that lie in a period, in order of time; rows of every period first."""
    named = exact and sweep.ledger.timing.period is not None
    there = [(s, i) for i, s in enumerate(sweep.spans) if s is not None]
    inside = [(s.first_day, i) for s, i in there if (s == period if named else within(s, period))]
    return [ALWAYS, *(index for _, index in sorted(inside))]


def _joined(rows: Sequence[array[int]]) -> array[int]:
    if len(rows) == 1:
        return rows[0]
    joined = array("I")
    for part in rows:
        joined.extend(part)
    return joined


def _merged(measured: Measured, tallies: Sequence[Tally]) -> Tally:
    if len(tallies) == 1:
        return tallies[0]
    whole = measured.new_tally()
    for tally in tallies:
        whole.merge(tally)  # type: ignore[arg-type]  # all of one class
    return whole
