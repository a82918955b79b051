"""Workbooks damaged on purpose, in their zip, their list of parts or their XML; a number always gives the same damage."""

import random
import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

Parts = dict[str, bytes]
VALUES = [
    b"",
    b"-1",
    b"0",
    b"1",
    b"4294967296",
    b"99999999999999999999",
    b"rId1",
    b"rId999",
    b"../../../etc/passwd",
    b"NaN",
]
VALUES += [
    b"/xl/workbook.xml",
    b"http://example.com/",
    b"A1:XFD1048576",
    b"XFE0",
    b"\xe7\x94\xb2",
    b"&amp;",
    b"true",
    b"#",
]
TAG = re.compile(rb"<[A-Za-z][^<>]*>")
ATTRIBUTE = re.compile(rb'\s([\w:]+)="([^"]*)"')
ELEMENT = re.compile(rb"<(\w[\w:]*)(?:\s[^<>]*)?(?:/>|>[^<>]*</\1>)")
STRUCTURE = ("[Content_Types].xml", ".rels", "workbook.xml", "styles.xml", "sheet1.xml", "item1.xml")


def mutant(book: bytes, number: int) -> bytes:
    """The book with one to four wrongs."""
    chance = random.Random(number)
    if chance.random() < 0.35:
        for _ in range(chance.randint(1, 4)):
            book = chance.choice(ZIP)(book, chance)
        return book
    with zipfile.ZipFile(BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(chance.randint(1, 4)):
        chance.choice(PACKAGE if chance.random() < 0.2 else XML)(parts, chance)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 1)
    return out.getvalue()


# On the bytes of the zip ----------------------------------------------------------------------------------------------


def _flip(book: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(book) or 1)
    return book[:at] + bytes([chance.randrange(256)]) + book[at + 1 :]


def _cut(book: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(book) or 1)
    return book[:at] + book[at + chance.choice((1, 4, 30, 500, len(book))) :]


def _double(book: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(book) or 1)
    return book[:at] + book[at : at + chance.choice((1, 4, 46, 500))] + book[at:]


def _header(book: bytes, chance: random.Random) -> bytes:
    """A field of a local header, an entry or the end of the directory."""
    mark = chance.choice((b"PK\3\4", b"PK\1\2", b"PK\1\2", b"PK\5\6"))
    places = [m.start() for m in re.finditer(re.escape(mark), book)]
    if not places:
        return book
    at = chance.choice(places) + chance.randrange(4, 46)
    value = chance.choice((0, 1, 8, 0xFFFF, 0x7FFF, chance.randrange(0x10000)))
    return book[:at] + struct.pack("<H", value) + book[at + 2 :]


ZIP: list[Callable[[bytes, random.Random], bytes]] = [_flip, _flip, _cut, _double, _header, _header, _header]


# On the parts ---------------------------------------------------------------------------------------------------------


def _part(parts: Parts, chance: random.Random) -> str:
    """One of the parts, mostly of those that the writer reads."""
    structure = [name for name in parts if name.endswith(STRUCTURE)]
    return chance.choice(structure if structure and chance.random() < 0.8 else [*parts, ""])


def _drop_part(parts: Parts, chance: random.Random) -> None:
    parts.pop(_part(parts, chance), None)


def _rename_part(parts: Parts, chance: random.Random) -> None:
    name = _part(parts, chance)
    other = chance.choice((name.upper(), name.replace("/", "\\"), "/" + name, name + "x", "xl/" + name, "gkxl/" + name))
    if name in parts:
        parts[other] = parts.pop(name)


def _swap_parts(parts: Parts, chance: random.Random) -> None:
    one, other = _part(parts, chance), _part(parts, chance)
    if one in parts and other in parts:
        parts[one], parts[other] = parts[other], parts[one]


def _empty_part(parts: Parts, chance: random.Random) -> None:
    parts[_part(parts, chance) or "xl/"] = b""


PACKAGE: list[Callable[[Parts, random.Random], None]] = [_drop_part, _rename_part, _swap_parts, _empty_part]


# On the XML -----------------------------------------------------------------------------------------------------------


def _at(pattern: re.Pattern[bytes], change: Callable[[re.Match[bytes], random.Random], bytes]):
    def done(parts: Parts, chance: random.Random) -> None:
        name = _part(parts, chance)
        found = list(pattern.finditer(parts.get(name, b"")))
        if found:
            match = chance.choice(found)
            parts[name] = parts[name][: match.start()] + change(match, chance) + parts[name][match.end() :]

    return done


def _renamed(match: re.Match[bytes]) -> bytes:
    old = match[1]
    return match[0].replace(b"<" + old, b"<x" + old).replace(b"</" + old, b"</x" + old)


def _other_value(match: re.Match[bytes], chance: random.Random) -> bytes:
    return b" " + match[1] + b'="' + chance.choice(VALUES) + b'"'


def _other_kind(parts: Parts, chance: random.Random) -> None:
    """A relationship, target, type or id that another one has."""
    name = _part(parts, chance)
    found = [
        m for m in ATTRIBUTE.finditer(parts.get(name, b"")) if m[1] in (b"Id", b"r:id", b"Target", b"Type", b"PartName")
    ]
    if found:
        match = chance.choice(found)
        same = [m[2] for m in found if m[1] == match[1]]
        changed = b" " + match[1] + b'="' + chance.choice(same) + b'"'
        parts[name] = parts[name][: match.start()] + changed + parts[name][match.end() :]


def _encoding(parts: Parts, chance: random.Random) -> None:
    name = _part(parts, chance)
    if name in parts:
        change = {b'encoding="UTF-8"': chance.choice((b'encoding="UTF-16"', b'encoding="GBK"', b'encoding="x"', b""))}
        for old, new in change.items():
            parts[name] = parts[name].replace(old, new)


def _space(parts: Parts, chance: random.Random) -> None:
    name = _part(parts, chance)
    if name in parts:
        parts[name] = parts[name].replace(
            b"spreadsheetml/2006/main", chance.choice((b"x", b"spreadsheetml/2006/main/"))
        )


XML: list[Callable[[Parts, random.Random], None]] = [
    _at(ELEMENT, lambda match, chance: b""),
    _at(ELEMENT, lambda match, chance: match[0] * chance.choice((2, 3, 50))),
    _at(ELEMENT, lambda match, chance: _renamed(match)),
    _at(ATTRIBUTE, _other_value),
    _at(ATTRIBUTE, _other_value),
    _at(ATTRIBUTE, lambda match, chance: b""),
    _at(ATTRIBUTE, lambda match, chance: match[0].replace(match[1], b"x" + match[1], 1)),
    _at(TAG, lambda match, chance: b""),
    _at(
        TAG,
        lambda match, chance: (
            match[0] + chance.choice((b"<x/>", b"<!--x-->", b"&x;", b"\0", b"<![CDATA[x]]>", b"<?x?>"))
        ),
    ),
    _other_kind,
    _other_kind,
    _encoding,
    _space,
]
