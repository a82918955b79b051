"""`gkxl recalc --functions`: cells with functions get the values that Excel would give them, and nothing else changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import legacy_made
import made
import pytest
from function_cases import CASES, EN, ZH, Case, agrees
from function_cells import KINDS, formula, members, part_of, read, small, with_cells, written
from openpyxl.utils import get_column_letter
from proving.members import difference

from gkxl.apps import cli
from gkxl.apps.version import version
from gkxl.workbook.package import Package

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, str]]

SPELLINGS = [
    "_xldudf_GK_{}(",
    "_xll.GK.{}(",
    "[1]!gk_{}(",
    r"'C:\x\考评.xlam'!GK_{}(",
    "gk_{}(",
    "GK.{}(",
    "_xlfn.GK.{}(",
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `gkxl recalc --functions` in a folder of its own; gives its exit code and what it said on standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("COLUMNS", "400")

    def command(*args: object) -> tuple[int, str]:
        code = cli.run(["recalc", "--functions", *map(str, args)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert out == ""
        return code, err

    return command


def codes(err: str) -> list[str]:
    """The codes that were told, in order, each once."""
    return list(dict.fromkeys(re.findall(r"(?:error|warning|note) (GK\d+)", err)))


# --- The cases that every route runs ---------------------------------------------------------------------------------


def size(case: Case) -> tuple[int, int]:
    return (len(case.gives), len(case.gives[0])) if isinstance(case.gives, list) else (1, 1)


@pytest.mark.parametrize("book", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("at", range(len(SPELLINGS)))
def test_the_cases_in_every_spelling(at: int, book: Path, run: Run, tmp_path: Path) -> None:
    """Books of the cases, their formulas as one program spells them; arrays of three kinds in turn."""
    cases = [case for case in CASES if case.book == book]
    cells: dict[str, str] = {}
    for case in cases:
        name, rest = re.fullmatch(r"=GK\.([A-Z]+)\((.*)", case.formula, re.DOTALL).groups()  # type: ignore[union-attr]
        cells |= formula(case.cell, SPELLINGS[at].format(name) + rest, size(case), KINDS[at % 3])
    with_cells(book, cases[0].sheet, cells, tmp_path / "b.xlsx")
    code, err = run("b.xlsx", "--in-place")
    assert code == 1, "some give #GK"
    assert "GK625" not in codes(err)
    for case in cases:
        found = read(tmp_path / "b.xlsx", case.sheet, case.cell, size(case))
        assert agrees(found, case.gives if isinstance(case.gives, list) else [[case.gives]]), (case.name, found)
    again = (tmp_path / "b.xlsx").read_bytes()
    assert run("b.xlsx", "--in-place")[0] == 1
    assert (tmp_path / "b.xlsx").read_bytes() == again


# --- What changes in a file ------------------------------------------------------------------------------------------

RULES = """考评 试
对象 单位表的单位
周期 年 2025
缺数据 报错
迟报 = 台账 的 迟报
指标 报送 起评10分
  迟报每次扣1分。
按总分排名,并列同名次(连续)。
9分及以上为优秀,其余为一般。
表 台账:不分期
"""
UNITS, LEDGER = [["单位"], ["甲局"], ["乙局"], ["丙局"]], [["单位", "迟报"], ["甲局", 1], ["乙局", 3], ["丙局", 0]]
TABLES = '"单位表",单位表!A1:A4,"台账",台账!A1:B4'
# 甲局 9, 乙局 7, 丙局 10
TABLE = [
    ["单位", "类别", "报送", "总分", "名次", "等次", "备注"],
    ["丙局", "", 10.0, 10.0, 1.0, "优秀", ""],
    ["甲局", "", 9.0, 9.0, 2.0, "优秀", ""],
    ["乙局", "", 7.0, 7.0, 3.0, "一般", ""],
]


@pytest.fixture
def book(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Makes b.xlsx: the rules stand on a sheet 考评规则, the cells that are given on 结果."""

    def make(cells: Mapping[str, str], **more: object) -> Path:
        rules = [[line] for line in RULES.splitlines()]
        sheets = {"考评规则": rules, "单位表": UNITS, "台账": LEDGER, "别的": [], **more}
        small(tmp_path / "plain.xlsx", {**sheets, "结果": [["标题", 1]]})  # type: ignore[dict-item]
        with_cells(tmp_path / "plain.xlsx", "结果", cells, tmp_path / "b.xlsx")
        (tmp_path / "plain.xlsx").unlink()
        return tmp_path / "b.xlsx"

    return make


