"""The phrases of explanations in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from gkxl.model.rules import Partial, Rounding, Veto
from gkxl.periods import PeriodKind
from gkxl.run.facts import Fact
from gkxl.run.results import PricedRows
from gkxl.run.wording import NEGATED, Beyond, Gain, Style, Wording
from gkxl.values import Number, is_rounded, multiply, negate, shown


class Chinese(Wording):
    comma = colon = ","
    missing = "缺数据"
    otherwise = "属其余情况"
    no_band = "各档都不符合"
    no_effect = "不影响得分"
    about = "(约)"
    others = "其余"
    equals = "="
    signs: Mapping[str, str] = {"+": "+", "-": "−", "*": "×", "/": "÷"}
    brackets = ("(", ")")
    day = "天"

    def __init__(self, sentence: str) -> None:
        # 得 unless the author says 加; the verb of a rule is what its readers expect to see again.
        self.plus = "加" if re.search(r"加[\s\d半一二两三四五六七八九十百]", sentence) else "得"

    def label(self, label: str) -> str:
        return label

    def named(self, name: str, value: str) -> str:
        return f"{name}{value}"

    def share(self, name: str, percent: str) -> str:
        return f"{name}{percent}"

    def amounts_to(self, name: str, value: str) -> str:
        return f"{name}即{value}"

    def rounded(self, mode: Rounding, value: str) -> str:
        words = {Rounding.UP: "向上取整", Rounding.DOWN: "向下取整", Rounding.HALF_UP: "四舍五入"}
        return f"{words.get(mode, '')}为{value}"

    def relation(self, op: str, truth: bool, mark: str, style: Style) -> str:
        if style == "date":
            words = {"<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于", "=": "就是", "!=": "不是"}
            return words[op if truth else NEGATED[op]] + mark
        less = "少于" if style == "count" else "低于"
        yes = {"<": less, "<=": "不超过", ">": "超过", ">=": "达到", "=": "正好是", "!=": "不是"}
        no = {"<": f"不{less}", "<=": "超过", ">": "没有超过", ">=": "没有达到", "=": "不是", "!=": "正好是"}
        return (yes if truth else no)[op] + mark

    _DONE = re.compile(r"(制定|建立|召开|开展|报送|上报|落实|公开|公布|发布|设置|成立|完成|编制|印发|备案|整改)")

    def holds(self, name: str, fact: Fact, truth: bool) -> str:
        if fact.value is None:
            return self.undated(name)
        count = f"({shown(fact.value)})" if not isinstance(fact.value, bool) and isinstance(fact.value, Decimal) else ""
        lacking = self.lacking(fact)
        if name.startswith(("未", "已")) and len(name) > 2:
            return f"{name if truth else ('已' if name[0] == '未' else '未') + name[1:]}{lacking}"
        if self._DONE.match(name):
            return f"{'已' if truth else '未'}{name}{lacking}"
        if name.startswith("有"):
            return f"{name if truth else '没' + name}{lacking}"
        return f"有{name}{count}" if truth else f"没有{name}{lacking}"

    def undated(self, name: str) -> str:
        return f"{name}没有日期"

    def months(self, count: Number) -> str:
        return f"{shown(count)}个月"

    def not_by(self, name: str, day: str) -> str:
        return f"{name}到监测时点{day}没有日期"

    def beyond(self, beyond: Beyond) -> str:
        amount = self._amount(beyond, beyond.distance)
        if beyond.mark is None:
            words = ("低" if beyond.rate else "少") if beyond.below else ("高出" if beyond.rate else "超出")
            return words + amount
        words = ("低" if beyond.rate else "少") if beyond.below else ("高" if beyond.rate else "多")
        return f"比{beyond.mark}{words}{amount}"

    def _amount(self, beyond: Beyond, value: Number) -> str:
        if beyond.rate:
            return f"{self.number(multiply(value, Decimal(100)))}个百分点"
        return self.number(value, label=beyond.label)

    def each(self, beyond: Beyond, size: Number | str, points: Number) -> str:
        if isinstance(size, str):
            what = size
        elif size == 1 and beyond.label and not beyond.rate and not beyond.below:
            what = beyond.label
        else:
            what = self._amount(beyond, size)
        word = ("低" if beyond.rate else "少") if beyond.below else ""
        return f"每{word}{what}{self.gives(points, 'none')}"

    def counted_steps(self, partial: Partial, steps: Number) -> str:
        rule = "不足一步不计" if partial is Partial.IGNORED else "不足一步按一步计"
        return f"{rule},按{shown(steps)}步计"

    def in_proportion(self, low: str, high: str, low_points: Number, high_points: Number) -> str:
        return f"{low}至{high}按比例{self.plus}{shown(low_points)}至{self.points(high_points)}"

    def points(self, points: Number) -> str:
        return f"{shown(points)}分{self.about if is_rounded(points) else ''}"

    def gives(self, points: Number, gain: Gain) -> str:
        if points > 0:
            return f"{self.plus}{self.points(points)}"
        if points < 0:
            return f"扣{self.points(negate(points))}"
        return "不扣分" if gain == "cost" else f"不{self.plus}分"

    def altogether(self, points: Number, gain: Gain) -> str:
        return f"共{self.gives(points, gain)}" if points else self.gives(points, gain)

    def capped(self, before: Number, limit: Number, per: PeriodKind | None, whole_sentence: bool) -> str:
        words = {
            PeriodKind.MONTH: "每月",
            PeriodKind.QUARTER: "每季度",
            PeriodKind.HALF: "每半年",
            PeriodKind.YEAR: "每年",
        }
        verb = "扣" if before < 0 else self.plus
        scope = ("全句" if whole_sentence else "") + (words[per] if per is not None else "")
        return f"应{self.gives(before, 'none')},{scope}最多{verb}{self.points(limit)}"

    def veto(self, veto: Veto) -> str:
        value = veto.value if isinstance(veto.value, str) else self.points(veto.value or Decimal(0))
        return {"grade": f"定为{value}", "total": f"总分记{value}", "bar": f"不得评为{value}"}.get(
            veto.what, "不再评分"
        )

    def no_points_here(self) -> str:
        return "本项不得分"

    def price_list(
        self, lines: Sequence[tuple[str, int, Number]], total: Number, label: str, adjusted: Sequence[str] = ()
    ) -> str:
        if not lines and not adjusted:
            return f"没有计分的记录,{self.gives(total, 'none')}"
        costs = all(points <= 0 for _, _, points in lines)
        terms = []
        for key, count, points in lines:
            each = self.points(negate(points) if costs else points)
            terms.append(f"{key}{count}{label}×{f'({each})' if points < 0 and not costs else each}")
        terms += adjusted
        if costs and total < 0:
            return f"{'+'.join(terms)}={self.points(negate(total))},{self.gives(total, 'cost')}"
        return f"{'+'.join(terms)}={self.points(total)}"

    def place(self, place: int, skip: bool, lowest_first: bool) -> str:
        order = "从低到高" if lowest_first else ""
        return f"{order}第{place}名(并列同名次,{'后续顺延' if skip else '连续'})"

    def adjusted(self, name: str, rows: PricedRows, share: str | None) -> str:
        count = rows.count
        text = f"{name}{self.bracketed(self.places(rows))}" + (f"{count}×" if count > 1 else "") + self._each(rows)
        for column, factor in rows.times:
            text += f"×{shown(factor)}{self.bracketed(column)}"
        return text + (f"÷{shown(rows.sharers)}{self.bracketed(share or '')}" if rows.sharers != 1 else "")

    def _each(self, rows: PricedRows) -> str:
        return self.points(negate(rows.price) if rows.price < 0 else rows.price)

    def dropped(self, name: str, rows: PricedRows, column: str | None) -> str:
        worth = self.points(negate(rows.points) if rows.points < 0 else rows.points)
        count = f"{rows.count}×" if rows.count > 1 else ""
        return f"{self.places(rows)} {name}{count}{worth}不计:与 {rows.instead} 是同一{column}({rows.event})"

    def unpriced(self, count: int, label: str) -> str:
        return f"其余{count}{label}不计"
