"""Atoms, words and numbers: what the lexer cuts a line into before it knows what the grammar admits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

from gkxl.diagnostics import Language
from gkxl.frozen import dataclass
from gkxl.language import grammar
from gkxl.values import Kind, Number, exact

# A word, a number, or any other single character. Blanks are no atoms, so they never count.
_ATOM = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-'][A-Za-z0-9]+)*|\d+(?:\.\d+)?|<=|>=|!=|\S")

LANGUAGES: tuple[Language, ...] = ("zh", "en")
TrieNode = dict[str | None, Any]  # children by atom; under None the values of the word that ends here


class Atom(NamedTuple):
    """`word` is casefolded; `key` is what names compare by: an English word without its regular plural."""

    word: str
    key: str
    start: int
    end: int


_IRREGULAR = {"children": "child", "people": "person", "men": "man", "women": "woman", "criteria": "criterion"}


def singular(word: str) -> str:
    """The key of a casefolded English word: the same for its regular plural (-s, -es, -ies)."""
    if len(word) > 2 and word.isascii() and word[0].isalpha():
        word = _IRREGULAR.get(word, word)
        if word.endswith(("ysis", "risis", "thesis")):
            return word[:-2]  # analysis, as analyses
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
        # boxes and prizes lose the same letters, so the e of box(e)s and prize does not count.
        if word.endswith(("se", "xe", "ze", "che", "she")):
            word = word[:-1]
    return word


def atoms(text: str) -> list[Atom]:
    """The atoms of a normalised text."""
    found = []
    for match in _ATOM.finditer(text):
        word = match.group().casefold()
        found.append(Atom(word, singular(word), match.start(), match.end()))
    return found


@lru_cache(maxsize=4096)
def name_atoms(text: str) -> tuple[str, ...]:
    """What names are equal by: `late days` and `Late  Day` have the same."""
    return tuple(atom.key for atom in atoms(text))


def add_word(trie: TrieNode, keys: Iterable[str], value: object) -> None:
    node = trie
    for key in keys:
        node = node.setdefault(key, {})
    node.setdefault(None, []).append(value)


def walk(trie: TrieNode, keys: Iterable[str]) -> Iterator[tuple[int, list[Any]]]:
    """The words of the trie that `keys` begins with, shortest first: how many atoms, and the values."""
    node: TrieNode | None = trie
    for count, key in enumerate(keys, 1):
        node = node.get(key) if node else None
        if node is None:
            return
        if None in node:
            yield count, node[None]


@dataclass(frozen=True, slots=True)
class Words:
    """The keywords of one language. The values of `trie` are (terminal, meaning); `terminals` maps back to the words."""

    trie: TrieNode
    terminals: dict[str, tuple[str, ...]]


def _spelled_out(pattern: str) -> list[str]:
    """`{is|are} at least` stands for each of its alternatives; an empty one leaves the place out."""
    places = [choices.split("|") for choices in re.split(r"[{}]", pattern)]
    return [" ".join("".join(choice).split()) for choice in product(*places)]


@cache
def words(language: Language) -> Words:
    """The keywords of `grammar/words.*.toml`, from the tables that were stored with the grammar's where they fit."""
    return Words(*(grammar.stored(language) or compiled(language)))


def compiled(language: Language) -> tuple[TrieNode, dict[str, tuple[str, ...]]]:
    """What `Words` has, made from the file of one language."""
    import tomllib  # here: stored tables do without

    trie: TrieNode = {}
    terminals: dict[str, tuple[str, ...]] = {}
    for terminal, entry in tomllib.loads(grammar.read(f"words.{language}.toml")).items():
        groups = [
            (meaning, [word for pattern in group for word in _spelled_out(pattern)])
            for meaning, group in (entry.items() if isinstance(entry, dict) else [("", entry)])
        ]
        terminals[terminal] = tuple(word for _, group in groups for word in group)
        for meaning, group in groups:
            for word in group:
                add_word(trie, (atom.word for atom in atoms(word)), (terminal, meaning or word))
    return trie, terminals


