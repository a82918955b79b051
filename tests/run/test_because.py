"""Explanations, word for word, in both languages."""

from datetime import datetime
from decimal import Decimal

import pytest
from core_nodes import (
    MISSING,
    Plain,
    always,
    awards,
    cap,
    day,
    dec,
    each,
    least,
    num,
    pct,
    pick,
    points,
    price_list,
    ref,
    rubric,
    sentence,
    under,
    when,
)
from hypothesis import given as everywhere
from hypothesis import strategies as st

from gkxl.diagnostics import Language
from gkxl.model.rules import (
    AllOf,
    Amount,
    AnyOf,
    Arithmetic,
    Between,
    Clause,
    Compare,
    Holds,
    Missing,
    Not,
    Partial,
    Rounded,
    Rounding,
    Steps,
    Veto,
    ZeroIndicator,
)
from gkxl.run.because import because
from gkxl.run.facts import Fact, State

ADD = "完成的加1分"  # a rule that says 加, not 得


def zh(clause: Clause, /, text: str = ADD, **values: Plain) -> str:
    (award,) = awards(sentence(clause, text=text), **values)
    return award.because


def en(clause: Clause, values: dict[str, Plain]) -> str:
    (award,) = awards(sentence(clause, language="en"), **values)
    return award.because


FEW = pick(when(under("本领域信息", 3, "条"), -6))
TWO = pick(when(under("本领域信息", 2, "条"), -6), when(under("本领域信息", 3, "条"), -3))
BANDS = pick(when(least("完成率", pct(100)), 10), when(least("完成率", pct(90)), 8), when(None, 0))
PLAN = pick(when(Holds(ref("应急预案")), 5), when(None, -2))
BEYOND = always(
    Steps(
        ref("新媒体转发"), Decimal(1), num(1),
        Rounded(Arithmetic("*", ref("转发任务数", "任务数"), pct(20)), Rounding.UP), label="条",
    )
)  # fmt: skip
CLOSED = always(each("结案率", -1, pct(1), pct(90), below=True))
MEETINGS = always(each("会议", -1, mark=num(4), below=True, label="次"))
FORMULA = always(Amount(Arithmetic("*", Arithmetic("/", ref("完成数"), ref("任务数")), num(20))))
DUE = pick(when(Not(Holds(ref("年报"))), 0), when(Compare(ref("年报"), ">", day("2025-03-31")), -2))


@pytest.mark.parametrize(
    ("clause", "values", "expected"),
    [
        (FEW, {"本领域信息": 2}, "本领域信息2条,少于3条,扣6分"),
        (FEW, {"本领域信息": 3}, "本领域信息3条,不少于3条,不扣分"),
        (TWO, {"本领域信息": 2}, "本领域信息2条,少于3条,扣3分"),
        (TWO, {"本领域信息": 4}, "本领域信息4条,各档都不符合,不扣分"),
        (BANDS, {"完成率": "0.95"}, "完成率95%,达到90%,加8分"),
        (BANDS, {"完成率": "0.5"}, "完成率50%,属其余情况,不加分"),
        (pick(when(least("完成率", pct(90)), 8)), {"完成率": "0.5"}, "完成率50%,没有达到90%,不加分"),
        (pick(when(Compare(ref("缺席"), "=", num(1), "次"), -3)), {"缺席": 1}, "缺席1次,正好是1次,扣3分"),
        (pick(when(Compare(ref("缺席"), ">", num(3), "人"), -3)), {"缺席": 3}, "缺席3人,没有超过3人,不扣分"),
        (pick(when(Compare(ref("信息"), "<", ref("最低条数"), "条"), -1)), {"信息": 2, "最低条数": 6},
         "信息2条,少于最低条数6条,扣1分"),
        (pick(when(Compare(num(3), ">", ref("信息"), "条"), -1)), {"信息": 2}, "信息2条,少于3条,扣1分"),
        (pick(when(least("预算", num(50_000_000, "5000万"), "元"), 1)), {"预算": 60_000_000},
         "预算60000000元,达到5000万元,加1分"),
    ],
)  # fmt: skip
def test_thresholds_and_bands(clause: Clause, values: dict[str, Plain], expected: str) -> None:
    assert zh(clause, **values) == expected


