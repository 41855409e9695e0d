"""Deployments and ReplicaSets: how many pods, made from which template.

Source of the fields: Kubernetes API reference, "Deployment" and "ReplicaSet" of apps/v1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.image.version_label import version_label
from helpers.model.kubernetes.meta import Meta
from helpers.model.text.answer_parts import (
    count_in,
    count_or_none,
    part_of,
    table_of_texts,
    tables_of,
    text_in,
)

_REVISION = "deployment.kubernetes.io/revision"


@dataclass(frozen=True)
class Workload:
    """A Deployment or a ReplicaSet; the counts are of pods.

    `wished` stands in its specification. `there`, `updated` and `ready` in its status: all, those
    from the newest template, those that are ready. `revision` is the Deployment's count of
    templates, 0 where it has none yet; `is_observed` says whether its controller has seen the
    newest change of it. `version` and `image` are those of the first container of its template,
    `labels` those that its pods get. `trouble` is what a condition says that went wrong.
    """

    meta: Meta
    wished: int = 1
    there: int = 0
    updated: int = 0
    ready: int = 0
    revision: int = 0
    is_observed: bool = False
    is_paused: bool = False
    version: str = ""
    image: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    surge: str = ""
    unavailable: str = ""
    strategy: str = ""
    probes: tuple[str, ...] = ()
    trouble: str = ""

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Workload:
        """The Deployment or ReplicaSet in an answer of the API."""
        meta = Meta.from_answer(answer)
        template = part_of(answer, "spec", "template")
        first = next(iter(tables_of(template, "spec", "containers")), {})
        wished = count_or_none(answer, "spec", "replicas")
        rolling = part_of(answer, "spec", "strategy", "rollingUpdate")
        return cls(
            meta=meta,
            wished=1 if wished is None else wished,
            there=count_in(answer, "status", "replicas"),
            updated=count_in(answer, "status", "updatedReplicas"),
            ready=count_in(answer, "status", "readyReplicas"),
            revision=count_in(meta.annotations, _REVISION),
            is_observed=_is_observed(answer),
            is_paused=part_of(answer, "spec").get("paused") is True,
            version=version_of(first),
            image=text_in(first, "image").partition("@")[0],
            labels=tuple(sorted(table_of_texts(template, "metadata", "labels").items())),
            surge=text_in(rolling, "maxSurge"),
            unavailable=text_in(rolling, "maxUnavailable"),
            strategy=text_in(answer, "spec", "strategy", "type"),
            probes=tuple(kind for kind in ("readiness", "liveness") if f"{kind}Probe" in first),
            trouble=_trouble_in(answer),
        )

    @property
    def is_as_wished(self) -> bool:
        """Whether exactly so many pods are there, all from the newest template and ready."""
        return self.is_observed and self.there == self.updated == self.ready == self.wished


def version_of(container: Mapping[str, Any]) -> str:
    """VERSION in a container's environment, else its image's tag."""
    values = {text_in(each, "name"): text_in(each, "value") for each in tables_of(container, "env")}
    return version_label(values, text_in(container, "image"))


def _is_observed(answer: Mapping[str, Any]) -> bool:
    seen = count_in(answer, "status", "observedGeneration")
    return seen > 0 and seen >= count_in(answer, "metadata", "generation")


def _trouble_in(answer: Mapping[str, Any]) -> str:
    """What a condition says that is as it should not be: ReplicaFailure, or no progress."""
    for each in tables_of(answer, "status", "conditions"):
        kind, is_true = text_in(each, "type"), text_in(each, "status") == "True"
        if kind == "ReplicaFailure" and is_true:
            return text_in(each, "message")
        if kind == "Progressing" and text_in(each, "status") == "False":
            return text_in(each, "message")
    return ""
