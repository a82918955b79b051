"""Results as plain rows of text: what the table, CSV and Markdown forms have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gkxl.diagnostics import Language
from gkxl.report.words import word
from gkxl.run.because import because
from gkxl.run.results import Award, PeriodResult, Results, UnitResult, VetoResult
from gkxl.values import Number, name_key, shown


@dataclass(frozen=True, slots=True)
class Field:
    """A column: `key` is unit, group, indicator, total, rank, grade or remark."""

    key: str
    title: str

    @property
    def is_number(self) -> bool:
        return self.key in ("indicator", "total", "rank")


@dataclass(frozen=True, slots=True)
class Grid:
    """One score table; each row holds a text for each field."""

    title: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[str, ...], ...]

    def select(self, indices: Sequence[int]) -> Grid:
        """The columns at `indices`, in that order."""
        return Grid(
            self.title,
            tuple(self.fields[i] for i in indices),
            tuple(tuple(row[i] for i in indices) for row in self.rows),
        )

    def without_empty(self) -> Grid:
        """Without the columns that are empty in every row."""
        return self.select([i for i in range(len(self.fields)) if any(row[i] for row in self.rows)])


def language_of(results: Results) -> Language:
    if results.rubric is not None:
        return results.rubric.language
    return results.diagnostics[0].language if results.diagnostics else "zh"


def grids(results: Results) -> Iterator[Grid]:
    """The tables to be read by people: one per period, and per group where places are given within the groups."""
    for period in results.periods:
        title = f"{results.rubric.title if results.rubric else ''} {period.period}".strip()
        units = in_order(results, period.units)
        if not _by_group(results, units):
            yield grid(results, title, units)
            continue
        for group, members in groupby(units, key=lambda unit: unit.group):
            one = grid(results, f"{title} {group or ''}".strip(), list(members))
            # The group stands in the title.
            yield one.select([i for i, field in enumerate(one.fields) if field.key != "group"])


def _by_group(results: Results, units: Sequence[UnitResult]) -> bool:
    ranked = results.rubric is not None and results.rubric.ranking is not None
    return ranked and len({unit.group for unit in units}) > 1


def in_order(results: Results, units: Sequence[UnitResult]) -> list[UnitResult]:
    """As people read them: by group, if places are given within groups, and by place; those without one last."""
    groups = list(dict.fromkeys(unit.group for unit in units)) if _by_group(results, units) else []
    return sorted(units, key=lambda u: (groups.index(u.group) if groups else 0, u.rank is None, u.rank or 0))


def grid(results: Results, title: str, units: Sequence[UnitResult]) -> Grid:
    """Unit, group, indicators, total, place, grade, remark."""
    names = indicator_names(units)
    return Grid(title, fields(results, names), tuple(row(unit, names, language_of(results)) for unit in units))


def fields(results: Results, names: Iterable[str]) -> tuple[Field, ...]:
    """The columns of a score table, headed as the units' sheet heads them and in the language of the rules."""
    language, place = language_of(results), results.rubric.units if results.rubric else None
    return (
        Field("unit", place.column if place else word("unit", language)),
        Field("group", (place.group_column if place else None) or word("group", language)),
        *(Field("indicator", name) for name in names),
        *(Field(key, word(key, language)) for key in ("total", "rank", "grade", "remark")),
    )


def indicator_names(units: Iterable[UnitResult]) -> list[str]:
    """Of the indicators that apply to any of the units, in the order of the rules."""
    applies: dict[str, bool] = {}
    for unit in units:
        for one in unit.indicators:
            applies[one.indicator.name] = applies.get(one.indicator.name, False) or one.applies
    return [name for name, does in applies.items() if does]


def row(unit: UnitResult, names: Iterable[str], language: Language, none: str = "-") -> tuple[str, ...]:
    """The cells of one unit; `none` stands for points and a total that could not be given."""

    def number(value: Number | None) -> str:
        return none if value is None else shown(value)

    points = {one.indicator.name: number(one.points) for one in unit.indicators if one.applies}
    return (
        unit.unit,
        unit.group or "",
        *(points.get(name, "") for name in names),
        number(unit.total),
        "" if unit.rank is None else str(unit.rank),
        unit.grade or "",
        remark(unit, language),
    )


def signed(value: Number) -> str:
    return f"+{shown(value)}" if value > 0 else shown(value)


def remark(unit: UnitResult, language: Language) -> str:
    """The unit's remark, and the veto with the score that it replaced."""
    parts = [unit.remark] if unit.remark else []
    if unit.veto is not None:
        parts.append(veto_text(unit.veto, language))
    return word("and", language).join(parts)


def veto_text(veto: VetoResult, language: Language) -> str:
    """The sentences that struck, and the score that they replaced."""
    parts = [word("veto", language, sentences=word("and", language).join(s.rstrip("。.") for s in veto.sentences))]
    if veto.replaced is not None:
        parts.append(word("replaced", language, points=shown(veto.replaced)))
    return word("and", language).join(parts)


def fired(unit: UnitResult) -> list[Award]:
    """The awards that gave the unit something, in the order of the rules, those of a veto last."""
    awards = [award for one in unit.indicators if one.applies for award in one.awards if award.fired]
    struck = unit.veto.awards if unit.veto else ()
    return awards + [award for award in struck if all(award is not other for other in awards)]


def reason(award: Award, language: Language | None = None) -> str:
    """Why it gave its points, in the language of the rule unless told otherwise."""
    return award.because if language in (None, award.sentence.language) else because(award, language)


def only_unit(results: Results, key: str) -> Results:
    """The results of the unit whose name key is `key` alone."""

    def of(period: PeriodResult) -> PeriodResult:
        return replace(period, units=tuple(unit for unit in period.units if name_key(unit.unit) == key))

    return replace(results, periods=tuple(of(period) for period in results.periods))
