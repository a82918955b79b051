"""The sheet that shows the functions in cells: formulas as text, and what they give as stored values."""

from pathlib import Path
from typing import Any

from office import Office, height

from gkxl.apps.version import version
from gkxl.diagnostics import CellRef
from gkxl.functions.core import Functions
from gkxl.functions.formula import FormulaCall, read_argument, read_call
from gkxl.functions.references import resolve
from gkxl.workbook.read import read_book

Rows = list[list[Any]]
Found = dict[str, Rows]  # what formulas and references give, by their text

WIDTHS = [15, *[16] * 9]  # the labels, and the nine columns of the widest result
LINE = 15  # the height of a line of a text that has many; no row is higher than 409
LAST = len(WIDTHS) - 1
HEADED = ("=GK.TABLE(", "=GK.DETAIL(", "=GK.CHECK(")  # what they give begins with a header
DARK, PALE, GREY = "#1F4E79", "#D9E1F2", "#808080"


def spelled(formula: str, description: dict[str, Any]) -> str:
    return formula.replace("{tables}", description["tables"])


def answers(path: Path, description: dict[str, Any]) -> Found:
    """What each formula, and each range beside a result, gives on the sheets of a workbook."""
    book, told = read_book(path)
    if book is None:
        raise ValueError(told)
    functions, found = Functions(), {}
    for call in (call for function in description["function"] for call in function["calls"]):
        formula = spelled(call["formula"], description)
        made = read_call(formula)
        if made is None:
            raise ValueError(formula)
        given = resolve(made, book, CellRef(description["name"], 1, 1))
        function = version if made.function == "version" else getattr(functions, made.function)
        found[formula] = rows(function(*given))
        for reference in call.get("beside", {}).values():
            argument = FormulaCall("", (read_argument(reference),))
            found[reference] = rows(*resolve(argument, book, CellRef(description["name"], 1, 1)))
    return found


def rows(answer: Any) -> Rows:
    return [[*row] for row in answer] if isinstance(answer, list | tuple) else [[answer]]


class Demo:
    """The sheet, written from the top down."""

    def __init__(self, office: Office, description: dict[str, Any], found: Found) -> None:
        self.office, self.found, self.row = office, found, 0
        self.sheet = office.add_sheet(description["name"])
        self.sheet.set_landscape()
        self.sheet.hide_gridlines(2)
        self.sheet.freeze_panes(1, 1)
        self.sheet.repeat_rows(0)
        for column, width in enumerate(WIDTHS):
            self.sheet.set_column(column, column, width)
        self.across(description["title"], bold=True, font_size=16, align="center", font_color=DARK)
        self.sheet.set_row(0, 32)
        for line in description["intro"]:
            self.across(line)
        for function in description["function"]:
            self.row += 1
            self.across(function["name"], bold=True, font_size=13, bg_color=DARK, font_color="#FFFFFF")
            self.labelled("说明", function["zh"])
            self.labelled("what it does", function["en"])
            for call in function["calls"]:
                self.call(call, spelled(call["formula"], description))

    def across(self, text: str, first: int = 0, **look: Any) -> None:
        """A text over all columns from `first` on, in a row as high as it needs."""
        look = self.office.format(**({"text_wrap": True, "align": "left", "valign": "top"} | look))
        self.sheet.merge_range(self.row, first, self.row, LAST, "", look)
        self.sheet.write_string(self.row, first, text, look)
        lines = text.count("\n") + 1
        self.sheet.set_row(self.row, LINE * lines if lines > 1 else height(text, sum(WIDTHS[first:])))
        self.row += 1

    def labelled(self, label: str, text: str, **look: Any) -> None:
        self.label(label)
        self.across(text, 1, **look)

    def label(self, text: str) -> None:
        self.sheet.write_string(self.row, 0, text, self.office.format(font_color=GREY, font_size=10, valign="top"))

    def call(self, call: dict[str, Any], formula: str) -> None:
        """A formula in both spellings, and below it what it gives."""
        name, arguments = formula.removeprefix("=").split("(", 1)
        if "zh" in call:
            self.labelled("例 · example", f"{call['zh']} · {call['en']}", italic=True)
        look = {"font_name": "Consolas", "font_size": 10, "bg_color": "#F2F2F2", "border": 1, "border_color": "#BFBFBF"}
        self.labelled("公式 · formula", formula, **look)
        self.labelled("桌面版 VBA", f"={name.lower().replace('.', '_')}({arguments}", **look)
        if "heads" in call:
            self.cells([[*call["heads"], *call.get("beside", {})]], header=True)
        self.label("结果 · result")
        given = self.found[formula]
        if isinstance(given[0][0], str) and height(given[0][0], WIDTHS[1]) > height("", WIDTHS[1]):
            self.across(given[0][0], 1, border=1, font_size=10)
            return
        beside = [self.found[reference] for reference in call.get("beside", {}).values()]
        lines = [[one for columns in every for one in columns] for every in zip(given, *beside, strict=True)]
        self.cells(lines[:1], header=formula.startswith(HEADED))
        self.cells(lines[1:])

    def cells(self, given: Rows, header: bool = False) -> None:
        look = {"bold": True, "bg_color": PALE} if header else {}
        for values in given:
            self.sheet.set_row(self.row, max(height(str(one), WIDTHS[1]) for one in values[:-1] or [""]))
            for column, one in enumerate(values, 1):
                text, last = isinstance(one, str), column == len(values)  # the last reaches beyond its cell
                align = "left" if text and not header else "center"
                look_of = self.office.format(border=1, text_wrap=text and not last, align=align, **look)
                (self.sheet.write_string if text else self.sheet.write_number)(self.row, column, one, look_of)
            self.row += 1
