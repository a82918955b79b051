"""Binds a rubric to a workbook: each sheet that it names, with the header, columns and dates of that sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import takewhile

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, Diagnostic, GkError, Span, column_letters
from gkxl.model.rules import FromRows, Rubric, SheetLine
from gkxl.run.findings import Findings
from gkxl.run.header import Header, find_header, fitting
from gkxl.run.ledgers import Column, Ledger, Timing
from gkxl.run.names import nearest
from gkxl.run.timing import find_timing, stated_timing
from gkxl.run.uses import columns_of, may_be_columns, prices_of
from gkxl.tables import Area, Book, NamedArea, Row, Sheet
from gkxl.values import name_key

HEADER_ROWS = 50  # a header stands among the first so many rows
SAMPLE_ROWS = 200  # what dates a sheet is seen in the first so many rows
SAMPLE_CELLS = 50_000  # and in so many cells: 3 full rows of a sheet as wide as there can be

_UNITS = {  # the end of a header, its factor, and how 95 or 5000 in such a column is read
    "%": (Decimal("0.01"), "95", "95%"),
    "万元": (Decimal(10_000), "5000", "5000万"),
    "亿元": (Decimal(100_000_000), "1.2", "1.2亿"),
    "千元": (Decimal(1000), "5000", "5000000"),
}


@dataclass(slots=True)
class _Asked:
    """What the rules ask of one sheet: the columns by name key, with the name as written and its place."""

    name: str
    span: Span | None
    line: SheetLine | None = None
    columns: dict[str, tuple[str, Span | None]] = field(default_factory=dict)
    measures: list[FromRows] = field(default_factory=list)

    def add(self, name: str, span: Span | None) -> None:
        self.columns.setdefault(name_key(name), (name, span))


def bind(rubric: Rubric, book: Book) -> tuple[dict[str, Ledger], list[Diagnostic]]:
    """The ledgers by the name key of the sheet, so far as they were found."""
    findings = Findings(rubric.language)
    ledgers: dict[str, Ledger] = {}
    for key, asked in _asked(rubric).items():
        units = rubric.units is not None and key == name_key(rubric.units.sheet)
        try:
            ledger = _Binding(asked, book, units, findings).ledger()
        except GkError as error:  # raised while the sheet is read
            findings.others += error.diagnostics
            continue
        if ledger is not None:
            ledgers[key] = ledger
    return ledgers, findings.diagnostics()


# --- What is asked for -----------------------------------------------------------------------------------------------


def _asked(rubric: Rubric) -> dict[str, _Asked]:
    lines = {name_key(line.sheet): line for line in rubric.sheets}
    result: dict[str, _Asked] = {}

    def sheet(name: str, span: Span | None) -> _Asked:
        key = name_key(name)
        if key not in result:
            line = result.setdefault(key, _Asked(name, span, lines.get(key))).line
            if line is not None and line.unit_column is not None:
                result[key].add(line.unit_column, line.span)
            elif rubric.units is not None:
                result[key].add(rubric.units.column, rubric.units.span)
            if line is not None and line.date_column is not None:
                result[key].add(line.date_column, line.span)
        return result[key]

    if units := rubric.units:
        asked = sheet(units.sheet, units.span)
        for column in (units.group_column, units.alias_column):
            if column is not None:
                asked.add(column, units.span)
    for term in rubric.terms.values():
        if isinstance(term.measure, FromRows):
            asked = sheet(term.measure.sheet, term.measure.span or term.span)
            for name, span in columns_of(term.measure).items():
                asked.add(name, span or term.span)
            asked.measures.append(term.measure)
    for prices in prices_of(rubric):
        measure = rubric.terms[prices.ref.term].measure
        if isinstance(measure, FromRows):
            for name in (*(prices.columns or ()), *(prices.repeats.columns if prices.repeats else ())):
                sheet(measure.sheet, measure.span).add(name, prices.span)
    for line in rubric.sheets:
        sheet(line.sheet, line.span)
    return result


# --- One sheet -------------------------------------------------------------------------------------------------------


class _Binding:
    """The search for one sheet and its columns."""

    def __init__(self, asked: _Asked, book: Book, units: bool, findings: Findings) -> None:
        self.asked = asked
        self.book = book
        self.units = units  # this is the units' sheet
        self.findings = findings

    def ledger(self) -> Ledger | None:
        place = place_of(self.asked.name, self.asked.span, self.book, self.findings)
        if place is None:
            return None
        sheet, area = place
        if sheet.hidden:
            self.findings.add(d.HIDDEN_SHEET_COUNTED, CellRef(sheet.name, 0, 0), sheet=sheet.name)
        sample, whole = _first_rows(sheet, area)
        line = self.asked.line
        header = self._header(sheet, area, sample)
        if header is None:
            return None
        headed = {column: " ".join(path) for column, path in sorted(header.paths.items())}
        columns = self._named(sheet, header, headed)
        unclear = self._unclear(sheet, header, headed)
        unit = columns.get(next(iter(self.asked.columns)))
        if unit is None:
            return None
        data = [row for row in sample if row.number > header.bottom]
        timing, watched = self._timing(sheet, columns, headed, data)
        if timing is None:
            return None
        filled = {column for row in data for column in row.cells}
        return Ledger(
            self.asked.name, sheet, header.bottom, header.bottom + 1, area.area.bottom - area.totals_rows if area else None,
            unit.number, columns, headed, timing, frozenset(headed.keys() - filled if watched and not whole else ()),
            line is not None and line.every_period, unclear,
        )  # fmt: skip

    def _header(self, sheet: Sheet, area: NamedArea | None, sample: Sequence[Row]) -> Header | None:
        f, name, line = self.findings, self.asked.name, self.asked.line
        names = [written for written, _ in self.asked.columns.values()]
        top = area.area.top if area else 1
        fixed = line.header_row if line else None
        if area and area.header_rows and fixed is None:
            fixed = area.area.top
        rows = [row for row in sample if row.number < (fixed or top) + HEADER_ROWS]
        if line is not None and line.title is not None:
            title = _title_row(rows, line.title)
            if title is None:
                f.add(d.TITLE_UNKNOWN, line.span, sheet=name, rows=HEADER_ROWS, title=line.title)
                return None
            rows = [row for row in rows if row.number > title]
        header = find_header(rows, lambda: _inside(sheet.merges, area), names, fixed)
        if header is None:
            f.add(
                d.HEADER_UNKNOWN, CellRef(sheet.name, fixed or 0, 0), self._line_note(f.say("表头第1行", "header row 1")),
                sheet=name, rows=HEADER_ROWS, names=f.listed(names),
            )  # fmt: skip
        elif header.rival is not None:
            rivals = [
                self._line_note(f.say(f"表头第{r}行", f"header row {r}"))[0] for r in (header.bottom, header.rival)
            ]
            places = [CellRef(sheet.name, row, min(header.paths)) for row in (header.bottom, header.rival)]
            f.add(d.HEADER_TWICE, places[0], tuple(rivals), sheet=name, first=places[0], second=places[1])
            return None
        return header

    def _line_note(self, detail: str) -> tuple[str]:
        """A line ready to paste."""
        name = self.asked.name
        return (self.findings.say(f"请在规则里写:表 {name}:{detail}", f"Write in the rules: sheet {name}: {detail}"),)

    def _named(self, sheet: Sheet, header: Header, headed: Mapping[int, str]) -> dict[str, Column]:
        """The columns asked for, by name key; those that the header lacks or has twice are findings."""
        f = self.findings
        result: dict[str, Column] = {}
        for index, (key, (name, span)) in enumerate(self.asked.columns.items()):
            found = header.columns[name]
            if len(found) == 1:
                result[key] = self._column(sheet, header, found[0], headed)
            elif found:
                first, second = (_addressed(sheet, header, headed, column) for column in found[:2])
                f.add(d.COLUMN_TWICE, span, name=name, sheet=self.asked.name, first=first, second=second)
            else:
                there = f.listed(nearest(name, headed.values()))
                notes = [f.say(f"有的是:{there}", f"There are: {there}")]
                if index == 0 and not self.units:
                    notes += self._line_note(f.say("单位列 …", "unit in …"))
                at = CellRef(sheet.name, header.bottom, 0)
                f.add(d.COLUMN_UNKNOWN, span or at, tuple(notes), sheet=self.asked.name, name=name, header=at)
        return result

    def _unclear(self, sheet: Sheet, header: Header, headed: Mapping[int, str]) -> frozenset[str]:
        """Words of terms that are a column's header as well; told, with the ways out."""
        unclear = set()
        said = [(measure, word) for measure in self.asked.measures for word in may_be_columns(measure)]
        fits = fitting(header, [word for _, word in said])
        for measure, word in said:
            found = fits[word]
            if len(found) != 1:  # none, or a heading over several, which has no value
                continue
            unclear.add(name_key(word))
            self.findings.add(
                d.COLUMN_OR_WORDS, measure.span, (self._ways_out(measure, word, header, headed[found[0]]),), text=word,
                sheet=self.asked.name, header=headed[found[0]], cell=CellRef(sheet.name, header.bottom, found[0]),
            )  # fmt: skip
        return frozenset(unclear)

    def _ways_out(self, measure: FromRows, word: str, header: Header, column: str) -> str:
        say = self.findings.say
        if word != measure.other:
            return say(
                f"规则里的“{word}”是随日期变的数。请给它或这一列改名。",
                f"In the rules “{word}” is a value that changes with the date. Rename it or the column.",
            )
        if measure.column is not None:
            quoted = word
            for name in columns_of(replace(measure, where=None)):
                quoted = quoted.replace(name, say(f"「{name}」", f'"{name}"'))
            rows, mine = say("算出来的", "what is worked out"), f"{quoted}{say('', ' in')}"
        else:
            words = say("记录 条数 行数", "rows records").split()
            fits = fitting(header, words)
            free = next((one for one in words if not fits[one]), words[0])
            rows, mine = say("行数", "the rows"), f"{free}{say('', ' of')}"
        return say(
            f"要{rows},请写“的 {mine}”;要“{column}”这一列,请写“的 「{column}」”。",
            f'For {rows} write “{mine}”; for the column “{column}” write “"{column}" in”.',
        )

    def _column(self, sheet: Sheet, header: Header, column: int, headed: Mapping[int, str]) -> Column:
        for part in reversed(header.paths[column]):
            for unit, (scale, example, meant) in _UNITS.items():
                if name_key(part).endswith(f"({unit})"):
                    self.findings.add(
                        d.HEADER_UNIT, CellRef(sheet.name, header.bottom, column),
                        header=headed[column], unit=unit, example=example, meant=meant,
                    )  # fmt: skip
                    return Column(column, headed[column], scale, unit == "%")
        return Column(column, headed[column])

    def _timing(
        self, sheet: Sheet, columns: Mapping[str, Column], headed: Mapping[int, str], rows: Sequence[Row]
    ) -> tuple[Timing | None, bool]:
        """What dates the rows (None: unknown), and whether columns without a cell so far may matter for it."""
        line, f = self.asked.line, self.findings
        if line is not None and line.date_column is not None:
            column = columns.get(name_key(line.date_column))
            return (stated_timing(column.number, column.header, rows) if column else None), False
        # A unit list has one row for each unit, so dates in it are values.
        if self.units or (line is not None and (line.undated or line.every_period)):
            return Timing(), False
        timing, dates = find_timing(headed, rows)
        if len(dates) > 1:
            names = [headed[column] for column in dates]
            notes = tuple(self._line_note(f.say(f"日期列 {name}", f'date in "{name}"'))[0] for name in names)
            at = CellRef(sheet.name, rows[0].number - 1 if rows else 0, dates[0])
            f.add(d.DATE_COLUMNS, at, notes, sheet=self.asked.name, columns=f.listed(names))
            return None, False
        return timing, timing.period is None


