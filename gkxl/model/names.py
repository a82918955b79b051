"""Names and marks of a sentence, bound: which term is meant, of what kind, and the number or expression it stands for."""

from __future__ import annotations

from gkxl import diagnostics as d
from gkxl.diagnostics import Code, Diagnostic, Language, Span
from gkxl.language import tree
from gkxl.model import rules
from gkxl.model.scope import Known, Scope
from gkxl.values import Kind, is_whole

KINDS = {
    Kind.NUMBER: ("数量", "a number"),
    Kind.RATE: ("比率(百分数)", "a rate"),
    Kind.DATE: ("日期", "a date"),
    Kind.YESNO: ("是/否", "a yes/no"),
    Kind.TEXT: ("文字", "text"),
}
ANY_NUMBER = (Kind.NUMBER, Kind.RATE)


class Stop(Exception):
    """One clause cannot be lowered; its diagnostic has been noted. Never leaves the model."""


class Binder:
    """Binds names and values against a scope; what is wrong is noted in `diagnostics`."""

    def __init__(self, scope: Scope, language: Language, span: Span | None) -> None:
        self.scope = scope
        self.language = language
        self.span = span
        self.diagnostics: list[Diagnostic] = []

    def fail(self, code: Code, span: Span | None, *notes: str, **values: object) -> Stop:
        self.diagnostics.append(Diagnostic(code, span or self.span, self.language, values, notes))
        return Stop()

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def known(self, name: tree.Name) -> Known:
        known = self.scope.find(name.text)
        if known is None:
            raise self.fail(d.UNKNOWN_NAME, name.span, *self.scope.nearest(name.text, self.language), name=name.text)
        return known

    def ref(self, name: tree.Name, kinds: tuple[Kind, ...]) -> rules.Ref:
        known = self.known(name)
        if known.kind is not None and known.kind not in kinds:
            raise self.wrong(name.text, known.kind, kinds, name.span)
        return rules.Ref(known.name, name.text)

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
            case tree.Name():
                known = self.known(mark)
                if known.kind in (Kind.YESNO, Kind.TEXT):
                    raise self.wrong(mark.text, known.kind, (against or Kind.NUMBER,), mark.span)
                return rules.Ref(known.name, mark.text), known.kind
            case tree.Share(share, of):
                known = self.known(of)
                if known.kind not in (Kind.NUMBER, Kind.RATE, None):
                    raise self.wrong(of.text, known.kind, (Kind.NUMBER,), of.span)
                return rules.Arithmetic("*", rules.Ref(known.name, of.text), self.const(share)), known.kind

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
        raise self.fail(d.MISPLACED, formula.span, text=formula.span.text if formula.span else "")
