"""Rule file → the same rule file in canonical Chinese or English: line by line, its comments and blank lines in their place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from gkxl.diagnostics import Language, Source
from gkxl.language import tree
from gkxl.language.entries import Blank, Comment, Rest, Statement, entries
from gkxl.language.file import parse_file
from gkxl.language.headings import unquoted
from gkxl.language.layout import lay_out
from gkxl.language.unparse import Page, page


def translate(source: Source, file: tree.File, language: Language) -> str:
    """The text in the one layout. `file` is what it was read as, without errors. Names stay as they are."""
    writer = page(file, language)
    nodes: dict[int, list[Any]] = {}
    lines = list(entries(source))
    starts = [entry.line.start for entry in lines if isinstance(entry, Statement)]
    for start, node in _nodes(file):  # what one 已知 line gives begins at several places of it
        nodes.setdefault(starts[bisect_right(starts, start) - 1], []).append(node)
    written = []
    for entry in lines:
        match entry:
            case Blank():
                written.append("")
            case Comment(text):
                written.append(text)
            case Rest(text, comment):
                written.append(f"{text} {comment}")
            case Statement(line, comments=comments):
                # All is on one line now, and one comment can stand behind it.
                *above, last = [one for one in comments if one] or [""]
                text = _text(entry, nodes.get(line.start, ()), file, writer)
                written += [*above, f"{text} {last}"]
    text = "\n".join(written)
    found = Source(source.path, text)
    again, _ = parse_file(found)
    if again.language != language:  # no heading says it
        found = Source(source.path, f"{writer.word['language']} {language}\n{text}")
        again, _ = parse_file(found)
    return lay_out(found, again)


def _nodes(file: tree.File) -> Iterator[tuple[int, object]]:
    """What the lines were read as, by where it begins."""
    values = [getattr(file, one.name) for one in fields(file)]
    every: list[Any] = [node for value in values for node in (value if isinstance(value, tuple) else (value,))]
    every += [statement for node in file.indicators for statement in node.statements]
    every += [statement for node in file.parts for statement in node.statements]
    every += [expected for example in file.examples for expected in example.expected]
    for node in every:
        if (span := getattr(node, "span", None)) and not getattr(node, "inline", False):
            yield span.start, node
    for example in file.examples:
        for given in example.given:
            if span := (given.name if isinstance(given, tree.Given) else given.sheet).span:
                yield span.start, given


def _text(entry: Statement, nodes: Sequence[Any], file: tree.File, writer: Page) -> str:
    line = entry.line
    match line.heading:
        case "row":
            return entry.text
        case "title":
            title = unquoted(line.text)
            text = writer.line("title", title, tree.File(title=title))
        case "basis":
            basis = unquoted(line.text)
            text = writer.line("basis", basis, tree.File(basis=basis))
        case "language":
            text = f"{writer.word['language']} {writer.language}"
        case "check date":
            text = writer.head(tree.File(check_date=file.check_date))[0]
        case "full marks":
            text = writer.head(tree.File(full_marks=file.full_marks))[0]
        case "given":
            given = tuple(replace(one, rows=()) if isinstance(one, tree.GivenRows) else one for one in nodes)
            text = _of_example(tree.Example("1", given, ()), writer)
        case "expect" | "expect error":
            text = _of_example(tree.Example("1", (), tuple(nodes)), writer)
        case "example":
            text = writer.text(replace(nodes[0], given=(), expected=()))
        case "part":
            text = writer.text(replace(nodes[0], statements=()))
        case "indicator" | "bonus":
            return writer.text(replace(nodes[0], statements=()))
        case _:
            text = writer.text(nodes[0])
            for term in file.definitions:
                if term.inline:  # in brackets again, where its name stands
                    name, meaning = term.names[0].text, writer.text(term).partition(" = ")[2]
                    text = re.sub(rf"[「\"]?{re.escape(name)}[」\"]?", lambda _, said=meaning: f"({said})", text)  # type: ignore[misc]
            if isinstance(nodes[0], tree.Sentence):  # which has its article
                return text
    return f"{line.article} {text}"


def _of_example(example: tree.Example, writer: Page) -> str:
    """A line of an example: what stands below its name."""
    return writer.text(example).partition("\n")[2]
