"""Cells with functions that read each other, and other formulas between them: what is worked out, and what is left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gkxl.diagnostics import CellRef
from gkxl.functions.arguments import Argument
from gkxl.functions.dependents import Readers
from gkxl.functions.recalculation import Worked, alike, recalculated, stored_cell
from gkxl.functions.references import Range, UnresolvedError
from gkxl.tables import BLANK, Area, Book, Cell, CellKind, DefinedName, ListSheet, NamedArea
from gkxl.workbook.cells import area
from gkxl.workbook.formulas import FormulaCell


def formula(cell: str, text: str, ref: str = "", spills: bool = False) -> tuple[str, FormulaCell]:
    place, filled = area(cell), area(ref or cell)
    assert place is not None
    assert filled is not None
    return "甲", FormulaCell(place.top, place.left, text, 0, 0, filled, bool(ref), spills)


def added(name: str, arguments: Sequence[Argument]) -> float:
    """Stands for a function: 1 more than all numbers among its arguments."""
    assert name == "rank"
    flat = [one for given in arguments for row in (given if isinstance(given, tuple) else ((given,),)) for one in row]
    return 1 + sum(one for one in flat if isinstance(one, int | float))


def worked(
    functions: Sequence[tuple[str, FormulaCell]], others: Sequence[tuple[str, FormulaCell]] = (), **more: object
) -> list[Worked]:
    book = Book("", "", (ListSheet("甲", [[1, 2], [3, 4]]), ListSheet("乙", [])), **more)  # type: ignore[arg-type]
    return recalculated(functions, Readers(others, book), book, added)


def values(found: Sequence[Worked]) -> list[object]:
    """What each formula gives, or why it gives nothing."""
    return [one.rows[0][0].value if one.rows is not None else str(one.why) for one in found]


def test_each_reads_what_the_others_give_now() -> None:
    cells = [formula("B1", "gk_rank(B2)"), formula("B2", "gk_rank(甲!A2,1)"), formula("A9", "gk_rank(A1:B2)")]
    assert values(worked(cells)) == [6, 5, 1 + 1 + 6 + 3 + 5]


@given(st.lists(st.lists(st.integers(0, 11), max_size=3), min_size=1, max_size=12))
def test_any_order_and_any_circles(reads: list[list[int]]) -> None:
    """Cell n reads some of the others; those on a circle, or that read one that is, are told, all others worked out."""
    reads = [[one for one in line if one < len(reads)] for line in reads]
    cells = [
        formula(f"C{n + 1}", f"gk_rank(0{''.join(f',C{one + 1}' for one in line)})") for n, line in enumerate(reads)
    ]
    expected: dict[int, Decimal] = {}
    for _ in reads:
        for n, line in enumerate(reads):
            if all(one in expected for one in line):
                expected[n] = 1 + sum((expected[one] for one in line), Decimal(0))
    found = worked(cells)
    assert {n: one.rows[0][0].value for n, one in enumerate(found) if one.rows is not None} == expected
    assert all("it reads cells that read it" in str(one.why) for n, one in enumerate(found) if n not in expected)


def test_a_long_chain_and_its_end_first() -> None:
    cells = [formula(f"C{row}", f"gk_rank(C{row + 1})") for row in range(1, 3000)]
    assert values(worked(cells))[0] == 2999


def test_what_reads_something_unknown_is_unknown() -> None:
    cells = [
        formula("C1", "gk_rank(C2)"),
        formula("C2", "gk_rank(无)"),
        formula("C3", "gk_rank(C1)"),
        formula("C4", "gk_rank(1)"),
    ]
    assert values(worked(cells)) == [
        "it reads 甲!C2, which was not recalculated",
        "there is no name “无”",
        "it reads 甲!C1, which was not recalculated",
        2,
    ]


def test_an_area_that_no_array_has() -> None:
    found = worked([formula("A1", "gk_rank(1)", "A1:XFD1048576")])
    assert values(found) == ["the formula's area is larger than 1048576 cells"]


def test_arrays_are_read_where_they_fill() -> None:
    cells = [formula("D1", "gk_rank(1)", "D1:E9"), formula("F1", "gk_rank(E9)"), formula("F2", "gk_rank(E10)")]
    assert values(worked(cells)) == [2, 3, 1]


NAMES = (DefinedName("名", "甲!$B$1"), DefinedName("动", "OFFSET(甲!$A$1,1,0)"), DefinedName("远", "乙!$Z$9"))
TABLE = NamedArea("表", "甲", Area(1, 1, 5, 2), "table", 1, 0, ("x", "y"))
READING_B1 = [
    "B1+1", "SUM(A:C)", "sum($a$1:c9)", "IF(A1>0,甲!B1,0)", "'甲'!B1*2", "1:1", "名", "名*2", "表[#All]",
    "SUM(表[[#Headers],[y]])", "B1#", "_xlfn.ANCHORARRAY(B1)", "A1:INDEX(B:B,3)", "INDIRECT(A9)", "OFFSET(A9,1,1)", "动+1",
    "SUM(甲:乙!B9)", "{1,2}*B1", "-B1%",
]  # fmt: skip
NOT_READING_B1 = [
    "A1+B2", "SUM(C:C,E:F)", '"B1"&A1', "乙!B1", "[1]甲!B1", "远", "表[y]", "LOG10(A1)",
    "XB1", "B1()", "B11", "$B$12", "没有*2", "TRUE", "AB1:AC2",
]  # fmt: skip


@pytest.mark.parametrize("text", READING_B1 + NOT_READING_B1)
def test_other_formulas_that_read_functions_are_not_relied_on(text: str) -> None:
    """C5 is another formula. Where it reads the function in B1, what is stored in it may be old, and D1 must not read it."""
    cells = [formula("B1", "gk_rank(1)"), formula("D1", "gk_rank(C4:C6)")]
    found = values(worked(cells, [formula("C5", text)], names=NAMES, areas=(TABLE,)))
    told = "it reads 甲!C5, another formula that reads cells of functions"
    assert found == [2, told if text in READING_B1 else 1]


@pytest.mark.parametrize("rows", [range(2, 50), range(49, 1, -1), [9, 3, 7, 5, *range(10, 50), 2, 4, 6, 8]])
def test_chains_of_other_formulas(rows: Sequence[int]) -> None:
    """Each reads the one above; the chain begins at C1."""
    others = [formula(f"C{row}", f"C{row - 1}+1") for row in rows]
    readers = Readers(others, Book("", "", (ListSheet("甲", []),)))
    assert len(readers.of([Range.of(CellRef("甲", 1, 3))])) == 48
    assert readers.of([Range.of(CellRef("甲", 1, 4))]) == []
    assert readers.of([]) == []


def test_values_are_alike_to_15_digits() -> None:
    numbers: Mapping[float, str] = {0.1 + 0.2: "0.3", 50 / 3: "16.6666666666667"}
    for double, shown in numbers.items():
        assert alike(stored_cell(double), Cell(CellKind.NUMBER, Decimal(shown)))
    assert alike(stored_cell(""), BLANK)
    assert not alike(stored_cell(0.3), Cell(CellKind.NUMBER, Decimal("0.300000000000001")))
    assert not alike(stored_cell("1"), stored_cell(1.0))
    assert not alike(stored_cell(True), stored_cell(1.0))
    assert not alike(stored_cell(""), Cell(CellKind.UNCALCULATED, None))


def test_an_argument_of_no_cell_raises_nothing() -> None:
    def refuses(_name: str, _arguments: Sequence[Argument]) -> float:
        raise UnresolvedError("不行", "no")

    book = Book("", "", (ListSheet("甲", []),))
    (found,) = recalculated([formula("A1", "gk_rank(1)")], Readers((), book), book, refuses)
    assert (found.rows, str(found.why), [*found.each()], found.place) == (None, "no", [], CellRef("甲", 1, 1))
