"""One cell that the rules read is replaced, as it happens in offices: the results change, or a finding names the cell.

The cells are those of the bundled workbooks and of the stories' in all columns that their rules use. `just deep` takes
500 of them with each of the changes, CI some.
"""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import settings
from story_books import expected_results, make_book

import gkxl
from gkxl.diagnostics import CellRef
from gkxl.periods import Period, parse_period
from gkxl.report.data import results_object
from gkxl.run.bind import bind
from gkxl.run.rows import data_rows
from gkxl.tables import Book, Cell, CellKind

ROOT = Path(__file__).parent
RULES = [*sorted((ROOT.parent / "workbooks").glob("*.gk")), *sorted((ROOT / "cases" / "stories").glob("*/rules.gk"))]
CELLS = 500 if settings().max_examples > 1000 else 50
EPOCH = 1462  # days between 1 January 1900 and 1904, as their serials count
# Columns where a blank says something by the rules' own words, so that it may say the same as the cell did.
BLANKS = {
    ("county-openness", "依申请公开", "C"),  # 监测时点: not answered until then
    ("xinzhou-2022.counties", "县市区", "E"),  # 缺数据 计0分
    ("xinzhou-2022.departments", "市直部门", "E"),  # 缺数据 计0分
    ("information.zh", "采用台账", "F"),  # yes or no: a blank is no
    ("website-inspection.zh", "报送表", "A"),  # one row has a unit and nothing else
}
CHANGES = ("error", "uncached formula", "text number", "zero-width space", "blank", "other epoch")


@dataclass(frozen=True)
class Case:
    """A rubric with its workbook, as bytes, and what it gives."""

    name: str
    rules: gkxl.Rules
    periods: tuple[Period | None, ...]  # that all rows have a part in
    content: bytes
    parts: dict[str, str]  # of the sheets, by their names
    cells: tuple[tuple[CellRef, Cell, bool], ...]  # with whether the cell names a period
    results: list[object]
    told: list[str]


def outcome(rules: gkxl.Rules, periods: tuple[Period | None, ...], path: Path) -> tuple[list[object], list[str]]:
    """The results without what differs between any two files, and what each finding says with its place."""
    book = gkxl.Book.read(path)
    every = [gkxl.score(rules, book, period) for period in periods]
    told = [str(one) for results in every for one in results.diagnostics]
    return [[results_object(results)[key] for key in ("periods", "checks")] for results in every], told


def periods_of(path: Path) -> tuple[Period | None, ...]:
    """Those that a story has results for; of the others the whole year, too."""
    if path.name == "rules.gk":
        return None, *map(parse_period, expected_results(path.with_name("results.csv")))
    year = re.search(r"20\d\d", path.read_text(encoding="utf-8"))
    return None, parse_period(year[0] if year else "2025")


def used_cells(rules: gkxl.Rules, book: Book) -> Iterator[tuple[CellRef, Cell, bool]]:
    """The cells of data rows in every column that the rules name, or that dates the rows or names their unit.

    Of fixed forms those that a check reads.
    """
    assert rules.rubric is not None
    ledgers, _ = bind(rules.rubric, book)
    for ledger in ledgers.values():
        columns = {ledger.unit, *ledger.timing.columns, *(column.number for column in ledger.columns.values())}
        for row in data_rows(ledger, columns, None, lambda _: False, lambda *_: None):  # type: ignore[arg-type]
            for column in columns & row.cells.keys():
                yield (
                    ledger.at(row.number, column),
                    row.cells[column],
                    column in (ledger.timing.period, ledger.timing.year),
                )
    checked = {at for one in gkxl.score(rules, book).checks for at in one.cells}
    for sheet in book.sheets:
        for row in sheet.rows():
            for column, cell in row.cells.items():
                if (at := CellRef(sheet.name, row.number, column)) in checked:
                    yield at, cell, False


