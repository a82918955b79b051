"""What makes the bundled workbooks is imported by name."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "workbooks"))
