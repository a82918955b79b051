"""Books opened and saved again by LibreOffice, all in one soffice process; a new one only where it died or hung."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from proving.children import Ended, Steps, Task, run
from proving.judge import OURS, Verdict, ours_missing
from proving.values import Values, by_calamine, changes

SECONDS = 60  # that one book may take
AT_ONCE = 500  # books for a process; it grows with each
MISSING = "LibreOffice is needed (apt-get install libreoffice-calc-nogui); there is no soffice on the PATH"


def office() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        raise FileNotFoundError(MISSING)
    return found


def convert(books: Sequence[Path], into: Path) -> dict[Path, Path]:
    """Each book as LibreOffice saves it as .xlsx; those that it does not open or save are missing. Stems must differ."""
    into.mkdir(exist_ok=True)
    rest = list(books)
    with tempfile.TemporaryDirectory() as profile:
        while rest:
            rest = rest[_convert(rest[:AT_ONCE], into, Path(profile)) :]
    return {book: made for book in books if (made := into / f"{book.stem}.xlsx").exists()}


def _convert(books: Sequence[Path], into: Path, profile: Path) -> int:
    """How many of the books were dealt with before the process ended, or was ended since one took too long."""
    log = into / "soffice.log"
    command = [office(), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(into), *map(str, books)]
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL, start_new_session=True)
    seen, since, ended = 0, time.monotonic(), False
    while process.poll() is None:
        time.sleep(0.1)
        if (now := len(_begun(log))) > seen:
            seen, since = now, time.monotonic()
        if time.monotonic() - since > SECONDS:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            ended = True
    begun = _begun(log)
    if process.returncode == 0 and not ended:
        return len(books)
    saving = (
        bool(begun) and begun[-1].startswith("convert ") and not (into / f"{books[len(begun) - 1].stem}.xlsx").exists()
    )
    return min(len(books), len(begun) + (not saving))


def _begun(log: Path) -> list[str]:
    """A line for each book that was loaded, or could not be; soffice takes them in order."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if line.startswith(("convert ", "Error: source file could not be loaded"))]


@dataclass(frozen=True)
class Pair:
    """Copies of a book and of what was written, under names that soffice cannot confuse."""

    verdict: Verdict
    before: Path
    after: Path


def judge_by_libreoffice(verdicts: Sequence[Verdict]) -> None:
    """Adds to each verdict of a written book what LibreOffice makes of it, before and after.

    Values that differ are a fault unless they differ by themselves (NOW, RAND): then the book before is opened anew.
    """
    with tempfile.TemporaryDirectory() as folder:
        place, pairs = Path(folder), []
        for number, verdict in enumerate(v for v in verdicts if v.written):
            pairs.append(Pair(verdict, place / f"{number}-before.xlsx", place / f"{number}-after.xlsx"))
            shutil.copyfile(verdict.path, pairs[-1].before)
            shutil.copyfile(verdict.written, pairs[-1].after)
        saved = convert([book for pair in pairs for book in (pair.before, pair.after)], place / "saved")
        late = [pair.after for pair in pairs if pair.before in saved and pair.after not in saved]
        saved |= convert(late, place / "saved")
        doubtful = [pair for pair in run(_heard(pair, saved) for pair in pairs) if pair]
        anew = convert([pair.before for pair in doubtful], place / "anew")
        for _ in run(_heard(pair, saved, anew) for pair in doubtful):
            pass


def _heard(pair: Pair, saved: Mapping[Path, Path], anew: Mapping[Path, Path] | None = None) -> Steps:
    """Steps that write down what LibreOffice says; they return the pair if its values differ and may do so by themselves."""
    verdict, before, after = pair.verdict, saved.get(pair.before), saved.get(pair.after)
    if not before:
        verdict.notes.append("LibreOffice does not open it")
    elif not after:
        verdict.faults.append("LibreOffice opened the book and no longer does")
    if not after:
        return None
    again = anew.get(pair.before) if anew is not None else None
    ended: Ended = yield Task(partial(_compared, before, after, again), SECONDS, 4096)
    if ended.how != "done":
        verdict.notes.append(f"what LibreOffice saved: {ended.how} {ended.result or ''}")
        return None
    missing, different = ended.result
    if anew is None:
        verdict.faults += missing
        return pair if different else None
    verdict.faults += different if again else []
    return None


def _compared(before: Path | None, after: Path, again: Path | None) -> tuple[list[str], list[str]]:
    """What is missing of ours in what LibreOffice saved, and what differs on other sheets; not what differs `again`."""
    now = _values(after)
    missing = [] if now.keys() >= OURS else ["LibreOffice does not see our sheets"]
    missing += [f"LibreOffice: {told}" for told in ours_missing(now)]
    then = _values(before) if before else {}
    if again:
        other = _values(again)
        for name, cells in then.items():
            for place in [p for p, value in cells.items() if other.get(name, {}).get(p) != value]:
                cells.pop(place)
                now.get(name, {}).pop(place, None)
    return missing, [f"LibreOffice: {told}" for told in changes(then, now, OURS)] if before else []


def _values(book: Path) -> Values:
    found = by_calamine(book.read_bytes())
    if found is None:
        raise ValueError("calamine does not read it")
    return found
