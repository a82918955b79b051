"""Generators of rule files as authors type them: odd blanks and widths, comments, markers, lines that go on."""

# Strategies are typed by what they draw; `draw` itself is untyped in Hypothesis.
# mypy: allow-untyped-defs

from __future__ import annotations

import re

from hypothesis import strategies as st
from trees import ARTICLES, files

from gkxl.diagnostics import Language
from gkxl.language.lines import heading_of
from gkxl.language.unparse import unparse

BLANKS = st.sampled_from([" ", " ", " ", "  ", "　", "\u00a0", "\t", " \t ", "\u200b "])
COMMENTS = ["#~ 见第3条,按月报;", '#~ see "3", monthly', "＃~　全角", "#~", "#~ 。 # 再说"]
_WIDE = str.maketrans(",;:()%", "，；：（）％") | {ord(d): chr(ord(d) + 0xFEE0) for d in "0123456789"}
_QUOTED = re.compile('(「[^」]*」|"[^"]*")')


@st.composite
def typed(draw, text: str, comments_within: bool) -> str:
    """A text in canonical wording, as somebody would type it who does not care how it looks.

    `comments_within`: also behind lines that a sentence goes on from.
    """
    written: list[str] = []
    joinable = False  # the line before is a sentence with its full stop, without comment
    for line in text.splitlines():
        body = line.strip()
        if not body:
            written += [""] * draw(st.integers(0, 2))
            joinable = False
            continue
        sentence = not heading_of(body, 0) and "|" not in body
        if sentence and draw(st.integers(0, 5)) == 0 and not body.startswith(tuple(filter(None, ARTICLES))):
            body = draw(st.sampled_from(ARTICLES[2:])) + " " + body
        body = draw(_noise(body, sentence))
        if sentence and draw(st.integers(0, 3)) == 0:
            endings = st.sampled_from(["\n  ", "  #~ mid\n" if comments_within else "\n"])
            pieces = [body] if _QUOTED.search(body) else re.split("(?<=[,，、])(?![0-9０-９]{3})", body, maxsplit=2)
            body = draw(endings).join(pieces)
        if sentence and joinable and draw(st.integers(0, 3)) == 0:
            body = f"{written.pop().rstrip()} {body}"
        elif draw(st.integers(0, 4)) == 0:
            written.append(draw(BLANKS) + draw(st.sampled_from(COMMENTS)))
        joinable = sentence and body.endswith(("。", "."))
        if draw(st.integers(0, 4)) == 0:
            body += draw(BLANKS) + draw(st.sampled_from(COMMENTS))
            joinable = False
        written.append(
            draw(st.sampled_from(["", " ", "\t", "　　　"])) + body + draw(st.sampled_from(["", "", " ", "　"]))
        )
    return (
        draw(st.sampled_from(["", "\n", "\ufeff"]))
        + draw(st.sampled_from(["\n", "\r\n"])).join("\n".join(written).split("\n"))
        + draw(st.sampled_from(["", "\n", "\n\n# ~\n"]))
    )


@st.composite
def _noise(draw, body: str, sentence: bool) -> str:
    pieces = _QUOTED.split(body)
    wide, blanks = draw(st.integers(0, 3)) == 0, draw(st.booleans())
    for at in range(0, len(pieces), 2):
        piece = pieces[at]
        if wide:
            piece = piece.translate(_WIDE)
        if blanks:
            piece = re.sub(" ", lambda _: draw(BLANKS), piece)
            if sentence:
                piece = re.sub("[,，;；](?![0-9０-９])", lambda m: draw(st.sampled_from(["", " "])) + m[0] + " ", piece)
        pieces[at] = piece
    return "".join(pieces)


@st.composite
def rule_files(draw, comments_within: bool = False) -> tuple[str, Language]:
    language = draw(st.sampled_from(["zh", "en"]))
    return draw(typed(unparse(draw(files()), language), comments_within)), language
