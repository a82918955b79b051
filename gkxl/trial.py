"""One sentence on the spot: `gkxl try`. Names are declared by the values given for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, GkError, Language, Source
from gkxl.language import tree
from gkxl.language.lines import sentence_of
from gkxl.language.parse import language_of, make_line, parse_statement
from gkxl.language.vocabulary import Line, Vocabulary
from gkxl.language.words import name_atoms, read_day, read_number, words
from gkxl.model import rules
from gkxl.model.lower import lower
from gkxl.model.scope import Known, Scope
from gkxl.periods import PeriodKind, period_of
from gkxl.run.facts import Cells, Fact, State, price_key, prices_key
from gkxl.run.interpret import award
from gkxl.run.results import Award
from gkxl.run.uses import nodes
from gkxl.values import Kind, Number, add, exact, is_whole, name_key, negate, normalise

_YES = {"是", "有", "√", "yes", "y", "true"}
_NO = {"否", "无", "×", "x", "no", "n", "false"}
_NOT_APPLICABLE = {"不涉及", "不适用", "n/a", "na", "/"}
_TRY_NAME = "try"
_UNREAD = (d.UNREADABLE, d.UNKNOWN_NAME, d.STRAY_CLAUSE)

Keyed = dict[str, dict[tuple[str, ...], tuple[int, Cells]]]  # the counts by name and key


@dataclass(frozen=True, slots=True)
class SentenceAward(Award):
    """The awards of all clauses of one sentence, added up."""

    awards: tuple[Award, ...] = ()

    @property
    def because(self) -> str:
        joint = ";" if self.sentence.language == "zh" else "; "
        return joint.join(one.because for one in self.awards)


def try_sentence(text: str, values: Mapping[str, object]) -> Award:
    """The award of one sentence: its `points` (Decimal or Fraction) and the text `because`.

    `values` maps names to what `gkxl try` takes: `2`, `95%`, `1.2亿`, `1/4`, `是/否/yes/no`, `2025-10-31`, a blank, `N/A`,
    as text or as Python values (bool, int, Decimal, Fraction, date); `NAME.KEY` maps to the count of one key of a price
    list. Raises GkError with the diagnostics of a sentence that is refused.
    """
    facts: dict[str, Fact] = {}
    kinds: dict[str, Kind | None] = {}
    keyed: Keyed = {}
    for name, given in values.items():
        kind, fact = read_value(given)
        name, key = keyed_name(name, text)
        if key:
            kind, fact = count_key(keyed, name, key, kind, fact, given, told_in(text))
        facts[name], kinds[name] = fact, kind
    try:
        prepared = prepare(text, kinds, [key for counts in keyed.values() for (key,) in counts])
    except GkError as error:
        raise GkError(misnamed(text, [*facts], error.diagnostics)) from None
    return prepared.award(facts, keyed)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sentence that has been read for values of certain kinds, to be tried on any number of them."""

    line: Line
    sentence: rules.Sentence

    def award(self, facts: Mapping[str, Fact], keyed: Keyed) -> Award:
        """The award on these facts, by name, and counts of keys, by name and key; raises GkError."""
        facts, language = dict(facts), self.line.language
        for clause in self.sentence.clauses:
            if isinstance(clause, rules.Prices):
                facts[prices_key(clause)] = _counts(clause, keyed, language)
        facts |= _days(self.sentence, facts)
        awards, told = award(self.sentence, facts)
        if d.has_errors(told):
            raise GkError(told)
        if not awards:
            raise GkError([Diagnostic(d.NOTHING_APPLIES, self.line.span, language, {"text": self.line.text})])
        return awards[0] if len(awards) == 1 else _together(awards)


def prepare(text: str, kinds: Mapping[str, Kind | None], keys: Sequence[str] = ()) -> Prepared:
    """Read one sentence; `kinds` of the names it may use (None: unknown), `keys` of its price lists. Raises GkError."""
    source, default = Source(_TRY_NAME, text), told_in(text)
    vocabulary = Vocabulary()
    for name in kinds:
        vocabulary.add(name)
    for key in keys:
        if not _is_other(key, default):
            vocabulary.add_key(key)
    start, end, _ = sentence_of(text)
    language = language_of(text[start:end], vocabulary, default)
    line = make_line(text[start:end], source, start, language, vocabulary)
    statement, told = parse_statement(line)
    if statement is None:
        raise GkError(told)
    if not isinstance(statement, tree.Sentence):
        raise GkError([Diagnostic(d.NO_POINTS, line.span, language, {"text": line.text})])
    for said in statement.clauses:
        if isinstance(said, tree.Repeats) and said.what != "add up":
            raise GkError([Diagnostic(d.ROWS_NEEDED, said.span, language, {"text": line.text})])
    terms = {name_atoms(name): Known(name, kind) for name, kind in kinds.items()}
    lowered, told = lower(statement, Scope(terms, trial=True))
    if lowered is None:
        raise GkError(told)
    return Prepared(line, lowered)


