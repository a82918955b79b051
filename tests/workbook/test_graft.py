"""Our sheets into a workbook: what comes in, what is replaced, what stays, what is refused before anything is written."""

import io
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from grafting import NAMES, grafted, remade, scratch, small, stored, text, tree, whole
from lxml import etree
from made import HEAD, MAIN, OFFICE, RELS, relations
from python_calamine import CalamineWorkbook

from gkxl import diagnostics as d
from gkxl.diagnostics import Code
from gkxl.sheets import Look, ResultSheet, Written
from gkxl.tables import Book
from gkxl.workbook.graft import graft
from gkxl.workbook.own_sheets import our_sheets, read_stored
from gkxl.workbook.package import CHUNK, Package, RefusedError
from gkxl.workbook.read import BookFile, book_of
from gkxl.workbook.render import render
from gkxl.workbook.sniff import sniff
from gkxl.workbook.verify import verify


@pytest.fixture
def plain() -> bytes:
    return small()


def rows(book: bytes, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(sheet).to_python()


def refused(original: bytes, names=NAMES, code: Code | None = None) -> RefusedError:
    with pytest.raises(RefusedError) as raised:
        graft(original, scratch(names), names, stored(names))
    assert code in (None, raised.value.code)
    return raised.value


def test_sheets_come_last_and_are_read_back(plain: bytes) -> None:
    book = grafted(plain)
    opened = openpyxl.load_workbook(io.BytesIO(book))
    assert opened.sheetnames == ["甲", *NAMES]
    assert opened["甲"]["A1"].value == 7
    for name in NAMES:
        assert rows(book, name) == [["单位", "总分"], ["市公安局", 3.0]]
        assert opened[name].print_title_rows == "$1:$1"
        assert opened[name].auto_filter.ref == "A1:B2"
        assert len(opened[name]._charts) == 1
    assert read_stored(Package(book)) == stored()
    assert list(our_sheets(Package(book))) == list(NAMES)
    assert read_stored(Package(plain)) is None


def test_second_run_is_the_same_file(plain: bytes) -> None:
    book = grafted(plain)
    again = graft(book, scratch(), NAMES, stored())
    assert again.unchanged
    assert list(again.pieces) == [book]
    other = grafted(book, points=5)
    assert rows(other, NAMES[0])[1] == ["市公安局", 5.0]
    assert grafted(other) == book  # and back again, without residue


def test_results_alone() -> None:
    book = grafted(None)
    opened = openpyxl.load_workbook(io.BytesIO(book))
    assert opened.sheetnames == list(NAMES)
    assert [sheet.sheet_view.tabSelected for sheet in opened] == [True, None]
    assert rows(book, NAMES[1]) == [["单位", "总分"], ["市公安局", 3.0]]
    assert graft(book, scratch(), NAMES, stored()).unchanged


def test_output_hangs_on_nothing_but_the_input(plain: bytes) -> None:
    assert grafted(plain) == grafted(plain)


def test_a_sheet_of_that_name_is_not_ours(plain: bytes) -> None:
    error = refused(plain, ("甲",), d.NAME_TAKEN)
    assert (error.code.number, str(error.cell)) == ("GK630", "甲")
    book = grafted(None, ("Scores",))
    renamed = text(book, "xl/workbook.xml").replace('name="Scores"', 'name="SCORES"')
    refused(remade(book, {"xl/workbook.xml": renamed}), ("Scores",), d.NAME_TAKEN)
    other = text(book, "xl/workbook.xml").replace('sheetId="1"', 'sheetId="7"')
    refused(remade(book, {"xl/workbook.xml": other}), ("Scores",), d.NAME_TAKEN)


def test_a_sheet_without_an_id_is_not_ours(plain: bytes) -> None:
    """Excel would repair such a file; we do not make it worse."""
    for book in (plain, grafted(plain)):
        lame = remade(
            book, {"xl/workbook.xml": text(book, "xl/workbook.xml").replace('name="甲" sheetId="1"', 'name="甲"')}
        )
        assert "甲" not in our_sheets(Package(lame))
        again = grafted(lame, points=5)
        assert rows(again, "甲") == [[7.0]]
        assert CalamineWorkbook.from_filelike(io.BytesIO(again)).sheet_names == ["甲", *NAMES]


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/_rels/workbook.xml.rels"])
def test_a_list_of_parts_that_is_something_else(plain: bytes, part: str) -> None:
    """Nothing is put into it that nobody would read there."""
    mixed = remade(plain, {part: text(plain, part).replace("<Types ", "<types ").replace("</Types>", "</types>")})
    mixed = remade(mixed, {part: text(mixed, part).replace("Relationships>", "x>").replace("<Relationships ", "<x ")})
    assert refused(mixed, code=d.PART_BROKEN).values["part"] == part


def test_a_renamed_sheet_is_the_users(plain: bytes) -> None:
    book = grafted(plain)
    renamed = remade(book, {"xl/workbook.xml": text(book, "xl/workbook.xml").replace('name="得分汇总"', 'name="去年"')})
    again = grafted(renamed, points=5)
    assert openpyxl.load_workbook(io.BytesIO(again)).sheetnames == ["甲", "去年", NAMES[1], NAMES[0]]
    assert rows(again, "去年")[1] == ["市公安局", 3.0]
    assert rows(again, NAMES[0])[1] == ["市公安局", 5.0]


def signed(book: bytes, place: str = "_xmlsignatures/origin.sigs") -> bytes:
    folder, _, file = place.rpartition("/")
    origin = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    link = f'<Relationship Id="rId9" Type="{origin}" Target="{place}"/></Relationships>'
    return remade(
        book,
        {
            "_rels/.rels": text(book, "_rels/.rels").replace("</Relationships>", link),
            place: "",
            f"{folder}/_rels/{file}.rels": relations(("rId1", "signature", "sig1.xml")),
            f"{folder}/sig1.xml": "<Signature/>",
        },
    )


@pytest.mark.parametrize("place", ["_xmlsignatures/origin.sigs", "package/services/digital-signature/origin.psdsor"])
def test_a_signed_workbook(plain: bytes, place: str) -> None:
    book = signed(plain, place)
    assert refused(book).code.number == "GK632"
    made = graft(book, scratch(), NAMES, stored(), drop_signature=True)
    assert made.notes == (d.SIGNATURE_DROPPED,)
    assert made.notes[0].number == "GK636"
    unsigned, never = Package(whole(book, made)), Package(grafted(plain))
    assert {key: unsigned.read(key) for key in unsigned.keys if key != "_rels/.rels"} == {
        key: never.read(key) for key in never.keys if key != "_rels/.rels"
    }
    assert [r.kind for r in unsigned.relations()] == ["officeDocument"]


def test_signed_macros_stay_and_are_told(plain: bytes) -> None:
    links = text(plain, "xl/_rels/workbook.xml.rels").replace(
        "</Relationships>",
        '<Relationship Id="rId7" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"'
        ' Target="vbaProject.bin"/></Relationships>',
    )
    signature = "http://schemas.microsoft.com/office/2006/relationships/vbaProjectSignature"
    book = remade(
        plain,
        {
            "xl/_rels/workbook.xml.rels": links,
            "xl/vbaProject.bin": b"macros",
            "xl/_rels/vbaProject.bin.rels": f'{HEAD}<Relationships xmlns="{RELS}"><Relationship Id="rId1"'
            f' Type="{signature}" Target="vbaProjectSignature.bin"/></Relationships>',
            "xl/vbaProjectSignature.bin": b"signature",
        },
    )
    made = graft(book, scratch(), NAMES, stored())
    assert [code.number for code in made.notes] == ["GK637"]
    assert Package(whole(book, made)).read("xl/vbaProject.bin") == b"macros"


def test_a_shared_workbook(plain: bytes) -> None:
    links = text(plain, "xl/_rels/workbook.xml.rels").replace(
        "</Relationships>",
        f'<Relationship Id="rId7" Type="{OFFICE}/revisionHeaders" Target="revisions/revisionHeaders.xml"/></Relationships>',
    )
    book = remade(
        plain, {"xl/_rels/workbook.xml.rels": links, "xl/revisions/revisionHeaders.xml": f'<headers xmlns="{MAIN}"/>'}
    )
    assert refused(book).code.number == "GK633"


def test_a_locked_structure_stays_locked() -> None:
    """It keeps people from adding sheets in Excel; the file is sound with one more."""
    lock = '<workbookProtection workbookPassword="CC1A" lockStructure="1"/>'
    book = small(properties=lock)
    made = graft(book, scratch(), NAMES, stored())
    assert [code.number for code in made.notes] == ["GK634"]
    assert lock in text(whole(book, made), "xl/workbook.xml")
    assert not graft(small(properties=lock.replace("1", "0")), scratch(), NAMES, stored()).notes


def test_no_room_for_more_styles() -> None:
    full = f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 65_490}</cellXfs></styleSheet>'
    book = small(formats=full)
    assert refused(book).code.number == "GK635"


