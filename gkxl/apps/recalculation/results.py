"""A book's results as sheets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gkxl import diagnostics as d
from gkxl.apps import inputs
from gkxl.apps.common import FINE, FOUND, UNREADABLE
from gkxl.apps.inputs import RuleFile, Scored
from gkxl.apps.recalculation.asked import Asked, stopping
from gkxl.apps.recalculation.functions import Refreshed
from gkxl.apps.version import version
from gkxl.diagnostics import Diagnostic, Language, has_errors
from gkxl.periods import Period
from gkxl.report.sheets import result_sheets
from gkxl.run.cells_read import cells_sha256, sheet_sha256, watched
from gkxl.run.results import Results
from gkxl.sheets import Look, ResultSet, ResultSheet, Stored, StoredSheet
from gkxl.tables import Sheet
from gkxl.workbook.read import BookFile, book_of
from gkxl.workbook.render import render
from gkxl.workbook.sniff import sniff


@dataclass(frozen=True)
class Begun:
    """A book, the rules that were found before it was read, the language of messages, where its results go."""

    path: Path
    every: list[RuleFile]
    language: Language
    file: BookFile
    target: Path
    functions: Refreshed


@dataclass(frozen=True)
class Made:
    """A book's results as sheets, of each of its rule files; without rules none."""

    scored: tuple[Scored, ...]
    sheets: tuple[tuple[ResultSheet, ...], ...]
    stored: Stored
    scratch: bytes  # a workbook of the sheets
    fresh: Mapping[str, Sheet]  # these as they are read back

    @property
    def told(self) -> list[Diagnostic]:
        return list(inputs.merged(*(one.results.diagnostics for one in self.scored)))

    @property
    def code(self) -> int:
        if any(one.unreadable for one in self.scored):
            return UNREADABLE
        return FOUND if has_errors(self.told) else FINE

    @property
    def results(self) -> list[Results]:
        return [one.results for one in self.scored]

    @property
    def names(self) -> list[str]:
        return [sheet.name for sheets in self.sheets for sheet in sheets]


def made_of(
    file: BookFile,
    every: list[RuleFile],
    asked: Asked,
    period: Period | None,
    language: Language,
    functions: bool = False,
) -> Made:
    """The results of a book; one that has `functions` may be without rules."""
    none = Made((), (), Stored(version(), ()), b"", {})
    if not asked.results:
        return none
    with stopping(file.path, language):
        book = book_of(file, language)
    every = every or [inputs.inside(book)]
    if functions and {one.code for rules in every for one in rules.diagnostics} == {d.BOOK_WITHOUT_RULES}:
        return none
    scored, hashes = [], []
    for rules in every:
        seen = watched(book)
        scored.append(inputs.score_one(file.path, seen, book.diagnostics, rules, period))
        hashes.append(cells_sha256(seen))
    results = [one.results for one in scored]
    sheets = result_sheets(results, _parts(file.path, every), hashes, period)
    if not asked.into_book(file):
        names = {sheet.name for made in sheets for sheet in made}
        sheets = tuple(tuple(_without_links(sheet, names) for sheet in made) for made in sheets)
    with stopping(file.path, language):
        scratch = render([sheet for made in sheets for sheet in made])
        read_back = book_of(BookFile(Path("results.xlsx"), scratch, sniff(scratch)), language)
    fresh = {sheet.name: sheet for sheet in read_back.sheets}
    sets = tuple(
        ResultSet(
            one.rules_sha256, cells, str(period) if period else None, tuple(_area(sheet, fresh) for sheet in made)
        )
        for one, cells, made in zip(results, hashes, sheets, strict=True)
    )
    return Made(tuple(scored), sheets, Stored(version(), sets), scratch, fresh)


def _without_links(sheet: ResultSheet, names: Collection[str]) -> ResultSheet:
    """The sheet in a book of results alone, where there are no other cells to jump to."""
    rows = tuple(
        tuple(
            cell._replace(link=None, look=Look.TEXT) if cell.link and cell.link.sheet not in names else cell
            for cell in row
        )
        for row in sheet.rows
    )
    return replace(sheet, rows=rows)


def _area(sheet: ResultSheet, fresh: Mapping[str, Sheet]) -> StoredSheet:
    columns = max(map(len, sheet.rows), default=0)
    return StoredSheet(sheet.name, len(sheet.rows), columns, sheet_sha256(fresh[sheet.name]))


def _parts(book: Path, every: Sequence[RuleFile]) -> list[str]:
    """What tells the sheets of several rule files apart: the rule file's name, without the book's."""
    if len(every) == 1:
        return [""]
    return [Path(one.path).stem.removeprefix(f"{book.stem}.") for one in every]
