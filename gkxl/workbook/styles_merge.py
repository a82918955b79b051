"""The looks of one workbook put into the styles part of another (ECMA-376 part 1, 18.8), behind those that are there.

All of them, always and in their order, so that what is added depends on the looks alone and is found again next time.
"""

from __future__ import annotations

from copy import deepcopy

from lxml import etree
from lxml.etree import _Element as Element

from gkxl import diagnostics as d
from gkxl.workbook.draft import elements, local
from gkxl.workbook.package import RefusedError
from gkxl.workbook.styles import SPREADSHEET

_ORDER = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst".split()
_FIRST_CUSTOM = 164  # number formats below are built in
_MOST_LOOKS = 65_490  # cell formats that Excel takes
# What stands at number 0 of a list that a file has not got: cells without a look point to it.
_DEFAULTS = {
    "fonts": '<font><sz val="11"/><name val="Calibri"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    "cellStyles": '<cellStyle name="Normal" xfId="0" builtinId="0"/>',
}
_PARTS = (("fontId", "fonts", "applyFont"), ("fillId", "fills", "applyFill"), ("borderId", "borders", "applyBorder"))


class Merged:
    """The numbers that the looks and the conditional formats of `source` have in `target`, which is edited."""

    def __init__(self, target: Element, source: Element, part: str) -> None:
        if etree.QName(target).namespace not in SPREADSHEET or local(target) != "styleSheet":
            raise RefusedError(d.PART_BROKEN, part=part, what=f"<{target.tag!s}>")
        self._target, self._source = target, source
        self._namespace = f"{{{etree.QName(target).namespace}}}"
        self._known: dict[str, dict[object, int]] = {}
        self._complete()
        self._usual = _normal_font(self._listed("fonts"), self._listed("cellXfs"), target)
        self._assumed = _normal_font(_list(source, "fonts"), _list(source, "cellXfs"), source)
        self.looks = [0 if n == 0 else self._look(xf) for n, xf in enumerate(_list(source, "cellXfs"))]
        self.conditional = [self._conditional(dxf) for dxf in _list(source, "dxfs")]

    def _complete(self) -> None:
        """A number beyond the end of its list would come to mean a look of ours: such lists get copies of their first entry."""
        formats = _list(self._target, "cellStyleXfs") + _list(self._target, "cellXfs")
        for attribute, tag, _ in _PARTS:
            box = self._box(tag)
            missing = max((_number(xf, attribute) for xf in formats), default=0) + 1 - len(elements(box))
            if missing > _MOST_LOOKS:
                raise RefusedError(d.STYLES_FULL, limit=_MOST_LOOKS)
            if missing > 0:
                box.extend([deepcopy(elements(box)[0]) for _ in range(missing)])
                box.set("count", str(len(elements(box))))

    def _look(self, source: Element) -> int:
        made = self._adopted(source)
        made.set("numFmtId", str(self._format(_number(source, "numFmtId"))))
        if made.get("numFmtId") != "0":
            made.set("applyNumberFormat", "1")
        for attribute, tag, applied in _PARTS:
            entry = self._adopted(_list(self._source, tag)[_number(source, attribute)])
            if tag == "fonts":
                self._as_usual(entry)
            made.set(attribute, str(self._put(tag, entry)))
            if made.get(attribute) != "0":
                made.set(applied, "1")
        self._listed("cellStyleXfs")
        made.set("xfId", "0")
        return self._put("cellXfs", made)

    def _conditional(self, source: Element) -> int:
        made = self._adopted(source)
        for entry in elements(made):
            if local(entry) == "numFmt":
                entry.set("numFmtId", str(self._format(_number(entry, "numFmtId"), entry.get("formatCode"))))
        return self._put("dxfs", made)

    def _format(self, number: int, code: str | None = None) -> int:
        if number < _FIRST_CUSTOM:
            return number
        if code is None:
            given = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in _list(self._source, "numFmts")}
            code = given[str(number)]
        there = [(_number(entry, "numFmtId"), entry.get("formatCode")) for entry in self._listed("numFmts")]
        for known, text in there:
            if text == code and known >= _FIRST_CUSTOM:
                return known
        new = max([_FIRST_CUSTOM - 1, *(known for known, _ in there)]) + 1
        box = self._box("numFmts")
        etree.SubElement(box, f"{self._namespace}numFmt", numFmtId=str(new), formatCode=code)
        box.set("count", str(len(elements(box))))
        return new

    def _as_usual(self, font: Element) -> None:
        """Face and size that are no choice, being the source's own default, become those of the target's plain cells."""
        size, usual_size = _child(font, "sz"), _child(self._usual, "sz")
        if size is not None and usual_size is not None and _value(font, "sz") == _value(self._assumed, "sz"):
            size.set("val", usual_size.get("val", ""))
        face, usual_face = _child(font, "name"), _child(self._usual, "name")
        if face is not None and usual_face is not None and _value(font, "name") == _value(self._assumed, "name"):
            face.set("val", usual_face.get("val", ""))
            for tag in ("scheme", "charset", "family"):  # they say which face it is; in this order behind it, backwards
                here, there = _child(font, tag), _child(self._usual, tag)
                if here is not None:
                    font.remove(here)
                if there is not None:
                    face.addnext(self._adopted(there))

    def _put(self, tag: str, entry: Element) -> int:
        """The number of an entry in a list of the target; appended if none is like it."""
        box = self._box(tag)
        if tag not in self._known:
            known = self._known[tag] = {}
            for number, old in enumerate(elements(box)):
                known.setdefault(_form(old), number)
        known, form = self._known[tag], _form(entry)
        if form not in known:
            known[form] = len(elements(box))
            if known[form] >= _MOST_LOOKS:
                raise RefusedError(d.STYLES_FULL, limit=_MOST_LOOKS)
            box.append(entry)
            box.set("count", str(known[form] + 1))
        return known[form]

    def _listed(self, tag: str) -> list[Element]:
        return elements(self._box(tag))

    def _box(self, tag: str) -> Element:
        """A list of the target; where it is missing or empty, with what must stand at its number 0."""
        box = self._target.find(f"{self._namespace}{tag}")
        if box is None:
            before = _ORDER[: _ORDER.index(tag)]
            place = max((n for n, e in enumerate(self._target, 1) if local(e) in before), default=0)
            box = etree.Element(f"{self._namespace}{tag}")
            self._target.insert(place, box)
        if not elements(box) and tag in _DEFAULTS:
            box.extend(elements(etree.fromstring(f'<a xmlns="{self._namespace[1:-1]}">{_DEFAULTS[tag]}</a>')))
            box.set("count", str(len(elements(box))))
            if tag == "cellStyleXfs":
                self._box("cellStyles")
        return box

    def _adopted(self, source: Element) -> Element:
        """A copy in the target's namespace, without blanks between its elements."""
        made = etree.Element(f"{self._namespace}{local(source)}", dict(source.attrib))
        made.text = source.text if source.text and source.text.strip() else None
        made.extend([self._adopted(child) for child in elements(source)])
        return made


