"""Hypothesis strategies for trees: everything that the language can say, in both languages.

What a strategy leaves out although the class would hold it cannot be said; a comment says why.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from gkxl.language import tree
from gkxl.language.clauses import bare_zero
from gkxl.periods import DayRule, Period, PeriodKind, TimeUnit
from gkxl.values import Kind, Number, negate

# Names that hold words of the language. One that is nothing but such a word (合计, missing data) takes the word's place, so
# that a sentence can no longer say it; that is how the author wanted it.
FACTS = [
    *"本领域信息 完成率 最多跑一次事项 每日信息 不足额缴纳 三公经费 错别字 未达标街道 扣分事项 前五名单位".split(),
    *"得分率 有奖举报 其余人员 第三条要求 一等奖 国家级采用 信息公开和政务公开 A级景区 24小时热线 2025年任务".split(),
    *"按级别补助 为民服务事项 超过期限的件 中央采用 GDP增速 报送且采用 制定方案 方案 召开例会 无线网络".split(),
    *"以上事项 的士投诉 1至3年级学校 100强企业 分管领导批示 各类问题 再次投诉 对外开放 除险加固 在办件".split(),
    *"满意度 收/发文数".split(),
    "domain items", "point of contact", "top 500 investors", "cost overruns", "late reply", "for or against poll",
    "search and rescue team", "gain", "no-smoking sign", "24-hour line", "total cost", "each way bet", "units sold",
    "at most favoured nations", "rest of the plan", "typos", "plus points", "example cases", "by-law",
    "over the counter sales", "3 star hotels", "short of staff days", "missing data rows", "rank by total votes",
    "period review",
]  # fmt: skip
SHEETS = [
    *"信息公开 咨询答复 单位表 中小学 有关事项 通报的问题 2025年台账".split(),
    "Published", "Replies to citizens", "Units in 2025", "rows of rows",
]  # fmt: skip
COLUMNS = [
    *"类别 字数 完成率 截止日期 报送日期 不足之处 得分(满分) 是否采用 平均 从业人数 2025 天数".split(),
    "Category", "Publish date", "Words", "Issues and acts", "where from", "is open", "days from start",
]  # fmt: skip
VALUES = ["本领域", "其他", "严重表述错误", "一类单位", "是", "own domain", "not known", "N and A", "之一", "3"]
GROUPS = [
    "一类单位", "新媒体单位", "和平区单位", "外事单位", "class one units", "Media for all units", "north and south units",
    "towns",
]  # fmt: skip
GRADES = ["优秀", "良好", "不合格", "一等次", "best", "not so good", "fair and square"]
KEYS = ["国家级", "省级", "市级", "县级快报", "国家", "一等奖", "national", "city of light", "2 star", "和谐奖"]
DOCUMENTS = [
    "呼政办发〔2023〕16号",
    "办发[2024]3号",
    "2025年第3号通知",
    "No. 7 of 2024",
    "order 3, annex (b)",
    "from the board",
]
INDICATORS = [
    *"信息公开 互动解读 新媒体 标准目录 总分管理 满分指标 年度 限期整改 权重80%的项 3分项".split(),
    "Website", "New media", "Catalogue for all", "Total quality", "Worth seeing", "Weight 3%", "monthly", "Place names",
]  # fmt: skip
ARTICLES = ["", "", "1.", "一、", "(一)", "①", "第三条", "(a)", "-", "2.1、"]

EARN = st.one_of(
    st.integers(0, 100).map(Decimal),
    st.decimals(0, 1000, places=2),
    st.sampled_from([Decimal(50_000_000), Decimal(120_000_000), Decimal("12345.5"), Fraction(1, 3), Fraction(22, 7)]),
)
POINTS = st.builds(lambda number, cost: negate(number) if cost else number, EARN, st.booleans())
LABELS = st.sampled_from(
    ["", "", "条", "次", "件", "处", "人次", "items"]
)  # 分 is for scores; 万元 would make the number bigger
COUNTS = st.builds(tree.Num, st.integers(0, 2000).map(Decimal), label=LABELS)
NUMBERS = st.builds(tree.Num, EARN)
RATES = st.builds(lambda percent: tree.Num(percent.scaleb(-2), Kind.RATE), st.decimals(0, 300, places=1))
NUMS = st.one_of(COUNTS, NUMBERS, RATES)
SIZES = st.one_of(
    st.builds(tree.Num, st.just(Decimal(1)), label=LABELS),
    st.builds(tree.Num, st.integers(2, 50).map(Decimal), label=LABELS),
)
DAYS = st.builds(tree.Day, st.dates(date(1990, 1, 1), date(2099, 12, 31)))


@st.composite
def day_rules(draw) -> DayRule:
    of = draw(st.sampled_from([PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.MONTH]))
    day, later = draw(st.integers(0, 28)), draw(st.integers(0, 1))
    if of is PeriodKind.QUARTER and not day:
        return DayRule(of, 3, 0, later)  # the end of a quarter
    return DayRule(of, draw(st.integers(1, of.months)), day, later)


DAYS_OF = st.builds(tree.DayOf, day_rules())
# Decimals as the headings of a file hold them, which know no fractions.
PLAIN = st.one_of(st.integers(0, 100).map(Decimal), st.decimals(0, 100, places=2))
POLICIES = st.none() | st.sampled_from(["ignored", "counts as one", "pro rata"])
KINDS = st.sampled_from([kind for kind in PeriodKind if kind.months])  # weeks are only counted
# `whole` is never set: 合计 makes the cap one of the sentence, where it says the same.
_LONGER = st.builds(tree.Cap, EARN, st.just(PeriodKind.YEAR))  # behind a cap of a shorter period
CAPS = st.one_of(
    st.builds(tree.Cap, EARN, st.none() | KINDS),
    st.builds(tree.Cap, EARN, st.none() | st.sampled_from([PeriodKind.MONTH, PeriodKind.QUARTER]), _LONGER),
)
OPTIONAL_CAP = st.none() | CAPS


def names(texts: list[str]) -> st.SearchStrategy[tree.Name]:
    return st.sampled_from(texts).map(tree.Name)


def several(texts: list[str], least: int, most: int) -> st.SearchStrategy[tuple[tree.Name, ...]]:
    return st.lists(names(texts), min_size=least, max_size=most, unique=True).map(tuple)


FACT_NAMES = names(FACTS)
# 上年结案率. A change (较上年增长) is a fact of its own, but no part of a formula.
VIEWS = ["last year", "year before last", "previous", "two years", "best", "worst", "group average"]
CHANGES = ["rise on last year", "fall on last year", "rise on previous", "fall on previous"]
EARLIER = st.builds(tree.Name, st.sampled_from(FACTS), st.none(), st.sampled_from(VIEWS))
# The kinds of period that have a word for how many of them there are.
COUNTED = st.sampled_from([PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.QUARTER])
# A share of a name is a rate: 任务数20%.
SHARES = st.builds(tree.Share, RATES, FACT_NAMES)
# Last year's figure of another fact, or, without a name, of the one that is tested.
VIEWED = st.builds(tree.Name, st.one_of(st.just(""), st.sampled_from(FACTS)), st.none(), st.sampled_from(VIEWS))
WHOLE = st.builds(tree.Num, st.integers(1, 400).map(Decimal))
MARKS = st.one_of(NUMS, DAYS, DAYS_OF, FACT_NAMES, SHARES, VIEWED)
# In a formula a share is written as a product, and a date cannot stand.
FORMULAS = st.recursive(
    st.one_of(NUMS, FACT_NAMES, EARLIER),
    lambda inner: st.builds(tree.Operation, st.sampled_from("+-*/"), inner, inner),
    max_leaves=6,
)

# --- conditions ---


@st.composite
def stretches(draw, subject: tree.Name) -> tree.Stretch:
    counts = st.integers(1, 20)
    in_row, altogether = draw(st.one_of(st.tuples(counts, st.none() | counts), st.tuples(st.none(), counts)))
    op = draw(st.sampled_from(["<", "<=", ">", ">=", "="]))
    return tree.Stretch(draw(COUNTED), in_row, altogether, tree.Test(subject, op, draw(NUMS)))


@st.composite
def tests(draw, subject: tree.Name) -> tree.Test | tree.Range | tree.Stretch:
    if draw(st.integers(0, 3)) == 0:
        return draw(ranges(subject))
    if draw(st.integers(0, 9)) == 0:
        return draw(stretches(subject))
    # No sentence says that something is not a number, and none that it is just as much as another name.
    op = draw(st.sampled_from(["<", "<=", ">", ">=", "="]))
    mark = draw(st.one_of(NUMS, DAYS, DAYS_OF) if op == "=" else MARKS)
    day = isinstance(mark, tree.Day | tree.DayOf)  # names its period itself: by the 5th of each month
    return tree.Test(subject if day else draw(by_period(subject)), op, mark)


@st.composite
def by_period(draw, subject: tree.Name) -> tree.Name:
    """Seldom in each month or year, and not of what is compared with another period: 主动公开每月少于4条."""
    seldom = subject.view is None and draw(st.integers(0, 5)) == 0
    return replace(subject, per=draw(KINDS)) if seldom else subject


@st.composite
def ranges(draw, subject: tree.Name) -> tree.Range:
    if draw(st.integers(0, 5)) == 0:
        return tree.Range(subject, draw(DAYS), draw(DAYS))  # an end that is a date has no (含)
    kind = draw(st.sampled_from([COUNTS, NUMBERS, RATES]))
    low, high = draw(kind), draw(kind)
    ends = st.sampled_from([None, True, False])
    return tree.Range(subject, low, high, draw(ends), draw(ends))


@st.composite
def facts(draw, subject: tree.Name) -> tree.Fact:
    verb = draw(st.sampled_from(["", "", "制定", "召开"]))
    bare, subject = draw(st.booleans()), draw(by_period(subject))
    return tree.Fact(subject, draw(st.booleans()), verb, bare and subject.per is None)


@st.composite
def conditions(draw, subject: tree.Name, others: list[tree.Name], only_facts: bool) -> tree.Condition:
    """About `subject` first, perhaps joined with tests of others. A sentence has no brackets, so nothing is nested."""
    one = facts if only_facts else (lambda name: st.one_of(tests(name), facts(name)))
    first = draw(one(subject))
    if draw(st.integers(0, 3)):
        return first
    parts = (first, *(draw(one(name)) for name in draw(st.lists(st.sampled_from(others), min_size=1, max_size=2))))
    return draw(st.sampled_from([tree.And, tree.Or]))(parts)


@st.composite
def gives(draw) -> tree.Gives:
    return draw(
        st.one_of(
            st.builds(tree.Points, POINTS),
            st.builds(tree.Points, POINTS),
            st.just(tree.Points(Decimal(0), noted=True)),
            st.just(tree.NoPoints()),
            st.just(tree.FullMarks()),
            st.builds(tree.Proportional),
            st.builds(tree.Proportional, EARN, EARN),
        )
    )


def is_fact(condition: tree.Condition) -> bool:
    parts = condition.parts if isinstance(condition, tree.And | tree.Or) else (condition,)
    return all(isinstance(part, tree.Fact) for part in parts)


def is_by_a_day(case: tree.Case) -> bool:
    test = case.condition
    return isinstance(test, tree.Test) and test.op == "<=" and isinstance(test.mark, tree.Day | tree.DayOf)


# --- clauses; `pool` holds names that no other clause of the sentence is about ---


@st.composite
def choices(draw, pool: list[tree.Name]) -> tree.YesNo | tree.Bands:
    """Cases about one fact: cases about different facts are clauses of their own."""
    subject, others = pool[0], pool[1:]
    only_facts = draw(st.booleans())
    if not only_facts and draw(st.integers(0, 9)) == 0:
        changed = tree.Name(subject.text, None, draw(st.sampled_from(CHANGES)))
        return tree.Bands(tuple(tree.Case(draw(tests(changed)), draw(gives())) for _ in range(draw(st.integers(1, 3)))))
    count = draw(st.integers(1, 3))
    cases = [
        tree.Case(draw(conditions(subject, others, only_facts)), draw(gives()), at > 0 and draw(st.integers(0, 4)) == 0)
        for at in range(count)
    ]
    for at, case in enumerate(cases):
        condition = case.condition
        if isinstance(condition, tree.Fact) and not condition.holds and at and all(map(is_by_a_day, cases[:at])):
            cases[at] = replace(case, extra=True)  # else it says what never done gives: it is a deadline
    otherwise = draw(st.none() | gives())
    kind = tree.YesNo if all(is_fact(case.condition) for case in cases) else tree.Bands
    first = cases[0].condition
    if count == 1 and isinstance(first, tree.Test) and first.op == ">=" and draw(st.booleans()):
        # 未达的每少1个百分点扣1分 counts down from the one band before it.
        otherwise = tree.EachStep(draw(st.one_of(SIZES, RATES)), negate(draw(EARN)), draw(POLICIES))
    return kind(tuple(cases), otherwise, draw(OPTIONAL_CAP))


@st.composite
def each(draw, pool: list[tree.Name]) -> tree.Each:
    if draw(st.integers(0, 5)) == 0:
        # A week, month or quarter comes one at a time.
        op = draw(st.sampled_from(["<", "<=", ">", ">=", "="]))
        periods = tree.PeriodsWith(draw(COUNTED), pool[0], op, draw(st.integers(0, 9).map(Decimal)))
        return tree.Each(periods, tree.Num(Decimal(1)), draw(POINTS), cap=draw(OPTIONAL_CAP))
    # Beyond anything but a plain number it is StepsFrom.
    beyond = draw(st.none() | COUNTS)
    name = pool[0] if beyond is None else draw(by_period(pool[0]))
    return tree.Each(name, draw(SIZES), draw(POINTS), beyond, draw(POLICIES), draw(OPTIONAL_CAP))


@st.composite
def short_of(draw, pool: list[tree.Name]) -> tree.ShortOf:
    # Short of a rate or a date it is StepsFrom.
    required = draw(st.one_of(COUNTS, NUMBERS, FACT_NAMES, SHARES))
    per = draw(st.none() | KINDS)
    return tree.ShortOf(pool[0], required, draw(SIZES), draw(POINTS), per, draw(POLICIES), draw(OPTIONAL_CAP))


@st.composite
def steps_from(draw, pool: list[tree.Name]) -> tree.StepsFrom:
    below = draw(st.booleans())
    mark = draw(MARKS)
    counted = isinstance(mark, tree.Num) and mark.kind is Kind.NUMBER
    # Steps of a count above a plain number are Each.
    size = draw(RATES if counted and not below else st.one_of(SIZES, RATES))
    share_of = draw(st.none() | FACT_NAMES) if size.kind is Kind.RATE and not isinstance(mark, tree.Day) else None
    # A day names its period itself, and a number that is fallen short of each month is ShortOf.
    plain = isinstance(mark, tree.Day | tree.DayOf) or (counted and below)
    name = pool[0] if plain else draw(by_period(pool[0]))
    return tree.StepsFrom(name, mark, below, size, draw(POINTS), draw(POLICIES), draw(OPTIONAL_CAP), share_of)


_OF_LATENESS = st.one_of(st.builds(tree.Points, POINTS), st.just(tree.NoPoints()))
_STEPS_LATE = st.builds(
    tree.EachStep,
    st.builds(tree.Num, st.integers(1, 30).map(Decimal), label=st.sampled_from(["天", "周", "个月", "工作日"])),
    EARN.filter(bool).map(negate),
    POLICIES,
)


@st.composite
def deadlines(draw, pool: list[tree.Name]) -> tree.Deadline:
    """What says neither what is late nor what is never done is a list of bands."""
    gives = st.one_of(st.builds(tree.Points, POINTS), st.just(tree.FullMarks()))
    by = draw(st.lists(st.builds(tree.By, DAYS | DAYS_OF, gives), min_size=1, max_size=3).map(tuple))
    if len(by) == 1 and draw(st.booleans()):
        by = (tree.By(by[0].day),)
    never = draw(st.none() | _OF_LATENESS)
    late = draw(_OF_LATENESS | _STEPS_LATE) if never is None else draw(st.none() | _OF_LATENESS | _STEPS_LATE)
    return tree.Deadline(pool[0], by, never, late, draw(OPTIONAL_CAP))


@st.composite
def each_late(draw, pool: list[tree.Name]) -> tree.EachLate:
    name = draw(st.none() | st.just(pool[0]))
    unit = draw(st.sampled_from([unit for unit in TimeUnit if unit is not TimeUnit.MONTH]))
    op = draw(st.sampled_from([">", ">="]))
    return tree.EachLate(name, op, draw(WHOLE), unit, draw(POINTS), draw(OPTIONAL_CAP))


@st.composite
def own_scores(draw, pool: list[tree.Name]) -> tree.OwnScore:
    return tree.OwnScore(draw(st.one_of(st.just(pool[0]), FORMULAS)), draw(st.booleans()), draw(OPTIONAL_CAP))


@st.composite
def price_lists(draw, pool: list[tree.Name]) -> tree.PriceList:
    """A price has one key as written, or one for each of two columns; keys that are equal are refused.

    `each national article` has one key, where the list is of articles.
    """
    columns = draw(several(COLUMNS, 0, 2))
    keys = draw(several(KEYS, 1, 4))
    sign = draw(st.sampled_from([1, -1]))
    mixed = draw(st.booleans())
    points = [draw(EARN) for _ in keys]
    apart = len(columns) == 2 and draw(st.booleans())
    prices = tuple(
        tree.Price(
            (key, draw(names([one for one in KEYS if one != pool[0].text]))) if apart else (key,),
            negate(point) if sign < 0 or (mixed and draw(st.booleans())) else point,
        )
        for key, point in zip(keys, points, strict=True)
    )
    return tree.PriceList(tree.Name(pool[0].text), columns, prices, draw(st.none() | POINTS), draw(OPTIONAL_CAP))


TIES = st.sampled_from([None, "skip", "follow"])


@st.composite
def places(draw, pool: list[tree.Name]) -> tree.Places:
    """Points by place: `less` and a rest exclude each other, since both are about the places behind the last band."""
    last = draw(st.lists(st.integers(1, 30), min_size=1, max_size=3, unique=True).map(sorted))
    bands = tuple((place, draw(EARN)) for place in last)
    less, other = draw(st.sampled_from([(False, False), (True, False), (False, True)]))
    return tree.Places(
        pool[0], bands, draw(EARN) if less else None, draw(EARN) if other else None, draw(st.booleans()), draw(TIES)
    )


REPEATS = st.one_of(
    st.builds(tree.Repeats, st.sampled_from(["highest", "share"]), names(COLUMNS)),
    st.just(tree.Repeats("add up")),
    st.builds(
        tree.Repeats, st.just("times"), names(COLUMNS), st.sampled_from([Decimal(2), Decimal("0.5"), Decimal(3)])
    ),
)


@st.composite
def vetoes(draw, pool: list[tree.Name]) -> tree.Veto:
    what = draw(st.sampled_from(["grade", "bar", "total", "indicator", "stop"]))
    condition = draw(conditions(pool[0], pool[1:], draw(st.booleans())))
    if what != "grade" and draw(st.integers(0, 4)) == 0:
        condition = draw(total_tests(st.none()))  # with a grade it is S8
    value: tree.Name | Number | None = None
    if what in ("grade", "bar"):
        value = draw(names(GRADES))
    elif what == "total":
        value = draw(EARN)
    return tree.Veto(condition, what, value)


@st.composite
def total_tests(draw, indicators: st.SearchStrategy[tree.Name | None], ops: str = "< <= > >= =") -> tree.TotalTest:
    return tree.TotalTest(draw(st.sampled_from(ops.split())), draw(NUMBERS), draw(indicators))


@st.composite
def score_conditions(draw, facts_too: bool) -> tree.Condition:
    scores = total_tests(st.none() | names(INDICATORS))
    if not draw(st.booleans()):
        return draw(scores)
    first = draw(scores)
    second = draw(st.one_of(scores, FACT_NAMES.flatmap(facts)) if facts_too else scores)
    return draw(st.sampled_from([tree.And, tree.Or]))((first, second))


@st.composite
def grades(draw) -> tree.Grade:
    tops = st.builds(tree.Top, st.one_of(st.builds(tree.Num, st.integers(1, 50).map(Decimal)), RATES))
    shares = st.builds(tree.Top, RATES, st.sampled_from(["up", "down", "half up"]), st.booleans())
    condition = st.one_of(score_conditions(facts_too=True), tops, shares)
    cases = draw(st.lists(st.builds(tree.GradeCase, condition, names(GRADES)), min_size=1, max_size=3))
    if draw(st.booleans()):
        cases.append(tree.GradeCase(None, draw(names(GRADES))))
    return tree.Grade(tuple(cases))


AUDIENCES = st.builds(tree.Audience, several(GROUPS, 1, 3), st.booleans())
_SCORING = (choices, choices, each, short_of, steps_from, own_scores, deadlines, each_late)


@st.composite
def sentences(draw) -> tree.Sentence:
    """Clauses about names of their own: cases about one fact would be one list, in whatever clause they stand."""
    pool = draw(st.permutations(FACTS).map(lambda texts: [tree.Name(text) for text in texts]))
    pool[0] = tree.Name(pool[0].text, None, draw(st.sampled_from([None] * 5 + VIEWS)))  # and what it was last year
    pools = [pool[at : at + 3] for at in range(0, 12, 3)]
    audience = draw(st.none() | AUDIENCES)
    article = draw(st.sampled_from(ARTICLES))
    which = draw(st.integers(0, 9))
    if which == 0:
        return tree.Sentence((draw(grades()),), None, audience, article, draw(st.none() | KINDS))
    if which == 1:
        return tree.Sentence(
            (tree.Gate(draw(total_tests(st.none()))),), None, audience, article, draw(st.none() | KINDS)
        )
    if which == 2:
        return tree.Sentence((draw(places(pool)),), None, audience, article)
    makers = draw(st.lists(st.sampled_from(_SCORING), min_size=1, max_size=2))
    if which == 3:
        veto = draw(vetoes(pool))
        return tree.Sentence((veto,), None, audience, article, draw(st.none() | KINDS) if veto.value else None)
    if draw(st.integers(0, 4)) == 0:
        makers.append(vetoes)
    if draw(st.integers(0, 4)) == 0:
        makers.append(price_lists)
    clauses = tuple(draw(maker(own)) for maker, own in zip(makers, pools, strict=False))
    cap = draw(OPTIONAL_CAP) if len(clauses) > 1 else None
    if draw(st.integers(0, 5)) == 0:
        # What S13 says stands behind the clauses that give points; also on its own.
        said = draw(st.lists(REPEATS, min_size=1, max_size=3).map(tuple))
        clauses, cap = ((*clauses, *said), cap) if draw(st.booleans()) else (said, None)
    return tree.Sentence(clauses, cap, audience, article)


@st.composite
def totals(draw) -> tree.TotalIs:
    per = draw(st.none() | st.sampled_from([PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR]))
    shorter = [kind for kind in PeriodKind if 0 < kind.months < (per or PeriodKind.YEAR).months]
    extremes = st.sampled_from([(), ("highest",), ("lowest",), ("highest", "lowest")])
    parts = st.one_of(
        names(INDICATORS),
        st.builds(tree.PeriodTotals, st.sampled_from(shorter), st.sampled_from(["sum", "average"]), extremes),
        st.builds(tree.PointsOf, st.sampled_from(["yearly", "bonuses"])),
    )
    formula = st.recursive(
        st.one_of(RATES, NUMBERS, parts, parts),
        lambda inner: st.builds(tree.Operation, st.sampled_from("+-*/"), inner, inner),
        max_leaves=5,
    )
    return tree.TotalIs(draw(st.none() | formula), per)


_PLACES = st.integers(0, 6).map(Decimal)
LINES = st.one_of(
    st.builds(tree.Policy, st.just("missing"), st.sampled_from(["error", "zero", "not applicable"])),
    st.builds(tree.Policy, st.just("partial"), st.sampled_from(["ignored", "counts as one", "pro rata"])),
    st.builds(tree.Policy, st.sampled_from(["points places", "total places"]), _PLACES),
    st.builds(tree.Policy, st.just("targets"), st.sampled_from(["up", "down", "half up", "none"])),
    st.just(tree.Policy("not reported", "zero")),
    st.sampled_from([tree.Policy("no floor"), tree.Policy("floor")]),
    st.builds(tree.Policy, st.just("deductions cap"), EARN),
    st.builds(tree.Policy, st.sampled_from(["earnings cap", "bonus cap"]), EARN, st.none() | KINDS),
    st.builds(
        tree.Policy,
        st.just("not applicable"),
        st.sampled_from(["full marks", "no deduction", "rescale", "group average", "not assessed"]),
    ),
    st.builds(tree.Policy, st.just("ties"), st.sampled_from(["skip", "follow"])),
    st.builds(tree.Rank, TIES, st.booleans(), st.none() | KINDS),
    st.builds(tree.Rank, TIES, st.booleans(), st.none(), st.none() | names(INDICATORS)),
    totals(),
    totals(),
    st.builds(
        tree.Converted, st.integers(1, 300).map(lambda n: Decimal(n).scaleb(-2)), names(FACTS), st.none() | KINDS
    ),
)
STATEMENTS = st.one_of(sentences(), sentences(), LINES)

# --- definitions ---

COLUMN_NAMES, SHEET_NAMES, VALUE_NAMES = names(COLUMNS), names(SHEETS), names(VALUES)
_OPERANDS = st.one_of(NUMS, DAYS, VALUE_NAMES, COLUMN_NAMES)
# A count of months has no days, so time between is never in months; a moment may lie months after another.
TIMES_BETWEEN = st.builds(
    tree.TimeBetween, COLUMN_NAMES, COLUMN_NAMES, st.sampled_from([u for u in TimeUnit if u is not TimeUnit.MONTH])
)
AFTER = st.builds(tree.After, COLUMN_NAMES, WHOLE, st.sampled_from(TimeUnit))
LASTS = st.builds(tree.Lasts, TIMES_BETWEEN, st.sampled_from(["<", "<=", ">", ">="]), WHOLE)


@st.composite
def cell_tests(draw) -> tree.ColumnIs:
    op = draw(
        st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "blank", "not blank", "contains", "one of", "months before"])
    )
    operands: tuple[tree.Num | tree.Day | tree.Name | tree.After, ...]
    match op:
        case "blank" | "not blank":
            operands = ()
        case "contains":
            operands = (draw(VALUE_NAMES),)
        case "one of":
            operands = draw(several(VALUES, 2, 3))
        case "months before":
            operands = (tree.Num(Decimal(draw(st.integers(1, 24)))),)
        case "=" | "!=":
            operands = (draw(_OPERANDS),)
        case _:
            operands = (draw(_OPERANDS | AFTER),)
    return tree.ColumnIs(draw(COLUMN_NAMES), op, operands)


ROW_CONDITIONS = st.recursive(
    cell_tests() | LASTS,
    lambda inner: st.one_of(
        st.builds(tree.RowsNot, inner),
        st.builds(tree.RowsAnd, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(tree.RowsOr, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=4,
)


@st.composite
def rows(draw) -> tree.Rows:
    where = draw(st.none() | ROW_CONDITIONS)
    sheet = draw(SHEET_NAMES)
    aggregates = st.sampled_from(["sum", "average", "largest", "smallest", "latest", "different"])
    match draw(st.integers(0, 4)):
        case 0:
            return tree.Rows(draw(st.sampled_from(["count", "any"])), sheet, where)
        case 1:
            return tree.Rows("value", sheet, where, draw(COLUMN_NAMES))
        case 2:
            return tree.Rows("value", sheet, where, draw(COLUMN_NAMES), tuple(sorted((draw(PLAIN), draw(PLAIN)))))
        case 3:
            return tree.Rows(draw(aggregates | st.just("value")), sheet, where, draw(TIMES_BETWEEN))
    return tree.Rows(draw(aggregates), sheet, where, draw(COLUMN_NAMES))


@st.composite
def periods_with(draw) -> tree.PeriodsWith:
    unit = draw(COUNTED)
    op = draw(st.sampled_from(["<", "<=", ">", ">=", "="]))
    return tree.PeriodsWith(unit, draw(st.one_of(FACT_NAMES, EARLIER)), op, Decimal(draw(st.integers(0, 50))))


MEANINGS = st.one_of(
    rows(),
    rows(),
    periods_with(),
    st.builds(
        tree.GroupValues,
        st.lists(st.tuples(names(GROUPS), NUMS), min_size=1, max_size=3, unique_by=lambda case: case[0].text).map(
            tuple
        ),
        st.none() | NUMS,
    ),
    st.builds(
        tree.Dated,
        st.lists(
            st.builds(tree.Since, NUMS, st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.none() | names(DOCUMENTS)),
            min_size=1,
            max_size=3,
        ).map(tuple),
    ),
    st.builds(tree.FormulaIs, FORMULAS, st.none() | NUMS),
)
DEFINITIONS = st.builds(tree.Definition, several(FACTS, 1, 3), MEANINGS)

# --- headings ---

UNITS = st.builds(tree.UnitsLine, SHEET_NAMES, COLUMN_NAMES, st.none() | COLUMN_NAMES, st.none() | COLUMN_NAMES)


@st.composite
def periods(draw) -> Period:
    kind = draw(KINDS)
    return Period(draw(st.integers(1990, 2099)), kind, draw(st.integers(1, 12 // kind.months)))


PERIODS = st.one_of(
    st.builds(tree.PeriodLine, KINDS), periods().map(lambda period: tree.PeriodLine(period.kind, period))
)
_DETAILS = st.one_of(
    st.tuples(st.sampled_from(["unit", "date", "title"]), COLUMN_NAMES),
    st.tuples(st.just("header row"), st.integers(1, 99)),
    st.tuples(st.sampled_from(["undated", "every period", "epoch 1904"]), st.none()),
)
SHEET_LINES = st.builds(tree.SheetLine, SHEET_NAMES, st.lists(_DETAILS, min_size=1, max_size=4).map(tuple))
WORKING_DAYS = st.builds(tree.WorkingDaysLine, st.none() | SHEET_NAMES)
OPTIONS = st.lists(
    st.one_of(
        st.builds(tree.Option, st.sampled_from(["worth", "start"]), PLAIN),
        st.builds(tree.Option, st.just("weight"), PLAIN.map(lambda percent: percent.scaleb(-2))),
        st.builds(tree.Option, st.just("for"), AUDIENCES),
        st.builds(tree.Option, st.just("period"), KINDS),
    ),
    max_size=4,
    unique_by=lambda option: option.what,
).map(tuple)


def is_own(statement: object) -> bool:
    """Whether a statement can stand under an indicator; the others are the file's wherever they stand."""
    match statement:
        case tree.Policy(what):
            return what not in ("points places", "total places", "bonus cap", "ties")
        case tree.Sentence(clauses):
            return not any(isinstance(clause, tree.Grade | tree.Gate) for clause in clauses)
    return False


