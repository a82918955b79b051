"""The functions give what `gkxl score --json` gives on the same data, over the bundled books and those of the stories."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
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
    header, *rows = F.table(text, scored["period"], *given)
    assert len(rows) == len(scored["units"]) > 0
    listed = {row[0]: row for row in rows}
    for unit in scored["units"]:
        row = listed[unit["unit"]]
        total = row[-5] if {"折算分", "Converted"} & {*header} else row[-4]
        assert _text(total) == unit["total"]
        assert _text(row[-3]) == (None if unit["rank"] is None else str(unit["rank"]))
        assert row[-2] == (unit["grade"] or "")
        for one in unit["indicators"]:
            if one["applies"]:
                assert _text(row[header.index(one["name"], 2)]) == one["points"]
        if total != "":  # else it is no longer assessed, and the one total says so
            assert F.total(text, scored["period"], unit["unit"], *given) == total
        _, *lines = F.detail(text, scored["period"], unit["unit"], *given)
        if unit["total"] is not None:
            points = sum(Decimal(repr(line[3])) for line in lines if line[3] != "")
            assert abs(points - Decimal(unit["total"])) < Decimal("1e-9")
        awards = [award["rule"] for one in unit["indicators"] for award in one["awards"] if one["applies"]]
        assert awards == [line[1] for line in lines if line[1] and line[0]]


def _text(value: float | str) -> str | None:
    """A number as the JSON writes it; None where there is none, or the text says why."""
    if isinstance(value, str):
        assert value == "" or value.startswith("#GK4")
        return None
    text = format(Decimal(format(value, ".13g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
