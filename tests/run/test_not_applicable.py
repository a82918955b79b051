"""What does not apply: its six ways, in each period, with weights and parts; what each cap took, in the fixed order."""

from decimal import Decimal
from fractions import Fraction

import pytest
from core_nodes import (
    BROKEN,
    MISSING,
    NOT_APPLICABLE,
    QUARTER,
    always,
    by_unit,
    cap,
    data,
    each,
    indicator,
    least,
    num,
    one,
    pick,
    ref,
    results,
    rubric,
    sentence,
    several,
    term,
    unit,
    when,
)

from gkxl.model.rules import (
    Aggregation,
    Amount,
    Audience,
    Compare,
    Exemption,
    FromRows,
    Gate,
    Missing,
    Part,
    Score,
    Veto,
    ZeroIndicator,
)
from gkxl.periods import Period, PeriodKind
from gkxl.run.interpret import interpret
from gkxl.run.results import UnitResult

TERMS = tuple(term(name, FromRows(Aggregation.VALUE, "表", column=name)) for name in ("甲", "乙", "丙"))
MONTHS = [Period(2025, PeriodKind.MONTH, month) for month in (10, 11, 12)]


def own(name, **options):
    """得某某分, of 10."""
    options = {"worth": Decimal(10), "low": Decimal(0), "high": Decimal(10)} | options
    return indicator(name, always(Amount(ref(name))), **options)


def counted(result: UnitResult) -> list[object]:
    return [i.counted for i in result.indicators]


def test_the_rest_is_multiplied_by_all_worth_over_the_worth_that_applies() -> None:
    rules = rubric(own("甲"), own("乙", exemption=Exemption.RESCALE), own("丙"), terms=TERMS)
    result = one(rules, 甲=7, 乙=NOT_APPLICABLE, 丙=8)
    assert counted(result) == [Decimal("10.5"), None, Decimal(12)]
    assert [(r.every, r.applying) for r in result.rescaled] == [(30, 20)]
    assert (result.total, result.indicators[1].applies, result.indicators[0].points) == (Decimal("22.5"), False, 7)
    assert one(rules, 甲=7, 乙=5, 丙=8).rescaled == ()


def test_rescaling_is_exact() -> None:
    rules = rubric(own("甲"), own("乙", exemption=Exemption.RESCALE, worth=Decimal(4)), terms=TERMS)
    total = one(rules, 甲="0.1", 乙=NOT_APPLICABLE).total
    assert total == Fraction(14, 100)
    rules = rubric(own("甲", worth=Decimal(75)), own("乙", exemption=Exemption.RESCALE, worth=Decimal(25)), terms=TERMS)
    assert one(rules, 甲=10, 乙=NOT_APPLICABLE).total == Fraction(40, 3)


def test_bonuses_and_indicators_without_a_worth_are_not_rescaled() -> None:
    extra = indicator("减", always(-3))
    bonus = indicator("奖", always(2), bonus=True, worth=Decimal(5), high=Decimal(5))
    rules = rubric(own("甲"), own("乙", exemption=Exemption.RESCALE), extra, bonus, terms=TERMS)
    assert counted(one(rules, 甲=7, 乙=NOT_APPLICABLE)) == [14, None, -3, 2]


def test_what_is_for_others_or_not_assessed_is_not_worth_that_applies() -> None:
    other = own("丙", audience=Audience(("乡镇",)))
    rules = rubric(own("甲"), own("乙", exemption=Exemption.NOT_ASSESSED), other, terms=TERMS)
    assert counted(one(rules, 甲=7, 乙=NOT_APPLICABLE)) == [7, None, None]


def test_with_weights_full_marks_stay_full_marks() -> None:
    rules = rubric(
        own("甲", weight=Decimal("0.8")),
        own("乙", weight=Decimal("0.2"), exemption=Exemption.RESCALE),
        terms=TERMS,
    )
    assert one(rules, 甲=10, 乙=NOT_APPLICABLE).total == 10
    parts = (
        Part("线上", TERMS[0].span, weight=Decimal("0.8"), rescales=True),
        Part("线下", TERMS[0].span, weight=Decimal("0.2")),
    )
    rules = rubric(
        own("甲", part="线上"),
        own("乙", part="线上", exemption=Exemption.RESCALE),
        own("丙", part="线下"),
        terms=TERMS,
        parts=parts,
    )
    result = one(rules, 甲=9, 乙=NOT_APPLICABLE, 丙=5)
    assert [(r.part, r.every, r.applying) for r in result.rescaled] == [("线上", 20, 10)]
    assert [(p.points, p.counted) for p in result.parts] == [(18, Decimal("14.4")), (5, 1)]
    assert result.total == Decimal("15.4")


def test_where_nothing_with_a_worth_applies_there_is_no_total() -> None:
    rules = rubric(own("甲", exemption=Exemption.RESCALE), indicator("减", always(-3)), terms=TERMS)
    assert one(rules, 甲=NOT_APPLICABLE).total is None


