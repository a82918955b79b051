"""Each, exact counts and steps of a sentence, joined from its pieces."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn, cast

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import (
    exact_counts,
    key_of,
    name_of,
    short_of,
    steps_beyond,
    subject_of,
)
from gkxl.language.join_places import PlaceJoiner
from gkxl.language.pieces import (
    CountdownPiece,
    EachPiece,
    Giving,
    Head,
    Piece,
    PlacesPiece,
    Refused,
    StepPiece,
)
from gkxl.language.rewording import from_or_beyond
from gkxl.values import Kind, Number, negate

_TIMES = frozenset(("天", "日", "个工作日", "工作日", "小时", "个小时", "分钟", "周", "个月"))


class EachJoiner(PlaceJoiner):
    """每 in all its shapes."""

    def each(self, piece: EachPiece, mark: str) -> None:
        giving, name = piece.giving, piece.name
        if self.open_keys and name is None:
            self.keyed_points(giving, piece)
            return
        if self.excess is not None and name is None and self.exceeded(piece.size, self.one(giving), piece):
            return
        if isinstance(name, tree.Name) and not piece.beyond and giving.what == "points":
            self.open_list_of(mark)
            if self.columns and giving.each_of and mark in ("DUN", "COLON"):
                self.list_prices([*self.key_heads(), name], giving.points, piece)
                return
            if not self.heads and len(giving.points) == 1 and self.takes_price(name, mark, giving.points[0]):
                self.price((name,), giving.points[0], piece.span, signed=True)
                return
        if isinstance(name, tree.PeriodsWith):
            self.no_heads()
            self.add(tree.Each(name, piece.size, self.one(giving), span=piece.span))
            return
        if piece.plain and not self.heads and (self.counted_on(piece) or self.reached(piece)):
            return
        if (
            piece.plain and name is None and not self.heads and piece.size.kind is Kind.RATE
        ):  # 90%得8分, with nothing before it
            self.stray(piece)
        same = name is None or (self.plain_name is not None and key_of(name) == self.plain_name)
        if piece.plain and same and not self.heads and self.exact(piece):
            return
        if len(self.heads) == 1 and self.heads[0][0].portion and name is None:
            test = self.take_heads()[0].condition
            if not isinstance(test, tree.Test) or test.subject is None:
                raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)
            self.add(self.each_clause(replace(piece, beyond=test), test.subject, self.one(giving)))
            return
        names = self.names(piece, "DUN" if piece.others else mark, name)
        names[-1:-1] = piece.others  # typos, dead links and late replies: what stands before a comma is first
        if not names and piece.counted:
            raise Refused(d.STRAY_CLAUSE, piece.span, text=piece.span.text)
        if not names:
            self.no_mark(piece)
        points = list(giving.points)
        if len(points) > 1 and len(points) != len(names):
            raise Refused(d.PRICES_DO_NOT_MATCH, piece.span, keys=len(names), prices=len(points))
        if giving.what != "points":
            raise Refused(d.NO_POINTS, piece.span, text=piece.span.text)
        if len(points) == 1:
            points = points * len(names)
        for one, point in zip(names, points, strict=True):
            self.add(self.each_clause(piece, one, point))
        self.shared = len(names) if len(names) > 1 else 0
        self.open_list(giving, names)
        self.plain = piece if piece.plain and len(names) == 1 else None
        self.plain_name = key_of(names[0]) if self.plain else None

    def no_mark(self, piece: EachPiece) -> NoReturn:
        """例会每次加1分,5次得10分: at least 5, below 5 or just 5; on its own, 5 of nothing."""
        said = piece.span.text
        if not self.clauses:
            raise Refused(d.STRAY_CLAUSE, piece.span, text=said)
        last = self.clauses[-1]
        name = last.name.text if isinstance(last, tree.Each) and isinstance(last.name, tree.Name) else ""
        notes = (
            (f"至少这么多:{name}达{said}", f"at least: at least {said}"),
            (f"不到这么多:{name}少于{said}", f"below: fewer than {said}"),
            (f"正好这么多:{name}为{said}", f"just that: exactly {said}"),
        )
        raise Refused(d.TWO_READINGS, piece.span, *notes, text=said)

    def open_list(self, giving: Giving, names: list[tree.Name]) -> None:
        self.listed = list(giving.points) if giving.each_of and len(names) > 1 and len(giving.points) == 1 else None

    def each_clause(self, piece: EachPiece, name: tree.Name, points: Number) -> tree.Clause:
        test = piece.beyond
        if test is None:
            return tree.Each(name, piece.size, points, span=piece.span)
        if test.op == "<":
            return short_of(name, test.mark, piece.size, points, None, piece.span)
        if test.op == ">=":
            raise Refused(d.TWO_READINGS, piece.span, *from_or_beyond(self.span, name, test.mark), text=piece.span.text)
        return steps_beyond(name, test.mark, False, piece.size, points, piece.span)

    def exact(self, piece: EachPiece | None = None) -> bool:
        """一次扣3分,两次扣5分 are exact counts: the first, read as 每次, becomes the band it is."""
        last = self.clauses[-1] if self.clauses else None
        if self.plain and isinstance(last, tree.Each) and isinstance(last.name, tree.Name):
            test = tree.Test(last.name, "=", last.size)
            last = tree.Bands((tree.Case(test, tree.Points(last.points)),), span=last.span)
            self.clauses[-1] = last
            self.plain = None
        elif piece is None or not isinstance(last, tree.Bands) or not exact_counts(last):
            return False
        if piece is not None:
            subject = subject_of(last.cases[0].condition)
            case = tree.Case(tree.Test(subject, "=", piece.size), self.gives(piece.giving))
            self.clauses[-1] = replace(last, cases=(*last.cases, case))
        return True

    def counted_on(self, piece: EachPiece) -> bool:
        """no absence earns 5, one absence earns 3: a further band of the list before."""
        last = self.clauses[-1] if self.clauses else None
        if piece.counted != "exactly" or not isinstance(last, tree.Bands | tree.YesNo):
            return False
        subject = subject_of(last.cases[-1].condition)
        own = piece.name if isinstance(piece.name, tree.Name) else None
        if subject is None or (own and key_of(own) != key_of(subject)):
            return False
        case = tree.Case(tree.Test(subject, "=", piece.size), self.gives(piece.giving))
        self.clauses[-1] = tree.Bands((*last.cases, case), last.otherwise, last.cap, last.span)
        return True

    def each_time(self, piece: EachPiece) -> bool:
        """每月公开少于4条,每次扣2分: each time is each month, since what is counted has another measure word."""
        said = self.heads[0][0].condition if len(self.heads) == 1 else None
        if not isinstance(said, tree.Test | tree.Fact) or said.subject is None or said.subject.per is None:
            return False
        counted = said.mark.label if isinstance(said, tree.Test) and isinstance(said.mark, tree.Num) else ""
        return piece.name is None and piece.label == "次" != counted and piece.size.value == 1

    def reached(self, piece: EachPiece) -> bool:
        """达10条得20分,5条得10分: the first word holds for the lower marks behind it."""
        last = self.clauses[-1] if self.clauses else None
        test = last.cases[-1].condition if isinstance(last, tree.Bands) and last.otherwise is None else None
        if not isinstance(last, tree.Bands) or not isinstance(test, tree.Test) or piece.name is not None:
            return False
        mark, size = test.mark, piece.size
        if not isinstance(mark, tree.Num) or mark.kind is not size.kind or mark.label != size.label or test.op == "=":
            return False
        if test.op != ">=" or size.value >= mark.value:
            raise Refused(
                d.TWO_READINGS,
                piece.span,
                (f"达到就算:写「达{size.written}…」", f"at least: say “at least {size.written}”"),
                (f"正好是:写「等于{size.written}…」", f"exactly: say “exactly {size.written}”"),
                text=piece.span.text,
            )
        case = tree.Case(replace(test, mark=size), self.gives(piece.giving), piece.again)
        self.clauses[-1] = replace(last, cases=(*last.cases, case))
        return True

    def lone_count(self) -> None:
        """one absence costs 3, with no other count after it: each, or exactly one?"""
        plain, last = self.plain, self.clauses[-1] if self.clauses else None
        if (
            plain is None
            or not plain.counted
            or not isinstance(last, tree.Each)
            or not isinstance(last.name, tree.Name)
        ):
            return
        if plain.counted == "exactly" and plain.size.value:
            raise Refused(
                d.TWO_READINGS,
                plain.span,
                ("每一个:each", "for each: write \u201ceach\u201d in front"),
                ("正好这么多:exactly", "for exactly so many: write \u201cexactly\u201d in front"),
                text=plain.span.text,
            )
        self.exact()
        if plain.counted == "first":
            bands = cast(tree.Bands, self.clauses[-1])
            test = replace(cast(tree.Test, bands.cases[0].condition), op=">=")
            self.clauses[-1] = replace(bands, cases=(replace(bands.cases[0], condition=test),))

    def countdown(self, piece: CountdownPiece) -> None:
        """达70%得50分,未达的每少1个百分点扣1分."""
        last = self.clauses[-1] if self.clauses else None
        points = self.one(piece.giving)
        test = last.cases[0].condition if isinstance(last, tree.Bands) and len(last.cases) == 1 else None
        if not isinstance(last, tree.Bands) or not isinstance(test, tree.Test) or test.op != ">=" or points > 0:
            self.stray(piece)
        else:
            self.clauses[-1] = replace(last, otherwise=tree.EachStep(piece.size, points))

    def counts_down(self, head: Head) -> bool:
        """Whether it is below the mark of the band before it, and nothing else."""
        last, test = self.clauses[-1] if self.clauses else None, head.condition
        if not isinstance(last, tree.Bands) or not isinstance(test, tree.Test) or test.op != "<":
            return False
        above = last.cases[0].condition
        known = isinstance(above, tree.Test) and above.op == ">=" and above.mark == test.mark
        return known and len(last.cases) == 1 and test.subject in (None, subject_of(above))

    def step(self, piece: StepPiece) -> None:
        ranking = self.clauses[-1] if self.clauses else None
        if isinstance(ranking, tree.Places) and piece.direction == "below" and not self.heads:
            points = self.one(piece.giving)  # 每后移1名减1分
            if points >= 0 or piece.size.value != 1:
                self.stray(piece)
            self.ranked(PlacesPiece(piece.span, what="less", points=(negate(points),)))
            return
        points = self.one(piece.giving)
        if self.exceeded(piece.size, points, piece):
            return
        note = next((n for n in piece.notes if n.what == "required"), None)
        required = note.number if note else None
        before, self.last_step = self.last_step, piece
        if before and before.plain and piece.plain and not self.heads:
            raise Refused(
                d.TWO_READINGS,
                piece.span,
                ("每少1次都扣:写「每少1次扣…分」一句就够", "each one short: say it once with “each”"),
                ("按少的次数分档:写「少于…次扣…分,少于…次扣…分」", "by bands: fewer than …, fewer than …"),
                text=piece.span.text,
            )
        if piece.mark is not None and piece.name:
            self.no_heads()
            below = piece.direction == "below"
            clause = steps_beyond(piece.name, piece.mark, below, piece.size, points, piece.span)
            if isinstance(clause, tree.StepsFrom):
                clause = replace(clause, share_of=piece.share_of)
            self.add(clause)
            return
        if required and piece.name:
            self.no_heads()
            self.add(short_of(piece.name, required, piece.size, points, note.per if note else None, piece.span))
            return
        last = self.clauses[-1] if self.clauses else None
        if not self.heads and self.plain and piece.direction == "above" and isinstance(last, tree.Each):
            # 建成1座得10分,每增加一座加5分: 10, and 5 for each beyond the number named
            self.exact()
            first = cast(tree.Bands, self.clauses[-1])
            test = cast(tree.Test, first.cases[0].condition)
            name = cast(tree.Name, test.subject)
            self.clauses[-1] = replace(first, cases=(replace(first.cases[0], condition=replace(test, op=">=")),))
            self.add(steps_beyond(name, test.mark, False, piece.size, points, piece.span))
            return
        if not self.heads and isinstance(last, tree.Bands) and self.from_band(last, piece, points):
            return
        if piece.name and not self.heads and piece.size.label in _TIMES and piece.direction != "below":
            # 整改超期每超1天扣1分: what is counted in days is late already
            self.add(tree.Each(piece.name, piece.size, points, span=piece.span))
            return
        said = self.heads[0][0].condition if len(self.heads) == 1 else None
        if isinstance(said, tree.Name) and piece.direction == "late" and piece.name is None:
            self.take_heads()  # 整改逾期,每逾期1天扣1分
            self.add(tree.Each(said, piece.size, points, span=piece.span))
            return
        heads = self.take_heads()
        head = heads[-1] if heads else self.last_head
        said = name_of(head) if head else None
        if head is None or len(heads) > 1 or (piece.name and said and key_of(said) != key_of(piece.name)):
            raise Refused(d.NO_REQUIREMENT, piece.span, text=piece.span.text)
        name, mark = self.mark_of(head, piece)
        below = piece.direction == "below"
        if not piece.direction:  # costs 1 per percentage point: that of the mark
            below = isinstance(head.condition, tree.Test) and head.condition.op in ("<", ">=")
        counted = isinstance(mark, tree.Name | tree.Share) or (isinstance(mark, tree.Num) and mark.kind is Kind.NUMBER)
        requirement = isinstance(head.condition, tree.Test) and (
            head.condition.op == ">=" or (piece.size.kind is Kind.NUMBER and bool(piece.size.label))
        )
        if piece.share_of is not None:
            self.add(tree.StepsFrom(name, mark, below, piece.size, points, share_of=piece.share_of, span=piece.span))
        elif below and counted and requirement and piece.size.kind is Kind.NUMBER:
            self.add(short_of(name, mark, piece.size, points, head.per, piece.span))
        else:
            self.add(steps_beyond(name, mark, below, piece.size, points, piece.span))

    def exceeded(self, size: tree.Num, points: Number, piece: Piece) -> bool:
        """超规定数10%加1分,再每20%加1分: the steps begin at the mark, and are shares of what it is a share of."""
        excess, self.excess = self.excess, None
        if excess is None:
            return False
        first = cast(tree.Bands, self.clauses[-1]).cases[0].condition
        if not piece.again or size.kind is not Kind.RATE or not isinstance(first, tree.Test):
            raise excess
        mark, name = cast(tree.Share, first.mark), cast(tree.Name, first.subject)
        self.add(tree.StepsFrom(name, mark, False, size, points, share_of=mark.of, span=piece.span))
        return True

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
            self.add(steps_beyond(test.subject, test.mark, False, piece.size, points, piece.span))
            return True
        return False

    def mark_of(self, head: Head, piece: StepPiece) -> tuple[tree.Name, tree.Mark]:
        if head.basis:
            name, mark = head.basis
            name = name or piece.name
            if name:
                return name, mark
        elif isinstance(head.condition, tree.Test) and head.condition.subject and head.condition.op != "=":
            return head.condition.subject, head.condition.mark
        raise Refused(d.NO_REQUIREMENT, piece.span, text=piece.span.text)
