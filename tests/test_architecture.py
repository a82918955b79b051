"""The layers of ARCHITECTURE.md, read from the source: imports, where libraries and files are known, no floats."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "gkxl"
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the bottom up. A part imports what stands below it, never its neighbours; the nouns may know each other.
LAYERS = [
    {"frozen", "diagnostics", "values", "periods", "tables", "sheets"},
    {"language"},
    {"model"},
    {"run"},
    {"flow", "trial"},
    {"audit", "examples"},
    {"suggest"},
    {"workbook", "report"},
    {"functions"},
    {"apps"},
    {"__init__", "__main__", "pytest_plugin"},
]
RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}

LIBRARIES = {
    "lark": {"language"},
    "lxml": {"workbook"},
    "openpyxl": {"workbook"},
    "python_calamine": {"workbook"},
    "xlsxwriter": {"workbook"},
    "chinese_calendar": {"run"},
    "click": {"apps"},
    "pytest": {"pytest_plugin"},
    "xlwings": {"apps/excel.py", "apps/open_book.py", "apps/in_excel.py", "apps/exchange.py"},
    "unohelper": {"apps/libreoffice/component.py"},  # LibreOffice's, as are the next two
    "com": {"apps/libreoffice/component.py"},
    "org": {"apps/libreoffice/component.py"},
}

# What reads or writes something outside the program; below workbook/ only these do.
IO_MODULES = {"glob", "io", "os", "pathlib", "shutil", "socket", "subprocess", "sys", "tempfile", "urllib", "zipfile"}
IO_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
IO_METHODS = {"read_text", "read_bytes", "write_text", "write_bytes"}
READS = {"language/grammar.py": "the grammar, which is part of the program"}

MOST_LINES = 400
LONGER = {
    "diagnostics.py": "every code is declared in one place",
    "model/rules.py": "one closed core, read as one page",
    "language/tree.py": "one class per form, in the order of the guide",
}


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def part(path: Path) -> str:
    """The layer's part that a module of gkxl belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def below_workbook(path: Path) -> bool:
    return RANK[part(path)] < RANK["workbook"]


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))


def imports(path: Path) -> set[tuple[str, ...]]:
    """Every import of a module, wherever in it, as dotted parts; `from a.b import c` is a.b.c."""
    found: set[tuple[str, ...]] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {tuple(alias.name.split(".")) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno}: relative import"
            found |= {(*str(node.module).split("."), alias.name) for alias in node.names}
    return found


def each_module(test):
    return pytest.mark.parametrize("path", MODULES, ids=name)(test)


@each_module
def test_imports_run_one_way(path: Path) -> None:
    assert part(path) in RANK, "a part that no layer names; ARCHITECTURE.md says which there are"
    for dotted in imports(path):
        if dotted[0] != "gkxl":
            continue
        assert dotted[1] in RANK, f"{'.'.join(dotted)}: the public names are for users, not for gkxl itself"
        mine, theirs = RANK[part(path)], RANK[dotted[1]]
        same_part = part(path) == dotted[1]
        assert theirs < mine or same_part or theirs == mine == 0, f"imports {'.'.join(dotted)}"


@each_module
def test_libraries_are_known_in_one_place(path: Path) -> None:
    for library in {dotted[0] for dotted in imports(path)} - sys.stdlib_module_names - {"gkxl"}:
        assert {part(path), name(path)} & LIBRARIES.get(library, set()), f"imports {library}"


@each_module
def test_no_input_or_output_below_workbook(path: Path) -> None:
    if not below_workbook(path) or name(path) in READS:
        return
    assert not {dotted[0] for dotted in imports(path)} & IO_MODULES
    for node in nodes(path):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            assert node.func.id not in IO_CALLS, f"line {node.lineno}: {node.func.id}()"
        elif isinstance(node.func, ast.Attribute):
            assert node.func.attr not in IO_METHODS, f"line {node.lineno}: .{node.func.attr}()"


@each_module
def test_no_floats_outside_workbook(path: Path) -> None:
    if part(path) == "workbook":
        return
    for node in nodes(path):
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float), f"line {node.lineno}: {node.value}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "float", f"line {node.lineno}: float()"


@each_module
def test_a_module_holds_one_concern(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES or name(path) in LONGER, (
        f"{lines} lines: split it, or say in LONGER why it is one concern"
    )


def test_exceptions_exist() -> None:
    assert set(LONGER) | set(READS) <= {name(path) for path in MODULES}


def test_nouns_do_not_go_round() -> None:
    wanted = {p: {d[1] for d in imports(PACKAGE / f"{p}.py") if d[0] == "gkxl"} for p in LAYERS[0]}
    while free := {p for p, needs in wanted.items() if not needs & wanted.keys()}:
        wanted = {p: needs for p, needs in wanted.items() if p not in free}
    assert not wanted


def test_importing_gkxl_loads_no_library_that_it_may_not_need() -> None:
    """Start-up is most of a short run, so a library is imported where it is used."""
    command = [sys.executable, "-c", "import sys, gkxl; print(*sorted(sys.modules))"]
    listed = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {module.split(".")[0] for module in listed.stdout.split()} & (set(LIBRARIES) - {"lark"})
