"""Whatever a cell hands over: a text that starts with #GK and says what to do, in the language of the rules."""

import math
from datetime import date

import pytest
from same_results import sound
from sheets_as_arguments import serial

from gkxl.functions.arguments import CellError
from gkxl.functions.core import Functions

F = Functions()
ZH = """考评 报送
对象 单位表的单位
周期 季度
缺数据 报错
迟报 = 报送 中 类别为迟报 的记录
完成率 = 进度 的 完成率
指标 报送
  迟报每次扣1分。
  完成率达100%加10分,90%及以上加8分,其余不加分。
按总分排名,并列同名次(连续)。
"""
EN = """assessment Reports
units Unit in Units
period quarter
missing data is an error
late reports = rows of Reports where Kind is late
done rate = Done in Progress
indicator Reports
  each late report costs 1 point.
  done rate of 100% earns 10 points, 90% or more earns 8, otherwise 0.
rank by total, ties share the place (the next place follows).
"""
UNITS = [["单位"], ["甲局"], ["乙局"]]
REPORTS = [["单位", "日期", "类别"], ["甲局", serial(2025, 11, 3), "迟报"], ["乙局", serial(2025, 12, 1), "按时"]]
PROGRESS = [["单位", "完成率"], ["甲局", 0.95], ["乙局", 1.0]]
GIVEN = ("单位表", UNITS, "报送", REPORTS, "进度", PROGRESS)
EN_GIVEN = (
    "Units", [["Unit"], ["Parks"]],
    "Reports", [["Unit", "Date", "Kind"], ["Parks", serial(2025, 11, 3), "late"]],
    "Progress", [["Unit", "Done"], ["Parks", 0.95]],
)  # fmt: skip


def test_what_is_sound_has_a_total() -> None:
    assert F.total(ZH, "2025Q4", "甲局", *GIVEN) == 7  # one late report, 95 %
    assert F.total(ZH, "2025Q4", "乙局", *GIVEN) == 10
    assert F.total(EN, "2025Q4", "Parks", *EN_GIVEN) == 7
    assert F.total([[line] for line in ZH.splitlines()], "2025Q4", "甲局", *GIVEN) == 7  # line by line


def test_a_ledger_of_a_header_alone_has_no_rows() -> None:
    """As at the beginning of a period; as a whole column with a header and nothing below it."""
    header = [["单位", "日期", "类别"]]
    for empty in (header, header + [[None, None, None]] * 5):
        empties = (*GIVEN[:3], empty, *GIVEN[4:])
        assert F.total(ZH, "2025Q4", "甲局", *empties) == 8  # 95 %, and no late report
        assert sound(F.check(ZH, *empties))


