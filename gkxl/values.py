"""Kinds of value and the exact arithmetic on them, once for the checker and the interpreter.

Numbers are `Decimal` while a decimal holds them and `Fraction` from the first division that none does. Never a float.
"""

from __future__ import annotations

import decimal
import unicodedata
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache

Number = Decimal | Fraction


class Kind(Enum):
    """What a term's value is. A term over rows is a NUMBER (its count)."""

    NUMBER = "number"
    RATE = "rate"  # a share; 95% is the number 0.95
    DATE = "date"
    YESNO = "yes/no"
    TEXT = "text"


# Far more digits than a workbook's 15; a result that does not fit becomes a Fraction, so nothing is ever rounded.
_EXACT = decimal.Context(
    prec=60,
    traps=[decimal.Inexact, decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow, decimal.Underflow],
)


_WIDE = decimal.Context(prec=decimal.MAX_PREC, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)


def _fraction(a: Number) -> Fraction:
    return a if isinstance(a, Fraction) else Fraction(a)


def add(a: Number, b: Number) -> Number:
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        try:
            return _EXACT.add(a, b)
        except decimal.Inexact:
            pass
    return exact(_fraction(a) + _fraction(b))


def subtract(a: Number, b: Number) -> Number:
    return add(a, negate(b))


def negate(a: Number) -> Number:
    """-a; the unary minus of Decimal would round to the context's 28 digits."""
    return -a if isinstance(a, Fraction) else a.copy_negate()


def multiply(a: Number, b: Number) -> Number:
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        try:
            return _EXACT.multiply(a, b)
        except decimal.Inexact:
            pass
    return exact(_fraction(a) * _fraction(b))


def divide(a: Number, b: Number) -> Number:
    """a ÷ b; the caller has made sure that b is not 0."""
    return exact(_fraction(a) / _fraction(b))


def exact(value: Fraction) -> Number:
    """A Decimal if one holds the fraction in 60 digits, else the fraction itself."""
    try:
        return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    except decimal.Inexact:
        return value


def floor(a: Number) -> Number:
    return (
        Decimal(a.numerator // a.denominator) if isinstance(a, Fraction) else a.to_integral_value(decimal.ROUND_FLOOR)
    )


def ceiling(a: Number) -> Number:
    if isinstance(a, Fraction):
        return Decimal(-(-a.numerator // a.denominator))
    return a.to_integral_value(decimal.ROUND_CEILING)


def is_whole(a: Number) -> bool:
    """Whether there is nothing behind the point; `a % 1` would fail on more than 28 digits."""
    return a == floor(a)


def round_half_up(a: Number, places: int = 0) -> Decimal:
    """四舍五入: half away from zero, to `places` decimals."""
    scaled = abs(_fraction(a)) * 10**places + Fraction(1, 2)
    whole = Decimal(scaled.numerator // scaled.denominator).scaleb(-places, _WIDE)
    return whole.copy_negate() if a < 0 else whole


def shown(a: Number) -> str:
    """The plain text of a number: no exponent, no trailing zeros; 12 places, half up, where no decimal holds it."""
    if isinstance(a, Fraction):
        a = round_half_up(a, 12)
    text = format(a, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def is_rounded(a: Number) -> bool:
    """Whether `shown` could not give the number whole."""
    return isinstance(a, Fraction)


# Punctuation that Chinese keyboards give for the half-width marks, and blanks; one character each, so columns stay true.
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(a): b
    for a, b in {
        "　": " ",
        "\u00a0": " ",
        "\t": " ",
        "“": '"',
        "”": '"',
        "﹪": "%",
        "﹒": ".",
        "﹐": ",",
        "−": "-",
        "–": "-",
        "—": "-",
    }.items()
}


def normalise(text: str) -> str:
    """Full-width letters, digits, punctuation and blanks as half-width ones, character for character."""
    return text.translate(_WIDTH)


def name_key(text: str) -> str:
    """What names compare by: width-normalised, casefolded, no format characters, one blank between words and none
    next to a Chinese character. Sheets, headers, units and category values compare by it."""
    return _short_key(text) if len(text) <= 64 else _key(text)


def bare_key(word: str) -> str:
    """The key of a group or column, without 单位/units at its end."""
    key = name_key(word)
    for end in ("单位", " units"):
        if len(key) > len(end) and key.endswith(end):
            return key.removesuffix(end)
    return key


def _key(text: str) -> str:
    kept = "".join(c for c in normalise(text) if unicodedata.category(c) != "Cf")
    words = kept.casefold().split()
    key = ""
    for word in words:
        if key and key[-1] < "\u2e80" and word[0] < "\u2e80":
            key += " "
        key += word
    return key


_short_key = lru_cache(maxsize=4096)(_key)  # the columns of a ledger say the same few things over and over
