"""The project's own files: where they are, and the folders that lessons name."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROJECT_FOLDERS = ("sample_app", "monitoring")


def project_path(name: str) -> Path:
    """The path of that name on this machine.

    What begins with the name of one of the project's folders, and is not where the reader is, is
    the project's own: a notebook need not lie beside it. A learner's copy beside the notebook comes
    first.
    """
    path = Path(name).expanduser()
    if not path.exists() and path.parts and path.parts[0] in PROJECT_FOLDERS:
        return ROOT / path
    return path
