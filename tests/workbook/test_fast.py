"""The fast way through a sheet and its strings gives what expat alone gives: the same rows, or the same refusal."""

import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import MAIN, strings, worksheet

from gkxl.tables import Cell, CellKind
from gkxl.workbook import package, plain
from gkxl.workbook.cells import Stores
from gkxl.workbook.package import Package, RefusedError
from gkxl.workbook.rows import read_merges, read_rows
from gkxl.workbook.strings import read_strings
from gkxl.workbook.styles import Shape

STORES = Stores(
    [Cell(CellKind.TEXT, f"文{n}") for n in range(5)], [Shape.NUMBER, Shape.RATE, Shape.DATE, Shape.TIME], False
)

PLAIN_TEXT = st.text(st.sampled_from("甲ab1 .-_x0041_\t\n\U0001f600"), max_size=8)
ODD_TEXT = st.sampled_from(
    ["&lt;", "&bad;", "<![CDATA[</row>]]>", "<!-- </c> -->", "]]>", "\r", "\x01", "&#65;", "\ufffe", "<v>"]
)
TEXT = st.one_of(PLAIN_TEXT, PLAIN_TEXT, PLAIN_TEXT, ODD_TEXT)
NUMBER = st.one_of(
    st.integers(-5, 60).map(str),
    st.floats().map(repr),
    st.sampled_from(["", " 3 ", "1e999", "１", "1_0", "0.1", "9.800000000000001", "-0", ".5", "5.", "+1"]),
)
FORMULA = st.sampled_from(
    ["", "", "", "<f>A1</f>", "<f/>", '<f t="shared" si="0"/>', '<f t="array" ref="A1">B1</f>', "<f>A&gt;1</f>"]
)
BODY = st.one_of(
    st.tuples(FORMULA, NUMBER).map(lambda b: f"{b[0]}<v>{b[1]}</v>"),
    st.tuples(FORMULA, TEXT).map(lambda b: f"{b[0]}<v>{b[1]}</v>"),
    TEXT.map(lambda t: f"<is><t>{t}</t></is>"),
    TEXT.map(lambda t: f'<is><t xml:space="preserve">{t}</t><rPh><t>x</t></rPh></is>'),
    TEXT.map(lambda t: f"<is><r><t>{t}</t></r></is>"),
    FORMULA,
    st.sampled_from(["<v/>", "</c><c>", "<is/>", "</row>"]),
)
KIND = st.sampled_from(
    ["", "", "", ' t="s"', ' t="s"', ' t="str"', ' t="inlineStr"', ' t="b"', ' t="e"', ' t="n"', ' t="d"', ' t="q"']
)
STYLE = st.sampled_from(["", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="77"', ' s="x"'])


GAP = st.sampled_from(["", "", "", "", "\n", "<!-- x -->", "<extLst/>"])
ROW_MORE = st.sampled_from(
    ["", ' hidden="1"', " hidden='1'", ' spans="1:3"', ' ht="1" hidden="true"', ' r="9"', ' y:z="1"']
)


@st.composite
def cell(draw: st.DrawFn, row: int, column: int) -> str:
    letters = chr(64 + max(column, 1))
    usual = f' r="{letters}{row}"'
    at = draw(st.sampled_from([usual] * 8 + ["", usual.lower(), f' r="{letters}99"', ' r="XFE1"']))
    body = draw(BODY)
    close = draw(st.sampled_from([f">{body}</c>"] * 5 + ["/>", f" >{body}</c >"]))
    return f"<c{at}{draw(STYLE)}{draw(KIND)}{close}"


@st.composite
def rows(draw: st.DrawFn) -> str:
    made, number = "", 0
    for _ in range(draw(st.integers(0, 7))):
        number += draw(st.sampled_from([1, 1, 1, 1, 2, 0]))
        if draw(st.integers(0, 9)) == 0:
            made += f'<row r="{number}"{draw(ROW_MORE)}/>'
            number += 1
        usual = f' r="{number}"'
        at = draw(st.sampled_from([usual] * 6 + ["", f" r='{number}'", ' r="1048577"', ' r="0"']))
        made += f"{draw(GAP)}<row{at}{draw(ROW_MORE)}>"
        column = 0
        for _ in range(draw(st.integers(0, 4))):
            column += draw(st.sampled_from([1, 1, 1, 1, 1, 2, 0]))
            made += draw(cell(number, column))
        made += "</row>"
    return made


def zipped(name: str, content: str) -> Package:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content.encode("utf-8", "surrogatepass"))
    return Package(file.getvalue())


def outcome(content: str, fast: bool, columns: list[int] | None, start: int) -> tuple[list[object], object]:
    """The rows, and what ended them; the words and place of an XML error may differ, its part may not."""
    found: list[object] = []
    merges: list[object] = []
    rows = read_rows(zipped("s.xml", content), "s.xml", "甲", STORES, columns, start, fast, merges)  # type: ignore[arg-type]
    try:
        found.extend((row.number, row.hidden, list(row.cells.items())) for row in rows)
    except RefusedError as refused:
        return found, (refused.code.number, refused.cell if refused.code.number != "GK613" else None)
    return found, merges


@settings(max_examples=600, deadline=None)
@given(
    rows(),
    st.one_of(st.none(), st.lists(st.integers(1, 4))),
    st.integers(1, 3),
    st.sampled_from(["", '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', "<bad>", "<row r='1'/>"]),
    st.integers(7, 5000),
)
def test_rows(data: str, columns: list[int] | None, start: int, after: str, chunk: int) -> None:
    content = worksheet(data, after)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "CHUNK", chunk)
        patch.setattr(plain, "CHUNK", chunk)
        fast = outcome(content, True, columns, start)
    slow = outcome(content, False, columns, start)
    assert fast[1] == slow[1]
    # A chunk with an error in it is refused whole by expat; what the fast way gave before it must be a beginning.
    assert fast[0][: len(slow[0])] == slow[0] if isinstance(slow[1], tuple) else fast[0] == slow[0]


