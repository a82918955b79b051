"""The pytest plugin, in a pytest of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

RULES = """考评 试
对象 单位表的单位
周期 年 2025
缺数据 报错
迟报 = 单位表 的 迟报
指标 报送
  每迟报1次扣2分。
例 一次
  已知 迟报 1
  应得 报送 -2
例 两次
  已知 迟报 2
  应得 报送 -3
"""


@pytest.fixture
def pytest_of(tmp_path):
    """Runs pytest in a folder of its own; gives its exit code and what it printed."""
    (tmp_path / "a.gk").write_text(RULES, encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "pytest", "-p", "gkxl.pytest_plugin", "-p", "no:cacheprovider", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_an_example_is_a_test(pytest_of) -> None:
    code, out = pytest_of("--gkxl", "-v")
    assert code == 1
    assert "a.gk::rules PASSED" in out
    assert "a.gk::一次 PASSED" in out
    assert "a.gk::两次 FAILED" in out
    assert "\na.gk:11:" in out
    assert "error GK695 例“两次”不符:应得 报送 -3,实得 报送 -4。" in out
    assert "迟报2次,每次扣2分,扣4分" in out
    assert "Traceback" not in out
    assert "1 failed, 2 passed" in out


def test_nothing_is_collected_unless_asked_for(pytest_of) -> None:
    assert pytest_of()[0] == pytest.ExitCode.NO_TESTS_COLLECTED


def test_by_the_ini_file(pytest_of, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ngkxl = true\n", encoding="utf-8")
    assert "1 failed, 2 passed" in pytest_of()[1]


def test_by_its_name_and_by_the_name_of_an_example(pytest_of) -> None:
    assert "1 failed, 2 passed" in pytest_of("a.gk")[1]
    assert "1 passed" in pytest_of("a.gk::一次")[1]


def test_errors_of_the_rules(pytest_of, tmp_path: Path) -> None:
    (tmp_path / "a.gk").write_text(RULES.replace("每迟报1次", "每漏报1次"), encoding="utf-8")
    code, out = pytest_of("--gkxl")
    assert code == 1
    assert "a.gk:7:" in out
    assert "a.gk::rules" in out


def test_two_examples_of_one_name(pytest_of, tmp_path: Path) -> None:
    (tmp_path / "a.gk").write_text(RULES.replace("例 两次", "例 一次").replace("-3", "-4"), encoding="utf-8")
    code, out = pytest_of("--gkxl", "-v")
    assert code == 0
    assert "a.gk::一次 (2) PASSED" in out


def test_a_file_that_cannot_be_read(pytest_of, tmp_path: Path) -> None:
    (tmp_path / "a.gk").write_bytes(b"\x00\x01\xff\xfe" * 40)
    code, out = pytest_of("--gkxl")
    assert code == pytest.ExitCode.INTERRUPTED
    assert "GK1" in out
