"""大项 → core: its weight, its caps, and the policies and options that its indicators have from it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Span
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.model import rules
from gkxl.model.checking import Checking, Policies
from gkxl.values import Number

_OPTIONS = ("worth", "weight", "for", "period")


def option(node: tree.PartNode | tree.IndicatorNode, what: str) -> object | None:
    """The value of an option; None where it is not stated."""
    return next((one.value for one in node.options if one.what == what), None)


def part_of(node: tree.IndicatorNode, checking: Checking) -> tree.PartNode | None:
    """The part that an indicator counts in. A bonus below a part of others counts on its own, behind the parts."""
    return None if node.part is None else checking.homes.get((node.part.text, node.bonus))


def within(part: tree.PartNode | None, checking: Checking) -> Policies:
    """The policies that an indicator starts from. The caps of a part are its own: they hold for all of it together."""
    if part is None:
        return checking.policies
    file = checking.policies
    stated = file.under(part.statements)
    return replace(
        stated,
        earnings_cap=file.earnings_cap,
        earnings_per=file.earnings_per,
        deductions_cap=file.deductions_cap,
    )


def lower_parts(checking: Checking) -> tuple[rules.Part, ...]:
    """The parts of the file, told apart by their names."""
    seen: dict[tuple[str, ...], list[tree.PartNode]] = {}
    used = {indicator.part.text for indicator in checking.file.indicators if indicator.part is not None}
    for node in checking.file.parts:
        same = seen.setdefault(name_atoms(node.name.text), [])
        same.append(node)
        if len(same) > 1:
            if len(same) == 2:
                first = same[0].span.line if same[0].span else 0
                checking.tell(d.DECLARED_TWICE, node.span, name=node.name.text, first=first)
            continue
        if any(one.what not in _OPTIONS for one in node.options):
            checking.tell(d.PART_OPTION, node.span, name=node.name.text)
        if Policies().under(node.statements).earnings_per is not None:  # a part has one sum, that of its indicators
            checking.tell(d.PART_OPTION, node.span, name=node.name.text)
        if node.name.text not in used:
            checking.tell(d.PART_EMPTY, node.span, name=node.name.text)
    return tuple(_part(node) for node, *_ in seen.values())


def _part(node: tree.PartNode) -> rules.Part:
    own = Policies().under(node.statements)
    audience = option(node, "for")
    return rules.Part(
        node.name.text,
        cast(Span, node.span),
        cast("Number | None", option(node, "worth")),
        cast("Number | None", option(node, "weight")),
        own.earnings_cap,
        own.deductions_cap,
        rules.Audience(tuple(word.text for word in audience.words), audience.but)
        if isinstance(audience, tree.Audience)
        else None,
        own.exemption is rules.Exemption.RESCALE,
    )
