"""Whether a part that was replaced still says all that it said: only additions where additions are meant.

A replaced part is held against the one before, element by element. What may change in it is listed here, part by part,
by the kind that its root element tells (ECMA-376 part 1, 18.2 workbook, 18.8 styles; part 2, 8 relationships, 9 types).
"""

from collections.abc import Iterator

from lxml import etree

Element = etree._Element

# Lists whose items are known by their number: what was there stays, in its place, and more may come behind it.
NUMBERED = {"fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs", "sheets"}
# Lists whose items are known by a name or by their content: more may come anywhere.
NAMED = {"Types", "Relationships", "definedNames", "numFmts", "cellStyles", "workbook", "styleSheet", "bookViews"}
# Attributes that count what is in a list, or ask for a recalculation.
FREE = {("*", "count"), ("calcPr", "fullCalcOnLoad")}


def lost(before: bytes, after: bytes) -> list[str]:
    """What the part said and says no more."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return list(_lost(etree.fromstring(before, parser), etree.fromstring(after, parser)))


def _local(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else "#" + type(element).__name__


def _items(element: Element) -> list[Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _key(element: Element) -> object:
    """An element with all that is in it, without regard to prefixes and layout."""
    text = (element.text or "").strip()
    return element.tag, sorted(element.attrib.items()), text, [_key(child) for child in _items(element)]


def _lost(old: Element, new: Element) -> Iterator[str]:
    name = _local(old)
    if old.tag != new.tag:
        yield f"<{name}> has become <{_local(new)}>"
        return
    for attribute, value in old.attrib.items():
        if new.get(attribute) != value and not {(name, attribute), ("*", attribute)} & FREE:
            yield f"<{name} {attribute}={value!r}> has become {new.get(attribute)!r}"
    for attribute in set(new.attrib) - set(old.attrib):
        if not {(name, attribute), ("*", attribute)} & FREE:
            yield f"<{name}> has got {attribute}={new.get(attribute)!r}"
    if (old.text or "").strip() != (new.text or "").strip():
        yield f"the text of <{name}> is another"
    theirs = _items(new)
    if name in NUMBERED:
        yield from _prefix(name, _items(old), theirs)
    elif name in NAMED:
        yield from _within(name, _items(old), theirs)
    else:
        if len(_items(old)) != len(theirs):
            yield f"<{name}> holds {len(theirs)} elements and held {len(_items(old))}"
        for mine, their in zip(_items(old), theirs, strict=False):
            yield from _lost(mine, their)


def _prefix(name: str, old: list[Element], new: list[Element]) -> Iterator[str]:
    if len(new) < len(old):
        yield f"<{name}> holds {len(new)} elements and held {len(old)}"
    for mine, their in zip(old, new, strict=False):
        yield from _lost(mine, their)


def _within(name: str, old: list[Element], new: list[Element]) -> Iterator[str]:
    """Each of the old ones must come again, in their order; containers are looked into."""
    rest = iter(new)
    for mine in old:
        if _belongs_to_no_sheet(mine):
            continue
        inside = _local(mine) in NUMBERED | NAMED | {"calcPr"}
        key = _key(mine)
        for their in rest:
            if mine.tag == their.tag and (inside or _key(their) == key):
                if inside:
                    yield from _lost(mine, their)
                break
        else:
            yield f"<{name}> has lost {etree.tostring(mine, with_tail=False)[:500]!r}, or moved it"
            return


def _belongs_to_no_sheet(name: Element) -> bool:
    """A name local to a sheet that the workbook does not have: a sheet that comes must not get it."""
    local = name.get("localSheetId", "") if _local(name) == "definedName" else ""
    return local.isdecimal() and int(local) >= len(name.getroottree().findall("{*}sheets/{*}sheet"))
