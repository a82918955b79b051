"""The pieces of a sentence → its clauses: which condition goes with which points, which cap with which clause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.language.clauses import (
    key_of,
    subject_of,
    with_subject,
)
from gkxl.language.join_cases import CaseJoiner
from gkxl.language.pieces import (
    CapPiece,
    CasePiece,
    CountdownPiece,
    EachPiece,
    GivenPiece,
    Giving,
    GonePiece,
    Head,
    KeyedPiece,
    LatePiece,
    Note,
    NotePiece,
    NumberPiece,
    OtherwisePiece,
    OwnPiece,
    Piece,
    PlacesPiece,
    PricedPiece,
    PricePiece,
    PricesEachPiece,
    PricesPiece,
    Refused,
    RepeatsPiece,
    StepPiece,
)
from gkxl.language.rewording import each_or_both, earned_or_lost
from gkxl.values import Kind, is_whole, negate


def join(
    pieces: Sequence[tuple[Piece, str]], span: Span, is_term: Callable[[str], bool]
) -> tuple[tuple[tree.Clause, ...], tree.Cap | None]:
    """The clauses of a sentence and the cap that holds for all of them. Raises Refused."""
    joiner = _Joiner(span, is_term)
    for piece, mark in pieces:
        joiner.take(piece, mark)
    return joiner.finish()


class _Joiner(CaseJoiner):
    """Takes piece after piece."""

    def take(self, piece: Piece, mark: str) -> None:
        if mark == "SEMI" and not self.heads:
            self.since_mark = 0
        if self.open_each:
            head, self.open_each = self.open_each, None
            if not isinstance(piece, GivenPiece):
                raise Refused(d.NO_POINTS, head.span, text=head.span.text)
            notes = (*head.notes, *piece.notes)
            piece = replace(head, giving=piece.giving, notes=notes, open=False, span=head.span.to(piece.span))
        piece = self.with_sign(piece)
        if self.excess is not None and not isinstance(piece, EachPiece | StepPiece):
            raise self.excess
        if self.heads and self.heads[-1][0].required and not isinstance(piece, StepPiece):
            self.required(self.heads[-1][0], piece)
        match piece:
            case Head():
                self.head(piece, mark)
            case CasePiece():
                self.case(piece, mark)
            case GivenPiece() if self.place_list and not self.heads and piece.giving.what == "points":
                self.number(NumberPiece(piece.span, points=self.one(piece.giving)))
            case GivenPiece():
                self.given(piece, mark)
            case EachPiece(open=True) | StepPiece(open=True):
                self.open_each = piece
            case EachPiece() | StepPiece() if self.late_steps(piece):
                pass
            case EachPiece() if self.each_time(piece):
                self.given(GivenPiece(piece.span, giving=piece.giving), mark)
            case EachPiece():
                self.each(piece, mark)
            case NotePiece():
                self.note(piece.note, piece)
            case StepPiece(head=Head() as own):
                if self.counts_down(own):  # 未达90%的每少1个百分点扣1分
                    self.countdown(CountdownPiece(piece.span, size=piece.size, giving=piece.giving))
                    return self.notes(piece)
                self.head(own, mark)
                self.step(piece)
            case StepPiece():
                self.step(piece)
            case LatePiece():
                self.late(piece)
            case CountdownPiece():
                self.countdown(piece)
            case OtherwisePiece():
                self.otherwise(piece)
            case PricesPiece():
                self.prices(piece)
            case PricePiece() if self.verbless(piece, mark):
                self.take_again(piece, mark)
            case PricePiece():
                self.priced_one(piece, mark)
            case PricesEachPiece():
                self.prices_each(piece, mark)
            case PricedPiece():
                self.priced(piece, mark)
            case KeyedPiece():
                self.keyed(piece)
            case NumberPiece() | GivenPiece() if self.columns and self.heads:
                self.price_behind(piece, mark)
            case NumberPiece() if self.listed is None:
                self.take(GivenPiece(piece.span, giving=Giving("unsigned", (piece.points,), span=piece.span)), mark)
            case NumberPiece():
                self.number(piece)
            case OwnPiece():
                self.no_heads()
                self.add(tree.OwnScore(piece.formula, piece.costs, span=piece.span))
            case PlacesPiece():
                self.ranked(piece)
            case RepeatsPiece():
                self.repeated(piece)
            case CapPiece():
                self.capped(piece)
            case GonePiece():
                self.gone(piece)
        return self.notes(piece)

    def notes(self, piece: Piece) -> None:
        for note in piece.notes:
            self.note(note, piece)

    def verbless(self, piece: PricePiece, mark: str) -> bool:
        """Whether a name with its points stands outside a price list."""
        return not self.columns and piece.name is None and len(piece.keys) == 1 and not (mark == "COLON" and self.heads)

    def take_again(self, piece: PricePiece, mark: str) -> None:
        """late reports cost 2 each, missing reports 5 each: outside a price list, the verb is that of the clause before."""
        giving = Giving("unsigned", (piece.points,), span=piece.span)
        if piece.each:
            self.take(EachPiece(piece.span, name=piece.keys[0], giving=giving), mark)
        else:
            self.take(CasePiece(piece.span, condition=piece.keys[0], giving=giving), mark)

    def price_behind(self, piece: NumberPiece | GivenPiece, mark: str) -> None:
        """first: 5, in a price list."""
        key, *more = self.take_heads()
        if more or not isinstance(key.condition, tree.Name):
            raise Refused(d.NO_POINTS, key.span, text=key.span.text)
        number = piece.points if isinstance(piece, NumberPiece) else self.one(piece.giving)
        self.price((key.condition,), number, piece.span, signed=isinstance(piece, GivenPiece))

    def with_sign(self, piece: Piece) -> Piece:
        """A piece whose number of points has no verb takes the verb of the one before."""
        giving = getattr(piece, "giving", None)
        if not isinstance(giving, Giving):
            return piece
        self.sign = giving.sign or self.sign
        if giving.what != "unsigned":
            return piece
        points = giving.points[0]
        sign = self.columns.sign if self.columns else self.sign or (1 if piece.again else 0)
        if not sign and points:
            raise Refused(
                d.TWO_READINGS,
                giving.span or piece.span,
                *earned_or_lost(self.span, giving.span or piece.span),
                text=piece.span.text,
            )
        points = negate(points) if sign < 0 else points
        return replace(piece, giving=replace(giving, what="points", points=(points,)))  # type: ignore[call-arg]

    def finish(self) -> tuple[tuple[tree.Clause, ...], tree.Cap | None]:
        self.no_heads()
        self.close_list()
        self.close_places()
        if self.excess is not None:
            raise self.excess
        if not self.clauses and self.first_cap is not None:
            self.stray(self.first_cap)
        if self.open_each or not (self.clauses or self.repeats):
            raise Refused(d.NO_POINTS, self.span, text=self.span.text)
        if self.first_cap is not None:
            self.since_mark = len(self.clauses)
            self.capped(self.first_cap)
        if self.capped_at is not None and self.capped_at != len(self.clauses):
            raise Refused(
                d.TWO_READINGS,
                self.span,
                (
                    "上限管的是哪几项不清楚:把它所管的各项连同上限单独写成一句",
                    "write what the cap is for as a sentence of its own",
                ),
                text=self.span.text,
            )
        self.lone_count()
        for clause in self.clauses:
            if isinstance(clause, tree.PriceList):
                self.check_prices(clause)
            if isinstance(clause, tree.Bands | tree.YesNo) and not clause.cases:
                raise Refused(d.NO_POINTS, self.span, text=self.span.text)
        return (*self.clauses, *self.repeats), self.cap

    def required(self, head: Head, piece: Piece) -> None:
        """信息4条,扣1分 says too little."""
        name = subject_of(head.condition)
        said = name.text if name else ""
        raise Refused(
            d.TWO_READINGS,
            head.span.to(piece.span),
            (f"是要求:后面写 每少1{'次'}扣…分,或写明 {said}不少于…", "as a requirement: say what each one short costs"),
            (f"是条件:写 {said}达…、少于… 或 每…", "as a condition: at least, fewer than, or each"),
            text=head.span.to(piece.span).text,
        )

    def head(self, piece: Head, mark: str) -> None:
        self.note_due(piece)
        condition = piece.condition
        if piece.every and self.heads:
            piece = replace(piece, condition=self.all_of(condition, piece.every, piece))
            condition = piece.condition
        if (
            isinstance(condition, tree.Test)
            and condition.subject is None
            and condition.op == "<="
            and isinstance(condition.mark, tree.Num)
            and condition.mark.kind is Kind.NUMBER
            and not condition.mark.label
            and self.clauses
            and piece.basis is None
            and not self.heads
        ):
            # English `at most 3` behind points is a cap.
            self.capped(CapPiece(piece.span, limit=condition.mark.value))
            return
        if self.heads and piece.basis and piece.basis[0] is None and isinstance(self.heads[-1][0].condition, tree.Name):
            name = self.heads.pop()[0].condition
            piece = replace(piece, basis=(cast(tree.Name, name), piece.basis[1]))
        elif self.heads and subject_of(condition) is None and isinstance(self.heads[-1][0].condition, tree.Name):
            name = self.heads.pop()[0].condition
            piece = replace(piece, condition=with_subject(condition, cast(tree.Name, name)))
        self.heads.append((piece, mark))

    def all_of(self, condition: tree.Condition | tree.Top | tree.Name, every: str, piece: Piece) -> tree.Condition:
        """入学率、巩固率均达100%: the names in front and the one with the test."""
        names = [(head.condition, mark) for head, mark in self.heads]
        self.take_heads()
        parts: list[tree.Condition] = []
        for name, _ in names:
            if not isinstance(name, tree.Name) or not isinstance(condition, tree.Test | tree.Range):
                raise Refused(d.NO_POINTS, piece.span, text=piece.span.text)
            parts.append(replace(condition, subject=name))
        return (tree.And if every == "all" else tree.Or)((*parts, cast(tree.Condition, condition)))

    def case(self, piece: CasePiece, mark: str) -> None:
        if self.takes_time(piece):
            return
        top = piece.condition
        if isinstance(top, tree.Top) and self.clauses and isinstance(self.clauses[-1], tree.Places):
            if top.limit.kind is not Kind.NUMBER or not is_whole(top.limit.value) or piece.giving.what != "points":
                self.stray(piece)
            self.place_points(1, int(top.limit.value), piece.giving.points, piece)
            return
        if piece.unknown and not piece.again and not self.heads and self.is_denied(piece):
            self.otherwise(OtherwisePiece(piece.span, giving=piece.giving, denied=True))
            return
        if piece.every and self.heads:
            piece = replace(piece, condition=self.all_of(piece.condition, piece.every, piece))
        if self.columns and isinstance(piece.condition, tree.Name) and piece.giving.what == "points":
            points, name = piece.giving.points, piece.condition
            if piece.giving.each_of and mark in ("DUN", "COLON"):
                self.list_prices([*self.key_heads(), name], points, piece)
                return
            if not self.heads and len(points) == 1 and self.takes_price(name, mark, points[0]):
                self.price((name,), points[0], piece.span, signed=True)
                return
        heads = self.take_heads()
        giving, condition = piece.giving, piece.condition
        own = subject_of(condition)
        if not heads and (own is None or (self.plain_name is not None and key_of(own) == self.plain_name)):
            self.exact()
        conditions = [h.condition for h in heads if h.basis is None]
        if giving.per and isinstance(condition, tree.Name):
            # 旷课扣2分/节次
            self.heads = [(h, "DUN") for h in heads]
            self.each(EachPiece(piece.span, name=condition, giving=giving), "DUN")
            return
        if heads:
            first = conditions[-1] if conditions else None
            if isinstance(first, tree.Name) and len(heads) == 1 and mark != "DUN" and subject_of(condition) is None:
                condition = with_subject(condition, first)
            elif mark in ("DUN", "COMMA") and giving.each_of and len(conditions) == len(heads):
                more = condition.parts if isinstance(condition, tree.And | tree.Or) else (condition,)
                self.each_condition([*conditions, *more], giving, piece)
                return
            else:
                raise Refused(d.NO_POINTS, heads[-1].span, text=heads[-1].span.text)
        elif giving.each_of and isinstance(condition, tree.And | tree.Or):
            self.each_condition(condition.parts, giving, piece)
            return
        elif giving.each_of and len(giving.points) > 1:
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=1, prices=len(giving.points))
        self.decide(condition, giving, piece)
        self.excess = piece.excess

    def is_denied(self, piece: CasePiece | Head) -> bool:
        """资料完整得5分,不完整不得分: the end, or the beginning, of the name before it, denied."""
        last = self.clauses[-1] if self.clauses else None
        fact = last.cases[-1].condition if isinstance(last, tree.YesNo) else None
        said = piece.condition.subject.text if isinstance(piece.condition, tree.Fact) else ""
        if not isinstance(fact, tree.Fact) or not fact.holds or not said:
            return False
        whole = fact.verb + fact.subject.text
        return said not in (whole, fact.subject.text) and (whole.startswith(said) or whole.endswith(said))

    def given(self, piece: GivenPiece, mark: str) -> None:
        if self.open_keys:
            self.keyed_points(piece.giving, piece)
            return
        last = self.clauses[-1] if self.clauses else None
        if (
            piece.giving == Giving("proportional")
            and not self.heads
            and isinstance(last, tree.Each | tree.StepsFrom | tree.ShortOf)
        ):
            self.note(Note("pro rata"), piece)  # costs 1, pro rata
            return
        heads = self.take_heads()
        giving = piece.giving
        if len(heads) == 1 and heads[0].unknown and self.is_denied(heads[0]):
            self.otherwise(OtherwisePiece(piece.span, giving=giving, denied=True))
            return
        if piece.had:
            name = heads[0].condition if len(heads) == 1 else None
            if not isinstance(name, tree.Name):
                self.stray(piece)
            self.decide(tree.Fact(cast(tree.Name, name)), giving, piece)
            return
        if giving.per and heads and all(isinstance(h.condition, tree.Name) for h in heads):
            self.heads = [(h, "DUN") for h in heads]
            self.each(EachPiece(piece.span, giving=giving), mark)
            return
        if not heads and self.clauses:
            self.effect(self.struck(giving, piece), giving, piece)
            return
        if not heads or any(h.basis for h in heads):
            self.stray(piece)
        conditions = [h.condition for h in heads]
        if len(conditions) == 1:
            self.decide(conditions[0], giving, piece)
        elif giving.each_of:
            self.each_condition(conditions, giving, piece)
        else:
            raise Refused(
                d.TWO_READINGS,
                heads[0].span.to(piece.span),
                *each_or_both(self.span, heads, piece.span),
                text=heads[0].span.to(piece.span).text,
            )

    def each_condition(
        self, conditions: Sequence[tree.Condition | tree.Top | tree.Name], giving: Giving, piece: Piece
    ) -> None:
        """无计划、无预算分别扣2分: one clause for each."""
        points = giving.points * len(conditions) if len(giving.points) == 1 else giving.points
        if len(points) != len(conditions) or giving.what != "points":
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=len(conditions), prices=len(points))
        first, last = conditions[0], conditions[-1]
        for condition, point in zip(conditions, points, strict=True):
            if isinstance(condition, tree.Name) and isinstance(first, tree.Fact):
                # 未明确机构、人员各扣2分: the 未 is said once
                condition = replace(first, subject=condition)
            elif isinstance(condition, tree.Name) and isinstance(last, tree.Test | tree.Range):
                condition = replace(last, subject=condition)  # 入学率、巩固率低于90%的各扣5分
            self.decide(condition, replace(giving, points=(point,)), piece, fresh=True)
        self.shared = len(conditions)
        self.listed = [giving.points[0]] if len(giving.points) == 1 else None
