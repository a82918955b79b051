"""S13: rows that count double, that several share, and events of which the highest alone counts, over an indicator.

The order is double → share → highest only → cap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gkxl.diagnostics import EVENT_TWICE, Language
from gkxl.model.rules import Prices, Repeats
from gkxl.run.caps import capped_together, clamped
from gkxl.run.context import ZERO, Facts, Site
from gkxl.run.facts import Cells, Fact, State
from gkxl.run.results import Award, PricedRows
from gkxl.values import Number, add, divide, multiply, name_key, negate


def priced_rows(
    repeats: Repeats | None, key: tuple[str, ...], details: tuple[str, ...], price: Number, count: int, cells: Cells
) -> PricedRows:
    """Rows of one key and the same details (those of `repeats.columns`), doubled and shared."""
    if repeats is None:
        return PricedRows(key, price, price, count, cells)
    waiting = list(details)
    event = waiting.pop(0) if repeats.once is not None else ""
    times = tuple(one for one, said in zip(repeats.times, waiting, strict=False) if said)
    sharers = Decimal(waiting[-1]) if repeats.share is not None else Decimal(1)
    points = price
    for _, factor in times:
        points = multiply(points, factor)
    return PricedRows(key, price, divide(points, sharers), count, cells, event, times, sharers)


def tell_events_twice(awards: Sequence[Award], facts: Facts) -> bool:
    """Whether a row is priced by two lists of an indicator that does not say what that means; tells of each."""
    owners: dict[tuple[str, int], Award] = {}
    found = False
    for award in awards:
        for rows in award.rows:
            sheet, column, numbers = rows.cells
            for number in numbers:
                other = owners.setdefault((sheet, number), award)
                if other.clause is not award.clause:
                    sentence = award.sentence
                    site = Site(sentence.text, sentence.span, sentence.language)
                    row = Fact(State.ERROR, None, (Cells(sheet, column, [number]),))
                    first, second = other.sentence.text, sentence.text
                    notes = _CHOICES[sentence.language]
                    facts.tell(EVENT_TWICE, "", site, key=number, fact=row, notes=notes, first=first, second=second)
                    found = True
    return found


_CHOICES: dict[Language, tuple[str, ...]] = {
    "zh": ("在这个指标里写一句:同一标题取最高一项,不重复计分。(「标题」换成能认出同一件事的那一列)", "或者:可累计。"),
    "en": (
        "Write in this indicator: per Title only the highest counts. (Title: the column that tells the same fact)",
        "Or: these add up.",
    ),
}


def settle_repeats(awards: Sequence[Award]) -> list[Award]:
    """The awards of an indicator in one period: of each event the highest counts, then caps of clause and sentence."""
    best: dict[tuple[str, bool], tuple[Number, Cells]] = {}
    for award in awards:
        for rows in award.rows if _once(award) else ():
            event = (name_key(rows.event), rows.points < 0)
            if event not in best or _size(rows.points) > _size(best[event][0]):
                best[event] = (rows.points, rows.cells)
    settled: list[Award] = []
    for award in awards:
        clause = award.clause
        if _once(award):
            kept: list[PricedRows] = []
            for rows in award.rows:
                kept += _kept(rows, best[name_key(rows.event), rows.points < 0][1])
            total: Number = ZERO
            for rows in kept:
                if rows.instead is None:
                    total = add(total, multiply(rows.points, Decimal(rows.count)))
            award = replace(award, points=total, uncapped=total, fired=total != 0, rows=tuple(kept))
        if isinstance(clause, Prices) and clause.repeats is not None and clause.cap is not None:
            award = replace(award, points=clamped(award.uncapped, clause.cap.limit))
        settled.append(award)
    result: list[Award] = []
    at = 0
    while at < len(settled):
        sentence, end = settled[at].sentence, at
        while end < len(settled) and settled[end].sentence is sentence:
            end += 1
        own = settled[at:end]
        later = any(isinstance(clause, Prices) and clause.repeats is not None for clause in sentence.clauses)
        result += capped_together(own, sentence.cap) if sentence.cap is not None and later else own
        at = end
    return result


def _once(award: Award) -> bool:
    clause = award.clause
    return isinstance(clause, Prices) and clause.repeats is not None and clause.repeats.once is not None


def _size(points: Number) -> Number:
    return negate(points) if points < 0 else points


def _kept(rows: PricedRows, best: Cells) -> list[PricedRows]:
    """The first of the rows where they are those that count; the others, which give nothing."""
    where = next(best.refs())
    if rows.cells is not best:
        return [replace(rows, instead=where)]
    sheet, column, numbers = best
    first = replace(rows, count=1, cells=Cells(sheet, column, numbers[:1]))
    rest = replace(rows, count=rows.count - 1, cells=Cells(sheet, column, numbers[1:]), instead=where)
    return [first, rest] if len(numbers) > 1 else [first]
