"""Deadlines and rows that took too long, on small books: boundaries, blanks, months without a row, the check date."""

from __future__ import annotations

from datetime import datetime

import pytest

import gkxl
from gkxl.flow import Rules, score
from gkxl.run.results import UnitResult
from gkxl.tables import Book, Given, ListSheet

HEAD = """对象 单位表的单位
周期 年 2025
缺数据 {missing}
表 年报表:不分期
年报 = 年报表 的 公开日期
指标 年报 10分
"""


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def load(text: str) -> Rules:
    rules = gkxl.load(text)
    assert [str(one) for one in rules.diagnostics] == []
    return rules


def units_of(rules: Rules, **sheets: list[list[Given]]) -> dict[str, UnitResult]:
    book = Book("b", "", tuple(ListSheet(name, rows) for name, rows in sheets.items()))
    return {unit.unit: unit for unit in score(rules, book).periods[-1].units}


def reports(*days: str | None) -> dict[str, list[list[Given]]]:
    """Units 甲, 乙, … with the day on which each published."""
    names = "甲乙丙丁戊"[: len(days)]
    rows: list[list[Given]] = [[name, day(one) if one else None] for name, one in zip(names, days, strict=True)]
    return {"单位表": [["单位"], *([name] for name in names)], "年报表": [["单位", "公开日期"], *rows]}


@pytest.mark.parametrize("missing", ["报错", "计0分", "不涉及"])
def test_a_blank_is_not_published_whatever_missing_data_count(missing: str) -> None:
    rules = load(HEAD.format(missing=missing) + "  年报3月31日前公开,未公开不得分,逾期扣2分。\n")
    found = units_of(rules, **reports("2025-03-31 23:59", "2025-04-01", None, "2024-12-30"))
    # The worth is 10: lost where nothing is published, less 2 where it is late.
    assert [str(unit.total) for unit in found.values()] == ["10", "8", "0", "10"]
    award = found["乙"].indicators[0].awards[0]
    assert award.because == "年报2025-04-01,晚于2025-03-31,扣2分"
    assert [str(ref) for cells in award.facts["年报"].cells for ref in cells.refs()] == ["年报表!B3"]


def test_what_is_not_done_by_the_check_date() -> None:
    sentence = "  年报3月31日前公开得10分,逾期每天扣1分。\n"
    late = load("监测时点 2025-04-04\n" + HEAD.format(missing="报错") + sentence)
    found = units_of(late, **reports("2025-03-31", "2025-04-02", None))
    assert [str(unit.total) for unit in found.values()] == ["10", "8", "6"]
    assert "到监测时点2025-04-04没有日期" in found["丙"].indicators[0].awards[0].because
    early = load("监测时点 2025-03-10\n" + HEAD.format(missing="报错") + sentence)
    assert str(units_of(early, **reports(None))["甲"].total) == "0"  # nothing earned, nothing late
    silent = load(HEAD.format(missing="报错") + sentence)
    book = Book("b", "", tuple(ListSheet(name, rows) for name, rows in reports(None).items()))
    assert [one.code.number for one in score(silent, book).diagnostics] == ["GK351"]


def test_a_day_of_each_month_is_looked_at_month_by_month() -> None:
    rules = load(
        "对象 单位表的单位\n周期 季度\n缺数据 报错\n简报 = 简报表 的 报送日期\n指标 简报\n"
        "  简报每月5日前报送,逾期扣1分,未报送扣2分。\n"
    )
    sheet: list[list[Given]] = [
        ["单位", "月份", "报送日期"],
        ["甲", "2025年10月", day("2025-10-05")],
        ["甲", "2025年11月", day("2025-11-06")],
    ]
    unit = units_of(rules, 单位表=[["单位"], ["甲"]], 简报表=sheet)["甲"]
    assert [str(award.points) for award in unit.indicators[0].awards] == ["0", "-1", "-2"]  # December has no row
    assert unit.indicators[0].awards[1].because == "2025-11:简报2025-11-06,晚于2025-11-05,扣1分"


