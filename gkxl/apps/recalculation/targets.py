"""Where results go, and what stands there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from gkxl import diagnostics as d
from gkxl.apps import inputs
from gkxl.apps.common import FOUND
from gkxl.apps.recalculation.asked import Asked, StoppedError, stopping
from gkxl.diagnostics import Diagnostic, FilePlace, Language
from gkxl.sheets import Stored
from gkxl.workbook.own_sheets import read_stored, untouched_copy
from gkxl.workbook.package import RefusedError
from gkxl.workbook.read import BookFile, open_book

_EXACT = (".xlsx", ".xlsm", ".xltx", ".xltm")  # what results can be written into


def refuse_copy(path: Path, file: BookFile, asked: Asked, language: Language) -> None:
    """A copy with results is no book to be scored into another copy; its book is."""
    stem = path.stem.removesuffix(inputs.SCORED)
    if asked.in_place or stem == path.stem:
        return
    package = file.content.package
    if package is not None and untouched_copy(package):
        values: dict[str, object] = {"book": f"{stem}{path.suffix}"}
        raise StoppedError(FOUND, Diagnostic(d.BOOK_IS_COPY, FilePlace(str(path)), language, values))


def target_of(path: Path, file: BookFile, asked: Asked, language: Language) -> Path:
    """The file that the results go into; what cannot be it ends the work on the book."""
    exact = asked.into_book(file)
    suffix = path.suffix if exact and path.suffix.lower() in _EXACT else ".xlsx"
    if asked.in_place:
        if not exact:
            values: dict[str, object] = {"format": f".{file.content.format}"}
            raise StoppedError(FOUND, Diagnostic(d.RESULTS_APART, FilePlace(str(path)), language, values))
        return path
    if asked.out is None:
        return path.with_name(f"{path.stem}{inputs.SCORED}{suffix}")
    if asked.out.is_dir():
        return asked.out / f"{path.stem}{suffix}"
    if asked.out.suffix.lower() != suffix.lower():
        raise StoppedError(FOUND, Diagnostic(d.TARGET_SUFFIX, FilePlace(str(asked.out)), language, {"suffix": suffix}))
    return asked.out


def earlier_copy(target: Path, language: Language) -> BookFile | None:
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
    raise StoppedError(FOUND, Diagnostic(code, FilePlace(str(target)), language))


def stored_in(file: BookFile, language: Language) -> Stored | None:
    """What a file says about the results in it."""
    with stopping(file.path, language):
        return read_stored(file.content.package) if file.content.package is not None else None
