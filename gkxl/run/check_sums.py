"""One check in one row or column: what its sides come to, and how they change with a cell. Exact, like all numbers here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gkxl.diagnostics import CellRef
from gkxl.model import forms
from gkxl.values import Number, add, divide, multiply, negate, subtract

Values = Mapping[CellRef, Number]


class DividesByZero(Exception):
    """A side of the check has no value."""


@dataclass(frozen=True)
class Made:
    """`line`: the column or row that the check is made in, None for one of single cells. `read`: the cells of each thing
    that reads some. `cells`: all of them in the order of the text, and whether each is only part of a sum."""

    check: forms.Check
    line: int | None
    terms: Mapping[str, forms.Figure]
    read: dict[forms.Figure, tuple[CellRef, ...]]
    cells: dict[CellRef, bool]

    def outcome(self, values: Values) -> tuple[bool, Number, Number]:
        """Whether it holds, and its two sides. Raises DividesByZero."""
        known: dict[str, Number] = {}
        then = self.check.then
        left, right = self._value(then.left, values, known), self._value(then.right, values, known)
        if holds(then.op, subtract(left, right), self.check.within):
            return True, left, right
        for test in self.check.given:
            sides = self._value(test.left, values, known), self._value(test.right, values, known)
            if not holds(test.op, subtract(*sides), Decimal(0)):
                return True, left, right
        return False, left, right

    def _value(self, figure: forms.Figure, values: Values, known: dict[str, Number]) -> Number:
        figure, spine = _unwound(figure)
        match figure:
            case forms.Fixed(value):
                result = value
            case forms.Term(name):
                if name not in known:
                    known[name] = self._value(self.terms[name], values, known)
                result = known[name]
            case _:
                result = Decimal(0)
                for cell in self.read[figure]:
                    result = add(result, values[cell])
        for calc in spine:
            result = _calculated(calc, result, self._value(calc.right, values, known))
        return result

    def slopes(self, values: Values) -> dict[CellRef, Number]:
        """By how much left − right grows where a cell grows by 1; without the cells that it does not grow evenly with."""
        bent: set[CellRef] = set()
        known: dict[str, _Sloped] = {}
        left, right = (self._slope(side, values, known, bent) for side in (self.check.then.left, self.check.then.right))
        both = dict(left.by)
        for cell, slope in right.by.items():
            both[cell] = subtract(both.get(cell, Decimal(0)), slope)
        return {cell: slope for cell, slope in both.items() if slope and cell not in bent}

    def _slope(self, figure: forms.Figure, values: Values, known: dict[str, _Sloped], bent: set[CellRef]) -> _Sloped:
        figure, spine = _unwound(figure)
        match figure:
            case forms.Fixed(value):
                result = _Sloped(value, {})
            case forms.Term(name):
                if name not in known:
                    known[name] = self._slope(self.terms[name], values, known, bent)
                result = _Sloped(known[name].value, dict(known[name].by))
            case _:
                result = _Sloped(Decimal(0), {})
                for cell in self.read[figure]:
                    result.value = add(result.value, values[cell])
                    result.by[cell] = add(result.by.get(cell, Decimal(0)), Decimal(1))
        for calc in spine:
            result = _sloped(calc, result, self._slope(calc.right, values, known, bent), bent)
        return result


@dataclass
class _Sloped:
    value: Number
    by: dict[CellRef, Number]


def _sloped(calc: forms.Calc, left: _Sloped, right: _Sloped, bent: set[CellRef]) -> _Sloped:
    value = _calculated(calc, left.value, right.value)
    if calc.op in "+-":
        for cell, slope in right.by.items():
            left.by[cell] = add(left.by.get(cell, Decimal(0)), slope if calc.op == "+" else negate(slope))
        return _Sloped(value, left.by)
    if calc.op == "*":
        bent.update(left.by.keys() & right.by.keys())
        by = {cell: multiply(slope, right.value) for cell, slope in left.by.items()}
        return _Sloped(value, by | {cell: multiply(slope, left.value) for cell, slope in right.by.items()})
    bent.update(right.by)
    if not right.value:
        return _Sloped(value, {})
    return _Sloped(value, {cell: divide(slope, right.value) for cell, slope in left.by.items()})


def _unwound(figure: forms.Figure) -> tuple[forms.Figure, list[forms.Calc]]:
    """What a formula begins with, and what is calculated from there, in order: long sums lean to the left."""
    spine: list[forms.Calc] = []
    while isinstance(figure, forms.Calc):
        spine.append(figure)
        figure = figure.left
    return figure, spine[::-1]


def _calculated(calc: forms.Calc, left: Number, right: Number) -> Number:
    match calc.op:
        case "+":
            return add(left, right)
        case "-":
            return subtract(left, right)
        case "*":
            return multiply(left, right)
    if not right:
        if calc.zero is None:
            raise DividesByZero
        return calc.zero
    return divide(left, right)


def holds(op: str, difference: Number, within: Number) -> bool:
    """Whether left `op` right, by left − right."""
    match op:
        case "=":
            return negate(within) <= difference <= within
        case "<=":
            return difference <= within
        case ">=":
            return difference >= negate(within)
        case "<":
            return difference < within
    return difference > negate(within)
