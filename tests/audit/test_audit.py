"""Books with published figures that were falsified in one way each: the audit names that way, and nothing else.

What the rules give, what was changed and how many figures change with it was worked out by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from story_books import make_book

import gkxl
from gkxl.audit.audit import audit
from gkxl.flow import check
from gkxl.periods import parse_period
from gkxl.report.audits import audit_object

RULES = """
考评 某县考评
对象 成绩的单位
周期 年 2025
缺数据 报错
一 = 成绩 的 一
二 = 成绩 的 二
指标 甲项
  得一分。
指标 乙项
  得二分。
按总分排名,并列同名次({ties})。
{grades}
公布 甲项 公布表 的 甲项
公布 总分 公布表 的 总分
公布 名次 公布表 的 名次
"""
GRADES = "前2名为优秀,其余为良好。\n公布 等次 公布表 的 等次"
# Totals 90, 80, 80, 70, 60: places 1, 2, 2, 3, 4 where they follow, 1, 2, 2, 4, 5 where one is skipped.
POINTS = """
[成绩]
单位 | 类别 | 一 | 二
甲局 | 部门 | 50 | 40
乙局 | 部门 | 40 | 40
丙局 | 部门 | 50 | 30
丁镇 | 乡镇 | 40 | 30
戊镇 | 乡镇 | 30 | 30
"""
HEADER = "\n[公布表]\n单位 | 甲项 | 总分 | 名次 | 等次\n"
TRUE = """\
甲局 | 50 | 90 | 1 | 优秀
乙局 | 40 | 80 | 2 | 优秀
丙局 | 50 | 80 | 2 | 优秀
丁镇 | 40 | 70 | 3 | 良好
戊镇 | 30 | 60 | 4 | 良好
"""


def audited(
    tmp_path: Path, published: str, ties: str = "连续", grades: str = GRADES, rules: str = RULES, points: str = POINTS
) -> Any:
    text = tmp_path / "book.txt"
    text.write_text(points + HEADER + published, encoding="utf-8")
    book = gkxl.Book.read(make_book(text, tmp_path / "book.xlsx"))
    loaded = gkxl.load(rules.format(ties=ties, grades=grades))
    assert [str(one) for one in loaded.diagnostics] == []
    return audit_object(audit(loaded, book))


def causes(found: Any) -> list[tuple[str, str, list[str], int]]:
    assert sum(one["explains"] for one in found["causes"]) == len(found["differ"])
    return [(one["kind"], one["what"], one["units"], one["explains"]) for one in found["causes"]]


def test_all_figures_agree(tmp_path: Path) -> None:
    found = audited(tmp_path, TRUE)
    assert (found["agree"], found["differ"], found["causes"], found["diagnostics"]) == (20, [], [], [])


CASES = [
    # A root in the points: 丁镇 40 → 60 (published) makes its total 90, its place 1 and its grade 优秀; 甲局 stays 1st beside it,
    # 乙局 and 丙局 stay 2nd, 戊镇 moves from 4th to 3rd. 4 figures of 丁镇, 1 of 戊镇.
    ("points", "连续", [("丁镇 | 40 | 70 | 3 | 良好", "丁镇 | 60 | 90 | 1 | 优秀"), ("戊镇 | 30 | 60 | 4", "戊镇 | 30 | 60 | 3")],
     [("points", "甲项", ["丁镇"], 5)]),
    # A total alone: 戊镇 75 for 60 stands before 丁镇: place 3 for 4, and 丁镇 4 for 3.
    ("total", "连续", [("丁镇 | 40 | 70 | 3", "丁镇 | 40 | 70 | 4"), ("戊镇 | 30 | 60 | 4", "戊镇 | 30 | 75 | 3")],
     [("total", "total", ["戊镇"], 3)]),
    # A tie broken: 2, 3 for 2, 2; each later place is one higher. 丙局 is no longer among the first two: 良好.
    ("tie split", "连续",
     [("丙局 | 50 | 80 | 2 | 优秀", "丙局 | 50 | 80 | 3 | 良好"), ("70 | 3", "70 | 4"), ("60 | 4", "60 | 5")],
     [("tie split", "rank", ["乙局", "丙局"], 4)]),
    # The same where the place after a tie is skipped anyway: nothing moves behind it.
    ("tie split, skipped", "后续顺延",
     [("丙局 | 50 | 80 | 2 | 优秀", "丙局 | 50 | 80 | 3 | 良好"), ("70 | 3", "70 | 4"), ("60 | 4", "60 | 5")],
     [("tie split", "rank", ["乙局", "丙局"], 2)]),
    # Published 1, 2, 2, 4, 5 under 1, 2, 2, 3, 4: the other policy, 2 figures.
    ("ties", "连续", [("70 | 3", "70 | 4"), ("60 | 4", "60 | 5")], [("ties", "rank", ["乙局", "丙局"], 2)]),
    ("ties the other way round", "后续顺延", [], [("ties", "rank", ["乙局", "丙局"], 2)]),
    # Two places exchanged, totals as they are.
    ("swapped places", "连续", [("70 | 3", "70 | 4"), ("60 | 4", "60 | 3")], [("swapped", "rank", ["丁镇", "戊镇"], 2)]),
    # Two totals exchanged, and the places with them.
    ("swapped totals", "连续", [("丁镇 | 40 | 70 | 3", "丁镇 | 40 | 60 | 4"), ("戊镇 | 30 | 60 | 4", "戊镇 | 30 | 70 | 3")],
     [("swapped", "total", ["丁镇", "戊镇"], 4)]),
    # The same, one of the two in a tie: 丙局 has 2 with 乙局.
    ("swapped with one of a tie", "连续",
     [("丙局 | 50 | 80 | 2 | 优秀", "丙局 | 50 | 80 | 4 | 良好"), ("60 | 4 | 良好", "60 | 2 | 优秀")],
     [("swapped", "rank", ["丙局", "戊镇"], 4)]),
    # A place that nobody has: 1, 2, 2, 4, 5 would be the policy; 1, 2, 2, 5, 6 is not.
    ("passed over", "连续", [("70 | 3", "70 | 5"), ("60 | 4", "60 | 6")], [("passed over", "rank", ["丁镇"], 2)]),
    # One place alone.
    ("one place", "连续", [("60 | 4", "60 | 7")], [("rank", "rank", ["戊镇"], 1)]),
    # One grade alone.
    ("one grade", "连续", [("4 | 良好", "4 | 优秀")], [("grade", "grade", ["戊镇"], 1)]),
    # Two roots of their own: 甲局's points (60 for 50: total 100, still first) and the place of 戊镇.
    ("two roots", "连续", [("甲局 | 50 | 90", "甲局 | 60 | 100"), ("60 | 4", "60 | 7")],
     [("points", "甲项", ["甲局"], 2), ("rank", "rank", ["戊镇"], 1)]),
]  # fmt: skip


def test_totals_in_each_other_s_place_are_not_taken_for_rounded_ones(tmp_path: Path) -> None:
    # 丁镇 70.6 and 戊镇 70: published 70 and 70.6, and their places with them. 70 is 70.6 cut off, too.
    points = POINTS.replace("丁镇 | 乡镇 | 40 | 30", "丁镇 | 乡镇 | 40 | 30.6").replace("30 | 30\n", "30 | 40\n")
    published = TRUE.replace("70 | 3", "70 | 4").replace("60 | 4", "70.6 | 3")
    assert causes(audited(tmp_path, published, points=points)) == [("swapped", "total", ["丁镇", "戊镇"], 4)]


@pytest.mark.parametrize(("ties", "changes", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_cause_is_named_once(tmp_path: Path, ties: str, changes: list[tuple[str, str]], expected: Any) -> None:
    published = TRUE
    for old, new in changes:
        assert published.count(old) == 1, old
        published = published.replace(old, new)
    assert causes(audited(tmp_path, published, ties)) == expected


def test_a_typing_slip_is_only_a_hint(tmp_path: Path) -> None:
    # 丙局 5 for 50: total 35, 5th and 良好. Of the others none moves, since 乙局 and 丙局 shared the second place.
    published = TRUE.replace("丙局 | 50 | 80 | 2 | 优秀", "丙局 | 5 | 35 | 5 | 良好")
    (cause,) = audited(tmp_path, published)["causes"]
    assert (cause["units"], cause["explains"]) == (["丙局"], 4)
    assert "颠倒" not in cause["text"]
    # 乙局 64 for 46: total 98, first.
    points = POINTS.replace("乙局 | 部门 | 40 | 40", "乙局 | 部门 | 46 | 34")
    published = """甲局 | 50 | 90 | 2 | 优秀
