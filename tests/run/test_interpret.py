"""Indicators, totals, vetoes, places and grades of one period."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from core_nodes import (
    BROKEN,
    MISSING,
    NOT_APPLICABLE,
    QUARTER,
    Plain,
    always,
    by_unit,
    cap,
    data,
    dec,
    each,
    indicator,
    least,
    num,
    one,
    pct,
    pick,
    ref,
    results,
    rubric,
    sentence,
    term,
    under,
    unit,
    when,
)
from hypothesis import given as everywhere
from hypothesis import strategies as st

from gkxl.model.rules import (
    Amount,
    Arithmetic,
    Audience,
    ByGroup,
    Compare,
    Gate,
    GradeBand,
    Holds,
    Missing,
    Ranking,
    Rounding,
    Rubric,
    Score,
    Sentence,
    TopPlaces,
    TopShare,
    Veto,
    ZeroIndicator,
)
from gkxl.run.facts import Fact, State
from gkxl.run.interpret import interpret
from gkxl.run.placing import places
from gkxl.run.results import UnitResult

SKIP, FOLLOW = Ranking(skip=True), Ranking(skip=False)
SCORE = indicator("得分", always(Amount(ref("分"))))


def totals(rules: Rubric, /, **scores: Plain) -> dict[str, UnitResult]:
    """The results of units whose only fact is their score."""
    return results(rules, {unit(name): {"分": score} for name, score in scores.items()})


# --- Indicators ------------------------------------------------------------------------------------------------------


def test_sentences_add_up_to_the_total() -> None:
    website = indicator("网站", pick(when(under("信息", 3), -6)))
    talk = indicator("互动", always(each("咨询", 3)), always(each("解读", 3)))
    result = one(rubric(website, talk), 信息=2, 咨询=2, 解读=1)
    assert [(i.points, i.counted) for i in result.indicators] == [(-6, -6), (9, 9)]
    assert (result.total, result.exact_total, result.rank, result.grade) == (3, 3, None, None)
    assert [a.points for a in result.indicators[1].awards] == [6, 3]


@pytest.mark.parametrize(("errors", "plus", "expected"), [(2, 0, 16), (20, 0, 0), (0, 30, 20)])
def test_start_floor_and_cap(errors: int, plus: int, expected: int) -> None:
    twenty = {"worth": dec(20), "start": dec(20), "low": dec(0), "high": dec(20)}
    rules = rubric(indicator("网站", always(each("错", -2)), always(each("加", 1)), **twenty))
    assert one(rules, 错=errors, 加=plus).total == expected


def test_earnings_are_capped_before_costs() -> None:
    rules = rubric(indicator("网站", always(each("加", 3)), always(each("扣", -2)), earnings_cap=cap(5)))
    assert one(rules, 加=4, 扣=1).total == 3


def test_weight_and_rounding() -> None:
    rules = rubric(indicator("率", always(Amount(ref("分"))), weight=Decimal("0.8")), points_places=1)
    (result,) = one(rules, 分="8.25").indicators
    assert (result.points, result.counted) == (Decimal("8.3"), Decimal("6.64"))
    assert one(rules, 分="-8.25").indicators[0].points == Decimal("-8.3")


def test_zero_indicator() -> None:
    rules = rubric(
        indicator("网站", always(each("信息", 3)), pick(when(Holds(ref("关停")), ZeroIndicator())), start=dec(10))
    )
    assert one(rules, 信息=2, 关停=False).total == 16
    result = one(rules, 信息=2, 关停=True)
    assert (result.total, [a.points for a in result.indicators[0].awards]) == (0, [6, 0])


def test_whom_indicators_and_sentences_are_for() -> None:
    media = indicator("新媒体", always(1), audience=Audience(("新媒体单位",)))
    line = replace(sentence(always(2)), audience=Audience(("一类单位",), but=True))
    found = results(
        rubric(media, indicator("其他", line)),
        {unit("甲", "一类单位", "新媒体单位"): {}, unit("乙", "二类单位"): {}},
    )
    assert [i.points for i in found["甲"].indicators] == [1, 0]
    none, other = found["乙"].indicators
    assert (none.applies, none.points, none.counted, none.awards, other.points) == (False, None, None, (), 2)
    assert (found["甲"].total, found["乙"].total) == (1, 2)


def test_values_by_group() -> None:
    least_count = term("最低", ByGroup((("一类单位", num(6)), ("二类单位", num(5))), num(2)))
    rules = rubric(indicator("信息", pick(when(Compare(ref("信息"), "<", ref("最低")), -1))), terms=(least_count,))
    groups = {unit("甲", "一类单位"): {"信息": 5}, unit("乙", "二类单位"): {"信息": 5}, unit("丙", "三类"): {"信息": 1}}
    assert [r.total for r in results(rules, groups).values()] == [-1, 0, -1]
    bare = term("最低", ByGroup((("一类单位", num(6)),)))
    (period,), (finding,) = interpret(
        replace(rules, terms={"最低": bare}), data({unit("乙", "二类"): {"信息": 5}}, rules)
    )
    assert (finding.code.number, period.units[0].total) == ("GK445", None)


# --- What is missing -------------------------------------------------------------------------------------------------

FEW = indicator("网站", pick(when(under("信息", 3), -6)))


def test_each_missing_cell_is_told_once() -> None:
    rules = rubric(FEW, indicator("又", always(each("信息", 1)), always(each("附件", 1))))
    (period,), found = interpret(
        rules, data({unit("甲"): {"信息": MISSING}, unit("乙"): {"信息": 1, "附件": 1}}, rules)
    )
    assert [(f.code.number, f.values["who"], f.values["term"], str(f.place)) for f in found] == [
        ("GK440", "甲(2025Q4)", "信息", "表!C7"),
        ("GK440", "甲(2025Q4)", "附件", "单位!A2"),
    ]
    broken, sound = period.units
    assert (broken.total, [i.points for i in broken.indicators]) == (None, [None, None])
    assert sound.total == -4


def test_zero_and_not_applicable() -> None:
    assert one(rubric(FEW, missing=Missing.ZERO), 信息=MISSING).total == -6
    gone = one(rubric(FEW, indicator("又", always(1)), missing=Missing.NOT_APPLICABLE), 信息=MISSING)
    assert (gone.indicators[0].applies, gone.indicators[0].points, gone.total) == (False, None, 1)
    (period,), findings = interpret(rubric(FEW), data({unit("甲"): {"信息": NOT_APPLICABLE}}, rubric(FEW)))
    assert ([f.code.number for f in findings], period.units[0].total) == (["GK460"], None)


def test_what_was_not_reported_counts_0_and_is_remarked() -> None:
    text = Fact(State.MISSING, None, (), "未报资料记0分")
    rules = rubric(indicator("书面", always(Amount(ref("书面考核"))), not_reported_zero=True), FEW)
    result = one(rules, 书面考核=text, 信息=3)
    assert (result.total, result.remark) == (0, "书面考核:未报资料记0分")
    taken = Fact(State.OK, Decimal(0), (), "未报资料记0分")
    assert one(rules, 书面考核=taken, 信息=3).remark == "书面考核:未报资料记0分"
    (_,), (finding,) = interpret(rules, data({unit("甲"): {"书面考核": 1, "信息": MISSING}}, rules))
    assert finding.code.number == "GK440"


def test_a_data_error_leaves_the_places_of_its_group_open() -> None:
    rules = rubric(SCORE, ranking=SKIP, grades=(GradeBand("优秀", (TopPlaces(1),)), GradeBand("良好", ())))
    found = results(
        rules,
        {unit("甲", "A"): {"分": BROKEN}, unit("乙", "A"): {"分": 3}, unit("丙", "B"): {"分": 1}},
    )
    assert [(r.total, r.rank, r.grade) for r in found.values()] == [(None, None, None), (3, None, None), (1, 1, "优秀")]


def test_grades_without_places_stand_beside_a_data_error() -> None:
    rules = rubric(SCORE, grades=(GradeBand("优秀", (Compare(Score(), ">=", num(3)),)), GradeBand("良好", ())))
    assert [r.grade for r in totals(rules, 甲=BROKEN, 乙=3, 丙=1).values()] == [None, "优秀", "良好"]


# --- Totals ----------------------------------------------------------------------------------------------------------

BONUS = indicator("加分", always(each("好", 3)), bonus=True)
MORE = indicator("再加", always(each("好", 2)), bonus=True)


def test_the_gate_looks_at_the_total_without_bonuses() -> None:
    rules = rubric(SCORE, BONUS, gate=Gate(Compare(Score(), ">", num(80))))
    assert one(rules, 分=81, 好=2).total == 87
    shut = one(rules, 分=80, 好=2)
    assert (shut.total, shut.indicators[1].points, shut.indicators[1].counted) == (80, 6, 0)
    by_indicator = rubric(SCORE, BONUS, gate=Gate(Compare(Score("得分"), ">", num(80))))
    assert one(by_indicator, 分=81, 好=2).total == 87


def test_all_bonuses_are_capped_together() -> None:
    result = one(rubric(SCORE, BONUS, MORE, bonus_cap=dec(8)), 分=10, 好=2)
    assert (result.total, [i.points for i in result.indicators], [i.counted for i in result.indicators]) == (
        18, [10, 6, 4], [10, 6, 2],
    )  # fmt: skip


def test_the_total_is_rounded_after_places() -> None:
    rules = rubric(SCORE, total_places=1, ranking=SKIP, grades=(GradeBand("优秀", (Compare(Score(), ">=", num(9)),)),))
    found = totals(rules, 甲="8.96", 乙="8.97", 丙="8.94")
    assert [(r.total, r.rank, r.grade) for r in found.values()] == [
        (Decimal("9.0"), 2, "优秀"), (Decimal("9.0"), 1, "优秀"), (Decimal("8.9"), 3, None),
    ]  # fmt: skip
    assert found["甲"].exact_total == Decimal("8.96")


def test_thirds_stay_whole() -> None:
    third = indicator("三分之一", always(Amount(Arithmetic("/", ref("分"), num(3)))))
    result = one(rubric(third, replace(third, name="又"), replace(third, name="再")), 分=1)
    assert (result.indicators[0].points, result.total) == (Fraction(1, 3), 1)


# --- Vetoes ----------------------------------------------------------------------------------------------------------

BANDS = (
    GradeBand("优秀", (Compare(Score(), ">=", num(90)),)),
    GradeBand("良好", (Compare(Score(), ">=", num(80)),)),
    GradeBand("不合格", ()),
)


def veto(name: str, *outcomes: Veto) -> Sentence:
    return sentence(pick(when(Holds(ref(name)), *outcomes)), text=f"有{name}")


def vetoed(*outcomes: Veto, score: int = 95) -> UnitResult:
    """Two units; the first is struck."""
    rules = rubric(
        SCORE, ranking=SKIP, grades=BANDS, sentences=tuple(veto(f"事{i}", o) for i, o in enumerate(outcomes))
    )
    struck = {f"事{i}": True for i in range(len(outcomes))}
    found = results(rules, {unit("甲"): {"分": score} | struck, unit("乙"): {"分": 90} | dict.fromkeys(struck, False)})
    assert (found["乙"].veto, found["乙"].grade) == (None, "优秀")
    return found["甲"]


def test_a_veto_of_the_grade_leaves_the_total() -> None:
    result = vetoed(Veto("grade", "不合格"))
    assert (result.total, result.rank, result.grade) == (95, 1, "不合格")
    assert result.veto is not None
    assert (result.veto.sentences, result.veto.replaced) == (("有事0",), None)
    assert [a.because for a in result.veto.awards] == ["有事0,定为不合格"]


def test_a_veto_of_the_total_sets_place_and_grade() -> None:
    result = vetoed(Veto("total", dec(59)))
    assert (result.total, result.exact_total, result.rank, result.grade) == (59, 59, 2, "不合格")
    assert result.veto is not None
    assert result.veto.replaced == 95


def test_a_veto_that_stops() -> None:
    result = vetoed(Veto("stop"))
    assert (result.total, result.rank, result.grade) == (None, None, None)
    assert result.veto is not None
    assert result.veto.replaced == 95


def test_a_veto_that_bars() -> None:
    assert vetoed(Veto("bar", "优秀")).grade == "良好"
    assert vetoed(Veto("bar", "优秀"), Veto("bar", "良好")).grade == "不合格"


def test_of_several_vetoes_the_gravest_counts_and_all_are_listed() -> None:
    result = vetoed(Veto("total", dec(85)), Veto("total", dec(59)), Veto("grade", "良好"))
    assert (result.total, result.grade) == (59, "不合格")
    assert result.veto is not None
    assert result.veto.sentences == ("有事0", "有事1", "有事2")
    assert vetoed(Veto("grade", "良好"), Veto("grade", "不合格")).grade == "不合格"
    assert vetoed(Veto("grade", "一票否决"), Veto("grade", "不合格")).grade == "一票否决"
    assert vetoed(Veto("stop"), Veto("total", dec(59))).total is None


def test_a_veto_within_an_indicator() -> None:
    rules = rubric(SCORE, indicator("安全", veto("泄密", Veto("total", dec(0)))), grades=BANDS)
    result = one(rules, 分=95, 泄密=True)
    assert (result.total, result.grade, result.indicators[1].points) == (0, "不合格", 0)
    assert one(rules, 分=95, 泄密=False).veto is None


def test_a_data_error_outweighs_a_veto() -> None:
    rules = rubric(SCORE, sentences=(veto("泄密", Veto("total", dec(0))),))
    result = one(rules, 分=BROKEN, 泄密=True)
    assert result.total is None
    assert result.veto is not None


# --- Places and grades -----------------------------------------------------------------------------------------------


def test_ties_skip_or_follow() -> None:
    scores = {"甲": 9, "乙": 8, "丙": 8, "丁": 7}
    assert [r.rank for r in totals(rubric(SCORE, ranking=SKIP), **scores).values()] == [1, 2, 2, 4]
    assert [r.rank for r in totals(rubric(SCORE, ranking=FOLLOW), **scores).values()] == [1, 2, 2, 3]
    lowest = Ranking(skip=True, lowest_first=True)
    assert [r.rank for r in totals(rubric(SCORE, ranking=lowest), **scores).values()] == [4, 2, 2, 1]


def test_places_within_groups() -> None:
    found = results(
        rubric(SCORE, ranking=SKIP),
        {unit("甲", "A"): {"分": 1}, unit("乙", "B"): {"分": 2}, unit("丙", "A"): {"分": 3}},
    )
    assert [r.rank for r in found.values()] == [2, 1, 1]


def test_top_places_share_the_last_place() -> None:
    rules = rubric(SCORE, ranking=SKIP, grades=(GradeBand("优秀", (TopPlaces(2),)), GradeBand("良好", ())))
    assert [r.grade for r in totals(rules, 甲=9, 乙=8, 丙=8, 丁=7).values()] == ["优秀", "优秀", "优秀", "良好"]


@pytest.mark.parametrize(("rounding", "best"), [(Rounding.DOWN, 1), (Rounding.UP, 2), (Rounding.HALF_UP, 2)])
def test_top_share(rounding: Rounding, best: int) -> None:
    share = GradeBand("优秀", (TopShare(Decimal("0.3"), rounding),))
    found = totals(rubric(SCORE, ranking=FOLLOW, grades=(share, GradeBand("良好", ()))), 甲=9, 乙=8, 丙=7, 丁=6, 戊=5)
    assert [r.grade for r in found.values()].count("优秀") == best


def test_top_share_skips_and_counts_the_vetoed() -> None:
    share = GradeBand("优秀", (TopShare(Decimal("0.5"), Rounding.DOWN),))
    rules = rubric(
        SCORE, ranking=FOLLOW, grades=(share, GradeBand("良好", ())), sentences=(veto("泄密", Veto("stop")),)
    )
    # 2 of 4 units: 甲 and 乙 share the first place, so 丙 is third by places that skip.
    scores = {"甲": 9, "乙": 9, "丙": 8, "丁": 7}
    found = results(rules, {unit(n): {"分": v, "泄密": n == "丁"} for n, v in scores.items()})
    assert [r.grade for r in found.values()] == ["优秀", "优秀", "良好", None]
    assert found["丙"].rank == 2


def test_the_slot_of_a_barred_unit_is_not_passed_on() -> None:
    grades = (GradeBand("优秀", (TopPlaces(1),)), GradeBand("良好", ()))
    rules = rubric(SCORE, ranking=SKIP, grades=grades, sentences=(veto("通报", Veto("bar", "优秀")),))
    found = results(rules, {unit("甲"): {"分": 9, "通报": True}, unit("乙"): {"分": 8, "通报": False}})
    assert [(r.rank, r.grade) for r in found.values()] == [(1, "良好"), (2, "良好")]


def test_grades_by_place_and_score_together_and_by_audience() -> None:
    grades = (
        GradeBand("优秀", (TopPlaces(2), Compare(Score("得分"), ">=", num(80)))),
        GradeBand("达标", (), Audience(("B",))),
        GradeBand("良好", ()),
    )
    found = results(
        rubric(SCORE, ranking=SKIP, grades=grades),
        {unit("甲", "A"): {"分": 90}, unit("乙", "A"): {"分": 70}, unit("丙", "B"): {"分": 70}},
    )
    assert [r.grade for r in found.values()] == ["优秀", "良好", "达标"]


def test_grades_that_nobody_gets() -> None:
    assert one(rubric(SCORE, grades=BANDS[:2]), 分=10).grade is None
    not_there = GradeBand("优秀", (Compare(Score("没有"), ">=", num(0)),))
    assert one(rubric(SCORE, grades=(not_there,)), 分=10).grade is None


@everywhere(st.lists(st.integers(0, 6), max_size=12), st.booleans(), st.booleans())
def test_places_by_counting(scores: list[int], skip: bool, lowest: bool) -> None:
    found = places([Decimal(s) for s in scores], skip, lowest)
    others = scores if skip else sorted(set(scores))
    assert found == [1 + sum(o < s if lowest else o > s for o in others) for s in scores]


@everywhere(st.permutations(range(6)), st.lists(st.integers(0, 4), min_size=6, max_size=6))
def test_the_order_of_units_does_not_matter(order: list[int], scores: list[int]) -> None:
    rules = rubric(
        SCORE, ranking=SKIP, grades=(GradeBand("优秀", (TopShare(Decimal("0.4"), Rounding.UP),)), GradeBand("良好", ()))
    )
    units = [(unit(f"单位{i}", "AB"[i % 2]), {"分": score}) for i, score in enumerate(scores)]
    straight = results(rules, dict(units))
    mixed = results(rules, dict(units[i] for i in order))
    assert straight == {name: mixed[name] for name in straight}


def test_threads_share_nothing() -> None:
    rules = rubric(SCORE, FEW, ranking=SKIP, grades=BANDS)
    book = data({unit(f"单位{i}"): {"分": i, "信息": i % 5} for i in range(40)}, rules)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: interpret(rules, book), range(8)))
    assert all(one_result == found[0] for one_result in found)


def test_no_units_and_no_indicators() -> None:
    (period,), found = interpret(rubric(SCORE, ranking=SKIP, grades=BANDS), data({}, rubric(SCORE)))
    assert (period.units, found) == ((), [])
    (period,), found = interpret(rubric(), data({unit("甲"): {}}, rubric()))
    assert (by_unit(period)["甲"].total, found, period.period) == (None, [], QUARTER)


def test_conditions_and_percentages() -> None:
    rules = rubric(indicator("率", pick(when(least("率", pct(90)), 8)), worth=dec(8), low=dec(0), high=dec(8)))
    assert one(rules, 率="0.9").total == 8
