"""Findings as SARIF 2.1.0 (OASIS), for code scanning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from gkxl.report.data import Object, dumps
from gkxl.report.findings import Findings, each, full


def to_sarif(found: Sequence[Findings], version: str, ascii_only: bool = False) -> str:
    """SARIF 2.1.0: one run, a rule per code that was found."""
    codes = list({d.code.number: d.code for d, _ in each(found)}.values())
    results: list[Object] = []
    for diagnostic, where in each(found):
        physical: Object = {"artifactLocation": {"uri": _uri(where.path)}}
        if where.line is not None:
            physical["region"] = {
                "startLine": where.line,
                "startColumn": where.column,
                "endLine": where.end_line,
                "endColumn": where.end_column,
            }
        location: Object = {"physicalLocation": physical}
        if where.cell:
            location["logicalLocations"] = [{"fullyQualifiedName": where.cell}]
        results.append(
            {
                "ruleId": diagnostic.code.number,
                "ruleIndex": codes.index(diagnostic.code),
                "level": diagnostic.severity,
                "message": {"text": full(diagnostic)},
                "locations": [location],
            }
        )
    driver: Object = {
        "name": "gkxl",
        "version": version,
        "rules": [
            {
                "id": code.number,
                "name": code.name,
                "shortDescription": {"text": code.name.replace("-", " ")},
                "defaultConfiguration": {"level": code.severity},
            }
            for code in codes
        ],
    }
    run: Object = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return dumps(
        {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}, ascii_only
    )


def _uri(path: str) -> str:
    """A relative reference for a relative path, else a file URI."""
    given = Path(path)
    return given.as_uri() if given.is_absolute() else quote(given.as_posix())
