"""The grammar's tree of a check, or of terms over a form → tree. A method per rule, as in `read.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from lark import Token, Tree

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.form_lexer import number_of
from gkxl.language.pieces import Refused
from gkxl.language.read import Reader
from gkxl.language.read_marks import OPS, Node
from gkxl.values import Kind

_ROWS, _COLUMNS = 1_048_576, 16_384  # of a sheet (ECMA-376 part 1, 18.3.1.4 and 18.3.1.73, as Excel bounds them)


def _trees(children: Sequence[Node]) -> list[Tree[Token]]:
    return [child for child in children if isinstance(child, Tree)]


class FormReader(Reader):
    def form_terms(self, children: Sequence[Node]) -> tree.FiguresAre:
        return tree.FiguresAre(self._formula(children[0]))

    def form_check(self, children: Sequence[Node]) -> tree.Check:
        """Without its name, which the file gives it."""
        given, then = (), None
        within = over = None
        for node in _trees(children):
            match node.data:
                case "form_rule":
                    *before, then = (self.read(test) for test in _trees(node.children))
                    given = tuple(before)
                case "form_within":
                    within = self.number(node.children[-1])
                    if within.kind is Kind.RATE:
                        raise Refused(d.UNREADABLE, self.span(node), text=self.span(node).text)
                case "form_each":
                    over = self.read(node)
        assert then is not None
        return tree.Check(tree.Name(""), given, then, within, over, self.line.span)

    def form_each(self, children: Sequence[Node]) -> tree.EachLine:
        first, last = (self.read(node) for node in _trees(children))
        return tree.EachLine("row" if children[0] == "row" else "column", first, last)

    def form_test(self, children: Sequence[Node]) -> tree.Equation:
        sign = cast(Token, children[1])
        return tree.Equation(self._formula(children[0]), OPS[sign.type], self._formula(children[2]))

    def form_at(self, children: Sequence[Node]) -> tree.CellAt | tree.LineAt:
        return cast("tree.CellAt | tree.LineAt", self.read(cast("Tree[Token]", children[0])))

    def _sheet(self, children: Sequence[Node]) -> tree.Name | None:
        first = cast(Token, children[0])
        if first.type != "SHEET":
            return None
        if first[0] == "'":
            return tree.Name(" ".join(first[1:-1].split()), self.span(first))
        return self.plain(first)

    def form_cell(self, children: Sequence[Node]) -> tree.CellAt:
        letters, digits = cast("re.Match[str]", re.fullmatch(r"([A-Za-z]+)(\d+)", str(children[-1]))).groups()
        span = self.span(children)
        row, column = int(digits), number_of(letters, column=True)
        if row > _ROWS or column > _COLUMNS:
            raise Refused(
                d.UNREADABLE, span, ("一张表到 XFD1048576 为止", "a sheet ends at XFD1048576"), text=span.text
            )
        return tree.CellAt(row, column, self._sheet(children), span)

    def form_line(self, children: Sequence[Node]) -> tree.LineAt | tree.Name:
        tokens = {token.type: token for token in cast("list[Token]", children)}
        caption, span = (self.plain(tokens["NAME"]) if "NAME" in tokens else None), self.span(children)
        if "LINE" not in tokens:
            return tree.LineAt(None, None, caption, self._sheet(children), span)
        what, _, written = tokens["LINE"].partition(" ")
        number = number_of(written, what == "column")
        if not 0 < number <= (_ROWS if what == "row" else _COLUMNS):
            raise Refused(
                d.UNREADABLE, span, ("一张表到 XFD1048576 为止", "a sheet ends at XFD1048576"), text=span.text
            )
        return tree.LineAt("row" if what == "row" else "column", number, caption, self._sheet(children), span)

    def _formula(self, node: Node) -> tree.Formula:
        """A caption that is a declared term, on its own, is the term."""
        found = cast(tree.Formula, self.read(cast("Tree[Token]", node)))
        if isinstance(found, tree.LineAt) and found.what is None and found.sheet is None and found.caption is not None:
            return found.caption if self.line.vocabulary.find(found.caption.text) is not None else found
        return found

    def crossing(self, children: Sequence[Node]) -> tree.Crossing:
        first, second = (self.read(node) for node in _trees(children))
        return tree.Crossing(first, second) if self.line.language == "zh" else tree.Crossing(second, first)

    def sum_to(self, children: Sequence[Node]) -> tree.SumTo:
        first, last = (self.read(node) for node in _trees(children))
        whats = {line.what for line in (first, last) if isinstance(line, tree.LineAt)} - {None}
        if type(first) is not type(last) or len(whats) > 1:
            note = ("两头要一样,例如:第7行至第27行之和", "both ends have to be alike: sum of rows 7 to 27")
            raise Refused(d.UNREADABLE, self.span(children), note, text=self.span(children).text)
        return tree.SumTo(first, last)
