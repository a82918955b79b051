"""What all tests share: the reasons to skip one, and how hard hypothesis tries."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None)  # the machine's speed is no property of the code
settings.register_profile("deep", deadline=None, max_examples=20_000)
settings.load_profile("default")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real workbooks. Read only: a test works on copies."""
    if not os.environ.get("GKXL_CORPUS"):
        pytest.skip("GKXL_CORPUS is unset")
    return Path(os.environ["GKXL_CORPUS"])
