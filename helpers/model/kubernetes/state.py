"""A whole cluster at one moment: its programs, what they were told, and what they say there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.kubernetes.cluster_node import ClusterNode
from helpers.model.kubernetes.endpoint import Service, services_from
from helpers.model.kubernetes.meta import selects
from helpers.model.kubernetes.pod import Pod
from helpers.model.kubernetes.runtime_container import RuntimeContainer
from helpers.model.kubernetes.workload import Workload
from helpers.model.text.answer_parts import text_in

KINDS = ("deployments", "replicasets", "pods", "services", "endpoints", "nodes")
API_SERVER = "kube-apiserver"
_OWN_NAMESPACES = "kube-"


@dataclass(frozen=True)
class ClusterState:
    """What was known of a cluster last; objects by namespace and age, each kind on its own.

    `programs` says of each program of the control plane whether it runs. `containers` are what the
    node's runtime has. While `contact` is lost, the objects are those of before. With an `app`
    the objects are those that belong to it, and `others` are the Deployments beside them.
    """

    programs: Mapping[str, bool] = field(default_factory=dict)
    deployments: tuple[Workload, ...] = ()
    sets: tuple[Workload, ...] = ()
    pods: tuple[Pod, ...] = ()
    services: tuple[Service, ...] = ()
    nodes: tuple[ClusterNode, ...] = ()
    containers: tuple[RuntimeContainer, ...] = ()
    contact: Contact = CONNECTED
    app: str = ""
    others: tuple[str, ...] = ()

    def sets_of(self, deployment: Workload) -> tuple[Workload, ...]:
        """Its ReplicaSets, the oldest first."""
        return tuple(each for each in self.sets if each.meta.owner == deployment.meta.uid)

    def newest_set(self, deployment: Workload) -> Workload | None:
        """The ReplicaSet of its newest template; None where there is none yet."""
        own = self.sets_of(deployment)
        same = (each for each in own if each.revision == deployment.revision)
        return next(same, None) if deployment.is_observed else None

    def pods_of(self, owner: str) -> tuple[Pod, ...]:
        """The pods of the object with that uid."""
        return tuple(each for each in self.pods if each.meta.owner == owner)

    def containers_of(self, pod: Pod) -> tuple[RuntimeContainer, ...]:
        """What the node's runtime has of that pod, and runs."""
        uid = pod.meta.uid
        return tuple(each for each in self.containers if each.pod == uid and each.is_running)

    def services_to(self, pod: Pod) -> tuple[Service, ...]:
        """The Services in whose endpoints it stands as ready."""
        return tuple(each for each in self.services if pod.meta.uid in each.ready)

    def members(self, service: Service) -> tuple[Pod, ...]:
        """The pods that a Service chooses, ready or not."""
        space = service.meta.namespace
        return tuple(
            each
            for each in self.pods
            if each.meta.namespace == space and service.selects(each.meta.labels)
        )

    def versions(self) -> tuple[str, ...]:
        """The versions of all templates and pods, in the order in which they came up."""
        templates = sorted(self.sets, key=lambda each: (each.meta.created, each.revision))
        every = [each.version for each in (*templates, *self.deployments)]
        return tuple(dict.fromkeys([*every, *(each.version for each in self.pods)]))


def state_from(
    objects: Iterable[Mapping[str, Any]],
    programs: Mapping[str, bool],
    containers: Iterable[Mapping[str, Any]] = (),
    app: str = "",
) -> ClusterState:
    """The state in what the API server and the node's engine told, without the cluster's own parts.

    The objects are such as `kubectl get -o json` has under `items`, those of KINDS.
    """
    every = [each for each in objects if not _is_own(each)]
    whole = ClusterState(
        programs=dict(programs),
        deployments=_workloads(every, "Deployment"),
        sets=_workloads(every, "ReplicaSet"),
        pods=_pods(every),
        services=services_from(every),
        nodes=tuple(ClusterNode.from_answer(each) for each in _of_kind(every, "Node")),
        containers=runtime_from(containers),
    )
    return narrowed(whole, app) if app else whole


def runtime_from(containers: Iterable[Mapping[str, Any]]) -> tuple[RuntimeContainer, ...]:
    """The pods' containers among what the node's engine lists."""
    every = [RuntimeContainer.from_answer(each) for each in containers]
    return tuple(sorted((each for each in every if each.pod), key=lambda each: each.id))


def narrowed(whole: ClusterState, app: str) -> ClusterState:
    """What belongs to one app: by name, by label, by owner, and by a Service's selector."""
    own = {each.meta.uid for each in whole.deployments if each.meta.belongs_to(app)}
    sets = tuple(each for each in whole.sets if each.meta.owner in own or _is_of(each, app))
    owners = own | {each.meta.uid for each in sets}
    pods = tuple(each for each in whole.pods if each.meta.owner in owners or _is_of(each, app))
    deployments = tuple(each for each in whole.deployments if each.meta.uid in own)
    labels = [dict(each.labels) for each in deployments] + [each.meta.labels for each in pods]
    return replace(
        whole,
        deployments=deployments,
        sets=sets,
        pods=pods,
        services=tuple(
            each
            for each in whole.services
            if each.meta.name == app or any(selects(dict(each.selector), one) for one in labels)
        ),
        app=app,
        others=tuple(each.meta.full_name for each in whole.deployments if each.meta.uid not in own),
    )


def _is_of(one: Workload | Pod, app: str) -> bool:
    return one.meta.belongs_to(app)


def _is_own(answer: Mapping[str, Any]) -> bool:
    """Whether it is a part of the cluster itself, as what stands in kube-system."""
    return text_in(answer, "metadata", "namespace").startswith(_OWN_NAMESPACES)


def _of_kind(every: Iterable[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [each for each in every if text_in(each, "kind") == kind]


def _workloads(every: Iterable[Mapping[str, Any]], kind: str) -> tuple[Workload, ...]:
    workloads = [Workload.from_answer(each) for each in _of_kind(every, kind)]
    return tuple(sorted(workloads, key=_age))


def _pods(every: Iterable[Mapping[str, Any]]) -> tuple[Pod, ...]:
    pods = [Pod.from_answer(each) for each in _of_kind(every, "Pod")]
    return tuple(sorted(pods, key=_age))


def _age(one: Workload | Pod) -> tuple[str, float, str]:
    return one.meta.namespace, one.meta.created, one.meta.name
