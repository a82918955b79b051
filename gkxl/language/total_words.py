"""How rubrics name the totals of periods: one token for `各季度得分的平均值`, `年度考评`, `年度总分`, `the average of quarters`.

Their words combine in too many ways for the lists of `grammar/`, and most of them begin other sentences as well, so
that the whole phrase and what follows it decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple, cast

from gkxl.diagnostics import Language
from gkxl.language.words import Atom, han_number, read_number
from gkxl.periods import PeriodKind

Extreme = Literal["highest", "lowest"]


class Phrase(NamedTuple):
    """A phrase and where it ends. `op` "": neither a sum nor an average is named; `many`: the 4 of 四个季度."""

    terminal: Literal["PERIOD_TOTALS", "POINTS_OF", "TOTAL", "TOTAL_IS"]
    end: int
    meaning: str
    op: Literal["", "sum", "average"] = ""
    many: int | None = None
    without: tuple[Extreme, ...] = ()


# The first characters, or words, of any of them, so that most places of a sentence are passed by.
FIRST = frozenset("各每全所季月半年两二三四五六七八九十0123456789加总考综最评") | frozenset(
    "the average mean sum total all each its quarterly monthly half-yearly quarters months half-years".split()
    + "yearly annual bonus bonuses".split()
)
_NOUN = r"(?P<noun>(?:的|总|年度|考核|考评|测评|评价|综合|最终|实际)*(?:成绩|得分|总分|分数|评分|分值|结果|分)?)"
_EXTREMES = r"(?:一个|1个|其中)?\s*(?:最高|最低)(?:分|的|月|季度|得分|成绩)*"
_WITHOUT = rf"(?:去掉|扣除|剔除|除去|去除)\s*{_EXTREMES}(?:\s*[和与、及,以]+\s*(?:去掉)?{_EXTREMES})?(?:后|之后|的)*"
_OPS = (
    r"(?:的|取|求|按|计算|其)*\s*(?:(?P<average>算术平均|平均|均(?=分|值|得分))(?:值|数|成绩|得分|分)*"
    r"|(?P<sum>之和|合计|总和|相加|累加|求和|加总|累计|加和)(?:得分|数)?)"
)
_ZH_UNIT = (
    r"(?:(?:各|每个?|全部|所有)|(?P<count>\d+|[两二三四五六七八九十]+)个)?的?"
    r"(?P<unit>季度|季(?!度)|月份|月度|月|半年度|半年)"
)
# What ends a phrase that begins a sentence: else 每月平均加班 would be taken for an average of months.
_ENDS = r"\s*(?:[×*÷/+\-(]|占|的?权重|按[\d.]+%[,;、+]|作为|计入|即?为(?:年度|全年|年终|总分)|$)"
_ZH_TOTALS = re.compile(
    rf"{_ZH_UNIT}{_NOUN}\s*(?:,?\s*(?P<before>{_WITHOUT}),?)?\s*(?:{_OPS}(?:计算)?)?"
    rf"(?P<behind>\s*\(\s*{_WITHOUT}\s*\)|\s*,\s*{_WITHOUT})?"
)
_ZH_YEARLY = re.compile(r"(?:年度|年终)(?:考核|考评|指标|评价|项目|测评)(?:的?(?:成绩|得分|分数|总分|评分|部分|分))?")
_ZH_BONUSES = re.compile(r"(?:各项|全部|所有)?加分项?(?:得分|合计|分)?")
_ZH_TOTAL = re.compile(
    r"(?P<when>年度|全年|年终|半年度?|季度|月度)?(?:考核|考评|综合|最终|评价)*(?:总得分|总成绩|总评分|得分|成绩|总分|分数|评分)"
)
_ZH_IS = re.compile(r"\s*(?:(?P<sign>=)|等于|应?为|是|应?取|按照?|由|以)\s*")
_ZH_CAP = re.compile(r"\s*(?:累计|合计)?(?:不超过|不得|不高于|最|封顶|上限|限|至多|以\d)")
_ZH_SUMS = re.compile(r"[各全所]\S{0,6}(?:之和|合计|相加|总和)")
_WHEN = {
    "年": PeriodKind.YEAR, "全": PeriodKind.YEAR, "半": PeriodKind.HALF, "季": PeriodKind.QUARTER, "月": PeriodKind.MONTH,
}  # fmt: skip

_EN_EXTREMES = (
    r"(?:without|leaving out|excluding|dropping|omitting|less)\s+(?:the\s+)?"
    r"(?:highest|best|lowest|worst)(?:\s+and\s+(?:the\s+)?(?:highest|best|lowest|worst))?"
    r"(?:\s+(?:month|quarter|score|total|one)s?\b)?"
)
_EN_WITHOUT = rf"(?P<without>\s*\({_EN_EXTREMES}\)|\s*,?\s*{_EN_EXTREMES})?"
_EN_NOUN = r"(?:['’]s?)?(?:\s+(?:totals?|scores?|results?|points)\b)?"
_EN_UNIT = r"(?P<unit>quarter|month|half-year)"
_EN_TOTALS = re.compile(
    r"(?:the\s+)?(?:(?P<op>average|mean|sum|total)\s+of\s+)?(?:(?:all|its|the|each)\s+)*(?:(?P<count>\d+|[a-z]+)\s+)?"
    rf"{_EN_UNIT}(?:s|ly)\b(?:\s+(?P<op2>average|sum))?{_EN_NOUN}{_EN_WITHOUT}",
    re.IGNORECASE,
)
_EN_AVERAGE = re.compile(
    rf"(?:the\s+)?(?P<op>average|mean)\s+{_EN_UNIT}ly(?P<op2>){_EN_NOUN}{_EN_WITHOUT}", re.IGNORECASE
)
_EN_YEARLY = re.compile(
    r"(?:the\s+)?(?:yearly|annual)\b(?!\s+total)(?:\s+(?:indicators?|assessment|points|part|review)\b)?", re.IGNORECASE
)
_EN_BONUSES = re.compile(r"(?:the\s+|all\s+(?:the\s+)?)?bonus(?:es)?\b", re.IGNORECASE)


def admitted_phrase(text: str, atom: Atom, language: Language, admits: Callable[[str], bool]) -> Phrase | None:
    """The phrase that begins at an atom, of the first terminal that the grammar admits there."""
    if atom.word in FIRST or atom.word[0] in FIRST:
        for terminal in ("TOTAL_IS", "PERIOD_TOTALS", "POINTS_OF", "TOTAL"):
            if admits(terminal) and (found := phrase_at(text, atom.start, language, terminal)):
                return found
    return None


def phrase_at(text: str, start: int, language: Language, terminal: str) -> Phrase | None:
    """The phrase of a terminal that begins at a character of a normalised sentence."""
    match terminal:
        case "PERIOD_TOTALS":
            found = _chinese_totals(text, start) if language == "zh" else _english_totals(text, start)
            return found if found and (start or _begins(found, text, language)) else None
        case "POINTS_OF":
            yearly, bonuses = (_ZH_YEARLY, _ZH_BONUSES) if language == "zh" else (_EN_YEARLY, _EN_BONUSES)
            if match := yearly.match(text, start):
                found = Phrase("POINTS_OF", match.end(), "yearly")
                return found if start or _begins(found, text, language) else None
            match = bonuses.match(text, start) if start else None
            return Phrase("POINTS_OF", match.end(), "bonuses") if match else None
        case "TOTAL" | "TOTAL_IS" if language == "zh":
            return _chinese_total(text, start, terminal)
    return None


def _begins(found: Phrase, text: str, language: Language) -> bool:
    """Whether a phrase at the beginning of a sentence is one, by what follows it."""
    if language == "en":
        return bool(found.op) and re.match(r"\s*(?:$|[+×*(])", text[found.end :]) is not None
    rest = text[found.end :]
    return re.match(_ENDS, rest) is not None and bool(rest.strip() or found.op)


def _chinese_totals(text: str, start: int) -> Phrase | None:
    match = _ZH_TOTALS.match(text, start)
    if match is None or not (match["average"] or match["sum"] or match["noun"]):
        return None
    op: Literal["", "sum", "average"] = "average" if match["average"] else "sum" if match["sum"] else ""
    said = (match["before"] or "") + (match["behind"] or "")
    without = cast(
        "tuple[Extreme, ...]", tuple(e for e, word in (("highest", "最高"), ("lowest", "最低")) if word in said)
    )
    count = match["count"]
    number = None if count is None else int(count) if count.isdecimal() else han_number(count.replace("两", "二"))
    return Phrase("PERIOD_TOTALS", match.end(), _WHEN[match["unit"][0]].value, op, number, without)


def _english_totals(text: str, start: int) -> Phrase | None:
    match = _EN_TOTALS.match(text, start) or _EN_AVERAGE.match(text, start)
    if match is None:
        return None
    part = {name: (said or "").casefold() for name, said in match.groupdict().items()}
    named, without = part["op"] or part["op2"], part["without"]
    extremes: list[Extreme] = []
    if "highest" in without or "best" in without:
        extremes.append("highest")
    if "lowest" in without or "worst" in without:
        extremes.append("lowest")
    number = None
    if count := part.get("count"):
        read = read_number(count, 0, han=False)
        if read is None or read.value is None or read.end < len(count):
            return None
        number = int(read.value)
    op: Literal["", "sum", "average"] = "" if not named else "average" if named in ("average", "mean") else "sum"
    return Phrase("PERIOD_TOTALS", match.end(), part["unit"], op, number, tuple(extremes))


def _chinese_total(text: str, start: int, terminal: str) -> Phrase | None:
    """年度总分 in a condition, or in front of how it comes about: 年度总分=…, 全年得分取各季度得分的平均值."""
    match = _ZH_TOTAL.match(text, start)
    if match is None:
        return None
    when = _WHEN[match["when"][0]].value if match["when"] else "own"
    sign = _ZH_IS.match(text, match.end())
    if terminal == "TOTAL_IS":
        if sign is None or start:
            return None
        follows = (
            sign["sign"]
            or _ZH_SUMS.match(text, sign.end())
            or ((found := _chinese_totals(text, sign.end())) and found.op)
        ) and (match["when"] or "总" in match.group())  # 得分=… alone is an indicator's own score
        return Phrase("TOTAL_IS", sign.end(), when) if follows else None
    if when == "own" or _ZH_CAP.match(text, match.end()):
        return None
    return Phrase("TOTAL", match.end(), when)
