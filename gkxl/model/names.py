"""Names and marks of a sentence, bound: which term is meant, of what kind, and the number or expression it stands for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Code, Diagnostic, Language, Span
from gkxl.language import tree
from gkxl.language.views import CHANGES, full_name, wordings
from gkxl.model import rules
from gkxl.model.scope import Known, Scope
from gkxl.periods import PeriodKind
from gkxl.values import Kind, is_whole

KINDS = {
    Kind.NUMBER: ("数量", "a number"),
    Kind.RATE: ("比率(百分数)", "a rate"),
    Kind.DATE: ("日期", "a date"),
    Kind.YESNO: ("是/否", "a yes/no"),
    Kind.TEXT: ("文字", "text"),
}
ANY_NUMBER = (Kind.NUMBER, Kind.RATE)
# What is left where a number was forgotten: 少于条. No fact has such a name.
_COUNTED_IN = frozenset(
    ("条", "件", "次", "篇", "期", "处", "个", "项", "人", "人次", "批次", "分", "天", "户", "份", "起")
)
_BACK: dict[tree.View, tuple[int, int]] = {"last year": (1, 0), "year before last": (2, 0), "previous": (0, 1)}
_ANY_KIND = frozenset(_BACK)
_TWO_YEARS: tuple[tree.View, tree.View] = ("last year", "year before last")
_TWO = rules.Const(Decimal(2), Kind.NUMBER, "2")
_GROUP: dict[tree.View, rules.Aggregation] = {
    "best": rules.Aggregation.LARGEST,
    "worst": rules.Aggregation.SMALLEST,
    "group average": rules.Aggregation.AVERAGE,
}


class Stop(Exception):
    """One clause cannot be lowered; its diagnostic has been noted. Never leaves the model."""


class Binder:
    """Binds names and values against a scope; what is wrong is noted in `diagnostics`."""

    def __init__(self, scope: Scope, language: Language, span: Span | None) -> None:
        self.scope = scope
        self.language = language
        self.span = span
        self.diagnostics: list[Diagnostic] = []
        self.named: set[PeriodKind] = set()  # the periods that the clause at hand names: 每月5日前, 主动公开每月

    def fail(self, code: Code, span: Span | None, *notes: str, **values: object) -> Stop:
        self.diagnostics.append(Diagnostic(code, span or self.span, self.language, values, notes))
        return Stop()

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def known(self, name: tree.Name) -> Known:
        if name.per is not None:
            self.named.add(name.per)
        if name.view is not None:
            return self.viewed(name, name.view)
        known = self.scope.find(name.text)
        if known is None and name.text in _COUNTED_IN:
            raise self.fail(d.NUMBER_MISSING, name.span, text=name.text)
        if known is None:
            raise self.fail(d.UNKNOWN_NAME, name.span, *self.scope.nearest(name.text, self.language), name=name.text)
        if known.figure:
            raise self.fail(d.FIGURE_IN_A_SENTENCE, name.span, name=name.text)
        return known

    def viewed(self, name: tree.Name, view: tree.View) -> Known:
        """上年结案率: a declared term of that name, else the one that stands for 结案率 in the year before."""
        full = full_name(name, self.language)
        for known in map(self.scope.find, wordings(name)):
            if known is not None:
                return known
        if not name.text:
            raise self.fail(d.VIEW_OF_NOTHING, name.span, name=full)
        base = self.known(tree.Name(name.text, name.span))
        if view not in _ANY_KIND and base.kind not in (*ANY_NUMBER, None):
            raise self.wrong(name.text, base.kind, ANY_NUMBER, name.span)
        here = self.value(tree.Name(name.text, name.span), base)
        if view in CHANGES:
            below, of = CHANGES[view]
            there = self.value(replace(name, view=of))
            rise = rules.Arithmetic("-", there, here) if below else rules.Arithmetic("-", here, there)
            expr = rise if base.kind is Kind.RATE else rules.Arithmetic("/", rise, there)
            return Known(full, Kind.RATE, expr=expr)
        if self.scope.made is None:
            raise self.fail(d.VALUE_NEEDED, name.span, name=full)
        measure: rules.Measure
        if view == "two years":
            last, before = (self.value(replace(name, view=of)) for of in _TWO_YEARS)
            measure = rules.Computed(rules.Arithmetic("/", rules.Arithmetic("+", last, before), _TWO))
        elif view in _GROUP:
            measure = rules.OfGroup(base.name, _GROUP[view])
        else:
            measure = rules.InPeriod(base.name, *_BACK[view])
        return self.make(full, measure, base.kind, name.span)

    def make(self, name: str, measure: rules.Measure, kind: Kind | None, span: Span | None) -> Known:
        """A term that is stated on the spot."""
        if self.scope.made is not None:
            self.scope.made[name] = rules.Term(name, (), measure, cast(Span, span or self.span), kind, stated=False)
        return Known(name, kind)

    def kept(self, name: tree.Name) -> str:
        """The term of a name, kept under its own name even where it is worked out on the spot."""
        known = self.known(name)
        if known.expr is not None:
            self.make(known.name, rules.Computed(known.expr), known.kind, name.span)
        return known.name

    def value(self, name: tree.Name, known: Known | None = None) -> rules.Expr:
        known = known or self.known(name)
        return known.expr or rules.Ref(known.name, full_name(name, self.language), known.kind is Kind.RATE)

    def about(self, mark: tree.Mark, subject: tree.Name) -> tree.Mark:
        """A mark that says only 上年 or 全组平均 is the subject's."""
        match mark:
            case tree.Name(""):
                return replace(mark, text=subject.text)
            case tree.Share(_, tree.Name("") as of):
                return replace(mark, of=replace(of, text=subject.text))
        return mark

    def ref(self, name: tree.Name, kinds: tuple[Kind, ...]) -> rules.Expr:
        known = self.known(name)
        if known.kind is not None and known.kind not in kinds:
            raise self.wrong(full_name(name, self.language), known.kind, kinds, name.span)
        return self.value(name, known)

    def wrong(self, name: str, got: Kind | None, needed: tuple[Kind, ...], span: Span | None) -> Stop:
        index = 0 if self.language == "zh" else 1
        shown = self.say("或", " or ").join(KINDS[kind][index] for kind in needed)
        return self.fail(d.WRONG_KIND, span, name=name, got=KINDS[got][index] if got else "?", needed=shown)

    def const(self, number: tree.Num) -> rules.Const:
        return rules.Const(number.value, number.kind, number.written)

    def mark(self, mark: tree.Mark, against: Kind | None) -> tuple[rules.Expr, Kind | None]:
        """A mark and its kind. A bare fraction (1/2) is a rate where a rate is compared."""
        match mark:
            case tree.Num():
                kind = Kind.RATE if against is Kind.RATE and "/" in mark.written else mark.kind
                return rules.Const(mark.value, kind, mark.written), kind
            case tree.Day(day, written):
                return rules.Const(day, Kind.DATE, written), Kind.DATE
            case tree.DayOf(rule, written):
                self.named.add(rule.of)
                return rules.DayIn(rule, written), Kind.DATE
            case tree.Name():
                known = self.known(mark)
                if known.kind in (Kind.YESNO, Kind.TEXT):
                    raise self.wrong(mark.text, known.kind, (against or Kind.NUMBER,), mark.span)
                return self.value(mark, known), known.kind
            case tree.Share(share, of):
                known = self.known(of)
                if known.kind not in (Kind.NUMBER, Kind.RATE, None):
                    raise self.wrong(of.text, known.kind, (Kind.NUMBER,), of.span)
                return rules.Arithmetic("*", self.value(of, known), self.const(share)), known.kind

    def target(self, mark: tree.Mark, size: tree.Num) -> rules.Expr:
        """The mark that a count is measured by. A share of a count is made whole, up unless a policy says otherwise."""
        expr, kind = self.mark(mark, Kind.NUMBER)
        if kind not in (Kind.NUMBER, None):
            written = mark.text if isinstance(mark, tree.Name) else getattr(mark, "written", "")
            raise self.wrong(written, kind, (Kind.NUMBER,), getattr(mark, "span", None))
        if isinstance(mark, tree.Share) and is_whole(size.value) and self.scope.targets is not rules.Rounding.NONE:
            return rules.Rounded(expr, self.scope.targets)
        return expr

    def formula(self, formula: tree.Formula, kinds: tuple[Kind, ...] = ANY_NUMBER) -> rules.Expr:
        match formula:
            case tree.Num():
                return self.const(formula)
            case tree.Name():
                return self.ref(formula, kinds)
            case tree.Share():
                return self.mark(formula, None)[0]
            case tree.Operation(op, left, right):
                return rules.Arithmetic(op, self.formula(left), self.formula(right))
        span: Span | None = getattr(formula, "span", None)
        raise self.fail(d.MISPLACED, span, text=span.text if span else "")
