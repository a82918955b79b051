"""Captions of a fixed form: which row or column of a sheet a text names, by the cells that hold it, merged ones too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from gkxl.diagnostics import CellRef
from gkxl.tables import Area, CellKind, Sheet
from gkxl.values import name_key

MOST_ROWS = 5000  # captions are looked for in so many rows: a form is no ledger
_MOST_PARTS = 4  # cells that make up one caption: 三、本年度办理结果 / (三)不予公开 / 1.属于国家秘密


class _Text(NamedTuple):
    """A cell with text, and what it covers."""

    area: Area
    text: str


class Found(NamedTuple):
    """A row or column that has a caption: its number, and the last cell of the caption."""

    line: int
    cell: tuple[int, int]  # row, column
    text: str


class Captions:
    """The texts of a sheet. A row or column is reached by any one of them, or by some that follow each other in it."""

    def __init__(self, sheet: Sheet) -> None:
        """Raises GkError where the sheet cannot be read."""
        self.sheet = sheet
        rows = list(takewhile(lambda row: row.number <= MOST_ROWS, sheet.rows()))
        merged = {(area.top, area.left): area for area in sheet.merges}
        numbers = [row.number for row in rows]
        self._last = max((c for row in rows for c in row.cells), default=0)
        self.texts: list[_Text] = []
        for row in rows:
            for column, cell in sorted(row.cells.items()):
                if cell.kind is CellKind.TEXT and str(cell.value).strip():
                    area = merged.get((row.number, column)) or Area(row.number, column, row.number, column)
                    self.texts.append(_Text(area, str(cell.value)))
        self._bottom = numbers[-1] if numbers else 0
        self._made: dict[str, dict[str, list[Found]]] = {}

    def rows(self, caption: str, left_of: int = 0) -> list[Found]:
        """The rows of a caption; `left_of`: only of cells left of this column (0: of all)."""
        return _before(self._by_key("row").get(name_key(caption), []), "row", left_of)

    def columns(self, caption: str, above: int = 0) -> list[Found]:
        return _before(self._by_key("column").get(name_key(caption), []), "column", above)

    def every(self, what: str, before: int) -> Iterator[tuple[str, CellRef]]:
        """All captions, for what is most like one that is not there."""
        for found in self._by_key(what).values():
            for one in _before(found, what, before):
                yield one.text, CellRef(self.sheet.name, *one.cell)

    def _by_key(self, what: str) -> dict[str, list[Found]]:
        if what not in self._made:
            keys: dict[str, list[Found]] = {}
            for line, texts in sorted(self._lines(what).items()):
                for key, found in _runs(line, texts):
                    keys.setdefault(key, []).append(found)
            self._made[what] = keys
        return self._made[what]

    def _lines(self, what: str) -> dict[int, list[_Text]]:
        """The texts of each row from left to right, or of each column from the top."""
        lines: dict[int, list[_Text]] = {}
        for one in self.texts:
            area = one.area
            low, high = (area.top, area.bottom) if what == "row" else (area.left, area.right)
            for line in range(low, min(high, self._bottom if what == "row" else self._last) + 1):
                lines.setdefault(line, []).append(one)
        for texts in lines.values():
            texts.sort(key=lambda one: (one.area.left, one.area.top) if what == "row" else one.area[:2])
        return lines


def _before(found: Iterable[Found], what: str, before: int) -> list[Found]:
    """Each line once. The cells of a caption run towards what it names, so that its last one decides."""
    kept: dict[int, Found] = {}
    for one in found:
        if not before or one.cell[1 if what == "row" else 0] < before:
            kept.setdefault(one.line, one)
    return list(kept.values())


def _runs(line: int, texts: list[_Text]) -> Iterable[tuple[str, Found]]:
    for first in range(len(texts)):
        for end in range(first + 1, min(first + _MOST_PARTS, len(texts)) + 1):
            run = texts[first:end]
            text = " ".join(one.text.strip() for one in run)
            yield name_key(text), Found(line, run[-1].area[:2], text)
