"""What the set-up of Excel hangs on, as far as it could be found out: None is what could not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    """The computer. `system` is as `platform.system()` names it; bits are 32 or 64.

    `pywin32`: why it cannot be imported, empty if it can. `libraries`: the bits of Excel for which the installed xlwings
    has its library where the VBA looks for it. `macros`: what Excel does with macros, as the registry says it in
    VBAWarnings: 1 runs all, 2 asks, 3 runs signed ones, 4 none. `add_in`: the version of the xlwings add-in that Excel loads.
    """

    system: str
    python: str
    python_bits: int
    xlwings: str | None = None
    pywin32: str | None = None
    libraries: frozenset[int] | None = None
    excel: str | None = None
    excel_bits: int | None = None
    trusts_vba: bool | None = None
    macros: int | None = None
    blocks_children: bool | None = None
    blocks_cmd: bool | None = None
    add_in: str | None = None


@dataclass(frozen=True)
class MacroBook:
    """A workbook or add-in. `version` is that of the xlwings whose VBA it holds, empty where the xlwings add-in holds it; None
    if nothing in it calls xlwings.

    `functions`: the names of the functions and macros that were imported. `interpreter` is the Python that the settings
    name, `told_by` where they stand; `found` whether there is such a file, `answers` what it says when it is to import
    gkxl, empty if it can. `zone`: where Windows thinks the file is from; 3 and above are the internet.
    """

    path: str
    version: str | None = None
    functions: frozenset[str] = frozenset()
    interpreter: str = ""
    told_by: str = ""
    found: bool | None = None
    answers: str | None = None
    main: bool = True
    zone: int | None = None
    synchronised: bool = False
    shared: bool = False  # on a network share
    characters: str = ""  # of the paths, that the code page of Windows does not have
