"""Caps and notes of a sentence, and what all joining of pieces rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gkxl import diagnostics as d
from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.language.clauses import (
    STEP_POLICIES,
    counts_down,
    signs_of,
)
from gkxl.language.pieces import (
    CapPiece,
    EachPiece,
    Giving,
    Head,
    Note,
    Piece,
    PricesPiece,
    Refused,
    StepPiece,
)
from gkxl.language.rewording import cap_of_what
from gkxl.values import Number


class ListJoiner:
    """Holds the clauses so far. `heads` wait for their consequence; `clauses[-1]` is the one a cap or 其余 belongs to."""

    def __init__(self, span: Span, is_term: Callable[[str], bool]) -> None:
        self.span = span
        self.is_term = is_term  # whether a name is declared as a fact
        self.clauses: list[tree.Clause] = []
        self.repeats: list[tree.Repeats] = []  # they stand behind the clauses that give points
        self.heads: list[tuple[Head, str]] = []
        self.last_head: Head | None = None
        self.cap: tree.Cap | None = None
        self.first_cap: CapPiece | None = None  # a cap in front of everything
        self.since_mark = 0  # clauses since the last ; or cap: whom a lone cap may be for
        self.shared = 0  # 迟到、早退每次扣1分: how many clauses came from one list and share their cap
        self.open_each: EachPiece | StepPiece | None = None
        self.capped_at: int | None = None  # how many clauses the sentence had when its whole was capped
        self.last_step: StepPiece | None = None
        self.excess: Refused | None = None  # of 超规定数10%, until 再每 settles what it says
        self.columns: PricesPiece | None = None
        self.plain: EachPiece | None = None  # the last piece, if it was 一次扣3分
        self.plain_name: tuple[str, ...] | None = None  # whose exact counts are being listed
        self.sign = 0  # of the last verb: 1 earns, -1 costs
        self.listed: list[Number] | None = None  # points of 分别计2分、0.5分 still being listed

    # --- heads ---

    def take_heads(self) -> list[Head]:
        heads = [head for head, _ in self.heads]
        self.heads = []
        if heads:
            self.last_head = heads[-1]
        return heads

    def names(self, piece: Piece, mark: str, name: tree.Name | None) -> list[tree.Name]:
        """The names that share one consequence: those listed with 、 in front of it, and its own."""
        heads = self.take_heads()
        names: list[tree.Name] = []
        for head in heads:
            fact = head.condition
            if isinstance(fact, tree.Fact) and fact.holds and not head.basis:
                names.append(fact.subject)  # 发现错链的,每处扣1分
                continue
            if isinstance(head.condition, tree.Or) and all(
                isinstance(part, tree.Fact) and part.bare for part in head.condition.parts
            ):
                names += [part.subject for part in head.condition.parts if isinstance(part, tree.Fact)]
                continue
            if not isinstance(head.condition, tree.Name) or head.basis:
                raise Refused(d.NO_POINTS, head.span, text=head.span.text)
            names.append(head.condition)
        if name is not None:
            if len(names) == 1 and mark == "COMMA" and name.text in names[0].text:
                return names  # 漏清桥洞,每个桥洞扣2分: the noun said again
            if names and mark != "DUN":
                raise Refused(d.NO_POINTS, heads[-1].span, text=heads[-1].span.text)
            names.append(name)
        return names

    # --- caps and notes ---

    def nested(self, known: tree.Cap | None, cap: tree.Cap, piece: CapPiece) -> tree.Cap:
        """每月封顶10分,全年封顶120分: caps of periods of different length, the shortest first."""
        if known is None:
            return cap
        if cap.per is None or cap.per is known.per:
            self.stray(piece)
        assert cap.per is not None
        if known.per is not None and cap.per.months < known.per.months:
            return replace(cap, then=known)
        return replace(known, then=self.nested(known.then, cap, piece))

    def capped(self, piece: CapPiece) -> None:
        self.no_heads()
        if not self.clauses:
            if self.first_cap is not None:
                self.stray(piece)
            self.first_cap = piece
            return
        cap = tree.Cap(piece.limit, piece.per)
        signs = {sign for clause in self.clauses[-1:] for sign in signs_of(clause)}
        if counts_down(self.clauses[-1]):
            signs = {-1}  # what the countdown takes off, not what it counts down from
        if piece.sign and signs == {-piece.sign}:
            raise Refused(d.CAP_AGAINST_POINTS, piece.span, text=piece.span.text)
        if len(self.clauses) > 1 and (piece.whole or self.shared):
            self.cap, self.capped_at = self.nested(self.cap, cap, piece), len(self.clauses)
            if not piece.whole and self.shared != len(self.clauses):
                self.capped_at = -1  # only some of the clauses came from the list
        elif self.since_mark > 1:
            last_span = self.clauses[-1].span or piece.span
            raise Refused(
                d.TWO_READINGS, piece.span, *cap_of_what(self.span, piece.span, last_span), text=piece.span.text
            )
        else:
            last = self.clauses[-1]
            if isinstance(last, tree.Veto | tree.Gate | tree.Grade | tree.Repeats | tree.Places):
                self.stray(piece)
            else:
                self.clauses[-1] = replace(last, cap=self.nested(last.cap, cap, piece))
        self.since_mark = 0
        self.shared = 0

    def gone(self, piece: Piece) -> None:
        """扣完为止: the floor of the indicator. A formula has none of its own, so there it would be lost."""
        if not self.clauses or isinstance(self.clauses[-1], tree.OwnScore | tree.Veto | tree.Gate | tree.Grade):
            self.stray(piece)

    def note(self, note: Note, piece: Piece) -> None:
        last = self.clauses[-1] if self.clauses else None
        match note.what:
            case "ignored" | "counts as one" | "pro rata" if isinstance(last, tree.Bands) and isinstance(
                last.otherwise, tree.EachStep
            ):
                self.clauses[-1] = replace(last, otherwise=replace(last.otherwise, policy=note.what))
            case "ignored" | "counts as one" | "pro rata" if isinstance(last, tree.Deadline) and isinstance(
                last.late, tree.EachStep
            ):
                self.clauses[-1] = replace(last, late=replace(last.late, policy=note.what))
            case "ignored" | "counts as one" | "pro rata" if isinstance(
                last, tree.Each | tree.ShortOf | tree.StepsFrom
            ):
                self.clauses[-1] = replace(last, policy=note.what)
            case "required" if isinstance(last, tree.ShortOf):
                pass  # taken with the step
            case "rounding" if (
                isinstance(last, tree.Each | tree.ShortOf | tree.StepsFrom) and note.rounding in STEP_POLICIES
            ):
                self.clauses[-1] = replace(last, policy=STEP_POLICIES[note.rounding])
            case "rounding" if isinstance(last, tree.Bands) and isinstance(last.otherwise, tree.EachStep):
                self.clauses[-1] = replace(
                    last, otherwise=replace(last.otherwise, policy=STEP_POLICIES.get(note.rounding))
                )
            case "rounding" | "no excess" if isinstance(last, tree.Grade):
                *before, case = last.cases
                if not isinstance(case.condition, tree.Top):
                    self.stray(piece)
                else:
                    rounding = note.rounding or case.condition.rounding
                    top = replace(case.condition, rounding=rounding, strict=note.strict)  # type: ignore[arg-type]
                    self.clauses[-1] = replace(last, cases=(*before, replace(case, condition=top)))
            case "ties" if isinstance(last, tree.Places):
                self.clauses[-1] = replace(last, ties=note.ties)
            case "cap" if note.cap:
                self.capped(note.cap)
            case "gone":
                self.gone(piece)
            case _:
                self.stray(piece)

    # --- helpers ---

    def add(self, clause: tree.Clause) -> None:
        self.clauses.append(clause)
        self.plain = None
        self.since_mark += 1
        self.shared = 0
        self.listed = None
        if not isinstance(clause, tree.PriceList):
            self.columns = None

    def one(self, giving: Giving) -> Number:
        if giving.what == "points" and len(giving.points) == 1:
            return giving.points[0]
        assert giving.span is not None
        if giving.what == "points":
            raise Refused(d.PRICES_DO_NOT_MATCH, giving.span, keys=1, prices=len(giving.points))
        raise Refused(d.NO_POINTS, giving.span, text=giving.span.text)

    def no_heads(self) -> None:
        if self.heads:
            span = self.heads[-1][0].span
            raise Refused(d.NO_POINTS, span, text=span.text)

    def stray(self, piece: Piece) -> None:
        raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)

    def gives(self, giving: Giving) -> tree.Gives:
        match giving.what:
            case "no points":
                return tree.NoPoints()
            case "full":
                return tree.FullMarks()
            case "proportional":
                return tree.Proportional(*giving.points)
        return tree.Points(self.one(giving), giving.noted)
