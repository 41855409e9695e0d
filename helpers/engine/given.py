"""The folders that come with the workbook, by the names that lessons give them."""

from __future__ import annotations

from pathlib import Path

GIVEN = ("sample_app", "monitoring")
_ROOT = Path(__file__).resolve().parents[2]


def given_path(name: str) -> Path:
    """The path of that name on this machine.

    What begins with the name of a given folder, and is not where the reader is, is the workbook's
    own: a notebook need not lie beside it. A learner's copy beside the notebook comes first.
    """
    path = Path(name).expanduser()
    if not path.exists() and path.parts and path.parts[0] in GIVEN:
        return _ROOT / path
    return path
