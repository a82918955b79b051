"""Words of a definition that are the header of a column as well are refused; what the message says to write has one reading."""

import pytest
from books import Gathered, book

from gkxl.diagnostics import Source
from gkxl.flow import load

ROWS = [
    ["单位", "Unit", "类别", "件数", "金额", "金额合计", "记录", "Rows", "Score", "Latest score"],
    ["教育局", "教育局", "甲", 5, 20, 70, 8, 9, 3, 4],
]
ZH = "考评 试\n对象 单位表的单位\n周期 年 2025\nX = {}\n指标 甲\n  X每件加1分。\n"
EN = "assessment Try\nunits Unit in Units\nperiod year 2025\nX = {}\nindicator A\n  each X earns 1.\n"


def gathered(meaning: str, rows=ROWS) -> Gathered:
    found = load(Source("t.gk", (EN if " in " in meaning or " of " in meaning else ZH).format(meaning)))
    assert found.rubric is not None, found.diagnostics
    return Gathered(found.rubric, book(Units=[["Unit"], ["教育局"]], 台账=rows, Log=rows), "2025")


@pytest.mark.parametrize(
    ("meaning", "words", "ways"),
    [
        ("台账 的 件数", ("的 条数", "的 「件数」"), (1, 5)),
        ("台账 中 类别为甲 的 件数", ("的 条数", "的 「件数」"), (1, 5)),
        ("台账 的 记录", ("的 条数", "的 「记录」"), (1, 8)),
        ("台账 的 金额合计", ("的 「金额」合计", "的 「金额合计」"), (20, 70)),
        ("rows of Log", ("records of", '"Rows" in'), (1, 9)),
        ("latest Score in Log", ('latest "Score" in', '"Latest score" in'), (3, 4)),
    ],
)
def test_gk466_the_words_head_a_column_of_the_sheet(
    meaning: str, words: tuple[str, str], ways: tuple[int, int]
) -> None:
    found = gathered(meaning)
    assert all(f"“{word}”" in found.one("GK466").notes[0] for word in words)
    assert found.value("教育局", "X") == "error"
    before, after = ("台账 ", "") if "的" in meaning else ("", " Log")
    assert tuple(gathered(f"{before}{word}{after}").value("教育局", "X") for word in words) == ways


def test_words_that_head_no_column_mean_the_rows() -> None:
    rows = [["单位", "Unit"], ["教育局", "教育局"], ["教育局", "教育局"]]
    for meaning in ("台账 的 件数", "台账 的 记录", "rows of Log", "count of Log"):
        assert (gathered(meaning, rows).value("教育局", "X"), gathered(meaning, rows).codes) == (2, [])


def test_the_sum_of_a_column_called_as_rows_are_counted_has_one_reading() -> None:
    assert gathered("台账 的 件数 之和").value("教育局", "X") == 5
    assert gathered("台账 中 类别为甲 的 件数 最大").value("教育局", "X") == 5
