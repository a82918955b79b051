"""Text to tokens, as the parser asks for them: the vocabulary of the file and the words of a language live here.

At each place the lexer knows what the grammar admits next. There the longest declared name wins over a keyword of the
same or smaller length; text that is neither becomes a name that the checker will miss, up to the next keyword.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from lark.lexer import Lexer, LexerState, Token
from lark.parsers.lalr_parser_state import ParserState

from gkxl.language import peeks
from gkxl.language.admitted import admits, shifted
from gkxl.language.declared import conjunction, declared_at
from gkxl.language.form_lexer import form_tokens
from gkxl.language.time_words import read_day_of
from gkxl.language.total_words import admitted_phrase
from gkxl.language.views import view_at
from gkxl.language.vocabulary import Line
from gkxl.language.words import (
    read_day,
    read_number,
    words,
)
from gkxl.values import Kind

# Never part of a name or measure word that is not quoted.
_MARKS = frozenset(',;:、()[]"「」。×÷*/+=<>≥≤')
_QUOTES = frozenset('「"')
# What follows an `each` that stands behind its points: costs 2 each and …
_BEHIND_EACH = frozenset(
    "and or but up with to in if unless when where capped at not no max maximum limited otherwise subject for".split()
)
# Terminals of words that the grammar tells apart by the number that follows them.
_BEFORE_NUMBER = frozenset(("IS_NUMBER", "NOT_EQUAL", "OF_SHARE", "CAPPED_AT", "AFTER_FIRST"))
_BEFORE_PERIODS = frozenset(("IN_ROW", "ALTOGETHER"))
_PERIODS = re.compile(r"\s*[\d零一二两三四五六七八九十]+\s*个?(?:月|季度|周|星期)")
# One-character words that begin names as often: they are words where a name, number or word follows.
_BEFORE_WORD = frozenset(("VERB", "OPENING", "THEN"))
_INCLUSION = re.compile(
    r"\(\s*(不含|不包含|不包括|含|包含|包括|inclusive|included|exclusive|excluded)"
    r"\s*(?:本数|[\d.]+\s*%?\s*\w{0,3})?\s*\)",
    re.IGNORECASE,
)
_COMPOUNDS = ("及格", "及时")  # words that begin like a keyword and are none
_WHOM = ("对", "限", "除", "针对", "仅限")  # in front of groups, whose names nobody declares
# 10, 5 and 3 points respectively
_NUMBERS = re.compile(
    r"\d+(?:\.\d+)?(?:\s*,\s*\d+(?:\.\d+)?)*\s*,?\s+and\s+\d+(?:\.\d+)?(?=\s+(?:points?\s+|pts\s+)?(?:respectively|each|apiece)\b)",
    re.IGNORECASE,
)
_HAN_NUMERALS = frozenset("零〇一二两三四五六七八九十百千半")


def tokens_at(line: Line, at: int, state: ParserState[Any]) -> list[Token]:
    """The tokens that atom number `at` may begin, the likeliest first; one, but for names of a definition."""
    here = line.atoms[at]
    quoted = _quoted(line, at)
    if quoted:
        return [quoted]
    included = _inclusion(line, at, state)
    if included:
        return [included]
    listed = conjunction(line, at) if here.word == "," else None
    if listed and admits(state, listed[0]):
        return [_token(line, listed[0], here.start, listed[1])]
    named = declared_at(line, at) if admits(state, "NAME") else 0
    total = None if line.definition else admitted_phrase(line.text, here, line.language, partial(admits, state))
    if total and line.after(total.end) - at > named:
        return [_token(line, total.terminal, here.start, total.end, total.meaning)]
    keyword = _keyword(line, at, state)
    viewed = _viewed(line, at, state) if admits(state, "NAME") else 0
    day = read_day(line.text, here.start) if here.word[0].isalnum() and admits(state, "DAY") else None
    if day:
        return [_token(line, "DAY", here.start, day[1])]
    several = _NUMBERS.match(line.text, here.start) if admits(state, "NUMBERS") else None
    if several:
        return [_token(line, "NUMBERS", here.start, several.end())]
    day_of = read_day_of(line.text, here.start, line.language) if admits(state, "DAY_OF") else None
    if day_of and line.after(day_of[1]) - at > (named or 0):
        return [_token(line, "DAY_OF", here.start, day_of[1])]
    if viewed > named and not line.definition:
        return [_name(line, at, at + viewed)]
    number = _number(line, at, state)
    number_atoms = line.after(number.end_pos or 0) - at if number else 0
    keyword_atoms = keyword[0] if keyword else 0
    denied = (
        line.vocabulary.denied(line.text, line.atoms[at:]) if not line.definition and admits(state, "DENIED") else None
    )
    if denied and denied[0] > max(named, keyword_atoms):
        return [_token(line, "DENIED", here.start, line.atoms[at + denied[0] - 1].end, denied[1])]
    if named and not line.definition and named >= max(keyword_atoms, number_atoms):
        return [_name(line, at, at + named)]
    if number and number_atoms >= keyword_atoms:
        return [number]
    measure = peeks.measure(line.language, line.atoms, at) if keyword_atoms else 0
    if measure > keyword_atoms and admits(state, "LABEL"):  # 30分钟: not 30分
        return [_token(line, "LABEL", here.start, _with_bracket(line, at + measure))]
    if line.definition and admits(state, "NAME") and here.word not in _MARKS:
        others = _definition_names(line, at, named, keyword, state)
        return [_name(line, at, at + viewed), *others] if viewed > named else others
    if keyword:
        return [_word(line, at, keyword)]
    empty = peeks.empty(line.language, line.atoms, at)
    if empty:
        if line.atoms[at + empty].word == here.word:  # nobody writes two; a thousand must not recurse as deep
            return [_token(line, "UNKNOWN", here.start, line.atoms[at + empty].end)]
        return tokens_at(line, at + empty, state)
    if peeks.vague(line.language, line.atoms, at):
        return [_token(line, "VAGUE", here.start, line.atoms[at + peeks.vague(line.language, line.atoms, at) - 1].end)]
    return [_unknown(line, at, state)]


class SentenceLexer(Lexer):
    """Lark's view of the above for sentences, where the first reading at each place is the reading."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: object) -> None:
        """Lark hands over its lexer settings; the words are in files of their own."""

    def lex(self, lexer_state: LexerState, parser_state: ParserState[Any]) -> Iterator[Token]:
        line: Line = lexer_state.text  # type: ignore[assignment]  # Lark passes the custom input through
        if line.form:
            yield from form_tokens(line)
            return
        at = 0
        while at < len(line.atoms):
            token = tokens_at(line, at, parser_state)[0]
            yield token
            at = line.after(token.end_pos or 0)


