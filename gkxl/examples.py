"""Examples of a rule file, run: one unit in one period, with the values that the example gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Span, has_errors
from gkxl.flow import Rules
from gkxl.language import tree
from gkxl.language.views import wordings
from gkxl.language.words import name_atoms
from gkxl.model import rules as core
from gkxl.model.check import check
from gkxl.model.names import KINDS
from gkxl.model.terms import uses
from gkxl.periods import Period, PeriodKind
from gkxl.run.audience import words_of
from gkxl.run.facts import Data, Fact, State, Unit
from gkxl.run.gather import gather
from gkxl.run.interpret import interpret
from gkxl.run.results import IndicatorResult, UnitResult
from gkxl.tables import Book, Cell, CellKind, Given, ListSheet
from gkxl.trial import read_value
from gkxl.values import Kind, name_key, shown

_UNIT = {"zh": "例", "en": "example"}


@dataclass(frozen=True)
class ExampleResult:
    """`expected` and `got` as text; `why` explains what came out, in the language of the rules."""

    name: str
    span: Span | None
    passed: bool
    expected: str
    got: str
    why: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class _Run:
    unit: UnitResult | None
    diagnostics: tuple[Diagnostic, ...]
    given: frozenset[str]


def run_examples(rules: Rules) -> list[ExampleResult]:
    """Every example of the file. Those that expect an error look at the errors of the rules as well."""
    return [_judge(example, _run(example, rules), rules) for example in rules.file.examples]


def result_of(example: tree.Example, rules: Rules) -> UnitResult | None:
    """What the unit of an example gets; None where something stands in the way."""
    run = _run(example, rules)
    return None if has_errors(run.diagnostics) else run.unit


def unreached(rules: Rules) -> list[core.Sentence]:
    """The sentences that no example reaches: whose facts none gives."""
    if rules.rubric is None:
        return []
    reached = set()
    for example in rules.file.examples:
        run = _run(example, rules)
        for indicator in run.unit.indicators if run.unit else ():
            for award in indicator.awards:
                if run.given.issuperset(_from_rows(award.facts, rules.rubric)):
                    reached.add(award.sentence.span)
    sentences = [sentence for indicator in rules.rubric.indicators for sentence in indicator.sentences]
    return [sentence for sentence in sentences if sentence.span not in reached]


def _from_rows(names: Iterable[str], rubric: core.Rubric) -> set[str]:
    """The terms over rows that these terms come from."""
    waiting, found, seen = list(names), set(), set()
    while waiting:
        name = waiting.pop()
        term = rubric.terms.get(name)
        if term is not None and name not in seen:
            seen.add(name)
            waiting += uses(term.measure)
            if isinstance(term.measure, core.FromRows):
                found.add(name)
    return found


def _run(example: tree.Example, rules: Rules) -> _Run:
    if rules.rubric is None:
        return _Run(None, (), frozenset())
    facts: dict[str, Fact] = {}
    kinds: dict[str, Kind] = {}
    told: list[Diagnostic] = []
    terms = {name_atoms(name): term.name for term in rules.rubric.terms.values() for name in (term.name, *term.aliases)}
    for given in example.given:
        if isinstance(given, tree.Given):
            viewed = given.name.view and [terms.get(name_atoms(said)) for said in wordings(given.name)]
            named = dict.fromkeys(name for name in viewed or [terms.get(name_atoms(given.name.text))] if name)
            if not named and viewed and name_atoms(given.name.text) in terms:
                continue  # what nothing asks for
            if not named:
                told.append(Diagnostic(d.UNKNOWN_NAME, given.name.span, rules.file.language, {"name": given.name.text}))
                continue
            kind, fact = read_value(given.value)
            if kind is Kind.TEXT:  # as a cell's text that is no number: 未报资料记0分
                fact = Fact(State.MISSING, None, text=str(fact.value))
            elif kind is not None:
                kinds |= dict.fromkeys(named, kind)
            facts |= dict.fromkeys(named, fact)
    rubric, found = check(rules.file, kinds)
    told += [one for one in found if one.severity == "error"]
    for name, kind in kinds.items():
        needed = rules.rubric.terms[name].kind
        if needed is not None and needed is not kind:
            which = 0 if rules.file.language == "zh" else 1
            values: dict[str, object] = {"name": name, "got": KINDS[kind][which], "needed": KINDS[needed][which]}
            told.append(Diagnostic(d.WRONG_KIND, example.span, rules.file.language, values))
    if rubric is None or has_errors(told):
        return _Run(None, tuple(told), frozenset(facts))
    rubric = replace(rubric, indicators=tuple(_wanted(example, rubric)), ranking=None)
    if all(e.what == "indicator" and e.name for e in example.expected):
        rubric = replace(rubric, sentences=())  # what an indicator has does not hang on the vetoes of the total
    period = period_of(example, rubric)
    data = _rows(example, rubric, period, told) if any(isinstance(g, tree.GivenRows) for g in example.given) else None
    unit = data.units[0] if data and data.units else _unit(example, rubric.language)
    every = dict(data.facts) if data else {}
    for part in {period, *(key[1] for key in every)}:
        every[(unit.key, part)] = {**every.get((unit.key, part), {}), **facts}
    unit = replace(unit, words=_unit(example, rubric.language).words)
    periods, found = interpret(
        rubric, Data((unit,), (period,), every, {**(data.kinds if data else {}), **kinds}, alone=True)
    )
    told += found
    result = periods[-1].units[0] if periods and periods[-1].units else None
    told += _of_others(example, rubric, result)
    known = {*facts, *(name for values in (data.facts.values() if data else ()) for name in values)}
    return _Run(result, tuple(told), frozenset(known))


def _of_others(example: tree.Example, rubric: core.Rubric, result: UnitResult | None) -> Iterator[Diagnostic]:
    """Places, and grades by places, hang on the other units, which an example does not have."""
    tops = any(isinstance(c, core.TopPlaces | core.TopShare) for band in rubric.grades for c in band.conditions)
    zh = rubric.language == "zh"
    for expected in example.expected:
        if expected.what == "rank":
            yield Diagnostic(d.OTHERS_DECIDE, expected.span, rubric.language, {"term": "名次" if zh else "place"})
        elif expected.what == "grade" and tops and result is not None and result.veto is None:
            yield Diagnostic(d.OTHERS_DECIDE, expected.span, rubric.language, {"term": "等次" if zh else "grade"})


def _wanted(example: tree.Example, rubric: core.Rubric) -> Iterator[core.Indicator]:
    """The indicators that the example expects something of; all, for a total or grade."""
    names = {name_atoms(e.name.text) for e in example.expected if e.what == "indicator" and e.name}
    every = any(e.what != "indicator" or e.name is None for e in example.expected)
    for indicator in rubric.indicators:
        if every or name_atoms(indicator.name) in names:
            yield indicator


def period_of(example: tree.Example, rubric: core.Rubric) -> Period:
    """The example's period, else the rubric's fixed one, else any of the kind that its indicators have."""
    if example.period is not None:
        return example.period
    if rubric.fixed_period is not None:
        return rubric.fixed_period
    own = {indicator.period for indicator in rubric.indicators}
    kind = own.pop() if len(own) == 1 else None
    return Period(2025, kind or rubric.period or PeriodKind.YEAR)


def _unit(example: tree.Example, language: Language) -> Unit:
    words = frozenset(key for word in example.words for key in words_of(word.text))
    return Unit(
        _UNIT[language], name_key(_UNIT[language]), example.words[0].text if example.words else None, words, None
    )


def _rows(example: tree.Example, rubric: core.Rubric, period: Period, told: list[Diagnostic]) -> Data | None:
    """The facts of the rows that the example gives, gathered as from a workbook that holds these sheets alone."""
    assert rubric.units is not None
    sheets, unit = [], _UNIT[rubric.language]
    lines = {name_key(line.sheet): line for line in rubric.sheets}
    for given in example.given:
        if isinstance(given, tree.GivenRows) and given.rows:
            line = lines.get(name_key(given.sheet.text))
            column = (line.unit_column if line else None) or rubric.units.column
            head, *rows = given.rows
            cells: list[list[Given]] = [[*head], *([_cell(text) for text in row] for row in rows)]
            if name_key(column) not in map(name_key, head):
                cells = [[column if at == 0 else unit, *row] for at, row in enumerate(cells)]
            sheets.append(ListSheet(given.sheet.text, cells))
    group = rubric.units.group_column
    sheets.append(
        ListSheet(
            rubric.units.sheet,
            [[rubric.units.column, *([group] if group else [])], [unit, *([unit] if group else [])]],
        )
    )
    here = {name_key(sheet.name) for sheet in sheets}
    kept = {
        name: term
        for name, term in rubric.terms.items()
        if not isinstance(term.measure, core.FromRows) or name_key(term.measure.sheet) in here
    }
    said = tuple(line for line in rubric.sheets if name_key(line.sheet) in here)
    bare = tuple(replace(i, audience=None) for i in rubric.indicators)  # who it is for is the example's to say
    parts = tuple(replace(part, audience=None) for part in rubric.parts)
    asked = replace(rubric, terms=kept, indicators=bare, parts=parts, sheets=said)
    data, found = gather(asked, Book("", "", tuple(sheets)), period)
    told += [one for one in found if one.severity == "error"]
    return data


def _cell(text: str) -> Given:
    """A cell of an example's table, as the same text typed into Excel would be."""
    kind, fact = read_value(text)
    if kind is Kind.RATE and isinstance(fact.value, Decimal):
        return Cell(CellKind.RATE, fact.value)
    if kind is Kind.NUMBER and isinstance(fact.value, Decimal):
        return fact.value
    if kind is Kind.DATE:
        return fact.value if not isinstance(fact.value, bool) else None  # type: ignore[return-value]
    return text or None


