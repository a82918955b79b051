"""The sentence grammar as a Lark parser: from the tables that were stored at build time, else compiled in memory.

Nothing is written when gkxl runs. The tables are a pickle, so they are read from the package's own folder alone,
and only when they were made by this very Lark from this very grammar.
"""

from __future__ import annotations

import importlib
import io
import pickle
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import lark
from lark.parsers import lalr_analysis

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
    if key != _key(text):
        return _compile(text)
    parser: Any = pickle.loads(tables)  # noqa: S301  # of the package's own folder
    actions = parser._callbacks  # noqa: SLF001  # the one dict that all its parts share
    parser._prepare_callbacks()  # noqa: SLF001
    actions.update(parser._callbacks)  # noqa: SLF001
    return parser  # type: ignore[no-any-return]


def compile_tables(path: Path) -> None:
    """Store the tables in `path`. The build calls this; nothing else does.

    Lark's own `save` takes three times as long to load: it goes through every rule and state in Python. So the whole
    parser is pickled, but for the functions that build its trees, which `load` makes anew.
    """
    text = read("gk.lark")
    parser: Any = _compile(text)
    parser.source_path = "<deserialized>"  # Lark's own mark
    parser._callbacks.clear()  # noqa: SLF001
    del parser._parse_tree_builder, parser.grammar, parser.source_grammar  # noqa: SLF001
    tables = io.BytesIO()
    _Pickler(tables, pickle.HIGHEST_PROTOCOL).dump(parser)
    path.write_bytes(_key(text) + b"\n" + tables.getvalue())


class _Pickler(pickle.Pickler):
    """Knows what a parser holds that is compared by identity, or cannot be pickled."""

    def reducer_override(self, obj: Any) -> Any:
        for name in ("Shift", "Reduce"):
            if obj is getattr(lalr_analysis, name):
                return name
        return (importlib.import_module, (obj.__name__,)) if isinstance(obj, ModuleType) else NotImplemented


def _key(text: str) -> bytes:
    """What the tables were made from, in one line; a hash of it would take longer to load than this to compare."""
    return ascii((lark.__version__, _OPTIONS, text)).encode()


def _compile(text: str) -> lark.Lark:
    from gkxl.language.lexer import SentenceLexer  # here, since the lexer reads its words through this module

    mark, _, rules = text.partition("\n")[0].partition("start:")
    if mark.strip() != "//" or not rules.split():
        raise ValueError("gk.lark must open with the line // start: RULE …")
    return lark.Lark(text, lexer=SentenceLexer, start=rules.split(), **_OPTIONS)
