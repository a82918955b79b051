"""Finds the header of a sheet: the first row, or block of up to four rows, whose cells name the columns asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gkxl.run.reading import cell_text, is_blank
from gkxl.tables import Area, Cell, CellKind, Row
from gkxl.values import name_key

MOST_ROWS = 4
_BRACKET = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]$")
_Grid = Mapping[int, Mapping[int, str]]  # row, column: text


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top` to `bottom`. `paths` gives the texts above each column, from the top down; `columns` for each name asked
    for the columns that it fits (several: it is ambiguous; none: the header lacks it). `rival`: another such block."""

    top: int
    bottom: int
    paths: Mapping[int, tuple[str, ...]]
    columns: Mapping[str, tuple[int, ...]]
    rival: int | None = None


def find_header(
    rows: Sequence[Row], merges: Callable[[], Sequence[Area]], names: Sequence[str], fixed: int | None = None
) -> Header | None:
    """The header among the first rows of a sheet; None if no row names any of `names`, the first of which is the unit's.

    `merges` is called only where it matters, since reading them may take a pass over the sheet. `fixed`: the header's
    last row, where a sheet line states it; it may also be the first row of merged cells.
    """
    plain = {row.number: {c: cell_text(v).strip() for c, v in row.cells.items() if _is_label(v)} for row in rows}
    if fixed is None:
        complete = [row for row in plain if _names_all(_match(_paths(plain, row, row), names))]
        if complete and _stands_alone(rows, plain, complete[0], names[0]):
            return _header(plain, complete[0], complete[0], names, complete[1] if complete[1:] else None)
    return _with_merges(plain, [area for area in merges() if area.top <= max(plain, default=0)], names, fixed)


def fitting(header: Header, names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The columns that names fit which were not asked for."""
    return _match(header.paths, names)


def _is_label(cell: Cell) -> bool:
    return cell.kind in (CellKind.TEXT, CellKind.NUMBER) and not is_blank(cell)


def _stands_alone(rows: Sequence[Row], plain: _Grid, row: int, unit: str) -> bool:
    """Whether the cell below the unit's header is filled: then no merged cell of the header reaches further down."""
    columns = _match(_paths(plain, row, row), [unit])[unit]
    below = next((r for r in rows if r.number == row + 1), None)
    return below is not None and any(column in below.cells for column in columns)


def _with_merges(plain: _Grid, merges: Sequence[Area], names: Sequence[str], fixed: int | None) -> Header | None:
    filled = _filled(plain, merges)
    first: tuple[int, int] | None = None
    rival = None
    for height in range(1, MOST_ROWS + 1):
        for top in sorted(filled):
            bottom = top + height - 1
            if (fixed is not None and bottom != fixed) or not _names_all(_match(_paths(filled, top, bottom), names)):
                continue
            if first is None:
                first = (top, _reach(plain, merges, top, bottom))
            elif top > first[1]:
                rival = top
                break
        if first is not None:
            return _header(filled, *first, names, rival)
    candidates = [fixed] if fixed is not None else sorted(filled)
    found = {row: sum(map(bool, _match(_paths(filled, row, row), names).values())) for row in candidates}
    best = max(candidates, key=lambda row: found[row], default=None)
    if best is None or not found[best]:
        return None
    return _header(filled, best, _reach(plain, merges, best, best), names, None)


def _header(grid: _Grid, top: int, bottom: int, names: Sequence[str], rival: int | None) -> Header:
    paths = _paths(grid, top, bottom)
    return Header(top, bottom, paths, _match(paths, names), rival)


def _filled(plain: _Grid, merges: Sequence[Area]) -> _Grid:
    """The labels with those of merged cells in every cell that they cover, as far as the sheet is filled."""
    used = sorted({column for row in plain.values() for column in row})
    filled = {row: dict(labels) for row, labels in plain.items()}
    for area in merges:
        label = plain.get(area.top, {}).get(area.left)
        if label:
            for row in range(area.top, min(area.bottom, max(plain)) + 1):
                labels = filled.setdefault(row, {})
                labels.update((column, label) for column in used if area.left <= column <= area.right)
    return filled


def _reach(plain: _Grid, merges: Sequence[Area], top: int, bottom: int) -> int:
    """The last row of the header that begins so: merged cells reach down, and a merged heading has its parts below it."""
    while bottom - top < MOST_ROWS - 1:
        labels = plain.get(bottom, {})
        down = [a.bottom for a in merges if top <= a.top <= bottom < a.bottom and a.left in plain.get(a.top, {})]
        heading = len(labels) > 1 and any(a.bottom == bottom and a.left < a.right and a.left in labels for a in merges)
        if not down and not heading:
            break
        bottom = min(max([*down, bottom + 1]), top + MOST_ROWS - 1)
    return bottom


def _paths(grid: _Grid, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
    paths: dict[int, tuple[str, ...]] = {}
    for row in range(top, bottom + 1):
        for column, label in grid.get(row, {}).items():
            path = paths.get(column, ())
            if not path or path[-1] != label:
                paths[column] = (*path, label)
    return paths


def _names_all(columns: Mapping[str, Sequence[int]]) -> bool:
    return all(columns.values())


def _match(paths: Mapping[int, tuple[str, ...]], names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The columns that each name fits: by the whole path, else a part of it, else the same without trailing brackets."""
    levels: list[dict[str, list[int]]] = [{}, {}, {}, {}]
    for column, path in paths.items():
        parts = [_keys(part) for part in path]
        whole = parts[0] if len(parts) == 1 else _keys(" ".join(path))
        for level, keys in zip(
            levels, ({whole[0]}, {key for key, _ in parts}, {whole[1]}, {bare for _, bare in parts}), strict=True
        ):
            for key in keys:
                level.setdefault(key, []).append(column)
    return {
        name: next((tuple(level[key]) for level in levels if key in level), ())
        for name in names
        for key in [name_key(name)]
    }


@lru_cache(maxsize=4096)
def _keys(label: str) -> tuple[str, str]:
    """The key of a label, and that without its trailing bracket."""
    key = name_key(label)
    return key, _BRACKET.sub("", key).strip()