def _judge(example: tree.Example, run: _Run, rules: Rules) -> ExampleResult:
    zh = rules.file.language == "zh"
    expected, got, why = [], [], []
    passed = bool(example.expected)
    errors = [one for one in (*rules.diagnostics, *run.diagnostics) if one.severity == "error"]
    awaited = {e.value for e in example.expected if e.what == "error"}
    for one in example.expected:
        label, value = _outcome(one, run, rules)
        expected.append(f"{label} {one.value}".strip())
        got.append(f"{label} {value}".strip())
        if one.what == "error":
            passed = passed and any(e.code.number == one.value.upper() for e in errors)
        else:
            passed = passed and _same(one.value, value)
    other = [e for e in errors if e.code.number not in {a.upper() for a in awaited}]
    if other:
        passed = False
        why += [e.message for e in other]
    elif run.unit is not None and not passed:
        why += [a.because for i in run.unit.indicators for a in i.awards]
    joint = ";" if zh else "; "
    return ExampleResult(
        example.name, example.span, passed, joint.join(expected), joint.join(got), joint.join(why), run.diagnostics
    )


def _outcome(expected: tree.Expected, run: _Run, rules: Rules) -> tuple[str, str]:
    """What an expectation is about, as the author names it, and what came out."""
    zh = rules.file.language == "zh"
    none = "没有结果" if zh else "nothing"
    others = "取决于其他单位" if zh else "what other units decide"
    unit = run.unit
    averaged = [one.indicator.name for one in unit.indicators if _is_average(one)] if unit else []
    match expected.what:
        case "error":
            codes = dict.fromkeys(e.code.number for e in (*rules.diagnostics, *run.diagnostics))
            return ("报错" if zh else "error"), " ".join(codes) or none
        case "total" if averaged:
            return ("总分" if zh else "total"), others
        case "total":
            return ("总分" if zh else "total"), shown(unit.total) if unit and unit.total is not None else none
        case "grade":
            return ("等次" if zh else "grade"), (unit.grade if unit else None) or none
        case "rank":
            # Places hang on the other units, which an example does not have.
            return ("名次" if zh else "place"), others
    key = name_atoms(expected.name.text) if expected.name else None
    for indicator in unit.indicators if unit else ():
        if key is None or name_atoms(indicator.indicator.name) == key:
            if indicator.indicator.name in averaged:
                return indicator.indicator.name, others
            points = shown(indicator.points) if indicator.points is not None else none
            return indicator.indicator.name, points
    return expected.name.text if expected.name else "", none


def _is_average(one: IndicatorResult) -> bool:
    """The average of a group, which an example does not have."""
    return one.exempt is not None and one.exempt.policy is core.Exemption.GROUP_AVERAGE


def _same(expected: str, got: str) -> bool:
    kind, fact = read_value(expected.removesuffix("分").removesuffix("points"))
    if kind is Kind.NUMBER:
        return shown(fact.value) == got  # type: ignore[arg-type]
    return name_key(expected) == name_key(got)
