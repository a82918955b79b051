"""Writes docs/diagnostics.md from the codes: python docs/make_diagnostics.py"""

from __future__ import annotations

import re
from pathlib import Path

from gkxl import diagnostics
from gkxl.diagnostics import CODES, Code

DOCS = Path(__file__).resolve().parent
TESTS = DOCS.parent / "tests"
STAGES = {
    "1": ("规则文件的文字", "the text of a rule file"),
    "2": ("句子", "sentences"),
    "3": ("规则之间、政策", "rules among themselves, policies"),
    "4": ("工作簿里的数据", "data in the workbook"),
    "5": ("核对", "checks"),
    "6": ("文件和命令", "files and commands"),
    "7": ("在 Excel、LibreOffice 里", "in Excel and LibreOffice"),
}
SEVERITIES = {"error": "错误 error", "warning": "警告 warning", "note": "说明 note"}
HEAD = """# 消息 · Messages

<!-- Made by docs/make_diagnostics.py from the codes in gkxl/diagnostics.py; change those, then run it again. -->

每条消息有编号、位置(`文件:行:列` 或 `表!格`)、作者自己的字,多数还附有可照抄的改法。编号不会变;第一位数字说的是哪一类。
有「错误」就不出分(数据的错误只影响它碰到的单位);「警告」和「说明」不妨碍出分。中文的句子得到中文的消息。

Each message has a code, its place (`file:line:column` or `Sheet!Cell`), the author's own words, and mostly a fix that can be
copied. The codes stay as they are; their first digit says what they are about. With an error there is no score (an error in the
data touches only the units it concerns); warnings and notes do not stand in the way. An English sentence gets English messages.

`{…}` 处填入实际的字和数。最后一列是展示它的例子或测试。 · `{…}` is filled in. The last column is the case or test that shows it.
"""


def page() -> str:
    parts = [HEAD]
    for digit, (zh, en) in STAGES.items():
        codes = [code for number, code in sorted(CODES.items()) if number[2] == digit]
        if codes:
            parts.append(f"## GK{digit} {zh} · {en}\n")
            parts.append(
                "| 编号 code | 名称 name | 轻重 severity | 中文 | English | 例 case |\n|---|---|---|---|---|---|"
            )
            parts.append("\n".join(map(_row, codes)) + "\n")
    return "\n".join(parts)


def _row(code: Code) -> str:
    cells = (code.number, code.name, SEVERITIES[code.severity], code.zh, code.en, _case(code))
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _case(code: Code) -> str:
    """The case file that shows a code; else the first test that names it or its constant."""
    constant = next(name for name, value in vars(diagnostics).items() if value is code)
    shows = re.compile(rf"^#(?:!|\?.*->) *{code.number}\b", re.MULTILINE)
    names = re.compile(rf"\b(?:{code.number}|d\.{constant}|diagnostics\.{constant})\b")
    for pattern, wanted in (("cases/diagnostics/*.zh.gk", shows), ("*/test_*.py", names), ("test_*.py", names)):
        for path in sorted(TESTS.glob(pattern)):
            if wanted.search(path.read_text(encoding="utf-8")):
                return f"[{path.name}](../tests/{path.relative_to(TESTS).as_posix()})"
    return ""


if __name__ == "__main__":
    (DOCS / "diagnostics.md").write_text(page(), encoding="utf-8")
