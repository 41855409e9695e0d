"""A cluster is followed from before its API server runs until after it has stopped."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from helpers.engine.kubernetes import feed as feed_module
from helpers.engine.kubernetes.feed import ClusterFeed
from helpers.engine.kubernetes.reader import OFF, SILENT, StateReader
from helpers.errors import EngineError, NoSuchContainer
from helpers.model.kubernetes.state import KINDS, ClusterState
from tests.unit.kubernetes_objects import (
    ON,
    containers_of,
    deployment,
    node,
    pod,
    replica_set,
)

OBJECTS = [deployment(replicas=1, revision=1), replica_set("web-a", 1), pod("web-a-1"), node()]


class FakeCluster:
    """A cluster that tells what it is told to; an error is raised in its place."""

    def __init__(self) -> None:
        self.running: Any = list(ON)
        self.objects: Any = list(OBJECTS)
        self.inside: Any = containers_of("web-a-1")
        self.asked: list[str] = []
        self.was_asked = threading.Semaphore(0)

    def programs(self) -> Any:
        return self._told("programs", self.running)

    def get(self, *kinds: str, namespace: str | None) -> Any:
        assert (kinds, namespace) == (KINDS, None)
        return self._told("get", self.objects)

    def containers(self) -> Any:
        answer = self._told("containers", self.inside)
        self.was_asked.release()
        return answer

    def _told(self, what: str, answer: Any) -> Any:
        self.asked.append(what)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def cluster() -> FakeCluster:
    """One in which all runs and one pod is ready."""
    return FakeCluster()


@pytest.fixture
def feed(cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClusterFeed]:
    """A feed of it that looks often; it has ended when the test has."""
    monkeypatch.setattr(feed_module, "EVERY_SECONDS", 0.01)
    feed = ClusterFeed(cluster)
    yield feed
    feed.stop()
    assert not feed.is_running


def test_all_is_read_in_one_go(cluster: FakeCluster) -> None:
    now = StateReader(cluster).read()
    assert cluster.asked == ["programs", "get", "containers"]
    assert (len(now.deployments), len(now.sets), len(now.pods), len(now.containers)) == (1, 1, 1, 2)
    assert now.contact.connected


def test_nobody_asks_an_api_server_that_is_off(cluster: FakeCluster) -> None:
    cluster.running = ["kubelet"]
    now = StateReader(cluster).read()
    assert "get" not in cluster.asked
    assert (now.contact.words, now.deployments) == (OFF, ())
    assert len(now.containers) == 2, "the runtime needs no API server"


@pytest.mark.parametrize("part", ["objects", "inside"])
def test_a_part_that_cannot_be_told_is_as_before(cluster: FakeCluster, part: str) -> None:
    reader = StateReader(cluster)
    before = reader.read()
    setattr(cluster, part, EngineError("no answer"))
    now = reader.read(before)
    assert (now.pods, now.containers) == (before.pods, before.containers)
    assert now.contact.words == (SILENT if part == "objects" else "")


def test_one_app_alone_is_read(cluster: FakeCluster) -> None:
    cluster.objects = [*OBJECTS, deployment("cache", 1)]
    now = StateReader(cluster, "web").read()
    assert [each.meta.name for each in now.deployments] == ["web"]
    assert now.others == ("cache",)


def test_it_tells_what_is_new_goes_on_after_a_loss_and_ends(
    cluster: FakeCluster, feed: ClusterFeed
) -> None:
    heard: queue.Queue[ClusterState] = queue.Queue()
    feed.start(heard.put)
    cluster.objects = [*OBJECTS, pod("web-a-2")]
    assert len(heard.get(timeout=5).pods) == 2
    cluster.running = ["etcd", "kubelet"]
    lost = heard.get(timeout=5)
    assert (lost.contact.words, len(lost.pods)) == (OFF, 2)
    assert not lost.programs["kube-apiserver"]
    cluster.running = NoSuchContainer("There is no container kubernetes.")
    gone = heard.get(timeout=5)
    assert (gone.contact.words, dict(gone.programs), len(gone.pods)) == (
        "There is no container kubernetes.", {}, 2,
    )  # fmt: skip
    cluster.running = list(ON)
    back = heard.get(timeout=5)
    assert back.contact.connected
    assert back.programs == ON


def test_it_is_quiet_while_nothing_changes(cluster: FakeCluster, feed: ClusterFeed) -> None:
    heard: list[ClusterState] = []
    feed.start(heard.append)
    for _ in range(5):
        assert cluster.was_asked.acquire(timeout=5)
    assert heard == []


def test_a_cluster_that_is_gone_has_no_feed(cluster: FakeCluster) -> None:
    cluster.running = NoSuchContainer("There is no container kubernetes.")
    with pytest.raises(NoSuchContainer):
        ClusterFeed(cluster)
