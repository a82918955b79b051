"""`gkxl recalc` as users run it: results into copies, into other files, into the book itself, and checked again."""

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import legacy_made
import made
import openpyxl
import pytest
import xlsxwriter

from gkxl.apps import cli

ROOT = Path(__file__).resolve().parents[2]
WORKBOOKS = ROOT / "workbooks"
RULES = """考评 试
对象 单位表的单位
周期 季度
缺数据 报错
信息 = 信息公开 的记录
完成率 = 目录 的 完成率
指标 信息公开
  信息少于3条,扣6分。
  每条信息加1分。
指标 目录
  完成率达100%加10分,90%及以上加8分,其余不加分。
按总分排名,并列同名次(连续)。
15分及以上为优秀,其余为一般。
"""
ENGLISH = """assessment Trial
units Unit in Units
period quarter
missing data is an error
items = rows of Published
indicator Website
  fewer than 3 items costs 6 points.
  each item earns 1.
rank by total, ties share the place (the next place follows).
"""
UNITS = [["甲局"], ["乙局"]]
ROWS = [["甲局", "2025-10-03"], ["甲局", "2025-11-05"], ["甲局", "2025-12-01"], ["乙局", "2025-10-09"]]
RATES = [["甲局", "2025-12-31", 1], ["乙局", "2025-12-31", 0.93]]
# 甲局: 3 items earn 3, and 100% earns 10: 13. 乙局: 1 item costs 6 and earns 1, and 93% earns 8: 3.


