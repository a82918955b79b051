"""Ledgers become facts: counted, summed, dated, by unit and period, with the cells they come from."""

from decimal import Decimal
from fractions import Fraction

import pytest
from books import (
    UNITS,
    A,
    Gathered,
    book,
    day,
    indicator,
    line,
    number,
    period,
    priced,
    rate,
    rows_of,
    rubric,
    value_of,
    when,
)

from gkxl.model.rules import (
    Amount,
    Branch,
    Cap,
    CheckDate,
    Column,
    Fixed,
    FromRows,
    Holds,
    PeriodsWith,
    Pick,
    Ref,
    RowAll,
    RowAny,
    RowNot,
    TimeBetween,
)
from gkxl.periods import PeriodKind
from gkxl.run.facts import Cells, State, prices_key
from gkxl.tables import Row
from gkxl.values import Kind

LEDGER = [
    ["单位", "发布日期", "类别", "字数"],
    ["教育局", day("2025-10-05"), "本领域", 300],
    ["公安局", day("2025-11-05"), "其他", 120],
    ["教育局", day("2025-12-31"), "本 领域", 80],
    ["教育局", day("2025-09-30"), "本领域", 999],
    ["教育局", day("2025-11-11"), None, None],
]


def gathered(measure, rows=LEDGER, asked=None, **more) -> Gathered:
    return Gathered(rubric(terms={"X": measure}, **more), book(台账=rows), asked)


# --- Aggregations ----------------------------------------------------------------------------------------------------


def test_rows_are_counted_by_unit_and_period_with_their_cells() -> None:
    found = gathered(rows_of("台账", when("类别", "=", "本领域")))
    assert found.data.periods == (period("2025Q4"),)
    assert found.value("教育局", "X") == 2
    assert found.value("公安局", "X") == 0
    assert found.cells("教育局", "X") == ["台账!A2", "台账!A4"]
    assert found.told == ["GK463 台账!C6"], "one category of five is blank"


@pytest.mark.parametrize(
    ("op", "value", "cells"),
    [
        (A.SUM, Decimal(380), ["台账!D2", "台账!D4"]),
        (A.AVERAGE, Decimal(190), ["台账!D2", "台账!D4"]),
        (A.LARGEST, Decimal(300), ["台账!D2"]),
        (A.SMALLEST, Decimal(80), ["台账!D4"]),
        (A.LATEST, Decimal(80), ["台账!D4"]),
        (A.DIFFERENT, Decimal(2), ["台账!D2", "台账!D4"]),
    ],
)
def test_aggregations_skip_blanks(op: A, value: Decimal, cells: list[str]) -> None:
    found = gathered(FromRows(op, "台账", column="字数"))
    assert found.value("教育局", "X") == value
    assert found.cells("教育局", "X") == cells
    assert found.data.kinds == {"X": Kind.NUMBER}


def test_over_no_rows_counts_and_sums_are_0_and_the_rest_is_missing() -> None:
    ops = {op.name: FromRows(op, "台账", column="字数") for op in A if op not in (A.COUNT, A.ANY)}
    measures = ops | {"COUNT": rows_of("台账"), "ANY": FromRows(A.ANY, "台账")}
    found = Gathered(rubric(terms=measures), book(台账=LEDGER), "2024Q1")
    assert {name: found.value("公安局", name) for name in measures} == {
        "COUNT": 0, "SUM": 0, "DIFFERENT": 0, "ANY": False,
        "AVERAGE": "missing", "LARGEST": "missing", "SMALLEST": "missing", "LATEST": "missing", "VALUE": "missing",
    }  # fmt: skip


def test_sums_and_averages_are_exact() -> None:
    rows = [["单位", "额"], ["教育局", Decimal("0.1")], ["教育局", Decimal("0.2")], ["教育局", Decimal("0.4")]]
    terms = {"和": FromRows(A.SUM, "台账", column="额"), "均": FromRows(A.AVERAGE, "台账", column="额")}
    found = Gathered(rubric(terms=terms), book(台账=rows), "2025Q1")
    assert found.value("教育局", "和") == Decimal("0.7")
    assert found.value("教育局", "均") == Fraction(7, 30)


def test_the_largest_and_latest_of_dates_are_dates() -> None:
    found = gathered(FromRows(A.LATEST, "台账", column="发布日期"))
    assert found.value("教育局", "X").date() == day("2025-12-31")
    assert found.data.kinds == {"X": Kind.DATE}


