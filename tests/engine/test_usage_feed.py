"""What real containers use, told live, whatever becomes of them or of the engine meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.base import event_follower, leased_thread
from helpers.engine.base.events import events_of
from helpers.engine.base.labels import PRIVATE_LABEL
from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.usage import UsageFeed
from helpers.engine.usage.siblings import sibling
from helpers.engine.usage.watched import Watched
from helpers.model.usage.usage import Tick, Usage
from tests.engine.conftest import BUSYBOX
from tests.engine.cut_proxy import CutProxy

pytestmark = pytest.mark.engine

NAME = "wbt-usage"
BUSY = "sh -c 'while :; do :; done'"
MIB = 1 << 20


class Told:
    """All ticks of a feed so far, and waiting for what they come to."""

    def __init__(self, feed: UsageFeed) -> None:
        self.feed = feed
        self.ticks: list[Tick] = []
        self._changed = threading.Condition()
        feed.start(self.take)

    def take(self, tick: Tick) -> None:
        with self._changed:
            self.ticks.append(tick)
            self._changed.notify_all()

    @property
    def actions(self) -> list[str]:
        return [event.action for tick in list(self.ticks) for event in tick.events]

    def usages(self, id: str) -> list[Usage]:
        return [tick.usages[id] for tick in list(self.ticks) if id in tick.usages]

    def wait_until(self, so: Callable[[Tick], object], seconds: float = 30) -> Tick:
        """The first tick of which it is so, in those that came already too."""
        with self._changed:
            found = self._changed.wait_for(lambda: [one for one in self.ticks if so(one)], seconds)
            assert found, self.ticks[-3:]
            return found[0]

    def wait_for_more(self, id: str, count: int = 2) -> list[Usage]:
        """The usages of a container from now on, so many."""
        begin = len(self.usages(id))
        self.wait_until(lambda _: len(self.usages(id)) >= begin + count)
        return self.usages(id)[begin:]


@pytest.fixture
def tell() -> Iterator[Callable[..., Told]]:
    """tell(feed) -> Told; after the test no thread of theirs is left."""
    told: list[Told] = []

    def tell_one(one: UsageFeed) -> Told:
        told.append(Told(one))
        return told[-1]

    yield tell_one
    for one in told:
        one.feed.stop()
        assert not one.feed.is_running
    assert threads_left() == []


def threads_left() -> list[str]:
    """The feeds' threads that live, once each had time to end."""
    for thread in threading.enumerate():
        if is_ours(thread):
            thread.join(5)
    return [thread.name for thread in threading.enumerate() if is_ours(thread)]


def is_ours(thread: threading.Thread) -> bool:
    return any(words in thread.name for words in ("usage feed", "containers'", "stats "))


@pytest.fixture(params=["files", "api"])
def files(request: pytest.FixtureRequest) -> bool:
    """Whether the control groups' files may be read; both ways must tell the same."""
    return bool(request.param == "files")


def test_one_that_works_under_limits(
    docker: Docker, tell: Callable[..., Told], files: bool
) -> None:
    box = docker.run(BUSYBOX, BUSY, name=NAME, cpus=0.2, memory="32m", pids_limit=20)
    told = tell(UsageFeed(docker.client, [box.id], files=files))
    told.wait_until(lambda tick: box.id in tick.usages and tick.usages[box.id].cpu_percent)
    used = told.wait_for_more(box.id, 3)[-1]
    assert used.cpu_percent is not None
    assert 1 < used.cpu_percent < 40
    assert used.cpu_percent_of_limit == pytest.approx(used.cpu_percent / 0.2)
    assert used.throttled_percent is not None
    assert used.memory_bytes is not None
    assert 0 < used.memory_bytes < 32 * MIB
    assert (used.memory_limit_bytes, used.has_memory_limit) == (32 * MIB, True)
    assert (used.pids, used.pids_limit) == (1, 20)
    assert used.network_rx_bytes is not None
    assert told.ticks[-1].names == {box.id: NAME}
    assert told.ticks[-1].states == {box.id: "running"}
    assert told.ticks[-1].source in ("cgroup files", "one-shot", "stream")
    if not files:
        assert told.ticks[-1].source != "cgroup files"


def test_its_files_are_read_where_that_can_be(docker: Docker, tell: Callable[..., Told]) -> None:
    box = docker.run(BUSYBOX, BUSY, name=NAME)
    groups = Path(f"/proc/{box.state.pid}/cgroup")
    is_here = groups.exists() and box.id in groups.read_text()
    told = tell(UsageFeed(docker.client, [box.id], every=0.2))
    tick = told.wait_until(lambda tick: tick.rate_hz)
    assert (tick.source == "cgroup files") == is_here
    assert is_here or PRIVATE_LABEL not in (docker.info.get("Labels") or [])


