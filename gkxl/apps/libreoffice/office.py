"""LibreOffice on this machine: where it is, what Python it runs, and its extension manager, unopkg."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which

_PATIENCE = 300  # seconds for a start of LibreOffice, the first of which makes a profile
_SYSTEM = "/usr/bin/python3"  # which the packages of Linux distributions bring LibreOffice's bridge into


@dataclass(frozen=True, slots=True)
class Done:
    """What a program of LibreOffice said, and whether it went well."""

    well: bool
    said: str


@dataclass(frozen=True, slots=True)
class Office:
    """LibreOffice whose programs are in `folder`."""

    folder: Path

    def version(self) -> str:
        """As `LibreOffice 7.4.7.2`; empty where it does not say."""
        found = re.search(r"LibreOffice[^ ]* \d[\d.]*", self._run("soffice", "--version").said)
        return found[0] if found else ""

    def python(self) -> tuple[int, int] | None:
        """The version of the Python that runs add-ins; None where there is none."""
        own = [*self.folder.glob("python-core-*"), *self._frameworks().glob("3.*")]
        numbers = (re.search(r"(\d+)\.(\d+)", folder.name) for folder in own)
        versions = [(int(found[1]), int(found[2])) for found in numbers if found]
        return max(versions) if versions else self._system_python()

    def _frameworks(self) -> Path:
        return self.folder.parent / "Frameworks" / "LibreOfficePython.framework" / "Versions"

    def _system_python(self) -> tuple[int, int] | None:
        if not (self.folder / "pythonloader.py").exists():
            return None
        said = _run([_SYSTEM, "-c", "import sys, uno; print(*sys.version_info[:2])"])
        numbers = said.said.split()
        return (int(numbers[0]), int(numbers[1])) if said.well and len(numbers) == 2 else None

    def add(self, extension: Path) -> Done:
        """Installs an extension, for this user, instead of the one of its name that is there."""
        return self._run("unopkg", "add", "--force", "--suppress-license", str(extension))

    def remove(self, identifier: str) -> Done:
        return self._run("unopkg", "remove", identifier)

    def installed(self, identifier: str) -> str | None:
        """The version of an extension; None if it is not installed for this user."""
        said = self._run("unopkg", "list", identifier)
        version = re.search(r"^  Version: (.*)$", said.said, re.MULTILINE)
        return version[1].strip() if said.well and version else None

    def convert(self, book: Path, kind: str) -> Done:
        """Opens a workbook and saves it beside itself as another kind of file."""
        return self._run(
            "soffice", "--headless", "--norestore", "--convert-to", kind, "--outdir", str(book.parent), str(book)
        )

    def _run(self, program: str, *arguments: str) -> Done:
        return _run([str(self.folder / _console(program)), *arguments])


def refuses_root() -> bool:
    """unopkg installs nothing for root, whose profile nobody works with."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def find_office() -> Office | None:
    """The one on the PATH, else one where it is usually installed, the newest."""
    return next((Office(folder) for folder in _folders() if _is_office(folder)), None)


def _is_office(folder: Path) -> bool:
    """Whether the programs themselves are there, no scripts that call them: what lies beside them is asked for too."""
    there = (folder / _console("unopkg")).exists()
    return there and (sys.platform == "darwin" or (folder / "soffice.bin").exists())


def _folders() -> Iterator[Path]:
    for program in ("soffice", "libreoffice"):
        if found := which(program):
            yield Path(found).resolve().parent
    if sys.platform == "win32":
        for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if base := os.environ.get(name):
                yield from _newest(Path(base).glob("LibreOffice*/program"))
    elif sys.platform == "darwin":
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            yield from _newest(folder.glob("LibreOffice*.app/Contents/MacOS"))
    else:
        for pattern in ("usr/lib", "usr/lib64", "usr/local/lib", "opt"):
            yield from _newest(Path("/").glob(f"{pattern}/libreoffice*/program"))


def _newest(folders: Iterable[Path]) -> list[Path]:
    """The highest numbers first: libreoffice25.8 before libreoffice7.6."""
    return sorted(folders, key=lambda folder: [int(number) for number in re.findall(r"\d+", str(folder))], reverse=True)


def _console(program: str) -> str:
    """On Windows the .com programs wait for their end and say something."""
    return f"{program}.com" if sys.platform == "win32" else program


def _run(command: list[str]) -> Done:
    # What this Python is told of its own paths must not reach that of LibreOffice.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        done = subprocess.run(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=kept,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except OSError as error:
        return Done(False, str(error))
    except subprocess.TimeoutExpired:
        return Done(False, f"no answer in {_PATIENCE} s")
    return Done(done.returncode == 0, done.stdout)
