"""A formula as a workbook stores it → the one call of a function that it is, with its arguments unevaluated.

Every program spells the functions in its own way (`_xldudf_GK_POINTS(` for Office.js, `_xll.GK.POINTS(` for an XLL,
`[1]!gk_points(` or `'C:\\gk.xlam'!gk_points(` for VBA, `GK.POINTS(` in LibreOffice, where `GK.CELLS(A1:B2)` means these cells);
arguments follow ECMA-376 part 1, 18.17, and the structured references of [MS-XLSX] 2.2.2. Nothing is calculated: a formula
that is more than one call is no call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from gkxl.functions.arguments import CellError, Value
from gkxl.functions.help import HELP
from gkxl.tables import Area
from gkxl.workbook.cells import COLUMNS, MAX_COLUMN, MAX_ROW
from gkxl.workbook.stored import double


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells, on the formula's own sheet if `sheet` is empty. `[1]…` is another workbook's sheet, `a:b` several sheets."""

    area: Area
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name or a whole table; `sheet` as in a Reference."""

    name: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class TableReference:
    """Part of a table: `items` are among #all, #data, #headers, #totals, #this row; `columns` the first and the last."""

    table: str
    items: frozenset[str]
    columns: tuple[str, str] | None = None
    sheet: str = ""


Constant = tuple[tuple[Value, ...], ...]  # an array: {1,2;3,4}
Argument = Value | Constant | Reference | Name | TableReference


@dataclass(frozen=True, slots=True)
class FormulaCall:
    """`function` is its bare name in small letters: points. An argument left out is None."""

    function: str
    arguments: tuple[Argument, ...]


MARKS = (b"gk_", b"gk.")  # what every call of ours has, in small letters
_NAMES = "|".join(HELP)
_SPELLED = r"(?:_xlfn\.|_xlws\.)*(?:_xldudf_|_xludf\.|_xll\.)?GK[._]"
_FUNCTION = rf"{_SPELLED}(?P<function>{_NAMES})\s*\("
_TEXT, _QUOTED = r'"(?:[^"]|"")*+"', r"'(?:[^']|'')*+'"
_BRACKETS = r"\[(?:[^\[\]']|'.)*\]"
_CALL = re.compile(rf"(?:{_QUOTED}!|[^\s\"'(),!]+!)?{_FUNCTION}", re.IGNORECASE)
_MENTION = re.compile(rf"{_TEXT}|{_QUOTED}|{_BRACKETS}|(?<![\w.]){_FUNCTION}", re.IGNORECASE)
_SINGLE = re.compile(r"@(.*)|_xlfn\.SINGLE\((.*)\)", re.IGNORECASE | re.DOTALL)

_NUMBER = r"[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:E[-+]?\d++)?"
_ERRORS = r"\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CONNECT!|BLOCKED!|UNKNOWN!|FIELD!|CALC!)"
_LITERAL = rf"""
    (?P<text>{_TEXT})
  | (?P<number>{_NUMBER})(?P<percent>%?)
  | (?P<truth>TRUE|FALSE)(?:\(\))?
  | (?:(?:{_QUOTED}|[^\s"'(),!]+)!)?(?P<error>{_ERRORS})
"""
_ITEM = re.compile(rf"\s*(?:{_LITERAL})\s*(?P<end>[,;]|$)", re.IGNORECASE | re.VERBOSE)
_REFERENCE = rf"""
    (?:(?P<sheet>{_QUOTED}|(?:\[[^\[\]']+\])?[\w.\\?]*(?::[\w.\\?]+)?)!)?
    (?: (?P<cells>\$?[A-Z]{{1,3}}\$?[1-9][0-9]{{0,6}}(?::\$?[A-Z]{{1,3}}\$?[1-9][0-9]{{0,6}})?
        | \$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}
        | \$?[1-9][0-9]{{0,6}}:\$?[1-9][0-9]{{0,6}})
      | (?P<name>(?:[^\W\d]|\\)[\w.\\?]*)(?:\[(?P<inside>(?:[^\[\]']|'.|{_BRACKETS})*)\])?)
"""
_ARGUMENT = re.compile(
    rf"\s*(?: {_LITERAL} | \{{(?P<array>(?:{_TEXT}|[^\"{{}}])*)\}} "
    rf"| (?P<exact>{_SPELLED}CELLS\(\s*)? {_REFERENCE} (?(exact)\s*\)) )?\s*(?P<end>[,)])",
    re.IGNORECASE | re.VERBOSE,
)
_ANY_REFERENCE = re.compile(rf"{_TEXT} | (?<![\w.$]) {_REFERENCE} (?![\w.(!]) | {_QUOTED}", re.IGNORECASE | re.VERBOSE)
_CORNER = re.compile(r"(\$?)([A-Z]*)(\$?)([0-9]*)", re.IGNORECASE)
_PIECE = re.compile(r"\s*\[((?:[^\[\]']|'.)*)\]\s*([,:]|$)")


class _OtherError(Exception):
    """The formula is anything else."""


