"""Input that is wrong, through the command line: one clear diagnostic, in seconds and in bounded memory, never a traceback.

Each runs in a process of its own with 1 GiB of address space. The bound on time is far above what any of them takes.
"""

import codecs
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gkxl.apps import cli

sys.path.insert(0, str(Path(__file__).parents[1] / "workbook"))
from legacy_made import ods
from made import parts, worksheet, write

ROOT = Path(__file__).parents[2]
SECONDS = 60
RUN = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
runpy.run_module("gkxl", run_name="__main__")
"""


class Done:
    """What a command came to: exit code, and all that it wrote."""

    def __init__(self, *args: object, **environment: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", RUN, *map(str, args)],
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env={**os.environ, "LANG": "zh_CN.UTF-8", "LC_ALL": "", "COLUMNS": "100", **environment},
        )
        self.code, self.out, self.err = done.returncode, done.stdout.decode(), done.stderr.decode()
        self.all = self.out + self.err
        assert "Traceback" not in self.all
        assert "GK699" not in self.all, self.all
        assert len(self.all) < 200_000, "nobody reads that much"


HEAD = "考评 x\n对象 单位表的单位\n周期 季度\n缺数据 报错\n"
LATE = "迟报 = 台账 中 类别为迟报 的 记录\n指标 a\n"
RULE = f"{HEAD}{LATE}迟报每次扣1分。\n"


def chain(length: int) -> str:
    """Terms each of which is defined by the one before."""
    terms = "".join(f"甲{n}=甲{n - 1}+1\n" for n in range(1, length + 1))
    return f"{HEAD}甲0=台账 的 数 之和\n{terms}指标 a\n甲{length}每次扣1分。\n"


def circle(length: int) -> str:
    terms = "".join(f"甲{n}=甲{(n + 1) % length}+1\n" for n in range(length))
    return f"{HEAD}{terms}指标 a\n甲1每次扣1分。\n"


# --- Files of rules that are none: exit code 3, the file named ---------------------------------------------------------

NO_RULES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("GK105", lambda: b""),
    "blank": ("GK105", lambda: b" \n\t\n\xef\xbb\xbf"[:3]),
    "binary": ("GK104", lambda: bytes(range(256)) * 50),
    "a workbook": ("GK104", lambda: (ROOT / "workbooks" / "huzhong-2025.xlsx").read_bytes()),
    "a NUL": ("GK104", lambda: RULE.encode() + b"\0"),
    "10 MB of one sentence": ("GK106", lambda: ("迟报每次扣1分," * 500_000).encode()),
    "GBK": ("GBK", lambda: RULE.encode("gbk")),
    "UTF-16": ("UTF-16", lambda: RULE.encode("utf-16")),
    "UTF-16, big end first": ("UTF-16", lambda: codecs.BOM_UTF16_BE + RULE.encode("utf-16-be")),
    "UTF-16 without its mark": ("UTF-16", lambda: RULE.encode("utf-16-le")),
    "English UTF-16 without its mark": ("UTF-16", lambda: "assessment of late days".encode("utf-16-le")),
    "UTF-32": ("UTF-32", lambda: RULE.encode("utf-32")),
    "a lone surrogate": ("第8行", lambda: RULE.encode() + b"\xed\xa0\x80"),
    "a damaged byte": ("第2行", lambda: RULE.encode().replace("对".encode(), b"\xff\xaf\xb9", 1)),
}


@pytest.mark.parametrize("name", NO_RULES)
def test_no_rule_file(name: str, tmp_path: Path) -> None:
    said, content = NO_RULES[name]
    path = tmp_path / "r.gk"
    path.write_bytes(content())
    done = Done("check", path)
    assert done.code == 3
    assert done.out.startswith(f"{path}: error ")
    assert said in done.out
    assert done.out.endswith("\n1个错误\n")
    if said in ("GBK", "UTF-16", "UTF-32"):
        assert "GK103" in done.out
        assert "UTF-8" in done.out, "the way out"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.mkdir(), "GK692"),
        (lambda path: None, "GK101"),
        (lambda path: path.symlink_to(path), "GK102"),
        (lambda path: path.symlink_to("/proc/self/mem"), "GK102"),
    ],
    ids=["a folder", "missing", "a link to itself", "an error of the system"],
)
def test_no_file(make: Callable[[Path], None], code: str, tmp_path: Path) -> None:
    path = tmp_path / "r.gk"
    make(path)
    done = Done("check", path)
    assert done.code == 3
    assert str(path) in done.out
    assert code in done.out


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """Told by hand: to the administrator, who runs the tests in a container, every file is open."""
    rules, book = tmp_path / "r.gk", tmp_path / "b.xlsx"
    rules.write_text(RULE, encoding="utf-8")
    book.write_bytes(b"PK")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(rules))

    monkeypatch.setattr(Path, "open", refuse)
    assert cli.run(["check", str(rules)]) == 3
    assert f"{rules}: error GK102" in capsys.readouterr().out
    assert cli.run(["score", str(book), "--rules", str(rules)]) == 3
    assert "GK602" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "a\udc80b.gk", "x" * 5000 + ".gk", "a\nb.gk", "r.gk/x.gk"])
def test_a_path_that_is_none(name: str, tmp_path: Path) -> None:
    (tmp_path / "r.gk").write_text(RULE, encoding="utf-8")
    done = Done("check", f"{tmp_path}/{name}" if name else "")
    assert done.code == 3
    assert any(code in done.all for code in ("GK10", "GK692", "GK694"))


# --- Rules that cannot be read: exit code 1, the place named -----------------------------------------------------------

BAD_RULES: dict[str, tuple[str, Callable[[], str]]] = {
    "4 MB of one sentence": (":1:1: error GK213", lambda: "迟报每次扣1分," * 180_000),
    "4 MB without a blank": (":1:1: error GK213", lambda: "扣" * 1_390_000),
    "4 MB of a number": (":1:1: error GK213", lambda: "1" * 4_000_000),
    "4 MB of quotes": (":1:1: error GK213", lambda: '"' * 4_000_000),
    "4 MB of open quotes": (":1:1: error GK213", lambda: "「" * 1_390_000),
    "4 MB of open quotes and comments": (":1:1: error GK213", lambda: "「" * 1_000_000 + "#" * 1_000_000),
    "4 MB of blanks": (":1:4000001: error", lambda: " " * 4_000_000 + "x"),
    "4 MB of full stops": ("note GK108", lambda: "a. " * 1_390_000),
    "4 MB of articles": ("note GK108", lambda: "1. " * 1_390_000),
    "4 MB of lines": (
        ":30001:1: error GK107",
        lambda: RULE + "".join(f"迟报超过{n}次扣1分。\n" for n in range(100_000)),
    ),
    "4 MB of lines that nobody can read": ("note GK108", lambda: "x\n" * 2_000_000),
    "4 MB of definitions": (
        ":30001:1: error GK107",
        lambda: HEAD + "".join(f"甲{n}=台账 的 数\n" for n in range(150_000)),
    ),
    "4 MB of sheet lines": ("GK107", lambda: "表 a:标题 b\n" * 250_000),
    "4 MB of parts": ("GK107", lambda: "大项 a\n" * 400_000),
    "4 MB of rows of an example": ("GK107", lambda: f"{RULE}例 a\n已知 台账:\n" + "|a|\n" * 900_000),
    "4 MB of one example": ("note GK108", lambda: f"{RULE}例 a\n" + "已知 a 1\n" * 300_000),
    "10,000 brackets in a sentence": (":7:1: error GK213", lambda: HEAD + LATE + "(" * 10_000 + ")" * 10_000),
    "10,000 brackets in a definition": (":8:1: error GK213", lambda: f"{RULE}甲=" + "(" * 10_000 + "乙" + ")" * 10_000),
    "900 brackets in a sentence": (":7:", lambda: HEAD + LATE + "(" * 900 + "迟报" + ")" * 900 + "每次扣1分。"),
    "900 brackets in a definition": (":5:", lambda: f"{HEAD}甲=" + "(" * 900 + "乙" + ")" * 900),
    "10,000 square brackets": (":5:1: error GK213", lambda: HEAD + "[" * 10_000),
    "1,900 signs": (":6:", lambda: f"{HEAD}乙=台账 的 数\n甲=" + "-" * 1900 + "乙"),
    "900 articles": ("error GK201", lambda: "assessment x\nindicator a\n" + "a " * 900 + "late day costs 1."),
    "a number of 1,900 digits": (":7:", lambda: f"{HEAD}{LATE}早退每次扣{'9' * 1900}分。"),
    "a Chinese number of 1,900 digits": (":7:", lambda: f"{HEAD}{LATE}迟报每次扣{'万' * 1900}分。"),
    "full marks that are no number": (":5:4: error GK201", lambda: f"{HEAD}满分 NaN\n{LATE}迟报每次扣1分。"),
    "full marks beyond all bounds": (":5:4: error GK201", lambda: f"{HEAD}满分 1e999999999\n{LATE}迟报每次扣1分。"),
    "an indicator of 100,000 words": (":5:4: error GK213", lambda: f"{HEAD}指标 " + "限 x " * 50_000),
    "an example of 100,000 words": (":8:3: error GK213", lambda: f"{RULE}例 " + "x " * 100_000),
    "a year that never comes": (":3:4: error", lambda: "考评 x\n对象 单位表的单位\n周期 年 99999\n"),
    "a name with a look-alike": (":7:1: error", lambda: RULE.replace("迟报每次", "迟\u200b\u202e报每次")),
    "a circle of 5,000 terms": ("error GK312", lambda: circle(5000)),
    "20,000 sentences of a name nobody declared": (
        "note GK108",
        lambda: HEAD + "指标 a\n" + "早退每次扣1分。\n" * 20_000,
    ),
    "the same name 20,000 times": ("note GK108", lambda: HEAD + "甲=台账 的 数\n" * 20_000),
}


@pytest.mark.parametrize("name", BAD_RULES)
def test_bad_rules(name: str, tmp_path: Path) -> None:
    said, text = BAD_RULES[name]
    path = tmp_path / "r.gk"
    path.write_text(text(), encoding="utf-8")
    done = Done("check", path)
    assert done.code == 1
    assert said in done.out


@pytest.mark.parametrize(
    "text",
    [chain(5000), RULE + "\n".join(f"迟报超过{n}次,扣1分。" for n in range(20_000))],
    ids=["a chain of 5,000 terms", "20,000 sentences"],
)
def test_long_but_sound_rules(text: str, tmp_path: Path) -> None:
    path = tmp_path / "r.gk"
    path.write_text(text, encoding="utf-8")
    assert Done("check", path).code == 0
    assert Done("score", ROOT / "workbooks" / "huzhong-2025.xlsx", "--rules", path).code == 1, "it has no such sheet"


# --- Workbooks ---------------------------------------------------------------------------------------------------------

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FACTS = "考评 x\n对象 单位表的单位\n周期 年 2025\n缺数据 报错\n差错 = 单位表 的 差错数\n指标 a\n每个差错扣1分。\n"
UNITS = '<sheet name="单位表" sheetId="1" r:id="rId1"/>'


def text(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


HEADER = row(1, text("A1", "单位"), text("B1", "差错数"))
ONE = row(2, text("A2", "甲局"), '<c r="B2"><v>1</v></c>')


def sheet(*rows: str, after: str = "") -> Callable[[Path], None]:
    """A workbook of one sheet 单位表 with the header and these rows."""
    return lambda path: write(path, parts(worksheet(HEADER + "".join(rows), after), sheets=UNITS)) and None


def raw(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def bomb(path: Path) -> None:
    write(path, parts(worksheet(HEADER) + " " * (400 << 20), sheets=UNITS))


def doctype(path: Path) -> None:
    head, rest = worksheet(HEADER + ONE).split("?>", 1)
    write(path, parts(f'{head}?><!DOCTYPE x [<!ENTITY a "b">]>{rest}', sheets=UNITS))


# What is wrong, how it is made, the exit code, what the diagnostic says.
BOOKS: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "sound": (sheet(ONE), 0, "甲局"),
    "empty": (raw(b""), 3, "GK604"),
    "text": (raw("单位,差错数\n甲局,1\n".encode()), 3, "GK605"),
    "a web page": (raw(b"<html><table><tr><td>1</td></tr></table></html>"), 3, "GK605"),
    "cut off": (raw((ROOT / "workbooks" / "huzhong-2025.xlsx").read_bytes()[:9000]), 3, "GK608"),
    "some other archive": (lambda path: write(path, {"a.txt": "a"}) and None, 3, "GK605"),
    "encrypted": (raw(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") * 40), 3, "GK60"),
    "a zip bomb": (bomb, 3, "GK6"),
    "a DOCTYPE": (doctype, 1, "GK612"),
    "cells in two corners": (sheet(ONE, row(1048576, '<c r="XFD1048576"><v>1</v></c>')), 0, "甲局"),
    "a merge over the whole sheet": (
        sheet(ONE, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        1,
        "单位表!A2: error GK447",
    ),
    "a formula never calculated": (sheet(row(2, text("A2", "甲局"), '<c r="B2"><f>1+1</f></c>')), 1, "单位表!B2"),
    "a book changed to text": (sheet(row(2, text("A2", "甲局"), text("B2", "1"))), 1, "单位表!B2"),
    "an error": (sheet(row(2, text("A2", "甲局"), '<c r="B2" t="e"><v>#REF!</v></c>')), 1, "单位表!B2"),
    "units twice": (sheet(ONE, row(3, text("A3", "甲局"), '<c r="B3"><v>1</v></c>')), 1, "单位表!A3"),
    "no units": (sheet(), 1, "单位表"),
    "a sheet of another name": (
        lambda path: write(path, parts(worksheet(HEADER + ONE), sheets=UNITS.replace("单位表", "单位"))) and None,
        1,
        "单位",
    ),
    "an OpenDocument sheet of billions": (
        lambda path: write(path, ods('<t:table-row t:number-rows-repeated="99999999"><t:table-cell '
                                     'o:value-type="float" o:value="1"/></t:table-row>')) and None,
        3,
        "GK610",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_book(name: str, tmp_path: Path) -> None:
    make, code, said = BOOKS[name]
    book, rules = tmp_path / "b.xlsx", tmp_path / "b.gk"
    make(book)
    rules.write_text(FACTS, encoding="utf-8")
    done = Done("score", book)
    assert done.code == code, done.all
    assert said in done.all
    if code == 3:
        assert done.err.startswith(f"{book}: error "), "the file is named"
        assert done.out == ""
    assert Done("check", rules, "--book", book).code == code


@pytest.mark.parametrize("where", ["missing.xlsx", "", "folder", "b.gk"])
def test_no_book(where: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "b.gk").write_text(FACTS, encoding="utf-8")
    done = Done("score", tmp_path / where, "--rules", tmp_path / "b.gk")
    assert done.code == 3
    assert "GK6" in done.err


def test_a_book_without_rules(tmp_path: Path) -> None:
    sheet(ONE)(tmp_path / "b.xlsx")
    done = Done("score", tmp_path / "b.xlsx")
    assert done.code == 3
    assert "b.gk" in done.err, "where the rules would be"


def test_units_that_only_look_alike(tmp_path: Path) -> None:
    """The Cyrillic А is told, with its place, rather than counted for nobody."""
    units = worksheet(row(1, text("A1", "单位")) + row(2, text("A2", "A局")))
    events = worksheet(row(1, text("A1", "单位"), text("B1", "内容")) + row(2, text("A2", "\u0410局"), text("B2", "x")))
    made = parts(units, sheets=f'{UNITS}<sheet name="台账" sheetId="2" r:id="rId9"/>')
    made["xl/worksheets/sheet2.xml"] = events
    links = str(made["xl/_rels/workbook.xml.rels"])
    first = links[links.index("<Relationship ") : links.index("/>") + 2]
    made["xl/_rels/workbook.xml.rels"] = links.replace(
        first, first + first.replace("rId1", "rId9").replace("sheet1", "sheet2")
    )
    write(tmp_path / "b.xlsx", made)
    rules = "考评 x\n对象 单位表的单位\n周期 年 2025\n缺数据 报错\n迟报 = 台账 的 记录\n指标 a\n迟报每次扣1分。\n"
    (tmp_path / "b.gk").write_text(rules, encoding="utf-8")
    done = Done("score", tmp_path / "b.xlsx")
    assert done.code == 1
    assert "台账!A2" in done.err


# --- Options, values, consoles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "period",
    ["", "x", "2025Q9", "99999", "2025-13", "-1", "2025Q4 ", "２０２５", "\u0662\u0660\u0662\u0665", "1" * 5000],
)
def test_periods(period: str) -> None:
    done = Done("score", "workbooks/huzhong-2025.xlsx", f"--period={period}")
    assert done.code == (0 if period.strip() in ("2025Q4", "２０２５") else 2)
    if done.code:
        assert "2025Q4" in done.err, "how periods are written"


# Values on the command line: the exit code, and what is said.
VALUES: list[tuple[list[str], int, str]] = [
    (["迟报=2"], 0, "-2"),
    (["迟报=1" + "0" * 50], 0, "-1" + "0" * 50),
    (["迟报=" + "9" * 5000], 0, "-" + "9" * 5000),
    (["迟报=0." + "0" * 3000 + "1"], 0, "0"),
    (["迟报=1e999"], 1, "GK"),
    (["迟报=NaN"], 1, "GK"),
    (["迟报=-Infinity"], 1, "GK"),
    (["迟报=-1"], 0, "0"),
    (["迟报=1/0"], 1, "GK"),
    (["迟报="], 1, "GK"),
    (["迟报=\udcff"], 1, "GK"),
    (["迟报=是"], 1, "GK"),
    (["迟报=2025-02-30"], 1, "GK"),
    (["=2"], 2, "NAME=VALUE"),
    ([" =2"], 2, "NAME=VALUE"),
    (["迟报"], 2, "NAME=VALUE"),
    (["迟报=1", "迟报=2"], 2, "迟报"),
    (["迟报=1", "a=b=c"], 0, "-1"),
    (["迟报=1", "..=1"], 0, "-1"),
    (["迟报=1", ".=1"], 0, "-1"),
    (["迟报=1", "迟报.甲=x"], 1, "GK"),
    (["迟报=1", "(=1", '"=1', "「=1"], 0, "-1"),
    (["迟报=1", "扣1分=1"], 0, ""),
]


@pytest.mark.parametrize(("values", "code", "said"), VALUES, ids=[" ".join(v)[:20] for v, _, _ in VALUES])
def test_values(values: list[str], code: int, said: str) -> None:
    done = Done("try", "迟报每次扣1分", *values)
    assert done.code == code, done.all
    assert said in done.all
    as_json = Done("try", "迟报每次扣1分", *values, "--json")
    assert as_json.code == code


@pytest.mark.parametrize(
    "sentence", ["", " ", "。", "\udcff", "(" * 3000, "迟报" * 200_0, "指标 a", "# x", "1. ", "「", "例 x"]
)
def test_sentences(sentence: str) -> None:
    assert Done("try", sentence, "迟报=1").code == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp936", "cp1252", "utf-16", "latin-1:strict"])
def test_redirected_output_is_utf8_on_any_console(encoding: str) -> None:
    done = Done("score", "workbooks/xinzhou-2022.xlsx", PYTHONIOENCODING=encoding, PYTHONUTF8="0", LC_ALL="C")
    assert done.code == 0
    assert "原平市" in done.out


@pytest.mark.parametrize(
    "args", [["score", "workbooks/huzhong-2025.xlsx"], ["--help"], ["check", "workbooks/huzhong-2025.gk"]]
)
@pytest.mark.parametrize("closed", ["stdout", "stderr", "both"])
def test_a_reader_that_goes_away(args: list[str], closed: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "gkxl", *args],
        stdout=subprocess.PIPE if closed == "stderr" else writer,
        stderr=subprocess.PIPE if closed == "stdout" else writer,
        timeout=SECONDS,
        cwd=ROOT,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 0
    assert b"Traceback" not in (done.stderr or b"")
    assert b"Exception ignored" not in (done.stderr or b"")
