"""How lesson 13's exercise on manifests is judged: by the objects that came of them."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
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
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.kubernetes.endpoint import Service
from helpers.model.kubernetes.pod_status import is_ready, pod_status
from helpers.model.kubernetes.quantity import quantity
from helpers.model.text.answer_parts import count_in, part_of, tables_of, text_in

if TYPE_CHECKING:
    from helpers.engine.docker import Docker

DELI, PASSWORD, GREETED = "deli", "cinnamon", "Deli"
FEWEST_PODS = 2
CPU, MEMORY = "100m", "64M"
KINDS = ("Deployment", "Service", "ConfigMap", "Secret")
YAML_EXPECTED = (
    f"{FEWEST_PODS} pods of the Deployment `{DELI}` are ready, each with requests, NAME from the "
    f"ConfigMap and the password from the Secret, and the Service finds both at port {LISTENS_AT}"
)
# What is asked of a node, with what it is to be: 64M and 64Mi are both "64 MB" to people.
_REQUESTS = (("cpu", CPU, 0.1, 0.1), ("memory", MEMORY, 64e6, 64 * 2.0**20))


def check_yaml(docker: Docker) -> Finding:
    """Whether the stack was said in the cluster's words."""
    answer = observed_by(
        docker, lambda observed: is_as_wished(observed, DELI), "configmaps", "secrets"
    )
    return answer if isinstance(answer, Finding) else judged_yaml(answer)


def judged_yaml(observed: Observed) -> Finding:
    """The same, by what the cluster observed."""
    there = [kind for kind in KINDS if observed.one(kind, DELI)]
    deployment = observed.deployment(DELI)
    if not there:
        return not_started(f"There is no object `{DELI}` yet.", YAML_EXPECTED)
    if deployment is None or len(there) < len(KINDS):
        return _missing(there)
    pods = observed.pods_of(deployment)
    template = template_of(observed.one("Deployment", DELI) or {})
    return (
        _wrong_settings(observed.one("ConfigMap", DELI) or {}, template)
        or _wrong_secret(observed.one("Secret", DELI) or {}, template)
        or _wrong_requests(pods)
        or _mounted_over(template, pods)
        or _short(pods)
        or _not_led_to(observed, pods)
        or passed(f"The stack of `{DELI}`, said in YAML, and running.")
    )


def _missing(kinds: Sequence[str]) -> Finding:
    missing = next(kind for kind in KINDS if kind not in kinds)
    return not_yet(
        f"There is no {missing} `{DELI}`; there are: {', '.join(kinds)}.",
        YAML_EXPECTED,
        f"Which line of the stack becomes the {missing}? (The table above has it.)",
    )


def _wrong_settings(settings: Object, template: Object) -> Finding | None:
    name = text_in(settings, "data", "NAME")
    if name != GREETED:
        return not_yet(
            f"In the ConfigMap `{DELI}`, NAME is {name or 'not there'}.",
            YAML_EXPECTED,
            f"Which pairs does `%kubectl get configmap {DELI} -o yaml` have below `data`?",
        )
    if _refers(template, ("configMap", "configMapRef", "configMapKeyRef")):
        return None
    return not_yet(
        f"The pods of `{DELI}` do not ask for the ConfigMap: their settings stand in the "
        "Deployment, or nowhere.",
        YAML_EXPECTED,
        "How do a ConfigMap's pairs become variables: what stands below `envFrom`?",
    )


def _refers(template: Object, kinds: tuple[str, ...]) -> bool:
    """Whether its environment or its volumes take something from an object `deli` of that kind."""
    parts = [
        part
        for each in containers_of(template)
        for part in (
            *tables_of(each, "envFrom"),
            *(part_of(one, "valueFrom") for one in tables_of(each, "env")),
        )
    ]
    volumes = tables_of(template, "volumes")
    projected = [one for each in volumes for one in tables_of(each, "projected", "sources")]
    return any(
        text_in(part, kind, key) == DELI
        for part in (*parts, *volumes, *projected)
        for kind in kinds
        for key in ("name", "secretName")
    )


