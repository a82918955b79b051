"""Tree → English: amounts, definitions, headings and the other lines that are no sentences with points."""

from __future__ import annotations

from abc import ABC
from datetime import date
from decimal import Decimal
from typing import ClassVar, cast

from gkxl.diagnostics import Language
from gkxl.language import tree
from gkxl.language.time_words import MONTHS
from gkxl.language.unparse_base import Operands, Writer, is_han, plain
from gkxl.periods import DayRule, PeriodKind, TimeUnit
from gkxl.values import Kind, multiply

_OPTION = {
    PeriodKind.MONTH: "monthly", PeriodKind.QUARTER: "quarterly", PeriodKind.HALF: "half-yearly", PeriodKind.YEAR: "yearly",
}  # fmt: skip
_OF_CELLS = {">=": "is at least", ">": "is more than", "<": "is less than", "<=": "is at most"}
_OF_CELL_DAYS = {">=": "on or after", ">": "is after", "<": "is before", "<=": "is by"}
_AGGREGATES = {
    "sum": "sum of", "average": "average of", "largest": "largest", "smallest": "smallest", "latest": "latest",
    "different": "different",
}  # fmt: skip
_ROUNDINGS = {"up": "round up", "down": "round down", "half up": "round half up", "none": "are not rounded"}
_MISSING = {"error": "is an error", "zero": "counts 0", "not applicable": "is not applicable"}
_PARTIAL = {"ignored": "are ignored", "counts as one": "count as one", "pro rata": "are pro rata"}
# In front of a number that counts.
OF_NUMBERS = {">=": "at least", ">": "more than", "<": "fewer than", "<=": "at most", "=": "exactly"}


def day_of(rule: DayRule) -> str:
    """31 March, the end of June, the 5th of each month, the 10th of the first month of each quarter."""
    day = "the end" if not rule.day else f"{rule.day} " if rule.of is PeriodKind.YEAR else f"the {_ordinal(rule.day)}"
    which = ("each", "the following")[rule.later]
    match rule.of:
        case PeriodKind.MONTH:
            return f"{day} of {which} month"
        case PeriodKind.QUARTER:
            place = f"the {('first', 'second', 'last')[rule.month - 1]} month of " if rule.day else ""
            return f"{day} of {place}{which} quarter"
    return f"{day}{'' if rule.day else ' of '}{MONTHS[rule.month - 1]}{' of the following year' if rule.later else ''}"


def _ordinal(number: int) -> str:
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number in (11, 12, 13) else last}"


