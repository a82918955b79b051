"""The zip around the parts: members are carried over in whatever way they were written."""

import io
import struct
import zipfile

import pytest
from grafting import NAMES, grafted, kept, scratch, small, stored, whole

from gkxl.workbook.archive import members
from gkxl.workbook.graft import graft
from gkxl.workbook.package import Package


class Pipe(io.BytesIO):
    """What cannot go back, so that zipfile writes sizes behind the bytes, as programs do that write into a stream."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: int) -> int:
        raise OSError


def contents(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def streamed(book: bytes, far: bool) -> bytes:
    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in contents(book).items():
            with new.open(zipfile.ZipInfo(name), "w", force_zip64=far) as member:
                member.write(content)
    return out.getvalue()


@pytest.mark.parametrize("far", [False, True])
def test_sizes_behind_the_bytes(far: bool) -> None:
    book = streamed(small(), far)
    assert book.count(b"PK\7\x08") == 5
    made = grafted(book)
    before, after = contents(book), contents(made)
    assert {name for name in before if before[name] != after[name]} == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
    }
    assert graft(made, scratch(), NAMES, stored()).unchanged


def test_sizes_behind_the_bytes_without_a_mark() -> None:
    """The mark is optional (.ZIP File Format Specification, 4.3.9.3); then the directory tells where a member ends."""
    book = streamed(small(), far=False)
    parts, at = [], 0
    package = Package(book)
    starts = sorted(info.header_offset for info in package.members.values())
    for start, end in zip(starts, [*starts[1:], package.directory], strict=True):
        parts.append(book[start:end].replace(b"PK\7\x08", b""))
    directory = bytearray(book[package.directory :])
    at = 0
    for number, _ in enumerate(starts):
        entry = directory.index(b"PK\1\2", at)
        struct.pack_into("<I", directory, entry + 42, sum(map(len, parts[:number])))
        at = entry + 4
    end = directory.index(b"PK\5\6")
    struct.pack_into("<I", directory, end + 16, sum(map(len, parts)))
    unmarked = b"".join(parts) + bytes(directory)
    made = grafted(unmarked)
    assert contents(made)["xl/worksheets/sheet1.xml"] == contents(book)["xl/worksheets/sheet1.xml"]
    lengths = {member.key: member.end - member.start for member in members(Package(made))}
    assert lengths["_rels/.rels"] == len(parts[1])


def test_places_in_the_zip64_field() -> None:
    """A writer may put all sizes and places into that field (4.5.3), however small they are."""
    book = small()
    package = Package(book)
    entries = []
    for member in members(package):
        entry = bytes(member.entry)
        packed, unpacked, name = struct.unpack_from("<IIH", entry, 20)
        field = struct.pack("<HHQQQ", 1, 24, unpacked, packed, member.start)
        entries.append(entry[:20] + b"\xff" * 8 + entry[28:30] + struct.pack("<H", 28) + entry[32:42] + b"\xff" * 4)
        entries[-1] += entry[46 : 46 + name] + field
    directory = b"".join(entries)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), package.directory, 0)
    far = book[: package.directory] + directory + end
    assert contents(far) == contents(book)
    made = grafted(far)
    assert contents(made)["xl/worksheets/sheet1.xml"] == contents(book)["xl/worksheets/sheet1.xml"]
    assert graft(made, scratch(), NAMES, stored()).unchanged


def test_bytes_before_the_zip_and_a_comment_behind() -> None:
    with io.BytesIO() as out:
        out.write(b"MZ and a program")
        with zipfile.ZipFile(out, "a") as new:
            for name, content in contents(small()).items():
                new.writestr(name, content)
            new.comment = "给审计".encode()
        book = out.getvalue()
    made = grafted(book)
    assert made.startswith(b"PK\3\4")
    assert made.endswith("给审计".encode())
    assert graft(book, scratch(()), (), stored(())).added


def test_members_of_all_kinds_stay() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, content in contents(small()).items():
            new.writestr(name, content, zipfile.ZIP_STORED)
        new.writestr("xl/media/", b"")
        new.writestr("xl/media/图片.png", b"\x89PNG", zipfile.ZIP_STORED)
        extra = zipfile.ZipInfo("xl/media/b.bin", (2020, 2, 2, 2, 2, 2))
        extra.extra, extra.comment, extra.external_attr = b"UT\x01\x00x", b"why", 0o100644 << 16
        new.writestr(extra, b"b" * 100, zipfile.ZIP_DEFLATED, 9)
        new.writestr("xl/odd.lzma", b"x" * 99, zipfile.ZIP_LZMA)
    book = out.getvalue()
    made = grafted(book)
    assert contents(made)["xl/media/图片.png"] == b"\x89PNG"
    assert [m.key for m in members(Package(made))][:9] == [m.key for m in members(Package(book))]


def test_new_members_have_one_date() -> None:
    with zipfile.ZipFile(io.BytesIO(grafted(None))) as opened:
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_kept_members_are_views_of_the_original() -> None:
    """A large workbook is not held twice."""
    book = small()
    made = graft(book, scratch(), NAMES, stored())
    views = [piece for piece in made.pieces if isinstance(piece, memoryview)]
    assert {piece.obj is book for piece in views} == {True}
    assert sum(map(len, views)) > 0
    kept(book, whole(book, made), set(made.replaced))