def test_one_found_by_anothers_place_is_as_if_inspected(docker: Docker) -> None:
    api = docker.client.api
    settings: list[dict[str, Any]] = [
        {},
        {"cpus": 0.5},
        {"memory": "64m", "pids_limit": 20},
        {"cpus": 1.5, "network": "host"},
    ]
    boxes = [
        docker.run(BUSYBOX, "sleep 600", name=f"{NAME}-{place}", **options)
        for place, options in enumerate(settings)
    ]
    boxes[1].pause()
    seen = {box.id: Watched.from_inspect(api.inspect_container(box.id)) for box in boxes}
    listed = {item["Id"]: item for item in api.containers()}
    first = seen[boxes[0].id]
    found = [sibling(first, listed[box.id]) for box in boxes]
    if first.counters is None:
        assert found == [None] * len(boxes)
    else:
        assert found == list(seen.values())
    boxes[0].kill()
    assert sibling(seen[boxes[2].id], listed[boxes[0].id]) is None, "it has gone meanwhile"


def test_every_state_and_name_is_followed(
    docker: Docker, tell: Callable[..., Told], files: bool
) -> None:
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    told = tell(UsageFeed(docker.client, [box.id], every=0.2, files=files))
    told.wait_until(lambda tick: box.id in tick.usages)
    for act, state in (
        (box.pause, "paused"),
        (box.unpause, "running"),
        (box.kill, "exited"),
        (box.start, "running"),
    ):
        before = len(told.ticks)
        act()
        told.wait_until(lambda tick, b=before, s=state: tick in told.ticks[b:]
                        and tick.states[box.id] == s)  # fmt: skip
    docker.client.api.rename(box.id, f"{NAME}-2")
    told.wait_until(lambda tick: tick.names[box.id] == f"{NAME}-2")
    told.wait_for_more(box.id)
    box.remove(force=True)
    last = told.wait_until(lambda tick: tick.states.get(box.id) == "removed")
    assert "destroy" in [event.action for event in last.events]
    told.feed.stop()
    assert [action for action in told.actions if action != "kill"] == [
        "pause", "unpause", "die", "start", "rename", "die", "destroy",
    ]  # fmt: skip
    assert not {tick.usages.get(box.id) for tick in told.ticks[told.ticks.index(last) + 1 :]}


def test_those_that_come_while_it_looks(docker: Docker, tell: Callable[..., Told]) -> None:
    told = tell(UsageFeed(docker.client, every=0.2))
    boxes = [docker.run(BUSYBOX, "sleep 600", name=f"{NAME}-{number}") for number in range(3)]
    told.wait_until(lambda tick: {box.id for box in boxes} <= tick.usages.keys())
    boxes[0].remove(force=True)
    told.wait_until(lambda tick: tick.states.get(boxes[0].id) == "removed")
    told.wait_for_more(boxes[1].id)
    assert boxes[0].id not in told.ticks[-1].names


def test_memory_that_runs_out_is_told(docker: Docker, tell: Callable[..., Told]) -> None:
    hungry = "sh -c 'sleep 0.5; x=y; while :; do x=$x$x; done'"
    limits = docker.client.api.create_host_config(mem_limit="16m", memswap_limit="16m")
    made = docker.client.api.create_container(
        BUSYBOX, hungry, name=NAME, host_config=limits, labels={"workbook.lesson": docker.lesson}
    )
    box = docker.container(made["Id"])
    told = tell(UsageFeed(docker.client, [box.id], every=0.1))
    told.wait_until(lambda tick: tick.states.get(box.id) == "created")
    box.start()
    told.wait_until(lambda tick: tick.states.get(box.id) == "exited")
    told.wait_until(lambda tick: "oom" in told.actions and "die" in told.actions)


def test_health_is_told_and_its_checks_are_not(docker: Docker, tell: Callable[..., Told]) -> None:
    check = {"test": ["CMD", "true"], "interval": 500_000_000, "timeout": SECOND, "retries": 1}
    made = docker.client.api.create_container(
        BUSYBOX,
        "sleep 600",
        name=NAME,
        healthcheck=check,
        labels={"workbook.lesson": docker.lesson},
    )
    told = tell(UsageFeed(docker.client, [made["Id"]], every=0.2))
    told.wait_until(lambda tick: tick.states.get(made["Id"]) == "created")
    docker.client.api.start(made["Id"])
    told.wait_until(lambda _: "health_status: healthy" in told.actions)
    assert not [action for action in told.actions if action.startswith("exec")]


SECOND = 1_000_000_000