@pytest.mark.parametrize(
    ("policy", "points"),
    [(Exemption.FULL_MARKS, 10), (Exemption.NO_DEDUCTION, 10), (Exemption.NOT_ASSESSED, None)],
)
def test_one_cell_decides_for_the_whole_indicator(policy: Exemption, points: int | None) -> None:
    rules = rubric(
        indicator("数", pick(when(least("甲", 1), -2)), pick(when(least("乙", 1), -3)), worth=Decimal(10),
                  start=Decimal(10), low=Decimal(0), high=Decimal(10), exemption=policy),
        terms=TERMS,
    )  # fmt: skip
    assert one(rules, 甲=0, 乙=NOT_APPLICABLE).indicators[0].points == points


def test_what_is_not_looked_at_is_not_applicable_all_the_same() -> None:
    """没有甲的不看乙 …: the second test would not be reached."""
    both = pick(when(least("甲", 5), 1), when(least("乙", 5), 2))
    rules = rubric(indicator("数", both, worth=Decimal(10), exemption=Exemption.FULL_MARKS), terms=TERMS)
    assert one(rules, 甲=9, 乙=NOT_APPLICABLE).indicators[0].points == 10


def test_without_deduction_the_other_sentences_count() -> None:
    rules = rubric(
        indicator("数", always(each("甲", -2)), always(each("乙", -3)), worth=Decimal(10), start=Decimal(10),
                  low=Decimal(0), high=Decimal(10), exemption=Exemption.NO_DEDUCTION),
        terms=TERMS,
    )  # fmt: skip
    assert one(rules, 甲=1, 乙=NOT_APPLICABLE).indicators[0].points == 8


def test_a_blank_is_not_applicable_by_the_policy_for_missing_data() -> None:
    rules = rubric(own("甲"), own("乙", exemption=Exemption.FULL_MARKS), missing=Missing.NOT_APPLICABLE, terms=TERMS)
    result = one(rules, 甲=MISSING, 乙=MISSING)
    assert [(i.points, i.applies) for i in result.indicators] == [(None, False), (10, True)]
    assert result.total == 10


def test_without_a_policy_the_choices_are_shown_at_the_cell() -> None:
    rules = rubric(own("甲"), terms=TERMS)
    (period,), (finding,) = interpret(rules, data({unit("甲局"): {"甲": NOT_APPLICABLE}}, rules))
    assert (finding.code.number, period.units[0].total) == ("GK460", None)
    assert finding.notes[1:] == (
        "不涉及的计满分", "不涉及的不扣分", "不涉及的按比例折算", "不涉及的取全组平均", "不涉及的不参评",
    )  # fmt: skip


def test_full_marks_need_a_worth() -> None:
    rules = rubric(indicator("甲", always(Amount(ref("甲"))), exemption=Exemption.FULL_MARKS), terms=TERMS)
    _, (finding,) = interpret(rules, data({unit("甲局"): {"甲": NOT_APPLICABLE}}, rules))
    assert finding.code.number == "GK460"


def test_the_average_of_the_group_of_those_it_applies_to() -> None:
    rules = rubric(own("甲", exemption=Exemption.GROUP_AVERAGE), terms=TERMS, points_places=1)
    units = {
        unit("一", "部门"): {"甲": 7}, unit("二", "部门"): {"甲": 8}, unit("三", "部门"): {"甲": 8},
        unit("四", "部门"): {"甲": NOT_APPLICABLE}, unit("五", "乡镇"): {"甲": 1}, unit("六", "村"): {"甲": NOT_APPLICABLE},
    }  # fmt: skip
    found = results(rules, units)
    assert found["四"].total == Decimal("7.7")  # 23/3, rounded as the points are
    assert (found["六"].total, found["六"].indicators[0].applies) == (None, False)


def test_an_average_is_open_while_a_unit_of_the_group_is_in_error() -> None:
    rules = rubric(own("甲", exemption=Exemption.GROUP_AVERAGE), terms=TERMS)
    values = {unit("一"): {"甲": 7}, unit("二"): {"甲": BROKEN}, unit("三"): {"甲": NOT_APPLICABLE}}
    (period,), _ = interpret(rules, data(values, rules))
    assert [u.total for u in period.units] == [7, None, None]


def test_in_some_months_only_so_much_of_the_worth_is_rescaled() -> None:
    monthly = own("甲", period=PeriodKind.MONTH, exemption=Exemption.RESCALE)
    rules = rubric(monthly, own("乙", worth=Decimal(30), high=Decimal(30)), terms=TERMS)
    who = unit("一")
    values = {(who, month): {"甲": value} for month, value in zip(MONTHS, (6, NOT_APPLICABLE, 8), strict=True)}
    (period,), findings = interpret(rules, several({**values, (who, QUARTER): {"乙": 25}}, rules, QUARTER))
    result = by_unit(period)["一"]
    # 30 + 30 in all, 20 + 30 apply: (14 + 25) × 60/50
    assert (findings, result.total) == ([], Decimal("46.8"))


