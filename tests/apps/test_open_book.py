"""The macro in Excel: xlwings' own code over a stand-in of Excel's objects, in a process that stands in for Windows."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import made
import openpyxl
import pytest
from legacy_made import ods

from gkxl.apps import cli

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
CHILD = Path(__file__).with_name("button_child.py")
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
"""
# 甲局: 3 items earn 3, and 100% earns 10: 13. 乙局: 1 item costs 6 and earns 1, and 93% earns 8: 3.
SHEETS = {
    "单位表": [["单位"], ["甲局"], ["乙局"]],
    "信息公开": [
        ["单位", "日期"],
        *(["甲局", date(2025, month, 3)] for month in (10, 11, 12)),
        ["乙局", date(2025, 10, 9)],
    ],
    "目录": [["单位", "日期", "完成率"], ["甲局", date(2025, 12, 31), 1], ["乙局", date(2025, 12, 31), 0.93]],
}
ENGLISH = """assessment Trial
units Unit in Units
period year 2025
missing data is an error
late reports = Late in Units
indicator Reports
  each late report costs 1 point.
"""
UNITS = [["Unit", "Late"], ["Parks", 3], ["Roads", 1]]
OURS = ["得分汇总", "得分明细", "数据问题", "说明"]
INFO, WARNING = 64, 48  # of a message box


def in_excel(book: Path | None, *steps: dict, **more: object) -> list[dict]:
    done = subprocess.run(
        [sys.executable, str(CHILD)],
        input=json.dumps({"book": str(book) if book else None, "steps": steps, **more}),
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={name: value for name, value in os.environ.items() if name != "XLWINGS_LICENSE_KEY"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def make_book(path: Path, rules: str = RULES) -> Path:
    book = openpyxl.Workbook()
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for cell in ("C2", "C3"):
        book["目录"][cell].number_format = "0%"
    book.active.title = "别的"
    book.save(path)
    path.with_suffix(".gk").write_text(rules, encoding="utf-8")
    return path


def cells(path: Path) -> dict[str, list[list[object]]]:
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in openpyxl.load_workbook(path)}


def codes(box: list) -> list[str]:
    return re.findall(r"\bGK\d{3}\b", box[2])


def test_results_of_unsaved_cells_are_those_of_recalc(tmp_path: Path) -> None:
    book = make_book(tmp_path / "考评.xlsx")
    (done,) = in_excel(book, {"set": [["目录", "C3", 0.89]], "save": str(tmp_path / "saved.xlsx")})  # 乙局 loses its 8
    assert [codes(box) for box in done["boxes"]] == [["GK660"]]
    assert done["boxes"][0][0] == INFO
    assert list(done["after"]) == ["别的", "单位表", "信息公开", "目录", *OURS]
    assert {name: done["after"][name] for name in done["before"]} == done["before"]
    assert done["active"] == OURS[0]
    assert done["set back"] == [True, True, True]

    same = openpyxl.load_workbook(book)
    same["目录"]["C3"] = 0.89
    same.save(book)
    assert cli.run(["recalc", str(book), "-o", str(tmp_path / "by-command.xlsx")]) == 0
    found, expected = cells(tmp_path / "saved.xlsx"), cells(tmp_path / "by-command.xlsx")
    assert found == expected
    assert [row[1:3] for row in found["得分汇总"] if row[0] in ("甲局", "乙局")] == [[3, 10], [-5, 0]]

    (tmp_path / "saved.gk").write_text(RULES, encoding="utf-8")
    assert cli.run(["recalc", "--check", str(tmp_path / "saved.xlsx")]) == 0


def test_a_second_run_replaces_in_place_and_what_refers_follows(tmp_path: Path) -> None:
    book = make_book(tmp_path / "考评.xlsx")
    formulas = [["别的", "A1", "=得分汇总!D3+1"], ["别的", "A2", "得分汇总!"]]
    first, second = in_excel(
        book,
        {"hide": {"别的": "visible"}},
        {"set": [["目录", "C3", 0.5], *formulas], "hide": {"得分明细": "hidden", "说明": "veryHidden"},
         "names": {"甲": "得分汇总!$D$3"}, "save": str(tmp_path / "saved.xlsx")},
    )  # fmt: skip
    assert [codes(box) for box in second["boxes"]] == [["GK660"]], second["boxes"]
    assert list(second["after"]) == list(first["after"])
    assert second["after"]["得分汇总"] != first["after"]["得分汇总"]
    assert second["after"]["别的"] == [["=得分汇总!D3+1"], ["得分汇总!"]]
    assert second["names"] == {"甲": "得分汇总!$D$3"}
    assert {name for name, state in second["states"].items() if state != "visible"} == {"得分明细", "说明"}
    (tmp_path / "saved.gk").write_text(RULES, encoding="utf-8")
    assert cli.run(["recalc", "--check", str(tmp_path / "saved.xlsx")]) == 0


def test_the_button_of_a_made_workbook_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["excel", "new", "考评.xlsm"]) == 0
    (done,) = in_excel(tmp_path / "考评.xlsm", {"run python": True})
    assert codes(done["boxes"][0]) == ["GK321", "GK716"]  # its sheet of rules is empty
    Path("考评.gk").write_text(ENGLISH, encoding="utf-8")
    (done,) = in_excel(tmp_path / "考评.xlsm", {"run python": True}, sheets={"Units": UNITS})
    assert codes(done["boxes"][0]) == ["GK660"]
    assert list(done["after"])[-4:] == ["Scores", "Awards", "Data issues", "About"]


