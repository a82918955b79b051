"""What gkxl tells its users: places, codes and diagnostics.

Imports nothing of gkxl. A pass never raises for a user's mistake: it returns `(result, [Diagnostic])`.
Every code is declared once, in `CODES`, with its sentence in Chinese and English.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Language = Literal["zh", "en"]
Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, eq=False)
class Source:
    """The text of one rule file (decoded, line ends as they stand) and the name it is shown under."""

    path: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        starts, text = [0], self.text
        for i, char in enumerate(text):
            if char == "\n":
                starts.append(i + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character offset; the column counts characters."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end."""
        starts = self._line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (excluded) of a source."""

    source: Source
    start: int
    end: int

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.path}:{line}:{column}"

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, other.end)


def column_letters(column: int) -> str:
    """A1 letters of a column number from 1: 1 is A, 27 is AA (ECMA-376 part 1, 18.3.1.4, attribute r)."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True, order=True)
class CellRef:
    """One cell; `row` and `column` count from 1. A column of 0 is the whole row, a row of 0 the whole column or sheet."""

    sheet: str
    row: int
    column: int

    @property
    def a1(self) -> str:
        return f"{column_letters(self.column)}{self.row or ''}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.a1}" if self.row or self.column else self.sheet


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A whole file, named as the user named it."""

    path: str

    def __str__(self) -> str:
        return self.path


Place = Span | CellRef | FilePlace | None


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding. `zh` and `en` are `str.format` templates over the diagnostic's values."""

    number: str
    name: str
    severity: Severity
    zh: str
    en: str


CODES: dict[str, Code] = {}


def declare(number: str, name: str, severity: Severity, zh: str, en: str) -> Code:
    """Declare a code once; a second declaration of a number or name is a bug."""
    if number in CODES or any(code.name == name for code in CODES.values()):
        raise ValueError(f"code {number} {name} is declared twice")
    CODES[number] = Code(number, name, severity, zh, en)
    return CODES[number]


@dataclass(frozen=True)
class Diagnostic:
    """One finding: its code, place, the values of its message, further notes, in one language.

    `notes` are finished sentences in `language`: what was understood, the nearest names, lines ready to paste.
    """

    code: Code
    place: Place
    language: Language
    values: dict[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.code.severity

    @property
    def message(self) -> str:
        template = self.code.zh if self.language == "zh" else self.code.en
        return template.format(**self.values)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place is not None else ""
        return f"{where}{self.code.number} {self.message}"


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.severity == "error" for d in diagnostics)


class GkError(Exception):
    """Raised by the public functions when there is no result to give; carries the diagnostics."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(d) for d in self.diagnostics))


# --- 1: text ---------------------------------------------------------------------------------------------------------

# --- 2: sentences ----------------------------------------------------------------------------------------------------

# --- 3: model and policies -------------------------------------------------------------------------------------------

# --- 4: data ---------------------------------------------------------------------------------------------------------

# --- 5: checks -------------------------------------------------------------------------------------------------------

# --- 6: files --------------------------------------------------------------------------------------------------------
