"""Results → the four sheets that a workbook gets: scores, awards, data issues, about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gkxl.diagnostics import Language
from gkxl.periods import Period
from gkxl.report.about_sheet import about_sheet
from gkxl.report.award_sheet import award_sheet, details
from gkxl.report.check_rows import check_sheet
from gkxl.report.grid import language_of
from gkxl.report.issue_sheet import issue_sheet
from gkxl.report.score_sheet import score_sheet
from gkxl.report.words import word
from gkxl.run.results import Results
from gkxl.sheets import ResultSheet

_KEYS = ("sheet scores", "sheet awards", "sheet issues", "sheet about")
_LONGEST = 31  # UTF-16 units of a sheet's name (Excel specifications and limits)
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def result_sheets(
    every: Sequence[Results],
    parts: Sequence[str],
    cells_sha256: Sequence[str] | None = None,
    asked: Period | None = None,
) -> tuple[tuple[ResultSheet, ...], ...]:
    """Four sheets for each result set of one book.

    `parts` are the rule files' own words for their sheets' names, '' for one alone. `cells_sha256`: of the cells that each
    set's rules read. `asked`: the period that was asked for.
    """
    hashes = cells_sha256 if cells_sha256 is not None else [""] * len(every)
    taken: set[str] = set()
    sets = []
    for results, part, sha256 in zip(every, parts, hashes, strict=True):
        scores, awards, issues, about = sheet_names(part, language_of(results), taken)
        every_line = details(results)
        links = {awards: sum(one.links for one in every_line), issues: len(results.diagnostics)}
        notes, rules_row = about_sheet(results, about, (scores, awards, issues), sha256, asked, links)
        sets.append(
            (
                check_sheet(results, scores)
                if results.checks and not results.periods
                else score_sheet(results, scores),
                award_sheet(results, every_line, awards, about, rules_row),
                issue_sheet(results, issues, about, rules_row),
                notes,
            )
        )
    return tuple(sets)


def sheet_names(part: str, language: Language, taken: set[str]) -> tuple[str, ...]:
    """The names of a set's sheets, none of them among those `taken` (casefolded), to which they are added."""
    names = []
    for key in _KEYS:
        base = word(key, language)
        tail = f"-{_NOT_IN_NAMES.sub('_', part)}" if part else ""
        name, number = _cut(base + tail, ""), 2
        while name.casefold() in taken:
            name, number = _cut(base + tail, f"-{number}"), number + 1
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def _cut(name: str, end: str) -> str:
    """`name` and `end` within what a sheet's name may have; no ' at its end."""
    room = _LONGEST - len(end)
    while sum(2 if char > "\uffff" else 1 for char in name) > room:
        name = name[:-1]
    return name.rstrip("' ") + end
