"""The project's own files: where they are, and the folders that lessons name."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from contextlib import suppress
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
        path = ROOT / path
    _open_to_containers(path)
    return path


def with_project_paths(words: Iterable[str]) -> tuple[str, ...]:
    """A command's words, in which `./sample_app` and `./monitoring/…:/inside` are found as well.

    Only what begins with `./` is meant for a path for certain: a network may be called monitoring.
    """
    return tuple(_with_path(word) for word in words)


def _with_path(word: str) -> str:
    outside, colon, rest = word.partition(":")
    if not outside.startswith("./"):
        return word
    path = project_path(outside)
    return f"{path}{colon}{rest}" if path != Path(outside) else word


def _open_to_containers(path: Path) -> None:
    """The project's own files can be read by any user in a container, whatever the umask was when
    they came here; others' files stay as they are.
    """
    with suppress(OSError):
        whole = path.resolve()
        if not any(whole.is_relative_to(ROOT / name) for name in PROJECT_FOLDERS):
            return
        for part in (whole, *(whole.rglob("*") if whole.is_dir() else ())):
            mode = part.stat().st_mode
            wanted = mode | (0o055 if part.is_dir() or mode & stat.S_IXUSR else 0o044)
            if wanted != mode and not part.is_symlink():
                part.chmod(stat.S_IMODE(wanted))
