"""What does not apply, what was rescaled and what each cap took: in the JSON, the tables and the explanation."""

import pytest
from cases import CASES
from story_books import make_book

import gkxl
from gkxl.report.data import results_object
from gkxl.report.explain import explain
from gkxl.report.tables import render
from gkxl.run.results import Results
from gkxl.values import name_key

FOLDER = CASES / "stories" / "website-inspection.zh"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    book = make_book(FOLDER / "book.txt", tmp_path_factory.mktemp("book") / "book.xlsx")
    return gkxl.score(gkxl.load(FOLDER / "rules.gk"), gkxl.Book.read(book))


def test_json_has_the_policy_the_rescaling_the_parts_and_the_cuts(results: Results) -> None:
    units = results_object(results)["periods"][0]["units"]
    unit = next(one for one in units if one["unit"] == "丙局")
    indicators = {one["name"]: one for one in unit["indicators"]}
    assert indicators["办事"]["not_applicable"] == {"policy": "rescale", "term": "服务缺项", "cells": ["检查表!E4"]}
    assert indicators["表彰奖励"]["cuts"] == [
        {"what": "earnings", "before": "6", "after": "5"},
        {"what": "gate", "before": "5", "after": "0"},
    ]
    assert unit["rescaled"] == [{"part": None, "all": "100", "applying": "75"}]
    assert [(one["name"], one["points"], one["counted"], one["worth"], one["applies"]) for one in unit["parts"]] == [
        ("健康", "78", "78", "75", True),
        ("服务", None, None, "25", False),
    ]
    struck = next(one for one in units if one["unit"] == "庚县")
    assert (struck["total"], struck["veto"]["replaced"]) == ("59", "90")


def test_tables_have_the_parts_behind_their_indicators_and_the_policies_in_the_remark(results: Results) -> None:
    text = render(results, 400)
    assert "资料报送  健康  办事  服务  表彰奖励" in text
    line = next(one for one in text.splitlines() if one.startswith("丙局"))
    assert line.split()[1:8] == ["25", "20", "13.5", "0", "78", "5", "78"]
    assert "服务缺项不涉及,按比例折算;其余×4/3(100÷75)" in line
    assert "一票否决:严重错误2起及以上的,直接记59分;原得90分,未采用" in text


@pytest.mark.parametrize(
    ("unit", "language", "lines"),
    [
        ("甲局", "zh", ["大项 健康  67 (满分75分)", "         页面质量12分(导航清楚,检索不准)"]),
        (
            "丙局",
            "zh",
            [
                "其余×4/3(100÷75)",
                "页面  13.5 (满分15分,计入总分18分)",
                "办事  -",
                "  服务缺项不涉及,按比例折算  检查表!E4",
                "  加分共6分,本项加分最多5分",
                "  总分未达到计入加分的条件:5分不计入",
            ],
        ),
        ("丙局", "en", ["the rest × 4/3 (100 / 75)", "  earned 6; earnings here at most 5"]),
        ("辛县", "zh", ["  应得-8分,扣完为止,得0分"]),
    ],
)
def test_the_explanation_tells_each_step(results: Results, unit: str, language: str, lines: list[str]) -> None:
    text = explain(results, 200, language=language, unit=name_key(unit)).splitlines()
    assert [line for line in lines if line not in text] == []
