"""Whole rule files with their own examples: each chunk of a story is a file that loads without errors and passes.

A story that needs a workbook is a folder: the rules, the book as text, and the results worked out by hand (see `story_books.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import CASES, chunks
from story_books import expected_results, expected_unit, got_unit, make_book

import gkxl
from gkxl.examples import run_examples
from gkxl.periods import parse_period
from gkxl.report.data import results_object

STORIES = [
    pytest.param("\n".join(chunk) + "\n", id=f"{path.name}: {chunk[0].lstrip('# ')}")
    for path in sorted((CASES / "stories").glob("*.gk"))
    for chunk in chunks(path)
]


@pytest.mark.parametrize("text", STORIES)
def test_a_story_comes_out_as_its_examples_say(text: str) -> None:
    rules = gkxl.load(text)
    assert [str(one) for one in rules.diagnostics if one.severity != "note"] == []
    results = run_examples(rules)
    assert results, "a story without examples shows nothing"
    assert [(one.name, one.expected, one.got, one.why) for one in results if not one.passed] == []


BOOKS = sorted(path.parent for path in (CASES / "stories").glob("*/rules.gk"))


@pytest.mark.parametrize("folder", BOOKS, ids=[folder.name for folder in BOOKS])
def test_a_whole_rubric_over_its_book(folder: Path, tmp_path: Path) -> None:
    rules = gkxl.load(folder / "rules.gk")
    assert [str(one) for one in rules.diagnostics if one.severity != "note"] == []
    assert [(one.name, one.expected, one.got, one.why) for one in run_examples(rules) if not one.passed] == []
    book = gkxl.Book.read(make_book(folder / "book.txt", tmp_path / "book.xlsx"))
    for period, rows in expected_results(folder / "results.csv").items():
        results = gkxl.score(rules, book, parse_period(period))
        assert [str(one) for one in results.diagnostics if one.severity == "error"] == []
        (last,) = results_object(results)["periods"][-1:]
        assert last["period"] == period
        assert [got_unit(unit) for unit in last["units"]] == [expected_unit(row) for row in rows]
