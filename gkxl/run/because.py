"""Why a clause gave what it gave, as one sentence in the language of the rule."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import cast

from gkxl.diagnostics import Language
from gkxl.model.rules import (
    AllOf,
    Amount,
    AnyOf,
    Arithmetic,
    Between,
    Branch,
    Compare,
    Condition,
    Const,
    DayIn,
    Expr,
    Fixed,
    Holds,
    Missing,
    Not,
    OrCheckDate,
    Outcome,
    Partial,
    Pick,
    Place,
    Prices,
    Ref,
    Rounded,
    Score,
    Steps,
    Veto,
    ZeroIndicator,
)
from gkxl.run.awards import gain_of
from gkxl.run.because_prices import capped, price_list
from gkxl.run.context import ZERO, Facts, Run, Site
from gkxl.run.evaluate import (
    MIRRORED,
    between_points,
    condition,
    day_steps,
    number,
    operand,
    step_points,
    steps,
)
from gkxl.run.placing import place_key, value_key
from gkxl.run.results import Award
from gkxl.run.stated_days import is_day
from gkxl.run.wording import Beyond, Gain, Style, Wording
from gkxl.run.wording_en import English
from gkxl.run.wording_zh import Chinese
from gkxl.values import Kind, Number, floor, negate, subtract


def wording_of(sentence: str, language: Language) -> Wording:
    """The phrases of a language, with the author's own verbs where it has several."""
    return Chinese(sentence) if language == "zh" else English()


def because(award: Award, language: Language | None = None) -> str:
    """One sentence of explanation, worked out of the award alone, so that it is made only when asked for."""
    sentence = award.sentence
    words = wording_of(sentence.text, language or sentence.language)
    if isinstance(award.clause, Prices):
        text = price_list(award, award.clause, words)
    else:
        text = _Telling(award, award.clause, words).text()
    return f"{award.period}{':' if words.comma == ',' else ': '}{text}" if award.period is not None else text


