"""Objects of a cluster as `kubectl get -o json` has them, cut down to what is read of them."""

from __future__ import annotations

from typing import Any

from helpers.model.kubernetes.programs import PROGRAMS

Answer = dict[str, Any]
ON = dict.fromkeys(PROGRAMS, True)
REVISION = "deployment.kubernetes.io/revision"
FULL = "0/1 nodes are available: 1 Insufficient cpu."


def programs(*names: str) -> dict[str, bool]:
    """All programs, these alone running."""
    return {name: name in names for name in ON}


def meta(name: str, owner: str = "", **more: Any) -> Answer:
    """Metadata; the owner is a uid, which is the name here."""
    kind = more.pop("owner_kind", "ReplicaSet")
    owners = [{"kind": kind, "name": owner, "uid": owner, "controller": True}] if owner else []
    return {
        "name": name,
        "namespace": "default",
        "uid": name,
        "creationTimestamp": "2026-12-01T10:00:00Z",
        "generation": 1,
        "ownerReferences": owners,
        **more,
    }


def template(version: str, app: str = "web") -> Answer:
    """A template of pods with one container, whose VERSION is that."""
    container = {
        "name": app,
        "image": "shop:1",
        "env": [{"name": "VERSION", "value": version}],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8000}},
    }
    return {"metadata": {"labels": {"app": app}}, "spec": {"containers": [container]}}


def deployment(name: str = "web", replicas: int = 3, version: str = "1", **status: Any) -> Answer:
    """A Deployment; without a status one that no controller has seen."""
    is_seen = bool(status)
    revision = status.pop("revision", 1)
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    return {
        "kind": "Deployment",
        "metadata": meta(
            name, labels={"app": name}, annotations={REVISION: str(revision)} if is_seen else {}
        ),
        "spec": {"replicas": replicas, "template": template(version, name), "strategy": rolling},
        "status": {"observedGeneration": 1, **status} if is_seen else {},
    }


def replica_set(name: str, wished: int, version: str = "1", ready: int = 0, **more: Any) -> Answer:
    """A ReplicaSet of web's; `there` is as many as wished where it is not told."""
    revision = more.pop("revision", int(version) if version.isdigit() else 1)
    status = {"replicas": more.pop("there", wished), "readyReplicas": ready}
    owner = more.pop("owner", "web")
    created = f"2026-12-01T10:0{revision}:00Z"
    annotations = {REVISION: str(revision)}
    return {
        "kind": "ReplicaSet",
        "metadata": meta(name, owner, owner_kind="Deployment", annotations=annotations,
                         creationTimestamp=created),
        "spec": {"replicas": wished, "template": template(version, owner)},
        "status": {"observedGeneration": 1, **status},
    }  # fmt: skip


def pod(name: str, owner: str = "web-a", node: str = "kubernetes", **more: Any) -> Answer:
    """A pod of that owner: running and ready, until `status` and `state` say other things."""
    version, is_ready = more.pop("version", "1"), more.pop("ready", True)
    container = {
        "name": "web",
        "ready": is_ready,
        "restartCount": more.pop("restarts", 0),
        "state": more.pop("state", {"running": {}}),
        "lastState": more.pop("last", {}),
    }
    conditions = [{"type": "Ready", "status": "True" if is_ready else "False"}]
    status = {
        "phase": "Running",
        "podIP": "10.1.0.7",
        "startTime": "2026-12-01T10:00:02Z",
        "conditions": conditions,
        "containerStatuses": [container],
    }
    status = more.pop("status", status)
    spec = template(version)["spec"]
    return {
        "kind": "Pod",
        "metadata": meta(name, owner, labels={"app": "web"}, **more),
        "spec": {**spec, "nodeName": node} if node else spec,
        "status": status,
    }


def waiting(reason: str, message: str = "") -> Answer:
    """The state of a container that waits for that reason."""
    return {"waiting": {"reason": reason, "message": message}}


def starting(name: str, owner: str = "web-a", **more: Any) -> Answer:
    """A pod that a kubelet has begun to make."""
    one = pod(name, owner, ready=False, state=waiting("ContainerCreating"), **more)
    one["status"]["phase"] = "Pending"
    return one


def unplaced(name: str, owner: str = "web-a", message: str = "", **more: Any) -> Answer:
    """A pod that has no node, with the scheduler's reason where it has looked at it."""
    told = {"type": "PodScheduled", "status": "False", "message": message}
    status = {"phase": "Pending", "conditions": [told] if message else []}
    return pod(name, owner, "", status=status, **more)


def service(name: str = "web", app: str = "web") -> Answer:
    """A Service on port 80, and 30080 of each node."""
    port = {"port": 80, "targetPort": 8000, "nodePort": 30080}
    spec = {"type": "NodePort", "selector": {"app": app}, "ports": [port]}
    return {"kind": "Service", "metadata": meta(name), "spec": spec}


def endpoints(
    name: str = "web", ready: tuple[str, ...] = (), not_ready: tuple[str, ...] = ()
) -> Answer:
    """The endpoints of the Service of that name: pods by their uid."""
    subset = {
        "addresses": [{"ip": "10.1.0.7", "targetRef": {"uid": uid}} for uid in ready],
        "notReadyAddresses": [{"ip": "10.1.0.8", "targetRef": {"uid": uid}} for uid in not_ready],
    }
    return {"kind": "Endpoints", "metadata": meta(name), "subsets": [subset]}


def node(name: str = "kubernetes", ready: bool = True, message: str = "") -> Answer:
    """A node; it tells a message where it is not ready."""
    told = {"type": "Ready", "status": "True" if ready else "False", "message": message}
    return {"kind": "Node", "metadata": meta(name, namespace=""), "status": {"conditions": [told]}}


def container(pod_uid: str, name: str = "web", state: str = "running") -> Answer:
    """A container of a pod as dockershim makes it; the one called POD is the pause container."""
    kind = "podsandbox" if name == "POD" else "container"
    labels = {
        "io.kubernetes.pod.uid": pod_uid,
        "io.kubernetes.container.name": name,
        "io.kubernetes.docker.type": kind,
    }
    return {"Id": f"{pod_uid}-{name}", "State": state, "Labels": labels}


def containers_of(*pods: str) -> list[Answer]:
    """The pause container and the one of the app, for each of these pods."""
    return [container(uid, name) for uid in pods for name in ("POD", "web")]