def with_on(book: bytes, kind: str, name: str, content: str, element: str = "") -> bytes:
    """The book with one more part on the first sheet of ours."""
    part = our_sheets(Package(book))[NAMES[0]]
    folder, _, file = part.rpartition("/")
    links = f"{folder}/_rels/{file}.rels"
    more = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{name}"/></Relationships>'
    return remade(
        book,
        {
            links: text(book, links).replace("</Relationships>", more),
            part: text(book, part).replace("</worksheet>", f"{element}</worksheet>"),
            f"{folder}/{name}": content,
        },
    )


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("comments", "批注"),
        ("threadedComment", "批注"),
        ("table", "表格"),
        ("pivotTable", "数据透视表"),
        ("image", "图片"),
        ("ctrlProp", "控件"),
        ("whatever", "whatever"),
    ],
)
def test_what_others_put_on_our_sheet_is_not_lost(plain: bytes, kind: str, what: str) -> None:
    book = with_on(grafted(plain), kind, "more.xml", "<a/>")
    for names in (NAMES, NAMES[1:]):  # to be replaced, to be removed
        error = refused(book, names, d.SHEET_IN_USE)
        assert (error.code.number, str(error.cell)) == ("GK631", NAMES[0])
        assert what in error.values["what"]


@pytest.mark.parametrize(
    "element",
    [
        '<dataValidations count="1"><dataValidation sqref="A9" type="whole"/></dataValidations>',
        '<legacyDrawing xmlns:r="urn:r" r:id="rId7"/>',
        '<extLst><ext><x:sparklineGroups xmlns:x="urn:x"><x:sparklineGroup/></x:sparklineGroups></ext></extLst>',
    ],
)
def test_what_others_wrote_into_our_sheet_is_not_lost(plain: bytes, element: str) -> None:
    book = grafted(plain)
    part = our_sheets(Package(book))[NAMES[0]]
    refused(
        remade(book, {part: text(book, part).replace("</worksheet>", element + "</worksheet>")}), NAMES, d.SHEET_IN_USE
    )


