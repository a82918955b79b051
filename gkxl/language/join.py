"""The pieces of a sentence → its clauses: which condition goes with which points, which cap with which clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.language.pieces import (
    CapPiece,
    CasePiece,
    CountdownPiece,
    EachPiece,
    GivenPiece,
    Giving,
    GonePiece,
    Head,
    Note,
    NotePiece,
    NumberPiece,
    OtherwisePiece,
    OwnPiece,
    Piece,
    PricedPiece,
    PricePiece,
    PricesPiece,
    Refused,
    StepPiece,
)
from gkxl.language.words import name_atoms
from gkxl.values import Kind, Number, negate


def join(pieces: Sequence[tuple[Piece, str]], span: Span) -> tuple[tuple[tree.Clause, ...], tree.Cap | None]:
    """The clauses of a sentence and the cap that holds for all of them. Raises Refused."""
    joiner = _Joiner(span)
    for piece, mark in pieces:
        joiner.take(piece, mark)
    return joiner.finish()


class _Joiner:
    """Takes piece after piece. `heads` wait for their consequence; `clauses[-1]` is the one a cap or 其余 belongs to."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.clauses: list[tree.Clause] = []
        self.heads: list[tuple[Head, str]] = []
        self.last_head: Head | None = None
        self.cap: tree.Cap | None = None
        self.since_mark = 0  # clauses since the last ; or cap: whom a lone cap may be for
        self.shared = 0  # 迟到、早退每次扣1分: how many clauses came from one list and share their cap
        self.open_each: EachPiece | None = None
        self.capped_at: int | None = None  # how many clauses the sentence had when its whole was capped
        self.columns: PricesPiece | None = None
        self.plain: EachPiece | None = None  # the last piece, if it was 一次扣3分
        self.plain_name: tuple[str, ...] | None = None  # whose exact counts are being listed
        self.listed: list[Number] | None = None  # points of 分别计2分、0.5分 still being listed

    # --- the pieces ---

    def take(self, piece: Piece, mark: str) -> None:
        if mark == "SEMI" and not self.heads:
            self.since_mark = 0
        if self.open_each:
            head, self.open_each = self.open_each, None
            if not isinstance(piece, GivenPiece):
                raise Refused(d.NO_POINTS, head.span, text=head.span.text)
            piece = replace(head, giving=piece.giving, notes=piece.notes, open=False, span=head.span.to(piece.span))
        match piece:
            case Head():
                self.head(piece, mark)
            case CasePiece():
                self.case(piece, mark)
            case GivenPiece():
                self.given(piece, mark)
            case EachPiece(open=True):
                self.open_each = piece
            case EachPiece():
                self.each(piece, mark)
            case NotePiece():
                self.note(piece.note, piece)
            case StepPiece():
                self.step(piece)
            case CountdownPiece():
                self.countdown(piece)
            case OtherwisePiece():
                self.otherwise(piece)
            case PricesPiece():
                self.no_heads()
                self.columns = piece
                self.add(tree.PriceList(piece.name, piece.columns, (), span=piece.span))
            case PricePiece():
                for key, points in ((piece.key, piece.points), *piece.more):
                    self.price(key, points, piece.span, mark, signed=False)
            case PricedPiece():
                self.priced(piece)
            case NumberPiece():
                self.number(piece)
            case OwnPiece():
                self.no_heads()
                self.add(tree.OwnScore(piece.formula, span=piece.span))
            case CapPiece():
                self.capped(piece)
            case GonePiece():
                self.gone(piece)
        for note in piece.notes:
            self.note(note, piece)

    def finish(self) -> tuple[tuple[tree.Clause, ...], tree.Cap | None]:
        self.no_heads()
        if not self.clauses or self.open_each:
            raise Refused(d.NO_POINTS, self.span, text=self.span.text)
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
        for clause in self.clauses:
            if isinstance(clause, tree.PriceList):
                self.check_prices(clause)
            if isinstance(clause, tree.Bands | tree.YesNo) and not clause.cases:
                raise Refused(d.NO_POINTS, self.span, text=self.span.text)
        return tuple(self.clauses), self.cap

    def head(self, piece: Head, mark: str) -> None:
        condition = piece.condition
        if (
            isinstance(condition, tree.Test)
            and condition.subject is None
            and condition.op == "<="
            and isinstance(condition.mark, tree.Num)
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
        elif self.heads and _subject(condition) is None and isinstance(self.heads[-1][0].condition, tree.Name):
            name = self.heads.pop()[0].condition
            piece = replace(piece, condition=_with_subject(condition, cast(tree.Name, name)))
        self.heads.append((piece, mark))

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

    def each(self, piece: EachPiece, mark: str) -> None:
        giving, name = piece.giving, piece.name
        if self.columns and isinstance(name, tree.Name) and not self.heads and not piece.beyond:
            self.price(name, self.one(giving), piece.span, mark, signed=True)
            return
        if isinstance(name, tree.PeriodsWith):
            self.no_heads()
            self.add(tree.Each(name, piece.size, self.one(giving), span=piece.span))
            return
        same = name is None or (self.plain_name is not None and _key(name) == self.plain_name)
        if piece.plain and same and not self.heads and self.exact(piece):
            return
        if len(self.heads) == 1 and self.heads[0][0].portion and name is None:
            test = self.take_heads()[0].condition
            if not isinstance(test, tree.Test) or test.subject is None:
                raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)
            self.add(self.each_clause(replace(piece, beyond=test), test.subject, self.one(giving)))
            return
        names = [*piece.others, *self.names(piece, mark, name)]
        if not names:
            label = piece.label or piece.span.text
            raise Refused(d.UNKNOWN_NAME, piece.span, name=label)
        points = list(giving.points)
        if len(points) > 1 and len(points) != len(names):
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=len(names), prices=len(points))
        if giving.what != "points":
            self.each_case(piece, names, giving)
            return
        if len(points) == 1:
            points = points * len(names)
        for one, point in zip(names, points, strict=True):
            self.add(self.each_clause(piece, one, point))
        self.shared = len(names) if len(names) > 1 else 0
        self.open_list(giving, names)
        self.plain = piece if piece.plain and len(names) == 1 else None
        self.plain_name = _key(names[0]) if self.plain else None

    def open_list(self, giving: Giving, names: list[tree.Name]) -> None:
        self.listed = list(giving.points) if giving.each_of and len(names) > 1 and len(giving.points) == 1 else None

    def each_clause(self, piece: EachPiece, name: tree.Name, points: Number) -> tree.Clause:
        test = piece.beyond
        if test is None:
            return tree.Each(name, piece.size, points, span=piece.span)
        if test.op == "<":
            return _short_of(name, test.mark, piece.size, points, None, piece.span)
        if test.op == ">=":
            raise Refused(d.TWO_READINGS, piece.span, text=piece.span.text)
        return _beyond(name, test.mark, False, piece.size, points, piece.span)

    def exact(self, piece: EachPiece | None = None) -> bool:
        """一次扣3分,两次扣5分 are exact counts: the first, read as 每次, becomes the band it is."""
        last = self.clauses[-1] if self.clauses else None
        if self.plain and isinstance(last, tree.Each) and isinstance(last.name, tree.Name):
            test = tree.Test(last.name, "=", last.size)
            last = tree.Bands((tree.Case(test, tree.Points(last.points)),), span=last.span)
            self.clauses[-1] = last
            self.plain = None
        elif piece is None or not isinstance(last, tree.Bands) or not _exact_counts(last):
            return False
        if piece is not None:
            subject = _subject(last.cases[0].condition)
            case = tree.Case(tree.Test(subject, "=", piece.size), self.gives(piece.giving))
            self.clauses[-1] = replace(last, cases=(*last.cases, case))
        return True

    def countdown(self, piece: CountdownPiece) -> None:
        """达70%得50分,未达的每少1个百分点扣1分."""
        last = self.clauses[-1] if self.clauses else None
        points = self.one(piece.giving)
        test = last.cases[0].condition if isinstance(last, tree.Bands) and len(last.cases) == 1 else None
        if not isinstance(last, tree.Bands) or not isinstance(test, tree.Test) or test.op != ">=" or points > 0:
            self.stray(piece)
        else:
            self.clauses[-1] = replace(last, otherwise=tree.EachStep(piece.size, points))

    def each_case(self, piece: EachPiece, names: list[tree.Name], giving: Giving) -> None:
        """三次及以上不得分 without a comparison: 缺席一次不得分 is a count band."""
        raise Refused(d.NO_POINTS, piece.span, text=piece.span.text)

    def step(self, piece: StepPiece) -> None:
        points = self.one(piece.giving)
        required = next((n.number for n in piece.notes if n.what == "required"), None)
        if piece.mark is not None and piece.name:
            self.no_heads()
            self.add(_beyond(piece.name, piece.mark, piece.direction == "below", piece.size, points, piece.span))
            return
        if required and piece.name:
            self.no_heads()
            self.add(_short_of(piece.name, required, piece.size, points, None, piece.span))
            return
        last = self.clauses[-1] if self.clauses else None
        if not self.heads and self.plain and piece.direction == "above" and isinstance(last, tree.Each):
            # 建成1座得10分,每增加一座加5分: 10, and 5 for each beyond the number named
            self.exact()
            first = cast(tree.Bands, self.clauses[-1])
            test = cast(tree.Test, first.cases[0].condition)
            name = cast(tree.Name, test.subject)
            self.clauses[-1] = replace(first, cases=(replace(first.cases[0], condition=replace(test, op=">=")),))
            self.add(_beyond(name, test.mark, False, piece.size, points, piece.span))
            return
        if not self.heads and isinstance(last, tree.Bands) and self.from_band(last, piece, points):
            return
        heads = self.take_heads()
        head = heads[-1] if heads else self.last_head
        if head is None or len(heads) > 1 or (piece.name and _name_of(head) != piece.name):
            raise Refused(d.NO_REQUIREMENT, piece.span, text=piece.span.text)
        name, mark = self.mark_of(head, piece)
        below = piece.direction == "below"
        counted = isinstance(mark, tree.Name | tree.Share) or (isinstance(mark, tree.Num) and mark.kind is Kind.NUMBER)
        requirement = isinstance(head.condition, tree.Test) and (
            head.condition.op == ">=" or (piece.size.kind is Kind.NUMBER and bool(piece.size.label or head.per))
        )
        if below and counted and requirement and piece.size.kind is Kind.NUMBER:
            self.add(_short_of(name, mark, piece.size, points, head.per, piece.span))
        else:
            self.add(_beyond(name, mark, below, piece.size, points, piece.span))

    def from_band(self, bands: tree.Bands, piece: StepPiece, points: Number) -> bool:
        """达10条得5分,每少1条扣1分 counts down from the band, 每多1条加1分 up from its mark."""
        case = bands.cases[0]
        test = case.condition
        if len(bands.cases) != 1 or bands.otherwise is not None or not isinstance(test, tree.Test) or test.op != ">=":
            return False
        if not isinstance(case.gives, tree.Points) or case.gives.value <= 0 or test.subject is None:
            return False
        if piece.direction == "below" and points < 0:
            self.clauses[-1] = replace(bands, otherwise=tree.EachStep(piece.size, points))
            return True
        if piece.direction == "above" and points > 0:
            self.add(_beyond(test.subject, test.mark, False, piece.size, points, piece.span))
            return True
        return False

    def mark_of(self, head: Head, piece: StepPiece) -> tuple[tree.Name, tree.Mark]:
        if head.basis:
            name, mark = head.basis
            if name:
                return name, mark
        elif isinstance(head.condition, tree.Test) and head.condition.subject and head.condition.op != "=":
            return head.condition.subject, head.condition.mark
        raise Refused(d.NO_REQUIREMENT, piece.span, text=piece.span.text)

    def case(self, piece: CasePiece, mark: str) -> None:
        if self.columns and not self.heads and isinstance(piece.condition, tree.Name):
            self.price(piece.condition, self.one(piece.giving), piece.span, mark, signed=True)
            return
        heads = self.take_heads()
        giving, condition = piece.giving, piece.condition
        own = _subject(condition)
        if not heads and (own is None or (self.plain_name is not None and _key(own) == self.plain_name)):
            self.exact()
        conditions = [h.condition for h in heads if h.basis is None]
        if giving.per and isinstance(condition, tree.Name):
            # 旷课扣2分/节次
            self.heads = [(h, "DUN") for h in heads]
            self.each(EachPiece(piece.span, name=condition, giving=giving), "DUN")
            return
        if heads:
            first = conditions[-1] if conditions else None
            if isinstance(first, tree.Name) and len(heads) == 1 and mark != "DUN" and _subject(condition) is None:
                condition = _with_subject(condition, first)
            elif mark == "DUN" and giving.each_of and len(conditions) == len(heads):
                self.each_condition([*conditions, condition], giving, piece)
                return
            else:
                raise Refused(d.NO_POINTS, heads[-1].span, text=heads[-1].span.text)
        elif giving.each_of and len(giving.points) > 1:
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=1, prices=len(giving.points))
        self.decide(condition, giving, piece)

    def given(self, piece: GivenPiece, mark: str) -> None:
        heads = self.take_heads()
        giving = piece.giving
        if giving.per and heads and all(isinstance(h.condition, tree.Name) for h in heads):
            self.heads = [(h, "DUN") for h in heads]
            self.each(EachPiece(piece.span, giving=giving), mark)
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
                ("各项分别计:在分值前加「各」或「分别」", "each on its own: write a sentence for each"),
                ("同时具备才计:用「且」连接", "all together: join them with \u201cand\u201d"),
                text=heads[0].span.to(piece.span).text,
            )

    def each_condition(
        self, conditions: Sequence[tree.Condition | tree.Top | tree.Name], giving: Giving, piece: Piece
    ) -> None:
        """无计划、无预算分别扣2分: one clause for each."""
        points = giving.points * len(conditions) if len(giving.points) == 1 else giving.points
        if len(points) != len(conditions) or giving.what != "points":
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=len(conditions), prices=len(points))
        first = conditions[0]
        for condition, point in zip(conditions, points, strict=True):
            if isinstance(condition, tree.Name) and isinstance(first, tree.Fact):
                # 未明确机构、人员各扣2分: the 未 is said once
                condition = replace(first, subject=condition)
            self.decide(condition, replace(giving, points=(point,)), piece, fresh=True)
        self.shared = len(conditions)
        self.listed = [giving.points[0]] if len(giving.points) == 1 else None

    def decide(
        self,
        condition: tree.Condition | tree.Top | tree.Name,
        giving: Giving,
        piece: Piece,
        fresh: bool = False,
    ) -> None:
        """A condition with what it gives: a case of the list before it, or a clause of its own."""
        if giving.what in ("grade", "bar", "stop", "admit", "total", "indicator"):
            self.effect(condition, giving, piece)
            return
        if isinstance(condition, tree.Top | tree.TotalTest):
            raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
        condition = _filled(condition)
        last = self.clauses[-1] if self.clauses else None
        open_list = last if isinstance(last, tree.Bands | tree.YesNo) and not fresh else None
        inherited = _subjects(open_list.cases[-1].condition) if open_list else ()
        if None in _subjects(condition):
            known = [s for s in inherited if s is not None]
            if not known or len(set(map(_key, known))) > 1:
                raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)
            condition = cast(tree.Condition, _with_subject(condition, known[0]))
        if giving.per:
            raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
        own = {_key(s) for s in _subjects(condition) if s}
        each_of_it = isinstance(last, tree.Each) and isinstance(last.name, tree.Name) and own == {_key(last.name)}
        if each_of_it and not piece.again and giving.what == "points" and not fresh:
            raise Refused(
                d.TWO_READINGS,
                piece.span,
                ("在每次的基础上另加:前面写「再」或「另」", "on top of each: put “plus” in front"),
                ("按次数分档:把每一档都写成「一次…,两次…,三次及以上…」", "by bands: write every band out"),
                text=piece.span.text,
            )
        case = tree.Case(condition, self.gives(giving), piece.again)
        same = bool(open_list) and bool(own & {_key(s) for s in inherited if s})
        if open_list and same and (open_list.otherwise is None or piece.again) and not isinstance(piece, EachPiece):
            kind = tree.Bands if isinstance(open_list, tree.Bands) or not _facts_only(condition) else tree.YesNo
            self.clauses[-1] = kind(
                (*open_list.cases, case), open_list.otherwise, open_list.cap, open_list.span and open_list.span
            )
            return
        kind = tree.YesNo if _facts_only(condition) else tree.Bands
        # A clause that begins with 再/另 adds on its own: so does every clause about another fact.
        self.add(kind((replace(case, extra=False),), span=piece.span))

    def gives(self, giving: Giving) -> tree.Gives:
        match giving.what:
            case "no points":
                return tree.NoPoints()
            case "full":
                return tree.FullMarks()
            case "proportional":
                return tree.Proportional(*giving.points)
        return tree.Points(self.one(giving))

    def effect(self, condition: tree.Condition | tree.Top | tree.Name, giving: Giving, piece: Piece) -> None:
        if not isinstance(condition, tree.Top):
            condition = _filled(condition)
        score = isinstance(condition, tree.Top) or _is_score(condition)
        last = self.clauses[-1] if self.clauses else None
        if giving.what == "grade" and giving.grade and (score or isinstance(last, tree.Grade)):
            if not isinstance(condition, tree.Top):
                condition = _as_score(condition)
            case = tree.GradeCase(condition, giving.grade)
            if isinstance(last, tree.Grade):
                self.clauses[-1] = replace(last, cases=(*last.cases, case))
            else:
                self.add(tree.Grade((case,), span=piece.span))
            return
        if giving.what == "admit":
            if not isinstance(condition, tree.TotalTest):
                raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
            self.add(tree.Gate(condition, span=piece.span))
            return
        if isinstance(condition, tree.Top) or None in _subjects(condition):
            raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)
        value: tree.Name | Number | None = giving.grade
        if giving.what == "total":
            value = giving.points[0]
        self.add(tree.Veto(condition, giving.what, value, span=piece.span))  # type: ignore[arg-type]

    def otherwise(self, piece: OtherwisePiece) -> None:
        self.no_heads()
        last = self.clauses[-1] if self.clauses else None
        if piece.denied and isinstance(last, tree.Bands) and piece.giving and all(
            isinstance(case.condition, tree.Test | tree.Range) for case in last.cases
        ):
            # 未报送 behind bands of a count is the count 0, a band like the others.
            subject = _subject(last.cases[-1].condition)
            none = tree.Case(tree.Test(subject, "=", tree.Num(Decimal(0))), self.gives(piece.giving))
            self.clauses[-1] = replace(last, cases=(*last.cases, none))
            return
        if isinstance(last, tree.PriceList) and (piece.giving is None or _gives_nothing(piece.giving)):
            self.clauses[-1] = replace(last, others_nothing=True)
        elif isinstance(last, tree.Grade) and piece.giving and piece.giving.grade:
            self.clauses[-1] = replace(last, cases=(*last.cases, tree.GradeCase(None, piece.giving.grade)))
        elif isinstance(last, tree.Bands | tree.YesNo) and piece.giving and last.otherwise is None:
            if piece.giving.what in ("grade", "bar", "stop", "admit", "total", "indicator"):
                self.stray(piece)
            self.clauses[-1] = replace(last, otherwise=self.gives(piece.giving))
        else:
            self.stray(piece)

    # --- price lists ---

    def price(self, key: tree.Name, points: Number, span: Span, mark: str, signed: bool) -> None:
        last = self.clauses[-1] if self.clauses else None
        if not self.columns or not isinstance(last, tree.PriceList):
            raise Refused(d.STRAY_CLAUSE, span, text=span.text)
        if self.heads:
            raise Refused(d.NO_POINTS, self.heads[-1][0].span, text=self.heads[-1][0].span.text)
        if not signed and self.columns.sign < 0:
            points = negate(points)
        self.clauses[-1] = replace(last, prices=(*last.prices, tree.Price((key,), points)))

    def priced(self, piece: PricedPiece) -> None:
        keys = [*self.names(piece, "DUN", None), piece.key]
        giving = piece.giving
        if giving.what != "points" or not giving.each_of:
            raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
        points = list(giving.points)
        suffix = piece.key.text[-1:] if len(piece.key.text) > 1 and piece.key.text[-1] in "级类等" else ""
        if suffix:
            keys = [replace(k, text=k.text + suffix) if len(k.text) == 1 else k for k in keys]
        prices = tuple(tree.Price((key,), point) for key, point in zip(keys, points, strict=False))
        self.add(tree.PriceList(piece.name, (), prices, span=piece.span))
        self.pending_keys = keys
        self.listed = points
        if len(points) > len(keys):
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=len(keys), prices=len(points))

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
            prices = tuple(
                tree.Price((key,), point) for key, point in zip(self.pending_keys, self.listed, strict=False)
            )
            if len(self.listed) > len(self.pending_keys):
                raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=len(self.pending_keys), prices=len(self.listed))
            self.clauses[-1] = replace(last, prices=prices)
            return
        at = len(self.clauses) - self.since_mark + len(self.listed) - 1
        if at >= len(self.clauses):
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=self.since_mark, prices=len(self.listed))
        clause = self.clauses[at]
        if isinstance(clause, tree.Each):
            self.clauses[at] = replace(clause, points=points)
        elif isinstance(clause, tree.YesNo | tree.Bands):
            self.clauses[at] = replace(clause, cases=(replace(clause.cases[0], gives=tree.Points(points)),))

    def check_prices(self, clause: tree.PriceList) -> None:
        if clause.span is None:
            return
        keys = getattr(self, "pending_keys", None)
        if not clause.columns and keys and len(keys) != len(clause.prices):
            raise Refused(d.PRICES_DO_NOT_MATCH, clause.span, keys=len(keys), prices=len(clause.prices))
        if not clause.prices:
            raise Refused(d.NO_POINTS, clause.span, text=clause.span.text)
        seen = set()
        for price in clause.prices:
            key = tuple(_key(k) for k in price.keys)
            if key in seen:
                place = price.keys[0].span or clause.span
                raise Refused(d.TWO_PRICES, place, key=price.keys[0].text)
            seen.add(key)

    # --- caps and notes ---

    def capped(self, piece: CapPiece) -> None:
        self.no_heads()
        if not self.clauses:
            self.stray(piece)
        cap = tree.Cap(piece.limit, piece.per)
        signs = {sign for clause in self.clauses[-1:] for sign in _signs(clause)}
        if piece.sign and signs == {-piece.sign}:
            raise Refused(d.CAP_AGAINST_POINTS, piece.span, text=piece.span.text)
        if len(self.clauses) > 1 and (piece.whole or self.shared):
            if self.cap is not None:
                self.stray(piece)
            self.cap, self.capped_at = cap, len(self.clauses)
            if not piece.whole and self.shared != len(self.clauses):
                self.capped_at = -1  # only some of the clauses came from the list
        elif self.since_mark > 1:
            text = self.span.text
            raise Refused(
                d.TWO_READINGS,
                piece.span,
                (f"只限前一项:各项分成单独的句子,或用「;」隔开:{text}", "for the last clause: write it as a sentence"),
                ("限全部:写「合计最多…分」", "for all of them: \u201cat most … in total\u201d"),
                text=piece.span.text,
            )
        else:
            last = self.clauses[-1]
            if isinstance(last, tree.Veto | tree.Gate | tree.Grade) or last.cap is not None:
                self.stray(piece)
            else:
                self.clauses[-1] = replace(last, cap=cap)
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
            case "ignored" | "counts as one" | "pro rata" if isinstance(
                last, tree.Each | tree.ShortOf | tree.StepsFrom
            ):
                self.clauses[-1] = replace(last, policy=note.what)
            case "required" if isinstance(last, tree.ShortOf):
                pass  # taken with the step
            case "rounding" if isinstance(last, tree.Each | tree.ShortOf | tree.StepsFrom) and note.rounding in _STEPS:
                self.clauses[-1] = replace(last, policy=_STEPS[note.rounding])
            case "rounding" if isinstance(last, tree.Bands) and isinstance(last.otherwise, tree.EachStep):
                self.clauses[-1] = replace(last, otherwise=replace(last.otherwise, policy=_STEPS.get(note.rounding)))
            case "rounding" if isinstance(last, tree.Grade):
                *before, case = last.cases
                if not isinstance(case.condition, tree.Top):
                    self.stray(piece)
                else:
                    top = replace(case.condition, rounding=note.rounding)  # type: ignore[arg-type]
                    self.clauses[-1] = replace(last, cases=(*before, replace(case, condition=top)))
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


