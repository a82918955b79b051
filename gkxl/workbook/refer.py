"""Whether anything in a workbook refers to certain of its sheets, looked for in the bytes of all its parts but theirs."""

from __future__ import annotations

import re
from collections.abc import Collection

from gkxl.workbook.draft import Draft
from gkxl.workbook.own_sheets import goes_with, main_part, worksheets
from gkxl.workbook.package import Package, part_key
from gkxl.workbook.workbook_draft import WorkbookDraft

_LONGEST = 31  # characters of a sheet's name


def refer(package: Package, names: Collection[str]) -> bool:
    """Whether formulas, names, charts, pivot tables or links outside the sheets `names` say one of these names.

    The names are of letters, digits, blanks and hyphens alone, and no other text has them; one may be that of a workbook.
    """
    if not names:
        return False
    wanted = re.compile("|".join(map(re.escape, names)).encode())
    main = main_part(package)
    book = WorkbookDraft(Draft(package), main)
    if any(wanted.search(text.encode()) for text in book.formulas(without=names)):
        return True
    own = {part_key(part) for name, (part, _) in worksheets(package).items() if name in names}
    own |= {main}.union(*(goes_with(package, part) for part in own))
    parts = [key for key in package.keys if key.endswith((".xml", ".rels")) and key not in own]
    return any(_says(package, part, wanted) for part in parts if not part.startswith("docprops/"))


def _says(package: Package, part: str, wanted: re.Pattern[bytes]) -> bool:
    rest = b""
    for chunk in package.stream(part):
        text = rest + chunk
        if wanted.search(text):
            return True
        rest = text[-_LONGEST:]
    return False
