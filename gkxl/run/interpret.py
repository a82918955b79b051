"""The meaning of a rubric: what each unit gets in each period, and by which sentences. The reference meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gkxl.diagnostics import Diagnostic
from gkxl.model.rules import Gate, Indicator, Missing, Rubric, Sentence, Veto
from gkxl.periods import Period, PeriodKind
from gkxl.run.averages import fill_averages
from gkxl.run.awards import compile_sentence
from gkxl.run.context import ZERO, Facts, NotApplicable, Run, Seen, Site, Unusable
from gkxl.run.evaluate import condition, dates_of
from gkxl.run.facts import Data, Fact, Unit
from gkxl.run.indicators import (
    CompiledIndicator,
    Line,
    compile_indicator,
    compile_lines,
    give_awards,
    outcomes_of,
    score_indicator,
)
from gkxl.run.parts import part_results, take_from, weigh_parts
from gkxl.run.ranking import Standing, rank_and_grade
from gkxl.run.rescale import rescale
from gkxl.run.results import Award, Cut, IndicatorResult, Limit, PartResult, PeriodResult, UnitResult, VetoResult
from gkxl.run.terms import term_makers
from gkxl.values import Number, add, round_half_up


def interpret(rubric: Rubric, data: Data) -> tuple[tuple[PeriodResult, ...], list[Diagnostic]]:
    """The results of every period to score; one longer than the rubric's follows the periods that it sums up."""
    kinds = data.kinds  # of the terms whose kind only the book tells
    rubric = replace(rubric, terms={n: replace(t, kind=t.kind or kinds.get(n)) for n, t in rubric.terms.items()})
    run = Run(term_makers(rubric.terms, rubric.language), rubric.missing, data.facts, rubric.language)
    program = _Program(
        rubric,
        tuple(compile_indicator(indicator, rubric) for indicator in rubric.indicators),
        compile_lines(rubric.sentences, rubric.terms),
        _compile_gate(rubric.gate, rubric) if rubric.gate is not None else None,
    )
    done: dict[Period, list[Standing]] = {}
    for period in data.periods:
        parts = _summed(period, rubric.period, data.periods)
        for each in (*parts, period):
            if each not in done:
                sums = [done[part] for part in parts] if each == period else []
                done[each] = _score(program, run, data, each, sums)
    return tuple(
        PeriodResult(period, tuple(map(_unit_result, standings))) for period, standings in done.items()
    ), run.diagnostics


def award(
    sentence: Sentence, facts: Mapping[str, Fact], rubric: Rubric | None = None
) -> tuple[tuple[Award, ...], list[Diagnostic]]:
    """The awards of one sentence on facts that are given by term (price lists by `prices_key`)."""
    terms = rubric.terms if rubric is not None else {}
    missing = rubric.missing if rubric is not None else None
    run = Run(term_makers(terms, sentence.language), missing, {}, sentence.language)
    lenient = rubric is not None and rubric.not_reported_zero
    awards: list[Award] = []
    anyone = replace(sentence, audience=None)
    give_awards([(anyone, compile_sentence(sentence, terms))], Facts(run, facts, lenient=lenient), awards)
    return tuple(awards), run.diagnostics


@dataclass(frozen=True, slots=True)
class _Program:
    """A rubric as closures."""

    rubric: Rubric
    indicators: tuple[CompiledIndicator, ...]
    vetoes: tuple[Line, ...]
    gate: Callable[[Facts, Seen], bool] | None


def _compile_gate(gate: Gate, rubric: Rubric) -> Callable[[Facts, Seen], bool]:
    text = gate.span.text if gate.span is not None else rubric.title
    site = Site(text, gate.span, rubric.language, dates_of((gate.condition,), rubric.terms))
    return condition(gate.condition, site)


# --- One period ------------------------------------------------------------------------------------------------------


def _summed(period: Period, kind: PeriodKind | None, asked: Sequence[Period]) -> list[Period]:
    """The rubric's periods that a longer one is the sum of: those that are asked for, or else all of them."""
    if kind is None or kind.months >= period.kind.months:
        return []
    parts = period.split(kind)
    return [part for part in parts if part in asked] or list(parts)


def _score(
    program: _Program, run: Run, data: Data, period: Period, sums: Sequence[Sequence[Standing]]
) -> list[Standing]:
    standings = [
        _standing(program, run, unit, data.facts.get((unit.key, period), {}), period, [part[i] for part in sums])
        for i, unit in enumerate(data.units)
    ]
    fill_averages(standings, program.rubric.points_places)
    for i, standing in enumerate(standings):
        if standing.broken:
            standing.parts = tuple(PartResult(part, None, None) for part in program.rubric.parts)
        else:
            _total(program, standing, [part[i] for part in sums])
    rank_and_grade(standings, program.rubric)
    return standings


