"""How a total comes about, line by line: what each sentence gave, and all that changed points after that.

The `points` of a unit's lines in one period add up to its total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from gkxl.diagnostics import Language, Span
from gkxl.model.rules import Indicator, Pick, Rubric, ZeroIndicator
from gkxl.periods import Period
from gkxl.report.facts import value_text
from gkxl.report.grid import cut_text, exempt_text, reason, rescaled_text, veto_text
from gkxl.report.words import word
from gkxl.run.facts import Cells
from gkxl.run.results import Award, Cut, IndicatorResult, PeriodTotal, UnitResult
from gkxl.values import Number, add, multiply, shown, subtract

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """`points` None: it says something, and counts nothing. `uncapped` only of an award.

    `what` it is, the same for the lines of other results that stand for the same: "award", "start", "cut worth" …
    """

    unit: UnitResult
    period: Period
    indicator: str
    why: str
    points: Number | None = None
    sentence: str = ""
    article: str = ""
    span: Span | None = None
    values: str = ""
    uncapped: Number | None = None
    cells: tuple[Cells, ...] = ()
    what: str = "award"
    award: Award | None = None


def lines(unit: UnitResult, period: Period, rubric: Rubric) -> list[Line]:
    """Those of one unit in one period, in the order of the rules; never none."""
    return list(_Unit(unit, period, rubric).lines())


@dataclass(frozen=True, slots=True)
class _Unit:
    unit: UnitResult
    period: Period
    rubric: Rubric

    @property
    def language(self) -> Language:
        return self.rubric.language

    def line(
        self, what: str, indicator: str, why: str, points: Number | None = None, cells: tuple[Cells, ...] = ()
    ) -> Line:
        return Line(self.unit, self.period, indicator, why, points, cells=cells, what=what)

    def lines(self) -> Iterator[Line]:
        unit, language = self.unit, self.language
        found = [line for one in unit.indicators for line in self._indicator(one)]
        shown_awards = [id(award) for one in unit.indicators if one.applies for award in one.awards]
        if unit.made is not None and unit.made.rule is None:
            found += map(self._period_total, unit.made.periods)
        reached = _sum(line.points for line in found)
        if unit.made is not None and unit.made.points != reached:
            found.append(self.line("made", "", unit.made.because(language), subtract(unit.made.points, reached)))
            reached = unit.made.points
        veto = unit.veto
        for award in veto.awards if veto is not None else ():
            if id(award) not in shown_awards:
                found.append(self._award("", award))
        before = veto.replaced if veto is not None and veto.replaced is not None else unit.total
        if before is not None and before != reached:
            why = word("total rounded", language, places=self.rubric.total_places)
            found.append(self.line("rounded", "", why, subtract(before, reached)))
        if veto is not None and veto.replaced is not None:
            change = None if unit.total is None else subtract(unit.total, veto.replaced)
            found.append(self.line("veto", "", veto_text(veto, language), change))
        if unit.total is None and (veto is None or veto.replaced is None):
            found.append(self.line("no total", "", word("no total", language)))
        yield from found or [self.line("none", "", word("not fired", language), _ZERO)]

    # --- one indicator -----------------------------------------------------------------------------------------------

    def _indicator(self, one: IndicatorResult) -> Iterator[Line]:
        name, language = one.indicator.name, self.language
        if not one.applies:
            if one.exempt is not None:
                yield self.line("exempt", name, exempt_text(one, language), cells=one.exempt.fact.cells)
            return
        if self._summed_up(one.indicator):  # its awards stand in the periods
            yield from (self.line(_what(cut), name, cut_text(cut, language)) for cut in one.cuts)
            return
        of_points = [cut for cut in one.cuts if cut.what not in _OF_TOTAL]
        found = [] if one.points is None else [*self._start(one)]
        found += [self._award(name, award) for award in one.awards if award.fired]
        found += [self._cut(name, cut) for cut in of_points]
        if one.points is None:
            yield from found
            yield self.line("no points", name, word("no points", language))
            return
        reached = _sum(line.points for line in found)
        if one.points != reached or one.exempt is not None:
            cells = one.exempt.fact.cells if one.exempt is not None else ()
            found.append(self.line("settled", name, self._settled(one), subtract(one.points, reached), cells))
        if one.counted is not None:
            in_total = [self._cut(name, cut) for cut in one.cuts if cut.what in _OF_TOTAL]
            change = subtract(subtract(one.counted, one.points), _sum(line.points for line in in_total))
            if change:
                found.append(self.line("counted", name, self._counted(one), change))
            found += in_total
        yield from found

    def _summed_up(self, indicator: Indicator) -> bool:
        """Whether the period at hand only sums up what shorter ones gave."""
        kind, base = indicator.period or self.rubric.period, self.rubric.period
        if kind is None or base is None or base.months >= self.period.kind.months:
            return False
        return kind.months <= base.months

    def _start(self, one: IndicatorResult) -> Iterator[Line]:
        kind = one.indicator.period or self.rubric.period
        times = self.period.kind.months // kind.months if kind is not None and kind.months else 1
        start = multiply(one.indicator.start, Decimal(max(times, 1)))
        if start:
            yield self.line("start", one.indicator.name, word("starts", self.language, points=shown(start)), start)

    def _award(self, indicator: str, award: Award) -> Line:
        terms, language = self.rubric.terms, award.sentence.language
        values = (f"{name} {value_text(fact, terms.get(name), language)}" for name, fact in award.facts.items())
        return Line(
            self.unit,
            self.period,
            indicator,
            reason(award),
            award.points,
            award.sentence.text,
            award.sentence.article,
            award.sentence.span,
            word("and", language).join(values),
            award.uncapped,
            tuple(cells for fact in award.facts.values() for cells in fact.cells),
            award=award,
        )

    def _cut(self, indicator: str, cut: Cut) -> Line:
        return self.line(_what(cut), indicator, cut_text(cut, self.language), subtract(cut.after, cut.before))

    def _settled(self, one: IndicatorResult) -> str:
        """What made the points of an indicator other than its sentences and caps do."""
        language = self.language
        texts = []
        if any(_zeroes(award) for award in one.awards):
            texts.append(word("zeroed", language))
        if one.exempt is not None:
            texts.append(exempt_text(one, language))
        if self.rubric.points_places is not None:
            texts.append(word("points rounded", language, places=self.rubric.points_places))
        return word("and", language).join(texts)

    def _counted(self, one: IndicatorResult) -> str:
        """What made an indicator count other than its points: rescaling, weights, the caps of its part."""
        language, indicator = self.language, one.indicator
        texts = []
        if indicator.worth is not None and not indicator.bonus:
            scopes = (indicator.part, None)
            texts += [rescaled_text(each, language) for each in self.unit.rescaled if each.part in scopes]
        if indicator.weight is not None:
            texts.append(word("weight", language, share=_percent(indicator.weight)))
        for result in self.unit.parts:
            if result.part.name == indicator.part:
                texts += [cut_text(cut, language) for cut in result.cuts]
                if result.part.weight is not None:
                    texts.append(
                        word("part weight", language, part=result.part.name, share=_percent(result.part.weight))
                    )
        return word("and", language).join(texts)

    def _period_total(self, one: PeriodTotal) -> Line:
        why = word("period total", self.language, period=one.period)
        if one.points is None:
            why = f"{why}{word('comma', self.language)}{word('no total', self.language)}"
        return self.line(f"period {one.period}", "", why, one.points)


_OF_TOTAL = ("bonuses", "gate")  # cuts of what an indicator counts, not of its points


def _what(cut: Cut) -> str:
    return f"cut {cut.what} {cut.period or ''}".strip()


def _zeroes(award: Award) -> bool:
    if award.branch is None or not isinstance(award.clause, Pick):
        return False
    return any(isinstance(outcome, ZeroIndicator) for outcome in award.clause.branches[award.branch].outcomes)


def _percent(share: Number) -> str:
    return f"{shown(multiply(share, Decimal(100)))}%"


def _sum(numbers: Iterable[Number | None]) -> Number:
    total: Number = _ZERO
    for number in numbers:
        if number is not None:
            total = add(total, number)
    return total
