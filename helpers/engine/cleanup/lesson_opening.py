"""What already had a lesson's names on the engine when the lesson was opened there.

What a learner makes by hand stands in no note of the workbook's; a lesson's clean-up knows it by
the names that the lesson declares. What had such a name before is somebody else's, and noted here.
The note is made when a lesson is opened. It holds while the lesson is worked on, kernel restarts
included; after a clean-up, or a day without a visit, the next opening makes it anew: what has the
name by then may be anybody's. So a doubt ends with something kept, never with something removed.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.engine.base.disk_answers import written_to
from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.folders import state_dir
from helpers.engine.base.origin_ledger import engine_id
from helpers.engine.cleanup.present import Present, present

if TYPE_CHECKING:
    from docker import DockerClient

HOLDS_SECONDS = 24 * 60 * 60


def open_lesson(client: DockerClient, lesson: str, names: tuple[str, ...]) -> None:
    """Notes who has these names, unless the lesson is open already; then that note holds on."""
    if not names:
        return
    key = _key(client, lesson)
    with _turn():
        noted = _read()
        before = _note(noted.get(key))
        there = before["present"] if before and _is_open(before) else present(client, names)
        _write({**noted, key: {"at": time.time(), "open": True, "present": there}})


def close_lesson(client: DockerClient, lesson: str, names: tuple[str, ...]) -> None:
    """Notes who has these names after a clean-up; the next opening of the lesson looks anew."""
    if names:
        note = {"at": time.time(), "open": False, "present": present(client, names)}
        key = _key(client, lesson)
        with _turn():
            _write({**_read(), key: note})


def go_on(client: DockerClient, lesson: str) -> None:
    """Opens the lesson again after a clean-up in its middle, with what was noted then."""
    key = _key(client, lesson)
    with _turn():
        noted = _read()
        if note := _note(noted.get(key)):
            _write({**noted, key: {**note, "at": time.time(), "open": True}})


def strangers(client: DockerClient, lesson: str, only_open: bool = False) -> Present | None:
    """Who had the lesson's names before it, by the note; None where there is none to trust.

    With `only_open`, none is trusted of a lesson that was cleaned up since, or not visited for a
    day: what has its names by now may be anybody's.
    """
    note = _note(_read().get(_key(client, lesson)))
    return note["present"] if note and (_is_open(note) or not only_open) else None


def _note(value: Any) -> dict[str, Any] | None:
    present = value.get("present") if isinstance(value, dict) else None
    is_whole = isinstance(present, dict) and all(isinstance(n, dict) for n in present.values())
    return value if is_whole and isinstance(value.get("at"), float) else None


def _is_open(note: Mapping[str, Any]) -> bool:
    return bool(note.get("open")) and time.time() - note["at"] < HOLDS_SECONDS


def _key(client: DockerClient, lesson: str) -> str:
    return f"{engine_id(client)} {lesson}"


def _file() -> Path:
    return state_dir() / "openings.json"


@contextmanager
def _turn() -> Iterator[None]:
    """A block that one kernel at a time is in: two lessons are opened at once, too.

    Raises SetupFailed where nothing can be written down.
    """
    path = _file()
    with written_to(path), exclusive(path.with_suffix(".lock"), threading.Event()):
        yield


def _read() -> dict[str, Any]:
    try:
        noted = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _write(noted: Mapping[str, Any]) -> None:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(noted, indent=1), encoding="utf-8")
    fresh.replace(path)