def test_a_workbook_that_was_never_saved_has_its_rules_inside() -> None:
    rules = {"Rules": [[line] for line in ENGLISH.splitlines()]}
    (done,) = in_excel(None, {}, sheets={**rules, "Units": UNITS})
    assert done["boxes"][0][2] == "工作簿1: GK660 the results are in it: 2 units, 2025."
    scores = done["after"]["Scores"]
    assert [row[1] for row in scores if row[0] in ("Parks", "Roads")] == ["-3", "-1"]


def test_the_macro_of_an_add_in_means_the_workbook_in_front(tmp_path: Path) -> None:
    (done,) = in_excel(make_book(tmp_path / "考评.xlsx"), {}, **{"add-in": True})
    assert done["boxes"][0][2].startswith("考评.xlsx: GK660")
    assert list(done["after"])[-4:] == OURS


def test_the_macro_of_an_add_in_with_no_workbook_open(tmp_path: Path) -> None:
    (done,) = in_excel(make_book(tmp_path / "考评.xlsx"), {}, **{"add-in": "alone"})
    assert codes(done["boxes"][0]) == ["GK717"]


def test_sheets_that_an_earlier_run_left_are_not_in_the_way(tmp_path: Path) -> None:
    left = {"gkxl old 0": [["左"]], "gkxl new 1": [["右"]]}
    _, done = in_excel(make_book(tmp_path / "考评.xlsx"), {}, {"set": [["别的", "A1", "=得分汇总!D3"]]}, sheets=left)
    assert codes(done["boxes"][0]) == ["GK660"]
    assert list(done["after"]) == list(done["before"])
    assert done["after"]["别的"] == [["=得分汇总!D3"]]


def test_a_sheet_of_somebody_else_with_our_name_is_not_touched(tmp_path: Path) -> None:
    (done,) = in_excel(make_book(tmp_path / "考评.xlsx"), {}, sheets={"得分汇总": [["我的"]]})
    assert codes(done["boxes"][0]) == ["GK630"]
    assert done["boxes"][0][0] == WARNING
    assert done["after"] == done["before"]


def test_what_was_written_onto_results_is_not_lost(tmp_path: Path) -> None:
    book = make_book(tmp_path / "考评.xlsx")
    _, beside, over = in_excel(
        book, {}, {"set": [["得分汇总", "Z9", "批注"]]}, {"set": [["得分汇总", "Z9", None], ["得分汇总", "B3", 99]]}
    )
    assert codes(beside["boxes"][0]) == ["GK676"]
    assert beside["after"] == beside["before"]
    assert codes(over["boxes"][0]) == ["GK683", "GK660"]


def test_a_protected_result_sheet_stays_protected(tmp_path: Path) -> None:
    _, done = in_excel(make_book(tmp_path / "考评.xlsx"), {}, {"protect": ["得分明细", "目录"]})
    assert codes(done["boxes"][0]) == ["GK715"]
    assert "得分明细" in done["boxes"][0][2]
    assert done["after"] == done["before"]


def test_errors_leave_the_workbook_as_it_is(tmp_path: Path) -> None:
    book = make_book(tmp_path / "考评.xlsx")
    few, many = in_excel(
        book,
        {"set": [["目录", "C3", "#N/A"]]},
        {"set": [["信息公开", f"A{row}", "没有的局"] for row in range(6, 40)]},
    )
    assert "GK4" in few["boxes"][0][2]
    assert "目录!C3" in few["boxes"][0][2]
    assert codes(few["boxes"][0])[-1] == "GK716"  # which says that nothing was changed
    assert few["boxes"][0][0] == WARNING
    for done in (few, many):
        assert done["after"] == done["before"]
        assert done["calls"] == ["SaveCopyAs"]
        assert done["set back"] == [True, True, True]
    assert not few["new books"]
    assert len(many["new books"][0]) > 20  # all of them, where a box would not fit the screen
    assert many["boxes"][0][2].count("\n") == 20