@pytest.mark.parametrize(
    ("clause", "values", "expected"),
    [
        (PLAN, {"应急预案": True}, "有应急预案,得5分"),
        (PLAN, {"应急预案": False}, "没有应急预案,扣2分"),
        (pick(when(Not(Holds(ref("制定方案"))), -5)), {"制定方案": False}, "未制定方案,扣5分"),
        (pick(when(Not(Holds(ref("制定方案"))), -5)), {"制定方案": True}, "已制定方案,不扣分"),
        (pick(when(Holds(ref("未报方案")), -5)), {"未报方案": True}, "未报方案,扣5分"),
        (pick(when(Holds(ref("未报方案")), -5)), {"未报方案": False}, "已报方案,不扣分"),
        (pick(when(Holds(ref("有方案")), 5)), {"有方案": False}, "没有方案,不得分"),
        (pick(when(Holds(ref("严重错误")), -5)), {"严重错误": 2}, "有严重错误(2),扣5分"),
        (pick(when(AllOf((Holds(ref("方案")), least("信息", 3, "条"))), 2)), {"方案": True, "信息": 3},
         "有方案,信息3条,达到3条,得2分"),
        (pick(when(AllOf((Holds(ref("方案")), least("信息", 3, "条"))), 2)), {"方案": False, "信息": 3},
         "没有方案,不得分"),
        (pick(when(AnyOf((Holds(ref("方案")), least("信息", 3, "条"))), 2)), {"方案": False, "信息": 3},
         "信息3条,达到3条,得2分"),
        (pick(when(AnyOf((Holds(ref("方案")), least("信息", 3, "条"))), 2)), {"方案": False, "信息": 2},
         "没有方案,信息2条,没有达到3条,不得分"),
    ],
)  # fmt: skip
def test_yes_and_no(clause: Clause, values: dict[str, Plain], expected: str) -> None:
    assert zh(clause, text="建立的得5分", **values) == expected


@pytest.mark.parametrize(
    ("clause", "values", "expected"),
    [
        (always(Steps(ref("群众咨询", "回复群众咨询"), Decimal(3), num(1), label="件")), {"群众咨询": 2},
         "回复群众咨询2件,每件加3分,加6分"),
        (always(each("信息", 1, 5, label="条")), {"信息": 10}, "信息10条,每5条加1分,加2分"),
        (always(each("信息", 1, 5, label="条")), {"信息": 14}, "信息14条,每5条加1分,不足一步不计,按2步计,加2分"),
        (always(each("错别字", "-0.5", label="处")), {"错别字": 0}, "错别字0处,每处扣0.5分,不扣分"),
        (BEYOND, {"新媒体转发": 2, "转发任务数": 3},
         "新媒体转发2条,任务数20%即0.6条,向上取整为1条,超出1条,每条加1分,加1分"),
        (BEYOND, {"新媒体转发": 2, "转发任务数": 5}, "新媒体转发2条,任务数20%即1条,超出1条,每条加1分,加1分"),
        (BEYOND, {"新媒体转发": 1, "转发任务数": 3},
         "新媒体转发1条,任务数20%即0.6条,向上取整为1条,没有超过1条,不加分"),
        (CLOSED, {"结案率": "0.85"}, "结案率85%,比90%低5个百分点,每低1个百分点扣1分,扣5分"),
        (CLOSED, {"结案率": "0.845"},
         "结案率84.5%,比90%低5.5个百分点,每低1个百分点扣1分,不足一步不计,按5步计,扣5分"),
        (always(each("结案率", -1, pct(1), pct(90), True, Partial.COUNTS_ONE)), {"结案率": "0.845"},
         "结案率84.5%,比90%低5.5个百分点,每低1个百分点扣1分,不足一步按一步计,按6步计,扣6分"),
        (always(each("结案率", -1, pct(1), pct(90), True, Partial.PRO_RATA)), {"结案率": "0.845"},
         "结案率84.5%,比90%低5.5个百分点,每低1个百分点扣1分,扣5.5分"),
        (CLOSED, {"结案率": "0.9"}, "结案率90%,不低于90%,不扣分"),
        (MEETINGS, {"会议": 2}, "会议2次,比4次少2次,每少1次扣1分,扣2分"),
        (MEETINGS, {"会议": 4}, "会议4次,不少于4次,不扣分"),
        (always(each("缺席", "-0.5", mark=num(3), label="人")), {"缺席": 5},
         "缺席5人,比3人多2人,每人扣0.5分,扣1分"),
        (always(Steps(ref("信息"), Decimal(1), Arithmetic("*", ref("规定数"), pct(10)), ref("规定数"), label="条")),
         {"信息": 120, "规定数": 100}, "信息120条,比规定数100条多20条,每规定数10%即10条加1分,加2分"),
        (pick(when(under("结案率", pct(90)), each("结案率", -1, pct(1), pct(90), below=True))), {"结案率": "0.85"},
         "结案率85%,低于90%,低5个百分点,每低1个百分点扣1分,扣5分"),
        (pick(when(least("完成率", pct(70)), 50), when(None, 50, each("完成率", -1, pct(1), pct(70), below=True))),
         {"完成率": "0.69"}, "完成率69%,没有达到70%,加50分,低1个百分点,每低1个百分点扣1分,扣1分,共加49分"),
    ],
)  # fmt: skip
def test_steps(clause: Clause, values: dict[str, Plain], expected: str) -> None:
    assert zh(clause, **values) == expected


