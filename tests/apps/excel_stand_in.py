"""Excel as xlwings' Windows engine sees it: an application whose workbooks are real files, held by openpyxl with what was
changed and not saved. For a process of its own, after `com_stand_in.start()`.

Of Excel's ways it has those that the macro meets: a sheet that is copied gets a free name, formulas follow a sheet that is
renamed and break when it is deleted, sheetIds stay, custom XML parts are kept, and any call may fail.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from copy import copy
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import openpyxl
from com_stand_in import ComError

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"


class Application:
    """`fails_at`: which of the calls that change something fails, counted from 1."""

    Version, Hwnd = "16.0", 1

    def __init__(self) -> None:
        self.ScreenUpdating = self.DisplayAlerts = self.EnableEvents = True
        self.Workbooks = Workbooks(self)
        self.ActiveWorkbook = None
        self.calls, self.fails_at = [], 0
        self.links = False  # whether a sheet that is copied refers to where it came from

    def call(self, what: str) -> None:
        self.calls.append(what)
        if len(self.calls) == self.fails_at:
            details = (0, "Microsoft Excel", f"{what} 不行。", None, 0, -2146827284) if self.fails_at % 2 else None
            raise ComError(-2147352567, "发生意外。", details, None)


class Workbooks(list):
    def __init__(self, application: Application) -> None:
        super().__init__()
        self.Application = application

    @property
    def Count(self) -> int:
        return len(self)

    def __call__(self, key):
        return _pick(self, key)

    def Open(self, path, *rest):
        self.Application.call("Open")
        self.append(Workbook(self.Application, Path(path)))
        return self[-1]

    def Add(self):
        self.append(Workbook(self.Application, None))
        return self[-1]


def _pick(items, key):
    items = list(items)
    for item in items:
        if item.Name.lower() == str(key).lower():
            return item
    if isinstance(key, int) and 1 <= key <= len(items):
        return items[key - 1]
    raise ComError(-2147352565, "下标越界。", None, None)


class Workbook:
    """`path` None: a workbook that was never saved."""

    IsAddin = False

    def __init__(self, application: Application, path: Path | None) -> None:
        self.Application = application
        self.Path = str(path.parent) if path else ""
        self.FullName = str(path) if path else "工作簿1"
        self.Name = path.name if path else "工作簿1"
        self.file = openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm") if path else openpyxl.Workbook()
        for sheet in self.file:
            sheet._charts.clear()  # openpyxl does not keep their names, by which ours is known
        self.parts = CustomParts(self, _custom_parts(path) if path else [])
        ids = _ids(path) if path else {}
        self.sheets = [Worksheet(self, sheet, ids.get(sheet.title, 1)) for sheet in self.file]
        self.ActiveSheet = self.sheets[0]
        self.saves_as = None  # a file that stands for a workbook in a format that openpyxl does not write

    @property
    def CustomXMLParts(self):
        return self.parts

    @property
    def Worksheets(self):
        return Sheets(self)

    Sheets = Worksheets

    @property
    def Names(self):
        return Names(self)

    def SaveCopyAs(self, path) -> None:
        self.Application.call("SaveCopyAs")
        if self.saves_as:
            shutil.copyfile(self.saves_as, path)
        else:
            self.save(Path(path))

    def Close(self, SaveChanges) -> None:
        assert SaveChanges is False
        self.Application.call("Close")
        self.Application.Workbooks.remove(self)

    def save(self, path: Path) -> None:
        content = BytesIO()
        self.file.save(content)
        with zipfile.ZipFile(content) as package, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for name in package.namelist():
                data = package.read(name)
                if name == "xl/workbook.xml":
                    for sheet in self.sheets:
                        title = re.escape(sheet.sheet.title)
                        entry = re.compile(f'(<sheet [^>]*name="{title}" sheetId=")[0-9]+')
                        data = entry.sub(rf"\g<1>{sheet.id}", data.decode()).encode()
                if name == "xl/_rels/workbook.xml.rels":
                    links = "".join(
                        f'<Relationship Id="rIdC{number}" Type="{_CUSTOM}" Target="../customXml/item{number}.xml"/>'
                        for number in range(len(self.parts.items))
                    )
                    data = data.replace(b"</Relationships>", links.encode() + b"</Relationships>")
                if name == "[Content_Types].xml":
                    override = "".join(
                        f'<Override PartName="/customXml/item{number}.xml" ContentType="application/xml"/>'
                        for number in range(len(self.parts.items))
                    )
                    data = data.replace(b"</Types>", override.encode() + b"</Types>")
                out.writestr(name, data)
            for number, part in enumerate(self.parts.items):
                out.writestr(f"customXml/item{number}.xml", part.xml)

    def formulas(self):
        """Every cell with a formula, with a way to change it."""
        for sheet in self.file:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.startswith("="):
                        yield cell

    def rename_in_formulas(self, old: str, new: str) -> None:
        reference = re.compile(rf"(?<![\w'])(?:'{re.escape(old)}'|{re.escape(old)})!")
        for cell in self.formulas():
            cell.value = reference.sub(_reference(new), cell.value)
        for name in self.file.defined_names.values():
            name.attr_text = reference.sub(_reference(new), name.attr_text)
        for sheet in self.file:
            for chart in sheet._charts:
                for series in chart.series:
                    series.val.numRef.f = reference.sub(_reference(new), series.val.numRef.f)


def _reference(sheet: str) -> str:
    return f"'{sheet}'!" if re.search(r"[^\w]", sheet) else f"{sheet}!"


def _custom_parts(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if re.fullmatch(r"customXml/item\d+\.xml", name)]
        return [package.read(name).decode() for name in names]


def _ids(path: Path) -> dict[str, int]:
    with zipfile.ZipFile(path) as package:
        text = package.read("xl/workbook.xml").decode()
    return {name: int(number) for name, number in re.findall(r'<sheet [^>]*name="([^"]*)" sheetId="(\d+)"', text)}


class Sheets:
    def __init__(self, book: Workbook) -> None:
        self.book, self.Parent = book, book

    @property
    def Count(self) -> int:
        return len(self.book.sheets)

    def __iter__(self):
        return iter(list(self.book.sheets))

    def __call__(self, key):
        return _pick(self.book.sheets, key)


class Worksheet:
    def __init__(self, book: Workbook, sheet, number: int) -> None:
        self.Parent, self.sheet, self.id = book, sheet, number

    @property
    def Application(self):
        return self.Parent.Application

    @property
    def Name(self) -> str:
        return self.sheet.title

    @Name.setter
    def Name(self, name: str) -> None:
        self.Application.call(f"Name = {name}")
        if any(other.Name.lower() == name.lower() for other in self.Parent.sheets if other is not self):
            raise ComError(-2147352567, "发生意外。", (0, "Microsoft Excel", "该名称已被使用。", None, 0, 0), None)
        old, self.sheet.title = self.sheet.title, name
        self.Parent.rename_in_formulas(old, name)

    @property
    def Visible(self) -> int:
        return {"visible": -1, "hidden": 0, "veryHidden": 2}[self.sheet.sheet_state]

    @Visible.setter
    def Visible(self, value: int) -> None:
        self.sheet.sheet_state = {-1: "visible", 0: "hidden", 2: "veryHidden"}[value]

    @property
    def Index(self) -> int:
        return self.Parent.sheets.index(self) + 1

    @property
    def Cells(self):
        return Cells(self)

    def Range(self, first, last=None):
        if isinstance(first, str):
            cell = self.sheet[first]
            return Area(self, cell.row, cell.column)
        return Area(self, first.Row, first.Column, last.Row, last.Column)

    def Activate(self) -> None:
        assert self.Visible == -1
        self.Parent.ActiveSheet = self

    def Copy(self, Before=None, After=None, *rest) -> None:
        self.Application.call("Copy")
        beside = Before or After
        book = beside.Parent
        name, number = self.Name, 2
        while any(other.Name.lower() == name.lower() for other in book.sheets):
            name, number = f"{self.Name} ({number})", number + 1
        at = book.sheets.index(beside) + (Before is None)
        new = book.file.create_sheet(name, at)
        for row in self.sheet.iter_rows():
            for cell in row:
                twin = new.cell(cell.row, cell.column, cell.value)
                twin._style = copy(cell._style) if book.file is self.Parent.file else twin._style
                twin.number_format, twin.alignment = cell.number_format, copy(cell.alignment)
                if cell.hyperlink:
                    twin.hyperlink = copy(cell.hyperlink)
        if self.Application.links:
            new["A1"].hyperlink = f"{self.Parent.FullName}#A1"
        book.sheets.insert(at, Worksheet(book, new, max(sheet.id for sheet in book.sheets) + 1))
        book.ActiveSheet = book.sheets[at]

    def Delete(self) -> None:
        self.Application.call("Delete")
        assert self.Visible != 2, "Excel does not delete it"
        assert not self.Application.DisplayAlerts, "Excel would ask"
        book = self.Parent
        book.sheets.remove(self)
        book.file.remove(self.sheet)
        for cell in book.formulas():
            cell.value = cell.value.replace(_reference(self.Name), "#REF!")
        if book.ActiveSheet is self:
            book.ActiveSheet = book.sheets[0]


class Area:
    def __init__(self, sheet: Worksheet, top: int, left: int, bottom: int = 0, right: int = 0) -> None:
        self.Worksheet, self.Row, self.Column = sheet, top, left
        self.Rows = SimpleNamespace(Count=(bottom or top) - top + 1)
        self.Columns = SimpleNamespace(Count=(right or left) - left + 1)

    def __call__(self, row: int, column: int) -> Area:
        return Area(self.Worksheet, self.Row + row - 1, self.Column + column - 1)

    def __setattr__(self, name: str, value) -> None:
        if name != "Value":
            super().__setattr__(name, value)
            return
        for i, row in enumerate(value):
            for j, text in enumerate(row):
                self.Worksheet.sheet.cell(self.Row + i, self.Column + j, text.removeprefix("'"))


class Cells:
    """All cells of a sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet

    def __call__(self, row: int, column: int) -> Area:
        return Area(self.sheet, row, column)

    def Replace(self, what, by, look_at, search_order, match_case) -> bool:
        assert (look_at, match_case) == (2, False)
        self.sheet.Application.call("Replace")
        for row in self.sheet.sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace(what, by)
        return True


