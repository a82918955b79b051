"""What both languages of the unparser share: numbers, quotes, formulas, lists, and the layout of a sentence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import ClassVar

from gkxl.diagnostics import Language
from gkxl.language import tree
from gkxl.language.clauses import signs_of
from gkxl.language.unparse_forms import figure
from gkxl.language.views import full_name
from gkxl.periods import PeriodKind
from gkxl.values import Kind, Number, multiply, negate, shown

Operands = tuple[tree.Num | tree.Day | tree.Name | tree.After, ...]
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


def plain(value: Number) -> str:
    """A number in full; 1/3 where no decimal holds it."""
    return shown(value) if isinstance(value, Decimal) else f"{value.numerator}/{value.denominator}"


def magnitude(value: Number) -> Number:
    """The number without its sign; abs() would round to 28 digits."""
    return negate(value) if value < 0 else value


def is_han(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


class Writer(ABC):
    """Writes one line. `quoted`: the names that would be read otherwise without their quotes."""

    language: ClassVar[Language]
    signs: ClassVar[dict[str, str]]
    full_stop: ClassVar[str]
    comma: ClassVar[str]
    between_clauses: ClassVar[str]
    joints: ClassVar[tuple[str, str, str]]  # and, or, not, of conditions on rows

    def __init__(self, quoted: frozenset[str] = frozenset()) -> None:
        self.quoted = quoted

    # --- what the languages say in their own way ---

    @abstractmethod
    def clause(self, clause: tree.Clause) -> str: ...
    @abstractmethod
    def cap(self, cap: tree.Cap, cost: bool, whole: bool = False) -> str: ...
    @abstractmethod
    def audience(self, audience: tree.Audience) -> str: ...
    @abstractmethod
    def policy(self, policy: tree.Policy) -> str: ...
    @abstractmethod
    def rank(self, rank: tree.Rank) -> str: ...
    @abstractmethod
    def total_is(self, total: tree.TotalIs) -> str: ...
    @abstractmethod
    def converted(self, line: tree.Converted) -> str: ...
    @abstractmethod
    def kept(self, per: PeriodKind | None) -> str:
        """What keeps a sentence to the entries of a period, in front of it."""

    @abstractmethod
    def in_each(self, per: PeriodKind) -> str:
        """What takes the name before it by each of these periods."""

    @abstractmethod
    def part_of_total(self, part: tree.PeriodTotals | tree.PointsOf) -> str: ...
    @abstractmethod
    def meaning(self, meaning: tree.Meaning) -> str: ...
    @abstractmethod
    def units(self, line: tree.UnitsLine) -> str: ...
    @abstractmethod
    def period(self, line: tree.PeriodLine) -> str: ...
    @abstractmethod
    def sheet(self, line: tree.SheetLine) -> str: ...
    @abstractmethod
    def option(self, option: tree.Option) -> str: ...
    @abstractmethod
    def day(self, day: date) -> str: ...
    @abstractmethod
    def quote(self, text: str) -> str: ...
    @abstractmethod
    def is_foreign(self, text: str) -> bool:
        """Whether a name is of the other script, and so stands in quotes."""

    # --- shared ---

    def name(self, name: tree.Name) -> str:
        quoted = bool(name.text) and (name.text in self.quoted or self.is_foreign(name.text))
        text = self.quote(name.text) if quoted else name.text
        return full_name(replace(name, text=text), self.language) + (self.in_each(name.per) if name.per else "")

    def number(self, value: Number) -> str:
        return plain(value)

    def num(self, num: tree.Num) -> str:
        if num.kind is Kind.RATE and isinstance(num.value, Decimal):
            return plain(multiply(num.value, Decimal(100))) + "%"
        return self.number(num.value)  # a share that no decimal holds is 1/3

    def article(self, article: str) -> str:
        """The marker as it stands; `一、` and `①` touch the sentence, `1.` must not touch a number."""
        return article if not article or article[-1] in "、①②③④⑤⑥⑦⑧⑨⑩" else f"{article} "

    def sentence(self, sentence: tree.Sentence) -> str:
        parts = [self.clause(clause) for clause in sentence.clauses]
        text = self.between_clauses.join(parts)
        if sentence.cap:
            text += self.comma + self.cap(sentence.cap, _costs(sentence.clauses), whole=True)
        audience = self.audience(sentence.audience) if sentence.audience else ""
        return f"{self.article(sentence.article)}{self.kept(sentence.per)}{audience}{text}{self.full_stop}"

    def capped(self, text: str, clause: tree.Clause) -> str:
        cap = (
            None if isinstance(clause, tree.Veto | tree.Gate | tree.Grade | tree.Repeats | tree.Places) else clause.cap
        )
        return text + self.comma + self.cap(cap, _costs([clause])) if cap else text

    def definition(self, definition: tree.Definition) -> str:
        names = " / ".join(self.name(name) for name in definition.names)
        return f"{names} = {self.meaning(definition.meaning)}"

    def where(self, where: tree.RowCondition, above: int = 0) -> str:
        """`above`: 1 within 或, 2 within 且, where what binds no stronger is bracketed."""
        and_, or_, not_ = self.joints
        match where:
            case tree.RowsOr(parts):
                text = or_.join(self.where(part, 1) for part in parts)
                return f"({text})" if above else text
            case tree.RowsAnd(parts):
                text = and_.join(self.where(part, 2) for part in parts)
                return f"({text})" if above > 1 else text
            case tree.RowsNot(part):
                return f"{not_}({self.where(part)})"
            case tree.ColumnIs(column, op, operands):
                return self.cell_test(self.name(column), op, operands)
            case tree.Lasts():
                return self.lasts(where)

    @abstractmethod
    def lasts(self, test: tree.Lasts) -> str: ...
    @abstractmethod
    def cell_test(self, column: str, op: str, operands: Operands) -> str: ...

    def formula(self, formula: tree.Formula, blank: str, above: int = 0, right: bool = False) -> str:
        """`above`: how strongly the sign around it binds; on its right side one of the same strength is bracketed."""
        match formula:
            case tree.Num():
                text = self.num(formula)
                return f"({text})" if "/" in text and above else text
            case tree.Name():
                return self.name(formula)
            case tree.Operation(op, first, second):
                strength = _STRENGTH[op]
                left = self.formula(first, blank, strength)
                text = f"{left}{blank}{self.signs[op]}{blank}{self.formula(second, blank, strength, right=True)}"
                return f"({text})" if strength < above or (right and strength == above) else text
            case tree.PeriodTotals() | tree.PointsOf():
                return self.part_of_total(formula)
            case tree.CellAt() | tree.LineAt() | tree.Crossing() | tree.SumTo():
                return figure(self, formula)
            case tree.Share():
                raise AssertionError("the grammar has no 任务数20% in formulas: it is a product there")


def _costs(clauses: Sequence[tree.Clause]) -> bool:
    """Whether a cap is one of deductions."""
    return all(_points(clause) < 0 for clause in clauses)


def _points(clause: tree.Clause) -> Number:
    match clause:
        case tree.Each() | tree.ShortOf() | tree.StepsFrom():
            return clause.points
        case tree.Bands(cases) | tree.YesNo(cases):
            gives = cases[0].gives
            return gives.value if isinstance(gives, tree.Points) else Decimal(0)
        case tree.EachLate():
            return clause.points
        case tree.Deadline():
            return Decimal(max(signs_of(clause), default=0))
        case tree.PriceList():
            return clause.prices[0].points
    return Decimal(0)


def uniform_sign(prices: Sequence[tree.Price]) -> int:
    """1 for a list of earnings, -1 of costs, 0 of both."""
    if all(price.points >= 0 for price in prices):
        return 1
    return -1 if all(price.points <= 0 for price in prices) else 0


def score_range(condition: tree.Condition) -> tuple[tree.TotalTest, tree.TotalTest] | None:
    """The two tests that 80分至90分 stands for in a grade."""
    match condition:
        case tree.And((tree.TotalTest(">=", _, name) as low, tree.TotalTest("<", _, other) as high)) if name == other:
            return low, high
    return None


def stands_alone(case: tree.Case, clause: tree.YesNo | tree.Bands) -> bool:
    """Whether nothing else of the list says what its 0 points are: 记0分 sets something, 不加分 does not."""
    return case.extra or (clause.otherwise is None and sum(not one.extra for one in clause.cases) == 1)


def subject_of(condition: tree.Condition) -> tree.Name | None:
    """The subject that a later test of the list may leave out."""
    return condition.subject if isinstance(condition, tree.Test | tree.Range) else None
