"""New stored values in a sheet's bytes: what is said changes, all else stays, however the sheet is spelled."""

import os
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from grafting import small, zipped
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from made import HEAD, MAIN, parts, worksheet

from gkxl.tables import BLANK, Cell, CellKind
from gkxl.workbook.cells import position
from gkxl.workbook.formulas import FormulaCell, formula_cells
from gkxl.workbook.own_sheets import main_part
from gkxl.workbook.package import CHUNK, Package, RefusedError
from gkxl.workbook.patch import with_load_calculation, with_values
from gkxl.workbook.read import read_book

CORPUS = os.environ.get("GKXL_CORPUS", "")
PART = "xl/worksheets/sheet1.xml"
ONE = Cell(CellKind.NUMBER, Decimal(1))
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def text(value: str) -> Cell:
    return Cell(CellKind.TEXT, value)


def patched(sheet: str | bytes, values: Mapping[int, Mapping[int, Cell]]) -> bytes:
    return b"".join(with_values(Package(zipped(parts(sheet))), PART, values))


def rows(before: str, values: Mapping[int, Mapping[int, Cell]]) -> str:
    """The rows of a sheet with new values."""
    sheet = patched(worksheet(before), values).decode()
    head, data, tail = re.split("(?<=<sheetData>)|(?=</sheetData>)", sheet)
    assert head + tail == worksheet("")
    return data


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (ONE, '<c r="A1" s="3"><f>x</f><v>1</v></c>'),
        (Cell(CellKind.NUMBER, Decimal("-6.5")), '<c r="A1" s="3"><f>x</f><v>-6.5</v></c>'),
        (Cell(CellKind.NUMBER, Decimal(repr(50 / 3))), '<c r="A1" s="3"><f>x</f><v>16.666666666666668</v></c>'),
        (Cell(CellKind.NUMBER, Decimal("1e300")), '<c r="A1" s="3"><f>x</f><v>1E+300</v></c>'),
        (Cell(CellKind.NUMBER, Decimal("0.1")), '<c r="A1" s="3"><f>x</f><v>0.1</v></c>'),
        (Cell(CellKind.BOOL, True), '<c r="A1" s="3" t="b"><f>x</f><v>1</v></c>'),
        (Cell(CellKind.ERROR, "#N/A"), '<c r="A1" s="3" t="e"><f>x</f><v>#N/A</v></c>'),
        (text("优秀"), '<c r="A1" s="3" t="str"><f>x</f><v>优秀</v></c>'),
        (text(""), '<c r="A1" s="3" t="str"><f>x</f><v></v></c>'),
        (text("a<b>&c"), '<c r="A1" s="3" t="str"><f>x</f><v>a&lt;b&gt;&amp;c</v></c>'),
        (text(" x"), '<c r="A1" s="3" t="str"><f>x</f><v xml:space="preserve"> x</v></c>'),
        (text("x\ny"), '<c r="A1" s="3" t="str"><f>x</f><v xml:space="preserve">x\ny</v></c>'),
        (text("a\rb\x01"), '<c r="A1" s="3" t="str"><f>x</f><v>a_x000D_b_x0001_</v></c>'),
        (text("_x0041_x0042_"), '<c r="A1" s="3" t="str"><f>x</f><v>_x005F_x0041_x005F_x0042_</v></c>'),
        (BLANK, '<c r="A1" s="3"><f>x</f></c>'),
    ],
)
def test_values_are_typed(value: Cell, cell: str) -> None:
    before = '<row r="1"><c r="A1" s="3" t="str"><f>x</f><v>old</v></c></row>'
    assert rows(before, {1: {1: value}}) == f'<row r="1">{cell}</row>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<c r="B2"><f>x</f></c>', '<c r="B2"><f>x</f><v>1</v></c>'),
        ('<c r="B2" s="1"/>', '<c r="B2" s="1"><v>1</v></c>'),
        ('<c r="B2" t="b" cm="1" ><f t="array" ref="B2"/><v/></c >', '<c r="B2" cm="1" ><f t="array" ref="B2"/><v>1</v></c >'),
        ("<c r='B2' t='inlineStr'><is><t>o</t></is></c>", "<c r='B2'><v>1</v></c>"),
        ('<c r="B2" t="e" vm="1" cm="1"><v>#VALUE!</v></c>', '<c r="B2" cm="1"><v>1</v></c>'),
        ('<c r="B2"><v>1.0</v></c>', '<c r="B2"><v>1</v></c>'),
        ('<c t="n" r="B2"> <f>a&gt;"b"</f> <v>7</v> <extLst/></c>', '<c t="n" r="B2"> <f>a&gt;"b"</f> <v>1</v> <extLst/></c>'),
        ('<c r="B2"><extLst><ext>v</ext></extLst></c>', '<c r="B2"><v>1</v><extLst><ext>v</ext></extLst></c>'),
        ('<c r="B2"><f><![CDATA[a<b></c>]]></f><v>7</v></c>', '<c r="B2"><f><![CDATA[a<b></c>]]></f><v>1</v></c>'),
        ('<!-- <c r="B2"/> --><c r="B2"/>', '<!-- <c r="B2"/> --><c r="B2"><v>1</v></c>'),
    ],
)  # fmt: skip
def test_all_else_of_a_cell_stays(before: str, after: str) -> None:
    around = '<row r="1"><c r="A1"><v>0</v></c></row><row r="2" ht="9">{}<c r="C2"><v>0</v></c></row><row r="3"/>'
    assert rows(around.replace("{}", before), {2: {2: ONE}}) == around.replace("{}", after)


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ('<row r="2"><c r="A2"/></row>', {2: {3: ONE}}, '<row r="2"><c r="A2"/><c r="C2"><v>1</v></c></row>'),
        ('<row r="2"><c r="D2"/></row>', {2: {3: ONE}}, '<row r="2"><c r="C2"><v>1</v></c><c r="D2"/></row>'),
        ('<row r="2" ht="9"/>', {2: {1: text("a")}}, '<row r="2" ht="9"><c r="A2" t="str"><v>a</v></c></row>'),
        ('<row r="2"/><row r="5"/>', {3: {1: ONE}, 7: {1: ONE}},
         '<row r="2"/><row r="3"><c r="A3"><v>1</v></c></row><row r="5"/><row r="7"><c r="A7"><v>1</v></c></row>'),
        ('<row r="2"/>', {3: {1: BLANK}}, '<row r="2"/>'),
        ('<row r="2"/>', {2: {1: BLANK}}, '<row r="2"></row>'),
        ("<row><c/><c/></row><row><c><v>5</v></c></row>", {1: {2: ONE}, 2: {1: ONE, 2: ONE}},
         '<row><c/><c><v>1</v></c></row><row><c><v>1</v></c><c r="B2"><v>1</v></c></row>'),
        (f'<row r="{"9" * 5000}"/>', {2: {1: ONE}}, f'<row r="{"9" * 5000}"/><row r="2"><c r="A2"><v>1</v></c></row>'),
    ],
)  # fmt: skip
def test_cells_that_are_not_there_are_made(before: str, values: dict[int, dict[int, Cell]], after: str) -> None:
    assert rows(before, values) == after


