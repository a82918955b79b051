"""What runs inside Pyodide; the last expression is what browser.mjs calls."""

import importlib.util
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace

from pyodide.ffi import to_js

import gkxl
from gkxl.apps import cli, excel


def evaluate(code):
    return to_js(eval(code, {"gkxl": gkxl, "importlib": importlib, "sys": sys}))


def converted(value):
    """An argument through xlwings' own pipeline; what else would be in the context, it does not look at without a range."""
    context = SimpleNamespace(range=None, value=value)
    excel.Cells.reader({})(context)
    return context.value


def call(name, given):
    """As an add-in calls: JavaScript's values become Python's, each argument goes through its converter."""
    return to_js(getattr(excel, f"gk_{name}")(*map(converted, given.to_py())))


def run(command):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.run(command.to_py())
    return to_js([code, *(stream.buffer.getvalue().decode() for stream in (out, err))])


SimpleNamespace(evaluate=evaluate, call=call, run=run)
