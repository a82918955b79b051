"""Sheets, headers and columns are found as the language guide says, and units by their names."""

import pytest
from books import (
    SPAN,
    UNCALCULATED,
    A,
    Gathered,
    book,
    day,
    error,
    indicator,
    line,
    number,
    period,
    priced,
    rate,
    rows_of,
    rubric,
    value_of,
    when,
)

from gkxl.diagnostics import SHEET_DISORDER, CellRef, Diagnostic, GkError
from gkxl.model.rules import (
    Amount,
    Audience,
    Branch,
    ByGroup,
    Const,
    Fixed,
    FromRows,
    Pick,
    Ref,
    TimeBetween,
    Units,
)
from gkxl.periods import PeriodKind
from gkxl.run.bind import bind
from gkxl.run.facts import State, prices_key
from gkxl.tables import Area, NamedArea
from gkxl.values import Kind

DATED = [["单位", "日期", "数"], ["教育局", day("2025-10-01"), 5], ["公安局", day("2025-11-01"), 6]]


def gathered(measure, rows=DATED, asked="2025Q4", **more) -> Gathered:
    return Gathered(rubric(terms={"X": measure}, **more), book(台账=rows), asked)


# --- Sheets ----------------------------------------------------------------------------------------------------------


def test_names_compare_without_width_and_blanks() -> None:
    rules = rubric(terms={"X": rows_of("Reply  Log")})
    assert Gathered(rules, book(**{"ＲＥＰＬＹ log": DATED})).value("教育局", "X") == 1


def test_a_table_then_a_defined_name() -> None:
    rows = [["封面"], [None, "单位", "数"], [None, "教育局", 5], [None, "合 计", 5], [None, "教育局", 7]]
    box = Area(2, 2, 4, 3)
    table = NamedArea("成绩", "台账", box, "table", header_rows=1, totals_rows=1)
    name = NamedArea("成绩", "台账", Area(2, 2, 5, 3), "name")
    rules = rubric(terms={"X": value_of("成绩", "数")})
    assert Gathered(rules, book([name, table], 台账=rows), "2025Q4").value("教育局", "X") == 5
    beside = [[*row, "单位", "数"] for row in rows]
    assert Gathered(rules, book([name], 台账=beside), "2025Q4").one("GK436")
    assert Gathered(rules, book([name], 台账=rows[:3]), "2025Q4").value("教育局", "X") == 5


def test_gk411_names_the_sheets_there_are_the_nearest_first() -> None:
    found = Gathered(rubric(terms={"X": rows_of("信息公幵")}), book(转发=DATED, 信息公开=DATED), "2025Q4")
    told = found.one("GK411")
    assert told.place == SPAN
    assert told.notes == ("有的是:“信息公开”、“单位表”、“转发”",)
    assert found.fact("教育局", "X").state is State.ERROR


def test_gk412_two_sheets_of_one_name() -> None:
    found = Gathered(
        rubric(terms={"X": rows_of("信息公开")}), book(**{"信息公开": DATED, "信息 公开": DATED}), "2025Q4"
    )
    assert "“信息公开”可以指 信息公开,也可以指 信息 公开" in found.one("GK412").message


# --- Headers ---------------------------------------------------------------------------------------------------------


def test_title_rows_above_and_the_total_row_below() -> None:
    rows = [["考评台账"], ["单位:件"], *DATED, [None, "合计", 11], ["注:略"]]
    assert gathered(FromRows(A.SUM, "台账", column="数"), rows).value("公安局", "X") == 6
    assert gathered(rows_of("台账"), [["序号", "单位"], [1, "教育局"], ["合 计", None], [2, "教育局"]]).codes == [
        "GK436"
    ]


def test_a_total_row_whose_word_stands_in_a_column_that_is_not_read() -> None:
    rows = [["单位", "标题", "数"], ["教育局", "甲", 5], [None, "总计", 5]]
    found = gathered(FromRows(A.SUM, "台账", column="数"), rows)
    assert (found.value("教育局", "X"), found.codes) == (5, [])


