"""Our looks behind those of the workbook, in its own face, and the same however often they are put there."""

import io

import openpyxl
import pytest
from grafting import NAMES, grafted, remade, scratch, small, stored, text, tree
from made import HEAD, MAIN

from gkxl import diagnostics as d
from gkxl.workbook.graft import graft
from gkxl.workbook.own_sheets import our_sheets
from gkxl.workbook.package import Package, RefusedError

M = f"{{{MAIN}}}"
STYLES = "xl/styles.xml"
FONT = '<font><sz val="{}"/><color theme="1"/><name val="{}"/><family val="2"/><charset val="134"/><scheme val="minor"/></font>'
FILLS = '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
XF = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'


def sheet(*inside: str) -> str:
    return f'{HEAD}<styleSheet xmlns="{MAIN}">{"".join(inside)}</styleSheet>'


def usual(face: str = "宋体", size: int = 12) -> str:
    return sheet(
        f'<fonts count="1">{FONT.format(size, face)}</fonts>',
        FILLS,
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
        f'<cellStyleXfs count="1">{XF}</cellStyleXfs><cellXfs count="1">{XF}</cellXfs>',
        '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>',
    )


def cells(book: bytes):
    return openpyxl.load_workbook(io.BytesIO(book))[NAMES[0]]


@pytest.mark.parametrize(("face", "size"), [("宋体", 12), ("等线", 11)])
def test_the_face_of_the_workbook(face: str, size: int) -> None:
    """What is no choice of the results is written as the workbook's own cells are; what is one stays."""
    book = grafted(small(formats=usual(face, size)))
    found = cells(book)
    for place in ("A1", "A2", "B2"):
        assert (found[place].font.name, found[place].font.sz) == (face, size)
        assert found[place].font.charset == 134
        assert found[place].font.scheme == "minor"
    assert found["A1"].font.b
    assert found["A1"].fill.fgColor.rgb == "FFDCE6F1"
    assert found["B2"].number_format == "0.000"
    large = [font.find(f"{M}name").get("val") for font in tree(book, STYLES).find(f"{M}fonts")]
    assert "黑体" in large
    tags = [child.tag.removeprefix(M) for child in tree(book, STYLES).find(f"{M}fonts")[1]]
    assert tags == ["b", "sz", "color", "name", "family", "charset", "scheme"]


def test_the_face_is_that_of_the_style_normal() -> None:
    """Cell format 0 may be another; the style with builtinId 0 says what is usual."""
    styles = usual().replace("</fonts>", FONT.format(20, "楷体") + "</fonts>")
    styles = styles.replace(
        f'<cellXfs count="1">{XF}', '<cellXfs count="1"><xf numFmtId="0" fontId="1" fillId="0" borderId="0"/>'
    )
    assert cells(grafted(small(formats=styles)))["A1"].font.name == "宋体"


def test_looks_that_are_there_stay_and_ours_come_behind() -> None:
    book = small(formats=usual())
    made = tree(grafted(book), STYLES)
    for old in tree(book, STYLES):
        new = made.find(old.tag)
        assert [dict(e.attrib) for e in new][: len(old)] == [dict(e.attrib) for e in old]
        assert new.get("count") == str(len(new))


def test_number_formats_come_behind_the_highest() -> None:
    """Ids need not be in order, and one may be used that no entry defines."""
    formats = '<numFmt numFmtId="190" formatCode="0.0"/><numFmt numFmtId="170" formatCode="0.00000"/>'
    styles = usual().replace("<fonts", f'<numFmts count="2">{formats}</numFmts><fonts', 1)
    found = {
        e.get("formatCode"): e.get("numFmtId") for e in tree(grafted(small(formats=styles)), STYLES).iter(f"{M}numFmt")
    }
    assert found["0.000"] == "191"
    own = styles.replace('formatCode="0.0"', 'formatCode="0.000"')
    assert len(list(tree(grafted(small(formats=own)), STYLES).iter(f"{M}numFmt"))) == 2