def _wrong_secret(secret: Object, template: Object) -> Finding | None:
    if PASSWORD in json.dumps(template):
        return not_yet(
            f"The password stands in the Deployment `{DELI}`, for whoever may read that.",
            YAML_EXPECTED,
            "How does a pod get it from the Secret: what stands below `secretKeyRef`, or below a "
            "volume's `secret`?",
        )
    held = _decoded(text_in(secret, "data", "password"))
    if held.strip() != PASSWORD.encode():
        return _other_bytes(held)
    if _refers(template, ("secret", "secretRef", "secretKeyRef")):
        return None
    return not_yet(
        f"The pods of `{DELI}` do not get the Secret.",
        YAML_EXPECTED,
        "As a variable or as a file: who of a pod's specification names a Secret?",
    )


def _other_bytes(held: bytes) -> Finding:
    if not held:
        what = "has nothing under `password`"
    elif held.strip() == b64encode(PASSWORD.encode()):
        what = "has the password encoded twice"
    else:
        what = f"has {len(held)} other bytes under `password`"
    return not_yet(
        f"The Secret `{DELI}` {what}.",
        YAML_EXPECTED,
        "Which of the two is written in base64 and which as it is: `data` or `stringData`?",
    )


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text)
    except ValueError:
        return b""


def _wrong_requests(pods: Sequence[Object]) -> Finding | None:
    containers = [one for pod in pods for one in containers_of(part_of(pod, "spec"))]
    for name, wanted, least, most in _REQUESTS:
        asked = {text_in(each, "resources", "requests", name) for each in containers}
        amounts = [quantity(each) for each in asked]
        if all(each is not None and least <= each <= most for each in amounts):
            continue
        amount = ", ".join(sorted(f"`{each}`" if each else "nothing" for each in asked))
        return not_yet(
            f"The pods of `{DELI}` ask for {amount} of {name}.",
            YAML_EXPECTED,
            f"What stands below `resources.requests`? The stack's reservation is {wanted} in the "
            "cluster's units.",
        )
    return None


def _mounted_over(template: Object, pods: Sequence[Object]) -> Finding | None:
    """The finding where a volume hides the folder that every container gets from the cluster."""
    mounts = [one for each in containers_of(template) for one in tables_of(each, "volumeMounts")]
    paths = [text_in(one, "mountPath").rstrip("/") for one in mounts]
    if all(map(is_ready, pods)) or not any(path.endswith("/run/secrets") for path in paths):
        return None
    return not_yet(
        f"No container of `{DELI}` starts: at `/run/secrets` each gets a folder from the cluster, "
        "and your volume is in its place.",
        YAML_EXPECTED,
        "Where a secret is mounted is up to you here. Which folder is nobody's?",
    )


def _short(pods: Sequence[Object]) -> Finding | None:
    ready = sum(map(is_ready, pods))
    if ready >= FEWEST_PODS and ready == len(pods):
        return None
    words = ", ".join(sorted({f"`{pod_status(pod)}`" for pod in pods})) or "none"
    return not_yet(
        f"{ready} of {max(FEWEST_PODS, len(pods))} pods of `{DELI}` are ready: {words}.",
        YAML_EXPECTED,
        f"What does `%kubectl describe pods` say at its end of those of `{DELI}`?",
    )


def _not_led_to(observed: Observed, pods: Sequence[Object]) -> Finding | None:
    service = next((each for each in observed.state.services if each.meta.name == DELI), None)
    ready = service.ready if service else frozenset()
    if not {text_in(pod, "metadata", "uid") for pod in pods} <= ready:
        return not_yet(
            f"The Service `{DELI}` has {f'{len(ready)} endpoints' if ready else 'no endpoints'}, "
            f"and {len(pods)} pods are ready. It looks for {_pairs(service)}.",
            YAML_EXPECTED,
            "A Service finds pods by their labels: which ones does the Deployment's *template* "
            "give them?",
        )
    ports = _ports(observed)
    if LISTENS_AT in ports:
        return None
    return not_yet(
        f"The Service `{DELI}` leads to port {', '.join(map(str, sorted(ports)))} of the pods.",
        YAML_EXPECTED,
        f"The app listens at {LISTENS_AT}: which of a Service's two ports is whose?",
    )


def _pairs(service: Service | None) -> str:
    pairs = service.selector if service else ()
    return ", ".join(f"`{key}: {value}`" for key, value in pairs) or "nothing"


def _ports(observed: Observed) -> set[int]:
    subsets = tables_of(observed.one("Endpoints", DELI), "subsets")
    return {count_in(port, "port") for each in subsets for port in tables_of(each, "ports")}
