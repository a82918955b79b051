"""Time between dates: working days by the published calendar and by a sheet, 24 hours, boundaries, what a calendar lacks.

The days off and make-up days of 2025 are those of 国办发明电〔2024〕12号: Spring Festival 28 January to 4 February with work on
26 January and 8 February, National Day and Mid-Autumn 1 to 8 October with work on 28 September and 11 October.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

import gkxl
from gkxl.flow import check, score
from gkxl.run.calendars import WorkingDays, YearMissing, china
from gkxl.tables import Book, Given, ListSheet

HEAD = """对象 单位表的单位
周期 年 2025
缺数据 报错
表 咨询答复:日期列 登记日期
"""
HEADER: list[Given] = ["单位", "登记日期", "收到日期", "答复日期"]


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def book(*rows: tuple[str, str], **sheets: list[list[Given]]) -> Book:
    """Replies of one unit: received, replied; an empty text is a blank."""
    replies = [
        ["甲局", day("2025-06-01"), day(start) if start else None, day(end) if end else None] for start, end in rows
    ]
    named = {"单位表": [["单位"], ["甲局"]], "咨询答复": [HEADER, *replies], **sheets}
    return Book("b", "", tuple(ListSheet(name, cells) for name, cells in named.items()))


def points(lines: str, workbook: Book) -> str:
    """What the one unit gets, or the codes of the errors."""
    rules = gkxl.load(HEAD + lines)
    assert not [one for one in rules.diagnostics if one.severity == "error"], rules.diagnostics
    results = score(rules, workbook)
    errors = [one.code.number for one in results.diagnostics if one.severity == "error"]
    return " ".join(errors) or str(results.periods[0].units[0].total)


CHINA = "工作日 按 中国\n"
SHEET = "工作日 取自 节假日表\n"
SUM = "用时 = 咨询答复 中 从收到日期到答复日期 的 {} 之和\n指标 答复\n  用时每1加1分。\n"

# --- the published calendar ---


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-09-26", "2025-09-28", 1),  # a Friday; the Sunday is worked on
        ("2025-09-30", "2025-10-08", 0),  # all of National Day
        ("2025-09-30", "2025-10-11", 3),  # Thursday, Friday, and the Saturday that is made up
        ("2025-10-11", "2025-10-12", 0),  # an ordinary Sunday
        ("2025-01-27", "2025-02-05", 1),  # Spring Festival lies between
        ("2025-02-07", "2025-02-08", 1),  # a Saturday that is made up
        ("2025-01-25", "2025-01-26", 1),  # a Sunday that is made up
        ("2025-03-03", "2025-03-03", 0),  # the start is not counted
        ("2025-03-03", "2025-03-04", 1),
        ("2025-03-05", "2025-03-04", 0),  # early
        ("2024-12-31", "2025-01-02", 1),  # over New Year
    ],
)
def test_working_days_of_china(start: str, end: str, expected: int) -> None:
    assert china().between(date.fromisoformat(start), date.fromisoformat(end)) == expected
    assert points(CHINA + SUM.format("工作日数"), book((start, end))) == str(expected)


def test_the_next_working_day_after_a_holiday() -> None:
    calendar = china()
    assert calendar.after(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert calendar.after(date(2025, 9, 30), 3) == date(2025, 10, 11)
    assert calendar.after(date(2025, 9, 30), 0) == date(2025, 9, 30)


def test_a_year_that_the_calendar_lacks() -> None:
    assert points(CHINA + SUM.format("工作日数"), book(("1999-05-04", "1999-05-06"))) == "GK453"
    last = max(china().years)
    rows = book((f"{last}-12-31", f"{last + 1}-01-05"))
    told = check(gkxl.load(HEAD + CHINA + SUM.format("工作日数")), rows)
    assert [(one.code.number, str(one.place)) for one in told] == [("GK453", "咨询答复!D2")]
    assert str(last + 1) in told[0].message
    assert "工作日 取自 节假日表" in told[0].message
    with pytest.raises(YearMissing):
        china().after(date(last, 12, 31), 1)
    with pytest.raises(YearMissing):
        WorkingDays((), (), (2023, 2025)).after(date(2023, 12, 29), 1)  # 2024 lies between


# --- a sheet of days off ---


def days_off(*rows: list[Given]) -> list[list[Given]]:
    return [["节假日", "说明"], *rows]


MARKED = days_off([day("2025-10-01"), "国庆"], [day("2025-10-11"), "补班"], [day("2025-10-02"), None])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-09-30", "2025-10-03", "1"),  # the 1st and 2nd are off, the 3rd is not in the sheet
        ("2025-10-10", "2025-10-13", "2"),  # the Saturday is made up, the Sunday is off
        ("2025-09-26", "2025-09-28", "0"),  # what is made up in China is an ordinary Sunday here
    ],
)
def test_working_days_from_a_sheet(start: str, end: str, expected: str) -> None:
    assert points(SHEET + SUM.format("工作日数"), book((start, end), 节假日表=MARKED)) == expected


def test_names_of_holidays_mark_nothing_and_a_title_and_a_total_are_no_days() -> None:
    sheet = [
        ["2025年放假", None],
        ["日期", "名称"],
        [day("2025-10-01"), "国庆节"],
        [day("2025-10-02"), "国庆节"],
        ["合计", 2],
    ]
    assert points(SHEET + SUM.format("工作日数"), book(("2025-09-30", "2025-10-03"), 节假日表=sheet)) == "1"


@pytest.mark.parametrize(
    ("sheet", "code", "place"),
    [
        ([["说明"], ["国庆"]], "GK450", "节假日表"),
        ([["起", "止"], [day("2025-10-01"), day("2025-10-08")]], "GK451", "节假日表!A"),
        (days_off(["2025-10-01", None], [day("2025-10-02"), None]), "GK404", "节假日表!A2"),
        (days_off([day("2025-10-02"), None], ["国庆", None]), "GK405", "节假日表!A3"),
        (days_off([day("2025-10-02"), "调休"]), "GK452", "节假日表!B2"),
        (days_off([day("2025-10-02"), "补班"], [None, "补班"]), "GK419", "节假日表!A3"),
    ],
)
def test_a_sheet_of_days_off_that_cannot_be_used(sheet: list[list[Given]], code: str, place: str) -> None:
    told = check(gkxl.load(HEAD + SHEET + SUM.format("工作日数")), book(("2025-09-30", "2025-10-03"), 节假日表=sheet))
    assert (code, place) in [(one.code.number, str(one.place)) for one in told]


def test_a_sheet_that_is_not_there_or_lacks_the_year() -> None:
    assert points(SHEET + SUM.format("工作日数"), book(("2025-09-30", "2025-10-03"))) == "GK411"
    sheet = days_off([day("2024-10-01"), None])
    assert points(SHEET + SUM.format("工作日数"), book(("2025-09-30", "2025-10-03"), 节假日表=sheet)) == "GK453"


# --- days, hours, blanks ---


def test_days_go_by_the_calendar_whatever_the_hour() -> None:
    assert (
        points(SUM.format("天数"), book(("2025-03-03 23:50", "2025-03-04 00:10"), ("2025-03-09", "2025-03-01"))) == "1"
    )


def test_hours_are_exact_and_need_the_time_of_day() -> None:
    rows = book(("2025-03-03 09:00", "2025-03-04 09:00"), ("2025-03-03 09:00", "2025-03-03 09:20"))
    assert points("不足一步 不计\n" + SUM.format("小时数"), rows) == "24"  # of 24 and a third
    assert points("不足一步 按一计\n" + SUM.format("小时数"), rows) == "25"
    lasted = "最久 = 咨询答复 中 从收到日期到答复日期 的 小时数 最大\n指标 答复\n  最久不超过24小时得5分,否则扣2分。\n"
    assert points(lasted, rows) == "5"
    assert points(lasted, book(("2025-03-03 09:00", "2025-03-04 09:01"))) == "-2"
    assert points(lasted, book(("2025-03-03", "2025-03-04 09:01"))) == "GK454"


def test_a_blank_end_is_the_check_date() -> None:
    open_row = book(("2025-03-03", ""), ("2025-03-03", "2025-03-05"))
    assert points(SUM.format("天数"), open_row) == "GK437"
    assert points("监测时点 2025-03-10\n" + SUM.format("天数"), open_row) == "9"
    assert points(CHINA + "监测时点 2025-03-10\n" + SUM.format("工作日数"), open_row) == "7"


# --- conditions on rows ---


def counted(condition: str) -> str:
    return f"{CHINA}监测时点 2025-10-15\n超 = 咨询答复 中 {condition} 的记录\n指标 答复\n  超每件加1分。\n"


ROWS = book(
    ("2025-09-30", "2025-10-09"),  # 1 working day
    ("2025-09-30", "2025-10-10"),  # 2
    ("2025-09-25", "2025-09-27"),  # 1, and a Saturday after the day it was due
    ("2025-09-30", ""),  # open: 5 working days to the check date
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("答复日期晚于收到日期后1个工作日", "2"),  # a blank is never later
        ("答复日期不晚于收到日期后1个工作日", "1"),
        ("答复日期在收到日期后1个工作日内", "1"),
        ("从收到日期到答复日期超过1个工作日", "2"),  # the open one is
        ("从收到日期到答复日期不少于5个工作日", "1"),
        ("从收到日期到答复日期超过9天", "2"),
        ("答复日期晚于收到日期后1周", "2"),
        ("答复日期早于收到日期后1个月", "3"),
        ("并非(从收到日期到答复日期超过1个工作日) 且 答复日期不为空", "2"),
    ],
)
def test_conditions_on_rows(condition: str, expected: str) -> None:
    assert points(counted(condition), ROWS) == expected


def test_24_hours_after_a_time_stamp() -> None:
    rows = book(("2025-03-07 16:30", "2025-03-08 16:30"), ("2025-03-07 16:30", "2025-03-08 16:30:01"))
    assert points(counted("答复日期晚于收到日期后24小时"), rows) == "1"
    assert points(counted("从收到日期到答复日期不超过24小时"), rows) == "1"
    assert points(counted("答复日期晚于收到日期后1天"), rows) == "0"  # by the day both are on time
