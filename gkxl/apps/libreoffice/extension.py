"""The extension as a file: the add-in, its types, its words, and the Python that it needs. Two builds are the same bytes.

An .oxt is a ZIP with a manifest. LibreOffice reads the types from their UNOIDL source, since the name of the file ends in .idl
(unoidl::Manager::loadProvider), so nothing has to be compiled on a user's machine. The component is registered passively:
no Python runs when the extension is installed, nor when Calc starts.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from gkxl.functions.help import HELP, ArgumentHelp, FunctionHelp, Words
from gkxl.language.grammar import FOLDER as GRAMMAR

IDENTIFIER = "org.gkxl.calc"
# What the functions import besides gkxl and Python's own: modules, and the distributions that they are of.
LIBRARIES = {"chinese_calendar": "chinesecalendar", "lark": "lark"}
_PACKAGE = Path(__file__).resolve().parents[2]
_APPS = ("__init__.py", "calc.py", "ruled.py", "version.py")  # of the command line nothing is needed
_NOT_NEEDED = ("starter", "grammar", "pytest_plugin.py")
_LICENCE = re.compile("licen[cs]e|copying|notice|authors", re.IGNORECASE)
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can hold
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

CELLS = FunctionHelp(
    "cells",
    Words(
        "把区域连同错误值、TRUE 和 FALSE、空单元格原样交给别的 GK 函数。",
        "A range for the other GK functions, with its error cells, TRUE and FALSE, and blanks.",
    ),
    (ArgumentHelp("cells", Words("区域", "range"), Words("区域或单元格。", "A range or a cell.")),),
)
_FUNCTIONS = (*HELP.values(), CELLS)
_AREAS = {"table", "detail", "check", "rank", "cells"}  # that give rows
_OF_CELLS = {("rank", "totals"), ("cells", "cells")}
_CELLS = "com::sun::star::table::XCellRange"
_PAIRS = 40  # that a function takes


def extension(version: str) -> bytes:
    """The bytes of gkxl.oxt."""
    members: dict[str, str | bytes] = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(version),
        "gk.idl": _types(),
        "gk.components": _components(),
        "CalcAddIns.xcu": _words(),
        "gk.py": (Path(__file__).parent / "component.py").read_bytes(),
    }
    members |= {f"pythonpath/{name}": content for name, content in _libraries()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in sorted(members.items()):
            member = zipfile.ZipInfo(name, _MOMENT)
            member.external_attr = 0o644 << 16
            file.writestr(member, content, zipfile.ZIP_DEFLATED, 9)
    return made.getvalue()


# --- What LibreOffice reads ---------------------------------------------------------------------------------------------


def _manifest() -> str:
    kinds = {
        "gk.idl": "uno-typelibrary;type=RDB",
        "gk.components": "uno-components",
        "CalcAddIns.xcu": "configuration-data",
    }
    entries = "".join(
        f' <manifest:file-entry manifest:media-type="application/vnd.sun.star.{kind}" manifest:full-path="{name}"/>\n'
        for name, kind in kinds.items()
    )
    space = 'xmlns:manifest="http://openoffice.org/2001/manifest"'
    return f"{_HEAD}<manifest:manifest {space}>\n{entries}</manifest:manifest>\n"


def _description(version: str) -> str:
    names = _each_language(
        lambda language, words: f'  <name lang="{language}">{escape(words)}</name>\n',
        Words("gkxl:考评函数", "gkxl: functions that score assessments"),
    )
    space = "http://openoffice.org/extensions/description/2006"
    return (
        f'{_HEAD}<description xmlns="{space}" xmlns:d="{space}"'
        ' xmlns:l="http://libreoffice.org/extensions/description/2011">\n'
        f' <identifier value="{IDENTIFIER}"/>\n <version value={quoteattr(version)}/>\n <dependencies>\n'
        '  <l:LibreOffice-minimal-version value="7.0" d:name="LibreOffice 7.0"/>\n </dependencies>\n'
        f" <display-name>\n{names} </display-name>\n</description>\n"
    )


def _components() -> str:
    return (
        f'{_HEAD}<components xmlns="http://openoffice.org/2010/uno-components">\n'
        ' <component loader="com.sun.star.loader.Python" uri="gk.py">\n'
        '  <implementation name="GK">\n   <service name="GK"/>\n  </implementation>\n'
        " </component>\n</components>\n"
    )


def _types() -> str:
    """One interface with a method for each function. An `any` may be left out; an XPropertySet is the document, which Calc
    adds itself (com.sun.star.sheet.AddIn)."""
    methods = []
    for one in _FUNCTIONS:
        arguments = [
            (_CELLS if (one.name, name) in _OF_CELLS else "any", name)
            for name in (argument.name for argument in _arguments(one))
        ]
        if arguments and arguments[0][0] == _CELLS:
            arguments.insert(0, ("com::sun::star::beans::XPropertySet", "document"))
        given = ", ".join(f"[in] {kind} {name}" for kind, name in arguments)
        methods.append(f"   {'sequence< sequence< any > >' if one.name in _AREAS else 'any'} {one.name}({given});\n")
    return f"module org {{ module gkxl {{ module calc {{\n  interface XFunctions {{\n{''.join(methods)}  }};\n}}; }}; }};\n"


def _arguments(function: FunctionHelp) -> list[ArgumentHelp]:
    """Pairs are as many arguments as may be given, each with its number: of any number of them (`sequence<any>`) Calc would
    call the function in an array formula once for each cell of their ranges."""
    if function.pairs is None:
        return [*function.arguments]
    *first, last = function.arguments
    return first + [
        ArgumentHelp(f"{half.en}{number}", Words(f"{half.zh} {number}", f"{half.en} {number}"), last.words)
        for number in range(1, _PAIRS + 1)
        for half in function.pairs
    ]


def _words() -> str:
    """The functions' names and what the function wizard shows (CalcAddIns of the registry)."""
    functions = "".join(map(_function_words, _FUNCTIONS))
    space = (
        'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        ' oor:name="CalcAddIns" oor:package="org.openoffice.Office"'
    )
    return (
        f'{_HEAD}<oor:component-data {space}>\n<node oor:name="AddInInfo">\n'
        f'<node oor:name="GK" oor:op="replace">\n<node oor:name="AddInFunctions">\n{functions}</node>\n</node>\n</node>\n'
        "</oor:component-data>\n"
    )


