"""Findings for GitHub, SARIF readers and JUnit readers, and as JSON."""

import json
from xml.etree import ElementTree

import pytest

from gkxl.diagnostics import (
    EXAMPLE_FAILED,
    FOLDER_WITHOUT_FILES,
    RULE_UNREACHED,
    UNIT_UNKNOWN,
    CellRef,
    Diagnostic,
    FilePlace,
    Source,
    Span,
)
from gkxl.report.findings import Case, Findings, to_json
from gkxl.report.github import to_github
from gkxl.report.junit import to_junit
from gkxl.report.sarif import to_sarif

SOURCE = Source("rules/a,b:c.gk", "指标 甲\n迟报扣1分\n例 一\n")
SENTENCE = Span(SOURCE, 5, 7)
EXAMPLE = Span(SOURCE, 11, 14)
BAD = Diagnostic(UNIT_UNKNOWN, SENTENCE, "zh", {"unit": "100%\r\n甲"}, ("最接近的:乙",))
FAILED = Diagnostic(EXAMPLE_FAILED, EXAMPLE, "zh", {"name": "一", "expected": "1", "got": "0"}, ("因为",))
QUIET = Diagnostic(RULE_UNREACHED, SENTENCE, "zh", {"sentence": "迟报扣1分"})
RULES = Findings(
    SOURCE.path,
    (BAD,),
    (Case("一", EXAMPLE, "1", "0", "因为", FAILED), Case("二", EXAMPLE, "1", "1", "", None)),
    (QUIET,),
)
BOOK = Findings("my book.xlsx", (Diagnostic(UNIT_UNKNOWN, CellRef("表", 2, 1), "zh", {"unit": "\x01甲"}),))
CLEAN = Findings("b.gk", ())
GONE = Findings("c", (Diagnostic(FOLDER_WITHOUT_FILES, FilePlace("c"), "en", {"what": ".gk"}),))
ALL = [RULES, BOOK, CLEAN, GONE]


def test_github() -> None:
    lines = to_github(ALL, "test").splitlines()
    assert lines == [
        (
            "::error file=rules/a%2Cb%3Ac.gk,line=2,endLine=2,col=1,endColumn=3,title=gkxl test GK691"
            "::没有名为“100%25%0D%0A甲”的单位。%0A最接近的:乙"
        ),
        (
            "::error file=rules/a%2Cb%3Ac.gk,line=3,endLine=3,col=1,endColumn=4,title=gkxl test GK695"
            "::例“一”不符:应得 1,实得 0。%0A因为"
        ),
        (
            "::notice file=rules/a%2Cb%3Ac.gk,line=2,endLine=2,col=1,endColumn=3,title=gkxl test GK696"
            "::没有一个例子用到这一句:迟报扣1分"
        ),
        "::error file=my book.xlsx,title=gkxl test GK691 表!A2::没有名为“\x01甲”的单位。",
        "::error file=c,title=gkxl test GK692::The folder has no .gk file.",
    ]
    assert to_github([CLEAN], "check") == ""


def test_sarif() -> None:
    log = json.loads(to_sarif(ALL, "0.1.0"))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("gkxl", "0.1.0")
    assert [rule["id"] for rule in driver["rules"]] == ["GK691", "GK695", "GK696", "GK692"]
    assert run["columnKind"] == "unicodeCodePoints"
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert " " not in uri
        assert "\\" not in uri
    first, book = run["results"][0]["locations"][0], run["results"][3]["locations"][0]
    assert first["physicalLocation"] == {
        "artifactLocation": {"uri": "rules/a%2Cb%3Ac.gk"},
        "region": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 3},
    }
    assert book["physicalLocation"] == {"artifactLocation": {"uri": "my%20book.xlsx"}}
    assert book["logicalLocations"] == [{"fullyQualifiedName": "表!A2"}]
    assert json.loads(to_sarif([CLEAN], "0"))["runs"][0]["results"] == []


def test_sarif_of_an_absolute_path_is_a_file_uri(tmp_path) -> None:
    found = Findings(str(tmp_path / "a b.gk"), (Diagnostic(UNIT_UNKNOWN, None, "zh", {"unit": "x"}),))
    location = json.loads(to_sarif([found], "0"))["runs"][0]["results"][0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == (tmp_path / "a b.gk").as_uri()


def test_junit() -> None:
    text = to_junit(ALL, "test")
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    suites = list(root)
    assert [(s.get("name"), s.get("tests"), s.get("failures"), s.get("errors")) for s in suites] == [
        ("rules/a,b:c.gk", "3", "2", "0"),
        ("my book.xlsx", "1", "1", "0"),
        ("b.gk", "1", "0", "0"),
        ("c", "1", "1", "0"),
    ]
    own, failed, passed = suites[0].findall("testcase")
    assert own.find("failure").get("type") == "GK691"
    assert (failed.get("name"), failed.get("classname")) == ("一", "rules/a,b:c.gk")
    assert "因为" in failed.find("failure").text
    assert passed.find("failure") is None
    assert "GK696" in suites[0].find("system-out").text


def test_json() -> None:
    found = json.loads(to_json(ALL, "test"))
    assert found["schema"] == "gkxl.test/1"
    first = found["files"][0]
    assert [(one["name"], one["line"], one["passed"]) for one in first["examples"]] == [
        ("一", 3, False),
        ("二", 3, True),
    ]
    assert first["examples"][0]["expected"] == "1"
    assert [one["code"] for one in first["unreached"]] == ["GK696"]
    assert "examples" not in found["files"][1]
    assert json.loads(to_json([CLEAN], "check")) == {
        "schema": "gkxl.check/1",
        "files": [{"path": "b.gk", "diagnostics": []}],
    }


@pytest.mark.parametrize("write", [to_github, to_junit, to_json])
def test_nothing_found(write) -> None:
    write([], "check")
