"""Images that a classic build leaves without a name or a label, noted for clean-up.

The classic builder keeps the image of each step, those of a build that failed too, as its cache.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from helpers.engine.base.folders import state_dir

Note = dict[str, str]


def note_leftovers(engine: str, lesson: str, images: Iterable[str]) -> None:
    """Writes down that a build of that lesson left these images."""
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for image in images:
            file.write(json.dumps({"engine": engine, "lesson": lesson, "image": image}) + "\n")


def leftovers(engine: str, lesson: str | None) -> list[str]:
    """The images that builds of that lesson, or of any, left on that engine, the newest first."""
    mine = [note["image"] for note in _notes() if _is_of(note, engine, lesson)]
    return list(dict.fromkeys(reversed(mine)))


def forget_leftovers(engine: str, lesson: str | None) -> None:
    """Forgets them."""
    kept = [note for note in _notes() if not _is_of(note, engine, lesson)]
    path = _file()
    if path.exists():
        fresh = path.with_suffix(".new")
        fresh.write_text("".join(json.dumps(note) + "\n" for note in kept), encoding="utf-8")
        fresh.replace(path)


def _is_of(note: Note, engine: str, lesson: str | None) -> bool:
    return note["engine"] == engine and lesson in (None, note["lesson"])


def _notes() -> list[Note]:
    try:
        lines = _file().read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    notes: list[Note] = []
    for line in lines:
        with suppress(ValueError, TypeError):
            note = json.loads(line)
            if {"engine", "lesson", "image"} <= set(note):
                notes.append(note)
    return notes


def _file() -> Path:
    return state_dir() / "leftovers.jsonl"
