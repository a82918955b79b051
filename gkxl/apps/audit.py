"""`gkxl audit`: published figures of workbooks held against those that the rules give."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from gkxl.apps import console, inputs
from gkxl.apps.common import FINE, FOUND, UNREADABLE, tell, tell_period
from gkxl.audit.audit import audit
from gkxl.audit.audits import Audit
from gkxl.diagnostics import GkError, has_errors
from gkxl.periods import Period
from gkxl.report.audits import audit_object, render_all
from gkxl.report.data import dumps
from gkxl.run.results import Results


def audit_books(books: Sequence[str], rules: Sequence[str], period: Period | None, form: str) -> int:
    """Writes the audits to standard output; returns the exit code."""
    paths, problems = inputs.files(books, inputs.BOOKS)
    rule_paths, rule_problems = inputs.files(rules, inputs.RULES)
    tell([*problems, *rule_problems])
    code = UNREADABLE if problems or rule_problems else FINE
    found: list[Audit] = []
    for path in paths if not rule_problems else ():
        for book, notes, one in inputs.sets(path, [inputs.read(each) for each in rule_paths]):
            told = inputs.merged(one.diagnostics, notes)
            result = None
            if book is not None and one.loaded is not None:
                try:
                    result = audit(one.loaded, book, period)
                except GkError as error:  # what shows only in the middle of a sheet
                    told = inputs.merged(told, error.diagnostics)
            if result is None:
                code = UNREADABLE
                result = Audit(Results(None, one.path, "", str(path), "", (), ()))
            diagnostics = inputs.merged(told, result.results.diagnostics)
            found.append(replace(result, results=replace(result.results, diagnostics=diagnostics)))
            code = max(code, FOUND if result.differ or has_errors(diagnostics) else FINE)
    tell_period([one.results for one in found], period)
    if form == "json":
        objects = [audit_object(one) for one in found]
        console.out(dumps(objects[0] if len(objects) == 1 else objects, console.ascii_only()))
    else:
        console.out(render_all(found, console.columns(), console.coloured(sys.stdout), form == "text"))
    return code
