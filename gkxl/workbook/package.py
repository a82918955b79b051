"""A file of parts: the zip of an .xlsx (ECMA-376 part 2), its limits, its relationships, and XML read without trust.

Whatever is wrong with a file raises `RefusedError`, which `read.py` turns into one diagnostic.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from gkxl import diagnostics as d
from gkxl.diagnostics import CellRef, Code

MAX_UNPACKED = 1 << 30  # bytes of all members together
MAX_RATIO = 400  # unpacked to packed, of members above 1 MiB; sheets of real workbooks stay below 100
MAX_MEMBERS = 20_000
MAX_DEPTH = 128  # of XML elements; a worksheet needs about ten
MAX_TOKEN = 16 << 20  # bytes of one tag
CHUNK = 1 << 18

Value = str | int | tuple[str, str]


class RefusedError(Exception):
    """Why a file or sheet is not read. A pair among `values` is a Chinese and an English wording; `cell` is where."""

    def __init__(self, code: Code, cell: CellRef | None = None, **values: Value) -> None:
        super().__init__(code.number, values)
        self.code, self.cell, self.values = code, cell, values


class Relation(NamedTuple):
    """A relationship: its id, the last word of its type, the key of the part it points to."""

    id: str
    kind: str
    target: str


def part_key(name: str) -> str:
    """What part names compare by: without case, with `/`, without a leading one (ECMA-376 part 2, 9.1.1)."""
    return name.replace("\\", "/").lstrip("/").lower()


def resolve(base: str, target: str) -> str:
    """The key of the part that `target` names in the relationships of part `base`."""
    target = unquote(target.partition("#")[0]).replace("\\", "/")
    parts = [] if target.startswith("/") else base.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            del parts[-1:]
        elif step not in ("", "."):
            parts.append(step)
    return part_key("/".join(parts))


def rels_of(part: str) -> str:
    """The part in which the relationships of a part stand (ECMA-376 part 2, 9.3.4)."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def source_of(rels: str) -> str:
    """The part whose relationships stand in `rels`."""
    folder, _, name = rels.removesuffix(".rels").rpartition("_rels/")
    return folder + name


