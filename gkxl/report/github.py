"""Findings as GitHub annotations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gkxl.diagnostics import Severity
from gkxl.report.findings import Findings, each, full

_ANNOTATION: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def to_github(found: Sequence[Findings], command: str) -> str:
    """Workflow commands, one a line; GitHub shows them at the line of the file."""
    lines = []
    for diagnostic, where in each(found):
        title = f"gkxl {command} {diagnostic.code.number}"
        properties = {
            "file": Path(where.path).as_posix(),
            "line": where.line,
            "endLine": where.end_line,
            "col": where.column,
            "endColumn": where.end_column if where.end_line == where.line else None,
            "title": f"{title} {where.cell}" if where.cell else title,
        }
        given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None)
        lines.append(f"::{_ANNOTATION[diagnostic.severity]} {given}::{_data(full(diagnostic))}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
