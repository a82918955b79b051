"""The commands on results made by hand: formats, exit codes, wrong usage, and what happens when something fails."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hand_made
import pytest

from gkxl.apps import cli, inputs
from gkxl.diagnostics import CODES, FACT_MISSING, CellRef, Diagnostic, GkError
from gkxl.run.results import Results

ERROR = Diagnostic(FACT_MISSING, CellRef("信息公开", 14, 4), "zh", {"who": "区财政局", "term": "本领域信息"})


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> list[inputs.Scored]:
    """What the commands get for whatever book they are given."""
    sets: list[inputs.Scored] = []
    monkeypatch.setattr(inputs, "scored", lambda *_: iter(sets))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    return sets


def scored(*sets: Results, unreadable: bool = False) -> list[inputs.Scored]:
    return [inputs.Scored(one, unreadable) for one in sets]


def test_score_prints_tables_and_names_the_period(outcome, capsys) -> None:
    outcome += scored(hand_made.huzhong())
    assert cli.run(["score", "a.xlsx"]) == 0
    out, err = capsys.readouterr()
    assert "区公安局" in out
    assert "得分原因" in out
    assert err == "周期 2025Q4(有数据的最近一期;用 --period 另选)\n"


def test_score_does_not_name_a_period_that_was_asked_for(outcome, capsys) -> None:
    outcome += scored(hand_made.huzhong())
    assert cli.run(["score", "a.xlsx", "--period", "2025年四季度"]) == 0
    assert capsys.readouterr().err == ""


def test_findings_of_score_go_to_stderr(outcome, capsys) -> None:
    outcome += scored(replace(hand_made.huzhong(), diagnostics=(ERROR,)))
    assert cli.run(["score", "a.xlsx", "-p", "2025Q4"]) == 1
    out, err = capsys.readouterr()
    assert "GK440" not in out
    assert "区公安局" in out, "the sound units are scored"
    assert err == "信息公开!D14: error GK440 区财政局没有“本领域信息”的数据。\n"


@pytest.mark.parametrize("option", [["--json"], ["--format", "json"]])
def test_findings_of_score_go_into_the_json(option, outcome, capsys) -> None:
    outcome += scored(replace(hand_made.huzhong(), diagnostics=(ERROR,)))
    assert cli.run(["score", "a.xlsx", "-p", "2025Q4", *option]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["diagnostics"][0]["code"] == "GK440"
    assert err == ""


def test_several_sets_are_an_array(outcome, capsys) -> None:
    outcome += scored(hand_made.huzhong(), hand_made.grouped())
    assert cli.run(["score", "a.xlsx", "--json"]) == 0
    assert [one["assessment"] for one in json.loads(capsys.readouterr().out)] == [
        "呼中区政务公开考评",
        "Xinzhou open government",
    ]


def test_what_cannot_be_read_exits_3(outcome, capsys) -> None:
    outcome += scored(replace(hand_made.huzhong(), rubric=None, periods=(), diagnostics=(ERROR,)), unreadable=True)
    assert cli.run(["score", "a.xlsx", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["periods"] == []
    assert cli.run(["score", "a.xlsx"]) == 3
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("unit", ["区公安局", " 区 公安局\u3000"])
def test_one_unit(unit: str, outcome, capsys) -> None:
    outcome += scored(hand_made.huzhong(), hand_made.grouped())
    assert cli.run(["score", "a.xlsx", "--unit", unit]) == 0
    out = capsys.readouterr().out
    assert "区公安局" in out
    assert "区发改局" not in out
    assert "Fanshi" not in out


@pytest.mark.parametrize("command", [["score", "a.xlsx", "-u"], ["explain", "a.xlsx"]])
def test_an_unknown_unit_names_the_nearest(command, outcome, capsys) -> None:
    outcome += scored(hand_made.huzhong())
    assert cli.run([*command, "公安局"]) == 2
    err = capsys.readouterr().err
    assert "GK691" in err
    assert "区公安局" in err
    assert cli.run([*command, "xyz"]) == 2
    assert "区公安局, 区统计局" in capsys.readouterr().err.replace("区发改局, ", "")


def test_explain(outcome, capsys) -> None:
    outcome += scored(hand_made.huzhong())
    assert cli.run(["explain", "a.xlsx", "区公安局"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("区公安局 2025Q4\n总分 3")
    assert "未加减分\n      0  每发布政策解读1期加3分。" in out


@pytest.mark.parametrize("form", ["csv", "markdown"])
def test_other_formats(form: str, outcome, capsys) -> None:
    outcome += scored(hand_made.huzhong())
    assert cli.run(["score", "a.xlsx", "--format", form]) == 0
    out = capsys.readouterr().out
    assert out.startswith("\ufeff周期" if form == "csv" else "## ")


# --- Wrong usage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["scor", "a.xlsx"], "'score'"),
        (["score"], "BOOK"),
        (["score", "a.xlsx", "--formt", "json"], "--format"),
        (["score", "a.xlsx", "--format", "jsn"], "json"),
        (["score", "a.xlsx", "--period", "2025Q5"], "2025Q4"),
        (["check"], "RULES"),
        (["explain", "a.xlsx"], "UNIT"),
        (["try", "迟报每次扣1分", "迟报"], "NAME=VALUE"),
        (["try", "迟报每次扣1分", "迟报=1", "迟报=2"], "twice"),
        (["new"], "DIR"),
    ],
)
def test_wrong_usage(args: list[str], said: str, capsys) -> None:
    assert cli.run(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_help_and_version(capsys) -> None:
    assert cli.run(["--help"]) == 0
    out = capsys.readouterr().out
    for command in cli.cli.commands:
        assert f"  {command} " in out
        assert cli.run([command, "--help"]) == 0
        assert any("\u4e00" <= c <= "\u9fff" for c in capsys.readouterr().out), "each has a Chinese line"
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("gkxl ")


# --- Failures --------------------------------------------------------------------------------------------------------


@pytest.fixture
def failure(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """The exception that scoring raises."""
    raised: list[BaseException] = []

    def fail(*_: object) -> Iterator[inputs.Scored]:
        raise raised[0]

    monkeypatch.setattr(inputs, "scored", fail)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("GKXL_DEBUG", raising=False)
    return raised


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ZeroDivisionError("x\ny"), 1, "error GK699 Internal error of gkxl (ZeroDivisionError: x)."),
        (RecursionError(), 1, "GK699"),
        (OSError(28, "No space left on device", "a.xlsx"), 3, "a.xlsx: error GK694 The system reported an error: No"),
        (ModuleNotFoundError("No module named 'lxml'", name="lxml"), 3, "error GK686 lxml is not installed here"),
        (ModuleNotFoundError("No module named 'gkxl.x'", name="gkxl.x"), 1, "GK699"),
        (GkError([ERROR]), 1, "GK440"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_no_traceback_reaches_a_user(error: BaseException, code: int, said: str, failure, capsys) -> None:
    failure.append(error)
    assert cli.run(["score", "a.xlsx"]) == code
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_debugging_shows_the_traceback(failure, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    failure.append(ZeroDivisionError("x"))
    monkeypatch.setenv("GKXL_DEBUG", "1")
    assert cli.run(["score", "a.xlsx"]) == 1
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "GK699" in err


def test_codes_of_the_command_line() -> None:
    mine = [number for number in CODES if "GK690" <= number < "GK700"]
    assert mine == ["GK690", "GK691", "GK692", "GK693", "GK694", "GK695", "GK696", "GK697", "GK699"]


# --- Which files -----------------------------------------------------------------------------------------------------


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"")


def test_a_folder_gives_its_books(tmp_path: Path) -> None:
    touch(tmp_path, "b.xlsx", "a.XLSM", "a.gk", "~$b.xlsx", ".~b.xlsx", "b-scored.xlsx", "only-scored.xlsx", "c.txt")
    found, problems = inputs.files([str(tmp_path)], inputs.BOOKS)
    assert [path.name for path in found] == ["a.XLSM", "b.xlsx", "only-scored.xlsx"]
    assert problems == []


def test_a_folder_without_books_is_told(tmp_path: Path, capsys) -> None:
    assert cli.run(["score", str(tmp_path)]) == 3
    assert "GK692" in capsys.readouterr().err
    assert cli.run(["check", str(tmp_path)]) == 3
    assert "GK692" in capsys.readouterr().out


def test_the_rules_beside_a_book(tmp_path: Path) -> None:
    book = tmp_path / "a[1].xlsx"
    assert inputs.beside(book) == []
    touch(tmp_path, "a[1].z.gk", "a[1].b.gk", "a1.c.gk", "other.gk")
    assert [path.name for path in inputs.beside(book)] == ["a[1].b.gk", "a[1].z.gk"]
    touch(tmp_path, "a[1].gk")
    assert [path.name for path in inputs.beside(book)] == ["a[1].gk"]


# --- gkxl new --------------------------------------------------------------------------------------------------------


def test_new_copies_the_starter_and_overwrites_nothing(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "a" / "b"
    assert cli.run(["new", str(folder)]) == 0
    made = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"rubric.gk", "rubric.xlsx", "考评.gk", "考评.xlsx", "README.md"} <= made
    assert len(capsys.readouterr().out.splitlines()) == len(made)
    (folder / "rubric.gk").write_text("mine", encoding="utf-8")
    assert cli.run(["new", str(folder)]) == 3
    assert "GK693" in capsys.readouterr().err
    assert (folder / "rubric.gk").read_text(encoding="utf-8") == "mine"
    assert cli.run(["new", str(folder / "rubric.gk")]) == 3
    empty = tmp_path / "empty"
    empty.mkdir()
    assert cli.run(["new", str(empty)]) == 0


# --- The process -----------------------------------------------------------------------------------------------------


def test_redirected_output_is_utf8_whatever_the_locale() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-m", "gkxl", "--help"], capture_output=True, check=True, env=environment)
    assert "用句子写考评规则" in done.stdout.decode("utf-8")
