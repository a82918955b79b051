"""Books written by hand from the first byte: other namespaces, prefixes, encodings, and what a book may lack."""

from features import data, made
from pack import MAIN, OFFICE, SPREADSHEET, Pack, Zip
from xlsxwriter.workbook import Workbook

STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
ROWS = [("Unit", "Items"), ("East", 3), ("West", 4.5), ("北区", 12)]


def _rows(prefix: str = "") -> str:
    """The rows as inline strings and numbers."""
    p = prefix
    return "".join(
        f'<{p}row r="{r}">'
        + "".join(
            f'<{p}c r="{column}{r}" t="inlineStr"><{p}is><{p}t>{v}</{p}t></{p}is></{p}c>'
            if isinstance(v, str)
            else f'<{p}c r="{column}{r}"><{p}v>{v}</{p}v></{p}c>'
            for column, v in zip("AB", values, strict=True)
        )
        + f"</{p}row>"
        for r, values in enumerate(ROWS, 1)
    )


def _main(pack: Pack, xml: str) -> None:
    pack.add("xl/workbook.xml", xml, SPREADSHEET + "sheet.main+xml")
    pack.relate("", "officeDocument", "xl/workbook.xml")


def _sheet(pack: Pack, xml: str, part: str = "xl/worksheets/sheet1.xml", key: str = "") -> None:
    pack.add(part, xml, SPREADSHEET + "worksheet+xml")
    pack.relate("xl/workbook.xml", "worksheet", part, key=key)


STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="200" formatCode="0.000&quot; 件&quot;"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="等线"/><family val="2"/><charset val="134"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" '
    'fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" '
    'applyNumberFormat="1"/><xf numFmtId="200" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles><dxfs count="1"><dxf><fill>'
    '<patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf></dxfs></styleSheet>'
)


def strict() -> Pack:
    """Strict namespaces (ISO 29500), a date as ISO text, a number format of its own"""
    pack = Pack()
    day = '<row r="5"><c r="A5" s="1" t="d"><v>2025-05-01</v></c><c r="B5" s="2"><v>7</v></c></row>'
    _main(
        pack,
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}" conformance="strict"><workbookPr dateCompatibility="0"/><bookViews>'
        '<workbookView activeTab="0"/></bookViews><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets><definedNames>'
        '<definedName name="Total">Data!$B$4</definedName></definedNames></workbook>',
    )
    _sheet(pack, f'<worksheet xmlns="{MAIN}"><sheetData>{_rows()}{day}</sheetData></worksheet>')
    pack.add("xl/styles.xml", STYLES, SPREADSHEET + "styles+xml")
    pack.relate("xl/workbook.xml", "styles", "xl/styles.xml")
    for name, content in pack.parts.items():
        text = content.decode().replace(MAIN, STRICT_MAIN)
        pack.parts[name] = text.replace(OFFICE, STRICT_OFFICE).encode()
    return pack


def date1904() -> Pack:
    """Days counted from 1904"""
    return made(lambda book: data(book) and None, default_date_format="yyyy-mm-dd", date_1904=True)


