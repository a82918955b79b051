"""How fast the functions for spreadsheets are, as ratios within one run.

Converting an argument of 20,000 cells against one pass of `isinstance` over them, by the converter itself and through
xlwings' COM code (over the stand-in of the tests); and a second function on the same rules and tables against the first.

    python benchmarks/functions.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "apps")]

ROUNDS = 41
CONVERTING, SECOND = 3.0, 1 / 20
KINDS = (float, str, bool, type(None))


OVER_COM, OFFICE_JS = -2146826246, {"type": "Error", "basicType": "Error", "basicValue": "#N/A"}  # the same error


def ledger(rows: int, dates: bool, fault: object = 3.0) -> list[list[object]]:
    """20 columns of what ledgers hold; COM hands dates over as dates, Office.js as numbers."""
    day = datetime(2025, 11, 3, tzinfo=UTC) if dates else 45964.0
    row = ["区公安局", day, "本领域", None, True, *(float(n) + 0.5 for n in range(14)), fault]
    return [[*row] for _ in range(rows)]


def median(task: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def one_pass(cells: list[list[object]]) -> None:
    for row in cells:
        for cell in row:
            isinstance(cell, KINDS)


def told(what: str, ratio: float, goal: float) -> None:
    print(f"{what:<64}{ratio:8.3f}   goal {goal:.3f}   {'reached' if ratio <= goal else 'MISSED'}")


def converting() -> None:
    from gkxl.apps.excel import Cells

    for what, dates, fault in (
        ("plain", False, 3.0),
        ("with a column of dates", True, 3.0),
        ("with a column of errors", False, OFFICE_JS),
    ):
        cells = ledger(1000, dates, fault)
        ratio = median(lambda cells=cells: Cells.read_value(cells, {})) / median(lambda cells=cells: one_pass(cells))
        told(f"20,000 cells, {what}: conversion / one pass of isinstance", ratio, CONVERTING)


def over_com() -> None:
    """In a process of its own: the stand-in takes the place of pywin32."""
    import com_stand_in as com

    com.start()
    from xlwings import Range, _xlwindows, conversion

    from gkxl.apps.excel import Cells

    for what, dates, fault in (("plain", False, 3.0), ("with dates and errors", True, OVER_COM)):
        cells = ledger(1000, dates, fault)
        given = com.Range(cells)
        read = median(
            lambda given=given: conversion.read(Range(impl=_xlwindows.Range(xl=given)), None, {"convert": Cells})
        )
        told(
            f"20,000 cells over COM, {what}: conversion / one pass",
            read / median(lambda cells=cells: one_pass(cells)),
            CONVERTING,
        )


def second() -> None:
    from sheets_as_arguments import BUNDLED, book_of, tables

    from gkxl.functions.core import Functions

    def ratio(text: str, given: list[object]) -> float:
        ratios = []
        for _ in range(11):
            functions = Functions()
            start = time.perf_counter()
            table = functions.table(text, None, *given)
            middle = time.perf_counter()
            functions.total(text, None, table[1][0], *given)
            ratios.append((time.perf_counter() - middle) / (middle - start))
        return statistics.median(ratios)

    for rules, book in BUNDLED:
        given = tables(book_of(book))
        told(f"{rules.stem}: TOTAL after TABLE / TABLE", ratio(rules.read_text(encoding="utf-8"), given), SECOND)
    rows = [["单位", "日期", "类别", *(f"列{n}" for n in range(7))]]
    rows += [[f"单位{n % 50}", 45964.0 + n % 50, "迟报", *[1.5] * 7] for n in range(2000)]
    units = [["单位"], *([f"单位{n}"] for n in range(50))]
    text = "考评 甲\n对象 单位表的单位\n周期 季度\n缺数据 报错\n迟报 = 台账 中 类别为迟报 的记录\n指标 甲\n  迟报每次扣1分。\n"
    told("20,000 cells: TOTAL after TABLE / TABLE", ratio(text, ["单位表", units, "台账", rows]), SECOND)


if __name__ == "__main__":
    if sys.argv[1:] == ["com"]:
        over_com()
    else:
        converting()
        subprocess.run([sys.executable, __file__, "com"], check=True)
        second()
