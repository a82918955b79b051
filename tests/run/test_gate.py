"""What the data gate tells of a ledger: odd cells by column and address, grouped, whether or not a score needs them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from books import UNCALCULATED, A, Gathered, book, day, error, period, rows_of, rubric, value_of, when

from gkxl.diagnostics import Diagnostic
from gkxl.model.rules import FromRows, Units
from gkxl.run.facts import State
from gkxl.tables import Area, Book, Cell, CellKind

HEADER = ["单位", "日期", "类别", "数", "标题"]
SUM = FromRows(A.SUM, "台账", column="数")
TERMS = {"和": SUM, "条": rows_of("台账", when("类别", "=", "信息"))}


def row(
    unit: str = "教育局", at: object = "2025-10-08", kind: object = "信息", count: object = 1, title: object = None
):
    return [unit, day(at) if isinstance(at, str) and at[4:5] == "-" else at, kind, count, title]


def gathered(*rows: list[object], merges: tuple[Area, ...] = (), terms=TERMS, asked="2025Q4", **more) -> Gathered:
    return Gathered(rubric(terms=terms, **more), book((), merges, 台账=[HEADER, *rows]), asked)


def message(one: Diagnostic) -> str:
    return one.message


def test_a_clean_ledger_has_nothing_to_tell() -> None:
    assert gathered(row(), row("公安局", kind="通报"), row(kind="信 息", at="2025-12-31")).codes == []


# --- Cells that no score stumbles over -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "what"),
    [(error(), "错误值"), (UNCALCULATED, "没有计算过的公式"), ("12", "文本形式的数字"), ("１２", "文本形式的数字")],
)
def test_gk457_a_flaw_in_a_row_that_is_not_counted(cell: object, what: str) -> None:
    only = {"和": FromRows(A.SUM, "台账", when("类别", "=", "信息"), "数")}
    found = gathered(row(), row(kind="通报", count=cell), row(kind="通报", count=cell), terms=only)
    told = found.one("GK457")
    assert (str(told.place), told.severity) == ("台账!D3", "note")
    assert f"“数”里有{what},共 2 处:台账!D3、台账!D4。" in told.message
    assert found.value("教育局", "和") == 1


def test_gk404_names_the_column_and_each_cell() -> None:
    found = gathered(row(), row(at="2024.1.5"), row(at="2025年1月5日"), row(at="20250105"), row("公安局"))
    told = [d.message for d in found.diagnostics if d.code.number == "GK404"]
    assert len(told) == 3
    assert all("“日期”的日期“20" in one for one in told)


def test_gk457_is_not_told_of_texts_where_nobody_needs_a_number() -> None:
    assert gathered(row(kind="12"), row(), row(kind="20250105")).codes == []


def test_gk464_errors_where_no_rule_looks_are_one_note() -> None:
    found = gathered(row(title=error("#N/A")), *[row(title=error())] * 9)
    told = found.one("GK464")
    assert (str(told.place), told.severity) == ("台账!E2", "note")
    assert "“标题”里有错误值,共 10 处:台账!E2、台账!E3、台账!E4、台账!E5、台账!E6…" in told.message
    assert found.value("教育局", "和") == 10


def test_gk458_characters_that_nobody_sees() -> None:
    found = gathered(row(), row(kind="信\u200b息"), row(kind="\ufeff信息"))
    told = found.one("GK458")
    assert (str(told.place), told.values["count"]) == ("台账!C3", 2)
    assert found.value("教育局", "条") == 3


def test_gk463_a_blank_among_values() -> None:
    found = gathered(*[row()] * 4, row(kind=None), row(count=None))
    assert found.told == ["GK463 台账!C6", "GK463 台账!D7"]
    many = gathered(*[row()] * 4, *[row(count=None)] * 2)
    assert many.codes == [], "where blanks are usual they mean something"
    tested = {"条": rows_of("台账", when("类别", "blank"))}
    assert gathered(*[row()] * 5, row(kind=None), terms=tested).codes == []


# --- Names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["信⻢", "信臺"])
def test_gk448_values_that_only_look_like_those_of_the_rules(kind: str) -> None:
    word = kind.replace("⻢", "马").replace("臺", "台")
    found = gathered(row(kind=word), row(kind=kind), terms={"条": rows_of("台账", when("类别", "=", word))})
    told = found.one("GK448")
    assert (str(told.place), told.severity, told.values["word"]) == ("台账!C3", "warning", word)
    assert found.value("教育局", "条") == 1


def test_gk465_two_units_of_the_list_that_look_the_same() -> None:
    units = [["单位"], ["长治局"], ["⻓治局"], ["一中"], ["二中"]]
    found = Gathered(rubric(terms={"和": SUM}), book(单位表=units, 台账=[HEADER, row("长治局")]), "2025Q4")
    told = found.one("GK465")
    assert (str(told.place), told.severity) == ("单位表!A3", "warning")
    assert "“长治局”(单位表!A2)和“⻓治局”(单位表!A3)" in told.message
    assert len(found.data.units) == 4


def test_gk425_gives_the_nearest_names_with_their_addresses() -> None:
    told = gathered(row(), row("教肓局")).one("GK425")
    assert str(told.place) == "台账!A3"
    assert told.notes[0].startswith("最接近的:“教育局”(单位表!A2)")


def test_gk428_lists_the_cells() -> None:
    told = gathered(row("教 育局"), row("教育\u200b局")).one("GK428")
    assert "共 2 种:台账!A2、台账!A3" in told.message


# --- Merged, hidden, total rows --------------------------------------------------------------------------------------


def test_gk447_values_under_a_merge_far_below() -> None:
    rows = [row() for _ in range(300)]
    found = gathered(*rows, merges=(Area(290, 4, 292, 4),))
    assert str(found.one("GK447").place) == "台账!D291"
    assert str(found.one("GK447").values["area"]) == "台账!D290:D292"
    assert found.fact("教育局", "和").state is State.ERROR
    assert found.value("教育局", "条") == 300, "this one does not use the merged column"


def test_gk449_merged_cells_spoil_the_units_of_their_rows_alone() -> None:
    rows = [row(), row(kind=None), row("公安局"), row("公安局", at=None)]
    found = gathered(*rows, merges=(Area(2, 3, 3, 3), Area(4, 2, 5, 2)))
    assert found.told == ["GK449 台账!C3", "GK449 台账!B5"]
    assert "合并的单元格 台账!C2:C3 只有第一格有值,这一行的“类别”读不到" in found.diagnostics[0].message
    assert found.fact("教育局", "条").state is State.ERROR
    assert found.value("教育局", "和") == 2
    assert found.fact("公安局", "和").state is State.ERROR, "the date of one of its rows is unknown"


def test_merges_that_matter_to_nobody() -> None:
    merges = (Area(2, 5, 3, 5), Area(4, 1, 4, 5), Area(9, 1, 9, 3))  # of titles, of a note, below the rows
    assert gathered(row(), row(), ["注:以上为第四季度"], merges=merges).codes == []


def test_merges_that_overlap_by_the_thousand() -> None:
    merges = tuple(Area(2, 1, 1_048_576, 16_384) for _ in range(5000))
    found = gathered(*[row()] * 100, merges=merges)
    assert found.told == ["GK447 台账!B2"]


def test_gk455_a_hidden_sheet_counts_and_is_told() -> None:
    workbook = book(台账=[HEADER, row()])
    workbook.sheets[1].hidden = True  # type: ignore[misc]
    found = Gathered(rubric(terms=TERMS), workbook, "2025Q4")
    assert found.told == ["GK455 台账"]
    assert found.value("教育局", "和") == 1


def test_gk456_a_total_that_is_not_the_sum() -> None:
    found = gathered(row(count=5), row("公安局", count=6), ["合计", None, None, 12])
    told = found.one("GK456")
    assert (str(told.place), told.severity) == ("台账!D4", "error")
    assert "合计写的是 12,上面各行相加是 11" in told.message
    assert found.value("公安局", "和") == 6


@pytest.mark.parametrize("total", [11, Decimal("5.5"), None, "略", Cell(CellKind.RATE, Decimal(1))])
def test_a_total_may_be_a_sum_or_an_average_or_missing(total: object) -> None:
    assert gathered(row(count=5), row("公安局", count=6), ["合 计:", None, None, total]).codes == []


def test_behind_a_subtotal_the_data_go_on() -> None:
    rows = [row(count=5), ["小计", None, None, 5], row("公安局", count=6), ["小计", None, None, 6]]
    found = gathered(*rows, ["总计", None, None, 11])
    assert (found.value("教育局", "和"), found.value("公安局", "和"), found.codes) == (5, 6, [])
    wrong = gathered(*rows[:3], ["小计", None, None, 7], ["总计", None, None, 18])
    assert wrong.told == ["GK456 台账!D5", "GK456 台账!D6"]


def test_gk436_units_below_the_total_of_their_list() -> None:
    units = [["单位", "类别"], ["教育局", "一类"], ["合计", None], ["公安局", "一类"], ["注:公安局后补", None]]
    found = Gathered(rubric(terms=TERMS), book(单位表=units, 台账=[HEADER, row()]), "2025Q4")
    assert str(found.one("GK436").place) == "单位表!A4"
    assert found.one("GK436").values["rows"] == 1


# --- Rows and dates --------------------------------------------------------------------------------------------------


def test_gk459_a_row_entered_twice() -> None:
    found = gathered(row(title="关于秋收的通知"), row(title="关于秋收的通知"), row(title="关于冬训的通知"))
    told = found.one("GK459")
    assert (str(told.place), told.severity) == ("台账!3", "warning")
    assert "台账!2 和 台账!3" in told.message
    assert found.value("教育局", "和") == 3
    assert gathered(row(title="同上"), row(title="同上")).codes == [], "no title tells that it is one record"
    numbered = [["序号", *HEADER], [1, *row(title="关于秋收的通知")], [2, *row(title="关于秋收的通知")]]
    assert Gathered(rubric(terms=TERMS), book(台账=numbered), "2025Q4").codes == ["GK459"]


def test_gk461_rows_after_the_check_date() -> None:
    found = gathered(row(), row(at="2025-12-31"), row(at="2025-12-30"), check_date=day("2025-12-30"))
    assert found.told == ["GK461 台账!B3"]
    assert found.one("GK461").severity == "note"


def test_gk462_a_year_far_from_all_others() -> None:
    found = gathered(row(), row(), row(at="2021-10-07"))
    assert found.told == ["GK462 台账!B4"]
    assert "2021 年" in found.one("GK462").message
    assert gathered(row(), row(at="2023-10-07")).codes == []


# --- The list of units -----------------------------------------------------------------------------------------------


def test_what_the_list_and_a_ledger_in_one_sheet_use_is_not_unused() -> None:
    units = [["单位", "类别", "数", "备注"], ["教育局", "一类", 3, error()], ["公安局", error(), 4, None]]
    rules = rubric(units=Units("单位表", "单位", "类别"), terms={"X": value_of("单位表", "数")})
    found = Gathered(replace(rules, fixed_period=period("2025Q4")), book(单位表=units))
    assert sorted(found.told) == ["GK402 单位表!B3", "GK464 单位表!D2"]


def test_in_english() -> None:
    rows = [["Unit", "Date", "Kind", "Count"], ["Bureau A", day("2025-10-08"), "news", error()]]
    rules = replace(
        rubric(
            units=Units("单位表", "Unit"), terms={"X": FromRows(A.SUM, "Log", when("Kind", "=", "no news"), "Count")}
        ),
        language="en",
    )
    made: Book = book(单位表=[["Unit"], ["Bureau A"]], Log=rows)
    (told,) = Gathered(rules, made, "2025Q4").diagnostics
    assert (
        message(told)
        == "“Count” holds errors, 1 in all: Log!D2. These scores do not depend on them; correct them all the same."
    )
