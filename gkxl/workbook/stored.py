"""What a cell stores, as text, made a value: numbers at 15 digits, dates of both epochs, escapes in strings."""

from __future__ import annotations

import math
import re
import sys
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from gkxl.tables import Cell, CellKind
from gkxl.workbook.styles import Shape

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_SHORT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)?(?:(?:(?<=\d)T|(?<!\d)T?)(?P<hours>\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,20}))?)?Z?)?",
    re.ASCII,
)
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_DAY_MS = 86_400_000
_LAST_DAY = 2_958_466  # the day after 31 December 9999
_DAY_0_OF_1900 = date(1899, 12, 31).toordinal()
_DAY_0_OF_1904 = date(1904, 1, 1).toordinal()
_LONGEST = 400  # characters of a number worth reading; a double has 17 digits


def error(text: str) -> Cell:
    return Cell(CellKind.ERROR, text[:_LONGEST])


def decimal(text: str) -> Decimal | None:
    """The decimal that Excel shows at full precision: the stored double at 15 significant digits. None if no number."""
    if len(text) <= 15 and _SHORT.fullmatch(text):
        return Decimal(text)
    text = text.strip(" \t\r\n")
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    double = float(text)
    return Decimal(format(double, ".15g")) if math.isfinite(double) else None


def double(value: Decimal | Fraction) -> float:
    """The double that a cell holds for an exact number; of one beyond all doubles the largest."""
    try:
        found = float(value)
    except OverflowError:  # a fraction; of a decimal it is infinity
        found = math.inf
    return found if math.isfinite(found) else math.copysign(sys.float_info.max, value)


def number(text: str, shape: Shape, epoch_1904: bool) -> Cell:
    """The cell of a stored number by the shape its format gives it; text that is no number is an error cell."""
    value = decimal(text)
    if value is None:
        return error(text)
    if shape is Shape.NUMBER:
        return Cell(CellKind.NUMBER, value)
    if shape is Shape.RATE:
        return Cell(CellKind.RATE, value)
    if shape is Shape.ELAPSED or (shape is Shape.TIME and value < 1):
        return clock(value) if 0 <= value < _LAST_DAY else error(text)
    day = serial(value, epoch_1904)
    return error(text) if day is None else Cell(CellKind.DATE, day)


def clock(days: Decimal) -> Cell:
    """A time of day or a length of time as the text it is shown as: neither a date nor a plain number."""
    ms = int((days * _DAY_MS).to_integral_value(ROUND_HALF_UP))
    minutes, ms = divmod(ms, 60_000)
    text = f"{minutes // 60:02}:{minutes % 60:02}:{ms // 1000:02}"
    return Cell(CellKind.TEXT, f"{text}.{ms % 1000:03}" if ms % 1000 else text)


def serial(value: Decimal, epoch_1904: bool) -> datetime | None:
    """The date of a serial number (ECMA-376 part 1, 18.17.4.1), rounded to the millisecond; None if it is none.

    In the 1900 system day 60 is 29 February 1900, which never was, and day 0 is no day.
    """
    if not 0 <= value < _LAST_DAY:
        return None
    ms = int((value * _DAY_MS).to_integral_value(ROUND_HALF_UP))
    days, ms = divmod(ms, _DAY_MS)
    if not epoch_1904 and days in (0, 60):
        return None
    ordinal = days + (_DAY_0_OF_1904 if epoch_1904 else _DAY_0_OF_1900 - (days > 60))
    if ordinal > date.max.toordinal():
        return None
    return datetime.combine(date.fromordinal(ordinal), time()) + timedelta(milliseconds=ms)


def serial_of(day: datetime, epoch_1904: bool) -> Decimal:
    """The serial number of a date: `serial` backwards."""
    days = day.toordinal() - (_DAY_0_OF_1904 if epoch_1904 else _DAY_0_OF_1900)
    days += not epoch_1904 and days >= 60
    return days + Decimal((day - datetime.combine(day, time())) // timedelta(milliseconds=1)) / _DAY_MS


def iso(text: str) -> Cell:
    """The cell of an ISO 8601 date (t="d", 18.18.11); a bare time is shown as text, anything else is an error."""
    match = _ISO.fullmatch(text.strip(" \t\r\n"))
    if not match:
        return error(text)
    day, hours, minutes, seconds, fraction = match.groups("0")
    spent = Decimal(int(hours) * 3600 + int(minutes) * 60 + int(seconds)) + Decimal(f"0.{fraction}")
    if not match["day"]:
        return clock(spent / 86400) if match["hours"] else error(text)
    try:
        begun = datetime.combine(date.fromisoformat(day), time())
        return Cell(CellKind.DATE, begun + timedelta(milliseconds=int((spent * 1000).to_integral_value(ROUND_HALF_UP))))
    except (ValueError, OverflowError):
        return error(text)


def duration(text: str) -> Cell:
    """The cell of an ISO 8601 length of time as ODF stores times: PT08H30M00S."""
    match = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)(?:[.,](\d+))?S", text, re.ASCII)
    if not match:
        return error(text)
    hours, minutes, seconds = (Decimal(part) for part in match.group(1, 2, 3))
    return clock((hours * 3600 + minutes * 60 + seconds + Decimal(f"0.{match[4] or 0}")) / 86400)


def unescape(text: str) -> str:
    """ST_Xstring (ECMA-376 part 1, 22.9.2.19): `_x000D_` is the character with that code, `_x005F_` the underscore.

    Two escaped surrogates are one character; one alone becomes U+FFFD, since no output could hold it.
    """
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def boolean(text: str) -> Cell:
    text = text.strip(" \t\r\n")
    if text in ("1", "true"):
        return Cell(CellKind.BOOL, True)
    return Cell(CellKind.BOOL, False) if text in ("0", "false") else error(text)
