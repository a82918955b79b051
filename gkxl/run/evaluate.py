"""Expressions and conditions as closures over the facts of one unit and period.

A rubric is compiled once: dispatching on node classes for every unit would cost more than the arithmetic does.
Every closure takes the facts and `seen`, where it notes each term it looks at, for the explanation and the cells.
"""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gkxl.model.rules import (
    AllOf,
    AnyOf,
    Arithmetic,
    Between,
    BonusesCounted,
    Compare,
    Condition,
    Const,
    Counted,
    DayIn,
    Expr,
    Holds,
    LongerCounted,
    Not,
    OrCheckDate,
    Partial,
    PeriodTotals,
    Place,
    Ref,
    Rounded,
    Rounding,
    Score,
    Steps,
    Term,
)
from gkxl.periods import add_months
from gkxl.run.context import ZERO, Facts, NotApplicable, Seen, Site
from gkxl.run.facts import State
from gkxl.run.placing import place_of
from gkxl.run.stated_days import day_in, is_day, or_check_date
from gkxl.values import Kind, Number, add, ceiling, divide, floor, multiply, negate, round_half_up, subtract

# --- Numbers ---------------------------------------------------------------------------------------------------------


def operand(expr: Expr, site: Site) -> Callable[[Facts, Seen], Number | date]:
    """One side of a comparison: a number or a day."""
    match expr:
        case Const(value=value):
            return lambda _facts, _seen: value
        case Ref(term=term):

            def read(facts: Facts, seen: Seen) -> Number | date:
                fact = seen[term] = facts[term]
                if fact.value.__class__ is Decimal and fact.state is State.OK:
                    return fact.value
                return facts.value(term, site, seen)

            return read
        case DayIn():
            return day_in(expr, site)
        case OrCheckDate(ref=ref, check_date=check_date):
            return or_check_date(ref.term, check_date, site)
    return number(expr, site)


def number(expr: Expr, site: Site) -> Callable[[Facts, Seen], Number]:
    match expr:
        case DayIn() | OrCheckDate():
            raise TypeError(f"a date where a number is computed: {site.text}")
        case Const(value=value):
            if isinstance(value, date):
                raise TypeError(f"a date where a number is computed: {site.text}")
            return lambda _facts, _seen: value
        case Ref(term=term):

            def read(facts: Facts, seen: Seen) -> Number:
                fact = seen[term] = facts[term]
                if fact.value.__class__ is Decimal and fact.state is State.OK:
                    return fact.value
                return facts.number(term, site, seen)

            return read
        case Arithmetic(op="/"):
            return _quotient(expr, site)
        case Arithmetic(op=op):
            left, right = number(expr.left, site), number(expr.right, site)
            combine = {"+": add, "-": subtract, "*": multiply}[op]
            return lambda facts, seen: combine(left(facts, seen), right(facts, seen))
        case Rounded(mode=mode):
            inner, whole = number(expr.expr, site), ROUND[mode]
            return lambda facts, seen: whole(inner(facts, seen))
        case Place():
            return lambda facts, seen: place_of(expr, facts, seen, site)
        case Score(indicator=indicator):

            def score(facts: Facts, _: Seen) -> Number:
                points = facts.scores.get(indicator)
                if points is None:
                    raise NotApplicable
                return points

            return score
        case PeriodTotals() | Counted() | LongerCounted() | BonusesCounted():
            return lambda facts, _seen: facts.made[expr]


def _same(value: Number) -> Number:
    return value


ROUND: Mapping[Rounding, Callable[[Number], Number]] = {
    Rounding.NONE: _same,
    Rounding.UP: ceiling,
    Rounding.DOWN: floor,
    Rounding.HALF_UP: round_half_up,
}


def _quotient(expr: Arithmetic, site: Site) -> Callable[[Facts, Seen], Number]:
    above, below, when_zero = number(expr.left, site), number(expr.right, site), expr.when_zero

    def quotient(facts: Facts, seen: Seen) -> Number:
        divisor = below(facts, seen)
        dividend = above(facts, seen)
        if divisor == 0:
            if when_zero is None:
                raise facts.zero_denominator(site)
            return when_zero
        return divide(dividend, divisor)

    return quotient


