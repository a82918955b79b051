"""What `gkxl audit` says of the bundled workbooks; the expectations stand in workbooks/README.md."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def audited(code: int, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "gkxl", "audit", *arguments, "--json"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_the_counties_of_xinzhou_agree_and_its_departments_have_one_cause() -> None:
    counties, departments = audited(1, "workbooks/xinzhou-2022.xlsx")
    # 15 totals and 15 places; 34 and 34, of which the 29 places from the second unit with 92.5 on are one too high.
    assert (counties["schema"], counties["agree"], counties["differ"], counties["causes"]) == (
        "gkxl.audit/1",
        30,
        [],
        [],
    )
    assert (departments["agree"], len(departments["differ"])) == (39, 29)
    assert {one["what"] for one in departments["differ"]} == {"rank"}
    assert all(int(one["published"]) == int(one["computed"]) + 1 for one in departments["differ"])
    first = {"unit": "市行政审批局", "period": "2022", "what": "rank", "published": "6", "computed": "5"}
    assert departments["differ"][0] == first | {"cell": "市直部门!G9"}
    (cause,) = departments["causes"]
    assert (cause["units"], cause["what"], cause["explains"]) == (["市城市管理局", "市行政审批局"], "rank", 29)
    assert "92.5" in cause["text"]
    assert "5、6" in cause["text"]


def test_the_counties_alone_are_fine() -> None:
    rules = "workbooks/xinzhou-2022.counties.gk"
    assert audited(0, "workbooks/xinzhou-2022.xlsx", "--rules", rules)["diagnostics"][0]["severity"] == "note"


def test_the_quarter_of_huzhong_has_one_cause() -> None:
    # 4 units with 信息公开, 20 with 互动解读, 2 with 新媒体.
    audit = audited(1, "workbooks/huzhong-2025.xlsx")
    assert audit["agree"] == 25
    (difference,) = audit["differ"]
    assert difference == {
        "unit": "区营商局", "period": "2025Q4", "what": "信息公开", "published": "-3", "computed": "-6", "cell": "通报得分!D5",
    }  # fmt: skip
    (cause,) = audit["causes"]
    assert (cause["units"], cause["what"], cause["explains"]) == (["区营商局"], "信息公开", 1)
    assert "本领域信息2条" in cause["text"]


def test_the_rules_in_english_say_the_same_in_english() -> None:
    audit = audited(1, "workbooks/huzhong-2025.xlsx", "--rules", "workbooks/variants/huzhong-2025.en.gk")
    assert (audit["agree"], [one["what"] for one in audit["differ"]]) == (25, ["Website"])
    (cause,) = audit["causes"]
    assert cause["text"].startswith("区营商局: Website is published as -3, by the rules -6 (")
    assert cause["text"].endswith("it explains 1 figure.")


def test_by_month_all_published_figures_agree() -> None:
    audit = audited(0, "workbooks/huzhong-2025.xlsx", "--rules", "workbooks/variants/huzhong-by-month.gk")
    assert (audit["agree"], audit["differ"]) == (26, [])


def test_the_year_of_huzhong_has_the_catalogue_too() -> None:
    # The 26 figures of the fourth quarter, which is all of the year that is there, and the catalogue of 20 units.
    audit = audited(1, "workbooks/huzhong-2025.xlsx", "--period", "2025")
    assert (audit["agree"], len(audit["differ"]), len(audit["causes"])) == (45, 1, 1)
