"""Years made of shorter periods, from rule text and sheets: totals by formula, vetoes, what is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pytest

import gkxl
from gkxl.periods import parse_period
from gkxl.report.data import results_object
from gkxl.run.results import Results
from gkxl.tables import Book, Given, ListSheet

UNITS = [["单位"], ["甲局"]]
HEAD = "对象 单位表的单位\n周期 {}\n缺数据 报错\n"
LEDGER = "信息 = 台账 的记录\n指标 信息公开\n  每条信息加1分。\n"


def scored(rules: str, period: str = "2025", /, **sheets: Iterable[Iterable[Given]]) -> Results:
    book = Book("b", "", tuple(ListSheet(name, rows) for name, rows in ({"单位表": UNITS} | sheets).items()))
    loaded = gkxl.load(rules)
    assert loaded.rubric is not None, [str(one) for one in loaded.diagnostics]
    return gkxl.score(loaded, book, parse_period(period))


def ledger(*counts: int, step: int = 1) -> list[list[Given]]:
    """So many rows in each month, or in each quarter with a step of 3."""
    rows: list[list[Given]] = [["单位", "日期"]]
    for at, count in enumerate(counts):
        rows += [["甲局", date(2025, at * step + 1, 1)]] * count
    return rows


def last(results: Results) -> dict[str, Any]:
    """The one unit in the longest period."""
    return results_object(results)["periods"][-1]["units"][0]  # type: ignore[index, no-any-return]


def told(results: Results) -> list[str]:
    return [one.code.number for one in results.diagnostics]


def test_an_average_divides_by_the_periods_with_data_and_names_the_others() -> None:
    rules = HEAD.format("季度") + LEDGER + "年度成绩=四个季度平均分。\n"
    results = scored(rules, 台账=ledger(4, 7, 0, 1, step=3))
    assert (last(results)["total"], told(results)) == ("4", ["GK480"])
    assert "2025Q3没有数据" in results.diagnostics[0].message
    assert last(results)["because"] == "2025Q1 4分、2025Q2 7分、2025Q4 1分,合计12分,除以3,平均4分;2025Q3没有数据,不计入"
    assert told(scored(rules, 台账=ledger(4, 7, 2, 1, step=3))) == []


def test_the_best_and_the_worst_month_are_left_out() -> None:
    rules = HEAD.format("月") + LEDGER + "每月得分平均(去掉最高和最低)。\n"
    results = scored(rules, 台账=ledger(1, 9, 4, 2, 2, 2, 2, 2, 2, 2, 2, 2))
    # 去掉9和1,余下 4+2×9=22,除以10
    assert last(results)["total"] == "2.2"
    assert "去掉最低的2025-01 1分;去掉最高的2025-02 9分" in last(results)["because"]
    assert [str(one.period) for one in results.periods][:2] == ["2025-01", "2025-02"]
    # 一个季度也由各月组成
    assert last(scored(rules, "2025Q1", 台账=ledger(1, 9, 4)))["total"] == "4"


def test_nothing_is_left_of_two_months_without_the_best_and_the_worst() -> None:
    rules = HEAD.format("月") + LEDGER + "每月得分平均(去掉最高和最低)。\n"
    results = scored(rules, 台账=ledger(1, 9))
    assert (last(results)["total"], "GK481" in told(results)) == (None, True)


def test_quarters_between_months_and_the_year() -> None:
    rules = HEAD.format("月") + LEDGER + "年度总分=四个季度平均分。\n"
    results = scored(rules, 台账=ledger(1, 2, 3, 0, 0, 4, 1, 1, 1, 5, 5, 5))
    # 6、4、3、15,平均7
    assert last(results)["total"] == "7"
    assert [one.period.kind.value for one in results.periods][-1] == "year"
    assert len(results.periods) == 11  # 两个没有数据的月不列


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("", "12"),
        ("总分=各指标之和。", "12"),
        ("年度总分=四个季度得分之和。", "12"),
        ("全年得分取各季度得分的平均值。", "3"),
        ("四个季度平均分作为年度成绩。", "3"),
        ("季度平均分×50%+年度考评×50%。", "6.5"),
        ("季度平均分占60%,年终考核占40%。", "5.8"),
        ("年度总分=季度平均分+目录×2。", "23"),
        ("年度总分=信息公开÷4+目录。", "13"),
        ("year = average of quarters.", "3"),
        ("year = 60% of the average of quarters + 40% of yearly.", "5.8"),
        ("the year's total = (sum of quarters + yearly) / 2.", "11"),
    ],
)
def test_how_a_year_comes_about(line: str, total: str) -> None:
    yearly = (
        ""
        if not any(word in line for word in ("年度考评", "年终考核", "目录", "yearly"))
        else "指标 目录 年度\n  每条信息加1分,最多加10分。\n"
    )
    results = scored(HEAD.format("季度") + LEDGER + yearly + line + "\n", 台账=ledger(1, 2, 3, 6, step=3))
    assert last(results)["total"] == total


def test_a_total_of_weighted_indicators_and_parts() -> None:
    rules = HEAD.format("季度") + (
        "信息 = 台账 的记录\n大项 服务\n指标 公开 权重50%\n  每条信息加2分。\n指标 互动\n  每条信息加3分。\n"
        "大项 其他\n指标 创新\n  每条信息加10分。\n加分 奖励\n  每条信息加1分。\n"
        "总分=服务×60%+创新×40%+加分。\n"
    )
    results = scored(rules, "2025Q1", 台账=ledger(2))
    # 服务 = 4×50%+6 = 8;8×60%+20×40%+2 = 14.8
    assert last(results)["total"] == "14.8"
    assert last(results)["because"] == "服务8分;创新20分;加分2分;8×60%+20×40%+2=14.8分"


def test_a_share_of_the_total_counts_elsewhere() -> None:
    results = scored(HEAD.format("季度") + LEDGER + "年度总分按4%折算计入全县绩效。\n", 台账=ledger(4, 7, 2, 1, step=3))
    first, *_, whole = results_object(results)["periods"]  # type: ignore[misc]
    assert "converted" not in first["units"][0]
    assert (whole["units"][0]["converted"], whole["units"][0]["total"]) == ("0.56", "14")


def test_a_veto_acts_on_each_entry_by_its_own_facts() -> None:
    rules = HEAD.format("季度") + (
        "信息 = 台账 的记录\n迟报 = 迟报表 的记录\n指标 信息公开\n  每条信息加1分。\n  迟报2次及以上的,总分记0分。\n"
    )
    late: list[list[Given]] = [["单位", "日期"], ["甲局", date(2025, 1, 5)], ["甲局", date(2025, 4, 5)]]
    results = scored(rules, 台账=ledger(4, 7, 0, 0, step=3), 迟报表=late)
    assert [(str(p.period), p.units[0].total) for p in results.periods] == [("2025Q1", 4), ("2025Q2", 7), ("2025", 0)]
    assert last(results)["veto"]["replaced"] == "11"


def test_a_veto_in_one_quarter_alone_and_one_of_the_year_alone() -> None:
    rules = HEAD.format("季度") + (
        "信息 = 台账 的记录\n迟报 = 迟报表 的记录\n指标 信息公开\n  每条信息加1分。\n{}迟报2次及以上的,总分记0分。\n"
    )
    late: list[list[Given]] = [["单位", "日期"], *[["甲局", date(2025, 1, 5)]] * 2]
    for word, totals in (("季度", [0, 7, 7]), ("年度", [4, 7, 0]), ("", [0, 7, 0])):
        results = scored(rules.format(word), 台账=ledger(4, 7, step=3), 迟报表=late)
        assert [p.units[0].total for p in results.periods] == totals


def test_a_value_of_each_quarter_vetoes_the_quarters_alone() -> None:
    rules = HEAD.format("季度") + (
        "信息 = 台账 的记录\n测评 = 测评表 的 测评\n指标 信息公开\n  每条信息加1分。\n测评低于60的,总分记0分。\n"
    )
    scores: list[list[Given]] = [["单位", "季度", "测评"], ["甲局", "2025Q1", 50], ["甲局", "2025Q2", 90]]
    results = scored(rules, 台账=ledger(4, 7, step=3), 测评表=scores)
    assert [p.units[0].total for p in results.periods] == [0, 7, 7]
    assert told(results) == ["GK482"]


def test_grades_of_the_year_stand_before_those_of_all_entries() -> None:
    rules = HEAD.format("季度") + LEDGER + "5分及以上为优秀,其余为良好。\n年度12分及以上为优秀,其余为合格。\n"
    results = scored(rules, 台账=ledger(4, 7, step=3))
    assert [p.units[0].grade for p in results.periods] == ["良好", "优秀", "合格"]


def test_rows_on_the_boundary_of_a_period() -> None:
    rows: list[list[Given]] = [
        ["单位", "日期"],
        ["甲局", datetime(2024, 12, 31, 23, 59)],
        ["甲局", datetime(2025, 1, 1, 0, 0)],
        ["甲局", datetime(2025, 3, 31, 23, 59)],
        ["甲局", datetime(2025, 4, 1, 0, 0)],
        ["甲局", datetime(2025, 12, 31, 23, 59, 59)],
        ["甲局", datetime(2026, 1, 1, 0, 0)],
        ["甲局", None],
    ]
    results = scored(HEAD.format("季度") + LEDGER, 台账=rows)
    assert [(str(p.period), p.units[0].total) for p in results.periods] == [
        ("2025Q1", 2), ("2025Q2", 1), ("2025Q4", 1), ("2025", 4),
    ]  # fmt: skip
    (blank,) = [one for one in results.diagnostics if one.severity == "warning"]
    assert (blank.code.number, str(blank.place)) == ("GK419", "台账!B8")


def test_caps_of_months_within_one_of_the_year() -> None:
    line = "  每条信息加3分,每月封顶10分,全年封顶30分。\n"
    rows = ledger(2, 5, 0, 4, 4)  # 每月应加 6、15、0、12、12,每月封顶后 6、10、0、10、10,合计36,全年封顶30
    rules = "信息 = 台账 的记录\n指标 信息公开\n" + line
    year = scored(HEAD.format("年") + rules, 台账=rows)
    assert last(year)["total"] == "30"
    (indicator,) = last(year)["indicators"]
    assert [one["points"] for one in indicator["awards"]] == ["6", "10", "10", "4"]
    assert (
        indicator["awards"][-1]["because"]
        == "2025-05:信息4条,每条加3分,应加12分,每月最多加10分,应加10分,每年最多加30分,加4分"
    )
    quarters = scored(HEAD.format("季度") + rules, 台账=rows)
    assert [(str(p.period), p.units[0].total) for p in quarters.periods] == [
        ("2025Q1", 16),
        ("2025Q2", 20),
        ("2025", 30),
    ]
    assert last(quarters)["because"] == "2025Q1 16分、2025Q2 14分,合计30分"
    assert [(c.what, c.before, c.after) for c in quarters.periods[-1].units[0].indicators[0].cuts] == [
        ("longer", 36, 30)
    ]
    months = scored(HEAD.format("月") + rules, 台账=rows)
    assert [str(p.units[0].total) for p in months.periods] == ["6", "10", "10", "10", "30"]


def test_steps_of_a_month_are_not_carried_over() -> None:
    rules = HEAD.format("年") + "信息 = 台账 的记录\n指标 信息公开\n  每5条信息加1分,每月不超过10分,每年不超过120分。\n"
    assert last(scored(rules, 台账=ledger(4, 4, 9, 5)))["total"] == "2"


@pytest.mark.parametrize(
    ("period", "line", "totals"),
    [
        ("年", "  本项加分每季度最多5分。\n", ["13"]),  # 一季度 8→5,二季度 8→5,三季度 3
        ("季度", "  本项加分最多5分。\n", ["5", "5", "3", "13"]),
        ("季度", "  本项加分全年最多12分。\n", ["8", "8", "3", "12"]),
        ("季度", "加分合计全年最多12分。\n", ["8", "8", "3", "12"]),
        ("季度", "加分合计最多6分。\n", ["6", "6", "3", "15"]),
        ("季度", "all bonuses at most 12 per year.\n", ["8", "8", "3", "12"]),
    ],
)
def test_caps_of_what_is_earned_by_period(period: str, line: str, totals: list[str]) -> None:
    rules = HEAD.format(period) + "信息 = 台账 的记录\n加分 奖励\n  每条信息加1分。\n" + line
    results = scored(rules, 台账=ledger(8, 8, 3, step=3))
    assert [str(p.units[0].total) for p in results.periods] == totals


def test_a_cap_of_the_year_leaves_a_quarter_that_a_veto_has_set() -> None:
    rules = HEAD.format("季度") + (
        "信息 = 台账 的记录\n迟报 = 迟报表 的记录\n指标 信息公开\n  每条信息加1分,全年最多10分。\n季度有迟报的,总分记0分。\n"
    )
    late: list[list[Given]] = [["单位", "日期"], ["甲局", date(2025, 4, 5)]]
    # 二季度总分已定为0,全年封顶从它的8分里扣去的不再从合计里扣
    results = scored(rules, 台账=ledger(8, 8, step=3), 迟报表=late)
    assert [p.units[0].total for p in results.periods] == [8, 0, 8]
