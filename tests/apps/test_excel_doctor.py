"""`gkxl excel doctor`: what stands in the way, told from facts; and the facts from a registry, files and settings."""

import struct
import sys
import zipfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from gkxl.apps import cli
from gkxl.apps.excel_setup import gather
from gkxl.apps.excel_setup.doctor import of_book, of_machine
from gkxl.apps.excel_setup.facts import Machine, MacroBook
from gkxl.apps.excel_setup.new import vba_text

WELL = Machine(
    "Windows",
    r"C:\venv\Scripts\python.exe",
    64,
    xlwings="0.37.8",
    pywin32="",
    libraries=frozenset({32, 64}),
    excel=r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE",
    excel_bits=64,
    trusts_vba=True,
    macros=2,
    blocks_children=False,
    blocks_cmd=False,
)
FUNCTIONS = frozenset(
    f"gk_{name}" for name in "check detail explain grade points rank recalculate table total version".split()
)
BOOK = MacroBook(
    r"D:\考评\考评.xlsm",
    version="0.37.8",
    functions=FUNCTIONS,
    interpreter=WELL.python,
    told_by="考评.xlsm!xlwings.conf",
    found=True,
    answers="",
)
STORE = r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel_16051\Office16\EXCEL.EXE"
ALIAS = r"D:\张三\AppData\Local\Microsoft\WindowsApps\python.exe"


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({}, None, ""),
        ({"xlwings": None}, "GK701", "gkxl[excel]"),
        ({"pywin32": "No module named 'pythoncom'"}, "GK723", "--force-reinstall pywin32"),
        ({"python": ALIAS}, "GK724", "python.org"),
        ({"libraries": frozenset({32})}, "GK725", "xlwings64-0.37.8.dll"),
        ({"libraries": frozenset({64}), "excel_bits": 32}, "GK725", "xlwings32-0.37.8.dll"),
        ({"python_bits": 32}, None, ""),  # another number of bits than Excel's does no harm
        ({"excel": "", "excel_bits": None}, "GK726", "WPS"),
        ({"excel": STORE}, "GK727", "office.com"),
        ({"blocks_children": True}, "GK728", "D4F940AB"),
        ({"blocks_cmd": True}, "GK729", "DisableCMD"),
        ({"macros": 3}, "GK730", "Macro Settings"),
        ({"macros": 4}, "GK730", "Macro Settings"),
        ({"macros": None, "trusts_vba": None, "libraries": None}, None, ""),  # not known is no finding
        ({"trusts_vba": False}, "GK731", "gkxl excel vba -o gk.bas"),
        ({"add_in": "0.30.1"}, "GK732", "xlwings addin install"),
        ({"add_in": "0.37.8"}, None, ""),
        ({"system": "Linux"}, "GK721", "gkxl calc install"),
        ({"system": "Darwin"}, "GK722", "xlwings Lite"),
    ],
)
def test_what_the_computer_lacks(changes: dict, code: str | None, says: str) -> None:
    found = list(of_machine(replace(WELL, **changes), "en"))
    assert [one.code.number for one in found] == ["GK720", *([code] if code else [])]
    assert says in found[-1].message
    assert len(list(of_machine(replace(WELL, **changes), "zh"))) == len(found)


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({}, None, ""),
        ({"zone": 3}, "GK740", "Unblock"),
        ({"zone": 0}, None, ""),
        ({"version": None}, "GK741", "gkxl excel new"),
        ({"version": ""}, None, ""),
        ({"version": "0.33.0"}, "GK742", "pip install xlwings==0.33.0"),
        ({"found": False, "answers": None}, "GK743", "考评.xlsm!xlwings.conf"),
        ({"interpreter": ALIAS}, "GK724", ALIAS),
        ({"answers": "ModuleNotFoundError: No module named 'gkxl'"}, "GK744", "-m pip install 'gkxl[excel]'"),
        ({"main": False}, "GK745", "考评.py"),
        ({"synchronised": True}, "GK746", "OneDrive"),
        ({"shared": True}, "GK750", "Trusted Locations"),
        ({"characters": "张"}, "GK747", "张"),
        ({"functions": frozenset()}, "GK748", "ImportPythonUDFs"),
        ({"functions": FUNCTIONS - {"gk_rank", "gk_recalculate"}}, "GK749", "lack: gk_rank, gk_recalculate"),
    ],
)
def test_what_the_workbook_lacks(changes: dict, code: str | None, says: str) -> None:
    found = list(of_book(replace(BOOK, path="考评.xlsm", **changes), WELL, "en"))
    assert [one.code.number for one in found] == ([code] if code else [])
    assert all(says in one.message for one in found)


