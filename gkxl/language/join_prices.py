"""S4: price lists of a sentence, joined from its pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.language.clauses import gives_nothing, key_of
from gkxl.language.join_effects import EffectJoiner
from gkxl.language.pieces import (
    Giving,
    KeyedPiece,
    NumberPiece,
    OtherwisePiece,
    Piece,
    PricedPiece,
    PricePiece,
    PricesEachPiece,
    PricesPiece,
    Refused,
    RepeatsPiece,
)
from gkxl.values import Number, negate

_SUFFIXES = "级类等"  # 国家、省、市级: what the last key alone has is said of one-character keys before it, too


class PriceJoiner(EffectJoiner):
    """`columns` is the head of the list that prices are added to; `signed` whether the last of them had a verb."""

    signed = False
    open_keys: tuple[tree.Name, ...] = ()  # of 被国家、省、市采用的
    listed_keys: tuple[tree.Name, ...] = ()  # those that 分别 names, while their points are still being listed
    listed_before: tuple[tree.Price, ...] = ()

    def prices(self, piece: PricesPiece) -> None:
        self.no_heads()
        self.columns = piece
        self.signed = False
        self.add(tree.PriceList(piece.name, piece.columns, (), span=piece.span))

    def takes_price(self, name: tree.Name, mark: str, points: Number) -> bool:
        """Whether points with a verb are one more price of the open list, or a clause behind it."""
        if self.columns is None:
            return False
        last = self.clauses[-1]
        assert isinstance(last, tree.PriceList)
        if mark == "DUN" or not last.prices:
            return True
        if self.is_term(name.text):
            if self.signed and mark == "COMMA":
                raise Refused(
                    d.TWO_READINGS,
                    name.span or self.span,
                    (f"一档价目:写成「{name.text}」…分,用「、」连接", f"one more price: {name.text} N, without a verb"),
                    ("另外一项:写成单独的一句", "a rule of its own: write it as a sentence"),
                    text=name.text,
                )
            return False
        return self.signed or (mark != "SEMI" and (points < 0) == (self.columns.sign < 0))

    def priced_one(self, piece: PricePiece, mark: str) -> None:
        """国家级每条20分."""
        if piece.name is not None:
            self.no_heads()
            self.prices(PricesPiece(piece.span, name=piece.name, sign=-1 if piece.points < 0 else 1))
        self.open_list_of(mark)
        if self.heads:
            # 国家级10分、省级、市级5分: the points of the middle one are missing
            raise Refused(d.NO_POINTS, self.heads[-1][0].span, text=self.heads[-1][0].span.text)
        keys, last = piece.keys, self.clauses[-1] if self.clauses else None
        if len(keys) > 1 and isinstance(last, tree.PriceList) and key_of(keys[-1]) == key_of(last.name):
            keys = keys[:-1]  # each national article earns 5, of articles
        self.price(keys, piece.points, piece.span, piece.signed)

    def open_list_of(self, mark: str) -> None:
        """采用信息:国家级每条20分 is a list, too: of the one column that holds the keys."""
        if self.columns is None and mark == "COLON" and len(self.heads) == 1:
            head = self.heads[0][0]
            if isinstance(head.condition, tree.Name) and head.basis is None:
                self.heads = []
                self.prices(PricesPiece(head.span, name=head.condition))

    def price(self, keys: Sequence[tree.Name], points: Number, span: Span, signed: bool) -> None:
        last = self.clauses[-1] if self.clauses else None
        if not self.columns or not isinstance(last, tree.PriceList):
            raise Refused(d.STRAY_CLAUSE, span, text=span.text)
        if not signed and self.columns.sign < 0:
            points = negate(points)
        self.signed = signed
        self.close_list()
        last = self.clauses[-1]
        assert isinstance(last, tree.PriceList)
        price = tree.Price(_for_columns(tuple(keys), len(last.columns)), points)
        self.clauses[-1] = replace(last, prices=(*last.prices, price))

    def prices_each(self, piece: PricesEachPiece, mark: str) -> None:
        """按级别计分:国家级、省级分别5、3分."""
        if not self.columns:
            raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)
        keys = [*self.key_heads(), piece.key]
        self.list_prices(keys, piece.points, piece, unsigned=True)

    def key_heads(self) -> list[tree.Name]:
        """The bare names in front of the last key."""
        heads = self.take_heads()
        for head in heads:
            if not isinstance(head.condition, tree.Name) or head.basis:
                raise Refused(d.NO_POINTS, head.span, text=head.span.text)
        return [head.condition for head in heads if isinstance(head.condition, tree.Name)]

    def keyed(self, piece: KeyedPiece) -> None:
        """被国家、省、市采用的: opens a list whose points follow."""
        keys = self.names(piece, "DUN", piece.key)
        self.add(tree.PriceList(piece.name, (), (), span=piece.span))
        self.open_keys = tuple(keys)

    def keyed_points(self, giving: Giving, piece: Piece) -> None:
        """每条分别加5、3、1分, behind 被国家、省、市采用的."""
        if giving.what != "points" or not giving.each_of:
            raise Refused(d.NO_POINTS, piece.span, text=piece.span.text)
        self.list_prices(self.open_keys, giving.points, piece)
        self.open_keys = ()

    def priced(self, piece: PricedPiece, mark: str) -> None:
        giving = piece.giving
        if self.columns and giving.what == "points" and not giving.each_of:
            # 县级快报每条加10分, where 快报 is a name of its own
            self.price((piece.key, piece.name), self.one(giving), piece.span, signed=True)
            return
        keys = [*self.names(piece, "DUN", None), *piece.others, piece.key]
        if giving.what != "points" or not giving.each_of:
            raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
        self.add(tree.PriceList(piece.name, (), (), span=piece.span))
        self.list_prices(keys, giving.points, piece)

    def list_prices(
        self, keys: Sequence[tree.Name], points: Sequence[Number], piece: Piece, unsigned: bool = False
    ) -> None:
        """The points that 分别 gives to keys one by one; 各 gives one number to all."""
        self.close_list()
        self.signed = not unsigned
        last = self.clauses[-1]
        assert isinstance(last, tree.PriceList)
        suffix = keys[-1].text[-1:] if len(keys[-1].text) > 1 and keys[-1].text[-1] in _SUFFIXES else ""
        if suffix:
            keys = [replace(k, text=k.text + suffix) if len(k.text) == 1 else k for k in keys]
        if unsigned and self.columns and self.columns.sign < 0:
            points = [negate(point) for point in points]
        if len(points) > len(keys):
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=len(keys), prices=len(points))
        self.listed_keys, self.listed_before = tuple(keys), last.prices
        self.listed = list(points)
        self.relist()

    def relist(self) -> None:
        last = self.clauses[-1]
        assert isinstance(last, tree.PriceList)
        assert self.listed is not None
        prices = (tree.Price((key,), point) for key, point in zip(self.listed_keys, self.listed, strict=False))
        self.clauses[-1] = replace(last, prices=(*self.listed_before, *prices))

    def number(self, piece: NumberPiece) -> None:
        """One more number of 分别计2分、0.5分."""
        last = self.clauses[-1] if self.clauses else None
        if self.listed is None or last is None:
            self.stray(piece)
        assert self.listed is not None
        sign = -1 if self.listed[0] < 0 else 1
        points = piece.points if sign > 0 else negate(piece.points)
        self.listed.append(points)
        if isinstance(last, tree.PriceList):
            if len(self.listed) > len(self.listed_keys):
                raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=len(self.listed_keys), prices=len(self.listed))
            self.relist()
            return
        at = len(self.clauses) - self.since_mark + len(self.listed) - 1
        if at >= len(self.clauses):
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=self.since_mark, prices=len(self.listed))
        clause = self.clauses[at]
        if isinstance(clause, tree.Each):
            self.clauses[at] = replace(clause, points=points)
        elif isinstance(clause, tree.YesNo | tree.Bands):
            self.clauses[at] = replace(clause, cases=(replace(clause.cases[0], gives=tree.Points(points)),))

    def other_prices(self, last: tree.PriceList, piece: OtherwisePiece) -> None:
        """其余不计, 其他1分."""
        if last.otherwise is not None:
            self.stray(piece)
        points: Number = Decimal(0)
        if piece.giving is not None and not gives_nothing(piece.giving):
            points = self.one(piece.giving)
        self.clauses[-1] = replace(last, otherwise=points)

    def repeated(self, piece: RepeatsPiece) -> None:
        """S13 is about all price sentences of the indicator, so it closes nothing and takes no cap."""
        self.no_heads()
        if piece.clause is not None:
            self.repeats.append(piece.clause)
        elif not self.repeats or self.repeats[-1].what != "highest":
            lines = ("写明按哪一列看:同一标题取最高一项", "say by which column: per Title only the highest counts")
            raise Refused(d.STRAY_CLAUSE, piece.span, lines, text=piece.span.text)

    def add(self, clause: tree.Clause) -> None:
        self.close_list()
        super().add(clause)

    def close_list(self) -> None:
        """All points that 分别 gives are there: as many as keys, or one for them all."""
        last = self.clauses[-1] if self.clauses else None
        if isinstance(last, tree.PriceList) and self.listed is not None:
            if len(self.listed) == 1:
                self.listed *= len(self.listed_keys)
                self.relist()
            if len(self.listed) != len(self.listed_keys):
                keys, prices = len(self.listed_keys), len(self.listed)
                raise Refused(d.PRICES_DO_NOT_MATCH, last.span or self.span, keys=keys, prices=prices)
            self.listed = None

    def check_prices(self, clause: tree.PriceList) -> None:
        if not clause.prices:
            place = clause.span or self.span
            raise Refused(d.NO_POINTS, place, text=place.text)
        seen = set()
        for price in clause.prices:
            key = tuple(atom for name in price.keys for atom in key_of(name))
            if key in seen:
                place = price.keys[0].span or self.span
                raise Refused(d.TWO_PRICES, place, key="".join(k.text for k in price.keys))
            seen.add(key)


def _for_columns(keys: tuple[tree.Name, ...], columns: int) -> tuple[tree.Name, ...]:
    """A key of one column is one name, though a declared name in it may have split it."""
    if len(keys) == 1 or len(keys) == columns:
        return keys
    joint = " " if all(key.text.isascii() for key in keys) else ""
    return (tree.Name(joint.join(key.text for key in keys), keys[0].span),)
