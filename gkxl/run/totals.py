"""How the total of an entry comes about: by a formula (S16), or as the sum of its periods and its own indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gkxl.diagnostics import PERIODS_WITHOUT_DATA, TOO_FEW_PERIODS
from gkxl.model.rules import (
    Arithmetic,
    BonusesCounted,
    Counted,
    Expr,
    LongerCounted,
    PeriodTotals,
    Rubric,
    Total,
    TotalPart,
)
from gkxl.periods import Period, PeriodKind
from gkxl.run.context import ZERO, Facts, Run, Seen, Site
from gkxl.run.evaluate import number
from gkxl.run.ranking import Standing
from gkxl.run.results import PeriodTotal, TotalResult
from gkxl.values import Number, add, divide, subtract


@dataclass(frozen=True, slots=True)
class CompiledTotal:
    rule: Total
    site: Site
    value: Callable[[Facts, Seen], Number]
    parts: tuple[TotalPart, ...]


def compile_totals(rubric: Rubric) -> tuple[CompiledTotal, ...]:
    found = []
    for rule in rubric.totals:
        site = Site(rule.span.text, rule.span, rule.language)
        found.append(CompiledTotal(rule, site, number(rule.expr, site), tuple(dict.fromkeys(_parts(rule.expr)))))
    return tuple(found)


def total_for(totals: Sequence[CompiledTotal], kind: PeriodKind, base: PeriodKind | None) -> CompiledTotal | None:
    """The formula of the entries of a kind: the one stated for them, else the one for all that are summed up."""
    stated = next((total for total in totals if total.rule.per is kind), None)
    if stated is not None or base is None or kind.months <= base.months:
        return stated
    return next((total for total in totals if total.rule.per is None), None)


def units_summed(rubric: Rubric) -> set[PeriodKind]:
    """The kinds of period whose totals the formulas ask for."""
    return {part.unit for rule in rubric.totals for part in _parts(rule.expr) if isinstance(part, PeriodTotals)}


def _parts(expr: Expr) -> Iterable[TotalPart]:
    match expr:
        case Arithmetic(_, left, right):
            yield from _parts(left)
            yield from _parts(right)
        case PeriodTotals() | Counted() | LongerCounted() | BonusesCounted():
            yield expr


# --- The parts of one entry ------------------------------------------------------------------------------------------

Shorter = Mapping[PeriodKind, Sequence[Standing]]  # one unit's standings in the periods that make up an entry


def sum_of(numbers: Iterable[Number | None]) -> Number | None:
    """The sum; None where one of them is."""
    total: Number = ZERO
    for value in numbers:
        if value is None:
            return None
        total = add(total, value)
    return total


def sum_there(numbers: Iterable[Number | None]) -> Number | None:
    """The sum of those that there are; None where there are none."""
    found = [value for value in numbers if value is not None]
    return sum_of(found) if found else None


def by_formula(total: CompiledTotal, standing: Standing, shorter: Shorter, bonuses: bool) -> TotalResult | None:
    """The total by a formula; None where nothing that it is made of applies. `bonuses` False: without them."""
    facts = standing.facts
    period = facts.period
    assert period is not None
    made: dict[TotalPart, Number | None] = {}
    periods: list[PeriodTotal] = []
    for part in total.parts:
        match part:
            case PeriodTotals():
                listed = _period_totals(part, standing, shorter.get(part.unit, ()))
                periods += listed
                made[part] = _together(part, listed)
                if made[part] is None and any(one.points is not None for one in listed):
                    there = sum(one.points is not None for one in listed)
                    key = (TOO_FEW_PERIODS.number, total.rule.span, period)
                    values: dict[str, object] = {"sentence": total.site.text, "period": period, "there": there}
                    facts.run.tell(key, TOO_FEW_PERIODS, total.rule.span, total.site, values)
                    standing.broken = True
            case Counted(indicators):
                results = [r for r in standing.indicators if r.indicator.name in indicators and r.applies]
                made[part] = sum_there(r.counted for r in results)
            case LongerCounted():
                made[part] = sum_there(_own(standing, bonus=False))
            case BonusesCounted():
                made[part] = sum_there(_own(standing, bonus=True)) if bonuses else ZERO
    if all(value is None for value in made.values()) or standing.broken:
        return None
    facts.made = {part: ZERO if value is None else value for part, value in made.items()}
    return TotalResult(total.rule, tuple(made.items()), tuple(periods), total.value(facts, {}))


def _own(standing: Standing, bonus: bool) -> list[Number | None]:
    results = [standing.indicators[i] for i in standing.own]
    return [r.counted for r in results if r.applies and r.indicator.bonus is bonus]


def total_of(part: Standing, whole: Standing) -> Number | None:
    """What the total of a period counts in a longer one: less what caps of the longer one take."""
    period = part.facts.period
    taken = whole.taken.get(period) if period is not None else None
    return part.total if part.total is None or taken is None else subtract(part.total, taken)


def _period_totals(part: PeriodTotals, whole: Standing, standings: Sequence[Standing]) -> list[PeriodTotal]:
    """Each period with its total (None: it has none), and whether it is left out as an extreme."""
    known = {standing.facts.period: total_of(standing, whole) for standing in standings}
    period = whole.facts.period
    assert period is not None
    listed = [PeriodTotal(one, known.get(one), one in known) for one in period.split(part.unit)]
    for extreme in part.without:
        left = [one for one in listed if one.points is not None and not one.left_out]
        if left:
            pick = max if extreme == "highest" else min
            dropped = pick(left, key=lambda one: one.points if one.points is not None else ZERO)
            listed[listed.index(dropped)] = PeriodTotal(dropped.period, dropped.points, True, extreme)
    return listed


def _together(part: PeriodTotals, listed: Sequence[PeriodTotal]) -> Number | None:
    found = [one.points for one in listed if one.points is not None and not one.left_out]
    if not found:
        return None
    whole = sum_of(found)
    assert whole is not None
    return divide(whole, Decimal(len(found))) if part.average else whole


def tell_missing(
    total: CompiledTotal | None, period: Period, run: Run, there: Mapping[PeriodKind, Sequence[Period]]
) -> None:
    """Periods that an average leaves out because the book has nothing for them."""
    for part in total.parts if total is not None else ():
        if total is not None and isinstance(part, PeriodTotals) and part.average:
            missing = [one for one in period.split(part.unit) if one not in there.get(part.unit, ())]
            if missing and len(missing) < len(period.split(part.unit)):
                zh = total.rule.language == "zh"
                values: dict[str, object] = {
                    "sentence": total.site.text, "there": len(period.split(part.unit)) - len(missing), "period": period,
                    "missing": ("、" if zh else ", ").join(map(str, missing)),
                }  # fmt: skip
                key = (PERIODS_WITHOUT_DATA.number, total.rule.span, period)
                run.tell(key, PERIODS_WITHOUT_DATA, total.rule.span, total.site, values)


def summed(plain: Iterable[Number | None], parts: Sequence[Standing], whole: Standing) -> TotalResult | None:
    """The sum of the periods, plus what is of the longer period itself; None where there are no periods."""
    if not parts:
        return None
    own = sum_there(plain)
    periods = tuple(PeriodTotal(s.facts.period, total_of(s, whole), True) for s in parts if s.facts.period is not None)
    points = sum_there((*(one.points for one in periods), own))
    return None if points is None else TotalResult(None, ((LongerCounted(), own),), periods, points)
