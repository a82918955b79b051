"""Streams: no character fails on a code page, redirected output is UTF-8, a closed pipe is no error."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gkxl.apps import console

TEXT = "单位 ─── 总分 ①🙂é\n"


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "cp437", "cp1252", "ascii"])
@pytest.mark.parametrize("stream", [io.TextIOWrapper, Terminal])
def test_output_never_fails(stream, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", stream(raw, encoding=encoding, newline="\n"))
    console.prepare()
    console.out(TEXT)
    if stream is Terminal and encoding != "utf-8":
        assert "---" in raw.getvalue().decode(encoding)
        assert console.ascii_only()
    else:
        assert raw.getvalue().decode("utf-8") == TEXT
        assert not console.ascii_only()


def test_a_chinese_console_shows_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Terminal(raw, encoding="gbk", newline="\n"))
    console.prepare()
    console.out("单位 ── 🙂\n")
    assert raw.getvalue().decode("gbk") == "单位 -- \\U0001f642\n"


def test_undecodable_names_do_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(raw, encoding="utf-8", newline="\n"))
    console.prepare()
    console.err("\udcff.gk\n")
    assert raw.getvalue() == b"\\udcff.gk\n"


def test_no_streams_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    console.prepare()
    console.out(TEXT)
    console.err(TEXT)
    assert not console.coloured(sys.stdout)
    console.Progress(1).start(Path("x"))


@pytest.mark.parametrize(
    ("variables", "colour"), [({}, True), ({"NO_COLOR": ""}, False), ({"TERM": "dumb"}, False)], ids=str
)
def test_colours_only_on_a_terminal(variables: dict[str, str], colour: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert console.coloured(Terminal(io.BytesIO())) is colour
    assert not console.coloured(io.StringIO())


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN"}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
    ],
)
def test_the_language_of_the_system(variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert console.language() == language


def test_progress_shows_only_on_a_terminal_and_long_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    large = tmp_path / "large.xlsx"
    with large.open("wb") as file:
        file.truncate(console._LARGE + 1)
    for stream, path, shown in [(Terminal, large, True), (Terminal, tmp_path, False), (io.TextIOWrapper, large, False)]:
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stderr", stream(raw, encoding="utf-8", newline="\n"))
        progress = console.Progress(2)
        progress.start(path)
        progress.clear()
        assert (b"1/2 large.xlsx" in raw.getvalue()) is shown
        assert not raw.getvalue() or raw.getvalue().endswith(b" \r"), "the bar is taken away again"


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "gkxl", "new", str(tmp_path / "new")]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
