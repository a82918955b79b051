"""Why one unit has its points: every sentence with its reason, its values and their cells, as a text to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gkxl.diagnostics import Language
from gkxl.model.rules import Rubric, Term
from gkxl.report.facts import areas_of, value_text
from gkxl.report.grid import cut_text, exempt_text, language_of, reason, rescaled_text, signed, veto_text
from gkxl.report.layout import clean, indent
from gkxl.report.near import near_lines, outlook_lines
from gkxl.report.text import paint
from gkxl.report.words import word
from gkxl.run.facts import Cells
from gkxl.run.outlook import outlook
from gkxl.run.results import Award, IndicatorResult, PartResult, PeriodResult, Results, UnitResult, VetoResult
from gkxl.values import name_key, shown

Terms = Mapping[str, Term]

_CELLS_SHOWN = 8  # areas of cells; the rest is counted
_POINTS = 7  # columns for the points in front of a sentence


def explain(
    results: Results,
    columns: int,
    colour: bool = False,
    language: Language | None = None,
    unit: str | None = None,
) -> str:
    """One unit (its name key), or all, in every period, in the language of the rules unless told otherwise.

    The other units are looked at for what a better place or grade needs.
    """
    language = language or language_of(results)
    terms = results.rubric.terms if results.rubric else {}
    blocks = []
    for period in results.periods:
        for one in period.units:
            if unit is not None and name_key(one.unit) != unit:
                continue
            title = " ".join(filter(None, (one.unit, one.group, str(period.period))))
            lines = [paint(line, "1", colour) for line in indent(clean(title), columns)]
            lines += [*_outcome(one, results.rubric, language, columns)]
            if results.rubric is not None:
                lines += _outlook(one, period, results.rubric, language, columns)
            lines += [line for each in one.rescaled for line in indent(clean(rescaled_text(each, language)), columns)]
            heads = {part.part.name: part for part in one.parts}
            for result in one.indicators:
                if head := heads.pop(result.indicator.part or "", None):
                    lines += ["", *_part(head, language, columns, colour)]
                lines += ["", *_indicator(result, terms, language, columns, colour)]
            if one.veto is not None:
                awards = (line for award in one.veto.awards for line in _award(award, terms, language, columns))
                lines += ["", *_veto(one.veto, language, columns), *awards]
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _outcome(unit: UnitResult, rubric: Rubric | None, language: Language, columns: int) -> list[str]:
    """Total, place, grade; how the total came about and what it counts elsewhere; the remark."""
    parts = [word("no total", language) if unit.total is None else f"{word('total', language)} {shown(unit.total)}"]
    if unit.rank is not None:
        parts.append(f"{word('rank', language)} {unit.rank}")
    if unit.grade:
        parts.append(f"{word('grade', language)} {unit.grade}")
    if unit.converted is not None and rubric is not None and rubric.conversion is not None:
        into = rubric.conversion.into
        parts.append(word("converted into", language, into=into, points=shown(unit.converted)))
    lines = indent(clean("  ".join(parts)), columns)
    if unit.made is not None:
        lines += indent(clean(unit.made.because(language)), columns, f"{word('total because', language)} ")
    if unit.remark:
        lines += indent(clean(unit.remark), columns, f"{word('remark', language)} ")
    return lines


def _outlook(unit: UnitResult, period: PeriodResult, rubric: Rubric, language: Language, columns: int) -> list[str]:
    """What the next better grade and place need."""
    lowest_first = rubric.ranking is not None and rubric.ranking.lowest_first
    texts = outlook_lines(outlook(unit, period, rubric), lowest_first, language)
    return indent(clean(word("and", language).join(texts)), columns) if texts else []


def _veto(veto: VetoResult, language: Language, columns: int) -> list[str]:
    return indent(clean(veto_text(veto, language)), columns)


def _part(one: PartResult, language: Language, columns: int, colour: bool) -> list[str]:
    """Its own line, above those of its indicators, and what its caps took."""
    name = f"{word('part', language)} {clean(one.part.name)}"
    if not one.applies:
        return indent(f"{name}  {word('not for unit', language)}", columns)
    points = word("no points", language) if one.points is None else shown(one.points)
    details = []
    if one.part.worth is not None:
        details.append(word("of", language, points=shown(one.part.worth)))
    if one.counted is not None and one.counted != one.points:
        details.append(word("counted", language, points=shown(one.counted)))
    head = f"{name}  {points}" + (f" ({word('comma', language).join(details)})" if details else "")
    lines = [paint(line, "1", colour) for line in indent(head, columns)]
    return lines + [line for cut in one.cuts for line in indent(cut_text(cut, language), columns, "  ")]


def _indicator(one: IndicatorResult, terms: Terms, language: Language, columns: int, colour: bool) -> list[str]:
    name = clean(one.indicator.name)
    if not one.applies and one.exempt is None:
        return indent(f"{name}  {word('not for unit', language)}", columns)
    if not one.applies:
        lines = [paint(line, "1", colour) for line in indent(f"{name}  -", columns)]
        return lines + _exempt(one, language, columns)
    points = word("no points", language) if one.points is None else shown(one.points)
    details = []
    if one.indicator.worth is not None:
        details.append(word("of", language, points=shown(one.indicator.worth)))
    if one.indicator.start:
        details.append(word("starts", language, points=shown(one.indicator.start)))
    if one.counted is not None and one.counted != one.points:
        details.append(word("counted", language, points=shown(one.counted)))
    head = f"{name}  {points}" + (f" ({word('comma', language).join(details)})" if details else "")
    lines = [paint(line, "1", colour) for line in indent(head, columns)]
    lines += _exempt(one, language, columns)
    lines += [line for cut in one.cuts for line in indent(cut_text(cut, language), columns, "  ")]
    quiet = [award for award in one.awards if not award.fired]
    for award in one.awards:
        if award.fired:
            lines += _award(award, terms, language, columns)
    if quiet:
        lines.append(f"  {word('not fired', language)}")
        for award in quiet:
            lines += _award(award, terms, language, columns)
    return lines


def _exempt(one: IndicatorResult, language: Language, columns: int) -> list[str]:
    """Which cell says 不涉及, and what that came to."""
    if one.exempt is None:
        return []
    cells = cells_text(one.exempt.fact.cells, language)
    text = exempt_text(one, language)
    return indent(clean(f"{text}  {cells}" if cells else text), columns, "  ")


def _award(award: Award, terms: Terms, language: Language, columns: int) -> list[str]:
    """Points and sentence, below it the reason and the cells."""
    margin = " " * (_POINTS + 2)
    span = award.sentence.span
    sentence = clean(f"{award.sentence.text}  ({span.source.path}:{span.line})")
    lines = indent(sentence, columns, f"{signed(award.points):>{_POINTS}}  ", margin)
    lines += indent(clean(reason(award, language)), columns, margin)
    for text in near_lines(award, language):
        lines += indent(clean(text), columns, margin)
    for name, fact in award.facts.items():
        term = f"{name} {value_text(fact, terms.get(name), language)}"
        cells = cells_text(fact.cells, language)
        lines += indent(clean(f"{term}  {cells}" if cells else term), columns, margin)
    return lines


def cells_text(cells: Iterable[Cells], language: Language) -> str:
    """`咨询答复!A2, A5:A9`: each cell once, neighbours below each other as one range, long lists cut."""
    found = areas_of(cells, _CELLS_SHOWN)
    texts, sheet = [], None
    for run in found.first:
        texts.append(run.a1 if run.sheet == sheet else str(run))
        sheet = run.sheet
    if found.areas > _CELLS_SHOWN:
        texts.append(f"... ({word('cells', language, n=found.cells)})")
    return ", ".join(texts)
