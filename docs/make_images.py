"""Makes docs/images/ from the example books: python docs/make_images.py

Needs LibreOffice (`soffice`), Poppler (`pdftoppm`) and Chinese fonts. On Debian and Ubuntu:
apt-get install libreoffice-calc poppler-utils fonts-noto-cjk
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import gkxl
from gkxl.report.sheets import result_sheets
from gkxl.run.cells_read import cells_sha256, watched
from gkxl.sheets import Stored
from gkxl.workbook.graft import graft
from gkxl.workbook.read import read_book
from gkxl.workbook.render import render

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
BESIDE = 12  # columns to the right of a table that its chart takes
DOTS = 76  # to the inch
TOP = 34  # dots of the margin that are left out


@dataclass(frozen=True)
class Picture:
    """The top of a printed result sheet of a book: what part of the page's height, with or without its chart."""

    name: str
    book: str
    rules: str
    sheet: int
    height: float
    chart: bool = False


PICTURES = (
    Picture("scores", "xinzhou-2022", "xinzhou-2022.departments", 0, 0.74, chart=True),
    Picture("scores-en", "late-and-early", "late-and-early", 0, 0.32),
    Picture("awards", "huzhong-2025", "huzhong-2025", 1, 0.56),
    Picture("awards-en", "late-and-early", "late-and-early", 1, 0.95),
    Picture("issues", "county-openness", "county-openness", 2, 0.3),
    Picture("about", "huzhong-2025", "huzhong-2025", 3, 0.95),
)


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        for picture in PICTURES:
            draw(picture, Path(folder))


def draw(picture: Picture, folder: Path) -> None:
    book, _ = read_book(ROOT / "workbooks" / f"{picture.book}.xlsx")
    assert book is not None
    book = watched(book)
    results = gkxl.score(gkxl.load(ROOT / "workbooks" / f"{picture.rules}.gk"), book)
    (sheets,) = result_sheets([results], [""], [cells_sha256(book)])
    sheet = sheets[picture.sheet]
    if picture.chart:
        sheet = replace(sheet, printed=len(sheet.widths) + BESIDE, landscape=True)
    path = folder / f"{picture.name}.xlsx"
    path.write_bytes(b"".join(graft(None, render([sheet]), [sheet.name], Stored("", ())).pieces))
    run("soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path))
    width, height = (11.69, 8.27) if sheet.landscape else (8.27, 11.69)  # A4, in inches
    size = ["-W", str(int(width * DOTS)), "-H", str(int(height * picture.height * DOTS))]
    options = ["-png", "-r", str(DOTS), "-singlefile", "-x", "0", "-y", str(TOP), *size]
    run("pdftoppm", *options, str(path.with_suffix(".pdf")), str(IMAGES / picture.name))


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


if __name__ == "__main__":
    main()
