"""A steady pace: moments at equal distance, without drift, and the rate that was reached."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

_WINDOW_SECONDS = 10


class SteadyClock:
    """Seconds since 1970 that never jump: the time of day at its making, then counted on."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def __call__(self) -> float:
        """Seconds since 1970, now."""
        return self._offset + time.monotonic()


class Schedule:
    """Moments every so many seconds from its making on; those missed are left out."""

    def __init__(self, every: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._start = now()
        self._every = every
        self._done = 0

    def wait_seconds(self, takes: bool = True) -> float:
        """How long it is to the next moment, which counts as taken then, unless not `takes`."""
        now = self._now()
        due = max(self._done + 1, math.ceil((now - self._start) / self._every))
        self._done = due if takes else self._done
        return max(0.0, self._start + due * self._every - now)


class Rate:
    """How often each container was measured in a second, over the last ten seconds.

    The first two are left out, since the second follows sooner than the pace.
    """

    def __init__(self) -> None:
        self._shares: deque[tuple[float, float]] = deque()
        self._early = 2

    def note(self, at: float, measured: int, alive: int) -> None:
        """So many of so many were measured at that time."""
        if not alive:
            self._shares.clear()
        elif measured and self._early:
            self._early -= 1
        elif measured:
            self._shares.append((at, measured / alive))
            while at - self._shares[0][0] > _WINDOW_SECONDS:
                self._shares.popleft()

    @property
    def hz(self) -> float | None:
        """Measurements a second; None before a second one."""
        if len(self._shares) < 2:
            return None
        (first, _), (last, _) = self._shares[0], self._shares[-1]
        return sum(share for _, share in list(self._shares)[1:]) / (last - first)
