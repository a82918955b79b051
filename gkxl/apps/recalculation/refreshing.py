"""Cells whose formula is one function of gkxl: worked out, and stored in the book."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from inspect import signature
from itertools import zip_longest
from pathlib import Path

from gkxl import diagnostics as d
from gkxl.apps.recalculation.functions import Refreshed
from gkxl.apps.version import version
from gkxl.diagnostics import CellRef, Diagnostic, Language
from gkxl.functions.answers import Answer, Plain
from gkxl.functions.arguments import Argument, rules_path
from gkxl.functions.core import Functions
from gkxl.functions.dependents import Readers
from gkxl.functions.formula import MARKS, mentions_call
from gkxl.functions.recalculation import Worked, alike, recalculated
from gkxl.functions.references import Grid, Range, UnresolvedError
from gkxl.report.facts import areas_of
from gkxl.report.words import word
from gkxl.run.facts import Cells
from gkxl.run.reading import cell_text
from gkxl.tables import Cell
from gkxl.workbook.archive import Content, assemble
from gkxl.workbook.files import read_rules
from gkxl.workbook.formulas import FormulaCell, formula_cells
from gkxl.workbook.package import Package
from gkxl.workbook.parts import read_workbook_part
from gkxl.workbook.patch import with_load_calculation, with_values
from gkxl.workbook.read import BookFile, book_of
from gkxl.workbook.sniff import sniff

_MOST = 20  # stale formulas that are told one by one
_LONGEST = 60  # characters of a value in a message


def refresh(file: BookFile, language: Language, before: frozenset[CellRef] = frozenset()) -> Refreshed:
    """Works out the functions of a book and stores what they give. `before` are cells that an earlier pass has changed."""
    package = file.content.package or Package(b"")
    parts = {sheet.name: sheet.part for sheet in read_workbook_part(package, file.content.workbook).sheets}
    formulas = _formulas(package, parts, MARKS, mentions_call)
    if not formulas:
        return Refreshed(file)
    book = book_of(file, language, results=None, formats=False)
    others = Readers(_formulas(package, parts, (b"f>", b"f "), lambda text: not mentions_call(text)), book)
    worked = recalculated(formulas, others, book, _caller(file.path.parent, language))
    stored = Grid(book, [one.cells for one in worked])
    values: dict[str, dict[int, dict[int, Cell]]] = {}
    changed = {place: cell for one in worked for place, cell in one.each() if not alike(stored.cell(place), cell)}
    for place, cell in changed.items():
        values.setdefault(parts[place.sheet], {}).setdefault(place.row, {})[place.column] = cell
    every = before | changed.keys()
    told = _told(worked, others.of([Range.of(place) for place in every]), language)
    if not changed:
        return Refreshed(file, worked, frozenset(), every, told)
    main = file.content.workbook
    replaced: dict[str, Content] = {part: with_values(package, part, cells) for part, cells in values.items()}
    content = package.read(main)
    calculating = with_load_calculation(content, main)
    replaced |= {main: calculating} if calculating != content else {}
    data = b"".join(assemble(package, replaced, {}, ()))
    return Refreshed(replace(file, data=data, content=sniff(data)), worked, frozenset(replaced), every, told)


def _formulas(
    package: Package, parts: Mapping[str, str], marks: Sequence[bytes], wanted: Callable[[str], bool]
) -> list[tuple[str, FormulaCell]]:
    return [(name, cell) for name, part in parts.items() for cell in formula_cells(package, part, name, marks, wanted)]


def stale(worked: Sequence[Worked], holder: BookFile, language: Language) -> Iterator[Diagnostic]:
    """The formulas whose values in the file `holder` are other ones. Raises RefusedError and GkError."""
    stored = Grid(book_of(holder, language, results=None, formats=False), [one.cells for one in worked])
    differ = []
    for one in worked:
        found = next((found for found in one.each() if not alike(stored.cell(found[0]), found[1])), None)
        if found is not None:
            differ.append(found)
    nothing = word("nothing stored", language)
    for place, cell in differ[:_MOST]:
        old, new = _apart(cell_text(stored.cell(place)), cell_text(cell))
        what = word("stored", language, what=word("value", language), old=old or nothing, new=new or nothing)
        yield Diagnostic(d.FUNCTION_STALE, place, language, {"what": what})
    if len(differ) > _MOST:
        yield Diagnostic(d.RESULTS_MORE, None, language, {"rows": len(differ) - _MOST})


def _apart(old: str, new: str) -> tuple[str, str]:
    """The first lines in which two texts differ, cut to what a message takes."""
    lines = zip_longest(old.split("\n"), new.split("\n"), fillvalue="")
    first, second = next((pair for pair in lines if pair[0] != pair[1]), (old, new))
    return _short(first), _short(second)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _told(worked: Sequence[Worked], others: Sequence[Range], language: Language) -> list[Diagnostic]:
    """What could not be worked out, did not fit, or is no value but a refusal; neighbours of one reason in one."""
    zh = language == "zh"
    found: list[Diagnostic] = []
    unknown: dict[tuple[str, str], list[CellRef]] = {}
    refused: dict[tuple[str, str], list[CellRef]] = {}
    for one in worked:
        place = one.place
        if one.why is not None:
            unknown.setdefault((place.sheet, one.why.zh if zh else one.why.en), []).append(place)
        if one.refusal:
            refused.setdefault((place.sheet, one.refusal), []).append(place)
        if one.cut:
            top, left, bottom, right = one.cells.area
            given = word("area", language, rows=one.size[0], columns=one.size[1])
            held = word("area", language, rows=bottom - top + 1, columns=right - left + 1)
            found.append(Diagnostic(d.FUNCTION_CUT, place, language, {"given": given, "held": held}))
    why = "它们是别的公式,所读的值变了" if zh else "they are other formulas, and what they read has changed"
    for cells in others:
        unknown.setdefault((cells.sheet, why), []).append(cells.first)
    for (_, why), places in unknown.items():
        values: dict[str, object] = {"cells": _listed(places), "why": why}
        found.append(Diagnostic(d.FUNCTION_NOT_RECALCULATED, places[0], language, values))
    for (_, text), places in refused.items():
        found.append(Diagnostic(d.FUNCTION_REFUSED, places[0], language, {"cells": _listed(places), "text": text}))
    return found


def _listed(places: Sequence[CellRef]) -> str:
    """All of some cells of one sheet, neighbours as areas."""
    columns: dict[int, list[int]] = {}
    for place in places:
        columns.setdefault(place.column, []).append(place.row)
    cells = [Cells(places[0].sheet, column, rows) for column, rows in columns.items()]
    return ", ".join(target.a1 for target in areas_of(cells, len(places)).first)


def _caller(folder: Path, language: Language) -> Callable[[str, Sequence[Argument]], Answer | Plain]:
    """Calls a function by its name. Rules may be a path, as in Excel through COM; a relative one is the book's neighbour."""

    functions = Functions()

    def call(name: str, arguments: Sequence[Argument]) -> Answer | Plain:
        if name == "version" and not arguments:
            return version()
        function = getattr(functions, name, None)
        given = [*arguments]
        try:
            signature(function).bind(*given)  # type: ignore[arg-type]  # version is none of them
        except TypeError as error:
            raise UnresolvedError("参数的个数不对", "the number of arguments is wrong") from error
        path = rules_path(given[0]) if name not in ("points", "rank") else None
        if path is not None:
            given[0] = _rules(folder, path, language)
        answer: Answer | Plain = function(*given)  # type: ignore[misc]
        return answer

    return call


def _rules(folder: Path, path: str, language: Language) -> str:
    if path.startswith(("//", "\\\\")):  # the book may be anybody's, and must not make this machine call another
        raise UnresolvedError(f"规则在另一台计算机上:{path}", f"its rules are on another computer: {path}")
    source, problems = read_rules(folder / path.replace("\0", "\ufffd"), language)
    if source is None:
        text = " ".join(one.message for one in problems)
        raise UnresolvedError(f"读不到规则 {path}:{text}", f"its rules cannot be read, {path}: {text}")
    return source.text
