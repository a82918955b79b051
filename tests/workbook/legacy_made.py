"""Older workbooks written record by record: .ods as XML, .xlsb as BIFF12, .xls as BIFF8 in a compound file."""

import re
import struct

from made import HEAD, parts, relations

NAMES = {"o": "office", "t": "table", "x": "text", "s": "style"}
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods(rows: str, style: str = "") -> dict[str, str | bytes]:
    """A workbook with one sheet 甲; `rows` and `style` have short prefixes, the file the usual ones, all that calamine knows."""
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMES.values())
    text = (
        f'<o:document-content {names} {CALC} o:version="1.3"><o:automatic-styles>{style}</o:automatic-styles>'
        f'<o:body><o:spreadsheet><t:table t:name="甲" t:style-name="ta1">{rows}</t:table></o:spreadsheet></o:body>'
        "</o:document-content>"
    )
    text = re.sub(r"(?<=[</ ])([otxs]):(?=[a-z])", lambda m: f"{NAMES[m[1]]}:", text).replace(" c:", " calcext:")
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": HEAD + text,
        "META-INF/manifest.xml": f'{HEAD}<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def record(kind: int, body: bytes = b"") -> bytes:
    """A record of BIFF12."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = b"", len(body)
    while rest > 127:
        size += bytes([rest & 0x7F | 0x80])
        rest >>= 7
    return head + size + bytes([rest]) + body


def xlsb(cells: bytes, formats: list[str]) -> dict[str, str | bytes]:
    """A workbook with one sheet 甲 of these cell records (with their row headers), and these number formats."""
    made = parts("")
    del made["xl/worksheets/sheet1.xml"]
    made["_rels/.rels"] = relations(("rId1", "officeDocument", "xl/workbook.bin"))
    del made["xl/workbook.xml"]
    del made["xl/_rels/workbook.xml.rels"]
    made["xl/_rels/workbook.bin.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.bin"), ("rId2", "styles", "styles.bin")
    )
    sheet = struct.pack("<II", 1, 1) + wide("rId1") + wide("甲")
    made["xl/workbook.bin"] = b"".join(
        [
            record(131),
            record(153, struct.pack("<II", 0, 0) + wide("")),
            record(143),
            record(156, sheet),
            record(144),
            record(132),
        ]
    )
    fmts = b"".join(record(44, struct.pack("<H", 164 + n) + wide(code)) for n, code in enumerate(formats))
    xfs = b"".join(record(47, struct.pack("<HH", 0xFFFF, 164 + n) + bytes(12)) for n in range(len(formats)))
    made["xl/styles.bin"] = b"".join(
        [
            record(278),
            record(615, struct.pack("<I", len(formats))),
            fmts,
            record(616),
            record(617, struct.pack("<I", len(formats))),
            xfs,
            record(618),
            record(279),
        ]
    )
    made["xl/worksheets/sheet1.bin"] = b"".join(
        [
            record(129),
            record(148, struct.pack("<4I", 0, 9, 0, 9)),
            record(145),
            cells,
            record(146),
            record(177, struct.pack("<I", 1)),
            record(176, struct.pack("<4I", 4, 5, 0, 1)),
            record(178),
            record(130),
        ]
    )
    return made


def biff(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(cells: bytes, formats: list[str], before: bytes = b"") -> bytes:
    """A compound file with the stream of a workbook of one sheet 甲."""

    def bof(kind: int) -> bytes:
        return biff(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 6))

    fonts = biff(0x31, bytes(14) + b"\5\0Arial") * 4
    fmts = b"".join(
        biff(0x41E, struct.pack("<HHB", 164 + n, len(code), 1) + code.encode("utf-16-le"))
        for n, code in enumerate(formats)
    )
    xfs = b"".join(biff(0xE0, struct.pack("<HH", 0, 164 + n) + bytes(16)) for n in range(len(formats)))
    head = bof(5) + before + biff(0x42, b"\xb0\x04") + fonts + fmts + xfs
    name = b"\1\1" + "甲".encode("utf-16-le")
    offset = len(head) + 4 + 6 + len(name) + 4
    book = head + biff(0x85, struct.pack("<IBB", offset, 1, 0) + name) + biff(0x0A)
    book += bof(16) + cells + biff(0x0A)
    book = book.ljust(max(4096, len(book)), b"\0")
    sectors = -(-len(book) // 512)
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    start += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack(
        "<109I", 0, *[0xFFFFFFFF] * 108
    )
    entries = b""
    for kind, title, child, first, size in [
        (5, "Root Entry", 1, 0xFFFFFFFE, 0),
        (2, "Workbook", 0xFFFFFFFF, 2, len(book)),
    ]:
        raw = (title + "\0").encode("utf-16-le")
        entries += (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<IQ", first, size)
        )
    return (
        start
        + struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
        + entries.ljust(512, b"\0")
        + book.ljust(sectors * 512, b"\0")
    )
