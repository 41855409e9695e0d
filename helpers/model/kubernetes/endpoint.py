"""Services, and the pods that they lead to.

Source of the fields: Kubernetes API reference, "Service" and "Endpoints" of v1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.kubernetes.meta import Meta, selects
from helpers.model.text.answer_parts import count_in, table_of_texts, tables_of, text_in


@dataclass(frozen=True)
class ServicePort:
    """A port of a Service: on its own address, in the pods (a number or a name), on each node."""

    port: int
    target: str = ""
    on_nodes: int = 0


@dataclass(frozen=True)
class Service:
    """A Service; `ready` and `unready` are the uids of the pods in its endpoints."""

    meta: Meta
    kind: str = ""
    selector: tuple[tuple[str, str], ...] = ()
    ports: tuple[ServicePort, ...] = ()
    ready: frozenset[str] = frozenset()
    unready: frozenset[str] = frozenset()

    @classmethod
    def from_answer(
        cls, answer: Mapping[str, Any], endpoints: Mapping[str, Any] | None = None
    ) -> Service:
        """The Service in an answer of the API, and the Endpoints of the same name."""
        ports = tables_of(answer, "spec", "ports")
        return cls(
            meta=Meta.from_answer(answer),
            kind=text_in(answer, "spec", "type"),
            selector=tuple(sorted(table_of_texts(answer, "spec", "selector").items())),
            ports=tuple(
                ServicePort(
                    count_in(each, "port"), text_in(each, "targetPort"), count_in(each, "nodePort")
                )
                for each in ports
            ),
            ready=_pods_in(endpoints, "addresses"),
            unready=_pods_in(endpoints, "notReadyAddresses"),
        )

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Whether it leads to pods with these labels, once they are ready."""
        return selects(dict(self.selector), labels)


def services_from(objects: Iterable[Mapping[str, Any]]) -> tuple[Service, ...]:
    """The Services among these objects that choose their pods, each with its endpoints."""
    every = list(objects)
    endpoints = {_full_name(each): each for each in every if text_in(each, "kind") == "Endpoints"}
    services = [
        Service.from_answer(each, endpoints.get(_full_name(each)))
        for each in every
        if text_in(each, "kind") == "Service"
    ]
    return tuple(sorted((each for each in services if each.selector), key=_order))


def _full_name(answer: Mapping[str, Any]) -> tuple[str, str]:
    return text_in(answer, "metadata", "namespace"), text_in(answer, "metadata", "name")


def _order(service: Service) -> tuple[str, str]:
    return service.meta.namespace, service.meta.name


def _pods_in(endpoints: Mapping[str, Any] | None, kind: str) -> frozenset[str]:
    return frozenset(
        uid
        for subset in tables_of(endpoints, "subsets")
        for address in tables_of(subset, kind)
        if (uid := text_in(address, "targetRef", "uid"))
    )
