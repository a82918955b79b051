"""`gkxl try`: one sentence with values on the spot."""

from __future__ import annotations

from collections.abc import Sequence

import click

from gkxl.apps import console
from gkxl.apps.common import FINE, FOUND, tell
from gkxl.diagnostics import GkError
from gkxl.report.data import diagnostic_object, dumps, tried_object
from gkxl.trial import try_sentence
from gkxl.values import shown


def tried(ctx: click.Context, sentence: str, values: Sequence[str], as_json: bool) -> int:
    """Prints the points and why; returns the exit code."""
    given: dict[str, object] = {}
    for pair in values:
        name, equals, value = pair.replace("＝", "=", 1).partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{pair!r} is not NAME=VALUE, as in 迟报=2.", ctx, param_hint="NAME=VALUE")
        if name.strip() in given:
            raise click.BadParameter(f"{name.strip()!r} is given twice.", ctx, param_hint="NAME=VALUE")
        given[name.strip()] = value.strip()
    try:
        award = try_sentence(sentence, given)
    except GkError as error:
        if as_json:
            found = [diagnostic_object(diagnostic) for diagnostic in error.diagnostics]
            console.out(dumps({"points": None, "because": None, "diagnostics": found}, console.ascii_only()))
        else:
            tell(error.diagnostics)
        return FOUND
    if as_json:
        console.out(dumps(tried_object(award.points, award.because), console.ascii_only()))
    else:
        console.out(f"{shown(award.points)}\n{award.because}\n")
    return FINE
