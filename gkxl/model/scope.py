"""What a sentence is lowered against: the declared terms with their kinds, and the policies in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from gkxl.diagnostics import Language
from gkxl.language.tree import Ties
from gkxl.language.words import name_atoms
from gkxl.model.rules import Audience, Expr, InForce, Partial, Repeats, Rounding, Term
from gkxl.periods import PeriodKind, TimeUnit
from gkxl.values import Kind, Number


@dataclass(frozen=True)
class Known:
    """A declared term: its first name and its kind (None until the book tells). `expr`: what it is worked out by, if not
    kept as a term of its own."""

    name: str
    kind: Kind | None = None
    unit: TimeUnit | None = None  # what it is counted in, where it is a time
    rows: str | None = None  # the sheet whose rows it counts
    expr: Expr | None = None
    figure: bool = False  # of cells of a fixed form, which checks alone can name


@dataclass(frozen=True)
class Scope:
    """`terms` by name_atoms of every name and alias. `made`: collects the terms that are stated on the spot; None where
    there is no book that they could be read from."""

    terms: Mapping[tuple[str, ...], Known]
    partial: Partial | None = None
    targets: Rounding = Rounding.UP
    worth: Number | None = None
    indicator: str = ""
    period: PeriodKind | None = None
    calendar: bool = False  # working days are stated
    repeats: Repeats | None = None
    priced: frozenset[str] = frozenset()  # the sheets, by name key, whose rows `repeats` counts
    made: dict[str, Term] | None = None
    used: set[str] = field(default_factory=set)  # terms that went into those of `made`
    check_date: date | None = None
    trial: bool = False  # one sentence on its own: no ledgers, no worths
    dated: Mapping[tuple[str, ...], InForce] = field(default_factory=dict)  # values by the date of a row
    ties: Ties | None = None
    scores: Mapping[tuple[str, ...], str] = field(default_factory=dict)  # the indicators by name_atoms
    audiences: tuple[Audience, ...] = ()  # whom the indicator is for

    def find(self, name: str) -> Known | None:
        return self.terms.get(name_atoms(name))

    def nearest(self, name: str, language: Language) -> tuple[str, ...]:
        """A note with the declared names most like `name`."""
        return nearest(name, {known.name for known in self.terms.values()}, language)


def nearest(name: str, names: Collection[str], language: Language) -> tuple[str, ...]:
    """A note with those of `names` that are most like `name`."""
    from difflib import get_close_matches  # only where a name is wrong

    close = get_close_matches(name, names, 3, 2 / 5)
    close += [n for n in sorted(names) if n not in close and (name in n or n in name)][:2]
    if not close:
        return ()
    joined = ("、" if language == "zh" else ", ").join(f"「{n}」" if language == "zh" else n for n in close)
    return (f"最接近的:{joined}" if language == "zh" else f"nearest: {joined}",)
