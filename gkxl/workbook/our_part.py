"""Our part written into a workbook (read back in own_sheets.py): as Office relates a custom XML part, or in its old place."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from gkxl.sheets import Stored
from gkxl.workbook.draft import RELATIONS, RELATIONS_TYPE, serialise, target_of
from gkxl.workbook.own_sheets import NAMESPACE, OurPart
from gkxl.workbook.package import rels_of
from gkxl.workbook.workbook_draft import WorkbookDraft

_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_PROPERTIES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/customXml",
    "http://purl.oclc.org/ooxml/officeDocument/customXml",  # strict
)
_ITEM = "{2B0E7C5A-6B0B-5D43-9C0A-3F1D0C7B6E21}"  # any fixed one: it tells this item from the others of a workbook


def put_part(book: WorkbookDraft, found: OurPart | None, stored: Stored, ids: Mapping[str, str], crc: int) -> None:
    """Say in the workbook what is stored in it; `ids` are the sheetIds of the sheets, `crc` is the CRC-32 of their parts."""
    checksum = f"{crc:08x}" if stored.copied else None
    if found:
        if (found.stored, found.ids, found.checksum) != (stored, ids, checksum):
            book.draft.put(book.draft.spelled(found.part), part_content(stored, ids, checksum))
        if not any(relation.target == found.part for relation in book.draft.package.relations(book.main)):
            book.relate("customXml", book.draft.spelled(found.part))
        return
    item = book.draft.free("customXml/item{}.xml")
    properties = item.replace("/item", "/itemProps")
    namespace = _PROPERTIES[book.strict]
    store = etree.Element(f"{{{namespace}}}datastoreItem", nsmap={"ds": namespace})
    store.set(f"{{{namespace}}}itemID", _ITEM)
    schemas = etree.SubElement(store, f"{{{namespace}}}schemaRefs")
    etree.SubElement(schemas, f"{{{namespace}}}schemaRef").set(f"{{{namespace}}}uri", NAMESPACE)
    links = etree.Element(f"{RELATIONS}Relationships", nsmap={None: RELATIONS[1:-1]})
    link = {"Id": "rId1", "Type": f"{book.office}/customXmlProps", "Target": target_of(item, properties)}
    etree.SubElement(links, f"{RELATIONS}Relationship", link)
    book.draft.put(item, part_content(stored, ids, checksum))
    book.draft.put(properties, serialise(store))
    book.draft.put(rels_of(item), serialise(links))
    book.relate("customXml", item)
    book.draft.declare(item, "application/xml")
    book.draft.declare(properties, _PROPERTIES_TYPE)
    book.draft.declare_default("rels", RELATIONS_TYPE)


def part_content(stored: Stored, ids: Mapping[str, str], checksum: str | None = None) -> bytes:
    """What our part says; `checksum` is that of a copy."""
    root = etree.Element(f"{{{NAMESPACE}}}results", nsmap={None: NAMESPACE}, version=stored.version)
    if checksum is not None:
        root.set("copy", checksum)
    for result_set in stored.sets:
        facts = {"rules": result_set.rules_sha256, "cells": result_set.cells_sha256}
        if result_set.period is not None:
            facts["period"] = result_set.period
        entry = etree.SubElement(root, f"{{{NAMESPACE}}}set", facts)
        for sheet in result_set.sheets:
            rows, columns = str(sheet.rows), str(sheet.columns)
            facts = {"name": sheet.name, "id": ids[sheet.name], "rows": rows, "columns": columns}
            if sheet.sha256:
                facts["cells"] = sheet.sha256
            etree.SubElement(entry, f"{{{NAMESPACE}}}sheet", facts)
    return serialise(root)