class Package:
    """The members of a zip held in memory. Reading is safe from several threads and never expands more than claimed."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error, EOFError) as error:
            raise RefusedError(d.FILE_DAMAGED, what=("压缩包目录读不出", "no readable zip directory")) from error
        if len(members) > MAX_MEMBERS:
            raise RefusedError(d.FILE_BOMB, what=(f"{len(members)} 个成员", f"{len(members)} members"))
        total = sum(m.file_size for m in members)
        if total > MAX_UNPACKED:
            raise RefusedError(d.FILE_BOMB, what=(f"共 {total >> 20} MiB", f"{total >> 20} MiB in all"))
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._relations: dict[str, Sequence[Relation]] = {}
        for member in members:
            key = part_key(member.filename)
            if key in self._members:
                raise RefusedError(d.PART_TWICE, part=member.filename)
            if member.file_size > 1 << 20 and member.file_size > MAX_RATIO * max(1, member.compress_size):
                ratio = member.file_size // max(1, member.compress_size)
                what = (
                    f"{member.filename} 是压缩后的 {ratio} 倍",
                    f"{member.filename} is {ratio} times its packed size",
                )
                raise RefusedError(d.FILE_BOMB, what=what)
            self._members[key] = member
        self._refuse_overlaps(data)

    def _refuse_overlaps(self, data: bytes) -> None:
        """Members that share packed bytes would unpack to far more than the file holds."""
        end = 0
        for member in sorted(self._members.values(), key=lambda m: m.header_offset):
            at = member.header_offset
            if at < end:
                raise RefusedError(d.PART_TWICE, part=member.filename)
            if data[at : at + 4] != b"PK\3\4" or len(data) < at + 30:
                raise RefusedError(d.FILE_DAMAGED, what=(member.filename, member.filename))
            name, extra = struct.unpack_from("<HH", data, at + 26)
            end = at + 30 + name + extra + member.compress_size
            if end > self._zip.start_dir:
                raise RefusedError(
                    d.FILE_DAMAGED, what=(f"{member.filename} 不完整", f"{member.filename} is cut short")
                )

    def __contains__(self, part: str) -> bool:
        return part_key(part) in self._members

    @property
    def keys(self) -> Iterator[str]:
        return iter(self._members)

    @property
    def members(self) -> Mapping[str, zipfile.ZipInfo]:
        """The members by their keys, in the order of the zip's directory."""
        return self._members

    @property
    def directory(self) -> int:
        """Where the zip's directory starts in the data."""
        return self._zip.start_dir

    @property
    def comment(self) -> bytes:
        return self._zip.comment

    def read(self, part: str) -> bytes:
        """A whole part; only for those that are small."""
        return b"".join(self.stream(part))

    def stream(self, part: str) -> Iterator[bytes]:
        """The unpacked bytes of a part in chunks; damage raises RefusedError when it is reached, the checksum last."""
        member = self._members.get(part_key(part))
        if member is None:
            raise RefusedError(d.PART_MISSING, part=part)
        if member.flag_bits & 1:
            raise RefusedError(d.FILE_ENCRYPTED)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise RefusedError(d.FILE_DAMAGED, what=(f"{part} 的压缩方法", f"compression method of {part}"))
        try:
            # ZipExtFile stops at the claimed size and then compares the checksum, so a lie about the size is found.
            with self._zip.open(member) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise RefusedError(d.FILE_DAMAGED, what=(f"{part} 解压失败", f"{part} does not unpack")) from error

    def relations(self, part: str = "") -> Sequence[Relation]:
        """The relationships of a part, or of the package; none if there is no such list. External ones left out."""
        rels = rels_of(part_key(part))
        if rels in self._relations:
            return self._relations[rels]
        found: list[Relation] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag.endswith(" Relationship") and attributes.get("TargetMode") != "External":
                kind = attributes.get("Type", "").rpartition("/")[2]
                found.append(Relation(attributes.get("Id", ""), kind, resolve(part, attributes.get("Target", ""))))

        if rels in self:
            self.parse(rels, start)
        self._relations[rels] = found
        return found

    def reached(self, part: str) -> Iterator[tuple[str, str, str]]:
        """All relationships that a part leads to: from which part, of which kind, to which part that is there."""
        seen, ahead = {part_key(part)}, [part_key(part)]
        while ahead:
            source = ahead.pop()
            for relation in self.relations(source):
                if relation.target in self:
                    yield source, relation.kind, relation.target
                    if relation.target not in seen:
                        seen.add(relation.target)
                        ahead.append(relation.target)

    def parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object],
        end: Callable[[str], object] | None = None,
        text: Callable[[str], object] | None = None,
    ) -> None:
        """Feed a whole part to handlers. Names come as `namespace local`, without a blank where there is none."""
        xml = Xml(part, start, end, text)
        for chunk in self.stream(part):
            xml.feed(chunk)
        xml.close()


class Xml:
    """expat with namespaces, without DOCTYPE, of bounded depth and tag size; its errors are RefusedError."""

    def __init__(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object],
        end: Callable[[str], object] | None = None,
        text: Callable[[str], object] | None = None,
    ) -> None:
        self.depth = 0
        self._part = part
        self._fed = 0
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True

        def on_start(name: str, attributes: dict[str, str]) -> None:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise RefusedError(d.PART_NESTED, part=part, limit=MAX_DEPTH)
            start(name, attributes)

        def on_end(name: str) -> None:
            self.depth -= 1
            if end:
                end(name)

        def doctype(*_: object) -> None:
            raise RefusedError(d.PART_DOCTYPE, part=part)

        parser.StartElementHandler = on_start
        parser.EndElementHandler = on_end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = doctype

    @property
    def at(self) -> int:
        """Where in the part what a handler is called for begins: the byte of its `<`."""
        return self._parser.CurrentByteIndex

    def feed(self, data: bytes, final: bool = False) -> None:
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as error:
            where = f"{error.lineno}:{error.offset + 1}"
            raise RefusedError(
                d.PART_BROKEN, part=self._part, what=f"{where} {expat.ErrorString(error.code)}"
            ) from error
        except (ValueError, LookupError) as error:  # an encoding that Python does not know or that has several bytes
            raise RefusedError(d.PART_BROKEN, part=self._part, what=str(error)) from error
        self._fed += len(data)
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            raise RefusedError(d.FILE_TOO_LARGE, what=(f"{self._part} 里的一个标记", f"one tag in {self._part}"))

    def close(self) -> None:
        self.feed(b"", True)
