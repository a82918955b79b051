"""The sentence grammar as a Lark parser: from the tables that were stored at build time, else compiled in memory.

Nothing is written when gkxl runs. The tables are a pickle, so they are read from the package's own folder alone,
and only when they were made by this very Lark from this very grammar.
"""

from __future__ import annotations

import hashlib
import io
from functools import cache
from pathlib import Path
from typing import Any

import lark

_PACKAGE = Path(__file__).resolve().parents[1]
# In a wheel the grammar stands inside the package, in a checkout beside it.
FOLDER = _PACKAGE / "grammar" if (_PACKAGE / "grammar").is_dir() else _PACKAGE.parent / "grammar"
TABLES = "gk.tables"
_OPTIONS: dict[str, Any] = {"parser": "lalr", "maybe_placeholders": False, "propagate_positions": False}


def read(name: str) -> str:
    """The text of one file of the grammar; the only reading of files below `workbook/`."""
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def load() -> lark.Lark:
    """The parser, one per process."""
    text = read("gk.lark")
    try:
        key, _, tables = (FOLDER / TABLES).read_bytes().partition(b"\n")
    except FileNotFoundError:
        return _compile(text)
    return lark.Lark.load(io.BytesIO(tables)) if key == _key(text) else _compile(text)


def compile_tables(path: Path) -> None:
    """Store the tables in `path`. The build calls this; nothing else does."""
    text = read("gk.lark")
    tables = io.BytesIO()
    _compile(text).save(tables)
    path.write_bytes(_key(text) + b"\n" + tables.getvalue())


def _key(text: str) -> bytes:
    return hashlib.sha256(repr((lark.__version__, _OPTIONS, text)).encode()).hexdigest().encode()


def _compile(text: str) -> lark.Lark:
    from gkxl.language.lexer import SentenceLexer  # here, since the lexer reads its words through this module

    mark, _, rules = text.partition("\n")[0].partition("start:")
    if mark.strip() != "//" or not rules.split():
        raise ValueError("gk.lark must open with the line // start: RULE …")
    return lark.Lark(text, lexer=SentenceLexer, start=rules.split(), **_OPTIONS)
