"""Terms that no sentence asks for, directly or through other terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gkxl import diagnostics as d
from gkxl.model import rules
from gkxl.model.checking import Checking
from gkxl.model.terms import refs, uses


def tell_unused(
    checking: Checking, indicators: Sequence[rules.Indicator | None], sentences: Sequence[rules.Sentence]
) -> None:
    """Terms that no sentence asks for, directly or through other terms."""
    if d.has_errors(checking.told):
        return  # what a wrong sentence would have used is not known
    waiting: list[str] = list(checking.used)
    for sentence in [*sentences, *(s for i in indicators if i for s in i.sentences)]:
        waiting += used_by(sentence)
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            if name in checking.terms:
                waiting += uses(checking.terms[name].measure)
    for name, term in checking.terms.items():
        if name not in reached and term.stated:
            checking.tell(d.UNUSED_TERM, term.span, name=name)
    for definition in checking.file.definitions:  # those of cells, which are no terms of the core
        first = definition.names[0].text
        if first not in checking.terms and first not in reached:
            checking.tell(d.UNUSED_TERM, definition.span, name=first)


def used_by(node: object) -> Iterator[str]:
    """Every term that a node of the core refers to."""
    match node:
        case rules.Ref(term):
            yield term
        case tuple():
            for part in node:
                yield from used_by(part)
        case rules.Arithmetic() | rules.Rounded() | rules.OrCheckDate():
            yield from refs(node)
        case (
            rules.Sentence()
            | rules.Pick()
            | rules.Prices()
            | rules.Branch()
            | rules.Steps()
            | rules.Amount()
            | rules.Between()
            | rules.Compare()
            | rules.Holds()
            | rules.Place()
            | rules.Not()
            | rules.AllOf()
            | rules.AnyOf()
        ):
            for name in node.__dataclass_fields__:
                yield from used_by(getattr(node, name))