WRONG_ZH = {
    "swapped": (("2025Q4", ZH, "甲局", *GIVEN), "#GK641 参数“规则”应是规则全文"),
    "rules blank": ((None, "2025Q4", "甲局", *GIVEN), "#GK641 参数“规则”"),
    "rules a number": ((3.0, "2025Q4", "甲局", *GIVEN), "给的是3"),
    "rules an error": ((CellError("#REF!"), "2025Q4", "甲局", *GIVEN), "给的是#REF!"),
    "rules with an error cell": (([["考评 甲"], [CellError("#N/A")]], "", "甲局", *GIVEN), "给的是#N/A"),
    "a path": (("D:\\规则.gk", "2025Q4", "甲局", *GIVEN), "#GK641 参数“规则”"),
    "period unreadable": ((ZH, "第四季", "甲局", *GIVEN), "#GK641 参数“周期”应是周期,如 2025Q4"),
    "period a range": ((ZH, UNITS, "甲局", *GIVEN), "给的是3 行 1 列的区域"),
    "unit unknown": ((ZH, "2025Q4", "丙局", *GIVEN), "#GK691 没有名为“丙局”的单位。 可用的:甲局, 乙局"),
    "unit blank": ((ZH, "2025Q4", None, *GIVEN), "#GK641 参数“单位”应是单位的名称,给的是空"),
    "no tables": ((ZH, "2025Q4", "甲局"), "#GK641 参数“表名 1”应是表名"),
    "table forgotten": ((ZH, "2025Q4", "甲局", *GIVEN[:3]), "#GK641 参数“区域 2”应是“报送”的区域"),
    "name and table swapped": ((ZH, "2025Q4", "甲局", UNITS, "单位表"), "#GK641 参数“表名 1”应是表名"),
    "table of one cell": ((ZH, "2025Q4", "甲局", "单位表", [["单位"]]), "的区域,连表头"),
    "table blank": ((ZH, "2025Q4", "甲局", "单位表", [[None, ""]] * 3), "应是“单位表”的区域,连表头,给的是空"),
    "wrong name": (
        (ZH, "2025Q4", "甲局", *GIVEN[:2], "报送表", REPORTS, *GIVEN[4:]),
        "#GK687 规则第5行第6列:规则要用“报送”表",
    ),
    "table twice": ((ZH, "2025Q4", "甲局", *GIVEN, " 报送", REPORTS), "#GK641 参数“表名 4”应是另一张表的表名"),
    "no header": ((ZH, "2025Q4", "甲局", *GIVEN[:3], REPORTS[1:] * 2, *GIVEN[4:]), "区域要连表头一起选"),
    "error cell": (
        (ZH, "2025Q4", "甲局", *GIVEN[:5], [["单位", "完成率"], ["甲局", CellError("#N/A")], ["乙局", 1.0]]),
        "#GK402 进度!B2",
    ),
    "error in the dates": (
        (ZH, "2025Q4", "甲局", *GIVEN[:3], [REPORTS[0], ["甲局", CellError("#N/A"), "迟报"], REPORTS[2]], *GIVEN[4:]),
        "#GK402 报送!B2",
    ),
    "95 for 95%": (
        (ZH, "2025Q4", "甲局", *GIVEN[:5], [["单位", "完成率"], ["甲局", 95.0], ["乙局", 1.0]]),
        "#GK642 进度!B2:“完成率”这里要的是百分比,95 太大",
    ),
    "0 for a blank date": (
        (ZH, "2025Q4", "甲局", *GIVEN[:3], [REPORTS[0], ["甲局", 0.0, "迟报"], REPORTS[2]], *GIVEN[4:]),
        "#GK405 报送!B2",
    ),
    "blank where that is an error": (
        (ZH, "2025Q4", "甲局", *GIVEN[:5], [["单位", "完成率"], ["甲局", None], ["乙局", 1.0]]),
        "#GK440",
    ),
    "no data in the period": ((ZH.replace("单位表", "名单"), "2025Q4", "甲局", *GIVEN), "#GK687"),
}


@pytest.mark.parametrize(("arguments", "starts"), WRONG_ZH.values(), ids=WRONG_ZH)
def test_what_is_wrong_is_told(arguments: tuple[object, ...], starts: str) -> None:
    answer = F.total(*arguments)
    assert isinstance(answer, str)
    assert answer.startswith("#GK")
    assert starts in answer
    assert sound(F.table(*arguments[:2], *arguments[3:]))
    assert sound(F.detail(*arguments))
    assert sound(F.explain(*arguments))
    assert sound(F.check(arguments[0], *arguments[3:]))


def test_only_the_unit_that_an_error_touches_has_no_total() -> None:
    broken = (*GIVEN[:5], [["单位", "完成率"], ["甲局", CellError("#N/A")], ["乙局", 1.0]])
    _, first, second = F.table(ZH, "2025Q4", *broken)
    totals = {row[0]: row[3] for row in (first, second)}
    assert str(totals["甲局"]).startswith("#GK402 进度!B2")
    assert totals["乙局"] == 10
    assert [row[4] for row in (first, second)] == ["", ""]  # places are open


@pytest.mark.parametrize(
    ("rules", "tables", "starts"),
    [
        (ZH, [*GIVEN[:3], [*REPORTS, [CellError("#N/A"), serial(2025, 11, 4), "迟报"]], *GIVEN[4:]], "#GK402 报送!A4"),
        (ZH, [*GIVEN[:3], [*REPORTS, [None, serial(2025, 11, 4), "迟报"]], *GIVEN[4:]], "#GK427 报送!A4"),
        (ZH, [*GIVEN[:1], [*UNITS, ["甲局"]], *GIVEN[2:]], "#GK424 单位表!A4"),
        (
            ZH.replace("  完成率达", "指标 进度 限重点单位\n  完成率达"),
            GIVEN,
            "#GK431 规则第9行第4列:“重点单位”既不是哪一组,也不是“单位表”里是/否的一列。",
        ),
    ],
)
def test_errors_that_leave_all_totals_are_told_instead_of_them(rules: str, tables: list[object], starts: str) -> None:
    """Whose row it is, or whom the indicator is for, nobody knows: the totals that come out may be wrong."""
    for answer in (
        F.table(rules, "2025Q4", *tables),
        F.total(rules, "2025Q4", "甲局", *tables),
        F.detail(rules, "2025Q4", "甲局", *tables),
        F.explain(rules, "2025Q4", "甲局", *tables),
    ):
        assert str(answer).startswith(starts), answer
        assert not str(answer).endswith(":"), answer


