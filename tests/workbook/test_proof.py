"""The writer proved on books of all kinds, on real ones, and by LibreOffice; and the proof itself, on writers that are wrong."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from proof import books, proved, summary
from proving.chain import made_up, stored, write_into
from proving.children import Task, run
from proving.judge import Verdict, judge, same_values
from proving.libreoffice import convert, judge_by_libreoffice
from proving.values import by_calamine, by_openpyxl

from gkxl.workbook.graft import graft
from gkxl.workbook.render import render

MADE = Path(__file__).parent / "books"
CORPUS = os.environ.get("GKXL_CORPUS", "")
REFUSED = {
    "encrypted.xlsx": "refused GK606",
    "junk-before.xlsx": "refused GK605",
    "names-of-ours.xlsx": "refused GK630",
    "shared-log.xlsx": "refused GK633",
    "signed.xlsx": "refused GK632",
}
NOTES = {  # what a reader does not know before and does not know after
    "backslashes.xlsx": {"openpyxl does not read it", "LibreOffice does not open it"},
    "utf16.xlsx": {"calamine does not read it"},
    "zip64.xlsx": {"LibreOffice does not open it"},
    "macros-signed.xlsm": {"GK637"},
    "protected.xlsx": {"GK634"},
}
# What real books may be refused for. Excel opens those of the first row alone.
NAMED = {
    *("refused GK606", "refused GK632", "refused GK633"),  # encrypted, signed, shared with a log
    *(
        "refused GK605",
        "refused GK608",
        "refused GK612",
        "refused GK613",
        "refused GK614",
    ),  # no workbooks, or broken ones
}


@cache
def made_set() -> tuple[Path, ...]:
    return tuple(books([MADE]))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with a sheet of 200,000 rows."""
    path = tmp_path_factory.mktemp("large") / "large.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Ledger")
        for row in range(200_000):
            sheet.write_number(row, 0, row)
            sheet.write_string(row, 1, f"unit {row % 97}")
    return path


@pytest.fixture(scope="module")
def verdicts(large: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """What became of the made books, of the large one and of twenty real ones, LibreOffice heard."""
    real = books([Path(CORPUS)])[::12] if CORPUS else []
    found = list(proved([*made_set(), large, *real], tmp_path_factory.mktemp("written")))
    judge_by_libreoffice(found)
    print(summary(found))
    return {verdict.path.name: verdict for verdict in found}


def test_the_books_are_what_is_made(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(MADE / "make.py"), str(tmp_path)], check=True)
    assert {p.name for p in tmp_path.iterdir()} == {
        p.name for p in MADE.iterdir() if p.suffix in (".xlsx", ".xlsm", ".md")
    }
    assert (tmp_path / "README.md").read_bytes() == (MADE / "README.md").read_bytes()


@pytest.mark.parametrize("name", [path.name for path in made_set()])
def test_a_book_of_its_kind(verdicts: dict[str, Verdict], name: str) -> None:
    verdict = verdicts[name]
    assert verdict.faults == []
    assert verdict.outcome == REFUSED.get(name, "written"), verdict.why
    assert set(verdict.notes) == NOTES.get(name, set())


