"""What counts sheets in a workbook: its tabs, its names, its views, its calculation; and the ways in which these are written."""

import pytest
from grafting import NAMES, grafted, remade, scratch, small, stored, text, tree, whole
from made import HEAD, MAIN, OFFICE, relations, worksheet

from gkxl import diagnostics as d
from gkxl.workbook.graft import graft
from gkxl.workbook.own_sheets import our_sheets
from gkxl.workbook.package import Package, RefusedError

M, R = f"{{{MAIN}}}", f"{{{OFFICE}}}"
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
VIEWS = '<bookViews><workbookView activeTab="{}" firstSheet="{}"/></bookViews>'


def sheets(book: bytes) -> list[tuple[str, str, str]]:
    """Name, sheetId and part of each sheet, in their order."""
    parts = {r.id: r.target for r in Package(book).relations(BOOK)}
    return [
        (e.get("name"), e.get("sheetId"), parts.get(e.get(f"{R}id"), "")) for e in tree(book, BOOK).iter(f"{M}sheet")
    ]


def names(book: bytes) -> list[tuple[str, str, str]]:
    return [(e.get("name"), e.get("localSheetId"), e.text) for e in tree(book, BOOK).iter(f"{M}definedName")]


def edited(book: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    content = text(book, part)
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    return remade(book, {part: content})


def declared(book: bytes, part: str) -> str:
    """The content types with one more."""
    entry = f'<Override PartName="/{part}" ContentType="application/x"/></Types>'
    return text(book, "[Content_Types].xml").replace("</Types>", entry)


def moved(book: bytes) -> bytes:
    """The book after its user has put the first sheet of ours in front of his own, and looked at it."""
    root = text(book, BOOK)
    start = root.index('<sheet name="得分汇总"')
    tag = root[start : root.index("/>", start) + 2]
    root = root.replace(tag, "").replace("<sheets>", f"<sheets>{tag}")
    for old, new in (("0", "x"), ("1", "0"), ("x", "1")):
        root = root.replace(f'localSheetId="{old}"', f'localSheetId="{new}"')
    return remade(book, {BOOK: root})


def test_a_replaced_sheet_keeps_its_place() -> None:
    book = moved(grafted(small()))
    assert [name for name, *_ in sheets(book)] == ["得分汇总", "甲", "得分明细"]
    again = grafted(book, points=5)
    assert sheets(again) == sheets(book)
    assert sorted(names(again)) == sorted(names(book))
    assert names(again)[0][1:] == ("0", "得分汇总!$A$1:$B$2")


def test_names_of_the_filter_and_of_printing_point_to_their_sheet() -> None:
    given = '<definedNames><definedName name="范围">甲!$A$1</definedName></definedNames>'
    book = grafted(small(workbook=given))
    assert names(book) == [
        ("范围", None, "甲!$A$1"),
        ("_xlnm._FilterDatabase", "1", "得分汇总!$A$1:$B$2"),
        ("_xlnm.Print_Titles", "1", "得分汇总!$1:$1"),
        ("_xlnm._FilterDatabase", "2", "得分明细!$A$1:$B$2"),
        ("_xlnm.Print_Titles", "2", "得分明细!$1:$1"),
    ]


def test_a_sheet_no_longer_produced_goes_with_all_that_counted_it() -> None:
    book = grafted(small(properties=VIEWS.format(0, 0)))
    mine = (
        '<definedName name="我的" localSheetId="1">1</definedName>'
        '<definedName name="又" localSheetId="2">得分明细!$A$1</definedName>'
    )
    book = edited(book, BOOK, ("</definedNames>", mine + "</definedNames>"), ('activeTab="0"', 'activeTab="2"'))
    less = grafted(book, NAMES[1:])
    assert [name for name, *_ in sheets(less)] == ["甲", "得分明细"]
    assert names(less) == [
        ("_xlnm._FilterDatabase", "1", "得分明细!$A$1:$B$2"),
        ("_xlnm.Print_Titles", "1", "得分明细!$1:$1"),
        ("又", "1", "得分明细!$A$1"),
    ]
    assert tree(less, BOOK).find(f".//{M}workbookView").get("activeTab") == "1"
    assert "tabSelected" in text(less, our_sheets(Package(less))["得分明细"])
    assert len([key for key in Package(less).keys if "chart" in key]) == 1
    assert sheets(grafted(less))[1:] == [*sheets(book)[2:], ("得分汇总", "4", "xl/worksheets/sheet2.xml")]


@pytest.mark.parametrize(
    ("active", "state", "then"),
    [(1, "", "1"), (2, "", "1"), (0, "", "0"), (1, ' state="hidden"', "1"), (2, ' state="hidden"', "1")],
)
def test_the_active_sheet_stays_or_a_visible_one_takes_its_place(active: int, state: str, then: str) -> None:
    book = grafted(small(properties=VIEWS.format(active, active)), ("得分汇总", "得分明细"))
    hidden = edited(book, BOOK, ('name="甲"', f'name="甲"{state}'))
    view = tree(grafted(hidden, NAMES[1:]), BOOK).find(f".//{M}workbookView")
    assert (view.get("activeTab"), view.get("firstSheet")) == (then, then)


def test_no_two_tabs_are_selected() -> None:
    """XlsxWriter selects the first sheet; a second selected one would group them, and typing would go into both."""
    book = grafted(small())
    assert all("tabSelected" not in text(book, part) for part in our_sheets(Package(book)).values())
    looked_at = edited(book, BOOK, ("<workbookView/>", '<workbookView activeTab="2"/>'))
    selected = grafted(looked_at)
    assert ["tabSelected" in text(selected, part) for part in our_sheets(Package(selected)).values()] == [False, True]


def test_without_views_there_is_one() -> None:
    root = tree(grafted(small(properties="<workbookPr/>")), BOOK)
    assert [e.tag.removeprefix(M) for e in root] == ["workbookPr", "bookViews", "sheets", "definedNames"]
    assert len(root.findall(f"{M}bookViews/{M}workbookView")) == 1


def test_an_id_that_leads_nowhere_does_not_come_alive() -> None:
    book = small(workbook='<externalReferences><externalReference r:id="rId2"/></externalReferences>')
    links = {r.id for r in Package(grafted(book)).relations(BOOK)}
    assert "rId2" not in links
    assert {"rId1", "rId3", "rId4"} <= links


def test_a_part_that_is_only_mentioned_does_not_come_alive() -> None:
    book = small()
    types = declared(book, "xl/worksheets/sheet2.xml")
    sheet_links = relations(
        ("rId1", "drawing", "../drawings/drawing1.xml"), ("rId2", "drawing", "/XL/charts/chart1.xml")
    )
    book = remade(book, {"[Content_Types].xml": types, "xl/worksheets/_rels/sheet1.xml.rels": sheet_links})
    parts = set(Package(grafted(book)).keys)
    assert {
        "xl/worksheets/sheet3.xml",
        "xl/worksheets/sheet4.xml",
        "xl/drawings/drawing2.xml",
        "xl/charts/chart2.xml",
    } <= parts
    assert not {"xl/worksheets/sheet2.xml", "xl/drawings/drawing1.xml", "xl/charts/chart1.xml"} & parts


def test_sheet_ids_at_their_limit() -> None:
    book = small(sheets='<sheet name="甲" sheetId="65534" r:id="rId1"/>')
    assert [number for _, number, _ in sheets(grafted(book))] == ["65534", "1", "2"]


def test_prefixed_xml_and_what_is_to_be_ignored() -> None:
    given = (
        f'{HEAD}<x:workbook xmlns:x="{MAIN}" xmlns:q="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:x15="urn:fifteen" mc:Ignorable="x15"><x:bookViews><x:workbookView/></x:bookViews>'
        '<x:sheets><x:sheet name="甲" sheetId="1" q:id="rId1"/></x:sheets><!-- mine --></x:workbook>'
    )
    book = grafted(remade(small(), {BOOK: given}))
    made = text(book, BOOK)
    assert [name for name, *_ in sheets(book)] == ["甲", *NAMES]
    assert 'xmlns:x15="urn:fifteen"' in made
    assert "<!-- mine -->" in made
    assert made.count(OFFICE) == 1
    assert '<x:sheet name="得分汇总" sheetId="2" q:id=' in made
    assert graft(book, scratch(), NAMES, stored()).unchanged


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings(encoding: str) -> None:
    given = text(small(), BOOK).replace("UTF-8", "UTF-16" if encoding == "utf-16" else "UTF-8").encode(encoding)
    assert [name for name, *_ in sheets(grafted(remade(small(), {BOOK: given})))] == ["甲", *NAMES]


def test_absolute_targets_and_backslashes() -> None:
    book = small()
    links = text(book, LINKS).replace('"worksheets/', '"/xl/worksheets/')
    moved = dict.fromkeys(("xl/workbook.xml", "xl/worksheets/sheet1.xml", LINKS))
    backslashed = {name.replace("/", "\\"): text(book, name) for name in moved} | {LINKS.replace("/", "\\"): links}
    again = grafted(grafted(remade(book, moved | backslashed)), points=4)
    assert [part for *_, part in sheets(again)] == [f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 3)]


