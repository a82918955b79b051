"""Where declared names begin and end in a line, and the lists that they make."""

from __future__ import annotations

from typing import Any

from gkxl.language import peeks
from gkxl.language.vocabulary import Line


def declared_at(line: Line, at: int) -> int:
    """How many atoms the longest declared name has that begins here."""
    node: Any = line.vocabulary.trie
    found = 0
    for end in range(at, len(line.atoms)):  # `walk`, written out
        node = node.get(line.atoms[end].key)
        if node is None:
            break
        if None in node:
            found = end - at + 1
    return found


def conjunction(line: Line, at: int) -> tuple[str, int] | None:
    """The comma inside a list of declared names, as the terminal of its `and` or `or`, and where it ends.

    each typo, dead link, and outdated page
    """
    if line.language != "en" or line.definition or not _ends_name(line, at):
        return None
    comma, end = at, at
    while end < len(line.atoms) and line.atoms[end].word == ",":
        comma, end = end, end + 1
        if line.atoms[end : end + 1] and line.atoms[end].word in ("and", "or"):
            break
        end = _behind_name(line, end)
    joint = line.atoms[end].word if end < len(line.atoms) else ""
    if joint not in ("and", "or") or _behind_name(line, end + 1) == end + 1:
        return None
    if end == comma + 1 == at + 1 and not _in_list(line, at):  # no plan, and reports late cost 2
        return None
    return joint.upper(), line.atoms[end if end == at + 1 else at].end


def _behind_name(line: Line, at: int) -> int:
    """Where the declared name ends that begins at atom `at`, an article in front or not; `at` where there is none."""
    begin = at + peeks.empty(line.language, line.atoms, at)
    named = declared_at(line, begin)
    return begin + named if named else at


def _starts_name(line: Line, end: int) -> int | None:
    """The atom at which the longest declared name begins that ends before atom `end`."""
    return next((at for at in range(max(0, end - 12), end) if at + declared_at(line, at) == end), None)


def _ends_name(line: Line, end: int) -> bool:
    return _starts_name(line, end) is not None


def _in_list(line: Line, comma: int) -> bool:
    """Whether another name and a comma stand in front of the name that ends at this comma."""
    at = _starts_name(line, comma)
    while at and line.atoms[at - 1].word in ("a", "an", "the"):
        at -= 1
    return bool(at) and at is not None and line.atoms[at - 1].word == "," and _ends_name(line, at - 1)
