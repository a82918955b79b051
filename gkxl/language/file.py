"""Rule file → tree. Two passes: the lines and what they declare, then each line by the grammar with that vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, TypeGuard

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Source, Span
from gkxl.language import tree
from gkxl.language.clauses import sets_total
from gkxl.language.form_lexer import is_of_a_form
from gkxl.language.form_lines import check_line
from gkxl.language.headings import (
    example_line,
    expected_of,
    given_of,
    masked,
    name_of,
    options_of,
    period_line,
    unquoted,
    working_days_line,
)
from gkxl.language.inline import with_terms
from gkxl.language.lines import TextLine, split_lines
from gkxl.language.parse import LONGEST, language_of, parse_form, parse_part, parse_statement, to_be_quoted
from gkxl.language.published import published_line
from gkxl.language.statements import Statement
from gkxl.language.vocabulary import Line, Vocabulary, names_in
from gkxl.language.words import read_day
from gkxl.values import name_key

DEFINES = re.compile(r"(?<![<>!=])=(?!=)")
# Left sides of = that are sentences: 得分=…, 总分=各指标之和.
_NO_TERMS = re.compile(
    r"(?:本项|本指标|指标|该项|实际|应)?得分|分数|计分|(?:应)?(?:扣|加|减|扣减)分[数值]?|总分|总得分|总成绩"
    r"|(?:the\s+)?(?:score|deduction)|points|(?:the\s+)?total(?:\s+score)?",
    re.IGNORECASE,
)
# And those that may be either: 年度成绩=四个季度平均分 is a total, 年度成绩 = 成绩表 的 年度成绩 a term.
_TOTALS = re.compile(
    r"(?:年度|全年|年终|半年|季度|月度)\S{0,6}(?:得分|成绩|总分|分数|评分)"
    r"|(?:the\s+)?(?:(?:year|half-year|quarter|month)(?:['’]s\s+total)?|(?:year|annual|quarter|month)(?:ly)?\s+total)",
    re.IGNORECASE,
)
# What a name does not end in: a worth without 分, a rule on the same line.
_STRAY = re.compile(r"(?<=\s)\d+(?:\.\d+)?$|\s\S*(?:[加减扣得计]\s*\d|不得分|earns?\b|costs?\b).*")
_BARE_WEIGHT = re.compile(r"(?:权重|\bweight)\s*(\d+(?:\.\d+)?)(?![\d.%])", re.IGNORECASE | re.ASCII)
_INDICATOR_POLICIES = (
    "missing", "partial", "not reported", "no floor", "floor", "earnings cap", "deductions cap", "targets", "not applicable",
)  # fmt: skip

MOST_LINES = 30_000  # statements of one file; the longest published rubrics have some 500
MOST_ERRORS = 200  # then the rest is not read


@dataclass
class _Reading:
    """What has been read so far; lives for one call of parse_file."""

    source: Source
    language: Language
    terms: Vocabulary = field(default_factory=Vocabulary)
    indicators: Vocabulary = field(default_factory=Vocabulary)
    scores: Vocabulary = field(default_factory=Vocabulary)  # indicators and parts
    names: Vocabulary = field(default_factory=Vocabulary)  # terms, indicators and parts
    told: list[Diagnostic] = field(default_factory=list)
    inline: dict[str, tree.Definition] = field(default_factory=dict)  # what stands in sentences, by its name

    def span(self, line: TextLine) -> Span:
        return Span(self.source, line.start, line.start + len(line.text))

    def tell(self, code: d.Code, span: Span, *notes: str, language: Language | None = None, **values: object) -> None:
        self.told.append(Diagnostic(code, span, language or self.language, values, notes))

    def parsed(self, line: TextLine, rule: str, language: Language, start: int = 0) -> Any:
        """The tree of (the rest of) a line by a rule of the grammar."""
        span = Span(self.source, line.start + start, line.start + len(line.text))
        said = Line(line.text[start:], span, language, self.terms, definition=True)
        if rule == "definition" and is_of_a_form(said):
            result, told = parse_form(said, "form_terms")
        else:
            result, told = parse_part(said, f"{language}_{rule}")
        self.told += to_be_quoted(told, said.text, self.language)
        return result


def parse_file(
    source: Source, terms: Vocabulary | None = None, scores: Vocabulary | None = None
) -> tuple[tree.File, list[Diagnostic]]:
    """The whole file; what cannot be read is left out and told, and hides nothing else.

    `terms` and `scores` (the indicators): what is declared elsewhere, for a text that is only part of a file.
    """
    lines = list(islice(split_lines(source.text), MOST_LINES + 1))
    terms, scores = terms or Vocabulary(), scores or Vocabulary()
    names = Vocabulary((*terms.names.values(), *scores.names.values()))
    whole = Vocabulary(scores.names.values())
    reading = _Reading(source, _language(lines, source), terms, scores, whole, names)
    lines = _within_limits(lines, reading)
    definitions = _declare(lines, reading)
    file = tree.File(language=reading.language, span=Span(source, 0, 0))
    statements: list[Any] = []
    indicator: tree.IndicatorNode | None = None
    part: tree.Name | None = None
    example: tree.Example | None = None
    indicators: list[tree.IndicatorNode] = []
    examples: list[tree.Example] = []
    parsed_definitions: list[tree.Definition] = []
    sheets: list[tree.SheetLine] = []
    checks: list[tree.Check] = []
    parts: list[tree.PartNode] = []
    published: list[tree.Published] = []
    own: dict[int, list[Any]] = {}  # statements by number of their indicator
    refused: list[tree.Name] = []
    unread: set[str] = set()
    for at, line in enumerate(lines):
        if len(reading.told) > MOST_ERRORS:
            break
        span = reading.span(line)
        heading_language: Language = "en" if line.language == "en" else "zh"
        if line.heading in ("given", "expect", "expect error", "row"):
            example = _example_part(line, span, example, reading)
            if example is not None and examples:
                examples[-1] = example
            continue
        match line.heading:
            case "":
                if at in definitions:
                    found = _definition(line, definitions[at], reading)
                    if found:
                        parsed_definitions.append(found)
                    else:
                        refused += _nouns(line, definitions[at][0], reading)
                    continue
                statement = _statement(line, reading)
                if statement is None:
                    continue
                if indicator is not None and belongs(statement):
                    own.setdefault(len(indicators) - 1, []).append(statement)
                elif indicator is None and parts and belongs(statement) and isinstance(statement, tree.Policy):
                    policies: tuple[tree.Policy, ...] = (*parts[-1].statements, statement)
                    parts[-1] = replace(parts[-1], statements=policies)
                else:
                    statements.append(sets_total(statement) if isinstance(statement, tree.Sentence) else statement)
            case "title":
                file = replace(file, title=unquoted(line.text))
            case "basis":
                file = replace(file, basis=unquoted(line.text))
            case "units":
                if file.units is not None:
                    reading.tell(d.ONCE_ONLY, span, what=line.text)
                units = reading.parsed(line, "units", heading_language)
                unread |= set() if units else {"units"}
                file = replace(file, units=units or file.units)
            case "sheet":
                sheet = reading.parsed(line, "sheet", heading_language)
                if sheet and any(name_key(one.sheet.text) == name_key(sheet.sheet.text) for one in file.sheets):
                    reading.tell(d.ONCE_ONLY, span, what=line.text)
                sheets += [sheet] if sheet else []
            case "period":
                period, told = period_line(line, source, heading_language)
                reading.told += told
                if file.period is not None:
                    reading.tell(d.ONCE_ONLY, span, what=line.text)
                unread |= set() if period else {"period"}
                file = replace(file, period=period or file.period)
            case "check date":
                file = replace(file, check_date=_check_date(line, span, reading))
            case "working days":
                calendar = working_days_line(line, span)
                if calendar is None:
                    reading.tell(d.UNREADABLE, span, *d.WORKING_DAYS_LINES[heading_language], text=line.text)
                if file.working_days is not None:
                    reading.tell(d.ONCE_ONLY, span, what=line.text)
                file = replace(file, working_days=calendar or file.working_days)
            case "full marks":
                file = replace(file, full_marks=_full_marks(line, span, reading))
            case "indicator" | "bonus":
                name, options = options_of(line.text, span)
                stray = _STRAY.search(name)
                if not name or stray:
                    text = stray.group().strip() if stray else line.text
                    start = span.start + max(line.text.find(text), 0)
                    place = Span(source, start, start + len(text))
                    reading.tell(d.INDICATOR_LINE_UNREAD, place, text=text)
                    name = name or line.text or "?"
                _tell_weight(line, span, reading)
                indicator = tree.IndicatorNode(
                    name_of(name, span), options, line.heading == "bonus", (), part, line.article, span
                )
                indicators.append(indicator)
            case "check":
                check, told = check_line(line, source, heading_language, terms)
                checks += [check] if check else []
                unread |= set() if check else {"check"}
                reading.told += told
            case "part":
                name, options = options_of(line.text, span)
                part = name_of(name or line.text, span)
                parts.append(tree.PartNode(part, options, (), span))
                indicator = None
            case "published":
                parsed = partial(reading.parsed, line)
                published += published_line(line.text, span, heading_language, reading.names, parsed, reading.tell)
            case "example":
                example = example_line(line, span)
                examples.append(example)
    return replace(
        file,
        sheets=tuple(sheets),
        parts=tuple(parts),
        definitions=(*parsed_definitions, *reading.inline.values()),
        indicators=tuple(replace(node, statements=tuple(own.get(i, ()))) for i, node in enumerate(indicators)),
        statements=tuple(statements),
        checks=tuple(checks),
        examples=tuple(examples),
        published=tuple(published),
        refused=tuple(refused),
        unread=frozenset(unread),
    ), reading.told


def _within_limits(lines: list[TextLine], reading: _Reading) -> list[TextLine]:
    """Without what is too long or too much to be read in a moment, whatever it says."""
    sound = []
    for line in lines[:MOST_LINES]:
        if len(line.text) <= LONGEST:
            sound.append(line)
        elif len(reading.told) <= MOST_ERRORS:
            head = Span(reading.source, line.start, line.start + 40)
            reading.tell(d.TOO_LONG, head, length=len(line.text), limit=LONGEST)
    if len(lines) > MOST_LINES:
        reading.tell(d.TOO_MANY_LINES, reading.span(lines[MOST_LINES]), limit=MOST_LINES)
    return sound


def _language(lines: list[TextLine], source: Source) -> Language:
    """What `语言`/`language` says, else the language of the first heading word, else of the text."""
    for line in lines:
        if line.heading == "language":
            return "en" if line.text.strip().casefold() in ("en", "english", "英文", "英语") else "zh"
    for line in lines:
        if line.heading:
            return "en" if line.language == "en" else "zh"
    return "zh" if any("\u4e00" <= c <= "\u9fff" for c in source.text[:2000]) else "en"


def _declare(lines: list[TextLine], reading: _Reading) -> dict[int, tuple[list[tuple[str, int]], int]]:
    """The first pass: names on the left of =, indicators. Returns the definitions: their names and where = ends."""
    definitions: dict[int, tuple[list[tuple[str, int]], int]] = {}
    for line in lines:
        if line.heading in ("indicator", "bonus", "part"):
            name = unquoted(options_of(line.text, reading.span(line))[0])
            if line.heading != "part":
                reading.indicators.add(name)
            reading.names.add(name)
            reading.scores.add(name)
    for at, line in enumerate(lines):
        if not line.heading and (match := DEFINES.search(masked(line.text))):
            left = line.text[: match.start()]
            said = re.split("[,;:]", left)[-1].strip()
            if not left.strip(" /") or _NO_TERMS.fullmatch(said):
                continue
            if _TOTALS.fullmatch(said) and _is_total(line, said, reading):
                continue
            names, offset = [], 0
            for blotted in masked(left).split("/"):
                part = left[offset : offset + len(blotted)]
                if part.strip():
                    names.append((unquoted(part), offset + len(part) - len(part.lstrip())))
                offset += len(part) + 1
            definitions[at] = (names, match.end())
            for name, _ in names:
                reading.terms.add(name)
                reading.names.add(name)
    return definitions


def _is_total(line: TextLine, left: str, reading: _Reading) -> bool:
    """Whether the right side can be a total's: where the left does not say so, made of indicators and periods alone."""
    language = language_of(line.text, reading.scores, reading.language)
    total, told = parse_statement(Line(line.text, reading.span(line), language, reading.scores))
    if not isinstance(total, tree.TotalIs):
        return any(one.code in (d.TWO_READINGS, d.PERIODS_DO_NOT_FIT, d.SHARES_DO_NOT_ADD_UP) for one in told)
    stated = "总" in left or "total" in left.casefold()
    return stated or all(reading.scores.find(name.text) for name in names_in(total.formula))


