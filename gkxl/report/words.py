"""The words of the reports in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from gkxl.diagnostics import Diagnostic, Language

_WORDS: dict[str, tuple[str, str]] = {
    "unit": ("单位", "Unit"),
    "group": ("类别", "Group"),
    "total": ("总分", "Total"),
    "converted": ("折算分", "Converted"),
    "converted into": ("折算计入{into} {points}", "counts {points} toward {into}"),
    "total because": ("总分的由来", "How the total came about"),
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
    "part": ("大项", "Part"),
    "exempt full marks": ("{term}不涉及,计满分", "{term} not applicable: full marks"),
    "exempt no deduction": ("{term}不涉及,不扣分", "{term} not applicable: no deduction"),
    "exempt rescale": ("{term}不涉及,按比例折算", "{term} not applicable: rescaled"),
    "exempt group average": ("{term}不涉及,取全组平均", "{term} not applicable: group average"),
    "exempt not assessed": ("{term}不涉及,不计分", "{term} not applicable: not assessed"),
    "no average": ("全组都不涉及,没有平均", "not applicable to the whole group: no average"),
    "rescaled": ("其余×{factor}({every}÷{applying})", "the rest × {factor} ({every} / {applying})"),
    "rescaled part": (
        "{part}其余×{factor}({every}÷{applying})",
        "the rest of {part} × {factor} ({every} / {applying})",
    ),
    "cut earnings": ("加分共{before}分,本项加分最多{limit}分", "earned {before}; earnings here at most {limit}"),
    "cut deductions": ("扣分共{before}分,本项扣分最多{limit}分", "lost {before}; deductions here at most {limit}"),
    "cut floor": ("应得{before}分,扣完为止,得{after}分", "{before} in all; deductions stop at {after}"),
    "cut worth": ("应得{before}分,满分{limit}分", "{before} in all; worth {limit}"),
    "cut part earnings": (
        "加分共{before}分,本大项加分最多{limit}分",
        "earned {before}; earnings of this part at most {limit}",
    ),
    "cut part deductions": (
        "扣分共{before}分,本大项扣分最多{limit}分",
        "lost {before}; deductions of this part at most {limit}",
    ),
    "cut bonuses": (
        "加分合计最多{limit}分:{before}分计入{after}分",
        "all bonuses at most {limit}: {after} of {before} count",
    ),
    "cut longer": ("各期合计{before}分,全年最多{limit}分", "{before} over the periods; at most {limit} in the whole"),
    "cut gate": ("总分未达到计入加分的条件:{before}分不计入", "the total does not admit bonuses: {before} not counted"),
    "not fired": ("未加减分", "Gave nothing"),
    "near": ("{what},{then}", "{what} {then}"),
    "near more": ("{name}再多{amount}({reached})", "{name}: {amount} more ({reached})"),
    "near fewer": ("{name}再少{amount}({reached})", "{name}: {amount} fewer ({reached})"),
    "near higher": ("{name}再高{amount}({reached})", "{name}: {amount} higher ({reached})"),
    "near lower": ("{name}再低{amount}({reached})", "{name}: {amount} lower ({reached})"),
    "near same": ("{name}只要{reached}", "{name}: {reached}"),
    "near yes": ("{name}", "{name}:"),
    "near turned": ("即可由{now}变为{then}", "{then}, not {now}"),
    "near at": ("到{value}", "{value}"),
    "near above": ("超过{value}", "above {value}"),
    "near below": ("低于{value}", "below {value}"),
    "percentage point": ("{amount}个百分点", "{amount} percentage point"),
    "percentage points": ("{amount}个百分点", "{amount} percentage points"),
    "near won": ("即可得{points}分", "would earn {points}"),
    "near earned": ("即可多得{points}分", "would earn {points} more"),
    "near saved": ("即可免扣{points}分", "would save {points}"),
    "near cheaper": ("即可少扣{points}分", "would save {points}"),
    "near less": ("就少得{points}分", "would earn {points} less"),
    "near lost": ("就扣{points}分", "would cost {points}"),
    "near dearer": ("就多扣{points}分", "would cost {points} more"),
    "near struck": ("就{veto}", "would mean: {veto}"),
    "near spared": ("即可避免{veto}", "would avoid: {veto}"),
    "outlook at": ("{points}分", "{points} more"),
    "outlook beyond": ("{points}分以上", "just over {points} more"),
    "outlook at lowest": ("少{points}分", "{points} less"),
    "outlook beyond lowest": ("少{points}分以上", "just over {points} less"),
    "outlook grade": ("再得{points}即为{grade}", "{points} would give {grade}"),
    "outlook rank": ("再得{points}可升到第{rank}名", "{points} would give place {rank}"),
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
