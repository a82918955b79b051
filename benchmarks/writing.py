"""What writing results costs, as ratios within one run.

Results go into a workbook with a sheet of a million rows, from reading the file to the finished copy; against a raw copy
of the file, a SHA-256 of it and one pass over its members that checks their CRCs. Whole processes, in pairs that take
turns. Then the bundled book of Xinzhou, scored and written from the command line, against the import of the libraries.

    python benchmarks/writing.py
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from ledger import ROOT, make, run

ROWS, PAIRS = 1_000_000, 5
RATIO, MIB = 1.5, 200
START_RATIO, START_PAIRS = 5.0, 15

RAW = """
import hashlib, shutil, sys, zipfile
shutil.copyfile(sys.argv[1], sys.argv[2])
with open(sys.argv[2], "rb") as file:
    hashlib.file_digest(file, "sha256")
assert zipfile.ZipFile(sys.argv[2]).testzip() is None
"""
OURS = """
import sys
from pathlib import Path
from gkxl.sheets import ResultSet, ResultSheet, Stored, StoredSheet, Written
from gkxl.workbook.graft import graft
from gkxl.workbook.read import open_book
from gkxl.workbook.render import render
from gkxl.workbook.save import save
from gkxl.workbook.verify import verify
file = open_book(sys.argv[1])
file.sha256
rows = tuple((Written(f"第{n}单位"), Written(n)) for n in range(40))
sheet = ResultSheet("得分汇总", rows, (20, 10), (1,) * 40)
stored = Stored("0", (ResultSet("", "", None, (StoredSheet(sheet.name, 40, 2),)),))
new = graft(file.data, render([sheet]), [sheet.name], stored)
found = save(Path(sys.argv[2]), new.pieces, read=None, check=lambda written: verify(file.data, new, written))
assert not found, found
"""
IMPORTS = "import lark, lxml.etree, xlsxwriter"


def main() -> None:
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = folder / "book.xlsx"
        run(sys.executable, __file__, str(book), str(ROWS))
        pairs = []
        for number in range(PAIRS + 1):
            ours = run(sys.executable, "-c", OURS, str(book), str(folder / f"{number}-ours.xlsx"))
            pairs.append((ours, run(sys.executable, "-c", RAW, str(book), str(folder / f"{number}-raw.xlsx"))))
        pairs = pairs[1:]
        ratio = statistics.median(ours[0] / raw[0] for ours, raw in pairs)
        beyond = max(ours[1] - raw[1] for ours, raw in pairs)
        print(f"{ROWS:,} rows, {book.stat().st_size >> 20} MiB, median of {PAIRS} pairs")
        for title, column in (("copy, SHA-256, CRCs", 1), ("results written", 0)):
            seconds = statistics.median(pair[column][0] for pair in pairs)
            print(f"  {title:20} {seconds:6.2f} s   {max(pair[column][1] for pair in pairs):5.0f} MiB")
        print(f"  {ratio:.2f} × (goal: at most {RATIO:g}), {beyond:.0f} MiB beyond (goal: below {MIB})")

        bundled = ROOT / "workbooks" / "xinzhou-2022.xlsx"
        rules = [part for path in sorted(bundled.parent.glob("xinzhou-2022.*.gk")) for part in ("--rules", str(path))]
        starts = []
        for number in range(START_PAIRS + 1):
            out = str(folder / f"{number}-xinzhou.xlsx")
            ours = run(sys.executable, "-m", "gkxl", "recalc", str(bundled), *rules, "-o", out)
            starts.append((ours[0], run(sys.executable, "-c", IMPORTS)[0]))
        ratio = statistics.median(ours / imports for ours, imports in starts[1:])
        print(f"{bundled.name} scored and written: {ratio:.2f} × `{IMPORTS}` (goal: at most {START_RATIO:g})")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        make(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        main()
