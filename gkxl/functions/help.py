"""What function wizards show: each function and its arguments, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from gkxl.diagnostics import Language


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages. Together they have at most 255 characters, which is what Excel takes."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"

    def of(self, language: Language) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class ArgumentHelp:
    """`name`: as in signatures; `label`: as people read it."""

    name: str
    label: Words
    words: Words


@dataclass(frozen=True, slots=True)
class FunctionHelp:
    """`name`: the lower one, points of GK.POINTS. `pairs`: the last argument is any number of them, of such halves."""

    name: str
    words: Words
    arguments: tuple[ArgumentHelp, ...] = ()
    pairs: tuple[Words, Words] | None = None

    def order(self, language: Language) -> str:
        """The arguments one after the other, as people read them."""
        labels = [one.label for one in self.arguments]
        if self.pairs:
            labels[-1:] = self.pairs
        said = [label.of(language) for label in labels] + ["…"] * bool(self.pairs)
        return (", " if language == "en" else "、").join(said)


RULES = ArgumentHelp(
    "rules",
    Words("规则", "rules"),
    Words(
        "规则全文,或逐行写着规则的区域(桌面版还可以是 .gk 文件的完整路径)。",
        "The rules: their text or range, or (desktop) a path.",
    ),
)
PERIOD = ArgumentHelp(
    "period",
    Words("周期", "period"),
    Words("周期,如 2025Q4、2025-10、2025;空:有数据的最近一期。", "The period; blank: the latest with data."),
)
UNIT = ArgumentHelp("unit", Words("单位", "unit"), Words("单位的名称。", "The name of the unit."))
TABLES = ArgumentHelp(
    "tables",
    Words("表名和区域", "name and table"),
    Words(
        "表名和区域,成对:规则里的表名,那张表连表头的区域。",
        "Pairs: a sheet's name as in the rules, its range with the header.",
    ),
)
SENTENCE = ArgumentHelp(
    "sentence",
    Words("句子", "sentence"),
    Words("一句规则,如“迟报每次扣1分。”", "One sentence: each late report costs 1 point."),
)
PAIRS = ArgumentHelp(
    "pairs",
    Words("名称和值", "name and value"),
    Words("名称和值,成对:规则里的名称,它的单元格。", "Pairs: a name in the sentence, and the cell with its value."),
)
TOTALS = ArgumentHelp("totals", Words("总分", "totals"), Words("各单位的总分。", "The totals."))
GROUPS = ArgumentHelp(
    "groups",
    Words("类别", "groups"),
    Words("可不填:各单位的类别,名次在类别内排。", "Optional: the group of each; places are within groups."),
)
TIES = ArgumentHelp(
    "ties",
    Words("同分", "ties"),
    Words("可不填:“跳号”(1,2,2,4,默认)或“连续”(1,2,2,3)。", "Optional: “skip” (default) or “follow”."),
)
TOTAL = ArgumentHelp("total", Words("总分", "total"), Words("总分。", "The total."))

NAME, VALUE = Words("名称", "name"), Words("值", "value")
SHEET, TABLE = Words("表名", "name"), Words("区域", "table")

HELP = {
    one.name: one
    for one in (
        FunctionHelp(
            "points",
            Words("一句规则给出的分。", "The points of one sentence."),
            (SENTENCE, PAIRS),
            pairs=(NAME, VALUE),
        ),
        FunctionHelp(
            "table",
            Words(
                "得分表:每个单位的各项得分、总分、名次、等次、备注。",
                "The score table: points, total, place, grade, remark of every unit.",
            ),
            (RULES, PERIOD, TABLES),
            pairs=(SHEET, TABLE),
        ),
        FunctionHelp(
            "detail",
            Words(
                "一个单位的得分明细:规则、取值、加减分、原因、数据所在。",
                "Each award of one unit: sentence, values, points, why, cells.",
            ),
            (RULES, PERIOD, UNIT, TABLES),
            pairs=(SHEET, TABLE),
        ),
        FunctionHelp(
            "total",
            Words("一个单位的总分。", "The total of one unit."),
            (RULES, PERIOD, UNIT, TABLES),
            pairs=(SHEET, TABLE),
        ),
        FunctionHelp(
            "explain",
            Words("一个单位为什么得这些分,一段文字。", "Why one unit has its points, as one text."),
            (RULES, PERIOD, UNIT, TABLES),
            pairs=(SHEET, TABLE),
        ),
        FunctionHelp(
            "check",
            Words(
                "规则和数据里的问题,一行一个;没有就是一行 OK。",
                "What is wrong with rules and data; OK where there is nothing.",
            ),
            (RULES, TABLES),
            pairs=(SHEET, TABLE),
        ),
        FunctionHelp(
            "rank",
            Words("名次,分高的在前,同分同名次。", "Places, the highest first; ties share one."),
            (TOTALS, GROUPS, TIES),
        ),
        FunctionHelp("grade", Words("这个总分的等次。", "The grade of a total."), (RULES, TOTAL)),
        FunctionHelp("version", Words("gkxl 的版本。", "The version of gkxl.")),
    )
}
