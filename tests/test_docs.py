"""The documents name commands and files that exist, and every command is documented."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SUFFIXES = (".gk", ".lark", ".md", ".py", ".toml", ".xlsx")


def each_document(test):
    return pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)(test)


def gkxl(*arguments: str) -> str:
    command = [sys.executable, "-m", "gkxl", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def commands() -> set[str]:
    """The commands as `gkxl --help` lists them."""
    _, _, listed = gkxl("--help").partition("Commands")
    return set(re.findall(r"^\W{1,4}([a-z]+)\b", listed, re.MULTILINE))


def code(text: str) -> list[str]:
    """The code spans and the lines of the shell blocks of a document."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for kind, body in blocks if kind in ("sh", "console") for line in body.splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def is_path(word: str) -> bool:
    """Whether a code span names a file of the project; `BOOK.xlsx` and `DIR` stand for the user's own."""
    own = re.fullmatch(r"[./*-]*\w[\w./*-]*", word) and (word.endswith(SUFFIXES) or word.endswith("/"))
    return bool(own) and not re.match(r"\.|[A-Z]+\b(?!\.md)", word)


@each_document
def test_paths_in_code_exist(path: Path) -> None:
    named = [word for span in code(path.read_text(encoding="utf-8")) for word in span.split() if is_path(word)]
    assert [word for word in named if not any(ROOT.glob(word.rstrip("/")))] == []


@each_document
def test_links_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@each_document
def test_commands_in_code_exist(path: Path) -> None:
    named = {c for span in code(path.read_text(encoding="utf-8")) for c in re.findall(r"\bgkxl ([a-z]+)\b", span)}
    assert named <= commands()


def test_every_command_is_documented() -> None:
    documented = set(
        re.findall(r"^\| `gkxl ([a-z]+)\b", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert documented == commands()


@pytest.mark.parametrize("command", ["run", "test"])
def test_readme_has_the_command_between_its_marks(command: str) -> None:
    """.ci/run takes the tests' command from between these marks."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^<!-- {command} -->\n```sh\npython3 .*\n```\n<!-- /{command} -->$", readme, re.MULTILINE)


def test_readme_runs_the_main_job() -> None:
    line = re.search(r"<!-- run -->\n```sh\n(.*)\n", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert line
    called, *arguments = shlex.split(line.group(1).split("&&")[-1])
    assert called == ".venv/bin/gkxl"
    command = [sys.executable, "-m", "gkxl", *arguments]
    assert "原平市" in subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout


def test_architecture_fits_on_a_few_pages() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_just_recipes_in_documents_exist() -> None:
    recipes = set(re.findall(r"^([a-z-]+)[^:\n]*:", (ROOT / "justfile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in DOCS:
        for span in code(path.read_text(encoding="utf-8")):
            assert set(re.findall(r"\bjust ([a-z-]+)", span)) <= recipes, span


@each_document
def test_whole_rule_files_pass_their_own_examples(path: Path, tmp_path: Path) -> None:
    whole = re.compile(r"^```gk\n((?:考评|assessment).*?)^```", re.MULTILINE | re.DOTALL)
    blocks = whole.findall(path.read_text(encoding="utf-8"))
    for number, block in enumerate(blocks):
        file = tmp_path / f"{number}.gk"
        file.write_text(block, encoding="utf-8")
        gkxl("test", str(file))


def test_tests_are_skipped_for_the_listed_reasons_only() -> None:
    """A line that skips names the variable that would have been set."""
    listed = re.findall(r"^\| `(\w+)` is unset", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    skips = re.compile(r"\b(?:skip|skipif|importorskip|xfail)\(")
    lines = [line for path in (ROOT / "tests").rglob("*.py") for line in path.read_text(encoding="utf-8").splitlines()]
    assert listed
    assert [line for line in lines if skips.search(line) and not any(name in line for name in listed)] == []
