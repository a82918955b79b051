"""每 and its steps in the grammar's tree → their pieces, with the conditions in front of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import negated
from gkxl.language.pieces import (
    ONE,
    CountdownPiece,
    Due,
    EachPiece,
    Giving,
    Head,
    Quantity,
    Refused,
    StepPiece,
)
from gkxl.language.read_en import EnglishReader
from gkxl.language.read_marks import OPS, Node, by_period, flat, tokens_of
from gkxl.language.time_words import is_time
from gkxl.periods import PeriodKind
from gkxl.values import negate

# 均达, 有一项低于: the first character of a comparison of several names.
_ALL, _ANY = frozenset("均都全"), frozenset("有任其")


class StepReader(EnglishReader):
    """A method per rule, as in MarkReader."""

    def head(self, children: Sequence[Node]) -> Head:
        node = next(c for c in children if isinstance(c, Tree))
        condition, per = self._condition(node)
        due = condition if isinstance(condition, Due) else None
        condition = due.test if due else condition
        if isinstance(children[0], Token) and children[0].type == "UNLESS":
            condition = negated(condition, self.span(node))
        every, unknown = self._every(node), self._denies_unknown(condition)
        return Head(self.span(children), condition=condition, per=per, every=every, unknown=unknown, due=due)

    def _denies_unknown(self, condition: object) -> bool:
        """不完整 behind 资料完整: part of a name, denied."""
        denies = isinstance(condition, tree.Fact) and not condition.holds
        return denies and self.line.vocabulary.find(cast(tree.Fact, condition).subject.text) is None

    def _every(self, node: Node | Sequence[Node]) -> Quantity:
        """均达100%: of each of the names before it; 有一项低于90%: of any."""
        said = next((str(t)[0] for t in tokens_of(node) if t.type.startswith("PRE_")), "")
        return "all" if said in _ALL else "any" if said in _ANY else ""

    def _unit(self, node: Node) -> tree.Num:
        """The size and measure word of 每5条, 一次, 每发现一处."""
        tokens = tokens_of(node)
        label = next((str(t) for t in tokens if t.type == "LABEL"), "")
        number = next((t for t in tokens if t.type == "NUMBER"), None)
        return self.number(number, label) if number else self.one(label)

    def each(self, children: Sequence[Node]) -> EachPiece:
        loose = [c for c in children if isinstance(c, Token) and c.type in ("NUMBER", "LABEL")]
        piece = self._each_head(children[:-1])
        return replace(piece, span=self.span(children), giving=self._giving(children[-1]), plain=bool(loose))

    def zh_each(self, children: Sequence[Node]) -> EachPiece:
        head: EachPiece = self.read(cast("Tree[Token]", children[0]))
        return replace(head, span=self.span(children), giving=self._giving(children[-1]))

    def zh_each_head(self, children: Sequence[Node]) -> EachPiece:
        conditions = [c for c in children if isinstance(c, Tree) and c.data in ("all_of", "any_of")]
        if conditions:  # 发现错链的每处…
            fact, _ = self._condition(conditions[0])
            if isinstance(fact, tree.Test) and is_time(fact.mark):  # 超过20个工作日的每件…
                return replace(self._each_head(children[1:]), span=self.span(children), late=fact)
            if isinstance(fact, tree.Or) and all(isinstance(part, tree.Fact) and part.bare for part in fact.parts):
                names = [cast(tree.Fact, part).subject for part in fact.parts]  # 迟到或早退每次…
                return replace(self._each_head(children), name=names[-1], others=tuple(names[:-1]))
            if not isinstance(fact, tree.Fact) or not fact.holds:
                raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return self._each_head(children)

    def named_head(self, children: Sequence[Node]) -> EachPiece:
        return self._each_head(children)

    def each_open(self, children: Sequence[Node]) -> EachPiece:
        first = children[0]
        piece = self.read(first) if isinstance(first, Tree) else self._each_head(children)
        return cast(EachPiece, replace(piece, open=True))

    def _each_head(self, children: Sequence[Node]) -> EachPiece:
        """The name, size and measure word of an each, wherever they stand."""
        tokens = flat(children)
        name = next((self.name(t) for t in tokens if t.type == "NAME"), None)
        number = next((t for t in tokens if t.type == "NUMBER"), None)
        label = next((str(t) for t in tokens if t.type == "LABEL"), "")
        size = self.number(number, label) if number else self.one(label)
        return EachPiece(self.span(children), name=name, size=size, label=label)

    def each_by(self, children: Sequence[Node]) -> EachPiece:
        """信息按每条2分计分."""
        numbers = [c for c in children if isinstance(c, Token) and c.type == "NUMBER"]
        points = self.points(numbers[-1])
        giving = Giving(
            "points", (points if str(children[-1]) == "earn" else negate(points),), span=self.span(children)
        )
        size = next((self._unit(c) for c in children if isinstance(c, Tree) and c.data == "zh_unit"), ONE)
        return EachPiece(
            self.span(children), name=self.read(cast("Tree[Token]", children[0])), size=size, giving=giving
        )

    def each_named(self, children: Sequence[Node]) -> EachPiece:
        piece = self._each_head(children[:-1])
        plain = not any(t.type == "EVERY" for t in flat(children[:-1]))
        return replace(piece, span=self.span(children), giving=self._giving(children[-1]), plain=plain)

    def zh_beyond(self, children: Sequence[Node]) -> EachPiece:
        test = self.read(cast("Tree[Token]", children[0]))
        if not isinstance(test, tree.Test) or test.op not in (">", ">="):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        units = [c for c in children if isinstance(c, Tree) and c.data == "zh_unit"]
        giving = self._giving(children[-1])
        if not units and not giving.per:
            raise Refused(d.NO_POINTS, self.span(children), text=self.span(children).text)
        size = self._unit(units[0]) if units else tree.Num(Decimal(1))
        return EachPiece(self.span(children), name=test.subject, size=size, giving=giving, beyond=test)

    def zh_periods(self, children: Sequence[Node]) -> EachPiece:
        tokens = [c for c in children if isinstance(c, Token)]
        name = next(t for t in tokens if t.type == "NAME")
        unit = PeriodKind(str(next(t for t in tokens if t.type == "MONTHS")))
        band = next((c for c in children if isinstance(c, Tree) and c.data == "zh_few"), None)
        test = self._banded(band, None) if band is not None else tree.Test(None, "=", tree.Num(Decimal(0)))
        if not isinstance(test, tree.Test) or not isinstance(test.mark, tree.Num):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        inner = tree.PeriodsWith(unit, self.name(name), test.op, test.mark.value)
        return EachPiece(self.span(children), name=inner, giving=self._giving(children[-1]))

    def _size(self, node: Node) -> tree.Num:
        return self._unit(node)

    def zh_step(self, children: Sequence[Node]) -> StepPiece:
        step = next(c for c in children if isinstance(c, Token) and c.type == "STEP")
        first = children[0]
        name = self.read(first) if isinstance(first, Tree) and first.data == "zh_subject" else None
        size = next(c for c in children if isinstance(c, Tree) and c.data == "zh_size")
        said = [c for c in children if isinstance(c, Token) and c.type in ("STEP", "VERB")]  # 迟报
        return StepPiece(
            self.span(children),
            direction=str(step),
            size=self._size(size),
            giving=self._giving(children[-1]),
            name=name,
            word=tree.Name(self.span(said).text, self.span(said)),
            plain=not any(isinstance(c, Token) and c.type == "EVERY" for c in children),
        )

    def step_open(self, children: Sequence[Node]) -> StepPiece:
        """每少1%, with what it gives behind the comma."""
        first = children[0]
        name = self.read(first) if isinstance(first, Tree) and first.data == "zh_subject" else None
        direction = next(str(c) for c in children if isinstance(c, Token) and c.type == "STEP")
        return StepPiece(self.span(children), direction=direction, size=self._size(children[-1]), name=name, open=True)

    def step_again(self, children: Sequence[Node]) -> StepPiece:
        return replace(self.zh_step(children), again=True)

    def step_beyond(self, children: Sequence[Node]) -> StepPiece:
        """投诉量比上年同期数每上升10%, 投诉量每超控制数1件."""
        marks = [c for c in children[1:-1] if not (isinstance(c, Token) and c.type in ("EVERY", "STEP", "THAN"))]
        found = marks[0]
        mark = self.name(found) if isinstance(found, Token) else self.read(found)[0]
        return replace(self.zh_step([c for c in children if c is not found]), mark=mark)

    def stepped(self, children: Sequence[Node]) -> StepPiece:
        """超过3次后每增加1次: the condition and its steps without a comma between them."""
        first = cast("Tree[Token]", children[0])
        head: Head = self.read(first) if first.data == "zh_basis" else self.head([first])
        step = next(str(c) for c in children if isinstance(c, Token) and c.type == "STEP")
        stepping = cast("Tree[Token]", children[-2]).children
        of = None
        if isinstance(stepping[0], Token):  # 每高任务数的20%
            of, size = self.name(stepping[0]), self.number(stepping[-1])
        else:
            size = self._size(stepping[0])
        giving = self._giving(children[-1])
        return StepPiece(self.span(children), direction=step, size=size, giving=giving, head=head, share_of=of)

    def zh_than_step(self, children: Sequence[Node]) -> StepPiece:
        """结案率比上年每下降1个百分点扣1分."""
        test = self._changed(children)
        return StepPiece(
            self.span(children),
            direction="below" if test.op == "<" else "above",
            size=self._size(next(c for c in children if isinstance(c, Tree) and c.data == "zh_size")),
            giving=self._giving(children[-1]),
            name=test.subject,
            mark=test.mark,
        )

    def zh_than_mark(self, children: Sequence[Node]) -> StepPiece:
        """完成率比90%每低1个百分点扣1分."""
        amount = next(c for c in children if isinstance(c, Tree) and c.data == "zh_amount")
        rest = [c for c in children if c is not amount]
        return replace(self.zh_step(rest), name=self.name(flat(children)[0]), mark=self.read(amount)[0])

    def zh_step_named(self, children: Sequence[Node]) -> StepPiece:
        tokens = {t.type: t for t in children if isinstance(t, Token)}
        said = tokens["NAME"]
        verb = len(said) == 1 and said in self.line.text[: said.start_pos] and not self.line.vocabulary.find(said)
        return StepPiece(
            self.span(children),
            direction=str(tokens["STEP"]),
            size=self.number(tokens["NUMBER"], str(tokens["LABEL"])),
            giving=self._giving(children[-1]),
            name=None if verb else self.name(said),  # 巡河不少于4次,每少巡1次
            word=tree.Name(self.span([tokens["STEP"], tokens["NAME"]]).text, self.span(tokens["STEP"])),
        )

    def item_required(self, children: Sequence[Node]) -> StepPiece:
        """会议(不少于4次)每少1次扣1分: the requirement in brackets behind the name."""
        head, note, step = (self.read(cast("Tree[Token]", child)) for child in children)
        name = head.condition if isinstance(head, Head) else None
        if not isinstance(name, tree.Name) or note.what != "required" or step.name is not None:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return replace(cast(StepPiece, step), span=self.span(children), name=name, notes=(note,))

    def portion(self, children: Sequence[Node]) -> Head:
        return Head(self.span(children), condition=self.read(cast("Tree[Token]", children[0])), portion=True)

    def zh_countdown(self, children: Sequence[Node]) -> CountdownPiece:
        size = next(c for c in children if isinstance(c, Tree) and c.data == "zh_size")
        return CountdownPiece(self.span(children), size=self._size(size), giving=self._giving(children[-1]))

    def zh_basis(self, children: Sequence[Node]) -> Head:
        name = self.read(children[0]) if isinstance(children[0], Tree) and children[0].data == "zh_subject" else None
        mark, _ = self.read(next(c for c in children if isinstance(c, Tree) and c.data == "zh_mark"))
        return Head(self.span(children), basis=(name and by_period(name, children), mark))

    def fulfilled(self, children: Sequence[Node]) -> tree.Test:
        """信息完成任务数, 信息未完成任务数."""
        verb = next(c for c in children if isinstance(c, Token) and c.type == "VERB")
        if str(verb) not in ("完成", "达成", "实现"):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        denied = any(isinstance(c, Token) and c.type == "NEG" for c in children)
        subject: tree.Name = self.read(cast("Tree[Token]", children[0]))
        return tree.Test(subject, "<" if denied else ">=", self.name(children[-1]))

    def zh_inside(self, children: Sequence[Node]) -> tree.Range:
        """5条≤信息<10条, 80%>完成率≥60%."""
        marks = [self.read(child)[0] for child in children if isinstance(child, Tree)]
        signs = [OPS[c.type] for c in children if isinstance(c, Token) and c.type != "NAME"]
        name = self.name(next(c for c in children if isinstance(c, Token) and c.type == "NAME"))
        if signs[0][0] == ">":
            marks, signs = marks[::-1], signs[::-1]
        return tree.Range(name, marks[0], marks[1], "=" in signs[0], "=" in signs[1])

    def zh_denied(self, children: Sequence[Node]) -> tree.Fact:
        """方案未制定, 整改不到位: what is denied stands around the word that denies it."""
        first = children[0]
        return tree.Fact(self._denied(first) if isinstance(first, Token) else self.read(first), holds=False)

    def _denied(self, token: Token) -> tree.Name:
        """The declared name that 整改不到位 denies, which the lexer has found."""
        return tree.Name(str(token), self.span(token))
