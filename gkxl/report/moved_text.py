"""Moves to be read: as text for a terminal, and as Markdown for a comment on a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gkxl.diagnostics import Language
from gkxl.report.explain import cells_text
from gkxl.report.facts import value_text
from gkxl.report.formats import escape, markdown_table
from gkxl.report.grid import language_of, signed
from gkxl.report.layout import clean, indent
from gkxl.report.moves import Cause, CheckMove, Comparison, FactMove, PeriodMoves, Side, UnitMove
from gkxl.report.pairs import RuleChange, Said
from gkxl.report.text import paint
from gkxl.report.words import word
from gkxl.run.results import CheckResult, UnitResult
from gkxl.values import Number, shown

_ARROW = " → "


def moves_text(found: Comparison, columns: int, colour: bool = False) -> str:
    """Per period the units that move, the biggest first, each with its causes; then each sentence, and what else differs."""
    return "".join(f"{line}\n" for line in _Text(found, language_of(found.new), max(columns, 20), colour).lines())


def moves_markdown(found: Comparison) -> str:
    return "\n".join(_Markdown(found, language_of(found.new)).lines()) + "\n"


class _Words:
    """What both forms say."""

    def __init__(self, found: Comparison, language: Language) -> None:
        self.found, self.language = found, language

    def word(self, key: str, **values: object) -> str:
        return word(key, self.language, **values)

    @property
    def several(self) -> bool:
        """Whether the rules are two files, so that a line of them is named with its file."""
        return self.found.old.rules_path != self.found.new.rules_path

    def number(self, value: Number | None) -> str:
        return "-" if value is None else shown(value)

    def numbers(self, old: Number | None, new: Number | None) -> str:
        return self.both(self.number(old), self.number(new))

    def both(self, old: str, new: str) -> str:
        return old if old == new else f"{old}{_ARROW}{new}"

    def place(self, unit: UnitResult) -> str:
        return "-" if unit.rank is None else str(unit.rank)

    def title(self, one: PeriodMoves) -> str:
        names = [side.rubric.title for side in (self.found.old, self.found.new) if side.rubric is not None]
        return " ".join(filter(None, (_ARROW.join(dict.fromkeys(names)), str(one.period))))

    def units(self, units: Sequence[UnitResult]) -> str:
        return self.word("list").join(f"{unit.unit} {self.number(unit.total)}" for unit in units)

    def with_others(self, moves: Sequence[UnitMove]) -> str:
        """Those whose place or grade moves with what others got."""
        texts = []
        for move in moves:
            old, new = move.old, move.new
            parts = [self.both(self.place(old), self.place(new))] if old.rank != new.rank else []
            parts += [self.both(old.grade or "-", new.grade or "-")] if old.grade != new.grade else []
            texts.append(" ".join([new.unit, *parts]))
        return self.word("with others", units=self.word("list").join(texts))

    def said(self, one: Said) -> str:
        path = f"{one.span.source.path}:" if self.several else ""
        return f"{one.text}  ({path}{one.span.line})"

    def fact(self, one: FactMove) -> str:
        texts = [value_text(fact, one.term, self.language) for fact in (one.old, one.new)]
        cells = [cells_text(fact.cells, self.language) for fact in (one.old, one.new)]
        return f"{one.name} {self.both(*texts)}  {self.both(*cells)}".rstrip(" →")

    def check(self, move: CheckMove) -> tuple[str, str, str]:
        """Its name with the row or column, and what it came to in either."""
        one = move.new or move.old
        assert one is not None
        old, new = (self.word("not there") if side is None else self.checked(side) for side in (move.old, move.new))
        return " ".join(filter(None, (one.check.name, one.at))), old, new

    def checked(self, one: CheckResult) -> str:
        text = self.word(f"check {one.holds}")
        if one.left is None or one.right is None:
            return text
        return f"{text} ({self.word('sides', left=shown(one.left), right=shown(one.right))})"

    @property
    def has_checks(self) -> bool:
        return bool(self.found.old.checks or self.found.new.checks)

    def closing(self) -> str:
        """Said where nothing moves."""
        same = self.several and self.found.same_rules
        return self.word("nothing moves") + (f" {self.word('rules say the same')}" if same else "")


class _Text(_Words):
    def __init__(self, found: Comparison, language: Language, columns: int, colour: bool) -> None:
        super().__init__(found, language)
        self.columns, self.colour = columns, colour

    def bold(self, text: str) -> list[str]:
        return [paint(line, "1", self.colour) for line in indent(clean(text), self.columns)]

    def put(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        return indent(clean(text), self.columns, first, rest)

    def lines(self) -> Iterator[str]:
        for one in self.found.periods:
            yield from self.bold(self.title(one))
            yield from self.period(one)
            yield ""
        if self.has_checks:
            yield from self.bold(self.word("checks"))
            for name, old, new in map(self.check, self.found.checks):
                yield from self.put(f"{name}  {old}{_ARROW}{new}")
            if not self.found.checks:
                yield from self.put(self.word("checks same"))
            yield ""
        if self.found.rules:
            yield from self.bold(self.word("by rule"))
            for rule in self.found.rules:
                ways = [signed(way) for way in (rule.up, rule.down) if way]
                yield from self.put(f"{rule.indicator}  {' '.join(ways)}  {self.word('n units', n=rule.units)}".strip())
                yield from self.change(RuleChange(rule.old, rule.new))
            yield ""
        if self.found.differ:
            head = "rules differ" if self.found.moves else "nobody moves"
            yield from self.bold(self.word(head))
            for one_change in self.found.differ:
                yield from self.change(one_change)

    def period(self, one: PeriodMoves) -> Iterator[str]:
        if not (one.moves or one.came or one.gone):
            yield from self.put(self.closing())
            return
        yield from self.put(self.word("moves", n=len(one.moves), still=one.still))
        for key, units in (("came", one.came), ("gone", one.gone)):
            if units:
                yield from self.put(self.word(key, units=self.units(units)))
        for move in one.moves:
            if not move.with_others:
                yield ""
                yield from self.unit(move)
        if others := [move for move in one.moves if move.with_others]:
            yield ""
            yield from self.put(self.with_others(others))

    def unit(self, move: UnitMove) -> Iterator[str]:
        old, new = move.old, move.new
        parts = [new.unit, f"{self.word('total')} {self.numbers(old.total, new.total)}"]
        if move.change:
            parts[-1] += f" ({signed(move.change)})"
        if old.rank is not None or new.rank is not None:
            parts.append(f"{self.word('rank')} {self.both(self.place(old), self.place(new))}")
        if old.grade or new.grade:
            parts.append(f"{self.word('grade')} {self.both(old.grade or '-', new.grade or '-')}")
        if old.group != new.group:
            parts.append(f"{self.word('group')} {self.both(old.group or '-', new.group or '-')}")
        yield from self.bold("  ".join(parts))
        for line in move.placing:
            yield from self.change(line)
        told = dict.fromkeys(cause.indicator for cause in move.causes)
        for points in move.indicators:
            told.setdefault(points.name)
        moved = {one.name: one for one in move.indicators}
        for name in told:
            one = moved.get(name)
            if name:
                yield from self.put(f"{name}  {self.numbers(one.old, one.new)}" if one else name, "  ")
            for cause in move.causes:
                if cause.indicator == name:
                    yield from self.cause(cause)

    def cause(self, one: Cause) -> Iterator[str]:
        same = one.old is not None and one.new is not None and one.old.sentence == one.new.sentence != ""
        if one.new is not None and same:
            yield from self.put(f"{one.new.sentence}  {signed(one.change)}", "    ")
            for mark, side in (("-", one.old), ("+", one.new)):
                if side is not None:
                    yield from self.put(side.because.replace("\n", self.word("and")), f"    {mark} ", "      ")
        else:
            for mark, side in (("-", one.old), ("+", one.new)):
                if side is not None:
                    yield from self.side(mark, side)
        for line in one.lines:
            yield from (f"    {text}" for text in self.change(line))
        for fact in one.facts:
            yield from self.put(self.fact(fact), "      ")
            for change in fact.terms:
                yield from (f"    {line}" for line in self.change(change))

    def side(self, mark: str, side: Side) -> Iterator[str]:
        because = side.because.replace("\n", self.word("and"))
        if side.span is None:
            yield from self.put(f"{because}  {shown(side.points)}", f"    {mark} ", "      ")
            return
        yield from self.put(
            f"{self.said(Said(side.sentence, side.span))}  {shown(side.points)}", f"    {mark} ", "      "
        )
        yield from self.put(because, "      ")

    def change(self, one: RuleChange) -> Iterator[str]:
        if one.old is not None and one.new is not None and one.old.text == one.new.text:
            yield from self.put(self.said(one.new), "  ", "    ")
            return
        for mark, said in (("-", one.old), ("+", one.new)):
            if said is not None:
                yield from self.put(self.said(said), f"  {mark} ", "    ")


class _Markdown(_Words):
    def lines(self) -> Iterator[str]:
        for one in self.found.periods:
            yield from (f"## {escape(self.title(one))}", "")
            yield from self.period(one)
        if self.has_checks:
            yield from (f"### {self.word('checks')}", "")
            if self.found.checks:
                heads = [("check", False), ("before", False), ("after", False)]
                yield from self.table(heads, list(map(self.check, self.found.checks)))
            else:
                yield from (escape(self.word("checks same")), "")
        if self.found.rules:
            yield from (f"### {self.word('by rule')}", "")
            heads = [
                ("indicator", False),
                ("before", False),
                ("after", False),
                ("units", True),
                ("up", True),
                ("down", True),
            ]
            rows = [
                (
                    rule.indicator,
                    self.code(rule.old),
                    self.code(rule.new),
                    str(rule.units),
                    shown(rule.up),
                    shown(rule.down),
                )
                for rule in self.found.rules
            ]
            yield from self.table(heads, rows)
        if self.found.differ:
            yield from (f"### {self.word('rules differ' if self.found.moves else 'nobody moves')}", "")
            lines = [(self.code(one.old), self.code(one.new)) for one in self.found.differ]
            yield from self.table([("before", False), ("after", False)], lines)

    def table(self, heads: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> list[str]:
        return markdown_table([(self.word(key), right) for key, right in heads], rows)

    def code(self, one: Said | None) -> str:
        return self.word("not there") if one is None else self.said(one)

    def period(self, one: PeriodMoves) -> Iterator[str]:
        if not (one.moves or one.came or one.gone):
            yield from (escape(self.closing()), "")
            return
        yield from (escape(self.word("moves", n=len(one.moves), still=one.still)), "")
        for key, units in (("came", one.came), ("gone", one.gone)):
            if units:
                yield from (escape(self.word(key, units=self.units(units))), "")
        if one.moves:
            keys = ("unit", "total", "moved", "rank", "grade")
            rows = [
                (
                    move.new.unit,
                    self.numbers(move.old.total, move.new.total),
                    signed(move.change) if move.change else "",
                    self.both(self.place(move.old), self.place(move.new)),
                    self.both(move.old.grade or "-", move.new.grade or "-"),
                )
                for move in one.moves
            ]
            yield from self.table([(key, key in ("total", "moved", "rank")) for key in keys], rows)
        if whys := [self.row(move, cause) for move in one.moves for cause in move.causes]:
            yield from (f"### {self.word('causes')}", "")
            heads = [("unit", False), ("indicator", False), ("before", False), ("after", False), ("moved", True)]
            yield from self.table(heads, whys)

    def row(self, move: UnitMove, cause: Cause) -> tuple[str, ...]:
        sides = [self.word("not there") if side is None else self.side(side) for side in (cause.old, cause.new)]
        return move.new.unit, cause.indicator, *sides, signed(cause.change)

    def side(self, side: Side) -> str:
        because = side.because.replace("\n", self.word("and"))
        return f"{side.sentence} {because}".strip()
