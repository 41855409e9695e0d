"""The lifecycle of real containers, as it is told live, and what is left when it is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from helpers.engine.base import event_follower, leased_thread
from helpers.engine.connection.client import find_client
from helpers.engine.container.container import Container
from helpers.engine.container.event_feed import EventFeed
from helpers.engine.docker import Docker
from helpers.errors import EngineGone
from helpers.model.container.event import EngineEvent
from helpers.model.container.lifecycle import Item, Life
from helpers.model.container.snapshot import Snapshot
from helpers.model.container.state import State
from helpers.notebook.lifecycle import lifecycle
from tests.engine.conftest import BUSYBOX
from tests.engine.cut_proxy import CutProxy

pytestmark = pytest.mark.engine

NAME = "wbt-life"
CREATED, RUNNING, PAUSED, EXITED = State.CREATED, State.RUNNING, State.PAUSED, State.EXITED
RESTARTING, REMOVED = State.RESTARTING, State.REMOVED


class Follower:
    """A life that is told by a feed, and waiting for what it comes to."""

    def __init__(self, feed: EventFeed, name: str) -> None:
        self.feed = feed
        self.life = Life.from_events(name, *feed.so_far())
        self.late_seconds: list[float] = []
        self._changed = threading.Condition()
        feed.start(self.take)

    def take(self, item: Item) -> None:
        with self._changed:
            before, self.life = self.life, self.life.after(item)
            if isinstance(item, EngineEvent) and item not in before.events:
                self.late_seconds.append(time.time() - item.at)
            self._changed.notify_all()

    def wait_for(self, *states: State, seconds: float = 20) -> None:
        """Returns when these are the last states."""
        self.wait_until(lambda life: life.states[-len(states) :] == states, seconds)

    def wait_until(self, so: Callable[[Life], bool], seconds: float = 20) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: so(self.life), seconds), self.life


@pytest.fixture
def follow() -> Iterator[Callable[[Container], Follower]]:
    """follow(container) -> Follower; after the test no thread of theirs is left."""
    feeds = []

    def follow_one(container: Container) -> Follower:
        feeds.append(EventFeed(container))
        return Follower(feeds[-1], container.name)

    yield follow_one
    for feed in feeds:
        feed.stop()
        assert not feed.is_running
    assert [thread for thread in threading.enumerate() if "events of" in thread.name] == []


def made(docker: Docker, command: str = "sleep 600", **options: object) -> Container:
    """A container of the test's that was created and not started."""
    found = docker.client.api.create_container(
        BUSYBOX, command, name=NAME, labels={"workbook.lesson": docker.lesson}, **options
    )
    return docker.container(found["Id"])


def test_every_state_is_told_as_it_comes(docker: Docker, follow: Callable[..., Follower]) -> None:
    box = made(docker)
    told = follow(box)
    assert told.life.states == (CREATED,)
    for act, state in (
        (box.start, RUNNING),
        (box.pause, PAUSED),
        (box.unpause, RUNNING),
        (lambda: box.stop(1), EXITED),
        (box.start, RUNNING),
        (box.kill, EXITED),
    ):
        act()
        told.wait_for(state)
        assert told.life.state == docker.container(NAME).status
    assert told.life.exit_code == 137
    box.remove()
    told.wait_for(REMOVED)
    path = (CREATED, RUNNING, PAUSED, RUNNING, EXITED, RUNNING, EXITED, REMOVED)
    # Docker may learn from containerd of a pause after it was undone, and then tells both again.
    assert told.life.states in (path, (*path[:4], PAUSED, RUNNING, *path[4:]))
    assert not told.life.has_gap
    assert max(told.late_seconds) < 5


def test_the_past_is_told_even_of_one_that_was_removed(docker: Docker) -> None:
    box = docker.run(BUSYBOX, "sh -c 'exit 3'", name=NAME, detach=False)
    assert repr(lifecycle(box)) == (
        f"{NAME} is exited, exit code 3 (an error of its own)\npath: created → running → exited"
    )
    box.remove()
    assert repr(lifecycle(box)) == (
        f"{NAME} is removed\npath: created → running → exited → removed"
    )


