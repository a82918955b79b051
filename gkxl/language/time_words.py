"""The words of time: units behind numbers, and days that are named without their year."""

from __future__ import annotations

from decimal import Decimal

from gkxl.periods import TimeUnit

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
