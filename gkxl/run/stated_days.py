"""Days that the rules state without a year, and dates that are the check date while they are blank, as closures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeGuard

from gkxl.diagnostics import CHECK_DATE_NEEDED, FACT_MISSING, Language
from gkxl.model.rules import Const, DayIn, Expr
from gkxl.run.context import Facts, Seen, Site
from gkxl.run.facts import Fact, State


def day_in(day: DayIn, site: Site) -> Callable[[Facts, Seen], date]:
    """Notes the day under its words; where the period is not at hand, it has been noted before."""
    rule, shown = day.rule, day.shown

    def read(facts: Facts, seen: Seen) -> date:
        noted = facts.get(shown)
        if noted is None:
            if facts.period is None:
                raise facts.tell(FACT_MISSING, shown, site, key=shown)
            noted = Fact(State.OK, datetime.combine(rule.within(facts.period), time()))
        seen[shown] = noted
        assert isinstance(noted.value, datetime)
        return noted.value.date()

    return read


def or_check_date(term: str, check_date: date | None, site: Site) -> Callable[[Facts, Seen], date]:
    """What is not done yet is as late as it is on the check date, whatever missing data count."""

    def read(facts: Facts, seen: Seen) -> date:
        fact = seen[term] = facts[term]
        if fact.state is State.MISSING and fact.text is None:
            if check_date is None:
                raise facts.tell(CHECK_DATE_NEEDED, term, site, key=term, fact=fact, notes=_NEVER[site.language])
            return check_date
        value = facts.value(term, site, seen)
        if not isinstance(value, date):
            raise facts.wrong_kind(term, site)
        return value

    return read


_NEVER: dict[Language, tuple[str, ...]] = {
    "zh": ("或在这一句里写明没有做的怎么办,如:未公开扣5分",),
    "en": ("or say in the sentence what is never done gives, such as: not published costs 5",),
}


def is_day(expr: Expr | None) -> TypeGuard[Expr]:
    """Whether an expression is a day that the rules state."""
    return isinstance(expr, DayIn) or (isinstance(expr, Const) and isinstance(expr.value, date))
