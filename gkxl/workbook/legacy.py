"""`.xls .xlsb .ods` → sheets. A child process with limits reads them: kinds and numbers by our scanners, texts by calamine.

calamine alone gives "" for an error and for a formula without a value, and no percent formats; and its native code can
end the whole process. The parent keeps each row as the line of JSON the child wrote and makes cells when asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from threading import Timer
from typing import Any

from gkxl import diagnostics as d
from gkxl.tables import Area, Cell, CellKind, Row
from gkxl.workbook import stored
from gkxl.workbook.package import RefusedError
from gkxl.workbook.sniff import Content
from gkxl.workbook.styles import Shape

SECONDS = 60
MAX_OUTPUT = 256 << 20  # bytes that the child may say
_CHILD = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from gkxl.workbook.legacy_child import main; main()"


class LegacySheet:
    """A sheet of an older workbook; its rows are held as text."""

    def __init__(self, name: str, hidden: bool, merges: Sequence[Area], epoch_1904: bool) -> None:
        self.name, self.hidden, self.merges = name, hidden, merges
        self._epoch_1904 = epoch_1904
        self.lines: list[bytes] = []

    @property
    def may_hold_errors(self) -> bool:
        return any(b',"e",' in line for line in self.lines)

    def rows(self, columns: Collection[int] | None = None, start: int = 1) -> Iterator[Row]:
        wanted = None if columns is None else frozenset(columns)
        for line in self.lines:
            number, hidden, entries = json.loads(line)
            if number < start:
                continue
            cells = {
                column: self._cell(mark, value, Shape(shape))
                for column, mark, value, shape in entries
                if wanted is None or column in wanted
            }
            if cells:
                yield Row(number, cells, hidden)

    def _cell(self, mark: str, value: str, shape: Shape) -> Cell:
        match mark:
            case "t":
                return Cell(CellKind.TEXT, value)
            case "n":
                return stored.number(value, shape, self._epoch_1904)
            case "b":
                return stored.boolean(value)
            case "i":
                return stored.iso(value)
            case "c":
                return stored.duration(value)
            case "u":
                return Cell(CellKind.UNCALCULATED, None)
        return stored.error(value)


def read_legacy(data: bytes, content: Content) -> tuple[LegacySheet, ...]:
    """The worksheets of an `.xls`, `.xlsb` or `.ods` file given as its bytes; raises RefusedError."""
    lines = _run(data, content.format)
    sheets: list[LegacySheet] = []
    for line in lines:
        if line.startswith(b"{"):
            said: dict[str, Any] = json.loads(line)
            if "refused" in said:
                values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said["values"].items()}
                raise RefusedError(d.CODES[said["refused"]], None, **values)
            if "end" in said:
                return tuple(sheets)
            merges = tuple(Area(*m) for m in said["merges"])
            sheets.append(LegacySheet(said["name"], said["hidden"], merges, said["epoch_1904"]))
        elif sheets:
            sheets[-1].lines.append(line)
    raise RefusedError(d.LEGACY_CRASHED, format=content.format)


def _run(data: bytes, form: str) -> list[bytes]:
    """The complete lines that the child wrote before it ended, whatever way it ended."""
    command = [sys.executable or "", "-c", _CHILD, json.dumps(sys.path), form]
    try:
        child = subprocess.Popen(  # noqa: S603 our own interpreter and code
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except (OSError, ValueError) as error:
        what = ("不能启动子进程", "no child process can be started")
        raise RefusedError(d.LEGACY_UNAVAILABLE, format=form, what=what) from error
    late: list[bool] = []

    def stop() -> None:
        late.append(True)
        child.kill()

    timer = Timer(SECONDS, stop)
    timer.start()
    try:
        out = _converse(child, data, form)
    finally:
        timer.cancel()
        child.kill()
        child.wait()
    if late:
        raise RefusedError(d.LEGACY_SLOW, format=form, seconds=SECONDS)
    return out


def _converse(child: subprocess.Popen[bytes], data: bytes, form: str) -> list[bytes]:
    if not child.stdin or not child.stdout:
        return []
    # The child takes all of its input before it says a word, so writing first cannot block for good.
    with child.stdin as pipe, child.stdout as out:
        try:
            pipe.write(data)
            pipe.close()
        except OSError:  # it ended before it had read everything
            return []
        lines: list[bytes] = []
        size = 0
        for line in out:
            size += len(line)
            if size > MAX_OUTPUT:
                what = (f"{form} 的内容超过 {MAX_OUTPUT >> 20} MiB", f"over {MAX_OUTPUT >> 20} MiB in the {form} file")
                raise RefusedError(d.FILE_TOO_LARGE, what=what)
            if line.endswith(b"\n"):
                lines.append(line)
        return lines
