"""The result sheets: of real books, and of small ones whose results are worked out by hand beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from cases import CASES, chunks
from story_books import expected_results, make_book

import gkxl
from gkxl import diagnostics
from gkxl.apps import inputs
from gkxl.diagnostics import CellRef, Diagnostic, FilePlace
from gkxl.examples import period_of, result_of
from gkxl.model.rules import Rubric
from gkxl.periods import Period, parse_period
from gkxl.report.cells import column_widths, laid_out, within_links
from gkxl.report.facts import areas_of
from gkxl.report.issue_sheet import target
from gkxl.report.lines import Line, lines
from gkxl.report.sheets import result_sheets, sheet_names
from gkxl.run.facts import Cells
from gkxl.run.results import Results, UnitResult
from gkxl.sheets import MOST_LINKS, Look, ResultSheet, Target, Tone, Written
from gkxl.tables import Area, Book, ListSheet
from gkxl.values import Number, add

BOOKS = Path(__file__).resolve().parents[2] / "workbooks"


def scored(name: str) -> Results:
    """The only result set of a bundled book."""
    (one,) = inputs.scored([BOOKS / f"{name}.xlsx"], [], None)
    return one.results


def sheets_of(results: Results, **more: object) -> dict[str, ResultSheet]:
    (made,) = result_sheets([results], [""], **more)  # type: ignore[arg-type]
    return {sheet.name: sheet for sheet in made}


def texts(sheet: ResultSheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.rows]


def rows_of(sheet: ResultSheet, name: str) -> list[dict[str, Written]]:
    """The rows that begin with `name`, by the header's words; of columns with one header the first."""
    titles = [str(cell.value) for cell in sheet.rows[sheet.header - 1]]
    rows = [row for row in sheet.rows[sheet.header :] if row[0].value == name]
    return [dict(reversed([*zip(titles, row, strict=True)])) for row in rows]


# --- 得分汇总 --------------------------------------------------------------------------------------------------------


def test_scores_are_numbers_in_the_order_of_the_score_table() -> None:
    sheet = sheets_of(scored("huzhong-2025"))["得分汇总"]
    assert texts(sheet)[:4] == [
        ["呼中区政务公开考评", *[None] * 6],
        ["呼政办发〔2023〕16号", *[None] * 6],
        ["周期 2025Q4", *[None] * 6],
        ["单位", "类别", "信息公开", "互动解读", "新媒体", "总分", "名次"],
    ]
    # Published: two replies at 3 points; one repost beyond the target, two errors at -2. 信息公开 is not for this unit.
    assert texts(sheet)[5] == ["区公安局", "部门", None, Decimal(6), Decimal(-3), Decimal(3), Decimal(2)]
    assert [row[0] for row in texts(sheet)[4:6]] == ["区统计局", "区公安局"]
    assert (sheet.header, sheet.frozen, sheet.keys, len(sheet.rows)) == (4, 1, (1,), 24)
    assert sheet.chart is not None
    assert (sheet.chart.names, sheet.chart.numbers) == (Area(5, 1, 24, 1), Area(5, 6, 24, 6))
    assert sheet.chart.at[1] > len(sheet.widths), "beside the table"


def test_a_column_shows_as_many_decimals_as_its_numbers_need() -> None:
    (row,) = rows_of(sheets_of(scored("late-and-early"))["Scores"], "Harbour")
    assert {title: cell.places for title, cell in row.items() if cell.look in (Look.NUMBER, Look.TOTAL)} == {
        "Filing": 0, "Reviews": 0, "Attendance": 1, "Visits": 0, "Early filing": 0, "Commendation": 0,
        "Satisfaction": 0, "Total": 1,
    }  # fmt: skip


def test_every_number_has_room_and_long_texts_wrap() -> None:
    rows = [
        (Written("一个很长很长的指标名称", Look.HEADER), Written("分", Look.HEADER), Written("备注" * 40)),
        (Written(Decimal("-1234567.125"), Look.NUMBER, places=3), Written(Fraction(1, 3), places=4), Written(None)),
    ]
    # -1234567.125: 8 characters before the point, 4 behind it, 1 to spare, 2 for the margins.
    assert column_widths(rows, [9, 9, 9], [14, 14, 60]) == [15, 9, 60]
    sheet = laid_out("表", ["标题"], rows, [14, 9, 60])
    # 160 digits' room for the remark, and six in the hundred more, in lines of 59: three of 15 points.
    assert sheet.heights == (30, 3 * 15 + 8, 15 + 4)


