"""The grammar's tree of one statement → sentence, policy or ranking. Beside `read.py`, which reads chains of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.join import join
from gkxl.language.pieces import CapPiece, GonePiece, Piece, PlacesPiece, Refused
from gkxl.language.read_marks import Node, tokens_of
from gkxl.language.read_totals import TotalReader, per_of
from gkxl.periods import PeriodKind
from gkxl.values import Number

Statement = tree.Sentence | tree.Policy | tree.Rank | tree.TotalIs | tree.Converted


class StatementReader(TotalReader):
    """A method per rule, as in Reader."""

    def zh_statement(self, children: Sequence[Node]) -> Statement:
        nodes = cast("list[Tree[Token]]", children)
        if nodes[-1].data == "chain":
            audience = self.read(nodes[0]) if len(nodes) > 1 else None
            pieces = self.read(nodes[-1])
            if len(pieces) == 1 and (policy := self._alone(pieces[0][0])):
                return policy
            if rank := self._ranking([piece for piece, _ in pieces]):
                return rank
            clauses, cap = join(pieces, self.line.span, self.line.vocabulary.is_term)
            per = next((p for token in tokens_of(nodes[-1]) if (p := per_of(token)) is not None), None)
            return tree.Sentence(clauses, cap, audience, "", per, self.line.language, self.line.span)
        return cast(Statement, self.read(nodes[0]))

    en_statement = zh_statement

    def _alone(self, piece: Piece) -> tree.Policy | None:
        """What is a policy on its own: partial steps are ignored, 扣完为止, 本项扣分最多10分."""
        if isinstance(piece, GonePiece):
            return self._policy("partial", piece.notes[0].what) if piece.notes else self._policy("floor")
        if isinstance(piece, CapPiece) and piece.here and piece.sign:
            if piece.sign > 0:
                return replace(self._policy("earnings cap", piece.limit), per=piece.per)
            if piece.per is None:
                return self._policy("deductions cap", piece.limit)
        return None

    def _ranking(self, pieces: Sequence[Piece]) -> tree.Rank | tree.Policy | None:
        """按进度排名,并列同名次(连续): places by a fact or indicator, without points; or what ties do, on its own."""
        said = [piece for piece in pieces if isinstance(piece, PlacesPiece)]
        if len(said) < len(pieces) or any(piece.what in ("points", "less") for piece in said):
            return None
        ties = next((piece.ties for piece in said if piece.ties), None)
        if said[0].by is not None:
            lowest = any(piece.lowest or piece.what == "lowest" for piece in said)
            return tree.Rank(ties, lowest, None, said[0].by, self.line.span)
        return self._policy("ties", ties) if ties and len(said) == 1 else None

    def zh_audience(self, children: Sequence[Node]) -> tree.Audience:
        tokens = cast("list[Token]", children)
        words = tuple(self.plain(t) for t in tokens if t.type == "NAME")
        return tree.Audience(words, any(t.type == "EXCEPT" for t in tokens))

    en_audience = zh_audience

    def _number(self, children: Sequence[Node]) -> Number:
        return self.points(next(c for c in children if isinstance(c, Token) and c.type == "NUMBER"))

    def _policy(self, what: Any, value: str | Number = "") -> tree.Policy:
        return tree.Policy(what, value, span=self.line.span)

    def _per(self, children: Sequence[Node]) -> PeriodKind | None:
        tokens = (t for t in children if isinstance(t, Token) and t.type == "PERIODLY")
        return next((PeriodKind(str(token)) for token in tokens), None)

    def policy_missing(self, children: Sequence[Node]) -> tree.Policy:
        return self._policy("missing", str(children[1]))

    def policy_partial(self, children: Sequence[Node]) -> tree.Policy:
        return self._policy("partial", str(children[1]))

    def policy_not_reported(self, children: Sequence[Node]) -> tree.Policy:
        if self._number(children) != 0:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return self._policy("not reported", "zero")

    def policy_points(self, children: Sequence[Node]) -> tree.Policy:
        return self._policy("points places", self._number(children))

    def policy_total(self, children: Sequence[Node]) -> tree.Policy:
        return self._policy("total places", self._number(children))

    def policy_targets(self, children: Sequence[Node]) -> tree.Policy:
        return self._policy("targets", str(children[1]))

    def policy_no_floor(self, children: Sequence[Node]) -> tree.Policy:
        return self._policy("no floor")

    def policy_earnings(self, children: Sequence[Node]) -> tree.Policy:
        return replace(self._policy("earnings cap", self._number(children)), per=self._per(children))

    def policy_deductions(self, children: Sequence[Node]) -> tree.Policy:
        return self._policy("deductions cap", self._number(children))

    def policy_not_applicable(self, children: Sequence[Node]) -> tree.Policy:
        return self._policy("not applicable", str(children[-1]))

    def policy_bonuses(self, children: Sequence[Node]) -> tree.Policy:
        return replace(self._policy("bonus cap", self._number(children)), per=self._per(children))

    def rank(self, children: Sequence[Node]) -> tree.Rank:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        ties = str(tokens["TIE_RULE"]) if "TIE_RULE" in tokens else None
        per = next((kind for kind in PeriodKind if kind.value == str(tokens["RANK"])), None)
        return tree.Rank(cast(Any, ties), "LOWEST_FIRST" in tokens, per, span=self.line.span)
