"""A sentence with some of its words replaced: what its author may paste instead of it."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.language.pieces import Head
from gkxl.values import add, is_whole, multiply, shown, subtract

Change = tuple[int, int, str]  # from, to (characters of the source), and what stands there instead


def reworded(sentence: Span, *changes: Change) -> str:
    text, at, source = "", sentence.start, sentence.source.text
    for start, end, new in sorted(changes):
        text += source[at:start] + new
        at = end
    return " ".join((text + source[at : sentence.end]).split())


def noted(zh: str, en: str, text: str) -> tuple[str, str]:
    """A reading of a sentence, in both languages, with the text that has this one alone."""
    return f"{zh}:{text}", f"{en}: {text}"


def one_or_any(sentence: Span, name: Span, chinese: bool) -> list[tuple[str, str]]:
    """谎报扣2分 on a count: 谎报每次扣2分, or 有谎报的扣2分."""
    if chinese:
        match = re.compile("的?[,，]?").match(name.source.text, name.end)
        end = match.end() if match else name.end
        each = reworded(sentence, (name.end, end, "每次"))
        some = reworded(sentence, (name.start, name.start, "有"), (name.end, end, "的"))
    else:
        each = reworded(sentence, (name.start, name.start, "each "))
        some = reworded(sentence, (name.start, name.start, "any "))
    return [noted("按次数", "for each", each), noted("有就算一次", "once, if there is any", some)]


def earned_or_lost(sentence: Span, given: Span) -> list[tuple[str, str]]:
    """有方案的5分: 加5分, or 扣5分. The verb goes in front of the number of points, which is the last one given."""
    number = [*re.finditer(r"\d[\d.,/]*|$", given.text)][-2:][0]
    at = given.start + number.start()
    chinese = any("\u4e00" <= char <= "\u9fff" for char in sentence.text)
    earns, costs = ("加", "扣") if chinese else ("earns ", "costs ")
    return [
        noted("加分", "earned", reworded(sentence, (at, at, earns))),
        noted("扣分", "lost", reworded(sentence, (at, at, costs))),
    ]


def cap_of_what(sentence: Span, cap: Span, last: Span) -> list[tuple[str, str]]:
    """A lone cap behind clauses about different facts: for the `last` alone, or for all."""
    source = sentence.source.text
    before = last.start
    while before > sentence.start and source[before - 1] in " ,，、;；\n":
        before -= 1
    chinese = any("\u4e00" <= char <= "\u9fff" for char in cap.text)
    apart = (before, last.start, ";" if chinese else "; ")
    whole = (cap.start, cap.start, "合计") if chinese else (cap.end, cap.end, " in total")
    return [
        noted("只限最后一项", "for the last one alone", reworded(sentence, apart)),
        noted("限全部", "for all of them", reworded(sentence, whole)),
    ]


def each_or_both(sentence: Span, heads: list[Head], given: Span) -> list[tuple[str, str]]:
    """未报方案、未报总结,扣5分: 5 for each, or 5 where both are missing."""
    chinese = any("\u4e00" <= char <= "\u9fff" for char in given.text)
    each: list[Change] = [(given.start, given.start, "各")]
    if not chinese:
        each = [(heads[-1].span.end, given.start, " "), (given.end, given.end, " each")]
    joints: list[Change] = [
        (one.span.end, other.span.start, "且" if chinese else " and ") for one, other in itertools.pairwise(heads)
    ]
    return [
        noted("各项分别计", "for each of them", reworded(sentence, *each)),
        noted("同时具备才计", "where all of them hold", reworded(sentence, *joints)),
    ]


def share_or_excess(sentence: Span, name_end: int, share: tree.Num) -> list[tuple[str, str]]:
    """超过任务数20%: above 20% of it, or by 20% more than it."""
    if share.span is None:
        return []
    above = shown(add(multiply(share.value, Decimal(100)), Decimal(100)))
    return [
        noted("比它的百分之几还多", "above that share of it", reworded(sentence, (name_end, share.span.start, "的"))),
        noted(
            "比它多出百分之几", "by that share above it", reworded(sentence, (name_end, share.span.end, f"的{above}%"))
        ),
    ]


def from_or_beyond(sentence: Span, name: tree.Name, mark: tree.Mark) -> list[tuple[str, str]]:
    """达3次的部分每次扣1分: the third counts, or those after it."""
    if not isinstance(mark, tree.Num) or mark.span is None or name.span is None or not is_whole(mark.value):
        return []
    if name.span.end > mark.span.start:  # in English the number comes first
        return [
            noted(
                "达到的那个也算",
                f"the {shown(mark.value)}th counts",
                f"beyond {shown(subtract(mark.value, Decimal(1)))}",
            ),
            noted("达到的那个不算", f"the {shown(mark.value)}th does not", f"beyond {shown(mark.value)}"),
        ]
    over = (name.span.end, mark.span.start, "超过")
    first = (mark.span.start, mark.span.end, shown(subtract(mark.value, Decimal(1))))
    return [
        noted("达到的那个也算", "that one counts", reworded(sentence, over, first)),
        noted("达到的那个不算", "that one does not", reworded(sentence, over)),
    ]


def on_top(sentence: Span, piece: Span, given: Span | None) -> tuple[str, str]:
    """迟到每次扣1分,迟到超过3次扣5分: the 5 come on top."""
    chinese = any("\u4e00" <= char <= "\u9fff" for char in piece.text)
    at = given.start if chinese and given else piece.start
    return noted("在每次的基础上另加", "on top of each", reworded(sentence, (at, at, "另" if chinese else "plus ")))


_ZERO = re.compile(
    r"(?:一律)?[记计得]\s*[0０零]\s*分|:?\s*\b(?:scores?|gets?|earns?|is)\s+0(?:\s+points?)?\b", re.IGNORECASE
)


def zero_of_what(sentence: str) -> list[tuple[str, str]]:
    """有泄密的,记0分 beside other consequences: of the indicator, or of the total."""
    own = _ZERO.sub(lambda match: "本项不得分" if "分" in match[0] else ": this indicator scores 0", sentence)
    total = _ZERO.sub(lambda match: "总分记0分" if "分" in match[0] else ": total is 0", sentence)
    return [noted("本项记0分", "0 for the indicator", own), noted("总分记0分", "0 for the total", total)]
