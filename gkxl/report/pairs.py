"""Two rule files side by side: which indicator and sentence of one stands for which of the other, and what differs."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from gkxl.diagnostics import Span
from gkxl.model.rules import Rubric, Sentence
from gkxl.values import name_key

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence or line of a rule file, as written."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One sentence or line that means something else in the new rules, or stands in one of them alone.

    `what`: "rank", "grades", "term" …; empty for sentences. `of`: the indicator or part it is about, by its new name.
    """

    old: Said | None
    new: Said | None
    what: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Pairs:
    """`indicators`: new name by old name. `sentences`: the old one's and the new one's, each as its place in the text.

    `differ` has what is not the same, in the order of the new rules, what is gone last.
    """

    indicators: Mapping[str, str]
    old: Mapping[int, int]
    new: Mapping[int, int]
    differ: tuple[RuleChange, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    """`key` says what it is and of what name; `home` the indicator or part it belongs to, by its new name."""

    key: Hashable
    meaning: object
    said: Said
    home: str = ""
    what: str = ""


def pair(old: Rubric, new: Rubric) -> Pairs:
    """Indicators by their names, else by their order if as many are left over; sentences by their text, else by order."""
    names = _indicators(old, new)
    before, after = list(_sentences(old, names)), list(_sentences(new, {}))
    sentences = _paired(
        before, after, (lambda one: (one.home, one.key), lambda one: one.key, lambda one: (one.home, None))
    )
    lines = _paired(list(_lines(old, names)), list(_lines(new, {})), (lambda one: one.key,))
    places: tuple[dict[int, int], dict[int, int]] = {}, {}
    for number, both in enumerate(sentences):
        for place, one in zip(places, both, strict=True):
            if one is not None:
                place[one.said.span.start] = number
    differ = tuple(_change(a, b) for a, b in [*lines, *sentences] if a is None or b is None or a.meaning != b.meaning)
    return Pairs(names, *places, differ)


def _change(old: _Item | None, new: _Item | None) -> RuleChange:
    one = new or old
    assert one is not None
    return RuleChange(old.said if old else None, new.said if new else None, one.what, one.home)


def _indicators(old: Rubric, new: Rubric) -> dict[str, str]:
    pairs = _paired([one.name for one in old.indicators], [one.name for one in new.indicators], (name_key,))
    gone, came = ([pair[at] for pair in pairs if pair[1 - at] is None] for at in (0, 1))
    if len(gone) == len(came):
        pairs += zip(gone, came, strict=True)
    return {a: b for a, b in pairs if a is not None and b is not None}


def _paired(
    old: Sequence[T], new: Sequence[T], keys: Sequence[Callable[[T], Hashable]]
) -> list[tuple[T | None, T | None]]:
    """Each of `old` with one of `new` by the first of `keys` that agrees, in order; what is left over stands alone."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for key in keys:
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for i, one in enumerate(old):
            if i not in taken:
                waiting[key(one)].append(i)
        for j, one in enumerate(new):
            if j not in partner and (found := waiting.get(key(one))):
                partner[j] = found.popleft()
                taken.add(partner[j])
    pairs: list[tuple[T | None, T | None]] = [
        (old[partner[j]] if j in partner else None, one) for j, one in enumerate(new)
    ]
    return pairs + [(one, None) for i, one in enumerate(old) if i not in taken]


def _sentences(rubric: Rubric, names: Mapping[str, str]) -> Iterator[_Item]:
    """All that are written once, though they may have been lowered to several."""
    homes = [(names.get(one.name, one.name), one.sentences) for one in rubric.indicators]
    for home, sentences in [*homes, ("", rubric.sentences)]:
        together: defaultdict[int, list[Sentence]] = defaultdict(list)
        for sentence in sentences:
            together[sentence.span.start].append(sentence)
        for same in together.values():
            meaning = [replace(one, language="zh", article="") for one in same]
            yield _Item(name_key(same[0].text.rstrip("。.")), meaning, Said(same[0].text, same[0].span), home)


def _lines(rubric: Rubric, names: Mapping[str, str]) -> Iterator[_Item]:
    """The other lines that decide something. What a line of no core of its own means is its text."""
    core = {"missing": rubric.missing, "rank": rubric.ranking, "total": rubric.totals, "converted": rubric.conversion}
    for line in (rubric.units, *rubric.sheets, rubric.working_days, rubric.gate):
        if line is not None and line.span is not None:
            what = type(line).__name__
            yield _Item((what, getattr(line, "sheet", None)), line, _line(line.span), what=what)
    for term in rubric.terms.values():
        if term.stated:
            yield _Item(("term", name_key(term.name)), replace(term, kind=None), _line(term.span), what="term")
    for part in rubric.parts:
        yield _Item(("part", name_key(part.name)), replace(part, name=""), _line(part.span), part.name, "part")
    for indicator in rubric.indicators:
        name = names.get(indicator.name, indicator.name)
        meaning = replace(indicator, sentences=(), name="")
        yield _Item(("indicator", name), meaning, _line(indicator.span), name, "indicator")
    for stated in rubric.stated:
        own = core.get(stated.what) if stated.of is None else None
        of = names.get(stated.of or "", stated.of or "")
        yield _Item((stated.what, of), own or name_key(stated.span.text), _line(stated.span), of, stated.what)
    for check in rubric.forms.checks:
        yield _Item(("check", name_key(check.name)), replace(check, language="zh"), _line(check.span), what="check")
    bands = {band.span.start: band.span for band in rubric.grades if band.span is not None}
    for number, (start, span) in enumerate(bands.items()):
        same = [band for band in rubric.grades if band.span is not None and band.span.start == start]
        yield _Item(("grades", number), same, _line(span), what="grades")


def _line(span: Span) -> Said:
    return Said(span.source.line(span.line).strip(), span)
