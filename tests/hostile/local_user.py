"""Another account of this machine: what it reads, what it leaves in folders that one passes by."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NOBODY = 65534
# Programs of Python that the workbook starts with -m, and libraries that it imports early.
NOT_STANDARD = (
    "helpers", "pip", "ipykernel", "jupyterlab", "playwright", "pytest", "docker", "rich", "psutil",
)  # fmt: skip
_TRAP = """
with open({marks!r}, "a") as marks:
    marks.write(__name__ + "\\n")
raise SystemExit("this is somebody else's code")
"""


def folder_of_traps(folder: Path, marks: Path) -> Path:
    """A folder with a module for each name that Python might look for; one that runs notes it."""
    folder.mkdir()
    text = _TRAP.format(marks=str(marks))
    for name in {*sys.stdlib_module_names, *NOT_STANDARD}:
        (folder / f"{name}.py").write_text(text)
    return folder


def ran(marks: Path) -> list[str]:
    """The modules of a folder of traps that ran."""
    return sorted(set(marks.read_text().split())) if marks.exists() else []


def reads(path: Path | str) -> str:
    """What another account reads in that file; empty where it may not. Needs root."""
    words = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "cat", path]
    done = subprocess.run(words, capture_output=True, check=False)
    return done.stdout.replace(b"\0", b" ").decode(errors="replace")


def is_root() -> bool:
    """Whether another account can be played."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