class _Telling:
    """The explanation of one pick: what was found, then what it gives."""

    def __init__(self, award: Award, pick: Pick, words: Wording) -> None:
        self.award = award
        self.pick = pick
        self.words = words
        language = award.sentence.language
        self.site = Site(award.sentence.text, award.sentence.span, language, frozenset(award.facts))
        self.facts = Facts(Run({}, Missing.ZERO, {}, language), award.facts)
        self.parts: list[str] = []
        self.subject: Expr | None = None  # what has just been named, and what it was compared with
        self.compared: Expr | None = None

    def text(self) -> str:
        words, award, branches = self.words, self.award, self.pick.branches
        place = _place(branches[0])
        if place is not None:
            return self._placed(place)
        if award.branch is None:
            self._none(branches, words.no_band)
            gain = _gain(branches)
            return self._joined(words.no_effect if gain == "none" else words.gives(ZERO, gain))
        branch = branches[award.branch]
        if branch.condition is not None:
            if not _same_ground(branch):
                self._condition(branch.condition, True)
        elif award.branch > 0:
            self._none(branches[: award.branch], words.otherwise)
        gain = _gain((branch,))
        if gain == "none":
            gain = _gain(branches)
        strikes = [o for o in branch.outcomes if isinstance(o, (Veto, ZeroIndicator))]
        worths = [o for o in branch.outcomes if not isinstance(o, (Veto, ZeroIndicator))]
        for outcome in worths:
            self._outcome(outcome, gain, len(worths) > 1)
        self.parts += capped(award, words)
        result = []
        if len(worths) > 1 and award.points == award.uncapped:
            result.append(words.altogether(award.points, gain))
        elif worths and not self._says_it_all(branch):
            result.append(words.gives(award.points, gain))
        result += [words.veto(o) if isinstance(o, Veto) else words.no_points_here() for o in strikes]
        return self._joined(words.comma.join(result))

    def _placed(self, place: Place) -> str:
        """What the unit is ranked by, its place, and what that gives."""
        by, language = place.of, self.award.sentence.language
        name = (by.indicator or "") if isinstance(by, Score) else _name(by)
        value, at = (
            self.award.facts[value_key(place, language)].value,
            self.award.facts[place_key(place, language)].value,
        )
        assert isinstance(value, (Decimal, Fraction))
        assert isinstance(at, Decimal)
        shown = self.words.number(value, place.rate)
        self.parts += [self.words.named(name, shown), self.words.place(int(at), place.skip, place.lowest_first)]
        self.parts += capped(self.award, self.words)
        return self._joined(self.words.gives(self.award.points, "earn"))

    def _joined(self, result: str) -> str:
        found = self.words.comma.join(self.parts)
        return found + self.words.colon + result if found and result else found + result

    def _says_it_all(self, branch: Branch) -> bool:
        """书面考核23.6分: the value is the points, and nothing else was asked."""
        return not (branch.condition or self.award.branch or self.award.points != self.award.uncapped) and all(
            isinstance(o, Amount) and o.sign > 0 and isinstance(o.expr, Ref) for o in branch.outcomes
        )

    # --- Outcomes ---

    def _outcome(self, outcome: Outcome, gain: Gain, several: bool) -> None:
        words = self.words
        given: Number = ZERO
        match outcome:
            case Fixed(points=points):
                given = points
            case Amount(expr=expr, sign=sign):
                given = self._number(expr) if sign > 0 else negate(self._number(expr))
                if isinstance(expr, Ref):
                    value = words.points(given) if sign > 0 else words.number(self._number(expr))
                    self.parts.append(words.named(_name(expr), value) + self._lacking(expr))
                else:
                    self.parts.append(f"{self._formula(expr, True)}{words.equals}{words.number(self._number(expr))}")
            case Steps():
                self._steps(outcome)
                given = step_points(outcome, self.site)(self.facts, {})
            case Between(value=expr, low=low, high=high):
                rate = _is_rate(low) or _is_rate(high)
                self._name_subject(expr, rate, "")
                ends = self._mark(low, rate, ""), self._mark(high, rate, "")
                self.parts.append(words.in_proportion(*ends, outcome.low_points, outcome.high_points))
                given = between_points(outcome, self.site)(self.facts, {})
        if several:
            self.parts.append(words.gives(given, gain))

    def _steps(self, outcome: Steps) -> None:
        words, value, mark, size = self.words, outcome.value, outcome.mark, outcome.size
        rate, label, below = _is_rate(mark) or _is_rate(size), outcome.label, outcome.below
        said = self.subject == value and self.compared == mark
        self._name_subject(value, rate, label)
        mark_text = None
        if mark is not None:
            mark_text = self._mark(mark, rate, label)
        if is_day(mark):
            day, start = self._value(value), self._value(mark)
            assert isinstance(day, date)
            assert isinstance(start, date)
            distance: Number = Decimal((day - start).days)
            label = words.day
        else:
            distance = subtract(self._number(value), self._number(mark)) if mark is not None else self._number(value)
        if below:
            distance = negate(distance)
        if distance <= 0 and mark_text is not None:
            style = self._style(value, mark, label) if mark is not None else "number"
            self.parts.append(words.relation("<" if below else ">", False, mark_text, style))
            return
        simple = isinstance(mark, (Const, Ref)) and not said
        beyond = Beyond(distance, below, mark_text if simple else None, rate, label)
        if mark is not None:
            self.parts.append(words.beyond(beyond))
        step = self._number(size)
        text: Number | str = step
        if outcome.months:
            text = words.months(step)
        elif not isinstance(size, Const):
            text = words.amounts_to(self._formula(size, False), words.number(step, label=label))
        self.parts.append(words.each(beyond, text, outcome.points))
        if outcome.partial is not Partial.PRO_RATA and distance > 0:
            if outcome.months:
                count = day_steps(
                    cast(date, self._value(cast(Expr, mark))), cast(date, self._value(value)), step, outcome
                )
            else:
                count = steps(distance, step, outcome.partial)
            if outcome.months or count != steps(distance, step, Partial.PRO_RATA):
                self.parts.append(words.counted_steps(outcome.partial, count))

    # --- Conditions ---

    def _none(self, branches: tuple[Branch, ...], summary: str) -> None:
        """None of these held: the one that did not, or what all of them ask about."""
        conditions = [branch.condition for branch in branches if branch.condition is not None]
        subjects = {c.left for c in conditions if isinstance(c, Compare)}
        if len(conditions) > 1 and len(subjects) == 1 and all(isinstance(c, Compare) for c in conditions):
            first = conditions[0]
            assert isinstance(first, Compare)
            if self._undated(first):
                return
            self._name_subject(first.left, _is_rate(first.right), first.label)
            self.parts.append(summary)
        else:
            for c in conditions:
                self._condition(c, False)

    def _condition(self, node: Condition, truth: bool) -> None:
        match node:
            case Compare():
                self._compare(node, truth)
            case Holds(ref=ref) if isinstance(self.award.facts[ref.term].value, datetime):
                self._name_subject(ref, False, "")
            case Holds(ref=ref):
                self.parts.append(self.words.holds(_name(ref), self.award.facts[ref.term], truth))
            case Not(condition=inner):
                self._condition(inner, not truth)
            case AllOf(conditions=several) | AnyOf(conditions=several):
                if isinstance(node, AllOf) is truth:
                    for each in several:
                        self._condition(each, truth)
                else:  # one of them decided; those behind it were not looked at
                    decided = (c for c in several if condition(c, self.site)(self.facts, {}) is truth)
                    self._condition(next(decided), truth)

    def _compare(self, node: Compare, truth: bool) -> None:
        left, op, right = node.left, node.op, node.right
        if isinstance(left, Const):
            left, op, right = right, MIRRORED[op], left
        if self._undated(node):
            return
        rate = _is_rate(left) or _is_rate(right)
        self._name_subject(left, rate, node.label)
        mark = self._mark(right, rate, node.label)
        self.parts.append(self.words.relation(op, truth, mark, self._style(left, right, node.label)))
        self.compared = right

    def _undated(self, node: Compare) -> bool:
        """Tell of a date that is blank; there is nothing to compare then."""
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, Ref) and is_day(other):
                fact = self.award.facts[side.term]
                if not isinstance(fact.value, datetime):
                    self.parts.append(self.words.undated(_name(side)))
                    return True
        return False

    # --- Values ---

    def _value(self, expr: Expr) -> Number | date:
        return operand(expr, self.site)(self.facts, {})

    def _number(self, expr: Expr) -> Number:
        return number(expr, self.site)(self.facts, {})

    def _lacking(self, ref: Ref) -> str:
        return self.words.lacking(self.award.facts[ref.term])

    def _style(self, left: Expr, right: Expr, label: str) -> Style:
        values = (self._value(left), self._value(right))
        if any(isinstance(value, date) for value in values):
            return "date"
        if _is_rate(left) or _is_rate(right):
            return "number"
        whole = all(value == floor(value) for value in values if not isinstance(value, date))
        return "count" if label or whole else "number"

    def _name_subject(self, expr: Expr, rate: bool, label: str) -> None:
        """Name what the next part is about, with its value, unless the last one was about it too."""
        if isinstance(expr, OrCheckDate) and isinstance(self.award.facts[expr.ref.term].value, datetime):
            expr = expr.ref
        if expr == self.subject:
            return
        self.subject, self.compared = expr, None
        value = self.words.value(self._value(expr), rate, label)
        if isinstance(expr, Ref):
            self.parts.append(self.words.named(_name(expr), value) + self._lacking(expr))
        elif isinstance(expr, OrCheckDate):
            self.parts.append(self.words.not_by(_name(expr.ref), value))
        elif isinstance(expr, Arithmetic):
            self.parts.append(f"{self._formula(expr, True)}{self.words.equals}{value}")
        else:
            self.parts.append(self._mark(expr, rate, label))

    def _mark(self, expr: Expr, rate: bool, label: str) -> str:
        """What a value is held against; how a computed mark comes about is told as a part of its own."""
        words = self.words
        match expr:
            case DayIn():
                day = self._value(expr)
                assert isinstance(day, date)
                return day.isoformat()
            case Const():
                return _written(expr, words) + ("" if isinstance(expr.value, date) else words.label(label))
            case Ref():
                return words.named(_name(expr), words.value(self._value(expr), rate, label)) + self._lacking(expr)
            case Rounded(expr=inner, mode=mode):
                before, value = self._number(inner), self._number(expr)
                self.parts.append(words.amounts_to(self._formula(inner, False), words.number(before, rate, label)))
                if value != before:
                    self.parts.append(words.rounded(mode, words.number(value, rate, label)))
                return words.number(value, rate, label)
        text = words.number(self._number(expr), rate, label)
        self.parts.append(words.amounts_to(self._formula(expr, False), text))
        return text

    def _formula(self, expr: Expr, valued: bool, bound: int = 0) -> str:
        """A formula as text, with the value behind each name if `valued`; in brackets where an outer sign binds more."""
        words = self.words
        match expr:
            case Const():
                return _written(expr, words)
            case Ref():
                name = _name(expr)
                return (
                    words.named(name, words.value(self._value(expr), expr.rate)) + self._lacking(expr)
                    if valued
                    else name
                )
            case Arithmetic(op="*", left=Ref() as ref, right=Const(kind=Kind.RATE) as rate) if not valued:
                return words.share(_name(ref), _written(rate, words))
            case Arithmetic(op="*", left=Const(kind=Kind.RATE) as rate, right=Ref() as ref) if not valued:
                return words.share(_name(ref), _written(rate, words))
            case Arithmetic(op=op):
                level = 1 if op in "+-" else 2
                left = self._formula(expr.left, valued, level)
                right = self._formula(expr.right, valued, level + (op in "-/"))
                text = f"{left}{words.signs[op]}{right}"
                return f"({text})" if level < bound else text
            case Rounded(expr=inner):
                return self._formula(inner, valued, bound)
        return ""


