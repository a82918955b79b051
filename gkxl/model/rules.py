"""The model: what a rule file means once names, kinds, bands and policies are settled. The small closed core.

Many forms of sentence are lowered (in `lower.py`) to the few nodes here; the interpreter sees only these.
Places (`Span`) ride along and never count in comparisons.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Literal

from gkxl.diagnostics import Language, Span
from gkxl.frozen import dataclass
from gkxl.model.forms import Forms
from gkxl.periods import DayRule, Period, PeriodKind, TimeUnit
from gkxl.values import Kind, Number

# --- Numbers that are computed ---------------------------------------------------------------------------------------


class Rounding(Enum):
    NONE = "none"
    UP = "up"
    DOWN = "down"
    HALF_UP = "half up"


@dataclass(frozen=True, slots=True)
class Const:
    """A number or date of the rule text. `shown` is how the author wrote it (`20%`, `5000万`, `2025-03-31`)."""

    value: Number | date
    kind: Kind
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of a term for the unit and period at hand; `term` is its first name, `shown` the name as written.

    `rate`: known to be one, which explanations give in percent.
    """

    term: str
    shown: str = field(default="", compare=False)
    rate: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`op` is + - * /; `when_zero` is the result stated for a division by 0 (an error where None)."""

    op: str
    left: Expr
    right: Expr
    when_zero: Number | None = None


@dataclass(frozen=True, slots=True)
class Rounded:
    """A count target that is made whole; the explanation names the policy (`任务数20%即0.6条,向上取整为1条`)."""

    expr: Expr
    mode: Rounding


@dataclass(frozen=True, slots=True)
class Score:
    """A computed score: the total (`indicator` None) or the points of one indicator. Only in gates and grades."""

    indicator: str | None = None


@dataclass(frozen=True, slots=True)
class DayIn:
    """3月31日, 每月5日: the day of the period at hand. `shown` as written, under which its date is noted."""

    rule: DayRule
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class OrCheckDate:
    """The date of a term; where it is blank, the check date (an error if none is stated)."""

    ref: Ref
    check_date: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The place of the unit in its group by a term or the points of an indicator, among the units of `audiences` alone.

    `skip`: ties leave out the next places (1,2,2,4), else these follow (1,2,2,3). `rate`: the term is one.
    """

    of: Ref | Score
    skip: bool
    lowest_first: bool = False
    audiences: tuple[Audience, ...] = ()
    rate: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class PeriodTotals:
    """The totals of the shorter periods of an entry: their average (over those that have one), or their sum.

    `without`: "highest", "lowest" are left out. Only in the formula of a total, as the three below.
    """

    unit: PeriodKind
    average: bool
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What indicators (those of a part, or one) count: their points after rescaling and weight."""

    indicators: tuple[str, ...]
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class LongerCounted:
    """What all indicators of a longer period than the rubric's count, bonuses aside."""


@dataclass(frozen=True, slots=True)
class BonusesCounted:
    """What all bonuses count, within their cap and behind the gate."""


TotalPart = PeriodTotals | Counted | LongerCounted | BonusesCounted
Expr = DayIn | OrCheckDate | Const | Ref | Arithmetic | Rounded | Score | Place | TotalPart

# --- Conditions over one unit ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compare:
    """`op` is < <= > >= = !=; `label` is the measure word of the mark (条, 次), for explanations only."""

    left: Expr
    op: str
    right: Expr
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes/no term is yes, or a count is above 0."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Not:
    condition: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple[Condition, ...]


Condition = Compare | Holds | Not | AllOf | AnyOf

# --- What a sentence gives -------------------------------------------------------------------------------------------


class Partial(Enum):
    """What a step that is not full counts."""

    IGNORED = "ignored"
    COUNTS_ONE = "counts as one"
    PRO_RATA = "pro rata"


@dataclass(frozen=True, slots=True)
class Fixed:
    points: Number


@dataclass(frozen=True, slots=True)
class Steps:
    """`points` for each `size` by which `value` lies beyond `mark` (above it, or below if `below`); no mark is 0.

    `limit`: all steps together give no more than this, either way (a count-down ends at 0).
    """

    value: Expr
    points: Number
    size: Expr
    mark: Expr | None = None
    below: bool = False
    partial: Partial = Partial.IGNORED
    label: str = field(default="", compare=False)
    limit: Number | None = None
    months: bool = False  # from a day: the size is in months of the calendar


