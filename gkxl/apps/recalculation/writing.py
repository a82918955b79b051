"""Results into a workbook: a copy of it, another file, or itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from gkxl import diagnostics as d
from gkxl.apps.common import FINE, FOUND, UNREADABLE
from gkxl.apps.recalculation.asked import Asked, Outcome, StoppedError, some, stopping
from gkxl.apps.recalculation.results import Begun, Made, made_of
from gkxl.apps.recalculation.targets import earlier_copy, stored_in
from gkxl.apps.version import version
from gkxl.diagnostics import CellRef, Diagnostic, FilePlace, Language, has_errors
from gkxl.report.words import word
from gkxl.run.cells_read import sheet_sha256
from gkxl.run.results import Results
from gkxl.workbook.graft import Grafted, graft, without_sheets
from gkxl.workbook.own_sheets import refuse_others
from gkxl.workbook.read import BookFile, book_of
from gkxl.workbook.save import Fingerprint, save
from gkxl.workbook.verify import verify


def written(begun: Begun, asked: Asked, taken: dict[Path, Path]) -> Outcome:
    """Writes the results of a book; `taken` has the targets of the books before it."""
    path, file, language, target = begun.path, begun.file, begun.language, begun.target
    at = FilePlace(str(target))
    if (first := taken.setdefault(target, path)) != path:
        raise StoppedError(FOUND, Diagnostic(d.TARGET_TWICE, at, language, {"first": first, "second": path}))
    same = target == path or (target.exists() and target.samefile(path))
    there = file if same else earlier_copy(target, language)
    functions = begun.functions
    made = made_of(functions.file, begun.every, asked, asked.period, language, bool(functions.worked))
    code, said, results = made.code, made.told, made.results
    if code != FINE and not (asked.keep_going and code == FOUND and all(one.periods or one.checks for one in results)):
        if code == FOUND:
            said.append(Diagnostic(d.NOTHING_WRITTEN, at, language))
        return Outcome(code, [*said, *functions.told], results)
    if same and made.scored:
        said += typed_over(file, language)
    with stopping(path, language):
        grafted = grafted_into(begun, made, asked, same)
        grafted, functions = functions.after(grafted, made.names, language)
    said += [*functions.told, *(replace(note, place=at) for note in left_out(made, language))]
    said += [Diagnostic(note, at, language) for note in grafted.notes]
    code = max(code, FOUND if functions.refused else FINE)
    if (grafted.unchanged and same) or (there is not None and _holds(there, grafted)):
        return Outcome(code, [*said, Diagnostic(d.RESULTS_UNCHANGED, at, language)], results)
    fingerprint = Fingerprint(there.status, there.sha256) if there is not None and there.status is not None else None
    original = file.data if asked.into_book(file) else None
    found = save(
        target, grafted.pieces, read=fingerprint, check=lambda new: verify(original, grafted, new), language=language
    )
    if has_errors(found):
        return Outcome(UNREADABLE, [*said, *found], results)
    if results:
        said.append(Diagnostic(d.RESULTS_WRITTEN, at, language, {"what": what_is_in(results, language)}))
    if functions.worked:
        counts: dict[str, object] = {
            "formulas": sum(one.rows is not None for one in functions.worked),
            "cells": len(functions.changed),
        }
        said.append(Diagnostic(d.FUNCTIONS_REFRESHED, at, language, counts))
    return Outcome(code, [*said, *found], results)


def grafted_into(begun: Begun, made: Made, asked: Asked, same: bool) -> Grafted:
    """The book with its results, or a file of these alone; raises RefusedError."""
    file = begun.functions.file
    original = file.data if asked.into_book(file) else None
    if original is not None and not made.scored:
        return without_sheets(original, None if same else version(), drop_signature=asked.drop_signature)
    stored = replace(made.stored, copied=not same)
    return graft(original, made.scratch, made.names, stored, drop_signature=asked.drop_signature)


def what_is_in(results: Sequence[Results], language: Language) -> str:
    """What was written: how many units in which periods, how many checks."""
    last = [one.periods[-1] for one in results if one.periods]
    units = {unit.unit for period in last for unit in period.units}
    periods = ", ".join(dict.fromkeys(str(period.period) for period in last))
    checks = sum(len(one.checks) for one in results)
    texts = [word("units written", language, n=len(units), periods=periods)] if last else []
    return word("comma", language).join(texts + ([word("checks written", language, n=checks)] if checks else []))


def typed_over(file: BookFile, language: Language) -> list[Diagnostic]:
    """Tells of results that somebody typed over: they are made anew. What stands beside or below them, or was put on them,
    would be lost with them, and ends the work on the book.
    """
    stored = stored_in(file, language)
    areas = {sheet.name: sheet for one in (stored.sets if stored else ()) for sheet in one.sheets}
    found, typed = [], []
    with stopping(file.path, language):
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
                values: dict[str, object] = {"sheet": sheet.name, "cells": some([cell.a1 for cell in cells])}
                found.append(Diagnostic(d.SHEET_WRITTEN_INTO, cells[0], language, values))
            elif area.sha256 and area.sha256 != sheet_sha256(sheet):
                place = CellRef(sheet.name, 0, 0)
                typed.append(Diagnostic(d.SHEET_TYPED_OVER, place, language, {"sheet": sheet.name}))
    if found:
        raise StoppedError(FOUND, *found)
    return typed


def _holds(file: BookFile, grafted: Grafted) -> bool:
    """Whether a file holds these very bytes."""
    at = 0
    for piece in grafted.pieces:
        if file.data[at : at + len(piece)] != piece:
            return False
        at += len(piece)
    return at == len(file.data)


def left_out(made: Made, language: Language) -> Iterator[Diagnostic]:
    """Names the units that data errors left without a total."""
    units = dict.fromkeys(
        unit.unit for one in made.scored for period in one.results.periods for unit in period.units if unit.unscored
    )
    if units:
        yield Diagnostic(d.UNITS_LEFT_OUT, None, language, {"count": len(units), "units": some(list(units))})
