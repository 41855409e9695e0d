"""A service on its nodes, told anew whenever something about it is different."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from helpers.engine.base.leased_thread import LeasedThread, give
from helpers.engine.swarm.reader import Candidates, SwarmReader
from helpers.errors import EngineError
from helpers.model.container.snapshot import Contact
from helpers.model.swarm.rollout import Rollout

Listener = Callable[[Rollout], None]
EVERY_SECONDS = 0.5
_STOP_SECONDS = 5


class RolloutFeed:
    """A live feed of it, from twice a second on. It ends ten minutes after the last `start`.

    `newest` is what was known last; while no manager answers, its contact says so. Raises
    NoManager where none does at the beginning, and EngineGone.
    """

    def __init__(self, candidates: Candidates, name: str) -> None:
        self._reader = SwarmReader(candidates, name)
        self._thread = LeasedThread("rollout of a service", _STOP_SECONDS)
        self._listener: Listener = lambda _: None
        self.newest = self._reader.read()

    @property
    def is_running(self) -> bool:
        """Whether its thread lives."""
        return self._thread.is_running

    def start(self, listener: Listener) -> None:
        """The feed running for ten more minutes; what is new goes to `listener`."""
        self._listener = listener
        self._thread.start(self._run)

    def stop(self) -> None:
        """No thread left; may be called from any thread, and twice."""
        self._thread.stop()

    def _run(self, stopped: threading.Event) -> None:
        while not self._thread.is_over(stopped):
            before, self.newest = self.newest, self._known()
            if self.newest != before and not stopped.is_set():
                give(self._listener, self.newest)
            stopped.wait(EVERY_SECONDS)

    def _known(self) -> Rollout:
        try:
            return self._reader.read(self.newest)
        except EngineError as error:
            return replace(self.newest, contact=Contact(False, error.message))
