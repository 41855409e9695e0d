"""Connections of real containers, tried; and the map of their networks, against the engine's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.engine.network.attempt_log import AttemptLog
from helpers.engine.network.feed import NetworkFeed
from helpers.engine.network.names import NameReader
from helpers.engine.network.reach import Reach
from helpers.engine.network.reader import TopologyReader
from helpers.errors import InvalidInput, NoSuchContainer
from helpers.model.network.attempt import BESIDE_IT, IN_IT, Attempt, Outcome
from helpers.model.network.destination import destinations
from helpers.model.network.topology import Station, Topology
from tests.engine.network_kit import (
    BACK,
    CASES,
    FRONT,
    INNER,
    OUT_OF_INTERNAL,
    Scene,
    outcome_by,
    scene,
)

pytestmark = pytest.mark.engine

Both = dict[str, tuple[Attempt, str]]


@pytest.fixture(scope="module")
def made(endpoint: Endpoint) -> Iterator[Scene]:
    """The containers of all tests here."""
    client, _ = find_client([endpoint])
    docker = Docker(client, endpoint, "tests-network")
    with scene(docker) as furnished:
        yield furnished
    docker.clean_up()
    client.close()


def tried_twice(made: Scene, source: str, target: str, port: int) -> tuple[Attempt, str]:
    """What came of it, and what the container's own wget printed, where it has one."""
    name, _, network = target.partition("@")
    target = made.address(name, network) if network else target
    attempt = Reach(made.docker.client, made.docker.lesson).attempt(f"wbt-{source}", target, port)
    return attempt, "" if source == "tool-less" else made.wget(source, target, port)


