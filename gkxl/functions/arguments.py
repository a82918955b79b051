"""What a spreadsheet hands to a function, made texts, periods and tables; and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TypeGuard

from gkxl.diagnostics import ARGUMENT_WRONG, Diagnostic, GkError, Language
from gkxl.functions.help import PERIOD, RULES, SHEET, TABLE, FunctionHelp, Words
from gkxl.periods import Period, parse_period, period_of
from gkxl.periods import PeriodKind as Kind
from gkxl.tables import BLANK, Cell, CellKind, ListSheet
from gkxl.trial import told_in
from gkxl.values import name_key, shown
from gkxl.workbook import stored


@dataclass(frozen=True, slots=True)
class CellError:
    """An error cell: `#N/A`, `#DIV/0!`."""

    text: str


_LAST_MOMENT = datetime.max - timedelta(milliseconds=1)
_YEARS = range(2000, 2100)  # of the dates whose serial numbers name a period

Value = None | bool | int | float | str | date | CellError
Rows = tuple[tuple[Value, ...], ...]
Argument = Value | Rows
Table = tuple[str, Rows]  # the sheet's name, its rows


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function: what its refusals say. `given` are the arguments that tell the language, the first text first."""

    given: Sequence[object]
    function: FunctionHelp

    @property
    def language(self) -> Language:
        """Looked for only where something is refused: there may be no text in many thousands of cells."""
        return language_of(*self.given)

    def refused(self, argument: Words | str, zh: str, en: str, given: Argument) -> GkError:
        """The refusal of an argument; `zh` and `en` say what it should be. A text is a name of the user's own."""
        values: dict[str, object] = {
            "argument": argument if isinstance(argument, str) else argument.of(self.language),
            "wanted": Words(zh, en).of(self.language),
            "got": self.shown(given),
            "order": self.function.order(self.language),
        }
        return GkError([Diagnostic(ARGUMENT_WRONG, None, self.language, values)])

    def shown(self, given: Argument) -> str:
        """A value as a refusal names it."""
        english = self.language == "en"
        match given:
            case tuple():
                down, right = len(given), len(given[0]) if given else 0
                return f"a range of {down}×{right} cells" if english else f"{down} 行 {right} 列的区域"
            case None | "":
                return "blank" if english else "空"
            case CellError(said):
                return said
            case datetime() | date():
                return given.isoformat()[:10]
            case bool():
                return "TRUE" if given else "FALSE"
            case str():
                line = given.split("\n", 1)[0]
                return f"“{line}”" if len(line) <= 20 and line == given else f"“{line[:20]}…”"
        return text(given)

    def rules(self, given: Argument) -> str:
        """The rule text; of a range line by line."""
        wanted = "规则全文,或逐行写着规则的区域", "the rule text, or the range that holds its lines"
        if isinstance(given, str) and given.strip():
            if parse_period(given) is not None or rules_path(given) is not None:
                raise self.refused(RULES.label, *wanted, given)
            return given
        if not isinstance(given, tuple):
            raise self.refused(RULES.label, *wanted, given)
        lines = []
        for row in given:
            error = next((value for value in row if isinstance(value, CellError)), None)
            if error is not None:
                raise self.refused(RULES.label, *wanted, error)
            filled = [(i, text(value)) for i, value in enumerate(row) if value is not None and value != ""]
            lines.append("  " * filled[0][0] + " ".join(said for _, said in filled) if filled else "")
        if not any(lines):
            raise self.refused(RULES.label, *wanted, None)
        return "\n".join(lines)

    def period(self, given: Argument) -> Period | None:
        """The period of a text, a year or a date, which names its month; None for a blank: the latest with data.

        Most spreadsheets hand a date over as its serial number.
        """
        value = single(given)
        period = None
        match value:
            case None | "":
                return None
            case str():
                period = parse_period(value)
            case datetime():
                period = period_of(value.date(), Kind.MONTH)
            case date():
                period = period_of(value, Kind.MONTH)
            case int() | float() if is_number(value):
                day = stored.serial(number(value), False)
                dated = day is not None and day.year in _YEARS  # 2025 is a year, 202510 is nothing
                period = period_of(day.date(), Kind.MONTH) if day and dated else parse_period(text(value))
        if period is None:
            wanted = (
                "周期,如 2025Q4、2025-10、2025(空:有数据的最近一期)",
                "a period, such as 2025Q4, 2025-10, 2025 (blank: the latest)",
            )
            raise self.refused(PERIOD.label, *wanted, given)
        return period

    def name(self, argument: Words, given: Argument, zh: str, en: str) -> str:
        """A text of one cell."""
        value = single(given)
        if not isinstance(value, str) or not value.strip():
            raise self.refused(argument, zh, en, given)
        return value

    def tables(self, given: Sequence[Argument]) -> tuple[Table, ...]:
        """Pairs of a sheet's name and its range. Blank ones at the end are left out: the wizard shows more than are used."""
        given = [*given]
        while given and (given[-1] is None or given[-1] == ""):
            given.pop()
        found: list[Table] = []
        for at in range(0, max(len(given), 1), 2):
            name_label, table_label = (
                Words(f"{one.zh} {at // 2 + 1}", f"{one.en} {at // 2 + 1}") for one in (SHEET, TABLE)
            )
            name = given[at] if at < len(given) else None
            said = self.name(name_label, name, "表名,后面跟它的区域", "a sheet's name, with its range behind it")
            if name_key(said) in map(name_key, (one for one, _ in found)):
                wanted = "另一张表的表名(这张前面给过了)", "the name of another sheet (this one was given before)"
                raise self.refused(name_label, *wanted, name)
            cells = given[at + 1] if at + 1 < len(given) else None
            rows = _filled(cells) if isinstance(cells, tuple) and isinstance(single(cells), tuple) else None
            if not rows:
                wanted = f"“{said}”的区域,连表头", f"the range of “{said}”, header included"
                raise self.refused(table_label, *wanted, cells if rows is None else None)
            found.append((said, rows))
        return tuple(found)