def test_blank_rows_and_numbered_blank_rows_are_skipped() -> None:
    rows = [["序号", "单位", "数"], [1, "教育局", 5], [], [2, None, None], [3, "公安局", 6]]
    assert gathered(value_of("台账", "数"), rows).codes == []


def test_a_header_is_reached_without_its_bracket() -> None:
    assert (
        gathered(value_of("台账", "书面考核"), [["单位", "书面考核（26分）"], ["教育局", 5]]).value("教育局", "X") == 5
    )


TWO_ROWS = [
    ["成绩表"],
    ["单位", "各分项考核结果", None, "总分"],
    [None, "书面考核", "网上考核", None],
    ["教育局", 5, 6, 11],
]
MERGES = [Area(1, 1, 1, 4), Area(2, 1, 3, 1), Area(2, 2, 2, 3), Area(2, 4, 3, 4)]


@pytest.mark.parametrize(
    ("name", "value"), [("书面考核", 5), ("各分项考核结果 书面考核", 5), ("网上考核", 6), ("总分", 11)]
)
def test_two_row_headers(name: str, value: int) -> None:
    rules = rubric(terms={"X": value_of("成绩", name)})
    found = Gathered(rules, book([], MERGES, 成绩=TWO_ROWS), "2025Q4")
    assert (found.value("教育局", "X"), found.codes) == (value, [])


def test_gk414_the_upper_part_of_a_header_names_two_columns() -> None:
    found = Gathered(rubric(terms={"X": value_of("成绩", "各分项考核结果")}), book([], MERGES, 成绩=TWO_ROWS), "2025Q4")
    assert "成绩!B3 各分项考核结果 书面考核 和 成绩!C3 各分项考核结果 网上考核" in found.one("GK414").message
    assert found.fact("教育局", "X").state is State.ERROR


def test_a_header_twice_that_is_not_used_is_nothing() -> None:
    rows = [["单位", "数", "备注", "备注"], ["教育局", 5, "a", "b"]]
    assert gathered(value_of("台账", "数"), rows).codes == []


def test_gk413_names_the_columns_there_are() -> None:
    found = gathered(value_of("台账", "完成数"))
    assert found.one("GK413").notes == ("有的是:“数”、“单位”、“日期”",)
    assert "台账!1" in found.one("GK413").message


def test_gk413_the_unit_column_has_its_line() -> None:
    found = gathered(value_of("台账", "数"), [["部门", "数"], ["教育局", 5]])
    assert "请在规则里写:表 台账:单位列 …" in found.one("GK413").notes
    assert (
        gathered(
            value_of("台账", "数"), [["部门", "数"], ["教育局", 5]], sheets=(line("台账", unit_column="部门"),)
        ).codes
        == []
    )


def test_gk415_no_header() -> None:
    found = gathered(value_of("台账", "数"), [["甲", "乙"], [1, 2]])
    assert found.told == ["GK415 台账"]
    assert Gathered(rubric(), book(单位表=[])).nothing


def test_gk416_two_rows_that_could_be_the_header() -> None:
    rows = [*DATED, [], *DATED]
    found = gathered(value_of("台账", "数"), rows)
    assert found.one("GK416").notes == ("请在规则里写:表 台账:表头第1行", "请在规则里写:表 台账:表头第5行")
    fixed = gathered(value_of("台账", "数"), rows, sheets=(line("台账", header_row=5),))
    assert fixed.cells("教育局", "X") == ["台账!C6"]


def test_gk417_the_title_picks_the_table() -> None:
    rows = [["甲表"], *DATED, ["乙表"], *DATED]
    assert gathered(value_of("台账", "数"), rows, sheets=(line("台账", title="乙 表"),)).cells("教育局", "X") == [
        "台账!C7"
    ]
    assert gathered(value_of("台账", "数"), rows, sheets=(line("台账", title="丙表"),)).codes == ["GK417"]