def test_prefixes_and_strict_parts() -> None:
    sheet = (
        f'<?xml version="1.0"?><x:worksheet xmlns:x="{STRICT}"><x:sheetData><x:row r="1"><x:c r="A1"><x:f>y</x:f></x:c>'
        '</x:row></x:sheetData><x:other><x:row r="1"><x:c r="A1"/></x:row></x:other></x:worksheet>'
    )
    after = patched(sheet, {1: {1: ONE, 2: ONE}, 3: {1: ONE}}).decode()
    assert after == sheet.replace(
        "</x:f></x:c></x:row>",
        '</x:f><x:v>1</x:v></x:c><x:c r="B1"><x:v>1</x:v></x:c></x:row><x:row r="3"><x:c r="A3"><x:v>1</x:v></x:c></x:row>',
    )


def test_other_encodings() -> None:
    latin = (
        worksheet('<row r="1"><c r="A1" t="str"><v>é</v></c><c r="B1"/></row>')
        .replace("UTF-8", "ISO-8859-1")
        .encode("latin-1")
    )
    after = patched(latin, {1: {2: text("优")}})
    assert after == latin.replace(b'<c r="B1"/>', b'<c r="B1" t="str"><v>&#20248;</v></c>')
    for wide in ("utf-16", "utf-16-be"):
        sheet = worksheet('<row r="1"><c r="A1"/></row>').replace("UTF-8", "UTF-16").encode(wide)
        with pytest.raises(RefusedError) as refused:
            patched(sheet, {1: {1: ONE}})
        assert refused.value.code.number == "GK613"


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 12), st.text(max_size=8)), max_size=12), st.data())
def test_what_is_put_is_read_and_nothing_else_changes(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    """A sheet of numbers with holes; any texts put anywhere."""
    there = sorted(set(data.draw(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 12)), max_size=40))))
    numbers = sorted({row for row, _ in there} | set(data.draw(st.lists(st.integers(1, 40), max_size=5))))
    sheet = worksheet(
        "".join(
            f'<row r="{n}">'
            + "".join(f'<c r="{chr(64 + c)}{n}" s="1"><v>{n * 100 + c}</v></c>' for r, c in there if r == n)
            + "</row>"
            for n in numbers
        )
    )
    values: dict[int, dict[int, Cell]] = {}
    for row, column, said in cells:
        values.setdefault(row, {})[column] = text(said)
    after = patched(sheet, values)
    path = tmp_path_factory.mktemp("put") / "b.xlsx"
    path.write_bytes(zipped(parts(after)))
    book, _ = read_book(path)
    assert book is not None
    found = {(row.number, column): cell.value for row in book.sheets[0].rows() for column, cell in row.cells.items()}
    put = {(row, column): cell.value for row, line in values.items() for column, cell in line.items()}
    readable = {
        place: str(said).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        for place, said in put.items()
    }
    assert found == {(r, c): r * 100 + c for r, c in there} | readable
    assert _without(after.decode(), put) == _without(sheet, put)


