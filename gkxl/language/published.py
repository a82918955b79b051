"""公布 总分 成绩表的总成绩 / published total Total in Results: what has been published already, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

from gkxl import diagnostics as d
from gkxl.diagnostics import Language, Span
from gkxl.frozen import dataclass
from gkxl.language import tree
from gkxl.language.headings import name_of
from gkxl.language.vocabulary import Vocabulary
from gkxl.language.words import atoms, walk

What = Literal["total", "rank", "grade", "points"]

_WORDS: tuple[tuple[What, tuple[str, ...]], ...] = (
    ("total", ("总分", "total")),
    ("rank", ("名次", "place", "rank")),
    ("grade", ("等次", "grade")),
)
_QUOTES = {"「": "」", '"': '"'}


@dataclass(frozen=True, slots=True)
class Head:
    """What a line is about. `of`: the name of what has points, as written; `start`: where the figure begins."""

    what: What
    of: str
    start: int


def published_line(
    text: str, span: Span, language: Language, names: Vocabulary, parsed: Callable[..., Any], tell: Callable[..., None]
) -> list[tree.Published]:
    """The line, or nothing where it cannot be read, which is told. `parsed`: the rest of the line by a rule of the grammar."""
    head = head_of(text, names)
    figure = parsed("definition", language, head.start) if head is not None else None
    if (
        head is not None
        and isinstance(figure, tree.Rows)
        and isinstance(figure.column, tree.Name)
        and not figure.manual
    ):
        of = name_of(head.of, Span(span.source, span.start, span.start + len(head.of))) if head.of else None
        return [tree.Published(head.what, of, figure, span)]
    if head is None or figure is not None:  # else the grammar has told it
        tell(d.UNREADABLE, span, d.PUBLISHED_LINES[language], language=language, text=text)
    return []


def head_of(text: str, names: Vocabulary) -> Head | None:
    """The longest declared name, the words for total, place and grade, or what stands up to the first blank."""
    close = _QUOTES.get(text[:1])
    if close is not None and (end := text.find(close, 1)) > 0:
        return _head("points", text[: end + 1], text)
    pieces = atoms(text)
    count = max((count for count, _ in walk(names.trie, (atom.key for atom in pieces))), default=0)
    named = pieces[count - 1].end if count else 0
    for what, words in _WORDS:
        for word in words:
            found = re.match(word if not word.isascii() else rf"{word}\b", text, re.IGNORECASE)
            if found and found.end() >= named:
                return _head(what, found.group(), text)
    blank = re.search(r"\s", text)
    return _head("points", text[: named or (blank.start() if blank else len(text))], text)


def _head(what: What, word: str, text: str) -> Head | None:
    rest = text[len(word) :]
    start = len(text) - len(rest.lstrip(" :"))
    return Head(what, word if what == "points" else "", start) if rest.strip(" :") and word else None
