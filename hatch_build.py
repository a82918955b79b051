"""Build hook: stores the parser's tables beside the grammar, and ships the folder as gkxl/grammar in the wheel."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_STORE = "from gkxl.language import grammar as g; g.compile_tables(g.FOLDER / g.TABLES)"


class GrammarTables(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # In a process of its own, so that the builder's own imports stay as they are.
        subprocess.run([sys.executable, "-c", _STORE], cwd=self.root, check=True)
        # An editable install runs from the checkout, where the grammar stands already.
        if version != "editable":
            build_data["force_include"][str(Path(self.root) / "grammar")] = "gkxl/grammar"
