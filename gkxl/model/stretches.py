"""Counts of periods and stretches of them (连续3个月没有信息), as terms that are stated on the spot."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.views import full_name
from gkxl.model import rules
from gkxl.model.names import Binder
from gkxl.periods import PeriodKind
from gkxl.values import Kind, Number

_PERIOD_NAMES = {
    PeriodKind.WEEK: ("周", "weeks"),
    PeriodKind.MONTH: ("月", "months"),
    PeriodKind.QUARTER: ("季度", "quarters"),
    PeriodKind.HALF: ("半年", "half-years"),
    PeriodKind.YEAR: ("年", "years"),
}
_COMPARED = {
    "<": ("少于", "below"),
    "<=": ("不超过", "of at most"),
    ">": ("超过", "above"),
    ">=": ("达到", "of at least"),
    "=": ("为", "of"),
}
PERIOD_OPTIONS = {
    "month": ("每月", "monthly"),
    "quarter": ("每季度", "quarterly"),
    "half-year": ("每半年", "half-yearly"),
    "year": ("年度", "yearly"),
}


class StretchBinder(Binder):
    def stretch(self, stretch: tree.Stretch) -> rules.Condition:
        """连续3个月或累计6个月没有信息. Periods beyond the one at hand are no part of it."""
        name, op, mark = cast(tree.Name, stretch.test.subject), stretch.test.op, cast(tree.Num, stretch.test.mark)
        told = [(stretch.in_row, True), (stretch.altogether, False)]
        asked = max(count for count, _ in told if count is not None)
        days = asked * (31 * stretch.unit.months or 7)
        if self.scope.period and days > 31 * self.scope.period.months:
            raise self.fail(
                d.REQUIREMENT_PERIOD,
                self.span,
                text=self.span.text if self.span else "",
                option=self.say(*PERIOD_OPTIONS["year"]),
                how=self.say("长", "longer"),
            )
        tests: list[rules.Condition] = []
        for count, in_row in told:
            if count is not None:
                value = self.periods(stretch.unit, name, op, mark.value, mark, in_row)
                least = rules.Const(Decimal(count), Kind.NUMBER, str(count))
                tests.append(rules.Compare(value, ">=", least, self.say("个", "")))
        return tests[0] if len(tests) == 1 else rules.AnyOf(tuple(tests))

    def periods(
        self, unit: PeriodKind, name: tree.Name, op: tree.Op, number: Number, mark: tree.Num | None = None, in_row: bool = False
    ) -> rules.Expr:  # fmt: skip
        """How many periods have so many of a term, as a term that is stated on the spot."""
        zh, en = _PERIOD_NAMES[unit]
        text, written = full_name(name, self.language), mark.written if mark else ""
        if number == 0 and op == "=":
            shown = self.say(
                f"{'连续' if in_row else ''}没有{text}的{zh}", f"{en} {'in a row ' if in_row else ''}without {text}"
            )
        else:
            label = mark.label if mark else ""
            compared = self.say(*_COMPARED[op])
            shown = self.say(
                f"{'连续' if in_row else ''}{text}{compared}{written}{label}的{zh}",
                f"{en} {'in a row ' if in_row else ''}with {text} {compared} {written}",
            )
        known = self.make(shown, rules.PeriodsWith(unit, self.kept(name), op, number, in_row), Kind.NUMBER, name.span)
        return rules.Ref(known.name, shown)
