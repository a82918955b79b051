"""Text to tokens in checks of fixed forms and in definitions of their cells: addresses, rows, columns, captions, signs.

Here the words of sentences mean nothing: what is no address, number, sign or one of the few words below is a caption or a
declared term, which runs up to the next of them. Quotes settle it where a caption holds one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from lark.lexer import Token

from gkxl.diagnostics import Language
from gkxl.language.headings import masked
from gkxl.language.vocabulary import Line
from gkxl.language.words import han_number, read_number, walk, words

_HAN = "零〇一二两三四五六七八九十百千"
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})(?=至|到|之和|且|$|[^\w.])")
_COLON = re.compile(r"\s*:\s*")
_LETTERS = r"[A-Za-z]{1,3}"
# One row or column, and several at once (第7至27行, rows 7 to 27), whose ends are tokens of their own.
_LINE = re.compile(
    rf"第\s*(?P<row>\d+|[{_HAN}]+)\s*行|第\s*(?P<column>{_LETTERS}|\d+|[{_HAN}]+)\s*列|(?P<letters>{_LETTERS})\s*列"
    rf"|rows?\s+(?P<row_en>\d+)(?!\w)|columns?\s+(?P<column_en>{_LETTERS}|\d+)(?!\w)",
    re.IGNORECASE,
)
_LINES = re.compile(
    r"第\s*(?P<row>\d+)\s*(?P<to>[至到~-])\s*(?P<last_row>\d+)\s*行"
    rf"|(?:第\s*)?(?P<column>{_LETTERS}|(?<=第)\d+)\s*(?P<to2>[至到~-])\s*(?P<last_column>{_LETTERS}|\d+)\s*列"
    r"|rows\s+(?P<row_en>\d+)\s*(?P<to3>\bto\b|\bthrough\b|-)\s*(?P<last_row_en>\d+)(?!\w)"
    rf"|columns\s+(?P<column_en>{_LETTERS})\s*(?P<to4>\bto\b|\bthrough\b|-)\s*(?P<last_column_en>{_LETTERS})(?!\w)",
    re.IGNORECASE,
)
# What bounds the lines that a check is made in: 逐列 D 至 J, for each row 5 to 28.
_BOUND = re.compile(
    rf"第?\s*({_LETTERS}|\d+)\s*[行列]?"
    r"(?=\s*(?:至|到|~|-|to\b|through\b|允许|相差|误差|差额|within\b|[,。.]|$))",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"「[^」]+」|\"[^\"]+\"|'[^']+'(?=!)")
_SHEET = re.compile(r"[^\s「」\"'!=<>≤≥⇒+×÷*/(),:;-]+(?=!(?!=))")
_SIGNS = (
    ("⇒", "IMPLIES"), ("=>", "IMPLIES"), ("<=", "PRE_AT_MOST"), (">=", "PRE_AT_LEAST"), ("≤", "PRE_AT_MOST"),
    ("≥", "PRE_AT_LEAST"), ("<", "PRE_UNDER"), (">", "PRE_OVER"), ("=", "IS_NUMBER"), ("+", "PLUS"), ("-", "MINUS"),
    ("×", "TIMES"), ("*", "TIMES"), ("÷", "OVER"), ("/", "OVER"), ("(", "LPAR"), (")", "RPAR"), (",", "COMMA"),
)  # fmt: skip
_WORDS: dict[Language, tuple[tuple[str, str], ...]] = {
    "zh": (("的", "OF"), ("且", "AND"), ("之和", "AGGREGATE"), ("至", "TO"), ("到", "TO"), ("~", "TO")),
    "en": (("of", "OF"), ("and", "AND"), ("the sum of", "AGGREGATE"), ("sum of", "AGGREGATE"), ("to", "TO"),
           ("through", "TO")),
}  # fmt: skip
_ENDS = frozenset("=<>≤≥⇒+×÷*/,:;!「」\"'")
# A caption may begin with its number: 一、 (一) 1. 1、
_MARKER = re.compile(rf"(?:[{_HAN}]+、|\([{_HAN}]+\)|\d+[.、](?=[^\d\s])|\(\d+\)(?=[^\W\d]))")
_ATTACHED = re.compile(r"\([^()]*\)")
_ADDRESSED = re.compile(
    rf"!(?!=)|第\s*(?:\d+|[{_HAN}]+)\s*(?:行|[至到~-]\s*\d+\s*行)|第\s*(?:{_LETTERS}|\d+)\s*列"
    r"|\b(?:rows?\s+\d+|columns?\s+[A-Z]{1,3})\b",
    re.IGNORECASE,
)
_OPERAND = re.compile(
    r"(?:^|[-+×÷*/(]|sum of\s)\s*(\$?[A-Z]{1,3}\$?[1-9]\d{0,6}|[A-Z]{1,3}列)(?=\s*(?:$|[-+×÷*/):]|至|到|之和|to\b))"
)


def is_of_a_form(line: Line) -> bool:
    """Whether the right side of a definition is of cells of a form: it has an address that is no declared name."""
    bare = masked(line.text)
    if _ADDRESSED.search(bare):
        return True
    return any(line.vocabulary.find(match[1]) is None for match in _OPERAND.finditer(bare))


def form_tokens(line: Line) -> Iterator[Token]:
    """All tokens of a line, by the text alone."""
    text, at, each = line.text, 0, ""
    while at < len(text):
        if text[at].isspace() or text[at] == "!":
            at += 1
            continue
        for token in _tokens_at(line, at, each):
            yield token
            if token.type == "EACH_LINE":
                each = str(token)
            at = token.end_pos or len(text)


def _tokens_at(line: Line, at: int, each: str) -> list[Token]:
    text = line.text
    if quoted := _QUOTED.match(text, at):
        kind = "SHEET" if text.startswith("!", quoted.end()) else "NAME"
        return [_token(line, kind, at, quoted.end())]
    if sheet := _SHEET.match(text, at):
        return [_token(line, "SHEET", at, sheet.end())]
    if each and (bound := _BOUND.match(text, at)) and bound[1].isdigit() == (each == "row"):
        return [_token(line, "LINE", at, bound.end(), f"{each} {bound[1]}")]
    named = _declared_end(line, at)
    for found in (_lines_at, _line_at, _cell_at):
        tokens = found(line, at)
        if tokens and (tokens[-1].end_pos or 0) > named:
            return tokens
    keyword = _keyword(line, at, each)
    if keyword and (keyword.end_pos or 0) > named:
        return [keyword]
    if named:
        return [_token(line, "NAME", at, named)]
    if not _MARKER.match(text, at):
        number = read_number(text, at, han=False) if text[at].isdigit() else None
        if number:
            return [_token(line, "NUMBER", at, number.end)]
        sign = next(((s, terminal) for s, terminal in _SIGNS if text.startswith(s, at)), None)
        if sign:
            return [_token(line, sign[1], at, at + len(sign[0]), "")]
    return [_token(line, "NAME", at, _caption_end(line, at, each))]


def _token(line: Line, terminal: str, start: int, end: int, value: str = "") -> Token:
    return Token(terminal, value or line.text[start:end], start_pos=start, end_pos=end)


def _declared_end(line: Line, at: int) -> int:
    """Where the longest declared name ends that begins here; 0 where none does."""
    first = line.index.get(at)
    if first is None:
        return 0
    ends = [line.atoms[first + n - 1].end for n, _ in walk(line.vocabulary.trie, (a.key for a in line.atoms[first:]))]
    return max(ends, default=0)


def _line_at(line: Line, at: int) -> list[Token]:
    match = _LINE.match(line.text, at)
    if match is None or not _stands_apart(line.text, at, match.end()):
        return []
    part = match.groupdict()
    row = part["row"] or part["row_en"]
    number = row or part["column"] or part["letters"] or part["column_en"]
    return [_token(line, "LINE", at, match.end(), f"{'row' if row else 'column'} {number}")]


def _lines_at(line: Line, at: int) -> list[Token]:
    match = _LINES.match(line.text, at)
    if match is None:
        return []
    part = {name: value for name, value in match.groupdict().items() if value is not None}
    (first, low), (to, _), (last, high) = part.items()
    what = "row" if first.startswith("row") else "column"
    return [
        _token(line, "LINE", at, match.end(first), f"{what} {low}"),
        _token(line, "TO", match.start(to), match.end(to)),
        _token(line, "LINE", match.start(last), match.end(), f"{what} {high}"),
    ]


def _cell_at(line: Line, at: int) -> list[Token]:
    """D5; D5:D9 are two and what stands between."""
    match = _CELL.match(line.text, at)
    if match is None:
        return []
    first = _token(line, "CELL", at, match.end(), f"{match[1]}{match[2]}")
    behind = _COLON.match(line.text, match.end())
    if behind and (last := _CELL.match(line.text, behind.end())):
        return [
            first,
            _token(line, "TO", *behind.span()),
            _token(line, "CELL", last.start(), last.end(), f"{last[1]}{last[2]}"),
        ]
    return [first]


@cache
def _said(language: Language) -> tuple[tuple[str, str, str], ...]:
    """The words of a check that the keywords of the language have, the longest first."""
    found = []
    for terminal in ("EACH_LINE", "TOLERANCE", "IMPLIES"):
        for word in words(language).terminals[terminal]:
            meaning = ("row" if "行" in word or "row" in word else "column") if terminal == "EACH_LINE" else ""
            found.append((word, terminal, meaning))
    return tuple(sorted(found, key=lambda one: -len(one[0])))


def _keyword(line: Line, at: int, each: str) -> Token | None:
    """A word here that means something in a check."""
    for word, terminal, meaning in (*_said(line.language), *((w, t, "") for w, t in _WORDS[line.language])):
        end = at + len(word)
        if line.text[at:end].casefold() != word or not _stands_apart(line.text, at, end):
            continue
        if terminal == "TO" and not (each or _summed(line, at)):
            continue  # 至 is a word of sums and bounds alone
        return _token(line, terminal, at, end, meaning)
    return None


def _stands_apart(text: str, at: int, end: int) -> bool:
    """Whether an English word is one of its own."""
    if not (text[at].isascii() and text[at].isalpha()):
        return True
    before, behind = text[at - 1 : at], text[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (
        behind.isascii() and (behind.isalnum() or behind == "-")
    )


def _summed(line: Line, at: int) -> bool:
    """Whether what stands here is within a sum: 甲至乙之和, sum of a to b."""
    if line.language == "en":
        return "sum of" in re.split("[=<>≤≥+×÷*/,]", line.text[:at].casefold())[-1]
    return "之和" in re.split("[=<>≤≥⇒+×÷*/,]", line.text[at:])[0]


def _caption_end(line: Line, start: int, each: str) -> int:
    """Where a caption ends that begins here: before a sign or a word that means something."""
    text, at = line.text, start
    if marker := _MARKER.match(text, at):
        at = marker.end()
    end = at
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
            if marker := _MARKER.match(text, at):
                end = at = marker.end()
            continue
        if char == "(" and at == end and end > start and (bracket := _ATTACHED.match(text, at)):
            end = at = bracket.end()
            continue
        if char in _ENDS or char in "()" or (char == "-" and not _hyphen(text, at)):
            break
        if at > start and (_keyword(line, at, each) or _SHEET.match(text, at)):
            break
        at += 1
        end = at
    return max(end, start + 1)


def _hyphen(text: str, at: int) -> bool:
    """year-end is one word."""
    sides = text[at - 1 : at] + text[at + 1 : at + 2]
    return len(sides) == 2 and sides.isascii() and sides.isalpha()


def number_of(written: str, column: bool) -> int:
    """The number of a row or column as written: 5, 五, D."""
    if written.isdigit():
        return int(written)
    if column and written.isascii():
        number = 0
        for letter in written.upper():
            number = number * 26 + ord(letter) - 64
        return number
    return han_number(written) or 0
