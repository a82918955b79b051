"""Makes the varied books that the writer is proved on, and the list of what each holds.

    python tests/workbook/books/make.py          writes them beside this file
    python tests/workbook/books/make.py FOLDER   writes them into FOLDER instead

Nothing of the clock or the machine goes in, so that two runs give the same parts.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import features
import office
import plain
from pack import Pack, Zip

BOOKS: dict[str, Callable[[], Pack | bytes]] = {
    "charts.xlsx": features.charts,
    "pivot.xlsx": features.pivot,
    "macros.xlsm": features.macros,
    "macros-signed.xlsm": features.macros_signed,
    "comments.xlsx": features.comments,
    "dynamic.xlsx": features.dynamic,
    "rules.xlsx": features.rules,
    "controls.xlsx": features.controls,
    "links.xlsx": office.links,
    "printing.xlsx": office.printing,
    "protected.xlsx": office.protected,
    "tabs.xlsx": office.tabs,
    "smart-art.xlsx": office.smart_art,
    "signed.xlsx": office.signed,
    "shared-log.xlsx": office.shared_log,
    "encrypted.xlsx": office.encrypted,
    "strict.xlsx": plain.strict,
    "date1904.xlsx": plain.date1904,
    "prefixed.xlsx": plain.prefixed,
    "bare.xlsx": plain.bare,
    "loose-ends.xlsx": plain.loose_ends,
    "utf16.xlsx": plain.utf16,
    "names-of-ours.xlsx": plain.names_of_ours,
    "descriptors.xlsx": plain.descriptors,
    "zip64.xlsx": plain.zip64,
    "stored.xlsx": plain.stored,
    "backslashes.xlsx": plain.backslashes,
    "junk-before.xlsx": plain.junk_before,
}


def main(folder: Path) -> None:
    lines = [
        "# What the books hold",
        "",
        "Made by `tests/workbook/books/make.py`.",
        "",
        "| book | holds |",
        "|---|---|",
    ]
    for name, make in BOOKS.items():
        book = make()
        (folder / name).write_bytes(Zip().write(book.parts) if isinstance(book, Pack) else book)
        lines.append(f"| {name} | {make.__doc__} |")
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
