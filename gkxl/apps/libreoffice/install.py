"""What `gkxl calc` does: each step told on standard output, what stands in the way with its code and the way out."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from gkxl import diagnostics as d
from gkxl.apps import console
from gkxl.apps.common import FINE, FOUND, UNREADABLE, tell
from gkxl.apps.libreoffice.extension import IDENTIFIER, extension
from gkxl.apps.libreoffice.office import Office, find_office, refuses_root
from gkxl.apps.version import version
from gkxl.diagnostics import Code, Diagnostic, has_errors
from gkxl.workbook.save import Fingerprint, save

_NEEDED = (3, 11)  # of Python, to run gkxl
_NAME = "gkxl.oxt"
# A document of one formula, in one file of XML (OpenDocument 1.3, part 3, 3.1.2).
_ASKS_VERSION = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet><table:table table:name="A"><table:table-row>
<table:table-cell table:formula="of:=GK.VERSION()"/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document>
"""


def install() -> int:
    office = _ready()
    if office is None:
        return FOUND
    with TemporaryDirectory() as folder:
        file = Path(folder) / _NAME
        file.write_bytes(extension(_version()))
        done = office.add(file)
    if not done.well:
        return _told(d.EXTENSION_REFUSED, said=_line(done.said))
    _say(
        f"gkxl {version()} 已装进 {office.version()}。LibreOffice 如果开着,请关掉再打开。\n",
        f"gkxl {version()} is installed in {office.version()}. If LibreOffice is open, close it and open it again.\n",
    )
    return FINE


def uninstall() -> int:
    office = _ready(python=False)
    if office is None:
        return FOUND
    if office.installed(IDENTIFIER) is None:
        return _told(d.ADD_IN_MISSING)
    done = office.remove(IDENTIFIER)
    if not done.well:
        return _told(d.EXTENSION_REFUSED, said=_line(done.said))
    _say("已从 LibreOffice 里去掉。\n", "Taken out of LibreOffice.\n")
    return FINE


def build(output: Path) -> int:
    made = extension(_version())
    told = save(output, [made], read=_ours(output), language=console.language())
    tell(told)
    if has_errors(told):
        return UNREADABLE
    console.out(f"{output}\n")
    _say(
        "在 LibreOffice 的“工具 > 扩展”里“添加”这个文件,再重新打开 LibreOffice。\n",
        "In LibreOffice: Tools, Extensions, Add this file; then close LibreOffice and open it again.\n",
    )
    return FINE


def examine() -> int:
    """Each step that holds on standard output; the first that does not, with the way out, on standard error."""
    office = find_office()
    if office is None:
        return _told(d.OFFICE_MISSING)
    console.out(f"{office.version()} ({office.folder})\n")
    code = _python(office)
    if code is not None:
        return code
    console.out("Python {}.{}\n".format(*office.python() or ()))
    if refuses_root():
        return _told(d.OFFICE_AS_ROOT)
    there = office.installed(IDENTIFIER)
    if there is None:
        return _told(d.ADD_IN_MISSING)
    if there != _version():
        return _told(d.ADD_IN_OLD, there=there, now=version())
    console.out(f"{IDENTIFIER} {there}\n")
    answer = _worked_out(office)
    if answer != version():
        return _told(d.ADD_IN_SILENT, answer=answer)
    console.out(f"=GK.VERSION() {answer}\n")
    return FINE


# --- What they share ----------------------------------------------------------------------------------------------------


def _ready(python: bool = True) -> Office | None:
    """LibreOffice, where nothing stands in the way; else that is told."""
    office = find_office()
    if office is None:
        _told(d.OFFICE_MISSING)
    elif not python or _python(office) is None:
        if not refuses_root():
            return office
        _told(d.OFFICE_AS_ROOT)
    return None


def _python(office: Office) -> int | None:
    """The exit code, where LibreOffice has no Python that is new enough."""
    found = office.python()
    if found is None:
        return _told(d.OFFICE_WITHOUT_PYTHON)
    return _told(d.OFFICE_PYTHON_OLD, found="{}.{}".format(*found)) if found < _NEEDED else None


def _worked_out(office: Office) -> str:
    """What LibreOffice makes of a formula of ours."""
    with TemporaryDirectory() as folder:
        book = Path(folder) / "gk.fods"
        book.write_text(_ASKS_VERSION, encoding="utf-8")
        done = office.convert(book, "csv:Text - txt - csv (StarCalc):44,34,76")
        answer = book.with_suffix(".csv")
        return answer.read_text(encoding="utf-8").strip() if answer.exists() else _line(done.said)


def _version() -> str:
    """Of the extension: digits and dots alone."""
    found = re.match(r"\d[\d.]*", version())
    return found[0] if found else "0"


def _ours(path: Path) -> Fingerprint | None:
    """What an extension of ours at that place is; another file is never replaced."""
    try:
        status, data = path.stat(), path.read_bytes()
    except OSError:
        return None
    return Fingerprint.of(status, data) if data[:2] == b"PK" and b"gk.components" in data else None


def _line(said: str) -> str:
    """What a program said, as one line."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and "javaldx" not in line]
    return " ".join(lines)[:300]


def _told(code: Code, **values: object) -> int:
    tell([Diagnostic(code, None, console.language(), values)])
    return FOUND


def _say(zh: str, en: str) -> None:
    console.err(zh if console.language() == "zh" else en)
