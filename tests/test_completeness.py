"""A form has its rule, class, lowering, cases and line in the guide; a code has both languages, a use and a case."""

import ast
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from gkxl.diagnostics import CODES, Code
from gkxl.language import tree
from gkxl.language.grammar import read

ROOT = Path(__file__).resolve().parents[1]
FORMS = ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S13", "S14"]
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[a-z]{3,}")


def classes(form: str) -> list[str]:
    """The tree's classes of a form, which open their docstrings with it."""
    return [c.__name__ for c in get_args(tree.Clause) if re.match(rf"[^:.]*\b{form}\b", c.__doc__ or "")]


def names_used(folder: Path) -> set[str]:
    """Every name and attribute that the code in a folder reads."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
    return found


def rules(form: str) -> set[str]:
    """The rules of the grammar under the comments that open with a form: `// S2 having a plan; S5 fewer than 3 items`."""
    _, *parts = re.split(r"^// (S\d.*)\n", read("gk.lark"), flags=re.MULTILINE)
    bodies = [body for heading, body in zip(parts[::2], parts[1::2], strict=True) if re.search(rf"\b{form}\b", heading)]
    return set(re.findall(r"^[?!]*([a-z_]\w*)(?:\.\d+)?\s*:", "\n".join(bodies), re.MULTILINE))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_form_has_a_rule_in_both_languages(form: str, language: str) -> None:
    assert any(rule.startswith(f"{language}_") for rule in rules(form))


@pytest.mark.parametrize("form", FORMS)
def test_form_has_a_class_that_is_lowered(form: str) -> None:
    assert classes(form)
    assert set(classes(form)) <= names_used(ROOT / "gkxl" / "model")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_form_has_cases_in_both_languages(form: str, language: str) -> None:
    # A veto and a grade need a total, so their cases are whole files with examples.
    folder, expects = (
        ("stories", ("应得", "应报", "expect")) if form in ("S7", "S8", "S13", "S14") else ("sentences", (" -> ",))
    )
    files = list((ROOT / "tests" / "cases" / folder).glob(f"{form.lower()}-*.{language}.gk"))
    assert files
    assert all(any(word in path.read_text(encoding="utf-8") for word in expects) for path in files)


@pytest.mark.parametrize("form", FORMS)
def test_form_has_a_line_in_the_guide_in_both_languages(form: str) -> None:
    guide = (ROOT / "docs" / "language.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in guide if re.match(rf"\| *{form} *\|", line)]
    assert len(rows) == 1
    assert CHINESE.search(rows[0])
    assert ENGLISH.search(rows[0])


def each_code(test):
    return pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.number)(test)


def test_there_are_codes() -> None:
    assert CODES
    assert all(re.fullmatch("GK[1-7][0-9]{2}", number) for number in CODES)


@each_code
def test_code_says_the_same_in_both_languages(code: Code) -> None:
    def fields(template: str) -> set[str]:
        return {field for _, field, _, _ in Formatter().parse(template) if field is not None}

    assert CHINESE.search(code.zh)
    assert ENGLISH.search(code.en)
    assert fields(code.zh) == fields(code.en)


DECLARED = {
    str(ast.literal_eval(node.value.args[0])): node.targets[0].id
    for node in ast.parse((ROOT / "gkxl" / "diagnostics.py").read_text(encoding="utf-8")).body
    if isinstance(node, ast.Assign)
    and isinstance(node.targets[0], ast.Name)
    and isinstance(node.value, ast.Call)
    and isinstance(node.value.func, ast.Name)
    and node.value.func.id == "declare"
}
USED = names_used(ROOT / "gkxl")
SHOWN = "\n".join(
    path.read_text(encoding="utf-8")
    for pattern in ("cases/**/*.gk", "**/test_*.py")
    for path in (ROOT / "tests").glob(pattern)
    if path != Path(__file__)
)


@each_code
def test_code_is_used_and_has_a_case(code: Code) -> None:
    assert DECLARED.get(code.number) in USED, "declared, but nothing gives it"
    assert re.search(rf"\b{code.number}\b|\b{DECLARED[code.number]}\b", SHOWN), "no test shows it"
