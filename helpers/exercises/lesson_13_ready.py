"""How lesson 13's exercise on readiness is judged: by when pods were ready, and who is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.exercises.lesson_13_checks import (
    LISTENS_AT,
    Object,
    Observed,
    containers_of,
    is_as_wished,
    observed_by,
    template_of,
)
from helpers.exercises.lesson_13_files import OPENS_SECONDS
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.kubernetes.pod_status import is_ready, pod_status
from helpers.model.kubernetes.workload import Workload
from helpers.model.text.answer_parts import (
    count_in,
    moment_in,
    part_of,
    tables_of,
    text_in,
    texts_of,
)

if TYPE_CHECKING:
    from helpers.engine.docker import Docker

BOOTH = "booth"
READY_EXPECTED = (
    f"each pod of `{BOOTH}` was ready only when it could answer, {OPENS_SECONDS} s after its "
    "start, was never restarted, and the Service finds it"
)
# Moments are told in whole seconds.
_EARLY_SECONDS = OPENS_SECONDS - 1


def check_ready(docker: Docker) -> Finding:
    """Whether nobody is sent to a booth that is not open yet."""
    answer = observed_by(docker, lambda observed: is_as_wished(observed, BOOTH))
    return answer if isinstance(answer, Finding) else judged_ready(answer)


def judged_ready(observed: Observed) -> Finding:
    """The same, by what the cluster observed."""
    deployment, answer = observed.deployment(BOOTH), observed.one("Deployment", BOOTH)
    if deployment is None or answer is None:
        return not_started(f"There is no Deployment `{BOOTH}` yet.", READY_EXPECTED)
    pods, template = observed.pods_of(deployment), template_of(answer)
    return (
        _made_quick(template)
        or _restarted(pods)
        or _never_ready(pods, template)
        or _early(pods, template)
        or _short(pods, deployment)
        or _not_led_to(observed, pods)
        or passed(f"Nobody is sent to a `{BOOTH}` that is not open yet.")
    )


def _made_quick(template: Object) -> Finding | None:
    words = [word for each in containers_of(template) for word in _command(each)]
    if any(f"sleep {OPENS_SECONDS}" in word for word in words):
        return None
    return not_yet(
        f"`{BOOTH}` does not take {OPENS_SECONDS} s any more.",
        READY_EXPECTED,
        "An app that takes its time is given. How does the cluster get to know when it is ready?",
    )


def _command(container: Object) -> list[str]:
    return texts_of(container, "command") + texts_of(container, "args")


def _restarted(pods: Sequence[Object]) -> Finding | None:
    counts = [
        count_in(status, "restartCount")
        for pod in pods
        for status in tables_of(pod, "status", "containerStatuses")
    ]
    most = max(counts, default=0)
    if not most:
        return None
    times = {1: "once", 2: "twice"}.get(most, f"{most} times")
    return not_yet(
        f"A pod of `{BOOTH}` was restarted {times}, and before each end it got requests.",
        READY_EXPECTED,
        "Two probes, two consequences: which one starts a container anew, and which one only keeps "
        "requests away?",
    )


def _never_ready(pods: Sequence[Object], template: Object) -> Finding | None:
    if any(map(is_ready, pods)):
        return None
    if asked := _asked(template):
        return not_yet(
            f"No pod of `{BOOTH}` is ever ready. Its probe asks {asked}.",
            READY_EXPECTED,
            "At which port does the app listen, and which of its pages says that it is ready?",
        )
    words = ", ".join(sorted({f"`{pod_status(pod)}`" for pod in pods})) or "not there"
    return not_yet(
        f"The pods of `{BOOTH}` are {words}.",
        READY_EXPECTED,
        f"What does `%kubectl describe pods -l app={BOOTH}` say at its end?",
    )


def _asked(template: Object) -> str:
    """What its first probe for readiness asks, in words; '' where it has none."""
    for container in containers_of(template):
        for kind in ("readinessProbe", "startupProbe"):
            if probe := part_of(container, kind):
                return _asked_by(probe)
    return ""


def _asked_by(probe: Object) -> str:
    page, socket = part_of(probe, "httpGet"), part_of(probe, "tcpSocket")
    if page:
        return f"for `{text_in(page, 'path') or '/'}` at port {text_in(page, 'port')}"
    if socket:
        return f"for a connection to port {text_in(socket, 'port')}"
    return f"`{' '.join(texts_of(probe, 'exec', 'command'))}`"


def _early(pods: Sequence[Object], template: Object) -> Finding | None:
    soonest = min(_ready_after_seconds(pod) for pod in pods if is_ready(pod))
    if soonest >= _EARLY_SECONDS:
        return None
    asked = _asked(template)
    return not_yet(
        f"A pod of `{BOOTH}` was ready {soonest:.0f} s after its start, and the app listens after "
        f"{OPENS_SECONDS} s.",
        READY_EXPECTED,
        f"Your probe asks {asked}: who can answer that before the app listens?"
        if asked
        else "If nobody asks a pod whether it is ready, when does it count as ready?",
    )


def _ready_after_seconds(pod: Object) -> float:
    starts = [
        moment_in(each, "state", "running", "startedAt")
        for each in tables_of(pod, "status", "containerStatuses")
    ]
    conditions = tables_of(pod, "status", "conditions")
    ready = next((each for each in conditions if text_in(each, "type") == "Ready"), {})
    return moment_in(ready, "lastTransitionTime") - max(starts, default=0.0)


def _short(pods: Sequence[Object], deployment: Workload) -> Finding | None:
    ready = sum(map(is_ready, pods))
    if ready >= deployment.wished and ready:
        return None
    return not_yet(
        f"{ready} of {deployment.wished} pods of `{BOOTH}` are ready.",
        READY_EXPECTED,
        f"One that has just been started needs {OPENS_SECONDS} s. And then?",
    )


def _not_led_to(observed: Observed, pods: Sequence[Object]) -> Finding | None:
    service = next((each for each in observed.state.services if each.meta.name == BOOTH), None)
    ready = service.ready if service else frozenset()
    if service and {text_in(pod, "metadata", "uid") for pod in pods} <= ready:
        return None
    what = f"leads to {len(ready)} pods of {len(pods)}" if service else "is not there"
    return not_yet(
        f"The Service `{BOOTH}` {what}.",
        READY_EXPECTED,
        f"What does `%kubectl describe service {BOOTH}` say of its selector, its "
        f"port {LISTENS_AT} and its endpoints?",
    )