def _without(sheet: str, places: Mapping[tuple[int, int], object]) -> str:
    """A sheet of cells as the test above writes them, but for some; and but for rows that are empty then."""
    for row, column in places:
        sheet = re.sub(rf'<c r="{chr(64 + column)}{row}".*?</c>', "", sheet, flags=re.DOTALL)
    return re.sub(r'<row r="\d+">\s*</row>', "", sheet)


@pytest.mark.skipif(not CORPUS, reason="GKXL_CORPUS is not set")
def test_sheets_of_real_workbooks() -> None:
    """Values in cells that are there and in others, in every sheet; but for these cells both are the same tree."""
    random = Random(1)
    values = [ONE, BLANK, Cell(CellKind.ERROR, "#N/A"), text(" 优\n"), text("a<&_x0041_")]
    judged = 0
    for path in sorted(Path(CORPUS).glob("*.xls[xm]")):
        try:
            package = Package(path.read_bytes())
            sheets = [r.target for r in package.relations(main_part(package)) if r.kind == "worksheet"]
            found = [(part, package.read(part)) for part in sheets if part in package]
        except RefusedError:
            continue
        for part, before in found:
            try:
                _, there = _tree(before, {})
            except etree.XMLSyntaxError:
                continue
            if not there:  # no formula can stand in it
                continue
            new = {(random.randint(1, 200), random.randint(1, 30)) for _ in range(10)}
            places = new | set(random.sample(sorted(there), min(20, len(there))))
            put: dict[int, dict[int, Cell]] = {}
            for row, column in sorted(places):
                put.setdefault(row, {})[column] = random.choice(values)
            after, _ = _tree(b"".join(with_values(package, part, put)), places)
            assert after == _tree(before, places)[0], (path, part)
            judged += 1
    assert judged