def test_a_host_network_has_no_bytes_of_its_own(docker: Docker, files: bool) -> None:
    hosts = docker.run(BUSYBOX, "sleep 600", name=NAME, network="host")
    alone = docker.run(BUSYBOX, "sleep 600", name=f"{NAME}-2", network="none")
    told = Told(UsageFeed(docker.client, [hosts.id, alone.id], files=files))
    tick = told.wait_until(lambda tick: len(tick.usages) == 2)
    told.feed.stop()
    assert tick.usages[hosts.id].network_rx_bytes is None
    assert tick.usages[alone.id].network_tx_bytes is None


def test_an_engine_that_goes_and_comes_back(
    docker: Docker, cut_off: tuple[CutProxy, Container], tell: Callable[..., Told], files: bool
) -> None:
    proxy, box = cut_off
    told = tell(UsageFeed(box._client, [box.id], every=0.2, files=files))
    told.wait_until(lambda tick: box.id in tick.usages)
    proxy.cut()
    away = told.wait_until(lambda tick: not tick.contact.connected)
    assert "does not answer" in away.contact.words
    docker.container(box.id).kill()
    docker.container(box.id).start()
    docker.client.api.rename(box.id, "wbt-cut-2")
    proxy.mend()
    told.wait_until(lambda tick: tick.at > away.at and tick.contact.connected)
    told.wait_until(lambda tick: tick.names[box.id] == "wbt-cut-2")
    told.wait_for_more(box.id)


def test_one_that_went_while_the_engine_was_away(
    docker: Docker, cut_off: tuple[CutProxy, Container], tell: Callable[..., Told]
) -> None:
    proxy, box = cut_off
    told = tell(UsageFeed(box._client, [box.id], every=0.2))
    told.wait_until(lambda tick: box.id in tick.usages)
    proxy.cut()
    told.wait_until(lambda tick: not tick.contact.connected)
    docker.container(box.id).remove(force=True)
    proxy.mend()
    told.wait_until(lambda tick: tick.states.get(box.id) == "removed" and tick.contact.connected)


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_stop_leaves_no_thread_no_file_and_no_connection(
    cut_off: tuple[CutProxy, Container], files: bool
) -> None:
    proxy, box = cut_off
    box._client.close()
    before = open_files()
    told = [Told(UsageFeed(box._client, files=files)) for _ in range(4)]
    for one in told:
        one.wait_until(lambda tick: box.id in tick.usages)
        one.feed.stop()
        one.feed.stop()
    assert not any(one.feed.is_running for one in told)
    box._client.close()
    gone = threading.Event()
    for _ in range(1000):
        if not proxy.connections:
            break
        gone.wait(0.02)
    assert proxy.connections == 0
    assert threads_left() == []
    assert open_files() <= before


def test_a_feed_that_nobody_renews_ends(
    docker: Docker, tell: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_follower, "STREAM_SECONDS", 0.3)
    monkeypatch.setattr(leased_thread, "LEASE_SECONDS", 1.5)
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    told = tell(UsageFeed(docker.client, [box.id], every=0.1))
    told.feed._thread.join(20)
    assert not told.feed.is_running
    assert len(told.usages(box.id)) > 5
    box.pause()
    told.feed.start(told.take)
    told.wait_until(lambda tick: tick.states[box.id] == "paused")


def test_events_are_told_once_though_the_stream_is_opened_again(
    docker: Docker, tell: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_follower, "STREAM_SECONDS", 0.2)
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    told = tell(UsageFeed(docker.client, [box.id], every=0.1))
    told.wait_until(lambda tick: box.id in tick.usages)
    for _ in range(5):
        box.pause()
        box.unpause()

    def engines_own() -> list[str]:
        """The reference: under load Engine 20.10 tells of some of them twice."""
        happened = [event.action for event in events_of(docker.client, box.id)]
        return [action for action in happened if action in ("pause", "unpause")]

    told.wait_until(lambda _: len(told.actions) >= len(engines_own()))
    told.wait_for_more(box.id, 8)
    assert told.actions == engines_own()
    assert len(told.actions) > 5


def test_a_listener_that_fails_stops_nothing(
    docker: Docker, capfd: pytest.CaptureFixture[str]
) -> None:
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    one, twice = UsageFeed(docker.client, [box.id], every=0.1), threading.Semaphore(0)

    def fail(tick: Tick) -> None:
        twice.release()
        raise RuntimeError("the listener's own fault")

    one.start(fail)
    assert twice.acquire(timeout=20)
    assert twice.acquire(timeout=20)
    one.stop()
    assert capfd.readouterr() == ("", "")


def test_a_stop_from_the_listener_itself(docker: Docker) -> None:
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    one = UsageFeed(docker.client, [box.id])
    one.start(lambda tick: one.stop())
    one._thread.join(20)  # type: ignore[union-attr]
    assert not one.is_running
