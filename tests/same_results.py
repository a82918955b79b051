"""Answers of the functions: held against the results of `gkxl score --json`, and against what a cell can hold."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from gkxl.functions.core import Functions


def agree(functions: Functions, rules: str, scored: dict[str, Any], given: list[object]) -> None:
    """GK.TABLE, GK.TOTAL and GK.DETAIL of the rule text and the tables give what was scored."""
    header, *rows = functions.table(rules, scored["period"], *given)
    assert len(rows) == len(scored["units"]) > 0
    listed = {row[0]: row for row in rows}
    for unit in scored["units"]:
        row = listed[unit["unit"]]
        total = row[-5] if {"折算分", "Converted"} & {*header} else row[-4]
        assert _text(total) == unit["total"]
        assert _text(row[-3]) == (None if unit["rank"] is None else str(unit["rank"]))
        assert row[-2] == (unit["grade"] or "")
        assert (unit["remark"] or "") in row[-1]  # which names vetoes too
        for one in unit["indicators"]:
            if one["applies"]:
                assert _text(row[header.index(one["name"], 2)]) == one["points"]
        if total != "":  # else it is no longer assessed, and the one total says so
            assert functions.total(rules, scored["period"], unit["unit"], *given) == total
        _, *lines = functions.detail(rules, scored["period"], unit["unit"], *given)
        if unit["total"] is not None:
            points = sum(Decimal(repr(line[3])) for line in lines if line[3] != "")
            assert abs(points - Decimal(unit["total"])) < Decimal("1e-9")
        awards = [award["rule"] for one in unit["indicators"] for award in one["awards"] if one["applies"]]
        assert awards == [line[1] for line in lines if line[1] and line[0]]


def _text(value: float | str) -> str | None:
    """A number as the JSON writes it; None where there is none, or the text says why."""
    if isinstance(value, str):
        assert value == "" or value.startswith("#GK4")
        return None
    text = format(Decimal(format(value, ".13g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def sound(answer: object) -> bool:
    """Whether a cell, or a range of cells, can hold it."""
    rows = answer if isinstance(answer, list) else [[answer]]
    cells = [one for row in rows for one in row]
    return (
        len({len(row) for row in rows}) == 1
        and bool(cells)
        and all(type(one) in (str, bool) or (type(one) is float and math.isfinite(one)) for one in cells)
    )