def test_a_sheet_of_200_000_rows(verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts["large.xlsx"]
    assert (verdict.outcome, verdict.faults, verdict.notes) == ("written", [], [])
    assert verdict.mib < 200


@pytest.mark.skipif(not CORPUS, reason="GKXL_CORPUS is not set")
def test_real_books_in_libreoffice(verdicts: dict[str, Verdict]) -> None:
    real = [v for v in verdicts.values() if v.path.parent == Path(CORPUS)]
    assert sum(v.outcome == "written" for v in real) >= 20
    assert [(v.path.name, v.faults) for v in real if v.wrong] == []


@pytest.mark.skipif(not CORPUS, reason="GKXL_CORPUS is not set")
@pytest.mark.parametrize("quarter", range(4))
def test_real_books(quarter: int, tmp_path: Path) -> None:
    """Every other member is as it was, or the book was refused for a named reason; none takes more than ten seconds."""
    paths = books([Path(CORPUS)])[quarter::4]
    found = list(proved(paths, tmp_path))
    outcomes = Counter(v.outcome for v in found)
    print(summary(found))
    assert [(v.path.name, v.outcome, v.why, v.faults) for v in found if v.wrong] == []
    assert set(outcomes) <= NAMED | {"written", "other"}, outcomes
    assert outcomes["written"] >= 0.8 * len(found), outcomes


def test_a_signature_goes_if_it_may() -> None:
    before = (MADE / "signed.xlsx").read_bytes()
    sheets = made_up(3, "Data")
    names = [sheet.name for sheet in sheets]
    after = b"".join(graft(before, render(sheets), names, stored(sheets, 3), drop_signature=True).pieces)
    change, faults = judge(before, after)
    assert set(change.dropped) == {
        "_xmlsignatures/origin.sigs",
        "_xmlsignatures/sig1.xml",
        "_xmlsignatures/_rels/origin.sigs.rels",
    }
    assert [fault for fault in faults if "_xmlsignatures" not in fault] == []


# Writers that are wrong -----------------------------------------------------------------------------------------------


def by_another_program(path: Path) -> bytes:
    """The book as openpyxl saves it, with sheets of our names."""
    book = openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm")
    for sheet in made_up(7, "-"):
        target = book.create_sheet(sheet.name)
        for row in sheet.rows:
            target.append([str(cell.value) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore")
def test_a_program_that_writes_the_whole_book_anew_is_found_guilty() -> None:
    guilty, judged = 0, 0
    for path in made_set():
        try:
            after = by_another_program(path)
            _, faults = judge(path.read_bytes(), after)
        except Exception:  # openpyxl fails on some, or there is nothing to judge
            continue
        judged += 1
        guilty += bool(faults)
    assert judged >= 20
    assert guilty == judged


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A book, and what our writer makes of it."""
    path = MADE / "rules.xlsx"
    copy = tmp_path_factory.mktemp("written") / path.name
    copy.write_bytes(path.read_bytes())
    assert write_into(copy).code is None
    return path, copy.read_bytes()


def anew(data: bytes, change: Callable[[str, bytes], bytes | None], *, only: str = "") -> bytes:
    """The package with the parts that contain `only` in their name rewritten; the others keep their bytes if zlib is the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            content = content if only not in info.filename else change(info.filename, content)
            if content is not None:
                new.writestr(info, content)
    return out.getvalue()


WRONGS = {
    "xl/worksheets/sheet1.xml": lambda xml: xml.replace(b'<c r="C3"><v>2<', b'<c r="C3"><v>9<'),
    "xl/tables/table1.xml": lambda xml: None,
    "xl/theme/theme1.xml": lambda xml: xml + b"\n",
    "xl/workbook.xml": lambda xml: xml.replace(b'<definedName name="Tax">0.13</definedName>', b""),
    "xl/styles.xml": lambda xml: xml.replace(b"<dxf>", b"<dxf><font><b/></font></dxf><dxf>", 1),
    "[Content_Types].xml": lambda xml: xml.replace(b"application/vnd.openxmlformats-officedocument.theme+xml", b"a/b"),
    "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"worksheets/sheet1.xml", b"worksheets/sheet2.xml", 1),
}


@pytest.mark.parametrize("part", WRONGS)
def test_one_wrong_part_is_told(written: tuple[Path, bytes], part: str) -> None:
    path, after = written
    before = path.read_bytes()
    assert judge(before, after)[1] == []
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert WRONGS[part](archive.read(part)) != archive.read(part)
    _, faults = judge(before, anew(after, lambda _, xml: WRONGS[part](xml), only=part))
    assert any(fault.startswith(part) for fault in faults), faults


def test_a_changed_byte_of_a_header_is_told(written: tuple[Path, bytes]) -> None:
    path, after = written
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        place = archive.getinfo("xl/theme/theme1.xml").header_offset + 10  # the time in its local header
    changed = after[:place] + bytes([after[place] ^ 1]) + after[place + 1 :]
    assert judge(path.read_bytes(), changed)[1] == ["xl/theme/theme1.xml is another"]


def test_another_value_is_told(tmp_path: Path) -> None:
    path, other = MADE / "charts.xlsx", tmp_path / "other.xlsx"
    other.write_bytes(anew(path.read_bytes(), lambda _, xml: xml.replace(b"<v>7</v>", b"<v>8</v>"), only="sheet1.xml"))
    for reader in (by_openpyxl, by_calamine):
        known, faults = same_values(reader, path, other)
        assert known
        assert faults


def ending(how: str) -> object:
    if how == "crash":
        os.abort()
    while how == "hang":
        pass
    return bytearray(2 << 30) if how == "memory" else [][1] if how == "raised" else how


@pytest.mark.parametrize("how", ["done", "raised", "crash", "hang", "memory"])
def test_however_a_child_ends_the_run_goes_on(how: str) -> None:
    def steps():
        first = yield Task(lambda: ending(how), 1)
        second = yield Task(lambda: "well")
        return first.how, second.result

    assert list(run([steps(), steps()])) == [(how, "well")] * 2


DYING = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2
for book; do
  case $book in
    *-broken.xlsx) echo "Error: source file could not be loaded" ;;
    *-dies.xlsx) echo "convert $book"; kill -9 $$ ;;
    *-early.xlsx) kill -9 $$ ;;
    *) echo "convert $book"; cp "$book" "$out" ;;
  esac
done
"""


def test_soffice_that_dies_stops_no_other_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for soffice dies while it loads one book and while it saves another."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "soffice").write_text(DYING)
    (tmp_path / "bin" / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    paths = [tmp_path / f"{n}-{what}.xlsx" for n, what in enumerate("well early broken well dies dies well".split())]
    for path in paths:
        path.touch()
    assert [path.stem for path in convert(paths, tmp_path / "out")] == ["0-well", "3-well", "6-well"]


def test_without_libreoffice_it_is_said_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="apt-get install libreoffice"):
        convert([tmp_path / "book.xlsx"], tmp_path)


def test_the_command(tmp_path: Path) -> None:
    """A line of JSON for each book, whatever its name; what was written stays; the summary comes last."""
    odd = tmp_path / "in" / os.fsdecode(b"\xff.xlsx")
    odd.parent.mkdir()
    odd.write_bytes((MADE / "bare.xlsx").read_bytes())
    (odd.parent / "text.xlsx").write_text("no workbook")
    command = [sys.executable, MADE.parents[1] / "proof.py", odd.parent, "--out", tmp_path / "out", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(verdict["outcome"] for verdict in told) == ["refused GK605", "written"]
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".xlsx"]
    assert done.stderr.startswith("2 books: ")
