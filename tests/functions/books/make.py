"""Makes the small books of `tests/function_cases.py`: what users of the functions have in their sheets.

    python tests/functions/books/make.py          writes them beside this file
    python tests/functions/books/make.py FOLDER   writes them into FOLDER instead

No formula of ours is in them: each route puts those of the cases where they belong. Nothing of the clock or the machine
goes in, so that two runs give the same bytes.
"""

import datetime as dt
import sys
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter

CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
NA, DIV0, BLANK_TEXT = ("=NA()", "#N/A"), ("=1/0", "#DIV/0!"), ('=""', "")  # formulas of Excel with their stored values


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


class Rate(float):
    """A number shown as a percentage."""


RULES_ZH = """\
考评 季度考评
对象 单位表的单位，按类别分组
周期 季度
缺数据 报错
表 咨询答复：日期列 收到日期
本领域信息 = 信息公开 中 类别为本领域 的记录
群众咨询 = 咨询答复 中 答复日期不为空 的记录
转发 = 转发表 的 转发数
完成率 = 进度 的 完成率

指标 信息公开
  本领域信息少于3条，扣6分。
指标 咨询答复
  每件群众咨询加3分，最多加9分。
指标 新媒体 限新媒体单位
  每转发1条加0.5分。
指标 进度
  完成率达100%加10分，90%及以上加8分，其余不加分。

按总分排名，并列同名次（连续）。
15分及以上为优秀，其余为良好。
"""

RULES_EN = """\
assessment Quarterly reports
units Unit in Units
period quarter
missing data is an error
sheet Late & early: date in Due
days late = sum of days from Due to Filed in "Late & early" where Filed is not blank
missing reports = rows of "Late & early" where Filed is blank
attendance = Attendance in "It's kept"

indicator Reports worth 40 points
  each day late costs 1 point, up to a maximum of 10 points.
  each missing report costs 5 points.
indicator Attendance worth 10 points
  attendance below 95% costs 0.5 points for each percentage point or part thereof, at most 5 points.

rank by total, ties share the place (the next place is skipped).
45 or more is good, the rest are fair.
"""

THREE_ERRORS_ZH = """\
考评 三处错误
对象 单位表的单位
周期 季度
缺数据 报错
完成率 = 进度 的 完成率
指标 进度
  迟报每次扣1分。
  完成率高的加分。
  本领域信息少于3条，扣6分。
"""

THREE_ERRORS_EN = """\
assessment Three errors
units Unit in Units
period quarter
missing data is an error
indicator Reports
  each tardy report costs 1 point.
  about 3 items costs 2 points.
  filed by 2025-02-30 earns 2 points.
"""

PLAIN_EN = """\
assessment Briefs
units Unit in Units
period year 2025
missing data is an error
briefs = Briefs in Units
indicator Briefs
  each brief earns 2 points.
"""

QUOTA_ZH = """\
考评 名额
对象 单位表的单位
周期 季度
缺数据 报错
完成率 = 进度 的 完成率
指标 进度
  完成率达100%加10分，其余不加分。
按总分排名，并列同名次（连续）。
前2名为优秀，其余为良好。
"""

YES_NO_ZH = """\
考评 有无
对象 是否表的单位
周期 年 2025
缺数据 报错
上报 = 是否表 的 上报
采用数 = 是否表 的 采用数
指标 上报
  有上报的加5分。
指标 采用
  每采用数1篇加2分。
"""


def lines(text: str) -> list[list[Any]]:
    """A sheet of rules: one line to a row."""
    return [[line or None] for line in text.splitlines()]