# 不足1个不计 is said of steps and of shares of a group alike.
_STEPS: dict[str, tree.PartialPolicy] = {"down": "ignored", "up": "counts as one"}


def _key(name: tree.Name | None) -> tuple[str, ...]:
    return name_atoms(name.text) if name else ()


def _name_of(head: Head) -> tree.Name | None:
    return head.basis[0] if head.basis else _subject(head.condition)


def _subject(condition: tree.Condition | tree.Top | tree.Name) -> tree.Name | None:
    if isinstance(condition, tree.Name):
        return condition
    if isinstance(condition, tree.Top):
        return tree.Name("")
    found = [s for s in _subjects(condition) if s]
    return found[0] if found else None


def _subjects(condition: tree.Condition | tree.Top | tree.Name | None) -> tuple[tree.Name | None, ...]:
    """The subjects of all tests; None for one that leaves it out (and a second test of an And takes the first's)."""
    match condition:
        case tree.And() | tree.Or():
            found = tuple(s for part in condition.parts for s in _subjects(part))
            return found if found[:1] == (None,) else tuple(s for s in found if s is not None)
        case tree.Test() | tree.Range() | tree.Fact():
            return (condition.subject,)
    return ()


def _with_subject(
    condition: tree.Condition | tree.Top | tree.Name, subject: tree.Name
) -> tree.Condition | tree.Top | tree.Name:
    match condition:
        case tree.Test(None) | tree.Range(None):
            return replace(condition, subject=subject)
        case tree.And() | tree.Or():
            parts = []
            for part in condition.parts:
                filled = cast(tree.Condition, _with_subject(part, subject))
                subject = _subject(filled) or subject
                parts.append(filled)
            return replace(condition, parts=tuple(parts))
    return condition


