"""Calls the functions as a formula does on Windows: xlwings' own COM server over the stand-in. Prints JSON.

python com_child.py RULES.gk BOOK.xlsx
"""

import datetime as dt
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "apps")]

import com_stand_in as com

SERVER = com.start()

import xlwings
from function_cases import CASES, arguments
from sheets_as_arguments import book_of, rows
from xlwings import udfs

from gkxl.apps import excel
from gkxl.functions.arguments import CellError
from gkxl.functions.formula import Name, Reference, TableReference, read_call

CALLER = com.Range([[None]])


def call(name, *arguments):
    return SERVER.CallUDF("gkxl.apps.excel", name, arguments, None, CALLER)


def as_cells(table):
    return com.Range([[one.text if isinstance(one, CellError) else one for one in row] for row in table])


def over_com(case):
    """A case as Excel makes the call: references are ranges, and what is left out is marked as missing."""
    made = read_call(case.formula)
    given = []
    for written, value in zip(made.arguments, arguments(case, serials=False), strict=True):
        if isinstance(written, Reference | Name | TableReference):
            value = as_cells(value if isinstance(value, tuple) else [[value]])
        given.append(com.MISSING if value is None else value)
    return call(f"gk_{made.function}", *given)


rules, book = Path(sys.argv[1]), book_of(Path(sys.argv[2]))
text = rules.read_text(encoding="utf-8")
lines = com.Range([[line or None] for line in text.splitlines()])
given = [one for sheet in book.sheets for one in (sheet.name, as_cells(rows(sheet, serials=False)))]
late = "迟报每次扣1分。", "迟报"
wrapper = io.StringIO()
udfs.generate_vba_wrapper("gkxl.apps.excel", excel, wrapper, SimpleNamespace(Name="gk.xlam"))
functions = [one for one in vars(excel).values() if hasattr(one, "__xlfunc__")]
answers = {
    "table": call("gk_table", text, None, *given),
    "table of lines": call("gk_table", lines, None, *given),
    "table of a path": call("gk_table", str(rules), None, *given),
    "no such path": call("gk_table", str(rules.with_name("none.gk")), None, *given),
    "cell": call("gk_points", *late, com.Range([[3]])),
    "literal": call("gk_points", *late, 3.0),
    "blank": call("gk_points", *late, com.Range([[None]])),
    "error": call("gk_points", *late, com.Range([["#N/A"]])),
    "error that is not known yet": call("gk_points", *late, com.Range([["Error 2099"]])),
    "date": call("gk_points", "报送日期晚于3月31日的,扣2分。", "报送日期", com.Range([[dt.date(2024, 4, 1)]])),
    "optional left out": call("gk_rank", com.Range([[3], [None], [2], [3]]), com.MISSING, com.MISSING),
    "errors among totals": call("gk_rank", com.Range([[3], ["#DIV/0!"]]), com.MISSING, com.MISSING),
    "version": call("gk_version"),
    "vba": wrapper.getvalue(),
    "docs": {
        one.__name__: [one.__doc__, *(argument["doc"] for argument in one.__xlfunc__["args"])] for one in functions
    },
    "licensed part": xlwings.__pro__,
    "cases": {case.name: over_com(case) for case in CASES},
}
print(json.dumps(answers))
