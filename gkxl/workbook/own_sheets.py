"""Our sheets in a workbook as they are found again: which are ours, what others have put on them, what goes with them.

What a workbook says about the results in it is a custom XML part (ECMA-376 part 1, 15.2.5, 22.5) of the workbook, since
Excel keeps these and drops parts it does not know. A sheet is ours if it is listed there with its name and its sheetId.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef
from gkxl.sheets import CHART_NAME, ResultSet, Stored, StoredSheet
from gkxl.workbook.package import Package, RefusedError, part_key, source_of

NAMESPACE = "urn:gkxl:results:1"
_RELATION_ID = re.compile(r"http://\S+/relationships id")

# What else may stand on a sheet, by the elements and relationships that say so; a sheet with it is not replaced.
_OTHERS = {
    "comments": ("批注", "comments"),
    "threadedComment": ("批注", "comments"),
    "legacyDrawing": ("批注或控件", "comments or controls"),
    "legacyDrawingHF": ("页眉页脚里的图片", "pictures in the header or footer"),
    "table": ("表格", "a table"),
    "tablePart": ("表格", "a table"),
    "pivotTable": ("数据透视表", "a pivot table"),
    "queryTable": ("外部数据查询", "a query"),
    "slicer": ("切片器", "a slicer"),
    "timeline": ("日程表", "a timeline"),
    "picture": ("背景图片", "a background picture"),
    "image": ("图片", "a picture"),
    "oleObject": ("嵌入的对象", "an embedded object"),
    "control": ("控件", "a control"),
    "ctrlProp": ("控件", "a control"),
    "dataValidation": ("数据验证", "data validation"),
    "sparklineGroup": ("迷你图", "sparklines"),
    "scenario": ("方案", "scenarios"),
    "protectedRange": ("允许编辑的区域", "ranges that may be edited"),
    "chartUserShapes": ("图表里的图形", "shapes in the chart"),
}
_OURS = {"chart", "chartStyle", "chartColorStyle", "themeOverride", "printerSettings", "hyperlink"}


class OurPart(NamedTuple):
    """The key of our part, what it says, the sheetId of each sheet it lists, and for a copy the CRC-32 of these sheets."""

    part: str
    stored: Stored
    ids: Mapping[str, str]
    checksum: str | None


def main_part(package: Package) -> str:
    """The key of the workbook part; empty if there is none."""
    return next((r.target for r in package.relations() if r.kind == "officeDocument"), "")


def find_part(package: Package) -> OurPart | None:
    """Our part of a workbook; the first, if there are several.

    LibreOffice keeps it, but relates it to the package instead of the workbook.
    """
    for relation in (*package.relations(main_part(package)), *package.relations()):
        if relation.kind == "customXml" and relation.target in package and (found := _read(package, relation.target)):
            return found
    return None


def read_stored(package: Package) -> Stored | None:
    """What the workbook says about the results in it; None if it says nothing."""
    found = find_part(package)
    return found.stored if found else None


def worksheets(package: Package) -> dict[str, tuple[str, str]]:
    """The part and the sheetId of each worksheet by its name, in the order of the workbook."""
    main = main_part(package)
    parts = {r.id: r.target for r in package.relations(main) if r.kind == "worksheet" and r.target in package}
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        part = next((v for k, v in attributes.items() if _RELATION_ID.fullmatch(k)), "")
        if tag.endswith(" sheet") and part in parts:
            found[attributes.get("name", "")] = parts[part], attributes.get("sheetId", "")

    package.parse(main, start)
    return found


def our_sheets(package: Package) -> dict[str, str]:
    """The parts of the sheets that are ours, by the names of the sheets, in the order of the workbook."""
    found = find_part(package)
    if found is None:
        return {}
    return {name: part for name, (part, id_) in worksheets(package).items() if found.ids.get(name) == id_}


def untouched_copy(package: Package) -> bool:
    """Whether a file is a copy with results as it was written: whoever saves it spells its sheets in another way."""
    found = find_part(package)
    return found is not None and found.checksum == f"{checksum(package, found.ids):08x}"


def checksum(package: Package, names: Iterable[str]) -> int:
    """The CRC-32 of the parts of our sheets `names`; where there are none, of the workbook part and all sheets."""
    ours, crc = our_sheets(package), 0
    parts = [part for name in names if (part := ours.get(name))]
    main = main_part(package)
    for part in parts or [main, *(r.target for r in package.relations(main) if r.kind == "worksheet")]:
        for chunk in package.stream(part) if part in package else ():
            crc = zlib.crc32(chunk, crc)
    return crc


class _Foreign(Exception):
    """The part is another's."""


