"""Whether anything outside a sheet refers to it: each way in which a workbook can, and what only looks like one."""

from collections.abc import Callable
from pathlib import Path

import made
import pytest
import xlsxwriter

from gkxl.workbook.package import CHUNK, Package
from gkxl.workbook.refer import refer

OLD = "gkxl old 0"


def package(path: Path, put: Callable[[xlsxwriter.Workbook, object, object], object]) -> Package:
    """A sheet OLD with a chart of its own, a filter and titles to print, another sheet, and what `put` adds."""
    with xlsxwriter.Workbook(path) as book:
        old, other = book.add_worksheet(OLD), book.add_worksheet("别的")
        old.write_column("A1", ["n", 1, 2])
        old.autofilter("A1:A3")
        old.repeat_rows(0)
        old.print_area("A1:A3")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": f"='{OLD}'!$A$2:$A$3"})
        old.insert_chart("C1", chart)
        put(book, old, other)
    return Package(path.read_bytes())


def chart(book, _old, other) -> None:
    drawn = book.add_chart({"type": "line"})
    drawn.add_series({"values": f"='{OLD}'!$A$2:$A$3"})
    other.insert_chart("C1", drawn)


@pytest.mark.parametrize(
    ("put", "expected"),
    [
        (lambda book, old, other: None, False),
        (lambda book, old, other: old.write_formula("B1", f"='{OLD}'!A1"), False),
        (lambda book, old, other: other.write("A1", "gkxl old"), False),
        (lambda book, old, other: other.write_formula("A1", f"='{OLD}'!A1"), True),
        (lambda book, old, other: book.define_name("总分", f"='{OLD}'!$A$1"), True),
        (chart, True),
        (
            lambda book, old, other: other.conditional_format(
                "A1", {"type": "formula", "criteria": f"='{OLD}'!$A$1>1", "format": book.add_format({"bold": True})}
            ),
            True,
        ),
        (
            lambda book, old, other: other.data_validation("A1", {"validate": "list", "source": f"='{OLD}'!$A$1:$A$3"}),
            True,
        ),
    ],
    ids=["nothing", "itself", "a text that is shorter", "formula", "name", "chart", "conditional format", "validation"],
)
def test_a_sheet_is_referred_to(tmp_path: Path, put: Callable, expected: bool) -> None:
    assert refer(package(tmp_path / "book.xlsx", put), [OLD]) is expected
    assert not refer(package(tmp_path / "book.xlsx", put), [])


def test_a_pivot_table_and_a_link(tmp_path: Path) -> None:
    before = package(tmp_path / "book.xlsx", lambda *_: None)
    members = {name: before.read(name) for name in before.keys}
    source = f'<pivotCacheDefinition><worksheetSource ref="A1:A3" sheet="{OLD}"/></pivotCacheDefinition>'
    pivot = members | {"xl/pivotCache/pivotCacheDefinition1.xml": source.encode()}
    assert refer(Package(made.write(tmp_path / "pivot.xlsx", pivot).read_bytes()), [OLD])
    link = '<Relationships><Relationship Id="rId1" Target="gkxl-x1y2.xlsx" TargetMode="External"/></Relationships>'
    linked = members | {"xl/externalLinks/_rels/externalLink1.xml.rels": link.encode()}
    assert refer(Package(made.write(tmp_path / "linked.xlsx", linked).read_bytes()), ["gkxl-x1y2"])


@pytest.mark.parametrize("shift", [0, 1, 5, 8, 9])
def test_a_name_on_the_border_of_two_chunks(tmp_path: Path, shift: int) -> None:
    before = package(tmp_path / "book.xlsx", lambda *_: None)
    members = {name: before.read(name) for name in before.keys}
    members["xl/charts/chart9.xml"] = b" " * (CHUNK - shift) + OLD.encode()
    assert refer(Package(made.write(tmp_path / "cut.xlsx", members).read_bytes()), [OLD])
