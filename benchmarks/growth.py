"""How the time of a whole evaluation grows with rules and rows, as ratios within one run.

A rubric of K indicators (counts under conditions, months without a row, steps, price lists, working days, the group's
average, places) over a ledger of N rows held in memory: rule text → results. Each figure is the time at a multiple of
rules or rows, against the time at one, divided by that multiple: 1 is linear, below 1 is what does not grow.

    python benchmarks/growth.py
"""

from __future__ import annotations

import gc
import statistics
import time
from datetime import date, timedelta

from gkxl.diagnostics import Source
from gkxl.flow import load, score
from gkxl.periods import Period, PeriodKind
from gkxl.tables import Book, ListSheet

INDICATORS, ROWS, UNITS, KINDS, ROUNDS = 5, 4_000, 40, 7, 3
QUARTER = Period(2025, PeriodKind.QUARTER, 4)

HEAD = """\
考评 增长
对象 单位表的单位
周期 季度
缺数据 报错
不足一步 不计
工作日 按 中国
监测时点 2025-12-31
表 台账:日期列 收到日期
信息 = 台账 的记录
平均条数 = 全组平均 信息
"""
TERMS = """\
栏目信息{i} = 台账 中 类别为第{k}类 且 篇幅不少于{k} 的记录
篇幅{i} = 台账 中 类别不为第{k}类 的 篇幅 之和
最长用时{i} = 台账 中 类别为第{k}类 从收到日期到答复日期 的 工作日数 最大
"""
RULES = """\
指标 第{i}项
  栏目信息{i}少于3条扣6分,少于5条扣3分。
  篇幅{i}每100字加0.1分,最多5分。
  最长用时{i}超过20个工作日的,每超1个工作日扣0.5分。
  每个没有栏目信息{i}的月扣3分。
  信息低于平均条数的,每少10条扣1分。
  信息按级别计分:国家级每条5分、省级每条3分、市级每条1分。
"""
TAIL = "按总分排名,并列同名次(后续顺延)。\n前30%为优秀(不足一个不计),其余为合格。\n"


def rules(indicators: int) -> str:
    numbers = range(indicators)
    terms = "".join(TERMS.format(i=i, k=i % KINDS) for i in numbers)
    return HEAD + terms + "".join(RULES.format(i=i) for i in numbers) + TAIL


def book(rows: int) -> Book:
    first = date(2025, 10, 1)
    ledger: list[list[object]] = [["单位", "收到日期", "答复日期", "类别", "级别", "篇幅"]]
    for n in range(rows):
        day = first + timedelta(days=n * 13 % 60)
        kind, level = f"第{n % KINDS}类", ("国家级", "省级", "市级")[n % 3]
        ledger.append([f"第{n * 7 % UNITS}单位", day, day + timedelta(days=n % 30), kind, level, n % 11])
    units = [["单位"], *([f"第{n}单位"] for n in range(UNITS))]
    return Book("", "", (ListSheet("单位表", units), ListSheet("台账", ledger)))  # type: ignore[arg-type]


def seconds(indicators: int, rows: int) -> float:
    """The median of several evaluations; the garbage collector rests meanwhile, as in timeit."""
    text, ledger, times = rules(indicators), book(rows), []
    for _ in range(ROUNDS):
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        results = score(load(Source("growth.gk", text)), ledger, QUARTER)
        times.append(time.perf_counter() - start)
        gc.enable()
        assert not results.diagnostics, [one.message for one in results.diagnostics]
    return statistics.median(times)


def main() -> None:
    one = seconds(INDICATORS, ROWS)
    print(f"{INDICATORS} indicators of 6 sentences, {ROWS} rows, {UNITS} units: {one * 1e3:.0f} ms")
    for times in (2, 4, 8):
        more_rules, more_rows = seconds(INDICATORS * times, ROWS), seconds(INDICATORS, ROWS * times)
        print(
            f"  {times} × the rules {more_rules / one / times:5.2f}    {times} × the rows {more_rows / one / times:5.2f}"
        )


if __name__ == "__main__":
    main()
