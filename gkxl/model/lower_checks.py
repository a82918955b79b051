"""Checks of fixed forms → the core; which definitions are of their cells, and what is wrong with either."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Span
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.model import forms
from gkxl.values import Number

MOST_CELLS = 1_000_000  # that one check may read, all its rows or columns together


def of_forms(definitions: Sequence[tree.Definition]) -> set[int]:
    """The numbers of the definitions that are made of cells of a form, directly or through others."""
    by_name = {name_atoms(name.text): at for at, one in enumerate(definitions) for name in one.names}
    users: dict[int, list[int]] = {}
    found = []
    for at, one in enumerate(definitions):
        if isinstance(one.meaning, tree.FiguresAre):
            found.append(at)
        elif isinstance(one.meaning, tree.FormulaIs):
            for name in _names(one.meaning.formula):
                users.setdefault(by_name.get(name_atoms(name.text), -1), []).append(at)
    reached: set[int] = set()
    while found:
        at = found.pop()
        if at not in reached:
            reached.add(at)
            found += users.get(at, ())
    return reached


def _names(formula: tree.Formula) -> Iterator[tree.Name]:
    waiting = [formula]
    while waiting:
        match waiting.pop():
            case tree.Name() as name:
                yield name
            case tree.Share(_, of):
                yield of
            case tree.Operation(_, left, right):
                waiting += [left, right]


class _Stop(Exception):
    """One check cannot be lowered; that has been told."""


def lower_checks(file: tree.File) -> tuple[forms.Forms, set[str], list[Diagnostic]]:
    """The checks, the terms that they use (first names), and what is wrong."""
    lowering = _Lowering(file)
    checks = []
    for check in file.checks:
        try:
            checks.append(lowering.check(check))
        except _Stop:
            continue
    for at in sorted(of_forms(file.definitions)):  # also those that no check uses
        try:
            lowering.term(file.definitions[at].names[0])
        except _Stop:
            continue
    return forms.Forms(tuple(checks), lowering.terms), lowering.used, lowering.told


class _Lowering:
    def __init__(self, file: tree.File) -> None:
        self.language = file.language
        self.definitions = {name_atoms(name.text): one for one in reversed(file.definitions) for name in one.names}
        self.told: list[Diagnostic] = []
        self.terms: dict[str, forms.Figure] = {}
        self.failed: set[str] = set()
        self.used: set[str] = set()
        self.path: list[str] = []

    def fail(self, code: d.Code, span: Span | None, *notes: str, **values: object) -> _Stop:
        self.told.append(Diagnostic(code, span, self.language, values, notes))
        return _Stop()

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    # --- formulas ---

    def term(self, name: tree.Name) -> forms.Figure:
        definition = self.definitions[name_atoms(name.text)]
        first = definition.names[0].text
        if first in self.failed:
            raise _Stop
        if first in self.path:
            self.failed.add(first)
            values = {"name": first, "path": " → ".join([*self.path[self.path.index(first) :], first])}
            raise self.fail(d.CIRCULAR, definition.span, **values)
        if first not in self.terms:
            if len(self.path) > 200:
                raise self.fail(d.CIRCULAR, definition.span, name=first, path=f"{first} → …")
            self.path.append(first)
            try:
                match definition.meaning:
                    case tree.FiguresAre(formula):
                        self.terms[first] = self.figure(formula, None)
                    case tree.FormulaIs(formula, zero):
                        self.terms[first] = self.figure(formula, zero.value if zero else None)
                    case _:
                        raise self.fail(d.NOT_OF_A_FORM, name.span, name=name.text)
            except _Stop:
                self.failed.add(first)
                raise
            finally:
                self.path.pop()
        return forms.Term(first)

    def figure(self, formula: tree.Formula, zero: Number | None) -> forms.Figure:
        match formula:
            case tree.Num(value):
                return forms.Fixed(value)
            case tree.Name(text, view=None, per=None) if name_atoms(text) in self.definitions:
                return self.term(formula)
            case tree.CellAt():
                return self._end(formula)
            case tree.LineAt():
                return self._line(formula)
            case tree.Crossing(of, at):
                return forms.Crossing(self._line(of), self._line(at))
            case tree.SumTo(first, last):
                ends = self._end(first), self._end(last)
                self._in_order(ends[0], ends[1], formula)
                return forms.SumTo(*ends)
            case tree.Operation(op, left, right):
                return forms.Calc(op, self.figure(left, zero), self.figure(right, zero), zero if op == "/" else None)
        span = getattr(formula, "span", None)
        raise self.fail(d.NOT_OF_A_FORM, span, name=span.text if span else "")

    def _end(self, end: tree.CellAt | tree.LineAt) -> forms.At | forms.Line:
        if isinstance(end, tree.LineAt):
            return self._line(end)
        return forms.At(end.row, end.column, end.sheet.text if end.sheet else None, end.span)

    def _line(self, line: tree.LineAt) -> forms.Line:
        caption, sheet = line.caption, line.sheet
        return forms.Line(
            line.what, line.number, caption.text if caption else None, sheet.text if sheet else None, line.span
        )

    def _in_order(self, first: forms.At | forms.Line, last: forms.At | forms.Line, whole: tree.SumTo) -> None:
        span = whole.first.span.to(whole.last.span) if whole.first.span and whole.last.span else None
        match first, last:
            case forms.At(), forms.At():
                wrong = first.row > last.row or first.column > last.column
            case forms.Line(number=int(low)), forms.Line(number=int(high)):
                wrong = low > high
            case _:
                wrong = False
        other = last.sheet is not None and first.sheet is not None and last.sheet != first.sheet
        if wrong or other:
            ends = whole.first.span, whole.last.span
            raise self.fail(d.EMPTY_RANGE, span, low=_text(ends[0]), high=_text(ends[1]))

    # --- checks ---

    def check(self, check: tree.Check) -> forms.Check:
        tests = [
            forms.Compared(self.figure(test.left, None), test.op, self.figure(test.right, None))
            for test in (*check.given, check.then)
        ]
        over = None
        if check.over is not None:
            first, last = self._line(check.over.first), self._line(check.over.last)
            over = forms.Over(check.over.what, first, last)
            if first.number is not None and last.number is not None and first.number > last.number:
                raise self.fail(d.EMPTY_RANGE, check.over.first.span, low=_text(first.span), high=_text(last.span))
        sides = [side for test in tests for side in (test.left, test.right)]
        leaves = list(self._leaves(sides))
        for leaf in leaves:
            self._fits(leaf, over, check)
        lines = 1
        if over is not None and over.first.number is not None and over.last.number is not None:
            lines = over.last.number - over.first.number + 1
        if lines * max(sum(map(_cells, leaves)), 1) > MOST_CELLS:
            raise self.fail(d.FORM_TOO_LARGE, check.span, limit=MOST_CELLS)
        assert check.span is not None
        within = check.within.value if check.within else Decimal(0)
        return forms.Check(check.name.text, tuple(tests[:-1]), tests[-1], within, over, self.language, check.span)

    def _leaves(self, sides: Sequence[forms.Figure]) -> Iterator[forms.Figure]:
        """What reads cells, each term once."""
        waiting, seen = list(reversed(sides)), set[str]()
        while waiting:
            match waiting.pop():
                case forms.Term(name):
                    self.used.add(name)
                    if name not in seen:
                        seen.add(name)
                        waiting.append(self.terms[name])
                case forms.Calc(_, left, right):
                    waiting += [right, left]
                case forms.Fixed():
                    pass
                case leaf:
                    yield leaf

    def _fits(self, leaf: forms.Figure, over: forms.Over | None, check: tree.Check) -> None:
        """A whole row stands for its cell in each column that the check is made in."""
        ends = (leaf.first, leaf.last) if isinstance(leaf, forms.SumTo) else (leaf,)
        for line in ends:
            if not isinstance(line, forms.Line):
                continue
            if over is None:
                column = line.what == "column"
                zh, en = (
                    ("逐行 5 至 28", "for each row 5 to 28") if column else ("逐列 D 至 J", "for each column D to J")
                )
                note = self.say(f"请在这一行末尾写明,例如:,{zh}", f"Say so at the end of the line, for example: , {en}")
                if line.what is None:
                    cell = self.say("某一格请写成:甲 的 乙", "For one cell write: a of b")
                    raise self.fail(d.LINE_WITHOUT_EACH, line.span, note, cell, text=_text(line.span))
                raise self.fail(d.LINE_WITHOUT_EACH, line.span, note, text=_text(line.span))
            if line.what == over.what:
                each = check.over.first.span if check.over else None
                raise self.fail(d.LINE_ALONG_EACH, line.span or each, text=_text(line.span))


def _cells(leaf: forms.Figure) -> int:
    """How many cells a leaf reads in one row or column, as far as the text says."""
    match leaf:
        case forms.SumTo(forms.At() as first, forms.At() as last):
            return (last.row - first.row + 1) * (last.column - first.column + 1)
        case forms.SumTo(forms.Line(number=int(low)), forms.Line(number=int(high))):
            return high - low + 1
    return 1


def _text(span: Span | None) -> str:
    return span.text if span else ""
