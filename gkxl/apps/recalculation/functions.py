"""Cells whose formula is one function of gkxl, if they are asked for: worked out, and stored in the book.

What it takes to work them out is imported where it is used: most runs are without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gkxl import diagnostics as d
from gkxl.apps.recalculation.asked import Asked
from gkxl.diagnostics import CellRef, Diagnostic, FilePlace, Language
from gkxl.workbook.graft import Grafted
from gkxl.workbook.read import BookFile
from gkxl.workbook.sniff import sniff

if TYPE_CHECKING:
    from gkxl.functions.recalculation import Worked


@dataclass(frozen=True)
class Refreshed:
    """A book with the values that its functions have now. `parts` are the keys of the members that are other ones for it."""

    file: BookFile
    worked: Sequence[Worked] = ()
    parts: frozenset[str] = frozenset()
    changed: frozenset[CellRef] = frozenset()
    told: Sequence[Diagnostic] = ()

    @property
    def refused(self) -> bool:
        return any(one.refusal for one in self.worked)

    def after(self, grafted: Grafted, names: Sequence[str], language: Language) -> tuple[Grafted, Refreshed]:
        """The same in a book that has got the result sheets `names`: where formulas read them, all are worked out again."""
        now = self
        if self.reads(names):
            from gkxl.apps.recalculation.refreshing import refresh

            data = b"".join(grafted.pieces)
            now = refresh(replace(self.file, data=data, content=sniff(data)), language, self.changed)
            grafted = replace(grafted, pieces=[now.file.data]) if now.parts else grafted
            now = replace(now, parts=self.parts | now.parts)
        more = now.parts - {*grafted.replaced, *grafted.dropped}
        return replace(grafted, replaced=(*grafted.replaced, *sorted(more))), now

    def reads(self, names: Sequence[str]) -> bool:
        """Whether a formula reads one of the sheets, or would if it were there."""
        wanted = {name.casefold() for name in names}
        return any(
            sheet.casefold() in wanted
            for one in self.worked
            for sheet in (*one.sheets, one.why.sheet if one.why else "")
        )


def refreshed(file: BookFile, asked: Asked, language: Language) -> Refreshed:
    """The functions of a book; raises RefusedError and GkError."""
    if not asked.functions:
        return Refreshed(file)
    at = FilePlace(str(file.path))
    if not asked.into_book(file):
        zh = language == "zh"
        values: dict[str, object] = {
            "cells": "这个文件" if zh else "this file",
            "why": "只有 .xlsx 和 .xlsm 里的公式读得到" if zh else "formulas are only read in .xlsx and .xlsm",
        }
        return Refreshed(file, told=[Diagnostic(d.FUNCTION_NOT_RECALCULATED, at, language, values)])
    from gkxl.apps.recalculation.refreshing import refresh

    found = refresh(file, language)
    return found if found.worked else replace(found, told=[Diagnostic(d.NO_FUNCTIONS, at, language)])


def stale_in(holder: BookFile, functions: Refreshed, language: Language) -> Iterator[Diagnostic]:
    """The formulas whose values in the file `holder` are other ones. Raises RefusedError and GkError."""
    if functions.worked:
        from gkxl.apps.recalculation.refreshing import stale

        yield from stale(functions.worked, holder, language)
