"""Results and diagnostics as JSON. Names and shapes are a contract with users' scripts: add to them, change none.

Numbers are strings, exact; the object that directly holds a number which no decimal holds whole (given to 12 places)
has `"rounded": true`, all others have no such key.
"""

from __future__ import annotations

import json
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction

from gkxl.diagnostics import Diagnostic, Language, Span
from gkxl.model.rules import Rubric
from gkxl.run.facts import Fact
from gkxl.run.results import (
    Award,
    CheckResult,
    Cut,
    IndicatorResult,
    PartResult,
    PeriodResult,
    Rescaling,
    Results,
    UnitResult,
)
from gkxl.values import Number, is_rounded, shown

Object = dict[str, object]


def dumps(value: object, ascii_only: bool = False) -> str:
    return json.dumps(value, ensure_ascii=ascii_only, indent=2) + "\n"


def results_object(results: Results) -> Object:
    """One result set. Only the awards that gave something are listed."""
    rubric = results.rubric
    return {
        "schema": "gkxl.results/1",
        "assessment": rubric.title if rubric else "",
        "basis": rubric.basis if rubric else "",
        "rules": {"path": results.rules_path, "sha256": results.rules_sha256},
        "book": {"path": results.book_path, "sha256": results.book_sha256},
        "periods": [_period(period, rubric) for period in results.periods],
        "checks": [_check(one) for one in results.checks],
        "diagnostics": [diagnostic_object(diagnostic) for diagnostic in results.diagnostics],
    }


def tried_object(points: Number, because: str) -> Object:
    """What `gkxl try --json` prints."""
    return _marked({"points": shown(points), "because": because}, points)


def diagnostic_object(diagnostic: Diagnostic) -> Object:
    """`line` and `column` count from 1, in characters; only for places in a rule file."""
    place = diagnostic.place
    found: Object = {
        "code": diagnostic.code.number,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "place": None if place is None else str(place),
        "notes": list(diagnostic.notes),
    }
    if isinstance(place, Span):
        line, column = place.source.position(place.start)
        found |= {"path": place.source.path, "line": line, "column": column}
    return found


def _period(period: PeriodResult, rubric: Rubric | None) -> Object:
    conversion = rubric.conversion if rubric is not None else None
    converts = conversion is not None and conversion.per in (None, period.period.kind)
    language = rubric.language if rubric is not None else "zh"
    return {"period": str(period.period), "units": [_unit(unit, language, converts) for unit in period.units]}


def _unit(unit: UnitResult, language: Language, converts: bool) -> Object:
    """`because` tells how a total came about that is more than the sum of its indicators."""
    veto: Object | None = None
    if unit.veto is not None:
        veto = {
            "sentences": list(unit.veto.sentences),
            "replaced": _number(unit.veto.replaced),
            "awards": [_award(award) for award in unit.veto.awards],
        }
        _marked(veto, unit.veto.replaced)
    found: Object = {
        "unit": unit.unit,
        "group": unit.group,
        "total": _number(unit.total),
        "rank": unit.rank,
        "grade": unit.grade,
        "veto": veto,
        "remark": unit.remark,
        "indicators": [_indicator(one) for one in unit.indicators],
    }
    if unit.parts:
        found["parts"] = [_part(one) for one in unit.parts]
    if unit.rescaled:
        found["rescaled"] = [_rescaled(one) for one in unit.rescaled]
    if unit.made is not None:
        found["because"] = unit.made.because(language)
    if converts:
        found["converted"] = _number(unit.converted)
    return _marked(found, unit.total, unit.converted)


def _part(one: PartResult) -> Object:
    """As an indicator; its sentences are those of its indicators."""
    return _scored(one, one.part.name, one.part.worth, {"awards": []})


def _scored(one: PartResult | IndicatorResult, name: str, worth: Number | None, more: Object) -> Object:
    """What parts and indicators have in common, with what `more` there is."""
    found: Object = {
        "name": name,
        "points": _number(one.points),
        "counted": _number(one.counted),
        "worth": _number(worth),
        "applies": one.applies,
        **more,
    }
    if one.cuts:
        found["cuts"] = [_cut(cut) for cut in one.cuts]
    return _marked(found, one.points, one.counted, worth)


def _rescaled(one: Rescaling) -> Object:
    """What applies was multiplied by `all` ÷ `applying`; `part` null: over the whole file."""
    found: Object = {"part": one.part, "all": shown(one.every), "applying": shown(one.applying)}
    return _marked(found, one.every, one.applying)


def _cut(cut: Cut) -> Object:
    found: Object = {"what": cut.what, "before": shown(cut.before), "after": shown(cut.after)}
    if cut.period is not None:
        found["period"] = str(cut.period)
    return _marked(found, cut.before, cut.after)


def _indicator(one: IndicatorResult) -> Object:
    more: Object = {"awards": [_award(award) for award in one.awards if award.fired]}
    if one.exempt is not None:
        cells = [str(ref) for cells in one.exempt.fact.cells for ref in cells.refs()]
        more["not_applicable"] = {"policy": one.exempt.policy.value, "term": one.exempt.term, "cells": cells}
    return _scored(one, one.indicator.name, one.indicator.worth, more)


def _check(one: CheckResult) -> Object:
    """`holds` null: a cell has no number, which the diagnostics tell. ⇒ has no left and right."""
    found: Object = {"name": one.check.name}
    if one.at is not None:
        found["at"] = one.at
    found["holds"] = one.holds
    sides = () if one.check.given else (one.left, one.right)
    found |= {name: _number(side) for name, side in zip(("left", "right"), sides, strict=False)}
    found |= {"line": one.check.span.line, "cells": [str(cell) for cell in one.cells]}
    if one.repairs:
        found["repairs"] = [
            _marked({"cell": str(way.cell), "value": shown(way.value), "instead": shown(way.instead)}, way.value)
            for way in one.repairs
        ]
    return _marked(found, *sides)


def _award(award: Award) -> Object:
    found: Object = {
        "rule": award.sentence.text,
        "line": award.sentence.span.line,
        "points": shown(award.points),
        "uncapped": shown(award.uncapped),
        "because": award.because,
        "values": value_object(award.facts),
        "cells": [str(cell) for cell in award.cells],
    }
    if award.period is not None:
        found["period"] = str(award.period)
    return _marked(found, award.points, award.uncapped, *(fact.value for fact in award.facts.values()))


def value_object(facts: dict[str, Fact]) -> Object:
    """By term; the counts of a price list as `gkxl try` takes them, by TERM.KEY. What is missing is null."""
    values: Object = {}
    for name, fact in facts.items():
        match fact.value:
            case Decimal() | Fraction():
                values[name] = shown(fact.value)
            case datetime():
                day = fact.value.time() == time()
                values[name] = fact.value.date().isoformat() if day else fact.value.isoformat()
            case None | bool() | str():
                values[name] = fact.value
            case counts:
                values |= {".".join((name, *key)): str(count) for key, (count, _) in counts.items()}
    return values


def _number(value: Number | None) -> str | None:
    return None if value is None else shown(value)


def _marked(found: Object, *numbers: object) -> Object:
    if any(isinstance(number, Decimal | Fraction) and is_rounded(number) for number in numbers):
        found["rounded"] = True
    return found
