"""Rule file → the same rule file, well laid out, in the wording of the author or in the canonical one of a language."""

from __future__ import annotations

from gkxl.diagnostics import Language, Source, has_errors
from gkxl.language import tree
from gkxl.language.file import parse_file
from gkxl.language.inline import neutral
from gkxl.language.layout import lay_out
from gkxl.language.translate import translate


def formatted(source: Source, file: tree.File, language: Language | None = None) -> str:
    """The text, its line ends \\n. `file` is what `source` was read as, without errors; `language` None: no word changes."""
    text = translate(source, file, language) if language else lay_out(source, file)
    again, told = parse_file(Source(source.path, text))
    if neutral(again) != neutral(file) or has_errors(told):  # a bug, and no reason to spoil a file
        raise AssertionError("the new layout of this file would be read as something else")
    return text
