"""Points by place → core."""

from __future__ import annotations

from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.model import rules
from gkxl.model.lower_prices import PriceLowering
from gkxl.values import Kind, negate


class PlaceLowering(PriceLowering):
    def ranked_by(self, name: tree.Name) -> tuple[rules.Ref | rules.Score, bool]:
        """The term, else the indicator, that places are given by; whether it is a rate."""
        known, indicator = self.scope.find(name.text), self.scope.scores.get(name_atoms(name.text))
        if known is None and indicator is not None:
            return rules.Score(indicator), False
        of = self.ref(name, (Kind.NUMBER, Kind.RATE))
        if not isinstance(of, rules.Ref):
            raise self.fail(d.UNREADABLE, name.span, text=name.text)
        return of, known is not None and known.kind is Kind.RATE

    def places(self, clause: tree.Places) -> rules.Clause:
        """A branch for each band of places; behind the last each place gives so much less, down to 0."""
        of, rate = self.ranked_by(clause.by)
        text = clause.span.text if clause.span else ""
        if not clause.bands:
            raise self.fail(d.NO_POINTS, clause.span, text=text)
        ties = clause.ties or self.scope.ties
        if ties is None:
            lines = ("并列同名次(后续顺延)。 即 1、2、2、4", "并列同名次(连续)。 即 1、2、2、3")
            if self.language == "en":
                lines = (
                    "ties share the place (the next place is skipped). (1, 2, 2, 4)",
                    "ties share the place (the next place follows). (1, 2, 2, 3)",
                )
            raise self.fail(d.TIES_NEEDED, clause.span, *lines)
        place = rules.Place(of, ties == "skip", clause.lowest_first, self.scope.audiences, rate)
        branches = []
        for last, points in clause.bands:
            mark = rules.Const(Decimal(last), Kind.NUMBER)
            branches.append(rules.Branch(rules.Compare(place, "<=", mark), (rules.Fixed(points),)))
        last, points = clause.bands[-1]
        if clause.less is not None:
            one, mark = rules.Const(Decimal(1), Kind.NUMBER), rules.Const(Decimal(last), Kind.NUMBER)
            steps = rules.Steps(place, negate(clause.less), one, mark, limit=points)
            branches.append(rules.Branch(None, (rules.Fixed(points), steps)))
        elif clause.otherwise is not None:
            branches.append(rules.Branch(None, (rules.Fixed(clause.otherwise),)))
        return rules.Pick(tuple(branches), None, clause.span)
