"""Made-up results through the real chain: render, graft, save. Other people's books have no rules."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from shutil import copyfile

import xlsxwriter.workbook  # noqa: F401 before children are made, so that it is not in their time

from gkxl.diagnostics import Language
from gkxl.sheets import BarChart, Highlight, Look, ResultSet, ResultSheet, Stored, StoredSheet, Target, Tone, Written
from gkxl.tables import Area
from gkxl.workbook.graft import Grafted, graft
from gkxl.workbook.package import RefusedError
from gkxl.workbook.read import BookFile, book_of, open_book
from gkxl.workbook.render import render
from gkxl.workbook.save import Fingerprint, save
from gkxl.workbook.verify import verify

LANGUAGE: Language = "en"
SCORES, AWARDS = "gkxl Scores", "gkxl Awards"  # what nobody else calls a sheet
UNITS = [f"unit {n}" for n in range(1, 8)]
TEXTS = ["=1+1", "+3", "-5", "@x", "_x0041_", "a & <b>", " two\nlines ", "区公安局", "𠮷"]


class OtherFormat(Exception):
    """What is in the file, if it is no .xlsx."""


@dataclass(frozen=True)
class Wrote:
    """`code` is None if the book was written, otherwise why not."""

    code: str | None = None
    why: str = ""
    unchanged: bool = False
    notes: tuple[str, ...] = ()


def made_up(rows: int, jump: str) -> tuple[ResultSheet, ...]:
    """Scores with a chart, awards with links into the sheet `jump`."""
    units = UNITS[:rows]
    head = tuple(Written(text, Look.HEADER) for text in ("Unit", "Total", "Place", "Grade"))
    body = tuple(
        (
            Written(unit, Look.NAME),
            Written(Decimal(100 * n + 25) / 100, Look.TOTAL, places=2),
            Written(Decimal(n), Look.PLACE),
            Written("good" if n % 2 else "poor", Look.PLACE),
        )
        for n, unit in enumerate(units, 1)
    )
    last = 3 + rows
    first = ResultSheet(
        SCORES,
        ((Written("Scores", Look.TITLE),), (), head, *body),
        (20, 10, 8, 10),
        (24,) * last,
        header=3,
        highlights=(Highlight(Area(4, 1, last, 4), 4, "poor", Tone.POOR),),
        chart=BarChart("Totals", Area(4, 1, last, 1), Area(4, 2, last, 2), (2, 6)),
        keys=(1,),
    )
    link = Target(jump, Area(2, 1, 2, 1))
    lines = tuple((Written(t), Written(f"{jump}!A2", Look.LINK, link)) for t in TEXTS[: rows + 2])
    heads = (Written("Text", Look.HEADER), Written("Cells", Look.HEADER))
    return first, ResultSheet(AWARDS, (heads, *lines), (30, 20), (18,) * (len(lines) + 1), header=1, landscape=True)


def stored(sheets: tuple[ResultSheet, ...], rows: int) -> Stored:
    listed = tuple(StoredSheet(s.name, len(s.rows), max(len(row) for row in s.rows)) for s in sheets)
    return Stored("0", (ResultSet("0" * 64, f"{rows:064x}", None, listed),))


@dataclass(frozen=True)
class Made:
    """A book that was opened, and results put into its package."""

    file: BookFile
    grafted: Grafted


def make(path: Path, rows: int = 7) -> Made:
    """Results of so many units in the package of the book at `path`; raises RefusedError."""
    file = open_book(path)
    if file.content.format != "xlsx":
        raise OtherFormat(file.content.format)
    others = [s.name for s in book_of(file, LANGUAGE).sheets if s.name not in (SCORES, AWARDS)]
    sheets = made_up(rows, others[0] if others else SCORES)
    return Made(file, graft(file.data, render(sheets), [s.name for s in sheets], stored(sheets, rows)))


def write_into(path: Path, rows: int = 7) -> Wrote:
    """Put results of so many units into the book at `path`."""
    try:
        made = make(path, rows)
        file, grafted = made.file, made.grafted
        if grafted.unchanged:
            return Wrote(unchanged=True)
        read = Fingerprint.of(file.status, file.data)
        found = save(
            path, grafted.pieces, read=read, check=lambda out: verify(file.data, grafted, out), language=LANGUAGE
        )
    except OtherFormat as other:
        return Wrote("other", f"holds .{other}")
    except RefusedError as refused:
        return Wrote(refused.code.number, f"{refused.code.name} {refused.values or ''}")
    errors = [d for d in found if d.severity == "error"]
    if errors:
        return Wrote(errors[0].code.number, errors[0].message)
    return Wrote(notes=tuple(d.code.number for d in found) + tuple(c.number for c in grafted.notes))


def write_copy(book: Path, out: Path) -> Wrote:
    copyfile(book, out)
    out.chmod(0o644)
    return write_into(out)
