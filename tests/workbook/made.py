"""Small .xlsx files written byte by byte, so that a test can say exactly what stands in them."""

import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def relations(*entries: tuple[str, str, str]) -> str:
    """A relationships part of (id, kind, target)."""
    items = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in entries)
    return f'{HEAD}<Relationships xmlns="{RELS}">{items}</Relationships>'


def worksheet(data: str, after: str = "", before: str = "") -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def strings(*items: str) -> str:
    return f'{HEAD}<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(*formats: str) -> str:
    """Cell formats 0, 1, … with these number formats; a bare number is a built-in id."""
    custom = [(164 + n, code) for n, code in enumerate(formats) if not code.isdecimal()]
    defined = "".join(
        f'<numFmt numFmtId="{n}" formatCode="{code.replace("&", "&amp;").replace(chr(34), "&quot;")}"/>'
        for n, code in custom
    )
    xfs = "".join(f'<xf numFmtId="{code if code.isdecimal() else 164 + n}"/>' for n, code in enumerate(formats))
    return f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{defined}</numFmts><cellXfs>{xfs}</cellXfs></styleSheet>'


def parts(
    sheet: str | bytes,
    *,
    shared: str | None = None,
    formats: str | None = None,
    workbook: str = "",
    properties: str = "",
    sheets: str = '<sheet name="甲" sheetId="1" r:id="rId1"/>',
) -> dict[str, str | bytes]:
    """The members of a workbook with one sheet part; `workbook` stands after its sheets."""
    links = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        f"<sheets>{sheets}</sheets>{workbook}</workbook>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    if shared is not None:
        links.append(("rId2", "sharedStrings", "sharedStrings.xml"))
        made["xl/sharedStrings.xml"] = shared
    if formats is not None:
        links.append(("rId3", "styles", "styles.xml"))
        made["xl/styles.xml"] = formats
    made["xl/_rels/workbook.xml.rels"] = relations(*links)
    return made


def write(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
