"""The functions give what `gkxl score --json` gives on the same data, over the bundled books and those of the stories.

As they are, and with some of their cells replaced, as it happens in offices.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from same_results import agree
from sheets_as_arguments import BUNDLED, STORIES, book_of, tables
from story_books import make_book

from gkxl.apps.cli import run
from gkxl.diagnostics import Source
from gkxl.flow import load, score
from gkxl.functions.core import Functions
from gkxl.report.data import results_object
from gkxl.tables import Book, Cell, CellKind, ListSheet, Row

CASES = [*BUNDLED, *((path.parent / "rules.gk", path) for path in sorted(STORIES.glob("*/book.txt")))]
F = Functions()
OTHERS = [Cell(CellKind.TEXT, text) for text in ("约3", "未报资料记0分", "不涉及")]
OTHERS += [Cell(CellKind.ERROR, "#N/A"), Cell(CellKind.BLANK, None), Cell(CellKind.BOOL, True)]
PLACES = st.tuples(st.integers(0, 9), st.integers(0, 400), st.integers(0, 12), st.sampled_from(OTHERS))


@pytest.mark.parametrize("serials", [True, False], ids=["serials", "dates"])
@pytest.mark.parametrize(("rules", "book"), CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_table_total_and_detail_agree_with_score(
    rules: Path, book: Path, serials: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make_book(book, tmp_path / "book.xlsx") if book.suffix == ".txt" else book
    run(["score", str(path), "--rules", str(rules), "--json"])
    scored = json.loads(capsys.readouterr().out)["periods"][-1]
    text, given = rules.read_text(encoding="utf-8"), tables(book_of(path), serials)
    agree(F, text, scored, given)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Book]]:
    folder = tmp_path_factory.mktemp("books")
    made = []
    for at, (rules, book) in enumerate(CASES):
        path = make_book(book, folder / f"{at}.xlsx") if book.suffix == ".txt" else book
        made.append((rules, book_of(path)))
    return made


@settings(max_examples=max(100, settings().max_examples))
@given(st.integers(0, len(CASES) - 1), st.lists(PLACES, min_size=1, max_size=3), st.booleans())
def test_with_cells_replaced(
    books: list[tuple[Path, Book]], at: int, replaced: list[tuple[int, int, int, Cell]], serials: bool
) -> None:
    path, book = books[at]
    text = path.read_text(encoding="utf-8")
    changed = with_cells(book, replaced)
    sheets = tables(changed, serials)
    scored = results_object(score(load(Source(str(path), text)), changed))
    periods = scored["periods"]
    answer = F.table(text, periods[-1]["period"] if periods else None, *sheets)
    if not periods:
        assert str(answer).startswith("#GK")
    elif isinstance(answer, str):
        # A column that could not be read as dates any more: which that is, is asked. Or an error leaves all totals, as that
        # of a row without its unit: a command tells it beside them, a cell tells nothing else.
        errors = {one["code"] for one in scored["diagnostics"] if one["severity"] == "error"}
        assert answer[1:6] in {"GK643"} | errors
    else:
        agree(F, text, periods[-1], sheets)


def with_cells(book: Book, replaced: list[tuple[int, int, int, Cell]]) -> Book:
    """The book with other cells in some places below the first rows of its sheets."""
    sheets = [(sheet.name, [Row(row.number, {**row.cells}) for row in sheet.rows()]) for sheet in book.sheets]
    for sheet, number, column, cell in replaced:
        _, rows = sheets[sheet % len(sheets)]
        row = rows[1:][number % (len(rows) - 1)] if len(rows) > 1 else rows[0]
        if row.cells:
            row.cells[sorted(row.cells)[column % len(row.cells)]] = cell
    return Book(book.path, "", tuple(ListSheet.of_rows(name, rows) for name, rows in sheets))
