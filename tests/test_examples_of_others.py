"""An example has one unit: what hangs on the others it cannot say."""

import gkxl
from gkxl.examples import run_examples

RULES = """对象 单位表的单位
周期 年 2025
缺数据 报错
办件分 = 表 的 办件
指标 办件 10分
  得办件分。
  不涉及的取全组平均
例 有办件
  已知 办件分 7
  应得 总分 7
例 没有办件
  已知 办件分 不涉及
  应得 办件 7
  应得 总分 7
"""


def test_an_average_of_the_group_is_for_others_to_decide() -> None:
    found = [(one.passed, one.got) for one in run_examples(gkxl.load(RULES))]
    assert found == [(True, "总分 7"), (False, "办件 取决于其他单位;总分 取决于其他单位")]
