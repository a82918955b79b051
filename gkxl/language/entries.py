"""A rule file as it stands: its statements, comments and blank lines in order, for what writes it anew."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from gkxl.diagnostics import Source
from gkxl.frozen import dataclass
from gkxl.language.lines import TextLine, seen, split_lines, without_comment
from gkxl.values import normalise

_STOPS = "。.;；．﹒"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a line of its own, from its # on."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Lines with nothing on them."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is no statement: a marker or a full stop alone on its line."""

    text: str
    comment: str


@dataclass(frozen=True, slots=True)
class Statement:
    """`article` and `word` (that opens a heading): as written. `text`: the rest, its comments blanked out, from `line.start` on.

    `stop`: the full stop or semicolon behind it. `comments`: those at the ends of its lines, one for each, "" for none.
    `first`: nothing stands before it on its line.
    """

    line: TextLine
    article: str
    word: str
    text: str
    stop: str
    comments: tuple[str, ...]
    first: bool


Entry = Comment | Blank | Rest | Statement


def entries(source: Source) -> Iterator[Entry]:
    """All of a file but the blanks around it."""
    text = seen(source.text)
    plain = normalise(text)
    starts = [0] + [at + 1 for at, char in enumerate(text) if char == "\n"]
    ends = [at - 1 for at in starts[1:]] + [len(text)]
    codes = [without_comment(plain, at, end) for at, end in zip(starts, ends, strict=True)]
    comments = [source.text[code:end].rstrip() for code, end in zip(codes, ends, strict=True)]
    bare = "".join(text[at:c] + " " * (end - c) + "\n" for at, c, end in zip(starts, codes, ends, strict=True))
    begun: dict[int, list[TextLine]] = {}  # statements by the number of the line they begin on
    reaches: dict[int, int] = {}  # by the number of a line that a statement goes on in: where it ends there
    for line in split_lines(text):
        end = line.start + len(line.text)
        # A marker may stand alone in the line above: `一、` goes on.
        begin = plain.rindex(line.article, 0, line.start) if line.article else line.start
        first, last = bisect_right(starts, begin) - 1, bisect_right(starts, end) - 1
        begun.setdefault(first, []).append(line)
        reaches |= {number: min(end, ends[number]) for number in range(first + 1, last + 1)}
    for number, (start, code) in enumerate(zip(starts, codes, strict=True)):
        own = begun.get(number, [])
        before = reaches.get(number, start)
        if not own and number not in reaches:
            if rest := " ".join(bare[start:code].split()):
                yield Rest(rest, comments[number])
            else:
                yield Comment(comments[number]) if comments[number] else Blank()
        for line in own:
            end = line.start + len(line.text)
            main, last = (bisect_right(starts, at) - 1 for at in (line.start, end))
            yield from (Comment(comments[n]) for n in range(number, main) if comments[n])
            # A comment is behind the last sentence of its line.
            mine = [comments[n] for n in range(main, last + 1)]
            if (main == number and line is not own[-1]) or (last > number and last in begun):
                mine[-1] = ""
            behind = bare[end : ends[last]]
            stops = normalise(behind[: len(behind) - len(_unstopped(behind))])
            stop = "。" if "。" in stops or "." in stops else ";" if stops.strip() else ""
            head = _unstopped(bare[before : line.start]).rstrip()
            cut = len(line.article) if normalise(head).startswith(line.article) else 0
            yield Statement(
                line,
                head[:cut],
                " ".join(head[cut:].split()),
                bare[line.start : end],
                "" if line.heading else stop,
                tuple(mine),
                before == start,
            )
            before = end
        if (own or number in reaches) and (rest := _unstopped(bare[before:code]).rstrip()):
            yield Rest(rest, "")


def _unstopped(text: str) -> str:
    """Without full stops and blanks in front."""
    at = 0
    while at < len(text) and (text[at] in _STOPS or text[at].isspace()):
        at += 1
    return text[at:]
