"""The open workbook recalculated: read from a copy that Excel saves, results into sheets of it, all or nothing.

What is read is a file, so that results are those of `gkxl recalc` to the last digit. Excel keeps the sheets of a workbook apart
from its files, and tells no sheetId; so a second copy is read once the new sheets are in, which also shows whether anything
still refers to the old ones. Until these are deleted, last of all, everything can be undone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gkxl import diagnostics as d
from gkxl.apps import console, inputs
from gkxl.apps.common import FINE, FOUND, UNREADABLE
from gkxl.apps.exchange import Exchange, LeftError, ReferredError
from gkxl.apps.recalculation.asked import Asked, StoppedError
from gkxl.apps.recalculation.results import Made, made_of
from gkxl.apps.recalculation.writing import typed_over, what_is_in
from gkxl.diagnostics import CellRef, Diagnostic, FilePlace, Language, has_errors
from gkxl.periods import parse_period
from gkxl.report.findings import in_order
from gkxl.report.words import summary
from gkxl.workbook.own_sheets import our_sheets, read_old, read_stored
from gkxl.workbook.package import RefusedError
from gkxl.workbook.read import BookFile, open_book, told

if TYPE_CHECKING:
    import xlwings as xw

_SHOWN = 20  # lines in a message box; where there are more, all go into a new workbook


def recalculate(book: xw.Book) -> None:
    """Puts the results into the open workbook, or tells in a message box why not. Raises nothing."""
    try:
        found: Sequence[Diagnostic] = _recalculated(book)
    except StoppedError as stopped:
        found = stopped.outcome.told
    except Exception as error:  # the last resort, as on the command line
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        found = [Diagnostic(d.INTERNAL_ERROR, None, console.language(), {"what": what})]
    _show(book.app, found)


def _recalculated(book: xw.Book) -> Sequence[Diagnostic]:
    if sys.platform == "darwin":
        return [Diagnostic(d.MACRO_NOT_ON_MAC, None, console.language())]
    if book.api.IsAddin:  # imported by hand into an add-in, the macro names that
        if book.app.api.ActiveWorkbook is None:
            return [Diagnostic(d.NO_OPEN_BOOK, None, console.language())]
        book = book.app.books.active
    path = _path(book)
    every = inputs.rules_for(path, ()) if path else []
    language = every[0].language if every else console.language()
    with TemporaryDirectory(prefix="gkxl-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        with book.app.properties(screen_updating=False, display_alerts=False, enable_events=False):
            copy = _copy(book, scratch, language)
            file = replace(copy, path=path or Path(book.name).with_suffix(copy.path.suffix))
            made = _results(file, every, language)
            said = made.told
            rubric = made.results[0].rubric
            language = rubric.language if rubric else language
            at = FilePlace(book.name)
            if made.code != FINE:
                return [*said, Diagnostic(d.OPEN_BOOK_UNCHANGED, at, language)]
            said += typed_over(file, language)
            ours = _ours(book, file, made, language)
            said += _put(book, made, ours, scratch, language)
    if not has_errors(said):
        values: dict[str, object] = {"what": what_is_in(made.results, language)}
        said.append(Diagnostic(d.RESULTS_WRITTEN, at, language, values))
    return said


def _path(book: xw.Book) -> Path | None:
    """Where the workbook lies, with its rules beside it; None if it was never saved, or lies on a server alone."""
    if not book.api.Path:
        return None
    try:
        return Path(book.fullname)
    except Exception:
        # xlwings finds no local folder for an address of OneDrive or SharePoint, and says so in many ways.
        return None


def _copy(book: xw.Book, folder: Path, language: Language) -> BookFile:
    """The workbook as it stands, unsaved changes with it."""
    path = folder / f"copy{Path(book.name).suffix or '.xlsx'}"
    try:
        book.api.SaveCopyAs(str(path))
    except Exception as error:  # of pywin32, which is only there on Windows
        raise StoppedError(FOUND, _refused(error, language)) from error
    try:
        return open_book(path)
    except RefusedError as refused:
        raise StoppedError(UNREADABLE, told(refused, book.name, language)) from refused


def _results(file: BookFile, every: Sequence[inputs.RuleFile], language: Language) -> Made:
    """The results, for the period of those that are in the workbook already."""
    package = file.content.package
    if file.content.format != "xlsx" or package is None:
        values: dict[str, object] = {"format": f".{file.content.format}"}
        raise StoppedError(FOUND, Diagnostic(d.OPEN_BOOK_FORMAT, FilePlace(str(file.path)), language, values))
    stored = read_stored(package)
    period = next((parse_period(one.period) for one in (stored.sets if stored else ()) if one.period), None)
    asked = Asked(every, period, None, in_place=True, alone=False, keep_going=False, drop_signature=False)
    return made_of(file, list(every), asked, period, language)


def _ours(book: xw.Book, file: BookFile, made: Made, language: Language) -> list[str]:
    """The result sheets that are in the workbook; what keeps them from being replaced ends the work on it."""
    package = file.content.package
    assert package is not None
    ours, wanted = our_sheets(package), {name.casefold() for name in made.names}
    code = None
    for sheet in book.api.Sheets:  # charts on sheets of their own too
        if sheet.Name in ours:
            protection = read_old(package, ours[sheet.Name], sheet.Name).protection
            code = d.RESULT_SHEET_PROTECTED if protection.get("sheet") in ("1", "true") else None
        elif sheet.Name.casefold() in wanted:
            code = d.NAME_TAKEN
        if code is not None:
            raise StoppedError(FOUND, Diagnostic(code, CellRef(sheet.Name, 0, 0), language, {"sheet": sheet.Name}))
    return list(ours)


def _put(book: xw.Book, made: Made, ours: Sequence[str], folder: Path, language: Language) -> list[Diagnostic]:
    path = folder / f"{folder.name}.xlsx"  # no two workbooks that are open have one name
    path.write_bytes(made.scratch)
    try:
        exchange = Exchange(book, made.names, ours)
        exchange.insert(path)
        exchange.swap(folder, made.stored)
    except ReferredError:  # to the old sheets
        return [Diagnostic(d.RESULTS_REFERRED, None, language)]
    except Exception as error:
        return [_refused(error, language)]
    try:
        exchange.finish()
    except LeftError as left:
        return [Diagnostic(d.OLD_SHEETS_LEFT, None, language, {"sheets": ", ".join(left.names)})]
    return []


def _refused(error: Exception, language: Language) -> Diagnostic:
    return Diagnostic(d.EXCEL_REFUSED, None, language, {"what": _words(error)})


def _words(error: Exception) -> str:
    """What Excel says; else what the system says. pywin32: a number, the system's words, Excel's six facts or None, a number."""
    match error.args:
        case (_, _, (_, _, str(words), *_), *_) if words:
            return words
        case (int(), str(words), *_):
            return words
    return str(error) or type(error).__name__


def _show(app: xw.App, found: Sequence[Diagnostic]) -> None:
    """A message box; what does not fit goes into a new workbook that nobody need save."""
    lines = [line for one in in_order(found) for line in _lines(one)]
    text = "\n".join(lines[:_SHOWN])
    if len(lines) > _SHOWN:
        sheet = app.books.add().sheets[0]
        sheet.range("A1").options(ndim=2).value = [[f"'{line}"] for line in lines]
        text += f"\n… {summary(found)}"
    app.alert(text, "gkxl", mode="critical" if has_errors(found) else "info")


def _lines(found: Diagnostic) -> list[str]:
    where = f"{found.place}: " if found.place is not None else ""
    return f"{where}{found.code.number} {found.message}".splitlines() + [
        f"    {line}" for note in found.notes for line in note.splitlines()
    ]
