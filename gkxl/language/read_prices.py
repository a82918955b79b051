"""Price lists, and the same fact twice, as the pieces of a sentence hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.pieces import (
    EachPiece,
    KeyedPiece,
    NumberPiece,
    PricedPiece,
    PricePiece,
    PricesEachPiece,
    PricesPiece,
    Refused,
    RepeatsPiece,
)
from gkxl.language.read_marks import Node, flat
from gkxl.language.read_steps import StepReader
from gkxl.values import Number


class PriceReader(StepReader):
    """A method per rule, as in MarkReader."""

    def prices(self, children: Sequence[Node]) -> PricesPiece:
        children = [c for c in children if not (isinstance(c, Token) and c.type == "EVERY")]
        first = children[0]
        name = self.name(first) if isinstance(first, Token) else self.read(first)
        tokens = [c for c in children[1:] if isinstance(c, Token)]
        sign = next(str(t) for t in tokens if t.type in ("SCORE_BY", "SCORE_AS"))
        columns = tuple(self.plain(t) for t in tokens if t.type == "NAME")
        columns += tuple(self.read(c) for c in children[1:] if isinstance(c, Tree))
        return PricesPiece(self.span(children), name=name, columns=columns, sign=-1 if sign == "cost" else 1)

    def zh_column(self, children: Sequence[Node]) -> tree.Name:
        """A column whose name begins with a declared one (采用级别) comes in two."""
        names = [self.plain(child) for child in children]
        joint = " " if all(name.text.isascii() for name in names) else ""
        return tree.Name(joint.join(name.text for name in names), self.span(children))

    def zh_price(self, children: Sequence[Node]) -> PricePiece:
        tokens = flat(children)
        names = tuple(self.plain(t) for t in tokens if t.type == "NAME")
        *sizes, number = [t for t in tokens if t.type == "NUMBER"]
        if any(self.number(size).value != 1 for size in sizes):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return PricePiece(self.span(children), keys=names, points=self.points(number))

    def en_price_each(self, children: Sequence[Node]) -> PricePiece:
        """each county bulletin earns 10, of two keys."""
        giving = self._giving(children[-1])
        if giving.what != "points":
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        keys = (self.plain(children[1]), self.plain(children[2]))
        return PricePiece(self.span(children), keys=keys, points=giving.points[0], signed=True)

    def en_price_for(self, children: Sequence[Node]) -> PricePiece:
        """adopted articles earn 10 for national, 5 for provincial: the term stands in the first alone."""
        key = self.plain(children[-1])
        trees = [c for c in children if isinstance(c, Tree)]
        if not trees:
            return replace(self.zh_price(children), keys=(key,))
        *heads, given = trees
        giving, name = self._giving(given), None
        if heads and heads[0].data in ("all_of", "any_of"):
            name, _ = self._condition(heads[0])
        elif heads:
            each = self.read(heads[0])
            name = each.name if each == EachPiece(each.span, name=each.name) else None
        elif giving.what == "unsigned":
            return PricePiece(self.span(children), keys=(key,), points=giving.points[0])
        if not isinstance(name, tree.Name) or giving.what != "points":
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return PricePiece(self.span(children), keys=(key,), points=giving.points[0], signed=True, name=name)

    def prices_each(self, children: Sequence[Node]) -> PricesEachPiece:
        numbers = [c for c in children if isinstance(c, Token) and c.type == "NUMBER"]
        points = tuple(self.points(n) for n in numbers)
        first = cast("Tree[Token]", children[0])
        key = self.read(first).name if first.data == "zh_each_head" else self._condition(first)[0]
        if not isinstance(key, tree.Name):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return PricesEachPiece(self.span(children), key=key, points=points)

    def keyed(self, children: Sequence[Node]) -> KeyedPiece:
        key: tree.Name = self.read(cast("Tree[Token]", children[0]))
        return KeyedPiece(self.span(children), key=key, name=self.name(children[1]))

    def zh_priced(self, children: Sequence[Node]) -> PricedPiece:
        return PricedPiece(
            self.span(children),
            key=self.read(cast("Tree[Token]", children[0])),
            name=self.name(children[1]),
            giving=self._giving(children[-1]),
        )

    def zh_number_points(self, children: Sequence[Node]) -> NumberPiece:
        return NumberPiece(self.span(children), points=self.points(children[0]))

    # --- the same fact twice ---

    def repeats(self, children: Sequence[Node], what: Any, factor: Number = Decimal(1)) -> RepeatsPiece:
        names = [self.plain(t) for t in flat(children) if t.type == "NAME"]
        column = names[0] if names and what != "add up" else None
        return RepeatsPiece(self.span(children), clause=tree.Repeats(what, column, factor, self.span(children)))

    def repeats_highest(self, children: Sequence[Node]) -> RepeatsPiece:
        return self.repeats(children, "highest")

    def repeats_add_up(self, children: Sequence[Node]) -> RepeatsPiece:
        return self.repeats(children, "add up")

    def repeats_said(self, children: Sequence[Node]) -> RepeatsPiece:
        return RepeatsPiece(self.span(children))

    def repeats_times(self, children: Sequence[Node]) -> RepeatsPiece:
        first = children[0]
        if (
            isinstance(first, Tree) and first.data != "zh_subject"
        ):  # 头版的加倍, 有批示的加倍: a column of yes and no, by its name
            said, _ = self._condition(first)
            if not isinstance(said, tree.Name) and not (isinstance(said, tree.Fact) and said.holds and not said.verb):
                raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        tokens = {t.type: t for t in flat(children)}
        factor = self.points(tokens["NUMBER"]) if "NUMBER" in tokens else Decimal(str(tokens["DOUBLED"]))
        return self.repeats(children, "times", factor)

    def repeats_share(self, children: Sequence[Node]) -> RepeatsPiece:
        """Without a column it is the one of the number of people."""
        piece = self.repeats(children, "share")
        if piece.clause is not None and piece.clause.column is None:
            piece = replace(piece, clause=replace(piece.clause, column=tree.Name("人数", piece.span)))
        return piece
