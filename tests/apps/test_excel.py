"""The adapter for Excel: called directly, and through xlwings' own COM code in a process that stands in for Windows."""

import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from function_cases import CASES, Case, agrees, answer
from sheets_as_arguments import BUNDLED, book_of, tables

from gkxl.apps import excel
from gkxl.functions.arguments import CellError
from gkxl.functions.core import Functions

NAMES = ["check", "detail", "explain", "grade", "points", "rank", "table", "total", "version"]


@cache
def over_com(rules: Path, book: Path) -> dict:
    child = Path(__file__).with_name("com_child.py")
    called = subprocess.run(
        [sys.executable, str(child), str(rules), str(book)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={name: value for name, value in os.environ.items() if name != "XLWINGS_LICENSE_KEY"},
    )
    return json.loads(called.stdout)


HUZHONG = BUNDLED[1]


@pytest.mark.parametrize(("rules", "book"), [HUZHONG, BUNDLED[4]], ids=["huzhong", "xinzhou"])
def test_com_gives_what_a_direct_call_gives(rules: Path, book: Path) -> None:
    answers = over_com(rules, book)
    expected = Functions().table(rules.read_text(encoding="utf-8"), None, *tables(book_of(book)))
    assert len(expected) > 5
    assert answers["table"] == expected
    assert answers["table of lines"] == expected
    assert answers["table of a path"] == expected  # a path is a person's own file only here
    assert answers["no such path"].startswith("#GK101")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_called_directly(case: Case) -> None:
    assert agrees(answer(case, {name: getattr(excel, f"gk_{name}") for name in NAMES}), case.gives)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_over_com(case: Case) -> None:
    found, gives = over_com(*HUZHONG)["cases"][case.name], case.gives if case.of_dates is None else case.of_dates
    assert agrees(found, gives), found


def test_what_com_hands_over() -> None:
    answers = over_com(*HUZHONG)
    assert answers["cell"] == answers["literal"] == -3.0
    assert answers["blank"].startswith("#GK")  # a blank is no 0
    assert "#N/A" in answers["error"]  # nor is an error a blank
    assert "给的是Error 2099" in answers["error that is not known yet"]  # nor a number
    assert answers["date"] == -2.0
    assert answers["optional left out"] == [[1.0], [""], [3.0], [1.0]]
    assert {row[0][:6] for row in answers["errors among totals"]} == {"#GK648"}
    assert re.match(r"\d+\.\d+", answers["version"])


def test_the_vba_that_users_import() -> None:
    vba = over_com(*HUZHONG)["vba"]
    assert re.findall(r"^Function gk_(\w+)\(", vba, re.MULTILINE) == NAMES
    assert "Function gk_table(rules, period, ParamArray tables())" in vba
    assert "Function gk_rank(totals, Optional groups, Optional ties)" in vba
    assert "Volatile" not in vba


def test_help_of_the_wizard_is_in_both_languages_and_short() -> None:
    docs = over_com(*HUZHONG)["docs"]
    assert sorted(docs) == [f"gk_{name}" for name in NAMES]
    for text in (text for each in docs.values() for text in each):
        assert len(text) <= 255
        assert re.search("[\u4e00-\u9fff]", text)
        assert re.search("[A-Za-z]{4}", text)


def test_no_licence_of_xlwings_is_needed() -> None:
    assert over_com(*HUZHONG)["licensed part"] is False


def test_what_office_js_hands_over() -> None:
    read = excel.Cells.read_value
    error = {"type": "Error", "basicType": "Error", "basicValue": "#N/A", "errorType": "NotAvailable"}
    rate = {"type": "FormattedNumber", "basicType": "Double", "basicValue": 0.95, "numberFormat": "0%"}
    assert read([["甲局", rate], ["", error]], {}) == (("甲局", 0.95), ("", CellError("#N/A")))
    assert read(None, {}) is None
    assert excel.gk_points("完成率达100%加10分,90%及以上加8分", "完成率", read([[rate]], {})) == 8


def test_without_com_a_path_is_no_rules() -> None:
    """On a server the formula is somebody else's."""
    assert excel.gk_total(str(HUZHONG[0]), None, "区公安局", "单位表", [["单位"], ["区公安局"]]).startswith("#GK641")


def test_amounts_and_odd_values() -> None:
    """A cell in a currency format is a decimal over COM; a stock of Office.js is an error cell to who reads values alone."""
    read = excel.Cells.read_value
    assert read((("甲局", Decimal("12.5")),), {}) == (("甲局", 12.5),)
    assert read([[{"type": "LinkedEntity", "basicType": "Error", "basicValue": "#VALUE!"}]], {}) == (
        (CellError("#VALUE!"),),
    )


def test_in_a_browser_there_is_no_reader_of_workbooks() -> None:
    """What has no pure Python (xlwings Lite runs in Pyodide) is not needed by a function."""
    script = (
        "import sys; sys.modules |= dict.fromkeys(['python_calamine', 'lxml'])\n"
        "from gkxl.apps.excel import gk_total\n"
        "rules = 'assessment A\\nunits Unit in Units\\nperiod year 2025\\nmissing data is an error\\n"
        "late reports = Late in Units\\nindicator A\\n  each late report costs 1 point.\\n'\n"
        "assert gk_total(rules, '', 'Parks', 'Units', [['Unit', 'Late'], ['Parks', 3.0]]) == -3"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_gkxl_works_without_xlwings() -> None:
    script = "import sys; sys.modules['xlwings'] = None; import gkxl.apps.cli, gkxl.functions.core"
    subprocess.run([sys.executable, "-c", script], check=True)
