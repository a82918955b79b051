"""Heading lines → tree: what stands behind 指标, 周期, 例, 已知 … and their English twins."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Source, Span
from gkxl.language import tree
from gkxl.language.lines import TextLine
from gkxl.language.views import split_view
from gkxl.language.vocabulary import Vocabulary
from gkxl.language.words import atoms, walk
from gkxl.periods import PeriodKind, parse_period
from gkxl.values import Number, normalise

_NUMBER = r"(\d+(?:\.\d+)?)"
_PERIODS: dict[str, PeriodKind] = {
    **dict.fromkeys(("月", "每月", "月度", "month", "monthly"), PeriodKind.MONTH),
    **dict.fromkeys(("季度", "每季度", "每季", "季", "quarter", "quarterly"), PeriodKind.QUARTER),
    **dict.fromkeys(("半年", "每半年", "half-year", "half-yearly"), PeriodKind.HALF),
    **dict.fromkeys(("年", "年度", "每年", "全年", "year", "yearly", "annual"), PeriodKind.YEAR),
}
# The options of an indicator, from the right end; group 1 is the value.
_OPTIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "period",
        re.compile(
            r"(?:^|\s)(每月|月度|每季度|每季|每半年|年度|每年|monthly|quarterly|half-yearly|yearly)$", re.IGNORECASE
        ),
    ),
    ("weight", re.compile(rf"(?:^|\s)(?:权重|weight)\s*{_NUMBER}(%?)$", re.IGNORECASE)),
    ("start", re.compile(rf"(?:^|\s)(?:起评|starts at)\s*{_NUMBER}\s*(?:分|points?)?$", re.IGNORECASE)),
    ("worth", re.compile(rf"(?:^|\s)(?:worth\s*)?{_NUMBER}\s*(?:分|points?)$", re.IGNORECASE)),
    ("worth", re.compile(rf"(?:^|\s)worth\s*{_NUMBER}$", re.IGNORECASE)),
    ("worth", re.compile(rf"\s*\((?:worth\s*)?{_NUMBER}\s*(?:分|points?)\)$", re.IGNORECASE)),
    ("but", re.compile(r"(?:^|\s)除\s*(.+?)\s*外$")),
    ("but", re.compile(r"(?:^|\s)except\s+(?:for\s+)?(.+?\s+units)$", re.IGNORECASE)),
    ("for", re.compile(r"(?:^|\s)限\s*((?!.*\s限)\S.*)$")),
    ("for", re.compile(r"(?:^|\s)for\s+((?!.*\sfor\s).+?\s+units)$", re.IGNORECASE)),
)
_LISTED = re.compile(r"\s*[、,]\s*|\s+and\s+|(?<=[^\s、,])[和及](?=\S)")
QUOTED = re.compile(r'「[^」]*」|"[^"]*"')
# What stands between the facts of 已知 / given; 1,000 is one number.
GIVEN_LIST = re.compile(r"[,;]\s*(?!\d{3}(?:\D|$))|、")


def unquoted(text: str) -> str:
    """A name as written, without the quotes that mark it, blanks folded."""
    text = text.strip()
    if len(text) > 1 and (text[0], text[-1]) in (("「", "」"), ('"', '"')):
        text = text[1:-1]
    return " ".join(text.split())


def name_of(text: str, span: Span) -> tree.Name:
    return tree.Name(unquoted(text), span)


def audience_words(text: str, span: Span) -> tuple[tree.Name, ...]:
    """一类单位、二类单位; `"新媒体单位" units` is the quoted word."""
    words, ends = [], [match.span() for match in _LISTED.finditer(masked(text))]
    for start, end in zip((0, *(end for _, end in ends)), (*(start for start, _ in ends), len(text)), strict=True):
        word = text[start:end]
        word = re.sub(r'^("[^"]+")\s+units$', r"\1", word.strip(), flags=re.IGNORECASE)
        if word:
            words.append(name_of(word, span))
    return tuple(words)


def masked(text: str) -> str:
    """The text with all that stands in quotes blotted out, character for character: no word there is one of ours."""
    return QUOTED.sub(lambda match: match[0][0] + "□" * (len(match[0]) - 2) + match[0][-1], text)


def folded(text: str) -> str:
    """Single blanks, but for what is quoted."""
    pieces, at = [], 0
    for match in QUOTED.finditer(normalise(text)):
        pieces += [re.sub(r"\s+", " ", text[at : match.start()]), text[match.start() : match.end()]]
        at = match.end()
    return "".join([*pieces, re.sub(r"\s+", " ", text[at:])]).strip()


def options_of(text: str, span: Span) -> tuple[str, tuple[tree.Option, ...]]:
    """The name in front and the options behind it, read from the right end as long as they are options."""
    found: list[tree.Option] = []
    text = folded(text)
    while True:
        for what, pattern in _OPTIONS:
            match = pattern.search(masked(text))
            if not match or any(option.what == ("for" if what == "but" else what) for option in found):
                continue
            value: Number | tree.Audience | PeriodKind
            if what == "period":
                value = _PERIODS[match.group(1).casefold()]
            elif what in ("for", "but"):
                value = tree.Audience(audience_words(text[slice(*match.span(1))], span), what == "but")
            else:
                value = Decimal(match.group(1))
                if what == "weight" and (match.group(2) or value > 1):  # 权重20 is told, and no weight of 2000 %
                    value = value.scaleb(-2)
            found.append(tree.Option(cast("tree.OptionKind", "for" if what == "but" else what), value))
            text = text[: match.start()].rstrip()
            break
        else:
            return text, tuple(reversed(found))


def period_line(line: TextLine, source: Source, language: Language) -> tuple[tree.PeriodLine | None, list[Diagnostic]]:
    """`周期 季度`, `周期 年 2022`, `period year 2022`."""
    span = Span(source, line.start, line.start + len(line.text))
    match = re.fullmatch(r"(\D+?)\s*(\d.*)?", line.text)
    kind = _PERIODS.get(match.group(1).strip().casefold()) if match else None
    if match and kind:
        if not match.group(2):
            return tree.PeriodLine(kind, None, span), []
        fixed = parse_period(match.group(2))
        if fixed and fixed.kind is kind:
            return tree.PeriodLine(kind, fixed, span), []
    else:
        fixed = parse_period(line.text)
        if fixed:
            return tree.PeriodLine(fixed.kind, fixed, span), []
    return None, [Diagnostic(d.UNREADABLE, span, language, {"text": line.text}, (_PERIOD_HOW[language],))]


_CALENDAR = re.compile(
    r"(?:按|follow)\s*(?:中国|China|(?:the\s+)?Chinese)(?:的?(?:法定)?节假日(?:安排)?|日历|\s+(?:calendar|holidays))?"
    r"|(?:取自|from)\s*(?P<sheet>\S.*)",
    re.IGNORECASE,
)


def working_days_line(line: TextLine, span: Span) -> tree.WorkingDaysLine | None:
    """`按 中国`, `取自 节假日表`, `follow China`, `from Holidays`; None for anything else."""
    match = _CALENDAR.fullmatch(line.text)
    if match is None:
        return None
    sheet = match["sheet"]
    return tree.WorkingDaysLine(name_of(sheet, span) if sheet else None, span)


_PERIOD_HOW = {
    "zh": "写作:周期 月、周期 季度、周期 半年、周期 年,或 周期 年 2022",
    "en": "write: period month, period quarter, period half-year, period year, or period year 2022",
}


def example_line(line: TextLine, span: Span) -> tree.Example:
    """`例 名称 2025Q1 一类单位`: the period and group stand at the right end."""
    words = re.findall(r'(?:「[^」]*」|"[^"]*"|\S)+', line.text)
    period, audience = None, cast("tuple[tree.Name, ...]", ())
    for at in range(1, len(words)):
        found = parse_period(words[at])
        if found and any(c.isdigit() for c in words[at]):
            period = found
            audience = audience_words(" ".join(words[at + 1 :]), span)
            words = words[:at]
            break
    return tree.Example(unquoted(" ".join(words)), (), (), period, audience, span)


def given_of(line: TextLine, span: Span, vocabulary: Vocabulary) -> list[tree.Given | tree.GivenRows] | None:
    """`已知 本领域信息 1, 政策解读 3`; None where a value is missing. A table's rows follow as lines of their own."""
    if line.text.endswith(":"):
        return [tree.GivenRows(name_of(line.text[:-1], span), ())]
    found: list[tree.Given | tree.GivenRows] = []
    starts = [0, *(match.end() for match in GIVEN_LIST.finditer(line.text))]
    for part, start in zip(GIVEN_LIST.split(line.text), starts, strict=True):
        begin = span.start + start + len(part) - len(part.lstrip())
        place = Span(span.source, begin, begin + len(part.strip()))
        name, value = _given(part.strip(), place, "zh" if line.language == "zh" else "en", vocabulary)
        if name is None or not value:
            return None
        found.append(tree.Given(name, " ".join(value.split())))
    return found


