"""Every kind of cell, by the bytes that stand for it, and every address."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from made import MAIN, OFFICE, parts, strings, styles, worksheet, write

from gkxl.diagnostics import GkError
from gkxl.tables import Area, Book, Cell, CellKind, NamedArea
from gkxl.workbook.read import read_book

K = CellKind
Read = Callable[..., Book]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def made(sheet: str | bytes, **more: str) -> Book:
        book, diagnostics = read_book(write(tmp_path / "书.xlsx", parts(sheet, **more)))
        assert book, diagnostics
        return book

    return made


def one(book: Book) -> Cell | None:
    """The only cell of the book, at A1."""
    cells = [(row.number, row.cells) for row in book.sheets[0].rows()]
    if not cells:
        return None
    assert len(cells) == 1
    assert cells[0][0] == 1
    assert set(cells[0][1]) == {1}
    return cells[0][1][1]


FORMATS = styles(
    "0", "0.0%", "14", 'yyyy"年"m"月"d"日"', "h:mm", "[h]:mm:ss", "@", "31", "[$-804]aaaa", "[Red]0.00_);(0.0)"
)
SHARED = strings(
    "<t>甲</t>",
    "<t/>",
    "<r><t>丰</t></r><r><rPr><b/></rPr><t>富</t></r><rPh sb='0' eb='1'><t>fēng</t></rPh>",
    "<t>a_x000D_b_x0041__x005F_</t>",
)


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ('<c r="A1"><v>3</v></c>', K.NUMBER, Decimal(3)),
        ('<c r="A1" t="n"><v> 3.5\n</v></c>', K.NUMBER, Decimal("3.5")),
        ('<c r="A1"><v>9.8000000000000007</v></c>', K.NUMBER, Decimal("9.8")),
        ('<c r="A1"><v>9.800000000000001</v></c>', K.NUMBER, Decimal("9.8")),
        ('<c r="A1"><v>1.0000000000000001E-2</v></c>', K.NUMBER, Decimal("0.01")),
        ('<c r="A1"><v>123456789012345678</v></c>', K.NUMBER, Decimal(123456789012346000)),
        ('<c r="A1"><v>-1.5E+300</v></c>', K.NUMBER, Decimal("-1.5E+300")),
        ('<c r="A1" s="1"><v>0.95</v></c>', K.RATE, Decimal("0.95")),
        ('<c r="A1" s="9"><v>-2</v></c>', K.NUMBER, Decimal(-2)),
        ('<c r="A1" s="6"><v>12</v></c>', K.NUMBER, Decimal(12)),
        ('<c r="A1" s="99"><v>12</v></c>', K.NUMBER, Decimal(12)),
        ('<c r="A1" s="2"><v>46022</v></c>', K.DATE, datetime(2025, 12, 31)),
        ('<c r="A1" s="3"><v>46022.5</v></c>', K.DATE, datetime(2025, 12, 31, 12)),
        ('<c r="A1" s="7"><v>46022</v></c>', K.DATE, datetime(2025, 12, 31)),
        ('<c r="A1" s="8"><v>46022</v></c>', K.DATE, datetime(2025, 12, 31)),
        ('<c r="A1" s="2"><v>46022.999988425923</v></c>', K.DATE, datetime(2025, 12, 31, 23, 59, 59)),
        ('<c r="A1" s="2"><v>1</v></c>', K.DATE, datetime(1900, 1, 1)),
        ('<c r="A1" s="2"><v>59</v></c>', K.DATE, datetime(1900, 2, 28)),
        ('<c r="A1" s="2"><v>60</v></c>', K.ERROR, "60"),
        ('<c r="A1" s="2"><v>60.5</v></c>', K.ERROR, "60.5"),
        ('<c r="A1" s="2"><v>61</v></c>', K.DATE, datetime(1900, 3, 1)),
        ('<c r="A1" s="2"><v>0</v></c>', K.ERROR, "0"),
        ('<c r="A1" s="2"><v>-1</v></c>', K.ERROR, "-1"),
        ('<c r="A1" s="2"><v>2958465</v></c>', K.DATE, datetime(9999, 12, 31)),
        ('<c r="A1" s="2"><v>2958466</v></c>', K.ERROR, "2958466"),
        ('<c r="A1" s="4"><v>0.5</v></c>', K.TEXT, "12:00:00"),
        ('<c r="A1" s="4"><v>46022.5</v></c>', K.DATE, datetime(2025, 12, 31, 12)),
        ('<c r="A1" s="5"><v>1.5</v></c>', K.TEXT, "36:00:00"),
        ('<c r="A1" t="d"><v>2025-12-31</v></c>', K.DATE, datetime(2025, 12, 31)),
        ('<c r="A1" t="d"><v>2025-12-31T08:30:15.0007Z</v></c>', K.DATE, datetime(2025, 12, 31, 8, 30, 15, 1000)),
        ('<c r="A1" t="d"><v>10:59:59.9999999999984025</v></c>', K.TEXT, "11:00:00"),
        ('<c r="A1" t="d"><v>2025-02-30</v></c>', K.ERROR, "2025-02-30"),
        ('<c r="A1" t="d"><v></v></c>', K.ERROR, ""),
        ('<c r="A1" t="s"><v>0</v></c>', K.TEXT, "甲"),
        ('<c r="A1" t="s"><v>1</v></c>', K.TEXT, ""),
        ('<c r="A1" t="s"><v>2</v></c>', K.TEXT, "丰富"),
        ('<c r="A1" t="s"><v>3</v></c>', K.TEXT, "a\rbA_"),
        ('<c r="A1" t="s"><v>4</v></c>', K.ERROR, "#4"),
        ('<c r="A1" t="s"><v>-1</v></c>', K.ERROR, "-1"),
        ('<c r="A1" t="s"><v>１</v></c>', K.ERROR, "１"),
        ('<c r="A1" t="inlineStr"><is><t>12</t></is></c>', K.TEXT, "12"),
        ('<c r="A1" t="inlineStr"><is><r><t>a&amp;</t></r><r><t>b</t></r></is></c>', K.TEXT, "a&b"),
        ('<c r="A1" t="inlineStr"><is><t>_xD83D__xDE00__xD83D_</t></is></c>', K.TEXT, "😀\ufffd"),
        ('<c r="A1" t="inlineStr"><is/></c>', K.TEXT, ""),
        ('<c r="A1"><is><t>12</t></is></c>', K.ERROR, "12"),
        ('<c r="A1" t="str"><f>A2</f><v>结果</v></c>', K.TEXT, "结果"),
        ('<c r="A1" t="str"><f>A2</f><v></v></c>', K.TEXT, ""),
        ('<c r="A1" t="str"><f>A2</f></c>', K.UNCALCULATED, None),
        ('<c r="A1"><f>SUM(B1:B9)</f><v>3</v></c>', K.NUMBER, Decimal(3)),
        ('<c r="A1"><f>SUM(B1:B9)</f><v></v></c>', K.UNCALCULATED, None),
        ('<c r="A1"><f>SUM(B1:B9)</f></c>', K.UNCALCULATED, None),
        ('<c r="A1"><f t="shared" si="0"/></c>', K.UNCALCULATED, None),
        ('<c r="A1" t="b"><v>1</v></c>', K.BOOL, True),
        ('<c r="A1" t="b"><v>0</v></c>', K.BOOL, False),
        ('<c r="A1" t="b"><v>2</v></c>', K.ERROR, "2"),
        ('<c r="A1" t="e"><v>#REF!</v></c>', K.ERROR, "#REF!"),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', K.ERROR, "#DIV/0!"),
        ('<c r="A1"><v>NaN</v></c>', K.ERROR, "NaN"),
        ('<c r="A1"><v>INF</v></c>', K.ERROR, "INF"),
        ('<c r="A1"><v>1e999</v></c>', K.ERROR, "1e999"),
        ('<c r="A1"><v>１２</v></c>', K.ERROR, "１２"),
        ('<c r="A1"><v>1_000</v></c>', K.ERROR, "1_000"),
        ('<c r="A1"><v>1,5</v></c>', K.ERROR, "1,5"),
        ('<c r="A1" t="new"><v>7</v></c>', K.ERROR, "7"),
    ],
)
def test_kind(read: Read, cell: str, kind: CellKind, value: object) -> None:
    book = read(worksheet(f'<row r="1">{cell}</row>'), shared=SHARED, formats=FORMATS)
    assert one(book) == Cell(kind, value)  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ['<c r="A1"/>', '<c r="A1" s="3"/>', '<c r="A1" t="s"/>', '<c r="A1"><v></v></c>'])
def test_blank(read: Read, cell: str) -> None:
    assert one(read(worksheet(f'<row r="1">{cell}</row>'), shared=SHARED, formats=FORMATS)) is None


def test_epoch_1904(read: Read) -> None:
    sheet = worksheet('<row r="1"><c r="A1" s="0"><v>0</v></c><c r="B1" s="0"><v>60</v></c></row>')
    book = read(sheet, formats=styles("14"), properties='<workbookPr date1904="1"/>')
    cells = next(book.sheets[0].rows()).cells
    assert [cells[c].value for c in (1, 2)] == [datetime(1904, 1, 1), datetime(1904, 3, 1)]


def test_addresses_left_out_and_disordered(read: Read) -> None:
    data = (
        '<row><c><v>1</v></c><c r="D1"><v>4</v></c><c><v>5</v></c></row>'
        '<row r="4" spans="1:9"><c r="C4"><v>3</v></c><c r="A4"><v>1</v></c></row><row><c><v>9</v></c></row>'
    )
    rows = list(read(worksheet(data)).sheets[0].rows())
    assert [(r.number, {c: int(v.value) for c, v in r.cells.items()}) for r in rows] == [  # type: ignore[arg-type]
        (1, {1: 1, 4: 4, 5: 5}),
        (4, {1: 1, 3: 3}),
        (5, {1: 9}),
    ]
    assert list(rows[1].cells) == [1, 3]


def test_columns_start_and_hidden(read: Read) -> None:
    data = "".join(
        f'<row r="{r}" hidden="{int(r == 3)}"><c r="A{r}"><v>{r}</v></c><c r="XFD{r}"><v>0</v></c></row>'
        for r in (1, 2, 3, 4)
    )
    sheet = read(worksheet(data)).sheets[0]
    assert [(r.number, list(r.cells), r.hidden) for r in sheet.rows([16384], start=2)] == [
        (2, [16384], False),
        (3, [16384], True),
        (4, [16384], False),
    ]
    assert list(sheet.rows([2])) == []
    assert len(list(sheet.rows())) == 4  # and again


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(read: Read, encoding: str) -> None:
    text = worksheet('<row r="1"><c r="A1" t="inlineStr"><is><t>单位𠮷</t></is></c></row>')
    if encoding.startswith("utf-16"):
        text = text.replace('encoding="UTF-8"', 'encoding="UTF-16"')
    content = ("\ufeff" + text).encode("utf-16-le") if encoding == "utf-16-le" else text.encode(encoding)
    assert one(read(content)) == Cell(K.TEXT, "单位𠮷")


def test_prefixes_comments_cdata_and_entities(read: Read) -> None:
    text = f"""<?xml version='1.0'?><x:worksheet xmlns:x="{MAIN}"><!-- <row> --><x:sheetData>
      <x:row r='1' ><!-- <c r="B1"/></x:row> --><x:c r='A1' t='inlineStr'><x:is><x:t><![CDATA[<甲>]]>&#x4E59;</x:t>
      </x:is></x:c></x:row></x:sheetData></x:worksheet>"""
    assert one(read(text)) == Cell(K.TEXT, "<甲>乙")


def test_a_comment_that_holds_an_end_tag(read: Read) -> None:
    data = '<row r="1"><c r="A1"><v>1</v></c><!-- </row> --><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'
    rows = list(read(worksheet(data)).sheets[0].rows())
    assert [[c.value for c in r.cells.values()] for r in rows] == [[1, 2], [3]]


def test_strict(tmp_path: Path) -> None:
    made = parts(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    strict = {
        name: str(text)
        .replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, text in made.items()
    }
    book, _ = read_book(write(tmp_path / "strict.xlsx", strict))  # type: ignore[arg-type]
    assert book
    assert one(book) == Cell(K.NUMBER, Decimal(1))


@pytest.mark.parametrize(
    "target",
    [
        "/xl/worksheets/sheet1.xml",
        "../xl/./worksheets/sheet1.xml",
        "WORKSHEETS/Sheet1.xml",
        "worksheets\\sheet1.xml",
        "worksheets/sheet%31.xml",
    ],
)
def test_targets(tmp_path: Path, target: str) -> None:
    made = parts(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    rels = "xl/_rels/workbook.xml.rels"
    made[rels] = str(made[rels]).replace("worksheets/sheet1.xml", target)
    book, _ = read_book(write(tmp_path / "t.xlsx", made))
    assert book
    assert one(book) == Cell(K.NUMBER, Decimal(1))


def test_backslashes_in_member_names(tmp_path: Path) -> None:
    made = parts(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    book, _ = read_book(write(tmp_path / "b.xlsx", {name.replace("/", "\\"): text for name, text in made.items()}))
    assert book
    assert one(book) == Cell(K.NUMBER, Decimal(1))


def test_sheets_merges_and_areas(tmp_path: Path) -> None:
    names = "".join(
        f'<definedName name="{name}"{more}>{formula}</definedName>'
        for name, more, formula in [
            ("区域", "", "'It''s 表'!$A$1:$D$20"),
            ("一格", ' localSheetId="0"', "乙!$B$2"),
            ("整列", "", "乙!$A:$C"),
            ("整行", "", "乙!$2:$3"),
            ("常数", "", "0.5"),
            ("坏", "", "乙!#REF!"),
            ("外", "", "[1]乙!$A$1"),
            ("两块", "", "乙!$A$1,乙!$B$1"),
            ("_xlnm.Print_Area", "", "乙!$A$1:$B$2"),
        ]
    )
    made = parts(
        worksheet(
            "", after='<mergeCells count="2"><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B:C"/></mergeCells>'
        ),
        sheets='<sheet name="乙" sheetId="1" state="hidden" r:id="rId1"/><sheet name="图" sheetId="2" r:id="rId8"/>'
        '<sheet name="It\'s 表" sheetId="3" r:id="rId9"/><sheet name="模块" sheetId="4" r:id=""/>',
        workbook=f"<definedNames>{names}</definedNames>",
    )
    rels = "xl/_rels/workbook.xml.rels"
    made[rels] = str(made[rels]).replace(
        "</Relationships>",
        f'<Relationship Id="rId8" Type="{OFFICE}/chartsheet" Target="chartsheets/sheet1.xml"/>'
        f'<Relationship Id="rId9" Type="{OFFICE}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
    )
    made["xl/chartsheets/sheet1.xml"] = "<chartsheet/>"
    made["xl/worksheets/sheet2.xml"] = worksheet("")
    made["xl/worksheets/_rels/sheet2.xml.rels"] = (
        str(made["_rels/.rels"]).replace('officeDocument"', 'table"').replace("xl/workbook.xml", "../tables/table1.xml")
    )
    made["xl/tables/table1.xml"] = f'<table xmlns="{MAIN}" name="t" displayName="台账" ref="A3:C9" totalsRowCount="1"/>'
    book, _ = read_book(write(tmp_path / "areas.xlsx", made))
    assert book
    assert [(s.name, s.hidden) for s in book.sheets] == [("乙", True), ("It's 表", False)]
    assert list(book.sheets[0].merges) == [Area(1, 1, 1048576, 16384), Area(1, 2, 1048576, 3)]
    assert book.areas == (
        NamedArea("台账", "It's 表", Area(3, 1, 9, 3), "table", 1, 1),
        NamedArea("区域", "It's 表", Area(1, 1, 20, 4), "name"),
        NamedArea("一格", "乙", Area(2, 2, 2, 2), "name"),
        NamedArea("整列", "乙", Area(1, 1, 1048576, 3), "name"),
        NamedArea("整行", "乙", Area(2, 1, 3, 16384), "name"),
    )


def test_header_lookup_stops_early_and_damage_shows_when_reached(read: Read) -> None:
    data = "".join(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>' for r in range(1, 6000))
    sheet = read(worksheet(data + '<row r="6000"><c r="A6000"><v>1</c></row>')).sheets[0]
    rows = sheet.rows()
    assert [next(rows).number for _ in range(3)] == [1, 2, 3]
    with pytest.raises(GkError) as raised:
        list(rows)
    assert [d.code.number for d in raised.value.diagnostics] == ["GK613"]
