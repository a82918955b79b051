"""The data gate of one ledger: what is odd in its cells though no score stumbles over it, each told with its cells.

A gate looks at every row that passes, and for the little that needs it at the rows once more. It changes no score.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, Code
from gkxl.model.rules import After, Aggregation, ColumnTest, Const, FromRows, Lasts, Prices, Text, TimeBetween
from gkxl.run.findings import Findings
from gkxl.run.ledgers import Ledger
from gkxl.run.merged import Merged, area_name
from gkxl.run.names import difference, look
from gkxl.run.reading import cell_text, is_blank, looks_numeric, text_date
from gkxl.run.uses import nodes
from gkxl.tables import Area, Cell, CellKind, Row
from gkxl.values import Kind, divide, name_key, round_half_up, shown

MOST_TEXTS = 10_000  # different texts of a column that are remembered
MOST_ROWS = 5_000  # of a ledger whose rows are held against each other
FEW = 5  # one in so many blanks may have been forgotten
APART = 3  # years between dates that hardly belong together
_WHOLE_TITLE = 4  # characters of a text that says which record a row is
_BLANK_SPEAKS = ("blank", "not blank", "true")  # tests that a blank answers
_INDEX = frozenset({"序号", "编号", "行号", "no", "no.", "#", "id"})


@dataclass
class Uses:
    """What the rules do with the columns of a ledger."""

    needs: dict[int, set[Kind]] = field(default_factory=dict)
    words: dict[int, set[str]] = field(default_factory=dict)  # what texts are compared with, as the rules write them
    summed: set[int] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)  # where a blank says nothing, so that it may be forgotten

    def need(self, column: int, kind: Kind) -> None:
        self.needs.setdefault(column, set()).add(kind)


def uses_of(ledger: Ledger, measures: Iterable[FromRows], prices: Iterable[Prices]) -> Uses:
    uses, may_be_blank = Uses(), set[int]()

    def number(name: str) -> int:
        return ledger.columns[name_key(name)].number

    if ledger.timing.date is not None:
        uses.need(ledger.timing.date, Kind.DATE)
    for measure in measures:
        counts = measure.op in (Aggregation.COUNT, Aggregation.ANY)
        if isinstance(measure.column, str) and not counts:
            column = number(measure.column)
            if measure.op in (Aggregation.SUM, Aggregation.AVERAGE):
                uses.need(column, Kind.NUMBER)
            if measure.op in (Aggregation.SUM, Aggregation.VALUE):
                uses.summed.add(column)
            if measure.op is not Aggregation.VALUE:  # whose blanks have a policy
                uses.filled.add(column)
        for node in nodes((measure.column, measure.where)):
            if isinstance(node, ColumnTest):
                column = number(node.column)
                (may_be_blank if node.op in _BLANK_SPEAKS else uses.filled).add(column)
                for operand in node.operands:
                    if isinstance(operand, Text) and node.op != "contains":
                        uses.words.setdefault(column, set()).add(operand.text)
                    elif isinstance(operand, Const):
                        uses.need(column, operand.kind)
            elif isinstance(node, After | Lasts | TimeBetween):
                names: tuple[str, ...] = (node.column,) if isinstance(node, After) else ()
                names = (node.start, node.end) if isinstance(node, TimeBetween) else names
                for name in names:
                    uses.need(number(name), Kind.DATE)
                    may_be_blank.add(number(name))
    for listed in prices:
        uses.filled.update(map(number, listed.columns or ()))
        if listed.repeats is not None:
            uses.filled.update(number(name) for name in (listed.repeats.once, listed.repeats.share) if name is not None)
        if listed.repeats is not None and listed.repeats.share is not None:
            uses.need(number(listed.repeats.share), Kind.NUMBER)
    uses.filled -= may_be_blank
    return uses


@dataclass(slots=True)
class _Sum:
    total: Decimal = Decimal(0)
    rows: int = 0
    before: Decimal = Decimal(0)  # the total at the last subtotal
    rows_before: int = 0


class Gate:
    """Looks at the rows of one ledger. `uses` by column; `check_date`: no row should be later."""

    def __init__(
        self, ledger: Ledger, columns: Collection[int], uses: Uses, check_date: date | None, findings: Findings
    ) -> None:
        self.ledger, self.uses, self.findings = ledger, uses, findings
        self.columns = frozenset(columns)
        self._odd: dict[tuple[int, str], list[int]] = {}  # rows by column and what is odd
        self._years: dict[int, dict[int, list[int]]] = {}  # by column: how many dates, their first row
        self._sums = {column: _Sum() for column in sorted(uses.summed)}
        self._blanks: dict[int, list[int]] = {}
        self.late: list[int] = []  # rows after the check date
        # The sweep itself sees the cells that name and date the rows.
        looked_at = sorted(self.columns - {ledger.unit, ledger.timing.date})
        self._texts: dict[int, dict[str, int]] = {column: {} for column in looked_at}  # with their first row
        self._many: set[int] = set()  # columns of more texts than are kept
        self._plan = [(column, self._texts[column], self._sums.get(column)) for column in looked_at]
        self._check_date = check_date
        self._rows = 0
        self._keys = sorted(self.columns)
        self.counts = True  # the ledger is still a short one
        self._seen: set[int] = set()
        self._repeats = False  # two rows say the same in all columns that are used
        self._end = ledger.last

    # --- While the rows pass -----------------------------------------------------------------------------------------

    def look(self, number: int, cell_of: Callable[[int], Cell | None]) -> None:
        """One row of data. This is done for each row of the largest ledger, so it does no more than it must."""
        self._rows += 1
        for column, texts, total in self._plan:
            cell = cell_of(column)
            if cell is None:
                if column in self.uses.filled:
                    self._blanks.setdefault(column, []).append(number)
                continue
            kind, value = cell
            if kind is _TEXT:
                if value not in texts:
                    self._text(number, column, cell)
            elif kind is _NUMBER:
                if total is not None:
                    total.total += value  # type: ignore[operator]  # a Decimal, by its kind
                    total.rows += 1
            elif kind is _DATE:
                self.see_date(number, column, value)  # type: ignore[arg-type]
            elif kind is CellKind.ERROR or kind is CellKind.UNCALCULATED:
                self._odd.setdefault((column, kind.value), []).append(number)
        if self.counts:
            self.counts = self._rows < MOST_ROWS
            key = hash(tuple(map(cell_of, self._keys)))
            self._repeats = self._repeats or key in self._seen
            self._seen.add(key)

    def _text(self, number: int, column: int, cell: Cell) -> None:
        """A text seen for the first time in its column, or one that is odd each time."""
        text = str(cell.value)
        if is_blank(cell):
            if column in self.uses.filled:
                self._blanks.setdefault(column, []).append(number)
            return
        odd = [what for what, holds in _ODD_TEXTS.items() if holds(cell)]
        for what in odd:
            self._odd.setdefault((column, what), []).append(number)
        if not odd:
            texts = self._texts[column]
            if len(texts) > MOST_TEXTS:
                texts.clear()
                self._many.add(column)
            texts[text] = number

    def see_date(self, number: int, column: int, day: datetime) -> None:
        """A date; of those of a long ledger the first of each month stands for all."""
        years = self._years.setdefault(column, {})
        seen = years.setdefault(day.year, [0, number])
        seen[0] += 1

    def total(self, row: Row, subtotal: bool) -> None:
        """A total row: its numbers are the sums above it, or their averages."""
        for column, seen in self._sums.items():
            cell = row.cells.get(column)
            if cell is not None and cell.kind is CellKind.NUMBER and isinstance(cell.value, Decimal):
                part, rows = seen.total - seen.before, seen.rows - seen.rows_before
                fits = [(part, rows), (seen.total, seen.rows)]
                if not any(_same(cell.value, total, count) for total, count in fits):
                    self.findings.add(
                        d.TOTAL_DIFFERS, self.ledger.at(row.number, column), column=self.ledger.headed[column],
                        written=shown(cell.value), added=shown(part if subtotal else seen.total),
                    )  # fmt: skip
            if subtotal:
                seen.before, seen.rows_before = seen.total, seen.rows
        if not subtotal:
            self._end = row.number - 1

    # --- Afterwards --------------------------------------------------------------------------------------------------

    def tell(
        self, told: Collection[CellRef], kinds: Mapping[int, Collection[Kind]], words: Mapping[int, Collection[str]]
    ) -> None:
        """All that is odd. `told`: cells that there is another finding for; `kinds`: of what columns turned out to hold;
        `words`: those of price lists, by the column they are in."""
        self._tell_odd(set(told), kinds)
        self._tell_look_alikes(words)
        self._tell_headers()
        self._tell_dates(told)
        for column, rows in self._blanks.items():
            if len(rows) * FEW <= self._rows:
                self._add(
                    d.BLANKS_AMONG_VALUES, column, [row for row in rows if self.ledger.at(row, column) not in told]
                )

    def _add(self, code: Code, column: int, rows: Sequence[int], **values: Any) -> None:
        if rows:
            cells = self.findings.places([self.ledger.at(row, column) for row in rows])
            at, header = self.ledger.at(rows[0], column), self.ledger.headed[column]
            self.findings.add(code, at, column=header, cells=cells, count=len(rows), **values)

    def _tell_odd(self, told: set[CellRef], kinds: Mapping[int, Collection[Kind]]) -> None:
        for (column, what), rows in sorted(self._odd.items()):
            if what == "stray":
                self._add(d.STRAY_CHARACTERS, column, rows)
                continue
            needed = {*self.uses.needs.get(column, ()), *kinds.get(column, ())}
            if column in self._years:  # where dates stand, a number or text is a date gone wrong
                needed |= {Kind.DATE, Kind.NUMBER}
            fits = (what == "number" and needed & {Kind.NUMBER, Kind.RATE}) or (what == "date" and Kind.DATE in needed)
            if fits or what in ("error", "uncalculated"):
                open_rows = [row for row in rows if self.ledger.at(row, column) not in told]
                self._add(d.FLAW_WITHOUT_EFFECT, column, open_rows, what=self.findings.say(*_SAID[what]))

    def _tell_look_alikes(self, more: Mapping[int, Collection[str]]) -> None:
        """Values that only look like what the rules compare them with, and so are another value."""
        for column in sorted({*self.uses.words, *more}):
            words = sorted({*self.uses.words.get(column, ()), *more.get(column, ())})
            keys, looks = {name_key(word) for word in words}, {look(word): word for word in words}
            for text, row in self._texts.get(column, {}).items():
                word = looks.get(look(text)) if name_key(text) not in keys else None
                if word is not None:
                    self.findings.add(
                        d.VALUE_LOOKS_ALIKE, self.ledger.at(row, column), column=self.ledger.headed[column], text=text,
                        word=word, difference=difference(text, word, self.findings.language),
                    )  # fmt: skip

    def _tell_headers(self) -> None:
        """Words that conditions compare a column with, that it never says and that head another column."""
        headers = {name_key(header): column for column, header in self.ledger.headed.items()}
        for column in sorted({*self.uses.words} & {*self._texts} - self._many):
            there = set(map(name_key, self._texts[column]))
            for word in sorted(self.uses.words[column]):
                if self._rows and headers.get(name_key(word), column) != column and name_key(word) not in there:
                    at = self.ledger.at(self.ledger.header_row, column)
                    self.findings.add(d.VALUE_IS_HEADER, at, column=self.ledger.headed[column], word=word)

    def _tell_dates(self, told: Collection[CellRef]) -> None:
        if self.late and self.ledger.timing.date is not None:
            self._add(d.DATE_TO_COME, self.ledger.timing.date, self.late, check_date=self._check_date)
        for column, years in self._years.items():
            for some in _strays(years):
                count, row = sum(years[year][0] for year in some), min(years[year][1] for year in some)
                at, header = self.ledger.at(row, column), self.ledger.headed[column]
                if at not in told:
                    self.findings.add(d.DATE_FAR_OFF, at, column=header, cells=at, year=some[0], count=count)

    def look_again(self, merged: Merged) -> None:
        """What needs all columns of the rows: errors where no rule looks, rows that are there twice, hidden values."""
        sheet, headed = self.ledger.sheet, self.ledger.headed
        others = headed.keys() - self.columns
        titled = self._repeats and self.counts and bool(others)
        if not (sheet.may_hold_errors or titled or merged):
            return
        errors: dict[int, list[int]] = {}
        twins = _Twins(self.ledger, others)
        hidden: dict[Area, CellRef] = {}
        for number, cells, _ in sheet.rows(None, self.ledger.first):
            if self._end is not None and number > self._end:
                break
            for column in others & cells.keys():
                if cells[column].kind is CellKind.ERROR:
                    errors.setdefault(column, []).append(number)
            if merged:
                for column, area in merged.hidden(number, headed.keys() & cells.keys()):
                    if not is_blank(cells[column]):
                        hidden.setdefault(area, self.ledger.at(number, column))
            if titled:
                twins.add(number, cells)
        for column, rows in sorted(errors.items()):
            self._add(d.ERROR_UNUSED, column, rows)
        for area, at in hidden.items():
            self.findings.add(d.MERGED_VALUES, at, area=area_name(sheet.name, area), hidden=at)
        twins.tell(self.findings)


class _Twins:
    """Rows that say the same in every column but that of their number, a whole title among it."""

    def __init__(self, ledger: Ledger, others: Collection[int]) -> None:
        self._ledger = ledger
        self._titles = others
        self._columns = [column for column, header in ledger.headed.items() if name_key(header) not in _INDEX]
        self._first: dict[object, int] = {}
        self._found: list[tuple[int, int]] = []

    def add(self, number: int, cells: Mapping[int, Cell]) -> None:
        if not any(cells[c].kind is CellKind.TEXT and len(cell_text(cells[c])) >= _WHOLE_TITLE
                   for c in self._titles if c in cells):  # fmt: skip
            return
        key = tuple(cells.get(column) for column in self._columns)
        first = self._first.setdefault(key, number)
        if first != number:
            self._found.append((first, number))

    def tell(self, findings: Findings) -> None:
        if self._found:
            first, second = (self._ledger.at(row, 0) for row in self._found[0])
            findings.add(d.ROW_TWICE, second, first=first, second=second, count=len(self._found))


def has_stray(text: str) -> bool:
    """Whether a text holds characters that nobody sees and that mean nothing."""
    return not text.isprintable() and any(
        unicodedata.category(c) in ("Cf", "Cc", "Co", "Cs") for c in text if c not in "\t\n\r"
    )


_ODD_TEXTS: dict[str, Callable[[Cell], bool]] = {
    "stray": lambda cell: has_stray(str(cell.value)),
    "number": looks_numeric,
    "date": lambda cell: text_date(cell) is not None,
}
_TEXT, _NUMBER, _DATE = CellKind.TEXT, CellKind.NUMBER, CellKind.DATE
_SAID = {
    "error": ("错误值", "errors"),
    "uncalculated": ("没有计算过的公式", "formulas that were never calculated"),
    "number": ("文本形式的数字", "numbers stored as text"),
    "date": ("文本形式的日期", "dates stored as text"),
}


def _same(written: Decimal, total: Decimal, rows: int) -> bool:
    """Whether a number is a sum, or the average of what was summed, as far as it is written out."""
    exponent = written.as_tuple().exponent
    places = min(max(0, -exponent if isinstance(exponent, int) else 0), 6)
    sums = [total, divide(total, Decimal(rows))] if rows else [total]
    return any(round_half_up(one, places) == round_half_up(written, places) for one in sums)


def _strays(years: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Runs of years that lie far from all others, the run with the most dates left out. `years`: how many dates each has."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if not runs or year - runs[-1][-1] >= APART:
            runs.append([])
        runs[-1].append(year)
    counts = [sum(years[year][0] for year in run) for run in runs]
    return [run for run, count in zip(runs, counts, strict=True) if count < max(counts)]