def _normal_font(fonts: list[Element], formats: list[Element], styles: Element) -> Element | None:
    """The font of the style Normal (18.8.7, builtinId 0), else of cells without a look."""
    number = next(
        (
            _number(formats_of_styles[_number(style, "xfId")], "fontId")
            for formats_of_styles in [_list(styles, "cellStyleXfs")]
            for style in _list(styles, "cellStyles")
            if style.get("builtinId") == "0" and _number(style, "xfId") < len(formats_of_styles)
        ),
        _number(formats[0], "fontId") if formats else 0,
    )
    return fonts[number] if number < len(fonts) else None


def _list(styles: Element, tag: str) -> list[Element]:
    return elements(styles.find(f"{{*}}{tag}"))


def _number(entry: Element, attribute: str) -> int:
    value = entry.get(attribute, "")
    return int(value) if value.isdecimal() else 0


def _child(entry: Element | None, tag: str) -> Element | None:
    return next((child for child in elements(entry) if local(child) == tag), None)


def _value(entry: Element | None, tag: str) -> str | None:
    child = _child(entry, tag)
    return None if child is None else child.get("val")


def _form(entry: Element) -> object:
    """What makes two entries the same, however they are spelled."""
    children = tuple(map(_form, elements(entry)))
    return entry.tag, tuple(sorted(map(tuple, entry.attrib.items()))), (entry.text or "").strip(), children
