"""Expected outputs in `expected/`, one file each. `GKXL_GOLDEN=write pytest tests/report` writes them anew, to be read."""

import os
from pathlib import Path

FOLDER = Path(__file__).with_name("expected")


def check(name: str, text: str) -> None:
    path = FOLDER / name
    if os.environ.get("GKXL_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")
