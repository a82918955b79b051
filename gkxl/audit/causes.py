"""Differences traced to their causes: published values are put in the place of those that the rules give, from the points
up to the grades, and what then comes out as published is explained by what was put in. Nothing else counts as explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from gkxl.audit.audits import Cause, CauseKind, Checked, Value
from gkxl.audit.compare import Computed, all_awards, awards_of, by_unit, computed_for, same
from gkxl.audit.places import PlaceRoot, misprinted, place_roots
from gkxl.model.rules import Rubric
from gkxl.periods import Period
from gkxl.run.facts import Data
from gkxl.run.interpret import interpret
from gkxl.run.placing import places
from gkxl.run.published import Stranger
from gkxl.run.put import At, Put
from gkxl.run.results import Results
from gkxl.values import Number, add, round_half_up, shown, subtract

_POINTS = ("indicator", "part", "term", "sentence")
_ROOT: dict[str, CauseKind] = {"total": "total", "rank": "rank", "grade": "grade"}


def trace(
    rubric: Rubric, data: Data, results: Results, lines: Sequence[Checked], strangers: Sequence[Stranger]
) -> list[Cause]:
    """Every difference in exactly one cause, in the order in which they arise: points, totals, places, grades."""
    if all(same(one.published, one.computed) for one in lines):
        return []
    tracing = _Tracing(rubric, data, by_unit(results.periods), lines)
    tracing.points()
    tracing.totals()
    tracing.leave_misprints_out()
    tracing.places(strangers)
    tracing.grades()
    return [cause for root in tracing.roots if (cause := tracing.finished(root)).differences]


class _Root:
    """A cause while its differences are being found."""

    def __init__(self, kind: CauseKind, lines: Sequence[Checked], own: Iterable[Checked] | None = None) -> None:
        self.kind, self.lines = kind, lines
        self.explains = dict.fromkeys(lines if own is None else own)
        self.units: tuple[str, ...] = ()
        self.place: PlaceRoot | None = None


class _Tracing:
    def __init__(self, rubric: Rubric, data: Data, base: Computed, lines: Sequence[Checked]) -> None:
        self.rubric, self.data = rubric, data
        self.base = self.now = base  # what the rules give; the same with what has been put in
        self.lines = lines
        self.roots: list[_Root] = []
        self.open = {one for one in lines if not same(one.published, one.computed)}
        self.put = Put({}, {}, {})
        self.periods = tuple(dict.fromkeys(period for _, period in base))
        self.movers: dict[tuple[Period, str | None], dict[str, _Root]] = {}
        self.of_unit: dict[str, list[_Root]] = {}  # the roots among a unit's own points and totals

    # --- what all steps share ---

    def again(self) -> None:
        """What the rules give with all that has been put in."""
        periods, _ = interpret(self.rubric, self.data, self.put)
        self.now = by_unit(periods)

    def settled(self, one: Checked) -> bool:
        """Whether the figure is as published by now."""
        return same(one.published, computed_for(one.line, one.key, one.period, self.now))

    def root(self, kind: CauseKind, lines: Sequence[Checked], own: Iterable[Checked] | None = None) -> _Root:
        found = _Root(kind, lines, own)
        self.roots.append(found)
        self.open -= set(found.explains)
        return found

    def own_root(self, one: Checked) -> _Root | None:
        """The last root among the points and totals of the unit itself, in the period or in one of its parts."""
        for root in reversed(self.of_unit.get(one.key, ())):
            if any(line.key == one.key and line.period.first_day in one.period for line in root.lines):
                return root
        return None

    def explain(self, one: Checked, root: _Root) -> None:
        root.explains[one] = None
        self.open.discard(one)

    # --- the steps ---

    def points(self) -> None:
        """Points that differ are roots, but for those of an indicator that its facts or sentences explain."""
        published = {(one.key, one.period, one.line.of): one for one in self.lines if one.line.what == "indicator"}
        by_hand: dict[tuple[str, Period, str], Number] = {}
        single = [line for line in self.lines if line in self.open and line.line.what in ("term", "sentence")]
        for one in sorted(single, key=lambda line: line.period.kind.months):
            if (before := self._same_points(one)) is not None:
                self.explain(one, before)
                continue
            root = self.root("points", [one])
            self.of_unit.setdefault(one.key, []).append(root)
            for name in self._indicators(one):
                at = (one.key, one.period, name)
                by_hand[at] = add(by_hand.get(at, Decimal(0)), _delta(one))
        for at, delta in by_hand.items():
            line = published.get(at)
            points = self._points(at)
            if line is None and points is not None:
                self.put.points[at] = add(points, delta)  # type: ignore[index]
                continue
            exact = line in self.open and points is not None and line.published == add(points, delta)
            if line is not None and exact and (own := self.own_root(line)) is not None:
                self.explain(line, own)
        for one in published.values():
            if isinstance(one.published, (Decimal, Fraction)) and not same(one.published, one.computed):
                self.put.points[one.key, one.period, one.line.of] = one.published  # type: ignore[index]
                # An indicator of a longer period may be the sum of shorter ones, whose figures come first.
                if one in self.open and not self._summed(one):
                    self.of_unit.setdefault(one.key, []).append(self.root("points", [one]))
        self.again()
        for one in [line for line in self.lines if line in self.open and line.line.what in _POINTS]:
            own = self.own_root(one)
            if own is not None and self.settled(one):
                self.explain(one, own)
            else:
                self.of_unit.setdefault(one.key, []).append(self.root("points", [one]))
        self._swapped("points")

    def _same_points(self, one: Checked) -> _Root | None:
        """The root that is about the same awards, of the period or of those that it is made of, and differs as much."""
        awards = all_awards(one.line, one.key, one.period, self.base)
        shorter: Number = Decimal(0)
        for root in self.of_unit.get(one.key, ()):
            line = root.lines[0]
            if line.line.what in ("term", "sentence") and line.period.first_day in one.period:
                theirs = all_awards(line.line, line.key, line.period, self.base)
                if all(any(a is b for b in awards) for a in theirs):
                    shorter = add(shorter, _delta(line))
        return self.own_root(one) if shorter and shorter == _delta(one) else None

    def _summed(self, one: Checked) -> bool:
        return any(when != one.period and when.first_day in one.period for when in self.periods)

    def _indicators(self, one: Checked) -> list[str]:
        unit = self.base[one.key, one.period]
        mine = awards_of(one.line, unit)
        return [r.indicator.name for r in unit.indicators if any(a is b for a in r.awards for b in mine)]

    def _points(self, at: tuple[str, Period, str]) -> Number | None:
        unit = self.base[at[0], at[1]]
        return next((r.points for r in unit.indicators if r.applies and r.indicator.name == at[2]), None)

    def totals(self) -> None:
        """Totals that differ from their published points are roots, those of shorter periods first."""
        every = [one for one in self.lines if one.line.what == "total"]
        for kind in sorted({one.period.kind for one in every}, key=lambda kind: kind.months):
            rounded: dict[tuple[CauseKind, int, Period], list[Checked]] = {}
            changed = False
            differ = {(one.period, one.group, one.published, one.computed) for one in every if one in self.open}
            for one in [line for line in every if line.period.kind is kind]:
                published = one.published
                if self.settled(one) or not isinstance(published, (Decimal, Fraction)):
                    if one in self.open and (own := self.own_root(one)) is not None:
                        self.explain(one, own)
                    continue
                exact = self.now[one.key, one.period].exact_total
                swapped = (one.period, one.group, one.computed, published) in differ  # 92 for 92.6, and 92.6 for 92
                how = _fewer_places(published, exact) if one in self.open and not swapped else None
                changed = True
                if how is not None and exact is not None:
                    rounded.setdefault((*how, one.period), []).append(one)
                    self.put.totals[one.key, one.period] = exact, published  # type: ignore[index]
                    continue
                self.put.totals[one.key, one.period] = published, published  # type: ignore[index]
                own = self.own_root(one) if one in self.open else None
                if own is not None and published == self._with_deltas(one):
                    self.explain(one, own)
                elif one in self.open:
                    self.of_unit.setdefault(one.key, []).append(self.root("total", [one]))
            for (what, _, _), found in rounded.items():
                root = self.root(what, found)
                for one in found:
                    self.of_unit.setdefault(one.key, []).append(root)
            if changed:
                self.again()
        self._swapped("total")

    def leave_misprints_out(self) -> None:
        """A figure that was only printed wrong did not move the places: without it more of them are as published."""
        ranking = self.rubric.ranking
        ranks = [one for one in self.lines if one.line.what == "rank"]
        out: list[At] = []
        for at in dict.fromkeys((one.period, one.group) for one in ranks if ranking is not None and ranking.by is None):
            period, group = at
            members = [key for (key, when), unit in self.base.items() if when == period and unit.group == group]
            base = {key: self.base[key, period].exact_total for key in members}
            now = {key: self.now[key, period].exact_total for key in members}
            published = {one.key: one.published for one in ranks if (one.period, one.group) == at}
            assert ranking is not None
            left = misprinted(base, now, published, ranking)
            out += [(key, period) for key in left]
        if out:
            for key, period in {(one.key, one.period) for one in self.lines}:
                unit = self.now[key, period]
                if unit.exact_total is not None and unit.total is not None:
                    self.put.totals[key, period] = unit.exact_total, unit.total  # type: ignore[index]
            for key, period in out:
                unit = self.base[key, period]
                if unit.exact_total is not None and unit.total is not None:
                    self.put.totals[key, period] = unit.exact_total, unit.total  # type: ignore[index]
            self.again()

    def _with_deltas(self, one: Checked) -> Number | None:
        """The total by the rules with what the unit's points differ by, where they stand in the total as they are."""
        total = self.base[one.key, one.period].total
        for line in self.lines:
            if line.line.what == "indicator" and (line.key, line.period) == (one.key, one.period) and total is not None:
                total = add(total, _delta(line))
        return total

    def _swapped(self, kind: CauseKind) -> None:
        """Two units that have each other's figure are one root."""
        waiting: dict[tuple[str, Period, str, Value | None, Value], _Root] = {}
        for root in [one for one in self.roots if one.kind == kind and len(one.lines) == 1]:
            (line,) = root.lines
            other = waiting.pop((line.what, line.period, line.group or "", line.published, _some(line.computed)), None)
            if other is None:
                waiting[line.what, line.period, line.group or "", line.computed, line.published] = root
                continue
            other.kind, other.lines = "swapped", [*other.lines, line]
            other.explains |= root.explains
            self.roots.remove(root)
            self.of_unit[line.key] = [other if one is root else one for one in self.of_unit[line.key]]

    def places(self, strangers: Sequence[Stranger]) -> None:
        """Places that still differ, once points and totals are as published, have causes of their own."""
        ranks = [one for one in self.lines if one.line.what == "rank"]
        for one in [line for line in ranks if line in self.open and self.settled(line)]:
            self.explain(one, self._mover(one))
        ranking = self.rubric.ranking
        for period in dict.fromkeys(one.period for one in ranks):
            here = [one for one in ranks if one.period == period]
            if ranking is None or not any(one in self.open for one in here):
                continue
            units = {key: unit for (key, when), unit in self.now.items() if when == period}
            left_open = [one for one in here if one in self.open]
            for found in place_roots(ranking, units, here, left_open, strangers):
                root = self.root(found.kind, found.lines, found.explains)
                root.units, root.place = found.units, found
        for one in [line for line in ranks if line in self.open]:
            self.root("rank", [one])
        for one in ranks:
            if isinstance(one.published, Decimal):
                self.put.ranks[one.key, one.period] = int(one.published)  # type: ignore[index]

    def _mover(self, one: Checked) -> _Root:
        """The root at which a place comes to stand where it is published: they are put in one unit after the other."""
        own = self.own_root(one)
        at = (one.period, one.group)
        if own is None and at not in self.movers:
            self.movers[at] = self._moved_by(*at)
        return own or self.movers[at].get(one.key) or self.roots[-1]

    def _moved_by(self, period: Period, group: str | None) -> dict[str, _Root]:
        """The last root that moves the place of each unit of a group."""
        ranking = self.rubric.ranking
        assert ranking is not None
        keys = [key for (key, when), unit in self.base.items() if when == period and unit.group == group]
        totals = {key: self.base[key, period].exact_total for key in keys}
        order: dict[str, int] = {}
        last: dict[str, _Root] = {}
        for moved in (None, *(key for key in keys if self.now[key, period].exact_total != totals[key])):
            if moved is not None:
                totals[moved] = self.now[moved, period].exact_total
            there = {key: total for key, total in totals.items() if total is not None}
            before, order = (
                order,
                dict(zip(there, places([*there.values()], ranking.skip, ranking.lowest_first), strict=True)),
            )
            root = self._of(moved, period) if moved is not None else None
            if root is not None:
                last |= {key: root for key, place in order.items() if before.get(key) != place}
        return last

    def _of(self, key: str, period: Period) -> _Root | None:
        for root in reversed(self.of_unit.get(key, ())):
            if any(line.period.first_day in period for line in root.lines):
                return root
        return None

    def grades(self) -> None:
        grades = [one for one in self.lines if one.line.what == "grade" and one in self.open]
        if not grades:
            return
        self.again()
        for one in grades:
            root = self._grader(one) if self.settled(one) else None
            if root is not None:
                self.explain(one, root)
            else:
                self.root("grade", [one])

    def _grader(self, one: Checked) -> _Root | None:
        """What moved the unit's own figures; else what moved somebody's in its group."""
        mine = [root for root in self.roots if any((x.key, x.period) == (one.key, one.period) for x in root.explains)]
        theirs = [r for r in self.roots if any((x.group, x.period) == (one.group, one.period) for x in r.explains)]
        return next(iter((*mine, *theirs)), None)

    # --- the end ---

    def finished(self, root: _Root) -> Cause:
        first = root.lines[0]
        units = root.units or tuple(dict.fromkeys(one.unit for one in root.lines))
        awards = all_awards(first.line, first.key, first.period, self.base) if root.kind == "points" else []
        published = root.place.published if root.place else tuple(one.published for one in root.lines)
        explained = tuple(one for one in self.lines if one in root.explains and not same(one.published, one.computed))
        slip = root.kind in ("points", "total") and _transposed(first.published, first.computed)
        ranking = self.rubric.ranking
        by_total = ranking is not None and ranking.by is None and root.kind == "tie split"
        return Cause(
            root.kind,
            first.what,
            units,
            first.period,
            explained,
            published,
            root.place.shared if root.place else first.computed,
            slip,
            tuple(award for award in awards if award.fired),
            self.now[first.key, first.period].total if by_total else None,
            ranking is not None and ranking.skip,
        )


