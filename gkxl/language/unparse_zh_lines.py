"""Tree → Chinese: amounts, definitions, headings and the other lines that are no sentences with points."""

from __future__ import annotations

from abc import ABC
from datetime import date
from decimal import Decimal
from typing import ClassVar, cast

from gkxl.diagnostics import Language
from gkxl.language import tree
from gkxl.language.unparse_base import Operands, Writer, is_han, plain
from gkxl.periods import DayRule, PeriodKind, TimeUnit
from gkxl.values import Kind, Number, divide, is_whole, multiply

COUNTS: dict[PeriodKind, str] = {PeriodKind.WEEK: "周", PeriodKind.MONTH: "月", PeriodKind.QUARTER: "季度"}
BEHIND = {">=": "及以上", "<=": "及以下"}
_KINDS = {PeriodKind.MONTH: "月", PeriodKind.QUARTER: "季度", PeriodKind.HALF: "半年", PeriodKind.YEAR: "年"}
EVERY = {PeriodKind.MONTH: "每月", PeriodKind.QUARTER: "每季度", PeriodKind.HALF: "每半年", PeriodKind.YEAR: "每年"}
_KEPT = {PeriodKind.MONTH: "月度", PeriodKind.QUARTER: "季度", PeriodKind.HALF: "半年", PeriodKind.YEAR: "年度"}
_OPTION = {PeriodKind.MONTH: "每月", PeriodKind.QUARTER: "每季度", PeriodKind.HALF: "每半年", PeriodKind.YEAR: "年度"}
# A comparison by what stands right of it.
_OF_DAYS = {">=": "不早于", ">": "晚于", "<": "早于", "<=": "不晚于", "=": "为"}
_OF_RATES = {">=": "达", ">": "超过", "<": "低于", "<=": "不超过", "=": "为"}
_OF_NUMBERS = {">=": "不少于", ">": "超过", "<": "少于", "<=": "不超过", "=": "为"}
_OF_NAMES = {">=": "达到", ">": "超过", "<": "低于", "<=": "不超过", "=": "等于"}
_TIMES = {
    word + plural: zh
    for word, zh in (("day", "天"), ("week", "周"), ("month", "个月"), ("hour", "小时"), ("working day", "个工作日"))
    for plural in ("", "s")
}
UNITS = {TimeUnit.DAY: "天", TimeUnit.WORKING_DAY: "个工作日", TimeUnit.HOUR: "小时", TimeUnit.MONTH: "个月"}
_TIMES_COUNTED = {TimeUnit.DAY: "天数", TimeUnit.WORKING_DAY: "工作日数", TimeUnit.HOUR: "小时数"}
_AGGREGATES = {
    "sum": "之和", "average": "平均", "largest": "最大", "smallest": "最小", "latest": "最近", "different": "不同",
}  # fmt: skip
_ROUNDINGS = {"up": "向上取整", "down": "向下取整", "half up": "四舍五入", "none": "不取整"}
_MISSING = {"error": "报错", "zero": "计0分", "not applicable": "不涉及"}
_NOT_APPLICABLE = {
    "full marks": "计满分", "no deduction": "不扣分", "rescale": "按比例折算", "group average": "取全组平均",
    "not assessed": "不参评",
}  # fmt: skip
_PARTIAL = {"ignored": "不计", "counts as one": "按一计", "pro rata": "按比例"}


_OF_PERIODS = {
    PeriodKind.MONTH: ("每月", "次月"),
    PeriodKind.QUARTER: ("每季度", "下季度"),
    PeriodKind.YEAR: ("", "次年"),
}
_MONTHS_OF_QUARTER = {1: "首月", 2: "第二个月", 3: "末月"}


def day_of(rule: DayRule) -> str:
    """3月31日, 6月底, 每月5日, 每季度首月10日, 次年1月10日."""
    of = _OF_PERIODS[rule.of][rule.later]
    day = f"{rule.day}日" if rule.day else "底"
    match rule.of:
        case PeriodKind.MONTH:
            return of + day
        case PeriodKind.QUARTER:
            return of + (_MONTHS_OF_QUARTER[rule.month] + day if rule.day else day)
    return f"{of}{rule.month}月{day}"


