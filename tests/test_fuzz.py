"""Bundled workbooks and rule files with bytes changed: they give results and diagnostics, or a GkError, and nothing else.

`just deep` tries thousands more.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gkxl
from gkxl.diagnostics import GkError
from gkxl.report.data import dumps, results_object
from gkxl.report.tables import render_all
from gkxl.report.text import render

BOOKS = Path(__file__).parents[1] / "workbooks"
PAIRS = [
    (BOOKS / "huzhong-2025.xlsx", BOOKS / "huzhong-2025.gk"),
    (BOOKS / "xinzhou-2022.xlsx", BOOKS / "xinzhou-2022.departments.gk"),
]
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
COMMON = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def changed(content: bytes, changes: Sequence[tuple[float, int, bytes]]) -> bytes:
    for share, gone, new in changes:
        at = int(share * len(content))
        content = content[:at] + new + content[at + gone :]
    return content


def score(rules: Path, book: Path) -> None:
    """As the command does it, with all that it would show."""
    try:
        results = gkxl.score(gkxl.load(rules), gkxl.Book.read(book))
    except GkError as error:
        told = render(error.diagnostics, 80)
        assert told, "an error says why"
        return
    dumps(results_object(results))
    render(results.diagnostics, 80)
    render_all([results], 80)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].stem)
@COMMON
@given(changes=CHANGES)
def test_bytes_of_a_book(pair: tuple[Path, Path], changes: list[tuple[float, int, bytes]], tmp_path: Path) -> None:
    book = tmp_path / "b.xlsx"
    book.write_bytes(changed(pair[0].read_bytes(), changes))
    score(pair[1], book)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].stem)
@COMMON
@given(data=st.data(), changes=MARKED)
def test_parts_of_a_book(
    pair: tuple[Path, Path], data: st.DataObject, changes: list[tuple[float, int, str]], tmp_path: Path
) -> None:
    """The package stays whole, so that what is changed gets as far as the cells."""
    book = tmp_path / "b.xlsx"
    with zipfile.ZipFile(pair[0]) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    part = data.draw(st.sampled_from(sorted(members)))
    members[part] = changed(members[part], [(share, gone, new.encode()) for share, gone, new in changes])
    with zipfile.ZipFile(book, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    score(pair[1], book)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].stem)
@COMMON
@given(changes=CHANGES)
def test_bytes_of_a_rule_file(pair: tuple[Path, Path], changes: list[tuple[float, int, bytes]], tmp_path: Path) -> None:
    rules = tmp_path / "r.gk"
    rules.write_bytes(changed(pair[1].read_bytes(), changes))
    score(rules, pair[0])


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].stem)
@COMMON
@given(changes=REWORDED)
def test_words_of_a_rule_file(pair: tuple[Path, Path], changes: list[tuple[float, int, str]], tmp_path: Path) -> None:
    text = pair[1].read_text(encoding="utf-8")
    for share, gone, new in changes:
        at = int(share * len(text))
        text = text[:at] + new + text[at + gone :]
    rules = tmp_path / "r.gk"
    rules.write_text(text, encoding="utf-8")
    score(rules, pair[0])


@COMMON
@given(text=st.text(max_size=200))
def test_any_text_as_rules(text: str) -> None:
    """Through the function, where text need not be what a file can hold: lone surrogates too."""
    rules = gkxl.load(text + "\n")
    assert rules.sha256
    render(rules.diagnostics, 80)


@COMMON
@given(cut=st.floats(0, 1), pair=st.sampled_from(PAIRS))
def test_a_book_cut_off(cut: float, pair: tuple[Path, Path], tmp_path: Path) -> None:
    content = pair[0].read_bytes()
    book = tmp_path / "b.xlsx"
    book.write_bytes(content[: int(cut * len(content))])
    score(pair[1], book)
