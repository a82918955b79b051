"""Indicators: the awards of their sentences, start, floor and caps, and what they add to the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gkxl.model.rules import Indicator, Outcome, Pick, Rubric, Sentence, Term, Veto, ZeroIndicator
from gkxl.periods import Period
from gkxl.run.audience import concerns
from gkxl.run.awards import GiveAwards, cap_period, compile_sentence, parts_of
from gkxl.run.context import ZERO, Facts, NotApplicable, Unusable
from gkxl.run.ranking import Standing
from gkxl.run.results import Award, IndicatorResult
from gkxl.values import Number, add, multiply, round_half_up

Line = tuple[Sentence, GiveAwards]


@dataclass(frozen=True, slots=True)
class CompiledIndicator:
    node: Indicator
    lines: tuple[Line, ...]
    lenient: bool  # what was not reported counts 0
    strikes: bool  # a sentence of it is a veto, or can set it to 0
    places: int | None  # to which its points are rounded


def compile_indicator(node: Indicator, rubric: Rubric) -> CompiledIndicator:
    per = node.earnings_cap.per if node.earnings_cap is not None else None
    lines = tuple((sentence, compile_sentence(sentence, rubric.terms, per)) for sentence in node.sentences)
    picks = [clause for sentence in node.sentences for clause in sentence.clauses if isinstance(clause, Pick)]
    strikes = any(
        isinstance(outcome, (Veto, ZeroIndicator))
        for pick in picks
        for branch in pick.branches
        for outcome in branch.outcomes
    )
    lenient = node.not_reported_zero or rubric.not_reported_zero
    return CompiledIndicator(node, lines, lenient, strikes, rubric.points_places)


def compile_lines(sentences: Sequence[Sentence], terms: Mapping[str, Term]) -> tuple[Line, ...]:
    return tuple((sentence, compile_sentence(sentence, terms)) for sentence in sentences)


def score_indicator(compiled: CompiledIndicator, facts: Facts, standing: Standing) -> IndicatorResult:
    """The result for one unit; vetoes that strike and data errors are noted in its standing.

    An indicator of a shorter period is scored in each of them and added up.
    """
    node = compiled.node
    if not concerns(node.audience, standing.unit):
        return IndicatorResult(node, None, None, (), False)
    awards: list[Award] = []
    points: Number | None = None
    sound = True
    for part in parts_of(facts, node.period):
        given: list[Award] = []
        state = give_awards(compiled.lines, part, given)
        awards += given
        if state is None:
            continue  # nothing of it applies to the unit here
        sound = sound and state
        zeroed = False
        if compiled.strikes:
            for award, outcome in outcomes_of(given):
                zeroed = zeroed or isinstance(outcome, ZeroIndicator)
                if isinstance(outcome, Veto):
                    standing.struck.append((award, outcome))
        scored = ZERO if zeroed else _bounded(compiled, given)
        points = scored if points is None else add(points, scored)
    if not sound:
        standing.broken = True
        return IndicatorResult(node, None, None, tuple(awards))
    if points is None:
        return IndicatorResult(node, None, None, tuple(awards), False)
    counted = points if node.weight is None else multiply(points, node.weight)
    return IndicatorResult(node, points, counted, tuple(awards))


def give_awards(lines: Sequence[Line], facts: Facts, awards: list[Award]) -> bool | None:
    """Append the awards; False where a data error stands in the way.

    None where there are sentences for the unit and all of them ask for what is not applicable to it: neither full marks
    nor 0 would be stated by any rule.
    """
    sound, gone, here = True, False, not lines
    unit = facts.unit
    for sentence, give in lines:
        if sentence.audience is not None and (unit is None or not concerns(sentence.audience, unit)):
            continue
        try:
            give(facts, awards)
        except NotApplicable:
            gone = True
        except Unusable:
            sound = False
            here = True
        else:
            here = True
    return None if gone and not here else sound


def outcomes_of(awards: Sequence[Award]) -> Iterator[tuple[Award, Outcome]]:
    """The outcomes of the branches that held."""
    for award in awards:
        if award.branch is not None and isinstance(award.clause, Pick):
            for outcome in award.clause.branches[award.branch].outcomes:
                yield award, outcome


def _bounded(compiled: CompiledIndicator, awards: Sequence[Award]) -> Number:
    """Start plus awards, within the cap of earnings, floor and cap, rounded by policy."""
    node = compiled.node
    points: Number = node.start
    cap = node.earnings_cap
    if cap is None:
        for award in awards:
            if award.points:
                points = add(points, award.points)
    else:
        earned: dict[Period | None, Number] = {}
        for award in awards:
            if award.points > 0:
                period = cap_period(award, cap)
                earned[period] = add(earned.get(period, ZERO), award.points)
            else:
                points = add(points, award.points)
        for sum_ in earned.values():
            points = add(points, min(sum_, cap.limit))
    if node.low is not None:
        points = max(points, node.low)
    if node.high is not None:
        points = min(points, node.high)
    return points if compiled.places is None else round_half_up(points, compiled.places)
