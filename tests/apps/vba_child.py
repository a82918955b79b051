"""Imports functions and macro as the user does once: xlwings' own code over the stand-in. Prints the text that Excel gets.

python tests/apps/vba_child.py > gkxl/apps/excel_setup/xlwings_udfs.bas
"""

import contextlib
import io
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parent))

import com_stand_in as com

com.start()

from xlwings.udfs import import_udfs

from gkxl.apps.excel_setup.new import MODULES

IMPORTED = []


class Components:
    """The modules of a VBA project; ours is not among them yet."""

    def __call__(self, name: str) -> None:
        raise com.ComError(-2147352565, name)

    def Remove(self, _) -> None:  # noqa: N802  # as COM spells it
        raise AssertionError

    def Import(self, path: str) -> None:  # noqa: N802
        IMPORTED.append(Path(path).read_text(encoding="ascii"))


application = SimpleNamespace(Version="16.0", MacroOptions=lambda *_, **__: None)
book = SimpleNamespace(
    Name="book.xlsm", Application=application, Worksheets=[], VBProject=SimpleNamespace(VBComponents=Components())
)
with contextlib.redirect_stdout(io.StringIO()):  # where xlwings says that it is done
    import_udfs(MODULES, book)
print(IMPORTED[0], end="")
