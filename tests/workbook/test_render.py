"""The workbook of result sheets, read back with openpyxl and with our own reader."""

import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from gkxl.apps import inputs
from gkxl.diagnostics import SHEET_TOO_LARGE
from gkxl.report.sheets import result_sheets
from gkxl.sheets import CHART_NAME, MOST_ROWS, BarChart, Highlight, Look, ResultSheet, Target, Tone, When, Written
from gkxl.tables import Area, CellKind
from gkxl.workbook.package import RefusedError
from gkxl.workbook.read import BookFile, book_of
from gkxl.workbook.render import PALETTE, render
from gkxl.workbook.sniff import sniff

BOOKS = Path(__file__).resolve().parents[2] / "workbooks"


def sheet(name: str, *rows: tuple[Written, ...], **more: Any) -> ResultSheet:
    widths = (12,) * max((len(row) for row in rows), default=1)
    return ResultSheet(name, rows, widths, (18,) * len(rows), **more)


def table() -> ResultSheet:
    return sheet(
        "得分汇总",
        (Written("单位", Look.HEADER), Written("总分", Look.HEADER), Written("等次", Look.HEADER)),
        (Written("甲局", Look.NAME), Written(Decimal("97.25"), Look.TOTAL, places=2), Written("优秀", Look.PLACE)),
        (Written("乙局", Look.NAME), Written(Fraction(1, 3), Look.SIGNED, places=2), Written(None, Look.PLACE)),
        (Written("丙局", Look.LINK, Target("O'Brien", Area(2, 1, 9, 1))), Written("-", Look.PLACE), Written(None)),
        header=1,
        frozen=1,
        highlights=(
            Highlight(Area(2, 3, 4, 3), 3, '"优"', Tone.BEST),
            Highlight(Area(2, 1, 4, 1), 3, "否决", Tone.POOR, When.HOLDS),
        ),
        chart=BarChart("总分", Area(2, 1, 4, 1), Area(2, 2, 4, 2), (1, 5)),
        landscape=True,
    )


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(data), rich_text=False)


def ours(data: bytes) -> dict[str, list[list[object]]]:
    """What our own reader finds: numbers exact, a row as long as its last cell that is not blank."""
    book = book_of(BookFile(Path("results.xlsx"), data, sniff(data)), "zh")
    found: dict[str, list[list[object]]] = {}
    for one in book.sheets:
        rows: list[list[object]] = []
        for row in one.rows():
            assert {cell.kind for cell in row.cells.values()} <= {CellKind.TEXT, CellKind.NUMBER, CellKind.BLANK}
            rows += [[] for _ in range(row.number - 1 - len(rows))]
            there = {column: cell.value for column, cell in row.cells.items() if cell.value is not None}
            rows.append([there.get(column) for column in range(1, max(there, default=0) + 1)])
        found[one.name] = rows
    return found


def written(made: ResultSheet) -> list[list[object]]:
    rows = []
    for row in made.rows:
        values = [round(cell.value, 15) if isinstance(cell.value, Fraction) else cell.value for cell in row]
        while values and values[-1] is None:
            values.pop()
        rows.append(values)
    return rows


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["xinzhou-2022", "huzhong-2025", "county-openness", "late-and-early"])
def test_every_value_of_a_real_book_is_read_back(name: str) -> None:
    every = [one.results for one in inputs.scored([BOOKS / f"{name}.xlsx"], [], None)]
    made = [one for four in result_sheets(every, [str(i) for i in range(len(every))]) for one in four]
    data = render(made)
    assert {one.name: written(one) for one in made}.items() <= ours(data).items()
    book = opened(data)
    for one in made:
        cells = [[cell.value for cell in row] for row in book[one.name].iter_rows()]
        assert [[None if v is None else str(v) for v in row] for row in cells] == [
            [None if c.value is None else c.value if isinstance(c.value, str) else str(_number(c.value)) for c in row]
            for row in one.rows
        ]
        assert not any(cell.data_type == "f" for row in book[one.name].iter_rows() for cell in row)


def _number(value: Decimal | Fraction) -> int | float:
    return int(value) if value == int(value) else float(value)


TEXTS = {
    "=1+1": "=1+1",
    "+86": "+86",
    "-": "-",
    "@甲": "@甲",
    "http://example.org/": "http://example.org/",
    "0012": "0012",
    "  两边有空 ": "  两边有空 ",
    "第一行\n第二行": "第一行\n第二行",
    "<b>&amp;\"'": "<b>&amp;\"'",
    "<r><t>甲</t></r>": "<r><t>甲</t></r>",
    "_x0041_": "_x0041_",
    "\x01\x0b": "\x01\x0b",
    "半个\ud83d字": "半个\\ud83d字",
    "\ufffe": "\\ufffe",
    "长" * 32_767: "长" * 32_767,
    "长" * 32_768: "长" * 32_727 + " … (+41)",
    "😀" * 20_000: "😀" * 16_363 + " … (+7274)",
}


def test_text_is_text_whatever_it_says() -> None:
    data = render([sheet("文字", *[(Written(text),) for text in TEXTS])])
    assert ours(data)["文字"] == [[text] for text in TEXTS.values()]
    cells = [row[0] for row in opened(data)["文字"].iter_rows()]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert [cell.style_id for cell in cells[:4]] == [cells[0].style_id] * 4
    assert all(cell.quotePrefix for cell in cells[:4])
    assert not cells[4].quotePrefix
    assert not cells[4].hyperlink


