"""What a file is, by its bytes: the four kinds of workbook that are read, or the named reason why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from gkxl import diagnostics as d
from gkxl.workbook.ole import MAGIC, Ole
from gkxl.workbook.package import Package, RefusedError

Format = Literal["xlsx", "xlsb", "ods", "xls"]


@dataclass(frozen=True)
class Content:
    """An opened workbook file: the package of the zipped kinds with its workbook part, the container of .xls."""

    format: Format
    package: Package | None = None
    workbook: str = ""
    ole: Ole | None = None


_PDF, _IMAGE = ("PDF 文档", "a PDF document"), ("图片", "a picture")
_ARCHIVE = ("压缩文件", "an archive")
_STARTS: list[tuple[bytes, tuple[str, str]]] = [
    (b"%PDF", _PDF),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"{\\rtf", ("RTF 文档", "an RTF document")),
    (b"MIME-Version:", ("单个文件网页(MHTML)", "a single-file web page (MHTML)")),
    (b"\x09\x08", ("Excel 5 或更早的表格", "a sheet of Excel 5 or older")),
    (b"\x09\x04", ("Excel 5 或更早的表格", "a sheet of Excel 5 or older")),
    (b"\x09\x02", ("Excel 5 或更早的表格", "a sheet of Excel 5 or older")),
    (b"\x09\x00", ("Excel 5 或更早的表格", "a sheet of Excel 5 or older")),
]
_ENTERPRISE = re.compile(rb"%TSD-Header-###%|E-SafeNet|%DRM|DRMFile")


def sniff(data: bytes) -> Content:
    """The kind of workbook `data` is; raises RefusedError if it is none, encrypted, or not to be trusted."""
    if protected := _ENTERPRISE.search(data[:64]):
        raise RefusedError(d.FILE_ENTERPRISE, header=protected[0].decode())
    if data.startswith(MAGIC):
        return _compound(Ole(data))
    if data[:2] == b"PK":
        return _zipped(Package(data))
    raise RefusedError(d.FILE_NOT_WORKBOOK, what=_name(data))


def _compound(ole: Ole) -> Content:
    if "EncryptedPackage" in ole:
        raise RefusedError(d.FILE_ENCRYPTED)
    if "Workbook" in ole or "Book" in ole:
        return Content("xls", ole=ole)
    what = ("Word 文档", "a Word document") if "WordDocument" in ole else ("复合文档", "a compound file")
    raise RefusedError(d.FILE_NOT_WORKBOOK, what=what)


def _zipped(package: Package) -> Content:
    if "mimetype" in package:
        kind = b"".join(package.stream("mimetype"))
        if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return Content("ods", package)
        raise RefusedError(d.FILE_NOT_WORKBOOK, what=kind[:80].decode("ascii", "replace"))
    if "[Content_Types].xml" not in package and "_rels/.rels" not in package:
        if any(key.startswith("xl/") for key in package.keys):
            raise RefusedError(d.PART_MISSING, part="[Content_Types].xml")
        raise RefusedError(d.FILE_NOT_WORKBOOK, what=("普通压缩包", "a plain zip archive"))
    main = next((r.target for r in package.relations() if r.kind == "officeDocument"), None)
    if main is None:
        raise RefusedError(d.PART_MISSING, part="officeDocument")
    if main.startswith("word/"):
        raise RefusedError(d.FILE_NOT_WORKBOOK, what=("Word 文档", "a Word document"))
    if main.startswith("ppt/"):
        raise RefusedError(d.FILE_NOT_WORKBOOK, what=("演示文稿", "a presentation"))
    if main not in package:
        raise RefusedError(d.PART_MISSING, part=main)
    return Content("xlsb" if main.endswith(".bin") else "xlsx", package, main)


def _name(data: bytes) -> tuple[str, str]:
    for start, name in _STARTS:
        if data.startswith(start):
            return name
    head = data[:4096]
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = head.decode(encoding, "replace").lstrip().lower()
    if text.startswith("<?xml") and "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return ("XML 表格 2003", "an XML Spreadsheet 2003")
    if re.match(r"<!doctype html|<html|<table|<meta|<style|<head", text) or "<table" in text:
        return ("网页(HTML)", "a web page (HTML)")
    if text.startswith("<"):
        return ("XML 文本", "XML text")
    if b"\0" not in head or encoding == "utf-16":
        return ("纯文本或 CSV", "plain text or CSV")
    return ("无法辨认的数据", "unrecognised data")