@dataclass(frozen=True, slots=True)
class Amount:
    """The number itself is the points (`得书面考核分`, `得分=完成数÷任务数×50`); negative when `sign` is -1."""

    expr: Expr
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Between:
    """Points in proportion: from `low_points` at `low` to `high_points` at `high`, the end points beyond them."""

    value: Expr
    low: Expr
    high: Expr
    low_points: Number
    high_points: Number


@dataclass(frozen=True, slots=True)
class ZeroIndicator:
    """本项不得分: the indicator's points are 0 whatever its other sentences give."""


@dataclass(frozen=True, slots=True)
class Veto:
    """`what`: "grade" (value: the grade), "total" (value: the number), "bar" (value: the grade it bars from), "stop"."""

    what: str
    value: str | Number | None = None


Outcome = Fixed | Steps | Amount | Between | ZeroIndicator | Veto


@dataclass(frozen=True, slots=True)
class Branch:
    """`condition` None always holds. Several outcomes add up."""

    condition: Condition | None
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Cap:
    """The points stay within -limit … limit, in each period of `per` (None: the period of the indicator).

    `then`: the cap of the next longer period, on what this one leaves.
    """

    limit: Number
    per: PeriodKind | None = None
    then: Cap | None = None

    def chain(self) -> tuple[Cap, ...]:
        """This cap and those of longer periods, in the order in which they hold."""
        return (self, *(self.then.chain() if self.then is not None else ()))


@dataclass(frozen=True, slots=True)
class Pick:
    """One part of a sentence: the first branch that holds decides; none holding gives nothing (0).

    `per`: it is evaluated for each of these shorter periods.
    """

    branches: tuple[Branch, ...]
    cap: Cap | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
    per: PeriodKind | None = None


@dataclass(frozen=True, slots=True)
class Price:
    key: tuple[str, ...]  # as written, for each column or side by side; compares by facts.price_key
    points: Number


@dataclass(frozen=True, slots=True)
class Repeats:
    """How the rows of all price lists of an indicator are counted: first `times`, then `share`, then `once`.

    `times`: yes/no columns, with the factor of a row that has a yes; `share`: a column of how many share the points;
    `once`: of rows with the same value there the highest alone; `adds_up`: a row may count in several lists.
    """

    once: str | None = None
    adds_up: bool = False
    times: tuple[tuple[str, Number], ...] = ()
    share: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns looked at: `once`, `times`, `share`, so far as there are."""
        ends = [(self.once,), tuple(column for column, _ in self.times), (self.share,)]
        return tuple(column for end in ends for column in end if column is not None)


@dataclass(frozen=True, slots=True)
class Prices:
    """Each row of the term's ledger earns the price of its key; `columns` None: the one column that holds the keys.

    `otherwise`: the price of any other key; None: a row without a price is an error. With no columns at all (每采用1条
    计5分, where `repeats` holds) every row has the one price.
    """

    ref: Ref
    prices: tuple[Price, ...]
    columns: tuple[str, ...] | None = None
    otherwise: Number | None = None
    cap: Cap | None = None
    label: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)
    repeats: Repeats | None = None


Clause = Pick | Prices


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom it concerns: units whose group, or yes/no column of the units' sheet, is one of `words` (none, if `but`)."""

    words: tuple[str, ...]
    but: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an indicator (or of the file, for vetoes). Its clauses add up; `cap` holds for their sum."""

    clauses: tuple[Clause, ...]
    language: Language
    text: str = field(compare=False)  # the sentence as written, without its article
    span: Span = field(compare=False, repr=False)
    article: str = ""
    audience: Audience | None = None
    cap: Cap | None = None
    per: PeriodKind | None = None  # only in entries of this period; None: in all


class Exemption(Enum):
    """What an indicator comes to where a cell of its terms says 不涉及."""

    FULL_MARKS = "full marks"
    NO_DEDUCTION = "no deduction"
    RESCALE = "rescale"
    GROUP_AVERAGE = "group average"
    NOT_ASSESSED = "not assessed"


@dataclass(frozen=True, slots=True)
class Part:
    """大项: its indicators name it. `weight` multiplies what they come to within the caps of what is earned and lost.

    `rescales`: what does not apply is rescaled within the part, as far as anything of it applies.
    """

    name: str
    span: Span = field(compare=False, repr=False)
    worth: Number | None = None
    weight: Number | None = None
    earnings_cap: Number | None = None
    deductions_cap: Number | None = None
    audience: Audience | None = None
    rescales: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    """`low` and `high` bound the points (None: no bound); `start` is added before the awards.

    `not_reported_zero` (未报资料记0分): a blank, or text that ends in 记0分/计0分, is 0 and goes into the remark.
    `missing` None: the rubric's policy. `exemption` None: none is stated, so that a 不涉及 is an error.
    """

    name: str
    sentences: tuple[Sentence, ...]
    span: Span = field(compare=False, repr=False)
    worth: Number | None = None
    weight: Number | None = None
    start: Number = Decimal(0)
    low: Number | None = None
    high: Number | None = None
    earnings_cap: Cap | None = None
    audience: Audience | None = None
    period: PeriodKind | None = None  # None: the rubric's
    bonus: bool = False
    not_reported_zero: bool = False
    part: str | None = None
    missing: Missing | None = None
    deductions_cap: Number | None = None
    exemption: Exemption | None = None


# --- Terms: what the facts are and where they stand ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the ledger by its header, as written."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A value a cell may hold, as written; compares by values.name_key."""

    text: str


