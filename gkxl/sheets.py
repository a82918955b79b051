"""The sheets that gkxl writes, as plain data: what stands in each cell, how it looks, where it leads. No library's types.

`report/` makes them of results, `workbook/` puts them into a package and reads them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from gkxl.diagnostics import column_letters
from gkxl.tables import Area
from gkxl.values import Number

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet (ECMA-376 part 1, 18.3.1.4)
MOST_LINKS = 65_530  # of a sheet, as Excel specifies
CHART_NAME = "gkxl chart"  # of our chart's frame, by which it is told from what others put beside it


class Look(Enum):
    """How a cell looks; a workbook gets all of them at once, so that what it holds does not hang on the results."""

    TITLE = "title"  # set in the middle of the columns of its row
    NOTE = "note"  # grey: below a title
    HEADER = "header"
    TEXT = "text"
    NAME = "name"  # a unit, a group
    NUMBER = "number"
    SIGNED = "signed"  # points that were won or lost: +6, -2
    TOTAL = "total"
    PLACE = "place"  # a rank or a grade: centred
    LINK = "link"
    LABEL = "label"  # in front of a text of its own, and where another unit begins
    RULES = "rules"  # the rule text, line by line


class Target(NamedTuple):
    """The cells that a link jumps to. Row 1 to the last of a sheet is whole columns."""

    sheet: str
    area: Area

    def __str__(self) -> str:
        """`信息公开!A2:A9`."""
        return f"{self.sheet}!{self.a1}"

    @property
    def a1(self) -> str:
        top, left, bottom, right = self.area
        first, last = column_letters(left), column_letters(right)
        if (top, bottom) == (1, MOST_ROWS):
            return f"{first}:{last}"
        return f"{first}{top}" if (top, left) == (bottom, right) else f"{first}{top}:{last}{bottom}"


class Written(NamedTuple):
    """A cell to be written. A text never becomes a formula; None stays blank, with its look. `link` jumps to cells.

    `places`: how many decimals of a number are shown.
    """

    value: str | Number | None
    look: Look = Look.TEXT
    link: Target | None = None
    places: int = 0


MOST_PLACES = 6


class Tone(Enum):
    """The colours of grades and findings, from good to bad; they apply as long as the cell holds what they are for."""

    BEST = "best"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class When(Enum):
    """What the cell of a row's column must be for a highlight to show."""

    IS = "is"
    HOLDS = "holds"


@dataclass(frozen=True)
class Highlight:
    """The cells of `area` are shown in `tone` in the rows where the cell of `column` is, or holds, `text`."""

    area: Area
    column: int
    text: str
    tone: Tone
    when: When = When.IS


@dataclass(frozen=True)
class BarChart:
    """A horizontal bar for each row: names and numbers stand in two columns of the sheet itself. `at` is its top left cell."""

    title: str
    names: Area
    numbers: Area
    at: tuple[int, int]


@dataclass(frozen=True)
class ResultSheet:
    """One sheet. Rows and columns count from 1, as in Excel; `widths` are those of the columns, in characters, `heights`
    those of the rows, in points.

    `header` is the number of the row that stays in view, is repeated on every page and carries the filter; 0 if there is
    none. `frozen` are the columns that stay in view. `printed` are those that go on paper; 0 for all. `keys` are the
    columns whose texts name a row below the header (a period, a unit), by which stored results are held against new ones.
    """

    name: str
    rows: tuple[tuple[Written, ...], ...]
    widths: tuple[int, ...]
    heights: tuple[int, ...]
    header: int = 0
    highlights: tuple[Highlight, ...] = ()
    chart: BarChart | None = None
    landscape: bool = False
    frozen: int = 0
    printed: int = 0
    keys: tuple[int, ...] = ()


class StoredSheet(NamedTuple):
    """A result sheet in a workbook, and how many rows and columns were written: what stands outside is not ours.

    `sha256` is that of the cells as they were written, so that what was typed over them is seen.
    """

    name: str
    rows: int
    columns: int
    sha256: str = ""


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
    copied: bool = False  # into a copy of the workbook, or a file of their own, which the next run replaces
