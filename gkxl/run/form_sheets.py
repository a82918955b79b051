"""The cells of fixed forms: sheets and captions found, then every cell that a check reads, in one pass over each sheet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import NoReturn

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, GkError, Span, column_letters
from gkxl.model import forms
from gkxl.run.bind import place_of
from gkxl.run.captions import Captions, Found
from gkxl.run.findings import Findings
from gkxl.run.names import difference, look, nearest
from gkxl.tables import BLANK, Area, Book, Cell, Sheet
from gkxl.values import name_key

_RULES = ("规则", "rules")  # the sheet that holds the rules is no form


class Lost(Exception):
    """A sheet, row or column was not found; that has been told."""


class FormSheets:
    def __init__(self, book: Book, findings: Findings) -> None:
        self.book = book
        self.findings = findings
        self._sheets: dict[str, Sheet | None] = {}
        self._captions: dict[str, Captions | None] = {}
        self._told: set[object] = set()
        self._columns: dict[str, set[int]] = {}  # read, by sheet
        self._rows: dict[str, tuple[int, int]] = {}  # from which row to which
        self._cells: dict[tuple[str, int, int], Cell] = {}
        self.broken: set[str] = set()  # sheets that cannot be read

    # --- where things stand ---

    def sheet(self, name: str | None, span: Span | None) -> Sheet:
        key = name_key(name) if name else ""
        if key not in self._sheets:
            found = self._named(name, span) if name else self._only(span)
            self._sheets[key] = found
            if found is not None and found.hidden:
                self.findings.add(d.HIDDEN_SHEET_COUNTED, CellRef(found.name, 0, 0), sheet=found.name)
        sheet = self._sheets[key]
        if sheet is None:
            raise Lost
        return sheet

    def _named(self, name: str, span: Span | None) -> Sheet | None:
        place = place_of(name, span, self.book, self.findings)
        return place[0] if place else None

    def _only(self, span: Span | None) -> Sheet | None:
        sheets = [sheet for sheet in self.book.sheets if name_key(sheet.name) not in _RULES]
        if len(sheets) == 1:
            return sheets[0]
        names = [sheet.name for sheet in sheets]
        example = f"{names[0] if names else ''}!{span.text if span else 'D5'}"
        self.findings.add(d.FORM_SHEET_NEEDED, span, sheets=self.findings.listed(names), example=example)
        return None

    def line(self, line: forms.Line, what: forms.What, sheet: Sheet, before: int) -> int:
        """The number of a row or column. `before`: captions stand left of this column, or above this row (0: anywhere)."""
        if line.caption is None:
            assert line.number is not None
            return line.number
        found = self._found(line, what, sheet, before)
        if line.number is not None:
            if all(one.line != line.number for one in found):
                said = (f"第{line.number}行", f"row {line.number}")
                if what == "column":
                    said = (f"{column_letters(line.number)}列", f"column {column_letters(line.number)}")
                self._tell(
                    (line, sheet.name), d.CAPTION_ELSEWHERE, line.span,
                    said=self.findings.say(*said), name=line.caption, cell=CellRef(sheet.name, *found[0].cell),
                )  # fmt: skip
            found = [one for one in found if one.line == line.number]
        elif len(found) > 1:
            first, second = (CellRef(sheet.name, *one.cell) for one in found[:2])
            if first == second:  # one merged cell over several rows
                first, second = (_whole(sheet, what, one) for one in found[:2])
            self._tell(
                (line, sheet.name),
                d.CAPTION_TWICE,
                line.span,
                name=line.caption,
                sheet=sheet.name,
                first=first,
                second=second,
            )
        self._seen(sheet, found[0])
        return found[0].line

    def crossing(self, crossing: forms.Crossing, sheet: Sheet) -> tuple[int, int]:
        """The row and column where two captions meet: that of the row stands left of it, that of the column above."""
        pairs: dict[tuple[int, int], tuple[Found, Found]] = {}
        for row, column in ((crossing.of, crossing.at), (crossing.at, crossing.of)):
            if row.what == "column" or column.what == "row":
                continue
            rows, columns = self._candidates(row, "row", sheet), self._candidates(column, "column", sheet)
            for one in rows:
                for other in columns:
                    if one.cell[1] < other.line and other.cell[0] < one.line:
                        pairs.setdefault((one.line, other.line), (one, other))
        if len(pairs) == 1:
            ((at, both),) = pairs.items()
            for found in both:
                if found.text:
                    self._seen(sheet, found)
            return at
        lines = (crossing.of, crossing.at)
        if pairs:
            first, second = (CellRef(sheet.name, *at) for at in list(pairs)[:2])
            names = self.findings.say(" 的 ", " / ").join(line.caption or "" for line in lines)
            self._tell(
                (crossing, sheet.name),
                d.CAPTION_TWICE,
                lines[0].span,
                name=names,
                sheet=sheet.name,
                first=first,
                second=second,
            )
        captions = self._texts(sheet)
        for line in lines:  # else one of them is nowhere
            if line.caption is not None and not captions.rows(line.caption):
                self._unknown(line, "row", sheet, 0)
        return self._unknown(lines[-1], "column", sheet, 0)

    def _candidates(self, line: forms.Line, what: forms.What, sheet: Sheet) -> list[Found]:
        if line.caption is None:
            assert line.number is not None
            return [Found(line.number, (0, 0), "")]
        captions = self._texts(sheet)
        return captions.rows(line.caption) if what == "row" else captions.columns(line.caption)

    def _found(self, line: forms.Line, what: forms.What, sheet: Sheet, before: int) -> list[Found]:
        captions = self._texts(sheet)
        caption = line.caption or ""
        found = captions.rows(caption, before) if what == "row" else captions.columns(caption, before)
        return found or self._unknown(line, what, sheet, before)

    def _unknown(self, line: forms.Line, what: forms.What, sheet: Sheet, before: int) -> NoReturn:
        name, f = line.caption or "", self.findings
        there = dict(self._texts(sheet).every(what, before))
        alike = next((text for text in there if look(text) == look(name)), None)
        if alike is not None:
            how = difference(alike, name, f.language)
            self._tell(
                (line, sheet.name), d.CAPTION_LOOKS_ALIKE, there[alike],
                text=alike, sheet=sheet.name, cell=there[alike].a1, name=name, difference=how,
            )  # fmt: skip
        near = [
            f.say(f"“{text}”({there[text].a1})", f"“{text}” ({there[text].a1})") for text in nearest(name, there)[:3]
        ]
        notes = (f.say(f"最接近的:{'、'.join(near)}", f"nearest: {', '.join(near)}"),) if near else ()
        kind = f.say("行", "row") if what == "row" else f.say("列", "column")
        self._tell((line, sheet.name), d.CAPTION_UNKNOWN, line.span, notes, sheet=sheet.name, name=name, line=kind)

    def _tell(
        self, key: object, code: d.Code, place: d.Place, notes: tuple[str, ...] = (), **values: object
    ) -> NoReturn:
        """Once for each line and sheet, and then nothing can be said about the check."""
        if key not in self._told:
            self._told.add(key)
            self.findings.add(code, place, notes, None, **values)
        raise Lost

    def _texts(self, sheet: Sheet) -> Captions:
        if sheet.name not in self._captions:
            try:
                self._captions[sheet.name] = Captions(sheet)
            except GkError as error:
                self.findings.others += error.diagnostics
                self._captions[sheet.name] = None
        captions = self._captions[sheet.name]
        if captions is None:
            raise Lost
        return captions

    def _seen(self, sheet: Sheet, found: Found) -> None:
        """A caption counts among what is read: where it moves, the results may be others."""
        self.want([CellRef(sheet.name, *found.cell)])

    # --- what stands there ---

    def want(self, cells: Iterable[CellRef]) -> None:
        for cell in cells:
            self._columns.setdefault(cell.sheet, set()).add(cell.column)
            low, high = self._rows.get(cell.sheet, (cell.row, cell.row))
            self._rows[cell.sheet] = min(low, cell.row), max(high, cell.row)

    def read(self) -> None:
        """Every cell that is wanted."""
        for sheet in self.book.sheets:
            if sheet.name not in self._columns:
                continue
            first, last = self._rows[sheet.name]
            try:
                for row in takewhile(lambda row: row.number <= last, sheet.rows(self._columns[sheet.name], first)):  # noqa: B023
                    for column, cell in row.cells.items():
                        self._cells[sheet.name, row.number, column] = cell
            except GkError as error:
                self.broken.add(sheet.name)
                self.findings.others += [one for one in error.diagnostics if one not in self.findings.others]

    def cell(self, at: CellRef) -> Cell:
        return self._cells.get((at.sheet, at.row, at.column), BLANK)

    def merge(self, at: CellRef) -> Area | None:
        """The merged area in which a cell lies, but for its first."""
        sheet = next(one for one in self.book.sheets if one.name == at.sheet)
        for area in sheet.merges:
            inside = area.top <= at.row <= area.bottom and area.left <= at.column <= area.right
            if inside and (at.row, at.column) != (area.top, area.left):
                return area
        return None


def _whole(sheet: Sheet, what: forms.What, found: Found) -> CellRef:
    return CellRef(sheet.name, found.line, 0) if what == "row" else CellRef(sheet.name, 0, found.line)