def _filled(condition: tree.Condition | tree.Name) -> tree.Condition:
    """A bare name as the fact it is; the later tests of an And or Or with the subject of the first."""
    if isinstance(condition, tree.Name):
        return tree.Fact(condition, bare=True)
    if isinstance(condition, tree.And | tree.Or):
        # What stands before any subject stays without: 90分及以上且现场35分及以上 is about the total first.
        parts: list[tree.Condition] = []
        subject: tree.Name | None = None
        for part in condition.parts:
            filled = cast(tree.Condition, _with_subject(part, subject)) if subject else part
            subject = _subject(filled) or subject
            parts.append(filled)
        return replace(condition, parts=tuple(parts))
    return condition


def _facts_only(condition: tree.Condition) -> bool:
    if isinstance(condition, tree.And | tree.Or):
        return all(_facts_only(part) for part in condition.parts)
    return isinstance(condition, tree.Fact)


def _is_top(node: object) -> bool:
    return isinstance(node, tree.Top)


def _is_score(condition: tree.Condition) -> bool:
    """A test of a score: of the total, without a subject, or against a number of points."""
    match condition:
        case tree.TotalTest():
            return True
        case tree.Test(subject, _, mark):
            return subject is None or (isinstance(mark, tree.Num) and mark.label == "分")
        case tree.Range(subject, low):
            return subject is None or (isinstance(low, tree.Num) and low.label == "分")
        case tree.And() | tree.Or():
            return any(_is_top(part) or _is_score(part) for part in condition.parts)
    return False