def test_gk432_units_in_headers_scale_numbers_and_are_told_once() -> None:
    rows = [["单位", "完成率（%）", "投资（万元）"], ["教育局", 95, 5000], ["公安局", rate("0.8"), 1]]
    terms = {
        "率": value_of("台账", "完成率"),
        "额": value_of("台账", "投资"),
        "多": rows_of("台账", when("投资", ">", 40000000)),
    }
    found = Gathered(rubric(terms=terms), book(台账=rows), "2025Q4")
    assert [str(found.value("教育局", name)) for name in terms] == ["0.95", "50000000", "1"]
    assert str(found.value("公安局", "率")) == "0.8"
    assert found.data.kinds["率"] is Kind.RATE
    assert found.told == ["GK432 台账!B1", "GK432 台账!C1"]


def test_bind_alone_serves_a_check() -> None:
    ledgers, found = bind(rubric(terms={"X": value_of("台账", "数")}), book(台账=DATED))
    assert not found
    assert {key: (ledger.header_row, ledger.unit, ledger.timing.date) for key, ledger in ledgers.items()} == {
        "单位表": (1, 1, None), "台账": (1, 1, 2)
    }  # fmt: skip


# --- Dates -----------------------------------------------------------------------------------------------------------


def test_gk418_two_columns_of_dates() -> None:
    rows = [["单位", "收到", "答复"], ["教育局", day("2025-10-01"), day("2025-11-01")]]
    found = gathered(rows_of("台账"), rows)
    assert found.one("GK418").notes == ("请在规则里写:表 台账:日期列 收到", "请在规则里写:表 台账:日期列 答复")
    assert (
        gathered(rows_of("台账"), rows, "2025-11", sheets=(line("台账", date_column="答复"),)).value("教育局", "X") == 1
    )


def test_gk418_the_second_column_of_dates_begins_far_below() -> None:
    rows = [["单位", "收到", "答复"], *[["教育局", day("2025-10-01"), None]] * 300, ["教育局", day("2025-10-01")] * 2]
    rows[-1] = ["教育局", day("2025-10-01"), day("2025-10-02")]
    found = gathered(rows_of("台账"), rows)
    assert found.told == ["GK418 台账!C302"]
    assert found.fact("教育局", "X").state is State.ERROR


def test_gk404_text_dates_are_never_used() -> None:
    rows = [*DATED, ["教育局", "2025.10.5", 1]]
    found = gathered(FromRows(A.SUM, "台账", column="数"), rows)
    assert "2025-10-05" in found.one("GK404").message
    assert str(found.one("GK404").place) == "台账!B4"
    assert found.fact("教育局", "X").state is State.ERROR
    assert found.value("公安局", "X") == 6


def test_gk404_a_column_of_text_dates_alone_does_not_make_the_sheet_undated() -> None:
    rows = [["单位", "日期"], ["教育局", "20251005"], ["公安局", "2025年10月5日"]]
    assert gathered(rows_of("台账"), rows).codes == ["GK404", "GK404"]


def test_gk405_dates_without_a_year_do_not_make_the_sheet_undated() -> None:
    rows = [["单位", "发布日期"], ["教育局", "10月5日"], ["公安局", "10.5"]]
    assert gathered(rows_of("台账"), rows).told == ["GK405 台账!B2", "GK405 台账!B3"]


def test_gk405_no_date() -> None:
    assert gathered(rows_of("台账"), [*DATED, ["教育局", "05/10/2025", 1]]).told == ["GK405 台账!B4"]


def test_gk419_a_blank_date_is_counted_nowhere() -> None:
    found = gathered(rows_of("台账"), [*DATED, ["教育局", None, 1]])
    assert (found.value("教育局", "X"), found.told) == (1, ["GK419 台账!B4"])


def test_gk420_a_date_outside_the_fixed_period() -> None:
    more = {"period": PeriodKind.YEAR, "fixed_period": period("2025")}
    found = gathered(rows_of("台账"), [*DATED, ["教育局", day("2052-10-01"), 1]], None, **more)
    assert found.told == ["GK420 台账!B4"]


