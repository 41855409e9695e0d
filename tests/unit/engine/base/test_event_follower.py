"""Streams of events, one after the other, from an engine that comes and goes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from docker import DockerClient

from helpers.engine.base import event_follower
from helpers.engine.base.event_follower import EventFollower, OpenStream
from helpers.model.container.snapshot import Contact

MESSAGE = {"Type": "container", "Action": "start", "timeNano": 5_000_000_000}


class FakeStream:
    """A stream that says one thing and then waits until it is closed, or ends at once."""

    def __init__(self, waits: bool) -> None:
        self.closed = threading.Event()
        self._waits = waits

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield MESSAGE
        if self._waits:
            self.closed.wait(10)

    def close(self) -> None:
        """No more of it."""
        self.closed.set()


class FakeApi:
    """The client's `api`: each call of `events` takes the next of these outcomes."""

    def __init__(self, *outcomes: Exception | FakeStream) -> None:
        self.outcomes = list(outcomes)
        self.asked: list[dict[str, Any]] = []

    @property
    def api(self) -> FakeApi:
        """Itself, as a client's."""
        return self

    def events(self, **asked: Any) -> FakeStream:
        """The next outcome; the last one again once there is no other."""
        self.asked.append(asked)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that is away is asked again at once."""
    monkeypatch.setattr(event_follower, "LONGEST_PAUSE_SECONDS", 0.001)


def follower(api: FakeApi, **options: Any) -> EventFollower:
    """One that follows what this client gives."""
    return EventFollower(cast("DockerClient", api), {"type": "container"}, "a test", **options)


def reader(seen: list[float], count: int) -> Callable[[OpenStream], bool]:
    """A reader that has enough after so many events."""

    def read(open_stream: OpenStream) -> bool:
        with open_stream(100.0, 40.0) as events:
            seen.extend(event.at for event in events)
        return len(seen) >= count

    return read


def test_streams_follow_each_other_until_the_reader_has_enough() -> None:
    api, seen, contacts = FakeApi(FakeStream(waits=False)), list[float](), list[Contact]()
    one = follower(api)
    one.start(reader(seen, 3), contacts.append)
    one.join(10)
    assert not one.is_running
    assert (seen, contacts) == ([5.0] * 3, [])
    asked = {"since": "40.000000", "until": "160.000000", "filters": {"type": "container"}}
    assert api.asked == [{**asked, "decode": True}] * 3


def test_an_engine_that_is_away_is_said_to_be_and_asked_again() -> None:
    api, seen, contacts = FakeApi(OSError(), OSError(), FakeStream(False)), [], []
    one = follower(api)
    one.start(reader(seen, 1), contacts.append)
    one.join(10)
    assert seen == [5.0]
    assert [contact.words for contact in contacts] == [
        "The engine does not answer. Trying again …"
    ] * 2


def test_it_gives_up_and_begins_again_with_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_follower, "TRIES", 3)
    api, seen, contacts = FakeApi(OSError()), list[float](), list[Contact]()
    one = follower(api)
    one.start(reader(seen, 1), contacts.append)
    one.join(10)
    assert not one.is_running
    assert "When it is back: Run the cell again." in contacts[-1].words
    api.outcomes = [FakeStream(waits=False)]
    one.start(reader(seen, 1), contacts.append)
    one.join(10)
    assert (seen, len(contacts)) == ([5.0], 3)


def test_a_reader_that_fails_ends_it_and_says_why() -> None:
    def read(_: OpenStream) -> bool:
        raise KeyError("State")

    contacts: list[Contact] = []
    one = follower(FakeApi(FakeStream(waits=False)))
    one.start(read, contacts.append)
    one.join(10)
    assert contacts == [Contact(False, "This view stopped: 'State'. Run the cell again.")]


def test_stop_closes_the_stream_that_is_read() -> None:
    stream, reading = FakeStream(waits=True), threading.Event()

    def read(open_stream: OpenStream) -> bool:
        with open_stream(100.0) as events:
            for _ in events:
                reading.set()
        return False

    api, contacts = FakeApi(stream), list[Contact]()
    one = follower(api)
    one.start(read, contacts.append)
    assert reading.wait(10)
    one.stop()
    one.stop()
    assert stream.closed.is_set()
    assert not one.is_running
    assert (api.asked[0]["since"], contacts) == (None, [])


def test_a_lease_of_its_own_ends_it() -> None:
    seen: list[float] = []
    one = follower(FakeApi(FakeStream(waits=False)), lease_seconds=0.05)
    one.start(reader(seen, 10**9), lambda contact: None)
    one.join(10)
    assert not one.is_running
    assert seen
