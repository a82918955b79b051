"""The demo of the functions: what it stores is what its formulas give, and what was worked out without gkxl."""

import csv
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from function_cases import agrees
from functions_demo import DEMO, SHEET, call_in, formulas, given, shown

HERE = Path(__file__).parent
NAMES = "POINTS TABLE TOTAL DETAIL EXPLAIN CHECK RANK GRADE VERSION".split()


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
    sheet = book[SHEET]
    assert (sheet.page_setup.orientation, sheet.freeze_panes) == ("landscape", "B2")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert max(one.height or 0 for one in sheet.row_dimensions.values()) <= 409  # the most that Excel has