def test_any_is_yes_or_no() -> None:
    found = gathered(FromRows(A.ANY, "台账", when("类别", "=", "其他")))
    assert (found.value("教育局", "X"), found.value("公安局", "X")) == (False, True)


def test_yes_and_no_cells() -> None:
    rows = [["单位", "方案"], ["教育局", "√"], ["公安局", "无"]]
    found = gathered(value_of("台账", "方案"), rows, "2025Q4")
    assert (found.value("教育局", "X"), found.value("公安局", "X")) == (True, False)
    assert found.data.kinds == {"X": Kind.YESNO}


def test_the_one_value_and_its_blank() -> None:
    rows = [["单位", "完成率", "备注"], ["教育局", rate("0.95"), None], ["公安局", None, "未报"]]
    found = gathered(value_of("台账", "完成率"), rows, "2025Q4")
    assert found.value("教育局", "X") == Decimal("0.95")
    assert found.fact("公安局", "X").state is State.MISSING
    assert found.cells("公安局", "X") == ["台账!B3"]
    assert found.data.kinds == {"X": Kind.RATE}
    assert not found.diagnostics


def test_not_applicable_cells() -> None:
    found = gathered(value_of("台账", "分"), [["单位", "分"], ["教育局", "不涉及"], ["公安局", 5]], "2025Q4")
    assert (found.value("教育局", "X"), found.value("公安局", "X")) == ("not applicable", 5)


def test_what_was_not_reported_goes_with_its_text() -> None:
    rows = [["单位", "分"], ["教育局", "未报资料记0分"], ["公安局", 5]]
    fact = gathered(value_of("台账", "分"), rows, "2025Q4").fact("教育局", "X")
    assert (fact.state, fact.text) == (State.MISSING, "未报资料记0分")


def test_what_was_not_reported_counts_0_in_a_sum_where_that_is_stated() -> None:
    rows = [["单位", "分"], ["教育局", "未报资料记0分"], ["教育局", 5]]
    found = gathered(FromRows(A.SUM, "台账", column="分"), rows, "2025Q4", not_reported_zero=True)
    fact = found.fact("教育局", "X")
    assert (fact.state, fact.value, fact.text) == (State.OK, 5, "未报资料记0分")
    assert gathered(FromRows(A.SUM, "台账", column="分"), rows, "2025Q4").codes == ["GK401"]


def test_days_between_two_dates_of_a_row() -> None:
    rows = [
        ["单位", "截止", "报送"],
        ["教育局", day("2025-10-01"), day("2025-10-04")],
        ["教育局", day("2025-10-10"), day("2025-10-01")],
        ["教育局", day("2025-12-30"), None],
    ]
    measure = FromRows(A.SUM, "台账", column=TimeBetween("截止", "报送"))
    more = {"check_date": day("2025-12-31"), "sheets": (line("台账", undated=True),)}
    assert gathered(measure, rows, "2025Q4", **more).value("教育局", "X") == 4


# --- Conditions ------------------------------------------------------------------------------------------------------

CASES = [
    ["单位", "类别", "数", "率", "收到", "答复", "办结"],
    ["教育局", "重点工作", 5, rate("0.9"), day("2025-10-01"), day("2025-10-03"), "是"],
    ["教育局", "一般", 3, rate("0.5"), day("2025-07-01"), None, "否"],
    ["教育局", None, None, None, None, day("2025-01-01"), None],
]


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        (when("类别", "=", "一 般"), [3]),
        (when("类别", "!=", "一般"), [2]),
        (when("类别", "one of", "一般", "其他"), [3]),
        (when("类别", "contains", "重点"), [2]),
        (when("类别", "blank"), [4]),
        (when("类别", "not blank"), [2, 3]),
        (when("数", ">=", 5), [2]),
        (when("数", "<", 5), [3]),
        (when("数", "one of", 3, 5), [2, 3]),
        (when("率", ">", number("0.8", Kind.RATE)), [2]),
        (when("收到", "<", day("2025-10-01")), [3]),
        (when("收到", "<=", day("2025-10-01")), [2, 3]),
        (when("答复", ">", Column("收到")), [2]),
        (when("收到", "months before", 6, CheckDate()), [2, 3]),
        (when("收到", "months before", 3, CheckDate()), [2]),
        (when("收到", ">=", CheckDate()), []),
        (when("办结", "true"), [2]),
        (RowNot(when("数", ">=", 5)), [3, 4]),
        (RowAll((when("数", ">=", 3), when("办结", "true"))), [2]),
        (RowAny((when("数", "=", 3), when("答复", "not blank"))), [2, 3, 4]),
    ],
)
def test_conditions(where, rows: list[int]) -> None:
    more = {"check_date": day("2025-12-31"), "sheets": (line("台账", undated=True),)}
    found = gathered(rows_of("台账", where), CASES, "2025Q4", **more)
    assert [row for cells in found.fact("教育局", "X").cells for row in cells.rows] == rows
    assert not found.diagnostics