def adds_points(statement: object) -> bool:
    """Outside the indicators a bare 记0分 is about the total."""
    return not isinstance(statement, tree.Sentence) or not any(map(bare_zero, statement.clauses))


INDICATOR_NODES = st.builds(
    tree.IndicatorNode,
    names(INDICATORS),
    OPTIONS,
    st.booleans(),
    st.lists(STATEMENTS.filter(is_own), max_size=3).map(tuple),
    article=st.sampled_from(ARTICLES),
)
_POLICIES = LINES.filter(lambda line: isinstance(line, tree.Policy) and is_own(line))
PARTS = st.builds(tree.PartNode, names(INDICATORS), OPTIONS, st.lists(_POLICIES, max_size=2).map(tuple))

# --- published figures ---


@st.composite
def published_lines(draw) -> tree.Published:
    what = draw(st.sampled_from(["total", "rank", "grade", "points"]))
    of = draw(names(INDICATORS)) if what == "points" else None
    ops = ["value", "sum", "average", "largest", "smallest", "latest", "different"]
    where = draw(st.none() | ROW_CONDITIONS)
    return tree.Published(what, of, tree.Rows(draw(st.sampled_from(ops)), draw(SHEET_NAMES), where, draw(COLUMN_NAMES)))


# --- examples ---

