"""Places: of numbers, and of the units of a group by a term or by the points of an indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from gkxl.diagnostics import OTHERS_DECIDE, Language
from gkxl.model.rules import Place, Ref
from gkxl.run.audience import concerns
from gkxl.run.context import Facts, NotApplicable, Seen, Site, Unusable
from gkxl.run.facts import Fact, State
from gkxl.values import Number


def places(totals: Sequence[Number], skip: bool, lowest_first: bool = False) -> list[int]:
    """The place of each total: ties share one; the next place is skipped (1,2,2,4) or follows (1,2,2,3)."""
    counted = totals if skip else set(totals)
    ordered = sorted(counted, reverse=not lowest_first)
    first: dict[Number, int] = {}
    for place, total in enumerate(ordered, 1):
        first.setdefault(total, place)
    return [first[total] for total in totals]


def place_key(place: Place, language: Language) -> str:
    """The name under which an award keeps the place that it looked at."""
    by = (place.of.shown or place.of.term) if isinstance(place.of, Ref) else place.of.indicator or ""
    return f"{by}的名次" if language == "zh" else f"place by {by}"


def value_key(place: Place, language: Language) -> str:
    """The name under which an award keeps what the place goes by."""
    if isinstance(place.of, Ref):
        return place.of.term
    return f"{place.of.indicator}得分" if language == "zh" else f"points of {place.of.indicator}"


def place_of(place: Place, facts: Facts, seen: Seen, site: Site) -> Number:
    """The place of the unit at hand; that of the whole group is worked out once."""
    unit, run = facts.unit, facts.run
    shown = (place.of.shown or place.of.term) if isinstance(place.of, Ref) else place.of.indicator or ""
    if unit is None or unit.key not in run.groups:
        raise facts.tell(OTHERS_DECIDE, shown, site, key=place_key(place, site.language))
    key = (place, unit.group, facts.period, facts.lenient, facts.missing)
    if key not in run.placed:
        run.placed[key] = _table(place, facts, site)
    table = run.placed[key]
    own = _value(place, facts, seen, site)  # raises where it has none
    if table is None:
        raise Unusable
    seen[place_key(place, site.language)] = Fact(State.OK, Decimal(table[unit.key]))
    if not isinstance(place.of, Ref):
        seen[value_key(place, site.language)] = Fact(State.OK, own)
    return Decimal(table[unit.key])


def _table(place: Place, facts: Facts, site: Site) -> Mapping[str, int] | None:
    """The places of a group by unit; None where a data error leaves them open. Who has no value has no place."""
    assert facts.unit is not None
    values: dict[str, Number] = {}
    broken = False
    for member in facts.run.groups[facts.unit.key]:
        if not all(concerns(audience, member) for audience in place.audiences):
            continue
        theirs = facts if member.key == facts.unit.key else facts.of(member)
        try:
            values[member.key] = _value(place, theirs, {}, site)
        except NotApplicable:
            continue
        except Unusable:  # told; the others are looked at, so that one run tells of all
            broken = True
    ranked = places([*values.values()], place.skip, place.lowest_first)
    return None if broken else dict(zip(values, ranked, strict=True))


def _value(place: Place, facts: Facts, seen: Seen, site: Site) -> Number:
    if isinstance(place.of, Ref):
        return facts.number(place.of.term, site, seen)
    points = facts.run.scorers[place.of.indicator or ""](facts)
    if points is None:
        raise Unusable
    return points
