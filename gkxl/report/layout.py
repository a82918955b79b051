"""Text in columns of a terminal: widths (a full-width character takes two), wrapping, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category, east_asian_width

__all__ = ["Column", "clean", "fit", "indent", "pad", "table", "total", "width", "wrap"]

GAP = "  "
_NO_WIDTH = ("Mn", "Me", "Cf")  # marks, and format characters such as joiners
_LONG = 16  # columns; a longer word is broken where room is short
# Control characters and those that turn the writing direction: a workbook's text must not steer the terminal.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# A Chinese character ends a piece of text, but the closing marks after it stay with it.
_PIECE = re.compile(r"[ \t]+|[\u2e80-\U0010ffff][,.;:!?)\]}%…”’，。；：！？）】」』》、％]*|[^ \t\u2e80-\U0010ffff]+")


def width(text: str) -> int:
    """The columns that `text` takes: two for a wide character (UAX #11), none for marks and joiners."""
    if text.isascii():
        return len(text)
    return sum(0 if category(c) in _NO_WIDTH else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def clean(text: str) -> str:
    """`text` with what would steer a terminal shown as its escape."""
    return _UNSAFE.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def wrap(text: str, limit: int) -> list[str]:
    """`text` in lines of at most `limit` columns, broken at blanks and between Chinese characters."""
    lines = []
    for paragraph in text.splitlines() or [""]:
        line, used = "", 0
        for piece in _PIECE.findall(paragraph):
            size = width(piece)
            if line and used + size > limit:
                lines.append(line.rstrip())
                line, used = "", 0
                if piece.isspace():
                    continue
            if size <= limit:
                line, used = line + piece, used + size
                continue
            for char in piece:  # longer than a whole line
                if line and used + width(char) > limit:
                    lines.append(line)
                    line, used = "", 0
                line, used = line + char, used + width(char)
        lines.append(line.rstrip())
    return lines


def indent(text: str, limit: int, first: str = "", rest: str | None = None) -> list[str]:
    """`text` wrapped to `limit` columns behind a prefix; `rest` (blanks by default) stands before the further lines."""
    rest = " " * width(first) if rest is None else rest
    lines = wrap(text, max(limit - max(width(first), width(rest)), 8))
    return [(first if i == 0 else rest) + line for i, line in enumerate(lines)]


def pad(text: str, columns: int, right: bool = False) -> str:
    """`text` filled up with blanks to `columns`; set to the right if `right`."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column. Cells of a `right` one are numbers and never wrap; any other needs `least` columns or a word's."""

    title: str
    right: bool = False
    least: int = 8


def fit(columns: Sequence[Column], rows: Sequence[Sequence[str]], limit: int) -> list[int]:
    """The columns' widths: so that the table takes at most `limit` columns of the terminal, or as near as can be."""
    widths, least = [], []
    for i, column in enumerate(columns):
        body = max((width(row[i]) for row in rows), default=0)
        title = width(column.title)
        widths.append(max(body, title))
        words = max(map(_longest, [column.title] if column.right else [column.title, *(row[i] for row in rows)]))
        least.append(max(body, words) if column.right else min(widths[-1], max(column.least, words)))
    for _ in range(total(widths) - limit):
        spare = [i for i in range(len(widths)) if widths[i] > least[i]]
        if not spare:
            break
        widths[max(spare, key=widths.__getitem__)] -= 1
    return widths


def _longest(text: str) -> int:
    """How wide the longest piece is that is better not broken."""
    longest = max((width(piece) for piece in _PIECE.findall(text)), default=0)
    return min(max(longest, min(width(text), 4)), _LONG)  # at least two Chinese characters stay together


def total(widths: Sequence[int]) -> int:
    """How wide a table of such columns is."""
    return sum(widths) + len(GAP) * (len(widths) - 1)


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """The lines of a table: headings, a rule, rows."""
    lines = _row([column.title for column in columns], columns, widths)
    lines.append("─" * total(widths))
    for row in rows:
        lines += _row(row, columns, widths)
    return lines


def _row(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> list[str]:
    wrapped = [wrap(clean(cell), size) for cell, size in zip(cells, widths, strict=True)]
    return [
        GAP.join(
            pad(cell[i] if i < len(cell) else "", size, column.right)
            for cell, size, column in zip(wrapped, widths, columns, strict=True)
        ).rstrip()
        for i in range(max(map(len, wrapped)))
    ]
