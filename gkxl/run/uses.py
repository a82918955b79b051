"""Where the terms of a rubric are used: price lists, the words of its audiences, the reach of an indicator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache

from gkxl.diagnostics import Span
from gkxl.model.rules import (
    After,
    Aggregation,
    ByGroup,
    Cap,
    Column,
    ColumnTest,
    Compare,
    Const,
    DayIn,
    FromRows,
    GradeBand,
    Holds,
    Indicator,
    InForce,
    InPeriod,
    Lasts,
    Measure,
    OfGroup,
    OrCheckDate,
    Part,
    PeriodsWith,
    PeriodTotals,
    Pick,
    Prices,
    Ref,
    Rubric,
    Sentence,
    TimeBetween,
)
from gkxl.periods import PeriodKind, TimeUnit
from gkxl.values import Kind


@cache
def _fields(node_type: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(node_type) if f.name not in ("span", "text", "language", "kind"))


def nodes(node: object) -> Iterator[object]:
    """A node of the model and all below it."""
    if isinstance(node, (tuple, list)):
        for item in node:
            yield from nodes(item)
    elif is_dataclass(node) and not isinstance(node, (type, Span)):
        yield node
        for name in _fields(type(node)):
            yield from nodes(getattr(node, name))


def _measures(rubric: Rubric) -> list[Measure]:
    return [term.measure for term in rubric.terms.values()]


def prices_of(rubric: Rubric) -> list[Prices]:
    return [node for node in nodes((rubric.indicators, rubric.sentences)) if isinstance(node, Prices)]


def columns_of(measure: FromRows) -> dict[str, Span | None]:
    """The columns that a term names, each with a place where it does."""
    found: dict[str, Span | None] = {}
    match measure.column:
        case str() as name:
            found[name] = measure.span
        case TimeBetween(start, end):
            found |= {start: measure.span, end: measure.span}
    for node in nodes(measure.where):
        if isinstance(node, (After, Lasts)):
            names = (node.column,) if isinstance(node, After) else (node.between.start, node.between.end)
            found |= {name: found.get(name) or measure.span for name in names}
        if isinstance(node, ColumnTest):
            for name in (node.column, *(o.name for o in node.operands if isinstance(o, Column))):
                found.setdefault(name, node.span or measure.span)
    return found


def may_be_columns(measure: FromRows) -> list[str]:
    """What a term says that is a column as well if its sheet has one of that name."""
    named = [node.term for node in nodes(measure.where) if isinstance(node, InForce)]
    return named if measure.other is None else [measure.other, *named]


def units_of(measure: FromRows) -> set[TimeUnit]:
    """The units that a term counts time in."""
    return {node.unit for node in nodes((measure.column, measure.where)) if isinstance(node, (After, TimeBetween))}


def shorter_kinds(rubric: Rubric) -> set[PeriodKind]:
    """The kinds of period that terms count, caps hold for and indicators have of their own."""
    parts = nodes((rubric.indicators, rubric.sentences, _measures(rubric)))
    kinds = {n.per if isinstance(n, Cap) else n.unit for n in parts if isinstance(n, (Cap, PeriodsWith))}
    kinds |= {n.per for n in nodes((rubric.indicators, rubric.sentences)) if isinstance(n, Pick)}
    kinds |= {indicator.period for indicator in rubric.indicators}
    kinds |= {node.unit for node in nodes(rubric.totals) if isinstance(node, PeriodTotals)}
    return {kind for kind in kinds if kind is not None}


def audience_words(rubric: Rubric) -> list[tuple[str, Span | None]]:
    """Each word that picks units, with a place where it is used."""
    found: dict[str, Span | None] = {}
    inner = (sentence for indicator in rubric.indicators for sentence in indicator.sentences)
    owners: list[Sentence | Indicator | GradeBand | Part] = [
        *inner, *rubric.sentences, *rubric.indicators, *rubric.grades, *rubric.parts,
    ]  # fmt: skip
    for owner in owners:
        for word in owner.audience.words if owner.audience else ():
            found.setdefault(word, owner.span)
    for term in rubric.terms.values():
        if isinstance(term.measure, ByGroup):
            for word, _ in term.measure.cases:
                found.setdefault(word, term.span)
    return list(found.items())


def reach(rubric: Rubric, *roots: object) -> set[str]:
    """The terms that something uses, directly or through other terms."""
    found: set[str] = set()
    waiting: list[object] = list(roots)
    while waiting:
        for node in nodes(waiting.pop()):
            name = node.term if isinstance(node, (Ref, PeriodsWith, InPeriod, OfGroup)) else None
            if name is not None and name not in found and name in rubric.terms:
                found.add(name)
                waiting.append(rubric.terms[name].measure)
    return found


def needs(rubric: Rubric) -> dict[str, Kind]:
    """What kind of value each used term is taken for: a date, a number, or only yes or no."""
    every = list(nodes((rubric.indicators, rubric.sentences, rubric.grades, _measures(rubric))))
    values = Counter(node.term for node in every if isinstance(node, Ref))
    asked = Counter(node.ref.term for node in every if isinstance(node, Holds))
    kinds = {term: Kind.NUMBER if count > asked[term] else Kind.YESNO for term, count in values.items()}
    for node in every:
        if isinstance(node, Compare):
            sides = (node.left, node.right)
            refs = [side.ref if isinstance(side, OrCheckDate) else side for side in sides]
            if any(
                isinstance(s, (DayIn, OrCheckDate)) or (isinstance(s, Const) and s.kind is Kind.DATE) for s in sides
            ):
                kinds.update((side.term, Kind.DATE) for side in refs if isinstance(side, Ref))
    for name, term in rubric.terms.items():
        if isinstance(term.measure, (InPeriod, OfGroup)) and name in kinds:
            kinds.setdefault(term.measure.term, kinds[name])
    return kinds


def shifts(rubric: Rubric) -> dict[tuple[int, int], list[str]]:
    """How far back terms look, in years and periods, and the terms that look so far."""
    found: dict[tuple[int, int], list[str]] = {}
    for name, term in rubric.terms.items():
        if isinstance(term.measure, InPeriod):
            found.setdefault((term.measure.years, term.measure.periods), []).append(name)
    return found


def counted_by(rubric: Rubric, unit: PeriodKind) -> set[str]:
    """The terms that are counted period by period, in weeks or months."""
    return reach(rubric, *(m for m in _measures(rubric) if isinstance(m, PeriodsWith) and m.unit is unit))


def lenient_terms(rubric: Rubric) -> set[str]:
    """The terms that 未报资料记0分 holds for: the whole file's, or those that only such indicators use."""
    if rubric.not_reported_zero:
        return set(rubric.terms)
    lenient: list[Indicator] = [i for i in rubric.indicators if i.not_reported_zero]
    strict = [i for i in rubric.indicators if not i.not_reported_zero]
    return reach(rubric, *lenient) - reach(rubric, *strict, *rubric.sentences, *rubric.grades)


def single_values(rubric: Rubric, node: object) -> tuple[str, ...]:
    """The terms named in a node that are the value of one cell, which may say 不涉及."""
    single = (Aggregation.VALUE, Aggregation.LATEST)
    named = dict.fromkeys(ref.term for ref in nodes(node) if isinstance(ref, Ref) and ref.term in rubric.terms)
    measures = {name: rubric.terms[name].measure for name in named}
    return tuple(name for name, m in measures.items() if isinstance(m, FromRows) and m.op in single)
