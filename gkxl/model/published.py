"""公布 lines of the tree → published figures of the core: what each is about, and the term that reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Language, Span
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.model import rules
from gkxl.model.checking import Checking
from gkxl.model.scope import nearest
from gkxl.model.terms import read_from
from gkxl.values import Kind

_WORDS: dict[tuple[str, Language], tuple[str, str]] = {
    ("rank", "zh"): ("名次", "按总分排名,并列同名次(连续)。"),
    ("rank", "en"): ("place", "rank by total, ties share the place (the next place follows)."),
    ("grade", "zh"): ("等次", "90分及以上为优秀,其余为良好。"),
    ("grade", "en"): ("grade", "90 or more is excellent, the rest are good."),
}


def lower_published(
    checking: Checking,
    indicators: Sequence[rules.Indicator | None],
    sentences: Sequence[rules.Sentence],
    given: Mapping[str, bool],
) -> tuple[rules.Published, ...]:
    """`given`: whether the rules give places ("rank") and grades ("grade") at all."""
    found: dict[tuple[str, str], rules.Published] = {}
    for node in checking.file.published:
        what, of = _of(node, checking, [*(s for i in indicators if i for s in i.sentences), *sentences])
        if what is None:
            continue
        if not given.get(what, True):
            word, line = _WORDS[what, checking.language]
            checking.tell(d.PUBLISHED_NOT_GIVEN, node.span, what=word, line=line)
            continue
        if (what, of) in found:
            checking.tell(d.ONCE_ONLY, node.span, what=node.span.text if node.span else of)
            continue
        measure = read_from(node.figure, checking, node.span)
        if isinstance(measure, rules.FromRows):
            kind = Kind.TEXT if what == "grade" else Kind.NUMBER
            term = rules.Term(f"\v{what}\v{of}", (), measure, cast(Span, node.span), kind)
            found[what, of] = rules.Published(what, of, term)
    return tuple(found.values())


def _of(
    node: tree.Published, checking: Checking, sentences: Sequence[rules.Sentence]
) -> tuple[rules.PublishedKind | None, str]:
    """An indicator goes before a part, a part before a fact, a fact before a sentence of the same name."""
    if node.what != "points" or node.of is None:
        return cast(rules.PublishedKind, node.what), ""
    key = name_atoms(node.of.text)
    for what, name in _named(checking, sentences):
        if name_atoms(name) == key:
            return what, name
    if (term := checking.known.get(key)) is not None:
        return "term", term.name
    names = [name for what, name in _named(checking, sentences) if what != "sentence"]
    names += [one.name for one in checking.known.values()]
    checking.tell(
        d.PUBLISHED_UNKNOWN, node.of.span, *nearest(node.of.text, names, checking.language), name=node.of.text
    )
    return None, ""


def _named(checking: Checking, sentences: Sequence[rules.Sentence]) -> Iterator[tuple[rules.PublishedKind, str]]:
    for indicator in checking.file.indicators:
        yield "indicator", indicator.name.text
    for part in checking.file.parts:
        yield "part", part.name.text
    for sentence in sentences:
        if name_atoms(sentence.text) not in checking.known:
            yield "sentence", sentence.text.rstrip("。.")