乙局 | 64 | 98 | 1 | 优秀
丙局 | 50 | 80 | 3 | 良好
丁镇 | 40 | 70 | 4 | 良好
戊镇 | 30 | 60 | 5 | 良好
"""
    (cause,) = audited(tmp_path, published, points=points)["causes"]
    # 乙局: points, total, place. 甲局, 丙局, 丁镇, 戊镇: places. 丙局: grade.
    assert (cause["units"], cause["explains"]) == (["乙局"], 8)
    assert "颠倒" in cause["text"]


ROUNDING = """
考评 某县考评
对象 成绩的单位
周期 年 2025
缺数据 报错
一 = 成绩 的 一
指标 甲项
  得一分。
按总分排名,并列同名次(后续顺延)。
公布 总分 公布表 的 总分
公布 名次 公布表 的 名次
"""


@pytest.mark.parametrize(("one", "kind"), [("90.3", "rounded"), ("90.2", "cut off")])
def test_totals_published_with_fewer_places_are_one_cause(tmp_path: Path, one: str, kind: str) -> None:
    """90.26 and 90.24: rounded 90.3 and 90.2, cut off 90.2 both. Places go by what is not rounded."""
    points = "[成绩]\n单位 | 一\n甲局 | 90.26\n乙局 | 90.24\n丙局 | 80\n"
    published = f"甲局 | | {one} | 1\n乙局 | | 90.2 | 2\n丙局 | | 80 | 3\n"
    found = audited(tmp_path, published, rules=ROUNDING, points=points)
    first = [("rounded", "total", ["甲局", "乙局"], 2)]
    # 90.2 for 90.24 is the same either way, so that it goes with rounding.
    second = [("cut off", "total", ["甲局"], 1), ("rounded", "total", ["乙局"], 1)]
    assert causes(found) == (first if kind == "rounded" else second)


GROUPED = RULES.replace("对象 成绩的单位", "对象 成绩的单位,按类别分组")


def test_groups_placed_together(tmp_path: Path) -> None:
    """Within their groups 丁镇 and 戊镇 are 1st and 2nd; published 3 and 4 as if there were one group."""
    found = audited(tmp_path, TRUE, grades="", rules=GROUPED)
    assert causes(found) == [("together", "rank", ["丁镇", "戊镇"], 2)]


def test_somebody_who_is_not_in_the_list_has_a_place(tmp_path: Path) -> None:
    """己局 stands 2nd with 85: 乙局 and 丙局 are then 3rd, 丁镇 4th, 戊镇 5th; 4 places."""
    published = """甲局 | 50 | 90 | 1
