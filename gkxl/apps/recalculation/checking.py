"""The results that stand in a workbook against those that rules and data give now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gkxl import diagnostics as d
from gkxl.apps.common import FINE, FOUND, UNREADABLE
from gkxl.apps.recalculation.asked import Asked, Outcome, StoppedError, stopping
from gkxl.apps.recalculation.functions import stale_in
from gkxl.apps.recalculation.results import Begun, Made, made_of
from gkxl.apps.recalculation.targets import stored_in
from gkxl.apps.recalculation.writing import grafted_into
from gkxl.diagnostics import CellRef, Diagnostic, FilePlace, Language, has_errors
from gkxl.periods import parse_period
from gkxl.report.stale import differences
from gkxl.sheets import Stored
from gkxl.tables import Sheet
from gkxl.workbook.read import book_of, open_book


def checked(begun: Begun, asked: Asked) -> Outcome:
    """Holds what is stored in the book, or in its copy, against what is true now."""
    path, file, language, target = begun.path, begun.file, begun.language, begun.target
    if asked.out is None and stored_in(file, language) is not None:
        target = path
    with stopping(target, language):
        holder = file if target == path else open_book(target) if target.exists() else None
    stored = stored_in(holder, language) if holder is not None else None
    missing = StoppedError(FOUND, Diagnostic(d.NO_STORED_RESULTS, FilePlace(str(target)), language))
    if stored is None and not begun.functions.worked:
        raise missing
    before = next((parse_period(one.period) for one in stored.sets if one.period), None) if stored else None
    functions = begun.functions
    made = made_of(functions.file, begun.every, asked, asked.period or before, language, bool(functions.worked))
    if made.code == UNREADABLE:
        return Outcome(made.code, made.told)
    if holder is None and not made.scored and asked.out is None:
        target, holder = path, file  # functions alone stand in the book itself
    if holder is None or (stored is None and made.scored):
        raise missing
    with stopping(target, language):
        if functions.reads(made.names) and (made.code == FINE or asked.keep_going):
            _, functions = functions.after(grafted_into(begun, made, asked, target == path), made.names, language)
        there = {sheet.name: sheet for sheet in book_of(holder, language, results=True).sheets}
        found = [*_differences(stored, there, made, language), *stale_in(holder, functions, language)]
    at = FilePlace(str(target))
    found = [replace(one, place=one.place or at) for one in found]
    old = has_errors(found)
    said = [
        *made.told,
        *functions.told,
        *found,
        Diagnostic(d.RESULTS_STALE if old else d.RESULTS_CURRENT, at, language),
    ]
    chosen = [one.results for one in made.scored if before is None]
    return Outcome(max(made.code, FOUND) if old or functions.refused else made.code, said, chosen)


def _differences(
    stored: Stored | None, there: Mapping[str, Sheet], made: Made, language: Language
) -> Iterator[Diagnostic]:
    if stored is None or not made.scored:
        return
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