def _token(line: Line, terminal: str, start: int, end: int, value: str | None = None) -> Token:
    return Token(terminal, line.text[start:end] if value is None else value, start_pos=start, end_pos=end)


def _word(line: Line, at: int, keyword: tuple[int, str, str]) -> Token:
    count, terminal, meaning = keyword
    return _token(line, terminal, line.atoms[at].start, line.atoms[at + count - 1].end, meaning)


def _name(line: Line, first: int, end: int) -> Token:
    return _token(line, "NAME", line.atoms[first].start, line.atoms[end - 1].end)


def _quoted(line: Line, at: int) -> Token | None:
    start = line.atoms[at].start
    close = {"「": "」", '"': '"'}.get(line.text[start])
    end = line.text.find(close, start + 1) if close else -1
    return _token(line, "NAME", start, end + 1) if end > start + 1 else None


def _keyword(line: Line, at: int, state: ParserState[Any]) -> tuple[int, str, str] | None:
    """The longest word here that the grammar admits: how many atoms, its terminal and meaning."""
    found = None
    node: Any = words(line.language).trie
    for end in range(at, len(line.atoms)):  # `walk`, written out: this is asked for at every place
        node = node.get(line.atoms[end].word)
        if node is None:
            break
        count = end - at + 1
        if line.atoms[end + 1 : end + 2] and line.atoms[end + 1].word == "than":
            continue  # 90% and fewer than 3 errors: not “and fewer”
        for terminal, meaning in node.get(None, ()):
            if terminal == "OF_ROWS" and peeks.aggregate(line.language, line.atoms, end + 1):
                continue  # 的 件数 之和: the sum of a column
            if terminal in _BEFORE_PERIODS and not _periods_follow(line, end):
                continue
            if terminal in _BEFORE_NUMBER and not _number_follows(line, at + count, terminal):
                continue
            if terminal == "EVERY" and _is_behind(line, at + count):
                continue  # cost 0.5 each
            if terminal == "DUE" and peeks.does(line.language, line.atoms, end + 1) and admits(state, "THEN"):
                continue  # 应开展演练3次: not 应 of a day
            if count == 1 and terminal in _BEFORE_WORD and not _goes_on(line, at + 1):
                continue  # 设备完好率, 就业率: not 设, 就
            if admits(state, terminal):
                if found and found[0] + declared_at(line, at + found[0]) > count:
                    break  # each single parent, where single parents is a name: not “each single”
                found = (count, terminal, meaning)
                break
    return found


