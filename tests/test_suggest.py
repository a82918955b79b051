"""`gkxl test --suggest`: examples at the boundaries of the rules, which pass once they stand in the file."""

from pathlib import Path

import pytest

import gkxl
from gkxl.examples import run_examples
from gkxl.suggest import suggest

ROOT = Path(__file__).resolve().parents[1]
HEAD = "考评 试\n对象 单位表的单位\n周期 季度\n缺数据 报错\n不足一步 不计\n"


@pytest.mark.parametrize(
    ("rules", "values"),
    [
        ("信息 = 台账 的记录\n指标 一\n信息少于3条,扣6分。", ["信息 2 -> -6", "信息 3 -> 0", "信息 4 -> 0"]),
        (
            "办结率 = 台账 的 办结率\n指标 一\n办结率达100%得5分,90%及以上得3分,其余不得分。",
            ["办结率 89.9% -> 0", "办结率 90% -> 3", "办结率 90.1% -> 3", "办结率 99.9% -> 3", "办结率 100% -> 5"],
        ),
        # None, one, and where the cap of 6 begins to bite: 3 are 6, 4 are no more.
        (
            "简报 = 台账 的记录\n指标 一\n每采用简报1篇加2分,最多6分。",
            ["简报 0 -> 0", "简报 1 -> 2", "简报 3 -> 6", "简报 4 -> 6"],
        ),
        # The other term stands at its best (no error), not at nothing.
        (
            "错字 = 台账 的记录\n例会 = 会议 的记录\n指标 一 10分\n错字超过2处的扣4分。\n例会每季度不少于1次,每少1次扣3分。",
            [
                "错字 1, 例会 1 -> 10",
                "错字 2, 例会 1 -> 10",
                "错字 3, 例会 1 -> 6",
                "错字 1, 例会 0 -> 7",
                "错字 1, 例会 2 -> 10",
            ],
        ),
        # What rows decide is left to examples with rows.
        ("采用 = 台账 的记录\n指标 一\n采用按级别计分:省级5分、市级3分。", []),
    ],
)
def test_boundaries(rules: str, values: list[str]) -> None:
    found = [text.split("\n") for text in suggest(gkxl.load(HEAD + rules + "\n"))]
    given = [lines[1].removeprefix("  已知 ") + " -> " + lines[2].removeprefix("  应得 一 ") for lines in found]
    assert sorted(given) == sorted(values)


@pytest.mark.parametrize("path", sorted([*ROOT.glob("workbooks/**/*.gk"), *ROOT.glob("gkxl/starter/*.gk")]), ids=str)
def test_all_pass_where_they_are_pasted(path: Path) -> None:
    """Even names that read otherwise in an example, and nothing is suggested twice."""
    text = path.read_text("utf-8")
    more = suggest(gkxl.load(text))
    pasted = gkxl.load("\n".join([text, *more, ""]))
    assert [one.name for one in run_examples(pasted) if not one.passed] == []
    assert suggest(pasted) == []
