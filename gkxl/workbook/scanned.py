"""What the scanners of the older formats give: every cell that is not blank, exactly, but for the words of texts."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gkxl import diagnostics as d
from gkxl.workbook.package import RefusedError
from gkxl.workbook.styles import Shape

MAX_SCANNED = 2_000_000  # cells of one older workbook

# Codes that BIFF stores for errors ([MS-XLS] 2.5.10 BErr).
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}

# text (its words come from calamine), number, bool, error, iso date, clock time, uncalculated
Mark = Literal["t", "n", "b", "e", "i", "c", "u"]


class ScannedCell(NamedTuple):
    column: int
    mark: Mark
    value: str = ""
    shape: int = Shape.NUMBER


@dataclass
class ScannedSheet:
    """A worksheet; rows and columns count from 1. `name` is empty where only the place among the sheets is known."""

    name: str
    place: int
    hidden: bool
    rows: dict[int, list[ScannedCell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


class Counter:
    """Counts the cells of a workbook against MAX_SCANNED."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, cells: int) -> None:
        self._count += cells
        if self._count > MAX_SCANNED:
            what = (f"超过 {MAX_SCANNED} 个单元格", f"more than {MAX_SCANNED} cells")
            raise RefusedError(d.FILE_TOO_LARGE, what=what)


def rk_number(rk: int) -> float:
    """The double that the four bytes of an RK number stand for ([MS-XLS] 2.5.217 RkNumber)."""
    if rk & 2:
        number = float((rk >> 2) - (1 << 30) if rk & 0x80000000 else rk >> 2)
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (rk & 0xFFFFFFFC) << 32))[0])
    return number / 100 if rk & 1 else number
