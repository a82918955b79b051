"""The macro that recalculates the workbook that is open in Excel. A module of xlwings' user-defined functions, like excel.py.

No type hints here: xlwings would take them for converters.
"""

from __future__ import annotations

import xlwings as xw


@xw.script
def gk_recalculate():
    """用 gkxl 重算打开的工作簿,不必先保存。 Recalculates the open workbook, saved or not: results go into sheets at its end."""
    from gkxl.apps.in_excel import recalculate

    recalculate(xw.Book.caller())