def total(unit: str) -> str:
    return f"GK.TOTAL(考评规则!A1:A10,,{unit},{TABLES})"


POINTS = formula("B3", 'gk_points("迟报每次扣1分。","迟报",台账!B3)')
SCORES = formula("D3", f"_xldudf_GK_TABLE(考评规则!A1:A10,,{TABLES})", (4, 7), "dynamic")


def test_only_the_values_change(run: Run, book: Callable[..., Path]) -> None:
    other = {"B9": '<c r="B9" s="0"><f>SUM(B1)</f><v>1</v></c>', "C9": '<c r="C9" t="inlineStr"><is><t>字</t></is></c>'}
    path = book({**POINTS, **SCORES, **other})
    before = path.read_bytes()
    code, err = run("b.xlsx", "--in-place")
    assert (code, codes(err)) == (0, ["GK624"])
    assert "b.xlsx: note GK624 2 formulas with functions of gkxl were recalculated; 27 cells have other values." in err
    after = path.read_bytes()
    changed = difference(before, after)
    sheet = part_of(members(path), "结果")
    assert {*changed.replaced} == {sheet, "xl/workbook.xml"}
    assert (changed.added, changed.dropped, changed.moved, changed.comment) == ((), (), False, False)
    old, new = Package(before), Package(after)
    assert new.read("xl/workbook.xml") == old.read("xl/workbook.xml").replace(
        b'<calcPr calcId="124519"/>', b'<calcPr calcId="124519" fullCalcOnLoad="1"/>'
    )
    expected = old.read(sheet).decode().replace("台账!B3)</f><v>7</v>", "台账!B3)</f><v>-3</v>")
    for row, line in enumerate(TABLE, 3):
        for column, value in enumerate(line, 4):
            cell = f"{get_column_letter(column)}{row}"
            typed = f' t="str">\\1<v>{value}</v>' if isinstance(value, str) else f">\\1<v>{value:g}</v>"
            expected, count = re.subn(
                rf'(?<=<c r="{cell}")([^>]*)>(<f.*?</f>)?<v>7</v>', rf"\1{typed}".replace(r"\1<v>", r"\2<v>"), expected
            )
            assert count == 1
    assert new.read(sheet).decode() == expected


def test_a_second_run_changes_nothing(run: Run, book: Callable[..., Path]) -> None:
    path = book(POINTS | SCORES)
    for where in (["--in-place"], ["-o", "c.xlsx"], []):
        assert run("b.xlsx", *where)[0] == 0
        files = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()}
        code, err = run("b.xlsx", *where)
        assert (code, codes(err)) == (0, ["GK661"])
        assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()} == files


def test_a_copy_that_somebody_saved_is_not_replaced(run: Run, book: Callable[..., Path]) -> None:
    path = book(POINTS)
    assert run("b.xlsx")[0] == 0
    copy = path.with_name("b-scored.xlsx")
    assert read(copy, "结果", "B3") == [[-3.0]]
    assert read(path, "结果", "B3") == [[7.0]], "the book stays as it is"
    assert {*difference(path.read_bytes(), copy.read_bytes()).added} == {
        "customXml/item1.xml", "customXml/itemProps1.xml", "customXml/_rels/item1.xml.rels",
    }  # fmt: skip
    code, err = run("b-scored.xlsx")
    assert (code, codes(err)) == (1, ["GK684"]), "a copy is no book"
    parts = members(copy)
    name = part_of(parts, "别的")
    written(copy, parts | {name: parts[name].replace(b"<sheetData></sheetData>", b"<sheetData/>")})
    code, err = run("b.xlsx")
    assert (code, codes(err)) == (1, ["GK682"])
    assert run("b.xlsx", "--check")[0] == 0


def changed_ledger(path: Path) -> None:
    """乙局 was late three times; now it never was."""
    parts = members(path)
    name = part_of(parts, "台账")
    assert parts[name].count(b"<v>3</v>") == 1
    written(path, parts | {name: parts[name].replace(b"<v>3</v>", b"<v>0</v>")})


