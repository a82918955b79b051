"""Places, gates and grades of a file → core."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Span
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.model import rules
from gkxl.model.bands import check_bands
from gkxl.model.checking import Checking
from gkxl.model.lower import Lowering
from gkxl.model.names import Stop
from gkxl.model.scope import Scope
from gkxl.values import Kind


def lower_ranking(rank: tree.Rank, checking: Checking) -> rules.Ranking:
    ties = rank.ties or checking.policies.ties
    if ties is None:
        _ties_needed(rank.span, checking, f"按{rank.by.text}排名" if rank.by else "按总分排名", rank.by)
    by: rules.Ref | rules.Score | None = None
    if rank.by is not None:
        lowering = Lowering(checking.scope(), checking.language, rank.span)
        with suppress(Stop):
            by, _ = lowering.ranked_by(rank.by)
        checking.told += lowering.diagnostics
    return rules.Ranking(ties == "skip", rank.lowest_first, rank.per, by)


def _ties_needed(span: Span | None, checking: Checking, zh: str, by: tree.Name | None = None) -> None:
    """The two policies for ties, as lines ready to paste."""
    name = by.text if by else "total"
    choices = (
        (f"{zh},并列同名次(后续顺延)。 即 1、2、2、4", f"{zh},并列同名次(连续)。 即 1、2、2、3")
        if checking.language == "zh"
        else (
            f"rank by {name}, ties share the place (the next place is skipped). (1, 2, 2, 4)",
            f"rank by {name}, ties share the place (the next place follows). (1, 2, 2, 3)",
        )
    )
    checking.tell(d.TIES_NEEDED, span, *choices)


def lower_gate(gate: tree.Gate, statement: tree.Sentence, checking: Checking) -> rules.Gate | None:
    lowering = Lowering(Scope(checking.known, made=checking.terms), statement.language, gate.span)
    condition = lowering.condition(gate.condition)
    return rules.Gate(condition, statement.per, gate.span)


def lower_grades(grade: tree.Grade, statement: tree.Sentence, checking: Checking) -> list[rules.GradeBand]:
    said = statement.audience
    audience = rules.Audience(tuple(w.text for w in said.words), said.but) if said else None
    names = {name_atoms(node.name.text): node.name.text for node in checking.file.indicators}
    checking.told += _grade_bands(grade, statement.language)
    bands = []
    for case in grade.cases:
        conditions: list[rules.Condition | rules.TopPlaces | rules.TopShare] = []
        parts: tuple[object, ...] = (case.condition,)
        if isinstance(case.condition, tree.And):
            parts = case.condition.parts
        for part in parts:
            if part is None:
                continue
            if isinstance(part, tree.Top):
                conditions.append(_top(part, grade, statement.language, checking))
                continue
            bound = _bound(cast(tree.Condition, part), names, statement.language, checking)
            lowering = Lowering(Scope(checking.known, made=checking.terms), statement.language, grade.span)
            try:
                conditions.append(lowering.condition(bound))
            except Stop:
                checking.told += lowering.diagnostics
        bands.append(rules.GradeBand(case.grade.text, tuple(conditions), audience, statement.per, grade.span))
    return bands


def _grade_bands(grade: tree.Grade, language: Language) -> list[Diagnostic]:
    """Grades by the total are bands like any other: never reached, overlapping, a hole between two."""
    total = tree.Name("总分" if language == "zh" else "total")
    cases = []
    for place, case in enumerate(grade.cases):
        if isinstance(case.condition, tree.TotalTest) and case.condition.indicator is None:
            test = tree.Test(total, case.condition.op, case.condition.mark)
            cases.append(tree.Case(test, tree.Points(Decimal(place))))
    plain = [case for case in grade.cases if case.condition is not None]
    otherwise = len(plain) < len(grade.cases)
    return check_bands(cases, otherwise, language, grade.span) if len(cases) == len(plain) else []


def _top(top: tree.Top, grade: tree.Grade, language: Language, checking: Checking) -> rules.TopPlaces | rules.TopShare:
    if top.limit.kind is not Kind.RATE:
        ranked = any(isinstance(one, tree.Rank) for one in checking.file.statements)
        if checking.policies.ties is None and not ranked:
            _ties_needed(grade.span, checking, "按总分排名")
        return rules.TopPlaces(int(top.limit.value), top.strict)
    if top.rounding is None:
        choices = (
            ("前30%为优秀(不足一个不计)", "前30%为优秀(向上取整)", "前30%为优秀(四舍五入)")
            if language == "zh"
            else ("the top 30% are excellent (rounded down)", "… (rounded up)", "… (rounded half up)")
        )
        checking.told.append(
            Diagnostic(
                d.SHARE_ROUNDING_NEEDED, grade.span, language, {"text": grade.span.text if grade.span else ""}, choices
            )
        )
    return rules.TopShare(top.limit.value, rules.Rounding(top.rounding or "down"), top.strict)


def _bound(
    condition: tree.Condition, names: Mapping[tuple[str, ...], str], language: Language, checking: Checking
) -> tree.Condition:
    """The indicator names of a grade's conditions as they are declared."""
    match condition:
        case tree.TotalTest(indicator=indicator) if indicator is not None:
            found = names.get(name_atoms(indicator.text))
            if found is None and checking.known.get(name_atoms(indicator.text)):
                return tree.Test(indicator, condition.op, condition.mark)  # a term in points, not an indicator
            if found is None:
                checking.told.append(
                    Diagnostic(d.NO_SUCH_INDICATOR, indicator.span, language, {"name": indicator.text})
                )
                return condition
            return replace(condition, indicator=replace(indicator, text=found))
        case tree.And(parts) | tree.Or(parts):
            return replace(condition, parts=tuple(_bound(p, names, language, checking) for p in parts))
    return condition
