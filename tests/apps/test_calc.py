"""The functions in LibreOffice: installed by `gkxl calc`, worked out by LibreOffice, held against the cases of all routes."""

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from calc_office import MISSING, Lab
from function_cases import CASES, EN, ZH, Case, agrees, arguments
from functions_demo import DEMO, SHEET, formulas, given, shown
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula
from python_calamine import CalamineWorkbook

from gkxl import diagnostics as d
from gkxl.apps import calc
from gkxl.apps.cli import run
from gkxl.apps.libreoffice import install, office
from gkxl.apps.libreoffice.extension import extension
from gkxl.apps.version import version
from gkxl.functions.arguments import CellError
from gkxl.functions.formula import Name, Reference, TableReference, read_call
from gkxl.functions.help import HELP, PAIRS, PERIOD, RULES, UNIT

HERE = Path(__file__).parent
BOOKS = [ZH, EN]


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    folder = Path(tempfile.mkdtemp(prefix="gkxl-calc-"))
    folder.chmod(0o777)
    lab = Lab(folder)
    installed = lab.gkxl("calc", "install")
    assert installed.returncode == 0, f"{installed.stdout}{installed.stderr}\n{MISSING}"
    yield lab
    shutil.rmtree(folder, ignore_errors=True)


def written(lab: Lab, kind: str) -> list[Path]:
    """The books with the formulas of the cases: `plain` as in Excel, `exact` with each reference in GK.CELLS."""
    found = []
    for book in BOOKS:
        made = openpyxl.load_workbook(book)
        for case in CASES:
            if case.book == book:
                formula = exact(case.formula) if kind == "exact" else spelled(case.formula)
                array = isinstance(case.gives, list)
                made[case.sheet][case.cell] = ArrayFormula(room(case), formula) if array else formula
        found.append(lab.folder / f"{kind}-{'zh' if book == ZH else 'en'}.xlsx")
        made.save(found[-1])
    return found


def spelled(formula: str) -> str:
    return formula.replace("[#All]", "[[#All]]")  # as LibreOffice reads it


def exact(formula: str) -> str:
    call = read_call(formula)
    assert call is not None
    name, inside = spelled(formula)[:-1].split("(", 1)
    given = re.findall(r"""((?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[^,"'])*)(?:,|$)""", inside)
    wrapped = [
        f"GK.CELLS({text})" if isinstance(value, Reference | Name | TableReference) else text
        for text, value in zip(given, call.arguments, strict=False)
    ]
    return (
        f"{name}({','.join(wrapped)})" if call.function != "rank" else f"{name}({','.join([given[0], *wrapped[1:]])})"
    )


def room(case: Case) -> str:
    row, column = coordinate_to_tuple(case.cell)
    assert isinstance(case.gives, list)
    end = f"{get_column_letter(column + len(case.gives[0]) - 1)}{row + len(case.gives) - 1}"
    return f"{case.cell}:{end}"


def rounded(gives: object) -> object:
    """An .xlsx of LibreOffice's has 15 digits of a number."""
    if isinstance(gives, list):
        return [rounded(one) for one in gives]
    return float(format(gives, ".15g")) if isinstance(gives, float) else gives


def answer(book: Path, case: Case) -> object:
    rows = CalamineWorkbook.from_path(book).get_sheet_by_name(case.sheet).to_python(skip_empty_area=False)
    row, column = coordinate_to_tuple(case.cell)
    cells = [[*line, *[""] * 20][column - 1 :] for line in [*rows, *[[]] * 20][row - 1 :]]
    if isinstance(case.gives, list):
        return [line[: len(case.gives[0])] for line in cells[: len(case.gives)]]
    return cells[0][0]


@pytest.fixture(scope="module")
def converted(lab: Lab) -> dict[str, Path]:
    return lab.convert([*written(lab, "exact"), *written(lab, "plain"), of_1904(lab)], "xlsx", "out")


RULES_1904 = """考评 报送
对象 单位表的单位
周期 季度
缺数据 报错
表 报送:日期系统1904
迟报 = 报送 中 类别为迟报 的记录
指标 报送
  迟报每次扣1分。
"""


