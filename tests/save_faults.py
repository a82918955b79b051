"""Makes the system fail a save, for real: `python tests/save_faults.py` runs the full set and prints what it gave.

Faults: strace lets one system call of the save fail, or kills the process at it; kills and interrupts come at random
moments; a small file system is full. Afterwards the file must be the old or the new one, whole; what was told must be
true; nothing may lie beside it, save what a killed process left, which the next run removes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gkxl.workbook.save import CHEAP, Fingerprint, save

SIZES = {"small": 1_000, "medium": 300_000, "large": CHEAP + 1_000_000}  # bytes; a large file is known by its status
PIECE = 1 << 18
ROOT = Path(__file__).resolve().parents[1]

# The traced process forks, and its child saves: strace counts calls for each process, so they count from there.
# The two calls of getppid mark the save.
CHILD = """
import json, os, sys
from pathlib import Path
from gkxl.workbook.save import Fingerprint, save
path, content, new = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), sys.argv[3] == "new"
piece = int(sys.argv[4])
read = None if new else Fingerprint.of(path.stat(), path.read_bytes())
if os.fork() == 0:
    os.getppid()
    try:
        told = [(one.code.number, one.message) for one in save(
            path, [content[at : at + piece] for at in range(0, len(content), piece)], read=read, language="en")]
    except BaseException as error:
        told = [(type(error).__name__, str(error))]
    os.getppid()
    os.write(1, json.dumps(told).encode())
    os._exit(0)
os.wait()
"""

KILL = "signal=SIGKILL"
ERRORS = {  # two that the call is known to give; EIO and EINTR-free ENOMEM for all others
    "openat": ("ENOSPC", "EMFILE"),
    "write": ("ENOSPC", "EDQUOT"),
    "fsync": ("EIO", "ENOSPC"),
    "rename": ("EACCES", "EXDEV"),
    "link": ("EPERM", "EMLINK"),
    "fchmod": ("EPERM", "EIO"),
    "fchown": ("EPERM", "EIO"),
    "flock": ("ENOLCK", "EWOULDBLOCK"),
    "unlink": ("EACCES", "EIO"),
    "access": ("EACCES", "EROFS"),
    "mmap": ("ENOMEM", "EAGAIN"),
    "mremap": ("ENOMEM", "EAGAIN"),
    "brk": ("ENOMEM", "EAGAIN"),
}
OTHERS = ("EIO", "EACCES")
CODES = {  # what an error is told as
    "ENOSPC": {"GK653"},
    "EDQUOT": {"GK653"},
    "EFBIG": {"GK653"},
    "EACCES": {"GK651"},
    "EPERM": {"GK651", "GK659"},
    "EROFS": {"GK651"},
    "ENOMEM": {"GK654", "MemoryError"},
    "EAGAIN": {"GK654", "MemoryError"},
}
TOLD = {"GK654", "GK657", "GK659"}  # what any other error may be told as


@dataclass(frozen=True)
class Call:
    """The `when`-th call of that name by the process that saves."""

    name: str
    when: int


class Bench:
    """A folder with a file to be saved, and what it was and is to be."""

    def __init__(self, folder: Path, size: int, *, new: bool = False) -> None:
        self.folder, self.new = folder / "books", new
        self.old, self.content = os.urandom(size), os.urandom(size + size // 7)
        self.source = folder / "content"
        self.source.write_bytes(self.content)
        self.target = self.folder / "考评.xlsx"
        self.reset()

    def reset(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        if not self.new:
            self.target.write_bytes(self.old)
            self.target.chmod(0o640)

    def state(self) -> str:
        """old, new, or what it must not be."""
        content = self.target.read_bytes() if self.target.exists() else None
        if content == (None if self.new else self.old):
            return "old"
        return "new" if content == self.content else "torn"

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path != self.target)

    def command(self) -> list[str]:
        kind = "new" if self.new else "replace"
        return [sys.executable, "-c", CHILD, str(self.target), str(self.source), kind, str(PIECE)]

    def next_run(self) -> list[str]:
        """Saves once more, undisturbed; what is wrong after that."""
        seen = Fingerprint.of(self.target.stat(), self.target.read_bytes()) if self.target.exists() else None
        told = save(self.target, [b"next"], read=seen)
        wrong = [f"the next run told {one}" for one in told]
        if self.target.read_bytes() != b"next" or self.left():
            wrong.append(f"after the next run: {self.left()}")
        return wrong


def strace(command: Sequence[str], *options: str) -> subprocess.CompletedProcess[bytes]:
    """Runs a command under strace; an AssertionError says why that cannot be."""
    program = shutil.which("strace")
    assert program, "strace is not installed; the faults of a save are made with it"
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([program, "-f", "-qq", *options, *command], capture_output=True, env=environment, check=False)
    assert b"ptrace" not in done.stderr.lower(), (
        f"strace may not trace here (a container needs the capability SYS_PTRACE): {done.stderr.decode()}"
    )
    return done


def calls(bench: Bench) -> list[Call]:
    """Every system call of an undisturbed save, in order."""
    bench.reset()
    log = bench.source.with_name("log")
    done = strace(bench.command(), "-o", str(log))
    assert bench.state() == "new", done.stderr.decode()
    assert json.loads(done.stdout) == []
    lines = re.findall(r"^(\d+) +(\w+)\(", log.read_text(errors="replace"), re.MULTILINE)
    child = next(number for number, name in lines if name == "getppid")
    names = [name for number, name in lines if number == child]
    start, end = (at for at, name in enumerate(names) if name == "getppid")
    return [Call(name, names[: at + 1].count(name)) for at, name in enumerate(names) if start < at < end]


def injected(bench: Bench, call: Call, fault: str) -> tuple[str, list[str]]:
    """One save with one fault: how it ended, and what is wrong with that."""
    bench.reset()
    done = strace(bench.command(), "-o", os.devnull, "-e", f"inject={call.name}:{fault}:when={call.when}")
    assert done.returncode == 0, done.stderr.decode()
    told = [number for number, _ in json.loads(done.stdout)] if done.stdout else None
    state, left = bench.state(), bench.left()
    wrong = []
    if state == "torn":
        wrong.append("the file is neither the old nor the new one")
    if told is None:
        if fault != KILL:
            wrong.append(f"the process died: {done.stderr.decode()}")
    else:
        error = fault.removeprefix("error=")
        saved = set(told) <= {"GK657", "GK658", "GK659"}
        if fault == KILL:
            wrong.append("it was not killed")
        if saved != (state == "new"):
            wrong.append(f"told {told}, but the file is the {state} one")
        if not set(told) <= CODES.get(error, set()) | TOLD - ({"GK654"} if error in CODES else set()):
            wrong.append(f"told {told} of {error}")
        if left and call.name != "unlink":
            wrong.append(f"left {left}")
    wrong += bench.next_run()
    return f"{'killed' if told is None else ' '.join(told) or 'saved'}, {state}", wrong
