"""`gkxl check --book DIR` with rules of checks alone: the forms that units sent in, a workbook each, as one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gkxl import diagnostics as d
from gkxl.apps import inputs
from gkxl.apps.inputs import RuleFile
from gkxl.diagnostics import CellRef, Diagnostic, FilePlace, Span, has_errors
from gkxl.model.rules import Rubric
from gkxl.report.findings import Findings
from gkxl.report.overview import Filed, Overview, State
from gkxl.run.listed import listed
from gkxl.run.results import Results
from gkxl.tables import Book
from gkxl.values import name_key


@dataclass
class Collected:
    """What `paths` hold for one rule file. `overview` None: whose forms they are isn't known."""

    findings: list[Findings] = field(default_factory=list)
    overview: Overview | None = None
    unreadable: bool = False


@dataclass
class _Names:
    """The units that owe a form, in the order of their list, and by the key of each of their names which one it is."""

    path: Path
    told: tuple[Diagnostic, ...]  # of the list
    units: list[tuple[str, CellRef | None]]
    by_key: Mapping[str, int]

    def of_file(self, path: Path) -> int | None:
        """The unit whose name is part of the file's; a name within a longer one that is listed too doesn't count."""
        stem = name_key(path.stem)
        there = [key for key in self.by_key if key in stem]
        found = {self.by_key[key] for key in there if not any(key in other for other in there if other != key)}
        return found.pop() if len(found) == 1 else None


def of_forms(rules: RuleFile) -> bool:
    """Whether the rules are checks alone, so that each workbook is somebody's form."""
    rubric = rules.loaded.rubric if rules.loaded else None
    return rubric is not None and rubric.checks_alone


def collect(paths: Sequence[Path], rules: RuleFile) -> Collected:
    """Checks each book; with a 对象 line, the one that holds the list of units is no form, and each form has a unit."""
    assert rules.loaded is not None
    assert rules.loaded.rubric is not None
    rubric, found = rules.loaded.rubric, Collected()
    books = {path: inputs.open_book(path, rubric.language) for path in paths}
    names = None
    if rubric.units is not None:
        names = _list_of(books, rules.path, rubric, found)
        if names is None:
            return found
        del books[names.path]
    filed: dict[int, Filed] = {}
    others: list[Filed] = []
    for path, (book, notes) in books.items():
        one = inputs.score_one(path, book, notes, rules, None)
        found.unreadable |= one.unreadable
        told = [_named(each, path) for each in one.results.diagnostics if each not in rules.diagnostics]
        if names is None:
            others.append(_filed(path.stem, path, one.results, told))
        elif (unit := names.of_file(path)) is None:
            values: dict[str, object] = {"list": str(names.path)}
            told.append(Diagnostic(d.FORM_OF_NOBODY, FilePlace(str(path)), rubric.language, values))
        elif unit in filed:
            values = {"unit": names.units[unit][0], "first": str(filed[unit].path)}
            filed[unit] = replace(filed[unit], state="unchecked")
            told.append(Diagnostic(d.FORM_TWICE, FilePlace(str(path)), rubric.language, values))
        else:
            filed[unit] = _filed(names.units[unit][0], path, one.results, told)
        found.findings.append(Findings(str(path), tuple(told)))
    if names is not None:
        missing = [i for i in range(len(names.units)) if i not in filed]
        told = [
            Diagnostic(d.FORM_MISSING, names.units[i][1], rubric.language, {"unit": names.units[i][0]}) for i in missing
        ]
        found.findings.append(Findings(str(names.path), (*names.told, *told)))
        others = [filed.get(i) or Filed(name, None, "missing") for i, (name, _) in enumerate(names.units)]
    if others:
        found.overview = Overview(rules.path, rubric.language, tuple(others))
    return found


def _named(told: Diagnostic, path: Path) -> Diagnostic:
    """What is told at a place in the rules doesn't say of which workbook it is."""
    if not isinstance(told.place, Span):
        return told
    return replace(told, notes=(*told.notes, f"工作簿:{path}" if told.language == "zh" else f"workbook: {path}"))


def _filed(unit: str, path: Path, results: Results, told: Sequence[Diagnostic]) -> Filed:
    failing = sum(one.holds is False for one in results.checks)
    state: State = "differs" if failing else "unchecked" if has_errors(told) else "agrees"
    return Filed(unit, str(path), state, len(results.checks), failing)


def _list_of(
    books: Mapping[Path, tuple[Book | None, list[Diagnostic]]], rules_path: str, rubric: Rubric, found: Collected
) -> _Names | None:
    """The units of the one book that has their sheet. None, and told, where there isn't one, or nobody is in it."""
    units = rubric.units
    assert units is not None
    key = name_key(units.sheet)
    lists = [p for p, (book, _) in books.items() if book and any(name_key(sheet.name) == key for sheet in book.sheets)]
    if len(lists) != 1:
        code = d.UNITS_LIST_TWICE if lists else d.UNITS_LIST_MISSING
        values: dict[str, object] = {"sheet": units.sheet, "books": ", ".join(map(str, lists))}
        found.findings += [Findings(str(path), tuple(notes)) for path, (book, notes) in books.items() if book is None]
        found.findings.append(Findings(rules_path, (Diagnostic(code, units.span, rubric.language, values),)))
        found.unreadable = any(book is None for book, _ in books.values())
        return None
    book, notes = books[lists[0]]
    assert book is not None
    roster, told = listed(rubric, book)
    all_told = inputs.merged(notes, told)
    if roster is None or not roster.units:
        found.findings.append(Findings(str(lists[0]), all_told))
        return None
    return _Names(lists[0], all_told, [(unit.name, unit.cell) for unit in roster.units], roster.by_key)