def test_a_workbook_at_the_root_of_the_package() -> None:
    book = small()
    root = {
        "_rels/.rels": text(book, "_rels/.rels").replace("xl/workbook.xml", "Book.xml"),
        "Book.xml": text(book, BOOK),
        "_rels/Book.xml.rels": text(book, LINKS).replace("worksheets/", "xl/worksheets/"),
        BOOK: None,
        LINKS: None,
    }
    made = remade(book, root)
    assert list(our_sheets(Package(grafted(made)))) == list(NAMES)
    assert graft(grafted(made), scratch(), NAMES, stored()).unchanged


def with_formula(formula: str) -> bytes:
    return small(worksheet(f'<row r="1"><c r="A1"><f>{formula}</f><v>7</v></c></row>'))


def calculates(book: bytes) -> bool:
    calculation = tree(book, BOOK).find(f"{M}calcPr")
    return calculation is not None and calculation.get("fullCalcOnLoad") == "1"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("得分汇总!B2", True),
        ("SUM('得分汇总'!B:B)", True),
        ("&#24471;&#20998;&#27719;&#24635;!B2", True),
        ("&#x5F97;&#x5206;&#x6C47;&#x603B;!B2", True),
        ('indirect("得分"&amp;"汇总!B2")', True),
        ("B2*2", False),
        ("'得分汇总 (2)'!B2", True),  # once more than it had to
        ("得分明细!B2", True),
    ],
)
def test_formulas_that_read_what_has_changed_are_calculated_when_opened(formula: str, expected: bool) -> None:
    first = grafted(with_formula(formula))
    assert not calculates(first)  # nothing read our sheets before
    assert not calculates(grafted(first, points=3))
    again = grafted(first, points=5)
    assert calculates(again) is expected
    assert text(again, "xl/worksheets/sheet1.xml") == text(first, "xl/worksheets/sheet1.xml")


