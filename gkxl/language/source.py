"""A rule file's bytes → its text, or what is wrong with them."""

from __future__ import annotations

import codecs

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, FilePlace, Language, Source

LARGEST = 4 * 1024 * 1024  # bytes; the longest published rubrics have some 60,000 characters


def decode(data: bytes, path: str, language: Language = "zh") -> tuple[Source | None, list[Diagnostic]]:
    """UTF-8 text, with or without BOM. Other encodings are named, with the way out, and never guessed at."""

    def refuse(code: d.Code, **values: object) -> tuple[None, list[Diagnostic]]:
        return None, [Diagnostic(code, FilePlace(path), language, values)]

    if len(data) > LARGEST:
        return refuse(d.RULES_TOO_LARGE, size=len(data) // 1024, limit=LARGEST // 1024)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_utf16(data):
        return refuse(d.RULES_ENCODING, encoding="UTF-16")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return refuse(d.RULES_BINARY)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
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
    return Source(path, text), []


def _is_utf16(data: bytes) -> bool:
    """UTF-16 without a BOM: text whose ASCII characters come with a zero byte each."""
    head = data[:400]
    return len(head) > 8 and not len(data) % 2 and max(head[::2].count(0), head[1::2].count(0)) > len(head) // 5
