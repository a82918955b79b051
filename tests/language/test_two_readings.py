"""A sentence with two readings is refused, and both are shown as sentences that have one: pasted, they give these points."""

from __future__ import annotations

import pytest

from gkxl import GkError, try_sentence

CASES = [
    ("谎报扣2分", {"谎报": 3}, {"谎报每次扣2分": -6, "有谎报的扣2分": -2}),
    ("谎报的,扣2分", {"谎报": 3}, {"谎报每次扣2分": -6, "有谎报的扣2分": -2}),
    ("lying costs 2", {"lying": 3}, {"each lying costs 2": -6, "any lying costs 2": -2}),
    (
        "完成数超过任务数20%的加2分",
        {"完成数": 11, "任务数": 10},
        {"完成数超过任务数的20%的加2分": 2, "完成数超过任务数的120%的加2分": 0},
    ),
    (
        "未制定方案扣5分,未制定预算扣2分,最多5分",
        {"方案": "否", "预算": "否"},
        {"未制定方案扣5分;未制定预算扣2分,最多5分": -7, "未制定方案扣5分,未制定预算扣2分,合计最多5分": -5},
    ),
    (
        "no plan costs 5, no budget costs 2, at most 5",
        {"plan": "no", "budget": "no"},
        {
            "no plan costs 5; no budget costs 2, at most 5": -7,
            "no plan costs 5, no budget costs 2, at most 5 in total": -5,
        },
    ),
    (
        "迟到每次扣1分,早退每次扣2分,最多扣5分",
        {"迟到": 3, "早退": 3},
        {"迟到每次扣1分;早退每次扣2分,最多扣5分": -8, "迟到每次扣1分,早退每次扣2分,合计最多扣5分": -5},
    ),
    (
        "未制定方案、未制定预算,扣5分",
        {"方案": "否", "预算": "否"},
        {"未制定方案、未制定预算,各扣5分": -10, "未制定方案且未制定预算,扣5分": -5},
    ),
    (
        "no plan, no budget, costs 5",
        {"plan": "no", "budget": "no"},
        {"no plan, no budget costs 5 each": -10, "no plan and no budget, costs 5": -5},
    ),
    (
        "迟到达3次的部分每次扣1分",
        {"迟到": 5},
        {"迟到超过2次的部分每次扣1分": -3, "迟到超过3次的部分每次扣1分": -2},
    ),
    ("迟到每次扣1分,迟到超过3次扣5分", {"迟到": 4}, {"迟到每次扣1分,迟到超过3次另扣5分": -9}),
    (
        "each absence costs 1, more than 3 absences costs 5",
        {"absences": 4},
        {"each absence costs 1, plus more than 3 absences costs 5": -9},
    ),
]


@pytest.mark.parametrize(("sentence", "values", "readings"), CASES)
def test_both_readings_can_be_pasted(sentence: str, values: dict[str, object], readings: dict[str, int]) -> None:
    with pytest.raises(GkError) as caught:
        try_sentence(sentence, values)
    (told,) = caught.value.diagnostics
    assert told.code.number == "GK203"
    shown = {note.partition(":")[2].strip() for note in told.notes}
    assert shown >= set(readings)
    for text, points in readings.items():
        assert try_sentence(text, values).points == points, text
