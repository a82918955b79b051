"""How fast decisions are, as ratios within one run.

1,000 sentences × 50 units, every award kept: the interpreter against the same decisions hand-written as closures over
Decimals that keep their award, and against zen-engine (`pip install gkxl[bench]`) evaluating the same as expressions.
Then the time at 1, 2 and 4 times the sentences and the units, which grows as their product does.

    python benchmarks/decisions.py
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gkxl.diagnostics import Source, Span
from gkxl.model.rules import (
    Arithmetic,
    Branch,
    Cap,
    Clause,
    Compare,
    Const,
    Fixed,
    Holds,
    Indicator,
    Pick,
    Ref,
    Rounded,
    Rounding,
    Rubric,
    Sentence,
    Steps,
)
from gkxl.periods import Period, PeriodKind
from gkxl.run.facts import Data, Fact, State, Unit
from gkxl.run.interpret import interpret
from gkxl.values import Kind

QUARTER = Period(2025, PeriodKind.QUARTER, 4)
SENTENCES, UNITS, TERMS, ROUNDS = 1_000, 50, 200, 7
ZERO, ONE = Decimal(0), Decimal(1)

Values = Mapping[str, Decimal | bool]
ByHand = Callable[[Values], tuple[object, ...]]


def number(value: str) -> Const:
    return Const(Decimal(value), Kind.NUMBER, value)


def rate(value: str) -> Const:
    return Const(Decimal(value), Kind.RATE)


def always(*outcomes: Fixed | Steps, cap: Cap | None = None) -> Pick:
    return Pick((Branch(None, outcomes),), cap)


# --- Six forms of sentence: the core's clause, the same by hand, the same for zen -----------------------------------


def threshold(i: int) -> tuple[str, Clause, ByHand, str]:
    term, mark = f"count{i % TERMS}", Decimal(i % 7 + 1)
    clause = Pick((Branch(Compare(Ref(term), "<", number(str(mark)), "条"), (Fixed(Decimal(-6)),)),))
    cost = Decimal(-6)

    def decide(values: Values) -> tuple[object, ...]:
        value = values[term]
        points = cost if value < mark else ZERO
        return (i, points, {term: value})

    return f"{term}少于{mark}条,扣6分", clause, decide, f"{term} < {mark} ? -6 : 0"


def each(i: int) -> tuple[str, Clause, ByHand, str]:
    term, most = f"count{i % TERMS}", Decimal(10)
    clause = always(Steps(Ref(term), Decimal(3), number("1"), label="件"), cap=Cap(most))
    price = Decimal(3)

    def decide(values: Values) -> tuple[object, ...]:
        value = values[term]
        points = min(value * price, most)
        return (i, points, {term: value})

    return f"每{term}1件加3分,最多10分", clause, decide, f"min([{term} * 3, 10])"


def bands(i: int) -> tuple[str, Clause, ByHand, str]:
    term = f"rate{i % TERMS}"
    ref, best, good = Ref(term), Decimal("0.95"), Decimal("0.9")
    eight, ten = Decimal(8), Decimal(10)
    clause = Pick(
        (
            Branch(Compare(ref, ">=", rate("0.95")), (Fixed(ten),)),
            Branch(Compare(ref, ">=", rate("0.9")), (Fixed(eight),)),
            Branch(None, (Fixed(ZERO),)),
        )
    )

    def decide(values: Values) -> tuple[object, ...]:
        value = values[term]
        points = ten if value >= best else eight if value >= good else ZERO
        return (i, points, {term: value})

    return f"{term}达95%加10分,90%加8分", clause, decide, f"{term} >= 0.95 ? 10 : ({term} >= 0.9 ? 8 : 0)"


def shortfall(i: int) -> tuple[str, Clause, ByHand, str]:
    term, mark, size = f"rate{i % TERMS}", Decimal("0.9"), Decimal("0.01")
    clause = always(Steps(Ref(term), Decimal(-1), rate("0.01"), rate("0.9"), below=True))

    def decide(values: Values) -> tuple[object, ...]:
        value = values[term]
        points = -((mark - value) / size).to_integral_value(ROUND_FLOOR) if value < mark else ZERO
        return (i, points, {term: value})

    return f"{term}每低1个百分点扣1分", clause, decide, f"{term} < 0.9 ? -floor((0.9 - {term}) / 0.01) : 0"


def yes_no(i: int) -> tuple[str, Clause, ByHand, str]:
    term, plus, minus = f"yes{i % TERMS}", Decimal(5), Decimal(-2)
    clause = Pick((Branch(Holds(Ref(term)), (Fixed(plus),)), Branch(None, (Fixed(minus),))))

    def decide(values: Values) -> tuple[object, ...]:
        value = values[term]
        return (i, plus if value else minus, {term: value})

    return f"有{term}得5分,没有扣2分", clause, decide, f"{term} ? 5 : -2"


def beyond(i: int) -> tuple[str, Clause, ByHand, str]:
    term, target, share = f"count{i % TERMS}", f"count{(i + 1) % TERMS}", Decimal("0.2")
    mark = Rounded(Arithmetic("*", Ref(target), rate("0.2")), Rounding.UP)
    clause = always(Steps(Ref(term), ONE, number("1"), mark, label="条"))

    def decide(values: Values) -> tuple[object, ...]:
        value, tasks = values[term], values[target]
        over = value - (tasks * share).to_integral_value(ROUND_CEILING)
        points = over if over > 0 else ZERO
        return (i, points, {term: value, target: tasks})

    return f"{term}超过{target}20%每条加1分", clause, decide, f"max([{term} - ceil({target} * 0.2), 0])"


FORMS = (threshold, each, bands, shortfall, yes_no, beyond)


# --- The same rubric, three times ------------------------------------------------------------------------------------


def make(sentences: int, units: int) -> tuple[Rubric, Data, list[ByHand], list[str]]:
    lines, by_hand, expressions = [], [], []
    for i in range(sentences):
        text, clause, decide, expression = FORMS[i % len(FORMS)](i)
        lines.append(Sentence((clause,), "zh", text, Span(Source("bench.gk", text), 0, len(text))))
        by_hand.append(decide)
        expressions.append(expression)
    indicator = Indicator("all", tuple(lines), lines[0].span)
    rubric = Rubric("bench", "", "zh", None, PeriodKind.QUARTER, None, (), {}, (indicator,))
    everyone = tuple(Unit(f"unit{u}", f"unit{u}", None, frozenset(), None) for u in range(units))
    facts = {(unit.key, QUARTER): facts_of(u) for u, unit in enumerate(everyone)}
    return rubric, Data(everyone, (QUARTER,), facts), by_hand, expressions


def facts_of(unit: int) -> dict[str, Fact]:
    facts = {}
    for t in range(TERMS):
        seed = unit * 31 + t * 17
        facts[f"count{t}"] = Fact(State.OK, Decimal(seed % 11))
        facts[f"rate{t}"] = Fact(State.OK, Decimal(seed % 1001).scaleb(-3))
        facts[f"yes{t}"] = Fact(State.OK, seed % 2 == 0)
    return facts


def hand_written(by_hand: Sequence[ByHand], values: Sequence[Values]) -> list[Decimal]:
    totals, kept = [], []
    for unit in values:
        awards = [decide(unit) for decide in by_hand]
        total = ZERO
        for award in awards:
            total += award[1]  # type: ignore[operator]
        kept.append(awards)
        totals.append(total)
    return totals


def zen_decision(expressions: Sequence[str]) -> Callable[[Mapping[str, object]], Mapping[str, object]] | None:
    try:
        import zen
    except ImportError:
        return None
    rows = [{"id": f"e{i}", "key": f"p{i}", "value": text} for i, text in enumerate(expressions)]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "ex", "name": "ex", "type": "expressionNode", "position": {"x": 1, "y": 0}, "content": {"expressions": rows}},
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]  # fmt: skip
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "ex"},
        {"id": "2", "type": "edge", "sourceId": "ex", "targetId": "out"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda unit: decision.evaluate(unit)["result"]


def measured(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds, the median of several rounds; the garbage collector rests meanwhile, as in timeit."""
    times = []
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
        gc.enable()
    return statistics.median(times)


