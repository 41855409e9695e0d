"""What lesson 12's checks say of a swarm that is told to them, manager by manager."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from helpers.errors import EngineError
from helpers.exercises import lesson_12_checks
from helpers.exercises.lesson_12_checks import NO_NODES, NO_SWARM
from helpers.exercises.lesson_12_nodes import check_disk, check_maintenance
from helpers.exercises.lesson_12_unharmed import FEWEST_REQUESTS, check_unharmed, logged_in
from helpers.model.course.exercise import Finding, Outcome
from helpers.model.swarm.node import Node
from helpers.model.swarm.service import Service
from helpers.model.swarm.swarm import Swarm
from helpers.model.swarm.task import Task

BEGAN = 1_796_000_000.0  # 2026-11-30T00:53:20Z
HEALTH = ("CMD-SHELL", "true")


class ToldManager:
    """A manager that tells that swarm and that log; one that tells none is a worker."""

    def __init__(self, swarm: Swarm | None, log: str = "") -> None:
        self._swarm = swarm
        self._log = log

    def swarm(self) -> Swarm:
        if self._swarm is None:
            raise EngineError("This node is not a swarm manager.")
        return self._swarm

    def log(self, service: str, since: float) -> str:
        assert (service, since) == ("kiosk_gate", BEGAN)
        return self._log


def engine(*managers: ToldManager) -> Any:
    return SimpleNamespace(managers=list(managers))


@pytest.fixture(autouse=True)
def without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_12_checks, "_REST_SECONDS", 0.0)
    monkeypatch.setattr(lesson_12_checks, "_PAUSE_SECONDS", 0.0)


def nodes(**changed: Any) -> dict[str, Node]:
    """Three nodes that are ready; `node_2` and so on change one."""
    usual = {"state": "ready", "availability": "active"}
    names = ("node-1", "node-2", "node-3")
    return {
        name: Node(id=name, name=name, **{**usual, **changed.get(name.replace("-", "_"), {})})
        for name in names
    }


def task(node: str, state: str = "running", desired: str = "running", label: str = "") -> Task:
    return Task(f"{node}-{state}", 1, node, state, desired, label=label, service="web")


def web(*tasks: Task, replicas: int = 2, **changed: Any) -> Swarm:
    return Swarm(nodes(**changed), {"web": Service("web", "web", replicas=replicas)}, tasks)


DRAINED: dict[str, dict[str, Any]] = {"node_2": {"availability": "drain"}}
TWO = (task("node-1"), task("node-3"))


@pytest.mark.parametrize("check", [check_unharmed, check_maintenance, check_disk])
def test_without_a_swarm_nothing_is_started(check: Any) -> None:
    assert check(engine()).observed == NO_NODES
    finding = check(engine(ToldManager(None), ToldManager(None)))
    assert (finding.outcome, finding.observed) == (Outcome.NOT_STARTED, NO_SWARM)


def test_a_worker_is_passed_over() -> None:
    swarm = web(*TWO, **DRAINED)
    assert check_maintenance(engine(ToldManager(None), ToldManager(swarm))).passed


@pytest.mark.parametrize(
    ("swarm", "says"),
    [
        (web(*TWO, node_2={"state": "down", "availability": "drain"}), "cut off"),
        (web(*TWO, node_2={"availability": "pause"}), "`pause`"),
        (web(task("node-2", desired="shutdown"), *TWO, **DRAINED), "way out"),
        (web(TWO[0], **DRAINED), "1 of 2 tasks"),
        (web(TWO[0], replicas=1, **DRAINED), "nobody to be moved"),
    ],
)
def test_maintenance_is_not_yet(swarm: Swarm, says: str) -> None:
    finding = check_maintenance(engine(ToldManager(swarm)))
    assert finding.outcome is Outcome.NOT_YET
    assert says in finding.observed
    assert "?" in finding.question


def test_a_node_that_left_the_swarm_is_no_maintenance() -> None:
    swarm = web(*TWO)
    left = Swarm({name: swarm.nodes[name] for name in ("node-1", "node-3")}, swarm.services)
    assert "no part of the swarm" in check_maintenance(engine(ToldManager(left))).observed


def test_an_active_node_is_not_started() -> None:
    finding = check_maintenance(engine(ToldManager(web(*TWO))))
    assert finding.outcome is Outcome.NOT_STARTED


SSD = (("disk", "ssd"),)
BY_LABEL = ("node.labels.disk==ssd",)


def cache(constraints: tuple[str, ...], *places: str, **changed: Any) -> Swarm:
    service = Service("web", "cache", replicas=2, constraints=constraints)
    return Swarm(nodes(**changed), {"cache": service}, tuple(task(each) for each in places))


@pytest.mark.parametrize(
    ("swarm", "says"),
    [
        (cache((), "node-3", "node-3", node_3={"labels": SSD}), "where there was room"),
        (cache(("node.hostname==node-3",), "node-3", "node-3"), "by its name"),
        (cache(BY_LABEL), "no node has the label"),
        (cache(BY_LABEL, "node-1", "node-1", node_1={"labels": SSD}), "at `node-1`"),
        (
            cache(BY_LABEL, "node-1", "node-3", node_1={"labels": SSD}, node_3={"labels": SSD}),
            "at `node-1`",
        ),
        (cache(BY_LABEL, "node-3", node_3={"labels": SSD}), "1 tasks"),
        (cache(BY_LABEL, "node-1", "node-3", node_3={"labels": SSD}), "one on node-1"),
    ],
)
def test_the_disk_is_not_yet(swarm: Swarm, says: str) -> None:
    finding = check_disk(engine(ToldManager(swarm)))
    assert finding.outcome is Outcome.NOT_YET
    assert says in finding.observed
    assert "?" in finding.question


@pytest.mark.parametrize("constraint", ["node.labels.disk==ssd", "node.labels.disk == ssd"])
def test_the_disk_passes(constraint: str) -> None:
    swarm = cache((constraint,), "node-3", "node-3", node_3={"labels": SSD})
    assert check_disk(engine(ToldManager(swarm))).passed


def logged(statuses: list[int], after: float = 1.0) -> str:
    """The door's log of so many requests, the first one so long after the update began."""
    lines = []
    for count, status in enumerate(statuses):
        second = 20 + after + count * 0.05
        stamp = f"2026-11-30T00:53:{second:012.9f}Z"
        lines.append(
            f"{stamp} 10.0.1.4:41234 [30/Nov/2026:00:53:21.000] door web/web1 0/0/1/2/3 {status} "
            '256 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"'
        )
    return "\n".join(["2026-11-30T00:53:20.5Z Proxy web started.", *lines, ""])


