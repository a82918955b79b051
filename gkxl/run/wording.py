"""The phrases that explanations are made of, as each language has them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Literal

from gkxl.model.rules import Partial, Rounding, Veto
from gkxl.periods import PeriodKind
from gkxl.run.facts import Fact, State
from gkxl.run.results import PricedRows
from gkxl.values import Number, is_rounded, multiply, shown

Style = Literal["date", "count", "number"]
Gain = Literal["earn", "cost", "none"]  # what a clause is about: points earned, points lost, neither

NEGATED = {"<": ">=", ">=": "<", "<=": ">", ">": "<=", "=": "!=", "!=": "="}


@dataclass(frozen=True, slots=True)
class Beyond:
    """How far a value lies beyond a mark. `mark` None: it has just been named."""

    distance: Number
    below: bool
    mark: str | None
    rate: bool
    label: str


class Wording(ABC):
    """One language. `plus`: the author's own verb for points earned, where the language has several."""

    comma: str
    colon: str  # before what follows from all that
    missing: str
    otherwise: str
    no_band: str
    no_effect: str
    about: str
    others: str  # the rows of any key that is not named
    equals: str
    signs: Mapping[str, str]
    brackets: tuple[str, str]
    day: str  # the measure word of days

    def number(self, value: Number, rate: bool = False, label: str = "") -> str:
        if rate:
            percent = multiply(value, Decimal(100))
            return f"{shown(percent)}%{self.about if is_rounded(percent) else ''}"
        return f"{shown(value)}{self.about if is_rounded(value) else ''}{self.label(label)}"

    def value(self, value: Number | date, rate: bool = False, label: str = "") -> str:
        return value.isoformat() if isinstance(value, date) else self.number(value, rate, label)

    def lacking(self, fact: Fact) -> str:
        """What stands behind a value that was missing and counts 0, or that a document or another unit gives."""
        if fact.text is not None:
            return self.bracketed(fact.text)
        if fact.state is State.MISSING:
            return self.bracketed(self.missing)
        return self.bracketed(fact.source) if fact.source else ""

    def bracketed(self, text: str) -> str:
        return f"{self.brackets[0]}{text}{self.brackets[1]}"

    def key(self, key: Sequence[str]) -> str:
        """The key of a price; a Chinese one is said without blanks."""
        return (" " if all(word.isascii() for word in key) else "").join(key)

    @abstractmethod
    def label(self, label: str) -> str: ...
    @abstractmethod
    def named(self, name: str, value: str) -> str:
        """A name and its value."""

    @abstractmethod
    def share(self, name: str, percent: str) -> str:
        """20% of a quantity."""

    @abstractmethod
    def amounts_to(self, name: str, value: str) -> str: ...
    @abstractmethod
    def rounded(self, mode: Rounding, value: str) -> str: ...
    @abstractmethod
    def relation(self, op: str, truth: bool, mark: str, style: Style) -> str: ...
    @abstractmethod
    def holds(self, name: str, fact: Fact, truth: bool) -> str: ...
    @abstractmethod
    def undated(self, name: str) -> str: ...
    @abstractmethod
    def months(self, count: Number) -> str: ...
    @abstractmethod
    def not_by(self, name: str, day: str) -> str:
        """What is not done by the check date."""

    @abstractmethod
    def beyond(self, beyond: Beyond) -> str: ...
    @abstractmethod
    def each(self, beyond: Beyond, size: Number | str, points: Number) -> str: ...
    @abstractmethod
    def counted_steps(self, partial: Partial, steps: Number) -> str: ...
    @abstractmethod
    def in_proportion(self, low: str, high: str, low_points: Number, high_points: Number) -> str: ...
    @abstractmethod
    def points(self, points: Number) -> str: ...
    @abstractmethod
    def gives(self, points: Number, gain: Gain) -> str: ...
    @abstractmethod
    def altogether(self, points: Number, gain: Gain) -> str: ...
    @abstractmethod
    def capped(self, before: Number, limit: Number, per: PeriodKind | None, whole_sentence: bool) -> str: ...
    @abstractmethod
    def veto(self, veto: Veto) -> str: ...
    @abstractmethod
    def no_points_here(self) -> str: ...
    @abstractmethod
    def price_list(
        self, lines: Sequence[tuple[str, int, Number]], total: Number, label: str, adjusted: Sequence[str] = ()
    ) -> str:
        """Each key with its count and points, then rows that were doubled or shared, and what they come to."""

    @abstractmethod
    def place(self, place: int, skip: bool, lowest_first: bool) -> str:
        """The place of a unit in its group, and what ties do to places."""

    @abstractmethod
    def adjusted(self, name: str, rows: PricedRows, share: str | None) -> str:
        """Rows that count double, or are shared by the number in the column `share`: where they stand and how."""

    @abstractmethod
    def dropped(self, name: str, rows: PricedRows, column: str | None) -> str:
        """Rows that give nothing, since another row with the same value in `column` counts."""

    def places(self, rows: PricedRows) -> str:
        """Where rows stand: the first few of them."""
        refs = list(islice(rows.cells.refs(), 4))
        more = "…" if rows.count > 3 else ""
        return " ".join(map(str, refs[:3])) + more

    @abstractmethod
    def unpriced(self, count: int, label: str) -> str: ...
