"""Definitions of the tree → terms of the core: measures, kinds, formulas, what is circular or declared twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, Language, Span
from gkxl.language import tree
from gkxl.language.words import name_atoms
from gkxl.model import rules
from gkxl.model.checking import Checking
from gkxl.model.lower_checks import of_forms
from gkxl.model.names import Binder, Stop
from gkxl.model.scope import Known, Scope
from gkxl.periods import TimeUnit
from gkxl.values import Kind

_COUNTS = {
    rules.Aggregation.COUNT: Kind.NUMBER,
    rules.Aggregation.SUM: Kind.NUMBER,
    rules.Aggregation.DIFFERENT: Kind.NUMBER,
    rules.Aggregation.ANY: Kind.YESNO,
}


_MOST_CIRCLES = 20
_SHOWN_WAY = 10  # terms at either end of a long way


def lower_terms(
    file: tree.File, kinds: Mapping[str, Kind]
) -> tuple[dict[str, rules.Term], dict[tuple[str, ...], Known], list[Diagnostic]]:
    """The terms by first name, and the same by every name, with their kinds as far as known.

    `kinds`: those of columns, as the book has told them.
    """
    definitions, language = file.definitions, file.language
    figures = of_forms(definitions)
    told: list[Diagnostic] = []
    known: dict[tuple[str, ...], Known] = {}
    sound: list[tree.Definition] = []
    lines: dict[tuple[str, ...], int] = {}
    for at, definition in enumerate(definitions):
        first = definition.names[0].text
        twice = next((n for n in definition.names if name_atoms(n.text) in known), None)
        if twice is not None:
            values: dict[str, object] = {"name": twice.text, "first": lines[name_atoms(twice.text)]}
            told.append(Diagnostic(d.DECLARED_TWICE, twice.span, language, values))
            continue
        if at not in figures:
            sound.append(definition)
        for name in definition.names:
            known[name_atoms(name.text)] = Known(first, figure=at in figures)
            lines[name_atoms(name.text)] = name.span.line if name.span else 0
    for name in file.refused:  # told already
        known.setdefault(name_atoms(name.text), Known(name.text))
    made: dict[str, rules.Term] = {}
    scope = Scope(
        known,
        calendar=file.working_days is not None,
        check_date=file.check_date,
        made=made,
        dated=_in_force_by_name(sound, language),
    )
    measures: dict[str, rules.Measure] = {}
    spans: dict[str, Span | None] = {}
    for definition in sound:
        binder = Binder(scope, language, definition.span)
        with suppress(Stop):
            measures[definition.names[0].text] = _measure(definition.meaning, binder)
        told += binder.diagnostics
        spans[definition.names[0].text] = definition.span
    measures |= {name: term.measure for name, term in made.items()}
    circles = _circles(measures)
    for circular, path in circles:
        values = {"name": circular, "path": " → ".join(path)}
        if circular in spans:
            told.append(Diagnostic(d.CIRCULAR, spans[circular], language, values))
        del measures[circular]
    if len(circles) == _MOST_CIRCLES:  # there may be more, and nothing below expects one
        measures.clear()
    found: dict[str, Kind | None] = {}
    for first in measures:
        _kind(first, measures, kinds, found)
    terms = {
        definition.names[0].text: rules.Term(
            definition.names[0].text,
            tuple(n.text for n in definition.names[1:]),
            measures[definition.names[0].text],
            definition.span,  # type: ignore[arg-type]  # definitions of a file always have their place
            found.get(definition.names[0].text),
        )
        for definition in sound
        if definition.names[0].text in measures
    }
    terms |= {name: replace(term, kind=found.get(name)) for name, term in made.items() if name in measures}
    kinds_known = {}
    for key, one in known.items():
        measure = measures.get(one.name)
        kinds_known[key] = replace(one, kind=found.get(one.name), unit=_unit(measure), rows=_rows_of(measure))
    return terms, kinds_known, told


def read_from(rows: tree.Rows, checking: Checking, span: Span | None) -> rules.Measure | None:
    """The measure of rows that no definition declares; None where they cannot be read."""
    binder = Binder(replace(checking.scope(), calendar=checking.file.working_days is not None), checking.language, span)
    measure = None
    with suppress(Stop):
        measure = _measure(rows, binder)
    checking.told += binder.diagnostics
    return measure


def _in_force_by_name(
    definitions: Sequence[tree.Definition], language: Language
) -> dict[tuple[str, ...], rules.InForce]:
    """The dated values by every name; what is wrong with one is told where it is lowered as a term."""
    found: dict[tuple[str, ...], rules.InForce] = {}
    for definition in definitions:
        if isinstance(definition.meaning, tree.Dated):
            with suppress(Stop):
                dated = _dated(definition.meaning.values, Binder(Scope({}), language, definition.span))
                in_force = rules.InForce(definition.names[0].text, dated.values)
                found |= {name_atoms(name.text): in_force for name in definition.names}
    return found


def _rows_of(measure: rules.Measure | None) -> str | None:
    """The sheet whose rows a term counts."""
    counts = isinstance(measure, rules.FromRows) and measure.op is rules.Aggregation.COUNT
    return measure.sheet if counts and isinstance(measure, rules.FromRows) else None


def _unit(measure: rules.Measure | None) -> TimeUnit | None:
    """What a term of time is counted in."""
    if isinstance(measure, rules.FromRows) and isinstance(measure.column, rules.TimeBetween):
        return None if measure.op is rules.Aggregation.DIFFERENT else measure.column.unit
    return None


def _measure(meaning: tree.Meaning, binder: Binder) -> rules.Measure:
    match meaning:
        case tree.Rows(op, sheet, where, column, manual, other):
            return rules.FromRows(
                rules.Aggregation(op),
                sheet.text,
                _rows(where, binder) if where else None,
                _time_between(column, binder)
                if isinstance(column, tree.TimeBetween)
                else (column.text if column else None),
                manual,
                sheet.span,
                other,
            )
        case tree.PeriodsWith(unit, name, op, number):
            return rules.PeriodsWith(unit, binder.kept(name), op, number)
        case tree.GroupValues(cases, otherwise):
            return rules.ByGroup(
                tuple((word.text, binder.const(number)) for word, number in cases),
                binder.const(otherwise) if otherwise else None,
            )
        case tree.Dated(values):
            return _dated(values, binder)
        case tree.FormulaIs(formula, zero):
            expr = binder.formula(formula)
            return rules.Computed(_with_zero(expr, zero) if zero else expr)
        case tree.FiguresAre():
            raise AssertionError("those are lowered with the checks")


def _dated(values: tuple[tree.Since, ...], binder: Binder) -> rules.Dated:
    kinds = {since.value.kind for since in values}
    days = [since.day for since in values]
    for since in values:
        if days.count(since.day) > 1:
            raise binder.fail(d.SAME_DAY, since.value.span, day=since.day)
    if len(kinds) > 1:
        last = values[-1].value
        raise binder.wrong(last.written, last.kind, (values[0].value.kind,), last.span)
    ordered = sorted(values, key=lambda since: since.day)
    documents = [since.document.text if since.document else "" for since in ordered]
    return rules.Dated(
        tuple((since.day, binder.const(since.value), named) for since, named in zip(ordered, documents, strict=True))
    )


def _with_zero(expr: rules.Expr, zero: tree.Num) -> rules.Expr:
    """分母为0时计100% holds for every division of the formula."""
    if isinstance(expr, rules.Arithmetic):
        return rules.Arithmetic(
            expr.op,
            _with_zero(expr.left, zero),
            _with_zero(expr.right, zero),
            zero.value if expr.op == "/" else None,
        )
    return expr


def _rows(condition: tree.RowCondition, binder: Binder) -> rules.RowTest:
    match condition:
        case tree.RowsAnd(parts):
            return rules.RowAll(tuple(_rows(p, binder) for p in parts))
        case tree.RowsOr(parts):
            return rules.RowAny(tuple(_rows(p, binder) for p in parts))
        case tree.RowsNot(part):
            return rules.RowNot(_rows(part, binder))
        case tree.Lasts(between, op, count):
            return rules.Lasts(_time_between(between, binder), op, count.value, between.start.span)
        case tree.ColumnIs(column, op, operands):
            found: list[rules.Operand] = []
            for operand in operands:
                match operand:
                    case tree.Num(value, kind, written):
                        found.append(rules.Const(value, kind, written))
                    case tree.Day(day, written):
                        found.append(rules.Const(day, Kind.DATE, written))
                    case tree.Name(text):
                        # After < <= > >= a name is a dated value or a column, after 为/is a value of the cell.
                        compared = op in ("<", "<=", ">", ">=")
                        in_force = binder.scope.dated.get(name_atoms(text)) if compared else None
                        found.append(in_force or (rules.Column(text) if compared else rules.Text(text)))
                    case tree.After(start, count, unit):
                        _need_calendar(unit, start.span, binder)
                        found.append(rules.After(start.text, count.value, unit))
            if op == "months before":
                if not binder.scope.check_date:
                    raise binder.fail(d.CHECK_DATE_NEEDED, column.span)
                found.append(rules.CheckDate())
            return rules.ColumnTest(column.text, op, tuple(found), column.span)


def _time_between(time: tree.TimeBetween, binder: Binder) -> rules.TimeBetween:
    _need_calendar(time.unit, time.start.span, binder)
    return rules.TimeBetween(time.start.text, time.end.text, time.unit)


def _need_calendar(unit: TimeUnit, span: Span | None, binder: Binder) -> None:
    """Which days are worked on is never assumed."""
    if unit is TimeUnit.WORKING_DAY and not binder.scope.calendar:
        raise binder.fail(d.WORKING_DAYS_NEEDED, span, *d.WORKING_DAYS_LINES[binder.language])


def refs(expr: rules.Expr) -> Iterator[str]:
    """The terms of an expression."""
    match expr:
        case rules.Ref(term):
            yield term
        case rules.Arithmetic(_, left, right):
            yield from refs(left)
            yield from refs(right)
        case rules.Rounded(inner):
            yield from refs(inner)
        case rules.OrCheckDate(ref):
            yield ref.term


def uses(measure: rules.Measure) -> tuple[str, ...]:
    """The terms that a measure is made of."""
    match measure:
        case rules.Computed(expr):
            return tuple(refs(expr))
        case rules.PeriodsWith(_, term) | rules.InPeriod(term) | rules.OfGroup(term):
            return (term,)
        case rules.FromRows(where=where):
            return tuple(_in_force(where)) if where else ()
    return ()


def _in_force(test: rules.RowTest) -> Iterator[str]:
    """The dated values that a condition on rows asks for."""
    match test:
        case rules.RowNot(inner):
            yield from _in_force(inner)
        case rules.RowAll(tests) | rules.RowAny(tests):
            for each in tests:
                yield from _in_force(each)
        case rules.ColumnTest(operands=operands):
            yield from (operand.term for operand in operands if isinstance(operand, rules.InForce))


def _circles(measures: Mapping[str, rules.Measure]) -> list[tuple[str, list[str]]]:
    """Each term that leads back to itself, with the way; only the first of very many."""
    leads = {name: [used for used in uses(measure) if used in measures] for name, measure in measures.items()}
    users: dict[str, list[str]] = {}
    for name, used_by_it in leads.items():
        for used in used_by_it:
            users.setdefault(used, []).append(name)
    # What rests on nothing that is still open leads into no circle; taken away layer by layer, as long as there is some.
    open_uses = {name: len(used) for name, used in leads.items()}
    settled = [name for name, count in open_uses.items() if not count]
    for name in settled:
        for user in users.get(name, ()):
            open_uses[user] -= 1
            if not open_uses[user]:
                settled.append(user)
    found: list[tuple[str, list[str]]] = []
    for name in [name for name, count in open_uses.items() if count]:
        if len(found) == _MOST_CIRCLES:
            break
        path = _way_back(name, leads)
        if path:
            found.append((name, path))
    return found


def _way_back(name: str, leads: Mapping[str, list[str]]) -> list[str]:
    """The way from a term over those it uses back to itself; empty if there is none."""
    before: dict[str, str] = {}
    waiting = [name]
    for at in waiting:
        for used in leads[at]:
            if used == name:
                path = [at, name]
                while path[0] != name:
                    path.insert(0, before[path[0]])
                return path if len(path) <= 2 * _SHOWN_WAY else [*path[:_SHOWN_WAY], "…", *path[-_SHOWN_WAY:]]
            if used not in before:
                before[used] = at
                waiting.append(used)
    return []


def _kind(
    name: str, measures: Mapping[str, rules.Measure], kinds: Mapping[str, Kind], found: dict[str, Kind | None]
) -> Kind | None:
    if name in found or name not in measures:
        return found.get(name)
    match measures[name]:
        case rules.FromRows() as rows:
            found[name] = _COUNTS.get(rows.op)
            if rows.manual is not None or isinstance(rows.column, rules.TimeBetween):
                found[name] = Kind.NUMBER
        case rules.PeriodsWith():
            found[name] = Kind.NUMBER
        case rules.ByGroup(cases):
            found[name] = cases[0][1].kind
        case rules.Dated(values):
            found[name] = values[0][1].kind
        case rules.Computed() | rules.InPeriod() | rules.OfGroup():
            # A chain of definitions is as long as the file, so it is walked with a list rather than by recursion.
            waiting = [name]
            while waiting:
                top = waiting[-1]
                pending = (
                    [u for u in uses(measures[top]) if u in measures and u not in found] if top in measures else []
                )
                if pending:
                    waiting += pending
                    continue
                waiting.pop()
                inner = measures[top]
                if isinstance(inner, rules.Computed):
                    found[top] = _expr_kind(inner.expr, found)
                elif isinstance(inner, rules.InPeriod | rules.OfGroup):
                    found[top] = found.get(inner.term)
                else:
                    _kind(top, measures, kinds, found)
    if found[name] is None and name in kinds:
        found[name] = kinds[name]
    return found[name]


def _expr_kind(expr: rules.Expr, found: Mapping[str, Kind | None]) -> Kind | None:
    """A quotient may be a rate or a number; what it is compared with says which."""
    match expr:
        case rules.Const(_, kind):
            return kind
        case rules.Ref(term):
            return found.get(term)
        case rules.Arithmetic(op, left, right):
            kinds = {_expr_kind(left, found), _expr_kind(right, found)}
            if op == "/" or None in kinds:
                return None
            return kinds.pop() if len(kinds) == 1 else (Kind.NUMBER if op == "*" else None)
    return None
