"""How long a large ledger takes, as a ratio within one run.

A ledger of 100,000 rows and 7 columns, made on the spot: `gkxl score` as a whole process, against a process that reads
the same book with calamine into lists, in pairs that take turns. Then peak memory, and the same at a quarter and a half
of the rows: what is above the fixed cost of a start grows with the rows.

    python benchmarks/ledger.py
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROWS, PAIRS = 100_000, 5
RATIO, MIB = 3.0, 300
UNITS = 40
# Modules are compiled once and kept, as in an installed package, whatever this shell says of it.
ENV = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

RULES = """\
考评 十万行
对象 单位表的单位
周期 季度 2025Q4
缺数据 报错

信息 = 台账 中 类别为信息 的记录
迟报 = 台账 中 类别为信息 且 逾期天数大于3 的记录
差错 = 台账 的 差错数 之和
渠道数 = 台账 的 渠道 不同
指标 信息
  信息少于300条,扣6分。
  迟报每次扣0.1分,最多扣5分。
指标 质量
  差错每100处扣0.5分。
  渠道数少于4个,扣1分。
"""
HEADER = ("编号", "单位", "日期", "类别", "渠道", "逾期天数", "差错数")
READ = "import sys, python_calamine as c; c.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(1).to_python()"


def make(path: Path, rows: int) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    units = book.add_worksheet("单位表")
    units.write_column(0, 0, ["单位", *(f"第{n}单位" for n in range(UNITS))])
    ledger = book.add_worksheet("台账")
    ledger.write_row(0, 0, HEADER)
    first = date(2025, 10, 1)
    for row in range(1, rows + 1):
        ledger.write_number(row, 0, row)
        ledger.write_string(row, 1, f"第{row * 7 % UNITS}单位")
        ledger.write_datetime(row, 2, first + timedelta(days=row * 13 % 92), day)  # type: ignore[arg-type]
        ledger.write_string(row, 3, ("信息", "通报", "解读")[row % 3])
        ledger.write_string(row, 4, ("网站", "微信", "报刊", "窗口")[row * 5 % 4])
        ledger.write_number(row, 5, row % 9)
        ledger.write_number(row, 6, row * 11 % 5)
    book.close()


def run(*command: str) -> tuple[float, float]:
    """Seconds and peak MiB of a process."""
    start = time.perf_counter()
    # The peak that the system reports counts what the starting process had, so this one stays small: see `make`.
    pid = os.posix_spawn(command[0], command, ENV, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def score(book: Path) -> tuple[float, float]:
    return run(sys.executable, "-m", "gkxl", "score", str(book), "--format", "csv")


def main() -> None:
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        books = {rows: Path(folder) / f"{rows}.xlsx" for rows in (0, ROWS // 4, ROWS // 2, ROWS)}
        for rows, book in books.items():
            run(sys.executable, __file__, str(book), str(rows or 1))
            book.with_suffix(".gk").write_text(RULES, encoding="utf-8")
        pairs = [(score(books[ROWS]), run(sys.executable, "-c", READ, str(books[ROWS]))) for _ in range(PAIRS + 1)][1:]
        ratio = statistics.median(ours[0] / lists[0] for ours, lists in pairs)
        print(f"{ROWS:,} rows × {len(HEADER)} columns, whole processes, median of {PAIRS} pairs")
        for name, column in (("calamine into lists", 1), ("gkxl score", 0)):
            seconds = statistics.median(pair[column][0] for pair in pairs)
            print(f"  {name:20} {seconds:6.2f} s   {max(pair[column][1] for pair in pairs):5.0f} MiB")
        print(f"  {ratio:.2f} × calamine (goal: at most {RATIO:g}), memory below {MIB} MiB")
        print("growth: time per row above that of one row")
        fixed = min(score(books[0])[0] for _ in range(3))
        base = None
        for rows in (ROWS // 4, ROWS // 2, ROWS):
            each = (min(score(books[rows])[0] for _ in range(3)) - fixed) / rows
            base = base or each
            print(f"  {rows:7,} rows   {each * 1e6:5.1f} µs   {each / base:4.2f}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        make(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        main()
