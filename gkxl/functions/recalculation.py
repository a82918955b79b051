"""The cells of a workbook whose whole formula is one call of a function → what they hold now.

Cells that read each other are worked out in their order. What cannot be worked out here says why, and so does what reads it:
a stored value that may be an old one is never handed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import chain

from gkxl.diagnostics import CellRef
from gkxl.functions.answers import Answer, Plain
from gkxl.functions.arguments import Argument
from gkxl.functions.dependents import Places, Readers
from gkxl.functions.formula import FormulaCall, read_call
from gkxl.functions.references import Grid, Range, UnresolvedError, located
from gkxl.tables import BLANK, Book, Cell, CellKind
from gkxl.workbook.formulas import FormulaCell

Caller = Callable[[str, Sequence[Argument]], Answer | Plain]  # by the function's name; raises UnresolvedError
_LARGEST = 1 << 20  # cells of the area of one formula
Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Worked:
    """A formula's area, and what is in it now; None where that is not known, and `why`.

    `size` is what the function gave, in rows and columns; `refusal` the first line of it that starts with #GK;
    `sheets` are those that were read.
    """

    cells: Range
    rows: Rows | None = None
    why: UnresolvedError | None = None
    size: tuple[int, int] = (1, 1)
    refusal: str = ""
    sheets: frozenset[str] = frozenset()

    @property
    def place(self) -> CellRef:
        return self.cells.first

    @property
    def cut(self) -> bool:
        """Whether the function gives more than the area takes."""
        top, left, bottom, right = self.cells.area
        return self.size[0] > bottom - top + 1 or self.size[1] > right - left + 1

    def each(self) -> Iterator[tuple[CellRef, Cell]]:
        """The cells of the area, if they are known."""
        return zip(self.cells.places(), chain.from_iterable(self.rows), strict=True) if self.rows else iter(())


def recalculated(
    formulas: Sequence[tuple[str, FormulaCell]], others: Readers, book: Book, call: Caller
) -> list[Worked]:
    """What formulas, each with its sheet, give now, in the order they come. Raises what `Sheet.rows` does.

    `others` are the formulas that are not calculated here; `book` has all sheets, without formats.
    """
    nodes = [_Formula.of(sheet, cell, book) for sheet, cell in formulas]
    found: dict[Range, Worked] = {}
    grid = Grid(book, [cells for node in nodes for cells in node.reads])
    filled_by = Places(node.cells for node in nodes)
    behind = Places(others.of([node.cells for node in nodes]))
    read: dict[Range, Argument | UnresolvedError] = {}
    by_cells = {node.cells: node for node in nodes}
    # Cells stand in the order twice: as a formula fills them (True), and as formulas read them.
    order: TopologicalSorter[tuple[bool, Range]] = TopologicalSorter()
    for node in nodes:
        order.add((True, node.cells), *((False, cells) for cells in node.reads))
        for cells in node.reads:
            order.add((False, cells), *((True, other) for other in filled_by.within(cells)))
    with suppress(CycleError):  # all that hangs on no cycle still comes
        order.prepare()
    while ready := order.get_ready():
        for filled, cells in ready:
            if filled:
                worked = found[cells] = _worked(by_cells[cells], read, call)
                for place, cell in worked.each():
                    grid.put(place, cell)
            else:
                read[cells] = _read(cells, grid, [found[other] for other in filled_by.within(cells)], behind)
            order.done((filled, cells))
    circle = UnresolvedError(
        "它要读的单元格又要读它,或读这样的单元格", "it reads cells that read it, or that read such cells"
    )
    return [found.get(node.cells) or Worked(node.cells, why=node.why or circle) for node in nodes]


def stored_cell(value: Plain) -> Cell:
    """What a cell stores for an answer, with all digits that a double has."""
    if isinstance(value, bool | str):
        return Cell(CellKind.BOOL if isinstance(value, bool) else CellKind.TEXT, value)
    return Cell(CellKind.NUMBER, Decimal(repr(value)))


def alike(one: Cell, other: Cell) -> bool:
    """Whether two cells hold the same, to 15 digits, as a spreadsheet shows them; an empty text is a blank."""
    return _shown(one) == _shown(other)


def _shown(cell: Cell) -> Cell:
    if cell.kind is CellKind.TEXT:
        return cell if cell.value else BLANK
    if cell.kind is CellKind.NUMBER and isinstance(cell.value, Decimal):
        return cell._replace(value=Decimal(format(cell.value, ".15g")))
    return cell


@dataclass(frozen=True)
class _Formula:
    """A formula: the area that it fills, its call, its arguments and those of them that are cells."""

    cells: Range
    cell: FormulaCell
    call: FormulaCall | None = None
    arguments: Sequence[Argument | Range] = ()
    why: UnresolvedError | None = None

    @classmethod
    def of(cls, sheet: str, cell: FormulaCell, book: Book) -> _Formula:
        cells = Range(sheet, cell.area)
        call = read_call(cell.formula, cell.down, cell.right)
        if call is None:
            why = UnresolvedError(
                "公式不只是一个函数,或参数不是值、单元格、名称或表格",
                "the formula is more than one function of values, cells, names and tables",
            )
            return cls(cells, cell, why=why)
        top, left, bottom, right = cell.area
        if (bottom - top + 1) * (right - left + 1) > _LARGEST:
            why = UnresolvedError(
                f"公式的区域大于 {_LARGEST} 格", f"the formula's area is larger than {_LARGEST} cells"
            )
            return cls(cells, cell, call, why=why)
        try:
            return cls(cells, cell, call, located(call, book, CellRef(sheet, cell.row, cell.column)))
        except UnresolvedError as why:
            return cls(cells, cell, call, why=why)

    @property
    def reads(self) -> list[Range]:
        return [one for one in self.arguments if isinstance(one, Range)]


def _read(cells: Range, grid: Grid, filled: Sequence[Worked], behind: Places) -> Argument | UnresolvedError:
    unknown = next((one.place for one in filled if one.rows is None), None)
    if unknown is not None:
        return UnresolvedError(f"它要读的 {unknown} 没有重新计算", f"it reads {unknown}, which was not recalculated")
    for one in behind.within(cells):
        zh = f"它要读的 {one.first} 是别的公式,又读函数的单元格,这里算不了"
        return UnresolvedError(zh, f"it reads {one.first}, another formula that reads cells of functions")
    try:
        return grid.values(cells)
    except UnresolvedError as why:
        return why


def _worked(node: _Formula, read: dict[Range, Argument | UnresolvedError], call: Caller) -> Worked:
    given: list[Argument] = []
    try:
        if node.why is not None or node.call is None:
            return Worked(node.cells, why=node.why)
        for one in node.arguments:
            value = read[one] if isinstance(one, Range) else one
            if isinstance(value, UnresolvedError):
                raise value
            given.append(value)
        answer = call(node.call.function, given)
    except UnresolvedError as why:
        return Worked(node.cells, why=why)
    rows = (
        [[stored_cell(one) for one in row] for row in answer] if isinstance(answer, list) else [[stored_cell(answer)]]
    )
    sheets = frozenset(one.sheet for one in node.reads)
    texts = (str(one.value) for row in rows for one in row)
    refusal = next((text.split("\n", 1)[0] for text in texts if text.startswith("#GK")), "")
    return Worked(node.cells, _fitted(rows, node.cell), None, (len(rows), len(rows[0])), refusal, sheets)


def _fitted(rows: list[list[Cell]], cell: FormulaCell) -> Rows:
    """The rows in the area that takes them. What is beyond it is left out.

    An area larger than they are is blank there if it spills, else as in Excel: one row or column is repeated, else #N/A.
    """
    top, left, bottom, right = cell.area
    height, width = len(rows), len(rows[0])

    def at(down: int, across: int) -> Cell:
        if not cell.spills:
            down, across = down if height > 1 else 0, across if width > 1 else 0
        if down < height and across < width:
            return rows[down][across]
        return BLANK if cell.spills else Cell(CellKind.ERROR, "#N/A")

    return tuple(tuple(at(down, across) for across in range(right - left + 1)) for down in range(bottom - top + 1))
