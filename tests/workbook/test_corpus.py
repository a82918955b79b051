"""Real workbooks of public projects: each is read, with every value an oracle can judge, or refused for a named reason."""

import os
from collections import Counter
from pathlib import Path

import pytest
from oracles import against_calamine, against_openpyxl, cells

from gkxl.diagnostics import GkError
from gkxl.workbook.read import read_book

CORPUS = os.environ.get("GKXL_CORPUS", "")
# What files of the corpus may be refused for; all are ones that Excel refuses or repairs, or that nobody may trust.
NAMED = {
    "GK605": "no workbook, whatever its name",
    "GK606": "encrypted",
    "GK608": "damaged zip",
    "GK612": "DOCTYPE",
    "GK613": "broken XML, or a namespace of a beta of 2005",
    "GK614": "parts missing",
    "GK615": "row 0",
    "GK617": "two cells with one address",
}


@pytest.mark.skipif(not CORPUS, reason="GKXL_CORPUS is not set")
def test_real_workbooks() -> None:
    paths = sorted(p for p in Path(CORPUS).iterdir() if p.suffix.lower() not in ("", ".tsv", ".md", ".txt"))
    assert paths
    outcomes, differences, judged = Counter[str](), list[str](), 0
    for path in paths:
        book, diagnostics = read_book(path)
        try:
            found = cells(book) if book else {}
        except GkError as error:
            book, diagnostics = None, list(error.diagnostics)
        if book is None:
            assert [d.severity for d in diagnostics] == ["error"]
            outcomes[diagnostics[0].code.number] += 1
            continue
        outcomes["read"] += 1
        judged += len(found)
        told = against_calamine(book, path, found)
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xltx", ".xltm"):
            told += against_openpyxl(book, path, found)
        differences += [f"{path.name}: {line}" for line in told]
    report = f"{len(paths)} files, {judged} cells, {dict(outcomes)}"
    print(report)
    assert not differences, "\n".join([report, f"{len(differences)} differences", *differences[:50]])
    assert set(outcomes) - {"read"} <= set(NAMED), report
    assert outcomes["read"] >= 0.85 * len(paths), report
