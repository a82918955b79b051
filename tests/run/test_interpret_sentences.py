"""What single sentences give: every node of the core, with numbers worked out by hand."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from core_nodes import (
    BROKEN,
    MISSING,
    NOT_APPLICABLE,
    always,
    awards,
    cap,
    day,
    dec,
    each,
    fact,
    given,
    least,
    num,
    pct,
    pick,
    points,
    price_list,
    ref,
    rubric,
    sentence,
    term,
    tried,
    under,
    when,
)
from hypothesis import given as everywhere
from hypothesis import strategies as st

from gkxl.model.rules import (
    AllOf,
    Amount,
    AnyOf,
    Arithmetic,
    Between,
    Compare,
    Computed,
    Holds,
    Missing,
    Not,
    Partial,
    Price,
    Prices,
    Rounded,
    Rounding,
    Steps,
    Veto,
    ZeroIndicator,
)
from gkxl.run.facts import Cells, Fact, State
from gkxl.values import add, multiply

FEW = pick(when(under("信息", 2), -6), when(under("信息", 3), -3))
RATE = pick(when(least("率", pct(100)), 10), when(least("率", pct(90)), 8), when(None, 0))


@pytest.mark.parametrize(("value", "expected"), [(1, -6), (2, -3), (3, 0)])
def test_the_first_band_that_holds_decides(value: int, expected: int) -> None:
    assert points(FEW, 信息=value) == expected


@pytest.mark.parametrize(("value", "branch", "expected"), [("1", 0, 10), ("0.9", 1, 8), ("0.8999", 2, 0)])
def test_bands_with_the_rest(value: str, branch: int, expected: int) -> None:
    (award,) = awards(sentence(RATE), 率=value)
    assert (award.branch, award.points, award.fired) == (branch, expected, expected != 0)


def test_no_band_holds() -> None:
    (award,) = awards(sentence(FEW), 信息=5)
    assert (award.branch, award.points, award.fired) == (None, 0, False)


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [("<", 1, 0, 0), ("<=", 1, 1, 0), (">", 0, 0, 1), (">=", 0, 1, 1), ("=", 0, 1, 0), ("!=", 1, 0, 1)],
)
def test_comparisons(op: str, below: int, at: int, above: int) -> None:
    clause = pick(when(Compare(ref("值"), op, num(5)), 1))
    assert [points(clause, 值=v) for v in (4, 5, 6)] == [below, at, above]
    mirrored = pick(when(Compare(num(5), {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(op, op), ref("值")), 1))
    assert [points(mirrored, 值=v) for v in (4, 5, 6)] == [below, at, above]


def test_terms_are_compared_with_terms_and_formulas() -> None:
    assert points(pick(when(Compare(ref("本年"), "<", ref("上年")), -2)), 本年=3, 上年=4) == -2
    half = Arithmetic("/", ref("完成"), ref("任务"))
    assert points(pick(when(Compare(half, ">=", pct(50)), 5)), 完成=1, 任务=3) == 0
    assert points(pick(when(Compare(half, "=", Arithmetic("/", num(1), num(3))), 5)), 完成=1, 任务=3) == 5


def test_yes_no_counts_and_not() -> None:
    plan = pick(when(Holds(ref("方案")), 5), when(None, -2))
    assert [points(plan, 方案=v) for v in (True, False, 2, 0)] == [5, -2, 5, -2]
    assert [points(pick(when(Not(Holds(ref("方案"))), -5)), 方案=v) for v in (True, False)] == [0, -5]


def test_and_or_stop_when_decided() -> None:
    both = pick(when(AllOf((least("甲", 1), least("乙", 1))), 1))
    either = pick(when(AnyOf((least("甲", 1), least("乙", 1))), 1))
    assert points(both, 甲=1, 乙=1) == 1
    assert points(both, 甲=0, 乙=MISSING) == 0
    assert points(either, 甲=1, 乙=MISSING) == 1
    assert points(either, 甲=0, 乙=0) == 0
    (award,) = awards(sentence(both), 甲=0, 乙=1)
    assert list(award.facts) == ["甲"]


# --- Steps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "value", "expected"),
    [
        (each("数", 3), 2, 6),
        (each("数", 3), 0, 0),
        (each("数", 1, size=5), 14, 2),
        (each("数", "-0.5", mark=num(3)), 5, -1),
        (each("数", "-0.5", mark=num(3)), 3, 0),
        (each("数", -1, mark=num(4), below=True), 1, -3),
        (each("数", -1, mark=num(4), below=True), 6, 0),
        (each("数", -1, pct(1), pct(90), below=True), "0.845", -5),
        (each("数", -1, pct(1), pct(90), True, Partial.COUNTS_ONE), "0.845", -6),
        (each("数", -1, pct(1), pct(90), True, Partial.PRO_RATA), "0.845", "-5.5"),
        (each("数", -1, pct(1), pct(90), True, Partial.COUNTS_ONE), "0.85", -5),
        (each("数", 1, mark=Rounded(Arithmetic("*", num(3), pct(20)), Rounding.UP)), 2, 1),
        (each("数", 1, mark=Rounded(Arithmetic("*", num(3), pct(20)), Rounding.NONE)), 2, 1),
        (each("数", 1, mark=Rounded(num("2.5"), Rounding.DOWN)), 5, 3),
        (each("数", 1, mark=Rounded(num("2.5"), Rounding.HALF_UP)), 5, 2),
    ],
)
def test_steps(clause: Steps, value: int | str, expected: int | str) -> None:
    assert points(always(clause), 数=value) == dec(expected)


def test_steps_are_exact() -> None:
    over = Arithmetic("/", Arithmetic("-", ref("完成"), ref("任务")), ref("任务"))
    for partial in Partial:
        clause = Steps(over, Decimal(1), num("0.1"), partial=partial)
        assert points(always(clause), 完成=130, 任务=100) == 3
    thirds = Steps(Arithmetic("/", ref("甲"), num(3)), Decimal(1), Arithmetic("/", num(1), num(3)))
    assert points(always(thirds), 甲=2) == 2


def test_formulas_are_exact() -> None:
    assert points(always(Amount(Arithmetic("+", ref("甲"), ref("乙")))), 甲="0.1", 乙="0.2") == Decimal("0.3")
    share = Arithmetic("*", Arithmetic("/", ref("甲"), ref("乙")), num(20))
    assert points(always(Amount(share)), 甲=7, 乙=9) == Fraction(140, 9)
    assert points(always(Amount(Arithmetic("-", ref("甲"), num(1)), sign=-1)), 甲=4) == -3


def test_between() -> None:
    clause = always(Between(ref("率"), pct(90), pct(100), dec(8), dec(10)))
    values = {"0.5": "8", "0.9": "8", "0.95": "9", "1": "10", "1.2": "10"}
    assert {v: points(clause, 率=v) for v in values} == {v: Decimal(p) for v, p in values.items()}


def test_several_outcomes_add_up() -> None:
    clause = pick(when(least("率", pct(70)), 50), when(None, 50, each("率", -1, pct(1), pct(70), below=True)))
    assert [points(clause, 率=v) for v in ("0.7", "0.69", "0.5")] == [50, 49, 30]


# --- Dates -----------------------------------------------------------------------------------------------------------

DUE = pick(when(Not(Holds(ref("年报"))), 0), when(Compare(ref("年报"), ">", day("2025-03-31")), -2), when(None, 3))


def test_dates_compare_by_day() -> None:
    assert points(DUE, 年报=datetime(2025, 3, 31, 23, 59)) == 3
    assert points(DUE, 年报=datetime(2025, 4, 1)) == -2


def test_a_blank_date_is_not_done() -> None:
    assert points(DUE, 年报=MISSING) == 0
    by = pick(when(Compare(ref("年报"), "<=", day("2025-03-31")), 2))
    assert points(by, 年报=MISSING) == 0
    late = pick(when(Compare(ref("年报"), ">", day("2025-03-31")), -2))
    _, (finding,) = tried(sentence(late), 年报=MISSING)
    assert finding.code.number == "GK440"


# --- Price lists -----------------------------------------------------------------------------------------------------


def test_a_price_list() -> None:
    listed = price_list("采用", 国家级=20, 省级=10, 市级=5)
    assert points(listed, 采用={("国家级",): 1, ("省级",): 2}) == 40
    assert points(listed, 采用={}) == 0
    assert points(price_list("采用", cap=cap(30), 国家级=20), 采用={("国家级",): 2}) == 30


def test_keys_compare_as_names_do() -> None:
    assert points(price_list("采用", A级=20), 采用={("ａ 级",): 1}) == 20


def test_two_keys() -> None:
    listed = Prices(ref("采用"), (Price(("县级", "快报"), dec(2)), Price(("县级", "信息"), dec(1))), ("级别", "类型"))
    assert points(listed, 采用={("县级", "快报"): 3, ("县级", "信息"): 1}) == 7


def test_a_key_without_a_price() -> None:
    found, (finding,) = tried(sentence(price_list("采用", 国家级=20)), 采用={("县级",): 2})
    assert (found, finding.code.number, str(finding.place)) == ((), "GK444", "表!A2")
    assert "县级" in finding.message
    assert points(price_list("采用", others=True, 国家级=20), 采用={("县级",): 2, ("国家级",): 1}) == 20


def test_the_cells_of_a_price_list_are_kept() -> None:
    (award,) = awards(sentence(price_list("采用", 国家级=20)), 采用={("国家级",): 1})
    assert [str(cell) for cell in award.cells] == ["表!A2"]


def test_counts_that_are_no_mapping() -> None:
    _, (finding,) = tried(sentence(price_list("采用", 国家级=20)), 采用=3)
    assert finding.code.number == "GK446"


# --- Caps ------------------------------------------------------------------------------------------------------------


def test_a_cap_of_a_clause_bounds_both_ways() -> None:
    (award,) = awards(sentence(always(each("错字", -3), cap=cap(10))), 错字=7)
    assert (award.points, award.uncapped) == (-10, -21)
    assert points(always(each("信息", 3), cap=cap(10)), 信息=7) == 10
    assert points(always(-12, cap=cap(10)), 信息=7) == -10


def test_a_cap_of_a_sentence_takes_from_the_last() -> None:
    both = sentence(always(each("甲", 3)), always(each("乙", 4)), always(-1), cap=cap(8))
    assert [a.points for a in awards(both, 甲=2, 乙=1)] == [6, 3, -1]
    assert [a.uncapped for a in awards(both, 甲=2, 乙=1)] == [6, 4, -1]
    assert [a.points for a in awards(both, 甲=4, 乙=2)] == [9, 0, -1]
    costs = sentence(always(each("甲", -1)), always(each("乙", -1)), cap=cap(5))
    assert [a.points for a in awards(costs, 甲=4, 乙=7)] == [-4, -1]


@everywhere(st.integers(0, 50), st.integers(0, 50), st.integers(1, 40), st.integers(1, 60))
def test_caps_bound(a: int, b: int, inner: int, outer: int) -> None:
    both = sentence(always(each("甲", 3), cap=cap(inner)), always(each("乙", -2), cap=cap(inner)), cap=cap(outer))
    found = awards(both, 甲=a, 乙=b)
    assert all(abs(one.points) <= min(abs(one.uncapped), inner) for one in found)
    wanted = min(3 * a, inner) + max(-2 * b, -inner)
    assert sum(one.points for one in found) == max(-outer, min(outer, wanted))


@everywhere(st.lists(st.tuples(st.integers(0, 20), st.integers(-9, 9)), max_size=6), st.integers(0, 20))
def test_the_first_that_holds(bands: list[tuple[int, int]], value: int) -> None:
    clause = pick(*(when(under("值", mark), worth) for mark, worth in bands))
    assert points(clause, 值=value) == next((worth for mark, worth in bands if value < mark), 0)


@everywhere(st.decimals(-1000, 1000, places=3), st.decimals(-1000, 1000, places=3))
def test_numbers_are_exact(a: Decimal, b: Decimal) -> None:
    formula = Arithmetic("+", Arithmetic("*", ref("甲"), ref("乙")), ref("甲"))
    assert points(always(Amount(formula)), 甲=a, 乙=b) == add(multiply(a, b), a)
    assert Fraction(points(always(Amount(formula)), 甲=a, 乙=b)) == Fraction(a) * Fraction(b) + Fraction(a)


@everywhere(st.fractions(0, 100, max_denominator=60), st.fractions("1/60", 20, max_denominator=60))
def test_steps_against_fractions(value: Fraction, size: Fraction) -> None:
    def clause(partial: Partial) -> Steps:
        return Steps(ref("值"), Decimal(1), num(size), partial=partial)

    assert points(always(clause(Partial.PRO_RATA)), 值=value) == value / size
    assert points(always(clause(Partial.IGNORED)), 值=value) == value // size
    assert points(always(clause(Partial.COUNTS_ONE)), 值=value) == -(-value // size)


# --- What is missing -------------------------------------------------------------------------------------------------


def test_missing_without_a_policy_names_the_choices() -> None:
    found, (finding,) = tried(sentence(FEW), 信息=MISSING)
    assert (found, finding.code.number, str(finding.place)) == ((), "GK440", "表!C7")
    assert finding.notes == ("请在规则中写明一种:缺数据 报错 / 缺数据 计0分 / 缺数据 不涉及",)
    english = sentence(pick(when(under("items", 3), -6)), language="en")
    _, (finding,) = tried(english)
    assert finding.message == "this case has no data for “items”."
    assert "missing data counts 0" in finding.notes[0]


def test_missing_by_policy() -> None:
    _, (finding,) = tried(sentence(FEW), rubric(missing=Missing.ERROR), 信息=MISSING)
    assert (finding.code.number, finding.notes) == ("GK440", ())
    (award,) = awards(sentence(FEW), rubric(missing=Missing.ZERO), 信息=MISSING)
    assert award.points == -6
    assert awards(sentence(FEW, RATE), rubric(missing=Missing.NOT_APPLICABLE), 信息=MISSING, 率=1) == ()


def test_not_applicable_is_no_finding() -> None:
    assert awards(sentence(FEW), 信息=NOT_APPLICABLE) == ()


def test_an_error_is_told_once() -> None:
    assert awards(sentence(FEW), 信息=BROKEN) == ()


def test_text_for_a_number() -> None:
    text = Fact(State.MISSING, None, (), "未报资料记0分")
    _, (finding,) = tried(sentence(FEW), rubric(missing=Missing.ZERO), 信息=text)
    assert (finding.code.number, finding.notes[0]) == ("GK441", "如果这样写就是0分,请在规则中写明:未报资料记0分")
    (award,) = awards(sentence(FEW), rubric(not_reported_zero=True), 信息=text)
    assert award.points == -6


@pytest.mark.parametrize("value", [True, datetime(2025, 1, 1), Fact(State.OK, "三条")])
def test_the_wrong_kind(value: bool | datetime | Fact) -> None:
    _, (finding,) = tried(sentence(FEW), 信息=value)
    assert finding.code.number == "GK442"


def test_a_date_against_a_number() -> None:
    _, (finding,) = tried(sentence(pick(when(Compare(ref("甲"), "<", ref("乙")), 1))), 甲=datetime(2025, 1, 1), 乙=3)
    assert finding.code.number == "GK442"


def test_division_by_zero() -> None:
    rate = Arithmetic("/", ref("完成"), ref("任务"))
    found, (finding,) = tried(sentence(always(Amount(rate)), text="得分=完成÷任务"), 完成=1, 任务=0)
    assert (found, finding.code.number) == ((), "GK443")
    assert "得分=完成÷任务" in finding.message
    assert "分母为0时计100%" in finding.notes[0]
    stated = Arithmetic("/", ref("完成"), ref("任务"), when_zero=Decimal(1))
    assert points(always(Amount(stated)), 完成=1, 任务=0) == 1
    _, (finding,) = tried(sentence(always(Between(ref("率"), num(0), ref("任务"), dec(0), dec(5)))), 率=1, 任务=0)
    assert finding.code.number == "GK443"


# --- Computed terms --------------------------------------------------------------------------------------------------

RULES = rubric(
    terms=(
        term("任务", Computed(num(3))),
        term("率", Computed(Arithmetic("/", ref("完成"), ref("任务")))),
        term("又名", Computed(ref("方案"))),
        term("期限", Computed(day("2025-03-31"))),
    ),
    missing=Missing.ZERO,
)


def test_computed_terms() -> None:
    assert awards(sentence(always(Amount(ref("率")))), RULES, 完成=1)[0].points == Fraction(1, 3)
    assert awards(sentence(pick(when(Holds(ref("又名")), 1))), RULES, 方案=True)[0].points == 1
    by = sentence(pick(when(Compare(ref("年报"), "<=", ref("期限")), 1)))
    assert awards(by, RULES, 年报=datetime(2025, 3, 31, 9))[0].points == 1


def test_computed_terms_keep_the_cells_and_the_state_of_their_parts() -> None:
    done = Fact(State.OK, Decimal(1), (Cells("表", 2, (5,)),))
    (award,) = awards(sentence(always(Amount(ref("率")))), RULES, 完成=done)
    assert [str(cell) for cell in award.cells] == ["表!B5"]
    assert awards(sentence(always(Amount(ref("率")))), RULES, 完成=MISSING)[0].points == 0
    assert awards(sentence(always(Amount(ref("率")))), RULES, 完成=NOT_APPLICABLE) == ()
    assert awards(sentence(always(Amount(ref("率")))), RULES, 完成=BROKEN) == ()


def test_a_given_fact_wins_over_a_computation() -> None:
    assert awards(sentence(always(Amount(ref("率")))), RULES, 率="0.5")[0].points == Decimal("0.5")


# --- Consequences ----------------------------------------------------------------------------------------------------


def test_vetoes_fire_without_points() -> None:
    for outcome in (Veto("grade", "不合格"), Veto("stop"), ZeroIndicator()):
        (award,) = awards(sentence(pick(when(Holds(ref("泄密")), outcome))), 泄密=1)
        assert (award.points, award.fired) == (0, True)
        (award,) = awards(sentence(pick(when(Holds(ref("泄密")), outcome))), 泄密=0)
        assert (award.branch, award.fired) == (None, False)


def test_all_errors_of_a_sentence_are_told() -> None:
    _, found = tried(sentence(FEW, RATE), 信息=MISSING, 率=MISSING)
    assert [f.values["term"] for f in found] == ["信息", "率"]


def test_the_facts_looked_at_are_kept() -> None:
    (award,) = awards(sentence(pick(when(under("甲", 3), given(1)), when(under("乙", 3), 2))), 甲=5, 乙=1, 丙=1)
    assert award.facts == {"甲": fact(5), "乙": fact(1)}
