"""The version that is installed. Apart from the command line, whose library no spreadsheet needs."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


@cache
def version() -> str:
    try:
        return installed("gkxl")
    except PackageNotFoundError:
        return "0 (not installed)"
