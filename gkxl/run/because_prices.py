"""Why a price list gave what it gave, and what caps did: the parts of explanations that are about awards as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gkxl.model.rules import Prices
from gkxl.run.caps import clamped
from gkxl.run.facts import price_key
from gkxl.run.results import Award
from gkxl.run.wording import Wording
from gkxl.values import Number


def capped(award: Award, words: Wording) -> list[str]:
    """What the caps of clause and sentence did."""
    if award.points == award.uncapped:
        return []
    told: list[str] = []
    before = award.uncapped
    for cap in award.clause.cap.chain() if award.clause.cap is not None else ():
        after = clamped(before, cap.limit)
        if after != before:
            told.append(words.capped(before, cap.limit, cap.per, False))
        before = after
        if after == award.points:
            return told
        if cap.then is None and cap is not award.clause.cap:  # what other periods left of it
            return [*told, words.capped(before, cap.limit, cap.per, False)]
    whole = award.sentence.cap
    if whole is None:
        return []
    return [words.capped(award.uncapped, whole.limit, whole.per, len(award.sentence.clauses) > 1)]


def price_list(award: Award, prices: Prices, words: Wording) -> str:
    fact = next(iter(award.facts.values()))
    counts = fact.value if isinstance(fact.value, Mapping) else {}
    details = len(prices.repeats.columns) if prices.repeats is not None else 0
    found = Counter[str]()
    for key, (count, _) in counts.items():
        found[price_key(key[: len(key) - details])] += count
    for price in prices.prices:
        found.pop(price_key(price.key), None)
    others = sum(found.values())
    rest = words.others if prices.prices[0].key else prices.ref.shown or prices.ref.term
    names = {price_key(price.key): words.key(price.key) or rest for price in prices.prices}
    plain = Counter[tuple[str, Number]]()
    terms, dropped = [], []
    for rows in award.rows:
        name = names.get(price_key(rows.key), rest)
        if rows.instead is not None:
            dropped.append(words.dropped(name, rows, prices.repeats.once if prices.repeats else None))
        elif rows.times or rows.sharers != 1:
            terms.append(words.adjusted(name, rows, prices.repeats.share if prices.repeats else None))
        else:
            plain[name, rows.price] += rows.count
    order = [*names.values(), rest]
    lines = [(name, count, points) for (name, points), count in plain.items()]
    lines.sort(key=lambda line: order.index(line[0]))
    parts = [words.price_list(lines, award.uncapped, prices.label, terms), *dropped]
    if others and not prices.otherwise:
        parts.append(words.unpriced(others, prices.label))
    if cut := capped(award, words):
        return words.comma.join([*parts, *cut]) + words.colon + words.gives(award.points, "none")
    return words.comma.join(parts)
