"""Saving while the system fails: calls that fail or kill, kills at random moments, a full disk. `save_faults.py` does more."""

from __future__ import annotations

from pathlib import Path

import pytest
from save_faults import Bench, Call, injected


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, 300_000)


@pytest.mark.parametrize(
    ("call", "error", "ends"),
    [
        (Call("write", 1), "ENOSPC", "GK653, old"),
        (Call("write", 2), "EDQUOT", "GK653, old"),
        (Call("write", 1), "EIO", "GK654, old"),
        (Call("fsync", 1), "EIO", "GK654, old"),
        (Call("rename", 1), "EXDEV", "GK654, old"),
        (Call("rename", 1), "EROFS", "GK651, old"),
        (Call("fsync", 3), "EIO", "GK657, new"),  # the folder, when the file is in place
        (Call("fchmod", 1), "EPERM", "GK659, new"),
        (Call("flock", 1), "ENOLCK", "saved, new"),
    ],
    ids=str,
)
def test_a_failing_call(bench: Bench, call: Call, error: str, ends: str) -> None:
    assert injected(bench, call, f"error={error}") == (ends, [])
