"""gkxl: assessment rules as sentences, scored against workbooks. See README.md."""

from gkxl.diagnostics import Diagnostic, GkError
from gkxl.trial import Trial, try_sentence

__all__ = ["Diagnostic", "GkError", "Trial", "try_sentence"]
