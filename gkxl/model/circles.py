"""Indicators whose points hang on the places that others give, and so, in the end, on their own."""

from __future__ import annotations

from collections.abc import Sequence

from gkxl import diagnostics as d
from gkxl.model import rules
from gkxl.model.checking import Checking


def tell_circles(indicators: Sequence[rules.Indicator | None], checking: Checking) -> None:
    """Tell of an indicator that is ranked by itself, directly or through others."""
    asks = {one.name: _ranked_by(one) for one in indicators if one is not None}
    for one in indicators:
        if one is None:
            continue
        path, seen = [one.name], {one.name}
        while step := next((name for name in asks.get(path[-1], ()) if name in asks), None):
            path.append(step)
            if step == one.name:
                checking.tell(d.CIRCULAR, one.span, name=one.name, path=" → ".join(path))
            if step in seen:
                break
            seen.add(step)


def _ranked_by(indicator: rules.Indicator) -> list[str]:
    """The indicators whose points give the places that this one asks for."""
    found = []
    for sentence in indicator.sentences:
        for clause in sentence.clauses:
            for branch in clause.branches if isinstance(clause, rules.Pick) else ():
                test = branch.condition
                place = test.left if isinstance(test, rules.Compare) else None
                if isinstance(place, rules.Place) and isinstance(place.of, rules.Score) and place.of.indicator:
                    found.append(place.of.indicator)
    return found
