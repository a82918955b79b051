"""得分明细: how each total comes about, line by line, with links to the cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gkxl.diagnostics import Language
from gkxl.report.cells import column_widths, laid_out, places_of, within_links
from gkxl.report.facts import Areas, areas_of
from gkxl.report.grid import in_order, language_of
from gkxl.report.lines import Line, lines
from gkxl.report.words import word
from gkxl.run.results import Results
from gkxl.sheets import Look, ResultSheet, Target, Written
from gkxl.tables import Area

_KEYS = ("unit", "period", "indicator", "sentence", "article", "values", "before caps", "change", "because")
_MOST_AREAS = 4  # link columns; what is beyond is counted


@dataclass(frozen=True, slots=True)
class Detail:
    """A line with the areas that its cells make up."""

    line: Line
    areas: Areas

    @property
    def links(self) -> int:
        return len(self.areas.first) + (self.line.span is not None)


def details(results: Results) -> list[Detail]:
    """All lines of all units, in the order of the periods and as people read units."""
    if results.rubric is None:
        return []
    return [
        Detail(line, areas_of(line.cells, _MOST_AREAS))
        for period in results.periods
        for unit in in_order(results, period.units)
        for line in lines(unit, period.period, results.rubric)
    ]


def award_sheet(results: Results, every: Sequence[Detail], name: str, about: str, rules_row: int) -> ResultSheet:
    """`rules_row`: where line 1 of the rules stands in the sheet `about`."""
    language = language_of(results)
    spread = max((len(one.areas.first) for one in every), default=1) or 1
    titles = [word(key, language) for key in _KEYS] + [word("where", language)] * spread
    table = [tuple(Written(text, Look.HEADER) for text in titles)]
    uncapped, points = (places_of(getattr(one.line, what) for one in every) for what in ("uncapped", "points"))
    before = None
    for one in every:
        line = one.line
        new = before is not line.unit
        before = line.unit
        row = [
            Written(line.unit.unit, Look.LABEL if new else Look.NAME),
            Written(str(line.period), Look.PLACE),
            Written(line.indicator or None, Look.NAME),
            Written(line.sentence or None),
            _article(line, about, rules_row, language),
            Written(line.values or None),
            Written(line.uncapped, Look.NUMBER, places=uncapped),
            Written(line.points, Look.SIGNED, places=points),
            Written(line.why),
            *_areas(one.areas, spread, language),
        ]
        table.append(tuple(row))
    least = [14, 9, 12, 24, 10, 16, 9, 9, 24, *[14] * spread]
    most = [26, 12, 20, 34, 16, 24, 14, 14, 38, *[22] * spread]
    title = results.rubric.title if results.rubric is not None and results.rubric.title else name
    sheet = laid_out(name, [title, name], within_links(table), column_widths(table, least, most))
    return replace(sheet, landscape=True, frozen=1, keys=(1, 2, 3, 4))


def _article(line: Line, about: str, rules_row: int, language: Language) -> Written:
    """Its article, or else its line in the rules, which it jumps to."""
    if line.span is None:
        return Written(None, Look.NAME)
    row = rules_row + line.span.line - 1
    text = line.article or word("line", language, line=line.span.line)
    return Written(text, Look.LINK, Target(about, Area(row, 2, row, 2)))


def _areas(areas: Areas, spread: int, language: Language) -> Iterator[Written]:
    """One to a column; the last one says how many more there are."""
    more = areas.areas - len(areas.first)
    for i, area in enumerate(areas.first, 1):
        text = str(area)
        if more and i == len(areas.first):
            text = f"{text} {word('more areas', language, more=more, all=areas.areas)}"
        yield Written(text, Look.LINK, area)
    yield from [Written(None, Look.NAME)] * (spread - len(areas.first))
