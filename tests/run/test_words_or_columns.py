"""Words that may mean one thing or another by what the book has: refused, with what has one reading."""

import pytest
from books import Gathered, book, day

from gkxl.diagnostics import Source
from gkxl.flow import load
from gkxl.tables import Area, NamedArea

HEADER = ["单位", "Unit", "类别", "件数", "金额", "金额合计", "记录", "Rows", "Score", "Latest score", "Due", "Filed"]
DAYS = "Days from due to filed"
ROWS = [
    [*HEADER, DAYS],
    ["教育局", "教育局", "甲", 5, 20, 70, 8, 9, 3, 4, day("2025-05-01"), day("2025-05-03"), 6],
]
ZH = "考评 试\n对象 单位表的单位\n周期 年 2025\n表 台账:{}\nX = {}\n指标 甲\n  X每件加1分。\n"
EN = "assessment Try\nunits Unit in Units\nperiod year 2025\nsheet Log: {}\nX = {}\nindicator A\n  each X earns 1.\n"


def gathered(meaning: str, rows=ROWS, areas=(), details="", **more) -> Gathered:
    english = " in " in meaning or " of " in meaning
    details = details or ("undated" if english else "不分期")
    found = load(Source("t.gk", (EN if english else ZH).format(details, meaning)))
    assert found.rubric is not None, found.diagnostics
    return Gathered(found.rubric, book(areas, Units=[["Unit"], ["教育局"]], 台账=rows, Log=rows, **more), "2025")


@pytest.mark.parametrize(
    ("meaning", "words", "ways"),
    [
        ("台账 的 件数", ("的 条数", "的 「件数」"), (1, 5)),
        ("台账 中 类别为甲 的 件数", ("的 条数", "的 「件数」"), (1, 5)),
        ("台账 的 记录", ("的 条数", "的 「记录」"), (1, 8)),
        ("台账 的 金额合计", ("的 「金额」合计", "的 「金额合计」"), (20, 70)),
        ("rows of Log", ("records of", '"Rows" in'), (1, 9)),
        ("latest Score in Log", ('latest "Score" in', '"Latest score" in'), (3, 4)),
        ("days from Due to Filed in Log", ('days from "Due" to "Filed" in', f'"{DAYS}" in'), (2, 6)),
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


def test_gk466_a_value_that_changes_with_the_date_or_a_column() -> None:
    rows = [["单位", "金额", "限额"], ["教育局", 150, 200]]
    meaning = "台账 中 金额超过{} 的 记录\n限额 / 起点 = 100(2025-01-01起)"
    for name in ("限额", "起点"):
        found = gathered(meaning.format(name), rows)
        assert "请给它或这一列改名" in found.one("GK466").notes[0]
        assert found.value("教育局", "X") == "error"
    other = [["单位", "金额", "定额", "日期"], ["教育局", 150, 200, day("2025-05-01")]]
    assert gathered(meaning.format("限额"), other, details="日期列 日期").value("教育局", "X") == 1
    assert gathered("台账 中 金额超过定额 的 记录", other).value("教育局", "X") == 0


LISTED = [["单位", "类别", "新媒体单位"], ["教育局", "新媒体单位", "否"], ["公安局", "其他", "是"]]
GROUPED = "考评 试\n对象 单位表的单位,按类别分组\n周期 年 2025\nX = 台账 的 记录\n指标 甲 限{}\n  X每件加1分。\n"


def chosen(units, word: str = "新媒体单位") -> tuple[list[str], dict[str, bool]]:
    """The codes told, and whom the word picks."""
    found = load(Source("t.gk", GROUPED.format(word)))
    assert found.rubric is not None
    data = Gathered(found.rubric, book(单位表=units, 台账=[["单位"], ["教育局"]]), "2025")
    return data.codes, {unit.name: word in unit.words for unit in data.data.units}


def test_gk467_a_group_or_a_column_that_says_yes_of_others() -> None:
    assert chosen(LISTED)[0] == ["GK467"]
    same = [LISTED[0], ["教育局", "新媒体单位", "是"], ["公安局", "其他", None]]
    assert chosen(same)[0] == []
    assert chosen([[*LISTED[0][:2], "媒体"], *LISTED[1:]])[0] == []
    texts = [LISTED[0], ["教育局", "新媒体单位", "张三"], ["公安局", "其他", None]]
    assert chosen(texts)[0] == []


def test_of_two_columns_the_one_that_is_called_so_exactly() -> None:
    units = [["单位", "类别", "新媒体", "新媒体单位"], ["教育局", "甲", "否", "是"], ["公安局", "甲", "是", "否"]]
    assert chosen(units)[1] == {"教育局": True, "公安局": False}
    assert chosen(units, "新媒体")[1] == {"教育局": False, "公安局": True}


def test_gk412_a_sheet_or_a_table_of_its_name_elsewhere() -> None:
    table = NamedArea("台账", "别处", Area(1, 1, 2, 1), "table", header_rows=1)
    told = gathered("台账 的 记录", areas=[table], 别处=[["单位"], ["教育局"]]).one("GK412")
    assert "台账,也可以指 别处!A1:A2" in told.message
    own = NamedArea("台账", "台账", Area(1, 1, 2, 1), "table", header_rows=1)
    assert gathered("台账 的 「件数」", areas=[own]).value("教育局", "X") == 5


def test_gk468_a_value_that_is_another_column() -> None:
    rows = [
        ["单位", "主办", "协办", "办结日期", "收到日期"],
        ["教育局", "甲", "甲", day("2025-05-01"), day("2025-05-01")],
    ]
    for meaning in ("台账 中 主办为协办 的 记录", "台账 中 办结日期为收到日期 的 记录"):
        found = gathered(meaning, rows)
        assert (found.codes, found.value("教育局", "X")) == (["GK468"], 0)
    assert gathered("台账 中 主办为乙 的 记录", rows).codes == []
    said = [rows[0], [*rows[1][:1], "协办", *rows[1][2:]]]
    assert gathered("台账 中 主办为协办 的 记录", said).codes == []
