"""What an audit finds: figures that agree, those that differ, and the causes, plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gkxl.diagnostics import CellRef
from gkxl.model.rules import Published
from gkxl.periods import Period
from gkxl.run.results import Award, Results
from gkxl.values import Number

Value = Number | str


@dataclass(frozen=True, slots=True)
class Checked:
    """A published figure beside what the rules give. `computed` None: nothing; `group`: of the unit."""

    line: Published
    unit: str  # as the unit list writes it
    key: str
    group: str | None
    period: Period
    published: Value
    computed: Value | None
    cells: tuple[CellRef, ...]

    @property
    def what(self) -> str:
        """total, rank, grade, or the name of what has points."""
        return self.line.of or self.line.what


CauseKind = Literal[
    "points",  # of an indicator, part, fact or sentence
    "total",
    "rounded",  # totals are published with fewer places
    "cut off",  # … without rounding
    "swapped",  # two units have each other's figure
    "tie split",  # equal totals at different places
    "ties",  # the other policy for ties
    "together",  # places over all groups
    "passed over",  # a place that nobody has, or that is given once more
    "unlisted",  # somebody who is not in the unit list has a place
    "unpublished",  # a unit of the list has none
    "rank",
    "grade",
]


@dataclass(frozen=True, slots=True)
class Cause:
    """One root. `differences`: the figures that are as published once it is put in, its own among them.

    `published` and `computed`: its own figure (of a tie split the places, and the one that is shared; of a place passed
    over that place). `slip`: the digits are the same, two of them in each other's place. `awards`: why the rules give what
    they give. `shared`: the total of a tie. `skip`: whether by the rules the place after a tie is skipped.
    """

    kind: CauseKind
    what: str
    units: tuple[str, ...]
    period: Period
    differences: tuple[Checked, ...]
    published: tuple[Value, ...] = ()
    computed: Value | None = None
    slip: bool = False
    awards: tuple[Award, ...] = ()
    shared: Number | None = None
    skip: bool = False


@dataclass(frozen=True)
class Audit:
    """`results`: what the rules give; its diagnostics are those of the audit, too."""

    results: Results
    agree: int = 0
    differ: tuple[Checked, ...] = ()
    causes: tuple[Cause, ...] = field(default=())
