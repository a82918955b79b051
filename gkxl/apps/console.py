"""The terminal: streams that never fail on a character, widths, colours, progress on long work."""

from __future__ import annotations

import errno
import io
import os
import sys
from locale import getlocale
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gkxl.diagnostics import Language


_WIDE = 100  # columns where there is no terminal to ask
_PATIENCE = 1  # seconds before progress shows
_LARGE = 3 << 20  # bytes of a workbook that is announced at once


def prepare() -> None:
    """No output fails on a console's code page; what is redirected is UTF-8, with the same bytes everywhere."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def out(text: str) -> None:
    _write(text, sys.stdout)


def err(text: str) -> None:
    _write(text, sys.stderr)


def _write(text: str, stream: IO[str] | None) -> None:
    if stream is None:  # as under pythonw
        return
    if not _is_utf8(stream):
        text = text.replace("─", "-")  # which an East Asian code page shows two columns wide
    try:
        click.echo(text, file=stream, nl=False)
        stream.flush()
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.EINVAL):  # EINVAL: a closed pipe on Windows
            raise
        # The reader wants no more (`| head`): nothing more is written, and the exit code is what it would have been.
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())


def _is_utf8(stream: IO[str]) -> bool:
    return str(getattr(stream, "encoding", "")).lower().replace("-", "") == "utf8"


def ascii_only() -> bool:
    """Whether standard output may not hold every character."""
    return sys.stdout is not None and not _is_utf8(sys.stdout)


def columns() -> int:
    """How wide the terminal is; the variable COLUMNS overrules it."""
    from shutil import get_terminal_size  # it brings the archive formats along

    return get_terminal_size((_WIDE, 24)).columns


def coloured(stream: IO[str] | None) -> bool:
    if stream is None or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def language() -> Language:
    """Of messages that no rules decide: English where the system is English, else Chinese."""
    system = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None) or getlocale()[0] or ""
    return "en" if system.lower().startswith("en") else "zh"


class Progress:
    """A bar over files on a terminal's standard error, shown only when the work is long."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._started, self._shown = total, 0, monotonic(), 0
        self._terminal = sys.stderr is not None and sys.stderr.isatty()

    def start(self, path: Path) -> None:
        """Work on `path` begins."""
        if self._terminal and (monotonic() - self._started > _PATIENCE or _size(path) > _LARGE):
            filled = 20 * self._done // self._total
            line = f"[{'#' * filled}{'.' * (20 - filled)}] {self._done + 1}/{self._total} {path.name}"
            err(f"{line}\r")
            self._shown = 2 * len(line)  # columns at most
        self._done += 1

    def clear(self) -> None:
        """Takes the bar away, so that other lines can be written."""
        if self._shown:
            err(f"{' ' * min(self._shown, columns() - 1)}\r")
            self._shown = 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
