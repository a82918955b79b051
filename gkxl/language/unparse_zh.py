"""Tree → Chinese: a method per class of the tree, in the wordings of the language guide."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gkxl.language import tree
from gkxl.language.read_marks import AMOUNTS
from gkxl.language.unparse_base import is_han, magnitude, plain, score_range, stands_alone, subject_of, uniform_sign
from gkxl.language.unparse_zh_lines import COUNTS, EVERY, UNITS, ChineseLines
from gkxl.periods import PeriodKind
from gkxl.values import Kind, Number, is_whole, multiply, negate

_ROUNDED = {"down": "不足一个不计", "up": "不足一个按一个计", "half up": "四舍五入"}


def is_count(mark: tree.Mark) -> bool:
    """Whether a mark is a whole number with the measure word of things that are counted."""
    whole = isinstance(mark, tree.Num) and mark.kind is Kind.NUMBER and is_whole(mark.value)
    return whole and isinstance(mark, tree.Num) and is_han(mark.label) and mark.label not in AMOUNTS


class Chinese(ChineseLines):
    # --- conditions ---

    def range(self, low: tree.Mark, high: tree.Mark, low_in: bool | None, high_in: bool | None) -> str:
        """80%至90%. A measure word says that both ends of whole counts are in; else an end that is in says so."""
        stated = low_in is not None or high_in is not None
        ends: list[str] = []
        counted = high_in is True and low_in is None and is_count(low) and is_count(high)
        for mark, included in ((low, low_in), (high, None if counted else high_in)):
            # 分 and (含) have no place together, and 条 would say that the end is in.
            bare = isinstance(mark, tree.Num) and (stated or is_count(mark)) and not counted
            text = self.num(mark) if bare and isinstance(mark, tree.Num) else self.mark(mark)
            ends.append(text + {True: "(含)", False: "(不含)", None: ""}[included])
        return "至".join(ends)

    def condition(self, condition: tree.Condition, known: tree.Name | None = None) -> str:
        match condition:
            case tree.Test(subject, op, mark):
                led = subject is not None and subject != known
                return (self.name(subject) if subject and led else "") + self.band(op, mark, led)
            case tree.Range(subject, low, high, low_in, high_in):
                text = self.range(low, high, low_in, high_in)
                return (self.name(subject) if subject and subject != known else "") + text
            case tree.Fact():
                return self.fact(condition)
            case tree.Stretch():
                return self.stretch(condition)
            case tree.TotalTest(op, mark, indicator):
                return (self.name(indicator) if indicator else "总分") + self.score_band(op, mark)
            case tree.And(parts) | tree.Or(parts):
                if limits := score_range(condition):
                    low_test, high_test = limits
                    who = self.name(low_test.indicator) if low_test.indicator else "总分"
                    return f"{who}{self.number(low_test.mark.value)}分至{self.number(high_test.mark.value)}分"
                return ("且" if isinstance(condition, tree.And) else "或").join(map(self.condition, parts))

    def fact(self, fact: tree.Fact) -> str:
        if fact.subject.per:
            return self.in_each(fact.subject.per) + self.fact(replace(fact, subject=replace(fact.subject, per=None)))
        if fact.verb:
            return ("" if fact.holds else "未") + fact.verb + self.name(fact.subject)
        if fact.bare and fact.holds:
            return self.name(fact.subject)
        return ("有" if fact.holds else "没有") + self.name(fact.subject)

    def in_each(self, per: PeriodKind) -> str:
        return EVERY[per]

    def stretch(self, stretch: tree.Stretch) -> str:
        unit = COUNTS[stretch.unit] if stretch.unit is PeriodKind.WEEK else f"个{COUNTS[stretch.unit]}"
        told = [("连续", stretch.in_row), ("累计", stretch.altogether)]
        length = "或".join(f"{word}{count}{unit}" for word, count in told if count is not None)
        test = stretch.test
        if test.op == "=" and test.mark == tree.Num(Decimal(0)) and test.subject:
            return f"{length}没有{self.name(test.subject)}"
        return length + self.condition(test)

    def score_band(self, op: str, mark: tree.Num) -> str:
        return self.band(op, tree.Num(mark.value, label="分"), led=True)

    def ends_in_de(self, condition: tree.Condition) -> str:
        """的 behind what is no bare comparison with a number."""
        match condition:
            case tree.Test(_, _, tree.Num()) | tree.Range():
                return ""
            case tree.Fact(_, holds, verb, bare) if not (holds and (verb or bare)):
                return ""
        return "的"

    # --- what is given ---

    def gives(self, gives: tree.Gives, earn: str = "加", cost: bool = False, alone: bool = False) -> str:
        """`alone`: as of stands_alone."""
        match gives:
            case tree.Points(value, noted) if not value and noted and alone:
                return "记0分"
            case tree.Points(value):
                return self.points(value, earn) if value else "不扣分" if cost else "不加分"
            case tree.NoPoints():
                return "不得分"
            case tree.FullMarks():
                return "得满分"
            case tree.Proportional(low, high):
                return (
                    "按比例得分"
                    if low is None or high is None
                    else f"按比例得{self.number(low)}至{self.number(high)}分"
                )
            case tree.EachStep(size, points, policy):
                return f"每少{self.size(size)}{self.points(points)}{self.note(policy, size)}"

    def points(self, value: Number, earn: str = "加") -> str:
        return f"扣{self.number(negate(value))}分" if value < 0 else f"{earn}{self.number(value)}分"

    def size(self, size: tree.Num, neutral: str = "个") -> str:
        if size.kind is Kind.RATE:
            return plain(multiply(size.value, Decimal(100))) + "个百分点"
        return self.amount(size, neutral)

    def note(self, policy: tree.PartialPolicy | None, size: tree.Num) -> str:
        if policy is None:
            return ""
        one = self.size(size)
        return {"ignored": f"(不足{one}不计)", "counts as one": f"(不足{one}按{one}计)", "pro rata": "(按比例)"}[policy]

    def cap(self, cap: tree.Cap, cost: bool, whole: bool = False) -> str:
        total = "合计" if whole else ""
        then = self.comma + self.cap(cap.then, cost, whole) if cap.then else ""
        if cap.per:
            return f"{EVERY[cap.per]}{total}不超过{self.number(cap.limit)}分{then}"
        return f"{total}最多{'扣' if cost else ''}{self.number(cap.limit)}分{then}"

    # --- clauses ---

    def clause(self, clause: tree.Clause) -> str:
        return self.capped(self.uncapped(clause), clause)

    def uncapped(self, clause: tree.Clause) -> str:
        match clause:
            case tree.Each():
                return self.each(clause)
            case tree.YesNo() | tree.Bands():
                return self.cases(clause)
            case tree.ShortOf(name, required, size):
                every = EVERY[clause.per] if clause.per else ""
                text = f"{self.name(name)}{every}不少于{self.mark(required, '个')},每少{self.size(size)}"
                return f"{text}{self.points(clause.points)}{self.note(clause.policy, size)}"
            case tree.PriceList():
                return self.prices(clause)
            case tree.OwnScore(formula, costs):
                text = self.formula(formula, "")
                if costs:
                    return f"扣分={text}"
                if not isinstance(formula, tree.Name):
                    return f"得分={text}"
                return f"得{text}" if text.endswith("分") else f"得{text}分"
            case tree.Veto(condition):
                return f"{self.condition(condition)}的,{self.effect(clause)}"
            case tree.Gate(condition):
                return f"{self.condition(condition)}的,计入加分"
            case tree.Grade(cases):
                return ",".join(map(self.grade, cases))
            case tree.StepsFrom():
                return self.steps(clause)
            case tree.Places():
                return self.places(clause)
            case tree.Repeats(what, column, factor):
                of = self.name(column) if column else ""
                return {
                    "highest": f"同一{of}取最高一项,不重复计分",
                    "add up": "可累计",
                    "times": f"{of}的加倍" if factor == 2 else f"{of}的按{self.number(factor)}倍计分",
                    "share": f"两人以上按{of}平均",
                }[what]
            case tree.Deadline():
                return self.deadline(clause)
            case tree.EachLate(name, op, limit, unit, points):
                who = self.name(name) if name else ""
                beyond = f"超过{self.num(limit)}{UNITS[unit]}" if op == ">" else f"{self.num(limit)}{UNITS[unit]}及以上"
                return f"{who}{beyond}的每件{self.points(points)}"

    def each(self, clause: tree.Each) -> str:
        size = clause.size
        if isinstance(clause.name, tree.PeriodsWith):
            of, op, number = clause.name.name, clause.name.op, clause.name.number
            few = f"{self.name(of)}{self.band(op, tree.Num(number), led=True)}"
            few = few if not (op == "=" and number == 0) else f"没有{self.name(of)}"
            return f"每个{few}的{COUNTS[clause.name.unit]}{self.points(clause.points)}"
        beyond = f"超过{self.mark(clause.beyond, '个')}的部分" if clause.beyond else ""
        every = self.amount(size, "个")
        every = every[1:] if size.value == 1 and size.kind is Kind.NUMBER else every
        text = f"{self.name(clause.name)}{beyond}每{every}{self.points(clause.points)}"
        return text + self.note(clause.policy, size)

    def cases(self, clause: tree.YesNo | tree.Bands) -> str:
        parts: list[str] = []
        known: tree.Name | None = None
        earn = "得" if isinstance(clause, tree.YesNo) else "加"
        # 本领域信息少于3条,扣6分: a threshold of its own takes a comma.
        comma = "," if isinstance(clause, tree.Bands) and len(clause.cases) == 1 and clause.otherwise is None else ""
        for case in clause.cases:
            text = self.condition(case.condition, known) + self.ends_in_de(case.condition)
            parts.append(
                ("另" if case.extra else "")
                + text
                + comma
                + self.gives(case.gives, earn, alone=stands_alone(case, clause))
            )
            known = subject_of(case.condition)
        if isinstance(clause.otherwise, tree.EachStep):
            parts.append("未达的" + self.gives(clause.otherwise))
        elif clause.otherwise is not None:
            cost = any(isinstance(case.gives, tree.Points) and case.gives.value < 0 for case in clause.cases)
            other = "否则" if isinstance(clause, tree.YesNo) else "其余"
            parts.append(other + self.gives(clause.otherwise, earn, cost))
        return ",".join(parts)

    def prices(self, clause: tree.PriceList) -> str:
        keys = ["的".join(map(self.name, price.keys)) for price in clause.prices]
        numbers = [self.number(magnitude(price.points)) for price in clause.prices]
        sign = uniform_sign(clause.prices)
        if not clause.columns and sign:
            given = f"{'扣' if sign < 0 else '加'}{'、'.join(numbers)}分"
            text = f"{'、'.join(keys)}{self.name(clause.name)}分别{given}"
        else:
            columns = "、".join(map(self.name, clause.columns))
            by = f"按{columns}{'扣分' if sign < 0 else '计分'}" if columns else ""
            if sign:
                listed = "、".join(f"{key}{number}分" for key, number in zip(keys, numbers, strict=True))
            else:
                listed = "、".join(
                    f"{key}每条{self.points(price.points)}" for key, price in zip(keys, clause.prices, strict=True)
                )
            text = f"{self.name(clause.name)}{by}:{listed}"
        other = clause.otherwise
        if other is None:
            return text
        return text + (f",其余{self.points(other)}" if other else ",其余不计")

    def places(self, clause: tree.Places) -> str:
        parts = [f"按{self.name(clause.by)}排名" + self.ranking(clause.lowest_first, clause.ties)]
        before = 0
        for last, points in clause.bands:
            places = f"第{last}名" if last == before + 1 else f"第{before + 1}至{last}名"
            parts.append(f"{places}得{self.number(points)}分")
            before = last
        if clause.less is not None:
            parts.append(f"以后每名减{self.number(clause.less)}分")
        if clause.otherwise is not None:
            parts.append(f"其余得{self.number(clause.otherwise)}分")
        return ",".join(parts)

    def effect(self, veto: tree.Veto) -> str:
        value = veto.value
        if value is None:
            return "本项不得分" if veto.what == "indicator" else "不再评分"
        if isinstance(value, tree.Name):
            return f"{'直接定为' if veto.what == 'grade' else '不得评为'}{self.name(value)}"
        return f"总分记{self.number(value)}分"

    def grade(self, case: tree.GradeCase) -> str:
        grade = self.name(case.grade)
        match case.condition:
            case None:
                return f"其余为{grade}"
            case tree.Top(limit, rounding, strict):
                places = "" if limit.kind is Kind.RATE else "名"
                notes = [*([_ROUNDED[rounding]] if rounding else []), *(["并列不超额"] if strict else [])]
                return f"前{self.num(limit)}{places}为{grade}" + (f"({','.join(notes)})" if notes else "")
            case tree.TotalTest(op, mark, None) if op != "=":
                return f"{self.score_band(op, mark)}为{grade}"
            case tree.And() as both if (limits := score_range(both)) and not limits[0].indicator:
                low, high = limits
                return f"{self.number(low.mark.value)}分至{self.number(high.mark.value)}分为{grade}"
            case condition:
                return f"{self.condition(condition)}的为{grade}"

    def steps(self, clause: tree.StepsFrom) -> str:
        name, size, mark = self.name(clause.name), clause.size, clause.mark
        if clause.share_of:
            beyond, step = ("低于", "低") if clause.below else ("高于", "高")
            of = f"{self.name(mark.of)}的{self.num(mark.share)}" if isinstance(mark, tree.Share) else self.mark(mark)
            text = f"{name}{beyond}{of}的每{step}{self.name(clause.share_of)}的{self.num(size)}"
        elif isinstance(mark, tree.Day | tree.DayOf):
            text = f"{name}早于{self.mark(mark)}的,每少" if clause.below else f"{name}晚于{self.mark(mark)}的,每迟"
            size = replace(size, label=size.label or "天")
            text += self.size(size)
        elif clause.below:
            # A measure word here would say that a count is short of a requirement (S3).
            size = replace(size, label="")
            step = self.step(size, mark) if size.kind is Kind.RATE else self.num(size)
            text = f"{name}低于{self.mark(mark)}的,每低{step}"
        elif isinstance(mark, tree.Num):
            text = f"{name}超过{self.mark(mark)}的,每高{self.step(size, mark)}"
        else:
            text = f"{name}在{self.mark(mark)}的基础上,每多{self.step(size, mark)}"
        return f"{text}{self.points(clause.points)}{self.note(clause.policy, size)}"

    def deadline(self, clause: tree.Deadline) -> str:
        verb = clause.verb if is_han(clause.verb) else "完成"
        parts = []
        for at, by in enumerate(clause.by):
            name = "" if at else self.name(clause.name)
            parts.append(f"{name}{self.mark(by.day)}前{verb}{self.gives(by.gives, '得') if by.gives else ''}")
        if clause.never:
            parts.append(f"未{verb}{self.gives(clause.never, '得', cost=True)}")
        if isinstance(clause.late, tree.EachStep):
            every = self.amount(clause.late.size, "天")
            every = every[1:] if clause.late.size.value == 1 else every
            parts.append(
                f"逾期每{every}{self.points(clause.late.points)}{self.note(clause.late.policy, clause.late.size)}"
            )
        elif clause.late:
            parts.append(f"逾期{self.gives(clause.late, '得', cost=True)}")
        return ",".join(parts)

    def step(self, size: tree.Num, mark: tree.Mark) -> str:
        """On a rate a percentage point, on an amount 1% of the mark; where the mark does not tell, the word for both."""
        rate = isinstance(mark, tree.Num) and mark.kind is Kind.RATE
        return self.size(size) if rate or size.kind is Kind.NUMBER else self.num(size)

    def audience(self, audience: tree.Audience) -> str:
        words = "、".join(map(self.name, audience.words))
        return f"除{words}外," if audience.but else f"对{words},"
