"""Caps and counts by shorter periods, and years made of periods."""

from dataclasses import replace
from decimal import Decimal

from core_nodes import (
    BROKEN,
    MISSING,
    QUARTER,
    YEAR,
    Plain,
    always,
    cap,
    day,
    dec,
    each,
    indicator,
    num,
    pick,
    ref,
    rubric,
    sentence,
    several,
    term,
    under,
    unit,
    when,
)

from gkxl.model.rules import (
    Aggregation,
    Amount,
    Compare,
    FromRows,
    Gate,
    GradeBand,
    Holds,
    Indicator,
    PeriodsWith,
    Ranking,
    Rubric,
    Score,
    Veto,
)
from gkxl.periods import Period, PeriodKind
from gkxl.run.interpret import award, interpret
from gkxl.run.results import PeriodResult
from gkxl.values import Kind

MONTHS = QUARTER.split(PeriodKind.MONTH)
QUARTERS = YEAR.split(PeriodKind.QUARTER)
FIRST = unit("甲")


def quarter(rules: Rubric, whole: dict[str, Plain], *months: dict[str, Plain]) -> PeriodResult:
    """The result of a quarter whose months have facts of their own."""
    parts = {(FIRST, month): facts for month, facts in zip(MONTHS, months, strict=True)}
    (period,), found = interpret(rules, several({(FIRST, QUARTER): whole} | parts, rules, QUARTER))
    assert found == []
    return period


def year(rules: Rubric, whole: dict[str, Plain], *quarters: dict[str, Plain], asked: int = 4) -> list[PeriodResult]:
    parts = {(FIRST, part): facts for part, facts in zip(QUARTERS, quarters, strict=False)}
    periods, found = interpret(rules, several({**parts, (FIRST, YEAR): whole}, rules, *QUARTERS[:asked], YEAR))
    assert found == []
    return list(periods)


def test_a_cap_per_month_in_a_quarter() -> None:
    rules = rubric(indicator("信息", always(each("信息", 3, label="条"), cap=cap(10, PeriodKind.MONTH))))
    (result,) = quarter(rules, {"信息": 7}, {"信息": 5}, {"信息": 2}, {"信息": 0}).units
    assert result.total == 16
    awards = result.indicators[0].awards
    assert [(a.period, a.points, a.uncapped) for a in awards] == [
        (MONTHS[0], 10, 15), (MONTHS[1], 6, 6), (MONTHS[2], 0, 0),
    ]  # fmt: skip
    assert awards[0].because == "2025-10:信息5条,每条得3分,应得15分,每月最多得10分,得10分"


def test_steps_carry_nothing_over_between_months() -> None:
    rules = rubric(indicator("信息", always(each("信息", 1, size=5), cap=cap(9, PeriodKind.MONTH))))
    assert quarter(rules, {"信息": 12}, {"信息": 4}, {"信息": 4}, {"信息": 4}).units[0].total == 0


def test_a_cap_of_the_quarter_itself_is_an_ordinary_cap() -> None:
    rules = rubric(indicator("信息", always(each("信息", 3), cap=cap(10, PeriodKind.QUARTER))))
    (result,) = quarter(rules, {"信息": 7}, {}, {}, {}).units
    assert (result.total, len(result.indicators[0].awards)) == (10, 1)


def test_a_sentence_capped_per_month() -> None:
    line = sentence(always(each("甲", 3)), always(each("乙", 3)), cap=cap(10, PeriodKind.MONTH))
    rules = rubric(indicator("信息", line))
    months: list[dict[str, Plain]] = [{"甲": 3, "乙": 3}, {"甲": 1, "乙": 1}, {"甲": 0, "乙": 0}]
    (result,) = quarter(rules, {"甲": 4, "乙": 4}, *months).units
    assert result.total == 16
    assert [a.points for a in result.indicators[0].awards] == [9, 3, 0, 1, 3, 0]


def test_earnings_capped_per_month_leave_costs_to_the_quarter() -> None:
    rules = rubric(
        indicator("信息", always(each("信息", 3)), pick(when(under("例会", 3), -5)),
                  earnings_cap=cap(10, PeriodKind.MONTH))
    )  # fmt: skip
    whole: dict[str, Plain] = {"信息": 8, "例会": 2}
    assert quarter(rules, whole, {"信息": 5}, {"信息": 3}, {"信息": 0}).units[0].total == 10 + 9 - 5


