"""Result sheets into a workbook's package; whatever else is in it stays as it is, byte for byte.

The sheets come from a workbook of their own, the scratch workbook. What stands in the way is found before anything is
written, and raised as RefusedError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, Code
from gkxl.sheets import Stored
from gkxl.workbook.archive import Piece, assemble, pack
from gkxl.workbook.draft import RELATIONS, RELATIONS_TYPE, TYPES, TYPES_PART, Draft
from gkxl.workbook.mentions import mentions
from gkxl.workbook.our_part import put_part
from gkxl.workbook.own_sheets import OldSheet, checksum, find_part, goes_with, main_part, read_old
from gkxl.workbook.package import Package, RefusedError, part_key, resolve
from gkxl.workbook.sheet_parts import Taker
from gkxl.workbook.styles import SPREADSHEET
from gkxl.workbook.styles_merge import Merged
from gkxl.workbook.workbook_draft import OFFICE, OWN_NAMES, LocalName, WorkbookDraft, detach

_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@dataclass(frozen=True)
class Grafted:
    """The new file. `pieces` one after another are its bytes; kept members are views of the original's.

    `added` are names of members; `replaced` and `dropped` are keys. `notes` are codes of what the user is to be told.
    """

    pieces: Sequence[Piece]
    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    notes: tuple[Code, ...] = ()

    @property
    def unchanged(self) -> bool:
        return not (self.added or self.replaced or self.dropped)


def graft(
    original: bytes | None, scratch: bytes, names: Sequence[str], stored: Stored, *, drop_signature: bool = False
) -> Grafted:
    """Put the sheets `names` of `scratch` into the workbook `original`, or into a new one, with what is `stored`.

    Sheets of ours are replaced in their place; new ones come last, in order; ours that are not among `names` go. The
    looks of all of `scratch` go into the workbook, so that they do not hang on what the sheets need this time.
    """
    rendered = WorkbookDraft(Draft(Package(scratch)), "xl/workbook.xml")
    assert rendered.draft.target(rendered.main, "sharedStrings") is None, "texts stand in their cells"
    package = Package(_empty() if original is None else original)
    notes = _refuse(package, drop_signature)
    draft = Draft(package)
    book = WorkbookDraft(draft, main_part(package))
    _Graft(draft, book).run(rendered, names, stored)
    if original is None:
        changes = draft.changes()
        return Grafted(assemble(package, *changes), (*package.keys, *changes.added))
    return _assembled(draft, notes)


def without_sheets(original: bytes, version: str | None, *, drop_signature: bool = False) -> Grafted:
    """A workbook that gets no sheets. With the `version` of gkxl it says that it is a copy, which the next run replaces."""
    package = Package(original)
    notes = tuple(note for note in _refuse(package, drop_signature) if note is not d.STRUCTURE_LOCKED)
    draft = Draft(package)
    if version is not None:
        found = find_part(package)
        stored, ids = (found.stored, found.ids) if found else (Stored(version, ()), {})
        book = WorkbookDraft(draft, main_part(package))
        put_part(book, found, replace(stored, copied=True), ids, checksum(package, ids))
    return _assembled(draft, notes)


def _assembled(draft: Draft, notes: tuple[Code, ...]) -> Grafted:
    if d.SIGNATURE_DROPPED in notes:
        _drop_signature(draft)
    changes = draft.changes()
    if not any(changes):
        return Grafted([draft.package.data])
    pieces = assemble(draft.package, *changes)
    return Grafted(pieces, tuple(changes.added), tuple(changes.replaced), tuple(sorted(changes.dropped)), notes)


class _Graft:
    """One run: which sheets are ours, what they are now, what goes with them."""

    def __init__(self, draft: Draft, book: WorkbookDraft) -> None:
        self.draft, self.book = draft, book
        self.found = find_part(draft.package)
        ids = self.found.ids if self.found else {}
        self.ours: dict[str, Element] = {}
        for sheet in book.sheets:
            name = sheet.get("name", "")
            if ids.get(name) == sheet.get("sheetId", "") and book.part(sheet):
                self.ours[name] = sheet
        self.parts = {name: book.part(sheet) or "" for name, sheet in self.ours.items()}

    def run(self, scratch: WorkbookDraft, names: Sequence[str], stored: Stored) -> None:
        self._refuse_taken(names)
        package = self.draft.package
        old = {name: read_old(package, part, name) for name, part in self.parts.items()}
        formulas = self.book.formulas(without=self.ours)
        gone = [name for name in self.ours if name not in names]
        for name in gone:
            if mentions(package, self._others(), formulas, [name], indirect=False):
                raise RefusedError(d.SHEET_NEEDED, CellRef(name, 0, 0), sheet=name)
        before = {part_key(part): goes_with(package, part) for part in self.parts.values()}
        merged = Merged(self._styles(), _styles_of(scratch), "styles.xml")
        taker = Taker(scratch.draft, self.draft, merged, self.book.strict, self.book.folder())
        for name in names:
            if name not in self.ours:
                self._add(name)
        for name in gone:
            self.book.remove(self.ours.pop(name))
        self.book.need_view()
        taken: set[str] = set()
        for name in names:
            sheet, part = self.ours[name], self.parts[name]
            source = next(s for s in scratch.sheets if s.get("name") == name)
            own = before.get(part_key(part), set())
            active = self.book.is_active(sheet)
            taken |= taker.take(scratch.part(source) or "", part, own, old.get(name, OldSheet()), active)
            self.book.set_names(sheet, _names(scratch, source))
        for part in set().union(*before.values()) - taken:
            self.draft.drop(part)
        for name in gone:
            self.draft.drop(self.parts[name])
        if any(sheet.formulas for sheet in old.values()):
            self.book.drop_calculation_chain()
        changed = [name for name in old if name in gone or self.draft.differs(self.parts[name])]
        if changed and mentions(package, self._others(), formulas, changed):
            self.book.calculate_on_load()
        ids = {name: self.ours[name].get("sheetId", "") for name in names}
        put_part(self.book, self.found, stored, ids, self.draft.checksum(self.parts[name] for name in ids))

    def _others(self) -> list[str]:
        """The keys of the worksheets that are not ours."""
        parts = [self.book.part(sheet) for sheet in self.book.sheets if sheet not in self.ours.values()]
        return [part_key(part) for part in parts if part]

    def _refuse_taken(self, names: Sequence[str]) -> None:
        wanted = {name.casefold() for name in names}
        for sheet in self.book.sheets:
            name = sheet.get("name", "")
            if name.casefold() in wanted and self.ours.get(name) is not sheet:
                raise RefusedError(d.NAME_TAKEN, CellRef(name, 0, 0), sheet=name)

    def _add(self, name: str) -> None:
        part = self.draft.free(f"{self.book.folder()}worksheets/sheet{{}}.xml")
        self.draft.put(part, b"")
        self.parts[name] = part
        self.ours[name] = self.book.add(name, part)

    def _styles(self) -> Element:
        """The styles of the workbook; made if it has none, in the place that it names for them, if it names one."""
        for relation in self.draft.relations(self.book.main):
            if relation.get("Type", "").endswith("/styles"):
                part = self.draft.spelled(resolve(self.book.main, relation.get("Target", "")))
                break
        else:
            part = self.draft.free(f"{self.book.folder()}styles{{}}.xml", plain=True)
            self.book.relate("styles", part)
        if part not in self.draft:
            self.draft.declare(part, _STYLES_TYPE)
        return self.draft.tree(part, f'<styleSheet xmlns="{SPREADSHEET[self.book.strict]}"/>')


def _styles_of(book: WorkbookDraft) -> Element:
    return book.draft.tree(book.draft.target(book.main, "styles") or "")


def _names(scratch: WorkbookDraft, sheet: Element) -> list[LocalName]:
    """The names that a sheet's filter and its printing need."""
    return [name for name in scratch.local_names(sheet) if name.name in OWN_NAMES]


