"""How far a clause is from giving other points: the nearest value of one of its terms that changes them.

Every threshold and step that the clause names gives values to try, on it and to either side of it; the clause is
evaluated with each. So this holds for all clauses, whatever sentence they came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from gkxl.model.rules import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Const,
    Expr,
    Holds,
    Missing,
    Not,
    Partial,
    Pick,
    Ref,
    Steps,
    Veto,
    ZeroIndicator,
)
from gkxl.run.awards import compile_sentence
from gkxl.run.context import Facts, NotApplicable, Run, Site, Unusable
from gkxl.run.evaluate import number, steps
from gkxl.run.facts import Fact, State
from gkxl.run.indicators import outcomes_of
from gkxl.run.results import Award
from gkxl.values import Kind, Number, add, is_whole, multiply, negate, subtract

_ONE = Decimal(1)
_JUST = Decimal("1e-9")  # beyond a mark that is not itself enough, where values are no counts


@dataclass(frozen=True, slots=True)
class Near:
    """With `value` of `term` (just beyond it, above where `beyond` is 1 and below where -1) the clause gives `then`.

    `now` is what the term is; both are bool for yes/no. `rate`: they are rates, not numbers.
    """

    term: str
    now: Number | bool
    value: Number | bool
    beyond: int
    then: Award
    rate: bool
    label: str


@dataclass(frozen=True, slots=True)
class _Try:
    ref: Ref
    value: Number | bool
    beyond: int = 0
    rate: bool = False
    label: str = ""


def nearest(award: Award) -> tuple[Near | None, Near | None]:
    """The nearest better and the nearest worse points of a clause; None where no single value leads there."""
    pick = award.clause
    if not isinstance(pick, Pick):
        return None, None
    sentence = replace(award.sentence, clauses=(pick,), cap=None)
    give = compile_sentence(sentence, {})
    better: Near | None = None
    worse: Near | None = None
    here = _rank(award)
    for one in _tries(pick, award):
        fact = award.facts[one.ref.term]
        at = one.value if not one.beyond or isinstance(one.value, bool) else add(one.value, _JUST * one.beyond)
        awards: list[Award] = []
        try:
            give(_facts(award, {one.ref.term: replace(fact, state=State.OK, value=at)}), awards)
        except (NotApplicable, Unusable):
            continue  # it would hang on what this clause has not looked at
        then = awards[0]
        rank = _rank(then)
        if rank == here:
            continue
        now = fact.value
        assert isinstance(now, (bool, Decimal, Fraction))
        found = Near(one.ref.shown or one.ref.term, now, one.value, one.beyond, then, one.rate, one.label)
        if rank > here and (better is None or _closer(found, better)):
            better = found
        elif rank < here and (worse is None or _closer(found, worse)):
            worse = found
    return better, worse


def _tries(pick: Pick, award: Award) -> Iterator[_Try]:
    """Values to try for the terms of a clause: at each mark and step, and next to it."""
    site = Site(award.sentence.text, award.sentence.span, award.sentence.language)
    known = _facts(award, {})
    for ref, mark, size, label, partial in marks(pick):
        fact = award.facts.get(ref.term)
        if fact is None:
            continue
        now = fact.value
        if isinstance(now, bool) and mark is None:
            yield _Try(ref, not now)
            continue
        if isinstance(now, bool) or not isinstance(now, (Decimal, Fraction)):
            continue
        if mark is None:
            yield _Try(ref, Decimal(0) if now > 0 else _ONE, label=label)
            continue
        try:
            at = number(mark, site)(known, {})
            step = number(size, site)(known, {}) if size is not None else None
        except (NotApplicable, Unusable, TypeError):  # a mark that is a date, or is not known here
            continue
        rate = any(isinstance(e, Const) and e.kind is Kind.RATE for e in (mark, size))
        places = [at]
        if step is not None and step > 0 and partial is not None:
            # The steps that the value has now, one more and one less, on whichever side of the mark it lies.
            away = subtract(now, at)
            side = 1 if away >= 0 else -1
            count = steps(multiply(away, Decimal(side)), step, Partial.IGNORED)
            places += [add(at, multiply(step, add(count, Decimal(k)) * side)) for k in (-1, 0, 1, 2)]
        counts = not rate and is_whole(now) and all(map(is_whole, places))
        for place in places:
            yield _Try(ref, place, 0, rate, label)
            for side in (-1, 1):
                if counts:
                    yield _Try(ref, add(place, Decimal(side)), 0, rate, label)
                else:
                    yield _Try(ref, place, side, rate, label)


Mark = tuple[Ref, Expr | None, Expr | None, str, Partial | None]


def marks(pick: Pick) -> Iterator[Mark]:
    """What each term is held against: the mark (None: whether it is there at all), the size of a step."""
    for branch in pick.branches:
        if branch.condition is not None:
            yield from _tested(branch.condition)
        for outcome in branch.outcomes:
            if isinstance(outcome, Steps) and isinstance(outcome.value, Ref) and outcome.mark is not None:
                yield outcome.value, outcome.mark, outcome.size, outcome.label, outcome.partial


def _tested(node: Condition) -> Iterator[Mark]:
    match node:
        case Compare(left=Ref() as ref, right=mark, label=label) | Compare(left=mark, right=Ref() as ref, label=label):
            yield ref, mark, None, label, None
        case Holds(ref=ref):
            yield ref, None, None, "", None
        case Not(condition=inner):
            yield from _tested(inner)
        case AllOf(conditions=several) | AnyOf(conditions=several):
            for each in several:
                yield from _tested(each)


def _facts(award: Award, changed: Mapping[str, Fact]) -> Facts:
    run = Run({}, Missing.ERROR, {}, award.sentence.language)
    return Facts(run, {**award.facts, **changed})


def struck(award: Award) -> list[Veto | ZeroIndicator]:
    """The vetoes that have struck, and what sets the indicator to 0."""
    return [outcome for _, outcome in outcomes_of([award]) if isinstance(outcome, (Veto, ZeroIndicator))]


def _rank(award: Award) -> tuple[bool, Number]:
    return not struck(award), award.points


def _closer(one: Near, other: Near) -> bool:
    """Nearer to what is; of two at the same place the one that takes it in."""
    return (_distance(one), abs(one.beyond)) < (_distance(other), abs(other.beyond))


def _distance(near: Near) -> Number:
    if isinstance(near.now, bool) or isinstance(near.value, bool):
        return _ONE
    away = subtract(near.value, near.now)
    return max(away, negate(away))
