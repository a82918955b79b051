"""Moves as JSON: `gkxl compare --format json`. Names and shapes are a contract with users' scripts."""

from __future__ import annotations

from gkxl.report.data import Object, diagnostic_object, value_object
from gkxl.report.moves import Cause, CheckMove, Comparison, PeriodMoves, Side, UnitMove
from gkxl.report.pairs import RuleChange, Said
from gkxl.run.facts import Fact
from gkxl.run.results import Results, UnitResult
from gkxl.values import Number, is_rounded, shown, subtract


def moves_object(found: Comparison) -> Object:
    """A `change` is exact, and null where there is nothing before or after; `moves` is null where nothing was compared."""
    return {
        "schema": "gkxl.compare/1",
        "old": _results(found.old),
        "new": _results(found.new),
        "moves": found.moves if found.old.rubric is not None and found.new.rubric is not None else None,
        "periods": [_period(one) for one in found.periods],
        "rules": [
            {
                "indicator": one.indicator,
                "old": _said(one.old),
                "new": _said(one.new),
                "units": one.units,
                "up": shown(one.up),
                "down": shown(one.down),
            }
            for one in found.rules
        ],
        "differ": [_change(one) for one in found.differ],
        "same_rules": found.same_rules,
        "checks": [_check(one) for one in found.checks],
    }


def _check(move: CheckMove) -> Object:
    """`old` and `new`: whether it holds; null where it is not made, or a cell has no number."""
    one = move.new or move.old
    assert one is not None
    found: Object = {"name": one.check.name, "at": one.at}
    return found | {key: side and side.holds for key, side in (("old", move.old), ("new", move.new))}


def _results(one: Results) -> Object:
    return {
        "assessment": one.rubric.title if one.rubric else "",
        "rules": {"path": one.rules_path, "sha256": one.rules_sha256},
        "book": {"path": one.book_path, "sha256": one.book_sha256},
        "diagnostics": [diagnostic_object(diagnostic) for diagnostic in one.diagnostics],
    }


def _period(one: PeriodMoves) -> Object:
    return {
        "period": str(one.period),
        "units": [_unit(move) for move in one.moves],
        "came": [_whole(unit) for unit in one.came],
        "gone": [_whole(unit) for unit in one.gone],
        "unmoved": one.still,
    }


def _whole(unit: UnitResult) -> Object:
    return {"unit": unit.unit, "total": _number(unit.total), "rank": unit.rank, "grade": unit.grade}


def _unit(move: UnitMove) -> Object:
    old, new = move.old, move.new
    return {
        "unit": new.unit,
        "group": {"old": old.group, "new": new.group},
        "total": _numbers(old.total, new.total),
        "rank": {"old": old.rank, "new": new.rank},
        "grade": {"old": old.grade, "new": new.grade},
        "indicators": [{"name": one.name, **_numbers(one.old, one.new)} for one in move.indicators],
        "causes": [_cause(one) for one in move.causes],
        "placing": [_change(one) for one in move.placing],
        "with_others": move.with_others,
    }


def _cause(one: Cause) -> Object:
    return {
        "indicator": one.indicator,
        "old": _side(one.old),
        "new": _side(one.new),
        "change": shown(one.change),
        "lines": [_change(line) for line in one.lines],
        "values": [
            {
                "name": fact.name,
                "old": _fact(fact.name, fact.old),
                "new": _fact(fact.name, fact.new),
                "terms": [_change(change) for change in fact.terms],
            }
            for fact in one.facts
        ],
    }


def _side(one: Side | None) -> Object | None:
    if one is None:
        return None
    said = {"rule": one.sentence, "line": one.span.line} if one.span is not None else {"rule": None, "line": None}
    return {**said, "points": shown(one.points), "because": one.because}


def _fact(name: str, fact: Fact) -> Object:
    cells = [str(ref) for cells in fact.cells for ref in cells.refs()]
    return {"values": value_object({name: fact}), "state": fact.state.value, "cells": cells}


def _change(one: RuleChange) -> Object:
    return {"old": _said(one.old), "new": _said(one.new)}


def _said(one: Said | None) -> Object | None:
    return None if one is None else {"rule": one.text, "line": one.span.line}


def _numbers(old: Number | None, new: Number | None) -> Object:
    change = None if old is None or new is None else subtract(new, old)
    found: Object = {"old": _number(old), "new": _number(new), "change": _number(change)}
    if any(number is not None and is_rounded(number) for number in (old, new)):
        found["rounded"] = True
    return found


def _number(value: Number | None) -> str | None:
    return None if value is None else shown(value)
