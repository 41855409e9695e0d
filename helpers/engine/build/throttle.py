"""A listener told of a build while it runs, at a pace that holds nothing up."""

from __future__ import annotations

import time
from collections.abc import Callable

from helpers.model.build.report import BuildReport

TELL_SECONDS = 0.1
OnBuild = Callable[[BuildReport], None]


class Throttle:
    """Tells a listener at most ten times a second, and at most half of the time.

    What is offered between is dropped: a report holds all that those before it held.
    """

    def __init__(self, listener: OnBuild | None, now: Callable[[], float] = time.monotonic) -> None:
        self._listener = listener
        self._now = now
        self._due = now()

    def offer(self, report: Callable[[], BuildReport]) -> None:
        """The report made and told, if it is time."""
        begun = self._now()
        if self._listener is None or begun < self._due:
            return
        self._listener(report())
        ended = self._now()
        self._due = ended + max(TELL_SECONDS, ended - begun)
