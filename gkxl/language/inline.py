"""What stands right of = may also stand in a sentence, in brackets: (信息公开 中 类别为本领域 的记录)少于3条,扣6分."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import cast

from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.language.headings import masked
from gkxl.language.parse import parse_part
from gkxl.language.vocabulary import Line

_NO_MATTER = re.compile(r" (?=[\u2e80-\uffff,;:()])|(?<=[\u2e80-\uffff,;:()]) ")  # blanks that a layout adds or drops


def with_terms(line: Line) -> tuple[Line, tuple[tree.Definition, ...]]:
    """The sentence with each such bracket as a quoted name, as long as the bracket was, and what these names mean."""
    text = line.text
    found = []
    for start, end in _brackets(masked(text)):
        inner = line.text[start + 1 : end]
        opens, closes = ('"', '"') if "「" in inner or "」" in inner else ("「", "」")
        if opens == closes and opens in inner:
            continue
        at = line.span.start + start
        within = Span(line.span.source, at + 1 + len(inner) - len(inner.lstrip()), at + 1 + len(inner.rstrip()))
        name = _NO_MATTER.sub("", " ".join(inner.split()))  # one name, however it is typed
        part = Line(inner.strip(), within, line.language, line.vocabulary, definition=True)
        meaning, _ = parse_part(part, f"{line.language}_definition")
        formula = meaning.formula if isinstance(meaning, tree.FormulaIs) else None
        if isinstance(formula, tree.Name) and formula.view:  # (上年 信息): which may stand there without
            text = f"{text[:start]} {inner} {text[end + 1 :]}"
        elif isinstance(meaning, tree.Rows | tree.PeriodsWith) or isinstance(formula, tree.Operation):
            span = Span(line.span.source, at, line.span.start + end + 1)
            found.append(tree.Definition((tree.Name(name, span),), meaning, span, inline=True))
            text = f"{text[:start]}{opens}{name}{closes}{' ' * (len(inner) - len(name))}{text[end + 1 :]}"
    return replace(line, text=text), tuple(found)


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """The outermost brackets that are closed: where they open and close."""
    depth = begin = 0
    for at, char in enumerate(text):
        if char == "(":
            begin = at if depth == 0 else begin
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            if depth == 0 and text[begin + 1 : at].strip():
                yield begin, at


def neutral(file: tree.File) -> tree.File:
    """The file with each such bracket named by its number: its own name is worded in one language."""
    names = {one.names[0].text: f"({at})" for at, one in enumerate(file.definitions) if one.inline}
    return cast(tree.File, _renamed(file, names)) if names else file


def _renamed(node: object, names: Mapping[str, str]) -> object:
    if isinstance(node, tuple):
        return tuple(_renamed(one, names) for one in node)
    if isinstance(node, tree.Name):
        return replace(node, text=names.get(node.text, node.text))
    if not is_dataclass(node) or isinstance(node, type | Span):
        return node
    return replace(node, **{one.name: _renamed(getattr(node, one.name), names) for one in fields(node)})