己局 | 45 | 85 | 2
乙局 | 40 | 80 | 3
丙局 | 50 | 80 | 3
丁镇 | 40 | 70 | 4
戊镇 | 30 | 60 | 5
"""
    found = audited(tmp_path, published, grades="")
    assert causes(found) == [("unlisted", "rank", ["己局"], 4)]
    assert [one["place"] for one in found["diagnostics"]] == ["公布表!A3"]


def test_a_unit_of_the_list_is_not_published(tmp_path: Path) -> None:
    """Without 甲局 the places are 1, 1, 2, 3; its three missing figures are told."""
    published = "乙局 | 40 | 80 | 1\n丙局 | 50 | 80 | 1\n丁镇 | 40 | 70 | 2\n戊镇 | 30 | 60 | 3\n"
    found = audited(tmp_path, published, grades="")
    assert causes(found) == [("unpublished", "rank", ["甲局"], 4)]
    assert [one["code"] for one in found["diagnostics"]] == ["GK552"] * 3
    assert found["agree"] == 8


def test_cells_that_are_no_figures_are_named_and_do_not_agree(tmp_path: Path) -> None:
    published = TRUE.replace("甲局 | 50 | 90 | 1", "甲局 | 50 | '90分 | 1").replace(
        "戊镇 | 30 | 60 | 4", "戊镇 | 30 | | 4"
    )
    found = audited(tmp_path, published)
    assert (found["agree"], found["differ"]) == (18, [])
    assert sorted((one["code"], one["place"]) for one in found["diagnostics"] if one["severity"] == "error") == [
        ("GK401", "公布表!C2"),
        ("GK551", "公布表!C6"),
    ]


QUARTERS = """
考评 某县考评
对象 单位表的单位
周期 季度
缺数据 报错
信息 = 台账 的记录
指标 甲项 限部门
  每条信息加1分。
