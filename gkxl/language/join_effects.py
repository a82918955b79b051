"""Vetoes, gates and grades: what a condition brings about that is no points."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import EFFECTS, as_score, bare_zero, filled, is_score, subjects_of
from gkxl.language.join_lists import ListJoiner
from gkxl.language.pieces import Giving, Piece, Refused
from gkxl.language.rewording import zero_of_what
from gkxl.values import Number

_OTHERWISE: dict[tree.Op, tree.Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class EffectJoiner(ListJoiner):
    """Takes what is no points."""

    def effect(self, condition: tree.Condition | tree.Top | tree.Name, giving: Giving, piece: Piece) -> None:
        if not isinstance(condition, tree.Top):
            condition = filled(condition)
        score = isinstance(condition, tree.Top) or is_score(condition)
        last = self.clauses[-1] if self.clauses else None
        if giving.what == "grade" and giving.grade and (score or isinstance(last, tree.Grade)):
            if not isinstance(condition, tree.Top):
                condition = as_score(condition)
                if None in subjects_of(condition):  # a score is compared with numbers alone
                    raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
            case = tree.GradeCase(condition, giving.grade)
            if isinstance(last, tree.Grade):
                self.clauses[-1] = replace(last, cases=(*last.cases, case))
            else:
                self.add(tree.Grade((case,), span=piece.span))
            return
        if giving.what == "admit":
            if not isinstance(condition, tree.TotalTest):
                raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
            if giving.sign < 0:  # 总分不足80分的,不计加分
                if condition.op == "=":
                    raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
                condition = replace(condition, op=_OTHERWISE[condition.op])
            self.add(tree.Gate(condition, span=piece.span))
            return
        if isinstance(condition, tree.Top) or None in subjects_of(condition):
            raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)
        value: tree.Name | Number | None = giving.grade
        if giving.what == "total":
            value = giving.points[0]
        self.add(tree.Veto(condition, giving.what, value, span=piece.span))  # type: ignore[arg-type]

    def struck(self, giving: Giving, piece: Piece) -> tree.Condition:
        """定为不合格,总分记0分: the condition of a veto that has a second consequence. A bare 记0分 says not of what."""
        last, effect = self.clauses[-1], giving.what in EFFECTS
        zero = giving.noted and not giving.points[0]
        if (isinstance(last, tree.Veto) and zero) or (bare_zero(last) and effect):
            span = last.span.to(piece.span) if last.span else piece.span
            raise Refused(d.TWO_READINGS, span, *zero_of_what(self.span.text), text=span.text)
        if not (isinstance(last, tree.Veto) and effect):
            self.stray(piece)
        return cast(tree.Veto, last).condition