def test_full_marks_and_averages_are_given_month_by_month() -> None:
    one_, two = unit("一"), unit("二")
    values = {(one_, m): {"甲": v} for m, v in zip(MONTHS, (6, NOT_APPLICABLE, 8), strict=True)}
    values |= {(two, m): {"甲": v} for m, v in zip(MONTHS, (2, 4, 5), strict=True)}
    for policy, points in ((Exemption.FULL_MARKS, 24), (Exemption.GROUP_AVERAGE, 18)):
        rules = rubric(own("甲", period=PeriodKind.MONTH, exemption=policy), terms=TERMS)
        quarter = {(who, QUARTER): {} for who in (one_, two)}
        (period,), findings = interpret(rules, several({**values, **quarter}, rules, QUARTER))
        assert (findings, period.units[0].total) == ([], points)


def test_a_veto_strikes_where_the_indicator_does_not_apply() -> None:
    veto = sentence(pick(when(least("乙", 1), Veto("total", Decimal(59)))))
    rules = rubric(
        indicator("数", sentence(always(Amount(ref("甲")))), veto, worth=Decimal(10), exemption=Exemption.FULL_MARKS),
        terms=TERMS,
    )
    struck = one(rules, 甲=NOT_APPLICABLE, 乙=1)
    assert struck.veto is not None
    assert (struck.total, struck.veto.replaced) == (59, 10)
    # What a veto alone asks for says nothing about the indicator.
    assert one(rules, 甲=4, 乙=NOT_APPLICABLE).total == 4


def test_no_points_for_the_indicator_come_before_what_does_not_apply() -> None:
    zero = pick(when(least("乙", 1), ZeroIndicator()))
    rules = rubric(
        indicator("数", always(Amount(ref("甲"))), zero, worth=Decimal(10), exemption=Exemption.FULL_MARKS), terms=TERMS
    )
    assert one(rules, 甲=NOT_APPLICABLE, 乙=1).total == 0


# --- Caps, in their order --------------------------------------------------------------------------------------------


def test_each_cap_tells_what_it_took() -> None:
    part = Part("日常", TERMS[0].span, weight=Decimal("0.5"), earnings_cap=Decimal(14), deductions_cap=Decimal(2))
    rules = rubric(
        # clause: 9 → 6; earnings of the indicator: 6+5 → 9; worth: 2+9 → 10
        indicator("一", always(each("甲", 3), cap=cap(6)), always(5), worth=Decimal(10), start=Decimal(2),
                  low=Decimal(0), high=Decimal(10), earnings_cap=cap(9), part="日常"),
        # deductions of the indicator: 8 → 6, floor: 5−6 → 0
        indicator("二", always(each("乙", -4)), worth=Decimal(20), start=Decimal(5), low=Decimal(0), high=Decimal(20),
                  deductions_cap=Decimal(6), part="日常"),
        indicator("三", always(each("丙", 1)), weight=Decimal(2), part="日常"),  # 3 × 2 = 6; the part: 16 → 14
        indicator("四", always(-5), part="日常"),  # the part: −5 → −2
        indicator("五", always(9), bonus=True),  # the pool: 9 → 4
        terms=TERMS,
        parts=(part,),
        bonus_cap=Decimal(4),
    )  # fmt: skip
    result = one(rules, 甲=3, 乙=2, 丙=3)
    assert [a.points for a in result.indicators[0].awards] == [6, 5]
    cuts = [[(c.what, c.before, c.after) for c in i.cuts] for i in result.indicators]
    assert cuts == [
        [("earnings", 11, 9), ("worth", 11, 10)],
        [("deductions", -8, -6), ("floor", -1, 0)],
        [],
        [],
        [("bonuses", 9, 4)],
    ]
    (shown,) = result.parts
    assert [(c.what, c.before, c.after) for c in shown.cuts] == [("part earnings", 16, 14), ("part deductions", -5, -2)]
    assert (shown.points, shown.counted, counted(result)) == (12, 6, [5, 0, 2, -1, 4])
    assert result.total == 10


@pytest.mark.parametrize(("score", "total"), [(80, 80), ("80.1", Decimal("83.1"))])
def test_a_gate_looks_at_the_total_without_bonuses(score: int | str, total: Decimal) -> None:
    gate = Gate(Compare(Score(), ">", num(80)))
    rules = rubric(
        indicator("甲", always(Amount(ref("甲")))), indicator("奖", always(3), bonus=True), terms=TERMS, gate=gate
    )
    result = one(rules, 甲=score)
    assert result.total == total
    assert [c.what for c in result.indicators[1].cuts] == (["gate"] if total == 80 else [])
