"""Short ways to build rubrics over small books, and to read what was gathered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from gkxl.diagnostics import Diagnostic, Source, Span
from gkxl.model.rules import (
    Aggregation,
    Column,
    ColumnTest,
    Const,
    FromRows,
    Indicator,
    Price,
    Prices,
    Ref,
    RowTest,
    Rubric,
    Sentence,
    SheetLine,
    Term,
    Text,
    Units,
)
from gkxl.periods import Period, PeriodKind, parse_period
from gkxl.run.facts import Data, Fact
from gkxl.run.gather import gather
from gkxl.tables import Area, Book, Cell, CellKind, Given, ListSheet, NamedArea
from gkxl.values import Kind

SPAN = Span(Source("t.gk", "规则"), 0, 2)
A = Aggregation
UNITS = [["单位"], ["教育局"], ["公安局"]]


def rate(value: str) -> Cell:
    return Cell(CellKind.RATE, Decimal(value))


def error(text: str = "#REF!") -> Cell:
    return Cell(CellKind.ERROR, text)


UNCALCULATED = Cell(CellKind.UNCALCULATED, None)


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(text: str) -> Period:
    found = parse_period(text)
    assert found
    return found


def number(value: str | int, kind: Kind = Kind.NUMBER) -> Const:
    return Const(Decimal(value), kind)


def when(column: str, op: str, *operands: str | int | date | Const | Column | Text) -> ColumnTest:
    def operand(value: Any) -> Any:
        match value:
            case str():
                return Text(value)
            case int():
                return number(value)
            case date():
                return Const(value, Kind.DATE)
        return value

    return ColumnTest(column, op, tuple(map(operand, operands)), SPAN)


def rows_of(sheet: str, where: RowTest | None = None) -> FromRows:
    return FromRows(A.COUNT, sheet, where, span=SPAN)


def value_of(sheet: str, column: str, **more: Any) -> FromRows:
    return FromRows(A.VALUE, sheet, column=column, span=SPAN, **more)


def rubric(*, units: Units | None = None, **more: Any) -> Rubric:
    """A rubric of terms (`terms`: name to measure) over the units' sheet 单位表, scored by quarters."""
    terms = {name: Term(name, (), measure, SPAN) for name, measure in more.pop("terms", {}).items()}
    known: dict[str, Any] = {
        "title": "t", "basis": "", "language": "zh", "units": units or Units("单位表", "单位", span=SPAN),
        "period": PeriodKind.QUARTER, "fixed_period": None, "sheets": (), "indicators": (),
    }  # fmt: skip
    return Rubric(terms=terms, **(known | more))


def line(sheet: str, **more: Any) -> SheetLine:
    return SheetLine(sheet, span=SPAN, **more)


def priced(term: str, *keys: str | tuple[str, ...], columns: tuple[str, ...] | None = None, **more: Any) -> Prices:
    prices = tuple(Price(key if isinstance(key, tuple) else (key,), Decimal(5)) for key in keys)
    return Prices(Ref(term), prices, columns, span=SPAN, **more)


def indicator(*clauses: Any, name: str = "指标", audience: Any = None, **more: Any) -> Indicator:
    return Indicator(name, (Sentence(clauses, "zh", "句", SPAN, audience=audience),), SPAN, **more)


def book(areas: Sequence[NamedArea] = (), merges: Sequence[Area] = (), /, **sheets: Iterable[Iterable[Given]]) -> Book:
    """A book of these sheets, with 单位表 unless given; `merges` are those of the last sheet."""
    sheets = {"单位表": UNITS} | sheets
    last = [*sheets][-1]
    return Book("b", "", tuple(ListSheet(n, v, merges if n == last else ()) for n, v in sheets.items()), tuple(areas))


class Gathered:
    """What gather gave for the first period, unless another is named."""

    def __init__(self, rules: Rubric, workbook: Book, asked: str | None = None) -> None:
        data, self.diagnostics = gather(rules, workbook, period(asked) if asked else None)
        assert all(d.message for d in self.diagnostics)
        self._data = data

    @property
    def data(self) -> Data:
        assert self._data is not None, self.told
        return self._data

    @property
    def nothing(self) -> bool:
        return self._data is None

    @property
    def told(self) -> list[str]:
        """Codes and places."""
        return [f"{d.code.number} {d.place}" for d in self.diagnostics]

    @property
    def codes(self) -> list[str]:
        return [d.code.number for d in self.diagnostics]

    def one(self, code: str) -> Diagnostic:
        found = [d for d in self.diagnostics if d.code.number == code]
        assert len(found) == 1, self.told
        return found[0]

    def fact(self, unit: str, term: str, at: str | None = None) -> Fact:
        return self.data.facts[unit, period(at) if at else self.data.periods[0]][term]

    def value(self, unit: str, term: str, at: str | None = None) -> Any:
        fact = self.fact(unit, term, at)
        return fact.value if fact.state.value == "ok" else fact.state.value

    def cells(self, unit: str, term: str) -> list[str]:
        return [str(ref) for cells in self.fact(unit, term).cells for ref in cells.refs()]
