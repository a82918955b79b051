"""Reads the case files: real .gk text, chunks split by `---`, the first comment names the test, `#?` lines expect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class SentenceCase:
    """One expectation: `expected` is the points, or None where the sentence is to be refused (`reason` says why)."""

    file: str
    name: str
    sentence: str
    values: dict[str, str]
    expected: str | None
    reason: str = ""

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.file}: {self.sentence} [{given}]"


def chunks(path: Path) -> Iterator[list[str]]:
    chunk: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), "---"]:
        if line.strip() == "---":
            if any(one.strip() for one in chunk):
                yield chunk
            chunk = []
        else:
            chunk.append(line)


def sentence_cases(folder: str) -> Iterator[SentenceCase]:
    for path in sorted((CASES / folder).glob("*.gk")):
        for chunk in chunks(path):
            name = next(line[1:].strip() for line in chunk if line.startswith("#") and not line.startswith("#?"))
            sentence = "\n".join(line for line in chunk if line.strip() and not line.startswith("#"))
            for line in chunk:
                if line.startswith("#?"):
                    given, _, expected = line[2:].partition("->")
                    pairs = [pair.partition("=") for pair in given.split(", ") if pair.strip()]
                    values = {pair[0].strip(): pair[2].strip() for pair in pairs}
                    expected = expected.strip()
                    refused = expected.startswith("refused")
                    yield SentenceCase(
                        path.name, name, sentence, values, None if refused else expected, expected if refused else ""
                    )
