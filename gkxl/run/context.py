"""What closures are evaluated in: the facts of one unit and period, settled by the policies for missing data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from gkxl.diagnostics import (
    FACT_MISSING,
    FACT_TEXT,
    FACT_WRONG_KIND,
    ZERO_DENOMINATOR,
    Code,
    Diagnostic,
    Language,
    Place,
    Span,
)
from gkxl.model.rules import Missing, TotalPart
from gkxl.periods import Period
from gkxl.run.facts import Fact, State, Unit
from gkxl.values import Number, shown

Seen = dict[str, Fact]
ZERO = Decimal(0)


class NotApplicable(Exception):
    """What was asked for does not exist for this unit: the fact of `term`, as its cells say; none for a score."""

    def __init__(self, term: str = "", fact: Fact | None = None) -> None:
        super().__init__()
        self.term, self.fact = term, fact or _NO_SCORE


_NO_SCORE = Fact(State.NOT_APPLICABLE, None)


class Unusable(Exception):
    """A data error stands in the way; its diagnostic has been given."""


@dataclass(frozen=True, slots=True)
class Site:
    """The sentence or term that is evaluated: what messages quote. `dates`: the terms that it takes for dates."""

    text: str
    span: Span | None
    language: Language
    dates: frozenset[str] = frozenset()


class Run:
    """What the evaluation of one rubric shares: its policy for missing data, the raw facts, the findings."""

    def __init__(
        self,
        makers: Mapping[str, Callable[[Facts], Fact]],
        missing: Missing | None,
        raw: Mapping[tuple[str, Period], Mapping[str, Fact]],
        language: Language,
        units: Sequence[Unit] = (),
    ) -> None:
        by_group: dict[str | None, list[Unit]] = {}
        for unit in units:
            by_group.setdefault(unit.group, []).append(unit)
        self.groups = {unit.key: by_group[unit.group] for unit in units}  # those that each is held against; itself, too
        self.of_groups: dict[object, Fact] = {}  # what is worked out once for a whole group
        self.members: dict[object, Facts] = {}
        self.placed: dict[object, Mapping[str, int] | None] = {}  # the places of a group, by unit
        self.scorers: dict[str, Callable[[Facts], Number | None]] = {}  # the points of an indicator; None: an error
        self.makers = makers  # how the terms that are computed of others are made
        self.missing = missing
        self.raw = raw
        self.language = language
        self.diagnostics: list[Diagnostic] = []
        self._told: set[object] = set()

    def tell(
        self, key: object, code: Code, place: Place, site: Site, values: dict[str, object], notes: tuple[str, ...] = ()
    ) -> None:
        """Give a diagnostic, once for each `key`."""
        if key not in self._told:
            self._told.add(key)
            self.diagnostics.append(Diagnostic(code, place, site.language, values, notes))


class Facts(dict[str, Fact]):
    """The facts of one unit and period as sentences see them: missing ones settled, computed terms made when asked for.

    `lenient`: what was not reported counts 0 here (未报资料记0分). `missing`: the policy for blanks here, which an
    indicator may have of its own. `remarks` collects the texts that were taken so.
    """

    __slots__ = ("_parts", "lenient", "made", "missing", "part", "period", "remarks", "run", "scores", "unit")

    def __init__(
        self,
        run: Run,
        raw: Mapping[str, Fact],
        unit: Unit | None = None,
        period: Period | None = None,
        lenient: bool = False,
        remarks: dict[str, str] | None = None,
        part: Period | None = None,
        missing: Missing | None = None,
    ) -> None:
        super().__init__(raw)
        self.missing = missing if missing is not None else run.missing
        self.run = run
        self.unit = unit
        self.period = period
        self.lenient = lenient
        self.remarks = {} if remarks is None else remarks
        self.part = part  # the shorter period that these facts are of, where a clause looks at one
        self.scores: Mapping[str | None, Number | None] = {}
        self.made: Mapping[TotalPart, Number] = {}  # what the total is made of, while it is worked out
        self._parts: dict[Period, Facts] = {}

    def __missing__(self, term: str) -> Fact:
        maker = self.run.makers.get(term)
        fact = self[term] = maker(self) if maker else Fact(State.MISSING, None)
        return fact

    def at(self, part: Period) -> Facts:
        """The facts of the same unit in a shorter period."""
        if part not in self._parts:
            raw = self.run.raw.get((self.unit.key, part), {}) if self.unit else {}
            self._parts[part] = Facts(self.run, raw, self.unit, part, self.lenient, self.remarks, part, self.missing)
        return self._parts[part]

    def of(self, unit: Unit) -> Facts:
        """The facts of another unit in the same period, under the same policies."""
        key = (unit.key, self.period, self.lenient, self.missing)
        if key not in self.run.members:
            raw = self.run.raw.get((unit.key, self.period), {}) if self.period else {}
            self.run.members[key] = Facts(self.run, raw, unit, self.period, self.lenient, missing=self.missing)
        return self.run.members[key]

    def who(self, language: Language) -> str:
        if self.unit is None:
            return "这里" if language == "zh" else "this case"
        if self.period is None:
            return self.unit.name
        return f"{self.unit.name}({self.period})" if language == "zh" else f"{self.unit.name} ({self.period})"

    def tell(
        self, code: Code, term: str, site: Site, *, key: object, fact: Fact | None = None, notes: tuple[str, ...] = (),
        **values: object,
    ) -> Unusable:  # fmt: skip
        """Report once what stands in the way of a term of this unit; the exception is the caller's to raise."""
        place: Place = next((ref for cells in fact.cells for ref in cells.refs()), None) if fact else None
        # A cell that serves several periods is one finding.
        known = place or (self.unit and self.unit.key, self.period)
        if place is None:
            place = (self.unit and self.unit.cell) or site.span
        values |= {"who": self.who(site.language), "term": term, "sentence": site.text}
        self.run.tell((code.number, key, known), code, place, site, values, notes)
        return Unusable()

    def settle(self, term: str, site: Site, name: str | None = None) -> Fact:
        """The fact of a term by the policies for what is missing; raises where it has no value. `name`: to show."""
        fact = self[term]
        if fact.state is State.OK or (fact.state is State.MISSING and fact.value is not None):
            return fact
        if fact.state is State.NOT_APPLICABLE:
            raise NotApplicable(name or term, fact)
        if fact.state is State.ERROR:
            raise Unusable
        name = name or term
        if self.lenient or (fact.text is None and self.missing is Missing.ZERO):
            if fact.text is not None:
                self.remarks[name] = fact.text
            fact = self[term] = Fact(State.MISSING, ZERO, fact.cells, fact.text)
            return fact
        if fact.text is not None:
            raise self.tell(
                FACT_TEXT, name, site, key=name, fact=fact, text=fact.text, notes=_NOT_REPORTED[site.language]
            )
        if self.missing is Missing.NOT_APPLICABLE:
            raise NotApplicable(name, fact)
        notes = _MISSING_POLICIES[site.language] if self.missing is None else ()
        raise self.tell(FACT_MISSING, name, site, key=name, fact=fact, notes=notes)

    def number(self, term: str, site: Site, seen: Seen) -> Number:
        value = self.value(term, site, seen)
        if isinstance(value, date):
            raise self.wrong_kind(term, site)
        return value

    def value(self, term: str, site: Site, seen: Seen) -> Number | date:
        """The number, or the day, of a term."""
        fact = seen[term] = self.settle(term, site)
        value = fact.value
        if isinstance(value, (Decimal, Fraction)):
            return value
        if isinstance(value, datetime):
            return value.date()
        raise self.wrong_kind(term, site)

    def wrong_kind(self, term: str, site: Site) -> Unusable:
        fact = self[term]
        return self.tell(
            FACT_WRONG_KIND, term, site, key=(term, site.text), fact=fact, value=_described(fact, site.language)
        )

    def zero_denominator(self, site: Site) -> Unusable:
        notes = _ZERO_DENOMINATOR[site.language]
        return self.tell(ZERO_DENOMINATOR, "", site, key=(site.text, site.span), notes=notes)


