"""`gkxl fmt` on files: what it writes, what it leaves alone, what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gkxl.apps.cli import run

UGLY = "周期  季度\n对象 单位表的单位\n缺数据 报错\n迟报 = 迟报表 的记录 #数\n指标 报送\n迟报每次扣 2分. 迟报超过3次,扣1分。\n"
TIDY = (
    "周期 季度\n对象 单位表的单位\n缺数据 报错\n迟报 = 迟报表 的记录  #数\n"
    "指标 报送\n  迟报每次扣 2分。\n  迟报超过3次，扣1分。\n"
)
ENGLISH = (
    'period quarter\nunits "单位" in "单位表"\nmissing data is an error\n"迟报" = rows of "迟报表"  #数\n'
    'indicator "报送"\n  each "迟报" costs 2 points.\n  more than 3 "迟报" costs 1 point.\n'
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "迟报.gk"
    path.write_bytes(UGLY.encode())
    return path


def test_the_file_is_written_and_named(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", str(rules)]) == 0
    assert rules.read_bytes() == TIDY.encode()
    assert capsys.readouterr().out == f"{rules}\n"
    before = rules.stat()
    assert run(["fmt", str(rules), "--check"]) == run(["fmt", str(rules)]) == 0
    assert capsys.readouterr().out == ""
    assert rules.stat().st_mtime_ns == before.st_mtime_ns
    assert list(rules.parent.iterdir()) == [rules]  # nothing is left beside it


def test_check_shows_the_difference_and_writes_nothing(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", "--check", str(rules)]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith(f"--- {rules}\n")
    assert "-周期  季度\n" in shown
    assert "+  迟报超过3次，扣1分。\n" in shown
    assert rules.read_bytes() == UGLY.encode()


def test_wording_of_the_other_language(rules: Path) -> None:
    assert run(["fmt", "--lang", "en", str(rules)]) == 0
    assert rules.read_text(encoding="utf-8") == ENGLISH
    assert run(["fmt", "--lang", "en", "--check", str(rules)]) == 0


def test_a_file_with_errors_is_left_alone_and_the_others_are_not(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = rules.with_name("wrong.gk")
    wrong.write_bytes((UGLY + "迟报酌情扣分\n").encode())
    assert run(["fmt", str(rules.parent)]) == 1
    told = capsys.readouterr()
    assert wrong.read_bytes() == (UGLY + "迟报酌情扣分\n").encode()
    assert rules.read_bytes() == TIDY.encode()
    assert told.out == f"{rules}\n"
    assert "GK204" in told.err


def test_bom_and_line_ends_stay(rules: Path) -> None:
    rules.write_bytes(b"\xef\xbb\xbf" + UGLY.replace("\n", "\r\n").encode())
    assert run(["fmt", str(rules)]) == 0
    assert rules.read_bytes() == b"\xef\xbb\xbf" + TIDY.replace("\n", "\r\n").encode()


def test_lone_returns_end_lines(rules: Path) -> None:
    rules.write_bytes(UGLY.replace("\n", "\r").encode())
    assert run(["fmt", str(rules)]) == 0
    assert rules.read_bytes() == TIDY.encode()


def test_a_link_stays_a_link(rules: Path) -> None:
    link = rules.with_name("link.gk")
    link.symlink_to(rules.name)
    rules.chmod(0o640)
    assert run(["fmt", str(link)]) == 0
    assert link.is_symlink()
    assert rules.read_bytes() == TIDY.encode()
    assert rules.stat().st_mode & 0o777 == 0o640


def test_a_read_only_file_is_not_written(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules.chmod(0o444)
    assert run(["fmt", str(rules)]) == 3
    assert rules.read_bytes() == UGLY.encode()
    assert str(rules) in capsys.readouterr().err
    assert run(["fmt", str(rules), "--check"]) == 1


def test_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", str(tmp_path / "none.gk")]) == 3
    (tmp_path / "gbk.gk").write_bytes(UGLY.encode("gbk"))
    assert run(["fmt", str(tmp_path / "gbk.gk")]) == 3
    assert "GK101" in (told := capsys.readouterr().err)
    assert "GK103" in told


def test_standard_input_goes_to_standard_output() -> None:
    command = [sys.executable, "-m", "gkxl", "fmt", "-"]
    done = subprocess.run(command, input=UGLY.encode(), capture_output=True, check=True)
    assert done.stdout == TIDY.encode()
    done = subprocess.run([*command, "--check"], input=TIDY.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")
    done = subprocess.run(command, input=b"\xff\xfe", capture_output=True, check=False)
    assert done.returncode == 3


def test_the_bundled_files_are_formatted() -> None:
    root = Path(__file__).resolve().parents[2]
    folders = [root / "gkxl" / "starter", root / "workbooks", root / "workbooks" / "variants"]
    assert run(["fmt", "--check", *map(str, folders)]) == 0
