"""Tree of a file → rubric: every name bound, every policy settled, indicators with their bounds; and all that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Span
from gkxl.language import tree
from gkxl.language.views import wordings
from gkxl.language.words import name_atoms
from gkxl.model import rules
from gkxl.model.checking import Checking, Policies
from gkxl.model.circles import tell_circles
from gkxl.model.earlier import tell_looking_back_twice
from gkxl.model.grades import lower_gate, lower_grades, lower_ranking
from gkxl.model.lower import lower
from gkxl.model.lower_checks import lower_checks
from gkxl.model.parts import lower_parts, option, part_of, within
from gkxl.model.published import lower_published
from gkxl.model.repeats import with_repeats
from gkxl.model.scope import Scope, nearest
from gkxl.model.splitting import tell_splits
from gkxl.model.terms import lower_terms
from gkxl.model.totals import lower_conversion, lower_totals, tell_too_short
from gkxl.model.unused import tell_unused
from gkxl.model.vetoes import tell_vetoes
from gkxl.model.worths import tell_caps, tell_policies, tell_worths
from gkxl.periods import PeriodKind
from gkxl.values import Kind, Number, shown


def check(file: tree.File, kinds: Mapping[str, Kind] | None = None) -> tuple[rules.Rubric | None, list[Diagnostic]]:
    """The rubric, or None where the file has errors.

    `kinds` are the kinds of terms that only the book tells (a bare column may hold numbers or rates); without them what
    depends on a kind is left unchecked.
    """
    policies = Policies().under([s for s in file.statements if isinstance(s, tree.Policy)])
    ranks = [one.ties for one in file.statements if isinstance(one, tree.Rank) and one.ties]
    if policies.ties is None and ranks:  # what the ranking says of ties holds for points by place, too
        policies = replace(policies, ties=ranks[0])
    terms, known, told = lower_terms(file, kinds or {})
    checking = Checking(file, known, terms, policies, told)
    indicators = [_indicator(node, checking) for node in file.indicators]
    parts = lower_parts(checking)
    _indicators_are_sound(checking)
    tell_circles(indicators, checking)
    sentences: list[rules.Sentence] = []
    grades: list[rules.GradeBand] = []
    gate: rules.Gate | None = None
    ranking: rules.Ranking | None = None
    for statement in file.statements:
        match statement:
            case tree.Rank():
                if ranking is not None:
                    checking.tell(d.ONCE_ONLY, statement.span, what=_text(statement.span))
                ranking = lower_ranking(statement, checking)
            case tree.Sentence():
                rest = []
                for clause in statement.clauses:
                    if isinstance(clause, tree.Grade):
                        grades += lower_grades(clause, statement, checking)
                    elif isinstance(clause, tree.Gate):
                        if gate is not None:
                            checking.tell(d.ONCE_ONLY, clause.span, what=_text(clause.span))
                        gate = lower_gate(clause, statement, checking)
                    else:
                        rest.append(clause)
                if rest:
                    sentences += _file_sentence(replace(statement, clauses=tuple(rest)), checking)
    totals = lower_totals(file.statements, checking)
    conversion = lower_conversion(file.statements, checking)
    published = lower_published(checking, indicators, sentences, {"rank": ranking is not None, "grade": bool(grades)})
    for kept in (*file.statements, *(s for node in file.indicators for s in node.statements)):
        if isinstance(kept, tree.Sentence | tree.Rank) or (isinstance(kept, tree.Policy) and kept.what == "bonus cap"):
            tell_too_short(kept.per, kept.span, checking)
    _grades_exist(checking, grades, [*sentences, *(s for i in indicators if i for s in i.sentences)])
    _examples_are_sound(checking)
    checks, figures, found = lower_checks(file)
    checking.told += found
    checking.used |= figures
    tell_looking_back_twice(checking)
    tell_unused(checking, indicators, sentences)
    tell_splits(checking)
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
        _working_days(file.working_days),
        ranking,
        tuple(grades),
        gate,
        policies.bonus_cap,
        policies.points_places,
        policies.total_places,
        policies.not_reported,
        parts,
        bonus_per=policies.bonus_per,
        totals=totals,
        conversion=conversion,
        published=published,
        forms=checks,
        stated=tuple(_stated(file)),
    )
    return rubric, checking.told


def _stated(file: tree.File) -> Iterator[rules.Stated]:
    """The lines that settle what the sentences leave open, those of parts and indicators last."""
    names = {tree.Rank: "rank", tree.TotalIs: "total", tree.Converted: "converted"}
    nodes: list[tree.PartNode | tree.IndicatorNode] = [*file.parts, *file.indicators]
    lines = [(None, one) for one in file.statements]
    for of, one in (*lines, *((node.name.text, one) for node in nodes for one in node.statements)):
        if not isinstance(one, tree.Sentence) and one.span is not None:
            yield rules.Stated(one.what if isinstance(one, tree.Policy) else names[type(one)], one.span, of)


def _grades_exist(checking: Checking, grades: Sequence[rules.GradeBand], sentences: Sequence[rules.Sentence]) -> None:
    """What a veto bars from has to be a grade; what it sets may be one that it alone gives."""
    names = {name_atoms(band.grade): band.grade for band in grades}
    for sentence in sentences:
        for clause in sentence.clauses:
            for branch in clause.branches if isinstance(clause, rules.Pick) else ():
                for outcome in branch.outcomes:
                    barred = isinstance(outcome, rules.Veto) and outcome.what == "bar" and outcome.value
                    if barred and name_atoms(str(barred)) not in names:
                        there = "、".join(names.values()) or "-"
                        note = f"有的是:{there}" if sentence.language == "zh" else f"There are: {there}"
                        checking.tell(d.NO_SUCH_GRADE, sentence.span, note, name=barred)


def _examples_are_sound(checking: Checking) -> None:
    """Examples name terms and indicators that there are."""
    indicators = {name_atoms(node.name.text): node.name.text for node in checking.file.indicators}
    scope = Scope(checking.known)
    for example in checking.file.examples:
        for given in example.given:
            if isinstance(given, tree.Given) and not any(map(scope.find, (given.name.text, *wordings(given.name)))):
                notes = scope.nearest(given.name.text, checking.language)
                checking.tell(d.UNKNOWN_NAME, given.name.span, *notes, name=given.name.text)
        for expected in example.expected:
            if expected.name is not None and name_atoms(expected.name.text) not in indicators:
                notes = nearest(expected.name.text, indicators.values(), checking.language)
                checking.tell(d.NO_SUCH_INDICATOR, expected.name.span, *notes, name=expected.name.text)


def _text(span: Span | None) -> str:
    return span.text if span else ""


def _working_days(line: tree.WorkingDaysLine | None) -> rules.WorkingDays | None:
    return rules.WorkingDays(line.sheet.text if line.sheet else None, line.span) if line else None


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
        "epoch 1904" in said,
        line.span,
    )


# --- indicators ------------------------------------------------------------------------------------------------------


def _audiences(*said: object) -> tuple[rules.Audience, ...]:
    """Whom an indicator is for, by its own line and that of its part."""
    found = (one for one in said if isinstance(one, tree.Audience))
    return tuple(rules.Audience(tuple(word.text for word in one.words), one.but) for one in found)


def _indicator(node: tree.IndicatorNode, checking: Checking) -> rules.Indicator | None:
    said: dict[str, object] = {option.what: option.value for option in node.options}
    worth = cast("Number | None", said.get("worth"))
    part = part_of(node, checking)
    policies = within(part, checking).under([s for s in node.statements if isinstance(s, tree.Policy)])
    period = cast("PeriodKind | None", said.get("period") or (option(part, "period") if part else None))
    scope = Scope(
        checking.known,
        policies.partial,
        policies.targets,
        worth,
        node.name.text,
        period=period or (checking.file.period.kind if checking.file.period else None),
        check_date=checking.file.check_date,
        made=checking.terms,
        used=checking.used,
        ties=policies.ties,
        scores=checking.scope().scores,
        audiences=_audiences(said.get("for"), option(part, "for") if part else None),
    )
    scope = with_repeats(node, scope, checking)
    sentences = []
    for statement in node.statements:
        if isinstance(statement, tree.Sentence):
            if tell_vetoes(statement, node, checking):
                continue
            lowered, told = lower(statement, scope)
            checking.told += told
            if lowered is not None and lowered.clauses:
                sentences.append(lowered)
                tell_caps(lowered, worth, checking)
    texts: dict[tuple[object, ...], None] = {}
    for sentence in sentences:
        key = (sentence.clauses, sentence.cap, sentence.audience)
        if key in texts:
            checking.tell(d.SAID_TWICE, sentence.span, text=sentence.text)
        texts[key] = None
    if not sentences and not any(isinstance(s, tree.Sentence) for s in node.statements):
        checking.tell(d.NO_RULES, node.span, name=node.name.text)
    start, low, high = _bounds(node, sentences, said, policies, checking)
    tell_policies(node, sentences, checking)
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
        rules.Cap(policies.earnings_cap, policies.earnings_per) if policies.earnings_cap is not None else None,
        rules.Audience(tuple(w.text for w in audience.words), audience.but)
        if isinstance(audience, tree.Audience)
        else None,
        period,
        node.bonus,
        policies.not_reported,
        part.name.text if part else None,
        policies.missing if policies.missing is not checking.policies.missing else None,
        policies.deductions_cap,
        policies.exemption,
    )


def _bounds(
    node: tree.IndicatorNode,
    sentences: list[rules.Sentence],
    said: Mapping[str, object],
    policies: Policies,
    checking: Checking,
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
            points += [clause.otherwise] if clause.otherwise is not None else []
        else:
            points = []
            for branch in clause.branches:
                for outcome in branch.outcomes:
                    match outcome:
                        case rules.Steps() if outcome.limit is not None:
                            pass  # counts down from what its branch gives, not below 0
                        case rules.Fixed(value) | rules.Steps(_, value):
                            points.append(value)
                        case rules.Amount(_, sign):
                            points.append(Decimal(sign))
                        case rules.Between(_, _, _, low, high):
                            points += [low, high]
        for value in points:
            if value:
                yield 1 if value > 0 else -1


def _indicators_are_sound(checking: Checking) -> None:
    """The file as a whole: who, when, names, worths that add up."""
    file = checking.file
    if not file.indicators and not file.checks and "check" not in file.unread:
        checking.tell(d.NOTHING_TO_SCORE, file.span)
    if file.indicators and file.units is None and "units" not in file.unread:
        checking.tell(d.UNITS_MISSING, file.span)
    if file.indicators and file.period is None and "period" not in file.unread:
        checking.tell(d.PERIOD_MISSING, file.span)
    seen: dict[tuple[str, ...], tree.IndicatorNode] = {}
    for node in file.indicators:
        before = seen.setdefault(name_atoms(node.name.text), node)
        if before is not node:
            first = before.span.line if before.span else 0
            checking.tell(d.DECLARED_TWICE, node.span, name=node.name.text, first=first)
    tell_worths(checking)


# --- sentences of the file -------------------------------------------------------------------------------------------


def _file_sentence(statement: tree.Sentence, checking: Checking) -> list[rules.Sentence]:
    """Vetoes may stand outside the indicators; points may not."""
    if not all(isinstance(clause, tree.Veto) and clause.what != "indicator" for clause in statement.clauses):
        place = (
            "请把这一句写到某个指标下面。" if statement.language == "zh" else "Write this sentence below an indicator."
        )
        checking.told.append(
            Diagnostic(d.STRAY_CLAUSE, statement.span, statement.language, {"text": _text(statement.span)}, (place,))
        )
        return []
    policies = checking.policies
    lowered, told = lower(statement, Scope(checking.known, policies.partial, policies.targets, made=checking.terms))
    checking.told += told
    return [lowered] if lowered else []