def test_a_drawing_with_anything_else_is_not_lost(plain: bytes) -> None:
    book = grafted(plain)
    drawing = text(book, "xl/drawings/drawing1.xml")
    one = drawing[drawing.index("<xdr:twoCellAnchor") : drawing.index("</xdr:wsDr>")]
    picture = drawing.replace("</xdr:wsDr>", one.replace("gkxl chart", "Picture 3") + "</xdr:wsDr>")
    twice = drawing.replace("</xdr:wsDr>", one + "</xdr:wsDr>")
    renamed = drawing.replace("gkxl chart", "图表 1")
    for other, what in ((picture, "Picture 3"), (twice, "gkxl chart"), (renamed, "图表 1")):
        error = refused(remade(book, {"xl/drawings/drawing1.xml": other}), NAMES, d.SHEET_IN_USE)
        assert error.values["what"] == (what, what)


def test_a_file_that_is_not_as_written(plain: bytes) -> None:
    made = graft(plain, scratch(), NAMES, stored())
    book = b"".join(made.pieces)
    verify(plain, made, io.BytesIO(book))
    sheet = book.index(b"xl/worksheets/sheet1.xml") + 40  # in the packed bytes of the user's sheet
    spoiled = book[:sheet] + bytes([book[sheet] ^ 1]) + book[sheet + 1 :]
    ours = book.index(b"customXml/item1.xml") + 40
    for wrong in (book[:-5], book[:2000] + book[2001:], spoiled, book[:ours] + b"\0\0\0" + book[ours + 3 :], plain):
        with pytest.raises(RefusedError) as raised:
            verify(plain, made, io.BytesIO(wrong))
        assert raised.value.code.number == "GK638"


