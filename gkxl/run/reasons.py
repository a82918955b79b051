"""Why a manual score was given: the text of the column for it, where the sheet has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gkxl.model.rules import FromRows
from gkxl.run.facts import Fact
from gkxl.run.ledgers import Ledger
from gkxl.run.reading import cell_text, is_blank
from gkxl.tables import Cell
from gkxl.values import name_key

_WORDS = ("理由", "原因", "reason")


class Reasons:
    """The reasons of one ledger's manual scores, by column and row. The column of one score alone (质量理由) goes first."""

    def __init__(self, ledger: Ledger, measures: Mapping[str, FromRows]) -> None:
        headed = {name_key(header): column for column, header in sorted(ledger.headed.items(), reverse=True)}
        found = {name: next(_columns(measure, headed), None) for name, measure in measures.items() if measure.manual}
        self._column = {name: column for name, column in found.items() if column is not None}
        self._texts: dict[tuple[int, int], str] = {}
        self.columns = frozenset(self._column.values())

    def note(self, row: int, cells: Mapping[int, Cell]) -> None:
        for column in self.columns:
            cell = cells.get(column)
            if cell is not None and not is_blank(cell):
                self._texts[column, row] = cell_text(cell).strip()

    def of(self, term: str, fact: Fact) -> str | None:
        """The reason in the row that a score stands in."""
        column = self._column.get(term)
        rows: Iterable[int] = (row for cells in fact.cells for row in cells.rows)
        texts = (self._texts.get((column, row)) for row in rows) if column is not None else ()
        return next((text for text in texts if text), None)


def _columns(measure: FromRows, headed: Mapping[str, int]) -> Iterator[int]:
    """The columns that may hold the reason, the likeliest first."""
    own = measure.column if isinstance(measure.column, str) else ""
    names = [own + word for word in _WORDS] + [f"{own} reason", *_WORDS, "评分理由", "评分原因", "打分理由"]
    return (headed[key] for name in names if (key := name_key(name)) in headed)
