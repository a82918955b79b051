"""How single cells are read: yes and no, dates that are text, text that looks like a number, and what is wrong."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from gkxl import diagnostics as d
from gkxl.diagnostics import Code, Language
from gkxl.tables import Cell, CellKind
from gkxl.values import Kind, name_key, normalise, shown

YES = frozenset({"是", "有", "√", "✓", "✔", "y", "yes", "true"})
NO = frozenset({"否", "无", "×", "✗", "✘", "n", "no", "false"})
NOT_APPLICABLE = frozenset({"不涉及", "不适用", "n/a", "/"})
SUBTOTALS = frozenset({"小计", "subtotal"})
TOTALS = SUBTOTALS | {"合计", "总计", "total", "grand total"}

_NOT_REPORTED = re.compile(r"[记计]0分[。.)]?")
_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?%?", re.ASCII)
_DATE = re.compile(
    r"(?P<y>[12]\d{3})(?:(?P<sep>[-./])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})|年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
    r"|(?P<m3>\d\d)(?P<d3>\d\d))(?:[ T]+\d{1,2}:\d\d(?::\d\d)?)?",
    re.ASCII,
)


class Lack(NamedTuple):
    """What a cell of the right kind lacks all the same."""

    code: Code
    values: dict[str, object]
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Unreadable(Exception):
    """The cell of `column` is not of the kind that is needed, so nothing can be said about its row."""

    def __init__(self, column: int, cell: Cell, need: Kind | Lack) -> None:
        super().__init__()
        self.column, self.cell, self.need = column, cell, need


def is_blank(cell: Cell | None) -> bool:
    """Nothing to be seen: a blank, or the empty text that a formula gives."""
    if cell is None or cell.kind is CellKind.BLANK:
        return True
    return cell.kind is CellKind.TEXT and not name_key(str(cell.value))


def truth(cell: Cell) -> bool | None:
    """Whether a cell says yes; None if it says neither yes nor no."""
    if isinstance(cell.value, bool):
        return cell.value
    if cell.kind is not CellKind.TEXT:
        return None
    key = name_key(str(cell.value))
    return True if key in YES else False if key in NO else None


def total_word(cell: Cell) -> str:
    """The key of the word that makes a row a total row; empty for any other cell."""
    key = name_key(str(cell.value)).rstrip(":") if cell.kind is CellKind.TEXT else ""
    return key if key in TOTALS else ""


def says_not_reported(cell: Cell) -> bool:
    """Text that ends in 记0分 or 计0分."""
    return cell.kind is CellKind.TEXT and bool(_NOT_REPORTED.search(name_key(str(cell.value))[-5:]))


def says_not_applicable(cell: Cell) -> bool:
    return cell.kind is CellKind.TEXT and name_key(str(cell.value)) in NOT_APPLICABLE


def looks_numeric(cell: Cell) -> bool:
    """Text that a reader would take for a number: `12`, `１２`, `1,234.5`, `35%`, with blanks round it."""
    return cell.kind is CellKind.TEXT and bool(_NUMBER.fullmatch(name_key(str(cell.value))))


def text_date(cell: Cell) -> date | None:
    """The day that a text names, year first (2024.1.5, 2024年1月5日, 20240105); other orders are never guessed."""
    if cell.kind is not CellKind.TEXT:
        return None
    match = _DATE.fullmatch(normalise(str(cell.value)).strip())
    if not match:
        return None
    part = match.groupdict()
    month, day = part["m"] or part["m2"] or part["m3"], part["d"] or part["d2"] or part["d3"]
    try:
        return date(int(part["y"]), int(month), int(day))
    except ValueError:
        return None


def cell_text(cell: Cell) -> str:
    """A cell as a person reads it."""
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return f"{shown(value.scaleb(2))}%" if cell.kind is CellKind.RATE else shown(value)
    if isinstance(value, Fraction):
        return shown(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value == datetime(value.year, value.month, value.day) else str(value)
    return "" if value is None else value


def cell_key(cell: Cell) -> str:
    """What a cell compares by with a name: the name key of its text; yes and no are one word each."""
    answer = truth(cell) if cell.kind is CellKind.BOOL else None
    return name_key(cell_text(cell)) if answer is None else ("是" if answer else "否")


def fault(cell: Cell, need: Kind | Lack, language: Language) -> tuple[Code, dict[str, object], tuple[str, ...]]:
    """What is wrong with a cell where a value of the kind `need` is needed: code, values and notes."""
    if isinstance(need, Lack):
        return need.code, need.values, need.zh if language == "zh" else need.en
    text = cell_text(cell)
    values: dict[str, object] = {"text": text}
    match cell.kind:
        case CellKind.ERROR:
            return d.ERROR_CELL, values, ()
        case CellKind.UNCALCULATED:
            return d.UNCALCULATED_CELL, {}, ()
        case CellKind.BLANK:
            return d.BLANK_DATE_NEEDED, {}, ()
    if need is Kind.DATE:
        day = text_date(cell)
        return (d.TEXT_FOR_DATE, values | {"date": day}, ()) if day else (d.NOT_A_DATE, values, ())
    if need is Kind.YESNO:
        return d.NOT_YES_OR_NO, values, ()
    if need is Kind.RATE and cell.kind is CellKind.NUMBER:
        return d.NUMBER_FOR_RATE, values, ()
    if need is Kind.NUMBER and cell.kind is CellKind.RATE:
        return d.RATE_FOR_NUMBER, values, ()
    return d.TEXT_FOR_NUMBER, values, _hints(cell, language)


def _hints(cell: Cell, language: Language) -> tuple[str, ...]:
    """Why a text that looks like a number is none, and the way out."""
    zh = language == "zh"
    if not looks_numeric(cell):
        if says_not_reported(cell):
            policy = "未报资料记0分" if zh else "not reported counts 0"
            return (f"若要按0分计,请在规则里写:{policy}" if zh else f"To count it as 0, write in the rules: {policy}",)
        return ()
    text = str(cell.value)
    reasons = [
        (text.strip().endswith(("%", "％")), "百分比是当文本输入的", "a percentage typed as text"),
        (any("０" <= c <= "９" for c in text), "有全角数字", "it has full-width digits"),
        ("," in normalise(text), "有千位逗号", "it has thousands separators"),
        (
            not text.isprintable() or text != text.strip(),
            "有空格或看不见的字符",
            "it has blanks or invisible characters",
        ),
    ]
    why = [(chinese if zh else english) for holds, chinese, english in reasons if holds]
    why = why or ["数字是按文本存储的" if zh else "a number stored as text"]
    number = name_key(text).replace(",", "")
    if zh:
        return (f"{'、'.join(why)}。请把单元格改成数字格式,再输入 {number}。",)
    return (f"{', '.join(why)}. Give the cell a number format and enter {number} again.",)
