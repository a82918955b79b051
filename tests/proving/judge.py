"""What became of one book: written or refused, what changed in it, and whether anything is wrong."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from lxml import etree
from proving.chain import AWARDS, SCORES, Wrote, made_up, write_copy, write_into
from proving.children import Ended, Steps, Task
from proving.members import Difference, difference
from proving.trees import lost
from proving.values import Values, by_calamine, by_openpyxl, changes

OURS = {SCORES, AWARDS}
Reader = Callable[[bytes], Values | None]


@dataclass
class Verdict:
    """`outcome` is "written", "refused GK…", "other" (no .xlsx inside), or what nobody may meet: "crash", "hang", "memory"."""

    path: Path
    outcome: str = ""
    why: str = ""
    change: Difference | None = None
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0
    mib: float = 0
    written: Path | None = None

    @property
    def wrong(self) -> bool:
        return bool(self.faults) or self.outcome in ("crash", "hang", "memory", "raised")


def prove(book: Path, out: Path) -> Steps:
    """Steps that write results into a copy of `book` at `out`, and judge it; they return its verdict."""
    verdict = Verdict(book)
    ended = yield Task(partial(write_copy, book, out))
    verdict.seconds, verdict.mib = ended.seconds, ended.mib
    wrote = ended.result
    if ended.how != "done":
        verdict.outcome, verdict.why = ended.how, str(ended.result or "")
        return verdict
    if wrote.code:
        verdict.outcome = "other" if wrote.code == "other" else f"refused {wrote.code}"
        verdict.why = wrote.why
        if out.read_bytes() != book.read_bytes():
            verdict.faults.append("refused, yet the file is another")
        out.unlink()
        return verdict
    verdict.outcome, verdict.written = "written", out
    verdict.notes += wrote.notes
    ended = yield Task(partial(compare, book, out), 60, 4096)
    if _judged(ended, "comparison", verdict):
        verdict.change, faults = ended.result
        verdict.faults += faults
    ended = yield Task(partial(again, out), 30)
    if _judged(ended, "second run", verdict):
        verdict.faults += ended.result
    for reader in (by_openpyxl, by_calamine):
        ended = yield Task(partial(same_values, reader, book, out), 60, 4096)
        name = reader.__name__.removeprefix("by_")
        if ended.how != "done":  # it is the reader that is slow or dies
            verdict.notes.append(f"{name}: {ended.how}")
            continue
        known, faults = ended.result
        if not known:
            verdict.notes.append(f"{name} does not read it")
        verdict.faults += faults
    return verdict


def _judged(ended: Ended, what: str, verdict: Verdict) -> bool:
    if ended.how != "done":
        verdict.faults.append(f"{what}: {ended.how} {ended.result or ''}")
    return ended.how == "done"


def compare(book: Path, out: Path) -> tuple[Difference, list[str]]:
    return judge(book.read_bytes(), out.read_bytes())


def judge(before: bytes, after: bytes) -> tuple[Difference, list[str]]:
    """What changed between two packages, and what of it nobody may do when sheets are added to a workbook."""
    change = difference(before, after)
    faults = []
    if change.moved:
        faults.append("members come in another order")
    if change.comment:
        faults.append("the comment of the archive is another")
    faults += [f"{name} is gone" for name in change.dropped]
    main, allowed = _may_change(before)
    for name in change.replaced:
        if _key(name) not in allowed:
            faults.append(f"{name} is another")
        else:
            faults += [f"{name}: {told}" for told in lost(_read(before, name), _read(after, name))]
    types = etree.fromstring(_read(after, "[Content_Types].xml"))
    known = {_key(unquote(part)) for entry in types if (part := entry.get("PartName"))}
    known |= {"." + (entry.get("Extension") or "").lower() for entry in types}
    for name in change.added:
        content = _read(after, name)
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
        if not {_key(name), "." + name.rpartition(".")[2].lower()} & known:
            faults.append(f"{name} has no content type")
    sheets = [entry.get("name") for entry in etree.fromstring(_read(after, main)).iter("{*}sheet")]
    if sheets[-2:] != [SCORES, AWARDS]:
        faults.append(f"our sheets are not the last: {sheets[-2:]}")
    return change, faults


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _read(data: bytes, name: str) -> bytes:
    """A part, its name compared as packages do; nothing if it is not there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return next((archive.read(info) for info in archive.infolist() if _key(info.filename) == _key(name)), b"")