def of_1904(lab: Lab) -> Path:
    """A book that counts its days from 1904, and cells of kinds that only formulas give."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    rules = lab.folder / "报送.gk"
    rules.write_text(RULES_1904, encoding="utf-8")
    sheets = {"单位表": [["单位"], ["甲局"]], "报送": [["单位", "日期", "类别"], ["甲局", date(2025, 11, 3), "迟报"]]}
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    total = '"2025Q4", "甲局", "单位表", 单位表!A1:A2, "报送", 报送!A1:C2)'
    plan, late = '=GK.POINTS("有计划的,加3分。", "计划", GK.CELLS', '=GK.POINTS("迟报每次扣1分。", "迟报", GK.CELLS'
    for line in (
        ["=1>2", '=""', "=1/0", "=2-2"],
        [f"{plan}(A1))", f"{late}(B1))", f"{late}(C1))", f"{late}(D1))"],
        [f'=GK.TOTAL("{rules}", {total}', f'=GK.TOTAL("{rules.with_name("无.gk")}", {total}'],
        ["=SUM(GK.CELLS(D1:D1))"],
    ):
        book.worksheets[0].append(line)
    book.save(lab.folder / "of-1904.xlsx")
    return lab.folder / "of-1904.xlsx"


def test_a_book_of_1904_a_file_of_rules_and_cells_of_formulas(converted: dict[str, Path]) -> None:
    rows = CalamineWorkbook.from_path(converted["of-1904"]).get_sheet_by_index(0).to_python()
    no, empty, error, zero = rows[1]
    assert (no, zero) == (0.0, 0.0)  # there is no plan; nothing was late
    assert str(empty).startswith("#GK641 ")
    assert "#DIV/0!" in str(error)
    assert rows[2][0] == -1.0  # by a rule file, whose sheet line says 1904: the report is of the quarter
    assert str(rows[2][1]).startswith("#GK101 ")
    assert rows[3][0] == 0.0


@pytest.fixture(scope="module")
def of_ods(lab: Lab, converted: dict[str, Path]) -> dict[str, Path]:
    return lab.convert([converted["exact-zh"], converted["exact-en"]], "ods", "ods")


def book_of(books: dict[str, Path], kind: str, case: Case) -> Path:
    return books[f"{kind}-{'zh' if case.book == ZH else 'en'}"]


each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_the_cases_of_all_routes(case: Case, converted: dict[str, Path], of_ods: dict[str, Path]) -> None:
    for books in (converted, of_ods):
        found = answer(book_of(books, "exact", case), case)
        assert agrees(found, rounded(case.gives)), (found, case.gives)


@each_case
def test_formulas_as_in_excel(case: Case, converted: dict[str, Path]) -> None:
    """What LibreOffice does not hand over as it is is told, or is an error; never a blank for an error, or 0 for a blank."""
    found, cells = answer(book_of(converted, "plain", case), case), given_by_reference(case)
    of_values = case.formula.startswith(("=GK.POINTS(", "=GK.GRADE("))
    if any(isinstance(one, CellError) for rows in cells.values() for row in rows for one in row):
        assert error_in(book_of(converted, "plain", case), case) in ("#VALUE!", "#N/A", "#DIV/0!")
    elif of_values and any(at and rows in (((None,),), ((0,),)) for at, rows in cells.items()):
        assert str(found).startswith("#GK685 ")
    elif not any(one is True for rows in cells.values() for row in rows for one in row):  # which is 1
        assert agrees(found, rounded(case.gives)), (found, case.gives)


def given_by_reference(case: Case) -> dict[int, tuple]:
    """The arguments that are cells, as rows, by their number; without the one that is handed over as it is."""
    call = read_call(case.formula)
    assert call is not None
    found = {}
    for at, (written, value) in enumerate(zip(call.arguments, arguments(case), strict=True)):
        if isinstance(written, Reference | Name | TableReference) and (call.function, at) != ("rank", 0):
            found[at] = value if isinstance(value, tuple) else ((value,),)
    return found


@each_case
def test_what_hands_cells_over_changes_no_reading(case: Case) -> None:
    """So `gkxl recalc --functions` refreshes the formulas of either spelling."""
    assert read_call(exact(case.formula)) == read_call(case.formula)


def error_in(book: Path, case: Case) -> object:
    return openpyxl.load_workbook(book, data_only=True)[case.sheet][case.cell].value


# --- At the keyboard ------------------------------------------------------------------------------------------------------


def test_the_formulas_of_the_demo_workbook(lab: Lab) -> None:
    """Put in place of the results that are stored beside them."""
    book = openpyxl.load_workbook(DEMO)
    expected = {}
    for row in formulas():
        (first, gives), formula = given(row), shown()[row][1]
        area = f"B{first + 1}:{get_column_letter(1 + len(gives[0]))}{first + len(gives)}"
        book[SHEET][f"B{first + 1}"] = ArrayFormula(area, formula) if len(gives) > 1 else formula
        expected[first] = gives
    book.save(lab.folder / "demo.xlsx")
    made = lab.convert([lab.folder / "demo.xlsx"], "xlsx", "out")["demo"]
    rows = CalamineWorkbook.from_path(made).get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    for first, gives in expected.items():
        found = [row[1 : 1 + len(gives[0])] for row in rows[first : first + len(gives)]]
        assert agrees(found, gives), found


@pytest.fixture(scope="module")
def asked(lab: Lab, of_ods: dict[str, Path]) -> dict:
    """An .ods with the formulas, open in LibreOffice; see calc_script.py."""
    case = next(case for case in CASES if case.name == "points of a cell")
    return lab.asked(HERE / "calc_script.py", of_ods["exact-zh"], case.cell)


def test_formulas_follow_their_cells(asked: dict) -> None:
    table = next(case.gives for case in CASES if case.name == "table")
    assert isinstance(table, list)
    assert asked["points"] == [-3.0, -3.0]
    formula, points = asked["of the file"]
    assert (formula[:6].upper(), points) == ("=GK.PO", -3.0)
    assert asked["of the file after a change"] == -5.0
    assert asked["table"] == table
    assert asked["points after a change"] == [-5.0, -5.0]
    # 河东镇, at 80 % before, is at 100 % now: 10 more points, and still second of the two.
    after = [*table[:-1], ["河东镇", "乡镇", -6.0, 0.0, "", 10.0, 4.0, 2.0, "良好", ""]]
    assert asked["table after a change"] == after


def test_a_cell_that_is_emptied_or_fails_is_no_0(asked: dict) -> None:
    exactly, plainly = asked["points of what was emptied"]
    assert exactly.startswith("#GK641 ")
    assert plainly.startswith("#GK685 ")
    exactly, plainly = asked["points of an error"]
    assert exactly.startswith("#GK641 ")
    assert "#N/A" in exactly
    assert plainly == "#N/A"


def test_an_argument_may_be_left_out_and_there_may_be_too_many(asked: dict) -> None:
    assert asked["left out"].startswith("#GK648 第 2 行没有总分,而是#DIV/0!")
    assert asked["unknown"] == "#NAME?"
    assert asked["too many"].startswith("Err:50")  # 40 pairs are taken; Calc refuses more itself


def test_the_function_wizard_shows_the_words_of_excel(asked: dict) -> None:
    described = asked["described"]
    assert sorted(described) == sorted(f"GK.{name.upper()}" for name in [*HELP, "cells"])
    assert described["GK.TOTAL"] == [
        HELP["total"].words.en,
        ["rules", RULES.words.en, True],
        ["period", PERIOD.words.en, True],
        ["unit", UNIT.words.en, True],
    ]
    assert described["GK.POINTS"][2:] == [["name 1", PAIRS.words.en, True], ["value 1", PAIRS.words.en, True]]
    assert described["GK.RANK"][1][::2] == ["totals", False]
    assert asked["in Chinese"] == [HELP["total"].words.zh, RULES.words.zh]


# --- The file -------------------------------------------------------------------------------------------------------------


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_two_builds_are_equal_and_hold_what_is_needed() -> None:
    made = extension("1.2")
    assert made == extension("1.2")
    files = members(made)
    inside = {name.split("/")[1] for name in files if name.startswith("pythonpath/")}
    assert {name for name in inside if ".dist-info" not in name} == {"gkxl", "lark", "chinese_calendar"}
    for name in ("gkxl", "lark", "chinesecalendar"):
        about = next(one for one in files if one.startswith(f"pythonpath/{name}-") and one.endswith("/METADATA"))
        assert b"\nLicense" in files[about]
        assert name == "chinesecalendar" or about.replace("METADATA", "LICENSE") in files  # it brings none
    assert b'<version value="1.2"/>' in files["description.xml"]
    assert "pythonpath/gkxl/grammar/gk.lark" in files
    assert not [name for name in files if "cli.py" in name or name.endswith((".pyc", ".xlsx"))]


def test_both_languages_are_in_the_words() -> None:
    words = members(extension("1"))["CalcAddIns.xcu"].decode()
    for one in HELP.values():
        assert f'<value xml:lang="zh-CN">{one.words.zh}</value>' in words
        assert f'<value xml:lang="en">{one.words.en}</value>' in words


IN_AN_OLD_PYTHON = """
import sys, types
class Base: pass
class Helper:
    def addImplementation(self, *given): pass
