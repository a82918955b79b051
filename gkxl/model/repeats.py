"""The S13 sentences of an indicator → one `rules.Repeats`, and the sheets whose rows they are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.model import rules
from gkxl.model.checking import Checking
from gkxl.model.scope import Known, Scope
from gkxl.values import name_key


def with_repeats(node: tree.IndicatorNode, scope: Scope, checking: Checking) -> Scope:
    """The scope with what the S13 sentences of the indicator say.

    They are about its price lists; where there are none, about the rows that its `each` sentences count.
    """
    clauses = [clause for one in node.statements if isinstance(one, tree.Sentence) for clause in one.clauses]
    said = [clause for clause in clauses if isinstance(clause, tree.Repeats)]
    if not said:
        return scope
    repeats = rules.Repeats()
    for clause in said:
        column = clause.column.text if clause.column else None
        text = clause.span.text if clause.span else ""
        match clause.what:
            case "times" if column is not None:
                repeats = replace(repeats, times=(*repeats.times, (column, clause.factor)))
                continue
            case "share" if repeats.share is None:
                repeats = replace(repeats, share=column)
                continue
            case "highest" if repeats.once is None and not repeats.adds_up:
                repeats = replace(repeats, once=column)
                continue
            case "add up" if repeats.once is None:
                repeats = replace(repeats, adds_up=True)
                continue
        checking.tell(d.ONCE_ONLY, clause.span, what=text)
    priced = [_known(clause.name, scope) for clause in clauses if isinstance(clause, tree.PriceList)]
    if not priced:
        named = (clause.name for clause in clauses if isinstance(clause, tree.Each))
        priced = [_known(name, scope) for name in named if isinstance(name, tree.Name)]
    sheets = _sheets(priced)
    if not sheets and not any(known is None for known in priced):
        text = said[0].span.text if said[0].span else ""
        checking.tell(d.NO_PRICED_ROWS, said[0].span, text=text, name=node.name.text)
    return replace(scope, repeats=repeats, priced=sheets)


def _known(name: tree.Name, scope: Scope) -> Known | None:
    return scope.find(name.text)


def _sheets(known: Iterable[Known | None]) -> frozenset[str]:
    return frozenset(name_key(one.rows) for one in known if one is not None and one.rows is not None)