def test_formulas_in_prefixed_xml_and_in_utf_16() -> None:
    plain = text(with_formula("得分汇总!B2"), "xl/worksheets/sheet1.xml")
    prefixed = plain.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    for sheet in (prefixed, plain.replace("UTF-8", "UTF-16").encode("utf-16")):
        first = grafted(remade(small(), {"xl/worksheets/sheet1.xml": sheet}))
        assert calculates(grafted(first, points=5))


def test_a_text_is_no_formula_that_reads() -> None:
    first = grafted(small(worksheet('<row r="1"><c r="A1" t="inlineStr"><is><t>得分汇总</t></is></c></row>')))
    assert not calculates(grafted(first, points=5))


def test_a_defined_name_that_reads_what_has_changed() -> None:
    given = '<definedNames><definedName name="总分">得分汇总!$B$2</definedName></definedNames>'
    first = grafted(small(workbook=given + '<calcPr calcId="191029"/>'))
    assert not calculates(first)
    assert calculates(grafted(first, points=5))


@pytest.mark.parametrize("where", ["cell", "name", "name on another sheet of ours"])
def test_a_sheet_that_formulas_read_is_not_removed(where: str) -> None:
    """Excel takes a reference to a sheet that is not there for damage."""
    book = grafted(with_formula("SUM('得分汇总'!B2:B9)") if where == "cell" else small())
    if where != "cell":
        place = ' localSheetId="2"' if "another" in where else ""
        mine = f'<definedName name="总分"{place}>得分汇总!$B$2</definedName></definedNames>'
        book = edited(book, BOOK, ("</definedNames>", mine))
    with pytest.raises(RefusedError) as refused:
        grafted(book, NAMES[1:])
    assert refused.value.code is d.SHEET_NEEDED
    assert grafted(grafted(with_formula('"得分汇总"')), NAMES[1:]), "a text is no reference"