def test_no_label_says_how_it_ended(docker: Docker, follow: Callable[..., Follower]) -> None:
    """Docker's engine lays these labels over what its events tell; `docker inspect` says 3."""
    labels = {"workbook.lesson": docker.lesson, "exitCode": "0", "signal": "9", "name": "other"}
    words = ["sh", "-c", "sleep 0.3; exit 3"]
    found = docker.client.api.create_container(BUSYBOX, words, name=NAME, labels=labels)
    box = docker.container(found["Id"])
    told = follow(box)
    box.start()
    told.wait_until(lambda life: life.state is EXITED and life.exit_code is not None)
    assert (told.life.name, told.life.exit_code) == (NAME, 3)
    assert [event.exit_code for event in box.events() if event.action == "die"] == [None]
    assert "exit code 3" in repr(lifecycle(box))


def test_a_removal_by_force_while_somebody_looks(
    docker: Docker, follow: Callable[..., Follower]
) -> None:
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    told = follow(box)
    docker.client.api.remove_container(box.id, force=True)
    told.wait_for(RUNNING, EXITED, REMOVED)
    told.feed._follower.join(10)
    assert not told.feed.is_running, "a removed container has nothing more to tell"


def test_a_policy_that_gives_up(docker: Docker, follow: Callable[..., Follower]) -> None:
    policy = {"Name": "on-failure", "MaximumRetryCount": 2}
    config = docker.client.api.create_host_config(restart_policy=policy)
    box = made(docker, "sh -c 'sleep 0.3; exit 4'", host_config=config)
    told = follow(box)
    box.start()
    again = (RUNNING, RESTARTING)
    told.wait_for(CREATED, *again, *again, RUNNING, EXITED, seconds=60)
    assert (told.life.restarts, told.life.exit_code) == (2, 4)
    assert told.life.state == box.status
    assert (
        lifecycle(box)
        .text()
        .endswith("path: created → running → restarting → running → restarting → running → exited")
    )


def test_a_policy_is_ended_by_stop(docker: Docker, follow: Callable[..., Follower]) -> None:
    box = docker.run(BUSYBOX, "sh -c 'sleep 0.1; exit 1'", name=NAME, restart="always")
    told = follow(box)
    told.wait_for(RUNNING, RESTARTING)
    box.stop(1)
    told.wait_for(EXITED)
    assert told.life.state == box.status


def test_a_policy_set_later_and_a_new_name(docker: Docker, follow: Callable[..., Follower]) -> None:
    box = docker.run(BUSYBOX, "sh -c 'sleep 600 & wait'", name=NAME)
    told = follow(box)
    docker.client.api.update_container(box.id, restart_policy={"Name": "always"})
    docker.client.api.rename(box.id, f"{NAME}-2")
    told.wait_until(lambda life: life.rule.name == "always" and life.name == f"{NAME}-2")
    box.exec("sh -c 'kill -9 -1'")
    told.wait_until(lambda life: (RUNNING, RESTARTING) in pairs(life.states))


def pairs(states: tuple[State, ...]) -> set[tuple[State, State]]:
    return set(pairwise(states))


def test_what_a_process_in_it_does_is_no_state(
    docker: Docker, follow: Callable[..., Follower]
) -> None:
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    told = follow(box)
    box.exec("true")
    docker.client.api.kill(box.id, "SIGURG")
    told.wait_until(lambda life: bool(life.events) and life.events[-1].action == "kill")
    assert told.life.states == (CREATED, RUNNING)