UNITS_ZH = ["区教育局", "区公安局", "城关镇", "河东镇"]
RATES_ZH = [["单位", "完成率"], *([unit, Rate(rate)] for unit, rate in zip(UNITS_ZH, (1, 0.95, 0.9, 0.8), strict=True))]
ASSESSMENT: dict[str, list[list[Any]]] = {
    "公式": [["函数"]],
    "规则": lines(RULES_ZH),
    "规则三错": lines(THREE_ERRORS_ZH),
    "规则名额": lines(QUOTA_ZH),
    "规则有无": lines(YES_NO_ZH),
    "单位表": [
        ["单位", "类别", "新媒体单位"],
        *(
            [unit, kind, media]
            for unit, kind, media in zip(UNITS_ZH, "部门 部门 乡镇 乡镇".split(), "是否是否", strict=True)
        ),
    ],
    "信息公开": [
        ["单位", "发布日期", "类别"],
        ["区教育局", day("2025-10-09"), "本领域"],
        ["区教育局", day("2025-11-03"), "本领域"],
        ["区教育局", day("2025-12-31"), "本领域"],
        ["区公安局", day("2025-10-20"), "本领域"],
        ["区公安局", day("2025-11-20"), "其他"],
        ["区公安局", day("2025-12-20"), "本领域"],
        ["城关镇", day("2025-09-30"), "本领域"],
        ["城关镇", day("2025-10-01"), "本领域"],
        ["城关镇", day("2025-11-05"), "本领域"],
        ["城关镇", day("2025-12-05"), "本领域"],
    ],
    "咨询 答复": [  # a title and an empty row above the table, an empty column beside it
        [None, "群众咨询台账"],
        [],
        [None, "单位", "收到日期", "答复日期"],
        [None, "区教育局", day("2025-10-13"), day("2025-10-14")],
        [None, "区教育局", day("2025-11-10"), day("2025-11-10")],
        [None, "区教育局", day("2025-12-30"), None],
        [None, "区公安局", day("2025-10-13"), day("2025-10-15")],
        [None, "区公安局", day("2025-10-14"), day("2025-10-15")],
        [None, "区公安局", day("2025-11-14"), day("2025-11-17")],
        [None, "区公安局", day("2025-12-01"), day("2025-12-01")],
        [None, "城关镇", day("2025-10-20"), day("2025-10-21")],
    ],
    "转发表": [["单位", "转发数"], ["区教育局", 3], ["城关镇", 0]],
    "进度": RATES_ZH,
    "进度有错": [[NA if cell == 0.95 else cell for cell in row] for row in RATES_ZH],
    "进度有空": [[BLANK_TEXT if cell == 0.95 else None if cell == 0.9 else cell for cell in row] for row in RATES_ZH],
    "进度写成95": [[cell * 100 if isinstance(cell, float) else cell for cell in row] for row in RATES_ZH],
    "进度有字": [["约九成" if cell == 0.95 else cell for cell in row] for row in RATES_ZH],
    "旧版": [["单位", "发布日期", "类别"], ["区教育局", day("2025-10-09"), "本领域"], [0, 0, 0]],  # 0 sent for blank
    "是否表": [["单位", "上报", "采用数"], ["甲局", True, 2], ["乙局", False, 3], ["丙局", True, True]],
    "总分表": [
        ["单位", "类别", "总分", "备用"],
        ["甲局", "部门", 90, 90],
        ["乙局", "部门", 95.5, DIV0],
        ["丙局", "部门", 90, 80],
        ["丁镇", "乡镇", None, None],
        ["戊镇", "乡镇", 80, 80],
        ["己镇", "乡镇", 88.25, 88.25],
    ],
    "值": [
        ["名称", "值", "句子"],
        ["迟报", 3, "迟报每次扣1分。"],
        ["完成率", Rate(0.95), "完成率达100%加10分，90%及以上加8分，其余不加分。"],
        ["报送日期", day("2025-04-01"), "报送日期晚于2025年3月31日的，扣2分。"],
        ["空格", None, None],
        ["错误", NA, None],
        ["文字", "三次", None],
        ["谎报", True, "有谎报的，扣2分。"],
        ["谎报", False, None],
        ["空文字", BLANK_TEXT, None],
        ["百分数", 95, None],
        ["文字百分数", "95%", None],
        ["小数", 2.5, None],
    ],
}
REPORTS: dict[str, list[list[Any]]] = {
    "Formulas": [["Functions"]],
    "Rules": lines(RULES_EN),
    "Three errors": lines(THREE_ERRORS_EN),
    "Units": [["Unit"], ["Parks"], ["Water"], ["Lakes"], ["Roads"]],
    "Late & early": [
        ["Unit", "Due", "Filed"],
        ["Parks", day("2025-10-10"), day("2025-10-12")],
        ["Parks", day("2025-11-10"), day("2025-11-10")],
        ["Water", day("2025-10-10"), None],
        ["Water", day("2025-11-10"), day("2025-11-09")],
        ["Lakes", day("2025-10-10"), day("2025-10-25")],
        ["Lakes", day("2025-11-10"), day("2025-11-10")],
        ["Roads", day("2025-10-10"), day("2025-10-15")],
        ["Roads", day("2025-07-10"), None],
    ],
    "It's kept": [
        ["Unit", "Attendance"],
        ["Parks", Rate(0.95)],
        ["Water", Rate(0.935)],
        ["Lakes", Rate(0.99)],
        ["Roads", Rate(0.935)],
    ],
    "With an error": [
        ["Unit", "Attendance"],
        ["Parks", Rate(0.95)],
        ["Water", DIV0],
        ["Lakes", Rate(0.99)],
        ["Roads", Rate(0.935)],
    ],
    "Plain": [  # rules in column A, their sheet beside them
        [line, None, *cells]
        for line, cells in zip(
            PLAIN_EN.splitlines(), [["Unit", "Briefs"], ["Parks", 3], ["Water", 3], *[[]] * 4], strict=True
        )
    ],
    "Values": [
        ["Name", "Value"],
        ["domain items", 2],
        ["top 5 costs", 2],
        ["plan", True],
        ["filed", day("2025-03-31")],
        ["nothing", None],
        ["error", DIV0],
        ["text", "two"],
    ],
}
BOOKS = {"考评.xlsx": ASSESSMENT, "reports.xlsx": REPORTS}
NAMES = {"考评.xlsx": {"考评规则": f"=规则!$A$1:$A${len(lines(RULES_ZH))}"}, "reports.xlsx": {}}
TABLES = {"考评.xlsx": {"台账": ("咨询 答复", "B3:D11")}, "reports.xlsx": {"Kept": ("It's kept", "A1:B5")}}


