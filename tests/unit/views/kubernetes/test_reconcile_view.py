"""A cluster, wished and observed, given values instead of one that runs."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from typing import Any

import pytest

from helpers.model.container.snapshot import Contact
from helpers.model.kubernetes.state import ClusterState, state_from
from helpers.views.kubernetes.reconcile_view import ReconcileView
from tests.unit.kubernetes_objects import (
    ON,
    containers_of,
    deployment,
    endpoints,
    node,
    pod,
    programs,
    replica_set,
    service,
    starting,
    unplaced,
    waiting,
)
from tests.unit.list_feed import ListFeed

EVIL = "<img src=x onerror=alert(1)>$x$\x1b[2J\nweb: 3 of 3"
OFF = "kube-apiserver is off, and nobody else knows what there is."
NO_NODES = "no nodes available to schedule pods"
STORED = ("etcd", "kube-apiserver")
MANAGED = (*STORED, "kube-controller-manager")
THREE = ("web-a-x4k2p", "web-a-9dl2m", "web-a-aa1bc")
COUNTS = {"replicas": 3, "updatedReplicas": 3}


def counted(**changes: int) -> dict[str, Any]:
    """web as its controller has counted its pods."""
    web = deployment(revision=changes.pop("revision", 1), version=str(changes.pop("version", 1)))
    web["status"] |= {**COUNTS, "readyReplicas": 3, **changes}
    return web


def whole(*objects: dict[str, Any]) -> ClusterState:
    """web with three pods that are ready, a Service to them, and these objects."""
    every = [counted(), replica_set("web-a", 3, ready=3), *map(pod, THREE), service(), node()]
    return state_from([*every, endpoints(ready=THREE), *objects], ON, containers_of(*THREE))


def updating() -> ClusterState:
    """web on its way to version 2, of which one pod crashes; one of version 1 ends."""
    crash = pod("web-b-crash", "web-b", version="2", ready=False, restarts=2,
                state=waiting("CrashLoopBackOff", "back-off 10s"),
                last={"terminated": {"reason": "OOMKilled", "exitCode": 137}})  # fmt: skip
    objects = [
        counted(version=2, revision=2, replicas=4, updatedReplicas=2),
        replica_set("web-old", 0, "0"),
        replica_set("web-a", 2, "1", ready=2),
        replica_set("web-b", 3, "2", there=2, ready=1),
        pod("web-a-1"),
        pod("web-a-2"),
        pod("web-a-3", deletionTimestamp="2026-12-01T10:09:00Z"),
        pod("web-0-1", "web-old", version="0", deletionTimestamp="2026-12-01T10:09:00Z"),
        pod("web-b-1", "web-b", version="2"),
        crash,
        service(),
        endpoints(ready=("web-a-1", "web-a-2", "web-b-1"), not_ready=("web-b-crash",)),
        node(),
    ]
    return state_from(objects, ON, containers_of("web-a-1", "web-a-2", "web-a-3", "web-b-1"))


def view_of(now: ClusterState) -> ReconcileView:
    return ReconcileView(now, ListFeed())


def observed(now: ClusterState) -> dict[str, tuple[str, list[str]]]:
    """The sign and the lines of each floor."""
    parts = view_of(now).parts()
    floors = [each for key, each in parts.items() if key.startswith("floor/")]
    return {each["id"]: (each["sign"], each["observed"]) for each in floors}


def tiles(now: ClusterState) -> dict[str, tuple[str, str, str]]:
    """Floor, look of the phase and state of each pod, by the end of its name."""
    every = [each for key, each in view_of(now).parts().items() if key.startswith("pod/")]
    return {each["slot"]: (each["floor"], each["phase"], each["state"]) for each in every}


def test_its_text_is_a_table_of_the_floors_with_no_name_that_chance_has_made() -> None:
    lines = [re.split(r"  +", line) for line in view_of(whole()).text().splitlines()]
    assert lines == [
        ["web: 3 of 3 pods ready: 3 of version 1"],
        ["wished", "program", "observed"],
        ["web: 3 pods of version 1", "etcd: on, kube-apiserver: on", "= web: 3 of 3 ready"],
        [
            "web: a ReplicaSet of version 1 with 3 pods",
            "kube-controller-manager: on",
            "= 1 ReplicaSet, 3 pods",
        ],
        [
            "a node for 3 pods",
            "kube-scheduler: on",
            "= 3 of 3 pods with a node: 3 on kubernetes",
        ],
        [
            "containers of 3 pods, all of them ready",
            "kubelet: on",
            "= 3 of 3 pods ready; 6 containers in the node's runtime, 3 of them pause",
        ],
        [
            "web: port 80 (on nodes 30080) to ready pods with app=web",
            "kube-proxy: on",
            "= web leads to 3 of 3 pods",
        ],
    ]


def test_with_the_api_server_alone_there_is_a_deployment_and_nothing_else() -> None:
    now = state_from([deployment(), service()], programs(*STORED))
    assert observed(now) == {
        "store": ("≠", ["web: stored, and no controller has looked at it since"]),
        "sets": ("≠", ["no ReplicaSet"]),
        "nodes": ("≠", ["0 of 3 pods with a node"]),
        "containers": ("≠", ["0 of 3 pods ready", "no container in the node's runtime"]),
        "services": ("≠", ["web leads to no pod: none has these labels"]),
    }
    assert "kube-controller-manager is off: nobody makes what is missing" in view_of(now).text()


def test_a_pod_falls_from_floor_to_floor_as_one_program_after_the_other_runs() -> None:
    web = [counted(readyReplicas=0), replica_set("web-a", 3), service()]
    made = state_from([*web, *map(unplaced, THREE)], programs(*MANAGED))
    assert set(tiles(made).values()) == {("sets", "pending", "Pending")}
    looked = [unplaced(each, message=NO_NODES) for each in THREE]
    tried = state_from([*web, *looked], programs(*MANAGED, "kube-scheduler"))
    floor = view_of(tried).parts()["floor/nodes"]
    assert floor["notes"] == [f"3 pods Pending: {NO_NODES}"]
    assert (floor["sign"], floor["idle"]) == ("≠", "")
    placed = [pod(each, status={"phase": "Pending"}) for each in THREE]
    at = state_from([*web, *placed], programs(*MANAGED, "kube-scheduler"))
    assert set(tiles(at).values()) == {("nodes", "pending", "Pending")}
    assert observed(at)["nodes"] == ("=", ["3 of 3 pods with a node: 3 on kubernetes"])
    begun = state_from([*web, *map(starting, THREE)], ON)
    assert set(tiles(begun).values()) == {("containers", "starting", "ContainerCreating")}
    assert set(tiles(whole()).values()) == {("containers", "running", "ready")}
    assert {sign for sign, _ in observed(whole()).values()} == {"="}


def test_an_update_is_two_replica_sets_side_by_side() -> None:
    parts = view_of(updating()).parts()
    groups = [each for key, each in parts.items() if key.startswith("group/")]
    assert [(each["name"], each["look"], each["line"], each["same"]) for each in groups] == [
        ("web-a, version 1", 1, "2 wished, 2 there, 2 ready", True),
        ("web-b, version 2", 2, "3 wished, 2 there, 1 ready", False),
        ("web-old, version 0", 0, "", True),
    ]
    assert parts["floor/sets"]["notes"] == [
        "1 older one with no pods, kept for `kubectl rollout undo`"
    ]
    assert parts["head"]["title"] == "web: 3 of 4 pods ready: 2 of version 1, 1 of version 2"
    assert observed(updating())["store"] == ("≠", ["web: 3 of 3 ready, 2 of 4 of version 2"])
    assert observed(updating())["services"] == ("≠", ["web leads to 3 of 4 pods"])
    crash = parts["pod/web-b-crash"]
    assert (crash["phase"], crash["state"], crash["mark"]) == ("failed", "CrashLoopBackOff", "↻2")
    assert "Ended before: OOMKilled, exit code 137." in crash["detail"]
    assert "Service web does not lead to it. Why: back-off 10s." in crash["detail"]
    assert parts["pod/web-a-1"]["mark"] == "→"
    assert "In the node's runtime: pause, web." in parts["pod/web-a-1"]["detail"]
    assert parts["pod/web-a-3"]["state"] == "Terminating"


def test_a_pod_of_nobody_stands_beside_those_of_others() -> None:
    job = pod("sum-x", "sum", owner_kind="Job")
    parts = view_of(whole(pod("alone", ""), job)).parts()
    assert parts["group/"]["name"] == "made by nobody else"
    assert parts["group/sum"]["name"] == "Job sum"
    assert parts["pod/alone"]["slot"] == "alone"


def test_what_was_known_last_stands_marked_where_the_api_server_is_off() -> None:
    lost = replace(whole(), programs=programs("etcd"), contact=Contact(False, OFF))
    head = view_of(lost).parts()["head"]
    assert head["stale"]
    assert head["trouble"] == f"{OFF} What stands here is what was known last."
    assert view_of(lost).text().endswith("nobody leads connections to new pods.")
    never = ClusterState(contact=Contact(False, OFF))
    assert view_of(never).parts()["head"]["trouble"] == OFF
    assert "What is wished is not known." in view_of(never).text()
    assert "etcd: unknown" in view_of(never).text()


@pytest.mark.parametrize(
    ("now", "title"),
    [
        (ClusterState(), "Nothing is wished of this cluster."),
        (
            ClusterState(app="wbe", others=("cache", "web")),
            "Nothing is wished of an app wbe. Deployments that there are: cache, web.",
        ),
        (state_from([deployment(), deployment("b", 1)], ON), "2 Deployments: 0 of 4 pods ready"),
    ],
)
def test_its_title(now: ClusterState, title: str) -> None:
    assert view_of(now).parts()["head"]["title"] == title


def test_its_alternative_tells_the_lamps_each_floor_and_each_pod() -> None:
    words = view_of(updating()).alternative()
    assert "etcd: on, kube-apiserver: on" in words
    assert "Observed, not as wished: 2 ReplicaSets, 4 pods." in words
    assert "web-b-crash on kubernetes, version 2 (shop:1): CrashLoopBackOff. 2 restarts." in words


def test_a_picture_is_drawn_of_all_of_it() -> None:
    for now in (ClusterState(), whole(), updating()):
        assert view_of(now).picture().startswith(b"\x89PNG")


def test_texts_of_others_are_made_visible() -> None:
    evil = pod(EVIL, EVIL, EVIL, version=EVIL, ready=False, state=waiting(EVIL, EVIL))
    evil["metadata"]["namespace"] = EVIL
    strange = deployment(EVIL, version=EVIL, revision=1)
    now = state_from(
        [strange, replica_set(EVIL, 1, EVIL, owner=EVIL), evil, service(EVIL, EVIL), node(EVIL)],
        {EVIL: True},
    )
    view = view_of(now)
    shown = json.dumps(view.content(), ensure_ascii=False) + view.text() + view.caption()
    assert "\x1b" not in shown
    assert "<img" not in view.caption()
    assert len([line for line in view.text().splitlines() if line.startswith("web: 3")]) == 0
    assert view.picture().startswith(b"\x89PNG")


class Told:
    """What a view sends, in the order and with the bytes in which it does."""

    def __init__(self, view: ReconcileView, monkeypatch: pytest.MonkeyPatch) -> None:
        self.messages: list[dict[str, Any]] = []
        monkeypatch.setattr(view, "tell", self.messages.append)

    @property
    def bytes(self) -> list[int]:
        return [len(json.dumps(each, ensure_ascii=False).encode()) for each in self.messages]


def fifty(restarted: int = 0) -> ClusterState:
    """Fifty pods, so many of which were restarted."""
    names = [f"web-a-{at:05}" for at in range(50)]
    pods = [pod(each, restarts=int(at < restarted)) for at, each in enumerate(names)]
    objects = [deployment(replicas=50, revision=1), replica_set("web-a", 50), *pods, service()]
    return state_from([*objects, endpoints(ready=tuple(names))], ON, containers_of(*names))


def test_of_fifty_pods_only_what_changed_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(fifty())
    told = Told(view, monkeypatch)
    whole_bytes = len(json.dumps(view.content(), ensure_ascii=False).encode())
    view.take(fifty(1))
    assert list(told.messages[0]["parts"]) == ["pod/web-a-00000"]
    view.take(fifty(1))
    view.take(fifty(11))
    assert [len(each["parts"]) for each in told.messages] == [1, 10]
    assert max(told.bytes) < 5_500
    assert told.bytes[0] < 600
    assert whole_bytes < 25_000


def test_a_change_is_made_into_a_message_at_once() -> None:
    view, one, other = view_of(fifty()), fifty(1), fifty(2)
    begun = time.process_time()
    for _ in range(5):
        view.take(one)
        view.take(other)
    assert time.process_time() - begun < 10 * 0.05


def test_what_is_gone_is_told_and_a_page_that_missed_something_gets_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = view_of(whole(pod("alone", "")))
    told = Told(view, monkeypatch)
    number = view.content()["number"]
    view.take(whole())
    assert told.messages[0]["parts"]["pod/alone"] is told.messages[0]["parts"]["group/"] is None
    assert (told.messages[0]["after"], told.messages[0]["number"]) == (number, number + 1)
    view.heard({"kind": "parts", "number": number + 1})
    assert len(told.messages) == 1, "who has the newest needs nothing"
    view.heard({"kind": "parts", "number": number})
    view.heard({"kind": "other"})
    assert [each["after"] for each in told.messages[1:]] == [0]
    assert told.messages[1]["parts"] == view.content()["parts"]


def test_it_listens_while_a_page_shows_it() -> None:
    feed: ListFeed[ClusterState] = ListFeed(whole())
    view = ReconcileView(ClusterState(), feed)
    view.begin()
    assert len(view.now.pods) == 3
    view.end()
    assert (feed.begun, feed.ended) == (1, 1)
