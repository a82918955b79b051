"""说明: what the other sheets rest on, and the rule text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gkxl.diagnostics import Language, Source
from gkxl.model.rules import Rubric
from gkxl.periods import Period
from gkxl.report.cells import laid_out
from gkxl.report.grid import language_of
from gkxl.report.words import word
from gkxl.run.results import Results
from gkxl.sheets import MOST_LINKS, Look, ResultSheet, Written

_WIDTHS = (18, 74)


def about_sheet(
    results: Results,
    name: str,
    others: Sequence[str],
    cells_sha256: str,
    asked: Period | None,
    links: Mapping[str, int],
) -> tuple[ResultSheet, int]:
    """The sheet, and the row that line 1 of the rules stands in.

    `others`: the names of the sheets of scores, awards and issues; `links`: how many cells of a sheet lead to others.
    """
    language, rubric = language_of(results), results.rubric
    rows = [
        (Written(word(key, language) if key else None, Look.LABEL), Written(text))
        for key, text in [
            *_facts(results, cells_sha256, asked, language),
            *_reading(others, links, asked, language),
        ]
    ]
    text = "" if (source := rules_source(results)) is None else source.text
    if text:
        rows.append((Written(word("rules text", language), Look.HEADER), Written(None, Look.HEADER)))
    first = len(rows) + 2
    rows += [
        (Written(Decimal(number), Look.PLACE), Written(line.rstrip("\r") or None, Look.RULES))
        for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), 1)
    ]
    title = rubric.title if rubric is not None and rubric.title else name
    return laid_out(name, [word("about title", language, title=title)], rows, list(_WIDTHS), header=False), first


def rules_source(results: Results) -> Source | None:
    """The rule text, which every place in the rules knows."""
    rubric = results.rubric
    return rubric.indicators[0].span.source if rubric is not None and rubric.indicators else None


def _facts(results: Results, cells_sha256: str, asked: Period | None, language: Language) -> Iterator[tuple[str, str]]:
    rubric = results.rubric
    if rubric is not None:
        if rubric.basis:
            yield "basis", rubric.basis
        yield "units", str(len({unit.unit for period in results.periods for unit in period.units}))
    if results.periods:
        texts = word("and", language).join(str(period.period) for period in results.periods)
        fixed = rubric is not None and rubric.fixed_period is not None
        key = "period asked" if asked is not None else "period fixed" if fixed else "period latest"
        yield "period", word(key, language, period=texts)
    if rubric is not None:
        for i, text in enumerate(_policies(rubric, language)):
            yield "" if i else "policies", text
    yield "rules hash", results.rules_sha256
    if cells_sha256:
        yield "cells hash", cells_sha256


def _policies(rubric: Rubric, language: Language) -> Iterator[str]:
    """The lines that settle what sentences leave open, and what holds where no line says otherwise."""
    for one in rubric.stated:
        text = one.span.text.strip() if one.of is None else f"{one.of}: {one.span.text.strip()}"
        yield word("stated", language, text=text, line=one.span.line)
    if rubric.check_date is not None:
        yield word("check date", language, date=rubric.check_date)
    said = {one.what for one in rubric.stated}
    for what in ("targets", "points places", "total places"):
        if what not in said:
            yield word(f"default {what}", language)
    if any(one.worth is not None for one in rubric.indicators) and "no floor" not in said:
        yield word("default floor", language)


def _reading(
    others: Sequence[str], links: Mapping[str, int], asked: Period | None, language: Language
) -> Iterator[tuple[str, str]]:
    scores, awards, issues = others
    yield "how to read", word("read scores", language, sheet=scores)
    yield "", word("read awards", language, sheet=awards, change=word("change", language))
    yield "", word("read issues", language, sheet=issues)
    for sheet, count in links.items():
        if count > MOST_LINKS:
            yield "", word("links left", language, sheet=sheet, limit=MOST_LINKS, n=count)
    yield "how again", word("again", language, period="" if asked is None else f" --period {asked}")
