"""`.ods`, `.xlsb` and `.xls`: the kinds that calamine cannot tell, its texts, and what happens when its process dies."""

import os
import struct
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from legacy_made import biff, ods, record, wide, xls, xlsb
from made import write

from gkxl.tables import Area, Book, Cell, CellKind
from gkxl.workbook import legacy
from gkxl.workbook.read import read_book

K = CellKind


def read(path: Path) -> Book:
    book, diagnostics = read_book(path)
    assert book, diagnostics
    assert diagnostics == []
    return book


def kinds(book: Book) -> dict[tuple[int, int], Cell]:
    return {(r.number, c): cell for r in book.sheets[0].rows() for c, cell in r.cells.items()}


def refused(path: Path) -> str:
    book, diagnostics = read_book(path)
    assert book is None
    assert len(diagnostics) == 1
    assert diagnostics[0].message
    return diagnostics[0].code.number


ODS_CELLS = [
    ('o:value-type="float" o:value="9.8"', "9.8", Cell(K.NUMBER, Decimal("9.8"))),
    ('o:value-type="percentage" o:value="0.95"', "95%", Cell(K.RATE, Decimal("0.95"))),
    ('o:value-type="currency" o:value="3"', "3元", Cell(K.NUMBER, Decimal(3))),
    ('o:value-type="date" o:date-value="2025-12-31"', "", Cell(K.DATE, datetime(2025, 12, 31))),
    ('o:value-type="date" o:date-value="2025-12-31T08:30:00"', "", Cell(K.DATE, datetime(2025, 12, 31, 8, 30))),
    ('o:value-type="time" o:time-value="PT36H30M01.25S"', "", Cell(K.TEXT, "36:30:01.250")),
    ('o:value-type="boolean" o:boolean-value="true"', "TRUE", Cell(K.BOOL, True)),
    ('o:value-type="string"', "单位", Cell(K.TEXT, "单位")),
    ('t:formula="of:=1/0" o:value-type="string" c:value-type="error"', "#DIV/0!", Cell(K.ERROR, "#DIV/0!")),
    ('t:formula="of:=1/0" o:value-type="float" o:value="0" c:value-type="error"', "Err:502", Cell(K.ERROR, "Err:502")),
    ('t:formula="of:=[.A1]"', "", Cell(K.UNCALCULATED, None)),
    ('o:value-type="float" o:value="NaN"', "", Cell(K.ERROR, "NaN")),
]


def test_ods(tmp_path: Path) -> None:
    cells = "".join(f"<t:table-cell {a}><x:p>{text}</x:p></t:table-cell>" for a, text, _ in ODS_CELLS)
    repeated = '<t:table-cell/><t:table-cell t:number-columns-repeated="2" o:value-type="float" o:value="7"/>'
    body = (
        f'<t:table-row t:number-rows-repeated="2"><t:table-cell/></t:table-row><t:table-row>{cells}</t:table-row>'
        f'<t:table-row t:number-rows-repeated="2" t:visibility="collapse">{repeated}</t:table-row>'
        '<t:table-row><t:table-cell t:number-columns-spanned="2" t:number-rows-spanned="3"/></t:table-row>'
    )
    style = '<s:style s:name="ta1" s:family="table"><s:table-properties t:display="false"/></s:style>'
    book = read(write(tmp_path / "表.ods", ods(body, style)))
    assert [(s.name, s.hidden, list(s.merges)) for s in book.sheets] == [("甲", True, [Area(6, 1, 8, 2)])]
    found = kinds(book)
    assert {c: cell for (r, c), cell in found.items() if r == 3} == {
        n: cell for n, (_, _, cell) in enumerate(ODS_CELLS, 1)
    }
    assert {at for at in found if at[0] != 3} == {(4, 2), (4, 3), (5, 2), (5, 3)}
    assert [r.hidden for r in book.sheets[0].rows(start=3)] == [False, True, True]
    assert [list(r.cells) for r in book.sheets[0].rows([3])] == [[3], [3], [3]]


def test_xlsb(tmp_path: Path) -> None:
    def cell(kind: int, column: int, style: int, body: bytes) -> bytes:
        return record(kind, struct.pack("<II", column, style) + body)

    row = record(0, struct.pack("<IIHHB", 2, 0, 300, 0x1000, 0) + bytes(4))
    cells = row + b"".join(
        [
            cell(2, 0, 0, struct.pack("<I", 35 << 2 | 2)),
            cell(2, 1, 1, struct.pack("<I", (9500 << 2 | 3) & 0xFFFFFFFF)),
            cell(5, 2, 2, struct.pack("<d", 46022.5)),
            cell(3, 3, 0, b"\x2a"),
            cell(4, 4, 0, b"\1"),
            cell(6, 5, 0, wide("单位")),
            cell(9, 6, 0, struct.pack("<d", 9.8000000000000007) + bytes(10)),
            cell(11, 7, 0, b"\x17" + bytes(10)),
            cell(1, 8, 0, b""),
        ]
    )
    book = read(write(tmp_path / "表.xlsb", xlsb(cells, ["General", "0%", "yyyy-mm-dd"])))
    assert kinds(book) == {
        (3, 1): Cell(K.NUMBER, Decimal(35)),
        (3, 2): Cell(K.RATE, Decimal(95)),
        (3, 3): Cell(K.DATE, datetime(2025, 12, 31, 12)),
        (3, 4): Cell(K.ERROR, "#N/A"),
        (3, 5): Cell(K.BOOL, True),
        (3, 6): Cell(K.TEXT, "单位"),
        (3, 7): Cell(K.NUMBER, Decimal("9.8")),
        (3, 8): Cell(K.ERROR, "#REF!"),
    }
    assert [(s.name, s.hidden, list(s.merges)) for s in book.sheets] == [("甲", True, [Area(5, 1, 6, 2)])]
    assert next(book.sheets[0].rows()).hidden


