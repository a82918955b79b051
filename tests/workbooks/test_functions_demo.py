"""The demo of the functions: what it stores is what its formulas give, and what was worked out without gkxl."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from function_cases import agrees
from sheets_as_arguments import book_of

from gkxl.apps.common import version
from gkxl.diagnostics import CellRef
from gkxl.functions.core import Functions
from gkxl.functions.formula import FormulaCall, read_call
from gkxl.functions.references import resolve

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "workbooks" / "functions-demo.xlsx"
NAMES = "POINTS TABLE TOTAL DETAIL EXPLAIN CHECK RANK GRADE VERSION".split()
F = Functions()


@cache
def shown() -> list[list[Any]]:
    """The cells of the sheet, as another library reads them; none for a blank."""
    sheet = openpyxl.load_workbook(DEMO)["函数演示"]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def formulas() -> list[int]:
    """The rows that hold a formula."""
    return [at for at, row in enumerate(shown()) if row[0] == "公式 · formula"]


def call_in(row: int) -> FormulaCall:
    call = read_call(shown()[row][1])
    assert call is not None, shown()[row][1]
    return call


def given(row: int) -> tuple[int, list[list[Any]]]:
    """The first row of what a formula gives, and that."""
    call = call_in(row)
    arguments = resolve(call, book_of(DEMO), CellRef("函数演示", 1, 1))
    answer = version() if call.function == "version" else getattr(F, call.function)(*arguments)
    first = next(at for at in range(row, len(shown())) if shown()[at][0] == "结果 · result")
    return first, answer if isinstance(answer, list) else [[answer]]


@pytest.mark.parametrize("row", formulas(), ids=lambda row: f"{call_in(row).function}-{row + 1}")
def test_what_is_stored_is_what_the_formula_gives(row: int) -> None:
    first, answer = given(row)
    stored = [line[1 : 1 + len(answer[0])] for line in shown()[first : first + len(answer)]]
    assert agrees([[number(one) for one in line] for line in stored], answer)
    below = shown()[first + len(answer)][1] if first + len(answer) < len(shown()) else None
    assert below is None or shown()[first + len(answer)][0] is not None, "nothing more is stored than it gives"


def number(stored: Any) -> Any:
    """A whole number is an int to openpyxl, and a text that is empty no text."""
    return float(stored) if isinstance(stored, int) else stored or ""


def test_each_function_is_named_and_spelled_both_ways() -> None:
    bands = [row[0] for row in shown() if re.fullmatch("GK\\.[A-Z]+", str(row[0]))]
    assert bands == [f"GK.{name}" for name in NAMES]
    assert {shown()[row][1].split("(")[0] for row in formulas()} == {f"=GK.{name}" for name in NAMES}
    for row in formulas():
        assert shown()[row + 1][0] == "桌面版 VBA"
        assert shown()[row + 1][1].startswith("=gk_")
        assert call_in(row + 1) == call_in(row)


def test_the_figures_are_those_worked_out_without_gkxl() -> None:
    table, total = (next(row for row in formulas() if call_in(row).function == name) for name in ("table", "total"))
    first, _ = given(table)
    with (HERE / "huzhong-2025.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["单位"]: row for row in csv.DictReader(line for line in file if not line.startswith("#"))}
    header, *rows = (line[1:10] for line in shown()[first : first + 1 + len(expected)])
    for row in rows:
        wanted = expected.pop(row[0])
        found = dict(zip(header, map(number, row), strict=True))
        assert (found["总分"], found["名次"]) == (float(wanted["总分"]), int(wanted["名次"]))
        for name in ("信息公开", "互动解读", "新媒体"):
            assert found[name] == (float(wanted[name]) if wanted[name] else "")
    assert not expected
    assert shown()[given(total)[0]][1] == 3  # 区公安局: 6 for two replies, 1 for a forward, 2 errors at −2


def test_places_are_those_that_were_published() -> None:
    row = next(row for row in formulas() if call_in(row).function == "rank")
    first, answer = given(row)
    assert shown()[first - 1][1:5] == ["名次", "单位", "总成绩", "公布的名次"]
    assert len(answer) == 15
    assert all(line[1] == line[4] for line in shown()[first : first + 15])


def test_it_can_be_read_without_the_functions() -> None:
    """Nothing in it is a formula (test_books.py) or an error; the page is as wide as the sheet, and the title stays."""
    book = openpyxl.load_workbook(DEMO)
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "e"]
    sheet = book["函数演示"]
    assert (sheet.page_setup.orientation, sheet.freeze_panes) == ("landscape", "B2")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert max(one.height or 0 for one in sheet.row_dimensions.values()) <= 409  # the most that Excel has
