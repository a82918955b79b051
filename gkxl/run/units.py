"""The units of the units' sheet, and the matching of what ledgers call them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, Span
from gkxl.model.rules import Units
from gkxl.run.audience import words_of
from gkxl.run.facts import Unit
from gkxl.run.findings import LISTED, Findings
from gkxl.run.gate import Gate, Uses, has_stray
from gkxl.run.ledgers import Ledger
from gkxl.run.names import difference, look, nearest
from gkxl.run.reading import cell_text, is_blank, total_word, truth
from gkxl.run.rows import data_rows
from gkxl.tables import BLANK, Cell, CellKind, Row
from gkxl.values import Kind, bare_key, name_key, normalise

NOBODY = -1
_BROKEN = (CellKind.ERROR, CellKind.UNCALCULATED)

_LONGEST = 20  # characters of a unit's name
_NOTES = ("注", "备注", "说明", "note")
_ALIASES = re.compile(r"[、,;]")


@dataclass
class Roster:
    """The units in the order of their sheet, and by the key of each of their names the index of the unit."""

    units: tuple[Unit, ...]
    by_key: dict[str, int]
    gate: Gate  # of the list
    spelled: dict[CellRef, tuple[str, str]] = field(default_factory=dict)  # written otherwise than in the list: how
    looks: dict[str, str] = field(default_factory=dict)
    strangers: Counter[str] = field(default_factory=Counter)  # by sheet

    def find(self, cell: Cell, at: CellRef) -> int:
        """The index of the unit that a cell names; NOBODY if the list does not have it."""
        written = cell_text(cell)
        index = self.by_key.get(name_key(written), NOBODY)
        if index != NOBODY:
            unit = self.units[index]
            if (name_key(written) == unit.key and written.strip() != unit.name.strip()) or has_stray(written):
                self.spelled[at] = (written, unit.name)
        return index

    def tell_unknown(self, written: str, rows: int, at: CellRef, findings: Findings) -> None:
        """A name that the list does not have: the nearest one, or the one that it only looks like."""
        f = findings
        if not self.looks:
            self.looks = {look(unit.name): unit.name for unit in self.units}
        alike = self.looks.get(look(written))
        if alike is not None:
            how = difference(written, alike, f.language)
            f.add(d.UNIT_LOOKS_ALIKE, at, unit=written, nearest=alike, difference=how, rows=rows)
            return
        self.strangers[at.sheet] += 1
        if self.strangers[at.sheet] > LISTED:  # it will only be counted
            f.add(d.UNIT_NOT_LISTED, at, unit=written, rows=rows)
            return
        cells = {unit.name: unit.cell for unit in self.units}
        near = [f.say(f"“{name}”({cells[name]})", f"“{name}” ({cells[name]})") for name in nearest(written, cells)[:3]]
        names = f.say("、", ", ").join(near)
        note = f.say(
            f"最接近的:{names}。若是同一单位,请改成名单里的写法。", f"Nearest: {names}. Write it so if it is the same."
        )
        f.add(d.UNIT_NOT_LISTED, at, (note,), unit=written, rows=rows)


def read_units(units: Units, ledger: Ledger, words: Sequence[tuple[str, Span | None]], findings: Findings) -> Roster:
    """The units with the words that fit them; `words` are those that the rules pick units by."""
    group = ledger.columns.get(name_key(units.group_column)) if units.group_column else None
    alias = ledger.columns.get(name_key(units.alias_column)) if units.alias_column else None
    headed = sorted(ledger.headed.items(), reverse=True)
    keyed = {bare_key(header): column for column, header in headed} | {
        name_key(header): column for column, header in headed
    }
    flags = {word: column for word, _ in words if (column := keyed.get(name_key(word), keyed.get(bare_key(word))))}
    asked = {column for column in flags.values() if column != ledger.unit}
    columns = asked | {ledger.unit} | {column.number for column in (group, alias) if column is not None}
    gate = Gate(ledger, columns, Uses(), None, findings)
    passing = data_rows(ledger, columns, findings, _may_be_unit, lambda _row, _subtotal: None)
    rows = [row for row in passing if any(row.cells.get(c) for c in columns)]
    for row in rows:
        gate.look(row.number, row.cells.get)
    groups = {bare_key(_text(row, group.number)) for row in rows} if group else set()

    found: list[Unit] = []
    roster = Roster((), {}, gate)
    for row in rows:
        at = ledger.at(row.number, ledger.unit)
        name = _name(row, at, ledger.headed.get(ledger.unit), findings)
        if name is None:
            continue
        key = name_key(name)
        if key in roster.by_key:
            first = found[roster.by_key[key]].cell
            findings.add(d.UNIT_TWICE, at, unit=name, first=first, second=at)
            continue
        if _has_stray_blanks(name):
            roster.spelled[at] = (name, _closed(name))
        own = _text(row, group.number) if group else ""
        for told in (group, alias):
            cell = row.cells.get(told.number) if told else None
            if told and cell and cell.kind in _BROKEN:
                findings.cell(ledger.at(row.number, told.number), cell, Kind.TEXT, header=told.header)
        if group and not own and row.cells.get(group.number, BLANK).kind not in _BROKEN:
            findings.add(d.GROUP_BLANK, ledger.at(row.number, group.number), unit=name, column=group.header)
        roster.by_key[key] = len(found)
        found.append(Unit(name, key, own or None, _fitting(row, ledger, own, groups, words, flags, findings), at))
    if alias:
        _add_aliases(roster, found, rows, ledger, alias.number, findings)
    roster.units = tuple(found)
    if group:
        _tell_group_or_column(rows, ledger, group.number, groups, words, flags, findings)
    _tell_alike(found, findings)
    if not found:
        findings.add(d.UNITS_NONE, CellRef(ledger.sheet.name, ledger.header_row, ledger.unit), sheet=units.sheet)
    named = {ledger.unit, *(column.number for column in (group, alias) if column is not None)}
    names = [
        *dict.fromkeys(unit.group for unit in found if unit.group),
        *(header for column, header in ledger.headed.items() if column not in named),
    ]
    for word, span in words:
        if bare_key(word) not in groups and flags.get(word) not in asked:
            there = findings.listed(nearest(word, names))
            notes = (findings.say(f"有的组和列:{there}", f"Groups and columns there are: {there}"),) if there else ()
            findings.add(d.AUDIENCE_UNKNOWN, span, notes, word=word, sheet=units.sheet)
    return roster


def _tell_group_or_column(
    rows: Sequence[Row], ledger: Ledger, group: int, groups: set[str], words: Sequence[tuple[str, Span | None]],
    flags: dict[str, int], findings: Findings,
) -> None:  # fmt: skip
    """A word that is a group, and a yes/no column that says otherwise of some unit."""
    for word, span in words:
        column = flags.get(word, group)
        if bare_key(word) not in groups or column in (group, ledger.unit):
            continue
        cells = [row.cells.get(column, BLANK) for row in rows]
        says = [False if is_blank(cell) else truth(cell) for cell in cells]
        fits = [bare_key(_text(row, group)) == bare_key(word) for row in rows]
        if any(says) and None not in says and says != fits:
            header = ledger.headed[column]
            at = ledger.at(ledger.header_row, column)
            findings.add(d.GROUP_OR_COLUMN, span, word=word, header=header, cell=at, group=ledger.headed.get(group))


def _tell_alike(found: Sequence[Unit], findings: Findings) -> None:
    """Two units of the list that only look the same."""
    first: dict[str, Unit] = {}
    for unit in found:
        other = first.setdefault(look(unit.name), unit)
        if other is not unit and unit.cell is not None:
            how = difference(unit.name, other.name, findings.language)
            findings.add(
                d.UNITS_LOOK_ALIKE, unit.cell, unit=other.name, first=other.cell, other=unit.name, second=unit.cell,
                difference=how,
            )  # fmt: skip


def _may_be_unit(cell: Cell) -> bool:
    """Whether a cell below the total of the list may name a unit: a note is long, or says that it is one."""
    text = name_key(cell_text(cell)) if cell.kind is CellKind.TEXT else ""
    return 0 < len(text) <= _LONGEST and not text.startswith(_NOTES) and not total_word(cell)


def _text(row: Row, column: int) -> str:
    cell = row.cells.get(column)
    return "" if cell is None or is_blank(cell) or cell.kind in _BROKEN else cell_text(cell).strip()


def _name(row: Row, at: CellRef, header: str | None, findings: Findings) -> str | None:
    cell = row.cells.get(at.column)
    if cell is None or is_blank(cell):
        findings.add(d.UNIT_BLANK, at)
        return None
    if cell.kind in _BROKEN:
        findings.cell(at, cell, Kind.TEXT, header=header)
        return None
    return cell_text(cell).strip()


def _closed(name: str) -> str:
    """A name without the blanks that do not count: those next to a Chinese character."""
    return re.sub(r"(?<=[\u2e80-\uffff])\s+|\s+(?=[\u2e80-\uffff])", "", name)


def _has_stray_blanks(name: str) -> bool:
    return " ".join(normalise(name).casefold().split()) != name_key(name)


def _fitting(
    row: Row, ledger: Ledger, group: str, groups: set[str], words: Sequence[tuple[str, Span | None]],
    flags: dict[str, int], findings: Findings,
) -> frozenset[str]:  # fmt: skip
    """The name keys of the words that fit a unit: its group, and the yes/no columns that say yes. A blank says no."""
    fitting = set(words_of(group)) if group else set()
    for word, _ in words:
        key = bare_key(word)
        if key in groups:
            if key == bare_key(group):
                fitting.add(name_key(word))
            continue
        column = flags.get(word)
        cell = row.cells.get(column) if column and column != ledger.unit else None
        if cell is None or is_blank(cell) or column is None:
            continue
        answer = truth(cell)
        if answer is None:
            findings.cell(ledger.at(row.number, column), cell, Kind.YESNO, header=ledger.headed.get(column))
        elif answer:
            fitting.add(name_key(word))
    return frozenset(fitting)


def _add_aliases(
    roster: Roster, found: Sequence[Unit], rows: Sequence[Row], ledger: Ledger, column: int, findings: Findings
) -> None:
    """The short names, several in one cell parted by 、 or a comma; one that names two units is an error."""
    for row in rows:
        owner = roster.by_key.get(name_key(_text(row, ledger.unit)))
        for name in _ALIASES.split(normalise(_text(row, column))):
            key = name_key(name)
            if key and owner is not None and roster.by_key.setdefault(key, owner) != owner:
                at, first = ledger.at(row.number, column), found[roster.by_key[key]].cell
                findings.add(d.UNIT_TWICE, at, unit=name, first=first, second=at)
