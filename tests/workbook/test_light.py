"""Reading an .xlsx needs the standard library alone and starts at once; a big sheet streams in little memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter
from made import parts, worksheet, write

ROOT = Path(__file__).parents[2]
CODE = """
import json, sys
sys.path.insert(0, sys.argv[2])
before = set(sys.modules)
from gkxl.workbook.read import read_book
book, _ = read_book(sys.argv[1])
cells = sum(len(row.cells) for row in book.sheets[0].rows())
with open("/proc/self/status") as file:  # ru_maxrss would count what the process had before it became this one
    peak = max(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
print(json.dumps([cells, sorted({m.partition(".")[0] for m in set(sys.modules) - before}), peak / 1024]))
"""


def run(path: Path) -> tuple[int, list[str], float]:
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(path), str(ROOT)], capture_output=True, timeout=60, check=True
    )
    cells, modules, peak = json.loads(done.stdout)
    return cells, modules, peak


def test_no_library(tmp_path: Path) -> None:
    cells, modules, _ = run(write(tmp_path / "a.xlsx", parts(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))))
    assert cells == 1
    assert not {"python_calamine", "lxml", "openpyxl", "xlsxwriter", "subprocess"} & set(modules)


def test_memory(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for row in range(100_000):
            sheet.write_row(row, 0, [f"单位{row % 60}", f"标题第{row}号", row, row / 7, row % 9, "本领域", row * 3.25])
    cells, _, peak = run(path)
    assert cells == 700_000
    assert peak < 150, f"{peak:.0f} MiB"


@pytest.mark.parametrize("module", ["lxml", "python_calamine"])
def test_compiled_libraries_are_named_in_one_place(module: str) -> None:
    used = [p for p in (ROOT / "gkxl").rglob("*.py") if f"import {module}" in p.read_text(encoding="utf-8")]
    assert {p.parent.name for p in used} <= {"workbook"}
