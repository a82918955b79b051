"""Results held against other results: whose points, totals, places and grades move, and by which sentence.

The changes of a unit's causes add up to that of its total, since the lines of either total do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gkxl.diagnostics import Span
from gkxl.model.rules import Rubric, Term
from gkxl.model.terms import uses
from gkxl.periods import Period
from gkxl.report.grid import reason
from gkxl.report.lines import Line, lines
from gkxl.report.pairs import Pairs, RuleChange, Said, pair
from gkxl.run.facts import Fact
from gkxl.run.results import Award, CheckResult, IndicatorResult, PeriodResult, Results, UnitResult
from gkxl.values import Number, add, name_key, negate, subtract

_ZERO = Decimal(0)
# By what a line of the total is: the lines for the whole file that it comes from.
_BEHIND = {
    "made": ("total",),
    "rounded": ("total places",),
    "settled": ("points places",),
    "cut bonuses": ("bonus cap",),
    "cut gate": ("Gate",),
}


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two results has for a cause: the sentence with its reasons, or what else counted (no `sentence`)."""

    sentence: str
    because: str
    points: Number
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class FactMove:
    """A value that a sentence used in both; `terms`: definitions that changed on the way to it."""

    name: str
    old: Fact
    new: Fact
    term: Term | None
    terms: tuple[RuleChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """What moved points by `change`. It may be 0 where something only stands in one of the two.

    `lines` are the lines of the rules that are other ones, behind what is no sentence: caps, weights, the formula of totals.
    """

    indicator: str
    old: Side | None
    new: Side | None
    change: Number
    facts: tuple[FactMove, ...] = ()
    lines: tuple[RuleChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PointsMove:
    """An indicator whose points move; None: not for the unit, or no points."""

    name: str
    old: Number | None
    new: Number | None


@dataclass(frozen=True, slots=True)
class UnitMove:
    """`placing`: the lines on places and grades that are other ones, where these move.

    `with_others`: its place or grade moves, and nothing of its own does.
    """

    old: UnitResult
    new: UnitResult
    indicators: tuple[PointsMove, ...]
    causes: tuple[Cause, ...]
    placing: tuple[RuleChange, ...] = ()

    @property
    def change(self) -> Number | None:
        """Of the total; None where there is none before or after."""
        if self.old.total is None or self.new.total is None:
            return None
        return subtract(self.new.total, self.old.total)

    @property
    def with_others(self) -> bool:
        own = self.indicators or self.causes or self.placing or self.old.group != self.new.group
        return not own and self.old.exact_total == self.new.exact_total

    @property
    def size(self) -> tuple[bool, Number, Number, int]:
        """Smaller for what moves more: a total that comes or goes, the total, any points, the place."""
        points = [_below(subtract(one.new or _ZERO, one.old or _ZERO)) for one in self.indicators]
        places = abs((self.new.rank or 0) - (self.old.rank or 0))
        lost = (self.old.total is None) == (self.new.total is None)
        return lost, _below(self.change or _ZERO), min(points, default=_ZERO), -places


@dataclass(frozen=True, slots=True)
class PeriodMoves:
    """`moves` are the biggest first; `still`: how many units stay as they are."""

    period: Period
    moves: tuple[UnitMove, ...]
    came: tuple[UnitResult, ...]
    gone: tuple[UnitResult, ...]
    still: int


@dataclass(frozen=True, slots=True)
class RuleTotal:
    """What a sentence, or a pair of them, moves over all units and periods."""

    indicator: str
    old: Said | None
    new: Said | None
    units: int
    up: Number
    down: Number


@dataclass(frozen=True, slots=True)
class CheckMove:
    """A check of a form, in one row or column, that holds in one of the two alone; None: it is not made."""

    old: CheckResult | None
    new: CheckResult | None


@dataclass(frozen=True)
class Comparison:
    """`rules` are the biggest first. `differ`: what else is not the same in two rule files; `same_rules`: nothing is."""

    old: Results
    new: Results
    periods: tuple[PeriodMoves, ...]
    rules: tuple[RuleTotal, ...]
    differ: tuple[RuleChange, ...]
    same_rules: bool
    checks: tuple[CheckMove, ...] = ()

    @property
    def moves(self) -> bool:
        return bool(self.checks) or any(one.moves or one.came or one.gone for one in self.periods)


def compare(old: Results, new: Results) -> Comparison:
    """Of the periods that both have. Without results on either side nothing can be said: no periods."""
    if old.rubric is None or new.rubric is None:
        return Comparison(old, new, (), (), (), False)
    pairs = pair(old.rubric, new.rubric)
    there = {one.period: one for one in old.periods}
    compared = _Compared(old.rubric, new.rubric, pairs)
    periods = tuple(compared.period(there[one.period], one) for one in new.periods if one.period in there)
    rules = _by_rule(move for one in periods for move in one.moves)
    shown = {side.span for one in rules for side in (one.old, one.new) if side is not None}
    differ = (one for one in pairs.differ if not all(side is None or side.span in shown for side in (one.old, one.new)))
    return Comparison(old, new, periods, rules, tuple(differ), not pairs.differ, tuple(_checks(old, new)))


def _checks(old: Results, new: Results) -> Iterator[CheckMove]:
    before, after = ({(name_key(one.check.name), one.at): one for one in side.checks} for side in (old, new))
    for key in dict.fromkeys([*after, *before]):
        a, b = before.get(key), after.get(key)
        if a is None or b is None or a.holds is not b.holds:
            yield CheckMove(a, b)


@dataclass(frozen=True, slots=True)
class _Compared:
    old: Rubric
    new: Rubric
    pairs: Pairs

    def period(self, old: PeriodResult, new: PeriodResult) -> PeriodMoves:
        before = {name_key(unit.unit): unit for unit in old.units}
        after = {name_key(unit.unit): unit for unit in new.units}
        both = [(before[key], unit) for key, unit in after.items() if key in before]
        moves = [move for a, b in both if (move := self.unit(a, b, new.period))]
        return PeriodMoves(
            new.period,
            tuple(sorted(moves, key=lambda move: move.size)),
            tuple(unit for key, unit in after.items() if key not in before),
            tuple(unit for key, unit in before.items() if key not in after),
            len(both) - len(moves),
        )

    def unit(self, old: UnitResult, new: UnitResult, period: Period) -> UnitMove | None:
        """None: nothing of it moves."""
        points, causes = tuple(self._points(old, new)), tuple(self._causes(old, new, period))
        move = UnitMove(old, new, points, causes, tuple(self._placing(old, new)))
        same = (old.total, old.rank, old.grade, old.converted) == (new.total, new.rank, new.grade, new.converted)
        return None if same and not move.indicators else move

    def _points(self, old: UnitResult, new: UnitResult) -> Iterator[PointsMove]:
        before = {self._named(one.indicator.name): _counting(one) for one in old.indicators}
        after = {one.indicator.name: _counting(one) for one in new.indicators}
        for name in dict.fromkeys([*after, *before]):
            if before.get(name) != after.get(name):
                yield PointsMove(name, before.get(name), after.get(name))

    def _placing(self, old: UnitResult, new: UnitResult) -> Iterator[RuleChange]:
        moved = {"rank": old.rank != new.rank, "grades": old.grade != new.grade}
        return (one for one in self.pairs.differ if moved.get(one.what))

    def _named(self, indicator: str) -> str:
        """The name that an old indicator has in the new rules."""
        return self.pairs.indicators.get(indicator, indicator)

    def _causes(self, old: UnitResult, new: UnitResult, period: Period) -> Iterator[Cause]:
        """In the order of the lines of the new total."""
        found: dict[object, tuple[list[Line], list[Line]]] = {}
        before, after = lines(old, period, self.old), lines(new, period, self.new)
        for line in after:
            found.setdefault(self._key(line, line.indicator, self.pairs.new), ([], []))[1].append(line)
        for line in before:
            found.setdefault(self._key(line, self._named(line.indicator), self.pairs.old), ([], []))[0].append(line)
        for key, (gone, came) in found.items():
            change = subtract(_sum(came), _sum(gone))
            silent = all(line.points is None for line in (*gone, *came)) and not (gone and came)
            if change or silent:
                yield self._cause(key, gone, came, old, new, change)

    def _key(self, line: Line, indicator: str, places: Mapping[int, int]) -> object:
        if line.span is not None:
            return places.get(line.span.start)
        return indicator, line.what

    def _cause(
        self, key: object, gone: list[Line], came: list[Line], old: UnitResult, new: UnitResult, change: Number
    ) -> Cause:
        home = came[0].indicator if came else self._named(gone[0].indicator)
        if isinstance(key, tuple):
            return Cause(home, _plain(gone), _plain(came), change, lines=tuple(self._behind(home, key[1])))
        before, after = _awards(old, key, self.pairs.old), _awards(new, key, self.pairs.new)
        facts = tuple(self._facts(_facts(before), _facts(after)))
        return Cause(home, _side(gone, before), _side(came, after), change, facts)

    def _behind(self, home: str, what: str) -> Iterator[RuleChange]:
        """The lines that are other ones among those that a cap, a weight or a total comes from."""
        parts = {one.part for one in self.new.indicators if one.name == home and one.part is not None}
        for one in self.pairs.differ:
            if one.of:
                yield from [one] if one.what and home and one.of in {home, *parts} else []
            elif one.what and one.what in _BEHIND.get(what, ()):
                yield one

    def _facts(self, old: Mapping[str, Fact], new: Mapping[str, Fact]) -> Iterator[FactMove]:
        for name, fact in new.items():
            if name in old and _value(old[name]) != _value(fact):
                term = self.new.terms.get(name)
                yield FactMove(name, old[name], fact, term, tuple(self._terms(name)))

    def _terms(self, name: str) -> Iterator[RuleChange]:
        """The definitions that changed among those that a term is made of."""
        waiting, seen = [name], {name}
        changed = {one.new.span.start: one for one in self.pairs.differ if one.old is not None and one.new is not None}
        while waiting:
            term = self.new.terms.get(waiting.pop(0))
            if term is None:
                continue
            if term.span.start in changed:
                yield changed[term.span.start]
            more = [one for one in uses(term.measure) if one not in seen]
            waiting += more
            seen.update(more)


def _counting(one: IndicatorResult) -> Number | None:
    return one.points if one.applies else None


def _sum(found: Iterable[Line]) -> Number:
    return _total(line.points for line in found if line.points is not None)


def _awards(unit: UnitResult, number: object, places: Mapping[int, int]) -> list[Award]:
    """What the sentence of that number gave the unit, or why it gave nothing."""
    every = [award for one in unit.indicators if one.applies for award in one.awards]
    every += unit.veto.awards if unit.veto is not None else ()
    return [award for award in every if places.get(award.sentence.span.start) == number]


def _facts(awards: Iterable[Award]) -> dict[str, Fact]:
    return {name: fact for award in awards for name, fact in award.facts.items()}


def _value(fact: Fact) -> object:
    """What counts of a fact: where it stands does not."""
    value = fact.value
    counts = {key: count for key, (count, _) in value.items()} if isinstance(value, Mapping) else value
    return fact.state, counts


def _plain(found: list[Line]) -> Side | None:
    return Side("", found[0].why, _sum(found)) if found else None


def _side(found: list[Line], awards: list[Award]) -> Side | None:
    told = [line.why for line in found] or [reason(award) for award in awards][:1]
    if not awards:
        return None
    sentence = awards[0].sentence
    return Side(sentence.text, "\n".join(dict.fromkeys(told)), _sum(found), sentence.span)


def _by_rule(moves: Iterable[UnitMove]) -> tuple[RuleTotal, ...]:
    """The sentences by how much they move in all, then the lines on places and grades."""
    causes: defaultdict[tuple[Said | None, Said | None], list[tuple[str, Cause]]] = defaultdict(list)
    placing: defaultdict[RuleChange, set[str]] = defaultdict(set)
    for move in moves:
        for cause in move.causes:
            old, new = _said(cause.old), _said(cause.new)
            if cause.lines:
                old, new = cause.lines[0].old, cause.lines[0].new
            if old is not None or new is not None:
                causes[old, new].append((move.new.unit, cause))
        for change in move.placing:
            placing[change].add(move.new.unit)
    totals = [
        RuleTotal(
            same[0][1].indicator,
            old,
            new,
            len({unit for unit, _ in same}),
            _total(one.change for _, one in same if one.change > 0),
            _total(one.change for _, one in same if one.change < 0),
        )
        for (old, new), same in causes.items()
    ]
    totals.sort(key=lambda one: subtract(one.down, one.up))
    totals += [RuleTotal("", one.old, one.new, len(units), _ZERO, _ZERO) for one, units in placing.items()]
    return tuple(totals)


def _below(number: Number) -> Number:
    """Its size, below 0."""
    return negate(number) if number > 0 else number


def _total(numbers: Iterable[Number]) -> Number:
    total: Number = _ZERO
    for number in numbers:
        total = add(total, number)
    return total


def _said(side: Side | None) -> Said | None:
    return None if side is None or side.span is None else Said(side.sentence, side.span)
