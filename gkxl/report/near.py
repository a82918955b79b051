"""How near a unit is to other points, a better place or grade, in words."""

from __future__ import annotations

from decimal import Decimal

from gkxl.diagnostics import Language
from gkxl.model.rules import Veto
from gkxl.report.words import word
from gkxl.run.because import wording_of
from gkxl.run.facts import Fact, State
from gkxl.run.near import Near, nearest, struck
from gkxl.run.outlook import Step
from gkxl.run.results import Award
from gkxl.run.wording import Wording
from gkxl.values import Number, multiply, negate, shown, subtract

_PERCENT = Decimal(100)


def near_lines(award: Award, language: Language) -> list[str]:
    """What would give better points; of a clause that cost nothing, also what would give worse ones."""
    better, worse = nearest(award)
    found = [better, worse if not award.fired or award.points > 0 else None]
    return [_line(award, near, language) for near in found if near is not None]


def _line(award: Award, near: Near, language: Language) -> str:
    words = wording_of(award.sentence.text, language)
    return word("near", language, what=_what(near, words, language), then=_then(award, near.then, words, language))


def _what(near: Near, words: Wording, language: Language) -> str:
    """The value that is needed, and how far it is."""
    if isinstance(near.value, bool) or isinstance(near.now, bool):
        return word("near yes", language, name=words.holds(near.term, Fact(State.OK, near.value), bool(near.value)))
    away = subtract(near.value, near.now)
    more = away > 0 or (away == 0 and near.beyond > 0)
    distance = away if more else negate(away)
    key = "near " + {0: "at", 1: "above", -1: "below"}[near.beyond]
    reached = word(key, language, value=words.number(near.value, near.rate, near.label))
    amount = _points(distance, language) if near.rate else words.number(distance, label=near.label)
    if distance == 0:
        return word("near same", language, name=near.term, reached=reached)
    which = ("near higher" if more else "near lower") if near.rate else ("near more" if more else "near fewer")
    return word(which, language, name=near.term, amount=amount, reached=reached)


def _points(rate: Number, language: Language) -> str:
    percent = multiply(rate, _PERCENT)
    return word("percentage point" if percent == 1 else "percentage points", language, amount=shown(percent))


def _then(now: Award, then: Award, words: Wording, language: Language) -> str:
    """What the clause would give, against what it gives now."""
    if outcomes := struck(then) or struck(now):
        said = (words.veto(one) if isinstance(one, Veto) else words.no_points_here() for one in outcomes)
        return word("near struck" if struck(then) else "near spared", language, veto=words.comma.join(said))
    if then.points > 0 > now.points:
        gives = words.gives(then.points, "earn"), words.gives(now.points, "cost")
        return word("near turned", language, then=gives[0], now=gives[1])
    change = subtract(then.points, now.points)
    size = shown(change if change > 0 else negate(change))
    if change > 0:
        key = "near earned" if now.points >= 0 else "near saved" if then.points >= 0 else "near cheaper"
    else:
        key = "near less" if then.points >= 0 else "near lost" if now.points >= 0 else "near dearer"
    if key == "near earned" and now.points == 0:
        key = "near won"
    return word(key, language, points=size)


def outlook_lines(steps: list[Step], lowest_first: bool, language: Language) -> list[str]:
    """`再得1.5分即为良好`."""
    lines = []
    for step in steps:
        key = ("outlook beyond" if step.beyond else "outlook at") + (" lowest" if lowest_first else "")
        points = word(key, language, points=shown(step.points))
        if step.grade is not None:
            lines.append(word("outlook grade", language, points=points, grade=step.grade))
        else:
            lines.append(word("outlook rank", language, points=points, rank=step.rank))
    return lines
