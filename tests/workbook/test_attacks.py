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
from legacy_made import ods, xls
from made import MAIN, parts, strings, worksheet, write

from gkxl.diagnostics import column_letters

SECONDS, MIB = 30.0, 512  # what is not stopped takes minutes and gigabytes
READ = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[2])
from gkxl.diagnostics import GkError
from gkxl.workbook.read import read_book
began = time.perf_counter()
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
seconds = time.perf_counter() - began
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
