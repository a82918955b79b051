"""The whole chain as one pure function: rule text and tables → results and diagnostics. Read this first.

text ─ language.parse_file → tree ─ model.check → rubric ─ run.gather → facts ─ run.interpret → results
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gkxl.diagnostics import NO_RULES, TOO_MANY_ERRORS, UNUSED_TERM, Diagnostic, Language, Source, has_errors
from gkxl.language import tree
from gkxl.language.file import MOST_ERRORS, parse_file
from gkxl.model.check import check as check_file
from gkxl.model.rules import Rubric
from gkxl.periods import Period
from gkxl.tables import Book

if TYPE_CHECKING:
    from gkxl.run.facts import Data
    from gkxl.run.results import CheckResult, PeriodResult, Results


@dataclass(frozen=True)
class Rules:
    """A rule file that has been read and checked. `rubric` is None where it has errors."""

    source: Source
    file: tree.File
    rubric: Rubric | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def sha256(self) -> str:
        """Of the text with its line ends as \\n: a checkout on another system may write them otherwise."""
        import hashlib  # here: it loads a library of its own

        text = self.source.text.replace("\r\n", "\n")
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def load(source: Source) -> Rules:
    """Read and check the text of one rule file."""
    file, told = parse_file(source)
    rubric, found = check_file(file)
    if has_errors(told):  # what a sentence that could not be read would have used is not known
        found = [one for one in found if one.code not in (UNUSED_TERM, NO_RULES)]
    told = _listed(_in_order([*told, *found]), file.language)
    return Rules(source, file, None if has_errors(told) else rubric, tuple(told))


def score(rules: Rules, book: Book, period: Period | None = None) -> Results:
    """Evaluate one rule file over one workbook.

    `period` None: the fixed one, else the latest with data. Units that data errors touch have no total; rules with errors
    give no results at all, only their diagnostics.
    """
    return evaluate(rules, book, period)[0]


def evaluate(rules: Rules, book: Book, period: Period | None = None) -> tuple[Results, Data | None]:
    """The results as `score` gives them, with the facts that they come from (None: nothing could be scored)."""
    from gkxl.run.checks import judge  # here: checking a rule file alone starts without them
    from gkxl.run.gather import gather
    from gkxl.run.interpret import interpret
    from gkxl.run.results import Results

    told = [*rules.diagnostics]
    periods: tuple[PeriodResult, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    rubric, data = rules.rubric, None
    if rubric is not None:
        checks, found = judge(rubric, book)
        told += found
        data, found = gather(rubric, book, period)
        told += found
        if data is not None:
            # Only the cells tell whether a bare column holds numbers or rates; what hangs on that is checked now.
            rubric, found = check_file(rules.file, data.kinds)
            told += [one for one in found if one not in told]
            if rubric is not None:
                periods, found = interpret(rubric, data)
                told += found
    diagnostics = (*told, *book.diagnostics)
    return Results(
        rubric, rules.source.path, rules.sha256, book.path, book.sha256, periods, diagnostics, checks
    ), data if rubric is not None else None


def check(rules: Rules, book: Book) -> list[Diagnostic]:
    """What is wrong with the binding of the rules to a workbook, and with the cells that they read."""
    results = score(rules, book)
    told = [one for one in results.diagnostics if one not in rules.diagnostics]
    if results.rubric is not None and results.rubric.published and results.periods:
        from gkxl.run.published import read_published

        _, _, found = read_published(results.rubric, book, [one.period for one in results.periods])
        told += [one for one in found if one not in told]
    return told


def _listed(told: list[Diagnostic], language: Language) -> list[Diagnostic]:
    """Not more than anybody reads; of very many the errors first."""
    if len(told) <= MOST_ERRORS:
        return told
    first = [one for one in told if one.severity == "error"] or told
    return [*first[:MOST_ERRORS], Diagnostic(TOO_MANY_ERRORS, None, language, {"limit": MOST_ERRORS})]


def _in_order(told: list[Diagnostic]) -> list[Diagnostic]:
    """By place in the file; what has no place comes last."""
    return sorted(told, key=lambda one: getattr(one.place, "start", 1 << 60))
