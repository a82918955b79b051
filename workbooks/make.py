"""Makes the example workbooks from the figures beside this file.

    python workbooks/make.py          writes them to their places in the project
    python workbooks/make.py FOLDER   writes them under FOLDER instead

Each `figures/*.toml` describes one workbook, sheet by sheet; published tables stand in the CSV files that it names.
A fixed form is described once, by its cells, and filled for each sheet that has it. Sheets may be those of another
workbook, and rules those of a rule file. Nothing of the clock or the machine goes in, so that two runs give the same bytes.
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

import demo
from office import FIGURES, Office, form_numbers


def described(name: str) -> dict[str, Any]:
    """A workbook as its file describes it, with the sheets that it takes from others."""
    description = tomllib.loads((FIGURES / name).read_text(encoding="utf-8"))
    sheets = []
    for sheet in description["sheet"]:
        if "from" in sheet:
            sheets += [one for one in described(sheet["from"])["sheet"] if one["name"] in sheet["names"]]
        elif "rules" in sheet:
            sheets.append(sheet | {"lines": rule_lines(FIGURES.parent / sheet["rules"]) + sheet.get("more", [])})
        else:
            sheets.append(sheet)
    return description | {"sheet": sheets}


def rule_lines(path: Path) -> list[str]:
    """The rules of a file, without its comments, published figures and examples."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("公布", "published")):
            break
        if not line.lstrip().startswith("#"):
            found.append(line)
    return "\n".join(found).strip().splitlines()


def write(path: Path, description: dict[str, Any], found: demo.Found | None = None) -> None:
    """Write a workbook. `found`: what the formulas of a sheet of functions give; without it that sheet is left out."""
    office = Office(path, description)
    form = description.get("form", {"numbers": []})
    numbers = form_numbers(form, description["sheet"])
    for sheet in description["sheet"]:
        if "function" in sheet:
            if found is not None:
                demo.Demo(office, sheet, found)
        elif "rules" in sheet:
            office.add_rules(sheet)
        elif "lines" in sheet:
            office.add_notes(sheet)
        elif "form" in sheet:
            office.add_form(sheet, form, numbers[sheet["name"]])
        else:
            office.add_table(sheet)
    office.book.close()


def make(folder: Path) -> list[Path]:
    """Writes every workbook under the folder and gives their paths."""
    made = []
    for source in sorted(FIGURES.glob("*.toml")):
        description = described(source.name)
        path = folder / description["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, description)
        for sheet in description["sheet"]:
            if "function" in sheet:
                write(path, description, demo.answers(path, sheet))
        made.append(path)
    return made


if __name__ == "__main__":
    for path in make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent):
        print(path)
