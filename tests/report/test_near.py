"""How near a clause is to other points, and a unit to a better grade or place."""

from pathlib import Path

import pytest

import gkxl
from gkxl.report.near import near_lines, outlook_lines
from gkxl.run.outlook import outlook

CASES = [
    # A threshold of a count: one more is enough; a penalty that did not fire is as far as the first value that costs.
    ("本领域信息少于3条,扣6分。", {"本领域信息": "2"}, ["本领域信息再多1条(到3条),即可免扣6分"]),
    ("本领域信息少于3条,扣6分。", {"本领域信息": "4"}, ["本领域信息再少2条(到2条),就扣6分"]),
    ("fewer than 3 domain items costs 6 points.", {"domain items": "1"}, ["domain items: 2 more (3) would save 6"]),
    # Bands: the next better one, not the best.
    ("少于2条信息扣6分,少于3条信息扣3分。", {"信息": "0"}, ["信息再多2条(到2条),即可少扣3分"]),
    (
        "完成率达100%加10分,90%及以上加8分,其余不加分。",
        {"完成率": "95%"},
        ["完成率再高5个百分点(到100%),即可多得2分", "完成率再低5个百分点(低于90%),就少得8分"],
    ),
    # A mark that is not itself enough.
    ("发布率超过90%得5分。", {"发布率": "88%"}, ["发布率再高2个百分点(超过90%),即可得5分"]),
    ("会议超过3次的扣2分。", {"会议": "5"}, ["会议再少2次(到3次),即可免扣2分"]),
    # Steps from a mark: the next step, whole or begun.
    ("会议每年不少于4次,每少1次扣1分。", {"会议": "2"}, ["会议再多1次(到3次),即可少扣1分"]),
    (
        "结案率低于90%的,每低1个百分点扣1分(不足1个不计)。",
        {"结案率": "87.5%"},
        ["结案率再高0.5个百分点(超过88%),即可少扣1分"],
    ),
    (
        "结案率低于90%的,每低1个百分点扣1分(不足1个按1个计)。",
        {"结案率": "87.5%"},
        ["结案率再高0.5个百分点(到88%),即可少扣1分"],
    ),
    # Yes/no, and a count that is asked for as yes/no.
    ("有方案得5分,没有扣2分。", {"方案": "否"}, ["有方案,即可由扣2分变为得5分"]),
    ("no plan costs 5 points.", {"plan": "no"}, ["with plan: would save 5"]),
    # What each thing earns or costs has no mark to be near to.
    ("每发现一处错别字扣0.5分。", {"错别字": "2"}, []),
]


@pytest.mark.parametrize(("sentence", "values", "lines"), CASES)
def test_clause(sentence: str, values: dict[str, object], lines: list[str]) -> None:
    award = gkxl.try_sentence(sentence, values)
    assert near_lines(award, award.sentence.language) == lines


RULES = """考评 试
对象 单位表的单位
周期 年 2025
缺数据 报错
实绩 = 单位表 的 实绩
指标 一
  得实绩分。
按总分排名,并列同名次(后续顺延)。
90分及以上为优秀,80分以上为良好,其余为合格。
"""


@pytest.mark.parametrize(
    ("scores", "lines"),
    [
        # The first lacks a grade; the place above it is its own.
        ("85 70 60", ["再得5分即为优秀"]),
        ("80 95 79.5", ["再得10分即为优秀;再得15分可升到第1名"]),
        ("79.5 85 79.75", ["再得0.5分即为良好;再得0.25分可升到第2名"]),
        ("95 60 50", []),
    ],
)
def test_unit(scores: str, lines: list[str], tmp_path: Path) -> None:
    """The first unit's outlook. 90 and 80 are included."""
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as made:
        sheet = made.add_worksheet("单位表")
        sheet.write_row(0, 0, ["单位", "实绩"])
        for row, score in enumerate(scores.split(), 1):
            sheet.write_row(row, 0, [f"单位{row}", float(score)])
    results = gkxl.score(gkxl.load(RULES), gkxl.Book.read(tmp_path / "b.xlsx"))
    assert results.rubric is not None
    period = results.periods[-1]
    steps = outlook(period.units[0], period, results.rubric)
    assert ";".join(outlook_lines(steps, False, "zh")) == "".join(lines)