GIVEN_VALUES = st.sampled_from(
    ["1", "0", "-2", "92.8", "100%", "1/4", "1.2亿", "是", "N/A", "2025-10-31", "未报资料记0分"]
)
CELLS = st.sampled_from(["2025-10-16", "本领域", "", "own domain", "3", "100%"])


@st.composite
def given_rows(draw) -> tree.GivenRows:
    width = draw(st.integers(1, 3))
    header = draw(st.lists(st.sampled_from(COLUMNS), min_size=width, max_size=width).map(tuple))
    lines = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width).map(tuple), max_size=3))
    return tree.GivenRows(draw(SHEET_NAMES), (header, *lines))


EXPECTED = st.one_of(
    st.builds(tree.Expected, st.just("indicator"), st.none() | names(INDICATORS), st.sampled_from(["-6", "0", "92.8"])),
    st.builds(tree.Expected, st.just("total"), st.none(), st.sampled_from(["92.8", "0"])),
    st.builds(tree.Expected, st.just("grade"), st.none(), st.sampled_from(GRADES)),
    st.builds(tree.Expected, st.just("rank"), st.none(), st.sampled_from(["1", "12"])),
    st.builds(tree.Expected, st.just("error"), st.none(), st.just("GK301")),
)


# --- checks of fixed forms ---