def rules_path(given: Argument) -> str | None:
    """The path that rules are given by, if they are: one line that ends in .gk."""
    text = given.strip() if isinstance(given, str) else ""
    return text if text.lower().endswith(".gk") and "\n" not in text else None


def _filled(rows: Rows) -> Rows:
    """Without the blank rows at the end, of which a whole column (A:F) has a million."""
    end = len(rows)
    while end and all(value is None or value == "" for value in rows[end - 1]):
        end -= 1
    return rows if end == len(rows) else rows[:end]


def plain(given: object) -> Argument:
    """An argument as tuples of rows, whatever lists it came in; one row of values is a row. Without cells it is blank."""
    if not isinstance(given, list | tuple):
        return given  # type: ignore[return-value]  # a value
    if not given or given[0] in ([], ()):
        return None
    if not isinstance(given[0], list | tuple):
        return (tuple(given),)
    return given if type(given) is tuple and type(given[0]) is tuple else tuple(map(tuple, given))


def single(given: Argument) -> Argument:
    """The value of one cell; anything larger stays itself."""
    return given[0][0] if isinstance(given, tuple) and len(given) == 1 and len(given[0]) == 1 else given


def language_of(*given: object) -> Language:
    """The language to answer in: that of the first line of the first text that says something, as no period or number does."""
    said = next((one for one in _texts(given) if any(map(str.isalpha, one)) and parse_period(one) is None), "考评")
    return told_in(said.strip().split("\n", 1)[0])


def _texts(given: object) -> Iterator[str]:
    """The texts in rows of values, or values."""
    if isinstance(given, list | tuple):
        for one in given:
            yield from _texts(one)
    elif isinstance(given, str):
        yield given


def text(value: Value) -> str:
    """A value as it reads in a line of text."""
    return shown(number(value)) if is_number(value) else str(value)


@lru_cache(maxsize=65_536)
def _decimal(value: float) -> Decimal | None:
    return stored.decimal(repr(value))


def is_number(value: Argument) -> TypeGuard[float]:
    """Whether there is a number, and no truth value, NaN or infinity."""
    return isinstance(value, int | float) and not isinstance(value, bool) and _decimal(value) is not None


def number(value: float) -> Decimal:
    """The decimal that Excel shows at full precision."""
    found = _decimal(value)
    assert found is not None
    return found


def cell(value: Value) -> Cell:
    """A cell without a number format: a number is a number, whatever it shows."""
    match value:
        case None | "":
            return BLANK
        case bool():
            return Cell(CellKind.BOOL, value)
        case int() | float():
            return Cell(CellKind.NUMBER, number(value)) if is_number(value) else Cell(CellKind.ERROR, "#NUM!")
        case str():
            return Cell(CellKind.TEXT, value)
        case datetime():
            near = min(value.replace(tzinfo=None), _LAST_MOMENT)
            whole = near + timedelta(microseconds=500)  # COM gives 23:59:59.999997 for midnight
            return Cell(CellKind.DATE, whole.replace(microsecond=whole.microsecond // 1000 * 1000))
        case date():
            return Cell(CellKind.DATE, datetime.combine(value, time()))
        case CellError(said):
            return Cell(CellKind.ERROR, said)


def sheet(table: Table) -> ListSheet:
    """A table as a sheet whose first row is row 1."""
    name, rows = table
    return ListSheet(name, (map(cell, row) for row in rows))
