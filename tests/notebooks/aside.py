"""A solution within a lesson, taken back afterwards: the lesson goes on as if it was not there.

This runs in the lesson's kernel, in cells that are put between its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helpers.engine.base.listed_objects import images_of
from helpers.notebook.session import open_session

OF_THIS_MACHINES_REGISTRY = "localhost:"


class Aside:
    """What the kernel's names were, and what was on the engine, when it was made."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._api: Any = namespace["engine"].client.api
        self._values = variables(namespace)
        self._containers, self._tags = set(self._container_names()), self._image_tags()

    def restore_variables(self) -> None:
        """The kernel's names mean what they meant, `%docker` as well; there are no others."""
        for name in variables(self._namespace).keys() - self._values.keys():
            del self._namespace[name]
        self._namespace.update(self._values)
        open_session(self._namespace["engine"])

    def remove_made(self, names: Iterable[str]) -> None:
        """What was made since under these names is gone, and what was pulled here or pushed."""
        wanted = set(names)
        for key, name in self._container_names().items():
            if key not in self._containers and name in wanted:
                self._api.remove_container(key, v=True, force=True)
        for tag in self._image_tags() - self._tags:
            if {tag, tag.removesuffix(":latest")} & wanted or tag.startswith(
                OF_THIS_MACHINES_REGISTRY
            ):
                self._api.remove_image(tag, force=True)

    def _container_names(self) -> dict[str, str]:
        listed = self._api.containers(all=True)
        return {item["Id"]: item["Names"][0].removeprefix("/") for item in listed}

    def _image_tags(self) -> set[str]:
        return {tag for item in images_of(self._api) for tag in item.tags}


def variables(namespace: dict[str, Any]) -> dict[str, Any]:
    """The names that cells have made, without IPython's own."""
    own = {"In", "Out", "exit", "quit", "open", "get_ipython"}
    return {k: v for k, v in namespace.items() if k[0] != "_" and k not in own}
