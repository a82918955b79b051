"""Line → tree: one sentence, definition or heading, with what is wrong with it told in the author's language."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

from lark import Token, UnexpectedToken

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Source, Span
from gkxl.language import grammar, tree
from gkxl.language.definitions import DefinitionReader
from gkxl.language.lexer import tokens_at
from gkxl.language.pieces import Refused
from gkxl.language.read_forms import FormReader
from gkxl.language.settled import settled
from gkxl.language.splits import runs_over
from gkxl.language.statements import Statement, StatementReader
from gkxl.language.total_words import phrase_at
from gkxl.language.vocabulary import Line, Vocabulary
from gkxl.language.words import atoms, walk, words
from gkxl.periods import PeriodKind
from gkxl.values import normalise

LONGEST = 2000  # characters of one sentence; longer ones are refused, so that no text can take long
MOST_SIGNS = 150  # of formulas in a line: each is a step further down
DEEPEST = 30  # brackets within brackets, and signs before signs
# What keeps a sentence to the entries of one period: 年度前5名为优秀, yearly: the top 5 are excellent.
_KEPT = re.compile(
    r"(年度|全年|年终|每年|半年度|半年|每半年|季度|每季度|每季|月度|每月|yearly|half-yearly|quarterly|monthly)\s*[,:]?\s*(?=\S)",
    re.IGNORECASE,
)
_KEPT_TO = {
    **dict.fromkeys(("年", "全年", "每年", "yearly"), PeriodKind.YEAR),
    **dict.fromkeys(("半年", "每半年", "half"), PeriodKind.HALF),
    **dict.fromkeys(("季", "每季", "quarter"), PeriodKind.QUARTER),
    **dict.fromkeys(("月", "每月", "month"), PeriodKind.MONTH),
}
_SIGNS = re.compile(rf"(?:[-+]\s*){{{DEEPEST},}}")
_ENGLISH = re.compile(r"\b(?:rows|of|in|where|is|each|fewer|more|costs?|earns?|points?)\b", re.IGNORECASE)
_CHINESE = re.compile('("[^"]*"|「[^」]*」)|[\u4e00-\u9fff]+')
_TRIES = 2000  # steps of reading one definition, all its splits together


def language_of(text: str, vocabulary: Vocabulary, default: Language) -> Language:
    """The language of a sentence: that of its words, declared and quoted names left out."""
    bare = re.sub(r'「[^」]*」|"[^"]*"', " ", normalise(text))
    foreign = default == "zh"  # only names of the other script can mislead: those in ASCII in a Chinese file
    if foreign in vocabulary.scripts:
        bare = _without_names(bare, vocabulary, foreign)
    if re.search("[\u4e00-\u9fff]", bare):
        return "zh"
    return "en" if any(c.isalpha() for c in bare) else default


def _without_names(text: str, vocabulary: Vocabulary, ascii_names: bool) -> str:
    """A text without the declared names of one script, the longest at each place first."""
    pieces, kept, at = atoms(text), [], 0
    while at < len(pieces):
        found = walk(vocabulary.trie, (pieces[i].key for i in range(at, len(pieces))))
        length = max((n for n, names in found if any(name.isascii() == ascii_names for name in names)), default=0)
        if not length:
            kept.append(pieces[at].word)
        at += length or 1
    return " ".join(kept)


def to_be_quoted(told: list[Diagnostic], text: str, language: Language) -> list[Diagnostic]:
    """What is told of a text in a file of `language`: of an English one that Chinese names kept from being read, the way out."""
    quoted = _CHINESE.sub(lambda found: found[1] or f'"{found[0]}"', text)
    first = next((one for one in told if one.severity == "error"), None)
    if language != "en" or first is None or quoted == text or not _ENGLISH.search(text):
        return told
    note = f"names in Chinese stand in quotes: {quoted}"
    return [Diagnostic(d.UNREADABLE, first.place, "en", {"text": text[:40]}, (note,))]


def parse_statement(line: Line) -> tuple[Statement | None, list[Diagnostic]]:
    """One sentence, policy or ranking; 年度 / yearly in front keeps what holds for entries to those of that period."""
    kept = _KEPT.match(line.text)
    words = ("TOTAL_IS", "TOTAL")  # 年度总分 is a word of its own, which says as much
    total = kept is not None and any(phrase_at(line.text, 0, line.language, word) for word in words)
    if kept is not None and not total and not _named_beyond(line, kept.end(1)):
        start = kept.end()
        rest = Line(line.text[start:], line.place(start, len(line.text)), line.language, line.vocabulary)
        statement, told = _parse(rest)
        if _can_be_kept(statement):
            each = _parse(line)[0] if kept.group(1)[0] == "每" and isinstance(statement, tree.Sentence) else None
            if isinstance(each, tree.Sentence) and any(isinstance(clause, tree.Veto) for clause in each.clauses):
                return each, []  # 每月没有信息的,定为不合格: the fact of each month, not the months' totals
            kind = next(kind for word, kind in _KEPT_TO.items() if kept.group(1).casefold().startswith(word))
            return replace(statement, per=kind, span=line.span), told
    return _parse(line)


def _named_beyond(line: Line, end: int) -> bool:
    """Whether a line begins with a declared name that ends beyond a character."""
    names = walk(line.vocabulary.trie, (atom.key for atom in line.atoms))
    return any(line.atoms[count - 1].end > end for count, _ in names)


def _can_be_kept(statement: Statement | None) -> TypeGuard[tree.Sentence | tree.Rank]:
    """Places, grades, gates and vetoes hold for entries; points are given where their indicator is."""
    if isinstance(statement, tree.Sentence):
        return all(
            isinstance(clause, tree.Grade | tree.Gate) or (isinstance(clause, tree.Veto) and clause.what != "indicator")
            for clause in statement.clauses
        )
    return isinstance(statement, tree.Rank)


def _parse(line: Line) -> tuple[Statement | None, list[Diagnostic]]:
    return _read(line, f"{line.language}_statement", StatementReader)


def parse_form(line: Line, start: str) -> tuple[Any, list[Diagnostic]]:
    """A check of a fixed form, without its name, or a formula over its cells: by the rule named `start`."""
    return _read(replace(line, form=True), start, FormReader)


def _read(line: Line, start: str, reader: type[StatementReader | FormReader]) -> tuple[Any, list[Diagnostic]]:
    problem = _too_much(line)
    if problem:
        return None, [problem]
    try:
        parsed = grammar.load().parse(line, start=start)
        return reader(line).read(parsed), []
    except Refused as refused:
        return None, [_told(refused, line)]
    except UnexpectedToken as error:
        return None, [_unreadable(line, error)]


def parse_part(line: Line, start: str) -> tuple[Any, list[Diagnostic]]:
    """A definition, units or sheet line, by the rule named `start`. Names in it need not be declared.

    An undeclared name runs to the next keyword; where that cannot be read, to the one after it. Splits that fit equally
    well are two readings.
    """
    problem = _too_much(line)
    if problem:
        return None, [problem]
    farthest: UnexpectedToken | None = None
    refused: Refused | None = None
    found: list[Any] = []
    # The split that runs over the fewest keywords comes first; among equals the one that has come farthest.
    waiting: list[tuple[int, int, int, Any]] = [(0, 0, 0, grammar.load().parse_interactive(line, start=start))]
    best, steps = None, 0
    while waiting and steps < _TRIES:
        cost, back, _, state = heapq.heappop(waiting)
        if best is not None and cost > best:
            break
        at = -back
        ended = at >= len(line.atoms)
        tokens = [Token("$END", "")] if ended else tokens_at(line, at, state.parser_state)
        rivals = any(token.type == "NAME" for token in tokens)
        for token in tokens:
            steps += 1
            branch = state.copy(deepcopy_values=False)
            try:
                parsed = branch.feed_token(token)
            except UnexpectedToken as error:
                error.interactive_parser = state
                if farthest is None or ended or (token.start_pos or 0) >= (farthest.token.start_pos or 0):
                    farthest = error
                continue
            if not ended:
                more = runs_over(line, at, token, rivals, start)
                heapq.heappush(waiting, (cost + more, -line.after(token.end_pos or 0), steps, branch))
                continue
            try:
                reading = DefinitionReader(line).read(parsed)
            except Refused as one:
                refused = refused or one
                continue
            best = cost
            if reading not in found:
                found.append(reading)
    if len(found) > 1:
        return None, [_two_readings(line, found)]
    if found:
        return found[0], []
    if refused:
        return None, [_told(refused, line)]
    if farthest is None:
        return None, [Diagnostic(d.UNREADABLE, line.span, line.language, {"text": line.text[:40]})]
    return None, [_unreadable(line, farthest)]


def _two_readings(line: Line, readings: Sequence[Any]) -> Diagnostic:
    """Both, as lines to paste, with the names in quotes that settle it."""
    text = line.span.source.text
    head = text[text.rfind("\n", 0, line.span.start) + 1 : line.span.start].strip()
    zh = line.language == "zh"
    notes = [
        f"{'读法' if zh else 'reading '}{n}{':' if zh else ': '}{settled(one, line.language, head)}"
        for n, one in enumerate(readings[:2], 1)
    ]
    return Diagnostic(d.TWO_READINGS, line.span, line.language, {"text": line.text}, tuple(notes))


def _too_much(line: Line) -> Diagnostic | None:
    if len(line.text) > LONGEST:
        head = line.place(0, 40)
        return Diagnostic(d.TOO_LONG, head, line.language, {"length": len(line.text), "limit": LONGEST})
    depth = deepest = 0
    for char in line.text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    if line.text.count("「") != line.text.count("」") or line.text.count('"') % 2:
        note = "引号没有成对:「…」" if line.language == "zh" else "a quote is left open"
        return Diagnostic(d.UNREADABLE, line.span, line.language, {"text": line.text[:40]}, (note,))
    if sum(map(line.text.count, "+-×÷*/")) > MOST_SIGNS:
        note = (
            "算式太长:请先定义几个词,再用它们来写"
            if line.language == "zh"
            else "too long a formula: define terms for its parts"
        )
        return Diagnostic(d.UNREADABLE, line.place(0, 40), line.language, {"text": f"{line.text[:40]}…"}, (note,))
    if signs := _SIGNS.search(line.text):
        return Diagnostic(d.UNREADABLE, line.place(*signs.span()), line.language, {"text": f"{signs.group()[:20]}…"})
    if deepest > DEEPEST:
        return Diagnostic(d.UNREADABLE, line.place(0, min(40, len(line.text))), line.language, {"text": "((((…"})
    return None


def _told(refused: Refused, line: Line) -> Diagnostic:
    notes = tuple(zh if line.language == "zh" else en for zh, en in refused.notes)
    return Diagnostic(refused.code, refused.span, line.language, refused.values, notes)


_RANGE = re.compile(r"\s*(?:[-~至到]|to\b)\s*(\d+(?:\.\d+)?)")


def _unreadable(line: Line, error: UnexpectedToken) -> Diagnostic:
    token = error.token
    if token.type == "$END":
        end = len(line.text)
        place, text = line.place(max(0, end - 1), end), line.text if end <= 40 else f"…{line.text[-39:]}"
    else:
        start, end = token.start_pos or 0, token.end_pos or 0
        place, text = line.place(start, max(end, start + 1)), line.text[start : max(end, start + 1)]
        if token.type == "VAGUE":
            return Diagnostic(d.VAGUE, place, line.language, {"word": str(token)})
        before = re.search(r"(\d+(?:\.\d+)?)\s*$", line.text[:start])
        if before and (spread := _RANGE.match(line.text, start)):
            place = line.place(before.start(1), spread.end())
            low, high = before.group(1), spread.group(1)
            return Diagnostic(d.POINTS_RANGE, place, line.language, {"text": place.text, "low": low, "high": high})
    return Diagnostic(d.UNREADABLE, place, line.language, {"text": text}, _next(line, error))


# What authors need most often comes first in the list of what could stand at a place.
_LIKELY = ("$END", "COMMA", "EARN", "COST", "NAME", "NUMBER", "LABEL", "POINTS", "EVERY", "PRE_UNDER", "PRE_AT_LEAST",
           "POST_AT_LEAST", "IS", "OF_ROWS", "OF", "IN", "ROWS_OF", "WHERE")  # fmt: skip


_FORM_SHOWN = {
    "CELL": ("单元格(如 D5)", "a cell such as D5"),
    "LINE": ("第5行、D列", "row 5 or column D"),
    "IS_NUMBER": ("=", "="),
    **dict.fromkeys(("PRE_AT_LEAST", "PRE_AT_MOST", "PRE_OVER", "PRE_UNDER", "SHEET"), ("", "")),
    "AGGREGATE": ("之和", "sum of"),
    "OF": ("的", "of"),
    "$END": ("行末", "the end of the line"),
}


def _next(line: Line, error: UnexpectedToken) -> tuple[str, ...]:
    """What could stand there, in the author's words."""
    interactive: Any = error.interactive_parser
    admitted: Iterable[str] = interactive.accepts() if interactive is not None else ()
    shown = {
        "NAME": ("名称", "a name"),
        "NUMBER": ("数", "a number"),
        "LABEL": ("条、次等量词", ""),
        "DAY": ("日期", "a date"),
        "$END": ("句末", "the end of the sentence"),
    }
    zh = line.language == "zh"
    if line.form:
        shown |= _FORM_SHOWN
    terminals = words(line.language).terminals
    found = []
    for terminal in sorted(admitted, key=lambda t: (_LIKELY.index(t) if t in _LIKELY else len(_LIKELY), t)):
        if terminal in shown:
            found.append(shown[terminal][0 if zh else 1])
        elif terminal in terminals:
            found.append(f"「{terminals[terminal][0]}」" if zh else f"\u201c{terminals[terminal][0]}\u201d")
    found = [f for f in dict.fromkeys(found) if f]
    if not found:
        return ()
    joined = ("、" if zh else ", ").join(found[:12]) + (" …" if len(found) > 12 else "")
    return (f"这里可以接:{joined}" if zh else f"what could come here: {joined}",)


def make_line(text: str, source: Source, start: int, language: Language, vocabulary: Vocabulary, **kw: Any) -> Line:
    """A line over `text`, which stands at `start` in the source."""
    return Line(normalise(text), Span(source, start, start + len(text)), language, vocabulary, **kw)
