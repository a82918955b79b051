"""Indicators: the awards of their sentences, start, floor and caps, and what they add to the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gkxl.diagnostics import NOT_APPLICABLE_POLICY_NEEDED, Language
from gkxl.model.rules import (
    Audience,
    Exemption,
    FromRows,
    Indicator,
    Missing,
    Outcome,
    Pick,
    Prices,
    Rubric,
    Sentence,
    Term,
    Veto,
    ZeroIndicator,
)
from gkxl.periods import Period
from gkxl.run.audience import concerns
from gkxl.run.awards import GiveAwards, compile_sentence, parts_of
from gkxl.run.caps import cap_period
from gkxl.run.context import ZERO, Facts, NotApplicable, Site, Unusable
from gkxl.run.facts import State
from gkxl.run.ranking import Standing
from gkxl.run.repeats import settle_repeats, tell_events_twice
from gkxl.run.results import Award, Cut, Exempt, IndicatorResult, Limit
from gkxl.run.uses import single_values
from gkxl.values import Number, add, divide, name_key, negate, round_half_up

Line = tuple[Sentence, GiveAwards]


@dataclass(frozen=True, slots=True)
class CompiledIndicator:
    node: Indicator
    audiences: tuple[Audience, ...]  # its own and its part's
    lines: tuple[Line, ...]
    values: tuple[tuple[str, ...], ...]  # of each line: the terms whose one cell may say 不涉及
    singles: tuple[tuple[Sentence, str], ...]  # each of these terms once for each audience
    lenient: bool  # what was not reported counts 0
    strikes: bool  # a sentence of it is a veto, or can set it to 0
    places: int | None  # to which its points are rounded
    exemption: Exemption | None
    repeats: bool  # its price lists say how the same row or event counts
    overlaps: bool  # two of its price lists are over one sheet, and nothing says what a row of both gives


def compile_indicator(node: Indicator, rubric: Rubric) -> CompiledIndicator:
    per = node.earnings_cap.per if node.earnings_cap is not None else None
    own = [sentence for sentence in node.sentences if sentence.per is None]  # the others are those of entries
    lines = tuple((sentence, compile_sentence(sentence, rubric.terms, per)) for sentence in own)
    strikes = any(isinstance(outcome, (Veto, ZeroIndicator)) for s in node.sentences for outcome in _outcomes(s))
    part = next((part for part in rubric.parts if part.name == node.part), None)
    said = [node.audience, part.audience if part is not None else None]
    audiences = tuple(audience for audience in said if audience is not None)
    exemption = node.exemption
    if exemption is None and (node.missing or rubric.missing) is Missing.NOT_APPLICABLE:
        exemption = Exemption.NOT_ASSESSED
    if exemption is Exemption.FULL_MARKS and node.worth is None:
        exemption = None  # the file's policy, which an indicator without a worth cannot follow
    values = tuple(() if _only_vetoes(sentence) else single_values(rubric, sentence) for sentence in own)
    lenient = node.not_reported_zero or rubric.not_reported_zero
    lists = [clause for sentence in node.sentences for clause in sentence.clauses if isinstance(clause, Prices)]
    repeats = any(prices.repeats is not None for prices in lists)
    settled = any(prices.repeats is not None and (prices.repeats.once or prices.repeats.adds_up) for prices in lists)
    sheets = [_sheet(prices, rubric) for prices in lists]
    overlaps = not settled and len(sheets) > len(set(sheets))
    places = rubric.points_places
    pairs = [(s, term) for s, terms in zip(own, values, strict=True) for term in terms]
    singles = tuple({(s.audience, term): (s, term) for s, term in reversed(pairs)}.values())
    return CompiledIndicator(
        node, audiences, lines, values, singles, lenient, strikes, places, exemption, repeats, overlaps
    )


def _sheet(prices: Prices, rubric: Rubric) -> str:
    measure = rubric.terms[prices.ref.term].measure
    return name_key(measure.sheet) if isinstance(measure, FromRows) else prices.ref.term


def _outcomes(sentence: Sentence) -> Iterator[Outcome]:
    for clause in sentence.clauses:
        for branch in clause.branches if isinstance(clause, Pick) else ():
            yield from branch.outcomes


def _only_vetoes(sentence: Sentence) -> bool:
    """Whether it gives the indicator no points, so that a 不涉及 in it says nothing about the indicator."""
    picks = all(isinstance(clause, Pick) for clause in sentence.clauses)
    return picks and all(isinstance(outcome, Veto) for outcome in _outcomes(sentence))


def compile_lines(sentences: Sequence[Sentence], terms: Mapping[str, Term]) -> tuple[Line, ...]:
    return tuple((sentence, compile_sentence(sentence, terms)) for sentence in sentences)


def score_indicator(compiled: CompiledIndicator, facts: Facts, standing: Standing) -> IndicatorResult:
    """The result for one unit; vetoes that strike and data errors are noted in its standing.

    An indicator of a shorter period is scored in each of them and added up. Where it gets the average of the group, that
    is worked out once all units are scored: see `averages.py`.
    """
    node = compiled.node
    if not all(concerns(audience, standing.unit) for audience in compiled.audiences):
        return IndicatorResult(node, None, None, (), False)
    awards: list[Award] = []
    cuts: list[Cut] = []
    scored: list[Number | None] = []  # None where it waits for the average of the group
    exempt: Exempt | None = None
    idle = count = 0
    sound = True
    for part in parts_of(facts, node.period):
        count += 1
        given: list[Award] = []
        lines = _applying(compiled, part)
        state, gone = give_awards(lines, part, given)
        if compiled.overlaps and tell_events_twice(given, part):
            state = False
        if compiled.repeats:
            given = settle_repeats(given)
        awards += given
        sound = sound and state
        zeroed = False
        if compiled.strikes:
            for award, outcome in outcomes_of(given):
                zeroed = zeroed or isinstance(outcome, ZeroIndicator)
                if isinstance(outcome, Veto):
                    standing.struck.append((award, outcome))
        gone = gone or _says_not_applicable(compiled, part)
        if zeroed or gone is None:
            scored.append(ZERO if zeroed else bounded(compiled, given, cuts, part.part))
            continue
        if compiled.exemption is None:
            sound = False
            _tell_policy_needed(compiled, part, gone)
            continue
        exempt = Exempt(compiled.exemption, gone.term, gone.fact)
        match compiled.exemption:
            case Exemption.FULL_MARKS:
                scored.append(node.worth)
            case Exemption.NO_DEDUCTION:
                scored.append(bounded(compiled, given, cuts, part.part))
            case Exemption.GROUP_AVERAGE:
                scored.append(None)
            case Exemption.RESCALE:
                idle += 1
    if not sound:
        standing.broken = True
        return IndicatorResult(node, None, None, tuple(awards))
    share = divide(Decimal(idle), Decimal(count)) if idle else ZERO
    if not scored:
        return IndicatorResult(node, None, None, tuple(awards), False, exempt, share)
    if compiled.exemption is Exemption.GROUP_AVERAGE:
        standing.scored[len(standing.indicators)] = tuple(scored)
    points: Number = ZERO
    for number in scored:
        points = points if number is None else add(points, number)
    return IndicatorResult(node, points, points, tuple(awards), True, exempt, share, tuple(cuts))


def _applying(compiled: CompiledIndicator, facts: Facts) -> Sequence[Line]:
    """The sentences that give something: a 不涉及 on the way of one that is not looked at makes it give nothing, too."""
    if compiled.exemption is not Exemption.NO_DEDUCTION:
        return compiled.lines
    lines = zip(compiled.lines, compiled.values, strict=True)
    return [line for line, terms in lines if all(facts[term].state is not State.NOT_APPLICABLE for term in terms)]


def _says_not_applicable(compiled: CompiledIndicator, facts: Facts) -> NotApplicable | None:
    """The first cell of its terms that says 不涉及, whether or not a sentence came to look at it."""
    for sentence, term in compiled.singles:
        if facts[term].state is State.NOT_APPLICABLE and _is_for(sentence, facts):
            return NotApplicable(term, facts[term])
    return None


def _is_for(sentence: Sentence, facts: Facts) -> bool:
    return sentence.audience is None or (facts.unit is not None and concerns(sentence.audience, facts.unit))


def _tell_policy_needed(compiled: CompiledIndicator, facts: Facts, gone: NotApplicable) -> None:
    sentence = compiled.node.sentences[0]
    site = Site(sentence.text, compiled.node.span, sentence.language)
    notes = NOT_APPLICABLE_POLICIES[sentence.language]
    facts.tell(NOT_APPLICABLE_POLICY_NEEDED, gone.term, site, key=gone.term, fact=gone.fact, notes=notes)


NOT_APPLICABLE_POLICIES: dict[Language, tuple[str, ...]] = {
    "zh": (
        "请在指标下面(或作为全文件的一行)写明一种:",
        "不涉及的计满分",
        "不涉及的不扣分",
        "不涉及的按比例折算",
        "不涉及的取全组平均",
        "不涉及的不参评",
    ),
    "en": (
        "State one of these below the indicator, or as a line of the file:",
        "not applicable: full marks",
        "not applicable: no deduction",
        "not applicable: rescale",
        "not applicable: group average",
        "not applicable: not assessed",
    ),
}


def give_awards(lines: Sequence[Line], facts: Facts, awards: list[Award]) -> tuple[bool, NotApplicable | None]:
    """Append the awards; False where a data error stands in the way. Also what was found to be not applicable.

    A sentence that only vetoes is left out where its facts are: it is about more than the indicator.
    """
    sound, gone = True, None
    for sentence, give in lines:
        if not _is_for(sentence, facts):
            continue
        try:
            give(facts, awards)
        except NotApplicable as nothing:
            if gone is None and not _only_vetoes(sentence):
                gone = nothing
        except Unusable:
            sound = False
    return sound, gone


def outcomes_of(awards: Sequence[Award]) -> Iterator[tuple[Award, Outcome]]:
    """The outcomes of the branches that held."""
    for award in awards:
        if award.branch is not None and isinstance(award.clause, Pick):
            for outcome in award.clause.branches[award.branch].outcomes:
                yield award, outcome


def bounded(compiled: CompiledIndicator, awards: Sequence[Award], cuts: list[Cut], part: Period | None) -> Number:
    """Start plus awards, within the caps of what is earned and lost, floor and cap, rounded by policy."""
    node = compiled.node
    earned: dict[Period | None, Number] = {}
    lost: Number = ZERO
    cap = node.earnings_cap
    for award in awards:
        if award.points > 0:
            period = cap_period(award, cap) if cap is not None else None
            earned[period] = add(earned.get(period, ZERO), award.points)
        elif award.points:
            lost = add(lost, award.points)
    points: Number = node.start

    def within(what: Limit, value: Number, low: Number | None, high: Number | None, period: Period | None) -> Number:
        """The value within both ends; what that changes is noted."""
        limit = low if low is not None and value < low else high if high is not None and value > high else None
        if limit is None:
            return value
        cuts.append(Cut(what, value, limit, limit, period))
        return limit

    for period, sum_ in earned.items():
        limit = cap.limit if cap is not None else None
        points = add(points, within("earnings", sum_, None, limit, period if period is not None else part))
    if node.deductions_cap is not None:
        lost = within("deductions", lost, negate(node.deductions_cap), None, part)
    points = add(points, lost)
    points = within("floor", points, node.low, None, part)
    points = within("worth", points, None, node.high, part)
    return points if compiled.places is None else round_half_up(points, compiled.places)
