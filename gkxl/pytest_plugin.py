"""The pytest plugin: with `--gkxl`, or `gkxl = true` in pytest's ini file, the examples in `.gk` files are tests.

Without it nothing is collected but the rule files that are named on the command line. pytest alone imports this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gkxl.apps.inputs import RuleFile
    from gkxl.diagnostics import Diagnostic
    from gkxl.report.findings import Findings

_WIDTH = 100  # columns of a failure


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("gkxl").addoption("--gkxl", action="store_true", help="run the examples in .gk files")
    parser.addini("gkxl", "run the examples in .gk files", type="bool", default=False)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> GkFile | None:
    if file_path.suffix != ".gk":
        return None
    asked = parent.config.getoption("--gkxl") or parent.config.getini("gkxl")
    if asked or parent.session.isinitpath(file_path):
        made: GkFile = GkFile.from_parent(parent, path=file_path)
        return made
    return None


class GkFile(pytest.File):
    """A rule file: an item for the file itself, as in `gkxl test`, and one for each example."""

    @cached_property
    def rules(self) -> RuleFile:
        from gkxl.apps.inputs import RuleFile, rules_of  # here: pytest starts as quickly as without this plugin
        from gkxl.workbook.files import read_rules

        source, problems = read_rules(self.path)
        if source is None:
            return RuleFile(str(self.path), None, tuple(problems))
        start = self.config.invocation_params.dir
        path = self.path.relative_to(start) if self.path.is_relative_to(start) else self.path
        return rules_of(replace(source, path=str(path)), problems)

    @cached_property
    def findings(self) -> Findings:
        """The examples, run when the first of them is."""
        from gkxl.apps.common import tested

        return tested(self.rules)

    def collect(self) -> Iterator[GkItem]:
        loaded = self.rules.loaded
        if loaded is None:
            raise self.CollectError(_told(self.rules.diagnostics))
        yield GkItem.from_parent(self, name="rules", number=None)
        seen = Counter[str]()
        for number, example in enumerate(loaded.file.examples):
            seen[example.name] += 1
            name = example.name if seen[example.name] == 1 else f"{example.name} ({seen[example.name]})"
            yield GkItem.from_parent(self, name=name, number=number)


class GkItem(pytest.Item):
    """An example by its number in the file; `number` None: the rules themselves, which must have no errors."""

    def __init__(self, *, number: int | None, **more: Any) -> None:
        super().__init__(**more)
        self.number = number

    @property
    def _file(self) -> GkFile:
        assert isinstance(self.parent, GkFile)
        return self.parent

    def runtest(self) -> None:
        findings = self._file.findings
        if self.number is None:
            errors = [one for one in findings.diagnostics if one.severity == "error"]
        else:
            failure = (findings.cases or ())[self.number].failure
            errors = [failure] if failure is not None else []
        if errors:
            raise GkFailed(_told(errors))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, GkFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        loaded = self._file.rules.loaded
        span = loaded.file.examples[self.number].span if loaded is not None and self.number is not None else None
        return self.path, span.line - 1 if span is not None else 0, f"{self.path.name}: {self.name}"


class GkFailed(Exception):
    """What `gkxl test` would print."""


def _told(found: list[Diagnostic] | tuple[Diagnostic, ...]) -> str:
    from gkxl.report.text import render

    return render(found, _WIDTH).rstrip()