def _definition(line: TextLine, found: tuple[list[tuple[str, int]], int], reading: _Reading) -> tree.Definition | None:
    names, start = found
    right = line.text[start:]
    language = language_of(right, reading.terms, reading.language)
    start += len(right) - len(right.lstrip())
    if start >= len(line.text):
        reading.tell(d.UNREADABLE, reading.span(line), text=line.text)
        return None
    meaning = reading.parsed(line, "definition", language, start)
    if meaning is None:
        return None
    return tree.Definition(_nouns(line, names, reading), meaning, reading.span(line))


def _nouns(line: TextLine, names: list[tuple[str, int]], reading: _Reading) -> tuple[tree.Name, ...]:
    """The names on the left of = with their places."""
    return tuple(
        tree.Name(name, Span(reading.source, line.start + at, line.start + at + len(name))) for name, at in names
    )


def _statement(line: TextLine, reading: _Reading) -> Statement | None:
    language = language_of(line.text, reading.terms, reading.language)
    statement, told = parse_statement(Line(line.text, reading.span(line), language, reading.terms))
    if statement is None or isinstance(statement, tree.TotalIs):
        # Totals, grades and gates may name indicators, which are no terms.
        scores, _ = parse_statement(Line(line.text, reading.span(line), language, reading.names))
        if isinstance(scores, tree.TotalIs) or (isinstance(scores, tree.Sentence) and not belongs(scores)):
            statement, told = scores, []
    if statement is None and "(" in line.text:
        said, found = with_terms(Line(line.text, reading.span(line), language, reading.terms))
        again, untold = parse_statement(said) if said.text != line.text else (None, [])
        if again is not None:
            statement, told = again, untold
            for one in found:
                reading.inline.setdefault(name_key(one.names[0].text), one)
    reading.told += to_be_quoted(told, line.text, reading.language)
    if isinstance(statement, tree.Sentence) and line.article:
        return replace(statement, article=line.article)
    return statement