# The integer part of a quotient is exact; one of more digits than this is worked out as a fraction.
_WHOLE = decimal.Context(prec=60, traps=[decimal.InvalidOperation])


def steps(distance: Number, size: Number, partial: Partial) -> Number:
    """How many steps of `size` a positive distance makes."""
    if partial is Partial.PRO_RATA:
        return divide(distance, size)
    if isinstance(distance, Decimal) and isinstance(size, Decimal):
        try:
            whole: Number = _WHOLE.divide_int(distance, size)
            if partial is Partial.COUNTS_ONE and _WHOLE.remainder(distance, size):
                whole = add(whole, Decimal(1))
        except decimal.InvalidOperation:
            pass
        else:
            return whole
    exact = divide(distance, size)
    return floor(exact) if partial is Partial.IGNORED else ceiling(exact)


def step_points(outcome: Steps, site: Site) -> Callable[[Facts, Seen], Number]:
    size = number(outcome.size, site)
    if is_day(outcome.mark):
        return _day_steps(outcome, operand(outcome.mark, site), size, site)
    value = number(outcome.value, site)
    mark = number(outcome.mark, site) if outcome.mark is not None else None
    points, below, partial, limit = outcome.points, outcome.below, outcome.partial, outcome.limit

    def count(facts: Facts, seen: Seen) -> Number:
        distance = value(facts, seen)
        if mark is not None:
            distance = subtract(distance, mark(facts, seen))
        if below:
            distance = negate(distance)
        if distance <= 0:
            return ZERO
        step = size(facts, seen)
        if step <= 0:
            raise facts.zero_denominator(site)
        given = multiply(points, steps(distance, step, partial))
        return given if limit is None else max(negate(limit), min(limit, given))

    return count


def _day_steps(
    outcome: Steps,
    mark: Callable[[Facts, Seen], Number | date],
    size: Callable[[Facts, Seen], Number],
    site: Site,
) -> Callable[[Facts, Seen], Number]:
    """Steps of calendar time from a day: 晚于3月31日的,每迟1天扣1分."""
    value, limit = operand(outcome.value, site), outcome.limit

    def count(facts: Facts, seen: Seen) -> Number:
        day, start = value(facts, seen), mark(facts, seen)
        if not isinstance(day, date) or not isinstance(start, date):
            raise facts.wrong_kind(outcome.value.term if isinstance(outcome.value, Ref) else "", site)
        given = multiply(outcome.points, day_steps(start, day, size(facts, seen), outcome))
        return given if limit is None else max(negate(limit), min(limit, given))

    return count


def day_steps(start: date, day: date, size: Number, outcome: Steps) -> Number:
    """How many steps of days, or of months of the calendar, a day lies beyond another; 0 where it does not."""
    first, last = (day, start) if outcome.below else (start, day)
    if last <= first:
        return ZERO
    if not outcome.months:
        return steps(Decimal((last - first).days), size, outcome.partial)
    each = int(size)
    count = ((last.year - first.year) * 12 + last.month - first.month) // each
    while add_months(first, count * each) > last:
        count -= 1
    more = outcome.partial is Partial.COUNTS_ONE and add_months(first, count * each) < last
    return Decimal(count + more)


def between_points(outcome: Between, site: Site) -> Callable[[Facts, Seen], Number]:
    value, low, high = number(outcome.value, site), number(outcome.low, site), number(outcome.high, site)
    low_points, high_points = outcome.low_points, outcome.high_points
    rise = subtract(high_points, low_points)

    def proportion(facts: Facts, seen: Seen) -> Number:
        at, start, end = value(facts, seen), low(facts, seen), high(facts, seen)
        width = subtract(end, start)
        if width == 0:
            raise facts.zero_denominator(site)
        share = divide(subtract(at, start), width)
        if share <= 0:
            return low_points
        if share >= 1:
            return high_points
        return add(low_points, multiply(rise, share))

    return proportion