@pytest.mark.parametrize("where", ["copy", "book"])
def test_results_and_functions_together(where: str, run: Run, book: Callable[..., Path], tmp_path: Path) -> None:
    """With rules beside the book there are result sheets too; functions that read these get the new ones."""
    path = book(formula("B3", "GK.RANK(得分汇总!C4:C6)", (3, 1)) | formula("D3", total("单位表!A3")))
    (tmp_path / "b.gk").write_text(RULES, encoding="utf-8")
    more = ["--in-place"] if where == "book" else []
    target = path if where == "book" else tmp_path / "b-scored.xlsx"
    code, err = run("b.xlsx", *more)
    assert (code, codes(err)) == (0, ["GK660", "GK624"])
    assert read(target, "得分汇总", "A4", (3, 4)) == [
        [one, n, n, p] for one, n, p in (("丙局", 10.0, 1.0), ("甲局", 9.0, 2.0), ("乙局", 7.0, 3.0))
    ]
    assert read(target, "结果", "B3", (3, 1)) == [[1.0], [2.0], [3.0]]
    assert read(target, "结果", "D3") == [[7.0]]
    assert codes(run("b.xlsx", *more)[1]) == ["GK661"]
    code, err = run("b.xlsx", "--check", *more)
    assert (code, codes(err)) == (0, ["GK677"])
    changed_ledger(path)
    code, err = run("b.xlsx", "--check", *more)
    assert code == 1
    assert "结果!D3: error GK626 公式的值存的是7,现在是10。" in err
    assert "结果!B4: error GK626 公式的值存的是2,现在是1。" in err
    assert run("b.xlsx", *more)[0] == 0
    assert read(target, "得分汇总", "C4", (3, 1)) == [[10.0], [10.0], [9.0]]
    assert read(target, "结果", "B3", (3, 1)) == [[1.0], [1.0], [2.0 + 1]]
    assert read(target, "结果", "D3") == [[10.0]]
    assert run("b.xlsx", "--check", *more)[0] == 0


def test_new_values_behind_result_sheets_are_all_told(run: Run, book: Callable[..., Path], tmp_path: Path) -> None:
    """Worked out twice, since one reads a result sheet: what the first time changed is told too."""
    book(POINTS | formula("D3", "GK.RANK(得分汇总!C4)") | {"C3": '<c r="C3"><f>B3*2</f><v>14</v></c>'})
    (tmp_path / "b.gk").write_text(RULES, encoding="utf-8")
    code, err = run("b.xlsx")
    assert (code, codes(err)) == (0, ["GK625", "GK660", "GK624"])
    assert "没有重新计算C3:它们是别的公式,所读的值变了。" in err
    assert "2个公式重新计算了,2格的值变了" in err


def test_rules_read_what_functions_give_now(run: Run, book: Callable[..., Path], tmp_path: Path) -> None:
    """A figure of the ledger is itself a function's: the results rest on its new value."""
    text = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    named = {"A3": "单位", "B3": "迟报", "A4": "甲局", "A5": "乙局", "A6": "丙局"}
    cells = {cell: text.format(cell, said) for cell, said in named.items()}
    for row in (4, 5, 6):
        cells |= formula(f"B{row}", f'GK.POINTS("迟报每次加1分。","迟报",台账!B{row - 2})')
    path = book(cells)
    rules = RULES.replace("台账 的 迟报", "结果 的 迟报") + "表 结果:表头第3行,不分期\n"
    (tmp_path / "b.gk").write_text(rules, encoding="utf-8")
    code, err = run("b.xlsx", "--in-place")
    assert code == 0, err
    assert read(path, "得分汇总", "A4", (3, 3)) == [["丙局", 10.0, 10.0], ["甲局", 9.0, 9.0], ["乙局", 7.0, 7.0]]
    assert run("b.xlsx", "--in-place", "--check")[0] == 0


# --- Checking --------------------------------------------------------------------------------------------------------


def test_stale_values_are_findings(run: Run, book: Callable[..., Path]) -> None:
    path = book(POINTS | SCORES)
    before = path.read_bytes()
    code, err = run("b.xlsx", "--check")
    assert code == 1
    assert codes(err) == ["GK626", "GK664"]
    assert "结果!B3: error GK626 the formula's value is stored as 7, now -3." in err
    assert "结果!D3: error GK626 the formula's value is stored as 7, now 单位." in err
    assert path.read_bytes() == before
    assert run("b.xlsx", "--in-place")[0] == 0
    code, err = run("b.xlsx", "--check")
    assert (code, codes(err)) == (0, ["GK677"])


def test_many_stale_values_are_not_all_told(run: Run, book: Callable[..., Path]) -> None:
    cells: dict[str, str] = {}
    for row in range(3, 28):
        cells |= formula(f"A{row}", f'gk_points("每件加1分。","件",{row})')
    book(cells)
    code, err = run("b.xlsx", "--check")
    assert (code, err.count("GK626")) == (1, 20)
    assert "GK673 4 more differ." in err


