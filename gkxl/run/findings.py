"""Findings about data, gathered: one of a kind for each cell, at most 20 of a code for each sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from gkxl.diagnostics import MORE, CellRef, Code, Diagnostic, Language, Place, column_letters
from gkxl.periods import Period
from gkxl.run.reading import Lack, fault
from gkxl.tables import Cell
from gkxl.values import Kind

SHOWN = 5  # cells that one finding names
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

    def mark(self) -> int:
        """A point to go back to."""
        return len(self._found)

    def back_to(self, mark: int) -> None:
        """Forget what has been added since the mark."""
        self._seen -= {
            (found.code.number, found.place) for found in self._found[mark:] if isinstance(found.place, CellRef)
        }
        del self._found[mark:]

    def places(self, cells: Sequence[CellRef]) -> str:
        """Cells one after the other; of many the first few."""
        return self.say("、", ", ").join(map(str, cells[:SHOWN])) + ("…" if len(cells) > SHOWN else "")

    def add(
        self, code: Code, place: Place, notes: tuple[str, ...] = (), row_period: Period | None = None, **values: object
    ) -> None:
        if isinstance(place, CellRef):
            if (code.number, place) in self._seen:
                return
            self._seen.add((code.number, place))
        self._found.append(_Finding(code, place, values, notes, row_period))

    def cell(
        self, place: CellRef, cell: Cell, need: Kind | Lack, period: Period | None = None, header: str | None = None
    ) -> None:
        """What is wrong with a cell where a value of the kind `need` is needed. `header`: that of its column."""
        code, values, notes = fault(cell, need, self.language)
        self.add(code, place, notes, period, **({"column": header or column_letters(place.column)} | values))

    def cells(self, periods: Collection[Period] | None = None) -> set[CellRef]:
        """The cells that there is something to tell of."""
        return {found.place for found in self._about(periods) if isinstance(found.place, CellRef)}

    def _about(self, periods: Collection[Period] | None) -> Iterator[_Finding]:
        for found in self._found:
            if periods is None or found.period is None or any(within(found.period, p) for p in periods):
                yield found

    def diagnostics(self, periods: Collection[Period] | None = None) -> list[Diagnostic]:
        """All that concern one of `periods` (None: any)."""
        result = list(self.others)
        counts: dict[tuple[str, str], int] = {}
        for found in self._about(periods):
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
