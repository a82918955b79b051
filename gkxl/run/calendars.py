"""Which days are worked on: the published calendar of China, or a sheet of days off; and today, as the rules state it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from gkxl.periods import TimeUnit, add_months


class YearMissing(Exception):
    """The calendar says nothing of a year; becomes a finding at the cell that needs it."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


class WorkingDays:
    """The working days of some years: Monday to Friday but for `off`, and the days of `made_up`."""

    def __init__(self, off: Collection[date], made_up: Collection[date], years: Collection[int]) -> None:
        self.years = frozenset(years)
        self._days: list[int] = []  # ordinals, in order
        for year in sorted(self.years):
            for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
                day = date.fromordinal(ordinal)
                if day in made_up or (day.weekday() < 5 and day not in off):
                    self._days.append(ordinal)

    def between(self, first: date, last: date) -> int:
        """The working days after `first` up to `last`, which is one of them if it is a working day; early is 0."""
        if last <= first:
            return 0
        self._need(first + timedelta(1), last)
        return bisect_right(self._days, last.toordinal()) - bisect_right(self._days, first.toordinal())

    def after(self, first: date, count: int) -> date:
        """The working day number `count` after `first`; `first` itself is not counted."""
        if not count:
            return first
        at = bisect_right(self._days, first.toordinal()) + count - 1
        if at >= len(self._days):
            raise YearMissing(max(first.year, max(self.years, default=first.year)) + 1)
        last = date.fromordinal(self._days[at])
        self._need(first + timedelta(1), last)
        return last

    def _need(self, first: date, last: date) -> None:
        for year in range(first.year, last.year + 1):
            if year not in self.years:
                raise YearMissing(year)


@dataclass(frozen=True, slots=True)
class Clock:
    """What the time between dates hangs on. `working` None: not stated, or its sheet could not be read."""

    check_date: date | None = None
    working: WorkingDays | None = None
    row_date: int | None = None  # the column that dates the rows

    def days(self, first: date, last: date, unit: TimeUnit) -> int:
        """The days, or working days, from one day to another; early is 0."""
        if unit is TimeUnit.WORKING_DAY:
            assert self.working is not None  # terms that need it are not read without
            return self.working.between(first, last)
        return max((last - first).days, 0)

    def after(self, first: date, count: int, unit: TimeUnit) -> date:
        """The day so many days, working days or months after another."""
        match unit:
            case TimeUnit.WORKING_DAY:
                assert self.working is not None
                return self.working.after(first, count)
            case TimeUnit.MONTH:
                return add_months(first, count)
        return first + timedelta(count)


def china() -> WorkingDays:
    """The holidays and make-up days that the State Council has published, as the package of them has them."""
    from chinese_calendar import holidays, workdays  # type: ignore[import-untyped]

    return WorkingDays(holidays.keys(), workdays.keys(), range(min(holidays).year, max(holidays).year + 1))
