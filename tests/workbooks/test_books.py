"""The bundled workbooks: the figures, the files made from them, and what the rules must give.

The CSV files beside this test say what must come out. They were worked out from the figures, without gkxl;
an empty cell is an indicator that does not exist for that unit.
"""

import csv
import json
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FIGURES = ROOT / "workbooks" / "figures"
MADE = [
    "gkxl/starter/rubric.xlsx",
    "gkxl/starter/考评.xlsx",
    "workbooks/annual-report-2025.xlsx",
    "workbooks/county-openness.xlsx",
    "workbooks/follow-up.xlsx",
    "workbooks/functions-demo.xlsx",
    "workbooks/huzhong-2025.xlsx",
    "workbooks/late-and-early.xlsx",
    "workbooks/xinzhou-2022.xlsx",
]
ENGLISH = {"信息公开": "Website", "互动解读": "Interaction", "新媒体": "New media"}
NOT_INDICATORS = {"期间", "单位", "类别", "总分", "名次", "等次", "折算"}

CASES = [  # what must come out, workbook, rules, the names of the indicators where they are others
    ("xinzhou-2022.counties", "workbooks/xinzhou-2022.xlsx", "workbooks/xinzhou-2022.counties.gk", {}),
    ("xinzhou-2022.departments", "workbooks/xinzhou-2022.xlsx", "workbooks/xinzhou-2022.departments.gk", {}),
    ("huzhong-2025", "workbooks/huzhong-2025.xlsx", "workbooks/huzhong-2025.gk", {}),
    ("huzhong-2025", "workbooks/huzhong-2025.xlsx", "workbooks/variants/huzhong-2025.en.gk", ENGLISH),
    ("huzhong-by-month", "workbooks/huzhong-2025.xlsx", "workbooks/variants/huzhong-by-month.gk", {}),
    ("huzhong-year", "workbooks/huzhong-2025.xlsx", "workbooks/variants/huzhong-year.gk", {}),
    ("county-openness", "workbooks/county-openness.xlsx", "workbooks/county-openness.gk", {}),
    ("follow-up", "workbooks/follow-up.xlsx", "workbooks/follow-up.gk", {}),
    ("late-and-early", "workbooks/late-and-early.xlsx", "workbooks/late-and-early.gk", {}),
    ("starter.zh", "gkxl/starter/考评.xlsx", "gkxl/starter/考评.gk", {}),
    ("starter.en", "gkxl/starter/rubric.xlsx", "gkxl/starter/rubric.gk", {}),
]
FORMS = [  # of checks alone: test_annual_report.py
    "workbooks/annual-report-2025.gk",
    "workbooks/variants/annual-report-2025.en.gk",
    "workbooks/variants/annual-report-form.gk",
    "workbooks/variants/annual-report-form.en.gk",
]
RULES = sorted({rules for _, _, rules, _ in CASES} | {*FORMS})


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def gkxl(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gkxl", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


def scored(*arguments: str) -> Any:
    done = gkxl("score", *arguments, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def without_blanks(name: str) -> str:
    return "".join(name.split())


def points(unit: dict[str, Any]) -> dict[str, Decimal]:
    """The points of the indicators that exist for this unit."""
    return {
        indicator["name"]: Decimal(indicator["points"])
        for indicator in unit["indicators"]
        if indicator["applies"] and indicator["points"] is not None
    }


def members(path: Path) -> list[tuple[str, Any, bytes]]:
    with zipfile.ZipFile(path) as package:
        return [(member.filename, member.date_time, package.read(member)) for member in package.infolist()]


# The figures


@pytest.mark.parametrize(("name", "units"), [("counties", 15), ("departments", 34)])
def test_published_totals_are_the_sum_of_four_parts(name: str, units: int) -> None:
    rows = table(FIGURES / f"xinzhou-2022-{name}.csv")
    expected = table(HERE / f"xinzhou-2022.{name}.csv")
    assert len(rows) == len(expected) == units
    places = sorted({Decimal(row["总成绩"]) for row in rows}, reverse=True)
    for row, result in zip(rows, expected, strict=True):
        parts = [
            Decimal(0) if cell == "" or cell.endswith("记0分") else Decimal(cell) for cell in list(row.values())[1:5]
        ]
        assert result["单位"] == row["单位"]
        assert [Decimal(result[part]) for part in ("书面考核", "网上考核", "征询考核", "综合加分")] == parts
        assert sum(parts) == Decimal(row["总成绩"]) == Decimal(result["总分"])
        assert int(result["名次"]) == places.index(Decimal(row["总成绩"])) + 1


def test_published_places_differ_from_the_rule_after_one_pair_only() -> None:
    for name, differing in (("counties", 0), ("departments", 29)):
        rows = table(FIGURES / f"xinzhou-2022-{name}.csv")
        expected = table(HERE / f"xinzhou-2022.{name}.csv")
        later = [int(row["名次"]) - int(result["名次"]) for row, result in zip(rows, expected, strict=True)]
        assert later == [0] * (len(rows) - differing) + [1] * differing


def test_published_points_of_huzhong_differ_from_the_rule_in_one_figure_only() -> None:
    published: dict[tuple[str, str], Decimal] = {}
    for row in table(FIGURES / "huzhong-2025-published.csv"):
        key = row["单位"], row["指标"]
        published[key] = published.get(key, Decimal(0)) + Decimal(row["公布得分"])
    names = {"huzhong-2025": [("区营商局", "信息公开")], "huzhong-by-month": [], "huzhong-year": []}
    for name, differing in names.items():
        found = [
            (row["单位"], indicator)
            for row in table(HERE / f"{name}.csv")
            for indicator in row.keys() - NOT_INDICATORS
            if Decimal(row[indicator] or 0) != published.get((row["单位"], indicator), 0)
        ]
        assert found == differing, name


# The files


def test_workbooks_are_made_from_the_figures(tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "once", tmp_path / "twice"):
        subprocess.run([sys.executable, ROOT / "workbooks" / "make.py", folder], check=True, capture_output=True)
        made.append({name: (folder / name).read_bytes() for name in MADE})
    assert made[0] == made[1]
    for name in MADE:  # member by member, since builds of zlib differ in how they deflate the same bytes
        assert members(ROOT / name) == members(tmp_path / "once" / name), f"{name}: run workbooks/make.py"


@pytest.mark.parametrize("name", MADE)
def test_workbooks_hold_no_formula(name: str) -> None:
    for member, _, content in members(ROOT / name):
        assert not member.startswith("xl/worksheets/") or b"<f>" not in content


# The rules


@pytest.mark.parametrize("rules", RULES)
def test_rules_are_sound_and_their_examples_hold(rules: str) -> None:
    for command in ("check", "test"):
        done = gkxl(command, rules)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("rules", RULES)
def test_rules_stand_in_the_one_layout(rules: str) -> None:
    done = gkxl("fmt", "--check", rules)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "book", "rules", "renamed"), CASES, ids=[case[2] for case in CASES])