def test_first_adding_inflates_no_sheet() -> None:
    """The packed bytes of the user's sheet are damaged here, which nobody notices who does not unpack it."""
    book = bytearray(small(worksheet("<row/>" * 1000)))
    place = book.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    book[place : place + 20] = b"\xff" * 20
    made = graft(bytes(book), scratch(), NAMES, stored())
    assert book[place : place + 20] in b"".join(made.pieces)


CHAIN = f'{HEAD}<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>'


def test_the_calculation_chain_goes_only_when_a_formula_goes() -> None:
    book = with_formula("1+1")
    links = text(book, LINKS).replace(
        "</Relationships>",
        f'<Relationship Id="rId9" Type="{OFFICE}/calcChain" Target="calcChain.xml"/></Relationships>',
    )
    types = declared(book, "xl/calcChain.xml")
    first = grafted(remade(book, {LINKS: links, "xl/calcChain.xml": CHAIN, "[Content_Types].xml": types}))
    assert Package(grafted(first, points=5)).read("xl/calcChain.xml") == CHAIN.encode()
    part = our_sheets(Package(first))["得分汇总"]
    formula = edited(first, part, ("<v>3</v>", "<f>1+2</f><v>3</v>"))
    made = graft(formula, scratch(), NAMES, stored())
    assert made.dropped == ("xl/calcchain.xml",)
    assert "calcChain" not in text(whole(formula, made), LINKS) + text(whole(formula, made), "[Content_Types].xml")


def test_macros_know_a_replaced_sheet_by_its_name_for_them() -> None:
    book = grafted(small())
    part = our_sheets(Package(book))["得分汇总"]
    named = edited(book, part, ("<dimension", '<sheetPr codeName="Sheet7"/><dimension'))
    assert tree(grafted(named, points=5), part).find(f"{M}sheetPr").get("codeName") == "Sheet7"


def test_a_protected_sheet_of_ours_stays_protected() -> None:
    book = grafted(small())
    part = our_sheets(Package(book))["得分汇总"]
    lock = '<sheetProtection password="CC1A" sheet="1" xmlns:x="urn:x" x:y="z"/>'
    locked = edited(book, part, ("</sheetData>", f"</sheetData>{lock}"))
    root = tree(grafted(locked, points=5), part)
    tags = [e.tag.removeprefix(M) for e in root]
    assert tags[tags.index("sheetData") + 1] == "sheetProtection"
    assert dict(root.find(f"{M}sheetProtection").attrib) == {"password": "CC1A", "sheet": "1"}


def test_dates_of_1904_stay_so() -> None:
    book = small(properties='<workbookPr date1904="1"/>')
    assert tree(grafted(book), BOOK).find(f"{M}workbookPr").get("date1904") == "1"
