"""The workbook of result sheets, read back with openpyxl and with our own reader."""

from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile

import openpyxl

from gkxl.sheets import BarChart, Highlight, Look, ResultSheet, Target, Tone, Written
from gkxl.tables import Area
from gkxl.workbook.render import PALETTE, render


def sheet(name: str, *rows: tuple[Written, ...], **more: object) -> ResultSheet:
    widths = (12,) * max((len(row) for row in rows), default=1)
    return ResultSheet(name, rows, widths, (18,) * len(rows), **more)  # type: ignore[arg-type]


def table(name: str = "得分汇总") -> ResultSheet:
    return sheet(
        name,
        (Written("单位", Look.HEADER), Written("总分", Look.HEADER), Written("等次", Look.HEADER)),
        (Written("甲局", Look.NAME), Written(Decimal("97.25"), Look.TOTAL, places=2), Written("优秀", Look.PLACE)),
        (Written("=乙局", Look.NAME), Written(Fraction(1, 3), Look.TOTAL, places=2), Written(None, Look.PLACE)),
        (Written("丙局", Look.LINK, Target("O'Brien", Area(2, 1, 9, 1))), Written("-", Look.PLACE), Written(None)),
        header=1,
        highlights=(Highlight(Area(2, 3, 4, 3), 3, "优秀", Tone.BEST),),
        chart=BarChart("总分", Area(2, 1, 4, 1), Area(2, 2, 4, 2), (1, 5)),
    )


def test_every_value_is_read_back() -> None:
    book = openpyxl.load_workbook(BytesIO(render([table()])))
    assert book.sheetnames == ["得分汇总", PALETTE]
    values = [[cell.value for cell in row] for row in book["得分汇总"].iter_rows()]
    assert values == [
        ["单位", "总分", "等次"],
        ["甲局", 97.25, "优秀"],
        ["=乙局", 1 / 3, None],
        ["丙局", "-", None],
    ]


def test_the_same_sheets_give_the_same_bytes_and_all_sheets_the_same_styles() -> None:
    one = render([table()])
    assert render([table()]) == one
    other = render([sheet("Scores", (Written("x", Look.RULES),)), sheet("About")])
    with ZipFile(BytesIO(one)) as first, ZipFile(BytesIO(other)) as second:
        assert first.read("xl/styles.xml") == second.read("xl/styles.xml")
