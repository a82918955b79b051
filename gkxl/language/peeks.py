"""What the words at one place of a line are, whatever the grammar admits there."""

from __future__ import annotations

from collections.abc import Sequence

from gkxl.diagnostics import Language
from gkxl.language.words import Atom, walk, words

# English words that say nothing of their own where no name and no keyword begins.
_EMPTY = tuple(
    tuple(phrase.split())
    for phrase in ("it is", "they are", "it", "they", "then", "the number of", "the amount of", "a", "an", "the")
)


def empty(language: Language, atoms: Sequence[Atom], at: int) -> int:
    """How many atoms an English word has here that says nothing of its own: articles, it, the number of."""
    if language != "en":
        return 0
    for word in _EMPTY:
        behind = at + len(word)
        if behind < len(atoms) and all(a.word == w for a, w in zip(atoms[at:behind], word, strict=True)):
            return len(word)
    return 0


def vague(language: Language, atoms: Sequence[Atom], at: int) -> int:
    """How many atoms a word has here that leaves the meaning open; 0 where there is none."""
    return _longest("VAGUE", language, atoms, at)


def measure(language: Language, atoms: Sequence[Atom], at: int) -> int:
    """How many atoms a measure word has here that carries meaning; 0 where there is none."""
    return _longest("MEASURE", language, atoms, at)


def does(language: Language, atoms: Sequence[Atom], at: int) -> int:
    """How many atoms a verb has here; 0 where there is none."""
    return _longest("VERB", language, atoms, at)


def aggregate(language: Language, atoms: Sequence[Atom], at: int) -> int:
    """How many atoms a word such as 之和 has here; 0 where there is none."""
    return _longest("AGGREGATE", language, atoms, at)


def _longest(terminal: str, language: Language, atoms: Sequence[Atom], at: int) -> int:
    found = 0
    for count, values in walk(words(language).trie, (a.word for a in atoms[at : at + 8])):
        if any(one == terminal for one, _ in values):
            found = count
    return found


def is_word(language: Language, atoms: Sequence[Atom], at: int) -> bool:
    """Whether a word of the language begins here that is no measure word."""
    found = walk(words(language).trie, (a.word for a in atoms[at : at + 8]))
    return any(terminal != "MEASURE" for _, values in found for terminal, _ in values)


def in_brackets(language: Language, atoms: Sequence[Atom], at: int, inner: int) -> bool:
    """Whether the bracket that opens here, with `inner` atoms, holds a word of the language: (含), (按比例)."""
    trie = words(language).trie
    whole = any(count == inner + 2 for count, _ in walk(trie, (a.word for a in atoms[at : at + inner + 2])))
    found = walk(trie, (a.word for a in atoms[at + 1 : at + 1 + inner]))
    return whole or any(any(t != "MEASURE" for t, _ in values) for _, values in found)