def _given(text: str, span: Span, language: Language, vocabulary: Vocabulary) -> tuple[tree.Name | None, str]:
    """A name and its value; 上年 结案率 90% is of the year before, unless a declared name begins so."""
    name, value = split_name(text, vocabulary)
    view, rest = split_view(text, language)
    if view is not None and view != "own" and vocabulary.find(unquoted(name)) is None:
        name, value = split_name(rest, vocabulary)
        return (replace(name_of(name, span), view=cast("tree.View", view)) if name else None), value
    return (name_of(name, span) if name else None), value


def split_name(text: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """A name and the value behind it: the longest declared name that begins the text, else up to the last blank."""
    if text[:1] in ("「", '"'):
        close = text.find("」" if text[0] == "「" else '"', 1)
        if close > 0:
            return text[: close + 1], text[close + 1 :].strip().lstrip("=:").strip()
    pieces = atoms(text)
    longest = max((count for count, _ in walk(vocabulary.trie, (a.key for a in pieces))), default=0)
    if longest and longest < len(pieces):
        end = pieces[longest - 1].end
        return text[:end], text[end:].strip().lstrip("=:").strip()
    name, _, value = text.rpartition(" ")
    return name.strip(), value.strip()


_EXPECTED = (
    ("total", ("总分", "total")),
    ("grade", ("等次", "grade")),
    ("rank", ("名次", "place", "rank")),
)


def expected_of(line: TextLine, span: Span, indicators: Vocabulary) -> tree.Expected | None:
    """`应得 [指标|总分|等次] VALUE`."""
    text = line.text.removesuffix("。").strip()
    name, value = split_name(text, indicators)
    value = " ".join(value.split())
    for what, words in _EXPECTED:
        for word in words:
            if text.casefold().startswith(word) and not (name and indicators.find(name)):
                rest = " ".join(text[len(word) :].split())
                return tree.Expected(cast("tree.ExpectedKind", what), None, rest, span) if rest else None
    if not name:
        return tree.Expected("indicator", None, value, span) if value else None
    return tree.Expected("indicator", name_of(name, span), value, span)
