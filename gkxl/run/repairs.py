"""Which single cell of a form, and which number in it, would make all its checks hold that do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gkxl.diagnostics import CellRef
from gkxl.run.check_sums import DividesByZero, Made
from gkxl.run.results import Repair
from gkxl.values import Number, divide, is_whole, subtract

MOST_STEPS = 500_000  # cells that are tried × cells of the checks that they are tried on; beyond, nothing is proposed

Values = Mapping[CellRef, Number]


class _With(dict[CellRef, Number]):
    """The numbers with one of them changed; nothing is copied."""

    def __init__(self, values: Values, cell: CellRef, value: Number) -> None:
        super().__init__({cell: value})
        self._values = values

    def __missing__(self, cell: CellRef) -> Number:
        return self._values[cell]


def repairs(made: Sequence[Made], failed: Sequence[Made], values: Values) -> list[tuple[Repair, ...]]:
    """For each that failed, of any sheet it reads: what heals all of that sheet that failed.

    A number that would spoil a check that holds is named only where every other would, too.
    """
    found: dict[str, list[tuple[Repair, bool]]] = {}
    readers: dict[CellRef, list[Made]] = {}
    for one in made:
        for cell in one.cells:
            readers.setdefault(cell, []).append(one)
    for sheet in dict.fromkeys(cell.sheet for one in failed for cell in one.cells):
        wrong = [one for one in failed if any(cell.sheet == sheet for cell in one.cells)]
        shared = set.intersection(*(set(one.cells) for one in wrong))
        cells = [cell for cell in wrong[0].cells if cell in shared and cell.sheet == sheet]
        if len(cells) * sum(len(one.cells) for one in wrong) > MOST_STEPS:
            continue
        found[sheet] = [
            (way, all(_holds(one, _With(values, way.cell, way.value)) for one in readers[way.cell] if one not in wrong))
            for way in _ways(cells, wrong, values)
        ]
    chosen = []
    for one in failed:
        own = [way for sheet in dict.fromkeys(cell.sheet for cell in one.cells) for way in found.get(sheet, ())]
        sound = any(harmless for _, harmless in own)
        chosen.append(tuple(way for way, harmless in own if harmless or not sound))
    return chosen


def _ways(cells: Sequence[CellRef], wrong: Sequence[Made], values: Values) -> Iterator[Repair]:
    first = next((one for one in wrong if one.check.then.op == "="), wrong[0])
    try:
        _, left, right = first.outcome(values)
        slopes = first.slopes(values)
    except DividesByZero:
        return
    whole = all(is_whole(values[cell]) for one in wrong for cell in one.cells)
    beyond = {"<": Decimal(-1), ">": Decimal(1)}.get(first.check.then.op, Decimal(0))
    if beyond and not whole:
        return  # less by how much, nobody can say
    for cell in cells:
        if cell not in slopes:
            continue
        gap = subtract(subtract(left, right), beyond)
        value = subtract(values[cell], divide(gap, slopes[cell]))
        others_whole = all(is_whole(values[other]) for one in wrong for other in one.cells if other != cell)
        if value < 0 or (others_whole and not is_whole(value)):
            continue
        if all(_holds(one, _With(values, cell, value)) for one in wrong):
            yield Repair(cell, value, values[cell])


def _holds(one: Made, values: Values) -> bool:
    try:
        return one.outcome(values)[0]
    except (DividesByZero, KeyError):  # KeyError: another of its cells has no number
        return False
