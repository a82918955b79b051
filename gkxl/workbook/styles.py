"""Number formats: what kind of value a cell's style shows (ECMA-376 part 1, 18.8.30, 18.8.31, 18.8.45)."""

from __future__ import annotations

import re
from enum import IntEnum

from gkxl.workbook.package import Package

SPREADSHEET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # strict
)


class Shape(IntEnum):
    """What a number is by its format."""

    NUMBER = 0
    RATE = 1
    DATE = 2
    TIME = 3  # a time of day without a day
    ELAPSED = 4  # hours beyond 24: [h]:mm


# Built-in formats that files need not define; 27-36 and 50-58 are the East Asian dates and times of 18.8.30.
_BUILTIN: dict[int, Shape] = (
    {9: Shape.RATE, 10: Shape.RATE, 14: Shape.DATE, 15: Shape.DATE, 16: Shape.DATE, 17: Shape.DATE, 22: Shape.DATE}
    | dict.fromkeys((18, 19, 20, 21, 45, 47), Shape.TIME)
    | {46: Shape.ELAPSED}
    | dict.fromkeys((*range(27, 37), *range(50, 59)), Shape.DATE)
    | dict.fromkeys((32, 33, 34, 35, 55, 56), Shape.TIME)
)

_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.', re.DOTALL)
_BRACKET = re.compile(r"\[(?!(?:h+|m+|s+)\])[^\]]*\]", re.IGNORECASE)
_NO_DATE = re.compile(r"general|e[+-]|am/pm|a/p", re.IGNORECASE)


def shape_of_format(code: str) -> Shape:
    """The shape that a format code gives its numbers, whichever of its sections applies."""
    code = _BRACKET.sub("", _LITERAL.sub("", code))
    if re.search(r"\[(?:h+|m+|s+)\]", code, re.IGNORECASE):
        return Shape.ELAPSED
    code = _NO_DATE.sub("", code).lower()
    # e is the year of an era (e年m月), aaa the day of the week in Chinese formats; neither stands beside digits.
    if re.search(r"[ydg]|aaa", code) or ("e" in code and not re.search("[0#?]", code)):
        return Shape.DATE
    if re.search("[hs]", code):
        return Shape.TIME
    if "m" in code:
        return Shape.DATE
    return Shape.RATE if "%" in code else Shape.NUMBER


def shape_of_id(number: int, custom: dict[int, str]) -> Shape:
    """The shape of a format by its id: as the file defines it, else as built in."""
    if number in custom:
        return shape_of_format(custom[number])
    return _BUILTIN.get(number, Shape.NUMBER)


def read_styles(package: Package, part: str) -> list[Shape]:
    """The shape of each cell format (xf of cellXfs) of the styles part."""
    custom: dict[int, str] = {}
    ids: list[int] = []
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        path.append(tag if namespace in SPREADSHEET else "")
        if path[1:] == ["numFmts", "numFmt"] and attributes.get("numFmtId", "").isdecimal():
            custom[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif path[1:] == ["cellXfs", "xf"]:
            number = attributes.get("numFmtId", "0")
            ids.append(int(number) if number.isdecimal() else 0)

    package.parse(part, start, lambda _: path.pop())
    shapes = {number: shape_of_id(number, custom) for number in set(ids)}
    return [shapes[number] for number in ids]
