"""Vetoes act on entries: those of the file, and those that stand below indicators, on the facts of each entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gkxl.diagnostics import VETO_OF_SHORTER
from gkxl.model.rules import Pick, Rubric, Veto
from gkxl.periods import PeriodKind
from gkxl.run.audience import concerns
from gkxl.run.context import Facts, Run, Site
from gkxl.run.facts import Fact
from gkxl.run.indicators import CompiledIndicator, Line, compile_lines, give_awards, outcomes_of
from gkxl.run.ranking import Standing
from gkxl.run.results import Award


@dataclass(frozen=True, slots=True)
class EntryVeto:
    """`of` None: a sentence of the file. One below an indicator acts where that is scored, and in entries of other
    periods as far as these have the facts that it asks for.
    """

    line: Line
    of: CompiledIndicator | None = None


def compile_vetoes(rubric: Rubric, indicators: Sequence[CompiledIndicator]) -> tuple[EntryVeto, ...]:
    found = [EntryVeto(line) for line in compile_lines(rubric.sentences, rubric.terms)]
    for compiled in indicators:
        for sentence in compiled.node.sentences:
            vetoes = tuple(
                clause
                for clause in sentence.clauses
                if isinstance(clause, Pick) and any(isinstance(o, Veto) for b in clause.branches for o in b.outcomes)
            )
            if vetoes:
                alone = replace(sentence, clauses=vetoes, cap=None)
                found += [EntryVeto(line, compiled) for line in compile_lines((alone,), rubric.terms)]
    return tuple(found)


def strike(
    vetoes: Sequence[EntryVeto],
    standing: Standing,
    raw: Mapping[str, Fact],
    quiet: Run,
    base: PeriodKind | None,
    summed: bool,
) -> None:
    """Note the vetoes that strike in an entry; `summed`: it is the sum of shorter periods. `quiet` tells nobody."""
    facts, period = standing.facts, standing.facts.period
    for veto in vetoes:
        sentence, of = veto.line[0], veto.of
        strict = not summed
        if sentence.per is not None:
            if period is None or sentence.per is not period.kind:
                continue
            strict = True
        elif of is not None:
            kind = of.node.period or base
            here = kind is None or period is None or kind.months <= period.kind.months
            if here and (not summed or (base is not None and kind is not None and kind.months > base.months)):
                continue  # its indicator is scored here, and this sentence with it
            strict = False
        if of is not None and not all(concerns(audience, standing.unit) for audience in of.audiences):
            continue
        lenient, missing = (facts.lenient, None) if of is None else (of.lenient, of.node.missing)
        known = Facts(
            facts.run if strict else quiet, raw, standing.unit, period, lenient, facts.remarks, missing=missing
        )
        awards: list[Award] = []
        if not give_awards((veto.line,), known, awards)[0]:
            if strict:
                standing.broken = True
            elif summed and not standing.broken:  # a value that each of the periods has for itself
                site = Site(sentence.text, sentence.span, sentence.language)
                key = (VETO_OF_SHORTER.number, sentence.span, period)
                facts.run.tell(key, VETO_OF_SHORTER, sentence.span, site, {"sentence": site.text, "period": period})
        standing.struck += [(given, outcome) for given, outcome in outcomes_of(awards) if isinstance(outcome, Veto)]