@settings(max_examples=300, deadline=None)
@given(rows(), st.sampled_from(["", "<!-- <sheetData> -->", "<?x <sheetData>?>"]), st.integers(7, 5000))
def test_merges(data: str, before: str, chunk: int) -> None:
    """Read by themselves they are what a whole pass finds; only damage inside rows is left for those who read rows."""
    content = worksheet(data, '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C:D"/></mergeCells>', before)
    made, whole = zipped("s.xml", content), outcome(content, False, None, 1)[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "CHUNK", chunk)
        patch.setattr(plain, "CHUNK", chunk)
        try:
            merges = read_merges(made, "s.xml", "甲", STORES)
        except RefusedError:
            assert isinstance(whole, tuple)
            return
    assert len(merges) == 2
    assert isinstance(whole, tuple) or whole == merges


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(TEXT.map(lambda t: f"<t>{t}</t>"), TEXT.map(lambda t: f"<r><t>{t}</t></r>"), st.just("")), max_size=9
    )
)
def test_strings(items: list[str]) -> None:
    def read(fast: bool) -> object:
        try:
            return read_strings(zipped("s.xml", strings(*items)), "s.xml", fast)
        except RefusedError as refused:
            return refused.code.number

    assert read(True) == read(False)


def test_plain_rows_never_reach_expat(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the fast way is one: only the head, one row per new set of attributes, and the tail are fed."""
    data = "".join(
        f'<row r="{r}" spans="1:2"><c r="A{r}"><v>{r}</v></c><c r="B{r}" t="s"><v>1</v></c></row>'
        for r in range(1, 2001)
    )
    fed = 0
    feed = package.Xml.feed

    def counting(self: package.Xml, data: bytes, final: bool = False) -> None:
        nonlocal fed
        fed += len(data)
        feed(self, data, final)

    monkeypatch.setattr(package.Xml, "feed", counting)
    content = worksheet(data)
    found = list(read_rows(zipped("s.xml", content), "s.xml", "甲", STORES))
    assert len(found) == 2000
    assert found[-1].cells == {1: Cell(CellKind.NUMBER, Decimal(2000)), 2: Cell(CellKind.TEXT, "文1")}
    assert fed < 1000 < len(content)
    assert MAIN in content
