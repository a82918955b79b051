"""`gkxl calc`: the functions in LibreOffice Calc, installed, taken away, built as a file, and looked after."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def calc() -> None:
    """Bring the functions GK.POINTS, GK.TABLE … into LibreOffice Calc.

    在 LibreOffice Calc 里使用函数 GK.POINTS、GK.TABLE 等。
    """


@calc.command()
@click.pass_context
def install(ctx: click.Context) -> None:
    """Install the add-in for you, or put this version in the place of an older one.

    为当前用户安装插件;已经装过的换成这一版。
    """
    from gkxl.apps.libreoffice.install import install as installed

    ctx.exit(installed())


@calc.command()
@click.pass_context
def uninstall(ctx: click.Context) -> None:
    """Take the add-in out of LibreOffice.

    从 LibreOffice 里去掉插件。
    """
    from gkxl.apps.libreoffice.install import uninstall as uninstalled

    ctx.exit(uninstalled())


@calc.command()
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("gkxl.oxt"),
    metavar="FILE.oxt",
    help="Write into this (default: gkxl.oxt).  写入此文件",
)
@click.pass_context
def build(ctx: click.Context, output: Path) -> None:
    """Write the add-in as a file, to be installed elsewhere: in LibreOffice, Tools, Extensions (Extension Manager), Add.

    把插件写成一个文件,拿到别的电脑上装:LibreOffice 的“工具 > 扩展”里“添加”。
    """
    from gkxl.apps.libreoffice.install import build as built

    ctx.exit(built(output))


@calc.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Check each step, from LibreOffice to a formula that it works out, and say what to do.

    逐步检查,从 LibreOffice 直到它算出一个公式,并说明该怎么办。
    """
    from gkxl.apps.libreoffice.install import examine

    ctx.exit(examine())
