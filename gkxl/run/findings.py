"""Findings about data, gathered: one of a kind for each cell, at most 20 of a code for each sheet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from gkxl.diagnostics import MORE, CellRef, Code, Diagnostic, Language, Place
from gkxl.periods import Period
from gkxl.run.reading import Lack, fault
from gkxl.tables import Cell
from gkxl.values import Kind

LISTED = 20  # of one code for each sheet; then their number


class _Finding(NamedTuple):
    code: Code
    place: Place
    values: dict[str, object]
    notes: tuple[str, ...]
    period: Period | None


class Findings:
    """`period` of a finding: that of its row; None where the row's period is unknown or does not matter."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._found: list[_Finding] = []
        self._seen: set[tuple[str, CellRef]] = set()
        self.others: list[Diagnostic] = []  # finished elsewhere, such as those of a sheet that cannot be read

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def listed(self, names: Sequence[str], most: int = 12) -> str:
        """Names one after the other, in the marks of the language."""
        more = f"…({len(names)})" if len(names) > most else ""
        quoted = [self.say(f"“{name}”", f"“{name}”") for name in names[:most]]
        return self.say("、", ", ").join(quoted) + more

    def add(
        self, code: Code, place: Place, notes: tuple[str, ...] = (), row_period: Period | None = None, **values: object
    ) -> None:
        if isinstance(place, CellRef):
            if (code.number, place) in self._seen:
                return
            self._seen.add((code.number, place))
        self._found.append(_Finding(code, place, values, notes, row_period))

    def cell(self, place: CellRef, cell: Cell, need: Kind | Lack, period: Period | None = None) -> None:
        """What is wrong with a cell where a value of the kind `need` is needed."""
        code, values, notes = fault(cell, need, self.language)
        self.add(code, place, notes, period, **values)

    def diagnostics(self, periods: Collection[Period] | None = None) -> list[Diagnostic]:
        """All that concern one of `periods` (None: any)."""
        result = list(self.others)
        counts: dict[tuple[str, str], int] = {}
        for found in self._found:
            if periods is not None and found.period and not any(within(found.period, p) for p in periods):
                continue
            if isinstance(found.place, CellRef):
                key = (found.place.sheet, found.code.number)
                counts[key] = counts.get(key, 0) + 1
                if counts[key] > LISTED:
                    continue
            result.append(Diagnostic(found.code, found.place, self.language, found.values, found.notes))
        result += [
            Diagnostic(
                MORE, CellRef(sheet, 0, 0), self.language, {"sheet": sheet, "code": code, "count": count - LISTED}
            )
            for (sheet, code), count in counts.items()
            if count > LISTED
        ]
        return result


def within(part: Period, whole: Period) -> bool:
    """Whether a period lies inside another, or is it."""
    return part.kind.months <= whole.kind.months and part.first_day in whole
