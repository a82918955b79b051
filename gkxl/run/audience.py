"""Whom a sentence, indicator or band concerns."""

from __future__ import annotations

from gkxl.model.rules import Audience
from gkxl.run.facts import Unit
from gkxl.values import name_key


def concerns(audience: Audience | None, unit: Unit) -> bool:
    return audience is None or any(name_key(word) in unit.words for word in audience.words) is not audience.but
