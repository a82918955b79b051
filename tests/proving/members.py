"""What differs between two zips, member by member, from their raw bytes. Shares no code with the writer it judges.

Formats: PKWARE APPNOTE 4.3 and 4.5.3 (zip64).
"""

import io
import struct
import zipfile
from dataclasses import dataclass

LOCAL, CENTRAL, ZIP64 = b"PK\3\4", b"PK\1\2", 0x0001
FULL = b"\xff" * 4  # "see the zip64 field"


@dataclass(frozen=True)
class Member:
    """One member: its name as stored, the bytes from its local header to the end of its data, its entry but for the offset."""

    name: str
    stored: bytes
    entry: bytes


def members(data: bytes) -> dict[bytes, Member]:
    """The members of a zip in the order of its directory; raises zipfile.BadZipFile or struct.error where there is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos, at = archive.infolist(), archive.start_dir
    found: dict[bytes, Member] = {}
    for info in infos:
        if data[at : at + 4] != CENTRAL:
            raise zipfile.BadZipFile("no entry where the directory says")
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        entry = data[at : at + 46 + name + extra + comment]
        at += len(entry)
        raw = entry[46 : 46 + name]
        if raw in found:
            raise zipfile.BadZipFile(f"{raw!r} is there twice")
        found[raw] = Member(info.filename, _stored(data, info), _without_offset(entry, name, extra))
    return found


def _stored(data: bytes, info: zipfile.ZipInfo) -> bytes:
    at = info.header_offset
    if data[at : at + 4] != LOCAL:
        raise zipfile.BadZipFile(f"no local header of {info.filename}")
    name, extra = struct.unpack_from("<HH", data, at + 26)
    end = at + 30 + name + extra + info.compress_size
    if info.flag_bits & 8:  # a descriptor follows, with or without a mark, its sizes of 4 or 8 bytes
        for sizes in ("<III", "<IQQ"):
            told = struct.pack(sizes, info.CRC, info.compress_size, info.file_size)
            for mark in (b"PK\7\x08", b""):
                if data.startswith(mark + told, end):
                    return data[at : end + len(mark + told)]
    return data[at:end]  # a descriptor that lies is none


def _without_offset(entry: bytes, name: int, extra: int) -> bytes:
    """The entry with the place of the local header blanked, be it in the fixed part or in the zip64 field."""
    fixed, field = entry[:42] + entry[46 : 46 + name], b""
    at, end = 46 + name, min(46 + name + extra, len(entry))  # a damaged one claims more than there is
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", entry, at)
        body = entry[at + 4 : at + 4 + size]
        if kind == ZIP64 and entry[42:46] == FULL:
            before = 8 * sum(entry[i : i + 4] == FULL for i in (20, 24))  # the sizes that stand there too
            body = body[:before] + body[before + 8 :]
        field += entry[at : at + 4] + body
        at += 4 + size
    return fixed + field + entry[at:]


@dataclass(frozen=True)
class Difference:
    """What a writer did to a zip."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    dropped: tuple[str, ...]
    kept: int
    moved: bool  # whether the members kept come in another order
    comment: bool  # whether the comment of the archive is another


def difference(before: bytes, after: bytes) -> Difference:
    old, new = members(before), members(after)
    same = [n for n in old if n in new and (old[n].stored, old[n].entry) == (new[n].stored, new[n].entry)]
    kept = set(same)
    return Difference(
        added=tuple(new[n].name for n in new if n not in old),
        replaced=tuple(old[n].name for n in old if n in new and n not in kept),
        dropped=tuple(old[n].name for n in old if n not in new),
        kept=len(same),
        moved=same != [n for n in new if n in kept],
        comment=_comment(before) != _comment(after),
    )


def _comment(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.comment
