"""Rule files and workbooks by their path: what `import gkxl` offers, and how the commands open rule files."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from codecs import BOM_UTF8
from pathlib import Path

from gkxl import diagnostics as d
from gkxl import tables
from gkxl.diagnostics import Diagnostic, FilePlace, GkError, Language, Source
from gkxl.flow import Rules
from gkxl.flow import load as load_source
from gkxl.language.source import LARGEST, decode


def read_rules(path: str | Path, language: Language = "zh") -> tuple[Source | None, list[Diagnostic]]:
    """The text of the rule file at `path`; `language` is that of the messages where there is none."""
    place = FilePlace(str(path))
    try:
        with Path(path).open("rb") as file:
            data, size = file.read(LARGEST + 1), os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return None, [Diagnostic(d.NO_RULE_FILE, place, language)]
    except OSError as error:
        return None, [Diagnostic(d.RULES_UNREADABLE, place, language, {"why": error.strerror or str(error)})]
    return decode(data, str(path), language, size)


def write_rules(path: Path, text: str) -> None:
    """Puts new text into a rule file, in one step: whatever happens, the file is the old one or the new one, whole.

    A BOM stays, and a link stays a link to the file that is written. Raises OSError; a file marked read-only is left alone.
    """
    target = path.resolve()
    if not target.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    with target.open("rb") as file:
        mark = BOM_UTF8 if file.read(3) == BOM_UTF8 else b""
    handle, beside = tempfile.mkstemp(".tmp", f".{target.name}.", target.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(mark + text.encode())
            new.flush()
            os.fsync(handle)
        shutil.copymode(target, beside)
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def load(rules: str | Path) -> Rules:
    """Rules from a `.gk` file (a Path, or text that is one line and ends in .gk) or from the rule text itself.

    Raises GkError where the file cannot be read. Errors of the rules are in the result's `diagnostics`.
    """
    if isinstance(rules, Path) or ("\n" not in rules and rules.strip().endswith(".gk")):
        source, told = read_rules(rules)
        if source is None:
            raise GkError(told)
        return load_source(source)
    return load_source(Source("rules", rules))


class Book(tables.Book):
    """A workbook. Made by `Book.read(path)`."""

    @classmethod
    def read(cls, path: str | Path) -> tables.Book:
        """Open an `.xlsx`, `.xlsm`, `.xls`, `.xlsb` or `.ods` file. Raises GkError where it is refused."""
        from gkxl.workbook.read import read_book  # here: a rule file alone is read without it

        book, told = read_book(path)
        if book is None:
            raise GkError(told)
        return book
