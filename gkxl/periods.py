"""Periods: months, quarters, half-years and years, weeks to be counted, and the texts that name them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from gkxl.values import normalise


class PeriodKind(Enum):
    """Weeks are only counted, and days only date rows for them; neither is ever scored."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half-year"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {"day": 0, "week": 0, "month": 1, "quarter": 3, "half-year": 6, "year": 12}[self.value]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`index` counts from 1 within the year. Printed `2025-10`, `2025Q4`, `2025H2`, `2025`, `2025-W05`.

    A week runs from Monday to Sunday and belongs to the period that its Thursday lies in (ISO 8601), so that each week
    belongs to one month, one quarter and one year.
    """

    year: int
    kind: PeriodKind
    index: int = 1

    @property
    def first_day(self) -> date:
        if self.kind is PeriodKind.WEEK:
            return date.fromisocalendar(self.year, self.index, 1)
        if self.kind is PeriodKind.DAY:
            return date(self.year, 1, 1) + timedelta(self.index - 1)
        return date(self.year, (self.index - 1) * self.kind.months + 1, 1)

    @property
    def last_day(self) -> date:
        if not self.kind.months:
            days = timedelta(6 if self.kind is PeriodKind.WEEK else 0)
            return self.first_day + min(days, date.max - self.first_day)
        month = self.index * self.kind.months
        return date(self.year, month, monthrange(self.year, month)[1])

    def __contains__(self, day: date) -> bool:
        if not self.kind.months:
            return self.first_day <= day <= self.last_day
        return day.year == self.year and (day.month - 1) // self.kind.months + 1 == self.index

    def split(self, kind: PeriodKind) -> tuple[Period, ...]:
        """The periods of a shorter (or the same) kind that make up this one, in order."""
        if kind is PeriodKind.WEEK:
            thursday = self.first_day + timedelta((3 - self.first_day.weekday()) % 7)
            count = (self.last_day - thursday).days // 7 + 1
            return tuple(period_of(thursday + timedelta(7 * i), kind) for i in range(count))
        parts = self.kind.months // kind.months
        return tuple(Period(self.year, kind, (self.index - 1) * parts + i + 1) for i in range(parts))

    def back(self, years: int = 0, periods: int = 0) -> Period:
        """The same period so many years earlier, or so many periods of its kind earlier (of months and longer)."""
        parts = 12 // self.kind.months
        at = (self.year - years) * parts + self.index - 1 - periods
        return Period(at // parts, self.kind, at % parts + 1)

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.YEAR:
                return str(self.year)
            case PeriodKind.MONTH:
                return f"{self.year}-{self.index:02}"
            case PeriodKind.QUARTER:
                return f"{self.year}Q{self.index}"
            case PeriodKind.HALF:
                return f"{self.year}H{self.index}"
            case PeriodKind.WEEK:
                return f"{self.year}-W{self.index:02}"
            case PeriodKind.DAY:
                return str(self.first_day)


class TimeUnit(Enum):
    """What time between two dates is counted in."""

    DAY = "day"
    WORKING_DAY = "working day"
    HOUR = "hour"
    MONTH = "month"  # of the calendar: only a distance from a date, never a count


@dataclass(frozen=True, slots=True)
class DayRule:
    """A day of every year, half-year, quarter or month: 3月31日, 每月5日, 每季度首月10日.

    `month` counts from 1 within the period; a `day` of 0 is the month's last. `later`: so many periods after it (次年).
    """

    of: PeriodKind
    month: int
    day: int
    later: int = 0

    def within(self, period: Period) -> date:
        """The day that is meant where a period no longer than `of` is looked at."""
        start = period_of(period.first_day, self.of).first_day
        month = add_months(start, self.later * self.of.months + self.month - 1)
        return month.replace(day=self.day or monthrange(month.year, month.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier); the last of the month, where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def period_of(day: date, kind: PeriodKind) -> Period:
    """The period of `kind` that holds `day`."""
    if kind is PeriodKind.WEEK:
        year, week, _ = day.isocalendar()
        return Period(year, kind, week)
    if kind is PeriodKind.DAY:
        return Period(day.year, kind, day.timetuple().tm_yday)
    return Period(day.year, kind, (day.month - 1) // kind.months + 1)


_QUARTERS = {c: i for i, row in enumerate(("1一", "2二", "3三", "4四"), 1) for c in row}
_MONTHS = {m: i for i, m in enumerate(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), 1)}
_PATTERN = re.compile(
    r"(?:(?P<year>[12]\d{3})\s*年?(?:度)?\s*)?"
    r"(?:第?(?P<q>[1-4一二三四])\s*季度?|Q\s*(?P<q2>[1-4])|H\s*(?P<h2>[12])|(?P<half>[上下])半年"
    r"|-\s*(?P<m2>0?[1-9]|1[0-2])|(?P<m>0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])\s*月份?)?",
    re.IGNORECASE,
)


def parse_period(text: str, year: int | None = None) -> Period | None:
    """The period a text names (`2025Q4`, `2025年四季度`, `2025-10`, `10月`, `2025H2`, `2025年下半年`, `2025`), or None.

    `year` is used for a text that names none.
    """
    match = _PATTERN.fullmatch(normalise(text).strip())
    if not match or not match.group(0):
        return None
    part = match.groupdict()
    stated = int(part["year"]) if part["year"] else year
    if stated is None:
        return None
    if quarter := part["q"] or part["q2"]:
        return Period(stated, PeriodKind.QUARTER, _QUARTERS[quarter])
    if half := part["h2"] or part["half"]:
        return Period(stated, PeriodKind.HALF, 1 if half in "1上" else 2)
    if month := part["m"] or part["m2"]:
        return Period(stated, PeriodKind.MONTH, _MONTHS[month] if month in _MONTHS else int(month))
    return Period(stated, PeriodKind.YEAR)
