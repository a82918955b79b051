"""What LibreOffice loads of the add-in: an object whose methods are the functions, each handed on to gkxl/apps/calc.py.

It runs in LibreOffice's own Python, which may be older than gkxl needs; then every function says so. So nothing here is newer
than Python 3.8, and what gkxl needs is looked for in this extension first, whatever else that Python has.
"""

import os
import sys

import unohelper
from com.sun.star.lang import XServiceInfo
from org.gkxl.calc import XFunctions

NAME = "GK"  # before the dot of the functions' names, which a workbook stores
TOO_OLD = (
    "#GK763 这个 LibreOffice 自带的 Python 是 {}.{},gkxl 要 3.11 或更新。请装 LibreOffice 26.2 或更新的版本。"
    " This LibreOffice has Python {}.{}, and gkxl needs 3.11. Install LibreOffice 26.2 or newer."
)
BROKEN = "#GK766 gkxl 在 LibreOffice 里没有装好({})。请再运行 gkxl calc install。 Run gkxl calc install again."


def answer(name, *arguments):
    """What a function gives; a text that starts with #GK where there is nothing to ask."""
    if sys.version_info < (3, 11):
        return TOO_OLD.format(*sys.version_info[:2] * 2)
    libraries = os.path.join(os.path.dirname(__file__), "pythonpath")
    if sys.path[:1] != [libraries]:
        sys.path.insert(0, libraries)
    try:
        from gkxl.apps import calc

        return getattr(calc, name)(*arguments)
    except Exception as error:
        return BROKEN.format(" ".join(f"{type(error).__name__}: {error}".split())[:200])


def area(name, *arguments):
    """The same, as the rows of an area."""
    given = answer(name, *arguments)
    return given if isinstance(given, tuple) else ((given,),)


class Functions(unohelper.Base, XFunctions, XServiceInfo):
    def __init__(self, context):
        pass

    def points(self, sentence, *pairs):
        return answer("points", sentence, *pairs)

    def table(self, rules, period, *tables):
        return area("table", rules, period, *tables)

    def detail(self, rules, period, unit, *tables):
        return area("detail", rules, period, unit, *tables)

    def total(self, rules, period, unit, *tables):
        return answer("total", rules, period, unit, *tables)

    def explain(self, rules, period, unit, *tables):
        return answer("explain", rules, period, unit, *tables)

    def check(self, rules, *tables):
        return area("check", rules, *tables)

    def rank(self, document, totals, groups, ties):
        return area("rank", document, totals, groups, ties)

    def grade(self, rules, total):
        return answer("grade", rules, total)

    def version(self):
        return answer("version")

    def cells(self, document, cells):
        return area("cells", document, cells)

    def getImplementationName(self):
        return NAME

    def supportsService(self, name):
        return name == NAME

    def getSupportedServiceNames(self):
        return (NAME,)


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Functions, NAME, (NAME,))
