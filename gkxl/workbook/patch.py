"""New stored values in a worksheet part, byte by byte: only `v` and `t` (and `vm`) of some cells change.

Cells are those of ECMA-376 part 1, 18.3.1.4. Parts are streamed: a large sheet is never held whole. expat says where things
stand, its own bytes are carried over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from xml.parsers import expat

from gkxl import diagnostics as d
from gkxl.diagnostics import column_letters
from gkxl.tables import Cell, CellKind
from gkxl.workbook.cells import position, row_number
from gkxl.workbook.package import Package, RefusedError, Xml
from gkxl.workbook.plain import is_utf8
from gkxl.workbook.stored import double
from gkxl.workbook.styles import SPREADSHEET
from gkxl.workbook.workbook_draft import ORDER

Values = Mapping[int, Mapping[int, Cell]]  # by row and column: number, text, truth value, error or blank

_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\\x00-\\x08\\x0b-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_NAME = 1024  # bytes; more than the name of an element takes
_ROW, _DATA = ({f"{namespace} {tag}" for namespace in SPREADSHEET} for tag in ("row", "sheetData"))


def with_values(package: Package, part: str, values: Values) -> Iterator[bytes]:
    """The bytes of a worksheet part with these stored values. Cells that are not there yet are made; raises RefusedError."""
    chunks = package.stream(part)
    head = next(chunks, b"")
    if b"\0" in head[:4]:
        raise RefusedError(d.PART_BROKEN, part=part, what="UTF-16")
    patch = _Patch(part, values, "utf-8" if is_utf8(head) else "ascii")
    for chunk in chain([head], chunks):
        yield from patch.feed(chunk)
    yield from patch.close()


def with_load_calculation(content: bytes, part: str) -> bytes:
    """A workbook part that says that Excel is to calculate when it opens the file (18.2.2)."""
    children: list[tuple[str, int]] = []
    depth = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 2:
            namespace, _, tag = name.rpartition(" ")
            children.append((tag if namespace in SPREADSHEET else "", xml.at))

    def end(_name: str) -> None:
        nonlocal depth
        if depth == 1:
            children.append(("", xml.at))
        depth -= 1

    xml = Xml(part, start, end)
    xml.feed(content, True)
    if b"\0" in content[:4]:
        raise RefusedError(d.PART_BROKEN, part=part, what="UTF-16")
    at = next((at for tag, at in children if tag == "calcPr"), None)
    if at is not None:
        stop = _tag_end(content, at)
        return content[:at] + _with_attribute(content[at:stop], b"fullCalcOnLoad", b"1") + content[stop:]
    before = ORDER[: ORDER.index("calcPr")]
    last = max((n for n, (tag, _) in enumerate(children) if tag in before), default=-1)
    at = children[last + 1][1]
    prefix = _prefix(content[children[last][1] :])
    return content[:at] + b'<%scalcPr fullCalcOnLoad="1"/>' % prefix + content[at:]


class _Patch:
    """What has been fed and not yet been given out, the rows that are still to come."""

    def __init__(self, part: str, values: Values, encoding: str) -> None:
        self._values, self._encoding = values, encoding
        self._xml = Xml(part, self._start, self._end)
        self._ahead = sorted(values, reverse=True)
        self._kept, self._from = b"", 0  # bytes of the part, and where they begin
        # Rows: where each begins, where its end tag does (None: it is not there yet), its number.
        self._ready: list[tuple[int, int | None, int]] = []
        self._open: tuple[int, int] | None = None
        self._in_data = False
        self._row = self._seen = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self._kept += chunk
        self._xml.feed(chunk)
        kept, at = self._kept, 0
        for start, end, number in self._ready:
            begin = start - self._from
            yield kept[at:begin]
            values, at = self._values[number], begin
            if end is None:
                yield _new_row(number, values, _prefix(kept[begin : begin + _NAME]), self._encoding)
            else:
                at = _element_end(kept, begin, end - self._from)
                yield _with_cells(kept[begin:at], number, values, self._encoding)
        self._ready = []
        stay = max(at, (self._open[0] if self._open else self._seen) - self._from)
        yield kept[at:stay]
        self._kept, self._from = kept[stay:], self._from + stay

    def close(self) -> Iterator[bytes]:
        self._xml.close()
        yield self._kept

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._seen = self._xml.at
        if self._xml.depth == 2:
            self._in_data = name in _DATA
        elif self._xml.depth == 3 and self._in_data and name in _ROW:
            self._row = row_number(attributes.get("r", "")) or self._row + 1
            self._missing(self._row)
            if self._ahead and self._ahead[-1] == self._row:
                self._open = self._xml.at, self._ahead.pop()

    def _end(self, name: str) -> None:
        self._seen = self._xml.at
        if self._xml.depth == 2 and self._open and name in _ROW:
            start, number = self._open
            self._ready.append((start, self._xml.at, number))
            self._open = None
        elif self._xml.depth == 1 and name in _DATA:
            self._missing(self._ahead[0] + 1 if self._ahead else 0)

    def _missing(self, row: int) -> None:
        """Rows that are to stand before this one, and are not there."""
        while self._ahead and self._ahead[-1] < row:
            self._ready.append((self._xml.at, None, self._ahead.pop()))


@dataclass
class _Node:
    """An element in some bytes: where it begins, its start tag ends, its end tag begins, it ends."""

    name: str
    attributes: dict[str, str]
    start: int
    inside: int
    close: int = 0
    end: int = 0
    children: list[_Node] = field(default_factory=list)


def _tree(raw: bytes) -> _Node:
    """The elements of a row. All that matters is ASCII, so any encoding that keeps it will do."""
    parser = expat.ParserCreate("iso-8859-1")
    above: list[_Node] = []
    last: list[_Node] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        node = _Node(name, attributes, at, _tag_end(raw, at))
        if above:
            above[-1].children.append(node)
        above.append(node)

    def end(_name: str) -> None:
        node = above.pop()
        node.end = _element_end(raw, node.start, parser.CurrentByteIndex)
        node.close = min(parser.CurrentByteIndex, node.end)
        last[:] = [node]

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(raw, True)
    return last[0]


def _with_cells(raw: bytes, number: int, values: Mapping[int, Cell], encoding: str) -> bytes:
    """A row with new values in some of its cells."""
    row = _tree(raw)
    prefix, ahead, column = _prefix(raw), sorted(values, reverse=True), 0
    pieces, at = [], row.start

    def missing(before: int, to: int) -> None:
        nonlocal at
        if ahead and ahead[-1] < before:
            pieces.append(raw[at:to])
            at = to
        while ahead and ahead[-1] < before:
            new = ahead.pop()
            pieces.append(_new_cell(number, new, values[new], prefix, encoding))

    for cell in row.children:
        if cell.name.rpartition(":")[2] != "c":
            continue
        place = position(cell.attributes.get("r", ""))
        column = place[1] if place else column + 1
        missing(column, cell.start)
        if ahead and ahead[-1] == column:
            pieces += [raw[at : cell.start], _with_value(raw, cell, values[ahead.pop()], prefix, encoding)]
            at = cell.end
    if ahead and row.inside == row.end:  # <row r="5"/>
        pieces.append(raw[at : row.end].rstrip(b"/>") + b">")
        at = row.end
        missing(ahead[0] + 1, at)
        return b"".join([*pieces, b"</%srow>" % prefix])
    if ahead:
        missing(ahead[0] + 1, row.close)
    return b"".join([*pieces, raw[at:]])


def _with_value(raw: bytes, cell: _Node, value: Cell, prefix: bytes, encoding: str) -> bytes:
    """A cell with another value: its formula, its look and whatever else it has stay."""
    kind, stored = _stored(value, prefix, encoding)
    tag = raw[cell.start : cell.inside]
    if cell.attributes.get("t", "n") != (kind or b"n").decode():
        tag = _with_attribute(tag, b"t", kind)
    if "vm" in cell.attributes:  # says more of the value that was there
        tag = _with_attribute(tag, b"vm", b"")
    if cell.inside == cell.end:
        return tag if not stored else tag.rstrip(b"/>").rstrip() + b">" + stored + b"</%sc>" % prefix
    pieces, at = [tag], cell.inside
    for child in cell.children:
        name = child.name.rpartition(":")[2]
        if name in ("f", "v", "is"):
            pieces.append(raw[at : child.end if name == "f" else child.start])
            at = child.end
            if name != "f":
                pieces.append(stored)
                stored = b""
    if stored and cell.children and cell.children[0].name.rpartition(":")[2] != "f":
        return b"".join([tag, stored, raw[at : cell.end]])
    return b"".join([*pieces, stored, raw[at : cell.end]])


def _new_row(number: int, values: Mapping[int, Cell], prefix: bytes, encoding: str) -> bytes:
    cells = b"".join(_new_cell(number, column, values[column], prefix, encoding) for column in sorted(values))
    return b'<%srow r="%d">%s</%srow>' % (prefix, number, cells, prefix) if cells else b""


def _new_cell(row: int, column: int, value: Cell, prefix: bytes, encoding: str) -> bytes:
    kind, stored = _stored(value, prefix, encoding)
    if not stored:
        return b""
    shown = b' t="%s"' % kind if kind else b""
    return b'<%sc r="%s%d"%s>%s</%sc>' % (prefix, column_letters(column).encode(), row, shown, stored, prefix)


def _stored(value: Cell, prefix: bytes, encoding: str) -> tuple[bytes, bytes]:
    """The type of a cell (18.18.11), empty for a number, and its `v`, empty for a blank; texts as Excel writes them."""
    space, text = b"", ""
    match value.kind, value.value:
        case CellKind.BLANK, _:
            return b"", b""
        case _, bool() as truth:
            kind, text = b"b", str(int(truth))
        case _, Decimal() as number:
            kind, text = b"", repr(double(number)).removesuffix(".0").upper()
        case CellKind.ERROR, said:
            kind, text = b"e", str(said)
        case _, said:
            kind, text = b"str", str(said)
            if text != text.strip() or "\n" in text:
                space = b' xml:space="preserve"'
            text = _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return kind, b"<%sv%s>%s</%sv>" % (prefix, space, text.encode(encoding, "xmlcharrefreplace"), prefix)


def _with_attribute(tag: bytes, name: bytes, value: bytes) -> bytes:
    """A start tag with an attribute set; without it if the value is empty."""
    there = re.search(rb"\s%s\s*=\s*(?:\"[^\"]*\"|'[^']*')" % name, tag)
    said = b' %s="%s"' % (name, value) if value else b""
    if there:
        return tag[: there.start()] + said + tag[there.end() :]
    end = re.search(rb"\s*/?>\Z", tag)
    assert end is not None
    return tag[: end.start()] + said + tag[end.start() :]


def _tag_end(content: bytes, at: int) -> int:
    """Behind the tag that begins at `at`."""
    match = _TAG.match(content, at)
    assert match is not None
    return match.end()


def _element_end(content: bytes, start: int, close: int) -> int:
    """Behind the element that begins at `start`; expat says of its end that it is at `close`: of <c/> behind it."""
    inside = _tag_end(content, start)
    return inside if content[inside - 2 : inside] == b"/>" else _tag_end(content, close)


def _prefix(raw: bytes) -> bytes:
    """The prefix, with its colon, of the tag that some bytes begin with."""
    match = re.match(rb"</?([^\s<>/:]+:)?", raw)
    return (match[1] or b"") if match else b""
