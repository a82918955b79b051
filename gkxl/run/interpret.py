"""The meaning of a rubric: what each unit gets in each period, and by which sentences. The reference meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gkxl.diagnostics import NO_TOTAL, Diagnostic
from gkxl.model.rules import Gate, Missing, Rubric, Sentence
from gkxl.periods import Period, PeriodKind, period_of
from gkxl.run.averages import fill_averages
from gkxl.run.awards import compile_sentence
from gkxl.run.context import ZERO, Facts, NotApplicable, Run, Seen, Site, Unusable
from gkxl.run.evaluate import condition, dates_of
from gkxl.run.facts import Data, Fact, State, Unit
from gkxl.run.indicators import (
    CompiledIndicator,
    compile_indicator,
    give_awards,
    score_indicator,
)
from gkxl.run.longer_caps import take_longer
from gkxl.run.parts import part_results, take_from, weigh_parts
from gkxl.run.put import Put
from gkxl.run.ranking import Standing, held_in, rank_and_grade
from gkxl.run.rescale import rescale
from gkxl.run.results import Award, Cut, IndicatorResult, Limit, PartResult, PeriodResult, UnitResult, VetoResult
from gkxl.run.terms import term_makers
from gkxl.run.totals import (
    CompiledTotal,
    Shorter,
    by_formula,
    compile_totals,
    sum_of,
    sum_there,
    summed,
    tell_missing,
    total_for,
    total_of,
    units_summed,
)
from gkxl.run.vetoes import EntryVeto, compile_vetoes, strike
from gkxl.values import Number, add, multiply, round_half_up, subtract


def interpret(rubric: Rubric, data: Data, put: Put | None = None) -> tuple[tuple[PeriodResult, ...], list[Diagnostic]]:
    """The results of every period to score; one longer than the rubric's follows the periods that it sums up.

    `put`: values in place of what the rules give.
    """
    kinds = data.kinds  # of the terms whose kind only the book tells
    rubric = replace(rubric, terms={n: replace(t, kind=t.kind or kinds.get(n)) for n, t in rubric.terms.items()})
    units = () if data.alone else data.units
    run = Run(term_makers(rubric.terms, rubric.language), rubric.missing, data.facts, rubric.language, units)
    indicators = tuple(compile_indicator(indicator, rubric) for indicator in rubric.indicators)
    program = _Program(
        rubric,
        indicators,
        compile_vetoes(rubric, indicators),
        _compile_gate(rubric.gate, rubric) if rubric.gate is not None else None,
        compile_totals(rubric),
        {kind: held_in(rubric, kind) for kind in PeriodKind},
        Run(run.makers, rubric.missing, data.facts, rubric.language, units),
        put or Put(),
    )
    run.scorers = {compiled.node.name: _scorer(compiled) for compiled in program.indicators}
    done: dict[Period, list[Standing]] = {}
    for period in data.periods:
        parts = _summed(period, rubric.period, data.periods)
        for part in parts:
            if part not in done:
                done[part] = _score(program, run, data, part, {})
        if period not in done:
            done[period] = _score(program, run, data, period, _shorter(program, run, data, period, parts, done))
    if data.periods:
        _tell_too_short(rubric, data.periods[-1], done[data.periods[-1]], run)
    return tuple(
        PeriodResult(period, tuple(map(_unit_result, standings))) for period, standings in done.items()
    ), run.diagnostics


def _tell_too_short(rubric: Rubric, period: Period, standings: Sequence[Standing], run: Run) -> None:
    """That the period asked for is shorter than those of all indicators, with the ones that it lies in."""
    kinds = {indicator.period or rubric.period for indicator in rubric.indicators}
    longer = {kind for kind in kinds if kind is not None and kind.months > period.kind.months}
    if not longer or kinds - longer or any(one.total is not None for one in standings):
        return
    ordered = sorted({*longer, PeriodKind.YEAR}, key=lambda kind: kind.months)
    there = [period_of(period.first_day, kind) for kind in ordered]
    zh = rubric.language == "zh"
    listed = ("、" if zh else " and ").join(map(str, there))
    note = f"这些周期有适用的指标:{listed}" if zh else f"indicators apply in {listed}"
    run.diagnostics.append(Diagnostic(NO_TOTAL, None, rubric.language, {"who": period}, (note,)))


def _scorer(compiled: CompiledIndicator) -> Callable[[Facts], Number | None]:
    """The points of an indicator for the unit and period of some facts, before any other unit is looked at."""

    def score(facts: Facts) -> Number | None:
        unit, period, run = facts.unit, facts.period, facts.run
        assert unit is not None
        assert period is not None
        raw = run.raw.get((unit.key, period), {})
        own = Facts(run, raw, unit, period, compiled.lenient, missing=compiled.node.missing)
        result = score_indicator(compiled, own, Standing(unit, own, []))
        if not result.applies:
            raise NotApplicable(compiled.node.name, Fact(State.NOT_APPLICABLE, None))
        return result.points

    return score


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
    vetoes: tuple[EntryVeto, ...]
    gate: Callable[[Facts, Seen], bool] | None
    totals: tuple[CompiledTotal, ...]
    held: Mapping[PeriodKind, Rubric]  # with the places and grades of the entries of a kind
    quiet: Run  # its findings go nowhere
    put: Put


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


_Standings = Mapping[PeriodKind, Sequence[list[Standing]]]  # of all units, in the periods that make up an entry


def _shorter(
    program: _Program,
    run: Run,
    data: Data,
    period: Period,
    parts: Sequence[Period],
    done: Mapping[Period, list[Standing]],
) -> _Standings:
    """What an entry is made of: its periods, and where a formula asks for periods between these, those."""
    base = program.rubric.period
    if base is None or not parts:
        return {}
    found: dict[PeriodKind, list[list[Standing]]] = {base: [done[part] for part in parts]}
    there: dict[PeriodKind, list[Period]] = {base: list(parts)}
    for kind in units_summed(program.rubric):
        if base.months < kind.months < period.kind.months:
            found[kind], there[kind] = [], []
            for between in period.split(kind):
                if inside := [part for part in parts if part.first_day in between]:
                    sums = {base: [done[part] for part in inside]}
                    found[kind].append(_score(program, run, data, between, sums))
                    there[kind].append(between)
    tell_missing(total_for(program.totals, period.kind, base), period, run, there)
    return found


def _score(program: _Program, run: Run, data: Data, period: Period, sums: _Standings) -> list[Standing]:
    base = program.rubric.period
    standings = [
        _standing(
            program,
            run,
            unit,
            data.facts.get((unit.key, period), {}),
            period,
            [each[i] for each in sums.get(base, ())] if base is not None else [],
        )
        for i, unit in enumerate(data.units)
    ]
    fill_averages(standings, program.rubric.points_places)
    for i, standing in enumerate(standings):
        if standing.broken:
            standing.parts = tuple(PartResult(part, None, None) for part in program.rubric.parts)
        else:
            _total(program, standing, {kind: [each[i] for each in parts] for kind, parts in sums.items()})
    stated = {unit: rank for (unit, when), rank in program.put.ranks.items() if when == period}
    rank_and_grade(standings, program.held[period.kind], stated)
    return standings


def _standing(
    program: _Program, run: Run, unit: Unit, raw: Mapping[str, Fact], period: Period, parts: Sequence[Standing]
) -> Standing:
    """One unit in one period, but for its total, place and grade; `parts`: its standings in the periods summed up."""
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
            standing.indicators.append(_sum_of_parts(compiled, standing, parts, period.kind))
        else:
            standing.own.append(len(standing.indicators))
            result = score_indicator(compiled, facts_for(compiled), standing)
            stated = program.put.points.get((unit.key, period, compiled.node.name))
            standing.indicators.append(
                result if stated is None or not result.applies else replace(result, points=stated)
            )
    strike(program.vetoes, standing, raw, program.quiet, rubric.period, summed=bool(parts))
    return standing


def _longer(kind: PeriodKind | None, base: PeriodKind | None) -> bool:
    return kind is not None and base is not None and kind.months > base.months


def _sum_of_parts(
    compiled: CompiledIndicator, standing: Standing, parts: Sequence[Standing], kind: PeriodKind
) -> IndicatorResult:
    """What an indicator gave in all the parts, within the caps of the longer period; its awards stand there."""
    node = compiled.node
    found = [(part, r) for part in parts for r in part.indicators if r.indicator is node and r.applies]
    if not found:
        return IndicatorResult(node, None, None, (), False)
    points, counted = sum_of(r.points for _, r in found), sum_of(r.counted for _, r in found)
    taken, cuts = take_longer(compiled, found, kind) if points is not None and counted is not None else ([], [])
    for (part, _), lost in zip(found, taken, strict=bool(taken)):
        assert points is not None
        assert counted is not None
        points, counted = subtract(points, lost.points), subtract(counted, lost.counted)
        if part.replaced is None and part.facts.period is not None:  # else the period counts what a veto set
            before = standing.taken.get(part.facts.period, ZERO)
            standing.taken[part.facts.period] = add(before, lost.counted)
    return IndicatorResult(node, points, counted, (), cuts=tuple(cuts))


# --- The total -------------------------------------------------------------------------------------------------------


def _total(program: _Program, standing: Standing, shorter: Shorter) -> None:
    """The total with bonuses as gate and cap allow, then vetoes. Totals of parts count as they are shown."""
    rubric, facts, results = program.rubric, standing.facts, standing.indicators
    assert facts.period is not None
    parts = shorter.get(rubric.period, ()) if rubric.period is not None else ()
    standing.rescaled, something = rescale(results, standing.own, rubric, facts.period)
    weighed = weigh_parts(results, standing.own, rubric)
    own = [i for i in standing.own if results[i].counted is not None] if something else []
    bonuses = [i for i in own if results[i].indicator.bonus]
    plain = [results[i].counted for i in own if not results[i].indicator.bonus]
    formula = total_for(program.totals, facts.period.kind, rubric.period)
    if formula is not None:
        standing.made = by_formula(formula, standing, shorter, bonuses=False)
        base = standing.made.points if standing.made is not None else None
    else:
        base = sum_there([*(total_of(part, standing) for part in parts), *plain])
    if base is not None or bonuses:  # where nothing applies the total is empty, not 0
        base = ZERO if base is None else base
        facts.scores = {None: base} | {r.indicator.name: r.points for r in results}
        if bonuses and not _admits(program, standing):
            _cap_bonuses(results, bonuses, "gate", ZERO)
        elif rubric.bonus_cap is not None and rubric.bonus_per in (None, facts.period.kind):
            if rubric.bonus_per is None or not parts:
                _cap_bonuses(results, bonuses, "bonuses", rubric.bonus_cap)
            else:  # the bonuses of its periods, too, whose totals have them
                base = subtract(base, _capped_periods(results, bonuses, rubric.bonus_cap, parts, standing))
        if formula is not None:
            standing.made = by_formula(formula, standing, shorter, bonuses=True)
        else:
            standing.made = summed([*plain, *(results[i].counted for i in bonuses)], parts, standing)
        if standing.made is not None:
            standing.exact = standing.made.points
        elif formula is None:
            standing.exact = sum_of([base, *(results[i].counted for i in bonuses)])
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
    if stated_total := program.put.totals.get((standing.unit.key, facts.period)):
        standing.exact, standing.total = stated_total
    conversion = rubric.conversion
    if conversion is not None and conversion.per in (None, facts.period.kind) and standing.total is not None:
        standing.converted = multiply(standing.total, conversion.share)
    facts.scores = {None: standing.total} | {r.indicator.name: r.points for r in results}


def _rounded(total: Number | None, rubric: Rubric) -> Number | None:
    return total if total is None or rubric.total_places is None else round_half_up(total, rubric.total_places)


def _admits(program: _Program, standing: Standing) -> bool:
    gate, period = program.rubric.gate, standing.facts.period
    if program.gate is None or gate is None or (period is not None and gate.per not in (None, period.kind)):
        return True
    try:
        return program.gate(standing.facts, {})
    except NotApplicable:
        return False  # what does not exist for the unit meets no condition
    except Unusable:
        standing.broken = True
        return False


def _capped_periods(
    results: list[IndicatorResult], own: Sequence[int], limit: Number, parts: Sequence[Standing], whole: Standing
) -> Number:
    """Cap all bonuses of a longer period, those of its periods too; gives what is taken from these, the last first."""
    every = [i for i, result in enumerate(results) if result.indicator.bonus and result.counted is not None]
    shared = [i for i in every if i not in own]
    before = sum_there(results[i].counted for i in shared) or ZERO
    _cap_bonuses(results, every, "bonuses", limit)
    lost = left = subtract(before, sum_there(results[i].counted for i in shared) or ZERO)
    for part in reversed(parts):
        there = sum_there(r.counted for r in part.indicators if r.indicator.bonus) or ZERO
        share = min(left, there)
        if share > 0 and part.facts.period is not None:
            whole.taken[part.facts.period] = add(whole.taken.get(part.facts.period, ZERO), share)
            left = subtract(left, share)
    return lost


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
        made=standing.made,
        converted=standing.converted,
    )
