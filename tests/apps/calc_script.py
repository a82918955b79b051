"""What is asked of a running LibreOffice, as a person at the keyboard would: cells are set, cells that depend on them read.

/usr/bin/python3 calc_script.py PIPE BOOK CELL: the Python that has LibreOffice's bridge; a cell with a formula over 值!B2.
Prints JSON.
"""

import json
import os
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    raise SystemExit("LibreOffice does not answer")


context = connected(sys.argv[1])
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
book = desktop.loadComponentFromURL(
    uno.systemPathToFileUrl(sys.argv[2]), "_blank", 0, (PropertyValue("Hidden", 0, True, 0),)
)
formulas, values, progress = (book.Sheets.getByName(name) for name in ("公式", "值", "进度"))
found = {}


def cell(name):
    at = formulas.getCellRangeByName(name)
    return at.String if at.getError() or at.Type.value == "TEXT" or at.FormulaResultType2 == 2 else at.Value


def area(name):
    return [["#N/A" if one is None else one for one in row] for row in formulas.getCellRangeByName(name).getDataArray()]


formulas.getCellRangeByName("AA1").Formula = '=GK.POINTS("迟报每次扣1分。";"迟报";GK.CELLS($值.B2))'
formulas.getCellRangeByName("AA2").Formula = '=GK.POINTS("迟报每次扣1分。";"迟报";$值.B2)'
formulas.getCellRangeByName("AC1:AL5").setArrayFormula(
    '=GK.TABLE($规则.A1:A21;"2025Q4";"单位表";$单位表.A1:C5;"信息公开";$信息公开.A1:C11;'
    '"咨询答复";$\'咨询 答复\'.B3:D11;"转发表";$转发表.A1:B3;"进度";$进度.A1:B5)'
)
found["points"] = [cell("AA1"), cell("AA2")]
found["of the file"] = [formulas.getCellRangeByName(sys.argv[3]).Formula, cell(sys.argv[3])]
found["table"] = area("AC1:AL5")
values.getCellRangeByName("B2").Value = 5
progress.getCellRangeByName("B5").Value = 1
found["points after a change"] = [cell("AA1"), cell("AA2")]
found["of the file after a change"] = cell(sys.argv[3])
found["table after a change"] = area("AC1:AL5")
values.getCellRangeByName("B2").String = ""
found["points of what was emptied"] = [cell("AA1"), cell("AA2")]
values.getCellRangeByName("B2").Formula = "=NA()"
found["points of an error"] = [cell("AA1"), cell("AA2")]
formulas.getCellRangeByName("AA3").Formula = "=GK.RANK($总分表.D2:D7;GK.CELLS($总分表.B2:B7))"
formulas.getCellRangeByName("AA4").Formula = "=GK.NOTHING()"
found["left out"] = cell("AA3")
found["unknown"] = cell("AA4")
one = '"表";$进度.A1:B5'
formulas.getCellRangeByName("AA5").Formula = f"=GK.CHECK($规则.A1:A21;{';'.join([one] * 41)})"
found["too many"] = cell("AA5")

descriptions = context.ServiceManager.createInstanceWithContext("com.sun.star.sheet.FunctionDescriptions", context)
described = {}
for number in range(descriptions.getCount()):
    words = {one.Name: one.Value for one in descriptions.getByIndex(number)}
    if words["Name"].startswith("GK."):
        described[words["Name"]] = [
            words["Description"],
            *([one.Name, one.Description, one.IsOptional] for one in (words["Arguments"] or ())[:3]),
        ]
found["described"] = described
settings = context.ServiceManager.createInstanceWithContext("com.sun.star.configuration.ConfigurationProvider", context)
asked = {"nodepath": "/org.openoffice.Office.CalcAddIns/AddInInfo/GK/AddInFunctions/total", "locale": "zh-CN"}
in_chinese = settings.createInstanceWithArguments(
    "com.sun.star.configuration.ConfigurationAccess",
    tuple(PropertyValue(name, 0, value, 0) for name, value in asked.items()),
)
found["in Chinese"] = [in_chinese.Description, in_chinese.Parameters.getByName("rules").Description]
book.close(True)
print(json.dumps(found, ensure_ascii=False), flush=True)
desktop.terminate()
os._exit(0)  # Python's usual end crashes now and then, in what is left of the bridge to a LibreOffice that has ended
