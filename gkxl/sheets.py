"""The sheets that gkxl writes, as plain data: what stands in each cell, how it looks, where it leads. No library's types.

`report/` makes them of results, `workbook/` puts them into a package and reads them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from gkxl.diagnostics import CellRef
from gkxl.tables import Area
from gkxl.values import Number


class Look(Enum):
    """How a cell looks; a workbook gets all of them at once, so that what it holds does not hang on the results."""

    TITLE = "title"
    NOTE = "note"  # small, grey: below a title
    HEADER = "header"
    TEXT = "text"  # wraps
    NAME = "name"  # a unit, a group, a sentence's article: one line
    NUMBER = "number"
    TOTAL = "total"
    PLACE = "place"  # a rank or a grade: centred
    LINK = "link"
    RULES = "rules"  # the rule text, line by line, in a face of fixed width


class Written(NamedTuple):
    """A cell to be written. A text never becomes a formula; None stays blank, with its look. `link` jumps to a cell."""

    value: str | Number | None
    look: Look = Look.TEXT
    link: CellRef | None = None


class Tone(Enum):
    """The colours of grades and findings, from good to bad; they apply as long as the cell holds what they are for."""

    BEST = "best"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


@dataclass(frozen=True)
class Highlight:
    """Cells of an area that hold exactly `text` are shown in `tone`."""

    area: Area
    text: str
    tone: Tone


@dataclass(frozen=True)
class BarChart:
    """A horizontal bar for each row: names and numbers stand in two columns of the sheet itself. `at` is its top left cell."""

    title: str
    names: Area
    numbers: Area
    at: tuple[int, int]


@dataclass(frozen=True)
class ResultSheet:
    """One sheet. Rows and columns count from 1, as in Excel; `widths` are those of the columns, in characters.

    `header` is the number of the row that stays in view, is repeated on every page and carries the filter; 0 if there is
    none. `printed` are the columns that go on paper; 0 for all. `keys` are the columns whose texts name a row below the
    header (a period, a unit), by which stored results are held against new ones.
    """

    name: str
    rows: tuple[tuple[Written, ...], ...]
    widths: tuple[int, ...]
    header: int = 0
    highlights: tuple[Highlight, ...] = ()
    chart: BarChart | None = None
    landscape: bool = False
    printed: int = 0
    keys: tuple[int, ...] = ()


class StoredSheet(NamedTuple):
    """A result sheet in a workbook, and how many rows and columns were written: what stands outside is not ours."""

    name: str
    rows: int
    columns: int


@dataclass(frozen=True)
class ResultSet:
    """One rule file's results as a workbook holds them. The hashes are those of the rule text and of the cells it read."""

    rules_sha256: str
    cells_sha256: str
    period: str | None  # the one that was asked for
    sheets: tuple[StoredSheet, ...]


@dataclass(frozen=True)
class Stored:
    """What a workbook says about the results in it. A sheet is ours if it stands here, whatever its name."""

    version: str
    sets: tuple[ResultSet, ...]
