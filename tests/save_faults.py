"""Makes the system fail a save, for real: `python tests/save_faults.py` runs the full set and prints what it gave.

Faults: strace lets one system call of the save fail, or kills the process at it; kills and interrupts come at random
moments; a small file system is full. Afterwards the file must be the old or the new one, whole; what was told must be
true; nothing may lie beside it, save what a killed process left, which the next run removes.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from gkxl.workbook.save import CHEAP, Fingerprint, save

ROOT = Path(__file__).resolve().parents[1]
STARTER = ROOT / "gkxl" / "starter"
ENVIRONMENT = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
SIZES = {"small": 1_000, "medium": 300_000, "large": CHEAP + 1_000_000}  # bytes; a large file is known by its status
PIECE = 1 << 18
WORKERS = os.cpu_count() or 1
KINDS = ("replace", "new", "linkless")  # the last: a new file, where the file system knows no hard links
# A further kind is "recalc": the command as a whole, which reads the starter's book and rules and writes into the book.

# For each line it reads it forks a child, which stops, is traced from there on, and saves between two calls of getppid.
# So strace counts the calls of the save alone, and Python starts once for all of them.
SAVER = """
import contextlib, ctypes, io, json, os, re, shutil, signal, sys, tempfile
from pathlib import Path
from gkxl.apps.cli import run
from gkxl.workbook.save import Fingerprint, save
path, source, report = map(Path, sys.argv[1:4])
kind, piece, content = sys.argv[4], int(sys.argv[5]), source.read_bytes()
pieces = [content[at : at + piece] for at in range(0, len(content), piece)]

def any_tracer():
    ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_long(-1))  # PR_SET_PTRACER

def recalc(book):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
        code = run(["recalc", str(book), "--in-place"])
    told = re.findall(r"(?:error|warning) (GK\\d+)", said.getvalue())
    return told if told or not code else [f"exit {code}"]

