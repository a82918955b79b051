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
from legacy_made import ods
from made import MAIN, parts, strings, worksheet, write

SECONDS, MIB = 5.0, 512
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
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
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
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

FILES: dict[str, tuple[Callable[[], Made], list[str], int]] = {
    "two corners": (lambda: parts(CORNERS), [], 2),
    "whole sheet merged": (lambda: parts(WHOLE), [], 1),
    "half a million empty rows": (lambda: parts(worksheet("".join(f'<row r="{n}"/>' for n in range(1, 500_001)))), [], 0),
    "half a million blank cells": (lambda: parts(worksheet("".join(row(n, f'<c r="A{n}" s="1"/>' * 1) for n in range(1, 500_001)))), [], 0),
    "one row as long as all": (lambda: parts(worksheet("<row>" + "<c><v>1</v></c>" * 16384 + "</row>")), [], 16384),
    "a row too long": (lambda: parts(worksheet("<row>" + "<c/>" * 16385 + "</row>")), ["GK615"], 0),
    "entities": (lambda: parts(LAUGHS + worksheet("").partition("?>")[2]), ["GK612"], 0),
    "external entity": (lambda: parts('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + worksheet(row(1, '<c r="A1" t="str"><v>&x;</v></c>')).partition("?>")[2]), ["GK612"], 0),
    "deep": (lambda: parts(worksheet("<row>" + "<c>" * 300_000)), ["GK616"], 0),
    "deep strings": (lambda: parts(worksheet(""), shared=strings("<r>" * 300_000)), ["GK616"], 0),
    "a vast attribute": (lambda: parts(f'<worksheet xmlns="{MAIN}" a="{noise(40 << 20)}"/>'), ["GK610"], 0),
    "a vast comment": (lambda: parts(worksheet(f"<!--{noise(40 << 20)}-->")), ["GK610"], 0),
    "a vast text": (lambda: parts(worksheet(row(1, f'<c r="A1" t="str"><v>{noise(40 << 20)}</v></c>'))), ["GK610"], 0),
    "a vast string": (lambda: parts(worksheet(""), shared=strings(f"<t>{noise(40 << 20)}</t>")), ["GK610"], 0),
    "a vast number": (lambda: parts(worksheet(row(1, f'<c r="A1"><v>{"9" * 900_000}</v></c>'))), [], 1),
    "many attributes": (lambda: parts(worksheet("<row " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>")), [], 0),
    "many namespaces": (lambda: parts(worksheet("<row " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(100_000)) + "/>")), [], 0),
    "half a million strings": (lambda: parts(worksheet(""), shared=strings(*(f"<t>{n}</t>" for n in range(500_000)))), [], 0),
    "merges beyond count": (lambda: parts(worksheet("", after="<mergeCells>" + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 300_001)) + "</mergeCells>")), ["GK610"], 0),
    "zeros": (lambda: parts(b"\0" * (8 << 20)), ["GK609"], 0),
    "a digit on each row": (lambda: parts(worksheet("".join(row(n, '<c><v>1&#49;</v></c>') for n in range(1, 200_001)))), [], 200_000),
    "names of many areas": (lambda: parts(worksheet(""), workbook="<definedNames>" + "".join(f'<definedName name="n{n}">甲!$A${n}</definedName>' for n in range(1, 200_001)) + "</definedNames>"), [], 0),
    "relationships in a circle": (lambda: parts(worksheet("")) | {"xl/worksheets/_rels/sheet1.xml.rels": str(parts("")["_rels/.rels"]).replace("officeDocument\"", "table\"").replace("xl/workbook.xml", "sheet1.xml")}, [], 0),
}  # fmt: skip


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


@pytest.mark.parametrize(
    ("body", "codes", "cells"),
    [
        ('<t:table-row t:number-rows-repeated="1048576"><t:table-cell t:number-columns-repeated="16384"/></t:table-row>', [], 0),
        ('<t:table-row t:number-rows-repeated="1048576"><t:table-cell t:number-columns-repeated="16384" o:value-type="float" o:value="1"/></t:table-row>', ["GK610"], 0),
        ('<t:table-row t:number-rows-repeated="99999999"><t:table-cell o:value-type="float" o:value="1"/></t:table-row>', ["GK610"], 0),
        ('<t:table-row t:number-rows-repeated="60000"><t:table-cell t:number-columns-repeated="9" o:value-type="float" o:value="1"/></t:table-row>', [], 540_000),
    ],
)  # fmt: skip
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
