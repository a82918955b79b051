"""From what a user names on the command line to result sets: which books, which rules, and all of them scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from gkxl import diagnostics as d
from gkxl.apps import console
from gkxl.diagnostics import Diagnostic, FilePlace, GkError, Language, Source
from gkxl.flow import Rules, load, score
from gkxl.frozen import dataclass
from gkxl.periods import Period
from gkxl.tables import Book, CellKind
from gkxl.values import name_key
from gkxl.workbook.files import read_rules

if TYPE_CHECKING:
    from gkxl.run.results import Results

BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et")
RULES = (".gk",)
_SHEETS = tuple(map(name_key, ("规则", "Rules")))
_LOCKS = ("~$", ".~")  # what Excel, WPS and LibreOffice put beside an open book
SCORED = "-scored"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One rule file as far as it could be read. `loaded` None: it could not."""

    path: str
    loaded: Rules | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def language(self) -> Language:
        if self.loaded is not None and self.loaded.rubric is not None:
            return self.loaded.rubric.language
        return self.diagnostics[0].language if self.diagnostics else console.language()


@dataclass(frozen=True, slots=True)
class Scored:
    """`unreadable`: a file of it could not be read."""

    results: Results
    unreadable: bool = False


def files(given: Iterable[str], suffixes: Sequence[str]) -> tuple[list[Path], list[Diagnostic]]:
    """The files named, with those of named folders in the order of their names."""
    found: list[Path] = []
    problems = []
    for path in map(Path, given):
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in suffixes and not p.name.startswith(_LOCKS))
        names = {p.stem for p in inside}
        inside = [p for p in inside if not (p.stem.endswith(SCORED) and p.stem.removesuffix(SCORED) in names)]
        if not inside:
            what = " ".join(suffixes)
            problems.append(
                Diagnostic(d.FOLDER_WITHOUT_FILES, FilePlace(str(path)), console.language(), {"what": what})
            )
        found += inside
    return list(dict.fromkeys(found)), problems


def read(path: Path) -> RuleFile:
    """A rule file, read and checked."""
    source, problems = read_rules(path)
    if source is None:
        return RuleFile(str(path), None, tuple(problems))
    return rules_of(source, problems)


def rules_of(source: Source, problems: Iterable[Diagnostic] = ()) -> RuleFile:
    loaded = load(source)
    return RuleFile(source.path, loaded, merged(problems, loaded.diagnostics))


def open_book(path: Path, language: Language) -> tuple[Book | None, list[Diagnostic]]:
    from gkxl.workbook.read import read_book

    return read_book(path, language=language)


def merged(*lists: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once, though several steps hand it on."""
    found: list[Diagnostic] = []
    seen = set()
    for diagnostic in (diagnostic for one in lists for diagnostic in one):
        key = (diagnostic.code.number, diagnostic.place, diagnostic.message)
        if key not in seen:
            seen.add(key)
            found.append(diagnostic)
    return tuple(found)


def beside(book: Path) -> list[Path]:
    """`STEM.gk` beside the book, else all `STEM.*.gk` in the order of their names."""
    own = book.with_name(f"{book.stem}.gk")
    return [own] if own.is_file() else sorted(p for p in book.parent.glob(f"{escape(book.stem)}.*.gk") if p.is_file())


def inside(book: Book) -> RuleFile:
    """The rules in column A of the book's sheet 规则 or Rules; a line is a row."""
    sheet = next((sheet for sheet in book.sheets if name_key(sheet.name) in _SHEETS), None)
    if sheet is None:
        missing = Diagnostic(
            d.BOOK_WITHOUT_RULES, FilePlace(book.path), console.language(), {"stem": Path(book.path).stem}
        )
        return RuleFile("", None, (missing,))
    lines: list[str] = []
    try:
        for row in sheet.rows((1,)):
            cell = row.cells.get(1)
            if cell is not None and cell.kind is not CellKind.BLANK:
                lines += [""] * (row.number - 1 - len(lines)) + [str(cell.value)]
    except GkError as error:  # the sheet's part of the package is broken
        return RuleFile("", None, error.diagnostics)
    return rules_of(Source(f"{book.path}!{sheet.name}", "\n".join(lines)))


def scored(books: Sequence[Path], rules: Sequence[Path], period: Period | None) -> Iterator[Scored]:
    """Each book under each of its rule files; what cannot be read is a result set of diagnostics alone."""
    asked = [read(path) for path in rules]
    progress = console.Progress(len(books))
    for path in books:
        progress.start(path)
        found = list(_one_book(path, asked, period))
        progress.clear()
        yield from found


def _one_book(path: Path, asked: Sequence[RuleFile], period: Period | None) -> Iterator[Scored]:
    for book, notes, one in sets(path, asked):
        yield score_one(path, book, notes, one, period)


def sets(path: Path, asked: Sequence[RuleFile]) -> Iterator[tuple[Book | None, list[Diagnostic], RuleFile]]:
    """A book with each of its rule files, and what was found when it was opened."""
    every = rules_for(path, asked)
    book, notes = open_book(path, every[0].language if every else console.language())
    if book is not None and not every:
        every = [inside(book)]
    for one in every or [RuleFile("", None, ())]:
        yield book, notes, one


def rules_for(path: Path, asked: Sequence[RuleFile]) -> list[RuleFile]:
    """The rule files that were asked for, else those beside the book."""
    return list(asked) or [read(file) for file in beside(path)]


def score_one(
    path: Path, book: Book | None, notes: Iterable[Diagnostic], rules: RuleFile, period: Period | None
) -> Scored:
    """One book under one rule file; `notes` are what was found when the book was opened."""
    from gkxl.run.results import Results

    problems = merged(rules.diagnostics, notes)
    if book is not None and rules.loaded is not None:
        try:
            results = score(rules.loaded, book, period)
        except GkError as error:  # what shows only in the middle of a sheet
            problems = merged(problems, error.diagnostics)
        else:
            return Scored(replace(results, diagnostics=merged(problems, results.diagnostics)))
    rubric = rules.loaded.rubric if rules.loaded else None
    sha256 = book.sha256 if book else ""
    return Scored(Results(rubric, rules.path, "", str(path), sha256, (), problems), unreadable=True)