@pytest.mark.parametrize(
    ("clause", "values", "expected"),
    [
        (always(Amount(ref("书面考核"))), {"书面考核": "23.6"}, "书面考核23.6分"),
        (always(Amount(ref("书面考核")), cap=cap(20)), {"书面考核": "23.6"}, "书面考核23.6分,应得23.6分,最多得20分,得20分"),
        (always(Amount(ref("迟报天数"), sign=-1)), {"迟报天数": 3}, "迟报天数3,扣3分"),
        (FORMULA, {"完成数": 7, "任务数": 9}, "完成数7÷任务数9×20=15.555555555556(约),得15.555555555556分(约)"),
        (always(Amount(Arithmetic("*", Arithmetic("-", ref("甲"), ref("乙")), num(2)))), {"甲": 5, "乙": 3},
         "(甲5−乙3)×2=4,得4分"),
        (always(Between(ref("完成率"), pct(90), pct(100), dec(8), dec(10))), {"完成率": "0.95"},
         "完成率95%,90%至100%按比例得8至10分,得9分"),
        (price_list("采用", "条", 国家级=20, 省级=10), {"采用": {("省级",): 2, ("国家级",): 1}},
         "国家级1条×20分+省级2条×10分=40分"),
        (price_list("采用", "条", 国家级=20), {"采用": {}}, "没有计分的记录,不得分"),
        (price_list("采用", "条", others=True, 国家级=20), {"采用": {("国家级",): 1, ("县级",): 3}},
         "国家级1条×20分=20分,其余3条不计"),
        (price_list("采用", "条", cap(30), 国家级=20), {"采用": {("国家级",): 2}},
         "国家级2条×20分=40分,应得40分,最多得30分,得30分"),
        (price_list("通报", "次", 国家级=-4, 省级=-2), {"通报": {("国家级",): 1, ("省级",): 2}},
         "国家级1次×4分+省级2次×2分=8分,扣8分"),
        (price_list("通报", "次", 表扬=4, 批评=-2), {"通报": {("表扬",): 1, ("批评",): 1}},
         "表扬1次×4分+批评1次×(-2分)=2分"),
    ],
)  # fmt: skip
def test_scores_formulas_and_price_lists(clause: Clause, values: dict[str, Plain], expected: str) -> None:
    assert zh(clause, text="一句", **values) == expected


