"""The functions give what `gkxl score --json` gives on the same data, over the bundled books and those of the stories."""

import json
from pathlib import Path

import pytest
from same_results import agree
from sheets_as_arguments import BUNDLED, STORIES, book_of, tables
from story_books import make_book

from gkxl.apps.cli import run
from gkxl.functions.core import Functions

CASES = [*BUNDLED, *((path.parent / "rules.gk", path) for path in sorted(STORIES.glob("*/book.txt")))]
F = Functions()


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
