"""The units' sheet found and read: before all else where units are scored, and alone where they only owe a form."""

from __future__ import annotations

from gkxl.diagnostics import Diagnostic, GkError
from gkxl.model.rules import Rubric
from gkxl.run.bind import bind
from gkxl.run.findings import Findings
from gkxl.run.ledgers import Ledger
from gkxl.run.units import Roster, read_units
from gkxl.run.uses import audience_words
from gkxl.tables import Book
from gkxl.values import name_key


def listed(rubric: Rubric, book: Book) -> tuple[Roster | None, list[Diagnostic]]:
    """The list of units. None where it isn't found or cannot be read."""
    findings = Findings(rubric.language)
    _, roster, diagnostics = with_units(rubric, book, findings)
    return roster, diagnostics + findings.diagnostics()


def with_units(
    rubric: Rubric, book: Book, findings: Findings
) -> tuple[dict[str, Ledger], Roster | None, list[Diagnostic]]:
    """The ledgers of rules that name a list of units, and the list; what is odd in it goes into `findings`."""
    assert rubric.units is not None
    ledgers, diagnostics = bind(rubric, book)
    units = ledgers.get(name_key(rubric.units.sheet))
    if units is None:
        return ledgers, None, diagnostics
    try:
        return ledgers, read_units(rubric.units, units, audience_words(rubric), findings), diagnostics
    except GkError as error:
        findings.others += error.diagnostics
        return ledgers, None, diagnostics