# --- Conditions ------------------------------------------------------------------------------------------------------

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def condition(node: Condition, site: Site) -> Callable[[Facts, Seen], bool]:
    match node:
        case Compare():
            return _compare(node, site)
        case Holds():
            return _holds(node.ref.term, site)
        case Not(condition=inner):
            test = condition(inner, site)
            return lambda facts, seen: not test(facts, seen)
        case AllOf(conditions=inner_conditions):
            tests = tuple(condition(inner, site) for inner in inner_conditions)
            return lambda facts, seen: all(test(facts, seen) for test in tests)
        case AnyOf(conditions=inner_conditions):
            tests = tuple(condition(inner, site) for inner in inner_conditions)
            return lambda facts, seen: any(test(facts, seen) for test in tests)


def _compare(node: Compare, site: Site) -> Callable[[Facts, Seen], bool]:
    left, op, right = node.left, node.op, node.right
    if isinstance(left, Const) and isinstance(right, Ref):
        left, op, right = right, MIRRORED[op], left
    compares = OPERATORS[op]
    if isinstance(left, Ref) and isinstance(right, Const):
        term = left.term
        if isinstance(right.value, date):
            return _compare_day(term, op, operand(right, site), site)
        mark = right.value

        def compare_number(facts: Facts, seen: Seen) -> bool:
            fact = seen[term] = facts[term]
            if fact.value.__class__ is Decimal and fact.state is State.OK:
                return compares(fact.value, mark)
            return compares(facts.number(term, site, seen), mark)

        return compare_number
    if isinstance(left, Ref) and isinstance(right, DayIn):
        return _compare_day(left.term, op, operand(right, site), site)
    first, second = operand(left, site), operand(right, site)
    named = next((side.term for side in (left, right) if isinstance(side, Ref)), "")

    def compare(facts: Facts, seen: Seen) -> bool:
        a, b = first(facts, seen), second(facts, seen)
        if isinstance(a, date) is not isinstance(b, date):
            raise facts.wrong_kind(named, site)
        return compares(a, b)

    return compare


def _compare_day(
    term: str, op: str, mark: Callable[[Facts, Seen], Number | date], site: Site
) -> Callable[[Facts, Seen], bool]:
    """A blank date is not done by any day, whatever missing data count; after a day it is a missing fact."""
    compares, done_by = OPERATORS[op], op in ("<", "<=", "=")

    def compare_day(facts: Facts, seen: Seen) -> bool:
        fact = seen[term] = facts[term]
        if fact.state is State.MISSING and fact.text is None:
            if not done_by:
                facts.settle(term, site)
            return False
        value = facts.value(term, site, seen)
        if not isinstance(value, date):
            raise facts.wrong_kind(term, site)
        return compares(value, mark(facts, seen))

    return compare_day


def _holds(term: str, site: Site) -> Callable[[Facts, Seen], bool]:
    dated = term in site.dates

    def holds(facts: Facts, seen: Seen) -> bool:
        fact = seen[term] = facts[term]
        if dated and fact.state is State.MISSING and fact.text is None:
            return False
        if fact.state is not State.OK:
            fact = seen[term] = facts.settle(term, site)
        value = fact.value
        if isinstance(value, bool):
            return value
        if isinstance(value, (Decimal, Fraction)):
            return value > 0
        if isinstance(value, datetime):
            return True
        raise facts.wrong_kind(term, site)

    return holds


def dates_of(nodes: tuple[Condition, ...], terms: Mapping[str, Term]) -> frozenset[str]:
    """The terms that are dates: by their kind, or because a condition compares them with a date."""
    found = {name for name, term in terms.items() if term.kind is Kind.DATE}
    todo = list(nodes)
    while todo:
        match todo.pop():
            case (
                Compare(left=Ref(term=term), right=Const(value=date()))
                | Compare(left=Const(value=date()), right=Ref(term=term))
                | Compare(left=Ref(term=term), right=DayIn())
                | Compare(left=OrCheckDate(ref=Ref(term=term)))
            ):
                found.add(term)
            case Not(condition=inner):
                todo.append(inner)
            case AllOf(conditions=more) | AnyOf(conditions=more):
                todo.extend(more)
    return frozenset(found)