def test_a_monthly_indicator_in_a_quarter() -> None:
    monthly = indicator("月报", pick(when(under("月报", 1), -2)), period=PeriodKind.MONTH, low=dec(-3))
    (result,) = quarter(rubric(monthly), {}, {"月报": 0}, {"月报": 1}, {"月报": 0}).units
    assert (result.total, [str(a.period) for a in result.indicators[0].awards]) == (
        -4,
        ["2025-10", "2025-11", "2025-12"],
    )


def test_in_try_a_cap_per_period_holds_for_the_one_value() -> None:
    line = sentence(always(each("信息", 3), cap=cap(10, PeriodKind.MONTH)))
    (only,), _ = award(line, several({(FIRST, QUARTER): {"信息": 5}}, rubric(), QUARTER).facts[FIRST.key, QUARTER])
    assert (only.points, only.period) == (10, None)


def test_months_with_few() -> None:
    empty = term("空月", PeriodsWith(PeriodKind.MONTH, "信息", "=", dec(0)))
    few = term("少月", PeriodsWith(PeriodKind.MONTH, "信息", "<", dec(4)))
    rules = rubric(indicator("信息", always(each("空月", -3)), always(each("少月", -1))), terms=(empty, few))
    (result,) = quarter(rules, {"信息": 5}, {"信息": 5}, {"信息": 0}, {"信息": 0}).units
    assert [a.points for a in result.indicators[0].awards] == [-6, -2]


def test_months_without_data_follow_the_policy() -> None:
    empty = term("空月", PeriodsWith(PeriodKind.MONTH, "信息", "=", dec(0)))
    rules = rubric(indicator("信息", always(each("空月", -3))), terms=(empty,))
    book = several({(FIRST, QUARTER): {}, (FIRST, MONTHS[0]): {"信息": MISSING}}, rules, QUARTER)
    (period,), found = interpret(rules, book)
    assert (period.units[0].total, [f.code.number for f in found]) == (None, ["GK440"])


# --- Years -----------------------------------------------------------------------------------------------------------

QUARTERLY = indicator("信息", always(each("信息", 3), cap=cap(10, PeriodKind.QUARTER)))
YEARLY = indicator("目录", always(Amount(ref("目录"))), period=PeriodKind.YEAR)


def test_a_year_sums_its_quarters_and_adds_what_is_yearly() -> None:
    rules = rubric(QUARTERLY, YEARLY)
    *quarters, whole = year(rules, {"目录": 7}, *({"信息": n} for n in (1, 5, 0, 2)))
    assert [str(p.period) for p in (*quarters, whole)] == ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2025"]
    assert [[i.indicator.name for i in q.units[0].indicators] for q in quarters] == [["信息"]] * 4
    assert [q.units[0].total for q in quarters] == [3, 10, 0, 6]
    (result,) = whole.units
    assert (result.total, [(i.indicator.name, i.points) for i in result.indicators]) == (
        26,
        [("信息", 19), ("目录", 7)],
    )


def test_a_year_of_some_quarters() -> None:
    rules = rubric(QUARTERLY, YEARLY)
    periods = year(rules, {"目录": 7}, {"信息": 1}, {"信息": 1}, asked=2)
    assert (len(periods), periods[-1].units[0].total) == (3, 13)


def test_a_year_alone_brings_its_quarters() -> None:
    rules = rubric(QUARTERLY)
    facts = {(FIRST, part): {"信息": 1} for part in QUARTERS}
    periods, found = interpret(rules, several(facts, rules, YEAR))
    assert (found, [str(p.period) for p in periods][-2:], periods[-1].units[0].total) == ([], ["2025Q4", "2025"], 12)


def test_a_quarter_alone_has_no_yearly_indicator() -> None:
    rules = rubric(QUARTERLY, YEARLY)
    (period,), found = interpret(rules, several({(FIRST, QUARTER): {"信息": 1}}, rules, QUARTER))
    assert (found, [i.indicator.name for i in period.units[0].indicators]) == ([], ["信息"])


