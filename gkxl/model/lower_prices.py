"""Price lists, and what else gives points row by row → core."""

from __future__ import annotations

from gkxl import diagnostics as d
from gkxl.language import tree
from gkxl.model import rules
from gkxl.model.stretches import StretchBinder
from gkxl.values import Kind, name_key


class PriceLowering(StretchBinder):
    def cap(self, cap: tree.Cap | None) -> rules.Cap | None:
        return rules.Cap(cap.limit, cap.per, self.cap(cap.then)) if cap else None

    def price_list(self, clause: tree.PriceList) -> rules.Clause:
        known = self.known(clause.name)
        if known.kind not in (Kind.NUMBER, None):
            raise self.wrong(clause.name.text, known.kind, (Kind.NUMBER,), clause.name.span)
        prices = tuple(rules.Price(tuple(k.text for k in price.keys), price.points) for price in clause.prices)
        columns = tuple(c.text for c in clause.columns) or None
        return rules.Prices(
            rules.Ref(known.name, clause.name.text),
            prices,
            columns,
            clause.otherwise,
            self.cap(clause.cap),
            span=clause.span,
            repeats=self.scope.repeats,
        )

    def counts_rows(self, name: tree.Name | tree.PeriodsWith) -> bool:
        """Whether an each is about rows that `scope.repeats` counts."""
        known = self.scope.find(name.text) if isinstance(name, tree.Name) else None
        return known is not None and known.rows is not None and name_key(known.rows) in self.scope.priced

    def each_row(self, clause: tree.Each, value: rules.Ref, label: str) -> rules.Prices:
        """每采用1条计5分, where the indicator says how rows count: a list of one price."""
        if clause.beyond is not None or clause.size.value != 1:
            raise self.fail(d.STEP_OF_ROWS, clause.span, text=clause.span.text if clause.span else "")
        one, cap = (rules.Price((), clause.points),), self.cap(clause.cap)
        return rules.Prices(value, one, (), None, cap, label, clause.span, self.scope.repeats)
