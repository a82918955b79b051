"""Result sheets → a workbook of their own, by XlsxWriter. What is then taken over is its parts, not the workbook.

The last sheet, `PALETTE`, has every look and every tone once, so that styles.xml is the same whatever the results are.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from math import isinf
from typing import TYPE_CHECKING, Any

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, column_letters
from gkxl.sheets import (
    CHART_NAME,
    MOST_COLUMNS,
    MOST_PLACES,
    MOST_ROWS,
    BarChart,
    Highlight,
    Look,
    ResultSheet,
    Target,
    Tone,
    When,
    Written,
)
from gkxl.tables import Area
from gkxl.values import Number, shown
from gkxl.workbook.package import RefusedError

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

PALETTE = "gkxl palette"

_CREATED = datetime(2000, 1, 1)
_LONGEST = 32_767  # UTF-16 units of a cell (Excel specifications and limits)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_END = 40  # of them for what is said of the rest
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")

_Properties = dict[str, object]
_LINE: _Properties = {"border": 1, "border_color": "#BFBFBF"}
_TOP: _Properties = {"valign": "top"}
_MIDDLE: _Properties = {"valign": "vcenter"}
_WRAP: _Properties = {"text_wrap": True}
_LOOKS: Mapping[Look, _Properties] = {
    Look.TITLE: {"bold": True, "font_size": 16, "align": "center_across", **_MIDDLE},
    Look.NOTE: {"font_color": "#595959", "align": "center_across", **_MIDDLE},
    Look.HEADER: {"bold": True, "bg_color": "#DCE6F1", "align": "center", **_WRAP, **_MIDDLE, **_LINE},
    Look.TEXT: {**_WRAP, **_MIDDLE, **_LINE},
    Look.NAME: {**_WRAP, **_MIDDLE, **_LINE},
    Look.NUMBER: {"align": "right", **_MIDDLE, **_LINE},
    Look.SIGNED: {"align": "right", **_MIDDLE, **_LINE},
    Look.TOTAL: {"bold": True, "align": "right", **_MIDDLE, **_LINE},
    Look.PLACE: {"align": "center", **_WRAP, **_MIDDLE, **_LINE},
    Look.LINK: {"font_color": "#0563C1", "underline": 1, **_WRAP, **_MIDDLE, **_LINE},
    Look.LABEL: {"bold": True, **_WRAP, **_MIDDLE, **_LINE},
    Look.RULES: {**_WRAP, **_TOP},
}
_NUMERIC = (Look.NUMBER, Look.SIGNED, Look.TOTAL)
_TONES: Mapping[Tone, _Properties] = {
    Tone.BEST: {"bg_color": "#C6EFCE", "font_color": "#006100"},
    Tone.GOOD: {"bg_color": "#DDEBF7", "font_color": "#1F4E78"},
    Tone.FAIR: {"bg_color": "#FFEB9C", "font_color": "#7F6000"},
    Tone.POOR: {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
}


def render(sheets: Sequence[ResultSheet]) -> bytes:
    """The sheets as an .xlsx, in their order; the same sheets always give the same bytes.

    Raises RefusedError for a sheet that is larger than Excel's. XlsxWriter keeps rows in temporary files; where they cannot
    be written, RefusedError says so, too.
    """
    from tempfile import TemporaryDirectory

    from xlsxwriter.exceptions import FileCreateError

    for sheet in sheets:
        rows, columns = len(sheet.rows), max(map(len, sheet.rows), default=0)
        if rows > MOST_ROWS or columns > MOST_COLUMNS:
            raise RefusedError(
                d.SHEET_TOO_LARGE, CellRef(sheet.name, 0, 0), sheet=sheet.name, rows=rows, columns=columns,
                most_rows=MOST_ROWS, most_columns=MOST_COLUMNS,
            )  # fmt: skip
    out = BytesIO()
    try:
        with TemporaryDirectory(prefix="gkxl-", ignore_cleanup_errors=True) as folder:
            _render(sheets, out, folder)
    except (OSError, FileCreateError) as error:
        cause = error.args[0] if isinstance(error, FileCreateError) else error
        why = errno.errorcode.get(cause.errno or 0, str(cause))
        for failed in (error, cause):  # their frames hold an unfinished zip, which would complain when the process ends
            failed.__traceback__ = None
        raise RefusedError(d.SAVE_FAILED, what=(f"临时文件夹,{why}", f"folder for temporary files, {why}")) from error
    return out.getvalue()


def _render(sheets: Sequence[ResultSheet], out: BytesIO, folder: str) -> None:
    from xlsxwriter.workbook import Workbook

    # Row by row, each text in its own cell: no table of shared strings, which the book to write into has for itself.
    options = {
        "constant_memory": True,
        "tmpdir": folder,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        book.set_properties({"created": _CREATED})
        made = [book.add_worksheet(sheet.name) for sheet in sheets]
        painter = _Painter(book)
        painter.palette(book.add_worksheet(PALETTE))
        for sheet, target in zip(sheets, made, strict=True):
            painter.sheet(sheet, target)


class _Painter:
    """The formats of one workbook, each made once, and what writes with them."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.formats = {key: book.add_format(properties) for key, properties in _every_format()}
        self.tones = {tone: book.add_format(properties) for tone, properties in _TONES.items()}

    def palette(self, target: Worksheet) -> None:
        """Everything once; a format gets its number when it is first written."""
        for row, format_ in enumerate(self.formats.values()):
            target.write_blank(row, 0, None, format_)
        for tone in Tone:
            self.highlight(target, Highlight(Area(1, 1, 1, 1), 1, tone.value, tone))

    def sheet(self, sheet: ResultSheet, target: Worksheet) -> None:
        for column, width in enumerate(sheet.widths):
            target.set_column(column, column, width)
        for number, (row, height) in enumerate(zip(sheet.rows, sheet.heights, strict=True)):
            target.set_row(number, height)
            for column, cell in enumerate(row):
                self.cell(target, number, column, cell)
        for highlight in sheet.highlights:
            self.highlight(target, highlight)
        self.page(sheet, target)
        if sheet.chart is not None:
            self.chart(sheet, sheet.chart, target)

    def cell(self, target: Worksheet, row: int, column: int, cell: Written) -> None:
        match cell.value:
            case None | "":
                target.write_blank(row, column, None, self.format(cell))
            case str():
                text = fitting(cell.value)
                format_ = self.format(cell, quoted=text.startswith(_FORMULA))
                if cell.link is not None:
                    target.write_url(row, column, _internal(cell.link), format_, _visible(text))
                elif text.startswith("<r>"):  # which would be taken for the XML of a text in several fonts
                    text = _visible(text)
                    target.write_rich_string(row, column, text[:1], self.formats[Look.TEXT, 0], text[1:], format_)
                else:
                    target.write_string(row, column, text, format_)
            case number:
                double = _double(number)
                if double is None:
                    target.write_string(row, column, fitting(shown(number)), self.format(cell))
                else:
                    target.write_number(row, column, double, self.format(cell))

    def format(self, cell: Written, quoted: bool = False) -> Format:
        if cell.look in _NUMERIC:
            return self.formats[cell.look, min(cell.places, MOST_PLACES)]
        return self.formats[cell.look, int(quoted)]

    def highlight(self, target: Worksheet, highlight: Highlight) -> None:
        top, left, bottom, right = highlight.area
        options = {"type": "formula", "criteria": _criteria(highlight), "format": self.tones[highlight.tone]}
        target.conditional_format(top - 1, left - 1, bottom - 1, right - 1, options)

    def page(self, sheet: ResultSheet, target: Worksheet) -> None:
        """A4, as wide as a page, with page numbers; the header on every page, in view and with a filter."""
        target.set_paper(9)
        if sheet.landscape:
            target.set_landscape()
        target.fit_to_pages(1, 0)
        target.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        target.center_horizontally()
        target.set_footer("&C&P / &N")
        last, width = len(sheet.rows), max((len(row) for row in sheet.rows), default=1)
        if sheet.header:
            target.freeze_panes(sheet.header, sheet.frozen)
            target.repeat_rows(sheet.header - 1)
            if last > sheet.header:
                target.autofilter(sheet.header - 1, 0, last - 1, len(sheet.rows[sheet.header - 1]) - 1)
        target.print_area(0, 0, max(last, 1) - 1, (sheet.printed or width) - 1)

    def chart(self, sheet: ResultSheet, chart: BarChart, target: Worksheet) -> None:
        """The first row on top, as in the table; each bar has room for its name."""
        drawn = self.book.add_chart({"type": "bar", "name": CHART_NAME})
        assert drawn is not None
        count = chart.names.bottom - chart.names.top + 1
        series: dict[str, Any] = {
            "categories": [sheet.name, *_corners(chart.names)],
            "values": [sheet.name, *_corners(chart.numbers)],
            "categories_data": [_visible(str(cell.value)) for cell in _column(sheet, chart.names)],
            "values_data": [_bar(cell.value) for cell in _column(sheet, chart.numbers)],
            "fill": {"color": "#5B9BD5"},
            "gap": 40,
        }
        drawn.add_series(series)
        drawn.set_title({"name": _visible(chart.title), "name_font": {"size": 14}, "overlay": False})
        drawn.set_legend({"none": True})
        drawn.set_y_axis({"reverse": True, "interval_unit": 1, "label_position": "low", "major_tick_mark": "none"})
        drawn.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}, "label_position": "high"})
        drawn.set_size({"width": 640, "height": 120 + 22 * count})
        row, column = chart.at
        target.insert_chart(row - 1, column - 1, drawn, {"object_position": 2})


