"""The tree: what a rule file says, in neither language. A class per sentence form, named as in the language guide.

Spans, measure words (条, 次) and the digits as written ride along and never count in comparisons, so that a Chinese and an
English file of the same meaning give equal trees.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Literal

from gkxl.diagnostics import Language, Span
from gkxl.frozen import dataclass
from gkxl.periods import DayRule, Period, PeriodKind, TimeUnit
from gkxl.values import Kind, Number

# --- Words and marks -------------------------------------------------------------------------------------------------


# A term in another period, over the units of the group, or its change from another period.
View = Literal[
    "last year", "year before last", "previous", "two years", "best", "worst", "group average",
    "rise on last year", "fall on last year", "rise on previous", "fall on previous",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; whether it is declared is the checker's question.

    `view`: 上年结案率 is 结案率 with the view "last year". `text` may then be empty: the term that the sentence is about.
    `per`: 主动公开每月 is what it is in each month.
    """

    text: str
    span: Span | None = field(default=None, compare=False, repr=False)
    view: View | None = None
    per: PeriodKind | None = None


@dataclass(frozen=True, slots=True)
class Num:
    """A number of the text. `kind` RATE for 20% and percentage points; `label` the measure word after it."""

    value: Number
    kind: Kind = Kind.NUMBER
    written: str = field(default="", compare=False)
    label: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the text."""

    day: date
    written: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DayOf:
    """A day without a year (3月31日, 每月5日): the one of the period at hand."""

    rule: DayRule
    written: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Share:
    """任务数20% / 20% of tasks."""

    share: Num
    of: Name


@dataclass(frozen=True, slots=True)
class Operation:
    """A formula: `op` is + - * /."""

    op: str
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class PeriodTotals:
    """季度成绩取平均 / the average of quarters: the totals of the shorter periods, in the formula of a total.

    `without`: the extremes that are left out (去掉最高和最低).
    """

    unit: PeriodKind
    op: Literal["sum", "average"]
    without: tuple[Literal["highest", "lowest"], ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PointsOf:
    """In the formula of a total: 年度考评 / yearly (what the indicators of the longer period count), 加分 / bonuses."""

    what: Literal["yearly", "bonuses"]
    span: Span | None = field(default=None, compare=False, repr=False)


# --- Fixed forms -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CellAt:
    """年报!D5: one cell of a form, `row` and `column` from 1. `sheet` None: the book's only one."""

    row: int
    column: int
    sheet: Name | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LineAt:
    """第5行 / row 5, D列 / column D, or what its caption says; `what` None where the caption alone is given."""

    what: Literal["row", "column"] | None
    number: int | None = None
    caption: Name | None = None
    sheet: Name | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Crossing:
    """新收 的 自然人 / natural persons of new requests: the cell where the row of one caption meets the column of the other."""

    of: LineAt
    at: LineAt


@dataclass(frozen=True, slots=True)
class SumTo:
    """第7行至第27行之和 / sum of rows 7 to 27; also of columns, captions and cells."""

    first: CellAt | LineAt
    last: CellAt | LineAt


Mark = Num | Day | DayOf | Name | Share
Figure = CellAt | LineAt | Crossing | SumTo
Formula = Num | Name | Share | Operation | PeriodTotals | PointsOf | Figure
Op = Literal["<", "<=", ">", ">=", "=", "!="]

# --- Conditions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Test:
    """`subject` None: the fact of the clause before (少于2条扣6分,少于3条扣3分)."""

    subject: Name | None
    op: Op
    mark: Mark


