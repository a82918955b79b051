"""The functions of spreadsheets. None raises, and none gives what a cell cannot hold: what is wrong starts with `#GK`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from gkxl import diagnostics as d
from gkxl.diagnostics import Diagnostic, GkError
from gkxl.functions.answers import (
    Answer,
    Plain,
    check_rows,
    detail_rows,
    explanation,
    refusal,
    table_rows,
    total_value,
    unit_named,
    value,
)
from gkxl.functions.arguments import (
    Argument,
    Call,
    CellError,
    Rows,
    Value,
    is_number,
    number,
    plain,
    single,
    text,
)
from gkxl.functions.help import GROUPS, HELP, RULES, TIES, TOTAL, UNIT, Words
from gkxl.functions.scoring import Scored, Scoring
from gkxl.functions.sentences import Sentences
from gkxl.periods import PeriodKind
from gkxl.run.outlook import beyond_total, grade_at
from gkxl.run.placing import places
from gkxl.run.ranking import held_in
from gkxl.run.results import UnitResult
from gkxl.values import name_key

Given = TypeVar("Given")

_SKIP = frozenset(map(name_key, ("", "跳号", "空位", "skip", "skipped")))
_FOLLOW = frozenset(map(name_key, ("连续", "follow", "follows", "dense")))


class Functions:
    """All functions, with what they remember of each other: rules read, results worked out. Threads may share one.

    Arguments are values (None, number, bool, text, date, CellError) or rows of them, however nested in lists or tuples.
    """

    def __init__(self) -> None:
        self._sentences = Sentences()
        self._scoring = Scoring()

    def points(self, sentence: object, *pairs: object) -> Plain:
        """The points of one sentence on names and values."""
        return self._answered(
            "points",
            (sentence, *pairs),
            lambda call: value(self._sentences.points(call, plain(sentence), [plain(one) for one in pairs])),
        )

    def table(self, rules: object, period: object, *tables: object) -> Answer | Plain:
        """Every unit's points, total, rank, grade and remark."""
        return self._answered(
            "table",
            (rules, period, *tables),
            lambda call: table_rows(self._scored(call, rules, period, tables)),
        )

    def detail(self, rules: object, period: object, unit: object, *tables: object) -> Answer | Plain:
        """Each award of one unit; their points add up to its total."""
        return self._of_unit(detail_rows, rules, period, unit, tables)

    def total(self, rules: object, period: object, unit: object, *tables: object) -> Plain:
        """The total of one unit."""
        return self._of_unit(total_value, rules, period, unit, tables)

    def explain(self, rules: object, period: object, unit: object, *tables: object) -> Plain:
        """Why one unit has its points."""
        return self._of_unit(explanation, rules, period, unit, tables)

    def check(self, rules: object, *tables: object) -> Answer | Plain:
        """All that is wrong or odd, in the rules and in the tables; OK where there is nothing."""

        def answer(call: Call) -> Answer:
            said = call.rules(plain(rules))
            return check_rows(self._scoring.scored(said, None, call.tables([plain(one) for one in tables])))

        return self._answered("check", (rules, *tables), answer)

    def rank(self, totals: object, groups: object = None, ties: object = None) -> Answer | Plain:
        """The place of each total, within its group; ties share one, and the next is skipped unless `ties` says 连续."""
        return self._answered(
            "rank",
            (groups, ties, totals),
            lambda call: _ranked(call, plain(totals), plain(groups), plain(ties)),
        )

    def grade(self, rules: object, total: object) -> Plain:
        """The grade of a total."""
        return self._answered("grade", (rules, total), lambda call: self._graded(call, rules, total))

    # --- What they share -------------------------------------------------------------------------------------------------

    def _answered(self, function: str, given: Sequence[object], answer: Callable[[Call], Given]) -> Given | str:
        """The answer, or the text of what is wrong, in the language of the first text among `given`.

        The last resort: no exception leaves a function.
        """
        call = Call(given, HELP[function])
        try:
            return answer(call)
        except GkError as error:
            return refusal(error.diagnostics)
        except Exception as error:
            what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            return refusal([Diagnostic(d.INTERNAL_ERROR, None, call.language, {"what": what})])

    def _scored(self, call: Call, rules: object, period: object, tables: Sequence[object]) -> Scored:
        """The results; raises GkError where there are none."""
        said = call.rules(plain(rules))
        asked = call.period(plain(period))
        scored = self._scoring.scored(said, asked, call.tables([plain(one) for one in tables]))
        if scored.stop or scored.period is None:
            raise GkError(scored.stop or scored.diagnostics)
        return scored

    def _of_unit(
        self, shown: Callable[[UnitResult, Scored], Given], rules: object, period: object, unit: object,
        tables: Sequence[object],
    ) -> Given | str:  # fmt: skip
        """What `shown` makes of the results of one unit."""

        def answer(call: Call) -> Given:
            scored = self._scored(call, rules, period, tables)
            name = call.name(UNIT.label, plain(unit), "单位的名称", "the name of a unit")
            return shown(unit_named(scored, name), scored)

        return self._answered("total", (rules, period, unit, *tables), answer)

    def _graded(self, call: Call, rules: object, total: object) -> Plain:
        compiled = self._scoring.rules(call.rules(plain(rules)))
        rubric = compiled.rules.rubric
        if rubric is None:
            raise GkError([one for one in compiled.rules.diagnostics if one.severity == "error"])
        if not rubric.grades:
            raise call.refused(
                RULES.label,
                "有等次的规则,如:90分及以上为优秀",
                "rules with grades, such as: 90 or more is excellent",
                plain(rules),
            )
        given = single(plain(total))
        if not is_number(given):
            raise call.refused(TOTAL.label, "一个数", "a number", given)
        held = held_in(rubric, rubric.period or PeriodKind.YEAR)
        band = beyond_total(held)
        if band is not None:
            said = band.span.text if band.span is not None else band.grade
            what = "名次、单位或别的数" if compiled.language == "zh" else "a place, a unit or other figures"
            values: dict[str, object] = {"grades": said, "what": what}
            raise GkError([Diagnostic(d.GRADE_NEEDS_MORE, None, compiled.language, values)])
        return value(grade_at(number(given), held))


