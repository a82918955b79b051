"""The workbook that shows the functions, as its tests read it: where its formulas stand, and what they give."""

from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from sheets_as_arguments import book_of

from gkxl.apps.version import version
from gkxl.diagnostics import CellRef
from gkxl.functions.core import Functions
from gkxl.functions.formula import FormulaCall, read_call
from gkxl.functions.references import resolve

DEMO = Path(__file__).resolve().parents[1] / "workbooks" / "functions-demo.xlsx"
SHEET = "函数演示"
F = Functions()


@cache
def shown() -> list[list[Any]]:
    """The cells of the sheet, as another library reads them; none for a blank."""
    sheet = openpyxl.load_workbook(DEMO)[SHEET]
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
    arguments = resolve(call, book_of(DEMO), CellRef(SHEET, 1, 1))
    answer = version() if call.function == "version" else getattr(F, call.function)(*arguments)
    first = next(at for at in range(row, len(shown())) if shown()[at][0] == "结果 · result")
    return first, answer if isinstance(answer, list) else [[answer]]
