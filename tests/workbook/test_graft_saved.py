"""Workbooks with our sheets that another program has saved since: parts have other names, and more parts hang on them."""

import re

import pytest
from grafting import NAMES, grafted, remade, scratch, small, stored, text, tree, whole, zipped
from made import HEAD, MAIN, RELS, relations, worksheet

from gkxl.workbook.graft import graft
from gkxl.workbook.own_sheets import our_sheets, read_stored
from gkxl.workbook.package import Package

TYPES = "[Content_Types].xml"
STYLE = "http://schemas.microsoft.com/office/2011/relationships/chartStyle"
COLOURS = "http://schemas.microsoft.com/office/2011/relationships/chartColorStyle"


def renamed(book: bytes, names: dict[str, str]) -> bytes:
    """The book with parts under other names, wherever these stand: {"charts/chart1": "chart7"}."""
    contents = {info.filename: text(book, key) for key, info in Package(book).members.items()}
    for old, new in names.items():
        folder, _, file = old.partition("/")
        places, name = re.compile(rf"{folder}/(_rels/)?{file}\.xml"), rf"{folder}/\g<1>{new}.xml"
        contents = {places.sub(name, part): places.sub(name, content) for part, content in contents.items()}
    return zipped(contents)


def saved_by_excel() -> bytes:
    """Ours in front, so sheets, drawings and charts have numbers anew; charts with a style; settings of a printer."""
    book = grafted(small(worksheet('<row r="1"><c r="A1"><v>7</v></c></row>')))
    book = renamed(book, {"worksheets/sheet1": "sheet9", "worksheets/sheet2": "sheet1"})
    book = renamed(book, {"drawings/drawing1": "drawing4", "charts/chart1": "chart7"})
    links = f'{HEAD}<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{STYLE}" Target="style1.xml"/>'
    links += f'<Relationship Id="rId2" Type="{COLOURS}" Target="colors1.xml"/></Relationships>'
    printer = relations(("rId7", "printerSettings", "../printerSettings/printerSettings1.bin"))
    sheet_links = "xl/worksheets/_rels/sheet1.xml.rels"
    override = '<Override PartName="/xl/charts/{}1.xml" ContentType="application/vnd.ms-office.chart{}+xml"/>'
    types = override.format("style", "style") + override.format("colors", "colorstyle") + "</Types>"
    return remade(
        book,
        {
            "xl/charts/_rels/chart7.xml.rels": links,
            "xl/charts/style1.xml": "<style/>",
            "xl/charts/colors1.xml": "<colors/>",
            "xl/printerSettings/printerSettings1.bin": "\0printer",
            sheet_links: text(book, sheet_links).replace(
                "</Relationships>", printer[printer.index("<Relationship ") :]
            ),
            TYPES: text(book, TYPES).replace("</Types>", '<Default Extension="bin" ContentType="a/printer"/>' + types),
        },
    )


def test_replaced_wherever_the_parts_are_now() -> None:
    book = saved_by_excel()
    assert our_sheets(Package(book)) == {NAMES[0]: "xl/worksheets/sheet1.xml", NAMES[1]: "xl/worksheets/sheet3.xml"}
    made = graft(book, scratch(points=5), NAMES, stored())
    again = whole(book, made)
    gone = {"xl/charts/style1.xml", "xl/charts/colors1.xml", "xl/charts/_rels/chart7.xml.rels"}
    assert set(made.dropped) == gone | {"xl/printersettings/printersettings1.bin"}
    assert not made.added
    assert set(Package(again).keys) == set(Package(book).keys) - set(made.dropped)
    assert "style1.xml" not in text(again, TYPES)
    assert graft(again, scratch(points=5), NAMES, stored()).unchanged


def test_names_of_parts_in_other_letters() -> None:
    book = grafted(small())
    content = {name: text(book, name) for name in ("xl/worksheets/sheet2.xml", "xl/worksheets/_rels/sheet2.xml.rels")}
    other = {name.replace("sheet2", "Sheet2"): made for name, made in content.items()}
    made = graft(remade(book, dict.fromkeys(content) | other), scratch(points=5), NAMES, stored())
    assert (made.added, made.dropped) == ((), ())


def test_removed_wherever_the_parts_are_now() -> None:
    book = saved_by_excel()
    left = set(Package(grafted(book, ())).keys)
    assert not {key for key in left if "chart" in key or "drawing" in key or "printer" in key}
    assert {key for key in left if "/sheet" in key} == {"xl/worksheets/sheet9.xml"}


def test_what_another_sheet_uses_too_stays() -> None:
    """A drawing that two sheets lead to is not ours alone: it stays as it is, and ours get one of their own."""
    book = grafted(small())
    shared = remade(
        book, {"xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", "drawing", "../drawings/drawing1.xml"))}
    )
    made = graft(shared, scratch(points=5), NAMES, stored())
    assert "xl/drawings/drawing3.xml" in made.added
    assert not {"xl/drawings/drawing1.xml", "xl/charts/chart1.xml"} & {*made.replaced, *made.dropped}
    whole(shared, made)


def test_our_part_stays_where_it_is() -> None:
    """Excel numbers custom XML parts anew, too."""
    book = renamed(grafted(small()), {"customXml/item1": "item5"})
    assert read_stored(Package(book)) == stored()
    made = graft(book, scratch(), NAMES, stored(period=None))
    assert made.replaced == ("customxml/item5.xml",)
    assert read_stored(Package(whole(book, made))) == stored(period=None)


def test_our_part_as_libreoffice_relates_it() -> None:
    """To the package, with a target that leads out of it; for Excel it is related to the workbook again."""
    book = grafted(small())
    links, root = "xl/_rels/workbook.xml.rels", "_rels/.rels"
    own = re.search(r"<Relationship [^>]*customXml/item1.xml\"/>", text(book, links))
    assert own
    moved = {
        links: text(book, links).replace(own[0], ""),
        root: text(book, root).replace("</Relationships>", own[0].replace("rId", "rId9") + "</Relationships>"),
    }
    made = graft(remade(book, moved), scratch(), NAMES, stored())
    assert made.replaced == (links,)
    assert text(whole(remade(book, moved), made), links).count("item1.xml") == 1


def test_our_part_says_no_more_than_it_must() -> None:
    content = tree(grafted(small()), "customXml/item1.xml")
    assert [dict(e.attrib) for e in content.iter()] == [
        {"version": "0.1.0"},
        {"rules": "a" * 64, "cells": "b" * 64, "period": "2025Q4"},
        {"name": NAMES[0], "id": "2", "rows": "2", "columns": "2"},
        {"name": NAMES[1], "id": "3", "rows": "2", "columns": "2"},
    ]


@pytest.mark.parametrize("names", [("Scores",), ("Scores", "Awards", "Data issues"), ("O'Brien & Söhne",)])
def test_names_of_sheets_of_all_kinds(names: tuple[str, ...]) -> None:
    book = grafted(small(), names)
    assert list(our_sheets(Package(book))) == list(names)
    assert graft(book, scratch(names), names, stored(names)).unchanged
    assert f'<worksheet xmlns="{MAIN}"' in text(book, our_sheets(Package(book))[names[0]])
