"""Books with what Excel can put into one: most by XlsxWriter, the parts it does not know by hand (ECMA-376 part 1, [MS-XLSX])."""

import datetime as dt
import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import xlsxwriter
from compound import vba_project
from pack import EXCEL, MAIN, OFFICE, SPREADSHEET, Pack
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MS07, MS11, MS17 = (f"http://schemas.microsoft.com/office/{y}/relationships" for y in ("2007", "2011", "2017/10"))
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
DML = "http://schemas.openxmlformats.org/drawingml/2006/main"
UNITS = ["East", "West", "北区"]
DAYS = [dt.date(2025, month, 15) for month in range(1, 13)]
SHEET1, SHEET2, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml"


def made(build: Callable[[Workbook], None], **options: object) -> Pack:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        book.set_properties({"created": CREATED})
        build(book)
    return Pack.of(out.getvalue())


def data(book: Workbook, name: str = "Data") -> Worksheet:
    """A sheet of twelve rows: unit, day, items, a rate, a formula with its stored value."""
    sheet = book.add_worksheet(name)
    day, rate = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.0%"})
    sheet.write_row("A1", ["Unit", "Day", "Items", "Rate", "Double"], book.add_format({"bold": True}))
    for row, when in enumerate(DAYS, 1):
        sheet.write(row, 0, UNITS[row % 3])
        sheet.write_datetime(row, 1, dt.datetime.combine(when, dt.time()), day)
        sheet.write(row, 2, row)
        sheet.write(row, 3, row / 16, rate)
        sheet.write_formula(row, 4, f"=C{row + 1}*2", None, row * 2)
    sheet.set_column("B:B", 12)
    return sheet


def png(red: int = 200) -> BytesIO:
    """A picture of 16 × 16 points in one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + bytes([red, 80, 60]) * 16) * 16
    head = struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)
    return BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def charts() -> Pack:
    """Charts of three kinds, one with two axes, a chart sheet, a picture, a text box with a link, a background picture"""

    def build(book: Workbook) -> None:
        sheet = data(book)
        for number, kind in enumerate(("column", "line", "pie", "scatter")):
            chart = book.add_chart({"type": kind})
            chart.add_series({"categories": "=Data!$A$2:$A$13", "values": "=Data!$C$2:$C$13", "name": f"{kind} 图"})
            chart.set_title({"name": "=Data!$C$1"})
            if kind == "column":
                line = book.add_chart({"type": "line"})
                line.add_series({"values": "=Data!$D$2:$D$13", "y2_axis": True, "trendline": {"type": "linear"}})
                chart.combine(line)
            sheet.insert_chart(1 + 16 * number, 6, chart)
        alone = book.add_chartsheet("Chart 表")
        bar = book.add_chart({"type": "bar", "subtype": "stacked"})
        bar.add_series({"values": "=Data!$C$2:$C$13"})
        alone.set_chart(bar)
        sheet.insert_image("A20", "dot.png", {"image_data": png(), "url": "https://example.com/"})
        sheet.insert_textbox("A25", "text in a shape", {"textlink": "=Data!$A$2"})
        book.add_worksheet("Back").set_background(png(90))

    return made(build)


def comments() -> Pack:
    """Old comments with their VML, and a thread of two with its persons"""

    def build(book: Workbook) -> None:
        sheet = data(book)
        sheet.write_comment("C3", "an old comment", {"author": "clerk", "visible": True})
        sheet.write_comment(
            "C4",
            "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment; however, any edits to "
            "it will get removed if the file is opened in a newer version of Excel.\n\nComment:\n    is this right?",
            {"author": "tc={5A8F2C5B-9C3A-4D9C-8F51-6B0C3F5E0D11}"},
        )

    pack = made(build)
    person, thread = "{1B1E0F7C-0D4B-4B7E-9E0B-0A3A1A2B3C4D}", "{5A8F2C5B-9C3A-4D9C-8F51-6B0C3F5E0D11}"
    spaces = 'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'
    pack.add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments {spaces}><threadedComment ref="C4" dT="2025-05-01T08:00:00.00" personId="{person}" '
        f'id="{thread}"><text>is this right?</text></threadedComment><threadedComment ref="C4" '
        f'dT="2025-05-01T09:30:00.00" personId="{person}" id="{{9D1C6B44-27C1-4E5C-9B5C-3B8D5A1E2F70}}" '
        f'parentId="{thread}"><text>it is</text></threadedComment></ThreadedComments>',
        EXCEL + "threadedcomments+xml",
    )
    pack.relate(SHEET1, f"{MS17}/threadedComment", "xl/threadedComments/threadedComment1.xml")
    pack.add(
        "xl/persons/person.xml",
        f'<personList {spaces}><person displayName="clerk" id="{person}" userId="clerk" providerId="None"/></personList>',
        EXCEL + "person+xml",
    )
    pack.relate(WORKBOOK, f"{MS17}/person", "xl/persons/person.xml")
    return pack


MACRO = """Sub Hello()
    MsgBox "hello"
