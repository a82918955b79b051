"""`gkxl excel new` and `gkxl excel vba`: what they make, held against what xlwings' VBA asks for."""

import re
import subprocess
import sys
import zipfile
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from gkxl.apps import cli
from gkxl.workbook.macro_book import vba_project
from gkxl.workbook.package import Package
from gkxl.workbook.vba import modules

XLWINGS = files("xlwings")
NAMES = ["check", "detail", "explain", "grade", "points", "rank", "table", "total", "version"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)


def settings(book: str) -> dict[str, str]:
    """As xlwings' VBA reads them: column A and B of the sheet PROJECT_NAME.conf, from A1."""
    project = modules(vba_project(Package(Path(book).read_bytes())))["xlwings"]
    name = re.search(r'PROJECT_NAME As String = "(\w+)"', project)
    assert name
    with zipfile.ZipFile(book) as package, BytesIO() as workbook:
        with zipfile.ZipFile(workbook, "w") as out:
            for one in package.namelist():
                out.writestr(one, package.read(one).replace(b"ms-excel.addin.macro", b"ms-excel.sheet.macro"))
        sheet = openpyxl.load_workbook(workbook)[f"{name[1]}.conf"]
    return {str(row[0].value).upper(): row[1].value for row in sheet}


def template(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(str(XLWINGS / name)) as package:
        return {one: package.read(one) for one in package.namelist()}


def test_a_workbook_with_the_button(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    windows = SimpleNamespace(platform="win32", executable=r"C:\用户\考评 环境\Scripts\python.exe")
    monkeypatch.setattr("gkxl.apps.excel_setup.new.sys", windows)
    assert cli.run(["excel", "new", "考评2025.xlsm"]) == 0
    assert capsys.readouterr().out == "考评2025.xlsm\n考评2025.py\n"
    with zipfile.ZipFile("考评2025.xlsm") as package:
        assert package.testzip() is None
        assert package.read("xl/vbaProject.bin") == template("quickstart_standalone.xlsm")["xl/vbaProject.bin"]
        button = package.read("xl/drawings/vmlDrawing1.vml").decode()
        assert b"sheet.macroEnabled.main+xml" in package.read("[Content_Types].xml")
    assert "用 gkxl 重算" in button
    macro = re.search(r"<x:FmlaMacro>\[0\]!(\w+)<", button)
    assert macro
    project = modules(vba_project(Package(Path("考评2025.xlsm").read_bytes())))
    assert f"Sub {macro[1]}()" in project["Module1"]  # which runs main() of the module with the workbook's name
    book = openpyxl.load_workbook("考评2025.xlsm")
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [("规则", "visible"), ("xlwings.conf", "hidden")]
    assert [cell.value for cell in book["规则"]["A"]] == [None] * book["规则"].max_row
    assert settings("考评2025.xlsm") == {
        "INTERPRETER_WIN": r"C:\用户\考评 环境\Scripts\python.exe",
        "UDF MODULES": "gkxl.apps.excel;gkxl.apps.open_book",
    }


def test_an_add_in_with_the_button_in_the_ribbon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert cli.run(["excel", "new", "gk_addin.xlam"]) == 0
    before = template("quickstart_addin_ribbon.xlam")
    with zipfile.ZipFile("gk_addin.xlam") as package:
        after = {one: package.read(one) for one in package.namelist()}
    changed = {name for name in before if before[name] != after[name]}
    assert after.keys() == before.keys()
    assert changed == {"xl/workbook.xml", "xl/worksheets/sheet1.xml", "customUI/customUI.xml"}
    ribbon = after["customUI/customUI.xml"].decode()
    assert 'label="Recalculate with gkxl"' in ribbon
    assert 'onAction="RibbonMyAddin.RunMain"' in ribbon
    # On Linux nobody knows the interpreter on the machine that it is for.
    assert settings("gk_addin.xlam") == {"UDF MODULES": "gkxl.apps.excel;gkxl.apps.open_book"}
    script = "import gk_addin; from gkxl.apps.open_book import gk_recalculate; assert gk_addin.main is gk_recalculate"
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("考评.xlsx", "GK702"),
        (".xlsm", "GK702"),
        (".", "GK702"),
        ("", "GK702"),
        ("2025考评.xlsm", "GK703"),
        ("考评 2025.xlsm", "GK703"),
        ("class.xlsm", "GK703"),
        ("gkxl.xlam", "GK705"),
        ("json.xlsm", "GK705"),
        ("no folder/考评.xlsm", "GK656"),
    ],
)
def test_names_that_will_not_do(name: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["excel", "new", name]) == (3 if code == "GK656" else 2)
    assert code in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_nothing_is_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    for there, code in (("考评.py", "GK704"), ("考评.xlsm", "GK655")):
        Path(there).write_text("我的", encoding="utf-8")
        assert cli.run(["excel", "new", "考评.xlsm"]) == 3
        assert code in capsys.readouterr().err
        assert [path.name for path in Path().iterdir()] == [there]
        assert Path(there).read_text(encoding="utf-8") == "我的"
        Path(there).unlink()


def test_a_folder_of_that_name_is_no_module() -> None:
    Path("考评").mkdir()
    subprocess.run([sys.executable, "-m", "gkxl", "excel", "new", "考评.xlsm"], check=True)
    subprocess.run([sys.executable, "-c", "import 考评; 考评.main"], check=True)


def test_without_xlwings() -> None:
    script = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'xlwings' else find(name, *rest)\n"
        "from gkxl.apps import cli; sys.exit(cli.run(['excel', 'new', 'book1.xlsm']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "GK701" in done.stderr
    assert "pip install 'gkxl[excel]'" in done.stderr


def test_the_vba_is_what_xlwings_generates(capsys: pytest.CaptureFixture[str]) -> None:
    child = Path(__file__).with_name("vba_child.py")
    generated = subprocess.run([sys.executable, str(child)], capture_output=True, encoding="ascii", check=True).stdout
    assert cli.run(["excel", "vba"]) == 0
    assert capsys.readouterr().out == generated
    assert re.findall(r"^Function gk_(\w+)\(", generated, re.MULTILINE) == NAMES
    assert "Sub gk_recalculate()" in generated
    assert cli.run(["excel", "vba", "-o", "gk.bas"]) == 0
    assert Path("gk.bas").read_bytes() == generated.replace("\n", "\r\n").encode("ascii")  # as the VBA editor asks for
    assert cli.run(["excel", "vba", "-o", "gk.bas"]) == 3
    assert "GK655" in capsys.readouterr().err
