"""Every reason why a file or sheet is not read, each with its own code, in both languages, with its place."""

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from made import MAIN, parts, strings, worksheet, write

from gkxl.diagnostics import CODES, Diagnostic, FilePlace, GkError
from gkxl.workbook import cells, package, read
from gkxl.workbook import strings as texts
from gkxl.workbook.read import read_book

SHEET = "xl/worksheets/sheet1.xml"
GOOD = parts(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))


def refusal(path: Path, place: str | None = None) -> Diagnostic:
    """The one error of a file, whether it shows at once or in the middle of a sheet; the same in both languages."""
    found: list[Diagnostic] = []
    for language in ("zh", "en"):
        book, diagnostics = read_book(path, language=language)  # type: ignore[arg-type]
        if book:
            assert not diagnostics
            with pytest.raises(GkError) as raised:
                [list(sheet.rows()) for sheet in book.sheets]
            diagnostics = list(raised.value.diagnostics)
        assert len(diagnostics) == 1
        found += diagnostics
    zh, en = found
    assert zh.code is en.code
    assert zh.severity == "error"
    assert any("\u4e00" <= c <= "\u9fff" for c in zh.message)
    assert "{" not in zh.message + en.message
    assert place is None or str(zh.place) == place
    if place is None:
        assert zh.place == FilePlace(str(path))
    return zh


def changed(**members: str | bytes | None) -> dict[str, str | bytes]:
    made = dict(GOOD)
    for name, content in members.items():
        if content is None:
            del made[name]
        else:
            made[name] = content
    return made


def test_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "无.xlsx").code.number == "GK601"
    (tmp_path / "file").write_bytes(b"x")
    assert refusal(tmp_path / "file" / "a.xlsx").code.number == "GK601"


def test_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "锁.xlsx", GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):  # an administrator may read everything, so the system's answer is given by hand

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "no")

        monkeypatch.setattr(Path, "open", refuse)
    assert refusal(path).code.number == "GK602"


def test_folder_and_pipe(tmp_path: Path) -> None:
    assert refusal(tmp_path).code.number == "GK603"
    if hasattr(os, "mkfifo"):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert refusal(pipe).code.number == "GK603"


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "空.xlsx").touch()
    assert refusal(tmp_path / "空.xlsx").code.number == "GK604"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("\ufeff<!DOCTYPE html>".encode(), "网页"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML 表格"),
        (b'<?xml version="1.0"?><a/>', "XML"),
        ("单位,分数\n甲,3\n".encode(), "CSV"),
        ("单位\t分数\n".encode("utf-16"), "CSV"),
        ("单位,分数\n".encode("gb18030"), "CSV"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "图片"),
        (b"7z\xbc\xaf\x27\x1c", "压缩"),
        (b"\x00\x01\x02\x03" * 9, "无法辨认"),
        (b"\x09\x08\x10\x00\x00\x06", "Excel 5"),
    ],
)
def test_no_workbook(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "假.xlsx"
    path.write_bytes(content)
    found = refusal(path)
    assert found.code.number == "GK605"
    assert what in found.message


def test_other_zips(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.xlsx", {"readme.txt": "x"})
    word = dict(GOOD) | {"_rels/.rels": str(GOOD["_rels/.rels"]).replace("xl/workbook.xml", "word/document.xml")}
    text = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}
    for path in (plain, write(tmp_path / "b.xlsx", word), write(tmp_path / "c.ods", text)):
        assert refusal(path).code.number == "GK605"


def compound(*names: str) -> bytes:
    """A compound file whose root storage has empty streams of these names ([MS-CFB])."""
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    head = head[:76] + struct.pack("<109I", *[0xFFFFFFFF] * 108, 0)[::1]
    head = head[:76] + struct.pack("<I", 0) + struct.pack("<I", 0xFFFFFFFF) * 108
    entries = b""
    for kind, name in [(5, "Root Entry"), *((2, name) for name in names)]:
        raw = (name + "\0").encode("utf-16-le")
        entries += (
            raw.ljust(64, b"\0")
            + struct.pack("<HBB", len(raw), kind, 1)
            + bytes(48)
            + struct.pack("<IQ", 0xFFFFFFFE, 0)
        )
    return head + fat + entries.ljust(512, b"\0")


def test_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "密.xlsx"
    path.write_bytes(compound("EncryptionInfo", "EncryptedPackage"))
    assert refusal(path).code.number == "GK606"
    members = bytearray(write(tmp_path / "zip.xlsx", GOOD).read_bytes())
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = members.find(mark)
        while at >= 0:
            members[at + flags] |= 1
            at = members.find(mark, at + 4)
    path.write_bytes(members)
    assert refusal(path).code.number == "GK606"


def test_compound_files_that_are_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "字.xls"
    path.write_bytes(compound("WordDocument"))
    assert refusal(path).code.number == "GK605"
    path.write_bytes(compound("Workbook")[:600])
    assert refusal(path).code.number == "GK608"


def test_enterprise_encryption(tmp_path: Path) -> None:
    path = tmp_path / "单位.xlsx"
    path.write_bytes(b"%TSD-Header-###%" + bytes(1000))
    found = refusal(path)
    assert found.code.number == "GK607"
    assert "%TSD-Header-###%" in found.message


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.999])
def test_truncated(tmp_path: Path, keep: float) -> None:
    path = write(tmp_path / "断.xlsx", GOOD)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    assert refusal(path).code.number == "GK608"