def test_results(name: str, book: str, rules: str, renamed: dict[str, str]) -> None:
    expected = table(HERE / f"{name}.csv")
    for period in sorted({row["期间"] for row in expected}):
        *_, result = scored(book, "--rules", rules, "--period", period)["periods"]  # behind those that it is made of
        units = {without_blanks(unit["unit"]): unit for unit in result["units"]}
        rows = [row for row in expected if row["期间"] == period]
        assert result["period"] == period
        assert units.keys() == {without_blanks(row["单位"]) for row in rows}
        for row in rows:
            unit = units[without_blanks(row["单位"])]
            wanted = {
                renamed.get(indicator, indicator): Decimal(row[indicator])
                for indicator in row.keys() - NOT_INDICATORS
                if row[indicator]
            }
            got = points(unit)
            assert {indicator: got.get(indicator) for indicator in wanted} == wanted, row
            absent = [renamed.get(i, i) for i in row.keys() - NOT_INDICATORS if not row[i]]
            assert not got.keys() & set(absent), row
            assert (Decimal(unit["total"]), unit["rank"]) == (Decimal(row["总分"]), int(row["名次"])), row
            assert (unit["group"] or None) == row.get("类别"), row
            assert unit["grade"] == (row.get("等次") or None), row
            assert unit.get("converted") == row.get("折算"), row


# The commands as the README gives them


def test_rules_are_found_beside_the_workbook() -> None:
    counties, departments = scored("workbooks/xinzhou-2022.xlsx")
    assert [len(results["periods"][0]["units"]) for results in (counties, departments)] == [15, 34]
    assert [Path(results["rules"]["path"]).name for results in (counties, departments)] == [
        "xinzhou-2022.counties.gk",
        "xinzhou-2022.departments.gk",
    ]


def test_the_latest_period_with_data_is_the_fourth_quarter() -> None:
    assert [period["period"] for period in scored("workbooks/huzhong-2025.xlsx")["periods"]] == ["2025Q4"]


def test_what_begins_after_the_check_date_is_still_to_come() -> None:
    """Though a row of the county's book is of 2026."""
    assert [period["period"] for period in scored("workbooks/county-openness.xlsx")["periods"]] == ["2025Q4"]


def test_text_that_counts_0_goes_into_the_remark() -> None:
    counties, departments = scored("workbooks/xinzhou-2022.xlsx")
    remarks = {
        unit["unit"]: unit["remark"] for results in (counties, departments) for unit in results["periods"][0]["units"]
    }
    assert "未报资料记0分" in remarks["五台山风景区"]
    assert "无公开平台记0分" in remarks["市金融办"]
