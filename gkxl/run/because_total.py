"""How a total came about, as one sentence: the totals of the periods, the divisor of their average, the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gkxl.diagnostics import Language
from gkxl.model.rules import Arithmetic, BonusesCounted, Const, Counted, Expr, LongerCounted, PeriodTotals, TotalPart
from gkxl.periods import PeriodKind
from gkxl.run.because import wording_of
from gkxl.run.context import ZERO
from gkxl.run.results import PeriodTotal, TotalResult
from gkxl.run.wording import Wording
from gkxl.values import Kind, Number, add

_KINDS = {
    PeriodKind.MONTH: ("月", "months"),
    PeriodKind.QUARTER: ("季度", "quarters"),
    PeriodKind.HALF: ("半年", "half-years"),
    PeriodKind.YEAR: ("年", "years"),
}


def because_total(made: TotalResult, language: Language) -> str:
    """`2025Q1 12分、2025Q2 8分,合计20分,除以2,平均10分;年度指标7分;10×60%+7×40%=8.8分`."""
    telling = _Telling(made, wording_of("", language))
    semicolon = ";" if language == "zh" else "; "
    return semicolon.join(telling.parts())


class _Telling:
    def __init__(self, made: TotalResult, words: Wording) -> None:
        self.made = made
        self.words = words
        self.zh = words.comma == ","

    def say(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def points(self, value: Number) -> str:
        return self.say(self.words.points(value), self.words.number(value))

    def parts(self) -> list[str]:
        made = self.made
        if made.rule is None:
            texts = self.periods(None, made.periods)
            texts += [self.part(part, value) for part, value in made.parts if value is not None]
            if len(texts) > 1:
                texts.append(self.say(f"总分{self.points(made.points)}", f"total {self.points(made.points)}"))
            return texts
        texts = []
        for part, value in made.parts:
            if isinstance(part, PeriodTotals):
                texts += self.periods(part, [one for one in made.periods if one.period.kind is part.unit])
            elif value is not None:
                texts.append(self.part(part, value))
        if not isinstance(made.rule.expr, (PeriodTotals, Counted, LongerCounted, BonusesCounted)):
            formula = self.formula(made.rule.expr, dict(made.parts))
            texts.append(f"{formula}{self.words.equals}{self.points(made.points)}")
        return texts

    def part(self, part: TotalPart, value: Number) -> str:
        match part:
            case Counted(shown=shown):
                name = shown
            case BonusesCounted():
                name = self.say("加分", "bonuses")
            case _:
                name = self.say("年度指标", "yearly indicators")
        return self.words.named(name, self.points(value))

    def periods(self, part: PeriodTotals | None, periods: Sequence[PeriodTotal]) -> list[str]:
        """The totals that are put together, then what is left out of them."""
        counted = [(one.period, one.points) for one in periods if one.points is not None and not one.left_out]
        whole: Number = ZERO
        for _, points in counted:
            whole = add(whole, points)
        listed = self.say("、", ", ").join(f"{period} {self.points(points)}" for period, points in counted)
        text = [listed]
        if len(counted) > 1:
            text.append(self.say(f"合计{self.points(whole)}", f"sum {self.points(whole)}"))
        if part is not None and part.average:
            average = next(value for known, value in self.made.parts if known == part)
            shown = self.points(ZERO if average is None else average)
            many = len(counted)
            text.append(self.say(f"除以{many},平均{shown}", f"divided by {many}, average {shown}"))
        texts = [self.words.comma.join(text)]
        for one in periods:
            if one.left_out and one.points is not None:
                extreme = self.say({"highest": "最高", "lowest": "最低"}[one.left_out], one.left_out)
                was = f"{one.period} {self.points(one.points)}"
                texts.append(self.say(f"去掉{extreme}的{was}", f"without the {extreme}, {was}"))
        missing = [str(one.period) for one in periods if one.points is None]
        if missing:
            names = self.say("、", ", ").join(missing)
            why = "没有数据" if not any(one.there and one.points is None for one in periods) else "没有总分"
            why_en = "no data" if why == "没有数据" else "no total"
            texts.append(self.say(f"{names}{why},不计入", f"{names} left out: {why_en}"))
        return texts

    def formula(self, expr: Expr, values: Mapping[TotalPart, Number | None], bound: int = 0) -> str:
        match expr:
            case Const(value=value, kind=kind) if isinstance(value, Number):
                return expr.shown or self.words.number(value, kind is Kind.RATE)
            case Arithmetic(op=op):
                level = 1 if op in "+-" else 2
                left = self.formula(expr.left, values, level)
                right = self.formula(expr.right, values, level + (op in "-/"))
                text = f"{left}{self.words.signs[op]}{right}"
                return f"({text})" if level < bound else text
            case PeriodTotals() | Counted() | LongerCounted() | BonusesCounted():
                made = values.get(expr)
                return self.words.number(ZERO if made is None else made)
        return ""
