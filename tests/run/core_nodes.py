"""Short ways to build nodes of the core, facts and data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from gkxl.diagnostics import CellRef, Diagnostic, Language, Source, Span
from gkxl.model.rules import (
    Branch,
    Cap,
    Clause,
    Compare,
    Condition,
    Const,
    Expr,
    Fixed,
    Indicator,
    Measure,
    Outcome,
    Partial,
    Pick,
    Price,
    Prices,
    Ref,
    Rubric,
    Sentence,
    Steps,
    Term,
)
from gkxl.periods import Period, PeriodKind
from gkxl.run.facts import Cells, Data, Fact, State, Unit, prices_key
from gkxl.run.interpret import award, interpret
from gkxl.run.results import Award, PeriodResult, UnitResult
from gkxl.values import Kind, Number, name_key

Plain = Number | int | str | bool | datetime | Fact | dict[tuple[str, ...], int]

QUARTER = Period(2025, PeriodKind.QUARTER, 4)
YEAR = Period(2025, PeriodKind.YEAR)
MISSING = Fact(State.MISSING, None, (Cells("表", 3, (7,)),))
NOT_APPLICABLE = Fact(State.NOT_APPLICABLE, None)
BROKEN = Fact(State.ERROR, None)


def dec(value: Number | int | str) -> Number:
    return value if isinstance(value, (Decimal, Fraction)) else Decimal(value)


def num(value: Number | int | str, shown: str = "") -> Const:
    return Const(dec(value), Kind.NUMBER, shown)


def pct(value: int | str) -> Const:
    return Const(Decimal(value) / 100, Kind.RATE, f"{value}%")


def day(iso: str) -> Const:
    return Const(date.fromisoformat(iso), Kind.DATE, iso)


def ref(name: str, shown: str = "") -> Ref:
    return Ref(name, shown)


def span(text: str) -> Span:
    return Span(Source("rules.gk", text), 0, len(text))


def sentence(*clauses: Clause, text: str = "一句", language: Language = "zh", cap: Cap | None = None) -> Sentence:
    return Sentence(clauses, language, text, span(text), cap=cap)


def given(points: Number | int | str) -> Fixed:
    return Fixed(dec(points))


def when(condition: Condition | None, *outcomes: Outcome | int | str) -> Branch:
    return Branch(condition, tuple(given(o) if isinstance(o, (int, str)) else o for o in outcomes))


def pick(*branches: Branch, cap: Cap | None = None) -> Pick:
    return Pick(branches, cap)


def always(*outcomes: Outcome | int | str, cap: Cap | None = None) -> Pick:
    return Pick((when(None, *outcomes),), cap)


def under(name: str, mark: Expr | int | str, label: str = "") -> Compare:
    return Compare(ref(name), "<", num(mark) if isinstance(mark, (int, str)) else mark, label)


def least(name: str, mark: Expr | int | str, label: str = "") -> Compare:
    return Compare(ref(name), ">=", num(mark) if isinstance(mark, (int, str)) else mark, label)


def each(
    name: str,
    points: int | str,
    size: Expr | int | str = 1,
    mark: Expr | None = None,
    below: bool = False,
    partial: Partial = Partial.IGNORED,
    label: str = "",
) -> Steps:
    step = num(size) if isinstance(size, (int, str)) else size
    return Steps(ref(name), dec(points), step, mark, below, partial, label)


def price_list(name: str, label: str = "", cap: Cap | None = None, others: bool = False, **prices: int) -> Prices:
    return Prices(
        ref(name), tuple(Price((k,), dec(p)) for k, p in prices.items()), None, dec(0) if others else None, cap, label
    )


def cap(limit: int | str, per: PeriodKind | None = None) -> Cap:
    return Cap(dec(limit), per)


def fact(value: Plain) -> Fact:
    if isinstance(value, Fact):
        return value
    if isinstance(value, dict):
        return Fact(State.OK, {key: (count, Cells("表", 1, (2,) * count)) for key, count in value.items()})
    return Fact(State.OK, dec(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else value)


def facts(values: Mapping[str, Plain]) -> dict[str, Fact]:
    return {name: fact(value) for name, value in values.items()}


def awards(one: Sentence, rubric_: Rubric | None = None, /, **values: Plain) -> tuple[Award, ...]:
    """The awards of a sentence where nothing is wrong; a price list's facts are given under its term."""
    result, findings = tried(one, rubric_, **values)
    assert findings == []
    return result


def tried(
    one: Sentence, rubric_: Rubric | None = None, /, **values: Plain
) -> tuple[tuple[Award, ...], list[Diagnostic]]:
    return award(one, keyed((one,), values), rubric_)


def keyed(sentences: tuple[Sentence, ...], values: Mapping[str, Plain]) -> dict[str, Fact]:
    made = facts(values)
    for one in sentences:
        for clause in one.clauses:
            if isinstance(clause, Prices) and clause.ref.term in made:
                made[prices_key(clause)] = made[clause.ref.term]
    return made


def points(one: Sentence | Pick | Prices, /, **values: Plain) -> Number:
    """The points of one clause."""
    (only,) = awards(one if isinstance(one, Sentence) else sentence(one), **values)
    return only.points


def indicator(name: str, *clauses: Sentence | Clause, **options: object) -> Indicator:
    lines = tuple(c if isinstance(c, Sentence) else sentence(c, text=f"{name}{i}") for i, c in enumerate(clauses))
    return replace(Indicator(name, lines, span(name)), **options)  # type: ignore[arg-type]


def term(name: str, measure: Measure, kind: Kind | None = Kind.NUMBER) -> Term:
    return Term(name, (), measure, span(name), kind)


def rubric(*indicators: Indicator, terms: tuple[Term, ...] = (), **options: object) -> Rubric:
    plain = Rubric("考评", "", "zh", None, PeriodKind.QUARTER, None, (), {t.name: t for t in terms}, indicators)
    return replace(plain, **options)  # type: ignore[arg-type]


def unit(name: str, group: str | None = None, *words: str) -> Unit:
    known = {name_key(word) for word in (*words, *([group] if group else []))}
    return Unit(name, name_key(name), group, frozenset(known), CellRef("单位", 2, 1))


def data(values: Mapping[Unit, Mapping[str, Plain]], rules: Rubric) -> Data:
    """Units and their facts in one quarter."""
    return several({(who, QUARTER): given_ for who, given_ in values.items()}, rules, QUARTER)


def several(values: Mapping[tuple[Unit, Period], Mapping[str, Plain]], rules: Rubric, *periods: Period) -> Data:
    sentences = (*rules.sentences, *(s for i in rules.indicators for s in i.sentences))
    units = tuple(dict.fromkeys(who for who, _ in values))
    return Data(units, periods, {(who.key, when_): keyed(sentences, v) for (who, when_), v in values.items()})


def results(rules: Rubric, values: Mapping[Unit, Mapping[str, Plain]]) -> dict[str, UnitResult]:
    """The results of one quarter by unit, where nothing is wrong."""
    (period,), findings = interpret(rules, data(values, rules))
    assert findings == []
    return by_unit(period)


def one(rules: Rubric, /, **values: Plain) -> UnitResult:
    """The result of a single unit in one quarter."""
    return results(rules, {unit("甲"): values})["甲"]


def by_unit(period: PeriodResult) -> dict[str, UnitResult]:
    return {result.unit: result for result in period.units}