def test_long_texts_are_told_by_what_differs(run: Run, book: Callable[..., Path]) -> None:
    path = book(formula("D3", f'GK.EXPLAIN(考评规则!A1:A10,,"乙局",{TABLES})'))
    assert run("b.xlsx", "--in-place")[0] == 0
    changed_ledger(path)
    code, err = run("b.xlsx", "--check")
    assert code == 1
    assert (
        "结果!D3: error GK626 the formula's value is stored as 总分 7  名次 3  等次 一般, now 总分 10  名次 1  等次 优秀."
        in err
    )


def test_17_digits_are_no_other_value(run: Run, book: Callable[..., Path]) -> None:
    """Excel stores doubles with 17 digits, and shows 15."""
    text = 'gk_points("得分=完成数÷任务数×50","完成数",1,"任务数",3)'
    book(formula("B3", text, stored="16.666666666666664"))
    code, err = run("b.xlsx", "--check")
    assert (code, codes(err)) == (0, ["GK677"])


def test_answers_that_are_refusals_are_findings(run: Run, book: Callable[..., Path]) -> None:
    cells: dict[str, str] = {}
    for row in (3, 4, 5, 9):
        cells |= formula(f"B{row}", 'gk_points("迟报每次扣1分。","晚报",3)')
    path = book(cells)
    for more in (["--in-place"], ["--in-place"], ["--check"]):
        code, err = run("b.xlsx", *more)
        assert code == 1
        assert "结果!B3: error GK627 the function in B3:B5, B9 says: #GK394 请给句子里有的名称" in err
    assert str(read(path, "结果", "B9")[0][0]).startswith("#GK394"), "as Excel shows it"


# --- What is not recalculated ----------------------------------------------------------------------------------------

