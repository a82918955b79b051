"""Runs the macro as Excel on Windows does: xlwings' own COM server over the stand-ins. Reads steps, prints what came of each.

python button_child.py < JSON, whose keys the code below asks for.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import com_stand_in as com

SERVER = com.start()

import win32api
import win32con
import xlwings
from excel_stand_in import Application, Workbook, Worksheet
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.defined_name import DefinedName

NO_CALLER = -2146826265  # what Application.Caller is for a macro that Alt+F8 runs: #REF!
BOXES = []
vars(win32con).update(MB_OK=0, MB_OKCANCEL=1, MB_YESNOCANCEL=3, MB_YESNO=4)
win32con.MB_ICONINFORMATION, win32con.MB_ICONWARNING = 64, 48
win32api.MessageBox = lambda owner, text, title, style: BOXES.append([style, title, text]) or 1

job = json.load(sys.stdin)
application = Application()
book = Workbook(application, Path(job["book"]) if job["book"] else None)
book.saves_as = job.get("saves as")
application.Workbooks.append(book)
application.ActiveWorkbook = caller = book
if "add-in" in job:  # whose macro it is
    caller = Workbook(application, None)
    caller.IsAddin = True
    if job["add-in"] == "alone":
        application.ActiveWorkbook = None
for number, (name, rows) in enumerate(job.get("sheets", {}).items(), 50):
    book.sheets.append(Worksheet(book, book.file.create_sheet(name), number))
    for row in rows:
        book.file[name].append(row)
if "chart" in job:  # on the sheet CHART, of cells of another
    chart, (name, cells) = BarChart(), job["chart"]
    chart.add_data(Reference(book.file[name], range_string=f"'{name}'!{cells}"))
    book.file["别的"].add_chart(chart)
sys.platform = job.get("platform", sys.platform)


def content() -> dict:
    return {sheet.Name: [[str(cell.value) for cell in row] for row in sheet.sheet.iter_rows()] for sheet in book.sheets}


def through_run_python(full_name: str) -> None:
    """As xlwings' VBA does for the button: RunPython with the interpreter that the functions use."""
    xlwings.utils.prepare_sys_path(f"true;{full_name};{full_name};;;;")
    SERVER.SetAttr(SERVER.Module("xlwings._xlwindows"), "BOOK_CALLER", book)
    name = Path(full_name).stem
    SERVER.Exec(f"import {name};{name}.main()")


def step(given: dict) -> dict:
    for name, cell, value in given.get("set", []):
        book.file[name][cell] = value
    for name, state in given.get("hide", {}).items():
        book.file[name].sheet_state = state
    for name in given.get("protect", []):
        book.file[name].protection.sheet = True
    for name, formula in given.get("names", {}).items():
        book.file.defined_names.add(DefinedName(name, attr_text=formula))
    before, parts, others = content(), [part.xml for part in book.parts.items], len(application.Workbooks)
    application.calls, application.fails_at = [], given.get("fails at", 0)
    application.links = given.get("links", False)
    BOXES.clear()
    if given.get("run python"):
        through_run_python(job["book"])
    else:
        SERVER.CallUDF("gkxl.apps.open_book", "gk_recalculate", (), caller, NO_CALLER)
    application.fails_at = 0
    if "save" in given:
        book.save(Path(given["save"]))
    return {
        "boxes": list(BOXES),
        "calls": application.calls,
        "before": before,
        "after": content(),
        "states": {sheet.Name: sheet.sheet.sheet_state for sheet in book.sheets},
        "active": book.ActiveSheet.Name,
        "part is the same": parts == [part.xml for part in book.parts.items],
        "names": {name: one.attr_text for name, one in book.file.defined_names.items()},
        "set back": [application.ScreenUpdating, application.DisplayAlerts, application.EnableEvents],
        "new books": [[cell.value for cell in one.file.active["A"]] for one in application.Workbooks[others:]],
    }


print(json.dumps([step(given) for given in job["steps"]]))
