"""The columns that texts take in a terminal."""

import pytest

from gkxl.report.layout import width, wrap


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("Parks 12", 8),
        ("回复12件", 8),
        ("（％）", 6),  # full-width forms
        ("ｶﾞ", 2),  # half-width ones
        ("é", 1),
        ("e\u0301", 1),
        ("a\u200bb\ufeff", 2),  # a blank without width, and the mark at the start of files
        ("“…”①±", 5),  # ambiguous in UAX #11: narrow
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_wide_characters_fill_two_columns_of_a_line() -> None:
    assert wrap("群众咨询", 5) == ["群众", "咨询"]