def test_gk421_and_gk422_periods_that_cannot_be_read_or_lack_a_year() -> None:
    rows = [["单位", "季度"], ["教育局", "2025Q4"], ["教育局", "四季度"], ["公安局", "年底"], ["公安局", "2025Q4"]]
    found = gathered(rows_of("台账"), rows, None)
    assert found.told == ["GK422 台账!B3", "GK421 台账!B4"]
    assert found.one("GK422").message.endswith("周期 季度 2025")
    assert found.fact("教育局", "X").state is State.ERROR


def test_gk423_nothing_dated_and_nothing_fixed() -> None:
    found = gathered(value_of("台账", "数"), [["单位", "数"], ["教育局", 5]], None)
    assert found.nothing
    assert "周期 年 2022" in found.one("GK423").message


def test_gk438_an_undated_ledger_in_a_year_of_quarters() -> None:
    uses = indicator(Pick((Branch(None, (Amount(Ref("额")),)),)))
    terms = {"X": rows_of("台账"), "额": value_of("任务", "数")}
    books = book(台账=DATED, 任务=[["单位", "数"], ["教育局", 3], ["公安局", 3]])
    found = Gathered(rubric(terms=terms, indicators=(uses,)), books, "2025")
    assert "表 任务:每期相同" in found.one("GK438").notes[0]
    same = rubric(terms=terms, indicators=(uses,), sheets=(line("任务", every_period=True),))
    assert Gathered(same, books, "2025").codes == []


# --- Units -----------------------------------------------------------------------------------------------------------

GROUPED = [
    ["单位", "类别", "新媒体", "简称"],
    ["教育局", "一类单位", "是", "教育、教局"],
    ["公安局", "二类", None, "公安"],
]
BY_GROUP = Units("单位表", "单位", "类别", "简称", span=SPAN)


def words(*asked: str, units=GROUPED, by: Units = BY_GROUP) -> Gathered:
    rules = rubric(
        units=by, indicators=(indicator(audience=Audience(asked)),), fixed_period=period("2025"), period=PeriodKind.YEAR
    )
    return Gathered(rules, book(单位表=units))


def test_the_words_of_units() -> None:
    found = words("一类", "新媒体单位", "二类单位")
    education, police = found.data.units
    assert {"一类", "一类单位", "新媒体单位"} <= education.words
    assert "二类单位" not in education.words
    assert {"二类", "二类单位"} <= police.words
    assert "新媒体单位" not in police.words
    assert (education.group, education.cell) == ("一类单位", CellRef("单位表", 2, 1))
    assert found.codes == []


def test_english_words_with_and_without_units() -> None:
    rows = [["Unit", "Kind", "Media units"], ["Bureau A", "Class one", True], ["Bureau B", "Class two units", "N"]]
    found = words("class one units", "media", "class two", units=rows, by=Units("单位表", "Unit", "Kind"))
    a, b = found.data.units
    assert {"class one units", "media"} <= a.words
    assert {"class two"} <= b.words
    assert "media" not in b.words


def test_gk431_a_word_that_fits_nothing() -> None:
    terms = {"X": ByGroup((("三类单位", Const(number(1).value, Kind.NUMBER)),))}
    found = Gathered(rubric(units=BY_GROUP, terms=terms), book(单位表=GROUPED), "2025Q4")
    assert found.one("GK431").notes[0].startswith("有的组和列:“一类单位”、“二类”")


def test_gk406_a_yes_no_column_that_says_neither() -> None:
    rows = [["单位", "新媒体"], ["教育局", "待定"]]
    assert words("新媒体", units=rows, by=Units("单位表", "单位")).told == ["GK406 单位表!B2"]


def test_gk424_a_unit_twice() -> None:
    found = words(units=[*GROUPED, ["教 育局", "一类", None, None]])
    assert "单位表!A2 和 单位表!A4" in found.one("GK424").message
    assert len(found.data.units) == 2


