"""Two thousand damaged packages: each is written well, or refused with a code; none crashes, hangs or takes all memory."""

import io
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from proof import books
from proving.chain import OtherFormat, make
from proving.children import Ended, Steps, Task, run
from proving.judge import judge
from proving.mutants import mutant

from gkxl.diagnostics import CODES
from gkxl.workbook.package import RefusedError
from gkxl.workbook.verify import verify

HERE = Path(__file__).parent
BOOKS = [
    p
    for p in books([HERE / "books", HERE.parents[1] / "workbooks"])
    if p.name not in ("encrypted.xlsx", "junk-before.xlsx")
]
COUNT, BATCH, SECONDS = 2_000, 25, 20
TIMES = 20 if settings.get_current_profile_name() == "deep" else 1
OFTEN = 5  # every so many a book that was written is written again


def outcome(number: int, place: Path) -> str:
    """What becomes of a mutant: "written", a code, or "wrong: " and what."""
    book = BOOKS[number % len(BOOKS)]
    before = mutant(book.read_bytes(), number)
    path = place / f"{number}.xlsx"
    path.write_bytes(before)
    try:
        made = make(path)
        after = b"".join(made.grafted.pieces)
        verify(before, made.grafted, io.BytesIO(after))
        _, faults = judge(before, after)
        if not faults and number % OFTEN == 0:
            path.write_bytes(after)
            faults = [] if make(path).grafted.unchanged else ["the second run changes it"]
    except OtherFormat:
        return "other"
    except RefusedError as refused:
        return refused.code.number if refused.code.number in CODES else "wrong: no code"
    except MemoryError:
        raise
    except Exception as error:  # the finding
        return f"wrong: {type(error).__name__}: {error}"
    finally:
        path.unlink()
    return f"wrong: {faults[0]}" if faults else "written"


def batch(numbers: range, place: Path) -> Steps:
    """What becomes of each; where all together do not end, each on its own."""
    ended: Ended = yield Task(lambda: {n: outcome(n, place) for n in numbers}, SECONDS)
    if ended.how == "done":
        return ended.result
    found = {}
    for number in numbers:
        ended = yield Task(partial(outcome, number, place), SECONDS)
        found[number] = ended.result if ended.how == "done" else f"wrong: {ended.how} {ended.result or ''}"
    return found


@pytest.mark.parametrize("time", range(TIMES))
def test_mutants_are_written_well_or_refused(time: int, tmp_path: Path) -> None:
    found: dict[int, str] = {}
    for some in run(batch(range(n, n + BATCH), tmp_path) for n in range(time * COUNT, (time + 1) * COUNT, BATCH)):
        found |= some
    counted = Counter(what.partition(":")[0] for what in found.values())
    print(dict(counted))
    assert {n: what for n, what in found.items() if what.startswith("wrong")} == {}
    assert len(found) == COUNT
    assert counted["written"] >= COUNT // 5
    assert len(counted) >= 8
