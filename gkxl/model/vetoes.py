"""What stands below an indicator and may be about more than it: 记0分, 记59分, vetoes of an indicator for some units."""

from __future__ import annotations

from typing import cast

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.language.clauses import bare_zero, noted_points
from gkxl.language.rewording import zero_of_what
from gkxl.model.checking import Checking
from gkxl.model.parts import option, part_of
from gkxl.values import Number, shown


def tell_vetoes(statement: tree.Sentence, node: tree.IndicatorNode, checking: Checking) -> bool:
    """Whether the sentence has two readings, which is told. That a veto is for some units only is a warning."""
    zh = statement.language == "zh"
    text = statement.span.text if statement.span else ""
    others = any(isinstance(other, tree.Sentence) and other is not statement for other in node.statements)
    alone = len(statement.clauses) == 1 and not others
    worth = cast("Number | None", option(node, "worth"))
    for clause in statement.clauses:
        points = noted_points(clause)
        if bare_zero(clause) and not alone:
            notes = [chinese if zh else english for chinese, english in zero_of_what(text)]
        elif points is not None and worth is not None and points > worth:
            number = shown(points)
            notes = [
                f"总分:写「总分记{number}分」" if zh else f"the total: total is {number}",
                f"本项:写「得{number}分」,并核对本项的分值"
                if zh
                else f"the indicator: earns {number}, and mend its worth",
            ]
        else:
            continue
        checking.tell(d.TWO_READINGS, statement.span, *notes, text=text)
        return True
    part = part_of(node, checking)
    limited = option(node, "for") or (option(part, "for") if part else None)
    if limited and any(isinstance(clause, tree.Veto) and clause.what != "indicator" for clause in statement.clauses):
        checking.tell(d.VETO_LIMITED, statement.span, text=text, name=node.name.text)
    return False
