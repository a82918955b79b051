"""The language guide shows nothing that does not run: its sentences give what they say, its files load and pass."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

import gkxl
from gkxl import GkError
from gkxl.examples import run_examples

GUIDE = (Path(__file__).resolve().parents[1] / "docs" / "language.md").read_text(encoding="utf-8")
FORMS = ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S16")
CHINESE = re.compile("[\u4e00-\u9fff]")
# What a block that shows only a part of a file is completed with.
HEADS = {
    "zh": {"对象": "对象 单位表的单位", "周期": "周期 季度", "缺数据": "缺数据 报错", "指标": "指标 例"},
    "en": {
        "units": "units Unit in Units",
        "period": "period quarter",
        "missing data": "missing data is an error",
        "indicator": "indicator Example",
    },
}


def blocks(kind: str) -> list[object]:
    """The fenced blocks of a kind; each is named by its line in the guide."""
    return [
        pytest.param(match.group(1), id=f"line {GUIDE[: match.start()].count(chr(10)) + 1}")
        for match in re.finditer(rf"^```{kind}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    ]


def completed(block: str) -> str:
    language = "zh" if CHINESE.search(block) else "en"
    missing = [line for word, line in HEADS[language].items() if not re.search(rf"^ *{word}\b", block, re.MULTILINE)]
    indicator = [line for line in missing if line == HEADS[language]["indicator" if language == "en" else "指标"]]
    return "\n".join([*(line for line in missing if line not in indicator), block, *indicator]) + "\n"


def outcome(sentence: str, values: dict[str, str]) -> str:
    """The points, or `refused GK203`."""
    try:
        return str(Fraction(str(gkxl.try_sentence(sentence, values).points)))
    except GkError as error:
        return "refused " + " ".join(one.code.number for one in error.diagnostics)


@pytest.mark.parametrize("block", blocks("gk-try"))
def test_sentences_of_the_guide_give_what_it_says(block: str) -> None:
    wrong = []
    for paragraph in block.strip().split("\n\n"):
        lines = paragraph.splitlines()
        sentence = "\n".join(line for line in lines if not line.startswith("#"))
        expectations = [line.removeprefix("#?") for line in lines if line.startswith("#?")]
        assert expectations, f"nothing is said of what this gives: {sentence}"
        for line in expectations:
            given, _, expected = (part.strip() for part in line.partition("->"))
            pairs = [pair.partition("=") for pair in given.split(", ")]
            got = outcome(sentence, {name.strip(): value.strip() for name, _, value in pairs})
            expected = expected if expected.startswith("refused") else str(Fraction(expected))
            if got != expected:
                wrong.append(f"{sentence} [{given}]: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("block", blocks("gk"))
def test_files_of_the_guide_load_and_pass_their_examples(block: str) -> None:
    rules = gkxl.load(completed(block))
    assert [f"{one} {one.notes}" for one in rules.diagnostics if one.severity == "error"] == []
    wrong = [(one.name, one.expected, one.got, one.why) for one in run_examples(rules) if not one.passed]
    assert wrong == []


@pytest.mark.parametrize("form", FORMS)
def test_each_form_has_a_heading_and_examples_in_both_languages(form: str) -> None:
    section = re.search(rf"^### {form}\b.*?(?=^##|\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert section
    shown = re.findall(r"^```gk(?:-try)?\n(.*?)^```$", section.group(), re.MULTILINE | re.DOTALL)
    assert any(CHINESE.search(block) for block in shown)
    assert any(not CHINESE.search(block) for block in shown)
