"""No text makes the language fail: whatever is typed, the answer is a tree or diagnostics that have a place and a message."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from cases import CASES, chunks, sentence_cases
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from trees import FACTS, GIVEN_VALUES, GRADES, GROUPS, SHEETS

from gkxl import try_sentence
from gkxl.diagnostics import Diagnostic, GkError, Language, Source, Span
from gkxl.flow import load
from gkxl.language.file import parse_file
from gkxl.language.lines import HEADINGS
from gkxl.language.parse import make_line, parse_part, parse_statement
from gkxl.language.vocabulary import Vocabulary
from gkxl.language.words import words

ROOT = Path(__file__).resolve().parents[2]

EXAMPLES = settings().max_examples
often = settings(max_examples=max(200, EXAMPLES), suppress_health_check=[HealthCheck.too_slow])
seldom = settings(often, max_examples=max(100, EXAMPLES // 10))

SENTENCE_CASES = list(sentence_cases("sentences"))
SENTENCES = sorted({case.sentence for case in SENTENCE_CASES})
FILES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "workbooks").rglob("*.gk"))]
FILES += [
    "\n".join(chunk) for path in sorted(CASES.rglob("*.gk")) if "sentences" not in path.parts for chunk in chunks(path)
]
MARKS = [
    *",;:、。.()（）「」\"“”'=＝+-×÷*/<>≥≤%#|①一",
    *"\t\n \u3000\u00a0\ufeff\x00\u200b🙂é",
    "\r\n",
    "「」",
    '""',
    "1.",
    "1、",
]
NUMBERS = [
    "0", "3", "0.5", "20%", "1/4", "1/0", "5000万", "1.2亿", "三", "两", "二百五", "一万三", "百分之二十", "9" * 40, "1e9",
    "１２", "³", "٣", "2025-12-31", "2025-13-45", "2025年2月30日", "2025Q4", "2025年四季度", "2025H2", "-1", "1,000", "half a",
]  # fmt: skip
KEYWORDS = sorted({word for language in ("zh", "en") for all_ in words(language).terminals.values() for word in all_})  # type: ignore[arg-type]
KEYWORDS += [word for both in HEADINGS.values() for word in both]
NAMES = FACTS + SHEETS + GROUPS + GRADES

KEYWORD_TEXT = st.sampled_from(KEYWORDS)
PIECES = st.one_of(KEYWORD_TEXT, KEYWORD_TEXT, st.sampled_from(NAMES), st.sampled_from(NUMBERS), st.sampled_from(MARKS))
MIXTURES = st.builds(lambda parts, blank: blank.join(parts), st.lists(PIECES, max_size=25), st.sampled_from(["", " "]))


@st.composite
def mutated(draw, texts: list[str]) -> str:
    """A real text with some of its characters deleted, doubled, swapped or joined by others."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        to = min(len(text), at + draw(st.integers(0, 8)))
        match draw(st.integers(0, 4)):
            case 0:
                text = text[:at] + text[to:]
            case 1:
                text = text[:to] + text[at:to] + text[to:]
            case 2:
                text = text[:at] + text[at:to][::-1] + text[to:]
            case 3:
                text = text[:at] + draw(PIECES) + text[at:]
            case 4:
                text = text[to:] + text[:at]
    return text


ANY_SENTENCE = st.one_of(st.text(max_size=60), MIXTURES, mutated(SENTENCES), mutated(SENTENCES))
LINES = st.lists(
    st.one_of(ANY_SENTENCE, st.builds("{}{}{}".format, KEYWORD_TEXT, st.sampled_from(" ="), MIXTURES)), max_size=8
)
ANY_FILE = st.one_of(st.text(max_size=200), LINES.map("\n".join), mutated(FILES), mutated(FILES))


def check(told: Iterable[Diagnostic], text: str) -> None:
    """Each diagnostic can be shown, and stands somewhere in the text."""
    for one in told:
        assert one.message
        assert str(one)
        assert all(isinstance(note, str) for note in one.notes)
        assert isinstance(one.place, Span), one
        assert 0 <= one.place.start <= one.place.end <= len(text), one
        assert str(one.place)


languages = pytest.mark.parametrize("language", ["zh", "en"])


@languages
@given(text=ANY_SENTENCE, declared=st.lists(st.sampled_from(NAMES), max_size=5))
@example(text="partial steps ignored", declared=[])
@example(text="总分60分及以上且总分90分以下为良好", declared=[])
@often
def test_statement(text: str, declared: list[str], language: Language) -> None:
    line = make_line(text, Source("t", text), 0, language, Vocabulary(declared))
    found, told = parse_statement(line)
    assert (found is None) == bool(told), text
    check(told, text)


@languages
@pytest.mark.parametrize("part", ["definition", "units", "sheet"])
@given(text=ANY_SENTENCE, declared=st.lists(st.sampled_from(NAMES), max_size=5))
@seldom
def test_part(text: str, declared: list[str], part: str, language: Language) -> None:
    line = make_line(text, Source("t", text), 0, language, Vocabulary(declared), definition=True)
    found, told = parse_part(line, f"{language}_{part}")
    assert (found is None) == bool(told), text
    check(told, text)


@given(text=ANY_FILE)
@example(text="满分 NaN")
@example(text="满分 1e999999")
@often
def test_file(text: str) -> None:
    check(parse_file(Source("t", text))[1], text)


@given(text=ANY_FILE)
@example(text="对象 单位表的单位\n满分 100分")
@example(text="/=1")
@example(text="24-hour line is an error")
@often
def test_load(text: str) -> None:
    check(load(Source("t", text)).diagnostics, text)


@given(
    text=st.one_of(MIXTURES, mutated(SENTENCES)),
    values=st.dictionaries(
        st.sampled_from([*NAMES, "采用.省级"]), st.one_of(GIVEN_VALUES, st.text(max_size=5)), max_size=4
    ),
)
@often
def test_try(text: str, values: dict[str, str]) -> None:
    try:
        try_sentence(text, values)
    except GkError as refused:
        for one in refused.diagnostics:
            assert one.message
            assert str(one)


def test_try_a_number_of_many_digits() -> None:
    many = "9" * 40
    assert try_sentence(f"迟到不少于2次扣7分,不少于1次扣{many}分", {"迟到": 1}).points == -int(many)
    with pytest.raises(GkError, match="GK305"):  # the counts between
        try_sentence(f"迟到2次扣7分,{many}次扣3分", {"迟到": 2})


@given(case=st.sampled_from(SENTENCE_CASES), data=st.data())
@often
def test_try_a_sentence_like_a_real_one(case, data: st.DataObject) -> None:
    text = data.draw(mutated([case.sentence]))
    try:
        try_sentence(text, case.values)
    except GkError as refused:
        for one in refused.diagnostics:
            assert one.message
            assert str(one)
