"""What holds for every test, those in notebooks included: nobody's progress is touched."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

pytest_plugins = ["tests.policy", "tests.spread.plugin", "tests.aftermath"]
_HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Kernels and tests of this run keep their progress in a file that goes with the run."""
    config.stash[_HOME] = Path(tempfile.mkdtemp(prefix="workbook-progress-"))
    os.environ["WORKBOOK_PROGRESS"] = str(config.stash[_HOME] / "progress.jsonl")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The file is gone."""
    shutil.rmtree(config.stash[_HOME], ignore_errors=True)
