"""Generated rules over generated tables: the functions give what the interpreter gives on the same cells.

The interpreter reads cells with their formats (a rate is a rate, a date a date); the functions get bare values. Rules and
tables are drawn as sentences and rows of no language and written in Chinese or in English.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from same_results import agree
from sheets_as_arguments import tables

from gkxl.diagnostics import Source
from gkxl.flow import load, score
from gkxl.functions.core import Functions
from gkxl.periods import parse_period
from gkxl.report.data import results_object
from gkxl.tables import Book, Cell, CellKind, ListSheet

ZH, EN = 0, 1
HEAD = (
    """考评 甲
对象 单位表的单位{groups}
周期 季度
缺数据 {missing}
不足一步 {partial}
表 报送:日期列 截止日期
信息 = 信息公开 中 类别为本领域 的记录
字数 = 信息公开 的 字数 之和
采用 = 采用表 的记录
完成率 = 进度 的 完成率
评议 = 进度 的 评议
谎报 = 进度 的 谎报
迟报天数 = 报送 中 报送日期不为空 从截止日期到报送日期 的 天数 之和
未报 = 报送 中 报送日期为空 的记录
""",
    """assessment A
units Unit in Units{groups}
period quarter
missing data {missing}
partial steps {partial}
sheet Reports: date in Due
items = rows of Published where Category is own
words = sum of Words in Published
adopted = rows of Adoptions
completion rate = "Completion rate" in Progress
opinion = Opinion in Progress
false report = "False report" in Progress
days late = sum of days from Due to Filed in Reports where Filed is not blank
missing reports = rows of Reports where Filed is blank
""",
)
GROUPS = (("", ""), (",按类别分组", ", grouped by Kind"))
MISSING = (("报错", "is an error"), ("计0分", "counts 0"))
PARTIAL = (("不计", "are ignored"), ("按一计", "count as one"), ("按比例", "pro rata"))
SENTENCES = (  # n: a number, p: points, m: more than p, c: a cap, r: per cent
    ("信息少于{n}条,扣{p}分。", "fewer than {n} items costs {p} points."),
    ("每条信息加{p}分,最多加{c}分。", "each item earns {p} points, at most {c}."),
    ("字数超过{c}的,加{p}分。", "words over {c} earn {p} points."),
    ("字数每满{n}字加0.5分。", "every {n} words earn 0.5 points."),
    ("采用:国家级{m}分,省级{p}分。", "adopted: national {m} points, provincial {p} points."),
    ("完成率达{r}%加{p}分,其余不加分。", "completion rate of {r}% earns {p} points, otherwise 0."),
    (
        "完成率低于{r}%的,每低1个百分点扣0.5分,最多扣{c}分。",
        "completion rate below {r}% costs 0.5 points for each percentage point, at most {c} points.",
    ),
    ("得评议分。", "scores opinion."),
    ("有谎报的,扣{p}分。", "having a false report costs {p} points."),
    ("迟报天数每天扣{p}分,最多扣{c}分。", "each day late costs {p} points, at most {c} points."),
    ("未报每次扣{p}分。", "each missing report costs {p} points."),
)
RANKINGS = (
    ("", ""),
    ("按总分排名,并列同名次(连续)。\n", "rank by total, ties share the place (the next place follows).\n"),
    ("按总分排名,并列同名次(后续顺延)。\n", "rank by total, ties share the place (the next place is skipped).\n"),
)
GRADES = (("", ""), ("{n}分及以上为优秀,其余为良好。\n", "{n} or more is excellent, the rest are good.\n"))
SHEETS = (
    (("单位表", "Units"), (("单位", "Unit"), ("类别", "Kind"))),
    (("信息公开", "Published"), (("单位", "Unit"), ("日期", "Date"), ("类别", "Category"), ("字数", "Words"))),
    (("采用表", "Adoptions"), (("单位", "Unit"), ("日期", "Date"), ("级别", "Level"))),
    (
        ("进度", "Progress"),
        (
            ("单位", "Unit"),
            ("期间", "Period"),
            ("完成率", "Completion rate"),
            ("评议", "Opinion"),
            ("谎报", "False report"),
        ),
    ),
    (("报送", "Reports"), (("单位", "Unit"), ("截止日期", "Due"), ("报送日期", "Filed"))),
)
UNITS = (("教育局", "Schools"), ("公安局", "Police"), ("城关镇", "Hill Town"), ("河东镇", "River Town"))
KINDS = (("部门", "bureau"), ("部门", "bureau"), ("乡镇", "town"), ("乡镇", "town"))
BLANK, ERROR = Cell(CellKind.BLANK, None), Cell(CellKind.ERROR, "#N/A")

A_UNIT = st.sampled_from((*UNITS, *UNITS, ("市公安局", "City Police"), BLANK))
A_DAY = st.dates(date(2025, 6, 1), date(2025, 12, 31)) | st.dates(date(2025, 10, 1), date(2025, 12, 31))
A_RATE = st.integers(0, 1200).map(lambda thousandths: Cell(CellKind.RATE, Decimal(thousandths).scaleb(-3)))
A_SCORE = st.decimals("1.01", 20, places=2).map(Decimal.normalize)  # numbers of at most 1 may be rates: that is asked
A_LEVEL = st.sampled_from((("国家级", "national"), ("省级", "provincial")))
A_KIND = st.sampled_from((("本领域", "own"), ("其他", "other")))
YES_NO = st.booleans() | st.sampled_from((("是", "yes"), ("否", "no")))
A_PERIOD = st.sampled_from((("2025年四季度", "2025Q4"), ("2025年三季度", "2025Q3")))


def mostly(cell: st.SearchStrategy[Any], other: Any = (BLANK, ERROR, ("约3", "about 3"))) -> st.SearchStrategy[Any]:
    """Now and then something else than a cell of its kind."""
    return st.integers(0, 19).flatmap(lambda at: st.sampled_from(other) if at == 0 else cell)


ROWS = (
    st.just([list(row) for row in zip(UNITS, KINDS, strict=True)]),
    st.lists(st.tuples(A_UNIT, mostly(A_DAY), mostly(A_KIND), mostly(st.integers(0, 900))), max_size=12),
    st.lists(st.tuples(A_UNIT, A_DAY, mostly(A_LEVEL)), max_size=6),
    st.lists(
        st.tuples(st.sampled_from(UNITS), A_PERIOD, mostly(A_RATE), mostly(A_SCORE), mostly(YES_NO)),
        max_size=8,
        unique_by=lambda row: (row[0], row[1]),
    ),
    st.lists(st.tuples(A_UNIT, A_DAY, A_DAY | st.just(BLANK)), max_size=8),
)


@dataclass(frozen=True)
class Assessment:
    """Rules and sheets in one language; a text of two languages is a pair."""

    rules: str
    book: Book


@st.composite
def assessments(draw, language: int) -> Assessment:
    def one(pairs: Any) -> str:
        return draw(st.sampled_from(pairs))[language]

    text = HEAD[language].format(groups=one(GROUPS), missing=one(MISSING), partial=one(PARTIAL))
    chosen = draw(
        st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=2, unique=True), min_size=1, max_size=4)
    )
    for number, sentences in enumerate(chosen):
        worth = draw(st.sampled_from((("", ""), ("", ""), (" 20分 起评15分", " worth 20 points starts at 15"))))
        text += f"{('指标', 'indicator')[language]} {'甲乙丙丁'[number]}{worth[language]}\n"
        for sentence in sentences:
            small, more = draw(st.integers(1, 4)), draw(st.integers(1, 4))
            rate, cap = draw(st.integers(50, 100)), draw(st.integers(5, 30))
            text += (
                "  "
                + sentence[language].format(n=draw(st.integers(2, 9)), p=small, m=small + more, c=cap, r=rate)
                + "\n"
            )
    text += one(RANKINGS) + one(GRADES).format(n=draw(st.integers(0, 20)))
    sheets = []
    for (name, header), rows in zip(SHEETS, ROWS, strict=True):
        sheets.append(
            ListSheet(
                name[language], [[said(cell, language) for cell in row] for row in [header, *(draw(rows) or [[BLANK]])]]
            )
        )
    return Assessment(text, Book("", "", tuple(sheets)))


def said(cell: Any, language: int) -> Any:
    """A cell in one language: of a pair its half."""
    return cell[language] if type(cell) is tuple else cell


@settings(max_examples=max(150, settings().max_examples // 2))
@given(st.sampled_from([ZH, EN]).flatmap(assessments), st.sampled_from([None, "2025Q4", "2025Q3"]), st.booleans())
def test_generated_rules_and_tables_give_the_same(made: Assessment, period: str | None, serials: bool) -> None:
    rules = load(Source("rules", made.rules))
    assert rules.rubric is not None, [str(one) for one in rules.diagnostics]
    results = score(rules, made.book, parse_period(period) if period else None)
    functions, sheets = Functions(), tables(made.book, serials)
    found = results_object(results)["periods"]
    told = [
        [one.code.number, " ".join((one.message, *one.notes))] for one in results.diagnostics if one.severity != "note"
    ]
    if period is None:
        rows = functions.check(made.rules, *sheets)
        assert [
            row[1:4:2] for row in rows[1:] if row[0] not in ("说明", "note")
        ] == told  # notes say how columns were read
    answer = functions.table(made.rules, period, *sheets)
    if not found:
        assert isinstance(answer, str), answer
        assert answer.startswith("#GK4"), answer
        return
    if isinstance(answer, str):  # an error that leaves all totals, as that of a row without its unit
        assert answer[1:6] in {one.code.number for one in results.diagnostics if one.severity == "error"}, answer
        return
    agree(functions, made.rules, found[-1], sheets)
