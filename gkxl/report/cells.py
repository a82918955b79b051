"""What the result sheets have in common: titles, widths, heights, decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from gkxl.sheets import MOST_LINKS, MOST_PLACES, Look, ResultSheet, Written
from gkxl.values import Number, shown

_PORTRAIT = 92  # characters that an A4 page has room for, at its full size
_SHRUNK = 130  # and at 70 percent
_LANDSCAPE = 480  # points that it has in height when it lies on its side
_LINE, _MARGIN, _TITLE = 15, 4, 30  # points
_FRACTION_PLACES = 4  # of a number that no decimal holds
_BREADTH = 106  # percent of two digits that a Chinese character takes
_MARGINS = 2  # digits, left and right in a cell
_WIDEST = 250  # digits; a column has 255 at most


def text_width(text: str) -> int:
    """How many digits' room the longest line of a text takes; a full-width character takes a little more than two."""
    return max(map(_width, text.splitlines()), default=0)


def _width(line: str) -> int:
    wide = sum(char >= "\u2e80" for char in line)
    return len(line) - wide + -(-2 * wide * _BREADTH // 100)


def column_widths(rows: Iterable[Sequence[Written]], least: Sequence[int], most: Sequence[int]) -> list[int]:
    """Of each column what its longest cell needs, within `least` and `most`; numbers, which do not wrap, get their room."""
    texts, numbers = list(least), list(least)
    for row in rows:
        for i, (value, _, _, places) in enumerate(row):
            if isinstance(value, str):
                texts[i] = max(texts[i], text_width(value) + _MARGINS)
            elif value is not None:
                digits = len(str(int(value))) + (places + 1 if places else 0) + 1  # and a sign
                numbers[i] = max(numbers[i], digits + _MARGINS)
    return [min(max(number, min(*both)), _WIDEST) for number, *both in zip(numbers, texts, most, strict=True)]


def laid_out(
    name: str, titles: Sequence[str], table: Sequence[tuple[Written, ...]], widths: list[int], header: bool = True
) -> ResultSheet:
    """A sheet with titles in the middle above a table, whose first row is its header."""
    title, *notes = titles
    # A title is half as large again as what stands below it.
    short = text_width(title) * 3 // 2 + _MARGINS - sum(widths)
    if short > 0:
        widths = [width + -(-short // len(widths)) for width in widths]
    rows = [_across(title, Look.TITLE, len(widths))]
    for note in notes:
        rows += [_across(line, Look.NOTE, len(widths)) for line in _lines(note, sum(widths) - _MARGINS)]
    at = len(rows) + 1 if header else 0
    rows += table
    heights = tuple(_height(row, widths) for row in rows)
    # A long table that is not much too wide is rather shrunk than broken into more pages.
    lying = sum(widths) > (_SHRUNK if sum(heights) > _LANDSCAPE else _PORTRAIT)
    return ResultSheet(name, tuple(rows), tuple(widths), heights, at, landscape=lying)


def within_links(table: Sequence[tuple[Written, ...]]) -> list[tuple[Written, ...]]:
    """The rows; where a sheet can hold no more links the cells have their texts alone."""
    left, rows = MOST_LINKS, []
    for row in table:
        links = sum(cell.link is not None for cell in row)
        rows.append(row if links <= left else tuple(_unlinked(cell) for cell in row))
        left -= links
    return rows


def _unlinked(cell: Written) -> Written:
    return cell if cell.link is None else Written(cell.value, Look.NAME)


def _across(text: str, look: Look, width: int) -> tuple[Written, ...]:
    return (Written(text, look), *(Written(None, look) for _ in range(width - 1)))


def _lines(text: str, room: int) -> list[str]:
    if text_width(text) <= room:
        return [text]
    from gkxl.report.layout import wrap  # here: few need it, and it loads a library

    return wrap(text, room * 100 // _BREADTH)


def _height(row: Sequence[Written], widths: Sequence[int]) -> int:
    look = row[0].look
    if look is Look.TITLE:
        return _TITLE
    lines = 1
    if look is not Look.NOTE:
        for cell, width in zip(row, widths, strict=True):
            if isinstance(cell.value, str):
                room = width - _MARGINS + 1
                lines = max(lines, sum(-(-_width(line) // room) or 1 for line in cell.value.splitlines()))
    return min(_LINE * lines + (2 * _MARGIN if look is Look.HEADER else _MARGIN), 409)  # a row is no higher


def places_of(numbers: Iterable[Number | str | None]) -> int:
    """How many decimals a column of these numbers needs."""
    return max((_places(number) for number in numbers if isinstance(number, Number)), default=0)


def _places(number: Number) -> int:
    if not isinstance(number, Decimal):
        return _FRACTION_PLACES
    return min(len(shown(number).partition(".")[2]), MOST_PLACES)