class Names:
    def __init__(self, book: Workbook) -> None:
        self.book = book

    def __iter__(self):
        return iter([Name(self.book, name) for name in self.book.file.defined_names.values()])

    @property
    def Count(self) -> int:
        return len(self.book.file.defined_names)

    def __call__(self, index):
        return list(self)[index - 1]


class Name:
    def __init__(self, book: Workbook, name) -> None:
        self.name, self.Application, self.Parent = name, book.Application, book

    @property
    def Name(self) -> str:
        return self.name.name

    @property
    def RefersTo(self) -> str:
        return f"={self.name.attr_text}"

    @RefersTo.setter
    def RefersTo(self, formula: str) -> None:
        self.Application.call("RefersTo")
        self.name.attr_text = formula.removeprefix("=")


class CustomParts:
    def __init__(self, book: Workbook, texts) -> None:
        self.book = book
        self.items = [CustomPart(self, text) for text in texts]

    def SelectByNamespace(self, namespace: str):
        return Selected([part for part in self.items if f'xmlns="{namespace}"' in part.xml])

    def Add(self, xml: str):
        self.book.Application.call("Add part")
        self.items.append(CustomPart(self, xml))
        return self.items[-1]


class Selected:
    def __init__(self, items) -> None:
        self._items, self.Count = items, len(items)

    def Item(self, number: int):
        return self._items[number - 1]


class CustomPart:
    def __init__(self, parts: CustomParts, xml: str) -> None:
        self.parts, self.xml = parts, xml

    def Delete(self) -> None:
        self.parts.book.Application.call("Delete part")
        self.parts.items.remove(self)
