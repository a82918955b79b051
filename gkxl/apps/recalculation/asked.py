"""What `gkxl recalc` is asked for, what the work on one book comes to, and how it ends early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gkxl.apps.common import UNREADABLE
from gkxl.apps.inputs import RuleFile
from gkxl.diagnostics import Diagnostic, GkError, Language
from gkxl.periods import Period
from gkxl.run.results import Results
from gkxl.workbook.package import RefusedError
from gkxl.workbook.read import BookFile, told

_SAID = 10  # units or cells that one message names


@dataclass(frozen=True)
class Asked:
    """What the command line says; `out` is a file, or a folder for the books of a run.

    `functions`: cells with functions are refreshed; `results`: there are result sheets.
    """

    rules: Sequence[RuleFile]
    period: Period | None
    out: Path | None
    in_place: bool
    alone: bool
    keep_going: bool
    drop_signature: bool
    functions: bool = False
    results: bool = True

    def into_book(self, file: BookFile) -> bool:
        """Whether the results go into the book; else they become a file of their own."""
        return file.content.format == "xlsx" and not self.alone


class Outcome(NamedTuple):
    """What one book came to: its share of the exit code, what is to be told, and the results."""

    code: int
    told: Sequence[Diagnostic]
    results: Sequence[Results] = ()


class StoppedError(Exception):
    """Ends the work on one book."""

    def __init__(self, code: int, *told: Diagnostic) -> None:
        super().__init__()
        self.outcome = Outcome(code, told)


@contextmanager
def stopping(path: Path, language: Language) -> Iterator[None]:
    """A refusal of the file at `path` ends the work on it, and so does what shows only while it is read."""
    try:
        yield
    except RefusedError as refused:
        raise StoppedError(UNREADABLE, told(refused, path, language)) from refused
    except GkError as error:
        raise StoppedError(UNREADABLE, *error.diagnostics) from error


def some(names: Sequence[str]) -> str:
    return ", ".join([*names[:_SAID], "…"] if len(names) > _SAID else names)
