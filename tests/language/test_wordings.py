"""How the unparser words each form: these sentences are printed as they stand, and so say what an office would write."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import sentence_cases

from gkxl.diagnostics import Language, Source
from gkxl.language import tree
from gkxl.language.file import parse_file
from gkxl.language.lines import sentence_of
from gkxl.language.parse import language_of, make_line, parse_statement
from gkxl.language.unparse import unparse
from gkxl.language.vocabulary import Vocabulary

CHINESE = """
错别字每处扣0.5分,最多扣3分。
信息每5条加1分。
缺席超过3人的部分每人扣0.5分。
每个没有信息的月扣3分。
有方案得5分,否则扣2分。
未制定方案扣5分。
会议每年不少于4次,每少1次扣1分。
信息按级别计分:国家级20分、省级10分、市级5分,其余不计。
国家级、省级、市级采用分别加5、3、1分。
信息少于3条,扣6分。
信息少于2条扣6分,少于3条扣3分。
完成率达100%加10分,90%及以上加8分,其余不加分。
完成率80%(含)至90%,加190分。
迟报1天至3天扣2分,4天至7天扣4分,超过7天扣8分。
完成率达70%加50分,未达的每少1个百分点扣1分(不足1个百分点不计)。
得书面考核分。
得分=完成数÷任务数×50,最多50分。
有泄密的,直接定为不合格。
有泄密的,总分记59分。
有泄密的,不再评分。
总分超过80分的,计入加分。
90分及以上为优秀,80分及以上为良好,其余为合格。
80分至90分为良好。
前5名为优秀,其余为良好。
前30%为优秀(不足一个不计)。
完成率低于90%的,每低1个百分点扣1分(不足1个百分点不计)。
信息在任务数20%的基础上,每多1条加1分,每季度不超过10分。
对一类单位,迟到每次扣1分。
除一类单位、二类单位外,迟到每次扣1分。
完成率低于90%不得分,90%至100%按比例得8至10分。
信息少于2条扣6分,另少于3条扣3分。
迟到每次扣1分;早退每次扣2分,合计最多扣5分。
(一) 错别字每处扣0.5分。
""".strip().splitlines()
ENGLISH = """
each typo costs 0.5 points, at most 3.
each 5 items earn 1 point.
each absence beyond 3 costs 0.5 points.
each month without items costs 3 points.
having a plan earns 5, otherwise costs 2.
no plan costs 5 points.
at least 4 meetings a year, each one short costs 1 point.
each meeting short of 4 costs 1 point.
items score by Level: national 20, provincial 10, city 5, others nothing.
items score as follows: national 20, provincial 10, city 5.
fewer than 3 items costs 6 points.
fewer than 2 items costs 6, fewer than 3 costs 3.
completion of 100% earns 10, 90% or more earns 8, otherwise 0.
completion from 80% to below 90% earns 190 points.
from 1 to 3 absences costs 2, from 4 to 7 costs 4, more than 7 costs 8.
completion of 70% earns 50, otherwise each percentage point short costs 1 point (partial points ignored).
scores written review.
score = done / target × 50, at most 50.
any leak: grade is fail.
any leak: total is 59.
any leak: scoring stops.
total over 80 admits bonuses.
90 or more is excellent, 80 or more is good, the rest are fair.
the top 5 are excellent, the rest are good.
the top 30% (rounded down) are excellent.
each percentage point of completion below 90% costs 1 point (partial points ignored).
each item beyond 20% of target earns 1 point, at most 10 per quarter.
for class one units: each absence costs 1 point.
completion below 90% earns nothing, from 90% to 100% earns 8 to 10 in proportion.
each typo costs 1 point; each absence costs 2 points, at most 5 in total.
(a) each typo costs 0.5 points.
"""
NAMES = [
    *"错别字 信息 缺席 方案 会议 采用 完成率 迟报 书面考核 完成数 任务数 泄密 迟到 早退".split(),
    *"typo items item absence plan meetings meeting completion target done leak".split(),
    "written review",
]
DEFINITIONS = """
本领域信息 = 信息公开 中 类别为本领域 的记录
回复 / 答复 = 咨询答复 中 答复日期不为空 且 (级别为甲 或 级别为乙) 的 期数 之和
完成率 = 标准目录 的 完成率
空月 = 没有 信息 的月数
少月 = 信息少于4个的月数
迟报天数 = 报送 中 从截止日期到报送日期 的 天数 之和
泄密 = 有 通报 中 问题为泄密
质量 = 评分表 的 质量,人工评分0到3分
按期率 = 按期数 ÷ (应结数 − 缓办数),分母为0时计100%
最低条数 = 一类单位 6,二类单位 5,其余 2
domain items = rows of Published where Category is own domain
words = sum of Words in Published where Category is one of law, order and Level is at least 3
completion = Completion in Catalogue
empty months = months without items
few = months with fewer than 4 items
days late = sum of days from Due to Filed in Reports
leak = any of Incidents where Problem is leak
quality = Quality in Scores, a manual score from 0 to 3
rate = on time / (due − deferred), 100% when the denominator is 0
minimum = 6 for class one units, 5 for class two units, otherwise 2
"""
FILES = """
考评 清河区政务公开考评
对象 单位表的单位,按类别分组,别名 简称
周期 年 2022
监测时点 2025年12月31日
满分 100分
表 信息公开:单位列 发布单位,日期列 发布日期,表头第2行,标题 信息公开台账
缺数据 报错
分数保留2位小数