@dataclass(frozen=True, slots=True)
class Range:
    """80%至90%. An end is in or out as stated, None where the text leaves it to the rule of the language."""

    subject: Name | None
    low: Mark
    high: Mark
    low_in: bool | None = None
    high_in: bool | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """有方案 / having a plan; 未制定方案 / no plan. `verb`: the verb before the name, which the name may contain.

    `bare`: the name alone (责任人明确的得5分), which says nothing to a count.
    """

    subject: Name
    holds: bool = True
    verb: str = field(default="", compare=False)
    bare: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Stretch:
    """连续3个月或累计6个月没有信息: so many periods one after the other, or altogether, for each of which `test` holds."""

    unit: PeriodKind
    in_row: int | None
    altogether: int | None
    test: Test


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class TotalTest:
    """总分超过80分: a test of a score, in gates and grades. `indicator` None: the total."""

    op: Op
    mark: Num
    indicator: Name | None = None


@dataclass(frozen=True, slots=True)
class Top:
    """前5名 (a number) or 前30% (a rate, with its rounding). `strict`: 并列不超额, units that tie at the end are all out."""

    limit: Num
    rounding: Literal["up", "down", "half up"] | None = None
    strict: bool = False


Condition = Test | Range | Fact | Stretch | And | Or | TotalTest

# --- What is given ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Points:
    """Earned (above 0) or cost (below 0). A cost of 0 is 0.

    `noted`: 记0分, 记59分, which on their own set something rather than add to it.
    """

    value: Number
    noted: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class NoPoints:
    """不得分: nothing, or the whole worth lost where the others of the list are deductions."""


@dataclass(frozen=True, slots=True)
class FullMarks:
    """满分: the indicator's worth."""


@dataclass(frozen=True, slots=True)
class Proportional:
    """按比例得8至10分 over the range of its condition; without points, in proportion to the band before."""

    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class EachStep:
    """每低1%扣2分 as what a band gives: `points` for each `size` beyond the band's mark."""

    size: Num
    points: Number
    policy: PartialPolicy | None = None


Gives = Points | NoPoints | FullMarks | Proportional | EachStep
Ties = Literal["skip", "follow"]
PartialPolicy = Literal["ignored", "counts as one", "pro rata"]


@dataclass(frozen=True, slots=True)
class Cap:
    """最多扣10分 · 每季度不超过10分. `then`: 全年封顶120分 behind it, of a longer period."""

    limit: Number
    per: PeriodKind | None = None
    then: Cap | None = None


