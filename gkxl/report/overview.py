"""Who has sent in a fixed form, who has not, whose form does not agree: one table, and the share that is in order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Literal

from gkxl.diagnostics import Language
from gkxl.frozen import dataclass
from gkxl.report.data import Object
from gkxl.report.layout import Column, fit, indent, table
from gkxl.report.words import word
from gkxl.values import divide, is_rounded, round_half_up, shown

State = Literal["agrees", "differs", "unchecked", "missing"]


@dataclass(frozen=True, slots=True)
class Filed:
    """What one unit sent in: `checks` were made (a check in 7 columns is 7), of which `failing` do not hold.

    `unchecked`: a cell has no number, the book cannot be read, or it isn't the only one of its unit. `path` None: nothing came.
    """

    unit: str
    path: str | None
    state: State
    checks: int = 0
    failing: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The units in the order of their list, or of their files where the rules name no list."""

    rules: str
    language: Language
    filed: tuple[Filed, ...]

    def count(self, state: State) -> int:
        return sum(one.state == state for one in self.filed)


def overview_object(overview: Overview) -> Object:
    """For the JSON of `gkxl check`: `share` exact, `percent` as it is published."""
    n, units = overview.count("agrees"), len(overview.filed)
    share = divide(Decimal(n), Decimal(units))
    found: Object = {"rules": overview.rules, "units": units, "in_order": n, "share": shown(share)}
    if is_rounded(share):
        found["rounded"] = True
    return found | {
        "percent": shown(_percent(n, units)),
        "reports": [
            {"unit": one.unit, "path": one.path, "state": one.state, "checks": one.checks, "failing": one.failing}
            for one in overview.filed
        ],
    }


def render_overview(overview: Overview, columns: int) -> str:
    """The table, and below it `47个单位中40个符合,合格率85%` with what became of the others."""
    language, units = overview.language, len(overview.filed)
    headings = [
        Column(word("unit", language)),
        Column(word("report", language)),
        Column(word("checks made", language), right=True),
        Column(word("failing", language), right=True),
        Column(word("state", language)),
    ]
    rows = [
        (
            one.unit,
            Path(one.path).name if one.path else "",
            str(one.checks) if one.checks else "",
            str(one.failing) if one.failing else "",
            word("missing form" if one.state == "missing" else one.state, language),
        )
        for one in overview.filed
    ]
    n = overview.count("agrees")
    text = word("share in order", language, units=units, in_order=n, percent=shown(_percent(n, units)))
    others: Sequence[State] = ("differs", "unchecked", "missing")
    counts = [word(f"{state} count", language, n=k) for state in others if (k := overview.count(state))]
    if counts:
        text += word("in brackets", language, text=word("comma", language).join(counts))
    return "\n".join([*table(headings, rows, fit(headings, rows, columns)), *indent(text, columns)]) + "\n"


def _percent(n: int, units: int) -> Decimal:
    """Half up to a whole per cent: 40 of 47 are 85%."""
    return round_half_up(divide(Decimal(100 * n), Decimal(units)))
