"""The text of VBA modules in a VBA project ([MS-OVBA]): read only, to tell which macros a workbook holds."""

from __future__ import annotations

import codecs
import struct

from gkxl import diagnostics as d
from gkxl.workbook.ole import Ole
from gkxl.workbook.package import RefusedError

# Records of the `dir` stream (2.3.4.2): each is its number, the size of what follows, and that.
_CODE_PAGE, _VERSION, _NAME, _STREAM, _OFFSET = 0x03, 0x09, 0x19, 0x1A, 0x31
_CHUNK = 4096


def modules(project: bytes) -> dict[str, str]:
    """The source text of each module by its name; raises RefusedError where the project is broken."""
    try:
        return _modules(Ole(project))
    except (struct.error, IndexError, KeyError, LookupError) as error:
        raise RefusedError(d.FILE_DAMAGED, what=("VBA 工程的结构", "structure of the VBA project")) from error


def _modules(file: Ole) -> dict[str, str]:
    listed, at, encoding = decompress(file.read("dir")), 0, "cp1252"
    found: dict[str, str] = {}
    name = stream = ""
    while at + 6 <= len(listed):
        record, size = struct.unpack_from("<HI", listed, at)
        size = 6 if record == _VERSION else size  # which says 4, and is followed by two more bytes
        content = listed[at + 6 : at + 6 + size]
        at += 6 + size
        if record == _CODE_PAGE:
            encoding = codecs.lookup(f"cp{struct.unpack('<H', content)[0]}").name
        elif record == _NAME:
            name = content.decode(encoding, "replace")
        elif record == _STREAM:
            stream = content.decode(encoding, "replace")
        elif record == _OFFSET:
            start = struct.unpack("<I", content)[0]
            found[name] = decompress(file.read(stream)[start:]).decode(encoding, "replace")
    return found


def decompress(data: bytes) -> bytes:
    """A compressed container (2.4.1): chunks of 4096 bytes of literals and of copies of what stands before them."""
    out, at = bytearray(), 1
    if data[:1] != b"\x01":
        raise IndexError
    while at + 2 <= len(data):
        header = struct.unpack_from("<H", data, at)[0]
        at += 2
        if not header & 0x8000:
            out += data[at : at + _CHUNK]
            at += _CHUNK
            continue
        end, start = min(at + (header & 0x0FFF) + 1, len(data)), len(out)
        while at < end:
            flags, at = data[at], at + 1
            for bit in range(8):
                if at >= end:
                    break
                if not flags >> bit & 1:
                    out.append(data[at])
                    at += 1
                    continue
                token = struct.unpack_from("<H", data, at)[0]
                at += 2
                bits = max((len(out) - start - 1).bit_length(), 4)  # of the offset; the others are the length
                back = (token >> (16 - bits)) + 1
                if back > len(out) - start:
                    raise IndexError
                length = (token & (0xFFFF >> bits)) + 3
                if len(out) - start + length > _CHUNK:
                    raise IndexError
                for _ in range(length):
                    out.append(out[-back])
    return bytes(out)
