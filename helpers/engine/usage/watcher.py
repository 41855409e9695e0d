"""Which containers there are and what becomes of them, as the engine's events say it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from docker.errors import NotFound

from helpers.engine.base.engine_info import info_of
from helpers.engine.base.event_follower import EventFollower, OpenStream
from helpers.engine.base.events import clock_of
from helpers.engine.base.needed_parts import needed_rows
from helpers.engine.usage.siblings import sibling
from helpers.engine.usage.watched import ALIVE, DESTROYS, Give, Scan, Watched, is_life_event
from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import CONNECTED
from helpers.model.text.answer_parts import count_in, text_in, texts_of

if TYPE_CHECKING:
    from docker import DockerClient

INSPECTORS = 4
_LOOKED_AFTER = ("start", "restart", "die", "update")


class Watcher:
    """Scans and events of the containers with these ids, or of all that run, until `stop`.

    With `looks` it finds out where their counters lie on this machine. Where the engine goes away
    it says so, and begins with a new scan once it is back.
    """

    def __init__(
        self, client: DockerClient, ids: Sequence[str] | None, give: Give, looks: bool = True
    ) -> None:
        self._client = client
        self._ids = None if ids is None else frozenset(ids)
        self._give = give
        self._looks = looks
        self._known: dict[str, Watched] = {}
        self._since: float | None = None
        self._follower = EventFollower(
            client, {"type": "container"}, "containers' events", lease_seconds=math.inf
        )
        self._follower.start(self._read, give)

    def stop(self) -> None:
        """No thread and no connection left."""
        self._follower.stop()

    def _read(self, open_stream: OpenStream) -> bool:
        """All that a stream says; never is there nothing more to follow.

        It is open before the scan, so nothing falls between, and begins with the newest event
        known, so nothing falls between two streams either.
        """
        info = info_of(self._client)
        now = clock_of(info)
        self._since = begin = now if self._since is None else self._since
        with open_stream(now, begin - 1e-6) as events:
            self._give(Scan(tuple(self._scan()), count_in(info, "MemTotal")))
            self._give(CONNECTED)
            for event in events:
                if event.at > begin:
                    self._pass_on(event)
        return False

    def _scan(self) -> list[Watched]:
        """All that is watched; what the list says unchanged of a container is not asked again."""
        rows = needed_rows(self._client.api.containers(all=True), "docker ps")
        listed = {text_in(item, "Id"): item for item in rows}
        states = {key: text_in(item, "State") for key, item in listed.items()}
        wanted = [key for key, state in states.items() if self._is_wanted(key, state)]
        changed = [key for key in wanted if not self._is_known(listed[key])]
        looks = self._looked_at([listed[key] for key in changed])
        kept = [self._known[key] for key in wanted if key not in changed]
        self._known = {new.id: new for new in (*kept, *looks) if new is not None}
        return list(self._known.values())

    def _looked_at(self, items: list[dict[str, Any]]) -> list[Watched | None]:
        """One of them inspected; those that lie as it does found by that, the others inspected."""
        keys = {text_in(item, "Id"): item for item in items}
        alive = [key for key, item in keys.items() if text_in(item, "State") in ALIVE]
        first = self._look(alive[0]) if alive else None
        looks = {key: sibling(first, keys[key]) for key in alive} if first else {}
        looks |= {first.id: first} if first else {}
        others = [key for key in keys if not looks.get(key)]
        with ThreadPoolExecutor(INSPECTORS) as inspectors:
            return [*looks.values(), *inspectors.map(self._look, others)]

    def _is_wanted(self, key: str, state: str) -> bool:
        if self._ids is not None:
            return key in self._ids
        return state in (*ALIVE, "restarting") or key in self._known

    def _is_known(self, item: dict[str, Any]) -> bool:
        known = self._known.get(text_in(item, "Id"))
        names = [name.removeprefix("/") for name in texts_of(item, "Names")]
        state = text_in(item, "State")
        return known is not None and known.state == state and known.name in names

    def _look(self, key: str) -> Watched | None:
        try:
            answer = self._client.api.inspect_container(key)
        except NotFound:
            return None
        return Watched.from_inspect(answer, self._looks)

    def _pass_on(self, event: EngineEvent) -> None:
        """The event, after a look at the container where it changed more than the event says."""
        self._since = max(self._since or 0.0, event.at)
        starts = self._ids is None and event.action == "start"
        if not is_life_event(event) or not (starts or event.id in (self._ids or self._known)):
            return
        if event.action in _LOOKED_AFTER and (seen := self._look(event.id)) is not None:
            self._known[seen.id] = seen
            self._give(seen)
        elif event.action in DESTROYS:
            self._known.pop(event.id, None)
        self._give(event)