for number, _ in enumerate(sys.stdin):
    if kind == "recalc" and number == 0:  # once before, so that all is imported; what fails then is no fault of a save
        with tempfile.TemporaryDirectory() as other:
            recalc(shutil.copytree(path.parent, Path(other) / "books") / path.name)
    if (child := os.fork()) == 0:
        any_tracer()
        read = Fingerprint.of(path.stat(), path.read_bytes()) if kind == "replace" else None
        os.kill(os.getpid(), signal.SIGSTOP)
        os.getppid()
        try:
            told = recalc(path) if kind == "recalc" else [one.code.number for one in save(path, pieces, read=read)]
        except BaseException as error:
            told = [type(error).__name__]
        os.getppid()
        report.write_text(json.dumps(told))
        os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
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
    "flock": ("ENOLCK", "EAGAIN"),
    "unlink": ("EACCES", "EIO"),
    "lseek": ("EIO", "ESPIPE"),
    "access": ("EACCES", "EROFS"),
    "mmap": ("ENOMEM", "EAGAIN"),
    "mremap": ("ENOMEM", "EAGAIN"),
    "brk": (),  # it tells a failure by the old address, and malloc then maps
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
    """A folder with a file to be saved, what it was and is to be, and a process that saves."""

    def __init__(self, folder: Path, size: int = 0, kind: str = "replace") -> None:
        self.folder, self.kind = folder / "books", kind
        self.old, self.content = b"o" * size, b"n" * (size + size // 7)
        if kind == "recalc":
            self.old = (STARTER / "rubric.xlsx").read_bytes()
        source, self.report, self.log = folder / "content", folder / "report", folder / "log"
        source.write_bytes(self.content)
        self.target = self.folder / "考评.xlsx"
        command = [sys.executable, "-c", SAVER, str(self.target), str(source), str(self.report), kind, str(PIECE)]
        pipe, own = subprocess.PIPE, ENVIRONMENT | {"TMPDIR": str(folder)}
        self.saver = subprocess.Popen(command, text=True, bufsize=1, stdin=pipe, stdout=pipe, env=own)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.saver.communicate()

    def saved(self, *options: str) -> list[str] | None:
        """Lets one child save, under strace with these options; what it told, None if it was killed."""
        self.reset()
        assert self.saver.stdin
        assert self.saver.stdout
        self.saver.stdin.write("\n")
        child = int(self.saver.stdout.readline())
        program = shutil.which("strace")
        assert program, "strace is not installed; it makes the faults of a save"
        if self.kind == "linkless":
            options = ("-e", "inject=link:error=EPERM", *options)
        tracing = subprocess.Popen(
            [program, "-o", self.log, "-p", str(child), *options], stderr=subprocess.PIPE, text=True
        )
        assert tracing.stderr
        said = tracing.stderr.readline()
        os.kill(child, signal.SIGCONT if "attached" in said else signal.SIGKILL)
        code = int(self.saver.stdout.readline())
        said += tracing.communicate()[1]
        assert "attached" in said, f"strace may not trace here (a container needs SYS_PTRACE for it): {said}"
        assert code in (0, -signal.SIGKILL), f"{code} {options} {said}"
        return None if code else list(json.loads(self.report.read_text()))

    def calls(self) -> list[Call]:
        """Every system call of an undisturbed save, in order."""
        assert self.saved() == []
        if self.kind == "recalc":
            self.content = self.target.read_bytes()
        assert self.state() == "new"
        names = re.findall(r"^(\w+)\(", self.log.read_text(errors="replace"), re.MULTILINE)
        start, end = (at for at, name in enumerate(names) if name == "getppid")
        return [Call(name, names[: at + 1].count(name)) for at, name in enumerate(names) if start < at < end]

    def reset(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        if self.kind in ("replace", "recalc"):
            self.target.write_bytes(self.old)
            self.target.chmod(0o640)
        if self.kind == "recalc":
            shutil.copy(STARTER / "rubric.gk", self.target.with_suffix(".gk"))

    def state(self) -> str:
        """old, new, or what it must not be."""
        content = self.target.read_bytes() if self.target.exists() else None
        if content == (self.old if self.kind in ("replace", "recalc") else None):
            return "old"
        return "new" if content == self.content else "torn" if content else "empty"

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.stem != self.target.stem)

    def next_run(self) -> list[str]:
        """Saves once more, undisturbed; what is wrong after that."""
        seen = Fingerprint.of(self.target.stat(), self.target.read_bytes()) if self.target.exists() else None
        told = save(self.target, [b"next"], read=seen)
        wrong = [f"the next run told {one}" for one in told]
        if self.target.read_bytes() != b"next" or self.left():
            wrong.append(f"after the next run: {self.left()}")
        return wrong


def injected(bench: Bench, call: Call, fault: str) -> tuple[str, list[str]]:
    """One save with one fault: how it ended, and what is wrong with that."""
    told = bench.saved("-e", f"inject={call.name}:{fault}:when={call.when}")
    state, left = bench.state(), bench.left()
    wrong = []
    if state not in ("old", "new") and (bench.kind, state, fault) != ("linkless", "empty", KILL):
        wrong.append("the file is neither the old nor the new one")
    if told is None:
        if fault != KILL:
            wrong.append("the process died")
    else:
        error = fault.removeprefix("error=")
        saved = set(told) <= {"GK657", "GK658", "GK659"}
        if fault == KILL:
            wrong.append("it was not killed")
        if saved != (state == "new"):
            wrong.append(f"told {told}, but the file is the {state} one")
        if bench.kind == "recalc":  # reading fails in ways of its own
            if "GK699" in told and error not in ("ENOMEM", "EAGAIN"):
                wrong.append(f"told {told} of {error}")
        elif not set(told) <= CODES.get(error, set()) | TOLD - ({"GK654"} if error in CODES else set()):
            wrong.append(f"told {told} of {error}")
        if left and call.name != "unlink":
            wrong.append(f"left {left}")
    wrong += bench.next_run()
    return f"{'killed' if told is None else ' '.join(told) or 'saved'}, {state}", wrong


def faults(bench: Bench) -> list[tuple[Call, str]]:
    """Every system call of the save with each of its faults: killed, and two errors."""
    found = [call for call in bench.calls() if not (bench.kind == "linkless" and call.name == "link")]
    return [(call, fault) for call in found for fault in (KILL, *(f"error={e}" for e in ERRORS.get(call.name, OTHERS)))]


def all_injected(folder: Path, size: int, kind: str, most: int | None = None) -> tuple[Counter[str], list[str]]:
    """How all faults end, or as many as `most` of them, and what is wrong with that."""
    with ExitStack() as stack:
        benches = [stack.enter_context(Bench(Path(tempfile.mkdtemp(dir=folder)), size, kind)) for _ in range(WORKERS)]
        given = faults(benches[0])
        for bench in benches:
            bench.content = benches[0].content  # of recalc it is known now
        if most is not None:
            given = random.Random(1).sample(given, most)

        def share(number: int) -> list[tuple[str, list[str]]]:
            return [injected(benches[number], *one) for one in given[number::WORKERS]]

        with ThreadPoolExecutor(WORKERS) as pool:
            shares = list(pool.map(share, range(WORKERS)))
    ends, wrong = Counter[str](), []
    for number, found in enumerate(shares):
        for (call, fault), (ended, bad) in zip(given[number::WORKERS], found, strict=True):
            ends[ended] += 1
            wrong += [f"{kind} {size} {call.name} {call.when} {fault}: {text}" for text in bad]
    return ends, wrong


# Saves one content and the other in turn, until it is killed.
IN_TURN = """
import sys
from pathlib import Path
from gkxl.workbook.save import Fingerprint, save
path, contents = Path(sys.argv[1]), [bytes([n]) * int(sys.argv[2]) for n in (1, 2)]
print(flush=True)
while True:
    for content in contents:
        pieces = [memoryview(content)[at : at + 65536] for at in range(0, len(content), 65536)]
        if told := save(path, pieces, read=Fingerprint.of(path.stat(), path.read_bytes())):
            sys.exit(str(told[0]))
"""


def killed(folder: Path, times: int, how: signal.Signals, seed: int = 1) -> tuple[Counter[str], list[str]]:
    """Ends a process that saves, at random moments: how many left something, and what is wrong."""
    chance, ends, wrong = random.Random(seed), Counter[str](), []
    path = folder / "k.xlsx"
    for number in range(times):
        size = chance.choice([1_000, 300_000, 3_000_000])
        path.write_bytes(bytes([1]) * size)
        child = subprocess.Popen(
            [sys.executable, "-c", IN_TURN, str(path), str(size)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT,
        )  # fmt: skip
        assert child.stdout
        child.stdout.readline()
        time.sleep(chance.uniform(0, 0.1))
        child.send_signal(how)
        _, said = child.communicate()
        content = path.read_bytes()
        left = [other for other in folder.iterdir() if other != path]
        ends[f"{how.name}, {'left a temporary file' if left else 'left nothing'}"] += 1
        if content not in (bytes([1]) * size, bytes([2]) * size):
            wrong.append(f"{how.name} {number}: the file is torn")
        if child.returncode != -how:
            wrong.append(f"{how.name} {number}: it ended with {child.returncode}: {said.decode()}")
        if left and how == signal.SIGINT:
            wrong.append(f"{how.name} {number}: left {left}")
        told = save(path, [b"next"], read=Fingerprint.of(path.stat(), content))
        if told or list(folder.iterdir()) != [path]:
            wrong.append(f"{how.name} {number}: after the next run {told}, {list(folder.iterdir())}")
    return ends, wrong


PAGE = 4096
ROOM = 256  # pages of the small disk
TAKES = 98  # pages that the new content takes: 400,000 bytes
LEVELS = (0, 1, 10, 30, 50, 70, 90, 97, 98, 120)  # pages that are free


def full_disk() -> list[str]:
    """What is wrong when a disk of 1 MiB has this much left. Runs itself where it may mount one, out of others' sight."""
    command = [sys.executable, __file__, "on a small disk"]
    ways = [
        ["unshare", "--mount"],
        ["unshare", "--map-root-user", "--mount"],
        ["sudo", "-n", "-E", "unshare", "--mount"],
    ]
    said = []
    for way in ways:
        if shutil.which(way[0]):
            done = subprocess.run([*way, *command], capture_output=True, text=True, env=ENVIRONMENT, check=False)
            if done.returncode == 0:
                return list(json.loads(done.stdout))
            said.append(f"{' '.join(way)}: {done.stderr}")
    raise AssertionError("no way to mount a small disk was allowed: " + "\n".join(said))


def on_a_small_disk() -> list[str]:
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        disk = Path(name)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM * PAGE}", "gkxl", name], check=True)
        try:
            for free in LEVELS:
                wrong += [f"{free} pages free: {text}" for text in _with_room(disk, free)]
        finally:
            subprocess.run(["umount", name], check=True)
    return wrong


def _with_room(disk: Path, free: int) -> list[str]:
    old, new = b"o" * 300_000, b"n" * 400_000
    target, ballast = disk / "t.xlsx", disk / "ballast"
    target.write_bytes(old)
    status = os.statvfs(disk)
    assert status.f_frsize == PAGE
    ballast.write_bytes(bytes((status.f_bavail - free) * PAGE))
    told = save(target, [new[:999], new[999:]], read=Fingerprint.of(target.stat(), old), language="en")
    content, left = target.read_bytes(), sorted(path.name for path in disk.iterdir())
    target.unlink()
    ballast.unlink()
    wrong = [] if left == ["ballast", "t.xlsx"] else [f"left {left}"]
    if free >= TAKES:
        return wrong if (told, content) == ([], new) else [*wrong, f"not saved: {told}"]
    if content != old or [one.code.number for one in told] != ["GK653"]:
        return [*wrong, f"{'old' if content == old else 'other'} content, told {told}"]
    message = told[0].message
    says = ("391 KiB are to be written", f"the disk has {free * PAGE // 1024} KiB left")
    return [*wrong, *(f"{message!r} does not say {text!r}" for text in says if text not in message)]


def main() -> int:
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        for kind in KINDS:
            for word, size in SIZES.items():
                folder = Path(name) / f"{kind} {word}"
                folder.mkdir()
                wrong += _tell(f"{kind}, {word}", *all_injected(folder, size, kind))
        folder = Path(name) / "recalc"
        folder.mkdir()
        wrong += _tell("recalc", *all_injected(folder, 0, "recalc"))
        for how in (signal.SIGKILL, signal.SIGINT):
            folder = Path(name) / how.name
            folder.mkdir()
            wrong += _tell("random moments", *killed(folder, 200, how))
    wrong += _tell("full disk", Counter({"levels": len(LEVELS)}), full_disk())
    print(*wrong, sep="\n")
    return 1 if wrong else 0


def _tell(what: str, ends: Counter[str], wrong: list[str]) -> list[str]:
    listed = "; ".join(f"{ended} {count}" for ended, count in sorted(ends.items()))
    print(f"{what}: {ends.total()} faults, {len(wrong)} wrong ({listed})", flush=True)
    return wrong


if __name__ == "__main__":
    if sys.argv[1:] == ["on a small disk"]:
        print(json.dumps(on_a_small_disk()))
    else:
        sys.exit(main())
