"""Checks of fixed forms: what holds, what does not and why, which cell would set it right, and forms that are not sound.

The form is small, laid out like the one of the yearly disclosure report: two-row captions above, merged ones on the left.
Expectations are worked out by hand.

        A            B            C         D          E        F
    1   收到和处理申请情况
    2   事项                      自然人    法人                总计
    3                                       商业企业   其他
    4   一、新收                  9         1          0        10
    5   二、结转                  1         0          0        1
    6   三、办理结果 (一)予以公开 8         1          0        9
    7                (二)其他处理 1         0          0        1
    8                (七)总计     9         1          0        10
    9   四、结转下年              1         0          0        1
"""

from __future__ import annotations

from typing import Any

import pytest
from books import UNCALCULATED, error

import gkxl
from gkxl.report.data import results_object
from gkxl.run.cells_read import cells_sha256, watched
from gkxl.tables import Area, Book, Given, ListSheet

FORM: list[list[Given]] = [
    ["收到和处理申请情况"],
    ["事项", None, "自然人", "法人", None, "总计"],
    [None, None, None, "商业企业", "其他", None],
    ["一、新收", None, 9, 1, 0, 10],
    ["二、结转", None, 1, 0, 0, 1],
    ["三、办理结果", "(一)予以公开", 8, 1, 0, 9],
    [None, "(二)其他处理", 1, 0, 0, 1],
    [None, "(七)总计", 9, 1, 0, 10],
    ["四、结转下年", None, 1, 0, 0, 1],
]
MERGES = (
    Area(1, 1, 1, 6), Area(2, 1, 3, 2), Area(2, 3, 3, 3), Area(2, 4, 2, 5), Area(2, 6, 3, 6),
    Area(4, 1, 4, 2), Area(5, 1, 5, 2), Area(6, 1, 8, 1), Area(9, 1, 9, 2),
)  # fmt: skip
ALL = """核对 勾稽: 第4行 + 第5行 = 第8行 + 第9行,逐列 C 至 F
核对 办理: 第6行至第7行之和 = 第8行,逐列 C 至 F
核对 合计: C列至E列之和 = F列,逐行 4 至 9
"""


def form(**changes: Given) -> ListSheet:
    """The form with some cells changed: C7=2."""
    rows = [[*row, *[None] * (6 - len(row))] for row in FORM]
    for cell, value in changes.items():
        rows[int(cell[1:]) - 1]["ABCDEF".index(cell[0])] = value
    return ListSheet("年报", rows, MERGES)


def scored(text: str, *sheets: ListSheet) -> dict[str, Any]:
    rules = gkxl.load(text if "\n" in text else text + "\n")
    assert [str(one) for one in rules.diagnostics] == []
    return results_object(gkxl.score(rules, Book("年报.xlsx", "0" * 64, sheets or (form(),))))


def told(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["code"], one["place"]) for one in result["diagnostics"]]


def brief(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(one["name"], one.get("at"), one["holds"], one.get("left"), one.get("right")) for one in result["checks"]]