def test_a_long_title_has_room_and_long_notes_break() -> None:
    sheet = laid_out("表", ["年度" * 20, "某办发〔2025〕3号" * 4], [(Written("甲"), Written("乙"))], [9, 9])
    assert sum(sheet.widths) >= 80 * 3 // 2
    assert [row[0].value for row in sheet.rows[:2]] == ["年度" * 20, "某办发〔2025〕3号" * 4]
    narrow = laid_out("表", ["年", "某办发〔2025〕3号" * 4], [(Written("甲"), Written("乙"))], [20, 20])
    assert "".join(str(row[0].value) for row in narrow.rows if row[0].look is Look.NOTE) == "某办发〔2025〕3号" * 4
    assert len(narrow.rows) > 3


def test_a_wide_table_lies_on_its_side_unless_it_is_long() -> None:
    row = (Written("甲"), Written("乙"))
    assert not laid_out("表", ["标题"], [row], [40, 40]).landscape
    assert laid_out("表", ["标题"], [row], [60, 60]).landscape
    assert not laid_out("表", ["标题"], [row] * 40, [60, 60]).landscape
    assert laid_out("表", ["标题"], [row] * 40, [70, 70]).landscape


def test_grades_have_colours_from_best_to_worst_and_a_veto_shows() -> None:
    sheet = sheets_of(scored("late-and-early"))["Scores"]
    tones = {one.text: one.tone for one in sheet.highlights}
    assert tones == {
        "-": Tone.POOR, "Veto:": Tone.POOR,
        "excellent": Tone.BEST, "good": Tone.GOOD, "fair": Tone.FAIR, "poor": Tone.POOR,
    }  # fmt: skip


RULES = """\
考评 小考评
依据 某办发〔2025〕3号
对象 单位表的单位
周期 年 2025
缺数据 报错
总分保留0位小数

迟报 = 台账 的 迟报 之和
发文 = 台账 的 发文 之和
泄密 = 台账 的 泄密

指标 报送 10分
  第三条 每迟报1次扣4分。
指标 宣传 权重50%
  每发文1篇加3分。
  本项加分最多10分。
泄密的,总分记0分。
90分及以上为优秀,其余为合格。
"""


def small(*rows: tuple[object, ...], rules: str = RULES) -> Results:
    """单位, 迟报, 发文, 泄密 of each unit."""
    ledger = [("单位", "日期", "迟报", "发文", "泄密")]
    names = [("单位",), *((row[0],) for row in rows)]
    for unit, late, papers, leaked in rows:
        ledger.append((unit, date(2025, 3, 1), late, papers, leaked))  # type: ignore[arg-type]
    book = Book("book.xlsx", "", (ListSheet("单位表", names), ListSheet("台账", ledger)))  # type: ignore[arg-type]
    return gkxl.score(gkxl.load(rules), book)


def test_a_unit_with_an_error_has_no_total_and_its_cell_is_linked() -> None:
    results = small(("甲局", Decimal(1), "３", "否"), ("乙局", Decimal(0), Decimal(0), "否"))
    sheets = sheets_of(results)
    (row,) = rows_of(sheets["得分汇总"], "甲局")
    assert (row["宣传"].value, row["总分"].value) == ("-", "-")
    (found,) = (row for row in sheets["数据问题"].rows if row[0].value == "错误")
    assert (found[2].value, found[2].link) == ("台账!D2", Target("台账", Area(2, 4, 2, 4)))


def test_an_error_moves_no_column() -> None:
    """An error leaves nobody in the group a place; formulas that read the grade still find it in the same column."""
    rules = RULES + "按总分排名,并列同名次(后续顺延)。\n"
    for papers in (Decimal(3), "３"):
        sheet = sheets_of(small(("甲局", Decimal(1), papers, "否"), rules=rules))["得分汇总"]
        assert texts(sheet)[sheet.header - 1] == ["单位", "报送", "宣传", "总分", "名次", "等次"]


