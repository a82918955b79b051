"""The command line. Each command imports what it needs when it runs, so that all of them start quickly."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

import click

from gkxl.apps import comparisons, console
from gkxl.apps.common import (
    FINE,
    UNREADABLE,
    checked_book,
    failed,
    finish,
    of_unit,
    print_version,
    results,
    suggested,
    tell,
    tell_period,
    tested,
)
from gkxl.apps.excel_setup.commands import excel
from gkxl.apps.libreoffice.commands import calc
from gkxl.apps.options import FORMAT, PERIOD, RULES

if TYPE_CHECKING:
    from gkxl.periods import Period
    from gkxl.report.overview import Overview

_INTERRUPTED = 130  # as shells report it


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=print_version, help="The version.")
def cli() -> None:
    """Assessment rules as sentences, scored against Excel workbooks.

    用句子写考评规则,对 Excel 工作簿评分。

    Exit codes: 0 fine, 1 findings, 2 wrong usage, 3 a file cannot be read or written.
    """


@cli.command()
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@RULES
@PERIOD
@click.option("--unit", "-u", metavar="UNIT", help="Only this unit.  只看一个单位")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "markdown"]),
    default="table",
    help="How the results are written.  输出格式",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_context
def score(
    ctx: click.Context,
    books: tuple[str, ...],
    rules: tuple[str, ...],
    period: Period | None,
    unit: str | None,
    form: str,
    as_json: bool,
) -> None:
    """Score workbooks: who has how many points, and why. Changes no file.

    评分:谁得多少分,为什么。不改动任何文件。

    A BOOK may be a folder. Without --rules the rules are BOOK's name with .gk, else all BOOK.*.gk, else the sheet
    规则 or Rules of the book.
    """
    found, code = results(books, rules, period)
    if unit is not None:
        found = of_unit(found, unit)
    tell_period(found, period)
    form = "json" if as_json else form
    if form == "json":
        from gkxl.report.data import dumps, results_object

        objects = [results_object(one) for one in found]
        console.out(dumps(objects[0] if len(objects) == 1 else objects, console.ascii_only()))
        ctx.exit(code)
    for one in found:
        tell(one.diagnostics, one.book_path if len(found) > 1 else None)
    if form == "csv":
        from gkxl.report.formats import to_csv

        console.out(to_csv(found))
    elif form == "markdown":
        from gkxl.report.formats import to_markdown

        console.out(to_markdown(found))
    else:
        from gkxl.report.tables import render_all

        console.out(render_all(found, console.columns(), console.coloured(sys.stdout)))
    ctx.exit(code)


@cli.command()
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@RULES
@PERIOD
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="OUT", help="Write into this.  写入此文件")
@click.option("--in-place", "-i", is_flag=True, help="Write into the book itself.  写入工作簿本身")
@click.option("--alone", is_flag=True, help="Write a file of the results alone, without the book.  只写结果")
@click.option("--check", is_flag=True, help="Write nothing; fail if the stored results are stale.  只检查")
@click.option("--keep-going", "-k", is_flag=True, help="Write also when units have errors.  有错误也写入其余单位")
@click.option("--functions", is_flag=True, help="Also refresh cells with functions of gkxl.  也刷新 gkxl 函数的单元格")
@click.option("--functions-only", is_flag=True, help="Refresh these alone, without result sheets.  只刷新函数的单元格")
@click.option("--drop-signature", is_flag=True, help="Write into a signed book, unsigned.  去掉数字签名")
@FORMAT
@click.pass_context
def recalc(
    ctx: click.Context,
    books: tuple[str, ...],
    rules: tuple[str, ...],
    period: Period | None,
    output: Path | None,
    in_place: bool,
    alone: bool,
    check: bool,
    keep_going: bool,
    functions: bool,
    functions_only: bool,
    drop_signature: bool,
    form: str,
) -> None:
    """Write the results into workbooks, as sheets of their own; everything else in them stays as it is.

    重新计算:把结果写成工作簿里的结果表,其他内容一个字节也不动。

    Without -o or --in-place they go into a copy, BOOK-scored. With --check nothing is written: the results that BOOK, or its
    copy, holds are held against what rules and data give now. With --functions the cells whose whole formula is one function
    of gkxl (GK.POINTS …) are calculated too; with --functions-only these alone, without rules.
    """
    from gkxl.apps import inputs
    from gkxl.apps.recalculation.asked import Asked
    from gkxl.apps.recalculation.books import recalc as recalculated

    paths, problems = inputs.files(books, inputs.BOOKS)
    rule_paths, rule_problems = inputs.files(rules, inputs.RULES)
    if in_place and (output is not None or alone):
        other = "-o" if output is not None else "--alone"
        raise click.UsageError(f"{other} and --in-place exclude each other.  {other} 与 --in-place 只能用一个。")
    functions = functions or functions_only
    if functions_only and rules:
        raise click.UsageError(
            "--rules and --functions-only exclude each other.  --rules 与 --functions-only 只能用一个。"
        )
    if functions and alone:
        raise click.UsageError("--functions and --alone exclude each other.  --functions 与 --alone 只能用一个。")
    if form != "text" and not check:
        raise click.UsageError("--format is for --check.  --format 只与 --check 同用。")
    if output is not None and len(paths) > 1 and not output.is_dir():
        raise click.UsageError("Several books need a folder after -o.  多个工作簿时,-o 后面要写文件夹。")
    tell([*problems, *rule_problems])
    code = UNREADABLE if problems or rule_problems else FINE
    if not rule_problems:
        every = [inputs.read(path) for path in rule_paths]
        asked = Asked(every, period, output, in_place, alone, keep_going, drop_signature, functions, not functions_only)
        code = max(code, recalculated(paths, asked, check, form))
    ctx.exit(code)


@cli.command()
@click.argument("book")
@click.argument("unit")
@RULES
@PERIOD
@click.option("--lang", type=click.Choice(["zh", "en"]), help="The language (default: that of the rules).  语言")
@click.pass_context
def explain(
    ctx: click.Context,
    book: str,
    unit: str,
    rules: tuple[str, ...],
    period: Period | None,
    lang: Literal["zh", "en"] | None,
) -> None:
    """Why UNIT has these points: each sentence, its values, its cells.

    说明一个单位为什么得这些分:每句规则、用到的数、所在单元格。
    """
    from gkxl.report.explain import explain as explained
    from gkxl.values import name_key

    found, code = results([book], rules, period)
    for one in found:
        tell(one.diagnostics)
    of_unit(found, unit)  # where there is none, that is told
    tell_period(found, period)
    columns, colour, key = console.columns(), console.coloured(sys.stdout), name_key(unit)
    texts = [text for one in found if (text := explained(one, columns, colour, lang, key))]
    console.out("\n".join(texts))
    ctx.exit(code)


@cli.command()
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@RULES
@PERIOD
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "table", "json"]),
    default="text",
    help="How the audit is written.  输出格式",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_context
def audit(
    ctx: click.Context, books: tuple[str, ...], rules: tuple[str, ...], period: Period | None, form: str, as_json: bool
) -> None:
    """Hold published figures against what the rules give, and trace the differences to their causes.

    核对公布的总分、名次、等次和得分,不同的追到原因。

    Where the figures stand is said in the rules: 公布 总分 成绩表的总成绩, published total Total in Results.
    """
    from gkxl.apps.audit import audit_books

    ctx.exit(audit_books(books, rules, period, "json" if as_json else form))


@cli.command()
@click.argument("rules", nargs=-1, required=True, metavar="RULES...")
@click.option(
    "--book", "-b", "books", multiple=True, metavar="BOOK|DIR", help="Check against this too.  连同工作簿检查"
)
@FORMAT
@click.pass_context
def check(ctx: click.Context, rules: tuple[str, ...], books: tuple[str, ...], form: str) -> None:
    """Find every error and warning of rule files, and of their binding to a book.

    检查规则文件的全部错误和警告,以及与工作簿是否对得上。

    With a folder of forms and rules of checks alone: who has reported, who has not, whose form does not agree.
    规则只有核对、--book 是一个文件夹的报表时:谁报了,谁没报,谁的不符。
    """
    from gkxl.apps import inputs
    from gkxl.report.findings import Findings

    paths, problems = inputs.files(rules, inputs.RULES)
    book_paths, book_problems = inputs.files(books, inputs.BOOKS)
    every = [inputs.read(path) for path in paths]
    found = [Findings(one.path, one.diagnostics) for one in every]
    unreadable = any(one.loaded is None for one in every)
    overviews: list[Overview] = []
    asked = every
    if any(Path(book).is_dir() for book in books):
        from gkxl.apps.collecting import collect, of_forms

        for one in filter(of_forms, every):
            collected = collect(book_paths, one)
            found += collected.findings
            overviews += [collected.overview] if collected.overview else []
            unreadable = unreadable or collected.unreadable
        asked = [one for one in every if not of_forms(one)]
    for path in book_paths if asked or not every else ():
        more, broken = checked_book(path, asked)
        found += more
        unreadable = unreadable or broken
    language = every[0].language if every else console.language()
    ctx.exit(finish("check", found, [*problems, *book_problems], form, unreadable, language, overviews))


@cli.command()
@click.argument("rules", nargs=-1, required=True, metavar="RULES...")
@FORMAT
@click.option(
    "--suggest", is_flag=True, help="Write examples at the boundaries of the rules, to approve.  给出边界上的例子供审定"
)
@click.pass_context
def test(ctx: click.Context, rules: tuple[str, ...], form: str, suggest: bool) -> None:
    """Run the examples in rule files; name the rules that no example reaches.

    运行规则文件里的例子,指出没有例子用到的规则。

    With --suggest nothing is run: examples come out that can be pasted into the rule file once their points are approved.
    """
    from gkxl.apps import inputs

    paths, problems = inputs.files(rules, inputs.RULES)
    every = [inputs.read(path) for path in paths]
    if suggest:
        ctx.exit(suggested(every, problems))
    unreadable = any(one.loaded is None for one in every)
    language = every[0].language if every else console.language()
    ctx.exit(finish("test", [tested(one) for one in every], problems, form, unreadable, language))


@cli.command("try")
@click.argument("sentence")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="Points and reason as JSON.")
@click.pass_context
def try_(ctx: click.Context, sentence: str, values: tuple[str, ...], as_json: bool) -> None:
    """Try one sentence on the spot: prints the points and why.

    当场试一句规则:给出得分和原因。

    Names are declared by their values: 2, 95%, 是/否/yes/no, 2025-10-31; for price lists NAME.KEY=count.

    \b
      gkxl try "fewer than 3 domain items costs 6 points" "domain items=2"
      gkxl try "本领域信息少于3条,扣6分。" 本领域信息=2
    """
    from gkxl.apps.trying import tried

    ctx.exit(tried(ctx, sentence, values, as_json))


@cli.command()
@click.argument("rules", nargs=-1, required=True, metavar="RULES...")
@click.option("--check", is_flag=True, help="Write nothing; show what would change.  只看差别,不改文件")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Canonical wording in this language.  改写成这种语言")
@click.pass_context
def fmt(ctx: click.Context, rules: tuple[str, ...], check: bool, lang: Literal["zh", "en"] | None) -> None:
    """Lay out rule files: blanks, indentation, punctuation, line breaks; never a word.

    整理规则文件的版面:空格、缩进、标点、分行,不改一个字。

    RULES may be files and folders; - is standard input, written to standard output. A file with errors is left alone.
    With --lang every sentence is put in the canonical wording of that language; names stay as they are.
    """
    from gkxl.apps.formatting import format_files

    ctx.exit(format_files(rules, check, lang))


@cli.command()
@click.argument("folder", metavar="DIR")
@click.pass_context
def new(ctx: click.Context, folder: str) -> None:
    """Make DIR with a starter rubric, its workbook and a CI file.

    新建文件夹:起步规则、工作簿和自动检查的配置。
    """
    from pathlib import Path

    from gkxl.apps.starter import copy_starter

    made = copy_starter(Path(folder))
    if not isinstance(made, list):
        tell([made])
        ctx.exit(UNREADABLE)
    console.out("".join(f"{path}\n" for path in made))
    console.err("README.md says how to go on.  下一步见 README.md\n")


for _command in (comparisons.compare, comparisons.textconv, excel, calc):
    cli.add_command(_command)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """The program: runs the command line and ends the process with its exit code."""
    # Many small objects are made and few thrown away: looking for garbage at every 700 takes a sixth of a short run.
    gc.set_threshold(50_000, 50, 100)
    console.prepare()
    code = run(args)
    gc.freeze()  # the process ends: nothing is looked through once more
    sys.exit(code)


def run(args: Sequence[str] | None = None) -> int:
    """The exit code of a command line. No exception leaves it."""
    try:
        code = cli.main(args=None if args is None else list(args), prog_name="gkxl", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit:  # click's way out when the reader of --help closed the pipe
        return FINE
    except (click.Abort, KeyboardInterrupt):
        console.err("interrupted  已中断\n")
        return _INTERRUPTED
    except Exception as error:  # the last resort: no traceback reaches a user
        return failed(error)
    return code if isinstance(code, int) else FINE
