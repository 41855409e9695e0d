"""A whole cluster in what its API server tells: owners, endpoints, one app, anything at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.model.kubernetes.state import ClusterState, state_from
from helpers.model.kubernetes.workload import Workload
from tests.unit.kubernetes_objects import (
    ON,
    container,
    containers_of,
    deployment,
    endpoints,
    node,
    pod,
    replica_set,
    service,
    template,
)

UPDATE = [
    deployment(version="2", revision=2, updatedReplicas=2, readyReplicas=3),
    replica_set("web-b", 2, "2", ready=1),
    replica_set("web-a", 2, "1", ready=2),
    pod("web-b-1", "web-b", version="2"),
    pod("web-b-2", "web-b", version="2", ready=False),
    pod("web-a-1"),
    pod("web-a-2"),
    service(),
    endpoints(ready=("web-a-1", "web-a-2", "web-b-1"), not_ready=("web-b-2",)),
    node(),
]


def updating(app: str = "", *more: dict[str, Any]) -> ClusterState:
    return state_from([*UPDATE, *more], ON, containers_of("web-a-1", "web-b-1"), app)


def test_pods_are_found_by_their_owners_and_versions_by_age() -> None:
    now = updating()
    web = now.deployments[0]
    assert [each.meta.name for each in now.sets_of(web)] == ["web-a", "web-b"]
    newest = now.newest_set(web)
    assert newest is not None
    assert newest.version == web.version == "2"
    assert [each.meta.name for each in now.pods_of("web-b")] == ["web-b-1", "web-b-2"]
    assert now.versions() == ("1", "2")


def test_an_undone_update_is_as_old_as_its_template() -> None:
    back = replica_set("web-a", 3, "1", revision=3)
    back["metadata"]["creationTimestamp"] = "2026-12-01T10:01:00Z"
    now = state_from([deployment(revision=3), back, replica_set("web-b", 0, "2")], ON)
    newest = now.newest_set(now.deployments[0])
    assert newest is not None
    assert newest.meta.name == "web-a"
    assert now.versions() == ("1", "2"), "a version keeps its look"


def test_a_change_that_no_controller_has_seen_has_no_set_yet() -> None:
    changed = deployment(revision=1, readyReplicas=3)
    changed["metadata"]["generation"] = 2
    now = state_from([changed, replica_set("web-a", 3)], ON)
    assert now.newest_set(now.deployments[0]) is None
    assert not now.deployments[0].is_as_wished


def test_endpoints_are_the_ready_pods_of_a_service() -> None:
    now = updating()
    [web] = now.services
    assert [each.meta.name for each in now.members(web)] == [
        "web-a-1", "web-a-2", "web-b-1", "web-b-2",
    ]  # fmt: skip
    led = {each.meta.name: bool(now.services_to(each)) for each in now.pods}
    assert led == {"web-a-1": True, "web-a-2": True, "web-b-1": True, "web-b-2": False}
    assert (web.ports[0].port, web.ports[0].target, web.ports[0].on_nodes) == (80, "8000", 30080)


def test_what_the_runtime_has_is_told_by_pod() -> None:
    now = state_from(UPDATE, ON, [*containers_of("web-a-1"), container("web-a-2", state="exited")])
    own = {each.meta.name: len(now.containers_of(each)) for each in now.pods}
    assert own == {"web-a-1": 2, "web-a-2": 0, "web-b-1": 0, "web-b-2": 0}
    assert sorted(each.is_sandbox for each in now.containers_of(now.pods[0])) == [False, True]
    assert state_from([], ON, [{"Id": "1", "State": "running", "Labels": None}]).containers == ()


def test_one_app_has_what_it_owns_and_the_services_that_lead_to_it() -> None:
    others = [
        deployment("cache", 1, revision=1),
        replica_set("cache-a", 1, owner="cache"),
        {**pod("cache-a-1", "cache-a"), "metadata": {"uid": "c1", "name": "cache-a-1",
         "namespace": "default", "labels": {"app": "cache"},
         "ownerReferences": [{"uid": "cache-a", "controller": True}]}},
        service("front", "web"),
        service("cache", "cache"),
    ]  # fmt: skip
    now = updating("web", *others)
    assert [each.meta.name for each in now.deployments] == ["web"]
    assert [each.meta.name for each in now.sets] == ["web-a", "web-b"]
    assert len(now.pods) == 4
    assert [each.meta.name for each in now.services] == ["front", "web"]
    assert now.others == ("cache",)
    assert [each.name for each in now.nodes] == ["kubernetes"]
    assert updating("wbe").deployments == ()


def test_parts_of_the_cluster_itself_are_left_out() -> None:
    dns = deployment("coredns")
    dns["metadata"]["namespace"] = "kube-system"
    own = {"kind": "Service", "metadata": {"name": "kubernetes", "namespace": "default"}}
    now = state_from([dns, own], ON)
    assert now.deployments == now.services == ()


@pytest.mark.parametrize(
    ("changes", "is_as_wished"),
    [
        ({}, True),
        ({"readyReplicas": 2}, False),
        ({"replicas": 4}, False),
        ({"updatedReplicas": 1}, False),
        ({"observedGeneration": 0}, False),
    ],
)
def test_a_deployment_is_as_wished_when_all_its_pods_are(
    changes: dict[str, int], is_as_wished: bool
) -> None:
    whole = deployment()
    counts = {"replicas": 3, "updatedReplicas": 3, "readyReplicas": 3, "observedGeneration": 1}
    whole["status"] = {**counts, **changes}
    assert Workload.from_answer(whole).is_as_wished is is_as_wished


def test_what_a_deployment_is_asked_and_how_it_is_updated() -> None:
    one = deployment()
    one["status"] = {
        "conditions": [
            {"type": "Progressing", "status": "False", "message": "has timed out progressing"}
        ]
    }
    web = Workload.from_answer(one)
    assert (web.surge, web.unavailable, web.probes) == ("1", "0", ("readiness",))
    assert web.trouble == "has timed out progressing"
    assert Workload.from_answer({"spec": {"template": template("")}}).version == "1", "its tag"


KEYS = [
    "kind", "metadata", "spec", "status", "name", "namespace", "uid", "labels", "ownerReferences",
    "controller", "replicas", "template", "containers", "image", "env", "conditions", "type",
    "containerStatuses", "state", "waiting", "terminated", "reason", "exitCode", "nodeName",
    "phase", "deletionTimestamp", "creationTimestamp", "subsets", "addresses", "targetRef",
    "selector", "ports", "port", "annotations", "generation", "observedGeneration", "Labels",
]  # fmt: skip
KINDS = st.sampled_from(["Deployment", "ReplicaSet", "Pod", "Service", "Endpoints", "Node"])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)
TABLES = st.dictionaries(st.sampled_from(KEYS), ANY, max_size=6)


@settings(deadline=None)
@given(st.lists(st.tuples(KINDS, TABLES), max_size=4), st.lists(TABLES, max_size=2))
def test_whatever_is_answered_is_read(
    objects: list[tuple[str, dict[str, Any]]], containers: list[dict[str, Any]]
) -> None:
    told = [{**each, "kind": kind} for kind, each in objects]
    now = state_from(told, ON, containers, "web")
    assert len(now.pods) <= sum(kind == "Pod" for kind, _ in objects)
    assert now == state_from(told, ON, containers, "web")
