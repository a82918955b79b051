"""What gkxl tells its users: places, codes and diagnostics.

Imports nothing of gkxl. A pass never raises for a user's mistake: it returns `(result, [Diagnostic])`.
Every code is declared once, in `CODES`, with its sentence in Chinese and English.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Language = Literal["zh", "en"]
Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, eq=False)
class Source:
    """The text of one rule file (decoded, line ends as they stand) and the name it is shown under."""

    path: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        starts, text = [0], self.text
        for i, char in enumerate(text):
            if char == "\n":
                starts.append(i + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character offset; the column counts characters."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end."""
        starts = self._line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (excluded) of a source."""

    source: Source
    start: int
    end: int

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.path}:{line}:{column}"

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, other.end)


def column_letters(column: int) -> str:
    """A1 letters of a column number from 1: 1 is A, 27 is AA (ECMA-376 part 1, 18.3.1.4, attribute r)."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True, order=True)
class CellRef:
    """One cell; `row` and `column` count from 1. A column of 0 is the whole row, a row of 0 the whole column or sheet."""

    sheet: str
    row: int
    column: int

    @property
    def a1(self) -> str:
        return f"{column_letters(self.column)}{self.row or ''}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.a1}" if self.row or self.column else self.sheet


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A whole file, named as the user named it."""

    path: str

    def __str__(self) -> str:
        return self.path


Place = Span | CellRef | FilePlace | None


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding. `zh` and `en` are `str.format` templates over the diagnostic's values."""

    number: str
    name: str
    severity: Severity
    zh: str
    en: str


CODES: dict[str, Code] = {}
_NAMES: set[str] = set()


def declare(number: str, name: str, severity: Severity, zh: str, en: str) -> Code:
    """Declare a code once; a second declaration of a number or name is a bug."""
    if number in CODES or name in _NAMES:
        raise ValueError(f"code {number} {name} is declared twice")
    _NAMES.add(name)
    CODES[number] = Code(number, name, severity, zh, en)
    return CODES[number]


@dataclass(frozen=True)
class Diagnostic:
    """One finding: its code, place, the values of its message, further notes, in one language.

    `notes` are finished sentences in `language`: what was understood, the nearest names, lines ready to paste.
    """

    code: Code
    place: Place
    language: Language
    values: dict[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.code.severity

    @property
    def message(self) -> str:
        template = self.code.zh if self.language == "zh" else self.code.en
        return template.format(**self.values)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place is not None else ""
        return f"{where}{self.code.number} {self.message}"


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.severity == "error" for d in diagnostics)


