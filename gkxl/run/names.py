"""Names that are nearly another: the nearest first, and those that look the same but are written with other characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from gkxl.diagnostics import Language
from gkxl.values import name_key

# What a look-alike stands for: radicals that copying from a PDF leaves behind, Cyrillic and Greek letters, full forms,
# and Chinese characters that are told apart by one stroke. Only for messages: such names are never taken as equal.
_ALIKE = dict(
    zip(
        "⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⺠⻆аеорсухікмнтвΑΒΕΗΙΚΜΝΟΡΤΧΥΖαορνκιτχ臺台巳已曰戍戌末",
        "虎西见角贝车长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙民角aeopcyxikmhtbabehikmnoptxyzaopvkitx台台己己日戊戊未",
        strict=True,
    )
)
_ALIKE_CODES = {ord(a): b for a, b in _ALIKE.items()}


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """All the names, the most similar first; equally similar ones keep their order."""
    from difflib import SequenceMatcher  # used for messages only

    key = name_key(name)
    return sorted(names, key=lambda other: -SequenceMatcher(None, key, name_key(other)).ratio())


def look(name: str) -> str:
    """What a name looks like: blanks left out, width, full forms and look-alike characters levelled."""
    levelled = unicodedata.normalize("NFKC", name).casefold().translate(_ALIKE_CODES)
    return "".join(c for c in levelled if not c.isspace() and unicodedata.category(c) != "Cf")


def difference(written: str, listed: str, language: Language) -> str:
    """What sets apart two names that look the same."""
    ours, theirs = ("".join(name_key(name).split()) for name in (written, listed))
    if ours == theirs:
        return "空白不同" if language == "zh" else "the blanks differ"
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=False) if a != b] if len(ours) == len(theirs) else []
    if not pairs:
        return f"{ours} ≠ {theirs}"
    return (";" if language == "zh" else "; ").join(f"{a} (U+{ord(a):04X}) ≠ {b} (U+{ord(b):04X})" for a, b in pairs)