def module(name, **names):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(names)
module("unohelper", Base=Base, ImplementationHelper=Helper)
module("com.sun.star.lang", XServiceInfo=type("XServiceInfo", (), {}))
module("org.gkxl.calc", XFunctions=type("XFunctions", (), {}))
for name in "com", "com.sun", "com.sun.star", "org", "org.gkxl":
    module(name)
VERSION
names = {"__file__": sys.argv[1]}
exec(compile(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1], "exec"), names)
functions = names["Functions"](None)
print(functions.points("each item costs 2.", "item", 3.0, None, None))
print(functions.table("rules", None)[0][0])
"""


def in_component(component: Path, version: str) -> list[str]:
    """What the functions give, with stand-ins for the modules of LibreOffice alone."""
    script = IN_AN_OLD_PYTHON.replace("VERSION", version)
    called = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, component], capture_output=True, encoding="utf-8", check=True
    )
    return called.stdout.splitlines()


def test_what_the_extension_holds_is_all_it_needs_and_an_old_python_is_told(tmp_path: Path) -> None:
    """Without site-packages (-S), so that nothing comes from elsewhere."""
    with zipfile.ZipFile(io.BytesIO(extension("1"))) as file:
        file.extractall(tmp_path)
    component = tmp_path / "gk.py"
    assert in_component(component, "")[0] == "-6.0"
    ast.parse(component.read_text(encoding="utf-8"), feature_version=(3, 8))
    for told in in_component(component, "sys.version_info = (3, 8, 10)"):
        assert told.startswith(f"#{d.OFFICE_PYTHON_OLD.number} ")
        assert "3.8" in told
    shutil.rmtree(tmp_path / "pythonpath" / "lark")
    for told in in_component(component, ""):
        assert told.startswith(f"#{d.ADD_IN_SILENT.number} ")
        assert "lark" in told


# --- The commands ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked", "converted")  # which need it installed
def test_installed_looked_after_and_taken_away(lab: Lab) -> None:
    again = lab.gkxl("calc", "install")
    assert (again.returncode, again.stdout) == (0, "")
    assert "LibreOffice" in again.stderr
    assert "close it and open it again" in again.stderr
    well = lab.gkxl("calc", "doctor")
    assert well.returncode == 0, well.stderr
    lines = well.stdout.splitlines()
    assert re.fullmatch(r"LibreOffice [\d.]+ \(.+\)", lines[0])
    assert lines[2:] == [f"org.gkxl.calc {version()}", f"=GK.VERSION() {version()}"]
    away = lab.gkxl("calc", "uninstall")
    assert away.returncode == 0, away.stderr
    for command in ("doctor", "uninstall"):
        missing = lab.gkxl("calc", command)
        assert missing.returncode == 1
        assert d.ADD_IN_MISSING.number in missing.stderr
        assert "gkxl calc install" in missing.stderr


def test_build_replaces_its_own_file_and_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "gk.oxt"
    assert run(["calc", "build", "-o", str(made)]) == 0
    first = made.read_bytes()
    assert run(["calc", "build", "-o", str(made)]) == 0
    assert made.read_bytes() == first
    other = tmp_path / "letter.oxt"
    other.write_bytes(b"PK, but not ours")
    assert run(["calc", "build", "-o", str(other)]) == 3
    assert "GK655" in capsys.readouterr().err
    assert other.read_bytes() == b"PK, but not ours"


PROGRAMS = {
    "soffice": 'case "$1" in --version) echo LibreOffice 7.9.9.9 ;; *) echo no such filter ;; esac',
    "soffice.bin": "",
    "pythonloader.py": "",
    "unopkg": 'case "$1" in list) echo "  Version: VERSION" ;; *) echo The lock file indicates it is running; exit 1 ;; esac',
}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A LibreOffice that nothing goes well with, on the PATH."""
    for name, script in PROGRAMS.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script.replace('VERSION', version())}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(install, "refuses_root", lambda: False)
    return tmp_path


