"""`gkxl excel new` and `gkxl excel vba`: made of the templates in the xlwings that is installed, its BSD part.

xlwings' VBA runs `main()` of the Python file that has the workbook's name and lies beside it. It reads its settings from a
sheet of the workbook first: there a path may have any character, and the workbook may lie in a folder that is synchronised.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from gkxl import diagnostics as d
from gkxl.apps import console
from gkxl.apps.common import FINE, FOUND, UNREADABLE, USAGE, tell
from gkxl.diagnostics import Code, Diagnostic, FilePlace, Language, has_errors
from gkxl.workbook.macro_book import as_add_in, with_button
from gkxl.workbook.package import RefusedError
from gkxl.workbook.read import told
from gkxl.workbook.save import save

MODULES = "gkxl.apps.excel;gkxl.apps.open_book"
MACRO = "SampleCall"  # the one in xlwings' template
VBA = "xlwings_udfs.bas"
_TEMPLATES = {".xlsm": "quickstart_standalone.xlsm", ".xlam": "quickstart_addin_ribbon.xlam"}


class _Texts(NamedTuple):
    """What a workbook that is made says in one language, and what is to be done next."""

    button: str
    rules: str
    in_book: str
    next_book: str
    next_add_in: str


_TEXTS: Mapping[Language, _Texts] = {
    "zh": _Texts(
        "用 gkxl 重算",
        "规则",
        "规则逐行写在 A 列;旁边有同名的 .gk 文件时,用那个文件。\n"
        "数据放在别的工作表里,表名和规则里写的一样。\n"
        "点上面的按钮(或 Alt+F8,SampleCall):结果写成工作簿末尾的几张表,不必先保存。\n"
        "文件 {main} 要和这个工作簿放在一起,改名要一起改。\n"
        "设置在隐藏的工作表 xlwings.conf 里。函数 gk_points 等要先导入一次:在命令行运行 gkxl excel vba -o gk.bas,"
        "再按 Alt+F11,选“文件 > 导入文件”。",
        "在 Excel 里打开它,点“启用内容”,再点按钮。函数要先导入一次,工作簿里写着步骤;不顺利时:gkxl excel doctor {book}\n",
        "在 Excel 里:文件 > 选项 > 加载项 > 转到 > 浏览,选这个文件;功能区就有“gkxl”一页。"
        "函数要先导入一次:gkxl excel vba -o gk.bas,再按 Alt+F11,选 myaddin,“文件 > 导入文件”;不顺利时:gkxl excel doctor {book}\n",
    ),
    "en": _Texts(
        "Recalculate with gkxl",
        "Rules",
        "Write the rules into column A, line by line; a .gk file beside this workbook with its name comes first.\n"
        "The data go into other sheets, named as the rules name them.\n"
        "The button above (or Alt+F8, SampleCall) writes the results into sheets at the end; nothing need be saved first.\n"
        "Keep the file {main} beside this workbook, and rename both together.\n"
        "The settings are in the hidden sheet xlwings.conf. Functions (gk_points …) are imported once: run"
        " gkxl excel vba -o gk.bas on the command line, then press Alt+F11 and choose File, Import File.",
        "Open it in Excel, choose Enable Content, and press the button. Functions are imported once; the workbook says how."
        " If something fails: gkxl excel doctor {book}\n",
        "In Excel: File > Options > Add-ins > Go > Browse, choose this file; the ribbon then has a tab gkxl. Functions are"
        " imported once: gkxl excel vba -o gk.bas, then Alt+F11, choose myaddin, File, Import File. If something fails:"
        " gkxl excel doctor {book}\n",
    ),
}
_MAIN = '''"""The button of {name} runs main() of the Python file that lies beside it and has its name."""

from gkxl.apps.open_book import gk_recalculate as main

__all__ = ["main"]
'''


def new_book(path: Path) -> int:
    """Makes the workbook or add-in and its Python file; returns the exit code."""
    language = console.language()
    suffix = path.suffix.lower()
    if (unfit := _unfit(path)) is not None:
        code, exit_code = unfit
        tell([Diagnostic(code, FilePlace(str(path)), language, {"name": path.stem, "main": f"{path.stem}.py"})])
        return exit_code
    main = path.with_suffix(".py")
    texts = _TEXTS[language]
    try:
        if suffix == ".xlam":
            labels = {"tab": "gkxl", "group": "gkxl", "button": texts.button}
            content = as_add_in(_template(suffix), _settings(), labels)
        else:
            content = with_button(
                _template(suffix),
                _settings(),
                macro=MACRO,
                caption=texts.button,
                rules=texts.rules,
                lines=texts.in_book.format(main=main.name).splitlines(),
            )
    except RefusedError as refused:
        tell([told(refused, _TEMPLATES[suffix], language)])
        return UNREADABLE
    found = save(path, [content], read=None, language=language)
    if not has_errors(found):
        found += save(main, [_MAIN.format(name=path.name).encode()], read=None, language=language)
        if has_errors(found):
            path.unlink()
    tell(found)
    if has_errors(found):
        return UNREADABLE
    console.out(f"{path}\n{main}\n")
    console.err((texts.next_add_in if suffix == ".xlam" else texts.next_book).format(book=path))
    return FINE


def _unfit(path: Path) -> tuple[Code, int] | None:
    """Why nothing can be made under this name, which xlwings imports the Python file beside by; and the exit code."""
    if path.suffix.lower() not in _TEMPLATES:
        return d.MACRO_BOOK_SUFFIX, USAGE
    stem = path.stem
    if not stem.isidentifier() or iskeyword(stem) or normalize("NFKC", stem) != stem:
        return d.MACRO_BOOK_NAME, USAGE
    if path.with_suffix(".py").exists():
        return d.MACRO_BOOK_MAIN, UNREADABLE
    module = find_spec(stem)
    if module is not None and module.origin is not None:  # a mere folder has none, and hides no file
        return d.MACRO_BOOK_SHADOWS, USAGE
    return None if find_spec("xlwings") else (d.XLWINGS_MISSING, FOUND)


def _template(suffix: str) -> bytes:
    """Found without importing xlwings, which fails where pywin32 does."""
    found = find_spec("xlwings")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name(_TEMPLATES[suffix]).read_bytes()


def _settings() -> dict[str, str]:
    """As xlwings' VBA reads them; made on another system, the file leaves the interpreter to the settings of the user."""
    interpreter = {"win32": "Interpreter_Win", "darwin": "Interpreter_Mac"}.get(sys.platform)
    return ({interpreter: sys.executable} if interpreter else {}) | {"UDF Modules": MODULES}


def vba_text() -> str:
    """The text that xlwings generates for our functions and the macro, line ends as \\n."""
    return (files("gkxl.apps.excel_setup") / VBA).read_text(encoding="ascii")


def write_vba(path: Path | None) -> int:
    """Writes the VBA text to standard output, or into a new file; returns the exit code."""
    if path is None:
        console.out(vba_text())
        return FINE
    found = save(path, [vba_text().replace("\n", "\r\n").encode("ascii")], read=None, language=console.language())
    tell(found)
    return UNREADABLE if has_errors(found) else FINE
