"""Tables without number formats: which of their columns the rules read as rates or as dates, and the cells made so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, Code, Diagnostic, column_letters
from gkxl.language import tree
from gkxl.model.check import check
from gkxl.model.rules import CheckDate, Column, ColumnTest, FromRows, Prices, Rubric, SheetLine
from gkxl.run.bind import bind
from gkxl.run.gate import uses_of
from gkxl.run.ledgers import Ledger
from gkxl.run.uses import columns_of, nodes, prices_of
from gkxl.tables import Book, Cell, CellKind, ListSheet, Row
from gkxl.values import Kind, name_key, shown
from gkxl.workbook import stored

_MOST_RATE = Decimal(10)
_RATES = ("率", "比例", "占比", "比重", "百分比")
_RATE_WORDS = [[word] for word in ("rate", "ratio", "share", "percentage", "percent", "proportion")]
_FIRST_YEAR, _LAST_YEAR = 2000, 2049  # of what looks like a date


@dataclass
class Read:
    """`book` with its rates and dates, and what there is to say of that. `errors`: cells that are none, by place."""

    book: Book
    notes: list[Diagnostic] = field(default_factory=list)
    errors: dict[CellRef, Diagnostic] = field(default_factory=dict)
    unclear: list[Diagnostic] = field(default_factory=list)  # nothing can be scored before it is settled


@dataclass(frozen=True, slots=True)
class Needed:
    """The terms of one column that can be no plain number, with what they are; and those that may be number or rate, where
    the rules then mean different things (per percentage point: of the rate, or a hundredth of the number)."""

    kinds: Mapping[str, Kind]
    either: frozenset[str]


def kinds_needed(file: tree.File, rubric: Rubric) -> Needed:
    """Told by the checker: what it refuses as a number and not as a rate or date, and what it makes other rules of."""
    bare = [name for name, term in rubric.terms.items() if isinstance(term.measure, FromRows) and term.kind is None]
    number, rate = (_as(file, dict.fromkeys(bare, kind)) for kind in (Kind.NUMBER, Kind.RATE))
    kinds: dict[str, Kind] = {}
    either: set[str] = set()
    for name in bare if number is None or number != rate else ():
        number, rate = _as(file, {name: Kind.NUMBER}), _as(file, {name: Kind.RATE})
        if number is None:
            fits = Kind.RATE if rate is not None else Kind.DATE if _as(file, {name: Kind.DATE}) is not None else None
            if fits is not None:
                kinds[name] = fits
        elif rate is not None and rate != number:
            either.add(name)
    return Needed(kinds, frozenset(either))


def _as(file: tree.File, kinds: Mapping[str, Kind]) -> tuple[object, ...] | None:
    """What the rules come to if terms are of these kinds; None where the checker refuses it."""
    rubric, _ = check(file, kinds)
    if rubric is None:
        return None
    made = [term.measure for term in rubric.terms.values()]
    return (rubric.indicators, rubric.sentences, rubric.grades, rubric.gate, rubric.totals, made)


def read_formats(rubric: Rubric, needed: Needed, book: Book) -> Read:
    """Give the numbers of a book of arguments the kind that the rules read them as. `needed`: see `kinds_needed`."""
    ledgers, _ = bind(rubric, book)
    read = Read(book)
    made: dict[str, ListSheet] = {}
    for ledger in ledgers.values():
        wanted, words = _wanted(ledger, rubric, needed.kinds)
        rows = [*ledger.sheet.rows()]
        unclear = _settle(ledger, rubric, needed.either, rows, wanted)
        reading = _Reading(ledger, wanted, rubric, read)
        rows = [reading.row(row) for row in rows]
        reading.tell(words)
        reading.tell_percents()
        for column, values in unclear.items():
            reading.unclear(d.RATES_OR_NUMBERS, column, {"column": reading.header(column), "value": shown(values)})
        if not _dated(ledger, rubric):
            reading.tell_dates()
        made[ledger.sheet.name] = ListSheet.of_rows(ledger.sheet.name, rows)
    if rubric.working_days is not None and rubric.working_days.sheet is not None:
        _days_off(rubric.working_days.sheet, rubric, read, made)
    read.book = Book(book.path, book.sha256, tuple(made.get(sheet.name, sheet) for sheet in book.sheets))
    return read


def _wanted(ledger: Ledger, rubric: Rubric, kinds: Mapping[str, Kind]) -> tuple[dict[int, Kind], set[int]]:
    """The columns to be read as rates or dates, by number; and those that hold names."""
    measures: list[FromRows] = []
    wanted: dict[int, Kind] = {}
    for name, term in rubric.terms.items():
        measure = term.measure
        if not isinstance(measure, FromRows) or name_key(measure.sheet) != name_key(ledger.name):
            continue
        if _has(ledger, columns_of(measure)):
            measures.append(measure)
            if name in kinds and isinstance(measure.column, str):
                wanted[ledger.columns[name_key(measure.column)].number] = kinds[name]
    uses = uses_of(ledger, measures, [prices for prices in prices_of(rubric) if _prices_fit(ledger, rubric, prices)])
    for column, needs in uses.needs.items():
        if Kind.DATE in needs:
            wanted[column] = Kind.DATE
        elif Kind.RATE in needs:
            wanted[column] = Kind.RATE
    tests = [node for node in nodes(measures) if isinstance(node, ColumnTest)]
    for test in tests:
        if any(isinstance(operand, CheckDate) for operand in test.operands):
            wanted[ledger.columns[name_key(test.column)].number] = Kind.DATE
    for test in tests:  # one column compared with another: both are dates, or rates
        both = [test.column, *(o.name for o in test.operands if isinstance(o, Column))]
        numbers = [ledger.columns[name_key(name)].number for name in both]
        kind = next((wanted[number] for number in numbers if number in wanted), None)
        if kind is not None:
            wanted |= dict.fromkeys(numbers, kind)
    stated = {column.number for column in ledger.columns.values() if column.scale is not None}
    wanted = {column: kind for column, kind in wanted.items() if column not in stated}  # the header says what they are
    units = rubric.units
    listed = (
        (units.group_column, units.alias_column) if units and name_key(units.sheet) == name_key(ledger.name) else ()
    )
    names = {ledger.unit, *(ledger.columns[name_key(n)].number for n in listed if n and name_key(n) in ledger.columns)}
    return wanted, names.union(uses.words)


def _settle(
    ledger: Ledger, rubric: Rubric, either: Iterable[str], rows: Iterable[Row], wanted: dict[int, Kind]
) -> dict[int, Decimal]:
    """Settle which columns that may be either are rates: those named so (完成率). The others hold numbers, unless all
    are shares of 1; those are left open, with one of their numbers."""
    unclear: dict[int, Decimal] = {}
    for name in either:
        measure = rubric.terms[name].measure
        if not isinstance(measure, FromRows) or name_key(measure.sheet) != name_key(ledger.name):
            continue
        read = ledger.columns.get(name_key(measure.column)) if isinstance(measure.column, str) else None
        if read is None or read.scale is not None:
            continue
        if _names_rate(name) or _names_rate(read.header):
            wanted[read.number] = Kind.RATE
            continue
        cells = (row.cells.get(read.number) for row in rows if row.number >= ledger.first)
        numbers = [c.value for c in cells if c is not None and isinstance(c.value, Decimal)]
        broken = next((number for number in numbers if number != number.to_integral_value()), None)
        if broken is not None and max(numbers) <= 1:
            unclear[read.number] = broken
    return unclear


def _names_rate(name: str) -> bool:
    key = name_key(name)
    return key.endswith(_RATES) or key.split()[-1:] in _RATE_WORDS


def _has(ledger: Ledger, names: Iterable[str]) -> bool:
    return all(name_key(name) in ledger.columns for name in names)


def _prices_fit(ledger: Ledger, rubric: Rubric, prices: Prices) -> bool:
    measure = rubric.terms[prices.ref.term].measure
    details = prices.repeats.columns if prices.repeats else ()
    mine = isinstance(measure, FromRows) and name_key(measure.sheet) == name_key(ledger.name)
    return mine and _has(ledger, (*(prices.columns or ()), *details))


def _line(rubric: Rubric, sheet: str) -> SheetLine | None:
    return next((one for one in rubric.sheets if name_key(one.sheet) == name_key(sheet)), None)


def _epoch_1904(rubric: Rubric, sheet: str) -> bool:
    line = _line(rubric, sheet)
    return line is not None and line.epoch_1904


def _date_like(value: Decimal, epoch_1904: bool) -> bool:
    """Whether a number may well be a day."""
    day = stored.serial(value, epoch_1904) if value == value.to_integral_value() else None
    return day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR


def _dated(ledger: Ledger, rubric: Rubric) -> bool:
    """Whether it is settled which period the rows belong to."""
    units = rubric.units is not None and name_key(rubric.units.sheet) == name_key(ledger.name)
    line = _line(rubric, ledger.name)
    stated = line is not None and (line.undated or line.every_period or line.date_column is not None)
    return units or stated or ledger.timing.columns != ()


class _Reading:
    """The cells of one ledger as they pass."""

    def __init__(self, ledger: Ledger, wanted: Mapping[int, Kind], rubric: Rubric, read: Read) -> None:
        self.ledger, self.wanted, self.language, self.read = ledger, wanted, rubric.language, read
        self.epoch_1904 = _epoch_1904(rubric, ledger.name)
        self.zeros: dict[int, int] = {}
        self.serials: dict[int, Decimal] = {}  # the first number of a column that may be a date
        self.others: set[int] = set()  # columns that hold anything else
        self.largest: dict[int, Decimal] = {}  # number of a column
        self.seen: set[int] = set()  # columns whose numbers were read as something

    def row(self, row: Row) -> Row:
        if row.number < self.ledger.first:
            return row
        return Row(row.number, {column: self.cell(row.number, column, cell) for column, cell in row.cells.items()})

    def cell(self, row: int, column: int, cell: Cell) -> Cell:
        value = cell.value
        if cell.kind is not CellKind.NUMBER or not isinstance(value, Decimal):
            self.others.add(column)
            return cell
        self.largest[column] = max(value, self.largest.get(column, value))
        if not value:
            self.zeros[column] = self.zeros.get(column, 0) + 1
        if column not in self.others and _date_like(value, self.epoch_1904):
            self.serials.setdefault(column, value)
        else:
            self.others.add(column)
        match self.wanted.get(column):
            case Kind.RATE:
                self.seen.add(column)
                if value <= _MOST_RATE:
                    return Cell(CellKind.RATE, value)
                place = CellRef(self.ledger.sheet.name, row, column)
                said: dict[str, object] = {"column": self.header(column), "value": shown(value)}
                self.read.errors[place] = Diagnostic(d.RATE_ABOVE_TEN, place, self.language, said)
                return Cell(CellKind.ERROR, shown(value))
            case Kind.DATE:
                self.seen.add(column)
                day = stored.serial(value, self.epoch_1904)
                return Cell(CellKind.DATE, day) if day is not None else cell
        return cell

    def header(self, column: int) -> str:
        return self.ledger.headed.get(column) or column_letters(column)

    def tell(self, names: set[int]) -> None:
        """How the columns were read, and zeros where a blank was meant."""
        for column in sorted(self.seen):
            rate = self.wanted[column] is Kind.RATE
            self.note(
                d.READ_AS_RATE if rate else d.READ_AS_DATE,
                column,
                **({} if rate else {"epoch": 1904 if self.epoch_1904 else 1900}),
            )
        for column, count in sorted(self.zeros.items()):
            if column in names or self.wanted.get(column) is Kind.DATE:
                self.note(d.ZEROS_FOR_BLANKS, column, count=count)

    def note(self, code: Code, column: int, **values: object) -> None:
        place = CellRef(self.ledger.sheet.name, 0, column)
        self.read.notes.append(Diagnostic(code, place, self.language, {"column": self.header(column)} | values))

    def tell_dates(self) -> None:
        """Columns that the rules do not read and whose numbers may be the dates of the rows."""
        used = {column.number for column in self.ledger.columns.values()}
        name, zh = self.ledger.name, self.language == "zh"
        for column, value in sorted(self.serials.items()):
            if column in used or column in self.others or column not in self.ledger.headed:
                continue
            header, day = self.header(column), stored.serial(value, self.epoch_1904)
            note = (
                f"请在规则里写:表 {name}:日期列 {header} 或 表 {name}:不分期"
                if zh
                else f"Write in the rules: sheet {name}: date in {header} or sheet {name}: undated"
            )
            values: dict[str, object] = {
                "column": header,
                "sheet": name,
                "value": shown(value),
                "date": day.date() if day else "",
            }
            self.unclear(d.DATES_OR_NUMBERS, column, values, note)

    def tell_percents(self) -> None:
        """A header that ends in (%) over numbers of at most 1: 0.95 may be 95% or 0.95%."""
        for read in self.ledger.columns.values():
            if read.percent and (most := self.largest.get(read.number)) is not None and 0 < most <= 1:
                self.unclear(d.RATES_OR_PERCENTS, read.number, {"column": read.header, "value": shown(most)})

    def unclear(self, code: Code, column: int, values: dict[str, object], *notes: str) -> None:
        place = CellRef(self.ledger.sheet.name, 0, column)
        self.read.unclear.append(Diagnostic(code, place, self.language, values, notes))


def _days_off(name: str, rubric: Rubric, read: Read, made: dict[str, ListSheet]) -> None:
    """The dates of the sheet of days off: its first column of nothing but whole numbers in the range of dates."""
    sheet = next((one for one in read.book.sheets if name_key(one.name) == name_key(name)), None)
    if sheet is None or sheet.name in made:
        return
    rows, epoch_1904 = list(sheet.rows()), _epoch_1904(rubric, name)
    columns = sorted({column for row in rows for column in row.cells})
    for column in columns:
        cells = [row.cells[column] for row in rows if column in row.cells]
        numbers = [c.value for c in cells if c.kind is CellKind.NUMBER and isinstance(c.value, Decimal)]
        if numbers and len(numbers) >= len(cells) - 1 and all(_date_like(n, epoch_1904) for n in numbers):
            made[sheet.name] = ListSheet.of_rows(sheet.name, (_with_day(row, column, epoch_1904) for row in rows))
            place = CellRef(sheet.name, 0, column)
            header = str(cells[0].value) if cells[0].kind is CellKind.TEXT else column_letters(column)
            read.notes.append(
                Diagnostic(
                    d.READ_AS_DATE, place, rubric.language, {"column": header, "epoch": 1904 if epoch_1904 else 1900}
                )
            )
            return


def _with_day(row: Row, column: int, epoch_1904: bool) -> Row:
    cell = row.cells.get(column)
    day = stored.serial(cell.value, epoch_1904) if cell is not None and isinstance(cell.value, Decimal) else None
    return row if day is None else Row(row.number, {**row.cells, column: Cell(CellKind.DATE, day)})
