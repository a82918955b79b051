"""Results as plain rows of text: what the table, CSV and Markdown forms have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from gkxl.diagnostics import Language
from gkxl.model.rules import Exemption
from gkxl.report.words import word
from gkxl.run.because import because
from gkxl.run.results import Award, Cut, IndicatorResult, PeriodResult, Rescaling, Results, UnitResult, VetoResult
from gkxl.values import Number, divide, name_key, negate, shown


@dataclass(frozen=True, slots=True)
class Field:
    """A column: `key` is unit, group, indicator, part, total, converted, rank, grade or remark."""

    key: str
    title: str

    @property
    def is_number(self) -> bool:
        return self.key in ("indicator", "part", "total", "converted", "rank")


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
    """Unit, group, indicators and parts, total, what it counts elsewhere, place, grade, remark."""
    names, converts = score_names(units), converted([results])
    rows = tuple(row(unit, names, language_of(results), converts=converts) for unit in units)
    return Grid(title, fields(results, names, converts), rows)


def converted(sets: Iterable[Results]) -> bool:
    """Whether totals count elsewhere, too."""
    return any(one.rubric is not None and one.rubric.conversion is not None for one in sets)


Names = Sequence[tuple[str, str]]  # of the columns with points: "indicator" or "part", and its name


def fields(results: Results, names: Names, converts: bool) -> tuple[Field, ...]:
    """The columns of a score table, headed as the units' sheet heads them and in the language of the rules."""
    keys = ("total", *(("converted",) if converts else ()), "rank", "grade", "remark")
    language, place = language_of(results), results.rubric.units if results.rubric else None
    return (
        Field("unit", place.column if place else word("unit", language)),
        Field("group", (place.group_column if place else None) or word("group", language)),
        *(Field(key, name) for key, name in names),
        *(Field(key, word(key, language)) for key in keys),
    )


def score_names(units: Sequence[UnitResult]) -> Names:
    """The indicators that apply to any of the units, in the order of the rules; each part behind its last indicator."""
    names: dict[tuple[str, str], bool] = {}
    for unit in units:
        for one in unit.indicators:
            key = ("indicator", one.indicator.name)
            names[key] = names.get(key, False) or one.applies or one.exempt is not None
    homes = {one.indicator.name: one.indicator.part for unit in units for one in unit.indicators}
    parts = {part.part.name for unit in units for part in unit.parts if part.applies}
    applying = [name for (_, name), does in names.items() if does]
    last = {homes[name]: name for name in applying}
    found: list[tuple[str, str]] = []
    for name in applying:
        found.append(("indicator", name))
        home = homes[name]
        if home is not None and home in parts and last[home] == name:
            found.append(("part", home))
    return found


def row(unit: UnitResult, names: Names, language: Language, none: str = "-", converts: bool = False) -> tuple[str, ...]:
    """The cells of one unit; `none` stands for points and a total that could not be given."""

    def number(value: Number | None) -> str:
        return none if value is None else shown(value)

    points = {("indicator", one.indicator.name): number(one.points) for one in unit.indicators if one.applies}
    points |= {("part", one.part.name): number(one.points) for one in unit.parts if one.applies}
    return (
        unit.unit,
        unit.group or "",
        *(points.get(name, "") for name in names),
        number(unit.total),
        *(("" if unit.converted is None else shown(unit.converted),) if converts else ()),
        "" if unit.rank is None else str(unit.rank),
        unit.grade or "",
        remark(unit, language),
    )


def signed(value: Number) -> str:
    return f"+{shown(value)}" if value > 0 else shown(value)


def remark(unit: UnitResult, language: Language) -> str:
    """The unit's remark, and the veto with the score that it replaced."""
    parts = [unit.remark] if unit.remark else []
    parts += [exempt_text(one, language) for one in unit.indicators if one.exempt is not None]
    parts += [rescaled_text(one, language) for one in unit.rescaled]
    if unit.veto is not None:
        parts.append(veto_text(unit.veto, language))
    return word("and", language).join(parts)


def exempt_text(one: IndicatorResult, language: Language) -> str:
    """What a 不涉及 came to."""
    if one.exempt is None:
        return ""
    if one.exempt.policy is Exemption.GROUP_AVERAGE and not one.applies:
        return word("no average", language)
    return word(f"exempt {one.exempt.policy.value}", language, term=one.exempt.term)


def rescaled_text(one: Rescaling, language: Language) -> str:
    """100÷75, the rest ×4/3."""
    factor = divide(one.every, one.applying)
    exact = f"{factor.numerator}/{factor.denominator}" if isinstance(factor, Fraction) else shown(factor)
    values = {"every": shown(one.every), "applying": shown(one.applying), "factor": exact}
    if one.part is None:
        return word("rescaled", language, **values)
    return word("rescaled part", language, part=one.part, **values)


def cut_text(cut: Cut, language: Language) -> str:
    """What a cap, floor or gate did."""
    lost = "deductions" in cut.what
    values = {"before": cut.before, "after": cut.after, "limit": cut.limit}
    texts = {key: shown(negate(n) if lost else n) for key, n in values.items() if n is not None}
    text = word(f"cut {cut.what}", language, **texts)
    colon = ":" if language == "zh" else ": "
    return text if cut.period is None else f"{cut.period}{colon}{text}"


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