# --- Numbers ---------------------------------------------------------------------------------------------------------

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_GREAT = {"万": 10**4, "亿": 10**8}
_HAN_DIGITS = "零〇一二三四五六七八九"
_HAN = "零〇一二两三四五六七八九十百千万亿"
_HAN_NUMBER = re.compile(
    rf"百分之[{_HAN}]+(?:点[{_HAN_DIGITS}]+)?|[{_HAN}]+分之[{_HAN}]+|半(?!年)|[{_HAN}]+(?:点[{_HAN_DIGITS}]+)?"
)
_TENTHS = re.compile("成(?![员立果本功绩效])")
_PERCENT = r"percentage[ -]points?\b|per\s?cent\b(?!age)"
_PLAIN = re.compile(
    r"(?P<digits>[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d+)(?P<decimals>\.\d+)?"
    rf"(?:\s*(?P<percent>[%‰])|\s*(?P<point>个?百分点|{_PERCENT})"
    r"|\s*(?P<great>万亿|[万亿]|thousand\b|million\b|billion\b)"
    r"|/(?P<below>\d+)(?!\d|-)|\s(?P<part>\d)/(?P<parts>[2-9])(?![\d/]))?",
    re.IGNORECASE,
)
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ONES = "|".join(_SMALL[1:10])
_UP_TO_99 = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{_ONES}))?|{'|'.join(sorted(_SMALL, key=len, reverse=True))}"
_ENGLISH = re.compile(
    r"(?P<above>one|two|three|an?)[- ](?P<below>half|third|quarter)s?\b(?=\s+(?:of|point)\b)|(?P<half>half)(?:\s+an?)?(?![-\w])"
    rf"|(?:(?P<hundreds>{_ONES}|an?)[- ]hundred(?:\s+and\s+|[- ]|\b))?(?P<rest>{_UP_TO_99})?(?P<more>\s+and\s+a\s+half)?\b"
    rf"(?:\s+(?P<great>thousand|million|billion))?(?:\s*(?P<percent>{_PERCENT}))?(?![-\w])",
    re.IGNORECASE,
)
_GREAT_ENGLISH = {"thousand": 3, "million": 6, "billion": 9}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})(?!\d)|年(\d{1,2})月(\d{1,2})日)")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_ENGLISH_DAY = re.compile(
    rf"(?:(?P<first>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?{_MONTH}"
    r"(?: (?P<second>\d{1,2})(?:st|nd|rd|th)?)?,? (?P<year>\d{4})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NumberText:
    """A number as read: `value` None where the text is no number that has one meaning (一万三)."""

    value: Number | None
    kind: Kind
    end: int


def han_number(text: str) -> int | None:
    """The value of Chinese numerals written out in full; None for short forms (二百五, 一万三) and what is no number."""
    for sign in "亿万":
        if sign in text:
            head, _, tail = text.rpartition(sign)
            high, low = han_number(head), han_number(tail) if tail else 0
            if high is None or low is None or not high or low >= _GREAT[sign]:
                return None
            if tail and tail[0] != "零" and low < _GREAT[sign] // 10:
                return None  # 一万三: 13000 or 10003
            return high * _GREAT[sign] + low
    total, unit, rest = 0, 10000, text.replace("〇", "零").lstrip("零")
    if not rest:
        return 0 if text else None
    skipped = text[0] in "零〇"
    while rest:
        if rest[0] == "零":
            skipped, rest = True, rest[1:]
            continue
        digit = 1 if rest[0] == "十" and not total else _DIGITS.get(rest[0])
        rest = rest if rest[0] == "十" and not total else rest[1:]
        if digit is None:
            return None
        if not rest:
            # The last digit counts ones: right after 十, or after 零; 二百五 leaves it open.
            return total + digit if (unit in (10, 10000) and (not total or unit == 10)) or skipped else None
        size = _UNITS.get(rest[0])
        if size is None or size >= unit:
            return None
        total, unit, rest, skipped = total + digit * size, size, rest[1:], False
    return total


def han_decimal(text: str) -> Decimal | None:
    """一点五 is 1.5; without 点 as `han_number`."""
    head, point, tail = text.partition("点")
    whole = han_number(head)
    if whole is None:
        return None
    return Decimal(f"{whole}.{''.join(str(_DIGITS[c]) for c in tail)}") if point else Decimal(whole)