def _as_score(condition: tree.Condition) -> tree.Condition:
    match condition:
        case tree.Test(subject, op, tree.Num() as mark):
            return tree.TotalTest(op, mark, subject)
        case tree.Range(subject, tree.Num() as low, tree.Num() as high, low_in, high_in):
            return tree.And(
                (
                    tree.TotalTest(">=" if low_in is not False else ">", low, subject),
                    tree.TotalTest("<=" if high_in else "<", high, subject),
                )
            )
        case tree.And(parts) | tree.Or(parts):
            return replace(condition, parts=tuple(_as_score(part) for part in parts))
    return condition


def _exact_counts(bands: tree.Bands) -> bool:
    return all(isinstance(case.condition, tree.Test) and case.condition.op == "=" for case in bands.cases)


def _signs(clause: tree.Clause) -> Iterator[int]:
    """1 where a clause earns, -1 where it costs."""
    points: list[Number] = []
    match clause:
        case tree.Each() | tree.ShortOf() | tree.StepsFrom():
            points = [clause.points]
        case tree.YesNo() | tree.Bands():
            given = [case.gives for case in clause.cases] + [clause.otherwise]
            points = [g.value for g in given if isinstance(g, tree.Points)]
        case tree.PriceList():
            points = [price.points for price in clause.prices]
    for value in points:
        if value:
            yield 1 if value > 0 else -1