def misnamed(text: str, names: Sequence[str], told: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """What is wrong with a sentence that cannot be read: a name given that is not in it, or one of it that is not given.

    `told`, where it is neither.
    """
    if not any(one.code in _UNREAD for one in told):
        return told
    zh = told[0].language == "zh"
    strange = next((name for name in names if not _stands_in(name, text)), None)
    missing = (str(one.values["name"]) for one in told if one.code is d.UNKNOWN_NAME)
    if strange is not None:
        found = f"句子里没有“{strange}”" if zh else f"“{strange}” does not"
    elif not names:
        found = "一个也没有给" if zh else "none is given"
    elif name := next((one for one in missing if _stands_in(one, text)), None):
        found = f"“{name}”没有给" if zh else f"“{name}” is not given"
    else:
        return told
    return [Diagnostic(d.NOT_IN_SENTENCE, None, told[0].language, {"found": found})]


def _stands_in(name: str, sentence: str) -> bool:
    atoms, said = name_atoms(name), name_atoms(sentence)
    return bool(atoms) and any(said[at : at + len(atoms)] == atoms for at in range(len(said)))


def told_in(text: str) -> Language:
    """The language to answer a text in before it has been read."""
    return "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en"


def count_key(
    keyed: Keyed, name: str, key: str, kind: Kind | None, fact: Fact, given: object, language: Language
) -> tuple[Kind, Fact]:
    """Add the count of one key of a price list; the kind and fact of its term. Raises GkError where it is no count."""
    if kind is not Kind.NUMBER or not isinstance(fact.value, Decimal) or not is_whole(fact.value) or fact.value < 0:
        raise GkError([Diagnostic(d.NO_COUNT, None, language, {"name": f"{name}.{key}", "value": given})])
    counts = keyed.setdefault(name, {})
    counts[(key,)] = (int(fact.value), Cells("", 0, ()))
    return Kind.NUMBER, Fact(State.OK, Decimal(sum(count for count, _ in counts.values())))


def _days(sentence: rules.Sentence, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The days without a year that a sentence names: those of the year, or month, of the first date that is given."""
    given = next((fact.value for fact in facts.values() if isinstance(fact.value, datetime)), None)
    if given is None:
        return {}
    month = period_of(given.date(), PeriodKind.MONTH)
    return {
        day.shown: Fact(State.OK, datetime.combine(replace(day.rule, later=0).within(month), time()))
        for day in nodes(sentence.clauses)
        if isinstance(day, rules.DayIn)
    }


def _together(awards: tuple[Award, ...]) -> SentenceAward:
    points: Number = Decimal(0)
    uncapped: Number = Decimal(0)
    facts: dict[str, Fact] = {}
    for one in awards:
        points, uncapped = add(points, one.points), add(uncapped, one.uncapped)
        facts |= one.facts
    first = awards[0]
    fired = any(one.fired for one in awards)
    return SentenceAward(
        first.sentence, first.clause, first.branch, points, uncapped, facts, fired, first.period, awards=awards
    )


def _counts(prices: rules.Prices, keyed: Keyed, language: Language) -> Fact:
    """The counts by key; a counted key that has no price is an error unless the others count nothing."""
    counts = keyed.get(prices.ref.term)
    if counts is None:
        raise GkError([Diagnostic(d.NO_KEYS, prices.span, language, {"name": prices.ref.shown})])
    priced = {price_key(price.key) for price in prices.prices}
    stray = [key for key, (count, _) in counts.items() if count and price_key(key) not in priced]
    if stray and prices.otherwise is None:
        keys = ("、" if language == "zh" else ", ").join(" ".join(price.key) for price in prices.prices)
        said: dict[str, object] = {"name": prices.ref.shown, "key": " ".join(stray[0]), "keys": keys}
        raise GkError([Diagnostic(d.NO_SUCH_KEY, prices.span, language, said)])
    return Fact(State.OK, counts)


def _is_other(key: str, language: Language) -> bool:
    """其他: what stands for all other keys is no key of its own."""
    return name_key(key) in map(name_key, words(language).terminals["OTHERWISE"])


def keyed_name(given: str, text: str) -> tuple[str, str]:
    """NAME.KEY, or NAME.KEY.KEY of two columns, unless the name with its dot is what the sentence says (PM2.5)."""
    said = name_key(text)
    parts = given.split(".")
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        if name_key(name) in said:
            return name, " ".join(parts[end:])
    name, _, key = given.rpartition(".")
    return (name, key) if name else (given, "")


def read_value(given: object) -> tuple[Kind | None, Fact]:
    """The kind and fact of a value as a cell may hold it. A blank and a not applicable have no kind."""
    match given:
        case None:
            return None, Fact(State.MISSING, None)
        case bool():
            return Kind.YESNO, Fact(State.OK, given)
        case int():
            return Kind.NUMBER, Fact(State.OK, Decimal(given))
        case Fraction():
            return Kind.NUMBER, Fact(State.OK, exact(given))
        case datetime():
            return Kind.DATE, Fact(State.OK, given)
        case date():
            return Kind.DATE, Fact(State.OK, datetime.combine(given, time()))
    text = normalise(str(given)).strip()
    folded = text.casefold()
    if not text:
        return None, Fact(State.MISSING, None)
    if folded in _NOT_APPLICABLE:
        return None, Fact(State.NOT_APPLICABLE, None, text=text)
    if folded in _YES or folded in _NO:
        return Kind.YESNO, Fact(State.OK, folded in _YES)
    day = read_day(text, 0)
    if day and day[0] and day[1] == len(text):
        return Kind.DATE, Fact(State.OK, datetime.combine(day[0], time()))
    unsigned = re.sub(r"^[+-]", "", text)
    number = read_number(unsigned, 0, han=False)
    if number and number.value is not None and number.end == len(unsigned):
        value = negate(number.value) if text[0] == "-" else number.value
        return number.kind, Fact(State.OK, value)
    return Kind.TEXT, Fact(State.OK, text)