def _is_behind(line: Line, at: int) -> bool:
    """Whether the `each` in front of atom `at` stands behind its points, and is no head of what follows."""
    if at >= len(line.atoms) or line.atoms[at].word in _MARKS - _QUOTES:
        return True
    return line.language == "en" and line.atoms[at].word in _BEHIND_EACH and not declared_at(line, at)


def _inclusion(line: Line, at: int, state: ParserState[Any]) -> Token | None:
    """(含), (不含10条), (inclusive): whether an end belongs to a band, as one token up to the closing bracket."""
    if line.atoms[at].word != "(":
        return None
    match = _INCLUSION.match(line.text, line.atoms[at].start)
    if match is None:
        return None
    terminal = "EXCLUDED" if match.group(1).casefold().startswith(("不", "ex")) else "INCLUDED"
    return _token(line, terminal, match.start(), match.end()) if admits(state, terminal) else None


def _number_follows(line: Line, at: int, terminal: str) -> bool:
    if at >= len(line.atoms):
        return False
    if terminal == "IS_NUMBER" and read_day_of(line.text, line.atoms[at].start, line.language):
        return True
    start = line.atoms[at].start
    number = read_number(line.text, start, han=terminal != "IS_NUMBER" or line.text[start] in "零〇")
    if number is None or terminal != "OF_SHARE":
        return number is not None
    return number.kind is Kind.RATE or any(sign in line.text[start : number.end] for sign in ("/", "分之"))


def _periods_follow(line: Line, end: int) -> bool:
    """Whether 连续 or 累计 is said of months: 连续3个月. The English words say so themselves."""
    return line.language == "en" or bool(_PERIODS.match(line.text, line.atoms[end].end))


def _goes_on(line: Line, at: int) -> bool:
    """Whether something known begins here."""
    if line.language == "en" or line.definition or at >= len(line.atoms):
        return True
    start = line.atoms[at].start
    known = line.text[start] in _QUOTES or declared_at(line, at) or peeks.is_word(line.language, line.atoms, at)
    return bool(known) or read_number(line.text, start, han=True) is not None


def _viewed(line: Line, at: int, state: ParserState[Any]) -> int:
    """How many atoms 上年结案率, best votes or 全组平均 alone has here; 0 where there is no such term."""
    found = view_at(line.atoms, at, line.language)
    if found is None:
        return 0
    count, _, alone = found
    rest = at + count
    for start in range(rest, min(rest + 2, len(line.atoms))):  # 上年结案率, 上年的结案率
        if quoted := _quoted(line, start):
            return line.after(quoted.end_pos or 0) - at
        if named := declared_at(line, start):
            return start + named - at
        if line.atoms[start].word != "的":
            break
    behind = shifted(state, "NAME")
    if line.definition or behind is None:
        return 0
    ended = rest >= len(line.atoms) or line.atoms[rest].word in _MARKS
    if ended or _keyword(line, rest, behind) or _number(line, rest, behind):
        return count if alone else 0
    return _run(line, rest, behind, label=False) - at


def _number(line: Line, at: int, state: ParserState[Any]) -> Token | None:
    """A number, where one may stand. A sentence never begins with Chinese numerals: 一等, 三公经费 are words."""
    start = line.atoms[at].start
    if line.language == "en" and line.text[start].isalpha():
        word = read_number(line.text, start, han=False) if admits(state, "NUMBER") else None
        return _token(line, "NUMBER", start, word.end) if word else None
    if not (line.text[start].isdigit() or line.text[start] in _HAN_NUMERALS) or not admits(state, "NUMBER"):
        return None
    if not line.text[start].isdigit() and (line.definition or line.text[:start].endswith(_WHOM) or not at):
        # 一处漏洒扣1分, but 一等, 三公经费, 对一类单位
        first = read_number(line.text, start, han=not line.definition)
        counted = line.after(first.end) if first else 0
        size = peeks.measure(line.language, line.atoms, counted) if counted else 0
        return (
            _token(line, "NUMBER", start, first.end) if first and size and declared_at(line, counted + size) else None
        )
    number = read_number(line.text, start, han=at > 0 and line.language == "zh" and not line.definition)
    if number is None:
        return None
    behind = line.after(number.end)
    if line.text[start] in _HAN_NUMERALS and behind < len(line.atoms):
        # 一般, 三公: a Chinese numeral before what is no word is part of a name.
        following, rest = line.atoms[behind].word, (line.language, line.atoms, behind)
        if not (following in _MARKS or peeks.measure(*rest) or peeks.is_word(*rest)):
            return None
    return _token(line, "NUMBER", start, number.end)