def test_damaged_bytes_of_a_member(tmp_path: Path) -> None:
    path = write(tmp_path / "坏.xlsx", GOOD)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(SHEET)
    content = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(SHEET)
    content[start + 5 : start + 9] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert refusal(path).code.number == "GK608"


def test_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = write(tmp_path / "弹.xlsx", changed(**{SHEET: worksheet(" " * (2 << 20))}))
    assert refusal(bomb).code.number == "GK609"
    many = write(tmp_path / "多.xlsx", GOOD | {f"x/{n}": "" for n in range(20_001)})
    assert refusal(many).code.number == "GK609"
    monkeypatch.setattr(package, "MAX_UNPACKED", 100)
    assert refusal(write(tmp_path / "大.xlsx", GOOD)).code.number == "GK609"


def test_a_size_that_lies(tmp_path: Path) -> None:
    """A member that unpacks to more than it claims is cut off at its claim and found out by its checksum."""
    path = write(tmp_path / "谎.xlsx", changed(**{SHEET: worksheet(" " * (2 << 20))}))
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        place = content.find(SHEET.encode(), content.find(mark))
        place = content.rfind(mark, 0, place)
        struct.pack_into("<I", content, place + at, 400)
    path.write_bytes(content)
    assert refusal(path).code.number in ("GK608", "GK613")


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "限.xlsx", GOOD)
    with monkeypatch.context() as patch:
        patch.setattr(read, "MAX_FILE", 10)
        assert refusal(path).code.number == "GK610"
    with monkeypatch.context() as patch:
        patch.setattr(cells, "MAX_CELLS", 0)
        assert refusal(path, "甲").code.number == "GK610"
    noise = f"<!--{os.urandom(9000).hex()}-->"  # keeps the ratio of packed to unpacked an ordinary one
    long = worksheet(f'<row r="1"><c r="A1" t="str"><v>{"1&amp;" * 600_000}</v></c></row>', noise)
    assert refusal(write(path, changed(**{SHEET: long})), "甲!A1").code.number == "GK610"
    merges = "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 9 + "</mergeCells>"
    monkeypatch.setattr(cells, "MAX_MERGES", 8)
    assert refusal(write(path, changed(**{SHEET: worksheet("", merges)})), "甲").code.number == "GK610"
    monkeypatch.setattr(texts, "MAX_STRINGS", 3)
    many = parts(worksheet(""), shared=strings(*["<t>a</t>"] * 4))
    assert refusal(write(path, many)).code.number == "GK610"