def _tree(sheet: bytes, without: Collection[tuple[int, int]]) -> tuple[bytes, set[tuple[int, int]]]:
    """A sheet in one spelling, without what some cells store, without cells and rows that have nothing then; and its cells."""
    parser = etree.XMLParser(huge_tree=True, remove_blank_text=True, remove_comments=True)
    root, there, number = etree.fromstring(sheet, parser), set[tuple[int, int]](), 0
    for row in root.findall("{*}sheetData/{*}row"):
        number, column = int(row.get("r", number + 1)), 0
        for cell in row.findall("{*}c"):
            at = position(cell.get("r", ""))
            column = at[1] if at else column + 1
            there.add((number, column))
            if (number, column) in without:
                for child in (*cell.findall("{*}v"), *cell.findall("{*}is")):
                    cell.remove(child)
                for name in ("t", "vm"):
                    cell.attrib.pop(name, None)
                cell.text = None
                if not len(cell) and set(cell.attrib) <= {"r", "s"}:
                    row.remove(cell)
        if not len(row):
            row.text = None
            if set(row.attrib) <= {"r", "spans"}:
                row.getparent().remove(row)
    return etree.tostring(root, method="c14n"), there


def test_a_long_sheet_is_given_out_piece_by_piece() -> None:
    line = "".join(f'<c r="{chr(65 + c)}%d"><v>0</v></c>' for c in range(20))
    data = "".join(f'<row r="{n}">{line.replace("%d", str(n))}</row>' for n in range(1, 3001))
    package = Package(zipped(parts(worksheet(data))))
    pieces = [*with_values(package, PART, {2: {1: ONE}, 2999: {20: ONE}})]
    assert max(map(len, pieces)) <= 2 * CHUNK
    assert b"".join(pieces).decode() == worksheet(
        data.replace('<c r="A2"><v>0', '<c r="A2"><v>1').replace('<c r="T2999"><v>0', '<c r="T2999"><v>1')
    )


# --- The workbook part -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "after"),
    [
        ("<sheets/>", '<sheets/><calcPr fullCalcOnLoad="1"/>'),
        ("<sheets/><definedNames/> <oleSize/>", '<sheets/><definedNames/> <calcPr fullCalcOnLoad="1"/><oleSize/>'),
        ('<sheets/><calcPr calcId="1"/>', '<sheets/><calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ('<sheets/><calcPr\n calcId="1" />', '<sheets/><calcPr\n calcId="1" fullCalcOnLoad="1" />'),
        ("<sheets/><calcPr></calcPr>", '<sheets/><calcPr fullCalcOnLoad="1"></calcPr>'),
        ("<sheets/><calcPr fullCalcOnLoad='0'/>", '<sheets/><calcPr fullCalcOnLoad="1"/>'),
        ('<sheets/><calcPr fullCalcOnLoad="1"/>', '<sheets/><calcPr fullCalcOnLoad="1"/>'),
        ("<sheets/><extLst><calcPr/></extLst>", '<sheets/><calcPr fullCalcOnLoad="1"/><extLst><calcPr/></extLst>'),
    ],
)
def test_excel_is_told_to_calculate(inside: str, after: str) -> None:
    book = HEAD + f'<workbook xmlns="{MAIN}">{{}}</workbook>'
    assert with_load_calculation(book.replace("{}", inside).encode(), "w").decode() == book.replace("{}", after)
    prefixed = re.sub(r"<(/?)(?=[a-z])", r"<\1q:", book.replace("{}", inside)).replace("xmlns", "xmlns:q")
    expected = re.sub(r"<(/?)(?=[a-z])", r"<\1q:", book.replace("{}", after)).replace("xmlns", "xmlns:q")
    assert with_load_calculation(prefixed.encode(), "w").decode() == expected


# --- Formulas --------------------------------------------------------------------------------------------------------

