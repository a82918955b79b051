"""The books of a run, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gkxl.apps import console, inputs
from gkxl.apps.common import FINE, UNREADABLE, finish, tell, tell_period
from gkxl.apps.recalculation.asked import Asked, Outcome, StoppedError, stopping
from gkxl.apps.recalculation.checking import checked
from gkxl.apps.recalculation.functions import refreshed
from gkxl.apps.recalculation.results import Begun
from gkxl.apps.recalculation.targets import refuse_copy, target_of
from gkxl.apps.recalculation.writing import written
from gkxl.report.findings import Findings
from gkxl.workbook.read import open_book


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
            outcome = _worked(path, asked, check, taken)
        except StoppedError as stopped:
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


def _worked(path: Path, asked: Asked, check: bool, taken: dict[Path, Path]) -> Outcome:
    every = inputs.rules_for(path, asked.rules)
    language = every[0].language if every else console.language()
    with stopping(path, language):
        file = open_book(path)
    refuse_copy(path, file, asked, language)
    target = target_of(path, file, asked, language)
    with stopping(path, language):
        begun = Begun(path, every, language, file, target, refreshed(file, asked, language))
    if not asked.results and not begun.functions.worked:
        return Outcome(FINE, begun.functions.told)
    return checked(begun, asked) if check else written(begun, asked, taken)
