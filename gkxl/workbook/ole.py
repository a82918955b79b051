"""Compound files, the container of .xls and of encrypted workbooks: the streams of the root storage ([MS-CFB])."""

from __future__ import annotations

import struct

from gkxl import diagnostics as d
from gkxl.workbook.package import RefusedError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here on are marks, no sectors


class Ole:
    """The named streams of a compound file held in memory; raises RefusedError where a chain is broken."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError) as error:
            raise _damaged() from error

    def _open(self) -> None:
        data = self._data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise _damaged()
        self._size = 1 << shift
        directory, mini_cutoff, mini_fat = struct.unpack_from("<I4xII", data, 48)
        self._cutoff = mini_cutoff
        next_difat = struct.unpack_from("<I", data, 68)[0]
        fat_sectors = list(struct.unpack_from("<109I", data, 76))
        per_sector = self._size // 4
        self._sectors = len(data) // self._size + 1  # no chain is longer
        while next_difat < _END:
            if len(fat_sectors) > self._sectors // per_sector + 109 + per_sector:
                raise _damaged()
            entries = struct.unpack_from(f"<{per_sector}I", data, (next_difat + 1) * self._size)
            fat_sectors += entries[:-1]
            next_difat = entries[-1]
        self._fat: list[int] = []
        for sector in fat_sectors:
            if sector < _END:
                self._fat += struct.unpack_from(f"<{per_sector}I", data, (sector + 1) * self._size)
        self._streams: dict[str, tuple[int, int]] = {}
        root = (0, 0)
        entries_data = self._chain(directory)
        for at in range(0, len(entries_data) - 127, 128):
            length, kind = struct.unpack_from("<HB", entries_data, at + 64)
            name = entries_data[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            place = struct.unpack_from("<IQ", entries_data, at + 116)
            place = (place[0], place[1] & 0xFFFFFFFF)
            if kind == 5:
                root = place
            elif kind == 2:
                self._streams.setdefault(name, place)
        links = self._chain(mini_fat) if mini_fat < _END else b""
        self._mini_fat = struct.unpack(f"<{len(links) // 4}I", links[: len(links) // 4 * 4])
        self._mini = self._chain(root[0])[: root[1]] if root[0] < _END and root[1] else b""

    def _chain(self, sector: int) -> bytes:
        parts: list[bytes] = []
        for _ in range(self._sectors):
            if sector >= _END:
                return b"".join(parts)
            parts.append(self._data[(sector + 1) * self._size : (sector + 2) * self._size])
            sector = self._fat[sector]
        raise _damaged()

    def __contains__(self, name: str) -> bool:
        return name in self._streams

    def read(self, name: str) -> bytes:
        sector, size = self._streams[name]
        try:
            if size >= self._cutoff:
                return self._chain(sector)[:size]
            parts: list[bytes] = []
            for _ in range(len(self._mini_fat) + 1):
                if sector >= _END:
                    return b"".join(parts)[:size]
                parts.append(self._mini[sector * 64 : sector * 64 + 64])
                sector = self._mini_fat[sector]
        except IndexError as error:
            raise _damaged() from error
        raise _damaged()


def _damaged() -> RefusedError:
    return RefusedError(d.FILE_DAMAGED, what=("复合文档结构", "structure of the compound file"))
