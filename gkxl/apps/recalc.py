"""`gkxl recalc`: results into workbooks, or held against those that stand in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from gkxl import diagnostics as d
from gkxl.apps import console, inputs
from gkxl.apps.common import FINE, FOUND, UNREADABLE, finish, tell, tell_period, version
from gkxl.apps.inputs import RuleFile, Scored
from gkxl.diagnostics import CellRef, Diagnostic, FilePlace, Language, has_errors
from gkxl.periods import Period, parse_period
from gkxl.report.findings import Findings
from gkxl.report.sheets import result_sheets
from gkxl.report.stale import differences
from gkxl.report.words import word
from gkxl.run.cells_read import cells_sha256, sheet_sha256, watched
from gkxl.run.results import Results
from gkxl.sheets import Look, ResultSet, ResultSheet, Stored, StoredSheet
from gkxl.tables import Sheet
from gkxl.workbook.graft import Grafted, graft
from gkxl.workbook.own_sheets import read_stored, refuse_others, untouched_copy
from gkxl.workbook.package import RefusedError
from gkxl.workbook.read import BookFile, book_of, open_book, told
from gkxl.workbook.render import render
from gkxl.workbook.save import Fingerprint, save
from gkxl.workbook.sniff import sniff
from gkxl.workbook.verify import verify

_EXACT = (".xlsx", ".xlsm", ".xltx", ".xltm")  # what results can be written into
_SAID = 10  # units or cells that one message names


@dataclass(frozen=True)
class Asked:
    """What the command line says; `out` is a file, or a folder for the books of a run."""

    rules: Sequence[RuleFile]
    period: Period | None
    out: Path | None
    in_place: bool
    alone: bool
    keep_going: bool
    drop_signature: bool


@dataclass(frozen=True)
class _Made:
    """A book's results as sheets, of each of its rule files."""

    scored: tuple[Scored, ...]
    sheets: tuple[tuple[ResultSheet, ...], ...]
    stored: Stored
    scratch: bytes  # a workbook of the sheets
    fresh: Mapping[str, Sheet]  # these as they are read back

    @property
    def told(self) -> list[Diagnostic]:
        return list(inputs.merged(*(one.results.diagnostics for one in self.scored)))

    @property
    def code(self) -> int:
        if any(one.unreadable for one in self.scored):
            return UNREADABLE
        return FOUND if has_errors(self.told) else FINE

    @property
    def names(self) -> list[str]:
        return [sheet.name for sheets in self.sheets for sheet in sheets]


class _Outcome(NamedTuple):
    """What one book came to: its share of the exit code, what is to be told, and the results."""

    code: int
    told: Sequence[Diagnostic]
    results: Sequence[Results] = ()


class _Stopped(Exception):
    """Ends the work on one book."""

    def __init__(self, code: int, *told: Diagnostic) -> None:
        super().__init__()
        self.outcome = _Outcome(code, told)


def recalc(books: Sequence[Path], asked: Asked, check: bool, form: str) -> int:
    """Every book in turn; one that cannot be written does not stop the others. Returns the exit code.

    `form`: how what was found is told; "text" on standard error, any other on standard output.
    """
    code, found = FINE, []
    progress = console.Progress(len(books))
    taken: dict[Path, Path] = {}
    for path in books:
        progress.start(path)
        try:
            outcome = _checked(path, asked) if check else _written(path, asked, taken)
        except _Stopped as stopped:
            outcome = stopped.outcome
        finally:
            progress.clear()
        if form == "text":
            tell(outcome.told, str(path) if len(books) > 1 else None)
        found.append(Findings(str(path), tuple(outcome.told)))
        tell_period(outcome.results, asked.period)
        code = max(code, outcome.code)
    if form != "text":
        finish("recalc", found, (), form, code == UNREADABLE, console.language())
    return code


def _begun(path: Path, asked: Asked) -> tuple[list[RuleFile], Language, BookFile, Path]:
    """The rules that are there before the book is read, the language of messages, the book, and where its results go."""
    every = inputs.rules_for(path, asked.rules)
    language = every[0].language if every else console.language()
    with _stopping(path, language):
        file = open_book(path)
    _refuse_copy(path, file, asked, language)
    return every, language, file, _target(path, file, asked, language)