def belongs(
    statement: Statement,
) -> TypeGuard[tree.Sentence | tree.Policy]:
    """Whether a statement under an indicator is the indicator's own; places, grades, gates and totals are the file's."""
    if isinstance(statement, tree.Rank | tree.TotalIs | tree.Converted):
        return False
    if isinstance(statement, tree.Policy):
        return statement.what in _INDICATOR_POLICIES
    return not any(isinstance(clause, tree.Grade | tree.Gate) for clause in statement.clauses)


def _tell_weight(line: TextLine, span: Span, reading: _Reading) -> None:
    """权重20 is no weight of 2000 %."""
    bare = _BARE_WEIGHT.search(line.text)
    if bare and Decimal(bare.group(1)) > 1:
        place = Span(span.source, span.start + bare.start(), span.start + bare.end())
        note = f"{bare.group()}%"
        reading.tell(d.INDICATOR_LINE_UNREAD, place, note, text=bare.group())


def _check_date(line: TextLine, span: Span, reading: _Reading) -> date | None:
    found = read_day(line.text, 0)
    if found is None or found[0] is None:
        reading.tell(d.NO_SUCH_DATE, span, text=line.text)
        return None
    return found[0]


def _full_marks(line: TextLine, span: Span, reading: _Reading) -> Decimal | None:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:分|points?)?", line.text, re.IGNORECASE | re.ASCII)
    if match is None:
        reading.tell(d.UNREADABLE, span, text=line.text)
        return None
    return Decimal(match.group(1))


def _example_part(line: TextLine, span: Span, example: tree.Example | None, reading: _Reading) -> tree.Example | None:
    if example is None:
        reading.tell(d.STRAY_CLAUSE, span, text=line.text)
        return None
    if line.heading == "row":
        cells = tuple(cell.strip() for cell in line.text.strip("|").split("|"))
        *before, table = example.given
        if isinstance(table, tree.GivenRows):
            return replace(example, given=(*before, replace(table, rows=(*table.rows, cells))))
        return example
    if line.heading == "given":
        given = given_of(line, span, reading.terms)
        if given is None:
            reading.tell(d.UNREADABLE, span, text=line.text)
            return example
        return replace(example, given=(*example.given, *given))
    if line.heading == "expect error":
        expected: tree.Expected | None = tree.Expected("error", None, line.text.strip(), span)
    else:
        expected = expected_of(line, span, reading.indicators)
    if expected is None:
        reading.tell(d.UNREADABLE, span, text=line.text)
        return example
    return replace(example, expected=(*example.expected, expected))
