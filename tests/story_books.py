"""Workbooks written as text, and the results that were worked out for them by hand.

`book.txt` holds the sheets: a name in square brackets, then a line for each row, cells split by `|`. A cell is a date, a
time stamp, a number, a rate (`95%`, in a % format) or text, as somebody would type it; `'95%` is text.
`results.csv` has one line per unit and period.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

_TOTAL, _PLACE, _GRADE = ("总分", "total"), ("名次", "place"), ("等次", "grade")
_CONVERTED = ("折算", "converted")
_PERIOD, _UNIT, _GROUP = ("期间", "period"), ("单位", "unit"), ("类别", "group")


def make_book(text: Path, path: Path) -> Path:
    """The workbook that `text` describes, written to `path` as .xlsx."""
    with xlsxwriter.Workbook(path) as book:
        sheet, row = None, 0
        for line in text.read_text(encoding="utf-8").splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if match := re.fullmatch(r"\[(.+)\]", line.strip()):
                sheet, row = book.add_worksheet(match[1]), 0
                continue
            assert sheet is not None, f"{text}: a row in front of the first sheet"
            for column, cell in enumerate(line.split("|")):
                _write(book, sheet, row, column, cell.strip())
            row += 1
    return path


def _write(book: xlsxwriter.Workbook, sheet: Any, row: int, column: int, cell: str) -> None:
    if not cell:
        return
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        sheet.write_datetime(row, column, datetime.fromisoformat(cell), book.add_format({"num_format": "yyyy-mm-dd"}))
    elif re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", cell):
        stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(row, column, datetime.fromisoformat(cell), stamp)
    elif re.fullmatch(r"-?\d+(\.\d+)?", cell):
        sheet.write_number(row, column, float(cell))
    elif re.fullmatch(r"-?\d+(\.\d+)?%", cell):
        sheet.write_number(row, column, float(Decimal(cell[:-1]) / 100), book.add_format({"num_format": "0.00%"}))
    else:
        sheet.write_string(row, column, cell.removeprefix("'"))


def expected_results(path: Path) -> dict[str, list[dict[str, str]]]:
    """The lines of a results file by period; lines that start with # say how they were worked out."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(_named(row, _PERIOD), []).append(row)
    return found


def expected_unit(row: dict[str, str]) -> dict[str, Any]:
    """One line: what the JSON should say of the unit. An empty cell: the indicator does not exist for it; no total."""
    special = {name for names in (_PERIOD, _UNIT, _GROUP, _TOTAL, _PLACE, _GRADE, _CONVERTED) for name in names}
    return {
        "unit": _named(row, _UNIT),
        "group": _named(row, _GROUP) or None,
        "total": _named(row, _TOTAL) or None,
        "rank": int(_named(row, _PLACE)) if _named(row, _PLACE) else None,
        "grade": _named(row, _GRADE) or None,
        "converted": _named(row, _CONVERTED) or None,
        "indicators": {name: points for name, points in row.items() if name not in special and points},
    }


def got_unit(unit: dict[str, Any]) -> dict[str, Any]:
    """The same of a unit in the JSON."""
    points = {one["name"]: one["points"] for one in unit["indicators"] if one["applies"] and one["points"] is not None}
    same = {key: unit[key] for key in ("unit", "group", "total", "rank", "grade")}
    return same | {"converted": unit.get("converted"), "indicators": points}


def _named(row: dict[str, str], names: tuple[str, str]) -> str:
    return next((row[name] for name in names if name in row), "")
