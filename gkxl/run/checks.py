"""Checks of fixed forms against a book: whether each holds in each of its rows or columns, and where not, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, Diagnostic, Language, column_letters
from gkxl.model import forms
from gkxl.model.rules import Missing, Rubric
from gkxl.run.check_sums import DividesByZero, Made
from gkxl.run.findings import LISTED, Findings
from gkxl.run.form_sheets import FormSheets, Lost
from gkxl.run.reading import is_blank
from gkxl.run.repairs import repairs
from gkxl.run.results import CheckResult
from gkxl.tables import Book, CellKind, Sheet
from gkxl.values import Kind, Number, negate, shown, subtract

_SHOWN = 8  # cells of a check that fails, with their values


def judge(rubric: Rubric, book: Book) -> tuple[tuple[CheckResult, ...], list[Diagnostic]]:
    """The results in the order of the file, one for each row or column that a check is made in."""
    if not rubric.forms.checks:
        return (), []
    findings = Findings(rubric.language)
    sheets = FormSheets(book, findings)
    made = [one for check in rubric.forms.checks for one in _Binding(check, rubric.forms.terms, sheets).made()]
    sheets.read()
    values: dict[CellRef, Number] = {}
    lacking: set[CellRef] = set()
    for one in made:
        for cell, summed in one.cells.items():
            if cell in values or (cell in lacking and summed):
                continue
            value = _value(cell, summed, sheets, rubric.missing, findings)
            if value is None:
                lacking.add(cell)
            else:
                values[cell] = value
    results: list[CheckResult] = []
    failed: list[Made] = []
    for one in made:
        blank = [cell for cell in one.cells if cell not in values]
        result = _result(one, values, blank, rubric, findings)
        if result is None:
            continue
        results.append(result)
        if result.holds is False:
            failed.append(one)
    ways = iter(repairs(made, failed, values))
    results = [replace(one, repairs=next(ways)) if one.holds is False else one for one in results]
    return tuple(results), [*findings.diagnostics(), *_told(results, rubric)]


class _Binding:
    """One check: what it reads in each of its rows or columns."""

    def __init__(self, check: forms.Check, terms: Mapping[str, forms.Figure], sheets: FormSheets) -> None:
        self.check = check
        self.terms = terms
        self.sheets = sheets
        self.default: str | None = None

    def made(self) -> Iterator[Made]:
        check = self.check
        sides = [side for test in (*check.given, check.then) for side in (test.left, test.right)]
        named = {name for side in sides for name in self._sheets_of(side)}
        self.default = next(iter(named)) if len(named) == 1 else None  # what names no sheet is of the same one
        try:
            lines = list(self._lines())
            found = [Made(check, line, self.terms, {}, {}) for line in lines]
            for one in found:
                for side in sides:
                    self._bind(side, one)
        except Lost:
            return
        for one in found:
            self.sheets.want(one.cells)
            yield one

    def _sheets_of(self, figure: forms.Figure) -> Iterator[str]:
        waiting, seen = [figure], set[str]()
        while waiting:
            match waiting.pop():
                case forms.Term(name) if name not in seen:
                    seen.add(name)
                    waiting.append(self.terms[name])
                case forms.Calc(_, left, right):
                    waiting += [left, right]
                case forms.At(sheet=str(sheet)) | forms.Line(sheet=str(sheet)):
                    yield sheet
                case forms.SumTo(first, _):
                    waiting.append(first)
                case forms.Crossing(of, at):
                    waiting += [of, at]

    def _lines(self) -> Iterator[int | None]:
        over = self.check.over
        if over is None:
            yield None
            return
        numbers = over.first.number, over.last.number
        if None in numbers or over.first.caption or over.last.caption:
            sheet = self.sheets.sheet(over.first.sheet or self.default, over.first.span)
            numbers = tuple(self.sheets.line(line, over.what, sheet, 0) for line in (over.first, over.last))  # type: ignore[assignment]
        low, high = numbers
        assert low is not None
        assert high is not None
        yield from range(min(low, high), max(low, high) + 1)

    def _bind(self, figure: forms.Figure, made: Made) -> None:
        """Finds the cells of all that a formula reads."""
        waiting = [figure]
        while waiting:
            one = waiting.pop()
            if one in made.read:
                continue
            match one:
                case forms.Term(name):
                    made.read[one] = ()
                    waiting.append(self.terms[name])
                case forms.Calc(_, left, right):
                    waiting += [right, left]
                case forms.Fixed():
                    pass
                case _:
                    cells = made.read[one] = tuple(self._cells(one, made.line))
                    summed = isinstance(one, forms.SumTo)
                    for cell in cells:
                        made.cells[cell] = made.cells.get(cell, True) and summed

    def _cells(self, leaf: forms.Figure, at: int | None) -> Iterator[CellRef]:
        match leaf:
            case forms.SumTo(first, last):
                sheet = self.sheets.sheet(first.sheet or last.sheet or self.default, first.span)
                one, other = (self._corner(end, sheet, at) for end in (first, last))
                for row in range(min(one[0], other[0]), max(one[0], other[0]) + 1):
                    for column in range(min(one[1], other[1]), max(one[1], other[1]) + 1):
                        yield CellRef(sheet.name, row, column)
            case forms.Crossing(of, meets):
                sheet = self.sheets.sheet(of.sheet or meets.sheet or self.default, of.span)
                yield CellRef(sheet.name, *self.sheets.crossing(leaf, sheet))
            case forms.At() | forms.Line():
                sheet = self.sheets.sheet(leaf.sheet or self.default, leaf.span)
                yield CellRef(sheet.name, *self._corner(leaf, sheet, at))

    def _corner(self, end: forms.At | forms.Line, sheet: Sheet, at: int | None) -> tuple[int, int]:
        if isinstance(end, forms.At):
            return end.row, end.column
        over = self.check.over
        assert over is not None
        assert at is not None
        first = over.first.number or at
        if over.what == "column":
            return self.sheets.line(end, "row", sheet, first), at
        return at, self.sheets.line(end, "column", sheet, first)


def _value(
    cell: CellRef, summed: bool, sheets: FormSheets, missing: Missing | None, findings: Findings
) -> Number | None:
    """The number in a cell; None where there is none, which is told. A blank is 0 only where the rules say so."""
    if cell.sheet in sheets.broken:
        return None
    found = sheets.cell(cell)
    if found.kind in (CellKind.NUMBER, CellKind.RATE):
        return found.value  # type: ignore[return-value]  # of these kinds it is a number
    if not is_blank(found):
        findings.cell(cell, found, Kind.NUMBER, header=cell.a1)
        return None
    area = sheets.merge(cell)
    if area is not None:
        if summed:  # its value is summed where it stands
            return Decimal(0)
        first, last = CellRef(cell.sheet, area.top, area.left), CellRef(cell.sheet, area.bottom, area.right)
        findings.add(d.FORM_CELL_MERGED, cell, cell=cell.a1, area=f"{first.a1}:{last.a1}", first=first.a1)
        return None
    if missing is Missing.ZERO:
        return Decimal(0)
    if missing is not Missing.NOT_APPLICABLE:
        note = findings.say(
            "若空白就是 0,请在规则里写:缺数据 计0分", "If a blank means 0, write in the rules: missing data counts 0"
        )
        findings.add(d.FORM_CELL_BLANK, cell, () if missing else (note,), cell=cell.a1)
    return None


def _result(
    one: Made, values: Mapping[CellRef, Number], blank: Sequence[CellRef], rubric: Rubric, findings: Findings
) -> CheckResult | None:
    """None where the rules say that a blank makes it not applicable. `blank`: its cells without a number."""
    if blank and rubric.missing is Missing.NOT_APPLICABLE and not findings.cells() & set(blank):
        at = said_at(one.check, one.line, rubric.language)
        findings.add(d.CHECK_NOT_APPLICABLE, blank[0], name=one.check.name, at=at, cells=findings.places(blank))
        return None
    cells = tuple(one.cells)
    if blank:
        return CheckResult(one.check, one.line, None, None, None, cells, {})
    own = {cell: values[cell] for cell in cells}
    try:
        return CheckResult(one.check, one.line, *one.outcome(values), cells, own)
    except DividesByZero:
        return CheckResult(one.check, one.line, False, None, None, cells, own)


def said_at(check: forms.Check, line: int | None, language: Language) -> str:
    """(D列), (第5行): where a check was made."""
    if line is None or check.over is None:
        return ""
    if check.over.what == "column":
        letters = column_letters(line)
        return f"({letters}列)" if language == "zh" else f" (column {letters})"
    return f"(第{line}行)" if language == "zh" else f" (row {line})"


def _told(results: Sequence[CheckResult], rubric: Rubric) -> Iterator[Diagnostic]:
    """What does not hold, with both sides, the cells and their numbers, and what would set it right."""
    language, counts = rubric.language, dict[str, int]()
    for one in results:
        if one.holds is not False:
            continue
        first = one.cells[0] if one.cells else None
        sheet = first.sheet if first else ""
        counts[sheet] = counts.get(sheet, 0) + 1
        if counts[sheet] > LISTED:
            continue
        values: dict[str, object] = {
            "name": one.check.name,
            "at": said_at(one.check, one.line, language),
            "cells": _numbers(one, sheet, language),
        }
        code, notes = d.CHECK_DIVIDES_BY_ZERO, _ways(one, language)
        if one.left is not None and one.right is not None:
            gap = subtract(one.left, one.right)
            values |= {"left": shown(one.left), "right": shown(one.right)}
            values["difference"] = shown(negate(gap) if gap < 0 else gap)
            code, notes = d.CHECK_FAILS, (*_asked(one, language), *notes)
        yield Diagnostic(code, first or one.check.span, language, values, notes)
    for sheet, count in counts.items():
        if count > LISTED:
            more: dict[str, object] = {"sheet": sheet, "code": d.CHECK_FAILS.number, "count": count - LISTED}
            yield Diagnostic(d.MORE, CellRef(sheet, 0, 0), language, more)


def _numbers(one: CheckResult, sheet: str, language: Language) -> str:
    """D5 = 9, D6 = 0, …: those of another sheet with its name, those of a long sum that are 0 left out."""
    cells = one.cells
    if len(cells) > _SHOWN:
        cells = tuple(cell for cell in cells if one.values[cell]) or cells
    texts = [f"{cell.a1 if cell.sheet == sheet else cell} = {shown(one.values[cell])}" for cell in cells[:_SHOWN]]
    more = len(one.cells) - len(texts)
    if more:
        texts.append(f"另 {more} 格" if language == "zh" else f"{more} more")
    return ("、" if language == "zh" else ", ").join(texts)


def _asked(one: CheckResult, language: Language) -> tuple[str, ...]:
    """What the sides had to be, where two sides and a difference do not say it."""
    op = {">=": "≥", "<=": "≤"}.get(one.check.then.op, one.check.then.op)
    if op == "=":
        return ()
    return (f"规则要求:左边 {op} 右边",) if language == "zh" else (f"It asks for: left {op} right",)


def _ways(one: CheckResult, language: Language) -> tuple[str, ...]:
    if not one.repairs:
        return ()
    zh = language == "zh"
    ways = [
        f"{way.cell} 改为 {shown(way.value)}(现为 {shown(way.instead)})"
        if zh
        else f"{way.cell} = {shown(way.value)} instead of {shown(way.instead)}"
        for way in one.repairs[:_SHOWN]
    ]
    joined = (" 或 " if zh else ", or ").join(ways)
    return (f"只改一格就全部相符:{joined}" if zh else f"One cell changed alone makes all checks hold: {joined}",)
