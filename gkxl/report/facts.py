"""The values that a sentence looked at, and their cells, as reports show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction

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


def runs_of(cells: Iterable[Cells]) -> tuple[list[Target], int]:
    """Each cell once, by sheet and column, neighbours below each other as one range; and how many cells that are."""
    columns: dict[tuple[str, int], set[int]] = {}
    for some in cells:
        columns.setdefault((some.sheet, some.column), set()).update(some.rows)
    runs: list[Target] = []
    for (sheet, column), numbers in sorted(columns.items()):
        for row in sorted(numbers):
            last = runs[-1] if runs else None
            if last is not None and (last.sheet, last.area.left, last.area.bottom + 1) == (sheet, column, row):
                runs[-1] = Target(sheet, last.area._replace(bottom=row))
            else:
                runs.append(Target(sheet, Area(row, column, row, column)))
    return runs, sum(map(len, columns.values()))