def test_a_half_yearly_indicator_in_a_year_of_quarters() -> None:
    halves = replace(YEARLY, period=PeriodKind.HALF)
    rules = rubric(QUARTERLY, halves)
    facts: dict[tuple[object, Period], dict[str, Plain]] = {(FIRST, part): {"信息": 0} for part in QUARTERS}
    facts |= {(FIRST, half): {"目录": n} for n, half in enumerate(YEAR.split(PeriodKind.HALF), 1)}
    periods, found = interpret(rules, several(facts | {(FIRST, YEAR): {}}, rules, YEAR))  # type: ignore[arg-type]
    assert (found, periods[-1].units[0].total) == ([], 3)


def test_the_rounded_totals_of_the_quarters_are_summed() -> None:
    rules = rubric(indicator("得分", always(Amount(ref("分")))), total_places=0)
    periods = year(rules, {}, *({"分": "1.4"} for _ in QUARTERS))
    assert (periods[-1].units[0].total, periods[-1].units[0].indicators[0].points) == (4, Decimal("5.6"))


def test_vetoes_grades_and_places_act_on_each_entry() -> None:
    rules = rubric(
        QUARTERLY,
        ranking=Ranking(skip=True),
        grades=(GradeBand("优秀", (Compare(Score(), ">=", num(10)),)), GradeBand("良好", ())),
        sentences=(sentence(pick(when(Holds(ref("泄密")), Veto("total", dec(0))))),),
    )
    clean: dict[str, Plain] = {"信息": 4, "泄密": False}
    periods = year(rules, {"泄密": False}, {"信息": 4, "泄密": True}, clean, clean, clean)
    assert [(p.units[0].total, p.units[0].rank, p.units[0].grade) for p in periods] == [
        (0, 1, "良好"), (10, 1, "优秀"), (10, 1, "优秀"), (10, 1, "优秀"), (30, 1, "优秀"),
    ]  # fmt: skip


def test_an_error_or_a_stop_in_a_quarter_leaves_the_year_without_a_total() -> None:
    stop = sentence(pick(when(Holds(ref("泄密")), Veto("stop"))))
    rules = rubric(QUARTERLY, sentences=(stop,))
    clean: dict[str, Plain] = {"信息": 1, "泄密": False}
    for bad in ({"信息": BROKEN, "泄密": False}, {"信息": 1, "泄密": True}):
        periods = year(rules, {"泄密": False}, bad, clean, clean, clean)
        assert [p.units[0].total for p in periods] == [None, 3, 3, 3, None]


def test_the_gate_of_a_year_looks_at_the_sum() -> None:
    bonus = Indicator("加分", (sentence(always(5)),), YEARLY.span, period=PeriodKind.YEAR, bonus=True)
    rules = rubric(QUARTERLY, bonus, gate=Gate(Compare(Score(), ">", num(11))))
    assert year(rules, {}, *({"信息": 1} for _ in QUARTERS))[-1].units[0].total == 17
    assert year(rules, {}, *({"信息": n} for n in (1, 1, 0, 0)))[-1].units[0].total == 6


def test_dates_of_a_yearly_indicator() -> None:
    due = indicator("年报", pick(when(Compare(ref("年报"), "<=", day("2025-03-31")), 2)), period=PeriodKind.YEAR)
    assert year(rubric(due), {"年报": MISSING}, {}, {}, {}, {})[-1].units[0].total == 0


def test_a_kind_that_only_the_book_tells() -> None:
    done = indicator("年报", pick(when(Holds(ref("年报")), 2)))
    rules = rubric(done, terms=(term("年报", FromRows(Aggregation.VALUE, "年报", column="日期"), None),))
    book = several({(FIRST, QUARTER): {"年报": MISSING}}, rules, QUARTER)
    (period,), (finding,) = interpret(rules, book)
    assert (finding.code.number, period.units[0].total) == ("GK440", None)
    (period,), found = interpret(rules, replace(book, kinds={"年报": Kind.DATE}))
    assert (found, period.units[0].total) == ([], 0)