# --- 得分明细 --------------------------------------------------------------------------------------------------------


def test_each_award_has_its_sentence_values_points_reason_and_cells() -> None:
    sheet = sheets_of(scored("huzhong-2025"))["得分明细"]
    first, second, third = rows_of(sheet, "区公安局")
    assert {title: cell.value for title, cell in first.items()} == {
        "单位": "区公安局", "周期": "2025Q4", "指标": "互动解读", "规则": "每回复群众咨询1件加3分。", "依据条款": "第21行",
        "取值": "群众咨询 2", "封顶前": Decimal(6), "加减分": Decimal(6), "原因": "回复群众咨询2件,每件加3分,加6分",
        "数据所在": "咨询答复!A3",
    }  # fmt: skip
    assert first["数据所在"].link == Target("咨询答复", Area(3, 1, 3, 1))
    assert (second["加减分"].value, second["数据所在"].value) == (Decimal(1), "转发!A3:A4")
    assert second["数据所在"].link == Target("转发", Area(3, 1, 4, 1))
    assert third["加减分"].value == Decimal(-4)
    assert [cell.value for cell in sheet.rows[sheet.header + 2]][-2:] == ["咨询答复!A3", "咨询答复!A5"]


def test_caps_weights_vetoes_and_rounding_have_lines_of_their_own() -> None:
    results = small(("甲局", Decimal(3), Decimal(5), "否"), ("乙局", Decimal(0), Decimal(3), "是"))
    sheet = sheets_of(results)["得分明细"]
    found = [(row["指标"].value, row["加减分"].value, row["原因"].value) for row in rows_of(sheet, "甲局")]
    # 10 - 3×4 = -2, 扣完为止 0; 5×3 = 15, at most 10, of which half counts: 5.
    assert found == [
        ("报送", Decimal(10), "起评10分"),
        ("报送", Decimal(-12), "迟报3次,每次扣4分,扣12分"),
        ("报送", Decimal(2), "应得-2分,扣完为止,得0分"),
        ("宣传", Decimal(15), "发文5篇,每篇加3分,加15分"),
        ("宣传", Decimal(-5), "加分共15分,本项加分最多10分"),
        ("宣传", Decimal(-5), "权重50%"),
    ]
    # 10 + 9÷2 = 14.5, rounded 15; the veto makes it 0.
    found = [(row["指标"].value, row["加减分"].value, row["原因"].value) for row in rows_of(sheet, "乙局")]
    assert found == [
        ("报送", Decimal(10), "起评10分"),
        ("宣传", Decimal(9), "发文3篇,每篇加3分,加9分"),
        ("宣传", Decimal(0), "有泄密,总分记0分"),
        ("宣传", Decimal("-4.5"), "权重50%"),
        (None, Decimal("0.5"), "总分四舍五入到0位小数"),
        (None, Decimal(-15), "一票否决:泄密的,总分记0分;原得15分,未采用"),
    ]


def test_the_article_leads_to_its_line_in_the_rules() -> None:
    sheets = sheets_of(small(("甲局", Decimal(3), Decimal(5), "否")))
    _, award, *_ = rows_of(sheets["得分明细"], "甲局")
    assert award["依据条款"].value == "第三条"
    link = award["依据条款"].link
    assert link is not None
    assert (link.sheet, link.area.left) == ("说明", 2)
    assert sheets["说明"].rows[link.area.top - 1][1].value == "  第三条 每迟报1次扣4分。"


def adds_up(unit: UnitResult, period: Period, rubric: Rubric) -> bool:
    """Whether the lines of a unit come to its total, and each says why."""
    found: Sequence[Line] = lines(unit, period, rubric)
    total: Number = Decimal(0)
    for line in found:
        total = total if line.points is None else add(total, line.points)
    return bool(found) and all(line.why for line in found) and (unit.total is None or total == unit.total)


def units_of(results: Results) -> Iterator[tuple[UnitResult, Period, Rubric]]:
    assert results.rubric is not None
    for period in results.periods:
        for unit in period.units:
            yield unit, period.period, results.rubric


