"""Deadlines of a sentence, joined from its pieces: what is done by a day, what is late, what is never done."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import key_of
from gkxl.language.join_each import EachJoiner
from gkxl.language.pieces import (
    ONE,
    CasePiece,
    EachPiece,
    Giving,
    Head,
    LatePiece,
    OtherwisePiece,
    Piece,
    Refused,
    StepPiece,
)
from gkxl.language.time_words import is_time, time_unit
from gkxl.periods import TimeUnit
from gkxl.values import Kind, multiply


class LateJoiner(EachJoiner):
    """`verb`: what is to be done by the day; `late_head`: 逾期的, whose consequence follows."""

    verb = ""
    due_name: tree.Name | None = None  # what a test with no other subject is about: 24小时内回复
    late_head: LatePiece | None = None

    def note_due(self, piece: Head | CasePiece) -> None:
        if piece.due is not None:
            self.verb = piece.due.verb
            self.due_name = tree.Name(piece.due.verb, piece.due.span)
            if not piece.due.done:
                raise Refused(d.NO_POINTS, piece.span, text=piece.span.text)

    def due_names(self, condition: tree.Condition, piece: Piece) -> list[tree.Name]:
        """What a test is about that names nothing: what is to be done (24小时内回复), or the one time there is."""
        name, self.due_name = self.due_name, None
        if name is None and isinstance(condition, tree.Test) and is_time(condition.mark):
            name = tree.Name(piece.span.text, piece.span)
        return [name] if name else []

    def takes_time(self, piece: CasePiece) -> bool:
        """Takes 3月31日前未公开的扣5分, 未公开年报的扣5分 behind a deadline of it, 超过20天的扣2分/件; False for what is none."""
        due, condition = piece.due, piece.condition
        if isinstance(condition, tree.Test) and piece.giving.per and is_time(condition.mark) and not self.heads:
            self.each_late(condition, piece)  # 超过20个工作日的扣2分/件
            return True
        if due is not None and not due.done:
            self.no_heads()
            self.verb = due.verb
            given = self.of_time(piece.giving)
            if due.test.subject is None:
                self.stray(piece)
            else:
                day = self.day_of(due.test, piece)
                self.add(tree.Deadline(due.test.subject, (tree.By(day),), given, given, verb=due.verb, span=piece.span))
            return True
        if isinstance(condition, tree.Fact) and not condition.holds and not piece.again:
            deadline = self.deadline()
            if deadline is not None and key_of(deadline.name) == key_of(condition.subject):
                self.put(replace(deadline, never=self.of_time(piece.giving)), piece)
                return True
        self.note_due(piece)
        return False

    def late(self, piece: LatePiece) -> None:
        deadline = self.deadline()
        if deadline is None:
            self.stray(piece)
        elif piece.giving is None:
            self.put(deadline, piece)
            self.late_head = piece
        else:
            self.put(replace(deadline, late=self.lateness(piece.giving, piece.size, piece)), piece)

    def late_steps(self, piece: EachPiece | StepPiece) -> bool:
        """逾期的,每天扣1分; 每迟1天扣1分 behind a deadline."""
        size = piece.size
        if isinstance(piece, StepPiece):
            fits = piece.direction in ("late", "above", "") and piece.mark is None and piece.head is None
            if piece.name is not None and time_unit(piece.name.text)[0]:  # each day late
                size = replace(size, label=piece.name.text)
            elif piece.name is not None and not (piece.direction == "late" and piece.word):
                fits = False  # 每迟报1天 has the verb behind its 迟
        else:
            fits = piece.name is None and piece.late is None and not piece.open
        if not fits or not is_time(size):
            return False
        deadline = self.deadline()
        if deadline is None or (deadline.late is not None and self.late_head is None):
            return False
        self.put(replace(deadline, late=self.lateness(piece.giving, size, piece)), piece)
        return True

    def deadline_otherwise(self, piece: OtherwisePiece) -> bool:
        """未公开不得分, 否则扣2分 behind a deadline."""
        last = self.clauses[-1] if self.clauses else None
        if not piece.denied and not isinstance(last, tree.Deadline) and not self.heads:
            return False  # 3月31日前得5分,否则不得分 is a list like any other
        deadline = self.deadline()
        if deadline is None or piece.giving is None:
            return False
        given = self.of_time(piece.giving)
        if piece.denied:
            deadline = replace(deadline, never=given)
        else:
            deadline = replace(deadline, never=deadline.never or given, late=deadline.late or given)
        self.put(deadline, piece)
        return True

    def deadline(self) -> tree.Deadline | None:
        """The deadline that a head, or the list before, opens; not yet among the clauses."""
        if len(self.heads) == 1:
            test = self.heads[0][0].condition
            named = isinstance(test, tree.Test) and test.subject and isinstance(test.mark, tree.Day | tree.DayOf)
            head = self.heads[0][0]
            if not named or cast(tree.Test, test).op not in ("<=", "<" if head.due else "<="):
                return None
            test = cast(tree.Test, test)
            day = self.day_of(test, head)
            return tree.Deadline(cast(tree.Name, test.subject), (tree.By(day),), verb=self.verb, span=head.span)
        last = self.clauses[-1] if self.clauses else None
        if self.heads or isinstance(last, tree.Deadline):
            return last if isinstance(last, tree.Deadline) and not self.heads else None
        if not isinstance(last, tree.Bands) or last.otherwise is not None or last.cap is not None:
            return None
        by = []
        for case in last.cases:
            test = case.condition
            if case.extra or not isinstance(test, tree.Test) or test.op != "<=":
                return None
            if not isinstance(test.mark, tree.Day | tree.DayOf):
                return None
            by.append(tree.By(self.day_of(test, None), case.gives))
        name = cast(tree.Test, last.cases[0].condition).subject
        assert name is not None
        return tree.Deadline(name, tuple(by), verb=self.verb, span=last.span)

    def put(self, deadline: tree.Deadline, piece: Piece) -> None:
        """In place of what it was made of."""
        self.late_head = None
        if self.heads:
            self.take_heads()
            self.add(deadline)
        else:
            self.clauses[-1] = deadline

    def day_of(self, test: tree.Test, piece: Piece | None) -> tree.Day | tree.DayOf:
        """The last day that is on time: 前 includes the day, before does not."""
        if test.op == "<":
            span = piece.span if piece else self.span
            raise Refused(
                d.UNREADABLE, span, ("写作「前」「不晚于」", "write “by”, which includes the day"), text=span.text
            )
        return cast("tree.Day | tree.DayOf", test.mark)

    def of_time(self, giving: Giving) -> tree.Gives:
        """得0分 of a deadline is 不得分; 不扣分 is not."""
        zero = giving.what == "points" and giving.points == (Decimal(0),) and giving.span is not None
        if zero and giving.span is not None and any(char.isdigit() for char in giving.span.text):
            return tree.NoPoints()
        if giving.what not in ("points", "no points", "full"):
            assert giving.span is not None
            raise Refused(d.NO_POINTS, giving.span, text=giving.span.text)
        return self.gives(giving)

    def lateness(self, giving: Giving, size: tree.Num | None, piece: Piece) -> tree.Gives:
        """逾期扣2分, or so many points for each day."""
        if size is None and giving.per and giving.span is not None:
            size = replace(ONE, label=giving.span.text.rpartition("/")[2].strip())
        if size is None:
            return self.of_time(giving)
        if not is_time(size) or size.kind is not Kind.NUMBER:
            self.stray(piece)
        return tree.EachStep(size, self.one(giving))

    def step(self, piece: StepPiece) -> None:
        """每迟报1天扣1分 on its own is about the days late."""
        word = piece.word
        alone = word and piece.direction == "late" and is_time(piece.size) and not self.heads and not self.last_head
        if alone and word and not self.clauses:
            self.add(tree.Each(word, piece.size, self.one(piece.giving), span=piece.span))
        else:
            super().step(piece)

    # --- rows that took too long ---

    def each(self, piece: EachPiece, mark: str) -> None:
        test = piece.late
        if test is None and len(self.heads) == 1 and piece.name is None and piece.beyond is None:
            head = self.heads[0][0]
            condition = head.condition
            limit = isinstance(condition, tree.Test) and is_time(condition.mark) and not is_time(piece.size)
            if limit and not head.portion and not head.basis:
                self.take_heads()
                test = cast(tree.Test, condition)
        if test is None:
            super().each(piece, mark)
            return
        self.no_heads()
        if piece.size.value != 1 or piece.giving.what != "points":
            raise Refused(d.NO_POINTS, piece.span, text=piece.span.text)
        self.each_late(test, piece)

    def each_late(self, test: tree.Test, piece: EachPiece | CasePiece) -> None:
        mark = cast(tree.Num, test.mark)
        unit, factor = time_unit(mark.label)
        if test.op not in (">", ">=") or unit is None or unit is TimeUnit.MONTH:
            raise Refused(d.UNREADABLE, piece.span, text=piece.span.text)
        limit = replace(mark, value=multiply(mark.value, factor))
        self.add(tree.EachLate(test.subject, test.op, limit, unit, self.one(piece.giving), span=piece.span))
