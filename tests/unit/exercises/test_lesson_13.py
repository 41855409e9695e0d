"""What lesson 13's checks say of clusters that are told to them, object by object."""

from __future__ import annotations

from base64 import b64encode
from types import SimpleNamespace
from typing import Any

import pytest

from helpers.errors import EngineError
from helpers.exercises import lesson_13_checks
from helpers.exercises.lesson_13_checks import NO_CLUSTER, NO_SERVER
from helpers.exercises.lesson_13_ready import check_ready
from helpers.exercises.lesson_13_undo import check_undo
from helpers.exercises.lesson_13_yaml import check_yaml
from helpers.model.course.exercise import Finding, Outcome
from tests.unit.exercises.told_cluster import (
    Object,
    deployment,
    pod,
    replica_set,
    service,
)
from tests.unit.kubernetes_objects import meta

CHECKS = [check_ready, check_undo, check_yaml]


class ToldCluster:
    """A cluster whose API server tells those objects, or does not answer."""

    def __init__(self, objects: list[Object] | None, state: str = "running") -> None:
        self._objects = objects
        self.state = state

    def get(self, *kinds: str) -> list[Object]:
        if self._objects is None:
            raise EngineError("The connection to the server was refused.")
        return [each for each in self._objects if f"{each['kind'].lower()}" in _singular(kinds)]


def _singular(kinds: tuple[str, ...]) -> set[str]:
    return {kind if kind == "endpoints" else kind.removesuffix("s") for kind in kinds}


def engine(objects: list[Object] | None = None, state: str = "running") -> Any:
    return SimpleNamespace(cluster=ToldCluster(objects, state))


@pytest.fixture(autouse=True)
def without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_13_checks, "_REST_SECONDS", 0.0)
    monkeypatch.setattr(lesson_13_checks, "_PAUSE_SECONDS", 0.0)


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_is_not_started(check: Any) -> None:
    for state in ("missing", "exited"):
        assert check(engine(state=state)).observed == NO_CLUSTER
    assert check(engine(None)).observed == NO_SERVER
    assert check(engine([])).outcome is Outcome.NOT_STARTED


@pytest.mark.parametrize("check", CHECKS)
def test_another_namespace_is_not_looked_at(check: Any) -> None:
    objects = [*kiosk(), *press(), *cafe()]
    for each in objects:
        each["metadata"]["namespace"] = "elsewhere"
    assert check(engine(objects)).outcome is Outcome.NOT_STARTED


def says(finding: Finding, words: str) -> bool:
    """Whether it is a not yet with those words, and leads on with a question."""
    assert finding.outcome is Outcome.NOT_YET, finding
    assert "?" in finding.question
    assert words in f"{finding.observed} {finding.question}", finding
    return True


SLOW = {"command": ["sh", "-c", "sleep 8; exec python -m shop.web"]}
PROBE = {"httpGet": {"path": "/readyz", "port": 8000}}


def kiosk(
    *pods: Object, container: Object | None = None, found: list[Object] | None = None
) -> list[Object]:
    pods = pods or (pod("kiosk", 1), pod("kiosk", 2))
    template = {**SLOW, "readinessProbe": PROBE} if container is None else container
    return [
        deployment("kiosk", template),
        replica_set("kiosk"),
        *pods,
        *service("kiosk", list(pods) if found is None else found),
    ]


def unready(status: str = "") -> Object:
    made = pod("kiosk", ready_after=None)
    if status:
        made["status"]["containerStatuses"][0]["state"] = {"waiting": {"reason": status}}
    return made


EARLY = (pod("kiosk", 1, ready_after=1), pod("kiosk", 2, ready_after=9))


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        (kiosk(*EARLY, container=SLOW), "when does it count as ready"),
        (kiosk(*EARLY, container=SLOW), "ready 1 s after its start"),
        (kiosk(pod("kiosk", restarts=2)), "restarted twice"),
        (kiosk(pod("kiosk", restarts=1)), "restarted once"),
        (kiosk(pod("kiosk", restarts=5)), "restarted 5 times"),
        (kiosk(container={"command": ["python", "-m", "shop.web"]}), "does not take 8 s"),
        (kiosk(unready()), "asks for `/readyz` at port 8000"),
        (
            kiosk(unready(), container={**SLOW, "readinessProbe": {"tcpSocket": {"port": 9999}}}),
            "connection to port 9999",
        ),
        (
            kiosk(
                unready(),
                container={**SLOW, "startupProbe": {"exec": {"command": ["test", "-e", "x"]}}},
            ),
            "asks `test -e x`",
        ),
        (kiosk(unready("ErrImagePull"), container=SLOW), "`ErrImagePull`"),
        (
            kiosk(*EARLY, container={**SLOW, "readinessProbe": {"exec": {"command": ["true"]}}}),
            "Your probe asks `true`",
        ),
        (kiosk(pod("kiosk", 1), pod("kiosk", 2, ready_after=None)), "1 of 2 pods"),
        (kiosk(found=[]), "leads to 0 pods of 2"),
        (kiosk(found=[pod("kiosk", 1)]), "leads to 1 pods of 2"),
        (kiosk()[:-2], "is not there"),
    ],
)
def test_the_kiosk_is_not_yet_ready(objects: list[Object], words: str) -> None:
    assert says(check_ready(engine(objects)), words)


