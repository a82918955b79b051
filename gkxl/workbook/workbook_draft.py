"""The workbook part that is about to be changed: its list of sheets and what counts by it (ECMA-376 part 1, 18.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element as Element

from gkxl import diagnostics as d
from gkxl.workbook.draft import Draft, elements, local
from gkxl.workbook.package import RefusedError, resolve
from gkxl.workbook.styles import SPREADSHEET

OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",  # strict
)
ORDER = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences definedNames"
    " calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr"
    " webPublishObjects extLst"
).split()
_MOST_SHEET_ID = 65534
OWN_NAMES = ("_xlnm.Print_Titles", "_xlnm.Print_Area", "_xlnm._FilterDatabase")


class LocalName(NamedTuple):
    """A defined name of one sheet."""

    name: str
    formula: str
    hidden: bool


class WorkbookDraft:
    """`main` is the workbook part. Sheets are their elements, of all kinds of sheets."""

    def __init__(self, draft: Draft, main: str) -> None:
        self.draft, self.main = draft, draft.spelled(main)
        self.root = draft.tree(self.main)
        namespace = etree.QName(self.root).namespace
        if namespace not in SPREADSHEET:
            raise RefusedError(d.PART_BROKEN, part=self.main, what=f"<{self.root.tag!s}>")
        self.strict = namespace == SPREADSHEET[1]
        self.namespace = f"{{{SPREADSHEET[self.strict]}}}"
        self.office = OFFICE[self.strict]
        self._sheets = self._child("sheets")

    @property
    def sheets(self) -> list[Element]:
        return [entry for entry in elements(self._sheets) if local(entry) == "sheet"]

    def relation(self, sheet: Element) -> str:
        """The id of the relationship of a sheet."""
        return next((sheet.get(f"{{{office}}}id", "") for office in OFFICE if f"{{{office}}}id" in sheet.attrib), "")

    def part(self, sheet: Element) -> str | None:
        """The part of a worksheet; None if it has none, or is another kind of sheet."""
        for entry in self.draft.relations(self.main):
            if entry.get("Id") == self.relation(sheet) and entry.get("Type", "").endswith("/worksheet"):
                name = resolve(self.main, entry.get("Target", ""))
                return self.draft.spelled(name) if name in self.draft else None
        return None

    def add(self, name: str, part: str) -> Element:
        """A new last sheet."""
        taken = {int(s.get("sheetId", "")) for s in self.sheets if s.get("sheetId", "").isdecimal()}
        number = max(taken, default=0) + 1
        if number > _MOST_SHEET_ID:
            number = next(n for n in range(1, _MOST_SHEET_ID) if n not in taken)
        known = None if self.office in self._sheets.nsmap.values() else {"r": self.office}
        sheet = etree.SubElement(self._sheets, f"{self.namespace}sheet", nsmap=known)
        sheet.set("name", name)
        sheet.set("sheetId", str(number))
        sheet.set(f"{{{self.office}}}id", self.relate("worksheet", part))
        return sheet

    def relate(self, kind: str, part: str) -> str:
        """The id of a new relationship to `part`; none that the workbook part already names, even if it leads nowhere."""
        named = {
            value.lower()
            for entry in self.root.iter("{*}*")
            for key, value in entry.attrib.items()
            if key.rpartition("}")[0].strip("{") in OFFICE
        }
        return self.draft.relate(self.main, f"{self.office}/{kind}", part, named)

    def unrelate(self, identity: str) -> None:
        for entry in list(self.draft.relations(self.main)):
            if entry.get("Id") == identity:
                detach(entry)

    def remove(self, sheet: Element) -> None:
        """Take a sheet from the list, with its names; what counts sheets is counted anew. Its part is left."""
        index = self.sheets.index(sheet)
        self.unrelate(self.relation(sheet))
        detach(sheet)
        for entry in self._defined_names():
            place = entry.get("localSheetId", "")
            if place == str(index):
                detach(entry)
                continue
            if place.isdecimal() and int(place) > index:
                entry.set("localSheetId", str(int(place) - 1))
        self._tidy_names()
        visible = [n for n, other in enumerate(self.sheets) if other.get("state", "visible") == "visible"]
        for view in self.views():
            for counted in ("activeTab", "firstSheet"):
                shown = view.get(counted, "")
                if shown.isdecimal() and int(shown) >= index:
                    earlier = int(shown) - (int(shown) > index)
                    view.set(counted, str(min(visible, key=lambda n: abs(n - earlier), default=0)))

    def views(self) -> list[Element]:
        return [e for e in elements(self.root.find(f"{self.namespace}bookViews")) if local(e) == "workbookView"]

    def need_view(self) -> None:
        """Views of sheets refer to a view of the workbook; without one they would refer to nothing."""
        if not self.views():
            etree.SubElement(self._child("bookViews"), f"{self.namespace}workbookView")

    def is_active(self, sheet: Element) -> bool:
        return any(view.get("activeTab", "0") == str(self.sheets.index(sheet)) for view in self.views())

    def local_names(self, sheet: Element) -> list[LocalName]:
        """The defined names of a sheet alone."""
        return [_local_name(entry) for entry in self._names_of(sheet)]

    def set_names(self, sheet: Element, names: Sequence[LocalName]) -> None:
        """Give a sheet these names for its filter and its printing, instead of those it had."""
        old = [entry for entry in self._names_of(sheet) if entry.get("name") in OWN_NAMES]
        if set(map(_local_name, old)) == set(names):
            return
        for entry in old:
            detach(entry)
        for name, formula, hidden in names:
            entry = etree.SubElement(self._child("definedNames"), f"{self.namespace}definedName")
            entry.set("name", name)
            entry.set("localSheetId", str(self.sheets.index(sheet)))
            if hidden:
                entry.set("hidden", "1")
            entry.text = formula
        self._tidy_names()

    def formulas(self, without: Iterable[str]) -> list[str]:
        """The formulas of the defined names, without those that the sheets named `without` have for filter and printing."""
        places = {str(index) for index, sheet in enumerate(self.sheets) if sheet.get("name") in set(without)}
        return [
            entry.text or ""
            for entry in self._defined_names()
            if entry.get("name") not in OWN_NAMES or entry.get("localSheetId") not in places
        ]

    def calculate_on_load(self) -> None:
        self._child("calcPr").set("fullCalcOnLoad", "1")

    def drop_calculation_chain(self) -> None:
        """It lists every formula; Excel makes it anew if there is none, and repairs the file if it lists one too many."""
        for entry in list(self.draft.relations(self.main)):
            if entry.get("Type", "").endswith("/calcChain"):
                self.draft.drop(self.draft.spelled(resolve(self.main, entry.get("Target", ""))))
                detach(entry)

    def folder(self) -> str:
        return self.main.rpartition("/")[0] + "/" if "/" in self.main else ""

    def _defined_names(self) -> list[Element]:
        return [e for e in elements(self.root.find(f"{self.namespace}definedNames")) if local(e) == "definedName"]

    def _names_of(self, sheet: Element) -> list[Element]:
        index = str(self.sheets.index(sheet))
        return [entry for entry in self._defined_names() if entry.get("localSheetId") == index]

    def _tidy_names(self) -> None:
        box = self.root.find(f"{self.namespace}definedNames")
        if box is not None and not elements(box):
            detach(box)

    def _child(self, name: str) -> Element:
        """The child of this name; made in its place if there is none."""
        child = self.root.find(f"{self.namespace}{name}")
        if child is None:
            before = ORDER[: ORDER.index(name)]
            place = max((n for n, e in enumerate(self.root, 1) if local(e) in before), default=0)
            child = etree.Element(f"{self.namespace}{name}")
            self.root.insert(place, child)
        return child


def _local_name(entry: Element) -> LocalName:
    return LocalName(entry.get("name", ""), entry.text or "", entry.get("hidden") in ("1", "true"))


def detach(entry: Element) -> None:
    parent = entry.getparent()
    if parent is not None:
        parent.remove(entry)