CAPTIONS = [
    *"一、本年新收政府信息公开申请数量 自然人 其他 (一)予以公开 1.属于国家秘密 三、本年度办理结果".split(),
    *"第5行 之和 的确 至少 D5".split(),
    "金额(万元)", "公开至今", "且慢", "D列", "三、本年度办理结果 (七)总计",
    "New requests", "natural persons", "sum of all", "carried over to next year", "row 5", "year-end and after", "within",
]  # fmt: skip
CHECK_NAMES = ["勾稽关系", "行:列", "甲=乙", "balance", "row 5", "within limits", "第5行"]


def _sheets() -> st.SearchStrategy[tree.Name | None]:
    return st.none() | names(["年报", "第三部分 收到和处理", "Report 2025", "year-end", "A1"])


CELLS_AT = st.builds(tree.CellAt, st.integers(1, 1_048_576), st.integers(1, 16_384), _sheets())
NUMBERED = st.one_of(
    st.builds(tree.LineAt, st.just("row"), st.integers(1, 1_048_576), st.none() | names(CAPTIONS), _sheets()),
    st.builds(tree.LineAt, st.just("column"), st.integers(1, 16_384), st.none() | names(CAPTIONS), _sheets()),
)
CAPTIONED = st.builds(tree.LineAt, st.none(), st.none(), names(CAPTIONS), _sheets())


