"""Tree → text of checks of fixed forms and of the cells, rows and columns that they name, in the words of a writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gkxl.diagnostics import column_letters
from gkxl.language import tree

if TYPE_CHECKING:
    from gkxl.language.unparse_base import Writer

_SIGNS = {">=": "≥", "<=": "≤"}


def figure(writer: Writer, node: tree.Figure) -> str:
    zh = writer.language == "zh"
    match node:
        case tree.CellAt(row, column, sheet):
            return f"{_of(writer, sheet)}{column_letters(column)}{row}"
        case tree.LineAt(sheet=sheet):
            return _of(writer, sheet) + _line(writer, node)
        case tree.Crossing(of, at):
            first, second = figure(writer, of), figure(writer, at)
            return f"{first} 的 {second}" if zh else f"{second} of {first}"
        case tree.SumTo(tree.LineAt("row" | "column" as what, int(low), None), tree.LineAt(_, int(high), None, None)):
            if zh:
                return f"{figure(writer, node.first)}至{figure(writer, node.last)}之和"
            ends = (low, high) if what == "row" else (column_letters(low), column_letters(high))
            return f"sum of {_of(writer, node.first.sheet)}{what}s {ends[0]} to {ends[1]}"
        case tree.SumTo(first_at, last_at):
            first, second = figure(writer, first_at), figure(writer, last_at)
            return f"{first} 至 {second} 之和" if zh else f"sum of {first} to {second}"


def _of(writer: Writer, sheet: tree.Name | None) -> str:
    return f"{writer.name(sheet)}!" if sheet else ""


def _line(writer: Writer, line: tree.LineAt) -> str:
    if line.number is None:
        return writer.name(line.caption) if line.caption else ""
    number = str(line.number) if line.what == "row" else column_letters(line.number)
    text = f"{line.what} {number}"
    if writer.language == "zh":
        text = f"第{number}{'行' if line.what == 'row' else '列'}"
    return f"{text} {writer.quote(line.caption.text)}" if line.caption else text


def check(writer: Writer, node: tree.Check, word: str) -> str:
    """A whole line, with the word that opens it."""
    zh = writer.language == "zh"
    text = (" 且 " if zh else " and ").join(_test(writer, one) for one in node.given)
    if node.given:
        text += " ⇒ " if zh else " implies "
    text += _test(writer, node.then)
    if node.within is not None:
        text += f" {'相差不超过' if zh else 'within '}{writer.num(node.within)}"
    if node.over is not None:
        each = {"column": ("逐列", "for each column"), "row": ("逐行", "for each row")}[node.over.what][0 if zh else 1]
        first, last = (_bound(writer, line) for line in (node.over.first, node.over.last))
        text += f"{writer.comma}{each} {first} {'至' if zh else 'to'} {last}"
    return f"{word} {writer.name(node.name)}: {text}"


def _test(writer: Writer, test: tree.Equation) -> str:
    return f"{writer.formula(test.left, ' ')} {_SIGNS.get(test.op, test.op)} {writer.formula(test.right, ' ')}"


def _bound(writer: Writer, line: tree.LineAt) -> str:
    if line.number is None or line.caption is not None:
        return figure(writer, line)
    return str(line.number) if line.what == "row" else column_letters(line.number)
