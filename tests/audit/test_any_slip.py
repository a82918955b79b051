"""Whatever is changed in a published table, every difference has one cause, and there are no more causes than changes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import gkxl
from gkxl.audit.audit import audit
from gkxl.tables import Book, ListSheet

HEADER = ["单位", "类别", "一", "二", "甲项", "乙项", "总分", "名次", "等次"]
RULES = """
对象 成绩的单位{groups}
周期 年 2025
缺数据 报错
一 = 成绩 的 一
二 = 成绩 的 二
指标 甲项
  得一分。
指标 乙项
  得二分。
按总分排名,并列同名次({ties})。
前2名为优秀,其余为良好。
公布 甲项 成绩 的 甲项
公布 乙项 成绩 的 乙项
公布 总分 成绩 的 总分
公布 名次 成绩 的 名次
公布 等次 成绩 的 等次
"""
EVERY = {
    f"{groups}{ties}": gkxl.load(RULES.format(groups=groups, ties=ties))
    for groups in ("", ",按类别分组")
    for ties in ("连续", "后续顺延")
}
POINTS = st.integers(1, 6)


def book(points: list[tuple[int, int, str]], published: list[list[Any]]) -> Book:
    rows = [
        [f"单位{i}号", kind, *two, *figures]
        for i, ((*two, kind), figures) in enumerate(zip(points, published, strict=True))
    ]
    return Book("b", "", (ListSheet("成绩", [HEADER, *rows]),))


@given(
    st.sampled_from(sorted(EVERY)),
    st.lists(st.tuples(POINTS, POINTS, st.sampled_from(["部门", "乡镇"])), min_size=2, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4), POINTS), max_size=4),
)
@settings(max_examples=max(60, settings().max_examples // 2))
def test_every_difference_has_one_cause(
    rules: str, points: list[tuple[int, int, str]], changes: list[tuple[int, int, int]]
) -> None:
    blank: list[list[Any]] = [[a, b, a + b, 1, "良好"] for a, b, _ in points]
    (result,) = gkxl.score(EVERY[rules], book(points, blank)).periods
    true = [[a, b, a + b, unit.rank, unit.grade] for (a, b, _), unit in zip(points, result.units, strict=True)]
    published = [list(row) for row in true]
    for row, column, value in changes:
        if row < len(points):
            published[row][column] = value if column < 4 else "优秀" if value % 2 else "良好"
    changed = sum(
        a != b for before, after in zip(true, published, strict=True) for a, b in zip(before, after, strict=True)
    )
    found = audit(EVERY[rules], book(points, published))
    explained = [one for cause in found.causes for one in cause.differences]
    assert len(found.differ) == changed
    assert sorted(map(str, explained)) == sorted(map(str, found.differ))
    assert len(found.causes) <= changed
    assert all(cause.differences for cause in found.causes)
