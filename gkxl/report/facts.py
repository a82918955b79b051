"""The values that a sentence looked at, and their cells, as reports show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from itertools import islice, pairwise
from operator import lt
from typing import NamedTuple

from gkxl.diagnostics import Language
from gkxl.model.rules import Term
from gkxl.report.words import word
from gkxl.run.facts import Cells, Fact, State
from gkxl.sheets import Target
from gkxl.tables import Area
from gkxl.values import Kind, multiply, shown


def value_text(fact: Fact, term: Term | None, language: Language) -> str:
    """A value as people write it: 95% for a rate, 是 for yes, the counts of a price list by their keys."""
    if fact.state is not State.OK:
        return word(fact.state.value, language)
    match fact.value:
        case Decimal() | Fraction():
            if term is not None and term.kind is Kind.RATE:
                return f"{shown(multiply(fact.value, Decimal(100)))}%"
            return shown(fact.value)
        case bool():
            return word("yes" if fact.value else "no", language)
        case datetime():
            return fact.value.date().isoformat() if fact.value.time() == time() else f"{fact.value:%Y-%m-%d %H:%M}"
        case None | str():
            return fact.value or ""
        case counts:
            return word("comma", language).join(f"{' '.join(key)} {count}" for key, (count, _) in counts.items())


class Areas(NamedTuple):
    """The first areas that cells make up, and how many areas and cells there are in all."""

    first: tuple[Target, ...]
    areas: int
    cells: int


def areas_of(cells: Iterable[Cells], most: int) -> Areas:
    """Each cell once, by sheet and column: neighbours as one area, and columns side by side that have the same rows."""
    columns: dict[tuple[str, int], Sequence[int]] = {}
    for sheet, column, rows in cells:
        known = columns.get((sheet, column))
        columns[sheet, column] = rows if known is None else [*known, *rows]
    first: list[Target] = []
    areas = count = 0
    wide: tuple[str, int, int, Sequence[int]] | None = None  # sheet, first and last column, rows
    for (sheet, column), given in [*sorted(columns.items()), (("", 0), ())]:
        rows = given if all(map(lt, given, islice(given, 1, None))) else sorted(set(given))
        count += len(rows)
        if wide is not None:
            if (sheet, column, rows) == (wide[0], wide[2] + 1, wide[3]):
                wide = (sheet, wide[1], column, rows)
                continue
            areas += _add(first, wide[0], wide[1], wide[2], wide[3], most)
        wide = (sheet, column, column, rows) if rows else None
    return Areas(tuple(first), areas, count)


def _add(first: list[Target], sheet: str, left: int, right: int, rows: Sequence[int], most: int) -> int:
    """Add the runs of rows, up to `most` areas; gives how many there are. A ledger may have a million rows."""
    breaks = [i for i, (a, b) in enumerate(pairwise(rows), 1) if b != a + 1]
    for start, end in zip([0, *breaks], [*breaks, len(rows)], strict=True):
        if len(first) == most:
            break
        first.append(Target(sheet, Area(rows[start], left, rows[end - 1], right)))
    return len(breaks) + 1
