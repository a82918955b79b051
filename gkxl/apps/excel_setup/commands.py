"""`gkxl excel`: what brings the functions and the button into Excel, and what stands in their way."""

from __future__ import annotations

from pathlib import Path

import click

from gkxl.apps.options import FORMAT


@click.group()
def excel() -> None:
    """Set up Excel: a workbook or an add-in with a button that recalculates; what is wrong with the set-up.

    设置 Excel:带“用 gkxl 重算”按钮的工作簿或加载项,检查哪一步不对。
    """


@excel.command()
@click.argument("book", type=click.Path(path_type=Path), metavar="BOOK.xlsm|NAME.xlam")
@click.pass_context
def new(ctx: click.Context, book: Path) -> None:
    """Make a workbook with the button (.xlsm), or an add-in with it for all workbooks (.xlam), and what it needs beside it.

    新建带按钮的工作簿(.xlsm),或对所有打开的工作簿都管用的加载项(.xlam),连同旁边要有的文件。

    Nothing that exists is replaced.
    """
    from gkxl.apps.excel_setup.new import new_book

    ctx.exit(new_book(book))


@excel.command()
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), metavar="FILE.bas", help="Write into this.  写入此文件"
)
@click.pass_context
def vba(ctx: click.Context, output: Path | None) -> None:
    """The VBA text of the functions and the macro, for import by hand (Alt+F11, File, Import File).

    函数和宏的 VBA 文本,可在 VBA 编辑器里用“文件 > 导入文件”手工导入。

    It needs xlwings' own VBA: a book of `gkxl excel new`, or a reference to the xlwings add-in.
    """
    from gkxl.apps.excel_setup.new import write_vba

    ctx.exit(write_vba(output))


@excel.command()
@click.argument("book", type=click.Path(path_type=Path), metavar="[BOOK.xlsm]", required=False)
@FORMAT
@click.pass_context
def doctor(ctx: click.Context, book: Path | None, form: str) -> None:
    """Check each step of the set-up, and say what to do: Python, Excel, its settings, and BOOK.

    检查设置的每一步,说明该怎么办:Python、Excel、它的设置,以及这个工作簿。
    """
    from gkxl.apps.excel_setup.doctor import examine

    ctx.exit(examine(book, form))
