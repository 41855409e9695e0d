"""The usage of containers, watched while their engine is stopped and started again."""

from __future__ import annotations

import os
import queue
import sys
from collections.abc import Callable

import private_kit as kit
import pytest

from helpers.engine.private import PrivateEngine
from helpers.engine.usage import UsageFeed
from helpers.model.usage.usage import Tick

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="a private engine needs Linux and root",
    ),
]


def test_the_engine_is_stopped_and_started_meanwhile(engine: PrivateEngine, rootfs: bytes) -> None:
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        box = kit.web_server(client, name="watched", ports={})
        ticks: queue.SimpleQueue[Tick] = queue.SimpleQueue()
        feed = UsageFeed(client, [box.id], every=0.2)
        feed.start(ticks.put)
        try:
            assert until(ticks, lambda tick: box.id in tick.usages).source == "cgroup files"
            engine.stop()
            away = until(ticks, lambda tick: not tick.contact.connected)
            assert "does not answer" in away.contact.words
            engine.start()
            back = until(ticks, lambda tick: tick.contact.connected)
            assert back.states == {box.id: "exited"}
            client.api.start(box.id)
            again = until(ticks, lambda tick: box.id in tick.usages)
            assert again.states == {box.id: "running"}
            assert until(ticks, lambda tick: box.id in tick.usages).usages[box.id].memory_bytes
        finally:
            feed.stop()


def until(ticks: queue.SimpleQueue[Tick], so: Callable[[Tick], bool]) -> Tick:
    """The next tick of which it is so."""
    while not so(tick := ticks.get(timeout=30)):
        pass
    return tick
