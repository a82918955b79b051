"""A unit that nobody knows: which it may have been."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from gkxl.diagnostics import UNIT_UNKNOWN, Diagnostic, Language
from gkxl.report.words import word
from gkxl.values import name_key

_MOST = 20  # names where none is near


def unknown_unit(name: str, units: Iterable[str], language: Language) -> Diagnostic:
    """What is told of a unit that is none of these: those that are near in spelling or have the name in theirs, else all."""
    key, names = name_key(name), {name_key(unit): unit for unit in units}
    near = [names[close] for close in get_close_matches(key, names)]
    near += [unit for other, unit in names.items() if key and key in other and unit not in near][:3]
    shown = near or [*names.values()][:_MOST]
    more = f" …({len(names)})" if len(names) > len(shown) and not near else ""
    note = word("nearest" if near else "choices", language, names=", ".join(shown) + more)
    return Diagnostic(UNIT_UNKNOWN, None, language, {"unit": name}, (note,))
