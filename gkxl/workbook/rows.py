"""A worksheet part, row by row: the fast way where it is plainly formed, expat everywhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from gkxl.tables import Area, Cell, CellKind, Row
from gkxl.workbook.cells import COLUMNS, MAX_COLUMN, MAX_ROW, Maker, SheetScan, Stores
from gkxl.workbook.package import Package, Xml
from gkxl.workbook.plain import PLAIN, around, plain_pieces
from gkxl.workbook.stored import unescape
from gkxl.workbook.strings import MAX_TEXT

_ROW = re.compile(r'<row r="([1-9][0-9]{0,6})"([^<>]*?)(/?)>')
_ATTRIBUTES = re.compile(r'(?: [A-Za-z0-9:]+="[^"<>&]*")*')
# What the usual writers write for a cell, attributes in the usual order; whatever else stands there is the last group.
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,6})")?(?: t="(s|n|str|b|e|inlineStr)")?(?:/>|>'
    rf'(<f(?: t="shared"(?: ref="[A-Z0-9:]+")? si="[0-9]+")?(?:/>|>{PLAIN}*</f>))?'
    rf'(?:<v>({PLAIN}*)(</v>)|<is><t(?: xml:space="preserve")?>({PLAIN}*)(</t></is>))?</c>)'
    r"|(.+)",
    re.DOTALL,
)

# The same for the cells that ledgers are made of: a number, a shared string, nothing. With fewer groups it is a third faster.
_SIMPLE = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,6})")?(?: t="(s)")?(?:/>|><v>([-+.0-9E]+)</v></c>)|(.+)', re.DOTALL
)
_MISSES = 100  # rows with other cells; then a sheet is no ledger of that kind
_ALL = range(1, MAX_COLUMN + 1)


def read_rows(
    package: Package,
    part: str,
    sheet: str,
    stores: Stores,
    columns: Collection[int] | None = None,
    start: int = 1,
    fast: bool = True,
    merges: list[Area] | None = None,
    on_error: Callable[[], object] | None = None,
) -> Iterator[Row]:
    """The rows of a worksheet part that have cells, from row `start`, with the cells of `columns`; raises RefusedError.

    `merges`, if given, receives the merged rectangles when the last row has been taken; `on_error` is called
    where an error cell passes, in whichever column.
    """
    maker = Maker(stores)
    scan = SheetScan(part, sheet, maker, columns if columns is None else frozenset(columns), start)
    scan.on_error = on_error
    xml = Xml(part, scan.start, scan.end, scan.text)
    chunks = package.stream(part)
    if fast:
        yield from _plain_rows(chunks, xml, scan)
    else:
        for chunk in chunks:
            xml.feed(chunk)
            yield from _taken(scan)
        xml.close()
        yield from _taken(scan)
    if merges is not None:
        merges.extend(scan.merges)


def read_merges(package: Package, part: str, sheet: str, stores: Stores) -> list[Area]:
    """The merged rectangles of a worksheet part, without looking at its cells where that can be; raises RefusedError."""
    scan = SheetScan(part, sheet, Maker(stores), (), 1)
    xml = Xml(part, scan.start, scan.end, scan.text)
    pieces = around(package.stream(part), "sheetData")
    if pieces:
        xml.feed(pieces[0])
    if pieces and scan.between():
        for chunk in pieces[1]:
            xml.feed(chunk)
        xml.close()
        return scan.merges
    merges: list[Area] = []
    for _ in read_rows(package, part, sheet, stores, (), merges=merges):
        pass
    return merges


def _taken(scan: SheetScan) -> list[Row]:
    rows, scan.rows = scan.rows, []
    return rows


def _plain_rows(chunks: Iterator[bytes], xml: Xml, scan: SheetScan) -> Iterator[Row]:
    heads: dict[str, bool] = {}  # attributes of rows that expat has accepted: whether they hide the row
    for piece in plain_pieces(chunks, xml, "sheetData", "row", scan.between):
        row = _plain_row(piece, scan, heads)
        if row:
            if row.cells and row.number >= scan.start_row:
                yield row
            continue
        if piece:
            xml.feed(f"{piece}</row>".encode())
            head = _ROW.match(piece)
            if head and scan.between() and _ATTRIBUTES.fullmatch(head[2]) and len(heads) < 10_000:
                heads[head[2]] = ' hidden="1"' in head[2] or ' hidden="true"' in head[2]
        yield from _taken(scan)


def _plain_row(piece: str, scan: SheetScan, heads: dict[str, bool]) -> Row | None:
    """The row of a piece, or None if anything in it is not plain; then nothing has been changed."""
    if len(piece) > MAX_TEXT:
        return None
    head = _ROW.match(piece)
    last = scan.row
    while head and head[3]:  # empty rows before it
        number = int(head[1])
        if number <= last or head[2] not in heads:
            return None
        last = number
        head = _ROW.match(piece, head.end())
    if not head:
        return None
    number, hidden = int(head[1]), heads.get(head[2])
    if hidden is None or not last < number <= MAX_ROW:
        return None
    cells = _simple_cells(piece, head.end(), head[1], scan) if scan.misses < _MISSES else None
    if cells is None:
        scan.misses += 1
        cells = _plain_cells(piece, head.end(), head[1], scan)
    if cells is None:
        return None
    scan.row = number
    return Row(number, cells, hidden)


def _simple_cells(piece: str, at: int, row: str, scan: SheetScan) -> dict[int, Cell] | None:
    """The cells of a row that has simple ones only; else None."""
    found = _SIMPLE.findall(piece, at)
    if found and found[-1][-1]:
        return None
    maker = scan.maker
    wanted = _ALL if scan.columns is None else scan.columns
    numbers, strings = maker.numbers, maker.strings
    cells: dict[int, Cell] = {}
    last = 0
    for letters, digits, style, kind, value, _ in found:
        column = COLUMNS[letters]
        if digits != row or column <= last:
            return None
        last = column
        if value and column in wanted:
            cells[column] = (strings.get(value) or maker.shared(value)) if kind else numbers[style][value]
    scan.count(len(found))
    return cells


def _plain_cells(piece: str, at: int, row: str, scan: SheetScan) -> dict[int, Cell] | None:
    maker = scan.maker
    wanted = _ALL if scan.columns is None else scan.columns
    numbers, strings = maker.numbers, maker.strings
    cells: dict[int, Cell] = {}
    last = 0
    found = _CELL.findall(piece, at)
    if found and found[-1][-1]:  # whatever is not plain, to the end
        return None
    for letters, digits, style, kind, formula, value, stored, inline, inlined, _ in found:
        column = COLUMNS[letters]
        if digits != row or column <= last:
            return None
        last = column
        if kind == "e" and scan.on_error:
            scan.on_error()
        if column not in wanted:
            continue
        cell: Cell | None
        if value and not kind:
            cells[column] = numbers[style][value]
            continue
        if value and kind == "s":
            cells[column] = strings.get(value) or maker.shared(value)
            continue
        if inlined and kind == "inlineStr":
            cell = Cell(CellKind.TEXT, unescape(inline))
        else:
            v, i = value if stored else None, unescape(inline) if inlined else None
            cell = maker.cell(kind, style, v, i, bool(formula))
        if cell:
            cells[column] = cell
    scan.count(len(found))
    return cells
