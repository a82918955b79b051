"""A written file held against the workbook it was made of, before it takes the old one's place."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO

from gkxl import diagnostics as d
from gkxl.workbook.archive import Member, entries, members, without_place
from gkxl.workbook.graft import Grafted
from gkxl.workbook.package import CHUNK, Package, RefusedError, Xml, part_key


def verify(original: bytes | None, grafted: Grafted, file: BinaryIO) -> None:
    """Read `file` back: every kept member as it was, bytes and all; every new one unpacks and parses; nothing else.

    Raises RefusedError. Reads piece by piece, so that a large workbook is not in memory once more.
    """
    touched = {part_key(part) for part in (*grafted.replaced, *grafted.dropped)}
    kept = {m.key: m for m in members(Package(original))} if original is not None else {}
    kept = {key: member for key, member in kept.items() if key not in touched}
    new = {part_key(part) for part in (*grafted.added, *grafted.replaced)}
    try:
        with zipfile.ZipFile(file) as written:
            infos = written.infolist()
            keys = [part_key(info.filename) for info in infos]
            if len(set(keys)) != len(keys) or set(keys) != kept.keys() | new:
                raise _wrong("directory")
            file.seek(written.start_dir)
            listed = entries(memoryview(file.read()), len(infos))
            for key, info, entry in zip(keys, infos, listed, strict=True):
                if key in kept:
                    if without_place(entry) != without_place(kept[key].entry):
                        raise _wrong(info.filename)
                    _compare(original or b"", kept[key], file, info)
                else:
                    _read(written, info)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise _wrong(str(error)) from error


def _compare(original: bytes, member: Member, file: BinaryIO, info: zipfile.ZipInfo) -> None:
    file.seek(info.header_offset)
    old = memoryview(original)[member.start : member.end]
    while old:
        chunk = file.read(min(CHUNK, len(old)))
        if not chunk or chunk != old[: len(chunk)]:
            raise _wrong(info.filename)
        old = old[len(chunk) :]


def _read(written: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    xml = Xml(info.filename, lambda *_: None)
    with written.open(info) as part:
        while chunk := part.read(CHUNK):
            xml.feed(chunk)
    xml.close()


def _wrong(what: str) -> RefusedError:
    return RefusedError(d.FILE_NOT_AS_WRITTEN, what=what)
