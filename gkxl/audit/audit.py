"""Rules, a workbook and its published figures → what agrees, what differs, and why."""

from __future__ import annotations

from dataclasses import replace

from gkxl.audit.audits import Audit
from gkxl.audit.causes import trace
from gkxl.audit.compare import by_unit, checked, same
from gkxl.diagnostics import NOTHING_PUBLISHED, Diagnostic
from gkxl.flow import Rules, evaluate
from gkxl.periods import Period
from gkxl.run.published import read_published
from gkxl.tables import Book


def audit(rules: Rules, book: Book, period: Period | None = None) -> Audit:
    """Hold what is published against what the rules give, in the period that `score` would choose."""
    results, data = evaluate(rules, book, period)
    rubric = results.rubric
    if (
        rubric is not None and data is not None and not rubric.published
    ):  # rules of checks alone have no periods, either
        nothing = Diagnostic(NOTHING_PUBLISHED, None, rubric.language)
        return Audit(replace(results, diagnostics=(*results.diagnostics, nothing)))
    if rubric is None or data is None or not results.periods:
        return Audit(results)
    asked = results.periods[-1].period
    figures, strangers, told = read_published(rubric, book, [one.period for one in results.periods])
    lines, found = checked(rubric, figures, by_unit(results.periods), asked)
    told = [one for one in (*told, *found) if one not in results.diagnostics]
    differ = tuple(one for one in lines if not same(one.published, one.computed))
    causes = trace(rubric, data, results, lines, strangers)
    results = replace(results, diagnostics=(*results.diagnostics, *told))
    return Audit(results, len(lines) - len(differ), differ, tuple(causes))