def _gives_nothing(giving: Giving) -> bool:
    return giving.what == "no points" or giving.points == (Decimal(0),)


def _short_of(name: tree.Name, mark: tree.Mark, size: tree.Num, points: Number, per: object, span: Span) -> tree.Clause:
    if (isinstance(mark, tree.Num) and mark.kind is Kind.RATE) or isinstance(mark, tree.Day):
        return tree.StepsFrom(name, mark, True, size, points, span=span)
    return tree.ShortOf(name, mark, size, points, per, span=span)  # type: ignore[arg-type]


def _beyond(name: tree.Name, mark: tree.Mark, below: bool, size: tree.Num, points: Number, span: Span) -> tree.Clause:
    """A count beyond a plain number is S1 (超过3人的部分); beyond anything else it is steps from a mark."""
    if not below and isinstance(mark, tree.Num) and mark.kind is Kind.NUMBER and size.kind is Kind.NUMBER:
        return tree.Each(name, size, points, mark, span=span)
    return tree.StepsFrom(name, mark, below, size, points, span=span)


def words_of(clauses: Sequence[tree.Clause]) -> Iterator[tree.Name]:
    """Every name that the clauses mention as a fact, with its place."""
    for clause in clauses:
        yield from _names(clause)


def _names(node: object) -> Iterator[tree.Name]:
    if isinstance(node, tree.Name):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from _names(part)
    elif hasattr(node, "__dataclass_fields__") and not isinstance(node, Span):
        for field in node.__dataclass_fields__:
            yield from _names(getattr(node, field))
