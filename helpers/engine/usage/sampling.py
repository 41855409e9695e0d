"""One run of a usage feed: what there is, and the source that measures it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.engine.usage.pace import Rate, SteadyClock
from helpers.engine.usage.sources import (
    CGROUP_FILES,
    CgroupFiles,
    OneShots,
    StatsSource,
    Usages,
    answers_at_once,
)
from helpers.engine.usage.streams import Streams
from helpers.engine.usage.watched import Item, Roster, Watched
from helpers.engine.usage.watcher import Watcher
from helpers.model.usage.usage import Tick

if TYPE_CHECKING:
    from docker import DockerClient

FIRST_LOOK_SECONDS = 0.1
BLIND_SECONDS = 2


class Sampling:
    """The watcher, the roster and the source of one run of a feed."""

    def __init__(self, client: DockerClient, ids: Sequence[str] | None, files: bool) -> None:
        self._client = client
        self._clock = SteadyClock()
        self._files = files
        self._roster = Roster()
        self._rate = Rate()
        self._seeing = time.monotonic()
        self._source: StatsSource | None = None
        self._items: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._watcher = Watcher(client, ids, self._items.put, files)

    def __enter__(self) -> Sampling:
        return self

    def __exit__(self, *_: object) -> None:
        self._watcher.stop()
        if self._source is not None:
            self._source.close()

    def wait_for_news(self, stopped: threading.Event) -> None:
        """Something is known: what there is, or that the engine is away."""
        while not stopped.is_set() and not self._roster.has_news and not self._roster.is_scanned:
            try:
                self._roster.take(self._items.get(timeout=FIRST_LOOK_SECONDS))
            except queue.Empty:
                continue

    def tick(self, seconds: float) -> Tick | None:
        """What came since the tick before, measured in so many seconds; None where nothing did.

        The very first measurement stands outside of the steady pace, so no rate is told by it.
        """
        self._hear()
        usages = self._measure(seconds)
        roster, at = self._roster, self._clock()
        self._rate.note(at, len(usages), len(roster.alive()))
        if not usages and not roster.has_news:
            return None
        tick = Tick(
            at=at,
            usages=usages,
            names={key: watched.name for key, watched in roster.containers.items()},
            states={key: watched.state for key, watched in roster.containers.items()},
            events=tuple(roster.events),
            source="" if self._source is None else self._source.name,
            rate_hz=self._rate.hz,
            contact=roster.contact,
        )
        roster.forget_news()
        return tick

    def _hear(self) -> None:
        while True:
            try:
                self._roster.take(self._items.get_nowait())
            except queue.Empty:
                return

    def _measure(self, seconds: float) -> Usages:
        alive = self._roster.alive()
        source = self._source_for(alive)
        if source is None or (source.name != CGROUP_FILES and not self._roster.contact.connected):
            return {}
        return source.take(alive, seconds)

    def _source_for(self, alive: list[Watched]) -> StatsSource | None:
        """The source, chosen when the first container runs, and again once files are not enough."""
        blind = self._is_blind(alive)
        if alive and (self._source is None or (blind and self._source.name == CGROUP_FILES)):
            self._source = self._chosen(alive, self._files and not blind)
        return self._source

    def _chosen(self, alive: list[Watched], files: bool) -> StatsSource:
        if files and any(watched.counters for watched in alive):
            return CgroupFiles(self._clock, self._roster.machine_memory_bytes)
        if answers_at_once(self._client, alive[0]):
            return OneShots(self._client)
        return Streams(self._client)

    def _is_blind(self, alive: list[Watched]) -> bool:
        """Whether the files of one that runs stay unknown, and not just because it is ending."""
        if all(watched.counters for watched in alive):
            self._seeing = time.monotonic()
        return time.monotonic() - self._seeing > BLIND_SECONDS
