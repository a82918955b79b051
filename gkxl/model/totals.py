"""How totals come about (S16) → core: which entries a formula is for, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Language, Span
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.model import rules
from gkxl.model.checking import Checking
from gkxl.model.names import Stop
from gkxl.periods import PeriodKind

_NAMES = {
    PeriodKind.MONTH: ("月", "month"),
    PeriodKind.QUARTER: ("季度", "quarter"),
    PeriodKind.HALF: ("半年", "half-year"),
    PeriodKind.YEAR: ("年", "year"),
}


def period_name(kind: PeriodKind, language: Language) -> str:
    return _NAMES[kind][language == "en"]


def tell_too_short(per: PeriodKind | None, span: Span | None, checking: Checking) -> None:
    """What is kept to a period that no entry has: the file scores longer ones alone."""
    period = checking.file.period
    if per is not None and period is not None and per.months < period.kind.months:
        unit, whole = (period_name(kind, checking.language) for kind in (per, period.kind))
        checking.tell(d.PERIOD_TOO_SHORT, span, text=span.text if span else "", unit=unit, period=whole)


def lower_totals(statements: Sequence[object], checking: Checking) -> tuple[rules.Total, ...]:
    """The formulas; 总分=各指标之和 is what holds anyway."""
    found: list[rules.Total] = []
    seen: set[PeriodKind | None] = set()
    for statement in statements:
        if not isinstance(statement, tree.TotalIs):
            continue
        tell_too_short(statement.per, statement.span, checking)
        per = statement.per
        if statement.formula is not None:
            lowering = _Lowering(statement, checking)
            try:
                total = lowering.total()
            except Stop:
                continue
            found.append(total)
            per = total.per
        elif per is None and checking.file.period is not None:
            per = checking.file.period.kind
        if per in seen:
            checking.tell(d.ONCE_ONLY, statement.span, what=statement.span.text if statement.span else "")
        seen.add(per)
    return tuple(found)


def lower_conversion(statements: Sequence[object], checking: Checking) -> rules.Conversion | None:
    found: rules.Conversion | None = None
    for statement in statements:
        if isinstance(statement, tree.Converted):
            if found is not None:
                checking.tell(d.ONCE_ONLY, statement.span, what=statement.span.text if statement.span else "")
            tell_too_short(statement.per, statement.span, checking)
            found = rules.Conversion(statement.share, statement.into.text, statement.per)
    return found


class _Lowering:
    """Lowers one formula."""

    def __init__(self, statement: tree.TotalIs, checking: Checking) -> None:
        self.statement = statement
        self.checking = checking
        self.base = checking.file.period.kind if checking.file.period else PeriodKind.YEAR
        self.nodes = {name_atoms(node.name.text): node for node in checking.file.indicators}
        self.parts = {name_atoms(part.name.text): part for part in checking.file.parts}

    def total(self) -> rules.Total:
        assert self.statement.formula is not None
        expr = self.lower(self.statement.formula)
        parts = list(parts_of(expr))
        total = rules.Total(expr, self.entries(parts), self.checking.language, cast(Span, self.statement.span))
        self.leaves_out(parts, total.per)
        return total

    def fail(self, code: d.Code, span: Span | None, *notes: str, **values: object) -> Stop:
        self.checking.tell(code, span or self.statement.span, *notes, **values)
        return Stop()

    def say(self, zh: str, en: str) -> str:
        return zh if self.checking.language == "zh" else en

    def lower(self, formula: tree.Formula) -> rules.Expr:
        match formula:
            case tree.Num(value, kind, written):
                return rules.Const(value, kind, written)
            case tree.Operation(op, left, right):
                return rules.Arithmetic(op, self.lower(left), self.lower(right))
            case tree.PeriodTotals(unit, op, without):
                whole = self.statement.per or PeriodKind.YEAR
                if not self.base.months <= unit.months < whole.months:
                    names = (period_name(kind, self.checking.language) for kind in (unit, self.base))
                    unit_name, period = names
                    note = self.say(
                        f"请在文件开头写:周期 {unit_name}", f"Write at the head of the file: period {unit_name}"
                    )
                    text = formula.span.text if formula.span else ""
                    raise self.fail(d.PERIODS_NOT_SHORTER, formula.span, note, text=text, unit=unit_name, period=period)
                return rules.PeriodTotals(unit, op == "average", without)
            case tree.PointsOf("bonuses"):
                return rules.BonusesCounted()
            case tree.PointsOf():
                if not any(self.kind(n).months > self.base.months for n in self.nodes.values() if not n.bonus):
                    text = formula.span.text if formula.span else ""
                    note = self.say(
                        "年度指标写作:指标 名称 年度", "a yearly indicator is headed: indicator Name yearly"
                    )
                    raise self.fail(
                        d.NO_LONGER_INDICATOR, formula.span, note, text=text, period=self.say("年度", "yearly")
                    )
                return rules.LongerCounted()
            case tree.Name():
                return self.named(formula)
        raise self.fail(d.UNREADABLE, self.statement.span, text="")

    def named(self, name: tree.Name) -> rules.Expr:
        key = name_atoms(name.text)
        if key in self.nodes:
            return rules.Counted((self.nodes[key].name.text,), name.text)
        if key in self.parts:
            part = self.parts[key].name
            inside = tuple(n.name.text for n in self.nodes.values() if n.part == part and not n.bonus)
            return rules.Counted(inside, name.text)
        raise self.fail(d.NO_SUCH_INDICATOR, name.span, name=name.text)

    def kind(self, node: tree.IndicatorNode) -> PeriodKind:
        return next((cast(PeriodKind, o.value) for o in node.options if o.what == "period"), self.base)

    def entries(self, parts: Sequence[rules.TotalPart]) -> PeriodKind | None:
        """The entries that a formula is for: those it names, else those that have what it names."""
        if self.statement.per is not None:
            return self.statement.per
        longer = [self.kind(n) for n in self.nodes.values() if self.kind(n).months > self.base.months]
        named = [
            self.kind(self.nodes[name_atoms(n)]) for p in parts if isinstance(p, rules.Counted) for n in p.indicators
        ]
        if any(isinstance(part, rules.LongerCounted) for part in parts):
            named += longer
        longest = max(named, key=lambda kind: kind.months, default=self.base)
        if longest.months > self.base.months:
            return longest
        return None if any(isinstance(part, rules.PeriodTotals) for part in parts) else self.base

    def leaves_out(self, parts: Sequence[rules.TotalPart], per: PeriodKind | None) -> None:
        """Indicators of these entries that the formula does not count are told; how bonuses count has to be stated."""
        named = {name for part in parts if isinstance(part, rules.Counted) for name in part.indicators}
        summed = max((part.unit.months for part in parts if isinstance(part, rules.PeriodTotals)), default=0)
        all_longer = any(isinstance(part, rules.LongerCounted) for part in parts)
        bonuses = any(isinstance(part, rules.BonusesCounted) for part in parts)
        for node in self.nodes.values():
            longer = self.kind(node).months > self.base.months
            there = per is None or self.kind(node).months <= per.months
            inside = self.kind(node).months <= summed  # of the periods whose totals are counted
            counted = node.name.text in named or inside or (all_longer and longer and not node.bonus)
            if not there or counted or (node.bonus and bonuses):
                continue
            text = " ".join(self.statement.span.text.split()) if self.statement.span else ""
            if node.bonus:
                note = self.say(f"例如:{text}+加分", f"e.g. {text} + bonuses")
                self.checking.tell(d.BONUSES_LEFT_OUT, self.statement.span, note, name=node.name.text)
            else:
                self.checking.tell(d.FORMULA_LEAVES_OUT, self.statement.span, name=node.name.text)


def parts_of(expr: rules.Expr) -> Iterator[rules.TotalPart]:
    """What the formula of a total is made of."""
    match expr:
        case rules.Arithmetic(_, left, right):
            yield from parts_of(left)
            yield from parts_of(right)
        case rules.PeriodTotals() | rules.Counted() | rules.LongerCounted() | rules.BonusesCounted():
            yield expr
