"""Options that several commands have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gkxl.periods import Period


class PeriodType(click.ParamType["Period"]):
    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        from gkxl.periods import parse_period

        period = parse_period(str(value))
        if period is None:
            self.fail(f"{value!r} names no period; write 2025, 2025Q4, 2025H2 or 2025-10 (2025年四季度).", param, ctx)
        return period


RULES = click.option(
    "--rules", "-r", multiple=True, metavar="FILE.gk", help="The rule file; may be given several times.  规则文件"
)
PERIOD = click.option(
    "--period",
    "-p",
    type=PeriodType(),
    metavar="PERIOD",
    help="2025Q4, 2025-10, 2025 … (default: the latest with data).  周期",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif", "junit"]),
    default="text",
    help="How the findings are written.  输出格式",
)
