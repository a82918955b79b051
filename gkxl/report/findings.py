"""What `gkxl check` and `gkxl test` found, and as JSON. GitHub, SARIF and JUnit have a module each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from gkxl.diagnostics import CellRef, Diagnostic, FilePlace, Span
from gkxl.frozen import dataclass

if TYPE_CHECKING:
    from gkxl.report.overview import Overview


@dataclass(frozen=True, slots=True)
class Case:
    """One example that was run; `failure` is None when it passed."""

    name: str
    place: Span | None
    expected: str
    got: str
    why: str
    failure: Diagnostic | None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """Those of one file (rules, or a workbook under its rules). `cases` None: no examples were asked for."""

    path: str
    diagnostics: tuple[Diagnostic, ...]
    cases: tuple[Case, ...] | None = None
    unreached: tuple[Diagnostic, ...] = ()

    def all(self) -> tuple[Diagnostic, ...]:
        """With the failed examples; what their own diagnostics say is part of why they failed."""
        failed = (case.failure for case in self.cases or () if case.failure)
        return (*self.diagnostics, *failed, *self.unreached)


@dataclass(frozen=True, slots=True)
class Where:
    """A place in the coordinates of a report: lines and columns from 1 in characters, `end_column` excluded."""

    path: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    cell: str | None = None


def where(diagnostic: Diagnostic, path: str) -> Where:
    match diagnostic.place:
        case Span(source, start, end):
            line, column = source.position(start)
            end_line, end_column = source.position(max(end, start))
            return Where(source.path, line, column, end_line, end_column)
        case CellRef():
            return Where(path, cell=str(diagnostic.place))
        case FilePlace(named):
            return Where(named)
        case _:
            return Where(path)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those in a text by their place; the others, which have an order of their own, after them."""
    return sorted(
        diagnostics,
        key=lambda d: (0, d.place.source.path, d.place.start) if isinstance(d.place, Span) else (1, "", 0),
    )


def full(diagnostic: Diagnostic) -> str:
    return "\n".join([diagnostic.message, *diagnostic.notes])


def each(found: Sequence[Findings]) -> Iterator[tuple[Diagnostic, Where]]:
    """All of them with their places."""
    return ((diagnostic, where(diagnostic, one.path)) for one in found for diagnostic in one.all())


def to_json(
    found: Sequence[Findings], command: str, ascii_only: bool = False, overviews: Sequence[Overview] = ()
) -> str:
    """`{"schema": "gkxl.check/1", "files": [{"path": …, "diagnostics": […]}]}`; a test adds examples and unreached.

    A check of a folder of forms adds `overviews`, one for each rule file.
    """
    from gkxl.report.data import Object, diagnostic_object, dumps

    files = []
    for one in found:
        file: Object = {"path": one.path, "diagnostics": [diagnostic_object(d) for d in one.diagnostics]}
        if one.cases is not None:
            file["examples"] = [
                {
                    "name": case.name,
                    "line": case.place.line if case.place else None,
                    "passed": case.failure is None,
                    "expected": case.expected,
                    "got": case.got,
                    "why": case.why,
                    "diagnostics": [diagnostic_object(d) for d in case.diagnostics],
                }
                for case in one.cases
            ]
            file["unreached"] = [diagnostic_object(d) for d in one.unreached]
        files.append(file)
    whole: Object = {"schema": f"gkxl.{command}/1", "files": files}
    if overviews:
        from gkxl.report.overview import overview_object

        whole["overviews"] = [overview_object(one) for one in overviews]
    return dumps(whole, ascii_only)
