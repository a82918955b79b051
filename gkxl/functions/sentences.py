"""One sentence on values from cells: what GK.POINTS gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, GkError
from gkxl.functions.arguments import Argument, Call, CellError, is_number, number, single
from gkxl.functions.cache import Cache
from gkxl.functions.help import NAME, SENTENCE, VALUE
from gkxl.run.facts import Fact, State
from gkxl.trial import Keyed, Prepared, count_key, keyed_name, misnamed, prepare, read_value
from gkxl.values import Kind, Number, shown
from gkxl.workbook import stored

_SENTENCES_KEPT = 1_000_000  # characters
_MOST_RATE = 10


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence read for values of certain kinds, or what is wrong with it; `kinds` that numbers are needed as."""

    sentence: Prepared | None
    kinds: dict[str, Kind | None]
    told: tuple[Diagnostic, ...] = ()


class Sentences:
    """The sentences used last, each read once for all cells that try it on values of the same kinds."""

    def __init__(self) -> None:
        self._read: Cache[_Read] = Cache(_SENTENCES_KEPT)

    def points(self, call: Call, sentence: Argument, given: Sequence[Argument]) -> Number:
        """The points of a sentence on pairs of a name and a value; raises GkError."""
        text = call.name(SENTENCE.label, sentence, "一句规则", "one sentence")
        facts: dict[str, Fact] = {}
        kinds: dict[str, Kind | None] = {}
        keyed: Keyed = {}
        numbers = []
        for name, value in _pairs(call, given):
            kind, fact = _fact(call, name, value)
            term, key = keyed_name(name, text)
            if key:
                kind, fact = count_key(keyed, term, key, kind, fact, value, call.language)
            elif kind is Kind.NUMBER and not isinstance(value, str):
                numbers.append(term)
            facts[term], kinds[term] = fact, kind
        keys = tuple(key for counts in keyed.values() for (key,) in counts)
        what = (text, tuple(kinds.items()), keys, tuple(numbers))
        read = self._read.get(what, lambda: _read(text, kinds, keys, numbers), len(text) + 100)
        if read.sentence is None:
            raise GkError(misnamed(text, [*facts], read.told))
        for name in numbers:
            facts[name] = _as(call, name, facts[name], read.kinds[name])
        try:
            return read.sentence.award(facts, keyed).points
        except GkError as error:
            blank = next((one for one in error.diagnostics if one.code is d.FACT_MISSING), None)
            if blank is None:
                raise
            name = str(blank.values["term"])
            raise call.refused(name, "一个值(空格不当作 0)", "a value (a blank is no 0)", None) from None


def _pairs(call: Call, given: Sequence[Argument]) -> list[tuple[str, Argument]]:
    """Names and values; a last name that is blank is one that the wizard showed and nobody used."""
    given = [*given]
    if len(given) % 2 and (given[-1] is None or given[-1] == ""):
        given.pop()
    while len(given) > 2 and given[-2] in (None, "") and given[-1] in (None, ""):
        del given[-2:]
    if len(given) % 2:
        raise call.refused(VALUE, f"“{given[-1]}”的值", f"the value of “{given[-1]}”", None)
    names = [call.name(NAME, name, "规则里的名称", "a name in the sentence") for name in given[::2]]
    return list(zip(names, given[1::2], strict=True))


def _fact(call: Call, name: str, given: Argument) -> tuple[Kind | None, Fact]:
    value = single(given)
    if isinstance(value, tuple | CellError) or (isinstance(value, float) and not is_number(value)):
        raise call.refused(name, "一个单元格的值", "the value of one cell", value)
    if is_number(value):
        return Kind.NUMBER, Fact(State.OK, number(value))
    return read_value(value)


def _read(text: str, kinds: dict[str, Kind | None], keys: Sequence[str], numbers: Sequence[str]) -> _Read:
    """Numbers are what the sentence needs: a number, else a rate, else a date."""
    try:
        return _Read(prepare(text, kinds, keys), kinds)
    except GkError as error:
        told = error.diagnostics
    needed = dict(kinds)
    for name in numbers:
        others: dict[str, Kind | None] = dict.fromkeys(kinds)
        needed[name] = next(
            (kind for kind in (Kind.NUMBER, Kind.RATE, Kind.DATE) if _fits(text, others | {name: kind}, keys)), None
        )
    try:
        return _Read(prepare(text, needed, keys), needed)
    except GkError:
        return _Read(None, kinds, told)


def _fits(text: str, kinds: dict[str, Kind | None], keys: Sequence[str]) -> bool:
    try:
        prepare(text, kinds, keys)
    except GkError:
        return False
    return True


def _as(call: Call, name: str, fact: Fact, kind: Kind | None) -> Fact:
    """A number as the rate or date that is needed."""
    value = fact.value
    assert isinstance(value, Decimal)
    if kind is Kind.RATE and value > _MOST_RATE:
        said: dict[str, object] = {"column": name, "value": shown(value)}
        raise GkError([Diagnostic(d.RATE_ABOVE_TEN, None, call.language, said)])
    if kind is not Kind.DATE:
        return fact
    day = stored.serial(value, False)
    if day is None:
        raise call.refused(name, "日期", "a date", stored.double(value))
    return Fact(State.OK, day)