def read_call(formula: str, down: int = 0, right: int = 0) -> FormulaCall | None:
    """The call that a whole formula is; None if it is anything else. Functions named otherwise than ours are anything else.

    `down` and `right` are what relative references move by: the place of a cell against that of its shared formula.
    """
    text = formula.strip().removeprefix("=").strip()
    if single := _SINGLE.fullmatch(text):
        text = (single[1] or single[2] or "").strip()
    head = _CALL.match(text)
    if not head:
        return None
    try:
        return FormulaCall(head["function"].lower(), tuple(_arguments(text, head.end(), down, right)))
    except _OtherError:
        return None


def mentions_call(formula: str) -> bool:
    """Whether a call of ours stands anywhere in a formula."""
    return any(found["function"] for found in _MENTION.finditer(formula))


def read_argument(formula: str, down: int = 0, right: int = 0) -> Argument | None:
    """What the formula of a defined name is, if it could be an argument; None if it is anything else."""
    try:
        (found,) = _arguments(f"{formula.strip().removeprefix('=')})", 0, down, right)
    except (_OtherError, ValueError):
        return None
    return found


def references(formula: str, down: int = 0, right: int = 0) -> Iterator[Reference | Name | TableReference]:
    """Everything that any formula may read, as far as its text says it; names of parameters too."""
    for match in _ANY_REFERENCE.finditer(formula):
        with suppress(_OtherError):
            found = _reference(match, down, right)
            if found is not None:
                yield found


def _arguments(text: str, at: int, down: int, right: int) -> list[Argument]:
    """The arguments from behind the bracket on; raises _OtherError unless the text ends with the bracket that closes it."""
    found: list[Argument] = []
    while True:
        match = _ARGUMENT.match(text, at)
        if not match:
            raise _OtherError
        found.append(_argument(match, down, right))
        at = match.end()
        if match["end"] == ")":
            break
    if text[at:].strip():
        raise _OtherError
    return [] if found == [None] else found


def _argument(match: re.Match[str], down: int, right: int) -> Argument:
    found = _reference(match, down, right)
    if found is not None:
        return found
    return _array(match["array"]) if match["array"] is not None else _literal(match)


def _reference(match: re.Match[str], down: int, right: int) -> Reference | Name | TableReference | None:
    sheet = (match["sheet"] or "").removeprefix("[0]")
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    if cells := match["cells"]:
        area = _area(cells, down, right)
        if area is None and ":" in cells:
            raise _OtherError
        return Name(cells, sheet) if area is None else Reference(area, sheet)
    if match["inside"] is not None:
        return _part_of_table(match["name"], match["inside"], sheet)
    return Name(match["name"], sheet) if match["name"] else None


def _literal(match: re.Match[str]) -> Value:
    if match["text"] is not None:
        return match["text"][1:-1].replace('""', '"')
    if match["number"]:
        return double(Decimal(match["number"]).scaleb(-2 if match["percent"] else 0))
    if match["truth"]:
        return match["truth"].upper() == "TRUE"
    return CellError(match["error"].upper()) if match["error"] else None


def _array(text: str) -> Constant:
    rows: list[tuple[Value, ...]] = [()]
    at, end = 0, ","
    while end:
        match = _ITEM.match(text, at)
        if not match:
            raise _OtherError
        rows[-1] += (_literal(match),)
        at, end = match.end(), match["end"]
        if end == ";":
            rows.append(())
    if len(set(map(len, rows))) > 1:
        raise _OtherError
    return tuple(rows)


def _area(text: str, down: int, right: int) -> Area | None:
    """The cells of a reference; None beyond the sheet. One that moves over an edge comes back at the other, as in Excel."""
    corners = []
    for corner in text.split(":"):
        match = _CORNER.fullmatch(corner)
        assert match is not None
        fixed, letters, fixed_row, digits = match.groups()
        if not letters:  # of whole rows: the sign stands where that of a column does
            fixed_row = fixed
        row, column = int(digits or 1), COLUMNS[letters or "A"]
        if row > MAX_ROW or not column:
            return None
        row = row if fixed_row else (row + down - 1) % MAX_ROW + 1
        column = column if fixed else (column + right - 1) % MAX_COLUMN + 1
        corners.append((row if digits else 0, column if letters else 0))
    rows, columns = zip(*corners, strict=True)
    return Area(min(rows) or 1, min(columns) or 1, max(rows) or MAX_ROW, max(columns) or MAX_COLUMN)


def _part_of_table(table: str, inside: str, sheet: str) -> TableReference:
    inside = inside.strip()
    row = inside.startswith("@")
    items = {"#this row"} if row else set[str]()
    inside = inside.removeprefix("@")
    if inside.startswith("["):
        pieces, at, end = [], 0, ","
        while end:
            match = _PIECE.match(inside, at)
            if not match:
                raise _OtherError
            pieces.append((end, match[1]))
            at, end = match.end(), match[2]
    else:
        pieces = [(",", inside)] if inside else []
    columns: list[str] = []
    for before, piece in pieces:  # items, then a column, or two with a colon between them
        if piece.startswith("#") and before == "," and not columns:
            items.add(piece.lower())
        elif not piece.startswith("#") and (before == ":") is bool(columns):
            columns.append(re.sub("'(.)", r"\1", piece))
        else:
            raise _OtherError
    if not items <= {"#all", "#data", "#headers", "#totals", "#this row"} or len(columns) > 2:
        raise _OtherError
    return TableReference(table, frozenset(items), (columns[0], columns[-1]) if columns else None, sheet)