def make_book(path: Path, **changes: object) -> Path:
    """The book of RULES; `changes` replaces the rows of a sheet: units, rows or rates."""
    given = {"units": UNITS, "rows": ROWS, "rates": RATES, **changes}
    sheets = {
        "单位表": (["单位"], given["units"]),
        "信息公开": (["单位", "日期"], given["rows"]),
        "目录": (["单位", "日期", "完成率"], given["rates"]),
        "别的": (["随便写"], [["与考评无关"]]),
    }
    with xlsxwriter.Workbook(path) as book:
        day, rate = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0%"})
        for name, (header, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                        sheet.write_datetime(number, column, openpyxl.utils.datetime.from_ISO8601(value), day)
                    else:
                        sheet.write(number, column, value, rate if column == 2 else None)
        book.get_worksheet_by_name("信息公开").insert_chart("F2", _chart(book))
    return path


def _chart(book: xlsxwriter.Workbook) -> object:
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=目录!$C$2:$C$3"})
    return chart


@pytest.fixture
def run(tmp_path, monkeypatch, capsys) -> Callable[..., tuple[int, str]]:
    """Runs a command in a folder of its own; gives its exit code and what it said on standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")

    def command(*args: object) -> tuple[int, str]:
        code = cli.run([str(arg) for arg in args])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert out == ""
        return code, err

    return command


@pytest.fixture
def book(tmp_path) -> Path:
    tmp_path.joinpath("考评.gk").write_text(RULES, encoding="utf-8")
    return make_book(tmp_path / "考评.xlsx")


def values(path: Path, sheet: str) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def summary(path: Path, sheet: str = "得分汇总") -> dict[object, dict[object, object]]:
    """The rows of the summary by unit, as header and value."""
    rows = values(path, sheet)
    first = next(i for i, row in enumerate(rows) if "单位" in row or "Unit" in row)
    named = [dict(zip(rows[first], row, strict=True)) for row in rows[first + 1 :]]
    return {row.get("单位") or row.get("Unit"): row for row in named}


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_copy_beside_the_book(run, book) -> None:
    before = book.read_bytes()
    code, err = run("recalc", "考评.xlsx")
    assert code == 0, err
    assert "考评-scored.xlsx: note GK660 结果已写入:2个单位,2025Q4。" in err
    assert book.read_bytes() == before
    scored = book.with_name("考评-scored.xlsx")
    assert openpyxl.load_workbook(scored).sheetnames == [
        "单位表", "信息公开", "目录", "别的", "得分汇总", "得分明细", "数据问题", "说明",
    ]  # fmt: skip
    found = summary(scored)
    assert (found["甲局"]["总分"], found["甲局"]["名次"], found["甲局"]["等次"]) == (13, 1, "一般")
    assert (found["乙局"]["信息公开"], found["乙局"]["目录"], found["乙局"]["总分"]) == (-5, 8, 3)
    old, new = members(book), members(scored)
    edited = {name for name in old if old[name] != new[name]}
    assert edited == {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


@pytest.mark.parametrize("where", [[], ["--in-place"], ["-o", "另存.xlsx"]])
def test_twice_changes_nothing(where, run, book) -> None:
    assert run("recalc", "考评.xlsx", *where)[0] == 0
    files = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in book.parent.iterdir()}
    code, err = run("recalc", "考评.xlsx", *where)
    assert code == 0
    assert "GK661" in err
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in book.parent.iterdir()} == files


def test_a_scored_copy_and_a_scored_book_hold_the_same(run, book) -> None:
    run("recalc", "考评.xlsx")
    run("recalc", "考评.xlsx", "--in-place")
    one, other = members(book), members(book.with_name("考评-scored.xlsx"))
    assert [part for part in one.keys() | other.keys() if one.get(part) != other.get(part)] == ["customXml/item1.xml"]


def test_new_data_replace_the_old_results(run, book) -> None:
    run("recalc", "考评.xlsx")
    make_book(book, rows=[*ROWS, ["乙局", "2025-10-10"], ["乙局", "2025-10-11"]])
    assert run("recalc", "考评.xlsx")[0] == 0
    assert summary(book.with_name("考评-scored.xlsx"))["乙局"]["总分"] == 11  # 3 items earn 3, 93% earns 8


@pytest.mark.usefixtures("book")
def test_check_passes_until_something_changes(run) -> None:
    code, err = run("recalc", "考评.xlsx", "--check")
    assert (code, "GK665" in err) == (1, True)
    for where in ([], ["--in-place"]):
        run("recalc", "考评.xlsx", *where)
        code, err = run("recalc", "考评.xlsx", "--check", *where)
        assert (code, "GK677" in err) == (0, True), err


def test_check_names_what_differs(run, book) -> None:
    run("recalc", "考评.xlsx")
    make_book(book, rows=[*ROWS, ["乙局", "2025-10-10"]])
    files = {path: path.read_bytes() for path in book.parent.iterdir()}
    code, err = run("recalc", "考评.xlsx", "--check")
    assert code == 1
    assert "error GK669 乙局不同:信息公开存的是-5,现在是-4;总分存的是3,现在是4。" in err
    assert "GK667" in err, "the cells have changed"
    assert "GK666" not in err, "the rules have not"
    assert "GK664" in err
    assert "得分明细!" in err, "where the awards begin to differ"
    assert "GK672" in err
    assert {path: path.read_bytes() for path in book.parent.iterdir()} == files


def test_check_names_units_that_came_and_went(run, book) -> None:
    run("recalc", "考评.xlsx")
    more = [["丙局"], ["甲局"]]
    rates = [["甲局", "2025-12-31", 1], ["丙局", "2025-12-31", 1]]
    make_book(book, units=more, rows=ROWS[:3], rates=rates)
    code, err = run("recalc", "考评.xlsx", "--check")
    assert code == 1
    assert "GK670 丙局" in err
    assert "GK671 乙局" in err


def test_check_does_not_list_everything(run, book) -> None:
    units = [[f"第{n}局"] for n in range(30)]
    rates = [[unit, "2025-12-31", 1] for (unit,) in units]
    make_book(book, units=units, rows=[], rates=rates)
    assert run("recalc", "考评.xlsx")[0] == 0
    make_book(book, units=units, rows=[[unit, "2025-12-31"] for (unit,) in units], rates=rates)
    _, err = run("recalc", "考评.xlsx", "--check")
    assert len(re.findall("^得分汇总!.*GK669", err, re.MULTILINE)) == 20
    assert "得分汇总: note GK673 还有10处不同。" in err


def test_check_names_sheets_that_came_and_went(run, book) -> None:
    run("recalc", "考评.xlsx")
    book.with_name("考评.部门.gk").write_text(RULES, encoding="utf-8")
    book.with_name("考评.县区.gk").write_text(RULES, encoding="utf-8")
    book.with_suffix(".gk").unlink()
    code, err = run("recalc", "考评.xlsx", "--check")
    assert code == 1
    assert "GK674 存着的结果里没有工作表“得分汇总-部门”。" in err
    assert "GK678 结果里已经没有工作表“得分汇总”。" in err


def test_check_sees_a_change_that_moves_no_points(run, book) -> None:
    run("recalc", "考评.xlsx")
    make_book(book, rates=[["甲局", "2025-12-31", 1], ["乙局", "2025-12-31", 0.94]])
    code, err = run("recalc", "考评.xlsx", "--check")
    assert (code, "GK667" in err) == (1, True)
    make_book(book)
    book.with_suffix(".gk").write_text("# 一句说明\n" + RULES, encoding="utf-8")
    code, err = run("recalc", "考评.xlsx", "--check")
    assert (code, "GK666" in err, "GK667" in err) == (1, True, False)


def test_line_ends_of_another_system_are_no_change(run, book) -> None:
    run("recalc", "考评.xlsx")
    book.with_suffix(".gk").write_bytes(RULES.replace("\n", "\r\n").encode("utf-8-sig"))
    assert run("recalc", "考评.xlsx", "--check")[0] == 0


def test_check_does_not_mind_what_the_rules_do_not_read(run, book) -> None:
    run("recalc", "考评.xlsx")
    other = openpyxl.load_workbook(book)
    other["别的"]["A2"] = "改过"
    other["信息公开"]["C1"] = "备注"
    other["信息公开"]["C2"] = "改过"
    other.save(book)
    code, err = run("recalc", "考评.xlsx", "--check")
    assert code == 0, err


def edit(book: Path, old: bytes, new: bytes, holding: bytes = b"") -> None:
    """Changes the sheet of the book that holds `holding`, or `old`, and leaves all other parts, as Excel does."""
    parts = members(book)
    name = next(n for n, data in parts.items() if n.startswith("xl/worksheets/") and (holding or old) in data)
    parts[name] = parts[name].replace(old, new, 1)
    with zipfile.ZipFile(book, "w") as package:
        for part, data in parts.items():
            package.writestr(part, data)


def test_check_keeps_to_the_period_that_was_asked_for(run, book) -> None:
    make_book(
        book, rows=[*ROWS, ["乙局", "2026-01-02"]], rates=[*RATES, ["甲局", "2026-03-31", 1], ["乙局", "2026-03-31", 1]]
    )
    run("recalc", "考评.xlsx", "--period", "2025Q4")
    code, err = run("recalc", "考评.xlsx", "--check")
    assert (code, "周期" in err) == (0, False)
    code, err = run("recalc", "考评.xlsx", "--check", "--period", "2026Q1")
    assert code == 1
    assert re.search("得分汇总!A[0-9]: error GK669 得分汇总不同:A[0-9]存的是.*2025Q4.*现在是.*2026Q1", err)
    assert "乙局不同:目录存的是8,现在是10" in err


@pytest.mark.usefixtures("book")
def test_check_without_rules_compares_nothing(run, tmp_path) -> None:
    run("recalc", "考评.xlsx")
    (tmp_path / "考评.gk").unlink()
    code, err = run("recalc", "考评.xlsx", "--check")
    assert (code, "GK690" in err, "GK67" in err) == (3, True, False)


def test_check_sees_a_result_typed_over(run, book) -> None:
    run("recalc", "考评.xlsx", "--in-place")
    edit(book, b"<v>13</v>", b"<v>20</v>")
    code, err = run("recalc", "考评.xlsx", "--check", "--in-place")
    assert code == 1
    assert "error GK669 甲局不同:总分存的是20,现在是13。" in err
    code, err = run("recalc", "考评.xlsx", "--in-place")
    assert code == 0
    assert "得分汇总: warning GK683" in err
    assert "得分明细: warning" not in err
    assert summary(book)["甲局"]["总分"] == 13
    assert "GK683" not in run("recalc", "考评.xlsx", "--in-place")[1]


def test_a_copy_is_no_book(run, book) -> None:
    run("recalc", "考评.xlsx")
    for more in ([], ["--check"]):
        code, err = run("recalc", "考评-scored.xlsx", "--rules", "考评.gk", *more)
        assert (code, "GK684" in err, "(考评.xlsx)" in err) == (1, True, True)
    assert sorted(path.name for path in book.parent.iterdir()) == ["考评-scored.xlsx", "考评.gk", "考评.xlsx"]


@pytest.mark.usefixtures("book")
def test_another_version_alone_is_a_note(run, monkeypatch) -> None:
    run("recalc", "考评.xlsx")
    monkeypatch.setattr("gkxl.apps.recalculation.results.version", lambda: "9.9")
    code, err = run("recalc", "考评.xlsx", "--check")
    assert (code, "GK668" in err) == (0, True)


def test_errors_write_nothing(run, book) -> None:
    make_book(book, rates=[["甲局", "2025-12-31", "#"], ["乙局", "2025-12-31", 0.93]])
    code, err = run("recalc", "考评.xlsx")
    assert code == 1
    assert "目录!C2: error" in err
    assert "GK662" in err
    assert [path.name for path in sorted(book.parent.iterdir())] == ["考评.gk", "考评.xlsx"]


def test_keep_going_names_the_units_left_out(run, book) -> None:
    make_book(book, rates=[["甲局", "2025-12-31", "#"], ["乙局", "2025-12-31", 0.93]])
    code, err = run("recalc", "考评.xlsx", "--keep-going")
    assert code == 1
    assert "GK663 1个单位因数据有错没有总分:甲局。" in err
    found = summary(book.with_name("考评-scored.xlsx"))
    assert found["甲局"]["总分"] == "-", "no number that somebody might add up"
    assert found["乙局"]["总分"] == 3
    issues = values(book.with_name("考评-scored.xlsx"), "数据问题")
    assert any("目录!C2" in row for row in issues)


def test_rules_with_errors_write_nothing_even_with_keep_going(run, book) -> None:
    book.with_suffix(".gk").write_text(RULES.replace("少于3条", "少于三三条"), encoding="utf-8")
    code, err = run("recalc", "考评.xlsx", "--keep-going")
    assert (code, "GK662" in err) == (1, True)
    assert [path.name for path in sorted(book.parent.iterdir())] == ["考评.gk", "考评.xlsx"]


def test_each_rule_file_has_its_sheets(run, book) -> None:
    book.with_suffix(".gk").rename(book.with_name("考评.县区.gk"))
    book.with_name("考评.部门.gk").write_text(RULES.replace("扣6分", "扣2分"), encoding="utf-8")
    code, err = run("recalc", "考评.xlsx")
    assert code == 0, err
    scored = book.with_name("考评-scored.xlsx")
    assert openpyxl.load_workbook(scored).sheetnames[4:] == [
        f"{sheet}-{part}" for part in ("县区", "部门") for sheet in ("得分汇总", "得分明细", "数据问题", "说明")
    ]
    assert summary(scored, "得分汇总-县区")["乙局"]["总分"] == 3
    assert summary(scored, "得分汇总-部门")["乙局"]["总分"] == 7


def test_sheets_that_are_no_longer_made_go(run, book) -> None:
    run("recalc", "考评.xlsx", "--in-place")
    book.with_suffix(".gk").unlink()
    english = book.with_name("english.gk")
    english.write_text(
        ENGLISH.replace("Units", "单位表")
        .replace("Unit ", "单位 ")
        .replace("Published", chr(34) + "信息公开" + chr(34)),
        encoding="utf-8",
    )
    code, err = run("recalc", "考评.xlsx", "--in-place", "--rules", english)
    assert code == 0, err
    assert openpyxl.load_workbook(book).sheetnames[4:] == ["Scores", "Awards", "Data issues", "About"]
    assert summary(book, "Scores")["乙局"]["Total"] == -5


def test_a_file_that_is_not_ours_is_not_replaced(run, book) -> None:
    other = book.with_name("考评-scored.xlsx")
    shutil.copy(book, other)
    before = other.read_bytes()
    code, err = run("recalc", "考评.xlsx")
    assert (code, "GK675" in err) == (1, True)
    assert other.read_bytes() == before


@pytest.mark.parametrize("alone", [[], ["--alone"]])
def test_a_copy_that_somebody_saved_since_is_not_replaced(alone, run, book) -> None:
    """Excel, WPS and LibreOffice spell every sheet in their own way; what they changed in the copy would be gone."""
    assert run("recalc", "考评.xlsx", *alone)[0] == 0
    copy = book.with_name("考评-scored.xlsx")
    parts = members(copy)
    with zipfile.ZipFile(copy, "w") as package:
        for part, data in parts.items():
            package.writestr(part, data.replace(b"<?xml version='1.0' encoding='UTF-8'", b'<?xml version="1.0"'))
    before = copy.read_bytes()
    code, err = run("recalc", "考评.xlsx", *alone)
    assert (code, "GK682" in err) == (1, True)
    assert copy.read_bytes() == before
    assert run("recalc", "考评.xlsx", *alone, "--check")[0] == 0


def test_a_workbook_with_results_in_place_is_not_replaced_by_a_copy_of_another(run, book) -> None:
    shutil.copy(book, book.with_name("二月.xlsx"))
    assert run("recalc", "二月.xlsx", "--in-place", "--rules", "考评.gk")[0] == 0
    before = book.with_name("二月.xlsx").read_bytes()
    code, err = run("recalc", "考评.xlsx", "-o", "二月.xlsx")
    assert (code, "GK682" in err) == (1, True)
    assert book.with_name("二月.xlsx").read_bytes() == before


def test_a_copy_that_lost_a_result_sheet_is_not_replaced(run, book) -> None:
    run("recalc", "考评.xlsx")
    copy = book.with_name("考评-scored.xlsx")
    parts = members(copy)
    with zipfile.ZipFile(copy, "w") as package:
        for part, data in parts.items():
            package.writestr(part, re.sub('<sheet name="数据问题"[^>]*/>'.encode(), b"", data))
    assert "GK682" in run("recalc", "考评.xlsx")[1]


def test_a_foreign_sheet_of_that_name_is_refused(run, book) -> None:
    theirs = openpyxl.load_workbook(book)
    theirs.create_sheet("得分汇总")["A1"] = "我的"
    theirs.save(book)
    before = book.read_bytes()
    code, err = run("recalc", "考评.xlsx", "--in-place")
    assert code == 3
    assert "得分汇总" in err
    assert book.read_bytes() == before


def test_where_a_program_dropped_our_part_the_way_out_works(run, book) -> None:
    """openpyxl keeps the sheets and drops what says that they are ours."""
    run("recalc", "考评.xlsx", "--in-place")
    openpyxl.load_workbook(book).save(book)
    code, err = run("recalc", "考评.xlsx", "--in-place")
    assert code == 3
    assert "删去那几张结果表" in err
    saved = openpyxl.load_workbook(book)
    for name in ("得分汇总", "得分明细", "数据问题", "说明"):
        del saved[name]
    saved.save(book)
    assert run("recalc", "考评.xlsx", "--in-place")[0] == 0
    assert run("recalc", "考评.xlsx", "--check")[0] == 0


def test_what_somebody_wrote_beside_the_results_is_not_lost(run, book) -> None:
    run("recalc", "考评.xlsx", "--in-place")
    cell = '<row r="900"><c r="C900" t="inlineStr"><is><t>复核</t></is></c></row></sheetData>'
    edit(book, b"</sheetData>", cell.encode(), holding=b"<v>13</v>")
    before = book.read_bytes()
    code, err = run("recalc", "考评.xlsx", "--in-place")
    assert code == 1
    assert "得分汇总!C900: error GK676" in err
    assert book.read_bytes() == before


def test_what_somebody_put_on_the_results_of_a_copy_is_not_lost(run, book) -> None:
    run("recalc", "考评.xlsx")
    copy = book.with_name("考评-scored.xlsx")
    edit(
        copy,
        b"</worksheet>",
        b'<dataValidations><dataValidation sqref="A9"/></dataValidations></worksheet>',
        b"<v>13</v>",
    )
    before = copy.read_bytes()
    code, err = run("recalc", "考评.xlsx")
    assert (code, "考评-scored.xlsx: error GK682" in err) == (1, True), err
    assert copy.read_bytes() == before


def test_results_are_no_data(run, book) -> None:
    run("recalc", "考评.xlsx", "--in-place")
    rules = RULES.replace("完成率 = 目录 的 完成率", "完成率 = 得分汇总 的 目录")
    book.with_suffix(".gk").write_text(rules, encoding="utf-8")
    code, err = run("recalc", "考评.xlsx", "--in-place")
    assert code == 1
    assert "GK401" in err or "得分汇总" in err


def test_older_kinds_get_results_alone(run, tmp_path) -> None:
    def row(*cells: str) -> str:
        return f"<t:table-row>{''.join(cells)}</t:table-row>"

    def text(value: str) -> str:
        return f"<t:table-cell o:value-type='string'><x:p>{value}</x:p></t:table-cell>"

    late = "<t:table-cell o:value-type='float' o:value='2'><x:p>2</x:p></t:table-cell>"
    made.write(tmp_path / "旧.ods", legacy_made.ods(row(text("单位"), text("迟报")) + row(text("甲局"), late)))
    rules = "对象 甲的单位\n周期 年 2025\n缺数据 报错\n迟报 = 甲 的 迟报\n指标 报送\n  每迟报1次扣2分。\n"
    (tmp_path / "旧.gk").write_text(rules, encoding="utf-8")
    code, err = run("recalc", "旧.ods", "--in-place")
    assert (code, "GK679" in err) == (1, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["旧.gk", "旧.ods"]
    code, err = run("recalc", "旧.ods")
    assert code == 0, err
    assert openpyxl.load_workbook(tmp_path / "旧-scored.xlsx").sheetnames == [
        "得分汇总",
        "得分明细",
        "数据问题",
        "说明",
    ]
    assert summary(tmp_path / "旧-scored.xlsx")["甲局"]["总分"] == -4
    assert run("recalc", "旧.ods", "--check")[0] == 0


def test_results_alone(run, book) -> None:
    theirs = openpyxl.load_workbook(book)
    theirs.create_sheet("得分汇总")["A1"] = "我的"
    theirs.save(book)
    code, err = run("recalc", "考评.xlsx", "--alone")
    assert code == 0, err
    alone = openpyxl.load_workbook(book.with_name("考评-scored.xlsx"))
    assert alone.sheetnames == ["得分汇总", "得分明细", "数据问题", "说明"]
    places = {link.location.rpartition("!")[0].strip("'") for sheet in alone for link in links(sheet)}
    assert places <= set(alone.sheetnames), "no link to a sheet that is not there"
    assert run("recalc", "考评.xlsx", "--alone", "--check")[0] == 0
    assert run("recalc", "考评.xlsx", "--alone", "--in-place")[0] == 2


def links(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[openpyxl.worksheet.hyperlink.Hyperlink]:
    return [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_the_suffix_of_the_book_stays(run, book) -> None:
    code, err = run("recalc", "考评.xlsx", "-o", "另存.xlsm")
    assert (code, "GK680" in err) == (1, True)
    assert not book.with_name("另存.xlsm").exists()


def test_several_books_need_a_folder(run, book) -> None:
    shutil.copy(book, book.with_name("二.xlsx"))
    assert run("recalc", "考评.xlsx", "二.xlsx", "--rules", "考评.gk", "-o", "out.xlsx")[0] == 2
    book.with_name("out").mkdir()
    assert run("recalc", "考评.xlsx", "二.xlsx", "--rules", "考评.gk", "-o", "out")[0] == 0
    assert sorted(path.name for path in book.with_name("out").iterdir()) == ["二.xlsx", "考评.xlsx"]
    assert run("recalc", "考评.xlsx", "-o", "a.xlsx", "--in-place")[0] == 2
    shutil.copy(book, book.with_name("out"))
    book.with_name("neu").mkdir()
    code, err = run("recalc", "考评.xlsx", "out/考评.xlsx", "--rules", "考评.gk", "-o", "neu")
    assert (code, "GK681" in err) == (1, True)


def test_a_folder_leaves_out_its_scored_copies(run, book) -> None:
    assert run("recalc", ".")[0] == 0
    code, err = run("recalc", ".")
    assert code == 0
    assert err.count("GK661") == 1
    assert sorted(p.name for p in book.parent.iterdir()) == ["考评-scored.xlsx", "考评.gk", "考评.xlsx"]


def test_the_bundled_books(run, tmp_path) -> None:
    """What the notices published: 原平市 first with 97.2 (忻州市 2022)."""
    for path in WORKBOOKS.glob("xinzhou-2022*"):
        shutil.copy(path, tmp_path)
    code, err = run("recalc", "xinzhou-2022.xlsx")
    assert code == 0, err
    found = summary(tmp_path / "xinzhou-2022-scored.xlsx", "得分汇总-counties")
    assert (found["原平市"]["总分"], found["原平市"]["名次"]) == (97.2, 1)
    assert run("recalc", "xinzhou-2022.xlsx", "--check")[0] == 0


def test_checks_alone_are_results_too(run, tmp_path) -> None:
    with xlsxwriter.Workbook(tmp_path / "年报.xlsx") as form:
        sheet = form.add_worksheet("年报")
        for number, row in enumerate((["事项", "自然人", "企业", "总计"], ["新收", 9, 1, 10], ["办结", 4, 1, 6])):
            sheet.write_row(number, 0, row)
    rules = "考评 年报\n核对 行: 自然人 + 企业 = 总计,逐行 2 至 3\n"
    (tmp_path / "年报.gk").write_text(rules, encoding="utf-8")
    code, err = run("recalc", "年报.xlsx")
    assert (code, "GK662" in err) == (1, True)
    code, err = run("recalc", "年报.xlsx", "--keep-going")
    assert code == 1
    assert "GK660 结果已写入:2项核对。" in err
    assert any("GK510" in row for row in values(tmp_path / "年报-scored.xlsx", "数据问题"))