SHEET = worksheet(
    '<row r="2"><c r="B2"><f>GK.POINTS("a",A2)</f><v>1</v></c><c r="C2"><f t="shared" ref="C2:D3" si="4">gk_points(A2)</f></c>'
    '<c r="D2"><f t="shared" si="4"/></c></row>'
    '<row r="3"><c r="C3"><f t="shared" si="4"/></c><c r="D3"><f>SUM(A1)</f></c><c><f>gk_version()</f></c></row>'
    '<row r="4"><c r="A4" cm="1" t="str"><f t="array" ref="A4:B5">gk_table(&#65;1)</f></c></row>'
    '<row r="6"><c r="A6"><f t="array" ref="A6:A7">gk_rank(A1)</f></c>'
    '<c r="B6"><f t="array" ref="A1:Z9">gk_rank(B1)</f></c></row>'
    '<row r="9"><c r="A9" t="str"><v>gk_points(A1)</v></c></row>'
)


def found(sheet: str | bytes) -> list[FormulaCell]:
    return formula_cells(Package(zipped(parts(sheet))), PART, "甲", (b"gk_", b"gk."), lambda said: "gk" in said.lower())


def test_formulas_are_found_where_they_stand() -> None:
    one = lambda row, column, said, *away: FormulaCell(row, column, said, *(away or (0, 0)), (row, column, row, column))  # noqa: E731
    assert found(SHEET) == [
        one(2, 2, 'GK.POINTS("a",A2)'),
        one(2, 3, "gk_points(A2)"),
        one(2, 4, "gk_points(A2)", 0, 1),
        one(3, 3, "gk_points(A2)", 1, 0),
        one(3, 5, "gk_version()"),
        FormulaCell(4, 1, "gk_table(A1)", 0, 0, (4, 1, 5, 2), True, True),
        FormulaCell(6, 1, "gk_rank(A1)", 0, 0, (6, 1, 7, 1), True),
        FormulaCell(
            6, 2, "gk_rank(B1)", 0, 0, (6, 2, 6, 2), True
        ),  # its area begins elsewhere: not as anybody writes it
    ]
    assert found(SHEET.replace("UTF-8", "UTF-16").encode("utf-16")) == found(SHEET)
    assert found(re.sub(r"<(/?)(?=[a-z])", r"<\1p:", SHEET).replace("xmlns", "xmlns:p")) == found(SHEET)


def test_a_sheet_without_them_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    package = Package(small(worksheet('<row r="1"><c r="A1"><f>SUM(B1)</f><v>7</v></c></row>')))
    monkeypatch.setattr(Package, "parse", None)
    assert formula_cells(package, PART, "甲", (b"gk_", b"gk."), lambda _: True) == []


@pytest.mark.parametrize("at", [*range(CHUNK - 12, CHUNK + 4)])
def test_a_mark_between_two_pieces_is_seen(at: int) -> None:
    head = worksheet('<row r="1"><c r="A1" t="str"><v></v></c><c r="B1"><f>')
    start = len(head.split("</c>")[0].encode()) + len('</c><c r="B1"><f>')
    sheet = worksheet(
        f'<row r="1"><c r="A1" t="str"><v>{"-" * (at - start)}</v></c><c r="B1"><f>gk_version()</f></c></row>'
    )
    assert len(found(sheet)) == 1


def test_a_cell_outside_the_sheet_is_refused() -> None:
    for row in ('<row r="1"><c r="XFE1"><f>gk_x</f></c></row>', '<row r="1"><c r="A2"><f>gk_x</f></c></row>'):
        with pytest.raises(RefusedError) as refused:
            found(worksheet(row))
        assert refused.value.code.number == "GK615"


def test_real_dynamic_books_say_so() -> None:
    data = (Path(__file__).parent / "books" / "dynamic.xlsx").read_bytes()
    cells = formula_cells(Package(data), PART, "甲", (b"<f",), lambda said: "UNIQUE" in said or said == "C2:C4*3")
    assert [(cell.area, cell.array, cell.spills) for cell in cells] == [
        ((2, 7, 4, 7), True, True),
        ((2, 8, 4, 8), True, False),
    ]
