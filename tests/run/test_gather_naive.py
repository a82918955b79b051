"""gather against a naive re-computation, over random ledgers held in memory and over the same ones read from .xlsx."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from books import A, Gathered, book, day, error, indicator, priced, rows_of, rubric, value_of, when
from hypothesis import given
from hypothesis import strategies as st

from gkxl.model.rules import FromRows, RowAll, RowNot
from gkxl.periods import Period, PeriodKind
from gkxl.run.facts import State, prices_key
from gkxl.run.gather import gather
from gkxl.tables import Cell
from gkxl.workbook.read import read_book

UNITS = ["教育局", "公安局", "Unit A"]
WRITTEN = [*UNITS, "教 育局", "UNIT  a", "公安局 "]
KEYS = ["国家级", "省级", "其他"]

ROWS = st.lists(
    st.tuples(
        st.sampled_from([*WRITTEN, "没有此局"]),
        st.none() | st.dates(date(2024, 11, 1), date(2025, 12, 31)),
        st.none() | st.sampled_from(KEYS),
        st.none() | st.decimals(-1000, 1000, places=2, allow_nan=False).map(lambda x: x.normalize() + 0),
    ),
    max_size=40,
)

TERMS = {
    "条数": rows_of("台账"),
    "有": FromRows(A.ANY, "台账", when("级别", "=", "其他")),
    "国家级": rows_of("台账", when("级别", "=", "国家级")),
    "非其他": rows_of("台账", RowAll((when("级别", "not blank"), RowNot(when("级别", "=", "其他"))))),
    "和": FromRows(A.SUM, "台账", when("级别", "!=", "省级"), "数"),
    "均": FromRows(A.AVERAGE, "台账", column="数"),
    "大": FromRows(A.LARGEST, "台账", column="数"),
    "小": FromRows(A.SMALLEST, "台账", when("数", ">", 0), "数"),
    "不同": FromRows(A.DIFFERENT, "台账", column="级别"),
}
PRICES = priced("条数", "国家级", "省级", columns=("级别",))
RULES = rubric(terms=TERMS, indicators=(indicator(PRICES),))
HEADER = ["单位", "日期", "级别", "数"]


def naive(rows: list[tuple[Any, ...]], unit: str, period: Period) -> dict[str, Any]:
    """The same, one scan a measure and nothing shared."""

    def key(name: str) -> str:
        return "".join(name.split()).casefold()

    mine = [r for r in rows if key(r[0]) == key(unit) and r[1] is not None and r[1] in period]
    numbers = [Fraction(r[3]) for r in mine if r[3] is not None]
    positive = [n for n in numbers if n > 0]
    return {
        "条数": len(mine),
        "有": any(r[2] == "其他" for r in mine),
        "国家级": sum(r[2] == "国家级" for r in mine),
        "非其他": sum(r[2] in ("国家级", "省级") for r in mine),
        "和": sum(Fraction(r[3]) for r in mine if r[3] is not None and r[2] in ("国家级", "其他")),
        "均": sum(numbers) / len(numbers) if numbers else None,
        "大": max(numbers, default=None),
        "小": min(positive, default=None),
        "不同": len({r[2] for r in mine if r[2] is not None}),
        "价": Counter(r[2] or "空白" for r in mine),
    }


def agree(rows: list[tuple[Any, ...]], found: Gathered) -> None:
    for (key, period), facts in found.data.facts.items():
        expected = naive(rows, key, period)
        for name in TERMS:
            fact = facts[name]
            if expected[name] is None:
                assert fact.state is State.MISSING
            else:
                assert (fact.state, fact.value) == (State.OK, expected[name]), name
        assert facts["条数"].value == sum(len(cells.rows) for cells in facts["条数"].cells)
        counts = facts[prices_key(PRICES)].value
        assert isinstance(counts, dict)
        assert {k[0]: count for k, (count, _) in counts.items()} == expected["价"]


@given(ROWS)
def test_gather_agrees_with_a_naive_recomputation(rows: list[tuple[Any, ...]]) -> None:
    workbook = book(单位表=[["单位"], *[[unit] for unit in UNITS]], 台账=[HEADER, *rows])
    for asked in ("2025Q4", "2025-12", "2025"):
        found = Gathered(RULES, workbook, asked)
        if any(row[1] for row in rows) or not rows:
            agree(rows, found)
        assert found.codes.count("GK419") <= sum(row[1] is None for row in rows)
    latest = Gathered(RULES, workbook)
    dates = [row[1] for row in rows if row[1] and row[0] != "没有此局"]
    if dates:
        last = max(dates)
        assert latest.data.periods == (Period(last.year, PeriodKind.QUARTER, (last.month + 2) // 3),)


CELLS = st.none() | st.text(max_size=6) | st.dates() | st.booleans() | st.integers(-9, 9999).map(Decimal)
CELLS |= st.sampled_from([error(), "合计", "12", "2025.1.2", "四季度", "是", "单位", "日期", *UNITS])


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8), st.lists(st.lists(CELLS, max_size=5), max_size=8))
def test_no_book_of_any_kind_gives_anything_but_diagnostics(units: list[Any], rows: list[Any]) -> None:
    prices = priced("条数", "国家级")
    rules = rubric(terms=TERMS | {"值": value_of("台账", "数")}, indicators=(indicator(PRICES, prices),))
    for header in ([], [HEADER]):
        data, diagnostics = gather(rules, book(单位表=[["单位"], *units], 台账=[*header, *rows]))
        assert all(d.message and str(d) for d in diagnostics)
        assert data is None or all(prices_key(prices) in facts for facts in data.facts.values())


@given(st.integers(0, 3), st.sampled_from([error(), "x", "１２", None, "\u200b"]))
def test_a_replaced_input_cell_changes_the_result_or_is_named(column: int, cell: Cell | str | None) -> None:
    good = [["教育局", day("2025-10-01"), "其他", Decimal(5)], ["公安局", day("2025-10-02"), "省级", Decimal(6)]]
    bad = [good[0], list(good[1])]
    bad[1][column] = cell
    found = [
        Gathered(RULES, book(单位表=[["单位"], ["教育局"], ["公安局"]], 台账=[HEADER, *rows])) for rows in (good, bad)
    ]
    named = any(str(d.place) == f"台账!{'ABCD'[column]}3" for d in found[1].diagnostics)
    assert named or found[0].data.facts != found[1].data.facts


# --- Real files ------------------------------------------------------------------------------------------------------


def test_the_same_from_a_file_of_openpyxl(tmp_path: Path) -> None:
    rows = [(UNITS[i % 3], day("2025-09-20") + timedelta(days=i), KEYS[i % 3], Decimal(i) / 4) for i in range(60)]
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, values in {"单位表": [["单位"], *[[unit] for unit in UNITS]], "台账": [HEADER, *rows]}.items():
        sheet = workbook.create_sheet(name)
        for row in values:
            sheet.append(row)
    workbook.save(tmp_path / "b.xlsx")
    read, diagnostics = read_book(tmp_path / "b.xlsx")
    assert read
    assert not diagnostics
    agree(rows, Gathered(RULES, read, "2025"))


def test_an_offices_book(tmp_path: Path) -> None:
    """Title, two-row merged header, rates, a total row, an Excel table, an error, a formula that was never calculated."""
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        percent, wrap = workbook.add_format({"num_format": "0%"}), workbook.add_format({"bold": True})
        sheet = workbook.add_worksheet("单位表")
        sheet.merge_range("A1:D1", "2022年考核结果", wrap)
        sheet.merge_range("A2:A3", "单位", wrap)
        sheet.merge_range("B2:C2", "各分项考核结果", wrap)
        sheet.write_row("B3", ["书面考核\n（26分）", "完成率"])
        sheet.merge_range("D2:D3", "备注", wrap)
        sheet.write_row("A4", ["代  县", 26])
        sheet.write("C4", Decimal("0.95"), percent)
        sheet.write_row("A5", ["繁峙县", "未报资料记0分"])
        sheet.write_formula("C5", "=1/0", percent, "#DIV/0!")
        sheet.write_row("A6", ["合  计", 26])
        ledger = workbook.add_worksheet("附表")
        ledger.write_row("B3", ["单位", "件数"])
        ledger.write_row("B4", ["代县", 3])
        ledger.write_row("B5", ["繁峙县", 4])
        ledger.add_table("B3:C5", {"name": "信访", "columns": [{"header": "单位"}, {"header": "件数"}]})
    read, _ = read_book(path)
    assert read
    terms = {
        "书面": value_of("单位表", "书面考核"),
        "率": value_of("单位表", "各分项考核结果 完成率"),
        "件": value_of("信访", "件数"),
    }
    fixed = Period(2022, PeriodKind.YEAR)
    found = Gathered(rubric(terms=terms, period=PeriodKind.YEAR, fixed_period=fixed), read)
    assert [found.value("代县", name) for name in terms] == [26, Decimal("0.95"), 3]
    assert found.value("繁峙县", "件") == 4
    assert found.fact("繁峙县", "书面").text == "未报资料记0分"
    assert found.told == ["GK402 单位表!C5", "GK428 单位表!A4"]