# --- Writing ---------------------------------------------------------------------------------------------------------


def _written(path: Path, asked: Asked, taken: dict[Path, Path]) -> _Outcome:
    every, language, file, target = _begun(path, asked)
    at = FilePlace(str(target))
    if (first := taken.setdefault(target, path)) != path:
        raise _Stopped(FOUND, Diagnostic(d.TARGET_TWICE, at, language, {"first": first, "second": path}))
    same = target == path or (target.exists() and target.samefile(path))
    there = file if same else _there(target, language)
    made = _made(file, every, asked, asked.period, language)
    results = [one.results for one in made.scored]
    code, said = made.code, made.told
    if code != FINE and not (asked.keep_going and code == FOUND and all(one.periods or one.checks for one in results)):
        if code == FOUND:
            said.append(Diagnostic(d.NOTHING_WRITTEN, at, language))
        return _Outcome(code, said, results)
    if same:
        said += _typed_over(file, language)
    original = file.data if _takes_results(file, asked) else None
    with _stopping(path, language):
        grafted = graft(
            original,
            made.scratch,
            made.names,
            replace(made.stored, copied=not same),
            drop_signature=asked.drop_signature,
        )
    said += [replace(note, place=at) for note in _left_out(made, language)]
    said += [Diagnostic(note, at, language) for note in grafted.notes]
    if (grafted.unchanged and same) or (there is not None and _holds(there, grafted)):
        return _Outcome(code, [*said, Diagnostic(d.RESULTS_UNCHANGED, at, language)], results)
    fingerprint = Fingerprint(there.status, there.sha256) if there is not None and there.status is not None else None
    found = save(
        target, grafted.pieces, read=fingerprint, check=lambda new: verify(original, grafted, new), language=language
    )
    if has_errors(found):
        return _Outcome(UNREADABLE, [*said, *found], results)
    written = Diagnostic(d.RESULTS_WRITTEN, at, language, {"what": _what(results, language)})
    return _Outcome(code, [*said, written, *found], results)


def _what(results: Sequence[Results], language: Language) -> str:
    """What was written: how many units in which periods, how many checks."""
    last = [one.periods[-1] for one in results if one.periods]
    units = {unit.unit for period in last for unit in period.units}
    periods = ", ".join(dict.fromkeys(str(period.period) for period in last))
    checks = sum(len(one.checks) for one in results)
    texts = [word("units written", language, n=len(units), periods=periods)] if last else []
    return word("comma", language).join(texts + ([word("checks written", language, n=checks)] if checks else []))


def _refuse_copy(path: Path, file: BookFile, asked: Asked, language: Language) -> None:
    """A copy with results is no book to be scored into another copy; its book is."""
    stem = path.stem.removesuffix(inputs.SCORED)
    if asked.in_place or stem == path.stem:
        return
    package = file.content.package
    if package is not None and untouched_copy(package):
        values: dict[str, object] = {"book": f"{stem}{path.suffix}"}
        raise _Stopped(FOUND, Diagnostic(d.BOOK_IS_COPY, FilePlace(str(path)), language, values))


def _target(path: Path, file: BookFile, asked: Asked, language: Language) -> Path:
    """The file that the results go into; what cannot be it ends the work on the book."""
    exact = _takes_results(file, asked)
    suffix = path.suffix if exact and path.suffix.lower() in _EXACT else ".xlsx"
    if asked.in_place:
        if not exact:
            values: dict[str, object] = {"format": f".{file.content.format}"}
            raise _Stopped(FOUND, Diagnostic(d.RESULTS_APART, FilePlace(str(path)), language, values))
        return path
    if asked.out is None:
        return path.with_name(f"{path.stem}{inputs.SCORED}{suffix}")
    if asked.out.is_dir():
        return asked.out / f"{path.stem}{suffix}"
    if asked.out.suffix.lower() != suffix.lower():
        raise _Stopped(FOUND, Diagnostic(d.TARGET_SUFFIX, FilePlace(str(asked.out)), language, {"suffix": suffix}))
    return asked.out