def test_beside_a_unit_with_an_error_of_its_own_others_are_told_too() -> None:
    """The row of the one says what is its own; a row without its unit may be of any other."""
    tables = [
        *GIVEN[:3],
        [*REPORTS, [None, serial(2025, 11, 4), "迟报"]],
        "进度",
        [["单位", "完成率"], ["甲局", CellError("#N/A")], ["乙局", 1.0]],
    ]
    assert F.total(ZH, "2025Q4", "乙局", *tables).startswith("#GK427 报送!A4")


def test_a_month_that_no_indicator_applies_to() -> None:
    """The rules go by quarter. A date names its month, as a serial number and as a date."""
    for month in ("2025-11", serial(2025, 11, 3), date(2025, 11, 3)):
        told = F.total(ZH, month, "甲局", *GIVEN)
        assert told.startswith("#GK600 2025-11没有适用的指标,所以没有总分。请核对周期")
        assert told.endswith("这些周期有适用的指标:2025Q4、2025")
    told = F.total(EN, "2025-11", "Parks", *EN_GIVEN)
    assert told.startswith("#GK600 No indicator applies to 2025-11, so")
    assert told.endswith("indicators apply in 2025Q4 and 2025")


def test_english_rules_are_answered_in_english() -> None:
    assert F.total("2025Q4", EN, "Parks", *EN_GIVEN).startswith("#GK641 the argument “rules” should be the rule text")
    assert F.total(EN, "2025Q4", "Museum", *EN_GIVEN) == "#GK691 There is no unit named “Museum”. There are: Parks"
    assert F.total(EN, "2025Q4", "Park", *EN_GIVEN) == "#GK691 There is no unit named “Park”. Nearest: Parks"


def test_what_no_spreadsheet_hands_over_is_told_in_the_language_of_the_rules() -> None:
    """The last resort, for a mistake of gkxl's own."""
    assert F.total([["assessment A"], 3], "2025Q4", "Parks").startswith("#GK699 Internal error of gkxl (TypeError: ")
    assert F.total([["考评 甲"], 3], "2025Q4", "甲局").startswith("#GK699 gkxl 内部错误(TypeError: ")


def test_english_rules_over_a_chinese_workbook_are_answered_in_english() -> None:
    """Names and sheets are Chinese, but the first line says what the rules are written in."""
    rules = EN.replace("Unit in Units", '"单位" in "单位表"').replace("Done in Progress", '"完成率" in "进度"')
    given = ("单位表", UNITS, "Reports", [["单位", "Date", "Kind"], ["甲局", serial(2025, 11, 3), "late"]], *GIVEN[4:])
    assert F.total(rules, "第四季", "甲局", *given).startswith("#GK641 the argument “period”")
    assert "(rules:9)" in F.explain(rules, "2025Q4", "甲局", *given)


def test_without_rules_the_tables_tell_the_language() -> None:
    assert F.total(None, None, None, *EN_GIVEN).startswith("#GK641 the argument “rules”")
    assert F.check([[None], ["assessment A"]], None, "Units").startswith("#GK641 the argument “name 1”")
    assert F.rank([["#GK402 Data!B2: The cell …"], [3.0]])[0][0].startswith("#GK648 row 1 has no total")


def test_rules_with_three_errors_name_the_first_and_count_the_rest() -> None:
    wrong = ZH.replace("迟报每次扣1分。", "迟报每次扣分。\n  早报每次扣1分。\n  完成率高的加分。")
    answer = F.total(wrong, "2025Q4", "甲局", *GIVEN)
    assert answer.startswith("#GK")
    assert "规则第8行" in answer
    header, *found = F.check(wrong, *GIVEN)
    assert header == ["级别", "代码", "位置", "问题"]
    errors = [row for row in found if row[0] == "错误"]
    assert len(errors) >= 3
    assert f"另有 {len(errors) - 1} 个错误,GK.CHECK 全部列出" in answer


def test_check_says_ok_where_there_is_nothing() -> None:
    plain = "考评 甲\n对象 单位表的单位\n周期 年 2025\n缺数据 报错\n件数 = 单位表 的 「件数」\n指标 甲\n  每件数1件加2分。\n"
    assert F.check(plain, "单位表", [["单位", "件数"], ["甲局", 3.0]]) == [["OK"]]


def test_check_names_the_columns_read_as_rates_and_dates() -> None:
    rows = F.check(ZH, *GIVEN)
    assert ["说明", "GK645", "报送!B", "“日期”里的数按日期序列号读(1900 日期系统)。"] in rows
    assert ["说明", "GK644", "进度!B", "“完成率”按百分比读:0.95 即 95%。"] in rows


