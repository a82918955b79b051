"""Rule files and workbooks by their path: what `import gkxl` offers, and how the commands open rule files."""

from __future__ import annotations

import os
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


def write_rules(old: Source, text: str, language: Language = "zh") -> list[Diagnostic]:
    """Puts `text` in place of what `read_rules` gave as `old`, in one step; a BOM stays, and a link stays a link.

    Returns an error if nothing was written, such as for a file that was changed since, and warnings where it was.
    """
    from gkxl.workbook.package import RefusedError  # here: most commands write no file
    from gkxl.workbook.read import told
    from gkxl.workbook.save import CHANGED, Fingerprint, save

    path = Path(old.path)
    try:
        with path.open("rb") as file:
            status, data = os.fstat(file.fileno()), file.read(LARGEST + 1)
    except OSError as error:
        return [Diagnostic(d.RULES_UNREADABLE, FilePlace(old.path), language, {"why": error.strerror or str(error)})]
    now, _ = decode(data, old.path, language)
    if now is None or now.text != old.text:
        return [told(RefusedError(d.SAVE_CHANGED, what=CHANGED), path, language)]
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
    read = Fingerprint.of(status, data)
    return save(path, [mark + text.encode()], read=read, language=language)


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
