"""Score tables as CSV and as Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from gkxl.report.check_rows import HEADS, NUMBERS, check_rows
from gkxl.report.grid import converted, fields, fired, grids, language_of, reason, row, score_names, signed
from gkxl.report.layout import clean
from gkxl.report.words import word
from gkxl.run.results import Results

BOM = "\ufeff"  # by which Excel knows UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#])")


def to_csv(sets: Sequence[Results]) -> str:
    """One table of all units, in the order of the books: period, unit, group, indicators, total, place, grade, remark.

    What totals count elsewhere stands behind the total.

    With several result sets, workbook and rules stand in front. Text that a spreadsheet would take for a formula
    gets a ' in front; numbers never do.
    """
    language = language_of(sets[0]) if sets else "zh"
    units = [unit for one in sets for period in one.periods for unit in period.units]
    names, converts = score_names(units), converted(sets)
    columns = fields(sets[0], names, converts) if sets else ()
    several = len(sets) > 1
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    first = (["book", "rules"] if several else []) + ["period"]
    writer.writerow([*(word(key, language) for key in first), *(_plain(field.title) for field in columns)])
    for one in sets:
        where = [_plain(one.book_path), _plain(one.rules_path)] if several else []
        for period in one.periods:
            for unit in period.units:
                cells = zip(columns, row(unit, names, language, "", converts), strict=True)
                texts = [text if field.is_number else _plain(text) for field, text in cells]
                writer.writerow([*where, str(period.period), *texts])
    return BOM + out.getvalue()


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def to_markdown(sets: Sequence[Results]) -> str:
    """For each result set and period the score tables, then the sentences that gave points."""
    lines: list[str] = []
    for one in sets:
        language = language_of(one)
        if len(sets) > 1:
            lines += [f"# {escape(one.book_path)} {escape(one.rules_path)}", ""]
        for table in grids(one):
            if table.rows:
                shown = table.without_empty()
                lines += [f"## {escape(table.title)}", ""]
                lines += markdown_table([(f.title, f.is_number) for f in shown.fields], shown.rows)
        if one.checks:
            titles = [(word(key, language), key in NUMBERS) for key in HEADS]
            lines += [f"## {word('checks', language)}", "", *markdown_table(titles, check_rows(one))]
        for period in one.periods:
            awards = [
                (unit.unit, award.sentence.text, reason(award), signed(award.points))
                for unit in period.units
                for award in fired(unit)
            ]
            if awards:
                heads = [(word(key, language), key == "points") for key in ("unit", "sentence", "because", "points")]
                lines += [f"### {word('awards', language)} {period.period}", "", *markdown_table(heads, awards)]
    return "\n".join(lines)


def markdown_table(heads: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> list[str]:
    """`heads`: each title, and whether its column is numbers and set to the right."""
    texts = [[title for title, _ in heads], *rows]
    lines = [f"| {' | '.join(map(escape, cells))} |" for cells in texts]
    lines.insert(1, f"|{'|'.join('---:' if right else '---' for _, right in heads)}|")
    return [*lines, ""]


def escape(text: str) -> str:
    return " ".join(_MARKDOWN.sub(r"\\\1", clean(text)).split())
