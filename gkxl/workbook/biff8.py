"""Cells of an .xls, BIFF8 and BIFF5 ([MS-XLS] 2.4): kinds, numbers and formats; texts are left to calamine."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import count

from gkxl import diagnostics as d
from gkxl.workbook.ole import Ole
from gkxl.workbook.package import RefusedError
from gkxl.workbook.scanned import ERRORS, Counter, ScannedCell, ScannedSheet, rk_number
from gkxl.workbook.styles import Shape, shape_of_id

_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET, _FORMAT, _XF = 0x809, 0x0A, 0x2F, 0x22, 0x85, 0x41E, 0xE0
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR = 0x06, 0x203, 0x27E, 0xBD, 0x205
_TEXTS = (0x204, 0xD6, 0xFD)  # Label, RString, LabelSst
_ROW, _MERGES = 0x208, 0xE5


def scan_xls(ole: Ole) -> tuple[list[ScannedSheet], bool]:
    """The worksheets of an .xls and whether its epoch is 1904; raises RefusedError."""
    data = ole.read("Workbook" if "Workbook" in ole else "Book")
    epoch_1904, wide = False, True
    formats: dict[int, str] = {}
    ids: list[int] = []
    bound: list[tuple[int, int, int]] = []
    try:
        for kind, body in _records(data, 0):
            if kind == _BOF:
                wide = struct.unpack_from("<H", body)[0] == 0x600
            elif kind == _FILEPASS:
                raise RefusedError(d.FILE_ENCRYPTED)
            elif kind == _DATEMODE:
                epoch_1904 = body[:1] == b"\1"
            elif kind == _BOUNDSHEET:
                bound.append(struct.unpack_from("<IBB", body))
            elif kind == _FORMAT:
                formats[struct.unpack_from("<H", body)[0]] = _format_code(body, wide)
            elif kind == _XF:
                ids.append(struct.unpack_from("<H", body, 2)[0])
        shapes = [shape_of_id(number, formats) for number in ids]
        counter = Counter()
        sheets = [
            _scan_sheet(data, offset, ScannedSheet("", place, hidden & 3 != 0), shapes, counter)
            for place, (offset, hidden, kind) in enumerate(bound)
            if kind == 0
        ]
    except (struct.error, IndexError) as error:
        raise RefusedError(d.FILE_DAMAGED, what=("表格记录", "sheet records")) from error
    return sheets, epoch_1904


def _records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, those of substreams inside it (charts) left out."""
    depth = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == _BOF:
            depth += 1
        if depth == 1:
            yield kind, data[at + 4 : at + 4 + size]
        if kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        at += 4 + size
    raise RefusedError(d.FILE_DAMAGED, what=("表格记录不完整", "sheet records cut short"))


def _format_code(body: bytes, wide: bool) -> str:
    if not wide:
        return body[3 : 3 + body[2]].decode("latin-1")
    length, flags = struct.unpack_from("<HB", body, 2)
    if flags & 1:
        return body[5 : 5 + 2 * length].decode("utf-16-le", "replace")
    return body[5 : 5 + length].decode("latin-1")


def _scan_sheet(data: bytes, offset: int, sheet: ScannedSheet, shapes: list[Shape], counter: Counter) -> ScannedSheet:
    def number(column: int, style: int, value: float) -> ScannedCell:
        return ScannedCell(
            column + 1, "n", format(value, ".15g"), shapes[style] if style < len(shapes) else Shape.NUMBER
        )

    for kind, body in _records(data, offset):
        cells: list[ScannedCell]
        if kind in (_NUMBER, _RK, _BOOLERR, _FORMULA, _MULRK, *_TEXTS):
            row, column, style = struct.unpack_from("<HHH", body)
        if kind == _NUMBER:
            cells = [number(column, style, struct.unpack_from("<d", body, 6)[0])]
        elif kind == _RK:
            cells = [number(column, style, rk_number(struct.unpack_from("<I", body, 6)[0]))]
        elif kind == _MULRK:
            pairs = struct.iter_unpack("<HI", body[4:-2])
            cells = [number(c, style, rk_number(rk)) for c, (style, rk) in zip(count(column), pairs, strict=False)]
        elif kind == _BOOLERR:
            cells = [_bool_or_error(column, body[6], body[7] == 1)]
        elif kind == _FORMULA and body[12:14] == b"\xff\xff":
            sort, value = body[6], body[8]
            cells = [_bool_or_error(column, value, sort == 2) if sort in (1, 2) else ScannedCell(column + 1, "t")]
        elif kind == _FORMULA:
            cells = [number(column, style, struct.unpack_from("<d", body, 6)[0])]
        elif kind in _TEXTS:
            cells = [ScannedCell(column + 1, "t")]
        else:
            _scan_other(kind, body, sheet)
            continue
        counter.add(len(cells))
        sheet.rows.setdefault(row + 1, []).extend(cells)
    return sheet


def _bool_or_error(column: int, value: int, error: bool) -> ScannedCell:
    if error:
        return ScannedCell(column + 1, "e", ERRORS.get(value, f"#{value}"))
    return ScannedCell(column + 1, "b", str(value))


def _scan_other(kind: int, body: bytes, sheet: ScannedSheet) -> None:
    if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
        sheet.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind == _MERGES:
        for top, bottom, left, right in struct.iter_unpack("<4H", body[2 : 2 + len(body[2:]) // 8 * 8]):
            sheet.merges.append((top + 1, left + 1, bottom + 1, right + 1))
