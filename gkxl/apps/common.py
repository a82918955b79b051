"""What the commands share: result sets and findings, told in the format asked for, and the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from gkxl.apps import console
from gkxl.apps.version import version

if TYPE_CHECKING:
    from pathlib import Path

    from gkxl.apps.inputs import RuleFile
    from gkxl.diagnostics import Diagnostic, Language
    from gkxl.periods import Period
    from gkxl.report.findings import Findings
    from gkxl.report.overview import Overview
    from gkxl.run.results import Results

FINE, FOUND, USAGE, UNREADABLE = 0, 1, 2, 3
_NOT_EVERYWHERE = ("lxml", "xlwings")  # not in a browser; in an extra


def print_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        console.out(f"gkxl {version()}\n")
        ctx.exit()


def tell(diagnostics: Iterable[Diagnostic], title: str | None = None) -> None:
    """Diagnostics on standard error, with their summary if some are no mere notes; below `title` if given."""
    found = tuple(diagnostics)
    if not found:
        return
    from gkxl.report.text import paint, render
    from gkxl.report.words import summary

    colour = console.coloured(sys.stderr)
    head = f"{paint(title, '1', colour)}\n" if title else ""
    end = (
        f"{paint(summary(found), '1', colour)}\n"
        if len(found) > 1 and any(one.severity != "note" for one in found)
        else ""
    )
    console.err(f"{head}{render(found, console.columns(), colour)}{end}")


def results(books: Sequence[str], rules: Sequence[str], period: Period | None) -> tuple[list[Results], int]:
    """All result sets and the exit code they make."""
    from gkxl.apps import inputs
    from gkxl.diagnostics import has_errors

    book_paths, problems = inputs.files(books, inputs.BOOKS)
    rule_paths, rule_problems = inputs.files(rules, inputs.RULES)
    tell([*problems, *rule_problems])
    found = []
    code = UNREADABLE if problems or rule_problems else FINE
    for one in inputs.scored(book_paths, rule_paths, period) if not rule_problems else ():
        found.append(one.results)
        code = max(code, UNREADABLE if one.unreadable else FOUND if has_errors(one.results.diagnostics) else FINE)
    return found, code


def of_unit(found: Sequence[Results], unit: str) -> list[Results]:
    """The results of that unit alone; ends the command where there is no such unit."""
    from gkxl.report.grid import language_of, only_unit
    from gkxl.report.unknown import unknown_unit
    from gkxl.values import name_key

    key = name_key(unit)
    units = [u.unit for one in found for period in one.periods for u in period.units]
    if units and key not in map(name_key, units):
        tell([unknown_unit(unit, units, language_of(found[0]))])
        raise click.exceptions.Exit(USAGE)
    return [only_unit(one, key) for one in found]


def tell_period(found: Iterable[Results], asked: Period | None) -> None:
    """Names the period that was chosen where none was asked for and the rules fix none."""
    from gkxl import diagnostics as d
    from gkxl.diagnostics import Diagnostic

    if asked is not None:
        return
    chosen: dict[str, None] = {}
    for one in found:
        if one.rubric is not None and one.rubric.fixed_period is None and one.rubric.period is not None and one.periods:
            values: dict[str, object] = {"period": one.periods[-1].period}
            chosen[Diagnostic(d.PERIOD_CHOSEN, None, one.rubric.language, values).message] = None
    console.err("".join(f"{message}\n" for message in chosen))


def checked_book(path: Path, every: Sequence[RuleFile]) -> tuple[list[Findings], bool]:
    """What is wrong between a book and each of the rules, and whether the book could not be read."""
    from gkxl.apps import inputs
    from gkxl.diagnostics import GkError
    from gkxl.flow import check
    from gkxl.report.findings import Findings

    book, notes = inputs.open_book(path, every[0].language if every else console.language())
    if book is None:
        return [Findings(str(path), tuple(notes))], True
    found, broken = [], False
    for one in every:
        if one.loaded is None or one.loaded.rubric is None:
            continue
        problems: Sequence[Diagnostic]
        try:
            problems = check(one.loaded, book)
        except GkError as error:  # what shows only in the middle of a sheet
            problems, broken = error.diagnostics, True
        told = inputs.merged(notes, problems)
        found.append(Findings(str(path), tuple(d for d in told if d not in one.diagnostics)))
    return found, broken


def tested(rules: RuleFile) -> Findings:
    """The examples of one rule file, run."""
    from gkxl import diagnostics as d
    from gkxl.diagnostics import Diagnostic
    from gkxl.examples import run_examples, unreached
    from gkxl.report.findings import Case, Findings

    loaded, language = rules.loaded, rules.language
    if loaded is None:
        return Findings(rules.path, rules.diagnostics, ())
    cases = []
    foreseen: set[str] = set()  # errors of the rules that an example expects (应报 GK301) are no findings
    for example, one in zip(loaded.file.examples, run_examples(loaded), strict=True):
        failure = None
        if one.passed:
            foreseen |= {expected.value.upper() for expected in example.expected if expected.what == "error"}
        else:
            values: dict[str, object] = {"name": one.name, "expected": one.expected, "got": one.got}
            failure = Diagnostic(d.EXAMPLE_FAILED, one.span, language, values, (one.why,) if one.why else ())
        cases.append(Case(one.name, one.span, one.expected, one.got, one.why, failure, one.diagnostics))
    quiet = tuple(
        Diagnostic(d.RULE_UNREACHED, sentence.span, sentence.language, {"sentence": sentence.text})
        for sentence in unreached(loaded)
    )
    own = tuple(one for one in rules.diagnostics if one.code.number not in foreseen)
    return Findings(rules.path, own, tuple(cases), quiet)


def suggested(every: Sequence[RuleFile], problems: Sequence[Diagnostic]) -> int:
    """Writes examples for each of the rule files; returns the exit code."""
    from gkxl.diagnostics import has_errors
    from gkxl.suggest import suggest

    tell(problems)
    code = UNREADABLE if problems else FINE
    for one in every:
        tell(one.diagnostics)
        code = max(code, UNREADABLE if one.loaded is None else FOUND if has_errors(one.diagnostics) else FINE)
        texts = suggest(one.loaded) if one.loaded is not None else []
        head = [f"# {one.path}"] if len(every) > 1 and texts else []
        console.out("".join(f"{text}\n" for text in [*head, *texts]))
    return code


def finish(
    command: str,
    found: Sequence[Findings],
    problems: Iterable[Diagnostic],
    form: str,
    unreadable: bool,
    language: Language,
    overviews: Sequence[Overview] = (),
) -> int:
    """Writes the findings of check or test to standard output; returns the exit code."""
    from gkxl.diagnostics import has_errors
    from gkxl.report.findings import Findings, to_json

    found = [*found, *(Findings(str(problem.place), (problem,)) for problem in problems)]
    match form:
        case "json":
            console.out(to_json(found, command, console.ascii_only(), overviews))
        case "github":
            from gkxl.report.github import to_github

            console.out(to_github(found, command))
        case "sarif":
            from gkxl.report.sarif import to_sarif

            console.out(to_sarif(found, version(), console.ascii_only()))
        case "junit":
            from gkxl.report.junit import to_junit

            console.out(to_junit(found, command))
        case _:
            for overview in overviews:
                from gkxl.report.overview import render_overview

                console.out(render_overview(overview, console.columns()) + "\n")
            console.out(_as_text(command, found, language))
    every = [diagnostic for one in found for diagnostic in one.all()]
    if unreadable or any(diagnostic in problems for diagnostic in every):
        return UNREADABLE
    return FOUND if has_errors(every) else FINE


def _as_text(command: str, found: Sequence[Findings], language: Language) -> str:
    from gkxl.report.words import summary, word

    every = [diagnostic for one in found for diagnostic in one.all()]
    closing = [summary(every) or word("no findings", language)]
    cases = [case for one in found for case in one.cases or ()]
    if cases or (command == "test" and not every):
        passed = sum(case.failure is None for case in cases)
        closing.insert(0, word("examples", language, n=len(cases), passed=passed))
    end = f"{word('and', language).join(closing)}\n"
    if not every:
        return end  # without what it takes to lay out text: a sound file is checked at once
    from gkxl.report.text import paint, render

    colour, columns = console.coloured(sys.stdout), console.columns()
    parts = []
    for one in found:
        # A cell does not say of which book it is.
        head = f"{paint(one.path, '1', colour)}\n" if len(found) > 2 and one.all() and one.cases is None else ""
        parts.append(head + render(one.all(), columns, colour))
    return "".join(parts) + paint(end, "1", colour)


def failed(error: Exception) -> int:
    """One message for what no command expected: the operating system's errors, and our own bugs."""
    from gkxl import diagnostics as d
    from gkxl.diagnostics import Diagnostic, FilePlace, GkError

    if os.environ.get("GKXL_DEBUG") == "1":
        import traceback

        console.err("".join(traceback.format_exception(error)))
    if isinstance(error, GkError):
        tell(error.diagnostics)
        return FOUND
    if isinstance(error, OSError):
        place = FilePlace(str(error.filename)) if error.filename else None
        tell([Diagnostic(d.SYSTEM_ERROR, place, console.language(), {"what": error.strerror or str(error)})])
        return UNREADABLE
    if isinstance(error, ModuleNotFoundError) and error.name in _NOT_EVERYWHERE:
        tell([Diagnostic(d.LIBRARY_MISSING, None, console.language(), {"library": error.name})])
        return UNREADABLE
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    tell([Diagnostic(d.INTERNAL_ERROR, None, console.language(), {"what": what})])
    return FOUND