@dataclass(frozen=True, slots=True)
class CheckDate:
    """监测时点: the file's fixed "today"."""


@dataclass(frozen=True, slots=True)
class After:
    """The moment so many days, working days, hours or months after the date in `column` of the row."""

    column: str
    count: Number
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class InForce:
    """The dated value that is in force on the date of the row; `values` as in Dated."""

    term: str
    values: tuple[tuple[date, Const, str], ...]


Operand = Const | Column | Text | CheckDate | After | InForce


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """`op`: "=", "!=", "<", "<=", ">", ">=", "blank", "not blank", "contains", "one of", "true" (a yes/no column),
    "months before" (operands: n, CheckDate). A comparison with a blank cell is false. A name after < <= > >= is a Column.
    """

    column: str
    op: str
    operands: tuple[Operand, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RowNot:
    test: RowTest


@dataclass(frozen=True, slots=True)
class RowAll:
    tests: tuple[RowTest, ...]


@dataclass(frozen=True, slots=True)
class RowAny:
    tests: tuple[RowTest, ...]


@dataclass(frozen=True, slots=True)
class TimeBetween:
    """The time from the date in `start` to the date in `end` of a row, the start day not counted; early is 0, a blank end
    is the check date. In hours it is what the clock says."""

    start: str
    end: str
    unit: TimeUnit = TimeUnit.DAY


@dataclass(frozen=True, slots=True)
class Lasts:
    """The time between two dates of the row compares so with `count`."""

    between: TimeBetween
    op: str
    count: Number
    span: Span | None = field(default=None, compare=False, repr=False)


RowTest = ColumnTest | Lasts | RowNot | RowAll | RowAny


class Aggregation(Enum):
    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    LARGEST = "largest"
    SMALLEST = "smallest"
    LATEST = "latest"
    DIFFERENT = "different"
    VALUE = "value"  # the one value of this unit and period
    ANY = "any"  # yes/no: is there a row?


@dataclass(frozen=True, slots=True)
class FromRows:
    """`column` None only for COUNT and ANY. `manual`: the range of a manual score.

    `other`: the column that the words of the author name as well, if the sheet has it.
    """

    op: Aggregation
    sheet: str
    where: RowTest | None = None
    column: str | TimeBetween | None = None
    manual: tuple[Number, Number] | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
    other: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PeriodsWith:
    """How many `unit`s of the period have a count of `term` that compares so (`without`: = 0). Empty ones count.

    `in_row`: how many of them, at most, follow one another without a break.
    """

    unit: PeriodKind
    term: str
    op: str
    number: Number
    in_row: bool = False


@dataclass(frozen=True, slots=True)
class InPeriod:
    """The term's value in an earlier period: so many years, or so many periods of the kind at hand, before."""

    term: str
    years: int = 0
    periods: int = 0


@dataclass(frozen=True, slots=True)
class OfGroup:
    """The largest, smallest or average value of a term among the units of the unit's group, or all where none are grouped."""

    term: str
    op: Aggregation


@dataclass(frozen=True, slots=True)
class Computed:
    """A constant or a formula over other terms."""

    expr: Expr


@dataclass(frozen=True, slots=True)
class ByGroup:
    """一类单位 6,二类单位 5,其余 2: the first word that fits the unit (as in Audience); None: an error for other units."""

    cases: tuple[tuple[str, Const], ...]
    otherwise: Const | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """The value in force on the last day of the period. `values` by the day each begins, with its document, in order."""

    values: tuple[tuple[date, Const, str], ...]


Measure = FromRows | PeriodsWith | InPeriod | OfGroup | Computed | ByGroup | Dated


@dataclass(frozen=True, slots=True)
class Term:
    """`kind` None until the book tells it (a bare column value). `stated`: by a line of its own, not on the spot (上年结案率)."""

    name: str
    aliases: tuple[str, ...]
    measure: Measure
    span: Span = field(compare=False, repr=False)
    kind: Kind | None = None
    stated: bool = True


# --- The whole file --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Units:
    sheet: str
    column: str
    group_column: str | None = None
    alias_column: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """What a 表/sheet line says; None where it leaves the default. `epoch_1904` is for tables that come without a workbook."""

    sheet: str
    unit_column: str | None = None
    date_column: str | None = None
    header_row: int | None = None
    title: str | None = None
    undated: bool = False
    every_period: bool = False
    epoch_1904: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days are worked on: by the published calendar of China (`sheet` None), or by a sheet of days off."""

    sheet: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


class Missing(Enum):
    ERROR = "error"
    ZERO = "counts 0"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Within each group by the total, or `by`; `skip`: 1,2,2,4, else 1,2,2,3. `lowest_first`: small is good."""

    skip: bool
    lowest_first: bool = False
    per: PeriodKind | None = None  # as in Sentence
    by: Ref | Score | None = None


@dataclass(frozen=True, slots=True)
class TopPlaces:
    """Place ≤ `count` within the group. `strict`: with all that tie there, or none of them."""

    count: int
    strict: bool = False


@dataclass(frozen=True, slots=True)
class TopShare:
    """Place (skipping) ≤ `share` of the group's assessed units, rounded by `rounding`."""

    share: Number
    rounding: Rounding
    strict: bool = False


@dataclass(frozen=True, slots=True)
class GradeBand:
    """The first band of the list that holds names the grade; all its conditions must hold, none given is otherwise."""

    grade: str
    conditions: tuple[Condition | TopPlaces | TopShare, ...]
    audience: Audience | None = None
    per: PeriodKind | None = None  # as in Sentence
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Gate:
    """总分超过80分的,计入加分: bonuses count only where the condition on the total without bonuses holds."""

    condition: Condition
    per: PeriodKind | None = None  # as in Sentence
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Total:
    """The total of an entry by a formula. `per` None: of every entry that shorter ones make up."""

    expr: Expr
    per: PeriodKind | None
    language: Language
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Conversion:
    """按4%折算计入全县绩效: a share of the total that counts elsewhere. `per` as in Sentence."""

    share: Number
    into: str
    per: PeriodKind | None = None


PublishedKind = Literal["total", "rank", "grade", "indicator", "part", "term", "sentence"]


@dataclass(frozen=True, slots=True)
class Published:
    """公布: a figure that has been published. `of`: the indicator, part, term or text of the sentence whose points it is.

    `term` reads it, and is none of the rubric's own: what is scored never hangs on what is published.
    """

    what: PublishedKind
    of: str
    term: Term


@dataclass(frozen=True, slots=True)
class Stated:
    """A line that settles something for the whole file, or for what is `of` that name: for reports. `what` as in tree.Policy."""

    what: str  # also "rank", "total", "converted"
    span: Span
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Rubric:
    """One rule file, checked."""

    title: str
    basis: str
    language: Language
    units: Units | None
    period: PeriodKind | None
    fixed_period: Period | None
    sheets: tuple[SheetLine, ...]
    terms: dict[str, Term]  # by first name, in the order of the file; names in Ref are first names
    indicators: tuple[Indicator, ...]
    sentences: tuple[Sentence, ...] = ()  # of no indicator: vetoes
    missing: Missing | None = None
    check_date: date | None = None
    working_days: WorkingDays | None = None
    ranking: Ranking | None = None
    grades: tuple[GradeBand, ...] = ()
    gate: Gate | None = None
    bonus_cap: Number | None = None
    points_places: int | None = None
    total_places: int | None = None
    not_reported_zero: bool = False
    parts: tuple[Part, ...] = ()
    bonus_per: PeriodKind | None = None  # the entries that the cap of all bonuses holds for; None: the rubric's periods
    totals: tuple[Total, ...] = ()
    conversion: Conversion | None = None
    published: tuple[Published, ...] = ()
    forms: Forms = Forms((), {})
    stated: tuple[Stated, ...] = field(default=(), compare=False, repr=False)

    @property
    def checks_alone(self) -> bool:
        """Nobody is scored: each workbook is a form, and units only owe one."""
        return bool(self.forms.checks) and not self.indicators
