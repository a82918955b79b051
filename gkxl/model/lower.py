"""Sentence of the tree → sentence of the core: names and kinds are settled, policies filled in, forms made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Span
from gkxl.language import tree
from gkxl.language.rewording import one_or_any
from gkxl.language.views import full_name
from gkxl.model import rules
from gkxl.model.bands import check_bands, close_ranges, facts_said_twice, open_above
from gkxl.model.lower_late import PARTIALS, LateLowering
from gkxl.model.names import ANY_NUMBER, Stop
from gkxl.model.scope import Scope
from gkxl.values import Kind, Number, is_whole, negate


def lower(sentence: tree.Sentence, scope: Scope) -> tuple[rules.Sentence | None, list[Diagnostic]]:
    """One sentence; None where a clause of it is wrong. Gates and grades are lowered in `check.py`."""
    lowering = Lowering(scope, sentence.language, sentence.span)
    clauses: list[rules.Clause] = []
    failed = False
    for clause in sentence.clauses:
        try:
            clauses += lowering.by_period(lowering.clause(clause), clause)
        except Stop:
            failed = True
    if failed or d.has_errors(lowering.diagnostics):
        return None, lowering.diagnostics
    said = sentence.audience
    audience = rules.Audience(tuple(w.text for w in said.words), said.but) if said else None
    text = _whole(sentence.span) if sentence.span else ""
    return (
        rules.Sentence(
            tuple(clauses),
            sentence.language,
            text,
            cast(Span, sentence.span),
            sentence.article,
            audience,
            lowering.cap(sentence.cap),
            sentence.per,
        ),
        lowering.diagnostics,
    )


def _whole(span: Span) -> str:
    """The sentence as it stands in the file, with the full stop behind it."""
    stop = span.source.text[span.end : span.end + 1]
    return " ".join(span.text.split()) + (stop if stop in ("。", ".") else "")


class Lowering(LateLowering):
    """Lowers the parts of one sentence. A method per class of the tree."""

    # --- clauses ---

    def clause(self, clause: tree.Clause) -> list[rules.Clause]:
        match clause:
            case tree.Each():
                return [self.each(clause)]
            case tree.YesNo() | tree.Bands():
                return self.choice(clause)
            case tree.ShortOf():
                return [self.short_of(clause)]
            case tree.StepsFrom():
                return [self.steps_from(clause)]
            case tree.PriceList():
                return [self.price_list(clause)]
            case tree.OwnScore():
                return self.own_score(clause)
            case tree.Veto():
                return [self.veto(clause)]
            case tree.Places():
                return [self.places(clause)]
            case tree.Repeats():
                return []  # in `scope.repeats`, which holds for all sentences of the indicator
            case tree.Deadline():
                return [self.deadline(clause)]
            case tree.EachLate():
                return [self.each_late(clause)]
            case tree.Gate() | tree.Grade():
                raise self.fail(d.MISPLACED, clause.span, text=clause.span.text if clause.span else "")

    def each(self, clause: tree.Each) -> rules.Clause:
        if isinstance(clause.name, tree.PeriodsWith):
            counted = clause.name
            self.ref(counted.name, (Kind.NUMBER,))
            value = self.periods(counted.unit, counted.name, counted.op, counted.number)
            label = self.say("个", "")
        else:
            value, label = self.time_ref(clause.name, clause.size), clause.size.label
        beyond = (
            self.about(clause.beyond, clause.name) if clause.beyond and isinstance(clause.name, tree.Name) else None
        )
        mark = self.mark(beyond, Kind.NUMBER)[0] if beyond else None
        partial = PARTIALS[clause.policy] if clause.policy else rules.Partial.IGNORED
        size: rules.Expr = self.const(clause.size)
        of = self.scope.find(value.term) if isinstance(value, rules.Ref) else None
        if of is not None and of.unit is not None:
            size, partial = self.time_size(clause.size, of.unit, clause.policy, clause.span)
        if clause.size.kind is Kind.NUMBER and not clause.size.value > 0:
            raise self.fail(d.NOT_ABOVE_ZERO, clause.size.span, size=clause.size.written)
        if clause.size.kind is not Kind.NUMBER:
            raise self.wrong(clause.size.written, clause.size.kind, (Kind.NUMBER,), clause.size.span)
        if isinstance(value, rules.Ref) and self.counts_rows(clause.name):
            return self.each_row(clause, value, label)
        steps = rules.Steps(value, clause.points, size, mark, partial=partial, label=label)
        return rules.Pick((rules.Branch(None, (steps,)),), self.cap(clause.cap), clause.span)

    def short_of(self, clause: tree.ShortOf) -> rules.Clause:
        value = self.ref(clause.name, (Kind.NUMBER,))
        mark = self.target(self.about(clause.required, clause.name), clause.size)
        if clause.per is not None:
            self.named.add(clause.per)
        partial = PARTIALS[clause.policy] if clause.policy else rules.Partial.IGNORED
        steps = rules.Steps(value, clause.points, self.const(clause.size), mark, True, partial, clause.size.label)
        return rules.Pick((rules.Branch(None, (steps,)),), self.cap(clause.cap), clause.span)

    def steps_from(self, clause: tree.StepsFrom) -> rules.Clause:
        clause = replace(clause, mark=self.about(clause.mark, clause.name))
        known = self.known(clause.name)
        value = self.ref(clause.name, (Kind.NUMBER, Kind.RATE, Kind.DATE))
        size: rules.Expr = self.const(clause.size)
        rate = clause.size.kind is Kind.RATE
        needs_policy = rate or not is_whole(clause.size.value)
        months = False
        if isinstance(clause.mark, tree.Day | tree.DayOf):
            if known.kind not in (Kind.DATE, None):
                raise self.wrong(clause.name.text, known.kind, (Kind.DATE,), clause.name.span)
            mark: rules.Expr = self.mark(clause.mark, Kind.DATE)[0]
            size, coarser, months = self.days(clause.size, clause.policy)
            needs_policy = needs_policy or coarser
        elif rate and known.kind is not Kind.RATE:
            mark, kind = self.mark(clause.mark, known.kind)
            if known.kind is not None and kind is Kind.RATE:
                raise self.wrong(clause.name.text, known.kind, (Kind.RATE,), clause.name.span)
            if known.kind is None and kind is Kind.RATE:
                pass  # the mark says that it is a rate
            else:
                size = rules.Arithmetic(
                    "*", size, self.mark(clause.share_of, known.kind)[0] if clause.share_of else mark
                )
        elif not rate and known.kind is not Kind.RATE:
            mark = self.target(clause.mark, clause.size)
        else:
            if not rate:
                raise self.wrong(clause.size.written or "1", Kind.NUMBER, (Kind.RATE,), clause.size.span)
            mark, kind = self.mark(clause.mark, Kind.RATE)
            if kind not in (Kind.RATE, None):
                raise self.wrong(clause.name.text, known.kind, (kind,), clause.name.span)
        policy = self.policy(clause.policy, needs_policy, clause.size, clause.span)
        label = clause.size.label
        steps = rules.Steps(value, clause.points, size, mark, clause.below, policy, label, months=months)
        return rules.Pick((rules.Branch(None, (steps,)),), self.cap(clause.cap), clause.span)

    def own_score(self, clause: tree.OwnScore) -> list[rules.Clause]:
        name = clause.formula
        if isinstance(name, tree.Name) and not clause.costs and self.known(name).kind is Kind.RATE:
            # 按完成率得分: 100 % earns the worth, or where there is none 满分10分 behind it, and less earns its part.
            stated = clause.cap if self.scope.worth is None and clause.cap and clause.cap.per is None else None
            most = tree.Points(stated.limit) if stated else tree.FullMarks()
            whole = tree.Test(name, ">=", tree.Num(Decimal(1), Kind.RATE))
            full = tree.Bands((tree.Case(whole, most),), tree.Proportional(), clause.cap, clause.span)
            return self.choice(full)
        kinds = (Kind.NUMBER,) if isinstance(clause.formula, tree.Name) else ANY_NUMBER
        amount = rules.Amount(self.formula(clause.formula, kinds), -1 if clause.costs else 1)
        return [rules.Pick((rules.Branch(None, (amount,)),), self.cap(clause.cap), clause.span)]

    def veto(self, clause: tree.Veto) -> rules.Clause:
        condition = self.condition(clause.condition)
        outcome: rules.Outcome
        if clause.what == "indicator":
            outcome = rules.ZeroIndicator()
        else:
            value = clause.value.text if isinstance(clause.value, tree.Name) else clause.value
            outcome = rules.Veto(clause.what, value)
        return rules.Pick((rules.Branch(condition, (outcome,)),), None, clause.span)

    def choice(self, clause: tree.YesNo | tree.Bands) -> list[rules.Clause]:
        """The pick, and a pick of its own for each case that 再/另 adds."""
        cases = close_ranges(clause.cases)
        listed = [case for case in cases if not case.extra]
        loses = any(isinstance(c.gives, tree.Points) and c.gives.value < 0 for c in listed) or (
            isinstance(clause.otherwise, tree.Points) and clause.otherwise.value < 0
        )
        given = [*(c.gives for c in listed), clause.otherwise]
        earns = any(isinstance(gives, tree.Points) and gives.value > 0 for gives in given)
        branches = []
        for case in listed:
            condition = self.condition(open_above(case, listed))
            outcome = self.gives(case.gives, case, listed, loses, earns)
            branches.append(rules.Branch(condition, (outcome,)))
        cap = clause.cap
        if isinstance(clause.otherwise, tree.EachStep):
            most = cap.limit if cap is not None and cap.per is None else None
            cap = None if most is not None else cap
            branches.append(self.countdown(clause.otherwise, listed[0], most))
        elif clause.otherwise is not None:
            outcome = self.gives(clause.otherwise, None, listed, loses, earns)
            branches.append(rules.Branch(None, (outcome,)))
        if facts_said_twice(listed):
            name = cast(tree.Fact, listed[0].condition).subject.text
            values: dict[str, object] = {"first": name, "second": name}
            self.diagnostics.append(Diagnostic(d.BAND_UNREACHABLE, clause.span, self.language, values))
        if isinstance(clause, tree.Bands):
            self.diagnostics += check_bands(listed, clause.otherwise is not None, self.language, clause.span, clause)
        picks: list[rules.Clause] = [rules.Pick(tuple(branches), self.cap(cap), clause.span)]
        for case in cases:
            if case.extra:
                outcome = self.gives(case.gives, case, [case], False, False)
                branch = rules.Branch(self.condition(case.condition), (outcome,))
                picks.append(rules.Pick((branch,), None, clause.span))
        return picks

    def countdown(self, step: tree.EachStep, case: tree.Case, most: Number | None) -> rules.Branch:
        """Below the mark of the band: its points less so many a step, at most `most`, not below 0."""
        test = cast(tree.Test, case.condition)
        full = case.gives.value if isinstance(case.gives, tree.Points) else self.worth()
        name = cast(tree.Name, test.subject)
        clause = tree.StepsFrom(name, test.mark, True, step.size, step.points, step.policy, span=self.span)
        pick = cast(rules.Pick, self.steps_from(clause))
        steps = cast(rules.Steps, pick.branches[0].outcomes[0])
        return rules.Branch(None, (rules.Fixed(full), replace(steps, limit=full if most is None else min(full, most))))

    def gives(
        self, gives: tree.Gives, case: tree.Case | None, listed: list[tree.Case], loses: bool, earns: bool
    ) -> rules.Outcome:
        match gives:
            case tree.Points(value, noted) if value or not noted or len(listed) > 1 or case is None or loses:
                return rules.Fixed(value)
            case tree.NoPoints() | tree.Points():
                if loses and case is not None:
                    return rules.Fixed(negate(self.worth()))
                if not earns and not loses and len(listed) == 1 and case is not None and self.scope.worth is not None:
                    return rules.ZeroIndicator()
                return rules.Fixed(Decimal(0))
            case tree.FullMarks():
                return rules.Fixed(self.worth())
            case tree.Proportional():
                return self.proportional(gives, case, listed)
        raise AssertionError(gives)

    def proportional(self, gives: tree.Proportional, case: tree.Case | None, listed: list[tree.Case]) -> rules.Outcome:
        """S12: between the ends of its range, or in proportion to the band before (达100%得12分,未达的按比例)."""
        condition = case.condition if case else None
        if isinstance(condition, tree.Range) and condition.subject and gives.low is not None:
            kind = self.known(condition.subject).kind
            ends = (self.about(end, condition.subject) for end in (condition.low, condition.high))
            low, high = (self.mark(end, kind)[0] for end in ends)
            high_points = gives.high if gives.high is not None else gives.low
            return rules.Between(self.ref(condition.subject, ANY_NUMBER), low, high, gives.low, high_points)
        if gives.low is None:
            for other in listed:
                test = other.condition
                if (
                    isinstance(test, tree.Test)
                    and test.subject
                    and isinstance(other.gives, tree.Points | tree.FullMarks)
                ):
                    full = other.gives.value if isinstance(other.gives, tree.Points) else self.worth()
                    mark = self.mark(self.about(test.mark, test.subject), self.known(test.subject).kind)[0]
                    zero = rules.Const(Decimal(0), Kind.NUMBER)
                    return rules.Between(self.ref(test.subject, ANY_NUMBER), zero, mark, Decimal(0), full)
        raise self.fail(d.NO_REQUIREMENT, self.span, text=self.span.text if self.span else "")

    # --- conditions ---

    def condition(self, condition: tree.Condition) -> rules.Condition:
        match condition:
            case tree.Fact():
                return self.fact(condition)
            case tree.Stretch():
                self.compare(
                    cast(tree.Name, condition.test.subject), condition.test.op, condition.test.mark
                )  # for its kind
                return self.stretch(condition)
            case tree.Test(subject, op, mark):
                return self.compare(cast(tree.Name, subject), op, mark)
            case tree.Range(subject, low, high, low_in, high_in):
                name = cast(tree.Name, subject)
                if isinstance(low, tree.Num) and isinstance(high, tree.Num) and low.value > high.value:
                    raise self.fail(d.EMPTY_RANGE, low.span, low=low.written, high=high.written)
                return rules.AllOf(
                    (
                        self.compare(name, ">=" if low_in is not False else ">", low),
                        self.compare(name, "<=" if high_in else "<", high),
                    )
                )
            case tree.And(parts):
                return rules.AllOf(tuple(self.each_part(parts)))
            case tree.Or(parts):
                return rules.AnyOf(tuple(self.each_part(parts)))
            case tree.TotalTest(op, mark, indicator):
                score = rules.Score(indicator.text if indicator else None)
                return rules.Compare(score, op, self.const(mark), mark.label)
        raise self.fail(d.MISPLACED, self.span, text=self.span.text if self.span else "")  # 前5名 outside a grade

    def each_part(self, parts: tuple[tree.Condition, ...]) -> list[rules.Condition]:
        """All parts, so that one run tells of every wrong name."""
        found, failed = [], False
        for at, part in enumerate(parts):
            part = self._shared_test(part, parts[at + 1 :])
            try:
                found.append(self.condition(part))
            except Stop:
                failed = True
        if failed:
            raise Stop
        return found

    def _shared_test(self, part: tree.Condition, rest: Sequence[tree.Condition]) -> tree.Condition:
        """入学率或巩固率低于90%: the test that ends the list is that of the measured names before it, too."""
        test = next((p for p in rest if isinstance(p, tree.Test | tree.Range)), None)
        known = self.scope.find(part.subject.text) if isinstance(part, tree.Fact) and part.bare else None
        if test and known and known.kind in (Kind.NUMBER, Kind.RATE, Kind.DATE):
            return replace(test, subject=cast(tree.Fact, part).subject)
        return part

    def fact(self, fact: tree.Fact) -> rules.Condition:
        known = self.scope.find(fact.verb + fact.subject.text) if fact.verb and not fact.subject.view else None
        known = known or self.known(fact.subject)
        if fact.subject.per is not None:
            self.named.add(fact.subject.per)
        if known.kind not in (Kind.YESNO, Kind.NUMBER, None):
            raise self.wrong(fact.subject.text, known.kind, (Kind.YESNO,), fact.subject.span)
        if fact.bare and known.kind is Kind.NUMBER:
            place, text = fact.subject.span, self.span.text if self.span else fact.subject.text
            readings = one_or_any(self.span, place, self.language == "zh") if self.span and place else []
            raise self.fail(d.TWO_READINGS, place, *(self.say(*one) for one in readings), text=text)
        if fact.verb == "完成" and known.kind is Kind.NUMBER and known.name == fact.subject.text:
            # 未完成任务数的: the number itself is nothing that could be done or not
            raise self.fail(d.NO_REQUIREMENT, fact.subject.span, text=self.span.text if self.span else known.name)
        holds = rules.Holds(rules.Ref(known.name, full_name(fact.subject, self.language)))
        return holds if fact.holds else rules.Not(holds)

    def compare(self, subject: tree.Name, op: str, mark: tree.Mark) -> rules.Condition:
        known = self.time_known(subject, mark)
        if known.kind in (Kind.YESNO, Kind.TEXT):
            raise self.wrong(subject.text, known.kind, (Kind.NUMBER,), subject.span)
        right, kind = self.mark(self.about(mark, subject), known.kind)
        if known.kind is not None and kind is not None and known.kind is not kind:
            raise self.wrong(subject.text, known.kind, (kind,), subject.span)
        label = mark.label if isinstance(mark, tree.Num) else ""
        if isinstance(mark, tree.Num) and known.unit is not None:
            right = self.time_mark(mark, known.unit)
        if self.scope.find(subject.text) is None and not subject.view:  # 24小时内回复, of the one time there is
            return rules.Compare(rules.Ref(known.name, known.name), op, right, label)
        return rules.Compare(self.value(subject, known), op, right, label)
