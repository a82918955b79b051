"""The statutory form of the yearly disclosure report: the bundled workbook, and a folder of forms, a workbook each.

`annual-report-2025.csv` says what both sides of each check come to. Forms are made from the figures of 喀左县: 9 applications
are new (D22), 3 granted (D24), 2 in part (D25), 2 can't be provided (D34), 1 other (D44), 8 in all (D45), 1 still open (D46).
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from make import write
from office import form_numbers

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "workbooks" / "annual-report-2025.xlsx"
RULES = ROOT / "workbooks" / "annual-report-2025.gk"
ENGLISH = ROOT / "workbooks" / "variants" / "annual-report-2025.en.gk"
FORM = ROOT / "workbooks" / "variants" / "annual-report-form.gk"
FORM_EN = ROOT / "workbooks" / "variants" / "annual-report-form.en.gk"
DESCRIPTION = tomllib.loads((ROOT / "workbooks" / "figures" / "annual-report-2025.toml").read_text(encoding="utf-8"))


def gkxl(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gkxl", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


def make(path: Path, sheets: list[dict[str, Any]], shape: dict[str, Any] = DESCRIPTION["form"]) -> None:
    write(path, DESCRIPTION | {"form": shape, "sheet": sheets})


def form(path: Path, **changes: Any) -> None:
    """A workbook whose only sheet is the form of 喀左县, some of its cells changed."""
    first = DESCRIPTION["sheet"][0]
    make(path, [first | {"name": "年报", "cells": first["cells"] | changes}])


def result(book: Path, rules: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gkxl("score", str(book), "--rules", str(rules), "--json").stdout)
    return found


# The bundled workbook


def test_every_check_holds_with_the_sums_worked_out_by_hand() -> None:
    with Path(__file__).with_name("annual-report-2025.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        expected = {(row["核对"], row["处"]): row["数"] for row in rows}
    found = result(BOOK, RULES)
    assert found["diagnostics"] == []
    checks = {(one["name"], one.get("at", "")): one for one in found["checks"]}
    # A form has 7 columns twice, 25 rows and 3 sums of part four; the sum has 6 + 4 cells of part two, 25 × 7, and 15.
    assert len(checks) == len(found["checks"]) == 4 * (7 + 7 + 25 + 3) + 6 + 4 + 25 * 7 + 15
    assert expected.keys() <= checks.keys()
    for key, one in checks.items():
        both = expected.get(key, "0")
        assert (one["holds"], one["left"], one["right"]) == (True, both, both), key


def test_the_english_rules_make_the_same_checks() -> None:
    def made(rules: Path) -> list[Any]:
        return [[one[key] for key in ("holds", "left", "right", "cells")] for one in result(BOOK, rules)["checks"]]

    assert made(ENGLISH) == made(RULES)


def test_a_wrong_cell_fails_in_its_column_its_row_and_its_sum_and_is_named(tmp_path: Path) -> None:
    """J24 typed as 4: column J then has 9 outcomes and a total of 8, row 24 has 3 and 4, the sum 5 where the three have 6."""
    book = tmp_path / BOOK.name
    first, *others = DESCRIPTION["sheet"]
    numbers = form_numbers(DESCRIPTION["form"], DESCRIPTION["sheet"])["汇总"]
    summed = {"name": "汇总", "form": "汇总", "csv": first["csv"], "cells": numbers}  # as it was before the slip
    slip = first | {"cells": first["cells"] | {"J24": 4}}
    make(book, [slip, *(summed if sheet["name"] == "汇总" else sheet for sheet in others)])
    found = result(book, RULES)
    wrong = [one for one in found["checks"] if not one["holds"]]
    assert [(one["name"], one["at"], one["left"], one["right"]) for one in wrong] == [
        ("喀左县 办理结果", "J", "9", "8"),
        ("喀左县 申请人合计", "24", "3", "4"),
        ("汇总 总计", "24", "6", "5"),
    ]
    assert [one["repairs"] for one in wrong] == [[{"cell": "喀左县!J24", "value": "3", "instead": "4"}]] * 3
    done = gkxl("check", str(RULES), "--book", str(book))
    assert done.returncode == 1
    assert "喀左县!J24 改为 3(现为 4)" in done.stdout


# A folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """47 units owe a form: 40 are in order, 3 didn't come, 3 don't agree, 1 has a blank cell."""
    names = [f"第{i:02}单位" for i in range(1, 48)]
    with xlsxwriter.Workbook(tmp_path / "名单.xlsx") as book:
        book.add_worksheet("单位表").write_column(0, 0, ["单位", *names])
    form(tmp_path / f"{names[0]}.xlsx")
    for name in names[1:40]:
        shutil.copy(tmp_path / f"{names[0]}.xlsx", tmp_path / f"{name}2025年度报告.xlsx")
    form(tmp_path / f"{names[40]}.xlsx", D46=0)  # column D: 9 new, 8 + 0; and row 46: 0 is not 1
    form(tmp_path / f"{names[41]}.xlsx", K52=0)  # suits after review: 0 is not 1
    form(tmp_path / f"{names[42]}.xlsx", E26=1)  # column E: 1 is not 0; row 26: 1 is not 0
    form(tmp_path / f"{names[43]}.xlsx", D30="")
    return tmp_path


def test_a_folder_of_forms_is_one_table(folder: Path) -> None:
    done = gkxl("check", str(FORM), "--book", str(folder))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert "47个单位中40个符合,合格率85%(不符3个,无法核对1个,未报3个)" in lines[:60]
    assert lines[0].split() == ["单位", "报表", "核对处数", "不符处数", "结果"]
    rows = {line.split()[0]: line.split()[1:] for line in lines[2:49]}
    assert list(rows) == [f"第{i:02}单位" for i in range(1, 48)]
    assert rows["第02单位"][-2:] == ["42", "符合"]
    assert rows["第41单位"][-3:] == ["42", "2", "不符"]
    assert rows["第42单位"][-3:] == ["42", "1", "不符"]
    assert rows["第43单位"][-3:] == ["42", "2", "不符"]
    assert rows["第44单位"][-2:] == ["42", "无法核对"]
    assert rows["第47单位"] == ["未报"]
    below = "\n".join(lines[50:])
    assert "只改一格就全部相符:年报!D46 改为 1(现为 0)" in below
    assert "年报!D30: error GK517" in below
    assert "单位表!A46: error GK530 “第45单位”没有报送:没有一个工作簿的文件名里有这个名称。" in below


def test_the_table_as_json_has_the_exact_share(folder: Path) -> None:
    found = json.loads(gkxl("check", str(FORM), "--book", str(folder), "--format", "json").stdout)
    (overview,) = found["overviews"]
    # 40 ÷ 47 = 0.85106382978723…
    whole = {
        "rules": str(FORM),
        "units": 47,
        "in_order": 40,
        "share": "0.851063829787",
        "rounded": True,
        "percent": "85",
    }
    assert {key: overview[key] for key in whole} == whole
    assert Counter(one["state"] for one in overview["reports"]) == {
        "agrees": 40, "differs": 3, "unchecked": 1, "missing": 3,
    }  # fmt: skip
    assert overview["reports"][40] == {
        "unit": "第41单位", "path": str(folder / "第41单位.xlsx"), "state": "differs", "checks": 42, "failing": 2,
    }  # fmt: skip
    assert overview["reports"][46] == {"unit": "第47单位", "path": None, "state": "missing", "checks": 0, "failing": 0}
    codes = Counter(one["code"] for file in found["files"] for one in file["diagnostics"])
    assert codes == {"GK510": 5, "GK517": 1, "GK530": 3}


def test_a_share_that_a_decimal_holds_is_not_rounded(tmp_path: Path) -> None:
    rules = tmp_path / "form.gk"
    rules.write_text("核对 甲: D46 = 1\n", encoding="utf-8")
    (tmp_path / "sent").mkdir()
    form(tmp_path / "sent" / "甲.xlsx")
    form(tmp_path / "sent" / "乙.xlsx", D46=0)
    done = gkxl("check", str(rules), "--book", str(tmp_path / "sent"), "--format", "json")
    (overview,) = json.loads(done.stdout)["overviews"]
    assert (overview["share"], overview.get("rounded"), overview["percent"]) == ("0.5", None, "50")


def test_annotations_name_who_is_missing(folder: Path) -> None:
    told = gkxl("check", str(FORM), "--book", str(folder), "--format", "github").stdout
    assert (
        f"::error file={(folder / '名单.xlsx').as_posix()},title=gkxl check GK530 单位表!A48::“第47单位”没有报送"
        in told
    )


def test_a_folder_in_order_exits_0_and_says_so_in_english(tmp_path: Path) -> None:
    rules = tmp_path / "form.gk"
    text = FORM_EN.read_text(encoding="utf-8")
    rules.write_text("\n".join(line for line in text.splitlines() if not line.startswith("units")), encoding="utf-8")
    (tmp_path / "sent").mkdir()
    form(tmp_path / "sent" / "one.xlsx")
    done = gkxl("check", str(rules), "--book", str(tmp_path / "sent"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 units in order, 100%" in done.stdout
    assert done.stdout.splitlines()[2].split()[0] == "one"


def told(folder: Path, rules: Path = FORM) -> list[tuple[str, str]]:
    found = json.loads(gkxl("check", str(rules), "--book", str(folder), "--format", "json").stdout)
    return [(one["code"], Path(file["path"]).name) for file in found["files"] for one in file["diagnostics"]]


def units(path: Path, *names: str) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("单位表").write_column(0, 0, ["单位", *names])


def test_forms_are_told_apart_by_the_names_of_their_files(tmp_path: Path) -> None:
    """教育局 is part of 县教育局, which is listed too: that file is 县教育局's alone."""
    units(tmp_path / "名单.xlsx", "教育局", "县教育局", "公安局", "民政局")
    form(tmp_path / "县教育局.xlsx")
    form(tmp_path / "教育局.xlsx")
    form(tmp_path / "教育局(改).xlsx")
    form(tmp_path / "公安局 民政局.xlsx")
    assert sorted(told(tmp_path)) == [
        ("GK530", "名单.xlsx"),
        ("GK530", "名单.xlsx"),
        ("GK531", "公安局 民政局.xlsx"),
        ("GK532", "教育局.xlsx"),
    ]
    done = gkxl("check", str(FORM), "--book", str(tmp_path))
    assert "4个单位中1个符合,合格率25%(无法核对1个,未报2个)" in done.stdout


