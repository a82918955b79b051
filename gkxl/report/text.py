"""Diagnostics as text: `path:line:col: error GK201 message`, the source line with a caret, the notes."""

from __future__ import annotations

from collections.abc import Iterable

from gkxl.diagnostics import Diagnostic, Severity, Span
from gkxl.report.findings import in_order
from gkxl.report.layout import clean, indent, width

_COLOURS: dict[Severity, str] = {"error": "31", "warning": "33", "note": "36"}
_CUT = "..."
_TAB = "    "


def render(diagnostics: Iterable[Diagnostic], columns: int = 100, colour: bool = False) -> str:
    """All of them in the order of their places; empty where there are none."""
    return "".join(f"{line}\n" for diagnostic in in_order(diagnostics) for line in _one(diagnostic, columns, colour))


def paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _one(diagnostic: Diagnostic, columns: int, colour: bool) -> list[str]:
    where = f"{clean(str(diagnostic.place))}: " if diagnostic.place is not None else ""
    hue = _COLOURS[diagnostic.severity]
    head = paint(f"{diagnostic.severity} {diagnostic.code.number}", f"1;{hue}", colour)
    lines = [f"{paint(where, '1', colour)}{head} {clean(diagnostic.message)}"]
    if isinstance(diagnostic.place, Span):
        source, caret = excerpt(diagnostic.place, max(columns - 2, 20))
        if source:  # nothing to show of an empty line
            lines += [f"  {source}", f"  {paint(caret, hue, colour)}"]
    for note in diagnostic.notes:
        for i, part in enumerate(clean(note).splitlines()):
            # A line to paste is given as it is, never wrapped.
            lines += [f"    {part}"] if i else indent(part, max(columns, 40), "  - ", "    ")
    return lines


def excerpt(span: Span, columns: int) -> tuple[str, str]:
    """The span's first line, cut to `columns` around the span, and the line of carets below it."""
    number, column = span.source.position(span.start)
    text = span.source.line(number)
    start = min(column - 1, len(text))
    end = min(start + max(span.end - span.start, 1), max(len(text), start + 1))
    # Every character that shows takes a column at least, so nothing farther off than `columns` can be seen.
    first, last = max(0, start - columns), min(len(text), start + columns)
    shown = [_visible(c) for c in text[first:last]]
    marked = slice(start - first, end - first)
    before, after = first > 0, last < len(text)
    sizes = [width(c) for c in shown]
    low, high = 0, len(shown)
    left, right = sum(sizes[: marked.start]), sum(sizes[marked.start :])
    while left + right + len(_CUT) * (before + after) > columns:
        # The longer side is cut, the one in front of the span first.
        if left * 2 > right:
            left, low, before = left - sizes[low], low + 1, True
        else:
            high, after = high - 1, True
            right -= sizes[high]
    line = _CUT * before + "".join(shown[low:high]) + _CUT * after
    offset = len(_CUT) * before + left
    carets = sum(sizes[marked.start : min(marked.stop, high)])
    return line.rstrip(), " " * offset + "^" * max(carets, 1)


def _visible(char: str) -> str:
    if char == "\t":
        return _TAB
    return char if clean(char) == char else "?"