def _some(value: Value | None) -> Value:
    return "" if value is None else value


def _delta(one: Checked) -> Number:
    if isinstance(one.published, str) or isinstance(one.computed, str) or one.computed is None:
        return Decimal(0)
    return subtract(one.published, one.computed)


def _fewer_places(published: Number, exact: Number | None) -> tuple[CauseKind, int] | None:
    """How the total became the published one by leaving off places: to how many, and whether it was rounded."""
    if exact is None or not isinstance(published, Decimal):
        return None
    for count in range(max(-int(published.normalize().as_tuple().exponent), 0), 3):
        if round_half_up(exact, count) == published:
            return "rounded", count
        cut = Decimal(int(exact * 10**count)).scaleb(-count) if isinstance(exact, Fraction) else None
        cut = exact.quantize(Decimal(1).scaleb(-count), ROUND_DOWN) if isinstance(exact, Decimal) else cut
        if cut == published:
            return "cut off", count
    return None


def _transposed(published: Value, computed: Value | None) -> bool:
    """Whether two digits that stand side by side have changed places."""
    if isinstance(published, str) or isinstance(computed, str) or computed is None:
        return False
    a, b = shown(published), shown(computed)
    apart = [i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    return len(a) == len(b) and len(apart) == 2 and apart[1] == apart[0] + 1 and sorted(a) == sorted(b)
