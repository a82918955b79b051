"""The functions as Office.js calls them, through the licensed part of xlwings: where the tester's own key is set."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from function_cases import CASES, Case, agrees, answer
from lite.browser import office_js

from gkxl.apps import excel

NAMES = [name.removeprefix("gk_") for name in excel.__all__]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    if not os.environ.get("XLWINGS_LICENSE_KEY"):
        pytest.skip("XLWINGS_LICENSE_KEY is unset")
    calls = [answer(case, {name: lambda *given, name=name: (f"gk_{name}", given) for name in NAMES}) for case in CASES]
    child = Path(__file__).with_name("office_js_child.py")
    called = subprocess.run(
        [sys.executable, str(child)],
        input=json.dumps(calls, default=office_js),
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"XLWINGS_ON_SERVER": "true"},
        check=False,
    )
    assert called.returncode == 0, called.stderr
    return json.loads(called.stdout)


def test_cases(told: dict[str, Any]) -> None:
    found = {case.name: wrong(case, rows) for case, rows in zip(CASES, told["answers"], strict=True)}
    assert {name: one for name, one in found.items() if one is not None} == {}


def wrong(case: Case, rows: list[list[object]]) -> object:
    """What was given instead of what a case expects; None where it is that."""
    found = rows if isinstance(case.gives, list) else rows[0][0] if len(rows) == len(rows[0]) == 1 else rows
    return None if agrees(found, case.gives) else (found, case.gives)


def test_what_excel_registers(told: dict[str, Any]) -> None:
    assert told["main"] == told["module"]
    functions = {one["name"]: one for one in told["module"]["functions"]}
    assert sorted(functions) == [f"GK.{name.upper()}" for name in NAMES]
    repeating = {
        name for name, one in functions.items() if one["parameters"] and one["parameters"][-1].get("repeating")
    }
    assert repeating == {f"GK.{name}" for name in ("POINTS", "TABLE", "DETAIL", "TOTAL", "EXPLAIN", "CHECK")}
    assert [one.get("optional", False) for one in functions["GK.RANK"]["parameters"]] == [False, True, True]
    assert not any("volatile" in one["options"] for one in functions.values())
    for one in functions.values():
        for text in (one["description"], *(parameter["description"] for parameter in one["parameters"])):
            assert len(text) <= 255
            assert re.search("[\u4e00-\u9fff]", text)
