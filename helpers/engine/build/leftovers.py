"""Images that a classic build leaves without a name or a label, noted for clean-up.

The classic builder keeps the image of each step, those of a build that failed too, as its cache.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from docker.errors import NotFound

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.engine_identity import identity_of
from helpers.engine.base.folders import state_dir
from helpers.engine.base.listed_objects import images_of
from helpers.engine.base.needed_parts import id_in

Note = dict[str, str]


class MadeImages:
    """What a classic build leaves, told from what was on the engine before it.

    The ids come out of the build's text, in which its steps can print anything; so one that was
    there before is nobody's leftover.
    """

    def __init__(self, engine: EngineContext) -> None:
        self._engine = engine
        self._before: frozenset[str] | None = None

    def look(self) -> None:
        """Takes in what is there before the build."""
        self._before = frozenset(each.id for each in images_of(self._engine.client.api, all=True))

    def note(self, claimed: Iterable[str]) -> None:
        """Writes down those of the claimed images that are there and were not before."""
        if self._before is None:
            return
        present = dict.fromkeys(filter(None, map(self._id_of, dict.fromkeys(claimed))))
        new = [image for image in present if image not in self._before]
        if new:
            note_leftovers(identity_of(self._engine.info), self._engine.lesson, new)

    def _id_of(self, image: str) -> str:
        try:
            return id_in(self._engine.client.api.inspect_image(image), "docker inspect")
        except NotFound:
            return ""


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