def test_twice(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
        archive.writestr(SHEET.upper(), worksheet(""))
    path = tmp_path / "双.xlsx"
    path.write_bytes(buffer.getvalue())
    assert refusal(path).code.number == "GK611"
    content = bytearray(write(path, GOOD).read_bytes())
    second = content.rfind(b"PK\1\2")
    struct.pack_into("<I", content, second + 42, 0)  # two members, one place
    path.write_bytes(content)
    assert refusal(path).code.number in ("GK608", "GK611")
    twins = parts(
        worksheet(""), sheets='<sheet name="甲" sheetId="1" r:id="rId1"/><sheet name="甲" sheetId="2" r:id="rId1"/>'
    )
    assert refusal(write(path, twins)).code.number == "GK611"


@pytest.mark.parametrize(
    "part",
    ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, "xl/sharedStrings.xml", "xl/styles.xml"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_doctype(tmp_path: Path, part: str, encoding: str) -> None:
    made = parts(worksheet(""), shared=strings(), formats=f'<styleSheet xmlns="{MAIN}"/>')
    text = str(made[part]).partition("?>")[2] if "?>" in str(made[part]) else str(made[part])
    made[part] = f'<!DOCTYPE a [<!ENTITY b "b">]>{text}'.encode(encoding)
    assert refusal(write(tmp_path / "d.xlsx", made)).code.number == "GK612"


@pytest.mark.parametrize(
    "sheet",
    [
        worksheet("").replace(MAIN, "urn:other"),
        worksheet("<row>"),
        worksheet("&nbsp;"),
        worksheet("").replace("UTF-8", "GB2312"),
        worksheet("").replace("UTF-8", "no-such"),
        worksheet('<m:AlternateContent xmlns:m="urn:m"><m:Choice><row r="1"/></m:Choice></m:AlternateContent>'),
        "",
        "foo",
    ],
)
def test_broken_xml(tmp_path: Path, sheet: str) -> None:
    path = write(tmp_path / "x.xlsx", changed(**{SHEET: sheet}))
    assert refusal(path, "甲" if "Alternate" in sheet else None).code.number == "GK613"


@pytest.mark.parametrize("part", ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET])
def test_missing_parts(tmp_path: Path, part: str) -> None:
    assert refusal(write(tmp_path / "缺.xlsx", changed(**{part: None}))).code.number == "GK614"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "甲!1"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "甲!1"),
        ('<row r="1"><c r="1A"><v>1</v></c></row>', "甲!1"),
        ('<row r="1048577"/>', "甲"),
        ('<row r="0"/>', "甲"),
        ('<row r="1048576"/><row/>', "甲!1048576"),
        ('<row r="1"><c r="XFD1"/><c/></row>', "甲!1"),
    ],
)
def test_references(tmp_path: Path, data: str, place: str) -> None:
    assert refusal(write(tmp_path / "r.xlsx", changed(**{SHEET: worksheet(data)})), place).code.number == "GK615"


def test_merges_outside(tmp_path: Path) -> None:
    sheet = worksheet("", after='<mergeCells><mergeCell ref="A1:XFE1"/></mergeCells>')
    assert refusal(write(tmp_path / "m.xlsx", changed(**{SHEET: sheet})), "甲").code.number == "GK615"


def test_nesting(tmp_path: Path) -> None:
    deep = worksheet("", after=f"<extLst>{'<a>' * 200}{'</a>' * 200}</extLst>")
    assert refusal(write(tmp_path / "n.xlsx", changed(**{SHEET: deep}))).code.number == "GK616"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ('<row r="2"><c r="A2"/></row><row r="1"><c r="A1"/></row>', "甲!1"),
        ('<row r="2"><c r="A2"/></row><row r="2"><c r="B2"/></row>', "甲!2"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>', "甲!B1"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"/><c r="B1"/></row>', "甲!B1"),
    ],
)
def test_disorder(tmp_path: Path, data: str, place: str) -> None:
    assert refusal(write(tmp_path / "o.xlsx", changed(**{SHEET: worksheet(data)})), place).code.number == "GK617"


def test_misnamed(tmp_path: Path) -> None:
    book, diagnostics = read_book(write(tmp_path / "书.xls", GOOD), language="en")
    assert book
    assert [str(x) for x in diagnostics] == [
        f"{tmp_path / '书.xls'}: GK622 The name ends in .xls, but the content is .xlsx; it was read as .xlsx."
    ]
    assert book.diagnostics == tuple(diagnostics)


def test_system_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "s.xlsx", GOOD)

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)
    found = refusal(path)
    assert found.code.number == "GK623"
    assert "EIO" in found.message


def test_every_code_of_files_has_both_messages() -> None:
    for code in CODES.values():
        if code.number.startswith("GK6"):
            assert code.zh != code.en
