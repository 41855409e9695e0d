"""What the workbook made on which engine, noted so that clean-up removes just that.

A label proves no origin: a container inherits those of its image, and anybody can write one. So
before each request a note with a random token is written to the user's own state folder, and after
the answer the object's id. From then on the id alone counts.

A process that is killed between the two leaves a note without an id. Such an object is known by
its token, which went along as a label: nobody could know it before. Somebody may have copied it
since (`docker commit` does), so the kind must fit as well, a container's image must be the one
that was noted, and it must be the only one with that token.

A volume has no id, and its CreatedAt moves with what is written into it; but nothing inherits its
labels, so its name and its token are what it is known by. An image's labels are part of its id and
of the build cache, so an image has no token: while it has no id it is known by the tag that was
noted, with what the tag led to before, for a day.

A line that is damaged, or that could not be written, costs no more than an object that is kept.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.engine.base.engine_identity import identity_of
from helpers.engine.base.engine_info import info_of
from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.folders import state_dir
from helpers.engine.base.labels import LESSON, TOKEN

if TYPE_CHECKING:
    from docker import DockerClient

CONTAINERS, IMAGES, NETWORKS, VOLUMES = "containers", "images", "networks", "volumes"
KINDS = (CONTAINERS, IMAGES, NETWORKS, VOLUMES)
HOLDS_SECONDS = 24 * 60 * 60

_ENGINE = "_workbook_engine_id"
_writing = threading.Lock()


@dataclass(frozen=True)
class MadeObject:
    """One object that was asked for; made, as far as is known, once it has an `identity`.

    `identity` is its id; of a volume, which has none, its name. `name` is an image's tag or a
    volume's name, `image` what a container was asked of, `before` what an image's tag led to, or
    which images were named after a registry's `address` before its volume was made.
    """

    engine: str
    lesson: str
    kind: str
    name: str = ""
    image: str = ""
    address: str = ""
    before: tuple[str, ...] = ()
    identity: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    at: float = field(default_factory=time.time)

    @property
    def labels(self) -> dict[str, str]:
        """The labels that go along with the request."""
        return {LESSON: self.lesson, TOKEN: self.token}

    @property
    def is_young(self) -> bool:
        """Whether it was asked for within the last day."""
        return 0 <= time.time() - self.at < HOLDS_SECONDS

    def made(self, identity: object) -> None:
        """Notes what came of it, once the engine has answered."""
        _append(replace(self, identity=str(identity)))


def asked_for(client: DockerClient, lesson: str, kind: str, **about: Any) -> MadeObject:
    """A note on an object of that kind that is about to be asked for; see MadeObject."""
    noted = MadeObject(engine_id(client), lesson, kind, **about)
    _append(noted)
    return noted


def noted_objects(engine: str, lesson: str | None = None) -> list[MadeObject]:
    """What was asked for on that engine in that lesson, or in any, oldest first."""
    notes: dict[str, MadeObject] = {}
    for line in _lines():
        if (made := _parsed(line)) and made.engine == engine and lesson in (None, made.lesson):
            notes[made.token] = made
    return list(notes.values())


def forget(objects: Iterable[MadeObject]) -> None:
    """Drops these notes, and lines that are damaged."""
    tokens = {made.token for made in objects}
    if not tokens:
        return
    with suppress(OSError), _alone():
        whole = [made for line in _lines() if (made := _parsed(line))]
        kept = [_line(made) for made in whole if made.token not in tokens]
        fresh = _file().with_suffix(".new")
        fresh.write_text("".join(kept), encoding="utf-8")
        fresh.replace(_file())


def engine_id(client: DockerClient) -> str:
    """What the engine is known again by, asked once for each client."""
    kept = vars(client)
    if _ENGINE not in kept:
        kept[_ENGINE] = identity_of(info_of(client))
    return str(kept[_ENGINE])


def _append(made: MadeObject) -> None:
    with suppress(OSError), _alone(), _file().open("a", encoding="utf-8") as file:
        file.write(f"\n{_line(made)}")


@contextmanager
def _alone() -> Iterator[None]:
    """A block in which nobody else writes, in this process or another."""
    lock = state_dir() / "locks" / "made.lock"
    with _writing, exclusive(lock, threading.Event()):
        yield


def _line(made: MadeObject) -> str:
    return json.dumps(asdict(made)) + "\n"


def _lines() -> list[str]:
    try:
        return _file().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _parsed(line: str) -> MadeObject | None:
    try:
        document: dict[str, Any] = json.loads(line)
        texts = {name: str(document[name]) for name in _TEXTS}
        before = tuple(str(name) for name in document["before"])
        made = MadeObject(**texts, before=before, at=float(document["at"]))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return made if made.kind in KINDS and made.token else None


_TEXTS = ("engine", "lesson", "kind", "name", "image", "address", "identity", "token")


def _file() -> Path:
    return state_dir() / "made.jsonl"
