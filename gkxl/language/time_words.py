"""The words of time: units behind numbers, and days that are named without their year."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from gkxl.diagnostics import Language
from gkxl.periods import DayRule, PeriodKind, TimeUnit

_UNITS = {
    TimeUnit.DAY: "天 日 自然日 个自然日 day days calendar_day calendar_days",
    TimeUnit.WORKING_DAY: "工作日 个工作日 working_day working_days business_day business_days",
    TimeUnit.HOUR: "小时 个小时 hour hours",
    TimeUnit.MONTH: "月 个月 month months",
}
_WEEKS = "周 星期 个星期 个周 week weeks"
_BY_WORD = {word.replace("_", " "): (unit, Decimal(1)) for unit, words in _UNITS.items() for word in words.split()}
_BY_WORD |= {word: (TimeUnit.DAY, Decimal(7)) for word in _WEEKS.split()}
_BY_WORD |= {word: (TimeUnit.MONTH, Decimal(3)) for word in ("季度", "个季度", "quarter", "quarters")}


def time_unit(label: str) -> tuple[TimeUnit | None, Decimal]:
    """The unit that a measure word names, and how many of it (a week is 7 days); None for any other word."""
    return _BY_WORD.get(" ".join(label.casefold().split()), (None, Decimal(1)))


def is_time(mark: object) -> bool:
    """Whether a mark is an amount of time: 20个工作日, 24 hours."""
    return time_unit(getattr(mark, "label", ""))[0] is not None


MONTHS = "January February March April May June July August September October November December".split()
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_DAY_ZH = re.compile(
    r"(?:(?P<year>每年|当年|本年度?|次年|翌年|下一?年)的?)?(?P<month>\d{1,2})月(?:份)?(?:(?P<day>\d{1,2})[日号]|(?P<end>底|末))"
    r"|(?P<of_month>每个?月|当月|本月|次月|下个?月|翌月)的?(?:(?P<day2>\d{1,2})[日号]|底|末)"
    r"|(?P<of_quarter>每个?季度?|本季度?|当季度?|次季度?|下个?季度?)(?:的?(?P<which>首|第一个|第二个|末|最后一个|第三个)月的?(?P<day3>\d{1,2})[日号]|底|末)"
    r"|(?P<of_year>每年|当年|本年|次年|翌年|下一?年)?年?底(?=前|之前|以前)"
    r"|月[底末](?=前|之前|以前)|季度?[底末](?=前|之前|以前)|年[底末](?=前|之前|以前)"
)
_DAY_EN = re.compile(
    rf"(?:the\s+)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_MONTH})\b\.?"
    rf"|(?P<month2>{_MONTH})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|-|%|\s*(?:points?|pts?)\b)"
    rf"|(?P<end>end\s+of)\s+(?P<month3>{_MONTH})\b\.?)"
    r"(?P<year>\s+(?:each|every|of\s+each|of\s+every|of\s+the\s+following|of\s+the\s+next|the\s+following|next)\s+year)?"
    r"|(?:the\s+)?(?:(?P<day4>\d{1,2})(?:st|nd|rd|th)|(?P<end4>end))\s+of\s+(?:the\s+)?"
    r"(?:(?P<nth>first|second|third|last)\s+month\s+of\s+(?:the\s+)?)?"
    r"(?P<which>each|every|following|next|same)?\s*(?P<of>month|quarter|year)\b",
    re.IGNORECASE,
)
_PLACES = {"首": 1, "第一个": 1, "first": 1, "第二个": 2, "second": 2}  # of a month in its quarter; else the last
_LEAP = 2000  # a year that has every day


def read_day_of(text: str, start: int, language: Language) -> tuple[DayRule | None, int] | None:
    """The day without a year at `start` (3月31日, 6月底, 每月5日, 31 March, the 5th of each month) and where it ends.

    None where there is none; the rule is None for a day that does not exist (or, like 29 February, not in every year).
    """
    match = (_DAY_ZH if language == "zh" else _DAY_EN).match(text, start)
    if match is None:
        return None
    rule = _chinese(match) if language == "zh" else _english(match)
    try:
        sound = 0 < rule.month <= rule.of.months
        in_year = (rule.month if rule.of is PeriodKind.YEAR else 1, rule.day or 1)
        sound = sound and date(_LEAP, *in_year) != date(_LEAP, 2, 29)
    except ValueError:
        sound = False
    return rule if sound else None, match.end()


def _chinese(match: re.Match[str]) -> DayRule:
    part, text = match.groupdict(), match.group()
    later = int(text.startswith(("次", "翌", "下")))
    if part["month"]:
        return DayRule(PeriodKind.YEAR, int(part["month"]), int(part["day"] or 0), later)
    if part["of_month"] or text.startswith("月"):
        return DayRule(PeriodKind.MONTH, 1, int(part["day2"] or 0), later)
    if part["of_quarter"] or text.startswith("季"):
        return DayRule(PeriodKind.QUARTER, _PLACES.get(part["which"] or "", 3), int(part["day3"] or 0), later)
    return DayRule(PeriodKind.YEAR, 12, 0, later)


def _english(match: re.Match[str]) -> DayRule:
    part = {name: value.casefold() if value else "" for name, value in match.groupdict().items()}
    later = int(any(word in part["year"] + part["which"] for word in ("following", "next")))
    month = part["month"] or part["month2"] or part["month3"]
    if month:
        number = next(at for at, name in enumerate(MONTHS, 1) if name.casefold().startswith(month))
        return DayRule(PeriodKind.YEAR, number, int(part["day"] or part["day2"] or 0), later)
    of = {"month": PeriodKind.MONTH, "quarter": PeriodKind.QUARTER, "year": PeriodKind.YEAR}[part["of"]]
    place = _PLACES.get(part["nth"], 12 if of is PeriodKind.YEAR and part["nth"] != "third" else 3)
    return DayRule(of, 1 if of is PeriodKind.MONTH else place, int(part["day4"] or 0), later)
