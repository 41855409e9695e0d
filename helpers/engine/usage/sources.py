"""Where readings come from: the control groups' files where they can be read, else the API."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from helpers.engine.base.events import LOST
from helpers.engine.usage.watched import Watched
from helpers.model.usage.stats_answer import reading_of
from helpers.model.usage.usage import Reading, Usage, usage_between

if TYPE_CHECKING:
    from docker import DockerClient

CGROUP_FILES = "cgroup files"
ONE_SHOT = "one-shot"
STREAM = "stream"
PROBE_SECONDS = 0.25
_POLLERS = 4
_log = logging.getLogger(__name__)

Usages = dict[str, Usage]


class StatsSource(Protocol):
    """Something that measures containers; it is asked again and again, on one thread."""

    name: str

    def take(self, alive: Sequence[Watched], seconds: float) -> Usages:
        """What was measured since it was last asked, in so many seconds at most."""

    def close(self) -> None:
        """Ends, with nothing left of it."""


class LastReadings:
    """The reading before of each container; a container started anew begins anew."""

    def __init__(self) -> None:
        self._readings: dict[tuple[str, int], Reading] = {}

    def usage(self, watched: Watched, reading: Reading) -> Usage:
        """The usage from the reading before to this one."""
        key = (watched.id, watched.pid)
        earlier = self._readings.get(key)
        self._readings[key] = reading
        return usage_between(earlier, reading)

    def keep(self, alive: Iterable[Watched]) -> None:
        """Only these are remembered."""
        known = {(watched.id, watched.pid) for watched in alive}
        self._readings = {key: old for key, old in self._readings.items() if key in known}


class CgroupFiles:
    """Readings from the files of the containers' control groups."""

    name = CGROUP_FILES

    def __init__(self, clock: Callable[[], float], machine_memory_bytes: int) -> None:
        self._clock = clock
        self._machine_bytes = machine_memory_bytes
        self._before = LastReadings()

    def take(self, alive: Sequence[Watched], seconds: float) -> Usages:
        """All of them, now; one whose group has just gone is left out."""
        self._before.keep(alive)
        usages: Usages = {}
        for watched in alive:
            if watched.counters is not None:
                try:
                    reading = watched.counters.read(
                        self._clock, watched.limits, self._machine_bytes
                    )
                except (OSError, ValueError):
                    continue
                usages[watched.id] = self._before.usage(watched, reading)
        return usages

    def close(self) -> None:
        """Nothing was left open."""


class OneShots:
    """Readings from one-shot calls of the API, a few at a time.

    The share of the CPU goes by the engine's own clock, which is finer than the 10 ms ticks of the
    machine's CPU time.
    """

    name = ONE_SHOT

    def __init__(self, client: DockerClient) -> None:
        self._client = client
        self._before = LastReadings()
        self._pollers = ThreadPoolExecutor(_POLLERS, thread_name_prefix="containers' stats")
        self._asked: dict[str, Future[Usage | None]] = {}

    def take(self, alive: Sequence[Watched], seconds: float) -> Usages:
        """Those that answer in time; the others come the next time."""
        self._before.keep(alive)
        for watched in alive:
            if watched.id not in self._asked:
                self._asked[watched.id] = self._pollers.submit(self._ask, watched)
        wait(self._asked.values(), timeout=seconds)
        answered = {key: asked for key, asked in self._asked.items() if asked.done()}
        for key in answered:
            del self._asked[key]
        return {key: usage for key, asked in answered.items() if (usage := asked.result())}

    def close(self) -> None:
        """No thread is left; a call that the engine still keeps waiting ends by itself."""
        self._pollers.shutdown(wait=False, cancel_futures=True)

    def _ask(self, watched: Watched) -> Usage | None:
        reading = one_shot(self._client, watched)
        return None if reading is None else self._before.usage(watched, reading)


def one_shot(client: DockerClient, watched: Watched) -> Reading | None:
    """The reading of a one-shot call, by the clock; None where it is gone or the engine is."""
    try:
        answer = client.api.stats(watched.id, stream=False, one_shot=True)
        reading = reading_of(answer, watched.limits)
    except (*LOST, KeyError):
        _log.debug("no stats of %s", watched.name, exc_info=True)
        return None
    return None if reading is None else replace(reading, system_nanoseconds=None)


def answers_at_once(client: DockerClient, watched: Watched) -> bool:
    """Whether a second one-shot call is answered at once, as the first one always is.

    Engine 20.10 lets it wait for its own cycle of a second. What still waits then ends by itself.
    """

    def ask_twice() -> None:
        for _ in range(2):
            one_shot(client, watched)

    began = time.monotonic()
    asking = Thread(target=ask_twice, name="stats probe", daemon=True)
    asking.start()
    asking.join(PROBE_SECONDS)
    return not asking.is_alive() and time.monotonic() - began < PROBE_SECONDS
