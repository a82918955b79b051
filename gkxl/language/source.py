"""A rule file's bytes → its text, or what is wrong with them."""

from __future__ import annotations

import codecs
import re

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, FilePlace, Language, Source

_LONE_RETURN = re.compile(r"\r(?!\n)")  # ends a line, as it did on old Macs; else a comment would swallow what follows
LARGEST = 4 * 1024 * 1024  # bytes; the longest published rubrics have some 60,000 characters


def decode(data: bytes, path: str, language: Language = "zh", size: int = 0) -> tuple[Source | None, list[Diagnostic]]:
    """UTF-8 text, with or without BOM. Other encodings are named, with the way out, and never guessed at.

    `size`: of the whole file, where `data` is only its beginning.
    """

    def refuse(code: d.Code, **values: object) -> tuple[None, list[Diagnostic]]:
        return None, [Diagnostic(code, FilePlace(path), language, values)]

    if len(data) > LARGEST:
        return refuse(d.RULES_TOO_LARGE, size=-(-(size or len(data)) // 1024), limit=LARGEST // 1024)
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return refuse(d.RULES_ENCODING, encoding="UTF-32")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_utf16(data):
        return refuse(d.RULES_ENCODING, encoding="UTF-16")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return refuse(d.RULES_BINARY)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _is_nearly_utf8(data):
            line = data.count(b"\n", 0, error.start) + 1
            zh, en = f"第{line}行有不是UTF-8的字节", f"line {line} has bytes that are not UTF-8"
            return refuse(d.RULES_UNREADABLE, why=zh if language == "zh" else en)
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            return refuse(d.RULES_BINARY)
        if "\x00" in text or sum(c < " " and c not in "\t\r\n\f" for c in text) > len(text) // 50:
            return refuse(d.RULES_BINARY)
        return refuse(d.RULES_ENCODING, encoding="GBK")
    if "\x00" in text:
        return refuse(d.RULES_BINARY)
    if not text.strip():
        return refuse(d.RULES_EMPTY)
    return Source(path, _LONE_RETURN.sub("\n", text)), []


def _is_utf16(data: bytes) -> bool:
    """UTF-16 without a BOM: text whose ASCII characters (line ends at least) come with a zero byte each."""
    head = data[:4000]
    if len(head) < 9 or len(data) % 2 or b"\0" not in head:
        return False
    if max(head[::2].count(0), head[1::2].count(0)) > len(head) // 5:
        return True
    return any(_is_chinese(head.decode(encoding, "replace")) for encoding in ("utf-16-le", "utf-16-be"))


def _is_chinese(text: str) -> bool:
    """Hardly anything but Chinese, ASCII and the marks that stand with them."""
    known = sum(
        "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or " " <= c <= "~" or c in "\t\r\n" for c in text
    )
    return known > len(text) * 9 // 10


def _is_nearly_utf8(data: bytes) -> bool:
    """A file of UTF-8 with some bytes damaged. Text in other encodings is hardly ever valid for as long as this."""
    text = data.decode("utf-8", "replace")
    return text.count("\ufffd") * 10 < sum(c > "\x7f" for c in text)
