"""Diagnostics as text: places, the caret under full-width characters and tabs, long lines, notes."""

import unicodedata

import pytest

from gkxl.diagnostics import INTERNAL_ERROR, RULE_UNREACHED, UNIT_UNKNOWN, CellRef, Diagnostic, Source, Span
from gkxl.report.text import excerpt, render
from gkxl.report.words import summary


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def at(text: str, marked: str, width: int = 80) -> tuple[str, str]:
    start = text.index(marked)
    return excerpt(Span(Source("a.gk", text), start, start + len(marked)), width)


def test_the_form() -> None:
    source = Source("rules/a.gk", "指标 甲\n  每迟报一次扣1分。\n")
    place = Span(source, 8, 10)
    found = Diagnostic(
        UNIT_UNKNOWN, place, "zh", {"unit": "迟报"}, ("最接近的:漏报", "可以这样写:\n迟报 = 报送 的记录")
    )
    assert render([found]) == (
        "rules/a.gk:2:4: error GK691 没有名为“迟报”的单位。\n"
        "    每迟报一次扣1分。\n"
        "      ^^^^\n"
        "  - 最接近的:漏报\n"
        "  - 可以这样写:\n"
        "    迟报 = 报送 的记录\n"
    )


@pytest.mark.parametrize(
    ("text", "marked", "line", "caret"),
    [
        ("each typo costs 1", "typo", "each typo costs 1", "     ^^^^"),
        ("每错别字扣1分", "错别字", "每错别字扣1分", "  ^^^^^^"),
        ("ａ１错", "错", "ａ１错", "    ^^"),
        ("\t错字扣1分", "错字", "    错字扣1分", "    ^^^^"),
        ("e\u0301 错", "错", "e\u0301 错", "  ^^"),
        ("ｶﾅ错", "错", "ｶﾅ错", "  ^^"),
        ("甲\x1b[31m乙", "乙", "甲?[31m乙", "       ^^"),
    ],
)
def test_the_caret_stands_under_the_words(text: str, marked: str, line: str, caret: str) -> None:
    assert at(text, marked) == (line, caret)


def test_an_empty_place_has_one_caret() -> None:
    assert excerpt(Span(Source("a.gk", "加1分"), 3, 3), 80) == ("加1分", "     ^")
    assert excerpt(Span(Source("a.gk", ""), 0, 0), 80) == ("", "^")
    assert excerpt(Span(Source("a.gk", "甲\n"), 2, 2), 80) == ("", "^")


def test_a_place_over_several_lines_is_marked_to_the_end_of_the_first() -> None:
    text = "甲加1分,\n乙加2分"
    assert excerpt(Span(Source("a.gk", text), 1, len(text)), 80) == ("甲加1分,", "  ^^^^^^")


@pytest.mark.parametrize("width", [20, 40, 79])
@pytest.mark.parametrize(("before", "after"), [(0, 500), (500, 0), (300, 300), (3, 3), (0, 0), (500_000, 500_000)])
@pytest.mark.parametrize("fill", ["x", "字"])
def test_a_long_line_is_cut_around_the_place(fill: str, before: int, after: int, width: int) -> None:
    line, caret = at(fill * before + "错别" + fill * after, "错别", width)
    assert columns(line) <= width
    offset = len(caret) - len(caret.lstrip())
    prefix = next(line[:i] for i in range(len(line)) if columns(line[:i]) == offset)
    assert line[len(prefix) :].startswith("错别")
    assert caret.strip() == "^^^^"
    assert line.startswith("...") == (columns(fill * before) > width)


def test_a_long_place_keeps_its_start() -> None:
    line, caret = at("甲" + "错" * 500, "错" * 500, 40)
    assert line.startswith("甲错")
    assert columns(line) <= 40
    assert len(caret) <= 40


def test_cells_and_order() -> None:
    source = Source("a.gk", "甲\n乙\n")
    found = [
        Diagnostic(UNIT_UNKNOWN, CellRef("信息公开", 14, 4), "zh", {"unit": "甲"}),
        Diagnostic(UNIT_UNKNOWN, Span(source, 2, 3), "zh", {"unit": "乙"}),
        Diagnostic(UNIT_UNKNOWN, Span(source, 0, 1), "zh", {"unit": "甲"}),
        Diagnostic(INTERNAL_ERROR, None, "en", {"what": "x"}),
    ]
    heads = [line.split("error GK")[0] for line in render(found).splitlines() if "error GK" in line]
    assert heads == ["a.gk:1:1: ", "a.gk:2:1: ", "信息公开!D14: ", ""]


def test_the_message_does_not_steer_the_terminal() -> None:
    assert "\x1b" not in render([Diagnostic(UNIT_UNKNOWN, None, "en", {"unit": "\x1b]0;x\x07"}, ("\x1b[2J",))])


def test_colour() -> None:
    found = [Diagnostic(UNIT_UNKNOWN, Span(Source("a.gk", "甲"), 0, 1), "en", {"unit": "x"})]
    assert "\x1b[1;31merror GK691\x1b[0m" in render(found, colour=True)
    assert "\x1b" not in render(found)


def test_the_summary_follows_the_language() -> None:
    error = Diagnostic(UNIT_UNKNOWN, None, "en", {"unit": "x"})
    note = Diagnostic(RULE_UNREACHED, None, "en", {"sentence": "x"})
    assert summary([error, error, note]) == "2 errors, 1 note"
    assert summary([Diagnostic(UNIT_UNKNOWN, None, "zh", {"unit": "x"})]) == "1个错误"
    assert summary([]) == ""
