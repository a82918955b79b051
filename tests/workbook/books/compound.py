"""Compound files ([MS-CFB]), and a VBA project in one ([MS-OVBA]) with its macros as source text."""

import struct
from collections.abc import Sequence

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NONE = 0xFFFFFFFF
SECTOR, MINI, CUTOFF = 512, 64, 4096
Tree = dict[str, "bytes | Tree"]


def compound(tree: Tree) -> bytes:
    """A version 3 compound file of streams and storages."""
    entries: list[list[object]] = [["Root Entry", 5, NONE, NONE, NONE, b""]]
    _enter(tree, entries, 0)
    ministream, minifat, sectors, fat = bytearray(), [], bytearray(), []

    def put(content: bytes) -> int:
        """Full sectors at the end, as one chain; the first one's number."""
        first, count = len(fat), -(-len(content) // SECTOR)
        sectors.extend(content.ljust(count * SECTOR, b"\0"))
        fat.extend([*range(first + 1, first + count), END] if count else [])
        return first if count else END

    starts: list[int] = []
    for _, kind, *_, content in entries:
        assert isinstance(content, bytes)
        if kind != 2 or not content:
            starts.append(END if kind == 2 else 0)
        elif len(content) >= CUTOFF:
            starts.append(put(content))
        else:
            first, count = len(minifat), -(-len(content) // MINI)
            minifat += [*range(first + 1, first + count), END]
            ministream += content.ljust(count * MINI, b"\0")
            starts.append(first)
    entries[0][5], starts[0] = bytes(ministream), put(bytes(ministream))
    directory = b"".join(_entry(entry, start) for entry, start in zip(entries, starts, strict=True))
    directory += _entry(["", 0, NONE, NONE, NONE, b""], 0) * (-len(entries) % 4)
    at_directory = put(directory)
    minifat += [FREE] * (-len(minifat) % (SECTOR // 4))
    at_minifat = put(struct.pack(f"<{len(minifat)}I", *minifat))
    own = 1
    while own * (SECTOR // 4) < len(fat) + own:
        own += 1
    at_fat = list(range(len(fat), len(fat) + own))
    table = fat + [FAT] * own
    table += [FREE] * (own * (SECTOR // 4) - len(table))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, own, at_directory, 0, CUTOFF, at_minifat, len(minifat) * 4 // SECTOR, END, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *at_fat, *[FREE] * (109 - own))
    return header + bytes(sectors) + struct.pack(f"<{len(table)}I", *table)


def _enter(tree: Tree, entries: list[list[object]], parent: int) -> None:
    """The children of a storage, as a balanced tree ordered by length and then by capitals."""
    names = sorted(tree, key=lambda n: (len(n), n.upper()))
    numbers = {}
    for name in names:
        content = tree[name]
        numbers[name] = len(entries)
        entries.append([name, 1 if isinstance(content, dict) else 2, NONE, NONE, NONE, b""])
        if isinstance(content, dict):
            _enter(content, entries, numbers[name])
        else:
            entries[numbers[name]][5] = content

    def root(part: Sequence[str]) -> int:
        if not part:
            return NONE
        middle = len(part) // 2
        entry = entries[numbers[part[middle]]]
        entry[2], entry[3] = root(part[:middle]), root(part[middle + 1 :])
        return numbers[part[middle]]

    entries[parent][4] = root(names)


def _entry(entry: list[object], start: int) -> bytes:
    name, kind, left, right, child, content = entry
    raw = (str(name) + "\0").encode("utf-16-le") if name else b""
    assert isinstance(content, bytes)
    return struct.pack(
        "<64sHBBIII16sIQQIQ", raw, len(raw), kind, 1, left, right, child, b"", 0, 0, 0, start, len(content)
    )


# [MS-OVBA] -----------------------------------------------------------------------------------------------------------

DOCUMENT = """Attribute VB_Name = "{name}"
Attribute VB_Base = "0{{{base}-0000-0000-C000-000000000046}}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = True
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = True
"""


def _packed(text: bytes) -> bytes:
    """The container of 2.4.1, of one chunk of literals only."""
    body = b"".join(b"\0" + text[i : i + 8] for i in range(0, len(text), 8))
    assert len(body) <= 4096, "longer texts would need copy tokens"
    return b"\1" + struct.pack("<H", 0xB000 | (len(body) - 1)) + body


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HI", kind, len(body)) + body


def _both(kind: int, wide: int, text: str) -> bytes:
    return _record(kind, text.encode("cp1252")) + _record(wide, text.encode("utf-16-le"))


def vba_project(sheets: Sequence[str], module: str, source: str) -> bytes:
    """vbaProject.bin: a document module for the workbook and each sheet (by code name), and one module of macros."""
    texts = {"ThisWorkbook": DOCUMENT.format(name="ThisWorkbook", base="00020819")}
    texts |= {name: DOCUMENT.format(name=name, base="00020820") for name in sheets}
    texts[module] = f'Attribute VB_Name = "{module}"\n{source}'
    u32 = struct.Struct("<I").pack
    u16 = struct.Struct("<H").pack
    ole = "*\\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\\Windows\\System32\\stdole2.tlb#OLE Automation"
    listed = _record(1, u32(1)) + _record(2, u32(0x409)) + _record(0x14, u32(0x409)) + _record(3, u16(1252))
    listed += _record(4, b"VBAProject") + _both(5, 0x40, "") + _record(6) + _record(0x3D) + _record(7, u32(0))
    listed += _record(8, u32(0)) + struct.pack("<HIIH", 9, 4, 1, 1) + _both(0x0C, 0x3C, "")
    libid = ole.encode("cp1252")
    listed += _both(0x16, 0x3E, "stdole") + _record(0x0D, u32(len(libid)) + libid + u32(0) + u16(0))
    listed += _record(0x0F, u16(len(texts))) + _record(0x13, u16(0xFFFF))
    for name in texts:
        listed += _both(0x19, 0x47, name) + _both(0x1A, 0x32, name) + _both(0x1C, 0x48, "")
        listed += _record(0x31, u32(0)) + _record(0x1E, u32(0)) + _record(0x2C, u16(0xFFFF))
        listed += _record(0x21 if name == module else 0x22) + _record(0x2B)
    listed += _record(0x10)
    project = ['ID="{917DED54-440B-4FD1-A5C1-74ACF261E600}"']
    project += [f"Document={name}/&H00000000" for name in texts if name != module]
    project += [f"Module={module}", 'Name="VBAProject"', 'HelpContextID="0"', 'VersionCompatible32="393222000"']
    # The protection of an open project, sealed for this ID: the example of 3.1.1
    project += ['CMG="0705D8E3D8EDDBF1DBF1DBF1DBF1"', 'DPB="0E0CD1ECDFF4E7F5E7F5E7"', 'GC="1517CAF1D6F9D7F9D706"', ""]
    project += ["[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000", ""]
    project += ["[Workspace]", *(f"{name}=0, 0, 0, 0, C" for name in texts), ""]
    names = b"".join(n.encode("cp1252") + b"\0" + n.encode("utf-16-le") + b"\0\0" for n in texts) + b"\0\0"
    vba: Tree = {name: _packed(text.replace("\n", "\r\n").encode("cp1252")) for name, text in texts.items()}
    vba |= {"dir": _packed(listed), "_VBA_PROJECT": bytes.fromhex("CC61FFFF000000")}
    return compound({"VBA": vba, "PROJECT": "\r\n".join(project).encode("cp1252"), "PROJECTwm": names})
