"""Sheets to graft, the books they go into, and what must hold whatever they go into."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter
from lxml import etree
from made import HEAD, parts, worksheet

from gkxl.sheets import CHART_NAME, ResultSet, Stored, StoredSheet
from gkxl.workbook.archive import members, without_place
from gkxl.workbook.graft import Grafted, graft
from gkxl.workbook.package import Package, part_key, rels_of
from gkxl.workbook.verify import verify

NAMES = ("得分汇总", "得分明细")


_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>'
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def small(sheet: str = worksheet('<row r="1"><c r="A1"><v>7</v></c></row>'), **options: str) -> bytes:
    """A workbook of one sheet 甲, with the least that Excel opens; the options are those of `made.parts`."""
    return zipped(parts(sheet, **options) | {"[Content_Types].xml": TYPES})  # type: ignore[arg-type]


def scratch(names: Sequence[str] = NAMES, *, points: int = 3, chart: bool = True, text: str = "市公安局") -> bytes:
    """A workbook as `render` makes it: sheets of one unit each, and a last one that has all looks."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        header = book.add_format({"bold": True, "bg_color": "#DCE6F1"})
        number = book.add_format({"num_format": "0.000"})
        large = book.add_format({"font_name": "黑体", "font_size": 16})
        good = book.add_format({"bg_color": "#C6EFCE"})
        for name in names:
            sheet = book.add_worksheet(name)
            sheet.set_column(0, 0, 20, number)
            sheet.write_string(0, 0, "单位", header)
            sheet.write_string(0, 1, "总分", header)
            sheet.write_string(1, 0, text)
            sheet.write_number(1, 1, points, number)
            sheet.conditional_format(1, 1, 1, 1, {"type": "cell", "criteria": ">", "value": 90, "format": good})
            sheet.repeat_rows(0)
            sheet.autofilter(0, 0, 1, 1)
            if chart:
                drawn = book.add_chart({"type": "bar", "name": CHART_NAME})
                drawn.add_series({"values": [name, 1, 1, 1, 1], "values_data": [points], "gap": 40})
                sheet.insert_chart(3, 3, drawn)
        palette = book.add_worksheet("palette")
        for row, look in enumerate((header, number, large)):
            palette.write_blank(row, 0, None, look)
    return out.getvalue()


def stored(names: Sequence[str] = NAMES, period: str | None = "2025Q4") -> Stored:
    return Stored("0.1.0", (ResultSet("a" * 64, "b" * 64, period, tuple(StoredSheet(name, 2, 2) for name in names)),))


def grafted(original: bytes | None, names: Sequence[str] = NAMES, **options: object) -> bytes:
    """A book with sheets of ours in it; all that must hold of any is looked at."""
    made = graft(original, scratch(names, **options), names, stored(names))  # type: ignore[arg-type]
    return whole(original, made)


def whole(original: bytes | None, made: Grafted) -> bytes:
    """The bytes of a new file, which keeps every member it does not name."""
    book = b"".join(made.pieces)
    verify(original, made, io.BytesIO(book))
    if original is not None:
        kept(original, book, {*made.replaced, *made.dropped})
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        assert opened.testzip() is None
    joined(original, book, made)
    return book


def kept(original: bytes, book: bytes, but: set[str]) -> None:
    """Header, packed bytes, descriptor and entry of each member are as they were."""
    old, new = ({m.key: m for m in members(Package(data))} for data in (original, book))
    for key in old.keys() - but:
        assert original[old[key].start : old[key].end] == book[new[key].start : new[key].end], key
        assert without_place(old[key].entry) == without_place(new[key].entry), key


def joined(original: bytes | None, book: bytes, made: Grafted) -> None:
    """What is new is led to, declared and named once; nothing leads nowhere that did not before."""
    package, before = Package(book), Package(original) if original is not None else None
    led_to, ahead = {"", "[content_types].xml"}, [""]
    while ahead:
        source = ahead.pop()
        if rels_of(source) in package:
            led_to.add(rels_of(source))
        for relation in package.relations(source):
            ids = [r.id for r in package.relations(source)]
            assert len(set(ids)) == len(ids), source
            lost = before and any(r.target == relation.target for r in before.relations(source))
            assert relation.target in package or lost, (source, relation)
            if relation.target in package and relation.target not in led_to:
                led_to.add(relation.target)
                ahead.append(relation.target)
    assert {part_key(part) for part in (*made.added, *made.replaced)} <= led_to
    overrides = [part_key(e.get("PartName", "")) for e in tree(book, "[Content_Types].xml") if e.get("PartName")]
    old = [part_key(e.get("PartName", "")) for e in tree(original, "[Content_Types].xml")] if original else []
    for part in overrides:
        assert part in package or part in old
        assert overrides.count(part) == max(1, old.count(part))
    defaults = {e.get("Extension", "").lower() for e in tree(book, "[Content_Types].xml") if e.get("Extension")}
    assert all(part_key(part) in overrides or part.rpartition(".")[2] in defaults for part in made.added)


def tree(book: bytes, part: str) -> etree._Element:
    return etree.fromstring(Package(book).read(part))


def text(book: bytes, part: str) -> str:
    return Package(book).read(part).decode()


def remade(book: bytes, changes: Mapping[str, bytes | str | None]) -> bytes:
    """The book with parts changed, added or (None) left out, as another program would save it."""
    with zipfile.ZipFile(io.BytesIO(book)) as old:
        members = {name: old.read(name) for name in old.namelist()} | changes
    return zipped({name: content for name, content in members.items() if content is not None})
