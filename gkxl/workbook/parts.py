"""What stands in workbook.xml and beside it: sheets, epoch, defined names, tables (ECMA-376 part 1, 18.2, 18.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from gkxl import diagnostics as d
from gkxl.tables import DefinedName, NamedArea
from gkxl.workbook.cells import area
from gkxl.workbook.package import Package, RefusedError
from gkxl.workbook.stored import unescape
from gkxl.workbook.styles import SPREADSHEET

_RELATION_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_AREA_NAME = re.compile(r"(?:'((?:[^']|'')+)'|([^'!,:\[\]()\s]+))!(\$?[A-Z]{0,3}\$?[0-9]*(?::\$?[A-Z]{0,3}\$?[0-9]*)?)")


class SheetPart(NamedTuple):
    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class WorkbookPart:
    """The worksheets (no chart, dialog or macro sheets), their named areas, and the parts that cells refer to."""

    sheets: tuple[SheetPart, ...]
    areas: tuple[NamedArea, ...]
    names: tuple[DefinedName, ...]
    epoch_1904: bool
    strings: str | None
    styles: str | None


def read_workbook_part(package: Package, part: str) -> WorkbookPart:
    """Read workbook part `part` and the table parts of its sheets; raises RefusedError."""
    relations = {relation.id: relation for relation in package.relations(part)}
    entries: list[tuple[str, str, bool]] = []
    names: list[tuple[str, str, list[str]]] = []
    path: list[str] = []
    epoch_1904 = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal epoch_1904
        namespace, _, tag = name.rpartition(" ")
        path.append(tag if namespace in SPREADSHEET else "")
        match path[1:]:
            case [] if path != ["workbook"]:
                raise RefusedError(d.PART_BROKEN, part=part, what=f"<{name}>")
            case ["workbookPr"]:
                epoch_1904 = attributes.get("date1904") in ("1", "true")
            case ["sheets", "sheet"]:
                relation = next((attributes[key] for key in _RELATION_ID if key in attributes), "")
                hidden = attributes.get("state", "visible") != "visible"
                entries.append((attributes.get("name", ""), relation, hidden))
            case ["definedNames", "definedName"]:
                plain = attributes.get("function") != "1" and not attributes.get("name", "_xlnm.").startswith("_xlnm.")
                names.append((attributes.get("name", "") if plain else "", attributes.get("localSheetId", ""), []))

    def text(data: str) -> None:
        if path[1:] == ["definedNames", "definedName"]:
            names[-1][2].append(data)

    package.parse(part, start, lambda _: path.pop(), text)
    sheets: list[SheetPart] = []
    for name, relation_id, hidden in entries:
        if not relation_id:  # a module sheet of Excel 95, kept as a name alone
            continue
        relation = relations.get(relation_id)
        if relation is None or relation.target not in package:
            what = relation.target if relation else relation_id
            raise RefusedError(d.PART_MISSING, part=(f"工作表“{name}”({what})", f"sheet “{name}” ({what})"))
        if relation.kind == "worksheet":
            sheets.append(SheetPart(name, relation.target, hidden))
    _refuse_twins(sheets)
    by_name = {sheet.name.casefold(): sheet.name for sheet in sheets}
    areas = [table for sheet in sheets for table in _tables(package, sheet)]
    defined = []
    for name, local, texts in names:
        if not name:
            continue
        index = int(local) if local.isdecimal() else len(entries)
        scope = entries[index][0] if index < len(entries) else ""
        defined.append(DefinedName(name, "".join(texts).strip(), scope))
        if named := _named_area(name, defined[-1].formula, by_name):
            areas.append(named)

    def linked(kind: str) -> str | None:
        targets = (r.target for r in relations.values() if r.kind == kind)
        return next((target for target in targets if target in package), None)

    stores = linked("sharedStrings"), linked("styles")
    return WorkbookPart(tuple(sheets), tuple(areas), tuple(defined), epoch_1904, *stores)


def _refuse_twins(sheets: list[SheetPart]) -> None:
    seen: set[str] = set()
    for sheet in sheets:
        if sheet.name.casefold() in seen:
            raise RefusedError(d.PART_TWICE, part=sheet.name)
        seen.add(sheet.name.casefold())


def _named_area(name: str, formula: str, sheets: dict[str, str]) -> NamedArea | None:
    """The area of a defined name whose formula is one plain range of one sheet: 'My Sheet'!$A$1:$D$20, S!$A:$C."""
    match = _AREA_NAME.fullmatch(formula)
    if not match:
        return None
    sheet = sheets.get((match[1].replace("''", "'") if match[1] else match[2]).casefold())
    rectangle = area(match[3])
    return NamedArea(name, sheet, rectangle, "name") if sheet and rectangle else None


def _tables(package: Package, sheet: SheetPart) -> list[NamedArea]:
    """The Excel tables of a sheet; one without a readable range is left out, as no rule can then name it."""
    found = (_table(package, r.target, sheet.name) for r in package.relations(sheet.part) if r.kind == "table")
    return [table for table in found if table]


def _table(package: Package, part: str, sheet: str) -> NamedArea | None:
    if part not in package:
        return None
    said: dict[str, str] = {}
    columns: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        if namespace in SPREADSHEET and tag == "table":
            said.update(attributes)
        elif namespace in SPREADSHEET and tag == "tableColumn":
            columns.append(unescape(attributes.get("name", "")))

    package.parse(part, start)
    rectangle = area(said.get("ref", ""))
    title = said.get("displayName") or said.get("name")
    if not rectangle or not title:
        return None
    header = 0 if said.get("headerRowCount") == "0" else 1
    totals = 1 if said.get("totalsRowCount", "0") != "0" else 0
    return NamedArea(title, sheet, rectangle, "table", header, totals, tuple(columns))
