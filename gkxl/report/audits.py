"""An audit as JSON, as text and as a table of what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gkxl.audit.wording import cause_text
from gkxl.report.data import Object, diagnostic_object
from gkxl.report.grid import language_of
from gkxl.report.layout import Column, clean, fit, indent, table
from gkxl.report.text import paint, render
from gkxl.report.words import word
from gkxl.values import shown

if TYPE_CHECKING:
    from gkxl.audit.audits import Audit, Checked, Value


def audit_object(audit: Audit) -> Object:
    """What `gkxl audit --json` prints of one result set."""
    results, language = audit.results, language_of(audit.results)
    return {
        "schema": "gkxl.audit/1",
        "assessment": results.rubric.title if results.rubric else "",
        "rules": {"path": results.rules_path, "sha256": results.rules_sha256},
        "book": {"path": results.book_path, "sha256": results.book_sha256},
        "periods": [str(one.period) for one in results.periods],
        "agree": audit.agree,
        "differ": [_difference(one) for one in audit.differ],
        "causes": [
            {
                "units": list(one.units),
                "what": one.what,
                "kind": one.kind,
                "period": str(one.period),
                "explains": len(one.differences),
                "text": cause_text(one, language),
            }
            for one in audit.causes
        ],
        "diagnostics": [diagnostic_object(one) for one in results.diagnostics],
    }


def _difference(one: Checked) -> Object:
    return {
        "unit": one.unit,
        "period": str(one.period),
        "what": one.what,
        "published": _shown(one.published),
        "computed": _shown(one.computed),
        "cell": str(one.cells[0]) if one.cells else None,
    }


def _shown(value: Value | None) -> str:
    return "" if value is None else value if isinstance(value, str) else shown(value)


def render_all(audits: Sequence[Audit], columns: int, colour: bool, causes: bool) -> str:
    """One after the other; with `causes` as text, else the tables of what differs alone."""
    return "\n".join(_render(one, columns, colour, causes) for one in audits)


def _render(audit: Audit, columns: int, colour: bool, causes: bool) -> str:
    results, language = audit.results, language_of(audit.results)
    periods = ", ".join(str(one.period) for one in results.periods)
    title = f"{results.rubric.title if results.rubric else results.rules_path} {periods}".strip()
    lines = [paint(line, "1", colour) for line in indent(clean(title), columns)]
    if causes and results.periods:
        count = {"agree": audit.agree, "differ": len(audit.differ), "causes": len(audit.causes)}
        lines += indent(word("audited", language, **count), columns)
        for number, one in enumerate(audit.causes, 1):
            lines += indent(clean(cause_text(one, language)), columns, f"{number}. ")
    if audit.differ:
        keys = ("unit", "period", "figure", "published", "computed", "cell")
        headings = [Column(word(key, language), key in ("published", "computed"), 6) for key in keys]
        rows = [
            (
                one.unit, str(one.period), word(one.what, language) if not one.line.of else one.line.of,
                _shown(one.published), _shown(one.computed), str(one.cells[0]) if one.cells else "",
            )
            for one in audit.differ
        ]  # fmt: skip
        lines += ["", *table(headings, rows, fit(headings, rows, columns))]
    told = render(results.diagnostics, columns, colour)
    return "\n".join(lines) + "\n" + (f"\n{told}" if told else "")
