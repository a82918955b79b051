"""Tree of a file → rubric: every name bound, every policy settled, indicators with their bounds; and all that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Span
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.model import rules
from gkxl.model.bands import check_bands
from gkxl.model.lower import Lowering, Stop, lower, periods_term
from gkxl.model.scope import Known, Scope
from gkxl.model.terms import lower_terms, periods_measure, refs, uses
from gkxl.periods import PeriodKind
from gkxl.values import Kind, Number, add, shown

_PARTIAL = {
    "ignored": rules.Partial.IGNORED,
    "counts as one": rules.Partial.COUNTS_ONE,
    "pro rata": rules.Partial.PRO_RATA,
}
_MISSING = {
    "error": rules.Missing.ERROR,
    "zero": rules.Missing.ZERO,
    "not applicable": rules.Missing.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class _Policies:
    """The policies in force: the file's, then an indicator's own over them."""

    missing: rules.Missing | None = None
    partial: rules.Partial | None = None
    targets: rules.Rounding = rules.Rounding.UP
    not_reported: bool = False
    no_floor: bool = False
    earnings_cap: Number | None = None
    bonus_cap: Number | None = None
    points_places: int | None = None
    total_places: int | None = None

    def under(self, policies: Sequence[tree.Policy]) -> _Policies:
        found = self
        for policy in policies:
            match policy.what:
                case "missing":
                    found = replace(found, missing=_MISSING[str(policy.value)])
                case "partial":
                    found = replace(found, partial=_PARTIAL[str(policy.value)])
                case "targets":
                    found = replace(found, targets=rules.Rounding(str(policy.value)))
                case "not reported":
                    found = replace(found, not_reported=True)
                case "no floor":
                    found = replace(found, no_floor=True)
                case "earnings cap":
                    found = replace(found, earnings_cap=cast(Number, policy.value))
                case "bonus cap":
                    found = replace(found, bonus_cap=cast(Number, policy.value))
                case "points places":
                    found = replace(found, points_places=int(cast(Number, policy.value)))
                case "total places":
                    found = replace(found, total_places=int(cast(Number, policy.value)))
        return found


@dataclass
class _Checking:
    """One run of `check`; collects what it finds."""

    file: tree.File
    known: Mapping[tuple[str, ...], Known]
    terms: dict[str, rules.Term]
    policies: _Policies
    told: list[Diagnostic] = field(default_factory=list)

    @property
    def language(self) -> Language:
        return self.file.language

    def tell(self, code: d.Code, span: Span | None, *notes: str, **values: object) -> None:
        self.told.append(Diagnostic(code, span, self.language, values, notes))


def check(file: tree.File, kinds: Mapping[str, Kind] | None = None) -> tuple[rules.Rubric | None, list[Diagnostic]]:
    """The rubric, or None where the file has errors.

    `kinds` are the kinds of terms that only the book tells (a bare column may hold numbers or rates); without them what
    depends on a kind is left unchecked.
    """
    policies = _Policies().under([s for s in file.statements if isinstance(s, tree.Policy)])
    terms, known, told = lower_terms(file.definitions, kinds or {}, file.language)
    checking = _Checking(file, known, terms, policies, told)
    indicators = [_indicator(node, checking) for node in file.indicators]
    _indicators_are_sound(checking)
    sentences: list[rules.Sentence] = []
    grades: list[rules.GradeBand] = []
    gate: rules.Gate | None = None
    ranking: rules.Ranking | None = None
    for statement in file.statements:
        match statement:
            case tree.Rank():
                if ranking is not None:
                    checking.tell(d.ONCE_ONLY, statement.span, what=_text(statement.span))
                ranking = _ranking(statement, checking)
            case tree.Sentence():
                rest = []
                for clause in statement.clauses:
                    if isinstance(clause, tree.Grade):
                        grades += _grades(clause, statement, checking)
                    elif isinstance(clause, tree.Gate):
                        if gate is not None:
                            checking.tell(d.ONCE_ONLY, clause.span, what=_text(clause.span))
                        gate = _gate(clause, statement.language, checking)
                    else:
                        rest.append(clause)
                if rest:
                    sentences += _file_sentence(replace(statement, clauses=tuple(rest)), checking)
    _unused(checking, indicators, sentences)
    if d.has_errors(checking.told):
        return None, checking.told
    rubric = rules.Rubric(
        file.title,
        file.basis,
        file.language,
        rules.Units(
            file.units.sheet.text,
            file.units.column.text,
            file.units.group.text if file.units.group else None,
            file.units.alias.text if file.units.alias else None,
            file.units.span,
        )
        if file.units
        else None,
        file.period.kind if file.period else None,
        file.period.fixed if file.period else None,
        tuple(_sheet_line(line) for line in file.sheets),
        checking.terms,
        tuple(indicator for indicator in indicators if indicator is not None),
        tuple(sentences),
        policies.missing,
        file.check_date,
        ranking,
        tuple(grades),
        gate,
        policies.bonus_cap,
        policies.points_places,
        policies.total_places,
        policies.not_reported,
    )
    return rubric, checking.told


def _text(span: Span | None) -> str:
    return span.text if span else ""


def _sheet_line(line: tree.SheetLine) -> rules.SheetLine:
    said = dict(line.details)

    def text(what: str) -> str | None:
        value = said.get(what)
        return value.text if isinstance(value, tree.Name) else None

    header = said.get("header row")
    return rules.SheetLine(
        line.sheet.text,
        text("unit"),
        text("date"),
        header if isinstance(header, int) else None,
        text("title"),
        "undated" in said,
        "every period" in said,
        line.span,
    )


# --- indicators ------------------------------------------------------------------------------------------------------


def _indicator(node: tree.IndicatorNode, checking: _Checking) -> rules.Indicator | None:
    said: dict[str, object] = {option.what: option.value for option in node.options}
    worth = cast("Number | None", said.get("worth"))
    policies = checking.policies.under([s for s in node.statements if isinstance(s, tree.Policy)])
    period = cast("PeriodKind | None", said.get("period"))
    scope = Scope(
        checking.known,
        policies.partial,
        policies.targets,
        worth,
        node.name.text,
        period=period or (checking.file.period.kind if checking.file.period else None),
    )
    sentences = []
    for statement in node.statements:
        if isinstance(statement, tree.Sentence):
            _on_the_spot(statement, scope, checking)
            lowered, told = lower(statement, scope)
            checking.told += told
            if lowered is not None:
                sentences.append(lowered)
                _caps_within(lowered, worth, checking)
    start, low, high = _bounds(node, sentences, said, policies, checking)
    audience = said.get("for")
    return rules.Indicator(
        node.name.text,
        tuple(sentences),
        cast(Span, node.span),
        worth,
        cast("Number | None", said.get("weight")),
        start,
        low,
        high,
        rules.Cap(policies.earnings_cap) if policies.earnings_cap is not None else None,
        rules.Audience(tuple(w.text for w in audience.words), audience.but)
        if isinstance(audience, tree.Audience)
        else None,
        period,
        node.bonus,
        policies.not_reported,
        node.part.text if node.part else None,
        policies.missing if policies.missing is not checking.policies.missing else None,
    )


def _bounds(
    node: tree.IndicatorNode,
    sentences: list[rules.Sentence],
    said: Mapping[str, object],
    policies: _Policies,
    checking: _Checking,
) -> tuple[Number, Number | None, Number | None]:
    """Where the points start, their floor and cap (language guide, Indicators)."""
    worth, start = cast("Number | None", said.get("worth")), cast("Number | None", said.get("start"))
    signs = {sign for sentence in sentences for sign in _signs(sentence)}
    if worth is None:
        return start if start is not None else Decimal(0), None, None
    if start is None:
        if signs == {1, -1}:
            checking.tell(d.START_NEEDED, node.span, name=node.name.text, worth=shown(worth))
        start = worth if signs == {-1} or not signs else Decimal(0)
    return start, None if policies.no_floor else Decimal(0), worth


def _signs(sentence: rules.Sentence) -> Iterator[int]:
    """1 where a sentence may earn, -1 where it may cost."""
    for clause in sentence.clauses:
        if isinstance(clause, rules.Prices):
            points: list[Number] = [price.points for price in clause.prices]
        else:
            points = []
            for branch in clause.branches:
                for outcome in branch.outcomes:
                    match outcome:
                        case rules.Fixed(value) | rules.Steps(_, value):
                            points.append(value)
                        case rules.Amount(_, sign):
                            points.append(Decimal(sign))
                        case rules.Between(_, _, _, low, high):
                            points += [low, high]
        for value in points:
            if value:
                yield 1 if value > 0 else -1


def _caps_within(sentence: rules.Sentence, worth: Number | None, checking: _Checking) -> None:
    caps = [clause.cap for clause in sentence.clauses] + [sentence.cap]
    for cap in caps:
        if cap is not None and worth is not None and cap.limit > worth:
            text = sentence.text
            checking.tell(d.CAP_ABOVE_WORTH, sentence.span, text=text, cap=shown(cap.limit), worth=shown(worth))


def _indicators_are_sound(checking: _Checking) -> None:
    """The file as a whole: who, when, names, worths that add up."""
    file = checking.file
    if not file.indicators:
        checking.tell(d.NOTHING_TO_SCORE, None)
    if file.indicators and file.units is None:
        checking.tell(d.UNITS_MISSING, None)
    if file.indicators and file.period is None:
        checking.tell(d.PERIOD_MISSING, None)
    seen: dict[tuple[str, ...], tree.IndicatorNode] = {}
    for node in file.indicators:
        before = seen.setdefault(name_atoms(node.name.text), node)
        if before is not node:
            first = before.span.line if before.span else 0
            checking.tell(d.DECLARED_TWICE, node.span, name=node.name.text, first=first)
    if file.full_marks is not None:
        _add_up([n for n in file.indicators if not n.bonus], file.full_marks, checking, None)
    for part in file.parts:
        stated = next((o.value for o in part.options if o.what == "worth"), None)
        if stated is not None:
            own = [n for n in file.indicators if n.part == part.name and not n.bonus]
            _add_up(own, cast(Number, stated), checking, part)


def _add_up(
    nodes: Sequence[tree.IndicatorNode], stated: Number, checking: _Checking, part: tree.PartNode | None
) -> None:
    """The worths must be the stated sum; where indicators are for some units only, for each group of words alike."""
    audiences: set[object] = {o.value for n in nodes for o in n.options if o.what == "for"}
    for audience in audiences or {None}:
        total: Number = Decimal(0)
        for node in nodes:
            mine = next((o.value for o in node.options if o.what == "for"), None)
            if mine is None or mine == audience:
                worth = next((o.value for o in node.options if o.what == "worth"), Decimal(0))
                total = add(total, cast(Number, worth))
        if total != stated:
            zh = checking.language == "zh"
            who = part.name.text if part else ("全部指标" if zh else "all indicators")
            span = part.span if part else (nodes[0].span if nodes else None)
            checking.tell(d.WORTHS_DO_NOT_ADD_UP, span, who=who, sum=shown(total), stated=shown(stated))
            return


# --- sentences of the file -------------------------------------------------------------------------------------------


def _on_the_spot(statement: tree.Sentence, scope: Scope, checking: _Checking) -> None:
    """A count of periods stated in a sentence becomes a term of its own."""
    for clause in statement.clauses:
        if isinstance(clause, tree.Each) and isinstance(clause.name, tree.PeriodsWith):
            name = periods_term(clause.name)
            measure = periods_measure(clause.name, scope)
            checking.terms[name] = rules.Term(name, (), measure, cast(Span, clause.span), Kind.NUMBER)


def _file_sentence(statement: tree.Sentence, checking: _Checking) -> list[rules.Sentence]:
    """Vetoes may stand outside the indicators; points may not."""
    if not all(isinstance(clause, tree.Veto) and clause.what != "indicator" for clause in statement.clauses):
        place = (
            "请把这一句写到某个指标下面。" if statement.language == "zh" else "Write this sentence below an indicator."
        )
        checking.told.append(
            Diagnostic(d.STRAY_CLAUSE, statement.span, statement.language, {"text": _text(statement.span)}, (place,))
        )
        return []
    lowered, told = lower(statement, Scope(checking.known, checking.policies.partial, checking.policies.targets))
    checking.told += told
    return [lowered] if lowered else []


def _ranking(rank: tree.Rank, checking: _Checking) -> rules.Ranking:
    if rank.ties is None:
        zh = checking.language == "zh"
        choices = (
            ("按总分排名,并列同名次(后续顺延)。 即 1、2、2、4", "按总分排名,并列同名次(连续)。 即 1、2、2、3")
            if zh
            else (
                "rank by total, ties share the place (the next place is skipped). (1, 2, 2, 4)",
                "rank by total, ties share the place (the next place follows). (1, 2, 2, 3)",
            )
        )
        checking.tell(d.TIES_NEEDED, rank.span, *choices)
    return rules.Ranking(rank.ties == "skip", rank.lowest_first)


def _gate(gate: tree.Gate, language: Language, checking: _Checking) -> rules.Gate | None:
    lowering = Lowering(Scope(checking.known), language, gate.span)
    condition = lowering.condition(gate.condition)
    return rules.Gate(condition, gate.span)


def _grades(grade: tree.Grade, statement: tree.Sentence, checking: _Checking) -> list[rules.GradeBand]:
    said = statement.audience
    audience = rules.Audience(tuple(w.text for w in said.words), said.but) if said else None
    names = {name_atoms(node.name.text): node.name.text for node in checking.file.indicators}
    checking.told += _grade_bands(grade, statement.language)
    bands = []
    for case in grade.cases:
        conditions: list[rules.Condition | rules.TopPlaces | rules.TopShare] = []
        if isinstance(case.condition, tree.Top):
            conditions.append(_top(case.condition, grade, statement.language, checking))
        elif case.condition is not None:
            bound = _bound(case.condition, names, statement.language, checking)
            lowering = Lowering(Scope(checking.known), statement.language, grade.span)
            try:
                conditions.append(lowering.condition(bound))
            except Stop:
                checking.told += lowering.diagnostics
        bands.append(rules.GradeBand(case.grade.text, tuple(conditions), audience, grade.span))
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


def _top(top: tree.Top, grade: tree.Grade, language: Language, checking: _Checking) -> rules.TopPlaces | rules.TopShare:
    if top.limit.kind is not Kind.RATE:
        return rules.TopPlaces(int(top.limit.value))
    if top.rounding is None:
        choices = (
            ("前30%为优秀(不足一个不计)", "前30%为优秀(向上取整)", "前30%为优秀(四舍五入)")
            if language == "zh"
            else ("the top 30% are excellent (rounded down)", "… (rounded up)", "… (rounded half up)")
        )
        checking.told.append(
            Diagnostic(d.SHARE_ROUNDING_NEEDED, grade.span, language, {"text": _text(grade.span)}, choices)
        )
    return rules.TopShare(top.limit.value, rules.Rounding(top.rounding or "down"))


def _bound(
    condition: tree.Condition, names: Mapping[tuple[str, ...], str], language: Language, checking: _Checking
) -> tree.Condition:
    """The indicator names of a grade's conditions as they are declared."""
    match condition:
        case tree.TotalTest(indicator=indicator) if indicator is not None:
            found = names.get(name_atoms(indicator.text))
            if found is None:
                checking.told.append(
                    Diagnostic(d.NO_SUCH_INDICATOR, indicator.span, language, {"name": indicator.text})
                )
                return condition
            return replace(condition, indicator=replace(indicator, text=found))
        case tree.And(parts) | tree.Or(parts):
            return replace(condition, parts=tuple(_bound(p, names, language, checking) for p in parts))
    return condition


