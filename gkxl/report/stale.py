"""Stored result sheets held against what they would be now: which results differ, said by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, Diagnostic, Language
from gkxl.report.words import word
from gkxl.run.reading import cell_text
from gkxl.sheets import ResultSheet
from gkxl.tables import Sheet

_MOST = 20  # rows of one sheet that are told one by one
_MOST_CELLS = 4  # of one row

_Line = tuple[int, Mapping[int, str]]  # the row's number, and the texts of its cells by column


def differences(stored: Sheet | None, fresh: Sheet, made: ResultSheet, language: Language) -> list[Diagnostic]:
    """What differs between a stored sheet and the same sheet made anew; `made` says which columns name a row."""
    if stored is None:
        return [Diagnostic(d.RESULT_SHEET_MISSING, CellRef(fresh.name, 0, 0), language, {"sheet": fresh.name})]
    old, new = _lines(stored), _lines(fresh)
    if [cells for _, cells in old] == [cells for _, cells in new]:
        return []
    titles = [next((cells for number, cells in lines if number == made.header), {}) for lines in (old, new)]
    if not made.keys or titles[0] != titles[1]:
        return [_as_a_whole(fresh.name, old, new, language)]
    above = [{number: cells for number, cells in lines if number < made.header} for lines in (old, new)]
    below = [[line for line in lines if line[0] > made.header] for lines in (old, new)]
    found = [
        *_heads(fresh.name, above[0], above[1], language),
        *_row_by_row(fresh.name, below[0], below[1], made.keys, titles[1], language),
    ]
    if len(found) > _MOST:
        rest = Diagnostic(d.RESULTS_MORE, CellRef(fresh.name, 0, 0), language, {"rows": len(found) - _MOST})
        found = [*found[:_MOST], rest]
    return found or [_as_a_whole(fresh.name, old, new, language)]  # the same rows in another order


def _lines(sheet: Sheet) -> list[_Line]:
    rows = [(row.number, {column: cell_text(cell) for column, cell in row.cells.items()}) for row in sheet.rows()]
    return [(number, cells) for number, cells in rows if cells]


def _as_a_whole(sheet: str, old: Sequence[_Line], new: Sequence[_Line], language: Language) -> Diagnostic:
    """Of a sheet whose rows have no names: how many are other ones, and the first."""
    before = Counter(tuple(sorted(cells.items())) for _, cells in old)
    after = Counter(tuple(sorted(cells.items())) for _, cells in new)
    first = next((one[0] for one, other in zip(old, new, strict=False) if one[1] != other[1]), None)
    at = CellRef(sheet, first or min(len(old), len(new)) + 1, 0)
    values: dict[str, object] = {"gone": (before - after).total(), "added": (after - before).total()}
    return Diagnostic(d.RESULT_ROWS_DIFFER, at, language, values)


def _heads(
    sheet: str, old: Mapping[int, Mapping[int, str]], new: Mapping[int, Mapping[int, str]], language: Language
) -> Iterator[Diagnostic]:
    """The lines above the header: the title, the period."""
    for number in sorted(old.keys() | new.keys()):
        before, after = (lines.get(number, {}) for lines in (old, new))
        changed = [c for c in sorted(before.keys() | after.keys()) if before.get(c, "") != after.get(c, "")]
        if changed:
            at = CellRef(sheet, number, changed[0])
            what = _stored(at.a1, before, after, changed[0], language)
            yield Diagnostic(d.RESULT_DIFFERS, at, language, {"who": sheet, "what": what})


def _row_by_row(
    sheet: str, old: Sequence[_Line], new: Sequence[_Line], keys: Collection[int], titles: Mapping[int, str],
    language: Language,
) -> Iterator[Diagnostic]:  # fmt: skip
    stored, fresh = _named(old, keys), _named(new, keys)
    for key, (number, cells) in fresh.items():
        who = " ".join(text for text in key[:-1] if text)
        if key not in stored:
            yield Diagnostic(d.RESULT_NEW, CellRef(sheet, number, 0), language, {"who": who})
            continue
        there, before = stored[key]
        changed = [c for c in sorted(before.keys() | cells.keys()) if before.get(c, "") != cells.get(c, "")]
        if changed:
            what = word("and", language).join(
                _stored(titles.get(column, CellRef(sheet, there, column).a1), before, cells, column, language)
                for column in changed[:_MOST_CELLS]
            )
            yield Diagnostic(d.RESULT_DIFFERS, CellRef(sheet, there, changed[0]), language, {"who": who, "what": what})
    for key, (number, _) in stored.items():
        if key not in fresh:
            who = " ".join(text for text in key[:-1] if text)
            yield Diagnostic(d.RESULT_GONE, CellRef(sheet, number, 0), language, {"who": who})


def _named(lines: Sequence[_Line], keys: Collection[int]) -> dict[tuple[str, ...], _Line]:
    """The rows by the texts that name them; the last part tells apart rows of one name."""
    found: dict[tuple[str, ...], _Line] = {}
    seen = Counter[tuple[str, ...]]()
    for line in lines:
        name = tuple(line[1].get(column, "") for column in keys)
        found[*name, str(seen[name])] = line
        seen[name] += 1
    return found


def _stored(what: str, old: Mapping[int, str], new: Mapping[int, str], column: int, language: Language) -> str:
    nothing = word("nothing stored", language)
    return word("stored", language, what=what, old=old.get(column) or nothing, new=new.get(column) or nothing)
