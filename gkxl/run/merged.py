"""Merged cells in the rows of a ledger: Excel shows the first cell of each, and its value counts there alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable

from gkxl.diagnostics import CellRef
from gkxl.run.ledgers import Ledger
from gkxl.tables import Area


class Merged:
    """The cells of some columns that lie under a merge: in its area, but not in its first cell.

    Merges of a sound sheet never overlap. Of those that do the first counts, so that no file makes this slow.
    """

    def __init__(self, merges: Iterable[Area], columns: Collection[int], first: int, last: int | None) -> None:
        self._areas: dict[int, list[Area]] = {}
        self._tops: dict[int, list[int]] = {}
        data = sorted(area for area in merges if area.bottom >= first and (last is None or area.top <= last))
        for column in sorted(columns):
            areas: list[Area] = []
            for area in data:
                if area.left <= column <= area.right and (not areas or area.top > areas[-1].bottom):
                    areas.append(area)
            if areas:
                self._areas[column] = areas
                self._tops[column] = [area.top for area in areas]

    def __bool__(self) -> bool:
        return bool(self._areas)

    @property
    def columns(self) -> frozenset[int]:
        return frozenset(self._areas)

    def at(self, row: int, column: int) -> Area | None:
        """The merge that hides a cell."""
        areas = self._areas.get(column)
        if areas is None:
            return None
        index = bisect_right(self._tops[column], row) - 1
        area = areas[index] if index >= 0 else None
        return area if area and row <= area.bottom and (row, column) != (area.top, area.left) else None

    def hidden(self, row: int, columns: Collection[int]) -> list[tuple[int, Area]]:
        """Those of `columns` whose cell in a row is hidden, each with its merge."""
        return [(column, area) for column in columns if (area := self.at(row, column)) is not None]


def merged_in(ledger: Ledger) -> Merged:
    """The merges in the rows of a ledger; raises GkError where its sheet cannot be read."""
    return Merged(ledger.sheet.merges, ledger.headed.keys(), ledger.first, ledger.last)


def area_name(sheet: str, area: Area) -> str:
    return f"{CellRef(sheet, area.top, area.left)}:{CellRef('', area.bottom, area.right).a1}"
