"""Whole rule files with their own examples: each chunk of a story is a file that loads without errors and passes."""

from __future__ import annotations

import pytest
from cases import CASES, chunks

import gkxl
from gkxl.examples import run_examples

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
