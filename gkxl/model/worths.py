"""Worths and caps: worths that do not add up, caps above the worth, caps that nothing ever reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.model import rules
from gkxl.model.checking import Checking
from gkxl.model.parts import option, part_of
from gkxl.values import Number, add, bare_key, multiply, negate, shown, subtract

ZERO = Decimal(0)


def tell_caps(sentence: rules.Sentence, worth: Number | None, checking: Checking) -> None:
    """Caps of a sentence above the worth of its indicator, and those that it never reaches."""
    caps = [(clause.cap, _uncapped(clause)) for clause in sentence.clauses]
    most = [_most(clause) for clause in sentence.clauses]
    caps.append((sentence.cap, None if None in most else _sum(cast("list[Number]", most))))
    for cap, reach in caps:
        if cap is None:
            continue
        if worth is not None and cap.limit > worth:
            text = sentence.text
            checking.tell(d.CAP_ABOVE_WORTH, sentence.span, text=text, cap=shown(cap.limit), worth=shown(worth))
        elif cap.per is None and reach is not None and cap.limit > reach:
            checking.tell(d.CAP_UNREACHED, sentence.span, text=sentence.text, cap=shown(cap.limit), most=shown(reach))


def _most(clause: rules.Clause, sign: int = 0) -> Number | None:
    """The most points that a clause gives within its cap: earned (1), lost (-1), either (0). None where it has no bound."""
    most, cap = _uncapped(clause, sign), clause.cap
    if cap is None or cap.per is not None:
        return most
    return cap.limit if most is None else min(most, cap.limit)


def _uncapped(clause: rules.Clause, sign: int = 0) -> Number | None:
    if isinstance(clause, rules.Prices):
        return None
    most: Number = ZERO
    for branch in clause.branches:
        points: Number = ZERO
        for outcome in branch.outcomes:
            match outcome:
                case rules.Fixed(value):
                    points = add(points, value)
                case rules.Between(_, _, _, low, high):
                    points = add(points, max(low, high))
                case rules.Veto() | rules.ZeroIndicator():
                    pass
                case rules.Steps(points=value) if (value < 0 < sign) or (sign < 0 < value):
                    pass
                case _:
                    return None
        if sign >= 0:
            most = max(most, points)
        if sign <= 0:
            most = max(most, negate(points))
    return most


def tell_policies(node: tree.IndicatorNode, sentences: Sequence[rules.Sentence], checking: Checking) -> None:
    """Policies of an indicator that ask for a worth, and caps of it that are above the worth or idle."""
    worth = cast("Number | None", option(node, "worth"))
    for policy in node.statements:
        if not isinstance(policy, tree.Policy):
            continue
        full = policy.what == "not applicable" and policy.value == "full marks"
        if (full or policy.what == "floor") and worth is None:
            checking.tell(d.WORTH_NEEDED, policy.span, text=_text(policy.span), name=node.name.text)
        if policy.what in ("earnings cap", "deductions cap"):
            earns = policy.what == "earnings cap"
            limit = cast(Number, policy.value)
            reach = _reach(sentences, earns)
            if worth is not None and limit > worth:
                told = {"text": _text(policy.span), "cap": shown(limit), "worth": shown(worth)}
                checking.tell(d.CAP_ABOVE_WORTH, policy.span, **told)
            elif reach is not None and limit > reach:
                told = {"text": _text(policy.span), "cap": shown(limit), "most": shown(reach)}
                checking.tell(d.CAP_UNREACHED, policy.span, **told)


def _reach(sentences: Sequence[rules.Sentence], earns: bool) -> Number | None:
    """The most that an indicator can earn, or lose; None where no bound can be named."""
    total: Number = ZERO
    for sentence in sentences:
        for clause in sentence.clauses:
            most = _most(clause, 1 if earns else -1)
            if most is None:
                return None
            total = add(total, most)
    return total


# --- Worths that add up ----------------------------------------------------------------------------------------------


def tell_worths(checking: Checking) -> None:
    """The worths of the file and of each part must be the stated sum, for every group of units, as their weights count."""
    file = checking.file
    own = [node for node in file.indicators if not node.bonus]
    if file.full_marks is not None and own:
        _add_up(own, file.full_marks, checking, None)
    for part in file.parts:
        stated = cast("Number | None", option(part, "worth"))
        inside = [node for node in own if node.part == part.name]
        if stated is not None and inside:
            _add_up(inside, stated, checking, part)
    _tell_bonus_cap(checking)


def _tell_bonus_cap(checking: Checking) -> None:
    """A cap of all bonuses above what they are worth together."""
    for policy in checking.file.statements:
        if isinstance(policy, tree.Policy) and policy.what == "bonus cap":
            worths = [option(node, "worth") for node in checking.file.indicators if node.bonus]
            if worths and None not in worths:
                most = _sum(cast("list[Number]", worths))
                limit = cast(Number, policy.value)
                if limit > most:
                    told = {"text": _text(policy.span), "cap": shown(limit), "most": shown(most)}
                    checking.tell(d.CAP_UNREACHED, policy.span, **told)


def _counted(node: tree.IndicatorNode, checking: Checking, whole: bool) -> Number:
    """The worth of an indicator as it counts in its part, or in the `whole` file."""
    worth = cast(Number, option(node, "worth") or ZERO)
    part = part_of(node, checking) if whole else None
    for weight in (option(node, "weight"), option(part, "weight") if part else None):
        worth = worth if weight is None else multiply(worth, cast(Number, weight))
    return worth


def _add_up(
    nodes: Sequence[tree.IndicatorNode], stated: Number, checking: Checking, part: tree.PartNode | None
) -> None:
    """Told for the first kind of unit whose worths make another sum: each group word, and a unit of none of them."""
    zh = checking.language == "zh"
    sums = _Sums()
    for node in nodes:
        sums.take(_counted(node, checking, whole=part is None), _audiences(node, checking))
    for word, total in sums.each():
        if total != stated:
            who = part.name.text if part else ("全部指标" if zh else "all indicators")
            if word is not None:
                who = f"{who}({word.text})" if zh else f"{who} ({word.text})"
            span = part.span if part else nodes[0].span
            checking.tell(d.WORTHS_DO_NOT_ADD_UP, span, who=who, sum=shown(total), stated=shown(stated))
            return


class _Sums:
    """What is worth how much to a unit of no group that is named, and how that is different for each group."""

    def __init__(self) -> None:
        self.others: tuple[Number, int] = (ZERO, 0)  # worth, and how many indicators
        self.own: dict[str, tuple[tree.Name, Number, int]] = {}
        self.excluding = False

    def take(self, worth: Number, said: Sequence[tree.Audience]) -> None:
        everybody = all(audience.but for audience in said)
        self.excluding = self.excluding or any(audience.but for audience in said)
        if everybody:
            self.others = add(self.others[0], worth), self.others[1] + 1
        for word in {bare_key(word.text): word for audience in said for word in audience.words}.values():
            fits = all(_fits(audience, word) for audience in said)
            name, more, count = self.own.get(bare_key(word.text), (word, ZERO, 0))
            if fits is not everybody:
                more, count = (add(more, worth), count + 1) if fits else (subtract(more, worth), count - 1)
            self.own[bare_key(word.text)] = (name, more, count)

    def each(self) -> Iterator[tuple[tree.Name | None, Number]]:
        """The sums of those that have an indicator at all. Where all is for groups named, there may be no other unit."""
        total, count = self.others
        if count and (self.excluding or not self.own):
            yield None, total
        for word, more, extra in self.own.values():
            if count + extra:
                yield word, add(total, more)


def _audiences(node: tree.IndicatorNode, checking: Checking) -> list[tree.Audience]:
    part = part_of(node, checking)
    said = [option(node, "for"), option(part, "for") if part else None]
    return [audience for audience in said if isinstance(audience, tree.Audience)]


def _fits(audience: tree.Audience, word: tree.Name) -> bool:
    return (bare_key(word.text) in {bare_key(other.text) for other in audience.words}) is not audience.but


def _sum(numbers: Sequence[Number]) -> Number:
    total: Number = ZERO
    for number in numbers:
        total = add(total, number)
    return total


def _text(span: Span | None) -> str:
    return span.text if span else ""