def test_the_macros_of_an_add_in_are_named_with_it() -> None:
    book = replace(BOOK, path="folder/gk_addin.xlam", functions=frozenset())
    (found,) = of_book(book, WELL, "zh")
    assert "“宏名”里写 gk_addin.xlam!ImportPythonUDFsToAddin,点" in found.message


def test_the_facts_of_a_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    excel = tmp_path / "EXCEL.EXE"
    excel.write_bytes(
        b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x80) + b"\0" * 0x40 + b"PE\0\0" + struct.pack("<H", 0x14C)
    )
    scripts = tmp_path / "venv" / "Scripts"
    scripts.mkdir(parents=True)
    monkeypatch.setattr(gather, "sys", SimpleNamespace(executable=str(scripts / "python.exe"), platform="win32"))
    assert WELL.xlwings
    (tmp_path / "venv" / f"xlwings64-{WELL.xlwings}.dll").touch()  # where pip puts it
    monkeypatch.setattr(gather, "version", lambda package: WELL.xlwings)
    security = r"HKCU\SOFTWARE\Microsoft\Office\16.0\Excel\Security"
    values: dict[tuple[str, str], object] = {
        (r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", ""): f'"{excel}"',
        (security, "AccessVBOM"): 1,
        (security, "VBAWarnings"): 2,
    }
    facts = gather.machine_facts(lambda key, name: values.get((key, name)), "Windows")
    assert (facts.excel, facts.excel_bits, facts.libraries) == (str(excel), 32, frozenset({64}))
    assert (facts.trusts_vba, facts.macros, facts.blocks_children, facts.blocks_cmd) == (True, 2, False, False)
    assert [one.code.number for one in of_machine(facts, "zh") if one.severity == "error"] == ["GK723", "GK725"]

    policies = r"HKCU\SOFTWARE\Policies\Microsoft\Office\16.0\Excel\Security"  # which come first
    rules = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
    values |= {
        (policies, "AccessVBOM"): 0,
        (policies, "VBAWarnings"): 4,
        (rules, "d4f940ab-401b-4efc-aadc-ad5f3c50688a"): "1",
        (r"HKCU\Software\Policies\Microsoft\Windows\System", "DisableCMD"): 2,
    }
    facts = gather.machine_facts(lambda key, name: values.get((key, name)), "Windows")
    assert (facts.trusts_vba, facts.macros, facts.blocks_children, facts.blocks_cmd) == (False, 4, True, True)
    assert gather.machine_facts(lambda *_: None, "Windows").excel == ""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setattr("gkxl.apps.excel_setup.new.sys", SimpleNamespace(platform="win32", executable=sys.executable))
    assert cli.run(["excel", "new", "考评.xlsm"]) == 0
    return Path("考评.xlsm")


def test_a_workbook_as_it_is_made_is_well(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = gather.book_facts(book)
    assert (facts.interpreter, facts.told_by) == (sys.executable, "考评.xlsm!xlwings.conf")
    assert (facts.found, facts.answers, facts.main, facts.zone, facts.synchronised) == (True, "", True, None, False)
    capsys.readouterr()
    assert cli.run(["excel", "doctor", str(book)]) == 0
    assert "GK748" in capsys.readouterr().out
    assert cli.run(["excel", "doctor", "--format", "json"]) == 0


def test_where_the_settings_name_the_interpreter(book: Path, tmp_path: Path) -> None:
    """The workbook's sheet, then the file beside it, then the user's."""
    other = tmp_path / "no gkxl" / "python"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\necho \"ModuleNotFoundError: No module named 'gkxl'\" >&2\nexit 1\n")
    other.chmod(0o755)
    for path, python in ((tmp_path / "home" / ".xlwings", "/no/user/python"), (tmp_path, str(other))):
        path.mkdir(exist_ok=True, parents=True)
        (path / "xlwings.conf").write_text(f'"SHOW CONSOLE","False"\n\n"interpreter_win","{python}"\n')
    sheet = openpyxl.load_workbook(book, keep_vba=True)
    sheet["xlwings.conf"]["B1"] = None
    sheet.save(book)
    facts = gather.book_facts(book)
    assert facts.answers == "ModuleNotFoundError: No module named 'gkxl'"
    assert [one.code.number for one in of_book(facts, WELL, "zh")] == ["GK744", "GK748"]
    (tmp_path / "xlwings.conf").unlink()
    facts = gather.book_facts(book)
    assert (facts.interpreter, facts.found) == ("/no/user/python", False)
    assert facts.told_by.endswith("xlwings.conf")


def test_imported_functions_and_what_lies_around(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read = gather.modules
    old = vba_text().replace("Function gk_rank(", "Function gk_place(").replace("\n", "\r\n")
    monkeypatch.setattr(gather, "modules", lambda project: {**read(project), "xlwings_udfs": old})
    monkeypatch.setenv("OneDrive", str(tmp_path))
    Path("考评.py").unlink()
    Path("考评.xlsm:Zone.Identifier").write_text("[ZoneTransfer]\r\nZoneId=3\r\n")  # on NTFS a stream of the file
    assert cli.run(["excel", "doctor", str(book)]) == 1
    said = capsys.readouterr().out
    assert [code for code in ("GK740", "GK745", "GK746", "GK748", "GK749") if code in said] == [
        "GK740",
        "GK745",
        "GK746",
        "GK749",
    ]
    assert "gk_rank" in said


def test_a_workbook_that_uses_the_add_in(tmp_path: Path) -> None:
    """xlwings' own template without its VBA, which the add-in has."""
    path = tmp_path / "quickstart.xlsm"
    path.write_bytes((files("xlwings") / "quickstart.xlsm").read_bytes())
    facts = gather.book_facts(path)
    assert (facts.version, facts.main) == ("", False)
    assert "GK745" in {one.code.number for one in of_book(facts, WELL, "zh")}


def test_the_add_in_that_excel_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "Microsoft" / "Excel" / "XLSTART"
    place.mkdir(parents=True)
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert gather.machine_facts(lambda *_: None, "Windows").add_in is None
    (place / "xlwings.xlam").write_bytes((files("xlwings") / "addin" / "xlwings.xlam").read_bytes())
    facts = gather.machine_facts(lambda *_: None, "Windows")
    assert facts.add_in == facts.xlwings


def test_characters_that_a_code_page_lacks() -> None:
    path = r"D:\考评 2025\张张é\python.exe"
    assert gather.outside(path, "cp936") == ""
    assert gather.outside(path, "cp1252") == "考评张"
    assert gather.outside(path) == ""


def test_macros_that_cannot_be_read(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(book, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content[:1000] if name.endswith("vbaProject.bin") else content)
    assert cli.run(["excel", "doctor", str(book)]) == 3
    assert "GK608" in capsys.readouterr().out


def test_files_that_are_no_macro_books(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    openpyxl.Workbook().save(tmp_path / "plain.xlsx")
    assert cli.run(["excel", "doctor", str(tmp_path / "plain.xlsx")]) == 1
    assert "GK741" in capsys.readouterr().out
    assert cli.run(["excel", "doctor", str(tmp_path / "none.xlsm")]) == 3
    assert "GK601" in capsys.readouterr().out