def test_a_kiosk_without_pods_says_so() -> None:
    objects = [each for each in kiosk(container=SLOW) if each["kind"] != "Pod"]
    assert says(check_ready(engine(objects)), "are not there")


@pytest.mark.parametrize("kind", ["readinessProbe", "startupProbe"])
def test_a_kiosk_passes_by_either_probe(kind: str) -> None:
    assert check_ready(engine(kiosk(container={**SLOW, kind: PROBE}))).passed
    as_words = {"args": ["sleep 8; exec python -m shop.web"], kind: PROBE}
    assert check_ready(engine(kiosk(container=as_words))).passed


def test_a_pod_that_ends_does_not_count() -> None:
    ending = pod("kiosk", 3, ready_after=1)
    ending["metadata"]["deletionTimestamp"] = "2026-12-01T04:01:00Z"
    stays = [pod("kiosk", 1), pod("kiosk", 2)]
    assert check_ready(engine(kiosk(*stays, ending, found=stays))).passed


def press(
    *before: str, image: str = "shop:1", wished: int = 3, uid: str = "", **status: int
) -> list[Object]:
    """`press` with that image now, and its revisions before."""
    newest = len(before) + 1
    event = {"kind": "Deployment", "name": "press", "uid": uid or "press"}
    return [
        deployment("press", {"image": image}, wished, revision=newest, status=status),
        *(replica_set("press", each, number) for number, each in enumerate(before, 1)),
        replica_set("press", image, newest),
        {"kind": "Event", "metadata": meta("press.1"), "involvedObject": event},
        {
            "kind": "Event",
            "metadata": meta("other.1"),
            "involvedObject": {"kind": "Pod", "uid": "1"},
        },
    ]


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        (press(uid="former"), "the one before was deleted"),
        (press("shop:2", image="shop:3"), "is to have the image shop:3"),
        (press("shop:2", image=""), "the image of nobody"),
        (press("shop:2", readyReplicas=1), "3 pods, of which 1 are ready"),
        (press("shop:2", wished=2), "2 are ordered"),
        (press("shop:2", replicas=4), "4 pods"),
    ],
)
def test_press_is_not_yet_taken_back(objects: list[Object], words: str) -> None:
    assert says(check_undo(engine(objects)), words)


def test_a_paused_rollout_says_so() -> None:
    objects = press("shop:2", readyReplicas=1)
    objects[0]["spec"]["paused"] = True
    assert says(check_undo(engine(objects)), "and is paused")


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        (press(), "at revision 1, and nobody has ordered shop:2"),
        (press("shop:3"), "nobody has ordered shop:2"),
        (press("shop:1", image="shop:2", updatedReplicas=1), "is to become shop:2: 1 pods"),
    ],
)
def test_press_is_not_started(objects: list[Object], words: str) -> None:
    finding = check_undo(engine(objects))
    assert finding.outcome is Outcome.NOT_STARTED
    assert words in finding.observed


def test_press_is_taken_back() -> None:
    # An undo gives the old ReplicaSet the newest number; a file applied again does the same.
    assert check_undo(engine(press("shop:1", "shop:2"))).passed
    assert check_undo(engine(press("shop:2", uid="former"))).passed


REQUESTS = {"resources": {"requests": {"cpu": "100m", "memory": "64M"}}}
FROM_MAP = {"envFrom": [{"configMapRef": {"name": "cafe"}}]}
KEY = {"secretKeyRef": {"name": "cafe", "key": "password"}}
FROM_SECRET = {"env": [{"name": "PASSWORD", "valueFrom": KEY}]}


MOUNTED = [{"name": "secrets", "secret": {"secretName": "cafe"}}]


def secret(text: str = "cinnamon") -> str:
    return b64encode(text.encode()).decode()


def cafe(
    container: Object | None = None,
    pods: list[Object] | None = None,
    *,
    held: Any = None,
    name: Any = "Cafe",
    volumes: list[Object] | None = None,
    found: list[Object] | None = None,
    **endpoints: Any,
) -> list[Object]:
    template = {**FROM_MAP, **FROM_SECRET} if container is None else container
    pods = [pod("cafe", 1, **REQUESTS), pod("cafe", 2, **REQUESTS)] if pods is None else pods
    return [
        deployment("cafe", template, volumes=volumes or []),
        replica_set("cafe"),
        *pods,
        *service("cafe", pods if found is None else found, **endpoints),
        {"kind": "ConfigMap", "metadata": meta("cafe"), "data": {"NAME": name}},
        {
            "kind": "Secret",
            "metadata": meta("cafe"),
            "data": {"password": secret() if held is None else held},
        },
    ]