def _standing(
    program: _Program, run: Run, unit: Unit, raw: Mapping[str, Fact], period: Period, parts: Sequence[Standing]
) -> Standing:
    """One unit in one period, but for its place and grade; `parts`: its standings in the periods that are summed up."""
    rubric = program.rubric
    remarks = {name: fact.text for name, fact in raw.items() if fact.text is not None and fact.value is not None}
    facts = Facts(run, raw, unit, period, rubric.not_reported_zero, remarks)
    # What is missing is settled by policies that an indicator may have of its own, so facts are kept for each.
    by_policy: dict[tuple[bool, Missing | None], Facts] = {(facts.lenient, None): facts}

    def facts_for(compiled: CompiledIndicator) -> Facts:
        policy = (compiled.lenient, compiled.node.missing)
        if policy not in by_policy:
            by_policy[policy] = Facts(run, raw, unit, period, policy[0], remarks, missing=policy[1])
        return by_policy[policy]

    standing = Standing(unit, facts, [], broken=any(p.broken for p in parts), stopped=any(p.stopped for p in parts))
    for compiled in program.indicators:
        kind = compiled.node.period or rubric.period
        if kind is not None and kind.months > period.kind.months:
            continue  # an indicator of a longer period stands in that period's result
        if parts and not _longer(kind, rubric.period):
            standing.indicators.append(_sum_of_parts(compiled.node, parts))
        else:
            standing.own.append(len(standing.indicators))
            standing.indicators.append(score_indicator(compiled, facts_for(compiled), standing))
    awards: list[Award] = []
    sound, _ = give_awards(program.vetoes, facts, awards)
    standing.broken = standing.broken or not sound
    standing.struck += [(given, outcome) for given, outcome in outcomes_of(awards) if isinstance(outcome, Veto)]
    return standing


def _longer(kind: PeriodKind | None, base: PeriodKind | None) -> bool:
    return kind is not None and base is not None and kind.months > base.months


def _sum_of_parts(node: Indicator, parts: Sequence[Standing]) -> IndicatorResult:
    """What an indicator gave in all the parts; its awards stand there."""
    results = [r for part in parts for r in part.indicators if r.indicator is node and r.applies]
    if not results:
        return IndicatorResult(node, None, None, (), False)
    return IndicatorResult(node, _sum(r.points for r in results), _sum(r.counted for r in results), ())


def _sum(numbers: Iterable[Number | None]) -> Number | None:
    """The sum; None where one of them is."""
    total: Number = ZERO
    for value in numbers:
        if value is None:
            return None
        total = add(total, value)
    return total


# --- The total -------------------------------------------------------------------------------------------------------


def _total(program: _Program, standing: Standing, parts: Sequence[Standing]) -> None:
    """The total with bonuses as gate and cap allow, then vetoes. Totals of parts count as they are shown."""
    rubric, facts, results = program.rubric, standing.facts, standing.indicators
    standing.rescaled, something = rescale(results, standing.own, rubric, facts.period)
    weighed = weigh_parts(results, standing.own, rubric)
    own = [i for i in standing.own if results[i].counted is not None] if something else []
    bonuses = [i for i in own if results[i].indicator.bonus]
    plain: list[Number | None] = [part.total for part in parts if part.total is not None]
    plain += [results[i].counted for i in own if not results[i].indicator.bonus]
    if plain or bonuses:  # where nothing applies the total is empty, not 0
        base = _sum(plain)
        facts.scores = {None: base} | {r.indicator.name: r.points for r in results}
        if bonuses and not _admits(program, standing):
            _cap_bonuses(results, bonuses, "gate", ZERO)
        elif rubric.bonus_cap is not None:
            _cap_bonuses(results, bonuses, "bonuses", rubric.bonus_cap)
        standing.exact = _sum([base, *(results[i].counted for i in bonuses)])
    standing.parts = part_results(weighed, results, [part.parts for part in parts])
    reached = standing.exact
    if stated := [veto.value for _, veto in standing.struck if veto.what == "total"]:
        standing.exact = min(value for value in stated if not isinstance(value, str) and value is not None)
    if any(veto.what == "stop" for _, veto in standing.struck):
        standing.stopped = True
    if standing.stopped:
        standing.exact = None
    if standing.exact is not reached:
        standing.replaced = _rounded(reached, rubric)
    standing.total = _rounded(standing.exact, rubric)
    facts.scores = {None: standing.total} | {r.indicator.name: r.points for r in results}


def _rounded(total: Number | None, rubric: Rubric) -> Number | None:
    return total if total is None or rubric.total_places is None else round_half_up(total, rubric.total_places)


def _admits(program: _Program, standing: Standing) -> bool:
    if program.gate is None:
        return True
    try:
        return program.gate(standing.facts, {})
    except NotApplicable:
        return False  # what does not exist for the unit meets no condition
    except Unusable:
        standing.broken = True
        return False


def _cap_bonuses(results: list[IndicatorResult], bonuses: Sequence[int], what: Limit, limit: Number) -> None:
    """What lies beyond the cap of all bonuses is taken from the last of them; each tells what it lost."""
    before = [results[i].counted for i in bonuses]
    take_from(results, bonuses, what, limit, [])
    for i, counted in zip(bonuses, before, strict=True):
        after = results[i].counted
        if counted is not None and after is not None and after != counted:
            cut = Cut(what, counted, after, limit)
            results[i] = replace(results[i], cuts=(*results[i].cuts, cut))


# --- Results ---------------------------------------------------------------------------------------------------------


def _unit_result(standing: Standing) -> UnitResult:
    unit, language = standing.unit, standing.facts.run.language
    colon, comma = (":", ";") if language == "zh" else (": ", "; ")
    struck = list(dict.fromkeys(award.sentence.text for award, _ in standing.struck))
    awards = tuple({id(award): award for award, _ in standing.struck}.values())
    return UnitResult(
        unit=unit.name,
        group=unit.group,
        total=standing.total,
        exact_total=standing.exact,
        rank=standing.rank,
        grade=standing.grade,
        veto=VetoResult(tuple(struck), standing.replaced, awards) if struck else None,
        remark=comma.join(f"{name}{colon}{text}" for name, text in standing.facts.remarks.items()),
        indicators=tuple(standing.indicators),
        cell=unit.cell,
        parts=standing.parts,
        rescaled=standing.rescaled,
    )
