"""The helpers beside the tests are imported by name; pytest's importlib mode does not look for them by itself."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
