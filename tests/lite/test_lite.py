"""In Pyodide, as in xlwings Lite: the same JSON, the same answers, whatever JavaScript hands over."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest
from function_cases import CASES, Case, agrees, answer
from hypothesis import given
from hypothesis import strategies as st
from lite.browser import MACHINES, ROOT, Browser, distribution, needed
from sheets_as_arguments import BUNDLED, book_of, tables

import gkxl
from gkxl.apps import excel
from gkxl.apps.cli import run
from gkxl.apps.version import version
from gkxl.functions.arguments import CellError
from gkxl.functions.core import Functions
from gkxl.language import grammar

F = Functions()
FUNCTIONS = [name.removeprefix("gk_") for name in excel.__all__]
BOOKS = [book for book in sorted((ROOT / "workbooks").glob("*.xlsx")) if [*book.parent.glob(f"{book.stem}*.gk")]]


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with closing(Browser(tmp_path_factory.mktemp("lite"))) as browser:
        yield browser


def test_everything_needed_is_pure_python() -> None:
    names = needed("gkxl")
    assert {"lark", "chinesecalendar"} < names
    assert not {"lxml", "python-calamine"} & names
    native = [file for name in names for file in distribution(name).files or () if file.suffix in MACHINES]
    assert native == []


def test_where_it_runs(lite: Browser) -> None:
    platform, *version = lite.evaluate("[sys.platform, *sys.version_info[:2]]")
    assert platform == "emscripten"
    assert version >= [3, 11]
    stored = "<deserialized>" if os.environ.get("GKXL_WHEEL") else grammar.load().source_path
    parser = "importlib.import_module('gkxl.language.grammar').load().source_path"
    assert lite.evaluate(parser) == stored  # the tables that the build stored, with another Python
    assert lite.evaluate("[importlib.util.find_spec(one) for one in ('lxml', 'python_calamine')]") == [None, None]
    assert lite.evaluate("[callable(getattr(gkxl, one)) for one in gkxl.__all__]") == [True] * len(gkxl.__all__)


def test_the_ways_of_main_py_in_the_documents(lite: Browser) -> None:
    """Each gives functions of its own or those of the module, under the names by which xlwings finds them."""
    blocks = re.findall(
        r"^ *```python\n(.*?)^ *```", (ROOT / "docs" / "lite.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    ran = [
        f"(lambda main: exec({dedent(block)!r}, main) or sorted(set(main) - {{'__builtins__'}}))({{}})"
        for block in blocks
    ]
    assert [lite.evaluate(block) for block in ran] == [excel.__all__, ["excel", "gk_table", "xw"]]


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)
def test_score_prints_the_same_json(book: Path, lite: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["score", str(book), "--json"])
    printed = capsys.readouterr().out
    assert lite.run("score", str(book), "--json")[:2] == (code, printed)
    assert "gkxl.results/1" in printed


@pytest.mark.parametrize(("rules", "book"), BUNDLED, ids=lambda path: path.stem)
def test_functions_give_what_they_give_elsewhere(rules: Path, book: Path, lite: Browser) -> None:
    text, sheets = rules.read_text(encoding="utf-8"), tables(book_of(book))
    table = F.table(text, None, *sheets)
    assert len(table) > 2
    assert lite.call("table", [text, None, *sheets]) == table
    assert lite.call("table", [[[line or None] for line in text.splitlines()], "", *sheets]) == table
    assert lite.call("check", [text, *sheets]) == F.check(text, *sheets)
    for unit in (table[1][0], table[-1][0]):
        given = [text, None, unit, *sheets]
        assert lite.call("total", given) == F.total(*given)
        assert lite.call("detail", given) == F.detail(*given)
        assert lite.call("explain", given) == F.explain(*given)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases(case: Case, lite: Browser) -> None:
    found = answer(case, {name: lite.function(name) for name in FUNCTIONS})
    assert agrees(found, case.gives), (found, case.gives)


def test_what_javascript_hands_over(lite: Browser) -> None:
    late = '"迟报每次扣1分。", "迟报"'
    assert [lite.call_written("points", f"[{late}, {three}]") for three in ("3", "3.0", "[[3]]")] == [-3] * 3
    for blank in ("null", "undefined", "[[null]]", '""', '[[""]]'):
        assert lite.call_written("points", f"[{late}, {blank}]") == F.points("迟报每次扣1分。", "迟报", None)
    assert lite.call_written("rank", '[[[3], [null], [2.5], [undefined], [""], [3]], null, undefined]') == [
        [1], [""], [3], [""], [""], [1]
    ]  # fmt: skip
    assert lite.call_written("rank", "[[3, 2]]") == [[1, 2]]  # a row alone arrives without its rows
    assert lite.call_written("rank", "[[[-2146826246], [1]]]") == [[2], [1]]  # no error here, as it is over COM
    error = '{type: "Error", basicType: "Error", basicValue: "#N/A", errorType: "NotAvailable"}'
    assert "#N/A" in lite.call_written("points", f"[{late}, {error}]")
    assert lite.call_written("points", f"[{late}, NaN]").startswith("#GK")
    assert lite.call_written("points", f"[{late}, 10n ** 400n]") == -sys.float_info.max  # no infinity leaves it
    rate = '{type: "FormattedNumber", basicType: "Double", basicValue: 0.95, numberFormat: "0%"}'
    assert lite.call_written("points", f'["完成率达100%加10分,90%及以上加8分", "完成率", {rate}]') == 8
    assert lite.call("version", []) == version()


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6).map(lambda cents: cents / 100),
    st.text(max_size=5),
    st.sampled_from([CellError("#N/A"), CellError("#DIV/0!"), "甲局", "2025-10-31", " ", "0", "95%"]),
)
RULES = """考评 报送
对象 单位表的单位
周期 年 2025
缺数据 按0
迟报 = 单位表 的 迟报
完成率 = 单位表 的 完成率
指标 报送
  迟报每次扣1分。
  完成率达100%加10分,90%及以上加8分,其余不加分。
按总分排名,并列同名次(连续)。
"""


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=4))
def test_any_cells_give_what_they_give_elsewhere(lite: Browser, cells: list[tuple[object, object]]) -> None:
    rows = [[f"单位{number}", *each] for number, each in enumerate(cells)]
    table = [["单位", "迟报", "完成率"], *rows]
    assert lite.call("table", [RULES, "", "单位表", table]) == F.table(RULES, "", "单位表", table)
    assert lite.call("check", [RULES, "单位表", table]) == F.check(RULES, "单位表", table)
    totals, groups = [[one] for one, _ in cells], [[other] for _, other in cells]
    assert lite.call("rank", [totals, groups]) == F.rank(totals, groups)
    pairs = ["迟报每次扣1分。", "迟报", cells[0][0]]
    assert lite.call("points", pairs) == F.points(*pairs)


def test_writing_into_a_workbook_is_said_not_to_be_possible(lite: Browser) -> None:
    code, _, err = lite.run("recalc", str(BUNDLED[1][1]), "-o", "/tmp/written.xlsx")
    assert (code, "GK686" in err, "lxml" in err) == (3, True, True)
    assert lite.evaluate("__import__('pathlib').Path('/tmp/written.xlsx').exists()") is False
