"""The phrases of explanations in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from gkxl.model.rules import Partial, Rounding, Veto
from gkxl.periods import PeriodKind
from gkxl.run.facts import Fact, State
from gkxl.run.results import PricedRows
from gkxl.run.wording import NEGATED, Beyond, Gain, Style, Wording
from gkxl.values import Number, is_rounded, multiply, negate, shown


class English(Wording):
    comma, colon = ", ", ": "
    missing = "missing"
    otherwise = "otherwise"
    no_band = "in none of the bands"
    no_effect = "no effect"
    about = " (rounded)"
    others = "others"
    equals = " = "
    signs: Mapping[str, str] = {"+": " + ", "-": " − ", "*": " × ", "/": " / "}
    brackets = (" (", ")")
    day = ""

    def label(self, label: str) -> str:
        return ""  # the names say it: domain items 2

    def named(self, name: str, value: str) -> str:
        return f"{name} {value}"

    def share(self, name: str, percent: str) -> str:
        return f"{percent} of {name}"

    def amounts_to(self, name: str, value: str) -> str:
        return f"{name} is {value}"

    def rounded(self, mode: Rounding, value: str) -> str:
        words = {Rounding.UP: "rounded up to", Rounding.DOWN: "rounded down to", Rounding.HALF_UP: "rounded to"}
        return f"{words.get(mode, '')} {value}"

    def relation(self, op: str, truth: bool, mark: str, style: Style) -> str:
        if style == "date":
            words = {"<": "before", "<=": "by", ">": "after", ">=": "not before", "=": "on", "!=": "not on"}
            return f"{words[op if truth else NEGATED[op]]} {mark}"
        less = "fewer than" if style == "count" else "below"
        more = "more than" if style == "count" else "above"
        yes = {"<": less, "<=": "at most", ">": more, ">=": "at least", "=": "exactly", "!=": "not"}
        no = {"<": f"not {less}", "<=": more, ">": f"not {more}", ">=": less, "=": "not", "!=": "exactly"}
        return f"{(yes if truth else no)[op]} {mark}"

    def holds(self, name: str, fact: Fact, truth: bool) -> str:
        if fact.value is None:
            return self.undated(name)
        if isinstance(fact.value, Decimal) and fact.state is State.OK:
            return f"{name} {shown(fact.value)}"
        if truth:
            return f"with {name}"
        return (name if name.startswith(("no ", "not ")) else f"no {name}") + self.lacking(fact)

    def undated(self, name: str) -> str:
        return f"{name} without a date"

    def months(self, count: Number) -> str:
        return "month" if count == 1 else f"{shown(count)} months"

    def not_by(self, name: str, day: str) -> str:
        return f"{name} without a date by the check date {day}"

    def beyond(self, beyond: Beyond) -> str:
        count = shown(beyond.distance)
        if beyond.rate:
            points = multiply(beyond.distance, Decimal(100))
            count = f"{self.number(points)} percentage point{'' if points == 1 else 's'}"
            word = "below" if beyond.below else "above"
        else:
            word = "short" if beyond.below else "more"
        if beyond.mark is None:
            return f"{count} {word}"
        if not beyond.rate:
            word = "short of" if beyond.below else "more than"
        return f"{count} {word} {beyond.mark}"

    def each(self, beyond: Beyond, size: Number | str, points: Number) -> str:
        if isinstance(size, str):
            return f"each {size} {self.gives(points, 'none')}"
        if beyond.rate:
            size = multiply(size, Decimal(100))
            what = "each percentage point" if size == 1 else f"each {shown(size)} percentage points"
        else:
            what = "each" if size == 1 else f"each {shown(size)}"
        return f"{what} {self.gives(points, 'none')}"

    def counted_steps(self, partial: Partial, steps: Number) -> str:
        rule = "partial steps ignored" if partial is Partial.IGNORED else "a partial step counts as one"
        return f"{rule}, {shown(steps)} step{'' if steps == 1 else 's'}"

    def in_proportion(self, low: str, high: str, low_points: Number, high_points: Number) -> str:
        return f"from {low} to {high} earns {shown(low_points)} to {shown(high_points)} in proportion"

    def points(self, points: Number) -> str:
        rounded = self.about if is_rounded(points) else ""
        return f"{shown(points)} point{'' if points in (1, -1) else 's'}{rounded}"

    def gives(self, points: Number, gain: Gain) -> str:
        if points > 0:
            return f"earns {self.points(points)}"
        if points < 0:
            return f"costs {self.points(negate(points))}"
        return {"earn": "earns nothing", "cost": "costs nothing", "none": "0 points"}[gain]

    def altogether(self, points: Number, gain: Gain) -> str:
        return f"{self.gives(points, gain)} in all" if points else self.gives(points, gain)

    def capped(self, before: Number, limit: Number, per: PeriodKind | None, whole_sentence: bool) -> str:
        scope = (" for the whole sentence" if whole_sentence else "") + (f" per {per.value}" if per is not None else "")
        verb = "cost" if before < 0 else "earn"
        return f"would {verb} {self.points(negate(before) if before < 0 else before)}, at most {shown(limit)}{scope}"

    def veto(self, veto: Veto) -> str:
        value = veto.value if isinstance(veto.value, str) else shown(veto.value or Decimal(0))
        return {"grade": f"grade is {value}", "total": f"total is {value}", "bar": f"not eligible for {value}"}.get(
            veto.what, "scoring stops"
        )

    def no_points_here(self) -> str:
        return "this indicator scores 0"

    def price_list(
        self, lines: Sequence[tuple[str, int, Number]], total: Number, label: str, adjusted: Sequence[str] = ()
    ) -> str:
        if not lines and not adjusted:
            return f"nothing to score: {self.gives(total, 'none')}"
        costs = all(points <= 0 for _, _, points in lines)
        terms = []
        for key, count, points in lines:
            each = shown(negate(points) if costs else points)
            terms.append(f"{key} {count} × {f'({each})' if points < 0 and not costs else each}")
        terms += adjusted
        if costs and total < 0:
            return f"{' + '.join(terms)} = {shown(negate(total))}: {self.gives(total, 'cost')}"
        return f"{' + '.join(terms)} = {self.points(total)}"

    def place(self, place: int, skip: bool, lowest_first: bool) -> str:
        order = "lowest first, " if lowest_first else ""
        return f"{order}place {place} (ties share it, the next place {'is skipped' if skip else 'follows'})"

    def adjusted(self, name: str, rows: PricedRows, share: str | None) -> str:
        count = rows.count
        each = shown(negate(rows.price) if rows.price < 0 else rows.price)
        text = f"{name}{self.bracketed(self.places(rows))} {f'{count} × ' if count > 1 else ''}{each}"
        for column, factor in rows.times:
            text += f" × {shown(factor)}{self.bracketed(column)}"
        return text + (f" / {shown(rows.sharers)}{self.bracketed(share or '')}" if rows.sharers != 1 else "")

    def dropped(self, name: str, rows: PricedRows, column: str | None) -> str:
        worth = shown(negate(rows.points) if rows.points < 0 else rows.points)
        count = f"{rows.count} × " if rows.count > 1 else ""
        same = f"{column} is the same as in {rows.instead} ({rows.event})"
        return f"{name} {count}{worth} in {self.places(rows)} does not count: {same}"

    def unpriced(self, count: int, label: str) -> str:
        return f"{count} others count nothing"
