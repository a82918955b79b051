"""`gkxl textconv`: a workbook as lines of text, and `git diff` with it."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from gkxl.apps import cli
from gkxl.report.book_text import book_lines
from gkxl.tables import Book, Cell, CellKind, ListSheet

ROOT = Path(__file__).resolve().parents[2]


def lines(*rows: list[object]) -> list[str]:
    return list(book_lines(Book("b.xlsx", "", (ListSheet("表", rows),))))  # type: ignore[list-item]


def make_book(path: Path, rows: list[list[object]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def test_kinds_stay_apart() -> None:
    rate, error = Cell(CellKind.RATE, Decimal("0.955")), Cell(CellKind.ERROR, "#REF!")
    never = Cell(CellKind.UNCALCULATED, None)
    assert lines(
        ["甲", 95, rate, "95", "95%", datetime(2025, 10, 3), "2025-10-03", True, "TRUE", error, "#REF!", never]
    ) == [
        "[表]",
        "甲 | 95 | 95.5% | '95 | '95% | 2025-10-03 | '2025-10-03 | TRUE | 'TRUE | #REF! | '#REF! | =?",
    ]


def test_every_row_is_one_line_at_its_place() -> None:
    assert lines(["a|b", None, "两\n行\\\x1b"], [], [], [None, "c"], [*[None] * 30, "far", "[x]"]) == [
        "[表]",
        r"a\|b |  | 两\n行\\\x1b",
        "",
        " | c",
        "(AE) far | '[x]",
    ]


def test_two_sheets_one_hidden(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("一").write_row(0, 0, ["x", 1])
        hidden = book.add_worksheet("二")
        hidden.write(0, 0, "y")
        hidden.hide()
    assert cli.run(["textconv", str(path)]) == 0
    assert capsys.readouterr().out == "[一]\nx | 1\n\n[二] (hidden)\ny\n"


def test_result_sheets_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (ROOT / "workbooks").glob("huzhong-2025.*"):
        shutil.copy(path, tmp_path)
    book = tmp_path / "huzhong-2025.xlsx"
    cli.run(["textconv", str(book)])
    before = capsys.readouterr().out
    assert "区公安局 | 2025-10-22 | 2025-10-23 | 件数公布,日期假定\n" in before
    assert cli.run(["recalc", "--in-place", str(book)]) == 0
    capsys.readouterr()
    cli.run(["textconv", str(book)])
    assert capsys.readouterr().out == before


def test_what_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("no workbook", encoding="utf-8")
    assert cli.run(["textconv", str(path)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "GK605" in err


def test_git_shows_the_row_that_changed(tmp_path: Path) -> None:
    """The lines of docs/ci.md in a real repository."""
    program = f'"{sys.executable}" -m gkxl textconv'
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PYTHONUTF8": "1"}
    environment = {**os.environ, **plain, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a"}

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=tmp_path,
            env={**environment, "GIT_COMMITTER_EMAIL": "a@b"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout

    git("init", "--quiet")
    (tmp_path / ".gitattributes").write_text("*.xlsx diff=gkxl\n", encoding="utf-8")
    git("config", "diff.gkxl.textconv", program)
    git("config", "diff.gkxl.xfuncname", r"^\[.*\]")
    head = [["单位", "日期", "件数"], *([f"{n}局", "十月", n] for n in range(1, 9))]
    make_book(tmp_path / "a.xlsx", head)
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    make_book(tmp_path / "a.xlsx", [*head[:6], ["新局", "十月", 3], *head[6:8], ["8局", "十月", 9]])
    shown = git("diff", "--unified=1")
    assert shown.splitlines()[4:] == [
        "@@ -7,4 +7,5 @@ [台账]",
        " 5局 | 十月 | 5",
        "+新局 | 十月 | 3",
        " 6局 | 十月 | 6",
        " 7局 | 十月 | 7",
        "-8局 | 十月 | 8",
        "+8局 | 十月 | 9",
    ]