def _read(package: Package, part: str) -> OurPart | None:
    """None where it is another's, whatever is in it, or no longer what we wrote."""
    versions: list[str] = []
    checksums: list[str | None] = []
    sets: list[ResultSet] = []
    ids: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        get = attributes.get
        if tag == f"{NAMESPACE} results":
            versions.append(get("version", ""))
            checksums.append(get("copy"))
        elif not versions:
            raise _Foreign
        elif tag == f"{NAMESPACE} set":
            sets.append(ResultSet(get("rules", ""), get("cells", ""), get("period"), ()))
        elif tag == f"{NAMESPACE} sheet" and sets:
            sheet = StoredSheet(get("name", ""), _count(get("rows")), _count(get("columns")), get("cells", ""))
            sets[-1] = replace(sets[-1], sheets=(*sets[-1].sheets, sheet))
            ids[sheet.name] = get("id", "")

    try:
        package.parse(part, start)
    except (_Foreign, RefusedError):
        return None
    return OurPart(part, Stored(versions[0], tuple(sets), checksums[0] is not None), ids, checksums[0])


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


@dataclass(frozen=True)
class OldSheet:
    """What of a sheet that is replaced stays, or matters when it goes."""

    code_name: str = ""  # by which macros know it
    protection: Mapping[str, str] = field(default_factory=dict)
    formulas: bool = False


def read_old(package: Package, part: str, name: str) -> OldSheet:
    """Look through a sheet of ours that is about to be replaced or removed.

    Raises RefusedError if others have put something on it that would be lost.
    """
    seen: dict[str, dict[str, str]] = {}
    package.parse(part, lambda tag, attributes: seen.setdefault(tag.rpartition(" ")[2], attributes))
    found = [words for element, words in _OTHERS.items() if element in seen]
    drawn: list[str] = []
    for source, kind, target in package.reached(part):
        if kind == "drawing" and source == part_key(part):
            drawn += _drawn(package, target)
        elif kind not in _OURS:
            found.append(_OTHERS.get(kind, (kind, kind)))
    if CHART_NAME in drawn:
        drawn.remove(CHART_NAME)
    found += [(each, each) for each in drawn]
    if found:
        raise RefusedError(d.SHEET_IN_USE, CellRef(name, 0, 0), sheet=name, what=found[0])
    protection = {key: value for key, value in seen.get("sheetProtection", {}).items() if " " not in key}
    return OldSheet(seen.get("sheetPr", {}).get("codeName", ""), protection, "f" in seen)


def refuse_others(package: Package) -> None:
    """Raises RefusedError if others have put something on a sheet of ours, in a file that is to be written anew."""
    for name, part in our_sheets(package).items():
        read_old(package, part, name)


def goes_with(package: Package, part: str) -> set[str]:
    """The parts that only a sheet leads to, whatever they are called: its drawing, the chart in it, printer settings."""
    part = part_key(part)
    alone = {target for _, _, target in package.reached(part)}
    while alone:
        elsewhere = {
            relation.target
            for key in package.keys
            if key.endswith(".rels") and (source := source_of(key)) != part and source not in alone
            for relation in package.relations(source)
        }
        if not alone & elsewhere:
            break
        alone -= elsewhere
    return alone


def _drawn(package: Package, part: str) -> list[str]:
    """The names of the objects in a drawing (ECMA-376 part 1, 20.5.2.8)."""
    names: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("spreadsheetDrawing cNvPr"):
            names.append(attributes.get("name", ""))

    package.parse(part, start)
    return names