def test_gk424_a_short_name_of_two_units() -> None:
    assert words(units=[*GROUPED, ["司法局", "一类", None, "公安"]]).told == ["GK424 单位表!D4"]


def test_short_names_match() -> None:
    rows = [["单位", "日期"], ["教局", day("2025-10-01")], ["公安", day("2025-10-01")]]
    rules = rubric(units=BY_GROUP, terms={"X": rows_of("台账")})
    found = Gathered(rules, book(单位表=GROUPED, 台账=rows))
    assert (found.value("教育局", "X"), found.value("公安局", "X"), found.codes) == (1, 1, [])


def test_gk425_a_unit_that_the_list_does_not_have_is_counted_nowhere() -> None:
    stray = [["体育局", day("2025-10-01"), 1], ["体育局", day("2025-11-01"), 1], ["体育局", day("2024-11-01"), 1]]
    found = gathered(rows_of("台账"), [*DATED, *stray])
    told = found.one("GK425")
    assert (str(told.place), told.severity, told.values["rows"]) == ("台账!A4", "warning", 2)
    assert told.notes[0].startswith("最接近的:“教育局”")


@pytest.mark.parametrize(
    ("written", "listed"), [("⻓治局", "长治局"), ("臺办", "台办"), ("АB局", "AB局"), ("UnitA", "Unit A")]
)
def test_gk426_look_alikes_are_never_merged(written: str, listed: str) -> None:
    rows = [["单位", "日期"], [written, day("2025-10-01")], [listed, day("2025-10-01")]]
    found = Gathered(rubric(terms={"X": rows_of("台账")}), book(单位表=[["单位"], [listed]], 台账=rows))
    told = found.one("GK426")
    assert (str(told.place), told.severity, told.values["nearest"]) == ("台账!A2", "error", listed)
    assert next(iter(found.data.facts.values()))["X"].value == 1


def test_gk427_a_row_without_a_unit() -> None:
    assert gathered(rows_of("台账"), [*DATED, [None, day("2025-10-01"), 1], [" ", day("2025-10-01")]]).told == [
        "GK427 台账!A4",
        "GK427 台账!A5",
    ]
    assert words(units=[*GROUPED, [None, "一类", None, None]]).told == ["GK427 单位表!A4"]


def test_gk428_blanks_between_chinese_characters_are_a_note_once() -> None:
    rows = [["单位", "日期"], ["代县", day("2025-10-01")], ["代 县", day("2025-10-01")]]
    found = Gathered(rubric(terms={"X": rows_of("台账")}), book(单位表=[["单位"], ["代  县"]], 台账=rows))
    assert (found.value("代县", "X"), found.data.units[0].name) == (2, "代  县")
    told = found.one("GK428")
    assert (str(told.place), told.severity) == ("单位表!A2", "note")


def test_gk429_no_units() -> None:
    found = words(units=[GROUPED[0]])
    assert found.nothing
    assert found.codes == ["GK429"]


def test_gk430_no_group() -> None:
    assert words(units=[*GROUPED, ["司法局", None, None, None]]).told == ["GK430 单位表!B4"]


# --- Cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("12", "数字是按文本存储的"), ("１２", "有全角数字"), ("35%", "百分比是当文本输入的"), ("1,234.5", "有千位逗号"),
        ("12\u200b", "有空格或看不见的字符"), ("约5", None),
    ],
)  # fmt: skip
def test_gk401_text_where_a_number_is_needed(text: str, hint: str | None) -> None:
    uses = indicator(Pick((Branch(None, (Amount(Ref("X")),)),)))
    for measure in (value_of("台账", "数"), FromRows(A.SUM, "台账", column="数")):
        found = gathered(measure, [["单位", "数"], ["教育局", text], ["公安局", 5]], indicators=(uses,))
        told = found.one("GK401")
        assert (str(told.place), told.values["text"]) == ("台账!B2", text)
        assert hint is None or hint in told.notes[0]
        assert found.fact("教育局", "X").state is State.ERROR
        assert found.value("公安局", "X") == 5


