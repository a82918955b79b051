"""Bands as half-open intervals: which end belongs to which, and what overlaps, is never reached or is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Span
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.values import Kind, Number, is_whole, shown


@dataclass(frozen=True)
class Interval:
    """Values from `low` to `high`; None is no bound."""

    low: Any
    low_in: bool
    high: Any
    high_in: bool

    def within(self, other: Interval) -> bool:
        low = other.low is None or (
            self.low is not None
            and (self.low > other.low or (self.low == other.low and (other.low_in or not self.low_in)))
        )
        high = other.high is None or (
            self.high is not None
            and (self.high < other.high or (self.high == other.high and (other.high_in or not self.high_in)))
        )
        return low and high

    def meets(self, other: Interval) -> bool:
        """Whether they share more than one end."""
        lows = [i.low for i in (self, other) if i.low is not None]
        highs = [i.high for i in (self, other) if i.high is not None]
        return not lows or not highs or max(lows) < min(highs)


def close_ranges(cases: Sequence[tree.Case]) -> tuple[tree.Case, ...]:
    """Ranges with both ends decided: lower end in, upper end out, but for 100 % and the highest band."""
    starts = [_bounds(case.condition) for case in cases]
    closed = []
    for case in cases:
        condition = case.condition
        if isinstance(condition, tree.Range):
            low_in = condition.low_in if condition.low_in is not None else True
            high_in = condition.high_in
            if high_in is None:
                high = condition.high
                end = _value(high)
                begins = any(b and end is not None and b.low == end and b.low_in for b in starts)
                full = isinstance(high, tree.Num) and high.kind is Kind.RATE and high.value == 1
                high_in = full or not begins
            condition = replace(condition, low_in=low_in, high_in=high_in)
        closed.append(replace(case, condition=condition))
    return tuple(closed)


def facts_said_twice(cases: Sequence[tree.Case]) -> bool:
    """having a plan earns 3, having a plan earns 5."""
    facts = [
        (name_atoms(c.condition.subject.text), c.condition.holds) for c in cases if isinstance(c.condition, tree.Fact)
    ]
    return len(set(facts)) < len(facts)


def open_above(case: tree.Case, listed: list[tree.Case]) -> tree.Condition:
    """The condition of a case; a proportion with no band above it gives its top points beyond its upper end, too."""
    condition = case.condition
    if isinstance(case.gives, tree.Proportional) and isinstance(condition, tree.Range):
        others = [other.condition for other in listed if other is not case]
        if not any(
            (isinstance(c, tree.Range) and c.low == condition.high)
            or (isinstance(c, tree.Test) and c.op in (">", ">=") and c.mark == condition.high)
            for c in others
        ):
            return tree.Test(condition.subject, ">=" if condition.low_in is not False else ">", condition.low)
    return condition


def check_bands(
    cases: Sequence[tree.Case], otherwise: bool, language: Language, span: Span | None, bands: tree.Bands | None = None
) -> list[Diagnostic]:
    """Overlaps with different points, bands never reached, holes; only bands over one subject with plain marks.

    `cases` have closed ranges. `bands`: the list as it is written, for the fix.
    """
    known = [(case, interval) for case in cases if (interval := _bounds(case.condition))]
    subjects = {(name_atoms(s.text), s.view) for case in cases for s in _subjects(case.condition)}
    if len(known) != len(cases) or len(subjects) != 1 or not known:
        return []
    told: list[Diagnostic] = []
    for at, (case, interval) in enumerate(known):
        for before, earlier in known[:at]:
            values: dict[str, object] = {"first": _text(before, language), "second": _text(case, language)}
            if interval.within(earlier):
                notes = _reordered(bands, language) if bands is not None else ()
                told.append(Diagnostic(d.BAND_UNREACHABLE, _place(case, span), language, values, notes))
                break
            if not earlier.within(interval) and earlier.meets(interval) and before.gives != case.gives:
                where = _words(_shared(interval, earlier), case, language)
                told.append(Diagnostic(d.BANDS_OVERLAP, _place(case, span), language, {**values, "where": where}))
    if not told and not otherwise:
        told += _holes(known, language, span)
    return told


def _place(case: tree.Case, span: Span | None) -> Span | None:
    """Where a band of a list stands: at its mark."""
    mark = case.condition.mark if isinstance(case.condition, tree.Test) else getattr(case.condition, "low", None)
    return getattr(mark, "span", None) or span


def _holes(known: list[tuple[tree.Case, Interval]], language: Language, span: Span | None) -> list[Diagnostic]:
    """A stretch between two bands that none covers. Between whole-number counts a step of 1 is none."""
    ordered = sorted((i for _, i in known if i.low is not None), key=lambda i: (i.low, not i.low_in))
    reach = [i for _, i in known if i.low is None]
    top = max((i.high for i in reach if i.high is not None), default=None)
    top_in = any(i.high_in for i in reach if i.high == top)
    if any(i.high is None for i in reach):
        return []
    case = known[0][0]
    for interval in ordered:
        if top is not None:
            gap = interval.low > top or (interval.low == top and not interval.low_in and not top_in)
            counts = _is_count(case) and top_in and interval.low_in and interval.low - top == 1
            counts = counts or (_is_count(case) and interval.low - top == 1 and top_in and not interval.low_in)
            if gap and not counts:
                left_out = Interval(top, not top_in, interval.low, not interval.low_in)
                return [Diagnostic(d.BANDS_HOLE, span, language, {"where": _words(left_out, case, language)})]
        if interval.high is None:
            return []
        if top is None or interval.high > top or (interval.high == top and interval.high_in):
            top, top_in = interval.high, interval.high_in
    return []


def _is_count(case: tree.Case) -> bool:
    condition = case.condition
    mark = condition.mark if isinstance(condition, tree.Test) else getattr(condition, "high", None)
    return isinstance(mark, tree.Num) and mark.kind is Kind.NUMBER and is_whole(mark.value)


def _subjects(condition: tree.Condition) -> list[tree.Name]:
    if isinstance(condition, tree.And | tree.Or):
        return [subject for part in condition.parts for subject in _subjects(part)]
    subject = getattr(condition, "subject", None)
    return [subject] if subject else []


def _value(mark: tree.Mark) -> Number | date | None:
    if isinstance(mark, tree.Num):
        return mark.value
    return mark.day if isinstance(mark, tree.Day) else None


def _bounds(condition: tree.Condition) -> Interval | None:
    if isinstance(condition, tree.Test) and (value := _value(condition.mark)) is not None:
        match condition.op:
            case ">=" | ">":
                return Interval(value, condition.op == ">=", None, False)
            case "<=" | "<":
                return Interval(None, False, value, condition.op == "<=")
            case "=":
                return Interval(value, True, value, True)
    if isinstance(condition, tree.And):
        known = [part for part in map(_bounds, condition.parts) if part]
        if len(known) != len(condition.parts) or len({name_atoms(s.text) for s in _subjects(condition)}) != 1:
            return None
        lows = [p for p in known if p.low is not None]
        highs = [p for p in known if p.high is not None]
        low_one = max(lows, key=lambda p: (p.low, not p.low_in)) if lows else None
        high_one = min(highs, key=lambda p: (p.high, p.high_in)) if highs else None
        return Interval(
            low_one.low if low_one else None,
            bool(low_one and low_one.low_in),
            high_one.high if high_one else None,
            bool(high_one and high_one.high_in),
        )
    if isinstance(condition, tree.Range):
        low, high = _value(condition.low), _value(condition.high)
        if low is not None and high is not None:
            return Interval(low, condition.low_in is not False, high, bool(condition.high_in))
    return None


def _shown(value: Any, case: tree.Case) -> str:
    if isinstance(value, date):
        return value.isoformat()
    condition = case.condition
    mark = condition.mark if isinstance(condition, tree.Test) else getattr(condition, "low", None)
    if isinstance(mark, tree.Num) and mark.kind is Kind.RATE:
        return f"{shown(value * 100)}%"
    return shown(value)


def _text(case: tree.Case, language: Language) -> str:
    interval = _bounds(case.condition)
    assert interval is not None
    return _words(interval, case, language)


# At least, more than, at most, less than, between them, from one to the other.
_Words = tuple[str, str, str, str, str, str]
_WORDS: dict[Language, _Words] = {
    "zh": ("{}及以上", "超过{}", "{}及以下", "低于{}", "、", "{}至{}(含)"),
    "en": ("{} or more", "more than {}", "{} or less", "less than {}", " and ", "{} to {} (inclusive)"),
}
_COUNTS: dict[Language, _Words] = {
    "zh": ("{}及以上", "超过{}", "{}及以下", "少于{}", "、", "{}至{}"),
    "en": ("{} or more", "more than {}", "{} or fewer", "fewer than {}", " and ", "{} to {}"),
}
_DATES: dict[Language, _Words] = {
    "zh": ("{}及以后", "晚于{}", "{}及以前", "早于{}", "、", "{}至{}"),
    "en": ("{} or later", "after {}", "by {}", "before {}", " and ", "{} to {}"),
}


def _words(interval: Interval, case: tree.Case, language: Language) -> str:
    """`60%及以上、低于80%`; whole-number counts by the numbers themselves: `3` for what lies between 2 and 4."""
    low, high, low_in, high_in = interval.low, interval.high, interval.low_in, interval.high_in
    if low is not None and high is not None and low != high and _is_count(case) and is_whole(low) and is_whole(high):
        low, high, low_in, high_in = low + (not low_in), high - (not high_in), True, True
    if low is not None and low == high:
        return _shown(low, case)
    dates = isinstance(high if low is None else low, date)
    words = (_DATES if dates else _COUNTS if _is_count(case) else _WORDS)[language]
    if low is not None and high is not None and low_in and high_in:
        return words[5].format(_shown(low, case), _shown(high, case))
    parts = [] if low is None else [words[0 if low_in else 1].format(_shown(low, case))]
    parts += [] if high is None else [words[2 if high_in else 3].format(_shown(high, case))]
    return words[4].join(parts)


def _shared(one: Interval, other: Interval) -> Interval:
    low = max((i for i in (one, other) if i.low is not None), key=lambda i: (i.low, not i.low_in), default=one)
    high = min((i for i in (one, other) if i.high is not None), key=lambda i: (i.high, i.high_in), default=one)
    return Interval(low.low, low.low_in, high.high, high.high_in)


def _reordered(bands: tree.Bands, language: Language) -> tuple[str, ...]:
    """The same list with each narrower band in front of the wider one that would take it in, as a sentence to paste."""
    from gkxl.language.unparse import unparse  # here: only a mistake needs it

    cases: list[tree.Case] = []
    for case in bands.cases:
        mine = _bounds(case.condition)
        wider = (at for at, other in enumerate(cases) if mine and (o := _bounds(other.condition)) and mine.within(o))
        cases.insert(next(wider, len(cases)), case)
    if len({_bounds(case.condition) for case in cases}) < len(cases):
        return ()  # two bands that are the same: one has to go
    first = cases[0].condition
    named = first.subject if isinstance(first, (tree.Test, tree.Range)) else None
    return (unparse(tree.Sentence((replace(bands, cases=tuple(cases)),)), language),) if named is not None else ()
