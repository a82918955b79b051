"""No file names a place that only one machine has: home folders, workplaces, package hosts."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {"__pycache__", "node_modules", "dist", "build"}

# Written in pieces, so that this file passes its own test.
PLACES = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"work/",
            r"(?<![\w.])/" + r"(?:root|home|Users)/\w",
            r"[A-Z]:\\" + r"Users\\",
            r"\.\./" + r"shared",
            r"(?:https?://|\b)[\w.-]*" + r"(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|debian\.org)",
            r"(?:index|registry|proxy)" + r"[-_]?(?:url|host)\s*=",
            r"\b(?:localhost|127\.0\.0\.1):\d+",
        ]
    )
)
ALLOWED = {".ci/run": "../" + "shared"}


def is_ours(folder: Path) -> bool:
    made = folder.name in NOT_OURS or (folder / "pyvenv.cfg").exists()
    return folder.name == ".ci" or not (made or folder.name.startswith("."))


def ours(folder: Path) -> Iterator[Path]:
    """The files of the project, with or without git: what tools and environments make is left out."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            if path.name != ".git":  # where a worktree says whose it is
                yield path
        elif is_ours(path):
            yield from ours(path)


def test_no_file_names_a_place_of_one_machine() -> None:
    found = []
    for path in ours(ROOT):
        name = path.relative_to(ROOT).as_posix()
        lines = path.read_bytes().decode("utf-8", errors="ignore").splitlines()
        places = [(number, match.group()) for number, line in enumerate(lines, 1) for match in PLACES.finditer(line)]
        found += [f"{name}:{number}: {place}" for number, place in places if place != ALLOWED.get(name)]
    assert found == []
