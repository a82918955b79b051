"""The child process that reads an older workbook: bytes on stdin, lines of JSON on stdout."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from gkxl import diagnostics as d
from gkxl.workbook.biff8 import scan_xls
from gkxl.workbook.biff12 import scan_xlsb
from gkxl.workbook.ods import scan_ods
from gkxl.workbook.package import RefusedError
from gkxl.workbook.scanned import ScannedCell, ScannedSheet
from gkxl.workbook.sniff import sniff

MAX_MEMORY = 1 << 30  # bytes of address space, where the platform can limit it


def main() -> None:
    """Read stdin, write what it holds, or the one reason why it is refused."""
    _limit()
    data = sys.stdin.buffer.read()
    form = sys.argv[2]
    try:
        _write(data, form)
        said: dict[str, Any] = {"end": True}
    except RefusedError as refused:
        said = {"refused": refused.code.number, "values": refused.values}
    except ModuleNotFoundError as error:
        said = {"refused": d.LEGACY_UNAVAILABLE.number, "values": {"format": form, "what": f"{error.name}?"}}
    except MemoryError:
        what = ("内存不足", "out of memory")
        said = {"refused": d.FILE_TOO_LARGE.number, "values": {"what": what}}
    _say(said)
    sys.stdout.flush()


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's clock alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=True, separators=(",", ":")) + "\n")


def _write(data: bytes, form: str) -> None:
    content = sniff(data)
    epoch_1904 = False
    if content.ole:
        sheets, epoch_1904 = scan_xls(content.ole)
    elif content.package and content.format == "xlsb":
        sheets, epoch_1904 = scan_xlsb(content.package, content.workbook)
    elif content.package:
        sheets = scan_ods(content.package)
    else:
        sheets = []
    texts = _Texts(data, form) if any(_has_text(sheet) for sheet in sheets) or form == "xls" else None
    for sheet in sheets:
        name = texts.name(sheet) if texts else sheet.name
        head = {"name": name, "hidden": sheet.hidden, "merges": sheet.merges, "epoch_1904": epoch_1904}
        _say(head)
        grid = texts.grid(name) if texts and _has_text(sheet) else []
        for row in sorted(sheet.rows):
            line = [_filled(cell, row, grid) for cell in sorted(sheet.rows[row])]
            _say([row, row in sheet.hidden_rows, line])


def _has_text(sheet: ScannedSheet) -> bool:
    return any(cell.mark == "t" for cells in sheet.rows.values() for cell in cells)


def _filled(cell: ScannedCell, row: int, grid: list[list[Any]]) -> list[Any]:
    if cell.mark != "t":
        return list(cell)
    value = grid[row - 1][cell.column - 1] if row <= len(grid) and cell.column <= len(grid[row - 1]) else ""
    # Two readers that see different things in one cell: neither is believed.
    return [cell.column, "t", value, 0] if isinstance(value, str) else [cell.column, "e", str(value), 0]


class _Texts:
    """What calamine reads, by sheet."""

    def __init__(self, data: bytes, form: str) -> None:
        import python_calamine

        try:
            self._book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        except python_calamine.PasswordError as error:
            raise RefusedError(d.FILE_ENCRYPTED) from error
        except (python_calamine.CalamineError, OSError) as error:
            raise RefusedError(d.FILE_DAMAGED, what=str(error)[:200]) from error
        self._form = form

    def name(self, sheet: ScannedSheet) -> str:
        return sheet.name or self._book.sheets_metadata[sheet.place].name

    def grid(self, name: str) -> list[list[Any]]:
        import python_calamine

        try:
            return self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (python_calamine.CalamineError, OSError) as error:
            raise RefusedError(d.FILE_DAMAGED, what=f"{name}: {error}"[:200]) from error
