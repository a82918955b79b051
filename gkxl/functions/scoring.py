"""Rule text and tables → results, each worked out once for all the functions that ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, Diagnostic, GkError, Language, Source
from gkxl.flow import Rules, load, score
from gkxl.functions.arguments import Rows, Table, language_of, sheet
from gkxl.functions.cache import Cache
from gkxl.functions.formats import Needed, kinds_needed, read_formats
from gkxl.periods import Period
from gkxl.run.results import PeriodResult, Results, UnitResult
from gkxl.tables import Book
from gkxl.values import name_key

_RULES_KEPT = 2_000_000  # characters of rule text
_CELLS_KEPT = 1_000_000


@dataclass(frozen=True, slots=True)
class Compiled:
    """Rules, and the terms that they need as rates or dates."""

    rules: Rules
    needed: Needed

    @property
    def language(self) -> Language:
        return self.rules.file.language


@dataclass(frozen=True, slots=True)
class Scored:
    """`results` of the period asked for; `diagnostics` with how the columns were read. `stop`: why they are not to be given.

    `named`: the names, as keys, in the rows of the cells that errors are about.
    """

    results: Results
    diagnostics: tuple[Diagnostic, ...]
    stop: tuple[Diagnostic, ...]
    named: Mapping[CellRef, frozenset[str]] = field(default_factory=dict)

    @property
    def period(self) -> PeriodResult | None:
        """The last of the periods: a year's own follows those that it is made of."""
        return self.results.periods[-1] if self.results.periods else None


class Scoring:
    """Two bounded caches: rules by the hash of their text, results by the hashes of rules and tables."""

    def __init__(self) -> None:
        self._rules: Cache[Compiled] = Cache(_RULES_KEPT)
        self._scored: Cache[Scored] = Cache(_CELLS_KEPT)

    def rules(self, text: str) -> Compiled:
        return self._rules.get(_hash(text), lambda: _compiled(text), len(text))

    def scored(self, text: str, period: Period | None, tables: Sequence[Table]) -> Scored:
        key = (_hash(text), period, tuple((name, rows, _truths(rows)) for name, rows in tables))
        size = sum(len(rows) * len(rows[0]) for _, rows in tables)
        return self._scored.get(key, lambda: _scored(self.rules(text), period, tables), size)


def _hash(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _truths(rows: Rows) -> tuple[type, ...]:
    """What tells TRUE from 1, which are equal to Python: the types of the cells, where any is a truth value."""
    types = tuple(map(type, chain.from_iterable(rows)))
    return types if bool in types else ()


def _compiled(text: str) -> Compiled:
    rules = load(Source("规则" if language_of(text) == "zh" else "rules", text))
    return Compiled(
        rules, kinds_needed(rules.file, rules.rubric) if rules.rubric is not None else Needed({}, frozenset())
    )


def _scored(compiled: Compiled, period: Period | None, tables: Sequence[Table]) -> Scored:
    rules, book = compiled.rules, Book("", "", tuple(map(sheet, tables)))
    if rules.rubric is None:
        none = Results(None, rules.source.path, rules.sha256, "", "", (), rules.diagnostics)
        return Scored(none, rules.diagnostics, tuple(one for one in rules.diagnostics if one.severity == "error"))
    read = read_formats(rules.rubric, compiled.needed, book)
    if read.unclear:
        none = Results(rules.rubric, rules.source.path, rules.sha256, "", "", (), rules.diagnostics)
        return Scored(none, (*rules.diagnostics, *read.unclear, *read.notes), tuple(read.unclear))
    try:
        results = score(rules, read.book, period)
    except GkError as error:
        none = Results(rules.rubric, rules.source.path, rules.sha256, "", "", (), error.diagnostics)
        return Scored(none, error.diagnostics, error.diagnostics)
    told = [_own(one, read.errors) for one in results.diagnostics]
    told += [one for one in read.errors.values() if one not in told]
    errors = tuple(one for one in told if one.severity == "error")
    named = _named(read.book, [one.place for one in errors if isinstance(one.place, CellRef)])
    return Scored(results, (*told, *read.notes), _untold(errors, named, results), named)


def is_open(unit: UnitResult) -> bool:
    """Whether data errors left a unit without a total."""
    return unit.total is None and (unit.unscored or unit.veto is None)


def _untold(
    errors: Sequence[Diagnostic], named: Mapping[CellRef, frozenset[str]], results: Results
) -> tuple[Diagnostic, ...]:
    """The errors that no unit's row would tell: totals may be wrong, and nobody knows whose (a row without its unit)."""
    if not results.periods:
        return tuple(errors)
    units = {name_key(unit.unit): is_open(unit) for unit in results.periods[-1].units}
    about = [{*named.get(one.place, ())} & units.keys() if isinstance(one.place, CellRef) else set() for one in errors]
    # An open unit that no error names tells the first of those that name nobody.
    fallback = not {unit for unit, left in units.items() if left} <= set().union(*about)
    return tuple(
        one
        for one, whom in zip(errors, about, strict=True)
        if not (any(units[unit] for unit in whom) if whom else fallback)
    )


def _named(book: Book, places: Iterable[CellRef]) -> dict[CellRef, frozenset[str]]:
    """The texts, as keys, in the rows of some cells."""
    lines: dict[tuple[str, int], list[CellRef]] = {}
    for place in places:
        lines.setdefault((place.sheet, place.row), []).append(place)
    found: dict[CellRef, frozenset[str]] = {}
    for one in book.sheets if lines else ():
        for row in one.rows():
            if (one.name, row.number) in lines:
                texts = [cell.value for cell in row.cells.values() if isinstance(cell.value, str)]
                found |= dict.fromkeys(lines[one.name, row.number], frozenset(map(name_key, texts)))
    return found


def _own(one: Diagnostic, errors: Mapping[CellRef, Diagnostic]) -> Diagnostic:
    """What is said where it is otherwise said of a file: of a cell that was made an error cell here, and of tables."""
    if one.code is d.ERROR_CELL and isinstance(one.place, CellRef):
        return errors.get(one.place, one)
    if one.code is d.SHEET_UNKNOWN:
        return replace(one, code=d.TABLE_NOT_GIVEN)
    if one.code is d.HEADER_UNKNOWN:  # without the offer to say which row it is
        zh, en = (
            "区域要连表头一起选,表头里要有规则写的列名。",
            "The range has to have the header row, with the names that the rules write.",
        )
        return replace(one, notes=(en if one.language == "en" else zh,))
    return one
