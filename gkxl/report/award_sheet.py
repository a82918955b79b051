"""得分明细: how each total comes about, line by line, with links to the cells."""

from __future__ import annotations

from gkxl.report.cells import column_widths, head, places_of
from gkxl.report.facts import runs_of
from gkxl.report.grid import in_order, language_of
from gkxl.report.lines import Line, lines
from gkxl.report.words import word
from gkxl.run.results import Results
from gkxl.sheets import MOST_LINKS, Highlight, Look, ResultSheet, Target, Tone, When, Written
from gkxl.tables import Area

_MOST_RUNS = 4  # link columns; what is beyond is counted


def award_sheet(results: Results, name: str) -> tuple[ResultSheet, int]:
    """The sheet, and how many of its links are addresses alone, since a sheet holds no more."""
    language = language_of(results)
    keys = ("unit", "period", "indicator", "sentence", "article", "values", "before caps", "change", "because")
    every: list[Line] = []
    if results.rubric is not None:
        for period in results.periods:
            for unit in in_order(results, period.units):
                every += lines(unit, period.period, results.rubric)
    links = [runs_of(line.cells)[0] for line in every]
    spread = min(max(map(len, links), default=0), _MOST_RUNS)
    width = len(keys) + max(spread, 1)
    before, change = places_of(line.uncapped for line in every), places_of(line.points for line in every)
    title = results.rubric.title if results.rubric is not None and results.rubric.title else name
    top = head([title, name] if title != name else [title], width)
    header = len(top) + 1
    titles = [word(key, language) for key in keys] + [word("where", language)] * max(spread, 1)
    table = [tuple(Written(text, Look.HEADER) for text in titles)]
    left, unlinked = MOST_LINKS, 0
    for line, runs in zip(every, links, strict=True):
        row = [
            Written(line.unit.unit, Look.NAME),
            Written(str(line.period), Look.PLACE),
            Written(line.indicator or None, Look.NAME),
            Written(line.sentence or None),
            _article(line, results),
            Written(line.values or None),
            Written(line.uncapped, Look.NUMBER, places=before),
            Written(line.points, Look.SIGNED, places=change),
            Written(line.why),
        ]
        row += [_link(runs, i, spread, results) for i in range(max(spread, 1))]
        kept = []
        for cell in row:
            if cell.link is not None:
                left -= 1
                if left < 0:
                    unlinked += 1
                    cell = Written(cell.value, Look.NAME)
            kept.append(cell)
        table.append(tuple(kept))
    least = [14, 9, 10, 24, 10, 14, 9, 9, 24, *[12] * max(spread, 1)]
    most = [30, 12, 24, 40, 24, 30, 14, 14, 44, *[28] * max(spread, 1)]
    last = header + len(every)
    highlights = [Highlight(Area(header + 2, 1, last, width), 1, "", Tone.NEW, When.CHANGES)] if len(every) > 1 else []
    sheet = ResultSheet(
        name,
        (*top, *table),
        column_widths(table, least, most),
        header,
        tuple(highlights),
        landscape=True,
        frozen=1,
        keys=(1, 2, 3, 4),
    )
    return sheet, unlinked


def _article(line: Line, results: Results) -> Written:
    """Its article, or else its line in the rules."""
    if line.span is None:
        return Written(line.article or None, Look.NAME)
    return Written(line.article or word("line", language_of(results), line=line.span.line), Look.NAME)


def _link(runs: list[Target], i: int, spread: int, results: Results) -> Written:
    if i >= len(runs):
        return Written(None, Look.NAME)
    text = str(runs[i])
    rest = len(runs) - spread
    if i == spread - 1 and rest > 0:
        text = f"{text} {word('more cells', language_of(results), n=rest)}"
    return Written(text, Look.LINK, runs[i])
