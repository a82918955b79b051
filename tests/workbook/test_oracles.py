"""Books made by XlsxWriter and openpyxl: every value read is the one written, and the one both oracles read."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracles import against_calamine, against_openpyxl, cells

from gkxl.tables import Book, Cell, CellKind
from gkxl.workbook.read import read_book
from gkxl.workbook.stored import unescape

K = CellKind
Value = None | bool | int | float | str | datetime
Grid = list[list[Value]]
# Characters that both writers store: no surrogates, no control characters that openpyxl refuses, no bare carriage return.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)
MOMENTS = st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)).map(lambda m: m.replace(microsecond=0))
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(-1e300, 1e300), TEXT, MOMENTS,
    st.sampled_from(["_x000D_", " 前后 ", "a\nb", "<&>\"'", "1e5", "12", "#REF!", "-", "𠮷"]),
)  # fmt: skip
GRIDS = st.lists(st.lists(VALUES, max_size=6), min_size=1, max_size=8)


def by_xlsxwriter(path: Path, grid: Grid, inline: bool) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": inline, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("表")
        day = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for i, row in enumerate(grid):
            for j, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(i, j, value)
                elif isinstance(value, bool):
                    sheet.write_boolean(i, j, value)
                elif isinstance(value, datetime):
                    sheet.write_datetime(i, j, value, day)
                elif value is not None:
                    sheet.write_number(i, j, value)


def by_openpyxl(path: Path, grid: Grid) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet
    for i, row in enumerate(grid, 1):
        for j, value in enumerate(row, 1):
            cell = sheet.cell(i, j)
            if isinstance(value, str):
                cell.value, cell.data_type = value, "s"
            else:
                cell.value = value
    workbook.save(path)


def expected(value: Value) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return Cell(K.BOOL, value)
    if isinstance(value, str):
        return Cell(K.TEXT, value)
    if isinstance(value, datetime):
        return Cell(K.DATE, value)
    double = float(f"{value:.16G}")  # XlsxWriter stores no more than 16 digits
    return Cell(K.NUMBER, Decimal(format(double, ".15g")))


def same(ours: Cell | None, wanted: Cell | None) -> bool:
    if ours and wanted and ours.kind is wanted.kind is K.DATE:
        assert isinstance(ours.value, datetime)
        assert isinstance(wanted.value, datetime)
        return abs(ours.value - wanted.value) <= timedelta(milliseconds=1)
    return ours == wanted


def read(path: Path) -> Book:
    book, diagnostics = read_book(path)
    assert book, diagnostics
    return book


@pytest.mark.parametrize(
    "make",
    [lambda p, g: by_xlsxwriter(p, g, False), lambda p, g: by_xlsxwriter(p, g, True), by_openpyxl],
    ids=["XlsxWriter", "XlsxWriter inline", "openpyxl"],
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grid=GRIDS)
def test_values(tmp_path: Path, make: Callable[[Path, Grid], None], grid: Grid) -> None:
    path = tmp_path / "g.xlsx"
    make(path, grid)
    book = read(path)
    found = {(at.row, at.column): cell for at, cell in cells(book).items()}
    for i, row in enumerate(grid, 1):
        for j, value in enumerate(row, 1):
            # openpyxl writes _x0041_ as it is, which then stands for A.
            stored = unescape(value) if isinstance(value, str) and make is by_openpyxl else value
            assert same(found.pop((i, j), None), expected(stored)), (i, j, value)
    assert not found
    assert against_calamine(book, path, cells(book)) == []
    assert against_openpyxl(book, path, cells(book)) == []


def test_what_the_oracles_do_not_see(tmp_path: Path) -> None:
    """Errors, uncalculated formulas and rates, told apart from blanks and numbers."""
    path = tmp_path / "k.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet
    sheet.append(["=1/0", "#N/A", 0.5, None, "=A1"])
    sheet["B1"].data_type = "e"
    sheet["C1"].number_format = "0.00%"
    workbook.save(path)
    book = read(path)
    row = next(book.sheets[0].rows())
    assert {c: cell.kind for c, cell in row.cells.items()} == {
        1: K.UNCALCULATED,
        2: K.ERROR,
        3: K.RATE,
        5: K.UNCALCULATED,
    }
    assert row.cells[2].value == "#N/A"
    assert against_calamine(book, path, cells(book)) == []
    assert against_openpyxl(book, path, cells(book)) == []


def test_tables_hidden_rows_and_merges(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("台账")
        sheet.merge_range("A1:C1", "标题")
        sheet.add_table(
            "A3:C6", {"name": "信息", "columns": [{"header": h} for h in "甲乙丙"], "data": [[1, 2, 3]] * 3}
        )
        sheet.set_row(4, options={"hidden": True})
        workbook.add_worksheet("藏").hide()
        workbook.define_name("范围", "=台账!$A$3:$C$6")
        workbook.add_chartsheet("图")
    book = read(path)
    assert [(s.name, s.hidden) for s in book.sheets] == [("台账", False), ("藏", True)]
    assert [(a.name, a.kind, tuple(a.area), a.header_rows) for a in book.areas] == [
        ("信息", "table", (3, 1, 6, 3), 1),
        ("范围", "name", (3, 1, 6, 3), 0),
    ]
    assert [tuple(m) for m in book.sheets[0].merges] == [(1, 1, 1, 3)]
    assert [(r.number, r.hidden) for r in book.sheets[0].rows()] == [
        (1, False),
        (3, False),
        (4, False),
        (5, True),
        (6, False),
    ]
