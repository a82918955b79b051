"""`gkxl textconv`: a workbook as text, for `git diff`."""

from __future__ import annotations

from pathlib import Path

from gkxl.apps import console, inputs
from gkxl.apps.common import FINE, UNREADABLE, tell
from gkxl.diagnostics import GkError
from gkxl.report.book_text import book_lines


def print_book(path: Path) -> int:
    """Prints it, or why it cannot be read; returns the exit code."""
    book, told = inputs.open_book(path, console.language())
    if book is None:
        tell(told)
        return UNREADABLE
    try:
        console.out("".join(f"{line}\n" for line in book_lines(book)))
    except GkError as error:  # what shows only in the middle of a sheet
        tell(error.diagnostics)
        return UNREADABLE
    return FINE
