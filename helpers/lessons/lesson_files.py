"""Where the lessons are: sources and executed notebooks, and how a word names one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from helpers.engine.base.project_files import ROOT
from helpers.errors import InvalidInput

NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "source"


def committed_lessons(folder: Path = NOTEBOOKS) -> dict[str, Path]:
    """The executed notebooks by lesson number, in order."""
    return {path.name[:2]: path for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}


def lesson_sources(folder: Path = SOURCES) -> dict[str, Path]:
    """The text sources by lesson number, in order."""
    return {path.name[:2]: path for path in sorted(folder.glob("[0-9][0-9]_*.md"))}


def chosen(words: Sequence[str], files: dict[str, Path]) -> list[Path]:
    """The files that words such as '00', '3' or 'all' mean; all of them for no word.

    Raises InvalidInput for a word that names none.
    """
    if not words or "all" in words:
        return list(files.values())
    paths = []
    for word in words:
        path = files.get(word.zfill(2))
        if path is None:
            known = ", ".join(files) or "none yet"
            raise InvalidInput(f"There is no lesson {word!r} here.", f"There are: {known}.")
        paths.append(path)
    return paths