def test_whatever_call_fails_nothing_is_lost(tmp_path: Path) -> None:
    book = make_book(tmp_path / "考评.xlsx")
    formula = {
        "set": [["别的", "A1", "=得分汇总!D3"]],
        "names": {"甲": "得分明细!$A$3"},
        "hide": {"得分明细": "hidden", "说明": "veryHidden"},
    }
    last = in_excel(book, {}, formula)[-1]
    reversible = last["calls"].index("Delete")
    steps = [{"fails at": number} for number in range(1, reversible + 1)]
    assert len(steps) > 25
    for done, number in zip(in_excel(book, {}, formula, *steps)[2:], range(1, reversible + 1), strict=True):
        assert codes(done["boxes"][0]) == ["GK711"], done["calls"][number - 1]
        assert ("不行。" if number % 2 else "发生意外。") in done["boxes"][0][2]  # in Excel's words, or the system's
        assert done["after"] == done["before"], done["calls"][number - 1]
        assert done["part is the same"]
        assert (done["names"], done["states"]) == (last["names"], last["states"])
        assert done["set back"] == [True, True, True]
    *_, done = in_excel(book, {}, formula, {"fails at": reversible + 2, "save": str(tmp_path / "saved.xlsx")})
    assert codes(done["boxes"][0]) == ["GK714", "GK660"]
    assert set(done["after"]) - set(last["after"]) == {"gkxl old 1"}
    (tmp_path / "saved.gk").write_text(RULES, encoding="utf-8")
    assert cli.run(["recalc", "--check", str(tmp_path / "saved.xlsx")]) == 0


def test_results_never_refer_to_the_workbook_they_are_copied_from(tmp_path: Path) -> None:
    book = make_book(tmp_path / "考评.xlsx")
    (done,) = in_excel(book, {"links": True})
    assert codes(done["boxes"][0]) == ["GK711"]
    assert done["after"] == done["before"]
    assert cli.run(["recalc", str(book), "--alone", "-o", str(tmp_path / "results.xlsx")]) == 0
    with zipfile.ZipFile(tmp_path / "results.xlsx") as package:
        texts = {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}
    for name, text in texts.items():  # what would be led astray is not in them: formulas, charts of other sheets
        assert "externalLink" not in text, name
        assert not re.search(r"<f>|<f ", text) or "worksheet" not in name, name
        assert set(re.findall(r"<c:f>'?([^'!]+)'?!", text)) <= {"得分汇总"}, name


def test_the_period_that_was_asked_for_stays(tmp_path: Path) -> None:
    book = make_book(tmp_path / "考评.xlsx")
    assert cli.run(["recalc", str(book), "--period", "2025", "--in-place"]) == 0
    (done,) = in_excel(book, {"save": str(tmp_path / "saved.xlsx")})
    assert [codes(box) for box in done["boxes"]] == [["GK660"]]
    assert "周期 2025Q4;2025" in {row[0] for row in done["after"]["得分汇总"]}
    (tmp_path / "saved.gk").write_text(RULES, encoding="utf-8")
    assert cli.run(["recalc", "--check", str(tmp_path / "saved.xlsx")]) == 0


def test_a_chart_of_results_elsewhere_is_not_broken(tmp_path: Path) -> None:
    book = make_book(tmp_path / "考评.xlsx")
    in_excel(book, {"save": str(tmp_path / "results.xlsx")})
    (tmp_path / "results.gk").write_text(RULES, encoding="utf-8")
    (done,) = in_excel(tmp_path / "results.xlsx", {}, chart=["得分汇总", "$D$3:$D$4"])
    assert codes(done["boxes"][0]) == ["GK712"]
    assert done["after"] == done["before"]


def test_other_formats_and_systems_are_told_what_to_do(tmp_path: Path) -> None:
    book = make_book(tmp_path / "考评.xlsx")
    other = made.write(tmp_path / "other.ods", ods("<table:table-row/>"))
    (done,) = in_excel(book, {}, **{"saves as": str(other)})
    assert codes(done["boxes"][0]) == ["GK713"]
    (done,) = in_excel(book, {}, platform="darwin")
    assert codes(done["boxes"][0]) == ["GK710"]
    assert "gkxl recalc --in-place" in done["boxes"][0][2]


@pytest.mark.parametrize("name", ["huzhong-2025", "xinzhou-2022", "annual-report-2025"])
def test_bundled_workbooks_get_what_recalc_gives_them(tmp_path: Path, name: str) -> None:
    """Checks alone, charts, and two rule files beside one book."""
    for path in WORKBOOKS.glob(f"{name}.*"):
        shutil.copy(path, tmp_path)
    book = tmp_path / f"{name}.xlsx"
    (done,) = in_excel(book, {"save": str(tmp_path / "saved.xlsx")})
    assert codes(done["boxes"][0])[-1] == "GK660"
    assert cli.run(["recalc", str(book), "-o", str(tmp_path / "by-command.xlsx")]) == 0
    found, expected = cells(tmp_path / "saved.xlsx"), cells(tmp_path / "by-command.xlsx")
    assert list(found) == list(expected)
    for sheet in set(found) - set(done["before"]):
        assert found[sheet] == expected[sheet], sheet
