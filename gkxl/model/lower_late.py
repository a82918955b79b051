"""Time in sentences → the core: deadlines, rows that took too long, steps and marks in days, working days, hours, weeks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Language, Span
from gkxl.language import tree
from gkxl.language.time_words import time_unit
from gkxl.model import rules
from gkxl.model.lower_places import PlaceLowering
from gkxl.model.names import Stop
from gkxl.model.scope import Known, Scope
from gkxl.model.stretches import PERIOD_OPTIONS
from gkxl.periods import TimeUnit
from gkxl.values import Kind, Number, multiply, name_key, negate

PARTIALS = {
    "ignored": rules.Partial.IGNORED,
    "counts as one": rules.Partial.COUNTS_ONE,
    "pro rata": rules.Partial.PRO_RATA,
}
UNITS = {
    TimeUnit.DAY: ("天", "天数", "days"),
    TimeUnit.WORKING_DAY: ("工作日", "工作日数", "working days"),
    TimeUnit.HOUR: ("小时", "小时数", "hours"),
    TimeUnit.MONTH: ("个月", "", "months"),
}


def late_name(time: str, clause: tree.EachLate, language: Language) -> str:
    """答复用时超过20个工作日: what the rows that took too long are called."""
    amount = f"{clause.limit.written}{'' if language == 'zh' else ' '}{clause.limit.label}"
    if language == "zh":
        return f"{time}{'超过' if clause.op == '>' else '达到'}{amount}"
    return f"{time} {'over' if clause.op == '>' else 'at least'} {amount}"


def _late_rows(
    clause: tree.EachLate, scope: Scope, language: Language
) -> tuple[str, rules.FromRows, tuple[str, ...]] | None:
    """What counts the rows that took too long: its name as a term, its measure and the terms it is made of.

    None where no one time of a row is meant.
    """
    found = _times_of(clause.name, scope)
    if len(found) != 1:
        return None
    time, measure, where = found[0]
    tests: list[rules.RowTest] = [test for test in (where, measure.where) if test is not None]
    between = cast(rules.TimeBetween, measure.column)
    tests.append(rules.Lasts(between, clause.op, clause.limit.value, measure.span))
    name = late_name(time, clause, language)
    if clause.name:
        name += f"({clause.name.text})" if language == "zh" else f" ({clause.name.text})"
    rows = tests[0] if len(tests) == 1 else rules.RowAll(tuple(dict.fromkeys(tests)))
    known = scope.find(clause.name.text) if clause.name else None
    used = (time, known.name) if known else (time,)
    return name, rules.FromRows(rules.Aggregation.COUNT, measure.sheet, rows, span=measure.span), used


def _times_of(name: tree.Name | None, scope: Scope) -> list[tuple[str, rules.FromRows, rules.RowTest | None]]:
    """The times of a row that are meant, each with its term and what else holds for the rows."""
    times = list(_times(scope))
    known = scope.find(name.text) if name else None
    if name is None:
        return [(time, measure, None) for time, measure in times]
    if known is not None and any(time == known.name for time, _ in times):
        return [(time, measure, None) for time, measure in times if time == known.name]
    rows = _measures(scope).get(known.name) if known else None
    if isinstance(rows, rules.FromRows):
        return [(time, m, rows.where) for time, m in times if name_key(m.sheet) == name_key(rows.sheet)]
    return [(time, m, None) for time, m in times if known is None and name_key(m.sheet) == name_key(name.text)]


def _measures(scope: Scope) -> dict[str, rules.Measure]:
    return {name: term.measure for name, term in (scope.made or {}).items()}


def _times(scope: Scope) -> Iterator[tuple[str, rules.FromRows]]:
    """The times of a row that are declared, without 之和."""
    for name, measure in _measures(scope).items():
        single = isinstance(measure, rules.FromRows) and measure.op is rules.Aggregation.VALUE
        if single and isinstance(measure, rules.FromRows) and isinstance(measure.column, rules.TimeBetween):
            yield name, measure


class LateLowering(PlaceLowering):
    """Lowers what is about time; the base of the lowering of a sentence."""

    def worth(self) -> Number:
        if self.scope.worth is None:
            text = self.span.text if self.span else ""
            raise self.fail(d.WORTH_NEEDED, self.span, text=text, name=self.scope.indicator or "…")
        return self.scope.worth

    def policy(
        self, stated: tree.PartialPolicy | None, needed: bool, size: tree.Num, span: Span | None
    ) -> rules.Partial:
        """What part of a step counts: as stated behind it, else in the file; an error where that matters and is not."""
        policy = PARTIALS[stated] if stated else self.scope.partial
        if policy is None and needed:
            text = span.text if span else ""
            choices = self.say(
                "在句末括号里写明一种:(不足的不计)写作(不足{0}不计)、(不足{0}按{0}计)、(按比例);或另起一行:不足一步 不计",
                "state one behind it: (partial points ignored), (partial points count as one), (pro rata); "
                "or as a line: partial steps are ignored",
            ).format(size.written or "1")
            raise self.fail(d.PARTIAL_STEP_NEEDED, span, choices, text=text)
        return policy or rules.Partial.IGNORED

    # --- units of time ---

    def days(self, size: tree.Num, stated: tree.PartialPolicy | None) -> tuple[rules.Expr, bool, bool]:
        """A step from a day: its size, whether it is coarser than a day, and whether it is in months of the calendar."""
        unit, factor = time_unit(size.label)
        if size.label and unit not in (TimeUnit.DAY, TimeUnit.MONTH):
            raise self.wrong(f"{size.written or '1'}{size.label}", Kind.NUMBER, (Kind.DATE,), size.span)
        months = unit is TimeUnit.MONTH
        if months and (stated or self.scope.partial) in ("pro rata", rules.Partial.PRO_RATA):
            text = f"{size.written or '1'}{size.label}"
            reasons = ("按日历的月份算,一个月有28至31天", "a month of the calendar has 28 to 31 days")
            ways = ("按比例的请写天数,如:每迟30天", "for a proportion write days, such as each 30 days")
            raise self.fail(d.TWO_READINGS, size.span, self.say(*reasons), self.say(*ways), text=text)
        return rules.Const(multiply(size.value, factor), Kind.NUMBER, size.written), months or factor != 1, months

    def time_size(
        self, size: tree.Num, unit: TimeUnit, stated: tree.PartialPolicy | None, span: Span | None
    ) -> tuple[rules.Expr, rules.Partial]:
        """A step of a term that counts time: in its unit, or in weeks of days, which are coarser."""
        said, factor = time_unit(size.label)
        if said is not None and said is not unit:
            raise self.other_unit(said, unit, size.span or span)
        coarser = factor != 1 or unit is TimeUnit.HOUR  # hours are counted to the second
        policy = self.policy(stated, True, size, span) if coarser or stated else rules.Partial.IGNORED
        return rules.Const(multiply(size.value, factor), size.kind, size.written), policy

    def time_mark(self, mark: tree.Num, unit: TimeUnit) -> rules.Const:
        said, factor = time_unit(mark.label)
        if said is not None and said is not unit:
            raise self.other_unit(said, unit, mark.span)
        return rules.Const(multiply(mark.value, factor), mark.kind, mark.written)

    def other_unit(self, said: TimeUnit, counted: TimeUnit, span: Span | None) -> Stop:
        which = 0 if self.language == "zh" else 2
        return self.fail(d.TIME_UNIT, span, said=UNITS[said][which], counted=UNITS[counted][which])

    def time_known(self, name: tree.Name, mark: tree.Mark | None = None) -> Known:
        """A term, by its name. What is only done within a time (24小时内回复) is the one time that is declared."""
        label = mark.label if isinstance(mark, tree.Num) else ""
        unit = time_unit(label)[0]
        if self.scope.find(name.text) is None and unit is not None:
            every = dict.fromkeys(self.scope.terms.values())
            if self.scope.trial:
                found = [known for known in every if known.kind in (Kind.NUMBER, None)]
            else:
                found = [known for known in every if known.unit is not None]
            if len(found) == 1:
                return found[0]
        known = self.known(name)
        rows = _measures(self.scope).get(known.name)
        if unit not in (TimeUnit.HOUR, TimeUnit.WORKING_DAY) or not isinstance(rows, rules.FromRows):
            return known
        if rows.op is not rules.Aggregation.COUNT:
            return known
        times = [time for time, measure, _ in _times_of(name, self.scope)]
        if len(times) != 1:  # a number of rows is no time
            raise self.no_time_of_row(name, unit, times, name.span)
        return replace(known, name=times[0], unit=unit)

    def time_ref(self, name: tree.Name, size: tree.Num) -> rules.Expr:
        """每迟报1天 of 迟报天数: the word of the unit may be left out of the name."""
        unit = time_unit(size.label)[0]
        if unit is not None and self.scope.find(name.text) is None:
            longer = replace(name, text=name.text + UNITS[unit][1])
            if UNITS[unit][1] and self.scope.find(longer.text):
                return self.ref(longer, (Kind.NUMBER,))
        return self.ref(name, (Kind.NUMBER,))

    # --- rows that took too long ---

    def each_late(self, clause: tree.EachLate) -> rules.Clause:
        """超过20个工作日的每件扣2分: a count of the rows; in a trial the one row whose time is given."""
        limit = rules.Const(clause.limit.value, Kind.NUMBER, clause.limit.written)
        if self.scope.trial:
            one = self.time_known(clause.name or tree.Name("", clause.span), clause.limit)
            if one.kind not in (Kind.NUMBER, None):
                raise self.wrong(one.name, one.kind, (Kind.NUMBER,), clause.span)
            test = rules.Compare(rules.Ref(one.name, one.name), clause.op, limit, clause.limit.label)
            branch = rules.Branch(test, (rules.Fixed(clause.points),))
            return rules.Pick((branch,), self.cap(clause.cap), clause.span)
        times = _times_of(clause.name, self.scope)
        made = _late_rows(clause, self.scope, self.language)
        if made is None:
            raise self.no_time_of_row(clause.name, clause.unit, [time for time, _, _ in times], clause.span)
        name, rows, used = made
        self.scope.used.update(used)
        if self.scope.made is not None:
            self.scope.made[name] = rules.Term(name, (), rows, cast(Span, clause.span), Kind.NUMBER)
        unit = cast(rules.TimeBetween, times[0][1].column).unit
        if unit is not clause.unit:
            raise self.other_unit(clause.unit, unit, clause.limit.span or clause.span)
        shown = late_name(times[0][0], clause, self.language) + self.say("的", ":")
        steps = rules.Steps(
            rules.Ref(name, shown), clause.points, rules.Const(Decimal(1), Kind.NUMBER), label=self.say("件", "")
        )
        return rules.Pick((rules.Branch(None, (steps,)),), self.cap(clause.cap), clause.span)

    def no_time_of_row(self, name: tree.Name | None, unit: TimeUnit, times: list[str], span: Span | None) -> Stop:
        """Not one time of a row: the line that declares it, or the several there are."""
        sheet, word, columns = self._ledger(name), UNITS[unit], self.say("从…到…", "from … to …")
        line = self.say(f"用时 = {sheet} 中 {columns} 的 {word[1]}", f"time taken = {word[2]} {columns} in {sheet}")
        note = self.say(f"请加一行:{line}", f"add a line: {line}")
        if times:
            names = self.say("、", ", ").join(times)
            note = self.say(f"有几个用时:{names};请写明是哪一个", f"there are several: {names}; name the one")
        return self.fail(d.TIME_OF_ROW_NEEDED, span, note, text=span.text if span else "")

    def _ledger(self, name: tree.Name | None) -> str:
        known = self.scope.find(name.text) if name else None
        rows = _measures(self.scope).get(known.name) if known else None
        return rows.sheet if isinstance(rows, rules.FromRows) else self.say("台账", "Ledger")

    # --- deadlines ---

    def by_period(self, lowered: list[rules.Clause], clause: tree.Clause) -> list[rules.Clause]:
        """What names a shorter period is looked at period by period; a longer one than the indicator's is an error."""
        named, self.named = self.named, set()
        own = self.scope.period
        if not named or own is None:  # a sentence on its own is about the period that it names
            return lowered
        of = min(named, key=lambda kind: kind.months)
        longest = max(named, key=lambda kind: kind.months)
        if longest.months > own.months:
            raise self.fail(
                d.REQUIREMENT_PERIOD, clause.span, text=clause.span.text if clause.span else "",
                option=self.say(*PERIOD_OPTIONS[longest.value]),
            )  # fmt: skip
        if of.months == own.months:
            return lowered
        return [replace(pick, per=of) if isinstance(pick, rules.Pick) else pick for pick in lowered]

    def deadline(self, clause: tree.Deadline) -> rules.Clause:
        ref = self.ref(clause.name, (Kind.DATE,))
        if not isinstance(ref, rules.Ref):  # a change on last year is no date
            raise self.wrong(clause.name.text, Kind.NUMBER, (Kind.DATE,), clause.name.span)
        given = [*(by.gives for by in clause.by), clause.never, clause.late]
        value: rules.Expr = ref if clause.never else rules.OrCheckDate(ref, self.scope.check_date)
        days = [self.mark(by.day, Kind.DATE)[0] for by in clause.by]
        blank = rules.Not(rules.Holds(ref))
        branches = []
        if clause.never:
            branches.append(rules.Branch(blank, (self.of_deadline(clause.never, given),)))
        else:  # not done yet, and not late yet
            waiting = rules.AllOf((blank, rules.Compare(value, "<=", days[-1])))
            branches.append(rules.Branch(waiting, (rules.Fixed(Decimal(0)),)))
        for by, day in zip(clause.by, days, strict=True):
            branches.append(rules.Branch(rules.Compare(value, "<=", day), (self.of_deadline(by.gives, given),)))
        cap = self.cap(clause.cap)
        late: tuple[rules.Outcome, ...] = (rules.Fixed(Decimal(0)),)
        if isinstance(clause.late, tree.EachStep):
            full = self.of_deadline(clause.by[-1].gives, given)
            points = full.points if isinstance(full, rules.Fixed) else Decimal(0)
            late = self.late_steps(clause.late, value, days[-1], points, clause)
            cap = None if points > 0 and clause.late.points < 0 else cap
        elif clause.late:
            late = (self.of_deadline(clause.late, given),)
        branches.append(rules.Branch(None, late))
        return rules.Pick(tuple(branches), cap, clause.span)

    def late_steps(
        self, step: tree.EachStep, value: rules.Expr, day: rules.Expr, full: Number, clause: tree.Deadline
    ) -> tuple[rules.Outcome, ...]:
        """So much for each day late. What being on time earns is counted down from, not below 0."""
        size, coarser, months = self.days(step.size, step.policy)
        policy = self.policy(step.policy, coarser, step.size, clause.span)
        steps = rules.Steps(value, step.points, size, day, False, policy, step.size.label, months=months)
        if not (full > 0 and step.points < 0):
            return (steps,)
        limit = min(full, clause.cap.limit) if clause.cap else full
        return rules.Fixed(full), replace(steps, limit=limit)

    def of_deadline(self, gives: tree.Gives | None, given: Sequence[tree.Gives | None]) -> rules.Outcome:
        """不得分 among deductions alone loses the worth; in a trial, which has none, it gives nothing."""
        match gives:
            case tree.Points(value):
                return rules.Fixed(value)
            case tree.FullMarks():
                return rules.Fixed(self.worth())
            case tree.NoPoints():
                costs = any(_gain(one) < 0 for one in given)
                earns = any(_gain(one) > 0 for one in given)
                if costs and not earns and not (self.scope.trial and self.scope.worth is None):
                    return rules.Fixed(negate(self.worth()))
        return rules.Fixed(Decimal(0))


def _gain(gives: tree.Gives | None) -> Number:
    match gives:
        case tree.Points(value) | tree.EachStep(_, value):
            return value
        case tree.FullMarks():
            return Decimal(1)
    return Decimal(0)