def test_check_warns_of_zeros_that_old_builds_send_for_blanks() -> None:
    zeros = [REPORTS[0], ["甲局", 0.0, 0.0], [0.0, serial(2025, 12, 1), "按时"]]
    rows = F.check(ZH, *GIVEN[:3], zeros, *GIVEN[4:])
    assert {row[2] for row in rows if row[1] == "GK646"} == {"报送!A", "报送!B", "报送!C"}


def test_numbers_that_may_date_the_rows_are_asked_about() -> None:
    undated = [["单位", "时间", "类别"], *REPORTS[1:]]
    answer = F.total(ZH, "2025Q4", "甲局", *GIVEN[:3], undated, *GIVEN[4:])
    assert answer.startswith("#GK643 报送!B:“时间”里可能是日期,也可能是数(45964 作为日期是 2025-11-03)")
    assert "表 报送:日期列 时间" in answer
    stated = ZH.replace("迟报 =", "表 报送:日期列 时间\n迟报 =")
    assert F.total(stated, "2025Q4", "甲局", *GIVEN[:3], undated, *GIVEN[4:]) == 7
    assert F.total(stated, "2025Q3", "甲局", *GIVEN[:3], undated, *GIVEN[4:]) == 8


def test_dates_of_the_1904_system_where_the_rules_say_so() -> None:
    """3 November 2025 is 45964 days after 1900 began, and 1462 fewer after 1904 did."""
    mac = [REPORTS[0], *([unit, day - 1462, kind] for unit, day, kind in REPORTS[1:])]
    assert F.total(ZH, "2025Q4", "甲局", *GIVEN[:3], mac, *GIVEN[4:]) == 8  # the report was in 2021
    stated = ZH.replace("迟报 =", "表 报送:日期系统1904\n迟报 =")
    assert F.total(stated, "2025Q4", "甲局", *GIVEN[:3], mac, *GIVEN[4:]) == 7
    rows = F.check(stated, *GIVEN[:3], mac, *GIVEN[4:])
    assert ["说明", "GK645", "报送!B", "“日期”里的数按日期序列号读(1904 日期系统)。"] in rows
    english = EN.replace("late reports =", "sheet Reports: epoch 1904\nlate reports =")
    mac = [EN_GIVEN[3][0], ["Parks", serial(2025, 11, 3) - 1462, "late"]]
    assert F.total(english, "2025Q4", "Parks", *EN_GIVEN[:3], mac, *EN_GIVEN[4:]) == 7


def test_a_percent_header_over_shares_is_asked_about() -> None:
    shares = [["单位", "完成率(%)"], ["甲局", 0.95], ["乙局", 1.0]]
    assert F.total(ZH, "2025Q4", "甲局", *GIVEN[:5], shares).startswith("#GK649 进度!B")
    numbers = [["单位", "完成率(%)"], ["甲局", 95.0], ["乙局", 100.0]]
    assert F.total(ZH, "2025Q4", "甲局", *GIVEN[:5], numbers) == 7


OWN = "考评 甲\n对象 单位表的单位\n周期 年 2025\n缺数据 报错\n完成 = 单位表 的 完成\n指标 甲 10分\n  得完成分。\n"


def test_shares_that_may_be_points_are_asked_about() -> None:
    """得完成分 gives a number as it stands, of a rate that share of the worth: 0.5 is 0.5 points, or 5."""
    shares = "单位表", [["单位", "完成"], ["甲局", 0.5], ["乙局", 1.0]]
    assert F.total(OWN, "", "甲局", *shares).startswith("#GK688 单位表!B")
    points = "单位表", [["单位", "完成"], ["甲局", 0.5], ["乙局", 7.0]]
    assert F.total(OWN, "", "甲局", *points) == 0.5
    assert F.total(OWN.replace("完成 =", "完成率 =").replace("得完成分", "得完成率分"), "", "甲局", *shares) == 5


def test_true_is_not_one() -> None:
    rules = (
        "考评 甲\n对象 单位表的单位\n周期 年 2025\n缺数据 报错\n报送 = 单位表 的 报送\n指标 甲\n  每报送1条加2分。\n"
    )
    assert F.total(rules, "", "甲局", "单位表", [["单位", "报送"], ["甲局", 1.0]]) == 2
    assert str(F.total(rules, "", "甲局", "单位表", [["单位", "报送"], ["甲局", True]])).startswith("#GK")


