"""Values of earlier periods, of the group and from a date on, over small books. The results are worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from books import day, rate

import gkxl
from gkxl import Diagnostic
from gkxl.examples import run_examples
from gkxl.periods import parse_period
from gkxl.run.results import Results, UnitResult
from gkxl.tables import Book, Given, ListSheet

HEAD = "对象 单位表的单位\n周期 {}\n缺数据 {}\n不足一步 不计\n"
Sheets = dict[str, list[list[Given]]]
TWO: list[list[Given]] = [["单位"], ["甲局"], ["乙局"]]


def scored(rules: str, sheets: Sheets, period: str, kind: str = "年", missing: str = "报错") -> Results:
    text = HEAD.format(kind, missing) + rules
    book = Book("", "", tuple(ListSheet(name, rows) for name, rows in {"单位表": TWO, **sheets}.items()))
    return gkxl.score(gkxl.load(text), book, parse_period(period))


def units(results: Results) -> list[UnitResult]:
    return list(results.periods[-1].units)


def totals(results: Results) -> list[Decimal | None]:
    return [unit.total for unit in units(results)]  # type: ignore[misc]


def told(results: Results) -> list[Diagnostic]:
    return [one for one in results.diagnostics if one.severity != "note"]


def codes(results: Results) -> list[str]:
    return sorted({one.code.number for one in told(results)})


# --- earlier periods ---

LEDGER = "信息 = 台账 的记录\n指标 信息\n  信息少于上{}信息的扣3分。\n"


def ledger(*rows: tuple[str, str]) -> Sheets:
    return {"台账": [["单位", "日期"], *([unit, day(at)] for unit, at in rows)]}


def test_a_unit_without_rows_last_year_had_none_where_the_ledger_goes_back_so_far() -> None:
    sheets = ledger(("甲局", "2024-05-01"), ("乙局", "2025-05-01"))
    results = scored(LEDGER.format("年"), sheets, "2025")
    assert codes(results) == []
    assert totals(results) == [-3, 0]  # 甲 0 after 1, 乙 1 after 0


def test_a_ledger_that_begins_later_says_nothing_of_last_year() -> None:
    sheets = ledger(("甲局", "2025-05-01"), ("乙局", "2025-05-01"))
    results = scored(LEDGER.format("年"), sheets, "2025")
    assert codes(results) == ["GK440", "GK494"]
    assert totals(results) == [None, None]
    assert "2024" in next(one.message for one in told(results) if one.code.number == "GK494")


def test_what_is_missing_last_year_counts_0_only_where_a_policy_says_so() -> None:
    sheets = ledger(("甲局", "2025-05-01"), ("乙局", "2025-05-01"))
    results = scored(LEDGER.format("年"), sheets, "2025", missing="计0分")
    assert codes(results) == ["GK494"]
    assert totals(results) == [0, 0]
    assert "(缺数据)" in units(results)[0].indicators[0].awards[0].because


def test_the_previous_period_of_a_first_quarter_is_the_last_of_the_year_before() -> None:
    sheets = ledger(("甲局", "2024-11-01"), ("甲局", "2024-12-01"), ("甲局", "2025-02-01"), ("乙局", "2025-01-31"))
    results = scored(LEDGER.format("期"), sheets, "2025Q1", "季度")
    assert codes(results) == []
    assert totals(results) == [-3, 0]


def test_the_same_quarter_a_year_earlier() -> None:
    sheets = ledger(("甲局", "2024-02-01"), ("甲局", "2024-04-01"), ("乙局", "2025-01-31"))
    results = scored(LEDGER.format("年"), sheets, "2025Q1", "季度")
    assert totals(results) == [-3, 0]


def test_a_sheet_without_dates_has_no_last_year() -> None:
    rules = "结案率 = 结案表 的 结案率\n指标 结案\n  结案率低于上年的扣2分。\n"
    sheets: Sheets = {"结案表": [["单位", "结案率"], ["甲局", rate("0.9")], ["乙局", rate("0.8")]]}
    results = scored(rules, sheets, "2025")
    assert codes(results) == ["GK493"]
    assert totals(results) == [None, None]
    results = scored(rules.replace("指标", "表 结案表:每期相同\n指标"), sheets, "2025")
    assert totals(results) == [0, 0]


def test_a_wrong_cell_of_last_year_matters_where_it_is_looked_back_at() -> None:
    rules = "结案率 = 结案表 的 结案率\n指标 结案\n  结案率低于{}的扣2分。\n"
    rows: list[list[Given]] = [
        ["单位", "年度", "结案率"], ["甲局", 2024, "待定"], ["乙局", 2024, rate("0.8")], ["甲局", 2025, rate("0.9")],
        ["乙局", 2025, rate("0.7")],
    ]  # fmt: skip
    results = scored(rules.format("上年"), {"结案表": rows}, "2025")
    assert [str(one.place) for one in told(results)] == ["结案表!C2"]
    assert totals(results) == [None, -2]
    results = scored(rules.format("75%"), {"结案表": rows}, "2025")
    assert codes(results) == []
    assert totals(results) == [0, -2]


def test_the_average_of_two_years_and_its_cells() -> None:
    rules = "投诉量 = 投诉表 的 投诉量\n指标 投诉\n  投诉量高于前两年平均的,每高10%扣1分。\n"
    rows: list[list[Given]] = [["单位", "年度", "投诉量"]]
    rows += [
        ["甲局", 2023, 90],
        ["甲局", 2024, 110],
        ["甲局", 2025, 125],
        *(["乙局", year, 1] for year in (2023, 2024, 2025)),
    ]
    results = scored(rules, {"投诉表": rows}, "2025")
    assert totals(results) == [-2, 0]  # 125 is 25 above 100: two whole steps of 10
    (award,) = units(results)[0].indicators[0].awards
    assert sorted(map(str, award.cells)) == ["投诉表!C2", "投诉表!C3", "投诉表!C4"]


def test_a_rise_from_nothing_is_no_percentage() -> None:
    rules = "投诉量 = 投诉表 的 投诉量\n指标 投诉\n  投诉量较上年增长10%以上的扣1分。\n"
    rows: list[list[Given]] = [["单位", "年度", "投诉量"], ["甲局", 2024, 0], ["甲局", 2025, 3]]
    rows += [["乙局", 2024, 10], ["乙局", 2025, 11]]
    results = scored(rules, {"投诉表": rows}, "2025")
    assert codes(results) == ["GK443"]
    assert totals(results) == [None, -1]


def test_a_rise_of_a_rate_is_told_in_points() -> None:
    rules = "结案率 = 结案表 的 结案率\n指标 结案\n  结案率较上年增长2个百分点以上的加1分。\n"
    rows: list[list[Given]] = [["单位", "年度", "结案率"], ["甲局", 2024, rate("0.9")], ["甲局", 2025, rate("0.92")]]
    rows += [["乙局", 2024, rate("0.5")], ["乙局", 2025, rate("0.519")]]
    assert totals(scored(rules, {"结案表": rows}, "2025")) == [1, 0]


# --- the group ---

VOTES = "票数 = 投票 的 票数\n指标 票决\n  得分=票数÷全组最高票数×600。\n"


def test_whom_it_does_not_apply_to_is_no_member() -> None:
    rows: list[list[Given]] = [["单位", "票数"], ["甲局", 30], ["乙局", "不涉及"]]
    rules = "票数 = 投票 的 票数\n指标 票决\n  票数低于全组平均的扣1分。\n"
    results = scored(rules, {"投票": rows}, "2025")
    assert totals(results)[0] == 0


def test_one_missing_vote_leaves_the_best_unknown() -> None:
    rows: list[list[Given]] = [["单位", "票数"], ["甲局", 30]]
    assert totals(scored(VOTES, {"投票": rows}, "2025")) == [None, None]
    assert totals(scored(VOTES, {"投票": rows}, "2025", missing="计0分")) == [600, 0]


def test_examples_have_no_others() -> None:
    text = HEAD.format("年", "报错") + VOTES + "前1名为优秀,其余为良好。\n按总分排名,并列同名次(连续)。\n"
    text += "例 缺最高\n  已知 票数 30\n  应得 票决 600\n例 名次\n  已知 票数 30, 全组最高 票数 40\n  应得 名次 1\n"
    text += "例 给了最高\n  已知 票数 30, 全组最高票数 40\n  应得 票决 450\n"
    first, place, given = run_examples(gkxl.load(text))
    assert [one.code.number for one in first.diagnostics if one.severity == "error"] == ["GK492"]
    assert [one.code.number for one in place.diagnostics if one.severity == "error"] == ["GK492"]
    assert given.passed


# --- values from a date on ---

DATED = "转发 = 转发表 的 转发数\n任务数 = 10(2023-04-01起,〔2023〕16号),20(2026-05-01起)\n指标 转发\n  转发少于任务数的扣2分。\n"
FORWARDS: Sheets = {"转发表": [["单位", "转发数"], ["甲局", 15], ["乙局", 8]]}


def test_the_value_in_force_on_the_last_day() -> None:
    results = scored(DATED, FORWARDS, "2025")
    assert codes(results) == []
    assert totals(results) == [0, -2]
    assert "任务数10(〔2023〕16号)" in units(results)[0].indicators[0].awards[0].because


def test_a_change_within_the_period_is_a_warning() -> None:
    results = scored(DATED, FORWARDS, "2026")
    assert codes(results) == ["GK491"]
    assert totals(results) == [-2, -2]


def test_no_value_yet_is_an_error() -> None:
    results = scored(DATED, FORWARDS, "2022")
    assert codes(results) == ["GK490"]
    assert totals(results) == [None, None]


LONG = (
    "起点 = 500(2025-01-01起),800(2025-07-01起)\n长文 = 台账 中 字数不少于起点 的记录\n指标 信息\n  长文每条加1分。\n"
)


def test_a_row_is_measured_by_the_value_on_its_date() -> None:
    rows: list[list[Given]] = [
        ["单位", "日期", "字数"],
        ["甲局", day("2025-06-30"), 500],
        ["甲局", day("2025-07-01"), 799],
    ]
    rows += [["甲局", day("2025-12-01"), 800], ["乙局", day("2025-01-01"), 499]]
    results = scored(LONG, {"台账": rows}, "2025")
    assert codes(results) == []
    assert totals(results) == [2, 0]  # 500 in June and 800 in December


def test_a_row_from_before_the_first_value_spoils_its_unit() -> None:
    rows: list[list[Given]] = [
        ["单位", "日期", "字数"],
        ["甲局", day("2024-12-31"), 500],
        ["乙局", day("2024-07-01"), ""],
    ]
    results = scored(LONG, {"台账": rows}, "2024")
    assert codes(results) == ["GK496"]
    assert totals(results)[0] is None


def test_rows_without_dates_have_no_value_of_their_day() -> None:
    rows: list[list[Given]] = [["单位", "字数"], ["甲局", 500], ["乙局", 600]]
    results = scored(LONG, {"台账": rows}, "2025")
    assert codes(results) == ["GK497"]
    assert totals(results) == [None, None]


# --- weeks and stretches ---


def test_a_week_belongs_where_its_thursday_lies() -> None:
    rules = "信息 = 台账 的记录\n空周 = 没有 信息 的周数\n指标 信息\n  每个没有信息的周扣1分。\n  空周每个扣1分。\n"
    # January 2026 has the weeks from 2025-12-29 to 2026-02-01: Thursdays 1, 8, 15, 22 and 29.
    sheets = ledger(("甲局", "2025-12-29"), ("甲局", "2026-02-01"), ("乙局", "2026-01-04"), ("乙局", "2026-01-01"))
    results = scored(rules, sheets, "2026-01", "月")
    assert totals(results) == [-6, -8]


def test_weeks_cannot_be_told_from_rows_of_whole_months() -> None:
    rules = "信息 = 台账 的 字数 之和\n空周 = 没有 信息 的周数\n指标 信息\n  空周每个扣1分。\n"
    rows: list[list[Given]] = [["单位", "月份", "字数"], ["甲局", "2025-01", 3], ["乙局", "2025-01", 3]]
    results = scored(rules, {"台账": rows}, "2025-01", "月")
    assert codes(results) == ["GK495"]
    assert totals(results) == [None, None]


@pytest.mark.parametrize(
    ("months", "points"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0),  # without 11 and 12: two in a row, two in all
        ([1, 2, 3, 7, 8, 9, 10, 11, 12], -9),  # 4 to 6
        ([1, 3, 5, 7, 9, 11], -9),  # every other month: six in all
        ([1, 3, 5, 7, 9, 11, 12], 0),
    ],
)
def test_in_a_row_or_altogether(months: list[int], points: int) -> None:
    rules = "信息 = 台账 的记录\n指标 信息\n  连续3个月或累计6个月没有信息的扣9分。\n"
    sheets = ledger(*(("甲局", f"2025-{month:02}-28") for month in months), ("乙局", "2025-01-01"))
    assert totals(scored(rules, sheets, "2025")) == [points, -9]
