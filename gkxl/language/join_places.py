"""S14: points by place of a sentence, joined from its pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import gives_nothing
from gkxl.language.join_prices import PriceJoiner
from gkxl.language.pieces import NumberPiece, OtherwisePiece, Piece, PlacesPiece, Refused
from gkxl.values import Number


class PlaceJoiner(PriceJoiner):
    """`clauses[-1]` is the ranking that its points, ties and direction are added to."""

    place_list: tuple[int, int] | None = None  # the places whose points are still being listed

    def ranked(self, piece: PlacesPiece) -> None:
        self.no_heads()
        if piece.by is not None:
            self.add(tree.Places(piece.by, lowest_first=piece.lowest, span=piece.span))
            return
        self.close_places()
        last = self.clauses[-1] if self.clauses else None
        if not isinstance(last, tree.Places):
            self.stray(piece)
            return
        match piece.what:
            case "lowest":
                last = replace(last, lowest_first=True)
            case "ties":
                last = replace(last, ties=piece.ties)
            case "points":
                self.place_points(piece.first, piece.last, piece.points, piece)
                return
            case "less" if last.bands and last.less is None:
                last = replace(last, less=piece.points[0])
            case "less":
                self.stray(piece)
        self.clauses[-1] = last

    def place_points(self, first: int, last_place: int, points: Sequence[Number], piece: Piece) -> None:
        self.close_places()
        last = self.clauses[-1]
        assert isinstance(last, tree.Places)
        done = last.bands[-1][0] if last.bands else 0
        if first > done + 1:
            chinese = any("\u4e00" <= char <= "\u9fff" for char in piece.span.text)
            where = f"第{done + 1}名" if chinese else f"place {done + 1}"
            raise Refused(d.BANDS_HOLE, piece.span, where=where)
        if first <= done or last_place < first or any(point < 0 for point in points):
            raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
        self.place_list = (first, last_place)
        self.sign = 1
        self.listed = list(points)

    def number(self, piece: NumberPiece) -> None:
        """One more number of 前3名分别加5分、3分、1分."""
        if self.place_list is not None and self.listed is not None:
            self.listed.append(piece.points)
        else:
            super().number(piece)

    def other_places(self, piece: OtherwisePiece) -> None:
        """其余得1分, 其余不得分."""
        self.close_places()
        last = self.clauses[-1]
        if not isinstance(last, tree.Places) or not last.bands or last.less is not None or last.otherwise is not None:
            self.stray(piece)
            return
        nothing = piece.giving is None or gives_nothing(piece.giving)
        points = Decimal(0) if nothing or piece.giving is None else self.one(piece.giving)
        if points < 0:
            raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
        self.clauses[-1] = replace(last, otherwise=points)

    def close_places(self) -> None:
        """All points of 第1至3名依次加5、3、1分 are there: one for each place, or one for them all."""
        last = self.clauses[-1] if self.clauses else None
        if self.place_list is None or not isinstance(last, tree.Places) or self.listed is None:
            return
        first, last_place = self.place_list
        places = last_place - first + 1
        if len(self.listed) == 1:
            bands: tuple[tuple[int, Number], ...] = ((last_place, self.listed[0]),)
        elif len(self.listed) == places:
            bands = tuple((first + i, point) for i, point in enumerate(self.listed))
        else:
            raise Refused(d.PRICES_DO_NOT_MATCH, last.span or self.span, keys=places, prices=len(self.listed))
        self.clauses[-1] = replace(last, bands=(*last.bands, *bands))
        self.place_list = self.listed = None

    def add(self, clause: tree.Clause) -> None:
        self.close_places()
        super().add(clause)