# --- Clauses, one class per form -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Each:
    """S1: every `size` of `name` (beyond `beyond`) gives `points`. A count of periods may stand in the sentence itself."""

    name: Name | PeriodsWith
    size: Num
    points: Number
    beyond: Mark | None = None
    policy: PartialPolicy | None = None
    cap: Cap | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One entry of a list. `extra`: 再/另/plus adds it to the pick."""

    condition: Condition
    gives: Gives
    extra: bool = False


@dataclass(frozen=True, slots=True)
class YesNo:
    """S2: the first case that holds."""

    cases: tuple[Case, ...]
    otherwise: Gives | None = None
    cap: Cap | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ShortOf:
    """S3: each `size` that `name` is short of `required` gives `points`. `per`: the period the requirement names."""

    name: Name
    required: Mark
    size: Num
    points: Number
    per: PeriodKind | None = None
    policy: PartialPolicy | None = None
    cap: Cap | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Price:
    """The points of one key. Of several columns it has a name for each, or one for all side by side (县级快报)."""

    keys: tuple[Name, ...]
    points: Number


@dataclass(frozen=True, slots=True)
class PriceList:
    """S4: each row of `name` by its key. `columns` empty: the one column that holds the keys.

    `otherwise`: what a row of any other key gives (其余不计 is 0); None: it is an error.
    """

    name: Name
    columns: tuple[Name, ...]
    prices: tuple[Price, ...]
    otherwise: Number | None = None
    cap: Cap | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bands:
    """S5: the first case that holds; cases marked extra add on their own."""

    cases: tuple[Case, ...]
    otherwise: Gives | None = None
    cap: Cap | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OwnScore:
    """S6: the number itself, or a formula, is the score; with `costs` it is what is deducted."""

    formula: Formula
    costs: bool = False
    cap: Cap | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Veto:
    """S7. `what`: "grade", "bar" (`value` a Name), "total" (`value` a number), "indicator" (is 0), "stop"."""

    condition: Condition
    what: Literal["grade", "bar", "total", "indicator", "stop"]
    value: Name | Number | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Gate:
    """S7: 总分超过80分的,计入加分."""

    condition: TotalTest
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GradeCase:
    """`condition` None: 其余 / the rest. An And may hold a Top beside tests of scores."""

    condition: Condition | Top | None
    grade: Name


@dataclass(frozen=True, slots=True)
class Grade:
    """S8: the first case that holds names the grade."""

    cases: tuple[GradeCase, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StepsFrom:
    """S9, S10: each `size` that `name` is beyond `mark` (below it, if `below`) gives `points`.

    `share_of`: `size` is a share of this term; None: of the mark itself.
    """

    name: Name
    mark: Mark
    below: bool
    size: Num
    points: Number
    policy: PartialPolicy | None = None
    cap: Cap | None = None
    share_of: Name | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class By:
    """One date of a deadline; `gives` None: being on time earns nothing of its own."""

    day: Day | DayOf
    gives: Gives | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """S9: 年报3月31日前公开,未公开不得分,逾期扣2分. The first date that is met decides.

    `late` and `never` None: nothing is said of them. `verb` is what is to be done, for the text alone.
    """

    name: Name
    by: tuple[By, ...]
    never: Gives | None = None
    late: Gives | None = None
    cap: Cap | None = None
    verb: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EachLate:
    """S9: each row that took longer than `limit` (or so long, by `op`) gives `points`.

    `name`: the rows, their ledger or the time of each row; None: the only such time of the file.
    """

    name: Name | None
    op: Op
    limit: Num
    unit: TimeUnit
    points: Number
    cap: Cap | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Repeats:
    """S13: how the rows that the price sentences of the indicator count are told apart and counted once more.

    `what`: "highest" (of those with the same `column` the highest alone) · "add up" · "times" (those with a yes in
    `column` count `factor` times) · "share" (the points are shared by the number in `column`).
    """

    what: Literal["highest", "add up", "times", "share"]
    column: Name | None = None
    factor: Number = Decimal(1)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Places:
    """S14: points by the place that `by`, a fact or an indicator, has in the group.

    `bands`: (last place, points), from the first place on; each place after them earns `less` fewer than the one before.
    """

    by: Name
    bands: tuple[tuple[int, Number], ...] = ()
    less: Number | None = None
    otherwise: Number | None = None
    lowest_first: bool = False
    ties: Ties | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


Clause = (
    Each
    | YesNo
    | ShortOf
    | PriceList
    | Bands
    | OwnScore
    | Veto
    | Gate
    | Grade
    | StepsFrom
    | Repeats
    | Places
    | Deadline
    | EachLate
)


@dataclass(frozen=True, slots=True)
class Audience:
    """S11: 限/对 (for) these words, or all but them."""

    words: tuple[Name, ...]
    but: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """Clauses add up. `cap` holds for the sum of them all. `per`: 年度 in front keeps it to the entries of that period."""

    clauses: tuple[Clause, ...]
    cap: Cap | None = None
    audience: Audience | None = None
    article: str = ""
    per: PeriodKind | None = None
    language: Language = field(default="zh", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


# --- Policies and lines of a file ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Policy:
    """S15. `what` and `value`: missing: error|zero|not applicable · partial: ignored|counts as one|pro rata ·
    points places / total places: n · targets: up|down|half up|none · not reported: zero · no floor · floor ·
    earnings cap / deductions cap / bonus cap: n · ties: skip|follow ·
    not applicable: full marks|no deduction|rescale|group average|not assessed."""

    what: Literal[
        "missing",
        "partial",
        "points places",
        "total places",
        "ties",
        "targets",
        "not reported",
        "no floor",
        "floor",
        "earnings cap",
        "deductions cap",
        "bonus cap",
        "not applicable",
    ]
    value: str | Number = ""
    per: PeriodKind | None = None  # of a cap: 每季度最多5分
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rank:
    """S14: 按总分排名, or by a fact or indicator. `ties`: "skip" 1,2,2,4 · "follow" 1,2,2,3 · None where not stated."""

    ties: Ties | None = None
    lowest_first: bool = False
    per: PeriodKind | None = None  # as in Sentence
    by: Name | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TotalIs:
    """S16: 总分=各指标之和 (`formula` None) · 季度成绩取平均×60%+年度考评×40%. `per`: 年度总分, where the text says so."""

    formula: Formula | None = None
    per: PeriodKind | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Converted:
    """S16: 按4%折算计入全县绩效. `per`: 年度总分, where the text says so."""

    share: Number
    into: Name
    per: PeriodKind | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


# --- Definitions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ColumnIs:
    """A test of one cell of a row. `op` as in model.rules.ColumnTest; names after a comparison are columns or values."""

    column: Name
    op: str
    operands: tuple[Num | Day | Name | After, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeBetween:
    """从截止日期到报送日期 的 天数 / days from Due to Filed; also 工作日数, 小时数."""

    start: Name
    end: Name
    unit: TimeUnit = TimeUnit.DAY


@dataclass(frozen=True, slots=True)
class After:
    """收到日期后1个工作日 / 1 working day after Received: a moment of each row."""

    column: Name
    count: Num
    unit: TimeUnit = TimeUnit.DAY


@dataclass(frozen=True, slots=True)
class Lasts:
    """从收到日期到答复日期超过20个工作日 / working days from Received to Replied are over 20."""

    between: TimeBetween
    op: Op
    count: Num


@dataclass(frozen=True, slots=True)
class RowsNot:
    part: RowCondition


@dataclass(frozen=True, slots=True)
class RowsAnd:
    parts: tuple[RowCondition, ...]


@dataclass(frozen=True, slots=True)
class RowsOr:
    parts: tuple[RowCondition, ...]


RowCondition = ColumnIs | Lasts | RowsNot | RowsAnd | RowsOr


@dataclass(frozen=True, slots=True)
class Rows:
    """`op` as model.rules.Aggregation. `manual`: the range of a manual score.

    `other`: the column that the same words name where the sheet has it, 件数 of 台账 的 件数 or 金额合计.
    """

    op: str
    sheet: Name
    where: RowCondition | None = None
    column: Name | TimeBetween | None = None
    manual: tuple[Number, Number] | None = None
    other: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PeriodsWith:
    """没有 本领域信息 的月数 (`op` "=", 0) · 本领域信息少于4条的月数."""

    unit: PeriodKind
    name: Name
    op: Op
    number: Number


@dataclass(frozen=True, slots=True)
class GroupValues:
    """一类单位 6,二类单位 5,其余 2."""

    cases: tuple[tuple[Name, Num], ...]
    otherwise: Num | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """One value of several: in force from a day on, by a document."""

    value: Num
    day: date
    document: Name | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """20%(2023-04-01起,呼政办发〔2023〕16号),30%(2026-01-01起)."""

    values: tuple[Since, ...]


@dataclass(frozen=True, slots=True)
class FormulaIs:
    formula: Formula
    when_zero: Num | None = None


@dataclass(frozen=True, slots=True)
class FiguresAre:
    """新收 = 年报!D5: cells, rows or columns of a fixed form, or a formula of them."""

    formula: Formula


Meaning = Rows | PeriodsWith | GroupValues | Dated | FormulaIs | FiguresAre


@dataclass(frozen=True, slots=True)
class Definition:
    """`A / B = …`: one term, its names and where it stands. `inline`: it stands in a sentence, in brackets, and has
    what it says as its name."""

    names: tuple[Name, ...]
    meaning: Meaning
    span: Span | None = field(default=None, compare=False, repr=False)
    inline: bool = field(default=False, compare=False)


# --- Headings and other lines ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitsLine:
    sheet: Name
    column: Name
    group: Name | None = None
    alias: Name | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PeriodLine:
    kind: PeriodKind
    fixed: Period | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """`details`: (what, value) with what of "unit", "date", "header row", "title", "undated", "every period", "epoch 1904"."""

    sheet: Name
    details: tuple[tuple[str, Name | int | None], ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WorkingDaysLine:
    """`sheet` None: 工作日 按 中国 / working days follow China; else the sheet that lists the days off."""

    sheet: Name | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Equation:
    """第5行 + 第6行 = 第28行: two formulas over cells and what has to be between them."""

    left: Formula
    op: Op
    right: Formula


@dataclass(frozen=True, slots=True)
class EachLine:
    """逐列 D 至 J / for each column D to J: a check of rows is made in each of these columns, one of columns in each row."""

    what: Literal["row", "column"]
    first: LineAt
    last: LineAt


@dataclass(frozen=True, slots=True)
class Check:
    """核对 名称: 甲 = 乙,逐列 D 至 J. `given`: what stands before ⇒ (all of it has to hold for the check to say anything).

    `within`: by how much the two sides may differ.
    """

    name: Name
    given: tuple[Equation, ...]
    then: Equation
    within: Num | None = None
    over: EachLine | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


OptionKind = Literal["worth", "weight", "start", "for", "period"]
ExpectedKind = Literal["indicator", "total", "grade", "rank", "error"]


@dataclass(frozen=True, slots=True)
class Option:
    """An option of an indicator or part: worth, weight, start (a number), for (an Audience), period (a PeriodKind)."""

    what: OptionKind
    value: Number | Audience | PeriodKind


@dataclass(frozen=True, slots=True)
class IndicatorNode:
    name: Name
    options: tuple[Option, ...] = ()
    bonus: bool = False
    statements: tuple[Sentence | Policy, ...] = ()
    part: Name | None = None
    article: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PartNode:
    """`statements`: the policies between its line and its first indicator."""

    name: Name
    options: tuple[Option, ...] = ()
    statements: tuple[Policy, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Given:
    name: Name
    value: str


@dataclass(frozen=True, slots=True)
class Expected:
    """`name` None with "indicator": the only one. `value` is as written."""

    what: ExpectedKind
    name: Name | None
    value: str
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GivenRows:
    """Rows given as a small table: the first row is the header. `spans` has the place of each line."""

    sheet: Name
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """`words`: the group or yes/no columns of the example's unit; `period` the one it names."""

    name: str
    given: tuple[Given | GivenRows, ...]
    expected: tuple[Expected, ...]
    period: Period | None = None
    words: tuple[Name, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Published:
    """公布 总分 成绩表的总成绩: a figure published already. `of`: the indicator, part, fact or sentence that has "points"."""

    what: Literal["total", "rank", "grade", "points"]
    of: Name | None
    figure: Rows
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """A whole rule file. `statements` holds what belongs to no indicator: policies, ranking, grades, vetoes."""

    title: str = ""
    basis: str = ""
    language: Language = field(default="zh", compare=False)
    units: UnitsLine | None = None
    period: PeriodLine | None = None
    sheets: tuple[SheetLine, ...] = ()
    check_date: date | None = None
    working_days: WorkingDaysLine | None = None
    full_marks: Number | None = None
    definitions: tuple[Definition, ...] = ()
    parts: tuple[PartNode, ...] = ()
    indicators: tuple[IndicatorNode, ...] = ()
    statements: tuple[Sentence | Policy | Rank | TotalIs | Converted, ...] = ()
    examples: tuple[Example, ...] = ()
    published: tuple[Published, ...] = ()
    checks: tuple[Check, ...] = ()
    refused: tuple[Name, ...] = ()  # declared, but what they mean cannot be read
    unread: frozenset[str] = frozenset()  # the headings that stand there, but cannot be read
    span: Span | None = field(default=None, compare=False, repr=False)  # its beginning
