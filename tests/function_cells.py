"""Formulas put into a workbook as programs store them, and what is read back by a reader that gkxl does not use."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils import coordinate_to_tuple, get_column_letter

KINDS = ("array", "array alone", "dynamic")  # an array formula; one whose other cells are not there; one that spills


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def written(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def formula(
    cell: str, text: str, size: tuple[int, int] = (1, 1), kind: str = "array", stored: str = "7"
) -> dict[str, str]:
    """The cells of a formula, as XML by address; `size` above 1 makes it an array. `stored` stands in each as a number."""
    row, column = coordinate_to_tuple(cell)
    ref = f"{cell}:{get_column_letter(column + size[1] - 1)}{row + size[0] - 1}"
    text, value = escape(text.removeprefix("=")), f"<v>{stored}</v>" if stored else ""
    if size == (1, 1):
        return {cell: f'<c r="{cell}"><f>{text}</f>{value}</c>'}
    spilt = ' cm="1"' if kind == "dynamic" else ""
    found = {cell: f'<c r="{cell}" s="0"{spilt}><f t="array" ref="{ref}">{text}</f>{value}</c>'}
    if kind != "array alone":
        places = [(row + n // size[1], column + n % size[1]) for n in range(1, size[0] * size[1])]
        names = [f"{get_column_letter(c)}{r}" for r, c in places]
        found |= {name: f'<c r="{name}">{value}</c>' for name in names}
    return found


def with_cells(book: Path, sheet: str, cells: Mapping[str, str], target: Path) -> Path:
    """A copy of a book in which one sheet has these cells, in rows below all that it has."""
    parts = members(book)
    name = part_of(parts, sheet)
    rows: dict[int, list[tuple[int, str]]] = {}
    for address, xml in cells.items():
        row, column = coordinate_to_tuple(address)
        rows.setdefault(row, []).append((column, xml))
    data = "".join(f'<row r="{n}">{"".join(xml for _, xml in sorted(rows[n]))}</row>' for n in sorted(rows))
    old = parts[name].decode()
    assert "</sheetData>" in old
    return written(target, parts | {name: old.replace("</sheetData>", f"{data}</sheetData>").encode()})


def part_of(parts: Mapping[str, bytes], sheet: str) -> str:
    """The part of a sheet, in books whose sheets are numbered in their order."""
    names = re.findall(r'<sheet [^>]*?name="([^"]*)"', parts["xl/workbook.xml"].decode())
    return f"xl/worksheets/sheet{names.index(escape(sheet)) + 1}.xml"


def read(path: Path, sheet: str, cell: str, size: tuple[int, int] = (1, 1)) -> list[list[object]]:
    """The stored values, numbers as doubles and blanks as empty texts."""
    row, column = coordinate_to_tuple(cell)
    page = _opened(path.read_bytes())[sheet]
    area = page.iter_rows(row, row + size[0] - 1, column, column + size[1] - 1, values_only=True)
    return [[_plain(value) for value in line] for line in area]


@lru_cache(maxsize=1)
def _opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data), data_only=True)


def _plain(value: object) -> object:
    if value is None:
        return ""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def small(path: Path, sheets: Mapping[str, Iterable[Iterable[object]]], epoch_1904: bool = False) -> Path:
    """A book of values."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    if epoch_1904:
        book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append([*row])
    book.calculation = openpyxl.workbook.properties.CalcProperties(fullCalcOnLoad=None)
    book.save(path)
    return path
