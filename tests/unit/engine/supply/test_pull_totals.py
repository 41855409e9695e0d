"""What a pull comes to, from an engine's messages alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from helpers.engine.supply.pull import _totals
from helpers.engine.supply.source_failed import SourceFailed


class Messages:
    """A stream of an engine that gives these, then the last one for ever."""

    has_begun = True

    def __init__(self, *messages: dict[str, Any], pause_seconds: float = 0.002) -> None:
        self._messages, self._pause_seconds = messages, pause_seconds

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from self._messages
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            time.sleep(self._pause_seconds)
            yield self._messages[-1]


def downloading(done: int) -> dict[str, Any]:
    return {
        "status": "Downloading",
        "id": "layer",
        "progressDetail": {"current": done, "total": 1000},
    }


def test_a_download_that_is_repeated_and_does_not_grow_is_given_up() -> None:
    """Engine 28 with containerd's store says ten times a second that it is as far as it was."""
    stream = Messages(downloading(1), downloading(400))
    seen: list[int] = []
    growing = _totals(stream, threading.Event(), 0.05)  # type: ignore[arg-type]
    with pytest.raises(SourceFailed, match="nothing came for 0 s"):
        seen.extend(totals.done_bytes for totals in growing)
    assert seen == [1, 400]


def test_unpacking_may_take_its_time() -> None:
    stream = Messages(downloading(1000), {"status": "Extracting", "id": "layer"})
    began, totals = time.monotonic(), _totals(stream, over := threading.Event(), 0.05)  # type: ignore[arg-type]
    threading.Timer(0.2, over.set).start()
    with pytest.raises(Exception, match="Interrupted"):
        for _ in totals:
            pass
    assert time.monotonic() - began >= 0.2
