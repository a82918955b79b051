"""The text of VBA modules, held against the same modules as xlwings ships them in plain text."""

from importlib.resources import files
from pathlib import Path

import pytest

from gkxl.diagnostics import FILE_DAMAGED
from gkxl.workbook.macro_book import vba_project
from gkxl.workbook.package import Package, RefusedError
from gkxl.workbook.vba import decompress, modules

XLWINGS = files("xlwings")


@pytest.mark.parametrize(
    ("book", "text"),
    [("quickstart_standalone.xlsm", "xlwings.bas"), ("quickstart_addin_ribbon.xlam", "xlwings_custom_addin.bas")],
)
def test_modules_of_xlwings(book: str, text: str) -> None:
    found = modules(vba_project(Package((XLWINGS / book).read_bytes())))
    assert found["xlwings"].splitlines() == (XLWINGS / text).read_text(encoding="ascii").splitlines()
    assert "Drop-in replacement" in found["Dictionary"]


def test_the_example_of_the_specification() -> None:
    """[MS-OVBA] 3.2.2, normal compression."""
    packed = bytes.fromhex(
        "012FB00023616161626364658266007061 6768696A013808616B6C00306D6E6F700671027004107273747576107778797A003C"
    )
    assert decompress(packed) == b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"


def test_a_chunk_has_4096_bytes_at_most() -> None:
    assert decompress(bytes.fromhex("0103B00261FC0F")) == b"a" * 4096  # one byte, and a copy of 4095
    with pytest.raises(IndexError):
        decompress(bytes.fromhex("0103B00261FE0F"))


def test_a_broken_project_is_refused() -> None:
    project = vba_project(Package((XLWINGS / "quickstart.xlsm").read_bytes()))
    for broken in (b"", project[:600], project[:5000], project.replace(b"\x01", b"\x02")):
        with pytest.raises(RefusedError) as refused:
            modules(broken)
        assert refused.value.code is FILE_DAMAGED


def test_a_workbook_without_macros(tmp_path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "plain.xlsx")
    assert vba_project(Package((tmp_path / "plain.xlsx").read_bytes())) == b""
