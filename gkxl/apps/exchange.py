"""Result sheets in an open workbook replaced by new ones, step by step, so that every step but the last can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from gkxl.sheets import Stored
from gkxl.workbook.our_part import part_content
from gkxl.workbook.own_sheets import NAMESPACE, worksheets
from gkxl.workbook.package import Package
from gkxl.workbook.refer import refer

if TYPE_CHECKING:
    from typing import Any

    import xlwings as xw

# Excel puts names with blanks in quotation marks wherever it refers to them, so they are found in any formula.
_OLD, _NEW = "gkxl old {}", "gkxl new {}"
_PART, _BY_ROWS, _VISIBLE = 2, 1, -1  # xlPart, xlByRows, xlSheetVisible


class ReferredError(Exception):
    """Something in the workbook refers to old sheets and could not be led to the new ones. All is as it was."""


class LinkedError(Exception):
    """The new sheets refer to the workbook that they were copied from, which is there no more. All is as it was."""


class LeftError(Exception):
    """The results are in, but old sheets could not be deleted."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = names


class Exchange:
    """The new sheets `names` instead of `ours`, which are in the workbook. What Excel raises passes through, all undone."""

    def __init__(self, book: xw.Book, names: Sequence[str], ours: Sequence[str]) -> None:
        self._book, self._names = book, names
        self._old: dict[str, xw.Sheet] = {name: book.sheets[name] for name in ours}
        self._new: dict[str, xw.Sheet] = {}
        self._before = {sheet.name for sheet in book.sheets}
        free = (n for n in count() if not {_OLD.format(n), _NEW.format(n)} & self._before)
        self._numbers = dict(zip(ours, free, strict=False))
        self._active = book.sheets.active
        self._results: xw.Book | None = None
        self._source = ""
        self._part: Any = None
        self._repointed = False

    def insert(self, results: Path) -> None:
        """Copies the sheets out of a workbook of results: each in front of the old one, or behind all others."""
        try:
            self._source = results.stem
            self._results = self._book.app.books.open(results, update_links=False, read_only=True, add_to_mru=False)
            for name in self._names:
                old, sheet = self._old.get(name), self._results.sheets[name]
                self._new[name] = sheet.copy(before=old) if old else sheet.copy(after=self._book.sheets[-1])
            self._results.close()
            self._results = None
        except Exception:
            self.undo()
            raise

    def swap(self, folder: Path, stored: Stored) -> None:
        """Gives the new sheets their names, leads what refers to old ones to them, and says in the workbook what is stored."""
        try:
            for name, number in self._numbers.items():
                self._old[name].name = _OLD.format(number)
            for name, sheet in self._new.items():
                sheet.name = name
                if name in self._old:
                    sheet.api.Visible = self._old[name].api.Visible
            package = self._snapshot(folder, 1)
            if refer(package, self._old_names):
                self._repointed = True
                self._repoint(_OLD, _NEW)
                package = self._snapshot(folder, 2)
                if refer(package, self._old_names):
                    raise ReferredError
            if refer(package, [self._source]):
                raise LinkedError(f"[{self._source}]")
            parts = self._book.api.CustomXMLParts
            before = parts.SelectByNamespace(NAMESPACE)
            before = [before.Item(number + 1) for number in range(before.Count)]
            there = worksheets(package)
            ids = {name: there[name][1] for name in self._names}
            # A text has no encoding to declare.
            self._part = parts.Add(part_content(stored, ids).decode().partition("?>")[2].strip())
            for part in before:
                part.Delete()
        except Exception:
            self.undo()
            raise

    def finish(self) -> None:
        """Deletes the old sheets; raises LeftError."""
        left = []
        for sheet in self._old.values():
            try:
                _delete(sheet)
            except Exception:
                left.append(sheet.name)
        with suppress(Exception):  # as where it is hidden
            self._new[self._names[0]].api.Activate()
        if left:
            raise LeftError(left)

    def undo(self) -> None:
        """As it was before: of what cannot be undone the rest still is."""
        if self._results is not None:
            with suppress(Exception):
                self._results.close()
        if self._repointed:
            with suppress(Exception):
                self._repoint(_NEW, _OLD)
        if self._part is not None:
            with suppress(Exception):
                self._part.Delete()
        known = self._before | set(self._old_names)
        unnamed = [sheet for sheet in self._book.sheets if sheet.name not in known]  # inserted, and failed behind that
        for sheet in (*self._new.values(), *unnamed):
            with suppress(Exception):
                _delete(sheet)
        for name, sheet in self._old.items():
            with suppress(Exception):
                sheet.name = name
        with suppress(Exception):
            self._active.api.Activate()

    @property
    def _old_names(self) -> list[str]:
        return [_OLD.format(number) for number in self._numbers.values()]

    def _snapshot(self, folder: Path, number: int) -> Package:
        path = folder / f"after-{number}{Path(self._book.name).suffix or '.xlsx'}"
        self._book.api.SaveCopyAs(str(path))
        return Package(path.read_bytes())

    def _repoint(self, before: str, after: str) -> None:
        """Formulas and names that refer to one sheet refer to the other; the new ones have their names at the end."""
        numbers = {name: number for name, number in self._numbers.items() if name in self._new}
        for name, number in numbers.items():
            self._new[name].name = _NEW.format(number)
        pairs = [(f"'{before.format(number)}'!", f"'{after.format(number)}'!") for number in numbers.values()]
        ours = {sheet.name for sheet in (*self._old.values(), *self._new.values())}
        for sheet in self._book.sheets:
            if sheet.name not in ours:
                for this, that in pairs:
                    sheet.api.Cells.Replace(this, that, _PART, _BY_ROWS, False)
        for defined in self._book.names:
            _lead(defined, pairs)
        for name in numbers:
            self._new[name].name = name


def _delete(sheet: xw.Sheet) -> None:
    sheet.api.Visible = _VISIBLE  # one that is hidden from its users too cannot be deleted
    sheet.delete()


def _lead(name: xw.Name, pairs: Iterable[tuple[str, str]]) -> None:
    """A defined name; what a sheet has for its filter and its printing goes with the sheet."""
    for this, that in pairs:
        if this in (name.refers_to or "") and not name.name.startswith(this):
            name.refers_to = str(name.refers_to).replace(this, that)