End Sub

Function Twice(x As Double) As Double
    Twice = 2 * x
End Function
"""


def _vba(book: Workbook, names: list[str]) -> None:
    book.add_vba_project(BytesIO(vba_project(names, "Module1", MACRO)), is_stream=True)
    book.set_vba_name("ThisWorkbook")


def macros() -> Pack:
    """A VBA project, a button that runs a macro, a formula that calls one"""

    def build(book: Workbook) -> None:
        sheet = data(book)
        _vba(book, ["Sheet1"])
        sheet.set_vba_name("Sheet1")
        sheet.insert_button("G2", {"macro": "Hello", "caption": "Hello", "width": 80, "height": 30})
        sheet.write_formula("G6", "=Twice(C2)", None, 2)

    return made(build)


def macros_signed() -> Pack:
    """A VBA project with a signature, which covers the macros only"""

    def build(book: Workbook) -> None:
        sheet = data(book)
        # DigSigInfoSerialized of [MS-OSHARED] 2.3.2.1, with a signature that nobody can verify
        signature = struct.pack("<9I", 16, 44, 0, 60, 0, 0, 0, 0, 0) + bytes(8) + bytes.fromhex("3082000c") + bytes(12)
        names = ["Sheet1"]
        book.add_signed_vba_project(
            BytesIO(vba_project(names, "Module1", MACRO)),
            BytesIO(signature),
            project_is_stream=True,
            signature_is_stream=True,
        )
        book.set_vba_name("ThisWorkbook")
        sheet.set_vba_name("Sheet1")

    return made(build)


def dynamic() -> Pack:
    """Dynamic arrays with metadata and cm, an old array, a shared formula, LAMBDA, errors, a picture in a cell, calcChain"""

    def build(book: Workbook) -> None:
        sheet = data(book)
        sheet.write_dynamic_array_formula("G2:G4", "=UNIQUE(A2:A13)", None, "West")
        sheet.write("G3", "北区")
        sheet.write("G4", "East")
        sheet.write_array_formula("H2:H4", "{=C2:C4*3}", None, 3)
        sheet.write_formula("I2", "=_xlfn.LAMBDA(_xlpm.x,_xlpm.x+1)(C2)", None, 2)
        for row, text in enumerate(("=1/0", "=NA()", "=nosuchname"), 2):
            sheet.write_formula(f"J{row}", text, None, ("#DIV/0!", "#N/A", "#NAME?")[row - 2])
        sheet.write_formula("K2", '=IF(C2>0,"","x")', None, "")
        sheet.write_boolean("K3", True)
        sheet.embed_image("L2", "dot.png", {"image_data": png(30)})

    pack = made(build)
    text = pack.text(SHEET1)
    text = text.replace("<f>C2*2</f>", '<f t="shared" ref="E2:E13" si="0">C2*2</f>')
    text = re.sub(r"<f>C\d+\*2</f>", '<f t="shared" si="0"/>', text)
    pack.parts[SHEET1] = text.encode()
    cells = re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f', text)
    chain = "".join(f'<c r="{cell}" i="1"/>' for cell in cells)
    pack.add("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}">{chain}</calcChain>', SPREADSHEET + "calcChain+xml")
    pack.relate(WORKBOOK, "calcChain", "xl/calcChain.xml")
    return pack


def rules() -> Pack:
    """Data validation, conditional formats old and new (x14), sparklines, tables with totals, filters, rich text, outlines"""

    def build(book: Workbook) -> None:
        sheet = data(book)
        red = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        sheet.conditional_format("C2:C13", {"type": "cell", "criteria": ">", "value": 6, "format": red})
        sheet.conditional_format("C2:C13", {"type": "data_bar", "data_bar_2010": True, "bar_axis_position": "middle"})
        sheet.conditional_format("D2:D13", {"type": "icon_set", "icon_style": "3_traffic_lights"})
        sheet.conditional_format("E2:E13", {"type": "3_color_scale"})
        sheet.conditional_format("A2:A13", {"type": "formula", "criteria": '=$A2="East"', "format": red})
        sheet.data_validation("A2:A13", {"validate": "list", "source": "=Lists!$A$1:$A$3"})
        sheet.data_validation("C2:C13", {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 99})
        sheet.add_sparkline("G2", {"range": "Data!C2:C13", "markers": True})
        sheet.autofilter("A1:E13")
        sheet.filter_column("C", "x > 2")
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
        bold = book.add_format({"bold": True, "font_color": "red"})
        sheet.write_rich_string("H2", "plain, ", bold, "bold", " and plain")
        sheet.merge_range("H4:J5", "merged", book.add_format({"align": "center", "border": 1}))
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.print_area("A1:E13")
        sheet.set_header("&L&G&C&P", {"image_left": "dot.png", "image_data_left": png()})
        sheet.write_url("H7", "internal:'Lists'!A1", string="to the lists")
        sheet.write_url("H8", "https://example.com/a?b=c&d=e#f")
        sheet.ignore_errors({"number_stored_as_text": "H9"})
        sheet.write_string("H9", "007")
        sheet.set_row(9, None, None, {"level": 1})
        book.add_worksheet("Lists").write_column("A1", UNITS)
        table = book.add_worksheet("Table")
        columns = [{"header": "Unit", "total_string": "sum"}, {"header": "Items", "total_function": "sum"}]
        columns += [{"header": "Half", "formula": "=[@Items]/2", "format": book.add_format({"num_format": "0.00"})}]
        table.add_table("B2:D6", {"name": "Ledger", "columns": columns, "total_row": True})
        table.write_column("B3", UNITS)
        table.write_column("C3", [4, 5, 6])
        book.define_name("Everything", "=Data!$A$1:$E$13")
        book.define_name("Lists!Here", "=Lists!$A$1")
        book.define_name("Tax", "=0.13")

    return made(build)


def pivot() -> Pack:
    """A pivot table with its cache and records, a slicer and a timeline on it"""

    def build(book: Workbook) -> None:
        data(book)
        sheet = book.add_worksheet("Pivot")
        sheet.write_column("A3", ["Row Labels", *UNITS, "Grand Total"])
        sums = [sum(row for row in range(1, 13) if UNITS[row % 3] == unit) for unit in UNITS]
        sheet.write_column("B3", ["Sum of Items", *sums, sum(sums)])
        sheet.insert_textbox("D12", "beside the slicer")  # for its drawing
        book.define_name("Slicer_Unit", "=#N/A")
        book.define_name("NativeTimeline_Day", "=#N/A")

    pack = made(build)
    spaces = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
    dates = "".join(f'<d v="{day}T00:00:00"/>' for day in DAYS)
    cache = pack.add(
        "xl/pivotCache/pivotCacheDefinition1.xml",
        f'<pivotCacheDefinition {spaces} r:id="rId1" refreshedBy="clerk" refreshedDate="45992" createdVersion="6" '
        'refreshedVersion="6" minRefreshableVersion="3" recordCount="12"><cacheSource type="worksheet">'
        '<worksheetSource ref="A1:C13" sheet="Data"/></cacheSource><cacheFields count="3">'
        '<cacheField name="Unit" numFmtId="0"><sharedItems count="3">'
        + "".join(f'<s v="{unit}"/>' for unit in UNITS)
        + '</sharedItems></cacheField><cacheField name="Day" numFmtId="14"><sharedItems containsSemiMixedTypes="0" '
        'containsNonDate="0" containsDate="1" containsString="0" minDate="2025-01-15T00:00:00" '
        f'maxDate="2025-12-16T00:00:00" count="12">{dates}</sharedItems></cacheField><cacheField name="Items" '
        'numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" '
        'containsInteger="1" minValue="1" maxValue="12"/></cacheField></cacheFields><extLst><ext '
        f'uri="{{725AE2AE-9491-48be-B2B4-4EB974FC3084}}" xmlns:x14="{X14}"><x14:pivotCacheDefinition '
        'pivotCacheId="4711"/></ext></extLst></pivotCacheDefinition>',
        SPREADSHEET + "pivotCacheDefinition+xml",
    )
    records = "".join(f'<r><x v="{row % 3}"/><x v="{row - 1}"/><n v="{row}"/></r>' for row in range(1, 13))
    pack.add(
        "xl/pivotCache/pivotCacheRecords1.xml",
        f'<pivotCacheRecords {spaces} count="12">{records}</pivotCacheRecords>',
        SPREADSHEET + "pivotCacheRecords+xml",
    )
    pack.relate(cache, "pivotCacheRecords", "xl/pivotCache/pivotCacheRecords1.xml")
    table = pack.add(
        "xl/pivotTables/pivotTable1.xml",
        f'<pivotTableDefinition xmlns="{MAIN}" name="PivotTable1" cacheId="7" applyNumberFormats="0" '
        'applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" '
        'applyWidthHeightFormats="1" dataCaption="Values" updatedVersion="6" minRefreshableVersion="3" '
        'useAutoFormatting="1" itemPrintTitles="1" createdVersion="6" indent="0" outline="1" outlineData="1" '
        'multipleFieldFilters="0"><location ref="A3:B7" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
        '<pivotFields count="3"><pivotField axis="axisRow" showAll="0"><items count="4"><item x="0"/><item x="1"/>'
        '<item x="2"/><item t="default"/></items></pivotField><pivotField numFmtId="14" showAll="0"/>'
        '<pivotField dataField="1" showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields>'
        '<rowItems count="4"><i><x/></i><i><x v="1"/></i><i><x v="2"/></i><i t="grand"><x/></i></rowItems>'
        '<colItems count="1"><i/></colItems><dataFields count="1"><dataField name="Sum of Items" fld="2" '
        'baseField="0" baseItem="0"/></dataFields><pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" '
        'showColHeaders="1" showRowStripes="0" showColStripes="0" showLastColumn="1"/></pivotTableDefinition>',
        SPREADSHEET + "pivotTable+xml",
    )
    pack.relate(table, "pivotCacheDefinition", cache)
    pack.relate(SHEET2, "pivotTable", table)
    key = pack.relate(WORKBOOK, "pivotCacheDefinition", cache)
    tables = '<pivotTables><pivotTable tabId="2" name="PivotTable1"/></pivotTables>'
    slicer_cache = pack.add(
        "xl/slicerCaches/slicerCache1.xml",
        f'<slicerCacheDefinition xmlns="{X14}" name="Slicer_Unit" sourceName="Unit">{tables}<data><tabular '
        'pivotCacheId="4711"><items count="3"><i x="0" s="1"/><i x="1" s="1"/><i x="2" s="1"/></items></tabular>'
        "</data></slicerCacheDefinition>",
        EXCEL + "slicerCache+xml",
    )
    timeline_cache = pack.add(
        "xl/timelineCaches/timelineCache1.xml",
        f'<timelineCacheDefinition xmlns="{X15}" name="NativeTimeline_Day" sourceName="Day">{tables}<state '
        'minimalRefreshVersion="6" lastRefreshVersion="6" pivotCacheId="4711" filterType="unknown"><bounds '
        'startDate="2025-01-01T00:00:00" endDate="2026-01-01T00:00:00"/></state></timelineCacheDefinition>',
        EXCEL + "timelineCache+xml",
    )
    slicer = pack.add(
        "xl/slicers/slicer1.xml",
        f'<slicers xmlns="{X14}"><slicer name="Unit" cache="Slicer_Unit" caption="Unit" rowHeight="241300"/></slicers>',
        EXCEL + "slicer+xml",
    )
    timeline = pack.add(
        "xl/timelines/timeline1.xml",
        f'<timelines xmlns="{X15}"><timeline name="Day" cache="NativeTimeline_Day" caption="Day" level="2" '
        'selectionLevel="2" scrollPosition="2025-01-01T00:00:00"/></timelines>',
        EXCEL + "timeline+xml",
    )
    caches = pack.relate(WORKBOOK, f"{MS07}/slicerCache", slicer_cache)
    times = pack.relate(WORKBOOK, f"{MS11}/timelineCache", timeline_cache)
    pack.tail(
        WORKBOOK,
        f'<pivotCaches><pivotCache cacheId="7" r:id="{key}"/></pivotCaches><extLst><ext '
        f'uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}" xmlns:x14="{X14}"><x14:slicerCaches><x14:slicerCache '
        f'r:id="{caches}"/></x14:slicerCaches></ext><ext uri="{{D0CA8CA8-9F24-4464-BF8E-62219DCF47F9}}" '
        f'xmlns:x15="{X15}"><x15:timelineCacheRefs><x15:timelineCacheRef r:id="{times}"/></x15:timelineCacheRefs>'
        "</ext></extLst>",
    )
    mine, other = pack.relate(SHEET2, f"{MS07}/slicer", slicer), pack.relate(SHEET2, f"{MS11}/timeline", timeline)
    pack.tail(
        SHEET2,
        f'<extLst><ext uri="{{A8765BA9-456A-4dab-B4F3-ACF838C121DE}}" xmlns:x14="{X14}"><x14:slicerList><x14:slicer '
        f'r:id="{mine}"/></x14:slicerList></ext><ext uri="{{7E03D99C-DC04-49d9-9315-930204A7B6E9}}" '
        f'xmlns:x15="{X15}"><x15:timelineRefs><x15:timelineRef r:id="{other}"/></x15:timelineRefs></ext></extLst>',
    )
    sle, tsle = (f"http://schemas.microsoft.com/office/drawing/{x}" for x in ("2010/slicer", "2012/timeslicer"))
    a14 = "http://schemas.microsoft.com/office/drawing/2010/main"
    pack.tail(
        "xl/drawings/drawing1.xml",
        _frame(3, "Unit", "a14", a14, f'<a:graphicData uri="{sle}"><s:slicer xmlns:s="{sle}" name="Unit"/>')
        + _frame(4, "Day", "tsle", tsle, f'<a:graphicData uri="{tsle}"><tsle:timeslicer name="Day"/>'),
    )
    return pack


def _frame(number: int, name: str, prefix: str, space: str, graphic: str) -> str:
    """An anchored graphic that older programs skip."""
    at = 4 * number
    return (
        f"<xdr:twoCellAnchor><xdr:from><xdr:col>{at}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>{at + 3}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>10"
        f'</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><mc:AlternateContent xmlns:mc="{MC}"><mc:Choice '
        f'xmlns:{prefix}="{space}" Requires="{prefix}"><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr '
        f'id="{number}" name="{name}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>{graphic}</a:graphicData></a:graphic></xdr:graphicFrame></mc:Choice>'
        f'<mc:Fallback><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{number}" name="{name}"/><xdr:cNvSpPr/>'
        '</xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp></mc:Fallback>'
        "</mc:AlternateContent><xdr:clientData/></xdr:twoCellAnchor>"
    )


def controls() -> Pack:
    """Form controls: a check box and a list, in VML and in ctrlProps, both linked to cells"""
    pack = made(lambda book: data(book) and None)
    shapes, entries = "", ""
    drop = "<x:FmlaRange>$A$2:$A$4</x:FmlaRange><x:FmlaLink>$G$2</x:FmlaLink><x:Sel>1</x:Sel><x:DropStyle>Combo</x:DropStyle>"
    from_list = 'dropStyle="combo" dx="22" fmlaLink="$G$2" fmlaRange="$A$2:$A$4" sel="1" val="0"'
    checked = "<x:Checked>1</x:Checked><x:FmlaLink>$G$1</x:FmlaLink>"
    kinds = [
        ("Checkbox", "CheckBox", 'checked="Checked" fmlaLink="$G$1"', checked),
        ("Drop", "Drop", from_list, drop),
    ]
    for number, (vml, kind, settings, client) in enumerate(kinds, 1):
        part = pack.add(
            f"xl/ctrlProps/ctrlProp{number}.xml",
            f'<formControlPr xmlns="{X14}" objectType="{kind}" {settings} noThreeD="1"/>',
            EXCEL + "controlproperties+xml",
        )
        key = pack.relate(SHEET1, "ctrlProp", part)
        top = 2 * number
        entries += (
            f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x14"><control shapeId="{1024 + number}" '
            f'r:id="{key}" name="{kind} {number}"><controlPr defaultSize="0" autoFill="0" autoLine="0" autoPict="0">'
            f'<anchor moveWithCells="1"><from><xdr:col>7</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{top}</xdr:row>'
            f"<xdr:rowOff>0</xdr:rowOff></from><to><xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{top + 1}"
            "</xdr:row><xdr:rowOff>0</xdr:rowOff></to></anchor></controlPr></control></mc:Choice></mc:AlternateContent>"
        )
        shapes += (
            f'<v:shape id="_x0000_s{1024 + number}" type="#_x0000_t201" style="position:absolute;margin-left:340pt;'
            f'margin-top:{15 * top}pt;width:96pt;height:15pt;z-index:{number}" stroked="f"><v:path shadowok="t" '
            'strokeok="t" fillok="t"/><o:lock v:ext="edit" rotation="t"/><v:textbox><div style="text-align:left">'
            f'{kind}</div></v:textbox><x:ClientData ObjectType="{vml}"><x:SizeWithCells/><x:Anchor>7, 0, {top}, 0, 9, '
            f"0, {top + 1}, 0</x:Anchor><x:AutoFill>False</x:AutoFill>{client}</x:ClientData></v:shape>"
        )
    pack.default("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
    pack.parts["xl/drawings/vmlDrawing1.vml"] = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
        '</o:shapelayout><v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,'
        f'xe"><v:stroke joinstyle="miter"/></v:shapetype>{shapes}</xml>'
    ).encode()
    key = pack.relate(SHEET1, "vmlDrawing", "xl/drawings/vmlDrawing1.vml")
    pack.edit(SHEET1, "<worksheet ", f'<worksheet xmlns:x14="{X14}" xmlns:xdr="{XDR}" ')
    pack.tail(
        SHEET1,
        f'<legacyDrawing r:id="{key}"/><mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x14"><controls>{entries}'
        "</controls></mc:Choice></mc:AlternateContent>",
    )
    return pack
