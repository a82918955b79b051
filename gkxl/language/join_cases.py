"""Conditions with what they give: cases of a list, clauses of their own, vetoes and grades."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import (
    EFFECTS,
    facts_only,
    filled,
    in_proportion,
    key_of,
    negated,
    subject_of,
    subjects_of,
    with_subject,
)
from gkxl.language.join_late import LateJoiner
from gkxl.language.pieces import (
    EachPiece,
    Giving,
    OtherwisePiece,
    Piece,
    Refused,
)
from gkxl.language.rewording import on_top


class CaseJoiner(LateJoiner):
    """Decides what a condition with its consequence belongs to."""

    def decide(
        self,
        condition: tree.Condition | tree.Top | tree.Name,
        giving: Giving,
        piece: Piece,
        fresh: bool = False,
    ) -> None:
        """A condition with what it gives: a case of the list before it, or a clause of its own."""
        if giving.what in EFFECTS:
            self.effect(condition, giving, piece)
            return
        if isinstance(condition, tree.Top | tree.TotalTest):
            raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
        if giving.what == "share":
            self.add(in_proportion(condition, giving, piece.span))
            return
        condition = filled(condition)
        last = self.clauses[-1] if self.clauses else None
        open_list = last if isinstance(last, tree.Bands | tree.YesNo) and not fresh else None
        inherited = subjects_of(open_list.cases[-1].condition) if open_list else ()
        if None in subjects_of(condition):
            known = [s for s in inherited if s is not None] or self.due_names(condition, piece)
            if not known or len(set(map(key_of, known))) > 1:
                raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)
            condition = cast(tree.Condition, with_subject(condition, known[0]))
        if giving.per:
            raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
        own = {key_of(s) for s in subjects_of(condition) if s}
        each_of_it = isinstance(last, tree.Each) and isinstance(last.name, tree.Name) and own == {key_of(last.name)}
        if each_of_it and not piece.again and giving.what == "points" and not fresh:
            raise Refused(
                d.TWO_READINGS,
                piece.span,
                on_top(self.span, piece.span, giving.span),
                ("按次数分档:把每一档都写成「一次…,两次…,三次及以上…」", "by bands: write every band out"),
                text=piece.span.text,
            )
        case = tree.Case(condition, self.gives(giving), piece.again)
        same = bool(open_list) and bool(own & {key_of(s) for s in inherited if s})
        ends = open_list is None or open_list.otherwise is None or piece.again
        if open_list and same and not ends and not isinstance(open_list.otherwise, tree.EachStep | tree.Proportional):
            raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)  # a band behind 其余
        if open_list and same and not isinstance(piece, EachPiece):
            kind = tree.Bands if isinstance(open_list, tree.Bands) or not facts_only(condition) else tree.YesNo
            self.clauses[-1] = kind(
                (*open_list.cases, case), open_list.otherwise, open_list.cap, open_list.span and open_list.span
            )
            return
        kind = tree.YesNo if facts_only(condition) else tree.Bands
        # A clause that begins with 再/另 adds on its own: so does every clause about another fact.
        self.add(kind((replace(case, extra=False),), span=piece.span))

    def otherwise(self, piece: OtherwisePiece) -> None:
        if self.deadline_otherwise(piece):
            return
        if piece.beyond and self.missed(piece):
            return
        self.no_heads()
        last = self.clauses[-1] if self.clauses else None
        if piece.denied and self.since_mark > 1 and all(map(_is_had, self.clauses[-2:])):
            raise Refused(
                d.TWO_READINGS,
                piece.span,
                ("只管前一项:各写成一句,或用「;」隔开", "for the last alone: write sentences of their own"),
                ("两项都没有:写「没有…且没有…的」", "for neither: no … and no …"),
                text=piece.span.text,
            )
        if (
            piece.denied
            and isinstance(last, tree.Bands)
            and piece.giving
            and all(isinstance(case.condition, tree.Test | tree.Range) for case in last.cases)
        ):
            # 未报送 behind bands of a count is the count 0, a band like the others.
            subject = subject_of(last.cases[-1].condition)
            none = tree.Case(tree.Test(subject, "=", tree.Num(Decimal(0))), self.gives(piece.giving))
            self.clauses[-1] = replace(last, cases=(*last.cases, none))
            return
        if isinstance(last, tree.Places):
            self.other_places(piece)
        elif isinstance(last, tree.PriceList):
            self.other_prices(last, piece)
        elif isinstance(last, tree.Grade) and piece.giving and piece.giving.grade:
            self.clauses[-1] = replace(last, cases=(*last.cases, tree.GradeCase(None, piece.giving.grade)))
        elif isinstance(last, tree.Bands | tree.YesNo) and piece.giving and last.otherwise is None:
            if piece.giving.what in EFFECTS:
                self.stray(piece)
            self.clauses[-1] = replace(last, otherwise=self.gives(piece.giving))
        else:
            self.stray(piece)

    def missed(self, piece: OtherwisePiece) -> bool:
        """不得超过50件,超过的扣5分: beyond the mark that was asked for. What stands behind bands is none of them."""
        asked = self.heads[0][0].condition if len(self.heads) == 1 else None
        if isinstance(asked, tree.Test) and asked.op == {"<": ">=", ">": "<="}[piece.beyond] and piece.giving:
            self.take_heads()
            self.decide(negated(asked, piece.span), piece.giving, piece)
            return True
        last = self.clauses[-1] if self.clauses else None
        test = last.cases[-1].condition if isinstance(last, tree.Bands) else None
        if piece.beyond == ">" and not (isinstance(test, tree.Test) and test.op == "<="):
            self.stray(piece)
        return False


def _is_had(clause: tree.Clause) -> bool:
    """有…得3分, and nothing for who has not."""
    if not isinstance(clause, tree.YesNo) or clause.otherwise is not None:
        return False
    return all(isinstance(case.condition, tree.Fact) and case.condition.holds for case in clause.cases)
