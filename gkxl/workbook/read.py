"""A workbook file → `Book`. Which kind of file it is, is told by its content, never by its name."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, FilePlace, GkError, Language
from gkxl.tables import Area, Book, Row
from gkxl.workbook.cells import Stores
from gkxl.workbook.own_sheets import our_sheets
from gkxl.workbook.package import Package, RefusedError
from gkxl.workbook.parts import SheetPart, read_workbook_part
from gkxl.workbook.rows import read_merges, read_rows
from gkxl.workbook.sniff import Content, sniff
from gkxl.workbook.strings import read_strings
from gkxl.workbook.styles import read_styles

MAX_FILE = 256 << 20  # bytes; a workbook is read from memory, so that it cannot change under the reader


def read_book(path: str | Path, *, language: Language = "zh") -> tuple[Book | None, list[Diagnostic]]:
    """Read a workbook: `.xlsx .xlsm .xltx .xltm` exactly and row by row, `.xls .xlsb .ods .et` through calamine.

    Returns no book and one error (GK6xx) if the file is refused. Notes stand both in the list and in the book. What
    shows only in the middle of a sheet is raised by `Sheet.rows` as GkError. `language` is that of all messages.
    """
    try:
        file = open_book(path)
        book = book_of(file, language)
    except RefusedError as refused:
        return None, [told(refused, path, language)]
    return book, list(book.diagnostics)


@dataclass(frozen=True)
class BookFile:
    """A workbook that has been opened; `status` is what its file was then, None if it came from no file."""

    path: Path
    data: bytes
    content: Content
    status: os.stat_result | None = None

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def open_book(path: str | Path) -> BookFile:
    """The bytes of a workbook and what they are; raises RefusedError."""
    data, status = _bytes(Path(path))
    return BookFile(Path(path), data, sniff(data), status)


def book_of(file: BookFile, language: Language, results: bool | None = False, formats: bool = True) -> Book:
    """The workbook in a file that has been opened; raises RefusedError.

    Results that gkxl wrote into it are no data: its sheets are all but these. With `results` they are these alone, with None
    all. Without `formats` the dates and rates of .xlsx are numbers.
    """
    shown = str(file.path)
    notes = tuple(_misnamed(shown, file.content, language))
    if file.content.format == "xlsx":
        book = _open_xlsx(file.content, shown, language, results, formats)
        return replace(book, sha256=file.sha256, diagnostics=notes)
    from gkxl.workbook.legacy import read_legacy

    return Book(shown, file.sha256, read_legacy(file.data, file.content), diagnostics=notes)


_SUFFIXES = {
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
    "xlsb": (".xlsb",),
    "ods": (".ods", ".ots"),
    "xls": (".xls", ".xlt", ".et", ".ett"),
}


def _misnamed(path: str, content: Content, language: Language) -> list[Diagnostic]:
    suffix = Path(path).suffix
    if suffix.lower() in _SUFFIXES[content.format]:
        return []
    values: dict[str, object] = {"suffix": suffix or "-", "format": f".{content.format}"}
    return [Diagnostic(d.FILE_MISNAMED, FilePlace(path), language, values)]


def _bytes(path: Path) -> tuple[bytes, os.stat_result]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # before it is opened: a pipe would wait for its other end
            raise RefusedError(d.FILE_IS_FOLDER)
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size > MAX_FILE:
                mib = f"{status.st_size >> 20} MiB > {MAX_FILE >> 20} MiB"
                raise RefusedError(d.FILE_TOO_LARGE, what=mib)
            data = file.read()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RefusedError(d.FILE_MISSING) from error
    except IsADirectoryError as error:
        raise RefusedError(d.FILE_IS_FOLDER) from error
    except PermissionError as error:  # Windows says this of a folder too
        raise RefusedError(d.FILE_IS_FOLDER if path.is_dir() else d.FILE_FORBIDDEN) from error
    except (OSError, ValueError) as error:
        what = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else str(error)
        raise RefusedError(d.FILE_UNREADABLE, what=what or str(error)) from error
    if not data:
        raise RefusedError(d.FILE_EMPTY)
    return data, status


def told(refused: RefusedError, path: str | Path, language: Language) -> Diagnostic:
    """What a refusal says of the file at `path`."""
    chosen = 0 if language == "zh" else 1
    values: dict[str, object] = {k: v[chosen] if isinstance(v, tuple) else v for k, v in refused.values.items()}
    return Diagnostic(refused.code, refused.cell or FilePlace(str(path)), language, values)


class _XlsxSheet:
    """A worksheet of a package; every call of `rows` streams it anew."""

    def __init__(self, package: Package, sheet: SheetPart, stores: Stores, path: str, language: Language) -> None:
        self.name, self.hidden = sheet.name, sheet.hidden
        self._package, self._part, self._stores = package, sheet.part, stores
        self._path, self._language = path, language
        self._merges: tuple[Area, ...] | None = None
        self.may_hold_errors = False

    def rows(self, columns: Collection[int] | None = None, start: int = 1) -> Iterator[Row]:
        merges: list[Area] = []

        def on_error() -> None:
            self.may_hold_errors = True

        try:
            yield from read_rows(
                self._package, self._part, self.name, self._stores, columns, start, merges=merges, on_error=on_error
            )
        except RefusedError as refused:
            raise GkError([told(refused, self._path, self._language)]) from refused
        self._merges = tuple(merges)

    @property
    def merges(self) -> Sequence[Area]:
        if self._merges is None:
            try:
                self._merges = tuple(read_merges(self._package, self._part, self.name, self._stores))
            except RefusedError as refused:
                raise GkError([told(refused, self._path, self._language)]) from refused
        return self._merges


def _open_xlsx(content: Content, path: str, language: Language, results: bool | None, formats: bool) -> Book:
    package = content.package or Package(b"")
    ours = our_sheets(package)
    workbook = read_workbook_part(package, content.workbook)
    strings = read_strings(package, workbook.strings) if workbook.strings else []
    shapes = read_styles(package, workbook.styles) if workbook.styles and formats else []
    stores = Stores(strings, shapes, workbook.epoch_1904)

    def asked(sheet: str) -> bool:
        return results is None or (sheet in ours) is results

    sheets = (_XlsxSheet(package, sheet, stores, path, language) for sheet in workbook.sheets if asked(sheet.name))
    areas = (area for area in workbook.areas if asked(area.sheet))
    return Book(path, "", tuple(sheets), tuple(areas), (), workbook.names, workbook.epoch_1904)
