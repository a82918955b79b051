"""gkxl: assessment rules as sentences, scored against workbooks. See README.md."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gkxl.diagnostics import Diagnostic, GkError
    from gkxl.flow import Rules, score
    from gkxl.run.results import Award, Results
    from gkxl.trial import try_sentence
    from gkxl.workbook.files import Book, load

__all__ = ["Award", "Book", "Diagnostic", "GkError", "Results", "Rules", "load", "score", "try_sentence"]
__version__ = "0.1.0"

# Each name is imported when it is first asked for, so that a command pays only for what it uses.
_HOMES = {
    "Award": "gkxl.run.results",
    "Book": "gkxl.workbook.files",
    "Diagnostic": "gkxl.diagnostics",
    "GkError": "gkxl.diagnostics",
    "Results": "gkxl.run.results",
    "Rules": "gkxl.flow",
    "load": "gkxl.workbook.files",
    "score": "gkxl.flow",
    "try_sentence": "gkxl.trial",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'gkxl' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