def test_and_stops_when_decided() -> None:
    rows = [["单位", "类别", "数"], ["教育局", "一般", "多"]]
    where = RowAll((when("类别", "=", "重点"), when("数", ">", 3)))
    found = gathered(rows_of("台账", where), rows, "2025Q4")
    assert found.value("教育局", "X") == 0
    assert not found.diagnostics


def test_the_same_month_day_that_does_not_exist_is_the_last_of_the_month() -> None:
    rows = [["单位", "收到"], ["教育局", day("2025-02-28")], ["教育局", day("2025-02-27")]]
    where = when("收到", "months before", 6, CheckDate())
    more = {"check_date": day("2025-08-31"), "sheets": (line("台账", undated=True),)}
    assert gathered(rows_of("台账", where), rows, "2025Q4", **more).cells("教育局", "X") == ["台账!A2"]


# --- Periods ---------------------------------------------------------------------------------------------------------


def test_the_period_asked_for_wins() -> None:
    assert gathered(rows_of("台账"), asked="2025Q3").value("教育局", "X") == 1
    assert gathered(rows_of("台账"), asked="2025-12").value("教育局", "X") == 1


def test_a_year_lists_its_quarters_with_data() -> None:
    found = gathered(rows_of("台账"), asked="2025")
    assert [str(p) for p in found.data.periods] == ["2025Q3", "2025Q4", "2025"]
    assert found.value("教育局", "X", "2025") == 4


def test_a_period_column_wins_over_dates() -> None:
    rows = [
        ["单位", "季度", "日期"],
        ["教育局", "2025年四季度", day("2025-01-01")],
        ["教育局", "2025Q3", day("2025-11-01")],
    ]
    assert gathered(rows_of("台账"), rows).value("教育局", "X") == 1
    assert str(gathered(rows_of("台账"), rows).data.periods[0]) == "2025Q4"


def test_period_cells_without_a_year_take_the_one_asked_for() -> None:
    rows = [["单位", "月份", "数"], ["教育局", "10月", 1], ["教育局", 11, 2], ["教育局", "四季度", 4]]
    assert gathered(FromRows(A.SUM, "台账", column="数"), rows, "2025Q4").value("教育局", "X") == 7


def test_a_year_column_gives_the_year() -> None:
    rows = [["单位", "年度", "季度"], ["教育局", 2025, "四季度"], ["教育局", 2024, "四季度"]]
    found = gathered(rows_of("台账"), rows)
    assert (str(found.data.periods[0]), found.value("教育局", "X")) == ("2025Q4", 1)


def test_a_sheet_without_dates_holds_for_every_period() -> None:
    terms = {"X": rows_of("台账"), "任务": value_of("任务", "数")}
    found = Gathered(rubric(terms=terms), book(台账=LEDGER, 任务=[["单位", "数"], ["教育局", 3]]))
    assert found.value("教育局", "任务") == 3


def test_dates_that_do_not_date_the_row() -> None:
    assert gathered(rows_of("台账"), asked="2025Q1", sheets=(line("台账", undated=True),)).value("教育局", "X") == 4


def test_a_fixed_year_needs_no_dates() -> None:
    found = gathered(
        value_of("台账", "分"), [["单位", "分"], ["教育局", 1]], period=PeriodKind.YEAR, fixed_period=period("2022")
    )
    assert found.data.periods == (period("2022"),)
    assert found.value("教育局", "X") == 1


def test_months_that_are_counted_and_capped_have_facts() -> None:
    terms = {"X": rows_of("台账"), "月数": None}
    terms["月数"] = PeriodsWith(PeriodKind.MONTH, "X", "=", Decimal(0))  # type: ignore[assignment]
    found = Gathered(rubric(terms=terms), book(台账=LEDGER))
    assert [found.value("教育局", "X", f"2025-{month}") for month in (10, 11, 12)] == [1, 1, 1]
    assert [found.value("公安局", "X", f"2025-{month}") for month in (10, 11, 12)] == [0, 1, 0]
    cap = Pick((Branch(Holds(Ref("X")), (Fixed(Decimal(1)),)),), Cap(Decimal(10), PeriodKind.MONTH))
    capped = gathered(rows_of("台账"), indicators=(indicator(cap),))
    assert capped.value("公安局", "X", "2025-10") == 0


