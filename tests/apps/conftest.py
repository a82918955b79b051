"""The results made by hand stand beside the tests of the reports, the books made by hand beside those of the reader."""

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parents[1] / "report"), str(Path(__file__).parents[1] / "workbook")]
