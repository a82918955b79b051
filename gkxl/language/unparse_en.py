"""Tree → English: a method per class of the tree, in the wordings of the language guide."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gkxl.language import tree
from gkxl.language.unparse_base import magnitude, score_range, stands_alone, subject_of, uniform_sign
from gkxl.language.unparse_en_lines import OF_NUMBERS, EnglishLines
from gkxl.periods import PeriodKind
from gkxl.values import Kind, Number, is_whole, negate

_A_PERIOD = {kind: f"a {kind.value}" for kind in PeriodKind}
# A comparison by what stands right of it: in front of a counted name or a number, of a rate or another name, of a date.
_OF_RATES = {">=": "of at least", ">": "above", "<": "below", "<=": "of at most", "=": "of exactly"}
_OF_DAYS = {">=": "not before", ">": "after", "<": "before", "<=": "by", "=": "exactly"}
_BEHIND = {">=": "or more", "<=": "or less"}
_ROUNDED = {"down": "rounded down", "up": "rounded up", "half up": "rounded half up"}
_NOTES = {
    "ignored": " (partial steps ignored)", "counts as one": " (partial steps count as one)", "pro rata": " (pro rata)",
}  # fmt: skip
_POINT_NOTES = _NOTES | {
    "ignored": " (partial points ignored)", "counts as one": " (partial points count as one)",
}  # fmt: skip
_STEPS = {
    "week": ("周", "星期", "个星期", "week", "weeks"), "month": ("月", "个月", "month", "months"),
    "hour": ("小时", "个小时", "hour", "hours"), "working day": ("工作日", "个工作日", "working day", "working days"),
}  # fmt: skip


class English(EnglishLines):
    # --- conditions ---

    def test(self, test: tree.Test, known: tree.Name | None, after_or: bool = False) -> str:
        subject = self.name(test.subject) if test.subject else ""
        if test.subject == known or not subject:
            return self.band(test.op, test.mark)
        mark = test.mark
        if isinstance(mark, tree.Num) and mark.label == "分":
            return f"{subject} of {self.score_band(test.op, mark)}"
        # `or fewer` and `or more` belong to the number in front of them.
        if is_count(mark) and not (after_or and test.op in "<>"):
            return f"{OF_NUMBERS[test.op]} {self.mark(mark)} {subject}"
        if isinstance(mark, tree.Num) and test.op == ">=":
            return f"{subject} of {self.num(mark)}"
        return f"{subject} {(_OF_DAYS if isinstance(mark, tree.Day | tree.DayOf) else _OF_RATES)[test.op]} {self.mark(mark)}"

    def band(self, op: str, mark: tree.Mark) -> str:
        """A test whose subject stands before."""
        if op in _BEHIND and isinstance(mark, tree.Num):
            return f"{self.num(mark)} {_BEHIND[op]}"
        words = _OF_DAYS if isinstance(mark, tree.Day | tree.DayOf) else OF_NUMBERS
        if op in "<>" and not (isinstance(mark, tree.Num | tree.Day | tree.DayOf) and is_count(mark)):
            words = _OF_RATES if not isinstance(mark, tree.Day | tree.DayOf) else _OF_DAYS
        return f"{words[op]} {self.mark(mark)}"

    def score_band(self, op: str, mark: tree.Num) -> str:
        """A test of a score, whose points tell it from a count."""
        number = self.number(mark.value)
        points = "point" if number == "1" else "points"
        if op in _BEHIND:
            return f"{number} {points} {_BEHIND[op]}"
        return f"{({'>': 'more than', '<': 'less than', '=': 'exactly'})[op]} {number} {points}"

    def range(self, condition: tree.Range, known: tree.Name | None) -> str:
        low, high = self.mark(condition.low), self.mark(condition.high)
        led = condition.subject is not None and condition.subject != known
        subject = self.name(condition.subject) if condition.subject and led else ""
        if (
            led
            and condition.low_in is None
            and condition.high_in
            and is_count(condition.low)
            and is_count(condition.high)
        ):
            return f"from {low} to {high} {subject}"  # of what is counted, both ends are in
        low += {True: " (inclusive)", False: " (exclusive)", None: ""}[condition.low_in]
        to = "to below" if condition.high_in is False else "to"
        return f"{subject} from {low} {to} {high}{' (inclusive)' if condition.high_in else ''}".lstrip()

    def condition(
        self, condition: tree.Condition, known: tree.Name | None = None, fact: str = "", after_or: bool = False
    ) -> str:
        """`fact`: what a fact begins with, even a bare one: `any leak` in front of a veto."""
        match condition:
            case tree.Test():
                return self.test(condition, known, after_or)
            case tree.Range():
                return self.range(condition, known)
            case tree.Stretch():
                return self.stretch(condition)
            case tree.Fact(subject, holds, _, bare):
                if bare and holds and not fact:
                    return self.name(subject)
                return f"{(fact or 'having') if holds else 'no'} {self.name(subject)}"
            case tree.TotalTest(op, mark, indicator):
                return self.total(op, mark) if indicator is None else self.indicator(op, mark, indicator)
            case tree.And(parts) | tree.Or(parts):
                word = " and " if isinstance(condition, tree.And) else " or "
                or_ = isinstance(condition, tree.Or)
                if any(isinstance(part, tree.Fact) and not part.holds for part in parts):
                    fact = fact or "having"  # no plan and a ledger would be two readings
                return word.join(self.condition(part, None, fact, or_ and at > 0) for at, part in enumerate(parts))

    def in_each(self, per: PeriodKind) -> str:
        return f" per {per.value}"

    def stretch(self, stretch: tree.Stretch) -> str:
        test, unit = stretch.test, stretch.unit.value
        told = [(stretch.in_row, "in a row"), (stretch.altogether, "in total")]
        length = " or ".join(f"{count} {unit}s {word}" for count, word in told if count is not None)
        if test.op == "=" and test.mark == tree.Num(Decimal(0)) and test.subject:
            return f"{length} without {self.name(test.subject)}"
        if is_count(test.mark):
            return (
                f"{length} with {OF_NUMBERS[test.op]} {self.mark(test.mark)} {self.name(test.subject or tree.Name(''))}"
            )
        return f"{length} with {self.name(test.subject or tree.Name(''))} {self.band(test.op, test.mark)}"

    def total(self, op: str, mark: tree.Num) -> str:
        number = self.num(mark)
        if op in _BEHIND:
            return f"total of {number} {_BEHIND[op]}"
        return f"total {({'>': 'over', '<': 'below', '=': 'of exactly'})[op]} {number}"

    def indicator(self, op: str, mark: tree.Num, indicator: tree.Name) -> str:
        return f"{self.name(indicator)} of {self.score_band(op, mark)}"

    # --- what is given ---

    def gives(self, gives: tree.Gives, alone: bool = False) -> str:
        """`alone`: as of stands_alone."""
        match gives:
            case tree.Points(value, noted) if not value and not noted and alone:
                return "costs nothing"
            case tree.Points(value):
                return f"costs {self.number(negate(value))}" if value < 0 else f"earns {self.number(value)}"
            case tree.NoPoints():
                return "earns nothing"
            case tree.FullMarks():
                return "earns full marks"
            case tree.Proportional(low, high):
                if low is None or high is None:
                    return "in proportion"
                return f"earns {self.number(low)} to {self.number(high)} in proportion"
            case tree.EachStep(size, points, policy):
                return f"{self.every(size)} short {self.points(points)}{self.note(policy, size)}"

    def points(self, value: Number, many: bool = False) -> str:
        """`many`: of several things, which earn; a single one earns."""
        number = self.number(magnitude(value))
        verb = ("cost" if value < 0 else "earn") + ("" if many else "s")
        return f"{verb} {number} {'point' if number == '1' else 'points'}"

    def every(self, size: tree.Num) -> str:
        """each percentage point, each 5%, each 2; one is left out."""
        if size.kind is Kind.RATE and size.value == Decimal("0.01"):
            return "each percentage point"
        return f"each {self.num(size)}"

    def note(self, policy: tree.PartialPolicy | None, size: tree.Num) -> str:
        return (_POINT_NOTES if size.kind is Kind.RATE else _NOTES)[policy] if policy else ""

    def cap(self, cap: tree.Cap, cost: bool, whole: bool = False) -> str:
        total = " in total" if whole else ""
        per = f" per {cap.per.value}" if cap.per else ""
        then = self.comma + self.cap(cap.then, cost, whole) if cap.then else ""
        return f"at most {self.number(cap.limit)}{total}{per}{then}"

    # --- clauses ---

    def clause(self, clause: tree.Clause) -> str:
        return self.capped(self.uncapped(clause), clause)

    def uncapped(self, clause: tree.Clause) -> str:
        match clause:
            case tree.Each(name, size, points, beyond, policy):
                if isinstance(name, tree.PeriodsWith):
                    of, op, number = self.name(name.name), name.op, name.number
                    few = (
                        f"with {OF_NUMBERS[op]} {self.number(number)}" if not (op == "=" and number == 0) else "without"
                    )
                    return f"each {name.unit.value} {few} {of} {self.points(points)}"
                return self.each(name, size, f" beyond {self.mark(beyond)}" if beyond else "", points, policy)
            case tree.YesNo() | tree.Bands():
                return self.cases(clause)
            case tree.ShortOf():
                return self.short_of(clause)
            case tree.PriceList():
                return self.prices(clause)
            case tree.OwnScore(formula, costs):
                text = self.formula(formula, " ")
                if costs:
                    return f"deduction = {text}"
                return f"scores {text}" if isinstance(formula, tree.Name) else f"score = {text}"
            case tree.Veto(condition):
                return f"{self.condition(condition, fact='any')}: {self.effect(clause)}"
            case tree.Gate(condition):
                return f"{self.condition(condition)} admits bonuses"
            case tree.Grade(cases):
                return ", ".join(map(self.grade, cases))
            case tree.StepsFrom():
                return self.steps(clause)
            case tree.Places():
                return self.places(clause)
            case tree.Repeats(what, column, factor):
                of = self.name(column) if column else ""
                return {
                    "highest": f"per {of} only the highest counts",
                    "add up": "these add up",
                    "times": f"{of} counts double" if factor == 2 else f"{of} counts {self.number(factor)} times",
                    "share": f"shared equally by {of}",
                }[what]
            case tree.Deadline():
                return self.deadline(clause)
            case tree.EachLate(name, op, limit, unit, points):
                who = f" {self.name(name)}" if name else ""
                than = "later than" if op == ">" else "taking at least"
                return f"each{who} {than} {self.time(limit, unit)} {self.points(points)}"

    def each(
        self, name: tree.Name, size: tree.Num, beyond: str, points: Number, policy: tree.PartialPolicy | None
    ) -> str:
        one = size.kind is Kind.NUMBER and size.value == 1
        number = "" if one else f"{self.num(size)} "
        text = f"each {number}{self.name(name)}{beyond} {self.points(points, many=not one)}"
        return text + self.note(policy, size)

    def cases(self, clause: tree.YesNo | tree.Bands) -> str:
        if len(clause.cases) == 1 and clause.otherwise is None:
            case = clause.cases[0]
            counted = isinstance(case.gives, tree.Points) and case.gives.value
            given = self.points(counted) if counted else self.gives(case.gives, alone=True)
            return f"{self.condition(case.condition)} {given}"
        parts: list[str] = []
        known: tree.Name | None = None
        for case in clause.cases:
            given = self.gives(case.gives, stands_alone(case, clause))
            text = f"{self.condition(case.condition, known)} {given}"
            parts.append(("plus " if case.extra else "") + text)
            known = subject_of(case.condition)
        if clause.otherwise is not None:
            zero = isinstance(clause.otherwise, tree.Points) and clause.otherwise.value == 0
            parts.append("otherwise " + ("0" if zero else self.gives(clause.otherwise)))
        return ", ".join(parts)

    def short_of(self, clause: tree.ShortOf) -> str:
        name, required, size = clause.name, clause.required, clause.size
        if clause.per is None:
            return self.each(name, size, f" short of {self.mark(required)}", clause.points, clause.policy)
        if isinstance(required, tree.Num):
            text = f"at least {self.num(required)} {self.name(name)} {_A_PERIOD[clause.per]}"
        else:
            text = f"{self.name(name)} {_A_PERIOD[clause.per]} at least {self.mark(required)}"
        one = size.value == 1
        step = "each one short" if one else f"each {self.num(size)} short"
        return f"{text}, {step} {self.points(clause.points, many=not one)}{self.note(clause.policy, size)}"

    def prices(self, clause: tree.PriceList) -> str:
        sign = uniform_sign(clause.prices)
        verb = "cost" if sign < 0 else "score"
        columns = " and ".join(map(self.name, clause.columns))
        by = f"{verb} by {columns}" if columns else f"{verb} as follows"
        of = f" {self.name(clause.name)}"  # else a key that is a fact, too, could begin a rule of its own
        listed = [
            f"{self.key(price.keys)} {self.number(magnitude(price.points))}"
            if sign
            else f"each {self.key(price.keys)}{of if len(price.keys) == 1 else ''} {self.points(price.points)}"
            for price in clause.prices
        ]
        text = f"{self.name(clause.name)} {by}: {', '.join(listed)}"
        other = clause.otherwise
        if other is None:
            return text
        return text + (f", others {self.points(other, many=True)}" if other else ", others nothing")

    def key(self, keys: Sequence[tree.Name]) -> str:
        """A key of several names has them in quotes: side by side they would be one."""
        return self.name(keys[0]) if len(keys) == 1 else " ".join(self.quote(key.text) for key in keys)

    def places(self, clause: tree.Places) -> str:
        parts = [f"rank by {self.name(clause.by)}" + self.ranking(clause.lowest_first, clause.ties)]
        before = 0
        for last, points in clause.bands:
            places = f"place {last}" if last == before + 1 else f"places {before + 1} to {last}"
            parts.append(f"{places} {self.points(points, many=last != before + 1)}")
            before = last
        if clause.less is not None:
            parts.append(f"each place after earns {self.number(clause.less)} less")
        if clause.otherwise is not None:
            parts.append(f"the rest {self.points(clause.otherwise, many=True)}")
        return ", ".join(parts)

    def effect(self, veto: tree.Veto) -> str:
        value = veto.value
        if value is None:
            return "this indicator scores 0" if veto.what == "indicator" else "scoring stops"
        if isinstance(value, tree.Name):
            return f"{'grade is' if veto.what == 'grade' else 'not eligible for'} {self.name(value)}"
        return f"total is {self.number(value)}"

    def grade(self, case: tree.GradeCase) -> str:
        grade = self.name(case.grade)
        match case.condition:
            case None:
                return f"the rest are {grade}"
            case tree.Top(limit, rounding, strict):
                notes = [*([_ROUNDED[rounding]] if rounding else []), *(["ties may not exceed it"] if strict else [])]
                noted = f" ({', '.join(notes)})" if notes else ""
                return f"the top {self.num(limit)}{noted} are {grade}"
            case tree.TotalTest(op, mark, None) if op in _BEHIND or op == "<":
                return f"{self.band(op, tree.Num(mark.value, Kind.NUMBER)).replace('fewer', 'less')} is {grade}"
            case tree.And() as both if (limits := score_range(both)) and not limits[0].indicator:
                low, high = limits
                return f"from {self.number(low.mark.value)} to below {self.number(high.mark.value)} is {grade}"
            case condition:
                # A bare name in front of `is` would be compared with the grade.
                return f"{self.condition(condition, fact='having')} is {grade}"

    def steps(self, clause: tree.StepsFrom) -> str:
        name, size, mark = clause.name, clause.size, clause.mark
        if clause.share_of:
            share = f"{self.num(size)} of {self.name(clause.share_of)}"
            text = f"each {share} of {self.name(name)} {'below' if clause.below else 'above'}"
        elif isinstance(mark, tree.Day | tree.DayOf):
            unit = next((word for word, labels in _STEPS.items() if size.label in labels), "day")
            text = f"each {self.num(size)} {unit} of {self.name(name)} {'before' if clause.below else 'after'}"
        elif size.kind is Kind.RATE:
            rate = isinstance(mark, tree.Num) and mark.kind is Kind.RATE
            every = self.every(size) if rate else f"each {self.num(size)}"
            text = f"{every} of {self.name(name)} {'below' if clause.below else 'above'}"
        elif clause.below or isinstance(mark, tree.Num):
            text = f"each {self.num(size)} of {self.name(name)} {'below' if clause.below else 'above'}"
        else:
            return self.each(name, size, f" beyond {self.mark(mark)}", clause.points, clause.policy)
        return f"{text} {self.mark(mark)} {self.points(clause.points)}{self.note(clause.policy, size)}"

    def deadline(self, clause: tree.Deadline) -> str:
        verb = clause.verb if clause.verb.isascii() and clause.verb else "done"
        parts = []
        for at, by in enumerate(clause.by):
            who = f"{verb} by" if at else f"{self.name(clause.name)} {verb} by"
            parts.append(f"{who} {self.mark(by.day)}{f' {self.gives(by.gives)}' if by.gives else ''}")
        if clause.never:
            parts.append(f"not {verb} {self.in_time(clause.never)}")
        if isinstance(clause.late, tree.EachStep):
            size = clause.late.size
            one = "" if size.value == 1 else f"{self.num(size)} "
            unit = next((word for word, labels in _STEPS.items() if size.label in labels), "day")
            unit += "" if size.value == 1 else "s"
            parts.append(
                f"each {one}{unit} late {self.points(clause.late.points)}{self.note(clause.late.policy, size)}"
            )
        elif clause.late:
            parts.append(f"late {self.in_time(clause.late)}")
        return ", ".join(parts)

    def in_time(self, gives: tree.Gives) -> str:
        """`earns 0` of a deadline may lose the worth; what changes nothing says so."""
        return "costs nothing" if gives == tree.Points(Decimal(0)) else self.gives(gives)

    def audience(self, audience: tree.Audience) -> str:
        words = " and ".join(map(self.name, audience.words))
        return f"{'except for' if audience.but else 'for'} {words}: "


def is_count(mark: tree.Mark) -> bool:
    """Whether a mark is a whole number, which a counted name can follow."""
    return isinstance(mark, tree.Num) and mark.kind is Kind.NUMBER and is_whole(mark.value)
