"""Why published places differ where the totals agree: ties, groups, who is missing, pairs in each other's place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gkxl.audit.audits import CauseKind, Checked, Value
from gkxl.model.rules import Ranking
from gkxl.run.placing import places
from gkxl.run.published import Stranger
from gkxl.run.results import UnitResult
from gkxl.values import Number

Units = Mapping[str, UnitResult]  # by key


@dataclass
class PlaceRoot:
    """`lines`: the places that are its own; `explains`: those that are as published once it is put in.

    `published`: its places, or the one that nobody has; `shared`: the place that equal totals share.
    """

    kind: CauseKind
    lines: list[Checked]
    explains: list[Checked] = field(default_factory=list)
    units: tuple[str, ...] = ()
    published: tuple[Value, ...] = ()
    shared: Value | None = None


def place_roots(
    ranking: Ranking, units: Units, here: Sequence[Checked], left_open: Sequence[Checked], strangers: Sequence[Stranger]
) -> list[PlaceRoot]:
    """The roots of the differences that are `left_open` in one period; `here` are all its published places."""
    groups = list(dict.fromkeys(unit.group for unit in units.values()))
    policy = _as_ranked(units, not ranking.skip, ranking.lowest_first, by_rank=True)
    if _agree(policy, here):
        return [_policy("ties", left_open, units)]
    if len(groups) > 1 and ranking.by is None:
        for skip in (ranking.skip, not ranking.skip):
            if _agree(_as_ranked(units, skip, ranking.lowest_first, by_rank=False), here):
                return [PlaceRoot("together", list(left_open), list(left_open))]
    found: list[PlaceRoot] = []
    for group in groups:
        members = {key: unit for key, unit in units.items() if unit.group == group}
        mine = [one for one in left_open if one.group == group]
        published = [one for one in here if one.group == group]
        if not mine:
            continue
        if _agree(policy, published):
            found.append(_policy("ties", mine, members))
        else:
            found += _Walk(ranking.skip, members, published, strangers).roots()
    return found


def misprinted(
    base: Mapping[str, Number | None],
    now: Mapping[str, Number | None],
    published: Mapping[str, Value],
    ranking: Ranking,
) -> list[str]:
    """The units of a group whose total did not move the published places: one after the other is left out, or taken in,
    and what gives more of the places stays."""

    def right(totals: Mapping[str, Number | None]) -> int:
        there = {key: total for key, total in totals.items() if total is not None}
        order = dict(zip(there, places([*there.values()], ranking.skip, ranking.lowest_first), strict=True))
        return sum(order.get(key) == place for key, place in published.items())

    moved = [key for key, total in now.items() if total != base[key]]
    best, most = dict(now), right(now)
    for start, other in ((now, base), (base, now)):
        totals, count = dict(start), right(start)
        for key in moved:
            tried = totals | {key: other[key]}
            if (here := right(tried)) > count:
                totals, count = tried, here
        if count > most:
            best, most = totals, count
    return [key for key in moved if best[key] != now[key]]


def _agree(by_policy: Mapping[str, int], here: Sequence[Checked]) -> bool:
    return all(by_policy.get(one.key) == one.published for one in here)


def _as_ranked(units: Units, skip: bool, lowest_first: bool, by_rank: bool) -> dict[str, int]:
    """Places by another policy: within the groups in the order of the places there, or of all together by the totals."""
    found: dict[str, int] = {}
    groups: dict[str | None, dict[str, Number]] = {}
    for key, unit in units.items():
        number = (None if unit.rank is None else Decimal(unit.rank)) if by_rank else unit.exact_total
        if number is not None:
            groups.setdefault(unit.group if by_rank else None, {})[key] = number
    for group in groups.values():
        lowest = True if by_rank else lowest_first
        found |= dict(zip(group, places([*group.values()], skip, lowest), strict=True))
    return found


def _policy(kind: CauseKind, lines: Sequence[Checked], units: Units) -> PlaceRoot:
    """The units that tie come first; each later place follows from them."""
    tied = [unit.unit for rank in _ties(units) for unit in rank if len(rank) > 1]
    return PlaceRoot(kind, list(lines), list(lines), tuple(tied))


def _ties(units: Units) -> list[list[UnitResult]]:
    """The units that share a place, group by group in the order of places."""
    found: dict[tuple[str | None, int], list[UnitResult]] = {}
    for unit in units.values():
        if unit.rank is not None:
            found.setdefault((unit.group, unit.rank), []).append(unit)
    groups = list(dict.fromkeys(group for group, _ in found))
    return [found[key] for key in sorted(found, key=lambda key: (groups.index(key[0]), key[1]))]


class _Walk:
    """Down the places of one group: what is published is expected to go on from what was published before."""

    def __init__(self, skip: bool, units: Units, published: Sequence[Checked], strangers: Sequence[Stranger]) -> None:
        self.skip = skip
        self.lines = {one.unit: one for one in published}
        self.ties = _ties(units)
        self.strangers = [one for one in strangers if one.line.what == "rank"]
        self.shift = 0  # by which the places that follow are later than the rules give them
        self.last: PlaceRoot | None = None  # what brought it about
        self.done: set[str] = set()

    def roots(self) -> Iterator[PlaceRoot]:
        for at, tie in enumerate(self.ties):
            there = [self.lines[unit.unit] for unit in tie if unit.unit in self.lines]
            left_out = [unit.unit for unit in tie if unit.unit not in self.lines]
            waiting = [one for one in there if one.unit not in self.done]
            expected = (tie[0].rank or 0) + self.shift
            if waiting:
                root = self._root(at, waiting, expected)
                if root is not None:
                    yield root
            if left_out and (root := self._unpublished(at, left_out, whole=not there)) is not None:
                yield root

    def _root(self, at: int, there: list[Checked], expected: int) -> PlaceRoot | None:
        values = [int(one.published) for one in there if isinstance(one.published, Decimal)]
        if all(value == expected for value in values):
            if self.shift and self.last is not None:
                self.last.explains += there
            return None
        run = list(range(expected, expected + len(values)))
        if len(values) > 1 and sorted(values) == run:
            explains = [one for one in there if one.published != self.ties[at][0].rank]
            root = PlaceRoot("tie split", there, explains, (), tuple(map(Decimal, sorted(values))), Decimal(expected))
            if not self.skip and self._goes_on(at + 1, self.shift + len(values) - 1):
                self.shift += len(values) - 1
            self.last = root if self.shift or self.last is None else self.last
            return root
        moved = values[0] - expected
        if len(set(values)) == 1 and self._goes_on(at + 1, self.shift + moved):
            return self._passed_over(there, expected, moved)
        off = [one for one in there if one.published != expected]
        if len(off) == 1 and (other := self._counterpart(at, off[0].published, expected)) is not None:
            self.done.add(other.unit)
            return PlaceRoot("swapped", [off[0], other], [off[0], other], (), (off[0].published, other.published))
        return PlaceRoot("rank", off, off, (), tuple(one.published for one in off), Decimal(expected))

    def _passed_over(self, there: list[Checked], expected: int, moved: int) -> PlaceRoot:
        """All that follows is moved with it: by somebody who is not in the list, or without a visible reason."""
        self.shift += moved
        explains = [one for one in there if one.published != one.computed]
        between = [Decimal(place) for place in range(expected, expected + moved)]
        who = [one for one in self.strangers if one.value in between]
        kind: CauseKind = "unlisted" if moved > 0 and len(who) == moved else "passed over"
        names = tuple(one.name for one in who) if kind == "unlisted" else ()
        published: tuple[Value, ...] = tuple(between) or (there[0].published,)
        self.last = PlaceRoot(kind, there, explains, names, published, Decimal(expected))
        return self.last

    def _unpublished(self, at: int, left_out: list[str], whole: bool) -> PlaceRoot | None:
        """Units of the list that have no published place, where the places of the others close up."""
        gone = len(left_out) if self.skip else int(whole)
        after = next((i for i in range(at + 1, len(self.ties)) if self._published(i)), None)
        if not gone or after is None or not self._goes_on(after, self.shift - gone):
            return None
        self.shift -= gone
        self.last = PlaceRoot("unpublished", self._published(after), [], tuple(left_out))
        return self.last

    def _published(self, at: int) -> list[Checked]:
        return [self.lines[unit.unit] for unit in self.ties[at] if unit.unit in self.lines]

    def _goes_on(self, at: int, shift: int) -> bool:
        """Whether the next published place is what the rules give, moved by `shift`."""
        there = self._published(at) if at < len(self.ties) else []
        return bool(there) and min(int(x.published) for x in there if isinstance(x.published, Decimal)) == (
            (self.ties[at][0].rank or 0) + shift
        )

    def _counterpart(self, at: int, published: Value, expected: int) -> Checked | None:
        """The unit whose place this one has, and which has this one's; in a tie it alone has it."""
        for later, tie in enumerate(self.ties[at + 1 :], at + 1):
            found = [line for line in self._published(later) if line.published == expected]
            if found:
                return found[0] if len(found) == 1 and (tie[0].rank or 0) + self.shift == published else None
        return None
