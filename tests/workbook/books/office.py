"""Books with what offices' systems put into one: links outwards, labels, protection, signatures, logs, views."""

import base64
import hashlib
import struct

from compound import compound
from features import DML, SHEET1, WORKBOOK, data, made
from pack import MAIN, OFFICE, SPREADSHEET, Pack
from xlsxwriter.workbook import Workbook

DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
SIGN = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature"
GUID = "{8E3D4C11-5B7A-4F7D-9C3B-2B1F0A6E7D55}"


def links() -> Pack:
    """An external link with its cache, a connection with a query table, custom XML, custom properties, a sensitivity label"""

    def build(book: Workbook) -> None:
        sheet = data(book)
        sheet.write_formula("G2", "=[1]Prices!$B$2*2", None, 19.6)
        book.define_name("Data!prices", "=Data!$A$1:$C$13")
        book.set_custom_property("Approved", "no", "text")
        book.set_custom_property("Number", 12, "number")

    pack = made(build)
    link = pack.add(
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames><sheetName val="Prices"/>'
        '</sheetNames><sheetDataSet><sheetData sheetId="0"><row r="2"><cell r="B2"><v>9.8</v></cell></row></sheetData>'
        "</sheetDataSet></externalBook></externalLink>",
        SPREADSHEET + "externalLink+xml",
    )
    pack.relate(link, "externalLinkPath", "prices.xlsx", external=True)
    key = pack.relate(WORKBOOK, "externalLink", link)
    pack.tail(WORKBOOK, f'<externalReferences><externalReference r:id="{key}"/></externalReferences>', "<definedNames>")
    pack.add(
        "xl/connections.xml",
        f'<connections xmlns="{MAIN}"><connection id="1" name="prices" type="6" refreshedVersion="6" background="1" '
        'saveData="1"><textPr codePage="65001" sourceFile="C:\\prices.csv" comma="1"><textFields count="3"><textField/>'
        "<textField/><textField/></textFields></textPr></connection></connections>",
        SPREADSHEET + "connections+xml",
    )
    pack.relate(WORKBOOK, "connections", "xl/connections.xml")
    query = pack.add(
        "xl/queryTables/queryTable1.xml",
        f'<queryTable xmlns="{MAIN}" name="prices" connectionId="1" autoFormatId="16" applyNumberFormats="0" '
        'applyBorderFormats="0" applyFontFormats="1" applyPatternFormats="1" applyAlignmentFormats="0" '
        'applyWidthHeightFormats="0"/>',
        SPREADSHEET + "queryTable+xml",
    )
    pack.relate(SHEET1, "queryTable", query)
    pack.add("customXml/item1.xml", '<form xmlns="urn:example:form"><field name="文号">12</field></form>')
    pack.add(
        "customXml/itemProps1.xml",
        f'<ds:datastoreItem ds:itemID="{GUID}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
        '<ds:schemaRefs><ds:schemaRef ds:uri="urn:example:form"/></ds:schemaRefs></ds:datastoreItem>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    pack.relate("customXml/item1.xml", "customXmlProps", "customXml/itemProps1.xml")
    pack.relate(WORKBOOK, "customXml", "customXml/item1.xml")
    pack.add(
        "docMetadata/LabelInfo.xml",
        '<clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/mipLabelMetadata"><clbl:label '
        f'id="{GUID.lower()}" enabled="1" method="Privileged" siteId="{GUID.lower()}" contentBits="0" removed="0"/>'
        "</clbl:labelList>",
        "application/vnd.ms-office.classificationlabels+xml",
    )
    pack.relate(
        "",
        "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels",
        "docMetadata/LabelInfo.xml",
    )
    return pack


def printing() -> Pack:
    """Printer settings, page breaks, custom views, a custom property of a sheet, cell watches"""

    def build(book: Workbook) -> None:
        sheet = data(book)
        sheet.set_paper(9)
        sheet.set_h_pagebreaks([6])

    pack = made(build)
    name = "Office printer".encode("utf-16-le").ljust(64, b"\0")
    devmode = name + struct.pack("<HHHHI", 0x0401, 0x0600, 220, 0, 0x0343) + bytes(220 - 76)  # DEVMODEW
    pack.default("bin", SPREADSHEET + "printerSettings")
    pack.add("xl/printerSettings/printerSettings1.bin", devmode)
    key = pack.relate(SHEET1, "printerSettings", "xl/printerSettings/printerSettings1.bin")
    pack.edit(SHEET1, '<pageSetup paperSize="9"', f'<pageSetup paperSize="9" r:id="{key}"')
    pack.parts["xl/customProperty1.bin"] = "kept".encode("utf-16-le")
    pack.edit(
        "[Content_Types].xml",
        "</Types>",
        f'<Override PartName="/xl/customProperty1.bin" ContentType="{SPREADSHEET}customProperty"/></Types>',
    )
    own = pack.relate(SHEET1, "customProperty", "xl/customProperty1.bin")
    pack.tail(SHEET1, f'<customProperties><customPr name="mark" r:id="{own}"/></customProperties>')
    pack.tail(SHEET1, '<cellWatches><cellWatch r="C2"/></cellWatches>')
    view = f'guid="{GUID}"'
    pack.tail(
        SHEET1,
        f'<customSheetViews><customSheetView {view} scale="80"><pageMargins left="0.7" right="0.7" top="0.75" '
        'bottom="0.75" header="0.3" footer="0.3"/></customSheetView></customSheetViews>',
        "<pageMargins",
    )
    pack.tail(
        WORKBOOK,
        f'<customWorkbookViews><customWorkbookView name="clerk" {view} maximized="1" windowWidth="1000" '
        'windowHeight="800" activeSheetId="1"/></customWorkbookViews>',
    )
    return pack


def protected() -> Pack:
    """Structure and sheet protected with passwords, a range that may be edited, a very hidden sheet, a hidden name"""

    def build(book: Workbook) -> None:
        sheet = data(book)
        sheet.protect("secret", {"sort": True})
        sheet.unprotect_range("C2:C13", "Figures")
        book.add_worksheet("Secret").very_hidden()
        book.add_worksheet("Hidden").hide()
        book.define_name("_hidden", "=Secret!$A$1")

    pack = made(build)
    salt = b"0123456789abcdef"
    key = hashlib.sha512(salt + "secret".encode("utf-16-le")).digest()
    for turn in range(1000):
        key = hashlib.sha512(key + struct.pack("<I", turn)).digest()
    text = pack.text(WORKBOOK)
    at = text.index("<bookViews>")
    lock = (
        f'<workbookProtection workbookAlgorithmName="SHA-512" workbookHashValue="{base64.b64encode(key).decode()}" '
        f'workbookSaltValue="{base64.b64encode(salt).decode()}" workbookSpinCount="1000" lockStructure="1"/>'
    )
    pack.parts[WORKBOOK] = (text[:at] + lock + text[at:]).encode()
    pack.edit(WORKBOOK, '<definedName name="_hidden">', '<definedName name="_hidden" hidden="1">')
    return pack


def tabs() -> Pack:
    """Eight sheets, the third shown first, three grouped, coloured tabs, a chart sheet and a dialog sheet among them"""

    def build(book: Workbook) -> None:
        for number in range(1, 7):
            sheet = data(book, f"月 {number}")
            sheet.set_tab_color("#00B050" if number % 2 else "#FF0000")
            if number in (3, 4, 5):
                sheet.select()
        alone = book.add_chartsheet("Trend")
        chart = book.add_chart({"type": "area"})
        chart.add_series({"values": "='月 3'!$C$2:$C$13"})
        alone.set_chart(chart)
        book.get_worksheet_by_name("月 3").activate()
        book.get_worksheet_by_name("月 2").set_first_sheet()
        book.define_name("'月 3'!Sum", "=SUM('月 3'!$C$2:$C$13)")

    pack = made(build)
    pack.add(
        "xl/dialogsheets/sheet1.xml",
        f'<dialogsheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr '
        'defaultRowHeight="15"/></dialogsheet>',
        SPREADSHEET + "dialogsheet+xml",
    )
    key = pack.relate(WORKBOOK, "dialogsheet", "xl/dialogsheets/sheet1.xml")
    pack.edit(WORKBOOK, "</sheets>", f'<sheet name="Dialog" sheetId="40" r:id="{key}"/></sheets>')
    return pack


def smart_art() -> Pack:
    """SmartArt: a diagram of three boxes with its five parts, a connector, a group of shapes"""

    def build(book: Workbook) -> None:
        data(book).insert_textbox("G20", "below the diagram")

    pack = made(build)
    spaces = f'xmlns:dgm="{DGM}" xmlns:a="{DML}"'
    points = "".join(
        f'<dgm:pt modelId="{n}"><dgm:prSet phldrT="[Text]"/><dgm:spPr/><dgm:t><a:bodyPr/><a:lstStyle/><a:p><a:r>'
        f"<a:t>step {n}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        for n in (1, 2, 3)
    )
    cxns = "".join(f'<dgm:cxn modelId="1{n}" srcId="0" destId="{n}" srcOrd="{n - 1}" destOrd="0"/>' for n in (1, 2, 3))
    style = '<dgm:styleLbl name="node1"><dgm:scene3d><a:camera prst="orthographicFront"/><a:lightRig rig="threePt" dir="t"/></dgm:scene3d><dgm:sp3d/></dgm:styleLbl>'  # noqa: E501
    made_of = {
        "data": f'<dgm:dataModel {spaces}><dgm:ptLst><dgm:pt modelId="0" type="doc"><dgm:prSet/><dgm:spPr/></dgm:pt>{points}'
        f"</dgm:ptLst><dgm:cxnLst>{cxns}</dgm:cxnLst><dgm:bg/><dgm:whole/></dgm:dataModel>",
        "layout": f'<dgm:layoutDef {spaces} uniqueId="urn:microsoft.com/office/officeart/2005/8/layout/default"><dgm:title '
        'val=""/><dgm:desc val=""/><dgm:catLst/><dgm:layoutNode name="diagram"><dgm:alg type="snake"/></dgm:layoutNode>'
        "</dgm:layoutDef>",
        "quickStyle": f'<dgm:styleDef {spaces} uniqueId="urn:microsoft.com/office/officeart/2005/8/quickstyle/simple1">'
        f'<dgm:title val=""/><dgm:desc val=""/>{style}</dgm:styleDef>',
        "colors": f'<dgm:colorsDef {spaces} uniqueId="urn:microsoft.com/office/officeart/2005/8/colors/accent1_2"><dgm:title '
        'val=""/><dgm:desc val=""/></dgm:colorsDef>',
    }
    ids = {}
    for kind, xml in made_of.items():
        word = {"quickStyle": "diagramStyle"}.get(kind, "diagram" + kind.capitalize())
        part = pack.add(
            f"xl/diagrams/{kind}1.xml",
            xml,
            f"application/vnd.openxmlformats-officedocument.drawingml.{word}+xml",
        )
        relation = {"quickStyle": "diagramQuickStyle"}.get(kind, word)
        ids[kind] = pack.relate("xl/drawings/drawing1.xml", relation, part)
    rel = f'r:dm="{ids["data"]}" r:lo="{ids["layout"]}" r:qs="{ids["quickStyle"]}" r:cs="{ids["colors"]}"'
    corner = "<xdr:{0}><xdr:col>{1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{2}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{0}>"
    connector = (
        '<xdr:cxnSp macro=""><xdr:nvCxnSpPr><xdr:cNvPr id="9" name="Line 9"/><xdr:cNvCxnSpPr/></xdr:nvCxnSpPr><xdr:spPr>'
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="line"><a:avLst/>'
        "</a:prstGeom></xdr:spPr></xdr:cxnSp>"
    )
    pack.tail(
        "xl/drawings/drawing1.xml",
        f'<xdr:twoCellAnchor>{corner.format("from", 6, 1)}{corner.format("to", 12, 15)}<xdr:graphicFrame macro="">'
        '<xdr:nvGraphicFramePr><xdr:cNvPr id="7" name="Diagram 7"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData '
        f'uri="{DGM}"><dgm:relIds xmlns:dgm="{DGM}" xmlns:r="{OFFICE}" {rel}/></a:graphicData></a:graphic>'
        "</xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>"
        f"<xdr:twoCellAnchor>{corner.format('from', 6, 25)}{corner.format('to', 8, 28)}<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr "
        'id="8" name="Group 8"/><xdr:cNvGrpSpPr/></xdr:nvGrpSpPr><xdr:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" '
        'cy="900000"/><a:chOff x="0" y="0"/><a:chExt cx="900000" cy="900000"/></a:xfrm></xdr:grpSpPr>'
        f"{connector}</xdr:grpSp><xdr:clientData/></xdr:twoCellAnchor>",
    )
    return pack


def signed() -> Pack:
    """A package with a digital signature over its parts: refused, unless the signature may be dropped"""
    pack = made(lambda book: data(book) and None)
    pack.default("sigs", "application/vnd.openxmlformats-package.digital-signature-origin")
    pack.parts["_xmlsignatures/origin.sigs"] = b""
    pack.relate("", f"{SIGN}/origin", "_xmlsignatures/origin.sigs")
    sha = "http://www.w3.org/2001/04/xmlenc#sha256"
    references = "".join(
        f'<Reference URI="/{name}?ContentType=application/xml"><DigestMethod Algorithm="{sha}"/><DigestValue>'
        f"{base64.b64encode(hashlib.sha256(content).digest()).decode()}</DigestValue></Reference>"
        for name, content in pack.parts.items()
        if name.startswith("xl/")
    )
    pack.add(
        "_xmlsignatures/sig1.xml",
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="idPackageSignature"><SignedInfo><CanonicalizationMethod '
        'Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/><SignatureMethod '
        'Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference Type="http://www.w3.org/2000/09/xmldsig'
        f'#Object" URI="#idPackageObject"><DigestMethod Algorithm="{sha}"/><DigestValue>AA==</DigestValue></Reference>'
        f'</SignedInfo><SignatureValue>AA==</SignatureValue><Object Id="idPackageObject"><Manifest>{references}</Manifest>'
        "</Object></Signature>",
        "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml",
    )
    pack.relate("_xmlsignatures/origin.sigs", f"{SIGN}/signature", "_xmlsignatures/sig1.xml")
    return pack


def shared_log() -> Pack:
    """A shared workbook with the log of who changed what: refused"""
    pack = made(lambda book: data(book) and None)
    spaces = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
    headers = pack.add(
        "xl/revisions/revisionHeaders.xml",
        f'<headers {spaces} guid="{GUID}" diskRevisions="1" revisionId="1" version="1"><header guid="{GUID}" '
        'dateTime="2025-05-01T08:00:00" maxSheetId="2" userName="clerk" r:id="rId1" minRId="1"><sheetIdMap count="1">'
        '<sheetId val="1"/></sheetIdMap></header></headers>',
        SPREADSHEET + "revisionHeaders+xml",
    )
    log = pack.add(
        "xl/revisions/revisionLog1.xml",
        f'<revisions {spaces}><rcc rId="1" sId="1"><oc r="C2"><v>0</v></oc><nc r="C2"><v>1</v></nc></rcc></revisions>',
        SPREADSHEET + "revisionLog+xml",
    )
    pack.relate(headers, "revisionLog", log)
    pack.relate(WORKBOOK, "revisionHeaders", headers)
    users = pack.add("xl/revisions/userNames.xml", f'<users {spaces} count="0"/>', SPREADSHEET + "userNames+xml")
    pack.relate(WORKBOOK, "usernames", users)
    return pack


def encrypted() -> bytes:
    """A compound file with an EncryptedPackage, as Excel writes when there is a password: refused"""
    version = struct.pack("<HHI", 4, 4, 0x40)
    info = (
        b'<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"><keyData saltSize="16"/></encryption>'
    )
    body = hashlib.sha512(b"nobody knows").digest() * 100
    return compound({"EncryptionInfo": version + info, "EncryptedPackage": struct.pack("<Q", len(body)) + body})