def _takes_results(file: BookFile, asked: Asked) -> bool:
    """Whether the results go into the book; else they become a file of their own."""
    return file.content.format == "xlsx" and not asked.alone


def _there(target: Path, language: Language) -> BookFile | None:
    """The copy of an earlier run, which may be replaced; any other file may not, nor one that was saved since."""
    if not target.exists():
        return None
    code = d.TARGET_NOT_OURS
    with suppress(RefusedError):
        file = open_book(target)
        package = file.content.package
        if package is not None and read_stored(package) is not None:
            if untouched_copy(package):
                return file
            code = d.TARGET_SAVED_SINCE
    raise _Stopped(FOUND, Diagnostic(code, FilePlace(str(target)), language))


def _typed_over(file: BookFile, language: Language) -> list[Diagnostic]:
    """Tells of results that somebody typed over: they are made anew. What stands beside or below them, or was put on them,
    would be lost with them, and ends the work on the book.
    """
    stored = _stored(file, language)
    areas = {sheet.name: sheet for one in (stored.sets if stored else ()) for sheet in one.sheets}
    found, typed = [], []
    with _stopping(file.path, language):
        if file.content.package is not None:
            refuse_others(file.content.package)
        for sheet in book_of(file, language, results=True).sheets:
            area = areas[sheet.name]
            cells = [
                CellRef(sheet.name, row.number, column)
                for row in sheet.rows()
                for column in sorted(row.cells)
                if row.number > area.rows or column > area.columns
            ]
            if cells:
                values: dict[str, object] = {"sheet": sheet.name, "cells": _some([cell.a1 for cell in cells])}
                found.append(Diagnostic(d.SHEET_WRITTEN_INTO, cells[0], language, values))
            elif area.sha256 and area.sha256 != sheet_sha256(sheet):
                place = CellRef(sheet.name, 0, 0)
                typed.append(Diagnostic(d.SHEET_TYPED_OVER, place, language, {"sheet": sheet.name}))
    if found:
        raise _Stopped(FOUND, *found)
    return typed


def _holds(file: BookFile, grafted: Grafted) -> bool:
    """Whether a file holds these very bytes."""
    at = 0
    for piece in grafted.pieces:
        if file.data[at : at + len(piece)] != piece:
            return False
        at += len(piece)
    return at == len(file.data)


def _left_out(made: _Made, language: Language) -> Iterator[Diagnostic]:
    units = dict.fromkeys(
        unit.unit
        for one in made.scored
        for period in one.results.periods
        for unit in period.units
        if any(indicator.points is None and indicator.applies for indicator in unit.indicators)
    )
    if units:
        yield Diagnostic(d.UNITS_LEFT_OUT, None, language, {"count": len(units), "units": _some(list(units))})


# --- Checking --------------------------------------------------------------------------------------------------------


def _checked(path: Path, asked: Asked) -> _Outcome:
    every, language, file, target = _begun(path, asked)
    if asked.out is None and _stored(file, language) is not None:
        target = path
    at = FilePlace(str(target))
    holder = None
    with _stopping(target, language):
        if target.exists():
            holder = file if target == path else open_book(target)
    stored = _stored(holder, language) if holder is not None else None
    if holder is None or stored is None:
        raise _Stopped(FOUND, Diagnostic(d.NO_STORED_RESULTS, at, language))
    before = next((parse_period(one.period) for one in stored.sets if one.period), None)
    made = _made(file, every, asked, asked.period or before, language)
    chosen = [one.results for one in made.scored if before is None]
    if made.code == UNREADABLE:
        return _Outcome(made.code, made.told)
    with _stopping(target, language):
        there = {sheet.name: sheet for sheet in book_of(holder, language, results=True).sheets}
        found = [replace(one, place=one.place or at) for one in _stale(stored, there, made, language)]
    stale = has_errors(found)
    said = [*made.told, *found, Diagnostic(d.RESULTS_STALE if stale else d.RESULTS_CURRENT, at, language)]
    return _Outcome(max(made.code, FOUND) if stale else made.code, said, chosen)


