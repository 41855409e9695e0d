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
    objects = [*booth(), *news(), *deli()]
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


def booth(
    *pods: Object, container: Object | None = None, found: list[Object] | None = None
) -> list[Object]:
    pods = pods or (pod("booth", 1), pod("booth", 2))
    template = {**SLOW, "readinessProbe": PROBE} if container is None else container
    return [
        deployment("booth", template),
        replica_set("booth"),
        *pods,
        *service("booth", list(pods) if found is None else found),
    ]


def unready(status: str = "") -> Object:
    made = pod("booth", ready_after=None)
    if status:
        made["status"]["containerStatuses"][0]["state"] = {"waiting": {"reason": status}}
    return made


EARLY = (pod("booth", 1, ready_after=1), pod("booth", 2, ready_after=9))


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        (booth(*EARLY, container=SLOW), "when does it count as ready"),
        (booth(*EARLY, container=SLOW), "ready 1 s after its start"),
        (booth(pod("booth", restarts=2)), "restarted twice"),
        (booth(pod("booth", restarts=1)), "restarted once"),
        (booth(pod("booth", restarts=5)), "restarted 5 times"),
        (booth(container={"command": ["python", "-m", "shop.web"]}), "does not take 8 s"),
        (booth(unready()), "asks for `/readyz` at port 8000"),
        (
            booth(unready(), container={**SLOW, "readinessProbe": {"tcpSocket": {"port": 9999}}}),
            "connection to port 9999",
        ),
        (
            booth(
                unready(),
                container={**SLOW, "startupProbe": {"exec": {"command": ["test", "-e", "x"]}}},
            ),
            "asks `test -e x`",
        ),
        (booth(unready("ErrImagePull"), container=SLOW), "`ErrImagePull`"),
        (
            booth(*EARLY, container={**SLOW, "readinessProbe": {"exec": {"command": ["true"]}}}),
            "Your probe asks `true`",
        ),
        (booth(pod("booth", 1), pod("booth", 2, ready_after=None)), "1 of 2 pods"),
        (booth(found=[]), "leads to 0 pods of 2"),
        (booth(found=[pod("booth", 1)]), "leads to 1 pods of 2"),
        (booth()[:-2], "is not there"),
    ],
)
def test_the_booth_is_not_yet_ready(objects: list[Object], words: str) -> None:
    assert says(check_ready(engine(objects)), words)


def test_a_booth_without_pods_says_so() -> None:
    objects = [each for each in booth(container=SLOW) if each["kind"] != "Pod"]
    assert says(check_ready(engine(objects)), "are not there")


@pytest.mark.parametrize("kind", ["readinessProbe", "startupProbe"])
def test_a_booth_passes_by_either_probe(kind: str) -> None:
    assert check_ready(engine(booth(container={**SLOW, kind: PROBE}))).passed
    as_words = {"args": ["sleep 8; exec python -m shop.web"], kind: PROBE}
    assert check_ready(engine(booth(container=as_words))).passed


def test_a_pod_that_ends_does_not_count() -> None:
    ending = pod("booth", 3, ready_after=1)
    ending["metadata"]["deletionTimestamp"] = "2026-12-01T04:01:00Z"
    stays = [pod("booth", 1), pod("booth", 2)]
    assert check_ready(engine(booth(*stays, ending, found=stays))).passed


def news(
    *before: str, image: str = "shop:1", wished: int = 3, uid: str = "", **status: int
) -> list[Object]:
    """`news` with that image now, and its revisions before."""
    newest = len(before) + 1
    event = {"kind": "Deployment", "name": "news", "uid": uid or "news"}
    return [
        deployment("news", {"image": image}, wished, revision=newest, status=status),
        *(replica_set("news", each, number) for number, each in enumerate(before, 1)),
        replica_set("news", image, newest),
        {"kind": "Event", "metadata": meta("news.1"), "involvedObject": event},
        {
            "kind": "Event",
            "metadata": meta("other.1"),
            "involvedObject": {"kind": "Pod", "uid": "1"},
        },
    ]


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        (news(uid="former"), "the one before was deleted"),
        (news("shop:2", image="shop:3"), "is to have the image shop:3"),
        (news("shop:2", image=""), "the image of nobody"),
        (news("shop:2", readyReplicas=1), "3 pods, of which 1 are ready"),
        (news("shop:2", wished=2), "2 are ordered"),
        (news("shop:2", replicas=4), "4 pods"),
    ],
)
def test_news_is_not_yet_taken_back(objects: list[Object], words: str) -> None:
    assert says(check_undo(engine(objects)), words)


def test_a_paused_rollout_says_so() -> None:
    objects = news("shop:2", readyReplicas=1)
    objects[0]["spec"]["paused"] = True
    assert says(check_undo(engine(objects)), "and is paused")


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        (news(), "at revision 1, and nobody has ordered shop:2"),
        (news("shop:3"), "nobody has ordered shop:2"),
        (news("shop:1", image="shop:2", updatedReplicas=1), "is to become shop:2: 1 pods"),
    ],
)
def test_news_is_not_started(objects: list[Object], words: str) -> None:
    finding = check_undo(engine(objects))
    assert finding.outcome is Outcome.NOT_STARTED
    assert words in finding.observed


def test_news_is_taken_back() -> None:
    # An undo gives the old ReplicaSet the newest number; a file applied again does the same.
    assert check_undo(engine(news("shop:1", "shop:2"))).passed
    assert check_undo(engine(news("shop:2", uid="former"))).passed