@st.composite
def sums_to(draw) -> tree.SumTo:
    first = draw(st.one_of(CELLS_AT, NUMBERED, CAPTIONED))
    if isinstance(first, tree.CellAt):
        return tree.SumTo(first, draw(CELLS_AT))
    # The number of a row is no end for a column.
    other = NUMBERED.filter(lambda line: line.what == first.what) if first.what else NUMBERED
    return tree.SumTo(first, draw(st.one_of(CAPTIONED, other)))


FIGURES = st.one_of(
    CELLS_AT, NUMBERED, CAPTIONED, sums_to(), st.builds(tree.Crossing, CAPTIONED, st.one_of(CAPTIONED, NUMBERED))
)


def _calculated(operands: st.SearchStrategy[tree.Formula]) -> st.SearchStrategy[tree.Formula]:
    numbers = st.builds(tree.Num, EARN)
    return st.recursive(
        st.one_of(operands, numbers),
        lambda inner: st.builds(tree.Operation, st.sampled_from("+-*/"), inner, inner),
        max_leaves=4,
    )


def _equations(operands: st.SearchStrategy[tree.Formula]) -> st.SearchStrategy[tree.Equation]:
    signs = st.sampled_from(["=", "<", "<=", ">", ">="])
    return st.builds(tree.Equation, _calculated(operands), signs, _calculated(FIGURES))