class GkError(Exception):
    """Raised by the public functions when there is no result to give; carries the diagnostics."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(d) for d in self.diagnostics))


# Lines ready to paste where working days are counted and nobody says which days these are.
WORKING_DAYS_LINES: dict[Language, tuple[str, ...]] = {
    "zh": (
        "工作日 按 中国  # 国务院公布的放假调休安排",
        "工作日 取自 节假日表  # 一列日期是休息日,可加一列标明补班日",
    ),
    "en": (
        "working days follow China  # the published holidays and make-up days",
        "working days from Holidays  # a sheet: a column of days off, a second one may mark make-up days",
    ),
}

PUBLISHED_LINES: dict[Language, str] = {
    "zh": "写作:公布 总分 成绩表的总成绩(总分、名次、等次,或指标、大项、事实、一句规则的名称,然后是表和列)",
    "en": "write: published total Total in Results (total, place, grade, or the name of an indicator, part, fact or sentence,"
    " then the column and its sheet)",
}

# --- 1: text ---------------------------------------------------------------------------------------------------------

NO_RULE_FILE = declare("GK101", "no such rule file", "error", "找不到这个规则文件。", "there is no such rule file.")
RULES_UNREADABLE = declare(
    "GK102", "rule file not readable", "error", "读不了这个规则文件:{why}。", "this rule file cannot be read: {why}."
)
RULES_ENCODING = declare(
    "GK103",
    "rule file not in UTF-8",
    "error",
    "这个文件是{encoding}编码的。请在编辑器里另存为UTF-8(记事本:另存为,编码选UTF-8)。",
    "this file is in {encoding}; save it as UTF-8 (in Notepad: Save as, Encoding UTF-8).",
)
RULES_BINARY = declare(
    "GK104",
    "not a text file",
    "error",
    "这不是文本文件。规则写在扩展名为.gk的文本文件里;工作簿请作为工作簿给出。",
    "this is no text file; rules stand in a text file (.gk), a workbook is given as a workbook.",
)
RULES_EMPTY = declare("GK105", "empty rule file", "error", "这个规则文件是空的。", "this rule file is empty.")
RULES_TOO_LARGE = declare(
    "GK106",
    "rule file too large",
    "error",
    "这个规则文件有{size}KB,超过{limit}KB的限度。",
    "this rule file has {size} KB, more than the limit of {limit} KB.",
)
TOO_MANY_LINES = declare(
    "GK107",
    "too many sentences",
    "error",
    "这个规则文件超过{limit}句,后面的没有读。请分成几个文件。",
    "this rule file has more than {limit} sentences; the rest was not read. Split it.",
)
TOO_MANY_ERRORS = declare(
    "GK108",
    "too many errors",
    "note",
    "错误太多,只列出前{limit}个。请先改正它们。",
    "too many errors; only the first {limit} are listed. Mend these first.",
)

# --- 2: sentences ----------------------------------------------------------------------------------------------------

UNREADABLE = declare(
    "GK201",
    "unreadable sentence",
    "error",
    "读不懂「{text}」。",
    "cannot read \u201c{text}\u201d here.",
)
UNKNOWN_NAME = declare(
    "GK202",
    "unknown name",
    "error",
    "没有声明过「{name}」。请改正名称,或加一行声明它({name} = …)。",
    "\u201c{name}\u201d is not declared; correct the name, or add a line that declares it ({name} = …).",
)
TWO_READINGS = declare(
    "GK203",
    "two readings",
    "error",
    "「{text}」有两种读法。",
    "\u201c{text}\u201d has two readings.",
)
VAGUE = declare(
    "GK204",
    "vague word",
    "error",
    "「{word}」没有确定的数,不能计分。请写明分值或界限;确由人工裁量的,改为人工评分。",
    "\u201c{word}\u201d states no number. State the points or the mark; where somebody decides, use a manual score.",
)
COLLOQUIAL_NUMBER = declare(
    "GK205",
    "colloquial number",
    "error",
    "数字「{text}」不是完整写法,可有两种理解。请写完整(如 一万三千、二百五十)或用阿拉伯数字。",
    "the number \u201c{text}\u201d is not written out in full and can mean two things; write it in full or in digits.",
)
NO_SUCH_DATE = declare(
    "GK206",
    "no such date",
    "error",
    "没有「{text}」这一天。日期请写成 2025-12-31 或 2025年12月31日 的样子。",
    "there is no such date: {text}. Write a date like 2025-12-31.",
)
NO_POINTS = declare(
    "GK207",
    "no points stated",
    "error",
    "「{text}」没有说明加扣多少分。请在后面写明,如:扣2分。",
    "\u201c{text}\u201d does not say how many points it gives or costs; add them, for example: costs 2 points.",
)
NO_REQUIREMENT = declare(
    "GK208",
    "no requirement stated",
    "error",
    "「{text}」没有说明以多少为准。请写明要求的数(如 不少于4次,每少1次扣1分)。",
    "\u201c{text}\u201d does not say what it is short of or beyond; state the mark (at least 4 …, each one short costs 1).",
)
POINTS_RANGE = declare(
    "GK209",
    "points are a range",
    "error",
    "分值「{text}」是一个范围,没有确定的数。请写明分值,或改为人工评分(人工评分{low}到{high}分)。",
    "the points \u201c{text}\u201d are a range; state one number, or use a manual score from {low} to {high}.",
)
PRICES_DO_NOT_MATCH = declare(
    "GK210",
    "keys and points do not match",
    "error",
    "列了{keys}个名目,却有{prices}个分值。请一一对应。",
    "{keys} keys are listed, but {prices} numbers of points; each key needs one.",
)
TWO_PRICES = declare(
    "GK211",
    "two prices for one key",
    "error",
    "「{key}」有两个分值。请只留一个。",
    "\u201c{key}\u201d has two prices; keep one.",
)
STRAY_CLAUSE = declare(
    "GK212",
    "clause without what it belongs to",
    "error",
    "「{text}」接不上前文:它所属的条件、指标或例子要写在它前面。",
    "\u201c{text}\u201d belongs to nothing before it; its condition, indicator or example comes first.",
)
TOO_LONG = declare(
    "GK213",
    "sentence too long",
    "error",
    "这一句有{length}个字,超过{limit}个字的限度。请分成几句。",
    "this sentence has {length} characters, more than the limit of {limit}; split it.",
)

NUMBER_MISSING = declare(
    "GK215",
    "number missing",
    "error",
    "「{text}」前面缺一个数。请写明,如:3{text}。",
    "a number is missing in front of \u201c{text}\u201d; write it, for example: 3 {text}.",
)

CAP_AGAINST_POINTS = declare(
    "GK214",
    "cap against the points",
    "error",
    "「{text}」的上限与前面的加扣方向相反。",
    "the cap \u201c{text}\u201d goes against the points before it: one earns, the other costs.",
)

SHARES_DO_NOT_ADD_UP = declare(
    "GK236",
    "shares do not add up",
    "error",
    "各部分所占的比重合计是{sum},不是100%。",
    "the shares add up to {sum}, not to 100%.",
)

PERIODS_DO_NOT_FIT = declare(
    "GK237",
    "periods do not make up the whole",
    "error",
    "「{text}」合起来不是一{whole}。",
    "\u201c{text}\u201d do not make up a {whole}.",
)

# --- 3: model and policies -------------------------------------------------------------------------------------------

WRONG_KIND = declare(
    "GK301",
    "wrong kind",
    "error",
    "「{name}」的值为{got},这里要的是{needed}。",
    "\u201c{name}\u201d is {got}; {needed} is needed here.",
)
PARTIAL_STEP_NEEDED = declare(
    "GK302",
    "partial-step policy needed",
    "error",
    "「{text}」:不足一步的怎么算没有说明。",
    "\u201c{text}\u201d: what part of a step counts is not stated.",
)
BANDS_OVERLAP = declare(
    "GK303",
    "bands overlap",
    "error",
    "「{first}」与「{second}」两档在「{where}」重叠,而分值不同。请改界限,使各档不重叠。",
    "the bands \u201c{first}\u201d and \u201c{second}\u201d overlap ({where}) with different points; change their marks.",
)
BAND_UNREACHABLE = declare(
    "GK304",
    "band never reached",
    "error",
    "「{second}」这一档永远轮不到:它的范围都已归前面的「{first}」。请把范围小的一档写在前面,或删去这一档。",
    "the band \u201c{second}\u201d is never reached: \u201c{first}\u201d before it takes all of it."
    " Put the narrower band first, or remove this one.",
)
BANDS_HOLE = declare(
    "GK305",
    "hole between bands",
    "error",
    "各档之间缺了「{where}」。请补上这一档,或加「其余…」。",
    "the bands leave out \u201c{where}\u201d; add that band, or an \u201cotherwise\u201d.",
)
WORTH_NEEDED = declare(
    "GK306",
    "worth needed",
    "error",
    "「{text}」要知道本项的分值:请在指标行写明(如 指标 {name} 10分)。",
    "\u201c{text}\u201d needs the indicator's worth; state it (indicator {name} worth 10 points).",
)

MISPLACED = declare(
    "GK307",
    "sentence in the wrong place",
    "error",
    "「{text}」管的是全部得分,请移到指标之外(文件末尾)。",
    "\u201c{text}\u201d is about the whole score; move it out of the indicator, to the end of the file.",
)
REQUIREMENT_PERIOD = declare(
    "GK308",
    "requirement for a longer period",
    "error",
    "「{text}」要求的期间比指标的长。请在指标行末尾加「{option}」,或另立一个指标。",
    "\u201c{text}\u201d names a longer period than the indicator's; put \u201c{option}\u201d on the indicator line.",
)

NO_COUNT = declare(
    "GK309",
    "no count",
    "error",
    "{name}={value}:这里要的是个数(0、1、2…)。",
    "{name}={value}: a count (0, 1, 2 …) is needed here.",
)
NO_KEYS = declare(
    "GK310",
    "no counts by key",
    "error",
    "「{name}」没有按名目的个数。试算时写成 {name}.国家级=2。",
    "\u201c{name}\u201d has no counts by key; give them as {name}.national=2.",
)

NOT_IN_SENTENCE = declare(
    "GK394",
    "names not those of the sentence",
    "error",
    "请给句子里有的名称,各带一个值:{found}。",
    "Give the names that stand in the sentence, each with its value: {found}.",
)
NO_SUCH_KEY = declare(
    "GK395",
    "key not in the price list",
    "error",
    "这一句没有写「{name}」的「{key}」多少分,写了的是:{keys}。",
    "No points are stated for \u201c{key}\u201d of \u201c{name}\u201d; they are for {keys}.",
)
DECLARED_TWICE = declare(
    "GK311",
    "declared twice",
    "error",
    "「{name}」声明了两次:第{first}行和这里。请改名,或删去一处。",
    "\u201c{name}\u201d is declared twice: in line {first} and here. Rename one, or remove it.",
)
CIRCULAR = declare(
    "GK312",
    "circular definition",
    "error",
    "「{name}」的算法绕回了它自己:{path}。请改掉其中一步。",
    "\u201c{name}\u201d is defined by itself: {path}. Change one of these steps.",
)
UNUSED_TERM = declare(
    "GK313",
    "term that nothing uses",
    "warning",
    "「{name}」声明了,但没有一句规则用到它。请核对规则里的名称,或删去这一行。",
    "\u201c{name}\u201d is declared, but no rule uses it; check the names in the rules, or remove this line.",
)
WORTHS_DO_NOT_ADD_UP = declare(
    "GK314",
    "worths do not add up",
    "error",
    "{who}的分值合计{sum}分,与写明的{stated}分不符。请核对各指标的分值。",
    "the worths of {who} add up to {sum}, not to the stated {stated}; check the worth of each indicator.",
)
CAP_ABOVE_WORTH = declare(
    "GK315",
    "cap above the worth",
    "warning",
    "「{text}」的上限{cap}分超过了本项的{worth}分,超出的部分不起作用。",
    "the cap of {cap} in \u201c{text}\u201d is above the indicator's worth of {worth}; the rest has no effect.",
)
START_NEEDED = declare(
    "GK316",
    "start needed",
    "error",
    "指标「{name}」既有加分又有扣分,从多少分算起没有说明。请在指标行写明,如:指标 {name} {worth}分 起评{worth}分。",
    "indicator \u201c{name}\u201d both earns and costs; say where it starts: "
    "indicator {name} worth {worth} points starts at {worth}.",
)
TIES_NEEDED = declare(
    "GK317",
    "ties policy needed",
    "error",
    "同分怎么排没有说明。",
    "what ties do to the places is not stated.",
)
SHARE_ROUNDING_NEEDED = declare(
    "GK318",
    "rounding of a share needed",
    "error",
    "「{text}」:算出的个数不是整数时怎么办没有说明。",
    "\u201c{text}\u201d: what a share that is no whole number comes to is not stated.",
)
UNITS_MISSING = declare(
    "GK319",
    "units line missing",
    "error",
    "没有说明考评谁。请加一行,如:对象 单位表的单位。",
    "nobody is named to be assessed; add a line such as: units Unit in Units.",
)
PERIOD_MISSING = declare(
    "GK320",
    "period line missing",
    "error",
    "没有说明考评的周期。请加一行:周期 季度(或 月、半年、年,或固定的 周期 年 2022)。",
    "no period is stated; add a line: period quarter (or month, half-year, year, or a fixed one: period year 2022).",
)
NOTHING_TO_SCORE = declare(
    "GK321",
    "no indicator",
    "error",
    "规则里没有一个指标。请写:指标 名称,下面写规则。",
    "the rules have no indicator; write: indicator NAME, and the rules below it.",
)
FIGURE_IN_A_SENTENCE = declare(
    "GK331", "figure-in-a-sentence", "error",
    "“{name}”是固定表格里的格,只能用在核对里,不能用来给单位计分。",
    "“{name}” is made of cells of a fixed form: checks can name it, sentences that score units cannot.",
)  # fmt: skip
NOT_OF_A_FORM = declare(
    "GK332", "not-of-a-form", "error",
    "“{name}”要按单位和周期来算,不能用在核对里。核对只能用表格里的格(年报!D5)、行、列,以及用它们定义的词。",
    "“{name}” is worked out by unit and period, so a check cannot name it. Checks take cells (Report!D5), rows and columns of"
    " a form, and terms defined by them.",
)  # fmt: skip
LINE_WITHOUT_EACH = declare(
    "GK333", "line-without-each", "error",
    "“{text}”是一整行(列),没有说在哪些列(行)里核对。",
    "“{text}” is a whole row or column, and the check does not say in which columns or rows it is made.",
)  # fmt: skip
LINE_ALONG_EACH = declare(
    "GK334", "line-along-each", "error",
    "逐列核对的是各行的格,逐行核对的是各列的格,“{text}”方向反了。",
    "A check for each column is of rows, one for each row of columns; “{text}” runs the other way.",
)  # fmt: skip
FORM_TOO_LARGE = declare(
    "GK335", "check-of-too-many-cells", "error",
    "这个核对要读的格超过 {limit} 个。请把范围写小。",
    "This check would read more than {limit} cells. Name a smaller range.",
)  # fmt: skip
NO_SUCH_INDICATOR = declare(
    "GK322",
    "no such indicator",
    "error",
    "没有叫「{name}」的指标。",
    "there is no indicator \u201c{name}\u201d.",
)
ONCE_ONLY = declare(
    "GK323",
    "said twice",
    "error",
    "「{what}」只能说一次,前面已经说过。",
    "\u201c{what}\u201d can be said only once; it is said before.",
)

NOTHING_APPLIES = declare(
    "GK324",
    "nothing applies",
    "error",
    "给出的值是不涉及,「{text}」没有可计的分。",
    "a value given is not applicable, so \u201c{text}\u201d gives no points.",
)

INDICATOR_LINE_UNREAD = declare(
    "GK325",
    "indicator line not understood",
    "error",
    "指标行里的「{text}」没有看懂。分值写作 20分,限定写作 限一类单位,规则另起一行。",
    "\u201c{text}\u201d on the indicator line is not understood. Write worth 20 points, for class one units;"
    " a rule goes on a line of its own.",
)
NO_RULES = declare(
    "GK326",
    "indicator without rules",
    "warning",
    "指标「{name}」下面没有一句规则,总是0分或满分。",
    "indicator \u201c{name}\u201d has no rule below it, so it always gives the same points.",
)
NO_SUCH_GRADE = declare(
    "GK327",
    "no such grade",
    "error",
    "没有叫「{name}」的等次。",
    "there is no grade \u201c{name}\u201d.",
)
EMPTY_RANGE = declare(
    "GK328",
    "range the wrong way round",
    "error",
    "「{low}至{high}」前大后小,什么数都不在里面。请把小的写在前面。",
    "\u201cfrom {low} to {high}\u201d holds nothing; put the lower end first.",
)
NOT_ABOVE_ZERO = declare(
    "GK329",
    "step not above 0",
    "error",
    "每{size}一步的写法不成立:一步要大于0。",
    "a step of {size} is none; it has to be above 0.",
)
WORKING_DAYS_NEEDED = declare(
    "GK350",
    "working days not stated",
    "error",
    "这里要数工作日,但没有说明哪些天是工作日。请加一行(二选一)。",
    "working days are counted here, but nobody says which days these are; add one of these lines.",
)
CHECK_DATE_NEEDED = declare(
    "GK351",
    "check date not stated",
    "error",
    "这里要看监测时点,但没有说明是哪一天。请加一行:监测时点 2025-12-31",
    "the check date matters here, but none is stated; add a line: check date 2025-12-31",
)
TIME_UNIT = declare(
    "GK352",
    "another unit of time",
    "error",
    "这里说的是{said},声明的是按{counted}数的,换算不了。请改成一样的单位。",
    "this says {said}, but the time is counted in {counted}, and one is not so many of the other; use the same unit.",
)
TIME_OF_ROW_NEEDED = declare(
    "GK353",
    "time of each row needed",
    "error",
    "「{text}」要知道每一条用了多久,这要声明一次,不带「之和」。",
    "\u201c{text}\u201d needs the time that each row took, declared once, without \u201csum of\u201d.",
)
SAID_TWICE = declare(
    "GK330",
    "same sentence twice",
    "warning",
    "「{text}」在这个指标里写了两遍,会计两次分。",
    "\u201c{text}\u201d stands twice in this indicator, so it counts twice.",
)
FORMULA_LEAVES_OUT = declare(
    "GK370",
    "total leaves out an indicator",
    "warning",
    "总分的算法里没有「{name}」,它的分不计入总分。",
    "the total leaves out \u201c{name}\u201d: its points do not count.",
)
BONUSES_LEFT_OUT = declare(
    "GK371",
    "total leaves out the bonuses",
    "error",
    "总分的算法里没有加分项「{name}」:加分怎么计没有说明。",
    "the total leaves out the bonus \u201c{name}\u201d: how bonuses count is not stated.",
)
PERIODS_NOT_SHORTER = declare(
    "GK372",
    "periods of a total",
    "error",
    "「{text}」要的是各{unit}的总分,而本文件的周期是{period}。",
    "\u201c{text}\u201d asks for the totals of {unit}s, but the period of this file is the {period}.",
)
NO_LONGER_INDICATOR = declare(
    "GK373",
    "no indicator of the longer period",
    "error",
    "「{text}」:没有哪个指标是{period}的。",
    "\u201c{text}\u201d: there is no {period} indicator.",
)
PERIOD_TOO_SHORT = declare(
    "GK374",
    "shorter than the period of the file",
    "error",
    "「{text}」说的是每{unit},而本文件的周期是{period},没有每{unit}的总分。",
    "\u201c{text}\u201d is about each {unit}, but the period of this file is the {period}: no {unit} has a total.",
)

CAP_UNREACHED = declare(
    "GK340",
    "cap never reached",
    "warning",
    "「{text}」的上限{cap}分永远到不了:最多只有{most}分。请核对上限或分值。",
    "the cap of {cap} in \u201c{text}\u201d is never reached: there are at most {most}. Check the cap or the points.",
)
PART_OPTION = declare(
    "GK341",
    "option that a part has not",
    "error",
    "大项「{name}」的行里只能写分值、权重、限和周期;起评写在指标行上。",
    "the line of part \u201c{name}\u201d states worth, weight, units and period; where it starts is said by its indicators.",
)
PART_EMPTY = declare(
    "GK342",
    "part without indicators",
    "warning",
    "大项「{name}」下面没有指标。",
    "part \u201c{name}\u201d has no indicators.",
)
NO_PRICED_ROWS = declare(
    "GK360",
    "nothing that rows are priced by",
    "error",
    "「{text}」管的是按行计分的句子,指标「{name}」里却没有:请写按级别计分的句子,其名称是「…的记录」。",
    "\u201c{text}\u201d is about sentences that price rows, and indicator \u201c{name}\u201d has none: write a price list"
    " of a term that is rows of a sheet.",
)
ROWS_NEEDED = declare(
    "GK361",
    "rows needed",
    "error",
    "「{text}」要看一行一行的台账,单句试算不了。请写进规则文件,用「例」里的小表试。",
    "\u201c{text}\u201d looks at the rows of a ledger, which one sentence does not have: put it into a rule file and try it"
    " by an example with rows.",
)

STEP_OF_ROWS = declare(
    "GK362",
    "several rows for one price",
    "error",
    "「{text}」几行合起来才给一次分,取最高、加倍、平均就说不清算在哪一行。请改成每1条多少分。",
    "\u201c{text}\u201d gives points for several rows together, so that what is highest, doubled or shared cannot be told"
    " row by row; state the points of each one.",
)
VIEW_OF_NOTHING = declare(
    "GK390",
    "no term named",
    "error",
    "“{name}”没有写明是哪一项的,例如:{name}结案率。",
    "“{name}” does not say of what; for example: {name} of the closing rate.",
)
VALUE_NEEDED = declare(
    "GK391",
    "value of another period or unit needed",
    "error",
    "这一句要用“{name}”,请把它的值也给出:'{name}=…'。",
    "this sentence needs “{name}”; give its value, too: '{name}=…'.",
)
SAME_DAY = declare(
    "GK392",
    "two values from the same day",
    "error",
    "有两个值都从{day}起。每个日期只写一个值。",
    "two values begin on {day}; write one value for each day.",
)
LOOKS_BACK_TWICE = declare(
    "GK393",
    "earlier period of an earlier period",
    "error",
    "“{name}”里又用到更早的一期(“{inner}”)。请直接写“前年”或“前两年平均”,或把更早的数据放进表里。",
    "“{name}” rests on a still earlier period (“{inner}”); say “the year before last's” or “previous two years' average”, "
    "or put the older figures in a sheet.",
)

VETO_LIMITED = declare(
    "GK343",
    "veto for some units only",
    "warning",
    "「{text}」写在指标「{name}」下面,只管这个指标所管的单位。管全部单位的,请移到第一个指标之前。",
    "\u201c{text}\u201d stands below indicator \u201c{name}\u201d, so it is for the units of that indicator only."
    " If it is for all of them, move it in front of the first indicator.",
)

NAME_SPLITS = declare(
    "GK380",
    "name that could split",
    "warning",
    "「{name}」也可以拆成 {parts}。句子里总是整个读作一个名称。",
    "\u201c{name}\u201d can also be read as {parts}; in a sentence it is always read as the one name.",
)

# --- 4: data ---------------------------------------------------------------------------------------------------------

TEXT_FOR_NUMBER = declare(
    "GK401", "text-for-number", "error",
    "“{column}”要数字,单元格里是“{text}”。",
    "“{column}” needs a number; the cell holds “{text}”.",
)  # fmt: skip
ERROR_CELL = declare(
    "GK402", "error-cell", "error",
    "“{column}”的单元格是错误值 {text}。请先在表里改正这个公式。",
    "The cell of “{column}” holds the error {text}. Correct its formula in the workbook first.",
)  # fmt: skip
UNCALCULATED_CELL = declare(
    "GK403", "formula-uncalculated", "error",
    "“{column}”的公式未计算:请用 Excel/WPS 打开保存一次。",
    "The formula of “{column}” was never calculated: open the workbook in Excel/WPS and save it once.",
)  # fmt: skip
TEXT_FOR_DATE = declare(
    "GK404", "text-for-date", "error",
    "“{column}”的日期“{text}”存成了文本(看来是 {date}),没有采用。请改成真正的日期。",
    "The date “{text}” of “{column}” is stored as text (it looks like {date}) and was not used. Make it a real date.",
)  # fmt: skip
NOT_A_DATE = declare(
    "GK405", "not-a-date", "error",
    "“{column}”要日期,单元格里是“{text}”。请按 2025-12-31 的样子输入日期。",
    "“{column}” needs a date; the cell holds “{text}”. Enter a date such as 2025-12-31.",
)  # fmt: skip
NOT_YES_OR_NO = declare(
    "GK406", "not-yes-or-no", "error",
    "“{column}”要填是或否,单元格里是“{text}”。请填 是/否、有/无、√/×、Y/N 或 TRUE/FALSE。",
    "“{column}” needs yes or no; the cell holds “{text}”. Enter Y/N, TRUE/FALSE, yes/no or √/×.",
)  # fmt: skip
NUMBER_FOR_RATE = declare(
    "GK407", "number-for-rate", "error",
    "“{column}”要百分比,单元格里是普通数字 {text}。请输入 35% 这样的百分比,或把表头写成以(%)结尾。",
    "“{column}” needs a rate; the cell holds the plain number {text}. Enter it as 35%, or end the header in (%).",
)  # fmt: skip
RATE_FOR_NUMBER = declare(
    "GK408", "rate-for-number", "error",
    "“{column}”要普通数字,单元格里是百分比 {text}。请改单元格格式,或在规则里写百分比。",
    "“{column}” needs a plain number; the cell holds the rate {text}. Change its format, or write a rate in the rule.",
)  # fmt: skip
SCORE_OUT_OF_RANGE = declare(
    "GK409", "manual-score-out-of-range", "error",
    "人工评分 {value} 不在 {low} 到 {high} 之间。请更正评分。",
    "The manual score {value} is not between {low} and {high}. Correct it.",
)  # fmt: skip
TWO_VALUES = declare(
    "GK410", "two-values", "error",
    "“{term}”要一个值,{unit}在{period}有两个:{first} 和 {second}。请删去一个,或用条件区分。",
    "“{term}” is one value, but {unit} has two in {period}: {first} and {second}. Remove one, or tell them apart by a"
    " condition.",
)  # fmt: skip
SHEET_UNKNOWN = declare(
    "GK411", "sheet-unknown", "error",
    "工作簿里没有叫“{name}”的工作表、表格或名称。",
    "The workbook has no sheet, table or defined name “{name}”.",
)  # fmt: skip
SHEET_TWICE = declare(
    "GK412", "sheet-twice", "error",
    "“{name}”可以指 {first},也可以指 {second}。请给其中一个改名。",
    "“{name}” may mean {first} or {second}. Rename one of them.",
)  # fmt: skip
COLUMN_UNKNOWN = declare(
    "GK413", "column-unknown", "error",
    "“{sheet}”里没有“{name}”列(表头是 {header})。",
    "“{sheet}” has no column “{name}” (its header is {header}).",
)  # fmt: skip
COLUMN_TWICE = declare(
    "GK414", "column-twice", "error",
    "“{name}”在“{sheet}”里不止一列:{first} 和 {second}。请改其中一个表头,或写出两行表头的全称。",
    "“{name}” is more than one column of “{sheet}”: {first} and {second}. Rename one header, or write the whole path"
    " of a two-row header.",
)  # fmt: skip
COLUMN_OR_WORDS = declare(
    "GK466", "column-or-words", "error",
    "“{text}”有两种读法:“{sheet}”正好也有“{header}”列({cell})。",
    "“{text}” has two readings: “{sheet}” has a column “{header}” ({cell}) as well.",
)  # fmt: skip
HEADER_UNKNOWN = declare(
    "GK415", "header-unknown", "error",
    "“{sheet}”里找不到表头:前 {rows} 行没有一行写着{names}。",
    "“{sheet}” has no header row: none of its first {rows} rows names {names}.",
)  # fmt: skip
HEADER_TWICE = declare(
    "GK416", "header-twice", "error",
    "“{sheet}”里有两行都像表头:{first} 和 {second}。",
    "“{sheet}” has two rows that could be the header: {first} and {second}.",
)  # fmt: skip
TITLE_UNKNOWN = declare(
    "GK417", "title-unknown", "error",
    "“{sheet}”的前 {rows} 行里没有标题“{title}”。请照表上的字写标题。",
    "The first {rows} rows of “{sheet}” have no title “{title}”. Write it as it stands in the sheet.",
)  # fmt: skip
DATE_COLUMNS = declare(
    "GK418", "date-columns-several", "error",
    "“{sheet}”不止一列日期({columns}),不能确定一行属于哪一期。",
    "“{sheet}” has more than one column of dates ({columns}); which of them dates a row is unknown.",
)  # fmt: skip
DATE_BLANK = declare(
    "GK419", "date-blank", "warning",
    "这一行没有日期或期间,不属于任何一期,没有计入。请补上。",
    "This row has no date or period: it is in no period and was counted nowhere. Enter it.",
)  # fmt: skip
DATE_OUTSIDE = declare(
    "GK420", "date-outside", "warning",
    "{date} 不在考评周期 {period} 之内,这一行没有计入。请核对日期。",
    "{date} is outside the period {period}; this row was not counted. Check the date.",
)  # fmt: skip
PERIOD_UNREADABLE = declare(
    "GK421", "period-unreadable", "error",
    "看不懂期间“{text}”。请写成 2025Q4、2025年10月 或 2025 的样子。",
    "The period “{text}” cannot be read. Write it like 2025Q4, 2025-10 or 2025.",
)  # fmt: skip
PERIOD_WITHOUT_YEAR = declare(
    "GK422", "period-without-year", "error",
    "期间“{text}”没有年份,规则也没有写明。请在表里写上年份,或在规则里写:周期 {kind} {year}",
    "The period “{text}” names no year, nor do the rules. Add the year in the sheet, or write: period {kind} {year}",
)  # fmt: skip
NO_PERIOD = declare(
    "GK423", "no-period", "error",
    "不知道考评哪一期:用到的表里没有日期或期间,规则也没有写明。请在规则里写上年份,例如:周期 年 2022",
    "Which period to score is unknown: the sheets hold no dates or periods and the rules name none. Write the year in"
    " the rules, for example: period year 2022",
)  # fmt: skip
UNIT_TWICE = declare(
    "GK424", "unit-twice", "error",
    "“{unit}”在对象名单里有两处:{first} 和 {second}。请只留一处。",
    "“{unit}” is in the unit list twice: {first} and {second}. Keep one.",
)  # fmt: skip
UNIT_NOT_LISTED = declare(
    "GK425", "unit-not-listed", "warning",
    "对象名单里没有“{unit}”,它的 {rows} 行没有计入。",
    "The unit list does not have “{unit}”; its {rows} rows were not counted.",
)  # fmt: skip
UNIT_LOOKS_ALIKE = declare(
    "GK426", "unit-looks-alike", "error",
    "“{unit}”与名单里的“{nearest}”看着一样,字符却不同:{difference}。它的 {rows} 行没有计入,请改成名单里的写法。",
    "“{unit}” looks like “{nearest}” of the unit list, but its characters differ: {difference}. Its {rows} rows were"
    " not counted; write it as in the list.",
)  # fmt: skip
UNIT_BLANK = declare(
    "GK427", "unit-blank", "error",
    "这一行没有单位,不知道算给谁。请补上单位(合并的单元格请逐行填写)。",
    "This row names no unit, so nobody can be given it. Enter the unit (in merged cells, on every row).",
)  # fmt: skip
UNIT_SPELLED = declare(
    "GK428", "unit-spelled-otherwise", "note",
    "“{written}”按“{unit}”对待(空白、全角半角和看不见的字符不算不同);这样的写法共 {count} 种:{cells}。",
    "“{written}” is taken as “{unit}” (blanks, width and unseen characters make no difference); there are {count} such"
    " spellings: {cells}.",
)  # fmt: skip
UNITS_NONE = declare(
    "GK429", "units-none", "error",
    "对象名单“{sheet}”里一个单位也没有。请在表头下面逐行填写单位。",
    "The unit list “{sheet}” has no units. Enter them below the header, one a row.",
)  # fmt: skip
GROUP_BLANK = declare(
    "GK430", "group-blank", "error",
    "“{unit}”没有填“{column}”,不知道属于哪一组。请补上(合并的单元格请逐行填写)。",
    "“{unit}” has no “{column}”, so its group is unknown. Enter it (in merged cells, on every row).",
)  # fmt: skip
GROUP_OR_COLUMN = declare(
    "GK467", "group-or-column", "error",
    "“{word}”有两种读法:“{group}”里的一类,或“{header}”列({cell})里填是的单位。请给其中一个改名。",
    "“{word}” has two readings: a group of “{group}”, or the units that say yes in the column “{header}” ({cell})."
    " Rename one of them.",
)  # fmt: skip
AUDIENCE_UNKNOWN = declare(
    "GK431", "audience-unknown", "error",
    "“{word}”既不是哪一组,也不是“{sheet}”里是/否的一列。",
    "“{word}” is neither a group nor a yes/no column of “{sheet}”.",
)  # fmt: skip
HEADER_UNIT = declare(
    "GK432", "header-unit", "note",
    "表头“{header}”以“{unit}”结尾:这一列的 {example} 按 {meant} 计。",
    "The header “{header}” ends in “{unit}”: {example} in this column counts as {meant}.",
)  # fmt: skip
PRICE_COLUMN_UNKNOWN = declare(
    "GK433", "price-column-unknown", "error",
    "“{sheet}”里没有一列写着{keys}。请写明按哪一列计分,例如:按{column}计分:…",
    "No column of “{sheet}” holds {keys}. Name the column, for example: score by {column}: …",
)  # fmt: skip
PRICE_COLUMNS = declare(
    "GK434", "price-columns-several", "error",
    "“{sheet}”里写着{keys}的不止一列:{columns}。请写明按哪一列计分,例如:按{column}计分:…",
    "More than one column of “{sheet}” holds {keys}: {columns}. Name the one, for example: score by {column}: …",
)  # fmt: skip
HIDDEN_COUNTED = declare(
    "GK435", "hidden-rows-counted", "note",
    "“{sheet}”里有 {rows} 行被隐藏或筛掉,照样计入。",
    "“{sheet}” has {rows} hidden or filtered rows; they count as well.",
)  # fmt: skip
BELOW_TOTAL = declare(
    "GK436", "below-total", "warning",
    "{total} 是合计行,它下面的 {rows} 行有单位的没有计入。请把合计行移到最后。",
    "{total} is a total row; the {rows} rows with a unit below it were not counted. Move the total to the end.",
)  # fmt: skip
BLANK_DATE_NEEDED = declare(
    "GK437", "blank-date-needed", "error",
    "计算天数缺“{column}”。请补上日期,或在规则里写监测时点,例如:监测时点 2025-12-31",
    "“{column}” is missing to count the days. Enter it, or write a check date in the rules: check date 2025-12-31",
)  # fmt: skip
DAYS_OFF_NO_DATES = declare(
    "GK450", "days-off-without-dates", "error",
    "“{sheet}”里没有一列日期,不知道哪些天休息。请加一列日期,一行一天(真正的日期,不是文字)。",
    "“{sheet}” has no column of dates, so the days off are unknown. List them in a column, one day a row, as real dates.",
)  # fmt: skip
DAYS_OFF_COLUMNS = declare(
    "GK451", "days-off-date-columns", "error",
    "“{sheet}”不止一列日期,不知道哪一列是休息日。请只留一列日期,一行写一天。",
    "“{sheet}” has more than one column of dates, so the days off are unknown. Keep one, with one day a row.",
)  # fmt: skip
DAYS_OFF_MARK = declare(
    "GK452", "days-off-mark-unclear", "error",
    "看不出“{text}”是休息还是补班。补班日请写 补班(或 是),休息日留空。",
    "“{text}” may mean a day off or a day worked. Mark make-up days with make-up (or yes); leave days off blank.",
)  # fmt: skip
CALENDAR_WITHOUT_YEAR = declare(
    "GK453", "calendar-without-year", "error",
    "日历里没有{year}年的放假安排,数不了工作日。请把那一年的休息日和补班日列在一张表里,并在规则里写:工作日 取自 节假日表"
    "(已经这样写的,请在那张表里补上;或升级 chinesecalendar)。",
    "The calendar does not have {year}, so working days cannot be counted. List that year's days off and make-up days in"
    " a sheet and write: working days from Holidays (if it says so already, add the year there; or upgrade"
    " chinesecalendar).",
)  # fmt: skip
TIME_OF_DAY_NEEDED = declare(
    "GK454", "time-of-day-needed", "error",
    "按小时计要有钟点,这里只有日期 {date}。请把时间也填上(如 {date} 9:30;正零点请填 0:00:01),或在规则里改数天数。",
    "Hours need the time of day, and here is only the date {date}. Enter the time (such as {date} 9:30; for midnight"
    " 0:00:01), or count days in the rules.",
)  # fmt: skip
UNDATED = declare(
    "GK438", "undated", "error",
    "“{term}”要分期取数,“{sheet}”却没有日期或期间列。",
    "“{term}” is wanted by period, but “{sheet}” has no column of dates or periods.",
)  # fmt: skip
MORE = declare(
    "GK439", "more-of-the-same", "note",
    "“{sheet}”里 {code} 还有 {count} 处,没有一一列出。",
    "“{sheet}” has {count} more of {code}, which are not listed.",
)  # fmt: skip
MERGED_VALUES = declare(
    "GK447", "values-under-a-merge", "error",
    "合并的单元格 {area} 盖住了下面的值({hidden}),屏幕上看不见。请取消合并后核对。",
    "The merged cells {area} hide the values below them ({hidden}), which nobody sees. Unmerge them and check.",
)  # fmt: skip
VALUE_LOOKS_ALIKE = declare(
    "GK448", "value-looks-alike", "warning",
    "“{column}”里的“{text}”与规则里的“{word}”看着一样,字符却不同:{difference}。它算作别的值,请改成规则里的写法。",
    "“{text}” in “{column}” looks like “{word}” of the rules, but its characters differ: {difference}. It counts as another"
    " value; write it as in the rules.",
)  # fmt: skip
VALUE_IS_HEADER = declare(
    "GK468", "value-is-header", "warning",
    "规则把“{column}”与“{word}”这几个字相比,“{column}”里没有一格这样写;“{word}”却是另一列的名称,那一列没有比。",
    "The rules compare “{column}” with the word “{word}”, which no cell of it holds; “{word}” is another column, and is not what"
    " is compared.",
)  # fmt: skip
MERGED_DATA = declare(
    "GK449", "merged-data", "error",
    "合并的单元格 {area} 只有第一格有值,这一行的“{column}”读不到。请取消合并,逐行填写。",
    "Only the first cell of the merged cells {area} has a value, so this row lacks “{column}”. Unmerge them and enter it on"
    " every row.",
)  # fmt: skip
HIDDEN_SHEET_COUNTED = declare(
    "GK455", "hidden-sheet-counted", "note",
    "工作表“{sheet}”是隐藏的,照样计入。",
    "The sheet “{sheet}” is hidden; it counts as well.",
)  # fmt: skip
TOTAL_DIFFERS = declare(
    "GK456", "total-differs", "error",
    "“{column}”的合计写的是 {written},上面各行相加是 {added}。请核对是漏了行、多了行,还是合计的公式没有覆盖全部行。",
    "The total of “{column}” says {written}, but the rows above add up to {added}. Check for rows that are missing or"
    " twice, or a formula that leaves rows out.",
)  # fmt: skip
FLAW_WITHOUT_EFFECT = declare(
    "GK457", "flaw-without-effect", "note",
    "“{column}”里有{what},共 {count} 处:{cells}。这次的分数用不到这些单元格;请一并改正。",
    "“{column}” holds {what}, {count} in all: {cells}. These scores do not depend on them; correct them all the same.",
)  # fmt: skip
STRAY_CHARACTERS = declare(
    "GK458", "stray-characters", "note",
    "“{column}”里的文字带有看不见的字符,共 {count} 处:{cells}。比较时不算;请删去后重新输入。",
    "Texts of “{column}” hold characters that nobody sees, {count} in all: {cells}. They do not count when texts are"
    " compared; remove them.",
)  # fmt: skip
ROW_TWICE = declare(
    "GK459", "row-twice", "warning",
    "{first} 和 {second} 两行写的完全一样,都计入了;这样重复的共 {count} 行。若是重复登记,请删去一行。",
    "{first} and {second} say the same throughout, and both count; {count} rows are such repeats. If it was entered"
    " twice, remove one.",
)  # fmt: skip
DATE_TO_COME = declare(
    "GK461", "date-after-check-date", "note",
    "“{column}”有 {count} 行晚于监测时点 {check_date}:{cells}。请核对日期。",
    "“{column}” is later than the check date {check_date} in {count} rows: {cells}. Check the dates.",
)  # fmt: skip
DATE_FAR_OFF = declare(
    "GK462", "date-far-off", "note",
    "“{column}”里 {cells} 是 {year} 年,离其他日期很远;这样的共 {count} 处。请核对年份,以及工作簿是否改用过 1904 日期系统。",
    "{cells} of “{column}” is in {year}, far from all other dates; there are {count} such. Check the year, and whether the"
    " workbook was switched to the 1904 date system.",
)  # fmt: skip
BLANKS_AMONG_VALUES = declare(
    "GK463", "blanks-among-values", "note",
    "“{column}”大多填了,有 {count} 处空白:{cells}。空白不计入,也不满足任何条件;若是漏填请补上。",
    "“{column}” is mostly filled, and blank in {count} places: {cells}. A blank counts for nothing and meets no"
    " condition; enter what was forgotten.",
)  # fmt: skip
ERROR_UNUSED = declare(
    "GK464", "error-in-unused-column", "note",
    "规则用不到的“{column}”里有错误值,共 {count} 处:{cells}。不影响分数。",
    "“{column}”, which no rule uses, holds errors, {count} in all: {cells}. They do not matter for the scores.",
)  # fmt: skip
UNITS_LOOK_ALIKE = declare(
    "GK465", "units-look-alike", "warning",
    "名单里的“{unit}”({first})和“{other}”({second})看着一样,字符却不同:{difference}。它们算作两个单位;若是同一个,请只留一处。",
    "“{unit}” ({first}) and “{other}” ({second}) of the unit list look the same, but their characters differ: {difference}."
    " They count as two units; if they are one, keep one.",
)  # fmt: skip
OTHERS_DECIDE = declare(
    "GK492",
    "decided by other units",
    "error",
    "“{term}”取决于其他单位,这里只有一个单位。",
    "“{term}” is decided by the other units, and here is only one.",
)
REPEATS_BLANK = declare(
    "GK470", "row-detail-missing", "error",
    "规则要看“{column}”,这一行却空着。请补上。",
    "The rules look at “{column}”, which this row leaves blank. Enter it.",
)  # fmt: skip
SHARERS_NOT_WHOLE = declare(
    "GK471", "sharers-not-whole", "error",
    "这里要人数(1、2、3…),单元格里是“{text}”。",
    "The number of those who share is needed here (1, 2, 3 …); the cell holds “{text}”.",
)  # fmt: skip
EVENT_TWICE = declare(
    "GK472", "event-priced-twice", "error",
    "{who}的这一行,两句都给分:{first} 和 {second} 是取最高一项还是可累计,没有说明。",
    "This row of {who} is priced by two sentences: {first} and {second} Whether the highest counts or both do"
    " is not stated.",
)  # fmt: skip
FACT_MISSING = declare(
    "GK440", "fact-missing", "error",
    "{who}没有“{term}”的数据。",
    "{who} has no data for “{term}”.",
)  # fmt: skip
FACT_TEXT = declare(
    "GK441", "fact-not-reported", "error",
    "{who}的“{term}”写的是“{text}”,这里要的是数。",
    "For {who}, “{term}” says “{text}” where a number is needed.",
)  # fmt: skip
FACT_WRONG_KIND = declare(
    "GK442", "fact-wrong-kind", "error",
    "{who}的“{term}”是{value},不能用在这一句:{sentence}",
    "For {who}, “{term}” is {value}, which does not fit this sentence: {sentence}",
)  # fmt: skip
ZERO_DENOMINATOR = declare(
    "GK443", "zero-denominator", "error",
    "{who}:这一句的分母为0:{sentence}",
    "{who}: the denominator is 0 in this sentence: {sentence}",
)  # fmt: skip
KEY_WITHOUT_PRICE = declare(
    "GK444", "key-without-price", "error",
    "{who}有“{price}”{count}条,这一句没有写它的分值:{sentence}",
    "{who} has {count} of “{price}”, for which this sentence states no points: {sentence}",
)  # fmt: skip
GROUP_WITHOUT_VALUE = declare(
    "GK445", "group-without-value", "error",
    "“{term}”没有写{who}适用的值。",
    "“{term}” states no value that fits {who}.",
)  # fmt: skip
COUNTS_NOT_READ = declare(
    "GK446", "counts-not-read", "error",
    "{who}的“{term}”没有按级别(类型)分开的条数。",
    "For {who}, there are no counts by key for “{term}”.",
)  # fmt: skip

NOT_APPLICABLE_POLICY_NEEDED = declare(
    "GK460", "not-applicable-policy-needed", "error",
    "{who}的“{term}”是不涉及,怎么计分没有说明。",
    "For {who}, “{term}” is not applicable, and what that comes to is not stated.",
)  # fmt: skip
PERIODS_WITHOUT_DATA = declare(
    "GK480", "periods without data", "note",
    "{period}:「{sentence}」按有数据的{there}个期间平均;{missing}没有数据。",
    "{period}: “{sentence}” is an average over the {there} periods with data; {missing} has none.",
)  # fmt: skip
TOO_FEW_PERIODS = declare(
    "GK481", "too few periods", "error",
    "{period}:「{sentence}」去掉最高和最低后没有剩下的期间(有总分的只有{there}个)。",
    "{period}: “{sentence}” leaves nothing once the extremes are left out (there are totals for {there}).",
)  # fmt: skip
VETO_OF_SHORTER = declare(
    "GK482", "veto of the shorter periods", "note",
    "「{sentence}」用到的值每期一个,没有{period}的值,所以只在各期起作用。",
    "“{sentence}” uses values that each period has of its own; there is none for {period}, so it acts on the periods alone.",
)  # fmt: skip

NO_VALUE_YET = declare(
    "GK490",
    "no value for this period",
    "error",
    "{who}的“{term}”在{day}还没有值:最早的值从{first}起。请补上那时的值。",
    "For {who}, “{term}” has no value on {day}: the first is in force from {first}. Add the one before.",
)
VALUE_CHANGES = declare(
    "GK491",
    "value changes within the period",
    "warning",
    "“{term}”在{period}期内从{day}起变为{value}。整期按期末的值计算。",
    "“{term}” changes to {value} on {day}, within {period}; the value at its end is used for all of it.",
)
EARLIER_UNDATED = declare(
    "GK493",
    "no dates to look back by",
    "error",
    "“{term}”要用更早一期的值,但表“{sheet}”没有日期列或期间列,分不出是哪一期的。",
    "“{term}” asks for an earlier period, but the sheet “{sheet}” has neither dates nor a period column to tell it by.",
)
EARLIER_EMPTY = declare(
    "GK494",
    "no rows of the earlier period",
    "warning",
    "表“{sheet}”没有{period}及更早的记录,所以“{term}”在{period}作为缺数据,不作为0。",
    "the sheet “{sheet}” has no row of {period} or before, so “{term}” is missing for {period}, not 0.",
)

ROWS_TOO_COARSE = declare(
    "GK495",
    "rows of longer periods than are counted",
    "error",
    "“{term}”要按{unit}数,但表“{sheet}”里有的行是{period}整期的,分不出是哪个{unit}的。请给这张表写日期。",
    "“{term}” is counted by the {unit}, but rows of the sheet “{sheet}” are of all of {period}; the sheet needs dates.",
)

NO_VALUE_FOR_ROW = declare(
    "GK496",
    "no value on the date of a row",
    "error",
    "“{term}”在{day}还没有值:最早的值从{first}起。请补上那时的值。",
    "“{term}” has no value on {day}: the first is in force from {first}. Add the one before.",
)
ROW_WITHOUT_DATE = declare(
    "GK497",
    "row without a date",
    "error",
    "“{term}”按这一行的日期取值,这张表却没有日期列。",
    "“{term}” is taken as on the date of the row, and this sheet has no dates.",
)

# --- 5: checks -------------------------------------------------------------------------------------------------------

NOTHING_PUBLISHED = declare(
    "GK550", "nothing-published", "error",
    "规则里没有“公布”行,没有可以核对的公布数。请写明公布的数在哪里,例如:公布 总分 成绩表的总成绩",
    "The rules have no line with published figures to audit. Say where they stand: published total Total in Results",
)  # fmt: skip
PUBLISHED_BLANK = declare(
    "GK551", "published-blank", "error",
    "{unit} 没有公布{what}:{cell} 是空白。请补上这一格;没有公布的,不计为相符。",
    "No {what} is published for {unit}: {cell} is blank. Fill it in; what is not published does not count as agreeing.",
)  # fmt: skip
PUBLISHED_NO_ROW = declare(
    "GK552", "published-no-row", "error",
    "“{sheet}”里没有 {unit} 公布的{what}({period})。请补上这一行,或核对单位名称。",
    "“{sheet}” has no published {what} for {unit} ({period}). Add the row, or check the unit's name.",
)  # fmt: skip
PUBLISHED_NO_PERIOD = declare(
    "GK553", "published-no-period", "error",
    "{period} 没有公布的数(“{sheet}”里没有这一期)。请用 --period 指定有公布数的一期。",
    "Nothing is published for {period} (“{sheet}” has no row of it). Name a period that has figures with --period.",
)  # fmt: skip
PUBLISHED_NOT_COMPUTED = declare(
    "GK554", "published-not-computed", "error",
    "{unit} 公布的{what}是 {published}({cell}),但按规则没有这个数({period}),无法核对。",
    "The published {what} of {unit} is {published} ({cell}), but the rules give none ({period}): it cannot be checked.",
)  # fmt: skip
PUBLISHED_NOT_GIVEN = declare(
    "GK555", "published-not-given", "error",
    "规则没有给出{what},公布的{what}无从核对。请补上“{line}”这样的句子,或去掉这一行。",
    "The rules give no {what} that a published one could be held against. Add a sentence such as “{line}”, or leave the"
    " line out.",
)  # fmt: skip
PUBLISHED_UNKNOWN = declare(
    "GK556", "published-unknown", "error",
    "没有叫「{name}」的指标、大项、事实或句子,公布的分数无从核对。",
    "There is no indicator, part, fact or sentence “{name}” whose points could be published.",
)  # fmt: skip

# --- 6: files --------------------------------------------------------------------------------------------------------

FILE_MISSING = declare(
    "GK601", "file-missing", "error",
    "没有这个文件。请核对路径和文件名(含后缀)。",
    "There is no such file. Check its path and name, suffix included.",
)  # fmt: skip
FILE_FORBIDDEN = declare(
    "GK602", "file-forbidden", "error",
    "没有读取此文件的权限。请在文件属性里放开读取权限,或复制到自己的文件夹再读。",
    "This file may not be read. Allow reading in its properties, or copy it to a folder of your own.",
)  # fmt: skip
FILE_IS_FOLDER = declare(
    "GK603", "file-is-folder", "error",
    "这不是普通文件(是文件夹、管道或设备)。请给出工作簿文件的路径。",
    "This is no ordinary file (a folder, pipe or device). Give the path of a workbook file.",
)  # fmt: skip
FILE_EMPTY = declare(
    "GK604", "file-empty", "error",
    "文件是空的(0 字节),多半是下载或保存中断。请重新取得此文件。",
    "The file is empty (0 bytes); a download or save was probably cut short. Get the file again.",
)  # fmt: skip
FILE_NOT_WORKBOOK = declare(
    "GK605", "file-not-workbook", "error",
    "这不是 Excel 工作簿,实际内容是:{what}。请用 Excel 或 WPS 打开后另存为 .xlsx。",
    "This is no Excel workbook; it holds: {what}. Open it in Excel or WPS and save it as .xlsx.",
)  # fmt: skip
FILE_ENCRYPTED = declare(
    "GK606", "file-encrypted", "error",
    "工作簿有打开密码。请在 Excel 或 WPS 中输入密码打开,取消密码后另存。",
    "The workbook has a password. Open it in Excel or WPS, remove the password and save it.",
)  # fmt: skip
FILE_ENTERPRISE = declare(
    "GK607", "file-enterprise-encrypted", "error",
    "文件被单位的文档加密软件加密(文件头 {header})。请在装有该软件的电脑上解密或申请外发后再读。",
    "The file is encrypted by an organisation's document protection (header {header}). Have it decrypted there first.",
)  # fmt: skip
FILE_DAMAGED = declare(
    "GK608", "file-damaged", "error",
    "文件已损坏或不完整({what})。请重新取得,或用 Excel 打开并修复后另存。",
    "The file is damaged or incomplete ({what}). Get it again, or let Excel open, repair and save it.",
)  # fmt: skip
FILE_BOMB = declare(
    "GK609", "file-unpacks-too-large", "error",
    "文件解压后过大({what}),像是压缩炸弹,没有读取。若确是自己的表,请删去多余的空行和格式后另存。",
    "The file unpacks too large ({what}), like a zip bomb, and was not read. If it is your own, remove unused rows"
    " and formats and save it.",
)  # fmt: skip
FILE_TOO_LARGE = declare(
    "GK610", "file-too-large", "error",
    "超出可读取的上限:{what}。请拆分工作簿,或删去用不到的内容后另存。",
    "Over the limit of what is read: {what}. Split the workbook, or remove what is not needed and save it.",
)  # fmt: skip
PART_TWICE = declare(
    "GK611", "part-twice", "error",
    "文件内部有重复或重叠的成员 {part},不能确定哪一个算数。请用 Excel 打开后另存。",
    "Member {part} of the file is there twice or overlaps another; which one counts is unknown. Open it in Excel"
    " and save it.",
)  # fmt: skip
PART_DOCTYPE = declare(
    "GK612", "part-doctype", "error",
    "文件内部 {part} 含有 DOCTYPE 声明,正常工作簿里没有它,为安全起见没有读取。请用 Excel 打开后另存。",
    "Part {part} of the file holds a DOCTYPE, which no proper workbook has; for safety it was not read. Open it in"
    " Excel and save it.",
)  # fmt: skip
PART_BROKEN = declare(
    "GK613", "part-broken", "error",
    "文件内部 {part} 的 XML 有错({what})。请用 Excel 打开并修复后另存。",
    "The XML of part {part} is broken ({what}). Let Excel open, repair and save the file.",
)  # fmt: skip
PART_MISSING = declare(
    "GK614", "part-missing", "error",
    "文件内部缺少 {part}。请用 Excel 打开并修复后另存。",
    "Part {part} is missing inside the file. Let Excel open, repair and save it.",
)  # fmt: skip
REFERENCE_OUTSIDE = declare(
    "GK615", "reference-outside", "error",
    "单元格地址“{ref}”不在 A1:XFD1048576 之内或与所在行不符。请用 Excel 打开并修复后另存。",
    "The cell reference “{ref}” is outside A1:XFD1048576 or not of its row. Let Excel open, repair and save the file.",
)  # fmt: skip
PART_NESTED = declare(
    "GK616", "part-nested-too-deep", "error",
    "文件内部 {part} 的 XML 嵌套超过 {limit} 层,没有读取。请用 Excel 打开后另存。",
    "The XML of part {part} nests deeper than {limit} levels and was not read. Open the file in Excel and save it.",
)  # fmt: skip
SHEET_DISORDER = declare(
    "GK617", "sheet-disorder", "error",
    "工作表里 {what} 重复或次序颠倒,不能确定哪个算数。请用 Excel 打开并修复后另存。",
    "In the sheet {what} comes twice or out of order; which one counts is unknown. Let Excel open, repair and save it.",
)  # fmt: skip
LEGACY_CRASHED = declare(
    "GK619", "legacy-reader-crashed", "error",
    "读取 {format} 文件的程序中途崩溃,文件可能已损坏或过大。请用 Excel 或 WPS 另存为 .xlsx 再读。",
    "The reader of {format} files crashed; the file may be damaged or too large. Save it as .xlsx in Excel or WPS.",
)  # fmt: skip
LEGACY_SLOW = declare(
    "GK620", "legacy-reader-timed-out", "error",
    "读取 {format} 文件超过 {seconds} 秒,已停止。请用 Excel 或 WPS 另存为 .xlsx 再读。",
    "Reading the {format} file took more than {seconds} seconds and was stopped. Save it as .xlsx in Excel or WPS.",
)  # fmt: skip
LEGACY_UNAVAILABLE = declare(
    "GK621", "legacy-reader-unavailable", "error",
    "这里不能读取 {format} 文件({what})。请安装 python-calamine,或另存为 .xlsx 再读。",
    "{format} files cannot be read here ({what}). Install python-calamine, or save the file as .xlsx.",
)  # fmt: skip
FILE_MISNAMED = declare(
    "GK622", "file-misnamed", "note",
    "文件名后缀是 {suffix},内容其实是 {format},已按 {format} 读取。",
    "The name ends in {suffix}, but the content is {format}; it was read as {format}.",
)  # fmt: skip
FILE_UNREADABLE = declare(
    "GK623", "file-unreadable", "error",
    "读取文件时系统报错({what})。请检查磁盘或网络盘后重试。",
    "The system reported an error while reading the file ({what}). Check the disk or network drive and try again.",
)  # fmt: skip

NAME_TAKEN = declare(
    "GK630", "sheet-name-taken", "error",
    "工作簿里已有名为“{sheet}”的工作表,没有记载它是 gkxl 写的,所以没有改动。请给那张表改名,或用 --alone 把结果单独写成一个文件;"
    "若是 gkxl 以前写的(有的程序保存时会丢掉这项记载),就删去那几张结果表。",
    "The workbook has a sheet “{sheet}”, and nothing says that gkxl wrote it, so it was left alone. Rename it, or write"
    " the results alone with --alone; if these are former results of gkxl (some programs drop the note of them when they"
    " save), delete those sheets.",
)  # fmt: skip
SHEET_IN_USE = declare(
    "GK631", "result-sheet-in-use", "error",
    "结果表“{sheet}”里有别人加的内容({what}),重写会丢失它,所以没有写。请把它移到别的工作表,或给这张表改名以保留它。",
    "Result sheet “{sheet}” holds something added to it ({what}), which writing would lose, so nothing was written."
    " Move it to another sheet, or rename this sheet to keep it.",
)  # fmt: skip
SHEET_NEEDED = declare(
    "GK640", "result-sheet-needed", "error",
    "结果里不再有工作表“{sheet}”,但别的工作表或名称的公式还引用它,所以没有删,也没有写。请先改那些公式,或给这张表改名以保留它。",
    "The sheet “{sheet}” is no longer among the results, but formulas of other sheets or names refer to it, so it was not"
    " removed and nothing was written. Change these formulas, or rename the sheet to keep it.",
)  # fmt: skip
BOOK_SIGNED = declare(
    "GK632", "book-signed", "error",
    "工作簿有数字签名,改动任何一处都会使签名失效,所以没有写。请用 --alone 把结果单独写成"
    "一个文件;确要写入,用 --drop-signature 去掉签名。",
    "The workbook is signed, and any change would break the signature, so nothing was written. Write the results"
    " alone with --alone, or remove the signature with --drop-signature.",
)  # fmt: skip
BOOK_SHARED = declare(
    "GK633", "book-shared", "error",
    "这是带修订记录的共享工作簿,结果写不进去。请在 Excel 里取消共享后再写,或用 --alone 把结果单独写成一个文件。",
    "This is a shared workbook with a log of revisions, which cannot take the results. Stop sharing it in"
    " Excel, or write the results alone with --alone.",
)  # fmt: skip
STRUCTURE_LOCKED = declare(
    "GK634", "structure-locked", "note",
    "工作簿的结构受保护(在 Excel 里不能增删工作表);结果表已加入,保护原样保留。",
    "The structure of the workbook is protected, so that Excel adds and deletes no sheets; the result sheets were put in,"
    " and the protection stays.",
)  # fmt: skip
STYLES_FULL = declare(
    "GK635", "styles-full", "error",
    "工作簿里的单元格格式已满({limit} 种),结果表的格式加不进去。请先在 Excel 里清理多余的格式,"
    "或用 --alone 把结果单独写成一个文件。",
    "The workbook has all {limit} cell formats that Excel allows, so those of the results find no room. Clear unused"
    " formats in Excel, or write the results alone with --alone.",
)  # fmt: skip
SIGNATURE_DROPPED = declare(
    "GK636", "signature-dropped", "note",
    "工作簿的数字签名已去掉。",
    "The signature of the workbook was removed.",
)  # fmt: skip
MACROS_SIGNED = declare(
    "GK637", "macros-signed", "note",
    "宏有数字签名,宏和签名都原样保留;Excel 再次保存时可能要求重新签名。",
    "The macros are signed; macros and signature stay as they are. Excel may ask to sign them again when it saves.",
)  # fmt: skip
FILE_NOT_AS_WRITTEN = declare(
    "GK638", "file-not-as-written", "error",
    "写好的新文件读回时不对({what}),已弃去;原文件没有改动。请检查磁盘后重试。",
    "The new file is wrong when read back ({what}) and was discarded; the old file was not changed. Check the disk and"
    " try again.",
)  # fmt: skip
SHEET_TOO_LARGE = declare(
    "GK639", "result-sheet-too-large", "error",
    "结果表“{sheet}”要{rows}行、{columns}列,Excel 的一张表放不下(最多{most_rows}行、{most_columns}列)。"
    "请用 --period 选短一些的周期,或把单位分到几个规则文件。",
    "The result sheet “{sheet}” needs {rows} rows and {columns} columns, more than a sheet of Excel has ({most_rows} and"
    " {most_columns}). Choose a shorter period with --period, or split the units among several rule files.",
)  # fmt: skip

# --- Results in workbooks --------------------------------------------------------------------------------------------

RESULTS_WRITTEN = declare(
    "GK660", "results-written", "note",
    "结果已写入:{what}。",
    "the results are in it: {what}.",
)  # fmt: skip
RESULTS_UNCHANGED = declare(
    "GK661", "results-unchanged", "note",
    "结果没有变化,文件未改动。",
    "the results are the same; the file was left as it is.",
)  # fmt: skip
NOTHING_WRITTEN = declare(
    "GK662", "nothing-written", "error",
    "有错误,什么都没有写。请先改正;若要先写入其余单位的结果,请加 --keep-going。",
    "there are errors, so nothing was written. Mend them, or write the results of the other units with --keep-going.",
)  # fmt: skip
UNITS_LEFT_OUT = declare(
    "GK663", "units-left-out", "warning",
    "{count}个单位因数据有错没有总分:{units}。",
    "{count} units have no total, because of errors in the data: {units}.",
)  # fmt: skip
RESULTS_STALE = declare(
    "GK664", "results-stale", "error",
    "存着的结果不是现在的规则和数据得出的。请运行 gkxl recalc 重新计算。",
    "the stored results are not what rules and data give now. Run gkxl recalc.",
)  # fmt: skip
NO_STORED_RESULTS = declare(
    "GK665", "no-stored-results", "error",
    "没有找到 gkxl 存的结果。请先运行 gkxl recalc。",
    "no results of gkxl are found here. Run gkxl recalc first.",
)  # fmt: skip
RULES_SINCE = declare(
    "GK666", "rules-since-changed", "error",
    "结果存下之后,规则的文字改过。",
    "the text of the rules has changed since the results were stored.",
)  # fmt: skip
CELLS_SINCE = declare(
    "GK667", "cells-since-changed", "error",
    "结果存下之后,规则用到的单元格改过。",
    "cells that the rules read have changed since the results were stored.",
)  # fmt: skip
OTHER_VERSION = declare(
    "GK668", "other-version", "note",
    "结果是 gkxl {stored} 存的,现在是 {now}。",
    "the results were stored by gkxl {stored}; this is {now}.",
)  # fmt: skip
RESULT_DIFFERS = declare(
    "GK669", "result-differs", "error",
    "{who}不同:{what}。",
    "{who} differs: {what}.",
)  # fmt: skip
RESULT_NEW = declare(
    "GK670", "result-new", "error",
    "{who}:存着的结果里没有。",
    "{who}: not among the stored results.",
)  # fmt: skip
RESULT_GONE = declare(
    "GK671", "result-gone", "error",
    "{who}:存着的结果里有,现在没有。",
    "{who}: among the stored results, but no longer there.",
)  # fmt: skip
RESULT_ROWS_DIFFER = declare(
    "GK672", "result-rows-differ", "error",
    "从这里起不同:{gone}行不再如此,{added}行是新的。",
    "differs from here on: {gone} rows are no longer so, {added} are new.",
)  # fmt: skip
RESULTS_MORE = declare(
    "GK673", "more-results-differ", "note",
    "还有{rows}处不同。",
    "{rows} more differ.",
)  # fmt: skip
RESULT_SHEET_MISSING = declare(
    "GK674", "result-sheet-missing", "error",
    "存着的结果里没有工作表“{sheet}”。",
    "the stored results lack the sheet “{sheet}”.",
)  # fmt: skip
TARGET_NOT_OURS = declare(
    "GK675", "target-not-ours", "error",
    "已经有这个文件,而且里面没有 gkxl 的结果,所以不覆盖。请改名或移走它,或用 -o 另给一个文件名。",
    "this file exists and holds no results of gkxl, so it is not replaced. Rename or move it, or name another with -o.",
)  # fmt: skip
SHEET_WRITTEN_INTO = declare(
    "GK676", "sheet-written-into", "error",
    "结果表“{sheet}”里有别人写的内容({cells}),重新计算会丢掉它。请移到别的工作表,再运行一次。",
    "something was written into the result sheet “{sheet}” ({cells}), and would be lost. Move it to another sheet and run"
    " again.",
)  # fmt: skip

RESULTS_CURRENT = declare(
    "GK677", "results-current", "note",
    "存着的结果正是现在的规则和数据得出的。",
    "the stored results are what rules and data give now.",
)  # fmt: skip
RESULT_SHEET_GONE = declare(
    "GK678", "result-sheet-gone", "error",
    "结果里已经没有工作表“{sheet}”。",
    "the sheet “{sheet}” is no longer among the results.",
)  # fmt: skip
RESULTS_APART = declare(
    "GK679", "results-apart", "error",
    "结果写不进 {format} 文件。去掉 --in-place,结果会写成旁边的一个 .xlsx 文件。",
    "results cannot be written into a {format} file. Without --in-place they go into an .xlsx file beside it.",
)  # fmt: skip
TARGET_SUFFIX = declare(
    "GK680", "target-suffix", "error",
    "这个工作簿的结果要写进 {suffix} 文件,否则 Excel 打不开。请把 -o 的文件名改成以 {suffix} 结尾。",
    "the results of this book go into a {suffix} file, or Excel will not open it. Give -o a name that ends in {suffix}.",
)  # fmt: skip
TARGET_TWICE = declare(
    "GK681", "target-twice", "error",
    "{first} 的结果已写进这个文件,{second} 的就不再写。请用 -o 给它另一个文件。",
    "the results of {first} went into this file, so those of {second} are not written. Name another file with -o.",
)  # fmt: skip

SAVE_OPEN_ELSEWHERE = declare(
    "GK650", "save-open-elsewhere", "error",
    "{who}正打开着这个文件({how}),没有保存,文件未动。请在那边关闭后再来,或存为另一个文件,例如“{other}”。"
    "若确已无人打开(程序曾中途退出),请先删去那个锁文件。",
    "{who} has this file open ({how}); nothing was saved, the file is as it was. Close it there, or save to another"
    " file, such as “{other}”. If nobody has it open any more (a program crashed), delete that lock file first.",
)  # fmt: skip
SAVE_FORBIDDEN = declare(
    "GK651", "save-forbidden", "error",
    "不能写入({what}),没有保存,文件未动。请放开写入权限,或存到自己的文件夹,例如存为“{other}”。",
    "It may not be written ({what}); nothing was saved, the file is as it was. Allow writing, or save to a folder of"
    " your own, for instance as “{other}”.",
)  # fmt: skip
SAVE_CHANGED = declare(
    "GK652", "save-changed-meanwhile", "error",
    "读取之后文件{what},没有保存,以免盖掉别人的改动。请再运行一次。",
    "After it was read the file {what}; nothing was saved, so that nobody's changes are lost. Run it again.",
)  # fmt: skip
SAVE_NO_ROOM = declare(
    "GK653", "save-no-room", "error",
    "空间不足:要写 {needed},{free}。没有保存,文件未动。请腾出空间,或存到另一个磁盘,例如存为“{other}”。",
    "No room: {needed} are to be written, {free}. Nothing was saved, the file is as it was. Make room, or save to"
    " another disk, for instance as “{other}”.",
)  # fmt: skip
SAVE_FAILED = declare(
    "GK654", "save-failed", "error",
    "写入时出错({what}),没有保存,文件未动。请检查磁盘或网络盘后重试。",
    "Writing failed ({what}); nothing was saved, the file is as it was. Check the disk or network drive and try again.",
)  # fmt: skip
SAVE_EXISTS = declare(
    "GK655", "save-exists", "error",
    "已经有这个文件了,没有保存,以免盖掉它。请存为另一个名字,例如“{other}”。",
    "There is such a file already; nothing was saved, so that it is not lost. Save under another name, such as “{other}”.",
)  # fmt: skip
SAVE_PATH = declare(
    "GK656", "save-path-unusable", "error",
    "不能存到这里:{what}。没有保存。请核对路径和文件名。",
    "It cannot be saved there: {what}. Nothing was saved. Check the path and name.",
)  # fmt: skip
SAVED_UNCONFIRMED = declare(
    "GK657", "saved-unconfirmed", "warning",
    "已保存,但系统没有确认已写到磁盘上({what})。断电前请打开核对一次,并检查磁盘或网络盘。",
    "Saved, but the system did not confirm that it is on the disk ({what}). Open it to make sure, and check the disk or"
    " network drive.",
)  # fmt: skip
SAVED_UNLINKED = declare(
    "GK658", "saved-unlinked", "warning",
    "已保存。这个文件还有 {count} 个别的名字(硬链接),它们仍是旧内容。",
    "Saved. The file has further names (hard links): {count}; they keep the old content.",
)  # fmt: skip
SAVED_RIGHTS = declare(
    "GK659", "saved-rights-changed", "warning",
    "已保存,但文件的{what}未能保持原样。若同事因此打不开,请管理员改回。",
    "Saved, but the file's {what} could not be kept. If colleagues can no longer open it, have it set back.",
)  # fmt: skip
TARGET_SAVED_SINCE = declare(
    "GK682", "target-saved-since", "error",
    "这个文件写好结果之后又有人保存过,或者结果是用 --in-place 写进它本身的;重新写会丢掉里面的内容,所以没有写。"
    "里面没有要留的就删掉它;有就改名,或者用 -o 另给一个文件名。",
    "somebody has saved this file since the results went into it, or they went in with --in-place; writing it anew would"
    " lose what is in it, so nothing was written. Delete it if nothing in it is needed; else rename it, or name another"
    " file with -o.",
)  # fmt: skip

PERIODS_APART = declare(
    "GK689", "periods-apart", "error",
    "没有可以对比的周期:原来的结果是 {old},现在的是 {new}。请用 --period 指出两边都有的周期。",
    "No period to compare: the old results are of {old}, the new ones of {new}. Name one that both have with --period.",
)  # fmt: skip
SHEET_TYPED_OVER = declare(
    "GK683", "sheet-typed-over", "warning",
    "结果表“{sheet}”写好之后有人改过里面的内容;已按规则重写,改动没有保留。要改分,请改规则或数据。",
    "somebody typed over results in the sheet “{sheet}”; it was made anew by the rules, and what was typed is gone. Change the"
    " rules or the data instead.",
)  # fmt: skip
BOOK_IS_COPY = declare(
    "GK684", "book-is-copy", "error",
    "这是写有结果的副本,重新计算要对原来的工作簿({book})进行。确要在副本里重写,请用 --in-place。",
    "this is a copy with results; recalculate the workbook that it was made of ({book}), or this one with --in-place.",
)  # fmt: skip
LIBRARY_MISSING = declare(
    "GK686", "library-missing", "error",
    "这里没有安装 {library},做这一步要用它。请运行 pip install {library};在浏览器(xlwings Lite)里,请改到有 Python 的电脑上做。",
    "{library} is not installed here, and this step needs it. Run pip install {library}; in a browser (xlwings Lite), do this"
    " step on a computer with Python instead.",
)  # fmt: skip

FUNCTIONS_REFRESHED = declare(
    "GK624", "functions-refreshed", "note",
    "gkxl函数的{formulas}个公式重新计算了,{cells}格的值变了。",
    "{formulas} formulas with functions of gkxl were recalculated; {cells} cells have other values.",
)  # fmt: skip
FUNCTION_NOT_RECALCULATED = declare(
    "GK625", "function-not-recalculated", "warning",
    "没有重新计算{cells}:{why}。存着的值可能是旧的。",
    "{cells} not recalculated: {why}. What is stored may be old.",
)  # fmt: skip
FUNCTION_STALE = declare(
    "GK626", "function-stale", "error",
    "公式{what}。",
    "the formula's {what}.",
)  # fmt: skip
FUNCTION_REFUSED = declare(
    "GK627", "function-refused", "error",
    "{cells}的函数说:{text}",
    "the function in {cells} says: {text}",
)  # fmt: skip
FUNCTION_CUT = declare(
    "GK628", "function-cut", "warning",
    "函数给出{given},公式的区域只有{held},其余没有存。请在 Excel 或 LibreOffice 里打开、把公式的区域扩大后保存。",
    "the function gives {given}, the formula's area is {held}: the rest is not stored. Open the book in Excel or LibreOffice,"
    " enlarge the area, and save it.",
)  # fmt: skip
NO_FUNCTIONS = declare(
    "GK629", "no-functions", "note",
    "里面没有gkxl函数的公式。",
    "no formula with a function of gkxl is in it.",
)  # fmt: skip
BOOK_WITHOUT_RULES = declare(
    "GK690", "book-without-rules", "error",
    "没有找到规则:旁边没有 {stem}.gk 或 {stem}.*.gk,工作簿里也没有名为“规则”或“Rules”、A列写着规则的工作表。"
    "请用 --rules 指出规则文件。",
    "No rules found: neither {stem}.gk nor {stem}.*.gk beside it, nor a sheet 规则 or Rules whose column A holds them."
    " Name the rule file with --rules.",
)  # fmt: skip
UNIT_UNKNOWN = declare(
    "GK691", "unit-unknown", "error",
    "没有名为“{unit}”的单位。",
    "There is no unit named “{unit}”.",
)  # fmt: skip
FOLDER_WITHOUT_FILES = declare(
    "GK692", "folder-without-files", "error",
    "文件夹里没有 {what} 文件。",
    "The folder has no {what} file.",
)  # fmt: skip
FOLDER_NOT_EMPTY = declare(
    "GK693", "folder-not-empty", "error",
    "这里已经有文件了。请给出一个新的或空的文件夹,以免覆盖。",
    "There are files here already. Name a new or empty folder, so that nothing is overwritten.",
)  # fmt: skip
SYSTEM_ERROR = declare(
    "GK694", "system-error", "error",
    "系统报错:{what}",
    "The system reported an error: {what}",
)  # fmt: skip
CHECK_FAILS = declare(
    "GK510", "check-fails", "error",
    "核对“{name}”{at}不符:左边 {left},右边 {right},相差 {difference}({cells})。",
    "The check “{name}”{at} does not hold: left {left}, right {right}, difference {difference} ({cells}).",
)  # fmt: skip
CHECK_DIVIDES_BY_ZERO = declare(
    "GK511", "check-divides-by-0", "error",
    "核对“{name}”{at}不符:分母为 0({cells})。",
    "The check “{name}”{at} does not hold: it divides by 0 ({cells}).",
)  # fmt: skip
CAPTION_UNKNOWN = declare(
    "GK512", "caption-unknown", "error",
    "“{sheet}”里没有一{line}写着“{name}”。",
    "No {line} of “{sheet}” is captioned “{name}”.",
)  # fmt: skip
CAPTION_TWICE = declare(
    "GK513", "caption-twice", "error",
    "“{name}”在“{sheet}”里有两处:{first} 和 {second}。请写出上一级的名称(如:三、办理结果 总计),或写第几行、哪一列。",
    "“{name}” stands twice in “{sheet}”: {first} and {second}. Write the caption above or before it too, or the number.",
)  # fmt: skip
CAPTION_LOOKS_ALIKE = declare(
    "GK514", "caption-looks-alike", "error",
    "“{sheet}”里的“{text}”({cell})与“{name}”看着一样,字符却不同:{difference}。请改成规则里的写法。",
    "“{text}” in “{sheet}” ({cell}) looks like “{name}”, but its characters differ: {difference}. Write it as in the rules.",
)  # fmt: skip
CAPTION_ELSEWHERE = declare(
    "GK515", "caption-elsewhere", "error",
    "规则说{said}是“{name}”,表里“{name}”却在 {cell}。表格可能多了或少了一行(列),请对照原表改正。",
    "The rules say that {said} is “{name}”, but in the sheet “{name}” stands at {cell}. A row or column may be too many or"
    " missing; compare with the form.",
)  # fmt: skip
FORM_SHEET_NEEDED = declare(
    "GK516", "sheet-needed", "error",
    "工作簿里不止一张表({sheets}),请写明是哪一张,例如:{example}",
    "The book has more than one sheet ({sheets}). Say which, for example: {example}",
)  # fmt: skip
FORM_CELL_BLANK = declare(
    "GK517", "cell-of-a-form-blank", "error",
    "核对要用的 {cell} 是空白,没有当作 0。请填上数(没有就填 0)。",
    "{cell}, which a check reads, is blank; it was not taken as 0. Enter its number (0 where there is none).",
)  # fmt: skip
FORM_CELL_MERGED = declare(
    "GK518", "cell-of-a-form-merged", "error",
    "{cell} 在合并的单元格 {area} 里,数在 {first}。请在规则里写 {first}。",
    "{cell} lies within the merged cells {area}, whose number stands in {first}. Write {first} in the rules.",
)  # fmt: skip
CHECK_NOT_APPLICABLE = declare(
    "GK519", "check-not-applicable", "note",
    "核对“{name}”{at}没有做:{cells} 空白,规则写明缺数据的不涉及。",
    "The check “{name}”{at} was not made: {cells} is blank, and the rules say that missing data is not applicable.",
)  # fmt: skip
FORM_MISSING = declare(
    "GK530", "form-missing", "error",
    "“{unit}”没有报送:没有一个工作簿的文件名里有这个名称。",
    "“{unit}” has not reported: no workbook has this name in the name of its file.",
)  # fmt: skip
FORM_OF_NOBODY = declare(
    "GK531", "form-of-nobody", "error",
    "不知道这是谁报的:文件名里要有 {list} 里一个单位的名称,而且只有一个。请改文件名。",
    "Whose form this is isn't known: the name of the file has to have the name of one unit of {list}, and of no other.",
)  # fmt: skip
FORM_TWICE = declare(
    "GK532", "form-twice", "error",
    "“{unit}”报了两份,另一份是 {first}。请留下一份。",
    "“{unit}” has reported twice; the other is {first}. Keep one of them.",
)  # fmt: skip
UNITS_LIST_MISSING = declare(
    "GK533", "list-of-units-missing", "error",
    "没有一个工作簿里有“{sheet}”表,不知道哪些单位该报。请把名单放进文件夹,或去掉这一行(只核对已报的)。",
    "No workbook has the sheet “{sheet}”, so who owes a form isn't known. Put the list into the folder, or leave the line"
    " out to check those that came.",
)  # fmt: skip
UNITS_LIST_TWICE = declare(
    "GK534", "list-of-units-twice", "error",
    "不止一个工作簿里有“{sheet}”表:{books}。名单只能在其中一个里。",
    "More than one workbook has the sheet “{sheet}”: {books}. The list may stand in one of them only.",
)  # fmt: skip
EXAMPLE_FAILED = declare(
    "GK695", "example-failed", "error",
    "例“{name}”不符:应得 {expected},实得 {got}。",
    "Example “{name}” fails: expected {expected}, got {got}.",
)  # fmt: skip
RULE_UNREACHED = declare(
    "GK696", "rule-unreached", "note",
    "没有一个例子用到这一句:{sentence}",
    "No example reaches this sentence: {sentence}",
)  # fmt: skip
PERIOD_CHOSEN = declare(
    "GK697", "period-chosen", "note",
    "周期 {period}(有数据的最近一期;用 --period 另选)",
    "period {period} (the latest with data; --period names another)",
)  # fmt: skip
ARGUMENT_WRONG = declare(
    "GK641", "argument-wrong", "error",
    "参数“{argument}”应是{wanted},给的是{got}。参数的次序:{order}。",
    "the argument “{argument}” should be {wanted}, and is {got}. The order of the arguments: {order}.",
)  # fmt: skip
TABLE_NOT_GIVEN = declare(
    "GK687", "table-not-given", "error",
    "规则要用“{name}”表,参数里没有。请加上一对:表名 \"{name}\",和它连表头的区域。",
    "the rules use the sheet “{name}”, which is not among the arguments. Add a pair: \"{name}\", and its range with the header.",
)  # fmt: skip
RATE_ABOVE_TEN = declare(
    "GK642", "rate-above-ten", "error",
    "“{column}”这里要的是百分比,{value} 太大。函数的参数不带格式,按单元格存的数读:0.95 才是 95%。",
    "“{column}” is to be a rate, and {value} is too large. An argument has no format and is read as stored: 0.95 is 95%.",
)  # fmt: skip
DATES_OR_NUMBERS = declare(
    "GK643", "dates-or-numbers", "error",
    "“{column}”里可能是日期,也可能是数({value} 作为日期是 {date}),而表“{sheet}”没有别的列说明各行属于哪一期。",
    "“{column}” may hold dates or numbers ({value} would be {date}), and no column of “{sheet}” tells the period of its rows.",
)  # fmt: skip
READ_AS_RATE = declare(
    "GK644", "read-as-rate", "note",
    "“{column}”按百分比读:0.95 即 95%。",
    "“{column}” is read as rates: 0.95 is 95%.",
)  # fmt: skip
READ_AS_DATE = declare(
    "GK645", "read-as-date", "note",
    "“{column}”里的数按日期序列号读({epoch} 日期系统)。",
    "the numbers of “{column}” are read as dates ({epoch} date system).",
)  # fmt: skip
ZEROS_FOR_BLANKS = declare(
    "GK646", "zeros-for-blanks", "warning",
    "“{column}”里有 {count} 个 0,那里该是日期或名称。旧版桌面 Excel 把空单元格当 0 传给函数:请更新 Excel,或改用 gkxl score。",
    "“{column}” should hold dates or names and has zeros ({count}). Old desktop builds of Excel send 0 for a blank cell:"
    " update Excel, or use gkxl score.",
)  # fmt: skip
GRADE_NEEDS_MORE = declare(
    "GK647", "grade-needs-more", "error",
    "只凭总分定不了等次:{grades}还要看{what}。请用 GK.TABLE。",
    "The total alone gives no grade: {grades} also asks for {what}. Use GK.TABLE.",
)  # fmt: skip
NO_TOTAL = declare(
    "GK600", "no-total", "error",
    "{who}没有适用的指标,所以没有总分。请核对周期、指标行里“限”的单位,以及写着“不涉及”的单元格。",
    "No indicator applies to {who}, so there is no total. Check the period, the units that indicators are for, and cells"
    " that say n/a.",
)  # fmt: skip
PLACES_OPEN = declare(
    "GK648", "places-open", "error",
    "第 {row} 行没有总分,而是{got},这一组的名次定不下来。请先改好那一行。",
    "row {row} has no total but {got}, which leaves the places of its group open. Mend that row first.",
)  # fmt: skip
RATES_OR_NUMBERS = declare(
    "GK688", "rates-or-numbers", "error",
    "“{column}”里的 {value} 可能是百分比,也可能是数,规则的意思随之不同。是百分比,请把标题写成以(%)结尾,数写成 95 这样;"
    "不是,请用 gkxl score,它看得见单元格的格式。",
    "{value} in “{column}” may be a rate or a number, and the rules mean different things of them. If it is a rate, end the"
    " header with (%) and write 95 for 95%; if not, use gkxl score, which sees the format of cells.",
)  # fmt: skip
RATES_OR_PERCENTS = declare(
    "GK649", "rates-or-percents", "error",
    "“{column}”的标题写着 %,里面的数最大却是 {value}:不知 {value} 就是 {value}%,还是带百分比格式的数。"
    "是后者,请在给函数的表里去掉标题上的(%)。",
    "the header “{column}” says %, and its largest number is {value}: that may be {value}%, or a number in a % format."
    " If it is the latter, take (%) off the header in the range that the function gets.",
)  # fmt: skip
XLWINGS_MISSING = declare(
    "GK701", "xlwings-missing", "error",
    "没有安装 xlwings。请运行 pip install 'gkxl[excel]'。",
    "xlwings is not installed. Run pip install 'gkxl[excel]'.",
)  # fmt: skip
MACRO_BOOK_SUFFIX = declare(
    "GK702", "macro-book-suffix", "error",
    "请给出以 .xlsm(带按钮的工作簿)或 .xlam(加载项)结尾的文件名。",
    "Name a file that ends in .xlsm (a workbook with the button) or .xlam (an add-in).",
)  # fmt: skip
MACRO_BOOK_NAME = declare(
    "GK703", "macro-book-name", "error",
    "“{name}”不能作为 Python 模块名,按钮就找不到旁边的 {main}。请只用文字、数字和下划线,且不以数字开头,如“考评2025”。",
    "“{name}” is no name of a Python module, so the button could not find {main} beside the workbook. Use letters, digits and"
    " underscores alone, and no digit first, such as scores_2025.",
)  # fmt: skip
MACRO_BOOK_MAIN = declare(
    "GK704", "macro-book-main", "error",
    "旁边已有文件 {main},按钮会去运行它。没有覆盖,什么也没有写;请给工作簿换一个名字。",
    "There is a file {main} already, which the button would run. Nothing was written; give the workbook another name.",
)  # fmt: skip
MACRO_BOOK_SHADOWS = declare(
    "GK705", "macro-book-shadows", "error",
    "Python 里已有名为“{name}”的模块,旁边的 {main} 会把它挡住。请给工作簿换一个名字。",
    "Python has a module “{name}” already, which {main} beside the workbook would hide. Give the workbook another name.",
)  # fmt: skip
MACRO_NOT_ON_MAC = declare(
    "GK710", "macro-not-on-mac", "error",
    "Mac 的 Excel 不能在打开的工作簿里重算。请保存并关闭它,再在终端运行 gkxl recalc --in-place。",
    "Excel on a Mac cannot recalculate a workbook that is open. Save and close it, and run gkxl recalc --in-place in a terminal.",
)  # fmt: skip
EXCEL_REFUSED = declare(
    "GK711", "excel-refused", "error",
    "Excel 没有照办:{what} 工作簿没有改动。工作簿的结构若受保护,请先在“审阅”里取消;"
    "也可以保存并关闭它,再运行 gkxl recalc --in-place。",
    "Excel refused: {what} The workbook was not changed. If its structure is protected, unprotect it (Review); or save and"
    " close it and run gkxl recalc --in-place.",
)  # fmt: skip
RESULTS_REFERRED = declare(
    "GK712", "results-referred", "error",
    "别处引用了原来的结果表(图表、透视表、条件格式、数据验证,或那张表已不在结果里),换上新表引用就会断,所以工作簿没有改动。"
    "请保存并关闭它,再运行 gkxl recalc --in-place。",
    "Something elsewhere refers to an old result sheet and would lose it (a chart, pivot table, conditional format or data"
    " validation, or the sheet is no longer among the results), so the workbook was not changed. Save and close it, and run"
    " gkxl recalc --in-place.",
)  # fmt: skip
OPEN_BOOK_FORMAT = declare(
    "GK713", "open-book-format", "error",
    "{format} 格式的工作簿里写不进结果。请在 Excel 里另存为 .xlsx 或 .xlsm,再点一次。",
    "Results cannot be written into a workbook of the format {format}. Save it as .xlsx or .xlsm in Excel, and try again.",
)  # fmt: skip
OLD_SHEETS_LEFT = declare(
    "GK714", "old-sheets-left", "warning",
    "新结果已写入,但原来的结果表没能删掉:{sheets}。请手工删除。",
    "The new results are in, but old result sheets could not be deleted: {sheets}. Delete them by hand.",
)  # fmt: skip
RESULT_SHEET_PROTECTED = declare(
    "GK715", "result-sheet-protected", "error",
    "结果表“{sheet}”有工作表保护,换成新表会丢掉它,所以工作簿没有改动。"
    "请先撤销保护,或保存并关闭工作簿,再运行 gkxl recalc --in-place。",
    "The result sheet “{sheet}” is protected, and a new one would not be, so the workbook was not changed. Unprotect it, or save"
    " and close the workbook and run gkxl recalc --in-place.",
)  # fmt: skip
OPEN_BOOK_UNCHANGED = declare(
    "GK716", "open-book-unchanged", "error",
    "有错误,工作簿没有改动。请改正后再点一次;要先写入其余单位的结果,请保存并关闭它,再运行 gkxl recalc --in-place --keep-going。",
    "There are errors, so the workbook was not changed. Mend them and try again; or save and close it, and write the results of"
    " the other units with gkxl recalc --in-place --keep-going.",
)  # fmt: skip
NO_OPEN_BOOK = declare(
    "GK717", "no-open-book", "error",
    "没有打开的工作簿。请先打开要重算的工作簿,再点一次。",
    "No workbook is open. Open the one to recalculate, and try again.",
)  # fmt: skip
SET_UP_FACTS = declare(
    "GK720", "set-up-facts", "note",
    "Python:{python}({bits} 位);xlwings:{xlwings};Excel:{excel}({excel_bits} 位)。",
    "Python: {python} ({bits} bit); xlwings: {xlwings}; Excel: {excel} ({excel_bits} bit).",
)  # fmt: skip
EXCEL_ELSEWHERE = declare(
    "GK721", "excel-elsewhere", "note",
    "这台电脑不是 Windows,没有桌面版 Excel 要设置。"
    "这里可用 gkxl score、gkxl recalc,函数可在 LibreOffice 里用(gkxl calc install)。",
    "This computer has no Windows, so there is no desktop Excel to set up. gkxl score and gkxl recalc work here, and the"
    " functions in LibreOffice (gkxl calc install).",
)  # fmt: skip
EXCEL_ON_MAC = declare(
    "GK722", "excel-on-mac", "note",
    "Mac 的 Excel 没有 VBA 函数,也不能在打开的工作簿里重算。函数请用 xlwings Lite,结果请用 gkxl recalc。",
    "Excel on a Mac has no functions of this kind and cannot recalculate a workbook that is open. Use the functions through"
    " xlwings Lite, and gkxl recalc for results.",
)  # fmt: skip
PYWIN32_BROKEN = declare(
    "GK723", "pywin32-broken", "error",
    "pywin32 用不了({what}),COM 服务器起不来。请运行 \"{python}\" -m pip install --force-reinstall pywin32。",
    "pywin32 does not work ({what}), so the COM server cannot start. Run \"{python}\" -m pip install --force-reinstall pywin32.",
)  # fmt: skip
PYTHON_FROM_STORE = declare(
    "GK724", "python-from-store", "error",
    "{python} 是微软商店的 Python(或指向商店的空壳),Excel 启动不了它。请从 python.org 安装,新建虚拟环境,再装 gkxl[excel]。",
    "{python} is Python from the Microsoft Store (or a stub that leads there), which Excel cannot start. Install it from"
    " python.org, make a virtual environment, and install gkxl[excel] in it.",
)  # fmt: skip
XLWINGS_LIBRARY_MISSING = declare(
    "GK725", "xlwings-library-missing", "error",
    "{python} 的文件夹和上一级里都没有 {file},{bits} 位的 Excel 用不了函数。"
    "多半是没装全(如用了 pip install --user),或被杀毒软件隔离:"
    "请在杀毒软件里恢复并加入信任,再运行 \"{python}\" -m pip install --force-reinstall --no-deps xlwings=={version}。"
    "Excel 和 Python 的位数不必相同。",
    "Neither the folder of {python} nor the one above has {file}, which functions need in an Excel of {bits} bit. It was not"
    " installed there (as with pip install --user), or an antivirus program took it: restore and allow it there, and run"
    " \"{python}\" -m pip install"
    " --force-reinstall --no-deps xlwings=={version}. Excel and Python need not have the same number of bits.",
)  # fmt: skip
EXCEL_MISSING = declare(
    "GK726", "excel-missing", "error",
    "没有找到桌面版 Excel。函数和按钮要用它;WPS 和网页版不行。gkxl score 和 gkxl recalc 不需要 Excel。",
    "Desktop Excel was not found, which functions and the button need; WPS and Excel on the web will not do. gkxl score and"
    " gkxl recalc need no Excel.",
)  # fmt: skip
EXCEL_FROM_STORE = declare(
    "GK727", "excel-from-store", "error",
    "Excel 是微软商店版({excel}),它不让函数连上 Python(按钮可用)。请卸载,从 office.com 下载安装程序重装。",
    "Excel is from the Microsoft Store ({excel}), which keeps functions from reaching Python (the button works). Uninstall it"
    " and install Office from office.com.",
)  # fmt: skip
CHILDREN_BLOCKED = declare(
    "GK728", "children-blocked", "error",
    "Windows 安全中心(Defender)禁止 Office 启动其他程序(ASR 规则 D4F940AB…),Excel 起不动 Python。"
    "请管理员为 Excel 加排除项,或把这条规则改为“审核”。",
    "Windows Defender forbids Office to start other programs (ASR rule D4F940AB…), so Excel cannot start Python. Ask the"
    " administrator for an exclusion, or to set the rule to audit.",
)  # fmt: skip
CMD_BLOCKED = declare(
    "GK729", "cmd-blocked", "error",
    "组策略禁用了命令提示符(DisableCMD),xlwings 要用它启动 Python。请管理员放开。",
    "A policy forbids the command prompt (DisableCMD), by which xlwings starts Python. Ask the administrator to allow it.",
)  # fmt: skip
MACROS_OFF = declare(
    "GK730", "macros-off", "error",
    "Excel 禁止没有签名的宏。请在 文件 > 选项 > 信任中心 > 信任中心设置 > 宏设置 里选“通过通知禁用 VBA 宏”;若是灰的,请管理员改,"
    "或把文件放进受信任位置。",
    "Excel forbids macros that are not signed. Choose “Disable VBA macros with notification” under File > Options > Trust"
    " Center > Trust Center Settings > Macro Settings; if it is greyed out, ask the administrator, or put the file into a"
    " trusted location.",
)  # fmt: skip
VBA_NOT_TRUSTED = declare(
    "GK731", "vba-not-trusted", "warning",
    "没有“信任对 VBA 工程对象模型的访问”,导入函数的宏 ImportPythonUDFs 会失败(按钮不受影响)。请在 信任中心设置 > 宏设置 里勾选,"
    "或不用它:gkxl excel vba -o gk.bas,在 VBA 编辑器(Alt+F11)里 文件 > 导入文件。",
    "“Trust access to the VBA project object model” is off, so the macro ImportPythonUDFs will fail (the button is not"
    " concerned). Tick it under Trust Center Settings > Macro Settings, or do without: gkxl excel vba -o gk.bas, then File >"
    " Import File in the VBA editor (Alt+F11).",
)  # fmt: skip
ADD_IN_VERSION = declare(
    "GK732", "add-in-version", "warning",
    "Excel 加载的 xlwings 加载项是 {found},装的 xlwings 是 {installed}。用到它的工作簿会找不到库:"
    "请关闭 Excel,运行 xlwings addin install。",
    "The xlwings add-in that Excel loads is of version {found}, the installed xlwings of {installed}. Workbooks that use it will"
    " not find its library: close Excel and run xlwings addin install.",
)  # fmt: skip
BOOK_FROM_INTERNET = declare(
    "GK740", "book-from-internet", "error",
    "Windows 把这个文件记为来自网络,Excel 会拦下它的宏。请右击文件 > 属性 > 勾选“解除锁定”。",
    "Windows has noted that this file is from the internet, and Excel will block its macros. Right-click it > Properties >"
    " Unblock.",
)  # fmt: skip
BOOK_WITHOUT_XLWINGS = declare(
    "GK741", "book-without-xlwings", "error",
    "这个文件里没有 xlwings 的宏。请用 gkxl excel new 新建带按钮的工作簿(.xlsm)或加载项(.xlam);加载项对任何打开的工作簿都管用。",
    "This file has no macros of xlwings. Make a workbook with the button (.xlsm) or an add-in (.xlam) with gkxl excel new; the"
    " add-in works for any workbook that is open.",
)  # fmt: skip
VBA_VERSION = declare(
    "GK742", "vba-version", "error",
    "文件里的宏是 xlwings {found} 的,装的是 {installed},函数会找不到库。请用 gkxl excel new 另建一个,把工作表移过去;"
    "或运行 pip install xlwings=={found}。",
    "The macros in this file are of xlwings {found}, and {installed} is installed, so functions will not find their library. Make"
    " another with gkxl excel new and move the sheets there, or run pip install xlwings=={found}.",
)  # fmt: skip
INTERPRETER_MISSING = declare(
    "GK743", "interpreter-missing", "error",
    "设置里的 Python 不存在:{path}(见 {where})。请改为装有 gkxl 的 python.exe 的完整路径;隐藏的设置表右击表标签可取消隐藏。",
    "The Python of the settings does not exist: {path} (see {where}). Give the full path of the python.exe that has gkxl; a"
    " hidden sheet of settings is unhidden by right-clicking a sheet tab.",
)  # fmt: skip
INTERPRETER_WITHOUT_GKXL = declare(
    "GK744", "interpreter-without-gkxl", "error",
    "设置里的 Python({path},见 {where})用不了 gkxl:{what}。请运行 \"{path}\" -m pip install 'gkxl[excel]',或改用另一个 Python。",
    "The Python of the settings ({path}, see {where}) cannot use gkxl: {what}. Run \"{path}\" -m pip install 'gkxl[excel]', or"
    " name another Python.",
)  # fmt: skip
MAIN_MISSING = declare(
    "GK745", "main-missing", "error",
    "旁边没有 {main},按钮找不到要运行的程序。两个文件要同名、放在一起;改过名字的请一起改。",
    "There is no {main} beside it, which the button runs. Both files lie in one folder under one name: rename them together.",
)  # fmt: skip
BOOK_SYNCHRONISED = declare(
    "GK746", "book-synchronised", "warning",
    "文件在 OneDrive 的文件夹里,Excel 给出的是网址,可能找不到旁边的文件。不顺利时请移到普通文件夹。",
    "The file lies in a folder of OneDrive, and Excel names it by its address on the web, so what is beside it may not be"
    " found. If it is not, move both to a plain folder.",
)  # fmt: skip
PATH_CHARACTERS = declare(
    "GK747", "path-characters", "error",
    "文件或 Python 的路径里有系统代码页没有的字:{characters},COM 服务器会起不来。"
    "请移到别的文件夹,或在 Windows 的区域设置里换成相应的语言。",
    "The path of the file or of Python has characters that the system's code page lacks: {characters}, and the COM server will"
    " not start. Move it to another folder, or choose their language as that of non-Unicode programs in Windows.",
)  # fmt: skip
FUNCTIONS_NOT_IMPORTED = declare(
    "GK748", "functions-not-imported", "note",
    "函数还没有导入(按钮不需要)。在 Excel 里按 Alt+F8,“宏名”里写 {macro},点“执行”。",
    "The functions have not been imported (the button needs none). Press Alt+F8 in Excel, write {macro} into “Macro name”, and"
    " press “Run”.",
)  # fmt: skip
FUNCTIONS_OUTDATED = declare(
    "GK749", "functions-outdated", "error",
    "导入的函数是旧版 gkxl 的,缺:{names}。请再导入一次:Alt+F8,“宏名”里写 {macro},点“执行”。",
    "The imported functions are those of an older gkxl and lack: {names}. Import them again: Alt+F8, write {macro} into “Macro"
    " name”, and press “Run”.",
)  # fmt: skip
BLANK_OR_ZERO = declare(
    "GK685", "blank-or-zero", "error",
    "“{argument}”是 0 还是空?LibreOffice 把单独一个空单元格也当作 0 交给函数。请把单元格写成 GK.CELLS(B2) 或区域 B2:B2。",
    "Is “{argument}” 0 or blank? LibreOffice hands a single blank cell over as 0 too. Write the cell as GK.CELLS(B2), or as"
    " the range B2:B2.",
)  # fmt: skip
OFFICE_MISSING = declare(
    "GK618", "office-missing", "error",
    "没有找到 LibreOffice。请装 LibreOffice(https://www.libreoffice.org),或把它的 program 文件夹加进 PATH;"
    "装成 Flatpak 或 Snap 的,请用 gkxl calc build 写出文件,在“工具 > 扩展”里添加。",
    "LibreOffice is not found. Install it (https://www.libreoffice.org), or put its program folder on the PATH; if it came as a"
    " Flatpak or Snap, write the file with gkxl calc build and add it in Tools, Extensions.",
)  # fmt: skip
OFFICE_AS_ROOT = declare(
    "GK760", "office-as-root", "error",
    "LibreOffice 不为 root 安装扩展。请以使用 LibreOffice 的用户运行;要为这台电脑的所有用户安装,先 gkxl calc build,再"
    " unopkg add --shared gkxl.oxt。",
    "LibreOffice installs no extension for root. Run this as the user who works with LibreOffice; for all users of the"
    " computer: gkxl calc build, then unopkg add --shared gkxl.oxt.",
)  # fmt: skip
EXTENSION_REFUSED = declare(
    "GK761", "extension-refused", "error",
    "LibreOffice 没有照办:{said} 请关掉 LibreOffice(托盘里的快速启动也要退出),再试一次;"
    "还不行,用 gkxl calc build 写出文件,在“工具 > 扩展”里添加。",
    "LibreOffice refused: {said} Close LibreOffice, its quickstarter too, and try again; else write the file with"
    " gkxl calc build and add it in Tools, Extensions.",
)  # fmt: skip
OFFICE_WITHOUT_PYTHON = declare(
    "GK762", "office-without-python", "error",
    "这个 LibreOffice 不能运行 Python。Debian、Ubuntu 请装 python3-uno,Fedora 请装 libreoffice-pyuno,再试一次。",
    "This LibreOffice cannot run Python. Install python3-uno (Debian, Ubuntu) or libreoffice-pyuno (Fedora), and try again.",
)  # fmt: skip
OFFICE_PYTHON_OLD = declare(
    "GK763", "office-python-old", "error",
    "这个 LibreOffice 用的 Python 是 {found},gkxl 要 3.11 或更新。Windows 和 Mac 请装 LibreOffice 26.2 或更新的版本。",
    "The Python of this LibreOffice is {found}, and gkxl needs 3.11. On Windows and Mac install LibreOffice 26.2 or newer.",
)  # fmt: skip
ADD_IN_MISSING = declare(
    "GK764", "add-in-missing", "error",
    "LibreOffice 里没有装 gkxl 的函数。请运行 gkxl calc install。",
    "The functions are not installed in LibreOffice. Run gkxl calc install.",
)  # fmt: skip
ADD_IN_OLD = declare(
    "GK765", "add-in-old", "error",
    "LibreOffice 里装的是 gkxl {there},这里是 {now}。请运行 gkxl calc install。",
    "The functions in LibreOffice are those of gkxl {there}, and this is {now}. Run gkxl calc install.",
)  # fmt: skip
ADD_IN_SILENT = declare(
    "GK766", "add-in-silent", "error",
    "LibreOffice 算不出 =GK.VERSION(),给出的是:{answer} 请关掉 LibreOffice,运行 gkxl calc install,再试一次。",
    "LibreOffice does not work out =GK.VERSION(); it gives: {answer} Close LibreOffice, run gkxl calc install, and try again.",
)  # fmt: skip
BOOK_ON_SHARE = declare(
    "GK750", "book-on-share", "warning",
    "文件在网络共享上,Excel 可能拦下它的宏。"
    "拦下时请把共享加入 信任中心 > 受信任位置(勾选“允许网络上的受信任位置”),或复制到本机。",
    "The file lies on a network share, and Excel may block its macros. If it does, add the share under Trust Center > Trusted"
    " Locations (tick “Allow Trusted Locations on my network”), or copy the file to this computer.",
)  # fmt: skip
INTERNAL_ERROR = declare(
    "GK699", "internal-error", "error",
    "gkxl 内部错误({what})。这是 gkxl 的缺陷,不是您的文件有错;请报告此行,设 GKXL_DEBUG=1 再运行可看到详情。",
    "Internal error of gkxl ({what}). This is a bug of gkxl, not of your files; please report this line. GKXL_DEBUG=1"
    " shows the details.",
)  # fmt: skip
