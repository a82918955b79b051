"""What comes out: results of one rule file over one workbook, plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from gkxl.diagnostics import CellRef, Diagnostic, Language, column_letters
from gkxl.model.forms import Check
from gkxl.model.rules import Clause, Exemption, Indicator, Part, Rubric, Sentence, Total, TotalPart
from gkxl.periods import Period
from gkxl.run.facts import Cells, Fact
from gkxl.values import Number


@dataclass(frozen=True, slots=True)
class PricedRows:
    """Rows that a price list with `repeats` counts alike. `points` are those of one row, `price` those of its key alone.

    `times`: the yes/no columns that have a yes, with their factor. `instead`: the row that counts in place of these,
    which give nothing.
    """

    key: tuple[str, ...]
    price: Number
    points: Number
    count: int
    cells: Cells
    event: str = ""
    times: tuple[tuple[str, Number], ...] = ()
    sharers: Number = Decimal(1)
    instead: CellRef | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """One clause for one unit and period.

    `branch` is the index of the branch that held (None: none did; always 0 for a price list); `uncapped` are the points
    before the caps of clause and sentence. `facts` holds the terms that were looked at, by first name (a price list's
    under the name of its term). `fired`: something was earned or cost, or a veto struck. `period` only where the clause
    was evaluated for a shorter period than the result it stands in (每月不超过10分): one award for each of them.
    `rows`: those of a price list with `repeats`.
    """

    sentence: Sentence
    clause: Clause
    branch: int | None
    points: Number
    uncapped: Number
    facts: dict[str, Fact]
    fired: bool
    period: Period | None = None
    rows: tuple[PricedRows, ...] = ()

    @property
    def because(self) -> str:
        """One sentence of explanation in the language of the rule (`本领域信息2条,少于3条,扣6分`)."""
        from gkxl.run.because import because

        return because(self)

    @property
    def cells(self) -> tuple[CellRef, ...]:
        return tuple(ref for fact in self.facts.values() for cells in fact.cells for ref in cells.refs())


@dataclass(frozen=True, slots=True)
class Exempt:
    """What the fact of `term` says is not applicable, and what that comes to by the policy stated for it."""

    policy: Exemption
    term: str
    fact: Fact


Limit = Literal[
    "earnings", "deductions", "floor", "worth", "part earnings", "part deductions", "bonuses", "gate", "longer"
]


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cap, floor or gate did to points: `before` and `after` it. `limit` None for a gate, which admits or not."""

    what: Limit
    before: Number
    after: Number
    limit: Number | None = None
    period: Period | None = None  # where it is not the result's own


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """`points` on the indicator's own scale, after floor and cap; `counted` what it adds to the total.

    `points` is None where a data error stands in the way. `applies` False: not for this unit. `exempt` where a cell says
    不涉及; `idle` is the share of its worth that is thereby rescaled: 1, or less where that holds in some periods only.
    """

    indicator: Indicator
    points: Number | None
    counted: Number | None
    awards: tuple[Award, ...]
    applies: bool = True
    exempt: Exempt | None = None
    idle: Number = Decimal(0)
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True)
class PartResult:
    """A 大项 as its indicators: `points` of them together after rescaling, weights and caps; `counted` in the total."""

    part: Part
    points: Number | None
    counted: Number | None
    applies: bool = True
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True)
class Rescaling:
    """What applies was multiplied by `every` ÷ `applying` worth; `part` None: over the whole file."""

    part: str | None
    every: Number
    applying: Number


@dataclass(frozen=True, slots=True)
class VetoResult:
    sentences: tuple[str, ...]
    replaced: Number | None  # the total it replaced, if it did
    awards: tuple[Award, ...] = ()  # those that struck, in the order of `sentences`


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """The total of a shorter period as it counts in that of a longer one.

    `points` None: it has none. `there` False: the book has nothing for the period. `left_out`: "highest" or "lowest".
    """

    period: Period
    points: Number | None
    there: bool
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class TotalResult:
    """How a total came about where it is more than the sum of the indicators beside it.

    `rule` None: the periods are summed up. `points` are those before vetoes and rounding.
    """

    rule: Total | None
    parts: tuple[tuple[TotalPart, Number | None], ...]
    periods: tuple[PeriodTotal, ...]
    points: Number

    def because(self, language: Language) -> str:
        """One sentence of explanation."""
        from gkxl.run.because_total import because_total

        return because_total(self, language)


@dataclass(frozen=True, slots=True)
class UnitResult:
    unit: str  # as the units' sheet writes it
    group: str | None
    total: Number | None  # after rounding by policy; None: a data error, or no longer assessed
    exact_total: Number | None  # before its own rounding: what places are given on
    rank: int | None
    grade: str | None
    veto: VetoResult | None
    remark: str
    indicators: tuple[IndicatorResult, ...]
    cell: CellRef | None = None  # where the unit list names it
    parts: tuple[PartResult, ...] = ()
    rescaled: tuple[Rescaling, ...] = ()
    made: TotalResult | None = None  # how the total came about, where that is not plain
    converted: Number | None = None  # what it counts elsewhere (按4%折算计入…)

    @property
    def unscored(self) -> bool:
        """Whether data errors left an indicator without points."""
        return any(one.applies and one.points is None for one in self.indicators)


@dataclass(frozen=True, slots=True)
class PeriodResult:
    period: Period
    units: tuple[UnitResult, ...]


class Repair(NamedTuple):
    """A number in one cell that alone would make all checks of its form hold that do not, and what stands there."""

    cell: CellRef
    value: Number
    instead: Number


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check in one of its columns or rows: `line`, None for one of single cells.

    `holds` None: a cell has no number, which the diagnostics tell. Sides None: so, or they divide by 0.
    """

    check: Check
    line: int | None
    holds: bool | None
    left: Number | None
    right: Number | None
    cells: tuple[CellRef, ...]
    values: Mapping[CellRef, Number]
    repairs: tuple[Repair, ...] = ()

    @property
    def at(self) -> str | None:
        """D, 5: the column or row as Excel names it."""
        if self.line is None or self.check.over is None:
            return None
        return column_letters(self.line) if self.check.over.what == "column" else str(self.line)


@dataclass(frozen=True)
class Results:
    """`rubric` None: the rules have errors and nothing was evaluated."""

    rubric: Rubric | None
    rules_path: str
    rules_sha256: str
    book_path: str
    book_sha256: str
    periods: tuple[PeriodResult, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = field(default=())
    checks: tuple[CheckResult, ...] = ()
