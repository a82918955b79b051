"""Checks of fixed forms in the core: formulas over cells, rows and columns, terms named in place of them."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from gkxl.diagnostics import Language, Span
from gkxl.frozen import dataclass
from gkxl.values import Number

What = Literal["row", "column"]


@dataclass(frozen=True, slots=True)
class Fixed:
    value: Number


@dataclass(frozen=True, slots=True)
class Term:
    """A term of `Forms.terms`."""

    name: str


@dataclass(frozen=True, slots=True)
class At:
    """One cell by its address, from 1. `sheet` None: the book's only one."""

    row: int
    column: int
    sheet: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column, by number, caption or both; its cell in the column or row that a check is made in.

    `what` None: a caption alone, which is a row in a check made in columns, and the other way round.
    """

    what: What | None
    number: int | None = None
    caption: str | None = None
    sheet: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Crossing:
    """The one cell where the row of one caption meets the column of the other."""

    of: Line
    at: Line


@dataclass(frozen=True, slots=True)
class SumTo:
    first: At | Line
    last: At | Line


@dataclass(frozen=True, slots=True)
class Calc:
    """`op` is + - * /. `zero`: what a division by 0 gives, where the rules say so."""

    op: str
    left: Figure
    right: Figure
    zero: Number | None = None


Figure = Fixed | Term | At | Line | Crossing | SumTo | Calc


@dataclass(frozen=True, slots=True)
class Compared:
    """`op`: = < <= > >=."""

    left: Figure
    op: str
    right: Figure


@dataclass(frozen=True, slots=True)
class Over:
    """A check is made in each of these lines, both ends included."""

    what: What
    first: Line
    last: Line


@dataclass(frozen=True, slots=True)
class Check:
    """Where all of `given` hold, `then` has to hold, its sides differing by `within` at most."""

    name: str
    given: tuple[Compared, ...]
    then: Compared
    within: Number
    over: Over | None
    language: Language
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Forms:
    """The checks of a file and the terms that they name."""

    checks: tuple[Check, ...]
    terms: dict[str, Figure]
