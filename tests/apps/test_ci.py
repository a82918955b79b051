"""What gkxl gives to CI, each held against its schema: SARIF, JUnit, GitHub annotations, the workflow and the hooks."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from lxml import etree

from gkxl.apps import cli

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "tests" / "schemas"
STARTER = ROOT / "gkxl" / "starter"
WORKFLOW = STARTER / ".github" / "workflows" / "gkxl.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
# https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions: ::COMMAND NAME=VALUE,…::MESSAGE
ANNOTATION = re.compile(r"::(error|warning|notice) (\w+=[^,:]*)(,\w+=[^,:]*)*::[^\r\n]+")
BAD = """考评 试
对象 单位表的单位
周期 年 2025
缺数据 报错
迟报 = 单位表 的 迟报
没人用 = 单位表 的 别的
指标 报送
  每迟报1次扣2分。
  每漏报1次扣2分,最多扣3分<&"',:%。
"""
FAILING = BAD[: BAD.index("没人用")] + "指标 报送\n  每迟报1次扣2分。\n例 两次\n  已知 迟报 2\n  应得 报送 -3\n"
FOUND = {"bad": BAD, "failing": FAILING, "sound": FAILING.replace("-3", "-4")}


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    cli.run([str(argument) for argument in arguments])
    return capsys.readouterr().out


@pytest.fixture(
    params=[("check", "bad"), ("check", "sound"), ("test", "failing"), ("test", "sound"), ("check", "book")],
    ids=" ".join,
)
def findings(request, tmp_path, capsys) -> object:
    """Writes the findings of a command in a form."""
    command, what = request.param
    rules = tmp_path / "规则 a.gk"
    rules.write_text(FOUND.get(what, FAILING), encoding="utf-8")
    more = ["--book", ROOT / "workbooks" / "huzhong-2025.xlsx"] if what == "book" else []
    return lambda form: printed(capsys, command, rules, *more, "--format", form)


def test_sarif_is_sarif(findings) -> None:
    """OASIS, Static Analysis Results Interchange Format 2.1.0."""
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(json.loads(findings("sarif")))


def test_junit_is_junit(findings) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    schema.assertValid(etree.fromstring(findings("junit").encode()))


def test_annotations_are_workflow_commands(findings) -> None:
    for line in findings("github").splitlines():
        assert ANNOTATION.fullmatch(line), line


@pytest.fixture
def stale(tmp_path, capsys) -> object:
    """Writes what `recalc --check` finds in a form, of results that were stored before the rules changed."""
    for name in ("rubric.gk", "rubric.xlsx"):
        shutil.copy(STARTER / name, tmp_path)
    book, rules = tmp_path / "rubric.xlsx", tmp_path / "rubric.gk"
    assert cli.run(["recalc", "--in-place", str(book)]) == 0
    capsys.readouterr()
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("report earns 10", "report earns 5"), encoding="utf-8")

    def run(form: str) -> str:
        assert cli.run(["recalc", "--check", "--format", form, str(book)]) == 1
        return capsys.readouterr().out

    return run


def test_stale_results_in_every_form(stale) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    sarif = json.loads(stale("sarif"))
    jsonschema.Draft7Validator(schema).validate(sarif)
    assert {one["ruleId"] for one in sarif["runs"][0]["results"]} >= {"GK664", "GK666", "GK669"}
    etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd")).assertValid(etree.fromstring(stale("junit").encode()))
    lines = stale("github").splitlines()
    assert all(ANNOTATION.fullmatch(line) for line in lines)
    assert any("GK666" in line for line in lines)
    assert json.loads(stale("json"))["schema"] == "gkxl.recalc/1"


def test_a_format_is_for_checks_alone(capsys) -> None:
    assert cli.run(["recalc", "--format", "json", "a.xlsx"]) == 2
    assert "--check" in capsys.readouterr().err


def test_the_schemas_refuse_what_is_wrong() -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert not jsonschema.Draft7Validator(schema).is_valid({"version": "2.1.0", "runs": [{"results": []}]})
    xsd = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    assert not xsd.validate(etree.fromstring('<testsuite name="a"/>'))


def workflow() -> dict[str, object]:
    return yaml.load(WORKFLOW.read_text(encoding="utf-8"), yaml.BaseLoader)


def test_the_workflow_is_one() -> None:
    schema = json.loads((SCHEMAS / "github-workflow.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(workflow())


@pytest.fixture
def office(tmp_path) -> tuple[Path, dict[str, str]]:
    """The starter in a repository whose branch main is its own origin, and the environment of a runner."""
    shutil.copytree(STARTER, tmp_path / "office")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "gkxl"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gkxl "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GITHUB_BASE_REF": "main",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "RUNNER_TEMP": str(tmp_path),
        **{f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    script = 'git init -q -b main && git add . && git commit -q -m one && git remote add origin "$PWD"'
    subprocess.run(["bash", "-ec", script], cwd=tmp_path / "office", env=environment, check=True)
    return tmp_path / "office", environment


def steps(office: tuple[Path, dict[str, str]]) -> dict[str, int]:
    """The exit code of each step of the workflow that runs gkxl, by its name; as a runner runs it (bash -e)."""
    folder, environment = office
    found = {}
    for step in workflow()["jobs"]["rules"]["steps"]:
        if "name" in step:
            done = subprocess.run(
                ["bash", "-e", "-c", step["run"]], cwd=folder, env=environment, capture_output=True, check=False
            )
            found[step["name"]] = done.returncode
    return found


def test_the_workflow_runs(office) -> None:
    folder, environment = office
    program = Path(environment["RUNNER_TEMP"]) / "bin" / "gkxl"
    subprocess.run([program, "recalc", "rubric.xlsx"], cwd=folder, env=environment, check=True, capture_output=True)
    assert set(steps(office).values()) == {0}
    xsd = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    assert xsd.validate(etree.parse(folder / "gkxl-junit.xml"))
    assert "Nothing moves" in Path(environment["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")


def test_the_workflow_tells_of_a_change_of_the_rules(office) -> None:
    """A report earns 5 instead of 10: the example at the cap still holds, two others do not; stored results are stale."""
    folder, environment = office
    program = Path(environment["RUNNER_TEMP"]) / "bin" / "gkxl"
    subprocess.run([program, "recalc", "rubric.xlsx"], cwd=folder, env=environment, check=True, capture_output=True)
    rules = folder / "rubric.gk"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("each report earns 10", "each report earns 5"), encoding="utf-8"
    )
    found = steps(office)
    assert [name for name, code in found.items() if code] == ["their examples", "the stored results", "a report"]
    summary = Path(environment["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")
    assert "each report earns 10 points." in summary
    assert "each report earns 5 points." in summary


def test_pre_commit_accepts_the_hooks() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_hooks_pass_on_sound_rules_and_fail_on_others(office) -> None:
    folder, environment = office
    shutil.rmtree(folder / ".git")
    for name in ("考评.gk", "考评.xlsx"):
        (folder / name).unlink()
    program = Path(environment["RUNNER_TEMP"]) / "bin" / "gkxl"
    subprocess.run([program, "recalc", "rubric.xlsx"], cwd=folder, env=environment, check=True, capture_output=True)

    def codes() -> list[int]:
        found = []
        for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8")):
            files = ["rubric.gk"] if hook.get("pass_filenames", True) else []
            command = [program, *hook["entry"].split()[1:], *hook.get("args", []), *files]
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
            found.append(done.returncode)
        return found

    assert codes() == [0, 0, 0, 0]
    rules = folder / "rubric.gk"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("each report earns 10", "each   report earns 5"), encoding="utf-8")
    assert codes() == [0, 1, 1, 1]
    rules.write_text(text.replace("each report", "each rapport"), encoding="utf-8")
    assert codes() == [1, 1, 1, 1]
