"""The English rules of gk.lark that say each, in all its places, and what stands behind its points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import negated
from gkxl.language.pieces import (
    ONE,
    CasePiece,
    CountdownPiece,
    EachPiece,
    Giving,
    Head,
    Note,
    NumberPiece,
    OtherwisePiece,
    OwnPiece,
    Piece,
    PricedPiece,
    PricePiece,
    Refused,
    StepPiece,
)
from gkxl.language.read_gives import GivingReader
from gkxl.language.read_marks import OPS, Node, by_period, flat, whole
from gkxl.language.time_words import is_time, time_unit
from gkxl.language.words import name_atoms
from gkxl.periods import PeriodKind
from gkxl.values import Kind, exact, negate

_PERCENT_POINT = tree.Num(Decimal("0.01"), Kind.RATE)


class EnglishReader(GivingReader):
    """A method per rule, as in MarkReader."""

    # --- what an each is of: each typo, each day late, each percentage point of rate below 90% ---

    def _shared_parts(self, children: Sequence[Node]) -> dict[str, Any]:
        """Span, size and policy of an each: every 2 full days or part thereof."""
        tokens = flat(children)
        by_type = {t.type: t for t in reversed([c for c in children if isinstance(c, Token)])}
        label = str(by_type["LABEL"]) if "LABEL" in by_type else ""
        size = tree.Num(Decimal(1), label=label)
        if "NUMBER" in by_type:
            size = self.number(by_type["NUMBER"], label)
        elif "PERCENT_POINT" in by_type or "PERCENT_POINT_OF" in by_type:
            size = _PERCENT_POINT
        notes = [Note(cast(Any, str(t))) for t in tokens if t.type == "WHOLE"]
        notes += [Note("counts as one") for t in tokens if t.type in ("PART", "PART_BETWEEN")]
        return {"span": self.span(children), "size": size, "notes": tuple(notes[:1])}

    def en_count_head(self, children: Sequence[Node]) -> EachPiece:
        name = self._counted_name(children)
        last, test = children[-1], None
        if isinstance(last, Tree):
            op, mark = self.read(last)
            test = tree.Test(name, op, mark)
            self._counted_not_timed(test)
        return EachPiece(name=name, beyond=test, **self._shared_parts(children))

    def _counted_not_timed(self, test: tree.Test) -> None:
        """each reply later than 20 days: the days of each row are no count of rows."""
        mark, name = test.mark, test.subject
        if not isinstance(mark, tree.Num) or not mark.label or name is None or time_unit(mark.label)[0] is None:
            return
        if not set(name_atoms(mark.label)) <= set(name_atoms(name.text)):
            place = mark.span or self.line.span
            note = (
                "先把超过时限的行声明为一项,如:超期答复 = 咨询 中 从收到日期到答复日期超过20个工作日 的记录",
                f"declare the rows that took longer, and count them: late {name.text} = rows of SHEET where …",
            )
            raise Refused(d.UNREADABLE, place, note, text=place.text)

    def _counted_name(self, children: Sequence[Node]) -> tree.Name:
        """What is counted, and in which periods: item a month beyond 4."""
        name = self.name([c for c in children if isinstance(c, Token) and c.type == "NAME"][-1])
        last = children[-1]
        return by_period(name, last.children) if isinstance(last, Tree) else name

    def en_beyond(self, children: Sequence[Node]) -> tuple[tree.Op, tree.Mark]:
        if cast(Token, children[0]).type == "PERIODLY":
            children = children[1:]
        first = cast(Token, children[0])
        if first.type == "AFTER_ORDINAL":
            return ">", self.ordinal(first)
        mark, _ = self.read(cast("Tree[Token]", children[1]))
        return OPS.get(first.type, ">"), mark

    def en_late_head(self, children: Sequence[Node]) -> EachPiece:
        """each reply later than 20 working days."""
        tokens = {t.type: t for t in cast("list[Token]", children)}
        name = self.name(tokens["NAME"]) if "NAME" in tokens else None
        op: tree.Op = ">=" if "least" in str(tokens["LATER_THAN"]) else ">"
        test = tree.Test(name, op, self.number(tokens["NUMBER"], str(tokens["LABEL"])))
        if not is_time(test.mark):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return EachPiece(self.span(children), late=test)

    def en_list_head(self, children: Sequence[Node]) -> EachPiece:
        *others, last = [self.name(c) for c in children if isinstance(c, Token) and c.type == "NAME"]
        return EachPiece(self.span(children), name=last, others=tuple(others))

    def en_periods(self, children: Sequence[Node]) -> EachPiece:
        """each month without items, each month with fewer than 4 items."""
        tokens = {t.type: t for t in cast("list[Token]", children)}
        op: tree.Op = next((OPS[t] for t in tokens if t in OPS), "=")
        number = self.number(tokens["NUMBER"]).value if "NUMBER" in tokens else Decimal(0)
        inner = tree.PeriodsWith(PeriodKind(str(tokens["MONTHS"])), self.name(tokens["NAME"]), op, number)
        return EachPiece(self.span(children), name=inner)

    def en_step_head(self, children: Sequence[Node]) -> StepPiece:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        direction = ""
        if "STEP" in tokens:
            direction = str(tokens["STEP"])
        elif "LACKING" in tokens or "PRE_UNDER" in tokens:
            direction = "below"
        elif "FURTHER" in tokens or "PRE_OVER" in tokens:
            direction = "above"
        name = self.name(tokens["NAME"]) if "NAME" in tokens else None
        if "MONTHS" in tokens:  # each week late
            name = tree.Name(self.span(tokens["MONTHS"]).text, self.span(tokens["MONTHS"]))
        return StepPiece(direction=direction, name=name, **self._shared_parts(children))

    def en_step_from(self, children: Sequence[Node]) -> StepPiece:
        *of, _ = [self.name(c) for c in children if isinstance(c, Token) and c.type == "NAME"]
        name = self._counted_name(children)
        op, mark = self.read(cast("Tree[Token]", children[-1]))
        direction, share_of = "below" if op == "<" else "above", of[0] if of else None
        return StepPiece(direction=direction, name=name, mark=mark, share_of=share_of, **self._shared_parts(children))

    # --- the each with its points ---

    def _with_points(self, children: Sequence[Node], head: Node, giving: Giving) -> EachPiece | StepPiece:
        piece: EachPiece | StepPiece = self.read(cast("Tree[Token]", head))
        return replace(piece, span=self.span(children), giving=giving)

    def en_each(self, children: Sequence[Node]) -> EachPiece | StepPiece:
        return self._with_points(children, children[0], self._given(children[1]))

    def _given(self, node: Node) -> Giving:
        if isinstance(node, Tree):
            return self._giving(node)
        return Giving("unsigned", (self.points(node),), span=self.span(node))

    def en_each_open(self, children: Sequence[Node]) -> EachPiece | StepPiece:
        return replace(cast("EachPiece | StepPiece", self.read(cast("Tree[Token]", children[0]))), open=True)

    def en_per(self, children: Sequence[Node]) -> EachPiece | StepPiece:
        giving = self._giving(children[0])
        if len(children) > 2:  # 2 points per complaint are deducted
            if giving.what != "unsigned":
                raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
            cost = cast(Token, children[2]).type == "DEDUCTED"
            points = negate(giving.points[0]) if cost else giving.points[0]
            giving = replace(giving, what="points", points=(points,), sign=-1 if cost else 1)
        return self._with_points(children, children[1], giving)

    def en_case_step(self, children: Sequence[Node]) -> EachPiece | StepPiece:
        """fewer than 4 meetings costs 1 for each one short."""
        condition, per = self._condition(children[0])
        piece = cast(StepPiece, self._with_points(children, children[2], self._giving(children[1])))
        if isinstance(condition, tree.Name) and not piece.direction and piece.size.label:
            return EachPiece(piece.span, name=condition, size=piece.size, giving=piece.giving)  # cost 2 per day
        return replace(piece, head=Head(self.span(children[0]), condition=condition, per=per))

    def en_given_each(self, children: Sequence[Node]) -> Piece:
        """complaints cost 2 each, absences beyond 3 cost 0.5 each, no plan and no report cost 2 each."""
        span = self.span(children)
        if cast("Tree[Token]", children[0]).data not in ("all_of", "any_of", "en_neither"):
            return EachPiece(span, giving=self._giving(children[0]))
        giving = self._giving(children[1])
        condition, per = self._condition(children[0])
        if isinstance(children[-1], Token) and children[-1].type == "NAME":
            return self._per_named(span, condition, per, giving, children)
        parts = condition.parts if isinstance(condition, tree.And | tree.Or) else (condition,)
        named = [name for part in parts if (name := _plain_name(part))]
        if len(named) == len(parts):
            *others, last = named
            return EachPiece(span, name=last, others=tuple(others), giving=giving)
        if all(isinstance(part, tree.Fact) and not part.holds for part in parts):
            return CasePiece(span, condition=condition, giving=replace(giving, each_of=True))
        counted = {"en_counted", "en_counted_post", "en_counted_behind", "en_counted_range", "en_counted_or"}
        if isinstance(condition, tree.Test) and condition.op in ("<", ">") and condition.subject:
            if not any(node.data in counted for node in cast("Tree[Token]", children[0]).iter_subtrees()):
                self._counted_not_timed(condition)
                return EachPiece(span, name=condition.subject, beyond=condition, giving=giving)
            mark = self.span(children[0]).text
            raise Refused(
                d.TWO_READINGS,
                span,
                ("超过的每一个:each … beyond N", "each beyond the mark: \u201ceach … beyond N costs …\u201d"),
                ("有这么多时每一个都算:写成两句", "once, when there are so many: leave out \u201ceach\u201d"),
                text=mark,
            )
        raise Refused(d.UNREADABLE, span, text=span.text)

    def _per_named(self, span: Any, condition: Any, per: Any, giving: Giving, children: Sequence[Node]) -> Piece:
        """complaints cost 2 per case; absences beyond 3 cost 1 per absence; a date after … costs 1 per day."""
        name = self.name(children[-1])
        if isinstance(condition, tree.Name):
            return EachPiece(span, name=condition, giving=giving)
        if isinstance(condition, tree.Test) and isinstance(condition.mark, tree.Day | tree.Name | tree.Num):
            size = replace(ONE, label=name.text)
            if isinstance(condition.mark, tree.Num) and condition.subject and condition.op in ("<", ">"):
                return EachPiece(span, name=condition.subject, beyond=condition, giving=giving)
            head = Head(self.span(children[0]), condition=condition, per=per)
            return StepPiece(span, direction="", size=size, giving=giving, head=head)
        raise Refused(d.UNREADABLE, span, text=span.text)

    def en_exact(self, children: Sequence[Node]) -> EachPiece | CasePiece:
        first = cast(Token, children[0])
        size = self.number(first) if first.type == "NUMBER" else ONE
        name = self.name(children[1]) if len(children) > 2 else None
        giving = self._giving(children[-1])
        if not size.value and name:  # zero complaints
            return CasePiece(self.span(children), condition=tree.Test(name, "=", size), giving=giving)
        counted = "exactly" if first.type == "NUMBER" else "first"
        return EachPiece(
            self.span(children), name=name, size=size, giving=giving, plain=True, counted=cast(Any, counted)
        )

    # --- conditions, and their points around them ---

    def en_fewer(self, children: Sequence[Node]) -> tree.Test:
        """fewer posts than target."""
        mark, _ = self.read(cast("Tree[Token]", children[-1]))
        return tree.Test(self.name(children[1]), "<" if cast(Token, children[0]).type == "FEWER" else ">", mark)

    def en_required(self, children: Sequence[Node]) -> tree.Test:
        """12 bulletins are required."""
        number, name = cast("list[Token]", children)[:2]
        return tree.Test(by_period(self.name(name), children), ">=", self.number(number))

    def en_counted_or(self, children: Sequence[Node]) -> tree.Range | tree.Or:
        """1 or 2 absences."""
        tokens = cast("list[Token]", children)
        name = self.name(tokens[-1]) if tokens[-1].type == "NAME" else None
        low, high = self.number(tokens[0]), self.number(tokens[2])
        if whole(low) and whole(high) and high.value == low.value + 1:
            return tree.Range(name, low, high, None, True)
        return tree.Or((tree.Test(name, "=", low), tree.Test(name, "=", high)))

    def case_behind(self, children: Sequence[Node]) -> CasePiece:
        condition, per = self._condition(children[2])
        if cast(Token, children[1]).type == "UNLESS":
            condition = negated(condition, self.span(children[2]))
        return CasePiece(self.span(children), condition=condition, giving=self._giving(children[0]), per=per)

    def case_number(self, children: Sequence[Node]) -> CasePiece:
        condition, per = self._condition(children[0])
        return CasePiece(self.span(children), condition=condition, giving=self._given(children[1]), per=per)

    def case_of(self, children: Sequence[Node]) -> CasePiece:
        """completion 100% earns 10."""
        condition = tree.Test(self.name(children[0]), ">=", self.number(children[1]))
        return CasePiece(self.span(children), condition=condition, giving=self._giving(children[2]))

    def case_ratio(self, children: Sequence[Node]) -> CasePiece:
        """done / target earns 20 in proportion."""
        giving = self._giving(children[3])
        if giving.what != "share":
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        condition = tree.Test(self.name(children[0]), ">=", self.name(children[2]))
        return CasePiece(self.span(children), condition=condition, giving=giving)

    def in_proportion(self, children: Sequence[Node]) -> CasePiece:
        """earns 10 in proportion to completion."""
        names = [self.name(c) for c in children if cast(Token, c).type == "NAME"]
        condition: Any = names[0] if len(names) == 1 else tree.Test(names[0], ">=", names[1])
        giving = Giving("share", (self.points(children[1]),), sign=1, span=self.span(children))
        return CasePiece(self.span(children), condition=condition, giving=giving)

    def en_countdown(self, children: Sequence[Node]) -> CountdownPiece:
        """completion of 70% earns 50, otherwise each percentage point short costs 1."""
        step = cast(StepPiece, self.read(cast("Tree[Token]", children[1])))
        if step.direction == "above" or step.name:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        giving = self._giving(children[2])
        return CountdownPiece(self.span(children), notes=step.notes, size=step.size, giving=giving)

    def otherwise_number(self, children: Sequence[Node]) -> OtherwisePiece:
        number = next(c for c in children if isinstance(c, Token) and c.type == "NUMBER")
        return OtherwisePiece(self.span(children), giving=self._given(number))

    # --- prices and scores ---

    def en_price(self, children: Sequence[Node]) -> PricePiece:
        tokens = cast("list[Token]", children)
        keys = tuple(self.plain(t) for t in tokens if t.type == "NAME")
        number = next(t for t in tokens if t.type == "NUMBER")
        each = any(t.type == "EACH_OF" for t in tokens)
        return PricePiece(self.span(children), keys=keys, points=self.points(number), each=each)

    def en_priced(self, children: Sequence[Node]) -> Piece:
        """provincial and city articles earn 10 and 5 points respectively; typos and dead links cost 1 and 2 each."""
        numbers = next(c for c in children if isinstance(c, Token) and c.type == "NUMBERS")
        sign = -1 if cast(Token, children[1]).type == "COST" else 1
        points = tuple(exact(Fraction(one) * sign) for one in re.findall(r"[\d.]+", str(numbers)))
        giving = Giving("points", points, sign=sign, each_of=True, span=self.span(children[1:]))
        span, condition = self.span(children), cast("Tree[Token]", children[0])
        tokens = flat([condition])
        names = [self.name(t) for t in tokens if t.type == "NAME"]
        if any(t.type not in ("NAME", "AND") for t in tokens):
            raise Refused(d.UNREADABLE, span, text=span.text)
        if any(node.data == "en_keyed" for node in condition.iter_subtrees()):
            *others, key, term = names
            return PricedPiece(span, key=key, name=term, giving=giving, others=tuple(others))
        return EachPiece(span, name=names[-1], others=tuple(names[:-1]), giving=giving)

    def en_number(self, children: Sequence[Node]) -> NumberPiece:
        number = next(c for c in children if cast(Token, c).type == "NUMBER")
        return NumberPiece(self.span(children), points=self.points(number))

    def own_share(self, children: Sequence[Node]) -> OwnPiece:
        return OwnPiece(
            self.span(children), formula=tree.Operation("*", self.number(children[1]), self.name(children[3]))
        )


def _plain_name(part: Any) -> tree.Name | None:
    """The name that a bare name stands for, or a fact that holds, such as any complaint."""
    if isinstance(part, tree.Fact) and part.holds:
        return part.subject
    return part if isinstance(part, tree.Name) else None
