"""LibreOffice with the add-in, in a profile of its own: books converted, and a person at the keyboard stood in for.

unopkg refuses root, so for root all of it runs as another user, who has to be able to read this checkout and its Python.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
SYSTEM = "/usr/bin/python3"  # LibreOffice's too
NOBODY = 65534
SECONDS = 120  # for each of the steps, the slowest of which takes 5
AS_USER = (
    ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []
)  # of util-linux
MISSING = "LibreOffice with Python is needed: apt-get install libreoffice-calc-nogui python3-uno"


@dataclass(frozen=True)
class Lab:
    """`folder` is the home of the user whose profile LibreOffice makes."""

    folder: Path

    def run(self, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*AS_USER, *map(str, command)],
            env=self.environment | more,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
        )

    @property
    def environment(self) -> dict[str, str]:
        return {"HOME": str(self.folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

    def gkxl(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """By the system's Python: that of this process may be root's alone."""
        return self.run(
            SYSTEM,
            "-m",
            "gkxl",
            *arguments,
            PYTHONPATH=f"{ROOT}:{Path(click.__file__).parents[1]}",
            PYTHONDONTWRITEBYTECODE="1",
            LC_ALL="en_US.UTF-8",
        )

    def convert(self, books: Iterable[Path], kind: str, into: str) -> dict[str, Path]:
        """Books by name as LibreOffice saves them, all formulas worked out."""
        books = list(books)
        done = self.run(
            soffice(), "--headless", "--norestore", "--convert-to", kind, "--outdir", self.folder / into, *books
        )
        made = {book.stem: self.folder / into / f"{book.stem}.{kind}" for book in books}
        assert all(path.exists() for path in made.values()), done.stdout + done.stderr
        return made

    def asked(self, script: Path, *arguments: str | Path) -> dict:
        """What a script that drives a running LibreOffice prints."""
        copied = shutil.copy(script, self.folder)
        pipe = f"gkxl{os.getpid()}"
        office = subprocess.Popen(
            [*AS_USER, soffice(), "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            done = self.run(SYSTEM, copied, pipe, *arguments)
            assert done.returncode == 0, done.stderr
            office.wait(SECONDS)
        finally:
            if office.poll() is None:
                os.killpg(office.pid, signal.SIGKILL)
                office.wait()
        return json.loads(done.stdout)


def soffice() -> str:
    found = shutil.which("soffice")
    assert found, MISSING
    return found