def place_of(name: str, span: Span | None, book: Book, findings: Findings) -> tuple[Sheet, NamedArea | None] | None:
    """The sheet of this name, else the Excel table, else the defined name; None is told."""
    key = name_key(name)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    areas = [area for area in book.areas if area.sheet in sheets and name_key(area.name) == key]
    found: list[tuple[Sheet, NamedArea | None]] = [(s, None) for s in book.sheets if name_key(s.name) == key]
    # An area of the sheet's name lies on that sheet as a rule; one elsewhere holds other rows.
    found += [(sheets[area.sheet], area) for area in areas if found and name_key(area.sheet) != key]
    for kind in ("table", "name"):
        found = found or [(sheets[area.sheet], area) for area in areas if area.kind == kind]
    if len(found) == 1:
        return found[0]
    if found:
        first, second = (_described(*place) for place in found[:2])
        findings.add(d.SHEET_TWICE, span, name=name, first=first, second=second)
    else:
        names = nearest(name, dict.fromkeys([*sheets, *(area.name for area in book.areas)]))
        note = findings.say(f"有的是:{findings.listed(names)}", f"There are: {findings.listed(names)}")
        findings.add(d.SHEET_UNKNOWN, span, (note,), name=name)
    return None


def _described(sheet: Sheet, area: NamedArea | None) -> str:
    if area is None:
        return sheet.name
    box = area.area
    return f"{sheet.name}!{column_letters(box.left)}{box.top}:{column_letters(box.right)}{box.bottom}"


