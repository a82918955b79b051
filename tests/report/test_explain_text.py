"""`gkxl explain`: points, sentences, reasons, cells, what did not fire, veto."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import golden
import hand_made
import pytest

from gkxl.model.rules import Computed, Const, Term
from gkxl.report.explain import cells_text, explain
from gkxl.report.grid import only_unit
from gkxl.run.facts import Cells, Fact, State
from gkxl.values import Kind, name_key


@pytest.mark.parametrize("width", [40, 80, 160])
def test_the_whole(width: int) -> None:
    golden.check(f"explain.{width}.txt", explain(hand_made.huzhong(), width))


def test_one_unit() -> None:
    text = explain(only_unit(hand_made.huzhong(), name_key("区 公安局")), 80)
    assert text.startswith("区公安局 2025Q4\n总分 3  名次 1  等次 优秀\n")
    assert "区发改局" not in text


def test_an_indicator_for_others_and_details_of_the_scale() -> None:
    text = explain(hand_made.grouped(), 80)
    assert "Written review  60 (of 50)" in text


def test_values() -> None:
    facts = {
        "rate": hand_made.fact(Decimal("0.95"), "Catalogue", 2, (3,)),
        "plan": hand_made.fact(value=False),
        "due": hand_made.fact(datetime(2025, 10, 31)),
        "adopted": hand_made.fact({("city", "brief"): (2, None)}),
        "none": Fact(State.MISSING, None),
    }
    unit = hand_made.unit("u", 1, hand_made.indicator("i", 1, hand_made.award("x", 1, "why", **facts)))
    rate = Term("rate", (), Computed(Const(Decimal(1), Kind.RATE)), hand_made.sentence("x").span, Kind.RATE)
    rubric = replace(hand_made.rubric("t", "en"), terms={"rate": rate})
    lines = [line.strip() for line in explain(hand_made.results(rubric, unit), 80).splitlines()]
    assert lines[-5:] == ["rate 95%  Catalogue!B3", "plan no", "due 2025-10-31", "adopted city brief 2", "none blank"]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ([], ""),
        ([("a", 2, 1)], "a!A2"),
        ([("a", 5, 1), ("a", 2, 1), ("a", 3, 1), ("a", 2, 1)], "a!A2:A3, A5"),
        ([("a", 2, 1), ("a", 3, 2), ("b", 4, 2)], "a!A2, B3, b!B4"),
        ([("a", 2 * n, 1) for n in range(1, 20)], "a!A2, A4, A6, A8, A10, A12, A14, A16, ... (19 cells)"),
    ],
)
def test_cells(cells: list[tuple[str, int, int]], text: str) -> None:
    assert cells_text([Cells(sheet, column, (row,)) for sheet, row, column in cells], "en") == text