def _function_words(one: FunctionHelp) -> str:
    name = Words(f"GK.{one.name.upper()}", f"GK.{one.name.upper()}")
    arguments = "".join(
        f'<node oor:name="{argument.name}" oor:op="replace">'
        f"{_property('DisplayName', argument.label)}{_property('Description', argument.words)}</node>\n"
        for argument in _arguments(one)
    )
    return (
        f'<node oor:name="{one.name}" oor:op="replace">\n'
        f"{_property('DisplayName', name)}{_property('Description', one.words)}{_property('CompatibilityName', name)}"
        '<prop oor:name="Category"><value>Add-In</value></prop>\n'
        f'<node oor:name="Parameters">\n{arguments}</node>\n</node>\n'
    )


def _property(name: str, words: Words) -> str:
    values = _each_language(lambda language, text: f'<value xml:lang="{language}">{escape(text)}</value>', words)
    return f'<prop oor:name="{name}">{values}</prop>\n'


def _each_language(put: Callable[[str, str], str], words: Words) -> str:
    return put("en", words.en) + put("zh-CN", words.zh)


# --- The Python that comes along ----------------------------------------------------------------------------------------


def _libraries() -> Iterator[tuple[str, bytes]]:
    """gkxl and what it imports, with what their distributions say of them, their licences above all."""
    for path in _files(_PACKAGE, _needed):
        yield f"gkxl/{path.relative_to(_PACKAGE).as_posix()}", path.read_bytes()
    for path in sorted(GRAMMAR.iterdir()):
        if path.suffix in (".lark", ".toml", ".tables"):
            yield f"gkxl/grammar/{path.name}", path.read_bytes()
    yield from _about("gkxl")
    for module, name in LIBRARIES.items():
        spec = find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        for path in _files(folder, lambda parts: True):
            yield f"{module}/{path.relative_to(folder).as_posix()}", path.read_bytes()
        yield from _about(name)


def _files(folder: Path, needed: Callable[[tuple[str, ...]], bool]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and "__pycache__" not in parts and needed(parts):
            yield path


def _needed(parts: tuple[str, ...]) -> bool:
    """Whether a file of gkxl is needed by its functions."""
    return parts[-1].endswith(".py") and parts[0] not in _NOT_NEEDED and (parts[0] != "apps" or parts[1] in _APPS)


def _about(name: str) -> Iterator[tuple[str, bytes]]:
    """What a distribution says of itself, and its licences."""
    try:
        about = distribution(name)
    except PackageNotFoundError:  # gkxl itself, run from a checkout
        return
    folder = f"{name}-{about.version}.dist-info"
    yield f"{folder}/METADATA", (about.read_text("METADATA") or "").encode()
    for path in about.files or ():
        if path.parts[0].endswith(".dist-info") and _LICENCE.search(path.name):
            yield f"{folder}/{path.name}", Path(str(path.locate())).read_bytes()