@st.composite
def each_line(draw) -> tree.EachLine:
    what, most = draw(st.sampled_from([("row", 1_048_576), ("column", 16_384)]))
    ends = st.one_of(st.builds(tree.LineAt, st.just(what), st.integers(1, most)), CAPTIONED)
    return tree.EachLine(what, draw(ends), draw(ends))


def _checks(operands: st.SearchStrategy[tree.Formula]) -> st.SearchStrategy[tree.Check]:
    equations = _equations(operands)
    return st.builds(
        tree.Check,
        names(CHECK_NAMES),
        st.lists(equations, max_size=2).map(tuple),
        equations,
        st.none() | NUMBERS,
        st.none() | each_line(),
    )


CHECKS = _checks(st.one_of(FIGURES, FACT_NAMES))
CHECKS_WITHOUT_TERMS = _checks(FIGURES)  # a name that a file does not declare is a caption
# A definition is one of a form only where it has an address, a row or a column by number.
FIGURE_TERMS = st.builds(
    tree.FiguresAre,
    st.builds(
        tree.Operation, st.sampled_from("+-*/"), st.one_of(NUMBERED, CELLS_AT, sums_to()), _calculated(CELLS_AT)
    ).filter(lambda formula: any(_addressed(formula)))
    | CELLS_AT
    | NUMBERED,
)


