"""How fast a command starts and ends, as a ratio within one run.

`gkxl check` on a file of 60 sentences against `python -c "import lark"`: whole processes, in pairs that take turns, so
that what else the machine does falls on both. Then how the time to read a file grows with its lines and its names.

    python benchmarks/start.py
"""

from __future__ import annotations

import compileall
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gkxl.diagnostics import Source
from gkxl.flow import load

ROOT = Path(__file__).resolve().parents[1]
PAIRS = 41
SCRIPT = "import sys; from gkxl.apps.cli import main; sys.exit(main())"  # what the installed command gkxl runs
# Modules are compiled once and kept, as in an installed package, whatever this shell says of it.
ENV = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
GOAL = 3.0

# Twelve ways to say what costs and earns; # is the number of the indicator, so that each has names of its own.
SENTENCES = """\
  迟报#每次扣1分,最多扣5分。
  信息#少于3条,扣6分。
  每回复咨询#1件加3分。
  转发#在任务数#20%的基础上,每多1条加1分,每季度不超过10分。
  完成率#达100%加10分,90%及以上加8分,其余不加分。
  差错#每3处扣0.5分,最多扣2分。
  办结率#低于90%的,每低1个百分点扣1分(不足1个百分点不计)。
  通报#每次扣2分。
  解读#每期加2分,最高加10分。
  培训#不少于4次,每少1次扣1分。
  投诉#超过5件的,每多1件扣0.5分。
  约谈#的,扣5分。
"""
TERMS = """\
迟报# = 台账 中 类别为迟报# 的记录
信息# = 台账 中 类别为信息# 的记录
咨询# / 回复咨询# = 台账 中 答复日期不为空 的记录
转发# = 台账 中 类别为转发# 的记录
任务数# = 任务 的 任务#
完成率# = 任务 的 完成率
差错# = 台账 的 差错# 之和
办结率# = 任务 的 办结率
通报# = 台账 中 类别为通报# 的记录
解读# = 台账 的 期数# 之和
培训# = 台账 中 类别为培训# 的记录
投诉# = 台账 中 类别为投诉# 的记录
约谈# = 任务 的 约谈
"""
HEAD = "考评 政务公开考评\n对象 单位表的单位\n周期 季度\n缺数据 报错\n\n"
_NUMERALS = "甲乙丙丁戊己庚辛壬癸"


def numbered(template: str, number: int) -> str:
    """Names are told apart by characters, as offices do, since digits behind a name could be read as a number."""
    return template.replace("#", "".join(_NUMERALS[int(digit)] for digit in str(number)))


def rule_file(indicators: int, names: int | None = None) -> str:
    """A file of `indicators` × 12 sentences; `names` sets of terms are declared, one for each indicator if None."""
    terms = "".join(numbered(TERMS, number) for number in range(names or indicators))
    body = "".join(
        f"指标 {numbered('指标#', n)}\n{numbered(SENTENCES, n % (names or indicators))}" for n in range(indicators)
    )
    return f"{HEAD}{terms}\n{body}\n按总分排名,并列同名次(连续)。\n"


def seconds(*command: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=ENV)
    return time.perf_counter() - start


def reading(text: str) -> float:
    """Seconds to read and check a file, the best of three."""
    best = 1e9
    for _ in range(3):
        gc.collect()
        start = time.perf_counter()
        rules = load(Source("bench.gk", text))
        best = min(best, time.perf_counter() - start)
        assert rules.rubric is not None, "\n".join(map(str, rules.diagnostics[:5]))
    return best


def main() -> None:
    compileall.compile_dir(ROOT / "gkxl", quiet=2)
    text = rule_file(5)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sixty.gk"
        path.write_text(text, encoding="utf-8")
        pairs = [
            (seconds(sys.executable, "-c", SCRIPT, "check", str(path)), seconds(sys.executable, "-c", "import lark"))
            for _ in range(PAIRS + 1)
        ][1:]  # the first fills the caches
    ratio = statistics.median(ours / lark for ours, lark in pairs)
    ours, lark = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"whole processes, median of {PAIRS} pairs")
    print(f"  import lark            {lark * 1e3:6.0f} ms")
    print(f"  gkxl check, 60 lines   {ours * 1e3:6.0f} ms   {ratio:4.2f} × import lark (goal: at most {GOAL:g})")

    load(Source("warm.gk", text))
    print("growth: time per sentence against the smallest")
    base = None
    for times in (1, 2, 4, 8):
        for what, indicators, names in (("", 25 * times, 25), (" and as many sets of names", 25 * times, 25 * times)):
            each = reading(rule_file(indicators, names)) / (indicators * 12)
            base = base or each
            print(f"  {indicators * 12:5} sentences{what:27} {each * 1e6:6.0f} µs   {each / base:4.2f}")


if __name__ == "__main__":
    main()
