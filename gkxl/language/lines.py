"""File text → lines: where sentences begin and end, their articles, headings, comments. Knows no word of the grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gkxl.frozen import dataclass
from gkxl.values import normalise

_ORDINAL = "零〇一二三四五六七八九十百"
# The markers of articles (条款): 1. 1、 1) 1.2 (1) （一） 一、 ① 第三条 (a) a) - * •
_ARTICLE = re.compile(
    rf"\s*(\d{{1,3}}(?:\.\d{{1,3}})*(?:\.(?!\d)|、|\))|\(\d{{1,3}}\)|\([{_ORDINAL}]{{1,4}}\)"
    rf"|[{_ORDINAL}]{{1,4}}、|[①-⑳㈠-㈩⑴-⒇]|第[{_ORDINAL}\d]{{1,5}}[条款项章节][,、:]?|\([a-z]\)|[a-z]\)|[-*•](?=\s|$))\s*",
    re.IGNORECASE,
)
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060\u00ad"), " ")
_GOES_ON = (",", ";", "、", ":")
_QUOTES = {"「": "」", '"': '"'}
# The words that open a heading line, by what they head. A blank must follow.
HEADINGS = {
    "title": ("考评", "assessment"),
    "basis": ("依据", "basis"),
    "units": ("对象", "units"),
    "period": ("周期", "period"),
    "sheet": ("表", "sheet"),
    "check": ("核对", "check"),
    "check date": ("监测时点", "check date"),
    "working days": ("工作日", "working days"),
    "language": ("语言", "language"),
    "full marks": ("满分", "full marks"),
    "part": ("大项", "part"),
    "published": ("公布", "published"),
    "indicator": ("指标", "indicator"),
    "bonus": ("加分", "bonus"),
    "example": ("例", "example"),
    "given": ("已知", "given"),
    "expect": ("应得", "expect"),
    "expect error": ("应报", "expect error"),
}
_HEADING = re.compile(
    r"\s*("
    + "|".join(
        sorted(
            (re.escape(w).replace(r"\ ", r"\s+") for words in HEADINGS.values() for w in words), key=len, reverse=True
        )
    )
    + r")(?=\s|$|:|按中国|取自)",
    re.IGNORECASE,
)
# 工作日 and working days may begin a definition or a sentence, too.
_CALENDAR = re.compile(r"\s*(?:(?:按|取自)(?=\s|中国)|取自|follow\b|from\b)(?!.*=)", re.IGNORECASE)
# 公布 may begin a sentence, and published a definition: a figure has a place of its own, and earns or costs nothing.
_FIGURE = re.compile(r"\s*(?:(?:总分|名次|等次)|(?:total|place|rank|grade)\b)|.*(?:的|\b(?:in|of)\b)", re.IGNORECASE)
_NO_FIGURE = re.compile(
    r"(?<![<>!=])=(?!=)|[加减扣得计记奖给赋]\s*\d|\b(?:earns?|costs?|loses?|scores?|gets?|deducts?)\s+\d", re.IGNORECASE
)
_QUOTED = re.compile(r'「[^」]*」|"[^"]*"')
# 核对 and check may begin a definition: one of a form has its name and a colon in front of what is compared.
_CHECK = re.compile(r'(?:「[^」]*」|"[^"]*"|[^=<>「"])*:')
# One whose colon was forgotten has cells, rows or columns on both sides, which no name of a definition has.
_AT = r"(?:第\s*\d+\s*[行列]|(?<!\w)(?:[A-Z]{1,3}[1-9]\d*(?!\w)|(?:rows?|columns?)\s+(?:\d|[A-Z]\b)))"
_NO_COLON = re.compile(rf'\s(?!\s*[「"])[^=]*{_AT}[^=]*=.*{_AT}', re.IGNORECASE)
_HEADS = {word: (what, "zh" if i == 0 else "en") for what, words in HEADINGS.items() for i, word in enumerate(words)}


@dataclass(frozen=True, slots=True)
class TextLine:
    """One statement: `text` (normalised, comments blanked out) begins at character `start` of the file.

    Article, full stop and blanks around are left out. `heading`: what it heads ("" for a sentence or definition, "row"
    for a row of an example's table); `language` of the heading word.
    """

    start: int
    text: str
    article: str = ""
    heading: str = ""
    language: str = ""


def sentence_of(text: str) -> tuple[int, int, str]:
    """Start, end and article of the one sentence of a text: marker, blanks and full stop left out."""
    return _trimmed(normalise(text), 0, len(text))


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int, str]:
    article = ""
    if match := _ARTICLE.match(plain, start, end):
        start, article = match.end(), match.group(1).strip()
    while start < end and plain[start].isspace():
        start += 1
    while end > start and (plain[end - 1].isspace() or plain[end - 1] in "。.;"):
        end -= 1
    return start, end, article


def seen(text: str) -> str:
    """The text with what nobody sees, such as the marks that come along when a page is copied, as blanks."""
    return text.translate(_UNSEEN)


def split_lines(text: str) -> Iterator[TextLine]:
    """The statements of a file, in order."""
    plain = normalise(seen(text))
    at, length = 0, len(plain)
    in_table = False

    def line_end(start: int) -> int:
        end = plain.find("\n", start)
        return length if end < 0 else end

    while at < length:
        end = line_end(at)
        body = plain[at : without_comment(plain, at, end)]
        if not body.strip():
            at = end + 1
            continue
        heading = None if in_table and "|" in body else heading_of(body, at)
        in_table = in_table and "|" in body
        if in_table:
            yield TextLine(at + len(body) - len(body.lstrip()), body.strip(), heading="row")
        elif heading:
            yield heading
            in_table = heading.heading == "given" and heading.text.endswith(":")
        else:
            # A sentence goes on in the next line after , ; 、 : but never into a heading.
            parts, begin = [body], at
            while body.rstrip()[-1:] in _GOES_ON and end < length:
                next_end = line_end(end + 1)
                body = plain[end + 1 : without_comment(plain, end + 1, next_end)]
                if not body.strip() or heading_of(body, 0):
                    break
                parts += [" " * (end - at - len(parts[-1])), "\n", body]
                at, end = end + 1, next_end
            yield from _sentences("".join(parts), begin)
        at = end + 1


def heading_of(body: str, at: int) -> TextLine | None:
    start, _, article = _trimmed(body, 0, len(body))
    match = _HEADING.match(body, start) or _HEADING.match(body)
    if not match:
        return None
    what, language = _HEADS[" ".join(match.group(1).casefold().split())]
    rest = body[match.end() :]
    if what == "working days" and not _CALENDAR.match(rest.lstrip(":")):
        return None
    if what == "published" and not _is_figure(rest):
        return None
    if what == "check" and not (_CHECK.match(rest) or _NO_COLON.match(rest)):
        return None
    if rest.startswith(":"):
        rest = " " + rest[1:]
    return TextLine(at + match.end() + len(rest) - len(rest.lstrip()), rest.strip(), article, what, language)


def _is_figure(rest: str) -> bool:
    bare = _QUOTED.sub("x", rest)
    return bool(_FIGURE.match(bare)) and not _NO_FIGURE.search(bare)


def without_comment(plain: str, at: int, end: int) -> int:
    """Where the comment of a physical line begins, or its end. A # in quotes is no comment."""
    if plain.find("#", at, end) < 0:
        return end
    close = ""
    last = {mark: plain.rfind(mark, at, end) for mark in _QUOTES.values()}
    for i in range(at, end):
        char = plain[i]
        if close:
            close = "" if char == close else close
        elif char in _QUOTES:
            close = _QUOTES[char] if last[_QUOTES[char]] > i else ""
        elif char == "#":
            return i
    return end


def _abbreviated(body: str, stop: int) -> bool:
    """Whether the full stop belongs to its word: max. 6."""
    return body[:stop].casefold().endswith((" max", "(max")) and body[stop + 1 :].lstrip()[:1].isdigit()


def _sentences(body: str, offset: int) -> Iterator[TextLine]:
    """Split at 。 and at a full stop before a blank or the end; not within quotes, nor in the article."""
    begin = 0
    match = _ARTICLE.match(body)
    i, close = match.end() if match else 0, ""
    last = {mark: body.rfind(mark) for mark in _QUOTES.values()}
    while i <= len(body):
        char = body[i : i + 1]
        if close and char:
            close = "" if char == close else close
        elif char and char in _QUOTES:
            close = _QUOTES[char] if last[_QUOTES[char]] > i else ""
        elif (
            not char or char == "。" or (char == "." and not body[i + 1 : i + 2].strip() and not _abbreviated(body, i))
        ):
            start, end, article = _trimmed(body, begin, i)
            if end > start:
                yield TextLine(offset + start, body[start:end], article)
            begin = i + 1
        i += 1
