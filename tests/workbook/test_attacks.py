"""Files made to hurt: each is read or refused within 5 seconds and 512 MiB, measured in a process of its own."""

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from legacy_made import biff, ods, xls
from made import MAIN, parts, strings, worksheet, write

from gkxl.diagnostics import column_letters

SECONDS, MIB = 5.0, 512  # of the processor, and of memory; what is not stopped takes minutes and gigabytes
READ = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[2])
from gkxl.diagnostics import GkError
from gkxl.workbook.read import read_book
began = time.process_time()
book, found = read_book(sys.argv[1])
cells = 0
try:
    for sheet in book.sheets if book else ():
        len(sheet.merges)
        for row in sheet.rows():
            cells += len(row.cells)
except GkError as error:
    found = error.diagnostics
with open("/proc/self/status") as file:  # ru_maxrss would count what the process had before it became this one
    peak = max(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
peak = max(peak, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
own, child = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
seconds = sum(one.ru_utime + one.ru_stime for one in (own, child)) - began
print(json.dumps([[d.code.number for d in found], cells, seconds, peak / 1024]))
"""
ROOT = Path(__file__).parents[2]
Made = dict[str, str | bytes]


def attack(path: Path) -> tuple[list[str], int]:
    """The codes and the number of cells that a file gives."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), str(ROOT)], capture_output=True, timeout=60, check=True
    )
    codes, cells, seconds, mib = json.loads(done.stdout)
    assert seconds <= SECONDS, f"{path.name} took {seconds:.1f} s"
    assert mib <= MIB, f"{path.name} took {mib:.0f} MiB"
    return codes, cells


def row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


CORNERS = worksheet(
    row(1, '<c r="A1"><v>1</v></c>') + row(1048576, '<c r="XFD1048576"><v>2</v></c>'),
    before='<dimension ref="A1:XFD1048576"/>',
)
WHOLE = worksheet(row(1, '<c r="A1"><v>1</v></c>'), after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
BACKWARDS = "".join(f'<c r="{column_letters(n)}1"><v>{n}</v></c>' for n in range(16384, 0, -1))
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def many(template: str, count: int) -> str:
    """The template once for each number from 1, which stands where it says #."""
    return "".join(template.replace("#", str(n)) for n in range(1, count + 1))


def merged(count: int) -> str:
    return worksheet("", after="<mergeCells>" + many('<mergeCell ref="A#:B#"/>', count) + "</mergeCells>")


def circle() -> Made:
    """A sheet that is its own table."""
    link = str(parts("")["_rels/.rels"]).replace('officeDocument"', 'table"').replace("xl/workbook.xml", "sheet1.xml")
    return parts(worksheet("")) | {"xl/worksheets/_rels/sheet1.xml.rels": link}


def entity(doctype: str) -> Made:
    return parts(doctype + worksheet(row(1, '<c r="A1" t="str"><v>&b;</v></c>')).partition("?>")[2])


def texts(*items: str) -> Made:
    return parts(worksheet(""), shared=strings(*items))


def names(count: int) -> Made:
    defined = many('<definedName name="n#">甲!$A$#</definedName>', count)
    return parts(worksheet(""), workbook=f"<definedNames>{defined}</definedNames>")


# How each is made, the codes it is refused with, the number of its cells.
FILES: dict[str, tuple[Callable[[], Made], list[str], int]] = {
    "two corners": (lambda: parts(CORNERS), [], 2),
    "whole sheet merged": (lambda: parts(WHOLE), [], 1),
    "empty rows": (lambda: parts(worksheet(many('<row r="#"/>', 500_000))), [], 0),
    "blank cells": (lambda: parts(worksheet(many('<row r="#"><c r="A#" s="1"/></row>', 500_000))), [], 0),
    "a row of all columns": (lambda: parts(worksheet(f"<row>{many('<c><v>1</v></c>', 16384)}</row>")), [], 16384),
    "a row too long": (lambda: parts(worksheet(f"<row>{many('<c/>', 16385)}</row>")), ["GK615"], 0),
    "a row backwards": (lambda: parts(worksheet(f'<row r="1">{BACKWARDS}</row>')), [], 16384),
    "entities": (lambda: entity(LAUGHS), ["GK612"], 0),
    "external entity": (lambda: entity('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'), ["GK612"], 0),
    "deep": (lambda: parts(worksheet("<row>" + "<c>" * 300_000)), ["GK616"], 0),
    "deep strings": (lambda: texts("<r>" * 300_000), ["GK616"], 0),
    "a vast attribute": (lambda: parts(f'<worksheet xmlns="{MAIN}" a="{noise(40 << 20)}"/>'), ["GK610"], 0),
    "a vast comment": (lambda: parts(worksheet(f"<!--{noise(40 << 20)}-->")), ["GK610"], 0),
    "a vast text": (lambda: parts(worksheet(f'<row><c t="str"><v>{noise(40 << 20)}</v></c></row>')), ["GK610"], 0),
    "a vast string": (lambda: texts(f"<t>{noise(40 << 20)}</t>"), ["GK610"], 0),
    "a vast number": (lambda: parts(worksheet(f"<row><c><v>{'9' * 900_000}</v></c></row>")), [], 1),
    "many attributes": (lambda: parts(worksheet("<row " + many("a#='1' ", 100_000) + "/>")), [], 0),
    "many namespaces": (lambda: parts(worksheet("<row " + many("xmlns:a#='u' ", 100_000) + "/>")), [], 0),
    "many strings": (lambda: texts(*(f"<t>{n}</t>" for n in range(500_000))), [], 0),
    "many merges": (lambda: parts(merged(300_000)), ["GK610"], 0),
    "zeros": (lambda: parts(b"\0" * (8 << 20)), ["GK609"], 0),
    "rows off the fast way": (lambda: parts(worksheet(many("<row><c><v>1</v></c></row>", 200_000))), [], 200_000),
    "many names": (lambda: names(200_000), [], 0),
    "a sheet that is its own table": (circle, [], 0),
}


def noise(size: int) -> str:
    """Text that packs about forty times, as ordinary text at its best."""
    return "".join(f"{n:x}{'x' * 160}" for n in range(size // 165))


@pytest.mark.parametrize("name", FILES)
def test_attack(tmp_path: Path, name: str) -> None:
    make, codes, cells = FILES[name]
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in make().items():
            packing = 1 if isinstance(content, str) and len(content) > 1 << 20 else 9
            archive.writestr(member, content, compresslevel=packing)
    assert attack(path) == (codes, cells)


def test_nested_zip_bomb(tmp_path: Path) -> None:
    """One packed block that many members share."""
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = block.compress(bytes(100 << 10)) + block.flush()
    body = (
        struct.pack(
            "<4s5HIIIHH", b"PK\3\4", 20, 0, 8, 0, 33, zlib.crc32(bytes(100 << 10)), len(packed), 100 << 10, 1, 0
        )
        + b"a"
    )
    entries = b"".join(
        struct.pack(
            "<4s6HIIIHHHHHII",
            b"PK\1\2",
            20,
            20,
            0,
            8,
            0,
            33,
            zlib.crc32(bytes(100 << 10)),
            len(packed),
            100 << 10,
            5,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + f"{n:05}".encode()
        for n in range(10_000)
    )
    data = body + packed
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 10_000, 10_000, len(entries), len(data), 0)
    path = tmp_path / "b.xlsx"
    path.write_bytes(data + entries + end)
    assert attack(path) == (["GK611"], 0)


def ods_row(rows: int, columns: int, value: str = 'o:value-type="float" o:value="1"') -> str:
    cell = f'<t:table-cell t:number-columns-repeated="{columns}" {value}/>'
    return f'<t:table-row t:number-rows-repeated="{rows}">{cell}</t:table-row>'


@pytest.mark.parametrize(
    ("body", "codes", "cells"),
    [
        (ods_row(1048576, 16384, ""), [], 0),
        (ods_row(1048576, 16384), ["GK610"], 0),
        (ods_row(99999999, 1), ["GK610"], 0),
        (ods_row(60000, 9), [], 540_000),
    ],
)
def test_ods_that_repeats(tmp_path: Path, body: str, codes: list[str], cells: int) -> None:
    assert attack(write(tmp_path / "r.ods", ods(body))) == (codes, cells)


def test_ods_with_texts_in_two_corners(tmp_path: Path) -> None:
    """calamine lays out every cell between the corners; the limit of its process ends that, not ours."""
    cell = '<t:table-cell o:value-type="string"><x:p>a</x:p></t:table-cell>'
    body = (
        f"<t:table-row>{cell}</t:table-row><t:table-row t:number-rows-repeated='1048574'><t:table-cell/></t:table-row>"
        f"<t:table-row><t:table-cell t:number-columns-repeated='16383'/>{cell}</t:table-row>"
    )
    codes, cells = attack(write(tmp_path / "corners.ods", ods(body)))
    assert codes in (["GK608"], ["GK610"], ["GK619"])
    assert cells == 0


@pytest.mark.parametrize("at", [44, 48, 60, 68, 76, 512 + 8, 1024 + 116])
def test_compound_file_whose_chains_go_in_circles(tmp_path: Path, at: int) -> None:
    """Each pointer of the header, of the sector table and of the directory in turn leads back to the first sector."""
    content = bytearray(xls(b"", ["0"]))
    struct.pack_into("<I", content, at, 0 if at != 44 else 0xFFFFFF)
    path = tmp_path / "c.xls"
    path.write_bytes(bytes(content) + bytes(3))
    codes, cells = attack(path)
    assert codes in ([], ["GK605"], ["GK608"])
    assert cells == 0


# --- The zip itself --------------------------------------------------------------------------------------------------

PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml")
ONE = worksheet(row(1, '<c r="A1"><v>1</v></c>'))
SHEET = "xl/worksheets/sheet1.xml"


def zipped(members: dict[str, str | bytes], path: Path) -> bytearray:
    return bytearray(write(path, members).read_bytes())


def patched(content: bytearray, local: int, central: int, form: str, value: int) -> bytearray:
    """A field of the sheet's two headers, by where it stands in each; -1: left alone there."""
    name = SHEET.encode()
    at = content.index(name) - 30
    directory = content.rindex(name) - 46
    for place in [at + local] * (local >= 0) + [directory + central] * (central >= 0):
        struct.pack_into(form, content, place, value)
    return content


def streamed(_content: bytearray, path: Path) -> bytes:
    """The same with every size behind its member (a data descriptor) and none in front."""
    with zipfile.ZipFile(path) as old, path.with_suffix(".zip").open("wb") as file:

        class Pipe:  # cannot go back, so that sizes come last
            def write(self, data: bytes) -> int:
                return file.write(data)

            def flush(self) -> None:
                file.flush()

        with zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as new:  # type: ignore[arg-type]
            for name in old.namelist():
                new.writestr(name, old.read(name))
    return path.with_suffix(".zip").read_bytes()


# How the bytes of a sound file are changed, and the codes that are fine for it.
ZIPS: dict[str, tuple[Callable[[bytearray, Path], bytes | bytearray], tuple[list[str], ...]]] = {
    "a size that says less": (lambda c, _: patched(c, 22, 24, "<I", 40), (["GK608"], ["GK613"])),
    "a size that says 4 GiB": (lambda c, _: patched(c, 22, 24, "<I", 0xFFFFFFFE), (["GK609"],)),
    "a zip64 size without its field": (lambda c, _: patched(c, 22, 24, "<I", 0xFFFFFFFF), (["GK608"], ["GK609"])),
    "a packed size beyond the file": (lambda c, _: patched(c, 18, 20, "<I", 1 << 30), (["GK608"],)),
    "a wrong checksum": (lambda c, _: patched(c, 14, 16, "<I", 7), (["GK608"],)),
    "a packed size of nothing": (lambda c, _: patched(c, 18, 20, "<I", 0), (["GK608"], ["GK611"], ["GK613"])),
    "a method that nobody knows": (lambda c, _: patched(c, 8, 10, "<H", 97), (["GK608"],)),
    "a member that begins outside": (lambda c, _: patched(c, -1, 42, "<I", 0x7FFFFFFF), (["GK608"],)),
    "a member that begins in another": (lambda c, _: patched(c, -1, 42, "<I", 1), (["GK608"], ["GK611"])),
    "a name without an end": (lambda c, _: patched(c, 26, -1, "<H", 0xFFFF), (["GK608"],)),
    "a directory of many more members": (
        lambda c, _: c[:-12] + struct.pack("<HH", 0xFFFE, 0xFFFE) + c[-8:],
        (["GK608"], []),
    ),
    "sizes behind the members": (streamed, ([],)),
    "another file in front": (lambda c, _: b"MZ" + bytes(3000) + c, (["GK605"],)),
    "a comment of 64 KiB": (lambda c, _: c[:-2] + struct.pack("<H", 0xFFFF) + bytes(0xFFFF), ([],)),
    "the file behind itself": (lambda c, _: c + c, (["GK608"], ["GK611"], [])),
}


@pytest.mark.parametrize("name", ZIPS)
def test_zip_that_lies(tmp_path: Path, name: str) -> None:
    make, allowed = ZIPS[name]
    path = tmp_path / "z.xlsx"
    path.write_bytes(make(zipped(parts(ONE), path), path))
    codes, cells = attack(path)
    assert codes in allowed
    assert cells == (0 if codes else 1)


# --- Parts -----------------------------------------------------------------------------------------------------------


def with_doctype(part: str) -> Made:
    made = parts(ONE, shared=strings())
    text = str(made[part]).partition("?>")[2]
    laughs = LAUGHS.replace("]>", "".join(f'<!ENTITY c{n} "{"&b;" * 10}">' for n in range(9)) + "]>")
    return made | {part: laughs + text}


def encoded(encoding: str, claim: str) -> Made:
    return parts(ONE.replace('encoding="UTF-8"', f'encoding="{claim}"').encode(encoding))


def related(*targets: str, mode: str = "") -> Made:
    made = parts(ONE)
    links = "".join(
        f'<Relationship Id="x{n}" Type="urn:x/table" Target="{target}"{mode}/>' for n, target in enumerate(targets)
    )
    head = str(made["_rels/.rels"]).partition("<Relationship ")[0]
    return made | {"xl/worksheets/_rels/sheet1.xml.rels": f"{head}{links}</Relationships>"}


def renamed(old: str, new: str) -> Made:
    made = parts(ONE)
    return {new if name == old else name: content for name, content in made.items()}


XFD = row(1048576, '<c r="XFD1048576"><v>1</v></c>')
PACKAGES: dict[str, tuple[Callable[[], Made], list[str], int]] = {
    **{f"entities in {part}": ((lambda part=part: with_doctype(part)), ["GK612"], 0) for part in PARTS[1:]},
    "entities in a table": (
        lambda: related("../t.xml") | {"xl/t.xml": f'{LAUGHS}<table xmlns="{MAIN}"/>'}, ["GK612"], 0,
    ),
    "UTF-16": (lambda: encoded("utf-16", "UTF-16"), [], 1),
    "UTF-7": (lambda: encoded("utf-7", "UTF-7"), ["GK613"], 0),
    "UTF-32": (lambda: encoded("utf-32", "UTF-32"), ["GK613"], 0),
    "bytes that are no UTF-8": (lambda: parts(ONE.encode().replace(b"<v>1", b"<v>\xff\xfe1")), ["GK613"], 0),
    "null bytes": (lambda: parts(ONE.replace("<v>", "<v>\0")), ["GK613"], 0),
    "external relationships": (
        lambda: related("file:///etc/passwd", "http://example.invalid/x", mode=' TargetMode="External"'), [], 1,
    ),
    "relationships out of the package": (lambda: related("../../../../etc/passwd", "/etc/passwd", "//x/y", ""), [], 1),
    "a part in its own folder, for ever": (lambda: related(*["./" * 5000 + "x.xml"] * 20), [], 1),
    "100,000 relationships": (lambda: related(*[f"t{n}.xml" for n in range(100_000)]), [], 1),
    "names with backslashes": (lambda: renamed(SHEET, SHEET.replace("/", "\\")), [], 1),
    "an absolute name": (lambda: renamed(SHEET, "/" + SHEET), [], 1),
    "a name that climbs": (lambda: parts(ONE) | {"../../evil.xml": "x"}, [], 1),
    "a part twice": (lambda: parts(ONE) | {SHEET.upper(): ONE}, ["GK611"], 0),
    "one cell in the last corner": (
        lambda: parts(worksheet(XFD, before='<dimension ref="A1:XFD1048576"/>')), [], 1,
    ),
    "strings that are not there": (
        lambda: parts(worksheet(row(1, '<c r="A1" t="s"><v>99999999</v></c><c r="B1" t="s"><v>-1</v></c>'))), [], 2,
    ),
    "styles that are not there": (lambda: parts(worksheet(row(1, '<c r="A1" s="99999999"><v>1</v></c>'))), [], 1),
    "a claim of billions of strings": (
        lambda: parts(ONE, shared=strings("<t>a</t>").replace("<sst ", '<sst count="4294967295" ')), [], 1,
    ),
    "2,000 runs in each of 500 strings": (lambda: texts(*["<r><t>a</t></r>" * 2000] * 500), ["GK609"], 0),
    "a workbook in a workbook": (lambda: parts(ONE) | {"xl/embeddings/a.xlsx": b"PK\5\6" + bytes(18)}, [], 1),
}  # fmt: skip


@pytest.mark.parametrize("name", PACKAGES)
def test_package(tmp_path: Path, name: str) -> None:
    make, codes, cells = PACKAGES[name]
    assert attack(write(tmp_path / "p.xlsx", make())) == (codes, cells)


# --- Records of the older formats ------------------------------------------------------------------------------------

RECORDS = {
    "a shared string of 4 GiB": biff(0xFC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF)),
    "a record longer than the file": struct.pack("<HH", 0x203, 0xFFFF),
    "a row of all columns and more": biff(0xBD, struct.pack("<HH", 0, 0) + bytes(8000) + struct.pack("<H", 0xFFFF)),
    "merges by the thousand": biff(0xE5, struct.pack("<H", 1000) + struct.pack("<4H", 0, 0xFFFF, 0, 0xFF) * 1000),
    "continuations without end": biff(0x3C) * 10_000,
    "a cell without a format": biff(0x203, struct.pack("<HHHd", 0, 0, 0xFFFF, 1.0)),
}


@pytest.mark.parametrize("name", RECORDS)
def test_xls_records(tmp_path: Path, name: str) -> None:
    path = tmp_path / "r.xls"
    path.write_bytes(xls(RECORDS[name], ["0"]))
    codes, _ = attack(path)
    assert codes in ([], ["GK608"], ["GK610"], ["GK619"])
