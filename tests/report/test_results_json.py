"""Results as JSON: the names and shapes of the contract, exact numbers, the mark of rounding."""

import json
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import golden
import hand_made

from gkxl.diagnostics import UNIT_UNKNOWN, CellRef, Diagnostic, Source, Span
from gkxl.report.data import diagnostic_object, dumps, results_object, tried_object
from gkxl.run.facts import Cells, Fact, State


def test_the_whole() -> None:
    golden.check("huzhong.json", dumps(results_object(hand_made.huzhong())))


def test_ascii_output_is_the_same_json() -> None:
    found = results_object(hand_made.huzhong())
    text = dumps(found, ascii_only=True)
    assert text.isascii()
    assert json.loads(text) == found


def test_only_the_object_that_holds_a_rounded_number_is_marked() -> None:
    unit = results_object(hand_made.huzhong())["periods"][0]["units"][2]
    assert unit["unit"] == "区统计局"
    assert unit["total"] == "0.666666666667"
    assert unit["rounded"] is True
    assert [one.get("rounded") for one in unit["indicators"]] == [None, True, None]
    assert unit["indicators"][1]["awards"][0]["rounded"] is True


def test_only_what_fired_is_listed() -> None:
    police = results_object(hand_made.huzhong())["periods"][0]["units"][1]
    assert [award["rule"] for award in police["indicators"][1]["awards"]] == ["每回复群众咨询1件加3分。"]


def test_values() -> None:
    facts = {
        "rate": hand_made.fact(Decimal("0.950")),
        "third": hand_made.fact(Fraction(1, 3)),
        "plan": hand_made.fact(value=True),
        "due": hand_made.fact(datetime(2025, 10, 31)),
        "at": hand_made.fact(datetime(2025, 10, 31, 8, 30)),
        "word": hand_made.fact("有"),
        "none": Fact(State.MISSING, None),
        "采用": hand_made.fact({("县级", "快报"): (2, Cells("采用", 3, (4, 5)))}),
    }
    award = hand_made.award("x", 1, "y", **facts)
    found = results_object(
        hand_made.results(hand_made.rubric("t"), hand_made.unit("u", 1, hand_made.indicator("i", 1, award)))
    )["periods"][0]["units"][0]["indicators"][0]["awards"][0]
    assert found["values"] == {
        "rate": "0.95",
        "third": "0.333333333333",
        "plan": True,
        "due": "2025-10-31",
        "at": "2025-10-31T08:30:00",
        "word": "有",
        "none": None,
        "采用.县级.快报": "2",
    }
    assert found["rounded"] is True


def test_diagnostics() -> None:
    cell = Diagnostic(UNIT_UNKNOWN, CellRef("信息公开", 14, 4), "en", {"unit": "x"}, ("a note",))
    assert diagnostic_object(cell) == {
        "code": "GK691",
        "severity": "error",
        "message": "There is no unit named “x”.",
        "place": "信息公开!D14",
        "notes": ["a note"],
    }
    span = Diagnostic(UNIT_UNKNOWN, Span(Source("a.gk", "一\n甲乙"), 3, 4), "zh", {"unit": "乙"})
    assert diagnostic_object(span) | {"message": ""} == {
        "code": "GK691",
        "severity": "error",
        "message": "",
        "place": "a.gk:2:2",
        "notes": [],
        "path": "a.gk",
        "line": 2,
        "column": 2,
    }
    assert diagnostic_object(Diagnostic(UNIT_UNKNOWN, None, "zh", {"unit": ""}))["place"] is None


def test_a_tried_sentence() -> None:
    assert tried_object(Decimal(-6), "why") == {"points": "-6", "because": "why"}
    assert tried_object(Fraction(1, 3), "why")["rounded"] is True