def test_an_engine_that_goes_and_comes_back(
    docker: Docker, cut_off: tuple[CutProxy, Container], follow: Callable[..., Follower]
) -> None:
    proxy, box = cut_off
    told = follow(box)
    told.wait_until(lambda life: proxy.connections > 0)
    proxy.cut()
    told.wait_until(lambda life: not life.contact.connected)
    assert "does not answer" in told.life.contact.words
    assert told.life.state is RUNNING
    with pytest.raises(EngineGone):
        lifecycle(box)
    docker.container(box.id).pause()
    docker.container(box.id).unpause()
    docker.container(box.id).kill()
    proxy.mend()
    told.wait_until(lambda life: life.contact.connected and life.state is EXITED)
    told.wait_for(RUNNING, PAUSED, RUNNING, EXITED)


def test_a_container_that_went_while_the_engine_was_away(
    docker: Docker, cut_off: tuple[CutProxy, Container], follow: Callable[..., Follower]
) -> None:
    proxy, box = cut_off
    told = follow(box)
    proxy.cut()
    told.wait_until(lambda life: not life.contact.connected)
    docker.container(box.id).remove(force=True)
    proxy.mend()
    told.wait_for(REMOVED)
    assert told.life.contact.connected


def test_tries_come_to_an_end_and_a_new_start_begins_again(
    docker: Docker,
    cut_off: tuple[CutProxy, Container],
    follow: Callable[..., Follower],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(event_follower, "TRIES", 3)
    proxy, box = cut_off
    told = follow(box)
    proxy.cut()
    told.wait_until(lambda life: "Run the cell again" in life.contact.words)
    told.feed._follower.join(10)
    assert not told.feed.is_running
    proxy.mend()
    told.feed.start(told.take)
    told.wait_until(lambda life: life.contact.connected)


def test_stop_leaves_neither_thread_nor_connection(
    cut_off: tuple[CutProxy, Container],
) -> None:
    proxy, box = cut_off
    box._client.close()
    feeds = [EventFeed(box) for _ in range(8)]
    reached = threading.Barrier(9, timeout=20)
    for feed in feeds:
        feed.start(lambda item: reached.wait() if isinstance(item, Snapshot) else None)
    reached.wait()
    assert proxy.connections >= 8
    begun = time.monotonic()
    for feed in feeds:
        feed.stop()
        feed.stop()
    assert time.monotonic() - begun < 5
    assert not any(feed.is_running for feed in feeds)
    box._client.close()
    gone = threading.Event()
    while proxy.connections and time.monotonic() - begun < 20:
        gone.wait(0.02)
    assert proxy.connections == 0


def test_a_feed_that_nobody_renews_ends_and_goes_on_where_it_was(
    docker: Docker, follow: Callable[..., Follower], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_follower, "STREAM_SECONDS", 0.3)
    monkeypatch.setattr(leased_thread, "LEASE_SECONDS", 0.6)
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    told = follow(box)
    told.feed._follower.join(20)
    assert not told.feed.is_running
    box.pause()
    box.unpause()
    told.feed.start(told.take)
    told.wait_for(RUNNING, PAUSED, RUNNING)


def test_a_listener_that_fails_stops_nothing(
    docker: Docker, capfd: pytest.CaptureFixture[str]
) -> None:
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    feed, paused = EventFeed(box), threading.Event()

    def fail(item: Item) -> None:
        if isinstance(item, EngineEvent) and item.action == "pause":
            paused.set()
        raise RuntimeError("the listener's own fault")

    feed.start(fail)
    box.pause()
    assert paused.wait(20)
    feed.stop()
    assert capfd.readouterr() == ("", "")


def test_a_stop_from_the_listener_itself(docker: Docker) -> None:
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    feed = EventFeed(box)
    feed.start(lambda item: feed.stop())
    feed._follower.join(20)
    assert not feed.is_running


def test_another_client_is_not_disturbed(docker: Docker, follow: Callable[..., Follower]) -> None:
    client, _ = find_client([docker.endpoint])
    told = follow(docker.run(BUSYBOX, "sleep 600", name=NAME))
    told.feed.stop()
    assert docker.client.ping()
    assert client.ping()
    client.close()
