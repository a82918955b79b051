"""`gkxl audit` as it is run: formats, exit codes, both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from story_books import make_book

RULES = """assessment Offices
units Office in Points
period year 2025
missing data is an error
work done = Score in Points
indicator Work
  scores work done.
rank by total, ties share the place (the next place follows).
published total Total in Results
published place Place in Results
"""
BOOK = """[Points]
Office | Score
Ash | 9
Birch | 9
Cedar | 5
[Results]
Office | Total | Place
Ash | 9 | 1
Birch | 9 | {second}
Cedar | 5 | {third}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.gk").write_text(RULES, encoding="utf-8")
    for name, second, third in (("agrees", 1, 2), ("differs", 2, 3)):
        text = tmp_path / f"{name}.txt"
        text.write_text(BOOK.format(second=second, third=third), encoding="utf-8")
        make_book(text, tmp_path / f"{name}.xlsx")
    return tmp_path


def gkxl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gkxl", "audit", "--rules", "rules.gk", *arguments]
    wide = os.environ | {"COLUMNS": "160"}
    return subprocess.run(command, cwd=folder, env=wide, capture_output=True, encoding="utf-8", check=False)


def test_figures_that_agree_are_fine(folder: Path) -> None:
    done = gkxl(folder, "agrees.xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Offices 2025\nagree: 6, differ: 0, causes: 0\n"


def test_the_text_names_the_cause_and_lists_what_differs(folder: Path) -> None:
    done = gkxl(folder, "differs.xlsx")
    assert done.returncode == 1
    title, counts, cause, _, header, _, *rows = done.stdout.splitlines()
    assert (title, counts) == ("Offices 2025", "agree: 4, differ: 2, causes: 1")
    assert cause == "1. Ash, Birch both have 9 points and share place 1; published are 1, 2; it explains 2 figures."
    assert header.split() == ["Unit", "Period", "Figure", "Published", "By", "the", "rules", "Cell"]
    assert [row.split() for row in rows] == [
        ["Birch", "2025", "Place", "2", "1", "Results!C3"],
        ["Cedar", "2025", "Place", "3", "2", "Results!C4"],
    ]


def test_the_table_has_no_causes(folder: Path) -> None:
    done = gkxl(folder, "differs.xlsx", "--format", "table")
    assert "explains" not in done.stdout
    assert "Results!C4" in done.stdout


def test_several_books_are_an_array_of_audits(folder: Path) -> None:
    done = gkxl(folder, "agrees.xlsx", "differs.xlsx", "--json")
    first, second = json.loads(done.stdout)
    assert (first["schema"], first["agree"], second["agree"]) == ("gkxl.audit/1", 6, 4)
    assert second["causes"][0]["explains"] == 2


def test_a_book_that_is_not_there(folder: Path) -> None:
    done = gkxl(folder, "nowhere.xlsx", "--json")
    assert done.returncode == 3
    assert [one["code"] for one in json.loads(done.stdout)["diagnostics"]] == ["GK601"]


def test_rules_with_errors_audit_nothing(folder: Path) -> None:
    (folder / "rules.gk").write_text(RULES.replace("published total Total", "published Wrk Total"), encoding="utf-8")
    done = gkxl(folder, "agrees.xlsx")
    assert done.returncode == 1
    assert "GK556" in done.stdout
    assert "agree" not in done.stdout
