"""The wheel, installed in a fresh environment, does the main job from a folder that knows nothing of the checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from email.parser import BytesParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        command, cwd=cwd, env=kept | {"PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `GKXL_WHEEL` names (.ci/run: the one made from the sdist), else one made from the checkout."""
    if given := os.environ.get("GKXL_WHEEL"):
        return Path(given)
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    return next(folder.glob("gkxl-*.whl"))


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a new environment in which the wheel is installed, with what it needs for Excel."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder)
    run(folder / SCRIPTS / "python", "-m", "pip", "install", "--quiet", f"{wheel}[excel]")
    return folder / SCRIPTS


def test_wheel_holds_the_package_and_its_grammar_only(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    grammar = {
        f"gkxl/grammar/{path.name}" for path in (ROOT / "grammar").iterdir() if path.suffix in (".lark", ".toml")
    }
    package = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "gkxl").rglob("*") if path.suffix and path.is_file()
    }
    package = {name for name in package if "__pycache__" not in name}
    assert grammar | package | {"gkxl/grammar/gk.tables", "gkxl/py.typed"} <= set(names)
    assert {name.split("/")[0] for name in names} == {
        "gkxl",
        next(n.split("/")[0] for n in names if ".dist-info/" in n),
    }
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    points = next(name for name in names if name.endswith("/entry_points.txt"))
    assert "[pytest11]\ngkxl.pytest_plugin = gkxl.pytest_plugin" in zipfile.ZipFile(wheel).read(points).decode()


def test_the_wheel_is_pure_python_and_asks_for_nothing_native_in_a_browser(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as file:
        metadata = BytesParser().parsebytes(file.read(next(n for n in file.namelist() if n.endswith("/METADATA"))))
    required = [Requirement(one) for one in metadata.get_all("Requires-Dist", [])]
    browser = {"sys_platform": "emscripten", "extra": ""}
    there = {one.name for one in required if one.marker is None or one.marker.evaluate(browser)}
    assert {one.name for one in required if "extra" not in str(one.marker)} - there == {"lxml", "python-calamine"}


def test_what_a_browser_lacks_is_not_imported(scripts: Path, tmp_path: Path) -> None:
    """`tests/lite/` runs it where they really lack."""
    for path in (ROOT / "workbooks").glob("xinzhou-2022*"):
        shutil.copy(path, tmp_path)
    lacking = "import sys; sys.modules |= dict.fromkeys(['lxml', 'python_calamine']); "
    names = "import gkxl, gkxl.functions.core; [getattr(gkxl, name) for name in gkxl.__all__]; "
    score = "from gkxl.apps.cli import main; main(['score', 'xinzhou-2022.xlsx', '--json'])"
    printed = run(scripts / "python", "-c", lacking + names + score, cwd=tmp_path)
    assert printed == run(scripts / "gkxl", "score", "xinzhou-2022.xlsx", "--json", cwd=tmp_path)


def test_stored_tables_are_used(scripts: Path, tmp_path: Path) -> None:
    code = "from gkxl.language import grammar; print(grammar.FOLDER, grammar.load().source_path, sep='\\n')"
    folder, source = run(scripts / "python", "-c", code, cwd=tmp_path).splitlines()
    assert Path(folder).is_relative_to(scripts.parent.resolve())
    assert source == "<deserialized>"  # Lark's own mark of a parser that was loaded, not compiled


def test_bundled_workbook_is_scored_from_another_folder(scripts: Path, tmp_path: Path) -> None:
    for path in (ROOT / "workbooks").glob("xinzhou-2022*"):
        shutil.copy(path, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    printed = run(scripts / "gkxl", "score", "xinzhou-2022.xlsx", cwd=tmp_path)
    assert "原平市" in printed
    assert "97.2" in printed
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_sentence_is_tried_as_a_module_too(scripts: Path, tmp_path: Path) -> None:
    printed = run(scripts / "python", "-m", "gkxl", "try", "本领域信息少于3条,扣6分", "本领域信息=2", cwd=tmp_path)
    assert "-6" in printed.replace("−", "-")


def test_what_excel_and_libreoffice_are_given(scripts: Path, tmp_path: Path) -> None:
    run(scripts / "gkxl", "excel", "new", "book1.xlsm", cwd=tmp_path)
    run(scripts / "python", "-c", "import book1; book1.main", cwd=tmp_path)
    assert "Function gk_points(" in run(scripts / "gkxl", "excel", "vba")
    run(scripts / "gkxl", "calc", "build", cwd=tmp_path)
    with zipfile.ZipFile(tmp_path / "gkxl.oxt") as file:
        file.extractall(tmp_path)
    code = """import sys; sys.path.insert(0, "pythonpath")
from gkxl.apps import calc; from gkxl.language import grammar
print(calc.version(), calc.points("each item costs 2.", "item", 3.0), grammar.load().source_path)"""
    answers = run(scripts / "python", "-I", "-S", "-c", code, cwd=tmp_path).split()
    assert answers == [run(scripts / "gkxl", "--version").split()[1], "-6.0", "<deserialized>"]
