"""The functions in Excel, through xlwings: COM on Windows, xlwings Lite and Server from one source.

The signatures have no type hints: xlwings would take them for converters, and fails on some. A docstring or `doc` is what
the function wizard shows, 255 characters at most.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import xlwings as xw
from xlwings.conversion import Converter

from gkxl.functions.answers import refusal
from gkxl.functions.arguments import CellError
from gkxl.functions.core import Functions
from gkxl.workbook.files import read_rules
from gkxl.workbook.stored import double

# What `from gkxl.apps.excel import *` brings into the main.py of xlwings Lite: the functions alone.
__all__ = [
    "gk_check",
    "gk_detail",
    "gk_explain",
    "gk_grade",
    "gk_points",
    "gk_rank",
    "gk_table",
    "gk_total",
    "gk_version",
]

_FUNCTIONS = Functions()
_OVER_COM = getattr(xw.func, "__module__", "") == "xlwings.udfs"
# Over COM a number is a float, and an int an error; from JavaScript a whole number is an int.
_PLAIN = frozenset((float, str, bool, type(None)) if _OVER_COM else (float, str, bool, type(None), int))
_ERRORS = {  # CVErr numbers as COM hands them over: 0x800A0000 + xlErr…, signed
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}


class Cells(Converter):
    """An argument as values or rows of values. The raw reader under it keeps errors apart from blanks."""

    base_type = "raw"  # type: ignore[assignment]

    @staticmethod
    def read_value(value: Any, _options: object) -> Any:
        """COM: a scalar, or a tuple of rows; Office.js: a list of rows. Rows of plain values alone pass as they are."""
        if not isinstance(value, (list, tuple)):
            return _odd(value)
        if value and not isinstance(value[0], (list, tuple)):
            value = (value,)
        if _PLAIN.issuperset(map(type, chain.from_iterable(value))):
            return tuple(map(tuple, value))
        return tuple([tuple([one if type(one) in _PLAIN else _odd(one) for one in row]) for row in value])


def _odd(value: Any) -> Any:
    """COM: errors are integers, amounts in a currency format decimals. Office.js: errors and formatted numbers are objects.

    Pyodide: JavaScript's null, a blank cell of a range, is an object of its own since 0.28.
    """
    if isinstance(value, dict):
        basic = value.get("basicValue")
        return CellError(str(basic)) if "Error" in (value.get("type"), value.get("basicType")) else basic
    if type(value).__name__ == "JsNull":
        return None
    if isinstance(value, Decimal):
        return double(value)
    if _OVER_COM and type(value) is int:
        return CellError(_ERRORS[value]) if value in _ERRORS else value
    return value if isinstance(value, (float, str, bool, int, date, type(None))) else str(value)


def _ruled(function: Any, rules: Any, *rest: Any) -> Any:
    """Calls a function with rules; over COM, where formula and file are of one person, they may be a path."""
    if _OVER_COM and isinstance(rules, str) and "\n" not in rules and rules.strip().lower().endswith(".gk"):
        source, problems = read_rules(Path(rules.strip()))
        if source is None:
            return refusal(problems)
        rules = source.text
    return function(rules, *rest)


_SENTENCE = "一句规则,如“迟报每次扣1分。” One sentence: each late report costs 1 point."
_PAIRS = "名称和值,成对:规则里的名称,它的单元格。 Pairs: a name in the sentence, and the cell with its value."
_RULES = "规则全文,或逐行写着规则的区域(桌面版还可以是 .gk 文件的完整路径)。 The rules: their text or range, or (desktop) a path."
_PERIOD = "周期,如 2025Q4、2025-10、2025;空:有数据的最近一期。 The period; blank: the latest with data."
_UNIT = "单位的名称。 The name of the unit."
_TABLES = "表名和区域,成对:规则里的表名,那张表连表头的区域。 Pairs: a sheet's name as in the rules, its range with the header."


@xw.func(name="POINTS", namespace="GK")
@xw.arg("sentence", Cells, doc=_SENTENCE)
@xw.arg("pairs", Cells, doc=_PAIRS)
def gk_points(sentence, *pairs):
    """一句规则给出的分。 The points of one sentence."""
    return _FUNCTIONS.points(sentence, *pairs)


@xw.func(name="TABLE", namespace="GK")
@xw.arg("rules", Cells, doc=_RULES)
@xw.arg("period", Cells, doc=_PERIOD)
@xw.arg("tables", Cells, doc=_TABLES)
def gk_table(rules, period, *tables):
    """得分表:每个单位的各项得分、总分、名次、等次、备注。 The score table: points, total, place, grade, remark of every unit."""
    return _ruled(_FUNCTIONS.table, rules, period, *tables)


@xw.func(name="DETAIL", namespace="GK")
@xw.arg("rules", Cells, doc=_RULES)
@xw.arg("period", Cells, doc=_PERIOD)
@xw.arg("unit", Cells, doc=_UNIT)
@xw.arg("tables", Cells, doc=_TABLES)
def gk_detail(rules, period, unit, *tables):
    """一个单位的得分明细:规则、取值、加减分、原因、数据所在。 Each award of one unit: sentence, values, points, why, cells."""
    return _ruled(_FUNCTIONS.detail, rules, period, unit, *tables)


@xw.func(name="TOTAL", namespace="GK")
@xw.arg("rules", Cells, doc=_RULES)
@xw.arg("period", Cells, doc=_PERIOD)
@xw.arg("unit", Cells, doc=_UNIT)
@xw.arg("tables", Cells, doc=_TABLES)
def gk_total(rules, period, unit, *tables):
    """一个单位的总分。 The total of one unit."""
    return _ruled(_FUNCTIONS.total, rules, period, unit, *tables)


@xw.func(name="EXPLAIN", namespace="GK")
@xw.arg("rules", Cells, doc=_RULES)
@xw.arg("period", Cells, doc=_PERIOD)
@xw.arg("unit", Cells, doc=_UNIT)
@xw.arg("tables", Cells, doc=_TABLES)
def gk_explain(rules, period, unit, *tables):
    """一个单位为什么得这些分,一段文字。 Why one unit has its points, as one text."""
    return _ruled(_FUNCTIONS.explain, rules, period, unit, *tables)


@xw.func(name="CHECK", namespace="GK")
@xw.arg("rules", Cells, doc=_RULES)
@xw.arg("tables", Cells, doc=_TABLES)
def gk_check(rules, *tables):
    """规则和数据里的问题,一行一个;没有就是一行 OK。 What is wrong with rules and data; OK where there is nothing."""
    return _ruled(_FUNCTIONS.check, rules, *tables)


@xw.func(name="RANK", namespace="GK")
@xw.arg("totals", Cells, doc="各单位的总分。 The totals.")
@xw.arg(
    "groups", Cells, doc="可不填:各单位的类别,名次在类别内排。 Optional: the group of each; places are within groups."
)
@xw.arg("ties", Cells, doc="可不填:“跳号”(1,2,2,4,默认)或“连续”(1,2,2,3)。 Optional: “skip” (default) or “follow”.")
def gk_rank(totals, groups=None, ties=None):
    """名次,分高的在前,同分同名次。 Places, the highest first; ties share one."""
    return _FUNCTIONS.rank(totals, groups, ties)


@xw.func(name="GRADE", namespace="GK")
@xw.arg("rules", Cells, doc=_RULES)
@xw.arg("total", Cells, doc="总分。 The total.")
def gk_grade(rules, total):
    """这个总分的等次。 The grade of a total."""
    return _ruled(_FUNCTIONS.grade, rules, total)


@xw.func(name="VERSION", namespace="GK")
def gk_version():
    """gkxl 的版本。 The version of gkxl."""
    from gkxl.apps.common import version

    return version()