_MISSING_POLICIES: dict[Language, tuple[str, ...]] = {
    "zh": ("请在规则中写明一种:缺数据 报错 / 缺数据 计0分 / 缺数据 不涉及",),
    "en": ("State one of these: missing data is an error / missing data counts 0 / missing data is not applicable",),
}
_NOT_REPORTED: dict[Language, tuple[str, ...]] = {
    "zh": ("如果这样写就是0分,请在规则中写明:未报资料记0分",),
    "en": ("If such a text means 0, state it: not reported counts 0",),
}
_ZERO_DENOMINATOR: dict[Language, tuple[str, ...]] = {
    "zh": ("请在算式后写明结果,例如:分母为0时计100%",),
    "en": ("State the result behind the formula, e.g. 100% when the denominator is 0",),
}


def _described(fact: Fact, language: Language) -> str:
    """A value as messages name it."""
    zh = language == "zh"
    match fact.value:
        case bool():
            return "是/否" if zh else "yes/no"
        case datetime() as day:
            return f"日期 {day.date()}" if zh else f"the date {day.date()}"
        case str(text):
            return f"文字“{text}”" if zh else f"the text “{text}”"
        case Decimal() | Fraction() as value:
            return f"数 {shown(value)}" if zh else f"the number {shown(value)}"
    return "按类分开的条数" if zh else "a set of counts"