def kiosk(log: str = "", version: str = "2", had: str = "1", **changed: Any) -> Finding:
    service = Service(
        "web",
        "kiosk_web",
        replicas=2,
        environment=(f"VERSION={version}",),
        **{"update": "completed", "began": BEGAN, "ended": BEGAN + 10, **changed},
    )
    running = tuple(task(node, label=version) for node in ("node-1", "node-3"))
    tasks = (*running, task("node-2", "shutdown", "shutdown", label=had))
    swarm = Swarm(nodes(), {"kiosk_web": service}, tasks)
    return check_unharmed(engine(ToldManager(swarm, log)))


ENOUGH = [200] * FEWEST_REQUESTS


@pytest.mark.parametrize(
    ("log", "changed", "says"),
    [
        ("", {"version": "3"}, "has version 3"),
        ("", {"version": "1", "update": "rollback_completed"}, "taken back to version 1"),
        ("", {"had": "2"}, "began with 2"),
        ("", {"update": "updating"}, "is updating"),
        ("", {"update": "paused"}, "is paused"),
        (logged([200] * 99), {}, "99 requests"),
        (logged(ENOUGH, after=15.0), {}, "0 requests"),
        (logged([*ENOUGH, 503]), {}, "runs, or when it is ready"),
        (logged([*ENOUGH, 503]), {"health_check": HEALTH}, "comes first"),
        (logged([*ENOUGH, 503]), {"health_check": HEALTH, "order": "start-first"}, "how long"),
        (logged([-1, *ENOUGH]), {}, "1 of the 101 requests"),
    ],
)
def test_an_update_is_not_yet(log: str, changed: dict[str, Any], says: str) -> None:
    finding = kiosk(log, **changed)
    assert finding.outcome is Outcome.NOT_YET
    assert says in f"{finding.observed} {finding.question}"
    assert "?" in finding.question


def test_an_update_that_nobody_noticed_passes() -> None:
    assert kiosk(logged(ENOUGH)).passed
    assert kiosk(logged([*ENOUGH, 404])).passed


def test_version_1_is_not_started() -> None:
    assert kiosk(version="1", update="").outcome is Outcome.NOT_STARTED


def test_a_line_that_is_no_request_is_none() -> None:
    assert logged_in("2026-11-30T00:53:20Z Proxy web started.\n\n<NOSRV>") == []
    assert logged_in(logged([503]))[0].status == 503


class Moving(ToldManager):
    """A manager that tells one swarm first and then another."""

    def __init__(self, first: Swarm, then: Swarm) -> None:
        super().__init__(then)
        self._first = [first]

    def swarm(self) -> Swarm:
        return self._first.pop() if self._first else super().swarm()


@pytest.mark.parametrize(
    "first",
    [
        web(task("node-2"), task("node-1"), **DRAINED),
        web(task("node-1"), **DRAINED),
        web(task("node-1"), task("node-3"), task("node-3", "complete", "shutdown"), replicas=3),
    ],
    ids=["on a drained node", "too few", "ordered and not made"],
)
def test_orders_that_are_not_carried_out_yet_get_their_time(
    first: Swarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson_12_checks, "_REST_SECONDS", 60.0)
    manager = Moving(first, web(*TWO, **DRAINED))
    assert check_maintenance(engine(manager)).outcome is Outcome.PASSED


def test_an_update_that_never_ends_is_judged_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_12_checks, "_REST_SECONDS", 0.05)
    service = Service("web", "web", replicas=2, update="updating")
    swarm = Swarm(nodes(**DRAINED), {"web": service}, TWO)
    assert check_maintenance(engine(ToldManager(swarm))).outcome is Outcome.PASSED