POINTS = {
    "three": (("迟报每次扣1分", "迟报", 3.0), -3.0),
    "rate": (("完成率达100%加10分,90%及以上加8分", "完成率", 0.95), 8.0),
    "price list": (("采用:国家级2分,省级1分", "采用.国家级", 2.0, "采用.省级", 1.0), 5.0),
    "english": (("fewer than 3 domain items costs 6 points", "domain items", 2.0), -6.0),
    "range of one cell": (("迟报每次扣1分", "迟报", [[3.0]]), -3.0),
    "wizard's blanks": (("迟报每次扣1分", "迟报", 3.0, None, None), -3.0),
    "rate too large": (("完成率达100%加10分", "完成率", 95.0), "#GK642 “完成率”"),
    "error": (("迟报每次扣1分", "迟报", CellError("#N/A")), "给的是#N/A"),
    "range": (("迟报每次扣1分", "迟报", [[1.0], [2.0]]), "给的是2 行 1 列的区域"),
    "value forgotten": (("迟报每次扣1分", "迟报"), "#GK"),
    "name forgotten": (("得分=完成数÷任务数×50", "完成数", 3.0), "#GK394 请给句子里有的名称,各带一个值:“任务数”没有给"),
    "key without a price": (
        ("采用:国家级2分,省级1分", "采用.市级", 2.0),
        "没有写「采用」的「市级」多少分,写了的是:国家级、省级。",
    ),
    "no sentence": ((None, "迟报", 3.0), "#GK641"),
    "not a rule": (("迟报很多", "迟报", 3.0), "#GK"),
    "unknown name": (("each late report costs 1", "tardy", 3.0), "#GK"),
    "not a number": (("迟报每次扣1分", "迟报", math.nan), "#GK"),
}


@pytest.mark.parametrize(("arguments", "gives"), POINTS.values(), ids=POINTS)
def test_points(arguments: tuple[object, ...], gives: float | str) -> None:
    answer = F.points(*arguments)
    assert sound(answer)
    if isinstance(gives, str):
        assert str(answer).startswith("#GK")
        assert gives in str(answer)
    else:
        assert answer == gives


def test_rank() -> None:
    assert F.rank([[]]) == F.rank([]) == F.rank(None) == ""
    assert F.rank([[90.0], [95.0], [90.0], [80.0]]) == [[2.0], [1.0], [2.0], [4.0]]
    assert F.rank([[90.0], [95.0], [90.0], [80.0]], None, "连续") == [[2.0], [1.0], [2.0], [3.0]]
    assert F.rank([[90.0], [None], [95.0]], [["甲"], ["甲"], ["乙"]]) == [[1.0], [""], [1.0]]
    assert F.rank(90.0) == 1.0
    open_, other = F.rank([["#GK402 …"], [95.0]], [["甲"], ["乙"]])
    assert open_[0].startswith("#GK648")
    assert other == [1.0]
    assert F.rank([[1.0], [2.0]], [["甲"]]).startswith("#GK641")
    assert F.rank([[1.0], [2.0]], None, "随便").startswith("#GK641")


@pytest.mark.parametrize(("label", "got"), [(None, "空"), ("", "空"), (CellError("#N/A"), "#N/A")])
def test_a_total_whose_group_is_not_known_has_no_place(label: object, got: str) -> None:
    """As below the first row of merged cells; in a row without a total nothing is asked."""
    told = F.rank([[9.0], [8.0], [7.0]], [["部门"], [label], ["部门"]])
    assert told.startswith(f"#GK641 参数“类别”应是每个总分的类别(第 2 行;合并的单元格请逐行填写),给的是{got}。")
    assert F.rank([[9.0], [None], [7.0]], [["部门"], [label], ["部门"]]) == [[1.0], [""], [2.0]]
    assert F.rank([[9.0], [8.0]], [[None], [""]]) == [[1.0], [2.0]]  # no groups at all


def test_texts_that_are_numbers_tell_no_language() -> None:
    assert F.rank([["95"], [90.0]])[0][0].startswith("#GK648 第 1 行没有总分,而是文字“95”,")
    assert F.rank([[True], [90.0]], None, "skip")[0][0].startswith("#GK648 row 1 has no total but TRUE,")


def test_grade() -> None:
    graded = ZH + "总分90分及以上为优秀,80分及以上为良好,其余为一般。\n"
    assert [F.grade(graded, total) for total in (90.0, 89.9, 12.0)] == ["优秀", "良好", "一般"]
    assert F.grade(graded, None).startswith("#GK641")
    assert F.grade(graded, "九十").startswith("#GK641")
    assert F.grade(ZH, 90.0).startswith("#GK641 参数“规则”应是有等次的规则")
    quota = ZH + "前2名为优秀,其余为一般。\n"
    assert F.grade(quota, 90.0).startswith("#GK647 只凭总分定不了等次:前2名为优秀")