def test_a_proportion_says_its_ends_once() -> None:
    inside = AllOf((least("完成率", pct(90)), Compare(ref("完成率"), "<=", pct(100))))
    clause = pick(when(inside, Between(ref("完成率"), pct(90), pct(100), dec(8), dec(10))))
    assert zh(clause, text="一句", 完成率="0.95") == "完成率95%,90%至100%按比例得8至10分,得9分"
    assert zh(clause, text="一句", 完成率="0.85") == "完成率85%,没有达到90%,不得分"


def test_dates() -> None:
    assert zh(DUE, 年报=datetime(2025, 3, 31, 18)) == "年报2025-03-31,不晚于2025-03-31,不扣分"
    assert zh(DUE, 年报=datetime(2025, 4, 2)) == "年报2025-04-02,晚于2025-03-31,扣2分"
    assert zh(DUE, 年报=MISSING) == "年报没有日期,不扣分"
    by = pick(when(Compare(ref("年报"), "<=", day("2025-03-31")), 2))
    assert zh(by, 年报=MISSING) == "年报没有日期,不加分"


def test_caps() -> None:
    clause = always(each("错别字", -3, label="处"), cap=cap(10))
    assert zh(clause, 错别字=7) == "错别字7处,每处扣3分,应扣21分,最多扣10分,扣10分"
    assert zh(clause, 错别字=2) == "错别字2处,每处扣3分,扣6分"
    both = sentence(always(each("甲", -3)), always(each("乙", -3)), cap=cap(10))
    assert awards(both, 甲=2, 乙=2)[1].because == "乙2,每1扣3分,应扣6分,全句最多扣10分,扣4分"


@pytest.mark.parametrize(
    ("outcome", "chinese", "english"),
    [
        (Veto("grade", "不合格"), "有泄密,定为不合格", "with 泄密: grade is 不合格"),
        (Veto("total", Decimal(59)), "有泄密,总分记59分", "with 泄密: total is 59"),
        (Veto("bar", "优秀"), "有泄密,不得评为优秀", "with 泄密: not eligible for 优秀"),
        (Veto("stop"), "有泄密,不再评分", "with 泄密: scoring stops"),
        (ZeroIndicator(), "有泄密,本项不得分", "with 泄密: this indicator scores 0"),
    ],
)
def test_consequences(outcome: Veto | ZeroIndicator, chinese: str, english: str) -> None:
    clause = pick(when(Holds(ref("泄密")), outcome))
    (award,) = awards(sentence(clause), 泄密=True)
    assert (award.because, because(award, "en")) == (chinese, english)
    assert zh(clause, 泄密=False) == "没有泄密,不影响得分"
    assert zh(pick(when(Holds(ref("泄密")), -5, outcome)), 泄密=True) == chinese.replace(",", ",扣5分,")


def test_what_was_missing_is_said() -> None:
    (award,) = awards(sentence(FEW), rubric(missing=Missing.ZERO), 本领域信息=MISSING)
    assert award.because == "本领域信息0条(缺数据),少于3条,扣6分"
    text = Fact(State.MISSING, None, (), "未报资料记0分")
    (award,) = awards(sentence(always(Amount(ref("书面考核")))), rubric(not_reported_zero=True), 书面考核=text)
    assert award.because == "书面考核0分(未报资料记0分)"