def sides(result: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The two sides of each check, by its name and the column or row."""
    found: dict[str, dict[str, str]] = {}
    for one in result["checks"]:
        found.setdefault(one["name"], {})[one["at"]] = f"{one['left']} {one['right']}"
    return found


def test_a_sound_form_holds_in_every_column_and_row() -> None:
    result = scored(ALL)
    assert told(result) == []
    assert sides(result) == {
        "勾稽": {"C": "10 10", "D": "1 1", "E": "0 0", "F": "11 11"},
        "办理": {"C": "9 9", "D": "1 1", "E": "0 0", "F": "10 10"},
        "合计": {"4": "10 10", "5": "1 1", "6": "9 9", "7": "1 1", "8": "10 10", "9": "1 1"},
    }
    assert all(one["holds"] for one in result["checks"])
    assert result["checks"][0]["cells"] == ["年报!C4", "年报!C5", "年报!C8", "年报!C9"]
    assert result["checks"][8]["cells"] == ["年报!C4", "年报!D4", "年报!E4", "年报!F4"]


def test_english_rules_say_the_same() -> None:
    english = """check balance: row 4 + row 5 = row 8 + row 9, for each column C to F
check handled: sum of rows 6 to 7 = row 8, for each column C to F
check sums: sum of columns C to E = column F, for each row 4 to 9
"""
    result = scored(english, form(D7=2))
    assert [one[1:] for one in brief(result)] == [one[1:] for one in brief(scored(ALL, form(D7=2)))]
    first = result["diagnostics"][0]
    assert first["message"] == (
        "The check “handled” (column D) does not hold: left 3, right 1, difference 2 (D6 = 1, D7 = 2, D8 = 1)."
    )
    assert first["notes"] == ["One cell changed alone makes all checks hold: 年报!D7 = 0 instead of 2"]


def test_the_cell_at_fault_is_the_one_where_the_checks_that_fail_meet() -> None:
    """D7 typed as 2 breaks the sum of column D and that of row 7: D7 = 0 alone heals both."""
    result = scored(ALL, form(D7=2))
    wrong = [one for one in result["checks"] if not one["holds"]]
    assert [(one["name"], one["at"], one["left"], one["right"]) for one in wrong] == [
        ("办理", "D", "3", "1"),
        ("合计", "7", "3", "1"),
    ]
    assert [one["repairs"] for one in wrong] == [[{"cell": "年报!D7", "value": "0", "instead": "2"}]] * 2
    assert told(result) == [("GK510", "年报!D6"), ("GK510", "年报!C7")]
    assert result["diagnostics"][0]["message"] == "核对“办理”(D列)不符:左边 3,右边 1,相差 2(D6 = 1、D7 = 2、D8 = 1)。"
    assert result["diagnostics"][0]["notes"] == ["只改一格就全部相符:年报!D7 改为 0(现为 2)"]


def test_of_two_faults_no_single_cell_is_named() -> None:
    result = scored(ALL, form(D7=2, F4=99))
    assert sum(not one["holds"] for one in result["checks"]) > 2
    assert all("repairs" not in one for one in result["checks"])


def test_a_repair_that_would_break_another_check_is_named_only_where_there_is_no_other() -> None:
    """F6 breaks its row and its column; with the sums of rows alone, C6, D6, E6 or F6 would do."""
    rows = "核对 合计: C列至E列之和 = F列,逐行 4 至 9\n"
    (wrong,) = [one for one in scored(rows, form(F6=11))["checks"] if not one["holds"]]
    assert [(way["cell"], way["value"]) for way in wrong["repairs"]] == [
        ("年报!C6", "10"), ("年报!D6", "3"), ("年报!E6", "2"), ("年报!F6", "9"),
    ]  # fmt: skip
    wrongs = [one for one in scored(ALL, form(F6=11))["checks"] if not one["holds"]]
    assert [one["repairs"] for one in wrongs] == [[{"cell": "年报!F6", "value": "9", "instead": "11"}]] * 2


def test_a_repair_is_never_below_0_nor_in_parts_where_all_is_whole() -> None:
    (check,) = scored("核对 甲: C4 × 2 + C5 = C6", form(C4=1, C5=9, C6=4))["checks"]
    # 2·C4 + 9 = 4 would need −2.5, 2 + C5 = 4 is 2, C6 is 11.
    assert [(way["cell"], way["value"]) for way in check["repairs"]] == [("年报!C5", "2"), ("年报!C6", "11")]


@pytest.mark.parametrize(
    ("check", "left", "right", "holds"),
    [
        ("C4 = 9", "9", "9", True),
        ("C4 < 9", "9", "9", False),
        ("C4 ≤ 9", "9", "9", True),
        ("C4 > D4", "9", "1", True),
        ("C4 ≥ F4", "9", "10", False),
        ("C4 ÷ 3 = 3", "3", "3", True),
        ("C4 - D4 × 2 = (C4 - D4) × 2 - 9", "7", "7", True),
        ("F4 ÷ 3 = 3.34 相差不超过0.01", "3.333333333333", "3.34", True),
        ("F4 ÷ 3 = 3.35 相差不超过0.01", "3.333333333333", "3.35", False),
        ("一、新收 的 自然人 = 自然人 的 一、新收", "9", "9", True),
        ("三、办理结果 (七)总计 的 法人 商业企业 = 1", "1", "1", True),
        ("C6至E7之和 = C6:E7之和", "10", "10", True),
        ("年报!第4行至第5行之和 = 20,逐列 C 至 C", "10", "20", False),
    ],
)
def test_one_check(check: str, left: str, right: str, holds: bool) -> None:
    (one,) = scored(f"核对 甲: {check}")["checks"]
    assert (one["left"], one["right"], one["holds"]) == (left, right, holds)


@pytest.mark.parametrize(
    ("check", "changes", "holds"),
    [
        ("C4 > 0 ⇒ C8 > 0", {}, True),
        ("C4 > 0 ⇒ C8 > 0", {"C8": 0}, False),
        ("C4 > 0 ⇒ C8 > 0", {"C4": 0, "C8": 0}, True),
        ("C4 > 0 且 C5 = 0 ⇒ C8 = 0", {}, True),
        ("C4 > 0 且 C5 = 1 ⇒ C8 = 0", {}, False),
    ],
)
def test_what_follows_has_to_hold_only_where_what_is_given_does(
    check: str, changes: dict[str, int], holds: bool
) -> None:
    (one,) = scored(f"核对 甲: {check}", form(**changes))["checks"]
    assert one["holds"] is holds
    assert "left" not in one
    assert "right" not in one


@pytest.mark.parametrize(
    ("check", "note"),
    [
        ("核对 甲: C4 < C8", "规则要求:左边 < 右边"),  # 9 and 9: no difference, and it does not hold
        ("核对 甲: C4 > 0 ⇒ C5 ≥ 2", "规则要求:左边 ≥ 右边"),
        ("check a: C4 < C8", "It asks for: left < right"),
    ],
)
def test_what_is_asked_for_is_said_where_it_is_no_equality(check: str, note: str) -> None:
    (one,) = scored(check)["diagnostics"]
    assert one["notes"][0] == note


@pytest.mark.parametrize(
    ("line", "example"),
    [
        ("核对 甲 C4 = C8", "核对 勾稽关系: "),
        ("核对 甲 第4行 + 第5行 = 第8行 + 第9行,逐列 C 至 F", "核对 勾稽关系: "),
        ("check a C4 = C8", "check balance: "),
        ("check a row 4 = row 8, for each column C to F", "check balance: "),
    ],
)
def test_a_check_without_its_colon_is_no_definition(line: str, example: str) -> None:
    """It would be read as a name (甲 C4) and its value otherwise, and nothing would be checked."""
    (one,) = gkxl.load(line + "\n").diagnostics
    assert one.code.number == "GK201"
    assert any(example in note for note in one.notes)


@pytest.mark.parametrize(
    "check",
    [
        "核对 甲: 第4行 = 第6行,逐列 C 至 F,相差不超过1",
        "核对 甲: 第4行 = 第6行,逐列 C 至 F 相差不超过1",
        "check a: row 4 = row 6, for each column C to F, within 1",
    ],
)
def test_the_tolerance_may_stand_last(check: str) -> None:
    assert sides(scored(check)) in (
        {"甲": {"C": "9 8", "D": "1 1", "E": "0 0", "F": "10 9"}},
        {"a": {"C": "9 8", "D": "1 1", "E": "0 0", "F": "10 9"}},
    )
    assert scored(check)["diagnostics"] == []


def test_a_definition_may_begin_with_the_word() -> None:
    assert [one["holds"] for one in scored("核对数 = C4\n核对 甲: 核对数 = 9\n")["checks"]] == [True]
    assert [one["holds"] for one in scored("check sum = C4\ncheck a: check sum = 9\n")["checks"]] == [True]


def test_terms_stand_for_cells_rows_and_formulas() -> None:
    text = """新收 = 年报!第4行
结转 = 年报!二、结转
收到 = 新收 + 结转
核对 勾稽: 收到 = 第8行 + 第9行,逐列 C 至 F
核对 另一列: 收到 > 0,逐列 自然人 至 商业企业
"""
    assert sides(scored(text)) == {
        "勾稽": {"C": "10 10", "D": "1 1", "E": "0 0", "F": "11 11"},
        "另一列": {"C": "10 0", "D": "1 0"},
    }


def test_a_form_is_checked_against_another_sheet() -> None:
    whole = ListSheet("汇总", [["自然人"], [18]])
    text = "核对 汇总: 汇总!A2 = 年报!C4 × 2"
    assert brief(scored(text, form(), whole)) == [("汇总", None, True, "18", "18")]


def test_dividing_by_0_does_not_hold_and_says_why() -> None:
    result = scored("核对 占比: C4 ÷ E4 > 0.5")
    assert brief(result) == [("占比", None, False, None, None)]
    assert told(result) == [("GK511", "年报!C4")]
    assert result["diagnostics"][0]["message"] == "核对“占比”不符:分母为 0(C4 = 9、E4 = 0)。"
    # C4 is 9; 0 for it fails both: 9 again makes 9 + 1 = 9 + 1 and 9 ÷ 9 = 1.
    both = scored("核对 收: C4 + C5 = C8 + C9\n核对 占比: C8 ÷ C4 = 1\n", form(C4=0))
    assert [one["code"] for one in both["diagnostics"]] == ["GK510", "GK511"]
    assert all(one["notes"] == ["只改一格就全部相符:年报!C4 改为 9(现为 0)"] for one in both["diagnostics"])
    stated = "占比 = 年报!C4 ÷ 年报!E4\n"
    assert brief(scored(stated + "核对 占比: 占比 < 1"))[0][2] is False


@pytest.mark.parametrize(
    ("changes", "same"),
    [({"C7": 5}, False), ({"A5": "三、结转"}, False), ({"A9": "四、别的"}, True), ({"A1": "另一张表"}, True)],
)
def test_what_checks_read_is_in_the_hash_of_cells(changes: dict[str, Given], same: bool) -> None:
    """The cells and the captions; other texts of the same columns count as far as they stand between those."""
    rules = gkxl.load("核对 甲: 二、结转 的 自然人 + C7 = 2\n")
    hashes = []
    for one in (form(), form(**changes)):
        book = watched(Book("年报.xlsx", "0" * 64, (one,)))
        gkxl.score(rules, book)
        hashes.append(cells_sha256(book))
    assert (hashes[0] == hashes[1]) is same


# --- forms that are not as they should be ---


def test_a_form_with_a_row_too_many_is_told_by_its_captions() -> None:
    """A row was inserted above 四、: what the rules call row 9 stands in row 10."""
    rows = [*FORM[:8], ["三之外", None, 0, 0, 0, 0], FORM[8]]
    sheet = ListSheet("年报", rows, MERGES[:8])
    result = scored("核对 甲: 第4行 + 第5行 = 第8行 + 第9行「四、结转下年」,逐列 C 至 F", sheet)
    assert [one["code"] for one in result["diagnostics"]] == ["GK515"]
    assert "年报!A10" in result["diagnostics"][0]["message"]
    assert result["checks"] == []
    by_caption = scored("核对 甲: 第4行 + 第5行 = 第8行 + 四、结转下年,逐列 C 至 F", sheet)
    assert [one["holds"] for one in by_caption["checks"]] == [True] * 4


def test_captions_compare_as_names_do() -> None:
    assert scored("核对 甲: 一、新收 的 自 然 人 = 9", form(A4=" 一、 新 收 ", C2="自然人\u200b"))["checks"][0]["holds"]


def test_a_caption_that_is_not_there() -> None:
    result = scored("核对 甲: 第4行 = 新收申请,逐列 C 至 F")
    assert [one["code"] for one in result["diagnostics"]] == ["GK512"]
    assert "“一、新收”(A4)" in result["diagnostics"][0]["notes"][0]
    look_alike = scored("核对 甲: 二、结转 = 第5行,逐列 C 至 F", form(A5="⼆、结转"))
    assert [one["code"] for one in look_alike["diagnostics"]] == ["GK514"]
    assert look_alike["checks"] == []


def test_two_cells_with_one_caption_are_told_with_both_addresses() -> None:
    result = scored("核对 甲: 二、结转 = 1,逐列 C 至 C", form(A9="二、结转"))
    assert [one["code"] for one in result["diagnostics"]] == ["GK513"]
    assert "年报!A5 和 年报!A9" in result["diagnostics"][0]["message"]
    (merged,) = scored("核对 甲: 三、办理结果 = 1,逐列 C 至 C")["diagnostics"]
    assert merged["code"] == "GK513"
    crossing = scored("核对 甲: 二、结转 的 自然人 = 1", form(A9="二、结转"))
    assert [one["code"] for one in crossing["diagnostics"]] == ["GK513"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3 ", "GK401"),
        ("３", "GK401"),
        ("无", "GK401"),
        (None, "GK517"),
        (" ", "GK517"),
        (UNCALCULATED, "GK403"),
        (error(), "GK402"),
    ],
)
def test_a_cell_without_a_number_is_named_and_never_0(cell: Given, code: str) -> None:
    result = scored(ALL, form(F8=cell))
    assert told(result) == [(code, "年报!F8")]
    spoilt = [one for one in result["checks"] if "年报!F8" in one["cells"]]
    assert len(spoilt) == 3
    assert all((one["holds"], one["left"], one["right"]) == (None, None, None) for one in spoilt)
    assert all(one["holds"] for one in result["checks"] if one not in spoilt)


def test_a_blank_is_what_the_policy_says() -> None:
    (blank,) = scored("核对 甲: C4 = 9", form(C4=None))["diagnostics"]
    assert blank["notes"] == ["若空白就是 0,请在规则里写:缺数据 计0分"]
    stated = scored("缺数据 计0分\n" + ALL, form(E4=None, E5=None))
    assert all(one["holds"] for one in stated["checks"])
    assert told(stated) == []
    apart = scored(
        "缺数据 不涉及\n核对 甲: C4 = C4,逐行 4 至 4\n核对 乙: C5 = 1\n".replace(",逐行 4 至 4", ""), form(C4=None)
    )
    assert brief(apart) == [("乙", None, True, "1", "1")]
    assert told(apart) == [("GK519", "年报!C4")]


def test_a_cell_within_a_merge_is_told_where_its_number_stands() -> None:
    sheet = ListSheet("年报", [[5, None, 5]], (Area(1, 1, 1, 2),))
    result = scored("核对 甲: B1 = C1", sheet)
    assert told(result) == [("GK518", "年报!B1")]
    assert scored("核对 甲: A1至B1之和 = C1", sheet)["checks"][0]["holds"]


def test_the_sheet_may_be_left_out_where_the_book_has_one() -> None:
    others = (form(), ListSheet("规则", [["核对 甲: C4 = 9"]]))
    assert scored("核对 甲: C4 = 9", *others)["checks"][0]["holds"]
    result = scored("核对 甲: C4 = 9", form(), ListSheet("封面", [["封面"]]))
    assert [one["code"] for one in result["diagnostics"]] == ["GK516"]
    assert "年报!C4" in result["diagnostics"][0]["message"]
    assert scored("核对 甲: 年报!C4 = C4", form(), ListSheet("封面", [["封面"]]))["checks"][0]["holds"]
    assert [one["code"] for one in scored("核对 甲: 年报表!C4 = 9")["diagnostics"]] == ["GK411"]
