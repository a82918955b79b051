"""What all tests share: the reasons to skip one, how hard hypothesis tries, the language of the system."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None)  # the machine's speed is no property of the code
settings.register_profile("deep", deadline=None, max_examples=20_000)
settings.load_profile("default")

# No language but what a test sets as LANG, whatever the tester's own: the messages that no rules decide are then Chinese.
for name in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real workbooks. Read only: a test works on copies."""
    if not os.environ.get("GKXL_CORPUS"):
        pytest.skip("GKXL_CORPUS is unset")
    return Path(os.environ["GKXL_CORPUS"])
