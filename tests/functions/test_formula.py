"""Formulas as workbooks store them: which are one call of a function, what its arguments are, and what these refer to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gkxl.diagnostics import CellRef
from gkxl.functions.arguments import CellError
from gkxl.functions.formula import (
    FormulaCall,
    Name,
    Reference,
    TableReference,
    mentions_call,
    read_call,
    references,
)
from gkxl.functions.references import UnresolvedError, located, resolve
from gkxl.tables import Area, Book, Cell, CellKind, DefinedName, ListSheet, NamedArea
from gkxl.workbook.stored import serial, serial_of

B5 = Reference(Area(5, 2, 5, 2))

SPELLINGS = [
    "GK.POINTS(",
    "gk_points(",
    "Gk.Points(",
    "_xldudf_GK_POINTS(",
    "_xludf.GK_POINTS(",
    "_xll.GK.POINTS(",
    "_xll.gk_points(",
    "[1]!gk_points(",
    "[12]!GK_POINTS(",
    "gk.xlam!gk_points(",
    r"'C:\x\gk.xlam'!gk_points(",
    r"'C:\O''Brien\考评.xlam'!gk_points(",
    "_xlfn.GK.POINTS(",
    "_xlfn._xlws.GK.POINTS(",
]


@pytest.mark.parametrize("before", ["", "=", "@", "=@"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_the_same_call(spelling: str, before: str) -> None:
    formula = f'{before}{spelling}"迟报每次扣1分。","迟报",B5)'
    assert read_call(formula) == FormulaCall("points", ("迟报每次扣1分。", "迟报", B5))
    assert mentions_call(formula)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_single_value_of_a_call(spelling: str) -> None:
    assert read_call(f"_xlfn.SINGLE({spelling}B5))") == FormulaCall("points", (B5,))


def test_every_function() -> None:
    names = ["POINTS", "TABLE", "DETAIL", "TOTAL", "EXPLAIN", "CHECK", "RANK", "GRADE", "VERSION"]
    assert [read_call(f"_xldudf_GK_{name}()") for name in names] == [FormulaCall(name.lower(), ()) for name in names]


@pytest.mark.parametrize(
    ("written", "argument"),
    [
        ('"迟报"', "迟报"),
        ('"say ""no"", gk_points("', 'say "no", gk_points('),
        ('"a,b)"', "a,b)"),
        ('""', ""),
        ("6", 6),
        ("-6", -6),
        (".5", 0.5),
        ("95%", 0.95),
        ("1.5E+3", 1500),
        ("2e-2", 0.02),
        ("TRUE", True),
        ("false", False),
        ("TRUE()", True),
        ("#N/A", CellError("#N/A")),
        ("#DIV/0!", CellError("#DIV/0!")),
        ("#REF!", CellError("#REF!")),
        ("表!#REF!", CellError("#REF!")),
        ("", None),
        ("  ", None),
        ("B5", B5),
        (" $B$5 ", B5),
        ("b$5", B5),
        ("A1:C3", Reference(Area(1, 1, 3, 3))),
        ("C3:A1", Reference(Area(1, 1, 3, 3))),
        ("$A:$D", Reference(Area(1, 1, 1_048_576, 4))),
        ("D:D", Reference(Area(1, 4, 1_048_576, 4))),
        ("2:$3", Reference(Area(2, 1, 3, 16_384))),
        ("咨询答复!A1:D9", Reference(Area(1, 1, 9, 4), "咨询答复")),
        ("'咨询 答复'!$A$1", Reference(Area(1, 1, 1, 1), "咨询 答复")),
        ("'It''s 100%, (ok)'!XFD1048576", Reference(Area(1_048_576, 16_384, 1_048_576, 16_384), "It's 100%, (ok)")),
        ("'gk_points('!A1", Reference(Area(1, 1, 1, 1), "gk_points(")),
        ("[1]Sheet1!A1", Reference(Area(1, 1, 1, 1), "[1]Sheet1")),
        ("'[1]My Sheet'!A1", Reference(Area(1, 1, 1, 1), "[1]My Sheet")),
        ("甲:丙!A1", Reference(Area(1, 1, 1, 1), "甲:丙")),
        ("规则", Name("规则")),
        ("_x.1\\?", Name("_x.1\\?")),
        ("TRUE1", Name("TRUE1")),
        ("YTD2025", Name("YTD2025")),  # beyond column XFD
        ("A1048577", Name("A1048577")),
        ("表!本期", Name("本期", "表")),
        ("[0]!本期", Name("本期")),
        ("[2]!本期", Name("本期", "[2]")),
        ("成绩[]", TableReference("成绩", frozenset())),
        ("成绩[#All]", TableReference("成绩", frozenset({"#all"}))),
        ("成绩[总分]", TableReference("成绩", frozenset(), ("总分", "总分"))),
        ("成绩[区 县]", TableReference("成绩", frozenset(), ("区 县", "区 县"))),
        ("成绩[a,b]", TableReference("成绩", frozenset(), ("a,b", "a,b"))),
        ("成绩[[总分]]", TableReference("成绩", frozenset(), ("总分", "总分"))),
        ("成绩[[单位]:[总分]]", TableReference("成绩", frozenset(), ("单位", "总分"))),
        ("T[[#Headers],[#Data],[a]:[b]]", TableReference("T", frozenset({"#headers", "#data"}), ("a", "b"))),
        ("T[[#Headers], [#Data], [a]:[b]]", TableReference("T", frozenset({"#headers", "#data"}), ("a", "b"))),
        ("T[[#This Row],[迟报]]", TableReference("T", frozenset({"#this row"}), ("迟报", "迟报"))),
        ("T[#This Row]", TableReference("T", frozenset({"#this row"}))),
        ("T[@迟报]", TableReference("T", frozenset({"#this row"}), ("迟报", "迟报"))),
        ("T[@[a b]:[c]]", TableReference("T", frozenset({"#this row"}), ("a b", "c"))),
        ("T[@]", TableReference("T", frozenset({"#this row"}))),
        ("T['[a'] '#1 ''s]", TableReference("T", frozenset(), ("[a] #1 's", "[a] #1 's"))),
        ("GK.CELLS(咨询答复!A1:D9)", Reference(Area(1, 1, 9, 4), "咨询答复")),
        ("gk.cells( $B$5 ) ", B5),
        ("GK.CELLS(T[[#All]])", TableReference("T", frozenset({"#all"}))),
        ("GK.CELLS(规则)", Name("规则")),
        ("{1,2;3,4}", ((1, 2), (3, 4))),
        ('{"甲;1",TRUE}', (("甲;1", True),)),
    ],
)
def test_arguments(written: str, argument: object) -> None:
    expected = FormulaCall("rank", ("x", argument, Reference(Area(1, 1, 1, 1))))  # type: ignore[arg-type]
    assert read_call(f'GK.RANK("x",{written},A1)') == expected


@pytest.mark.parametrize(
    "formula",
    [
        "gk_points(A1)+1",
        "-gk_points(A1)",
        "(gk_points(A1))",
        "SUM(gk_points(A1))",
        "gk_points(SUM(A1))",
        "gk_points(gk_version())",
        "gk_points(GK.CELLS(A1)",
        "gk_points(GK.CELLS(A1,B1))",
        "gk_points(GK.CELLS(A1)+1)",
        "gk_points(A1&B1)",
        "gk_points(A1*2)",
        "gk_points(-A1)",
        "gk_points(A1 B1)",
        "gk_points((A1,B1))",
        "gk_points(A1#)",
        "gk_points(_xlfn.ANCHORARRAY(A1))",
        "gk_points(A1:INDEX(B:B,3))",
        "gk_points(OFFSET(A1,1,1))",
        "gk_points({1,2;3})",
        "gk_points({A1})",
        "gk_points(TRUE+1)",
        "gk_points(T[[#Nonsense],[a]])",
        "gk_points(T[[a],[b]])",
        "gk_points(T[[a]:[b]:[c]])",
        "gk_points(T[[a]:[#All]])",
        "gk_points(XFD1:XFE1)",
        "gk_points(A1",
        'gk_points("a)',
        "gk_points(A1))",
        "gk_points(A1) gk_points(A1)",
        "_xlfn.SINGLE(gk_points(1))+_xlfn.SINGLE(2)",
        "IF(A1>1,GK.TABLE(A1),0)",
    ],
)
def test_anything_else_is_no_call_and_mentions_one(formula: str) -> None:
    assert read_call(formula) is None
    assert mentions_call(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(A1)",
        '"gk_points("',
        'IF(A1="GK.POINTS(",1,2)',
        "'gk_points('!A1+1",
        "T[gk_points(]",
        "MY_GK_POINTS(A1)",
        "x.GK.POINTS(A1)",
        "GK.POINT(A1)",
        "GK.POINTSX(A1)",
        "GK.POINTS",
        "GK1(A1)",
        "",
        "=",
        "[1]表!A1",
    ],
)
def test_what_mentions_none(formula: str) -> None:
    assert read_call(formula) is None
    assert not mentions_call(formula)


@pytest.mark.parametrize(
    ("written", "area"),
    [
        ("B5", Area(7, 5, 7, 5)),
        ("$B5", Area(7, 2, 7, 2)),
        ("B$5", Area(5, 5, 5, 5)),
        ("$B$5:B5", Area(5, 2, 7, 5)),
        ("A:$B", Area(1, 2, 1_048_576, 4)),
        ("1:$2", Area(2, 1, 3, 16_384)),
        ("XFC1048575", Area(1, 2, 1, 2)),  # over both edges
    ],
)
def test_relative_references_move(written: str, area: Area) -> None:
    assert read_call(f"gk_points({written})", down=2, right=3) == FormulaCall("points", (Reference(area),))


@given(st.text(max_size=60), st.sampled_from(["{}", "gk_points({})", "T[{}]", '"{}"', "gk_points(T[{}])"]))
def test_no_formula_fails(text: str, around: str) -> None:
    formula = around.replace("{}", text)
    call = read_call(formula)
    assert call is None or mentions_call(formula)


@pytest.mark.parametrize("piece", ["1", "'", "''", '"', "[", "A1:", "a.", "{", "GK.POINTS(", "(", "T[", "!"])
def test_long_formulas_of_strangers_come_to_an_end(piece: str) -> None:
    for formula in (piece * 30_000, f"GK.POINTS({piece * 30_000}"):
        assert read_call(formula) is None
        assert mentions_call(formula) is ("GK" in formula)
        assert len([*references(formula)]) <= 30_000


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=5))
def test_texts_come_back(texts: list[str]) -> None:
    written = ",".join('"' + text.replace('"', '""') + '"' for text in texts)
    assert read_call(f"GK.POINTS({written})") == FormulaCall("points", tuple(texts))


@given(st.text(st.characters(exclude_characters="[]:"), min_size=1, max_size=20))
def test_sheet_names_come_back(name: str) -> None:
    quoted = name.replace("'", "''")
    assert read_call(f"GK.RANK('{quoted}'!A1)") == FormulaCall("rank", (Reference(Area(1, 1, 1, 1), name),))


# --- What arguments refer to -----------------------------------------------------------------------------------------

ROWS = [
    ["单位", "迟报", "办结率", "日期", None],
    ["甲县", 1, Cell(CellKind.RATE, Decimal("0.95")), datetime(2025, 3, 1, 12), True],
    ["乙县", None, Cell(CellKind.ERROR, "#N/A"), datetime(1900, 2, 28), False],
    ["合计", 1],
]
TABLE = NamedArea("成绩", "表 一", Area(1, 1, 4, 4), "table", 1, 1, ("单位", "迟报", "办结率", "日期"))
NAMES = (
    DefinedName("本期", '"2025Q4"'),
    DefinedName("率", "0.5"),
    DefinedName("数据", "'表 一'!$A$1:$B$2"),
    DefinedName("别名", "数据"),
    DefinedName("左边", "'表 一'!A1"),
    DefinedName("数据", "另一张!$A$1", "另一张"),
    DefinedName("活动", "OFFSET('表 一'!$A$1,0,0,2)"),
    DefinedName("圈", "圈"),
)
SHEETS = (ListSheet("表 一", ROWS), ListSheet("另一张", [["x"], [2], [Cell(CellKind.UNCALCULATED, None)]]))  # type: ignore[list-item]
BOOK = Book("b.xlsx", "", SHEETS, (TABLE,), names=NAMES)
ALL = (
    ("单位", "迟报", "办结率", "日期", None),
    ("甲县", 1, 0.95, 45717.5, True),
    ("乙县", None, CellError("#N/A"), 59, False),
    ("合计", 1, None, None, None),
)


def value(written: str, sheet: str = "另一张", cell: tuple[int, int] = (1, 5)) -> object:
    call = read_call(f"GK.RANK({written})")
    assert call is not None
    (found,) = resolve(call, BOOK, CellRef(sheet, *cell))
    return found


def part(top: int, left: int, bottom: int, right: int) -> object:
    return tuple(row[left - 1 : right] for row in ALL[top - 1 : bottom])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'表 一'!A2", "甲县"),
        ("'表 一'!C2", 0.95),
        ("'表 一'!C3", CellError("#N/A")),
        ("'表 一'!B3", None),
        ("'表 一'!Z99", None),
        ("'表 一'!A1:E4", ALL),
        ("'表 一'!C3:D3", part(3, 3, 3, 4)),
        ("'表 一'!A3:A6", (("乙县",), ("合计",), (None,), (None,))),
        ("'表 一'!A:B", part(1, 1, 4, 2)),
        ("'表 一'!2:3", part(2, 1, 3, 5)),
        ("A1", "x"),
        ("本期", "2025Q4"),
        ("率", 0.5),
        ("别名", "x"),  # 数据, as the formula's sheet knows it
        ("'表 一'!数据", part(1, 1, 2, 2)),
        ("左边", None),  # stored as it reads in A1; in E1 it is E1
        ("成绩", part(2, 1, 3, 4)),
        ("成绩[]", part(2, 1, 3, 4)),
        ("成绩[#All]", part(1, 1, 4, 4)),
        ("成绩[#Headers]", part(1, 1, 1, 4)),
        ("成绩[[#Headers],[#Data]]", part(1, 1, 3, 4)),
        ("成绩[#Totals]", part(4, 1, 4, 4)),
        ("成绩[[#Totals],[迟报]]", 1),
        ("成绩[迟报]", part(2, 2, 3, 2)),
        ("成绩[[迟报]:[办结率]]", part(2, 2, 3, 3)),
        ("成绩[[办结率]:[迟报]]", part(2, 2, 3, 3)),
    ],
)
def test_references_resolve(written: str, expected: object) -> None:
    assert value(written) == expected


def test_this_row_is_that_of_the_formula() -> None:
    assert value("成绩[[#This Row],[迟报]]", "表 一", (2, 5)) == 1
    assert value("成绩[[#This Row],[单位]:[迟报]]", "表 一", (3, 5)) == part(3, 1, 3, 2)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("无!A1", "there is no sheet “无”"),
        ("[1]表!A1", "[1]表 is in another workbook"),
        ("[1]!名", "[1] is in another workbook"),
        ("甲:丙!A1", "甲:丙 is several sheets (a 3-D reference)"),
        ("无", "there is no name “无”"),
        ("活动", "the name “活动” is a formula, OFFSET('表 一'!$A$1,0,0,2), no cells and no value"),
        ("圈", "the name “圈” is a formula, 圈, no cells and no value"),
        ("无[#All]", "there is no table “无”"),
        ("成绩[分]", "the table “成绩” has no column “分”"),
        ("成绩[#This Row]", "the table “成绩” has no #this row here"),
        ("A1:A3", "另一张!A3 is a formula that was never calculated"),
    ],
)
def test_what_does_not_resolve_says_why(written: str, why: str) -> None:
    with pytest.raises(UnresolvedError) as raised:
        value(written)
    assert str(raised.value) == why
    assert raised.value.zh != why


def test_a_table_without_a_header() -> None:
    bare = NamedArea("无头", "表 一", Area(2, 1, 3, 2), "table", 0, 0, ("列1", "列2"))
    book = Book("b.xlsx", "", SHEETS, (bare,))
    call = read_call("GK.RANK(无头[列1])")
    assert call is not None
    assert resolve(call, book, CellRef("表 一", 9, 9)) == [(("甲县",), ("乙县",))]
    headed = read_call("GK.RANK(无头[#Headers])")
    assert headed is not None
    with pytest.raises(UnresolvedError):
        located(headed, book, CellRef("表 一", 9, 9))


@given(st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)), st.booleans())
def test_serial_numbers_go_back(day: datetime, epoch_1904: bool) -> None:
    if epoch_1904 and day.year < 1904:
        return
    day = day.replace(microsecond=day.microsecond // 1000 * 1000)
    assert serial(serial_of(day, epoch_1904), epoch_1904) == day
