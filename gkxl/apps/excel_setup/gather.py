"""The facts that `gkxl excel doctor` judges: from the registry, from files and from the settings as xlwings reads them."""

from __future__ import annotations

import csv
import locale
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from gkxl.apps.excel_setup.facts import Machine, MacroBook
from gkxl.workbook.macro_book import vba_project
from gkxl.workbook.package import Package, RefusedError
from gkxl.workbook.read import BookFile, book_of, open_book
from gkxl.workbook.vba import modules

Registry = Callable[[str, str], object]  # a key and a value's name → the value, None if there is none

_OFFICE = r"SOFTWARE\{}Microsoft\Office\16.0\Excel\Security"  # 2016 and every later one
_POLICIES = "Policies\\"
_APP_PATH = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_RULES = r"Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_NO_CHILDREN = (
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a"  # the rule “block all Office applications from creating child processes”
)
_CMD = r"HKCU\Software\Policies\Microsoft\Windows\System"
_MACHINES = {0x14C: 32, 0x8664: 64, 0xAA64: 64}  # of a PE header
_SECONDS = 60  # that another Python may take to import gkxl


def registry(key: str, name: str) -> object:
    """A value of the Windows registry; None where there is none, or no Windows."""
    if sys.platform == "win32":
        import winreg

        root, _, path = key.partition("\\")
        hive = winreg.HKEY_LOCAL_MACHINE if root == "HKLM" else winreg.HKEY_CURRENT_USER
        with suppress(OSError), winreg.OpenKey(hive, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            return winreg.QueryValueEx(opened, name)[0]
    return None


def machine_facts(read: Registry, system: str = platform.system()) -> Machine:
    """The computer that this runs on; `read` is its registry."""
    python, xlwings = Path(sys.executable), _installed("xlwings")
    facts = Machine(system, str(python), struct.calcsize("P") * 8, xlwings)
    if system != "Windows":
        return facts
    excel = read(rf"HKLM\{_APP_PATH}", "") or read(rf"HKCU\{_APP_PATH}", "")
    excel = excel.strip('"') if isinstance(excel, str) else ""
    folders = (python.parent, python.parent.parent)
    libraries = {
        bits for bits in (32, 64) if any((folder / f"xlwings{bits}-{xlwings}.dll").exists() for folder in folders)
    }
    return replace(
        facts,
        pywin32=_why_not_pywin32(),
        libraries=frozenset(libraries),
        excel=excel,
        excel_bits=bits_of(Path(excel)) if excel else None,
        trusts_vba=_setting(read, "AccessVBOM") == 1,
        macros=_setting(read, "VBAWarnings"),
        blocks_children=any(
            str(read(rf"HKLM\SOFTWARE\{policies}Microsoft\{_RULES}", _NO_CHILDREN)) == "1"
            for policies in (_POLICIES, "")
        ),
        blocks_cmd=bool(read(_CMD, "DisableCMD")),
        add_in=_add_in(Path(os.environ.get("APPDATA", "")) / "Microsoft" / "Excel" / "XLSTART" / "xlwings.xlam"),
    )


def book_facts(path: Path) -> MacroBook:
    """A workbook and what stands around it; raises RefusedError if it cannot be read."""
    file = open_book(path)
    package = file.content.package
    project = vba_project(package) if package is not None else b""
    texts = modules(project) if project else {}
    place = path.resolve()
    facts = MacroBook(
        str(path),
        main=place.with_suffix(".py").exists(),
        zone=_zone(place),
        synchronised=_synchronised(place),
        shared=place.drive.startswith("\\\\"),  # of a drive that stands for a share, too
    )
    constants = texts.get("xlwings", "")
    if not constants and not any(re.search(r"\b(RunPython|XLPy)\b", text) for text in texts.values()):
        return facts
    name = _constant(constants, "PROJECT_NAME") or "xlwings"
    functions = re.findall(r"^(?:Function|Sub) (\w+)\(", texts.get("xlwings_udfs", ""), re.MULTILINE)
    interpreter, told_by = _interpreter(file, place, name)
    found = Path(interpreter).is_file()
    return replace(
        facts,
        version=_constant(constants, "XLWINGS_VERSION"),
        functions=frozenset(functions),
        interpreter=interpreter,
        told_by=told_by,
        found=found,
        answers=_answers(interpreter) if found else None,
        characters=outside(f"{interpreter}{place}"),
    )


def bits_of(program: Path) -> int | None:
    """Whether a program is of 32 or 64 bits, by its header (PE format, 3.3: the machine)."""
    with suppress(OSError, struct.error):
        with program.open("rb") as file:
            head = file.read(4096)
        return _MACHINES.get(struct.unpack_from("<H", head, struct.unpack_from("<I", head, 0x3C)[0] + 4)[0])
    return None


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _why_not_pywin32() -> str:
    try:
        for module in ("pythoncom", "win32api"):
            import_module(module)
    except ImportError as error:
        return str(error)
    return ""


def _setting(read: Registry, name: str) -> int | None:
    """A setting of Excel's security: a policy comes before what the user chose."""
    for policies in (_POLICIES, ""):
        value = read(rf"HKCU\{_OFFICE.format(policies)}", name)
        if isinstance(value, int):
            return value
    return None


def _add_in(path: Path) -> str | None:
    """The version of the xlwings add-in that Excel loads when it starts."""
    with suppress(OSError, RefusedError):
        texts = modules(vba_project(Package(path.read_bytes())))
        return next((found for text in texts.values() if (found := _constant(text, "XLWINGS_VERSION"))), None)
    return None


def _constant(text: str, name: str) -> str:
    found = re.search(rf'Const {name} As String = "([^"]*)"', text)
    return found[1] if found else ""


def _interpreter(file: BookFile, place: Path, name: str) -> tuple[str, str]:
    """The Python of the settings, and which of them name it: the workbook's sheet, the file beside it, the user's file."""
    key = "INTERPRETER_MAC" if sys.platform == "darwin" else "INTERPRETER_WIN"
    sources: dict[str, Callable[[], dict[str, str]]] = {f"{file.path.name}!{name}.conf": lambda: _sheet(file, name)}
    for path in (place.with_name(f"{name}.conf"), Path.home() / f".{name}" / f"{name}.conf"):
        sources[str(path)] = lambda path=path: _pairs(path)  # type: ignore[misc]
    for wanted in (key, "INTERPRETER"):
        for where, settings in sources.items():
            if value := settings().get(wanted):
                return _which(os.path.expandvars(value)), where
    return _which("python"), "PATH"


def _which(program: str) -> str:
    return (shutil.which(program) or program) if program in ("python", "pythonw") else program


def _sheet(file: BookFile, name: str) -> dict[str, str]:
    sheet = next((sheet for sheet in book_of(file, "zh").sheets if sheet.name == f"{name}.conf"), None)
    rows = ([row.cells.get(column) for column in (1, 2)] for row in (sheet.rows((1, 2)) if sheet else ()))
    return {
        str(key.value).upper(): str(value.value) for key, value in rows if key and value and value.value is not None
    }


def _pairs(path: Path) -> dict[str, str]:
    """A file of settings: two texts in quotation marks on each line, in the code page of the system."""
    with suppress(OSError), path.open(encoding=locale.getencoding(), errors="replace", newline="") as file:
        return {row[0].upper(): row[1] for row in csv.reader(file) if len(row) > 1}
    return {}


def _answers(interpreter: str) -> str:
    """What another Python says when it is to import the macro; empty if it can."""
    if Path(interpreter).resolve() == Path(sys.executable).resolve():
        return ""
    command = [interpreter, "-c", "import gkxl.apps.open_book"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return (said[-1] if said else str(done.returncode)) if done.returncode else ""


def _zone(path: Path) -> int | None:
    """The zone that Windows noted for a file that came from elsewhere ([MS-FSCC] 5.6.1, Zone.Identifier)."""
    with suppress(OSError):  # on other systems there is no such file
        found = re.search(r"ZoneId=(\d)", Path(f"{path}:Zone.Identifier").read_text(errors="replace"))
        return int(found[1]) if found else None
    return None


def _synchronised(path: Path) -> bool:
    """Whether the file lies in a folder of OneDrive: Excel then names it by its address on the web."""
    folders = (os.environ.get(name) for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"))
    return any(path.is_relative_to(Path(folder).resolve()) for folder in folders if folder)


def outside(text: str, encoding: str = "mbcs" if sys.platform == "win32" else "utf-8") -> str:
    """The characters that the code page of Windows does not have: xlwings' library hands paths on in it."""

    def strange() -> Iterator[str]:
        for character in dict.fromkeys(text):
            try:
                character.encode(encoding)
            except UnicodeEncodeError:
                yield character

    return "".join(strange())
