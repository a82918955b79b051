"""Examples at the boundaries of the rules, for the author to approve: 2, 3 and 4 for “fewer than 3”."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from gkxl.diagnostics import Language, Source
from gkxl.examples import period_of, result_of
from gkxl.flow import Rules
from gkxl.language import tree
from gkxl.language.file import parse_file
from gkxl.language.unparse import unparse
from gkxl.language.words import name_atoms
from gkxl.model.rules import Cap, Const, Indicator, Missing, Pick, Ref, Rubric, Sentence, Steps
from gkxl.model.unused import used_by
from gkxl.run.awards import compile_sentence
from gkxl.run.context import ZERO, Facts, NotApplicable, Run, Site, Unusable
from gkxl.run.evaluate import number
from gkxl.run.facts import Fact, State
from gkxl.run.near import marks
from gkxl.run.results import Award
from gkxl.run.terms import term_makers
from gkxl.values import Kind, Number, add, divide, is_whole, multiply, negate, shown, subtract

_ONE = Decimal(1)
_TENTH_OF_A_POINT = Decimal("0.001")  # of a rate: a tenth of a percentage point
_MOST = 9  # values for one term of a sentence

Value = Number | bool | date
Bounds = dict[str, dict[Value, str]]  # by term: the values to try, each as an example writes it


def suggest(rules: Rules) -> list[str]:
    """Examples in the language of the file, each a text to paste, with what the rules give now as the expectation.

    One for each boundary of each sentence of an indicator, without those that the file has already. An indicator that
    hangs on more than the values of declared terms (rows of a price list, other units) gets none.
    """
    rubric = rules.rubric
    if rubric is None:
        return []
    had = {_signature(example) for example in rules.file.examples}
    found = []
    declared = {name_atoms(one.names[0].text) for one in rules.file.definitions}
    for indicator in rubric.indicators:
        if not declared.issuperset(map(name_atoms, used_by(indicator.sentences))):
            continue
        bounds = {id(sentence): _bounds(sentence, rubric) for sentence in indicator.sentences}
        calm = _calm(indicator, rubric, bounds)
        for sentence in indicator.sentences:
            for term, values in bounds[id(sentence)].items():
                for text in values.values():
                    example = _example(indicator, sentence, {**calm, term: text}, term, rubric)
                    if _signature(example) in had:
                        continue
                    had.add(_signature(example))
                    settled = _settled(example, rules)
                    if settled is not None:
                        found.append(settled)
    plain = [_plain(example, rules.file.language) for example in found]
    read, _ = parse_file(Source(rules.source.path, "\n".join([rules.source.text, *plain])))
    reads = read.examples[len(rules.file.examples) :] == tuple(found)
    return plain if reads else [unparse(example, rules.file.language) for example in found]


def _plain(example: tree.Example, language: Language) -> str:
    """An example as an author writes it; names that would be read otherwise there need their quotes."""
    words = ("例", "已知", "应得") if language == "zh" else ("example", "given", "expect")
    given = ", ".join(f"{g.name.text} {g.value}" for g in example.given if isinstance(g, tree.Given))
    (expected,) = example.expected
    assert expected.name is not None
    period = [str(example.period)] if example.period is not None else []
    head = " ".join((words[0], example.name, *period, *(word.text for word in example.words)))
    return f"{head}\n  {words[1]} {given}\n  {words[2]} {expected.name.text} {expected.value}"


def _signature(example: tree.Example) -> object:
    """What makes two examples the same, whatever their periods: what they give, and for whom."""
    given = frozenset((name_atoms(g.name.text), g.value) for g in example.given if isinstance(g, tree.Given))
    return given, tuple(name_atoms(word.text) for word in example.words)


def _settled(example: tree.Example, rules: Rules) -> tree.Example | None:
    """The example with the points that come out; None where it cannot be run on its values alone."""
    result = result_of(example, rules)
    (expected,) = example.expected
    points = next((i.points for i in result.indicators if i.points is not None), None) if result is not None else None
    return None if points is None else replace(example, expected=(replace(expected, value=shown(points)),))


def _bounds(sentence: Sentence, rubric: Rubric) -> Bounds:
    """For each term of a sentence the values at its marks and next to them, in order."""
    site = Site(sentence.text, sentence.span, sentence.language)
    facts = _fixed(rubric)
    found: dict[str, list[Value]] = {}
    rates = {name for name, term in rubric.terms.items() if term.kind is Kind.RATE}
    for pick in sentence.clauses:
        if not isinstance(pick, Pick):
            continue
        for ref, mark, size, _, _ in marks(pick):
            values = found.setdefault(ref.term, [])
            if any(isinstance(e, Const) and e.kind is Kind.RATE for e in (mark, size)):
                rates.add(ref.term)
            if mark is None:
                values += [ZERO, _ONE] if rubric.terms[ref.term].kind is Kind.NUMBER else [False, True]
            elif isinstance(mark, Const) and isinstance(mark.value, date):
                values += [mark.value + timedelta(days) for days in (-1, 0, 1)]
            else:
                try:
                    at = number(mark, site)(facts, {})
                except (NotApplicable, Unusable, TypeError):  # it hangs on what the workbook says
                    continue
                values += _around(at, ref.term in rates)
        for outcome in (outcome for branch in pick.branches for outcome in branch.outcomes):
            if isinstance(outcome, Steps) and outcome.mark is None and isinstance(outcome.value, Ref):
                found.setdefault(outcome.value.term, []).extend(_counted(outcome, pick.cap))
    return {
        term: {value: _text(value, term in rates, rubric.language) for value in sorted(set(values))[:_MOST]}
        for term, values in found.items()
    }


def _fixed(rubric: Rubric) -> Facts:
    """What the rules say without any workbook."""
    return Facts(Run(term_makers(rubric.terms, rubric.language), None, {}, rubric.language), {})


def _counted(steps: Steps, cap: Cap | None) -> Iterator[Number]:
    """What each thing gives: none, one, and where the cap begins to bite."""
    if not isinstance(steps.size, Const) or isinstance(steps.size.value, date):
        return
    size = steps.size.value
    yield ZERO
    yield size
    if cap is not None and steps.points:
        full = divide(multiply(cap.limit, size), max(steps.points, negate(steps.points)))
        if is_whole(full):
            yield full
            yield add(full, size)


def _around(at: Number, rate: bool) -> Iterator[Number]:
    step = _TENTH_OF_A_POINT if rate else _ONE
    for value in (subtract(at, step), at, add(at, step)):
        if value >= 0 and not (rate and at == 1 < value):
            yield value


def _calm(indicator: Indicator, rubric: Rubric, bounds: Mapping[int, Bounds]) -> dict[str, str]:
    """A value for every term of an indicator at which its sentences give their best: the others' examples stand on it."""
    calm: dict[str, str] = {}
    facts = _fixed(rubric)
    for sentence in indicator.sentences:
        give = compile_sentence(replace(sentence, audience=None), {})
        for term, values in bounds[id(sentence)].items():
            best: Number | None = None
            for value, text in values.items():
                awards: list[Award] = []
                try:
                    give(Facts(Run({}, Missing.ZERO, {}, sentence.language), {term: _fact(value)}), awards)
                except (NotApplicable, Unusable):
                    break
                points: Number = ZERO
                for award in awards:
                    points = add(points, award.points)
                if best is None or points > best:
                    best, calm[term] = points, text
        for term in used_by(sentence):
            if facts[term].state is not State.OK:  # not what the rules themselves fix (转发任务数 = 3)
                calm.setdefault(term, "0")
    return calm


def _fact(value: Value) -> Fact:
    return Fact(State.OK, value if isinstance(value, (bool, Decimal, Fraction)) else datetime.combine(value, time()))


def _example(
    indicator: Indicator, sentence: Sentence, given: Mapping[str, str], term: str, rubric: Rubric
) -> tree.Example:
    """An example with these values, named after the one that it is about; what it expects is still open."""
    words = [one.words[0] for one in (indicator.audience, sentence.audience) if one is not None and not one.but]
    example = tree.Example(
        f"{indicator.name} {term} {given[term]}",
        tuple(tree.Given(tree.Name(name), text) for name, text in given.items()),
        (tree.Expected("indicator", tree.Name(indicator.name), ""),),
        words=tuple(map(tree.Name, words)),
    )
    # Words can be told from the name of an example by the period between them.
    return replace(example, period=period_of(example, replace(rubric, indicators=(indicator,)))) if words else example


def _text(value: Value, rate: bool, language: Language) -> str:
    """A value as an example writes it."""
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    if isinstance(value, date):
        return value.isoformat()
    return f"{shown(multiply(value, Decimal(100)))}%" if rate else shown(value)
