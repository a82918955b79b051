"""Books opened and saved again by LibreOffice, all in one soffice process; a new one only where it died or hung."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from proving.judge import OURS, Verdict, ours_missing
from proving.values import Values, by_calamine, changes

SECONDS = 60  # that one book may take
MISSING = "LibreOffice is needed (apt-get install libreoffice-calc-nogui); there is no soffice on the PATH"


def office() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        raise FileNotFoundError(MISSING)
    return found


def convert(books: Sequence[Path], into: Path) -> dict[Path, Path]:
    """Each book as LibreOffice saves it as .xlsx; those that it does not open or save are missing. Stems must differ."""
    rest = list(books)
    with tempfile.TemporaryDirectory() as profile:
        while rest:
            rest = rest[_convert(rest, into, Path(profile)) :]
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


def judge_by_libreoffice(verdicts: Sequence[Verdict]) -> None:
    """Adds to each verdict of a written book what LibreOffice makes of it, before and after."""
    written = [v for v in verdicts if v.written]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        pairs = [(v, place / f"{n}-before.xlsx", place / f"{n}-after.xlsx") for n, v in enumerate(written)]
        for verdict, before, after in pairs:
            shutil.copyfile(verdict.path, before)
            shutil.copyfile(verdict.written, after)
        (place / "saved").mkdir()
        saved = convert([book for _, *two in pairs for book in two], place / "saved")
        saved |= convert(
            [after for _, before, after in pairs if before in saved and after not in saved], place / "saved"
        )
        doubtful = []
        for verdict, before, after in pairs:
            if before not in saved:
                verdict.notes.append("LibreOffice does not open it")
            if after not in saved:
                if before in saved:
                    verdict.faults.append("LibreOffice opened the book and no longer does")
                continue
            now = by_calamine(saved[after].read_bytes())
            then = by_calamine(saved[before].read_bytes()) if before in saved else None
            if now is None:
                verdict.notes.append("calamine does not read what LibreOffice saved")
                continue
            if not now.keys() >= OURS:
                verdict.faults.append("LibreOffice does not see our sheets")
            verdict.faults += [f"LibreOffice: {told}" for told in ours_missing(now)]
            if then is not None and changes(then, now, OURS):
                doubtful.append((verdict, before, then, now))
        if doubtful:
            _settle(doubtful, place)


def _settle(doubtful: Sequence[tuple[Verdict, Path, Values, Values]], place: Path) -> None:
    """Values that differ are a fault if they would not differ by themselves (NOW, RAND): the books before are opened anew."""
    (place / "anew").mkdir()
    saved = convert([before for _, before, _, _ in doubtful], place / "anew")
    for verdict, before, then, now in doubtful:
        anew = by_calamine(saved[before].read_bytes()) if before in saved else None
        if anew is None:
            continue
        for name, cells in then.items():
            unsteady = [p for p, value in cells.items() if anew.get(name, {}).get(p) != value]
            for values in (cells, now.get(name, {})):
                for p in unsteady:
                    values.pop(p, None)
        verdict.faults += [f"LibreOffice: {told}" for told in changes(then, now, OURS)]
