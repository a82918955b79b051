"""The commands that show what changed: between two rule files or two workbooks, and in a workbook for git."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gkxl.apps.options import PERIOD

if TYPE_CHECKING:
    from gkxl.periods import Period


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("other", type=click.Path(path_type=Path))
@PERIOD
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="How the moves are written.  输出格式",
)
@click.pass_context
def compare(ctx: click.Context, old: Path, new: Path, other: Path, period: Period | None, form: str) -> None:
    """Whose points, totals, places and grades move, and by which sentence. Changes no file.

    对比:谁的得分、总分、名次、等次变了,因为哪一句。

    OLD and NEW are two rule files and OTHER a workbook, or OLD and NEW are two workbooks and OTHER the rule file.
    """
    from gkxl.apps.comparing import compare_files

    ctx.exit(compare_files(old, new, other, period, form))


@click.command()
@click.argument("book", type=click.Path(path_type=Path))
@click.pass_context
def textconv(ctx: click.Context, book: Path) -> None:
    """Print a workbook as text, a line for each row, so that git can show what changed in it.

    把工作簿打印成文本,每行一行,供 git diff 显示改动。

    gkxl's own result sheets are left out: they follow from the rest.

    \b
      echo '*.xlsx diff=gkxl' >> .gitattributes
      git config diff.gkxl.textconv 'gkxl textconv'
    """
    from gkxl.apps.textconv import print_book

    ctx.exit(print_book(book))
