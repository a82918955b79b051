"""Declared names that could also be read as words of the language with other declared names: 每日信息 = 每 + 日信息.

The longest name wins, so such a sentence has one meaning; but the author may have meant the other one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gkxl import diagnostics as d
from gkxl.diagnostics import Language, Source
from gkxl.language import tree
from gkxl.language.parse import make_line, parse_part, parse_statement
from gkxl.language.vocabulary import Vocabulary, names_in
from gkxl.language.words import atoms, walk, words
from gkxl.model.checking import Checking

# What may be said of a fact; a name that splits in none of these splits nowhere.
_SAID: dict[Language, tuple[str, ...]] = {
    "zh": ("{}扣1分", "{}每次扣1分", "{}少于3条扣1分", "{}达3条扣1分", "{}3条扣1分", "每{}扣1分", "有{}的扣1分"),
    "en": ("{} costs 1 point", "each {} costs 1 point", "fewer than 3 {} costs 1 point", "no {} costs 1 point"),
}
_NO_WORDS = frozenset(("MEASURE", "HEDGE", "VAGUE"))
_MOST_CUTS = 20
_Part = tuple[str, bool]  # a piece of a name, and whether it is a name itself


def tell_splits(checking: Checking) -> None:
    every = Vocabulary(name.text for definition in checking.file.definitions for name in definition.names)
    for definition in checking.file.definitions:
        own = frozenset(name.text for name in definition.names)
        for name in definition.names:
            if name.span is None or name.span.source.text[name.span.start] in '「"“(（':
                continue  # settled
            language: Language = "zh" if any("\u4e00" <= char <= "\u9fff" for char in name.text) else "en"
            parts = _split(name.text, every, own, language)
            if parts:
                _tell(name, parts, language, checking)


def _split(name: str, every: Vocabulary, own: frozenset[str], language: Language) -> list[_Part]:
    """The pieces of a name that can be read so in some sentence; empty where there is none."""
    cuts = list(islice(_cuts(name, every, own, language), _MOST_CUTS))
    others = Vocabulary(one for one in every.names.values() if one not in own) if cuts else every
    for parts in cuts:
        apart = " ".join(f'"{text}"' if is_name else text for text, is_name in parts)
        for said in ("", *_SAID[language]):
            if _reads(said, name, every, language) and _reads(said, apart, others, language):
                return parts
    return []


def _cuts(name: str, every: Vocabulary, own: frozenset[str], language: Language) -> Iterator[list[_Part]]:
    """Every way to cut a name into words and names of other terms, at least one of each; a verb alone is no such word."""
    pieces = atoms(name)
    # By where they begin: the pieces that lead to the end, as where they end and what they are.
    ways: list[list[tuple[int, str]]] = [[] for _ in pieces] + [[(len(pieces), "")]]
    for at in range(len(pieces) - 1, -1, -1):
        for count, names in walk(every.trie, (piece.key for piece in pieces[at:])):
            if not own.issuperset(names) and ways[at + count]:
                ways[at].append((at + count, "NAME"))
        for count, values in walk(words(language).trie, (piece.word for piece in pieces[at:])):
            terminals = {terminal for terminal, _ in values} - _NO_WORDS
            if terminals and ways[at + count]:
                ways[at].append((at + count, "VERB" if terminals == {"VERB"} else "WORD"))

    def along(at: int) -> Iterator[list[tuple[str, str]]]:
        if at == len(pieces):
            yield []
            return
        for end, kind in ways[at]:
            text = name[pieces[at].start : pieces[end - 1].end]
            yield from ([(text, kind), *rest] for rest in along(end))

    for parts in along(0):
        if {"NAME", "WORD"} <= {kind for _, kind in parts}:
            yield [(text, kind == "NAME") for text, kind in parts]


def _reads(said: str, name: str, names: Vocabulary, language: Language) -> bool:
    """Whether this can be said of a name, or with "" is a definition, all its names declared."""
    text = said.format(name) or name
    line = make_line(text, Source("", text), 0, language, names, definition=not said)
    found, told = parse_statement(line) if said else parse_part(line, f"{language}_definition")
    return not told and all(names.find(one.text) is not None for one in names_in(found))


def _tell(name: tree.Name, parts: list[_Part], language: Language, checking: Checking) -> None:
    zh = checking.language == "zh"
    open_, close = "「」" if language == "zh" else '""'
    blank = "" if language == "zh" else " "
    apart = blank.join(f"{open_}{text}{close}" if is_name else text for text, is_name in parts)
    shown = " + ".join(text for text, _ in parts)
    whole = f"{open_}{name.text}{close}"
    notes = (
        (f"就是一个名称:声明写成 {whole} = …,不再提醒", f"要拆开读:句子里写 {apart}")
        if zh
        else (f"for the one name: declare it as {whole} = …, and nothing more is said", f"to split it: write {apart}")
    )
    checking.tell(d.NAME_SPLITS, name.span, *notes, name=name.text, parts=shown)
