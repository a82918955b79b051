"""A package that is about to be changed: its XML parts as trees, its relationships and content types (ECMA-376 part 2).

Nothing of the package itself changes. What an edit leaves as it was, by its tree or its bytes, is carried over verbatim.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import chain, count
from typing import NamedTuple
from urllib.parse import quote

from lxml import etree
from lxml.etree import _Element as Element

from gkxl import diagnostics as d
from gkxl.workbook.package import Package, RefusedError, part_key, rels_of, resolve, source_of

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
TYPES_PART = "[Content_Types].xml"
RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


def parse(content: bytes, part: str) -> Element:
    """The tree of a part that `Package.parse` has been through; no entities, no network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError(d.PART_BROKEN, part=part, what=str(error)) from error


def serialise(root: Element) -> bytes:
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True)


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def elements(parent: Element | None) -> list[Element]:
    """The children that are elements."""
    return [] if parent is None else [child for child in parent if isinstance(child.tag, str)]


def target_of(part: str, other: str) -> str:
    """How the relationships of `part` name part `other`."""
    return quote(posixpath.relpath(f"/{other}", posixpath.dirname(f"/{part}")))


def _not_what_it_is(root: Element, key: str) -> bool:
    """Whether a part that should say what the parts are, or how they are related, says something else."""
    if key == part_key(TYPES_PART):
        return root.tag != f"{TYPES}Types"
    return key.endswith(".rels") and root.tag != f"{RELATIONS}Relationships"


class Changes(NamedTuple):
    """What `archive.assemble` takes: members by key, new ones by name, keys of dropped ones."""

    replaced: dict[str, bytes]
    added: dict[str, bytes]
    dropped: set[str]


class Draft:
    """The package as it will be. Parts are named as they are spelled, and compared by their keys."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._trees: dict[str, tuple[str, Element, bytes]] = {}
        self._written: dict[str, tuple[str, bytes]] = {}
        self._dropped: set[str] = set()
        self._names: set[str] | None = None

    def __contains__(self, part: str) -> bool:
        key = part_key(part)
        return key in self._written or key in self._trees or (key in self.package and key not in self._dropped)

    def spelled(self, part: str) -> str:
        """The name of a part as its member spells it, with `/`."""
        member = self.package.members.get(part_key(part))
        return member.filename.replace("\\", "/").lstrip("/") if member else part

    def tree(self, part: str, new: str = "") -> Element:
        """The root of an XML part; it may be edited. Where there is no such part, it is made with the content `new`."""
        key = part_key(part)
        if key not in self._trees:
            if key in self.package:
                self.package.parse(key, lambda *_: None)
                root = parse(self.package.read(key), part)
                if _not_what_it_is(root, key):
                    raise RefusedError(d.PART_BROKEN, part=part, what=f"<{local(root)}>")
                self._trees[key] = part, root, etree.tostring(root)
            elif new:
                self._trees[key] = part, parse(new.encode(), part), b""
            else:
                raise RefusedError(d.PART_MISSING, part=part)
        return self._trees[key][1]

    def put(self, part: str, content: bytes) -> None:
        key = part_key(part)
        self._written[key] = part, content
        self._dropped.discard(key)

    def drop(self, part: str) -> None:
        """Leave out a part, its list of relationships and its content type."""
        for name in (part, rels_of(part)):
            key = part_key(name)
            self._trees.pop(key, None)
            self._written.pop(key, None)
            if key in self.package:
                self._dropped.add(key)
        types = self.tree(TYPES_PART)
        for entry in elements(types):
            if part_key(entry.get("PartName", "")) == part_key(part):
                types.remove(entry)

    def differs(self, part: str) -> bool:
        """Whether a part that was `put` is other than in the package."""
        key = part_key(part)
        return key not in self.package or self._written[key][1] != self.package.read(key)

    def checksum(self, parts: Iterable[str]) -> int:
        """The CRC-32 of parts that were `put`, one after the other."""
        return reduce(lambda crc, part: zlib.crc32(self._written[part_key(part)][1], crc), parts, 0)

    def changes(self) -> Changes:
        """What is different from the package; what is not, is left out."""
        found = Changes({}, {}, set(self._dropped))
        after = dict(self._written)
        for key, (name, root, before) in self._trees.items():
            if etree.tostring(root) != before:
                after[key] = name, serialise(root)
        for key, (name, content) in after.items():
            if key not in self.package:
                found.added[name] = content
            elif content != self.package.read(key):
                found.replaced[key] = content
        return found

    def relations(self, part: str) -> Iterator[Element]:
        """The relationships of a part, external ones too."""
        name = rels_of(part)
        if name in self:
            yield from (entry for entry in elements(self.tree(name)) if local(entry) == "Relationship")

    def target(self, part: str, kind: str) -> str | None:
        """The part that is related to `part` as `kind` (the last word of the type), as its member spells it."""
        for entry in self.relations(part):
            if entry.get("Type", "").rpartition("/")[2] == kind and entry.get("TargetMode") != "External":
                name = resolve(part, entry.get("Target", ""))
                if name in self:
                    return self.spelled(name)
        return None

    def relate(self, part: str, type_: str, target: str, taken: set[str]) -> str:
        """Relate `part` to another; the id of the relationship is none of `taken` (in lower case)."""
        root = self.tree(rels_of(part), f'<Relationships xmlns="{RELATIONS[1:-1]}"/>')
        taken = taken | {entry.get("Id", "").lower() for entry in elements(root)}
        number = 1
        while f"rid{number}" in taken:
            number += 1
        place = {"Id": f"rId{number}", "Type": type_, "Target": target_of(part, target)}
        etree.SubElement(root, f"{RELATIONS}Relationship", place)
        self.declare_default("rels", RELATIONS_TYPE)
        return f"rId{number}"

    def declare(self, part: str, type_: str) -> None:
        """Say the content type of a part."""
        types, key = self.tree(TYPES_PART), part_key(part)
        suffix = key.rpartition(".")[2]
        default = None
        for entry in elements(types):
            if local(entry) == "Override" and part_key(entry.get("PartName", "")) == key:
                entry.set("ContentType", type_)
                return
            if local(entry) == "Default" and entry.get("Extension", "").lower() == suffix:
                default = entry.get("ContentType")
        if default != type_:
            etree.SubElement(types, f"{TYPES}Override", PartName=f"/{quote(part)}", ContentType=type_)

    def declare_default(self, suffix: str, type_: str) -> None:
        types = self.tree(TYPES_PART)
        if not any(entry.get("Extension", "").lower() == suffix for entry in elements(types)):
            types.insert(0, etree.Element(f"{TYPES}Default", Extension=suffix, ContentType=type_))

    def free(self, pattern: str, plain: bool = False) -> str:
        """The first name that `pattern` makes of 1, 2, … and that nothing in the package has or mentions.

        `plain`: the name without a number comes first.
        """
        taken = self._mentioned()
        for number in chain([""] if plain else [], count(1)):
            name = pattern.format(number)
            if part_key(name) not in taken and rels_of(part_key(name)) not in taken and name not in self:
                return name
        raise AssertionError("numbers do not end")

    def _mentioned(self) -> set[str]:
        """All members, and all names in relationships and content types: a name without a member must not come alive."""
        if self._names is None:
            self._names = set(self.package.keys)
            for key in self.package.keys:
                if key.endswith(".rels"):
                    self._names.update(target.target for target in self.package.relations(source_of(key)))
            self._names.update(part_key(entry.get("PartName", "")) for entry in elements(self.tree(TYPES_PART)))
        return self._names
