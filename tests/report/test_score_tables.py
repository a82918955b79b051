"""Score tables at any width, as CSV and as Markdown."""

import csv
import io
import unicodedata
from dataclasses import replace
from decimal import Decimal

import golden
import hand_made
import pytest

from gkxl.report.formats import to_csv, to_markdown
from gkxl.report.tables import MANY, render, render_all

SETS = {"huzhong": hand_made.huzhong, "grouped": hand_made.grouped}


def columns(line: str) -> int:
    """How many columns a line takes, by another judge than the code's."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("name", SETS)
def test_a_table_at_a_width(name: str, width: int) -> None:
    text = render(SETS[name](), width)
    golden.check(f"{name}.{width}.txt", text)
    assert max(map(columns, text.splitlines())) <= width


@pytest.mark.parametrize("width", [1, 20, 30, 57])
def test_the_total_is_never_lost(width: int) -> None:
    lines = render(hand_made.huzhong(), width).splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("单位"))
    assert lines[head].split()[:2] == ["单位", "总分"]
    assert lines[head + 2].split()[:2] == ["区公安局", "3"]


def test_numbers_end_at_the_same_column() -> None:
    lines = render(hand_made.huzhong(), 160).splitlines()
    end = columns(lines[1][: lines[1].index("总分")]) + 4
    for line, total in zip(lines[3:6], ("3", "0.666666666667", "-6"), strict=True):
        before = line[: line.rindex(total)]
        assert columns(before) + len(total) == end


def test_indicators_stand_in_the_order_of_the_rules() -> None:
    first, second = hand_made.indicator("甲", 1), hand_made.indicator("乙", 2)
    one = hand_made.unit("一", 2, replace(first, applies=False), second)
    text = render(hand_made.results(hand_made.rubric("考评"), one, hand_made.unit("二", 3, first, second)), 80)
    assert text.splitlines()[1].split() == ["单位", "甲", "乙", "总分"]


def test_many_awards_are_counted_and_the_way_to_them_named() -> None:
    awards = [hand_made.award("每迟报一次扣1分。", -1, f"第{i}次") for i in range(MANY + 1)]
    many = hand_made.results(
        hand_made.rubric("考评"), hand_made.unit("甲局", -61, hand_made.indicator("报送", -61, *awards))
    )
    text = render(replace(many, book_path="my book.xlsx"), 80)
    assert "每迟报一次" not in text
    assert "61" in text
    assert 'gkxl explain "my book.xlsx"' in text.replace("\n", "")
    assert "--format json" in text


def test_text_of_a_workbook_does_not_steer_the_terminal() -> None:
    one = hand_made.results(hand_made.rubric("考评"), hand_made.unit("甲\x1b[2J局", 1, hand_made.indicator("x", 1)))
    assert "\x1b" not in render(one, 80)
    assert "\x1b" not in to_markdown([one])


def test_several_sets_name_their_files() -> None:
    text = render_all([hand_made.huzhong(), hand_made.grouped()], 80)
    assert text.count("huzhong.xlsx  huzhong.gk\n") == 2


def test_colour_only_where_asked_for() -> None:
    assert "\x1b" not in render(hand_made.huzhong(), 80)
    assert "\x1b[1m呼中区政务公开考评 2025Q4\x1b[0m" in render(hand_made.huzhong(), 80, colour=True)


def test_csv() -> None:
    text = to_csv([hand_made.huzhong()])
    golden.check("huzhong.csv", text.replace("\r\n", "\n"))
    assert text.startswith("\ufeff周期,单位,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["单位"] for row in rows] == ["区发改局", "区公安局", "区统计局", "区财政局"], "in the book's order"
    assert rows[0]["总分"] == "-6", "a number stays one"
    assert rows[3]["总分"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_text_is_never_a_formula(start: str) -> None:
    unit = hand_made.unit(f"{start}cmd|x", -1, hand_made.indicator(f"{start}x", -1), remark=f"{start}1+1")
    rows = list(csv.reader(io.StringIO(to_csv([hand_made.results(hand_made.rubric("考评"), unit)]), newline="")))
    assert rows[1][1] == f"'{start}cmd|x"
    assert rows[1][-1] == f"'{start}1+1"
    assert rows[0][3] == f"'{start}x"
    assert rows[1][3] == "-1"


def test_csv_of_several_sets_is_one_table() -> None:
    rows = list(csv.reader(io.StringIO(to_csv([hand_made.huzhong(), hand_made.grouped()]), newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[0][:3] == ["\ufeff工作簿", "规则", "周期"]


def test_markdown() -> None:
    golden.check("huzhong.md", to_markdown([hand_made.huzhong()]))


def test_markdown_text_is_never_markup() -> None:
    unit = hand_made.unit("a|b\n*c* <b>`", Decimal(1), hand_made.indicator("x", 1))
    text = to_markdown([hand_made.results(hand_made.rubric("考评"), unit)])
    assert r"| a\|b \*c\* \<b\>\` |" in text
