"""What the result sheets have in common: widths, decimals, heads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from gkxl.sheets import MOST_PLACES, Look, Written
from gkxl.values import Number, round_half_up

A4_PORTRAIT = 90  # characters that stay readable on the width of a page
_FRACTION_PLACES = 4  # of a number that no decimal holds


def text_width(text: str) -> int:
    """How many columns the longest line of a text takes; a full-width character takes two."""
    return max((sum(2 if char >= "\u2e80" else 1 for char in line) for line in text.splitlines()), default=0)


def column_widths(
    rows: Iterable[Sequence[Written]], least: Sequence[int], most: Sequence[int], room: int = 2
) -> tuple[int, ...]:
    """Of each column what its longest cell needs, within `least` and `most`; `room` for the margins of the cell."""
    needed = list(least)
    for row in rows:
        for i, cell in enumerate(row):
            if cell.value is not None:
                needed[i] = max(needed[i], text_width(_text(cell)) + room)
    return tuple(map(min, needed, most))


def _text(cell: Written) -> str:
    if isinstance(cell.value, str):
        return cell.value
    assert cell.value is not None
    sign = "+" if cell.look is Look.SIGNED else ""
    return f"{sign}{round_half_up(cell.value, cell.places)}"


def places_of(numbers: Iterable[Number | None]) -> int:
    """How many decimals a column of these numbers needs."""
    return max((_places(number) for number in numbers if number is not None), default=0)


def _places(number: Number) -> int:
    if not isinstance(number, Decimal):
        return _FRACTION_PLACES
    exponent = number.normalize().as_tuple().exponent
    return min(max(-exponent, 0), MOST_PLACES) if isinstance(exponent, int) else 0


def head(lines: Sequence[str], width: int) -> list[tuple[Written, ...]]:
    """A title and what stands below it, in the middle of `width` columns."""
    rows = []
    for i, line in enumerate(lines):
        look = Look.NOTE if i else Look.TITLE
        rows.append((Written(line, look), *(Written(None, look) for _ in range(width - 1))))
    return rows
