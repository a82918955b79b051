"""The cases that every route to a cell runs, by direct calls; and the books that they read."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from function_cases import BOOKS, CASES, Case, agrees, answer

from gkxl.apps.version import version
from gkxl.functions.core import Functions

NAMES = "points table detail total explain check rank grade".split()
F = Functions()
FUNCTIONS = {name: getattr(F, name) for name in NAMES} | {"version": version}


@pytest.mark.parametrize("serials", [True, False], ids=["serials", "dates"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_direct_call(case: Case, serials: bool) -> None:
    gives = case.gives if serials or case.of_dates is None else case.of_dates
    found = answer(case, FUNCTIONS, serials)
    assert agrees(found, gives), (found, gives)


def test_the_cases_reach_all_functions_and_stand_apart() -> None:
    called = {case.formula.split("(")[0] for case in CASES}
    assert called == {f"=GK.{name.upper()}" for name in (*NAMES, "version")}
    assert (
        len({case.name for case in CASES}) == len({(case.book, case.sheet, case.cell) for case in CASES}) == len(CASES)
    )


def test_the_books_are_made_by_their_script(tmp_path: Path) -> None:
    subprocess.run([sys.executable, BOOKS / "make.py", tmp_path], check=True, capture_output=True)
    kept = sorted(path.name for path in BOOKS.glob("*.xlsx"))
    assert kept == sorted(path.name for path in tmp_path.iterdir())
    for name in kept:
        assert parts(tmp_path / name) == parts(BOOKS / name)


def parts(path: Path) -> list[tuple[str, object, bytes]]:
    with zipfile.ZipFile(path) as package:
        return [(member.filename, member.date_time, package.read(member)) for member in package.infolist()]