def prefixed() -> Pack:
    """Every element with a prefix, targets from the root, ids that are no rIdN, no docProps, no theme"""
    pack = Pack()
    _main(
        pack,
        f'<x:workbook xmlns:x="{MAIN}" xmlns:rel="{OFFICE}"><x:sheets><x:sheet name="Data" sheetId="1" rel:id="R7b1c"/>'
        "</x:sheets></x:workbook>",
    )
    _sheet(pack, f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{_rows("x:")}</x:sheetData></x:worksheet>', key="R7b1c")
    prefix = STYLES.replace("<styleSheet xmlns=", "<x:styleSheet xmlns:x=")
    for tag in sorted({t.strip("</> ") for t in prefix.replace(">", " ").split() if t.startswith("<")}):
        name = tag.split("/")[0]
        if not name.startswith("x:"):
            prefix = prefix.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
            prefix = prefix.replace(f"<{name}/>", f"<x:{name}/>").replace(f"</{name}>", f"</x:{name}>")
    pack.add("xl/styles.xml", prefix.replace("</styleSheet>", "</x:styleSheet>"), SPREADSHEET + "styles+xml")
    pack.relate("xl/workbook.xml", "styles", "xl/styles.xml", key="Rst")
    for name, target in (("_rels/.rels", "xl/workbook.xml"), ("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml")):
        root = "/" + ("" if target.startswith("xl/") else "xl/") + target
        pack.edit(name, f'Target="{target}"', f'Target="{root}"')
    return pack


def bare() -> Pack:
    """No styles, no strings part, no views; cells without addresses; sheet parts numbered with gaps"""
    pack = Pack()
    _main(
        pack,
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="甲" sheetId="9" r:id="rId12"/></sheets></workbook>',
    )
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c t="b"><v>1</v></c></row>'
    _sheet(
        pack,
        f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/worksheets/sheet7.xml",
        "rId12",
    )
    return pack


def loose_ends() -> Pack:
    """Ids used nowhere and parts named that are missing; a styles part without lists; high ids; a strings part nobody names"""
    pack = bare()
    pack.relate("xl/workbook.xml", "worksheet", "xl/worksheets/sheet8.xml", key="rId13")
    pack.relate("xl/workbook.xml", "theme", "xl/theme/theme1.xml", key="rId900")
    missing = f'<Override PartName="/xl/worksheets/sheet9.xml" ContentType="{SPREADSHEET}worksheet+xml"/></Types>'
    pack.edit("[Content_Types].xml", "</Types>", missing)
    pack.add("xl/styles.xml", f'<styleSheet xmlns="{MAIN}"/>', SPREADSHEET + "styles+xml")
    pack.relate("xl/workbook.xml", "styles", "xl/styles.xml", key="rId2")
    pack.add("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"/>', SPREADSHEET + "sharedStrings+xml")
    filtered = '<autoFilter ref="A1:B3"><filterColumn colId="0"><colorFilter dxfId="0"/></filterColumn></autoFilter>'
    pack.tail("xl/worksheets/sheet7.xml", filtered)
    pack.edit("xl/workbook.xml", 'sheetId="9"', 'sheetId="65000"')
    return pack


def utf16() -> Pack:
    """The workbook, its sheet and its styles in UTF-16, the relationships with a byte order mark"""
    pack = strict_free()
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        pack.parts[name] = pack.text(name).replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    name = "xl/_rels/workbook.xml.rels"
    pack.parts[name] = b"\xef\xbb\xbf" + pack.parts[name]
    return pack


def strict_free() -> Pack:
    """A small book in the usual namespaces."""
    pack = Pack()
    _main(
        pack,
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
    )
    _sheet(pack, f'<worksheet xmlns="{MAIN}"><sheetData>{_rows()}</sheetData></worksheet>')
    pack.add("xl/styles.xml", STYLES, SPREADSHEET + "styles+xml")
    pack.relate("xl/workbook.xml", "styles", "xl/styles.xml")
    return pack


def names_of_ours() -> Pack:
    """A sheet that has the name of one to be written, in other capitals; a part in a folder of that name: refused"""

    def build(book: Workbook) -> None:
        data(book, "GKXL SCORES")
        book.add_worksheet("About").write("A1", "about us")

    pack = made(build)
    pack.add("gkxl/results.xml", '<results xmlns="urn:example:other"/>')
    return pack


def _with_text(text: str) -> Pack:
    return made(lambda book: data(book).write("G1", text) and None)


def descriptors() -> bytes:
    """Sizes behind the data of each member, as programs write that cannot go back"""
    return Zip(descriptors=True).write(_with_text("descriptors").parts)


def zip64() -> bytes:
    """Sizes and offsets in zip64 fields throughout, as some programs write for any size"""
    return Zip(zip64=True).write(_with_text("zip64").parts)


def stored() -> bytes:
    """Members not compressed, a field of its own in each header, a comment of the archive"""
    field = b"\xfe\xca\x04\x00gkxl"
    return Zip(level=0, extra=field, comment=b"a comment").write(_with_text("stored").parts)


def backslashes() -> bytes:
    """Names of members with backslashes, as old programs for Windows write"""
    return Zip(backslashes=True).write(_with_text("backslashes").parts)


def junk_before() -> bytes:
    """Bytes before the first member, with offsets that count from the first member"""
    return b"MZ not a program\r\n" + Zip().write(_with_text("junk").parts)
