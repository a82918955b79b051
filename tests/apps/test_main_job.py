"""The commands as users run them: real workbooks, real rule files, a process each."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlsxwriter

ROOT = Path(__file__).resolve().parents[2]
WORKBOOKS = ROOT / "workbooks"
RULES = """考评 试
对象 单位表的单位
周期 年 2025
缺数据 报错
迟报 = 单位表 的 迟报
指标 报送
  每迟报1次扣2分。
例 两次
  已知 迟报 2
  应得 报送 {expected}
"""


def gkxl(*args: object, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "gkxl", *map(str, args)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", "LANG": "zh_CN.UTF-8", **environment},
        timeout=60,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return path


UNITS: dict[str, list[list[object]]] = {"单位表": [["单位", "迟报"], ["甲局", 2], ["乙局", 0]]}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "a.gk"
    path.write_text(RULES.format(expected=-4), encoding="utf-8")
    return path


def totals(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert done.returncode == 0, done.stderr
    return {unit["unit"]: unit["total"] for unit in json.loads(done.stdout)["periods"][0]["units"]}


@pytest.mark.usefixtures("rules")
def test_the_rules_beside_the_book(tmp_path: Path) -> None:
    assert totals(gkxl("score", book(tmp_path / "a.xlsx", UNITS), "--json")) == {"甲局": "-4", "乙局": "0"}


@pytest.mark.parametrize("name", ["规则", "rules"])
def test_the_rules_in_the_book(tmp_path: Path, name: str) -> None:
    lines: list[list[object]] = [[line] for line in RULES.format(expected=-4).splitlines()]
    path = book(tmp_path / "a.xlsx", {**UNITS, name: lines})
    done = gkxl("score", path, "--json")
    assert totals(done) == {"甲局": "-4", "乙局": "0"}
    found = json.loads(done.stdout)
    assert found["rules"]["path"] == f"{path}!{name}"
    assert found["periods"][0]["units"][0]["indicators"][0]["awards"][0]["line"] == 7


def test_no_rules_at_all(tmp_path: Path) -> None:
    done = gkxl("score", book(tmp_path / "a.xlsx", UNITS))
    assert done.returncode == 3
    assert "GK690" in done.stderr
    assert "--rules" in done.stderr


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01\x02", "考评 试\n".encode("gbk")])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bad.gk"
    if content is not None:
        path.write_bytes(content)
    made = book(tmp_path / "a.xlsx", UNITS)
    for done in (gkxl("check", path), gkxl("test", path), gkxl("score", made, "--rules", path)):
        assert done.returncode in (1, 3)
        assert "error GK" in done.stdout + done.stderr
        assert "GK699" not in done.stdout + done.stderr


def test_a_book_that_cannot_be_read(tmp_path: Path, rules: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    for done in (gkxl("score", tmp_path / "a.xlsx"), gkxl("check", rules, "--book", tmp_path / "a.xlsx")):
        assert done.returncode == 3
        assert "error GK6" in done.stdout + done.stderr


def test_check(tmp_path: Path, rules: Path) -> None:
    done = gkxl("check", rules)
    assert (done.returncode, done.stdout) == (0, "没有问题\n"), done.stdout + done.stderr
    assert gkxl("check", rules, "--book", book(tmp_path / "b.xlsx", UNITS)).returncode == 0
    no_column: dict[str, list[list[object]]] = {"单位表": [["单位"], ["甲局"]]}
    assert gkxl("check", rules, "--book", book(tmp_path / "c.xlsx", no_column)).returncode == 1
    rules.write_text(RULES.format(expected=0).replace("每迟报1次", "每早退1次"), encoding="utf-8")
    done = gkxl("check", rules)
    assert done.returncode == 1
    assert f"{rules}:7:" in done.stdout
    assert "^" in done.stdout
    assert "个错误" in done.stdout.splitlines()[-1]
    assert done.stderr == ""


@pytest.mark.parametrize("expected", [-4, -3])
def test_test(rules: Path, expected: int) -> None:
    rules.write_text(RULES.format(expected=expected), encoding="utf-8")
    right = expected == -4
    done = gkxl("test", rules)
    assert done.returncode == (0 if right else 1)
    assert f"1个例子,{int(right)}个通过" in done.stdout
    assert (f"{rules}:8:" in done.stdout and "GK695" in done.stdout) is not right
    assert json.loads(gkxl("test", rules, "--format", "json").stdout)["files"][0]["examples"][0]["passed"] is right
    suite = ElementTree.fromstring(gkxl("test", rules, "--format", "junit").stdout)[0]
    assert suite.get("failures") == str(int(not right))
    assert ("::error file=" in gkxl("test", rules, "--format", "github").stdout) is not right
    results = json.loads(gkxl("test", rules, "--format", "sarif").stdout)["runs"][0]["results"]
    assert (not results) is right


def test_a_sentence_no_example_reaches(rules: Path) -> None:
    more = "总结 = 单位表 的 总结\n指标 总结\n  没有总结扣1分。\n指标 报送"
    rules.write_text(RULES.format(expected=-4).replace("指标 报送", more), encoding="utf-8")
    done = gkxl("test", rules)
    assert done.returncode == 0, done.stdout
    assert f"{rules}:8:" in done.stdout
    assert "GK696" in done.stdout


def test_an_error_that_an_example_expects_is_no_finding(rules: Path) -> None:
    text = RULES.format(expected=-4).replace("每迟报", "每早退")
    rules.write_text(text, encoding="utf-8")
    assert gkxl("test", rules).returncode == 1
    code = json.loads(gkxl("check", rules, "--format", "json").stdout)["files"][0]["diagnostics"][0]["code"]
    rules.write_text(text.replace("应得 报送 -4", f"应报 {code}"), encoding="utf-8")
    done = gkxl("test", rules)
    assert done.returncode == 0, done.stdout


@pytest.mark.usefixtures("rules")
def test_explain(tmp_path: Path) -> None:
    done = gkxl("explain", book(tmp_path / "a.xlsx", UNITS), "甲局")
    assert done.returncode == 0, done.stderr
    assert "每迟报1次扣2分" in done.stdout
    assert "单位表!B2" in done.stdout


@pytest.mark.parametrize(
    ("period", "asked", "there"),
    [("季度", "2025-10", "2025Q4、2025"), ("年", "2025Q4", "2025")],
)
def test_a_period_shorter_than_those_of_all_indicators(
    tmp_path: Path, rules: Path, period: str, asked: str, there: str
) -> None:
    """It has no totals, and the periods that do are named; nothing is written."""
    rules.write_text(RULES.format(expected=-4).replace("周期 年 2025", f"周期 {period}"), encoding="utf-8")
    made = book(tmp_path / "a.xlsx", UNITS)
    for command in (["score", made], ["explain", made, "甲局"], ["recalc", made]):
        done = gkxl(*command, "--period", asked)
        assert done.returncode == 1
        assert f"GK600 {asked}没有适用的指标" in done.stderr
        assert f"这些周期有适用的指标:{there}\n" in done.stderr
    assert not (tmp_path / "a-scored.xlsx").exists()
    assert gkxl("score", made, "--period", there.split("、")[0]).returncode == 0


@pytest.mark.parametrize(
    ("args", "points"),
    [
        (["fewer than 3 domain items costs 6 points", "domain items=2"], "-6"),
        (["本领域信息少于3条,扣6分。", "本领域信息=2"], "-6"),
        (["本领域信息少于3条,扣6分。", "本领域信息=3"], "0"),
    ],
)
def test_try(args: list[str], points: str) -> None:
    done = gkxl("try", *args)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == points
    found = json.loads(gkxl("try", *args, "--json").stdout)
    assert found["points"] == points
    assert found["because"] == done.stdout.splitlines()[1]


def test_try_refuses() -> None:
    done = gkxl("try", "酌情扣1-3分", "迟报=1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "error GK" in done.stderr
    found = json.loads(gkxl("try", "酌情扣1-3分", "迟报=1", "--json").stdout)
    assert found["points"] is None
    assert found["diagnostics"]


@pytest.mark.parametrize("name", ["rubric", "考评"])
def test_the_starter_is_sound(tmp_path: Path, name: str) -> None:
    assert gkxl("new", tmp_path / "new").returncode == 0
    rules, workbook = (tmp_path / "new" / f"{name}{suffix}" for suffix in (".gk", ".xlsx"))
    for args in (["check", rules, "--book", workbook], ["test", rules], ["score", workbook]):
        done = gkxl(*args)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_bundled_books() -> None:
    xinzhou = gkxl("score", WORKBOOKS / "xinzhou-2022.xlsx", "--json")
    assert xinzhou.returncode == 0, xinzhou.stderr
    sets = json.loads(xinzhou.stdout)
    assert [len(one["periods"][0]["units"]) for one in sets] == [15, 34]
    huzhong = gkxl("score", WORKBOOKS / "huzhong-2025.xlsx", "--period", "2025Q4", "--json")
    assert huzhong.returncode == 0, huzhong.stderr
    units = {unit["unit"]: unit["total"] for unit in json.loads(huzhong.stdout)["periods"][0]["units"]}
    assert units["区公安局"] == "3"


def test_a_folder_of_books(tmp_path: Path, rules: Path) -> None:
    for name in ("a", "b"):
        book(tmp_path / f"{name}.xlsx", UNITS)
    shutil.copy(rules, tmp_path / "b.gk")
    done = gkxl("score", tmp_path, "--json")
    assert [Path(one["book"]["path"]).name for one in json.loads(done.stdout)] == ["a.xlsx", "b.xlsx"]