大项 公开 权重80%
指标 信息公开 26分 起评10分 限 一类单位 每月
  本项加分最多5分
加分 创新

总分=各指标之和。
按总分排名,并列同名次(后续顺延)。

例 差一条 2025Q4 一类单位
  已知 本领域信息 2, 政策解读 3
  应得 信息公开 -6
  应得 等次 优秀
---
assessment Open government
units Unit in Units, grouped by Kind, also called Short
period year 2022
check date 2025-12-31
full marks 100
sheet Published: unit in Owner, date in Publish date, header row 2, title Register
missing data is an error
points are rounded to 2 places

part Openness weight 80%
indicator Website worth 26 points starts at 10 for class one units monthly
  earnings here at most 5
bonus Ideas

total = sum of indicators.
rank by total, ties share the place (the next place is skipped).

example one short 2025Q4 class one units
  given items 2, readings 3
  expect Website -6
  expect grade excellent
"""


def statement(text: str, names: list[str], keys: list[str] | None = None) -> tuple[tree.Sentence, Language]:
    terms = Vocabulary(names)
    for key in keys or []:
        terms.add_key(key)
    start, end, article = sentence_of(text)
    language = language_of(text[start:end], terms, "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en")
    found, told = parse_statement(make_line(text[start:end], Source("t", text), start, language, terms))
    assert isinstance(found, tree.Sentence), [str(one) for one in told]
    return replace(found, article=article), language


@pytest.mark.parametrize("text", CHINESE + ENGLISH.strip().splitlines())
def test_sentence(text: str) -> None:
    node, language = statement(text.replace("a plan", "plan"), NAMES)
    assert unparse(node, language, Vocabulary(NAMES)) == text.replace("a plan", "plan")


@pytest.mark.parametrize("text", DEFINITIONS.strip().splitlines())
def test_definition(text: str) -> None:
    file, told = parse_file(Source("t", text))
    assert not told, [str(one) for one in told]
    assert (
        unparse(file.definitions[0], file.language, Vocabulary(name.text for name in file.definitions[0].names)) == text
    )


@pytest.mark.parametrize("text", FILES.split("---"))
def test_file(text: str) -> None:
    file, told = parse_file(Source("t", text))
    assert not told, [str(one) for one in told]
    assert unparse(file, file.language) == text.lstrip()


SENTENCES = {case.sentence: case for case in sentence_cases("sentences")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_of_the_cases_can_be_printed_in_both_languages(language: Language) -> None:
    """Hand-written sentences, whose names are given values; those that are refused say nothing."""
    printed = 0
    for text, case in SENTENCES.items():
        names = [name.partition(".")[0] for name in case.values]
        keys = [key for name in case.values if (key := name.partition(".")[2])]
        try:
            node, _ = statement(text, names, keys)
        except AssertionError:
            continue
        again, found = statement(unparse(node, language, Vocabulary(names)), names, keys)
        assert (again, found) == (node, language), text
        printed += 1
    assert printed > len(SENTENCES) / 2