def sheet_parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        book = package.read("xl/workbook.xml").decode()
        links = package.read("xl/_rels/workbook.xml.rels").decode()
    found = {}
    for tag in re.findall(r"<sheet [^>]*>", book):
        name, relation = (re.search(rf'{key}="([^"]*)"', tag)[1] for key in ("name", "r:id"))  # type: ignore[index]
        target = next(one for one in re.findall("<Relationship [^>]*>", links) if f'Id="{relation}"' in one)
        found[name] = "xl/" + re.search('Target="/?(?:xl/)?([^"]*)"', target)[1]  # type: ignore[index]
    return found


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    folder = tmp_path_factory.mktemp("books")
    made = []
    for path in RULES:
        name = path.parent.name if path.name == "rules.gk" else path.stem
        book = path.with_name(path.name.split(".")[0] + ".xlsx")
        if path.name == "rules.gk":
            book = make_book(path.with_name("book.txt"), folder / f"{name}.xlsx")
        rules, content = gkxl.load(path), book.read_bytes()
        alone = rules.rubric is not None and rules.rubric.checks_alone  # these are of no period
        periods = (None,) if alone else periods_of(path)
        results, told = outcome(rules, periods, book)
        cells = tuple(used_cells(rules, gkxl.Book.read(book)))
        made.append(Case(name, rules, periods, content, sheet_parts(content), cells, results, told))
    return made


def written(cell: Cell) -> str:
    """What a person reads in a cell, near enough."""
    return str(cell.value.date() if cell.kind is CellKind.DATE else cell.value)  # type: ignore[union-attr]


def makes_sense(change: str, cell: Cell, names_period: bool) -> bool:
    """Whether there is such a change of a cell. A period may be named by a text as well as by a number."""
    match change:
        case "other epoch":
            return cell.kind is CellKind.DATE
        case "text number":
            return cell.kind in (CellKind.NUMBER, CellKind.RATE, CellKind.DATE) and not names_period
    return True


def changed(xml: str, at: CellRef, cell: Cell, change: str) -> str:
    """The part with another cell in this place."""
    pattern = rf'<c r="{at.a1}"([^>]*?)(?:/>|>(.*?)</c>)'
    found = re.search(pattern, xml, re.DOTALL)
    assert found, at
    style = re.search(r' s="\d+"', found[1])
    kept = style[0] if style else ""
    stored = re.search("<v>(.*?)</v>", found[2] or "")

    def text(value: str) -> str:
        return f'{kept} t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    match change:
        case "error":
            new = f'{kept} t="e"><v>#N/A</v></c>'
        case "uncached formula":
            new = f"{kept}><f>A1</f></c>"
        case "text number":
            assert stored
            new = text(stored[1])
        case "zero-width space":
            whole = written(cell)
            new = text(f"{whole[:1]}\u200b{whole[1:]}")
        case "blank":
            new = f"{kept}></c>"
        case _:
            assert stored
            new = f"{kept}><v>{float(stored[1]) - EPOCH:.10g}</v></c>"
    return xml[: found.start()] + f'<c r="{at.a1}"' + new + xml[found.end() :]


def replaced(content: bytes, part: str, xml: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml if name == part else old.read(name))
    return out.getvalue()


def says(told: list[str], at: CellRef) -> bool:
    return any(re.search(rf"{re.escape(str(at))}(?!\d)", one) for one in told)


@pytest.mark.parametrize("change", CHANGES)
def test_no_change_is_silent(change: str, cases: list[Case], tmp_path: Path) -> None:
    every = [
        (case, at, cell)
        for case in cases
        for at, cell, period in case.cells
        if makes_sense(change, cell, period) and not (change == "blank" and (case.name, at.sheet, at.a1[0]) in BLANKS)
    ]
    silent = []
    path = tmp_path / "b.xlsx"
    for case, at, cell in random.Random(change).sample(every, min(CELLS, len(every))):
        part = case.parts[at.sheet]
        with zipfile.ZipFile(BytesIO(case.content)) as package:
            xml = changed(package.read(part).decode(), at, cell, change)
        path.write_bytes(replaced(case.content, part, xml))
        results, told = outcome(case.rules, case.periods, path)
        if results == case.results and not says([one for one in told if one not in case.told], at):
            silent.append(f"{case.name}: {at} {cell.value}")
    assert silent == []
