"""Terms that are made of other terms: formulas, values by group, periods that are counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from gkxl.diagnostics import GROUP_WITHOUT_VALUE, NO_VALUE_YET, OTHERS_DECIDE, VALUE_CHANGES, Language
from gkxl.model.rules import Aggregation, ByGroup, Computed, Dated, InPeriod, OfGroup, PeriodsWith, Ref, Term
from gkxl.run.context import Facts, NotApplicable, Seen, Site, Unusable
from gkxl.run.evaluate import OPERATORS, operand
from gkxl.run.facts import Cells, Fact, State, Unit
from gkxl.values import Number, add, divide, name_key


def term_makers(terms: Mapping[str, Term], language: Language) -> dict[str, Callable[[Facts], Fact]]:
    """How each term is made that doesn't come from rows, by first name."""
    of_groups = frozenset(name for name, term in terms.items() if isinstance(term.measure, OfGroup))
    return {name: maker for name, term in terms.items() if (maker := _maker(term, language, of_groups))}


def _maker(term: Term, language: Language, of_groups: frozenset[str]) -> Callable[[Facts], Fact] | None:
    site = Site(term.span.text, term.span, language)
    match term.measure:
        case Computed(Ref(term=other)):
            return _guarded(lambda facts, _: facts.settle(other, site))
        case Computed(expr):
            return _guarded(_computed(operand(expr, site), of_groups))
        case PeriodsWith() as measure:
            return _guarded(_periods_with(measure, site))
        case ByGroup() as measure:
            return _guarded(_by_group(term.name, measure, site))
        case InPeriod() as measure:
            return _guarded(_in_period(term.name, measure, site))
        case OfGroup() as measure:
            return _guarded(_of_group(term.name, measure, site))
        case Dated() as measure:
            return _guarded(_dated(term.name, measure, site))
    return None


def _guarded(make: Callable[[Facts, Seen], Fact]) -> Callable[[Facts], Fact]:
    """What its parts lack, a computed term lacks."""

    def maker(facts: Facts) -> Fact:
        seen: Seen = {}
        try:
            return make(facts, seen)
        except NotApplicable as gone:
            return Fact(State.NOT_APPLICABLE, None, gone.fact.cells)
        except Unusable:
            return Fact(State.ERROR, None, _cells(seen))

    return maker


def _cells(seen: Seen) -> tuple[Cells, ...]:
    return tuple(cells for fact in seen.values() for cells in fact.cells)


def _computed(
    value: Callable[[Facts, Seen], Number | date], of_groups: frozenset[str]
) -> Callable[[Facts, Seen], Fact]:
    """The documents that its parts rest on, it rests on; who is best of the group says nothing of it."""

    def make(facts: Facts, seen: Seen) -> Fact:
        fact = _fact(value(facts, seen), _cells(seen))
        sources = dict.fromkeys(part.source for name, part in seen.items() if part.source and name not in of_groups)
        return replace(fact, source="、".join(sources)) if sources else fact

    return make


def _fact(value: Number | date, cells: tuple[Cells, ...] = ()) -> Fact:
    return Fact(State.OK, datetime.combine(value, time()) if isinstance(value, date) else value, cells)


def _periods_with(measure: PeriodsWith, site: Site) -> Callable[[Facts, Seen], Fact]:
    compares, term = OPERATORS[measure.op], measure.term

    def make(facts: Facts, seen: Seen) -> Fact:
        if facts.period is None:
            return Fact(State.MISSING, None)
        count = run = longest = 0
        for part in facts.period.split(measure.unit):
            noted: Seen = {}
            holds = compares(facts.at(part).number(term, site, noted), measure.number)
            count += holds
            run = run + 1 if holds else 0
            longest = max(longest, run)
            seen[f"{term} {part}"] = noted[term]
        return Fact(State.OK, Decimal(longest if measure.in_row else count), _cells(seen))

    return make


def _by_group(name: str, measure: ByGroup, site: Site) -> Callable[[Facts, Seen], Fact]:
    cases = tuple((name_key(word), _fact(const.value)) for word, const in measure.cases)
    otherwise = _fact(measure.otherwise.value) if measure.otherwise is not None else None

    def make(facts: Facts, _: Seen) -> Fact:
        words = facts.unit.words if facts.unit else frozenset()
        fact = next((fact for word, fact in cases if word in words), otherwise)
        if fact is not None:
            return fact
        if facts.unit is None:
            return Fact(State.MISSING, None)
        raise facts.tell(GROUP_WITHOUT_VALUE, name, site, key=name)

    return make


def _in_period(name: str, measure: InPeriod, site: Site) -> Callable[[Facts, Seen], Fact]:
    def make(facts: Facts, _: Seen) -> Fact:
        if facts.period is None or not facts.period.kind.months:
            return Fact(State.MISSING, None)
        earlier = facts.at(facts.period.back(measure.years, measure.periods))
        return earlier.settle(measure.term, site, name)

    return make


def _of_group(name: str, measure: OfGroup, site: Site) -> Callable[[Facts, Seen], Fact]:
    """One value for the group and period, which all its units share. Whom the term does not apply to is left out."""
    term, op = measure.term, measure.op

    def make(facts: Facts, _: Seen) -> Fact:
        unit, run = facts.unit, facts.run
        if unit is None or unit.key not in run.groups:
            note = f"请给出它的值:已知 {name} …" if site.language == "zh" else f"Give its value: given {name} …"
            raise facts.tell(OTHERS_DECIDE, name, site, key=name, notes=(note,))
        key = (name, unit.group, facts.period, facts.lenient, facts.missing)
        if key not in run.of_groups:
            found: list[tuple[Unit, Fact, Number]] = []
            broken = False
            for member in run.groups[unit.key]:
                theirs = facts.of(member)
                try:
                    value = theirs.number(term, site, {})
                except NotApplicable:
                    continue
                except Unusable:  # told; the others are looked at, so that one run tells of all
                    broken = True
                else:
                    found.append((member, theirs[term], value))
            run.of_groups[key] = Fact(State.ERROR, None) if broken else _chosen(op, found)
        return run.of_groups[key]

    return make


def _chosen(op: Aggregation, found: Sequence[tuple[Unit, Fact, Number]]) -> Fact:
    if not found:
        return Fact(State.NOT_APPLICABLE, None)
    if op is Aggregation.AVERAGE:
        total: Number = Decimal(0)
        for _, _, value in found:
            total = add(total, value)
        cells = tuple(cells for _, fact, _ in found for cells in fact.cells)
        return Fact(State.OK, divide(total, Decimal(len(found))), cells)
    best = (max if op is Aggregation.LARGEST else min)(value for _, _, value in found)
    unit, fact, _ = next(one for one in found if one[2] == best)
    return Fact(State.OK, best, fact.cells, source=unit.name)


def _dated(name: str, measure: Dated, site: Site) -> Callable[[Facts, Seen], Fact]:
    def make(facts: Facts, _: Seen) -> Fact:
        if facts.period is None:
            return Fact(State.MISSING, None)
        first, last = facts.period.first_day, facts.period.last_day
        begun = [one for one in measure.values if one[0] <= last]
        if not begun:
            raise facts.tell(NO_VALUE_YET, name, site, key=name, day=last, first=measure.values[0][0])
        day, value, document = begun[-1]
        if day > first and len(begun) > 1:
            facts.run.tell(
                (VALUE_CHANGES.number, name, facts.period), VALUE_CHANGES, site.span, site,
                {"term": name, "day": day, "period": facts.period, "value": value.shown},
            )  # fmt: skip
        return replace(_fact(value.value), source=document)

    return make
