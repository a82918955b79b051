"""Sentences of the language and what they give, one case file per form and language."""

from __future__ import annotations

from fractions import Fraction

import pytest
from cases import SentenceCase, sentence_cases

from gkxl import GkError, try_sentence


def outcome(case: SentenceCase) -> str | None:
    """None where the case comes out as expected, else what came out instead."""
    try:
        points = Fraction(str(try_sentence(case.sentence, case.values).points))
    except GkError as error:
        return None if case.expected is None else f"refused: {'; '.join(map(str, error.diagnostics))}"
    if case.expected is None:
        return f"accepted with {points}, to be {case.reason}"
    return None if points == Fraction(case.expected) else f"{points} instead of {case.expected}"


BY_FILE: dict[str, list[SentenceCase]] = {}
for one in sentence_cases("sentences"):
    BY_FILE.setdefault(one.file, []).append(one)


@pytest.mark.parametrize("file", BY_FILE)
def test_sentences_give_what_they_say(file: str) -> None:
    wrong = [f"{case}\n    {came_out}" for case in BY_FILE[file] if (came_out := outcome(case))]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(BY_FILE[file])}:", *wrong])


def test_every_case_file_has_cases() -> None:
    assert len(BY_FILE) >= 12
    assert all(
        len(found) > (20 if int(name[1]) < 7 and name[2] == "-" else 10)
        for name, found in BY_FILE.items()
        if name[0] == "s"
    )


def test_because_is_told_for_every_sentence_that_gives_points() -> None:
    for found in BY_FILE.values():
        for case in found:
            if case.expected is not None:
                assert try_sentence(case.sentence, case.values).because, str(case)
