"""An engine in memory with objects of every kind, as far as a clean-up lists and removes them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from docker.errors import APIError, NotFound

Labels = dict[str, str]


class StockedEngine:
    """What is on it by kind and id; `busy` are those that somebody else uses, with the answer."""

    def __init__(self) -> None:
        self.client: Any = SimpleNamespace(api=self, info=lambda: {"ID": "stocked"})
        self.stock: dict[str, dict[str, dict[str, Any]]] = {
            kind: {} for kind in ("containers", "images", "networks", "volumes")
        }
        self.busy: dict[str, int] = {}

    @property
    def ids(self) -> dict[str, set[str]]:
        """What is there now."""
        return {kind: set(objects) for kind, objects in self.stock.items()}

    def add_container(self, identity: str, labels: Labels, image: str = "busybox") -> None:
        self.stock["containers"][identity] = {
            "Id": identity, "Names": [f"/{identity}"], "Labels": labels, "Image": image,
        }  # fmt: skip

    def add_image(self, identity: str, labels: Labels, *tags: str) -> None:
        self.stock["images"][identity] = {
            "Id": identity, "RepoTags": list(tags), "Labels": labels,
        }  # fmt: skip

    def add_network(self, identity: str, labels: Labels, name: str = "") -> None:
        self.stock["networks"][identity] = {
            "Id": identity, "Name": name or identity, "Labels": labels,
        }  # fmt: skip

    def add_volume(self, name: str, labels: Labels, birth: str = "noon") -> None:
        self.stock["volumes"][name] = {"Name": name, "Labels": labels, "CreatedAt": birth}

    def containers(self, **how: Any) -> list[dict[str, Any]]:
        return self._listed("containers", **how)

    def images(self, **how: Any) -> list[dict[str, Any]]:
        return self._listed("images", **how)

    def networks(self, **how: Any) -> list[dict[str, Any]]:
        return self._listed("networks", **how)

    def volumes(self, **how: Any) -> dict[str, Any]:
        return {"Volumes": self._listed("volumes", **how) or None}

    def _listed(self, kind: str, filters: Any = None, **_: Any) -> list[dict[str, Any]]:
        wanted = (filters or {}).get("label") or []
        there = self.stock[kind].values()
        return [item for item in there if all(name in item["Labels"] for name in wanted)]

    def inspect_container(self, identity: str) -> dict[str, Any]:
        if identity not in self.stock["containers"]:
            raise NotFound(identity)
        return {"Config": {"Image": self.stock["containers"][identity]["Image"]}}

    def remove_container(self, identity: str, **_: Any) -> None:
        self._remove("containers", identity)

    def remove_network(self, identity: str) -> None:
        self._remove("networks", identity)

    def remove_volume(self, name: str) -> None:
        self._remove("volumes", name)

    def remove_image(self, name: str) -> None:
        for identity, image in list(self.stock["images"].items()):
            if name == identity or name in image["RepoTags"]:
                image["RepoTags"] = [tag for tag in image["RepoTags"] if tag != name]
                if not image["RepoTags"]:
                    self._remove("images", identity)
                return
        raise NotFound(name)

    def _remove(self, kind: str, identity: str) -> None:
        if status := self.busy.get(identity):
            answer: Any = SimpleNamespace(status_code=status)
            raise APIError("in use", response=answer)
        if self.stock[kind].pop(identity, None) is None:
            raise NotFound(identity)