def refused(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["calc", command]) == 1
    return capsys.readouterr().err


@pytest.mark.usefixtures("programs")
def test_what_libreoffice_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("install", "uninstall"):
        told = refused(command, capsys)
        assert d.EXTENSION_REFUSED.number in told
        assert "The lock file indicates it is running" in told
    told = refused("doctor", capsys)
    assert d.ADD_IN_SILENT.number in told
    assert "no such filter" in told


def test_an_add_in_of_another_version(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (programs / "unopkg").write_text("#!/bin/sh\necho '  Version: 0.0.1'\n")
    told = refused("doctor", capsys)
    assert d.ADD_IN_OLD.number in told
    assert "0.0.1" in told


def test_python_in_libreoffice(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (programs / "python-core-3.8.20").mkdir()
    for command in ("install", "doctor"):
        told = refused(command, capsys)
        assert d.OFFICE_PYTHON_OLD.number in told
        assert "3.8" in told
    (programs / "python-core-3.8.20").rmdir()
    (programs / "pythonloader.py").unlink()
    assert d.OFFICE_WITHOUT_PYTHON.number in refused("install", capsys)


@pytest.mark.usefixtures("programs")
def test_root_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(install, "refuses_root", lambda: True)
    for command in ("install", "uninstall", "doctor"):
        assert d.OFFICE_AS_ROOT.number in refused(command, capsys)


def test_no_libreoffice(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(office, "_folders", lambda: iter(()))
    for command in ("install", "uninstall", "doctor"):
        assert d.OFFICE_MISSING.number in refused(command, capsys)


# --- What Calc hands over -------------------------------------------------------------------------------------------------


def test_a_single_0_may_be_a_blank() -> None:
    """GK685 where it matters; a name, a period or a table is no number, so there it is a blank."""
    assert str(calc.points("each item costs 2.", "item", 0.0)).startswith("#GK685 Is “item” 0 or blank?")
    assert calc.points("each item costs 2.", "item", ((0.0,),)) == 0
    assert str(calc.grade("规则", 0.0)).startswith("#GK685 ")
    assert str(calc.total("规则", 0.0, "甲局", 0.0, None)).startswith("#GK641 参数“表名 1”")
    assert d.BLANK_OR_ZERO.number == "GK685"


def test_rules_may_be_a_file() -> None:
    path = HERE.parents[1] / "workbooks" / "late-and-early.gk"
    assert str(calc.check(str(path), "Units", (("Unit",), ("Parks",)))[0][0]) != "OK"
    assert str(calc.check(str(path.with_name("none.gk")))).startswith("#GK101 ")
