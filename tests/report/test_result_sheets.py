"""The result sheets of real books: scores, awards that add up, data issues, about."""

from decimal import Decimal
from pathlib import Path

import pytest

from gkxl.apps import inputs
from gkxl.report.lines import lines
from gkxl.run.results import Results
from gkxl.values import Number, add

BOOKS = Path(__file__).resolve().parents[2] / "workbooks"


def results(name: str) -> list[Results]:
    return [one.results for one in inputs.scored([BOOKS / name], [], None)]


@pytest.mark.parametrize("name", ["xinzhou-2022", "huzhong-2025", "county-openness", "late-and-early"])
def test_the_lines_of_a_unit_add_up_to_its_total(name: str) -> None:
    for one in results(f"{name}.xlsx"):
        assert one.rubric is not None
        for period in one.periods:
            for unit in period.units:
                total: Number = Decimal(0)
                for line in lines(unit, period.period, one.rubric):
                    total = total if line.points is None else add(total, line.points)
                assert total == unit.total, unit.unit
