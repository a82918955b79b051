"""Workbooks in the style of an office: notes, tables, fixed forms, with the same fonts, borders and print set-up."""

import csv
import datetime as dt
import unicodedata
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

FIGURES = Path(__file__).parent / "figures"
CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SPARE_ROWS = 100  # below the data, so that a row added by hand still has its drop-down list
GREY = "#808080"
LINE = 18  # the height of a row of one line
NOTES = 80  # the width of a sheet of notes


def number_or_text(cell: str) -> Decimal | str:
    try:
        return Decimal(cell)
    except InvalidOperation:
        return cell


def read_table(path: Path, names: list[str]) -> list[list[Any]]:
    """The rows of a CSV file; lines that start with # give its source."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(line for line in file if not line.startswith("#"))
    if header != names:
        raise ValueError(f"{path.name}: the header {header} isn't {names}")
    return [[number_or_text(cell) for cell in row] for row in rows]


def height(text: str, width: int) -> int:
    """The height of a row that shows the text in a column of this width; Chinese characters are two wide."""
    wide = sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
    return LINE * max(1, -(-wide // (width - 2)))


def cells_of(area: str) -> list[str]:
    """The addresses of an area (D5:F6, or one cell), row by row."""
    first, _, last = area.partition(":")
    (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last or first)
    return [xl_rowcol_to_cell(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def form_numbers(form: dict[str, Any], sheets: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The numbers of every sheet with the form, by sheet and address: 0, those of its CSV, those named, or a sum."""
    found: dict[str, dict[str, Any]] = {}
    for sheet in sheets:
        if "form" not in sheet:
            continue
        numbers: dict[str, Any] = {cell: 0 for area in form["numbers"] for cell in cells_of(area)}
        if "sum" in sheet:
            numbers = {cell: sum(found[name][cell] for name in sheet["sum"]) for cell in numbers}
        else:
            rows = read_table(FIGURES / sheet["csv"], form["csv_columns"])
            table = [cell for row in rows for cell in row[1:]]
            numbers |= dict(zip(cells_of(form["csv_area"]), table, strict=True)) | sheet["cells"]
        found[sheet["name"]] = numbers
    return found


class Office:
    """A workbook in the style of an office: the same fonts, borders and print set-up on every sheet."""

    def __init__(self, path: Path, description: dict[str, Any]) -> None:
        self.font = description.get("font", "等线")
        self.footer = description.get("footer", "第 &P 页，共 &N 页")
        self.book = xlsxwriter.Workbook(
            path, OPTIONS | {"default_format_properties": {"font_name": self.font, "font_size": 11}}
        )
        self.book.set_properties({"title": description["title"], "author": "gkxl", "created": CREATED})
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            base = {"font_name": self.font, "font_size": 11, "valign": "vcenter"}
            self.formats[key] = self.book.add_format(base | properties)
        return self.formats[key]

    def add_sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.5, right=0.5)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&C{self.footer}")
        return sheet

    def add_notes(self, description: dict[str, Any]) -> None:
        """A sheet of plain sentences, the first of them its heading."""
        sheet = self.add_sheet(description["name"])
        sheet.set_column(0, 0, NOTES)
        heading = self.format(bold=True, font_size=14)
        for row, line in enumerate(description["lines"]):
            sheet.set_row(row, height(line, NOTES) if row else 30)
            sheet.write_string(row, 0, line, self.format(text_wrap=True) if row else heading)

    def add_rules(self, description: dict[str, Any]) -> None:
        """Rules, a line to a row."""
        sheet = self.add_sheet(description["name"])
        sheet.set_column(0, 0, NOTES + 20)
        for row, line in enumerate(description["lines"]):
            sheet.write_string(row, 0, line, self.format())

    def add_table(self, description: dict[str, Any]) -> None:
        """A table: title and note where there are any, header, rows."""
        columns = description["columns"]
        names = [column["name"] for column in columns]
        rows = read_table(FIGURES / description["csv"], names) if "csv" in description else description["rows"]
        sheet = self.add_sheet(description["name"])
        if sum(column["width"] for column in columns) > 95:
            sheet.set_landscape()
        top, last = 0, len(columns) - 1
        if "title" in description:
            sheet.merge_range(0, 0, 0, last, description["title"], self.format(bold=True, font_size=16, align="center"))
            sheet.set_row(0, 30)
            top = 1
        if "note" in description:
            sheet.merge_range(top, 0, top, last, description["note"], self.format(font_size=9, font_color=GREY))
            top += 1
        header = self.format(bold=True, align="center", text_wrap=True, border=1, bg_color="#D9E1F2")
        sheet.set_row(top, 24)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column["width"])
            sheet.write_string(top, index, column["name"], header)
            if "choices" in column:
                allowed = {"validate": "list", "source": column["choices"]}
                sheet.data_validation(top + 1, index, top + len(rows) + SPARE_ROWS, index, allowed)
        for row, cells in enumerate(rows, top + 1):
            shown = zip(columns, cells, strict=True)
            sheet.set_row(row, max(height(cell, column["width"]) for column, cell in shown if isinstance(cell, str)))
            for index, (column, cell) in enumerate(zip(columns, cells, strict=True)):
                self.write(sheet, row, index, cell, column)
        sheet.freeze_panes(top + 1, 1)
        sheet.autofilter(top, 0, top + len(rows), last)
        sheet.repeat_rows(0, top)
        sheet.center_horizontally()

    def add_form(self, description: dict[str, Any], form: dict[str, Any], numbers: dict[str, Any]) -> None:
        """A fixed form on one page: its captions where the form has them, its numbers in its empty cells."""
        sheet = self.add_sheet(description["name"])
        sheet.set_landscape()
        sheet.fit_to_pages(1, 1)
        for index, width in enumerate(form["widths"]):
            sheet.set_column(index, index, width)
        looks = {
            "title": self.format(bold=True, font_size=16, align="center"),
            "heading": self.format(bold=True, font_size=13, align="center", border=1),
            "caption": self.format(bold=True, align="center", text_wrap=True, border=1, bg_color="#D9E1F2"),
            "row": self.format(align="left", text_wrap=True, border=1),
            "number": self.format(align="center", border=1),
        }
        for area, look, text in (["A1:J1", "title", description["form"]], *form["cells"]):
            if ":" in area:
                sheet.merge_range(area, text, looks[look])
            else:
                sheet.write_string(area, text, looks[look])
        for cell, number in numbers.items():
            self.write(sheet, *xl_cell_to_rowcol(cell), number, {})
        for row, lines in form["tall"].items():
            sheet.set_row(int(row) - 1, LINE * lines)

    def write(self, sheet: Any, row: int, index: int, cell: Any, column: dict[str, Any]) -> None:
        align = column.get("align", "center")
        text = self.format(border=1, align=align, text_wrap=align == "left")
        typed = self.format(border=1, align=align, num_format=column.get("format", "General"))
        if cell == "":
            sheet.write_blank(row, index, None, typed)
        elif isinstance(cell, str):
            sheet.write_string(row, index, cell, text)
        elif isinstance(cell, dt.date):
            sheet.write_datetime(row, index, cell, typed)
        else:
            sheet.write_number(row, index, cell, typed)
