"""What is worked out once: sentences by text and kinds, rules by text, results by rules and tables; and within bounds."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sheets_as_arguments import BUNDLED, book_of, tables

from gkxl import trial
from gkxl.functions import scoring
from gkxl.functions.cache import Cache
from gkxl.functions.core import Functions


def counted(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> list[object]:
    calls: list[object] = []
    real = getattr(module, name)

    def call(*arguments: object) -> object:
        calls.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(module, name, call)
    return calls


def test_500_cells_with_one_sentence_parse_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = counted(monkeypatch, trial, "parse_statement")
    f = Functions()
    assert [f.points("迟报每次扣1分。", "迟报", float(late)) for late in range(500)] == [-late for late in range(500)]
    assert len(parsed) == 1


def test_a_second_function_on_the_same_rules_and_tables_scores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scored, loaded = counted(monkeypatch, scoring, "score"), counted(monkeypatch, scoring, "load")
    f = Functions()
    rules, book = BUNDLED[1]
    text, sheets = rules.read_text(encoding="utf-8"), book_of(book)
    header, *rows = f.table(text, None, *tables(sheets))
    for row in rows:
        assert f.total(text, None, row[0], *tables(sheets)) == row[header.index("总分")]
    assert (len(scored), len(loaded)) == (1, 1)
    changed = tables(sheets)
    changed[1] = [[*row] for row in changed[1]]
    changed[1][1][0] = "另一个局"
    f.table(text, None, *changed)
    assert (len(scored), len(loaded)) == (2, 1)


def test_threads_share_one() -> None:
    f = Functions()
    with ThreadPoolExecutor(8) as pool:
        given = [(f"迟报每次扣{n % 7 + 1}分。", float(n)) for n in range(400)]
        answers = list(pool.map(lambda one: f.points(one[0], "迟报", one[1]), given))
    assert answers == [-n * (n % 7 + 1) for n in range(400)]


def test_a_cache_holds_what_was_used_last_within_its_weight() -> None:
    cache: Cache[str] = Cache(10)
    made: list[str] = []

    def get(key: str, weight: int) -> str:
        return cache.get(key, lambda: made.append(key) or key.upper(), weight)

    assert get("a", 4) == "A"
    assert get("b", 4) == "B"
    assert get("a", 4) == "A"
    get("c", 4)  # b, used longest ago, goes
    get("a", 4)
    get("big", 11)  # heavier than all: never kept
    get("big", 11)
    get("b", 4)
    assert made == ["a", "b", "c", "big", "big", "b"]
