"""`gkxl new`: the starter rubric, its workbook and its CI file, copied out of the package."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from gkxl import diagnostics as d
from gkxl.apps import console
from gkxl.diagnostics import Diagnostic, FilePlace


def copy_starter(folder: Path) -> list[Path] | Diagnostic:
    """The files made in `folder`, which must be new or empty, or why there are none."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        return Diagnostic(d.FOLDER_NOT_EMPTY, FilePlace(str(folder)), console.language())
    return list(_copy(files("gkxl") / "starter", folder))


def _copy(source: Traversable, target: Path) -> Iterator[Path]:
    target.mkdir(parents=True, exist_ok=True)
    for one in sorted(source.iterdir(), key=lambda entry: entry.name):
        path = target / one.name
        if one.is_dir():
            yield from _copy(one, path)
        else:
            with path.open("xb") as file:  # never over a file that came in between
                file.write(one.read_bytes())
            yield path
