"""Saving while the system fails: calls that fail or kill, kills at random moments, a full disk.

`python tests/save_faults.py` does the same with more sizes and more kills.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from save_faults import KINDS, SIZES, Bench, Call, all_injected, full_disk, injected, killed


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path, 300_000) as bench:
        yield bench


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


@pytest.mark.parametrize("kind", KINDS)
def test_every_system_call_fails_or_kills(tmp_path: Path, kind: str) -> None:
    ends, wrong = all_injected(tmp_path, SIZES["medium"], kind)
    assert wrong == []
    assert {"killed, old", "killed, new", "GK651, old", "GK653, old", "GK654, old", "GK657, new"} <= set(ends)


def test_faults_of_the_whole_command(tmp_path: Path) -> None:
    ends, wrong = all_injected(tmp_path, 0, "recalc", 150)
    assert wrong == []
    assert ends.total() == 150


def test_no_room_for_temporary_files(tmp_path: Path) -> None:
    with Bench(tmp_path, kind="recalc") as bench:
        bench.calls()
        assert injected(bench, Call("mkdir", 1), "error=ENOSPC") == ("GK654, old", [])


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=lambda how: how.name)
def test_ended_at_random_moments(tmp_path: Path, how: signal.Signals) -> None:
    ends, wrong = killed(tmp_path, 20, how)
    assert wrong == []
    assert ends.total() == 20


def test_a_full_disk() -> None:
    assert full_disk() == []