REQUESTS = {"resources": {"requests": {"cpu": "100m", "memory": "64M"}}}
FROM_MAP = {"envFrom": [{"configMapRef": {"name": "deli"}}]}
KEY = {"secretKeyRef": {"name": "deli", "key": "password"}}
FROM_SECRET = {"env": [{"name": "PASSWORD", "valueFrom": KEY}]}


MOUNTED = [{"name": "secrets", "secret": {"secretName": "deli"}}]


def secret(text: str = "cinnamon") -> str:
    return b64encode(text.encode()).decode()


def deli(
    container: Object | None = None,
    pods: list[Object] | None = None,
    *,
    held: Any = None,
    name: Any = "Deli",
    volumes: list[Object] | None = None,
    found: list[Object] | None = None,
    **endpoints: Any,
) -> list[Object]:
    template = {**FROM_MAP, **FROM_SECRET} if container is None else container
    pods = [pod("deli", 1, **REQUESTS), pod("deli", 2, **REQUESTS)] if pods is None else pods
    return [
        deployment("deli", template, volumes=volumes or []),
        replica_set("deli"),
        *pods,
        *service("deli", pods if found is None else found, **endpoints),
        {"kind": "ConfigMap", "metadata": meta("deli"), "data": {"NAME": name}},
        {
            "kind": "Secret",
            "metadata": meta("deli"),
            "data": {"password": secret() if held is None else held},
        },
    ]


def asking(cpu: str = "100m", memory: str = "64M") -> list[Object]:
    requests = {"resources": {"requests": {"cpu": cpu, "memory": memory}}}
    return [pod("deli", 1, **requests), pod("deli", 2, **requests)]


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        *(
            ([each for each in deli() if each["kind"] != kind], f"There is no {kind} `deli`")
            for kind in ("Deployment", "Service", "ConfigMap", "Secret")
        ),
        (deli(name="World"), "NAME is World"),
        (deli(name=None), "NAME is not there"),
        (deli({"env": [{"name": "NAME", "value": "Deli"}, *FROM_SECRET["env"]]}), "`envFrom`"),
        (deli({"envFrom": [{"configMapRef": {"name": "other"}}], **FROM_SECRET}), "`envFrom`"),
        (deli({**FROM_MAP, "env": [{"name": "P", "value": "cinnamon"}]}), "for whoever may read"),
        (deli(FROM_MAP), "do not get the Secret"),
        (deli(held="cinnamon"), "has 6 other bytes"),
        (deli(held=secret(secret())), "encoded twice"),
        (deli(held=""), "has nothing under `password`"),
        (deli(held="?"), "has nothing under `password`"),
        (deli(held=secret("nutmeg")), "has 6 other bytes"),
        (deli(pods=[pod("deli", 1), pod("deli", 2)]), "ask for nothing of cpu"),
        (deli(pods=asking(cpu="100")), "ask for `100` of cpu"),
        (deli(pods=asking(memory="64m")), "ask for `64m` of memory"),
        (deli(pods=asking(memory="a lot")), "ask for `a lot` of memory"),
        (deli(pods=[pod("deli", 1, **REQUESTS)]), "1 of 2 pods"),
        (deli(pods=[]), "0 of 2 pods of `deli` are ready: none"),
        (
            deli(pods=[pod("deli", 1, **REQUESTS), pod("deli", 2, ready_after=None, **REQUESTS)]),
            "1 of 2 pods of `deli` are ready: `Running`",
        ),
        (
            deli(
                {**FROM_MAP, "volumeMounts": [{"mountPath": "/var/run/secrets/"}]},
                [pod("deli", 1, ready_after=None, **REQUESTS)],
                volumes=MOUNTED,
            ),
            "your volume is in its place",
        ),
        (
            deli(found=[], label="coffee"),
            "no endpoints, and 2 pods are ready. It looks for `app: ",
        ),
        (deli(found=asking()[:1]), "1 endpoints"),
        (deli(port=80), "leads to port 80 of the pods"),
    ],
)
def test_the_deli_is_not_yet_said(objects: list[Object], words: str) -> None:
    assert says(check_yaml(engine(objects)), words)


def test_a_service_without_a_selector_looks_for_nothing() -> None:
    objects = deli(found=[])
    next(each for each in objects if each["kind"] == "Service")["spec"] = {}
    assert says(check_yaml(engine(objects)), "It looks for nothing")


PROJECTED = [
    {
        "name": "all",
        "projected": {
            "sources": [{"secret": {"name": "deli"}}, {"configMap": {"name": "deli"}}],
        },
    }
]


@pytest.mark.parametrize(
    "objects",
    [
        deli(),
        deli(FROM_MAP, volumes=MOUNTED),
        deli({}, volumes=PROJECTED),
        deli({"envFrom": [*FROM_MAP["envFrom"], {"secretRef": {"name": "deli"}}]}),
        deli({"env": [{"valueFrom": {"configMapKeyRef": {"name": "deli"}}}, *FROM_SECRET["env"]]}),
        deli(held=secret("cinnamon\n")),
        deli(pods=asking("0.1", "64Mi")),
    ],
)
def test_the_deli_passes(objects: list[Object]) -> None:
    assert check_yaml(engine(objects)).passed


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("part", ["", "metadata", "spec", "status", "data", "subsets"])
@pytest.mark.parametrize("value", [None, [], "text", 7, {"metadata": 3}, [None]])
def test_strange_objects_raise_nothing(check: Any, part: str, value: Any) -> None:
    objects = [*booth(), *news("shop:2"), *deli()]
    for each in objects:
        if part:
            each[part] = value
        elif isinstance(value, dict):
            each |= value
    assert isinstance(check(engine(objects)), Finding)
