"""Tree → text → the same tree, in both languages: what is printed says what was meant, so both languages give one tree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trees import (
    CHECKS,
    DEFINITIONS,
    FIGURE_TERMS,
    INDICATOR_NODES,
    PARTS,
    PERIODS,
    SHEET_LINES,
    STATEMENTS,
    UNITS,
    WORKING_DAYS,
    examples,
    files,
    published_lines,
)

from gkxl.diagnostics import Diagnostic, Language, Source
from gkxl.language import tree
from gkxl.language.file import parse_file
from gkxl.language.lines import sentence_of
from gkxl.language.parse import language_of, make_line, parse_statement
from gkxl.language.unparse import terms_of, unparse
from gkxl.language.vocabulary import Vocabulary

EXAMPLES = settings().max_examples
both = pytest.mark.parametrize("language", ["zh", "en"])
# Whole trees are big; what they are drawn from is small.
often = settings(
    max_examples=max(200, EXAMPLES),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
seldom = settings(often, max_examples=max(100, EXAMPLES // 10))


def show(told: list[Diagnostic]) -> str:
    return "\n".join(f"{one} {' '.join(one.notes)}" for one in told)


def read_statement(text: str, language: Language, terms: Vocabulary) -> object:
    """One statement, as `try` and the second pass over a file read it."""
    start, end, article = sentence_of(text)
    assert language_of(text[start:end], terms, language) == language, text
    found, told = parse_statement(make_line(text[start:end], Source("t", text), start, language, terms))
    assert not told, f"{text}\n{show(told)}"
    if isinstance(found, tree.Sentence):
        return replace(found, article=article)
    return found


def read_file(text: str) -> tree.File:
    file, told = parse_file(Source("t", text))
    assert not told, f"{text}\n{show(told)}"
    return file


@both
@given(node=STATEMENTS)
@often
def test_statement(node: tree.Sentence, language: Language) -> None:
    terms = Vocabulary(terms_of(node))
    text = unparse(node, language)
    again = read_statement(text, language, terms)
    assert again == node, text
    assert unparse(again, language) == text


@both
@given(node=STATEMENTS)
@often
def test_statement_whose_names_nobody_declared(node: tree.Sentence, language: Language) -> None:
    text = unparse(node, language, Vocabulary())
    assert read_statement(text, language, Vocabulary()) == node, text


@both
@given(node=DEFINITIONS)
@often
def test_definition(node: tree.Definition, language: Language) -> None:
    text = unparse(node, language)
    # The names on the right may be declared elsewhere; a file of this line alone does not know them.
    terms = Vocabulary(terms_of(node))
    file, told = parse_file(Source("t", f"language {language}\n{text}"), terms)
    assert not told, f"{text}\n{show(told)}"
    assert file.definitions == (node,), text
    assert unparse(file.definitions[0], language) == text


@both
@given(node=st.one_of(UNITS, PERIODS, SHEET_LINES, WORKING_DAYS, PARTS))
@often
def test_heading(
    node: tree.UnitsLine | tree.PeriodLine | tree.SheetLine | tree.WorkingDaysLine | tree.PartNode, language: Language
) -> None:
    text = unparse(node, language)
    file = read_file(text)
    assert node in (file.units, file.period, file.working_days, *file.sheets, *file.parts), text


@both
@given(node=INDICATOR_NODES)
@seldom
def test_indicator(node: tree.IndicatorNode, language: Language) -> None:
    text = unparse(node, language)
    file, told = parse_file(Source("t", text), Vocabulary(terms_of(node)), Vocabulary([node.name.text]))
    assert not told, f"{text}\n{show(told)}"
    assert file.indicators == (node,), text


@both
@given(node=examples())
@often
def test_example(node: tree.Example, language: Language) -> None:
    text = unparse(node, language)
    indicators = Vocabulary([one.name.text for one in node.expected if one.name])
    file, told = parse_file(Source("t", text), Vocabulary(terms_of(node)), indicators)
    assert not told, f"{text}\n{show(told)}"
    assert file.examples == (node,), text


@both
@given(node=published_lines())
@often
def test_published(node: tree.Published, language: Language) -> None:
    text = unparse(node, language)
    file, told = parse_file(Source("t", text), Vocabulary(terms_of(node)))
    assert not told, f"{text}\n{show(told)}"
    assert file.published == (node,), text


@both
@given(file=files())
@seldom
def test_file(file: tree.File, language: Language) -> None:
    text = unparse(file, language)
    again = read_file(text)
    assert again == file, text
    assert again.language == language
    assert unparse(again, language) == text


@both
@given(node=CHECKS)
@often
def test_check(node: tree.Check, language: Language) -> None:
    text = unparse(node, language)
    file, told = parse_file(Source("t", text), Vocabulary(terms_of(node)))
    assert not told, f"{text}\n{show(told)}"
    assert file.checks == (node,), text
    assert unparse(file.checks[0], language) == text


@both
@given(node=FIGURE_TERMS)
@often
def test_definition_of_cells(node: tree.FiguresAre, language: Language) -> None:
    definition = tree.Definition((tree.Name("新收" if language == "zh" else "received"),), node)
    text = unparse(definition, language)
    file, told = parse_file(Source("t", f"language {language}\n{text}"))
    assert not told, f"{text}\n{show(told)}"
    assert file.definitions == (definition,), text