def read_number(text: str, start: int, han: bool) -> NumberText | None:
    """The number at `start`: `3` `0.5` `20%` `1/4` `5000万` `1.2亿` `10个百分点`, and Chinese numerals where `han`."""
    if match := _PLAIN.match(text, start):
        value = Decimal(match["digits"].replace(",", "") + (match["decimals"] or ""))
        if match["percent"] or match["point"]:
            return NumberText(value.scaleb(-3 if match["percent"] == "‰" else -2), Kind.RATE, match.end())
        if great := match["great"]:
            value = value.scaleb(({"万": 4, "亿": 8, "万亿": 12} | _GREAT_ENGLISH)[great.casefold()])
        if match["part"]:  # 1 1/2
            mixed = Fraction(value) + Fraction(int(match["part"]), int(match["parts"]))
            return NumberText(exact(mixed), Kind.NUMBER, match.end())
        if below := match["below"]:
            return NumberText(exact(Fraction(value) / int(below)) if int(below) else None, Kind.NUMBER, match.end())
        return NumberText(value, Kind.NUMBER, match.end())
    match = _ENGLISH.match(text, start)
    if match and (match["half"] or match["below"] or match["hundreds"] or match["rest"]):
        return _english_number(match)
    if han and (match := _HAN_NUMBER.match(text, start)):
        written = match.group()
        if written == "半":
            return NumberText(Decimal("0.5"), Kind.NUMBER, match.end())
        if "分之" in written:
            below_text, _, above_text = written.partition("分之")
            below_value = 100 if below_text == "百" else han_number(below_text)
            above_value = han_decimal(above_text)
            if below_value and above_value is not None:
                kind = Kind.RATE if below_text == "百" else Kind.NUMBER
                return NumberText(exact(Fraction(above_value) / below_value), kind, match.end())
            return NumberText(None, Kind.NUMBER, match.end())
        end, kind = match.end(), Kind.NUMBER
        number = han_decimal(written)
        if number is not None and number < 10 and (tenths := _TENTHS.match(text, end)):  # 八成
            return NumberText(number.scaleb(-1), Kind.RATE, tenths.end())
        if point := re.compile("个?百分点").match(text, end):
            end, kind = point.end(), Kind.RATE
            number = None if number is None else number.scaleb(-2)
        return NumberText(number, kind, end)
    return None


def _english_number(match: re.Match[str]) -> NumberText:
    """three, twenty-five, a hundred, half a, a third (of), one and a half, ten per cent."""
    if match["half"]:
        return NumberText(Decimal("0.5"), Kind.NUMBER, match.end())
    if below := match["below"]:
        parts = {"half": 2, "third": 3, "quarter": 4}[below.casefold()]
        return NumberText(exact(Fraction(_word_value(match["above"]), parts)), Kind.NUMBER, match.end())
    value = Decimal(100 * _word_value(match["hundreds"] or "zero") + _word_value(match["rest"] or "zero"))
    if match["more"]:
        value += Decimal("0.5")
    if great := match["great"]:
        value = value.scaleb(_GREAT_ENGLISH[great.casefold()])
    kind = Kind.RATE if match["percent"] else Kind.NUMBER
    return NumberText(value.scaleb(-2) if match["percent"] else value, kind, match.end())


def _word_value(word: str) -> int:
    word = word.casefold()
    if word in ("a", "an"):
        return 1
    if word in _SMALL:
        return _SMALL.index(word)
    tens, *ones = re.split("[- ]", word)
    return 20 + 10 * _TENS.index(tens) + sum(map(_SMALL.index, ones))


def read_day(text: str, start: int) -> tuple[date | None, int] | None:
    """The date at `start` (None for one that does not exist) and where it ends; None where there is no date."""
    match = _DAY.match(text, start)
    if match:
        year, month, day = (int(part) for part in match.groups() if part)
    else:
        match = _ENGLISH_DAY.match(text, start)
        if not match or bool(match["first"]) == bool(match["second"]):
            return None
        year, day = int(match["year"]), int(match["first"] or match["second"])
        month = _MONTHS.index(match["month"][:3].casefold()) + 1
    try:
        return date(year, month, day), match.end()
    except ValueError:
        return None, match.end()