def _may_change(data: bytes) -> tuple[str, set[str]]:
    """The workbook's part, and the parts that may have to say something more when a workbook gets sheets."""
    main = _targets(data, "", "officeDocument")[0]
    folder, _, name = main.rpartition("/")
    own = {"[content_types].xml", "_rels/.rels", main, f"{folder}/_rels/{name}.rels".lstrip("/")}
    return main, own | set(_targets(data, main, "styles"))


def _targets(data: bytes, part: str, kind: str) -> list[str]:
    folder, _, name = part.rpartition("/")
    found = []
    rels = _read(data, f"{folder}/_rels/{name}.rels".lstrip("/"))
    parser = etree.XMLParser(recover=True)  # expat is content with what lxml is not: a version of 999
    for entry in etree.fromstring(rels, parser) if rels else ():
        target = (entry.get("Target") or "").replace("\\", "/")
        if (entry.get("Type") or "").endswith("/" + kind):
            steps = [] if target.startswith("/") else folder.split("/")
            for step in target.split("/"):
                steps = steps[:-1] if step == ".." else [*steps, step]
            found.append(_key("/".join(s for s in steps if s not in ("", "."))))
    return found


def again(out: Path) -> list[str]:
    """The same results once more, then fewer, then the same: nothing may be left of the others."""
    first = out.read_bytes()
    faults = []
    for turn, rows in enumerate((7, 2, 7)):
        wrote: Wrote = write_into(out, rows)
        if wrote.code:
            faults.append(f"run {turn + 2} refused: {wrote.code} {wrote.why}")
        if rows == 7 and not _alike(first, out.read_bytes()):
            faults.append(f"run {turn + 2} gives another file")
        if wrote.unchanged != (turn == 0):
            faults.append(f"run {turn + 2} says unchanged={wrote.unchanged}")
    return faults


def _alike(first: bytes, now: bytes) -> bool:
    """The same bytes; but that Excel is to calculate, once formulas may have read other results, may stand in the workbook."""
    if first == now:
        return True
    change, (main, _) = difference(first, now), _may_change(first)
    same = [_key(name) for name in change.replaced] == [main] and not (change.added or change.dropped or change.moved)
    return same and b"fullCalcOnLoad" in _read(now, main) and not lost(_read(first, main), _read(now, main))


def same_values(reader: Reader, book: Path, out: Path) -> tuple[bool, list[str]]:
    """Whether the reader knows the book, and what of its values is another."""
    before, name = reader(book.read_bytes()), reader.__name__.removeprefix("by_")
    if before is None:
        return False, []
    after = reader(out.read_bytes())
    if after is None:
        return True, [f"{name} read the book and no longer does"]
    if before and not OURS & set(after):
        return True, [f"{name} does not see our sheets"]
    return True, [f"{name}: {told}" for told in changes(before, after, OURS) + ours_missing(after)]


def ours_missing(after: Values) -> list[str]:
    """What was written and is not read, cell by cell; places as calamine's are, or openpyxl's."""
    told = []
    for sheet in made_up(7, "-"):
        cells = after.get(sheet.name)
        for i, row in enumerate(sheet.rows if cells is not None else (), 1):
            for j, cell in enumerate(row, 1):
                if cell.value is None or cell.link:
                    continue
                found = cells.get(f"{i},{j}", cells.get(f"{i},{j},True", (None,)))
                found = found[0] if isinstance(found, tuple) else found
                if not _same(cell.value, found):
                    told.append(f"{sheet.name} {i},{j}: {found!r} for {cell.value!r}")
    return told


def _same(mine: object, read: object) -> bool:
    if isinstance(mine, str):  # neither decodes _x0041_ in texts of cells, nor _x005F_
        return isinstance(read, str) and read.replace("_x005F_", "_").strip() == mine.strip()
    return isinstance(read, int | float) and abs(float(mine) - read) < 1e-9  # type: ignore[arg-type]
