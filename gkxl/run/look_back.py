"""Earlier periods that terms ask for (上年, 上期), and what a ledger cannot tell of a period: nothing there is no 0."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from gkxl import diagnostics as d
from gkxl.model.rules import Aggregation, Rubric
from gkxl.periods import Period, PeriodKind
from gkxl.run.facts import Fact, State
from gkxl.run.findings import within
from gkxl.run.sweep import Measured, Sweep
from gkxl.run.uses import reach, shifts, shorter_kinds

_SPOILT = Fact(State.ERROR, None)
_NOTHING_IS_ZERO = frozenset((Aggregation.COUNT, Aggregation.SUM, Aggregation.ANY, Aggregation.DIFFERENT))


@dataclass(frozen=True)
class Earlier:
    """`asked`: the periods that are looked back at, with the terms asked for there; `single`: those whose very value is."""

    asked: dict[Period, set[str]] = field(default_factory=dict)
    single: set[tuple[str, Period]] = field(default_factory=set)

    def concerns(self, name: str, span: Period | None, periods: Sequence[Period]) -> bool:
        """Whether a row of this period matters for a term: last year's do only where it is looked back at."""
        if span is None or any(within(span, period) for period in periods):
            return True
        return any(within(span, period) for period, names in self.asked.items() if name in names)

    def gaps(self, measured: Measured, sweep: Sweep, periods: Sequence[Period]) -> dict[Period, Fact]:
        """The earlier periods that the ledger tells nothing of: it has no dates, or no row so early."""
        name, ledger, findings = measured.name, measured.ledger, sweep.findings
        asked = [period for period, names in self.asked.items() if name in names and period not in periods]
        if not asked or ledger.every_period:
            return {}
        span = sweep.rubric.terms[name].span
        if not ledger.timing.columns:
            if any((name, period) in self.single for period in asked):
                note = findings.say(
                    f"两种办法:在表里加“年度”或“期间”列;每期都相同的,写:表 {ledger.name}:每期相同",
                    f"Two ways out: a column Year or Period in the sheet; or sheet {ledger.name}: the same every period",
                )
                findings.add(d.EARLIER_UNDATED, span, (note,), term=name, sheet=ledger.name)
            return dict.fromkeys(asked, _SPOILT)
        if measured.measure.op not in _NOTHING_IS_ZERO:
            return {}
        first = min((span.first_day for span in sweep.spans if span is not None), default=None)
        empty = [period for period in asked if first is None or period.last_day < first]
        for period in empty:
            if (name, period) in self.single:
                findings.add(d.EARLIER_EMPTY, span, sheet=ledger.name, period=period, term=name)
        return dict.fromkeys(empty, Fact(State.MISSING, None))


def look_back(rubric: Rubric, wanted: Sequence[Period], needs_one: Callable[[str, Period], bool]) -> Earlier:
    """What the periods wanted ask of earlier ones. `needs_one`: whether a term's value is asked for in a period itself."""
    earlier = Earlier()
    kinds = shorter_kinds(rubric)
    for (years, before), names in shifts(rubric).items():
        looked = reach(rubric, *(rubric.terms[name].measure for name in names))
        for period in wanted:
            if not period.kind.months:
                continue
            there = period.back(years, before)
            needed = [name for name in names if needs_one(name, period)]
            single = reach(rubric, *(rubric.terms[name].measure for name in needed))
            earlier.single.update((name, there) for name in single)
            for part in (there, *(p for k in kinds if k.months < there.kind.months for p in there.split(k))):
                earlier.asked.setdefault(part, set()).update(looked)
    return earlier


_UNITS = {PeriodKind.WEEK: "周", PeriodKind.MONTH: "月", PeriodKind.QUARTER: "季度"}


def too_coarse(measured: Measured, sweep: Sweep, wanted: Collection[Period]) -> dict[Period, Fact]:
    """The weeks and months that are counted, where rows say only of which quarter they are."""
    name, findings = measured.name, sweep.findings
    found: dict[Period, Fact] = {}
    for unit, word in _UNITS.items():
        parts = [period for period in wanted if period.kind is unit]
        if not parts or name not in sweep.counted[unit]:
            continue
        for span in sweep.spans:
            if span is None or span.kind is PeriodKind.DAY or span.kind.months <= unit.months:
                continue
            inside = [part for part in parts if within(part, span)]
            if inside and not found:
                place, shown = sweep.rubric.terms[name].span, findings.say(word, unit.value)
                findings.add(
                    d.ROWS_TOO_COARSE, place, term=name, sheet=measured.ledger.name, period=span, unit=shown
                )  # fmt: skip
            found |= dict.fromkeys(inside, _SPOILT)
    return found
