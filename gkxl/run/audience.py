"""Whom a sentence, indicator or band concerns."""

from __future__ import annotations

from gkxl.model.rules import Audience
from gkxl.run.facts import Unit
from gkxl.values import bare_key, name_key


def concerns(audience: Audience | None, unit: Unit) -> bool:
    return audience is None or any(name_key(word) in unit.words for word in audience.words) is not audience.but


def words_of(word: str) -> frozenset[str]:
    """The name keys by which a group word or yes/no column is asked for: with and without 单位 / units."""
    bare = bare_key(word)
    return frozenset((name_key(word), bare, f"{bare}单位", f"{bare} units"))
