"""Sentences as closures that give awards: branches, price lists and the caps of clause and sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from gkxl.diagnostics import COUNTS_NOT_READ, KEY_WITHOUT_PRICE, Language
from gkxl.model.rules import (
    Amount,
    Between,
    Branch,
    Clause,
    Fixed,
    Outcome,
    Pick,
    Prices,
    Sentence,
    Steps,
    Term,
    Veto,
    ZeroIndicator,
)
from gkxl.periods import PeriodKind
from gkxl.run.caps import capped_together, clamped
from gkxl.run.context import ZERO, Facts, Seen, Site, Unusable
from gkxl.run.evaluate import between_points, condition, dates_of, number, step_points
from gkxl.run.facts import Cells, Fact, State, price_key, prices_key
from gkxl.run.names import nearest
from gkxl.run.repeats import priced_rows
from gkxl.run.results import Award, PricedRows
from gkxl.values import Number, add, multiply, negate

Worth = Callable[[Facts, Seen], Number]
GiveAward = Callable[[Facts], Award]
GiveAwards = Callable[[Facts, list[Award]], None]


def compile_sentence(
    sentence: Sentence, terms: Mapping[str, Term], earnings_per: PeriodKind | None = None
) -> GiveAwards:
    """Appends the awards of a sentence; raises NotApplicable where it does not exist, Unusable where it cannot be told.

    `earnings_per`: the period by which all earnings are capped; clauses that earn are evaluated by it. The caps of a
    sentence whose price lists have `repeats` come after these (see `repeats.py`).
    """
    picks = [clause for clause in sentence.clauses if isinstance(clause, Pick)]
    conditions = tuple(branch.condition for pick in picks for branch in pick.branches if branch.condition)
    site = Site(sentence.text, sentence.span, sentence.language, dates_of(conditions, terms))
    cap = sentence.cap
    later = any(isinstance(clause, Prices) and clause.repeats is not None for clause in sentence.clauses)
    clauses = []
    for clause in sentence.clauses:
        give = _pick(sentence, clause, site) if isinstance(clause, Pick) else _prices(sentence, clause, site)
        kinds = [c.per for outer in (clause.cap, cap) if outer is not None for c in outer.chain() if c.per is not None]
        if isinstance(clause, Pick) and clause.per is not None:
            kinds.append(clause.per)
        if earnings_per is not None and _earns(clause):
            kinds.append(earnings_per)
        nested = clause.cap.chain() if clause.cap is not None and not later else ()
        at_once = _capped_over_all(clause)
        clauses.append((give, min(kinds, key=lambda kind: kind.months, default=None), nested, at_once))
    if len(clauses) == 1 and clauses[0][1] is None and cap is None:
        only = clauses[0][0]
        return lambda facts, awards: awards.append(only(facts))

    def several(facts: Facts, awards: list[Award]) -> None:
        found: list[Award] = []
        broken: Unusable | None = None
        for give, per, nested, at_once in clauses:
            try:
                made = [give(part) for part in parts_of(facts, per)]
            except Unusable as error:
                broken = error  # the other clauses may have errors to report too
                continue
            for inner in nested if at_once or len(made) > 1 else ():
                made = capped_together(made, inner)
            found += made
        for outer in cap.chain() if cap is not None and not later else ():
            found = capped_together(found, outer)
        awards.extend(found)
        if broken is not None:
            raise broken

    return several


def parts_of(facts: Facts, kind: PeriodKind | None) -> Iterable[Facts]:
    """The facts of each shorter period of `kind`; of the period itself where `kind` is none or not shorter."""
    if kind is None or facts.period is None or kind.months >= facts.period.kind.months:
        return (facts,)
    return (facts.at(part) for part in facts.period.split(kind))


def _capped_over_all(clause: Clause) -> bool:
    """Whether its cap holds for all the shorter periods together that it is evaluated by."""
    return isinstance(clause, Pick) and clause.per is not None and clause.cap is not None and clause.cap.per is None


def _earns(clause: Clause) -> bool:
    if isinstance(clause, Prices):
        return any(price.points > 0 for price in clause.prices) or (clause.otherwise or ZERO) > 0
    return any(gain_of(outcome) > 0 for branch in clause.branches for outcome in branch.outcomes)


def gain_of(outcome: Outcome) -> Number | int:
    """Above 0 for what earns, below 0 for what costs."""
    match outcome:
        case Fixed(points=points) | Steps(points=points):
            return points
        case Between(low_points=low, high_points=high):
            return max(low, high)
        case Amount(sign=sign):
            return sign
    return 0


# --- Branches --------------------------------------------------------------------------------------------------------


def _pick(sentence: Sentence, pick: Pick, site: Site) -> GiveAward:
    limit = pick.cap.limit if pick.cap is not None and not _capped_over_all(pick) else None
    branches = []
    for index, branch in enumerate(pick.branches):
        test = condition(branch.condition, site) if branch.condition is not None else None
        fixed, worths = _worths(branch, site)
        strikes = any(isinstance(outcome, (Veto, ZeroIndicator)) for outcome in branch.outcomes)
        given = fixed if limit is None else clamped(fixed, limit)
        branches.append((index, test, fixed, given, worths, strikes, strikes or fixed != 0))

    def give(facts: Facts) -> Award:
        seen: Seen = {}
        for index, test, fixed, given, worths, strikes, fired in branches:
            if test is None or test(facts, seen):
                if not worths:
                    return Award(sentence, pick, index, given, fixed, seen, fired, facts.part)
                points = fixed
                for worth in worths:
                    points = add(points, worth(facts, seen))
                given = points if limit is None else clamped(points, limit)
                return Award(sentence, pick, index, given, points, seen, strikes or points != 0, facts.part)
        return Award(sentence, pick, None, ZERO, ZERO, seen, False, facts.part)

    return give


def _worths(branch: Branch, site: Site) -> tuple[Number, tuple[Worth, ...]]:
    """The points of a branch: the fixed ones, and what is worked out for each unit."""
    fixed: Number = ZERO
    worths: list[Worth] = []
    for outcome in branch.outcomes:
        match outcome:
            case Fixed(points=points):
                fixed = add(fixed, points)
            case Steps():
                worths.append(step_points(outcome, site))
            case Between():
                worths.append(between_points(outcome, site))
            case Amount(expr=expr, sign=sign):
                worth = number(expr, site)
                worths.append(worth if sign > 0 else _negated(worth))
    return fixed, tuple(worths)


def _negated(worth: Worth) -> Worth:
    return lambda facts, seen: negate(worth(facts, seen))


# --- Price lists -----------------------------------------------------------------------------------------------------


def _prices(sentence: Sentence, prices: Prices, site: Site) -> GiveAward:
    where, term = prices_key(prices), prices.ref.term
    table = {price_key(price.key): price.points for price in prices.prices}
    repeats = prices.repeats
    limit = prices.cap.limit if prices.cap is not None and repeats is None else None
    details = len(repeats.columns) if repeats is not None else 0

    def give(facts: Facts) -> Award:
        fact = facts.settle(where, site, prices.ref.shown or term)
        if fact.state is State.OK and not isinstance(fact.value, Mapping):
            raise facts.tell(COUNTS_NOT_READ, prices.ref.shown or term, site, key=where, fact=fact)
        counts = fact.value if isinstance(fact.value, Mapping) else {}  # what is missing and counts 0 is no rows
        total: Number = ZERO
        unpriced = None
        rows: list[PricedRows] = []
        for written, (count, cells) in counts.items():
            key = written[: len(written) - details]
            points = table.get(price_key(key), prices.otherwise)
            if points is not None:
                if points:
                    rows.append(priced_rows(repeats, key, written[len(key) :], points, count, cells))
                    points = rows[-1].points
                total = add(total, multiply(points, Decimal(count)))
            elif count:
                known = Fact(State.ERROR, None, (cells,))
                unpriced = facts.tell(
                    KEY_WITHOUT_PRICE, term, site, key=(where, key), fact=known, count=count, price=" ".join(key),
                    notes=_priced_keys(prices, " ".join(key), site.language),
                )  # fmt: skip
        if unpriced is not None:
            raise unpriced
        given = total if limit is None else clamped(total, limit)
        seen = {term: fact if fact.cells else replace(fact, cells=_cells(counts))}
        return Award(sentence, prices, 0, given, total, seen, total != 0, facts.part, tuple(rows))

    return give


def _priced_keys(prices: Prices, key: str, language: Language) -> tuple[str, ...]:
    """The keys that have a price, the most similar first, and the way out for the others."""
    there = nearest(key, (" ".join(price.key) for price in prices.prices))[:5]
    if language == "zh":
        return (f"有分值的是:{'、'.join(there)};确实不计的,在句末写:,其余不计",)
    return (f"There are points for: {', '.join(there)}; if it counts nothing, end with: , others nothing",)


def _cells(counts: Mapping[tuple[str, ...], tuple[int, Cells]]) -> tuple[Cells, ...]:
    return tuple(cells for _, cells in counts.values() if cells.rows)