def _stored(file: BookFile, language: Language) -> Stored | None:
    """What a file says about the results in it."""
    with _stopping(file.path, language):
        return read_stored(file.content.package) if file.content.package is not None else None


def _stale(stored: Stored, there: dict[str, Sheet], made: _Made, language: Language) -> Iterator[Diagnostic]:
    for sheets in made.sheets:
        for sheet in sheets:
            yield from differences(there.get(sheet.name), made.fresh[sheet.name], sheet, language)
    for name in there.keys() - set(made.names):
        yield Diagnostic(d.RESULT_SHEET_GONE, CellRef(name, 0, 0), language, {"sheet": name})
    for code, hashes in (
        (d.RULES_SINCE, [[one.rules_sha256 for one in every.sets] for every in (stored, made.stored)]),
        (d.CELLS_SINCE, [[one.cells_sha256 for one in every.sets] for every in (stored, made.stored)]),
    ):
        if hashes[0] != hashes[1]:
            yield Diagnostic(code, None, language)
    if stored.version != made.stored.version:
        values: dict[str, object] = {"stored": stored.version, "now": made.stored.version}
        yield Diagnostic(d.OTHER_VERSION, None, language, values)


# --- Both ------------------------------------------------------------------------------------------------------------


def _made(file: BookFile, every: list[RuleFile], asked: Asked, period: Period | None, language: Language) -> _Made:
    with _stopping(file.path, language):
        book = book_of(file, language)
    every = every or [inputs.inside(book)]
    scored, hashes = [], []
    for rules in every:
        seen = watched(book)
        scored.append(inputs.score_one(file.path, seen, book.diagnostics, rules, period))
        hashes.append(cells_sha256(seen))
    results = [one.results for one in scored]
    sheets = result_sheets(results, _parts(file.path, every), hashes, period)
    if not _takes_results(file, asked):
        names = {sheet.name for made in sheets for sheet in made}
        sheets = tuple(tuple(_without_links(sheet, names) for sheet in made) for made in sheets)
    with _stopping(file.path, language):
        scratch = render([sheet for made in sheets for sheet in made])
        read_back = book_of(BookFile(Path("results.xlsx"), scratch, sniff(scratch)), language)
    fresh = {sheet.name: sheet for sheet in read_back.sheets}
    sets = tuple(
        ResultSet(
            one.rules_sha256, cells, str(period) if period else None, tuple(_area(sheet, fresh) for sheet in made)
        )
        for one, cells, made in zip(results, hashes, sheets, strict=True)
    )
    return _Made(tuple(scored), sheets, Stored(version(), sets), scratch, fresh)


def _without_links(sheet: ResultSheet, names: Collection[str]) -> ResultSheet:
    """The sheet in a book of results alone, where there are no other cells to jump to."""
    rows = tuple(
        tuple(
            cell._replace(link=None, look=Look.TEXT) if cell.link and cell.link.sheet not in names else cell
            for cell in row
        )
        for row in sheet.rows
    )
    return replace(sheet, rows=rows)


def _area(sheet: ResultSheet, fresh: Mapping[str, Sheet]) -> StoredSheet:
    columns = max(map(len, sheet.rows), default=0)
    return StoredSheet(sheet.name, len(sheet.rows), columns, sheet_sha256(fresh[sheet.name]))


def _parts(book: Path, every: Sequence[RuleFile]) -> list[str]:
    """What tells the sheets of several rule files apart: the rule file's name, without the book's."""
    if len(every) == 1:
        return [""]
    return [Path(one.path).stem.removeprefix(f"{book.stem}.") for one in every]


@contextmanager
def _stopping(path: Path, language: Language) -> Iterator[None]:
    """A refusal of the file at `path` ends the work on it."""
    try:
        yield
    except RefusedError as refused:
        raise _Stopped(UNREADABLE, told(refused, path, language)) from refused


def _some(names: Sequence[str]) -> str:
    return ", ".join([*names[:_SAID], "…"] if len(names) > _SAID else names)
