"""Cells of an .xlsb, BIFF12 ([MS-XLSB] 2.4): kinds, numbers and formats; texts are left to calamine."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from gkxl import diagnostics as d
from gkxl.workbook.package import Package, RefusedError
from gkxl.workbook.scanned import ERRORS, Counter, ScannedCell, ScannedSheet, rk_number
from gkxl.workbook.styles import Shape, shape_of_id

_ROW, _RK, _MERGE, _SHEET, _WORKBOOK, _FORMAT, _XF, _XFS, _XFS_END = 0, 2, 176, 156, 153, 44, 47, 617, 618
_ERRORS, _BOOLS, _REALS, _TEXTS = (3, 11), (4, 10), (5, 9), (6, 7, 8, 62)


def scan_xlsb(package: Package, workbook: str) -> tuple[list[ScannedSheet], bool]:
    """The worksheets of an .xlsb and whether its epoch is 1904; raises RefusedError."""
    relations = {relation.id: relation for relation in package.relations(workbook)}
    styles = next((r.target for r in relations.values() if r.kind == "styles" and r.target in package), None)
    counter = Counter()
    sheets: list[ScannedSheet] = []
    epoch_1904 = False
    try:
        shapes = _scan_styles(package, styles) if styles else []
        for kind, body in _records(package, workbook):
            if kind == _WORKBOOK:
                epoch_1904 = bool(body[0] & 1)
            elif kind == _SHEET:
                hidden = struct.unpack_from("<I", body)[0] & 3
                relation_id, at = _text(body, 8)
                name, _ = _text(body, at)
                relation = relations.get(relation_id)
                if relation is None or relation.target not in package:
                    raise RefusedError(d.PART_MISSING, part=(f"工作表“{name}”", f"sheet “{name}”"))
                if relation.kind == "worksheet":
                    sheet = ScannedSheet(name, len(sheets), hidden != 0)
                    _scan_sheet(package, relation.target, sheet, shapes, counter)
                    sheets.append(sheet)
    except (struct.error, IndexError) as error:
        raise RefusedError(d.FILE_DAMAGED, what=("表格记录", "sheet records")) from error
    return sheets, epoch_1904


def _records(package: Package, part: str) -> Iterator[tuple[int, bytes]]:
    """Records: a kind of one or two bytes, a size of one to four, seven bits each ([MS-XLSB] 2.1.4)."""
    data = b"".join(package.stream(part))
    at = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if at + size > len(data):
            raise IndexError
        yield kind, data[at : at + size]
        at += size


def _text(body: bytes, at: int) -> tuple[str, int]:
    """An XLWideString and where it ends; a missing one is empty."""
    length = struct.unpack_from("<I", body, at)[0]
    length = 0 if length == 0xFFFFFFFF else length
    end = at + 4 + 2 * length
    if end > len(body):
        raise IndexError
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _scan_styles(package: Package, part: str) -> list[Shape]:
    formats: dict[int, str] = {}
    ids: list[int] = []
    inside = False
    for kind, body in _records(package, part):
        if kind == _FORMAT:
            formats[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind in (_XFS, _XFS_END):
            inside = kind == _XFS
        elif kind == _XF and inside:
            ids.append(struct.unpack_from("<H", body, 2)[0])
    return [shape_of_id(number, formats) for number in ids]


def _scan_sheet(package: Package, part: str, sheet: ScannedSheet, shapes: list[Shape], counter: Counter) -> None:
    row = 0
    for kind, body in _records(package, part):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0] + 1
            if body[11] & 0x10:
                sheet.hidden_rows.add(row)
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            sheet.merges.append((top + 1, left + 1, bottom + 1, right + 1))
        elif kind in (_RK, *_ERRORS, *_BOOLS, *_REALS, *_TEXTS):
            counter.add(1)
            column, style = struct.unpack_from("<II", body)
            sheet.rows.setdefault(row, []).append(_cell(kind, column + 1, style & 0xFFFFFF, body, shapes))


def _cell(kind: int, column: int, style: int, body: bytes, shapes: list[Shape]) -> ScannedCell:
    if kind in _TEXTS:
        return ScannedCell(column, "t")
    if kind in _ERRORS:
        return ScannedCell(column, "e", ERRORS.get(body[8], f"#{body[8]}"))
    if kind in _BOOLS:
        return ScannedCell(column, "b", str(body[8]))
    value = rk_number(struct.unpack_from("<I", body, 8)[0]) if kind == _RK else struct.unpack_from("<d", body, 8)[0]
    return ScannedCell(column, "n", format(value, ".15g"), shapes[style] if style < len(shapes) else Shape.NUMBER)
