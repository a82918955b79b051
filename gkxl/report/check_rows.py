"""Checks of fixed forms as rows: one for each that does not hold or could not be made, one for all others of its name."""

from __future__ import annotations

from itertools import groupby

from gkxl.diagnostics import Language
from gkxl.report.cells import column_widths, laid_out
from gkxl.report.grid import language_of
from gkxl.report.words import word
from gkxl.run.results import CheckResult, Results
from gkxl.sheets import Look, ResultSheet, Written
from gkxl.values import negate, shown, subtract

HEADS = ("check", "check at", "left", "right", "difference", "check result")
NUMBERS = frozenset(("left", "right", "difference"))


def check_rows(results: Results) -> list[tuple[str, ...]]:
    """The texts of the columns `HEADS`, in the order of the file."""
    language = language_of(results)
    rows: list[tuple[str, ...]] = []
    for _, group in groupby(results.checks, key=lambda one: one.check.span.start):
        every = list(group)
        sound = [one for one in every if one.holds]
        if sound:
            rows.append((sound[0].check.name, _ends(sound), "", "", "", word("holds", language, n=len(sound))))
        rows += [_row(one, language) for one in every if not one.holds]
    return rows


def _ends(every: list[CheckResult]) -> str:
    ends = [every[0].at or "", every[-1].at or ""]
    return "–".join(dict.fromkeys(ends))


def _row(one: CheckResult, language: Language) -> tuple[str, ...]:
    told = word("check unread" if one.holds is None else "check False", language)
    if one.left is None or one.right is None:
        return (one.check.name, one.at or "", "", "", "", told)
    gap = subtract(one.left, one.right)
    return (
        one.check.name,
        one.at or "",
        shown(one.left),
        shown(one.right),
        shown(negate(gap) if gap < 0 else gap),
        told,
    )


def check_sheet(results: Results, name: str) -> ResultSheet:
    """得分汇总 of a book that is only checked."""
    language = language_of(results)
    table = [tuple(Written(word(key, language), Look.HEADER) for key in HEADS)]
    table += [
        tuple(Written(text or None, Look.NAME if at == 0 else Look.PLACE) for at, text in enumerate(row))
        for row in check_rows(results)
    ]
    rubric = results.rubric
    title = rubric.title if rubric is not None and rubric.title else name
    return laid_out(
        name, [title, word("checks", language)], table, column_widths(table, (20, *[9] * 5), (60, *[16] * 5))
    )
