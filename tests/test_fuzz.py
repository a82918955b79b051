"""Workbooks and rule files with bytes changed, bundled ones and those of the stories.

They give results and diagnostics, or a GkError, and nothing else.

`just deep` tries thousands more.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from story_books import make_book

import gkxl
from gkxl.diagnostics import GkError
from gkxl.examples import run_examples
from gkxl.language.formatter import formatted
from gkxl.report.data import dumps, results_object
from gkxl.report.explain import explain
from gkxl.report.tables import render_all
from gkxl.report.text import render
from gkxl.suggest import suggest

BOOKS = Path(__file__).parents[1] / "workbooks"
STORIES = Path(__file__).parent / "cases" / "stories"
# Rules, and the book that they are for: a story's is made of its text.
PAIRS = {
    "huzhong": (BOOKS / "huzhong-2025.gk", BOOKS / "huzhong-2025.xlsx"),
    "xinzhou": (BOOKS / "xinzhou-2022.departments.gk", BOOKS / "xinzhou-2022.xlsx"),
    **{rules.parent.name: (rules, rules.with_name("book.txt")) for rules in sorted(STORIES.glob("*/rules.gk"))},
}
Pairs = dict[str, tuple[Path, Path]]
NAMES = st.sampled_from(sorted(PAIRS))
# Where (as a share of the whole), how many bytes give way, and what stands there instead.
CHANGES = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from((0, 1, 1, 1, 2, 4, 30, 2000)), st.binary(max_size=8)),
    min_size=1,
    max_size=6,
)
# Text that means something, where bytes alone would mostly be refused at the door.
WORDS = (
    *"扣 加 每 少于 超过 达 不足 一次 1分 10% 0 -1 9e9 且 或 不 ( ) （ 「 」 , 、 ; 。 指标".split(),
    *"例 已知 应得 表 = 中 的 之和 限 一万三".split(),
    *"each costs earns fewer than at most units 2025-02-30".split(),
    *("\n", '"', "\0", "\u202e", "\ufeff"),
)
REWORDED = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 6), st.sampled_from(WORDS)), max_size=8)
XML = ["<", ">", "&", "&#0;", "</row>", "<c/>", '<c r="XFD1048576"/>', 't="s"', 't="e"', 't="d"', "999999999999", "1E999",
       "NaN", "-1", '"', "<!--", "]]>", "<![CDATA[", "\ufffe", 'r="A1"', "<row/>", "</sheetData>", "x:", "_xD800_"]  # fmt: skip
MARKED = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from((0, 0, 1, 5, 40)), st.sampled_from(XML)), max_size=5
)
COMMON = settings(
    max_examples=max(200, settings().max_examples),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    folder = tmp_path_factory.mktemp("books")
    return {
        name: (rules, book if book.suffix == ".xlsx" else make_book(book, folder / f"{name}.xlsx"))
        for name, (rules, book) in PAIRS.items()
    }


def changed(content: bytes, changes: Sequence[tuple[float, int, bytes]]) -> bytes:
    for share, gone, new in changes:
        at = int(share * len(content))
        content = content[:at] + new + content[at + gone :]
    return content


def score(rules: Path, book: Path) -> None:
    """As the command does it, with all that it would show."""
    try:
        loaded = gkxl.load(rules)
        results = gkxl.score(loaded, gkxl.Book.read(book))
    except GkError as error:
        told = render(error.diagnostics, 80)
        assert told, "an error says why"
        return
    dumps(results_object(results))
    render(results.diagnostics, 80)
    render_all([results], 80)
    explain(results, 80)


def work_on(rules: Path) -> None:
    """What the commands about rules alone do with them: test, suggest and fmt, in both languages."""
    try:
        loaded = gkxl.load(rules)
    except GkError:
        return
    run_examples(loaded)
    suggest(loaded)
    if loaded.rubric is not None:
        for language in (None, "zh", "en"):
            formatted(loaded.source, loaded.file, language)


@COMMON
@given(name=NAMES, changes=CHANGES)
def test_bytes_of_a_book(name: str, changes: list[tuple[float, int, bytes]], pairs: Pairs, tmp_path: Path) -> None:
    rules, whole = pairs[name]
    book = tmp_path / "b.xlsx"
    book.write_bytes(changed(whole.read_bytes(), changes))
    score(rules, book)


@COMMON
@given(name=NAMES, data=st.data(), changes=MARKED)
def test_parts_of_a_book(
    name: str, data: st.DataObject, changes: list[tuple[float, int, str]], pairs: Pairs, tmp_path: Path
) -> None:
    """The package stays whole, so that what is changed gets as far as the cells."""
    rules, path = pairs[name]
    book = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as whole:
        members = {part: whole.read(part) for part in whole.namelist()}
    part = data.draw(st.sampled_from(sorted(members)))
    members[part] = changed(members[part], [(share, gone, new.encode()) for share, gone, new in changes])
    with zipfile.ZipFile(book, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    score(rules, book)


@COMMON
@given(name=NAMES, changes=CHANGES)
def test_bytes_of_a_rule_file(name: str, changes: list[tuple[float, int, bytes]], pairs: Pairs, tmp_path: Path) -> None:
    whole, book = pairs[name]
    rules = tmp_path / "r.gk"
    rules.write_bytes(changed(whole.read_bytes(), changes))
    score(rules, book)
    work_on(rules)


@COMMON
@given(name=NAMES, changes=REWORDED)
def test_words_of_a_rule_file(name: str, changes: list[tuple[float, int, str]], pairs: Pairs, tmp_path: Path) -> None:
    whole, book = pairs[name]
    text = whole.read_text(encoding="utf-8")
    for share, gone, new in changes:
        at = int(share * len(text))
        text = text[:at] + new + text[at + gone :]
    rules = tmp_path / "r.gk"
    rules.write_text(text, encoding="utf-8")
    score(rules, book)
    work_on(rules)


@COMMON
@given(text=st.text(max_size=200))
def test_any_text_as_rules(text: str) -> None:
    """Through the function, where text need not be what a file can hold: lone surrogates too."""
    rules = gkxl.load(text + "\n")
    assert rules.sha256
    render(rules.diagnostics, 80)


@COMMON
@given(cut=st.floats(0, 1), name=NAMES)
def test_a_book_cut_off(cut: float, name: str, pairs: Pairs, tmp_path: Path) -> None:
    rules, whole = pairs[name]
    content = whole.read_bytes()
    book = tmp_path / "b.xlsx"
    book.write_bytes(content[: int(cut * len(content))])
    score(rules, book)