@pytest.mark.parametrize("name", ["xinzhou-2022", "huzhong-2025", "county-openness", "late-and-early"])
def test_the_lines_of_a_unit_add_up_to_its_total(name: str) -> None:
    found = [one for scored in inputs.scored([BOOKS / f"{name}.xlsx"], [], None) for one in units_of(scored.results)]
    assert [unit.unit for unit, period, rubric in found if not adds_up(unit, period, rubric)] == []
    assert len(found) >= 5


STORIES = sorted(path.parent for path in (CASES / "stories").glob("*/rules.gk"))


@pytest.mark.parametrize("folder", STORIES, ids=[folder.name for folder in STORIES])
def test_the_lines_add_up_in_every_story(folder: Path, tmp_path: Path) -> None:
    rules = gkxl.load(folder / "rules.gk")
    book = gkxl.Book.read(make_book(folder / "book.txt", tmp_path / "book.xlsx"))
    for period in expected_results(folder / "results.csv"):
        results = gkxl.score(rules, book, parse_period(period))
        assert [unit.unit for unit, of, rubric in units_of(results) if not adds_up(unit, of, rubric)] == []


@pytest.mark.parametrize("path", sorted((CASES / "stories").glob("*.gk")), ids=lambda path: path.name)
def test_the_lines_add_up_in_every_example(path: Path) -> None:
    for chunk in chunks(path):
        rules = gkxl.load("\n".join(chunk) + "\n")
        assert rules.rubric is not None
        for example in rules.file.examples:
            unit = result_of(example, rules)
            if unit is not None:
                assert adds_up(unit, period_of(example, rules.rubric), rules.rubric), example.name


def test_cells_become_areas() -> None:
    def areas(*cells: Cells) -> list[str]:
        return [str(area) for area in areas_of(cells, 4).first]

    assert areas(Cells("表", 1, [2, 3, 4, 9])) == ["表!A2:A4", "表!A9"]
    assert areas(Cells("表", 1, [4, 3]), Cells("表", 1, [3, 5])) == ["表!A3:A5"]
    assert areas(Cells("表", 1, [2, 3]), Cells("表", 2, [2, 3]), Cells("表", 4, [2, 3])) == ["表!A2:B3", "表!D2:D3"]
    found = areas_of([Cells("表", 1, range(2, 22, 2))], 4)
    assert ([area.a1 for area in found.first], found.areas, found.cells) == (["A2", "A4", "A6", "A8"], 10, 10)


def test_what_is_beyond_the_link_columns_is_counted() -> None:
    one, other = ((name, Decimal(1), Decimal(0), "否") for name in ("甲局", "乙局"))
    sheet = sheets_of(small(*[one, other] * 6))["得分明细"]
    (late,) = (row for row in sheet.rows if row[0].value == "甲局" and row[5].value == "迟报 6")
    assert [cell.value for cell in late[-4:]] == ["台账!C2", "台账!C4", "台账!C6", "台账!C8 等6处"]


