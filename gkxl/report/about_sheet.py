"""说明: what the other sheets rest on, and the rule text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gkxl.diagnostics import Language, Source
from gkxl.periods import Period
from gkxl.report.cells import head
from gkxl.report.grid import language_of
from gkxl.report.words import word
from gkxl.run.results import Results
from gkxl.sheets import MOST_LINKS, Look, ResultSheet, Written

_WIDTHS = (22, 76)


def about_sheet(
    results: Results, name: str, others: Sequence[str], cells_sha256: str, asked: Period | None, unlinked: int
) -> ResultSheet:
    """`others`: the names of the sheets of scores, awards and issues; `unlinked`: the awards' links that are text only."""
    language, rubric = language_of(results), results.rubric
    scores, awards, issues = others
    facts: list[tuple[str, str]] = []
    if rubric is not None:
        facts.append((word("basis", language), rubric.basis))
        units = {unit.unit for period in results.periods for unit in period.units}
        facts.append((word("units", language), str(len(units))))
    facts.append((word("period", language), _periods(results, asked, language)))
    facts.append((word("rules hash", language), results.rules_sha256))
    facts.append((word("cells hash", language), cells_sha256))
    facts.append((word("how to read", language), word("read scores", language, sheet=scores)))
    facts.append(("", word("read awards", language, sheet=awards, change=word("change", language))))
    facts.append(("", word("read issues", language, sheet=issues)))
    if unlinked:
        facts.append(("", word("links left", language, sheet=awards, limit=MOST_LINKS, n=unlinked)))
    option = f" --period {asked}" if asked is not None else ""
    facts.append((word("how again", language), word("again", language, period=option)))
    title = rubric.title if rubric is not None and rubric.title else name
    rows = head([word("about title", language, title=title)], 2)
    rows += [(Written(label or None, Look.LABEL), Written(text)) for label, text in facts if text]
    source = rules_source(results)
    if source is not None:
        rows.append((Written(None, Look.RULES), Written(None, Look.RULES)))
        rows.append((Written(word("rules text", language), Look.HEADER), Written(None, Look.HEADER)))
        rows += [
            (Written(Decimal(number), Look.NUMBER), Written(line or None, Look.RULES))
            for number, line in enumerate(source.text.splitlines(), 1)
        ]
    return ResultSheet(name, tuple(rows), _WIDTHS)


def rules_source(results: Results) -> Source | None:
    """The rule text, which every place in the rules knows."""
    rubric = results.rubric
    return rubric.indicators[0].span.source if rubric is not None and rubric.indicators else None


def _periods(results: Results, asked: Period | None, language: Language) -> str:
    texts = [str(period.period) for period in results.periods]
    if not texts:
        return ""
    fixed = results.rubric is not None and results.rubric.fixed_period is not None
    key = "period asked" if asked is not None else "period fixed" if fixed else "period latest"
    return word(key, language, period=word("and", language).join(texts))