def _every_format() -> Iterator[tuple[tuple[Look, int], _Properties]]:
    """Each look for each number of decimals, or for text as it is and text with the mark that it is no formula."""
    for look, properties in _LOOKS.items():
        if look in _NUMERIC:
            for places in range(MOST_PLACES + 1):
                number = "0." + "0" * places if places else "0"
                # The blank of the width of ) at the end keeps numbers off the line.
                signed = f"+{number}_);-{number}_);{number}_)"
                yield (look, places), {**properties, "num_format": signed if look is Look.SIGNED else f"{number}_)"}
        else:
            yield (look, 0), properties
            yield (look, 1), {**properties, "quote_prefix": True}


def _criteria(highlight: Highlight) -> str:
    """The formula for the first row of the area; Excel moves it on to the others."""
    letters, row = column_letters(highlight.column), highlight.area.top
    text = _visible(highlight.text).replace('"', '""')
    cell = f"${letters}{row}"
    return f'={cell}="{text}"' if highlight.when is When.IS else f'=ISNUMBER(FIND("{text}",{cell}))'


def _internal(target: Target) -> str:
    sheet = _visible(target.sheet).replace("'", "''")
    return f"internal:'{sheet}'!{target.a1}"


def _corners(area: Area) -> tuple[int, int, int, int]:
    return area.top - 1, area.left - 1, area.bottom - 1, area.right - 1


def _column(sheet: ResultSheet, area: Area) -> list[Written]:
    return [row[area.left - 1] for row in sheet.rows[area.top - 1 : area.bottom]]


def _double(number: Number) -> float | None:
    """None where no double holds it."""
    try:
        double = float(number)
    except OverflowError:  # of a fraction
        return None
    return None if isinf(double) else double


def _bar(value: str | Number | None) -> float | None:
    return None if value is None or isinstance(value, str) else _double(value)


def fitting(text: str) -> str:
    """As it can stand in a cell: what XML has no way to say as its escape, what is too long cut, with how much."""
    text = _NOT_XML.sub(_escape, text)
    size = _units(text)
    if size <= _LONGEST:
        return text
    kept = text.encode("utf-16-le")[: 2 * (_LONGEST - _END)].decode("utf-16-le", "ignore")
    return f"{kept} … (+{size - _units(kept)})"


def _visible(text: str) -> str:
    """For where XlsxWriter does not escape control characters: in links, charts and conditions."""
    return _CONTROL.sub(_escape, _NOT_XML.sub(_escape, text))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)
