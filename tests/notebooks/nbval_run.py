"""nbval on one lesson, run from its command line in a process of its own, as the README has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from helpers.engine.base.project_files import ROOT

SANITIZE = ROOT / "tests/notebooks/sanitize.cfg"
NBVAL = (
    *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=20"),
    *("--nbval", "--nbval-current-env", "--nbval-cell-timeout=180"),
    f"--nbval-sanitize-with={SANITIZE}",
)


def beside_the_app(folder: Path) -> Path:
    """A folder for a notebook, from which `../sample_app` and its like are found."""
    for name in ("sample_app", "monitoring"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    (folder / "notebooks").mkdir()
    return folder / "notebooks"


def validated(path: Path, progress: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What nbval says of that notebook, run in its folder; progress is kept in that file."""
    environment = {**os.environ, "WORKBOOK_PROGRESS": str(progress), "PYTEST_ADDOPTS": ""}
    return subprocess.run(
        [*NBVAL, *options, path.name],
        cwd=path.parent,
        env=environment,
        capture_output=True,
        text=True,
    )
