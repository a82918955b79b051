"""The sentence grammar as a Lark parser: from the tables that were stored at build time, else compiled in memory.

Nothing is written when gkxl runs. The tables, the keywords' among them, are pickles, so they are read from the package's
own folder alone, and only when they were made by this very Lark from this very grammar and these very keywords.
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
from lark.parse_tree_builder import ParseTreeBuilder
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
    tables = stored("parser")
    if tables is None:
        return _compile(read("gk.lark"))
    parser, rows = tables
    parser.parser.parser._parse_table.states = _States(rows, parser.rules)  # noqa: SLF001
    return parser  # type: ignore[no-any-return]


def stored(part: str) -> Any:
    """One part of the tables, made anew: `parser`, or the keywords of `zh` or `en`; None where they are not to be used."""
    parts = _parts(FOLDER)
    return None if parts is None else pickle.loads(parts[part])  # noqa: S301  # of the package's own folder


@cache
def _parts(folder: Path) -> dict[str, bytes] | None:
    try:
        key, _, tables = (folder / TABLES).read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return pickle.loads(tables) if key == _key() else None  # noqa: S301


def compile_tables(path: Path) -> None:
    """Store the tables in `path`. The build calls this; nothing else does.

    Lark's own `save` takes three times as long to load: it goes through every rule and state in Python. So the whole
    parser is pickled, but for the rows of its states and the functions that build its trees: a rule file needs a few of
    them, which are made when they are first asked for.
    """
    from gkxl.language.words import LANGUAGES, compiled  # here, since words are read through this module

    parser: Any = _compile(read("gk.lark"))
    parser.source_path = "<deserialized>"  # Lark's own mark
    numbers = {rule: number for number, rule in enumerate(parser.rules)}
    table = parser.parser.parser._parse_table  # noqa: SLF001
    rows = [_packed(table.states[state], numbers) for state in range(len(table.states))]
    table.states.clear()
    parser._callbacks.clear()  # noqa: SLF001
    parser.parser.parser.parser.callbacks = _Builders()
    del parser._parse_tree_builder, parser.grammar, parser.source_grammar  # noqa: SLF001
    tables = io.BytesIO()
    _Pickler(tables, pickle.HIGHEST_PROTOCOL).dump((parser, rows))
    parts = {"parser": tables.getvalue()} | {
        language: pickle.dumps(compiled(language), pickle.HIGHEST_PROTOCOL) for language in LANGUAGES
    }
    path.write_bytes(_key() + b"\n" + pickle.dumps(parts, pickle.HIGHEST_PROTOCOL))


class _States(dict[int, dict[str, tuple[Any, Any]]]):
    """The rows of the parse table, each made when it is first asked for."""

    def __init__(self, rows: list[bytes], rules: list[Any]) -> None:
        self._rows, self._rules = rows, rules

    def __missing__(self, state: int) -> dict[str, tuple[Any, Any]]:
        steps: dict[str, int] = pickle.loads(self._rows[state])  # noqa: S301  # of the package's own folder
        row: dict[str, tuple[Any, Any]] = {
            symbol: (lalr_analysis.Shift, step) if step >= 0 else (lalr_analysis.Reduce, self._rules[~step])
            for symbol, step in steps.items()
        }
        self[state] = row
        return row


class _Builders(dict[Any, Any]):
    """What builds the tree of a rule, made when it is first asked for."""

    def __bool__(self) -> bool:
        return True  # Lark takes none for no trees at all

    def __missing__(self, rule: Any) -> Any:
        make: Any = ParseTreeBuilder
        self[rule] = builder = make([rule], lark.Tree).create_callback()[rule]
        return builder


def _packed(row: dict[str, tuple[Any, Any]], numbers: dict[Any, int]) -> bytes:
    """A row with numbers alone: the state that follows, or ~ the number of the rule to reduce by."""
    steps = {symbol: to if action is lalr_analysis.Shift else ~numbers[to] for symbol, (action, to) in row.items()}
    return pickle.dumps(steps, pickle.HIGHEST_PROTOCOL)


class _Pickler(pickle.Pickler):
    """Knows what a parser holds that is compared by identity, or cannot be pickled."""

    def reducer_override(self, obj: Any) -> Any:
        for name in ("Shift", "Reduce"):
            if obj is getattr(lalr_analysis, name):
                return name
        return (importlib.import_module, (obj.__name__,)) if isinstance(obj, ModuleType) else NotImplemented


def _key() -> bytes:
    """What the tables were made from, in one line; a hash of it would take longer to load than this to compare."""
    texts = [read(name) for name in ("gk.lark", "words.zh.toml", "words.en.toml")]
    return ascii((lark.__version__, _OPTIONS, texts)).encode()


def _compile(text: str) -> lark.Lark:
    from gkxl.language.lexer import SentenceLexer  # here, since the lexer reads its words through this module

    mark, _, rules = text.partition("\n")[0].partition("start:")
    if mark.strip() != "//" or not rules.split():
        raise ValueError("gk.lark must open with the line // start: RULE …")
    return lark.Lark(text, lexer=SentenceLexer, start=rules.split(), **_OPTIONS)
