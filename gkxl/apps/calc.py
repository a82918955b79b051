"""The functions in LibreOffice Calc: what it hands to an add-in, made arguments, and answers as it takes them.

An argument of type `any` is of a single cell its number or text: 0 for a blank one, 1 for TRUE; of a range rows, with "" for
blanks. With an error cell in it, Calc answers itself, by the error or by Err:502, and calls nobody. Only an argument of type
XCellRange is the cells themselves, and Calc takes no literal and no optional one for it. So GK.CELLS(range) gives a range with
all that is in it to the other functions, as texts that no cell holds; and a single 0, which may be a blank, is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gkxl import diagnostics as d
from gkxl.apps.ruled import ruled
from gkxl.apps.version import version
from gkxl.diagnostics import Diagnostic
from gkxl.functions.answers import Plain, refusal
from gkxl.functions.arguments import Argument, CellError, Rows, Value, language_of, single
from gkxl.functions.core import Functions
from gkxl.functions.help import TOTAL

__all__ = ["cells", "check", "detail", "explain", "grade", "points", "rank", "table", "total", "version"]

Answer = Plain | tuple[tuple[Plain, ...], ...]

_FUNCTIONS = Functions()
_MARK = "\ufdd0"  # a noncharacter, before what is no text: an error's, TRUE or FALSE
_TRUTHS = {f"{_MARK}TRUE": True, f"{_MARK}FALSE": False}
_LOGICAL = 1024  # com.sun.star.util.NumberFormat.LOGICAL
_FORMULA = 16  # com.sun.star.sheet.CellFlags.FORMULA
_ERRORS = {  # as XCell.getError gives them; Calc shows any other as Err:502
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}


def points(sentence: Any, *pairs: Any) -> Answer:
    """Of the values that are single cells Calc does not say whether they are blank or 0."""
    given = _used(pairs)
    for name, value in zip(given[::2], given[1::2], strict=False):
        if _zero(value):
            return _unclear(str(_argument(name)), language_of(_argument(sentence)))
    return _answer(_FUNCTIONS.points(*_texts([sentence]), *map(_argument, given)))


def table(rules: Any, period: Any, *tables: Any) -> Answer:
    return _of_tables(_FUNCTIONS.table, rules, period, *tables)


def detail(rules: Any, period: Any, unit: Any, *tables: Any) -> Answer:
    return _of_tables(_FUNCTIONS.detail, rules, period, unit, *tables)


def total(rules: Any, period: Any, unit: Any, *tables: Any) -> Answer:
    return _of_tables(_FUNCTIONS.total, rules, period, unit, *tables)


def explain(rules: Any, period: Any, unit: Any, *tables: Any) -> Answer:
    return _of_tables(_FUNCTIONS.explain, rules, period, unit, *tables)


def check(rules: Any, *tables: Any) -> Answer:
    return _of_tables(_FUNCTIONS.check, rules, *tables)


def rank(document: Any, totals: Any, groups: Any, ties: Any) -> Answer:
    given = None if totals is None else rows(document, totals)
    return _answer(_FUNCTIONS.rank(single(given), *_texts([groups, ties])))


def grade(rules: Any, total: Any) -> Answer:
    if _zero(total):
        language = language_of(_argument(rules))
        return _unclear(TOTAL.label.of(language), language)
    return _answer(ruled(_FUNCTIONS.grade, *_texts([rules]), _argument(total)))


def cells(document: Any, area: Any) -> Answer:
    """A range as the other functions take it: with its errors, and TRUE and FALSE apart from 1 and 0."""
    return tuple(tuple(map(_marked, row)) for row in rows(document, area, whole=False))


def _of_tables(function: Callable[..., object], *given: Any) -> Answer:
    return _answer(ruled(function, *_texts(_used(given))))


# --- What Calc hands over -----------------------------------------------------------------------------------------------


def _used(given: Sequence[Any]) -> Sequence[Any]:
    """Without those at the end that were left out."""
    end = len(given)
    while end and given[end - 1] is None:
        end -= 1
    return given[:end]


def _argument(value: Any) -> Argument:
    """An argument of type `any` as the functions take it."""
    if not isinstance(value, tuple):
        return value  # type: ignore[no-any-return]
    if any(type(one) is str and one[:1] == _MARK for row in value for one in row):
        value = tuple(tuple(map(_unmarked, row)) for row in value)
    return single(value)


def _texts(values: Sequence[Any]) -> list[Argument]:
    """Arguments that are no number, so that a single 0 is a blank."""
    return [None if _zero(one) else _argument(one) for one in values]


def _zero(value: Argument) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0


def _unclear(argument: str, language: d.Language) -> str:
    return refusal([Diagnostic(d.BLANK_OR_ZERO, None, language, {"argument": argument})])


def _marked(value: Value) -> Plain:
    match value:
        case CellError(said):
            return _MARK + said
        case bool():
            return f"{_MARK}{value}".upper()
        case None:
            return ""
    return value  # type: ignore[return-value]  # of a cell of Calc: a number or a text


def _unmarked(value: Any) -> Value:
    if type(value) is not str or value[:1] != _MARK:
        return value  # type: ignore[no-any-return]
    return _TRUTHS[value] if value in _TRUTHS else CellError(value[1:])


def rows(document: Any, area: Any, whole: bool = True) -> Rows:
    """The cells of an XCellRange. Numbers are as stored: a date is a serial in the document's own date system.

    Of columns in full length those are read that are in use; `whole` fills them up with blanks.
    """
    used = _in_use(area)
    data = used.getDataArray()
    truths = _truths(document, used, data)
    found = tuple(
        tuple([_value(used, value, row, column, truths) for column, value in enumerate(values)])
        for row, values in enumerate(data)
    )
    if whole and (missing := _height(area) - len(found)):
        found += ((None,) * len(found[0]),) * missing
    return found


def _height(area: Any) -> int:
    address = area.getRangeAddress()
    return int(address.EndRow - address.StartRow + 1)


def _in_use(area: Any) -> Any:
    """Without the rows below the last that the sheet uses, where the range goes down to its end."""
    address, sheet = area.getRangeAddress(), area.getSpreadsheet()
    if address.EndRow < sheet.getRangeAddress().EndRow:
        return area
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = max(min(cursor.getRangeAddress().EndRow, address.EndRow), address.StartRow)
    return area.getCellRangeByPosition(0, 0, address.EndColumn - address.StartColumn, last - address.StartRow)


def _value(area: Any, value: Any, row: int, column: int, truths: Callable[[int, int], bool]) -> Value:
    if value is None:
        code = area.getCellByPosition(column, row).getError()
        return CellError(_ERRORS.get(code, f"Err:{code}"))
    if value == "":
        return None
    if (value == 1 or value == 0) and truths(row, column):
        return bool(value)
    return value  # type: ignore[no-any-return]


def _truths(document: Any, area: Any, data: Sequence[Sequence[Any]]) -> Callable[[int, int], bool]:
    """Whether the 1 or 0 of a cell is a truth value, which only its number format says. A column of one format is asked once."""
    formats = document.getNumberFormats()
    logical: dict[int, bool] = {}
    columns: dict[int, bool | None] = {}

    def of_format(key: int) -> bool:
        if key not in logical:
            logical[key] = bool(formats.getByKey(key).Type & _LOGICAL)
        return logical[key]

    def of_column(column: int) -> bool | None:
        """None: it has several formats, or formulas, whose format is that of their result."""
        part = area.getCellRangeByPosition(column, 0, column, len(data) - 1)
        key = part.NumberFormat
        return None if key is None or part.queryContentCells(_FORMULA).getCount() else of_format(key)

    def truth(row: int, column: int) -> bool:
        if column not in columns:
            columns[column] = of_column(column)
        known = columns[column]
        return of_format(area.getCellByPosition(column, row).NumberFormat) if known is None else known

    return truth


def _answer(given: object) -> Answer:
    return tuple(map(tuple, given)) if isinstance(given, list) else given  # type: ignore[return-value]
