"""What containers use, as plain values: one after another, or all at once."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from helpers.engine.base.interruption import as_interrupted
from helpers.engine.usage.feed import UsageFeed
from helpers.engine.usage.watched import REMOVED
from helpers.errors import NotReady
from helpers.model.usage.usage import Tick, Usage

if TYPE_CHECKING:
    from docker import DockerClient

LONGEST_SECONDS = 10
RENEW_SECONDS = 60
_ENDS = (REMOVED, "exited", "dead")


def usages_of(
    client: DockerClient, id: str, seconds: float = 10, every: float = 0.5
) -> Iterator[Usage]:
    """The usage of a container every so many seconds, for so long, or until it ends.

    The first one comes after a tenth of a second. Nothing is left running when the loop is left.
    """
    with as_interrupted("Measuring"):
        yield from _usages(UsageFeed(client, [id], every), id, seconds, every)


def _usages(feed: UsageFeed, id: str, seconds: float, every: float) -> Iterator[Usage]:
    ticks: queue.SimpleQueue[Tick] = queue.SimpleQueue()
    deadline = time.monotonic() + seconds
    feed.start(ticks.put)
    try:
        while (left := deadline + every / 2 - time.monotonic()) > 0:
            feed.renew()
            try:
                tick = ticks.get(timeout=min(left, RENEW_SECONDS))
            except queue.Empty:
                if feed.is_running:
                    continue
                return
            if id in tick.usages and tick.usages[id].cpu_percent is not None:
                yield tick.usages[id]
            if tick.states.get(id) in _ENDS:
                return
    finally:
        feed.stop()


def first_tick(client: DockerClient, ids: Sequence[str] | None = None) -> Tick:
    """One tick of these containers, or of all that run, in which the CPU of each is known.

    It is empty, at once, where none of them runs. Raises NotReady where an engine says nothing for
    ten seconds.
    """
    with as_interrupted("Measuring"):
        return _first_tick(UsageFeed(client, ids))


def _first_tick(feed: UsageFeed) -> Tick:
    ticks: queue.SimpleQueue[Tick] = queue.SimpleQueue()
    deadline = time.monotonic() + LONGEST_SECONDS
    usages: dict[str, Usage] = {}
    feed.start(ticks.put)
    try:
        while (left := deadline - time.monotonic()) > 0:
            try:
                tick = ticks.get(timeout=left)
            except queue.Empty:
                break
            usages |= {key: use for key, use in tick.usages.items() if use.cpu_percent is not None}
            alive = {key for key, state in tick.states.items() if state in ("running", "paused")}
            if tick.contact.connected and alive <= usages.keys():
                return replace(tick, usages=usages)
    finally:
        feed.stop()
    raise NotReady("The engine does not say what its containers use.", "Try `docker stats`.")