def test_what_stands_in_links_charts_and_conditions_is_sound_xml_too() -> None:
    odd = "甲\x01\ud83d"
    made = sheet(
        "表",
        (Written(odd, Look.LINK, Target(odd, Area(1, 1, 1, 1))), Written(Decimal(1), Look.TOTAL)),
        highlights=(Highlight(Area(1, 1, 1, 1), 1, odd, Tone.BEST),),
        chart=BarChart(odd, Area(1, 1, 1, 1), Area(1, 2, 1, 2), (1, 4)),
    )
    data = render([made])
    assert opened(data)["表"]["A1"].value == "甲\\u0001\\ud83d"
    with ZipFile(BytesIO(data)) as package:
        assert b"\\u0001\\ud83d" in package.read("xl/charts/chart1.xml")
        assert b"\\u0001\\ud83d" in package.read("xl/worksheets/sheet1.xml")


def test_a_number_that_no_double_holds_is_written_as_text() -> None:
    numbers = [Decimal("1e400"), Fraction(10**400, 3), Decimal("-0.1"), Decimal("12345678.25")]
    data = render([sheet("数", *[(Written(number, Look.NUMBER, places=2),) for number in numbers])])
    large, third, *rest = [row[0] for row in ours(data)["数"]]
    assert large == "1" + "0" * 400
    assert str(third).startswith("333")
    assert rest == numbers[2:]


def test_a_sheet_larger_than_excels_is_refused() -> None:
    row = (Written(None),)
    large = ResultSheet("得分明细", (row,) * (MOST_ROWS + 1), (10,), (18,) * (MOST_ROWS + 1))
    with pytest.raises(RefusedError) as refused:
        render([large])
    assert refused.value.code is SHEET_TOO_LARGE
    assert refused.value.values["rows"] == 1_048_577
    assert "1048576" in SHEET_TOO_LARGE.zh.format(**refused.value.values)


# --- how it looks ----------------------------------------------------------------------------------------------------


def test_a_sheet_is_made_to_be_read_and_printed() -> None:
    made = opened(render([table()]))["得分汇总"]
    assert made.freeze_panes == "B2"
    assert made.auto_filter.ref == "A1:C4"
    assert made.print_title_rows == "$1:$1"
    assert made.print_area == "'得分汇总'!$A$1:$C$4"
    assert (made.page_setup.paperSize, made.page_setup.orientation) == (9, "landscape")
    assert (made.page_setup.fitToWidth or 1, made.page_setup.fitToHeight) == (1, 0)
    assert made.sheet_properties.pageSetUpPr.fitToPage
    assert made.oddFooter.center.text == "&P / &N"
    assert made["B2"].number_format == "0.00_)"
    assert made["B3"].number_format == "+0.00_);-0.00_);0.00_)"
    assert made["A4"].hyperlink.location == "'O''Brien'!A2:A9"
    assert made["A4"].hyperlink.target is None
    assert not made.merged_cells.ranges


def test_conditions_look_at_the_texts_of_a_column() -> None:
    made = opened(render([table()]))["得分汇总"]
    rules = {str(area.sqref): [rule.formula for rule in area.rules] for area in made.conditional_formatting}
    assert rules == {"C2:C4": [['$C2="""优"""']], "A2:A4": [['ISNUMBER(FIND("否决",$C2))']]}


def test_the_chart_is_ours_by_name_and_holds_what_it_shows() -> None:
    with ZipFile(BytesIO(render([table()]))) as package:
        assert f'name="{CHART_NAME}"'.encode() in package.read("xl/drawings/drawing1.xml")
        chart = package.read("xl/charts/chart1.xml").decode()
    assert "得分汇总!$A$2:$A$4" in chart
    held = re.findall(r"<c:v>([^<]*)</c:v>", chart)
    assert held[:4] == ["甲局", "乙局", "丙局", "97.25"]
    assert [round(float(number), 12) for number in held[4:]] == [round(1 / 3, 12)], "丙局 has no total"


# --- the same always -------------------------------------------------------------------------------------------------


def test_styles_do_not_hang_on_the_results() -> None:
    first = render([table()])
    second = render([sheet("Scores", (Written("x", Look.RULES),)), sheet("About")])
    with ZipFile(BytesIO(first)) as one, ZipFile(BytesIO(second)) as other:
        assert one.read("xl/styles.xml") == other.read("xl/styles.xml")
    assert opened(first).sheetnames == ["得分汇总", PALETTE]


_TWICE = """
import hashlib, sys
from pathlib import Path
from gkxl.apps import inputs
from gkxl.report.sheets import result_sheets
from gkxl.workbook.render import render
(one,) = inputs.scored([Path(sys.argv[1])], [], None)
(made,) = result_sheets([one.results], [""])
print(hashlib.sha256(render(made)).hexdigest())
"""


def test_two_processes_give_the_same_bytes() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", _TWICE, str(BOOKS / "late-and-early.xlsx")],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "TZ": zone},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }  # fmt: skip
    assert len(found) == 1


_NO_ROOM = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from gkxl.sheets import ResultSheet, Written
from gkxl.workbook.package import RefusedError
from gkxl.workbook.render import render
try:
    render([ResultSheet("x", ((Written("y" * 9000),),) * 9, (9,), (18,) * 9)])
except RefusedError as refused:
    print(refused.code.number, refused.values["what"][1])
"""


def test_no_room_for_temporary_files_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _NO_ROOM],
        env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "GK654 folder for temporary files, EFBIG\n"
    assert done.stderr == ""
