"""`fmt`: the same tree, the same words, the same comments in their places; and nothing to do the second time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_any_text import ANY_FILE, FILES
from texts import rule_files, typed

from gkxl.diagnostics import Language, Source
from gkxl.language import tree
from gkxl.language.file import parse_file
from gkxl.language.formatter import formatted
from gkxl.language.layout import lay_out
from gkxl.language.lines import split_lines

HERE = Path(__file__).parent
EXAMPLES = settings().max_examples
often = settings(
    max_examples=max(150, EXAMPLES),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def read(text: str) -> tree.File:
    file, told = parse_file(Source("t", text))
    assume(not told)
    return file


def fmt(text: str, language: Language | None = None) -> str:
    source = Source("t", text)
    file, told = parse_file(source)
    assert not told, (text, [str(one) for one in told])
    return formatted(source, file, language)


def words(text: str) -> str:
    return "".join(char for char in re.sub("[#＃].*", "", text) if char.isalnum())


def comments(text: str) -> list[tuple[str, int]]:
    """Each comment that the generators wrote, with how many statements begin before it."""
    starts = [line.start for line in split_lines(text)]
    return [
        (match[0].rstrip(), sum(start < match.start() for start in starts)) for match in re.finditer("[#＃]~.*", text)
    ]


def check_layout(text: str, file: tree.File) -> None:
    laid_out = fmt(text)
    assert parse_file(Source("t", laid_out)) == (file, [])
    assert fmt(laid_out) == laid_out
    assert words(laid_out) == words(text)
    assert comments(laid_out) == comments(text)


@given(rule_files(comments_within=True))
@often
def test_the_layout_alone_changes(made: tuple[str, Language]) -> None:
    check_layout(made[0], read(made[0]))


@given(rule_files())
@often
def test_there_and_back(made: tuple[str, Language]) -> None:
    text, language = made
    file = read(text)
    other: Language = "en" if language == "zh" else "zh"
    there = fmt(text, other)
    back = fmt(there, language)
    assert read(there) == read(back) == file
    assert read(there).language == other
    assert comments(there) == comments(back) == comments(text)
    assert fmt(there) == there
    assert fmt(back) == back
    assert fmt(fmt(back, other), language) == back
    assert fmt(fmt(there, language), other) == there


@given(st.data())
@often
def test_real_files_typed_anew(data: st.DataObject) -> None:
    text = data.draw(typed(data.draw(st.sampled_from(FILES)), comments_within=True))
    check_layout(text, read(text))


@given(ANY_FILE)
@often
def test_any_text(text: str) -> None:
    source = Source("t", text)
    file, told = parse_file(source)
    laid_out = lay_out(source, file)  # does not fail, though nobody asks for it where there are errors
    if not told:
        assert parse_file(Source("t", laid_out)) == (file, []), laid_out
        assert fmt(laid_out) == laid_out


@pytest.mark.parametrize("name", ["zh", "en"])
def test_the_layout_is_this(name: str) -> None:
    before, after = (HERE / f"layout.{name}.{which}.gk" for which in ("before", "after"))
    assert fmt(before.read_text(encoding="utf-8")) == after.read_text(encoding="utf-8")


HEAD = "对象 单位表的单位\n周期 季度\n缺数据 报错\n迟报 = 迟报表 的记录\n指标 报送\n"


@pytest.mark.parametrize(
    ("typed_so", "laid_out"),
    [
        ("迟报每次扣1分。#完", "  迟报每次扣1分。  #完\n"),
        ("迟报每次扣1.5分.", "  迟报每次扣1.5分。\n"),
        ("迟报每次扣1分．　迟报超过3次扣1分", "  迟报每次扣1分。\n  迟报超过3次扣1分\n"),
        ("\u200b迟报每次扣1分。\u200b # 零\u200b宽", "  迟报每次扣1分。  # 零\u200b宽\n"),
        ("“迟报”每次扣1分\u2028", "  “迟报”每次扣1分\n"),
        ("(1)迟报每次扣1分。\n⑴ 迟报超过3次扣1分。", "  （1）迟报每次扣1分。\n  ⑴迟报超过3次扣1分。\n"),
        ("迟报超过1,000次,扣1分", "  迟报超过1,000次，扣1分\n"),
        ("迟报每次扣1分,\n指标 二\n迟报每次扣1分。", "  迟报每次扣1分，\n指标 二\n  迟报每次扣1分。\n"),
        ("一、\n迟报每次扣1分。", "  一、迟报每次扣1分。\n"),
        ("迟报每次扣1分。 - # 空", "  迟报每次扣1分。  # 空\n-\n"),
        ("!=甲=0", "!=甲 = 0\n"),
        ("迟报每次扣1分。。\n。", "  迟报每次扣1分。\n。\n"),
        ('each "迟报" costs 1 ， at most 5 。', '  each "迟报" costs 1, at most 5.\n'),
    ],
)
def test_odd_corners(typed_so: str, laid_out: str) -> None:
    assert fmt(HEAD + typed_so) == HEAD + laid_out
    assert fmt(HEAD + laid_out) == HEAD + laid_out


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("有迟报记0分。", 'having "迟报" earns 0.'),
        ("有迟报不加分。", 'having "迟报" costs nothing.'),
        (
            "迟报按级别计分:国家每条扣1分、省级每条加2分。",
            '"迟报" score by "级别": each "国家" "迟报" costs 1 point, each "省级" "迟报" earns 2 points.',
        ),
        (
            "迟报:国家每条扣1分、省级每条加2分。",
            '"迟报" score as follows: each "国家" "迟报" costs 1 point, each "省级" "迟报" earns 2 points.',
        ),
        ("迟报每月低于4的,每低1扣2分。", 'each 1 of "迟报" per month below 4 costs 2 points.'),
        (
            "迟报不晚于3月31日的不得分,另没有迟报不得分。",
            '"迟报" by 31 March earns nothing, plus no "迟报" earns nothing.',
        ),
    ],
)
def test_the_same_in_the_other_language(chinese: str, english: str) -> None:
    there = fmt(f"{HEAD}{chinese}\n", "en")
    assert there.splitlines()[-1].strip() == english
    back = fmt(there, "zh")
    assert back.splitlines()[-1].strip() == fmt(f"{HEAD}{chinese}\n").splitlines()[-1].strip()


def test_a_bracket_is_the_same_however_it_is_typed() -> None:
    typed_so = [
        "(按期数 ÷ 应结数, 分母为0时计100%)低于90%的,扣4分。",
        "（按期数÷应结数，分母为0时计100%）低于80%的,扣4分。",
    ]
    text = HEAD + "\n".join(typed_so)
    file, told = parse_file(Source("t", text))
    assert not told
    assert [one.names[0].text for one in file.definitions if one.inline] == ["按期数÷应结数,分母为0时计100%"]
    check_layout(text, file)
    there = fmt(text, "en")
    assert there.count('("按期数" / "应结数", 100% when the denominator is 0)') == 2
    assert parse_file(Source("t", fmt(there, "zh"))) == (file, [])
