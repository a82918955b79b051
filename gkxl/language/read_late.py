"""The grammar's tree of what is to be done by a day, or within a time → tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.pieces import Due, Refused
from gkxl.language.read_marks import MarkReader, Node
from gkxl.language.time_words import time_unit


class LateReader(MarkReader):
    """A method per rule, as in MarkReader."""

    def due(self, children: Sequence[Node]) -> Due:
        """年报3月31日前公开, annual report not published by 31 March."""
        subject: tree.Name | None = None
        verb, done, band, place = "", True, None, None
        for child in children:
            if isinstance(child, Tree) and child.data == "zh_subject":
                subject = self.read(child)
            elif isinstance(child, Tree):
                band = child
            elif child.type == "NAME":
                subject = self.name(child)
            elif child.type in ("NEG", "NEVER"):
                done = False
            elif child.type in ("VERB", "DONE"):
                place = self.span(child)
                verb = place.text
        # 年报不晚于3月31日公开 has its parts in the rule itself
        test = self._banded(band or Tree("zh_due", [c for c in children if isinstance(c, Token)]), subject)
        if not isinstance(test, tree.Test) or test.op not in ("<=", "<", ">") or (not done and test.op == ">"):
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return Due(test, verb, done, place)

    def within(self, children: Sequence[Node]) -> Due:
        """24小时内回复: a limit of time in front of what is to be done."""
        limit = next(c for c in children if isinstance(c, Tree) and c.data == "zh_limit")
        test = self._banded(limit, None)
        names = [c for c in children if isinstance(c, Token) and c.type == "NAME"]
        subjects = [self.read(c) for c in children if isinstance(c, Tree) and c.data == "zh_subject"]
        subject = subjects[0] if subjects else self.name(names[0]) if names else None
        return self._timed(test, subject, children[-1], children)

    def en_within(self, children: Sequence[Node]) -> Due:
        tokens = {t.type: t for t in cast("list[Token]", children)}
        limit = tree.Test(None, "<=", self.number(tokens["NUMBER"], str(tokens["LABEL"])))
        subject = self.name(tokens["NAME"]) if "NAME" in tokens else None
        return self._timed(limit, subject, tokens["DONE"], children)

    def _timed(self, test: tree.Condition, subject: tree.Name | None, verb: Node, children: Sequence[Node]) -> Due:
        mark = test.mark if isinstance(test, tree.Test) else None
        if not isinstance(test, tree.Test) or not isinstance(mark, tree.Num) or time_unit(mark.label)[0] is None:
            raise Refused(d.UNREADABLE, self.span(children), text=self.span(children).text)
        return Due(replace(test, subject=subject), self.span(verb).text, span=self.span(verb))
