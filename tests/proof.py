"""Puts made-up results into a copy of every workbook of some folders, and shows for each what changed in it.

    python tests/proof.py DIR… [--out FOLDER] [--libreoffice] [--json] [--jobs N]

The copies are judged by code that the writer does not use: all members byte by byte, what the replaced parts still say,
the values of all sheets by openpyxl and calamine (and LibreOffice), a second run, other results and back. Each book is
written in a child process of 10 seconds and 1 GiB, so none stops the run. Exit code 1: something is wrong. Needs Linux.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from proving.children import run
from proving.judge import Verdict, prove
from proving.libreoffice import judge_by_libreoffice

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")


def books(places: Iterable[Path]) -> list[Path]:
    found = [f for place in places for f in (sorted(place.rglob("*")) if place.is_dir() else [place])]
    return [f for f in found if f.suffix.lower() in SUFFIXES and f.is_file() and not f.name.startswith("~$")]


def proved(paths: Sequence[Path], out: Path, jobs: int = 2) -> Iterator[Verdict]:
    """The verdict on each book, in the order of ending. What is written stays in `out`, under a number and its name."""
    out.mkdir(parents=True, exist_ok=True)
    yield from run((prove(path, out / f"{n:05}-{path.stem[:40]}{path.suffix}") for n, path in enumerate(paths)), jobs)


def shown(verdict: Verdict) -> str:
    change = verdict.change
    lines = [f"{verdict.path}: {verdict.outcome} {verdict.why}".rstrip()]
    if change:
        lines[0] += f", {change.kept} members alike, {verdict.seconds:.2f} s, {verdict.mib:.0f} MiB"
        for mark, names in (("+", change.added), ("~", change.replaced), ("-", change.dropped)):
            lines += [f"  {mark} {' '.join(names)}"] if names else []
    return "\n".join([*lines, *(f"  note: {n}" for n in verdict.notes), *(f"  WRONG: {f}" for f in verdict.faults)])


def as_json(verdict: Verdict) -> str:
    return json.dumps(asdict(verdict) | {"wrong": verdict.wrong}, default=str, ensure_ascii=False)


def summary(verdicts: Sequence[Verdict]) -> str:
    outcomes = Counter(v.outcome for v in verdicts)
    wrong = sum(v.wrong for v in verdicts)
    times, sizes = sorted(v.seconds for v in verdicts), [v.mib for v in verdicts]
    listed = ", ".join(f"{count} {what}" for what, count in outcomes.most_common())
    return (
        f"{len(verdicts)} books: {listed}; {wrong} wrong; median {times[len(times) // 2]:.3f} s, "
        f"longest {times[-1]:.2f} s, most {max(sizes):.0f} MiB"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, help="keep what is written here")
    parser.add_argument("--libreoffice", action="store_true", help="open them in LibreOffice too")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each book")
    parser.add_argument("--jobs", type=int, default=2, help="books at once")
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # names of files may be any bytes
    paths, tell = books(options.places), as_json if options.json else shown
    if not paths:
        parser.error("no workbooks there")
    verdicts = []
    with tempfile.TemporaryDirectory() as folder:
        for verdict in proved(paths, options.out or Path(folder), options.jobs):
            verdicts.append(verdict)
            if not options.libreoffice:
                print(tell(verdict), flush=True)
        if options.libreoffice:
            judge_by_libreoffice(verdicts)
            print(*map(tell, verdicts), sep="\n")
    print(summary(verdicts), file=sys.stderr if options.json else sys.stdout)
    return int(any(v.wrong for v in verdicts))


if __name__ == "__main__":
    sys.exit(main())
