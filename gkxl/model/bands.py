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


def check_bands(cases: Sequence[tree.Case], otherwise: bool, language: Language, span: Span | None) -> list[Diagnostic]:
    """Overlaps with different points, bands never reached, holes; only bands over one subject with plain marks."""
    known = [(case, interval) for case in cases if (interval := _bounds(case.condition))]
    subjects = {name_atoms(s.text) for case in cases for s in _subjects(case.condition)}
    if len(known) != len(cases) or len(subjects) != 1 or not known:
        return []
    told: list[Diagnostic] = []
    for at, (case, interval) in enumerate(known):
        for before, earlier in known[:at]:
            values: dict[str, object] = {"first": _text(before, language), "second": _text(case, language)}
            if interval.within(earlier):
                told.append(Diagnostic(d.BAND_UNREACHABLE, span, language, values))
            elif not earlier.within(interval) and earlier.meets(interval) and before.gives != case.gives:
                low = max(i.low for i in (interval, earlier) if i.low is not None)
                high = min(i.high for i in (interval, earlier) if i.high is not None)
                where = f"{_shown(low, case)}–{_shown(high, case)}"
                told.append(Diagnostic(d.BANDS_OVERLAP, span, language, {**values, "where": where}))
    if not told and not otherwise:
        told += _holes(known, language, span)
    return told


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
                where = (
                    _shown(top, case) if interval.low == top else f"{_shown(top, case)}–{_shown(interval.low, case)}"
                )
                return [Diagnostic(d.BANDS_HOLE, span, language, {"where": where})]
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
    low, high = interval.low, interval.high
    if low is not None and low == high:
        return _shown(low, case)
    left = "" if low is None else f"{'≥' if interval.low_in else '>'} {_shown(low, case)}"
    right = "" if high is None else f"{'≤' if interval.high_in else '<'} {_shown(high, case)}"
    return ("、" if language == "zh" else ", ").join(part for part in (left, right) if part)
