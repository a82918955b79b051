"""What one run of `check` works with: the file, its terms, the policies in force, and what has been found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Span
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.model import rules
from gkxl.model.scope import Known, Scope
from gkxl.periods import PeriodKind
from gkxl.values import Number

_PARTIAL = {
    "ignored": rules.Partial.IGNORED,
    "counts as one": rules.Partial.COUNTS_ONE,
    "pro rata": rules.Partial.PRO_RATA,
}
_MISSING = {
    "error": rules.Missing.ERROR,
    "zero": rules.Missing.ZERO,
    "not applicable": rules.Missing.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class Policies:
    """The policies in force: the file's, then an indicator's own over them."""

    missing: rules.Missing | None = None
    partial: rules.Partial | None = None
    targets: rules.Rounding = rules.Rounding.UP
    not_reported: bool = False
    no_floor: bool = False
    earnings_cap: Number | None = None
    earnings_per: PeriodKind | None = None
    deductions_cap: Number | None = None
    exemption: rules.Exemption | None = None
    bonus_cap: Number | None = None
    bonus_per: PeriodKind | None = None
    points_places: int | None = None
    total_places: int | None = None
    ties: tree.Ties | None = None

    def under(self, policies: Sequence[tree.Policy]) -> Policies:
        found = self
        for policy in policies:
            match policy.what:
                case "missing":
                    found = replace(found, missing=_MISSING[str(policy.value)])
                case "partial":
                    found = replace(found, partial=_PARTIAL[str(policy.value)])
                case "targets":
                    found = replace(found, targets=rules.Rounding(str(policy.value)))
                case "not reported":
                    found = replace(found, not_reported=True)
                case "no floor" | "floor":
                    found = replace(found, no_floor=policy.what == "no floor")
                case "earnings cap":
                    found = replace(found, earnings_cap=cast(Number, policy.value), earnings_per=policy.per)
                case "deductions cap":
                    found = replace(found, deductions_cap=cast(Number, policy.value))
                case "not applicable":
                    found = replace(found, exemption=rules.Exemption(str(policy.value)))
                case "bonus cap":
                    found = replace(found, bonus_cap=cast(Number, policy.value), bonus_per=policy.per)
                case "ties":
                    found = replace(found, ties=cast(tree.Ties, policy.value))
                case "points places":
                    found = replace(found, points_places=int(cast(Number, policy.value)))
                case "total places":
                    found = replace(found, total_places=int(cast(Number, policy.value)))
        return found


@dataclass
class Checking:
    """One run of `check`; collects what it finds."""

    file: tree.File
    known: Mapping[tuple[str, ...], Known]
    terms: dict[str, rules.Term]
    policies: Policies
    told: list[Diagnostic] = field(default_factory=list)
    used: set[str] = field(default_factory=set)  # terms that went into others which sentences state on the spot

    @cached_property
    def homes(self) -> Mapping[tuple[str, bool], tree.PartNode]:
        """The parts by name, for indicators (False) and for bonuses (True), which only parts of nothing else hold."""
        mixed = {node.part.text for node in self.file.indicators if node.part is not None and not node.bonus}
        kinds = [(part, bonus) for part in self.file.parts for bonus in (False, True)]
        return {(part.name.text, bonus): part for part, bonus in kinds if not bonus or part.name.text not in mixed}

    @property
    def language(self) -> Language:
        return self.file.language

    def scope(self) -> Scope:
        """What sentences of no indicator are lowered against."""
        names = {name_atoms(node.name.text): node.name.text for node in self.file.indicators}
        return Scope(self.known, self.policies.partial, self.policies.targets, ties=self.policies.ties, scores=names)

    def tell(self, code: d.Code, span: Span | None, *notes: str, **values: object) -> None:
        self.told.append(Diagnostic(code, span, self.language, values, notes))
