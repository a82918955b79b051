"""Points by place, as the pieces of a sentence hold them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language.pieces import PlacesPiece, Refused
from gkxl.language.read_marks import Node
from gkxl.language.read_prices import PriceReader
from gkxl.values import is_whole


class PlaceReader(PriceReader):
    """A method per rule, as in MarkReader."""

    def ranked(self, children: Sequence[Node]) -> PlacesPiece:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        return PlacesPiece(self.span(children), by=self.name(tokens["NAME"]), lowest="LOWEST_FIRST" in tokens)

    def ranked_lowest(self, children: Sequence[Node]) -> PlacesPiece:
        return PlacesPiece(self.span(children), what="lowest")

    def ranked_highest(self, children: Sequence[Node]) -> PlacesPiece:
        return PlacesPiece(self.span(children), what="highest")

    def ranked_ties(self, children: Sequence[Node]) -> PlacesPiece:
        rule = next(str(t) for t in children if isinstance(t, Token) and t.type == "TIE_RULE")
        return PlacesPiece(self.span(children), what="ties", ties=cast(Any, rule))

    def place_points(self, children: Sequence[Node]) -> PlacesPiece:
        """第1名得15分, 第1至3名依次加5、3、1分, places 4 to 6 earn 1."""
        tokens = [t for t in children if isinstance(t, Token)]
        numbers = [t for t in tokens if t.type == "NUMBER"]
        given = next((c for c in children if isinstance(c, Tree)), None)
        ordinal = str(tokens[0]) if tokens[0].type == "NTH" else ""
        if ordinal.isdigit():  # 1st place
            first = last = int(ordinal)
        else:
            upto = 2 if any(t.type == "TO" for t in tokens) else 1
            first, last = self._place(numbers[0]), self._place(numbers[upto - 1])
            numbers = numbers[upto:]
        if given is None:
            points = tuple(self.points(n) for n in numbers)
        else:
            giving = self._giving(given)
            points = giving.points
            if giving.what == "no points":
                points = (Decimal(0),)
            elif giving.what != "points":
                raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return PlacesPiece(self.span(children), what="points", first=first, last=last, points=points)

    def _place(self, token: Token) -> int:
        value = self.points(token)
        if not is_whole(value) or value < 1:
            raise Refused(d.UNREADABLE, self.span(token), text=self.span(token).text)
        return int(value)

    def place_less(self, children: Sequence[Node]) -> PlacesPiece:
        numbers = [t for t in children if isinstance(t, Token) and t.type == "NUMBER"]
        if len(numbers) > 1 and self.points(numbers[0]) != 1:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return PlacesPiece(self.span(children), what="less", points=(self.points(numbers[-1]),))
