"""Checks of fixed forms on the command line: exit codes, the table, the result sheets, stored results held against them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from gkxl.apps.cli import run

RULES = """语言 zh
核对 合计: A2 + B2 = C2
核对 各行: 甲 + 乙 = 丙,逐行 2 至 3
"""


def book(folder: Path, **cells: object) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (("甲", "乙", "丙"), (1, 2, 3), (4, 5, 9)):
        sheet.append(row)
    for at, value in cells.items():
        sheet[at] = value
    sheet.protection.set_password("secret")  # no obstacle for reading
    made.save(folder / "表.xlsx")
    (folder / "表.gk").write_text(RULES, encoding="utf-8")
    return folder / "表.xlsx"


def test_a_sound_form_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path)
    assert run(["check", str(tmp_path / "表.gk"), "--book", str(path)]) == 0
    assert run(["score", str(path)]) == 0
    assert "2项相符" in capsys.readouterr().out


def test_a_check_that_does_not_hold_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path, B2=7)
    assert run(["check", str(tmp_path / "表.gk"), "--book", str(path), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["files"]
    told = [one for file in found for one in file["diagnostics"]]
    assert [(one["code"], one["place"]) for one in told] == [("GK510", "Sheet!A2"), ("GK510", "Sheet!A2")]
    assert told[0]["message"] == "核对“合计”不符:左边 8,右边 3,相差 5(A2 = 1、B2 = 7、C2 = 3)。"
    # A2 would have to be −4, which no count is.
    assert told[0]["notes"] == ["只改一格就全部相符:Sheet!B2 改为 2(现为 7) 或 Sheet!C2 改为 8(现为 3)"]


def test_the_result_sheets_have_the_checks(tmp_path: Path) -> None:
    path = book(tmp_path, B3=6)
    assert run(["recalc", str(path), "--keep-going"]) == 1
    scored = openpyxl.load_workbook(tmp_path / "表-scored.xlsx")
    rows = [[cell for cell in row if cell is not None] for row in scored["得分汇总"].iter_rows(values_only=True)]
    assert rows[-3:] == [["合计", "1项相符"], ["各行", "2", "1项相符"], ["各行", "3", "10", "9", "1", "不符"]]
    issues = [row[1] for row in scored["数据问题"].iter_rows(values_only=True)]
    assert issues[-1] == "GK510"


def test_stored_checks_are_what_the_cells_give(tmp_path: Path) -> None:
    path = book(tmp_path)
    assert run(["recalc", str(path), "--in-place"]) == 0
    assert run(["recalc", str(path), "--check"]) == 0
    (tmp_path / "表.gk").write_text(RULES.replace("C2", "C3"), encoding="utf-8")
    assert run(["recalc", str(path), "--check"]) == 1