REPLIES: list[list[Given]] = [
    ["单位", "来源", "收到日期", "答复日期"],
    ["甲", "群众", day("2025-09-01"), day("2025-09-29")],  # 21 working days: Sunday the 28th is made up
    ["甲", "部门", day("2025-09-01"), day("2025-09-28")],  # 20
    ["乙", "部门", day("2025-09-30"), None],  # to the check date
    ["乙", "部门", day("2025-09-30"), day("2025-10-09")],  # 1: National Day lies between
]
LATE = """对象 单位表的单位
周期 年 2025
缺数据 报错
工作日 按 中国
监测时点 2025-12-31
表 咨询答复:日期列 收到日期
用时 = 咨询答复 中 从收到日期到答复日期 的 工作日数
部门咨询 = 咨询答复 中 来源为部门 的记录
指标 答复
"""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("超过20个工作日的每件扣2分", ["-2", "-2"]),
        ("用时20个工作日及以上的,每件扣2分", ["-4", "-2"]),
        ("咨询答复超过20个工作日的,每件扣2分,最多扣1分", ["-1", "-1"]),
    ],
)
def test_each_row_that_took_too_long(sentence: str, expected: list[str]) -> None:
    rules = load(LATE.replace("部门咨询 = 咨询答复 中 来源为部门 的记录\n", "") + f"  {sentence}。\n")
    found = units_of(rules, 单位表=[["单位"], ["甲"], ["乙"]], 咨询答复=REPLIES)
    assert [str(unit.total) for unit in found.values()] == expected


def test_rows_of_a_term_that_took_too_long() -> None:
    rules = load(LATE + "  部门咨询超过1个工作日的,每件扣1分。\n")
    found = units_of(rules, 单位表=[["单位"], ["甲"], ["乙"]], 咨询答复=REPLIES)
    assert [str(unit.total) for unit in found.values()] == ["-1", "-1"]
    award = found["甲"].indicators[0].awards[0]
    assert award.because == "用时超过1个工作日的1件,每件扣1分,扣1分"
    assert [str(ref) for fact in award.facts.values() for cells in fact.cells for ref in cells.refs()] == [
        "咨询答复!A3"
    ]


def test_within_a_time_is_asked_of_the_one_time_that_is_declared() -> None:
    rules = load(
        "对象 单位表的单位\n周期 年 2025\n缺数据 报错\n表 热线:日期列 来电\n"
        "用时 = 热线 中 从来电到回复 的 小时数\n指标 热线\n  24小时内回复得5分,否则扣2分。\n"
    )
    rows: list[list[Given]] = [
        ["单位", "来电", "回复"],
        ["甲", day("2025-05-09 16:00"), day("2025-05-10 16:00")],
        ["乙", day("2025-05-09 16:00"), day("2025-05-10 16:00:01")],
    ]
    found = units_of(rules, 单位表=[["单位"], ["甲"], ["乙"]], 热线=rows)
    assert [str(unit.total) for unit in found.values()] == ["5", "-2"]


def test_weeks_of_days_and_days_by_the_shorter_name() -> None:
    head = (
        "对象 单位表的单位\n周期 年 2025\n缺数据 报错\n表 报送:日期列 截止\n"
        "迟报天数 = 报送 中 从截止到送达 的 天数 之和\n指标 报送\n"
    )
    rows: list[list[Given]] = [["单位", "截止", "送达"], ["甲", day("2025-05-01"), day("2025-05-16")]]
    sheets = {"单位表": [["单位"], ["甲"]], "报送": rows}
    for sentence, expected in (
        ("每迟报1天扣1分", "-15"),
        ("迟报天数每1周扣1分(不足1周不计)", "-2"),
        ("迟报天数每1周扣1分(不足1周按1周计)", "-3"),
        ("迟报天数超过2周,扣5分", "-5"),
    ):
        assert str(units_of(load(f"{head}  {sentence}。\n"), **sheets)["甲"].total) == expected, sentence
    told = gkxl.load(f"{head}  迟报天数每1周扣1分。\n").diagnostics
    assert [one.code.number for one in told] == ["GK302"]
