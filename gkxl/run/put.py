"""Values that take the place of what the rules give, to see what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gkxl.periods import Period
from gkxl.values import Number

At = tuple[str, Period]  # a unit by its key, and a period


@dataclass(frozen=True, slots=True)
class Put:
    """`points` of indicators by name, on their own scale. `totals`: the one that places go by, and the one shown."""

    points: Mapping[tuple[str, Period, str], Number] = field(default_factory=dict)
    totals: Mapping[At, tuple[Number, Number]] = field(default_factory=dict)
    ranks: Mapping[At, int] = field(default_factory=dict)