def test_a_sheet_has_no_more_links_than_excel_takes() -> None:
    row = (
        Written("表!A1", Look.LINK, Target("表", Area(1, 1, 1, 1))),
        Written("表!A2", Look.LINK, Target("表", Area(2, 1, 2, 1))),
    )
    found = within_links([row] * (MOST_LINKS // 2 + 3))
    assert sum(cell.link is not None for cells in found for cell in cells) == MOST_LINKS
    assert [cell.value for cell in found[-1]] == ["表!A1", "表!A2"]


# --- 数据问题, 说明 --------------------------------------------------------------------------------------------------


def test_no_findings_are_said_plainly() -> None:
    results = small(("甲局", Decimal(0), Decimal(0), "否"))
    assert results.diagnostics == ()
    assert texts(sheets_of(results)["数据问题"])[-1] == [None, None, None, "没有发现数据问题。", None]


@pytest.mark.parametrize("path", ["/srv/books/考评.xls", "C:\\books\\考评.xls", "考评.xls"])
def test_a_finding_of_a_file_names_it_without_its_folder(path: str) -> None:
    results = small(("甲局", Decimal(0), Decimal(0), "否"))
    span = results.rubric.indicators[0].span if results.rubric is not None else None
    found = (
        Diagnostic(diagnostics.NO_RULE_FILE, FilePlace(path), "zh", {}, ("一", "二")),
        Diagnostic(diagnostics.NO_RULE_FILE, span, "zh"),
    )
    sheets = sheets_of(replace(results, diagnostics=found))
    rows = sheets["数据问题"].rows[-2:]
    assert [[cell.value for cell in row] for row in rows] == [
        ["错误", "GK101", "规则第12行第4列", "找不到这个规则文件。", None],
        ["错误", "GK101", "考评.xls", "找不到这个规则文件。", "一\n二"],
    ]
    link = rows[0][2].link
    assert link is not None
    assert sheets[link.sheet].rows[link.area.top - 1][1].value == "指标 报送 10分"


def test_about_says_what_the_results_rest_on() -> None:
    results = small(("甲局", Decimal(1), Decimal(1), "否"))
    sheet = sheets_of(results, cells_sha256=["ab" * 32], asked=parse_period("2025"))["说明"]
    facts = {row[0].value: row[1].value for row in sheet.rows if row[0].look is Look.LABEL and row[0].value}
    assert facts["依据"] == "某办发〔2025〕3号"
    assert facts["单位数"] == "1"
    assert facts["周期"] == "2025(指定)"
    assert facts["计分约定"] == "缺数据 报错(第5行)"
    assert facts["规则 SHA-256"] == results.rules_sha256
    assert facts["数据 SHA-256"] == "ab" * 32
    said = [row[1].value for row in sheet.rows]
    assert "总分保留0位小数(第6行)" in said
    assert "宣传: 本项加分最多10分(第16行)" in said
    assert "(默认)总分不四舍五入" not in said
    start = next(i for i, row in enumerate(sheet.rows) if row[0].value == "规则全文") + 1
    assert [(row[0].value, row[1].value or "") for row in sheet.rows[start:]] == [
        (Decimal(i), line) for i, line in enumerate(RULES.splitlines(), 1)
    ]


def test_no_cell_names_a_path(tmp_path: Path) -> None:
    book = tmp_path / "考评.xlsx"
    book.write_bytes((BOOKS / "xinzhou-2022.xlsx").read_bytes())
    for part in ("counties", "departments"):
        (tmp_path / f"考评.{part}.gk").write_text(
            (BOOKS / f"xinzhou-2022.{part}.gk").read_text(encoding="utf-8"), encoding="utf-8"
        )
    every = [one.results for one in inputs.scored([book], [], None)]
    made = result_sheets(every, ["counties", "departments"])
    assert [[sheet.name for sheet in sheets] for sheets in made] == [
        [f"{name}-{part}" for name in ("得分汇总", "得分明细", "数据问题", "说明")]
        for part in ("counties", "departments")
    ]
    values = [str(cell.value) for sheets in made for sheet in sheets for row in sheet.rows for cell in row]
    assert [value for value in values if str(tmp_path) in value or ".gk" in value] == []


# --- names -----------------------------------------------------------------------------------------------------------


def test_sheet_names_are_such_as_excel_takes() -> None:
    taken: set[str] = set()
    assert sheet_names("", "en", taken) == ("Scores", "Awards", "Data issues", "About")
    assert sheet_names("[2025]/一:二?", "zh", taken)[0] == "得分汇总-_2025__一_二_"
    long = sheet_names("x" * 40, "zh", taken)
    assert long == tuple(f"{name}-{'x' * 40}"[:31] for name in ("得分汇总", "得分明细", "数据问题", "说明"))
    again = sheet_names("X" * 40, "zh", taken)
    assert again[0] == f"得分汇总-{'X' * 24}-2"
    assert all(len(name) <= 31 for name in again)
    assert sheet_names("office's'", "zh", taken)[0] == "得分汇总-office's"
    assert len(sheet_names("😀" * 30, "en", taken)[2].encode("utf-16-le")) // 2 <= 31


def test_the_place_of_a_finding_may_be_a_row_a_column_or_a_sheet() -> None:
    places = [CellRef("表", 3, 2), CellRef("表", 3, 0), CellRef("表", 0, 2), CellRef("表", 0, 0)]
    assert [target(place).a1 for place in places] == ["B3", "A3", "B:B", "A1"]