@pytest.mark.parametrize(
    "styles",
    [
        None,
        sheet(),
        sheet("<fonts/><fills/><borders/><cellXfs/>"),
        sheet(f"<fonts>{FONT.format(10, 'Arial')}</fonts>"),
        sheet('<cellXfs count="1"><xf/></cellXfs>'),
        sheet('<dxfs count="0"/><extLst/>'),
    ],
)
def test_styles_that_lack_what_cells_without_a_look_need(styles: str | None) -> None:
    book = grafted(small(formats=styles) if styles else small())
    root = tree(book, STYLES)
    tags = [child.tag.removeprefix(M) for child in root if child.tag != f"{M}extLst"]
    order = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs".split()
    assert tags == sorted(tags, key=order.index)
    fills = root.find(f"{M}fills")
    assert [e[0].get("patternType") for e in fills][:2] == ["none", "gray125"]
    assert cells(book)["A1"].font.b
    assert cells(book)["B2"].number_format == "0.000"
    assert not root.find(f"{M}cellXfs")[0].get("applyFill")
    assert graft(book, scratch(), NAMES, stored()).unchanged


def test_numbers_that_lead_nowhere() -> None:
    styles = sheet(
        '<cellXfs><xf fontId="9" fillId="x"/></cellXfs>', '<cellStyles><cellStyle xfId="9" builtinId="0"/></cellStyles>'
    )
    names = [e.find(f"{M}name").get("val") for e in tree(grafted(small(formats=styles)), STYLES).find(f"{M}fonts")]
    assert "黑体" in names


def test_a_styles_part_that_is_named_but_not_there() -> None:
    """The relationship stands; the part it names is made."""
    book = grafted(remade(small(formats=usual()), {STYLES: None}))
    links = [r for r in Package(book).relations("xl/workbook.xml") if r.kind == "styles"]
    assert [r.target for r in links] == [STYLES]
    assert cells(book)["A1"].font.b


def test_prefixed_styles() -> None:
    prefixed = usual().replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    book = grafted(small(formats=prefixed))
    plain = grafted(small(formats=usual()))
    assert shape(tree(book, STYLES)) == shape(tree(plain, STYLES))
    assert graft(book, scratch(), NAMES, stored()).unchanged


def shape(element) -> object:
    return element.tag, sorted(element.attrib.items()), [shape(child) for child in element]


def test_conditional_formats_point_to_ours() -> None:
    """Filters and tables number the same list, so what is there must not move."""
    own = '<dxfs count="1"><dxf><font><b/></font></dxf></dxfs>'
    book = grafted(small(formats=usual().replace("</styleSheet>", own + "</styleSheet>")))
    part = our_sheets(Package(book))[NAMES[0]]
    assert tree(book, part).find(f".//{M}cfRule").get("dxfId") == "1"
    dxfs = tree(book, STYLES).find(f"{M}dxfs")
    assert dxfs[0][0].tag == f"{M}font"
    assert dxfs[1].find(f".//{M}bgColor").get("rgb") == "FFC6EFCE"


def test_styles_do_not_hang_on_the_results() -> None:
    book = small(formats=usual())
    one, other = grafted(book, points=1), grafted(book, NAMES[:1], chart=False, text="乙")
    assert text(one, STYLES) == text(other, STYLES)
    assert text(grafted(one, points=95), STYLES) == text(one, STYLES)


def test_numbers_beyond_their_list_do_not_come_to_mean_ours() -> None:
    """Cells that name a font that is not there have the first one; they must not get ours, which come behind."""
    book = small(formats=usual().replace('fontId="0"', 'fontId="2"'))
    made = grafted(book)
    fonts = [shape(font) for font in tree(made, STYLES).find(f"{M}fonts")]
    assert fonts[:3] == [fonts[0]] * 3
    assert fonts[3] != fonts[0]
    assert tree(made, STYLES).find(f"{M}fonts").get("count") == str(len(fonts))
    assert graft(made, scratch(), NAMES, stored()).unchanged
    vast = small(formats=usual().replace('fontId="0"', 'fontId="4294967295"'))
    with pytest.raises(RefusedError) as raised:
        grafted(vast)
    assert raised.value.code is d.STYLES_FULL
