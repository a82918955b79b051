"""The shared strings of an .xlsx, each one text cell (ECMA-376 part 1, 18.4)."""

from __future__ import annotations

import re

from gkxl import diagnostics as d
from gkxl.tables import Cell, CellKind
from gkxl.workbook.package import Package, RefusedError, Xml
from gkxl.workbook.plain import PLAIN, plain_pieces
from gkxl.workbook.stored import unescape
from gkxl.workbook.styles import SPREADSHEET

MAX_STRINGS = 2_000_000
MAX_TEXT = 1 << 20  # characters of one string; Excel's own limit is 32,767

_ITEM = re.compile(rf'<si><t(?: xml:space="preserve")?>({PLAIN}*)</t>')
_TAGS = {f"{namespace} {tag}": tag for namespace in SPREADSHEET for tag in ("sst", "si", "t", "r")}


class RichText:
    """Gathers the text of one `si` or `is` element: its own `t` and those of its runs, not the phonetic ones (rPh)."""

    def __init__(self, part: str) -> None:
        self._part, self._path, self._texts, self._length = part, list[str](), list[str](), 0

    def start(self, tag: str) -> None:
        self._path.append(tag)

    def end(self) -> None:
        self._path.pop()

    def text(self, text: str) -> None:
        if self._path == ["t"] or self._path == ["r", "t"]:
            self._length += len(text)
            if self._length > MAX_TEXT:
                raise RefusedError(d.FILE_TOO_LARGE, what=(f"{self._part} 里的一段文字", f"one text in {self._part}"))
            self._texts.append(text)

    def take(self) -> str:
        return unescape("".join(self._texts))


class _Strings:
    def __init__(self, part: str) -> None:
        self.part, self.found, self.depth = part, list[Cell](), 0
        self._item: RichText | None = None

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        tag = _TAGS.get(name, "")
        if self.depth == 1 and tag != "sst":
            raise RefusedError(d.PART_BROKEN, part=self.part, what=f"<{name}>")
        if self.depth == 2 and tag == "si":
            self._item = RichText(self.part)
        elif self._item:
            self._item.start(tag)

    def end(self, _name: str) -> None:
        self.depth -= 1
        if self._item and self.depth == 1:
            self.add(self._item.take())
            self._item = None
        elif self._item:
            self._item.end()

    def text(self, data: str) -> None:
        if self._item:
            self._item.text(data)

    def add(self, text: str) -> None:
        if len(self.found) >= MAX_STRINGS:
            what = (f"共享字符串超过 {MAX_STRINGS} 条", f"more than {MAX_STRINGS} shared strings")
            raise RefusedError(d.FILE_TOO_LARGE, what=what)
        self.found.append(Cell(CellKind.TEXT, text))


def read_strings(package: Package, part: str, fast: bool = True) -> list[Cell]:
    """The text cells of the shared strings, in the order of their indices."""
    strings = _Strings(part)
    xml = Xml(part, strings.start, strings.end, strings.text)
    if not fast:
        for chunk in package.stream(part):
            xml.feed(chunk)
        xml.close()
        return strings.found
    for piece in plain_pieces(package.stream(part), xml, "sst", "si", lambda: strings.depth == 1):
        if len(piece) <= MAX_TEXT and (match := _ITEM.fullmatch(piece)):
            strings.add(unescape(match[1]))
        elif piece:
            xml.feed(f"{piece}</si>".encode())
    return strings.found
