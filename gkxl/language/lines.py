"""File text → lines: where sentences begin and end, their articles, headings and comments. No words of the grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gkxl.values import normalise

_HAN_ORDINAL = "零〇一二三四五六七八九十百"
# The markers of articles (条款): 1. 1、 1) (1) （一） 一、 ① 第三条 (a) a) - * •
_ARTICLE = re.compile(
    rf"\s*(?:(\d{{1,3}}(?:\.\d{{1,3}})*(?:\.(?!\d)|、|\)|\s(?=\D))|\(\d{{1,3}}\)|\([{_HAN_ORDINAL}]{{1,4}}\)"
    rf"|[{_HAN_ORDINAL}]{{1,4}}、|[①-⑳㈠-㈩⑴-⒇]|第[{_HAN_ORDINAL}\d]{{1,5}}[条款项章节][,、:]?|\([a-z]\)|[a-z]\)|[-*•](?=\s))\s*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TextLine:
    """One statement: characters `start` to `end` of the file, without article, terminator and blanks."""

    start: int
    end: int
    article: str
    indent: bool = False
    first_of_line: bool = True


def sentence_of(text: str) -> tuple[int, int, str]:
    """Start, end and article of the one sentence of a text: marker, blanks and full stop stripped."""
    plain = normalise(text)
    start, end = 0, len(plain)
    article = ""
    if match := _ARTICLE.match(plain):
        start, article = match.end(), match.group(1).strip()
    while start < end and plain[start].isspace():
        start += 1
    while end > start and (plain[end - 1].isspace() or plain[end - 1] in "。.;"):
        end -= 1
    return start, end, article