# --- what nothing uses -----------------------------------------------------------------------------------------------


def _unused(
    checking: _Checking, indicators: Sequence[rules.Indicator | None], sentences: Sequence[rules.Sentence]
) -> None:
    """Terms that no sentence asks for, directly or through other terms."""
    if d.has_errors(checking.told):
        return  # what a wrong sentence would have used is not known
    waiting: list[str] = []
    for sentence in [*sentences, *(s for i in indicators if i for s in i.sentences)]:
        waiting += _used(sentence)
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            if name in checking.terms:
                waiting += uses(checking.terms[name].measure)
    for name, term in checking.terms.items():
        if name not in reached:
            checking.tell(d.UNUSED_TERM, term.span, name=name)


def _used(node: object) -> Iterator[str]:
    """Every term that a node of the core refers to."""
    match node:
        case rules.Ref(term):
            yield term
        case tuple():
            for part in node:
                yield from _used(part)
        case rules.Arithmetic() | rules.Rounded():
            yield from refs(node)
        case (
            rules.Sentence()
            | rules.Pick()
            | rules.Prices()
            | rules.Branch()
            | rules.Steps()
            | rules.Amount()
            | rules.Between()
            | rules.Compare()
            | rules.Holds()
            | rules.Not()
            | rules.AllOf()
            | rules.AnyOf()
        ):
            for name in node.__dataclass_fields__:
                yield from _used(getattr(node, name))
