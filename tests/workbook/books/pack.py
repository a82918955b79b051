"""The parts of a workbook while it is made, and the zip they go into, written by hand so that each oddity can be asked for.

ECMA-376 part 2 (packages); PKWARE APPNOTE 4.3 (zip), 4.5.3 (zip64).
"""

import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
EXCEL = "application/vnd.ms-excel."
DAY_1980 = 33  # 1980-01-01 as a zip has it: the first that it knows


def rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


class Pack:
    """Parts by name, in order. What is added gets its content type and its relationship as an office program writes them."""

    def __init__(self, parts: dict[str, bytes] | None = None) -> None:
        self.parts = parts or {
            "[Content_Types].xml": f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'.encode()
        }

    @classmethod
    def of(cls, book: bytes) -> "Pack":
        with zipfile.ZipFile(BytesIO(book)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist()})

    def text(self, part: str) -> str:
        return self.parts[part].decode()

    def edit(self, part: str, old: str, new: str) -> None:
        """Replace a text that is there exactly once."""
        text = self.text(part)
        if text.count(old) != 1:
            raise ValueError(f"{part} has {old!r} {text.count(old)} times")
        self.parts[part] = text.replace(old, new).encode()

    def add(self, part: str, content: str | bytes, kind: str = "") -> str:
        """A part; `kind` is its content type if the extension does not tell it."""
        self.parts[part] = (HEAD + content).encode() if isinstance(content, str) else content
        if kind:
            self.edit("[Content_Types].xml", "</Types>", f'<Override PartName="/{part}" ContentType="{kind}"/></Types>')
        return part

    def default(self, extension: str, kind: str) -> None:
        if f'Extension="{extension}"' not in self.text("[Content_Types].xml"):
            first = f'<Default Extension="{extension}" ContentType="{kind}"/>'
            text = self.text("[Content_Types].xml")
            at = text.index(">", text.index("<Types")) + 1
            self.parts["[Content_Types].xml"] = (text[:at] + first + text[at:]).encode()

    def relate(self, source: str, kind: str, target: str, *, external: bool = False, key: str = "") -> str:
        """A relationship; `kind` is the last word of an office type, or the whole type. Its id."""
        name = rels_of(source)
        if name not in self.parts:
            self.parts[name] = f'{HEAD}<Relationships xmlns="{RELS}"></Relationships>'.encode()
        text = self.text(name)
        key = key or f"rId{text.count('<Relationship ') + 1}"
        kind = kind if "://" in kind else f"{OFFICE}/{kind}"
        if not external:
            target = posixpath.relpath(target, posixpath.dirname(source) or ".")
        mode = ' TargetMode="External"' if external else ""
        entry = f'<Relationship Id="{key}" Type="{kind}" Target="{target}"{mode}/>'
        self.edit(name, "</Relationships>", entry + "</Relationships>")
        return key

    def tail(self, part: str, xml: str, before: str = "") -> None:
        """Put XML at the end of a part's root, or before the first of an element there."""
        text = self.text(part)
        at = text.find(before) if before else -1
        at = at if at >= 0 else text.rindex("</")
        self.parts[part] = (text[:at] + xml + text[at:]).encode()


@dataclass
class Zip:
    """How the members are stored. `level` 0 stores them uncompressed."""

    level: int = 6
    descriptors: bool = False  # sizes behind the data, as a program writes that cannot go back
    zip64: bool = False  # sizes and offsets in zip64 fields, needed or not
    backslashes: bool = False
    extra: bytes = b""  # a field in each local header and entry
    comment: bytes = b""
    _out: bytearray = field(default_factory=bytearray)
    _entries: list[bytes] = field(default_factory=list)

    def write(self, parts: dict[str, bytes]) -> bytes:
        for name, content in parts.items():
            self._member(name.replace("/", "\\") if self.backslashes and "/" in name else name, content)
        return bytes(self._out) + self._directory()

    def _member(self, name: str, content: bytes) -> None:
        packer = zlib.compressobj(self.level, zlib.DEFLATED, -15)
        data = packer.compress(content) + packer.flush() if self.level else content
        raw, check, at = name.encode(), zlib.crc32(content), len(self._out)
        flags = (8 if self.descriptors else 0) | (0 if raw.isascii() else 0x800)
        method = 8 if self.level else 0
        sizes = (0xFFFFFFFF, 0xFFFFFFFF) if self.zip64 else (len(data), len(content))
        wide = struct.pack("<HHQQ", 1, 16, len(content), len(data)) if self.zip64 else b""
        version = 45 if self.zip64 else 20
        here = (0, 0, 0) if self.descriptors else (check, *sizes)
        local = wide + self.extra
        self._out += struct.pack(
            "<4sHHHHHIIIHH", b"PK\3\4", version, flags, method, 0, DAY_1980, *here, len(raw), len(local)
        )
        self._out += raw + local + data
        if self.descriptors:
            self._out += struct.pack("<4sIII", b"PK\7\x08", check, len(data), len(content))
        central = (struct.pack("<HHQQQ", 1, 24, len(content), len(data), at) if self.zip64 else b"") + self.extra
        entry = struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", version, version, flags, method, 0, DAY_1980, check, *sizes, len(raw),
            len(central), 0, 0, 0, 0, 0xFFFFFFFF if self.zip64 else at,
        )  # fmt: skip
        self._entries.append(entry + raw + central)

    def _directory(self) -> bytes:
        at, blob, count = len(self._out), b"".join(self._entries), len(self._entries)
        end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(blob), at, len(self.comment)) + self.comment
        if not self.zip64:
            return blob + end
        wide = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(blob), at)
        wide += struct.pack("<4sIQI", b"PK\6\7", 0, at + len(blob), 1)
        end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, len(self.comment))
        return blob + wide + end + self.comment


def write(path: Path, pack: Pack, how: Zip | None = None) -> None:
    path.write_bytes((how or Zip()).write(pack.parts))