def _refuse(package: Package, drop_signature: bool) -> tuple[Code, ...]:
    """Refuse packages that no sheet may be put into; what is to be told of the others."""
    main = main_part(package)
    if not main:
        raise RefusedError(d.PART_MISSING, part="officeDocument")
    notes = []
    kinds = {relation.kind for relation in package.relations(main)}
    if _signature_parts(package):
        if not drop_signature:
            raise RefusedError(d.BOOK_SIGNED)
        notes.append(d.SIGNATURE_DROPPED)
    if "revisionHeaders" in kinds:
        raise RefusedError(d.BOOK_SHARED)

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(" workbookProtection") and attributes.get("lockStructure") in ("1", "true"):
            notes.append(d.STRUCTURE_LOCKED)

    package.parse(main, start)
    macros = next((r.target for r in package.relations(main) if r.kind == "vbaProject"), "")
    if macros and any(r.kind.startswith("vbaProjectSignature") for r in package.relations(macros)):
        notes.append(d.MACROS_SIGNED)
    return tuple(notes)


def _signature_parts(package: Package) -> set[str]:
    """The parts of the signatures of a package (ECMA-376 part 2, 13.2); empty if it has none."""
    origins = {relation.target for relation in package.relations() if relation.kind == "origin"} & set(package.keys)
    return origins | {target for origin in origins for _, _, target in package.reached(origin)}


def _drop_signature(draft: Draft) -> None:
    parts = _signature_parts(draft.package)
    for part in parts:
        draft.drop(part)
    for relation in list(draft.relations("")):
        if resolve("", relation.get("Target", "")) in parts:
            detach(relation)


def _empty() -> bytes:
    """A workbook without sheets."""
    office, main = OFFICE[0], SPREADSHEET[0]
    relation = f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
    types = f'<Default Extension="rels" ContentType="{RELATIONS_TYPE}"/><Default Extension="xml" ContentType="application/xml"/>'
    book = f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK_TYPE}"/>'
    parts = {
        TYPES_PART: f'<Types xmlns="{TYPES[1:-1]}">{types}{book}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS[1:-1]}">{relation}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets/></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS[1:-1]}"/>',
    }
    return pack((name, content.encode()) for name, content in parts.items())
