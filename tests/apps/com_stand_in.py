"""What xlwings' COM server needs of pywin32 and of Excel, so that its own code runs anywhere. For a process of its own.

`start()` makes xlwings believe that it is on Windows; `Range` is what VBA hands over for a reference.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import sys
from types import ModuleType, SimpleNamespace
from unittest.mock import MagicMock

MISSING = -2147352572  # an Optional argument that the formula leaves out: DISP_E_PARAMNOTFOUND
ERRORS = {
    "#N/A": -2146826246,
    "#DIV/0!": -2146826281,
    "#REF!": -2146826265,
    "#VALUE!": -2146826273,
    "Error 2099": -2146826189,
}
_RANGE = "{00020846-0000-0000-C000-000000000046}"  # the interface by which xlwings knows a Range


class ComError(Exception):
    @property
    def hresult(self):
        return self.args[0]


class Time(dt.datetime):
    """A pywintypes time: dates arrive as these, in UTC."""


def _module(name: str, **content: object) -> ModuleType:
    module = sys.modules[name] = ModuleType(name)
    vars(module).update({"__path__": [], "__file__": f"{name}.pyd"} | content)
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, module)
    return module


def start():
    """The object whose CallUDF the VBA wrappers call; `xlwings.func` and the like are those of Windows from here on."""
    nothing = lambda *_, **__: None  # noqa: E731
    plain = {name: type(name, (), {}) for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass")}
    _module("pywintypes", com_error=ComError, error=ComError, TimeType=Time, IID=str)
    _module(
        "pythoncom", com_error=ComError, ole_error=ComError, CoInitialize=nothing, CoUninitialize=nothing,
        IID_IDispatch="IDispatch", IID_IEnumVARIANT="IEnumVARIANT", TypeIIDs={"IDispatch": object}, Missing=object(),
        VT_ERROR=10, CoMarshalInterThreadInterfaceInStream=lambda _, one: one,
    )  # fmt: skip
    for name in ("win32api", "win32con", "win32gui", "win32process", "win32event"):
        _module(name)
    sys.modules["win32process"].GetWindowThreadProcessId = lambda _: (1, 1)
    _module("win32timezone", TimeZoneInfo=SimpleNamespace(utc=lambda: dt.UTC))
    _module("win32com")
    _module("win32com.client", Dispatch=lambda one, **_: one, DispatchEx=nothing, **plain)
    _module("win32com.client.gencache", EnsureModule=nothing)
    _module("win32com.client.dynamic")
    _module("win32com.client.build")
    _module("win32com.server")

    def unwrap(one):
        if not hasattr(one, "obj"):
            raise ComError(-1)
        return one

    _module("win32com.server.util", wrap=lambda one, *_, **__: one, unwrap=unwrap)
    _module("win32com.server.policy", DefaultPolicy=object)
    _module("win32com.server.dispatcher")
    _module("win32com.server.exception")
    library, ctypes.PyDLL = ctypes.PyDLL, MagicMock()
    ctypes.oledll = ctypes.windll = MagicMock()
    try:
        import xlwings
        from xlwings import _xlwindows, com_server, udfs
    finally:
        ctypes.PyDLL = library
    xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    xlwings.script = udfs.xlsub
    return com_server.XLPython()


def _stored(value: object) -> object:
    """A cell as COM gives it: numbers as doubles, dates as times, errors as numbers, blanks as None."""
    if isinstance(value, str):
        return ERRORS.get(value, value)
    if isinstance(value, dt.date):
        day = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
        return Time(*day.timetuple()[:6], tzinfo=dt.UTC)
    return float(value) if type(value) is int else value


class Range:
    """A reference to cells; of one cell `Value` is the value itself."""

    CLSID = _RANGE
    _oleobj_ = SimpleNamespace(GetTypeInfo=lambda: SimpleNamespace(GetTypeAttr=lambda: SimpleNamespace(iid=_RANGE)))

    def __init__(self, rows) -> None:
        self._rows = tuple(tuple(map(_stored, row)) for row in rows)
        self.Row = self.Column = 1
        self.Rows = SimpleNamespace(Count=len(self._rows))
        self.Columns = SimpleNamespace(Count=len(self._rows[0]))
        self.Count = self.Rows.Count * self.Columns.Count
        book = SimpleNamespace(Name="Book1.xlsm", Application=SimpleNamespace(Hwnd=1))
        self.Worksheet = SimpleNamespace(Name="Sheet1", Parent=book)

    @property
    def Value(self):  # noqa: N802  # as COM spells it
        return self._rows[0][0] if self.Count == 1 else self._rows