def _place(branch: Branch) -> Place | None:
    """What points by place look at."""
    test = branch.condition
    return test.left if isinstance(test, Compare) and isinstance(test.left, Place) else None


def _same_ground(branch: Branch) -> bool:
    """90%至100%按比例得8至10分: the condition says no more than the ends of the proportion, which are told anyway."""
    tests = branch.condition.conditions if isinstance(branch.condition, AllOf) else (branch.condition,)
    return all(
        isinstance(o, Between) and all(isinstance(c, Compare) and c.left == o.value for c in tests)
        for o in branch.outcomes
    )


def _name(ref: Ref) -> str:
    return ref.shown or ref.term


def _written(const: Const, words: Wording) -> str:
    """A constant as the author wrote it; a date as a date."""
    if isinstance(const.value, date):
        return const.value.isoformat()
    return const.shown or words.number(const.value, const.kind is Kind.RATE)


def _is_rate(expr: Expr | None) -> bool:
    return (isinstance(expr, Const) and expr.kind is Kind.RATE) or (isinstance(expr, Ref) and expr.rate)


def _gain(branches: tuple[Branch, ...]) -> Gain:
    """Whether branches are about points earned or lost: what is said where nothing was."""
    gains = [gain_of(outcome) for branch in branches for outcome in branch.outcomes]
    if any(gain > 0 for gain in gains):
        return "earn"
    return "cost" if any(gain < 0 for gain in gains) else "none"
