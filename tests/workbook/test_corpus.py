"""Real workbooks of public projects: each is read, with every value an oracle can judge, or refused for a named reason."""

import os
import zipfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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


SMALL = 100_000  # bytes; of larger ones a few changes mostly hit what is only copied


def changed(content: bytes, data: st.DataObject) -> bytes:
    found = bytearray(content)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(found)))
        found[at : at + data.draw(st.sampled_from((0, 1, 1, 2, 40)))] = data.draw(st.binary(max_size=4))
    return bytes(found)


@pytest.mark.skipif(not CORPUS, reason="GKXL_CORPUS is not set")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), whole=st.booleans())
def test_real_workbooks_with_bytes_changed(data: st.DataObject, whole: bool, tmp_path: Path) -> None:
    """Each is read to its last cell, or refused with a diagnostic: nothing else is raised. `whole`: so is the package."""
    paths = sorted(p for p in Path(CORPUS).iterdir() if p.suffix.lower().startswith(".xl") and p.stat().st_size < SMALL)
    path = data.draw(st.sampled_from(paths))
    copy = tmp_path / f"copy{path.suffix}"
    members: dict[str, bytes] = {}
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as package:  # some of the corpus are damaged as they are
        members = {part: package.read(part) for part in dict.fromkeys(package.namelist())}
    if whole and members:
        one = data.draw(st.sampled_from(sorted(members)))
        members[one] = changed(members[one], data)
        with zipfile.ZipFile(copy, "w") as made:
            for part, content in members.items():
                made.writestr(part, content)
    else:
        copy.write_bytes(changed(path.read_bytes(), data))
    book, told = read_book(copy)
    try:
        assert (cells(book) is not None) if book else told
    except GkError as refused:
        told = list(refused.diagnostics)
    assert book or told
