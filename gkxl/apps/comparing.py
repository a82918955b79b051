"""`gkxl compare`: two rule files over one workbook, or two workbooks under one rule file, held against each other."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from gkxl import diagnostics as d
from gkxl.apps import console, inputs
from gkxl.apps.common import FINE, FOUND, UNREADABLE, tell, tell_period
from gkxl.apps.inputs import Scored
from gkxl.diagnostics import Diagnostic, FilePlace, Language, has_errors
from gkxl.periods import Period
from gkxl.report.moves import Comparison
from gkxl.report.moves import compare as held_against

_STARTS = (b"PK", b"\xd0\xcf\x11\xe0")  # zipped workbooks; compound files, which .xls and encrypted ones are


def compare_files(old: Path, new: Path, other: Path, period: Period | None, form: str) -> int:
    """Prints what moves in the form asked for; returns the exit code."""
    scored = _scored(old, new, other, period)
    found = held_against(*(one.results for one in scored))
    told = list(inputs.merged(*(one.results.diagnostics for one in scored)))
    code = UNREADABLE if any(one.unreadable for one in scored) else FOUND if has_errors(told) else FINE
    if code != UNREADABLE and not found.periods and all(one.results.periods for one in scored):
        told.append(_apart(found, new))
        code = FOUND
    tell(told)
    tell_period([found.new] if found.periods else [], period)
    if form == "json":
        from gkxl.report.data import dumps
        from gkxl.report.moved_data import moves_object

        console.out(dumps(moves_object(found), console.ascii_only()))
    elif not (found.periods or found.old.checks or found.new.checks):
        pass  # why is told
    elif form == "markdown":
        from gkxl.report.moved_text import moves_markdown

        console.out(moves_markdown(found))
    else:
        from gkxl.report.moved_text import moves_text

        console.out(moves_text(found, console.columns(), console.coloured(sys.stdout)))
    return max(code, FOUND if found.moves else FINE)


def _scored(old: Path, new: Path, other: Path, period: Period | None) -> list[Scored]:
    kinds = [_is_book(path) for path in (old, new, other)]
    if kinds == [False, False, True]:
        rules = [inputs.read(old), inputs.read(new)]
        pairs = [(other, one) for one in rules]
    elif kinds == [True, True, False]:
        one = inputs.read(other)
        rules, pairs = [one], [(old, one), (new, one)]
    else:
        named = ", ".join(
            f"{path}: {'a workbook 工作簿' if is_book else 'rules 规则'}"
            for path, is_book in zip((old, new, other), kinds, strict=True)
        )
        raise click.UsageError(
            "Name two rule files and then a workbook, or two workbooks and then a rule file. "
            f" 请先写两个规则文件再写工作簿,或先写两个工作簿再写规则文件。 ({named})"
        )
    books = {path: inputs.open_book(path, rules[0].language) for path in dict.fromkeys(path for path, _ in pairs)}

    def score(asked: Period | None) -> list[Scored]:
        return [inputs.score_one(path, *books[path], one, asked) for path, one in pairs]

    scored = score(period)
    if period is None and (common := _common(scored)) is not None:
        return score(common)
    return scored


def _is_book(path: Path) -> bool:
    """By what is in it; a file that is not there or is something else, by its name."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError:
        start = b""
    return start.startswith(_STARTS) or path.suffix.lower() in inputs.BOOKS


def _common(scored: Sequence[Scored]) -> Period | None:
    """Where the latest periods with data differ, the earlier one; a period that the rules fix is not for us to choose."""
    if any(one.results.rubric is None or one.results.rubric.fixed_period is not None for one in scored):
        return None
    latest = [one.results.periods[-1].period for one in scored if one.results.periods]
    if len(latest) < 2 or latest[0] == latest[1] or latest[0].kind is not latest[1].kind:
        return None
    return min(latest)


def _apart(found: Comparison, path: Path) -> Diagnostic:
    """There is no period that both have results of."""
    language: Language = found.new.rubric.language if found.new.rubric is not None else console.language()
    old, new = (", ".join(str(one.period) for one in side.periods) for side in (found.old, found.new))
    return Diagnostic(d.PERIODS_APART, FilePlace(str(path)), language, {"old": old, "new": new})
