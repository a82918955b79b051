"""The grammar's tree of a definition, units or sheet line → tree. A method per rule of the grammar, as in `read.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.pieces import Refused
from gkxl.language.read import Reader
from gkxl.language.read_marks import Node
from gkxl.language.time_words import time_unit
from gkxl.language.views import CHANGES
from gkxl.periods import PeriodKind, TimeUnit
from gkxl.values import Kind, Number, is_whole, multiply

_COMPARED = {"PRE_AT_LEAST": ">=", "PRE_OVER": ">", "PRE_UNDER": "<", "PRE_AT_MOST": "<=", "EXACTLY": "="}


def _of(children: Sequence[Node], *types: str) -> list[Token]:
    return [c for c in children if isinstance(c, Token) and c.type in types]


# A name that is not quoted never runs over a word that stands apart: 台账 中 类别 本领域 lacks a 为.
_APART = re.compile(r"\s(?:中|的|且|或)\s|\b(?:where|rows of|whose)\b", re.IGNORECASE)

# What makes words that count rows of a word that may head a column: 的件数, count of.
_COUNTED = re.compile(r"^的|^the\s|\s(?:of|in)$", re.IGNORECASE)


class DefinitionReader(Reader):
    def name(self, token: Node) -> tree.Name:
        name = self.plain(token)
        found = _APART.search(str(token))
        if found and str(token)[0] not in '「"':
            raise Refused(d.UNREADABLE, self.span(token), text=str(token))
        return name

    def zh_definition(self, children: Sequence[Node]) -> tree.Meaning:
        return cast(tree.Meaning, self.read(cast("Tree[Token]", children[0])))

    en_definition = zh_definition
    zh_dated = en_dated = zh_definition

    def term(self, token: Node) -> tree.Name:
        self.name(token)  # for what it must not hold
        name = super().term(token)
        if name.view in CHANGES or not name.text:
            note = (
                "写成算式:增幅 = (甲 - 上年 甲) ÷ 上年 甲",
                "write a formula: growth = (a - last year's a) / last year's a",
            )
            raise Refused(d.UNREADABLE, self.span(token), note, text=self.span(token).text)
        return name

    def formula_is(self, children: Sequence[Node]) -> tree.FormulaIs:
        zero = _of(children[1:], "NUMBER")
        return tree.FormulaIs(self._formula(children[0]), self.number(zero[0]) if zero else None)

    def _where(self, children: Sequence[Node]) -> tree.RowCondition | None:
        found = [c for c in children if isinstance(c, Tree) and c.data == "where"]
        return cast(tree.RowCondition, self.read(found[0])) if found else None

    def where(self, children: Sequence[Node]) -> tree.RowCondition:
        return cast(tree.RowCondition, self.read(cast("Tree[Token]", children[-1])))

    def rows_count(self, children: Sequence[Node]) -> tree.Rows:
        words = self.span(_of(children, "OF_ROWS", "ROWS_OF")).text
        other = _COUNTED.sub("", words).strip()
        return tree.Rows("count", self.name(_of(children, "NAME")[0]), self._where(children), other=other)

    def rows_any(self, children: Sequence[Node]) -> tree.Rows:
        return tree.Rows("any", self.name(_of(children, "NAME")[0]), self._where(children))

    def rows_aggregate(self, children: Sequence[Node]) -> tree.Rows:
        sheet, column = _of(children, "NAME")
        return self._aggregate(children, sheet, column)

    def rows_aggregate_en(self, children: Sequence[Node]) -> tree.Rows:
        column, sheet = _of(children, "NAME")
        return self._aggregate(children, sheet, column)

    def _aggregate(self, children: Sequence[Node], sheet: Token, column: Token) -> tree.Rows:
        op = _of(children, "AGGREGATE")[0]
        first, last = sorted((op, column), key=lambda token: token.start_pos or 0)
        other = None if column[0] in '「"' else self.span((first, last)).text
        return tree.Rows(str(op), self.name(sheet), self._where(children), self.name(column), other=other)

    def rows_value(self, children: Sequence[Node]) -> tree.Rows:
        sheet, column = _of(children, "NAME")
        return tree.Rows("value", self.name(sheet), self._where(children), self.name(column))

    def rows_value_en(self, children: Sequence[Node]) -> tree.Rows:
        column, sheet = _of(children, "NAME")
        return tree.Rows("value", self.name(sheet), self._where(children), self.name(column))

    def _manual(self, children: Sequence[Node]) -> tuple[Number, Number]:
        tokens = _of(children, "NUMBER")
        low, high = (self.points(token) for token in tokens)
        if low > high:
            raise Refused(d.EMPTY_RANGE, self.span(tokens), low=str(tokens[0]), high=str(tokens[1]))
        return low, high

    def rows_manual(self, children: Sequence[Node]) -> tree.Rows:
        sheet, column = _of(children, "NAME")
        where = self._where(children)
        return tree.Rows("value", self.name(sheet), where, self.name(column), self._manual(children))

    def rows_manual_en(self, children: Sequence[Node]) -> tree.Rows:
        column, sheet = _of(children, "NAME")
        return tree.Rows("value", self.name(sheet), self._where(children), self.name(column), self._manual(children))

    def time_between(self, children: Sequence[Node]) -> tree.TimeBetween:
        start, end = _of(children, "NAME")
        return tree.TimeBetween(self.name(start), self.name(end))

    def rows_time(self, children: Sequence[Node]) -> tree.Rows:
        between = next(c for c in children if isinstance(c, Tree) and c.data == "time_between")
        time = replace(self.read(between), unit=TimeUnit(str(_of(children, "DAYS")[0])))
        return tree.Rows(self._time_op(children), self.name(children[0]), self._where(children), time)

    def rows_time_en(self, children: Sequence[Node]) -> tree.Rows:
        start, end, sheet = (self.name(token) for token in _of(children, "NAME"))
        time = tree.TimeBetween(start, end, TimeUnit(str(_of(children, "DAYS_FROM")[0])))
        words = self.span(_of(children, "AGGREGATE", "DAYS_FROM", "NAME")[:-1]).text
        other = None if '"' in words else words
        return tree.Rows(self._time_op(children), sheet, self._where(children), time, other=other)

    def _time_op(self, children: Sequence[Node]) -> str:
        """Without 之和 it is the time of a row."""
        return next((str(token) for token in _of(children, "AGGREGATE")), "value")

    # --- conditions on rows ---

    def rows_or(self, children: Sequence[Node]) -> tree.RowCondition:
        parts = tuple(self.read(c) for c in children if isinstance(c, Tree))
        return tree.RowsOr(parts) if len(parts) > 1 else cast(tree.RowCondition, parts[0])

    def rows_and(self, children: Sequence[Node]) -> tree.RowCondition:
        parts = tuple(self.read(c) for c in children if isinstance(c, Tree))
        return tree.RowsAnd(parts) if len(parts) > 1 else cast(tree.RowCondition, parts[0])

    def zh_value(self, children: Sequence[Node]) -> tree.Num | tree.Day | tree.Name | tree.After:
        first = children[0]
        if isinstance(first, Tree):
            return cast(tree.After, self.read(first))
        if first.type == "NAME":
            return self.name(first)
        if first.type == "DAY":
            return cast(tree.Day, self.day(first))  # a definition has no days without a year
        return self.number(first, str(children[1]) if len(children) > 1 else "")

    en_value = zh_value

    def _test(
        self, children: Sequence[Node], op: str, *operands: tree.Num | tree.Day | tree.Name | tree.After
    ) -> tree.ColumnIs:
        return tree.ColumnIs(self.name(children[0]), op, operands)

    def cell_is(self, children: Sequence[Node]) -> tree.ColumnIs:
        return self._test(children, "=", self.read(cast("Tree[Token]", children[-1])))

    def cell_is_not(self, children: Sequence[Node]) -> tree.ColumnIs:
        return self._test(children, "!=", self.read(cast("Tree[Token]", children[-1])))

    def cell_blank(self, children: Sequence[Node]) -> tree.ColumnIs:
        return self._test(children, "blank")

    def cell_not_blank(self, children: Sequence[Node]) -> tree.ColumnIs:
        return self._test(children, "not blank")

    def cell_contains(self, children: Sequence[Node]) -> tree.ColumnIs:
        return self._test(children, "contains", self.name(children[-1]))

    def cell_one_of(self, children: Sequence[Node]) -> tree.ColumnIs:
        return self._test(children, "one of", *(self.name(token) for token in _of(children, "NAME")[1:]))

    def cell_compare(self, children: Sequence[Node]) -> tree.ColumnIs:
        op = _COMPARED[_of(children, *_COMPARED)[0].type]
        return self._test(children, op, self.read(cast("Tree[Token]", children[-1])))

    def cell_months_before(self, children: Sequence[Node]) -> tree.ColumnIs:
        return self._test(children, "months before", self.number(_of(children, "NUMBER")[0]))

    def after(self, children: Sequence[Node]) -> tree.After:
        number = self.number(_of(children, "NUMBER")[0])
        unit, factor = self._time_unit(_of(children, "LABEL")[0])
        whole = unit is TimeUnit.HOUR or is_whole(number.value)
        if unit is None or not whole or number.kind is not Kind.NUMBER:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        number = replace(number, value=multiply(number.value, factor))
        return tree.After(self.name(_of(children, "NAME")[0]), number, unit)

    def cell_within(self, children: Sequence[Node]) -> tree.ColumnIs:
        after = next(c for c in children if isinstance(c, Tree))
        return self._test(children, "<=", self.read(after))

    def lasts(self, children: Sequence[Node]) -> tree.Lasts:
        op = cast(tree.Op, _COMPARED[_of(children, *_COMPARED)[0].type])
        number = self.number(_of(children, "NUMBER")[0])
        labels = _of(children, "LABEL")
        stated, factor = self._time_unit(labels[0]) if labels else (None, Decimal(1))
        if isinstance(children[0], Tree):
            between: tree.TimeBetween = self.read(children[0])
            unit = stated
        else:
            start, end = (self.name(token) for token in _of(children, "NAME"))
            unit = TimeUnit(str(children[0]))
            between = tree.TimeBetween(start, end)
        if unit in (None, TimeUnit.MONTH) or (labels and stated is not unit) or number.kind is not Kind.NUMBER:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        number = replace(number, value=multiply(number.value, factor))
        return tree.Lasts(replace(between, unit=unit), op, number)

    def _time_unit(self, token: Token) -> tuple[TimeUnit | None, Decimal]:
        return time_unit("".join(self.span(token).text.split()) if self.line.language == "zh" else str(token))

    def cell_group(self, children: Sequence[Node]) -> tree.RowCondition:
        return cast(tree.RowCondition, self.read(cast("Tree[Token]", children[1])))

    def cell_none(self, children: Sequence[Node]) -> tree.RowsNot:
        return tree.RowsNot(self.read(cast("Tree[Token]", children[2])))

    # --- counts of periods, values by group ---

    def _unit(self, node: Node) -> Any:
        if isinstance(node, Token) and node.type == "MONTHS":
            return PeriodKind(str(node))
        return super()._unit(node)

    def periods_without(self, children: Sequence[Node]) -> tree.PeriodsWith:
        unit = self._unit(_of(children, "MONTHS")[0])
        return tree.PeriodsWith(unit, self.term(_of(children, "NAME")[0]), "=", Decimal(0))

    periods_without_en = periods_without

    def zh_periods_with(self, children: Sequence[Node]) -> tree.PeriodsWith:
        if len(children) == 1:
            return cast(tree.PeriodsWith, self.read(cast("Tree[Token]", children[0])))
        test = self._banded(children[1], self.term(children[0]))
        if not isinstance(test, tree.Test) or not isinstance(test.mark, tree.Num):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return tree.PeriodsWith(self._unit(children[2]), self.term(children[0]), test.op, test.mark.value)

    def en_periods_with(self, children: Sequence[Node]) -> tree.PeriodsWith:
        return cast(tree.PeriodsWith, self.read(cast("Tree[Token]", children[0])))

    def periods_with_en(self, children: Sequence[Node]) -> tree.PeriodsWith:
        op = cast(tree.Op, _COMPARED[_of(children, *_COMPARED)[0].type])
        number = self.points(_of(children, "NUMBER")[0])
        return tree.PeriodsWith(self._unit(children[0]), self.term(_of(children, "NAME")[0]), op, number)

    def group_values(self, children: Sequence[Node]) -> tree.GroupValues:
        more = cast("Tree[Token]", children[-1])
        first = (self.name(children[0]), self.number(children[1]))
        names, numbers = _of(more.children, "NAME"), _of(more.children, "NUMBER")
        cases = tuple((self.name(n), self.number(v)) for n, v in zip(names, numbers, strict=False))
        otherwise = self.number(numbers[-1]) if len(numbers) > len(names) else None
        return tree.GroupValues((first, *cases), otherwise)

    def group_values_en(self, children: Sequence[Node]) -> tree.GroupValues:
        names, numbers = _of(children, "NAME"), _of(children, "NUMBER")
        cases = tuple((self.name(n), self.number(v)) for n, v in zip(names, numbers, strict=False))
        return tree.GroupValues(cases, self.number(numbers[-1]) if len(numbers) > len(names) else None)

    def dated(self, children: Sequence[Node]) -> tree.Dated:
        return tree.Dated(tuple(self.read(child) for child in children if isinstance(child, Tree)))

    def since(self, children: Sequence[Node]) -> tree.Since:
        document = _of(children, "NAME")
        return tree.Since(
            self.number(_of(children, "NUMBER")[0]),
            cast(tree.Day, self.day(_of(children, "DAY")[0])).day,
            self.name(document[0]) if document else None,
        )

    # --- units and sheets ---

    def units_zh(self, children: Sequence[Node]) -> tree.UnitsLine:
        sheet, column, *more = _of(children, "NAME")
        return self._units(children, sheet, column, more)

    def units_en(self, children: Sequence[Node]) -> tree.UnitsLine:
        column, sheet, *more = _of(children, "NAME")
        return self._units(children, sheet, column, more)

    def _units(self, children: Sequence[Node], sheet: Token, column: Token, more: list[Token]) -> tree.UnitsLine:
        names = [self.name(token) for token in more]
        group = names.pop(0) if _of(children, "GROUPED") else None
        alias = names.pop(0) if _of(children, "ALIAS") else None
        return tree.UnitsLine(self.name(sheet), self.name(column), group, alias, self.line.span)

    def sheet(self, children: Sequence[Node]) -> tree.SheetLine:
        details = tuple(self.read(c) for c in children if isinstance(c, Tree))
        return tree.SheetLine(self.name(children[0]), details, self.line.span)

    def detail_unit(self, children: Sequence[Node]) -> tuple[str, tree.Name | int | None]:
        return "unit", self.name(children[1])

    def detail_date(self, children: Sequence[Node]) -> tuple[str, tree.Name | int | None]:
        return "date", self.name(children[1])

    def detail_header(self, children: Sequence[Node]) -> tuple[str, tree.Name | int | None]:
        return "header row", int(self.points(children[1]))

    def detail_title(self, children: Sequence[Node]) -> tuple[str, tree.Name | int | None]:
        return "title", self.name(children[1])

    def detail_undated(self, children: Sequence[Node]) -> tuple[str, tree.Name | int | None]:
        return "undated", None

    def detail_epoch(self, children: Sequence[Node]) -> tuple[str, tree.Name | int | None]:
        return "epoch 1904", None

    def detail_every(self, children: Sequence[Node]) -> tuple[str, tree.Name | int | None]:
        return "every period", None
