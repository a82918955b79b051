"""All values of a workbook's sheets, as openpyxl and calamine read them."""

import io
import warnings

Values = dict[str, dict[str, object]]  # sheet, then address or place, then what stands there


def by_openpyxl(data: bytes) -> Values | None:
    """Stored values, formulas and number formats; None if openpyxl does not load the book."""
    import openpyxl

    found: Values = {}
    for stored in (True, False):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(io.BytesIO(data), data_only=stored)
                for sheet in book.worksheets:
                    cells = found.setdefault(sheet.title, {})
                    for (row, column), cell in sheet._cells.items():
                        if getattr(cell, "value", None) is not None:
                            cells[f"{row},{column},{stored}"] = (_shown(cell.value), cell.number_format)
        except MemoryError:
            raise
        except Exception:  # whatever openpyxl cannot load it cannot judge
            return None
    return found


def by_calamine(data: bytes) -> Values | None:
    from python_calamine import CalamineWorkbook

    found: Values = {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            found[name] = {f"{i},{j}": v for i, row in enumerate(rows, 1) for j, v in enumerate(row, 1) if v != ""}
    except BaseException as error:  # a panic of its native code is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        return None
    return found


def _shown(value: object) -> object:
    """Formula objects of openpyxl are compared by what they say."""
    return (type(value).__name__, repr(sorted(vars(value).items(), key=str))) if hasattr(value, "__dict__") else value


def changes(before: Values, after: Values, new: set[str]) -> list[str]:
    """What of the sheets before is another now; `new` are the names of sheets that were added."""
    told = [f"sheet {name!r} is gone" for name in before if name not in after]
    told += [f"sheet {name!r} is new" for name in after if name not in before and name not in new]
    for name, cells in before.items():
        theirs = after.get(name, {})
        if cells == theirs or name not in after:
            continue
        places = [p for p in cells.keys() | theirs.keys() if not _same(cells.get(p), theirs.get(p))]
        told += [f"{name!r} {p}: {cells.get(p)!r} is now {theirs.get(p)!r}" for p in sorted(places)[:3]]
    return told


def _same(one: object, other: object) -> bool:
    return one == other or (one != one and other != other)
