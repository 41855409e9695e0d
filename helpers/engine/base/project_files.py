"""The project's own files: where they are, and the folders that lessons name."""

from __future__ import annotations

from collections.abc import Iterable
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


def with_project_paths(words: Iterable[str]) -> tuple[str, ...]:
    """A command's words, in which `./sample_app` and `./monitoring/…:/inside` are found as well.

    Only what begins with `./` is meant for a path for certain: a network may be called monitoring.
    """
    return tuple(_with_path(word) for word in words)


def _with_path(word: str) -> str:
    outside, colon, rest = word.partition(":")
    if not outside.startswith("./") or Path(outside).exists():
        return word
    path = project_path(outside)
    return f"{path}{colon}{rest}" if path != Path(outside) else word
