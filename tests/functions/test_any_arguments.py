"""Whatever is handed over: the functions answer with what a cell can hold, and never with a mistake of their own."""

from datetime import UTC, date, datetime
from typing import Any

from function_cases import CASES, arguments
from hypothesis import given, settings
from hypothesis import strategies as st
from same_results import sound

from gkxl.functions.arguments import CellError
from gkxl.functions.core import Functions
from gkxl.functions.formula import read_call

F = Functions()
GIVEN = [  # calls that are sound, or wrong in a known way
    (call.function, arguments(case))
    for case in CASES
    if (call := read_call(case.formula)) and call.function != "version"
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.text(max_size=9),
    st.sampled_from(
        ("", " ", "2025Q4", "单位表", "考评 甲", "assessment A\nunits", "\ud800", "=1", "规则.gk", "连续", "A1:B2")
    ),
    st.sampled_from((CellError("#N/A"), CellError("#REF!"), CellError(""))),
    st.dates(),
    st.datetimes() | st.sampled_from((datetime.max, datetime(2025, 10, 9, 23, 59, 59, 999_997, UTC), date.min)),
)
RANGES = st.integers(0, 4).flatmap(
    lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width).map(tuple), max_size=5).map(tuple)
)
CHANGES = st.lists(st.tuples(st.integers(0, 40), VALUES | RANGES), max_size=3)


def check(function: str, given: list[Any]) -> None:
    answer = getattr(F, function)(*given)
    assert sound(answer), answer
    assert "#GK699" not in str(answer), answer
    if function == "points" and isinstance(answer, str):
        assert answer.startswith("#GK"), answer


@settings(max_examples=max(300, settings().max_examples))
@given(st.sampled_from(GIVEN), CHANGES, st.none() | st.integers(0, 13), st.booleans())
def test_arguments_changed_left_out_and_in_another_order(
    call: tuple[str, list[Any]], changes: list[tuple[int, Any]], most: int | None, swapped: bool
) -> None:
    function, known = call
    given = [*known]
    for at, value in changes:
        given[at % len(given)] = value
    given = given[:most]
    if swapped and len(given) > 1:
        given[0], given[1] = given[1], given[0]
    least = {"points": 1, "check": 1, "rank": 1, "table": 2, "grade": 2}.get(function, 3)  # what the signature asks for
    given += [None] * (least - len(given))
    check(function, given[:2] if function == "grade" else given[:3] if function == "rank" else given)


@settings(max_examples=max(300, settings().max_examples))
@given(st.sampled_from(sorted({function for function, _ in GIVEN})), st.lists(VALUES | RANGES, min_size=3, max_size=8))
def test_arguments_of_any_kind(function: str, given: list[Any]) -> None:
    check(function, given[:2] if function == "grade" else given[:3] if function == "rank" else given)


@given(st.sampled_from(GIVEN), st.integers(0, 40), st.integers(0, 30), st.integers(0, 5), VALUES)
def test_one_cell_of_a_range_is_anything(
    call: tuple[str, list[Any]], at: int, row: int, column: int, value: Any
) -> None:
    function, known = call
    ranges = [index for index, one in enumerate(known) if isinstance(one, tuple)]
    given = [*known]
    if ranges:
        chosen = ranges[at % len(ranges)]
        cells = [[*line] for line in given[chosen]]
        cells[row % len(cells)][column % len(cells[0])] = value
        given[chosen] = tuple(map(tuple, cells))
    check(function, given)
