"""A line that opens with 核对 / check → tree: the name up to its colon, then what the grammar reads."""

from __future__ import annotations

from dataclasses import replace

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Source, Span
from gkxl.language import tree
from gkxl.language.headings import masked, unquoted
from gkxl.language.lines import TextLine
from gkxl.language.parse import parse_form
from gkxl.language.vocabulary import Line, Vocabulary

_EXAMPLES: dict[Language, str] = {
    "zh": "请写成这样:核对 勾稽关系: 第5行 + 第6行 = 第28行,逐列 D 至 J",
    "en": "Write it like this: check balance: row 5 + row 6 = row 28, for each column D to J",
}


def check_line(
    line: TextLine, source: Source, language: Language, terms: Vocabulary
) -> tuple[tree.Check | None, list[Diagnostic]]:
    colon = masked(line.text).find(":")
    name, start = line.text[: max(colon, 0)], colon + 1
    start += len(line.text[start:]) - len(line.text[start:].lstrip())
    end = len(line.text.rstrip(" \t。.;"))
    if not unquoted(name) or start >= end:
        span = Span(source, line.start, line.start + len(line.text))
        return None, [Diagnostic(d.UNREADABLE, span, language, {"text": line.text}, (_EXAMPLES[language],))]
    place = Span(source, line.start + start, line.start + end)
    check, told = parse_form(Line(line.text[start:end], place, language, terms), "form_check")
    if check is None:
        return None, told
    named = tree.Name(unquoted(name), Span(source, line.start, line.start + len(name.rstrip())))
    return replace(check, name=named, span=Span(source, line.start, line.start + len(line.text))), told