def _addressed(formula: tree.Formula) -> list[bool]:
    """Whether each operand says where it stands."""
    match formula:
        case tree.Operation(_, left, right):
            return [*_addressed(left), *_addressed(right)]
        case tree.LineAt(number=number):
            return [number is not None]
        case tree.SumTo(first, last):
            return [not isinstance(one, tree.LineAt) or one.number is not None for one in (first, last)]
    return [isinstance(formula, tree.CellAt)]


@st.composite
def examples(draw) -> tree.Example:
    given = draw(
        st.lists(st.one_of(st.builds(tree.Given, FACT_NAMES, GIVEN_VALUES), given_rows()), max_size=3).map(tuple)
    )
    period = draw(st.none() | periods())
    words = draw(several(GROUPS, 0, 2)) if period else ()  # without a period they would be part of the name
    name = draw(st.sampled_from(["差一条", "one item short", "仅 2025Q1 一条", "given 2025", "前3名 2024年"]))
    return tree.Example(name, given, tuple(draw(st.lists(EXPECTED, max_size=2))), period, words)


# --- whole files ---


@st.composite
def definition_lists(draw) -> tuple[tree.Definition, ...]:
    texts = draw(st.lists(st.sampled_from(FACTS), max_size=6, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, len(texts)), max_size=3)))
    groups = [texts[a:b] for a, b in pairwise([0, *cuts, len(texts)]) if a < b]
    return tuple(tree.Definition(tuple(map(tree.Name, group)), draw(MEANINGS)) for group in groups)