def asking(cpu: str = "100m", memory: str = "64M") -> list[Object]:
    requests = {"resources": {"requests": {"cpu": cpu, "memory": memory}}}
    return [pod("cafe", 1, **requests), pod("cafe", 2, **requests)]


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        *(
            ([each for each in cafe() if each["kind"] != kind], f"There is no {kind} `cafe`")
            for kind in ("Deployment", "Service", "ConfigMap", "Secret")
        ),
        (cafe(name="World"), "NAME is World"),
        (cafe(name=None), "NAME is not there"),
        (cafe({"env": [{"name": "NAME", "value": "Cafe"}, *FROM_SECRET["env"]]}), "`envFrom`"),
        (cafe({"envFrom": [{"configMapRef": {"name": "other"}}], **FROM_SECRET}), "`envFrom`"),
        (cafe({**FROM_MAP, "env": [{"name": "P", "value": "cinnamon"}]}), "for whoever may read"),
        (cafe(FROM_MAP), "do not get the Secret"),
        (cafe(held="cinnamon"), "has 6 other bytes"),
        (cafe(held=secret(secret())), "encoded twice"),
        (cafe(held=""), "has nothing under `password`"),
        (cafe(held="?"), "has nothing under `password`"),
        (cafe(held=secret("nutmeg")), "has 6 other bytes"),
        (cafe(pods=[pod("cafe", 1), pod("cafe", 2)]), "ask for nothing of cpu"),
        (cafe(pods=asking(cpu="100")), "ask for `100` of cpu"),
        (cafe(pods=asking(memory="64m")), "ask for `64m` of memory"),
        (cafe(pods=asking(memory="a lot")), "ask for `a lot` of memory"),
        (cafe(pods=[pod("cafe", 1, **REQUESTS)]), "1 of 2 pods"),
        (cafe(pods=[]), "0 of 2 pods of `cafe` are ready: none"),
        (
            cafe(pods=[pod("cafe", 1, **REQUESTS), pod("cafe", 2, ready_after=None, **REQUESTS)]),
            "1 of 2 pods of `cafe` are ready: `Running`",
        ),
        (
            cafe(
                {**FROM_MAP, "volumeMounts": [{"mountPath": "/var/run/secrets/"}]},
                [pod("cafe", 1, ready_after=None, **REQUESTS)],
                volumes=MOUNTED,
            ),
            "your volume is in its place",
        ),
        (cafe(found=[], label="coffee"), "no endpoints, and 2 pods are ready. It looks for `app: "),
        (cafe(found=asking()[:1]), "1 endpoints"),
        (cafe(port=80), "leads to port 80 of the pods"),
    ],
)
def test_the_cafe_is_not_yet_said(objects: list[Object], words: str) -> None:
    assert says(check_yaml(engine(objects)), words)


def test_a_service_without_a_selector_looks_for_nothing() -> None:
    objects = cafe(found=[])
    next(each for each in objects if each["kind"] == "Service")["spec"] = {}
    assert says(check_yaml(engine(objects)), "It looks for nothing")


PROJECTED = [
    {
        "name": "all",
        "projected": {
            "sources": [{"secret": {"name": "cafe"}}, {"configMap": {"name": "cafe"}}],
        },
    }
]


@pytest.mark.parametrize(
    "objects",
    [
        cafe(),
        cafe(FROM_MAP, volumes=MOUNTED),
        cafe({}, volumes=PROJECTED),
        cafe({"envFrom": [*FROM_MAP["envFrom"], {"secretRef": {"name": "cafe"}}]}),
        cafe({"env": [{"valueFrom": {"configMapKeyRef": {"name": "cafe"}}}, *FROM_SECRET["env"]]}),
        cafe(held=secret("cinnamon\n")),
        cafe(pods=asking("0.1", "64Mi")),
    ],
)
def test_the_cafe_passes(objects: list[Object]) -> None:
    assert check_yaml(engine(objects)).passed


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("part", ["", "metadata", "spec", "status", "data", "subsets"])
@pytest.mark.parametrize("value", [None, [], "text", 7, {"metadata": 3}, [None]])
def test_strange_objects_raise_nothing(check: Any, part: str, value: Any) -> None:
    objects = [*kiosk(), *press("shop:2"), *cafe()]
    for each in objects:
        if part:
            each[part] = value
        elif isinstance(value, dict):
            each |= value
    assert isinstance(check(engine(objects)), Finding)
