"""When a workbook was saved last, as its core properties say (ECMA-376 part 2, 11)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from gkxl.workbook.package import Package


def saved(package: Package) -> datetime | None:
    """None if the workbook does not say it, or not in the one form there is."""
    part = next((r.target for r in package.relations() if r.kind == "core-properties" and r.target in package), None)
    if part is None:
        return None
    texts: list[str] = []
    inside = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal inside
        inside = tag.endswith(" modified")

    def text(data: str) -> None:
        if inside:
            texts.append(data)

    def end(_: str) -> None:
        nonlocal inside
        inside = False

    package.parse(part, start, end, text)
    with suppress(ValueError):
        found = datetime.fromisoformat("".join(texts).strip())
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
