"""The fast way through plainly formed XML: whole rows (or strings) as text, for a regular expression to take.

expat stays the judge. It reads the head, the tail, and every piece the regular expression does not know; only pieces
whose every character a plain pattern matched never reach it. So both ways give the same cells and the same errors.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from itertools import chain

from gkxl.workbook.package import CHUNK, Xml

# A character that stands for itself in XML text: no markup, no reference, no line end that XML would change.
PLAIN = "[^<>&\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff]"

_ENCODING = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_LONGEST = 8 << 20  # characters of one row; one with all 16,384 cells has about 2 million


def plain_pieces(
    chunks: Iterator[bytes], xml: Xml, parent: str, item: str, between: Callable[[], bool]
) -> Iterator[str]:
    """Yield the text of each `item` element up to its end tag, for the caller to take or to feed to `xml` with that
    tag; or "" when `xml` was fed and the caller should see what it gathered.

    `between` says whether `xml` stands inside the parent element and outside every item. Once a fed piece leaves it
    anywhere else (a comment held the end tag), or the text is not plain, the rest goes to `xml` alone.
    """
    opening, closing = f"<{item}", f"</{item}>"
    head = b""
    for chunk in chunks:
        head += chunk
        if opening.encode() in head or len(head) > 4 * CHUNK:
            break
    at = head.find(opening.encode())
    plain = at >= 0 and is_utf8(head)
    # An unprefixed parent that `xml` knows means that unprefixed items are in the right namespace.
    plain = plain and re.search(rf"<{parent}(?: [^<>]*)?>$".encode(), head[:at]) is not None
    if not plain:
        xml.feed(head)
        yield ""
        yield from _rest(chunks, xml)
        return
    xml.feed(head[:at])
    decoder = codecs.getincrementaldecoder("utf-8")()
    raw, text = head[at:], ""
    while True:
        try:
            text += decoder.decode(raw)
        except UnicodeDecodeError:  # expat will say where
            xml.feed(text.encode() + decoder.getstate()[0] + raw)
            break
        *pieces, text = text.split(closing)
        for number, piece in enumerate(pieces, 1):
            yield piece
            if not between():
                text = closing.join([*pieces[number:], text])
                break
        begun = text[: len(opening)]
        if not between() or not opening.startswith(begun) or len(text) > _LONGEST:
            xml.feed(text.encode() + decoder.getstate()[0])
            break
        raw = next(chunks, b"")
        if not raw:
            xml.feed(text.encode() + decoder.getstate()[0])
            break
    yield ""
    yield from _rest(chunks, xml)


def is_utf8(head: bytes) -> bool:
    encoding = _ENCODING.match(head.removeprefix(codecs.BOM_UTF8))
    return b"\0" not in head and (not encoding or encoding[1].lower() == b"utf-8")


def around(chunks: Iterator[bytes], parent: str) -> tuple[bytes, Iterator[bytes]] | None:
    """An XML part without what stands inside its `parent` element: up to its start tag, and from its end tag on.

    None if it is not plain enough to tell. A tag found in a comment shows when the first piece is parsed.
    """
    opening, closing = f"<{parent}>".encode(), f"</{parent}>".encode()
    head = b""
    for chunk in chunks:
        head += chunk
        if opening in head or len(head) > 4 * CHUNK:
            break
    before, found, inside = head.partition(opening)
    if not found or not is_utf8(head):
        return None
    while True:
        inside, end, after = inside.partition(closing)
        if b"<!" in inside or b"<?" in inside:  # where these are, a `<` need not begin a tag
            return None
        if end:
            return before + opening, chain([end + after], chunks)
        chunk = next(chunks, b"")
        if not chunk:
            return None
        inside = inside[-len(closing) :] + chunk


def _rest(chunks: Iterator[bytes], xml: Xml) -> Iterator[str]:
    for chunk in chunks:
        xml.feed(chunk)
        yield ""
    xml.close()
    yield ""
