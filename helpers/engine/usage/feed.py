"""A live feed of what containers use: ticks at a steady pace, from a thread that never prints."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from helpers.engine.base.leased_thread import LeasedThread, give
from helpers.engine.usage.pace import Schedule
from helpers.engine.usage.sampling import Sampling
from helpers.errors import InvalidInput
from helpers.model.container.snapshot import Contact
from helpers.model.usage.usage import Tick

if TYPE_CHECKING:
    from docker import DockerClient

STOP_SECONDS = 5
FIRST_WINDOW_SECONDS = 0.1
SHORTEST_SECONDS = 0.05
_SHARE_TO_WAIT = 0.8
_log = logging.getLogger(__name__)

OnTick = Callable[[Tick], None]


class UsageFeed:
    """Ticks of the containers with these ids, or of all that run, about every so many seconds.

    The first tick comes as soon as it is known what there is, be it nothing, the CPU still unknown;
    the second a tenth of a second later, with it. A tick that would say nothing new is left out.
    The counters come from the control groups' files where all of them can be read, else from the
    API (`files` False: from the API in any case). It ends ten minutes after the last `start` or
    `renew`.
    """

    def __init__(
        self,
        client: DockerClient,
        ids: Sequence[str] | None = None,
        every: float = 0.5,
        files: bool = True,
    ) -> None:
        if not every >= SHORTEST_SECONDS:
            raise InvalidInput(
                f"every={every!r} is no pace that can be kept.",
                f"Give seconds between readings, at least {SHORTEST_SECONDS:g}.",
            )
        self._client = client
        self._ids = ids
        self._every = every
        self._files = files
        self._thread = LeasedThread("usage feed", STOP_SECONDS)

    @property
    def is_running(self) -> bool:
        """Whether its thread lives."""
        return self._thread.is_running

    def start(self, on_tick: OnTick) -> None:
        """The feed running for ten more minutes; each tick goes to `on_tick`, on its thread.

        An error in `on_tick` ends neither the feed nor anything else; it is logged.
        """
        self._thread.start(partial(self._run, on_tick))

    def renew(self) -> None:
        """Ten more minutes for one that runs."""
        self._thread.renew()

    def stop(self) -> None:
        """No thread and no connection left; may be called from any thread, and twice."""
        self._thread.stop()

    def _run(self, on_tick: OnTick, stopped: threading.Event) -> None:
        try:
            with Sampling(self._client, self._ids, self._files) as sampling:
                self._tick_on(sampling, on_tick, stopped)
        except Exception as fault:
            _log.debug("the usage feed failed", exc_info=True)
            words = f"This view stopped: {fault}. Run the cell again."
            give(on_tick, Tick(time.time(), contact=Contact(False, words)))

    def _tick_on(self, sampling: Sampling, on_tick: OnTick, stopped: threading.Event) -> None:
        sampling.wait_for_news(stopped)
        schedule, is_first = Schedule(self._every), True
        while not self._thread.is_over(stopped):
            tick = sampling.tick(self._every * _SHARE_TO_WAIT)
            if tick is not None:
                give(on_tick, tick)
            if is_first and tick is not None and tick.usages:
                is_first = False
                stopped.wait(min(FIRST_WINDOW_SECONDS, schedule.wait_seconds(takes=False)))
                continue
            stopped.wait(schedule.wait_seconds())
