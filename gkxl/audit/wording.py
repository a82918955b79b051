"""A cause in one sentence, in the language of the rules."""

from __future__ import annotations

from gkxl.audit.audits import Cause, Value
from gkxl.diagnostics import Language
from gkxl.values import shown

_WHAT = {"total": ("总分", "total"), "rank": ("名次", "place"), "grade": ("等次", "grade")}
_TIES = {True: ("后续顺延(1,2,2,4)", "1,2,2,4"), False: ("连续(1,2,2,3)", "1,2,2,3")}
_NAMED = 5  # units; of more the first ones

_TEXTS: dict[str, tuple[str, str]] = {
    "points": (
        "{units}“{what}”公布 {published},按规则是 {computed}",
        "{units}: {what} is published as {published}, by the rules {computed}",
    ),
    "total": (
        "{units}总分公布 {published},按规则和公布的各项是 {computed}",
        "{units}: the total is published as {published}, by the rules and the published points it is {computed}",
    ),
    "rounded": (
        "总分公布时四舍五入到{places}位小数({units})",
        "totals are published rounded to {places} places ({units})",
    ),
    "cut off": (
        "总分公布时舍去了{places}位小数以后的数({units})",
        "totals are published cut off after {places} places ({units})",
    ),
    "swapped": (
        "{units}的{what}互换了(公布 {published})",
        "{units} have each other's {what} (published {published})",
    ),
    "tie split": (
        "{units}同为{shared},应同列第{computed}名,公布的名次是 {published}",
        "{units} both have {shared} and share place {computed}; published are {published}",
    ),
    "ties": (
        "并列名次的办法不同:公布的是{other},规则是{own}({units})",
        "ties are placed by the other policy: published {other}, by the rules {own} ({units})",
    ),
    "together": (
        "公布的名次是各组一起排的,规则在各组内排名",
        "the published places are over all groups, by the rules within each",
    ),
    "passed over": (
        "从{units}起公布的名次与规则错开(应为第{computed}名,公布第{first}名)",
        "from {units} on the published places are off (place {first} is published, {computed} expected)",
    ),
    "unlisted": (
        "{units}不在单位名单里,公布的表里却占第{published}名",
        "{units} has place {published} in the published table, but does not stand in the unit list",
    ),
    "unpublished": (
        "{units}在单位名单里,却没有公布名次,其后的名次都提前了",
        "{units} stands in the unit list, but has no published place, and those after it close up",
    ),
    "rank": (
        "{units}公布第{published}名,应为第{computed}名",
        "{units}: place {published} is published, {computed} expected",
    ),
    "grade": (
        "{units}公布的等次是{published},按规则是{computed}",
        "{units}: the grade is published as {published}, by the rules {computed}",
    ),
}


def cause_text(cause: Cause, language: Language) -> str:
    zh = language == "zh"
    at = 0 if zh else 1
    comma = "、" if zh else ", "
    names = comma.join(cause.units[:_NAMED]) + ("…" if len(cause.units) > _NAMED else "")
    first = cause.differences[0].published if cause.differences else cause.published[0] if cause.published else ""
    text = _TEXTS[cause.kind][at].format(
        units=names,
        what=_WHAT.get(cause.what, (cause.what, cause.what))[at],
        published=comma.join(map(_shown, cause.published)),
        computed="" if cause.computed is None else _shown(cause.computed),
        first=_shown(first),
        shared=_total(cause, zh),
        places=max((_places(value) for value in cause.published), default=0),
        other=_TIES[not cause.skip][at],
        own=_TIES[cause.skip][at],
    )
    if cause.awards:
        text += ("({})" if zh else " ({})").format((";" if zh else "; ").join(one.because for one in cause.awards))
    if cause.slip:
        text += "(两个数字颠倒了?)" if zh else " (two digits in each other's place?)"
    count = len(cause.differences)
    if zh:
        return f"{text};由此有{count}个公布的数与规则不同。"
    return f"{text}; it explains {count} {'figure' if count == 1 else 'figures'}."


def _total(cause: Cause, zh: bool) -> str:
    if cause.shared is None:
        return "一个名次" if zh else "one place"
    return f"{shown(cause.shared)}分" if zh else f"{shown(cause.shared)} points"


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else shown(value)


def _places(value: Value) -> int:
    return len(_shown(value).partition(".")[2])
