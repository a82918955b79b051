"""Rules that a formula names by the path of their file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gkxl.functions.answers import refusal
from gkxl.functions.arguments import rules_path
from gkxl.workbook.files import read_rules


def ruled(function: Callable[..., Any], rules: Any, *rest: Any) -> Any:
    """Calls a function with rules, which may be the path of a .gk file: where formula and file are of one person."""
    path = rules_path(rules)
    if path is not None:
        source, problems = read_rules(Path(path))
        if source is None:
            return refusal(problems)
        rules = source.text
    return function(rules, *rest)
