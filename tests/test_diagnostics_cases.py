"""Rule files as authors get them wrong: exactly these codes, at these places, in the language of the sentence.

In the chunks of `rules.*.gk` a line `#! GK202 4:3` stands under the line that is wrong (the place counts inside the chunk),
`#! GK319` alone for what has no place; `#!note TEXT` says what a note of the diagnostic above tells. The chunks of
`try.*.gk` are single sentences with values: `#? NAME=VALUE -> GK309`.
"""

from __future__ import annotations

import runpy
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cases import CASES, chunks

import gkxl
from gkxl import Diagnostic, GkError
from gkxl.diagnostics import CODES, Span

FOLDER = CASES / "diagnostics"


@dataclass
class Expected:
    told: str
    notes: list[str] = field(default_factory=list)


def expected_of(chunk: list[str]) -> list[Expected]:
    found: list[Expected] = []
    for line in chunk:
        if line.startswith("#!note "):
            found[-1].notes.append(line.removeprefix("#!note ").strip())
        elif line.startswith("#! "):
            found.append(Expected(line.removeprefix("#! ").strip()))
    return found


def shown(one: Diagnostic) -> str:
    if not isinstance(one.place, Span):
        return one.code.number
    line, column = one.place.source.position(one.place.start)
    return f"{one.code.number} {line}:{column}"


def language_of(path: Path) -> str:
    return path.suffixes[0].removeprefix(".")


def cases(pattern: str) -> list[object]:
    return [
        pytest.param(chunk, language_of(path), id=f"{path.name}: {chunk[0].removeprefix('# ')}")
        for path in sorted(FOLDER.glob(pattern))
        for chunk in chunks(path)
    ]


@pytest.mark.parametrize(("chunk", "language"), cases("rules.*.gk"))
def test_a_wrong_rule_file_is_told_all_its_mistakes(chunk: list[str], language: str) -> None:
    told = gkxl.load("\n".join(chunk) + "\n").diagnostics
    expected = expected_of(chunk)
    assert expected, "a case that expects nothing shows nothing"
    assert sorted(map(shown, told)) == sorted(one.told for one in expected)
    assert {one.language for one in told} == {language}
    for one in expected:
        notes = [note for found in told if shown(found) == one.told for note in found.notes]
        assert all(any(text in note for note in notes) for text in one.notes), notes


@pytest.mark.parametrize(("chunk", "language"), cases("try.*.gk"))
def test_a_wrong_sentence_is_refused_by_its_code(chunk: list[str], language: str) -> None:
    sentence = "\n".join(line for line in chunk if not line.startswith("#"))
    for line in chunk:
        if not line.startswith("#?"):
            continue
        given, _, code = line.removeprefix("#?").partition("->")
        pairs = [pair.partition("=") for pair in given.split(", ") if pair.strip()]
        with pytest.raises(GkError) as caught:
            gkxl.try_sentence(sentence, {name.strip(): value.strip() for name, _, value in pairs})
        assert [one.code.number for one in caught.value.diagnostics] == [code.strip()], line
        assert {one.language for one in caught.value.diagnostics} == {language}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_about_sentences_has_a_case(language: str) -> None:
    """GK213 is below; numbers cut short or left out, 3 points for 2 keys, shares beside each other are Chinese."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob(f"*.{language}.gk"))
    elsewhere = {"GK213"} if language == "zh" else {"GK213", "GK205", "GK210", "GK215", "GK236"}
    missing = [number for number in CODES if number[2] in "23" and number not in text and number not in elsewhere]
    assert missing == []


# --- 1: text, and what no file of text can show ---


@pytest.mark.parametrize(
    ("code", "data"),
    [
        pytest.param("GK103", "考评 政务公开考评\n周期 季度\n".encode("gbk"), id="GK103 GBK"),
        pytest.param("GK103", "考评 政务公开考评\n周期 季度\n".encode("utf-16"), id="GK103 UTF-16"),
        pytest.param(
            "GK104", b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + b"[Content_Types].xml" * 40, id="GK104 a workbook"
        ),
        pytest.param("GK104", bytes(range(256)), id="GK104 no text"),
        pytest.param("GK105", b"", id="GK105 no byte"),
        pytest.param("GK105", "\n \r\n　\n".encode(), id="GK105 blanks alone"),
        pytest.param("GK106", b"# " + b"x" * (5 << 20), id="GK106 5 MB"),
    ],
)
def test_a_file_that_holds_no_rule_text_is_refused(code: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rules.gk"
    path.write_bytes(data)
    with pytest.raises(GkError) as caught:
        gkxl.load(path)
    assert [one.code.number for one in caught.value.diagnostics] == [code]
    assert [str(one.place) for one in caught.value.diagnostics] == [str(path)]


def test_a_missing_file_is_gk101_and_a_folder_gk102(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.gk", "GK101"), (tmp_path, "GK102")):
        with pytest.raises(GkError) as caught:
            gkxl.load(path)
        assert [one.code.number for one in caught.value.diagnostics] == [code]


def test_a_sentence_without_end_is_gk213() -> None:
    told = gkxl.load("指标 信息公开\n  " + "本领域信息" * 500 + "少于3条,扣6分。\n").diagnostics
    assert "GK213 2:3" in [shown(one) for one in told]


def test_the_page_of_messages_is_up_to_date() -> None:
    docs = Path(__file__).resolve().parents[1] / "docs"
    script = runpy.run_path(str(docs / "make_diagnostics.py"))
    page = (docs / "diagnostics.md").read_text(encoding="utf-8")
    assert page == script["page"](), "run: python docs/make_diagnostics.py"
