"""One set of calls for every route to a cell: the formula as a user writes it, the book that it reads, what it gives.

Each route puts the formulas into the books of `tests/functions/books/` in its own way; answers are held against `gives` by
`agrees`. The figures were worked out by hand from the sheets in `tests/functions/books/make.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sheets_as_arguments import book_of, value

from gkxl.apps.version import version
from gkxl.diagnostics import CellRef
from gkxl.functions.formula import read_call
from gkxl.functions.references import resolve
from gkxl.tables import Book
from gkxl.workbook.cells import area

Plain = float | str | bool
Answer = Plain | list[list[Plain]]
BOOKS = Path(__file__).parent / "functions" / "books"
ZH, EN = BOOKS / "考评.xlsx", BOOKS / "reports.xlsx"


@dataclass(frozen=True)
class Case:
    """`formula` stands in `cell` of `sheet`, with room below and beside it for all of `gives`.

    A text of `gives` that ends in … stands for all texts that begin so. `of_dates`: what is given where dates arrive as
    dates (COM), not as the serial numbers that all others hand over, if it is anything else.
    """

    name: str
    book: Path
    sheet: str
    cell: str
    formula: str
    gives: Answer
    of_dates: Answer | None = None


def agrees(answer: object, gives: Answer) -> bool:
    """Whether an answer is the one expected: in shape, in every number exactly, in every text. One cell is its value."""
    found, wanted = _rows(answer), _rows(gives)
    return [len(row) for row in found] == [len(row) for row in wanted] and all(
        map(_agrees, (one for row in found for one in row), (one for row in wanted for one in row))
    )


def _rows(answer: object) -> list[list[object]]:
    """As rows, whatever it came in: xlwings hands back one row of several as a list of values."""
    if not isinstance(answer, list | tuple):
        return [[answer]]
    nested = all(isinstance(row, list | tuple) for row in answer)
    return [[*row] for row in answer] if nested else [[*answer]]


def _agrees(found: object, wanted: object) -> bool:
    if isinstance(found, str) and isinstance(wanted, str) and wanted.endswith("…"):
        return found.startswith(wanted[:-1])
    return type(found) is type(wanted) and found == wanted


def arguments(case: Case, serials: bool = True) -> list[object]:
    """The arguments of the formula with the values of the cells it names. `serials`: dates as numbers, else as dates."""
    call, at = read_call(case.formula), area(case.cell)
    assert call is not None, case.formula
    assert at is not None
    place = CellRef(case.sheet, at.top, at.left)
    return resolve(call, _book(case.book), place, lambda cell: value(cell, serials))


@cache
def _book(path: Path) -> Book:
    return book_of(path)


def answer(case: Case, functions: dict[str, Callable[..., object]], serials: bool = True) -> object:
    """What the function of that name gives for a case."""
    call = read_call(case.formula)
    assert call is not None, case.formula
    return functions[call.function](*arguments(case, serials))


def _placed(
    sheet: str, book: Path, cases: Iterable[tuple[str, str, Answer] | tuple[str, str, Answer, Answer]]
) -> list[Case]:
    """The cases of one book, one below the other in column B."""
    found, row = [], 3
    for name, formula, gives, *of_dates in cases:
        found.append(Case(name, book, sheet, f"B{row}", formula, gives, *of_dates))
        row += 1 + max(len(one) if isinstance(one, list) else 1 for one in (gives, *of_dates))
    return found


# --- Chinese ------------------------------------------------------------------------------------------------------------

RULES, PERIOD = "规则!A1:A21", '"2025Q4"'
UNITS, NEWS, REPLIES, SHARED, RATES = (
    '"单位表", 单位表!A1:C5',
    '"信息公开", 信息公开!A1:C11',
    "\"咨询答复\", '咨询 答复'!B3:D11",
    '"转发表", 转发表!A1:B3',
    '"进度", 进度!A1:B5',
)
SHEETS = f"{UNITS}, {NEWS}, {REPLIES}, {SHARED}, {RATES}"


def with_rates(sheet: str) -> str:
    """All sheets, with another one as that of the rates."""
    return f'{UNITS}, {NEWS}, {REPLIES}, {SHARED}, "进度", {sheet}!A1:B5'


HEADER_ZH: list[Plain] = ["单位", "类别", "信息公开", "咨询答复", "新媒体", "进度", "总分", "名次", "等次", "备注"]
# 信息公开: 3, 2, 3 and 0 of their own in the quarter, fewer than 3 costs 6. 咨询答复: 2, 4, 1 and 0 answered at 3, at most 9.
# 新媒体: 3 and 0 at 0.5, for two of them. 进度: 100 %, 95 %, 90 %, 80 %.
EDUCATION: list[Plain] = ["区教育局", "部门", 0.0, 6.0, 1.5, 10.0, 17.5, 1.0, "优秀", ""]
POLICE: list[Plain] = ["区公安局", "部门", -6.0, 9.0, "", 8.0, 11.0, 2.0, "良好", ""]
TOWN: list[Plain] = ["城关镇", "乡镇", 0.0, 3.0, 0.0, 8.0, 11.0, 1.0, "良好", ""]
RIVER: list[Plain] = ["河东镇", "乡镇", -6.0, 0.0, "", 0.0, -6.0, 2.0, "良好", ""]
TABLE_ZH: Answer = [HEADER_ZH, EDUCATION, POLICE, TOWN, RIVER]
OPEN_EDUCATION: list[Plain] = [*EDUCATION[:7], "", "优秀", ""]  # its place is open: a total of its group is not known
NO_POLICE: list[Plain] = ["区公安局", "部门", -6.0, 9.0, "", ""]
BANDS = "完成率达100%加10分，90%及以上加8分，其余不加分。"
FEWER, EACH = "本领域信息少于3条，扣6分。", "每件群众咨询加3分，最多加9分。"
# Of 区公安局. Cells are counted from the top left of the ranges; that of 咨询答复 begins at B3.
DETAIL_ZH: list[list[Plain]] = [
    ["指标", "规则", "取值", "加减分", "原因", "数据所在"],
    ["信息公开", FEWER, "本领域信息 2", -6.0, "本领域信息2条,少于3条,扣6分", "信息公开!A5, A7"],
    ["咨询答复", EACH, "群众咨询 4", 9.0, "群众咨询4件,每件加3分,应加12分,最多加9分,加9分", "咨询答复!A5:A8"],
]
CHECK_HEADER_ZH: list[Plain] = ["级别", "代码", "位置", "问题"]
READ_AS_RATE_ZH: list[Plain] = ["说明", "GK644", "进度!B", "“完成率”按百分比读:0.95 即 95%。"]


def read_as_date(place: str, column: str) -> list[Plain]:
    return ["说明", "GK645", place, f"“{column}”里的数按日期序列号读(1900 日期系统)。"]


DATES_ZH = [read_as_date("信息公开!B", "发布日期"), read_as_date("咨询答复!B", "收到日期")]

# By quarter, no indicator applies to a month.
MONTH_ZH: Answer = [
    ["单位", "类别", "总分", "名次", "等次", "备注"],
    *(
        [unit, kind, "#GK600 2025-10没有适用的指标,所以没有总分。…", "", "", ""]
        for unit, kind, *_ in (EDUCATION, POLICE, TOWN, RIVER)
    ),
]
ZEROS: list[list[Plain]] = [
    CHECK_HEADER_ZH,
    ["错误", "GK405", "信息公开!B3", "“发布日期”要日期,单元格里是“0”。…"],
    ["警告", "GK425", "信息公开!A3", "对象名单里没有“0”,它的 1 行没有计入。…"],
    DATES_ZH[0],
    *(
        ["警告", "GK646", f"信息公开!{letter}", f"“{header}”里有 1 个 0,那里该是日期或名称。…"]
        for letter, header in (("A", "单位"), ("B", "发布日期"), ("C", "类别"))
    ),
    DATES_ZH[1],
    READ_AS_RATE_ZH,
]

CHINESE = _placed(
    "公式",
    ZH,
    [
        # one sentence
        ("points of a literal", '=GK.POINTS("迟报每次扣1分。", "迟报", 3)', -3.0),
        ("points of a cell", '=GK.POINTS("迟报每次扣1分。", "迟报", 值!B2)', -3.0),
        ("points of an absolute cell", "=GK.POINTS(值!$C$2, 值!$A$2, 值!$B$2)", -3.0),
        ("points of part of a step", '=GK.POINTS("迟报每次扣1分。", "迟报", 值!B13)', -2.0),
        ("points of a number as text", '=GK.POINTS("迟报每次扣1分。", "迟报", "3")', -3.0),
        ("points of a rate", "=GK.POINTS(值!C3, 值!A3, 值!B3)", 8.0),
        ("points of a rate as text", "=GK.POINTS(值!C3, 值!A3, 值!B12)", 8.0),
        ("points of 95 for 95%", "=GK.POINTS(值!C3, 值!A3, 值!B11)", "#GK642 “完成率”这里要的是百分比,95 太大。…"),
        ("points of a rate as a literal", "=GK.POINTS(值!C3, 值!A3, 95%)", 8.0),
        ("points below 0", '=GK.POINTS("得分=增长率×10", "增长率", -1.5)', -15.0),
        ("points of a date", "=GK.POINTS(值!C4, 值!A4, 值!B4)", -2.0),
        ("points of a price list", '=GK.POINTS("采用:国家级2分,省级1分", "采用.国家级", 2, "采用.省级", 1)', 5.0),
        ("points that no decimal holds", '=GK.POINTS("得分=完成数÷任务数×50", "完成数", 1, "任务数", 3)', 50 / 3),
        ("points of yes", "=GK.POINTS(值!C8, 值!A8, 值!B8)", -2.0),
        ("points of no", "=GK.POINTS(值!C8, 值!A8, 值!B9)", 0.0),
        ("points of TRUE", '=GK.POINTS("有谎报的,扣2分。", "谎报", TRUE)', -2.0),
        (
            "points of a blank",
            '=GK.POINTS("迟报每次扣1分。", "迟报", 值!B5)',
            "#GK641 参数“迟报”应是一个值(空格不当作 0),给的是空。…",
        ),
        (
            "points of an empty text",
            '=GK.POINTS("迟报每次扣1分。", "迟报", 值!B10)',
            "#GK641 参数“迟报”应是一个值(空格不当作 0),给的是空。…",
        ),
        (
            "points of an error",
            '=GK.POINTS("迟报每次扣1分。", "迟报", 值!B6)',
            "#GK641 参数“迟报”应是一个单元格的值,给的是#N/A。…",
        ),
        (
            "points of a text",
            '=GK.POINTS("迟报每次扣1分。", "迟报", 值!B7)',
            "#GK301 规则第1行第1列:「迟报」的值为文字,这里要的是数量。",
        ),
        (
            "points of a range",
            '=GK.POINTS("迟报每次扣1分。", "迟报", 值!B2:B4)',
            "#GK641 参数“迟报”应是一个单元格的值,给的是3 行 1 列的区域。…",
        ),
        (
            "points without a value",
            '=GK.POINTS("迟报每次扣1分。", "迟报")',
            "#GK641 参数“值”应是“迟报”的值,给的是空。…",
        ),
        (
            "points of a wrong name",
            '=GK.POINTS("迟报每次扣1分。", "晚报", 3)',
            "#GK394 请给句子里有的名称,各带一个值:句子里没有“晚报”。",
        ),
        (
            "points with sentence and name swapped",
            '=GK.POINTS("迟报", "迟报每次扣1分。", 3)',
            "#GK394 请给句子里有的名称,各带一个值:句子里没有“迟报每次扣1分。”。",
        ),
        (
            "points of no names",
            '=GK.POINTS("迟报每次扣1分。")',
            "#GK394 请给句子里有的名称,各带一个值:一个也没有给。",
        ),
        ("points of no sentence", '=GK.POINTS(值!C5, "迟报", 3)', "#GK641 参数“句子”应是一句规则,给的是空。…"),
        # the score table
        ("table", f"=GK.TABLE({RULES}, {PERIOD}, {SHEETS})", TABLE_ZH),
        ("table of the latest period", f"=GK.TABLE({RULES}, , {SHEETS})", TABLE_ZH),
        (
            "table of rules by name, a table and whole columns",
            (
                f'=GK.TABLE(考评规则, "2025年四季度", {UNITS}, "信息公开", 信息公开!A:C, "咨询答复", 台账[#All], '
                f'"转发表", 转发表!$A:$B, {RATES})'
            ),
            TABLE_ZH,
        ),
        ("table of a column of rules", f"=GK.TABLE(规则!A:A, {PERIOD}, {SHEETS})", TABLE_ZH),
        ("table with arguments left out at the end", f"=GK.TABLE({RULES}, {PERIOD}, {SHEETS}, , )", TABLE_ZH),
        (
            "table with an error cell",
            f"=GK.TABLE({RULES}, {PERIOD}, {with_rates('进度有错')})",
            [
                HEADER_ZH,
                OPEN_EDUCATION,
                [*NO_POLICE, "#GK402 进度!B3:“完成率”的单元格是错误值 #N/A。请先在表里改正这个公式。", "", "", ""],
                TOWN,
                RIVER,
            ],
        ),
        (
            "table with a text",
            f"=GK.TABLE({RULES}, {PERIOD}, {with_rates('进度有字')})",
            [
                HEADER_ZH,
                OPEN_EDUCATION,
                [*NO_POLICE, "#GK401 进度!B3:“完成率”要数字,单元格里是“约九成”。", "", "", ""],
                TOWN,
                RIVER,
            ],
        ),
        (
            "table of yes and no",
            '=GK.TABLE(规则有无!A1:A10, 2025, "是否表", 是否表!A1:C4)',
            [
                ["单位", "类别", "上报", "采用", "总分", "名次", "等次", "备注"],
                ["甲局", "", 5.0, 4.0, 9.0, "", "", ""],
                ["乙局", "", 0.0, 6.0, 6.0, "", "", ""],
                ["丙局", "", 5.0, "", "#GK401 是否表!C4:“采用数”要数字,单元格里是“TRUE”。", "", "", ""],
            ],
        ),
        (
            "table with its arguments swapped",
            f"=GK.TABLE({PERIOD}, {RULES}, {SHEETS})",
            "#GK641 参数“规则”应是规则全文,或逐行写着规则的区域,给的是“2025Q4”。…",
        ),
        (
            "table of a period that is none",
            f'=GK.TABLE({RULES}, "第四季", {SHEETS})',
            "#GK641 参数“周期”应是周期,如 2025Q4、2025-10、2025(空:有数据的最近一期),给的是“第四季”。…",
        ),
        (
            "total without a header",
            f'=GK.TOTAL({RULES}, {PERIOD}, "城关镇", {UNITS}, "信息公开", 信息公开!A2:C11, {REPLIES}, {SHARED}, {RATES})',
            "#GK415 信息公开:“信息公开”里找不到表头:前 50 行没有一行写着“单位”、“类别”。…",
        ),
        (
            "total of a wrong name",
            f'=GK.TOTAL({RULES}, {PERIOD}, "城关镇", {UNITS}, "信息公示", 信息公开!A1:C11, {REPLIES}, {SHARED}, {RATES})',
            "#GK687 规则第6行第9列:规则要用“信息公开”表,参数里没有。请加上一对…",
        ),
        ("table of a date, which names its month", f"=GK.TABLE({RULES}, 信息公开!B2, {SHEETS})", MONTH_ZH),
        # one unit
        ("total", f'=GK.TOTAL({RULES}, {PERIOD}, "区教育局", {SHEETS})', 17.5),
        ("total below 0", f"=GK.TOTAL({RULES}, {PERIOD}, 单位表!A5, {SHEETS})", -6.0),
        (
            "total with an error cell of its own",
            f'=GK.TOTAL({RULES}, {PERIOD}, "区公安局", {with_rates("进度有错")})',
            "#GK402 进度!B3:“完成率”的单元格是错误值 #N/A。…",
        ),
        (
            "total with an error cell of another",
            f'=GK.TOTAL({RULES}, {PERIOD}, "城关镇", {with_rates("进度有错")})',
            11.0,
        ),
        (
            "total with a blank cell",
            f'=GK.TOTAL({RULES}, {PERIOD}, "城关镇", {with_rates("进度有空")})',
            "#GK440 进度!B4:城关镇(2025Q4)没有“完成率”的数据。",
        ),
        (
            "total with an empty text",
            f'=GK.TOTAL({RULES}, {PERIOD}, "区公安局", {with_rates("进度有空")})',
            "#GK440 进度!B3:区公安局(2025Q4)没有“完成率”的数据。",
        ),
        (
            "total with 95 for 95%",
            f'=GK.TOTAL({RULES}, {PERIOD}, "区公安局", {with_rates("进度写成95")})',
            "#GK642 进度!B3:“完成率”这里要的是百分比,95 太大。…",
        ),
        (
            "total of a stranger",
            f'=GK.TOTAL({RULES}, {PERIOD}, "市公安局", {SHEETS})',
            "#GK691 没有名为“市公安局”的单位。 最接近的:区公安局",
        ),
        (
            "total of a blank unit",
            f"=GK.TOTAL({RULES}, {PERIOD}, 值!B5, {SHEETS})",
            "#GK641 参数“单位”应是单位的名称,给的是空。…",
        ),
        (
            "total without its last range",
            f'=GK.TOTAL({RULES}, {PERIOD}, "区教育局", {UNITS}, {NEWS}, {REPLIES}, {SHARED}, "进度")',
            "#GK641 参数“区域 5”应是“进度”的区域,连表头,给的是空。…",
        ),
        (
            "total without tables",
            f'=GK.TOTAL({RULES}, {PERIOD}, "区教育局")',
            "#GK641 参数“表名 1”应是表名,后面跟它的区域,给的是空。…",
        ),
        (
            "total of rules with three errors",
            f'=GK.TOTAL(规则三错!A1:A9, {PERIOD}, "区教育局", {UNITS}, {RATES})',
            (
                "#GK212 规则第7行第3列:「迟报每次扣1分」接不上前文:"
                "它所属的条件、指标或例子要写在它前面。(另有 2 个错误,GK.CHECK 全部列出)"
            ),
        ),
        (
            "detail",
            f'=GK.DETAIL({RULES}, {PERIOD}, "区公安局", {SHEETS})',
            [*DETAIL_ZH, ["进度", BANDS, "完成率 95%", 8.0, "完成率95%,达到90%,加8分", "进度!B3"]],
        ),
        (
            "detail with an error cell",
            f'=GK.DETAIL({RULES}, {PERIOD}, "区公安局", {with_rates("进度有错")})',
            [
                *DETAIL_ZH,
                ["进度", "", "", "", "数据有误,未计分", ""],
                ["", "", "", "", "未计总分", ""],
                ["", "", "", "", "#GK402 进度!B3:“完成率”的单元格是错误值 #N/A。…", ""],
            ],
        ),
        (
            "explanation",
            f'=GK.EXPLAIN({RULES}, {PERIOD}, "区公安局", {SHEETS})',
            "区公安局 部门 2025Q4\n总分 11  名次 2  等次 良好\n再得4分即为优秀;再得6.5分可升到第1名\n…",
        ),
        (
            "explanation with an error cell",
            f'=GK.EXPLAIN({RULES}, {PERIOD}, "区公安局", {with_rates("进度有错")})',
            "#GK402 进度!B3:“完成率”的单元格是错误值 #N/A。…",
        ),
        # findings
        (
            "check that says how columns were read",
            f"=GK.CHECK({RULES}, {SHEETS})",
            [CHECK_HEADER_ZH, *DATES_ZH, READ_AS_RATE_ZH],
            [CHECK_HEADER_ZH, READ_AS_RATE_ZH],
        ),
        (
            "check of three errors",
            f"=GK.CHECK(规则三错!A1:A9, {UNITS}, {RATES})",
            [
                CHECK_HEADER_ZH,
                [
                    "错误",
                    "GK212",
                    "规则第7行第3列",
                    "「迟报每次扣1分」接不上前文:它所属的条件、指标或例子要写在它前面。",
                ],
                ["错误", "GK201", "规则第8行第9列", "读不懂「完成率高的加分」。 …"],
                ["错误", "GK202", "规则第9行第3列", "没有声明过「本领域信息」。…"],
            ],
        ),
        (
            "check of zeros sent for blanks",
            f'=GK.CHECK({RULES}, {UNITS}, "信息公开", 旧版!A1:C3, {REPLIES}, {SHARED}, {RATES})',
            ZEROS,
            [row for row in ZEROS if row != DATES_ZH[1]],
        ),
        # places and grades
        ("places", "=GK.RANK(总分表!C2:C4)", [[2.0], [1.0], [2.0]]),
        ("places with a blank", "=GK.RANK(总分表!C2:C7)", [[2.0], [1.0], [2.0], [""], [5.0], [4.0]]),
        ("places without gaps", '=GK.RANK(总分表!C2:C7, , "连续")', [[2.0], [1.0], [2.0], [""], [4.0], [3.0]]),
        ("places in groups", "=GK.RANK(总分表!C2:C7, 总分表!B2:B7)", [[2.0], [1.0], [2.0], [""], [2.0], [1.0]]),
        (
            "places in groups, one open for an error",
            "=GK.RANK(总分表!D2:D7, 总分表!B2:B7)",
            [*[["#GK648 第 2 行没有总分,而是#DIV/0!,这一组的名次定不下来。…"]] * 3, [""], [2.0], [1.0]],
        ),
        ("places in a row", "=GK.RANK(总分表!C6:D6)", [[1.0, 1.0]]),
        ("place of one", "=GK.RANK(总分表!C2)", 1.0),
        (
            "places by groups of another size",
            "=GK.RANK(总分表!C2:C7, 总分表!B2:B4)",
            "#GK641 参数“类别”应是与总分一样多的 6 格,给的是3 行 1 列的区域。…",
        ),
        (
            "places by a way that is none",
            '=GK.RANK(总分表!C2:C7, 总分表!B2:B7, "随便")',
            "#GK641 参数“同分”应是“跳号”(1,2,2,4)或“连续”(1,2,2,3),给的是“随便”。…",
        ),
        ("grade", f"=GK.GRADE({RULES}, 15)", "优秀"),
        ("grade of a cell", "=GK.GRADE(考评规则, 值!B2)", "良好"),
        ("grade of a blank", f"=GK.GRADE({RULES}, 值!B5)", "#GK641 参数“总分”应是一个数,给的是空。…"),
        ("grade of an error", f"=GK.GRADE({RULES}, 值!B6)", "#GK641 参数“总分”应是一个数,给的是#N/A。…"),
        ("grade by places", "=GK.GRADE(规则名额!A1:A9, 15)", "#GK647 只凭总分定不了等次:前2名为优秀…"),
        ("version", "=GK.VERSION()", version()),
    ],
)

# --- English ------------------------------------------------------------------------------------------------------------

EN_RULES = "Rules!A1:A17"
EN_UNITS, LATE, KEPT = (
    '"Units", Units!A1:A5',
    "\"Late & early\", 'Late & early'!A1:C9",
    "\"It's kept\", 'It''s kept'!A1:B5",
)
EN_SHEETS = f"{EN_UNITS}, {LATE}, {KEPT}"
BROKEN = f"{EN_UNITS}, {LATE}, \"It's kept\", 'With an error'!A1:B5"
HEADER: list[Plain] = ["Unit", "Group", "Reports", "Attendance", "Total", "Place", "Grade", "Remark"]
# Reports: of 40, two days late; one missing at 5; fifteen days late, at most 10; five days late, its missing one due in July.
# Attendance, of 10: 95 % and more is all of it, 93.5 % is two steps of 0.5 short.
TABLE_EN: Answer = [
    HEADER,
    ["Parks", "", 38.0, 10.0, 48.0, 1.0, "good", ""],
    ["Water", "", 35.0, 9.0, 44.0, 2.0, "fair", ""],
    ["Roads", "", 35.0, 9.0, 44.0, 2.0, "fair", ""],
    ["Lakes", "", 30.0, 10.0, 40.0, 4.0, "fair", ""],
]
DIVIDED = "#GK402 It's kept!B3: The cell of “Attendance” holds the error #DIV/0!. …"
CHECK_HEADER: list[Plain] = ["Severity", "Code", "Where", "What"]
READ_AS_RATE: list[Plain] = ["note", "GK644", "It's kept!B", "“Attendance” is read as rates: 0.95 is 95%."]

ENGLISH = _placed(
    "Formulas",
    EN,
    [
        ("points in English", '=GK.POINTS("fewer than 3 domain items costs 6 points", Values!A2, Values!B2)', -6.0),
        ("points with quotes", '=GK.POINTS("each ""top 5 costs"" costs 3.", "top 5 costs", Values!B3)', -6.0),
        ("points of yes in English", '=GK.POINTS("having a plan earns 3.", "plan", Values!B4)', 3.0),
        ("points of a date in English", '=GK.POINTS("filed after 2025-03-30 costs 2.", "filed", Values!B5)', -2.0),
        (
            "points of a blank in English",
            '=GK.POINTS("each item costs 2.", "item", Values!B6)',
            "#GK641 the argument “item” should be a value (a blank is no 0), and is blank. …",
        ),
        (
            "points of an error in English",
            '=GK.POINTS("each item costs 2.", "item", Values!B7)',
            "#GK641 the argument “item” should be the value of one cell, and is #DIV/0!. …",
        ),
        (
            "points of a wrong name in English",
            '=GK.POINTS("each late report costs 1", "tardy reports", 2)',
            "#GK394 Give the names that stand in the sentence, each with its value: “tardy reports” does not.",
        ),
        ("table in English", f'=GK.TABLE({EN_RULES}, "2025Q4", {EN_SHEETS})', TABLE_EN),
        ("table of a table", f'=GK.TABLE({EN_RULES}, , {EN_UNITS}, {LATE}, "It\'s kept", Kept[#All])', TABLE_EN),
        (
            "table with an error cell in English",
            f'=GK.TABLE({EN_RULES}, "2025Q4", {BROKEN})',
            [
                HEADER,
                ["Parks", "", 38.0, 10.0, 48.0, "", "good", ""],
                ["Water", "", 35.0, "", DIVIDED, "", "", ""],
                ["Lakes", "", 30.0, 10.0, 40.0, "", "fair", ""],
                ["Roads", "", 35.0, 9.0, 44.0, "", "fair", ""],
            ],
        ),
        ("total in English", f'=GK.TOTAL({EN_RULES}, "2025Q4", "Water", {EN_SHEETS})', 44.0),
        ("total with an error cell in English", f'=GK.TOTAL({EN_RULES}, "2025Q4", "Water", {BROKEN})', DIVIDED),
        (
            "total of a stranger in English",
            f'=GK.TOTAL({EN_RULES}, "2025Q4", "Oceans", {EN_SHEETS})',
            "#GK691 There is no unit named “Oceans”. There are: Parks, Water, Lakes, Roads",
        ),
        (
            "total with its arguments swapped",
            f'=GK.TOTAL("2025Q4", {EN_RULES}, "Water", {EN_SHEETS})',
            "#GK641 the argument “rules” should be the rule text, or the range that holds its lines, and is “2025Q4”. …",
        ),
        (
            "total of rules with three errors in English",
            '=GK.TOTAL(\'Three errors\'!A1:A8, , "Parks", Units!A1:A5, "Units")',
            "#GK641 the argument “name 1” should be a sheet's name, with its range behind it, and is a range of 5×1 cells. …",
        ),
        (
            "detail in English",
            f'=GK.DETAIL({EN_RULES}, "2025Q4", "Water", {EN_SHEETS})',
            [
                ["Indicator", "Rule", "Values", "Points", "Why", "Cells"],
                ["Reports", "", "", 40.0, "starts at 40", ""],
                [
                    "Reports",
                    "each missing report costs 5 points.",
                    "missing reports 1",
                    -5.0,
                    "missing report 1, each costs 5 points: costs 5 points",
                    "Late & early!A4",
                ],
                ["Attendance", "", "", 10.0, "starts at 10", ""],
                [
                    "Attendance",
                    "attendance below 95% costs 0.5 points for each percentage point or part thereof, at most 5 points.",
                    "attendance 93.5%",
                    -1.0,
                    (
                        "attendance 93.5%, 1.5 percentage points below 95%, "
                        "each percentage point costs 0.5 points, a partial step counts as one, 2 steps: costs 1 point"
                    ),
                    "It's kept!B3",
                ],
            ],
        ),
        (
            "explanation in English",
            f'=GK.EXPLAIN({EN_RULES}, "2025Q4", "Water", {EN_SHEETS})',
            "Water 2025Q4\nTotal 44  Place 2  Grade fair\n1 more would give good; 4 more would give place 1\n…",
        ),
        (
            "check in English",
            f"=GK.CHECK({EN_RULES}, {EN_SHEETS})",
            [
                CHECK_HEADER,
                ["note", "GK645", "Late & early!B", "the numbers of “Due” are read as dates (1900 date system)."],
                ["note", "GK645", "Late & early!C", "the numbers of “Filed” are read as dates (1900 date system)."],
                READ_AS_RATE,
            ],
            [CHECK_HEADER, READ_AS_RATE],
        ),
        (
            "check of three errors in English",
            f"=GK.CHECK('Three errors'!A1:A8, {EN_UNITS})",
            [
                CHECK_HEADER,
                ["error", "GK202", "rules, line 6, column 8", "“tardy report” is not declared; …"],
                ["error", "GK204", "rules, line 7, column 3", "“about” states no number. …"],
                ["error", "GK206", "rules, line 8, column 12", "there is no such date: 2025-02-30. …"],
            ],
        ),
        ("check of nothing wrong", '=GK.CHECK(Plain!A1:A7, "Units", Plain!C1:D3)', [["OK"]]),
        ("grade in English", f"=GK.GRADE({EN_RULES}, 44.9)", "fair"),
        ("places in English", '=GK.RANK(Plain!D2:D3, , "follow")', [[1.0], [1.0]]),
    ],
)

CASES = [*CHINESE, *ENGLISH]
