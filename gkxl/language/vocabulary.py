"""What the lexer works on: a normalised line, and the names that the file declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any

from gkxl.diagnostics import Language, Span
from gkxl.language import tree
from gkxl.language.words import Atom, TrieNode, add_word, atoms, name_atoms

# What denies a name from within: 整改不到位.
_DENIALS = ("没有", "尚未", "未能", "不能", "未", "不", "没")


class Vocabulary:
    """The declared names of a file: terms with their aliases, columns' keys, indicators, grades."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.trie: TrieNode = {}
        self.names: dict[tuple[str, ...], str] = {}
        self.scripts: set[bool] = set()  # whether there are names in ASCII, and others
        self.keys: set[tuple[str, ...]] = set()  # those that are no facts, but keys of price lists
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        keys = name_atoms(name)
        if keys and keys not in self.names:
            self.names[keys] = name
            self.scripts.add(name.isascii())
            add_word(self.trie, keys, name)

    def add_key(self, name: str) -> None:
        keys = name_atoms(name)
        if keys not in self.names:
            self.keys.add(keys)
            self.add(name)

    def find(self, name: str) -> str | None:
        """The declared name that a name as written stands for."""
        return self.names.get(name_atoms(name))

    def is_term(self, name: str) -> bool:
        keys = name_atoms(name)
        return keys in self.names and keys not in self.keys

    def denied(self, text: str, atoms: Sequence[Atom]) -> tuple[int, str] | None:
        """整改不到位, where 整改到位 is declared: how many atoms, and the name. None where `atoms` begin otherwise."""
        node: Any = self.trie
        found = None
        for at, atom in enumerate(atoms):
            denial = next((d for d in _DENIALS if at and text.startswith(d, atom.start)), "")
            inner = node if denial else None
            for last in range(at + len(denial), len(atoms)):
                inner = inner.get(atoms[last].key) if inner else None
                if inner is None:
                    break
                if None in inner and (found is None or last >= found[0]):
                    found = (last + 1, inner[None][0])
            node = node.get(atom.key)
            if node is None:
                break
        return found


@dataclass
class Line:
    """What the parser is given: one normalised sentence or definition. `span` is where its text stands in the file."""

    text: str
    span: Span
    language: Language
    vocabulary: Vocabulary
    definition: bool = False
    form: bool = False  # of cells of a fixed form: read by gkxl/language/form_lexer.py

    @cached_property
    def atoms(self) -> list[Atom]:
        return atoms(self.text)

    @cached_property
    def index(self) -> dict[int, int]:
        """The number of the atom that starts at a character."""
        return {atom.start: i for i, atom in enumerate(self.atoms)}

    def place(self, start: int, end: int) -> Span:
        return Span(self.span.source, self.span.start + start, self.span.start + end)

    def after(self, end: int) -> int:
        """The number of the first atom at or behind a character."""
        while end < len(self.text) and end not in self.index:
            end += 1
        return self.index.get(end, len(self.atoms))


def names_in(node: object) -> Iterator[tree.Name]:
    """Every name below a node of the tree, in order."""
    if isinstance(node, tree.Name):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from names_in(part)
    elif is_dataclass(node) and not isinstance(node, Span):
        for one in fields(node):
            yield from names_in(getattr(node, one.name))