XLS = b"".join(
    [
        biff(0x208, struct.pack("<HHHHHHI", 2, 0, 9, 300, 0, 0, 0x20)),
        biff(0x203, struct.pack("<HHHd", 2, 0, 0, 9.8000000000000007)),
        biff(0xBD, struct.pack("<HHHIHIH", 2, 1, 1, 35 << 2 | 3, 2, 46022 << 2 | 2, 2)),
        biff(0x205, struct.pack("<HHHBB", 2, 3, 0, 0x07, 1)),
        biff(0x205, struct.pack("<HHHBB", 2, 4, 0, 1, 0)),
        biff(0x204, struct.pack("<HHHHB", 2, 5, 0, 2, 1) + "单位".encode("utf-16-le")),
        biff(0x06, struct.pack("<HHHBBBBHHHIH", 2, 6, 0, 2, 0, 0x17, 0, 0, 0xFFFF, 0, 0, 0)),
        biff(0x06, struct.pack("<HHHdHIH", 2, 7, 0, 3.5, 0, 0, 0)),
        biff(0xE5, struct.pack("<HHHHH", 1, 4, 5, 0, 1)),
    ]
)


def test_xls(tmp_path: Path) -> None:
    path = tmp_path / "表.xls"
    path.write_bytes(xls(XLS, ["General", "0%", "yyyy-mm-dd"]))
    book = read(path)
    assert kinds(book) == {
        (3, 1): Cell(K.NUMBER, Decimal("9.8")),
        (3, 2): Cell(K.RATE, Decimal("0.35")),
        (3, 3): Cell(K.DATE, datetime(2025, 12, 31)),
        (3, 4): Cell(K.ERROR, "#DIV/0!"),
        (3, 5): Cell(K.BOOL, True),
        (3, 6): Cell(K.TEXT, "单位"),
        (3, 7): Cell(K.ERROR, "#REF!"),
        (3, 8): Cell(K.NUMBER, Decimal("3.5")),
    }
    assert [(s.name, s.hidden, list(s.merges)) for s in book.sheets] == [("甲", True, [Area(5, 1, 6, 2)])]
    assert next(book.sheets[0].rows()).hidden


def test_xls_renamed_is_read_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(xls(XLS, ["General", "0%", "0"]))
    book, diagnostics = read_book(path)
    assert book
    assert [d.code.number for d in diagnostics] == ["GK622"]


def test_xls_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "密.xls"
    path.write_bytes(xls(XLS, ["0"] * 3, before=biff(0x2F, bytes(6))))
    assert refused(path) == "GK606"


def test_ods_with_a_password(tmp_path: Path) -> None:
    made = ods("")
    made["META-INF/manifest.xml"] = '<m xmlns="u"><encryption-data/></m>'
    assert refused(write(tmp_path / "密.ods", made)) == "GK606"


@pytest.mark.parametrize("keep", [600, 1500, 3000])
def test_damaged(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "断.xls"
    path.write_bytes(xls(XLS, ["0"] * 3)[:keep])
    assert refused(path) in ("GK608", "GK605")


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(legacy, "_CHILD", code)


def test_a_crash_of_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child(monkeypatch, "import os, sys; sys.stdin.buffer.read(); print('[1,', flush=True); os.abort()")
    assert refused(write(tmp_path / "a.ods", ods(""))) == "GK619"


def test_a_child_that_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child(monkeypatch, "import os; os._exit(3)")
    assert refused(write(tmp_path / "a.ods", ods(f"<!--{os.urandom(1 << 20).hex()}-->"))) == "GK619"


def test_a_child_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(legacy, "SECONDS", 0.5)
    assert refused(write(tmp_path / "a.ods", ods(""))) == "GK620"


def test_a_child_that_says_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "MAX_OUTPUT", 10)
    assert refused(write(tmp_path / "a.ods", ods(""))) == "GK610"


def test_no_child_and_no_calamine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.ods", ods('<t:table-row><t:table-cell o:value-type="string"/></t:table-row>'))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(tmp_path / "no-python"))
        assert refused(path) == "GK621"
    hide = "import sys, json; sys.modules['python_calamine'] = None; "
    child(monkeypatch, hide + legacy._CHILD.partition("import sys, json; ")[2])
    assert refused(path) == "GK621"
