"""The functions in Excel, through xlwings: COM on Windows, xlwings Lite and Server from one source.

The signatures have no type hints: xlwings would take them for converters, and fails on some. What the function wizard
shows is at most 255 characters long.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

import xlwings as xw
from xlwings.conversion import Converter

from gkxl.apps.ruled import ruled
from gkxl.apps.version import version
from gkxl.functions.arguments import CellError
from gkxl.functions.core import Functions
from gkxl.functions.help import HELP
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
_CV_ERR = -2146828288  # CVErr numbers as COM hands them over: 0x800A0000 + xlErr…, signed
_ERRORS = {
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
        return _error(str(basic)) if "Error" in (value.get("type"), value.get("basicType")) else basic
    if type(value).__name__ == "JsNull":
        return None
    if isinstance(value, Decimal):
        return double(value)
    if _OVER_COM and type(value) is int:
        number = value - _CV_ERR
        return _error(_ERRORS.get(value, f"Error {number}")) if 2000 <= number < 2100 else value
    return value if isinstance(value, (float, str, bool, int, date, type(None))) else str(value)


@lru_cache(maxsize=64)
def _error(text: str) -> CellError:
    """One object for all cells with that error: a column may hold nothing else."""
    return CellError(text)


def _ruled(function: Any, rules: Any, *rest: Any) -> Any:
    """Calls a function with rules, which over COM may be a path."""
    return ruled(function, rules, *rest) if _OVER_COM else function(rules, *rest)


def _function(function: Any) -> Any:
    """As xlwings takes it, with the words that the wizard shows."""
    told = HELP[function.__name__.removeprefix("gk_")]
    function.__doc__ = str(told.words)
    for argument in told.arguments:
        function = xw.arg(argument.name, Cells, doc=str(argument.words))(function)
    return xw.func(name=told.name.upper(), namespace="GK")(function)


@_function
def gk_points(sentence, *pairs):
    return _FUNCTIONS.points(sentence, *pairs)


@_function
def gk_table(rules, period, *tables):
    return _ruled(_FUNCTIONS.table, rules, period, *tables)


@_function
def gk_detail(rules, period, unit, *tables):
    return _ruled(_FUNCTIONS.detail, rules, period, unit, *tables)


@_function
def gk_total(rules, period, unit, *tables):
    return _ruled(_FUNCTIONS.total, rules, period, unit, *tables)


@_function
def gk_explain(rules, period, unit, *tables):
    return _ruled(_FUNCTIONS.explain, rules, period, unit, *tables)


@_function
def gk_check(rules, *tables):
    return _ruled(_FUNCTIONS.check, rules, *tables)


@_function
def gk_rank(totals, groups=None, ties=None):
    return _FUNCTIONS.rank(totals, groups, ties)


@_function
def gk_grade(rules, total):
    return _ruled(_FUNCTIONS.grade, rules, total)


@_function
def gk_version():
    return version()
