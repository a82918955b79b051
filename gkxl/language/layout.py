"""Rule file → the same rule file in one layout: blanks, indentation, width of punctuation and line breaks, never a word.

A sentence begins a line; in a Chinese one stand ，；：（）。 without blanks, in an English one , ; : ( ) . with them. Names,
titles, what is quoted, comments, digits and letters stay as written, and so do the lines that a sentence goes on in. The
rules of an indicator are indented, the = of definitions stand below each other, and so do the cells of a table.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

from gkxl.diagnostics import Language, Source
from gkxl.frozen import dataclass
from gkxl.language import tree
from gkxl.language.entries import Blank, Comment, Entry, Rest, Statement, entries
from gkxl.language.file import DEFINES
from gkxl.language.headings import GIVEN_LIST, QUOTED, folded, masked
from gkxl.language.lines import heading_of
from gkxl.language.parse import language_of
from gkxl.language.vocabulary import Vocabulary, names_in
from gkxl.values import normalise

_INDENT = "  "
_BY_GRAMMAR = (
    "",
    "units",
    "sheet",
    "published",
    "check",
)  # where the blanks and marks are the language's own, not part of a title or name
_CHINESE = str.maketrans(",;:()", "，；：（）")
_MARKS = frozenset("，；：（）、。")
_STOPS = {"zh": {"。": "。", ";": "；"}, "en": {"。": ".", ";": ";"}}
_ONE_THING = re.compile(r"(?<![\d.])[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d:\d")  # 1,000 and 12:30


@dataclass(frozen=True, slots=True)
class _Line:
    """A line to be written. `left`: what stands before the = of a definition; `cells`: of a row of a table."""

    text: str
    indent: int = 0
    comment: str = ""
    left: str = ""
    cells: tuple[str, ...] = ()


def lay_out(source: Source, file: tree.File) -> str:
    """The text in the one layout. `file` is what it was read as, without errors."""
    layout, found = _Layout(source, file), list(entries(source))
    lines: list[_Line] = []
    indents = layout.beside(found)
    for entry in found:
        if isinstance(entry, Blank):
            lines += [_Line("")] if lines and lines[-1] != _Line("") else []
        elif isinstance(entry, Comment):
            lines.append(_Line("", next(indents), entry.text))
        elif isinstance(entry, Rest):
            lines.append(_Line(entry.text, 0, entry.comment))
        else:
            first, *more = layout.statement(entry)
            if not entry.first and heading_of(first.text, 0):
                # At the beginning of a line it would be a heading.
                first = _Line(f"{lines[-1].text} {first.text}", lines.pop().indent, first.comment)
            lines += [first, *more]
    while lines and lines[-1] == _Line(""):
        lines.pop()
    return "".join(f"{_shown(line)}\n" for line in _aligned(lines))


class _Layout:
    def __init__(self, source: Source, file: tree.File) -> None:
        self.file = file
        self.terms = Vocabulary(name.text for one in file.definitions for name in one.names)
        self.definitions = {one.span.start for one in file.definitions if one.span and not one.inline}
        heads: list[tree.IndicatorNode | tree.PartNode] = [*file.indicators, *file.parts]
        self.own = {one.span.start for node in heads for one in node.statements if one.span}
        self.names = sorted(set(_names(file)))

    def indent(self, entry: Statement) -> int:
        if entry.line.heading == "row":
            return 2
        return 1 if entry.line.heading in ("given", "expect", "expect error") or entry.line.start in self.own else 0

    def beside(self, found: Sequence[Entry]) -> Iterator[int]:
        """The indentation of the comments, in order: that of the statement below, or above where a blank line is below."""
        above = 0
        for comments, group in groupby(enumerate(found), key=lambda one: isinstance(one[1], Comment)):
            block = list(group)
            at, last = block[-1]
            if comments:
                below = found[at + 1] if at + 1 < len(found) else None
                yield from [self.indent(below) if isinstance(below, Statement) else above] * len(block)
            else:
                above = self.indent(last) if isinstance(last, Statement) else 0

    def statement(self, entry: Statement) -> Iterator[_Line]:
        line, indent, text = entry.line, self.indent(entry), entry.text
        if line.heading == "row":
            cells = tuple(cell.strip() for cell in re.split("[|｜]", text))
            yield _Line(" | ".join(cells).strip(), indent, entry.comments[0], cells=cells)
            return
        language = self.language(line.heading, line.language, line.text)
        left = ""
        head = _marker(entry.article, language)
        if line.heading:
            word = _in_width(entry.word, language)
            head += word + ("" if word.endswith("：") else " ")
        if line.heading == "given":
            text = _given(text, language)
        elif line.heading not in _BY_GRAMMAR:
            text = folded(text)
        elif line.start in self.definitions:
            match = DEFINES.search(masked(line.text))
            assert match is not None
            equals = match.start()
            left, head = head + " / ".join(_names_left(text[:equals])), ""
            text = "= " + self.tidy(text[equals + 1 :], line.start + equals + 1, language)
        else:
            text = self.tidy(text, line.start, language)
        text += _STOPS[language].get(entry.stop, "")
        first, *more = (head + text).strip().split("\n")
        yield _Line(first, indent, entry.comments[0], left)
        for part, comment in zip_longest(more, entry.comments[1:], fillvalue=""):
            yield _Line(part.strip(), indent + 2, comment)

    def language(self, heading: str, of_heading: str, text: str) -> Language:
        if heading:
            return "en" if of_heading == "en" else "zh"
        return language_of(text, self.terms, self.file.language)

    def tidy(self, text: str, start: int, language: Language) -> str:
        """What the grammar reads: its marks in the width of the language, and the blanks that go with them."""
        plain = normalise(text)
        kept = [match.span() for match in QUOTED.finditer(plain)]
        ours = self.names[bisect_left(self.names, (start, 0)) : bisect_left(self.names, (start + len(text), 0))]
        names = [(a - start, b - start) for a, b in ours if b <= start + len(text)]
        one_thing = {at for match in _ONE_THING.finditer(plain) for at in range(*match.span())}
        found: list[str] = []  # names, single characters, " " and "\n"
        at = 0
        for begin, end in sorted([*kept, *names, (len(text), len(text))]):
            for i in range(at, begin):
                if plain[i].isspace():
                    found.append("\n" if plain[i] == "\n" else " ")
                else:
                    found.append(
                        text[i] if plain[i] in '"-' else _in_width(text[i], "en" if i in one_thing else language)
                    )
            if end > begin >= at:
                found.append(text[begin:end] if (begin, end) in kept else folded(text[begin:end]))
                at = end
        return "".join(_spaced(found, language)).strip(" ")


def _names(node: object) -> Iterator[tuple[int, int]]:
    """Where the names of a tree stand, if they stand there as they are."""
    for name in names_in(node):
        if name.span and " ".join(normalise(name.span.text).split()) == name.text:
            yield name.span.start, name.span.end


def _in_width(text: str, language: Language) -> str:
    """Punctuation in the width of the language; digits and letters stay as written."""
    plain = "".join(a if b.isalnum() else b for a, b in zip(text, normalise(text), strict=True))
    return plain.translate(_CHINESE) if language == "zh" else plain


def _spaced(found: Sequence[str], language: Language) -> Iterator[str]:
    """Joined with the blanks that the marks of the language ask for, and single ones elsewhere."""
    last, before, blank = "", "", False  # `last` stood before `before`
    for one in found:
        if one == " ":
            blank = True
            continue
        if one != "\n" and before not in ("", "\n") and _apart(last, before, one, blank, language):
            yield " "
        yield one
        last, before, blank = before, one, False


def _apart(last: str, before: str, one: str, blank: bool, language: Language) -> bool:
    if language == "en":
        if one in (",", ";", ":", ")") or before == "(":
            return False
        if one == "(" and before[-1].isalnum():
            return True
        return blank or (before in (",", ";", ":") and not (last[-1:].isdigit() and one[0].isdigit()))
    if before == "，" and last[-1:].isdigit() and one[0].isdigit():
        return blank  # 5, 300 is two numbers, 5,300 one
    return blank and before not in _MARKS and one not in _MARKS


def _marker(article: str, language: Language) -> str:
    """`一、` and `①` touch what they mark; `1.` must not touch a number."""
    text = _in_width(article, language)
    touches = text[-1:] in _MARKS or unicodedata.category(text[-1:] or "a") == "No"
    return text if not text or touches else f"{text} "


def _given(text: str, language: Language) -> str:
    """The facts of an example: what stands between them, not the values."""
    plain, written, at = normalise(text), "", 0
    for match in GIVEN_LIST.finditer(plain):
        mark = _in_width(match[0][0], language)
        apart = " " if language == "en" or plain[match.end() :].lstrip()[:1].isdigit() else ""
        written += folded(text[at : match.start()]) + mark + apart
        at = match.end()
    rest = folded(text[at:])
    return written + (folded(rest[:-1]) + _in_width(":", language) if normalise(rest).endswith(":") else rest)


def _names_left(text: str) -> Iterator[str]:
    """The names of a definition."""
    at = 0
    for part in masked(normalise(text)).split("/"):
        if name := folded(text[at : at + len(part)]):
            yield name
        at += len(part) + 1


# --- what stands below each other ------------------------------------------------------------------------------------


def _columns(text: str) -> int:
    """How wide a text is in an editor."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _aligned(lines: Iterable[_Line]) -> Iterator[_Line]:
    for kind, group in groupby(lines, key=lambda line: "=" if line.left else "|" if line.cells else ""):
        block = list(group)
        columns = zip_longest(*((line.left,) if kind == "=" else line.cells for line in block), fillvalue="")
        widths = [max(map(_columns, column)) for column in columns]
        for line in block:
            text = line.text
            if kind == "=":
                text = f"{_padded(line.left, widths[0])} {text}"
            elif kind == "|":
                text = " | ".join(map(_padded, line.cells, widths)).strip()
            yield _Line(text, line.indent, line.comment)


def _shown(line: _Line) -> str:
    text = _INDENT * line.indent + line.text
    return f"{text}  {line.comment}" if line.text and line.comment else text + line.comment
