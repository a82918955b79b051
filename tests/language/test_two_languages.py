"""One rule file in Chinese and in English is one tree, names aside; and each can be printed in the other language."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from gkxl.diagnostics import Language, Source, Span
from gkxl.language import tree
from gkxl.language.file import parse_file
from gkxl.language.unparse import unparse

HERE = Path(__file__).parent
# One to one: every name of two.zh.gk, in quotes or not, and what it is called in two.en.gk.
CALLED = {
    "单位表": "Units", "单位": "Unit", "类别": "Kind", "咨询答复": "Replies", "收到日期": "Received", "本领域": "own domain",
    "答复日期": "Replied", "期数": "Issues", "转发": "Forwards", "通报": "Incidents", "问题": "Problem",
    "标准目录": "Catalogue", "完成率": "Completion", "本领域信息": "domain items", "群众咨询": "consultation replies",
    "回复群众咨询": "consultations", "发布政策解读": "readings published", "新媒体转发": "forwards",
    "转发任务数": "forward tasks", "严重表述错误": "serious errors", "目录完成率": "catalogue completion",
    "互动解读": "Interaction", "新媒体": "New media", "新媒体单位": "media units", "优秀": "excellent", "良好": "good",
    "清河区政务公开考评": "Qinghe open government", "清政办发〔2024〕7号": "No. 7 of 2024", "仅公开1条": "only one item",
    "信息公开": "Website", "政策解读": "policy readings",
}  # fmt: skip
# One word may name a sheet, a column, a term and an indicator; English has a word of its own for each of these.
SHEETS = {"信息公开": "Published", "政策解读": "Readings"}
COLUMNS = {"类别": "Category"}
VALUES = {"严重表述错误": "serious error"}
# As the English sentences put it: a singular, or another of the term's names.
SPOKEN = {
    "consultation reply": "consultations", "policy reading": "readings published", "forward": "forwards",
    "serious error": "serious errors",
}  # fmt: skip


def read(name: str) -> tree.File:
    path = HERE / name
    file, told = parse_file(Source(str(path), path.read_text(encoding="utf-8")))
    assert not told, [str(one) for one in told]
    return file


def called(node: Any, words: dict[str, str]) -> Any:
    """The tree with every name replaced; `words` has what a name is called at this place."""
    match node:
        case tree.Name(text):
            return tree.Name(words.get(text, text))
        case tree.Rows():
            column = called(node.column, words | COLUMNS)
            return replace(
                node, sheet=called(node.sheet, words | SHEETS), where=called(node.where, words), column=column
            )
        case tree.ColumnIs(column, op, operands):
            return tree.ColumnIs(called(column, words | COLUMNS), op, called(operands, words | VALUES))
        case tree.File() | tree.Example():
            texts = {f.name: words.get(v, v) for f in fields(node) if isinstance(v := getattr(node, f.name), str)}
            return replace(node, **{f.name: called(getattr(node, f.name), words) for f in fields(node)} | texts)
        case tuple():
            return tuple(called(part, words) for part in node)
        case _ if is_dataclass(node) and not isinstance(node, Span):
            return replace(node, **{f.name: called(getattr(node, f.name), words) for f in fields(node)})
    return node


def test_both_files_are_one_tree_when_the_names_are_mapped() -> None:
    chinese, english = read("two.zh.gk"), read("two.en.gk")
    assert len(set(CALLED.values())) == len(CALLED)  # one to one
    spoken = replace(english, indicators=called(english.indicators, SPOKEN))
    assert called(chinese, CALLED) == spoken


def test_the_trees_differ_where_a_sentence_differs() -> None:
    """The comparison above is not blind: another number, another word, another name is another tree."""
    text = (HERE / "two.zh.gk").read_text(encoding="utf-8")
    for old, new in (
        ("少于3条", "少于4条"),
        ("少于3条", "不超过3条"),
        ("连续", "后续顺延"),
        ("严重表述错误每次", "本领域信息每次"),
    ):
        assert old in text
        assert parse_file(Source("t", text.replace(old, new)))[0] != read("two.zh.gk")


@pytest.mark.parametrize("name", ["two.zh.gk", "two.en.gk"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_either_file_printed_in_either_language_is_the_same_tree(name: str, language: Language) -> None:
    file = read(name)
    text = unparse(file, language)
    again, told = parse_file(Source("t", text))
    assert not told, text
    assert again == file, text
    assert again.language == language


@pytest.mark.parametrize(("name", "language"), [("two.zh.gk", "zh"), ("two.en.gk", "en")])
def test_in_its_own_language_a_file_needs_no_quotes(name: str, language: Language) -> None:
    text = unparse(read(name), language)
    assert not any(mark in text for mark in '「」"'), text