NOT_ALONE = "the formula is more than one function of values, cells, names and tables"
LISTED = [
    ("gk_points(\"每件加1分。\",\"件\",3)+1", NOT_ALONE),
    ("IF(A1>0,GK.VERSION(),0)", NOT_ALONE),
    ("gk_rank(OFFSET(A1,1,1))", NOT_ALONE),
    ("gk_rank([1]表!A1:A3)", "[1]表 is in another workbook"),
    ("gk_rank('[b.xlsx]一 表'!A1:A3)", "[b.xlsx]一 表 is in another workbook"),
    ("gk_rank(单位表:台账!A1)", "单位表:台账 is several sheets (a 3-D reference)"),
    ("gk_rank(没有的表!A1)", "there is no sheet “没有的表”"),
    ("gk_rank(没有的名称)", "there is no name “没有的名称”"),
    ("gk_rank(没有[列])", "there is no table “没有”"),
    ("gk_rank(1,2,3,4)", "the number of arguments is wrong"),
    ("gk_version(1)", "the number of arguments is wrong"),
    ("gk_grade(\"没有.gk\",9)", "its rules cannot be read, 没有.gk: "),
    ("gk_grade(\"\\\\server\\x.gk\",9)", "its rules are on another computer: \\\\server\\x.gk"),
    ("gk_rank(B3)", "it reads cells that read it, or that read such cells"),
    ("gk_rank(A1:D9)", "it reads cells that read it, or that read such cells"),
    ("gk_rank(C3)", "结果!C3 is a formula that was never calculated"),
    ("gk_rank(D3)", "it reads 结果!D3, which was not recalculated"),
    ("gk_rank(E3)", "it reads 结果!E3, another formula that reads cells of functions"),
    ("gk_rank(F3:F4)", "it reads 结果!F3, another formula that reads cells of functions"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why"), LISTED, ids=[text for text, _ in LISTED])
def test_what_is_not_recalculated_says_why(text: str, why: str, run: Run, book: Callable[..., Path]) -> None:
    others = {
        "C3": '<c r="C3"><f>SUM(A1)</f></c>',
        "E3": '<c r="E3"><f>H3*2</f><v>4</v></c>',
        "F3": '<c r="F3"><f>SUM(E1:E3)</f><v>4</v></c>',
    }
    more = formula("D3", 'gk_version()&""') | formula("H3", 'gk_points("每件加1分。","件",2)', stored="2")
    path = book(formula("B3", text) | others | more)
    before = path.read_bytes()
    for args in (["--in-place"], ["--check"]):
        code, err = run("b.xlsx", *args)
        assert code == 0, err
        assert (
            f"结果!B3: warning GK625 B3 not recalculated: {why}" in err
            or f"结果!B3: warning GK625 B3, D3 not recalculated: {why}" in err
        )
    assert path.read_bytes() == before


def test_cells_that_read_each_other_and_one_that_reads_them(run: Run, book: Callable[..., Path]) -> None:
    path = book(
        formula("B3", "gk_rank(C3)")
        | formula("C3", "gk_rank(B3)")
        | formula("D3", "gk_rank(C3)")
        | formula("E3", "gk_version()")
    )
    code, err = run("b.xlsx", "--in-place")
    assert code == 0
    assert "B3:D3 not recalculated: it reads cells that read it, or that read such cells" in err
    assert read(path, "结果", "B3", (1, 4)) == [[7.0, 7.0, 7.0, version()]]


def test_other_formulas_behind_new_values_are_told(run: Run, book: Callable[..., Path]) -> None:
    others = {
        "C3": '<c r="C3"><f>B3*2</f><v>14</v></c>',
        "D3": '<c r="D3"><f>别的!A1</f><v>0</v></c>',
        "E4": '<c r="E4"><f>SUM(C:C)</f><v>14</v></c>',
    }
    book(POINTS | others)
    code, err = run("b.xlsx", "--in-place")
    assert code == 0
    assert (
        "结果!C3: warning GK625 C3, E4 not recalculated: they are other formulas, and what they read has changed" in err
    )
    assert "GK625" not in run("b.xlsx", "--in-place")[1]


def test_rules_from_a_file(run: Run, book: Callable[..., Path], tmp_path: Path) -> None:
    """As in Excel through COM the rules may be a path; a relative one is beside the book."""
    (tmp_path / "规则").mkdir()
    (tmp_path / "规则" / "甲.gk").write_text(RULES, encoding="utf-8")
    path = book(formula("B3", 'gk_grade("规则/甲.gk",9)') | formula("C3", f'gk_grade("{tmp_path}/规则/甲.gk",8)'))
    assert run("b.xlsx", "--in-place")[0] == 0
    assert read(path, "结果", "B3", (1, 2)) == [["优秀", "一般"]]
    (tmp_path / "规则" / "甲.gk").unlink()
    assert "GK625 B3 not recalculated: its rules cannot be read, 规则/甲.gk: " in run("b.xlsx", "--check")[1]


# --- Order, arrays, references ---------------------------------------------------------------------------------------


def test_cells_are_worked_out_in_the_order_they_need(run: Run, book: Callable[..., Path]) -> None:
    """Places of totals, which stand below and on another sheet; a chain of sentences upwards, as one shared formula."""
    cells = formula("B3", "GK.RANK(B7:B9)", (3, 1))
    for row, unit in enumerate(("单位表!A2", "单位表!A3", "单位表!A4"), 7):
        cells |= formula(f"B{row}", total(unit))
    text = "gk_points(&quot;每件加2分。&quot;,&quot;件&quot;,D4)"
    cells["D3"] = f'<c r="D3"><f t="shared" ref="D3:D5" si="0">{text}</f><v>0</v></c>'
    cells |= {f"D{row}": f'<c r="D{row}"><f t="shared" si="0"/><v>0</v></c>' for row in (4, 5)}
    cells["D6"] = '<c r="D6"><v>1</v></c>'
    path = book(cells)
    assert run("b.xlsx", "--in-place")[0] == 0
    assert read(path, "结果", "B7", (3, 1)) == [[9.0], [7.0], [10.0]]
    assert read(path, "结果", "B3", (3, 1)) == [[2.0], [3.0], [1.0]]
    assert read(path, "结果", "D3", (3, 1)) == [[8.0], [4.0], [2.0]]


BLANK, NA = [""] * 8, ["#N/A"] * 8


@pytest.mark.parametrize(
    ("held", "kind", "stored"),
    [
        ((2, 3), "array", [line[:3] for line in TABLE[:2]]),
        ((2, 3), "dynamic", [line[:3] for line in TABLE[:2]]),
        ((1, 1), "array", [["单位"]]),
        ((5, 8), "array", [*([*line, "#N/A"] for line in TABLE), NA]),
        ((5, 8), "array alone", [*([*line, "#N/A"] for line in TABLE), NA]),
        ((5, 8), "dynamic", [*([*line, ""] for line in TABLE), BLANK]),
    ],
)
def test_areas_of_another_size(
    held: tuple[int, int], kind: str, stored: object, run: Run, book: Callable[..., Path]
) -> None:
    """What does not fit is told. Beyond its values an array shows #N/A, as in Excel, and a dynamic one nothing."""
    path = book(formula("D3", f"gk_table(考评规则!A1:A10,,{TABLES})", held, kind))
    code, err = run("b.xlsx", "--in-place")
    assert code == 0
    assert read(path, "结果", "D3", held) == stored
    small_area = held < (4, 7)
    assert ("GK628" in codes(err)) is small_area
    if small_area:
        area = f"{held[0]} rows of {held[1]}"
        assert f"结果!D3: warning GK628 the function gives 4 rows of 7, the formula's area is {area}" in err
    assert codes(run("b.xlsx", "--in-place")[1]) == ["GK628"] * small_area + ["GK661"]


def test_one_row_or_value_fills_an_array(run: Run, book: Callable[..., Path]) -> None:
    cells = formula("A3", 'gk_points("每件加1分。","件",2)', (2, 2)) | formula("D3", "gk_rank({9,8})", (2, 3))
    cells |= formula("H3", "gk_rank({9;8})", (2, 2)) | formula(
        "K3", 'gk_points("每件加1分。","件",2)', (2, 2), "dynamic"
    )
    path = book(cells)
    assert run("b.xlsx", "--in-place")[0] == 0
    assert read(path, "结果", "A3", (2, 2)) == [[2.0, 2.0]] * 2
    assert read(path, "结果", "D3", (2, 3)) == [[1.0, 2.0, "#N/A"]] * 2
    assert read(path, "结果", "H3", (2, 2)) == [[1.0, 1.0], [2.0, 2.0]]
    assert read(path, "结果", "K3", (2, 2)) == [[2.0, ""], ["", ""]]


def test_a_book_with_metadata_rich_values_and_shared_texts(run: Run, tmp_path: Path) -> None:
    """As Excel keeps what spilled: G2:G4 were texts, two of them shared ones; E2:E4, which H2:H4 reads, are other formulas."""
    parts = members(ROOT / "tests" / "workbook" / "books" / "dynamic.xlsx")
    name = "xl/worksheets/sheet1.xml"
    before = (
        parts[name]
        .replace(b"_xlfn.UNIQUE(A2:A13)", b"_xldudf_GK_RANK(Data!C2:C4)")
        .replace(b">C2:C4*3<", b">_xll.GK.RANK($E2:E4)<")
    )
    path = written(tmp_path / "b.xlsx", parts | {name: before})
    code, err = run("b.xlsx", "--in-place")
    assert (code, codes(err)) == (0, ["GK624"])
    assert read(path, "Data", "G2", (3, 2)) == [[3.0, 3.0], [2.0, 2.0], [1.0, 1.0]]
    after = members(path)
    assert after.pop(name) == (
        before.replace(b'<c r="G2" cm="1" t="str">', b'<c r="G2" cm="1">').replace(b"<v>West</v>", b"<v>3</v>")
        .replace(b'<c r="G3" t="s"><v>6</v></c><c r="H3"><v>0</v></c>', b'<c r="G3"><v>2</v></c><c r="H3"><v>2</v></c>')
        .replace(b'<c r="G4" t="s"><v>7</v></c><c r="H4"><v>0</v></c>', b'<c r="G4"><v>1</v></c><c r="H4"><v>1</v></c>')
    )  # fmt: skip
    assert after == {part: content for part, content in parts.items() if part != name}


def test_a_book_of_1904(run: Run, tmp_path: Path) -> None:
    """A date arrives as its serial number of the book's own system, as Excel hands it over; the rules say which it is."""
    from datetime import datetime

    rules = """考评 试
对象 单位表的单位
周期 年 2025
缺数据 报错
报送日 = 台账 的 报送日
指标 报送 起评10分
  报送日晚于2025-03-31的扣4分。
表 台账:日期系统1904,不分期
"""
    ledger = [["单位", "报送日"], ["甲局", datetime(2025, 3, 31)], ["乙局", datetime(2025, 4, 1)]]
    sheets = {
        "考评规则": [[line] for line in rules.splitlines()],
        "单位表": UNITS[:3],
        "台账": ledger,
        "结果": [["标题"]],
    }
    small(tmp_path / "plain.xlsx", sheets, epoch_1904=True)
    cells: dict[str, str] = {}
    for row, unit in ((3, "甲局"), (4, "乙局")):
        cells |= formula(f"B{row}", f'gk_total(考评规则!A1:A10,,"{unit}","单位表",单位表!A1:A3,"台账",台账!A:B)')
    path = with_cells(tmp_path / "plain.xlsx", "结果", cells, tmp_path / "b.xlsx")
    code, err = run("b.xlsx", "--in-place")
    assert code == 0, err
    assert read(path, "结果", "B3", (2, 1)) == [[10.0], [6.0]]


# --- Other kinds of books --------------------------------------------------------------------------------------------


def test_no_functions_and_no_rules(run: Run, book: Callable[..., Path], tmp_path: Path) -> None:
    book({"B3": '<c r="B3" t="str"><v>gk_points(A1)</v></c>'})
    code, err = run("b.xlsx")
    assert (code, codes(err)) == (3, ["GK690", "GK629"])
    (tmp_path / "b.gk").write_text(RULES, encoding="utf-8")
    code, err = run("b.xlsx")
    assert (code, codes(err)) == (0, ["GK629", "GK660"])
    assert codes(run("b.xlsx", "--check")[1]) == ["GK629", "GK677"]


def test_errors_of_the_rules_write_nothing(run: Run, book: Callable[..., Path], tmp_path: Path) -> None:
    path = book(POINTS)
    before = path.read_bytes()
    (tmp_path / "b.gk").write_text(RULES.replace("每次扣1分", "每次扣分"), encoding="utf-8")
    code, err = run("b.xlsx", "--in-place")
    assert code == 1
    assert "GK662" in codes(err)
    assert path.read_bytes() == before


def test_functions_alone(run: Run, book: Callable[..., Path]) -> None:
    """A sheet 规则 is read for results too; where it is only meant for functions, there is a way without results."""
    rules = [[line.replace("台账", "报送台账")] for line in RULES.splitlines()]
    tables = TABLES.replace('"台账"', '"报送台账"')
    path = book(formula("B3", f'GK.TOTAL(规则!A1:A10,,"乙局",{tables})', stored="1"), 规则=rules)
    before = path.read_bytes()
    code, err = run("b.xlsx", "--in-place")
    assert (code, codes(err)) == (1, ["GK411", "GK662"])
    assert path.read_bytes() == before
    code, err = run("b.xlsx", "--functions-only", "--check")
    assert (code, codes(err)) == (1, ["GK626", "GK664"])
    code, err = run("b.xlsx", "--functions-only", "--in-place")
    assert (code, codes(err)) == (0, ["GK624"])
    assert read(path, "结果", "B3") == [[7.0]]
    assert {*difference(before, path.read_bytes()).replaced} == {part_of(members(path), "结果"), "xl/workbook.xml"}
    code, err = run("b.xlsx", "--functions-only", "--check")
    assert (code, codes(err)) == (0, ["GK677"])


def test_functions_alone_where_there_are_results(run: Run, book: Callable[..., Path], tmp_path: Path) -> None:
    """Result sheets that are there stay as they are, and what somebody wrote beside them."""
    path = book(formula("D3", total("单位表!A3")))
    (tmp_path / "b.gk").write_text(RULES, encoding="utf-8")
    assert run("b.xlsx", "--in-place")[0] == 0
    changed_ledger(path)
    parts = members(path)
    name = part_of(parts, "得分汇总")
    written(
        path,
        parts | {name: parts[name].replace(b"</sheetData>", b'<row r="99"><c r="A99"><v>1</v></c></row></sheetData>')},
    )
    assert codes(run("b.xlsx", "--in-place")[1])[-1] == "GK676"
    before = members(path)
    assert run("b.xlsx", "--in-place", "--functions-only")[0] == 0
    assert read(path, "结果", "D3") == [[10.0]]
    changed = {part for part, content in members(path).items() if before[part] != content}
    assert changed == {part_of(parts, "结果"), "xl/workbook.xml"}
    (tmp_path / "b.gk").unlink()
    assert codes(run("b.xlsx", "--check", "--functions-only")[1]) == ["GK677"]


def test_no_functions_alone(run: Run, book: Callable[..., Path]) -> None:
    path = book({})
    for more in ([], ["--in-place"], ["--check"]):
        code, err = run("b.xlsx", "--functions-only", *more)
        assert (code, codes(err)) == (0, ["GK629"])
    assert [file.name for file in path.parent.iterdir()] == ["b.xlsx"]


def test_older_kinds_are_not_read_for_formulas(run: Run, tmp_path: Path) -> None:
    text, late = (
        "<t:table-cell o:value-type='string'><x:p>{}</x:p></t:table-cell>".format,
        "<t:table-cell o:value-type='float' o:value='2'/>",
    )
    lines = [text("单位") + text("迟报"), text("甲局") + late]
    made.write(tmp_path / "旧.ods", legacy_made.ods("".join(f"<t:table-row>{line}</t:table-row>" for line in lines)))
    rules = "对象 甲的单位\n周期 年 2025\n缺数据 报错\n迟报 = 甲 的 迟报\n指标 报送\n  每迟报1次扣2分。\n"
    (tmp_path / "旧.gk").write_text(rules, encoding="utf-8")
    code, err = run("旧.ods")
    assert code == 0, err
    assert "旧.ods: warning GK625 没有重新计算这个文件:只有 .xlsx 和 .xlsm 里的公式读得到。" in err


def test_signed_books(run: Run, book: Callable[..., Path]) -> None:
    path = book(POINTS)
    parts = members(path)
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"'
        b' Target="_xmlsignatures/origin.sigs"/></Relationships>',
    )
    written(path, parts | {"_xmlsignatures/origin.sigs": b""})
    before = path.read_bytes()
    code, err = run("b.xlsx", "--in-place")
    assert (code, codes(err)) == (3, ["GK632"])
    assert path.read_bytes() == before
    code, err = run("b.xlsx", "--in-place", "--drop-signature")
    assert (code, codes(err)) == (0, ["GK636", "GK624"])
    assert read(path, "结果", "B3") == [[-3.0]]
    assert "_xmlsignatures/origin.sigs" not in members(path)


def test_protected_books(run: Run, book: Callable[..., Path]) -> None:
    """Protection is against people at the keyboard; it stays."""
    path = book(POINTS)
    parts = members(path)
    name = part_of(parts, "结果")
    parts[name] = parts[name].replace(b"</sheetData>", b'</sheetData><sheetProtection sheet="1"/>')
    locked = b'<workbookProtection lockStructure="1"/><bookViews>'
    parts["xl/workbook.xml"] = re.sub(rb"<workbookProtection[^>]*/>", b"", parts["xl/workbook.xml"]).replace(
        b"<bookViews>", locked
    )
    written(path, parts)
    code, err = run("b.xlsx", "--in-place")
    assert (code, codes(err)) == (0, ["GK624"])
    after = members(path)
    assert read(path, "结果", "B3") == [[-3.0]]
    assert locked in after["xl/workbook.xml"]
    assert b"<sheetProtection" in after[name]


def test_a_damaged_sheet_that_a_function_reads(run: Run, book: Callable[..., Path]) -> None:
    path = book(formula("B3", "gk_rank(台账!A1:B4)"))
    parts = members(path)
    name = part_of(parts, "台账")
    written(path, parts | {name: parts[name].replace(b"</sheetData>", b"")})
    before = path.read_bytes()
    code, err = run("b.xlsx", "--in-place")
    assert (code, codes(err)) == (3, ["GK613"])
    assert path.read_bytes() == before


def test_formulas_on_a_hidden_sheet_in_prefixed_xml(run: Run, tmp_path: Path) -> None:
    sheet = re.sub(
        r"<(/?)(?=[a-z])",
        r"<\1x:",
        made.worksheet('<row r="1"><c r="A1"><f>gk_points("每件加2分。","件",B1)</f></c><c r="B1"><v>2</v></c></row>'),
    ).replace("xmlns", "xmlns:x")
    hidden = '<sheet name="甲" sheetId="1" state="veryHidden" r:id="rId1"/>'
    path = made.write(tmp_path / "b.xlsx", made.parts(sheet, sheets=hidden))
    assert run("b.xlsx", "--in-place")[0] == 0
    assert members(path)["xl/worksheets/sheet1.xml"].decode() == sheet.replace("</x:f>", "</x:f><x:v>4</x:v>")


def test_several_books(run: Run, book: Callable[..., Path], tmp_path: Path) -> None:
    shutil.copy(book(POINTS), tmp_path / "c.xlsx")
    code, err = run("b.xlsx", "c.xlsx", "--in-place")
    assert (code, err.count("GK624")) == (0, 2)
    assert run("b.xlsx", "--alone")[0] == 2
    assert run("b.xlsx", "--functions-only", "--rules", "b.gk")[0] == 2
