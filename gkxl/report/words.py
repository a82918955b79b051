"""The words of the reports in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from gkxl.diagnostics import Diagnostic, Language

_WORDS: dict[str, tuple[str, str]] = {
    "unit": ("单位", "Unit"),
    "group": ("类别", "Group"),
    "total": ("总分", "Total"),
    "rank": ("名次", "Place"),
    "grade": ("等次", "Grade"),
    "remark": ("备注", "Remark"),
    "period": ("周期", "Period"),
    "book": ("工作簿", "Workbook"),
    "rules": ("规则", "Rules"),
    "indicator": ("指标", "Indicator"),
    "sentence": ("规则", "Rule"),
    "because": ("原因", "Why"),
    "points": ("分", "Points"),
    "awards": ("得分原因", "Why these points"),
    "no awards": ("没有加分或扣分。", "Nothing was earned or lost."),
    "many awards": (
        "加分、扣分共{n}处。看某个单位的原因:gkxl explain {book} {unit};全部:--format json",
        "{n} sentences gave points. Why a unit has its points: gkxl explain {book} {unit}; all of them: --format json",
    ),
    "veto": ("一票否决:{sentences}", "Veto: {sentences}"),
    "replaced": ("原得{points}分,未采用", "{points} points before, not used"),
    "and": (";", "; "),
    "of": ("满分{points}分", "of {points}"),
    "starts": ("起评{points}分", "starts at {points}"),
    "counted": ("计入总分{points}分", "counts {points}"),
    "not fired": ("未加减分", "Gave nothing"),
    "not for unit": ("不适用于本单位", "not for this unit"),
    "no points": ("数据有误,未计分", "no points: an error in the data"),
    "no total": ("未计总分", "no total"),
    "cells": ("共{n}个单元格", "{n} cells"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "missing": ("空", "blank"),
    "not applicable": ("不涉及", "not applicable"),
    "error": ("有误", "in error"),
    "errors": ("{n}个错误", "{n} error{s}"),
    "warnings": ("{n}个警告", "{n} warning{s}"),
    "notes": ("{n}条说明", "{n} note{s}"),
    "no findings": ("没有问题", "no findings"),
    "comma": (",", ", "),
    "examples": ("{n}个例子,{passed}个通过", "{n} example{s}, {passed} passed"),
    "nearest": ("最接近的:{names}", "Nearest: {names}"),
    "choices": ("可用的:{names}", "There are: {names}"),
}


def word(key: str, language: Language, **values: object) -> str:
    """The word or phrase `key`; `n` also decides the English plural."""
    text = _WORDS[key][language == "en"]
    return text.format(**values, s="" if values.get("n") == 1 else "s") if values else text


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`3 errors, 1 warning`, in the language of the diagnostics; empty where there are none."""
    found = tuple(diagnostics)
    if not found:
        return ""
    language = found[0].language
    counts = [(f"{level}s", sum(d.severity == level for d in found)) for level in ("error", "warning", "note")]
    return word("comma", language).join(word(key, language, n=n) for key, n in counts if n)