def test_dates_that_first_turn_up_far_below() -> None:
    rows = [["单位", "日期"], *[["教育局", None]] * 250, ["教育局", day("2025-12-01")]]
    found = gathered(rows_of("台账"), rows)
    assert found.value("教育局", "X") == 1
    assert "GK419" in found.codes


# --- Price lists -----------------------------------------------------------------------------------------------------

ARTICLES = [
    ["单位", "日期", "标题", "级别", "类型"],
    ["教育局", day("2025-10-01"), "甲", None, "快报"],
    ["教育局", day("2025-10-01"), "乙", "国家级", "快报"],
    ["教育局", day("2025-10-02"), "丙", "国家级", "专报"],
    ["公安局", day("2025-10-03"), "丁", "省 级", "快报"],
    ["公安局", day("2025-07-03"), "戊", "市级", "快报"],
]


def counts(prices, rows=ARTICLES, unit="教育局") -> dict[tuple[str, ...], int]:
    found = gathered(rows_of("台账"), rows, "2025Q4", indicators=(indicator(prices),))
    assert set(found.codes) <= {"GK463"}, "one level of five is blank"
    fact = found.fact(unit, prices_key(prices))
    assert isinstance(fact.value, dict)
    return {key: count for key, (count, _) in fact.value.items()}


def test_the_column_of_a_price_list_is_the_one_that_holds_its_keys() -> None:
    prices = priced("X", "国家级", "省级")
    assert counts(prices) == {("国家级",): 2, ("空白",): 1}
    assert counts(prices, unit="公安局") == {("省 级",): 1}


def test_a_price_list_over_two_columns() -> None:
    prices = priced("X", ("国家级", "快报"), columns=("级别", "类型"))
    assert counts(prices) == {("空白", "快报"): 1, ("国家级", "快报"): 1, ("国家级", "专报"): 1}


def test_a_price_lists_cells_and_an_empty_ledger() -> None:
    prices = priced("X", "国家级")
    found = gathered(rows_of("台账"), ARTICLES, "2025Q4", indicators=(indicator(prices),))
    value = found.fact("教育局", prices_key(prices)).value
    assert isinstance(value, dict)
    assert value["国家级",][1] == Cells("台账", 4, value["国家级",][1].rows)
    assert list(value["国家级",][1].rows) == [3, 4]
    assert counts(prices, ARTICLES[:1]) == {}


# --- Pure, one pass, small -------------------------------------------------------------------------------------------


def test_one_pass_over_a_ledger_with_the_needed_columns_alone() -> None:
    workbook = book(台账=[[*row, "备注"] for row in LEDGER])
    sheet = workbook.sheets[1]
    sheet.may_hold_errors = False  # type: ignore[misc]
    asked = []
    rows = sheet.rows
    sheet.rows = lambda columns=None, start=1: (asked.append((columns, start)), rows(columns, start))[1]  # type: ignore[method-assign]
    Gathered(rubric(terms={"X": rows_of("台账"), "Y": FromRows(A.SUM, "台账", column="字数")}), workbook)
    assert asked == [(None, 1), (frozenset({1, 2, 4}), 2)]


def test_hidden_rows_count_and_are_told() -> None:
    workbook = book(台账=LEDGER)
    sheet = workbook.sheets[1]
    rows = sheet.rows
    sheet.rows = lambda columns=None, start=1: (Row(r.number, r.cells, r.number == 2) for r in rows(columns, start))  # type: ignore[method-assign]
    found = Gathered(rubric(terms={"X": rows_of("台账")}), workbook)
    assert found.value("教育局", "X") == 3
    assert found.one("GK435").values == {"sheet": "台账", "rows": 1}


def test_the_units_sheet_may_be_the_ledger() -> None:
    rows = [[*UNITS[0], "书面考核"], ["教育局", 26], ["公安局", 20]]
    rules = rubric(
        terms={"X": value_of("单位表", "书面考核")},
        indicators=(indicator(Pick((Branch(None, (Amount(Ref("X")),)),))),),
        fixed_period=period("2022"), period=PeriodKind.YEAR,
    )  # fmt: skip
    found = Gathered(rules, book(单位表=rows))
    assert found.value("公安局", "X") == 20
    assert found.data.kinds == {"X": Kind.NUMBER}