def _addressed(sheet: Sheet, header: Header, headed: Mapping[int, str], column: int) -> str:
    return f"{CellRef(sheet.name, header.bottom, column)} {headed[column]}"


def _first_rows(sheet: Sheet, area: NamedArea | None) -> tuple[list[Row], bool]:
    """The first rows, of the area where there is one, and whether they are all."""
    top, left, bottom, right = area.area if area else (1, 1, None, None)
    end = top + SAMPLE_ROWS
    rows: list[Row] = []
    more = False
    count = 0
    for row in takewhile(lambda row: bottom is None or row.number <= bottom, sheet.rows(start=top)):
        count += len(row.cells)
        if row.number >= end or (rows and count > SAMPLE_CELLS):
            more = True
            break
        inside = {c: v for c, v in row.cells.items() if left <= c and (right is None or c <= right)}
        rows.append(Row(row.number, inside if area else row.cells, row.hidden))
    return rows, not more


def _inside(merges: Sequence[Area], area: NamedArea | None) -> Sequence[Area]:
    if area is None:
        return merges
    box = area.area
    return [m for m in merges if m.left <= box.right and box.left <= m.right and m.top <= box.bottom]


def _title_row(rows: Sequence[Row], title: str) -> int | None:
    key = name_key(title)
    return next((r.number for r in rows for c in r.cells.values() if name_key(str(c.value)) == key), None)
