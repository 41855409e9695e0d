"""What all checks of lesson 13 look at: the objects that the API server of the cluster tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.errors import WorkbookError
from helpers.model.course.exercise import Finding, not_started
from helpers.model.kubernetes.state import KINDS, ClusterState, state_from
from helpers.model.kubernetes.workload import Workload
from helpers.model.text.answer_parts import part_of, tables_of, text_in

if TYPE_CHECKING:
    from helpers.engine.docker import Docker

Object = Mapping[str, Any]
NO_CLUSTER = "No cluster runs: `cluster = kubernetes()`, at the top of the lesson, makes one."
NO_SERVER = "The API server does not answer: `cluster.start()` starts all programs."
LISTENS_AT = 8000

_REST_SECONDS, _PAUSE_SECONDS = 25.0, 0.5
_SPACE = "default"


class Observed(NamedTuple):
    """What the API server told at one moment, of the namespace `default`."""

    objects: tuple[Object, ...]
    state: ClusterState

    def one(self, kind: str, name: str) -> Object | None:
        """The object of that kind ('Secret') and name; None where there is none."""
        same = (each for each in self.of_kind(kind) if text_in(each, "metadata", "name") == name)
        return next(same, None)

    def of_kind(self, kind: str) -> list[Object]:
        """All objects of that kind."""
        return [each for each in self.objects if text_in(each, "kind") == kind]

    def deployment(self, name: str) -> Workload | None:
        """The Deployment of that name; None where there is none."""
        return next((each for each in self.state.deployments if each.meta.name == name), None)

    def pods_of(self, deployment: Workload) -> list[Object]:
        """The pods of its newest template that are to stay."""
        newest = self.state.newest_set(deployment)
        pods = self.state.pods_of(newest.meta.uid) if newest else ()
        uids = {each.meta.uid for each in pods if each.is_wanted}
        return [each for each in self.of_kind("Pod") if text_in(each, "metadata", "uid") in uids]


def template_of(deployment: Object) -> Object:
    """The specification of the pods that it makes."""
    return part_of(deployment, "spec", "template", "spec")


def containers_of(template: Object) -> list[Object]:
    """The containers of a pod's specification."""
    return tables_of(template, "containers")


def observed_by(
    docker: Docker, is_at_rest: Callable[[Observed], bool], *more: str
) -> Observed | Finding:
    """What the cluster tells, `more` kinds too, or the finding where nobody does.

    What is still on its way gets some seconds for that.
    """
    until = time.monotonic() + _REST_SECONDS
    while True:
        answer = _observed_by(docker, (*KINDS, *more))
        if isinstance(answer, Finding) or is_at_rest(answer) or time.monotonic() > until:
            return answer
        time.sleep(_PAUSE_SECONDS)


def is_as_wished(observed: Observed, name: str) -> bool:
    """Whether the Deployment of that name, if there is one, has come to what it is to be."""
    deployment = observed.deployment(name)
    return deployment is None or deployment.is_as_wished


def _observed_by(docker: Docker, kinds: tuple[str, ...]) -> Observed | Finding:
    cluster = docker.cluster
    if cluster.state != "running":
        return not_started(NO_CLUSTER)
    try:
        return observed_from(cluster.get(*kinds))
    except WorkbookError:
        return not_started(NO_SERVER)


def observed_from(objects: list[dict[str, Any]]) -> Observed:
    """The same from objects such as `kubectl get -o json` has them under `items`."""
    own = tuple(each for each in objects if text_in(each, "metadata", "namespace") in ("", _SPACE))
    return Observed(own, state_from(own, {}))