def make(folder: Path) -> list[Path]:
    """Writes the books into the folder and gives their paths."""
    made = []
    for name, sheets in BOOKS.items():
        path = folder / name
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
            book.set_properties({"title": "Books of the functions' cases", "author": "gkxl", "created": CREATED})
            date = book.add_format({"num_format": "yyyy-mm-dd"})
            rate = book.add_format({"num_format": "0.0%"})
            written = {title: book.add_worksheet(title) for title in sheets}
            for title, rows in sheets.items():
                for row, cells in enumerate(rows):
                    for column, cell in enumerate(cells):
                        write(written[title], row, column, cell, date, rate)
            for defined, what in NAMES[name].items():
                book.define_name(defined, what)
            for table, (title, area) in TABLES[name].items():
                top = int(area[1]) - 1
                header = [cell for cell in sheets[title][top] if cell]
                columns = [{"header": one} for one in header]
                written[title].add_table(area, {"name": table, "columns": columns, "style": None})
        say_empty_texts(path)
        made.append(path)
    return made


def say_empty_texts(path: Path) -> None:
    """XlsxWriter leaves out that the stored value of ="" is a text, without which it was never calculated."""
    with zipfile.ZipFile(path) as package:
        members = [(member, package.read(member)) for member in package.infolist()]
    with zipfile.ZipFile(path, "w") as package:
        for member, content in members:
            package.writestr(member, content.replace(b'><f>""</f><v></v>', b' t="str"><f>""</f><v></v>'))


def write(sheet: Any, row: int, column: int, cell: Any, date: Any, rate: Any) -> None:
    match cell:
        case None:
            return
        case (formula, stored):
            sheet.write_formula(row, column, formula, None, stored)
        case bool():
            sheet.write_boolean(row, column, cell)
        case dt.date():
            sheet.write_datetime(row, column, cell, date)
        case Rate():
            sheet.write_number(row, column, float(cell), rate)
        case str():
            sheet.write_string(row, column, cell)
        case _:
            sheet.write_number(row, column, cell)


if __name__ == "__main__":
    for path in make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(path)