def test_gk401_a_whole_column_of_text_that_is_used_as_numbers() -> None:
    uses = indicator(Pick((Branch(None, (Amount(Ref("X")),)),)))
    rows = [["单位", "数"], ["教育局", "多"], ["公安局", "少"]]
    assert gathered(value_of("台账", "数"), rows, indicators=(uses,)).codes == ["GK401", "GK401"]
    assert gathered(value_of("台账", "数"), rows).value("教育局", "X") == "多"


@pytest.mark.parametrize(("cell", "code"), [(error("#DIV/0!"), "GK402"), (UNCALCULATED, "GK403")])
def test_gk402_and_gk403_poison_their_unit_alone(cell, code: str) -> None:
    rows = [["单位", "日期", "数", "类别", "备注"], ["教育局", day("2025-10-01"), cell, cell, error()]]
    rows += [["公安局", day("2025-10-01"), 1, "甲", error()]]
    for measure in (
        value_of("台账", "数"),
        FromRows(A.LARGEST, "台账", column="数"),
        rows_of("台账", when("类别", "=", "甲")),
    ):
        found = gathered(measure, rows)
        assert [told for told in found.codes if told != "GK464"] == [code]
        assert found.fact("教育局", "X").state is State.ERROR
        assert found.fact("教育局", "X").cells[0].rows == [2]
        assert found.value("公安局", "X") == 1
    assert gathered(value_of("台账", "数"), rows, "2025Q3").codes[0] == "GK457", "in another period it is a note"


def test_gk402_in_the_group_column() -> None:
    assert words(units=[*GROUPED, ["司法局", error(), None, None]]).told == ["GK402 单位表!B4"]


def test_gk402_in_the_unit_or_date_column() -> None:
    rows = [*DATED, [error(), day("2025-10-01"), 1], ["公安局", error(), 1]]
    found = gathered(rows_of("台账"), rows)
    assert found.told == ["GK402 台账!A4", "GK402 台账!B5"]
    assert found.value("教育局", "X") == 1
    assert found.fact("公安局", "X").state is State.ERROR


def test_gk406_neither_yes_nor_no() -> None:
    rows = [["单位", "有方案"], ["教育局", "是"], ["公安局", "基本"]]
    found = gathered(rows_of("台账", when("有方案", "true")), rows)
    assert found.told == ["GK406 台账!B3"]


def test_gk407_a_plain_number_among_rates() -> None:
    rows = [["单位", "率"], ["教育局", rate("0.35")], ["公安局", 35]]
    for measure in (
        value_of("台账", "率"),
        FromRows(A.AVERAGE, "台账", column="率"),
        FromRows(A.LARGEST, "台账", column="率"),
    ):
        found = gathered(measure, rows)
        assert found.told == ["GK407 台账!B3"]
        assert str(found.value("教育局", "X")) == "0.35"
        assert found.fact("公安局", "X").state is State.ERROR
    found = gathered(rows_of("台账", when("率", ">", number("0.3", Kind.RATE))), rows)
    assert found.told == ["GK407 台账!B3"]


def test_gk408_a_rate_where_a_plain_number_is_compared() -> None:
    rows = [["单位", "率"], ["教育局", rate("0.35")]]
    assert gathered(rows_of("台账", when("率", ">", 3)), rows).told == ["GK408 台账!B2"]


def test_gk409_a_manual_score_out_of_range() -> None:
    measure = value_of("台账", "质量", manual=(number(0).value, number(3).value))
    found = gathered(measure, [["单位", "质量"], ["教育局", 4], ["公安局", 3]])
    assert "人工评分 4 不在 0 到 3 之间" in found.one("GK409").message
    assert (found.fact("教育局", "X").state, found.value("公安局", "X")) == (State.ERROR, 3)


def test_gk410_two_values_where_one_is_needed() -> None:
    uses = indicator(Pick((Branch(None, (Amount(Ref("X")),)),)))
    found = gathered(value_of("台账", "数"), [*DATED, ["教育局", day("2025-12-01"), 7]], indicators=(uses,))
    assert "台账!C2 和 台账!C4" in found.one("GK410").message
    assert found.fact("教育局", "X").state is State.ERROR