def _gives(line: Line, at: int) -> bool:
    """Whether points can follow a verb that is said before atom `at`."""
    if at >= len(line.atoms) or line.atoms[at].word in _MARKS:
        return False
    number = read_number(line.text, line.atoms[at].start, han=True)
    return number is not None or peeks.is_word(line.language, line.atoms, at)


def _run(line: Line, at: int, behind: ParserState[Any], label: bool, sure: int = 1) -> int:
    """Where unknown text that begins at atom `at` ends: before what the grammar admits behind it."""
    end = at + sure
    while end < len(line.atoms):
        atom = line.atoms[end]
        keyword = _keyword(line, end, behind)
        if keyword and keyword[:2] == (1, "EARN") and line.language == "zh" and not _gives(line, end + 1):
            keyword = None  # 一等奖
        if keyword and (keyword[1] == "VERB" or (keyword[0] == 1 and keyword[1] in _BEFORE_WORD)):
            keyword = None  # 咨询答复, 市级快报
        if keyword and line.text.startswith(_COMPOUNDS, atom.start):
            keyword = None  # 不及格
        if atom.word in _MARKS or keyword or _number(line, end, behind):
            break
        if admits(behind, "NAME") and declared_at(line, end):
            break
        if label and peeks.is_word(line.language, line.atoms, end):
            break  # 3天未办结: a word of the language is no part of a measure word, wherever it stands
        end += 1
    return end


def _unknown(line: Line, at: int, state: ParserState[Any]) -> Token:
    """A measure word or a name nobody declared."""
    here = line.atoms[at]
    as_label, as_name = shifted(state, "LABEL"), shifted(state, "NAME")
    if here.word in _MARKS or not (as_label or as_name):
        return _token(line, "UNKNOWN", here.start, here.end)
    if as_label and (peeks.measure(line.language, line.atoms, at) or not peeks.is_word(line.language, line.atoms, at)):
        known = peeks.measure(line.language, line.atoms, at)
        end = _run(line, at, as_label, label=True, sure=known or 1)
        if known and end - at - known >= 2:
            end = at + known  # 1条简讯: the measure word, then a name that is not declared
        if not as_name or known == end - at or (line.language == "zh" and end - at <= 3):
            return _token(line, "LABEL", here.start, _with_bracket(line, end))
    if as_name is None:
        return _token(line, "UNKNOWN", here.start, here.end)
    return _name(line, at, _run(line, at, as_name, label=False))


def _with_bracket(line: Line, end: int) -> int:
    """The end of a measure word that goes on in brackets, as in 条(篇)."""
    rest = [a.word for a in line.atoms[end : end + 5]]
    if rest[:1] == ["("] and ")" in rest:
        inner = rest[1 : rest.index(")")]
        if (
            inner
            and not peeks.in_brackets(line.language, line.atoms, end, len(inner))
            and not any(w[0].isdigit() or w in _MARKS for w in inner)
        ):
            return line.atoms[end + len(inner) + 1].end
    return line.atoms[end - 1].end


def _definition_names(
    line: Line, at: int, named: int, keyword: tuple[int, str, str] | None, state: ParserState[Any]
) -> list[Token]:
    """The names that may begin here in a definition: a declared one, or text up to any keyword that may follow."""
    behind = shifted(state, "NAME")
    assert behind is not None
    ends = []
    if named:
        ends.append(at + named)
    end = at
    while end < len(line.atoms):
        if end > at and (line.atoms[end].word in _MARKS or _keyword(line, end, behind) or _number(line, end, behind)):
            ends.append(end)
        if line.atoms[end].word in _MARKS:
            break
        end += 1
    else:
        ends.append(end)
    tokens = [_name(line, at, e) for e in dict.fromkeys(ends)]
    return [_word(line, at, keyword), *tokens] if keyword else tokens
