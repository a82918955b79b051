"""`gkxl fmt`: rule files, read, laid out anew and written back, or shown as differences."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

from gkxl.apps import console, inputs
from gkxl.apps.common import FINE, FOUND, UNREADABLE, tell
from gkxl.diagnostics import Language, has_errors
from gkxl.language.formatter import formatted
from gkxl.language.source import LARGEST, decode
from gkxl.workbook.files import write_rules

_STREAM = "-"  # standard input, to standard output
_RETURN = "\r"


def format_files(given: Sequence[str], check: bool, language: Language | None) -> int:
    """Formats the files named, and names those that changed; returns the exit code. `check`: writes nothing."""
    paths, problems = inputs.files([one for one in given if one != _STREAM], inputs.RULES)
    tell(problems)
    code = UNREADABLE if problems else FINE
    if _STREAM in given:
        code = max(code, _one(None, check, language))
    for path in paths:
        code = max(code, _one(path, check, language))
    return code


def _one(path: Path | None, check: bool, language: Language | None) -> int:
    """`path` None: standard input."""
    one = inputs.read(path) if path else _streamed()
    if one.loaded is None or has_errors(one.diagnostics):
        tell(one.diagnostics, one.path)
        return UNREADABLE if one.loaded is None else FOUND
    old = one.loaded.source.text
    ends = "\r\n" if old.count("\r\n") * 2 > old.count("\n") else "\n"
    new = re.sub(r"\r*\n", ends, formatted(one.loaded.source, one.loaded.file, language))
    if check:
        console.out("".join(_difference(one.path, old, new)))
        return FINE if old == new else FOUND
    if path is None:
        console.out(new)
    elif old != new:
        problems = write_rules(one.loaded.source, new, one.language)
        tell(problems)
        if has_errors(problems):
            return UNREADABLE
        console.out(f"{path}\n")
    return FINE


def _streamed() -> inputs.RuleFile:
    source, problems = decode(sys.stdin.buffer.read(LARGEST + 1), _STREAM, console.language())
    return inputs.rules_of(source, problems) if source else inputs.RuleFile(_STREAM, None, tuple(problems))


def _difference(path: str, old: str, new: str) -> Iterator[str]:
    for line in unified_diff(old.split("\n"), new.split("\n"), path, f"{path} (gkxl fmt)", lineterm=""):
        yield f"{line.rstrip(_RETURN)}\n"