@st.composite
def files(draw) -> tree.File:
    parts = draw(st.lists(PARTS, max_size=2, unique_by=lambda part: part.name.text))
    nodes = draw(st.lists(INDICATOR_NODES, max_size=3, unique_by=lambda node: node.name.text))
    # Indicators stand in order of their parts, those of none first.
    homes = sorted(draw(st.integers(0, len(parts))) for _ in nodes)
    placed = tuple(
        tree.IndicatorNode(n.name, n.options, n.bonus, n.statements, parts[home - 1].name if home else None, n.article)
        for n, home in zip(nodes, homes, strict=True)
    )
    return tree.File(
        draw(st.sampled_from(["", "呼中区政务公开考评", "Huzhong open government", "第#1号办法"])),
        draw(st.sampled_from(["", "呼政办发〔2023〕16号"])),
        "zh",
        draw(st.none() | UNITS),
        draw(st.none() | PERIODS),
        draw(st.lists(SHEET_LINES, max_size=2).map(tuple)),
        draw(st.none() | st.dates(date(2000, 1, 1), date(2050, 1, 1))),
        draw(st.none() | WORKING_DAYS),
        draw(st.none() | PLAIN),
        draw(definition_lists()),
        tuple(parts),
        placed,
        draw(st.lists(STATEMENTS.filter(adds_points), max_size=3).map(tuple)),
        draw(st.lists(examples(), max_size=2).map(tuple)),
        draw(st.lists(published_lines(), max_size=2).map(tuple)),
        draw(st.lists(CHECKS_WITHOUT_TERMS, max_size=2).map(tuple)),
    )