class ChineseLines(Writer, ABC):
    language: ClassVar[Language] = "zh"
    signs: ClassVar = {"+": "+", "-": "−", "*": "×", "/": "÷"}
    joints = (" 且 ", " 或 ", "并非")
    full_stop, comma, between_clauses = "。", ",", ";"

    def quote(self, text: str) -> str:
        return f"「{text}」" if "」" not in text else f'"{text}"'

    def is_foreign(self, text: str) -> bool:
        return not is_han(text) and any(char.isalpha() for char in text)

    def number(self, value: Number) -> str:
        """5000万, 1.2亿, where at most two decimals are left."""
        for unit, size in (("亿", Decimal(10**8)), ("万", Decimal(10**4))):
            if isinstance(value, Decimal) and value >= size and is_whole(multiply(divide(value, size), Decimal(100))):
                return plain(divide(value, size)) + unit
        return plain(value)

    def day(self, day: date) -> str:
        return f"{day.year:04}年{day.month}月{day.day}日"

    def amount(self, num: tree.Num, neutral: str = "") -> str:
        """A number with its measure word; `neutral` where none is known and one can be said of whole small numbers."""
        if num.kind is Kind.RATE:
            return self.num(num)
        counted = is_whole(num.value) and num.value < 10**4
        label = num.label if is_han(num.label) else _TIMES.get(num.label.casefold(), neutral if counted else "")
        return self.num(num) + label

    def mark(self, mark: tree.Mark, neutral: str = "") -> str:
        match mark:
            case tree.Num():
                return self.amount(mark, neutral)
            case tree.Day():
                return self.day(mark.day)
            case tree.DayOf():
                return day_of(mark.rule)
            case tree.Name():
                return self.name(mark)
            case tree.Share(share, of):
                return self.name(of) + self.num(share)

    def band(self, op: str, mark: tree.Mark, led: bool) -> str:
        """`led`: a subject stands in front."""
        score = isinstance(mark, tree.Num) and mark.label == "分"
        if op in BEHIND and (score or not led) and isinstance(mark, tree.Num):
            return self.mark(mark, "个") + BEHIND[op]
        words = _OF_NAMES
        if isinstance(mark, tree.Day | tree.DayOf):
            words = _OF_DAYS
        elif isinstance(mark, tree.Num):
            words = _OF_RATES if score or mark.kind is Kind.RATE else _OF_NUMBERS
        if isinstance(mark, tree.Share):
            return f"{words[op]}{self.name(mark.of)}的{self.num(mark.share)}"  # 超任务数20% could be 20% above it
        return words[op] + self.mark(mark, "个")

    # --- lines ---

    def policy(self, policy: tree.Policy) -> str:
        value = policy.value
        text = value if isinstance(value, str) else self.number(value)
        per = EVERY[policy.per] if policy.per else ""
        match policy.what:
            case "missing":
                return f"缺数据 {_MISSING[text]}"
            case "partial":
                return f"不足一步 {_PARTIAL[text]}"
            case "points places":
                return f"分数保留{text}位小数"
            case "total places":
                return f"总分保留{text}位小数"
            case "targets":
                return f"目标数 {_ROUNDINGS[text]}"
            case "not reported":
                return "未报资料记0分"
            case "no floor":
                return "扣分不设上限"
            case "floor":
                return "扣完为止"
            case "ties":
                return self.ranking(lowest_first=False, ties=cast(tree.Ties, text))[1:]
            case "earnings cap":
                return f"本项加分{per}最多{text}分"
            case "deductions cap":
                return f"本项扣分最多{text}分"
            case "not applicable":
                return f"不涉及的{_NOT_APPLICABLE[text]}"
            case "bonus cap":
                return f"加分合计{per}最多{text}分"

    def ranking(self, lowest_first: bool, ties: tree.Ties | None) -> str:
        lowest = ",从低到高" if lowest_first else ""
        return lowest + {"skip": ",并列同名次(后续顺延)", "follow": ",并列同名次(连续)", None: ""}[ties]

    def rank(self, rank: tree.Rank) -> str:
        by = self.name(rank.by) if rank.by else "总分"
        return f"按{by}排名{self.ranking(rank.lowest_first, rank.ties)}。"

    def total_is(self, total: tree.TotalIs) -> str:
        formula = self.formula(total.formula, "") if total.formula is not None else "各指标之和"
        return f"{self.kept(total.per)}总分={formula}。"

    def converted(self, line: tree.Converted) -> str:
        total = f"{self.kept(line.per)}总分" if line.per else ""
        return f"{total}按{self.num(tree.Num(line.share, Kind.RATE))}折算计入{self.name(line.into)}。"

    def kept(self, per: PeriodKind | None) -> str:
        return _KEPT[per] if per else ""

    def part_of_total(self, part: tree.PeriodTotals | tree.PointsOf) -> str:
        if isinstance(part, tree.PointsOf):
            return "年度考评" if part.what == "yearly" else "加分"
        extremes = "和".join({"highest": "最高", "lowest": "最低"}[extreme] for extreme in part.without)
        without = f"(去掉{extremes})" if extremes else ""
        return f"各{_KINDS[part.unit]}{'平均分' if part.op == 'average' else '得分之和'}{without}"

    def units(self, line: tree.UnitsLine) -> str:
        text = f"对象 {self.name(line.sheet)}的{self.name(line.column)}"
        text += f",按{self.name(line.group)}分组" if line.group else ""
        return text + (f",别名 {self.name(line.alias)}" if line.alias else "")

    def period(self, line: tree.PeriodLine) -> str:
        return f"周期 {_KINDS[line.kind]}" + (f" {line.fixed}" if line.fixed else "")

    def sheet(self, line: tree.SheetLine) -> str:
        words = {"unit": "单位列 {}", "date": "日期列 {}", "header row": "表头第{}行", "title": "标题 {}"}
        words |= {"undated": "不分期", "every period": "每期相同", "epoch 1904": "日期系统1904"}
        details = [
            words[what].format(self.name(value) if isinstance(value, tree.Name) else value)
            for what, value in line.details
        ]
        return f"表 {self.name(line.sheet)}:{','.join(details)}"

    def option(self, option: tree.Option) -> str:
        match option.what, option.value:
            case _, tree.Audience(words, but):
                text = "、".join(map(self.name, words))
                return f"除 {text} 外" if but else f"限 {text}"
            case _, PeriodKind() as kind:
                return _OPTION[kind]
            case "worth", value:
                return f"{plain(value)}分"
            case "start", value:
                return f"起评{plain(value)}分"
            case _, value:
                return f"权重{plain(multiply(value, Decimal(100)))}%"

    # --- definitions ---

    def meaning(self, meaning: tree.Meaning) -> str:
        match meaning:
            case tree.FormulaIs(formula, zero):
                text = self.formula(formula, " ")
                return text + (f",分母为0时计{self.num(zero)}" if zero else "")
            case tree.FiguresAre(formula):
                return self.formula(formula, " ")
            case tree.PeriodsWith(unit, name, op, number):
                if op == "=" and number == 0:
                    return f"没有 {self.name(name)} 的{COUNTS[unit]}数"
                return f"{self.name(name)}{self.band(op, tree.Num(number), led=True)}的{COUNTS[unit]}数"
            case tree.GroupValues(cases, otherwise):
                listed = [f"{self.name(word)} {self.num(value)}" for word, value in cases]
                return ",".join(listed + ([f"其余 {self.num(otherwise)}"] if otherwise else []))
            case tree.Dated(values):
                return ",".join(map(self.since, values))
            case tree.Rows():
                return self.rows(meaning)

    def since(self, since: tree.Since) -> str:
        document = f",{self.name(since.document)}" if since.document else ""
        return f"{self.num(since.value)}({self.day(since.day)}起{document})"

    def rows(self, rows: tree.Rows) -> str:
        of = self.name(rows.sheet) + (f" 中 {self.where(rows.where)}" if rows.where else "")
        if rows.op == "any":
            return f"有 {of}"
        if isinstance(rows.column, tree.TimeBetween):
            within = of if rows.where else f"{of} 中"
            text = f"{within} {self.between(rows.column)} 的 {_TIMES_COUNTED[rows.column.unit]}"
            return text if rows.op == "value" else f"{text} {_AGGREGATES[rows.op]}"
        if rows.column is None:
            return f"{of} 的记录"
        text = f"{of} 的 {self.name(rows.column)}"
        if rows.manual:
            low, high = rows.manual
            return f"{text},人工评分{plain(low)}到{plain(high)}分"
        return text if rows.op == "value" else f"{text} {_AGGREGATES[rows.op]}"

    def between(self, time: tree.TimeBetween) -> str:
        return f"从{self.name(time.start)}到{self.name(time.end)}"

    def lasts(self, test: tree.Lasts) -> str:
        number = f"{self.num(test.count)}{UNITS[test.between.unit]}"
        return f"{self.between(test.between)}{_OF_NUMBERS[test.op]}{number}"

    def after(self, after: tree.After) -> str:
        return f"{self.name(after.column)}后{self.num(after.count)}{UNITS[after.unit]}"

    def cell_test(self, column: str, op: str, operands: Operands) -> str:
        match op:
            case "blank":
                return f"{column}为空"
            case "not blank":
                return f"{column}不为空"
        values = [self.after(one) if isinstance(one, tree.After) else self.mark(one) for one in operands]
        match op:
            case "one of":
                return f"{column}为{'、'.join(values)}之一"
            case "months before":
                return f"{column}在监测时点前{values[0]}个月内"
            case "=":
                return f"{column}为{values[0]}"
            case "!=":
                return f"{column}不为{values[0]}"
            case "contains":
                return f"{column}含有{values[0]}"
        return column + (_OF_DAYS if isinstance(operands[0], tree.Day | tree.After) else _OF_NUMBERS)[op] + values[0]
