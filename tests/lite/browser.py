"""gkxl in Pyodide under node: Python as it runs in a browser, and so in xlwings Lite."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.requirements import Requirement

from gkxl.functions.arguments import CellError

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# GKXL_PYODIDE: the folder of the npm package, where it is not beside this file.
PYODIDE = Path(os.environ.get("GKXL_PYODIDE", HERE / "node_modules" / "pyodide"))
BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten", "extra": ""}
MACHINES = (".so", ".pyd", ".dylib", ".dll")  # native code, for one kind of machine


def missing() -> str | None:
    """What to install first."""
    if not shutil.which("node"):
        return "node is needed (18 or newer; apt-get install nodejs npm)"
    if not (PYODIDE / "pyodide.mjs").exists():
        return f"Pyodide is needed: npm ci --prefix {HERE} (once; then no network is used)"
    return None


def needed(name: str) -> set[str]:
    """A package and all that it requires in a browser, as pip would find."""
    found, wanted = set(), {name}
    while wanted:
        found.add(one := wanted.pop())
        every = map(Requirement, distribution(one).requires or ())
        wanted |= {each.name for each in every if each.marker is None or each.marker.evaluate(BROWSER)} - found
    return found


def archive(name: str, into: Path) -> Path:
    """An installed package, zipped as in a wheel; gkxl itself from the checkout, or the wheel that GKXL_WHEEL names."""
    if name == "gkxl" and (wheel := os.environ.get("GKXL_WHEEL")):
        return Path(wheel)
    files = {one.as_posix(): Path(one.locate()) for one in distribution(name).files or () if ".." not in one.parts}
    if name == "gkxl":
        files |= {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "gkxl").rglob("*") if path.is_file()}
        files |= {f"gkxl/grammar/{path.name}": path for path in (ROOT / "grammar").iterdir()}
    made = into / f"{name}.zip"
    with ZipFile(made, "w") as file:
        for inside, path in files.items():
            if path.suffix not in (".pyc", ".pth", *MACHINES) and path.exists():
                file.write(path, inside)
    return made


class Browser:
    """One Pyodide, until it is closed."""

    def __init__(self, folder: Path) -> None:
        if what := missing():
            raise FileNotFoundError(what)
        packages = [archive(one, folder) for one in sorted(needed("gkxl") | {"xlwings"})]
        self._said = (folder / "said.txt").open("w+", encoding="utf-8")
        self._node = subprocess.Popen(
            ["node", HERE / "browser.mjs", PYODIDE, ROOT, *packages],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            encoding="utf-8",
        )

    def close(self) -> None:
        self._node.communicate()
        self._said.close()

    def evaluate(self, code: str) -> Any:
        """The value of a Python expression there."""
        return self._ask(code=code)

    def function(self, name: str) -> Callable[..., Any]:
        """The function of that name there, without its `gk_`."""
        return lambda *given: self.call(name, given)

    def call(self, name: str, given: Sequence[object]) -> Any:
        """What a function gives a cell (a number is a float), for arguments as `sheets_as_arguments` makes them."""
        return self.call_written(name, json.dumps(given, default=office_js))

    def call_written(self, name: str, given: str) -> Any:
        """The same for a list of arguments in JavaScript's own notation."""
        return self._ask(name=name, given=given)

    def run(self, *command: str) -> tuple[int, str, str]:
        """Exit code, output and errors of `gkxl` with these arguments; the checkout is there, at its own path."""
        code, out, err = self._ask(command=command)
        return int(code), out, err

    def _ask(self, **asked: object) -> Any:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps(asked) + "\n")
        self._node.stdin.flush()
        said = json.loads(self._node.stdout.readline() or '{"error": "node has ended"}', parse_int=float)
        if "error" in said:
            self._said.seek(0)
            raise AssertionError(f"{said['error']}\n{self._said.read()[-3000:]}")
        return said.get("answer")  # None: undefined


def office_js(value: object) -> object:
    """An error cell as Office.js hands it over (an Excel.ErrorCellValue)."""
    assert isinstance(value, CellError)
    return {"type": "Error", "basicType": "Error", "basicValue": value.text}
