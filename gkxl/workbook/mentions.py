"""Whether formulas of other sheets read a sheet: looked for in the bytes as they stream by, no sheet is ever held."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gkxl.workbook.package import Package

_OVERLAP = 1024  # bytes; more than a name takes in any of its forms
_INDIRECT = rb"indirect\("  # may read any sheet
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>]")


def mentions(
    package: Package, parts: Iterable[str], formulas: Iterable[str], names: Iterable[str], indirect: bool = True
) -> bool:
    """Whether a sheet among `parts` has formulas and a reference to one of `names` in it, or one of `formulas` has.

    INDIRECT counts as one if it is asked for. So does a text that looks like a reference: Excel then calculates once more
    than it had to.
    """
    patterns = [_INDIRECT] if indirect else []
    patterns += [re.escape(form) + rb"[^<>]{0,80}?!" for name in names for form in _forms(name)]
    wanted = re.compile(b"|".join(patterns))
    if any(wanted.search(text.lower().encode()) for text in formulas):
        return True
    return any(_mentions(package, part, wanted) for part in parts)


def _mentions(package: Package, part: str, wanted: re.Pattern[bytes]) -> bool:
    calculates = False
    rest = b""
    for chunk in package.stream(part):
        if not rest and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return True  # in UTF-16 it is not looked for
        text = rest + chunk
        # Most large sheets hold no formula, and a reference counts only behind the first one.
        calculates = calculates or ((b"<f" in text or b":f" in text) and _FORMULA.search(text) is not None)
        if calculates and wanted.search(text.lower()):
            return True
        rest = text[-_OVERLAP:]
    return False


def _forms(name: str) -> set[bytes]:
    """The longest piece of a name that needs no escape, as UTF-8 or as numbers of characters in XML; in small letters."""
    piece = max(re.split("[^\\w ]", name), key=len).lower()
    numbers = {"".join(c if c.isascii() else form.format(ord(c)) for c in piece) for form in ("&#{};", "&#x{:x};")}
    return {text.encode() for text in {piece, *numbers}}