总分=各指标之和。
公布 总分 公布表 的 总分
公布 甲项 公布表 的 甲项
公布 信息 公布表 的 信息分
公布 「每条信息加1分」 公布表 的 句子分
"""
LEDGER = """
[单位表]
单位 | 部门
甲局 | 是
乙局 | 否

[台账]
单位 | 日期
甲局 | 2025-01-10
甲局 | 2025-01-11
甲局 | 2025-04-10

[公布表]
单位 | 季度 | 总分 | 甲项 | 信息分 | 句子分
甲局 | 2025Q1 | 3 | 3 | 3 | 3
甲局 | 2025Q2 | 1 | 1 | 1 | 1
甲局 | 2025 | 4 | 4 | 4 | 4
乙局 | 2025Q1 | | 5 | |
"""


def periods(tmp_path: Path, period: str) -> Any:
    text = tmp_path / "book.txt"
    text.write_text(LEDGER, encoding="utf-8")
    book = gkxl.Book.read(make_book(text, tmp_path / "book.xlsx"))
    return audit_object(audit(gkxl.load(QUARTERS), book, parse_period(period)))


def test_a_single_point_is_the_root_of_what_follows(tmp_path: Path) -> None:
    """2 items in the first quarter; published 3 for the fact, its sentence, the indicator and the total, and so in the year."""
    found = periods(tmp_path, "2025")
    assert [(one["period"], one["what"]) for one in found["differ"]] == [
        (period, what) for period in ("2025Q1", "2025") for what in ("total", "甲项", "信息", "每条信息加1分")
    ]
    assert found["agree"] == 4
    (cause,) = found["causes"]
    assert (cause["units"], cause["what"], cause["period"], cause["explains"]) == (["甲局"], "信息", "2025Q1", 8)


def test_what_is_published_of_what_the_rules_do_not_give_cannot_be_checked(tmp_path: Path) -> None:
    found = periods(tmp_path, "2025Q1")
    assert [(one["code"], one["place"]) for one in found["diagnostics"]] == [("GK554", "公布表!D5")]


def test_a_period_without_published_figures(tmp_path: Path) -> None:
    found = periods(tmp_path, "2025Q3")
    assert [one["code"] for one in found["diagnostics"]] == ["GK553"]
    assert (found["agree"], found["differ"]) == (0, [])


def test_rules_without_a_published_line_are_told_what_to_write(tmp_path: Path) -> None:
    text = tmp_path / "book.txt"
    text.write_text(POINTS, encoding="utf-8")
    book = gkxl.Book.read(make_book(text, tmp_path / "book.xlsx"))
    rules = RULES.format(ties="连续", grades="").partition("公布")[0]
    (told,) = audit_object(audit(gkxl.load(rules), book))["diagnostics"]
    assert told["code"] == "GK550"
    assert "公布 总分 成绩表的总成绩" in told["message"]


def test_rules_of_checks_alone_have_nothing_to_audit(tmp_path: Path) -> None:
    text = tmp_path / "book.txt"
    text.write_text(POINTS, encoding="utf-8")
    book = gkxl.Book.read(make_book(text, tmp_path / "book.xlsx"))
    (told,) = audit_object(audit(gkxl.load("核对 甲: C2 > D2"), book))["diagnostics"]
    assert told["code"] == "GK550"


def test_scores_do_not_hang_on_what_is_published(tmp_path: Path) -> None:
    """The sheet of published figures is not even there."""
    text = tmp_path / "book.txt"
    text.write_text(POINTS, encoding="utf-8")
    book = gkxl.Book.read(make_book(text, tmp_path / "book.xlsx"))
    rules = gkxl.load(RULES.format(ties="连续", grades=GRADES))
    results = gkxl.score(rules, book)
    assert results.diagnostics == ()
    assert [str(unit.total) for unit in results.periods[0].units] == ["90", "80", "80", "70", "60"]
    told = audit_object(audit(rules, book))["diagnostics"]
    assert [(one["code"], one["severity"]) for one in told] == [("GK411", "error")]
    assert [one.code.number for one in check(rules, book)] == ["GK411"]
