"""What conditions and clauses of the tree say of themselves: their subjects, signs, and the form they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.language.pieces import (
    Giving,
    Head,
    Refused,
)
from gkxl.language.words import name_atoms
from gkxl.values import Kind, Number

# 不足1个不计 is said of steps and of shares of a group alike.
STEP_POLICIES: dict[str, tree.PartialPolicy] = {"down": "ignored", "up": "counts as one"}

EFFECTS = ("grade", "bar", "stop", "admit", "total", "indicator")


def noted_points(clause: tree.Clause) -> Number | None:
    """有泄密的,记59分 and nothing else: the points; of what, it does not say."""
    if not isinstance(clause, tree.Bands | tree.YesNo) or len(clause.cases) != 1 or clause.otherwise or clause.cap:
        return None
    gives = clause.cases[0].gives
    return gives.value if isinstance(gives, tree.Points) and gives.noted and not clause.cases[0].extra else None


def bare_zero(clause: tree.Clause) -> bool:
    """有泄密的,记0分 and nothing else."""
    return noted_points(clause) == 0


def sets_total(statement: tree.Sentence) -> tree.Sentence:
    """Outside the indicators 有泄密的,记59分 can only mean the total."""

    def of(clause: tree.Clause) -> tree.Clause:
        points = noted_points(clause)
        if points is None or not isinstance(clause, tree.Bands | tree.YesNo):
            return clause
        return tree.Veto(clause.cases[0].condition, "total", points, clause.span)

    return replace(statement, clauses=tuple(map(of, statement.clauses)))


def key_of(name: tree.Name | None) -> tuple[str, ...]:
    return (*name_atoms(name.text), *([name.view] if name.view else [])) if name else ()


def names_in(formula: tree.Formula) -> list[tree.Name]:
    match formula:
        case tree.Name():
            return [formula]
        case tree.Share():
            return [formula.of]
        case tree.Operation():
            return [*names_in(formula.left), *names_in(formula.right)]
    return []


def named(formula: tree.Formula, text: str) -> tree.Formula:
    """A formula whose names without a text have this one."""
    match formula:
        case tree.Name(""):
            return replace(formula, text=text)
        case tree.Operation(_, left, right):
            return replace(formula, left=named(left, text), right=named(right, text))
    return formula


def name_of(head: Head) -> tree.Name | None:
    return head.basis[0] if head.basis else subject_of(head.condition)


def subject_of(condition: tree.Condition | tree.Top | tree.Name) -> tree.Name | None:
    if isinstance(condition, tree.Name):
        return condition
    if isinstance(condition, tree.Top):
        return tree.Name("")
    found = [s for s in subjects_of(condition) if s]
    return found[0] if found else None


def subjects_of(condition: tree.Condition | tree.Top | tree.Name | None) -> tuple[tree.Name | None, ...]:
    """The subjects of all tests; None for one that leaves it out (and a second test of an And takes the first's)."""
    match condition:
        case tree.And() | tree.Or():
            found = tuple(s for part in condition.parts for s in subjects_of(part))
            return found if found[:1] == (None,) else tuple(s for s in found if s is not None)
        case tree.Test() | tree.Range() | tree.Fact():
            return (condition.subject,)
        case tree.Stretch():
            return (condition.test.subject,)
    return ()


def with_subject(
    condition: tree.Condition | tree.Top | tree.Name, subject: tree.Name
) -> tree.Condition | tree.Top | tree.Name:
    match condition:
        case tree.Test(None) | tree.Range(None):
            return replace(condition, subject=subject)
        case tree.And() | tree.Or():
            parts = []
            for part in condition.parts:
                filled = cast(tree.Condition, with_subject(part, subject))
                subject = subject_of(filled) or subject
                parts.append(filled)
            return replace(condition, parts=tuple(parts))
    return condition


def filled(condition: tree.Condition | tree.Name) -> tree.Condition:
    """A bare name as the fact it is; the later tests of an And or Or with the subject of the first."""
    if isinstance(condition, tree.Name):
        return tree.Fact(condition, bare=True)
    if isinstance(condition, tree.And | tree.Or):
        # What stands before any subject stays without: 90分及以上且现场35分及以上 is about the total first.
        parts: list[tree.Condition] = []
        subject: tree.Name | None = None
        for part in condition.parts:
            filled = cast(tree.Condition, with_subject(part, subject)) if subject else part
            subject = subject_of(filled) or subject
            parts.append(filled)
        return replace(condition, parts=tuple(parts))
    return condition


_OPPOSITE: dict[str, tree.Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def negated(condition: tree.Condition | tree.Top | tree.Name, span: Span) -> tree.Condition:
    """What `unless` makes of a condition."""
    match condition:
        case tree.Name():
            return tree.Fact(condition, holds=False)
        case tree.Fact():
            return replace(condition, holds=not condition.holds, bare=False)
        case tree.Test(_, op) if op in _OPPOSITE:
            return replace(condition, op=_OPPOSITE[op])
        case tree.And(parts):
            return tree.Or(tuple(negated(part, span) for part in parts))
        case tree.Or(parts):
            return tree.And(tuple(negated(part, span) for part in parts))
    raise Refused(d.UNREADABLE, span, text=span.text)


def facts_only(condition: tree.Condition) -> bool:
    if isinstance(condition, tree.And | tree.Or):
        return all(facts_only(part) for part in condition.parts)
    return isinstance(condition, tree.Fact)


def _is_top(node: object) -> bool:
    return isinstance(node, tree.Top)


def is_score(condition: tree.Condition) -> bool:
    """A test of a score: of the total, without a subject, or against a number of points."""
    match condition:
        case tree.TotalTest():
            return True
        case tree.Test(subject, _, mark):
            return subject is None or (isinstance(mark, tree.Num) and mark.label == "分")
        case tree.Range(subject, low):
            return subject is None or (isinstance(low, tree.Num) and low.label == "分")
        case tree.And() | tree.Or():
            return any(_is_top(part) or is_score(part) for part in condition.parts)
    return False


def as_score(condition: tree.Condition) -> tree.Condition:
    match condition:
        case tree.Test(tree.Name("", view=None), op, tree.Num() as mark):  # 前5名且90分及以上
            return tree.TotalTest(op, mark)
        case tree.Test(subject, op, tree.Num() as mark):
            return tree.TotalTest(op, mark, subject)
        case tree.Range(subject, tree.Num() as low, tree.Num() as high, low_in, high_in):
            return tree.And(
                (
                    tree.TotalTest(">=" if low_in is not False else ">", low, subject),
                    tree.TotalTest("<=" if high_in else "<", high, subject),
                )
            )
        case tree.And(parts) | tree.Or(parts):
            return replace(condition, parts=tuple(as_score(part) for part in parts))
    return condition


def in_proportion(condition: tree.Condition | tree.Top | tree.Name, giving: Giving, span: Span) -> tree.Clause:
    """earns 10 in proportion: the rate's 100 %, or the mark named, earns them all, and less earns its part."""
    if isinstance(condition, tree.Name):
        condition = tree.Test(condition, ">=", tree.Num(Decimal(1), Kind.RATE))
    if not isinstance(condition, tree.Test) or condition.op != ">=":
        raise Refused(d.UNREADABLE, span, text=span.text)
    return tree.Bands((tree.Case(condition, tree.Points(giving.points[0])),), tree.Proportional(), span=span)


def exact_counts(bands: tree.Bands) -> bool:
    return all(isinstance(case.condition, tree.Test) and case.condition.op == "=" for case in bands.cases)


def counts_down(clause: tree.Clause) -> bool:
    """达70%得50分,未达的每少1个百分点扣1分."""
    return isinstance(clause, tree.Bands) and isinstance(clause.otherwise, tree.EachStep)


def signs_of(clause: tree.Clause) -> Iterator[int]:
    """1 where a clause earns, -1 where it costs."""
    points: list[Number] = []
    match clause:
        case tree.Each() | tree.ShortOf() | tree.StepsFrom():
            points = [clause.points]
        case tree.YesNo() | tree.Bands():
            given = [case.gives for case in clause.cases] + [clause.otherwise]
            points = [g.value for g in given if isinstance(g, tree.Points)]
            points += [g.points for g in given if isinstance(g, tree.EachStep)]
        case tree.EachLate():
            points = [clause.points]
        case tree.Deadline():
            told = [*(by.gives for by in clause.by), clause.never, clause.late]
            points = [g.value for g in told if isinstance(g, tree.Points)]
            points += [g.points for g in told if isinstance(g, tree.EachStep)]
        case tree.PriceList():
            points = [price.points for price in clause.prices]
            points += [clause.otherwise] if clause.otherwise is not None else []
    for value in points:
        if value:
            yield 1 if value > 0 else -1


def gives_nothing(giving: Giving) -> bool:
    return giving.what == "no points" or giving.points == (Decimal(0),)


def short_of(name: tree.Name, mark: tree.Mark, size: tree.Num, points: Number, per: object, span: Span) -> tree.Clause:
    if (isinstance(mark, tree.Num) and mark.kind is Kind.RATE) or isinstance(mark, tree.Day):
        return tree.StepsFrom(name, mark, True, size, points, span=span)
    return tree.ShortOf(replace(name, per=None), mark, size, points, per, span=span)  # type: ignore[arg-type]


def steps_beyond(
    name: tree.Name, mark: tree.Mark, below: bool, size: tree.Num, points: Number, span: Span
) -> tree.Clause:
    """A count beyond a plain number is S1 (超过3人的部分); beyond anything else it is steps from a mark."""
    if not below and isinstance(mark, tree.Num) and mark.kind is Kind.NUMBER and size.kind is Kind.NUMBER:
        return tree.Each(name, size, points, mark, span=span)
    return tree.StepsFrom(name, mark, below, size, points, span=span)


def between(low: Any, high: Any) -> tree.Range | None:
    """at least 80% and below 90%, of one thing, as the range that it is."""
    if not isinstance(low, tree.Test) or not isinstance(high, tree.Test) or high.subject not in (None, low.subject):
        return None
    if low.op not in (">", ">=") or high.op not in ("<", "<="):
        return None
    return tree.Range(low.subject, low.mark, high.mark, low.op == ">=", high.op == "<=")


def unequal(subject: tree.Name | None, mark: tree.Mark) -> tree.Or:
    """不等于3条: below or above."""
    return tree.Or((tree.Test(subject, "<", mark), tree.Test(subject, ">", mark)))


def refuse_open_no(parts: Sequence[object], span: Span) -> None:
    """no plan and ledger: is neither there, or is one of them missing?"""
    first, bare = parts[0], next((part for part in parts if isinstance(part, tree.Name)), None)
    if isinstance(first, tree.Fact) and not first.holds and bare:
        one, other = first.subject.text, bare.text
        raise Refused(
            d.TWO_READINGS,
            span,
            ("两样都没有:neither … nor …", f"neither of them: \u201cneither {one} nor {other}\u201d"),
            ("少了一样:no … or no …", f"one of them missing: \u201cno {one} or no {other}\u201d"),
            text=span.text,
        )
