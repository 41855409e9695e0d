"""Objects of a cluster as its API server tells them, made for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.unit.kubernetes_objects import REVISION, meta

Object = dict[str, Any]


def deployment(name: str, container: Object, wished: int = 2, **more: Any) -> Object:
    """A Deployment at rest; `revision`, `status` and parts of its pods' template are changed."""
    counts = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
    status = {"observedGeneration": 1, **dict.fromkeys(counts, wished), **more.pop("status", {})}
    annotations = {REVISION: str(more.pop("revision", 1))}
    return {
        "kind": "Deployment",
        "metadata": meta(name, annotations=annotations),
        "spec": {
            "replicas": wished,
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": name, "image": "shop:1", **container}], **more},
            },
        },
        "status": status,
    }


def replica_set(owner: str, image: str = "shop:1", revision: int = 1) -> Object:
    """One of a Deployment's ReplicaSets."""
    return {
        "kind": "ReplicaSet",
        "metadata": meta(f"{owner}-{revision}", owner, annotations={REVISION: str(revision)}),
        "spec": {"template": {"spec": {"containers": [{"name": owner, "image": image}]}}},
    }


def pod(
    owner: str, number: int = 1, ready_after: float | None = 9, restarts: int = 0, **spec: Any
) -> Object:
    """A pod of a Deployment's first ReplicaSet; seconds (less than 50) from its start to ready."""
    is_ready = ready_after is not None
    condition = {
        "type": "Ready",
        "status": str(is_ready),
        "lastTransitionTime": f"2026-12-01T04:00:{10 + int(ready_after or 0)}Z",
    }
    return {
        "kind": "Pod",
        "metadata": meta(f"{owner}-1-{number}", f"{owner}-1", labels={"app": owner}),
        "spec": {"nodeName": "kubernetes", "containers": [{"name": owner, **spec}]},
        "status": {
            "phase": "Running",
            "startTime": "2026-12-01T04:00:08Z",
            "conditions": [condition],
            "containerStatuses": [
                {
                    "restartCount": restarts,
                    "ready": is_ready,
                    "state": {"running": {"startedAt": "2026-12-01T04:00:10Z"}},
                }
            ],
        },
    }


def service(name: str, pods: Sequence[Object], port: int = 8000, label: str = "") -> list[Object]:
    """A Service and its endpoints: those pods, at that port."""
    addresses = [{"targetRef": {"uid": each["metadata"]["uid"]}} for each in pods]
    subsets = [{"addresses": addresses, "ports": [{"port": port}]}] if addresses else []
    return [
        {"kind": "Service", "metadata": meta(name), "spec": {"selector": {"app": label or name}}},
        {"kind": "Endpoints", "metadata": meta(name), "subsets": subsets},
    ]
