"""A reading of a definition, units or sheet line → its line with every name in quotes, so that it reads no other way."""

from __future__ import annotations

from gkxl.diagnostics import Language
from gkxl.language import tree
from gkxl.language.unparse_base import Writer
from gkxl.language.unparse_en import English
from gkxl.language.unparse_zh import Chinese


class _Quoting:
    """Quotes every name."""

    def name(self: Writer, name: tree.Name) -> str:  # type: ignore[misc]
        return self.quote(name.text)


class _Chinese(_Quoting, Chinese):
    pass


class _English(_Quoting, English):
    pass


_WRITERS: dict[Language, Writer] = {"zh": _Chinese(), "en": _English()}


def settled(reading: tree.Meaning | tree.UnitsLine | tree.SheetLine, language: Language, head: str) -> str:
    """`head`: what stands before it in its line, as `信息 =`."""
    writer = _WRITERS[language]
    if isinstance(reading, tree.UnitsLine):
        return writer.units(reading)
    if isinstance(reading, tree.SheetLine):
        return writer.sheet(reading)
    return f"{head} {writer.meaning(reading)}"