class EnglishLines(Writer, ABC):
    language: ClassVar[Language] = "en"
    signs: ClassVar = {"+": "+", "-": "−", "*": "×", "/": "/"}
    joints = (" and ", " or ", "not ")
    full_stop, comma, between_clauses = ".", ", ", "; "

    def quote(self, text: str) -> str:
        return f'"{text}"' if '"' not in text else f"「{text}」"

    def is_foreign(self, text: str) -> bool:
        return is_han(text)

    def day(self, day: date) -> str:
        return day.isoformat()

    def mark(self, mark: tree.Mark) -> str:
        match mark:
            case tree.Num():
                return self.num(mark)
            case tree.Day():
                return self.day(mark.day)
            case tree.DayOf():
                return day_of(mark.rule)
            case tree.Name():
                return self.name(mark)
            case tree.Share(share, of):
                return f"{self.num(share)} of {self.name(of)}"

    # --- lines ---

    def policy(self, policy: tree.Policy) -> str:
        value = policy.value
        text = value if isinstance(value, str) else self.number(value)
        per = f" per {policy.per.value}" if policy.per else ""
        match policy.what:
            case "missing":
                return f"missing data {_MISSING[text]}"
            case "partial":
                return f"partial steps {_PARTIAL[text]}"
            case "points places":
                return f"points are rounded to {text} places"
            case "total places":
                return f"the total is rounded to {text} places"
            case "targets":
                return f"targets {_ROUNDINGS[text]}"
            case "not reported":
                return "not reported counts 0"
            case "no floor":
                return "deductions without limit"
            case "floor":
                return "until nothing is left"
            case "ties":
                return self.ranking(lowest_first=False, ties=cast(tree.Ties, text))[2:]
            case "earnings cap":
                return f"earnings here at most {text}{per}"
            case "deductions cap":
                return f"deductions here at most {text}"
            case "not applicable":
                return f"not applicable: {text}"
            case "bonus cap":
                return f"all bonuses at most {text}{per}"

    def ranking(self, lowest_first: bool, ties: tree.Ties | None) -> str:
        lowest = ", lowest first" if lowest_first else ""
        rule = {"skip": "the next place is skipped", "follow": "the next place follows", None: ""}[ties]
        return lowest + (f", ties share the place ({rule})" if rule else "")

    def rank(self, rank: tree.Rank) -> str:
        by = self.name(rank.by) if rank.by else "total"
        return f"rank by {by}{self.ranking(rank.lowest_first, rank.ties)}."

    def total_is(self, total: tree.TotalIs) -> str:
        formula = self.formula(total.formula, " ") if total.formula is not None else "sum of indicators"
        head = f"the {total.per.value}'s total" if total.per else "total"
        return f"{head} = {formula}."

    def converted(self, line: tree.Converted) -> str:
        total = f"the {line.per.value}'s total " if line.per else ""
        return f"{total}counts {self.num(tree.Num(line.share, Kind.RATE))} toward {self.name(line.into)}."

    def kept(self, per: PeriodKind | None) -> str:
        return f"{_OPTION[per]}: " if per else ""

    def part_of_total(self, part: tree.PeriodTotals | tree.PointsOf) -> str:
        if isinstance(part, tree.PointsOf):
            return part.what
        without = f" without the {' and '.join(part.without)}" if part.without else ""
        return f"the {part.op} of {part.unit.value}s{without}"

    def units(self, line: tree.UnitsLine) -> str:
        text = f"units {self.name(line.column)} in {self.name(line.sheet)}"
        text += f", grouped by {self.name(line.group)}" if line.group else ""
        return text + (f", also called {self.name(line.alias)}" if line.alias else "")

    def period(self, line: tree.PeriodLine) -> str:
        return f"period {line.kind.value}" + (f" {line.fixed}" if line.fixed else "")

    def sheet(self, line: tree.SheetLine) -> str:
        words = {"unit": "unit in {}", "date": "date in {}", "header row": "header row {}", "title": "title {}"}
        words |= {"undated": "undated", "every period": "the same every period", "epoch 1904": "epoch 1904"}
        details = [
            words[what].format(self.name(value) if isinstance(value, tree.Name) else value)
            for what, value in line.details
        ]
        return f"sheet {self.name(line.sheet)}: {', '.join(details)}"

    def option(self, option: tree.Option) -> str:
        match option.what, option.value:
            case _, tree.Audience(words, but):
                return f"{'except' if but else 'for'} {' and '.join(map(self.units_word, words))}"
            case _, PeriodKind() as kind:
                return _OPTION[kind]
            case "worth", value:
                return f"worth {plain(value)} points"
            case "start", value:
                return f"starts at {plain(value)}"
            case _, value:
                return f"weight {plain(multiply(value, Decimal(100)))}%"

    def units_word(self, word: tree.Name) -> str:
        """A group in a heading ends in units; a quoted one has the word behind it."""
        text = self.name(word)
        if text != word.text:
            return f"{text} units"
        return text if text.casefold().endswith(" units") else f"{self.quote(text)} units"

    # --- definitions ---

    def meaning(self, meaning: tree.Meaning) -> str:
        match meaning:
            case tree.FormulaIs(formula, zero):
                text = self.formula(formula, " ")
                return text + (f", {self.num(zero)} when the denominator is 0" if zero else "")
            case tree.FiguresAre(formula):
                return self.formula(formula, " ")
            case tree.PeriodsWith(unit, name, op, number):
                if op == "=" and number == 0:
                    return f"{unit.value}s without {self.name(name)}"
                return f"{unit.value}s with {OF_NUMBERS[op]} {self.number(number)} {self.name(name)}"
            case tree.GroupValues(cases, otherwise):
                listed = [f"{self.num(value)} for {self.name(word)}" for word, value in cases]
                return ", ".join(listed + ([f"otherwise {self.num(otherwise)}"] if otherwise else []))
            case tree.Dated(values):
                return ", ".join(map(self.since, values))
            case tree.Rows():
                return self.rows(meaning)

    def since(self, since: tree.Since) -> str:
        document = f" ({self.name(since.document)})" if since.document else ""
        return f"{self.num(since.value)} from {self.day(since.day)}{document}"

    def rows(self, rows: tree.Rows) -> str:
        where = self.where(rows.where) if rows.where else ""
        if rows.manual and "is one of" in where:
            where = f"({where})"  # else the comma behind it would go on with the list
        of = self.name(rows.sheet) + (f" where {where}" if where else "")
        if rows.op == "any":
            return f"any of {of}"
        if isinstance(rows.column, tree.TimeBetween):
            text = f"{self.between(rows.column)} in {of}"
            return text if rows.op == "value" else f"{_AGGREGATES[rows.op]} {text}"
        if rows.column is None:
            return f"rows of {of}"
        text = f"{self.name(rows.column)} in {of}"
        if rows.manual:
            low, high = rows.manual
            return f"{text}, a manual score from {plain(low)} to {plain(high)}"
        return text if rows.op == "value" else f"{_AGGREGATES[rows.op]} {text}"

    def between(self, time: tree.TimeBetween) -> str:
        return f"{time.unit.value}s from {self.name(time.start)} to {self.name(time.end)}"

    def lasts(self, test: tree.Lasts) -> str:
        return f"{self.between(test.between)} {_OF_CELLS[test.op]} {self.time(test.count, test.between.unit)}"

    def time(self, count: tree.Num, unit: TimeUnit) -> str:
        return f"{self.num(count)} {unit.value}{'' if count.value == 1 else 's'}"

    def after(self, after: tree.After) -> str:
        return f"{self.time(after.count, after.unit)} after {self.name(after.column)}"

    def cell_test(self, column: str, op: str, operands: Operands) -> str:
        match op:
            case "blank":
                return f"{column} is blank"
            case "not blank":
                return f"{column} is not blank"
        values = [self.after(one) if isinstance(one, tree.After) else self.mark(one) for one in operands]
        match op:
            case "one of":
                return f"{column} is one of {', '.join(values)}"
            case "months before":
                return f"{column} is within {values[0]} months before the check date"
            case "=":
                return f"{column} is {values[0]}"
            case "!=":
                return f"{column} is not {values[0]}"
            case "contains":
                return f"{column} contains {values[0]}"
        return f"{column} {(_OF_CELL_DAYS if isinstance(operands[0], tree.Day) else _OF_CELLS)[op]} {values[0]}"
