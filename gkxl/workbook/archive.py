"""The zip of a package in pieces: members carried over byte for byte, new ones packed (.ZIP File Format Specification, 4.3).

What comes out depends on nothing but what goes in: new members all have one date, and are packed at one level.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple
from zipfile import ZipInfo

from gkxl import diagnostics as d
from gkxl.workbook.package import Package, RefusedError

Piece = bytes | memoryview
Content = bytes | Iterable[bytes]  # of a new member; in pieces, so that a large one is never held whole

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _DEFLATED, _UTF8, _DESCRIBED = 20, 8, 0x800, 0x8
_DATE = 0x21  # 1980-01-01, the first that a zip can say
_LEVEL = 6
_FAR = 0xFFFFFFFF  # the value stands in the zip64 field


class Member(NamedTuple):
    """A member as it stands: its key, its entry in the directory, where its header, packed bytes and descriptor are."""

    key: str
    entry: memoryview
    start: int
    end: int

    @property
    def name(self) -> tuple[bytes, int]:
        """The bytes of its name and the flag that says how they are to be read."""
        length, flags = struct.unpack_from("<H", self.entry, 28)[0], struct.unpack_from("<H", self.entry, 8)[0]
        return bytes(self.entry[46 : 46 + length]), flags & _UTF8


def members(package: Package) -> list[Member]:
    """The members of a package in the order of its directory."""
    data = memoryview(package.data)
    found = zip(package.members.items(), entries(data[package.directory :], len(package.members)), strict=True)
    return [Member(key, entry, info.header_offset, _end(data, info)) for (key, info), entry in found]


def entries(directory: memoryview, count: int) -> list[memoryview]:
    """The entries of a zip's directory, which starts the bytes that are given."""
    at, found = 0, []
    for _ in range(count):
        name, extra, comment = struct.unpack_from("<3H", directory, at + 28)
        found.append(directory[at : at + 46 + name + extra + comment])
        at += len(found[-1])
    return found


def without_place(entry: memoryview) -> bytes:
    """An entry of the directory but for where its member starts."""
    return _moved(bytes(entry), 0)


def _end(data: memoryview, info: ZipInfo) -> int:
    """Behind a member's packed bytes and the descriptor that follows them if its flags say so, in any of its four forms."""
    name, extra = struct.unpack_from("<2H", data, info.header_offset + 26)
    end: int = info.header_offset + 30 + name + extra + info.compress_size
    if info.flag_bits & _DESCRIBED:
        facts = (info.CRC, info.compress_size, info.file_size)
        for mark in (b"PK\7\x08", b""):
            for form in ("<3I", "<I2Q"):
                descriptor = mark + struct.pack(form, *facts)
                if data[end : end + len(descriptor)] == descriptor:
                    return end + len(descriptor)
    return end


def assemble(
    package: Package, replaced: Mapping[str, Content], added: Mapping[str, bytes], dropped: Collection[str]
) -> list[Piece]:
    """The package with members replaced (by key), added (by name) and dropped, as pieces to be written one after another.

    Kept members are views of the package's own bytes. What stands before, between and behind members is left out.
    """
    data = memoryview(package.data)
    kept = [member for member in members(package) if member.key not in dropped]
    pieces: list[Piece] = []
    listed: dict[str, bytes] = {}
    at = 0

    def put(key: str, entry: bytes, *local: Piece) -> None:
        nonlocal at
        listed[key] = _moved(entry, at)
        pieces.extend(local)
        at += sum(map(len, local))

    for member in sorted(kept, key=lambda m: m.start):
        if member.key in replaced:
            put(member.key, *_packed(*member.name, replaced[member.key]))
        else:
            put(member.key, bytes(member.entry), data[member.start : member.end])
    for name, content in added.items():
        put(name, *_packed(name.encode(), 0 if name.isascii() else _UTF8, content))
    directory = b"".join([listed[key] for key in (*(m.key for m in kept), *added)])
    count = len(listed)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), at, len(package.comment))
    return [*pieces, directory, end + package.comment]


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these members alone."""
    empty = Package(_END.pack(b"PK\5\6", 0, 0, 0, 0, 0, 0, 0))
    return b"".join(assemble(empty, {}, dict(parts), ()))


def _packed(name: bytes, flags: int, content: Content) -> tuple[bytes, bytes, bytes]:
    """The entry of a new member in the directory, without its place; its header; its packed bytes."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed, crc, length = [], 0, 0
    for piece in [content] if isinstance(content, bytes) else content:
        packed.append(packer.compress(piece))
        crc, length = zlib.crc32(piece, crc), length + len(piece)
    data = b"".join([*packed, packer.flush()])
    facts = (_VERSION, flags, _DEFLATED, 0, _DATE, crc, len(data), length, len(name), 0)
    header = _LOCAL.pack(b"PK\3\4", *facts)
    entry = _CENTRAL.pack(b"PK\1\2", _VERSION, *facts, 0, 0, 0, 0, 0)
    return entry + name, header + name, data


def _moved(entry: bytes, at: int) -> bytes:
    """An entry of the directory that says that its member starts at `at`."""
    packed, unpacked, name, extra = struct.unpack_from("<2I2H", entry, 20)
    if struct.unpack_from("<I", entry, 42)[0] != _FAR:
        return entry[:42] + struct.pack("<I", at) + entry[46:]
    field = 46 + name
    while field < 46 + name + extra:  # the zip64 field holds, in this order, what is too large for its usual place
        kind, length = struct.unpack_from("<2H", entry, field)
        if kind == 1:
            field += 4 + 8 * ((packed == _FAR) + (unpacked == _FAR))
            return entry[:field] + struct.pack("<Q", at) + entry[field + 8 :]
        field += 4 + length
    raise RefusedError(d.FILE_DAMAGED, what=("zip64", "zip64"))
