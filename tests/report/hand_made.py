"""Results made by hand: a quarter of the Huzhong rubric, and a two-group table, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gkxl.diagnostics import Diagnostic, Source, Span
from gkxl.model.rules import Branch, Fixed, Indicator, Pick, Ranking, Rubric, Sentence, Units
from gkxl.periods import Period, PeriodKind
from gkxl.run.facts import Cells, Fact, State
from gkxl.run.results import Award, IndicatorResult, PeriodResult, Results, UnitResult, VetoResult
from gkxl.values import Number

QUARTER = Period(2025, PeriodKind.QUARTER, 4)


@dataclass(frozen=True, slots=True)
class Told(Award):
    """An award whose reason is given."""

    told: str = ""

    @property
    def because(self) -> str:
        return self.told


def sentence(text: str, line: int = 22, language: str = "zh") -> Sentence:
    source = Source("huzhong.gk", "\n" * (line - 1) + text)
    clause = Pick((Branch(None, (Fixed(Decimal(1)),)),))
    return Sentence((clause,), language, text, Span(source, line - 1, line - 1 + len(text)))  # type: ignore[arg-type]


def award(text: str, points: Number | int, why: str, line: int = 22, **facts: Fact) -> Told:
    number = Decimal(points) if isinstance(points, int) else points
    one = sentence(text, line)
    return Told(one, one.clauses[0], 0, number, number, facts, number != 0, told=why)


def fact(value: object, sheet: str = "咨询答复", column: int = 1, rows: tuple[int, ...] = ()) -> Fact:
    return Fact(State.OK, value, (Cells(sheet, column, rows),) if rows else ())  # type: ignore[arg-type]


def indicator(name: str, points: Number | int | None, *awards: Award, worth: int | None = None) -> IndicatorResult:
    number = Decimal(points) if isinstance(points, int) else points
    one = Indicator(name, tuple(a.sentence for a in awards), sentence(name).span, worth and Decimal(worth))
    return IndicatorResult(one, number, number, awards)


def unit(
    name: str,
    total: Number | int | None,
    *indicators: IndicatorResult,
    group: str | None = None,
    rank: int | None = None,
    grade: str | None = None,
    veto: VetoResult | None = None,
    remark: str = "",
) -> UnitResult:
    number = Decimal(total) if isinstance(total, int) else total
    return UnitResult(name, group, number, number, rank, grade, veto, remark, indicators)


def rubric(
    title: str, language: str = "zh", column: str = "单位", group: str | None = None, ranked: bool = True
) -> Rubric:
    return Rubric(
        title,
        "呼政办发〔2023〕16号",
        language,  # type: ignore[arg-type]
        Units("单位表", column, group),
        PeriodKind.QUARTER,
        None,
        (),
        {},
        (),
        ranking=Ranking(skip=False) if ranked else None,
    )


def results(rubric: Rubric, *units: UnitResult, diagnostics: tuple[Diagnostic, ...] = ()) -> Results:
    return Results(
        rubric, "huzhong.gk", "ab" * 32, "huzhong.xlsx", "cd" * 32, (PeriodResult(QUARTER, units),), diagnostics
    )


def huzhong() -> Results:
    """Four units of one group column without places by group."""
    few = "本领域信息少于3条,扣6分。"
    reply = "每回复群众咨询1件加3分。"
    error = "严重表述错误每次扣2分。"
    police = unit(
        "区公安局",
        3,
        indicator("信息公开", 0),
        indicator(
            "互动解读",
            6,
            award(reply, 6, "回复群众咨询2件,每件加3分,加6分", 25, 群众咨询=fact(Decimal(2), rows=(2, 5))),
            award("每发布政策解读1期加3分。", 0, "政策解读0期", 26),
        ),
        indicator(
            "新媒体",
            -3,
            award(
                "新媒体转发在转发任务数20%的基础上,每多1条加1分,每季度不超过10分。",
                1,
                "任务数20%即0.6条,向上取整为1条;新媒体转发2条,多1条,加1分",
                28,
                新媒体转发=fact(Decimal(2), "转发", 3, (2, 3)),
            ),
            award(error, -4, "严重表述错误2次,每次扣2分,扣4分", 29, 严重表述错误=fact(Decimal(2), "通报", 2, (4, 5))),
        ),
        rank=1,
        grade="优秀",
    )
    economy = unit(
        "区发改局",
        -6,
        indicator("信息公开", -6, award(few, -6, "本领域信息1条,少于3条,扣6分", 22, 本领域信息=fact(Decimal(1)))),
        indicator("互动解读", 0),
        indicator("新媒体", 0),
        rank=3,
        grade="良好",
    )
    statistics = unit(
        "区统计局",
        Fraction(2, 3),
        indicator("信息公开", 0),
        indicator("互动解读", Fraction(2, 3), award(reply, Fraction(2, 3), "回复群众咨询1件", 25)),
        indicator("新媒体", 0),
        rank=2,
        grade="良好",
        remark="无公开平台记0分",
    )
    finance = unit(
        "区财政局",
        None,
        indicator("信息公开", None),
        indicator("互动解读", 0),
        indicator("新媒体", 0),
        veto=VetoResult(("有泄密的,不再评分。",), Decimal(98)),
    )
    return results(rubric("呼中区政务公开考评"), economy, police, statistics, finance)


def grouped() -> Results:
    """Two groups whose indicators differ, in English."""

    def row(name: str, group: str, total: int, rank: int, *points: tuple[str, int]) -> UnitResult:
        return unit(name, total, *(indicator(n, p, worth=50) for n, p in points), group=group, rank=rank, grade="good")

    return results(
        rubric("Xinzhou open government", "en", "Unit", "Kind"),
        row("Development and Reform Commission", "departments", 90, 1, ("Written review", 60), ("Survey", 30)),
        row("Fanshi", "counties", 71, 2, ("Online review", 41), ("Survey", 30)),
        row("Dai", "counties", 88, 1, ("Online review", 50), ("Survey", 38)),
    )