def test_without_the_one_list_of_units_nobody_is_counted(tmp_path: Path) -> None:
    form(tmp_path / "教育局.xlsx")
    assert told(tmp_path) == [("GK533", FORM.name)]
    units(tmp_path / "名单.xlsx", "教育局")
    assert told(tmp_path) == []
    units(tmp_path / "名单二.xlsx", "教育局")
    assert told(tmp_path) == [("GK534", FORM.name)]
    (tmp_path / "名单二.xlsx").write_bytes(b"no workbook")
    done = gkxl("check", str(FORM_EN), "--book", str(tmp_path))
    assert done.returncode == 3


def test_a_form_that_cannot_be_read_is_not_in_order(tmp_path: Path) -> None:
    units(tmp_path / "名单.xlsx", "教育局", "公安局")
    form(tmp_path / "教育局.xlsx")
    (tmp_path / "公安局.xlsx").write_bytes(b"no workbook")
    done = gkxl("check", str(FORM), "--book", str(tmp_path))
    assert done.returncode == 3
    assert "2个单位中1个符合,合格率50%(无法核对1个)" in done.stdout


def test_a_form_with_a_row_too_many_is_told_and_not_misread(tmp_path: Path) -> None:
    """A row was put in above part three: rows 24 and 52 of the rules stand one lower; captions still find 9 + 0 = 8 + 1."""

    def lower(area: str) -> str:
        return re.sub(r"\d+", lambda row: str(int(row[0]) + (int(row[0]) >= 18)), area)

    shape, first = DESCRIPTION["form"], DESCRIPTION["sheet"][0]
    moved = {
        "cells": [[lower(area), look, text] for area, look, text in shape["cells"]],
        "numbers": [lower(area) for area in shape["numbers"]],
        "csv_area": lower(shape["csv_area"]),
    }
    sheet = first | {"name": "年报", "cells": {lower(cell): number for cell, number in first["cells"].items()}}
    units(tmp_path / "名单.xlsx", "教育局")
    book = tmp_path / "教育局.xlsx"
    make(book, [sheet], shape | moved)
    assert Counter(code for code, _ in told(tmp_path)) == {"GK515": 1, "GK401": 15}
    sides = {(one["name"], one.get("at")): (one["holds"], one["left"]) for one in result(book, FORM)["checks"]}
    assert sides["勾稽关系", "D"] == (True, "9")
    done = gkxl("check", str(FORM), "--book", str(tmp_path), "--format", "github")
    (line,) = (line for line in done.stdout.splitlines() if "GK515" in line)
    assert "“(一)予以公开”却在 年报!B25" in line
    assert f"工作簿:{book}" in line