@pytest.fixture(scope="module")
def tried(made: Scene) -> Both:
    """Each case tried by us and by wget alone, all at once."""

    def both(case: str) -> tuple[Attempt, str]:
        return tried_twice(made, *CASES[case][:3])

    with ThreadPoolExecutor(6) as pool:
        return dict(zip(CASES, pool.map(both, CASES), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_connections_end_as_wget_says(tried: Both, case: str) -> None:
    expected, (attempt, by_wget) = CASES[case][3], tried[case]
    assert attempt.outcome is expected, attempt
    assert attempt.where == (BESIDE_IT if case == "no tool in it" else IN_IT)
    if case == "no tool in it":
        assert attempt.first_line == "desk"
        assert "--network container:wbt-tool-less" in attempt.line
    elif attempt:
        assert by_wget.strip() in (attempt.first_line, "twin-1", "twin-2")
        assert attempt.status.endswith("200 OK")
    else:
        assert outcome_by(by_wget) is expected


def test_out_of_an_internal_network_leads_no_way(made: Scene) -> None:
    attempt, by_wget = tried_twice(made, *OUT_OF_INTERNAL)
    assert not attempt
    assert attempt.outcome is outcome_by(by_wget)


def test_what_cannot_try_says_why(made: Scene) -> None:
    reach = Reach(made.docker.client, made.docker.lesson)
    with pytest.raises(NoSuchContainer):
        reach.attempt("wbt-no-such", "desk", 80)
    with pytest.raises(InvalidInput):
        reach.attempt("wbt-street", "desk:80", 80)
    for name, step in (("gone", "docker start"), ("frozen", "docker unpause")):
        with pytest.raises(Exception, match=f"`{step} wbt-{name}`"):
            reach.attempt(f"wbt-{name}", "desk", 80)


def test_the_map_is_the_engines_own(made: Scene) -> None:
    now = TopologyReader(made.docker.client).whole()
    for network in (FRONT, BACK, INNER, "bridge"):
        inspected = made.docker.client.api.inspect_network(network)
        by_engine = {
            item["Name"]: item["IPv4Address"].partition("/")[0]
            for item in inspected["Containers"].values()
        }
        ours = {
            station.name: "".join(attachment.addresses)
            for station in now.members(network)
            if (attachment := station.on(network)) and station.status in ("running", "paused")
        }
        assert ours == by_engine
        about = next(each for each in now.networks if each.name == network)
        assert about.is_internal is inspected["Internal"]
        assert about.driver == inspected["Driver"]
    desk = next(each for each in now.stations if each.name == "wbt-desk")
    front = desk.on(FRONT)
    assert front is not None
    assert {"wbt-desk", "counter"} <= set(front.names)
    assert [each.name for each in now.guests(desk)] == ["wbt-guest"]


def test_attempts_lead_to_their_containers(made: Scene, tried: Both) -> None:
    attempts = tuple(attempt for attempt, _ in tried.values())
    now = replace(TopologyReader(made.docker.client).whole(), attempts=attempts)
    goals = {goal.attempt: goal for goal in destinations(now)}
    for case, (attempt, _) in tried.items():
        goal, target = goals[attempt], CASES[case][1].partition("@")[0].removeprefix("wbt-")
        if case == "nobody's name":
            assert goal.station is None
        elif case == "alias of two":
            assert goal.station
            assert goal.station.name == f"wbt-{attempt.first_line}"
        else:
            expected = {"localhost": "desk", "counter": "desk"}.get(target, target)
            assert goal.station
            assert goal.station.name == f"wbt-{expected}", case


def test_resolvers_answer_by_network(made: Scene) -> None:
    reader = NameReader(made.docker.client, made.docker.lesson)
    names = ("wbt-desk", "pair", "wbt-vault", "wbt-gone")
    now = TopologyReader(made.docker.client).whole()

    def station(name: str) -> Station:
        return next(each for each in now.stations if each.id == made.ids[name])

    def answers(name: str) -> dict[str, tuple[str, ...]]:
        lookup = reader.lookup(now, station(name), names)
        assert lookup.trouble == ""
        return {each.name: each.addresses for each in lookup.answers} if lookup.is_engines else {}

    twins = tuple(sorted(made.address(name, FRONT) for name in ("twin-1", "twin-2")))
    street = {
        "wbt-desk": (made.address("desk", FRONT),), "pair": twins, "wbt-vault": (), "wbt-gone": (),
    }  # fmt: skip
    assert answers("street") == answers("tool-less") == street
    assert answers("vault")["wbt-desk"] == (made.address("desk", BACK),)
    assert answers("plain-1") == {}
    assert "wbt-frozen is paused" in reader.lookup(now, station("frozen"), names).trouble


class Followed:
    """What a feed gave, each with the time when it came."""

    def __init__(self, feed: NetworkFeed) -> None:
        self.feed = feed
        self.items: list[tuple[float, Topology]] = []
        self._news = threading.Condition()
        feed.start(self._take)

    def _take(self, now: Topology) -> None:
        with self._news:
            self.items.append((time.time(), now))
            self._news.notify_all()

    def when(self, so: Callable[[Topology], object], since: int = 0) -> float:
        """When it was first so, from that item on; waits for that."""
        with self._news:
            assert self._news.wait_for(lambda: any(so(now) for _, now in self.items[since:]), 30)
            return next(at for at, now in self.items[since:] if so(now))

    def delay(self, act: Callable[[], object], so: Callable[[Topology], object]) -> float:
        """How many seconds after the engine had done that act it was so here."""
        since = len(self.items)
        act()
        done = time.time()
        return self.when(so, since) - done


def test_events_and_attempts_are_followed(made: Scene) -> None:
    api, vault, log = made.docker.client.api, made.ids["vault"], AttemptLog()
    followed = Followed(NetworkFeed(made.docker.client, log, ("wbt-vault", FRONT)))

    def is_there(now: Topology) -> bool:
        return any(each.id == vault for each in now.members(FRONT))

    try:
        followed.when(lambda now: now.contact.connected)
        late: list[float] = []
        for _ in range(3):
            late += [
                followed.delay(partial(made.connect, "vault", FRONT), is_there),
                followed.delay(
                    partial(api.disconnect_container_from_network, vault, FRONT),
                    lambda now: not is_there(now),
                ),
            ]
        assert sorted(late)[2] < 0.2, late
        log.add(Attempt("street", "x", 1, Outcome.REFUSED, source_id=made.ids["street"]))
        assert followed.items[-1][1].attempts == log.attempts
    finally:
        followed.feed.stop()
    assert not followed.feed.is_running