def main() -> None:
    rubric, data, by_hand, expressions = make(SENTENCES, UNITS)
    values = [{name: fact.value for name, fact in facts.items()} for facts in data.facts.values()]
    (result,), findings = interpret(rubric, data)
    totals = [unit.total for unit in result.units]
    assert not findings
    assert totals == hand_written(by_hand, values), "the two must decide alike"  # type: ignore[arg-type]

    ours = measured(lambda: interpret(rubric, data))
    hand = measured(lambda: hand_written(by_hand, values))  # type: ignore[arg-type]
    count = SENTENCES * UNITS
    print(f"{SENTENCES} sentences × {UNITS} units, median of {ROUNDS}")
    print(f"  by hand      {hand * 1e3:8.1f} ms   {hand / count * 1e6:6.2f} µs a decision")
    print(f"  gkxl         {ours * 1e3:8.1f} ms   {ours / count * 1e6:6.2f} µs   {ours / hand:5.1f} × by hand")

    evaluate = zen_decision(expressions)
    if evaluate is None:
        print("  zen-engine   not installed: pip install 'gkxl[bench]'")
    else:
        plain = [{k: v if isinstance(v, bool) else float(v) for k, v in unit.items()} for unit in values]  # type: ignore[arg-type]
        zen = measured(lambda: [evaluate(unit) for unit in plain])
        print(
            f"  zen-engine   {zen * 1e3:8.1f} ms   {zen / count * 1e6:6.2f} µs   {zen / hand:5.1f} × by hand (floats)"
        )
        same = sum(
            sum(Decimal(str(points)) for points in evaluate(unit).values()) == total
            for unit, total in zip(plain, totals, strict=True)
        )
        print(f"               the same total for {same} of {UNITS} units")

    awards = [award for unit in result.units for i in unit.indicators for award in i.awards]
    told = measured(lambda: [award.because for award in awards], 3)
    print(f"  explanations {told * 1e3:8.1f} ms   {told / count * 1e6:6.2f} µs each, when all are asked for")

    print("growth: time per decision against the smallest")
    base = None
    for times in (1, 2, 4):
        for sentences, units in ((250 * times, 50), (250, 50 * times)):
            rubric, data, _, _ = make(sentences, units)
            each_one = measured(lambda r=rubric, d=data: interpret(r, d)) / (sentences * units)  # type: ignore[misc]
            base = base or each_one
            print(f"  {sentences:5} sentences × {units:3} units {each_one * 1e6:6.2f} µs   {each_one / base:4.2f}")


if __name__ == "__main__":
    main()