@pytest.mark.parametrize("item", ["<a/>", '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>', "<a", "", "\0\1"])
def test_a_custom_part_of_someone_else_is_not_taken_for_ours(plain: bytes, item: str) -> None:
    """It stays, whatever is in it."""
    links = text(plain, "xl/_rels/workbook.xml.rels").replace(
        "</Relationships>",
        f'<Relationship Id="rId7" Type="{OFFICE}/customXml" Target="../customXml/item1.xml"/></Relationships>',
    )
    book = grafted(remade(plain, {"xl/_rels/workbook.xml.rels": links, "customXml/item1.xml": item}))
    assert Package(book).read("customXml/item1.xml") == item.encode()
    assert tree(book, "customXml/item2.xml").tag == "{urn:gkxl:results:1}results"
    assert graft(book, scratch(), NAMES, stored()).unchanged


def rich() -> bytes:
    """A workbook with much that other writers lose: a chart, a table, comments, a picture of the cells, a new kind of formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, ["单位", "件数", "日期"])
        for row in range(1, 20):
            sheet.write_row(row, 0, [f"单位{row}", row * 1.5])
            sheet.write_datetime(row, 2, datetime(2025, 1, row), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula(20, 1, "=SUM(B2:B20)", None, 285)
        sheet.write_dynamic_array_formula("E1:E1", "=SORT(B2:B20)", None, 1.5)
        sheet.add_table("H1:I3", {"columns": [{"header": "甲"}, {"header": "乙"}]})
        sheet.write_comment("A1", "批注")
        sheet.data_validation("D2:D9", {"validate": "list", "source": ["是", "否"]})
        sheet.add_sparkline("F2", {"range": "B2:B9"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=数据!$B$2:$B$20"})
        sheet.insert_chart("K5", chart)
        book.add_chartsheet("图").set_chart(other := book.add_chart({"type": "pie"}))
        other.add_series({"values": "=数据!$B$2:$B$5"})
        book.define_name("件数", "=数据!$B$2:$B$20")
        book.add_worksheet("藏").hide()
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:Sparkline:UserWarning", "ignore:Data Validation:UserWarning")
def test_all_else_is_as_it_was() -> None:
    book = rich()
    made = graft(book, scratch(), NAMES, stored())
    after = whole(book, made)
    assert set(made.replaced) == {
        "[content_types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
    }
    old, new = (openpyxl.load_workbook(io.BytesIO(b), data_only=True) for b in (book, after))
    values, stored_values = (
        [{c.coordinate: c.value for row in w[n].iter_rows() for c in row} for n in ("数据", "藏")] for w in (old, new)
    )
    assert values == stored_values
    assert rows(book, "数据") == rows(after, "数据")
    assert new.sheetnames == ["数据", "图", "藏", *NAMES]
    assert new["藏"].sheet_state == "hidden"
    assert list(new.defined_names) == ["件数"]


def same(one: etree._Element, other: etree._Element) -> bool:
    return etree.tostring(one, method="c14n") == etree.tostring(other, method="c14n")


def test_edited_parts_only_gain() -> None:
    """Without what was added, the parts that were edited are the trees they were."""
    book = rich()
    after = whole(book, graft(book, scratch(), NAMES, stored()))
    for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        assert all(map(same, tree(book, part), tree(after, part)))
    for part in ("xl/workbook.xml", "xl/styles.xml"):
        old, new = tree(book, part), tree(after, part)
        assert (old.tag, old.nsmap, dict(old.attrib)) == (new.tag, new.nsmap, dict(new.attrib))
        for parent in old:
            grown = new.find(parent.tag)
            assert all(map(same, parent, grown))
            assert dict(parent.attrib) | {"count": ""} == dict(grown.attrib) | {"count": ""}


def test_strict_workbooks_get_strict_parts() -> None:
    """ECMA-376 part 1: other namespaces, in drawings and charts too, and percentages spelled as such or left out."""
    purl = {
        MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
        OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    book = small(formats=f'<styleSheet xmlns="{MAIN}"/>')
    for part in list(Package(book).keys):
        content = text(book, part)
        for transitional, strict in purl.items():
            content = content.replace(transitional, strict)
        book = remade(book, {Package(book).members[part].filename: content})
    made = graft(book, scratch(text=MAIN), NAMES, stored())
    after = whole(book, made)
    assert [sheet.name for sheet in results(after).sheets] == list(NAMES)
    for part in made.added:
        content = text(after, part)
        assert "schemas.openxmlformats.org" not in content.replace(RELS, "").replace(f"<t>{MAIN}</t>", "")
        assert "gapWidth" not in content
    assert rows(after, NAMES[0])[1] == [MAIN, 3.0]
    assert graft(after, scratch(text=MAIN), NAMES, stored()).unchanged


def test_text_stays_text(plain: bytes) -> None:
    """As `render` writes it: what looks like a formula, an escape, a blank at the end, a control character."""
    texts = [
        "=1+1",
        "+1",
        "-1",
        "@A1",
        "_x0041_",
        " 两端 ",
        "a\tb",
        "bell\x07",
        "<r>&amp;</r>",
        "行1\n行2",
        "'引号",
        '<c t="s" s="9">',
    ]
    sheet = result_sheet("Scores", *((Written(t, Look.TEXT),) for t in texts))
    after = whole(plain, graft(plain, render([sheet]), ["Scores"], stored(["Scores"])))
    found = {row.number: row.cells[1].value for row in results(after).sheets[0].rows()}
    assert list(found.values()) == texts
    assert "sharedStrings" not in " ".join(Package(after).keys)
    assert not tree(after, our_sheets(Package(after))["Scores"]).findall(f".//{{{MAIN}}}f")


def test_every_look_is_there_whatever_is_shown(plain: bytes) -> None:
    one = result_sheet("Scores", (Written("x", Look.TOTAL), Written(Decimal("1.5"), Look.NUMBER, places=2)))
    other = result_sheet("About", *((Written(look.value, look),) for look in Look))
    first = whole(plain, graft(plain, render([one]), ["Scores"], stored(["Scores"])))
    second = whole(first, graft(first, render([other]), ["About"], stored(["About"])))
    assert text(first, "xl/styles.xml") == text(second, "xl/styles.xml")
    again = graft(second, render([one]), ["Scores"], stored(["Scores"]))
    assert text(whole(second, again), "xl/styles.xml") == text(first, "xl/styles.xml")


def test_long_sheets(plain: bytes) -> None:
    """They are worked through some rows at a time."""
    cells = [(Written(f"单位{n}", Look.NAME), Written(Decimal(n), Look.TOTAL, places=1)) for n in range(5000)]
    made = graft(plain, render([result_sheet("Awards", *cells)]), ["Awards"], stored(["Awards"]))
    after = whole(plain, made)
    assert len(text(after, our_sheets(Package(after))["Awards"])) > 2 * CHUNK
    sheet = openpyxl.load_workbook(io.BytesIO(after))["Awards"]
    assert {tuple(cell.font.b for cell in row) for row in sheet.iter_rows()} == {(False, True)}
    assert [row[1] for row in sheet.iter_rows(values_only=True)] == list(range(5000))


def result_sheet(name: str, *rows: tuple[Written, ...]) -> ResultSheet:
    return ResultSheet(name, rows, (12,) * max(map(len, rows)), heights=(15,) * len(rows))


def results(book: bytes) -> Book:
    return book_of(BookFile(Path("a.xlsx"), book, sniff(book)), "zh", results=True)
