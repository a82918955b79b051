"""Terms of an earlier period that rest on a still earlier one: how far back a book is read would have no end."""

from __future__ import annotations

from gkxl import diagnostics as d
from gkxl.model import rules
from gkxl.model.checking import Checking
from gkxl.model.terms import uses


def tell_looking_back_twice(checking: Checking) -> None:
    """Each term of an earlier period whose own term looks back, too, with the term that does."""
    terms = checking.terms
    users: dict[str, list[str]] = {}
    for name, term in terms.items():
        for used in uses(term.measure):
            users.setdefault(used, []).append(name)
    looking = {name: name for name, term in terms.items() if isinstance(term.measure, rules.InPeriod)}
    waiting = list(looking)
    for name in waiting:
        for user in users.get(name, ()):
            if isinstance(terms[user].measure, rules.InPeriod):
                checking.tell(d.LOOKS_BACK_TWICE, terms[user].span, name=user, inner=looking[name])
            elif user not in looking:
                looking[user] = looking[name]
                waiting.append(user)
