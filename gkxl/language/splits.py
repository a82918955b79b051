"""Where the names of a definition end: of all splits that can be read, those that run over the fewest words of the form."""

from __future__ import annotations

from functools import cache
from typing import Any

from lark import Token
from lark.parsers.lalr_analysis import Shift

from gkxl.language import grammar
from gkxl.language.declared import declared_at
from gkxl.language.views import view_at
from gkxl.language.vocabulary import Line
from gkxl.language.words import walk, words

_FAR = 100  # more than any split has words to run over
_FREE = frozenset(("MEASURE", "HEDGE", "VAGUE", "COMMA", "DUN"))  # words that no rule reads, or that end a name anyway


@cache
def _forms(start: str) -> frozenset[str]:
    """The terminals of a rule: those of all states that the parser can come to from its beginning."""
    parser: Any = grammar.load().parser
    table = parser.parser._parse_table  # noqa: SLF001  # Lark has no other way to ask for them
    seen, waiting = set(), [table.start_states[start]]
    found: set[str] = set()
    while waiting:
        state = waiting.pop()
        if state in seen:
            continue
        seen.add(state)
        for symbol, (action, target) in table.states[state].items():
            found.add(symbol)
            if action is Shift:
                waiting.append(target)
    return frozenset(found) - _FREE


def runs_over(line: Line, at: int, token: Token, rivals: bool, start: str) -> int:
    """How much speaks against a token at atom `at`: the words of the form that it swallows as part of a name.

    A word that stands apart between blanks is hardly ever part of a name. `rivals`: a name could begin here, too.
    """
    atoms = line.atoms
    if token.type != "NAME":
        # The longest declared name wins over a keyword that is not longer.
        return int(
            rivals and bool(declared_at(line, at)) and atoms[at + declared_at(line, at) - 1].end >= (token.end_pos or 0)
        )
    end = line.after(token.end_pos or 0)
    if line.text[atoms[at].start] in '「"' or (declared_at(line, at) and at + declared_at(line, at) == end):
        return 0
    cost, place = int(_inside_word(line, end)), at
    if view := view_at(line.atoms, at, line.language):
        # A name takes the words of a view in front of it whole or not at all: group average of items.
        cost, place = (cost, at + view[0]) if at + view[0] < end else (cost + 1, at)
    while place < end:
        # A word that could stand in the name's place counts though the name is shorter: rows of.
        count = _word(line, place, len(line.atoms) if place == at else end, start)
        if count and not _inside_word(line, place):
            cost += _FAR if line.language == "zh" and _apart(line, place, count) else 1
        place += count or 1
    return cost


def _word(line: Line, at: int, end: int, start: str) -> int:
    """How many atoms the longest word of the form has that begins here and ends by `end`."""
    found = 0
    for count, values in walk(words(line.language).trie, (atom.word for atom in line.atoms[at:end])):
        if any(terminal in _forms(start) for terminal, _ in values):
            found = count
    return found


def _apart(line: Line, at: int, count: int) -> bool:
    before, after = line.atoms[at].start, line.atoms[at + count - 1].end
    return line.text[before - 1 : before].isspace() and not line.text[after : after + 1].strip()


def _inside_word(line: Line, at: int) -> bool:
    """Whether the 到 of 从收到日期到答复日期 belongs to a word, so that a name rather ends elsewhere."""
    if at >= len(line.atoms) or line.atoms[at].word != "到":
        return False
    following = line.atoms[at + 1].word if at + 1 < len(line.atoms) else ""
    return line.atoms[at - 1].word in "收接达报签得送" or following in tuple("期位达账岗")