def test_two_quarters_are_no_two_values_of_the_year_that_sums_them() -> None:
    uses = indicator(Pick((Branch(None, (Amount(Ref("X")),)),)))
    rows = [*DATED, ["教育局", day("2025-09-01"), 7]]
    assert gathered(value_of("台账", "数"), rows, "2025", indicators=(uses,)).codes == []
    yearly = indicator(Pick((Branch(None, (Amount(Ref("X")),)),)), period=PeriodKind.YEAR)
    assert gathered(value_of("台账", "数"), rows, "2025", indicators=(yearly,)).codes == ["GK410"]


def test_gk433_and_gk434_no_column_or_several_hold_the_keys() -> None:
    rows = [["单位", "级别", "类型"], ["教育局", "国家级", "快报"], ["公安局", "市级", "国家级"]]
    for keys, code in ((("省级",), "GK433"), (("国家级",), "GK434")):
        prices = priced("X", *keys)
        found = gathered(rows_of("台账"), rows, indicators=(indicator(prices),))
        assert found.codes == [code]
        assert found.fact("教育局", prices_key(prices)).state is State.ERROR
        assert found.value("教育局", "X") == 1


def test_gk436_units_below_the_total() -> None:
    told = gathered(rows_of("台账"), [*DATED, ["合计", None, 11], ["教育局", day("2025-10-01"), 5]]).one("GK436")
    assert (str(told.place), str(told.values["total"])) == ("台账!A5", "台账!4")


def test_gk437_a_blank_date_where_days_are_counted() -> None:
    rows = [["单位", "截止", "报送"], ["教育局", day("2025-10-01"), None]]
    measure = FromRows(A.SUM, "台账", column=TimeBetween("截止", "报送"))
    assert gathered(measure, rows, sheets=(line("台账", undated=True),)).told == ["GK437 台账!C2"]


def test_gk439_at_most_20_of_a_code_and_then_their_number() -> None:
    rows = [["单位", "日期", "数"], *[["教育局", day("2025-10-01"), f"约{i}"] for i in range(50)]]
    found = gathered(FromRows(A.SUM, "台账", column="数"), rows)
    assert found.codes == ["GK401"] * 20 + ["GK439"]
    assert found.one("GK439").values == {"sheet": "台账", "code": "GK401", "count": 30}


def test_a_sheet_that_breaks_while_it_is_read() -> None:
    broken = Diagnostic(SHEET_DISORDER, CellRef("台账", 3, 1), "zh", {"what": "A3"})
    workbook = book(台账=DATED, 转发=DATED)
    sheet = workbook.sheets[1]
    rows = sheet.rows

    def breaking(columns=None, start=1):
        yield from list(rows(columns, start))[:2]
        raise GkError([broken])

    sheet.rows = breaking  # type: ignore[method-assign]
    rules = rubric(terms={"X": rows_of("台账"), "Y": rows_of("转发")})
    found = Gathered(rules, workbook, "2025Q4")
    assert found.codes == ["GK617"]
    assert (found.fact("教育局", "X").state, found.value("教育局", "Y")) == (State.ERROR, 1)


def test_all_errors_in_one_run_in_the_language_of_the_rules() -> None:
    rules = rubric(
        language="en",
        terms={"A": rows_of("Nowhere"), "B": value_of("台账", "数"), "C": value_of("台账", "Absent")},
        indicators=(indicator(Pick((Branch(None, (Fixed(number(1).value),)),)), audience=Audience(("towns",))),),
    )
    found = Gathered(rules, book(台账=[*DATED, ["司法局", day("2025-10-01"), 1]]), "2025Q4")
    assert sorted(found.codes) == ["GK411", "GK413", "GK425", "GK431"]
    assert not any("\u4e00" <= c <= "\u9fff" for c in found.one("GK431").message.replace("单位表", ""))