@pytest.mark.parametrize(
    ("clause", "values", "expected"),
    [
        (pick(when(under("domain items", 3), -6)), {"domain items": 2}, "domain items 2, fewer than 3: costs 6 points"),
        (pick(when(under("domain items", 3), -6)), {"domain items": 3}, "domain items 3, not fewer than 3: costs nothing"),
        (pick(when(under("domain items", 3), -1)), {"domain items": 2}, "domain items 2, fewer than 3: costs 1 point"),
        (pick(when(least("completion", pct(90)), 8)), {"completion": "0.95"}, "completion 95%, at least 90%: earns 8 points"),
        (pick(when(least("completion", pct(90)), 8)), {"completion": "0.8"}, "completion 80%, below 90%: earns nothing"),
        (pick(when(least("completion", pct(100)), 10), when(least("completion", pct(90)), 8)), {"completion": "0.8"},
         "completion 80%, in none of the bands: earns nothing"),
        (pick(when(Holds(ref("emergency plan")), 5), when(None, -2)), {"emergency plan": True},
         "with emergency plan: earns 5 points"),
        (pick(when(Holds(ref("emergency plan")), 5), when(None, -2)), {"emergency plan": False},
         "no emergency plan: costs 2 points"),
        (pick(when(Holds(ref("leaks")), -2)), {"leaks": 3}, "leaks 3: costs 2 points"),
        (always(each("replies", 3)), {"replies": 2}, "replies 2, each earns 3 points: earns 6 points"),
        (always(each("items", 1, 5)), {"items": 14},
         "items 14, each 5 earns 1 point, partial steps ignored, 2 steps: earns 2 points"),
        (always(Steps(ref("forwards"), Decimal(1), num(1),
                      Rounded(Arithmetic("*", ref("forward tasks"), pct(20)), Rounding.UP))),
         {"forwards": 2, "forward tasks": 3},
         "forwards 2, 20% of forward tasks is 0.6, rounded up to 1, 1 more, each earns 1 point: earns 1 point"),
        (always(each("closing rate", -1, pct(1), pct(90), below=True)), {"closing rate": "0.85"},
         "closing rate 85%, 5 percentage points below 90%, each percentage point costs 1 point: costs 5 points"),
        (always(each("meetings", -1, mark=num(4), below=True)), {"meetings": 3},
         "meetings 3, 1 short of 4, each costs 1 point: costs 1 point"),
        (always(each("absences", "-0.5", mark=num(3))), {"absences": 5},
         "absences 5, 2 more than 3, each costs 0.5 points: costs 1 point"),
        (always(each("typos", -3), cap=cap(10)), {"typos": 7},
         "typos 7, each costs 3 points, would cost 21 points, at most 10: costs 10 points"),
        (always(Amount(ref("written review"))), {"written review": "23.6"}, "written review 23.6 points"),
        (always(Amount(Arithmetic("*", Arithmetic("/", ref("done"), ref("target")), num(20)))), {"done": 7, "target": 9},
         "done 7 / target 9 × 20 = 15.555555555556 (rounded): earns 15.555555555556 points (rounded)"),
        (always(Between(ref("completion"), pct(90), pct(100), dec(8), dec(10))), {"completion": "0.95"},
         "completion 95%, from 90% to 100% earns 8 to 10 in proportion: earns 9 points"),
        (price_list("adopted", national=20, city=10), {"adopted": {("national",): 1, ("city",): 2}},
         "national 1 × 20 + city 2 × 10 = 40 points"),
        (pick(when(Compare(ref("report"), ">", day("2025-03-31")), -2)), {"report": datetime(2025, 4, 2)},
         "report 2025-04-02, after 2025-03-31: costs 2 points"),
    ],
)  # fmt: skip
def test_english(clause: Clause, values: dict[str, Plain], expected: str) -> None:
    assert en(clause, values) == expected


def test_either_language_can_be_asked_for() -> None:
    (award,) = awards(sentence(FEW), 本领域信息=2)
    assert because(award, "en") == "本领域信息 2, fewer than 3: costs 6 points"
    (award,) = awards(sentence(FEW, language="en"), 本领域信息=2)
    assert because(award, "zh") == "本领域信息2条,少于3条,扣6分"


@everywhere(
    st.sampled_from([FEW, TWO, BANDS, BEYOND, CLOSED, MEETINGS, FORMULA]),
    st.decimals(0, 200, places=2),
    st.integers(1, 30),
    st.sampled_from(["zh", "en"]),
)
def test_every_award_can_be_explained(clause: Clause, value: Decimal, target: int, language: Language) -> None:
    names = ["本领域信息", "完成率", "新媒体转发", "结案率", "会议", "完成数"]
    values: dict[str, Plain] = {**dict.fromkeys(names, value), "转发任务数": target, "任务数": target}
    (award,) = awards(sentence(clause), **values)
    text = because(award, language)
    assert text
    assert "None" not in text
    assert award.points == points(clause, **values)
    if award.points and language == "zh":
        assert text.endswith(("分", "分(约)"))
