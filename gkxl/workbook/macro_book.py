"""Workbooks with macros, made of templates that another package brings: their VBA project stays as it is, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

from lxml import etree
from lxml.etree import _Element as Element

from gkxl import diagnostics as d
from gkxl.workbook.archive import assemble
from gkxl.workbook.draft import Draft, elements, local
from gkxl.workbook.own_sheets import main_part
from gkxl.workbook.package import Package, RefusedError
from gkxl.workbook.workbook_draft import WorkbookDraft

_RIBBON = "customUI/customUI.xml"
_COLUMN = 100  # characters: a line of rules is seldom longer


def vba_project(package: Package) -> bytes:
    """The VBA project of a workbook (the VBA Project part of [MS-OFFMACRO]); empty if it has none."""
    part = next((r.target for r in package.relations(main_part(package)) if r.kind == "vbaProject"), "")
    return package.read(part) if part in package else b""


def with_button(
    template: bytes, settings: Mapping[str, str], *, macro: str, caption: str, rules: str, lines: Iterable[str]
) -> bytes:
    """A workbook with the macros of `template`: a sheet `rules` with an empty column A, `lines` beside it and a button that
    runs `macro`, and a hidden sheet of settings.

    Its sheets are as many as the template has, since the VBA project lists their modules.
    """
    from xlsxwriter.workbook import Workbook

    out, package = BytesIO(), Package(template)
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.add_vba_project(BytesIO(vba_project(package)), is_stream=True)
    first, second = book.add_worksheet(rules), book.add_worksheet(_active_name(_settings_sheet(_book(package))))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    first.set_column(0, 0, _COLUMN, wrapped)
    first.set_column(2, 2, _COLUMN)
    first.insert_button(0, 2, {"macro": macro, "caption": caption, "width": 260, "height": 40, "object_position": 3})
    first.set_row(0, 40)
    for number, line in enumerate(lines, 2):
        first.write_string(number, 2, line)
    for number, (key, value) in enumerate(settings.items()):
        second.write_string(number, 0, key)
        second.write_string(number, 1, value)
    second.hide()
    book.close()
    return out.getvalue()


def as_add_in(template: bytes, settings: Mapping[str, str], labels: Mapping[str, str]) -> bytes:
    """The add-in `template` with these settings; `labels` are what the elements of its ribbon (tab, group, button) say."""
    package = Package(template)
    book = _book(package)
    sheet = _settings_sheet(book)
    sheet.set("name", _active_name(sheet))
    _fill(book.draft.tree(book.part(sheet) or ""), book.namespace, settings)
    for element in book.draft.tree(_RIBBON).iter():
        if local(element) in labels:
            element.set("label", labels[local(element)])
    return b"".join(assemble(package, *book.draft.changes()))


def _book(package: Package) -> WorkbookDraft:
    return WorkbookDraft(Draft(package), main_part(package))


def _settings_sheet(book: WorkbookDraft) -> Element:
    for sheet in book.sheets:
        if sheet.get("name", "").endswith(".conf"):
            return sheet
    raise RefusedError(d.PART_MISSING, part="_*.conf")


def _active_name(sheet: Element) -> str:
    """The name under which the settings are read: a template has _ in front of it, which keeps them from being read."""
    return sheet.get("name", "").lstrip("_")


def _fill(sheet: Element, namespace: str, settings: Mapping[str, str]) -> None:
    """Two columns of texts instead of all cells of a sheet (ECMA-376 part 1, 18.3.1.80)."""
    data = next(element for element in elements(sheet) if local(element) == "sheetData")
    data.clear()
    for number, pair in enumerate(settings.items(), 1):
        row = etree.SubElement(data, f"{namespace}row", r=str(number))
        for letter, text in zip("AB", pair, strict=True):
            cell = etree.SubElement(row, f"{namespace}c", r=f"{letter}{number}", t="inlineStr")
            etree.SubElement(etree.SubElement(cell, f"{namespace}is"), f"{namespace}t").text = text
    for element in elements(sheet):
        if local(element) in ("dimension", "mergeCells"):
            sheet.remove(element)