def _ranked(call: Call, totals: Argument, groups: Argument, ties: Argument) -> Answer | Plain:
    """Places in the shape of the totals. A blank has none; a text or an error leaves its group open."""
    rows: Rows = totals if isinstance(totals, tuple) else ((totals,),)
    flat = [one for row in rows for one in row]
    members = _members(call, flat, groups, len(rows[0]))
    how = single(ties)
    key = name_key(how) if isinstance(how, str) else "" if how is None else "?"
    if key not in _SKIP | _FOLLOW:
        raise call.refused(
            TIES.label, "“跳号”(1,2,2,4)或“连续”(1,2,2,3)", "“skip” (1,2,2,4) or “follow” (1,2,2,3)", how
        )
    found: list[Plain] = [""] * len(flat)
    for group in members:
        numbers = {at: number(one) for at in group if is_number(one := flat[at])}
        missing = next((at for at in group if at not in numbers), None)
        if missing is not None:
            kind = Words("文字", "the text ").of(call.language) if isinstance(flat[missing], str) else ""
            got = f"{kind}{call.shown(flat[missing])}"
            values: dict[str, object] = {"row": missing // len(rows[0]) + 1, "got": got}
            told = refusal([Diagnostic(d.PLACES_OPEN, None, call.language, values)])
            for at in group:
                found[at] = told
            continue
        ranked = places([*numbers.values()], key in _SKIP)
        for at, place in zip(numbers, ranked, strict=True):
            found[at] = value(Decimal(place))
    if not isinstance(totals, tuple):
        return found[0]
    answer, start = [], 0
    for row in rows:
        answer.append(found[start : start + len(row)])
        start += len(row)
    return answer


def _members(call: Call, totals: Sequence[Value], groups: Argument, width: int) -> Iterable[list[int]]:
    """Where the totals of each group stand. `width`: of a row of totals."""
    among = groups if isinstance(groups, tuple) else ((groups,),)
    labels = [one for row in among for one in row]
    grouped = any(label is not None and label != "" for label in labels)
    if not grouped:
        labels = [""] * len(totals)  # all are one group
    elif len(labels) != len(totals):
        wanted = f"与总分一样多的 {len(totals)} 格", f"as many cells as totals, {len(totals)}"
        raise call.refused(GROUPS.label, *wanted, groups)
    members: dict[str, list[int]] = {}
    for at, (total, label) in enumerate(zip(totals, labels, strict=True)):
        if total is None or total == "":
            continue
        if isinstance(label, CellError) or ((label is None or label == "") and grouped):
            row = at // width + 1
            wanted = (
                f"每个总分的类别(第 {row} 行;合并的单元格请逐行填写)",
                f"the group of each total (row {row}; fill merged cells row by row)",
            )
            raise call.refused(GROUPS.label, *wanted, label)
        members.setdefault(name_key(text(label)), []).append(at)
    return members.values()
