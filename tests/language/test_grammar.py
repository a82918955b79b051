"""The stored tables are used when they fit, and only then; running gkxl writes nothing."""

from pathlib import Path

import pytest

from gkxl.language import grammar
from gkxl.language.words import LANGUAGES, compiled

TEXTS = ("gk.lark", "words.en.toml", "words.zh.toml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in TEXTS:
        (tmp_path / name).write_text(grammar.read(name), encoding="utf-8")
    monkeypatch.setattr(grammar, "FOLDER", tmp_path)
    return tmp_path


def origin() -> str:
    """Lark's own mark: `<deserialized>` for a parser that was loaded, `<string>` for one that was compiled."""
    return str(grammar.load.__wrapped__().source_path)


def test_tables_that_fit_are_loaded(folder: Path) -> None:
    grammar.compile_tables(folder / grammar.TABLES)
    assert origin() == "<deserialized>"


def test_without_tables_the_grammar_is_compiled_and_nothing_written(folder: Path) -> None:
    assert origin() == "<string>"
    assert sorted(path.name for path in folder.iterdir()) == list(TEXTS)


def test_tables_of_another_grammar_are_not_even_unpickled(folder: Path) -> None:
    (folder / grammar.TABLES).write_bytes(b"0" * 64 + b"\nno pickle")
    assert origin() == "<string>"


def test_stored_keywords_are_those_of_the_files(folder: Path) -> None:
    grammar.compile_tables(folder / grammar.TABLES)
    for language in LANGUAGES:
        assert grammar.stored(language) == compiled(language)


def test_tables_of_other_keywords_are_not_used(folder: Path) -> None:
    grammar.compile_tables(folder / grammar.TABLES)
    with (folder / "words.en.toml").open("a", encoding="utf-8") as words:
        words.write('FURTHER = ["furthermore"]\n')
    assert grammar.stored("en") is None


@pytest.mark.parametrize("loaded", [True, False])
def test_loaded_and_compiled_parsers_know_the_same_rules(folder: Path, loaded: bool) -> None:
    if loaded:
        grammar.compile_tables(folder / grammar.TABLES)
    parser = grammar.load.__wrapped__()
    assert sorted(str(rule) for rule in parser.rules) == sorted(str(rule) for rule in grammar.load().rules)
    assert parser.options.lexer is grammar.load().options.lexer
