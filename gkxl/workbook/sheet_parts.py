"""A sheet of the scratch workbook as it goes into another package: its looks by their new numbers, its chart with it.

The rows are long and plain: only the numbers of their looks are changed, by text. The rest of the sheet is a tree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from gkxl.workbook.draft import RELATIONS, RELATIONS_TYPE, Draft, local, parse, serialise, target_of
from gkxl.workbook.own_sheets import OldSheet
from gkxl.workbook.package import CHUNK, part_key, rels_of, resolve
from gkxl.workbook.styles import SPREADSHEET
from gkxl.workbook.styles_merge import Merged

_TYPES = {
    "drawing": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "chart": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
    "worksheet": "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
}
_STRICT = [  # ECMA-376 part 1, and part 4 for what it is in the transitional form
    (f"http://schemas.openxmlformats.org/{old}".encode(), f"http://purl.oclc.org/ooxml/{new}".encode())
    for old, new in (
        ("officeDocument/2006/relationships", "officeDocument/relationships"),
        ("spreadsheetml/2006/main", "spreadsheetml/main"),
        ("drawingml/2006/spreadsheetDrawing", "drawingml/spreadsheetDrawing"),
        ("drawingml/2006/chart", "drawingml/chart"),
        ("drawingml/2006/main", "drawingml/main"),
    )
]
# Percentages are spelled in another way in the strict form; without these a chart has their defaults.
_PERCENT = re.compile(rb'<c:(?:gapWidth|overlap|lblOffset) val="[^"]*"/>')
_ROWS, _ROWS_END, _NO_ROWS = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_LOOK = re.compile(rb'(<(?:c|row) [^<>]*?\bs=")([0-9]+)"')
_MAIN = f"{{{SPREADSHEET[0]}}}"


@dataclass(frozen=True)
class Taker:
    """Takes sheets of `scratch` over into `draft`; `merged` has the numbers of the looks there."""

    scratch: Draft
    draft: Draft
    merged: Merged
    strict: bool
    folder: str  # of the workbook part

    def take(self, source: str, target: str, own: Collection[str], old: OldSheet, active: bool) -> set[str]:
        """Put sheet `source` of the scratch workbook, with its drawing and chart, into the place of part `target`.

        Returns the keys of the parts that came with it. Where they can they take the places of `own`, the parts that
        came with the old sheet, so that the same results give the same package.
        """
        self.draft.put(target, self._sheet(source, old, active))
        self.draft.declare(target, _TYPES["worksheet"])
        return self._relations(source, target, own)

    def _sheet(self, source: str, old: OldSheet, active: bool) -> bytes:
        content = self.scratch.package.read(source)
        start, end = content.find(_ROWS) + len(_ROWS), content.find(_ROWS_END)
        plain = content if end < 0 else content[: start - len(_ROWS)] + _NO_ROWS + content[end + len(_ROWS_END) :]
        root = parse(plain, source)
        for entry in root.iter("{*}*"):
            match local(entry):
                case "sheetView":
                    entry.attrib.pop("tabSelected", None)
                    if active:
                        entry.set("tabSelected", "1")
                case "col" if "style" in entry.attrib:
                    entry.set("style", str(self.merged.looks[int(entry.get("style", "0"))]))
                case "cfRule" if "dxfId" in entry.attrib:
                    entry.set("dxfId", str(self.merged.conditional[int(entry.get("dxfId", "0"))]))
        _keep(root, old)
        around = self._spelled(serialise(root))
        if end < 0:
            return around
        before, _, after = around.partition(_NO_ROWS)
        return b"".join([before, _ROWS, *self._rows(content, start, end), _ROWS_END, after])

    def _rows(self, content: bytes, start: int, end: int) -> Iterator[bytes]:
        """The rows, which stand from `start` to `end`, some at a time, with the numbers that their looks have now."""

        def renumbered(match: re.Match[bytes]) -> bytes:
            return b'%s%d"' % (match[1], self.merged.looks[int(match[2])])

        while start < end:
            stop = content.find(b"</row>", min(start + CHUNK, end), end)
            stop = end if stop < 0 else stop
            yield _LOOK.sub(renumbered, content[start:stop])
            start = stop

    def _relations(self, source: str, target: str, own: Collection[str]) -> set[str]:
        """The relationships of a part, with the ids they have; the parts they lead to are taken along."""
        taken: set[str] = set()
        made = etree.Element(f"{RELATIONS}Relationships", nsmap={None: RELATIONS[1:-1]})
        for relation in self.scratch.relations(source):
            made.append(deepcopy(relation))
            if relation.get("TargetMode") == "External":
                continue
            kind = relation.get("Type", "").rpartition("/")[2]
            part = resolve(source, relation.get("Target", ""))
            name = self.draft.target(target, kind)
            if name is None or part_key(name) not in own:
                name = self.draft.free(f"{self.folder}{kind}s/{kind}{{}}.xml")
            made[-1].set("Target", target_of(target, name))
            self.draft.put(name, self._spelled(self.scratch.package.read(part)))
            self.draft.declare(name, _TYPES[kind])
            taken |= {part_key(name), *self._relations(part, name, own)}
        if len(made):
            self.draft.put(rels_of(target), self._spelled(serialise(made)))
            self.draft.declare_default("rels", RELATIONS_TYPE)
        elif rels_of(target) in self.draft:
            self.draft.drop(rels_of(target))
        return taken

    def _spelled(self, content: bytes) -> bytes:
        if self.strict:
            for transitional, strict in _STRICT:
                content = content.replace(transitional, strict)
            content = _PERCENT.sub(b"", content)
        return content


def _keep(root: Element, old: OldSheet) -> None:
    """What a sheet keeps of the one in whose place it comes: the name that macros know it by, and its protection."""
    if old.code_name:
        properties = root.find(f"{_MAIN}sheetPr")
        if properties is None:
            properties = etree.Element(f"{_MAIN}sheetPr")
            root.insert(0, properties)
        properties.set("codeName", old.code_name)
    rows = root.find(f"{_MAIN}sheetData")
    if old.protection and rows is not None:
        rows.addnext(etree.Element(f"{_MAIN}sheetProtection", old.protection))
