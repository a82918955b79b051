"""`gkxl excel doctor`: facts → what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gkxl import diagnostics as d
from gkxl.apps import console
from gkxl.apps.common import finish
from gkxl.apps.excel_setup.facts import Machine, MacroBook
from gkxl.apps.excel_setup.new import vba_text
from gkxl.diagnostics import Code, Diagnostic, FilePlace, Language
from gkxl.report.findings import Findings
from gkxl.workbook.package import RefusedError
from gkxl.workbook.read import told

_STORE = re.compile(r"[\\/]WindowsApps[\\/]", re.IGNORECASE)
_INTERNET = 3  # URLZONE_INTERNET
_SIGNED, _NONE = 3, 4


def examine(path: Path | None, form: str) -> int:
    """Looks at the machine and the workbook, and tells; returns the exit code."""
    from gkxl.apps.excel_setup.gather import book_facts, machine_facts, registry

    language, machine = console.language(), machine_facts(registry)
    found = [Findings("Excel", tuple(of_machine(machine, language)))]
    unreadable = False
    if path is not None:
        try:
            found.append(Findings(str(path), tuple(of_book(book_facts(path), machine, language))))
        except RefusedError as refused:
            unreadable = True
            found.append(Findings(str(path), (told(refused, path, language),)))
    return finish("excel-doctor", found, (), form, unreadable, language)


def of_machine(machine: Machine, language: Language) -> Iterator[Diagnostic]:
    """What on the computer stands in the way, the worst first."""

    def told(code: Code, **values: object) -> Diagnostic:
        return Diagnostic(code, None, language, values)

    python, excel = machine.python, machine.excel
    yield told(
        d.SET_UP_FACTS,
        python=python,
        bits=machine.python_bits,
        xlwings=machine.xlwings or "-",
        excel=excel or "-",
        excel_bits=machine.excel_bits or "?",
    )
    if machine.system != "Windows":
        yield told(d.EXCEL_ON_MAC if machine.system == "Darwin" else d.EXCEL_ELSEWHERE)
        return
    if machine.xlwings is None:
        yield told(d.XLWINGS_MISSING)
    elif machine.pywin32:
        yield told(d.PYWIN32_BROKEN, what=machine.pywin32, python=python)
    if _STORE.search(python):
        yield told(d.PYTHON_FROM_STORE, python=python)
    if excel == "":
        yield told(d.EXCEL_MISSING)
    elif excel and _STORE.search(excel):
        yield told(d.EXCEL_FROM_STORE, excel=excel)
    if machine.libraries is not None and machine.xlwings is not None:
        for bits in sorted({machine.excel_bits} if machine.excel_bits else {32, 64}):
            if bits not in machine.libraries:
                file = f"xlwings{bits}-{machine.xlwings}.dll"
                yield told(d.XLWINGS_LIBRARY_MISSING, file=file, bits=bits, python=python, version=machine.xlwings)
    if machine.blocks_children:
        yield told(d.CHILDREN_BLOCKED)
    if machine.blocks_cmd:
        yield told(d.CMD_BLOCKED)
    if machine.macros in (_SIGNED, _NONE):
        yield told(d.MACROS_OFF)
    if machine.trusts_vba is False:
        yield told(d.VBA_NOT_TRUSTED)
    if machine.add_in and machine.xlwings and machine.add_in != machine.xlwings:
        yield told(d.ADD_IN_VERSION, found=machine.add_in, installed=machine.xlwings)


def of_book(book: MacroBook, machine: Machine, language: Language) -> Iterator[Diagnostic]:
    """What in the workbook, its settings and its place stands in the way."""

    def told(code: Code, **values: object) -> Diagnostic:
        return Diagnostic(code, FilePlace(book.path), language, values)

    if book.zone is not None and book.zone >= _INTERNET:
        yield told(d.BOOK_FROM_INTERNET)
    if book.version is None:
        yield told(d.BOOK_WITHOUT_XLWINGS)
        return
    if book.version and machine.xlwings and book.version != machine.xlwings:
        yield told(d.VBA_VERSION, found=book.version, installed=machine.xlwings)
    if book.found is False:
        yield told(d.INTERPRETER_MISSING, path=book.interpreter, where=book.told_by)
    elif _STORE.search(book.interpreter):
        yield told(d.PYTHON_FROM_STORE, python=book.interpreter)
    elif book.answers:
        yield told(d.INTERPRETER_WITHOUT_GKXL, path=book.interpreter, where=book.told_by, what=book.answers)
    if not book.main:
        yield told(d.MAIN_MISSING, main=Path(book.path).with_suffix(".py").name)
    if book.shared:
        yield told(d.BOOK_ON_SHARE)
    if book.synchronised:
        yield told(d.BOOK_SYNCHRONISED)
    if book.characters:
        yield told(d.PATH_CHARACTERS, characters=book.characters)
    wanted = frozenset(re.findall(r"^(?:Function|Sub) (\w+)\(", vba_text(), re.MULTILINE))
    file = Path(book.path)
    # Alt+F8 does not list the macros of an add-in: they are named with it.
    macro = f"{file.name}!ImportPythonUDFsToAddin" if file.suffix.lower() == ".xlam" else "ImportPythonUDFs"
    if not book.functions & wanted:
        yield told(d.FUNCTIONS_NOT_IMPORTED, macro=macro)
    elif missing := wanted - book.functions:
        yield told(d.FUNCTIONS_OUTDATED, names=", ".join(sorted(missing)), macro=macro)
