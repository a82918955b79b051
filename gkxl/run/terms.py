"""Terms that are made of other terms: formulas, values by group, periods that are counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal

from gkxl.diagnostics import GROUP_WITHOUT_VALUE, Language
from gkxl.model.rules import ByGroup, Computed, PeriodsWith, Ref, Term
from gkxl.run.context import Facts, NotApplicable, Seen, Site, Unusable
from gkxl.run.evaluate import OPERATORS, operand
from gkxl.run.facts import Cells, Fact, State
from gkxl.values import Number, name_key


def term_makers(terms: Mapping[str, Term], language: Language) -> dict[str, Callable[[Facts], Fact]]:
    """How each term is made that doesn't come from rows, by first name."""
    return {name: maker for name, term in terms.items() if (maker := _maker(term, language))}


def _maker(term: Term, language: Language) -> Callable[[Facts], Fact] | None:
    site = Site(term.span.text, term.span, language)
    match term.measure:
        case Computed(Ref(term=other)):
            return _guarded(lambda facts, _: facts.settle(other, site))
        case Computed(expr):
            return _guarded(_computed(operand(expr, site)))
        case PeriodsWith() as measure:
            return _guarded(_periods_with(measure, site))
        case ByGroup() as measure:
            return _guarded(_by_group(term.name, measure, site))
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


def _computed(value: Callable[[Facts, Seen], Number | date]) -> Callable[[Facts, Seen], Fact]:
    def make(facts: Facts, seen: Seen) -> Fact:
        result = value(facts, seen)
        return _fact(result, _cells(seen))

    return make


def _fact(value: Number | date, cells: tuple[Cells, ...] = ()) -> Fact:
    return Fact(State.OK, datetime.combine(value, time()) if isinstance(value, date) else value, cells)


def _periods_with(measure: PeriodsWith, site: Site) -> Callable[[Facts, Seen], Fact]:
    compares, term = OPERATORS[measure.op], measure.term

    def make(facts: Facts, seen: Seen) -> Fact:
        if facts.period is None:
            return Fact(State.MISSING, None)
        count = 0
        for part in facts.period.split(measure.unit):
            noted: Seen = {}
            if compares(facts.at(part).number(term, site, noted), measure.number):
                count += 1
            seen[f"{term} {part}"] = noted[term]
        return Fact(State.OK, Decimal(count), _cells(seen))

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
