"""Waiting that can be given up: for a slow source, and for another process."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.pump import Silent, pumped
from helpers.engine.base.streaming import decoded
from helpers.errors import Interrupted


def test_items_come_in_order_and_the_end_ends_it() -> None:
    assert list(pumped(range(5), threading.Event())) == [0, 1, 2, 3, 4]


def test_what_the_source_raises_is_raised_here() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise LookupError("gone")

    items = pumped(source(), threading.Event())
    assert next(items) == 1
    with pytest.raises(LookupError, match="gone"):
        next(items)


@pytest.fixture
def stuck() -> Iterator[Iterator[int]]:
    """A source that gives one item and then nothing until the test ends."""
    release = threading.Event()

    def source() -> Iterator[int]:
        yield 1
        release.wait(30)

    yield source()
    release.set()


def test_silence_is_not_waited_for_for_ever(stuck: Iterator[int]) -> None:
    items = pumped(stuck, threading.Event(), idle_seconds=0.2)
    assert next(items) == 1
    with pytest.raises(Silent):
        next(items)


def test_whoever_cancels_is_not_kept_waiting(stuck: Iterator[int]) -> None:
    cancelled = threading.Event()
    items = pumped(stuck, cancelled)
    assert next(items) == 1
    cancelled.set()
    with pytest.raises(Interrupted):
        next(items)


def test_the_engines_messages_may_be_broken_anywhere() -> None:
    chunks = [b'{"a": 1}\r\n{"b"', b': "\xc3', b'\xa9"}\n[1]\nnonsense\n', b'{"c": 3}']
    assert list(decoded(chunks)) == [{"a": 1}, {"b": "é"}, {"c": 3}]


HOLDER = """
import sys, threading
from pathlib import Path
from helpers.engine.base.file_lock import exclusive
with exclusive(Path(sys.argv[1]), threading.Event()):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_is_waited_for_and_dies_with_its_holder(tmp_path: Path) -> None:
    path, waits = tmp_path / "a" / "lock", []
    words = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline().strip() == b"held"
        with (
            pytest.raises(Interrupted),
            exclusive(path, cancelled := threading.Event(), cancelled.set),
        ):
            pytest.fail("two were in it at once")
        with exclusive(path, threading.Event(), lambda: (waits.append(1), holder.kill())):
            assert holder.wait() != 0
    assert waits == [1]
